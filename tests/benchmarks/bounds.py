"""The bounds that searchapp is held to, each with the figure of this run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from building import Build
from measure import Measured
from serving import Served
from table import MIB, rows_to_markdown

MOST_OF_TANTIVY = (
    ("whole page", 50, 1.0), ("whole page", 95, 1.0), ("quoted run", 95, 2.0),
    ("rare word", 50, 3.0), ("rare word", 95, 3.0), ("common word", 50, 3.0),
    ("common word", 95, 3.0), ("4 words", 50, 3.0), ("4 words", 95, 3.0),
)  # fmt: skip
"""Kind, percentile, how many times tantivy's time ours may be."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`value` has to be at most, or at least, `limit`."""

    what: str
    value: float
    limit: float
    at_most: bool = True

    @property
    def holds(self) -> bool:
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def bounds_table(
    measured: Measured,
    builds: Mapping[str, Build],
    served: Served | None,
    updates: Mapping[str, float],
    clock: str,
) -> str:
    """What has to hold, whether it does."""
    bounds = [*_latency(measured, clock), *_building(builds), *_serving(served)]
    bounds += [Bound(f"{what}, s", s, 2 if "1 new" in what else 10) for what, s in updates.items()]
    rows = [
        [b.what, f"{b.value:.2f}", f"{'≤' if b.at_most else '≥'} {b.limit:g}", "yes" if b.holds else "**no**"]
        for b in bounds
    ]
    return rows_to_markdown(["what", "figure", "bound", "holds"], rows)


def _latency(measured: Measured, clock: str) -> Iterator[Bound]:
    ours = measured.times["ours"]
    for key, name in (("tantivy", "tantivy"), ("tantivy-plain", "tantivy, plain")):
        for kind, percent, limit in MOST_OF_TANTIVY if key in measured.times else ():
            theirs = measured.times[key][kind].at(percent, clock)
            yield Bound(f"{kind} p{percent} / {name}", ours[kind].at(percent, clock) / theirs, limit)
    if "whoosh" in measured.times:
        page = measured.times["whoosh"]["whole page"].at(50, clock)
        what = "whole page p50, stock Whoosh / searchapp"
        yield Bound(what, page / ours["whole page"].at(50, clock), 100, at_most=False)


def _building(builds: Mapping[str, Build]) -> Iterator[Bound]:
    ours = builds["ours"]
    for key, what, limit in (("whoosh", "stock recipe", 15), ("tantivy", "tantivy pipeline", 0.5)):
        if key in builds:
            rate = ours.articles_per_s / builds[key].articles_per_s
            yield Bound(f"reindex articles/s / {what}", rate, limit, at_most=False)
            rate = ours.articles_per_cpu_s / builds[key].articles_per_cpu_s
            yield Bound(f"the same by processor seconds / {what}", rate, limit, at_most=False)
    if "tantivy" in builds:
        yield Bound("index on disk / tantivy", ours.size_bytes / builds["tantivy"].size_bytes, 1.0)
        part = ours.same_fields_bytes / builds["tantivy"].size_bytes
        yield Bound("index of the same fields / tantivy", part, 1.0)
    yield Bound("peak memory of reindex without file pages, MiB", ours.private_bytes / MIB, 2048)


def _serving(served: Served | None) -> Iterator[Bound]:
    if served is not None:
        rate = served.fresh / served.empty
        yield Bound("JSON requests/s, new questions / empty route", rate, 0.3, at_most=False)
        yield Bound("serving process beyond the page cache, MiB", served.private_bytes / MIB, 400)
