"""Text -> normal form, code point for code point: which characters count as the same?

Law 2: `len(normalise(text)) == len(text)`, so every offset into one is an offset into the other.
A character is folded by, in this order and only where the result is one code point:

1. NFKC (Unicode Standard Annex 15): full-width forms, compatibility ideographs;
2. lower case;
3. traditional to simplified, one character to one, from OpenCC's `t2s` character table
   (https://github.com/BYVoid/OpenCC, read through the `opencc` package at start-up);
4. punctuation that a Chinese keyboard gives, to its plain form (the table below);
5. every white space and invisible character to one space.

The folding is a table of one entry a code point, applied with numpy: 600 characters take about
4 µs, a thirtieth of `str.translate`.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import opencc

Codes = npt.NDArray[np.uint32]

CODE_POINTS = 0x110000
# From the fourth plane on no code point is a letter or a digit (Unicode 16).
ASSIGNED_BELOW = 0x40000
SPACE = 0x20
SPACE_CHAR = chr(SPACE)
SHORT_CHARS = 64
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffc\ufe0e\ufe0f\u202a\u202c"
PUNCTUATION = {
    **dict.fromkeys("“”„‟「」『』＂〝〞", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("。｡．", "."),
    **dict.fromkeys("、､，", ","),
    **dict.fromkeys("—―–－‐‑‒−─", "-"),
    **dict.fromkeys("～〜∼", "~"),
    **dict.fromkeys("•‧・･∙⋅●", "·"),
    **dict.fromkeys("【〔〖［", "["),
    **dict.fromkeys("】〕〗］", "]"),
    **dict.fromkeys("《〈«", "<"),
    **dict.fromkeys("》〉»", ">"),
}
# Ranges of Han in Unicode 16: unified ideographs, extensions A-I, compatibility, 〇 and 々.
HAN_RANGES = (
    (0x3005, 0x3005), (0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF), (0x2A700, 0x2EE5D), (0x2F800, 0x2FA1F), (0x30000, 0x323AF),
)  # fmt: skip

# Where NFKC or lower case change anything outside the unified ideographs.
FOLDED_BELOW = 0x3400
FOLDED_ABOVE_CJK = (
    (0xA640, 0xABFF), (0xF900, 0xFFFF), (0x10400, 0x104FF), (0x1D400, 0x1D7FF), (0x2F800, 0x2FA1F),
)  # fmt: skip


def codes_of(text: str) -> Codes:
    """Code points of `text` as an array, one entry a character (lone surrogates kept)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes) -> str:
    """The inverse of `codes_of`."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def _traditional_to_simplified(table: Codes) -> None:
    han = np.concatenate([np.arange(low, high + 1, dtype=np.uint32) for low, high in HAN_RANGES])
    # One line a character, so that OpenCC's phrase table sees single characters only.
    lines = np.full(2 * len(han), ord("\n"), np.uint32)
    lines[::2] = han
    simplified = codes_of(opencc.OpenCC("t2s").convert(text_of(lines)))
    ends = np.flatnonzero(simplified == ord("\n"))
    single = np.diff(ends, prepend=-1) == 2
    table[han[single]] = simplified[ends[single] - 1]


def _fold(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char)
    char = wide if len(wide) == 1 else char
    low = char.lower()
    char = low if len(low) == 1 else char
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return " "
    return char


@functools.cache
def fold_table() -> Codes:
    """The folding as an array: `table[code point] -> code point`. Built once a process."""
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    simplified = table.copy()
    _traditional_to_simplified(simplified)
    for code in range(FOLDED_BELOW):
        table[code] = ord(_fold(chr(code)))
    for low, high in FOLDED_ABOVE_CJK:
        for code in range(low, high + 1):
            table[code] = ord(_fold(chr(code)))
    for char, plain in PUNCTUATION.items():
        table[ord(char)] = ord(plain)
    for char in INVISIBLE:
        table[ord(char)] = SPACE
    table = simplified[table]
    # A second pass so that folding is idempotent whatever the tables map onto.
    table = table[table]
    table.flags.writeable = False
    return table


def fold_codes(text: str) -> Codes:
    """Normalised code points of `text`, same length."""
    return fold_table().take(codes_of(text))  # in half the time of an index


def normalise(text: str) -> str:
    """`text` in normal form; same length, idempotent."""
    # One query asks for the same few words many times.
    return _normalised(text) if len(text) <= SHORT_CHARS else text_of(fold_codes(text))


@functools.lru_cache(maxsize=4096)
def _normalised(text: str) -> str:
    return text_of(fold_codes(text))


def squeeze(text: str) -> str:
    """Normalised `text` without white space: the form in which exact runs are compared.

    A reader does not see the line breaks and spaces that stand between two characters of a
    Chinese sentence or name (赵　明), so an exact run runs across them.
    """
    return normalise(text).replace(SPACE_CHAR, "")


def squeeze_all(texts: Sequence[str]) -> list[str]:
    """`squeeze` of many texts in one pass."""
    codes = fold_codes("".join(texts))
    kept = codes != SPACE
    borders = np.concatenate([[0], np.cumsum(kept)])[np.cumsum([0, *map(len, texts)])].tolist()
    whole = text_of(codes[kept])
    return [whole[start:end] for start, end in itertools.pairwise(borders)]


def squeeze_with_offsets(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """`squeeze(text)` and, for each of its characters, its offset in `text`."""
    codes = fold_codes(text)
    offsets = np.flatnonzero(codes != SPACE)
    return text_of(codes[offsets]), offsets


@functools.cache
def alphanumeric() -> npt.NDArray[np.bool_]:
    """`table[code point]` is True for letters, digits and Han."""
    table = np.zeros(CODE_POINTS, np.bool_)
    table[:ASSIGNED_BELOW] = np.strings.isalnum(np.arange(ASSIGNED_BELOW, dtype="<u4").view("<U1"))
    table.flags.writeable = False
    return table


@functools.cache
def han_table() -> npt.NDArray[np.bool_]:
    """`table[code point]` is True for Han characters of every block."""
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    for low, high in HAN_RANGES:
        table[low : high + 1] = True
    table.flags.writeable = False
    return table


def is_han(char: str) -> bool:
    """Whether `char` (one character) is Han."""
    return bool(han_table()[ord(char)])


@functools.cache
def fold_fingerprint() -> str:
    """Short hash of the folding: an index built by another folding is stale."""
    return hashlib.sha256(fold_table().tobytes()).hexdigest()[:16]
