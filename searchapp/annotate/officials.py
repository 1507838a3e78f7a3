"""Which named persons hold public office in an article, and where?

Titles beside names give holdings (chains.py, careers.py), each office gets its division
(office_places.py), and holdings of one name and one division make one official, whose further
mentions by name alone are then looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from searchapp.annotate.careers import careers_of
from searchapp.annotate.chains import Chain, Holding, chains_of, holdings_of
from searchapp.annotate.continued_lists import follows, goes_on
from searchapp.annotate.house_before import in_its_house
from searchapp.annotate.leaders import leads, led_by
from searchapp.annotate.names import DOT, Name, name_tables
from searchapp.annotate.office_bodies import BodyReader
from searchapp.annotate.office_places import CENTRE, UNKNOWN, OfficePlaces
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase, find_offices
from searchapp.annotate.paragraphs import Block, blocks_of
from searchapp.annotate.people import People, Person, add_mentions, named_in, official_of
from searchapp.annotate.placed_titles import placed_title
from searchapp.annotate.private_bodies import holds_private_marker
from searchapp.annotate.rosters import row_of
from searchapp.article import Field, Place
from searchapp.gazetteer import Gazetteer


def find_officials(
    title: str, text: str, places: Sequence[Place], gazetteer: Gazetteer, date: str = ""
) -> People:
    """Officials of an article of the day `date` (ISO, "" when unknown). Spans are code points of the
    original title or text."""
    persons: dict[tuple[str, str], Person] = {}
    placed: set[tuple[str, str]] = set()
    strangers: list[Name] = []
    in_text: list[tuple[Holding, list[str]]] = []
    phrases: list[OfficePhrase] = []
    fields: tuple[tuple[Field, str], ...] = (("title", title), ("text", text))
    for where, content in fields:
        strangers, in_text = [], []
        finder = OfficePlaces(content, where, places, gazetteer)
        holdings, phrases = _holdings(content, finder)
        leaders = _leaders(holdings, finder, date)
        superseded = _superseded(holdings, finder)
        at_home = bool(holdings) and finder.none_named and _is_at_home(content, holdings)
        for holding in holdings:
            goes_on = (holding.goes_on or holding.follows) and in_text
            codes = _codes(holding, finder, in_text[-1][1][-1] if goes_on else leaders.get(holding))
            if not holding.public or not _believable(holding, finder):
                strangers.append(holding.name)
            elif not _is_foreign(holding.name.text, holding.phrases, codes, finder, at_home):
                in_text.append((holding, codes))
                placed |= _placed(holding, codes, finder)
                titles = [placed_title(finder, phrase) for phrase in holding.phrases]
                _record(persons, holding, titles, codes, where, holding in superseded)
    if not persons and not strangers:
        return People((), ())
    _drop_unknown_twins(persons)
    _drop_guessed_twins(persons, placed)
    add_mentions(persons.values(), title, text)
    officials = tuple(official_of(person, gazetteer) for person in persons.values())
    return People(officials, named_in(text, officials, in_text, strangers, phrases))


def _holdings(text: str, finder: OfficePlaces) -> tuple[list[Holding], list[OfficePhrase]]:
    """The holdings of `text` outside bylines and notes, and all its office phrases."""
    spans = finder.spans
    phrases = find_offices(text, spans)
    chains = chains_of(text, phrases, spans)
    direct, nameless = _by_neighbours(text, chains, [phrase.start for phrase in phrases], spans)
    holdings = direct + list(careers_of(text, nameless, direct))
    asides = [block for block in blocks_of(text) if block.kind in ("byline", "note")] if holdings else []
    private = {holding.name.text for holding in direct if not holding.public}
    kept = (one for one in holdings if not (one.listed and one.name.text in private))
    return [holding for holding in kept if not _is_in(holding.name, asides)], phrases


def _by_neighbours(
    text: str, chains: Sequence[Chain], starts: Sequence[int], spans: Sequence[tuple[int, int]]
) -> tuple[list[Holding], list[Chain]]:
    """The holdings told by what stands beside the chains, and the chains that name nobody so."""
    bodies = BodyReader(text, frozenset(end for _, end in spans))
    direct: list[Holding] = []
    nameless: list[Chain] = []
    for chain in chains:
        before = direct[-1] if direct else None
        if before and before.public and goes_on(text, before, chain):
            chain = chain._replace(goes_on=True)
        else:
            chain = in_its_house(text, chain, bodies)
        named = row_of(text, chain) or holdings_of(text, chain, starts)
        if not named:
            nameless.append(chain)
        direct += [_after(text, before, chain, holding) for holding in named]
    return direct, nameless


def _after(text: str, before: Holding | None, chain: Chain, holding: Holding) -> Holding:
    """A holding as the one before it makes it: of the same school or firm, or of the same place."""
    if before is None:
        return holding
    if not before.public:
        return holding._replace(phrases=()) if _of_same_house(text, before, chain) else holding
    return holding._replace(follows=True) if follows(text, before, chain) else holding


# Departments that schools and firms have as well.
_ANY_HOUSE = re.compile(
    "党委|党办|党总支|党支部|[^，。、]{0,6}规划部|技术部|组织部|宣传部|统战部|纪委|团委|工会|办公室|人事处|学生处|医保办|院办"
)


def _of_same_house(text: str, before: Holding, chain: Chain) -> bool:
    """Whether a list of persons goes on in the school or firm of the one before
    (某大学中心主任甲、宣传部部长乙)."""
    first = chain.phrases[0]
    if first.level or first.central or chain.outer < first.start or not _ANY_HOUSE.match(first.body):
        return False
    return text[before.name.end : chain.outer] in ("、", "，")


def _is_in(name: Name, blocks: Sequence[Block]) -> bool:
    return any(block.start <= name.start < block.end for block in blocks)


_DOT = re.compile(f"[{DOT}]")
# Ours has a chairman, that of Korea's party a 委员长.
_KOREAN = re.compile(
    "军事委员会(?:第一)?副?委员长|中央副?委员长|国务委员会|^(?:常任)?委员会副?委员长|最高人民会议"
)
# Ministries of states; no state has a 市场监管部 or 权益部.
_MINISTRY = re.compile(
    "^.{0,6}(?:外交|国防|防务|防卫|内政|内务|财政|司法|法务|能源|贸易|卫生|教育|文化|旅游|农|环境|生态|交通|运输|劳|科学|科技|技术"
    "|工业|产业|商务|商业|经济|体育|移民|住房|建设|通信|信息|水利|矿|石油|安全|国土|计划|基础|设施|紧急|应急|情况|新闻|宗教|家庭|妇女|海洋"
    "|渔业|林业|投资|公安|情报|军|难民|社会|统一|外务|总务|企划|战争|数字"
    "|工程|采购|销售|财务|人力|运营|研发|客服|业务|物业|后勤|项目|客户|品牌|产品|策划|质量|生产|调查|设计)|^.?部长"
)
_OUR_AGENCY = re.compile("总署|审计署|合作署|公署")
_FORCE = re.compile("[空海陆]军(?!军医|大学)")
_LOCAL_MINISTRY = re.compile("执委会|组委会|组织|宣传|统战|统一战线|武装|人武|工作部|女工|文体|青年|权益")


def _believable(holding: Holding, finder: OfficePlaces) -> bool:
    """Whether the name can hold the offices. 总书记, 总理 … are known by name, since news of foreign
    parties and governments uses the same titles; a ministry that is neither the centre's nor a
    Party department is a foreign one."""
    holders = office_tables().holders
    for index, phrase in enumerate(holding.phrases):
        for title in (("副" if phrase.deputy else "") + phrase.rank, phrase.title):
            if title in holders and holding.name.text not in holders[title]:
                return False
        central = any(one.central for one in holding.phrases[: index + 1])
        foreign = phrase.rank == "部长" and index == 0 and not central and not phrase.level
        foreign = foreign and _is_ministry(phrase.title)
        if foreign and finder.adjacent(phrase) is None:
            return False
        if finder.is_elsewhere(phrase) or _KOREAN.search(phrase.title) or _is_of_others(phrase, finder):
            return False
    return True


def _is_of_others(phrase: OfficePhrase, finder: OfficePlaces) -> bool:
    """Whether an agency or an armed force is none of ours: 卫生署长, 美国…… 空军参谋长."""
    if phrase.rank == "署长" and phrase.body and not _OUR_AGENCY.search(phrase.title):
        return finder.code_of(phrase, None) == CENTRE
    if not _FORCE.match(phrase.title):
        return False
    begin = finder.text.rfind("。", 0, phrase.start) + 1
    return holds_private_marker(finder.text, begin, phrase.start)


def _is_ministry(title: str) -> bool:
    return bool(_MINISTRY.search(title)) and not _LOCAL_MINISTRY.search(title)


_HOME_BODY = re.compile(
    "党委|党工委|党组|党总支|党支部|^[省市县区州旗]委|人大常委会|政协|纪委|监委|街道|居民区|社区|村(?:支书|书记|主任|委会)|派出所"
    "|监管局|民政局|住建局|人社局|卫健[委局]|城管|执法局|乡村振兴|文旅局|退役军人|人武部|管委会|居委会|妇联|残联|团[市县区省]委"
)
_HOME_WORD = re.compile(
    "人大常委会|党工委|街道办|派出所|市人民政府|习近平总书记|"
    + "|".join(f"{level}(?:政协|委(?!员|任|托|派|屈)|安委会)" for level in "省市县区")
)
_OF_ORGAN = re.compile("全国(?:人大|政协)|常委$")
# Names with a dot are at home in Xinjiang.
_UYGHUR = "65"
_MINISTER = re.compile("^(?!外交)[^副]{2,5}(?<!部)部长$")


def _is_at_home(text: str, holdings: Iterable[Holding]) -> bool:
    """Whether one of the offices is of a body that only this country has (居民区党总支书记), or the text
    names such a body."""
    if any(_HOME_BODY.search(phrase.title) for holding in holdings for phrase in holding.phrases):
        return True
    return bool(_HOME_WORD.search(text))


def _is_foreign(
    name: str, phrases: Sequence[OfficePhrase], codes: Sequence[str], finder: OfficePlaces, at_home: bool
) -> bool:
    """Whether nothing ties an official to this country: an unknown place in an article that names
    none of ours and no body of ours (`at_home`), 财政部长 (ours is 财政部部长) there, or 理查德·比森
    without a place of ours."""
    holders = office_tables().holders
    if any(name in holders.get(phrase.title, ()) or _OF_ORGAN.match(phrase.title) for phrase in phrases):
        return False
    chief = phrases[0].rank == "行政长官" and name not in office_tables().called["行政长官"]
    if UNKNOWN in codes and ((finder.none_named and not at_home) or chief):
        return True
    if finder.none_named and any(_MINISTER.search(phrase.title) for phrase in phrases):
        return True
    placed = any(code.startswith(_UYGHUR) for code in codes)
    placed = placed or any(finder.adjacent(phrase) is not None for phrase in phrases)
    return not placed and bool(_DOT.search(name)) and not name_tables().minority.match(name)


def _leaders(holdings: Sequence[Holding], finder: OfficePlaces, date: str) -> dict[Holding, str]:
    """The codes of the divisions that the leaders among `holdings` are known to lead, where the text does
    not say which, or where it names another province only; the places of the other offices follow."""
    known: dict[Holding, str] = {}
    for holding in holdings:
        leading = [phrase for phrase in holding.phrases if leads(phrase.title)]
        code = led_by(holding.name.text, (phrase.title for phrase in leading), date) if leading else ""
        for phrase in leading if code else ():
            told = finder.code_of(phrase, None)
            if told == UNKNOWN:
                finder.homes.setdefault(finder.level_of(phrase), code)
            if told == UNKNOWN or (len(code) == 2 and told != code and finder.adjacent(phrase) is None):
                known[holding] = code
    return known


def _codes(holding: Holding, finder: OfficePlaces, before: str | None = None) -> list[str]:
    """The codes of the offices of a holding, `before` that of the holding whose list it goes on with;
    程向民率松江区代表团 tells whose official he is."""
    codes: list[str] = []
    led = before or finder.led_from(holding.name.end)
    for at, phrase in enumerate(holding.phrases):
        below = holding.phrases[at + 1 : at + 2]
        parent = finder.parent_of(phrase, below[0]) if below and not codes and led is None else None
        codes.append(parent or finder.code_of(phrase, codes[-1] if codes else led))
    return codes


def _record(
    persons: dict[tuple[str, str], Person],
    holding: Holding,
    titles: Sequence[str],
    codes: Sequence[str],
    where: Field,
    superseded: bool,
) -> None:
    name = holding.name
    former = holding.former or superseded
    for phrase, title, code in zip(holding.phrases, titles, codes, strict=True):
        former = (former and not phrase.current) or phrase.former
        person = persons.setdefault((name.text, code), Person(name.text, code))
        person.add_office(title, former)
        person.mentions[(where, name.start, name.end)] = None


def _superseded(holdings: Sequence[Holding], finder: OfficePlaces) -> set[Holding]:
    """The dated steps of a career but the last, for each name, and but those into the same office."""
    steps: dict[str, list[Holding]] = {}
    for holding in holdings:
        if holding.dated and holding.public:
            steps.setdefault(holding.name.text, []).append(holding)

    def held(step: Holding) -> set[tuple[str, str]]:
        return {(phrase.title, finder.code_of(phrase, None)) for phrase in step.phrases}

    return {
        step for career in steps.values() for step in career[:-1] if held(career[-1]).isdisjoint(held(step))
    }


def _placed(holding: Holding, codes: Sequence[str], finder: OfficePlaces) -> set[tuple[str, str]]:
    """The keys (name, code) of a holding whose place the text says beside the office, or its level."""
    tables = office_tables()
    named_levels = tables.levels - tables.towns - tables.zones
    return {
        (holding.name.text, code)
        for phrase, code in zip(holding.phrases, codes, strict=True)
        if phrase.central or phrase.level in named_levels or finder.adjacent(phrase) is not None
    }


def _drop_guessed_twins(persons: dict[tuple[str, str], Person], placed: set[tuple[str, str]]) -> None:
    """A bare title (王远副局长) whose place is only guessed is the office of the same person that ends
    in it (某区教育局副局长), if there is one only. Offices whose place is only guessed are those that
    the same person was given before, if they are called the same."""
    bare = office_tables().bare_titles
    for name, code in [key for key in persons if key not in placed]:
        first = next((one for one in persons.values() if one.name == name), None)
        titles = persons[name, code].offices
        if first is not None and first.code != code and first.offices.keys() >= titles.keys():
            first.mentions.update(persons.pop((name, code)).mentions)
            continue
        titles = persons[name, code].offices
        twins = [
            person
            for key, person in persons.items()
            if key[0] == name
            and key in placed
            and all(any(office.endswith(title) for office in person.offices) for title in titles)
        ]
        if len(twins) == 1 and bare.issuperset(titles):
            twins[0].mentions.update(persons.pop((name, code)).mentions)


def _drop_unknown_twins(persons: dict[tuple[str, str], Person]) -> None:
    """An official without a place is the one of the same name whose place is known, if one only."""
    for name, code in [key for key in persons if key[1] == UNKNOWN]:
        twins = [person for key, person in persons.items() if key[0] == name and key[1] != UNKNOWN]
        if len(twins) == 1:
            lost = persons.pop((name, code))
            for office in lost.offices.values():
                twins[0].add_office(office.title, office.former)
            twins[0].mentions.update(lost.mentions)
