"""Which records hold all these runs near each other? Whole position lists at a time.

Runs are near when, read in the order in which they begin, each begins at most so many characters
after the furthest end of those before it. For each order of the runs the furthest admissible place
of the next run is taken for every place of the first at once; taking the furthest loses nothing,
because a nearer place that would lead on is met in another order.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.query import Where

Mask = npt.NDArray[np.bool_]


def near_records(
    layout: Layout, found: Sequence[U32], chars: Sequence[int], distance_chars: int, where: Where
) -> I64:
    """Records of a segment in whose title or text (one field) all runs stand near each other.

    `found`: sorted positions of each run; `chars`: its length.
    """
    sides = [_sides(layout, positions) for positions in found]
    wanted = _holding_all(sides, 2 * len(layout.start), where)
    places = [positions[wanted[side]].astype(np.int64) for positions, side in zip(found, sides, strict=True)]
    for order in itertools.permutations(range(len(found))):
        starts = places[order[0]]
        starts = starts[wanted[_sides(layout, starts.astype(np.uint32))]]
        proved = _chained(
            layout, starts, [places[n] for n in order[1:]], [chars[n] for n in order], distance_chars
        )
        wanted[_sides(layout, proved.astype(np.uint32))] = False
    done = _holding_all(sides, 2 * len(layout.start), where) & ~wanted
    return np.unique(done.nonzero()[0] >> 1)


def _sides(layout: Layout, positions: U32) -> I64:
    """Of each position the field it stands in: twice the record, one more in the text."""
    records = layout.records(positions)
    return (records.astype(np.int64) << 1) | (positions >= layout.text_start[records])


def _holding_all(sides: Sequence[I64], size: int, where: Where) -> Mask:
    wanted = np.ones(size, np.bool_)
    for side in sides:
        held = np.zeros(size, np.bool_)
        held[side] = True
        wanted &= held
    if where != "any":
        wanted[1 if where == "title" else 0 :: 2] = False
    return wanted


def _chained(
    layout: Layout, starts: I64, others: Sequence[I64], chars: Sequence[int], distance_chars: int
) -> I64:
    """Those of `starts` (of the first run) from which the other runs follow in this order."""
    side = _sides(layout, starts.astype(np.uint32))
    ends_of_field = np.where(side & 1, layout.end[side >> 1], layout.text_start[side >> 1]).astype(np.int64)
    last, reach = starts, starts + chars[0]
    for places, length in zip(others, chars[1:], strict=True):
        limit = np.minimum(reach + distance_chars, ends_of_field - 1)
        at = places.searchsorted(limit, side="right") - 1
        following = places[np.maximum(at, 0)] if len(places) else np.full(len(at), -1)
        holds = (at >= 0) & (following >= last)
        starts, ends_of_field = starts[holds], ends_of_field[holds]
        last = following[holds]
        reach = np.maximum(reach[holds], last + length)
    return starts
