"""Which articles are read when there are too many, and where in time does something begin and end?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from searchapp.article import Article
from searchapp.desk.asking import Asking, Reading
from searchapp.query import Query


@dataclass
class Sample:
    """Articles of one question in the order of time, undated ones last: all of them, or as many as
    were allowed, evenly spread, the first and the last among them. `read` maps the place in that
    order to the article."""

    searcher: Asking
    ids: list[str]
    read: dict[int, Article]

    @property
    def reading(self) -> Reading:
        return Reading(len(self.read), len(self.ids))

    @property
    def articles(self) -> list[Article]:
        """What was read, in the order of time."""
        return [self.read[place] for place in sorted(self.read)]

    def at(self, place: int) -> Article:
        """The article at `place`, read now if it was not."""
        if place not in self.read:
            self.read[place] = self.searcher.article(self.ids[place])
        return self.read[place]

    def sharpen(self, holds: Callable[[Article], bool]) -> None:
        """Read on where `holds` begins and where it ends, by halving the gap between the outermost
        article that holds it and the next one read outside; at most three times log2 of the gap
        articles a side. The neighbours of the middle are asked too, for not every article on a
        person says every office.

        Finds the true ends when of any three articles in a row between them one holds it.
        """
        places = sorted(self.read)
        inside = [place for place in places if holds(self.read[place])]
        if not inside:
            return
        for edge, outside in (
            (inside[0], max((place for place in places if place < inside[0]), default=inside[0])),
            (inside[-1], min((place for place in places if place > inside[-1]), default=inside[-1])),
        ):
            while abs(edge - outside) > 1:
                middle = (edge + outside) // 2
                near = [p for p in (middle, middle - 1, middle + 1) if abs(p - edge) + abs(p - outside) > 1]
                held = next((p for p in near if p != outside and holds(self.at(p))), None)
                if held is not None and held != edge:
                    edge = held
                else:
                    outside = middle


def sample(searcher: Asking, query: Query, most: int) -> Sample:
    """At most `most` of the articles that `query` finds."""
    ids = list(searcher.every_id(replace(query, sort="oldest")))
    found = Sample(searcher, ids, {})
    if ids:
        spread = np.linspace(0, len(ids) - 1, min(most, len(ids)))
        for place in np.unique(spread.round().astype(int)).tolist():
            found.at(place)
    return found
