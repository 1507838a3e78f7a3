"""Which stretches of a text name an office? The grammar: body* + modifier* + rank.

A rank ("书记", "局长", "县长") is found by one regular expression over the text; what belongs to it
on its left (宣传部, 县委, 常务副) is read backwards, longest part first, from the table in
`offices.toml`. The place before the office is no part of it; the level character may be shared
with the place (海丰|县委书记 in "海丰县委书记").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from searchapp.annotate.names import HAN, is_boundary, one_of

# 省人民政府外事办公室 is the 外事办公室; 政府办公室 and 政府党组 are the government's own.
_STATE_NAME = re.compile("^(?:中国|国家)(?!人民)")
_GOVERNMENT_OF = re.compile("^(?:人民)?政府(?=.)(?!办|党组)")
LEVEL_CHARS = "省市县区州旗盟镇乡村"
GOVERNMENT = re.compile("(?:人民)?政府$")
MOST_PIECES = 5
MOST_BRACKET = 26
# 组织部长 is 组织部 + 部长: the first character of the rank is the last of the body.
_JOINT = frozenset(("部长", "局长", "厅长", "处长", "科长", "院长", "署长", "司长", "站长", "所长", "队长"))
# Bodies that companies and schools have as well: with nothing before them they prove no public office.
_WEAK_BODIES = frozenset(
    ("党委", "党组", "党总支", "党支部", "支部", "总支", "办公室", "委员会", "委", "常委会", "机关党委", "团委", "工会", "纪委", "团")
)
_NUMBER = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class OfficePhrase:
    """`text[start:end]` names an office; `start` includes the level word (县教育局局长).

    `title` is the office as the conventions want it: without place, 原 and a bare level word.
    `level` is the level word of the phrase ("县", "" when it has none). `public` is False for
    董事长, 教授 and the like; `complete` is False for a rank that needs a body and has none.
    `rank` is the bare rank, `body` the body without its level word, `central` True for the centre.
    """

    start: int
    end: int
    title: str
    level: str
    rank: str
    body: str
    former: bool = False
    public: bool = True
    complete: bool = True
    central: bool = False
    deputy: bool = False


# 主任科员, 主席团 are no ranks; nor is 市长 in 东港市|长安镇 and 南京市|长江以北.
_NO_RANK = (
    "(?!会|协会|协|科员|医师|团|台|班子|[一二三四]级)"
    "(?!(?<=[市县区州旗乡镇]长)(?:江[大以流沿边畔口上中下南北东西水干段航三]|[沙春期远达途效]|[安乐兴宁丰寿阳海河城平岭]"
    "[^，。、]{0,1}[镇乡街区县村路市]))"
)


@dataclass(frozen=True, slots=True)
class OfficeTables:
    """offices.toml, made ready for reading backwards."""

    rank: re.Pattern[str]
    levelled: frozenset[str]
    alone: frozenset[str]
    private: frozenset[str]
    modifiers: frozenset[str]
    former: frozenset[str]
    levels: frozenset[str]
    bodies: frozenset[str]
    topics: frozenset[str]
    suffixes: frozenset[str]
    private_marker: re.Pattern[str]
    centre: re.Pattern[str]
    centre_ranks: frozenset[str]
    holders: dict[str, frozenset[str]]
    longest: int


@cache
def office_tables() -> OfficeTables:
    """The tables, read once a process."""
    raw = tomllib.loads(resources.files(__package__).joinpath("offices.toml").read_text(encoding="utf-8"))
    words = {f"{part}.{key}": value.split() for part, lists in raw.items() for key, value in lists.items()}
    ranks = words["ranks.levelled"] + words["ranks.alone"] + words["ranks.bodied"] + words["ranks.private"]
    bodies = [word for key, value in words.items() if key.startswith("bodies.") for word in value]
    bodies += [word for word in words["centre.words"] if word not in words["levels.words"]]
    return OfficeTables(
        rank=re.compile(f"(?:{one_of(ranks)}){_NO_RANK}"),
        levelled=frozenset(words["ranks.levelled"]),
        alone=frozenset(words["ranks.alone"]),
        private=frozenset(words["ranks.private"]),
        modifiers=frozenset(words["modifiers.words"]),
        former=frozenset(words["modifiers.former"]),
        levels=frozenset(words["levels.words"]),
        bodies=frozenset(bodies),
        topics=frozenset(words["departments.topics"]),
        suffixes=frozenset(words["departments.suffixes"]),
        private_marker=re.compile(one_of(words["private.markers"])),
        centre=re.compile(f"(?:中共|中国)?(?:{one_of(words['centre.words'])})"),
        centre_ranks=frozenset(words["centre.ranks"]),
        holders={key.removeprefix("holders."): frozenset(names) for key, names in words.items() if key.startswith("holders.")},
        longest=max(map(len, bodies + words["departments.topics"])),
    )


def find_offices(text: str, place_ends: Sequence[int] = ()) -> list[OfficePhrase]:
    """Office phrases of `text`, in order. `place_ends`: where place names end (code points); a body
    that the table does not know is believed between a place and a rank."""
    tables = office_tables()
    known_ends = frozenset(place_ends)
    phrases: list[OfficePhrase] = []
    for found in tables.rank.finditer(text):
        floor = phrases[-1].end if phrases else 0
        phrases.append(_read(text, found.start(), found.end(), floor, known_ends, tables))
    return phrases


def _read(
    text: str, at: int, end: int, floor: int, place_ends: frozenset[int], tables: OfficeTables
) -> OfficePhrase:
    rank = text[at:end]
    head, former = _modifiers(text, at, floor, tables)
    if rank in tables.private:
        return OfficePhrase(head, end, text[head:end], "", rank, "", former, public=False)
    joint = head == at and rank in _JOINT
    if rank[0] == "村":
        body_start, level = head, ""
    elif rank in tables.centre_ranks:
        level = _word_before(text, head, floor, _ORGANS, 4)
        body_start = head - len(level)
    else:
        body_start, level = _body(text, head + joint, floor, tables)
        if joint and body_start > head:
            body_start, level = _body(text, head, floor, tables)
    if level == "" and rank[0] in LEVEL_CHARS and (rank in tables.levelled or rank[0] == "村"):
        level = rank[0]
    if body_start == head and rank not in tables.levelled and rank not in tables.alone:
        body_start = _unknown_body(text, head, floor, place_ends, tables)
    elif body_start < head and not level:
        body_start, level = _widened(text, body_start, floor, place_ends, tables)
    start, former_before = body_start, False
    if not level or body_start + len(level) not in place_ends:
        start, former_before = _modifiers(text, body_start, floor, tables, only_former=True)
    weak = text[body_start:head] in _WEAK_BODIES
    body = text[body_start + _level_width(text, body_start, level, head) : head]
    modifier = _without_former(text[head:at], tables)
    return OfficePhrase(
        start=start,
        end=end,
        title=_title(body, level, modifier, rank, tables),
        level=level,
        rank=rank,
        body=body,
        former=former or former_before,
        complete=(body_start < head and not weak) or rank in tables.levelled or rank in tables.alone,
        central=_is_central(text, body_start, end, rank, tables),
        deputy="副" in modifier,
    )


# Organs of the centre stay in a title (全国政协副主席), the state does not (国家体育总局局长).
_ORGANS = frozenset(("全国", "中央", "国务院", "中共中央"))
# 财经+领导小组办公室: bodies that a topic may stand before.
_BROAD_BODIES = frozenset(("领导小组", "领导小组办公室", "指挥部", "指挥部办公室", "专班", "委员会", "执行委员会"))
_STATE = frozenset(("中国", "全国", "国家", "中央", "务院"))


def _is_central(text: str, start: int, end: int, rank: str, tables: OfficeTables) -> bool:
    if rank in tables.centre_ranks or tables.centre.match(text, start, end):
        return True
    return start < end - len(rank) and text[max(start - 2, 0) : start] in _STATE


def _level_width(text: str, start: int, level: str, head: int) -> int:
    return len(level) if level and text.startswith(level, start) and start + len(level) <= head else 0


def _modifiers(
    text: str, at: int, floor: int, tables: OfficeTables, *, only_former: bool = False
) -> tuple[int, bool]:
    """Where the modifiers before `at` begin, and whether one of them says former."""
    former = False
    moved = True
    while moved:
        moved = False
        for width in (2, 1):
            word = text[max(at - width, floor) : at]
            if len(word) != width:
                continue
            if word in ("原", "前") and text[at - 2 : at - 1] in _NO_FORMER_AFTER:
                continue
            if word in tables.former or (not only_former and word in tables.modifiers):
                former = former or word in tables.former
                at, moved = at - width, True
                break
    return at, former


# 目前, 此前, 太原: no 前任 and no 原任.
_NO_FORMER_AFTER = frozenset("目日此当之以会年月天节太中平草高提从跟眼面生午")


def _without_former(modifier: str, tables: OfficeTables) -> str:
    for word in ("曾任", "历任", "原任", "前任", "时任", "已故", "原", "前"):
        modifier = modifier.replace(word, "")
    return modifier


def _body(text: str, at: int, floor: int, tables: OfficeTables) -> tuple[int, str]:
    """Where the body that ends at `at` begins, and its level word."""
    start = at
    for _ in range(MOST_PIECES):
        piece = min(_body_word(text, start, floor, tables), _department(text, start, floor, tables))
        if piece == start:
            break
        if text[piece:start] in _BROAD_BODIES:
            while topic := _word_before(text, piece, floor, tables.topics, tables.longest):
                piece -= len(topic)
        start = piece
        level = _word_before(text, start, floor, tables.levels, 4)
        if level and start - _body_word(text, start, floor, tables) <= len(level):
            return start - len(level), level
    return start, ""


def _word_before(text: str, at: int, floor: int, words: frozenset[str], longest: int) -> str:
    """The longest of `words` that ends at `at`, or ""."""
    for width in range(min(longest, at - floor), 0, -1):
        word = text[at - width : at]
        if word in words:
            return word
    return ""


def _body_word(text: str, at: int, floor: int, tables: OfficeTables) -> int:
    return at - len(_word_before(text, at, floor, tables.bodies, tables.longest))


def _department(text: str, at: int, floor: int, tables: OfficeTables) -> int:
    """Start of a department (topics + suffix) that ends at `at`; `at` when there is none."""
    inner = at
    if text[inner - 1 : inner] in ("）", ")"):
        inner = max(text.rfind("（", floor, inner), text.rfind("(", floor, inner))
        if inner < 0 or at - inner > MOST_BRACKET:
            return at
    suffix = _word_before(text, inner, floor, tables.suffixes, 4)
    if not suffix:
        return at
    start = inner - len(suffix)
    if start > floor and text[start - 1] in _NUMBER:
        start -= 1
    topics_end = start
    while True:
        if text[start - 1 : start] in ("）", ")"):
            opening = max(text.rfind("（", floor, start), text.rfind("(", floor, start))
            if opening < 0 or start - opening > MOST_BRACKET:
                break
            start = opening
        topic = _word_before(text, start, floor, tables.topics, tables.longest)
        if topic:
            start -= len(topic)
        elif start < topics_end and text[start - 1 : start] in ("和", "与", "及") and start - 1 > floor:
            topic = _word_before(text, start - 1, floor, tables.topics, tables.longest)
            if not topic:
                break
            start -= 1 + len(topic)
        else:
            break
    return start if start < topics_end else at


_WIDEST_CHARS = 14


def _widened(
    text: str, at: int, floor: int, place_ends: frozenset[int], tables: OfficeTables
) -> tuple[int, str]:
    """Where a body begins that has words before it which the table does not know: at a place, at a
    body with its level (省体育局|乒乓球运动|管理中心), or at the state's name; `at` when at none."""
    for start in range(at, max(floor, at - _WIDEST_CHARS), -1):
        if start < at and (is_boundary(text, start) or _NO_BODY.search(text, start, at)):
            break
        if start in place_ends or (start < at and text[start : start + 2] in _STATE):
            return start, ""
        if start < at:
            outer, level = _body(text, start, floor, tables)
            if level:
                return outer, level
    return at, ""


