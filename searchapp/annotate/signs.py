"""What in a sentence speaks for the speaker, and what for the reporter? A table of signs with their points.

A point is about 0.6 in natural log-odds of "still said" against "the reporter's". Points come from counts
of each sign in sentences inside and right behind labelled speech (articles labelled by hand, and
paragraphs of news that begin with a speaker, against those that follow), rounded.
"""

from __future__ import annotations

import re

from searchapp.annotate.names import HAN
from searchapp.annotate.quotations import CLOSING, OPENING, Quotations
from searchapp.annotate.speech_tables import speech_tables

_FIRST_PERSON = re.compile("我们|谨(?=[向致以代])|我(?![国省市县区州旗镇乡村街社校院局])|咱|你|您")
_OUR_PLACE = re.compile("我[国省市县区州旗镇乡村]|大家")
_OUR_SIDE = re.compile(f"{_OUR_PLACE.pattern}|中方|中国(?:将|愿)")
_ENUMERATOR = re.compile(
    "[一二三四五六七八九十]是|第[一二三四五六七八]|[一二三四五六]要|其次|再次|最后|首先|从[^，。]{2,14}看[，]|一方面|总的来看|总体来看|此举"
)
# Indirect speech says he for I (他深深感受到……, 让她印象最深的是……).
_HE_FEELS = re.compile(
    "[他她](?!们)[^，,。]{0,8}(?:感受|感到|觉得|认为|相信|希望|期待|了解到|关心|印象|高兴|荣幸|知道|记得|体会)"
)
# An argument is led on, or the state of a work is given (因此……, 截至……).
_LED_ON = re.compile(
    "同时|与此同时|当前|截至|因此|所以|随着|如果|只有|只要|但|尽管|虽然|不仅|而(?!后)|比如|例如|他们|各(?:级|地|部门|单位|乡)"
)
# 示例县将……: what the speaker's own body will do.
_WILL = re.compile("[^，。]{2,12}(?<!即)[也还]?将(?!于)")
# A scene, a reason or a further matter opens.
_OPENS = re.compile(
    "在[^，。]{2,24}(?:[上中里内后时]|期间|现场)，|为(?![何什此了更])|由|根据|按照|眼下|数据显示|来自|走[进到]|来到"
)
# 开工仪式上, …先后致辞, …等一同参加: what happened, and who was there.
_OCCASION = re.compile(
    f"[{HAN}“”]{{0,10}}(?:活动|仪式|[大议]?会|论坛|典礼|赛事)(?:上|现场|期间|中)，"
    "|[^，。]{0,16}现场(?!会|办公)"
)
_THERE = re.compile(
    "(?:先后|分别|依次|代表[^，。]{2,20})(?:致辞|发言|讲话|介绍)|致辞|主持(?!人|公道)|陪同|随同|授牌|揭幕|颁发"
    "|等(?:一同|一起|共同|陪同|参加|出席)"
)
_RESPONSIBLE = re.compile("[^，。]{2,30}负责(?:人|同志)")
# 小学生王小满代表同学，分享了……: another's turn.
_SHARES = re.compile(
    "[^，。]{2,24}(?:代表[^，。]{2,16})?，?(?:在现场|现场)?(?:分享|讲述|展示|演示|宣读|朗诵|表演)了"
)
# 他还来到渠边: told of the speaker.
_HE_ACTS = re.compile(
    "[他她](?:还|又|也|先后|随后|一行)*(?:来到|走[到进]|前往|专程|长途|赴|深入|实地|察看|查看|考察|看望|慰问|参观|听取|代表|勉励|祝愿|通过|带领|组织|召集|动员)"
)
# 《清渠办法》共十条: what a paper says.
_PAPER = re.compile("《[^》]{2,30}》共[一二三四五六七八九十百\\d]+[章条]")
# X是指……: a word is explained.
_DEFINES = re.compile("[^，。]{2,20}是指")
# 同时，对……进行了点评: what the speaker did besides.
_DID = re.compile(
    "(?:同时|此外|另外)?，?(?:还|也|并)?[对就][^，。]{2,30}(?:进行|给予|表示|作|提出)了[^，。]{0,4}"
    "(?:点评|肯定|表彰|部署|解读|讲解|慰问|交流|座谈|答复|要求|感谢|介绍|说明|回应)"
)
# 近年来，两国往来密切: a guest is told, no look back of the reporter's.
_TWO_SIDES = re.compile(
    f"(?!今年)[^。]*?(?:[两双](?:国|方|党|军|岸|省|市|地)|中方|中[^国共央，。]{{1,2}}(?:关系|各领域|友好|合作)"
    f"|[与同][{HAN}、，]{{2,24}}(?:互动|合作|交往|往来))"
)
_LOOKS_AT_OURS = re.compile(f"{_TWO_SIDES.pattern}|[^。]{{3,20}}我[省市县州]")
_SINCE = re.compile("自[^，。]{2,20}(?:以来|后|起)，|据(?!此)|根据[^，。]{0,10}协议")
_TELLING = (_SINCE, _RESPONSIBLE, _DEFINES, _HE_ACTS, _PAPER)
_TOOK_PART = re.compile("参加|出席|？")
SENTENCE_END = frozenset("。！？!?…；;”」』")

