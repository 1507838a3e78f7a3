"""Which words do several columns share, and which are one column's own?

Texts are compared in squeezed form without quotation marks (“项目为王”的 and 项目为王的 are the same
words); other punctuation is a border that no run crosses. All spans that leave here are offsets
into the original texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import codes_of, han_table, is_han, squeeze_with_offsets

PAIRS = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("《", "》"))
LEAST_HAN = 4
# Of a clause that is one column's own, more than this share of its character pairs is.
OWN_SHARE = 0.5
QUOTES = frozenset("\"'“”‘’「」『』《》〈〉")
# Left off at the ends of a shared run: characters that bind and are no part of a longer word there.
BINDING = frozenset("的了和与及在是也都就而或等之其该此且")
Codes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
# Codes from here on are borders: each stands once, so no run holds one and is found elsewhere.
BORDER = 0x110000


@dataclass(frozen=True, slots=True)
class Run:
    """`text[start:end]` of text number `of`; `words` are the same in the form compared (quotation
    marks that were taken in at the ends are no part of it)."""

    of: int
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Runs by what they are, in the order of texts and offsets. Runs of one kind may overlap."""

    shared: tuple[Run, ...]
    own: tuple[Run, ...]


def compare_wording(texts: Sequence[str], column: Sequence[int]) -> Wording:
    """What the texts of different columns have in common (`column[i]` is the column of text i).

    Shared: every maximal run with LEAST_HAN Han characters, binding characters at its ends left
    off, that stands in a text of another column. Own: every clause of as many that holds no such
    run and more than OWN_SHARE of whose pairs of characters stand in no other column.
    """
    line = _Line.of(texts, column)
    shared = [line.run(start, end) for start, end in line.shared()]
    own = [line.run(start, end, trim=False) for start, end in line.own()]
    return Wording(
        tuple(_with_quotes(run, texts[run.of]) for run in shared if run),
        tuple(_with_quotes(run, texts[run.of]) for run in own if run),
    )


def _with_quotes(run: Run, text: str) -> Run:
    """`run` with the quotation mark before or after it whose partner it holds."""
    start, end = run.start, run.end
    held = text[start:end]
    for opening, closing in PAIRS:
        if held.count(opening) > held.count(closing) and text[end : end + 1] == closing:
            end += 1
        elif held.count(closing) > held.count(opening) and start and text[start - 1] == opening:
            start -= 1
    return Run(run.of, start, end, run.words)


def comparable(text: str) -> str:
    """`text` in the form in which wording is compared, borders as spaces."""
    codes, _ = _comparable(text)
    return "".join(chr(code) if code < BORDER else " " for code in codes.tolist())


def is_long(words: str) -> bool:
    """Whether words in compared form are long enough to be a wording: LEAST_HAN Han characters."""
    return sum(map(is_han, words)) >= LEAST_HAN and " " not in words


def _comparable(text: str) -> tuple[Codes, Codes]:
    """Codes of the compared form of `text`, borders as BORDER, and their offsets in `text`."""
    squeezed, offsets = squeeze_with_offsets(text)
    keep = np.array([char not in QUOTES for char in squeezed], np.bool_)
    word = np.array([char.isalnum() for char in squeezed], np.bool_)
    codes = np.where(word, codes_of(squeezed).astype(np.int64), BORDER)
    return codes[keep], offsets[keep]


