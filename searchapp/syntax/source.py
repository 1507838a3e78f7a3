"""The query text as it is read: two aligned views, and which signs belong together."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence

from searchapp.analysis.normalise import normalise
from searchapp.errors import QueryError

QUOTE = '"'
SIGNS = ' "()|&~*:-\\'
OPERATORS = {
    "OR": "or", "ＯＲ": "or", "或": "or",
    "AND": "and", "ＡＮＤ": "and",
    "NOT": "not", "ＮＯＴ": "not", "非": "not",
}  # fmt: skip
DIRECTED = {"“": "”", "「": "」", "『": "』"}
CORNERS = frozenset("「」『』")
PARENTHESES_HINT = "左右括号要成对：(甲 或 乙)；要查括号本身，请放进引号里"

_ESCAPED_SIGN = re.compile(rf"\\[{re.escape(SIGNS)}]")
# An operator is a word of its own; a quotation mark may touch AND, OR and NOT, not 或 and 非,
# which begin or end too many words.
OPERATOR = re.compile(r"(?:OR|AND|NOT|ＯＲ|ＡＮＤ|ＮＯＴ)(?=[\s()（）\"“「『＂]|$)|[或非](?=[\s()（）]|$)")


class Source:
    """A query text without its invisible characters.

    `text` is as typed, `view` the same normalised (equal length); offsets into either are
    *indexes*; `position(index)` is the code-point offset into the text that was given.
    `escapes` are the indexes of backslashes that make the next sign or space a plain character.
    """

    def __init__(self, q: str) -> None:
        view = normalise(q)
        kept = [i for i, char in enumerate(view) if char != " " or q[i].isspace()]
        self._offsets: Sequence[int] = kept if len(kept) < len(q) else range(len(q))
        self._length = len(q)
        self.text = "".join(q[i] for i in kept)
        self.view = "".join(view[i] for i in kept)
        self.escapes = self._find_escapes()

    def position(self, index: int) -> int:
        return self._offsets[index] if index < len(self._offsets) else self._length

    def error(self, index: int, message: str, hint: str) -> QueryError:
        return QueryError(message, self.position(index), hint)

    def is_end(self, index: int) -> bool:
        """Whether the text or a word ends before `index`: white space, parenthesis or nothing."""
        return index >= len(self.view) or self.view[index] in " ()"

    def plain(self, start: int, end: int) -> str:
        """The characters that `text[start:end]` stands for: escapes resolved."""
        if not self.escapes:
            return self.text[start:end]
        return "".join(self.text[i] for i in range(start, end) if i not in self.escapes)

    def _find_escapes(self) -> frozenset[int]:
        if "\\" not in self.view:
            return frozenset()
        signs = {match.start() for match in _ESCAPED_SIGN.finditer(self.view)}
        before_operator = {
            i
            for i, char in enumerate(self.view)
            if char == "\\" and i - 1 not in signs and OPERATOR.match(self.text, i + 1)
        }
        return frozenset(signs | before_operator)


def pair_up(source: Source) -> dict[int, int]:
    """Index of the partner of each opening quote and parenthesis.

    Parentheses inside quotes are text. Raises QueryError for a parenthesis without a partner; a
    quotation mark without one is left out (inside a word it is a character of the word).
    """
    quotes = _Quotes(source)
    pairs: dict[int, int] = {}
    open_groups: list[int] = []
    index = 0
    while index < len(source.view):
        char = source.view[index]
        if index in source.escapes:
            index += 1
        elif char == QUOTE:
            partner = quotes.partner(index)
            if partner is not None:
                pairs[index] = index = partner
        elif char == "(":
            open_groups.append(index)
        elif char == ")":
            if not open_groups:
                raise source.error(index, "右括号没有对应的左括号", PARENTHESES_HINT)
            pairs[open_groups.pop()] = index
        index += 1
    if open_groups:
        raise source.error(open_groups[-1], "左括号没有对应的右括号", PARENTHESES_HINT)
    return pairs


class _Quotes:
    """Which quotation mark closes which.

    “ ”, 「 」 and 『 』 nest by their direction. A curly mark that finds no partner so (people
    type “甲“) and a straight one pair with the next mark of their family.
    """

    def __init__(self, source: Source) -> None:
        marks = [i for i, char in enumerate(source.view) if char == QUOTE and i - 1 not in source.escapes]
        self._kind = {i: unicodedata.normalize("NFKC", source.text[i]) for i in marks}
        self._directed = self._match_directed(marks)
        self._undirected = [i for i in marks if self._kind[i] not in CORNERS]
        self._straight = [i for i in marks if self._kind[i] == QUOTE]

    def partner(self, index: int) -> int | None:
        kind = self._kind[index]
        if index in self._directed or kind in CORNERS:
            return self._directed.get(index)
        found = _next_after(self._straight, index) if kind == QUOTE else None
        return _next_after(self._undirected, index) if found is None else found

    def _match_directed(self, marks: list[int]) -> dict[int, int]:
        partners: dict[int, int] = {}
        waiting: dict[str, list[int]] = {closing: [] for closing in DIRECTED.values()}
        for i in marks:
            kind = self._kind[i]
            if kind in DIRECTED:
                waiting[DIRECTED[kind]].append(i)
            elif waiting.get(kind):
                partners[waiting[kind].pop()] = i
        return partners


def _next_after(indexes: list[int], index: int) -> int | None:
    at = bisect_right(indexes, index)
    return indexes[at] if at < len(indexes) else None
