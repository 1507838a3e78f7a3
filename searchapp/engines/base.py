"""The one interface behind which an engine stands: what must any engine be able to do?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from searchapp.article import Article
from searchapp.query import Collection, FacetName, Query
from searchapp.results import EngineHit, Matches


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Facts of the live generation. `facet_values`: how many distinct values each facet has; `kernels`: in
    what the inner loops of a search run, "C" or "numpy"."""

    engine: str
    generation: str
    articles: int
    statements: int
    segments: int
    size_bytes: int
    first_day: str
    last_day: str
    facet_values: dict[FacetName, int]
    kernels: str = ""


class Reader(Protocol):
    """One immutable generation, open for reading. Safe between threads."""

    generation: str

    def search(self, query: Query) -> Matches:
        """Exact total and facets, and the hits of the page asked for."""
        ...

    def every_hit(self, query: Query) -> Iterator[EngineHit]:
        """All hits in the order of `search`, read one at a time."""
        ...

    def article(self, article_id: str) -> Article:
        """The stored article; raises ArticleNotFound."""
        ...

    def values(self, facet: FacetName, collection: Collection = "articles") -> list[tuple[str, str, int]]:
        """(value, label, number of articles) of every value of a facet."""
        ...

    def info(self) -> EngineInfo:
        """Facts of this generation."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