@dataclass(frozen=True)
class _Line:
    """All texts one after the other, with a border after each."""

    codes: Codes
    offsets: Codes
    text: Codes
    column: Codes

    @classmethod
    def of(cls, texts: Sequence[str], column: Sequence[int]) -> _Line:
        codes, offsets, text = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for number, said in enumerate(texts):
            own, at = _comparable(said)
            codes += [own, np.array([BORDER])]
            offsets += [at, np.array([len(said)])]
            text.append(np.full(len(own) + 1, number))
        joined = np.concatenate(codes)
        borders = joined == BORDER
        joined[borders] = BORDER + np.arange(int(borders.sum()))
        numbers = np.concatenate(text)
        of_text = np.asarray(column, np.int64)
        columns = of_text[numbers] if len(numbers) else numbers
        return cls(joined, np.concatenate(offsets), numbers, columns)

    def run(self, start: int, end: int, trim: bool = True) -> Run | None:
        """The run of these places, binding characters at its ends left off; None when too short."""
        chars = [chr(code) for code in self.codes[start:end].tolist()]
        first, last = 0, len(chars)
        while trim and first < last and chars[first] in BINDING:
            first += 1
        while trim and first < last and chars[last - 1] in BINDING:
            last -= 1
        han = han_table()[self.codes[start + first : start + last]]
        if int(han.sum()) < LEAST_HAN:
            return None
        of = int(self.text[start])
        begin, stop = int(self.offsets[start + first]), int(self.offsets[start + last - 1]) + 1
        return Run(of, begin, stop, "".join(chars[first:last]))

    def shared(self) -> list[tuple[int, int]]:
        """Maximal runs that stand in another column, by length of the longest from each place."""
        longest = self._longest_shared()
        begins = longest > 0
        begins[1:] &= longest[1:] >= longest[:-1]
        return [(int(at), int(at + longest[at])) for at in np.flatnonzero(begins)]

    def _longest_shared(self) -> Codes:
        """For each place, the length of the longest run from it that another column holds (0 below
        LEAST_HAN). Length grows by one a round; only places that still share go on."""
        longest = np.zeros(len(self.codes), np.int64)
        names = self._names(LEAST_HAN)
        length = LEAST_HAN
        live = np.arange(len(names))
        while len(live):
            live = live[self._in_two_columns(names[live], self.column[live])]
            longest[live] = length
            length += 1
            live = live[live + length <= len(self.codes)]
            names = names.copy()
            names[live] = _renamed(names[live], self.codes[live + length - 1])
        return longest

    def _names(self, length: int) -> Codes:
        """A number for each run of `length` (a power of two) from each place; equal runs have equal
        numbers."""
        names = self.codes
        half = 1
        while half < length and len(names) > half:
            names = _renamed(names[:-half], names[half:])
            half *= 2
        return names if half == length else np.zeros(0, np.int64)

    @staticmethod
    def _in_two_columns(names: Codes, column: Codes) -> Bools:
        """Which of these runs stand in a column other than their own as well."""
        if not len(names):
            return np.zeros(0, np.bool_)
        _, names = np.unique(names, return_inverse=True)
        least = np.full(int(names.max()) + 1, np.iinfo(np.int64).max)
        most = np.full(len(least), -1)
        np.minimum.at(least, names, column)
        np.maximum.at(most, names, column)
        apart: Bools = (least != most)[names]
        return apart

    def own(self) -> list[tuple[int, int]]:
        """Clauses (runs between borders) that hold nothing shared and of whose pairs of characters
        most stand in no other column."""
        if len(self.codes) < 2:
            return []
        names = self._names(2)
        alone = ~self._in_two_columns(names, self.column[: len(names)])
        alone_before = np.concatenate([[0], np.cumsum(alone)])
        shared_before = np.concatenate([[0], np.cumsum(self._longest_shared() > 0)])
        borders = np.flatnonzero(self.codes >= BORDER).tolist()
        own = []
        for start, end in zip([0, *(border + 1 for border in borders)], borders, strict=False):
            pairs = end - start - 1
            lonely = int(alone_before[max(end - 1, start)] - alone_before[start])
            if pairs > 0 and lonely > OWN_SHARE * pairs and shared_before[start] == shared_before[end]:
                own.append((start, end))
        return own


def _renamed(left: Codes, right: Codes) -> Codes:
    """A number for each pair of numbers; equal pairs have equal numbers, smaller than their count."""
    _, names = np.unique(left * (BORDER + len(left) + len(right)) * 2 + right, return_inverse=True)
    numbers: Codes = names.reshape(-1).astype(np.int64)
    return numbers
