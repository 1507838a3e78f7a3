"""Who of the persons named can be the one who speaks, and whom does 他 mean?

A person spoke when he is the subject of the reporting clause: not its object (向甲汇报), not in a phrase
of something of his (甲的要求). Offsets are code points into the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from searchapp.annotate.cue import Cue
from searchapp.annotate.people import NamedAt
from searchapp.annotate.speech_tables import speech_tables

# How far into a sentence its subject is looked for.
SUBJECT_CHARS = 9
# Who is no official is introduced at length (祖籍示例省的例举大学教授甲).
STRANGER_CHARS = 24

# 甲的, 甲总书记关于……的重要论述: no subject.
_HIS = re.compile(
    "(?:总书记|主席|总理|同志)?(?:的|关于|办公室|家?属(?!于)|妻子|丈夫|爱人|儿子|女儿|父亲|母亲|夫人|特使|发言人|重要|系列|(?:提出|作出|发表|倡导|发起|阐述)(?:[^，。的]{0,4}的|的))"
)
# （记者 张三） ends what stands before the sentence.
_DATELINE = re.compile("[（(][^（）()。]{0,40}(?:记者|通讯员|实习生)[^（）()。]{0,40}[）)]")
_HOST = re.compile(
    "(?:先生|女士|总统|总理|主席|议长|外长|部长|校长|董事长)?(?:一行|等)?(?:会面|会谈|会晤|见面|座谈|交谈|通话|通电话)?时(?![任而常间刻])"
)
# What the reporter tells of a person (甲来到……, 甲对……给予肯定).
_ACTS = re.compile(
    "[到进]|看望|慰问|出席|主持|参加|会见|听取|察看|查看|询问|调研|考察|检查|对[^，。]{2,40}(?:表示|给予|寄予|作)|缅怀|担任|赞扬|通报|传达|宣讲|解读|寄语|感谢|肯定"
    "|致辞|讲话|发言|宣布|点头|介绍|了解|回顾|代表|先后|一行|致以|送[上去]|带领|率队|[走问看说讲]了"
)
_ACCOMPANIES = re.compile("参加|陪同|出席|随同|列席|在场")
# Somebody without a name acts there.
_NAMELESS = re.compile(
    "(?:^|[，,])(?:(?![与向对同跟和以为给被把听慰看陪询解问访见])[^，,。]){0,16}"
    "(?:负责同志|负责人|工作人员|发言人|村民|居民|业主|店主|老板|老人|群众|专家|教授)"
)
# 果农王小满一边称梨，一边算账，她说: somebody of no office speaks.
_OTHER_ACTS = re.compile(
    "(?:[^，,。]{1,8}，)?[^，,。]{0,16}(?:\\d岁|脱贫户|贫困户|能手|女孩|男孩|小朋友|村民|居民|游客|市民|[果菜茶棉粮蚕渔药]农|农民|农户|大户|养殖户|种植户|商户|店主|业主|老板|主播|司机|志愿者|学生|家长|老师"
    "|教师|医生|护士|工人|职工|员工|战士|老人|大爷|大妈|大姐|大叔|阿姨|奶奶|爷爷|经理|董事长|教授|专家|负责人)"
)
# 甲对乙、丙同志的事迹作出重要指示: 甲 does, however many are named behind 对.
_INSTRUCTS = re.compile("[对就][^。]{2,140}(?:指示|批示)$")
# 受国务院委托，甲报告了……: who sent him is no object.
_SENT_BY = re.compile("(?:委托|委派|指派|邀请)[，,]")
# How many sentences back 他 may look.
LOOK_BACK_SENTENCES = 4
_TITLE_BEHIND = re.compile("(?:总书记|主席|总理|委员长|同志|书记|[省市县区镇乡局院州]长|主任|部长)")
# How far after 和 the other person's name may stand, behind a title.
JOINED_CHARS = 16
_REPORTER = re.compile("(?:记者|通讯员|实习生)[ \u3000]?$")
QUOTED_CHARS = 4
_PRONOUN_FIRST = re.compile("[^，。]{0,3}[，,]?[他她]")
JOINT = re.compile(r"[、和与及]|以及")


def begin_of(one: NamedAt) -> int:
    """Where the name begins, or the title before it."""
    return one.titled_from if 0 <= one.titled_from < one.start else one.start


class Speakers:
    """The persons named in one text, asked who speaks."""

    def __init__(self, text: str, named: Sequence[NamedAt]) -> None:
        self.text = text
        pairs = zip(named, [None, *named], strict=False)
        self.named = [one for one, before in pairs if self._is_name(one, before)]
        self._starts = [one.start for one in self.named]
        self._objects = speech_tables().object_before

    def _is_name(self, one: NamedAt, before: NamedAt | None) -> bool:
        """Not 向世界, 郑重 in 总书记向世界宣布, 郑重承诺, which have the form of a name behind a title."""
        if not one.ids and _REPORTER.search(self.text, max(one.start - QUOTED_CHARS, 0), one.start):
            return False  # （记者 张三 摄）
        if not one.ids and self.text.rfind("“", max(one.start - QUOTED_CHARS, 0), one.start) >= 0:
            return False  # “村民对话日”
        if one.ids or before is None or not before.ids:
            return True
        return one.start != self.end_of(before)

    def between(self, start: int, end: int) -> Sequence[NamedAt]:
        """The persons named in `text[start:end]`."""
        return self.named[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def last_subject(self, start: int, end: int, clause: int) -> NamedAt | None:
        """The last person of `text[start:end]` who can speak: no object, no 甲的."""
        if self.text.endswith(("指示", "批示"), start, end) and _INSTRUCTS.search(self.text, clause, end):
            return self.first_subject(clause, end)
        last: NamedAt | None = None
        for one in self.between(start, end):
            if self.can_speak(one, clause, end):
                last = one
        return last

    def first_subject(self, start: int, end: int) -> NamedAt | None:
        """The first person of `text[start:end]` who can speak."""
        return next((one for one in self.between(start, end) if self.can_speak(one, start, end)), None)

    def acting(self, start: int, end: int) -> NamedAt | None:
        """Who is the subject at `end`: the last person with whom a part of `text[start:end]` begins
        (甲赶到渠边，乙联系水库，要求……), unless they only accompany the first."""
        first = self.first_subject(start, end)
        if first is None:
            return None
        for one in reversed(self.between(first.end, end)):
            if self.text[begin_of(one) - 1] in "，,；;" and self.can_speak(one, start, end):
                return first if _ACCOMPANIES.search(self.text, one.end, end) else one
        return first

    def can_speak(self, one: NamedAt, clause: int, end: int) -> bool:
        """Whether the person is the subject of something in `text[clause:end]`: no object, no 甲的."""
        begin = one.titled_from if clause <= one.titled_from < one.start else one.start
        if one.end > end:
            return False  # a name misread out of the verb
        if begin > clause and _HOST.match(self.text, one.end, end):
            return False  # 甲会见乙一行时说
        # 和 at the beginning belongs to a name (和平里街道……).
        near = max(clause, begin - 12)
        for sent in _SENT_BY.finditer(self.text, near, begin):
            near = sent.end()
        marker = self._objects.search(self.text, near, begin) if begin > clause else None
        if marker is not None and (marker.start() > clause or marker.group() != "和"):
            return False
        return not (one.end < end and _HIS.match(self.text, one.end))

    def end_of(self, one: NamedAt) -> int:
        """Where the name ends, or the title behind it (习近平总书记说)."""
        title = _TITLE_BEHIND.match(self.text, one.end)
        return title.end() if title else one.end

    def joins(self, one: NamedAt) -> bool:
        """Whether another person is named along with `one` (甲和乙…), who thus does not act alone."""
        joiner = JOINT.match(self.text, one.end)
        return joiner is not None and bool(self.between(joiner.end(), joiner.end() + JOINED_CHARS))

    def joint(self, person: NamedAt) -> tuple[str, ...]:
        """The ids of a speaker and of those named with them (甲、乙表示)."""
        ids = list(person.ids[:1])
        index = bisect_left(self._starts, person.start)
        at = person
        while index > 0:
            index -= 1
            other = self.named[index]
            if not (JOINT.fullmatch(self.text, other.end, begin_of(at)) or self._lists(other, at)):
                break
            ids[:0] = other.ids[:1]
            at = other
        return tuple(dict.fromkeys(ids))

    def _lists(self, one: NamedAt, other: NamedAt) -> bool:
        """Whether both stand in a list of persons with their titles (县委书记甲，县长乙表示)."""
        titled = begin_of(one) < one.start and begin_of(other) < other.start
        return titled and self.text[one.end : begin_of(other)] == "，"

    def last_two(self, at: int) -> tuple[str, ...]:
        """The two officials named last before `at` (两人表示), in the order of the text."""
        ids: list[str] = []
        for one in reversed(self.between(0, at)):
            if one.ids and one.ids[0] not in ids:
                ids.append(one.ids[0])
            if len(ids) == 2:
                return tuple(reversed(ids))
        return ()

    def referent(self, at: int, block_start: int, before: Cue | None) -> tuple[str, ...]:
        """Whom 他 or 她 means: whoever spoke last, or the subject of a sentence after that; with no
        speech before, the subject of the nearest sentence that names a person."""
        floor = max(block_start - 200, 0)
        start = self._sentence_start(at, floor)
        person = self._last_to_begin(start, at)
        if person is not None:
            return person.ids[:1]  # 甲对此给予充分肯定，他指出
        if at > start and _OTHER_ACTS.match(self.text, start, at):
            return ()
        if before is not None and not before.speakers and not before.stranger:
            before = None  # a meeting: he is still the one before
        end = at
        for _ in range(LOOK_BACK_SENTENCES if before is None or before.closed else len(self.text)):
            start = self._sentence_start(end, floor)
            person = self.first_subject(start, end)
            if before is not None and before.verb_start >= start:
                return before.speakers[:1]
            if person is not None and (before is None or self._takes_over(person, before, start, end)):
                return person.ids[:1]
            nameless = end == at or (at - end == 1 and (before is None or before.closed))
            if person is None and self._somebody_acts(start, end, nameless=nameless):
                return ()  # 外国市长欢迎甲到访。他说, ……
            end = start - 1
            if end <= floor:
                break
        return ()

    def actor_before(self, at: int, floor: int, before: Cue | None) -> NamedAt | None:
        """With whom the sentence that ends at `at` begins, when nobody speaks in it."""
        start = self._sentence_start(max(at - 1, floor), floor)
        person = self._last_to_begin(start, at)
        told = before is None or before.verb_start < start
        return person if person is not None and person.ids and told else None

    def _last_to_begin(self, start: int, end: int) -> NamedAt | None:
        """The last person with whom the sentence, or a part of it after a comma, begins."""
        for one in reversed(self.between(start, end)):
            begin = begin_of(one)
            first = begin <= start + SUBJECT_CHARS or self.text[begin - 1] in "，,；;"
            if first and self.can_speak(one, start, end):
                return one
        return None

    def _takes_over(self, person: NamedAt, before: Cue, start: int, end: int) -> bool:
        """Whether the reporter tells of `person` there; else it is the one who speaks, naming him."""
        if not self._begins(person, start):
            return False
        return before.closed or bool(_ACTS.search(self.text, person.end, end))

    def _somebody_acts(self, start: int, end: int, *, nameless: bool) -> bool:
        if self.between(start, end):
            return not _PRONOUN_FIRST.match(self.text, start)
        return nameless and bool(_NAMELESS.search(self.text[start:end]))

    def _sentence_start(self, end: int, floor: int) -> int:
        start = max(floor, max(self.text.rfind(mark, floor, end) for mark in "。！？…\n") + 1)
        datelines = [found.end() for found in _DATELINE.finditer(self.text, start, end)]
        return datelines[-1] if datelines else start

    def _begins(self, person: NamedAt, start: int) -> bool:
        """Whether the sentence from `start` on, or a part of it after a comma, begins with the person."""
        begin = begin_of(person)
        part = max(self.text.rfind("，", start, begin) + 1, start)
        return begin <= part + (SUBJECT_CHARS if person.ids else STRANGER_CHARS)
