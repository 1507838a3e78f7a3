"""The inner loops in numpy: what they are to give, and how it is done where nothing was compiled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from searchapp.analysis.normalise import CODE_POINTS, SPACE
from searchapp.analysis.words import BLANK
from searchapp.engines.whoosh.layout import STEP_BITS, record_starts
from searchapp.engines.whoosh.packing import (
    F32,
    HEADER,
    I32,
    I64,
    SPLIT,
    U16,
    U32,
    U64,
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
    "add_gains", "count_facets", "count_parts", "count_records", "count_terms", "find_line", "first",
    "gains", "group", "held_within", "intersect", "pack", "rank_keys", "sort_grams", "unite", "unpack",
    "unpack_many", "unpack_near", "word_keys",
]  # fmt: skip

# At hand for the many short lists that one query reads.
NUMBERS = np.arange(1 << 15)
NOTHING = np.zeros(0, np.int64)
# With fewer values, or a larger share of the blocks asked for, the whole list is read sooner: 20
# blocks of 40,000 values take as long as all (20 microseconds), of 400,000 a quarter of it.
LEAST_COUNT = 40_000
MOST_BLOCKS_SHARE = 0.25
# Above this share of a list its intersection is a merge; below, each value is looked up. A merge of
# 80,000 with 100,000 takes 1.1 ms, looking up 1.6; of 5,000 with 100,000 0.20 and 0.12.
MERGE_SHARE = 0.15
# A key of 64 bits holds a word of so many characters, in 16 bits each; of any other word that mark,
# with which no word begins, and its number.
KEY_CHARS = 4
NUMBERED = 0xFFFF
NONE = chr(NUMBERED)
# A batch of news holds some 35,000 distinct words.
MOST_KEYS_HELD = 1 << 16
BLANK_KEY = np.uint64(ord(BLANK) << 48)
SECOND_BITS = np.uint64(32)


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
    scored: U32,
    records: I64,
    total: F32,
    lead_chars: int,
    lead: float,
    k1: float,
    weight: float,
) -> None:
    """Add to `total[i]` what the run that begins at `positions` gains `records[i]` (see `gains`).

    `scored[r]` of each record of a segment: where its title, its text and the gap behind it begin, and
    the bits of its title_norm and text_norm (see `frequencies.scored_table`).
    """
    start, text_start, end, *norms = np.ascontiguousarray(scored[records].T)
    head = np.minimum(text_start.astype(np.int64) + lead_chars, end).astype(np.uint32)
    counts = np.empty((1, 3, len(records)), np.float32)
    count_parts(positions, np.stack([start, text_start, head, end]), counts[0])
    title_norm, text_norm = (norm.view(np.float32) for norm in norms)
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


def count_facets(
    at: I64, ids: U32, records: I64, begins: I64, most: Sequence[int]
) -> tuple[U32, I64, list[int], list[int]]:
    """How many of the sorted `records` hold each id, and of each facet the values to list (their numbers in
    the facet, one facet after the other), how many these are, and the sum of the counts of all values.

    Record r holds `ids[at[r]:at[r + 1]]`, none twice. Facet f has the ids from `begins[f]` on, one of each
    value in order, and behind them one for "none of them" (see `snapshot.FacetTable`). Listed are the values
    that occur, at most `most[f]`: the most frequent first, ties in order; of a negative number the last
    values, last first.
    """
    starts = at[records]
    held = ids[ranges(starts, at[records + 1] - starts)]
    often = np.bincount(held, minlength=int(begins[-1])).astype(np.uint32)
    order, sums = [], []
    for begin, end, size in zip(begins[:-1].tolist(), begins[1:].tolist(), most, strict=True):
        counts = often[begin : end - 1]
        order.append(listed(counts, size))
        sums.append(int(counts.sum()))
    return often, np.concatenate([NOTHING, *order]), list(map(len, order)), sums


def listed(counts: U32, most: int) -> I64:
    """The values of one facet to list, by the counts of all its values; see `count_facets`."""
    numbers = counts.nonzero()[0]
    if most < 0:
        return numbers[: most - 1 : -1]
    return numbers[largest(counts[numbers].astype(np.int64), most)]


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


def sort_grams(codes: U32, borders: I64) -> tuple[U64, I64, U32, U32]:
    """All grams of fields: title and text of each record, whose folded codes begin at the `borders`.

    Returns the distinct keys, sorted (first << 32 | second), how often each occurs, the positions of all
    of them in key order, ascending within each, and the squeezed length of each field (see `grams`,
    `layout`).
    """
    keep = codes != SPACE
    lengths = np.diff(np.concatenate([[0], np.cumsum(keep)])[borders])
    codes = codes[keep]
    starts, _ = record_starts(lengths[0::2], lengths[1::2])
    field_starts = np.column_stack([starts, starts + lengths[0::2] + 1]).reshape(-1)
    first_of_field = np.cumsum(lengths) - lengths
    positions = np.arange(len(codes)) + np.repeat(field_starts - first_of_field, lengths)
    second = np.zeros(len(codes), np.uint32)
    second[:-1] = codes[1:]
    second[(first_of_field + lengths - 1)[lengths > 0]] = 0
    keys, positions = _sorted_by_gram(codes, second, positions.astype(np.uint32))
    new = run_begins(keys)
    return keys[new], run_sizes(new, len(keys)), positions, lengths.astype(np.uint32)


def _sorted_by_gram(first: U32, second: U32, positions: U32) -> tuple[U64, U32]:
    """Gram keys in order, and the positions of each ascending.

    Both characters and the position are sorted as one number of 64 bits, which numpy does with the
    vector instructions of the processor; nothing is left to be gathered.
    """
    present = _present(first, second)
    if len(present) > 0xFFFF:
        order = np.lexsort((second, first))
        return (first[order].astype(np.uint64) << SECOND_BITS) | second[order], positions[order]
    number = np.zeros(int(present[-1]) + 1 if len(present) else 0, np.uint64)
    number[present] = np.arange(len(present))
    packed = (number[first] << np.uint64(48)) | (number[second] << SECOND_BITS) | positions
    packed.sort()
    keys = present[packed >> np.uint64(48)] << SECOND_BITS
    keys |= present[(packed >> SECOND_BITS) & np.uint64(0xFFFF)]
    return keys, packed.astype(np.uint32)


def _present(first: U32, second: U32) -> U64:
    """The characters that stand there, sorted."""
    seen = np.zeros(CODE_POINTS, np.bool_)
    seen[first] = True
    seen[second] = True
    return seen.nonzero()[0].astype(np.uint64)


def count_records(positions: U32, counts: I64, record_of_step: U32) -> U32:
    """In how many records the positions of each list stand: `counts` of them, ascending, one list after
    the other."""
    record = record_of_step.take(positions >> np.uint32(STEP_BITS))
    lists = np.flatnonzero(counts)
    first = np.ones(len(record), np.bool_)
    np.not_equal(record[1:], record[:-1], out=first[1:])
    begins = (np.cumsum(counts) - counts)[lists]
    first[begins] = True
    records = np.zeros(len(counts), np.uint32)
    if len(lists):
        records[lists] = np.add.reduceat(first, begins, dtype=np.uint32)
    return records


def word_keys(words: list[str], others: dict[str, int]) -> U64:
    """Of each word but BLANKs a key, the same of equal words and of no others: its characters where it
    has at most KEY_CHARS of 16 bits, so that keys sort as their words; else NUMBERED and its number in
    `others`, where a new word gets the next."""
    if len(_SHORT_KEYS) > MOST_KEYS_HELD:
        _SHORT_KEYS.clear()
    keys = np.fromiter(map(_SHORT_KEYS.__getitem__, words), np.uint64, len(words))
    for at in (keys == 0).nonzero()[0].tolist():
        keys[at] = NUMBERED << 48 | others.setdefault(words[at], len(others))
    kept: U64 = keys[keys != BLANK_KEY]
    return kept


class _ShortKeys(dict[str, int]):
    """The keys of words that are told by their characters, 0 of any other; made when they are asked for."""

    def __missing__(self, word: str) -> int:
        units = word.encode("utf-16-be", "surrogatepass")
        key = 0
        if len(units) <= 2 * KEY_CHARS and len(units) == 2 * len(word) and not {"\0", NONE} & set(word):
            key = int.from_bytes(units.ljust(2 * KEY_CHARS, b"\0"), "big")
        self[word] = key
        return key


_SHORT_KEYS = _ShortKeys()


def rank_keys(keys: U64) -> tuple[U64, U32]:
    """The distinct keys, sorted, and of each of the `keys` its place among them."""
    distinct, ranks = np.unique(keys, return_inverse=True)
    return distinct, ranks.astype(np.uint32)


def count_terms(terms: U32, lengths: I64, size: int) -> tuple[I64, U32, U32]:
    """The `terms` (below `size`) of record after record, `lengths` of them each, by term: in how many
    records each term stands, the records of term after term, and how often it stands in each."""
    record_of = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    keys, tf = np.unique((terms.astype(np.uint64) << SECOND_BITS) | record_of, return_counts=True)
    df = np.bincount((keys >> SECOND_BITS).astype(np.int64), minlength=size)
    return df, keys.astype(np.uint32), tf.astype(np.uint32)


def unite(parts: Sequence[bytes]) -> tuple[list[str], list[I64]]:
    """All lines of `parts` in order, each once; and for each part the ranks of its lines among them.

    A part is sorted lines (UTF-8) without a line feed after the last; there is one line at least.
    """
    lines = [part.decode("utf-8", "surrogatepass").split("\n") for part in parts]
    union = sorted(set().union(*lines))
    rank = {word: at for at, word in enumerate(union)}
    return union, [np.fromiter(map(rank.__getitem__, part), np.int64, len(part)) for part in lines]
