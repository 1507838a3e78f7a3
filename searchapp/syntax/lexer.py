"""Query text -> tokens: which characters are words, and which are signs?

The rules are listed in the package's docstring.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from searchapp.analysis.normalise import squeeze
from searchapp.errors import QueryError
from searchapp.syntax.source import OPERATOR, OPERATORS, QUOTE, Source, pair_up

Kind = Literal["word", "fuzzy", "prefix", "phrase", "near", "open", "close", "or", "and", "not", "field"]
FIELDS = {
    "标题": "title", "title": "title",
    "正文": "text", "text": "text",
    "县": "county", "county": "county",
    "官员": "official", "official": "official",
    "来源": "source", "source": "source",
    "日期": "date", "date": "date",
}  # fmt: skip
MAX_DISTANCE_CHARS = 1000

# Hyphen-minus, its full-width form and the minus sign exclude; dashes are punctuation.
_MINUS = frozenset("-－﹣−")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}):")
_PLAIN = re.compile(r'[^ "()|&\\]+')
_DISTANCE = re.compile(r"~([0-9]*)")
_NUMBERED_FUZZY = re.compile(r"[^0-9~]~[0-9]+$")


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is the word, the content of the quotes, or the field; `position` where it begins in
    the query text; `number` the distance of a near token."""

    kind: Kind
    text: str
    position: int
    number: int = 0


def lex(q: str) -> list[Token]:
    """Tokens of `q` in order. Raises QueryError for what can be no token."""
    return _Lexer(Source(q)).run()


