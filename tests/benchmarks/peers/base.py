"""What every measured engine must be able to do, and what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

FACETS = ("county", "official", "province", "city", "source", "month")
PLACES = ("county", "city", "province")
FACET_SIZE = 20
MOST_MONTHS = 1200
TOP = 10


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `words` must all match; a quoted one is a single exact run.

    `facet`/`value` is a chosen facet value ("" = none). What is wanted: always the exact total and
    the ten best; with `facets` all six facets with the 20 largest values each (months: all), a
    place selection not narrowing the three place facets; with `page` also the stored articles of
    the ten and marked snippets of each.
    """

    kind: str
    words: tuple[str, ...]
    quoted: bool = False
    facet: str = ""
    value: str = ""
    facets: bool = False
    page: bool = False

    @property
    def text(self) -> str:
        """The question as one types it into searchapp."""
        return f'"{self.words[0]}"' if self.quoted else " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Answer:
    """`facets`: facet -> value -> number of articles, as listed; `snippets` of the page, in order."""

    total: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    snippets: tuple[str, ...] = ()


class Peer(Protocol):
    """One engine. `build` runs in a process of its own, `answer` in the measuring process."""

    name: str

    def build(self, articles: Path, folder: Path, workers: int) -> None:
        """Index the JSON lines of `articles` into the empty `folder`."""
        ...

    def open(self, folder: Path) -> None:
        """Open for asking."""
        ...

    def answer(self, ask: Ask) -> Answer:
        """From the typed words to everything that the ask wants."""
        ...

    def forget(self) -> None:
        """Drop kept results (not opened data), so that no answer comes from an earlier one."""
        ...
