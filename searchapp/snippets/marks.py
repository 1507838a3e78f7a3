"""Where does what matched stand in the text?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from searchapp.analysis.normalise import SPACE_CHAR, normalise
from searchapp.results import Mark

Hit = tuple[int, int, int]
"""Where one string of `lit` stands: start, end, index of the string."""

_BLANK = re.compile(SPACE_CHAR)
LATIN_END = 0x250  # Basic Latin to Latin Extended-B


def find_hits(text: str, lit: Sequence[str], whole: Collection[str]) -> list[Hit]:
    """Every occurrence of every string of `lit` in `text`, overlapping ones too, sorted by start.

    Parameters as for `in_python.find_marks`.
    """
    if not text or not any(lit):
        return []
    folded = normalise(text)
    squeezed = folded.replace(SPACE_CHAR, "")
    blanks = _blanks_before(folded) if len(squeezed) < len(folded) else []
    hits: list[Hit] = []
    for index, word in enumerate(lit):
        last_of_word, as_word = len(word) - 1, word in whole
        at = squeezed.find(word) if word else -1
        while at >= 0:
            # Where a squeezed character stands in the text: after the blanks before it.
            start, last = at + bisect_right(blanks, at), at + last_of_word
            end = last + bisect_right(blanks, last) + 1
            if not as_word or _stands_alone(text, start, end):
                hits.append((start, end, index))
            at = squeezed.find(word, at + 1)
    hits.sort()
    return hits


def _blanks_before(folded: str) -> list[int]:
    """For each blank of a folded text how many characters that are none stand before it; ascending."""
    return [found.start() - number for number, found in enumerate(_BLANK.finditer(folded))]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` does not break a run of Latin letters or digits at either end."""
    before = start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start])
    after = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return not before and not after


def _is_latin(char: str) -> bool:
    plain = normalise(char)
    return plain.isalnum() and ord(plain) < LATIN_END


def union(ranges: Iterable[tuple[int, ...]]) -> tuple[Mark, ...]:
    """Sorted ranges, with those that overlap or touch made one."""
    marks: list[Mark] = []
    start, end = -1, -1
    for low, high, *_ in ranges:
        if low > end:
            if end > start:
                marks.append((start, end))
            start, end = low, high
        elif high > end:
            end = high
    if end > start:
        marks.append((start, end))
    return tuple(marks)
