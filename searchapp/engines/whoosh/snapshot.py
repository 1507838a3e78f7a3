"""All segments of one collection as one: global record numbers, facet columns, what is deleted.

A record's global number is its number in its segment plus the segment's base. Everything here is
immutable; a new generation is a new snapshot.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.packing import I64, U32, ranges
from searchapp.engines.whoosh.segment import Segment
from searchapp.query import FACETS, FacetName
from searchapp.schema import WordField

Mask = npt.NDArray[np.bool_]


# From this share of all records on, reading all entries beats looking those of each record up:
# measured at 139,408 records, 10,000 take 0.22 and 0.21 ms, 20,000 0.40 and 0.27.
MANY_SHARE = 0.07
# Facets whose first values are counted together: counties and cities come in few combinations.
TOGETHER: tuple[tuple[FacetName, ...], ...] = (
    ("county", "city", "province"),
    ("source", "month"),
    ("official",),
)


@dataclass(frozen=True, slots=True)
class _More:
    """What records hold of one facet after their first value: `sizes[r]` entries from `at[r]` on in
    `ids`; `records`: the record of each entry."""

    at: I64
    sizes: U32
    ids: U32
    records: I64


@dataclass(frozen=True)
class Column:
    """One facet over all segments. `at[r]:at[r + 1]` are the entries of record r in `ids`."""

    values: list[str]
    at: I64
    ids: U32

    @functools.cached_property
    def first(self) -> U32:
        """The first value of each record, len(values) when it has none."""
        first = np.full(len(self.at) - 1, len(self.values), np.uint32)
        filled = np.flatnonzero(self.at[1:] > self.at[:-1])
        first[filled] = self.ids[self.at[filled]]
        return first

    def further(self, records: I64, among: Mask | None = None) -> U32:
        """The values of the sorted `records` but the first of each, record by record; `among` is
        `records` as a mask, where there is one, so that it is made once for all facets."""
        more = self._more
        if not len(more.ids):
            return more.ids
        if among is not None:
            return more.ids.compress(among.take(more.records))
        sizes = more.sizes[records]
        some = sizes.nonzero()[0]
        return more.ids[ranges(more.at[records[some]], sizes[some].astype(np.int64))]

    @functools.cached_property
    def _more(self) -> _More:
        sizes = np.maximum(np.diff(self.at) - 1, 0)
        at = np.cumsum(sizes) - sizes
        ids = self.ids[ranges(self.at[:-1] + 1, sizes)]
        return _More(at, sizes.astype(np.uint32), ids, np.repeat(np.arange(len(sizes)), sizes))

    @functools.cached_property
    def _by_value(self) -> tuple[U32, I64]:
        """The records of all entries, value by value, and where each value's begin."""
        counts = np.bincount(self.ids, minlength=len(self.values))
        order = np.argsort(self.ids, kind="stable")
        owners = np.repeat(np.arange(len(self.at) - 1, dtype=np.uint32), np.diff(self.at))
        return owners[order], np.concatenate([[0], np.cumsum(counts)])

    def holders(self, value: str) -> U32:
        """Sorted records that hold `value`."""
        number = self.number.get(value)
        if number is None:
            return np.zeros(0, np.uint32)
        records, begins = self._by_value
        return records[begins[number] : begins[number + 1]]

    @functools.cached_property
    def number(self) -> dict[str, int]:
        """Value -> its number."""
        return {value: rank for rank, value in enumerate(self.values)}


@dataclass(frozen=True)
class FacetTable:
    """All facets as one: `at[r]:at[r + 1]` are the entries of record r in `ids`. Facet number f has
    the ids `begins[f]` to `begins[f + 1]`, its values in order and at the end "none of them"."""

    at: I64
    ids: U32
    begins: I64


@dataclass(frozen=True)
class Combinations:
    """The first values of several facets as one: `of[r]` is the number of the combination of record r,
    `values[name]` the value of each combination, the number of values where it has none."""

    of: npt.NDArray[np.integer[Any]]
    values: dict[FacetName, I64]


