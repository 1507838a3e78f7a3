"""Which divisions does an article name, and which one does each name stand for there?

Names are matched on the raw text, never on words: a word cutter splits 横峰|县委 and joins 市长|乐.
What a match means is settled in steps, surest first:

1. *read* (place_hits.py): matches that are part of something else go;
2. *link*: a name right after its city or province (江西横峰, 长春市朝阳区) is that place, and so is
   one in an enumeration beside a place of the same parent (屯溪、黄山、徽州);
3. *settle*: full names that stand for one place are it; those that stand for several go to the one
   whose city, province or neighbours the article names, else stay "?" with their candidates;
4. short names count when they stand for nothing else, or when the article names the place in full,
   its city or its province; the gazetteer says which names need which proof.

Labelled are the divisions of the mainland, and towns next to their county (towns.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from searchapp.analysis.normalise import normalise
from searchapp.annotate.place_hits import HAN, Hit, read_hits
from searchapp.annotate.towns import Town, find_towns, seats_named
from searchapp.article import Field, Mention, Place, Span
from searchapp.gazetteer import Gazetteer, Seat

UNKNOWN = "?"
NEXT_TO = ("", "·", " ")
# How far a sure place tells what the others of its enumeration are.
LONGEST_CHAIN = 3
# A town of the place named weighs as much as its province.
TOWN_SCORE = 4
# What follows the short name of a county only: 江汉分局, 离石融媒; 离石凤山街道.
HOUSE = re.compile(
    "边境管理|边境派出所|边防|融媒|一中|公安(?!部|厅)|分局|人民法院|法院|检察院|县委|区委|市委|交警|高质量发展|经济社会发展|交通支队|交通大队|城区(?![^，。、]{0,2}[镇乡街])|消防救援"
)
HOUSE_OR_TOWN = re.compile(
    rf"{HOUSE.pattern}|经济开发区|经济技术开发区|高新技术产业开发区|经开区|高新区|工业园区|(?:(?![的在和与及到对从向为是至来有去省市县区第一二三四五六七八九十])[{HAN}]){{2,3}}"
    "(?:街道(?!路)|镇(?![江海守压])|乡(?![村亲愁土音]))"
)
# 全州公安 is that of the whole prefecture, 和县消防 that of the county as well.
ALSO_WORDS = "全和"
IN_TOWN = re.compile("街道|镇|乡")
# 示范市公安局|例举|分局: a branch is called after its district.
BUREAU = re.compile(f"[{HAN}]{{2,6}}局|公安局(?:交警|交通警察)支队")
BRANCH = re.compile("分局|大队")
ENUMERATION = frozenset((",", "、", "和", "及", "与", "以及"))


def find_places(title: str, text: str, gazetteer: Gazetteer, source: str = "") -> tuple[Place, ...]:
    """The divisions that `title` and `text` name, each once, in the order of their first mention.

    The spans of the mentions are code points of the original title or text. `source`, the name of
    the medium, only helps to tell places of one name apart.
    """
    folded = normalise(title + "\n" + text)
    hits = list(read_hits(folded, gazetteer))
    if not hits:
        return ()
    _link_below(folded, hits)
    _link_beside(folded, hits)
    context = _Context(hits, _source_codes(source, gazetteer), lambda: seats_named(folded, gazetteer))
    for hit in hits:
        hit.code = hit.code or _settle(hit, context) or _house_of(folded, hit)
    for _ in range(LONGEST_CHAIN):
        if not _link_beside(folded, hits):
            break
    towns = list(find_towns(folded, hits, gazetteer))
    inside = {at for town in towns for at in range(town.start, town.end)}
    hits = [hit for hit in hits if hit.start not in inside]
    return _places(len(title) + 1, hits, towns, gazetteer)


def place_mentions(places: Iterable[Place]) -> list[tuple[Field, Span, Place]]:
    """Every mention of every place in reading order: the title first, then the text."""
    found = [(mention.field, mention.span, place) for place in places for mention in place.mentions]
    return sorted(found, key=lambda entry: (entry[0] == "text", entry[1].start, entry[1].end))


def _link_below(folded: str, hits: Sequence[Hit]) -> None:
    """江西横峰: of a pair in which one place holds the other, each tells what the other is."""
    for hit in hits:
        if len(hit.codes) == 1 and hit.name.proof == "none":
            hit.code = hit.codes[0]
    for before, hit in pairwise(hits):
        gap = folded[before.end : hit.start]
        if gap not in NEXT_TO and not (_is_bureau(gap) and BRANCH.match(folded, hit.end)):
            continue
        above = (before.code,) if before.code else before.codes
        pairs = [(a, c) for a in above for c in hit.codes if c.startswith(a) and c != a]
        if pairs:
            before.code, hit.code = max(pairs, key=lambda pair: len(pair[0]))
            hit.linked = True
        elif before.is_county and (not hit.of_kind("full", "former") or IN_TOWN.match(folded, hit.end)):
            # 石景山区八宝山, 乌苏市西城区街道: no county holds a county; this is part of a smaller name.
            hit.codes = tuple(code for code in hit.codes if len(code) < 6)
            hit.code = hit.code if hit.code in hit.codes else ""


def _is_bureau(gap: str) -> bool:
    return gap[-1:] in ("局", "队") and BUREAU.fullmatch(gap) is not None


def _link_beside(folded: str, hits: Sequence[Hit]) -> bool:
    """屯溪、黄山、徽州: in an enumeration, the neighbour under the same city. What may also be a
    city (黄山) needs such neighbours on both sides. Returns whether any was linked."""
    votes: dict[int, set[str]] = {}
    provinces: dict[int, set[str]] = {}  # 江西婺源、永新: after a linked one, its province is enough
    for at, (before, hit) in enumerate(pairwise(hits)):
        if folded[before.end : hit.start] in ENUMERATION:
            for sure, index in ((before, at + 1), (hit, at)):
                if sure.is_county and not hits[index].linked:
                    votes.setdefault(index, set()).add(sure.code)
                    if sure.linked and sure is before and len(hits[index].codes[0]) == 6:
                        provinces.setdefault(index, set()).add(sure.code[:2])
    linked = False
    for index, neighbours in votes.items():
        hit = hits[index]
        beside = {c for c in hit.codes for n in neighbours if len(c) == 6 and c[:4] == n[:4]}
        beside = beside or {c for c in hit.codes if hit.codes == (c,) and c[:2] in provinces.get(index, ())}
        if len(beside) == 1 and (len(neighbours) == 2 or all(len(code) == 6 for code in hit.codes)):
            hit.code, hit.linked = beside.pop(), True
            linked = True
    return linked


class _Context:
    """What the article names for sure when the other names are to be settled."""

    def __init__(
        self, hits: Sequence[Hit], source_codes: frozenset[str], seats: Callable[[], Iterable[Seat]]
    ) -> None:
        self.source_codes = source_codes
        self._seats = seats
        self.codes = {hit.code for hit in hits if hit.code}
        self.parents = {code[:end] for code in self.codes for end in (2, 4) if end < len(code)}
        self.linked = {hit.name.text: hit.code for hit in hits if hit.linked}

    @cached_property
    def seats(self) -> frozenset[str]:
        """The counties that the towns named lie in; looked for only when a name is open."""
        return frozenset(seat.code for seat in self._seats())

    def score(self, code: str) -> int:
        """How much the article speaks for `code`: it names the place itself, what it belongs to,
        what lies beside or within it, a town that is known to lie there; least of all, the medium is
        from there."""
        above = [code[:end] for end in (4, 2) if end < len(code)]
        named = sum(len(a) + 2 for a in above if a in self.codes)
        near = code in self.parents or any(a in self.parents for a in above if len(a) == 4)
        told = 16 * (code in self.codes) + named + 2 * near + any(a in self.source_codes for a in above)
        return told + TOWN_SCORE * (len(code) == 6 and code in self.seats)


def _settle(hit: Hit, context: _Context) -> str:
    """The code that `hit` stands for, UNKNOWN for a full name of several places, "" for none."""
    if hit.name.proof == "direct":
        return ""
    if hit.name.text in context.linked:
        return context.linked[hit.name.text]
    full = hit.of_kind("full") or hit.of_kind("former")
    if full and hit.name.proof == "none":
        return _best(full, context) or (full[0] if len(full) == 1 else UNKNOWN)
    high = [code for code in hit.codes if len(code) < 6]
    if high and hit.name.proof == "none":
        return min(high, key=len)
    return _best(hit.codes, context)


def _house_of(folded: str, hit: Hit) -> str:
    """The one county that a short name stands for before a house or a town of its own (离石融媒)."""
    counties = [code for code in hit.codes if len(code) == 6]
    if len(counties) != 1 or hit.name.proof == "never" or hit.name.text[0] in ALSO_WORDS:
        return ""
    after = HOUSE if hit.name.proof == "direct" else HOUSE_OR_TOWN
    return counties[0] if after.match(folded, hit.end) else ""


def _best(codes: Sequence[str], context: _Context) -> str:
    """The one of `codes` that the article speaks for, "" when none or several equally."""
    ranked = sorted(codes, key=context.score, reverse=True)
    best = context.score(ranked[0]) if ranked else 0
    if best == 0 or (len(ranked) > 1 and context.score(ranked[1]) == best):
        return ""
    return ranked[0]


# A corpus has few media.
@lru_cache(maxsize=256)
def _source_codes(source: str, gazetteer: Gazetteer) -> frozenset[str]:
    found = gazetteer.scan(normalise(source)) if source else ()
    return frozenset(sense.code for _, _, name in found for sense in name.senses)


def _places(
    text_start: int, hits: Sequence[Hit], towns: Sequence[Town], gazetteer: Gazetteer
) -> tuple[Place, ...]:
    """One Place for each division, unresolved name and town; offsets go back to title and text."""
    found: dict[tuple[str, str, tuple[str, ...]], list[tuple[int, int]]] = {}
    for hit in hits:
        if hit.code:
            key = (hit.code, "", tuple(hit.of_kind("full", "former")) if hit.code == UNKNOWN else ())
            found.setdefault(key, []).append((hit.start, hit.end))
    for town in towns:
        found.setdefault((town.code, town.name, ()), []).append((town.start, town.end))
    first = sorted(found.items(), key=lambda entry: entry[1][0])
    return tuple(
        _place(code, town, candidates, tuple(_mention(*span, text_start) for span in spans), gazetteer)
        for (code, town, candidates), spans in first
    )


def _mention(start: int, end: int, text_start: int) -> Mention:
    if start < text_start:
        return Mention("title", Span(start, end))
    return Mention("text", Span(start - text_start, end - text_start))


def _place(
    code: str, town: str, candidates: tuple[str, ...], mentions: tuple[Mention, ...], gazetteer: Gazetteer
) -> Place:
    division = gazetteer.division(candidates[0] if code == UNKNOWN else code)
    assert division is not None
    if code == UNKNOWN:
        return Place(UNKNOWN, division.name, "", division.level, mentions, candidates)
    if town:
        return Place(code, town, f"{division.path}/{town}", "town", mentions)
    return Place(code, division.name, division.path, division.level, mentions)
