"""Pages that were asked for before: which are still held?

Pages belong to one generation; with the next one all are let go. A held page has no article
texts, about 10 kB.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from searchapp.query import Query
from searchapp.results import SearchPage

PAGES_HELD = 1000


class HeldPages:
    """The PAGES_HELD pages used last, of the generation seen last. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = ""
        self._pages: OrderedDict[Query, SearchPage] = OrderedDict()

    def get(self, query: Query, generation: str) -> SearchPage | None:
        """The page of `query` in `generation`, if it is held."""
        with self._lock:
            if generation != self._generation:
                return None
            page = self._pages.get(query)
            if page is not None:
                self._pages.move_to_end(query)
            return page

    def hold(self, query: Query, page: SearchPage) -> None:
        """Hold a page, and let the one go that was unused longest."""
        with self._lock:
            if page.generation != self._generation:
                self._pages.clear()
                self._generation = page.generation
            self._pages[query] = page
            while len(self._pages) > PAGES_HELD:
                self._pages.popitem(last=False)

    def clear(self) -> None:
        """Let all go."""
        with self._lock:
            self._pages.clear()
