"""What does the index know of one place or one person? Counts from facets, careers from articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from searchapp.desk.asking import (
    Asking,
    Count,
    Counted,
    Reading,
    counted,
    naming,
    of_county,
    of_officials,
)
from searchapp.desk.roster import Listed, Roster, roster_of
from searchapp.desk.sampling import Sample, sample
from searchapp.desk.tenures import (
    Career,
    Evidence,
    Handover,
    Tenure,
    careers,
    evidence,
    handovers,
    holds,
    seat,
)
from searchapp.errors import ArticleNotFound
from searchapp.query import FacetName, Query
from searchapp.results import Facet, Hit

# What is read of the stored articles for careers. The counts beside them come from facets and are exact.
MOST_READ = 150
MOST_PEOPLE = 40
MOST_RIVALS = 30
MOST_RIVALS_READ = 6
READ_OF_RIVAL = 20
SHARPENED = 4
MOST_COUNTED = 12
MOST_TENURES = 12
LATEST = 5
CENTRE, UNKNOWN = "00", "?"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One official of a place with the offices seen and the counts of their searches."""

    id: str
    name: str
    tenures: tuple[Tenure, ...]
    first_day: str
    last_day: str
    articles: Count
    statements: Count


@dataclass(frozen=True, slots=True)
class Activity:
    """The months of a question's hits: `months` is the facet that `query` gives."""

    months: Facet
    query: Query


@dataclass(frozen=True, slots=True)
class CountyProfile:
    """A place (county, city or province). `unlisted` officials are not among `people`; `reading`
    says over how many articles their offices were read."""

    code: str
    name: str
    path: str
    articles: Count
    statements: Count
    activity: Activity
    speech: Activity
    people: tuple[PersonLine, ...]
    unlisted: int
    reading: Reading
    latest: tuple[Hit, ...]
    neighbours: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class TenureLine:
    """A tenure with the sentences of its first and last article."""

    tenure: Tenure
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class OfficialProfile:
    """One official. `place` is the name of the place whose offices they hold."""

    id: str
    name: str
    code: str
    place: str
    label: str
    articles: Count
    statements: Count
    activity: Activity
    tenures: tuple[TenureLine, ...]
    handovers: tuple[Handover, ...]
    reading: Reading
    namesakes: tuple[Counted, ...]
    counties: tuple[Counted, ...]
    people: tuple[Counted, ...]
    latest: tuple[Hit, ...]


def county_profile(searcher: Asking, code: str) -> CountyProfile:
    """The profile of a GB/T 2260 code of 2, 4 or 6 digits.

    Raises ArticleNotFound for a code that is neither a division nor in the index.
    """
    query = of_county(code)
    page = searcher.search(replace(query, size=0, facet_size=1))
    name = searcher.names("county", code)
    if not is_code(code) or (name in ("", code) and not page.total):
        raise ArticleNotFound(f"没有代码为“{code[:40]}”的地方")
    spoken = replace(query, collection="statements", size=LATEST, facet_size=1)
    statements = searcher.search(spoken)
    roster = roster_of(searcher)
    people, reading = _people(searcher, roster.at(code)[:MOST_PEOPLE])
    selected = _selected_path(page.facets, code)
    return CountyProfile(
        code=code,
        name=name,
        path=selected or name,
        articles=Count(page.total, query),
        statements=Count(statements.total, replace(query, collection="statements")),
        activity=Activity(page.facets["month"], query),
        speech=Activity(statements.facets["month"], replace(query, collection="statements")),
        people=people,
        unlisted=max(0, len(roster.at(code)) - MOST_PEOPLE),
        reading=reading,
        latest=statements.hits,
        neighbours=_beside(searcher, "county", code),
    )


def is_code(code: str) -> bool:
    """Whether this has the form of a division's code."""
    return code.isascii() and code.isdigit() and len(code) in (2, 4, 6)


def _selected_path(facets: dict[FacetName, Facet], code: str) -> str:
    names: tuple[FacetName, ...] = ("county", "city", "province")
    values = (value for name in names if name in facets for value in facets[name].values)
    return next((value.path for value in values if value.value == code and value.path), "")


def _people(searcher: Asking, listed: list[Listed]) -> tuple[tuple[PersonLine, ...], Reading]:
    """The officials of a place with their careers, the latest seen first."""
    if not listed:
        return (), Reading(0, 0)
    ids = [person.id for person in listed]
    read = sample(searcher, of_officials(ids), MOST_READ)
    people = careers(read.articles, ids)
    lines = [_person_line(person, people.get(person.id)) for person in listed]
    lines.sort(key=lambda line: (line.last_day, line.articles.number), reverse=True)
    return tuple(lines), read.reading


