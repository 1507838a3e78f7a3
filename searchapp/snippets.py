"""(text, what matched) -> which part to show, with marks.

Everything is measured in code points of the ORIGINAL text. What matched are exact runs: strings
in the form of `analysis.normalise.squeeze`, found in the squeezed text, so that a match may span
the white space and the full-width or traditional forms that the original holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from searchapp.analysis.normalise import normalise, squeeze_with_offsets
from searchapp.results import Mark, Snippet

_SENTENCE_END = re.compile(r"""(?:[。！？；!?;｡]+|\.(?=\s))[”’」』）)】》〉"']*|\n+""")
_CLAUSE_END = re.compile(r"""[，、,：:—…]+[”’」』）)】》〉"']*|\s+""")
_SPEAKER = re.compile(
    r"(?:说道?|表示|指出|强调|要求|认为|提出|介绍|坦言|透露|称|告诉[^，。：“\n]{1,12}|说，?道)[，,：:]\s*|"
    r"(?:说|表示|指出|强调|要求)[“「]"
)
_DATELINE = re.compile(
    r"\s*(?:[^\s，。！？；：:“”]{2,24}?(?:消息|[讯电])\s*(?:[（(][^（()）\n]{1,20}[）)])?\s*[：:]|"
    r"[^\s，。！？；：:“”]{2,24}?\d{1,2}日[讯电]\s*(?:[（(][^（()）\n]{1,30}[）)])?)\s*(?:本台消息[，,]\s*)?"
)
# Weights of a passage, in matched characters: a string that an earlier passage shows already counts
# for less, a repetition for little, the speaker's name for a short word.
_SHOWN_WORTH = 0.3
_REPEAT_WORTH = 0.1
_REPEATS_AT_MOST = 5
_SPEAKER_WORTH = 1.5
_NEW_PARAGRAPH_COST = 0.5
# A second passage with nothing new is shown when it is nearly as good as the first.
_SECOND_AT_LEAST = 0.6
# How often the speaker is looked for in one text; bounds the time for texts full of matches.
_SPEAKER_LOOKS = 40

Hit = tuple[int, int, int]
"""Where one lit stands: start, end, index of the lit."""


def find_marks(text: str, lit: Sequence[str], *, whole: Collection[str] = ()) -> tuple[Mark, ...]:
    """Where any of `lit` stands in `text`: sorted, disjoint, half-open code-point ranges of `text`.

    `lit` are squeezed strings. Ranges that overlap or touch are one mark, so that no match is
    marked by half. Those of `lit` that are also in `whole` are words: made of Latin letters or
    digits they are marked only where no further letter or digit adjoins them (`gdp`, not `gdpr`).
    """
    return _union(_hits(text, lit, whole))


def best_snippets(
    text: str, lit: Sequence[str], *, most: int = 2, chars: int = 110, whole: Collection[str] = ()
) -> tuple[Snippet, ...]:
    """The passages of `text`, at most `most` and best first, that show best what matched.

    A passage is made of whole sentences of one neighbourhood, at most `chars` code points long; a
    longer sentence is cut between clauses, and nothing is cut within a mark unless the mark alone
    is longer than `chars`. Passages that hold more, and longer, DIFFERENT strings of `lit` come
    first, then those that name the speaker. With nothing to mark, it is the beginning of the text
    after its dateline. No ellipsis is added: `text[s.start : s.start + len(s.text)] == s.text`.
    """
    if most < 1 or not text.strip():
        return ()
    hits = _hits(text, lit, whole)
    if not hits:
        return (_beginning(text, chars),)
    marks = _union(hits)
    chooser = _Chooser(_units(text, marks, chars), hits, lit, chars)
    while len(chooser.taken) < most and chooser.take():
        pass
    return tuple(_snippet(text, first, last, marks, chars) for first, last in chooser.passages())


# ---- where the lits stand -------------------------------------------------------------------


def _hits(text: str, lit: Sequence[str], whole: Collection[str]) -> list[Hit]:
    """Every occurrence of every lit, overlapping ones too, sorted by start."""
    if not text or not any(lit):
        return []
    squeezed, offsets = squeeze_with_offsets(text)
    hits: list[Hit] = []
    for index, word in enumerate(lit):
        found = list(_occurrences(squeezed, word))
        if not found:
            continue
        starts = offsets[found].tolist()
        lasts = offsets[[at + len(word) - 1 for at in found]].tolist()
        as_word = word in whole
        hits += [
            (start, last + 1, index)
            for start, last in zip(starts, lasts, strict=True)
            if not as_word or _stands_alone(text, start, last + 1)
        ]
    hits.sort()
    return hits


