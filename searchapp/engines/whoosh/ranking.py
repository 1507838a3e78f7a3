"""Which of the matching records answer best? BM25F over title and text, words and bigrams.

BM25F (Robertson, Zaragoza & Taylor 2004, "Simple BM25 extension to multiple weighted fields"):
the frequencies of one term in all fields are normalised by each field's own length, weighted and
summed BEFORE they saturate, so a title adds to a text instead of counting as a second article;
records without a title lose nothing. Idf as in Lucene: log(1 + (N - df + 0.5) / (df + 0.5)).

The score of a leaf is the best of its forms (typed, or a variant at a discount); a query's score is
the sum over its positive leaves. The parameters are measured: see README, "Quality".
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.words import FUNCTION_CHARACTERS, WordCutter
from searchapp.engines.whoosh.frequencies import Frequencies
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.snapshot import F32, Snapshot
from searchapp.query import And, Clause, Fuzzy, Near, Or, Phrase, Prefix, Where, Words
from searchapp.results import ScorePart
from searchapp.schema import WordField

Norms: TypeAlias = dict[str, tuple[F32, ...]]
"""For each kind of term what one occurrence in (title, text) of each scored record counts."""
# A longer run is so rare that its count adds nothing to what its grams say.
MOST_RUN_CHARS = 20


@dataclass(frozen=True, slots=True)
class Weights:
    """Parameters of the score; see the table of measurements in README."""

    k1: float = 1.2
    b_title: float = 0.4
    b_text: float = 0.75
    title: float = 2.0
    word: float = 1.0
    gram: float = 1.0
    run: float = 0.5
    variant: float = 0.6


@dataclass(frozen=True, slots=True)
class Term:
    """One scored term: an index word, a bigram or a whole run."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a leaf: what was typed, or a variant at a discount. `exact`: a run as it is."""

    text: str
    weight: float
    where: Where
    exact: bool = False


