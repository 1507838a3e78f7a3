"""Where does a text hold the name of a division, and where does it only look so?

The gazetteer matches strings. Here go the matches that are part of something else, seen from the
characters beside them: schools (吉林大学), streets and waters (南京路, 清水河), towns that bear the
name of a county elsewhere (平南镇), words that share a character (河北区域), persons (贺秀山).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from searchapp.annotate.word_lists import FirstTold
from searchapp.gazetteer import Gazetteer, Name, NameKind

HAN = "一-鿿㐀-䶿"
# Not on the mainland: not labelled (Taiwan, Hong Kong, Macau; 金门县).
ELSEWHERE = ("71", "81", "82", "350527")
# The last character of the name belongs to the next word: 河北区域, 吉林市场.
NEXT_WORD = re.compile(
    "区(?:域|间|别|位|块|隔|分(?![局行公校院会部店管支中]))|市(?:场(?!监)|值|况|价|面|容)|旗(?:下|帜|舰|袍)|海关(?![于注心系键爱闭停口])"
)
NEXT_WORD_FIRST = frozenset("区市旗海")
SCHOOL = re.compile(
    rf"(?!社会主义学院|行政学院|干部学院)(?:(?![的在和与及到对从向于为是至来有去省市县])[{HAN}]){{0,8}}?(?:大学|学院|理工|师大|交大|科大)"
)
# How far behind a name the last word of its school's may end.
SCHOOL_CHARS = 8 + len("大学")
STREET = (
    "(?:[东西南北中]?[一二三四]?路(?!线|径|况|段|途|政|网|桥|演|透)"
    "|[东西南北中]?大?街(?!道|头|区|上))"
)
TOWN = r"(?:镇(?!江|海|守|压|村|痛|静)|乡(?!镇|村|亲|贤|愁|土|音)|街道|苏木)"
NOT_A_CITY = re.compile(rf"{STREET}|{TOWN}|村(?:村|党|支)|河(?![北南东西池源间])|湾(?!区)|时间|舰")
NOT_A_COUNTY = re.compile(
    rf"{STREET}|{TOWN}|旅游(?:股份|集团|有限|公司)"
    r"|居民区|校区|国家公园|船闸|[0-9一二三四]号船闸|[黑白红绿岩]茶|研究院|腔(?!调)|书院|赤卫队|[东西南北中]?大道|[河江湖湾岛港桥寺塔峰岭洞峡溪泉祠舰泊](?![区市县])|山(?!区|水|林|地|村|火|洪)"
    r"|等(?:乡镇|镇|街道|村)|黄桃|蟠桃|水?蜜桃|苹果|西瓜|大米|枸杞|脐橙|蜜柚|银耳|荔枝|杨梅|樱桃|葡萄|大葱|大蒜|花椒|羊肉|火腿|陈醋|码头|(?:农|林|牧|渔)场(?!主)|村(?!民|镇|干)|庄(?!园)|屯|社区|小区|广场|商场|酒店|宾馆|大桥|水库|医院|公司"
)
# Surnames that hardly ever end a word, from the hundred most frequent (Ministry of Public Security, 2021).
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙朱胡郭何林罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴钟汪田姜范姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟龙万段雷钱汤尹黎武乔贺赖龚"
)
# Among waters: 浑河、太子河、大小凌河.
_WATER = "江河湖"
_AFTER_WATER = re.compile(f"[{_WATER}](?:[,、][{HAN}]{{2,3}})?[,、]$")
_BEFORE_WATER = re.compile(f"[,、](?:(?!省|市|县|区)[{HAN}]){{1,4}}?[{_WATER}](?![{HAN}]|流域)")
# 局长葛宝林: the first character of 长葛 is the last of a title.
_TITLE_FIRST = "局部厅院校行处科所站队组镇乡村会署司"
# 宁波同志: a person of the name of a place.
ADDRESS = FirstTold("同志(?![们说])|辞职|拟进一步|拟任", "同辞拟")
SURNAME_BEFORE = re.compile(rf"(?:^|[^{HAN}]|[长记任席员者授师委人])[{SURNAMES}]$|[,、]于$")
SURNAME_LAST = frozenset(SURNAMES + "于")


@dataclass(slots=True)
class Hit:
    """One match: where it stands in the folded text, what it may stand for (`codes`), what it was
    settled to be (`code`, "" while open), and whether its neighbour told so."""

    start: int
    end: int
    name: Name
    codes: tuple[str, ...]
    code: str = ""
    linked: bool = False

    @property
    def is_county(self) -> bool:
        return len(self.code) == 6

    def of_kind(self, *kinds: NameKind) -> list[str]:
        """The codes that the name stands for as a name of these kinds."""
        return [s.code for s in self.name.senses if s.kind in kinds and s.code in self.codes]


def read_hits(folded: str, gazetteer: Gazetteer) -> Iterator[Hit]:
    """The names in `folded` (normal form) that may be divisions, in reading order."""
    last_end = -1
    for start, end, name in gazetteer.scan(folded):
        if folded[end - 1] in NEXT_WORD_FIRST and NEXT_WORD.match(folded, end - 1):
            shorter = gazetteer.name(name.text[:-1])
            if shorter is None:
                continue
            name, end = shorter, end - 1
        follows, last_end = start == last_end, end
        if not name.senses:
            continue
        if name.text[0] == "长" and len(name.text) == 2 and folded[max(start - 1, 0)] in _TITLE_FIRST:
            continue
        if name.text[-1] in _WATER and _is_among_waters(folded, start, end):
            continue
        person = not follows and _is_named_before(folded, start)
        kept = [s.code for s in name.senses if _stands(folded, end, s.kind, s.code, person)]
        if kept:
            yield Hit(start, end, name, tuple(kept))


def _is_named_before(folded: str, start: int) -> bool:
    """Whether a surname stands before a name (书记|贺|秀山)."""
    if folded[start - 1 : start] not in SURNAME_LAST:
        return False
    return bool(SURNAME_BEFORE.search(folded[max(0, start - 2) : start]))


def _is_of_school(folded: str, end: int) -> bool:
    """Whether the name of a school goes on at `end` (吉林|大学)."""
    after = folded[end : end + SCHOOL_CHARS]
    # Every one of them ends with one of these.
    return ("大" in after or "学" in after or "工" in after) and SCHOOL.match(folded, end) is not None


def _is_among_waters(folded: str, start: int, end: int) -> bool:
    """Whether a name stands in a list of rivers and lakes (赣江、修水、昌江)."""
    before = _AFTER_WATER.search(folded[max(0, start - 6) : start])
    return bool(before or _BEFORE_WATER.match(folded, end))


def _stands(folded: str, end: int, kind: NameKind, code: str, person: bool) -> bool:
    """Whether a name of that kind, ending at `end`, can be the division `code` there."""
    if code in ELSEWHERE:
        return False
    if kind in ("full", "former"):
        return True
    if person or _is_of_school(folded, end) or ADDRESS.match(folded, end):
        return False
    return not (NOT_A_COUNTY if len(code) == 6 else NOT_A_CITY).match(folded, end)
