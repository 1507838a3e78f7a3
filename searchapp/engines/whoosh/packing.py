"""Sorted integers in 16-bit units: how are documents and positions kept small and still arrays?

A list of n sorted distinct uint32 is stored in the shortest of four forms:

- plain: the n values themselves, two units each;
- split (as in the containers of Roaring bitmaps, Lemire et al. 2016,
  https://arxiv.org/abs/1603.06549, laid out for numpy): [0, b, b block numbers, b block sizes minus
  one, n low halves], where a block is the values of one high half;
- Elias-Fano (Vigna 2013, "Quasi-succinct indices", https://arxiv.org/abs/1206.4300) with 16 or with
  8 low bits: [16 or 8, h, the low parts, the high parts as n + h bits], where h is one more than
  the largest high part and the bit of value i with high part p is bit p + i.

No flag is needed for plain: a list of n values takes 2n units exactly when it is plain. Many lists
are packed and unpacked in one pass of numpy, where `kernels` does not do it in C.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]
Keys = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]

SPLIT, PLAIN, WIDE, NARROW = 0, 1, 16, 8
HEADER = 2
MOST_HIGH = 0xFFFF
# Split lists are read fastest, so another form has to save this share to be taken instead.
WORTH_IT = 0.97


def ranges(starts: I64, sizes: I64) -> I64:
    """Concatenation of `arange(start, start + size)` for each pair."""
    total = int(sizes.sum())
    if total == 0:
        return np.zeros(0, np.int64)
    ends = np.cumsum(sizes)
    shift = np.repeat(starts - (ends - sizes), sizes)
    return shift + np.arange(total, dtype=np.int64)


def run_begins(values: npt.NDArray[Any]) -> I64:
    """Where each stretch of equal neighbours in `values` begins."""
    new = np.empty(len(values), np.bool_)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def run_sizes(begins: I64, end: int) -> I64:
    """How long the stretches are that begin at `begins`, the last one before `end`."""
    sizes = np.empty_like(begins)
    np.subtract(begins[1:], begins[:-1], out=sizes[:-1])
    if len(begins):
        sizes[-1] = end - int(begins[-1])
    return sizes


def pack(values: U32, counts: I64) -> tuple[U16, I64]:
    """Pack consecutive lists.

    `values`: all lists one after the other, each sorted; `counts`: how many values each has.
    Returns the units and the number of units of each list.
    """
    lists = _Lists(values, counts)
    forms, units = lists.shortest()
    out = np.zeros(int(units.sum()), np.uint16)
    at = np.cumsum(units) - units
    lists.write_plain(out, at, forms == PLAIN)
    lists.write_split(out, at, forms == SPLIT)
    for bits in (WIDE, NARROW):
        lists.write_elias_fano(out, at, forms == bits, bits)
    return out, units


class _Lists:
    """Lists that are being packed, with what their forms would take."""

    def __init__(self, values: U32, counts: I64) -> None:
        self.values = values
        self.counts = counts
        self.list_of = np.repeat(np.arange(len(counts)), counts)
        high = values >> np.uint32(16)
        new_block = np.ones(len(values), np.bool_)
        new_block[1:] = (high[1:] != high[:-1]) | (self.list_of[1:] != self.list_of[:-1])
        self.block_start = new_block.nonzero()[0]
        self.block_list = self.list_of[self.block_start]
        self.block_size = np.diff(np.append(self.block_start, len(values)))
        self.blocks = np.bincount(self.block_list, minlength=len(counts))
        self.largest = np.zeros(len(counts), np.int64)
        filled = counts > 0
        self.largest[filled] = values[(np.cumsum(counts) - 1)[filled]]

    def shortest(self) -> tuple[I64, I64]:
        """For each list its form and the units that it takes."""
        forms = np.full(len(self.counts), PLAIN)
        units = 2 * self.counts
        split = HEADER + 2 * self.blocks + self.counts
        better = (split < units) & (self.blocks <= MOST_HIGH)
        forms[better], units[better] = SPLIT, split[better]
        for bits in (WIDE, NARROW):
            size = self._elias_fano_units(bits)
            better = (
                (size < WORTH_IT * units) & ((self.largest >> bits) < MOST_HIGH) & (size != 2 * self.counts)
            )
            forms[better], units[better] = bits, size[better]
        return forms, units

    def _elias_fano_units(self, bits: int) -> I64:
        return HEADER + low_units(self.counts, bits) + high_units(self.counts + (self.largest >> bits) + 1)

    def write_plain(self, out: U16, at: I64, chosen: Mask) -> None:
        values = self.values[chosen[self.list_of]]
        out[ranges(at[chosen], 2 * self.counts[chosen])] = np.ascontiguousarray(values, "<u4").view("<u2")

    def write_split(self, out: U16, at: I64, chosen: Mask) -> None:
        first, blocks = at[chosen] + HEADER, self.blocks[chosen]
        in_chosen = chosen[self.block_list]
        out[at[chosen]] = SPLIT
        out[at[chosen] + 1] = blocks
        out[ranges(first, blocks)] = (self.values >> np.uint32(16))[self.block_start[in_chosen]]
        out[ranges(first + blocks, blocks)] = self.block_size[in_chosen] - 1
        low = (self.values & np.uint32(0xFFFF))[chosen[self.list_of]]
        out[ranges(first + 2 * blocks, self.counts[chosen])] = low

    def write_elias_fano(self, out: U16, at: I64, chosen: Mask, bits: int) -> None:
        if not chosen.any():
            return
        counts, highs = self.counts[chosen], (self.largest[chosen] >> bits) + 1
        values = self.values[chosen[self.list_of]]
        out[at[chosen]] = bits
        out[at[chosen] + 1] = highs
        low_size, high_size = low_units(counts, bits), high_units(counts + highs)
        low_at = at[chosen] + HEADER
        _write_low(out, low_at, values, counts, bits)
        begins = np.cumsum(high_size * 16) - high_size * 16
        flags = np.zeros(int(high_size.sum()) * 16, np.uint8)
        within = ranges(np.zeros(len(counts), np.int64), counts)
        flags[np.repeat(begins, counts) + (values >> np.uint32(bits)) + within] = 1
        packed = np.packbits(flags, bitorder="little").view("<u2")
        out[ranges(low_at + low_size, high_size)] = packed


def _write_low(out: U16, at: I64, values: U32, counts: I64, bits: int) -> None:
    if bits == WIDE:
        out[ranges(at, counts)] = values & np.uint32(0xFFFF)
        return
    octets = out.view(np.uint8)
    octets[ranges(2 * at, counts)] = values & np.uint32(0xFF)


def low_units(counts: I64, bits: int) -> I64:
    """Units of the low parts of so many values."""
    return counts if bits == WIDE else (counts + 1) // 2


def high_units(bits: I64) -> I64:
    """Units of so many bits."""
    return (bits + 15) // 16


def unpack_many(units: U16, starts: I64, sizes: I64, counts: I64) -> U32:
    """Several lists at once -> their values one after the other.

    `starts`, `sizes`: where each list stands in `units` and how many units it takes.
    """
    out = np.empty(int(counts.sum()), np.uint32)
    at = np.cumsum(counts) - counts
    plain = sizes == 2 * counts
    where = ranges(starts[plain], sizes[plain])
    out[ranges(at[plain], counts[plain])] = np.ascontiguousarray(units[where]).view("<u4")
    others = np.flatnonzero(~plain)
    forms = units[starts[others]]
    for form, read in ((SPLIT, _read_split), (WIDE, _read_wide), (NARROW, _read_narrow)):
        chosen = others[forms == form]
        if len(chosen):
            values = read(units, starts[chosen], sizes[chosen], counts[chosen])
            out[ranges(at[chosen], counts[chosen])] = values
    return out


def _read_split(units: U16, starts: I64, sizes: I64, counts: I64) -> U32:
    begin, blocks = starts + HEADER, units[starts + 1].astype(np.int64)
    high = units[ranges(begin, blocks)].astype(np.uint32) << np.uint32(16)
    block_sizes = units[ranges(begin + blocks, blocks)].astype(np.int64) + 1
    return np.repeat(high, block_sizes) | units[ranges(begin + 2 * blocks, counts)]


def _read_wide(units: U16, starts: I64, sizes: I64, counts: I64) -> U32:
    low = units[ranges(starts + HEADER, counts)]
    values: U32 = (_read_high(units, starts, sizes, counts, WIDE) << np.uint32(WIDE)) | low
    return values


def _read_narrow(units: U16, starts: I64, sizes: I64, counts: I64) -> U32:
    low = np.ascontiguousarray(units).view(np.uint8)[ranges(2 * (starts + HEADER), counts)]
    values: U32 = (_read_high(units, starts, sizes, counts, NARROW) << np.uint32(NARROW)) | low
    return values


def _read_high(units: U16, starts: I64, sizes: I64, counts: I64, bits: int) -> U32:
    """The high parts of Elias-Fano lists, list by list."""
    low = low_units(counts, bits)
    high_size = sizes - HEADER - low
    flags = np.unpackbits(units[ranges(starts + HEADER + low, high_size)].view(np.uint8), bitorder="little")
    ones = np.flatnonzero(flags.view(np.bool_))
    begins = np.cumsum(high_size * 16) - high_size * 16
    within = ranges(np.zeros(len(counts), np.int64), counts)
    high: U32 = (ones - np.repeat(begins, counts) - within).astype(np.uint32)
    return high
