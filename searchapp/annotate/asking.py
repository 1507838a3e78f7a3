"""Who puts demands, points or answers that follow in sentences of their own?

县长甲就春耕提出三点要求：一是……; 并提出要求：一是…… after a sentence of his; 甲就春耕答记者问。……; 甲提出三点
主张： at the end of a paragraph. Offsets are code points into the text.
"""

from __future__ import annotations

import re

from searchapp.annotate.clauses import Clause
from searchapp.annotate.cue import Cue
from searchapp.annotate.speakers import Speakers

# 甲就春耕答记者问。……
ANSWERS = "记者问"
_SAME_SUBJECT = re.compile("并(?![非不])|还|同时，?")
# 他对大家提出三点要求：一是……
_HE_ASKS = re.compile("(?:同时，?|随后，?|最后，?)?[他她](?![们人的国乡山省所家])")
_ANNOUNCES = re.compile(
    "(?:提出|作出|强调|谈)[^，。：]{0,30}(?:要求|意见|希望|建议|主张|倡议|看法|观点|措施)[：:]$"
)


class Asking:
    """Finds the cues of such demands in one text."""

    def __init__(self, text: str, speakers: Speakers) -> None:
        self._text = text
        self._speakers = speakers

    def announced(self, start: int, end: int) -> Cue | None:
        """甲提出三点主张： at the end of the block, whose points stand in paragraphs of their own."""
        last = max(self._text.rfind(mark, start, end) for mark in "。！？")
        clause = max(last + 1, start)
        asked = _ANNOUNCES.search(self._text, clause, end)
        asker = self._speakers.first_subject(clause, asked.start()) if asked else None
        return Cue(clause, end, end, "", asker.ids[:1]) if asker is not None and asker.ids else None

    def cue(self, clause: Clause, said: int, block_start: int, before: Cue | None) -> Cue | None:
        """甲就春耕提出要求：一是……, or 并提出要求 after a sentence of which 甲 is the subject."""
        asker = self._speakers.first_subject(clause.start, clause.verb_start)
        if clause.verb == ANSWERS and ("就" not in clause.lead or clause.part.startswith("并")):
            return None  # several brief the press
        if asker is not None:
            return Cue(clause.start, clause.verb_start, said, clause.verb, asker.ids[:1])
        if not _SAME_SUBJECT.match(clause.lead) and not _HE_ASKS.match(clause.lead):
            return None
        ids = self._speakers.referent(clause.start, block_start, before)
        return Cue(clause.start, clause.verb_start, said, clause.verb, ids, "pronoun") if ids else None
