"""Which towns, townships and subdistricts does an article name, and in which county?

There is no list of the 40,000; a town is read from its suffix and from where its name begins:
right after its county (郾城区李集镇), after a comma, or after a word of place (来到茶坊镇). It belongs
to the county that it follows, else to the county last named before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchapp.annotate.place_hits import HAN, Hit

SUFFIX = re.compile("镇(?!江|海|守|压|痛|静|长)|乡(?!村|镇|亲|贤|愁|土|音|情)|街道(?!居民)|苏木")
# The longest name right after its county, and elsewhere.
STEM_CHARS = 6
LOOSE_STEM_CHARS = 5
# Where a name may begin: after a character that is not Han, or after one of these.
BEFORE = re.compile(rf"[^{HAN}在到赴往入由从自是和与及经]")
NOT_IN_STEM = "的了地是有各全该本等个条我这那两某市县区镇乡村省们为及和与在到将把被使让"
IN_STEM = re.compile(rf"(?:(?![{NOT_IN_STEM}])[{HAN}])+")
# 小镇, 家乡, 特色古镇: what stands before the suffix makes it a common noun.
COMMON = re.compile(r"[城集街村]|.*[小古名强重]|.*[家故异他水下同思侨之离还老]|.*社区.*")


@dataclass(frozen=True, slots=True)
class Town:
    """A town by name, at [start, end) of the folded text, in the division `code`."""

    start: int
    end: int
    name: str
    code: str


def find_towns(folded: str, hits: Sequence[Hit], childless: frozenset[str]) -> Iterator[Town]:
    """The towns in `folded`, in reading order. `hits` are settled, in reading order; `childless`
    are the codes of cities without counties, whose towns belong to the city itself."""
    seats = [hit for hit in hits if hit.is_county or hit.code in childless]
    index, seat = 0, None
    for match in SUFFIX.finditer(folded):
        while index < len(seats) and seats[index].end <= match.start():
            seat = seats[index]
            index += 1
        if seat is None:
            continue
        start = _stem_start(folded, match.start(), seat.end)
        if start is not None:
            yield Town(start, match.end(), folded[start : match.end()], seat.code)


def _stem_start(folded: str, end: int, seat_end: int) -> int | None:
    """Where the name begins whose suffix stands at `end`; None when there is no name."""
    if _is_stem(folded[seat_end:end], STEM_CHARS):
        return seat_end
    start = end
    while start > max(seat_end, end - LOOSE_STEM_CHARS) and not BEFORE.match(folded, start - 1):
        start -= 1
    begins = start == 0 or BEFORE.match(folded, start - 1)
    return start if begins and _is_stem(folded[start:end], LOOSE_STEM_CHARS) else None


def _is_stem(stem: str, longest: int) -> bool:
    return len(stem) <= longest and IN_STEM.fullmatch(stem) is not None and not COMMON.fullmatch(stem)
