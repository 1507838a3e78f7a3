"""(text, what matched) -> which part to show, with marks.

Everything is measured in code points of the ORIGINAL text. What matched are exact runs: strings
in the form of `analysis.normalise.squeeze`, found in the squeezed text, so that a match may span
the white space and the full-width or traditional forms that the original holds.

In C, where it could be compiled when searchapp was installed, else in Python; both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from searchapp.results import Snippet
from searchapp.snippets.units import CLAUSE_END, SENTENCE_END

try:
    from searchapp.snippets.in_c import find_marks, passages
except ImportError:
    from searchapp.snippets.in_python import find_marks, passages

    COMPILED = False
else:
    COMPILED = True

__all__ = ["COMPILED", "best_snippets", "find_marks", "opening_of"]

_DATELINE = re.compile(
    r"\s*(?:[^\s，。！？；：:“”]{2,24}?(?:消息|[讯电])\s*(?:[（(][^（()）\n]{1,20}[）)])?\s*[：:]|"
    r"[^\s，。！？；：:“”]{2,24}?\d{1,2}日[讯电]\s*(?:[（(][^（()）\n]{1,30}[）)])?|"
    r"[^\s，。！？；：:“”]{2,24}?[讯电]\s*[（(][^（()）\n]{0,40}(?:记者|通讯员)[^（()）\n]{0,40}[）)])"
    r"\s*(?:本台消息[，,]\s*)?"
)


_PRINTED = re.compile(r"\S")
# What portals put before the headline of the paper that they reprint.
_ORIGINAL_TITLE = re.compile(r"\s*原标题[：:]\s*")


def best_snippets(
    text: str, lit: Sequence[str], *, most: int = 2, chars: int = 110, whole: Collection[str] = ()
) -> tuple[Snippet, ...]:
    """The passages of `text`, at most `most` and best first, that show best what matched.

    A passage is made of whole sentences of one neighbourhood, at most `chars` code points long; a
    longer sentence is cut between clauses, and nothing is cut within a mark unless the mark alone
    is longer than `chars`. Passages that hold more, and longer, DIFFERENT strings of `lit` come
    first, then those that name the speaker. With nothing to mark, it is the beginning of the text
    after its dateline. No ellipsis is added: `text[s.start : s.start + len(s.text)] == s.text`.
    """
    if most < 1 or not text or text.isspace():
        return ()
    return passages(text, lit, whole, most, chars) or (_beginning(text, chars),)


def opening_of(text: str, chars: int = 28) -> str:
    """How `text` begins, after its dateline and the words 原标题, in at most `chars` characters and
    "…"; a first line or sentence that is shorter stands alone."""
    begin = _ORIGINAL_TITLE.match(text)
    head = _beginning(text[begin.end() if begin else 0 :].strip(), 2 * chars).text
    first = SENTENCE_END.split(head, maxsplit=1)[0].strip()
    first = first if len(first) > chars // 4 else head
    return first if len(first) <= chars else first[:chars].rstrip() + "…"


def _beginning(text: str, chars: int) -> Snippet:
    """The first sentences after the dateline (央视网消息（新闻联播）：)."""
    dateline = _DATELINE.match(text)
    first = (dateline and _PRINTED.search(text, dateline.end())) or _PRINTED.search(text)
    start = first.start() if first else len(text)
    head = text[start : start + chars + 1]
    if len(head) <= chars:
        return Snippet(head.rstrip(), (), start)
    for border in (SENTENCE_END, CLAUSE_END):
        ends = [match.end() for match in border.finditer(head) if match.end() <= chars]
        # A first sentence of a few characters says less than a longer one cut at a comma.
        if ends and ends[-1] >= chars // 3:
            return Snippet(head[: ends[-1]].rstrip(), (), start)
    return Snippet(head[:chars].rstrip(), (), start)
