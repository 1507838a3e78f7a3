"""Which statements of different columns speak of the same thing, and what is it called?

Description comes first (Osiński & Weiss, "A Concept-Driven Algorithm for Clustering Search
Results", 2005, the idea): labels are chosen that stand in several columns, and each gathers the
statements that hold it. So every row has a name that can be read, and can be checked by eye.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from searchapp.analysis.normalise import is_han, squeeze

QUOTED = re.compile("“([^“”]{2,12})”|「([^「」]{2,12})」|『([^『』]{2,12})』")
MOST_THEMES = 12
MOST_TERMS = 4
MOST_CANDIDATES = 4000
LEAST_CHARS, LONGEST_LABEL_CHARS = 2, 8
# A label that stands in more than this share of many statements tells nothing apart.
MOST_SHARE = 0.6
FEW = 6
# A word of fewer characters than this may stand in two texts by chance; it needs one more.
CERTAIN_CHARS = 3
# A short word that begins with one of these counts things and names none (一张, 第一, 三个).
NUMERALS = frozenset("一二三四五六七八九十两几第每各")
# What somebody put into quotation marks is a coined phrase (“项目为王”).
COINED_WORTH = 1.4
# A further statement in a column that has one already counts this much.
FURTHER_WORTH = 0.5
# A column that only a statement of another row fills counts this much.
CITED_WORTH = 0.4


@dataclass(frozen=True, slots=True)
class Theme:
    """`members` are the texts whose row this is, `cited` texts of other rows that fill a column
    otherwise empty; `terms` further words that most members hold."""

    label: str
    terms: tuple[str, ...]
    members: tuple[int, ...]
    cited: tuple[int, ...]


def align(
    texts: Sequence[str], column: Sequence[int], words: Sequence[Sequence[str]], phrases: Sequence[str]
) -> tuple[Theme, ...]:
    """Themes that stand in at least two columns, the widest first.

    `column[i]` is the column of text i, `words[i]` its index words, `phrases` runs that columns
    share. A text is a member of at most one theme.
    """
    bare = [squeeze(text) for text in texts]
    holders = {
        label: tuple(number for number, text in enumerate(bare) if label in text)
        for label in _candidates(words, phrases)
    }
    holders = {label: found for label, found in holders.items() if _tells_apart(found, column)}
    coined = quoted(texts)
    weight = {label: _weight(label, len(found), len(texts), coined) for label, found in holders.items()}
    themes: list[Theme] = []
    free = set(range(len(texts)))
    while holders and len(themes) < MOST_THEMES:
        worth = {label: weight[label] * _width(found, column, free) for label, found in holders.items()}
        best = max(worth, key=lambda label: (worth[label], len(label), label))
        found = holders.pop(best)
        members = tuple(number for number in found if number in free)
        if not members or len(found) < 2 + (len(best) < CERTAIN_CHARS):
            continue
        themes.append(Theme(best, _terms(best, members, holders), members, _cited(found, members, column)))
        free.difference_update(members)
    return tuple(sorted(themes, key=lambda theme: -len({column[n] for n in theme.members + theme.cited})))


def _candidates(words: Sequence[Sequence[str]], phrases: Sequence[str]) -> list[str]:
    """Labels to try: shared phrases without the words of manner before them (要坚持…), then words."""
    names = [bare for phrase in phrases if len(bare := _without_manner(phrase)) <= LONGEST_LABEL_CHARS]
    names += [word for found in words for word in found if not _counts(word)]
    kept = (name for name in dict.fromkeys(names) if _may_name(name))
    return list(kept)[:MOST_CANDIDATES]


def _may_name(name: str) -> bool:
    return len(name) >= LEAST_CHARS and all(is_han(char) for char in name) and not _only_manner(name)


def _counts(word: str) -> bool:
    return len(word) <= CERTAIN_CHARS and word[:1] in NUMERALS


def _without_manner(phrase: str) -> str:
    words = manner()
    for length in range(min(4, len(phrase) - 1), 0, -1):
        if phrase[:length] in words:
            return _without_manner(phrase[length:])
    return phrase


def _only_manner(name: str) -> bool:
    """Whether `name` is nothing but words of manner, one or several (加快构建)."""
    words = manner()
    return name in words or any(name[:at] in words and _only_manner(name[at:]) for at in range(1, len(name)))


@functools.cache
def manner() -> frozenset[str]:
    """The words of manner.txt."""
    lines = files("searchapp.desk").joinpath("manner.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _tells_apart(found: Sequence[int], column: Sequence[int]) -> bool:
    """Whether a label stands in two columns, and not nearly everywhere."""
    few = len(found) <= max(FEW, MOST_SHARE * len(column))
    return few and len({column[number] for number in found}) > 1


def quoted(texts: Sequence[str]) -> frozenset[str]:
    """Squeezed wordings that stand in quotation marks."""
    return frozenset(squeeze(next(filter(None, found))) for text in texts for found in QUOTED.findall(text))


def _weight(label: str, held: int, texts: int, coined: frozenset[str]) -> float:
    """Rarity among the texts, length (项目为王 names more than 项目), and whether it was coined."""
    weight = (1 - held / (texts + 1)) * math.sqrt(min(len(label), 4))
    return weight * COINED_WORTH if label in coined else weight


def _width(found: Sequence[int], column: Sequence[int], free: set[int]) -> float:
    """Columns that the label's free statements fill, those it could cite, further statements."""
    members = [number for number in found if number in free]
    own = {column[number] for number in members}
    cited = {column[number] for number in found} - own
    further = len(members) - len(own)
    return len(own) + CITED_WORTH * len(cited) + FURTHER_WORTH * further if own else 0.0


def _cited(found: Sequence[int], members: Sequence[int], column: Sequence[int]) -> tuple[int, ...]:
    """One statement of each column that no member fills."""
    filled = {column[number] for number in members}
    first: dict[int, int] = {}
    for number in found:
        if column[number] not in filled:
            first.setdefault(column[number], number)
    return tuple(sorted(first.values()))


def _terms(label: str, members: Sequence[int], holders: dict[str, tuple[int, ...]]) -> tuple[str, ...]:
    """Further labels that at least half of the members hold, the rarest first."""
    own = set(members)
    near = [
        (len(found), other)
        for other, found in holders.items()
        if 2 * len(own & set(found)) >= max(2, len(own)) and other not in label and label not in other
    ]
    return tuple(other for _, other in sorted(near)[:MOST_TERMS])
