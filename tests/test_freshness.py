"""Newer ones first, when asked: the order by brute force, the parts of the score, nothing when off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from engine_fixtures import Built, build, sample_dictionaries
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import clauses_over

from searchapp.article import Article
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.whoosh.freshness import LEAST_PART
from searchapp.query import And, Clause, Collection, Filters, Match, Query, Sort, Words
from searchapp.results import EngineHit
from searchapp.sample import SamplePaths

EVERYTHING = 1000
DAYS = st.sampled_from((1, 7, 30, 365, 36_500)) | st.integers(1, 36_500)
# No article and no statement holds both.
LOOSE = And((Words("项目"), Words("台风")))


@pytest.fixture(scope="module", params=["merged", "deleted"])
def index(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sample: SamplePaths,
    sample_articles: tuple[Article, ...],
) -> Built:
    """The sample as one segment, and as three without its newest articles and a fifth of the others;
    every seventh article has lost its date."""
    articles = [replace(a, date="" if n % 7 == 3 else a.date) for n, a in enumerate(sample_articles)]
    newest = sorted(articles, key=lambda article: article.date)[-3:]
    gone = [article.id for article in (*articles[::5], *newest)] if request.param == "deleted" else []
    return build(
        tmp_path_factory.mktemp("index"),
        articles,
        sample_dictionaries(sample.additions),
        merged=request.param == "merged",
        deleted=gone,
    )


def factor(day: str, newest: str, days: int) -> float:
    """What a score is multiplied by, worked out for one date."""
    if not day:
        return 1.0
    age = (date.fromisoformat(newest) - date.fromisoformat(day)).days
    return 1 + float(2 ** (-age / days))


def newest_of(built: Built, collection: Collection) -> str:
    held = [a for a in built.articles if a.statements or collection == "articles"]
    return max(article.date for article in held)


def named(hits: Sequence[EngineHit]) -> list[tuple[str, int | None]]:
    return [(hit.article.id, hit.statement) for hit in hits]


def every(built: Built, query: Query) -> tuple[EngineHit, ...]:
    return built.reader.search(replace(query, size=EVERYTHING, facets=False)).hits


def reordered(built: Built, query: Query) -> list[tuple[EngineHit, float]]:
    """The plain hits with their scores times the factor, best first; of equal ones the newer first."""
    newest = newest_of(built, query.collection)
    plain = every(built, replace(query, freshness=0))
    pairs = [(hit, hit.score * factor(hit.article.date, newest, query.freshness)) for hit in plain]
    pairs.sort(key=lambda pair: pair[0].article.date, reverse=True)
    return sorted(pairs, key=lambda pair: -pair[1])


@settings(max_examples=120, deadline=None)
@given(data=st.data(), days=DAYS)
def test_the_order_is_that_of_plain_scores_times_the_factor(
    index: Built, data: st.DataObject, days: int
) -> None:
    """Any tree, strict and loose, articles and statements, with deletions and undated articles."""
    query = Query(
        clause=data.draw(clauses_over(index.articles)),
        match=data.draw(st.sampled_from(("auto", "all", "any"))),
        collection=data.draw(st.sampled_from(("articles", "statements"))),
        freshness=days,
    )
    expected = reordered(index, query)
    found = every(index, query)
    assert named(found) == named([hit for hit, _ in expected])
    assert [hit.score for hit in found] == pytest.approx([score for _, score in expected])


@pytest.mark.parametrize("match", ["auto", "any"])
@pytest.mark.parametrize("collection", ["articles", "statements"])
@pytest.mark.parametrize("clause", [Words("项目"), LOOSE], ids=["strict", "loose"])
def test_an_explanation_names_freshness_and_sums_up_to_the_score(
    index: Built, clause: Clause, collection: Collection, match: Match
) -> None:
    query = Query(clause=clause, match=match, collection=collection, explain=True, freshness=30)
    hits = every(index, query)
    newest = newest_of(index, collection)
    assert len(hits) > 1
    for hit in hits:
        fresh = [part for part in hit.explain if part.reason == "freshness"]
        plain = sum(part.score for part in hit.explain) - sum(part.score for part in fresh)
        gained = plain * (factor(hit.article.date, newest, 30) - 1)
        gained = gained if gained >= LEAST_PART else 0
        assert sum(part.score for part in hit.explain) == pytest.approx(hit.score, abs=1e-4)
        assert [part.term for part in fresh] == ([hit.article.date] if gained else [])
        assert [part.score for part in fresh] == pytest.approx([gained] if gained else [])
    assert any(hit.explain[-1].reason == "freshness" for hit in hits)


@pytest.mark.parametrize("match", ["auto", "any"])
@pytest.mark.parametrize("clause", [Words("项目"), LOOSE], ids=["strict", "loose"])
def test_pages_are_parts_of_one_order(index: Built, clause: Clause, match: Match) -> None:
    query = Query(clause=clause, match=match, freshness=7, size=3)
    whole = named(list(index.reader.every_hit(query)))
    paged = [
        pair
        for page in range(1, len(whole) // 3 + 2)
        for pair in named(index.reader.search(replace(query, page=page)).hits)
    ]
    assert paged == whole
    assert list(index.reader.every_id(query)) == [ident for ident, _ in whole]


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_under_another_order_it_has_no_effect(index: Built, sort: Sort) -> None:
    query = Query(clause=Words("项目"), sort=sort, explain=True)
    assert every(index, replace(query, freshness=7)) == every(index, query)


# ---- by hand --------------------------------------------------------------------------------

LAST = date(2020, 3, 1)
AGES = {"newest": 0, "month": 30, "year": 365, "undated": None, "other": 0}


def written(ident: str, age: int | None) -> Article:
    day = "" if age is None else (LAST - timedelta(days=age)).isoformat()
    return Article(ident, "", "山川草木" if ident == "other" else "水渠通水", day)


def scores(folder: Path, deleted: Sequence[str], query: Query) -> dict[str, float]:
    articles = [written(ident, age) for ident, age in AGES.items()]
    built = build(folder, articles, load_dictionaries(), merged=False, deleted=deleted)
    return {hit.article.id: hit.score for hit in every(built, query)}


def test_by_hand(tmp_path: Path) -> None:
    """Equal texts: the score of the undated one is the plain score of each."""
    found = scores(tmp_path, (), Query(clause=Words("水渠"), freshness=30))
    assert list(found) == ["newest", "month", "year", "undated"]
    plain = found["undated"]
    assert found["newest"] == pytest.approx(plain * 2)
    assert found["month"] == pytest.approx(plain * 1.5)
    assert found["year"] == pytest.approx(plain * (1 + 2 ** (-365 / 30)))


def test_age_is_counted_from_the_newest_that_is_live_and_not_from_the_newest_hit(tmp_path: Path) -> None:
    query = Query(clause=Words("水渠"), freshness=30)
    without = scores(tmp_path / "a", ["newest"], query)
    assert without["month"] == pytest.approx(without["undated"] * 1.5)
    deleted = scores(tmp_path / "b", ["newest", "other"], query)
    assert deleted["month"] == pytest.approx(deleted["undated"] * 2)
    earlier = scores(tmp_path / "c", (), replace(query, filters=Filters(last="2020-02-15")))
    assert earlier["month"] == pytest.approx(earlier["year"] * 1.5 / (1 + 2 ** (-365 / 30)))


def test_an_index_without_dates_or_articles_has_nothing_fresh(tmp_path: Path) -> None:
    query = Query(clause=Words("水渠"), explain=True, freshness=30)
    gone = [ident for ident, age in AGES.items() if age is not None]
    assert list(scores(tmp_path / "a", gone, query)) == ["undated"]
    assert scores(tmp_path / "b", list(AGES), query) == {}
