"""The measure itself, on annotators whose score is known; then ours on the development set."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from searchapp.annotate import Annotator
from searchapp.article import Article, Office, Official, Place, Span, Statement
from searchapp.errors import CorpusError
from searchapp.evaluate_entities import Score, comparable_title, evaluate
from searchapp.gazetteer import load_gazetteer

SHARED = Path(os.environ.get("SEARCHAPP_SHARED", str(Path(__file__).resolve().parents[2] / "shared")))
LABELLED = SHARED / "data" / "entities_dev.jsonl"

LABEL: dict[str, Any] = {
    "id": "a",
    "title": "",
    "date": "2022-12-15",
    "source": "",
    "text": "示例县委书记林守田说，要抓紧。县长方砚说，要抓实。",
    "places": [{"code": "990101", "level": "county"}, {"code": "990101", "level": "town"}],
    "officials": [
        {"name": "林守田", "offices": ["县委书记"], "code": "990101", "former": False},
        {"name": "方砚", "offices": ["县长"], "code": "990101", "former": False},
    ],
    "statements": [
        {"speaker": "林守田", "start": 11, "end": 15},
        {"speaker": "方砚", "start": 21, "end": 25},
    ],
}


class Fixed:
    """An annotator that finds what it is told to."""

    def __init__(self, **found: Any) -> None:
        self.found = found

    def annotate(self, article: Article) -> Article:
        return replace(article, **self.found)


def official(name: str, *titles: str, former: bool = False) -> Official:
    offices = tuple(Office(title, former) for title in titles)
    return Official(f"{name}@990101", name, "990101", "", offices)


def statement(name: str, start: int, end: int) -> Statement:
    return Statement(f"{name}@990101", name, (), "990101", Span(start, end), "indirect", "说")


def test_an_annotator_that_finds_everything_scores_one() -> None:
    scores = evaluate(
        [LABEL],
        Fixed(
            places=(Place("990101", "示例县", "", "county"), Place("9901", "示范市", "", "city")),
            officials=(official("林守田", "县委书记"), official("方砚", "县长")),
            statements=(statement("林守田", 11, 15), statement("方砚", 21, 25)),
        ),
    )
    assert all(scores[what].f1 == 1.0 for what in scores.scores)
    assert (scores.articles, scores.errors) == (1, ())


def test_an_annotator_that_finds_nothing_scores_zero_and_misses_everything() -> None:
    scores = evaluate([LABEL], Fixed())
    assert all(score.f1 == score.precision == score.recall == 0.0 for score in scores.scores.values())
    assert [error.kind for error in scores.errors] == ["missed"] * 9


def test_precision_and_recall_are_told_apart() -> None:
    found = Fixed(officials=(official("林守田", "县委书记"), official("甲", "县长"), official("乙", "县长")))
    scores = evaluate([LABEL], found)
    assert scores["official"] == Score(right=1, wrong=2, missed=1)
    assert scores["official"].precision == pytest.approx(1 / 3)
    assert scores["official"].recall == 0.5
    assert scores["official"].f1 == pytest.approx(0.4)


def test_former_and_present_are_compared() -> None:
    scores = evaluate([LABEL], Fixed(officials=(official("林守田", "县委书记", former=True),)))
    assert scores["official"].right == 1
    assert scores["former"] == Score(right=0, wrong=1, missed=2)


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [(11, 15, 1), (11, 13, 1), (11, 12, 0), (13, 15, 1), (7, 15, 1), (6, 15, 0), (15, 19, 0)],
)
def test_a_statement_needs_half_of_the_union(start: int, end: int, right: int) -> None:
    scores = evaluate([LABEL], Fixed(statements=(statement("林守田", start, end),)))
    assert scores["statement"] == Score(right, 1 - right, 2 - right)


def test_a_statement_needs_the_right_speaker() -> None:
    assert evaluate([LABEL], Fixed(statements=(statement("方砚", 11, 15),)))["statement"].right == 0


def test_a_labelled_stretch_is_matched_once() -> None:
    twice = (statement("林守田", 11, 15), statement("林守田", 11, 14))
    assert evaluate([LABEL], Fixed(statements=twice))["statement"] == Score(1, 1, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("县教育局局长", "教育局局长", True),
        ("县委宣传部部长", "宣传部部长", True),
        ("市人大常委会主任", "人大常委会主任", True),
        ("镇党委书记", "党委书记", True),
        ("县委书记", "委书记", False),
        ("市委常委", "区委常委", False),
        ("县长", "市长", False),
        ("省政府副秘书长", "政府副秘书长", False),
        ("副县长", "县长", False),
    ],
)
def test_titles_are_compared_without_their_level(one: str, other: str, same: bool) -> None:
    assert (comparable_title(one) == comparable_title(other)) is same


@pytest.mark.parametrize(
    "broken", [{}, {**LABEL, "statements": [{"speaker": "甲"}]}, {**LABEL, "officials": None}]
)
def test_a_record_that_is_no_label_is_named(broken: dict[str, Any]) -> None:
    with pytest.raises(CorpusError, match="labels:2: not a labelled article"):
        evaluate([LABEL, broken], Fixed())


def test_errors_say_article_and_what_was_said() -> None:
    scores = evaluate([LABEL], Fixed(statements=(statement("方砚", 0, 5),)))
    wrong = [error for error in scores.errors if error.kind == "wrong"]
    (error,) = wrong
    assert (error.article, error.what, error.value) == ("a", "statement", "方砚 0-5 示例县委书")


def test_the_development_set_reaches_its_marks() -> None:
    if not LABELLED.exists():
        pytest.skip(f"no labelled articles at {LABELLED}")
    labelled = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    scores = evaluate(labelled, Annotator(load_gazetteer()))
    assert scores["county"].f1 >= 0.97
    assert scores["official"].f1 >= 0.93
    assert scores["office"].f1 >= 0.88
    assert scores["statement"].f1 >= 0.85
