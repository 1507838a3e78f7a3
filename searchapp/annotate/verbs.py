"""Is a word of speech a verb where it stands, or a noun (听取汇报, 作点评, 甲提出的倡议)?

`part` is the text from the last comma to the word, `between` that from the end of the speaker's name, None
when nobody is named in the part.
"""

from __future__ import annotations

import re

from searchapp.annotate.speech_tables import speech_tables

# 甲讲话强调: no noun there.
_SPOKE = re.compile(
    "(?:对此|就此)?(?:发表|作出|作了|作)?(?:重要)?(?:讲话|发言|致辞|致词|总结|点评|指示|批示|回应)(?:时|中|并|，)?|在[^，。]{2,20}(?:会|会议|仪式|论坛|讲话|致辞|采访|问)(?:上|中|时|现场)?|代表[^，。]{2,16}"
)
# 近日对春耕作出重要指示强调: no noun there, however long the matter is called.
_GAVE = re.compile(
    "(?:作出|作|发表|发出)了?(?:重要)?(?:指示|批示|讲话|发言|致辞|演讲|回应)+$|并(?:讲话|致辞|发言)$"
)
_ADVERB = re.compile(
    "(?:还|也|则|又|再次|进一步|一再|多次|反复|特别|着重|同时|明确|曾|就此|对此|随后|最后|首先|如是|如此|这样|最新|连声"
    "|[^，,。]{0,12}(?:地|着)|(?:对|向|跟|同|给)(?:[^，,。]{0,10}记者|大家|媒体|外界|在场|现场|身边|村民|群众|居民|同学|老人|师生|官兵|战士|职工|工人|干部|民警)[^，,。]{0,6})+$"
)
# 向示例新闻（热线：1234）记者介绍
_BRACKETED = re.compile("[（(][^（）()]*[）)]")
# 甲提出的一系列倡议: the verb is a noun; no noun in 甲在参加他所在的小组讨论时强调.
_THEIRS = re.compile("^(?:提出|作出|倡导|发起|阐述|主持|参加)的|的[^，。]{1,11}[^，。时中上后前间]$")
# 按照县委关于春耕的要求，……: the verb is a noun.
_ACCORDING = re.compile("按|根据|依据|依照|遵照|对照|落实|贯彻|响应|围绕|结合|紧扣|满足|达到|符合|对标|聚焦")
# 牢记乡亲期望，……; 通过规划建议，……: nouns, whoever is named before them.
_MET = re.compile(
    "(?:按照?|根据|依据|遵照|对照|落实|贯彻|响应|牢记|不负|满足|达到|符合|对标|采纳|听取|倾听|征求|收到)[^，,]{0,16}$|规划$|对策$|政策$"
)
# 听取水渠修建情况的介绍，……: a noun.
_TOLD = frozenset(("介绍", "汇报说", "讲述", "说明", "讲"))
_LISTENS = re.compile("听[取了完着]")
# 进行了简要介绍: a noun.
_GIVEN = re.compile(
    "(?:进行|作|做|给予)了?(?:简要|简单|详细|全面|深入|专题|系统|重点|具体|工作|精彩)的?$"
    "|作出了?[^，]{1,10}的[^，]{0,4}$"
)


def without_adverb(part: str) -> str:
    """`part` without the adverbs and the person spoken to right before the verb."""
    return _ADVERB.sub("", _BRACKETED.sub("", part))


def spoke(between: str) -> bool:
    """Whether nothing but the occasion stands between speaker and verb (在会上, 讲话时)."""
    return bool(_SPOKE.fullmatch(between))


def gave(between: str) -> bool:
    """Whether an instruction or a speech was given there (对张三、李四的事迹作出重要指示指出)."""
    return bool(_GAVE.search(between))


def is_verb(verb: str, part: str, between: str | None) -> bool:
    """Whether `verb`, one of the words of speech, is a verb behind `part`."""
    tables = speech_tables()
    if verb in tables.nominal and (_ACCORDING.match(part) or (between is None and _is_met(verb, part))):
        return False
    if verb in _TOLD and _LISTENS.search(part):
        return False
    if _GIVEN.search(part):
        return False
    if part.endswith("等"):
        return between == "等"
    if between is not None and (between in ("", "所") or spoke(between) or gave(between)):
        return True
    return not tables.noun_before.search(without_adverb(part))


def _is_met(verb: str, part: str) -> bool:
    """Whether something asked or advised is met or made there, and nobody asks (按照通知要求)."""
    found = _MET.search(part)
    return found is not None and (verb == "建议" or not found.group().endswith(("规划", "政策")))


def is_theirs(verb: str, between: str) -> bool:
    """Whether `verb` names something that the person has put forward (甲提出的倡议)."""
    return verb in speech_tables().nominal and bool(_THEIRS.search(between))
