"""Where a run stands in one segment, record by record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.packing import I64, U32


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
        """How many of the occurrences in each of the records stand before its entry of `borders`.

        Few do, so the first of every record is looked at, then the second where the first stood before
        the border, and so on: of 165,000 occurrences in titles 0.18 ms for 0.50 when all are looked at.
        """
        before = np.zeros(len(self.records), np.int64)
        some = (self.positions.take(self.begins) < borders).nonzero()[0]
        seen = 0
        while len(some):
            seen += 1
            before[some] = seen
            some = some.compress(self.counts.take(some) > seen)
            nth = self.positions.take(self.begins.take(some) + seen)
            some = some.compress(nth < borders.take(some))
        return before


def group(positions: U32, layout: Layout) -> Found:
    """Sorted `positions` by the record that they stand in."""
    if not len(positions):
        return NOTHING
    return Found(positions, *kernels.group(positions, layout.record_of_step))


NOTHING = Found(np.zeros(0, np.uint32), *np.zeros((3, 0), np.int64))
