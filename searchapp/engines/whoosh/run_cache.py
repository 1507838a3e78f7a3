"""Positions and masks of runs that were asked for before, within a bound of memory.

One cache belongs to one snapshot, so nothing in it ever goes stale. Masks are kept as bits.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.packing import U32
from searchapp.engines.whoosh.runs import run_positions
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.snapshot import Mask, Snapshot

CACHE_BYTES = 64 << 20


class ArrayCache:
    """Least recently used arrays, at most `limit_bytes` of them. Safe between threads."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._bytes = 0
        self._held: OrderedDict[Hashable, npt.NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """The array of `key`, made when it is not held."""
        held = self.held(key)
        if held is not None:
            return held
        array = make()
        self.hold(key, array)
        return array

    def held(self, key: Hashable) -> npt.NDArray[Any] | None:
        """The array of `key`, if it is held."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key]

    def hold(self, key: Hashable, array: npt.NDArray[Any]) -> None:
        """Hold an array, unless it alone would take an eighth of the room."""
        if array.nbytes * 8 > self._limit:
            return
        with self._lock:
            if key not in self._held:
                self._held[key] = array
                self._bytes += array.nbytes
            while self._bytes > self._limit:
                _, dropped = self._held.popitem(last=False)
                self._bytes -= dropped.nbytes


class RunCache:
    """What `Matcher` and `Ranker` ask of the runs of one snapshot."""

    def __init__(self, snapshot: Snapshot, limit_bytes: int = CACHE_BYTES) -> None:
        self._snapshot = snapshot
        self._arrays = ArrayCache(limit_bytes)

    def positions(self, segment: int, run: str) -> U32:
        """Sorted positions of the squeezed `run` in segment number `segment`."""
        grams = self._snapshot.segments[segment].grams
        return self._arrays.get(("positions", segment, run), lambda: run_positions(grams, run))

    def record_count(self, run: str) -> int:
        """In how many records the squeezed `run` stands, deleted ones included."""
        return sum(self._records_in(at, segment, run) for at, segment in enumerate(self._snapshot.segments))

    def _records_in(self, at: int, segment: Segment, run: str) -> int:
        if len(run) == 2:
            term = segment.grams.term(ord(run[0]), ord(run[1]))
            return int(segment.grams.postings.df[term]) if term is not None else 0
        counted = self._arrays.get(("count", at, run), lambda: np.array([self._count(at, segment, run)]))
        return int(counted[0])

    def _count(self, at: int, segment: Segment, run: str) -> int:
        records = segment.grams.layout.records(self.positions(at, run))
        return int(np.count_nonzero(records[1:] != records[:-1])) + 1 if len(records) else 0

    def mask(self, key: Hashable, make: Callable[[], Mask]) -> Mask:
        """The mask of `key`, made when it is not held."""
        bits = self._arrays.held(("mask", key))
        if bits is not None:
            return np.unpackbits(bits, count=self._snapshot.size).view(np.bool_)
        mask = make()
        self._arrays.hold(("mask", key), np.packbits(mask))
        return mask
