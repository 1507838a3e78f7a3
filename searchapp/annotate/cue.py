"""What introduces a stretch of speech: who says it, and where. Offsets are code points into the text."""

from __future__ import annotations

from typing import NamedTuple

from searchapp.article import SpeakerBy


class Cue(NamedTuple):
    """`start` where the reporting clause begins, `said` where the words after it begin.

    `speakers` are ids of officials, several when they speak jointly; empty when the speaker is no
    official. `closed` is True when the sentence ends right after the verb (“……”甲说。): all that was
    said stands before. `titled` is True for the form 县长　甲：, `marked` when a comma, colon or
    quotation mark follows the verb, `stranger` when somebody (no meeting) speaks who is no official.
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
    stranger: bool = False
