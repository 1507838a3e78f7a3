"""Statements: cases as data, event dates, paragraphs, and laws over random text."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchapp.annotate import Annotator
from searchapp.annotate.event_dates import event_dates
from searchapp.annotate.paragraphs import blocks_of, kind_of
from searchapp.article import Article
from searchapp.gazetteer import load_gazetteer

CASES = Path(__file__).parent / "cases" / "annotate"


@cache
def annotator() -> Annotator:
    return Annotator(load_gazetteer(CASES / "places.toml"))


def annotate(text: str, date: str = "2022-12-15", title: str = "") -> Article:
    return annotator().annotate(Article(id="a", title=title, text=text, date=date))


def cases() -> list[dict[str, object]]:
    lines = (CASES / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["note"]))
def test_statements(case: dict[str, object]) -> None:
    article = annotate(str(case["text"]))
    said = [
        [one.name, one.kind, one.speaker_by, article.text[one.span.start : one.span.end]]
        for one in article.statements
    ]
    assert said == case["said"]


def test_a_statement_carries_the_office_of_the_speaker_and_the_verb() -> None:
    article = annotate("示例县委副书记、县长方砚强调，种子要备足。")
    (statement,) = article.statements
    assert (statement.official, statement.code, statement.verb) == ("方砚@990101", "990101", "强调")
    assert statement.offices == ("县委副书记", "县长")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12月9日~10日，示例县开会。县委书记林守田说，要抓紧。", "2022-12-09"),
        ("12月10日,示例县开会。县委书记林守田说，要抓紧。", "2022-12-10"),
        ("示例县委书记林守田昨日到村里，他说，要抓紧。", "2022-12-14"),
        ("14日下午，示例县委书记林守田说，要抓紧。", "2022-12-14"),
        ("28日上午，示例县委书记林守田说，要抓紧。", "2022-11-28"),
        ("2021年3月5日，示例县委书记林守田说，要抓紧。", "2021-03-05"),
        ("12月30日，示例县委书记林守田说，要抓紧。", "2021-12-30"),
        ("示例县委书记林守田说，12月1日的任务要抓紧。", None),
        ("2月30日，示例县委书记林守田说，要抓紧。", None),
        ("12月9日，示例县委书记林守田调研。\n林守田说，要抓紧。", "2022-12-09"),
    ],
)
def test_event_date(text: str, day: str | None) -> None:
    (statement,) = annotate(text).statements
    assert statement.event_date == day


def test_without_a_day_of_publication_only_whole_dates_are_resolved() -> None:
    assert [date.day for date in event_dates("12月9日，2021年3月5日，昨日", "")] == ["2021-03-05"]


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2030, 12, 31)), st.integers(0, 364))
@example(datetime.date(2000, 2, 29), 307)
def test_a_day_without_year_is_the_last_one_before_publication(day: datetime.date, later: int) -> None:
    published = day + datetime.timedelta(days=later)
    (found,) = event_dates(f"{day.month}月{day.day}日，", published.isoformat())
    # 29 February has no day of that name in the year between.
    assert found.day == day.isoformat() or (published - day).days > 360


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("8月7日，工厂员工正在检查铜线。视觉示例林华、卓伟摄", "caption"),
        ("图为活动现场。", "caption"),
        ("阳兴、示例新闻网全媒体记者杜宁/文", "byline"),
        ("（记者 何小川）", "byline"),
        ("责任编辑：何小川", "byline"),
        ("素材由研究中心提供，如有遗漏，可发至邮箱:[email protected]", "note"),
        ("请您点题", "note"),
        ("县长部署具体工作 化虚为实助推发展", "heading"),
        ("示例县委书记林守田说，要抓紧。", "body"),
        ("编辑部门的记者很多，他们都在路上。", "body"),
    ],
)
def test_kind_of_paragraph(paragraph: str, kind: str) -> None:
    assert kind_of(paragraph) == kind


PARTS = [
    "示例县委书记林守田", "县长方砚", "林守田", "说，", "表示，", "强调", "：“", "“", "”", "。", "，",
    "他说，",
    "要抓紧",
    "会议指出，", "据悉，", "\n", "　", "12月9日", "「", "」", "提出要求。", "等", "、",
]
texts = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=3)), max_size=25).map("".join)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_statements_lie_in_body_paragraphs_and_belong_to_officials(text: str) -> None:
    article = annotate(text)
    ids = {official.id for official in article.officials}
    blocks = [block for block in blocks_of(text) if block.kind == "body"]
    for statement in article.statements:
        assert statement.official in ids
        assert statement.official == f"{statement.name}@{statement.code}"
        start, end = statement.span.start, statement.span.end
        assert text[start:end].strip()
        assert any(block.start <= start < end <= block.end for block in blocks)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_stretches_of_one_speaker_do_not_overlap(text: str) -> None:
    spans: dict[str, int] = {}
    for statement in annotate(text).statements:
        assert spans.get(statement.official, 0) <= statement.span.start
        spans[statement.official] = statement.span.end


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_blocks_cover_everything_but_white_space(text: str) -> None:
    covered = "".join(text[block.start : block.end] for block in blocks_of(text))
    assert "".join(covered.split()) == "".join(text.split())
