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

from searchapp.analysis.normalise import fold_codes
from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.packing import I64, U32, U64


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
    borders = np.cumsum([0, *map(len, fields)])
    keys, counts, positions, lengths = kernels.sort_grams(fold_codes("".join(fields)), borders)
    return Grams(keys, counts, positions, lengths[0::2], lengths[1::2])
