"""What comes back: the one page object that HTML, JSON, export and command line are made from.

`marks` are half-open code-point ranges into the text beside them; HTML is made from
(text, marks) by `markup` and nowhere else.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from searchapp.article import Article, Official, Place, Statement
from searchapp.query import FacetName, Query

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of the original text; `start` is where it stands in it."""

    text: str
    marks: tuple[Mark, ...]
    start: int = 0


class FacetValue(NamedTuple):
    """One value of a facet. `count` = articles that choosing it gives. `path` for places.

    A page has up to three hundred of them, and a tuple is made in a third of the time.
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks of a facet value
    selected: bool = False
    path: str = ""


def facet_values(rows: Iterable[tuple[str, str, int, bool, str]]) -> tuple[FacetValue, ...]:
    """The FacetValue of each row of its five fields. Made without a call of Python for each: the 131 of a
    page in 25 microseconds for 44."""
    return tuple(map(_FACET_VALUE, rows))


# What FacetValue._make does, but in C alone.
_FACET_VALUE = functools.partial(tuple.__new__, FacetValue)


@dataclass(frozen=True, slots=True)
class Facet:
    """`missing` = matching articles with no value; `other` = articles counted under values
    that are not listed (sum of their counts)."""

    name: FacetName
    values: tuple[FacetValue, ...] = ()
    missing: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a hit's score, for "why this hit"."""

    term: str
    where: str
    reason: str
    score: float
    frequency: int = 0


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A hit as the engine gives it: the stored article (of a hit that is an article only with its
    counties and officials, without mentions and statements) and its score.

    `statement` is the index into `article.statements` when statements were searched.
    `same` = how many further hits the group of this hit holds (group=reprints/county/official).
    """

    article: Article
    score: float
    statement: int | None = None
    same: int = 0
    group: str = ""
    explain: tuple[ScorePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Lit:
    """The squeezed strings that a query may have matched, longest first: what to mark in a `text` and
    in a `title`. `together` are the parts of one synonym each, which are marked only where all of them
    stand: who asks for 乡村振兴 sees no 工作 marked because 三农工作 is a synonym."""

    text: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """What an engine answers. `total` and every count are exact. `groups` counts groups when the
    query asks for grouping. `relaxed` is True when match=auto found nothing that holds all words."""

    total: int
    hits: tuple[EngineHit, ...]
    facets: dict[FacetName, Facet]
    relaxed: bool = False
    groups: int | None = None
    lit: Lit = Lit()


class Hit(NamedTuple):
    """One line of the page. `opening`: the first words of the text of an article without a title.

    A tuple, which is made in a fifth of the time of a frozen dataclass of so many fields.
    """

    id: str
    title: str
    title_marks: tuple[Mark, ...]
    date: str
    source: str
    url: str
    score: float
    snippets: tuple[Snippet, ...]
    counties: tuple[Place, ...]
    officials: tuple[Official, ...]
    statement: Statement | None = None
    statement_text: str = ""
    statement_marks: tuple[Mark, ...] = ()
    same: int = 0
    group: str = ""
    explain: tuple[ScorePart, ...] = ()
    opening: str = ""

    @property
    def heading(self) -> str:
        """What a person reads for the article: its title, or how its text begins when it has none."""
        return self.title or self.opening or "（无标题）"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An offer beside the results. `kind`: "spelling", "homophone", "without_filters", …
    `used` is True when nothing else matched and the answer is for `q` instead."""

    kind: str
    q: str
    label: str
    count: int | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Everything one page of results shows."""

    query: Query
    understood: str
    total: int
    hits: tuple[Hit, ...]
    facets: dict[FacetName, Facet]
    relaxed: bool = False
    groups: int | None = None
    suggestions: tuple[Suggestion, ...] = ()
    took_ms: float = 0.0
    generation: str = ""
    sample: bool = False
    notes: tuple[str, ...] = field(default=())
