"""Sorted integers in 16-bit units: how are documents and positions kept small and still arrays?

A list of n sorted uint32 is stored in one of two forms, whichever is shorter, as in the containers
of Roaring bitmaps (Lemire et al. 2016, https://arxiv.org/abs/1603.06549) but laid out for numpy:

- plain: the n values themselves, two units each;
- split: one unit b = number of blocks, b block numbers (high halves), b block sizes minus one,
  then the n low halves.

The form needs no flag: a list of n values takes 2n units exactly when it is plain (a split list
that would take 2n or more is stored plain). Many lists are packed and unpacked in one numpy pass.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
I64 = npt.NDArray[np.int64]


def ranges(starts: I64, sizes: I64) -> I64:
    """Concatenation of `arange(start, start + size)` for each pair."""
    total = int(sizes.sum())
    if total == 0:
        return np.zeros(0, np.int64)
    ends = np.cumsum(sizes)
    shift = np.repeat(starts - (ends - sizes), sizes)
    return shift + np.arange(total, dtype=np.int64)


def pack(values: U32, counts: I64) -> tuple[U16, I64]:
    """Pack consecutive lists.

    `values`: all lists one after the other, each sorted; `counts`: how many values each has.
    Returns the units and the number of units of each list.
    """
    number = len(counts)
    if len(values) == 0:
        return np.zeros(0, np.uint16), np.zeros(number, np.int64)
    list_of = np.repeat(np.arange(number), counts)
    high = values >> np.uint32(16)
    new_block = np.ones(len(values), np.bool_)
    new_block[1:] = (high[1:] != high[:-1]) | (list_of[1:] != list_of[:-1])
    block_start = np.flatnonzero(new_block)
    block_list = list_of[block_start]
    block_size = np.diff(np.append(block_start, len(values)))
    blocks = np.bincount(block_list, minlength=number)
    split_units = 1 + 2 * blocks + counts
    split = (split_units < 2 * counts) & (counts > 0)
    units = np.where(split, split_units, 2 * counts)
    out = np.empty(int(units.sum()), np.uint16)
    at = np.cumsum(units) - units
    _write_plain(out, values, at, counts, ~split, list_of)
    _write_split(out, values, at, counts, split, list_of, high, block_start, block_list, block_size, blocks)
    return out, units


def _write_plain(
    out: U16, values: U32, at: I64, counts: I64, plain: npt.NDArray[np.bool_], list_of: I64
) -> None:
    chosen = values[plain[list_of]]
    where = ranges(at[plain], 2 * counts[plain])
    out[where] = np.ascontiguousarray(chosen, "<u4").view("<u2")


def _write_split(
    out: U16, values: U32, at: I64, counts: I64, split: npt.NDArray[np.bool_], list_of: I64,
    high: U32, block_start: I64, block_list: I64, block_size: I64, blocks: I64,
) -> None:  # fmt: skip
    out[at[split]] = blocks[split]
    in_split = split[block_list]
    first = at[split] + 1
    out[ranges(first, blocks[split])] = high[block_start[in_split]]
    out[ranges(first + blocks[split], blocks[split])] = block_size[in_split] - 1
    low = (values & np.uint32(0xFFFF))[split[list_of]]
    out[ranges(first + 2 * blocks[split], counts[split])] = low


def unpack(units: U16, count: int) -> U32:
    """One list: its units and how many values it has -> the values, ascending."""
    if len(units) == 2 * count:
        return np.ascontiguousarray(units).view("<u4")
    blocks = int(units[0])
    low = units[1 + 2 * blocks :]
    if blocks == 1:
        return low + (np.uint32(units[1]) << np.uint32(16))
    high = units[1 : 1 + blocks].astype(np.uint32) << np.uint32(16)
    sizes = units[1 + blocks : 1 + 2 * blocks].astype(np.int64) + 1
    return np.repeat(high, sizes) | low


def unpack_many(units: U16, starts: I64, sizes: I64, counts: I64) -> U32:
    """Several lists at once -> their values one after the other.

    `starts`, `sizes`: where each list stands in `units` and how many units it takes.
    """
    out = np.empty(int(counts.sum()), np.uint32)
    at = np.cumsum(counts) - counts
    plain = sizes == 2 * counts
    where = ranges(starts[plain], sizes[plain])
    out[ranges(at[plain], counts[plain])] = np.ascontiguousarray(units[where]).view("<u4")
    split = ~plain
    if split.any():
        begin = starts[split]
        blocks = units[begin].astype(np.int64)
        high = units[ranges(begin + 1, blocks)].astype(np.uint32) << np.uint32(16)
        block_sizes = units[ranges(begin + 1 + blocks, blocks)].astype(np.int64) + 1
        low = units[ranges(begin + 1 + 2 * blocks, counts[split])]
        out[ranges(at[split], counts[split])] = np.repeat(high, block_sizes) | low
    return out
