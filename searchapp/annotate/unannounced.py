"""Who says a quotation that no verb of speech introduces? Finds cues of three forms.

县长　甲：我们的…… (titled, as a transcript has it); “水到了田头。”县长甲走到渠边 (named behind it);
甲蹲在渠边，“水到了田头。” (doing something before it). Offsets are code points into the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searchapp.annotate.cue import Cue
from searchapp.annotate.names import HAN
from searchapp.annotate.people import NamedAt
from searchapp.annotate.quotations import Quotations
from searchapp.annotate.speakers import SUBJECT_CHARS, Speakers, begin_of

# Such a quotation has at least so many characters, and its speaker stands so near.
SHORTEST_UNANNOUNCED_CHARS = 12
LATER_CHARS = 24
BEHIND_CHARS = 70
LONGEST_ACTION_CHARS = 45
_QUOTED_BEFORE = re.compile(
    f"[。！？!?…]([”」』])(?:[^，。！？”]{{1,12}}，)?(?:(?:在|位于)[^，。！？”]{{2,30}}，)?(?:(?![的了着对向和与在到被把给说是])[{HAN}]){{0,14}}$"
)
# “……”这是县长甲的讲话
_THIS_IS = re.compile(rf"[”」』](?=\s*这(?:正|就|也)?是[{HAN}]{{0,6}}$)")
_HIS_WORDS = re.compile("[^。！？]{0,60}(?:讲话|论断|论述|话|嘱托|要求|期望|指示|承诺|心声|感言)")
NEXT_BLOCK_CHARS = 30
# 甲（县水利局局长）：……
_COLON = re.compile("(?:[（(][^（）()\n]{2,30}[）)])?[：:]")
_SENTENCE_STOP = re.compile("[。！？!?]")
_SENTENCE_ENDS = "。！？!?…"
# A quotation behind one of these has its speaker, or is written somewhere.
_INTRODUCED = tuple("：:，,、着为是写印说道的”")
_HEADLINE = re.compile("原标题：[^。！？]*$")
# What stands on a wall or a sheet is not said.
WRITTEN = re.compile("写着|印着|挂着|题写|题词|标语|横幅|口号|牌匾|字样|主题|题为|歌|诗|唱|书写|念到|展示")
# 甲蹲在渠边，“……”乙说: the quotation is of whom the next clause begins with.
_SAID_BEHIND = re.compile("[^。！？]{0,40}(?:说|道|表示|介绍|称|告诉)")


class Unannounced:
    """Finds the cues without a verb of speech in one text."""

    def __init__(self, text: str, speakers: Speakers, quotations: Quotations) -> None:
        self._text = text
        self._speakers = speakers
        self._quotations = quotations

    def titled(self, start: int, end: int) -> list[Cue]:
        """省商务厅厅长 甲：我们的……"""
        cues = []
        for one in self._speakers.between(start, end):
            colon = _COLON.match(self._text, one.end)
            if colon is None:
                continue
            said = colon.end()
            headline = _HEADLINE.search(self._text, start, one.start)
            if not headline and _SENTENCE_STOP.search(self._text, said, end):
                cues.append(Cue(begin_of(one), one.end, said, "", one.ids, titled=True))
        return cues

    def named_behind(self, start: int, end: int, cues: Sequence[Cue]) -> Iterator[Cue]:
        """“水到了田头。”县长甲走到渠边: said by whom the next sentence begins with, without a verb."""
        for one in self._speakers.between(start, end):
            begin = begin_of(one)
            closing = _QUOTED_BEFORE.search(self._text, max(start, begin - BEHIND_CHARS), begin)
            if closing is None or not one.ids or not self._speakers.can_speak(one, closing.end(1), end):
                continue
            opening = self._quotations.opening_of(closing.start(1), start)
            if opening < 0 or closing.start(1) - opening < SHORTEST_UNANNOUNCED_CHARS:
                continue
            stop = _SENTENCE_STOP.search(self._text, one.end, end)
            until = stop.start() if stop else end
            taken = self._is_taken(cues, self._sentence_start(start, max(opening - 1, start)), until)
            if not taken and self._text[opening - 1 : opening] not in _INTRODUCED:
                again = self._quoted_again(one.end, until, end)
                said = one.end if again < 0 else again
                yield Cue(closing.end(1), one.end, said, "", one.ids[:1], closed=again < 0)

    def _quoted_again(self, start: int, stop: int, end: int) -> int:
        """Where the quotation goes on behind the person (“……。”甲笑了，“……。”), -1 when it does not."""
        opening = self._text.find("，“", start, stop) + 1
        if not opening or opening - start > LONGEST_ACTION_CHARS:
            return -1
        closing = self._quotations.closing_of(opening, end)
        return opening if closing < end and self._is_whole_sentence(opening, closing) else -1

    def explained_behind(self, start: int, end: int) -> Iterator[Cue]:
        """“水是命脉。”这是县长甲在会上的讲话: said by whom the next sentence, or the next block, names."""
        for one in self._speakers.between(start, end + NEXT_BLOCK_CHARS):
            begin = begin_of(one)
            found = _THIS_IS.search(self._text, max(start, begin - LATER_CHARS), begin)
            opening = self._quotations.opening_of(found.start(), start) if found else -1
            if found and opening >= 0 and found.start() < end and _HIS_WORDS.match(self._text, one.end):
                at = found.start() + 1
                yield Cue(at, at, at, "", one.ids[:1], closed=True)

    def acting_before(self, start: int, end: int, cues: Sequence[Cue]) -> Iterator[Cue]:
        """甲蹲在渠边，“水到了田头。”: said by the subject of the sentence before the quotation."""
        at = self._text.find("，“", start, end)
        while at >= 0:
            opening = at + 1
            closing = self._quotations.closing_of(opening, end)
            at = self._text.find("，“", opening, end)
            if closing >= end or not self._is_whole_sentence(opening, closing):
                continue
            begin = self._sentence_start(start, opening)
            person = self._actor(begin, opening)
            if person is None or self._is_taken(cues, begin, closing + LATER_CHARS):
                continue
            if not _SAID_BEHIND.match(self._text, closing + 1, end):
                yield Cue(begin, opening - 1, opening, "", person.ids[:1])

    def _is_whole_sentence(self, opening: int, closing: int) -> bool:
        ends = self._text[closing - 1] in _SENTENCE_ENDS or self._text[closing + 1 : closing + 2] == "。"
        return ends and closing - opening > SHORTEST_UNANNOUNCED_CHARS

    def _actor(self, begin: int, opening: int) -> NamedAt | None:
        """The only person of the clause, when it begins with them."""
        named = self._speakers.between(begin, opening)
        if len(named) != 1 or WRITTEN.search(self._text, begin, opening):
            return None
        one = named[0]
        at = begin_of(one)
        part = max(self._text.rfind("，", begin, at) + 1, begin)
        near = at - part <= SUBJECT_CHARS and opening - one.end <= LONGEST_ACTION_CHARS
        return one if near and self._speakers.can_speak(one, begin, opening) else None

    def _is_taken(self, cues: Sequence[Cue], begin: int, until: int) -> bool:
        return any(begin < cue.verb_start < until and cue.by != "pronoun" for cue in cues)

    def _sentence_start(self, floor: int, at: int) -> int:
        return max(floor, max(self._text.rfind(mark, floor, at) for mark in "。！？\n”") + 1)
