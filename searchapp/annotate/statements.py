"""What did each official say, in which office, and on what day?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from searchapp.annotate.event_dates import EventDate, event_dates
from searchapp.annotate.paragraphs import Block, blocks_of
from searchapp.annotate.people import People
from searchapp.annotate.quotations import with_curled_marks
from searchapp.annotate.speech import CueFinder
from searchapp.annotate.stretches import Stretch, StretchCutter
from searchapp.article import Official, Span, Statement


def find_statements(text: str, people: People, published: str = "") -> tuple[Statement, ...]:
    """Statements of the officials of `people` in `text`, in order. `published` is the article's ISO
    date or ""; spans are code points of `text`."""
    if not people.officials:
        return ()
    text = with_curled_marks(text)
    cutter = StretchCutter(text, CueFinder(text, people.named))
    stretches: list[tuple[Block, Stretch]] = []
    for block in blocks_of(text):
        if block.kind == "body":
            stretches += ((block, stretch) for stretch in cutter.stretches(block))
        else:
            cutter.skip(block)
    if not stretches:
        return ()
    officials = {official.id: official for official in people.officials}
    days = _told_days(text, published, [stretch for _, stretch in stretches])
    return tuple(
        statement
        for block, stretch in stretches
        for statement in _statements(text, block, stretch, officials, days)
    )


def _told_days(text: str, published: str, stretches: Sequence[Stretch]) -> list[EventDate]:
    """The dates that the reporter gives: what is said speaks of other days."""
    return [
        day
        for day in event_dates(text, published)
        if not any(stretch.start <= day.start < stretch.end for stretch in stretches)
    ]


def _statements(
    text: str, block: Block, stretch: Stretch, officials: dict[str, Official], days: Sequence[EventDate]
) -> Iterator[Statement]:
    for speaker in stretch.cue.speakers:
        official = officials.get(speaker)
        if official is None:
            continue
        titles = tuple(office.title for office in official.offices)
        present = tuple(office.title for office in official.offices if not office.former)
        yield Statement(
            official=official.id,
            name=official.name,
            offices=present or titles,
            code=official.code,
            span=Span(stretch.start, stretch.end),
            kind=stretch.kind,
            verb=stretch.cue.verb,
            speaker_by=stretch.cue.by,
            event_date=_day_before(days, block.start, stretch.start) or _day_of_meeting(text, official, days),
        )


def _day_of_meeting(text: str, official: Official, days: Sequence[EventDate]) -> str | None:
    """The day named before the official's first mention, in the paragraph of that mention."""
    for mention in official.mentions:
        if mention.field == "text":
            at = mention.span.start
            return _day_before(days, text.rfind("\n", 0, at) + 1, at)
    return None


def _day_before(days: Sequence[EventDate], start: int, end: int) -> str | None:
    """The last day named in `[start:end)`."""
    return next((day.day for day in reversed(days) if start <= day.start < end), None)
