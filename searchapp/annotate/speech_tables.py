"""The words that introduce and end reported speech (speech.toml), compiled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from searchapp.annotate.names import HAN, one_of, one_of_fast
from searchapp.scanning import Words


@dataclass(frozen=True, slots=True)
class SpeechTables:
    """speech.toml, compiled. `cue` matches where `cue_begins` finds a word that one begins with, or one
    before a colon found."""

    cue: re.Pattern[str]
    cue_begins: Words
    bodies: tuple[str, ...]
    opener: re.Pattern[str]
    narrative: re.Pattern[str]
    day_first: re.Pattern[str]
    demand: re.Pattern[str]
    imperative: re.Pattern[str]
    plan: re.Pattern[str]
    outside: re.Pattern[str]
    outside_first: re.Pattern[str]
    object_before: re.Pattern[str]
    noun_before: re.Pattern[str]
    nominal: frozenset[str]

    def is_body(self, part: str) -> bool:
        """Whether a body speaks that `part`, what stands before a verb of speech, ends in, or a meeting."""
        return part.endswith(self.bodies) or part in _AT_A_MEETING


# 提出三点要求。一要……; 就春耕答记者问。……
_ASK_BEGINS = ("提出", "作出", "强调", "答记者问")
_COLONS = ("：", ":")
_ASK = (
    "(?:(?:提出|作出|强调)了?[^，。：:；！？\n“”]{0,30}?|答(?=记者问))"
    "(?P<ask>要求|意见|希望|建议|主张|倡议|看法|措施|问题|部署|安排|记者问)"
    "(?:[。：:](?=[ \u3000]?(?:[一1首第]?[要是先]|希望|坚持|第一|1[.、]|[（(][一1]))"
    "|[，,](?=[一1首][要是先]|第一)|(?<=记者问)。(?=.))"
)
# 要抓紧, not 主要, 要求. Every branch begins with a character of its own, as `one_of_fast` says.
MUST = (
    "请(?<![邀申聘宴呈]请)(?![看点关扫])|要(?<![主重需首必纲摘只将]要)(?![求素闻地点目案职塞么被])"
    "|应(?<![响反对供适效一感顺相回呼答照]应)(?![对急用收付邀该届聘声战试变允景询])"
)
_LINK = "(?:(?:同时|此外|另外|其次|再次|最后|而|也|还|[一二三四五]是)[，,]?)?"
# 共同揭牌, 签署了协议: what was done there.
_EVENT = (
    "(?:揭牌|签署|颁发|参观|观看|宣读|走访|察看|查看|汇报|听取|送上|赠送|表达)了|作了?《|由[^，。]{4,60}组成"
    r"|\d[余多]?[名人位][^，。]{0,16}(?:参加|出席|到场|参与)"
    "|对[^，。]{2,40}表示[^，。]{0,4}(?:感谢|祝贺|欢迎|肯定|赞赏|敬意)|致以[^，。]{0,8}(?:问候|祝福|敬意)"
)
# 会上指出: the meeting does.
_AT_A_MEETING = frozenset(
    place + comma for place in ("会上", "会议上", "活动上", "座谈会上") for comma in ("", "，")
)
# 在某某社区，他们……
_PLACES = (
    "部队|村|社区|镇|乡|街道|家中|现场|局|公司|企业|园|园区|学校|小学|中学|小区|工地|车间|基地|大厅|中心"
    "|站|点|馆|广场|码头|仓库|口岸|路口"
)
_INDOORS = "直播间|大棚|田间|展厅"
_AT_A_PLACE = f"(?:走进|来到|在)(?:[{HAN}“”]{{2,24}}(?:{_PLACES})|[{HAN}]{{0,24}}(?:{_INDOORS}))里?，"
_DAY = r"(?:\d{1,4}年)?(?:\d{1,2}月)?\d{1,2}日"


@cache
def speech_tables() -> SpeechTables:
    """The tables, read once a process."""
    raw = tomllib.loads(resources.files(__package__).joinpath("speech.toml").read_text(encoding="utf-8"))
    words: dict[str, list[str]] = {key: value.split() for key, value in raw.items()}
    verbs, bare = one_of(words["verbs"]), one_of([verb for verb in words["bare_verbs"] if verb != "表示"])
    feelings = f"(?!{one_of(words['feelings'])}|[{HAN}]{{2,10}}(?:感谢|祝贺|慰问|欢迎|敬意|问候|祝福)[，。])"
    introducing = words["verbs"] + words["bare_verbs"] + words["quoting"]
    beginnings = {*introducing, *_ASK_BEGINS, "表示", "鼓励", *_COLONS}
    bare = f"表示{feelings}|{bare}|提出(?=要)|鼓励(?=(?:[他她]们?|大家|同学们|孩子们)要)"
    return SpeechTables(
        cue=re.compile(
            rf"(?P<verb>(?:{verbs})[道说称]?)(?P<to>我们|记者|笔者|大家|他|她|总书记|《[^》]{{2,12}}》(?:记者)?|[{HAN}]{{2,4}}记者)?"
            r"(?: ?[，,：:][ \u3000]?(?P<quote>[“「『])?|(?P<only>[“「『])|(?P<closed>[。！!]))"
            rf"|{_ASK}|(?P<any>[{HAN}])[：:](?=[“「『])|(?P<asked>{one_of(words['quoting'])})[：:][“「『]|(?P<bare>{bare})(?=[{HAN}“《])(?!{one_of(words['no_speech_after'])})"
        ),
        cue_begins=Words(sorted(beginnings)),
        bodies=tuple(words["bodies"]),
        opener=re.compile(rf"(?:{one_of(words['openers'])})"),
        narrative=re.compile(rf"[ \u3000]*(?:{one_of(words['narrative'])})"),
        day_first=re.compile(rf"[ \u3000]*{_DAY}"),
        demand=re.compile(
            f"{MUST}|{one_of_fast(words['demands'], {word[0]: '的' for word in words['demands']})}"
        ),
        imperative=re.compile(rf"{_LINK}(?:{one_of(words['imperatives'])})"),
        plan=re.compile(one_of_fast(words["plans"])),
        outside=re.compile(rf"{_EVENT}|{one_of(words['outside'])}"),
        outside_first=re.compile(rf"{_LINK}(?:{_AT_A_PLACE}|{one_of(words['outside_first'])})"),
        object_before=re.compile(rf"(?:{one_of(words['object_before'])})[，,]?$"),
        noun_before=re.compile(rf"(?:{one_of(words['noun_before'])})$"),
        nominal=frozenset(words["nominal_verbs"]),
    )
