"""Where does the body of an office begin? Read backwards from where it ends.

A body is built of words and departments of the table (宣传部, 教育和体育局), up to its level word
(县|教育局); what the table does not know is believed between a place, a level word or a known body
and the end (南昌市|教育局|体卫艺科). Offsets are code points into the text given.
"""

from __future__ import annotations

import functools
import re

from searchapp.annotate.names import HAN, is_boundary
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.word_lists import lengths_by

MOST_PIECES = 5
MOST_BRACKET_CHARS = 26
MOST_QUOTED_CHARS = 16
LONGEST_LEVEL_CHARS = 4
LONGEST_SUFFIX_CHARS = 4
# How much that no table knows is believed in a body.
WIDEST_CHARS = 14
WIDEST_MINISTRY_CHARS = 24
_NO_AND = str.maketrans("", "", "和与及")

STATE = frozenset(("中国", "全国", "国家", "中央", "务院"))
# 三中队, 第二检察部, 第十四组: the number before a suffix or a topic.
_NUMBER = re.compile("第?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,3})$")
MOST_NUMBER_CHARS = 6
# Regiments of the Production and Construction Corps are what towns are elsewhere: 一四四|团|党委.
REGIMENT = "团"
_REGIMENT = re.compile("[一二三四五六七八九十〇零0-9]{1,4}团$")
# Bodies of the state that stand before the place of their branch (国家税务总局|示例市税务局).
STATE_BEFORE = re.compile(
    f"(?:国家|中国|中华人民共和国)[{HAN}]{{2,10}}?(?:总局|局|署|会)$"
    "|(?:海关总署|财政部|自然资源部|生态环境部|水利部|审计署|证监会|民航局?)$"
)
STATE_CHARS = 16
# 中央应对疫情工作|领导小组: groups of the centre have names of any wording.
_CENTRAL_GROUP = re.compile(f"(?:中央|国务院|国家|全国)[{HAN}]{{2,22}}$")
_BODY_END = re.compile(
    "(?:[局厅委办部处署队所站联科室庭院司][）)]?|[导察视查作驻家]组|领导小组|委员会|办公室|党组|支部|总支|中心)$"
)
_GROUP = re.compile("(?:领导小组|联席会议|指挥部)(?:办公室)?$")
LONGEST_GROUP_CHARS = 36
LONGEST_GROUP_END_CHARS = 7
# 示范市|政府驻北京|联络处, 示范|海关驻机场|办事处
_POSTED = re.compile(f"(?:人民政府|政府|海关)驻[{HAN}]{{1,8}}$")
_UNKNOWN = re.compile(f"[{HAN}（）()]{{2,16}}$")
# A known body may end with these, and a part of it may follow (法院|执行指挥中心).
_BODY_LAST = frozenset("队局厅委院办部会室联署组协府社团司")
# What firms have as well, and what of a public body ends before it (财贸|工会 begins with a level).
_OF_FIRMS = frozenset(("工会", "党委", "党总支", "党支部"))
_BEFORE_COMMITTEE = _BODY_LAST | frozenset("处所站场心关狱区镇乡村道路业统民庭科作城苑园里员务贸教）)")
# 由|市国动办, 请|区军休中心: words before which a level word begins a body.
_BEFORE_LEVEL = frozenset("任原请由与向在和及对为据经是到让同随从陪访")
_COMMUNITIES = frozenset(("社区", "居民区", "村"))
_NATURE = ("保护区", "风景名胜区")
_LEVEL_CHARS = frozenset("省市县区州旗盟镇乡")


