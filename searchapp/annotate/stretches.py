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
from dataclasses import dataclass, replace

from searchapp.analysis.normalise import is_han
from searchapp.annotate.paragraphs import Block
from searchapp.annotate.speech import CLOSING, OPENING, SUBJECT_CHARS, Cue, CueFinder
from searchapp.annotate.speech_tables import speech_tables
from searchapp.article import Kind

SHORTEST_CHARS = 4
# A quotation before its speaker (“……”甲说) ends in punctuation, or is too long for a quoted term.
SHORTEST_QUOTATION_CHARS = 6
LONGEST_TERM_CHARS = 23
# How far before a cue the quotation may open that it stands in.
INSIDE_CHARS = 600
SPACES = " \u3000"

_SENTENCE = re.compile(r"[。！？!?]+[”」』]?|\n|$")
_SENTENCE_END = frozenset("。！？!?…；;”」』")
_STOPS = frozenset("，,。！？!?…；～~")
_CONNECTIVE = re.compile(r"(?:另外|同时|此外)[，,]")
_INSTRUCTION = re.compile(
    "(?:(?:另外|同时|此外|其次|再次|最后|[一二三四五]是|第[二三四五])[，,]?)?[^，,。]{0,14}(?:还|也)?"
    "(?:要|必须|应当|应该|务必|需要|希望)"
)
_INSTRUCTING = frozenset(("要求", "强调", "指出", "希望", "提出", "勉励", "叮嘱", "嘱咐", "特别强调"))
_LEAD = re.compile("要|必须|应当|是一项|需要|都在|离不开|重在|关键")
_THE_EVENT = re.compile("(?:本次|本届|此次|这次|该)(?![^，。]{0,6}(?:我们|要))")
_WISH = re.compile("要|必须|应|希望|需")
_LATELY = re.compile("近年来|多年来|今年以来|一直以来")
_FIRST_PERSON = re.compile("我|咱|你|大家")
_REPORTED = re.compile(r"消息|新闻联播|[讯电][（(]|\d+月\d+日|记者|日前|近日|召开|举行|出席|参加|主持")
_ATTENDANCE = re.compile("(?:参加|出席|陪同|参会|列席)(?:活动|会议|调研|座谈会|仪式|检查)?。$")


