"""Several segments -> one, without analysing anything again.

Lists of one term follow each other in segment order, so records and positions stay ascending.
Terms are merged in chunks of at most `CHUNK_VALUES` values: memory does not grow with the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

CHUNK_VALUES = 4_000_000
Live = npt.NDArray[np.bool_]
# (which source, values) -> values in the merged numbering, -1 for what belongs to a dead record
Move: TypeAlias = Callable[[int, U32], I64]


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
    for low, high in _chunks(ranks, [p.df.astype(np.int64) for p in postings], len(vocabulary)):
        lists, terms = _merge_chunk(
            ranks, postings, low, high, lambda at, values: sources[at].new_record[values]
        )
        output.add(lists)
        used.append(terms)
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
    ranks = [np.searchsorted(union, part).astype(np.int64) for part in keys]
    del keys
    postings = [source.segment.grams.postings for source in sources]

    def move(at: int, values: U32) -> I64:
        record = sources[at].segment.grams.layout.records(values)
        moved = values.astype(np.int64) + sources[at].shift[record]
        return moved if sources[at].whole else np.where(sources[at].new_record[record] >= 0, moved, -1)

    output = PostingsWriter(writer, "run", with_tf=False)
    used = []
    for low, high in _chunks(ranks, [p.cf.astype(np.int64) for p in postings], len(union)):
        lists, terms = _merge_chunk(ranks, postings, low, high, move)
        output.add(lists, records_per_list(lists, starts))
        used.append(terms)
    output.finish()
    write_gram_keys(writer, union[np.concatenate([np.zeros(0, np.int64), *used])])
    writer.add("run.title_chars", title_chars)
    writer.add("run.text_chars", text_chars)


def _union(keys: Sequence[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Sorted distinct keys of several sorted arrays, two by two so that memory stays small."""
    merged = [np.zeros(0, np.uint64), *keys]
    while len(merged) > 1:
        merged = [np.union1d(a, b) for a, b in zip(merged[::2], [*merged[1::2], merged[0][:0]], strict=False)]
    return merged[0]


def _chunks(ranks: Sequence[I64], sizes: Sequence[I64], terms: int) -> Iterator[tuple[int, int]]:
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


def _merge_chunk(
    ranks: Sequence[I64], postings: Sequence[Postings], low: int, high: int, move: Move
) -> tuple[Lists, I64]:
    """Lists of the terms `low` to `high` with their values moved, and the terms that keep any."""
    terms, counts, values, tfs = [], [], [], []
    for at, (rank, source) in enumerate(zip(ranks, postings, strict=True)):
        start, end = np.searchsorted(rank, [low, high]).tolist()
        if start == end:
            continue
        lists = source.values_of(start, end)
        moved, count, tf = _drop_dead(move(at, lists.values), lists)
        terms.append(rank[start:end])
        counts.append(count)
        values.append(moved)
        tfs.append(tf)
    every_term, every_count = np.concatenate(terms), np.concatenate(counts)
    order = np.argsort(every_term, kind="stable")
    begins = np.cumsum(every_count) - every_count
    gather = ranges(begins[order], every_count[order])
    merged = np.concatenate(values)[gather].astype(np.uint32)
    merged_tf = np.concatenate([tf for tf in tfs if tf is not None])[gather] if tfs[0] is not None else None
    count_of = np.bincount(every_term - low, weights=every_count, minlength=high - low).astype(np.int64)
    kept = np.flatnonzero(count_of)
    return Lists(count_of[kept], merged, merged_tf), kept + low


def _drop_dead(moved: I64, lists: Lists) -> tuple[I64, I64, U32 | None]:
    alive = moved >= 0
    if alive.all():
        return moved, lists.counts, lists.tf
    list_of = np.repeat(np.arange(len(lists.counts)), lists.counts)
    counts = np.bincount(list_of[alive], minlength=len(lists.counts))
    return moved[alive], counts, None if lists.tf is None else lists.tf[alive]


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
