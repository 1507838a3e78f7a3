"""The engine contract: every engine answers as reading all articles would.

Laws 1 (recall), 3 (counts) and 5 (NOT never leaks), against `oracle`, on the sample and, where
the measuring data is present, on 5,000 real articles.
"""

from __future__ import annotations

import itertools
import json
import lzma
import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import oracle
import pytest
from engine_fixtures import Built, build, loops_in_numpy, sample_dictionaries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import clauses_over, filters

from searchapp.analysis.normalise import squeeze
from searchapp.article import Article
from searchapp.corpus import read_articles
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.whoosh import run_cache
from searchapp.query import (
    FACETS,
    And,
    Clause,
    Collection,
    Everything,
    Filters,
    Group,
    Match,
    Not,
    Phrase,
    Query,
    Where,
    Words,
)
from searchapp.sample import SamplePaths

REAL_ARTICLES = 5000
EVERYTHING = 100_000


@pytest.fixture(scope="module", params=["merged", "segments", "deleted", "numpy"])
def sample_index(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sample: SamplePaths,
    sample_articles: tuple[Article, ...],
) -> Iterator[Built]:
    """The sample as one segment, as three, and as three with a third of it deleted; the last again with
    the inner loops of numpy."""
    gone = [article.id for article in sample_articles[::3]] if request.param in ("deleted", "numpy") else []
    built = build(
        tmp_path_factory.mktemp("index"),
        sample_articles,
        sample_dictionaries(sample.additions),
        merged=request.param == "merged",
        deleted=gone,
    )
    with loops_in_numpy() if request.param == "numpy" else nullcontext():
        yield built


