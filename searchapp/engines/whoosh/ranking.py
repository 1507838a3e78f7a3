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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.words import FUNCTION_CHARACTERS, WordCutter
from searchapp.engines.whoosh.frequencies import Frequencies, run_records, word_records
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.snapshot import F32, Snapshot
from searchapp.query import And, Clause, Fuzzy, Near, Or, Phrase, Prefix, Where, Words
from searchapp.results import ScorePart
from searchapp.schema import WORD_FIELDS, WordField

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
    """One way to read a leaf: what was typed, or a variant at a discount."""

    text: str
    weight: float
    where: Where


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
        total = np.zeros(len(records), np.float32)
        parts: list[ScorePart] = []
        for forms in positive_forms(clause, self.weights.variant):
            scored = [self._form(form, frequencies, explain) for form in forms]
            total += functools.reduce(np.maximum, [score for score, _ in scored])
            if explain:
                best = max(range(len(scored)), key=lambda at: float(scored[at][0][0]))
                parts.extend(scored[best][1])
        return total, parts

    def _form(self, form: Form, frequencies: Frequencies, explain: bool) -> tuple[F32, list[ScorePart]]:
        score = np.zeros(len(frequencies.records), np.float32)
        parts = []
        for term in self.terms(form.text):
            weight = form.weight * {"word": self.weights.word, "gram": self.weights.gram}.get(
                term.kind, self.weights.run
            )
            if weight == 0:
                continue
            title, text = self._frequency(term, form.where, frequencies)
            gain = self._saturate(term, title, text, frequencies.records) * np.float32(weight)
            score += gain
            if explain and gain[0] > 0:
                field = "title" if title[0] and not text[0] else "text" if not title[0] else "title+text"
                parts.append(ScorePart(term.text, field, term.kind, float(gain[0]), int(title[0] + text[0])))
        return score, parts

    def terms(self, text: str) -> Iterator[Term]:
        """The scored terms of one form: its words, its bigrams, itself when longer than a bigram."""
        run = squeeze(text)
        words = dict.fromkeys(self._cutter.cut(text))
        yield from (Term("word", word) for word in words if word not in FUNCTION_CHARACTERS)
        grams = dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1))
        yield from (Term("gram", gram) for gram in grams if gram.isalnum())
        if 2 < len(run) <= MOST_RUN_CHARS or len(run) == 1:
            yield Term("run", run)

    def _frequency(self, term: Term, where: Where, frequencies: Frequencies) -> tuple[F32, F32]:
        if term.kind == "word":
            title, text = (frequencies.word(term.text, field) for field in WORD_FIELDS)
        else:
            title, text = frequencies.run(term.text)
        if where == "text":
            title = np.zeros_like(title)
        if where == "title":
            text = np.zeros_like(text)
        return title, text

    def _saturate(self, term: Term, title: F32, text: F32, records: npt.NDArray[np.int64]) -> F32:
        title_norm, text_norm = self._norms("word" if term.kind == "word" else "run")
        tf = text * text_norm[records] + title * title_norm[records]
        k1 = np.float32(self.weights.k1)
        gain = np.float32(self._idf(term)) * tf * (k1 + np.float32(1)) / (k1 + tf)
        return gain.astype(np.float32, copy=False)

    def _idf(self, term: Term) -> float:
        if term.kind == "word":
            found = word_records(self._snapshot, term.text)
        else:
            found = run_records(self._snapshot, self._cache, term.text)
        return float(np.log1p((self._snapshot.size - found + 0.5) / (found + 0.5)))

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
        case Words(text, where, variants) | Fuzzy(text, where, variants):
            yield [Form(text, 1.0, where), *(Form(form, variant_weight, where) for form in variants)]
        case Phrase(text, where) | Prefix(text, where):
            yield [Form(text, 1.0, where)]
        case Near(texts, _, where):
            for text in texts:
                yield [Form(text, 1.0, where)]
