"""Several segments -> one, without analysing anything again.

Lists of one term follow each other in segment order, so records and positions stay ascending.
Terms are merged in stretches of about `CHUNK_VALUES` values: memory does not grow with the index.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.analysis.reprints import HASHES
from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.build import write_gram_keys, write_meta
from searchapp.engines.whoosh.columns import (
    DIGEST_BYTES,
    FacetColumn,
    Strings,
    take_rows,
    write_facet,
    write_identities,
    write_labels,
)
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.lexicon import write_lexicon
from searchapp.engines.whoosh.packing import I64, U32, ranges
from searchapp.engines.whoosh.postings import Lists, PostingsWriter, records_per_list
from searchapp.engines.whoosh.sources import ListsInOrder, Live, Source, SourceGrams, SourceWords, Terms
from searchapp.query import FACETS, FacetName
from searchapp.schema import WORD_FIELDS, WordField

CHUNK_VALUES = 2_000_000
# Terms at which a stretch may end are so many times as close as it is long.
BORDERS_PER_CHUNK = 64
# Lists of one source -> the same in the merged numbering, without what belongs to dead records
Move: TypeAlias = Callable[[Source, Lists], Lists]


def merge_segments(path: Path, parts: Sequence[tuple[ArrayFile, Live | None]]) -> None:
    """Write the segment file `path` holding the live records of `parts`, in order.

    `parts`: segment files with a mask of the records that stay (None = all).
    """
    sources: list[Source] = []
    first = 0
    for arrays, live in parts:
        sources.append(Source(arrays, live, first))
        first += len(sources[-1].keep)
    with ArrayWriter(path) as writer:
        write_meta(writer, first)
        for name in WORD_FIELDS:
            _merge_words(writer, name, sources)
        _merge_grams(writer, sources)
        for facet in FACETS:
            _merge_facet(writer, facet, sources)
        write_labels(writer, {k: v for source in sources for k, v in _labels(source).items()})
        _merge_identities(writer, sources)
        writer.add("day", _kept(sources, "day", np.int32))
        _merge_rows(writer, "digest", DIGEST_BYTES, sources)
        _merge_rows(writer, "signature", 2 * HASHES, sources)
        _merge_stored(writer, sources)


def _joined(arrays: Sequence[npt.NDArray[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *arrays]).astype(dtype)


def _kept(sources: Sequence[Source], name: str, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array of one value a record."""
    return _joined([source.arrays[name][source.keep] for source in sources], dtype)


def _labels(source: Source) -> dict[str, str]:
    labels: dict[str, str] = json.loads(source.arrays["labels"].tobytes().decode("utf-8", "surrogatepass"))
    return labels


def _merge_words(writer: ArrayWriter, name: WordField, sources: Sequence[Source]) -> None:
    output = PostingsWriter(writer, name, with_tf=True)
    terms = [SourceWords(source.arrays, name) for source in sources]
    vocabulary: list[str] = []
    for merged in _merge_lists(name, sources, terms, Source.move_records):
        output.add(merged.lists)
        vocabulary.extend(merged.terms[at] for at in merged.kept.tolist())
    output.finish()
    write_lexicon(writer, name, vocabulary)
    writer.add(f"{name}.length", _kept(sources, f"{name}.length", np.uint32))


def _merge_grams(writer: ArrayWriter, sources: Sequence[Source]) -> None:
    title_chars = _kept(sources, "run.title_chars", np.uint32)
    text_chars = _kept(sources, "run.text_chars", np.uint32)
    layout = Layout(title_chars, text_chars)
    starts = layout.start.astype(np.int64)
    for source in sources:
        source.place(starts)
    whole = all(source.whole for source in sources)
    output = PostingsWriter(writer, "run", with_tf=False)
    terms = [SourceGrams(source.arrays) for source in sources]
    keys = [np.zeros(0, np.uint64)]
    for merged in _merge_lists("run", sources, terms, Source.move_positions):
        output.add(merged.lists, merged.df if whole else records_per_list(merged.lists, layout))
        keys.append(merged.terms[merged.kept])
    output.finish()
    write_gram_keys(writer, np.concatenate(keys))
    writer.add("run.title_chars", title_chars)
    writer.add("run.text_chars", text_chars)


@dataclass(frozen=True, slots=True)
class Merged:
    """A stretch of terms; the places in it of those that keep any value, their lists, and in how
    many records each was before any died."""

    terms: Any
    kept: I64
    lists: Lists
    df: U32


