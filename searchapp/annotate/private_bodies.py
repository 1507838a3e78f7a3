"""Which offices of a list are public, and which are those of a company, a school or a hospital?

Offsets are code points into the text given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.annotate.names import HAN
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase

# 院长 and 校长 of these are public offices, of all others not.
_PUBLIC_HOUSE = re.compile("(?:法院|检察院|仲裁院|[中高]院|行政学[院校]|社会主义学院|党校|团校|警察学院)$")
_HOUSE_OFFICE = re.compile("法院|检察院|仲裁院|[中高]院|党校|行政学[院校]|社会主义学院")
_COURT_GROUP = re.compile("^院?分?党组(?:副?书记|成员)$")
_HOUSE_HEADS = frozenset(("院长", "校长"))
_OF_FIRMS = frozenset(("董事长", "总经理", "经理", "总裁", "监事长"))
# Ranks of no private body.
_ALWAYS_PUBLIC = frozenset(("局长", "厅长", "检察长", "庭长", "政委", "支书"))
# Mere ranks, no offices, but of public bodies alone.
_CIVIL_SERVICE = frozenset(("巡视员", "调研员", "主任科员", "科员"))
# 俄外长, 美商务部部长: a state by its initial (and no 3日).
_FOREIGN_INITIAL = re.compile(r"(?:[俄乌波土美韩法德英印越泰菲意加澳伊朝埃巴以]|(?<!\d)日)$")
# 校|帮扶工作领导小组办公室主任, 该部|政治工作处主任
_HOUSE_WORD = re.compile("(?<![学党团干])校$|该部$")
# What each of them ends with ("$" is before a line end as well).
_HOUSE_WORD_LAST = frozenset("校部\n")
# 老挝党中央政治局委员、万象市委书记: all of the list is of another country.
PARTY_CHARS = 4
_OTHER_PARTY = re.compile("越共|老挝(?:人民革命)?党|古共|朝鲜劳动党")
# Sign by sign, for an expression of which every branch begins with a character is looked for in a third of
# the time that one with a class takes.
_SENTENCE = re.compile(
    "在|的|供图|摄|从(?!化)|由(?!于)|等(?=单位|部门|企业)|会见|会晤|"
    + "|".join(map(re.escape, "。！？；\n，、,：:“”（）() \u3000"))
)
# How far behind a marker the rank of its house may end (某大学党委书记).
RANK_CHARS = 8
# After the office of another: its holder, and what joins the next one.
_AND_OTHER = re.compile(f"[{HAN}]{{2,3}}?(?:以及|[及和与、，])")
# How far before an office the company or school that it belongs to may be named.
PRIVATE_CHARS = 14
# How far behind a marker the street stands that is named after it.
NAMED_AFTER_CHARS = 4


def public_among(
    text: str, phrases: Sequence[OfficePhrase], *, sure: bool = False
) -> tuple[OfficePhrase, ...]:
    """The public offices of a list: an incomplete rank counts after a complete one only, or beside one
    of no private body (党委副书记、政委), or when the list goes on with a public one (`sure`)."""
    if _OTHER_PARTY.search(text, max(phrases[0].start - PARTY_CHARS, 0), phrases[0].start + PARTY_CHARS):
        return ()
    kept: list[OfficePhrase] = []
    ranks = [phrase.rank for phrase in phrases]
    sure = sure or ranks[0] in _CIVIL_SERVICE or not _ALWAYS_PUBLIC.isdisjoint(ranks[:2])
    sure = sure or (ranks[-1] == "院长" and bool(_COURT_GROUP.search(phrases[0].title)))
    company = False
    house = not _HOUSE_HEADS.isdisjoint(ranks) and _heads_a_house(phrases)
    firm = not _OF_FIRMS.isdisjoint(ranks)
    for phrase in phrases:
        if house and not (phrase.complete and (phrase.body or phrase.level)):
            continue
        private = _is_private(text, phrase) or (firm and _is_party_group(phrase))
        private = private or not (phrase.public or phrase.rank in office_tables().private)
        alike = not phrase.level and not phrase.central and text[phrase.start - 1] in "、，,兼"
        company = private or phrase.rank in _OF_FIRMS or (company and alike)
        if private or not phrase.public:
            continue
        if company and alike:
            continue  # 某公司副总地质师、开发管理部主任
        if phrase.complete or kept or sure:
            kept.append(phrase)
    return tuple(kept)


def _is_party_group(phrase: OfficePhrase) -> bool:
    """Whether an office is one of a Party group without a level or place: a firm's in a list with 董事长."""
    return not phrase.level and not phrase.central and phrase.body.endswith(("党委", "党总支", "党支部"))


