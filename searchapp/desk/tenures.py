"""Who held which office when, as far as the articles show it, and who came before and after?

A tenure is what was seen: the first and the last day on which an article gives a person an office.
It is not the day of an appointment, and pages say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from searchapp.analysis.normalise import squeeze
from searchapp.article import Article
from searchapp.desk.asking import Asking

SENTENCE_END = re.compile(r"[。！？!?\n]+[”’」』\"]*")
MOST_SENTENCE_CHARS = 160
# Bodies named before an office that is the same without them: 国务院总理 is 总理.
BODIES = re.compile(r"^(?:国务院|中共中央|中国共产党|中央人民政府|中国){1,2}(?=..)")
# Offices of which a place has one, so that one holder following another is a handover. Offices of
# towns and bureaus are left out: a county has many 镇长 and 党委书记. 代县长 holds the seat of 县长.
SEAT = re.compile(
    r"(?:代理?)?(?:[省市县区旗州盟]?(委书记|纪委书记|监委主任|人大常委会主任|政协主席|法院院长|检察院检察长)"
    r"|(?:人民)?([省市县区旗州盟]长)|(?:区政府|自治区)?(主席)"
    r"|(?:中央)?(总书记|总理|委员长|国家主席|军委主席|全国政协主席)|全国人大常委会(委员长))"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that shows a tenure: `article.text[start:end]`, or a title with start -1."""

    article_id: str
    title: str
    date: str
    sentence: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tenure:
    """One office of one person over the articles read. Days are ISO, "" when all are undated."""

    title: str
    former: bool
    first_day: str
    last_day: str
    articles: int
    first_article: str
    last_article: str


@dataclass
class Career:
    """All offices of one person, in the order of their first day."""

    id: str
    name: str
    place: str
    tenures: list[Tenure] = field(default_factory=list)

    @property
    def first_day(self) -> str:
        return min((tenure.first_day for tenure in self.tenures if tenure.first_day), default="")

    @property
    def last_day(self) -> str:
        return max((tenure.last_day for tenure in self.tenures), default="")


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody else who held the office."""

    id: str
    name: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Handover:
    """Who was seen in the office before and after, nearest in time; None when nobody was."""

    title: str
    before: Holder | None
    after: Holder | None


def careers(articles: Iterable[Article], ids: Iterable[str]) -> dict[str, Career]:
    """The careers of `ids` in the officials of `articles` (any order)."""
    wanted = set(ids)
    people: dict[str, Career] = {}
    seen: dict[tuple[str, str, bool], list[Article]] = {}
    for article in articles:
        for official in article.officials:
            if official.id in wanted:
                people.setdefault(official.id, Career(official.id, official.name, official.place))
                for title, former in {(plain(office.title), office.former) for office in official.offices}:
                    seen.setdefault((official.id, title, former), []).append(article)
    for (ident, title, former), found in seen.items():
        people[ident].tenures.append(_tenure(title, former, found))
    for career in people.values():
        career.tenures.sort(key=lambda tenure: (tenure.first_day or "9", tenure.former, tenure.title))
    return people


def plain(title: str) -> str:
    """An office title without the body before it that it does not need."""
    return BODIES.sub("", title)


def holds(article: Article, official: str, title: str) -> bool:
    """Whether `article` gives `official` the office of that plain `title`, not as a former one."""
    return any(
        found.id == official and any(plain(o.title) == title and not o.former for o in found.offices)
        for found in article.officials
    )


def _tenure(title: str, former: bool, found: list[Article]) -> Tenure:
    by_day = sorted((a for a in found if a.date), key=lambda a: (a.date, a.id)) or found
    first, last = by_day[0], by_day[-1]
    return Tenure(title, former, first.date, last.date, len(found), first.id, last.id)


def evidence(searcher: Asking, official: str, tenure: Tenure) -> tuple[Evidence, ...]:
    """The sentences of the first and of the last article of a tenure that show it."""
    ids = dict.fromkeys((tenure.first_article, tenure.last_article))
    return tuple(shown(searcher.article(ident), official, tenure.title) for ident in ids)


def shown(article: Article, official: str, title: str) -> Evidence:
    """The sentence of `article` that gives `official` the office `title`; failing that, the first
    that names the person, or the article's title."""
    mentions = next((found.mentions for found in article.officials if found.id == official), ())
    spans = [sentence_at(article.text, mention.span.start) for mention in mentions if mention.field == "text"]
    office = squeeze(title)
    with_office = [span for span in spans if office in squeeze(article.text[span[0] : span[1]])]
    if not spans:
        return Evidence(article.id, article.title, article.date, article.title, -1, -1)
    start, end = (with_office or spans)[0]
    return Evidence(article.id, article.title, article.date, article.text[start:end], start, end)


def sentence_at(text: str, at: int) -> tuple[int, int]:
    """Span of the sentence around offset `at`, at most MOST_SENTENCE_CHARS long, trimmed."""
    start, end = 0, len(text)
    for stop in SENTENCE_END.finditer(text):
        if stop.end() <= at:
            start = stop.end()
        elif stop.start() >= at:
            end = stop.end()
            break
    if end - start > MOST_SENTENCE_CHARS:
        start = max(start, min(at - MOST_SENTENCE_CHARS // 2, end - MOST_SENTENCE_CHARS))
        end = min(end, start + MOST_SENTENCE_CHARS)
    bare = text[start:end].strip()
    start += text[start:end].index(bare) if bare else 0
    return start, start + len(bare)


def seat(title: str) -> str | None:
    """The seat that an office title fills, without the level before 委 and the like (县委书记 and
    市委书记 of one place are one seat); None for an office that several people hold."""
    found = SEAT.fullmatch(plain(title))
    return next(part for part in found.groups() if part) if found else None


def handovers(official: str, people: Mapping[str, Career]) -> tuple[Handover, ...]:
    """For each present single seat of `official`: who was seen in it before and after. A holder
    whose days overlap with these is neither."""
    own = people.get(official)
    found = []
    for tenure in own.tenures if own else ():
        name = seat(tenure.title)
        if name is None or tenure.former or not tenure.first_day:
            continue
        others = list(_holders(name, official, people))
        before = [holder for holder in others if holder.last_day < tenure.first_day]
        after = [holder for holder in others if holder.first_day > tenure.last_day]
        if before or after:
            last = max(before, key=lambda holder: holder.last_day, default=None)
            found.append(
                Handover(tenure.title, last, min(after, key=lambda holder: holder.first_day, default=None))
            )
    return tuple(found)


def _holders(name: str, official: str, people: Mapping[str, Career]) -> Iterable[Holder]:
    for career in people.values():
        days = [t for t in career.tenures if not t.former and t.first_day and seat(t.title) == name]
        if days and career.id != official:
            first, last = min(t.first_day for t in days), max(t.last_day for t in days)
            yield Holder(career.id, career.name, first, last)
