"""Which stretches of a text name an office? The grammar: body* + modifier* + rank.

A rank ("书记", "局长", "县长") is found by one regular expression over the text; what belongs to it
on its left (宣传部, 县委, 常务副) is read backwards, longest part first, from the table in
`offices.toml`. The place before the office is no part of it; the level character may be shared
with the place (海丰|县委书记 in "海丰县委书记").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from searchapp.annotate.envoys import IN_CHARGE, bureau_before, post_before
from searchapp.annotate.names import HAN, Name, is_boundary, name_tables, read_name
from searchapp.annotate.office_bodies import LONGEST_LEVEL_CHARS, STATE, BodyReader
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.office_titles import ORGANS, as_named, term_before, title_of
from searchapp.annotate.word_lists import FirstTold

LEVEL_CHARS = "省市县区州旗盟镇乡村"

# 目前, 此前, 太原: no 前任 and no 原任.
_NOT_AFTER = {
    "前": frozenset("目日此当之以会年月天节太中平草高提从跟眼面生午"),
    "原": frozenset("太中平草高"),
}
# Ranks of the centre with a body: 教育部发展规划司司长.
_BODIED_CENTRE_RANKS = frozenset(("委员长", "司长", "署长"))
_CORPS = frozenset(("兵团",))
# Ranks that a town or village names without its committee: 乡副书记, 村治保主任.
_TOWN_RANKS = frozenset(
    ("书记", "宣传委员", "组织委员", "统战委员", "纪检委员", "政法委员", "治保主任", "治调主任", "妇女主任")
)
# 部|党组成员, 局|党组副书记: a body named by its last character alone. 院党委 is a hospital's.
_OWN_BODY = re.compile(
    f"(?:^|[^{HAN}]|[由是和与及该本在])(?:[部局厅委](?=党[组委])|院(?=党组)|部(?=总(?:工程|规划|经济|农艺)师))"
)
# What stands before the name inside an office: 水利局|王远|副局长, 横峰县委|潘琍|书记, 横峰县|潘琍|县长.
_BEFORE_HOLDER = {"检察长": "院", "书记": "委支", "主任": "会委办", "主席": "协会联"} | {
    level + "长": level for level in "局厅部处科所院队省市县区州旗镇乡"
}
# 白云社区|林守田|书记
_COMMUNITIES = ("社区", "街道")
_COMMUNITY_RANKS = frozenset(("书记", "主任"))
# Of the heads of groups, these hold an office (艺术团|团长 does not).
_OFFICIAL_GROUPS = ("中央代表团", "讲师团")
# Where it stands between offices it is passed over.
_INSIDE_LIST = FirstTold("(?<![表师]团)团长、", "团")
# 统战部|分管日常工作的|副部长
_IN_CHARGE = re.compile(f"(?:分管|主持|负责)[{HAN}]{{2,8}}的$")
# 麦田|社区|党委书记: the community is the place, as a village is.
_PARTY_BODIES = ("党委", "党组", "党支部", "党总支", "支部", "总支")
_NATIONAL = re.compile("全国人大|全国政协|全国代表大会|全国委员会|代表大会.{0,12}人民大会堂")
# 示例局|原|党组成员: by itself an office, so the body before 原 is left out.
_PARTY_GROUP = re.compile("分?党(?:组|委|工委)")
# 示例县政协|原|党组成员 is named with its assembly.
_ASSEMBLIES = ("政府", "政协", "人大常委会")
_FORMER_WORDS = re.compile("曾任|历任|原任|前任|时任|已故|原|前")


class OfficePhrase(NamedTuple):
    """`text[start:end]` names an office; `start` includes the level word (县教育局局长).

    `title` is the office as the conventions want it: without place, 原 and a bare level word.
    `level` is the level word of the phrase ("县", "" when it has none). `public` is False for
    董事长, 教授 and the like; `complete` is False for a rank that needs a body and has none.
    `rank` is the bare rank, `body` the body without its level word, `central` True for the centre.
    `current` is True when 现任 stands before it in a list. `holder` is the name inside the office
    (县水利局|王远|副局长), None for all others.
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
    current: bool = False
    holder: Name | None = None


def find_offices(text: str, places: Sequence[tuple[int, int]] = ()) -> list[OfficePhrase]:
    """Office phrases of `text`, in order. `places`: the spans of place names (code points). A body
    that the table does not know is believed between a place and a rank, and a rank whose last
    character begins a place is none (漳州市|长泰区)."""
    place_starts = {start for start, _ in places}
    reader = _Reader(text, frozenset(end for _, end in places))
    phrases: list[OfficePhrase] = []
    for found in office_tables().ranks(text):
        if found.end() - 1 in place_starts or _INSIDE_LIST.match(text, found.start()):
            continue
        people = bool(phrases) and phrases[-1].title in office_tables().people
        before = phrases[:-1] if people else phrases
        reader.floor = before[-1].end if before else 0
        phrase = reader.phrase(found.start(), found.end())
        if people and phrase.start < phrases[-1].end:
            phrases.pop()
        phrases.append(phrase)
    return phrases


