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
from searchapp.engines.whoosh.matching import Matcher, Records
from searchapp.engines.whoosh.packing import I64
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
# Months are values in order of time.
NEWEST_FIRST = slice(None, -MOST_MONTHS - 1, -1)


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
    """Of one facet: the numbers of the values that occur, ascending, how many records hold each,
    and how many hold none."""

    numbers: I64
    counts: I64
    missing: int

    def count(self, number: int | None) -> int:
        """How many records hold value `number`; None is one that the index does not hold."""
        if number is None:
            return 0
        at = int(self.numbers.searchsorted(number))
        return int(self.counts[at]) if at < len(self.numbers) and self.numbers[at] == number else 0


def _of_selection(own: str) -> tuple[FacetName, ...]:
    return tuple(name for name in FACETS if SELECTION[name] == own)


def count_apart(snapshot: Snapshot, records: Records, names: Sequence[FacetName]) -> dict[FacetName, Counts]:
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
            found[name] = _with_further(snapshot.column(name), first.astype(np.int64), records, among)
    return found


def _with_further(column: Column, first: I64, records: Records, among: Mask | None) -> Counts:
    """The counts of all values, given those of the first of each record."""
    missing, counts = int(first[-1]), first[:-1]
    further = column.further(records, among)
    if len(further):
        counts = counts + np.bincount(further, minlength=len(counts))
    numbers = counts.nonzero()[0]
    return Counts(numbers, counts[numbers], missing)


def live_values(snapshot: Snapshot, facet: FacetName) -> list[tuple[str, int]]:
    """Every value of a facet that live records hold, with how many, in order."""
    column = snapshot.column(facet)
    found = count_apart(snapshot, snapshot.live_records(), (facet,))[facet]
    values = [column.values[number] for number in found.numbers.tolist()]
    return list(zip(values, found.counts.tolist(), strict=True))


def count_at_once(snapshot: Snapshot, records: Records) -> dict[FacetName, Counts]:
    """`count_apart` of all facets at once; in numpy for so few `records` that calls cost more than that."""
    table = snapshot.all_facets
    numbers, counts = kernels.tally(table.at, table.ids, records, int(table.begins[-1]))
    borders = numbers.searchsorted(table.begins).tolist()
    found = {}
    for at, name in enumerate(FACETS):
        low, high, none = borders[at], borders[at + 1], int(table.begins[at + 1]) - 1
        missing = 0
        if high > low and numbers[high - 1] == none:
            high -= 1
            missing = int(counts[high])
        found[name] = Counts(numbers[low:high] - table.begins[at], counts[low:high], missing)
    return found


def facet_of(name: FacetName, column: Column, found: Counts, selected: Sequence[str], size: int) -> Facet:
    """The most frequent `size` values and every selected one; months newest first and all.

    A selected value that the column does not hold is listed too: it was asked for.
    """
    order = NEWEST_FIRST if name == "month" else kernels.largest(found.counts, size)
    numbers, counts = found.numbers[order].tolist(), found.counts[order].tolist()
    listed = [column.values[number] for number in numbers]
    if selected:
        shown = set(numbers)
        absent = [value for value in selected if column.number.get(value) not in shown]
        counts += [found.count(column.number.get(value)) for value in absent]
        listed += absent
    other = int(found.counts.sum()) - sum(counts)
    chosen: Iterable[bool] = [value in selected for value in listed] if selected else repeat(False)
    rows = zip(listed, listed, counts, chosen, repeat(""), strict=False)
    return Facet(name, facet_values(rows), found.missing, other)


def all_facets(
    matcher: Matcher, selection: Selection, base: Records, total: Records, size: int
) -> dict[FacetName, Facet]:
    """Every facet. `base` are the matching records before, `total` after the selections."""
    snapshot = matcher.snapshot
    facets: dict[FacetName, Facet] = {}
    for records, names in selection.counted(base, total):
        few = kernels.COMPILED or len(records) < FEW_SHARE * snapshot.size
        found = count_at_once(snapshot, records) if few else count_apart(snapshot, records, names)
        for name in names:
            facets[name] = facet_of(name, snapshot.column(name), found[name], selection.values(name), size)
    return {name: facets[name] for name in FACETS}
