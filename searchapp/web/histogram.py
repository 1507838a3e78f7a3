"""How are the months of the hits drawn: bars, scale and the table that says the same?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from searchapp.query import Query
from searchapp.results import Facet, FacetValue
from searchapp.web.params import add_value, remove_value

MOST_MONTHS = 36
WIDTH, HEIGHT, GAP = 1000.0, 100.0, 0.18


@dataclass(frozen=True, slots=True)
class Bar:
    """One month or year: its count, and its place in a box of WIDTH by HEIGHT."""

    label: str
    count: int
    selected: bool
    query: Query
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars in the order of time, without holes. `unit` is 月 or 年."""

    bars: tuple[Bar, ...]
    unit: str
    highest: int
    missing: int
    other: int


def histogram(facet: Facet, query: Query) -> Histogram | None:
    """The bars of the month facet; by year when more than MOST_MONTHS months lie between the
    first and the last. None when no hit has a date."""
    values = sorted((value for value in facet.values if value.value), key=lambda value: value.value)
    if not values:
        return None
    months = _without_holes(values)
    if len(months) > MOST_MONTHS:
        counted, unit = _by_year(values, query), "年"
    else:
        counted, unit = [(_month_label(value), value, _toggled(query, value)) for value in months], "月"
    highest = max(value.count for _, value, _ in counted)
    step = WIDTH / len(counted)
    bars = tuple(
        _bar(label, value, chosen, number * step, step, highest)
        for number, (label, value, chosen) in enumerate(counted)
    )
    return Histogram(bars, unit, highest, facet.missing, facet.other)


def _bar(label: str, value: FacetValue, query: Query, left: float, step: float, highest: int) -> Bar:
    # A count above 0 is never drawn as nothing.
    height = max(2.5, HEIGHT * value.count / highest) if value.count else 0.0
    width = min(step * (1 - GAP), 110.0)
    x = left + (step - width) / 2
    return Bar(
        label, value.count, value.selected, query,
        round(x, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2),
    )  # fmt: skip


def _month_label(value: FacetValue) -> str:
    return f"{value.value[:4]}年{int(value.value[5:7])}月"


def _toggled(query: Query, value: FacetValue) -> Query:
    change = remove_value if value.selected else add_value
    return change(query, "month", value.value)


def _without_holes(values: list[FacetValue]) -> list[FacetValue]:
    known = {value.value: value for value in values}
    first, last = (int(v.value[:4]) * 12 + int(v.value[5:7]) - 1 for v in (values[0], values[-1]))
    names = (f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))
    return [known.get(name) or FacetValue(name, name, 0) for name in names]


def _by_year(values: list[FacetValue], query: Query) -> list[tuple[str, FacetValue, Query]]:
    counts: dict[int, int] = {}
    for value in values:
        counts[int(value.value[:4])] = counts.get(int(value.value[:4]), 0) + value.count
    chosen = {int(value.value[:4]) for value in values if value.selected}
    out = []
    for year in range(min(counts), max(counts) + 1):
        name = f"{year:04d}"
        narrowed = replace(query.filters, first=f"{name}-01-01", last=f"{name}-12-31", month=())
        value = FacetValue(name, name, counts.get(year, 0), year in chosen)
        out.append((f"{name}年", value, replace(query, filters=narrowed, page=1)))
    return out
