"""Profiles over the bundled sample: whom they name, and that each count is that of its search."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_counts import assert_counts_hold, counts_in

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.desk import county_profile, official_profile
from searchapp.desk.profiles import Activity
from searchapp.errors import ArticleNotFound
from searchapp.query import Filters, Query
from searchapp.search import Searcher

QINGHE, YUNLING, PROVINCE = "990121", "9901", "99"
HE, HE_OF_YANBU, LIN = "何青松@990121", "何青松@990222", "林守田@990121"


@pytest.fixture(scope="module")
def searcher(sample_index: Path) -> Searcher:
    return Searcher(Settings(index=sample_index))


@pytest.fixture(scope="module")
def held(searcher: Searcher) -> list[Article]:
    return [searcher.article(ident) for ident in searcher.every_id(Query())]


def everybody(searcher: Searcher) -> list[str]:
    page = searcher.search(Query(size=0, facet_size=10_000))
    return [value.value for value in page.facets["official"].values]


@pytest.mark.parametrize("code", [QINGHE, "990122", "361125", YUNLING, PROVINCE, "110101"])
def test_each_count_of_a_place_is_that_of_its_search(searcher: Searcher, code: str) -> None:
    profile = county_profile(searcher, code)
    counts = counts_in(profile)
    if code == "110101":
        assert [count.number for count in counts] == [0, 0]
    else:
        assert_counts_hold(searcher, counts)


def test_each_count_of_every_official_is_that_of_its_search(searcher: Searcher) -> None:
    people = everybody(searcher)
    assert len(people) > 30
    for ident in people:
        assert_counts_hold(searcher, counts_in(official_profile(searcher, ident)))


def assert_months_hold(searcher: Searcher, activity: Activity) -> None:
    assert activity.months.values
    for month in activity.months.values:
        filters = activity.query.filters
        narrowed = Filters(county=filters.county, official=filters.official, month=(month.value,))
        asked = Query(filters=narrowed, collection=activity.query.collection)
        assert searcher.search(asked).total == month.count


def test_months_are_those_of_their_searches(searcher: Searcher) -> None:
    profile = county_profile(searcher, QINGHE)
    assert_months_hold(searcher, profile.activity)
    assert_months_hold(searcher, profile.speech)
    assert_months_hold(searcher, official_profile(searcher, HE).activity)


def test_who_is_who_lists_every_official_of_the_place_itself(searcher: Searcher) -> None:
    profile = county_profile(searcher, QINGHE)
    assert {person.id for person in profile.people} == {
        ident for ident in everybody(searcher) if ident.endswith(f"@{QINGHE}")
    }
    assert profile.unlisted == 0
    assert profile.name == "青禾县"
    assert profile.path.endswith("/青禾县")
    assert profile.latest[0].statement
    assert QINGHE not in {item.value for item in profile.neighbours}


def test_days_seen_are_those_of_the_articles(searcher: Searcher, held: list[Article]) -> None:
    profile = official_profile(searcher, LIN)
    for line in profile.tenures:
        tenure = line.tenure
        days = [
            article.date
            for article in held
            for official in article.officials
            if official.id == LIN
            and any((o.title, o.former) == (tenure.title, tenure.former) for o in official.offices)
        ]
        assert (tenure.first_day, tenure.last_day) == (min(filter(None, days)), max(days))
        assert tenure.articles == len(days)


def test_each_sentence_stands_in_its_article_and_shows_the_office(searcher: Searcher) -> None:
    for ident in (HE, LIN, "周云笛@990122"):
        for line in official_profile(searcher, ident).tenures:
            for shown in line.evidence:
                if shown.start >= 0:
                    article = searcher.article(shown.article_id)
                    assert article.text[shown.start : shown.end] == shown.sentence
            assert any(ident.partition("@")[0] in shown.sentence for shown in line.evidence)


def test_a_handover_names_who_was_there_before_and_after(searcher: Searcher) -> None:
    before = {item.title: item.before for item in official_profile(searcher, HE).handovers}
    after = {item.title: item.after for item in official_profile(searcher, LIN).handovers}
    came, went = before["县委书记"], after["县委书记"]
    assert came is not None
    assert went is not None
    assert (came.id, went.id) == (LIN, HE)
    assert came.last_day < went.first_day


def test_namesakes_are_kept_apart_and_named(searcher: Searcher) -> None:
    assert [other.value for other in official_profile(searcher, HE).namesakes] == [HE_OF_YANBU]
    assert official_profile(searcher, "周云笛@990122").namesakes == ()


def test_who_is_named_together(searcher: Searcher, held: list[Article]) -> None:
    together = {item.value: item.count.number for item in official_profile(searcher, HE).people}
    assert HE not in together
    for ident, number in together.items():
        both = [a for a in held if {HE, ident} <= {official.id for official in a.officials}]
        assert number == len(both)


@pytest.mark.parametrize("code", ["", "1", "abc", "999999", "36112", "3611255", "３６", "<b>"])
def test_an_unknown_place_is_not_found(searcher: Searcher, code: str) -> None:
    with pytest.raises(ArticleNotFound):
        county_profile(searcher, code)


@pytest.mark.parametrize("ident", ["", "何青松", "无此人@990121", "@990121", "何青松@", "<script>@00"])
def test_an_unknown_official_is_not_found(searcher: Searcher, ident: str) -> None:
    with pytest.raises(ArticleNotFound):
        official_profile(searcher, ident)
