"""Does a list of persons go on in the body of the one before (县政协主席甲，副主席乙)?

Offsets are code points into the text given.
"""

from __future__ import annotations

import re

from searchapp.annotate.chains import LIST_JOINER, Chain, Holding
from searchapp.annotate.names import HAN

_GOES_ON = re.compile(f"{LIST_JOINER.pattern}|和|与|及|以及")
_ASSEMBLY = re.compile(
    "(?:政协|人大|人大常委会|工会|妇联|文联|科协|残联|侨联|作协|工商联|红十字会|法律委|委员会)$"
)
_STANDING = ("人大常委会", "常委会")
_SENTENCE_END = re.compile("[。！？\n]")
_NEXT_CLAUSE = re.compile(f"[{HAN}0-9，,、“”《》（）]{{2,70}}[；;。]\\n?")
# 主任甲|出席会议并讲话，|副主任乙
_DOES = re.compile(f"(?:主持|出席|参加|讲话|作|通报|介绍|宣读|致[辞词])[{HAN}]{{0,24}}[，,]")


def follows(text: str, before: Holding, chain: Chain) -> bool:
    """Whether an office without a place or level stands in the list of persons after an official."""
    first = chain.phrases[0]
    if first.level or first.central or not first.body or chain.outer < first.start:
        return False
    if _is_of_its_assembly(text, before, chain):
        return True
    return bool(_GOES_ON.fullmatch(text, before.name.end, chain.outer))


def _is_of_its_assembly(text: str, before: Holding, chain: Chain) -> bool:
    """Whether a 常委会 in the same sentence is that of the congress before it (县人大常委会主任甲主持，
    常委会副主任乙出席)."""
    of_congress = any(phrase.body.startswith(_STANDING) for phrase in before.phrases)
    if not of_congress or not chain.phrases[0].body.startswith("常委会"):
        return False
    return not _SENTENCE_END.search(text, before.name.end, chain.outer)


def goes_on(text: str, before: Holding, chain: Chain) -> bool:
    """Whether only a comma or 和 stands between a holder and a chain without a body; or what the holder
    does (主任甲出席并讲话，副主任乙参加) before the same rank."""
    first = chain.phrases[0]
    if first.complete:
        return False
    if _GOES_ON.fullmatch(text, before.name.end, chain.outer):
        return True
    ranks = {phrase.rank for phrase in before.phrases}
    of_body = before.goes_on or any(phrase.body for phrase in before.phrases)
    alike = first.deputy and not first.body and of_body and first.rank in ranks
    return bool(alike and _DOES.fullmatch(text, before.name.end, chain.outer)) or _next(text, before, chain)


def _next(text: str, before: Holding, chain: Chain) -> bool:
    """Whether the next clause names deputies of an assembly or league after its head
    (县政协主席甲讲话；副主席乙主持)."""
    first = chain.phrases[0]
    alike = any(phrase.rank == first.rank for phrase in before.phrases)
    below = (first.deputy and alike) or first.rank == "秘书长"
    if not below or first.body or first.level or len(chain.phrases) > 1:
        return False
    of_assembly = before.goes_on or any(_ASSEMBLY.search(phrase.body) for phrase in before.phrases)
    return of_assembly and bool(_NEXT_CLAUSE.fullmatch(text, before.name.end, chain.outer))