class Snapshot:
    """`live[i]` masks the records of segment i that are not deleted (None = all are live)."""

    def __init__(self, segments: Sequence[Segment], live: Sequence[Mask | None]) -> None:
        self.segments = tuple(segments)
        sizes = [segment.records for segment in segments]
        self.bases = [sum(sizes[:at]) for at in range(len(sizes) + 1)]
        self.size = self.bases[-1]
        self.live: Mask | None = None
        if any(mask is not None for mask in live):
            masks = [
                np.ones(s.records, np.bool_) if m is None else m for s, m in zip(segments, live, strict=True)
            ]
            self.live = np.concatenate(masks)
        self.count = self.size if self.live is None else int(self.live.sum())
        self._columns: dict[FacetName, Column] = {}
        self._combinations: dict[tuple[FacetName, ...], Combinations] = {}

    def live_records(self) -> I64:
        """Numbers of all records that are not deleted."""
        return np.arange(self.size) if self.live is None else self.live.nonzero()[0]

    def column(self, name: FacetName) -> Column:
        """The facet column `name`, joined once."""
        if name not in self._columns:
            self._columns[name] = self._join(name)
        return self._columns[name]

    def mask(self, records: I64) -> Mask | None:
        """The mask of `records` where reading all entries of a column beats looking those of each up."""
        if len(records) <= MANY_SHARE * self.size:
            return None
        mask = np.zeros(self.size, np.bool_)
        mask[records] = True
        return mask

    def combinations(self, names: tuple[FacetName, ...]) -> Combinations:
        """The combinations of the first values of the facets `names`, made once."""
        if names not in self._combinations:
            self._combinations[names] = self._combine(names)
        return self._combinations[names]

    def _combine(self, names: tuple[FacetName, ...]) -> Combinations:
        firsts = {name: self.column(name).first.astype(np.int64) for name in names}
        key = np.zeros(self.size, np.int64)
        for name, first in firsts.items():
            key = key * (len(self.column(name).values) + 1) + first
        _, begins, of = np.unique(key, return_index=True, return_inverse=True)
        narrow = np.uint16 if len(begins) <= 1 << 16 else np.uint32
        return Combinations(of.astype(narrow), {name: first[begins] for name, first in firsts.items()})

    @functools.cached_property
    def all_facets(self) -> FacetTable:
        """The columns of all facets in one table."""
        columns = [self.column(name) for name in FACETS]
        begins = np.cumsum([0, *(len(column.values) + 1 for column in columns)])
        sizes = np.stack([np.maximum(np.diff(column.at), 1) for column in columns])
        at = np.concatenate([[0], np.cumsum(sizes.sum(axis=0))])
        ids = np.empty(int(at[-1]), np.uint32)
        place, every = at[:-1].copy(), np.arange(self.size)
        for column, begin, size in zip(columns, begins.tolist(), sizes, strict=False):
            ids[place] = column.first + np.uint32(begin)
            ids[ranges(place + 1, size - 1)] = column.further(every) + np.uint32(begin)
            place += size
        return FacetTable(at, ids, begins)

    def _join(self, name: FacetName) -> Column:
        columns = [segment.facets[name] for segment in self.segments]
        values = sorted({value for column in columns for value in column.read_values()})
        number = {value: rank for rank, value in enumerate(values)}
        ids, borders, entries = [np.zeros(0, np.uint32)], [np.zeros(1, np.int64)], 0
        for column in columns:
            new = np.array([number[value] for value in column.read_values()], np.uint32)
            ids.append(new[column.ids] if len(new) else np.zeros(0, np.uint32))
            borders.append(column.at[1:].astype(np.int64) + entries)
            entries += len(column.ids)
        return Column(values, np.concatenate(borders), np.concatenate(ids))

    @functools.cached_property
    def day(self) -> npt.NDArray[np.int32]:
        """Day number of each record, 0 when it has no date."""
        return np.concatenate([np.zeros(0, np.int32), *(segment.day for segment in self.segments)])

    @functools.cached_property
    def labels(self) -> dict[str, str]:
        """What a person sees for a facet value; later segments win."""
        return {value: label for segment in self.segments for value, label in segment.read_labels().items()}

    def run_lengths(self, field: WordField) -> U32:
        """Characters in `field` of each record."""
        parts = [s.grams.title_chars if field == "title" else s.grams.text_chars for s in self.segments]
        return np.concatenate([np.zeros(0, np.uint32), *parts])

    def where(self, record: int) -> tuple[Segment, int]:
        """The segment of a global record and its number there."""
        at = bisect_right(self.bases, record) - 1
        return self.segments[at], record - self.bases[at]

    def stored(self, record: int) -> bytes:
        """The stored form of a record."""
        segment, local = self.where(record)
        return segment.stored(local)

    def find(self, ident: str) -> int | None:
        """The live record of that id."""
        for base, segment in zip(self.bases, self.segments, strict=False):
            for local in segment.find(ident):
                if self.live is None or self.live[base + local]:
                    return base + local
        return None
