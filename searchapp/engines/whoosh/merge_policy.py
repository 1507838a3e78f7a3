"""Which segments are merged when a generation is written?

A whole new generation becomes as few segments as positions allow. An update merges from the newest
back while the next older segment is less than `FACTOR` times what is being merged already, so that
every record is rewritten O(log n) times (as in Lucene's log merge policy), and never so many
segments pile up that a query feels them.
"""

from __future__ import annotations

from collections.abc import Sequence

FACTOR = 4
MOST_SEGMENTS = 8


def to_merge(sizes: Sequence[tuple[int, int]], whole: bool) -> list[list[int]]:
    """Groups of segment numbers, in order; a group of one stays as it is.

    `sizes`: (records, live records) of each segment, oldest first.
    """
    if whole:
        return [list(range(len(sizes)))] if sizes else []
    groups = [[at] for at in range(len(sizes))]
    live = [held for _, held in sizes]
    while len(groups) > 1:
        last = sum(live[at] for at in groups[-1])
        before = sum(live[at] for at in groups[-2])
        if before >= FACTOR * last and len(groups) <= MOST_SEGMENTS:
            break
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def split_to_fit(groups: Sequence[Sequence[int]], spaces: Sequence[int], limit: int) -> list[list[int]]:
    """`groups` cut where the position spaces of their segments together would exceed `limit`, so
    that no merged segment has a position that its 32 bits cannot hold."""
    fitting: list[list[int]] = []
    for group in groups:
        part: list[int] = []
        for at in group:
            if part and sum(spaces[n] for n in part) + spaces[at] > limit:
                fitting.append(part)
                part = []
            part.append(at)
        fitting.append(part)
    return fitting
