"""Who holds which offices, by what stands side by side: lists of offices and the names at their end.

"县委副书记、县长陈元" is one chain of two offices and one name; "副县长甲、乙" one office, two names.
Offsets are code points into the text given.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from searchapp.annotate.names import HAN, Name, is_boundary, name_tables, read_name
from searchapp.annotate.office_bodies import STATE_BEFORE, STATE_CHARS
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase, former_word_ends
from searchapp.annotate.private_bodies import holds_private_marker, is_private_name, public_among
from searchapp.annotate.word_lists import FirstTold

# How much may stand between two offices of one list (a place, a zone, a company).
WIDEST_GAP_CHARS = 30
# How long the name of a zone may be between its place and 开发区, 产业园 …
LONGEST_ZONE_CHARS = 8
# How long the name of a bureau may be whose branch is named.
LONGEST_BUREAU_CHARS = 12
PlaceSpan = tuple[int, int]


class Chain(NamedTuple):
    """Offices in one list; a chain may have private members (某集团董事长). `outer` is where it begins
    with the place before it (横峰县|县委书记). `goes_on` when the list of persons before it holds
    public offices of the same body (县人大常委会副主任甲、乙，秘书长丙), `at_home` when its sentence has
    named the body before."""

    phrases: tuple[OfficePhrase, ...]
    outer: int
    goes_on: bool = False
    at_home: bool = False

    @property
    def start(self) -> int:
        return self.phrases[0].start

    @property
    def end(self) -> int:
        return self.phrases[-1].end


class Holding(NamedTuple):
    """One name and the offices that the text gives it here, `outer` where these begin with the place
    before them, `dated` when the text says in which year they were taken up, `goes_on` when the list of
    persons before it holds offices of the same body, `listed` for the further names of a list (副县长甲、乙),
    `follows` for a department in the list of the persons of its bureau (市医保局局长甲，法规科科长乙).

    `public` is False when none of them is a public office (then the person is known only as a
    speaker who is no official).
    """

    name: Name
    phrases: tuple[OfficePhrase, ...]
    former: bool = False
    outer: int = -1
    dated: bool = False
    goes_on: bool = False
    listed: bool = False
    follows: bool = False

    @property
    def public(self) -> bool:
        return bool(self.phrases)


_JOINER = re.compile(
    r"[、，, \u3000]*(?:兼任?|以及|并兼任?|和|及|与)?[ \u3000]*(?:原|前|现任|现|时任)?(?:中共)?"
)
_CURRENT = re.compile("[、，,]现任?")
# What joins two offices when the body of the second is no known one.
LIST_JOINER = re.compile(r"[、，,][ \u3000]*(?:兼任?)?|兼任?")
_BODY_GAP = re.compile(f"(?:[{HAN}0-9“”·]|[（(][{HAN}]{{1,14}}[）)]){{2,20}}")
_NO_GAP = re.compile(
    r"当选|选出|选举|曾|月|(?<![\d青少])年|年[任起后至以被获]|[调转升改出接提]任|调到|履新|拟|原.|委原|担|后$"
)
# 党组副书记、分管日常工作的|副院长
_IN_CHARGE = re.compile(f"(?:分管|主持|负责)[{HAN}]{{2,8}}的")
_FORMER_FIRST = re.compile("^(?:原|前)")
_LEVEL_BEFORE = ("自治区", "省", "市", "县", "区", "州", "盟", "旗")
_COMPANY = re.compile(f"[{HAN}（）]{{1,28}}")
# Groups that stand before the place (共青团横峰县委).
GROUP_BEFORE = re.compile(
    "(?:共青团|(?<![表体考集财剧军访察社])团|台盟|民革|民盟|民建|民进|农工党|农工民主党|致公党|九三学社)$"
)
# What each of them ends with ("$" is before a line end as well).
_GROUP_LAST = frozenset("团盟革建进党社\n")
# 黄山市委书记是凌云; 卸任副书记的孙勇
_OF = FirstTold("是|为|(?:[，、]?(?:并|被)?提名为[^，。；]{2,14}候选人)?的|同志", "是为，、并被提的同")
# 时任青岛市委书记（现任山东省委副书记）陆治原
_ASIDE = FirstTold("[（(](?:现任|时任|原任|现|原)[^（）()]{1,60}[）)]", "（(")
_ASIDE_BEGINS = re.compile("[（(](?:现任|时任|原任|现|原)")
# 卸任横峰县委书记的潘琍
_LEFT_BEFORE = re.compile(f"(?:卸任|辞去|离任|免去|曾任|历任|不再担任)[{HAN}]{{0,3}}$")
_TOWN = re.compile(
    f"[{HAN}]{{1,12}}(?:镇|乡|街道|村|社区|苏木|林场|新区|新城|开发区|高新区|经开区|示范区|风景区|度假区|保税区|园区)"
    "(?:（[^（）]{1,12}）)?"
)
_TOWN_BEFORE = re.compile(f"{_TOWN.pattern}$")
# What each of them ends with, looked at first: a tenth of the cost ("$" is before a line end as well).
_TOWN_LAST = frozenset("镇乡道村区木场城）\n")
# 县委书记|由|林守田|担任
_HELD_BY = FirstTold("(?:一职|职务)?由", "一职由")
_HOLDS = ("担任", "出任", "兼任", "接任", "继任")
# 业务部主任林守田律师
_OF_LAW = re.compile("律师")
_OTHER_LIST = re.compile(r"[、]|和|与|及|以及")


def chains_of(text: str, phrases: Sequence[OfficePhrase], places: Sequence[PlaceSpan]) -> list[Chain]:
    """Groups `phrases` (in order) into chains; `places` are the spans of place names in order."""
    chains: list[list[OfficePhrase]] = []
    ends = {end: start for start, end in places}
    starts = dict(places)
    for phrase in phrases:
        if chains and _joined(text, chains[-1][-1], phrase, ends):
            current = bool(_CURRENT.match(text, chains[-1][-1].end, phrase.end))
            chains[-1].append(phrase._replace(current=current))
        elif chains and (wider := _with_gap(text, chains[-1][-1], phrase, starts)):
            chains[-1].append(wider)
        else:
            chains.append([phrase])
    return [Chain(tuple(chain), _outer_start(text, chain[0], ends)) for chain in chains]


def _outer_start(text: str, phrase: OfficePhrase, place_starts: dict[int, int]) -> int:
    """Where a chain begins with the place before its first office."""
    at = phrase.start
    if phrase.level and at + len(phrase.level) in place_starts:
        at = place_starts[at + len(phrase.level)]
    town = _TOWN_BEFORE.search(text, max(0, at - 8), at) if text[at - 1 : at] in _TOWN_LAST else None
    if town and town.start() in place_starts:
        at = town.start()
    if phrase.level in office_tables().zones:
        # 简阳市|临空经济|产业园党工委书记
        named = (end for end in range(at, max(at - LONGEST_ZONE_CHARS, 0), -1) if end in place_starts)
        at = next(named, at)
    while at in place_starts:
        at = place_starts[at]
    if at < phrase.start and (state := STATE_BEFORE.search(text, max(at - STATE_CHARS, 0), at)):
        return state.start()
    if phrase.body.startswith("分局") and text[at - 1 : at] == "局":
        # 示范市|公安局|示例|分局政委
        named = (end for end in range(at - 1, max(at - LONGEST_BUREAU_CHARS, 0), -1) if end in place_starts)
        at = next((place_starts[end] for end in named), at)
    group = GROUP_BEFORE.search(text, max(at - 6, 0), at) if text[at - 1 : at] in _GROUP_LAST else None
    return group.start() if group else at


def _joined(text: str, before: OfficePhrase, after: OfficePhrase, place_starts: dict[int, int]) -> bool:
    bare = not (before.complete or before.former or before.body or before.title.startswith("党组"))
    if bare and before.public and not is_boundary(text, before.start - 1):
        return False  # 李辉副局长、……: the name stands before the rank
    if after.start < before.end or after.start - before.end > WIDEST_GAP_CHARS:
        return False
    if before.holder or holder_before(text, after.start, after.title, before.end):
        return False  # 水利局|王远|副局长、……: a list goes on with the next person
    if before.rank == "党员" and after.public:
        return False  # 中共党员，现任县长: no office of its list
    found = _JOINER.match(text, before.end, after.start)
    at = found.end() if found else before.end
    if before.title == after.title and "，" in text[before.end : at]:
        return False  # 甲曾任示例县委书记，例举县委书记乙
    if after.central and text.endswith("中共", before.end, at):
        return False  # 中共|中央军委主席 is called so as a whole
    if at == before.end and (after.start > before.end or not after.public):
        return False
    rest_end = after.start
    if after.level and rest_end + len(after.level) in place_starts and at < rest_end:
        rest_end += len(after.level)
    while rest_end in place_starts and place_starts[rest_end] >= before.end:
        rest_end = place_starts[rest_end]
    tables = office_tables()
    of_part = after.level in tables.towns or after.level in tables.zones
    if of_part and at < rest_end == after.start:
        rest_end += len(after.level)
    gap = _TOWN if after.public else _COMPANY
    return rest_end <= at or bool(gap.fullmatch(text, at, rest_end))


def _with_gap(
    text: str, before: OfficePhrase, after: OfficePhrase, place_ends: dict[int, int]
) -> OfficePhrase | None:
    """`after` with all that stands between it and the office before it in its list as its body
    (副总理、第24届冬奥会工作|领导小组组长), private when that names a company; None when it is no list."""
    if not after.public or (not before.public and text[before.end : before.end + 1] != "、"):
        return None
    if holder_before(text, after.start, after.title, before.end):
        return None  # 总书记、李克强|总理
    if before.holder or (after.holder and after.title == after.rank):
        return None  # 麦田社区|王远|书记、桃源社区|林守田|书记
    joiner = LIST_JOINER.match(text, before.end, after.start)
    if not joiner:
        return None
    start = joiner.end()
    while start in place_ends:
        start = place_ends[start]
    gap = text[start : after.start]
    level = next((word for word in _LEVEL_BEFORE if gap.startswith(word)), "")
    if gap == "中国":
        return after._replace(start=start)
    if gap.endswith("兼") or _IN_CHARGE.fullmatch(gap):
        return after._replace(complete=before.complete)
    if not _BODY_GAP.fullmatch(gap) or office_tables().no_body.search(gap.removesuffix("原")):
        return None
    if _NO_GAP.search(gap):
        return None
    public = not holds_private_marker(text, joiner.end(), after.start) and not is_private_name(gap)
    public = public and after.rank not in ("会长", "理事长")
    title = gap.removeprefix("" if gap.startswith(level + "委") else level).removesuffix("原")
    title += after.title if after.holder else _FORMER_FIRST.sub("", text[after.start : after.end])
    if public and after.complete and not before.complete and after.level in office_tables().towns:
        return after  # 读书会会长、麦田|社区党委书记
    level, complete = level or after.level, before.complete
    return after._replace(start=start, title=title, level=level, complete=complete, public=public)


def holdings_of(text: str, chain: Chain, starts: Sequence[int]) -> list[Holding]:
    """Names that stand directly after a chain, and the further names of a list; empty when no name
    follows. `starts` are where office phrases begin, in order."""
    if any(phrase.holder for phrase in chain.phrases):
        return list(_holders_inside(text, chain))
    if holder_before(text, chain.outer, chain.phrases[0].title):
        return []  # 习近平|总书记和……
    if held_by := _held_by(text, chain):
        return [held_by]
    link = _OF.match(text, chain.end)
    at = link.end() if link else chain.end
    aside = _ASIDE.match(text, at)
    if text[at : at + 1] == "”" and text[chain.start - 1 : chain.start] == "“" and chain.phrases[0].complete:
        at += 1  # 驻村“第一书记”王远
    at = aside.end() if aside else at + (text[at : at + 1] in ("）", ")") and _is_aside(text, chain))
    name = _known_holder(text, at, chain) or read_name(text, at)
    if name is None or (link and not clear_end(text, name.end)):
        return []
    if any(name.start < start < name.end for start in starts):
        return []  # 副区长|岱岳分局局长林守田
    if link and link.group() == "为" and not is_boundary(text, name.end):
        return []
    if text[chain.outer - 1 : chain.outer] == "“" and text[name.end : name.end + 1] == "”":
        return []  # a slogan: “区长包园”
    phrases = () if _OF_LAW.match(text, name.end) else public_phrases(text, chain)
    left = link and _LEFT_BEFORE.search(text, max(chain.outer - 7, 0), chain.outer)
    former = is_former(text, chain) or bool(left)
    names = [name]
    if phrases and _plural(phrases[-1]):
        title = ("副" if phrases[-1].deputy else "") + phrases[-1].rank
        names += _further_names(text, name, starts, office_tables().holders.get(title, ()))
    return [
        Holding(one, phrases, former, chain.outer, goes_on=chain.goes_on, listed=one is not name)
        for one in names
    ]


def _held_by(text: str, chain: Chain) -> Holding | None:
    """Who holds the offices by a sentence that says so (县委书记由甲担任)."""
    by = _HELD_BY.match(text, chain.end)
    name = read_name(text, by.end(), skip=False) if by else None
    if name is None or not text.startswith(_HOLDS, name.end):
        return None
    return Holding(name, public_phrases(text, chain), is_former(text, chain), chain.outer)


def holder_before(text: str, at: int, title: str, start: int = 0) -> Name | None:
    """The name of one who alone held an office of that title, ending at `at` and not before `start`
    (习近平|总书记; of offices whose holders are known)."""
    for name in office_tables().holders.get(title, ()):
        if text.endswith(name, start, at):
            return Name(at - len(name), at, name)
    return None


def _holders_inside(text: str, chain: Chain) -> Iterator[Holding]:
    """The names inside offices of a chain, each with the offices before it (市委常委、统战部|林守田|部长)."""
    begun = 0
    for index, phrase in enumerate(chain.phrases):
        if phrase.holder:
            held = tuple(one for one in public_among(text, chain.phrases[begun : index + 1]) if one.complete)
            yield Holding(phrase.holder, held, phrase.former, chain.outer)
            begun = index + 1


def _is_aside(text: str, chain: Chain) -> bool:
    """Whether a chain is the whole of a bracket before a name (（现任广西区党委常委）王心富)."""
    return bool(_ASIDE_BEGINS.search(text, max(chain.outer - 4, 0), chain.outer + 2))


def _known_holder(text: str, at: int, chain: Chain) -> Name | None:
    """The name at `at` of one who has held an office of the chain that one person holds at a time."""
    holders = office_tables().holders
    known = [name for phrase in chain.phrases for name in holders.get(phrase.title, ())]
    here = [name for name in known if text.startswith(name, at)]
    if not here:
        return None
    found = max(here, key=len)
    return Name(at, at + len(found), found)


def is_former(text: str, chain: Chain) -> bool:
    """Whether 原, 时任 … stand before a chain, before its place (时任横峰县委书记) or inside it."""
    return chain.phrases[0].former or former_word_ends(text, chain.outer)


def public_phrases(text: str, chain: Chain) -> tuple[OfficePhrase, ...]:
    """The public offices of a chain."""
    return public_among(text, chain.phrases, sure=chain.goes_on or chain.at_home)


_SHARED_RANKS = frozenset(
    ("常委", "委员", "党组成员", "政治局常委", "政治局委员", "国务委员", "秘书长", "书记处书记")
)


def _plural(phrase: OfficePhrase) -> bool:
    """Offices that several persons hold at one time."""
    return phrase.deputy or phrase.rank in _SHARED_RANKS


def _further_names(text: str, name: Name, starts: Sequence[int], holders: Collection[str]) -> Iterator[Name]:
    """The names that go on with a list; `holders` are those who are known to have held the office."""
    at = name.end
    while found := _OTHER_LIST.match(text, at):
        other = read_name(text, found.end())
        if other is None or any(found.end() <= start < other.end + 1 for start in starts):
            return
        if not clear_end(text, other.end) and other.text not in holders:
            return
        yield other
        at = other.end


def clear_end(text: str, at: int) -> bool:
    tables = name_tables()
    ends = is_boundary(text, at) or bool(tables.followers.at(text, at))
    return ends or text[at] in tables.sure or text[at] == "为"
