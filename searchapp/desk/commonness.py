"""Which wording is anybody's? Measured: in how many counties do officials say it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from searchapp.desk.asking import Asking
from searchapp.query import Phrase, Query
from searchapp.syntax import render

# Said in this share of all counties with statements (and in this many) a wording is nobody's own.
# Measured on 45,500 statements of 139,408 articles, 532 counties: 高质量发展 61 counties, 乡村振兴 35,
# 营商环境 17, 贯彻落实 13; 党的二十大精神 7, 改革开放 2, 项目为王 0.
BOILERPLATE_SHARE = 0.02
BOILERPLATE_COUNTIES = 5
EVERY_VALUE = 100_000


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a wording goes: counties whose officials say it, statements that hold it."""

    words: str
    counties: int
    statements: int
    query: Query


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What was measured, the limit in counties, and which words reach it."""

    least_counties: int
    spreads: tuple[Spread, ...]

    def common(self, words: str) -> bool:
        """Whether these words were measured and are said in as many counties as the limit."""
        return any(spread.words == words and self.reached(spread) for spread in self.spreads)

    def reached(self, spread: Spread) -> bool:
        """Whether a measured wording is boilerplate."""
        return spread.counties >= self.least_counties


def saying(words: str) -> Query:
    """Statements that hold exactly these words, newest first."""
    clause = Phrase(words)
    return Query(render(clause), clause, match="all", sort="newest", exact=True, collection="statements")


def measure(searcher: Asking, wordings: Iterable[str]) -> Boilerplate:
    """The spread of each wording over the counties of all statements; one search each."""
    everything = Query(size=0, facet_size=EVERY_VALUE, collection="statements")
    counties = _counties(searcher, everything)
    limit = max(BOILERPLATE_COUNTIES, round(BOILERPLATE_SHARE * counties))
    return Boilerplate(limit, tuple(spread_of(searcher, words) for words in wordings))


def spread_of(searcher: Asking, words: str) -> Spread:
    """How far one wording goes."""
    query = saying(words)
    page = searcher.search(replace(query, size=0, facet_size=EVERY_VALUE))
    counties = sum(value.count > 0 for value in page.facets["county"].values)
    return Spread(words, counties, page.total, query)


def _counties(searcher: Asking, query: Query) -> int:
    return sum(value.count > 0 for value in searcher.search(query).facets["county"].values)
