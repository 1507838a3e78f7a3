"""Which quotation marks of a text belong together?"""

from __future__ import annotations

import re

# A mark left open further away is believed to be a slip of the pen.
LONGEST_QUOTATION_CHARS = 1500
CLOSING = {"“": "”", "「": "」", "『": "』"}
OPENING = {closing: opening for opening, closing in CLOSING.items()}
_MARKS = re.compile("[“”「」『』]")


def partners_of(text: str) -> dict[int, int]:
    """Where the other mark of each quotation mark of `text` stands: opening to closing and back. Marks
    without another are left out."""
    partner: dict[int, int] = {}
    still_open: dict[str, list[int]] = {opening: [] for opening in CLOSING}
    for found in _MARKS.finditer(text):
        mark, at = found.group(), found.start()
        if mark in CLOSING:
            still_open[mark].append(at)
        elif still_open[OPENING[mark]]:
            opening = still_open[OPENING[mark]].pop()
            partner[opening], partner[at] = at, opening
    return partner


def with_curled_marks(text: str) -> str:
    """`text` with straight marks ("水到田头") as opening and closing ones, in every line in which they
    come in pairs. The length stays."""
    if '"' not in text:
        return text
    return "\n".join(_curled(line) if line.count('"') % 2 == 0 else line for line in text.split("\n"))


def _curled(line: str) -> str:
    parts = line.split('"')
    return parts[0] + "".join("“”"[index % 2] + part for index, part in enumerate(parts[1:]))


class Quotations:
    """The quotation marks of one text, in pairs. Offsets are code points into it."""

    def __init__(self, text: str) -> None:
        self._partner = partners_of(text)

    def opening_of(self, closing: int, floor: int) -> int:
        """The opening mark that belongs to the closing one, -1 when there is none after `floor`."""
        opening = self._partner.get(closing, -1)
        return opening if opening >= max(floor, closing - LONGEST_QUOTATION_CHARS) else -1

    def closing_of(self, opening: int, end: int) -> int:
        """The closing mark that belongs to the opening one, `end` when there is none before it."""
        closing = self._partner.get(opening, end)
        return closing if closing < min(end, opening + LONGEST_QUOTATION_CHARS) else end
