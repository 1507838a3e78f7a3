"""searchapp itself, through its own `Searcher`, as the web page and the API use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from peers.base import FACET_SIZE, PLACES, TOP, Answer, Ask
from searchapp.config import Settings
from searchapp.engines.whoosh.counting import Selection, all_facets
from searchapp.query import Filters, Query
from searchapp.results import Facet
from searchapp.search import Searcher
from searchapp.syntax import parse


class Ours:
    """The embedded engine with everything on."""

    name = "searchapp"

    def build(self, articles: Path, folder: Path, workers: int) -> None:
        command = [sys.executable, "-m", "searchapp.cli", "reindex", str(articles)]
        subprocess.run([*command, "--index", str(folder), "--workers", str(workers), "--json"], check=True)

    def open(self, folder: Path) -> None:
        self._searcher = Searcher(Settings(index=folder))

    def answer(self, ask: Ask) -> Answer:
        query = self._query(ask)
        if not ask.page:
            return self._ranked(query, ask.facets)
        page = self._searcher.search(query)
        facets = {name: _counts(facet) for name, facet in page.facets.items()}
        return Answer(page.total, facets, tuple(s.text for hit in page.hits for s in hit.snippets))

    def _query(self, ask: Ask) -> Query:
        """No synonyms: the peers have none."""
        filters = Filters()
        if ask.facet:
            filters = Filters(**{"county" if ask.facet in PLACES else ask.facet: (ask.value,)})
        clause = parse(ask.text)
        return Query(ask.text, clause, filters, match="all", size=TOP, facet_size=FACET_SIZE, exact=True)

    def _ranked(self, query: Query, with_facets: bool) -> Answer:
        """Total, the ten best records, facets where asked for: a page without fetching and snippets,
        step for step as `WhooshReader.search` does it."""
        live = self._searcher.live()
        side = live.reader._of("articles")
        base, _, _ = side.base(self._searcher.resolve(live, query))
        selection = Selection(side.matcher, query.filters)
        records = selection.apply(base)
        side.order(query, records, TOP)
        if not with_facets:
            return Answer(len(records))
        facets = all_facets(side.matcher, selection, base, records, FACET_SIZE)
        return Answer(len(records), {name: _counts(facet) for name, facet in facets.items()})

    def forget(self) -> None:
        """Drop kept pages and runs."""
        self._searcher._pages.clear()
        live = self._searcher.live()
        for side in (live.reader._articles, live.reader._statements):
            side.matcher.cache.forget()


def _counts(facet: Facet) -> dict[str, int]:
    """The largest values; selected ones that are listed after them are left out."""
    values = facet.values if facet.name == "month" else facet.values[:FACET_SIZE]
    return {value.value: value.count for value in values if value.count}
