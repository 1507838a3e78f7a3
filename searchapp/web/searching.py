"""What does the web ask of a searcher? `search.Searcher` is one; tests bring a small one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from searchapp.article import Article
from searchapp.errors import EngineError
from searchapp.query import FacetName, Query
from searchapp.results import Hit, Mark, SearchPage


class Completion(Protocol):
    """One offer of the search box. `kind` is county, official, title or phrase; `text` goes into
    the box, `value` is the code or id it stands for (or ""), `label` is shown, `count` is how many
    articles it is named in."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def count(self) -> int: ...


class IndexInfo(Protocol):
    """Facts of the live index that pages and health checks show."""

    @property
    def generation(self) -> str: ...
    @property
    def articles(self) -> int: ...
    @property
    def sample(self) -> bool: ...


class Searching(Protocol):
    """Answers questions about the live index; raises EngineError when it cannot."""

    def search(self, query: Query) -> SearchPage: ...
    def every_hit(self, query: Query) -> Iterator[Hit]: ...
    def every_id(self, query: Query) -> Iterator[str]: ...
    def article(self, article_id: str) -> Article: ...
    def complete(self, text: str, limit: int) -> Sequence[Completion]: ...
    def generation(self) -> str: ...
    def info(self) -> IndexInfo: ...
    def marks(self, article: Article, query: Query) -> tuple[Sequence[Mark], Sequence[Mark]]: ...
    def names(self, facet: FacetName, value: str) -> str: ...
    def words(self, text: str) -> list[str]: ...


class Opener:
    """A searcher that is opened at the first question, and again as long as that fails.

    So a server can start before there is an index: until then every question is an EngineError.
    """

    def __init__(self, source: Searching | Callable[[], Searching]) -> None:
        self._source = source
        self._searcher: Searching | None = None if callable(source) else source

    def __call__(self) -> Searching:
        """The searcher; raises EngineError while it cannot be opened."""
        if self._searcher is None:
            if not callable(self._source):
                raise EngineError("no searcher")
            self._searcher = self._source()
        return self._searcher
