"""The persons of an article while they are put together, and where the text names them.

Offsets are code points into the original title or text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from searchapp.annotate.chains import Holding
from searchapp.annotate.names import Name, is_boundary, name_tables
from searchapp.annotate.occurrences import occurrences
from searchapp.annotate.office_places import CENTRE
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase
from searchapp.article import Field, Mention, Office, Official, Span
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


class NamedAt(NamedTuple):
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
    """The officials of an article, and every person named in its text in order, officials and others
    (whose speech is nobody's statement)."""

    officials: tuple[Official, ...]
    named: tuple[NamedAt, ...]


def add_mentions(persons: Iterable[Person], title: str, text: str) -> None:
    """Adds the mentions by name alone."""
    by_name: dict[str, list[Person]] = {}
    for person in persons:
        by_name.setdefault(person.name, []).append(person)
    if not by_name:
        return
    fields: tuple[tuple[Field, str], ...] = (("title", title), ("text", text))
    for where, content in fields:
        for name in occurrences(content, by_name, widened=True):
            if _is_mention(content, name.start, name.end, name.text):
                for person in by_name[name.text]:
                    person.mentions.setdefault((where, name.start, name.end), None)


# 习近平强军思想 names a doctrine, not the man.
_DOCTRINE = re.compile("新时代|(?:生态文明|强军|法治|外交|经济|文化|党建)?思想")


def _is_mention(text: str, start: int, end: int, name: str) -> bool:
    """Whether a known name standing alone is that person, not part of words (高峰期)."""
    tables = name_tables()
    if _DOCTRINE.match(text, end):
        return False
    if name not in tables.word_names:
        return True
    before = start == 0 or is_boundary(text, start - 1)
    ends = is_boundary(text, end) or tables.followers.at(text, end) or text[end] in "说称"
    return before and bool(ends)


def official_of(person: Person, gazetteer: Gazetteer) -> Official:
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
    text: str,
    officials: Sequence[Official],
    phrases: Sequence[OfficePhrase],
    named: dict[tuple[int, int], NamedAt],
) -> Iterator[tuple[tuple[int, int], NamedAt]]:
    """Offices that stand for the one official who holds them (总书记要求……, 林书记要求……)."""
    holders: dict[str, list[Official]] = {}
    for official in officials:
        for office in official.offices:
            holders.setdefault(office.title, []).append(official)
    titled = [(one.titled_from, one.start) for one in named.values() if 0 <= one.titled_from < one.start]
    name_starts = {start for start, _ in named}
    name_ends = {end for _, end in named}
    for phrase in phrases:
        held = _called_so(text, phrase, officials) or holders.get(phrase.title, [])
        if len(held) != 1:
            continue
        near = any(start <= phrase.start < end for start, end in titled)
        near = near or phrase.end in name_starts or phrase.end + 1 in name_starts
        near = near or phrase.start in name_ends or text.startswith(("团", "会"), phrase.end)  # 主席团
        if not near and (phrase.start, phrase.end) not in named:
            start = phrase.start - text.startswith(held[0].name[0], max(phrase.start - 1, 0))
            yield (
                (start, phrase.end),
                NamedAt(start, phrase.end, held[0].name, (held[0].id,), (phrase.title,)),
            )


def _called_so(text: str, phrase: OfficePhrase, officials: Sequence[Official]) -> list[Official]:
    """The officials of that surname and office (林书记 is the 县委书记 林守田)."""
    surname = text[max(phrase.start - 1, 0) : phrase.start]
    return [
        official
        for official in officials
        if official.name[0] == surname
        and any(office.title.endswith(phrase.title) for office in official.offices)
    ]


# 局党组书记 is the 教育局党组书记.
_OWN_BODY = re.compile("[部局厅院]党[组委]")


def _is_short_form(office: Office, person: Person) -> bool:
    short = office.title in office_tables().bare_titles or _OWN_BODY.match(office.title)
    return _is_in_zone(office, person) or bool(short) and any(
        other.endswith(office.title) and other[-len(office.title) - 1 : -len(office.title)] != "副"
        for other in person.offices
        if other != office.title
    )


def _is_in_zone(office: Office, person: Person) -> bool:
    """Whether another office of the person is the same with its zone (开发区党工委委员 of 党工委委员)."""
    zones = office_tables().zones
    longer = (other[: -len(office.title)] for other in person.offices if other.endswith(office.title))
    return any(before in zones for before in longer)


def named_in(
    text: str,
    officials: Sequence[Official],
    holdings: Sequence[tuple[Holding, list[str]]],
    strangers: Sequence[Name],
    phrases: Sequence[OfficePhrase],
) -> tuple[NamedAt, ...]:
    """Every person named in the text, in order of position. `holdings` come with the codes of their
    offices; `strangers` hold none."""
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
        known = ids.get(holding.name.text, [])
        here = [one for one in dict.fromkeys(f"{holding.name.text}@{code}" for code in codes) if one in known]
        titles = tuple(phrase.title for phrase in holding.phrases)
        named[key] = NamedAt(*key, holding.name.text, tuple(here or known), titles, holding.outer)
    if officials:
        named.update(_by_title_alone(text, officials, phrases, named))
    unknown = {name.text for name in strangers} - set(ids)
    for found in occurrences(text, unknown, widened=True):
        span = found.start, found.end
        named.setdefault(span, NamedAt(*span, text[found.start : found.end], ()))
    return tuple(sorted(named.values(), key=lambda one: (one.start, one.end)))