@dataclass(frozen=True, slots=True)
class Stretch:
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
        self._carried = last.cue if last is not None and goes_on else None
        return found

    def _stretches(self, block: Block) -> Iterator[Stretch]:
        cues = self._finder.cues(block.start, block.end)
        floor = block.start
        if self._carried is not None:
            carried = self._from_before(block, cues[0].start if cues else block.end, self._carried)
            if carried is not None:
                yield carried
                floor = carried.end
        cues = self._outermost([cue for cue in cues if cue.start >= floor])
        for index, cue in enumerate(cues):
            if cue.verb_start < floor:
                continue
            after = cues[index + 1] if index + 1 < len(cues) else None
            opening = self._opening_before(cue, floor, cues[index - 1] if index else None)
            stretch = self._stretch(block, cue, opening, self._limit(cue, after, block), first=index == 0)
            if stretch is not None and stretch.end - stretch.start >= SHORTEST_CHARS:
                floor = stretch.end
                yield stretch

    def _outermost(self, cues: Sequence[Cue]) -> list[Cue]:
        """Cues without those inside a quotation (what others said is part of what is said), and
        without those that only go on with the cue before in the same sentence (甲表示，希望……)."""
        kept: list[Cue] = []
        quoted_until = -1
        for cue in cues:
            if cue.verb_start < quoted_until or self._is_quoted(cue):
                continue
            before = kept[-1] if kept else None
            if before is not None and cue.start <= before.verb_start and _goes_on(cue, before):
                continue
            kept.append(cue)
            if self._text[cue.said : cue.said + 1] in CLOSING:
                quoted_until = self._finder.closing_of(cue.said, len(self._text))
        return kept

    def _is_quoted(self, cue: Cue) -> bool:
        """Whether the whole reporting clause stands inside a quotation."""
        low = max(cue.verb_start - INSIDE_CHARS, 0)
        opening = max(self._text.rfind(mark, low, cue.verb_start) for mark in CLOSING)
        if opening < 0:
            return False
        if opening > 0 and is_han(self._text[opening - 1]):
            return False  # a quoted term
        return self._finder.closing_of(opening, len(self._text)) >= cue.said

    def _limit(self, cue: Cue, after: Cue | None, block: Block) -> int:
        """Where the speech of `cue` ends at the latest: before the next cue and its quotation."""
        if after is None:
            return block.end
        opening = self._quotation_before(after, cue.said)
        return opening if opening is not None and opening > cue.said + 1 else after.start

    def _opening_before(self, cue: Cue, floor: int, before: Cue | None) -> int | None:
        """Where the quotation opens that stands before the reporting clause and is no other's."""
        opening = self._quotation_before(cue, floor)
        if opening is not None and before is not None and not before.closed:
            return None if before.said in (opening, opening - 1) else opening
        return opening

    def _quotation_before(self, cue: Cue, floor: int) -> int | None:
        at = cue.start - 1
        while at > floor and self._text[at] in SPACES + "，,":
            at -= 1
        if at <= floor or self._text[at] not in CLOSING.values():
            return None
        opening = self._finder.opening_of(at, floor)
        # 村民老王说：“……” has its speaker already.
        if opening < 0 or self._text[opening - 1 : opening] in ("：", ":"):
            return None
        inside = self._text[opening + 1 : at]
        said = len(inside) >= SHORTEST_QUOTATION_CHARS and inside[-1] in _STOPS
        return opening if said or len(inside) > LONGEST_TERM_CHARS else None

    def _stretch(
        self, block: Block, cue: Cue, opening: int | None, limit: int, *, first: bool
    ) -> Stretch | None:
        if not cue.speakers or (cue.closed and opening is None):
            return None
        if cue.closed and opening is not None:
            return Stretch(opening + 1, self._finder.closing_of(opening, cue.start), "direct", cue)
        start, end, quoted = self._said(block, cue, limit)
        if opening is not None:
            return Stretch(opening + 1, end, "direct", cue)
        if quoted or cue.titled:
            return Stretch(start, end, "direct", cue)
        return Stretch(self._lead_start(block, cue) if first else start, end, "indirect", cue)

    def _lead_start(self, block: Block, cue: Cue) -> int:
        """Where the words begin: with the block, when the speaker is named after one first sentence
        of instruction (“三农”是一项重要工作……。甲称，要……)."""
        said = self._after_spaces(cue.said, block.end)
        lead = self._text[block.start : cue.start].rstrip()
        if not lead.endswith("。") or lead.count("。") != 1:
            return said
        if _REPORTED.search(lead) or not _LEAD.search(lead) or self._finder.between(block.start, cue.start):
            return said
        return block.start

    def _said(self, block: Block, cue: Cue, limit: int) -> tuple[int, int, bool]:
        """Start and end of the words after the cue, and whether they are one quotation."""
        at = self._after_spaces(cue.said, limit)
        if at < limit and self._text[at] in CLOSING:
            closing = self._finder.closing_of(at, block.end)
            while self._text[closing + 1 : closing + 2] in CLOSING and closing + 1 < limit:
                closing = self._finder.closing_of(closing + 1, block.end)  # “……”“……”
            inside = self._text[at + 1 : closing]
            whole = inside[-1:] in _STOPS or self._text[closing + 1 : closing + 2] in ("", "。", "\n", " ")
            if whole or len(inside) > LONGEST_TERM_CHARS:
                return at + 1, closing, True
        return at, self._end_of_sentences(block, cue, at, limit), False

    def _after_spaces(self, at: int, end: int) -> int:
        while at < end and self._text[at] in SPACES:
            at += 1
        return at

    def _end_of_sentences(self, block: Block, cue: Cue, start: int, limit: int) -> int:
        end = start
        # Instructions go on in instructions only; a report or an explanation in any sentence.
        instructs = cue.verb in _INSTRUCTING and bool(_INSTRUCTION.match(self._text, start))
        while end < limit:
            if end > start and self._is_reporters(block, cue, end, limit, instructs):
                break
            found = _SENTENCE.search(self._text, end, block.end)
            # The next reporting clause may begin inside the sentence (甲说，……，乙说).
            stop = min(found.end() if found else block.end, limit)
            if stop <= end:
                break
            end = stop
        while end > start and self._text[end - 1] in SPACES + "，,“「":
            end -= 1
        last = self._text[end - 1]
        if last in OPENING and OPENING[last] not in self._text[start:end]:
            end -= 1
        return end

    def _is_reporters(self, block: Block, cue: Cue, at: int, limit: int, instructs: bool) -> bool:
        """Whether the sentence that begins at `at` is the reporter's own."""
        text = self._text
        split = text[max(cue.start - 1, 0)] in CLOSING.values()  # “……”甲介绍, ……
        begin = self._after_spaces(at, limit)
        if begin >= limit:
            return True
        found = _SENTENCE.search(text, begin, limit)
        stop = found.end() if found else limit
        # What stands at the end without a full stop is a byline or the like.
        if stop >= block.end and text[block.end - 1] not in _SENTENCE_END:
            return True
        connective = _CONNECTIVE.match(text, begin)
        plain = connective.end() if connective else begin
        if self._tables.narrative.match(text, plain) or _ATTENDANCE.search(text[begin:stop]):
            return True
        ours = bool(_FIRST_PERSON.search(text, begin, stop))
        if not ours and _THE_EVENT.match(text, plain) and not _WISH.search(text, begin, stop):
            return True
        if not ours and (_LATELY.match(text, begin) or (cue.titled and cue.start > block.start)):
            return True
        # White space inside a block stands for a lost paragraph border.
        if begin > at and not self._tables.modal.search(text, begin, min(begin + 24, stop)):
            return True
        if instructs and not self._tables.modal.search(text, begin, stop):
            return True
        if split and not ours and not self._tables.modal.search(text, begin, stop):
            return True
        if text[begin] in CLOSING and self._finder.closing_of(begin, limit) >= stop - 1 and limit < block.end:
            return True
        return self._has_subject(cue, begin, stop)

    def _has_subject(self, cue: Cue, begin: int, stop: int) -> bool:
        """Whether the sentence speaks of the speaker by name or begins with a person."""
        if any(set(one.ids) & set(cue.speakers) for one in self._finder.between(begin, stop)):
            return True
        starts = self._finder.between(begin, min(begin + SUBJECT_CHARS, stop))
        return not all(self._text.startswith(("总书记", "同志"), one.end) for one in starts)

    def _from_before(self, block: Block, limit: int, cue: Cue) -> Stretch | None:
        """Speech of `cue`, from the block before, that goes on in this block."""
        carried = replace(cue, verb="", by="carried")
        if self._text[block.start] in CLOSING:
            closing = self._finder.closing_of(block.start, block.end)
            whole = block.end - 1 <= closing <= limit
            return Stretch(block.start + 1, closing, "direct", carried) if whole else None
        if not _INSTRUCTION.match(self._text, block.start, block.end) or self._tables.narrative.match(
            self._text, block.start
        ):
            return None
        if self._finder.between(block.start, min(block.start + 40, block.end)):
            return None
        connective = _CONNECTIVE.match(self._text, block.start)
        start = connective.end() if connective else block.start
        end = self._end_of_sentences(block, cue, start, limit)
        return Stretch(start, end, "indirect", carried) if end - start >= SHORTEST_CHARS else None


def _goes_on(cue: Cue, before: Cue) -> bool:
    return not cue.marked or not cue.speakers or cue.speakers == before.speakers
