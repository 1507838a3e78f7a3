"""URL <-> Query: strict reading, and every link reads back as the question it was made of."""

from __future__ import annotations

import string
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import QueryError
from searchapp.query import FACETS, Everything, FacetName, Filters, Query
from searchapp.syntax import parse
from searchapp.web.params import (
    ORDER,
    SELECTION,
    ValueLinks,
    add_value,
    from_json,
    page_count,
    pairs,
    remove_value,
    to_query,
    to_url,
    without_filters,
)

codes = st.one_of(
    st.integers(11, 99).map(str),
    st.tuples(st.integers(11, 99), st.integers(1, 99)).map(lambda n: f"{n[0]:02d}{n[1]:02d}"),
    st.tuples(st.integers(11, 99), st.integers(1, 99), st.integers(1, 99)).map(
        lambda n: f"{n[0]:02d}{n[1]:02d}{n[2]:02d}"
    ),
)
letters = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
names = letters.filter(lambda name: "@" not in name)
days = st.dates().map(lambda day: day.isoformat())
months = st.tuples(st.integers(1900, 2100), st.integers(1, 12)).map(lambda n: f"{n[0]:04d}-{n[1]:02d}")


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=4, unique=True).map(tuple)


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    first, last = sorted((draw(days), draw(days)))
    return Filters(
        county=draw(several(codes)),
        official=draw(several(st.tuples(names, st.one_of(codes, st.just("?"))).map("@".join))),
        source=draw(several(letters)),
        month=draw(several(months)),
        first=draw(st.sampled_from(("", first))),
        last=draw(st.sampled_from(("", last))),
    )


def understood(q: str) -> bool:
    try:
        parse(q)
    except QueryError:
        return False
    return True


queries = st.builds(
    Query,
    q=st.text(string.ascii_letters + "县委书记项目为王&=+%#?/　", max_size=30).filter(understood),
    filters=filters(),
    match=st.sampled_from(("auto", "all", "any")),
    sort=st.sampled_from(("relevance", "newest", "oldest")),
    group=st.sampled_from(("none", "reprints", "county", "official")),
    page=st.integers(1, 10**9),
    size=st.integers(0, 100),
    facet_size=st.integers(0, 1000),
    exact=st.booleans(),
    explain=st.booleans(),
    freshness=st.integers(0, 36_500),
)


def read(url: str) -> Query:
    return to_query(parse_qs(urlsplit(url).query, keep_blank_values=True))


@given(queries)
def test_a_link_reads_back_as_its_question(query: Query) -> None:
    query = replace(query, clause=parse(query.q))
    assert read(to_url("search", query)) == query
    assert read(to_url("api_search", query, root="/news")) == query


@given(queries, codes)
def test_choosing_a_place_leaves_no_place_above_or_below(query: Query, code: str) -> None:
    chosen = add_value(query, "county", code)
    others = [other for other in chosen.filters.county if other != code]
    assert chosen.page == 1
    assert code in chosen.filters.county
    assert not any(other.startswith(code) or code.startswith(other) for other in others)
    kept = [o for o in query.filters.county if not (o.startswith(code) or code.startswith(o))]
    assert others == kept


@given(queries, letters)
def test_adding_and_removing_a_value_are_each_other_s_undoing(query: Query, source: str) -> None:
    without = remove_value(query, "source", source)
    assert remove_value(add_value(without, "source", source), "source", source) == replace(without, page=1)


@given(queries, st.sampled_from(FACETS), codes, st.sampled_from(("search", "statements")))
def test_the_many_links_of_a_page_are_those_of_the_changed_questions(
    query: Query, facet: FacetName, value: str, endpoint: str
) -> None:
    links = ValueLinks(endpoint, query, "/news")
    assert links.add(facet, value) == to_url(endpoint, add_value(query, facet, value), "/news")
    for chosen in (value, *getattr(query.filters, SELECTION[facet])):
        assert links.remove(facet, chosen) == to_url(endpoint, remove_value(query, facet, chosen), "/news")


def test_the_order_of_parameters_is_the_one_that_is_written() -> None:
    filters = Filters(("36",), ("a@36",), ("s",), ("2022-12",), "2022-01-01", "2022-12-31")
    query = Query("q", Everything(), filters, "any", "newest", "reprints", 2, 3, 4, True, True, freshness=7)
    assert tuple(name for name, _ in pairs(query)) == ORDER