@functools.cache
def _lengths(words: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """How long the words are that end with a character, longest first: few have to be tried."""
    return lengths_by(-1, words)


class BodyReader:
    """Reads bodies of one text, whose places end at `place_ends`; `floor` is how far back it may go."""

    def __init__(self, text: str, place_ends: frozenset[int]) -> None:
        self._text = text
        self._place_ends = place_ends
        self._tables = office_tables()
        self.floor = 0

    def whole_body(self, at: int) -> tuple[int, str]:
        """Where a body that ends at `at` begins, with what the table does not know, and its level."""
        start, level = self.body(at)
        return self.widened(start, at) if start < at and not level else (start, level)

    def body(self, at: int) -> tuple[int, str]:
        """Where the body that ends at `at` begins, with its level word, and the level word."""
        start = at
        for _ in range(MOST_PIECES):
            piece = min(self._body_word(start), self._department(start))
            if piece == start:
                break
            if self._text[piece] in "局部队" and self._department(piece + 1) <= piece:
                piece += 1  # 税务局|党委, not 税务|局党委
            if self._text[piece:start] in self._tables.broad_bodies:
                piece = self._before_quote(self._topics(piece))
            start = piece
            level = self.word_before(start, self._tables.levels, LONGEST_LEVEL_CHARS)
            if self._text[start:at] in _COMMUNITIES:
                level = ""  # 红旗|社区, 东区|居民区
            if level == "区" and self._text.endswith(_NATURE, 0, start):
                level = ""  # 自然保护区|管理中心
            if level == "地" and not self._text.startswith("委", start):
                level = ""  # 征地|领导小组
            if level and start - self._body_word(start) <= len(level):
                return start - len(level), level
        low = max(self.floor, start - MOST_NUMBER_CHARS)
        of_corps = start < at and self._text.endswith(REGIMENT, low, start)
        if of_corps and _REGIMENT.search(self._text, low, start):
            return start - 1, REGIMENT
        return start, ""

    def begins_at_place(self, at: int) -> bool:
        """Whether a place ends where a body begins."""
        return at in self._place_ends

    def word_before(self, at: int, words: frozenset[str], longest: int) -> str:
        """The longest of `words` that ends at `at`, or ""."""
        most = min(longest, at - self.floor)
        for width in _lengths(words).get(self._text[at - 1 : at], ()):
            if width <= most and (word := self._text[at - width : at]) in words:
                return word
        return ""

    def _body_word(self, at: int) -> int:
        return at - len(self.word_before(at, self._tables.bodies, self._tables.longest))

    def _department(self, at: int) -> int:
        """Start of a department (topics + suffix) that ends at `at`; `at` when there is none."""
        inner = self._before_bracket(at)
        suffix = self.word_before(inner, self._tables.suffixes, LONGEST_SUFFIX_CHARS)
        if not suffix:
            return at
        start = inner - len(suffix)
        start = self._before_number(start)
        topics = self._before_quote(self._topics(self._before_quote(start)))
        if topics < start:
            return self._before_number(topics)
        if start in self._place_ends and len(suffix) > len("分局"):
            return start  # 示范|监管局|党委
        numbered = start < inner - len(suffix) and suffix[-1] in "队组庭"
        part = numbered and min(self._body_word(start), self._department(start)) < start
        return start if part else at

    def _before_number(self, at: int) -> int:
        """Where the number begins that ends at `at`; `at` when there is none."""
        found = _NUMBER.search(self._text, max(self.floor, at - MOST_NUMBER_CHARS), at)
        return found.start() if found else at

    def _topics(self, at: int) -> int:
        """Start of the topics (教育和体育, 外事（港澳事务）) that end at `at`."""
        start = at
        while True:
            if start in self._place_ends:
                return start  # 聊城市|商务局 and 凤城市|委 hold no 城市
            end = self._before_bracket(start)
            if start < at and self._text[end - 1 : end] in ("和", "与", "及") and end - 1 > self.floor:
                end -= 1
            topic = self.word_before(end, self._tables.topics, self._tables.longest)
            if not topic:
                topic = self.word_before(start, self._tables.topics, self._tables.longest)
                end = start
            if not topic:
                return start
            start = end - len(topic)

    def _before_bracket(self, at: int) -> int:
        """Where the bracket that ends at `at` opens; `at` when none ends there."""
        if self._text[at - 1 : at] not in ("）", ")") or at <= self.floor:
            return at
        low = max(self.floor, at - MOST_BRACKET_CHARS)
        opening = max(self._text.rfind("（", low, at), self._text.rfind("(", low, at))
        return opening if opening >= 0 else at

    def _before_quote(self, at: int) -> int:
        """Where the quotation opens that ends at `at` (市|“双减”|办); `at` when none ends there."""
        if self._text[at - 1 : at] != "”" or at <= self.floor:
            return at
        opening = self._text.rfind("“", max(self.floor, at - MOST_QUOTED_CHARS), at)
        return opening if opening > 0 else at

    def widened(self, at: int, end: int) -> tuple[int, str]:
        """Where a body `[at:end]` begins that has words before it which the table does not know: at a place,
        at a level word that begins a phrase, at a body with its level (省体育局|乒乓球运动|管理中心),
        or at the state's name."""
        if (posted := self.posted(at)) is not None:
            return posted
        if at in self._place_ends:
            return at, ""
        if (group_start := self._group_before(end)) is not None:
            return group_start, ""
        if (ministry := self._ministry_before(at)) is not None:
            return ministry, ""
        group = _CENTRAL_GROUP.search(self._text, max(self.floor, at - 26), at)
        if group and self._text.startswith("领导小组", at):
            return group.start(), ""
        for start in range(at - 1, max(self.floor, at - WIDEST_CHARS), -1):
            if is_boundary(self._text, start) or self._tables.no_body.search(self._text, start, at):
                break
            if self._tables.private_marker.search(self._text, start, at):
                break
            if self._text.startswith("国务院", start):
                return start, "国务院"
            if self._text.startswith("委托", start - 1):
                break  # 受国务院委托|审计署
            if self._text.startswith("国家级", start):
                continue
            if start in self._place_ends or self._text[start : start + 2] in STATE - {"务院"}:
                if self._text.endswith("中央纪委", self.floor, start):
                    start -= len("中央纪委")  # 中央纪委|国家监委驻某部纪检监察组
                firm = self._text[at:end] in _OF_FIRMS and self._text[at - 1] not in _BEFORE_COMMITTEE
                return (at if firm else start), ""  # 贵州顺丰|工会
            if self._begins_with_level(start):
                return start, self._text[start]
            outer, level = self.body(start)
            if level or (outer < start and self._tables.centre.match(self._text, outer)):
                return outer, level
        return at, ""

    def posted(self, at: int) -> tuple[int, str] | None:
        """Where the government begins whose office `at` stands elsewhere (示例省政府驻广州|办事处), and its
        level; None when it is no such office."""
        low = max(self.floor, at - MOST_QUOTED_CHARS)
        if self._text.find("驻", low, at) < 0 or not (found := _POSTED.search(self._text, low, at)):
            return None
        level = self.word_before(found.start(), self._tables.levels, LONGEST_LEVEL_CHARS)
        return found.start() - len(level), level

    def _ministry_before(self, at: int) -> int | None:
        """Where a ministry begins whose part ends at `at`, in words that the table does not know
        (住房和城乡建设部科技与产业化|发展中心)."""
        for start in range(at - 1, max(self.floor, at - WIDEST_MINISTRY_CHARS) - 1, -1):
            if is_boundary(self._text, start):
                return None
            found = self._tables.centre.match(self._text, start, at)
            if found and found.end() - start >= 3 and found.group()[-1] in "部局署":
                rest = self._text[found.end() : at].translate(_NO_AND)
                return None if self._tables.no_body.search(rest) else start
        return None

    def unknown_body(self, head: int) -> tuple[int, str]:
        """Start and level word of a body that is not in the table, between a place, a level word, a
        known body or one of the centre, and the rank; (`head`, "") when there is none."""
        if self._is_state_branch(head - 1):
            return head - 1, ""
        if (group := self._group_before(head)) is not None:
            return group, ""
        for start in range(head - 2, max(self.floor, head - WIDEST_CHARS - 3) - 1, -1):
            if is_boundary(self._text, start) and self._text[start] not in "（）()":
                break
            if start in self._place_ends or self._tables.centre.match(self._text, start, head):
                return (start, "") if self._is_body(self._text[start:head]) else (head, "")
            begins = self._begins_with_level(start) or self._ends_town(start)
            if begins and self._is_body(self._text[start + 1 : head]):
                return start, self._text[start]
            if self._text[start - 1 : start] in _BODY_LAST and self._is_body(self._text[start:head]):
                outer, level = self._known_body(start)
                if outer < start:
                    return outer, level
        return head, ""

    def _group_before(self, head: int) -> int | None:
        """Where a group of several bodies begins that ends at `head`, right after its place: it is called
        after its task, at any length (示范市|防范和处置非法集资工作联席会议办公室)."""
        if not _GROUP.search(self._text, max(self.floor, head - LONGEST_GROUP_END_CHARS), head):
            return None
        for start in range(head - 4, max(self.floor, head - LONGEST_GROUP_CHARS), -1):
            if is_boundary(self._text, start):
                return None
            if start in self._place_ends:
                return start
        return None

    def _is_state_branch(self, at: int) -> bool:
        """Whether 局 at `at` is a bureau of the state in a place (国家矿山安全监察局示例省|局)."""
        if at not in self._place_ends or self._text[at] != "局":
            return False
        low = max(self.floor, at - STATE_CHARS - LONGEST_LEVEL_CHARS)
        starts = range(at - 1, low, -1)
        return any(STATE_BEFORE.search(self._text, low, start) for start in starts)

    def is_part(self, start: int, end: int) -> bool:
        """Whether a centre (好小囡|文化艺术中心) is the end of a longer name that the table does not know."""
        if not self._text.endswith("中心", start, end) or start in self._place_ends or start <= self.floor:
            return False
        if self._text[start] in _LEVEL_CHARS or self._tables.centre.match(self._text, start, end):
            return False
        before = self._text[start - 1]
        return not (is_boundary(self._text, start - 1) or before in _BEFORE_LEVEL or before in "的原前")

    def _known_body(self, at: int) -> tuple[int, str]:
        """A body of the table that ends at `at` and begins with its place, its level, the centre or a
        phrase."""
        outer, level = self.whole_body(at)
        if outer == at or (not level and self._text[outer:at] in self._tables.weak_bodies):
            return at, ""
        known = level or outer in self._place_ends or self._tables.centre.match(self._text, outer, at)
        return (outer, level) if known or outer == 0 or is_boundary(self._text, outer - 1) else (at, "")

    def _begins_with_level(self, at: int) -> bool:
        """Whether a level word stands at `at` that no place is before (，|市国动办)."""
        if self._text[at] not in _LEVEL_CHARS or at in self._place_ends:
            return False
        return at == self.floor == 0 or is_boundary(self._text, at - 1) or self._text[at - 1] in _BEFORE_LEVEL

    def _ends_town(self, at: int) -> bool:
        """Whether `at` is the last character of a town that begins a phrase (。麦田|镇|规建办)."""
        if self._text[at] not in "镇乡" or at in self._place_ends:
            return False
        starts = (start for start in (at - 2, at - 3) if start >= self.floor)
        return any(start == 0 or is_boundary(self._text, start - 1) for start in starts)

    def _is_body(self, words: str) -> bool:
        if not _UNKNOWN.match(words) or not _BODY_END.search(words) or words[0] in "和与及":
            return False
        if words.endswith("司"):
            words = words.translate(_NO_AND)  # 科技与气候变化司
        return not self._tables.no_body.search(words) and not self._tables.private_marker.search(words)
