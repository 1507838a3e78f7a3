"""Where is speech introduced, and who speaks? Finds cues: speaker + verb of speech + mark.

A cue knows where the reporting clause begins ("在务虚会上,周国华说," begins at 在), where the said words
begin, and whose words they are: ids of officials, or none when the speaker is somebody else or a
body (会议指出), which still ends the speech before it. Offsets are code points into the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.annotate.cue import Cue
from searchapp.annotate.people import NamedAt
from searchapp.annotate.quotations import Quotations
from searchapp.annotate.speakers import JOINT, Speakers
from searchapp.annotate.speech_tables import speech_tables
from searchapp.article import SpeakerBy

# How far before the verb of speech its clause may begin.
LEAD_CHARS = 160
SPACES = " \u3000"
_CLAUSE_START = re.compile("[。！？!?；;\n”」』]")
_PAIR = re.compile("(?:两人|二人)(?=[^，,]{0,10}$)")
# 他表示, 他在讲话中还特别强调; not 他所在的, 他们.
_PRONOUN = re.compile("[他她](?![们人的国乡山省所家和与])(?=[^，,]{0,18}$)")
# 张三肯定了……。同时指出, ……: the subject is that of the sentence before.
_SUBJECTLESS = re.compile("(?:(?:同时|还|并|并且|再次|进一步)，?)+(?:表示|指出|强调|要求|希望|介绍|说|提出)")
# 甲讲话强调: no noun there.
_SPOKE = re.compile(
    "(?:发表|作|作了)?(?:重要)?(?:讲话|发言|致辞|致词|总结|点评)(?:时|中)?|在[^，。]{2,20}(?:会|会议|仪式|论坛|讲话|致辞|采访|问)(?:上|中|时|现场)?"
)
_INSTRUCTION = re.compile("要|必须|应|希望|确保|不断|切实|把|将|以")
_ADVERB = re.compile(
    "(?:还|也|则|又|再次|进一步|一再|多次|反复|特别|着重|同时|明确|曾|就此|对此|随后|最后|首先|如是|这样|[^，,。]{0,12}(?:地|着))$"
)
# 按照甲关于此事的要求: the verb is a noun.
_WISHES = frozenset(("要求", "期望", "期待", "希望", "建议"))
_OF_SOMETHING = re.compile("的|关于|对.{1,12}工作$")


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
        for match in self._tables.cue.finditer(self.text, start, end):
            cue = self._cue(match, start, found[-1] if found else None)
            if cue is not None:
                found.append(cue)
        found += self._titled(start, end)
        return sorted(found, key=lambda cue: cue.verb_start)

    def _titled(self, start: int, end: int) -> list[Cue]:
        """省商务厅厅长 甲：我们的……"""
        cues = []
        for one in self.speakers.between(start, end):
            if self.text[one.end : one.end + 1] in ("：", ":") and one.end + 1 < end:
                begin = one.titled_from if one.titled_from >= 0 else one.start
                said = one.end + 1
                cues.append(Cue(begin, one.end, said, "", one.ids, titled=True))
        return cues

    def _cue(self, match: re.Match[str], block_start: int, before: Cue | None) -> Cue | None:
        verb_start = match.start()
        clause = self._clause_start(verb_start, block_start)
        verb = match["verb"] or match["bare"] or match["ask"] or match["asked"]
        marked = match["bare"] is None
        said = match.end()
        if match["only"] and verb in self._tables.nominal:
            return None
        if match["quote"] or match["only"] or match["asked"]:
            said -= 1
        if match["ask"]:
            asker = self.speakers.first_subject(clause, verb_start)
            return Cue(clause, verb_start, said, verb, asker.ids[:1]) if asker else None
        known = self._speaker(clause, verb_start, block_start, verb, marked, before)
        if known is None:
            return None
        speakers, by = known
        stranger = not speakers and not self._tables.body_before.search(self.text, clause, verb_start)
        closed = match["closed"] is not None
        return Cue(
            clause, verb_start, said, verb, speakers, by, closed=closed, marked=marked, stranger=stranger
        )

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

    def _speaker(
        self, clause: int, verb_start: int, block_start: int, verb: str, marked: bool, before: Cue | None
    ) -> tuple[tuple[str, ...], SpeakerBy] | None:
        """(ids, how known); no ids when somebody else or a body speaks; None when this is no cue."""
        lead = self.text[clause:verb_start]
        last = clause + max(lead.rfind("，"), lead.rfind(",")) + 1
        part = self.text[last:verb_start]
        if not part and last > clause + 1 and self.text[last - 2] in "等和":
            return None
        person = self.speakers.last_subject(last, verb_start, clause)
        named_last = person is not None and person.end == verb_start
        spoke = person is not None and bool(_SPOKE.fullmatch(self.text, person.end, verb_start))
        as_said = person is not None and self.text[person.end : verb_start] in ("所", "曾")
        if not (named_last or spoke or as_said) and self._tables.noun_before.search(part):
            return None
        if part.endswith("等") and (person is None or person.end != verb_start - 1):
            return None
        pair = _PAIR.search(part)
        if pair:
            return self.speakers.last_two(last + pair.start()), "pronoun"
        pronoun = _PRONOUN.search(part)
        if pronoun and (person is None or last + pronoun.start() > person.start):
            if not marked and len(part) - pronoun.end() > 2:
                return None
            return self.speakers.referent(last + pronoun.start(), block_start, before), "pronoun"
        if person is not None:
            between = self.text[person.end : verb_start]
            body = not spoke and self._tables.body_before.search(_ADVERB.sub("", between))
            if body or len(between) > 45:
                return ((), "named") if marked else None
            if not marked and len(between) > 14:
                return None
            if verb in _WISHES and _OF_SOMETHING.search(between):
                return None
            return self.speakers.joint(person), "named"
        if self._tables.body_before.search(_ADVERB.sub("", part)):
            return ((), "named") if marked else None
        if marked and _SUBJECTLESS.match(self.text[clause:verb_start] + verb) and len(lead) <= 8:
            return self.speakers.referent(clause, block_start, before), "pronoun"
        first = self.speakers.first_subject(clause, verb_start)
        alone = first is not None and not JOINT.match(self.text, first.end)
        if first is not None and alone and (part == "" or self._tables.opener.match(part)):
            return self.speakers.joint(first), "named"
        somebody = marked and 0 < len(part) <= 30 and verb not in self._tables.nominal
        return ((), "named") if somebody and not _INSTRUCTION.match(part) else None

