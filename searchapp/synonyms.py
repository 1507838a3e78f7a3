"""Which words count as the same word? A small list that an editor can change.

The form of the file is described at the top of `synonyms.txt`. Expansion happens inside the leaf
of the query tree (law 5: NOT never leaks): a `Words` leaf gets further spellings, nothing else
changes, and phrases in quotation marks stay exact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from searchapp.analysis.normalise import squeeze
from searchapp.errors import ConfigError
from searchapp.query import And, Clause, Not, Or, Query, Words

BUNDLED = Path(__file__).with_name("synonyms.txt")
ARROW = "=>"


class Synonyms:
    """For each word (in squeezed normal form) the others that count as it, in file order."""

    def __init__(self, variants: Mapping[str, Sequence[str]]) -> None:
        self._variants = {word: tuple(others) for word, others in variants.items()}

    def variants(self, word: str) -> tuple[str, ...]:
        """The other words that `word` also finds, in normal form; () when there are none."""
        return self._variants.get(squeeze(word), ())

    @property
    def fingerprint(self) -> str:
        """Short hash of what the list means: remarks and the order of its lines do not count."""
        meaning = sorted((word, sorted(others)) for word, others in self._variants.items())
        return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()[:16]


def load_synonyms(path: Path | None = None) -> Synonyms:
    """Read a list of synonyms (None: the bundled one). Raises ConfigError naming path:line."""
    path = path or BUNDLED
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    variants: dict[str, dict[str, None]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        try:
            for word, other in _pairs(line.partition("#")[0]):
                variants.setdefault(word, {})[other] = None
        except ValueError as error:
            raise ConfigError(f"{path}:{number}: {error}") from None
    return Synonyms({word: tuple(others) for word, others in variants.items()})


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """(word, what it also finds) of one line; raises ValueError saying what is wrong with it."""
    left, arrow, right = line.replace("＝＞", ARROW).partition(ARROW)
    if not line.strip():
        return
    if ARROW in right:
        raise ValueError(f"more than one {ARROW}")
    words = _words(left)
    others = _words(right) if arrow else words
    if repeated := set(words) & set(others) if arrow else {w for w in words if words.count(w) > 1}:
        raise ValueError(f"{min(repeated)!r} stands twice")
    if not arrow and len(words) < 2:
        raise ValueError(f"a group needs two words, {words[0]!r} is alone; one way is written 甲 {ARROW} 乙")
    for word in words:
        yield from ((word, other) for other in others if other != word)


def _words(part: str) -> list[str]:
    words = [squeeze(word) for word in part.replace("，", ",").split(",")]
    if "" in words:
        raise ValueError("an empty word: too many commas, or nothing on one side of =>")
    return words


def expand(clause: Clause, synonyms: Synonyms) -> Clause:
    """`clause` with the synonyms of every `Words` leaf added to its variants, all else unchanged."""
    match clause:
        case Words():
            more = synonyms.variants(clause.text)
            known = dict.fromkeys((*clause.variants, *more))
            return replace(clause, variants=tuple(known)) if more else clause
        case And(parts):
            return And(tuple(expand(part, synonyms) for part in parts))
        case Or(parts):
            return Or(tuple(expand(part, synonyms) for part in parts))
        case Not(part):
            return Not(expand(part, synonyms))
        case _:
            return clause


def expand_query(query: Query, synonyms: Synonyms) -> Query:
    """`query` with its clause expanded; unchanged when it asks for `exact`."""
    return query if query.exact else replace(query, clause=expand(query.clause, synonyms))
