"""The inner loops in numpy: what they are to give, and how it is done where nothing was compiled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from searchapp.engines.whoosh.layout import STEP_BITS
from searchapp.engines.whoosh.packing import (
    F32,
    HEADER,
    I32,
    I64,
    SPLIT,
    U16,
    U32,
    WIDE,
    Keys,
    Mask,
    pack,
    ranges,
    run_begins,
    run_sizes,
    unpack_many,
)
from searchapp.engines.whoosh.skipping import BLOCK_BITS, Stretches

__all__ = [
    "add_gains", "count_parts", "find_line", "first", "gains", "group", "held_within", "intersect",
    "largest", "pack", "tally", "unite", "unpack", "unpack_many", "unpack_near",
]  # fmt: skip

# At hand for the many short lists that one query reads.
NUMBERS = np.arange(1 << 15)
# With fewer values, or a larger share of the blocks asked for, the whole list is read sooner: 20
# blocks of 40,000 values take as long as all (20 microseconds), of 400,000 a quarter of it.
LEAST_COUNT = 40_000
MOST_BLOCKS_SHARE = 0.25
# Above this share of a list its intersection is a merge; below, each value is looked up. A merge of
# 80,000 with 100,000 takes 1.1 ms, looking up 1.6; of 5,000 with 100,000 0.20 and 0.12.
MERGE_SHARE = 0.15


def unpack(units: U16, count: int) -> U32:
    """One packed list: its units and how many values it has -> the values, ascending."""
    if len(units) == 2 * count:
        return np.ascontiguousarray(units).view("<u4")
    form, size = units[:HEADER].tolist()
    if form == SPLIT:
        low = units[HEADER + 2 * size :]
        if size == 1:
            return low + (np.uint32(units[HEADER]) << np.uint32(16))
        high = units[HEADER : HEADER + size].astype(np.uint32) << np.uint32(16)
        sizes = units[HEADER + size : HEADER + 2 * size].astype(np.int64) + 1
        return np.repeat(high, sizes) | low
    low_end = HEADER + (count if form == WIDE else (count + 1) // 2)
    flags = np.unpackbits(units[low_end:].view(np.uint8), count=count + size, bitorder="little")
    values = flags.view(np.bool_).nonzero()[0]
    values -= NUMBERS[:count] if count <= len(NUMBERS) else np.arange(count)
    values <<= form
    values |= units[HEADER:low_end] if form == WIDE else units[HEADER:low_end].view(np.uint8)[:count]
    return values.astype(np.uint32)


def unpack_near(units: U16, count: int, near: Stretches) -> U32:
    """Values of one packed list, ascending: at least those within the stretches.

    Elias-Fano lists are read whole: selecting the zeros that end a block takes as long as reading
    the 30,000 values that such a list has at most (measured).
    """
    if count < LEAST_COUNT or len(units) == 2 * count or int(units[0]) != SPLIT:
        return unpack(units, count)
    size, blocks = int(units[1]), near.blocks
    if len(blocks) > MOST_BLOCKS_SHARE * size:
        return unpack(units, count)
    names = units[HEADER : HEADER + size]
    at = names.searchsorted(blocks.astype(np.uint16))
    at[at == size] = 0
    at = at[names[at] == blocks]
    sizes = units[HEADER + size : HEADER + 2 * size].astype(np.int64) + 1
    begins = np.cumsum(sizes) - sizes
    low = units[ranges(HEADER + 2 * size + begins[at], sizes[at])]
    high = names[at].astype(np.uint32) << np.uint32(BLOCK_BITS)
    values: U32 = np.repeat(high, sizes[at]) | low
    return values


def intersect(values: U32, starts: U32, shift: int) -> U32:
    """Those of the `starts` that are among the `values` when `shift` is added (both sorted, distinct)."""
    if not len(values):
        return values
    wanted = starts + np.uint32(shift)
    if len(wanted) > MERGE_SHARE * len(values):
        # Numpy's stable sort is a merge of runs that are in order already (Peters 2002, timsort).
        both = np.concatenate([values, wanted])
        both.sort(kind="stable")
        twice: U32 = both[1:][both[1:] == both[:-1]]
        return twice - np.uint32(shift)
    at = values.searchsorted(wanted)
    at[at == len(values)] = 0
    found: U32 = starts[values[at] == wanted]
    return found


def group(positions: U32, record_of_step: U32) -> tuple[I64, I64, I64]:
    """Sorted positions by the record that each stands in: the records, where the positions of each
    begin, and how many they are. `record_of_step`: see `layout`."""
    # `take` needs two thirds of the time of an index in brackets.
    record_of = record_of_step.take(positions >> np.uint32(STEP_BITS))
    begins = run_begins(record_of)
    return record_of.take(begins).astype(np.int64), begins, run_sizes(begins, len(positions))


def count_parts(positions: U32, borders: U32, out: F32) -> None:
    """How many of the sorted positions stand from `borders[part, record]` up to the border of the next
    part -> `out[part, record]`. Parts and records are in order of position."""
    at = positions.searchsorted(borders)
    np.subtract(at[1:], at[:-1], out=out, casting="unsafe")


def held_within(positions: U32, begin: U32, end: U32) -> Mask:
    """Whether one of the sorted positions stands in each of the ascending stretches."""
    held: Mask = positions.searchsorted(begin) < positions.searchsorted(end)
    return held


def gains(counts: F32, title_norm: F32, text_norm: F32, weights: F32, lead: float, k1: float) -> F32:
    """BM25F: what each term gains each record.

    `counts[term, part, record]` for title, lead and rest; an occurrence in the title counts as much as
    `title_norm[record]`, in the rest of the text as `text_norm[record]`, in its lead `lead` times that;
    the sum saturates with `k1` and is weighed by `weights[term]`.
    """
    tf = counts[:, 1] * np.float32(lead)
    tf += counts[:, 2]
    tf *= text_norm
    tf += counts[:, 0] * title_norm
    tf /= tf + np.float32(k1)
    tf *= weights[:, np.newaxis]
    return tf


def add_gains(
    positions: U32,
    places: tuple[U32, U32, U32],
    norms: tuple[F32, F32],
    records: I64,
    total: F32,
    lead_chars: int,
    lead: float,
    k1: float,
    weight: float,
) -> None:
    """Add to `total[i]` what the run that begins at `positions` gains `records[i]` (see `gains`).

    Of each record of a segment: `places` say where its title, its text and the gap behind it begin,
    `norms` are its title_norm and text_norm.
    """
    start, text_start, end = (of.take(records) for of in places)
    head = np.minimum(text_start.astype(np.int64) + lead_chars, end).astype(np.uint32)
    counts = np.empty((1, 3, len(records)), np.float32)
    count_parts(positions, np.stack([start, text_start, head, end]), counts[0])
    title_norm, text_norm = (of.take(records) for of in norms)
    total += gains(counts, title_norm, text_norm, np.array([weight], np.float32), lead, k1)[0]


def first(keys: Keys, days: I32, records: I64, most: int) -> I64:
    """Places of the hits that come first, at most `most`: those with the largest keys, of equal ones the
    newer, then the order of the index. `days`: of every record of the collection; the keys are finite or
    infinite."""
    chosen = np.arange(len(keys))
    if most < len(keys):
        least = np.partition(keys, len(keys) - most)[len(keys) - most] if most else np.inf
        chosen = np.flatnonzero(keys >= least)
    of = records[chosen]
    return chosen[np.lexsort((of, -days[of], -keys[chosen]))][:most]


def tally(at: I64, ids: U32, records: I64, values: int) -> tuple[I64, I64]:
    """Which ids do the sorted `records` hold, ascending, and how many of the records hold each?

    Record r holds `ids[at[r]:at[r + 1]]`, all below `values`, none twice.
    """
    starts = at[records]
    held = ids[ranges(starts, at[records + 1] - starts)]
    held.sort()
    begins = run_begins(held)
    return held[begins].astype(np.int64), run_sizes(begins, len(held))


def largest(counts: I64, size: int) -> I64:
    """Places of the `size` largest counts, largest first, ties by place."""
    if size >= len(counts):
        return np.argsort(-counts, kind="stable")
    if not size:
        return np.zeros(0, np.int64)
    least = np.partition(counts, len(counts) - size)[len(counts) - size]
    places = (counts >= least).nonzero()[0]
    order: I64 = places[np.argsort(-counts[places], kind="stable")][:size]
    return order


def find_line(lines: bytes, wanted: str) -> tuple[int, bool]:
    """The number of the first of the sorted lines (UTF-8) that is not less than `wanted`, as many as there
    are when none is; and whether it is `wanted`. There is one line at least."""
    words = lines.decode("utf-8", "surrogatepass").split("\n")
    at = bisect_left(words, wanted)
    return at, at < len(words) and words[at] == wanted


def unite(parts: Sequence[bytes]) -> tuple[list[str], list[I64]]:
    """All lines of `parts` in order, each once; and for each part the ranks of its lines among them.

    A part is sorted lines (UTF-8) without a line feed after the last; there is one line at least.
    """
    lines = [part.decode("utf-8", "surrogatepass").split("\n") for part in parts]
    union = sorted(set().union(*lines))
    rank = {word: at for at, word in enumerate(union)}
    return union, [np.fromiter(map(rank.__getitem__, part), np.int64, len(part)) for part in lines]
