"""Every error that searchapp raises on purpose.

SearchAppError
├── ConfigError          a setting that cannot be used
├── CorpusError          a record that cannot be read, named as path:line
├── QueryError           a query that cannot be understood, with position and hint   (web: 400)
├── ArticleNotFound      no article, county or official of that id                  (web: 404)
└── EngineError          the index cannot answer                                    (web: 503)
    ├── IndexMissing     there is no index yet
    ├── IndexStale       the index was built by another analyzer, dictionary or format
    ├── IndexLocked      another process is writing
    ├── IndexDamaged     a file of the index does not hold what its manifest says
    └── EngineUnavailable
"""

from __future__ import annotations


class SearchAppError(Exception):
    """Base of all errors of searchapp; its text is one line for a person."""


class ConfigError(SearchAppError):
    """A setting that cannot be used."""


class CorpusError(SearchAppError):
    """A record that cannot be read. `str()` is `path:line: reason`."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class QueryError(SearchAppError):
    """A query or parameter that cannot be understood.

    `position` is a code-point offset into the query text (None when the fault is in another
    parameter), `hint` says what would be understood, `code` is the machine-readable kind.
    """

    def __init__(
        self, message: str, position: int | None = None, hint: str = "", code: str = "bad_query"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.hint = hint
        self.code = code


class ArticleNotFound(SearchAppError):
    """No article, county or official of that id in the live index."""


class EngineError(SearchAppError):
    """The index cannot answer."""


class IndexMissing(EngineError):
    """There is no index yet."""


class IndexStale(EngineError):
    """The index was built by another analyzer, dictionary, gazetteer or format."""


class IndexLocked(EngineError):
    """Another process is writing to the index."""


class IndexDamaged(EngineError):
    """A file of the index does not hold what its manifest says."""


class EngineUnavailable(EngineError):
    """The engine does not answer."""
