"""An editor's own file of additions and corrections, `aliases.toml`: new places, names, people.

Read when the gazetteer is loaded and applied at the next reindex. Every part is optional:

    not_places = ["示范县"]              # strings that are no place, though they hold a name

    [[divisions]]                        # a place that the gazetteer does not know
    code = "990101"                      # 2 digits: province, 4: city, 6: county
    name = "云溪县"
    short = "云溪"                       # optional

    [aliases]                            # further names of a place, by its code
    "361125" = ["岑阳"]

    [merge]                              # the left official is the person on the right
    "潘莉@361125" = "潘琍@361125"

    [[split]]                            # one name@code that is two persons
    official = "王甲@990101"
    into = "王甲（教育局）@990101"        # who the statements and offices below belong to
    office = "教育局局长"                # at least one of office, from, to, articles;
    from = 2020-01-01                    # all that are given must hold
    to = 2021-12-31
    articles = ["a17"]

    [[correct]]                          # put right what a source wrote wrong
    official = "王乙@990101"
    name = "王已"                        # optional: the right name
    offices = {"县委书纪" = "县委书记"}  # optional: wrong title = right title

Here the places are applied (gazetteer.py); `merge`, `split` and `correct` are applied to the
annotated articles at reindex. `Additions.changes` says each change in one line.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from searchapp.errors import ConfigError

CODE = re.compile(r"(?:\d{2}){1,3}")
OFFICIAL = re.compile(r"[^@\s]+@(?:\d{2}|\d{4}|\d{6}|\?)")
PARTS = ("not_places", "divisions", "aliases", "merge", "split", "correct")


@dataclass(frozen=True, slots=True)
class NewDivision:
    """A place that the gazetteer does not know, or knows by another name."""

    code: str
    name: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """What of `official` belongs to `into`: all criteria that are given must hold.

    `start` and `end` are ISO dates of the article, both included; "" when open.
    """

    official: str
    into: str
    office: str = ""
    start: str = ""
    end: str = ""
    articles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Correction:
    """The right name ("" when it is right) and the right titles of an official."""

    official: str
    name: str = ""
    offices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Additions:
    """All that one `aliases.toml` says."""

    divisions: tuple[NewDivision, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    not_places: tuple[str, ...] = ()
    merges: Mapping[str, str] = field(default_factory=dict)
    splits: tuple[Split, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def changes(self) -> tuple[str, ...]:
        """One line for each change, for display."""
        return tuple(_lines(self))


def _lines(additions: Additions) -> Iterator[str]:
    for new in additions.divisions:
        yield f"新增地名 {new.code} {new.name}" + (f"（简称{new.short}）" if new.short else "")
    for code, alias in additions.aliases:
        yield f"{code} 又名 {alias}"
    for word in additions.not_places:
        yield f"“{word}”不是地名"
    for before, after in additions.merges.items():
        yield f"{before} 并入 {after}"
    for split in additions.splits:
        limits = [split.office, f"{split.start}—{split.end}" if split.start or split.end else ""]
        limits += sorted(split.articles)
        yield f"{split.official} 分出 {split.into}：{'，'.join(limit for limit in limits if limit)}"
    for fix in additions.corrections:
        if fix.name:
            yield f"{fix.official} 更名为 {fix.name}"
        for wrong, right in fix.offices.items():
            yield f"{fix.official} 职务 {wrong} 改为 {right}"


class _Reader:
    """Takes typed values out of parsed TOML; every fault is a ConfigError with file and key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, key: str, reason: str) -> ConfigError:
        return ConfigError(f"{self.path}: {key}: {reason}")

    def text(self, value: Any, key: str, pattern: re.Pattern[str] | None = None) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "must be a string that is not empty")
        if pattern is not None and not pattern.fullmatch(value):
            form = "2, 4 or 6 digits" if pattern is CODE else "name@code"
            raise self.fail(key, f"{value!r} is not {form}")
        return value.strip()

    def texts(self, value: Any, key: str) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self.fail(key, "must be a list of strings")
        return tuple(self.text(item, f"{key}[{i}]") for i, item in enumerate(value))

    def table(self, value: Any, key: str, allowed: tuple[str, ...] = ()) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(key, "must be a table")
        for name in value:
            if allowed and name not in allowed:
                raise self.fail(f"{key}.{name}" if key else name, f"unknown key; known: {', '.join(allowed)}")
        return value

    def tables(self, value: Any, key: str, allowed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
        if not isinstance(value, list):
            raise self.fail(key, f"must be written as [[{key}]]")
        for i, item in enumerate(value):
            yield f"{key}[{i}]", self.table(item, f"{key}[{i}]", allowed)

    def optional(self, table: dict[str, Any], name: str, key: str) -> str:
        return self.text(table[name], f"{key}.{name}") if name in table else ""

    def required(
        self, table: dict[str, Any], name: str, key: str, pattern: re.Pattern[str] | None = None
    ) -> str:
        if name not in table:
            raise self.fail(f"{key}.{name}", "is missing")
        return self.text(table[name], f"{key}.{name}", pattern)

    def day(self, table: dict[str, Any], name: str, key: str) -> str:
        value = table.get(name, "")
        if isinstance(value, datetime.date):
            return value.isoformat()[:10]
        try:
            return datetime.date.fromisoformat(value).isoformat() if value else ""
        except (TypeError, ValueError):
            raise self.fail(f"{key}.{name}", f"{value!r} is not a date like 2022-12-15") from None


def read_additions(path: Path) -> Additions:
    """The additions in file `path`. ConfigError (file, key, reason) for anything not understood."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None
    reader = _Reader(path)
    reader.table(data, "", PARTS)
    return Additions(
        divisions=tuple(_divisions(reader, data.get("divisions", []))),
        aliases=tuple(_aliases(reader, data.get("aliases", {}))),
        not_places=reader.texts(data.get("not_places", []), "not_places"),
        merges=dict(_merges(reader, data.get("merge", {}))),
        splits=tuple(_splits(reader, data.get("split", []))),
        corrections=tuple(_corrections(reader, data.get("correct", []))),
    )


def _divisions(reader: _Reader, value: Any) -> Iterator[NewDivision]:
    for key, table in reader.tables(value, "divisions", ("code", "name", "short")):
        name = reader.required(table, "name", key)
        short = reader.optional(table, "short", key)
        yield NewDivision(reader.required(table, "code", key, CODE), name, short)


def _aliases(reader: _Reader, value: Any) -> Iterator[tuple[str, str]]:
    for code, names in reader.table(value, "aliases").items():
        reader.text(code, f"aliases.{code}", CODE)
        for name in reader.texts(names, f"aliases.{code}"):
            yield code, name


def _merges(reader: _Reader, value: Any) -> Iterator[tuple[str, str]]:
    table = reader.table(value, "merge")
    for before, after in table.items():
        reader.text(before, f"merge.{before}", OFFICIAL)
        reader.text(after, f"merge.{before}", OFFICIAL)
        if after in table:
            raise reader.fail(f"merge.{before}", f"{after} is itself merged into another; name the last one")
        yield before, after


def _splits(reader: _Reader, value: Any) -> Iterator[Split]:
    known = ("official", "into", "office", "from", "to", "articles")
    for key, table in reader.tables(value, "split", known):
        split = Split(
            official=reader.required(table, "official", key, OFFICIAL),
            into=reader.required(table, "into", key, OFFICIAL),
            office=reader.optional(table, "office", key),
            start=reader.day(table, "from", key),
            end=reader.day(table, "to", key),
            articles=frozenset(reader.texts(table.get("articles", []), f"{key}.articles")),
        )
        if not (split.office or split.start or split.end or split.articles):
            raise reader.fail(key, "needs at least one of office, from, to, articles")
        yield split


def _corrections(reader: _Reader, value: Any) -> Iterator[Correction]:
    for key, table in reader.tables(value, "correct", ("official", "name", "offices")):
        offices = reader.table(table.get("offices", {}), f"{key}.offices")
        fix = Correction(
            official=reader.required(table, "official", key, OFFICIAL),
            name=reader.optional(table, "name", key),
            offices={wrong: reader.text(right, f"{key}.offices.{wrong}") for wrong, right in offices.items()},
        )
        if not (fix.name or fix.offices):
            raise reader.fail(key, "needs name or offices")
        yield fix
