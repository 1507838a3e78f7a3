"""Counts that are nearly always below 255: one byte each, and the exceptions apart.

Arrays of `name`: `name` one byte a value (255 = look it up), `name.at` where the exceptions stand,
ascending, `name.big` their values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.packing import I64, U32

CAP = 255


@dataclass(frozen=True, slots=True)
class SmallChunk:
    """Values that wait to be written: capped bytes, and the exceptions with their places."""

    low: npt.NDArray[np.uint8]
    at: I64
    big: U32


def small_chunk(values: U32) -> SmallChunk:
    """`values` in the form in which they take least memory while they wait."""
    at = np.flatnonzero(values >= CAP)
    return SmallChunk(np.minimum(values, CAP).astype(np.uint8), at, values[at].astype(np.uint32))


def write_small(writer: ArrayWriter, name: str, chunks: Sequence[U32 | SmallChunk]) -> None:
    """Write the values of `chunks`, one after the other, as the array `name`."""
    parts = [chunk if isinstance(chunk, SmallChunk) else small_chunk(chunk) for chunk in chunks]
    writer.begin(name, "u1")
    before = 0
    places = [np.zeros(0, np.int64)]
    for part in parts:
        writer.append(part.low)
        places.append(part.at + before)
        before += len(part.low)
    writer.add(f"{name}.at", np.concatenate(places))
    writer.add(f"{name}.big", np.concatenate([np.zeros(0, np.uint32), *(part.big for part in parts)]))


class Small:
    """Read side; a part is widened when it is asked for."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self._low = arrays[name]
        self._at = arrays[f"{name}.at"]
        self._big = arrays[f"{name}.big"]

    def __len__(self) -> int:
        return len(self._low)

    def part(self, start: int, end: int) -> U32:
        """Values `start` to `end`."""
        values: U32 = self._low[start:end].astype(np.uint32)
        low, high = np.searchsorted(self._at, [start, end])
        if high > low:
            values[self._at[low:high] - start] = self._big[low:high]
        return values


def read_small(arrays: ArrayFile, name: str) -> U32:
    """All values, widened."""
    small = Small(arrays, name)
    return small.part(0, len(small))
