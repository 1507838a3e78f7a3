"""Exact facet counts: how many of the matching records hold each value?

A facet's own counts ignore its own selection; province, city and county are three views of one
selection, so all three ignore it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.kernels.in_numpy import listed
from searchapp.engines.whoosh.matching import Matcher, Records
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.engines.whoosh.snapshot import TOGETHER, Column, Mask, Snapshot
from searchapp.query import FACETS, FacetName, Filters
from searchapp.results import Facet, facet_values

SELECTION: dict[FacetName, str] = {
    "county": "county", "city": "county", "province": "county",
    "official": "official", "source": "source", "month": "month",
}  # fmt: skip
# In numpy, below this share of all records all facets are counted at once by sorting their values, above
# it value by value: at 139,408 records 1,000 take 0.07 and 0.26 ms, 8,000 take 0.50 and 0.63. In C all are
# counted at once, however many records there are: 6,600 take 0.13 ms.
FEW_SHARE = 0.06
# Every month is listed, so that the histogram has no holes; a century of months.
MOST_MONTHS = 1200


class Selection:
    """The facet selections of a query as masks, one for each of county, official, source, month."""

    def __init__(self, matcher: Matcher, filters: Filters) -> None:
        self._masks: dict[str, Mask] = {}
        chosen: dict[FacetName, tuple[str, ...]] = {
            "county": filters.county,
            "official": filters.official,
            "source": filters.source,
            "month": filters.month,
        }
        self.chosen = {name: values for name, values in chosen.items() if values}
        for name, values in self.chosen.items():
            self._masks[name] = matcher.in_facet(name, values)

    def apply(self, base: Records, without: str = "") -> Records:
        """The records of `base` that every selection but `without` holds."""
        for name, mask in self._masks.items():
            if name != without:
                base = base[mask[base]]
        return base

    def counted(self, base: Records, total: Records) -> list[tuple[Records, tuple[FacetName, ...]]]:
        """The records over which facets are counted, and which: those with a selection of their own
        over the records of all others."""
        groups = [(self.apply(base, own), _of_selection(own)) for own in self._masks]
        rest = tuple(name for name in FACETS if SELECTION[name] not in self._masks)
        return [*groups, (total, rest)] if rest else groups

    def values(self, facet: FacetName) -> tuple[str, ...]:
        """The selected values that belong to `facet` itself (codes of its own length)."""
        chosen = self.chosen.get(SELECTION[facet], ())  # type: ignore[call-overload]
        if SELECTION[facet] != "county":
            return tuple(chosen)
        length = {"province": 2, "city": 4, "county": 6}[facet]
        return tuple(value for value in chosen if len(value) == length)


class Counts(NamedTuple):
    """Of one facet: how many records hold each value, the numbers of the values to list with how many hold
    each, the sum over all values, and how many records hold none."""

    every: U32
    numbers: list[int]
    counts: list[int]
    sum: int
    missing: int

    def count(self, number: int | None) -> int:
        """How many records hold value `number`; None is one that the index does not hold."""
        return 0 if number is None else int(self.every[number])


def _most_of(name: FacetName, size: int) -> int:
    """How many values of a facet are listed, as `kernels.count_facets` is told: of months, which are in order
    of time, the newest."""
    return -MOST_MONTHS if name == "month" else size


def _of_selection(own: str) -> tuple[FacetName, ...]:
    return tuple(name for name in FACETS if SELECTION[name] == own)


def count_apart(
    snapshot: Snapshot, records: Records, names: Sequence[FacetName], size: int
) -> dict[FacetName, Counts]:
    """Count the values of the facets `names` among the sorted `records`, however many."""
    among = snapshot.mask(records)
    found: dict[FacetName, Counts] = {}
    for together in TOGETHER:
        wanted = tuple(name for name in together if name in names)
        if not wanted:
            continue
        combinations = snapshot.combinations(wanted)
        often = np.bincount(combinations.of.take(records), minlength=1)
        for name in wanted:
            of = combinations.values[name][: len(often)]
            first = np.bincount(of, weights=often, minlength=len(snapshot.column(name).values) + 1)
            every = _with_further(snapshot.column(name), first.astype(np.int64), records, among)
            numbers = listed(every, _most_of(name, size))
            listed_counts = every[numbers].tolist()
            found[name] = Counts(every, numbers.tolist(), listed_counts, int(every.sum()), int(first[-1]))
    return found


def _with_further(column: Column, first: I64, records: Records, among: Mask | None) -> U32:
    """The counts of all values, given those of the first of each record and of having none."""
    counts, further = first[:-1], column.further(records, among)
    if len(further):
        counts = counts + np.bincount(further, minlength=len(counts))
    return counts.astype(np.uint32)


def live_values(snapshot: Snapshot, facet: FacetName) -> list[tuple[str, int]]:
    """Every value of a facet that live records hold, with how many, in order."""
    counts = count_apart(snapshot, snapshot.live_records(), (facet,), 0)[facet].every.tolist()
    every = zip(snapshot.column(facet).values, counts, strict=True)
    return [(value, count) for value, count in every if count]


def count_at_once(snapshot: Snapshot, records: Records, size: int) -> dict[FacetName, Counts]:
    """`count_apart` of all facets at once; in numpy for so few `records` that calls cost more than that."""
    table = snapshot.all_facets
    most = [_most_of(name, size) for name in FACETS]
    often, order, sizes, sums = kernels.count_facets(table.at, table.ids, records, table.begins, most)
    borders = table.begins.tolist()
    numbers = order.tolist()
    counts = often[order + np.repeat(table.begins[:-1], sizes)].tolist()
    found, low = {}, 0
    for at, name in enumerate(FACETS):
        high, none = low + sizes[at], borders[at + 1] - 1
        every = often[borders[at] : none]
        found[name] = Counts(every, numbers[low:high], counts[low:high], sums[at], int(often[none]))
        low = high
    return found


def facet_of(name: FacetName, column: Column, found: Counts, selected: Sequence[str]) -> Facet:
    """The values to list and every selected one.

    A selected value that the column does not hold is listed too: it was asked for.
    """
    counts = found.counts
    names = [column.values[number] for number in found.numbers]
    chosen: Iterable[bool] = repeat(False)
    if selected:
        shown = set(found.numbers)
        absent = [value for value in selected if column.number.get(value) not in shown]
        counts = [*counts, *(found.count(column.number.get(value)) for value in absent)]
        names += absent
        chosen = [value in selected for value in names]
    rows = zip(names, names, counts, chosen, repeat(""), strict=False)
    return Facet(name, facet_values(rows), found.missing, found.sum - sum(counts))


def all_facets(
    matcher: Matcher, selection: Selection, base: Records, total: Records, size: int
) -> dict[FacetName, Facet]:
    """Every facet. `base` are the matching records before, `total` after the selections."""
    snapshot = matcher.snapshot
    facets: dict[FacetName, Facet] = {}
    for records, names in selection.counted(base, total):
        few = kernels.COMPILED or len(records) < FEW_SHARE * snapshot.size
        found = count_at_once(snapshot, records, size) if few else count_apart(snapshot, records, names, size)
        for name in names:
            facets[name] = facet_of(name, snapshot.column(name), found[name], selection.values(name))
    return {name: facets[name] for name in FACETS}
