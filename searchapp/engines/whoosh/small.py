"""Counts that are nearly always below 255: one byte each, and the exceptions apart.

Arrays of `name`: `name` one byte a value (255 = look it up), `name.at` where the exceptions stand,
ascending, `name.big` their values.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.packing import I64, U32

CAP = 255
SPOOL_BYTES = 1 << 20


class SmallSpool:
    """Values that wait until an array file is ready for them: capped bytes in a nameless file, so that
    a large merge does not hold them, and the exceptions in memory.

    `folder`: where the file is made once it is more than SPOOL_BYTES.
    """

    def __init__(self, folder: Path) -> None:
        self._low: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115  closed by `write`
            SPOOL_BYTES, mode="w+b", dir=str(folder)
        )
        self._count = 0
        self._at: list[I64] = [np.zeros(0, np.int64)]
        self._big: list[U32] = [np.zeros(0, np.uint32)]

    def add(self, values: npt.NDArray[Any]) -> None:
        """Append values."""
        at = np.flatnonzero(values >= CAP)
        self._low.write(np.minimum(values, CAP).astype(np.uint8).data)
        self._at.append(at + self._count)
        self._big.append(values[at].astype(np.uint32))
        self._count += len(values)

    def write(self, writer: ArrayWriter, name: str) -> None:
        """Write all as the array `name`; the spool is used up."""
        writer.begin(name, "u1")
        self._low.seek(0)
        while block := self._low.read(SPOOL_BYTES):
            writer.append(block)
        self._low.close()
        writer.add(f"{name}.at", np.concatenate(self._at))
        writer.add(f"{name}.big", np.concatenate(self._big))


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
