"""Milliseconds against articles, both axes logarithmic, as an SVG of our own drawing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 40, 50
COLOURS = ("#b3261e", "#1a56b0", "#6b8e23", "#8a5a9e", "#c77700", "#555555")
Series = Mapping[str, Mapping[int, float]]
"""Name of the line -> articles -> milliseconds."""


def draw(title: str, solid: Series, dashed: Series) -> str:
    """An SVG with one colour a name; `solid` is one measure (p50) and `dashed` another (p95)."""
    points = [(x, y) for series in (solid, dashed) for line in series.values() for x, y in line.items()]
    across = _axis([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _axis([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [*_frame(title, points, across, up)]
    for number, name in enumerate(dict.fromkeys([*solid, *dashed])):
        colour = COLOURS[number % len(COLOURS)]
        for series, dash in ((solid, ""), (dashed, ' stroke-dasharray="6 4"')):
            line = sorted(series.get(name, {}).items())
            at = [(across(x), up(y)) for x, y in line]
            joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
            stroke = f'fill="none" stroke="{colour}" stroke-width="2"{dash}'
            parts.append(f'<polyline points="{joined}" {stroke}/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in at]
        label = TOP + 16 + 20 * number
        parts.append(_text(WIDTH - RIGHT + 16, label, name, colour))
    parts.append(_text(WIDTH - RIGHT + 16, HEIGHT - BOTTOM, "solid p50, dashed p95", "#555555"))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="13"'
    style = 'font-family="system-ui, sans-serif" style="background:#fff">'
    return "\n".join([f"{head} {style}", *parts, "</svg>", ""])


class _axis:
    """Logarithmic mapping of the range of `values` onto pixels `low` to `high`."""

    def __init__(self, values: list[float], low: int, high: int) -> None:
        self._least, most = math.log10(min(values) / 1.2), math.log10(max(values) * 1.2)
        self._low, self._scale = low, (high - low) / (most - self._least)

    def __call__(self, value: float) -> float:
        return self._low + (math.log10(value) - self._least) * self._scale


def _frame(title: str, points: list[tuple[int, float]], across: _axis, up: _axis) -> list[str]:
    parts = [_text(LEFT, TOP - 16, title, "#111111")]
    for x in sorted({x for x, _ in points}):
        parts.append(_line(across(x), TOP, across(x), HEIGHT - BOTTOM))
        parts.append(_text(across(x) - 20, HEIGHT - BOTTOM + 18, f"{x:,}", "#555555"))
    low, high = min(y for _, y in points) / 1.2, max(y for _, y in points) * 1.2
    ticks = [m * 10.0**e for e in range(-3, 6) for m in (1, 2, 5)]
    for y in (tick for tick in ticks if low <= tick <= high):
        parts.append(_line(LEFT, up(y), WIDTH - RIGHT, up(y)))
        parts.append(_text(8, up(y) + 4, f"{y:g} ms", "#555555"))
    parts.append(_text(LEFT, HEIGHT - 8, "articles (both axes logarithmic)", "#555555"))
    return parts


def _text(x: float, y: float, text: str, colour: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'
