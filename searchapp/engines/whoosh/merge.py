"""Several segments -> one, without analysing anything again.

Lists of one term follow each other in segment order, so records and positions stay ascending.
Terms are merged in chunks of at most `CHUNK_VALUES` values: memory does not grow with the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.analysis.reprints import HASHES
from searchapp.engines.whoosh.arrays import ArrayWriter
from searchapp.engines.whoosh.build import write_gram_keys, write_meta
from searchapp.engines.whoosh.columns import (
    DIGEST_BYTES,
    take_rows,
    write_facet,
    write_identities,
    write_labels,
)
from searchapp.engines.whoosh.layout import record_starts
from searchapp.engines.whoosh.lexicon import write_lexicon
from searchapp.engines.whoosh.packing import I64, U32, ranges
from searchapp.engines.whoosh.postings import Lists, Postings, PostingsWriter, records_per_list
from searchapp.engines.whoosh.segment import Segment
from searchapp.query import FACETS, FacetName
from searchapp.schema import WORD_FIELDS, WordField

CHUNK_VALUES = 2_000_000
Live = npt.NDArray[np.bool_]
U64 = npt.NDArray[np.uint64]
# (which source, its lists) -> the lists in the merged numbering, without what belongs to dead records
Move: TypeAlias = Callable[[int, Lists], Lists]


class Source:
    """One segment that goes into a merge: which records stay, and their new numbers."""

    def __init__(self, segment: Segment, live: Live | None, first: int) -> None:
        self.segment = segment
        self.keep: I64 = np.arange(segment.records) if live is None else np.flatnonzero(live)
        self.whole = len(self.keep) == segment.records
        self.first = first
        self.new_record = np.full(segment.records, -1, np.int64)
        self.new_record[self.keep] = first + np.arange(len(self.keep))
        self.shift = np.zeros(0, np.int64)

    def place(self, starts: I64) -> None:
        """Take the new starts of all records; afterwards `shift` moves a position of each record."""
        self.shift = np.zeros(self.segment.records, np.int64)
        self.shift[self.keep] = (
            starts[self.new_record[self.keep]] - self.segment.grams.layout.start[self.keep]
        )

    def move_records(self, lists: Lists) -> Lists:
        """Lists of records in the new numbering."""
        if self.whole:
            return Lists(lists.counts, lists.values + np.uint32(self.first), lists.tf)
        return _without_dead(self.new_record[lists.values], lists)

    def move_positions(self, lists: Lists) -> Lists:
        """Lists of positions in the new space; records of a whole segment all move as far as its first."""
        if self.whole:
            return Lists(lists.counts, lists.values + np.uint32(self.shift[0]))
        record = self.segment.grams.layout.records(lists.values)
        moved = lists.values.astype(np.int64) + self.shift[record]
        return _without_dead(np.where(self.new_record[record] >= 0, moved, -1), lists)


def merge_segments(path: Path, parts: Sequence[tuple[Segment, Live | None]]) -> None:
    """Write the segment file `path` holding the live records of `parts`, in order.

    `parts`: segments with a mask of the records that stay (None = all).
    """
    sources: list[Source] = []
    for segment, live in parts:
        sources.append(Source(segment, live, sum(len(source.keep) for source in sources)))
    with ArrayWriter(path) as writer:
        write_meta(writer, sum(len(source.keep) for source in sources))
        for name in WORD_FIELDS:
            _merge_words(writer, name, sources)
        _merge_grams(writer, sources)
        for facet in FACETS:
            _merge_facet(writer, facet, sources)
        write_labels(writer, {k: v for source in sources for k, v in source.segment.labels.items()})
        _merge_identities(writer, sources)
        writer.add("day", _joined([source.segment.day[source.keep] for source in sources], np.int32))
        _merge_rows(writer, "digest", DIGEST_BYTES, sources)
        _merge_rows(writer, "signature", 2 * HASHES, sources)
        _merge_stored(writer, sources)


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *arrays]).astype(dtype)


def _merge_words(writer: ArrayWriter, name: WordField, sources: Sequence[Source]) -> None:
    vocabulary = sorted({word for source in sources for word in source.segment.words[name].lexicon.words()})
    number = {word: rank for rank, word in enumerate(vocabulary)}
    ranks = [
        np.fromiter(map(number.__getitem__, lexicon.words()), np.int64, len(lexicon))
        for lexicon in (source.segment.words[name].lexicon for source in sources)
    ]
    del number
    postings = [source.segment.words[name].postings for source in sources]
    output = PostingsWriter(writer, name, with_tf=True)
    used = []
    for low, high in _chunks(ranks, [p.df for p in postings], len(vocabulary)):
        merged = _merge_chunk(ranks, postings, low, high, lambda at, lists: sources[at].move_records(lists))
        output.add(merged.lists)
        used.append(merged.terms)
    kept = np.concatenate([np.zeros(0, np.int64), *used])
    output.finish()
    write_lexicon(writer, name, [vocabulary[rank] for rank in kept.tolist()])
    lengths = [source.segment.words[name].length[source.keep] for source in sources]
    writer.add(f"{name}.length", _joined(lengths, np.uint32))


def _merge_grams(writer: ArrayWriter, sources: Sequence[Source]) -> None:
    title_chars = _joined([s.segment.grams.title_chars[s.keep] for s in sources], np.uint32)
    text_chars = _joined([s.segment.grams.text_chars[s.keep] for s in sources], np.uint32)
    starts, _ = record_starts(title_chars.astype(np.int64), text_chars.astype(np.int64))
    for source in sources:
        source.place(starts)
    keys = [source.segment.grams.keys() for source in sources]
    union = _union(keys)
    ranks = [np.searchsorted(union, part) for part in keys]
    del keys
    postings = [source.segment.grams.postings for source in sources]
    whole = all(source.whole for source in sources)
    output = PostingsWriter(writer, "run", with_tf=False)
    used = []
    for low, high in _chunks(ranks, [p.cf for p in postings], len(union)):
        merged = _merge_chunk(ranks, postings, low, high, lambda at, lists: sources[at].move_positions(lists))
        output.add(merged.lists, merged.df if whole else records_per_list(merged.lists, starts))
        used.append(merged.terms)
    output.finish()
    write_gram_keys(writer, union[np.concatenate([np.zeros(0, np.int64), *used])])
    writer.add("run.title_chars", title_chars)
    writer.add("run.text_chars", text_chars)


def _union(keys: Sequence[U64]) -> U64:
    """Sorted distinct keys of several sorted arrays, taken in one by one so that memory stays small.

    (`np.unique` hashes; arrays that are nearly in order are sorted many times faster.)
    """
    merged = np.zeros(0, np.uint64)
    for part in keys:
        merged = np.concatenate([merged, part])
        merged.sort(kind="stable")
        merged = merged[np.append(True, merged[1:] != merged[:-1])] if len(merged) else merged
    return merged


def _chunks(ranks: Sequence[I64], sizes: Sequence[npt.NDArray[Any]], terms: int) -> Iterator[tuple[int, int]]:
    """Ranges of terms that hold about CHUNK_VALUES values each (one term may hold more)."""
    total = np.zeros(terms, np.int64)
    for rank, size in zip(ranks, sizes, strict=True):
        total[rank] += size
    ends = np.cumsum(total)
    low = 0
    while low < terms:
        before = int(ends[low - 1]) if low else 0
        high = max(int(np.searchsorted(ends, before + CHUNK_VALUES, side="right")), low + 1)
        yield low, high
        low = high


@dataclass(frozen=True, slots=True)
class Merged:
    """Merged lists, their terms, and the records of each before any died."""

    lists: Lists
    terms: I64
    df: U32


def _merge_chunk(
    ranks: Sequence[I64], postings: Sequence[Postings], low: int, high: int, move: Move
) -> Merged:
    """Lists of the terms `low` to `high` with their values moved, and the terms that keep any."""
    counts, df = np.zeros(high - low, np.int64), np.zeros(high - low, np.uint32)
    moved: list[tuple[I64, Lists]] = []
    for at, (rank, source) in enumerate(zip(ranks, postings, strict=True)):
        start, end = np.searchsorted(rank, [low, high]).tolist()
        if start == end:
            continue
        terms, lists = rank[start:end] - low, move(at, source.values_of(start, end))
        counts[terms] += lists.counts
        df[terms] += source.df[start:end]
        moved.append((terms, lists))
    kept = np.flatnonzero(counts)
    return Merged(_side_by_side(moved, counts, kept), kept + low, df[kept])


def _side_by_side(parts: Sequence[tuple[I64, Lists]], counts: I64, kept: I64) -> Lists:
    """The lists of each term one after the other, in the order of `parts` (terms, lists)."""
    free = np.cumsum(counts) - counts
    total = int(counts.sum())
    values = np.empty(total, np.uint32)
    tf = np.empty(total, np.uint32) if parts and parts[0][1].tf is not None else None
    for terms, lists in parts:
        places = ranges(free[terms], lists.counts)
        values[places] = lists.values
        if tf is not None and lists.tf is not None:
            tf[places] = lists.tf
        free[terms] += lists.counts
    return Lists(counts[kept], values, tf)


def _without_dead(moved: I64, lists: Lists) -> Lists:
    """`lists` with the values `moved`, those below 0 left out."""
    alive = moved >= 0
    list_of = np.repeat(np.arange(len(lists.counts)), lists.counts)
    counts = np.bincount(list_of[alive], minlength=len(lists.counts))
    return Lists(counts, moved[alive].astype(np.uint32), None if lists.tf is None else lists.tf[alive])


def _merge_facet(writer: ArrayWriter, name: FacetName, sources: Sequence[Source]) -> None:
    columns = [source.segment.facets[name] for source in sources]
    values = sorted({value for column in columns for value in column.values})
    number = {value: rank for rank, value in enumerate(values)}
    counts, ids = [], []
    for source, column in zip(sources, columns, strict=True):
        count, entries = take_rows(column.at, source.keep)
        new = np.fromiter((number[value] for value in column.values), np.uint32, len(column.values))
        counts.append(count)
        ids.append(new[column.ids[entries]] if len(new) else np.zeros(0, np.uint32))
    write_facet(writer, name, values, _joined(counts, np.int64), _joined(ids, np.uint32))


def _merge_identities(writer: ArrayWriter, sources: Sequence[Source]) -> None:
    ids: list[str] = []
    parents: list[str] = []
    for source in sources:
        every = source.segment.ids.all()
        ids.extend(every[record] for record in source.keep.tolist())
        above = source.segment.parents.all()
        parents.extend(above[record] if above else "" for record in source.keep.tolist())
    write_identities(writer, ids, parents)


def _merge_rows(writer: ArrayWriter, name: str, row_bytes: int, sources: Sequence[Source]) -> None:
    """An array of so many bytes a record."""
    writer.begin(name, "u1")
    for source in sources:
        rows = source.segment.arrays[name].reshape(-1, row_bytes)
        writer.append(rows[source.keep])


def _merge_stored(writer: ArrayWriter, sources: Sequence[Source]) -> None:
    writer.begin("stored.bytes", "u1")
    sizes = []
    for source in sources:
        at = source.segment.arrays["stored.at"].astype(np.int64)
        data = source.segment.arrays["stored.bytes"]
        sizes.append(np.diff(at)[source.keep])
        for record in [] if source.whole else source.keep.tolist():
            writer.append(data[at[record] : at[record + 1]])
        if source.whole:
            writer.append(data)
    writer.add("stored.at", np.cumsum(np.concatenate([[0], *sizes])).astype(np.uint64))
