"""Which run of sentences shows best what matched?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from searchapp.results import Mark
from searchapp.snippets.marks import Hit
from searchapp.snippets.units import Units

# X说， X表示： X指出“: looked for from the punctuation backwards, which is rarer than the verbs.
_SPEAKER = re.compile(
    "[，,：:“「](?:(?<=[说称道][，,：:“「])"
    "|(?<=(?:表示|指出|强调|要求|认为|提出|介绍|坦言|透露)[，,：:“「])|(?<=告诉记者[，,：:“「]))"
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


class _Window(NamedTuple):
    """A run of units that begins and ends with hits: how many, and the strings as a bit set."""

    first: int
    last: int
    held: int
    hits: int


class PassageChooser:
    """Picks the passages of one text, best first.

    `hits` stand in the text of `units`, `lit` are the strings that they are hits of, and a passage
    is at most `chars` code points long, unless a single unit is longer.
    """

    def __init__(self, units: Units, hits: Sequence[Hit], lit: Sequence[str], chars: int) -> None:
        self._units = units
        self._chars = chars
        self._lengths = [len(word) for word in lit]
        self._taken: list[tuple[int, int]] = []
        self._shown = 0
        self._windows = list(self._find_windows(hits))
        said = (match for start, stop in units.ranges for match in _SPEAKER.finditer(units.text, start, stop))
        self._speakers = [bisect_right(units.starts, match.start()) - 1 for match in said]

    def passages(self, most: int) -> Iterator[Mark]:
        """At most `most` passages that are worth showing, as ranges of the text."""
        while len(self._taken) < most:
            window = self._best_window()
            if window is None or not self._is_worth_showing(window):
                return
            first, last = self._grow(window.first, window.last)
            self._taken.append((first, last))
            self._shown |= window.held
            yield self._units.starts[first], self._units.ends[last]

    def _find_windows(self, hits: Sequence[Hit]) -> Iterator[_Window]:
        """From each unit with hits, the shortest run for each larger set of strings, stretched to
        further hits in its paragraph."""
        units = self._units
        held_by: dict[int, int] = {}
        count_by: dict[int, int] = {}
        for start, _, index in hits:
            unit = bisect_right(units.starts, start) - 1
            held_by[unit] = held_by.get(unit, 0) | 1 << index
            count_by[unit] = count_by.get(unit, 0) + 1
        where = list(held_by)
        for at, first in enumerate(where):
            limit = units.starts[first] + self._chars
            held, count, last = held_by[first], count_by[first], first
            # A unit has at least one character, so no more of them can follow.
            for unit in where[at + 1 : at + 1 + self._chars]:
                if units.ends[unit] > limit:
                    break
                more = held | held_by[unit]
                if more != held:
                    yield _Window(first, last, held, count)
                elif units.paragraphs[unit] != units.paragraphs[last]:
                    continue
                held, count, last = more, count + count_by[unit], unit
            yield _Window(first, last, held, count)

    def _best_window(self) -> _Window | None:
        best, best_worth = None, 0.0
        worths: dict[int, float] = {}
        paragraphs = self._units.paragraphs
        for window in self._windows:
            first, last, held, count = window
            worth = worths.get(held)
            if worth is None:
                worth = worths[held] = self._worth_of(held)
            worth += _REPEAT_WORTH * (count if count < _REPEATS_AT_MOST else _REPEATS_AT_MOST)
            if first != last and paragraphs[first] != paragraphs[last]:
                worth -= _NEW_PARAGRAPH_COST
            if worth + _SPEAKER_WORTH <= best_worth or self._is_taken(first, last):
                continue
            if self._speaker_from(first, last) is not None:
                worth += _SPEAKER_WORTH
            if worth > best_worth:
                best, best_worth = window, worth
        return best

    def _worth_of(self, held: int) -> float:
        return self._length_of(held & ~self._shown) + _SHOWN_WORTH * self._length_of(held & self._shown)

    def _length_of(self, held: int) -> int:
        length = 0
        while held:
            lowest = held & -held
            length += self._lengths[lowest.bit_length() - 1]
            held ^= lowest
        return length

    def _is_worth_showing(self, window: _Window) -> bool:
        if not self._shown or window.held & ~self._shown:
            return True
        return self._length_of(window.held) >= _SECOND_AT_LEAST * self._length_of(self._shown)

    def _is_taken(self, first: int, last: int) -> bool:
        if not self._taken:  # asked for at every step, and the first passage has nothing to avoid
            return False
        return any(begin <= last and first <= end for begin, end in self._taken)

    def _fits(self, first: int, last: int) -> bool:
        """Whether the run from unit `first` to `last` is short enough and free."""
        length = self._units.ends[last] - self._units.starts[first]
        return length <= self._chars and not self._is_taken(first, last)

    def _speaker_from(self, first: int, last: int) -> int | None:
        """The unit from which a passage up to `last` names the speaker; None when none can."""
        at = bisect_right(self._speakers, last) - 1
        if at < 0:
            return None
        speaker = self._speakers[at]
        if speaker >= first:
            return first
        if self._units.paragraphs[speaker] != self._units.paragraphs[first]:
            return None
        start = bisect_left(self._units.sentences, self._units.sentences[speaker])
        return start if self._fits(start, last) else None

    def _grow(self, first: int, last: int) -> tuple[int, int]:
        """The run with what makes it read well: the speaker, whole sentences, then neighbours."""
        speaker = self._speaker_from(first, last)
        if speaker is not None:
            first = speaker
        first, last = self._grow_to_sentences(first, last)
        return self._grow_by_sentences(first, last)

    def _grow_to_sentences(self, first: int, last: int) -> tuple[int, int]:
        """Clause by clause to the ends of the sentences, backwards and forwards in turn."""
        sentences = self._units.sentences
        grown = True
        while grown:
            grown = False
            if first > 0 and sentences[first - 1] == sentences[first] and self._fits(first - 1, last):
                first, grown = first - 1, True
            after = last + 1
            if after < len(sentences) and sentences[after] == sentences[last] and self._fits(first, after):
                last, grown = after, True
        return first, last

    def _grow_by_sentences(self, first: int, last: int) -> tuple[int, int]:
        """Whole sentences of the same paragraph, those that follow first."""
        units = self._units
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
