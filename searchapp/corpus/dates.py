"""What was written as a date -> ISO date: on which day, in China, did the article appear?"""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from email.utils import parsedate_to_datetime
from typing import NamedTuple

LONGEST_DATE_CHARS = 80
CHINA_TIME = datetime.timezone(datetime.timedelta(hours=8))
# How spreadsheets and databases write "no date".
_NO_DATE = frozenset(
    ("", "-", "--", "null", "none", "nan", "nat", "n/a", "0", "0000-00-00", "0000-00-00 00:00:00")
    + ("未知", "不详", "无")
)
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"^[〇○零一二三四五六七八九]{4}年")
_HAN_NUMBER = re.compile(r"[一二三]?十[一二三四五六七八九]?|[〇○零一二三四五六七八九]+")

_TIME = (
    r"(?:上午|下午|凌晨|早上|晚上|中午)?\s*\d{1,2}\s*[:时点]\s*(?:\d{1,2}\s*(?:[:分]\s*(?:\d{1,2}(?:[.,]\d{1,9})?\s*秒?)?)?)?"
)
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_WEEKDAY = r"(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_TAIL = rf"[\sT,]{{0,3}}{_WEEKDAY}[\sT,]{{0,3}}(?P<time>{_TIME})?\s?{_ZONE}[\s,]{{0,3}}{_WEEKDAY}\s*$"
_Y, _M, _D = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"


def _form(day: str) -> re.Pattern[str]:
    """A date in the form `day`, then perhaps weekday, time and zone."""
    return re.compile(rf"^{day}{_TAIL}", re.IGNORECASE)


_YEAR_FIRST = _form(rf"{_Y}\s*(?:[-/.年]\s*|\s){_M}\s*(?:[-/.月]\s*|\s){_D}\s*(?:[日号]|(?!\d))")
_DAY_FIRST = _form(rf"{_D}(?P<sep>[./-]){_M}(?P=sep){_Y}(?!\d)")
_COMPACT = _form(r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>\d\d)(?:\d{4}|\d{6})?(?!\d)")
_MONTH = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$")
_YEAR = re.compile(r"^((?:1[89]|20|21)\d\d)\s*年?$")
_EPOCH = re.compile(r"^-?\d{9,10}(?:\.\d+)?$|^-?\d{13}$")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_NAME = rf"(?P<name>{'|'.join(_ENGLISH_MONTHS)})[a-z]*\.?"
_ENGLISH = (
    _form(rf"{_ENGLISH_NAME}\s+{_D}(?:st|nd|rd|th)?,?\s+{_Y}(?!\d)"),
    _form(rf"{_D}(?:st|nd|rd|th)?\s+{_ENGLISH_NAME},?\s+{_Y}(?!\d)"),
)


class DateNotRead(ValueError):
    """What was written is not a date; its text says why."""


class Day(NamedTuple):
    """`iso` is `YYYY-MM-DD` or ""; `exact` is False when what was written names no single day."""

    iso: str
    exact: bool


@functools.lru_cache(maxsize=4096)
def read_date(written: str) -> Day:
    """The day that `written` names, "" when it says that there is none. Raises `DateNotRead`.

    A moment with a time zone, and seconds or milliseconds since 1970, become the day in China.
    A month alone (2022-12) becomes its first day, so that it stands in its month; a year alone
    gives "", for any day would be a guess; neither is exact. `1.12.2022` is day first; `1/12/2022`
    and `1-12-2022` may be either and are refused unless only one reading exists.
    """
    if len(written) > LONGEST_DATE_CHARS:
        raise DateNotRead(f"date {_shown(written)} is not understood")
    # Single blanks only: the patterns below look for white space in several places side by side.
    text = _without_han_numbers(" ".join(unicodedata.normalize("NFKC", written).split()))
    if text.lower() in _NO_DATE:
        return Day("", True)
    if _YEAR.match(text):
        return Day("", False)
    try:
        if month := _month(text):
            return Day(month.isoformat(), False)
        day = _moment(text) or _named_day(text)
    except DateNotRead:
        raise
    except (ValueError, OverflowError):
        raise DateNotRead(f"date {_shown(written)} does not exist") from None
    if day is None:
        raise DateNotRead(f"date {_shown(written)} is not understood")
    return Day(day.isoformat(), True)


def _shown(written: str) -> str:
    line = " ".join(written[:100].split())
    return f'"{line[:40]}…"' if len(line) > 40 else f'"{line}"'


def _moment(text: str) -> datetime.date | None:
    """Seconds or milliseconds since 1970."""
    if not _EPOCH.match(text):
        return None
    seconds = float(text) if len(text.split(".")[0].lstrip("-")) < 13 else int(text) / 1000
    return datetime.datetime.fromtimestamp(seconds, CHINA_TIME).date()


def _named_day(text: str) -> datetime.date | None:
    """Year, month and day in any order that leaves no doubt. Raises ValueError for no such day."""
    for form in (_YEAR_FIRST, _COMPACT, *_ENGLISH):
        if found := form.match(text):
            return _in_china(_day_of(found), found)
    if found := _DAY_FIRST.match(text):
        return _in_china(_day_first(found), found)
    return _mail_date(text)


def _mail_date(text: str) -> datetime.date | None:
    """`Thu, 15 Dec 2022 17:22:00 +0800`, as news feeds write it (RFC 5322, section 3.3)."""
    if not re.match(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,", text, re.IGNORECASE):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment.astimezone(CHINA_TIME) if moment.tzinfo else moment).date()


def _day_of(found: re.Match[str]) -> datetime.date:
    parts = found.groupdict()
    month = _ENGLISH_MONTHS.index(parts["name"][:3].lower()) + 1 if "name" in parts else int(parts["m"])
    return datetime.date(int(parts["y"]), month, int(parts["d"]))


def _day_first(found: re.Match[str]) -> datetime.date:
    first, second, year = int(found["d"]), int(found["m"]), int(found["y"])
    if found["sep"] != "." and first != second:
        if first <= 12 and second <= 12:
            raise DateNotRead(f'date "{found[0]}" may be day or month first')
        if second > 12:
            first, second = second, first
    return datetime.date(year, second, first)


def _in_china(day: datetime.date, found: re.Match[str]) -> datetime.date:
    """`day`, or the day after or before where its time zone makes it so in China."""
    zone, time = found["zone"], found["time"]
    if not zone or not time:
        return day
    hour, minute = (int(part) for part in (re.findall(r"\d+", time) + ["0"])[:2])
    hours, minutes = (int(zone[1:3]), int(zone[-2:])) if zone[0] in "+-" else (0, 0)
    offset = datetime.timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    moment = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=datetime.timezone(offset))
    return moment.astimezone(CHINA_TIME).date()


def _month(text: str) -> datetime.date | None:
    found = _MONTH.match(text)
    return datetime.date(int(found[1]), int(found[2]), 1) if found else None


def _without_han_numbers(text: str) -> str:
    """`text` with 二〇二二年十二月十五日 as 2022年12月15日."""
    if not _HAN_YEAR.match(text):
        return text
    return _HAN_NUMBER.sub(_digits_of, text)


def _digits_of(number: re.Match[str]) -> str:
    written = number[0]
    if "十" not in written:
        return written.translate(_HAN_DIGITS)
    tens, ones = (part.translate(_HAN_DIGITS) for part in written.split("十"))
    return f"{int(tens or 1)}{ones or 0}"
