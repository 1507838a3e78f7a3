"""From where to where does reported speech run? Cuts the stretches of one block of text.

Direct speech runs from quotation mark to quotation mark; a quotation split around its speaker is
one stretch. Indirect speech runs from the cue to the last sentence that is still the speaker's:
until the paragraph ends, somebody else speaks, or the reporter takes over (当天, 据悉, a date, a
person as subject). A paragraph that goes on with instructions after one that ended in speech is a
stretch of the same speaker ("carried").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from searchapp.analysis.normalise import is_han
from searchapp.annotate.asking import ANSWERS
from searchapp.annotate.continuation import CONNECTIVE, INSTRUCTION, LIST_ITEM, Continuation
from searchapp.annotate.cue import Cue
from searchapp.annotate.names import HAN
from searchapp.annotate.paragraphs import Block
from searchapp.annotate.quotations import CLOSING
from searchapp.annotate.quoted_before import LONGEST_TERM_CHARS, STOPS, QuotedBefore
from searchapp.annotate.speech import CueFinder
from searchapp.annotate.speech_tables import speech_tables
from searchapp.article import Kind

SHORTEST_CHARS = 4
# How far from the beginning of a text a headline in it may begin.
HEADLINE_CHARS = 5
# The clause that names the speaker after the first sentence is short (甲称，).
SHORT_CLAUSE_CHARS = 14
# 他 means who spoke before, over so many sentences of the reporter's.
MOST_TOLD_SENTENCES = 2
# How far before a cue the quotation may open that it stands in.
INSIDE_CHARS = 600

# 甲提醒工人们：“……”
_TOLD = re.compile(f"[{HAN}]{{1,10}}[：:](?=[“「『])")
# What an official cites.
_PAPER = re.compile(
    "(?:党的|习近平|全国|中央|《)[^，。]{0,30}(?:报告|公报|总书记|总书记[^，。]{0,20}[上中时]|》)$"
)
_LEAD = re.compile("要|必须|应当|是一项|需要|都在|离不开|重在|关键")
_DATELINE = re.compile(f"[讯电] ?(?:[（(](?:记者|通讯员|全媒体)|\\d+月)|本报讯|记者 ?[{HAN}]{{2,3}}[）)]")
_REPORTED = re.compile(r"消息|新闻联播|[讯电][（(]|\d+月\d+日|记者|日前|近日|召开|举行|出席|参加|主持")


class Stretch(NamedTuple):
    """`text[start:end]` was said by the speakers of `cue`, several when they speak jointly."""

    start: int
    end: int
    kind: Kind
    cue: Cue


class StretchCutter:
    """Cuts the stretches of one text, block by block in order."""

    def __init__(self, text: str, finder: CueFinder) -> None:
        self._text = text
        self._finder = finder
        self._tables = speech_tables()
        self._going_on = Continuation(text, finder)
        self._quoted = QuotedBefore(text, finder.quotations)
        self._carried: Cue | None = None

    def skip(self, block: Block) -> None:
        """Passes over a block that is no body: speech goes on behind a caption only."""
        if block.kind != "caption":
            self._carried = None

    def stretches(self, block: Block) -> list[Stretch]:
        """The stretches of `block` in order."""
        found = list(self._stretches(block))
        last = found[-1] if found else None
        goes_on = last is not None and last.cue.speakers and last.end >= block.end - 2
        announced = self._finder.asking.announced(block.start, block.end)
        self._carried = last.cue if last is not None and goes_on else announced
        return found

    def _stretches(self, block: Block) -> Iterator[Stretch]:
        cues = self._finder.cues(block.start, block.end)
        floor = block.start
        if self._carried is not None:
            named = any(cue.speakers == self._carried.speakers and cue.by == "named" for cue in cues)
            limit = cues[0].start if cues else block.end
            carried = None if named else self._from_before(block, limit, self._carried)
            if carried is not None:
                yield carried
                floor = carried.end
        cues = self._outermost([cue for cue in cues if cue.start >= floor])
        for index, cue in enumerate(cues):
            if cue.verb_start < floor:
                continue
            after = cues[index + 1] if index + 1 < len(cues) else None
            opening = self._quoted.opening_before(cue, floor, cues[index - 1] if index else None)
            if self._is_forgotten(cue, floor, cue.start if opening is None else opening):
                continue
            if opening is not None and self._is_told_between(cue):
                yield self._before(cue, opening)
                opening = None
            stretch = self._stretch(block, cue, opening, after, first=floor == block.start)
            if stretch is not None and stretch.end - stretch.start >= SHORTEST_CHARS:
                floor = stretch.end
                yield stretch

    def _is_forgotten(self, cue: Cue, said_until: int, begins: int) -> bool:
        """Whether 他 stands too far from the speaker's name, or from the speech before, which ended at
        `said_until`, to mean its speaker. `begins` is where clause or quotation begin."""
        if cue.by != "pronoun" or not cue.speakers or begins - said_until < 2:
            return False
        named = self._finder.speakers.between(said_until, cue.verb_start)
        his = [one.end for one in named if set(one.ids) & set(cue.speakers)]
        told = self._text[his[-1] if his else said_until : begins]
        return told.count("。") + told.count("！") > MOST_TOLD_SENTENCES

    def _outermost(self, cues: Sequence[Cue]) -> list[Cue]:
        """Cues without those inside a quotation (what others said is part of what is said), and
        without those that only go on with the cue before in the same sentence (甲表示，希望……)."""
        kept: list[Cue] = []
        quoted_until = -1
        for cue in cues:
            if cue.verb_start < quoted_until or self._is_quoted(cue):
                continue
            before = kept[-1] if kept else None
            if before is not None and cue.start <= before.verb_start and self._goes_on(cue, before):
                continue
            kept.append(cue)
            if self._text[cue.said : cue.said + 1] in CLOSING:
                closing = self._finder.quotations.closing_of(cue.said, len(self._text))
                # A mark that nobody has closed holds nothing.
                quoted_until = closing if closing < len(self._text) else quoted_until
        return [cue for index, cue in enumerate(kept) if not self._is_cited(kept, index)]

    def _is_cited(self, cues: Sequence[Cue], index: int) -> bool:
        """Whether the speaker of the cues around cites a paper (甲说，……。党的报告提出，……。甲指出，……)."""
        if not 0 < index < len(cues) - 1:
            return False
        before, cue, after = cues[index - 1 : index + 2]
        one = before.speakers and before.speakers == after.speakers != cue.speakers and not before.closed
        return bool(one and after.by == "named" and _PAPER.match(self._text, cue.start, cue.verb_start))

    def _goes_on(self, cue: Cue, before: Cue) -> bool:
        """Whether the cue, in the sentence of the one before, is part of what that one's speaker says."""
        if before.closed:
            return False
        cited = before.speakers and before.marked and "，" not in self._text[before.said : cue.verb_start]
        return not cue.marked or not cue.speakers or cue.speakers == before.speakers or bool(cited)

    def _is_quoted(self, cue: Cue) -> bool:
        """Whether the whole reporting clause stands inside a quotation."""
        low = max(cue.verb_start - INSIDE_CHARS, 0)
        opening = max(self._text.rfind(mark, low, cue.verb_start) for mark in CLOSING)
        if opening < 0:
            return False
        if opening > 0 and is_han(self._text[opening - 1]):
            return False  # a quoted term
        return cue.said <= self._finder.quotations.closing_of(opening, len(self._text)) < len(self._text)

    def _limit(self, cue: Cue, after: Cue | None, block: Block) -> int:
        """Where the speech of `cue` ends at the latest: before the next cue and its quotation."""
        if after is None:
            return block.end
        opening = self._quoted.quotation_before(after, cue.said)
        return opening if opening is not None and opening > cue.said + 1 else after.start

    def _stretch(
        self, block: Block, cue: Cue, opening: int | None, after: Cue | None, *, first: bool
    ) -> Stretch | None:
        if not cue.speakers or (cue.closed and opening is None):
            return None
        if cue.closed and opening is not None:
            return self._before(cue, opening)
        start, end, quoted = self._said(block, cue, after)
        if cue.verb == ANSWERS and self._going_on.is_reporters(block, cue, start, block.end):
            return None
        if _DATELINE.search(self._text, start, end) or self._is_headline(cue, start, end):
            return None  # a headline that has run into the report
        if opening is not None:
            return Stretch(opening + 1, end, "direct", cue)
        if quoted or cue.titled:
            return Stretch(start, end, "direct", cue)
        return Stretch(self._lead_start(block, cue) if first else start, end, "indirect", cue)

    def _before(self, cue: Cue, opening: int) -> Stretch:
        return Stretch(opening + 1, self._finder.quotations.closing_of(opening, cue.start), "direct", cue)

    def _is_told_between(self, cue: Cue) -> bool:
        """Whether more is told behind a quotation (“辛苦了。”甲走到渠边，叮嘱大家……): two stretches."""
        if cue.marked or cue.closed:
            return False
        named = self._finder.speakers.between(cue.start, cue.verb_start)
        return bool(named) and "，" in self._text[named[-1].end : cue.verb_start]

    def _is_headline(self, cue: Cue, start: int, end: int) -> bool:
        """Whether the report begins in the first sentence (甲强调清渠要快8月9日，县委书记甲察看……)."""
        if cue.marked or cue.start > HEADLINE_CHARS:
            return False
        stop = self._text.find("。", start, end)
        named = self._finder.speakers.between(start, stop if stop >= 0 else end)
        return any(set(one.ids) & set(cue.speakers) for one in named)

    def _lead_start(self, block: Block, cue: Cue) -> int:
        """Where the words begin: with the block, when the speaker is named after one first sentence
        of instruction (“三农”是一项重要工作……。甲称，要……)."""
        said = self._going_on.after_spaces(cue.said, block.end)
        lead = self._text[block.start : cue.start].rstrip()
        if not lead.endswith("。") or lead.count("。") != 1:
            return said
        if not cue.marked or cue.verb_start - cue.start > SHORT_CLAUSE_CHARS:
            return said
        if "总书记" in self._text[cue.start : cue.verb_start]:
            return said  # a feature quotes him for what it says itself
        if _REPORTED.search(lead) or not _LEAD.search(lead):
            return said
        if self._finder.speakers.between(block.start, cue.start):
            return said
        return block.start

    def _said(self, block: Block, cue: Cue, after: Cue | None) -> tuple[int, int, bool]:
        """Start and end of the words after the cue, and whether they are one quotation."""
        limit = self._limit(cue, after, block)
        at = self._going_on.after_spaces(cue.said, limit)
        told = None if cue.marked else _TOLD.match(self._text, at, limit)
        if told is not None:
            at = told.end()
        if at < limit and self._text[at] in CLOSING:
            closing = self._quoted.end_of_chain(at, block.end, limit)
            inside = self._text[at + 1 : closing]
            whole = inside[-1:] in STOPS or self._text[closing + 1 : closing + 2] in ("", "。", "\n", " ")
            first = self._finder.quotations.closing_of(at, block.end)
            if whole or first - at - 1 > LONGEST_TERM_CHARS:
                return at + 1, closing, True
        return at, self._going_on.end(block, cue, at, limit, after), False

    def _from_before(self, block: Block, limit: int, cue: Cue) -> Stretch | None:
        """Speech of `cue`, from the block before, that goes on in this block."""
        carried = cue._replace(verb="", by="carried")
        if self._text[block.start] in CLOSING:
            closing = self._finder.quotations.closing_of(block.start, block.end)
            whole = block.end - 1 <= closing <= limit
            return Stretch(block.start + 1, closing, "direct", carried) if whole else None
        item = LIST_ITEM.match(self._text, block.start, block.end)
        if not item and not INSTRUCTION.match(self._text, block.start, block.end):
            return None
        if self._tables.narrative.match(self._text, block.start):
            return None
        if not item and self._finder.speakers.between(block.start, min(block.start + 40, block.end)):
            return None
        connective = CONNECTIVE.match(self._text, block.start)
        start = connective.end() if connective else block.start
        end = self._going_on.end(block, cue, start, limit)
        return Stretch(start, end, "indirect", carried) if end - start >= SHORTEST_CHARS else None
