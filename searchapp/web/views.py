"""What does the search page show, and where does each of its links go?

Turns one SearchPage into the chips, facets, tabs and page numbers that templates print. Every
link is made by `params`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from searchapp.query import FacetName, Query
from searchapp.results import Facet, FacetValue, SearchPage
from searchapp.web.histogram import Histogram, histogram
from searchapp.web.params import (
    SELECTION,
    ValueLinks,
    add_value,
    article_url,
    page_count,
    pairs,
    to_url,
    without_filters,
)

Namer = Callable[[FacetName, str], str]

FACET_TITLES: dict[FacetName, str] = {
    "county": "县区", "official": "官员", "city": "城市", "province": "省份", "source": "来源",
}  # fmt: skip
GROUP_UNITS = {"none": "条", "reprints": "条（相同的合为一条）", "county": "个县区", "official": "位官员"}
SHOWN_VALUES = 7
MORE_VALUES = 200
AROUND = 2


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force and the link that lifts it."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet with the link that chooses or lifts it; `above` is its 省/市."""

    label: str
    above: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet as listed: the first values, the rest to unfold, and a link to still more."""

    name: str
    title: str
    shown: tuple[Value, ...]
    rest: tuple[Value, ...]
    missing: int
    other: int
    more_url: str


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A page to go to; number 0 is a gap."""

    number: int
    url: str
    current: bool


class Links:
    """Links from one question, for templates."""

    def __init__(self, query: Query, root: str) -> None:
        self.query = query
        self.root = root
        self.endpoint = "statements" if query.collection == "statements" else "search"

        self._values = ValueLinks(self.endpoint, query, root)

    def to(self, query: Query) -> str:
        return to_url(self.endpoint, query, self.root)

    def asking(self, q: str) -> str:
        """The same filters with other words."""
        return to_url(self.endpoint, self.query, self.root, q=q)

    def afresh(self, q: str) -> str:
        """Other words and nothing else."""
        return to_url(self.endpoint, Query(q=q), self.root)

    def changed(self, **changes: str | int | bool) -> str:
        return to_url(self.endpoint, self.query, self.root, **changes)

    def page(self, number: int) -> str:
        return to_url(self.endpoint, self.query, self.root, page=number)

    def add(self, facet: FacetName, value: str) -> str:
        return self._values.add(facet, value)

    def remove(self, facet: FacetName, value: str) -> str:
        return self._values.remove(facet, value)

    def bare(self) -> str:
        return self.to(without_filters(self.query))

    def tab(self, endpoint: str) -> str:
        return to_url(endpoint, self.query, self.root, page=1)

    def export(self, endpoint: str) -> str:
        return to_url(endpoint, self.query, self.root, page=1)

    def article(self, article_id: str) -> str:
        return article_url(article_id, self.query, self.root)

    def only(self, facet: FacetName, value: str) -> str:
        """Every article of one place or person, whatever was asked before."""
        return to_url("search", add_value(Query(sort="newest"), facet, value), self.root)

    def official_statements(self, official: str) -> str:
        """Everything that one official said."""
        return to_url("statements", add_value(Query(sort="newest"), "official", official), self.root)

    def hidden(self, *leaving: str) -> list[tuple[str, str]]:
        """Names and values that a form must carry along so as to keep the question."""
        return [(name, value) for name, value in pairs(self.query) if name not in ("page", *leaving)]


@dataclass(frozen=True, slots=True)
class SearchView:
    """Everything around the hits of one page."""

    chips: tuple[Chip, ...]
    facets: tuple[FacetView, ...]
    months: Histogram | None
    numbers: tuple[PageNumber, ...]
    pages: int
    summary: str


def search_view(page: SearchPage, links: Links, name_of: Namer) -> SearchView:
    """What stands around the hits of `page`."""
    query = page.query
    countable = page.total if page.groups is None else page.groups
    pages = page_count(countable, query.size)
    facets = tuple(
        facet_view(page.facets[name], title, links)
        for name, title in FACET_TITLES.items()
        if name in page.facets and page.facets[name].values
    )
    months = histogram(page.facets["month"], query) if "month" in page.facets else None
    return SearchView(
        chips=chips(query, page.facets, links, name_of),
        facets=facets,
        months=months,
        numbers=page_numbers(query.page, pages, links),
        pages=pages,
        summary=summary(page),
    )


def summary(page: SearchPage) -> str:
    """One sentence that says what is counted."""
    statements = page.query.collection == "statements"
    what = f"{page.total:,} 段讲话" if statements else f"{page.total:,} 篇报道"
    verb = "找到" if page.query.q or page.query.filters != Query().filters else "共"
    sentence = f"{verb} {what}"
    if page.groups is not None:
        sentence += f"，合并为 {page.groups:,} {GROUP_UNITS[page.query.group]}"
    return sentence


def facet_view(facet: Facet, title: str, links: Links) -> FacetView:
    """`facet` with its chosen values first, so that they can always be lifted."""
    ordered = sorted(facet.values, key=lambda value: not value.selected)
    values = tuple(_value(facet.name, value, links) for value in ordered)
    can_grow = facet.other and links.query.facet_size < MORE_VALUES
    more = links.changed(facet_size=MORE_VALUES) if can_grow else ""
    return FacetView(
        facet.name, title, values[:SHOWN_VALUES], values[SHOWN_VALUES:], facet.missing, facet.other, more
    )


def _value(name: FacetName, value: FacetValue, links: Links) -> Value:
    change = links.remove if value.selected else links.add
    above = value.path.rpartition("/")[0].replace("/", " · ")
    return Value(value.label, above, value.count, value.selected, change(name, value.value))


def chips(query: Query, facets: dict[FacetName, Facet], links: Links, name_of: Namer) -> tuple[Chip, ...]:
    """The filters in force, in the order of the address."""
    out = []
    kinds: tuple[tuple[FacetName, str], ...] = (
        ("county", "地区"), ("official", "官员"), ("source", "来源"), ("month", "月份"),
    )  # fmt: skip
    for facet, kind in kinds:
        for value in getattr(query.filters, facet):
            label = _label(facet, value, facets, name_of)
            out.append(Chip(kind, label, links.remove(facet, value)))
    first, last = query.filters.first, query.filters.last
    if first or last:
        undated = replace(query, filters=replace(query.filters, first="", last=""), page=1)
        out.append(Chip("日期", f"{first or '最早'} 至 {last or '今'}", links.to(undated)))
    return tuple(out)


def _label(facet: FacetName, value: str, facets: dict[FacetName, Facet], name_of: Namer) -> str:
    if facet == "month":
        return f"{value[:4]}年{int(value[5:7])}月"
    for name, selection in SELECTION.items():
        if selection == facet and name in facets:
            for known in facets[name].values:
                if known.value == value:
                    return known.label
    return name_of(facet, value) or value


def page_numbers(current: int, pages: int, links: Links) -> tuple[PageNumber, ...]:
    """First, last and the pages around `current`, with gaps between; none for a single page."""
    if pages < 2:
        return ()
    near = range(max(1, current - AROUND), min(pages, current + AROUND) + 1)
    wanted: Sequence[int] = sorted({1, pages, *near})
    out: list[PageNumber] = []
    for number in wanted:
        before = out[-1].number if out else 0
        if number - before == 2:
            out.append(PageNumber(number - 1, links.page(number - 1), False))
        elif number - before > 2:
            out.append(PageNumber(0, "", False))
        out.append(PageNumber(number, links.page(number), number == current))
    return tuple(out)
