"""Where is speech introduced, and who speaks? Finds cues: speaker + verb of speech + mark.

A cue knows where the reporting clause begins ("在务虚会上,周国华说," begins at 在), where the said words
begin, and whose words they are: ids of officials, or none when the speaker is somebody else or a
body (会议指出), which still ends the speech before it. Offsets are code points into the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchapp.annotate.cue import Cue
from searchapp.annotate.names import HAN
from searchapp.annotate.people import NamedAt
from searchapp.annotate.quotations import Quotations
from searchapp.annotate.speakers import Speakers, begin_of
from searchapp.annotate.speech_tables import speech_tables
from searchapp.annotate.verbs import is_theirs, is_verb, spoke, without_adverb
from searchapp.article import SpeakerBy

# How far before the verb of speech its clause may begin.
LEAD_CHARS = 160
SPACES = " \u3000"
_CLAUSE_START = re.compile("[。！？!?；;\n”」』]")
_PAIR = re.compile("(?:两人|二人)(?=[^，,]{0,10}$)")
# 他表示, 他在讲话中还特别强调; not 他所在的, 他们.
_PRONOUN = re.compile("[他她](?![们人的国乡山省所家和与])(?=[^，,]{0,18}$)")
# 他走到渠边, …… tells of him; 她服务的区…… may be what she says.
_HE_FIRST = re.compile(
    "[他她](?![们人的国乡山省所家])[^，,的]{0,8}(?:来到|走|赶到|询问|察看|查看|看望|慰问|了解|听取|主持|出席|讲|介绍|阐|肯定"
    "|对|向|与|同|仔细|认真|详细|关切|亲切|充分|高度)"
)
# 张三肯定了……。同时指出, ……: the subject is that of the sentence before.
_SUBJECTLESS = re.compile("(?:(?:同时|还|并|并且|再次|进一步)，?)+(?:表示|指出|强调|要求|希望|介绍|说|提出)")
_SAME_SUBJECT = re.compile("并(?![非不])|还|同时，?")
_INSTRUCTION = re.compile("要|必须|应|希望|确保|不断|切实|把|将|以")
_DONE = re.compile("[了对向]|评价|转达")
# 提出四点主张，为……: a noun; 提出四点建议：一是…… introduces them.
_POINTS = re.compile("[一二两三四五六七八几][点项条]$|提出(?!.*[并时中]$)")
# How much of a sentence may stand between a subject and its verb of speech.
LONGEST_BETWEEN_CHARS = 45
# A quotation without a verb of speech has at least so many characters, and its speaker follows soon.
SHORTEST_UNANNOUNCED_CHARS = 12
LATER_CHARS = 24
_QUOTED_BEFORE = re.compile(
    f"[。！？!?…]([”」』])(?:[^，。！？”]{{1,12}}，)?(?:[{HAN}]{{1,12}}[省市州县区旗镇乡村会局社道院厅部司])?$"
)
_SENTENCE_STOP = re.compile("[。！？!?]")
_STOPS = tuple("，。；！？,;")
# A quotation behind one of these has its speaker, or is written somewhere.
_INTRODUCED = tuple("：:，,、着为是写印说道的”")
_HEADLINE = re.compile("原标题：[^。！？]*$")
# What stands on a wall or a sheet is not said.
_WRITTEN = re.compile("写着|印着|挂着|题写|题词|标语|横幅|口号|牌匾|字样|主题|题为|歌|诗|唱|书写|念到|展示")
# Somebody else's view is told.
_OTHERS = re.compile(
    "[，,](?:在[^，,。]{1,10}中)?(?:各界|媒体|舆论|大家|群众|官兵|代表们|委员们|网友|民众|与会)|引发|引起|纷纷|《[^》]*》，"
    "|(?:获得|受到|得到|赢得|界的|社会的|们的)[^，。]{0,16}(?:评价|关注|反响|好评)，"
)
# 按照甲关于此事的要求: the verb is a noun.
_WISHES = frozenset(("要求", "期望", "期待", "希望", "建议"))
_OF_SOMETHING = re.compile("的|关于|对.{1,12}工作$")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A reporting clause: `lead` from `start` to its verb, `part` from `last`, after the last comma."""

    start: int
    last: int
    verb_start: int
    verb: str
    marked: bool
    lead: str
    part: str


_Known = tuple[tuple[str, ...], SpeakerBy]
_NOBODY: _Known = ((), "named")


