"""Texts -> character bigrams with positions, as arrays: what makes every string findable?

The gram that begins at a character is that character and the next; the last character of a field
begins the gram (character, 0). So a run of n >= 2 characters stands where its n-1 grams stand one
after the other, and the places of a single character are those of all grams that begin with it,
which are one contiguous stretch because grams are sorted by first, then second character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import CODE_POINTS, SPACE, fold_codes
from searchapp.engines.whoosh.layout import I64, U32, record_starts

U64 = npt.NDArray[np.uint64]
SECOND_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Grams:
    """Grams of a batch. `keys` distinct and sorted (first << 32 | second), `counts` how often each
    occurs, `positions` of all of them in key order, ascending within each; squeezed lengths."""

    keys: U64
    counts: I64
    positions: U32
    title_chars: U32
    text_chars: U32


def find_grams(titles: Sequence[str], texts: Sequence[str]) -> Grams:
    """All grams of the records' titles and texts (original forms)."""
    fields = [field for pair in zip(titles, texts, strict=True) for field in pair]
    codes = fold_codes("".join(fields))
    keep = codes != SPACE
    borders = np.cumsum([0, *map(len, fields)])
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    lengths = np.diff(kept_before[borders])
    codes = codes[keep]
    title_chars, text_chars = lengths[0::2], lengths[1::2]
    starts, _ = record_starts(title_chars, text_chars)
    field_starts = np.column_stack([starts, starts + title_chars + 1]).reshape(-1)
    first_of_field = np.cumsum(lengths) - lengths
    positions = np.arange(len(codes)) + np.repeat(field_starts - first_of_field, lengths)
    second = np.zeros(len(codes), np.uint32)
    second[:-1] = codes[1:]
    second[(first_of_field + lengths - 1)[lengths > 0]] = 0
    keys, positions = _sorted_by_gram(codes, second, positions.astype(np.uint32))
    new = (
        np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        if len(keys)
        else np.zeros(0, np.int64)
    )
    return Grams(
        keys[new],
        np.diff(np.append(new, len(keys))),
        positions,
        title_chars.astype(np.uint32),
        text_chars.astype(np.uint32),
    )


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
