"""What does a date typed by a person mean: which first and which last day?"""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata

from searchapp.errors import QueryError

_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:(?:[-/.年])(?P<month>[0-9]{1,2})(?:(?:[-/.月])(?P<day>[0-9]{1,2})日?|月)?|年)?"
)
HINT = "可写 2022、2022-12、2022-12-15 或 2022年12月15日"


def day_range(text: str) -> tuple[str, str]:
    """First and last ISO day of a year, a month or a day.

    Takes "2022", "2022-12", "2022-12-15", "2022/12", "2022.12.15", "2022年12月15日", also in
    full-width digits. Raises QueryError for anything else and for days that do not exist.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    found = _DATE.fullmatch(plain)
    if found is None:
        raise QueryError(f"看不懂日期“{text[:40]}”", hint=HINT)
    year, month, day = (int(part) if part else None for part in found.group("year", "month", "day"))
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
    except ValueError:
        raise QueryError(f"没有“{text[:40]}”这一天", hint=HINT) from None
    if day is not None:
        last = first
    elif month is not None:
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    else:
        last = first.replace(month=12, day=31)
    return first.isoformat(), last.isoformat()
