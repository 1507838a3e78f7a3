"""Exact facet counts: how many of the matching records hold each value?

A facet's own counts ignore its own selection; province, city and county are three views of one
selection, so all three ignore it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.matching import Matcher
from searchapp.engines.whoosh.packing import ranges
from searchapp.engines.whoosh.snapshot import Column, Mask
from searchapp.query import FACETS, FacetName, Filters
from searchapp.results import Facet, FacetValue

SELECTION: dict[FacetName, str] = {
    "county": "county", "city": "county", "province": "county",
    "official": "official", "source": "source", "month": "month",
}  # fmt: skip
# Below this share of records it is cheaper to walk the records than all entries of a column.
SPARSE_SHARE = 0.2
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

    def apply(self, base: Mask, without: str = "") -> Mask:
        """`base` cut down by every selection but `without`."""
        for name, mask in self._masks.items():
            if name != without:
                base = base & mask
        return base

    def counted(self, base: Mask, total: Mask, facet: FacetName) -> Mask:
        """The records over which `facet` is counted."""
        own = SELECTION[facet]
        return self.apply(base, own) if own in self._masks else total

    def values(self, facet: FacetName) -> tuple[str, ...]:
        """The selected values that belong to `facet` itself (codes of its own length)."""
        chosen = self.chosen.get(SELECTION[facet], ())  # type: ignore[call-overload]
        if SELECTION[facet] != "county":
            return tuple(chosen)
        length = {"province": 2, "city": 4, "county": 6}[facet]
        return tuple(value for value in chosen if len(value) == length)


def count_values(
    column: Column, mask: Mask, records: npt.NDArray[np.int64] | None = None
) -> tuple[npt.NDArray[np.int64], int]:
    """Count of each value of `column` among the records of `mask`, and how many have none.

    `records`: the numbers of the records of `mask`, where the caller has them.
    """
    if records is None:
        records = mask.nonzero()[0]
    counts = np.bincount(column.first[records], minlength=len(column.values) + 1)
    missing = int(counts[-1])
    counts = counts[:-1]
    more = column.more
    if len(more.ids):
        if len(records) < SPARSE_SHARE * len(mask):
            starts = more.at[records]
            ids = more.ids[ranges(starts, more.at[records + 1] - starts)]
        else:
            ids = more.ids[mask[more.record_of_entry]]
        counts = counts + np.bincount(ids, minlength=len(column.values))
    return counts, missing


def facet_of(
    name: FacetName,
    column: Column,
    counted: tuple[npt.NDArray[np.int64], int],
    selected: Iterable[str],
    size: int,
) -> Facet:
    """The most frequent `size` values and every selected one; months newest first and all."""
    counts, missing = counted
    newest_first = counts.nonzero()[0][::-1][:MOST_MONTHS]
    order = newest_first if name == "month" else _most_frequent(counts, size)
    listed = order.tolist()
    chosen = [column.number[value] for value in selected] if selected else []
    listed += [number for number in chosen if number not in set(listed)]
    shown = counts[listed].tolist() if listed else []
    values = tuple(
        [
            FacetValue(column.values[number], column.values[number], count, number in chosen)
            for number, count in zip(listed, shown, strict=True)
        ]
    )
    return Facet(name, values, missing, int(counts.sum()) - sum(shown))


def _most_frequent(counts: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """Numbers of the `size` largest counts above 0, largest first, ties by number."""
    found = counts.nonzero()[0]
    if size < len(found):
        least = (
            np.partition(counts[found], len(found) - size)[len(found) - size] if size else counts.max() + 1
        )
        found = found[counts[found] >= least]
    order = np.lexsort((found, -counts[found]))
    return found[order][:size]


def all_facets(
    matcher: Matcher, selection: Selection, base: Mask, total: Mask, size: int
) -> dict[FacetName, Facet]:
    """Every facet. `base` are the matching records before, `total` after the selections."""
    facets: dict[FacetName, Facet] = {}
    records = total.nonzero()[0]
    for name in FACETS:
        mask = selection.counted(base, total, name)
        column = matcher.snapshot.column(name)
        counted = count_values(column, mask, records if mask is total else None)
        known = [value for value in selection.values(name) if value in column.number]
        facet = facet_of(name, column, counted, known, size)
        # A selected value that the index does not hold is listed too: it was asked for.
        absent = [FacetValue(v, v, 0, selected=True) for v in selection.values(name) if v not in known]
        facets[name] = Facet(name, (*facet.values, *absent), facet.missing, facet.other) if absent else facet
    return facets
