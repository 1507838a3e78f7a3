"""Marks and passages of a text, where nothing could be compiled and for questions of very many strings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence

from searchapp.results import Mark, Snippet
from searchapp.snippets.marks import find_hits, union
from searchapp.snippets.passages import PassageChooser
from searchapp.snippets.units import cut_into_units


def find_marks(text: str, lit: Sequence[str], *, whole: Collection[str] = ()) -> tuple[Mark, ...]:
    """Where any of `lit` stands in `text`: sorted, disjoint, half-open code-point ranges of `text`.

    `lit` are squeezed strings. Ranges that overlap or touch are one mark, so that no match is
    marked by half. Those of `lit` that are also in `whole` are words: made of Latin letters or
    digits they are marked only where no further letter or digit adjoins them (`gdp`, not `gdpr`).
    """
    return union(find_hits(text, lit, whole))


def passages(
    text: str, lit: Sequence[str], whole: Collection[str], most: int, chars: int
) -> tuple[Snippet, ...]:
    """The passages of `text` that show best what matched, see `best_snippets`; none where nothing did."""
    hits = find_hits(text, lit, whole)
    if not hits:
        return ()
    marks = union(hits)
    chooser = PassageChooser(cut_into_units(text, marks, chars), hits, lit, chars)
    return tuple([_snippet(text, start, end, marks, chars) for start, end in chooser.passages(most)])


def _snippet(text: str, start: int, end: int, marks: Sequence[Mark], chars: int) -> Snippet:
    """`text[start:end]` with its marks; more than `chars` only where one mark is longer."""
    if end - start > chars:
        start = max(start, marks[_first_ending_after(marks, start)][0])
        end = min(end, start + chars)
    within = marks[_first_ending_after(marks, start) : bisect_left(marks, (end,))]
    inside = tuple([(max(low, start) - start, min(high, end) - start) for low, high in within])
    return Snippet(text[start:end], inside, start)


def _first_ending_after(marks: Sequence[Mark], at: int) -> int:
    """Number of the first of the sorted, disjoint `marks` that ends after `at`."""
    number = bisect_left(marks, (at,))
    return number - 1 if number and marks[number - 1][1] > at else number
