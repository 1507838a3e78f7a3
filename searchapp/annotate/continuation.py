"""Whose is the next sentence, the speaker's or the reporter's? Weighs what it begins with and what it holds.

Indirect speech has no closing mark. Some sentences are the reporter's for sure (当天, a date, the
speaker's own name, a person as subject). Any other gets points: for the speaker what demands, plans or
says we; for the reporter what looks at the place or the event from outside (signs.py). Speech ends where
the sum of points is highest, so that one sentence without a sign between two demands is still said. How a
speech is introduced decides what a sentence without any sign counts.
"""

from __future__ import annotations

import re

from searchapp.annotate.cue import Cue
from searchapp.annotate.names import HAN
from searchapp.annotate.paragraphs import Block
from searchapp.annotate.quotations import CLOSING, OPENING
from searchapp.annotate.signs import DEMANDS, FROM_OUTSIDE, SENTENCE_END, Signs
from searchapp.annotate.speakers import SUBJECT_CHARS, begin_of
from searchapp.annotate.speech import SPACES, CueFinder
from searchapp.annotate.speech_tables import MUST, speech_tables

SENTENCE = re.compile(r"[。！？!?]+[”」』]?|\n|$")
CONNECTIVE = re.compile(r"(?:另外|同时|此外)[，,]")
# The next point of a list, in a paragraph of its own.
LIST_ITEM = re.compile("第[一二三四五六七八][，,、]|[一二三四五六七八]是|(?:其次|再次)[，,]?")
INSTRUCTION = re.compile(
    "(?:(?:另外|同时|此外|其次|再次|最后|[一二三四五]是|第[二三四五])[，,]?)?[^，,。]{0,14}(?:还|也)?"
    f"(?:{MUST}|必须|应当|应该|务必|需要|希望)"
)
_INSTRUCTING = frozenset(("要求", "强调", "指出", "希望", "提出", "勉励", "叮嘱", "嘱咐", "特别强调"))
_BROADCASTER = re.compile(
    "(?:今天|昨天|明天)[（(]\\d|新闻联播|本台|本报|本网|本刊|敬请关注|广告合作|著作权归|授权，不得|法律责任的权利|请发言人|记者提问|记者问|记者追问|有何评论|有何回应"
    "|(?:供图|[^拍]摄)[）)]"
)
# Behind a caption that has run into the text stands who took the picture.
_CREDIT = re.compile(f"[{HAN} /]{{2,16}}(?:供图|摄(?![影制像入])| 图) ?(?=[{HAN}“\\d])")
# 示例水库值班员 王小满：……: another speaks, as a transcript has it.
_TITLED = re.compile(f"[{HAN}（）()·—]{{3,30}}[ \u3000][{HAN}·]{{2,4}}[：:]")
_SOMEBODY = re.compile(
    "[^，。]{0,12}(?:[0-9]岁|村民|居民|游客|市民|同学|学生|家长|职工|老人|业主|店主|负责人|经理|老板)"
)
# “……”针对渗水，县长甲表示: the person is not whose quotation it was.
_NEXT_QUESTION = re.compile("针对|就[^，。]{2,30}(?:提问|问题|一事)，")
_THAT_DAY = re.compile("在?[当同]天")
_LEADER = re.compile(f"[{HAN}]{{0,3}}总书记|习近平主席|习主席")
_QUESTION = re.compile("记者 ?[：:]|问[：:]|提问。|[？?](?:谢谢。)?[ \u3000]*$")
_ATTENDANCE = re.compile(
    "(?:参加|出席|陪同|参会|列席|在座)(?:活动|会议|调研|座谈会?|仪式|检查|考察|会见|慰问|走访)?。$"
)
_BRIEFING = re.compile("发布会|吹风会|记者会|答记者问")
# After one of these a person at the beginning is spoken to (我愿同…, 总书记 stands for a source).
_ADDRESSED = re.compile("我|愿|感谢|欢迎|祝")
_ALSO_SAID = ("总书记", "主席", "总理", "同志", "及其")

