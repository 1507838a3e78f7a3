"""Where a run stands in one segment, record by record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.packing import I64, U32, ranges, run_begins, run_sizes


@dataclass(frozen=True, slots=True)
class Found:
    """`records` (sorted, distinct) of one segment hold the run; number i of them holds it `counts[i]`
    times, at `positions[begins[i]:begins[i] + counts[i]]`."""

    positions: U32
    records: I64
    begins: I64
    counts: I64

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self.positions.nbytes + self.records.nbytes + self.begins.nbytes + self.counts.nbytes

    def counts_before(self, borders: U32) -> I64:
        """How many of the occurrences in each of the records stand before its entry of `borders`."""
        before = np.zeros(len(self.records), np.int64)
        # Only where the first occurrence stands before the border can others.
        some = (self.positions[self.begins] < borders).nonzero()[0]
        if len(some):
            counts = self.counts[some]
            positions = self.positions[ranges(self.begins[some], counts)]
            owner = np.repeat(np.arange(len(some)), counts)
            before[some] = np.bincount(owner[positions < borders[some][owner]], minlength=len(some))
        return before


def group(positions: U32, layout: Layout) -> Found:
    """Sorted `positions` by the record that they stand in."""
    record_of = layout.records(positions)
    begins = run_begins(record_of)
    return Found(positions, record_of[begins].astype(np.int64), begins, run_sizes(begins, len(positions)))
