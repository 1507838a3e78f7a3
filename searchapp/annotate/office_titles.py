"""What is an office called, once its parts are known? Without its place, as it stands otherwise.

The level word stays in 县委书记 and 省政府秘书长 only, the organs of the centre and 国家 always.
"""

from __future__ import annotations

import re

from searchapp.annotate.names import HAN
from searchapp.annotate.office_tables import office_tables

# Organs of the centre stay in a title (全国政协副主席, 国家体育总局局长), the name of the country does not.
ORGANS = frozenset(("全国", "中央", "国务院", "中共中央", "国家"))
_STATE_NAME = re.compile("^中华人民共和国|^中国(?!人民|国际进口|民主|农工|致公|国民党)")
# What stays in a title although it is named after its place (麦田|社区党委书记).
_COMMUNITIES = frozenset(("社区", "居民区"))
# 中共中央台办、|国务院台办: one office of two names.
_TWIN = re.compile("(?:中共)?中央(?:台湾工作|台)(?P<office>办(?:公室)?)、$")
# 省人民政府外事办公室 is the 外事办公室; 政府办公室, 政府党组 and the like are the government's own.
_GOVERNMENT_OF = re.compile(
    "^(?:人民)?政府(?=(?:外事|侨务|台湾|港澳|国资|国有资产|法制|新闻|信访|扶贫|金融)|.*[局厅司署]$|.{3,}委员会.?$)(?!咨询)"
)
_GOVERNMENT_ITSELF = re.compile("政府(?:党组)?$")
# 金融监督管理局（示例省金融工作办公室）局长: the other name of the same body is left out, with the first
# where words follow that are an office by themselves (党组书记).
_ALSO_NAMED = re.compile("(?<=[局厅委会室部司署])[（(][^（）()]*[省市县区州称即][^（）()]*[）)](?![办公])")
_GOVERNMENT = re.compile("(?:人民)?政府$")
# Who heads a government without a level word in the rank.
_REGION_HEADS = frozenset(("行政长官",))
_TERM = re.compile("[一二三四五六七八九十]{1,3}届$")
_NAMED_STREET = re.compile(f"^[{HAN}]{{0,6}}街道(?=办事处)")
# The village of 文蓬村党支部 is its place.
_VILLAGE = re.compile(
    f"^[{HAN}]{{1,6}}(?:村|镇|乡|街道|(?=社区))(?=党|村委|居委|妇联|团委|纪委|社区)|^[{HAN}]{{2,8}}(?:村|社区)$"
)


def as_named(body: str, level: str, *, alone: bool) -> str:
    """The body without the 街道 of a name (天路|街道|办事处); `alone` when no place or name stands before
    it, then with its 村 (，|村党支部)."""
    if alone:
        return level + body if level == "村" else body
    return _NAMED_STREET.sub("", body)


def term_before(text: str, start: int, body: str) -> str:
    """The term of a congress whose session begins at `start` (十二届|全国人大五次会议), the first of two
    bodies in one name (中央纪委|国家监委), else ""."""
    if (twin := _TWIN.search(text, max(0, start - 16), start)) and body.endswith(twin["office"]):
        return twin.group()
    if text.endswith("中央纪委", 0, start) and text.startswith("国家监委驻", start):
        return "中央纪委"
    if text.endswith("中央纪委驻", 0, start) and "纪检" in body:
        return "中央纪委驻"
    if text.endswith("中央", 0, start) and text.startswith("国家机关", start):
        return "中央"
    found = _TERM.search(text, max(0, start - 4), start) if "次会议" in body else None
    return found.group() if found else ""


def _without_other_name(body: str) -> str:
    """The body without the other name of the same body in brackets."""
    found = _ALSO_NAMED.search(body)
    if found is None:
        return body
    return body[found.end() :] or body[: found.start()]


def title_of(body: str, level: str, modifier: str, rank: str) -> str:
    """The office without place; the level word stays in 县委书记 and 省政府秘书长 only."""
    modifier = modifier.removeprefix("挂职")
    if (body == "村" and "第一" in modifier) or (body.endswith("街道") and rank == "主任"):
        return modifier + rank
    body = _VILLAGE.sub("", body.removeprefix("原").removeprefix("前"))
    body = _without_other_name(_STATE_NAME.sub("", body))
    if level not in ORGANS and (found := _GOVERNMENT_OF.match(body + rank[:1])):
        body = body[found.end() :]
    heads = rank in office_tables().levelled or rank in _REGION_HEADS
    heads = heads or (level == "自治区" and rank == "主席")
    if heads and _GOVERNMENT.search(body):
        return modifier + rank
    level = level.removeprefix("自治") if body.startswith("委") else level
    keeps = level in ORGANS or level in _COMMUNITIES or body.startswith("委")
    keeps = keeps or (len(level) == 1 and bool(_GOVERNMENT_ITSELF.match(body)))
    keeps = keeps or (len(level) == 1 and body == "人民政府" and rank == "秘书长")
    keeps = keeps or (level == "自治区" and body == "党委")
    return (level if keeps else "") + body + modifier + rank
