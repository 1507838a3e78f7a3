"""The figures as markdown: absolute ones, ratios, agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from building import Build
from measure import Agreement, Measured, Times
from workload import KINDS

MIB = 1 << 20


def rows_to_markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A markdown table; every column but the first is aligned right."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def build_table(builds: Mapping[str, Build], names: Mapping[str, str], first: Mapping[str, float]) -> str:
    """Indexing, size, memory and the first answer of a fresh process."""
    head = [
        "engine", "articles", "articles/s", "articles per processor second", "on disk, MiB",
        "peak memory, MiB", "without file pages, MiB", "cold start to first page, s",
    ]  # fmt: skip
    rows = []
    for key, name in names.items():
        built = builds.get(key)
        start = f"{first[key]:.2f}" if key in first else ""
        if built is None:
            rows.append([name, "", "", "", "", "", "", start])
            continue
        sizes = [built.size_bytes, built.resident_bytes, built.private_bytes]
        rates = (built.articles_per_s, built.articles_per_cpu_s)
        figures = [f"{built.articles:,}", *(f"{rate:,.0f}" for rate in rates)]
        rows.append([name, *figures, *(f"{size / MIB:,.0f}" for size in sizes), start])
    return rows_to_markdown(head, rows)


def times_table(measured: Measured, names: Mapping[str, str], clock: str) -> str:
    """p50 and p95 in milliseconds by `clock` ("ms" or "cpu_ms")."""
    keys = [key for key in names if key in measured.times]
    what = "processor ms" if clock == "cpu_ms" else "ms"
    head = [f"{what}, p50 / p95", *(names[key] for key in keys)]
    rows = [[kind, *(_pair(measured.times[key][kind], clock) for key in keys)] for kind in KINDS]
    return rows_to_markdown(head, rows)


def _pair(times: Times, clock: str) -> str:
    return f"{times.at(50, clock):.2f} / {times.at(95, clock):.2f}"


def _pair_of(measured: Measured, key: str, kind: str, clock: str) -> str:
    """Nothing for an engine that was not measured at this size."""
    return _pair(measured.times[key][kind], clock) if key in measured.times else ""


def ratio_table(measured: Measured, names: Mapping[str, str], clock: str) -> str:
    """How many times as long as the first engine the others take; above 1 the first one is faster."""
    first, *others = [key for key in names if key in measured.times]
    head = [f"times {names[first]}, p50 / p95", *(names[key] for key in others)]
    rows = []
    for kind in KINDS:
        ours = measured.times[first][kind]
        row = [kind]
        for theirs in (measured.times[key][kind] for key in others):
            low, high = (theirs.at(percent, clock) / ours.at(percent, clock) for percent in (50, 95))
            row.append(f"{low:.2f} / {high:.2f}")
        rows.append(row)
    return rows_to_markdown(head, rows)


def agreement_table(agreement: Mapping[str, Agreement], names: Mapping[str, str]) -> str:
    """Which engines gave the same totals and facet counts as the first."""
    rows = []
    for key, found in list(agreement.items())[1:]:
        totals = f"{found.totals} of {found.asked}"
        facets = f"{found.facets} of {found.with_facets}"
        rows.append([names[key], totals, facets])
    return rows_to_markdown(["the same as searchapp", "totals", "all listed facet counts"], rows)


def scale_table(scale: Mapping[int, Measured], names: Mapping[str, str], clock: str) -> str:
    """Whole page and quoted run against the number of articles."""
    keys = [key for key in names if any(key in measured.times for measured in scale.values())]
    kinds = ("whole page", "quoted run")
    head = ["articles", *(f"{names[key]}: {kind}" for key in keys for kind in kinds)]
    rows = [
        [f"{count:,}", *(_pair_of(measured, key, kind, clock) for key in keys for kind in kinds)]
        for count, measured in sorted(scale.items())
    ]
    return rows_to_markdown(head, rows)
