"""What was counted for the terms of some leaves, and what each record gains by them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.packing import F32
from searchapp.engines.whoosh.scored_terms import Row
from searchapp.results import ScorePart

# Counts held at a time, three for each term and record.
MOST_COUNTS = 1 << 20


@dataclass(frozen=True, slots=True)
class Scored:
    """Some leaves (each a sequence of forms, each of rows), what was counted for each row (see
    `frequencies`), and what each row gains each record."""

    leaves: Sequence[Sequence[Sequence[Row]]]
    counts: F32
    gains: F32

    def total(self) -> F32:
        """The score of each record: of every leaf its best form."""
        if all(len(forms) == 1 for forms in self.leaves):
            return sum_rows(self.gains)
        return sum_rows([functools.reduce(np.maximum, scores) for scores in self._of_forms()])

    def of(self, records: npt.NDArray[np.int64]) -> Scored:
        """The same of these records alone (their numbers among those that were scored)."""
        return Scored(self.leaves, self.counts[:, :, records], self.gains[:, records])

    def _of_forms(self) -> Iterator[list[F32]]:
        """The score of each record by each form of each leaf."""
        at = 0
        for forms in self.leaves:
            scores = []
            for form in forms:
                scores.append(sum_rows(self.gains[at : at + len(form)]))
                at += len(form)
            yield scores

    def parts(self) -> Iterator[ScorePart]:
        """What the first record gains, row by row of the best form of each leaf."""
        at = 0
        for forms, scores in zip(self.leaves, self._of_forms(), strict=True):
            best = max(range(len(forms)), key=lambda form: float(scores[form][0]))
            for number, form in enumerate(forms):
                if number == best:
                    yield from self._parts_of(form, at)
                at += len(form)

    def _parts_of(self, form: Sequence[Row], row_at: int) -> Iterator[ScorePart]:
        for at, row in enumerate(form, row_at):
            score = float(self.gains[at, 0])
            if score > 0:
                title, lead, rest = self.counts[at, :, 0].astype(int).tolist()
                where = "title" if not lead + rest else "title+text" if title else "text"
                yield ScorePart(row.term.text, where, row.term.kind, score, title + lead + rest)


def sum_rows(rows: Sequence[F32] | F32) -> F32:
    """Row by row, so that a score never depends on which other records are scored: `np.sum` adds in
    another order when there is one record."""
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def batches(leaves: Sequence[list[list[Row]]], records: int) -> Iterator[Sequence[list[list[Row]]]]:
    """`leaves` that have terms, in groups whose counts of so many records fit in memory."""
    batch: list[list[list[Row]]] = []
    rows = 0
    for forms in leaves:
        more = sum(map(len, forms))
        if len(forms) == 1 and more * records > MOST_COUNTS:
            # The score of a single form is a sum, so its rows may be counted in several goes.
            step = max(MOST_COUNTS // records, 1)
            yield from ([[forms[0][at : at + step]]] for at in range(0, more, step))
            continue
        if batch and (rows + more) * records > MOST_COUNTS:
            yield batch
            batch, rows = [], 0
        if more:
            batch.append(forms)
            rows += more
    if batch:
        yield batch