_BODY_END = re.compile("(?:局|厅|委|委员会|办|办公室|部|处|署|总局|工委|党组|党委|支部|总支|中心|队|所|站|联)$")
_UNKNOWN = re.compile(f"[{HAN}（）]{{2,16}}$")
_NO_BODY = re.compile("[的是由与对向被把为任说受]|召开|举行|会见|表示|介绍|时任|现任|所属|下属|通报|网站|公布|发布|原|领导|同志|以及|参加|出席|参与|召集|组织召|研究|[和及].*[和及]")


def _unknown_body(
    text: str, head: int, floor: int, place_ends: frozenset[int], tables: OfficeTables
) -> int:
    """A body that is not in the table, between the end of a place and the rank."""
    for start in range(head - 2, max(floor, head - 17) - 1, -1):
        if start in place_ends:
            body = text[start:head]
            good = _UNKNOWN.match(body) and _BODY_END.search(body) and not _NO_BODY.search(body)
            return start if good and not tables.private_marker.search(body) else head
    return head


def _title(body: str, level: str, modifier: str, rank: str, tables: OfficeTables) -> str:
    """The office without place; the level word stays in 县委书记 and 省政府秘书长 only."""
    for word in ("原", "前"):
        body = body.removeprefix(word)
    body = _GOVERNMENT_OF.sub("", _STATE_NAME.sub("", body))
    if rank in tables.levelled and GOVERNMENT.search(body):
        return modifier + rank
    if level in _ORGANS:
        return level + body + modifier + rank
    keeps = body.startswith("委") or body in ("政府", "政府党组") or (level == "村" and body.startswith("村"))
    return (level if keeps else "") + body + modifier + rank


# 院长 and 校长 of these are public offices, of all others not.
_PUBLIC_HOUSE = re.compile("法院$|检察院$|[中高]院$|行政学院$|社会主义学院$|党校$|团校$|警察学院$")
_PRIVATE_BODY = re.compile("(?:研究[院所]|(?<!行政)(?<!主义)学院|大学|医院|公司|集团|科学院|设计院|报社|电视台|救援队|服务队|(?<!作家)(?<!技术)协会|(?<!法)学会|[乒足篮羽排游田网冰雪书影美音舞]协|支行|分行)")


def is_private_body(phrase: OfficePhrase) -> bool:
    """Whether the body of an office is one of science, business or health."""
    if phrase.rank in ("院长", "校长") and not _PUBLIC_HOUSE.search(phrase.body):
        return True
    if phrase.rank in ("会长", "理事长") and phrase.body not in office_tables().bodies:
        return True
    return bool(_PRIVATE_BODY.search(phrase.body))


def holds_private_marker(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` names a company, school, foreign country …"""
    return bool(office_tables().private_marker.search(text, start, end))


def begins_at_boundary(text: str, at: int) -> bool:
    """Whether nothing of Han script stands directly before `at`."""
    return at == 0 or is_boundary(text, at - 1)
