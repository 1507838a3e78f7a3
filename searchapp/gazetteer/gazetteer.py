"""Which divisions are there, and where does a text name them?

Names are matched in normal form (`searchapp.analysis.normalise`), leftmost and longest. Matching says
where a string stands; what it stands for there, the annotator says.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from searchapp.analysis.normalise import normalise
from searchapp.errors import ConfigError
from searchapp.gazetteer.additions import Additions, read_additions
from searchapp.gazetteer.division import LEVELS, Division, Name, NameKind, Proof, Seat, Sense
from searchapp.gazetteer.names import forms, proof_by_kind, short_of
from searchapp.gazetteer.tables import TABLES, read_table, table_bytes
from searchapp.scanning import Words

# The longest full name of a county that is looked for within a short one: three characters and 县.
LONGEST_OVERLAP_CHARS = 4
FUNCTION_WORDS = frozenset("从和同于来至都会上")
PROOFS: dict[str, Proof] = {"none": "none", "article": "article", "direct": "direct", "never": "never"}


class Gazetteer:
    """Divisions, their names, and where these stand in a text. Immutable once built."""

    def __init__(
        self,
        divisions: Sequence[Division],
        names: Sequence[Name],
        fingerprint: str,
        additions: Additions | None = None,
    ) -> None:
        self.divisions = tuple(divisions)
        self.fingerprint = fingerprint
        self.additions = additions or Additions()
        self._by_code = {division.code: division for division in self.divisions}
        # What each division is called, and its path.
        self.shown = {division.code: (division.name, division.path) for division in self.divisions}
        self._names = {name.text: name for name in names}
        self._high = {name.text for name in names if any(len(sense.code) < 6 for sense in name.senses)}
        self._full = {name.text for name in names if any(sense.kind == "full" for sense in name.senses)}
        self._sought = [name for name in names if name.proof != "never"]
        self._words = Words([name.text for name in self._sought])

    def division(self, code: str) -> Division | None:
        """The division with that code."""
        return self._by_code.get(code)

    def named(self, name: str) -> tuple[Division, ...]:
        """Divisions of all levels whose full, short or former name is `name`, in any script form."""
        entry = self._names.get(normalise(name))
        return tuple(self._by_code[sense.code] for sense in entry.senses) if entry else ()

    def name(self, text: str) -> Name | None:
        """The entry that `scan` gives for `text`, which must be in normal form."""
        entry = self._names.get(text)
        return None if entry is None or entry.proof == "never" else entry

    def scan(self, text: str) -> Iterator[tuple[int, int, Name]]:
        """Names in `text` (in normal form), leftmost and longest: (start, end, name).

        A county's short name that begins with a function word gives way to a province or city
        that begins within it: 从江苏 holds 江苏, not 从江. Any short name of a county gives way to
        the full name of another division, of three characters and more: 行长海丰县 holds 海丰县, not 长海,
        and 民建湖南省 no 建湖 (but 江宁县 is no 宁县, and 松江城区 no 江城区).
        """
        found, at = self._words.longest(text), 0
        while at < len(found):
            begin, end, number = found[at]
            name = self._sought[number]
            at += 1
            if name.proof != "none" and name.senses and self._gives_way(text, begin, end, name):
                found, at = self._words.longest(text, begin + 1), 0
            else:
                yield begin, end, name

    def _gives_way(self, text: str, begin: int, end: int, name: Name) -> bool:
        if name.text[0] in FUNCTION_WORDS and any(
            text[begin + 1 : stop] in self._high for stop in range(end + 1, end + 3)
        ):
            return True
        return any(
            text[first:stop] in self._full and text[end:stop] != "城区"
            for first in range(begin + 1, end)
            for stop in range(max(end, first + 2) + 1, min(first + LONGEST_OVERLAP_CHARS, len(text)) + 1)
        )

    @functools.cached_property
    def childless_cities(self) -> frozenset[str]:
        """Codes of the cities that have no counties: their towns are their own (东莞, 中山)."""
        with_counties = {division.parent for division in self.divisions}
        return frozenset(d.code for d in self.divisions if d.level == "city" and d.code not in with_counties)

    @functools.cached_property
    def town_seats(self) -> dict[str, tuple[Seat, ...]]:
        """The counties that have a town of that name (曹杨新村街道), in normal form."""
        rows = ((row["name"], row["codes"].split()) for row in read_table("towns"))
        return {name: tuple(Seat(code, len(codes) == 1) for code in codes) for name, codes in rows}

    @functools.cached_property
    def words(self) -> tuple[str, ...]:
        """Names of two and more characters that word segmentation should know, in normal form."""
        return tuple(
            sorted(
                name.text
                for name in self._names.values()
                if len(name.text) > 1 and name.senses and name.proof in ("none", "article")
            )
        )


@functools.lru_cache(maxsize=4)
def load_gazetteer(additions: Path | None = None) -> Gazetteer:
    """The gazetteer with the editor's file `additions`; ConfigError when that cannot be used."""
    extra = read_additions(additions) if additions else Additions()
    digest = hashlib.sha256()
    for table in TABLES:
        digest.update(table_bytes(table))
    if additions:
        digest.update(additions.read_bytes())
    divisions = _divisions(extra, additions)
    return Gazetteer(divisions, _names(divisions, extra, additions), digest.hexdigest(), extra)