class Ranker:
    """Scores records of one snapshot."""

    def __init__(
        self, snapshot: Snapshot, cutter: WordCutter, cache: RunCache, weights: Weights | None = None
    ) -> None:
        self._snapshot = snapshot
        self._cutter = cutter
        self._cache = cache
        self.weights = weights or Weights()

    def scores(self, clause: Clause, records: npt.NDArray[np.int64]) -> F32:
        """Score of each of the sorted `records` for the positive leaves of `clause`."""
        total, _ = self._score(clause, records, explain=False)
        return total

    def explain(self, clause: Clause, record: int) -> tuple[ScorePart, ...]:
        """The parts whose sum is the score of one record; parts of 0 are left out."""
        _, parts = self._score(clause, np.array([record], np.int64), explain=True)
        return tuple(sorted(parts, key=lambda part: -part.score))

    def _score(
        self, clause: Clause, records: npt.NDArray[np.int64], explain: bool
    ) -> tuple[F32, list[ScorePart]]:
        frequencies = Frequencies(self._snapshot, self._cache, records)
        run_norms = tuple(norm[records] for norm in self._norms("run"))
        word_norms = tuple(norm[records] for norm in self._norms("word"))
        norms: Norms = {"word": word_norms, "gram": run_norms, "run": run_norms}
        total = np.zeros(len(records), np.float32)
        parts: list[ScorePart] = []
        for forms in positive_forms(clause, self.weights.variant):
            scored = [self._form(form, frequencies, norms, explain) for form in forms]
            total += functools.reduce(np.maximum, [score for score, _ in scored])
            if explain:
                best = max(range(len(scored)), key=lambda at: float(scored[at][0][0]))
                parts.extend(scored[best][1])
        return total, parts

    def _form(
        self, form: Form, frequencies: Frequencies, norms: Norms, explain: bool
    ) -> tuple[F32, list[ScorePart]]:
        score = np.zeros(len(frequencies.records), np.float32)
        parts = []
        for term in self.terms(form):
            weight = form.weight * self._weight(term)
            if weight == 0:
                continue
            found = frequencies.word(term.text) if term.kind == "word" else frequencies.run(term.text)
            title = None if form.where == "text" else found.title
            text = None if form.where == "title" else found.text
            gain = self._gain(norms[term.kind], title, text, weight * self._idf(found.records))
            if gain is None:
                continue
            score += gain
            if explain and gain[0] > 0:
                parts.append(_part(term, title, text, float(gain[0])))
        return score, parts

    def _weight(self, term: Term) -> float:
        weights = self.weights
        return {"word": weights.word, "gram": weights.gram, "run": weights.run}[term.kind]

    def _gain(self, norm: tuple[F32, ...], title: F32 | None, text: F32 | None, weight: float) -> F32 | None:
        """BM25F of one term: normalised frequencies summed over the fields, then saturated."""
        if text is not None:
            tf = text * norm[1] if title is None else text * norm[1] + title * norm[0]
        elif title is not None:
            tf = title * norm[0]
        else:
            return None
        k1 = np.float32(self.weights.k1)
        return tf * (np.float32(weight) * (k1 + np.float32(1))) / (tf + k1)

    def _idf(self, records: int) -> float:
        return math.log1p((self._snapshot.size - records + 0.5) / (records + 0.5))

    def terms(self, form: Form) -> Iterator[Term]:
        """The scored terms of one form: its words, its bigrams, itself when longer than a bigram;
        of an exact run the run alone."""
        run = squeeze(form.text)
        if form.exact:
            yield Term("run", run)
            return
        words = dict.fromkeys(self._cutter.cut(form.text))
        yield from (Term("word", word) for word in words if word not in FUNCTION_CHARACTERS)
        grams = dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1))
        yield from (Term("gram", gram) for gram in grams if gram.isalnum())
        if 2 < len(run) <= MOST_RUN_CHARS or len(run) == 1:
            yield Term("run", run)

    @functools.cache  # noqa: B019  a ranker lives as long as its snapshot
    def _norms(self, kind: str) -> tuple[F32, F32]:
        """What one occurrence in title and text counts, per record (field weight / length norm)."""
        weights = self.weights
        return (
            self._norm(kind, "title", weights.b_title) * np.float32(weights.title),
            self._norm(kind, "text", weights.b_text),
        )

    def _norm(self, kind: str, field: WordField, b: float) -> F32:
        lengths = self._snapshot.word_lengths(field) if kind == "word" else self._snapshot.run_lengths(field)
        held = lengths[lengths > 0]
        mean = float(held.mean()) if len(held) else 1.0
        norm: F32 = (1.0 / (1.0 - b + b * lengths / mean)).astype(np.float32)
        return norm


def positive_forms(clause: Clause, variant_weight: float) -> Iterator[Sequence[Form]]:
    """The forms of every leaf that a record gains by; nothing from under a NOT."""
    match clause:
        case And(clauses) | Or(clauses):
            for part in clauses:
                yield from positive_forms(part, variant_weight)
        case Words(text, where, variants):
            yield [Form(text, 1.0, where), *(Form(form, variant_weight, where) for form in variants)]
        case Fuzzy(text, where, variants):
            yield [
                Form(text, 1.0, where, True),
                *(Form(form, variant_weight, where, True) for form in variants),
            ]
        case Phrase(text, where) | Prefix(text, where):
            yield [Form(text, 1.0, where, True)]
        case Near(texts, _, where):
            yield from ([Form(text, 1.0, where, True)] for text in texts)


def _part(term: Term, title: F32 | None, text: F32 | None, score: float) -> ScorePart:
    in_title = int(title[0]) if title is not None else 0
    in_text = int(text[0]) if text is not None else 0
    where = "title+text" if in_title and in_text else "title" if in_title else "text"
    return ScorePart(term.text, where, term.kind, score, in_title + in_text)