class _Lexer:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._view = source.view
        self._pairs = pair_up(source)
        self._tokens: list[Token] = []

    def run(self) -> list[Token]:
        index = 0
        while index < len(self._view):
            index = index + 1 if self._view[index] == " " else self._token(index)
        return self._tokens

    def _add(self, kind: Kind, text: str, index: int, number: int = 0) -> None:
        self._tokens.append(Token(kind, text, self._source.position(index), number))

    def _token(self, index: int) -> int:
        """Read the token that starts at `index`; the index after it."""
        char = self._view[index]
        if char == QUOTE:
            return self._quoted(index)
        if char in "()|&":
            return self._sign(index)
        if char == "-" and self._source.text[index] in _MINUS:
            return self._minus(index)
        if operator := OPERATOR.match(self._source.text, index):
            self._add(_operator_kind(operator[0]), operator[0], index)
            return operator.end()
        if field := _FIELD.match(self._view, index):
            self._add("field", FIELDS[field[1]], index)
            return field.end()
        return self._word(index)

    def _sign(self, index: int) -> int:
        char = self._view[index]
        kinds: dict[str, Kind] = {"(": "open", ")": "close", "|": "or", "&": "and"}
        self._add(kinds[char], char, index)
        end = index + 1
        while char in "|&" and self._view[end : end + 1] == char:
            end += 1
        return end

    def _minus(self, index: int) -> int:
        after = index + 1
        if self._source.is_end(after) and self._view[after : after + 1] != "(":
            raise self._source.error(
                index, "“-”后面没有要排除的词", '“-”紧贴在要排除的词前面：-词；要查“-”本身，请加引号："-"'
            )
        if self._view[after] == "-":
            return self._word(index)
        self._add("not", "-", index)
        return after

    def _quoted(self, index: int) -> int:
        if index not in self._pairs:
            raise self._unpaired(index)
        close = self._pairs[index]
        after = close + 1
        if not self._source.is_end(after) and self._view[after] not in "~*|&":
            return self._word(index)
        text = self._source.plain(index + 1, close)
        if not squeeze(text):
            raise self._source.error(index, "引号里没有内容", '引号里写要原样查找的文字："项目为王"')
        if self._view[after : after + 1] == "*":
            raise self._source.error(after, "“*”不能用在引号后面", '前缀写作 词*，原样查找写作 "词"')
        if self._view[after : after + 1] == "~":
            return self._near(index, after, text)
        self._add("phrase", text, index + 1)
        return after

    def _unpaired(self, index: int) -> QueryError:
        hint = '引号要成对："项目为王"；要查引号本身，在它前面加反斜杠：\\"'
        return self._source.error(index, "引号没有成对", hint)

    def _near(self, index: int, tilde: int, text: str) -> int:
        match = _DISTANCE.match(self._view, tilde)
        if match is None or not match[1] or not self._source.is_end(match.end()):
            raise self._source.error(tilde, "“~”后面要写字数", '两处相距不超过 8 个字写作："甲 乙"~8')
        if len(match[1]) > 5 or int(match[1]) > MAX_DISTANCE_CHARS:
            raise self._source.error(
                tilde + 1, f"距离最多 {MAX_DISTANCE_CHARS} 个字", '两处相距不超过 8 个字写作："甲 乙"~8'
            )
        if len(text.split()) < 2:
            raise self._source.error(index, "按距离查找至少要两个词", '两个词之间用空格分开："甲 乙"~8')
        self._add("near", text, index + 1, int(match[1]))
        return match.end()

    def _word(self, start: int) -> int:
        end, stretches = self._word_end(start)
        kind: Kind = "word"
        # Only signs outside quotes, parentheses and escapes count.
        if stretches and stretches[-1][1] == end and self._view[end - 1] in "*~":
            kind = "prefix" if self._view[end - 1] == "*" else "fuzzy"
        text_end = end if kind == "word" else end - 1
        self._check_word(start, text_end, end, stretches)
        text = self._source.plain(start, text_end)
        if not squeeze(text):
            raise self._source.error(start, "“\\”后面没有字", "反斜杠让后面的符号成为普通字符：\\-甲")
        self._add(kind, text, start)
        return end

    def _word_end(self, start: int) -> tuple[int, list[tuple[int, int]]]:
        """Where the word ends, and its stretches in which signs are signs."""
        index, stretches = start, []
        while index < len(self._view):
            char = self._view[index]
            if plain := _PLAIN.match(self._view, index):
                stretches.append(plain.span())
                index = plain.end()
            elif index in self._source.escapes:
                index += 2
            elif index in self._pairs and (char == QUOTE or self._belongs_to_word(index)):
                index = self._pairs[index] + 1
            elif char == QUOTE and self._source.is_end(index + 1):
                raise self._unpaired(index)
            elif char in " ()" or (char in "|&" and self._source.is_end(index + 1)):
                break
            else:
                index += 1
        return min(index, len(self._view)), stretches

    def _belongs_to_word(self, parenthesis: int) -> bool:
        return self._view.find(" ", parenthesis, self._pairs[parenthesis]) < 0

    def _check_word(self, start: int, text_end: int, end: int, stretches: list[tuple[int, int]]) -> None:
        """Refuse `*` and `~` where they say nothing; `text_end` < `end` when the word has a sign."""
        for low, high in stretches:
            if (star := self._view.find("*", low, min(high, text_end))) >= 0:
                hint = '“*”只能用在词尾：书记*；要查“*”本身，请加引号："*"'
                raise self._source.error(star, "“*”不在词尾", hint)
        sign = self._view[text_end:end]
        if sign and text_end == start:
            example = "书记*" if sign == "*" else "潘莉~"
            raise self._source.error(start, f"“{sign}”前面没有词", f"“{sign}”紧跟在词后面：{example}")
        if sign and stretches[-1][0] < text_end and self._view[text_end - 1] == "~":
            raise self._source.error(text_end, "“~”后面不能再有符号", "近似的写法写作：潘莉~")
        if not sign and stretches and stretches[-1][1] == end:
            self._refuse_numbered(*stretches[-1])

    def _refuse_numbered(self, low: int, high: int) -> None:
        if match := _NUMBERED_FUZZY.search(self._view[low:high]):
            raise self._source.error(
                low + match.start() + 1,
                "词后面的“~”不能带数字",
                '近似的写法写作 词~，距离写作 "甲 乙"~8；要原样查找，请加引号',
            )


def _operator_kind(operator: str) -> Kind:
    kinds: dict[str, Kind] = {"or": "or", "and": "and", "not": "not"}
    return kinds[OPERATORS[operator]]
