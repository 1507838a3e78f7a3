"""On which day did it happen? Reads dates in a text, against the day of publication.

"12月9日~10日" in an article of 2022-12-15 is 2022-12-09: of a span the first day. A date without a
year is the last such day up to the day of publication (a day or two after it are still believed:
a paper may be dated by its print edition). What cannot be resolved is left out.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

# How far after the day of publication an event may lie before it is one of the year (month) before.
AHEAD_DAYS = 3

_DATE = re.compile(
    r"(?=[0-9今去当昨前日])"  # told apart at once, which halves the time
    r"(?:(?:(?P<year>(?:19|20)\d\d)年|(?P<rel_year>今年|去年|当年))?(?P<month>1[0-2]|0?[1-9])月"
    r"(?P<day>3[01]|[12]\d|0?[1-9])[日号]?(?=[日号~～—\-至到、])[日号]?"
    r"|(?<![\d年月~～—\-至到.])(?P<only_day>3[01]|[12]\d|[1-9])[日号](?=[，,上下晚凌傍电讯在\u4e00-\u9fff])"
    r"|(?P<word>今天|今日|昨天|昨日|前天|日前))"
)
_WORD_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2}


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date named at `start`, resolved to an ISO day."""

    start: int
    day: str


def event_dates(text: str, published: str) -> tuple[EventDate, ...]:
    """The dates of `text` in order. `published` is an ISO date or ""; without it only dates that
    give their year are resolved."""
    base = _day_of(published)
    found = ((match.start(), _resolve(match, base)) for match in _DATE.finditer(text))
    return tuple(EventDate(start, day.isoformat()) for start, day in found if day is not None)


def _day_of(iso: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _resolve(match: re.Match[str], base: datetime.date | None) -> datetime.date | None:
    if match["year"]:
        return _made(int(match["year"]), int(match["month"]), int(match["day"]))
    if base is None:
        return None
    if match["word"]:
        days = _WORD_DAYS.get(match["word"])
        return None if days is None else base + datetime.timedelta(days=days)
    if match["month"]:
        year = base.year - (match["rel_year"] == "去年")
        day = _made(year, int(match["month"]), int(match["day"]))
        if not match["rel_year"] and (day is None or _ahead(day, base)):
            day = _made(year - 1, int(match["month"]), int(match["day"]))
        return day
    return _last_of_day(int(match["only_day"]), base)


def _last_of_day(number: int, base: datetime.date) -> datetime.date | None:
    day = _made(base.year, base.month, number)
    if day is not None and not _ahead(day, base):
        return day
    before = base.replace(day=1) - datetime.timedelta(days=1)
    return _made(before.year, before.month, number)


def _ahead(day: datetime.date, base: datetime.date) -> bool:
    return (day - base).days > AHEAD_DAYS


def _made(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
