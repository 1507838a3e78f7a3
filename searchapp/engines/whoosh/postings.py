"""Lists of numbers by term, on disk: for this term, which records or positions?

Arrays of a posting file `name`: `.df` records per term, `.cf` occurrences per term, `.at` where
each term's units begin (one more than terms), `.units` the packed lists (see `packing`); with
frequencies also `.tf` one byte per entry (255 = look it up) and `.tf_at`, `.tf_big` for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.packing import I64, U32, pack, unpack, unpack_many

TF_CAP = 255
U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Lists:
    """Consecutive lists in memory: `counts` values per list, all `values`, optional `tf` beside them."""

    counts: I64
    values: U32
    tf: U32 | None = None


def records_per_list(lists: Lists, starts: I64) -> U32:
    """In how many records each list of positions stands. `starts`: first position of each record."""
    record = np.searchsorted(starts, lists.values, side="right")
    first = np.ones(len(record), np.bool_)
    first[1:] = record[1:] != record[:-1]
    begins = np.cumsum(lists.counts) - lists.counts
    first[begins] = True
    return np.add.reduceat(first, begins, dtype=np.uint32) if len(begins) else np.zeros(0, np.uint32)


class PostingsWriter:
    """Collects lists chunk by chunk and streams the large arrays through side files in memory order.

    The container writes one array at a time, so the frequencies and the small per-term arrays wait
    until `finish`; frequencies are one byte an entry.
    """

    def __init__(self, writer: ArrayWriter, name: str, with_tf: bool) -> None:
        self._writer = writer
        self._name = name
        self._sizes: list[I64] = []
        self._df: list[U32] = []
        self._cf: list[U32] = []
        self._tf: list[U8] | None = [] if with_tf else None
        self._big: list[tuple[I64, U32]] = []
        self._entries = 0
        writer.begin(f"{name}.units", "u2")

    def add(self, lists: Lists, df: U32 | None = None) -> None:
        """Append lists. Without `df` the number of values is the number of records."""
        units, sizes = pack(lists.values, lists.counts)
        self._writer.append(units)
        self._sizes.append(sizes)
        counts = lists.counts.astype(np.uint32)
        self._df.append(counts if df is None else df)
        if self._tf is None or lists.tf is None:
            self._cf.append(counts)
            return
        starts = np.cumsum(lists.counts) - lists.counts
        self._cf.append(np.add.reduceat(lists.tf, starts).astype(np.uint32) if len(starts) else counts)
        self._tf.append(np.minimum(lists.tf, TF_CAP).astype(np.uint8))
        big = np.flatnonzero(lists.tf >= TF_CAP)
        self._big.append((big + self._entries, lists.tf[big].astype(np.uint32)))
        self._entries += len(lists.tf)

    def finish(self) -> None:
        """Write what waited."""
        name, writer = self._name, self._writer
        at = np.cumsum(np.concatenate([[0], *self._sizes]).astype(np.int64))
        wide = len(at) > 0 and int(at[-1]) > 0xFFFFFFFF
        writer.add(f"{name}.at", at.astype(np.uint64 if wide else np.uint32))
        writer.add(f"{name}.df", np.concatenate([np.zeros(0, np.uint32), *self._df]))
        writer.add(f"{name}.cf", np.concatenate([np.zeros(0, np.uint32), *self._cf]))
        if self._tf is not None:
            writer.begin(f"{name}.tf", "u1")
            for chunk in self._tf:
                writer.append(chunk)
            writer.add(f"{name}.tf_at", np.concatenate([np.zeros(0, np.int64), *(a for a, _ in self._big)]))
            writer.add(f"{name}.tf_big", np.concatenate([np.zeros(0, np.uint32), *(b for _, b in self._big)]))


class Postings:
    """Read side of one posting file."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self.df = arrays[f"{name}.df"]
        self.cf = arrays[f"{name}.cf"]
        self._at = arrays[f"{name}.at"]
        self._units = arrays[f"{name}.units"]
        self._with_tf = f"{name}.tf" in arrays
        # With frequencies an entry is a record, else an occurrence.
        self._counts = self.df if self._with_tf else self.cf
        if self._with_tf:
            self._tf = arrays[f"{name}.tf"]
            self._tf_at = arrays[f"{name}.tf_at"]
            self._tf_big = arrays[f"{name}.tf_big"]
            self._entry = np.concatenate([[0], np.cumsum(self.df, dtype=np.int64)])

    def __len__(self) -> int:
        return len(self.df)

    def values(self, term: int) -> U32:
        """The sorted list of term number `term`."""
        return unpack(self._units[int(self._at[term]) : int(self._at[term + 1])], int(self._counts[term]))

    def values_of(self, start: int, end: int) -> Lists:
        """The lists of terms `start` to `end`, with frequencies where there are."""
        at = self._at[start : end + 1].astype(np.int64)
        counts = self._counts[start:end].astype(np.int64)
        base = int(at[0])
        units = self._units[base : int(at[-1])]
        values = unpack_many(units, at[:-1] - base, np.diff(at), counts)
        if not self._with_tf:
            return Lists(counts, values)
        return Lists(counts, values, self._frequencies(int(self._entry[start]), int(self._entry[end])))

    def frequencies(self, term: int) -> U32:
        """How often the term occurs in each record of `values(term)`."""
        return self._frequencies(int(self._entry[term]), int(self._entry[term + 1]))

    def _frequencies(self, start: int, end: int) -> U32:
        tf = self._tf[start:end].astype(np.uint32)
        low, high = np.searchsorted(self._tf_at, [start, end])
        if high > low:
            tf[self._tf_at[low:high] - start] = self._tf_big[low:high]
        return tf
