"""Who is in the index at all: every official by name and by place, counted once a generation."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from searchapp.desk.asking import Asking
from searchapp.query import Query

EVERY_VALUE = 10_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One official with the number of articles and of statements; `label` as facets show it."""

    id: str
    label: str
    articles: int
    statements: int

    @property
    def name(self) -> str:
        return self.id.rpartition("@")[0]

    @property
    def code(self) -> str:
        return self.id.rpartition("@")[2]


class Roster:
    """All officials of one generation, those in most articles first."""

    def __init__(self, people: list[Listed]) -> None:
        self.by_id = {person.id: person for person in people}
        self._by_name: dict[str, list[Listed]] = defaultdict(list)
        self._by_code: dict[str, list[Listed]] = defaultdict(list)
        for person in people:
            self._by_name[person.name].append(person)
            self._by_code[person.code].append(person)

    def named(self, name: str) -> list[Listed]:
        """Everybody of that name, wherever."""
        return self._by_name.get(name, [])

    def at(self, code: str) -> list[Listed]:
        """Everybody who holds an office of the place itself."""
        return self._by_code.get(code, [])


_kept: WeakKeyDictionary[Asking, tuple[str, Roster]] = WeakKeyDictionary()
_lock = threading.Lock()


def roster_of(searcher: Asking) -> Roster:
    """The roster of the live generation; read once (0.1 s for 12,000 officials), then kept."""
    generation = searcher.search(Query(size=0, facet_size=0, facets=False)).generation
    with _lock:
        kept = _kept.get(searcher)
        if kept is None or kept[0] != generation:
            kept = _kept[searcher] = generation, _read(searcher)
        return kept[1]


def _read(searcher: Asking) -> Roster:
    everything = Query(size=0, facet_size=EVERY_VALUE)
    articles = searcher.search(everything).facets["official"]
    spoken = searcher.search(Query(size=0, facet_size=EVERY_VALUE, collection="statements"))
    statements = {value.value: value.count for value in spoken.facets["official"].values}
    return Roster([
        Listed(value.value, value.label, value.count, statements.get(value.value, 0))
        for value in articles.values
    ])  # fmt: skip
