"""Which of the matching records answer best? BM25F over title, lead and text, words and bigrams.

BM25F (Robertson, Zaragoza & Taylor 2004, "Simple BM25 extension to multiple weighted fields"):
the frequencies of one term in all fields are normalised by each field's own length, weighted and
summed BEFORE they saturate, so a title adds to a text instead of counting as a second article;
records without a title lose nothing. Idf as in Lucene: log(1 + (N - df + 0.5) / (df + 0.5)).

News puts what matters first, so what stands in the lead of a text counts more, and so do the
lead's characters in the length of the text: a text that is all lead is neither better nor worse
off. An article without a title is thus found by what its title would have said.

The score of a leaf is the best of its forms (typed, or a variant at a discount); a query's score is
the sum over its positive leaves. Where records need not hold every word, the first of them are
looked at again: see `loose`. The parameters are measured: see `weights`.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.numerals import rounded_numbers
from searchapp.analysis.words import WordCutter
from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.frequencies import (
    LEAD,
    REST,
    TITLE,
    Bm25f,
    Frequencies,
    Occurrences,
    scored_table,
)
from searchapp.engines.whoosh.loose import (
    MOST_ROUNDED,
    best_records,
    exact_numbers,
    rare_characters,
    shares_held,
)
from searchapp.engines.whoosh.packing import F32
from searchapp.engines.whoosh.query_weights import QueryWeights, query_weights, without_asking
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.scored import Scored, batches, sum_rows
from searchapp.engines.whoosh.scored_terms import Form, Row, Term, positive_forms, terms_of
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.engines.whoosh.weights import Weights
from searchapp.query import Clause, Where
from searchapp.results import ScorePart
from searchapp.schema import WORD_FIELDS

# Leaves that are scored; a longer question is told apart by its rarest words.
MOST_LEAVES = 100
# Terms that are scored, by the same reason: those of a question are a hundred at most.
MOST_ROWS = 300
Records = npt.NDArray[np.int64]


class Ranker:
    """Scores records of one snapshot."""

    def __init__(
        self, snapshot: Snapshot, cutter: WordCutter, cache: RunCache, weights: Weights | None = None
    ) -> None:
        self._snapshot = snapshot
        self._cutter = cutter
        self._cache = cache
        self.weights = weights or Weights()

    def scores(self, clause: Clause, records: Records, loose: bool = False) -> F32:
        """Score of each of the sorted `records` for the positive leaves of `clause`.

        `loose`: not all of `records` hold every word (match=any, relaxed). Then a score also
        depends on which records are asked: see `loose`.
        """
        if loose:
            return self._loose(clause, records)[0]
        leaves = self._rows_of(clause)
        # In numpy all are counted at once: one by one a rare word takes 1.05, a common one 1.9 times as long.
        if kernels.COMPILED and _are_single_runs(leaves):
            return self._sum_of_gains([row for forms in leaves for form in forms for row in form], records)
        totals = (scored.total() for scored in self._score_leaves(leaves, records))
        total = next(totals, None)
        if total is None:
            return np.zeros(len(records), np.float32)
        for more in totals:
            total += more
        return total

    def explain(self, clause: Clause, record: int, among: Records | None = None) -> tuple[ScorePart, ...]:
        """The parts whose sum is the score of one record; parts of 0 are left out.

        `among`: the records of a loose answer, of which it is one.
        """
        every: Iterable[Scored] = ()
        if among is not None:
            _, near, again = self._loose(clause, among)
            every = [scored.of(np.flatnonzero(among[near] == record)) for scored in again]
        if among is None or record not in among[near]:
            every = self._score(clause, np.array([record], np.int64))
        parts = [part for scored in every for part in scored.parts()]
        return tuple(sorted(parts, key=lambda part: -part.score))

    def _loose(self, clause: Clause, records: Records) -> tuple[F32, Records, list[Scored]]:
        """Scores of a loose answer, which of `records` were looked at again, and what these gained."""
        total, batches, first = np.zeros(len(records), np.float32), 0, None
        for scored in self._score(clause, records):
            total += scored.total()
            batches, first = batches + 1, first or scored
        near = np.sort(best_records(total, self.weights.near))
        whole = first is not None and batches == 1
        again = [first.of(near)] if first and whole else list(self._score(clause, records[near]))
        leaves = self._leaves(clause)
        again += [*self._characters(leaves, records[near]), *self._numbers(leaves, records[near])]
        score = sum_rows([total[near] * 0, *(scored.total() for scored in again)])
        best = best_records(score, self.weights.best)
        for scored in again:
            more = 1 + self.weights.telling * (1 - shares_held(scored.gains, best))
            scored.gains[:] *= more.astype(np.float32)[:, np.newaxis]
        total[near] = sum_rows([total[near] * 0, *(scored.total() for scored in again)])
        return total, near, again

    def _characters(self, leaves: Sequence[Sequence[Form]], records: Records) -> Iterator[Scored]:
        """What single characters of the words gain these records, if there are any."""
        words = {(without_asking(word), where) for word, where in _typed(leaves)}
        found = rare_characters(words, self._snapshot)
        rows = self._extra_rows("character", self.weights.character, found, leaves)
        if rows:
            counted = self._frequencies(records).characters([row.term.text for row in rows])
            yield self._scored([[[row]] for row in rows], counted, self._norms_of(records))

    def _numbers(self, leaves: Sequence[Sequence[Form]], records: Records) -> Iterator[Scored]:
        """What numbers that the words give rounded gain these records, if there are any."""
        typed = ((number, where) for word, where in _typed(leaves) for number in rounded_numbers(word))
        read = {
            (number.text, where): exact_numbers(number, self._snapshot)
            for number, where in itertools.islice(typed, MOST_ROUNDED)
        }
        held = {number: words for number, words in read.items() if words}
        rows = self._extra_rows("number", self.weights.number, list(held), leaves)
        if rows:
            counted = self._frequencies(records).any_of(list(held.values()))
            yield self._scored([[[row]] for row in rows], counted, self._norms_of(records))

    def _extra_rows(
        self, kind: str, weight: float, texts: Sequence[tuple[str, Where]], leaves: Sequence[Sequence[Form]]
    ) -> list[Row]:
        """Rows of terms that only a loose answer counts."""
        asked = query_weights(leaves, self.weights)
        terms = ((Term(kind, text, weight, True), where) for text, where in texts)
        return [Row(term, where, weight * asked.share(term)) for term, where in terms]

    def _score(self, clause: Clause, records: Records) -> Iterator[Scored]:
        return self._score_leaves(self._rows_of(clause), records)

    def _rows_of(self, clause: Clause) -> list[list[list[Row]]]:
        """The scored terms of each form of each leaf of `clause`."""
        typed = self._leaves(clause)
        asked = query_weights(typed, self.weights)
        return self._rarest([self._rows(forms, asked) for forms in typed])

    def _sum_of_gains(self, rows: Sequence[Row], records: Records) -> F32:
        """Scores by rows of runs that are looked for in all fields, each the only form of its leaf."""
        held = [self._cache.record_count(row.term.text) for row in rows]
        runs = zip([row.term.text for row in rows], held, self._weights_of(rows, held), strict=True)
        return self._frequencies(records).sum_of_gains(list(runs), self._worth)

    def _score_leaves(self, leaves: list[list[list[Row]]], records: Records) -> Iterator[Scored]:
        """Scores of a few leaves at a time, so that memory is bounded."""
        frequencies, norms = self._frequencies(records), self._norms_of(records)
        for batch in batches(leaves, len(records)):
            rows = [row for forms in batch for form in forms for row in form]
            found = frequencies([(row.term.text, row.term.is_run) for row in rows])
            yield self._scored(batch, found, norms)

    def _leaves(self, clause: Clause) -> list[Sequence[Form]]:
        return self._telling(list(positive_forms(clause, self.weights.variant)))

    def _frequencies(self, records: Records) -> Frequencies:
        return Frequencies(self._snapshot, self._cache, records, self.weights.lead_chars)

    def _norms_of(self, records: Records) -> tuple[F32, F32]:
        title, text = self._norms()
        return title.take(records), text.take(records)

    def _rows(self, forms: Sequence[Form], asked: QueryWeights) -> list[list[Row]]:
        """The scored terms of each form of a leaf that has any."""
        rows = [
            [
                Row(term, form.where, form.weight * term.weight * asked.share(term))
                for term in terms_of(form, self._cutter, self.weights)
            ]
            for form in forms
        ]
        return [row for row in rows if row]

    def _scored(
        self, leaves: Sequence[Sequence[Sequence[Row]]], found: Occurrences, norms: tuple[F32, F32]
    ) -> Scored:
        rows = [row for forms in leaves for form in forms for row in form]
        for at, row in enumerate(rows):
            if row.where != "any":
                _keep_within(row.where, found.counts[at])
        return Scored(leaves, found.counts, self._gains(rows, found, norms))

    def _gains(self, rows: Sequence[Row], found: Occurrences, norms: tuple[F32, F32]) -> F32:
        """BM25F of each term: normalised frequencies summed over the parts, then saturated."""
        weights = np.array(self._weights_of(rows, found.records), np.float32)
        return kernels.gains(found.counts, *norms, weights, 1 + self.weights.lead, self.weights.k1)

    def _weights_of(self, rows: Sequence[Row], held: Sequence[int]) -> list[float]:
        """What each row weighs, by the number of records that hold it."""
        size, k1 = self._snapshot.size, self.weights.k1
        return [row.weight * idf(size, records) * (k1 + 1) for row, records in zip(rows, held, strict=True)]

    def _telling(self, leaves: list[Sequence[Form]]) -> list[Sequence[Form]]:
        """At most MOST_LEAVES leaves, the rarest: a page pasted whole is ranked in bounded time."""
        if len(leaves) <= MOST_LEAVES:
            return leaves
        found = [(self._occurrences(forms[0].text), at) for at, forms in enumerate(leaves)]
        rarest = sorted(pair for pair in found if pair[0])[:MOST_LEAVES]
        return [leaves[at] for at in sorted(at for _, at in rarest)]

    def _rarest(self, leaves: list[list[list[Row]]]) -> list[list[list[Row]]]:
        """At most MOST_ROWS rows, the rarest: one word may be a whole article without its signs."""
        rows = [row for forms in leaves for form in forms for row in form]
        if len(rows) <= MOST_ROWS:
            return leaves
        often = {row.term.text: self._occurrences(row.term.text) for row in rows}
        limit = sorted(often[row.term.text] for row in rows)[MOST_ROWS - 1]
        rarest = {text for text, count in often.items() if count <= limit}
        return [
            [kept for form in forms if (kept := [row for row in form if row.term.text in rarest])]
            for forms in leaves
        ]

    def _occurrences(self, text: str) -> int:
        run = squeeze(text)
        return self._cache.most_occurrences(run) if run else 0

    @functools.cached_property
    def _worth(self) -> Bm25f:
        """What an occurrence is worth in each record."""
        borders = itertools.pairwise(self._snapshot.bases)
        tables = [
            scored_table(segment.grams.layout, *(norm[begin:end] for norm in self._norms()))
            for segment, (begin, end) in zip(self._snapshot.segments, borders, strict=True)
        ]
        return Bm25f(tables, 1 + self.weights.lead, self.weights.k1)

    @functools.cache  # noqa: B019  a ranker lives as long as its snapshot
    def _norms(self) -> tuple[F32, F32]:
        """What one occurrence in title and text counts, per record (weight / length norm)."""
        weights = self.weights
        title_chars, text_chars = (self._snapshot.run_lengths(field).astype(float) for field in WORD_FIELDS)
        weighed = text_chars + weights.lead * np.minimum(text_chars, weights.lead_chars)
        # The lead moves weight to the front; on average over all characters one still counts 1.
        mean_weight = float(weighed.sum() / max(text_chars.sum(), 1.0))
        return (
            (weights.title * _length_norm(title_chars, weights.b_title)).astype(np.float32),
            (_length_norm(weighed, weights.b_text) / max(mean_weight, 1.0)).astype(np.float32),
        )


def idf(size: int, records: int) -> float:
    """Rarity of what stands in `records` of `size` records, above 0."""
    return math.log1p((size - records + 0.5) / (records + 0.5))


def _length_norm(lengths: npt.NDArray[np.float64], b: float) -> npt.NDArray[np.float64]:
    """1 for a field of mean length, more for a shorter one; the mean is over those that hold text."""
    held = lengths[lengths > 0]
    norm: npt.NDArray[np.float64] = 1 / (1 - b + b * lengths / (held.mean() if len(held) else 1.0))
    return norm


def _are_single_runs(leaves: Sequence[Sequence[Sequence[Row]]]) -> bool:
    """Whether each leaf has one form, made of runs that are looked for in all fields."""
    return all(
        len(forms) == 1 and all(row.term.is_run and row.where == "any" for row in forms[0])
        for forms in leaves
        if forms
    )


def _typed(leaves: Sequence[Sequence[Form]]) -> dict[tuple[str, Where], None]:
    """The words that were typed, squeezed and each with its field, in their order."""
    return dict.fromkeys((squeeze(form.text), form.where) for form, *_ in leaves if not form.exact)


def _keep_within(where: Where, counts: F32) -> None:
    """Forget what one term counts outside the field that was asked for."""
    counts[[LEAD, REST] if where == "title" else TITLE] = 0
