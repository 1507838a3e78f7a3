"""Clauses -> query text: what was understood, in a form that can be searched again.

For trees without variants `parse(render(clause)) == clause` but for positions. Variants
(synonyms, near-spellings) are shown to the reader and are no part of the language.
"""

from __future__ import annotations

import re

from searchapp.analysis.normalise import normalise
from searchapp.errors import QueryError
from searchapp.query import (
    And,
    Clause,
    Everything,
    Fuzzy,
    InDates,
    InFacet,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Words,
)
from searchapp.syntax.lexer import FIELDS, Kind, Token, lex
from searchapp.syntax.source import OPERATOR, SIGNS

_FIELD_NAMES = {field: name for name, field in reversed(FIELDS.items())}
# Quotes that may stay inside a word: pairs that cannot pair with anything outside it.
_QUOTES = '"＂“”„‟〝〞「」『』｢｣﹁﹂﹃﹄'
_SAFE_QUOTES = re.compile(
    rf"[^{_QUOTES}\s]*(?:(?:“[^{_QUOTES}]*”|「[^{_QUOTES}]*」|\"[^{_QUOTES}]*\")[^{_QUOTES}\s]*)*"
)


def render(clause: Clause) -> str:
    """Canonical query text of `clause`; "" for Everything()."""
    if isinstance(clause, Everything):
        return ""
    if isinstance(clause, And):
        return " ".join(_grouped(part, (And, Or)) for part in clause.clauses)
    if isinstance(clause, Or):
        return " 或 ".join(_grouped(part, (And, Or)) for part in clause.clauses)
    if isinstance(clause, Not):
        inner = _grouped(clause.clause, (And, Or, Not))
        # A dash before a dash would be one word of dashes.
        return f"NOT {inner}" if normalise(inner[:1]) == "-" else f"-{inner}"
    return _render_leaf(clause)


def _grouped(clause: Clause, kinds: tuple[type, ...]) -> str:
    text = render(clause)
    return f"({text})" if isinstance(clause, kinds) else text


def _render_leaf(leaf: Leaf) -> str:
    if isinstance(leaf, InFacet):
        return f"{_FIELD_NAMES[leaf.facet]}:{_value(leaf.text)}"
    if isinstance(leaf, InDates):
        return f"{_FIELD_NAMES['date']}:{_value(leaf.text or f'{leaf.first}..{leaf.last}')}"
    field = "" if leaf.where == "any" else f"{_FIELD_NAMES[leaf.where]}:"
    return field + _render_text(leaf)


def _render_text(leaf: Words | Phrase | Near | Prefix | Fuzzy) -> str:
    if isinstance(leaf, Phrase):
        return _quote(leaf.text)
    if isinstance(leaf, Near):
        return f"{_quote(' '.join(leaf.texts))}~{leaf.distance_chars}"
    if isinstance(leaf, Prefix):
        return _word(leaf.text, "prefix", "*")
    if isinstance(leaf, Fuzzy):
        return _word(leaf.text, "fuzzy", "~") + _also(leaf.variants)
    return _word(leaf.text, "word", "") + _also(leaf.variants)


def _also(variants: tuple[str, ...]) -> str:
    return f"（也查：{'、'.join(variants)}）" if variants else ""


def _value(text: str) -> str:
    """A field's value as a word where it can be one, in quotes otherwise."""
    return text if _reads_back(text, "word", "") else _quote(text)


def _word(text: str, kind: Kind, sign: str) -> str:
    return (text if _reads_back(text, kind, sign) else _escape(text)) + sign


def _reads_back(text: str, kind: Kind, sign: str) -> bool:
    """Whether `text` can stand as it is, wherever a word can stand."""
    if text.isalnum() and not OPERATOR.fullmatch(text):
        return True
    if "\\" in text or not _SAFE_QUOTES.fullmatch(text):
        return False
    try:
        return lex(text + sign) == [Token(kind, text, 0)]
    except QueryError:
        return False


def _escape(text: str) -> str:
    escaped = "".join("\\" + char if normalise(char) in SIGNS else char for char in text)
    return "\\" + escaped if OPERATOR.fullmatch(text) else escaped


def _quote(text: str) -> str:
    inner = "".join("\\" + char if normalise(char) in '"\\' else char for char in text)
    return f"“{inner}”"