def _heads_a_house(phrases: Sequence[OfficePhrase]) -> bool:
    """Whether a list has a bare 院长 or 校长 and names no court or Party school: a hospital, a school.
    Courts have a 党组, hospitals and schools a 党委."""
    bare = {phrase.rank for phrase in phrases if phrase.rank in _HOUSE_HEADS and not phrase.body}
    if bare == {"院长"} and _COURT_GROUP.search(phrases[0].title):
        return False
    return bool(bare) and not any(_HOUSE_OFFICE.search(phrase.title) for phrase in phrases)


def _is_private(text: str, phrase: OfficePhrase) -> bool:
    """Whether the words directly before an office name a company, school or foreign country."""
    if _is_private_body(phrase):
        return True
    floor = max(phrase.start - PRIVATE_CHARS, 0)
    for found in _SENTENCE.finditer(text, floor, phrase.start):
        floor = found.end()
    last = text[phrase.start - 1 : phrase.start]
    if last in _HOUSE_WORD_LAST and _HOUSE_WORD.search(text, max(phrase.start - 2, 0), phrase.start):
        return True
    if phrase.central and _FOREIGN_INITIAL.search(text, max(floor - 1, phrase.start - 2, 0), phrase.start):
        return True
    if phrase.rank in ("指导员", "教导员") and "武警" in text[floor : phrase.end]:
        return True
    end = phrase.start + (phrase.level == "市")  # 某超市|党支部书记
    if phrase.rank in office_tables().holders:
        return False
    # Without one in the whole there is none behind another office either.
    if not _marker_until(text, floor, end):
        return False
    return holds_private_marker(text, _behind_other_office(text, floor, end), end)


def _behind_other_office(text: str, start: int, end: int) -> int:
    """`start`, or where the office of another house ends before `end` (某协会会长|甲及示例县残联主席)."""
    tables = office_tables()
    for marker in tables.private_marker.finditer(text, start, end):
        rank = tables.rank.search(text, marker.end(), min(marker.end() + RANK_CHARS, end))
        joiner = _AND_OTHER.match(text, rank.end(), end) if rank else None
        start = joiner.end() if joiner else start
    return start


def _is_private_body(phrase: OfficePhrase) -> bool:
    """Whether the body of an office is one of science, business or health."""
    if phrase.rank in _HOUSE_HEADS and phrase.body and not _PUBLIC_HOUSE.search(phrase.body):
        return True
    if phrase.rank in ("会长", "理事长") and phrase.body and phrase.body not in office_tables().bodies:
        return True
    if phrase.rank == "书记" and phrase.title.endswith("第一书记"):
        return False  # 县公安局驻村工作队第一书记 is the village's
    return is_private_name(phrase.body)


def is_private_name(body: str) -> bool:
    """Whether the name of a body says so."""
    return bool(body and office_tables().private_body.search(body))


def holds_private_marker(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` names a company, school, foreign country … (what follows tells 石化 from
    the street 石化|街道)."""
    found = _marker_until(text, start, end)
    return found is not None and found.end() <= end


def _marker_until(text: str, start: int, end: int) -> re.Match[str] | None:
    """The first marker in `text[start:end]` and what names a street after it."""
    return office_tables().private_marker.search(text, start, end + NAMED_AFTER_CHARS)
