"""A number as headlines round it -> the numbers that it stands for.

News rounds above what it tells exactly below: 超1032万 is the headline of 10321689例, 4.94亿 that of
494587638. A rounded number stands for every number with the same first digits and as many digits.
Zeros at its end are taken for rounded places (2700万 is also 27032617).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# 1亿208万, or a number (with a fraction) of 万, 亿 or 万亿; nothing from the middle of another number.
ROUNDED = re.compile(r"(?<![0-9.,])(?:([0-9]+)亿([0-9]{1,4})万|([0-9]+)(?:\.([0-9]+))?(万亿|亿|万))")
PLACES = {"万": 4, "亿": 8, "万亿": 12}
# One digit stands for ten times as many numbers: to read those too gains .0004 on headlines.
LEAST_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Rounded:
    """`text` stands for the numbers of `length` digits that begin with `digits`."""

    text: str
    digits: str
    length: int


def rounded_numbers(run: str) -> Iterator[Rounded]:
    """The rounded numbers in a squeezed run of characters, in their order."""
    for found in ROUNDED.finditer(run):
        digits, places = _written_out(*found.groups(""))
        digits = digits.lstrip("0")
        length, digits = len(digits) + places, digits.rstrip("0")
        if LEAST_DIGITS <= len(digits) <= length:
            yield Rounded(found[0], digits, length)


def _written_out(high: str, low: str, whole: str, fraction: str, unit: str) -> tuple[str, int]:
    """The digits of a number, and how many places are left out behind them."""
    if unit:
        return whole + fraction, PLACES[unit] - len(fraction)
    return high + low.zfill(PLACES["亿"] - PLACES["万"]), PLACES["万"]
