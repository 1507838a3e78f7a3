"""The queries that most people type: words alone, or one quotation.

They need no lexer: what is read here is what `parser` would make of it, which a property test holds.
"""

from __future__ import annotations

import re

from searchapp.query import And, Clause, Phrase, Words
from searchapp.syntax.source import OPERATORS

MOST_WORDS = 100
# Nothing in these characters is a sign, changes in length or is invisible.
_WORD = "[0-9A-Za-z\u4e00-\u9fff]+"
_WORDS = re.compile(f"{_WORD}(?: {_WORD})*")
_QUOTATION = re.compile(f'"({_WORD})"')


def parse_plain(q: str) -> Clause | None:
    """The clause of `q`, None when it needs the whole grammar."""
    if _WORDS.fullmatch(q):
        return _words(q)
    quotation = _QUOTATION.fullmatch(q)
    return Phrase(quotation[1], "any", 1) if quotation else None


def _words(q: str) -> Clause | None:
    words = q.split(" ")
    if len(words) > MOST_WORDS or not OPERATORS.keys().isdisjoint(words):
        return None
    leaves: list[Words] = []
    position = 0
    for word in words:
        leaves.append(Words(word, "any", (), position))
        position += len(word) + 1
    return leaves[0] if len(leaves) == 1 else And(tuple(leaves))
