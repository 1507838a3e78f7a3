"""Texts -> MinHash signatures: is this the same report as that one, word for word or nearly?

MinHash (Broder 1997, "On the resemblance and containment of documents") over runs of SHINGLE_CHARS
characters of the normalised text, letters, digits and Han only, by the `rensa` package (R-MinHash).
Of each of the HASHES minima the low 16 bits are kept (b-bit minwise hashing, Li & König 2010): the
share of equal ones estimates the Jaccard resemblance of two texts, ±0.07 at 0.8. 64 bytes a text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import rensa

from searchapp.analysis.normalise import Codes, alphanumeric, fold_codes

HASHES = 32
SHINGLE_CHARS = 5
# Shorter texts resemble each other by chance.
LEAST_CHARS = 30
SEED = 1
# A prime near 2**64 / golden ratio (Knuth, TAOCP 3, 6.4) and the first multiplier of splitmix64
# (Steele, Lea & Flood 2014): odd, with bits all over.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)


def signatures(texts: Sequence[str]) -> list[bytes]:
    """Of each text HASHES little-endian uint16; all zero for a text too short to compare."""
    codes = fold_codes("".join(texts))
    kept = alphanumeric().take(codes).nonzero()[0]
    borders = kept.searchsorted(np.cumsum([0, *map(len, texts)]))
    chars = np.diff(borders)
    shingles = np.maximum(chars - SHINGLE_CHARS + 1, 0)
    hashed = _shingle_hashes(codes.take(kept))
    # What begins in one text and ends in the next is no shingle.
    within = np.repeat(borders[:-1] - (np.cumsum(shingles) - shingles), shingles)
    flat = hashed.take(within + np.arange(len(within)))
    offsets = np.concatenate([[0], np.cumsum(shingles)]).astype(np.uint64)
    rows = rensa.RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, HASHES, SEED).to_rows()
    digests = np.array(rows, np.uint64).reshape(-1, HASHES).astype("<u2")
    digests[chars < LEAST_CHARS] = 0
    return [digest.tobytes() for digest in digests]


def _shingle_hashes(codes: Codes) -> npt.NDArray[np.uint64]:
    """64 bits of each run of SHINGLE_CHARS characters: a polynomial of them, then mixed."""
    size = max(len(codes) - SHINGLE_CHARS + 1, 0)
    wide = codes.astype(np.uint64)
    hashed = wide[:size].copy()
    for at in range(1, SHINGLE_CHARS):
        hashed *= _STEP
        hashed += wide[at : at + size]
    hashed ^= hashed >> _HALF
    hashed *= _MIX
    hashed ^= hashed >> _HALF
    return hashed