def _merge_lists(
    name: str, sources: Sequence[Source], terms: Sequence[Terms], move: Move
) -> Iterator[Merged]:
    """All lists of the posting files `name`, stretch by stretch."""
    lists = [ListsInOrder(source.arrays, name) for source in sources]
    borders = _borders(lists, terms)
    for starts, ends in zip(borders[:-1], borders[1:], strict=True):
        filled = [at for at in range(len(sources)) if starts[at] < ends[at]]
        if not filled:
            continue
        union, ranks = terms[0].unite([terms[at].part(starts[at], ends[at]) for at in filled])
        counts, df = np.zeros(len(union), np.int64), np.zeros(len(union), np.uint32)
        parts: list[tuple[I64, Lists]] = []
        for at, rank in zip(filled, ranks, strict=True):
            taken, in_records = lists[at].take(ends[at])
            moved = move(sources[at], taken)
            counts[rank] += moved.counts
            df[rank] += in_records
            parts.append((rank, moved))
            sources[at].arrays.let_go()
        kept = np.flatnonzero(counts)
        yield Merged(union, kept, _side_by_side(parts, counts, kept), df[kept])


def _borders(lists: Sequence[ListsInOrder], terms: Sequence[Terms]) -> list[tuple[int, ...]]:
    """Term numbers in each source between which about CHUNK_VALUES values stand in all together.

    Every source names the terms that stand at equal steps of its values; among all of them in
    order, borders are at equal steps too. (One term may hold more values than a chunk.)
    """
    step = max(CHUNK_VALUES // max(BORDERS_PER_CHUNK, 2 * len(lists)), 1)
    named: list[Any] = []
    sizes = []
    for source, own in zip(lists, terms, strict=True):
        counts = source.value_counts()
        ends = np.cumsum(counts, dtype=np.int64)
        sizes.append(len(counts))
        total = int(ends[-1]) if len(ends) else 0
        named.extend(own.some(np.searchsorted(ends, np.arange(step, total, step))))
    chosen = list(dict.fromkeys(sorted(named)[CHUNK_VALUES // step - 1 :: CHUNK_VALUES // step]))
    columns = [[0, *own.numbers(chosen), size] for own, size in zip(terms, sizes, strict=True)]
    return list(zip(*columns, strict=True))


def _side_by_side(parts: Sequence[tuple[I64, Lists]], counts: I64, kept: I64) -> Lists:
    """The lists of each term one after the other, in the order of `parts` (terms, lists)."""
    free = np.cumsum(counts) - counts
    total = int(counts.sum())
    values = np.empty(total, np.uint32)
    tf = np.empty(total, np.uint32) if parts[0][1].tf is not None else None
    for terms, lists in parts:
        places = ranges(free[terms], lists.counts)
        values[places] = lists.values
        if tf is not None and lists.tf is not None:
            tf[places] = lists.tf
        free[terms] += lists.counts
    return Lists(counts[kept], values, tf)


def _merge_facet(writer: ArrayWriter, name: FacetName, sources: Sequence[Source]) -> None:
    columns = [FacetColumn(source.arrays, name) for source in sources]
    values = sorted({value for column in columns for value in column.read_values()})
    number = {value: rank for rank, value in enumerate(values)}
    counts, ids = [], []
    for source, column in zip(sources, columns, strict=True):
        count, entries = take_rows(column.at, source.keep)
        new = np.array([number[value] for value in column.read_values()], np.uint32)
        counts.append(count)
        ids.append(new[column.ids[entries]] if len(new) else np.zeros(0, np.uint32))
    write_facet(writer, name, values, _joined(counts, np.int64), _joined(ids, np.uint32))


def _merge_identities(writer: ArrayWriter, sources: Sequence[Source]) -> None:
    ids: list[str] = []
    parents: list[str] = []
    for source in sources:
        every = Strings(source.arrays, "id").all()
        ids.extend(every[record] for record in source.keep.tolist())
        above = Strings(source.arrays, "parent").all()
        parents.extend(above[record] if above else "" for record in source.keep.tolist())
    write_identities(writer, ids, parents)


def _merge_rows(writer: ArrayWriter, name: str, row_bytes: int, sources: Sequence[Source]) -> None:
    """An array of so many bytes a record."""
    writer.begin(name, "u1")
    for source in sources:
        rows = source.arrays[name].reshape(-1, row_bytes)
        writer.append(rows[source.keep])


def _merge_stored(writer: ArrayWriter, sources: Sequence[Source]) -> None:
    writer.begin("stored.bytes", "u1")
    sizes = []
    for source in sources:
        at = source.arrays["stored.at"].astype(np.int64)
        data = source.arrays["stored.bytes"]
        sizes.append(np.diff(at)[source.keep])
        for record in [] if source.whole else source.keep.tolist():
            writer.append(data[at[record] : at[record + 1]])
        if source.whole:
            writer.append(data)
        source.arrays.let_go()
    writer.add("stored.at", np.cumsum(np.concatenate([[0], *sizes])).astype(np.uint64))
