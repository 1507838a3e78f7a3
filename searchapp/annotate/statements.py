"""What did each official say? Cuts reported speech out of the body blocks of a text.

Direct speech runs from quotation mark to quotation mark; a quotation split around its speaker is
one stretch. Indirect speech runs from the cue to the last sentence that is still the speaker's:
until the paragraph ends, somebody else speaks, or the reporter takes over (当天, 据悉, a date, a
person as subject). A paragraph that goes on with instructions after one that ended in speech is a
statement of the same speaker ("carried").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from searchapp.annotate.event_dates import EventDate, event_dates
from searchapp.annotate.officials import People
from searchapp.annotate.paragraphs import Block, blocks_of
from searchapp.annotate.speech import Cue, CueFinder, speech_tables
from searchapp.article import Kind, Official, Span, Statement

SHORTEST_CHARS = 4
_CLOSING = {"“": "”", "「": "」", "『": "』"}
_SENTENCE = re.compile(r"[。！？!?]+[”」』]?|\n|$")
_CONTINUES = re.compile(
    r"(?:(?:另外|同时|此外|其次|再次|最后|三是|二是|一是|四是|五是|第[二三四五])[，,]?)?(?:[^，,。]{0,14})?(?:还|也)?(?:要|必须|应当|应该|务必|需要|希望)"
)
_INSTRUCTING = frozenset("要求 强调 指出 希望 提出 勉励 叮嘱 嘱咐 特别强调".split())
_LEAD = re.compile("要|必须|应当|是一项|需要|都在|离不开|重在|关键")
_LATELY = re.compile("近年来|多年来|今年以来|一直以来|接下来，记者|未来，记者")
_FIRST_PERSON = re.compile("我|咱|你|大家")
_REPORTED = re.compile(r"消息|新闻联播|[讯电][（(]|\d+月\d+日|记者|日前|近日|召开|举行|出席|参加|主持")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One stretch before it becomes a statement (several, when spoken jointly)."""

    start: int
    end: int
    kind: Kind
    cue: Cue


def find_statements(text: str, people: People, published: str = "") -> tuple[Statement, ...]:
    """Statements of the officials of `people` in `text`, in order. `published` is the article's ISO
    date or ""; spans are code points of `text`."""
    if not people.officials:
        return ()
    officials = {official.id: official for official in people.officials}
    finder = CueFinder(text, people.named)
    dates = event_dates(text, published)
    statements: list[Statement] = []
    carried: Cue | None = None
    for block in blocks_of(text):
        if block.kind != "body":
            carried = None if block.kind != "caption" else carried
            continue
        stretches = list(_block_stretches(text, block, finder, carried))
        told = [date for date in dates if not any(one.start <= date.start < one.end for one in stretches)]
        for stretch in stretches:
            statements += _statements(text, stretch, officials, told, block)
        carried = _carries(stretches, block, carried)
    return tuple(statements)


def _carries(stretches: Sequence[_Stretch], block: Block, before: Cue | None) -> Cue | None:
    """The cue whose speech may go on in the next paragraph."""
    if not stretches or not stretches[-1].cue.speakers or stretches[-1].end < block.end - 2:
        return None
    return stretches[-1].cue


def _block_stretches(
    text: str, block: Block, finder: CueFinder, carried: Cue | None
) -> Iterator[_Stretch]:
    cues = finder.cues(block.start, block.end)
    if carried is not None:
        first = cues[0].start if cues else block.end
        stretch = _carried(text, block, first, carried, finder)
        if stretch is not None:
            yield stretch
            cues = [cue for cue in cues if cue.start >= stretch.end]
    floor = block.start
    cues = _without_inner(text, cues)
    for index, cue in enumerate(cues):
        if cue.verb_start < floor:
            continue
        limit = cues[index + 1].start if index + 1 < len(cues) else block.end
        opening = _quotation_before(text, cue, floor, finder)
        before = cues[index - 1] if index else None
        if before and not before.closed and opening is not None and before.said in (opening, opening - 1):
            opening = None
        if index + 1 < len(cues):
            after = _quotation_before(text, cues[index + 1], cue.said, finder)
            limit = after if after is not None and after > cue.said + 1 else limit
        stretch = _stretch(text, block, cue, opening, limit, finder, first=index == 0)
        if stretch is not None and stretch.end - stretch.start >= SHORTEST_CHARS:
            floor = stretch.end
            yield stretch


