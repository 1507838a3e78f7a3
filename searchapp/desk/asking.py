"""What does the desk ask of a searcher, and how is each of its questions put?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from searchapp.article import Article
from searchapp.query import Clause, Collection, FacetName, Filters, InFacet, Query
from searchapp.results import Facet, Hit, SearchPage
from searchapp.syntax import render


class Asking(Protocol):
    """The part of a searcher that the desk needs; raises EngineError when it cannot answer."""

    def search(self, query: Query) -> SearchPage: ...
    def every_hit(self, query: Query) -> Iterator[Hit]: ...
    def every_id(self, query: Query) -> Iterator[str]: ...
    def article(self, article_id: str) -> Article: ...
    def names(self, facet: FacetName, value: str) -> str: ...
    def words(self, text: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and the question whose total it is (law 3)."""

    number: int
    query: Query


@dataclass(frozen=True, slots=True)
class Counted:
    """A county or a person with a count; `path` for places."""

    value: str
    label: str
    count: Count
    path: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much was read for what cannot be counted: `read` of `total` articles, evenly spread
    over time when not all."""

    read: int
    total: int

    @property
    def whole(self) -> bool:
        return self.read >= self.total


def of_county(code: str, collection: Collection = "articles") -> Query:
    """Everything of a place (2, 4 or 6 digits), newest first."""
    return Query(filters=Filters(county=(code,)), sort="newest", collection=collection)


def of_officials(ids: Iterable[str], collection: Collection = "articles") -> Query:
    """Everything of any of these officials, newest first."""
    return Query(filters=Filters(official=tuple(ids)), sort="newest", collection=collection)


def naming(facet: FacetName, value: str) -> Query:
    """Articles that hold a value, asked in words: so the facet of that value counts the others too."""
    clause: Clause = InFacet(facet, value)
    return Query(q=render(clause), clause=clause, sort="newest")


def with_official(query: Query, official: str) -> Query:
    """`query` narrowed to one official."""
    return replace(query, filters=replace(query.filters, official=(official,)))


def with_county(query: Query, code: str) -> Query:
    """`query` narrowed to one place."""
    return replace(query, filters=replace(query.filters, county=(code,)))


def counted(facet: Facet, query: Query, most: int, without: str = "") -> tuple[Counted, ...]:
    """The most frequent values of a county or official facet that `query` gave, each with the
    question that choosing it asks."""
    narrow = with_official if facet.name == "official" else with_county
    values = [value for value in facet.values if value.count and value.value != without][:most]
    return tuple(
        Counted(value.value, value.label, Count(value.count, narrow(query, value.value)), value.path)
        for value in values
    )
