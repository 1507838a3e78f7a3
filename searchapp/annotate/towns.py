"""Which towns, townships and subdistricts does an article name, and in which county?

A town is read from its suffix and from where its name begins: right after its county (郾城区李集镇),
after a comma, or after a word of place (来到茶坊镇). It belongs to the county that it follows, else to
the county last named before it, unless the table of towns knows that another has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from searchapp.annotate.place_hits import HAN, Hit
from searchapp.gazetteer import Gazetteer, Seat

SUFFIX = re.compile("镇(?!江|海|守|压|痛|静|长|域)|乡(?![村镇亲贤愁土音情风俗间里下])|街道(?!居民)|苏木")
COUNTY_CHARS = 6
# The longest name right after its county; elsewhere, of a town and of a subdistrict.
STEM_CHARS = 6
LOOSE_STEM_CHARS = {"街道": 4}
OTHER_LOOSE_STEM_CHARS = 3
LONGEST_KNOWN_STEM_CHARS = 6
# Where a name may begin: after a character that is not Han, or after one of these.
BEFORE = re.compile(rf"[^{HAN}]|[在到赴往入进由从自是和与及经]")
NOT_IN_STEM = "向来送请走的了地是有各全该本等个条我这那两某市县区镇乡村省们为及和与在到将把被使让局给现谢少"
IN_STEM = re.compile(rf"(?:(?![{NOT_IN_STEM}])[{HAN}])+")
# 小镇, 家乡, 返乡, 特色古镇: what stands before the suffix makes it a common noun.
COMMON = re.compile(
    "(?:[城集街村一二三四几每]|.*[小古名强重家故异他下同思侨离还返])[镇乡]|.*[之水城老]乡|.*社区.*"
)


class Town(NamedTuple):
    """A town by name, at [start, end) of the folded text, in the division `code`."""

    start: int
    end: int
    name: str
    code: str


def find_towns(folded: str, hits: Sequence[Hit], gazetteer: Gazetteer) -> Iterator[Town]:
    """The towns in `folded`, in reading order. `hits` are settled, in reading order. Towns of cities
    without counties belong to the city itself."""
    index, seat, taken = 0, None, -1
    childless = gazetteer.childless_cities
    among = {hit.code for hit in hits}
    if not any(len(code) == COUNTY_CHARS or code in childless for code in among):
        return
    for match in SUFFIX.finditer(folded):
        while index < len(hits) and hits[index].start < match.start():
            hit = hits[index]
            taken = hit.end if hit.code else taken
            seat = hit if hit.is_county or hit.code in childless else seat
            index += 1
        # 萍乡 is a name of its own.
        if seat is None or taken > match.start():
            continue
        start = _start(folded, match.start(), match.end(), seat.end, max(seat.end, taken))
        if start is not None:
            name = folded[start : match.end()]
            follows = start == seat.end or seat.code in childless
            code = seat.code if follows else county_of_town(name, seat.code, gazetteer, among)
            yield Town(start, match.end(), name, code)


def seats_named(folded: str, gazetteer: Gazetteer) -> Counter[Seat]:
    """The counties that the towns named in `folded` are known to lie in, and how often each is named so;
    the longest name that is known counts (四川北路街道, not 北路街道)."""
    seats = gazetteer.town_seats
    named: Counter[Seat] = Counter()
    for match in SUFFIX.finditer(folded):
        first = max(0, match.start() - LONGEST_KNOWN_STEM_CHARS)
        names = (folded[start : match.end()] for start in range(first, match.start()))
        named.update(next((seats[name] for name in names if name in seats), ()))
    return named


def county_of_town(folded: str, code: str, gazetteer: Gazetteer, among: Collection[str] = ()) -> str:
    """The county of the town named in `folded` that was taken for one of the division `code`
    (靖港镇 behind the name of another county, of the city, or of no place).

    It is `code` where that has a town of that name; else the only county of the same city, or of the
    division `code`, that has one; else the only one of the country, if it lies in the same province or is
    `among` those that the article names.
    """
    seats = [seat.code for seat in seats_named(folded, gazetteer)]
    if code in seats:
        return code
    inside = [seat for seat in seats if seat.startswith(code[:4])]
    if len(inside) == 1:
        return inside[0]
    # A city that is named beside the town is believed; nothing is known of what has no code.
    near = not code.isdecimal() or (len(code) == 6 and all(seat[:2] == code[:2] for seat in seats))
    return seats[0] if len(seats) == 1 and (near or seats[0] in among) else code


def _start(folded: str, stem_end: int, end: int, seat_end: int, floor: int) -> int | None:
    """Where the name begins whose suffix is [stem_end, end); None when there is no name.

    `seat_end` is the end of its county's name, `floor` the end of the last name of a place.
    """
    if floor == seat_end >= stem_end - STEM_CHARS and _is_town(folded, seat_end, stem_end, end):
        return seat_end
    longest = LOOSE_STEM_CHARS.get(folded[stem_end:end], OTHER_LOOSE_STEM_CHARS)
    start = stem_end
    while start > max(floor, stem_end - longest) and not BEFORE.match(folded, start - 1):
        start -= 1
    begins = start == 0 or BEFORE.match(folded, start - 1)
    return start if begins and _is_town(folded, start, stem_end, end) else None


def _is_town(folded: str, start: int, stem_end: int, end: int) -> bool:
    return bool(IN_STEM.fullmatch(folded, start, stem_end)) and not COMMON.fullmatch(folded, start, end)
