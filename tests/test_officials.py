"""Officials: cases as data, and laws over random text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.annotate.counties import find_places
from searchapp.annotate.names import read_name
from searchapp.annotate.office_bodies import BodyReader
from searchapp.annotate.offices import find_offices
from searchapp.annotate.officials import People, find_officials
from searchapp.gazetteer import Gazetteer, Seat, load_gazetteer

CASES = Path(__file__).parent / "cases" / "annotate"


@cache
def gazetteer() -> Gazetteer:
    return load_gazetteer(CASES / "places.toml")


def people_of(text: str, title: str = "") -> People:
    return find_officials(title, text, find_places(title, text, gazetteer()), gazetteer())


def offices_of(people: People) -> dict[str, list[str]]:
    return {
        official.id: [("-" if office.former else "") + office.title for office in official.offices]
        for official in people.officials
    }


def cases() -> list[dict[str, object]]:
    lines = (CASES / "officials.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["note"]))
def test_officials_and_their_offices(case: dict[str, object]) -> None:
    assert offices_of(people_of(str(case["text"]))) == case["officials"]


def test_one_official_has_all_mentions_of_title_and_text() -> None:
    title, text = "林守田调研春耕", "示例县委书记林守田下乡。走访中，林守田问得很细。"
    (official,) = people_of(text, title).officials
    content = {"title": title, "text": text}
    found = [
        (one.field, content[one.field][one.span.start : one.span.end], one.span.start)
        for one in official.mentions
    ]
    assert found == [("title", "林守田", 0), ("text", "林守田", 6), ("text", "林守田", 16)]


def test_a_name_with_inner_space_is_mentioned_as_it_stands() -> None:
    text = "示例县教育局局长赵　明到校。"
    (official,) = people_of(text).officials
    (mention,) = official.mentions
    assert official.name == "赵明"
    assert text[mention.span.start : mention.span.end] == "赵　明"


def test_place_of_an_official_is_the_path_of_the_division() -> None:
    (official,) = people_of("示例县委书记林守田讲话。").officials
    assert (official.code, official.place) == ("990101", "示例省/示范市/示例县")


def test_a_town_that_is_known_tells_the_county(monkeypatch: pytest.MonkeyPatch) -> None:
    seats = {"麦田街道": (Seat("990103", True),), "中山街道": (Seat("990103", False),)}
    monkeypatch.setitem(gazetteer().__dict__, "town_seats", seats)
    talk = "召开座谈会。区委副书记林守田、街道办事处主任方砚参加。"
    assert set(offices_of(people_of("麦田街道" + talk))) == {"林守田@990103", "方砚@990103"}
    # A name that others bear needs its city.
    assert set(offices_of(people_of("中山街道" + talk))) == {"林守田@?", "方砚@?"}
    assert set(offices_of(people_of("示范市中山街道" + talk))) == {"林守田@990103", "方砚@990103"}
    # Right behind its city as well.
    assert set(offices_of(people_of("示范市中山街道党工委书记林守田说。"))) == {"林守田@990103"}
    assert set(offices_of(people_of("示范市草木街道党工委书记林守田说。"))) == {"林守田@9901"}


def test_an_office_without_any_place_has_the_unknown_code_and_no_path() -> None:
    (official,) = people_of("示例省来了客人。草木区委书记林守田讲话。").officials
    assert (official.id, official.place) == ("林守田@?", "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("潘珊主持会议", "潘珊"),
        ("李向东，", "李向东"),
        ("李敏向记者介绍", "李敏"),
        ("欧阳明月说", "欧阳明月"),
        ("赵　明，", "赵明"),
        ("阿依古丽·买买提说", "阿依古丽·买买提"),
        ("高度重视", None),
        ("祝某某", None),
        ("王等人", None),
        ("", None),
    ],
)
def test_where_a_name_ends(text: str, name: str | None) -> None:
    found = read_name(text, 0)
    assert (found.text if found else None) == name


# Text made of the parts that matter, in any order, and of anything else.
PARTS = [
    "县委", "书记", "副", "常务", "市长", "、", "，", "。", "原", "示例县", "林守田", "教育局", "局长",
    "（", "）",
    "任", "曾任", "　", "\n", "“", "”",
]
texts = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=3)), max_size=25).map("".join)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_offsets_point_at_what_they_say(text: str) -> None:
    people = people_of(text, "示例县")
    for official in people.officials:
        assert official.id == f"{official.name}@{official.code}"
        assert official.offices
        for mention in official.mentions:
            content = text if mention.field == "text" else "示例县"
            said = content[mention.span.start : mention.span.end]
            assert "".join(said.split()) == official.name
    for phrase in find_offices(text):
        assert 0 <= phrase.start < phrase.end <= len(text)
        assert text[phrase.start : phrase.end].endswith(phrase.rank)


@settings(max_examples=50, deadline=None)
@given(texts)
def test_the_same_text_gives_the_same_people(text: str) -> None:
    assert people_of(text) == people_of(text)


FEW = st.text("县局办书", max_size=8)


@given(FEW, st.frozensets(st.text("县局办书", min_size=1, max_size=4)), st.integers(0, 8), st.integers(0, 8))
def test_the_word_before_is_the_longest_of_all_that_end_there(
    text: str, words: frozenset[str], at: int, floor: int
) -> None:
    at, floor = min(at, len(text)), min(floor, at, len(text))
    reader = BodyReader(text, frozenset())
    reader.floor = floor
    ending = [word for word in words if text[floor:at].endswith(word) and len(word) <= 3]
    assert reader.word_before(at, words, 3) == max(ending, key=len, default="")
