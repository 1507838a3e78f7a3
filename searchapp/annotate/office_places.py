"""Whose office is it? Finds the division that an office belongs to.

In this order: a place that stands directly before the office (横峰|县委书记); the place of the office
before it in the same list; a place named earlier that has the level of the office (县委书记 after
"12月9日,横峰县委…"); a place named anywhere; the city or province that the named counties lie in; the
place that one of the persons is known to lead (leaders.py).
Codes are GB/T 2260 ("361125"); "00" is the centre, "?" unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

from searchapp.analysis.normalise import normalise
from searchapp.annotate.names import HAN, is_boundary, one_of
from searchapp.annotate.office_bodies import REGIMENT
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase
from searchapp.annotate.special_regions import HONG_KONG, MACAU, PlaceAt, special_regions
from searchapp.annotate.towns import county_of_town, seats_named
from searchapp.article import Field, Place
from searchapp.gazetteer import Gazetteer

CENTRE = "00"
UNKNOWN = "?"
# Level words that say the level of the division in other words.
_LEVEL_OF = {
    REGIMENT: "街道",
    "团省": "省",
    "团市": "市",
    "团县": "县",
    "团区": "区",
    "团州": "州",
    "兵团": "自治区",
    "自治区": "自治区",
    "林区": "林区",
    "地区": "地区",
    "地": "地区",
}
_DIVIDED = frozenset("省市县州旗盟")
_MAINLAND_BUREAU = re.compile("部|国家|中国|国务院|总署|审计署|委")
_SLOGANS = ("数字", "平安", "法治", "健康", "美丽", "清廉", "智慧", "文明", "爱国卫生")
_LED = re.compile("(?:率领?|带领|带队)")
# What may stand before 县长 and is no place.
_FREE_BEFORE = re.compile(
    "(?:[由受和与及在向对给为据请是让到同被从找跟以当任兼的了着过该我两各老女新原前首位名届]|陪同|会见|介绍|现场|同志"
    "|[上下]午|[今昨当]天|日前|近日|[晚日月年时后中上前间来里内])$"
)
# Divisions of Taiwan are not in the gazetteer: 台北市宣布，市长……
_TAIWAN = re.compile(
    "马祖|台北|新北市|台中市|台南市|高雄|基隆|新竹|苗栗|彰化|南投|云林县|嘉义|屏东|宜兰|花莲|台东县|澎湖"
)
# 学习总书记在示例省考察时的重要讲话: where he was, not where it is read.
_VISITED = re.compile("总书记[^，。]{0,30}?在(?P<where>[^，。]{2,24}?)(?:考察|视察|调研)")
_PROVINCES = frozenset(("省", "自治区"))
# 财政厅, 桃源监狱: provinces alone have a 厅 (that of a city is its 办公厅) and run the prisons.
_BUREAU_OF_PROVINCE = re.compile("(?<!办公)(?<!分)厅(?:[党厅长副]|$)")
# 北京|三中院 is the municipality's, whatever district it sits in (so in Hainan).
_MUNICIPALITIES = frozenset(("11", "12", "31", "46", "50"))
_NUMBERED_COURT = re.compile("第?[一二三四五]中(?:院|级人民法院|级法院)")
_PRISON = re.compile("监狱(?:[党长副]|$)")
# 麦田街道的|党工委书记
_OF_STREET = ("街道的", "镇的", "乡的")
# One zone of two provinces and a municipality (plan of the State Council, 2019).
OF_THREE_PROVINCES = "长三角生态绿色一体化发展"
_NUMBERED = re.compile("[（(]?[0-9一二三四五六七八九十]{1,3}[）)]?")
# Between a county and the level word of a town or zone stands its name.
_NAME_GAP = re.compile(f"[{HAN}]{{0,7}}")
# How far before the body of a town's office the town's name begins (靖港镇|复胜村党总支书记).
LONGEST_TOWN_CHARS = 12
# How far before 局党组 its bureau is looked for.
BUREAU_CHARS = 150
# So much of a body is looked for earlier in the text (民建省|委会).
BODY_CHARS = 2
# 街道办事处, 村委会, 社区: bodies below the county that have no level word.
_TOWN_BODY = re.compile("街道|社区(?!矫正|建设|教育|卫生)|村(?!镇)|居委|居民|办事处")
# 市教育局党组研究。局党组书记王远 is the city's.
_OWN_BODY = re.compile("[局厅]党[组委]")
_BUREAU_BEFORE = re.compile(f"(?P<level>[省市县区州旗])[{HAN}]{{2,8}}?[局厅](?![长面])")
# 国家矿山安全监察局党组开会。局党组成员林守田 is the state's.
_STATE_BUREAU = re.compile(f"国家[{HAN}]{{2,10}}?局|[{HAN}]{{2,6}}总局")
# 示范市|经济技术|开发区: how much may stand between a place and the word for its zone.
LONGEST_ZONE_NAME_CHARS = 6
_GAP = re.compile(
    f"(?:[{HAN}]{{1,8}}(?:镇|乡|街道|村|社区|新区|新城|开发区|高新区|经开区|园区|景区|示范区|度假区|港区|林场|苏木)(?:（[^（）]{{1,12}}）)?)?"
    r"[ \u3000]?(?:原|前|现任|时任|新任|首任|现|的)?"
)


@cache
def _zone() -> re.Pattern[str]:
    """The name of a zone behind its place."""
    return re.compile(f"[{HAN}]{{0,{LONGEST_ZONE_NAME_CHARS}}}?(?:{one_of(list(office_tables().zones))})")


class OfficePlaces:
    """The places of one field of an article, ready to be asked whose office a phrase is."""

    def __init__(self, text: str, field: Field, places: Sequence[Place], gazetteer: Gazetteer) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self._known = [place for place in places if place.code != UNKNOWN]
        regions = list(special_regions(text, gazetteer))
        self.at = sorted([*self._named(field), *regions], key=lambda place: place.start)
        self._starts = [place.start for place in self.at]
        self._ends = {place.end: place for place in self.at}
        self._doubtful = len(self._known) < len(places)
        self._regions = regions
        # The divisions that the article does not name, by level word, once a leader tells (officials.py).
        self.homes: dict[str, str] = {}

    @cached_property
    def _all(self) -> Counter[tuple[str, str]]:
        """How often the article names each place."""
        return Counter({(one.code, self._name(one)): len(one.mentions) or 1 for one in self._known})

    def _named(self, field: Field) -> Iterator[PlaceAt]:
        """Where `field` names places."""
        for place in self._known:
            spans = [mention.span for mention in place.mentions if mention.field == field]
            name = self._name(place) if spans else ""
            yield from (PlaceAt(span.start, span.end, place.code, name) for span in spans)

    def _name(self, place: Place) -> str:
        return place.path.rsplit("/", 1)[-1] if place.path else place.label

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where places stand whose office may follow; 数字福建建设领导小组 is called after its place."""
        named = (place for place in self.at if not self.text.endswith(_SLOGANS, 0, place.start))
        return [(place.start, place.end) for place in named]

    def code_of(self, phrase: OfficePhrase, before: str | None) -> str:
        """The code of the division of `phrase`; `before` is the code of the office before it in the
        same list or sentence, None when there is none."""
        if phrase.rank == "行政长官" or (self._regions and self._is_of_region(phrase)):
            return self._region_before(phrase.start)
        if phrase.level == "示范区" and self.text.endswith(OF_THREE_PROVINCES, 0, phrase.start):
            return UNKNOWN
        adjacent = self.adjacent(phrase)
        if area := self.new_area(phrase):
            return office_tables().new_areas[area]
        if adjacent is not None:
            return self._within(adjacent.code, phrase)
        if phrase.central:
            return CENTRE
        code = self._of_town(phrase, self._carried(phrase, before))
        of_province = bool(_BUREAU_OF_PROVINCE.search(phrase.title))
        of_province = of_province or (before is None and bool(_PRISON.search(phrase.title)))
        of_municipality = code[:2] in _MUNICIPALITIES and _NUMBERED_COURT.match(phrase.body)
        return code[:2] if (of_province or of_municipality) and len(code) > 2 else code

    def _of_town(self, phrase: OfficePhrase, code: str) -> str:
        """The county of a town's office that was taken for one of `code`."""
        if phrase.body.startswith("派出所"):
            return self._of_station(phrase.start, code)
        of_town = phrase.level in office_tables().towns or _TOWN_BODY.search(phrase.body)
        if not of_town and not self.text.endswith(_OF_STREET, 0, phrase.start):
            return code
        start = max(phrase.start - LONGEST_TOWN_CHARS, 0)
        named = normalise(self.text[start : phrase.end])
        return county_of_town(named, code, self.gazetteer, {named_code for named_code, _ in self._all})

    def _of_station(self, start: int, code: str) -> str:
        """The county of a police station that is called after its town (鼓东|派出所 in a city)."""
        stems = (self.text[max(start - chars, 0) : start] for chars in (4, 3, 2))
        names = (stem + suffix for stem in stems for suffix in ("街道", "镇", "乡"))
        for name in names:
            seats = self.gazetteer.town_seats.get(normalise(name), ())
            inside = [seat.code for seat in seats if seat.code.startswith(code)]
            if len(inside) == 1:
                return inside[0]
        return code

    def parent_of(self, phrase: OfficePhrase, below: OfficePhrase) -> str | None:
        """The division of an office without its place that holds that of an office after it in its list
        (市委常委、示例县|县委书记); None when the text does not tell."""
        place = self.adjacent(below)
        if place is None or phrase.central or self.adjacent(phrase) is not None:
            return None
        codes = (place.code[:width] for width in (4, 2) if phrase.level and width < len(place.code))
        return next((one for one in codes if self._fits(one, self._division_name(one), phrase.level)), None)

    def led_from(self, at: int) -> str | None:
        """The code of the place whose delegation a person leads whose name ends at `at`."""
        led = _LED.match(self.text, at)
        index = bisect_right(self._starts, led.end() - 1) if led else 0
        place = self.at[index] if led and index < len(self.at) else None
        return place.code if led and place and place.start == led.end() else None

    def adjacent(self, phrase: OfficePhrase) -> PlaceAt | None:
        """The place that ends where the office begins, or shares its level character."""
        shared = phrase.start + len(phrase.level)
        if phrase.level and shared in self._ends and shared <= phrase.end:
            return self._ends[shared]
        if phrase.start in self._ends:
            return self._ends[phrase.start]
        index = bisect_right(self._starts, phrase.start) - 1
        if index < 0:
            return None
        nearest = self.at[index]
        if nearest.end > phrase.start:
            return nearest if nearest.end <= phrase.end else None
        named = phrase.level in office_tables().towns | office_tables().zones
        gap = _NAME_GAP if named else _GAP
        return nearest if gap.fullmatch(self.text, nearest.end, phrase.start) else None

    def is_elsewhere(self, phrase: OfficePhrase) -> bool:
        """Whether a place that the gazetteer does not know stands before the office (毛伊县|县长)."""
        start = phrase.start
        if phrase.level not in _DIVIDED or phrase.central or self.adjacent(phrase) is not None:
            return False
        if phrase.body.startswith("委") and not phrase.body.startswith("委员会") and not self.none_named:
            return False  # committees of our Party
        if _TAIWAN.search(self.text, self.text.rfind("。", 0, start) + 1, start):
            return True
        if start == 0 or is_boundary(self.text, start - 1):
            return False
        if self.text[start - 1] == phrase.level:
            return True
        free = _FREE_BEFORE.search(self.text, max(start - 4, 0), start)
        return phrase.level == phrase.title[:1] and not free

    @property
    def none_named(self) -> bool:
        """Whether the article names no division at all (foreign news)."""
        return not (self._known or self._doubtful or self._regions)

    def place_start(self, end: int) -> int | None:
        """Where the place begins that ends at `end`."""
        return self._ends[end].start if end in self._ends else None

    def _within(self, code: str, phrase: OfficePhrase) -> str:
        """The division of an office that stands after the place `code`: a military subdistrict is the
        prefecture's, which may be called after its seat (示例|军分区), a town's office after its city
        (示范市麦田街道|办事处) that of the county in which the town is known to lie."""
        if phrase.body.startswith("军分区"):
            return code[:4] if self._division_name(code[:4]) else code
        return code if len(code) == 6 else self._of_town(phrase, code)

    def new_area(self, phrase: OfficePhrase) -> str:
        """The name of the state-level new area whose office this is, "" when it is none."""
        areas = office_tables().new_areas if phrase.level == "新区" else ()
        return next((name for name in areas if self.text.endswith(name, 0, phrase.start)), "")

    def _is_of_region(self, phrase: OfficePhrase) -> bool:
        """Whether a 司长 or 署长 in an article on a special region is one of its government's."""
        named = self.text[max(phrase.start - 4, 0) : phrase.end]
        if phrase.rank not in ("司长", "署长") or _MAINLAND_BUREAU.search(named):
            return False
        return self.adjacent(phrase) is None and self._region_before(phrase.start) != UNKNOWN

    def _region_before(self, at: int) -> str:
        """The special administrative region named last before `at`, UNKNOWN when there is none."""
        hong_kong, macau = self.text.rfind("香港", 0, at), self.text.rfind("澳门", 0, at)
        if hong_kong == macau:
            return UNKNOWN
        return HONG_KONG if hong_kong > macau else MACAU

    def level_of(self, phrase: OfficePhrase) -> str:
        """The level word of the division of an office, "" for a zone and where none is said."""
        return "" if phrase.level in office_tables().zones else _LEVEL_OF.get(phrase.level, phrase.level)

    def _carried(self, phrase: OfficePhrase, before: str | None) -> str:
        level = self.level_of(phrase)
        if before is None and level == "" and _OWN_BODY.match(phrase.title):
            near = max(phrase.start - BUREAU_CHARS, 0)
            bureaus = list(_BUREAU_BEFORE.finditer(self.text, near, phrase.start))
            level = bureaus[-1]["level"] if bureaus else level
            if not bureaus and _STATE_BUREAU.search(self.text, near, phrase.start):
                return CENTRE
        of_town = _TOWN_BODY.match(phrase.body) or phrase.title.startswith("驻村")
        if before is None and level == "" and of_town:
            level = "街道"
        if before == CENTRE and level == "":
            return CENTRE
        if before is not None and (level == "" or self._fits(before, self._division_name(before), level)):
            return before
        if before is None and level in _PROVINCES and (body := self._body_named(phrase, level)):
            return body
        index = bisect_right(self._starts, self._introduced(phrase))
        named = [(place.code, place.name) for place in reversed(self.at[:index])]
        named += [one for one, _ in self._all.most_common()]
        fitting = [code for code, name in named if self._fits(code, name, level)]
        if fitting:
            return next((code for code in fitting if code not in self._only_visited), fitting[0])
        above = self._above(level, index)
        seat = above if above != UNKNOWN else self._seat_of_towns(level)
        below = seat == UNKNOWN and level in office_tables().towns
        found = self._nearest(index, phrase.start) if below else seat
        if found == UNKNOWN and level == "区":
            found = self._of_zone()
        return self.homes.get(level, UNKNOWN) if found == UNKNOWN else found

    def _of_zone(self) -> str:
        """The one city or county of which the text names a zone, which has offices of a 区 as well
        (示范市经开区开会。区人大常委会主任林守田)."""
        codes = {one.code for one in self.at if len(one.code) > 2 and _zone().match(self.text, one.end)}
        return codes.pop() if len(codes) == 1 else UNKNOWN

    @cached_property
    def _only_visited(self) -> frozenset[str]:
        """The codes of the places that the field names only as those that the general secretary saw."""
        spans = [found.span("where") for found in _VISITED.finditer(self.text)]
        if not spans:
            return frozenset()
        seen = {place for place in self.at if any(low <= place.start < high for low, high in spans)}
        return frozenset(place.code for place in seen) - {p.code for p in self.at if p not in seen}

    def _body_named(self, phrase: OfficePhrase, level: str) -> str:
        """The code of the place with which the body of an office was named before
        (民建示例省委会……. 民建省委会处长), "" when it was not."""
        words = phrase.level + phrase.body[:BODY_CHARS]
        if len(phrase.body) < BODY_CHARS or not self.text.startswith(words, phrase.start):
            return ""
        at = self.text.rfind(words, 0, phrase.start)
        while at >= 0:
            place = self._ends.get(at + len(phrase.level)) or self._ends.get(at)
            if place is not None and self._fits(place.code, place.name, level):
                return place.code
            at = self.text.rfind(words, 0, at)
        return ""

    def _introduced(self, phrase: OfficePhrase) -> int:
        """Where the village or town of an office is named first, its place before it (金山区中洪村 …… 中洪村
        党总支书记); the office itself when it has none."""
        if phrase.level not in office_tables().towns:
            return phrase.start
        town = self.text[max(phrase.start - 2, 0) : phrase.start + len(phrase.level)]
        first = self.text.find(town) if town.endswith(phrase.level) else -1
        return first if first >= 0 and len(town) == len(phrase.level) + 2 else phrase.start

    def _fits(self, code: str, name: str, level: str) -> bool:
        """Whether a division can have an office of that level word."""
        if code in (CENTRE, UNKNOWN):
            return False
        if level == "" or level in office_tables().towns:
            return len(code) == 6 or (level == "" and len(code) >= 2)
        if level == "省":
            return len(code) == 2 and name.endswith("省")
        if level == "区" and name.endswith("自治区"):
            return False
        return name.endswith(level)

    def _above(self, level: str, index: int) -> str:
        """The city or province that holds the places named."""
        width = {"省": 2, "自治区": 2, "市": 4, "州": 4, "盟": 4, "地区": 4}.get(level)
        if width is None:
            return UNKNOWN
        for place in [*reversed(self.at[:index]), *self.at[index:]]:
            for code in (place.code[:width], place.code[:2] if level == "市" else ""):
                if code and self._fits(code, self._division_name(code), level):
                    return code
        return UNKNOWN

    def _nearest(self, index: int, start: int) -> str:
        """The place named last or next: a village whose county nobody names lies in the city named,
        but not in the one that it is called after (鞍山（3）居民区)."""
        around = [*reversed(self.at[:index]), *self.at[index:]]
        named = (one for one in around if not _NUMBERED.fullmatch(self.text, one.end, max(start, one.end)))
        return next((place.code for place in named), UNKNOWN)

    @cached_property
    def _seats(self) -> frozenset[str]:
        """The counties that the towns named are known to lie in: by name alone, or within a province or
        city that the article names."""
        known = {code[:end] for code, _ in self._all for end in (2, 4) if end <= len(code)}
        named = seats_named(normalise(self.text), self.gazetteer)
        alone = frozenset(seat.code for seat in named if seat.alone)
        inside = frozenset(seat.code for seat in named if seat.code[:2] in known or seat.code[:4] in known)
        return inside or alone

    def _seat_of_towns(self, level: str) -> str:
        """The one county that the towns named lie in, or the city or province above it that fits."""
        if len(self._seats) != 1:
            return UNKNOWN
        (county,) = self._seats
        codes = (county[:width] for width in (6, 4, 2))
        return next((code for code in codes if self._fits(code, self._division_name(code), level)), UNKNOWN)

    def _division_name(self, code: str) -> str:
        division = self.gazetteer.division(code)
        return division.name if division else ""
