"""What a query must answer, found by reading every article: no index, no cleverness.

Written from `searchapp.query` and the contract, in Python strings and sets, so that it can
disagree with an engine. It gives totals, ids and facet counts; scores and relaxing are the
engine's business (match="auto" is answered as "all").
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from searchapp.analysis.normalise import is_han, normalise, squeeze
from searchapp.analysis.words import FUNCTION_CHARACTERS
from searchapp.article import Article
from searchapp.query import (
    FACETS,
    And,
    Clause,
    Everything,
    FacetName,
    Filters,
    Fuzzy,
    InDates,
    InFacet,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Where,
    Words,
)

PLACE_FACETS: tuple[FacetName, ...] = ("county", "city", "province")


class Cutter(Protocol):
    """`searchapp.analysis.words.WordCutter`, or a stand-in; hashable."""

    def __hash__(self) -> int: ...

    def cut(self, text: str) -> list[str]: ...

    def cut_query(self, word: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class OracleAnswer:
    """`ids` are in order when the query sorts by date (ties in the order of the articles, undated
    last), else in the order of the articles: compare as sets. `facets` hold every value with its
    count, `missing` the articles counted for that facet that have no value."""

    total: int
    ids: tuple[str, ...]
    facets: dict[FacetName, dict[str, int]]
    missing: dict[FacetName, int]


def matches(article: Article, clause: Clause, cutter: Cutter) -> bool:
    """Whether `article` is one of those that `clause` asks for."""
    match clause:
        case Everything():
            return True
        case And(parts):
            return all(matches(article, part, cutter) for part in parts)
        case Or(parts):
            return any(matches(article, part, cutter) for part in parts)
        case Not(part):
            return not matches(article, part, cutter)
        case Words(text, where, variants):
            return any(_holds_word(article, form, where, cutter) for form in (text, *variants))
        case Fuzzy(text, where, variants):
            return any(_holds_run(article, form, where) for form in (text, *variants))
        case Phrase(text, where):
            return _holds_run(article, text, where)
        case Near():
            return any(_near(field, clause) for field in _fields(article, clause.where))
        case Prefix(text, where):
            return _holds_prefix(article, text, where, cutter)
        case InFacet(facet, _, values):
            return any(_holds_value(article, facet, value) for value in values)
        case InDates(first, last):
            return in_dates(article, first, last)


def matches_any(article: Article, clause: Clause, cutter: Cutter) -> bool:
    """match=any: one of the words of the top level, whole or in a part of it; all that is not a
    plain word (phrases, exclusions, groups, fields) is required as it is."""
    parts = clause.clauses if isinstance(clause, And) else (clause,)
    words = [part for part in parts if isinstance(part, Words)]
    required = all(matches(article, part, cutter) for part in parts if not isinstance(part, Words))
    return required and (not words or any(_holds_any_part(article, word, cutter) for word in words))


def run(articles: Sequence[Article], query: Query, cutter: Cutter) -> OracleAnswer:
    """The answer to `query` over all of `articles` (ids are distinct)."""
    holds: Callable[[Article, Clause, Cutter], bool] = matches_any if query.match == "any" else matches
    filters = query.filters
    base = [
        article
        for article in articles
        if in_dates(article, filters.first, filters.last) and holds(article, query.clause, cutter)
    ]
    found = [article for article in base if selected(article, filters)]
    facets: dict[FacetName, dict[str, int]] = {}
    missing: dict[FacetName, int] = {}
    for facet in FACETS:
        counted = [article for article in base if selected(article, without(filters, facet))]
        values = [facet_values(article, facet) for article in counted]
        facets[facet] = dict(Counter(value for held in values for value in held))
        missing[facet] = sum(not held for held in values)
    return OracleAnswer(len(found), tuple(a.id for a in _ordered(found, query.sort)), facets, missing)


def facet_values(article: Article, facet: FacetName) -> frozenset[str]:
    """The distinct values of one facet that `article` is counted under."""
    if facet == "official":
        return frozenset(official.id for official in article.officials)
    if facet == "source":
        return frozenset({article.source} - {""})
    if facet == "month":
        return frozenset({article.date[:7]} if len(article.date) >= 7 else ())
    places = [place for place in article.places if place.code != "?"]
    if facet == "county":
        return frozenset(place.code for place in places if place.level == "county")
    chars = 4 if facet == "city" else 2
    return frozenset(place.code[:chars] for place in places if len(place.code) >= chars)


def selected(article: Article, filters: Filters) -> bool:
    """Whether `article` is in every facet selection: one value of each facet that has any."""
    selections: tuple[tuple[FacetName, tuple[str, ...]], ...] = (
        ("county", filters.county),
        ("official", filters.official),
        ("source", filters.source),
        ("month", filters.month),
    )
    return all(
        any(_holds_value(article, facet, value) for value in values) for facet, values in selections if values
    )


def without(filters: Filters, facet: FacetName) -> Filters:
    """`filters` without the selection that `facet` belongs to."""
    if facet in PLACE_FACETS:
        return replace(filters, county=())
    if facet == "official":
        return replace(filters, official=())
    return replace(filters, source=()) if facet == "source" else replace(filters, month=())


def in_dates(article: Article, first: str, last: str) -> bool:
    """Whether `article` is dated in the range; an open range holds the undated too."""
    if not first and not last:
        return True
    dated = len(article.date) == 10
    return dated and (not first or first <= article.date) and (not last or article.date <= last)


def _holds_value(article: Article, facet: FacetName, value: str) -> bool:
    if facet in PLACE_FACETS:
        # A code of any length selects all below it; the facets are three views of one selection.
        return any(value in facet_values(article, level) for level in PLACE_FACETS)
    return value in facet_values(article, facet)


def _fields(article: Article, where: Where) -> tuple[str, ...]:
    """The searched fields, squeezed."""
    title, text = _squeezed(article.title), _squeezed(article.text)
    return (title, text) if where == "any" else (title,) if where == "title" else (text,)


@functools.lru_cache(maxsize=20_000)
def _squeezed(text: str) -> str:
    return squeeze(text)


@functools.lru_cache(maxsize=20_000)
def _index_words(cutter: Cutter, text: str) -> frozenset[str]:
    return frozenset(cutter.cut(text))


def _holds_run(article: Article, text: str, where: Where) -> bool:
    return any(squeeze(text) in field for field in _fields(article, where))


def _holds_word(article: Article, text: str, where: Where, cutter: Cutter) -> bool:
    """As a run, or all its parts as runs, one in the title and another in the text if need be."""
    if _holds_run(article, text, where):
        return True
    parts = cutter.cut_query(text)
    return bool(parts) and all(_holds_run(article, part, where) for part in parts)


def _holds_any_part(article: Article, word: Words, cutter: Cutter) -> bool:
    return matches(article, word, cutter) or any(
        _holds_run(article, part, word.where)
        for form in (word.text, *word.variants)
        for part in (*_any_parts(form, cutter), *(cut for cut in cutter.cut(form) if len(cut) > 1))
        if part not in FUNCTION_CHARACTERS
    )


def _any_parts(form: str, cutter: Cutter) -> Iterator[str]:
    """The parts of a query word; of one without an index word inside it also each two characters."""
    for part in cutter.cut_query(form):
        yield part
        if all(len(cut) == 1 or cut == part for cut in cutter.cut(part)):
            yield from (
                first + second for first, second in itertools.pairwise(part) if (first + second).isalnum()
            )


def _holds_prefix(article: Article, text: str, where: Where, cutter: Cutter) -> bool:
    prefix = normalise(text).strip()
    if any(map(is_han, prefix)):
        return _holds_run(article, text, where)
    fields = (article.title, article.text) if where == "any" else (getattr(article, where),)
    return any(word.startswith(prefix) for field in fields for word in _index_words(cutter, field))


def _near(field: str, near: Near) -> bool:
    """Whether one place of each run can be chosen so that, read in order, each begins at most
    `distance_chars` after the furthest end of those before it (they may overlap)."""
    runs = [squeeze(text) for text in near.texts]
    places = sorted((start, number) for number, text in enumerate(runs) for start in _starts(field, text))
    chains: set[tuple[frozenset[int], int]] = set()
    for start, number in places:
        chains = {(used, end) for used, end in chains if start - end <= near.distance_chars}
        end_here = start + len(runs[number])
        longer = {(used | {number}, max(end, end_here)) for used, end in chains if number not in used}
        chains |= longer | {(frozenset({number}), end_here)}
        if any(len(used) == len(runs) for used, _ in chains):
            return True
    return False


def _starts(field: str, text: str) -> list[int]:
    return [start for start in range(len(field) - len(text) + 1) if field.startswith(text, start)]


def _ordered(articles: Iterable[Article], sort: str) -> list[Article]:
    if sort == "relevance":
        return list(articles)
    dated = [article for article in articles if article.date]
    undated = [article for article in articles if not article.date]
    return sorted(dated, key=lambda article: article.date, reverse=sort == "newest") + undated
