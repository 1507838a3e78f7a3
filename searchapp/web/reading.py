"""How is an article laid out for reading: which pieces of which paragraph are marked or said?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from searchapp.article import Article, Statement
from searchapp.markup import mark_html
from searchapp.results import Mark

# Quotation marks with nothing between them: the source lost these words, and a reader should know.
_LOST = re.compile('“”|「」|『』|""')


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a paragraph: its HTML, the statement it belongs to (index into the article's
    statements), whether that begins here, and whether words are missing right after it."""

    html: Markup
    statement: int | None
    begins: bool
    lost_after: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text, in pieces. `speakers` are the statements that begin in it."""

    pieces: tuple[Piece, ...]
    speakers: tuple[Statement, ...]
    said: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole article ready for the page; `mark_count` counts the `<mark>`s in it."""

    title: Markup
    paragraphs: tuple[Paragraph, ...]
    mark_count: int


def lay_out(article: Article, title_marks: Sequence[Mark], text_marks: Sequence[Mark]) -> Layout:
    """Title and paragraphs of `article` with the given marks (sorted, disjoint)."""
    title = Markup(mark_html(article.title, title_marks))
    paragraphs = tuple(_paragraph(article, start, end, text_marks) for start, end in _lines(article.text))
    html = [title, *(piece.html for paragraph in paragraphs for piece in paragraph.pieces)]
    return Layout(title, paragraphs, sum(part.count("<mark>") for part in html))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where each line with something on it begins and ends, white space trimmed off."""
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            first = start + line.index(bare)
            yield first, first + len(bare)
        start += len(line) + 1


def _paragraph(article: Article, start: int, end: int, marks: Sequence[Mark]) -> Paragraph:
    inside = [
        (number, said)
        for number, said in enumerate(article.statements)
        if said.span.start < end and said.span.end > start
    ]
    lost = {start + found.start() + 1 for found in _LOST.finditer(article.text[start:end])}
    borders = {start, end} | {border for border in lost if start < border < end}
    for _, said in inside:
        borders |= {max(start, said.span.start), min(end, said.span.end)}
    here = [mark for mark in marks if mark[0] < end and mark[1] > start]
    cuts = sorted(borders)
    pieces = tuple(
        _piece(article.text, first, last, here, inside, last in lost)
        for first, last in zip(cuts, cuts[1:], strict=False)
    )
    speakers = tuple(said for _, said in inside if said.span.start >= start)
    return Paragraph(pieces, speakers, bool(inside))


def _piece(
    text: str,
    start: int,
    end: int,
    marks: Sequence[Mark],
    inside: Sequence[tuple[int, Statement]],
    lost_after: bool,
) -> Piece:
    clipped = [
        (max(first, start) - start, min(last, end) - start)
        for first, last in marks
        if first < end and last > start
    ]
    statement = next((n for n, said in inside if said.span.start <= start and end <= said.span.end), None)
    begins = any(n == statement and said.span.start == start for n, said in inside)
    return Piece(Markup(mark_html(text[start:end], clipped)), statement, begins, lost_after)