@pytest.fixture(scope="module")
def real_index(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """5,000 articles spread over the real corpus."""
    path = tmp_path_factory.mktemp("corpus") / "news.jsonl"
    with lzma.open(shared_data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        path.write_text("".join(itertools.islice(lines, 0, None, 139_408 // REAL_ARTICLES)), "utf-8")
    articles = list(read_articles([str(path)], lambda error, _: pytest.fail(str(error))))[:REAL_ARTICLES]
    assert len(articles) == REAL_ARTICLES
    return build(tmp_path_factory.mktemp("index"), articles, load_dictionaries(), batches=2)


def answer(built: Built, query: Query) -> tuple[int, set[str], dict[str, dict[str, int]], dict[str, int]]:
    """Total, ids, facets and missing as the engine gives them, every value listed."""
    matches = built.reader.search(replace(query, size=EVERYTHING, facet_size=EVERYTHING))
    facets = {
        name: {v.value: v.count for v in facet.values if v.count} for name, facet in matches.facets.items()
    }
    missing = {name: facet.missing for name, facet in matches.facets.items()}
    assert all(facet.other == 0 for facet in matches.facets.values())
    return matches.total, {hit.article.id for hit in matches.hits}, facets, missing


def assert_agrees(built: Built, query: Query) -> None:
    expected = oracle.run(built.articles, query, built.dictionaries.cutter)
    total, ids, facets, missing = answer(built, query)
    assert ids == set(expected.ids), query.clause
    assert total == expected.total
    for name in FACETS:
        assert facets[name] == expected.facets[name], (name, query)
        assert missing[name] == expected.missing[name], (name, query)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_trees_with_random_filters(sample_index: Built, data: st.DataObject) -> None:
    """Laws 3 and 5: any tree, any selection, on one segment, several, and with deletions."""
    clause = data.draw(clauses_over(sample_index.articles))
    chosen = data.draw(filters(sample_index.articles))
    match: Match = data.draw(st.sampled_from(("all", "all", "any")))
    assert_agrees(sample_index, Query(clause=clause, filters=chosen, match=match))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_characters_read_from_texts_stand_where_their_lists_say(
    sample_index: Built, data: st.DataObject
) -> None:
    """A text copied with a space after every character: few records, lists that are long."""
    article = data.draw(st.sampled_from(sample_index.articles))
    text = squeeze(f"{article.title}{article.text}") or "空"
    start = data.draw(st.integers(0, len(text) - 1))
    where: Where = data.draw(st.sampled_from(("any", "any", "title", "text")))
    clause = And(tuple(Words(char, where) for char in text[start : start + 12]))
    collection: Collection = data.draw(st.sampled_from(("articles", "articles", "statements")))
    query = Query(clause=clause, collection=collection, size=EVERYTHING)
    answers = []
    for worth in (0, 1 << 40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run_cache, "OCCURRENCES_A_TEXT", worth)
            side = sample_index.reader._of(collection)
            side.matcher.cache.forget()
            hits = sample_index.reader.search(query).hits
            answers.append([(hit.article.id, hit.statement, hit.score) for hit in hits])
    assert answers[0] == answers[1]


def test_every_selection_gives_what_it_shows(sample_index: Built) -> None:
    """Choosing a value that shows n gives n, from each facet of the unfiltered page."""
    page = sample_index.reader.search(Query(facet_size=EVERYTHING))
    for name, facet in page.facets.items():
        for value in facet.values:
            own = "county" if name in ("city", "province") else name
            chosen = replace(Filters(), **{own: (value.value,)})
            assert sample_index.reader.search(Query(filters=chosen)).total == value.count, (name, value)


@pytest.mark.parametrize("match", ["auto", "any"])
@pytest.mark.parametrize("text", ["会议", "今年的渔港建设会议怎样开"])
def test_paging_gives_every_hit_once_in_one_order(sample_index: Built, text: str, match: Match) -> None:
    for sort in ("relevance", "newest", "oldest"):
        query = Query(clause=Words(text), sort=sort, match=match)  # type: ignore[arg-type]
        whole = [hit.article.id for hit in sample_index.reader.every_hit(query)]
        pages = itertools.chain.from_iterable(
            sample_index.reader.search(replace(query, page=page, size=7)).hits for page in range(1, 9)
        )
        assert [hit.article.id for hit in pages] == whole[:56]
        assert list(sample_index.reader.every_id(query)) == whole
        assert len(set(whole)) == len(whole) == sample_index.reader.search(query).total


@pytest.mark.parametrize("group", ["none", "county"])
@pytest.mark.parametrize("match", ["auto", "any"])
def test_an_explanation_sums_up_to_the_score(sample_index: Built, match: Match, group: Group) -> None:
    """A question that no article answers word for word, relaxed under auto."""
    query = Query(clause=Words("今年的渔港建设会议怎样开"), match=match, group=group, explain=True, size=50)
    hits = sample_index.reader.search(query).hits
    assert len(hits) > 1
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert sum(part.score for part in hit.explain) == pytest.approx(hit.score, abs=1e-4)


def test_page_past_the_end_has_the_total_and_no_hits(sample_index: Built) -> None:
    total = sample_index.reader.search(Query()).total
    past = sample_index.reader.search(Query(page=1000, size=10))
    assert (past.total, past.hits) == (total, ())


def test_undated_come_last_both_ways(sample_index: Built) -> None:
    for sort in ("newest", "oldest"):
        days = [hit.article.date for hit in sample_index.reader.every_hit(Query(sort=sort))]  # type: ignore[arg-type]
        dated = [day for day in days if day]
        assert days == sorted(dated, reverse=sort == "newest") + [""] * (len(days) - len(dated))


def runs(articles: tuple[Article, ...], number: int, longest: int, seed: int) -> Iterator[str]:
    """Strings cut anywhere from random titles and texts, over every border a reader passes."""
    chance = random.Random(seed)
    while number:
        article = chance.choice(articles)
        field = squeeze(article.title if chance.random() < 0.2 else article.text)
        if field:
            start = chance.randrange(len(field))
            yield field[start : start + chance.randint(1, longest)]
            number -= 1


def check_recall(built: Built, number: int, longest: int, seed: int) -> None:
    fields = [(a.id, squeeze(a.title), squeeze(a.text)) for a in built.articles]
    for run in runs(built.articles, number, longest, seed):
        expected = {ident for ident, title, text in fields if run in title or run in text}
        quoted = built.reader.search(Query(clause=Phrase(run), size=EVERYTHING, facet_size=0))
        assert {hit.article.id for hit in quoted.hits} == expected, run
        loose = built.reader.search(Query(clause=Words(run), size=0, facet_size=0))
        assert loose.total >= len(expected) > 0, run


def test_every_string_of_the_sample_is_found(sample_index: Built) -> None:
    """Law 1: quoted exactly the articles that hold it, unquoted at least those."""
    check_recall(sample_index, 400, 50, seed=1)


def test_every_string_of_real_articles_is_found(real_index: Built) -> None:
    """Law 1 on 5,000 real articles, 5,000 strings of 1 to 50 characters."""
    fields = {a.id: (squeeze(a.title), squeeze(a.text)) for a in real_index.articles}
    snapshot_ids = [segment.ids.all() for segment in real_index.reader._articles.snapshot.segments]
    order = list(itertools.chain.from_iterable(snapshot_ids))
    joined_title = "\n".join(fields[i][0] for i in order)
    joined_text = "\n".join(fields[i][1] for i in order)
    for run in runs(real_index.articles, 5000, 50, seed=2):
        found = real_index.reader._articles.matcher.match(Phrase(run))
        expected = held_by(joined_title, run) | held_by(joined_text, run)
        assert set(found.tolist()) == expected, run
        assert len(real_index.reader._articles.matcher.match(Words(run))) >= len(expected) > 0


def held_by(joined: str, run: str) -> set[int]:
    """Numbers of the lines of `joined` that hold `run`: a plain scan of all texts at once."""
    lines, at, line, last = set(), joined.find(run), 0, 0
    while at >= 0:
        line += joined.count("\n", last, at)
        lines.add(line)
        last, at = at, joined.find(run, at + 1)
    return lines


def test_random_queries_on_real_articles(real_index: Built) -> None:
    """200 random queries with random filters: totals, facets and multi-select by brute force."""
    chance = random.Random(3)
    facets = {name: real_index.reader.values(name) for name in FACETS}
    words = list(runs(real_index.articles, 600, 4, seed=4))
    for _ in range(200):
        clause: Clause = And(tuple(Words(chance.choice(words)) for _ in range(chance.randint(1, 3))))
        if chance.random() < 0.3:
            clause = And((Words(chance.choice(words)), Not(Words(chance.choice(words)))))
        if chance.random() < 0.2:
            clause = Everything()

        def some(name: str) -> tuple[str, ...]:
            values = [value for value, _, count in facets[name] if count > 2]  # type: ignore[index]
            return tuple(chance.sample(values, chance.choice((0, 0, 0, 1, 2)))) if values else ()

        county = some("county") or some("province")
        chosen = Filters(county, some("official"), some("source"), some("month"))
        if chance.random() < 0.3:
            chosen = replace(chosen, first="2013-05-01", last="2023-09-15")
        assert_agrees(real_index, Query(clause=clause, filters=chosen, match=chance.choice(("all", "any"))))


def test_loops_in_numpy_give_the_same_pages(real_index: Built) -> None:
    """To the last bit of every score, for words that few and that many articles hold."""
    reader = real_index.reader
    words = ["发展", "中国", "记者", "2022", *runs(real_index.articles, 100, 3, seed=5)]
    queries = [Query(clause=Words(f"{one} {other}"), match="any") for one, other in itertools.pairwise(words)]
    queries += [Query(clause=And((Words(one), Words(other)))) for one, other in itertools.pairwise(words)]
    compiled = [reader.search(query) for query in queries]
    for side in (reader._articles, reader._statements):
        side.matcher.cache.forget()
    with loops_in_numpy():
        assert [reader.search(query) for query in queries] == compiled
    assert sum(matches.total > 1000 for matches in compiled) > 10


def test_relaxed_only_when_nothing_holds_all_words(sample_index: Built) -> None:
    word = And((Words("会议"), Words("没有这个词的词")))
    auto = sample_index.reader.search(Query(clause=word))
    assert auto.relaxed
    assert auto.total
    assert sample_index.reader.search(Query(clause=word, match="all")).total == 0
    held = sample_index.reader.search(Query(clause=Words("会议")))
    assert not held.relaxed


def test_stored_article_comes_back_whole(sample_index: Built) -> None:
    for article in sample_index.articles:
        assert sample_index.reader.article(article.id) == replace(
            article, extra=json.loads(json.dumps(article.extra))
        )
