"""A wording over time: who said it first, where, and how did it spread from county to county?"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from searchapp.desk.asking import Asking, Count, Counted, counted
from searchapp.desk.profiles import Activity
from searchapp.errors import QueryError
from searchapp.query import Collection, Filters, Phrase, Query
from searchapp.results import Hit
from searchapp.syntax import render

FIRST = 5
MOST_COUNTED = 15
# Counties are taken in the order in which they first say it; more than these are not followed.
MOST_COUNTIES = 300


@dataclass(frozen=True, slots=True)
class Arrival:
    """The first dated hit of a county, and how many it has in all."""

    code: str
    label: str
    day: str
    hit: Hit
    count: Count


@dataclass(frozen=True, slots=True)
class Step:
    """Counties that came in a month, and how many there were by its end."""

    month: str
    new: tuple[Arrival, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Track:
    """The way of a wording through one collection. `said` counts all that hold it, `first` are the
    earliest (reprints once); `counties` counts the counties that have it, of which `arrivals`
    follows those that are dated, at most MOST_COUNTIES."""

    words: str
    said: Count
    activity: Activity
    first: tuple[Hit, ...]
    counties: int
    arrivals: tuple[Arrival, ...]
    steps: tuple[Step, ...]
    top_counties: tuple[Counted, ...]
    top_officials: tuple[Counted, ...]
    undated: int


def track(
    searcher: Asking, words: str, collection: Collection = "statements", filters: Filters | None = None
) -> Track:
    """The track of `words` as an exact run, within `filters` when there are some.

    Raises QueryError when `words` holds nothing but white space and quotation marks.
    """
    bare = words.strip().strip("“”\"'「」『』").strip()
    if not bare:
        raise QueryError("没有给出要追踪的提法", hint="例如 q=项目为王", code="bad_parameter")
    clause = Phrase(bare)
    within = filters or Filters()
    # No looser match and no other spelling: the counts are of these words.
    query = Query(render(clause), clause, within, "all", "oldest", collection=collection, exact=True)
    page = searcher.search(replace(query, size=0, facet_size=MOST_COUNTED))
    # One of each text: what others reprinted is said once.
    first = searcher.search(replace(query, group="reprints", size=FIRST, facet_size=1))
    arrivals = _arrivals(searcher, query)
    return Track(
        words=bare,
        said=Count(page.total, query),
        activity=Activity(page.facets["month"], query),
        first=tuple(hit for hit in first.hits if hit.date),
        counties=_counties(searcher, query),
        arrivals=arrivals,
        steps=_steps(arrivals),
        top_counties=counted(page.facets["county"], query, MOST_COUNTED),
        top_officials=counted(page.facets["official"], query, MOST_COUNTED),
        undated=page.facets["month"].missing,
    )


def _counties(searcher: Asking, query: Query) -> int:
    facet = searcher.search(replace(query, size=0, facet_size=100_000)).facets["county"]
    return sum(value.count > 0 for value in facet.values)


def _arrivals(searcher: Asking, query: Query) -> tuple[Arrival, ...]:
    """Each county's first hit, the earliest county first."""
    grouped = searcher.search(replace(query, group="county", size=MOST_COUNTIES, facet_size=0))
    arrivals = []
    for hit in grouped.hits:
        if hit.group and hit.date:
            filters = replace(query.filters, county=(hit.group,))
            count = Count(hit.same + 1, replace(query, filters=filters))
            arrivals.append(Arrival(hit.group, searcher.names("county", hit.group), hit.date, hit, count))
    return tuple(arrivals)


def _steps(arrivals: Sequence[Arrival]) -> tuple[Step, ...]:
    """One step for each month in which counties came."""
    steps: list[Step] = []
    total = 0
    for month, group in itertools.groupby(arrivals, key=lambda arrival: arrival.day[:7]):
        new = tuple(group)
        total += len(new)
        steps.append(Step(month, new, total))
    return tuple(steps)
