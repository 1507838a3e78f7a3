"""The inner loops in C: arrays in, arrays out, as in `in_numpy`.

Importing this raises ImportError where the files in C beside it were not compiled, or were compiled from
another version of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import searchapp.engines.whoosh.kernels._native as _native
from searchapp.engines.whoosh.kernels import in_numpy
from searchapp.engines.whoosh.packing import F32, I32, I64, U16, U32, U64, WORTH_IT, Keys, Mask
from searchapp.engines.whoosh.skipping import Stretches

VERSION = 10
# So many at most are found one by one among those before.
FEW = 100
if _native.VERSION != VERSION:
    raise ImportError(f"the compiled kernels are version {_native.VERSION}, not {VERSION}: install again")


def pack(values: U32, counts: I64) -> tuple[U16, I64]:
    """See `packing.pack`."""
    sizes = np.empty(len(counts), np.int64)
    units = _native.pack(values, np.asarray(counts, np.int64), sizes, WORTH_IT)
    return np.frombuffer(units, np.uint16), sizes


def unpack_many(units: U16, starts: I64, sizes: I64, counts: I64) -> U32:
    """See `packing.unpack_many`. Raises ValueError for a list that contradicts itself."""
    out = np.empty(int(counts.sum()), np.uint32)
    _native.unpack_many(units, starts, sizes, counts, out)
    return out


def unpack(units: U16, count: int) -> U32:
    """See `in_numpy.unpack`. Raises ValueError for a list that contradicts itself."""
    out = np.empty(count, np.uint32)
    _native.unpack(units, out)
    return out


def unpack_near(units: U16, count: int, near: Stretches) -> U32:
    """See `in_numpy.unpack_near`; here what stands within the stretches and nothing else."""
    out = np.empty(count, np.uint32)
    return out[: _native.unpack_near(units, near.begin, near.end, out)]


def intersect(values: U32, starts: U32, shift: int) -> U32:
    """See `in_numpy.intersect`."""
    out = np.empty_like(starts)
    return out[: _native.intersect(values, starts, out, shift)]


def group(positions: U32, record_of_step: U32) -> tuple[I64, I64, I64]:
    """See `in_numpy.group`."""
    records, begins, counts = np.empty((3, len(positions)), np.int64)
    size = _native.group(positions, record_of_step, records, begins, counts)
    return records[:size], begins[:size], counts[:size]


def count_parts(positions: U32, borders: U32, out: F32) -> None:
    """See `in_numpy.count_parts`."""
    _native.count_parts(positions, borders, *out)


def held_within(positions: U32, begin: U32, end: U32) -> Mask:
    """See `in_numpy.held_within`."""
    held = np.empty(len(begin), np.bool_)
    _native.held_within(positions, begin, end, held)
    return held


def gains(counts: F32, title_norm: F32, text_norm: F32, weights: F32, lead: float, k1: float) -> F32:
    """See `in_numpy.gains`."""
    out = np.empty((len(weights), len(title_norm)), np.float32)
    _native.gains(counts, title_norm, text_norm, weights, out, lead, k1)
    return out


def add_gains(
    positions: U32,
    scored: U32,
    records: I64,
    total: F32,
    lead_chars: int,
    lead: float,
    k1: float,
    weight: float,
) -> None:
    """See `in_numpy.add_gains`."""
    _native.add_gains(positions, scored, records, total, lead_chars, lead, k1, weight)


def first(keys: Keys, days: I32, records: I64, most: int) -> I64:
    """See `in_numpy.first`; the hits are held in a heap, so not for many."""
    if most > FEW:
        return in_numpy.first(keys, days, records, most)
    order = np.empty(min(most, len(keys)), np.int64)
    _native.first(np.asarray(keys, np.float64), days, records, order)
    return order


def count_facets(
    at: I64, ids: U32, records: I64, begins: I64, most: Sequence[int]
) -> tuple[U32, I64, list[int], list[int]]:
    """See `in_numpy.count_facets`; a value is found among those before it, so not for many of a facet."""
    if max(most, default=0) > FEW:
        return in_numpy.count_facets(at, ids, records, begins, most)
    often = np.zeros(begins[-1], np.uint32)
    order = np.empty(min(sum(map(abs, most)), len(often)), np.int64)
    listed, sums = np.empty((2, len(most)), np.int64)
    _native.count_facets(at, ids, records, begins, np.array(most, np.int64), often, order, listed, sums)
    sizes = listed.tolist()
    return often, order[: sum(sizes)], sizes, sums.tolist()


def find_line(lines: bytes, wanted: str) -> tuple[int, bool]:
    """See `in_numpy.find_line`."""
    number = _native.find_line(lines, wanted.encode("utf-8", "surrogatepass"))
    return (number, True) if number >= 0 else (-1 - number, False)


def sort_grams(codes: U32, borders: I64) -> tuple[U64, I64, U32, U32]:
    """See `in_numpy.sort_grams`. Raises ValueError for a code that is no code point."""
    lengths = np.empty(len(borders) - 1, np.uint32)
    keys, counts = np.empty(len(codes), np.uint64), np.empty(len(codes), np.int64)
    positions = np.empty(len(codes), np.uint32)
    size, kept = _native.sort_grams(codes, borders, lengths, keys, counts, positions)
    return keys[:size], counts[:size], positions[:kept], lengths


def count_records(positions: U32, counts: I64, record_of_step: U32) -> U32:
    """See `in_numpy.count_records`. Raises ValueError for a position outside of the segment."""
    records = np.empty(len(counts), np.uint32)
    _native.count_records(positions, counts, record_of_step, records)
    return records


def word_keys(words: list[str], others: dict[str, int]) -> U64:
    """See `in_numpy.word_keys`."""
    keys = np.empty(len(words), np.uint64)
    return keys[: _native.word_keys(words, others, keys)]


def rank_keys(keys: U64) -> tuple[U64, U32]:
    """See `in_numpy.rank_keys`; keys are told apart by hash, so that only the distinct ones are sorted."""
    numbers, distinct = np.empty(len(keys), np.uint32), np.empty(len(keys), np.uint64)
    distinct = distinct[: _native.number_keys(keys, numbers, distinct)]
    order = distinct.argsort()
    rank = np.empty(len(order), np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    return distinct.take(order), rank.take(numbers)


def count_terms(terms: U32, lengths: I64, size: int) -> tuple[I64, U32, U32]:
    """See `in_numpy.count_terms`. Raises ValueError for a term that is not below `size`."""
    df = np.empty(size, np.int64)
    records, tf = np.empty((2, len(terms)), np.uint32)
    entries = _native.count_terms(terms, lengths, df, records, tf)
    return df, records[:entries], tf[:entries]


def unite(parts: Sequence[bytes]) -> tuple[list[str], list[I64]]:
    """See `in_numpy.unite`."""
    counts = np.array([part.count(b"\n") + 1 for part in parts], np.int64)
    sizes = np.array([len(part) + 1 for part in parts], np.int64)
    ranks = np.empty(int(counts.sum()), np.int64)
    lines = _native.unite(b"\n".join(parts), np.cumsum(sizes) - sizes, counts, ranks)
    words = lines.decode("utf-8", "surrogatepass").split("\n") if parts else []
    return words, np.split(ranks, np.cumsum(counts)[:-1])