def _without_inner(text: str, cues: Sequence[Cue]) -> list[Cue]:
    """Cues without those that stand inside a quotation (what others said is part of what is said)
    and without bare ones inside the speech of a marked one in the same sentence."""
    kept: list[Cue] = []
    quoted_until = -1
    for cue in cues:
        if cue.verb_start < quoted_until:
            continue
        again = not cue.marked or not cue.speakers or cue.speakers == kept[-1].speakers if kept else False
        if again and cue.start <= kept[-1].verb_start:
            continue
        kept.append(cue)
        if text[cue.said : cue.said + 1] in _CLOSING:
            quoted_until = _closing_of(text, cue.said, len(text))
    return kept


def _closing_of(text: str, opening: int, end: int) -> int:
    """Where the quotation that opens at `opening` closes; `end` when it never does."""
    mark, closing, depth = text[opening], _CLOSING[text[opening]], 0
    for found in re.finditer(f"[{mark}{closing}]", text[opening:end]):
        depth += 1 if found.group() == mark else -1
        if depth == 0:
            return opening + found.start()
    return end


def _quotation_before(text: str, cue: Cue, floor: int, finder: CueFinder) -> int | None:
    """Where the quotation opens that ends right before the reporting clause (“……”甲说)."""
    at = cue.start - 1
    while at > floor and text[at] in " \u3000，,":
        at -= 1
    if at <= floor or text[at] not in "”」』":
        return None
    opening = finder.opening_of(at, floor)
    if opening < 0:
        return None
    inside = text[opening + 1 : at]
    ends = inside[-1:] in tuple("，,。！？!?…；～~")
    return opening if (ends and len(inside) > 5) or len(inside) >= 24 else None


def _stretch(
    text: str, block: Block, cue: Cue, opening: int | None, limit: int, finder: CueFinder, *, first: bool
) -> _Stretch | None:
    if not cue.speakers:
        return None
    if cue.closed:
        if opening is None:
            return None
        return _Stretch(opening + 1, _closing_of(text, opening, cue.start), "direct", cue)
    end, quoted = _end_of_said(text, block, cue, limit, finder)
    if opening is not None:
        return _Stretch(opening + 1, end, "direct", cue)
    start = cue.said + 1 if quoted else cue.said
    while start < end and text[start] in " \u3000":
        start += 1
    kind: Kind = "direct" if quoted or cue.titled else "indirect"
    if first and not quoted and not cue.titled:
        start = _lead_start(text, block, cue, start, finder)
    return _Stretch(start, end, kind, cue)


def _lead_start(text: str, block: Block, cue: Cue, start: int, finder: CueFinder) -> int:
    """The block's start, when the speaker is named after a first sentence of instruction."""
    lead = text[block.start : cue.start]
    if not lead or lead.count("。") != 1 or not lead.rstrip().endswith("。"):
        return start
    if _REPORTED.search(lead) or not _LEAD.search(lead) or finder.between(block.start, cue.start):
        return start
    return block.start


def _end_of_said(text: str, block: Block, cue: Cue, limit: int, finder: CueFinder) -> tuple[int, bool]:
    """Where the words after the cue end, and whether they are a quotation."""
    at = cue.said
    while at < limit and text[at] in " \u3000":
        at += 1
    if at < limit and text[at] in _CLOSING:
        closing = _closing_of(text, at, block.end)
        inside = text[at + 1 : closing]
        whole = inside[-1:] in tuple("。！？!?…；") or text[closing + 1 : closing + 2] in ("", "。", "\n", " ")
        if whole or len(inside) > 30:
            return closing, True
    return _end_of_sentences(text, block, cue, at, limit, finder), False


