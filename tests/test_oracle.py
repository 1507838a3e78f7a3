"""The oracle itself, against answers worked out by hand, and the algebra that it must obey."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import facet_values, matches, run
from strategies import clauses_over, filters

from searchapp.analysis.normalise import squeeze
from searchapp.article import Article, Office, Official, Place
from searchapp.query import (
    FACETS,
    And,
    Clause,
    Everything,
    Filters,
    Fuzzy,
    InDates,
    InFacet,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Words,
)


class Pairs:
    """A stand-in for the word cutter: words are pairs of characters."""

    def cut(self, text: str) -> list[str]:
        run = squeeze(text)
        return [run[at : at + 2] for at in range(0, len(run), 2)]

    def cut_query(self, word: str) -> list[str]:
        return self.cut(word)


CUTTER = Pairs()


def place(code: str, level: str = "county") -> Place:
    return Place(code, "某地", "某地", level)  # type: ignore[arg-type]


def official(name: str, code: str) -> Official:
    return Official(f"{name}@{code}", name, code, "某地", (Office("县长"),))


ARTICLES = (
    Article("a", "石桥县召开会议", "副县长 林一\n到会。", "2022-12-15", "甲报", places=(place("990101"),),
            officials=(official("林一", "990101"),)),
    Article("b", "", "石桥在北，会议在南。５Ｇ基站", "2022-12-01", "乙报",
            places=(place("990102"), place("9901", "city"), place("990101", "town"))),
    Article("c", "林二谈産業", "abcd会议abd", "", "甲报", places=(place("?"), place("98", "province"))),
    Article("d", "无关", "林一林一", "2023-03-31",
            officials=(official("林一", "990101"), official("林一", "?"))),
)  # fmt: skip

CASES: list[tuple[Clause, str]] = [
    (Everything(), "abcd"),
    (Words("会议"), "abc"),
    (Words("石桥会议"), "ab"),  # the parts, in b not side by side
    (Words("石桥林一"), "a"),  # one part in the title, the other in the text
    (Words("石桥林一", "title"), ""),
    (Words("无此", variants=("林二", "5g")), "bc"),
    (Phrase("石桥会议"), ""),
    (Phrase("县长林一到"), "a"),  # across a space and a line break
    (Phrase("议副县"), ""),  # never from the title into the text
    (Phrase("产业"), "c"),
    (Phrase("会议", "title"), "a"),
    (Fuzzy("石桥会议", variants=("林二",)), "c"),  # runs, not parts
    (Prefix("5"), "b"),
    (Prefix("ab"), "c"),
    (Prefix("b"), ""),
    (Prefix("石桥县"), "a"),
    (Near(("石桥", "会议"), 3), "ab"),
    (Near(("会议", "石桥"), 3), "ab"),
    (Near(("会议", "石桥"), 2), ""),
    (Near(("县长", "到会"), 2), "a"),  # white space is not counted
    (Near(("县长", "到会"), 1), ""),
    (Near(("在南", "石桥", "会议"), 3), "b"),
    (Near(("在南", "石桥", "林二"), 9), ""),
    (Near(("会议", "石桥"), 3, "title"), "a"),
    (Near(("林一", "一林"), 0), "d"),  # they may overlap
    (InFacet("county", "x", ("990101",)), "a"),  # a town of it does not count
    (InFacet("county", "x", ("9901",)), "ab"),
    (InFacet("county", "x", ("99", "98")), "abc"),
    (InFacet("county", "x", ("?",)), ""),
    (InFacet("county", "x"), ""),
    (InFacet("official", "x", ("林一@?",)), "d"),
    (InFacet("source", "x", ("甲报", "丙报")), "ac"),
    (InDates("2022-12-02", "2022-12-15"), "a"),
    (InDates("", "2022-12-31"), "ab"),
    (InDates("2022-12-15", ""), "ad"),
    (Not(InDates("", "2022-12-31")), "cd"),
    (And((Words("会议"), Not(Phrase("林")))), "b"),
    (Or((Phrase("林二"), Phrase("5g"))), "bc"),
]


@pytest.mark.parametrize(("clause", "ids"), CASES, ids=lambda value: str(value)[:60])
def test_matches(clause: Clause, ids: str) -> None:
    assert "".join(article.id for article in ARTICLES if matches(article, clause, CUTTER)) == ids


def test_facets_ignore_their_own_selection_only() -> None:
    answer = run(ARTICLES, Query(filters=Filters(county=("9901",), source=("甲报",))), CUTTER)
    assert (answer.total, answer.ids) == (1, ("a",))
    assert answer.facets["county"] == {"990101": 1}
    assert answer.facets["city"] == {"9901": 1}
    assert answer.facets["province"] == {"99": 1, "98": 1}
    assert answer.facets["source"] == {"甲报": 1, "乙报": 1}
    assert answer.facets["month"] == {"2022-12": 1}
    assert answer.facets["official"] == {"林一@990101": 1}
    assert answer.missing == {"county": 1, "city": 1, "province": 0, "source": 0, "month": 0, "official": 0}


def test_counts_of_everything() -> None:
    answer = run(ARTICLES, Query(), CUTTER)
    assert answer.facets["county"] == {"990101": 1, "990102": 1}
    assert answer.facets["official"] == {"林一@990101": 2, "林一@?": 1}
    assert answer.missing == {"county": 2, "city": 2, "province": 1, "source": 1, "month": 1, "official": 2}


@pytest.mark.parametrize(("sort", "ids"), [("newest", "dabc"), ("oldest", "badc")])
def test_order_by_date_has_the_undated_last(sort: str, ids: str) -> None:
    assert "".join(run(ARTICLES, Query(sort=sort), CUTTER).ids) == ids  # type: ignore[arg-type]


def test_dates_of_the_filter_hold_for_every_facet() -> None:
    answer = run(ARTICLES, Query(filters=Filters(first="2022-12-02", month=("2023-03",))), CUTTER)
    assert answer.ids == ("d",)
    assert answer.facets["month"] == {"2022-12": 1, "2023-03": 1}


def test_match_any_loosens_words_only() -> None:
    clause = And((Words("石桥林二"), Words("无此"), Not(Phrase("南"))))
    assert run(ARTICLES, Query(clause=clause, match="all"), CUTTER).ids == ()
    assert run(ARTICLES, Query(clause=clause, match="any"), CUTTER).ids == ("a", "c")
    only = Not(Phrase("林"))
    assert run(ARTICLES, Query(clause=only, match="any"), CUTTER).ids == ("b",)


@settings(max_examples=150)
@given(st.tuples(clauses_over(ARTICLES), clauses_over(ARTICLES)))
def test_algebra_of_clauses(pair: tuple[Clause, Clause]) -> None:
    def ids(clause: Clause) -> set[str]:
        return {article.id for article in ARTICLES if matches(article, clause, CUTTER)}

    left, right = map(ids, pair)
    assert ids(And(pair)) == left & right
    assert ids(Or(pair)) == left | right
    assert ids(Not(pair[0])) == set("abcd") - left


@settings(max_examples=150)
@given(clauses_over(ARTICLES, most=2), filters(ARTICLES))
def test_choosing_a_value_that_shows_n_gives_n(clause: Clause, chosen: Filters) -> None:
    answer = run(ARTICLES, Query(clause=clause, filters=chosen), CUTTER)
    own = {"county": "county", "city": "county", "province": "county"}
    for facet in FACETS:
        for value, count in answer.facets[facet].items():
            selection = {name: getattr(chosen, name) for name in Filters.__slots__}
            selection[own.get(facet, facet)] = (value,)
            again = run(ARTICLES, Query(clause=clause, filters=Filters(**selection)), CUTTER)
            assert again.total == count
            assert all(value in facet_values(a, facet) for a in ARTICLES if a.id in again.ids)
