"""Where is speech introduced, and who speaks? Finds cues: speaker + verb of speech + mark.

A cue knows where the reporting clause begins ("在务虚会上,周国华说," begins at 在), where the said words
begin, and whose words they are: ids of officials, or none when the speaker is somebody else or a
body (会议指出), which still ends the speech before it. Offsets are code points into the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searchapp.analysis.normalise import is_han
from searchapp.annotate.asking import Asking
from searchapp.annotate.clauses import Clause, Clauses
from searchapp.annotate.cue import Cue
from searchapp.annotate.names import read_name
from searchapp.annotate.people import NamedAt
from searchapp.annotate.quotations import Quotations
from searchapp.annotate.speakers import Speakers, begin_of
from searchapp.annotate.speech_tables import speech_tables
from searchapp.annotate.unannounced import SHORTEST_UNANNOUNCED_CHARS, WRITTEN, Unannounced
from searchapp.annotate.verbs import gave, is_theirs, is_verb, spoke, without_adverb
from searchapp.article import SpeakerBy

SPACES = " \u3000"
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
# 甲察看了堤防。强调要……: of whom the sentence before tells.
_ASKS = frozenset(("强调", "要求", "指出", "叮嘱", "嘱咐", "勉励"))
# 甲作出批示，批示指出：……
_HIS_WORDS = re.compile("(?:批示|贺信|贺电|贺词|回信|贺函)(?:中|里)?")
_INSTRUCTION = re.compile("要|必须|应|希望|确保|不断|切实|把|将|以")
_DONE = re.compile("[了对向]|评价|转达")
# 甲与乙一致认为: a joint wish is nobody's statement.
_AS_ONE = re.compile("一致(?:积极|高度)?$")
# 我坚信, 中方认为, 历史告诉我们: the speaker speaks of his own side, nobody else does.
_OWN_SIDE = re.compile(
    "(?:在此|同时|因此|所以|对此|但|而)?(?:我(?![国省市县区州旗镇乡])|咱|本人|中方|历史|实践|事实|经验)"
)
# 甲走过去，向老人打听：“……”
_TO_SOMEBODY = re.compile("[向对与和同给拉握拍指]")
# 在他看来，……; 从他口中获悉，……
_LEARNT = frozenset(("看来", "获悉", "得知", "了解到"))
_IN_THE_EYES = re.compile("(?:在|(?:记者)?从)(?=([^，,]{1,30})$)")
_MOUTH = re.compile("(?:口中|处|那里)$")
# 提出四点主张，为……: a noun; 提出四点建议：一是…… introduces them.
_POINTS = re.compile("[一二两三四五六七八几][点项条]$|提出(?!.*[并时中]$)")
# …甲失联本社示例县8月5日电 示例县通报: a headline has run into the report.
_NEWS_AGENCY = re.compile("[日社报网][电讯][ \u3000（(]")
LEAST_LED_ON_CHARS = 12
BRACKET_CHARS = 20
_BRACKET_OPEN = re.compile("[（(][^（）()]*$")
# How much of a sentence may stand between a subject and its verb of speech.
LONGEST_BETWEEN_CHARS = 45
_STOPS = tuple("，。；！？,;")
# Somebody else's view is told.
_OTHERS = re.compile(
    "[，,](?:在[^，,。]{1,10}中)?(?:各界|媒体|舆论|大家|群众|官兵|代表们|委员们|网友|民众|与会)|引发|引起|纷纷|《[^》]*》，"
    "|(?:获得|受到|得到|赢得|界的|社会的|们的)[^，。]{0,16}(?:评价|关注|反响|好评)，"
)
# 按照甲关于此事的要求: the verb is a noun.
_WISHES = frozenset(("要求", "期望", "期待", "希望", "建议"))
_OF_SOMETHING = re.compile("的|关于|对.{1,12}工作$")


_Known = tuple[tuple[str, ...], SpeakerBy]
_NOBODY: _Known = ((), "named")


def _ends_in_name(part: str) -> bool:
    """Whether a title and a name of two or three characters stand before the verb (贸易使节林守田提到)."""
    names = (read_name(part, len(part) - chars, skip=False) for chars in (3, 2) if len(part) > chars + 1)
    return any(name is not None and name.end == len(part) for name in names)


class CueFinder:
    """Finds the cues of one text, given the persons named in it."""

    def __init__(self, text: str, named: Sequence[NamedAt]) -> None:
        self.text = text
        self.speakers = Speakers(text, named)
        self.quotations = Quotations(text)
        self._clauses = Clauses(text, self.quotations)
        self._unannounced = Unannounced(text, self.speakers, self.quotations)
        self.asking = Asking(text, self.speakers)
        self._tables = speech_tables()

    def cues(self, start: int, end: int) -> list[Cue]:
        """The cues of the block `text[start:end]`, in order."""
        found: list[Cue] = []
        for match in self._introductions(start, end):
            cue = self._cue(match, start, found[-1] if found else None)
            if cue is not None:
                found.append(cue)
        found += self._unannounced.titled(start, end)
        found += self._unannounced.named_behind(start, end, found)
        found += self._unannounced.acting_before(start, end, found)
        found += self._unannounced.explained_behind(start, end)
        return sorted(found, key=lambda cue: cue.verb_start)

    def _introductions(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """What `finditer` of the cue would find, but tried only where one can begin."""
        done = start
        for begin, _, _ in self._tables.cue_begins.everywhere(self.text, start, end):
            at = begin - (self.text[begin] in "：:")
            match = self._tables.cue.match(self.text, at, end) if at >= done else None
            if match:
                done = match.end()
                yield match

    def _cue(self, match: re.Match[str], block_start: int, before: Cue | None) -> Cue | None:
        clause = self._clauses.of(match, block_start)
        said = match.end()
        if self._is_noun(match, clause):
            return None
        if match["only"] and clause.verb in self._tables.nominal and not self._is_sentence(said - 1):
            if clause.verb not in _ASKS or not self._leads_on(said - 1):
                return None
            clause = clause._replace(marked=False)
        if match["quote"] or match["only"] or match["asked"]:
            said -= 1
        if match["ask"]:
            return self.asking.cue(clause, said, block_start, before)
        if match["any"]:
            known = self._before_quotation(clause, said)
        else:
            known = self._speaker(clause, block_start, before)
        if known is None:
            return None
        ids, by = known
        body = self._tables.is_body(clause.lead)
        return Cue(
            clause.start,
            clause.verb_start,
            said,
            clause.verb,
            ids,
            by,
            closed=match["closed"] is not None and not self._opens_behind(clause, said),
            marked=clause.marked,
            stranger=not ids and not body,
        )

    def _opens_behind(self, clause: Clause, said: int) -> bool:
        """Whether a quotation follows the full stop, a slip, and none stands before (甲说。“……”)."""
        if self.text[said : said + 1] != "“" or self.text[max(clause.start - 1, 0) : clause.start] == "”":
            return False
        return self.text[self.quotations.closing_of(said, len(self.text)) - 1] in "。！？!?"

    def _is_noun(self, match: re.Match[str], clause: Clause) -> bool:
        """Whether the word names points (提出四点主张，为……) or what a quotation was (响应“……”号召，), or
        stands in brackets (下称水库)."""
        comma = match.group()[-1] in "，,"
        points = comma and clause.verb in self._tables.nominal and _POINTS.search(clause.part)
        quoted = comma and clause.verb == "号召" and clause.part.endswith("”")
        return bool(points or quoted or _BRACKET_OPEN.search(clause.lead[-BRACKET_CHARS:]))

    def _is_sentence(self, opening: int) -> bool:
        """Whether the quotation is a sentence (强调“要把水引到田头，不误农时”。), no term (“双碳”)."""
        closing = self.quotations.closing_of(opening, len(self.text))
        inside = self.text[opening + 1 : closing]
        stops = self.text[closing + 1 : closing + 2] in _STOPS or inside[-1:] in ("。", "！")
        return stops and len(inside) >= SHORTEST_UNANNOUNCED_CHARS and "，" in inside

    def _leads_on(self, opening: int) -> bool:
        """Whether the quoted word begins a longer sentence (强调“小满渠”仍在渗水，要……)."""
        closing = self.quotations.closing_of(opening, len(self.text))
        stop = self.text.find("。", closing)
        return is_han(self.text[closing + 1 : closing + 2] or " ") and stop - closing > LEAST_LED_ON_CHARS

    def _before_quotation(self, clause: Clause, said: int) -> _Known | None:
        """Who speaks before a colon and a quotation without a verb of speech (甲向客人发出邀请：“……”)."""
        closing = self.quotations.closing_of(said, len(self.text))
        person = self.speakers.last_subject(clause.last, clause.verb_start, clause.start)
        if person is None and (not clause.part or _TO_SOMEBODY.match(clause.part)):
            person = self.speakers.acting(clause.start, clause.last)
        if person is None or self.text[closing - 1] not in "。！？!?…" or WRITTEN.search(clause.part):
            return None
        between = self.text[self.speakers.end_of(person) : clause.verb_start]
        body = self._tables.is_body(between)
        far = len(between) > LONGEST_BETWEEN_CHARS
        return None if body or far else (self.speakers.joint(person), "named")

    def _speaker(self, clause: Clause, block_start: int, before: Cue | None) -> _Known | None:
        """(ids, how known); no ids when somebody else or a body speaks; None when this is no cue."""
        if not clause.part and self.text[clause.last - 2 : clause.last - 1] == "和":
            return None
        person = self.speakers.last_subject(clause.last, clause.verb_start, clause.start)
        if not self._is_verb(clause, person):
            return None
        if _AS_ONE.search(clause.part):
            own = _OWN_SIDE.match(clause.part)
            return _NOBODY if clause.marked and not own else None
        if clause.verb in _LEARNT:
            return self._opinion(clause, block_start, before)
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
        if part.endswith("》") or self._tables.is_body(part):
            return _NOBODY if clause.marked else None
        if clause.marked and len(clause.lead) <= 8 and _SUBJECTLESS.match(clause.lead + clause.verb):
            return self.speakers.referent(clause.start, block_start, before), "pronoun"
        if not clause.lead and clause.verb in _ASKS:
            actor = self.speakers.actor_before(clause.start, block_start, before)
            return (actor.ids[:1], "pronoun") if actor else None
        return self._of_his_words(clause) or self._far_subject(clause, block_start, before)

    def _of_his_words(self, clause: Clause) -> _Known | None:
        """甲作出重要批示。批示指出，…… also in a block of its own."""
        if clause.lead != clause.part or not _HIS_WORDS.fullmatch(clause.part):
            return None
        at = len(self.text[: clause.start].rstrip())
        actor = self.speakers.actor_before(at, 0, None)
        given = actor is not None and gave(self.text[actor.end : at].rstrip("。"))
        return (actor.ids[:1], "named") if actor and given else None

    def _opinion(self, clause: Clause, block_start: int, before: Cue | None) -> _Known | None:
        """在甲看来，…… or 从甲口中获悉，……; in 看来，…… or 从水库获悉，…… nobody is told of."""
        eyes = _IN_THE_EYES.match(clause.part)
        if not eyes or (clause.verb != "看来" and not _MOUTH.search(clause.part)):
            return None
        whom = clause.last + eyes.end()
        if _PRONOUN.match(self.text, whom, clause.verb_start):
            return self.speakers.referent(whom, block_start, before), "pronoun"
        named = self.speakers.between(clause.last, clause.verb_start)
        return (self.speakers.joint(named[-1]), "named") if named else _NOBODY

    def _is_verb(self, clause: Clause, person: NamedAt | None) -> bool:
        """Whether the word is a verb there, no noun (听取汇报, 作点评, 甲等表示 is one)."""
        between = None if person is None else self.text[self.speakers.end_of(person) : clause.verb_start]
        return is_verb(clause.verb, clause.part, between)

    def _named(self, clause: Clause, person: NamedAt) -> _Known | None:
        """The person named last before the verb, unless a body or something of theirs stands between."""
        between = self.text[self.speakers.end_of(person) : clause.verb_start]
        body = not spoke(between) and self._tables.is_body(without_adverb(between))
        far = len(between) > LONGEST_BETWEEN_CHARS and not gave(between)
        if body or far or _NEWS_AGENCY.search(between):
            return _NOBODY if clause.marked else None
        if not clause.marked and len(between) > 14:
            return None
        if clause.verb in _WISHES and _OF_SOMETHING.search(between):
            return None
        if is_theirs(clause.verb, between):
            return None
        return self.speakers.joint(person), "named"

    def _far_subject(self, clause: Clause, block_start: int, before: Cue | None) -> _Known | None:
        """The subject before the last comma (甲走进大棚，一边察看，一边叮嘱; 他走到渠边，叮嘱……)."""
        plain = without_adverb(clause.part)
        goes_on = plain == "" or _HIS_WORDS.fullmatch(plain) or self._tables.opener.match(plain)
        first = self.speakers.acting(clause.start, clause.verb_start)
        if first is not None and self._begins_part(clause, first) and not self.speakers.joins(first):
            if not clause.marked and not self._acts_through(first, clause.verb_start):
                return None
            if goes_on:
                return self.speakers.joint(first), "named"
        if first is None and goes_on and _HE_FIRST.match(clause.lead):
            return self.speakers.referent(clause.start, block_start, before), "pronoun"
        if _OWN_SIDE.match(clause.part):
            return None
        somebody = clause.marked and 0 < len(clause.part) <= 30
        somebody = somebody and (clause.verb not in self._tables.nominal or _ends_in_name(clause.part))
        return _NOBODY if somebody and not _INSTRUCTION.match(clause.part) else None

    def _begins_part(self, clause: Clause, person: NamedAt) -> bool:
        """Whether a part of the clause begins with the person (not 外宾转达了对甲的问候，并表示)."""
        begin = begin_of(person)
        part = max(self.text.rfind(mark, clause.start, begin) for mark in "，,、）)") + 1
        return not _DONE.search(self.text, max(part, clause.start), begin)

    def _acts_through(self, person: NamedAt, verb_start: int) -> bool:
        """Whether `person` is still the subject at a verb without a mark (甲作总结讲话, 要求……; not
        甲的演讲引起各界关注, 认为……)."""
        return not _OTHERS.search(self.text, person.end, verb_start)
