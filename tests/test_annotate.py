"""Whole articles: the model article, an editor's corrections, traditional text, threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.annotate import Annotator
from searchapp.article import Article
from searchapp.gazetteer import load_gazetteer

SHARED = Path(os.environ.get("SEARCHAPP_SHARED", str(Path(__file__).resolve().parents[2] / "shared")))
SEED = SHARED / "data" / "seed_article.txt"

# The speaker of each stretch in order; `*` where the text names no speaker.
SPEAKERS = ["潘琍", "周国华", "周国华", "潘琍", "潘琍", "潘琍", "潘琍", "周国华", "周国华*"]
SPEAKERS += ["陈元", "陈元", "陈元*", "黄志刚", "黄志刚", "黄志刚"]


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


def test_nobody_of_captions_and_bylines_is_an_official(seed: Article) -> None:
    names = {official.name for official in seed.officials}
    assert not names & {"谢华忠", "卓忠伟", "欧阳兴", "杜宇蔚"}


PLACES = Path(__file__).parent / "cases" / "annotate" / "places.toml"
TEXT = "12月9日，示例县委书记林守田说，要抓紧。\n例举县长方砚说，要抓实。"


def article(text: str = TEXT, **facts: str) -> Article:
    return Article(id=facts.pop("id", "a1"), title="春耕", text=text, date="2022-12-15", **facts)


def corrected(tmp_path: Path, lines: str) -> Article:
    file = tmp_path / "aliases.toml"
    file.write_text(lines + "\n" + PLACES.read_text(encoding="utf-8"), encoding="utf-8")
    return Annotator(load_gazetteer(file)).annotate(article())


def ids(annotated: Article) -> list[str]:
    return [official.id for official in annotated.officials]


def test_annotating_fills_places_officials_and_statements_and_keeps_the_rest() -> None:
    before = article(source="示例融媒", url="https://news.example/1")
    after = Annotator(load_gazetteer(PLACES)).annotate(before)
    assert [place.code for place in after.places] == ["990101", "990102"]
    assert ids(after) == ["林守田@990101", "方砚@990102"]
    assert [statement.name for statement in after.statements] == ["林守田", "方砚"]
    assert replace(after, places=(), officials=(), statements=()) == before


def test_annotating_twice_changes_nothing() -> None:
    annotator = Annotator(load_gazetteer(PLACES))
    once = annotator.annotate(article())
    assert annotator.annotate(once) == once


def test_an_article_without_text_is_annotated_to_nothing() -> None:
    empty = Annotator(load_gazetteer(PLACES)).annotate(Article(id="e", title="", text=""))
    assert (empty.places, empty.officials, empty.statements) == ((), (), ())


def test_threads_share_one_annotator() -> None:
    annotator = Annotator(load_gazetteer(PLACES))
    articles = [article(TEXT * (1 + number % 3), id=str(number)) for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(annotator.annotate, articles)) == [annotator.annotate(one) for one in articles]


def test_traditional_text_gives_the_same_people_at_the_same_places() -> None:
    annotator = Annotator(load_gazetteer(PLACES))
    simplified = "示例县委书记陈东海说，农业发展要抓紧，经济建设要抓实，项目质量要抓严。"
    traditional = "示例縣委書記陳東海說，農業發展要抓緊，經濟建設要抓實，項目質量要抓嚴。"
    one, other = annotator.annotate(article(simplified)), annotator.annotate(article(traditional))
    assert ids(one) == ["陈东海@990101"]
    assert (one.officials, one.statements) == (other.officials, other.statements)


def test_a_rare_form_in_simplified_text_keeps_its_name() -> None:
    annotated = Annotator(load_gazetteer(PLACES)).annotate(article("示例县委书记李乾说，要抓紧。"))
    assert ids(annotated) == ["李乾@990101"]


def test_fingerprint_changes_with_an_editors_corrections(tmp_path: Path) -> None:
    file = tmp_path / "aliases.toml"
    file.write_text('[merge]\n"甲@36" = "乙@36"\n', encoding="utf-8")
    plain, edited = Annotator(load_gazetteer()), Annotator(load_gazetteer(file))
    assert plain.fingerprint == Annotator(load_gazetteer()).fingerprint
    assert plain.fingerprint != edited.fingerprint


def test_merge_makes_one_official_of_two_with_all_mentions_and_statements(tmp_path: Path) -> None:
    merged = corrected(tmp_path, '[merge]\n"方砚@990102" = "林守田@990101"\n')
    (official,) = merged.officials
    assert official.id == "林守田@990101"
    assert [office.title for office in official.offices] == ["县委书记", "县长"]
    assert len(official.mentions) == 2
    assert [(one.official, one.name) for one in merged.statements] == [("林守田@990101", "林守田")] * 2


@pytest.mark.parametrize(
    ("criterion", "applies"),
    [
        ('office = "县委书记"', True),
        ('office = "县长"', False),
        ("from = 2022-12-15", True),
        ("from = 2022-12-16", False),
        ("to = 2022-12-15", True),
        ("to = 2022-12-14", False),
        ('articles = ["a1"]', True),
        ('articles = ["a2"]', False),
        ('articles = ["a1"]\nfrom = 2023-01-01', False),
    ],
)
def test_split_applies_where_all_its_criteria_hold(tmp_path: Path, criterion: str, applies: bool) -> None:
    split = f'[[split]]\nofficial = "林守田@990101"\ninto = "林守田（二）@990101"\n{criterion}\n'
    annotated = corrected(tmp_path, split)
    wanted = "林守田（二）@990101" if applies else "林守田@990101"
    assert set(ids(annotated)) == {wanted, "方砚@990102"}
    assert annotated.statements[0].official == wanted


def test_split_by_office_leaves_the_other_offices_behind(tmp_path: Path) -> None:
    file = tmp_path / "aliases.toml"
    split = '[[split]]\nofficial = "方砚@990101"\ninto = "方砚（二）@990101"\noffice = "县长"\n'
    file.write_text(split + PLACES.read_text(encoding="utf-8"), encoding="utf-8")
    text = "示例县委副书记、县长方砚说，要抓紧。"
    annotated = Annotator(load_gazetteer(file)).annotate(article(text))
    offices = {one.id: [office.title for office in one.offices] for one in annotated.officials}
    assert offices == {"方砚（二）@990101": ["县长"], "方砚@990101": ["县委副书记"]}
    assert [one.official for one in annotated.statements] == ["方砚@990101"]


def test_correct_puts_right_a_name_and_a_title(tmp_path: Path) -> None:
    fix = '[[correct]]\nofficial = "林守田@990101"\nname = "林首田"\noffices = {"县委书记" = "县委副书记"}\n'
    annotated = corrected(tmp_path, fix)
    assert ids(annotated) == ["林首田@990101", "方砚@990102"]
    assert [office.title for office in annotated.officials[0].offices] == ["县委副书记"]
    statement = annotated.statements[0]
    assert (statement.official, statement.name) == ("林首田@990101", "林首田")
    assert statement.offices == ("县委副书记",)
