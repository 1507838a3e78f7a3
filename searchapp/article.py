"""What an article is, and what it says about whom. Nouns only: no I/O, no third party.

All offsets are code-point offsets into the ORIGINAL title or text, half open: `text[start:end]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Field = Literal["title", "text"]
Kind = Literal["direct", "indirect"]
Level = Literal["country", "province", "city", "county", "town"]
SpeakerBy = Literal["named", "pronoun", "carried"]


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in the article where a county or an official is named (`article.<field>[start:end]`)."""

    field: Field
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """A division that the article names, once per article.

    `code` is GB/T 2260 cut to its level: province 2 digits, city 4, county 6 ("361125").
    A name that stands for several places and is not resolved by its context has code "?" and its
    possible codes in `candidates`; it is shown as ambiguous and never counted as one of them.
    `path` is "江西省/上饶市/横峰县".
    """

    code: str
    label: str
    path: str
    level: Level
    mentions: tuple[Mention, ...] = ()
    candidates: tuple[str, ...] = ()

    @property
    def is_county(self) -> bool:
        return self.level == "county" and self.code != "?"


@dataclass(frozen=True, slots=True)
class Office:
    """One office as the text names it, without the place: "县委书记". `former` = 原, 时任, 前."""

    title: str
    former: bool = False


@dataclass(frozen=True, slots=True)
class Official:
    """A named person holding a public office in this article, once per article.

    `id` is `name@code`, `code` the division whose office it is ("361125"), "00" for the centre,
    "?" when the text does not say. `place` is the path of that division ("" when unknown).
    """

    id: str
    name: str
    code: str
    place: str
    offices: tuple[Office, ...]
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One contiguous stretch of reported speech of one official: `article.text[start:end]`.

    The span covers the said words, without the quotation marks and without "X说，".
    `verb` is the reporting verb ("表示"; "" when the speaker is carried over from the paragraph
    before), `speaker_by` how the speaker is known, `event_date` the day of the event as ISO date
    """

    official: str
    name: str
    offices: tuple[str, ...]
    code: str
    span: Span
    kind: Kind
    verb: str
    speaker_by: SpeakerBy = "named"
    event_date: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One document. `date` is ISO ("2022-12-15", or "" when unknown)."""

    id: str
    title: str
    text: str
    date: str = ""
    source: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    officials: tuple[Official, ...] = ()
    statements: tuple[Statement, ...] = ()

    @property
    def counties(self) -> tuple[Place, ...]:
        """The county-level divisions among `places`, unresolved names left out."""
        return tuple(place for place in self.places if place.is_county)