@pytest.mark.parametrize(("facet", "value"), [("city", "3611"), ("province", "36"), ("county", "361125")])
def test_the_three_views_of_places_are_one_selection(facet: str, value: str) -> None:
    assert add_value(Query(), facet, value).filters.county == (value,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "best"),
        ("match", "most"),
        ("group", "x"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "a"),
        ("page", "1.5"),
        ("page", "１"),
        ("page", "1" * 40),
        ("size", "101"),
        ("size", "-1"),
        ("size", "ten"),
        ("facet_size", "1001"),
        ("county", "3"),
        ("county", "江西"),
        ("county", "3611250"),
        ("county", "36112"),
        ("official", "潘琍"),
        ("official", "@36"),
        ("official", "a@b"),
        ("month", "2022"),
        ("month", "2022-13"),
        ("from", "yesterday"),
        ("from", "2022-02-30"),
        ("to", "2022-12-15-1"),
        ("freshness", "36501"),
        ("freshness", "-1"),
        ("freshness", "0.5"),
        ("freshness", "week"),
        ("exact", "yes"),
        ("explain", "2"),
        ("source", "长" * 1001),
        ("from", "2022..2023"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(QueryError) as refused:
        to_query({name: [value]})
    assert refused.value.code == "bad_parameter"
    assert f"参数 {name}" in refused.value.message


def test_a_parameter_given_twice_with_two_values_is_refused() -> None:
    assert to_query({"page": ["2", "2", ""]}).page == 2
    with pytest.raises(QueryError, match="page"):
        to_query({"page": ["1", "2"]})


def test_more_values_than_anybody_means_are_refused() -> None:
    with pytest.raises(QueryError, match="county"):
        to_query({"county": ["36"] * 101})


def test_a_lone_surrogate_is_refused() -> None:
    for args in ({"q": ["\ud83d"]}, {"source": ["\ud83d"]}):
        with pytest.raises(QueryError):
            to_query(args)


def test_too_long_a_query_says_how_long_and_where() -> None:
    with pytest.raises(QueryError) as refused:
        to_query({"q": ["长" * 10_001]})
    assert refused.value.position == 10_000


def test_unknown_names_and_empty_values_are_as_if_absent() -> None:
    args = {"utm_source": ["x"], "page": [""], "county": ["", ""], "from": [""], "sort": [""], "q": [""]}
    assert to_query(args) == Query()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022年", "2022-01-01", "2022-12-31"),
        ("2022-12", "2022-12-01", "2022-12-31"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("2022-12-15", "2022-12-15", "2022-12-15"),
        ("2022年12月15日", "2022-12-15", "2022-12-15"),
        ("２０２２年１２月１５日", "2022-12-15", "2022-12-15"),
        ("2022/1/5", "2022-01-05", "2022-01-05"),
    ],
)
def test_dates_as_people_write_them(text: str, first: str, last: str) -> None:
    chosen = to_query({"from": [text], "to": [text]}).filters
    assert (chosen.first, chosen.last) == (first, last)


def test_dates_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(QueryError, match="from"):
        to_query({"from": ["2023"], "to": ["2022"]})


def test_freshness_is_off_unless_it_is_set() -> None:
    for args in ({}, {"freshness": [""]}, {"freshness": ["0"]}):
        query = to_query(args)
        assert query == Query()
        assert to_url("search", query) == "/"
    assert to_query({"freshness": ["1"]}).freshness == 1
    assert to_query({"freshness": ["36500"]}).freshness == 36_500
    assert to_url("search", to_query({"q": ["a"], "freshness": ["30"]})) == "/?q=a&freshness=30"


def test_questions_that_differ_in_freshness_alone_are_held_apart() -> None:
    assert len({replace(Query(), freshness=days) for days in (0, 7, 30, 7)}) == 3


def test_six_digit_codes_of_cities_and_provinces_are_their_short_codes() -> None:
    chosen = to_query({"county": ["361100", "360000", "361125", "3611"]}).filters
    assert chosen.county == ("3611", "36", "361125")


def test_json_bodies_read_like_query_strings() -> None:
    body = {"q": "项目", "county": ["36", "11"], "source": "甲报", "page": 2, "exact": True, "from": None}
    expected = {"q": ["项目"], "county": ["36", "11"], "source": ["甲报"], "page": ["2"], "exact": ["1"]}
    assert to_query(from_json(body)) == to_query(expected)


@pytest.mark.parametrize("body", [[], "q", 3, None, {"q": {"a": 1}}, {"q": [["a"]]}])
def test_json_of_another_shape_is_refused(body: object) -> None:
    with pytest.raises(QueryError):
        to_query(from_json(body))


def test_without_filters_keeps_the_words() -> None:
    query = Query(q="项目", filters=Filters(county=("36",), first="2022-01-01"), page=3, sort="newest")
    assert without_filters(query) == Query(q="项目", sort="newest")


@pytest.mark.parametrize(("total", "size", "pages"), [(0, 10, 1), (10, 10, 1), (11, 10, 2), (5, 0, 1)])
def test_page_count(total: int, size: int, pages: int) -> None:
    assert page_count(total, size) == pages
