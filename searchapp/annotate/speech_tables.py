"""The words that introduce and end reported speech (speech.toml), compiled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from searchapp.annotate.names import HAN, one_of


@dataclass(frozen=True, slots=True)
class SpeechTables:
    """speech.toml, compiled."""

    cue: re.Pattern[str]
    body_before: re.Pattern[str]
    opener: re.Pattern[str]
    narrative: re.Pattern[str]
    modal: re.Pattern[str]
    object_before: re.Pattern[str]
    noun_before: re.Pattern[str]
    nominal: frozenset[str]


# 提出三点要求。一要……
_ASK = (
    "(?:提出|作出|强调)了?(?:具体|明确|[一二三四五六]点|[一二三四五六]个方面|工作|的)*(?P<ask>要求|意见|希望)[。：:，,]"
    "(?=[一1首第]?[要是先]|希望|坚持|第一)"
)
_DAY = r"(?:\d{1,4}年)?(?:\d{1,2}月)?\d{1,2}日"


@cache
def speech_tables() -> SpeechTables:
    """The tables, read once a process."""
    raw = tomllib.loads(resources.files(__package__).joinpath("speech.toml").read_text(encoding="utf-8"))
    words: dict[str, list[str]] = {key: value.split() for key, value in raw.items()}
    verbs, bare = one_of(words["verbs"]), one_of(words["bare_verbs"])
    return SpeechTables(
        cue=re.compile(
            rf"(?P<verb>{verbs})(?P<to>我们|记者|大家|他|她|总书记|[{HAN}]{{2,4}}记者)?"
            r"(?: ?[，,：:][ \u3000]?(?P<quote>[“「『])?|(?P<only>[“「『])|(?P<closed>[。！!]))"
            rf"|{_ASK}|(?P<asked>{one_of(words['quoting'])})[：:][“「『]|(?P<bare>{bare})(?=[{HAN}“《])(?!{one_of(words['no_speech_after'])})"
        ),
        body_before=re.compile(rf"(?:{one_of(words['bodies'])})$"),
        opener=re.compile(rf"(?:{one_of(words['openers'])})"),
        narrative=re.compile(rf"[ \u3000]*(?:{one_of(words['narrative'])}|{_DAY})"),
        modal=re.compile(one_of(words["modal"])),
        object_before=re.compile(rf"(?:{one_of(words['object_before'])})[，,]?$"),
        noun_before=re.compile(rf"(?:{one_of(words['noun_before'])})$"),
        nominal=frozenset(words["nominal_verbs"]),
    )
