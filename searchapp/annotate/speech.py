"""Where is speech introduced, and who speaks? Finds cues: speaker + verb of speech + mark.

A cue knows where the reporting clause begins ("在务虚会上,周国华说," begins at 在), where the said words
begin, and whose words they are: ids of officials, or none when the speaker is somebody else or a
body (会议指出), which still ends the speech before it. Offsets are code points into the text.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from searchapp.annotate.names import HAN, one_of
from searchapp.annotate.officials import NamedAt
from searchapp.article import SpeakerBy

LEAD_CHARS = 160


@dataclass(frozen=True, slots=True)
class Cue:
    """`start` where the reporting clause begins, `said` where the words after it begin.

    `speakers` are ids of officials, several when they speak jointly; empty when the speaker is no
    official. `closed` is True when the sentence ends right after the verb (“……”甲说。): all that was
    said stands before. `titled` is True for the form 县长　甲：.
    """

    start: int
    verb_start: int
    said: int
    verb: str
    speakers: tuple[str, ...]
    by: SpeakerBy = "named"
    closed: bool = False
    titled: bool = False
    marked: bool = True


@dataclass(frozen=True, slots=True)
class SpeechTables:
    """speech.toml, compiled."""

    cue: re.Pattern[str]
    body_before: re.Pattern[str]
    opener: re.Pattern[str]
    narrative: re.Pattern[str]
    modal: re.Pattern[str]
    object_before: re.Pattern[str]
    bare: frozenset[str]


@cache
def speech_tables() -> SpeechTables:
    """The tables, read once a process."""
    raw = tomllib.loads(resources.files(__package__).joinpath("speech.toml").read_text(encoding="utf-8"))
    words: dict[str, list[str]] = {key: value.split() for key, value in raw.items()}
    verbs, bare = one_of(words["verbs"]), one_of(words["bare_verbs"])
    return SpeechTables(
        cue=re.compile(
            rf"(?P<verb>{verbs})(?:了|过)?(?P<to>我们|记者|大家|他|她|总书记|[{HAN}]{{2,4}}记者)?"
            rf"(?:[，,：:][ \u3000]?(?P<quote>[“「『])?|(?P<only>[“「『])|(?P<closed>[。！!]))"
            rf"|(?P<bare>{bare})(?=[{HAN}“《])(?![了过的出到着起])"
        ),
        body_before=re.compile(rf"(?:{one_of(words['bodies'])})$"),
        opener=re.compile(rf"(?:{one_of(words['openers'])})"),
        narrative=re.compile(rf"[ \u3000]*(?:{one_of(words['narrative'])}|(?:\d{{1,4}}年)?(?:\d{{1,2}}月)?\d{{1,2}}日)"),
        modal=re.compile(one_of(words["modal"])),
        object_before=re.compile(rf"(?:{one_of(words['object_before'])})[，,]?$"),
        bare=frozenset(words["bare_verbs"]),
    )


_CLAUSE_START = re.compile("[。！？!?；;\n”」』]")
_PRONOUN = re.compile("[他她](?!们|人|的|国|乡|山|省)")
_ADVERB = re.compile(r"(?:还|也|则|又|再次|进一步|一再|多次|反复|特别|着重|同时|明确|曾|就此|对此|随后|最后|首先|如是|这样|[^，,。]{0,12}(?:地|着))$")
_JOINT = re.compile(r"[、和与及]|以及")


class CueFinder:
    """Finds the cues of one text, given the persons named in it."""

    def __init__(self, text: str, named: Sequence[NamedAt]) -> None:
        self.text = text
        self.named = named
        self._starts = [one.start for one in named]
        self._tables = speech_tables()

    def cues(self, start: int, end: int) -> list[Cue]:
        """The cues of the block `text[start:end]`, in order."""
        found: list[Cue] = []
        for match in self._tables.cue.finditer(self.text, start, end):
            cue = self._cue(match, start, found)
            if cue is not None:
                found.append(cue)
        found += self._titled(start, end)
        return sorted(found, key=lambda cue: cue.verb_start)

    def _titled(self, start: int, end: int) -> list[Cue]:
        """省商务厅厅长 甲：我们的……"""
        cues = []
        for one in self.between(start, end):
            if self.text[one.end : one.end + 1] in ("：", ":") and one.end + 1 < end:
                begin = one.titled_from if one.titled_from >= 0 else one.start
                said = one.end + 1
                cues.append(Cue(begin, one.end, said, "", one.ids, titled=True))
        return cues

    def between(self, start: int, end: int) -> Sequence[NamedAt]:
        """The persons named in `text[start:end]`."""
        return self.named[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _cue(self, match: re.Match[str], block_start: int, before: Sequence[Cue]) -> Cue | None:
        verb_start = match.start()
        clause = self._clause_start(verb_start, block_start)
        verb = match["verb"] or match["bare"]
        marked = match["bare"] is None
        said = match.end()
        if match["quote"] or match["only"]:
            said -= 1
        speakers, by, known = self._speaker(clause, verb_start, block_start, before, marked)
        if not known:
            return None
        start = self._reporting_start(clause, verb_start)
        return Cue(start, verb_start, said, verb, speakers, by, closed=match["closed"] is not None, marked=marked)

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
        opening = self.opening_of(at, block_start)
        inside = self.text[opening + 1 : at]
        return opening >= 0 and (inside[-1:] in tuple("，,。！？!?…；～~") or len(inside) >= 24)

    def opening_of(self, closing: int, floor: int) -> int:
        """The opening mark that belongs to the closing one, -1 when there is none."""
        mark = {"”": "“", "」": "「", "』": "『"}[self.text[closing]]
        depth = 0
        for at in range(closing, floor - 1, -1):
            if self.text[at] == self.text[closing]:
                depth += 1
            elif self.text[at] == mark:
                depth -= 1
                if depth == 0:
                    return at
        return -1

    def _reporting_start(self, clause: int, verb_start: int) -> int:
        return min(clause, verb_start)

    def _speaker(
        self, clause: int, verb_start: int, block_start: int, before: Sequence[Cue], marked: bool
    ) -> tuple[tuple[str, ...], SpeakerBy, bool]:
        """(ids, how known, whether this is a cue at all)."""
        nobody: tuple[tuple[str, ...], SpeakerBy, bool] = ((), "named", True)
        no_cue: tuple[tuple[str, ...], SpeakerBy, bool] = ((), "named", False)
        lead = self.text[clause:verb_start]
        last = max(lead.rfind("，"), lead.rfind(",")) + 1
        part = lead[last:]
        bare_part = _ADVERB.sub("", part)
        person = self._subject(clause, verb_start)
        pronoun = None
        for pronoun in _PRONOUN.finditer(self.text, clause, verb_start):
            pass
        direct = person is not None and person.end >= clause + last
        pronoun_direct = pronoun is not None and pronoun.start() >= clause + last
        if pronoun is not None and pronoun_direct and (person is None or pronoun.start() > person.start):
            if not marked and self.text[pronoun.end() : verb_start] not in ("", "还", "也"):
                return no_cue
            ids = self._referent(pronoun.start(), block_start, before)
            return ids, "pronoun", True
        if direct and person is not None:
            between = self.text[person.end : verb_start]
            if len(between) > 45 or (not marked and len(between) > 14):
                return nobody if marked else no_cue
            if between and self._tables.body_before.search(_ADVERB.sub("", between)):
                return nobody if marked else no_cue
            return self._joint(person), "named", True
        if self._tables.body_before.search(bare_part):
            return nobody if marked or len(bare_part) < 8 else no_cue
        if bare_part == "" or self._tables.opener.match(bare_part):
            if person is not None:
                return self._joint(person), "named", True
            if not marked:
                return no_cue
            if before and before[-1].verb_start >= clause - 400 and bare_part != part:
                return no_cue
            return no_cue
        return nobody if marked and len(part) <= 30 else no_cue

    def _subject(self, start: int, end: int) -> NamedAt | None:
        """The person of the clause who can speak: the last one who is no object."""
        last: NamedAt | None = None
        first: NamedAt | None = None
        for one in self.between(start, end):
            begin = one.titled_from if 0 <= one.titled_from else one.start
            context = self.text[max(start, begin - 12) : begin]
            if self._tables.object_before.search(context) and begin > start:
                continue
            if self.text[one.end : one.end + 1] in "的" and one.end < end:
                continue
            if self.text[one.end : one.end + 3] == "总书记" and first is not None:
                continue
            first = first or one
            last = one
        return last

    def _joint(self, person: NamedAt) -> tuple[str, ...]:
        """The ids of a speaker and of those named with them (甲、乙表示)."""
        ids = list(person.ids[:1])
        index = bisect_left(self._starts, person.start)
        at = person
        while index > 0:
            index -= 1
            other = self.named[index]
            begin = at.titled_from if 0 <= at.titled_from else at.start
            if not _JOINT.fullmatch(self.text, other.end, begin):
                break
            ids[:0] = other.ids[:1]
            at = other
        return tuple(dict.fromkeys(ids))

    def _referent(self, at: int, block_start: int, before: Sequence[Cue]) -> tuple[str, ...]:
        """Whom 他 or 她 means: the subject of the nearest sentence before that names a person."""
        sentence_end = at
        floor = max(block_start - 200, 0)
        while sentence_end > floor:
            sentence = max((self.text.rfind(mark, floor, sentence_end) for mark in "。！？\n"), default=-1)
            person = self._first_subject(max(sentence + 1, floor), sentence_end)
            if person is not None:
                return person.ids[:1]
            if sentence < 0:
                break
            sentence_end = sentence
        return ()

    def _first_subject(self, start: int, end: int) -> NamedAt | None:
        for one in self.between(start, end):
            begin = one.titled_from if one.titled_from >= 0 else one.start
            context = self.text[max(start, begin - 12) : begin]
            if self._tables.object_before.search(context) and begin > start:
                continue
            if self.text[one.end : one.end + 3] == "总书记" and begin > start:
                continue
            return one
        return None
