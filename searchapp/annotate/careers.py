"""Who holds which offices, by sentences that put the name before the office.

"何毅同志任黄山市委委员", "潘琍，横峰县委书记", "潘琍书记", and with the person of the sentence before:
"曾任示例县县长", "她出任示例市委书记". Offsets are code points into the text given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from searchapp.annotate.appointments import all_appointed
from searchapp.annotate.chains import Chain, Holding, holder_before, is_former, public_phrases
from searchapp.annotate.names import DOT, HAN, Name, is_boundary, read_name
from searchapp.annotate.occurrences import occurrences
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase
from searchapp.annotate.private_bodies import holds_private_marker
from searchapp.annotate.rosters import is_whole_name, titled_before

# How far back the person of a career sentence may have been named (a paragraph of a résumé).
REACH_CHARS = 400
# How long a résumé in lines of dates may be.
RESUME_CHARS = 2000

_VERB = (
    "利用担任|任命为|选举为|推选为|提名为|当选为|当选|不再担任|不再兼任|先后担任|担任|出任|兼任|调任|升任|转任|改任|接任|继任|就任|挂任|"
    "获任|历任|曾任|现任|时任|拟任|先后任|辞去|卸任|离任|免去其|免去|(?<=生前)系|履新|挂职|晋升|(?<![一首上本])任|是|为|作为|兼"
)
_TIME = r"(?:19|20)\d\d年(?:\d{1,2}月)?(?:至|起|后|[—~-]{1,2})?(?:(?:19|20)\d\d年(?:\d{1,2}月)?)?[，,]?"
_BETWEEN = (
    "[，,]|目前|此前|曾经?|又|再|后|先|还|已|仍|便|时|将|被|当时|一直|正式|先后|开始|次年|同年|拟|也|并|公开|升|的|生前"
    r"|(?<!生)于|[上本]月(?:初|底|中旬)?|[今去前]年|日前|近日|近期|\d{1,2}月(?:\d{1,2}日)?(?![生出])"
)
_LINK = re.compile(
    rf"(?:同志)?(?:[（(][^（）()]{{1,20}}[）)])?(?:[，,](?:[男女][，,])?)?(?:{_TIME}|{_BETWEEN})*"
    rf"(?P<verb>{_VERB})(?:了|过)?[：:]?(?:原|前)?(?:中共|中国)?$"
)
# What each of them ends with ("$" is before a line end as well).
_LINK_LAST = frozenset("任为选去职免其系新升是兼了过：:原前共国\n")
# 现任|云台|新区党工委书记: the name of a zone or town before its office.
_ZONE_NAME = re.compile(f"[{HAN}]{{2,9}}$")
# A line of a résumé: 1999年8月至2000年3月 示例县副县长.
_DAY = r"(?:19|20)\d\d(?:年|[.．/-])(?:\d{1,2}月?)?"
_STEP = re.compile(
    rf"(?<![于在]){_DAY} ?(?:至|到|[—–~～-]{{1,3}}) ?(?P<until>{_DAY}|今)"
    "[ \u3000，,：:]*(?:任|历任|先后任|担任)?$"
)
# 于2001年3月到2003年3月任: over.
_OVER = re.compile(rf"{_DAY} ?(?:至|到|[—–~～-]{{1,3}}) ?{_DAY}[，,]?(?:任|担任)$")
# Between two offices of one career (……副县长；示例市委办副主任), and after an office there.
_CAREER_GAP = re.compile(
    "(?:助理)?(?:兼(?:[^，。；的]{1,20})?)?"
    f"(?:[；，、](?:(?:后|又)?(?:任|兼任))?(?:(?![的是由与对向被把说受])[{HAN}（）]){{0,24}}){{1,3}}"
)
# 甲目前以县委常委的身份出席
_AS = re.compile("(?:目前|现|仍|再次|首次|多次)?(?P<verb>以)$")
# 甲在示例县县长|任上
_IN_OFFICE = ("任上", "任内", "岗位上")
# How far a list of offices may reach, how it begins, and what it is made of.
LIST_CHARS = 260
_LIST_BEGINS = re.compile("曾任|历任|先后任|先后担任|曾担任|利用担任|现任|(?<=[年月])任(?!命)")
_LISTED = re.compile(f"(?:(?![的是由与对向被把说受])[{HAN}0-9（）()、，；兼])*[、，；]")
_CAREER_END = re.compile("[；，、。（(]|助理|兼|等职?|$")
# 他曾任某部第二研究所|所长: with a body that the tables do not know.
_FAR_LINK = re.compile(
    rf"(?:{_TIME}|{_BETWEEN})*(?P<verb>曾任|历任|曾担任|先后任|先后担任|先后出任)(?:(?![的是由与对向被])[{HAN}（）]){{2,20}}$"
)
_APPOSED = re.compile(r"(?:[，,]|[（(])(?:男|女|时任|现任|原|前)?[，,]?$")
# Ranks that stand after a name whose body they tell themselves (林守田副委员长).
_SPOKEN_TO = frozenset(
    ("委员长", "国务委员", "省长", "市长", "县长", "区长", "州长", "旗长", "镇长", "乡长", "检察长")
)
# After a row of a list: ；甲示例县原副县长（已退休）；
_ROW_END = frozenset("；;（(\n")
_APPOSITION_END = frozenset("，。,）)；;\n")
_YEAR = re.compile(r"(?:19|20)\d\d年|次年|同年")
_FORMER_VERB = re.compile("曾|利用|生前|历任|不再|辞去|卸任|离任|免去|时任|先后|此前")
_FORMER_AFTER = re.compile(
    "等?(?:职务|职位|职)?(?:上的|的)?(?:期间|时期|任上|时(?=[亲就曾还提推开组积多参]|负责)|(?:职务)?便利)"
    r"|[，,](?:(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?|同年|次年)被(?:查|免|双开|开除|逮捕|调查|宣布)"
)
# 甲，男，…… and 七十一岁的甲: persons whom the text brings in without an office.
_BIO = re.compile(
    rf"(?:(?<![{HAN}])|(?<=[简履]历)|(?<=岁的))(?!简历|履历|岁的)([{HAN}]{{2,4}})[，,] ?[男女][，,。]"
)
# What every one of them holds; looked for in a tenth of the time.
_SEX = re.compile("[，,] ?[男女][，,。]")
# 生于1972年的甲, 前任甲已……, 甲生于1973年
_TOLD_OF = re.compile(
    r"生于(?:19|20)\d\d年(?:\d{1,2}月)?的|(?<![现历])前任(?=[^，。]{2,3}(?:已|转|于|调|另|因))"
)
_BORN = re.compile(rf"(?<![{HAN}])([{HAN}]{{2,4}}?)[，,]?出?生于(?:19|20)\d\d年")
_AGED = re.compile("[0-9一二三四五六七八九十]岁的")
_BEFORE_NAME = re.compile(
    "(?:任命|选举|免去|决定|同意|接受|由|推选|补选|提名|批准|现将|[和与及]|及其|接替|对|就|其中|尊敬的|[是称据但而如即]|原名|干部|同志|被告人?)$"
)
# 在担任县长期间, 你任县长时: the subject of the sentence is another.
_NOT_OF_LAST = re.compile("[自从你您我谁]|在(?!\\d)")
# 甲从示例县副县长|调任示范市教育局局长
_CALLED_AWAY = re.compile("(?:的?岗位|职务|任上)?(?:跨省|平级)?(?:[调转升改出提]任|晋升|转岗|履新|任)")
_APPOINTS = re.compile(f"(?:(?<![{HAN}])|(?<=提名)|(?<=任命)|(?<=决定))(?P<name>[{HAN}]{{2,4}}?)(?:同志)?任")
_MEMBER = "常委"
_STANDING_COMMITTEE = re.compile("全国政协[^，。]{0,12}(?:常委会|常务委员会)|全国委员会常务委员会")
_LISTED_MEMBERS = re.compile(
    rf"(?<![{HAN}、])(?P<names>[{HAN}{DOT}]{{2,12}}(?:、[{HAN}{DOT}]{{2,12}})*)等(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[位名]$"
)
DOT_INSIDE = re.compile(f"[{HAN}][{DOT}][{HAN}]")
_PRONOUN = re.compile("[他她其]$")


def careers_of(text: str, chains: Sequence[Chain], direct: Sequence[Holding]) -> Iterator[Holding]:
    """Holdings of `chains`, none of which has a name after it. `direct` are the holdings known."""
    offices = [public_phrases(text, chain) for chain in chains]
    called = office_tables().called
    named_alone = {*called, _MEMBER}
    if not any(offices) and named_alone.isdisjoint(chain.phrases[0].title for chain in chains):
        return
    subjects = _Subjects(text, direct)
    before: Holding | None = None
    listed = 0
    for chain, phrases in zip(chains, offices, strict=True):
        # A private office only matters as the beginning of a career (曾任某公司经理，……副县长).
        begins = phrases or "任" in text[max(0, chain.outer - 40) : chain.outer]
        found = list(_career(text, chain, phrases, subjects)) if begins else []
        found = found or ([] if phrases else list(_called(text, chain)))
        goes_on = not found and before is not None and _CAREER_GAP.fullmatch(text, listed, chain.outer)
        ends = _CAREER_END.match(text, chain.end) and not _in_house(text, chain)
        if before is not None and goes_on and ends:
            found = [before._replace(phrases=phrases, former=before.former or is_former(text, chain))]
        elif not found and phrases and _CAREER_END.match(text, chain.end):
            found = list(_far_in_career(text, chain, phrases, subjects))
        if found or not goes_on:
            before = found[-1] if found else None
        listed = chain.end
        yield from (holding for holding in found if holding.public)


def _far_in_career(
    text: str, chain: Chain, phrases: tuple[OfficePhrase, ...], subjects: _Subjects
) -> Iterator[Holding]:
    """The holder of an office far on in a list of offices (曾任某局干部，某公司经理，|示例县副县长)."""
    first = phrases[0]
    if not first.complete or not (first.level or first.central or chain.outer < first.start):
        return
    start = chain.outer if first is chain.phrases[0] else first.start
    begun = list(_LIST_BEGINS.finditer(text, max(0, start - LIST_CHARS), start))
    if not begun or not _LISTED.fullmatch(text, begun[-1].end(), start):
        return
    name = subjects.ending_at(begun[-1].start(), known_only=True) or subjects.last_before(begun[-1].start())
    if name:
        former = begun[-1].group() != "现任"
        yield Holding(name, phrases, former, chain.outer)


def _in_house(text: str, chain: Chain) -> bool:
    """Whether an office without a place stands in a sentence, or step of a career, in a company or school."""
    first = chain.phrases[0]
    if first.level or first.central or chain.outer < first.start:
        return False
    begun = max(text.rfind("。", 0, chain.outer), text.rfind("；", 0, chain.outer), 0)
    return holds_private_marker(text, begun, chain.outer)


def _career(
    text: str, chain: Chain, phrases: tuple[OfficePhrase, ...], subjects: _Subjects
) -> Iterator[Holding]:
    start = chain.outer
    if text.startswith("候选人", chain.end):
        return
    if text.startswith(("历任", "曾任"), start):
        start += 2  # read as part of the office, it is the verb as well
    before = text[max(0, start - 60) : start]
    offset = start - len(before)
    step = _STEP.search(before)
    owner = subjects.of_resume(start) if step else None
    if step and owner:
        yield Holding(owner, phrases, step["until"] != "今", chain.outer)
        return
    first = chain.phrases[0]
    if before.endswith(("从", "由")) and _CALLED_AWAY.match(text, chain.end):
        name = subjects.ending_at(start - 1)
        if name:
            subjects.add(name)
            yield Holding(name, phrases, True, chain.outer)
        return
    removed = list(all_appointed(text, start, chain, phrases))
    if removed:
        yield from removed
        return
    link = _LINK.search(before) if before[-1:] in _LINK_LAST else None
    link = link or _link_over_zone(before, first)
    if link is None and not (first.public and first.complete) and not _in_house(text, chain):
        link = _FAR_LINK.search(before)
    former = bool(_FORMER_AFTER.match(text, chain.end)) or is_former(text, chain)
    if link is None and before.endswith("以") and text.startswith(("身份", "的身份"), chain.end):
        link = _AS.search(before)
    if link is None and before.endswith("在") and text.startswith(_IN_OFFICE, chain.end):
        name = subjects.ending_at(start - 1)
        if name:
            yield Holding(name, phrases, former, chain.outer)
            return
    if link is None:
        name = holder_before(text, start, first.title) or holder_before(text, chain.start, first.rank)
        name = name or subjects.ending_at(start, known_only=True)
        if name is None and chain.phrases[0].rank in _SPOKEN_TO and chain.outer == chain.phrases[0].start:
            name = subjects.ending_at(chain.phrases[0].start, in_list=False)
        apposed = _APPOSED.search(before)
        if name is None and chain.outer < chain.start and text[chain.end : chain.end + 1] in _ROW_END:
            name = subjects.ending_at(start, in_list=False)
        if name is None and apposed and text[chain.end : chain.end + 1] in _APPOSITION_END:
            name = subjects.ending_at(offset + apposed.start(), in_list=False) or _of_sentence(text, start)
        if name:
            yield Holding(name, phrases, former, chain.outer)
        return
    former = former or bool(_FORMER_VERB.search(link.group()) or _OVER.search(before))
    ending = offset + link.start()
    name = subjects.ending_at(ending) or holder_before(text, ending, first.rank)
    name = name or titled_before(text, ending)
    if name is None and link.group("verb") == "免去其":
        name = _appointed_before(text, ending)
    if name is None and text[max(ending - 1, 0)] == "在":
        name = subjects.ending_at(ending - 1, known_only=True)
    after = _NOT_OF_LAST.match(text, max(ending - 1, 0))
    if name is None and not after and link.group("verb") not in ("是", "为", "作为", "兼"):
        name = subjects.last_before(start)
    if name:
        subjects.add(name)
        dated = bool(_YEAR.search(text, max(text.rfind("。", 0, start), start - 24), start))
        yield Holding(name, phrases, former, chain.outer, dated)


def _appointed_before(text: str, at: int) -> Name | None:
    """Whose office 其 is (；甲任某公司董事长，免去其|示例县副县长职务)."""
    named = list(_APPOINTS.finditer(text, max(0, at - REACH_CHARS), at))
    found = next((one for one in reversed(named) if is_whole_name(one["name"])), None)
    return Name(*found.span("name"), found["name"]) if found else None


def _of_sentence(text: str, at: int) -> Name | None:
    """The person with whom a sentence of a résumé begins (甲，男，1970年生，|示例县教育局原局长。)."""
    bio = _BIO.search(text, max(text.rfind("。", 0, at), text.rfind("\n", 0, at), 0), at)
    return Name(*bio.span(1), bio.group(1)) if bio and is_whole_name(bio.group(1)) else None


def _link_over_zone(before: str, first: OfficePhrase) -> re.Match[str] | None:
    """The link before the name of a zone or town that is no place of its own."""
    tables = office_tables()
    if first.level not in tables.zones and first.level not in tables.towns:
        return None
    cuts = (_LINK.search(before[:-width]) for width in range(2, 10) if _ZONE_NAME.search(before))
    return next((link for link in cuts if link), None)


def _called(text: str, chain: Chain) -> Iterator[Holding]:
    """The holder of an office that stands after the name without its body (习近平主席, 甲常委建议)."""
    office = chain.phrases[0]
    if office.title == _MEMBER:
        held = (office._replace(complete=True, central=True),)
        for member in _members_before(text, office.start):
            yield Holding(member, held, outer=office.start)
    for name in office_tables().called.get(office.title, ()):
        if text.endswith(name, 0, office.start):
            known = office._replace(complete=True, central=True)
            yield Holding(Name(office.start - len(name), office.start, name), (known,), outer=office.start)


def _members_before(text: str, at: int) -> Iterator[Name]:
    """The names before 常委 in a report on the standing committee of the national conference (甲常委建议,
    甲、乙等12位常委)."""
    if not _STANDING_COMMITTEE.search(text):
        return
    listed = _LISTED_MEMBERS.search(text, max(0, at - LIST_CHARS), at)
    if listed:
        begin = listed.start("names")
        for word in listed["names"].split("、"):
            if is_whole_name(word) or DOT_INSIDE.search(word):
                yield Name(begin, begin + len(word), word)
            begin += len(word) + 1
        return
    for start in (at - 3, at - 2, at - 4):
        begins = start >= 0 and (start == 0 or is_boundary(text, start - 1) or text[start - 1] == "和")
        if begins and is_whole_name(text[start:at]):
            yield Name(start, at, text[start:at])
            return


class _Subjects:
    """The persons that a text names, by where they stand."""

    def __init__(self, text: str, direct: Sequence[Holding]) -> None:
        self._text = text
        self._names: list[str] = []
        self._starts: list[int] = []
        self._at: list[Name] = []
        every = _BIO.finditer(text) if _SEX.search(text) else ()
        bios = (found.group(1) for found in every if is_whole_name(found.group(1)))
        ages = _AGED.finditer(text) if "岁的" in text else ()
        aged = (read_name(text, age.end(), skip=False) for age in ages)
        known = [holding.name.text for holding in direct] + [name.text for name in aged if name]
        self._learn([*known, *bios, *self._told_of()])

    def _told_of(self) -> Iterator[str]:
        """Names that a text brings in by their birth, or as who held an office before."""
        told = "生于" in self._text or "前任" in self._text
        for found in _TOLD_OF.finditer(self._text) if told else ():
            name = read_name(self._text, found.end(), skip=False)
            if name is not None:
                yield name.text
        if "生于" in self._text:
            yield from (one.group(1) for one in _BORN.finditer(self._text) if is_whole_name(one.group(1)))

    def _learn(self, names: Iterable[str]) -> None:
        self._names = sorted({*self._names, *names}, key=lambda name: (-len(name), name))
        if not self._names:
            return
        self._at = list(occurrences(self._text, self._names))
        self._starts = [name.start for name in self._at]

    def add(self, name: Name) -> None:
        """Learns a name met on the way."""
        if name.text not in self._names:
            self._learn([name.text])

    def last_before(self, at: int) -> Name | None:
        """The person named last before `at`, within reach."""
        index = bisect_right(self._starts, at) - 1
        if index < 0 or at - self._starts[index] > REACH_CHARS:
            return None
        return self._at[index]

    def of_resume(self, at: int) -> Name | None:
        """The person of whom the résumé around `at` is: the last one brought in as 甲，男，…… before it."""
        brought_in = list(_BIO.finditer(self._text, max(0, at - RESUME_CHARS), at))
        return Name(*brought_in[-1].span(1), brought_in[-1].group(1)) if brought_in else None

    def ending_at(self, at: int, *, known_only: bool = False, in_list: bool = True) -> Name | None:
        """The name that ends at `at`: a known one, or one that begins where a name can begin
        (`in_list` False: and that is no member of a list, where a comma only separates)."""
        for known in self._names:
            start = at - len(known)
            if self._text.endswith(known, 0, at) and (in_list or not self._is_listed(start)):
                return Name(start, at, known)
        if known_only:
            return None
        if _PRONOUN.search(self._text, max(0, at - 1), at):
            return self.last_before(at)
        for width in (3, 2, 4):
            start = at - width
            if start < 0 or not self._may_begin(start) or (self._is_listed(start) and not in_list):
                continue
            if is_whole_name(self._text[start:at]):
                return Name(start, at, self._text[start:at])
        return None

    def _is_listed(self, start: int) -> bool:
        return self._text[max(start - 1, 0) : start] in ("、", "和", "与", "及")

    def _may_begin(self, start: int) -> bool:
        if start == 0 or is_boundary(self._text, start - 1):
            return True
        return bool(_BEFORE_NAME.search(self._text, max(0, start - 4), start))
