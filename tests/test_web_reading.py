"""The layout of an article: nothing of the text is lost, and every piece is what it says."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from searchapp.article import Article, Span, Statement
from searchapp.results import Mark
from searchapp.web.reading import Layout, lay_out

texts = st.text(st.sampled_from('甲乙丙丁，。“”说\n 　<>&"'), max_size=60)


def statement(start: int, end: int, name: str = "甲") -> Statement:
    return Statement(f"{name}@990101", name, ("县长",), "990101", Span(start, end), "indirect", "说")


@st.composite
def articles(draw: st.DrawFn) -> tuple[Article, tuple[Mark, ...]]:
    text = draw(texts)
    ends = st.integers(0, len(text))
    spans = [sorted((draw(ends), draw(ends))) for _ in range(draw(st.integers(0, 3)))]
    cuts = sorted({draw(ends) for _ in range(draw(st.integers(0, 6)))})
    marks = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    said = tuple(statement(start, end) for start, end in spans if start < end)
    return Article("a", "标题", text, statements=said), marks


def plain(markup: str) -> str:
    return html.unescape(re.sub("</?mark>", "", markup))


def shown(layout: Layout) -> list[str]:
    return [plain("".join(piece.html for piece in paragraph.pieces)) for paragraph in layout.paragraphs]


@given(articles())
def test_paragraphs_are_the_lines_of_the_text(given_: tuple[Article, tuple[Mark, ...]]) -> None:
    article, marks = given_
    lines = [line.strip() for line in article.text.split("\n")]
    assert shown(lay_out(article, (), marks)) == [line for line in lines if line]


@given(articles())
def test_marked_characters_are_those_of_the_marks(given_: tuple[Article, tuple[Mark, ...]]) -> None:
    article, marks = given_
    layout = lay_out(article, (), marks)
    found = [
        html.unescape(marked)
        for paragraph in layout.paragraphs
        for piece in paragraph.pieces
        for marked in re.findall("<mark>(.*?)</mark>", piece.html)
    ]
    wanted = "".join(article.text[start:end] for start, end in marks)
    assert "".join("".join(found).split()) == "".join(wanted.split())
    assert layout.mark_count == len(found)


@given(articles())
def test_said_characters_are_those_of_the_statements(given_: tuple[Article, tuple[Mark, ...]]) -> None:
    article, marks = given_
    layout = lay_out(article, (), marks)
    pieces = [piece for paragraph in layout.paragraphs for piece in paragraph.pieces]
    said = "".join(plain(piece.html) for piece in pieces if piece.statement is not None)
    inside = {n for s in article.statements for n in range(s.span.start, s.span.end)}
    wanted = "".join(char for n, char in enumerate(article.text) if n in inside)
    assert "".join(said.split()) == "".join(wanted.split())


def test_a_statement_over_two_paragraphs_is_named_once() -> None:
    text = "甲说，要抓项目。\n还要抓粮食。"
    layout = lay_out(Article("a", "", text, statements=(statement(3, len(text)),)), (), ())
    assert [len(paragraph.speakers) for paragraph in layout.paragraphs] == [1, 0]
    assert [paragraph.said for paragraph in layout.paragraphs] == [True, True]
    begins = [piece.begins for paragraph in layout.paragraphs for piece in paragraph.pieces]
    assert begins == [False, True, False]


def test_two_speakers_of_the_same_words_are_both_named_and_one_place_is_linked() -> None:
    text = "甲、乙表示，要抓项目。"
    both = (statement(6, 11), statement(6, 11, "乙"))
    layout = lay_out(Article("a", "", text, statements=both), (), ())
    assert [said.name for said in layout.paragraphs[0].speakers] == ["甲", "乙"]
    assert sum(piece.begins for piece in layout.paragraphs[0].pieces) == 1


def test_words_that_the_source_lost_are_shown_as_lost() -> None:
    layout = lay_out(Article("a", "", "以“”促“”，“实”干"), (), ())
    pieces = layout.paragraphs[0].pieces
    assert [str(piece.html) for piece in pieces] == ["以“", "”促“", "”，“实”干"]
    assert [piece.lost_after for piece in pieces] == [True, True, False]
