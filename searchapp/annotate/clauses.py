"""Where does the clause begin that introduces speech, and what stands in it?

"在务虚会上,周国华说," begins at 在. A quotation of a whole sentence before it is not part of the clause, a
quoted word is. Offsets are code points into the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searchapp.annotate.quotations import Quotations

# How far before the verb of speech its clause may begin.
LEAD_CHARS = 160
_CLAUSE_START = re.compile("[。！？!?；;\n”」』]")
LONGEST_NAME_CHARS = 24
_NAMED = re.compile(
    "专场|主题|为主?题|活动|发布会|会议|座谈|论坛|仪式|行动|计划|工程|项目|大赛|培训|讲座|研讨|系列|等"
)

_QUOTED = re.compile("“[^“”]*”")
# 在“……三年行动”发布会上; 就记者提问“……”表示
_NAMING = re.compile("[在为是的就]$|(?:提问|问题|问及|关于|围绕)$")


class Clause(NamedTuple):
    """A reporting clause: `lead` from `start` to its verb, `part` from `last`, after the last comma."""

    start: int
    last: int
    verb_start: int
    verb: str
    marked: bool
    lead: str
    part: str


class Clauses:
    """The reporting clauses of one text."""

    def __init__(self, text: str, quotations: Quotations) -> None:
        self._text = text
        self._quotations = quotations

    def of(self, match: re.Match[str], block_start: int) -> Clause:
        """The clause of `match`, a match of the expression of cues, in the block from `block_start` on."""
        verb_start = match.end("any") if match["any"] else match.start()
        start = self._start(verb_start, block_start)
        lead = self._text[start:verb_start]
        plain = _QUOTED.sub(lambda found: "”" * len(found.group()), lead) if "”" in lead else lead
        last = start + max(plain.rfind("，"), plain.rfind(",")) + 1
        verb = match["verb"] or match["bare"] or match["ask"] or match["asked"] or ""
        return Clause(start, last, verb_start, verb, match["bare"] is None, lead, self._text[last:verb_start])

    def _start(self, at: int, block_start: int) -> int:
        floor = max(block_start, at - LEAD_CHARS)
        start = floor
        for found in _CLAUSE_START.finditer(self._text, floor, at):
            if found.group() in "”」』" and not self._ends_quotation(found.start(), block_start):
                continue
            start = found.end()
        while start < at and self._text[start] in " \u3000，,":
            start += 1
        return start

    def _ends_quotation(self, at: int, block_start: int) -> bool:
        """Whether the closing mark at `at` ends a said sentence, not a quoted word."""
        opening = self._quotations.opening_of(at, block_start)
        inside = self._text[opening + 1 : at]
        if opening < 0:
            return False
        if inside[-1:] in tuple("，,。！？!?…；～~"):
            return True
        # 在“……三年行动”发布会上: a long name is no speech.
        named = _NAMING.search(self._text, block_start, opening) or _NAMED.match(self._text, at + 1)
        return len(inside) >= LONGEST_NAME_CHARS and not named
