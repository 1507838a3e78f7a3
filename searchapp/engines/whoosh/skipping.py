"""Values of a packed list near given places: how is most of a long list left unread?

A list is read by blocks: all values with one high half (value >> 16). Long lists are split lists,
which name their blocks (see `packing`). Elias-Fano lists are read whole: selecting the zeros that
end a block takes as long as reading the 30,000 values that such a list has at most (measured).
"""

from __future__ import annotations

import functools

import numpy as np

from searchapp.engines.whoosh.packing import HEADER, I64, SPLIT, U16, U32, ranges, run_begins, unpack

BLOCK_BITS = 16
# With fewer values, or a larger share of the blocks asked for, the whole list is read sooner: 20
# blocks of 40,000 values take as long as all (20 microseconds), of 400,000 a quarter of it.
LEAST_COUNT = 40_000
MOST_BLOCKS_SHARE = 0.25


class Stretches:
    """Stretches of the space of positions, each ascending: whole records, or single positions."""

    def __init__(self, begin: U32, end: U32 | None = None) -> None:
        self.begin = begin
        self._end = end

    @functools.cached_property
    def blocks(self) -> I64:
        """The distinct blocks that the stretches touch. Few lists are so long that it matters."""
        first = self.begin.astype(np.int64) >> BLOCK_BITS
        if self._end is not None:
            last = (self._end.astype(np.int64) - 1) >> BLOCK_BITS
            if not np.array_equal(first, last):
                first = ranges(first, last - first + 1)
        return first[run_begins(first)]


def unpack_near(units: U16, count: int, near: Stretches) -> U32:
    """Values of one packed list, ascending: at least those in the blocks that `near` touches."""
    if count < LEAST_COUNT or len(units) == 2 * count or int(units[0]) != SPLIT:
        return unpack(units, count)
    size, blocks = int(units[1]), near.blocks
    if len(blocks) > MOST_BLOCKS_SHARE * size:
        return unpack(units, count)
    names = units[HEADER : HEADER + size]
    at = names.searchsorted(blocks.astype(np.uint16))
    at[at == size] = 0
    at = at[names[at] == blocks]
    sizes = units[HEADER + size : HEADER + 2 * size].astype(np.int64) + 1
    begins = np.cumsum(sizes) - sizes
    low = units[ranges(HEADER + 2 * size + begins[at], sizes[at])]
    high = names[at].astype(np.uint32) << np.uint32(BLOCK_BITS)
    values: U32 = np.repeat(high, sizes[at]) | low
    return values