# Points of a sentence without any sign, by how the speech was introduced: 1 unless something below is so.
INTRODUCED = 1
AFTER_DEMAND = 0
AFTER_INSTRUCTION = -1
AFTER_BARE_VERB = -2
AFTER_TITLE_IN_THE_MIDDLE = -2
# White space inside a block stands for a lost paragraph border. Officials brief the press for long.
AFTER_SPACE = -2
IN_A_BRIEFING = 1
BETWEEN_HIS_OWN = 1
PARAGRAPH_OF_HIS_SPEECH = 3
PARAGRAPH_OF_HIS = 1
CITED = -2
# How far into a sentence the name of its subject may stand, behind a title.
TITLED_CHARS = 40
# How far before an answer its question begins.
QUESTION_CHARS = 400
# A text of so many lines has its paragraphs; one of fewer may have lost them.
LEAST_LINES = 3


class Continuation:
    """Tells how far the speech of a cue goes on in its block of text."""

    def __init__(self, text: str, finder: CueFinder) -> None:
        self._text = text
        self._finder = finder
        self._tables = speech_tables()
        self._signs = Signs(text, finder.quotations)
        self._lines = text.count("\n")

    def end(self, block: Block, cue: Cue, start: int, limit: int, after: Cue | None = None) -> int:
        """Where the words of `cue` that begin at `start` end, at most at `limit`. `after` is the next
        cue of the block."""
        best = end = self._stop(block, start, limit)
        briefing = cue.marked and bool(_BRIEFING.search(self._text, 0, start))
        unmarked = self._unmarked(block, cue, (start, end), after) + briefing * IN_A_BRIEFING
        cited = self._is_cited(block, cue)
        total = 0
        while end < limit:
            begin = self.after_spaces(end, limit)
            stop = self._stop(block, end, limit)
            if stop <= end or self.is_reporters(block, cue, begin, limit):
                break
            points = self._signs.points(begin, stop)
            if points <= FROM_OUTSIDE and unmarked <= INTRODUCED:
                break
            if not cue.marked and self._is_quoted(begin):
                break
            if cited and not self._signs.speaks(begin, stop) and not self._asks_next(stop, limit):
                break
            if self._is_dated(begin, stop, after, said=points >= DEMANDS or briefing):
                break
            if begin > end and not briefing:
                total, unmarked = total + AFTER_SPACE, unmarked - (points < DEMANDS)
            total += points + unmarked
            if total >= 0:
                best, total = stop, 0
            end = stop
        return self._trimmed(start, best)

    def _is_quoted(self, begin: int) -> bool:
        """Whether the sentence begins with a quoted sentence (甲要求立即整改。“要当心用火。”民警…)."""
        if self._text[begin] not in CLOSING:
            return False
        closing = self._finder.quotations.closing_of(begin, len(self._text))
        return self._text[closing - 1] in SENTENCE_END or "，" in self._text[begin:closing]

    def _asks_next(self, at: int, limit: int) -> bool:
        """Whether the sentence after begins with a demand (……。种树就是种未来。要一茬接着一茬种)."""
        return at < limit and self._text.startswith("要", at)

    def _is_dated(self, begin: int, stop: int, after: Cue | None, *, said: bool) -> bool:
        """Whether the sentence begins with a date of the reporter's: nothing in it is `said` for sure, or
        the next cue takes the date up (8月9日，邻县限水。在当天的会上，甲说)."""
        if not self._tables.day_first.match(self._text, begin):
            return False
        taken_up = after is not None and after.start == stop and _THAT_DAY.match(self._text, stop)
        return bool(taken_up) or not said

    def after_spaces(self, at: int, end: int) -> int:
        """The first place from `at` on that is no space, `end` at the latest."""
        while at < end and self._text[at] in SPACES:
            at += 1
        return at

    def _stop(self, block: Block, at: int, limit: int) -> int:
        """Where the sentence, or the quotation of several, ends; the next reporting clause may begin
        inside it (甲说，……，乙说)."""
        begin = self.after_spaces(at, limit)
        inside = at
        if begin < limit and self._text[begin] in CLOSING:
            inside = self._finder.quotations.closing_of(begin, limit) - 1
        found = SENTENCE.search(self._text, max(at, inside), block.end)
        return min(found.end() if found else block.end, limit)

    def _unmarked(self, block: Block, cue: Cue, first: tuple[int, int], after: Cue | None) -> int:
        """The points of a sentence without any sign. `first` is where the first sentence stands."""
        demands = bool(self._tables.demand.search(self._text, *first))
        points = INTRODUCED
        if not cue.marked:
            points = AFTER_BARE_VERB
        elif cue.titled and cue.start > block.start and not self._is_asked(block, cue):
            points = AFTER_TITLE_IN_THE_MIDDLE
        elif demands:
            points = AFTER_INSTRUCTION if cue.verb in _INSTRUCTING else AFTER_DEMAND
        own = after is not None and after.by == "named" and after.speakers == cue.speakers
        points += (own and not demands) * BETWEEN_HIS_OWN
        if self._is_cited(block, cue):
            return min(points, CITED)
        return points + self._paragraph_of_his(block, cue)

    def _is_cited(self, block: Block, cue: Cue) -> bool:
        """Whether a feature only cites a word of the leader's, title and all, for what it tells itself."""
        if self._lines < LEAST_LINES:
            return False
        named = self._finder.speakers.between(block.start, cue.verb_start)
        his = [one for one in named if set(one.ids) & set(cue.speakers)]
        return bool(his) and _LEADER.match(self._text, his[-1].start) is not None

    def _paragraph_of_his(self, block: Block, cue: Cue) -> int:
        """The points of a paragraph that begins with its speaker, in a text that has its paragraphs."""
        named = self._finder.speakers.between(block.start, cue.verb_start)
        if self._lines < LEAST_LINES or not named or not set(named[0].ids) & set(cue.speakers):
            return 0
        whole = cue.start == block.start and named[0].start < block.start + TITLED_CHARS
        return PARAGRAPH_OF_HIS_SPEECH if whole else PARAGRAPH_OF_HIS

    def _is_asked(self, block: Block, cue: Cue) -> bool:
        """Whether the speaker answers in an interview (记者：……？ 县长甲：……)."""
        before = self._text[max(block.start, cue.start - QUESTION_CHARS) : cue.start]
        return bool(_QUESTION.search(before))

    def is_reporters(self, block: Block, cue: Cue, begin: int, limit: int) -> bool:
        """Whether the sentence that begins at `begin` is surely the reporter's."""
        text = self._text
        if begin >= limit:
            return True
        stop = self._stop(block, begin, limit)
        # What stands at the end without a full stop is a byline or the like.
        if stop >= block.end and text[block.end - 1] not in SENTENCE_END:
            return True
        connective = CONNECTIVE.match(text, begin)
        plain = connective.end() if connective else begin
        if self._tables.narrative.match(text, plain) or _ATTENDANCE.search(text[begin:stop]):
            return True
        if _TITLED.match(text, plain) or _BROADCASTER.search(text, begin, stop):
            return True
        if _CREDIT.match(text, stop, block.end):
            return True
        return self._is_somebodys(block, begin, stop) or self._has_subject(cue, begin, stop)

    def _is_somebodys(self, block: Block, begin: int, stop: int) -> bool:
        """Whether the sentence is a quotation of whom the next one begins with (“路好走了。”村民老王……)."""
        if self._text[begin] not in CLOSING or self._text[stop - 1] not in OPENING:
            return False
        if _NEXT_QUESTION.match(self._text, stop):
            return False
        until = min(stop + SUBJECT_CHARS, block.end)
        return bool(
            self._finder.speakers.between(stop, until) or _SOMEBODY.match(self._text, stop, block.end)
        )

    def _has_subject(self, cue: Cue, begin: int, stop: int) -> bool:
        """Whether the sentence speaks of the speaker by name, or begins with a person."""
        if any(set(one.ids) & set(cue.speakers) for one in self._finder.speakers.between(begin, stop)):
            return True
        starts = [
            one
            for one in self._finder.speakers.between(begin, min(begin + TITLED_CHARS, stop))
            if begin_of(one) <= begin + SUBJECT_CHARS
        ]
        return any(
            self._finder.speakers.can_speak(one, begin, stop)
            and not self._text.startswith(_ALSO_SAID, one.end)
            and not _ADDRESSED.search(self._text, begin, one.start)
            for one in starts
        )

    def _trimmed(self, start: int, end: int) -> int:
        """`end` without what stands open behind the last sentence."""
        while end > start and self._text[end - 1] in SPACES + "，,“「":
            end -= 1
        last = self._text[end - 1]
        return end - 1 if last in OPENING and OPENING[last] not in self._text[start:end] else end
