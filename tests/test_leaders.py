"""Leaders whose place an article leaves out: the table, and what it may and may not tell."""

from __future__ import annotations

import datetime

import pytest

from searchapp.annotate.counties import find_places
from searchapp.annotate.leaders import Tenure, known_leaders, leads, led_by
from searchapp.annotate.officials import find_officials
from searchapp.dictionaries import load_dictionaries
from searchapp.gazetteer.tables import read_table

GAZETTEER = load_dictionaries().gazetteer
DISTRICT_HEADS = [
    (name, *tenures)
    for (name, title), tenures in known_leaders().items()
    if title == "区长" and len(tenures) == 1 and len(tenures[0].code) == 6
]


def codes(text: str, date: str) -> dict[str, str]:
    places = find_places("", text, GAZETTEER)
    people = find_officials("", text, places, GAZETTEER, date)
    return {official.name: official.code for official in people.officials}


def test_the_table_is_whole() -> None:
    rows = list(read_table("leaders"))
    keys = [(row["name"], row["title"], row["code"]) for row in rows]
    assert keys == sorted(set(keys))
    assert len(rows) > 100
    for row in rows:
        assert leads(row["title"]), row
        assert GAZETTEER.division(row["code"]), row
        first, last = (datetime.date.fromisoformat(row[column]) for column in ("first", "last"))
        assert first <= last, row
        assert int(row["articles"]) >= 2, row


@pytest.mark.parametrize(("name", "tenure"), DISTRICT_HEADS)
def test_a_leader_tells_the_place_of_all(name: str, tenure: Tenure) -> None:
    text = f"今天下午，区长{name}到工地调研。副区长林守田陪同。"
    assert codes(text, tenure.last.isoformat()) == {name: tenure.code, "林守田": tenure.code}


def test_what_the_article_says_goes_first() -> None:
    name, tenure = DISTRICT_HEADS[0]
    other = "越秀区" if tenure.code != "440104" else "荔湾区"
    (division,) = GAZETTEER.named(other)
    text = f"广州市{other}的会议今天举行，区长{name}到会。"
    assert codes(text, tenure.last.isoformat()) == {name: division.code}


def test_years_later_nobody_is_known() -> None:
    name, tenure = DISTRICT_HEADS[0]
    later = tenure.last + datetime.timedelta(days=800)
    assert led_by(name, ["区长"], tenure.last.isoformat()) == tenure.code
    assert led_by(name, ["区长"], later.isoformat()) == ""
    assert led_by(name, ["区长"], "") == tenure.code
    assert led_by(name, ["教育局局长"], "") == ""
    assert codes(f"县里来了客人。区长{name}到会。", later.isoformat()).get(name) in (None, "?")
