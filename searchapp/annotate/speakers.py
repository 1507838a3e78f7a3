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

# 甲的, 甲总书记关于……的重要论述: no subject.
_HIS = re.compile("(?:总书记|主席|总理|同志)?(?:的|关于|重要|系列)")
# （记者 张三） ends what stands before the sentence.
_DATELINE = re.compile("[（(][^（）()。]{0,40}(?:记者|通讯员|实习生)[^（）()。]{0,40}[）)]")
# Somebody without a name acts there.
_NAMELESS = re.compile("负责同志|负责人|工作人员|发言人|村民|居民|业主|店主|老板|老人|群众|专家|教授")
# How many sentences back 他 may look.
LOOK_BACK_SENTENCES = 4
_PRONOUN_FIRST = re.compile("[^，。]{0,3}[，,]?[他她]")
JOINT = re.compile(r"[、和与及]|以及")


class Speakers:
    """The persons named in one text, asked who speaks."""

    def __init__(self, text: str, named: Sequence[NamedAt]) -> None:
        self.text = text
        self.named = named
        self._starts = [one.start for one in named]
        self._objects = speech_tables().object_before

    def between(self, start: int, end: int) -> Sequence[NamedAt]:
        """The persons named in `text[start:end]`."""
        return self.named[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def last_subject(self, start: int, end: int, clause: int) -> NamedAt | None:
        """The last person of `text[start:end]` who can speak: no object, no 甲的."""
        last: NamedAt | None = None
        for one in self.between(start, end):
            if self._can_speak(one, clause, end):
                last = one
        return last

    def first_subject(self, start: int, end: int) -> NamedAt | None:
        """The first person of `text[start:end]` who can speak."""
        return next((one for one in self.between(start, end) if self._can_speak(one, start, end)), None)

    def _can_speak(self, one: NamedAt, clause: int, end: int) -> bool:
        begin = one.titled_from if one.titled_from >= 0 else one.start
        if begin > clause and self._objects.search(self.text, max(clause, begin - 12), begin):
            return False
        return not (one.end < end and _HIS.match(self.text, one.end))

    def joint(self, person: NamedAt) -> tuple[str, ...]:
        """The ids of a speaker and of those named with them (甲、乙表示)."""
        ids = list(person.ids[:1])
        index = bisect_left(self._starts, person.start)
        at = person
        while index > 0:
            index -= 1
            other = self.named[index]
            begin = at.titled_from if at.titled_from >= 0 else at.start
            if not JOINT.fullmatch(self.text, other.end, begin):
                break
            ids[:0] = other.ids[:1]
            at = other
        return tuple(dict.fromkeys(ids))

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
        person = self.first_subject(start, at)
        if person is not None and self._begins(person, start):
            return person.ids[:1]  # 甲对此给予充分肯定，他指出
        if before is not None and before.stranger:
            return ()
        if before is not None and not before.speakers:
            before = None  # a meeting: he is still the one before
        end = at
        for back in range(LOOK_BACK_SENTENCES if before is None or before.closed else len(self.text)):
            start = self._sentence_start(end, floor)
            person = self.first_subject(start, end)
            if before is not None and before.verb_start >= start:
                return before.speakers[:1]
            if person is not None and (before is None or self._begins(person, start)):
                return person.ids[:1]
            if person is None and self._somebody_acts(start, end, at if back else end):
                return ()  # 外国市长欢迎甲到访。他说, ……
            end = start - 1
            if end <= floor:
                break
        return ()

    def _somebody_acts(self, start: int, end: int, at: int) -> bool:
        if self.between(start, end):
            return not _PRONOUN_FIRST.match(self.text, start)
        return at - end <= 1 and bool(_NAMELESS.search(self.text, start, end))

    def _sentence_start(self, end: int, floor: int) -> int:
        start = max(floor, max(self.text.rfind(mark, floor, end) for mark in "。！？\n") + 1)
        datelines = [found.end() for found in _DATELINE.finditer(self.text, start, end)]
        return datelines[-1] if datelines else start

    def _begins(self, person: NamedAt, start: int) -> bool:
        return (person.titled_from if person.titled_from >= 0 else person.start) <= start + SUBJECT_CHARS
