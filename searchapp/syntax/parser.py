"""Tokens -> clauses. A recursive descent over four levels: 或, 与, 非, and the word."""

from __future__ import annotations

from collections.abc import Callable

from searchapp.errors import QueryError
from searchapp.query import (
    And,
    Clause,
    Everything,
    FacetName,
    Fuzzy,
    InDates,
    InFacet,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Where,
    Words,
)
from searchapp.syntax.dates import HINT as DATE_HINT
from searchapp.syntax.dates import read_dates
from searchapp.syntax.lexer import Token, lex
from searchapp.syntax.plain import parse_plain

MAX_QUERY_CHARS = 10_000
MAX_TERMS = 1_000
# The orders of the words are tried one by one.
MAX_NEAR_WORDS = 5
MAX_DEPTH = 50

_LEAVES = frozenset({"word", "fuzzy", "prefix", "phrase", "near"})
_OPERANDS = _LEAVES | {"open", "not", "field"}
_FACETS: dict[str, FacetName] = {"county": "county", "official": "official", "source": "source"}
_EXAMPLES = {
    "title": "标题:务虚会", "text": "正文:(甲 或 乙)", "county": "县:横峰县", "official": "官员:潘琍",
    "source": "来源:新华社", "date": "日期:2022-12..2023-03",
}  # fmt: skip


def parse(q: str) -> Clause:
    """The clause that the query text `q` means; Everything() for a blank one.

    `position` of each leaf is where its text begins in `q` (code points). Raises QueryError with
    position and hint for what cannot be understood, and for more than MAX_QUERY_CHARS characters,
    MAX_TERMS words or MAX_DEPTH levels.
    """
    if len(q) > MAX_QUERY_CHARS:
        raise QueryError(f"查询超过 {MAX_QUERY_CHARS} 个字", MAX_QUERY_CHARS, "请缩短查询，或分几次查")
    return parse_plain(q) or parse_signs(q)


def parse_signs(q: str) -> Clause:
    """`parse` by the whole grammar, whatever `q` is."""
    return _Parser(lex(q)).run()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._terms = 0
        self._field: str | None = None

    def run(self) -> Clause:
        return self._any_of() if self._tokens else Everything()

    def _peek(self) -> str:
        return self._tokens[self._next].kind if self._next < len(self._tokens) else "end"

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _any_of(self) -> Clause:
        clauses = [self._all_of()]
        while self._peek() == "or":
            self._take()
            clauses.append(self._all_of())
        return clauses[0] if len(clauses) == 1 else Or(tuple(clauses))

    def _all_of(self) -> Clause:
        clauses = [self._operand()]
        while self._peek() == "and" or self._peek() in _OPERANDS:
            if self._peek() == "and":
                self._take()
            clauses.append(self._operand())
        return clauses[0] if len(clauses) == 1 else And(tuple(clauses))

    def _operand(self) -> Clause:
        kind = self._peek()
        if kind in _LEAVES:
            return self._leaf(self._take())
        if kind == "field":
            return self._fielded(self._take())
        if kind == "open":
            return self._nested(self._take(), self._group)
        if kind == "not":
            return self._nested(self._take(), lambda: Not(self._operand()))
        raise self._missing()

    def _nested(self, token: Token, read: Callable[[], Clause]) -> Clause:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"嵌套超过 {MAX_DEPTH} 层", token.position, "请减少括号的层数")
        clause = read()
        self._depth -= 1
        return clause

    def _group(self) -> Clause:
        clause = self._any_of()
        self._take()  # the closing parenthesis: the lexer has seen to it that there is one
        return clause

    def _fielded(self, token: Token) -> Clause:
        if self._field is not None:
            raise QueryError("字段里面不能再写字段", token.position, "分开写：标题:甲 正文:乙")
        if self._peek() not in _LEAVES | {"open"}:
            raise self._missing()
        self._field = token.text
        clause = self._operand()
        self._field = None
        return clause

    def _leaf(self, token: Token) -> Leaf:
        self._terms += len(token.text.split()) if token.kind == "near" else 1
        if self._terms > MAX_TERMS:
            raise QueryError(f"超过 {MAX_TERMS} 个词", token.position, "请减少词数，或分几次查")
        if self._field == "date":
            return _in_dates(token)
        if self._field in _FACETS:
            return _in_facet(_FACETS[self._field], token)
        return _text_leaf(token, "title" if self._field == "title" else "text" if self._field else "any")

    def _missing(self) -> QueryError:
        """Nothing stands where a word must: blame the sign that asks for one."""
        before = self._tokens[self._next - 1] if self._next else None
        if before is None or (before.kind == "open" and self._peek() != "close"):
            before = self._tokens[self._next]  # an operator that begins the text or a group
        return _MISSING[before.kind](before)


def _missing_side(token: Token) -> QueryError:
    return QueryError(
        f"“{token.text}”的一边没有词", token.position,
        f'“{token.text}”的两边都要有词：甲 {token.text} 乙；要查这个字本身，请加引号："{token.text}"',
    )  # fmt: skip


def _missing_excluded(token: Token) -> QueryError:
    return QueryError(
        f"“{token.text}”后面没有要排除的词", token.position,
        f'后面写要排除的词：甲 -乙，甲 非 乙；要查“{token.text}”本身，请加引号："{token.text}"',
    )  # fmt: skip


def _missing_content(token: Token) -> QueryError:
    return QueryError("括号里没有词", token.position, '括号里写词：(甲 或 乙)；要查括号本身，请加引号："()"')


def _missing_value(token: Token) -> QueryError:
    return QueryError(
        "字段后面没有要查的词", token.position, f"冒号后面紧跟要查的词：{_EXAMPLES[token.text]}"
    )


_MISSING: dict[str, Callable[[Token], QueryError]] = {
    "or": _missing_side, "and": _missing_side, "not": _missing_excluded,
    "open": _missing_content, "field": _missing_value,
}  # fmt: skip


def _text_leaf(token: Token, where: Where) -> Leaf:
    if token.kind == "near":
        texts = tuple(token.text.split())
        if len(texts) > MAX_NEAR_WORDS:
            hint = f'分成几个条件来写，每个“~”前最多 {MAX_NEAR_WORDS} 个词："县委 务虚会"~8'
            raise QueryError("引号里要相邻的词太多", token.position, hint)
        return Near(texts, token.number, where, token.position)
    if token.kind == "phrase":
        return Phrase(token.text, where, token.position)
    if token.kind == "prefix":
        return Prefix(token.text, where, token.position)
    if token.kind == "fuzzy":
        return Fuzzy(token.text, where, (), token.position)
    return Words(token.text, where, (), token.position)


def _in_facet(facet: FacetName, token: Token) -> InFacet:
    if token.kind not in ("word", "phrase"):
        hint = f"县、官员、来源写全名、简称或代码：{_EXAMPLES[facet]}"
        raise QueryError("这个字段不能用“*”“~”", token.position, hint)
    return InFacet(facet, token.text, (), token.position)


def _in_dates(token: Token) -> InDates:
    if token.kind not in ("word", "phrase"):
        raise QueryError("日期不能用“*”“~”", token.position, DATE_HINT)
    first, last = read_dates(token.text, token.position)
    return InDates(first, last, token.text, token.position)
