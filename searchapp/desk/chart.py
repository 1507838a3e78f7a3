"""Where do the points of the spread curve stand in its box?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.desk.tracker import Step

WIDTH, HEIGHT = 1000.0, 180.0


@dataclass(frozen=True, slots=True)
class Point:
    """One month of the curve in a box of WIDTH by HEIGHT, y downwards."""

    x: float
    y: float
    step: Step


@dataclass(frozen=True, slots=True)
class Curve:
    """A step curve. `line` and `area` are SVG path data; months lie to scale from first to last."""

    points: tuple[Point, ...]
    line: str
    area: str
    highest: int


def month_number(month: str) -> int:
    """2022-12 as months since year 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def curve(steps: Sequence[Step], last_month: str = "") -> Curve | None:
    """The curve of cumulated counties, held level to `last_month`; None without steps."""
    if not steps:
        return None
    first = month_number(steps[0].month)
    end = max(month_number(last_month or steps[-1].month), month_number(steps[-1].month))
    span = max(1, end - first)
    highest = steps[-1].total
    points = tuple(
        Point(
            round(WIDTH * (month_number(step.month) - first) / span, 1),
            round(HEIGHT * (1 - step.total / highest), 1),
            step,
        )
        for step in steps
    )
    path = f"M{points[0].x} {HEIGHT}V{points[0].y}"
    path += "".join(f"H{point.x}V{point.y}" for point in points[1:]) + f"H{WIDTH}"
    return Curve(points, path, f"{path}V{HEIGHT}Z", highest)
