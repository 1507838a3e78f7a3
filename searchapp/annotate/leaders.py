"""Who led which province, city or county, and when? For articles that do not say of which they write.

A local paper writes 区委书记林守田 and leaves the district out. The table `leaders` of the gazetteer has
the leaders whom other news articles name with their place (its first lines say how it was made). What
the article itself says always goes first.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from searchapp.gazetteer.tables import read_table

# The offices of the county and above of which a place has one holder at a time.
_LEADS = re.compile(
    "(?:[省市县区州旗盟]|自治区党)委书记|代?[省市县区州旗盟]长|政协(?:主席|党组书记)|人大常委会(?:主任|党组书记)"
)
# How long before the first article and after the last one somebody may have held the office.
MARGIN_DAYS = 365


@dataclass(frozen=True, slots=True)
class Tenure:
    """`code`: the division led (GB/T 2260); `first` and `last`: the days of the first and the last
    article that name the holder with it."""

    code: str
    first: datetime.date
    last: datetime.date

    def covers(self, day: datetime.date | None) -> bool:
        """Whether the office may have been held on `day` (None: on whatever day)."""
        if day is None:
            return True
        margin = datetime.timedelta(days=MARGIN_DAYS)
        return self.first - margin <= day <= self.last + margin


def leads(title: str) -> bool:
    """Whether the one holder of an office of that title leads a province, city or county."""
    return bool(_LEADS.fullmatch(title))


@cache
def known_leaders() -> dict[tuple[str, str], tuple[Tenure, ...]]:
    """The tenures of data/leaders.csv by (name, title), read once a process."""
    found: dict[tuple[str, str], tuple[Tenure, ...]] = {}
    for row in read_table("leaders"):
        days = (datetime.date.fromisoformat(row[column]) for column in ("first", "last"))
        key = (row["name"], row["title"])
        found[key] = (*found.get(key, ()), Tenure(row["code"], *days))
    return found


def led_by(name: str, titles: Iterable[str], date: str) -> str:
    """The code of the one division that `name` led under one of `titles` about `date` (ISO, "" when
    unknown); "" when none or several are known."""
    day = datetime.date.fromisoformat(date) if date else None
    leaders = known_leaders()
    tenures = (tenure for title in titles for tenure in leaders.get((name, title), ()))
    codes = {tenure.code for tenure in tenures if tenure.covers(day)}
    return codes.pop() if len(codes) == 1 else ""
