"""Lists of numbers by term, on disk: for this term, which records or positions?

Arrays of a posting file `name`: `.df` records per term, `.cf` occurrences per term, `.size` units
per term, `.units` the packed lists (see `packing`); with frequencies also `.tf`, one entry a value.
Counts are small almost always, so all but the units are stored as one byte and the exceptions (see
`small`); what is needed at every look-up is widened once when the file is opened.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.engines.whoosh.skipping import Stretches
from searchapp.engines.whoosh.small import Small, SmallSpool, read_small


@dataclass(frozen=True, slots=True)
class Lists:
    """Consecutive lists in memory: `counts` values per list, all `values`, optional `tf` beside them."""

    counts: I64
    values: U32
    tf: U32 | None = None


def records_per_list(lists: Lists, layout: Layout) -> U32:
    """In how many records each list of positions stands."""
    return kernels.count_records(lists.values, lists.counts, layout.record_of_step)


class PostingsWriter:
    """Takes lists chunk by chunk and writes the packed lists as they come.

    The file of arrays takes one array at a time, so frequencies and counts wait in spools until
    `finish`: memory does not grow with the number of entries.
    """

    def __init__(self, writer: ArrayWriter, name: str, with_tf: bool) -> None:
        self._writer = writer
        self._name = name
        self._sizes, self._df, self._cf = (SmallSpool(writer.folder) for _ in range(3))
        self._tf = SmallSpool(writer.folder) if with_tf else None
        writer.begin(f"{name}.units", "u2")

    def add(self, lists: Lists, df: U32 | None = None) -> None:
        """Append lists. Without `df` the number of values is the number of records."""
        units, sizes = kernels.pack(lists.values, lists.counts)
        self._writer.append(units)
        self._sizes.add(sizes)
        self._df.add(lists.counts if df is None else df)
        if self._tf is None or lists.tf is None:
            self._cf.add(lists.counts)
            return
        starts = np.cumsum(lists.counts) - lists.counts
        self._cf.add(np.add.reduceat(lists.tf, starts) if len(starts) else lists.counts)
        self._tf.add(lists.tf)

    def finish(self) -> None:
        """Write what waited."""
        self._sizes.write(self._writer, f"{self._name}.size")
        self._df.write(self._writer, f"{self._name}.df")
        self._cf.write(self._writer, f"{self._name}.cf")
        if self._tf is not None:
            self._tf.write(self._writer, f"{self._name}.tf")


class Postings:
    """Read side of one posting file."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self.df: U32 = read_small(arrays, f"{name}.df")
        self.cf: U32 = read_small(arrays, f"{name}.cf")
        sizes = read_small(arrays, f"{name}.size")
        self._at = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        self._units = arrays[f"{name}.units"]
        # One value of a memoryview is had in a fifth of the time of one of an array (.1 and .5 microseconds).
        self._begin, self._occurrences = memoryview(self._at.data), memoryview(self.cf.data)
        self._tf = Small(arrays, f"{name}.tf") if f"{name}.tf" in arrays else None
        # With frequencies an entry is a record, else an occurrence.
        self._counts = self.df if self._tf is not None else self.cf
        self._entries = memoryview(self._counts.data)
        self._entry = (
            np.concatenate([[0], np.cumsum(self.df, dtype=np.int64)]) if self._tf is not None else None
        )

    def __len__(self) -> int:
        return len(self.df)

    def occurrences(self, term: int) -> int:
        """How often term number `term` stands in the collection."""
        return self._occurrences[term]

    def values(self, term: int, near: Stretches | None = None) -> U32:
        """The sorted list of term number `term`; with `near` perhaps only what stands near there (see
        `skipping`)."""
        units, count = self._units[self._begin[term] : self._begin[term + 1]], self._entries[term]
        return kernels.unpack(units, count) if near is None else kernels.unpack_near(units, count, near)

    def values_of(self, start: int, end: int) -> Lists:
        """The lists of terms `start` to `end`, with frequencies where there are."""
        at = self._at[start : end + 1]
        counts = self._counts[start:end].astype(np.int64)
        base = int(at[0])
        units = self._units[base : int(at[-1])]
        values = kernels.unpack_many(units, at[:-1] - base, np.diff(at), counts)
        if self._tf is None or self._entry is None:
            return Lists(counts, values)
        return Lists(counts, values, self._tf.part(int(self._entry[start]), int(self._entry[end])))

    def values_in(self, terms: I64) -> U32:
        """The lists of these term numbers, one after the other."""
        begin = self._at[terms]
        return kernels.unpack_many(
            self._units, begin, self._at[terms + 1] - begin, self._counts[terms].astype(np.int64)
        )

    def frequencies(self, term: int) -> U32:
        """How often the term occurs in each record of `values(term)`."""
        assert self._tf is not None, "positions have no frequencies"
        assert self._entry is not None
        return self._tf.part(int(self._entry[term]), int(self._entry[term + 1]))
