"""What goes into a merge, read forwards: which records stay, and what do the next terms hold?

Of every segment only the stretch of terms is in memory that is being merged, so a merge takes the
same memory however many segments there are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.arrays import ArrayFile
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.lexicon import Lexicon
from searchapp.engines.whoosh.packing import I64, U32, run_begins
from searchapp.engines.whoosh.postings import Lists
from searchapp.engines.whoosh.small import Small

Live = npt.NDArray[np.bool_]
U64 = npt.NDArray[np.uint64]


class Source:
    """One segment: which records stay, and their new numbers.

    `live`: mask of the records that stay (None = all); `first`: new number of the first of them.
    """

    def __init__(self, arrays: ArrayFile, live: Live | None, first: int) -> None:
        self.arrays = arrays
        self.records: int = json.loads(arrays["meta"].tobytes())["records"]
        self.keep: I64 = np.arange(self.records) if live is None else np.flatnonzero(live)
        self.whole = len(self.keep) == self.records
        self.first = first
        self._layout: Layout | None = None
        self._shift = np.zeros(1, np.int64)
        if not self.whole:
            self._new_record = np.full(self.records, -1, np.int64)
            self._new_record[self.keep] = first + np.arange(len(self.keep))

    def place(self, starts: I64) -> None:
        """Take the new starts of all records. Those of a whole segment all move as far as its first."""
        if self.whole:
            # A copy, because a view would keep the starts of all records, and a thousand sources do this.
            self._shift = starts[self.first : self.first + 1].copy()
            return
        self._layout = Layout(self.arrays["run.title_chars"], self.arrays["run.text_chars"])
        self._shift = np.zeros(self.records, np.int64)
        self._shift[self.keep] = starts[self._new_record[self.keep]] - self._layout.start[self.keep]

    def move_records(self, lists: Lists) -> Lists:
        """Lists of records in the new numbering."""
        if self.whole:
            return Lists(lists.counts, lists.values + np.uint32(self.first), lists.tf)
        return _without_dead(self._new_record[lists.values], lists)

    def move_positions(self, lists: Lists) -> Lists:
        """Lists of positions in the new space."""
        if self._layout is None:
            return Lists(lists.counts, lists.values + np.uint32(self._shift[0]))
        record = self._layout.records(lists.values)
        moved = lists.values.astype(np.int64) + self._shift[record]
        return _without_dead(np.where(self._new_record[record] >= 0, moved, -1), lists)


def _without_dead(moved: I64, lists: Lists) -> Lists:
    """`lists` with the values `moved`, those below 0 left out."""
    alive = moved >= 0
    list_of = np.repeat(np.arange(len(lists.counts)), lists.counts)
    counts = np.bincount(list_of[alive], minlength=len(lists.counts))
    return Lists(counts, moved[alive].astype(np.uint32), None if lists.tf is None else lists.tf[alive])


class ListsInOrder:
    """The lists of a posting file (see `postings`), taken from the first term to the last."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self._sizes, self._df, self._cf = (Small(arrays, f"{name}.{part}") for part in ("size", "df", "cf"))
        self._tf = Small(arrays, f"{name}.tf") if f"{name}.tf" in arrays else None
        self._units = arrays[f"{name}.units"]
        self._term = self._unit = self._entry = 0

    def value_counts(self) -> U32:
        """How many values each term has."""
        # With frequencies an entry is a record, else an occurrence.
        counts = self._cf if self._tf is None else self._df
        return counts.part(0, len(counts))

    def take(self, end: int) -> tuple[Lists, U32]:
        """The lists from where the last ones ended up to the term `end`, and in how many records each is."""
        sizes = self._sizes.part(self._term, end).astype(np.int64)
        df = self._df.part(self._term, end)
        counts = (df if self._tf else self._cf.part(self._term, end)).astype(np.int64)
        units = self._units[self._unit : self._unit + int(sizes.sum())]
        values = kernels.unpack_many(units, np.cumsum(sizes) - sizes, sizes, counts)
        tf = self._tf.part(self._entry, self._entry + len(values)) if self._tf else None
        self._term, self._unit, self._entry = end, self._unit + len(units), self._entry + len(values)
        return Lists(counts, values, tf), df


class Terms(Protocol):
    """The sorted terms of a segment: words, or gram keys as one number each."""

    def some(self, numbers: I64) -> list[Any]:
        """The terms of these numbers."""

    def numbers(self, terms: Sequence[Any]) -> list[int]:
        """Where each of `terms` stands, or would stand."""

    def part(self, start: int, end: int) -> Any:
        """Terms `start` to `end`."""

    @staticmethod
    def unite(parts: Sequence[Any]) -> tuple[Any, list[I64]]:
        """All terms of `parts` in order, and for each part the ranks of its terms among them."""


class SourceWords:
    """The words of a segment."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self._lexicon = Lexicon(arrays, name)

    def some(self, numbers: I64) -> list[str]:
        return [self._lexicon.word(number) for number in numbers.tolist()]

    def numbers(self, terms: Sequence[str]) -> list[int]:
        return [self._lexicon.at_or_after(term) for term in terms]

    def part(self, start: int, end: int) -> bytes:
        return self._lexicon.lines(start, end)

    @staticmethod
    def unite(parts: Sequence[bytes]) -> tuple[list[str], list[I64]]:
        return kernels.unite(parts)


class SourceGrams:
    """The gram keys of a segment (see `build.write_gram_keys`)."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._first = arrays["run.first"].astype(np.uint64) << np.uint64(32)
        self._first_at = arrays["run.first_at"].astype(np.int64)
        self._second = arrays["run.second"]
        self._characters = arrays["run.characters"].astype(np.uint64)

    def some(self, numbers: I64) -> list[int]:
        first = self._first[np.searchsorted(self._first_at, numbers, side="right") - 1]
        keys: list[int] = (first | self._characters[self._second[numbers]]).tolist()
        return keys

    def numbers(self, terms: Sequence[int]) -> list[int]:
        found: list[int] = np.searchsorted(
            self.part(0, len(self._second)), np.array(terms, np.uint64)
        ).tolist()
        return found

    def part(self, start: int, end: int) -> U64:
        low = int(np.searchsorted(self._first_at, start, side="right")) - 1
        high = int(np.searchsorted(self._first_at, end))
        counts = np.diff(self._first_at[low : high + 1].clip(start, end))
        keys: U64 = np.repeat(self._first[low:high], counts) | self._characters[self._second[start:end]]
        return keys

    @staticmethod
    def unite(parts: Sequence[U64]) -> tuple[U64, list[I64]]:
        # np.unique hashes; arrays that are nearly in order are sorted many times faster.
        union = np.concatenate(parts)
        union.sort(kind="stable")
        union = union[run_begins(union)]
        return union, [np.searchsorted(union, part) for part in parts]
