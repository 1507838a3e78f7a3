"""The model article: its four leaders, their fifteen stretches of speech, and nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from searchapp.annotate import Annotator
from searchapp.article import Article
from searchapp.gazetteer import load_gazetteer

SHARED = Path(os.environ.get("SEARCHAPP_SHARED", str(Path(__file__).resolve().parents[2] / "shared")))
SEED = SHARED / "data" / "seed_article.txt"

# The speaker of each stretch in order; `*` where the text names no speaker.
SPEAKERS = "潘琍 周国华 周国华 潘琍 潘琍 潘琍 潘琍 周国华 周国华* 陈元 陈元 陈元* 黄志刚 黄志刚 黄志刚".split()


@pytest.fixture(scope="module")
def seed() -> Article:
    if not SEED.exists():
        pytest.skip(f"no model article at {SEED}")
    title, _, _, text = SEED.read_text(encoding="utf-8-sig").split("\n", 3)
    return Annotator(load_gazetteer()).annotate(Article(id="seed", title=title, text=text, date="2022-12-15"))


def test_the_model_article_has_its_four_officials_and_nobody_else(seed: Article) -> None:
    found = {official.id: [office.title for office in official.offices] for official in seed.officials}
    assert found == {
        "潘琍@361125": ["县委书记"],
        "陈元@361125": ["县委副书记", "县长"],
        "周国华@361024": ["县委书记"],
        "黄志刚@361024": ["县委副书记", "县长"],
    }


def test_the_fifteen_stretches_of_the_model_article_go_to_the_right_leader(seed: Article) -> None:
    said = [
        statement.name + ("*" if statement.speaker_by == "carried" else "") for statement in seed.statements
    ]
    assert said == SPEAKERS


def test_event_dates_of_the_model_article_are_the_meetings_not_the_day_of_print(seed: Article) -> None:
    days = {(statement.name, statement.event_date) for statement in seed.statements}
    assert days == {
        ("潘琍", "2022-12-09"), ("陈元", "2022-12-09"), ("周国华", "2022-12-10"), ("黄志刚", "2022-12-10")
    }