SAYS_WE = 3
DEMANDS = 2
COUNTS_UP = 2
PLANS = 1
WILL_DO = 2
LEADS_ON = 1
OPENS = -1
TOOK_PART = -1
FROM_OUTSIDE = -2
LOOKS_BACK = -3
HAPPENED = -3


class Signs:
    """Gives points to the sentences of one text. Offsets are code points into it."""

    def __init__(self, text: str, quotations: Quotations) -> None:
        self._text = text
        self._quotations = quotations
        self._tables = speech_tables()

    def points(self, begin: int, stop: int) -> int:
        """The points of the sentence `text[begin:stop]`: above 0 for the speaker, below for the reporter."""
        whole, stop = stop, self._quoted_from(begin, stop)
        return self._of_the_speaker(begin, stop, whole) + self._of_the_reporter(begin, stop)

    def speaks(self, begin: int, stop: int) -> bool:
        """Whether the sentence says we, demands, or counts up."""
        text, tables = self._text, self._tables
        says_we = _FIRST_PERSON.search(text, begin, stop) or _OUR_SIDE.search(text, begin, stop)
        asks = tables.demand.search(text, begin, stop) or tables.imperative.match(text, begin, stop)
        return bool(says_we or asks or _ENUMERATOR.match(text, begin, stop))

    def _of_the_speaker(self, begin: int, stop: int, whole: int) -> int:
        text, tables = self._text, self._tables
        points = 0
        if _FIRST_PERSON.search(text, begin, stop) or _HE_FEELS.search(text, begin, stop):
            points += SAYS_WE
        elif _OUR_PLACE.search(text, begin, stop):
            points += PLANS
        if tables.demand.search(text, begin, stop) or tables.imperative.match(text, begin, stop):
            points += DEMANDS
        elif tables.plan.search(text, begin, stop):
            points += PLANS
        if text[begin] in CLOSING and text[whole - 1] in OPENING:
            points += OPENS  # the speaker of a quotation often comes behind it
        if _ENUMERATOR.match(text, begin, stop):
            points += COUNTS_UP
        elif _WILL.match(text, begin, stop):
            points += WILL_DO
        return points + LEADS_ON * bool(_LED_ON.match(text, begin, stop))

    def _of_the_reporter(self, begin: int, stop: int) -> int:
        text, tables = self._text, self._tables
        points = TOOK_PART * bool(_TOOK_PART.search(text, begin, stop))
        if tables.demand.search(text, begin, stop):
            pass  # a look back that ends in a demand leads up to it
        elif tables.outside_first.match(text, begin, stop) and not _LOOKS_AT_OURS.match(text, begin, stop):
            points += LOOKS_BACK
        elif any(sign.match(text, begin, stop) for sign in _TELLING):
            points += FROM_OUTSIDE
        elif _OPENS.match(text, begin, stop):
            points += OPENS
        happened = _OCCASION.match(text, begin, stop) or _THERE.search(text, begin, stop)
        if happened or _SHARES.match(text, begin, stop) or _DID.match(text, begin, stop):
            points += HAPPENED
        if tables.outside.search(text, begin, stop):
            points += FROM_OUTSIDE
        return points

    def _quoted_from(self, begin: int, stop: int) -> int:
        """Where a quoted sentence begins behind a comma in `text[begin:stop]`, else `stop`. What somebody
        in the sentence says is no sign (居民听说了, “我们……”)."""
        comma = self._text.find("，“", begin, stop)
        if comma < 0:
            return stop
        closing = self._quotations.closing_of(comma + 1, len(self._text))
        return comma if self._text[closing - 1] in SENTENCE_END else stop
