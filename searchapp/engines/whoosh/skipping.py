"""Near which places is a packed list read? So most of a long list is left unread (`kernels.unpack_near`).

A list is read by blocks: all values with one high half (value >> 16). Long lists are split lists,
which name their blocks (see `packing`).
"""

from __future__ import annotations

import functools

import numpy as np

from searchapp.engines.whoosh.packing import I64, U32, ranges, run_begins

BLOCK_BITS = 16


class Stretches:
    """Stretches of the space of positions, ascending: whole records up to their `end`, or without
    `end` single positions."""

    def __init__(self, begin: U32, end: U32 | None = None) -> None:
        self.begin = begin
        self.end = end

    @functools.cached_property
    def blocks(self) -> I64:
        """The distinct blocks that the stretches touch. Few lists are so long that it matters."""
        first = self.begin.astype(np.int64) >> BLOCK_BITS
        if self.end is not None:
            last = (self.end.astype(np.int64) - 1) >> BLOCK_BITS
            if not np.array_equal(first, last):
                first = ranges(first, last - first + 1)
        return first[run_begins(first)]