def _occurrences(squeezed: str, word: str) -> Iterator[int]:
    at = squeezed.find(word) if word else -1
    while at >= 0:
        yield at
        at = squeezed.find(word, at + 1)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` does not break a run of Latin letters or digits at either end."""
    before = start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start])
    after = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return not before and not after


def _is_latin(char: str) -> bool:
    plain = normalise(char)
    return plain.isalnum() and ord(plain) < 0x250  # Basic Latin to Latin Extended-B


def _union(ranges: Iterable[tuple[int, ...]]) -> tuple[Mark, ...]:
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


# ---- the pieces that a passage is made of ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Units:
    """A text cut into sentences, and sentences that are too long into clauses.

    Unit `n` is `text[starts[n]:ends[n]]`; units with the same `sentences[n]` are parts of one
    sentence, with the same `paragraphs[n]` of one paragraph.
    """

    text: str
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    paragraphs: list[int]

    def length(self, first: int, last: int) -> int:
        return self.ends[last] - self.starts[first]


def _units(text: str, marks: Sequence[Mark], chars: int) -> _Units:
    """The units of `text`. No unit begins or ends within a mark."""
    units = _Units(text, [], [], [], [])
    start, paragraph = 0, 0
    borders = _outside(marks, (match.end() for match in _SENTENCE_END.finditer(text)))
    for sentence, end in enumerate([*borders, len(text)]):
        pieces = [end] if end - start <= chars else [*_clause_borders(text, start, end, marks, chars), end]
        for border in pieces:
            begin, finish = _trim(text, start, border)
            if begin < finish:
                units.starts.append(begin)
                units.ends.append(finish)
                units.sentences.append(sentence)
                units.paragraphs.append(paragraph)
            start = border
        paragraph += text[end - 1 : end] == "\n"
    return units


def _trim(text: str, start: int, end: int) -> Mark:
    piece = text[start:end]
    bare = piece.strip()
    if len(bare) == len(piece):
        return start, end
    start += len(piece) - len(piece.lstrip())
    return start, start + len(bare)


def _outside(marks: Sequence[Mark], borders: Iterable[int]) -> Iterator[int]:
    """Those of `borders` (ascending) that do not fall within a mark."""
    following = iter(marks)
    start, end = next(following, (-1, -1))
    for border in borders:
        while end <= border and start >= 0:
            start, end = next(following, (-1, -1))
        if start < 0 or border <= start:
            yield border


def _clause_borders(text: str, start: int, end: int, marks: Sequence[Mark], chars: int) -> list[int]:
    """Borders at which a sentence longer than `chars` may be cut, ascending.

    After each comma; a clause that is itself too long is cut into quarters of a passage, and at
    the edges of a mark that covers the place of the cut.
    """
    commas = (match.end() for match in _CLAUSE_END.finditer(text, start, end))
    borders: list[int] = []
    for border in [*_outside(marks, commas), end]:
        begin = borders[-1] if borders else start
        if border - begin > chars:
            borders += _forced_cuts(marks, begin, border, max(chars // 4, 1))
        borders.append(border)
    return sorted(set(borders) - {end})


def _forced_cuts(marks: Sequence[Mark], begin: int, end: int, step: int) -> list[int]:
    cuts: set[int] = set()
    for place in range(begin + step, end, step):
        at = bisect_right(marks, place, key=lambda mark: mark[0]) - 1
        if at >= 0 and place < marks[at][1]:
            cuts |= {edge for edge in marks[at] if begin < edge < end}
        else:
            cuts.add(place)
    return sorted(cuts)


# ---- choosing passages ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Window:
    """A run of units that holds matches. `held` is the set of lits in it, one bit each."""

    first: int
    last: int
    held: int
    worth: float


class _Chooser:
    """Picks the passages of one text, best first; `taken` are their first and last units."""

    def __init__(self, units: _Units, hits: Sequence[Hit], lit: Sequence[str], chars: int) -> None:
        self.units = units
        self.chars = chars
        self.taken: list[tuple[int, int]] = []
        self._lengths = [len(word) for word in lit]
        self._shown = 0
        self._held: dict[int, int] = {}
        self._count: dict[int, int] = {}
        for start, _, index in hits:
            unit = bisect_right(units.starts, start) - 1
            self._held[unit] = self._held.get(unit, 0) | 1 << index
            self._count[unit] = self._count.get(unit, 0) + 1

    def take(self) -> bool:
        """Put the next passage into `taken`; False when none is worth showing."""
        window = self._best_window()
        if window is None or not self._is_worth_showing(window):
            return False
        self.taken.append(self._grow(window.first, window.last))
        self._shown |= window.held
        return True

    def passages(self) -> Iterator[Mark]:
        """The passages taken, as ranges of the text."""
        for first, last in self.taken:
            yield self.units.starts[first], self.units.ends[last]

    def _is_worth_showing(self, window: _Window) -> bool:
        if not self._shown or window.held & ~self._shown:
            return True
        return self._length_of(window.held) >= _SECOND_AT_LEAST * self._length_of(self._shown)

    def _length_of(self, held: int) -> int:
        return sum(length for index, length in enumerate(self._lengths) if held >> index & 1)

    def _best_window(self) -> _Window | None:
        best: _Window | None = None
        looks = _SPEAKER_LOOKS
        for window in self._windows():
            floor = best.worth if best else 0.0
            worth = window.worth
            if worth + _SPEAKER_WORTH > floor and looks:
                looks -= 1
                if self._speaker_from(window.first, window.last) is not None:
                    worth += _SPEAKER_WORTH
            if worth > floor:
                best = _Window(window.first, window.last, window.held, worth)
        return best

    def _windows(self) -> Iterator[_Window]:
        """From each unit that holds matches, the best run of units that still fits."""
        units = self.units
        worths: dict[int, float] = {}
        for first in self._held:
            if self._is_taken(first):
                continue
            held, count, best = 0, 0, _Window(first, first, 0, 0.0)
            last = first
            while last == first or self._fits(first, last):
                more = self._held.get(last, 0)
                if more:
                    held |= more
                    count += self._count[last]
                    if held not in worths:
                        new = self._length_of(held & ~self._shown)
                        worths[held] = new + _SHOWN_WORTH * self._length_of(held & self._shown)
                    worth = worths[held] + _REPEAT_WORTH * min(count, _REPEATS_AT_MOST)
                    worth -= _NEW_PARAGRAPH_COST * (units.paragraphs[last] != units.paragraphs[first])
                    if worth > best.worth or not best.held:
                        best = _Window(first, last, held, worth)
                last += 1
            yield best

    def _fits(self, first: int, last: int) -> bool:
        """Whether units `first`..`last` exist, are free and make a passage that is short enough."""
        if first < 0 or last >= len(self.units.starts):
            return False
        if self.units.ends[last] - self.units.starts[first] > self.chars:
            return False
        return not any(begin <= last and first <= end for begin, end in self.taken)

    def _is_taken(self, unit: int) -> bool:
        return any(begin <= unit <= end for begin, end in self.taken)

    def _speaker_from(self, first: int, last: int) -> int | None:
        """The unit from which a passage up to `last` would name the speaker of its paragraph."""
        units = self.units
        reach = bisect_left(units.starts, units.ends[last] - self.chars)
        reach = max(min(reach, first), bisect_left(units.paragraphs, units.paragraphs[first]))
        speakers = list(_SPEAKER.finditer(units.text, units.starts[reach], units.ends[last]))
        if not speakers:
            return None
        unit = min(first, bisect_right(units.starts, speakers[-1].start()) - 1)
        unit = max(reach, bisect_left(units.sentences, units.sentences[unit]))
        return unit if unit == first or self._fits(unit, last) else None

    def _grow(self, first: int, last: int) -> tuple[int, int]:
        """The run with what makes it read well: the speaker, whole sentences, then neighbours."""
        speaker = self._speaker_from(first, last)
        if speaker is not None:
            first = speaker
        first, last = self._grow_within(self.units.sentences, first, last)
        return self._grow_by_sentences(first, last)

    def _grow_within(self, groups: Sequence[int], first: int, last: int) -> tuple[int, int]:
        """Unit by unit, backwards and forwards in turn, as long as the group stays the same."""
        grown = True
        while grown:
            grown = False
            if first > 0 and groups[first - 1] == groups[first] and self._fits(first - 1, last):
                first, grown = first - 1, True
            if last + 1 < len(groups) and groups[last + 1] == groups[last] and self._fits(first, last + 1):
                last, grown = last + 1, True
        return first, last

    def _grow_by_sentences(self, first: int, last: int) -> tuple[int, int]:
        """Whole sentences of the same paragraph, those that follow first."""
        units = self.units
        paragraph_end = bisect_right(units.paragraphs, units.paragraphs[last])
        while last + 1 < paragraph_end:
            end = bisect_right(units.sentences, units.sentences[last + 1]) - 1
            if not self._fits(first, end):
                break
            last = end
        paragraph_start = bisect_left(units.paragraphs, units.paragraphs[first])
        while first > paragraph_start:
            start = bisect_left(units.sentences, units.sentences[first - 1])
            if not self._fits(start, last):
                break
            first = start
        return first, last


# ---- cutting passages out -------------------------------------------------------------------


def _snippet(text: str, start: int, end: int, marks: Sequence[Mark], chars: int) -> Snippet:
    """`text[start:end]` with its marks; more than `chars` only where one mark is longer."""
    if end - start > chars:
        start = max(start, marks[bisect_right(marks, start, key=lambda mark: mark[1])][0])
        end = min(end, start + chars)
    low = bisect_right(marks, start, key=lambda mark: mark[1])
    high = bisect_left(marks, end, key=lambda mark: mark[0])
    inside = tuple((max(low_, start) - start, min(high_, end) - start) for low_, high_ in marks[low:high])
    return Snippet(text[start:end], inside, start)


def _beginning(text: str, chars: int) -> Snippet:
    """The first sentences after the dateline (央视网消息（新闻联播）：)."""
    dateline = _DATELINE.match(text)
    start = dateline.end() if dateline and text[dateline.end() :].strip() else 0
    start += len(text[start:]) - len(text[start:].lstrip())
    head = text[start : start + chars + 1]
    if len(head) <= chars:
        return Snippet(head.rstrip(), (), start)
    for border in (_SENTENCE_END, _CLAUSE_END):
        ends = [match.end() for match in border.finditer(head) if match.end() <= chars]
        # A first sentence of a few characters says less than a longer one cut at a comma.
        if ends and ends[-1] >= chars // 3:
            return Snippet(head[: ends[-1]].rstrip(), (), start)
    return Snippet(head[:chars].rstrip(), (), start)
