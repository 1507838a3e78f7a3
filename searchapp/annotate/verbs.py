"""Is a word of speech a verb where it stands, or a noun (听取汇报, 作点评, 甲提出的倡议)?

`part` is the text from the last comma to the word, `between` that from the end of the speaker's name, None
when nobody is named in the part.
"""

from __future__ import annotations

import re

from searchapp.annotate.speech_tables import speech_tables

# 甲讲话强调: no noun there.
_SPOKE = re.compile(
    "(?:对此|就此)?(?:发表|作出|作了|作)?(?:重要)?(?:讲话|发言|致辞|致词|总结|点评|指示|批示|回应)(?:时|中|并|，)?|在[^，。]{2,20}(?:会|会议|仪式|论坛|讲话|致辞|采访|问)(?:上|中|时|现场)?"
)
_ADVERB = re.compile(
    "(?:还|也|则|又|再次|进一步|一再|多次|反复|特别|着重|同时|明确|曾|就此|对此|随后|最后|首先|如是|如此|这样|最新|连声"
    "|[^，,。]{0,12}(?:地|着)|(?:对|向|跟|同|给)(?:[^，,。]{0,10}记者|大家|在场|现场|身边|村民|群众|居民|同学)[^，,。]{0,6})+$"
)
# 甲提出的一系列倡议: the verb is a noun.
_THEIRS = re.compile("^(?:提出|作出|倡导|发起|阐述|主持|参加)的|的[^，。]{2,12}$")
# 按照县委关于春耕的要求，……: the verb is a noun.
_ACCORDING = re.compile("按|根据|依据|依照|遵照|对照|落实|贯彻|响应|围绕|结合|紧扣|满足|达到|符合|对标|聚焦")
# 听取水渠修建情况的介绍，……: a noun.
_TOLD = frozenset(("介绍", "汇报说", "讲述", "说明", "讲"))
_LISTENS = re.compile("听[取了完着]")


def without_adverb(part: str) -> str:
    """`part` without the adverbs and the person spoken to right before the verb."""
    return _ADVERB.sub("", part)


def spoke(between: str) -> bool:
    """Whether nothing but the occasion stands between speaker and verb (在会上, 讲话时)."""
    return bool(_SPOKE.fullmatch(between))


def is_verb(verb: str, part: str, between: str | None) -> bool:
    """Whether `verb`, one of the words of speech, is a verb behind `part`."""
    tables = speech_tables()
    if verb in tables.nominal and _ACCORDING.match(part):
        return False
    if verb in _TOLD and _LISTENS.search(part):
        return False
    if part.endswith("等"):
        return between == "等"
    if between is not None and (between in ("", "所") or spoke(between)):
        return True
    return not tables.noun_before.search(without_adverb(part))


def is_theirs(verb: str, between: str) -> bool:
    """Whether `verb` names something that the person has put forward (甲提出的倡议)."""
    return verb in speech_tables().nominal and bool(_THEIRS.search(between))
