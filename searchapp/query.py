"""What a question is: a tree of clauses, filters, order and page. Nouns only.

The tree is ours and the same for every engine. A leaf carries everything that it may match
(`variants`, synonyms, expansions live INSIDE the leaf), so that NOT never leaks (law 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Where = Literal["any", "title", "text"]
FacetName = Literal["county", "official", "province", "city", "source", "month"]
Sort = Literal["relevance", "newest", "oldest"]
Match = Literal["auto", "all", "any"]
Group = Literal["none", "reprints", "county", "official"]
Collection = Literal["articles", "statements"]

FACETS: tuple[FacetName, ...] = ("county", "official", "province", "city", "source", "month")


@dataclass(frozen=True, slots=True)
class Words:
    """One word as typed (no white space): found by its meaning-bearing parts or as an exact run.

    `variants` are further spellings that count as the same word (synonyms), each matched by the
    same rule. `position` is where the word stands in the query text (code points).
    """

    text: str
    where: Where = "any"
    variants: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """An exact run of characters after normalising; white space is ignored on both sides."""

    text: str
    where: Where = "any"
    position: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """All `texts` as exact runs in one field with at most `distance_chars` characters (white
    space not counted) between the end of one and the start of the next, in any order."""

    texts: tuple[str, ...]
    distance_chars: int
    where: Where = "any"
    position: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word of the analyzer that begins with `text`, or (for Han text) the exact run `text`."""

    text: str
    where: Where = "any"
    position: int = 0


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """`text` or a near spelling / homophone of it; `variants` are filled in by `suggest`."""

    text: str
    where: Where = "any"
    variants: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class InFacet:
    """Articles whose facet holds one of `values`; `text` is what was typed (县:横峰县).

    `values` are filled in by `search` (county codes with all below them, official ids, sources);
    empty values match nothing.
    """

    facet: FacetName
    text: str
    values: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class InDates:
    """Articles dated `first`..`last` inclusive, ISO dates; "" is open. Undated never match."""

    first: str
    last: str
    text: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class And:
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Or:
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that `clause` does not match."""

    clause: Clause


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article: the empty query."""


Leaf: TypeAlias = Words | Phrase | Near | Prefix | Fuzzy | InFacet | InDates
Clause: TypeAlias = Leaf | And | Or | Not | Everything


@dataclass(frozen=True, slots=True)
class Filters:
    """Facet selections. Values of one facet are OR-ed, facets are AND-ed.

    `county` holds codes of 2, 4 or 6 digits; a shorter code selects all below it. The facets
    province, city and county are three views of the one selection `county`.
    `first`/`last` are ISO dates, inclusive, "" open.
    """

    county: tuple[str, ...] = ()
    official: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One question to an engine. `q` is what was typed, `clause` what it means; without `facets`
    nothing is counted but the total. `freshness`: half-life in days of what newer ones gain under
    sort="relevance", 0 for nothing."""

    q: str = ""
    clause: Clause = Everything()
    filters: Filters = Filters()
    match: Match = "auto"
    sort: Sort = "relevance"
    group: Group = "none"
    page: int = 1
    size: int = 10
    facet_size: int = 20
    exact: bool = False
    explain: bool = False
    collection: Collection = "articles"
    facets: bool = True
    freshness: int = 0