class CueFinder:
    """Finds the cues of one text, given the persons named in it."""

    def __init__(self, text: str, named: Sequence[NamedAt]) -> None:
        self.text = text
        self.speakers = Speakers(text, named)
        self.quotations = Quotations(text)
        self._tables = speech_tables()

    def cues(self, start: int, end: int) -> list[Cue]:
        """The cues of the block `text[start:end]`, in order."""
        found: list[Cue] = []
        for match in self._introductions(start, end):
            cue = self._cue(match, start, found[-1] if found else None)
            if cue is not None:
                found.append(cue)
        found += self._titled(start, end)
        found += self._unannounced(start, end, found)
        return sorted(found, key=lambda cue: cue.verb_start)

    def _introductions(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """What `finditer` of the cue would find, but tried only where one can begin: four times as fast."""
        done = start
        for found in self._tables.cue_begins.finditer(self.text, start, end):
            at = found.start() - (found.group() in "：:")
            match = self._tables.cue.match(self.text, at, end) if at >= done else None
            if match:
                done = match.end()
                yield match

    def _titled(self, start: int, end: int) -> list[Cue]:
        """省商务厅厅长 甲：我们的……"""
        cues = []
        for one in self.speakers.between(start, end):
            if self.text[one.end : one.end + 1] not in ("：", ":"):
                continue
            said = one.end + 1
            headline = _HEADLINE.search(self.text, start, one.start)
            if not headline and _SENTENCE_STOP.search(self.text, said, end):
                cues.append(Cue(begin_of(one), one.end, said, "", one.ids, titled=True))
        return cues

    def _unannounced(self, start: int, end: int, cues: Sequence[Cue]) -> Iterator[Cue]:
        """“水到了田头。”县长甲走到渠边: said by whom the next sentence begins with, without a verb."""
        for one in self.speakers.between(start, end):
            begin = begin_of(one)
            closing = _QUOTED_BEFORE.search(self.text, max(start, begin - LATER_CHARS), begin)
            if closing is None or not one.ids or not self.speakers.can_speak(one, closing.end(1), end):
                continue
            opening = self.quotations.opening_of(closing.start(1), start)
            if opening < 0 or closing.start(1) - opening < SHORTEST_UNANNOUNCED_CHARS:
                continue
            stop = _SENTENCE_STOP.search(self.text, one.end, end)
            until = stop.start() if stop else end
            before = max(self.text.rfind(mark, start, max(opening - 1, start)) for mark in "。！？\n”")
            taken = any(before < cue.verb_start < until and cue.by != "pronoun" for cue in cues)
            if not taken and self.text[opening - 1 : opening] not in _INTRODUCED:
                yield Cue(closing.end(1), one.end, one.end, "", one.ids[:1], closed=True)

    def _cue(self, match: re.Match[str], block_start: int, before: Cue | None) -> Cue | None:
        clause = self._clause(match, block_start)
        said = match.end()
        if match["only"] and clause.verb in self._tables.nominal and not self._is_sentence(said - 1):
            return None
        if clause.verb in self._tables.nominal and _POINTS.search(clause.part) and match.group()[-1] in "，,":
            return None
        if match["quote"] or match["only"] or match["asked"]:
            said -= 1
        if match["ask"]:
            return self._asking(clause, said, block_start, before)
        if match["any"]:
            known = self._before_quotation(clause, said)
        else:
            known = self._speaker(clause, block_start, before)
        if known is None:
            return None
        ids, by = known
        body = self._tables.body_before.search(clause.lead)
        return Cue(
            clause.start,
            clause.verb_start,
            said,
            clause.verb,
            ids,
            by,
            closed=match["closed"] is not None,
            marked=clause.marked,
            stranger=not ids and not body,
        )

    def _asking(self, clause: _Clause, said: int, block_start: int, before: Cue | None) -> Cue | None:
        """甲就春耕提出要求：一是……, or 并提出要求 after a sentence of which 甲 is the subject."""
        asker = self.speakers.first_subject(clause.start, clause.verb_start)
        if asker is not None:
            return Cue(clause.start, clause.verb_start, said, clause.verb, asker.ids[:1])
        if not _SAME_SUBJECT.match(clause.lead):
            return None
        ids = self.speakers.referent(clause.start, block_start, before)
        return Cue(clause.start, clause.verb_start, said, clause.verb, ids, "pronoun") if ids else None

    def _clause(self, match: re.Match[str], block_start: int) -> _Clause:
        verb_start = match.end("any") if match["any"] else match.start()
        start = self._clause_start(verb_start, block_start)
        lead = self.text[start:verb_start]
        last = start + max(lead.rfind("，"), lead.rfind(",")) + 1
        verb = match["verb"] or match["bare"] or match["ask"] or match["asked"] or ""
        return _Clause(start, last, verb_start, verb, match["bare"] is None, lead, self.text[last:verb_start])

    def _clause_start(self, at: int, block_start: int) -> int:
        floor = max(block_start, at - LEAD_CHARS)
        start = floor
        for found in _CLAUSE_START.finditer(self.text, floor, at):
            if found.group() in "”」』" and not self._ends_quotation(found.start(), block_start):
                continue
            start = found.end()
        while start < at and self.text[start] in " \u3000，,":
            start += 1
        return start

    def _ends_quotation(self, at: int, block_start: int) -> bool:
        """Whether the closing mark at `at` ends a said sentence, not a quoted word."""
        opening = self.quotations.opening_of(at, block_start)
        inside = self.text[opening + 1 : at]
        if opening < 0:
            return False
        if inside[-1:] in tuple("，,。！？!?…；～~"):
            return True
        # 在“……三年行动”发布会上: a long name is no speech.
        return len(inside) >= 24 and self.text[max(opening - 1, block_start)] not in "在为是的"

    def _is_sentence(self, opening: int) -> bool:
        """Whether the quotation is a sentence (强调“要把水引到田头，不误农时”。), no term (“双碳”)."""
        closing = self.quotations.closing_of(opening, len(self.text))
        inside = self.text[opening + 1 : closing]
        stops = self.text[closing + 1 : closing + 2] in _STOPS
        return stops and len(inside) >= SHORTEST_UNANNOUNCED_CHARS and "，" in inside

    def _before_quotation(self, clause: _Clause, said: int) -> _Known | None:
        """Who speaks before a colon and a quotation without a verb of speech (甲向客人发出邀请：“……”)."""
        closing = self.quotations.closing_of(said, len(self.text))
        person = self.speakers.last_subject(clause.last, clause.verb_start, clause.start)
        if person is None or self.text[closing - 1] not in "。！？!?…" or _WRITTEN.search(clause.part):
            return None
        between = self.text[self.speakers.end_of(person) : clause.verb_start]
        body = self._tables.body_before.search(between)
        far = len(between) > LONGEST_BETWEEN_CHARS
        return None if body or far else (self.speakers.joint(person), "named")

    def _speaker(self, clause: _Clause, block_start: int, before: Cue | None) -> _Known | None:
        """(ids, how known); no ids when somebody else or a body speaks; None when this is no cue."""
        if not clause.part and self.text[clause.last - 2 : clause.last - 1] == "和":
            return None
        person = self.speakers.last_subject(clause.last, clause.verb_start, clause.start)
        if not self._is_verb(clause, person):
            return None
        pair = _PAIR.search(clause.part)
        if pair:
            return self.speakers.last_two(clause.last + pair.start()), "pronoun"
        pronoun = _PRONOUN.search(clause.part)
        if pronoun and (person is None or clause.last + pronoun.start() > person.start):
            if not clause.marked and len(clause.part) - pronoun.end() > 2:
                return None
            return self.speakers.referent(clause.last + pronoun.start(), block_start, before), "pronoun"
        if person is not None:
            return self._named(clause, person)
        if clause.part.endswith("所") or clause.verb.startswith("所"):
            return None  # 正如学者所言: part of what is said
        part = without_adverb(clause.part)
        if part.endswith("》") or self._tables.body_before.search(part):
            return _NOBODY if clause.marked else None
        if clause.marked and len(clause.lead) <= 8 and _SUBJECTLESS.match(clause.lead + clause.verb):
            return self.speakers.referent(clause.start, block_start, before), "pronoun"
        return self._far_subject(clause, block_start, before)

    def _is_verb(self, clause: _Clause, person: NamedAt | None) -> bool:
        """Whether the word is a verb there, no noun (听取汇报, 作点评, 甲等表示 is one)."""
        between = None if person is None else self.text[self.speakers.end_of(person) : clause.verb_start]
        return is_verb(clause.verb, clause.part, between)

    def _named(self, clause: _Clause, person: NamedAt) -> _Known | None:
        """The person named last before the verb, unless a body or something of theirs stands between."""
        between = self.text[self.speakers.end_of(person) : clause.verb_start]
        body = not spoke(between) and self._tables.body_before.search(without_adverb(between))
        if body or len(between) > LONGEST_BETWEEN_CHARS:
            return _NOBODY if clause.marked else None
        if not clause.marked and len(between) > 14:
            return None
        if clause.verb in _WISHES and _OF_SOMETHING.search(between):
            return None
        if is_theirs(clause.verb, between):
            return None
        return self.speakers.joint(person), "named"

    def _far_subject(self, clause: _Clause, block_start: int, before: Cue | None) -> _Known | None:
        """The subject before the last comma (甲走进大棚，一边察看，一边叮嘱; 他走到渠边，叮嘱……)."""
        plain = without_adverb(clause.part)
        goes_on = plain == "" or self._tables.opener.match(plain)
        first = self.speakers.first_subject(clause.start, clause.verb_start)
        if first is not None and self._begins_part(clause, first) and not self.speakers.joins(first):
            if not clause.marked and not self._acts_through(first, clause.verb_start):
                return None
            if goes_on:
                return self.speakers.joint(first), "named"
        if first is None and goes_on and _HE_FIRST.match(clause.lead):
            return self.speakers.referent(clause.start, block_start, before), "pronoun"
        somebody = clause.marked and 0 < len(clause.part) <= 30 and clause.verb not in self._tables.nominal
        return _NOBODY if somebody and not _INSTRUCTION.match(clause.part) else None

    def _begins_part(self, clause: _Clause, person: NamedAt) -> bool:
        """Whether a part of the clause begins with the person (not 外宾转达了对甲的问候，并表示)."""
        begin = begin_of(person)
        part = max(self.text.rfind(mark, clause.start, begin) for mark in "，,、）)") + 1
        return not _DONE.search(self.text, max(part, clause.start), begin)

    def _acts_through(self, person: NamedAt, verb_start: int) -> bool:
        """Whether `person` is still the subject at a verb without a mark (甲作总结讲话, 要求……; not
        甲的演讲引起各界关注, 认为……)."""
        return not _OTHERS.search(self.text, person.end, verb_start)