class _Reader:
    """Reads backwards from a rank."""

    def __init__(self, text: str, place_ends: frozenset[int]) -> None:
        self._text = text
        self._place_ends = place_ends
        self._tables = office_tables()
        self._bodies = BodyReader(text, place_ends)

    @property
    def floor(self) -> int:
        """How far back it may read."""
        return self._bodies.floor

    @floor.setter
    def floor(self, at: int) -> None:
        self._bodies.floor = at

    def phrase(self, at: int, end: int) -> OfficePhrase:
        """The office whose rank is `text[at:end]`."""
        text, tables = self._text, self._tables
        rank = text[at:end]
        head, former = self._modifiers(at)
        if (post := post_before(text, head, rank)) is not None:
            return OfficePhrase(post, end, text[post:end], "", rank, text[post:head], former, central=True)
        if rank == "团长" and not text.endswith(_OFFICIAL_GROUPS, self.floor, head):
            return OfficePhrase(head, end, text[head:end], "", rank, "", former, public=False)
        if rank in tables.private:
            if rank == IN_CHARGE and (office := self._in_charge(head, end)):
                return office
            return OfficePhrase(head, end, text[head:end], "", rank, "", former, public=False)
        holder = self._holder_before(head, rank) if rank in _BEFORE_HOLDER else None
        if holder is not None:
            office = self._phrase_around(holder, text[head:at], rank, end)
            if office is not None:
                return office
        start, level = self._body_and_level(at, head, rank)
        if not level and start < head and self._text.endswith("国家", self.floor, start):
            start -= len("国家")
        outer, former_before = start, False
        if not level or start + len(level) not in self._place_ends:
            outer, former_before = self._modifiers(start, only_former=True)
        known = start < head and text[start:head] not in tables.weak_bodies
        known = known and (bool(level) or not self._bodies.is_part(start, head))
        level_chars = len(level) if text.startswith(level, start) else 0  # 政府|县长 has no 县 before it
        body = text[min(start + level_chars, head) : head]
        charge = ""
        aside = _IN_CHARGE.search(text, max(self.floor, head - 14), head) if start == head else None
        if aside:
            start, level = self._bodies.whole_body(aside.start())
            known, body, outer = start < aside.start(), text[start + len(level) : aside.start()], start
            charge = aside.group() if known else ""
        group_alone = False
        if former_before and not level:
            # 交通管理局|原|党委书记
            above, level = self._bodies.whole_body(outer)
            if above == outer:
                level = self._bodies.word_before(outer, tables.towns | _CORPS, LONGEST_LEVEL_CHARS)
                above = outer - len(level)
            before = _FORMER_WORDS.sub("", text[min(above + len(level), outer) : start])
            group = _PARTY_GROUP.match(text, start) and not before.endswith(_ASSEMBLIES)
            body, group_alone = (body, True) if group else (before + body, False)
            known, outer = known or above < outer, above
        if body.endswith(("）", ")")) and "（" not in body and "(" not in body:
            body, level, outer = "", "", head  # 高新区党工委（示例区委）副书记
        modifier = charge + _FORMER_WORDS.sub("", text[head:at])
        if former and _PARTY_GROUP.match(modifier + rank) and not body.endswith(_ASSEMBLIES):
            group_alone = True
        central = level not in tables.zones and any(self._is_central(at, end, rank) for at in {start, outer})
        in_session = body in tables.session_bodies
        in_session = in_session or (rank == "主任委员" and not level and body in tables.session_committees)
        central = central or body == "部" or (in_session and bool(_NATIONAL.search(text)))
        alone = rank[0] != "村" and self._is_alone(outer)
        own = level == "社区" and body.startswith(_PARTY_BODIES) and not alone
        named = as_named("" if group_alone and former else body, level, alone=alone)
        title = title_of(named, "" if group_alone or own else level, modifier, rank)
        return OfficePhrase(
            start=outer,
            end=end,
            title=term_before(text, outer, body) + title,
            level=level,
            rank=rank,
            body=body,
            former=former or former_before,
            complete=known
            or rank in tables.levelled
            or rank in tables.alone
            or (central and bool(body))
            or (rank == "书记" and modifier.endswith("第一")),
            central=central,
            deputy="副" in modifier,
        )

    def _in_charge(self, head: int, end: int) -> OfficePhrase | None:
        """The office of whoever is in charge of a public bureau; None when none is named."""
        start, level = bureau_before(self._text, head, self._bodies)
        if start == head:
            return None
        body, central = self._text[start + len(level) : head], self._is_central(start, end, IN_CHARGE)
        title = title_of(body, level, self._text[head : end - len(IN_CHARGE)], IN_CHARGE)
        return OfficePhrase(start, end, title, level, IN_CHARGE, body, central=central)

    def _is_alone(self, start: int) -> bool:
        """Whether no place or name stands before an office."""
        alone = start == 0 or is_boundary(self._text, start - 1)
        return alone and start not in self._place_ends

    def _phrase_around(self, holder: Name, modifier: str, rank: str, end: int) -> OfficePhrase | None:
        """The office with a name inside (水利局|王远|副局长); None when no body stands before the name."""
        start, level = self._bodies.whole_body(holder.start)
        if start == holder.start:
            if rank not in self._tables.levelled or start not in self._place_ends:
                return None
            start, level = start - 1, rank[0]
        body = self._text[start + len(level) : holder.start]
        return OfficePhrase(
            start=start,
            end=end,
            title=modifier + rank if body.endswith(_COMMUNITIES) else title_of(body, level, modifier, rank),
            level=level,
            rank=rank,
            body=body,
            central=self._is_central(start, end, rank),
            deputy="副" in modifier,
            holder=holder,
        )

    def _holder_before(self, head: int, rank: str) -> Name | None:
        """The name that stands between a bureau and its head (水利局|王远|副局长)."""
        if self._bodies.body(head)[0] < head:
            return None  # 省委|台办|主任
        for start in (head - 3, head - 2):
            if start <= self.floor or not self._ends_body(start, rank):
                continue
            word = self._text[start:head]
            name = read_name(word, 0, skip=False)
            if name is not None and name.end == len(word) and word[0] not in name_tables().everyday:
                return Name(start, head, word)
        return None

    def _ends_body(self, at: int, rank: str) -> bool:
        """Whether a body may end at `at` that the bearer of `rank` heads."""
        if self._text[at - 1] in _BEFORE_HOLDER[rank]:
            return True
        return rank in _COMMUNITY_RANKS and self._text.endswith(_COMMUNITIES, self.floor, at)

    def _body_and_level(self, at: int, head: int, rank: str) -> tuple[int, str]:
        """Where the body before the rank begins (`head` when there is none), and the level word."""
        tables = self._tables
        if rank[0] == "村":
            return head, "村"
        if rank in tables.centre_ranks and rank not in _BODIED_CENTRE_RANKS:
            level = self._bodies.word_before(head, ORGANS, LONGEST_LEVEL_CHARS)
            return head - len(level), level
        # 组织部长 is 组织部 + 部长: the first character of the rank is the last of the body.
        joint = len(rank) - 1 if head == at and rank in tables.joint else 0  # 综合执法|大队|长
        start, level = self._bodies.body(head + joint)
        if joint and start > head:
            start, level = self._bodies.body(head)
        if start == head and rank in tables.levelled:
            word = self._bodies.word_before(head, tables.levels, LONGEST_LEVEL_CHARS)
            if len(word) > 1 and word.endswith(rank[0]):
                return head - len(word), word  # 自治县|县长
            return head, rank[0] if rank[0] in LEVEL_CHARS else ""
        if start == head and rank == "主席" and self._text.endswith("自治区", self.floor, head):
            return head - len("自治区"), "自治区"
        if start == head and rank in _TOWN_RANKS:
            word = self._bodies.word_before(head, tables.towns, LONGEST_LEVEL_CHARS)
            if word:
                return head - len(word), word  # 照壁山乡|副书记
        if start == head and _OWN_BODY.match(self._text, max(head - 2, 0)):
            return head - 1, ""
        if start == head and head - 1 in self._place_ends and self._text.startswith("院党组", head - 1):
            return head - 1, ""  # 示例县|院党组书记: of the court or procuratorate
        if start == head and rank not in tables.alone:
            for end in (head + joint, head) if joint else (head,):
                start, level = self._bodies.unknown_body(end)
                if start < end:
                    return start, level
            return head, ""
        if start < head and level and (posted := self._bodies.posted(start + len(level))):
            return posted
        if start < head and not level:
            start, level = self._bodies.widened(start, head)
        if not level and rank in tables.levelled:
            level = rank[0]
        return start, level

    def _modifiers(self, at: int, *, only_former: bool = False) -> tuple[int, bool]:
        """Where the modifiers before `at` begin, and whether one of them says former."""
        former = False
        while word := self._modifier_before(at, only_former):
            former = former or word in self._tables.former
            at -= len(word)
        return at, former

    def _modifier_before(self, at: int, only_former: bool) -> str:
        if self._text[at - 1 : at] not in self._tables.modifier_ends:
            return ""
        for width in (3, 2, 1):
            word = self._text[max(at - width, self.floor) : at]
            if self._text[at - 2 : at - 1] in _NOT_AFTER.get(word, ()):
                continue
            if word in self._tables.former or (not only_former and word in self._tables.modifiers):
                return word
        return ""

    def _is_central(self, start: int, end: int, rank: str) -> bool:
        if rank in self._tables.centre_ranks or self._tables.centre.match(self._text, start, end):
            return True
        head = self._text[max(start - 2, 0) : start], self._text[start : start + 2]
        of_state = not self._text.startswith("国家级", start) and not STATE.isdisjoint(head)
        return start < end - len(rank) and of_state


def former_word_ends(text: str, at: int) -> bool:
    """Whether 原, 前, 时任 … end at `at` as a word of their own."""
    word = text[max(at - 1, 0) : at]
    if word in _NOT_AFTER:
        return text[max(at - 2, 0) : at - 1] not in _NOT_AFTER[word]
    return text[max(at - 2, 0) : at] in office_tables().former
