"""Does a sentence name the body of a bare office before it (示例县水文站起火，站长林守田…)?

A bare 站长 or 党委书记 may be anybody's; where the same sentence has just named a public body that such an
office heads, it is that one's. Offsets are code points into the text given.
"""

from __future__ import annotations

import re

from searchapp.annotate.chains import Chain
from searchapp.annotate.names import is_boundary
from searchapp.annotate.office_bodies import BodyReader
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.private_bodies import holds_private_marker, is_private_name

# How far before the office its body may be named.
SENTENCE_CHARS = 80
STATION_CHARS = 250
_SENTENCE_END = re.compile("[。！？\n]")
# By the rank: how the bodies end that it heads.
_HEADED = {
    "书记": re.compile("党委|党组|党工委|党支部|党总支|社区|村(?!民)"),
    "主任": re.compile("办公室|中心|委员会|[居村]委会|[发住卫信经农国]\\w{0,3}委|社区|街道办"),
    "发言人": re.compile("外交部|国防部|商务部|国台办"),
    "院长": re.compile("法院"),
    "检察长": re.compile("检察院"),
}
_HEADED["部长"] = re.compile(
    "(?:外交|国防|教育|科技|科学技术|工业和信息化|公安|国家安全|民政|司法|财政|人力资源和?社会保障|自然资源|生态环境"
    "|住房和?城乡建设|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|应急管理)部"
)
_COMMUNITIES = frozenset(("社区", "村"))
_PARTY = frozenset(("党委", "党总支", "党支部"))
_BY_LAST = {level: re.compile(level) for level in "局所站队处厅科庭"}
_STATION = "派出所"
# Where 发言人 needs no body: 外交部例行记者会…… 发言人王远对此表示.
_BRIEFING = re.compile("外交部(?=举行的?例行|例行记者会)")
BRIEFING_CHARS = 800
_STATIONED = frozenset(("所长", "教导员", "指导员", "中队长"))
_CLAUSE = frozenset("，,：:")


def in_its_house(text: str, chain: Chain, bodies: BodyReader) -> Chain:
    """`chain`, at home (and of the centre) where its sentence names a public body before it that its
    first office heads."""
    house = _house_of(text, chain)
    if house is None or not (_is_public(text, house, bodies) or text.endswith(_STATION, 0, house)):
        return chain
    start, _ = bodies.whole_body(house)
    central = bool(office_tables().centre.match(text, start, house))
    first = chain.phrases[0]._replace(central=chain.phrases[0].central or central)
    return chain._replace(phrases=(first, *chain.phrases[1:]), at_home=True)


def _house_of(text: str, chain: Chain) -> int | None:
    """Where the body ends that the sentence names before a bare office."""
    first = chain.phrases[0]
    headed = _HEADED.get(first.rank) or _BY_LAST.get(first.rank[:-1][-1:])
    if first.complete or not first.public or headed is None:
        return None
    if first.rank in _STATIONED and not first.body and (station := _station_before(text, chain.outer)):
        return station
    if first.rank == "发言人" and not first.body and (briefing := _briefing_before(text, chain.outer)):
        return briefing
    if not _begins_clause(text, chain.outer):
        return None
    floor = max(chain.outer - SENTENCE_CHARS, 0)
    for end in _SENTENCE_END.finditer(text, floor, chain.outer):
        floor = end.end()
    found = list(headed.finditer(text, floor, chain.outer))
    if first.body:
        found = [one for one in found if one.group() == first.body or _is_of_community(text, one, chain)]
    return found[-1].end() if found else None


def _is_of_community(text: str, community: re.Match[str], chain: Chain) -> bool:
    """Whether a 党委书记 is that of the community or village named before, and of no company."""
    if community.group() not in _COMMUNITIES or chain.phrases[0].body not in _PARTY:
        return False
    return not holds_private_marker(text, community.end(), chain.outer)


def _station_before(text: str, at: int) -> int | None:
    """Where the police station ends that the text names before a bare 所长, from then on its head."""
    found = text.rfind(_STATION, max(at - STATION_CHARS, 0), at)
    return found + len(_STATION) if found >= 0 else None


def _briefing_before(text: str, at: int) -> int | None:
    """Where the ministry ends whose briefing the text has told of before a bare 发言人."""
    found = list(_BRIEFING.finditer(text, max(at - BRIEFING_CHARS, 0), at))
    alone = at == 0 or is_boundary(text, at - 1)
    return found[-1].end() if found and alone else None


def _begins_clause(text: str, at: int) -> bool:
    return text[at - 1 : at] in _CLAUSE and at > 0


def _is_public(text: str, end: int, bodies: BodyReader) -> bool:
    """Whether the body that ends at `end` has its place, its level or the centre before it."""
    bodies.floor = 0
    start, level = bodies.whole_body(end)
    placed = level or bodies.begins_at_place(start) or office_tables().centre.match(text, start, end)
    if start == end or not placed or is_private_name(text[start:end]):
        return False
    return is_boundary(text, start - 1) or not holds_private_marker(text, max(start - 8, 0), end)
