"""What comes in is cleaned without losing text, what goes out is escaped without exception."""

from __future__ import annotations

import html
import time

import bleach
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.markup import clean_text, mark_html

HOSTILE = st.text("<>/!-=\"'& apbrscipt;#x123中\n", max_size=40)
PIECES = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "<br/>", "<script>", "</script>", "<!--", "-->", "<a href='x'>", "</a", "&lt;",
         "&#60;", "&amp;", "<", ">", "甲", "a<b", "\n", '"', "<img src=x onerror=alert(1)>", "<svg/onload=x>"]
    ),
    max_size=12,
)  # fmt: skip


# ---- in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "", "平常的一句话。", "a<b", "a<b and c>d", "若a<b且c>d", "<中国>", "《〈青石〉》", "< 618超级品类>",
        "<<<扫描图中二维码", "<b>是粗体标签的写法", "使用<script>标签", "x < y & y > z", "R&D、AT&T",
        "?a=1&copy=2&lt=3", "&unknown;", "<3", "<a@b.example>", "邮箱<林小满>", "</中国>", "<path/to/file>",
        "<table", "a</b", "\n  　两格\n\n", "<p1>", "<br3>", "<title page>", "<p and q>",
    ],
)  # fmt: skip
def test_text_that_is_not_html_keeps_every_character(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("<p>第一段</p><p>第二段</p>", "第一段\n第二段"),
        ("第一行<br>第二行<BR/>第三行", "第一行\n第二行\n第三行"),
        ("<div>\n  <h1>题</h1>\n\n  <ul><li>甲</li><li>乙</li></ul></div>", "题\n甲\n乙"),
        ("<p>　　缩进</p>", "缩进"),
        ("<b>粗</b>与<i>斜</i>", "粗与斜"),
        ("<td>1</td><td>2</td>", "1 2"),
        ('<a href="https://x.example/?a=1&amp;b=2" onclick="x()">链接</a>', "链接"),
        ('<a href="x>y">链接</a>', "链接"),
        ("<p>若a<b则c</p>", "若a<b则c"),
        ("<p>《<青石>》R&D</p>", "《<青石>》R&D"),
        ("<p>&lt;script&gt;</p>", "<script>"),
        ("&lt;p&gt;", "<p>"),
        ("甲&nbsp;乙&#20013;&#x56FD;&hellip;", "甲\xa0乙中国…"),
        ("<script>alert(1)</script>标题", "标题"),
        ("标题<SCRIPT type='x'>if (a<b) alert('</p>')</SCRIPT >", "标题"),
        ("<style>p { color: red }</style>甲", "甲"),
        ("<iframe src=x>没有</iframe>甲<noscript>打开脚本</noscript>", "甲"),
        ("<svg><a xlink:href='x'>q</a></svg>甲", "甲"),
        ("<img src=x onerror=alert(1)>标题", "标题"),
        ("<img src=x onerror='alert(1)'/>标题", "标题"),
        ("<!-- 注 -->甲<!-- 没有结束", "甲<!-- 没有结束"),
        ("<!DOCTYPE html><html><head><title>题</title></head><body>文</body></html>", "题\n文"),
        ("<![CDATA[<p>甲</p>]]>", "甲"),
        ("<scr<script>x</script>ipt>alert(1)</script>", "alert(1)"),
        ("<font color=red size=2>甲</font>", "甲"),
        ("<p hidden disabled>甲</p>", "甲"),
    ],
)
def test_html_becomes_text(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@given(st.text(st.characters(codec="utf-8", exclude_characters="<&\r\0")))
def test_text_without_tag_or_entity_signs_is_left_alone(text: str) -> None:
    assert clean_text(text) == text


@given(st.lists(st.text("甲乙a<b>&;1", min_size=1), min_size=1, max_size=4))
def test_escaped_paragraphs_come_back(paragraphs: list[str]) -> None:
    page = "".join(f"<p class='x'>{html.escape(paragraph)}</p>\n" for paragraph in paragraphs)
    assert clean_text(page) == "\n".join(paragraphs)


@given(st.one_of(HOSTILE, PIECES.map("".join)))
def test_whatever_comes_in_goes_out_as_text(text: str) -> None:
    shown = mark_html(clean_text(text), [])
    assert not {"<", ">"} & set(shown)
    assert html.unescape(shown) == clean_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "<" * 30_000 + "</p>", "<a" * 15_000 + "</p>", "<a" + " " * 30_000 + "</p>",
        "<a " + "b=c/" * 10_000 + "</p>", "<script>" * 5_000 + "</p>", "<!--" * 8_000 + "</p>",
        "<a b='" * 5_000 + "</p>", "&" * 30_000 + "</p>", "<b>" * 10_000 + "</b>" * 10_000,
        "<table>" * 3_000, "<a " + "b " * 15_000 + "</p>",
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_html_is_cleaned_in_time(text: str) -> None:
    start = time.process_time()
    clean_text(text)
    # Tens of thousands of characters; a search that tries every way would take years.
    assert time.process_time() - start < 5


# ---- out ------------------------------------------------------------------------------------

MARKED = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30).flatmap(
    lambda text: st.tuples(
        st.just(text),
        st.sets(st.integers(0, len(text)), max_size=6).map(sorted).map(
            lambda edges: list(zip(edges[::2], edges[1::2], strict=False))
        ),
    )
)  # fmt: skip


@given(MARKED)
def test_marks_are_the_only_elements(marked: tuple[str, list[tuple[int, int]]]) -> None:
    text, marks = marked
    result = mark_html(text, marks)
    pieces = result.replace("</mark>", "<mark>").split("<mark>")
    assert html.unescape("".join(pieces)) == text
    assert [html.unescape(piece) for piece in pieces[1::2]] == [text[start:end] for start, end in marks]
    assert not {"<", ">", '"', "'"} & set("".join(pieces))


@given(MARKED)
def test_bleach_finds_nothing_to_take_away(marked: tuple[str, list[tuple[int, int]]]) -> None:
    # The second wall: html5lib reads the result as what we meant and bleach leaves it as it is.
    result = mark_html(*marked)
    assert bleach.clean(result, tags={"mark"}, attributes={}) == result


def test_mark_html() -> None:
    assert mark_html("<b>“项目”&'\"</b>", [(4, 6)]) == (
        "&lt;b&gt;“<mark>项目</mark>”&amp;&#x27;&quot;&lt;/b&gt;"
    )
    assert mark_html("", []) == ""
