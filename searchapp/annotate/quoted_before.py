"""Which quotation before a reporting clause was said by its speaker? “……”甲说，……; a quoted term is none.

Offsets are code points into the text.
"""

from __future__ import annotations

import re

from searchapp.analysis.normalise import is_han
from searchapp.annotate.cue import Cue
from searchapp.annotate.quotations import CLOSING, Quotations
from searchapp.annotate.speech import SPACES

# A quotation before its speaker (“……”甲说) ends in punctuation, or is too long for a quoted term.
SHORTEST_QUOTATION_CHARS = 6
LONGEST_TERM_CHARS = 23
STOPS = frozenset("，,。！？!?…；～~")
# “……”针对此事，甲表示: what was quoted is another's.
_TURNS_AWAY = re.compile("[↓▼]|时[，,]|的?(?:提问|问题)|针对|对此|随后|此外|当天|近日")
_DAYS = ("当天", "近日")


class QuotedBefore:
    """Finds the quotations before the cues of one text."""

    def __init__(self, text: str, quotations: Quotations) -> None:
        self._text = text
        self._quotations = quotations

    def opening_before(self, cue: Cue, floor: int, before: Cue | None) -> int | None:
        """Where the quotation opens that stands before the reporting clause and is no other's."""
        opening = self.quotation_before(cue, floor)
        if before is not None and before.closed and before.start == cue.start:
            return None  # “……”甲向大家招手，他说，……
        if opening is not None and before is not None and not before.closed:
            return None if self._is_anothers(opening, before) else opening
        return opening

    def _is_anothers(self, opening: int, before: Cue) -> bool:
        """Whether the quotation at `opening` belongs to the cue before it (居民说，水来了，“不用挑了。”)."""
        told = self._text[before.said : opening]
        led_on = not before.speakers and before.marked and told.endswith("，") and "。" not in told
        return before.said in (opening, opening - 1) or led_on

    def quotation_before(self, cue: Cue, floor: int) -> int | None:
        at = cue.start - 1
        # “……”。甲动情地说。
        between = SPACES + "，,。" if cue.closed else SPACES + "，,"
        while at > floor and self._text[at] in between:
            at -= 1
        if at <= floor or self._text[at] not in CLOSING.values() or self._turns_away(cue):
            return None
        opening = self._quotations.opening_of(at, floor)
        # 村民老王说：“……” has its speaker already.
        if opening < 0 or self._text[opening - 1 : opening] in ("：", ":"):
            return None
        inside = self._text[opening + 1 : at]
        ends = inside[-1:] in tuple(STOPS) or (cue.closed and "，" in inside)
        said = len(inside) >= SHORTEST_QUOTATION_CHARS and ends
        return opening if said or len(inside) > LONGEST_TERM_CHARS else None

    def _turns_away(self, cue: Cue) -> bool:
        """Whether the clause begins with another matter; “……”近日，甲说。 gives the day only."""
        away = _TURNS_AWAY.match(self._text, cue.start)
        return away is not None and not (cue.closed and away.group() in _DAYS)

    def end_of_chain(self, opening: int, end: int, limit: int) -> int:
        """The closing mark of the quotation, or of the last one that follows without a gap (“……”“……”)."""
        quotations = self._quotations
        closing = quotations.closing_of(opening, end)
        while closing + 1 < limit and self._text[closing + 1] in CLOSING:
            after = quotations.closing_of(closing + 1, end)
            term = self._text[after - 1] not in STOPS and is_han(self._text[after + 1 : after + 2] or " ")
            if term or after >= end:
                break
            closing = after
        return closing
