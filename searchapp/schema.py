"""What an index holds for each article: fields, facets and the record that a writer takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from searchapp.query import FACETS, Collection, FacetName

WordField = Literal["title", "text"]
WORD_FIELDS: tuple[WordField, ...] = ("title", "text")
COLLECTIONS: tuple[Collection, ...] = ("articles", "statements")
FORMAT_VERSION = 3
# The editor's file that a generation was built with, copied into its folder.
ALIASES_FILE = "aliases.toml"

__all__ = ["ALIASES_FILE", "COLLECTIONS", "FACETS", "FORMAT_VERSION", "WORD_FIELDS", "Record", "WordField"]


@dataclass(frozen=True, slots=True)
class Record:
    """One searchable unit, an article or a statement, as every engine takes it.

    `date` is ISO or ""; `facets` holds the values of each facet, distinct, in text order;
    `labels` what a person sees for a value where the value does not say it (official ids);
    `stored` comes back unchanged with a hit; `digest` (16 bytes) tells whether the unit changed;
    `parent` is the id of the article that a statement belongs to.
    """

    id: str
    title: str
    text: str
    date: str
    facets: dict[FacetName, tuple[str, ...]]
    stored: bytes
    digest: bytes = bytes(16)
    labels: dict[str, str] = field(default_factory=dict)
    parent: str = ""