def _end_of_sentences(
    text: str, block: Block, cue: Cue, at: int, limit: int, finder: CueFinder
) -> int:
    end = at
    first = True
    # Instructions go on in instructions only; a report or an explanation in any sentence.
    instructs = cue.verb in _INSTRUCTING and bool(_CONTINUES.match(text, at))
    while end < limit:
        if not first and _is_reporters(text, end, limit, cue, finder, block.start, instructs):
            break
        found = _SENTENCE.search(text, end, block.end)
        stop = found.end() if found else block.end
        if stop > limit:
            # The next reporting clause begins inside this sentence (甲说，…，乙说).
            stop = limit
        if stop <= end:
            break
        end, first = stop, False
    while end > at and text[end - 1] in " \u3000，,“「":
        end -= 1
    return end


def _is_reporters(
    text: str, at: int, limit: int, cue: Cue, finder: CueFinder, block_start: int, instructs: bool
) -> bool:
    """Whether the sentence that begins at `at` is the reporter's own."""
    tables = speech_tables()
    begin = at
    while begin < limit and text[begin] in " \u3000":
        begin += 1
    found = _SENTENCE.search(text, begin, limit)
    stop = found.end() if found else limit
    head = text[begin : min(begin + 24, stop)]
    if tables.narrative.match(text, begin):
        return True
    if _LATELY.match(text, begin) and not _FIRST_PERSON.search(text, begin, stop):
        return True
    if begin > at and not tables.modal.search(head):
        return True
    if instructs and not tables.modal.search(text, begin, stop):
        return True
    if text[begin] in _CLOSING and cue.speakers:
        closing = _closing_of(text, begin, limit)
        if closing >= stop - 1:
            return True
    if any(set(one.ids) & set(cue.speakers) for one in finder.between(begin, stop)):
        return True
    if cue.titled and cue.start > block_start and not _FIRST_PERSON.search(text, begin, stop):
        return True
    for one in finder.between(begin, min(begin + 9, stop)):
        if text[one.end : one.end + 3] != "总书记":
            return True
    return bool(re.search("(?:参加|出席|陪同|参会|列席)(?:活动|会议|调研|座谈会|仪式|检查)?。$", text[begin:stop]))


def _carried(
    text: str, block: Block, limit: int, cue: Cue, finder: CueFinder
) -> _Stretch | None:
    """Speech of `cue` that goes on in this block."""
    if text[block.start] in _CLOSING:
        closing = _closing_of(text, block.start, block.end)
        if closing >= block.end - 1 and closing <= limit:
            return _Stretch(block.start + 1, closing, "direct", replace(cue, verb="", by="carried"))
        return None
    found = _CONTINUES.match(text, block.start, block.end)
    if not found or finder.between(block.start, min(block.start + 40, block.end)):
        return None
    if speech_tables().narrative.match(text, block.start):
        return None
    start = _after_connective(text, block.start)
    end = _end_of_sentences(text, block, cue, start, limit, finder)
    if end - start < SHORTEST_CHARS or limit <= block.start + 2:
        return None
    return _Stretch(start, end, "indirect", replace(cue, verb="", by="carried"))


def _after_connective(text: str, at: int) -> int:
    found = re.compile(r"(?:另外|同时|此外)[，,]").match(text, at)
    return found.end() if found else at


def _statements(
    text: str,
    stretch: _Stretch,
    officials: dict[str, Official],
    dates: Sequence[EventDate],
    block: Block,
) -> Iterator[Statement]:
    for speaker in stretch.cue.speakers:
        official = officials.get(speaker)
        if official is None:
            continue
        yield Statement(
            official=official.id,
            name=official.name,
            offices=tuple(office.title for office in official.offices if not office.former)
            or tuple(office.title for office in official.offices),
            code=official.code,
            span=Span(stretch.start, stretch.end),
            kind=stretch.kind,
            verb=stretch.cue.verb,
            speaker_by=stretch.cue.by,
            event_date=_date_of(stretch, official, dates, block, text),
        )


def _date_of(
    stretch: _Stretch, official: Official, dates: Sequence[EventDate], block: Block, text: str
) -> str | None:
    """The last date named before the words in their block, else before the official's first mention
    in the block of that mention."""
    for date in reversed(dates):
        if block.start <= date.start < stretch.start:
            return date.day
    for mention in official.mentions:
        if mention.field == "text":
            line_start = text.rfind("\n", 0, mention.span.start) + 1
            for date in reversed(dates):
                if line_start <= date.start < mention.span.start:
                    return date.day
            break
    return None
