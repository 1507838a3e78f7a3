"""Applies what an editor has put right about people: split, correct, merge (aliases.toml).

In this order, so that a merge may name what a split or a correction makes. A split whose `office` is
only one of several that the article gives moves that office alone; statements move with the person
when nothing of them stays behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from searchapp.article import Article, Mention, Office, Official, Statement
from searchapp.gazetteer import Additions, Gazetteer, Split

CENTRE = "00"


def corrected(article: Article, additions: Additions, gazetteer: Gazetteer) -> Article:
    """`article` with the editor's corrections of people applied; the same object when none applies."""
    if not article.officials or not (additions.splits or additions.corrections or additions.merges):
        return article
    officials, renamed = _split(article, additions.splits, gazetteer)
    officials, fixed = _correct(officials, additions)
    merged = {official.id: additions.merges.get(official.id, official.id) for official in officials}
    joined = _join(_renamed(official, merged[official.id], gazetteer) for official in officials)
    if joined == article.officials:
        return article
    final = {
        official.id: merged[fixed.get(step, step)]
        for official in article.officials
        for step in (renamed.get(official.id, official.id),)
    }
    by_id = {official.id: official for official in joined}
    statements = tuple(_spoken(one, by_id[final[one.official]]) for one in article.statements)
    return replace(article, officials=joined, statements=statements)


def _split(
    article: Article, splits: Iterable[Split], gazetteer: Gazetteer
) -> tuple[list[Official], dict[str, str]]:
    """The officials after the splits, and the new ids of those who moved as a whole."""
    officials = list(article.officials)
    renamed: dict[str, str] = {}
    for split in splits:
        for official in [one for one in officials if one.id == split.official]:
            if not _applies(split, article, official):
                continue
            moved = tuple(office for office in official.offices if split.office in ("", office.title))
            stays = tuple(office for office in official.offices if office not in moved)
            officials.remove(official)
            officials.append(_renamed(replace(official, offices=moved), split.into, gazetteer))
            if stays:
                officials.append(replace(official, offices=stays))
            else:
                renamed[official.id] = split.into
    return officials, renamed


def _applies(split: Split, article: Article, official: Official) -> bool:
    titles = {office.title for office in official.offices}
    return (
        (not split.office or split.office in titles)
        and (not split.articles or article.id in split.articles)
        and (not split.start or bool(article.date) and article.date >= split.start)
        and (not split.end or bool(article.date) and article.date[:10] <= split.end)
    )


def _correct(officials: Iterable[Official], additions: Additions) -> tuple[list[Official], dict[str, str]]:
    """Right names and titles, and the new ids of those whose name changed."""
    fixes = {fix.official: fix for fix in additions.corrections}
    result: list[Official] = []
    fixed: dict[str, str] = {}
    for official in officials:
        fix = fixes.get(official.id)
        if fix is not None:
            titles = fix.offices
            offices = tuple(Office(titles.get(one.title, one.title), one.former) for one in official.offices)
            name = fix.name or official.name
            fixed[official.id] = f"{name}@{official.code}"
            official = replace(official, id=fixed[official.id], name=name, offices=offices)
        result.append(official)
    return result, fixed


def _renamed(official: Official, new_id: str, gazetteer: Gazetteer) -> Official:
    if new_id == official.id:
        return official
    name, _, code = new_id.rpartition("@")
    division = gazetteer.division(code)
    place = "中国" if code == CENTRE else division.path if division else ""
    return replace(official, id=new_id, name=name, code=code, place=place)


def _join(officials: Iterable[Official]) -> tuple[Official, ...]:
    """One entry an id: offices and mentions of the same person together."""
    by_id: dict[str, Official] = {}
    for official in officials:
        known = by_id.get(official.id)
        if known is None:
            by_id[official.id] = official
            continue
        offices = {office.title: office for office in known.offices}
        for office in official.offices:
            offices.setdefault(office.title, office)
        mentions = sorted({*known.mentions, *official.mentions}, key=_position)
        by_id[official.id] = replace(known, offices=tuple(offices.values()), mentions=tuple(mentions))
    return tuple(by_id.values())


def _position(mention: Mention) -> tuple[bool, int, int]:
    return mention.field == "text", mention.span.start, mention.span.end


def _spoken(statement: Statement, speaker: Official) -> Statement:
    titles = {office.title for office in speaker.offices}
    kept = tuple(title for title in statement.offices if title in titles)
    present = tuple(office.title for office in speaker.offices if not office.former)
    return replace(
        statement,
        official=speaker.id,
        name=speaker.name,
        code=speaker.code,
        offices=kept or present or tuple(office.title for office in speaker.offices),
    )