def _person_line(person: Listed, career: Career | None) -> PersonLine:
    return PersonLine(
        id=person.id,
        name=person.name,
        tenures=tuple(career.tenures) if career else (),
        first_day=career.first_day if career else "",
        last_day=career.last_day if career else "",
        articles=Count(person.articles, of_officials([person.id])),
        statements=Count(person.statements, of_officials([person.id], "statements")),
    )


def _beside(searcher: Asking, facet: FacetName, value: str) -> tuple[Counted, ...]:
    """The other values of a facet in the articles that hold `value`."""
    query = naming(facet, value)
    page = searcher.search(replace(query, size=0, facet_size=MOST_COUNTED + 1))
    return counted(page.facets[facet], query, MOST_COUNTED, without=value)


def official_profile(searcher: Asking, ident: str) -> OfficialProfile:
    """The profile of an official's id (`name@code`). Raises ArticleNotFound when nobody has it."""
    roster = roster_of(searcher)
    person = roster.by_id.get(ident)
    if person is None:
        raise ArticleNotFound(f"没有编号为“{ident[:40]}”的官员")
    query = of_officials([ident])
    page = searcher.search(replace(query, size=0, facet_size=MOST_COUNTED))
    spoken = searcher.search(replace(query, collection="statements", size=LATEST, facet_size=0))
    read = sample(searcher, query, MOST_READ)
    people = _sharpened(read, ident)
    return OfficialProfile(
        id=ident,
        name=person.name,
        code=person.code,
        place=place_name(searcher, person.code),
        label=person.label,
        articles=Count(page.total, query),
        statements=Count(spoken.total, replace(query, collection="statements")),
        activity=Activity(page.facets["month"], query),
        tenures=_tenure_lines(searcher, people.get(ident)),
        handovers=_handovers(searcher, roster, person, people),
        reading=read.reading,
        namesakes=_namesakes(roster, person),
        counties=counted(page.facets["county"], query, MOST_COUNTED),
        people=_beside(searcher, "official", ident),
        latest=spoken.hits,
    )


def place_name(searcher: Asking, code: str) -> str:
    """The name of an official's place."""
    return {CENTRE: "中央", UNKNOWN: "地方不详"}.get(code) or searcher.names("county", code)


def _tenure_lines(searcher: Asking, career: Career | None) -> tuple[TenureLine, ...]:
    """The tenures shown in most articles, in the order of their first day."""
    tenures = career.tenures if career else []
    kept = set(sorted(tenures, key=lambda tenure: -tenure.articles)[:MOST_TENURES])
    return tuple(
        TenureLine(tenure, evidence(searcher, career.id, tenure))
        for tenure in tenures
        if career and tenure in kept
    )


def _handovers(
    searcher: Asking, roster: Roster, person: Listed, own: dict[str, Career]
) -> tuple[Handover, ...]:
    seats = {seat(tenure.title) for career in own.values() for tenure in career.tenures} - {None}
    if person.code == UNKNOWN or not seats:
        return ()
    rivals = _rivals(roster.at(person.code), person, {name for name in seats if name})
    return handovers(person.id, _careers_of(searcher, [rival.id for rival in rivals]) | own)


def _rivals(people: list[Listed], person: Listed, seats: set[str]) -> list[Listed]:
    """Who may have held one of `seats`: everybody of a small place; where there are many, those
    whose label ends with one and who are in most articles."""
    others = [other for other in people if other.id != person.id]
    if len(others) <= MOST_RIVALS:
        return others
    ends, deputies = tuple(seats), tuple("副" + name for name in seats)
    named = [o for o in others if o.label.endswith(ends) and not o.label.endswith(deputies)]
    return named[:MOST_RIVALS_READ]


def _careers_of(searcher: Asking, ids: list[str]) -> dict[str, Career]:
    """Careers of several people: over all their articles when these are few, else over
    a sample of each one's."""
    if not ids:
        return {}
    read = sample(searcher, of_officials(ids), MOST_READ)
    if read.reading.whole:
        return careers(read.articles, ids)
    people: dict[str, Career] = {}
    for ident in ids[:MOST_RIVALS_READ]:
        people |= _sharpened(sample(searcher, of_officials([ident]), READ_OF_RIVAL), ident)
    return people


def _sharpened(read: Sample, ident: str) -> dict[str, Career]:
    """The career of one person; when not all articles were read, with the ends of the offices most
    often seen looked for between those that were."""
    people = careers(read.articles, [ident])
    if read.reading.whole or ident not in people:
        return people
    held = [tenure for tenure in people[ident].tenures if not tenure.former]
    for tenure in sorted(held, key=lambda tenure: -tenure.articles)[:SHARPENED]:
        read.sharpen(partial(holds, official=ident, title=tenure.title))
    return careers(read.articles, [ident])


def _namesakes(roster: Roster, person: Listed) -> tuple[Counted, ...]:
    return tuple(
        Counted(other.id, other.label, Count(other.articles, of_officials([other.id])))
        for other in roster.named(person.name)
        if other.id != person.id
    )
