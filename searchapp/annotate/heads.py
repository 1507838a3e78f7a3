"""Who headed which province, city or county, and when? For articles that do not say of which they write.

A local paper writes 区委书记林守田 and leaves the district out. `heads.csv` has the heads that the
collection names with their place elsewhere (its first lines say how it was made). What the article
itself says always goes first.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

TABLE = "heads.csv"
# The offices of which a place has one holder at a time.
_GOVERNED = ("省", "市", "县", "区", "州", "旗", "盟")
_ASSEMBLIES = ("政协主席", "政协党组书记", "人大常委会主任", "人大常委会党组书记")
HEADS = frozenset(
    [level + office for level in _GOVERNED for office in ("委书记", "长")]
    + [f"代{level}长" for level in _GOVERNED]
    + ["自治区党委书记", *_ASSEMBLIES]
)
# How long before the first article and after the last one somebody may have held the office.
MARGIN_DAYS = 365


@dataclass(frozen=True, slots=True)
class Tenure:
    """`code`: the division headed (GB/T 2260); `first` and `last`: the days of the first and the last
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


@cache
def known_heads() -> dict[tuple[str, str], tuple[Tenure, ...]]:
    """The tenures of heads.csv by (name, title), read once a process."""
    lines = resources.files(__package__).joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    found: dict[tuple[str, str], tuple[Tenure, ...]] = {}
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        days = (datetime.date.fromisoformat(row[column]) for column in ("first", "last"))
        key = (row["name"], row["title"])
        found[key] = (*found.get(key, ()), Tenure(row["code"], *days))
    return found


def headed_by(name: str, titles: Iterable[str], date: str) -> str:
    """The code of the one division that `name` headed under one of `titles` about `date` (ISO, "" when
    unknown); "" when none or several are known."""
    day = datetime.date.fromisoformat(date) if date else None
    heads = known_heads()
    tenures = (tenure for title in titles for tenure in heads.get((name, title), ()))
    codes = {tenure.code for tenure in tenures if tenure.covers(day)}
    return codes.pop() if len(codes) == 1 else ""
