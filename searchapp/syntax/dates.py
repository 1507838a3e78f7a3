"""What stands after 日期: -> first and last day."""

from __future__ import annotations

import calendar
import re
from datetime import date

from searchapp.analysis.normalise import normalise
from searchapp.errors import QueryError

HINT = "日期写作 2022、2022-12、2022-12-09、2022年12月9日，范围写作 2022-12..2023-03、2022-12.. 或 ..2023"

_POINT = re.compile(
    r"([0-9]{4})(?:年?|[-/.年]([0-9]{1,2})(?:月?|[-/.月]([0-9]{1,2})日?)|([0-9]{2})([0-9]{2}))"
)
_RANGE = re.compile(r"\.{2,}|…+|至|到|~")


def read_dates(text: str, position: int) -> tuple[str, str]:
    """First and last day (ISO, inclusive, "" for an open side) of the date or range `text`.

    Raises QueryError at `position` (where `text` begins in the query) plus the offset of what
    cannot be read.
    """
    view = normalise(text).replace(" ", "")
    parts = _RANGE.split(view, maxsplit=1)
    if len(parts) == 1:
        return _days(view, position)
    if not any(parts):
        raise QueryError("日期范围两边都是空的", position, HINT)
    separator_end = len(view) - len(parts[1])
    first = _days(parts[0], position)[0] if parts[0] else ""
    last = _days(parts[1], position + separator_end)[1] if parts[1] else ""
    if first and last and first > last:
        raise QueryError("日期范围的开头晚于结尾", position, HINT)
    return first, last


def _days(text: str, position: int) -> tuple[str, str]:
    """First and last day of a year, a month or a day."""
    match = _POINT.fullmatch(text)
    if match is None:
        raise QueryError(f"看不懂的日期：{text[:20]}", position, HINT)
    year, month, day = int(match[1]), match[2] or match[4], match[3] or match[5]
    try:
        first = date(year, int(month or 1), int(day or 1))
        last_month = int(month or 12)
        last = date(year, last_month, int(day or calendar.monthrange(year, last_month)[1]))
    except ValueError:
        raise QueryError(f"没有这个日期：{text}", position, HINT) from None
    return first.isoformat(), last.isoformat()
