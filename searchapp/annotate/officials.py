"""Which named persons hold public office in an article, and where?

Titles beside names give holdings (chains.py, careers.py), each office gets its division
(office_places.py), and holdings of one name and one division make one official, whose further
mentions by name alone are then looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from searchapp.annotate.careers import careers_of
from searchapp.annotate.chains import Chain, Holding, chains_of, holdings_of
from searchapp.annotate.names import DOT, Name, is_boundary, name_tables
from searchapp.annotate.office_places import CENTRE, UNKNOWN, OfficePlaces
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase, find_offices
from searchapp.article import Field, Mention, Office, Official, Place, Span
from searchapp.gazetteer import Gazetteer


@dataclass(slots=True)
class Person:
    """One name@code while it is put together."""

    name: str
    code: str
    offices: dict[str, Office] = field(default_factory=dict)
    mentions: dict[tuple[Field, int, int], None] = field(default_factory=dict)

    def add_office(self, title: str, former: bool) -> None:
        """Keeps an office once: as former if it is ever called so, and a bare rank (局长) only when no
        fuller title of the person has it (教育局局长)."""
        known = self.offices.get(title)
        if known is None or (former and not known.former):
            self.offices[title] = Office(title, former)


@dataclass(frozen=True, slots=True)
class NamedAt:
    """A person named in the text: `ids` are the officials of that name, empty for anybody else.

    `offices` are the titles given right there, in order.
    """

    start: int
    end: int
    name: str
    ids: tuple[str, ...]
    offices: tuple[str, ...] = ()
    titled_from: int = -1


@dataclass(frozen=True, slots=True)
class People:
    """What `find_officials` found: the officials, and every person named in the text in order,
    officials and others (whose speech is nobody's statement)."""

    officials: tuple[Official, ...]
    named: tuple[NamedAt, ...]
    phrases: tuple[OfficePhrase, ...]


def find_officials(title: str, text: str, places: Sequence[Place], gazetteer: Gazetteer) -> People:
    """Officials of an article. Spans are code points of the original title or text."""
    persons: dict[tuple[str, str], Person] = {}
    others: list[Name] = []
    in_text: list[tuple[Holding, list[str]]] = []
    phrases: list[OfficePhrase] = []
    fields: tuple[tuple[Field, str], ...] = (("text", text), ("title", title))
    for where, content in fields:
        if not content:
            continue
        finder = OfficePlaces(content, where, places, gazetteer)
        found = _holdings(content, finder)
        if where == "text":
            phrases = found[1]
        superseded = _superseded(found[0])
        for holding in found[0]:
            if not holding.public or not _believable(holding, finder):
                if where == "text":
                    others.append(holding.name)
                continue
            codes = _codes(holding.phrases, finder)
            if _is_foreign(holding.name.text, holding.phrases, codes, finder):
                continue
            if where == "text":
                in_text.append((holding, codes))
            titles = [finder.title_of(phrase) for phrase in holding.phrases]
            _record(persons, holding, titles, codes, where, holding in superseded)
    _drop_unknown_twins(persons)
    officials = tuple(_official(person, gazetteer) for person in _with_mentions(persons, title, text))
    return People(officials, _named(officials, in_text, others, text, phrases), tuple(phrases))


def _holdings(text: str, finder: OfficePlaces) -> tuple[list[Holding], list[OfficePhrase]]:
    phrases = find_offices(text, finder.spans)
    chains = chains_of(text, phrases, finder.spans)
    starts = [phrase.start for phrase in phrases]
    direct: list[Holding] = []
    nameless: list[Chain] = []
    for chain in chains:
        named = holdings_of(text, chain, starts)
        direct += named
        if not named:
            nameless.append(chain)
    return direct + list(careers_of(text, nameless, direct)), phrases


_DOT = re.compile(f"[{DOT}]")
_LOCAL_MINISTRY = re.compile("组织|宣传|统战|统一战线|武装|人武|工作部|女工|文体|青年|权益")


def _believable(holding: Holding, finder: OfficePlaces) -> bool:
    """Whether the name can hold the offices. 总书记, 总理 … are known by name, since news of foreign
    parties and governments uses the same titles; a ministry that is neither the centre's nor a
    Party department is a foreign one."""
    holders = office_tables().holders
    for phrase in holding.phrases:
        for title in (("副" if phrase.deputy else "") + phrase.rank, phrase.title):
            if title in holders and holding.name.text not in holders[title]:
                return False
        foreign = phrase.rank == "部长" and not phrase.central and not _LOCAL_MINISTRY.search(phrase.title)
        if foreign and finder.adjacent(phrase) is None:
            return False
        if finder.is_elsewhere(phrase):
            return False
    return True


_MINISTER = re.compile("^(?!外交)[^副]{2,5}(?<!部)部长$")


def _is_foreign(
    name: str, phrases: Sequence[OfficePhrase], codes: Sequence[str], finder: OfficePlaces
) -> bool:
    """Whether nothing ties an official to this country: an unknown place in an article that names
    none of ours, 财政部长 (ours is 财政部部长) there, or 理查德·比森 without a place of ours."""
    if UNKNOWN in codes and finder.none_named:
        return True
    if finder.none_named and any(_MINISTER.search(phrase.title) for phrase in phrases):
        return True
    placed = any(code not in (CENTRE, UNKNOWN) for code in codes)
    return not placed and bool(_DOT.search(name)) and not name_tables().minority.match(name)


def _codes(phrases: Iterable[OfficePhrase], finder: OfficePlaces) -> list[str]:
    codes: list[str] = []
    for phrase in phrases:
        codes.append(finder.code_of(phrase, codes[-1] if codes else None))
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
        former = former or phrase.former
        person = persons.setdefault((name.text, code), Person(name.text, code))
        person.add_office(title, former)
        person.mentions[(where, name.start, name.end)] = None


def _superseded(holdings: Sequence[Holding]) -> set[Holding]:
    """The dated steps of a career but the last, for each name."""
    steps: dict[str, list[Holding]] = {}
    for holding in holdings:
        if holding.dated and holding.public:
            steps.setdefault(holding.name.text, []).append(holding)
    return {step for career in steps.values() for step in career[:-1]}


def _drop_unknown_twins(persons: dict[tuple[str, str], Person]) -> None:
    """An official without a place is the one of the same name whose place is known, if one only."""
    for name, code in [key for key in persons if key[1] == UNKNOWN]:
        twins = [person for key, person in persons.items() if key[0] == name and key[1] != UNKNOWN]
        if len(twins) == 1:
            lost = persons.pop((name, code))
            for office in lost.offices.values():
                twins[0].add_office(office.title, office.former)
            twins[0].mentions.update(lost.mentions)


def _with_mentions(persons: dict[tuple[str, str], Person], title: str, text: str) -> list[Person]:
    """Adds the mentions by name alone."""
    by_name: dict[str, list[Person]] = {}
    for person in persons.values():
        by_name.setdefault(person.name, []).append(person)
    if not by_name:
        return []
    pattern = _any_of(by_name)
    fields: tuple[tuple[Field, str], ...] = (("title", title), ("text", text))
    for where, content in fields:
        for found in pattern.finditer(content):
            if _is_mention(content, found.start(), found.end(), found.group()):
                for person in by_name[found.group()]:
                    person.mentions.setdefault((where, found.start(), found.end()), None)
    return list(persons.values())


# 习近平强军思想 names a doctrine, not the man.
_DOCTRINE = re.compile("新时代|(?:生态文明|强军|法治|外交|经济|文化|党建)?思想")


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


def _is_mention(text: str, start: int, end: int, name: str) -> bool:
    """Whether a known name standing alone is that person, not part of words (高峰期)."""
    tables = name_tables()
    if _DOCTRINE.match(text, end):
        return False
    if name not in tables.word_names:
        return True
    before = start == 0 or is_boundary(text, start - 1)
    ends = is_boundary(text, end) or tables.follower.match(text, end) or text[end] in "说称"
    return before and bool(ends)


def _official(person: Person, gazetteer: Gazetteer) -> Official:
    division = gazetteer.division(person.code)
    path = "中国" if person.code == CENTRE else division.path if division else ""
    mentions = tuple(
        Mention(where, Span(start, end))
        for where, start, end in sorted(person.mentions, key=lambda key: (key[0] == "text", key[1]))
    )
    return Official(
        id=f"{person.name}@{person.code}",
        name=person.name,
        code=person.code,
        place=path,
        offices=tuple(office for office in person.offices.values() if not _is_short_form(office, person)),
        mentions=mentions,
    )


def _by_title_alone(
    officials: Sequence[Official], phrases: Sequence[OfficePhrase], named: dict[tuple[int, int], NamedAt]
) -> Iterator[tuple[tuple[int, int], NamedAt]]:
    """Offices that stand for the one official who holds them (总书记要求……)."""
    holders: dict[str, list[Official]] = {}
    for official in officials:
        for office in official.offices:
            holders.setdefault(office.title, []).append(official)
    taken = {one.titled_from for one in named.values()}
    name_starts = {start for start, _ in named}
    for phrase in phrases:
        held = holders.get(phrase.title, ())
        near = phrase.start in taken or phrase.end in name_starts or phrase.end + 1 in name_starts
        if len(held) == 1 and not near and (phrase.start, phrase.end) not in named:
            yield (
                (phrase.start, phrase.end),
                NamedAt(phrase.start, phrase.end, held[0].name, (held[0].id,), (phrase.title,)),
            )


def _is_short_form(office: Office, person: Person) -> bool:
    return office.title in office_tables().bare_titles and any(
        other.endswith(office.title) and other[-len(office.title) - 1 : -len(office.title)] != "副"
        for other in person.offices
        if other != office.title
    )




def _named(
    officials: Sequence[Official],
    holdings: Sequence[tuple[Holding, list[str]]],
    others: Sequence[Name],
    text: str,
    phrases: Sequence[OfficePhrase],
) -> tuple[NamedAt, ...]:
    """Every person named in the text, in order of position."""
    named: dict[tuple[int, int], NamedAt] = {}
    ids: dict[str, list[str]] = {}
    for official in officials:
        ids.setdefault(official.name, []).append(official.id)
    for official in officials:
        for mention in official.mentions:
            if mention.field == "text":
                key = (mention.span.start, mention.span.end)
                named[key] = NamedAt(*key, official.name, tuple(ids[official.name]))
    for holding, codes in holdings:
        key = (holding.name.start, holding.name.end)
        here = tuple(dict.fromkeys(f"{holding.name.text}@{code}" for code in codes))
        known = tuple(one for one in here if one in ids.get(holding.name.text, ())) or tuple(
            ids.get(holding.name.text, ())
        )
        titles = tuple(phrase.title for phrase in holding.phrases)
        named[key] = NamedAt(*key, holding.name.text, known, titles, holding.outer)
    named.update(_by_title_alone(officials, phrases, named))
    strangers = {name.text for name in others} - set(ids)
    if strangers:
        for found in _any_of(strangers).finditer(text):
            named.setdefault(found.span(), NamedAt(*found.span(), found.group(), ()))
    return tuple(sorted(named.values(), key=lambda one: (one.start, one.end)))