def _divisions(extra: Additions, path: Path | None) -> list[Division]:
    rows = {row["code"]: (row["name"], row["short"]) for row in read_table("divisions")}
    rows |= {new.code: (new.name, new.short) for new in extra.divisions}
    divisions: dict[str, Division] = {}
    for code in sorted(rows):
        parent = _parent(code, rows)
        if len(code) > 2 and not parent:
            raise ConfigError(f"{path}: divisions: {code}: its province {code[:2]} is not known")
        name, short = rows[code]
        above = divisions[parent].path + "/" if parent else ""
        divisions[code] = Division(code, name, short, LEVELS[len(code)], above + name, parent)
    return list(divisions.values())


def _parent(code: str, known: Iterable[str]) -> str:
    """The nearest known code above: its city, or its province for what no city governs."""
    return next((code[:end] for end in (4, 2) if end < len(code) and code[:end] in known), "")


def _names(divisions: Sequence[Division], extra: Additions, path: Path | None) -> list[Name]:
    senses: dict[str, dict[str, NameKind]] = {}
    known = {division.code: division for division in divisions}
    for text, code, kind in _spellings(divisions, extra):
        if code not in known:
            raise ConfigError(f"{path}: aliases.{code}: no division has this code")
        senses.setdefault(text, {}).setdefault(code, kind)
    for row in read_table("not_places"):
        senses.setdefault(row["word"], {})
    for word in extra.not_places:
        senses[word] = {}
    proofs = {row["name"]: PROOFS[row["proof"]] for row in read_table("proofs")}
    # One call for all: normalising keeps every character in its place, so also the bars.
    folded = normalise("|".join(senses)).split("|")
    merged: dict[str, dict[str, NameKind]] = {}
    for text, raw in zip(folded, senses, strict=True):
        merged.setdefault(text, {}).update(senses[raw])
    named = dict(zip(senses, folded, strict=True))
    known_proofs = {named[raw]: proof for raw, proof in proofs.items() if raw in named}
    return [
        Name(text, tuple(Sense(*each) for each in of.items()), known_proofs.get(text) or proof_by_kind(of))
        for text, of in merged.items()
    ]


def _spellings(divisions: Sequence[Division], extra: Additions) -> Iterator[tuple[str, str, NameKind]]:
    """(spelling, code, kind), present names before former ones.

    A former short name that some place bears today says nothing of the past: 上饶 is the city,
    not what was 上饶县 until 2019.
    """
    present = set()
    for division in divisions:
        for text, kind in forms(division):
            present.add(text)
            yield text, division.code, kind
    for row in read_table("aliases"):
        yield row["alias"], row["code"], "full"
    for code, alias in extra.aliases:
        yield alias, code, "full"
    for row in read_table("renames"):
        yield row["former"], row["code"], "former"
        short = short_of(row["former"])
        if short and short not in present:
            yield short, row["code"], "former_short"
