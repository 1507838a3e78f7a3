"""The track of a wording against a scan of every statement and article."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_counts import assert_counts_hold, counts_in
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.analysis.normalise import squeeze
from searchapp.config import Settings
from searchapp.desk import Track, track
from searchapp.desk.chart import HEIGHT, WIDTH, curve, month_number
from searchapp.desk.tracker import Step
from searchapp.errors import QueryError
from searchapp.query import Filters, Query
from searchapp.results import Hit
from searchapp.search import Searcher

WORDS = ["项目为王", "一张蓝图绘到底", "“项目管家”", "开门红", "真抓实干", "无此词语"]


@pytest.fixture(scope="module")
def searcher(sample_index: Path) -> Searcher:
    return Searcher(Settings(index=sample_index))


@pytest.fixture(scope="module")
def statements(searcher: Searcher) -> list[Hit]:
    return list(searcher.every_hit(Query(collection="statements")))


def first_days(hits: list[Hit]) -> dict[str, str]:
    """County -> the first day on which one of its officials is reported with it."""
    days: dict[str, str] = {}
    for hit in hits:
        if hit.statement and len(hit.statement.code) == 6 and hit.date:
            code = hit.statement.code
            days[code] = min(days.get(code, hit.date), hit.date)
    return days


@pytest.mark.parametrize("words", WORDS)
def test_a_track_is_what_a_scan_finds(searcher: Searcher, statements: list[Hit], words: str) -> None:
    found = track(searcher, words)
    holding = [hit for hit in statements if squeeze(found.words) in squeeze(hit.statement_text)]
    assert found.said.number == len(holding)
    days = first_days(holding)
    assert {arrival.code: arrival.day for arrival in found.arrivals} == days
    assert found.counties == len(days)
    assert [arrival.day for arrival in found.arrivals] == sorted(days.values())
    if holding:
        assert found.first[0].date == min(hit.date for hit in holding if hit.date)
        assert found.steps[-1].total == len(days)
        assert {s.month: s.total for s in found.steps} == {
            s.month: sum(day[:7] <= s.month for day in days.values()) for s in found.steps
        }


@pytest.mark.parametrize("words", WORDS[:-1])
@pytest.mark.parametrize("collection", ["statements", "articles"])
def test_each_count_of_a_track_is_that_of_its_search(searcher: Searcher, words: str, collection: str) -> None:
    found = track(searcher, words, collection)  # type: ignore[arg-type]
    assert found.top_counties
    assert_counts_hold(searcher, counts_in(found))


def test_a_track_keeps_to_its_filters(searcher: Searcher) -> None:
    whole = track(searcher, "项目为王")
    part = track(searcher, "项目为王", filters=Filters(county=("990121",)))
    assert 0 < part.said.number < whole.said.number
    assert {arrival.code for arrival in part.arrivals} == {"990121"}


@pytest.mark.parametrize("words", ["", "  ", "“”", '""'])
def test_no_words_are_refused(searcher: Searcher, words: str) -> None:
    with pytest.raises(QueryError):
        track(searcher, words)


def test_nothing_found_is_an_empty_track(searcher: Searcher) -> None:
    found: Track = track(searcher, "无此词语")
    assert (found.said.number, found.first, found.arrivals, curve(found.steps)) == (0, (), (), None)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(2000, 2030), st.integers(1, 12)), min_size=1, unique=True),
    st.integers(1, 9),
)
def test_the_curve_climbs_from_the_first_month_to_the_last(months: list[tuple[int, int]], each: int) -> None:
    names = sorted(f"{year}-{month:02d}" for year, month in months)
    steps = [Step(name, (), each * number) for number, name in enumerate(names, 1)]
    drawn = curve(steps, "2031-01")
    assert drawn is not None
    assert drawn.points[0].x == 0
    assert drawn.points[-1].y == 0
    assert all(0 <= point.x <= WIDTH and 0 <= point.y < HEIGHT for point in drawn.points)
    assert all(a.x <= b.x and a.y > b.y for a, b in zip(drawn.points, drawn.points[1:], strict=False))
    assert drawn.highest == each * len(names)


def test_months_are_numbered_in_a_row() -> None:
    assert month_number("2023-01") - month_number("2022-12") == 1
