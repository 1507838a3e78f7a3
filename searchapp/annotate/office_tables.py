"""The word tables of public offices (offices.toml), made ready for reading."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from searchapp.annotate.names import one_of, one_of_fast
from searchapp.annotate.word_lists import FirstTold
from searchapp.scanning import Words

# 主任科员, 主席团, 总支书|记 are no ranks; nor is 市长 in 东港市|长安镇, 南京市|长江以北, 湖南省|长沙.
_NO_RANK = (
    "(?!(?<=支书)记|(?<=特派员)公署|(?<=专员)公署|(?<=书记)处(?!长)|助理|会|联谊会|协会|协|行业|衔|科员|医师|团|台|班子|[一二三四]级|(?<=政委)员|(?<=委员)工作[处办委室]|(?<=人大常委)副?主任)"
    "(?!(?<=[省市县区州旗乡镇部局厅处会院署]长)(?:(?<=州长)隆|江新区|江江段|江(?:[^，。、]{1,4}段|公路|铁路|隧道|[一二三]桥)|江[村办大路水科委以流支沿边畔口上中下南北东西水干段航三岸生禁十保经湿之岛]|[沙春期远达途效]|白(?:山|森林|岛)|廊|(?<=村长)大|河派出所|[^，。、]{1,2}村(?![民支委书主])|[乐安治白](?:国际|机场|大学|[中小]学|医院|[大东西南北]?[街路]|站|分局)"
    "|[安乐兴宁丰寿阳海河城平岭白青春治葛顺清洲征虹风桥][^，。、]?(?:[区县市]|[镇乡街村路巷道](?![长党政书办委]))))"
)
# 站区长 heads a part of a railway, 工区长 one of a mine.
_NO_RANK_BEFORE = {"区": "站工采"}
# 石化街道, 大学城社区: named after a plant or school, and no part of it.
_NO_MARKER = (
    "(?!城?(?:街道|社区|居民区|小区|新村|镇|乡|村|路|海关|边检|办事处|出入境|派出所|公安|检察院|法院|交通设施|中介监管"
    "|司(?!机|法|令|仪)))"
)


@dataclass(frozen=True, slots=True)
class OfficeTables:
    """offices.toml. `rank` matches a rank, which begins with one of `rank_words`; the sets hold words;
    `holders` says for some titles who alone has held them, `called` who is called so after the name,
    `modifier_ends` are last characters, `new_areas` gives the code of the division that leads a new area;
    `longest` is the length of the longest body or topic."""

    rank: re.Pattern[str]
    rank_words: Words
    levelled: frozenset[str]
    alone: frozenset[str]
    private: frozenset[str]
    people: frozenset[str]
    joint: frozenset[str]
    bare_titles: frozenset[str]
    modifiers: frozenset[str]
    modifier_ends: frozenset[str]
    former: frozenset[str]
    levels: frozenset[str]
    zones: frozenset[str]
    towns: frozenset[str]
    bodies: frozenset[str]
    weak_bodies: frozenset[str]
    broad_bodies: frozenset[str]
    topics: frozenset[str]
    suffixes: frozenset[str]
    private_marker: re.Pattern[str]
    private_body: re.Pattern[str]
    no_body: re.Pattern[str]
    centre: FirstTold
    centre_ranks: frozenset[str]
    session_bodies: frozenset[str]
    session_committees: frozenset[str]
    holders: dict[str, frozenset[str]]
    called: dict[str, frozenset[str]]
    new_areas: dict[str, str]
    longest: int

    def ranks(self, text: str) -> Iterator[re.Match[str]]:
        """What `finditer` of `rank` would find, but tried only where a rank can begin."""
        done = 0
        for start, _, _ in self.rank_words.everywhere(text):
            match = self.rank.match(text, start) if start >= done else None
            if match:
                done = match.end()
                yield match


@cache
def office_tables() -> OfficeTables:
    """The tables, read once a process."""
    raw = tomllib.loads(resources.files(__package__).joinpath("offices.toml").read_text(encoding="utf-8"))
    words = {f"{part}.{key}": value.split() for part, lists in raw.items() for key, value in lists.items()}
    sets = {key: frozenset(value) for key, value in words.items()}
    ranks = words["ranks.levelled"] + words["ranks.alone"] + words["ranks.bodied"] + words["ranks.private"]
    bodies = [word for key, value in words.items() if key.startswith("bodies.") for word in value]
    bodies += [word for word in words["centre.words"] if word not in words["levels.words"]]
    levels = sets["levels.words"] | sets["levels.zones"] | sets["levels.towns"]
    return OfficeTables(
        rank=re.compile(f"(?:{one_of_fast(ranks, _NO_RANK_BEFORE)}){_NO_RANK}"),
        rank_words=Words(ranks),
        levelled=sets["ranks.levelled"],
        alone=sets["ranks.alone"],
        private=sets["ranks.private"],
        people=sets["ranks.people"],
        joint=sets["ranks.joint"],
        bare_titles=sets["ranks.bare_titles"],
        modifiers=sets["modifiers.words"],
        modifier_ends=frozenset(word[-1] for word in (*words["modifiers.words"], *words["modifiers.former"])),
        former=sets["modifiers.former"],
        levels=levels,
        zones=sets["levels.zones"],
        towns=sets["levels.towns"],
        bodies=frozenset(bodies),
        weak_bodies=sets["bodies.weak"],
        broad_bodies=sets["bodies.broad"],
        topics=sets["departments.topics"],
        suffixes=sets["departments.suffixes"],
        private_marker=re.compile(f"(?:{one_of_fast(words['private.markers'])}){_NO_MARKER}"),
        private_body=re.compile("|".join(words["private.body_patterns"])),
        no_body=re.compile("|".join(words["private.no_body_patterns"])),
        centre=FirstTold(
            f"(?:中共|中国)?(?:{one_of(words['centre.words'])})",
            {"中", *(word[0] for word in words["centre.words"])},
        ),
        centre_ranks=sets["centre.ranks"],
        session_bodies=sets["centre.session"],
        session_committees=sets["centre.session_committees"],
        holders={title: frozenset(names.split()) for title, names in raw["holders"].items()},
        new_areas=raw["new_areas"],
        called={title: frozenset(names.split()) for title, names in raw["called"].items()},
        longest=max(map(len, bodies + words["departments.topics"])),
    )
