"""What a division and its names are. Nouns only.

Codes are GB/T 2260 cut to their level: province 2 digits ("36"), prefecture ("city" here) 4
("3611"), county 6 ("361125"). A code begins with the code of what it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from searchapp.article import Level

NameKind = Literal["full", "short", "former", "former_short"]
Proof = Literal["none", "article", "direct", "never"]

LEVELS: dict[int, Level] = {2: "province", 4: "city", 6: "county"}


@dataclass(frozen=True, slots=True)
class Division:
    """One administrative division. `short` is "" when one character would be left of `name`;
    `path` is "江西省/上饶市/横峰县"; `parent` is the code it belongs to ("" for a province)."""

    code: str
    name: str
    short: str
    level: Level
    path: str
    parent: str


@dataclass(frozen=True, slots=True)
class Sense:
    """One division that a name can stand for, and by which kind of name: 横峰县 (full), 横峰
    (short), 襄樊市 (former), 襄樊 (former_short)."""

    code: str
    kind: NameKind


@dataclass(frozen=True, slots=True)
class Seat:
    """The county (`code`) that a town lies in; `alone` when no other county is known to have a town of
    that name."""

    code: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Name:
    """One string of the gazetteer, in normal form, with all that it can stand for.

    No senses: the string holds the name of a place and is none ("示范县"). `proof` is what an
    article must show before the string counts as a place: nothing, the place named elsewhere
    ("article"), its city or province directly before it ("direct"), or it never counts (公安).
    """

    text: str
    senses: tuple[Sense, ...]
    proof: Proof = "none"
