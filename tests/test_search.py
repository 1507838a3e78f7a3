"""The searcher: what names mean, what is offered, what is never mixed in, one path for all."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace

import oracle
import pytest
from engine_fixtures import Built, build, sample_dictionaries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import clauses_over, query_strings

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.errors import ArticleNotFound, QueryError
from searchapp.query import And, Clause, Everything, Filters, Fuzzy, InFacet, Not, Or, Phrase, Query, Words
from searchapp.results import Lit
from searchapp.sample import SamplePaths
from searchapp.search import Searcher, _standing
from searchapp.synonyms import load_synonyms
from searchapp.syntax import parse

SLOWEST_SECONDS = 1.0


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, sample: SamplePaths, sample_articles: tuple[Article, ...]
) -> Built:
    from searchapp.indexing import reindex

    index = tmp_path_factory.mktemp("search")
    reindex([str(sample.articles)], Settings(index=index, aliases=sample.additions, workers=1))
    dictionaries = sample_dictionaries(sample.additions)
    side = build(tmp_path_factory.mktemp("side"), sample_articles, dictionaries, batches=1)
    return replace(side, index=index)


@pytest.fixture(scope="module")
def searcher(built: Built) -> Searcher:
    return Searcher(Settings(index=built.index))


def asked(q: str, **changes: object) -> Query:
    return replace(Query(q=q, clause=parse(q)), **changes)  # type: ignore[arg-type]


def ids(searcher: Searcher, q: str, **changes: object) -> set[str]:
    return {hit.id for hit in searcher.every_hit(asked(q, **changes))}


# ---- NOT never leaks (law 5) ----------------------------------------------------------------


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_not_never_leaks_with_synonyms_and_homophones_on(
    built: Built, searcher: Searcher, data: st.DataObject
) -> None:
    """1,000 random trees with a NOT, expanded as the searcher expands them, against the oracle."""
    live = searcher.live()
    known = ["乡村振兴", "一把手", "主官", "招商引资", "务虚会", "项目", "会议", "书记"]
    leaf = st.one_of(
        st.builds(Words, st.sampled_from(known)),
        st.builds(Fuzzy, st.sampled_from(["青禾县", "何青松", "项目", "书记", "会议"])),
        clauses_over(built.articles, most=3),
    )
    kept, left_out = data.draw(leaf), data.draw(leaf)
    tree: Clause = data.draw(
        st.sampled_from((And((kept, Not(left_out))), Or((kept, Not(left_out))), Not(kept)))
    )
    resolved = searcher.resolve(live, Query(clause=_asked_again(tree)))
    expected = oracle.run(built.articles, replace(resolved, match="all"), built.dictionaries.cutter)
    found = live.reader.search(replace(resolved, match="all", size=1000))
    assert {hit.article.id for hit in found.hits} == set(expected.ids)


def _asked_again(clause: Clause) -> Clause:
    """Facet values are filled in by the searcher from the text, so give it real names."""
    match clause:
        case And(parts):
            return And(tuple(map(_asked_again, parts)))
        case Or(parts):
            return Or(tuple(map(_asked_again, parts)))
        case Not(part):
            return Not(_asked_again(part))
        case InFacet(facet):
            text = {"county": "青禾县", "official": "何青松", "source": "云岭日报"}[facet]
            return InFacet(facet, text)
        case _:
            return clause


def test_synonyms_stand_inside_the_leaf_and_can_be_switched_off(searcher: Searcher) -> None:
    word = next(w for w in ("一把手", "主官", "乡村振兴") if load_synonyms().variants(w))
    variants = load_synonyms().variants(word)
    everything = ids(searcher, "")
    wide = ids(searcher, word, match="all")
    exact = ids(searcher, word, match="all", exact=True)
    assert exact <= wide
    for variant in variants:
        assert ids(searcher, f'"{variant}"') <= wide
    assert ids(searcher, f"-{word}") == everything - wide
    page = searcher.search(asked(word))
    assert page.understood.startswith(word)
    assert variants[0] in page.understood
    assert searcher.search(asked(word, exact=True)).understood == word


# ---- what names mean ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "county"),
    [("县:横峰县", "361125"), ("县:横峰", "361125"), ("county:361125", "361125"), ("縣：橫峰縣", "361125"),
     ("县:上饶市", "3611"), ("县:江西", "36")],
)  # fmt: skip
def test_a_county_by_name_or_code_is_its_filter(searcher: Searcher, typed: str, county: str) -> None:
    by_filter = ids(searcher, "", filters=Filters(county=(county,)))
    assert ids(searcher, typed) == by_filter
    assert by_filter


def test_an_official_by_name_or_id(searcher: Searcher) -> None:
    assert ids(searcher, "官员:潘琍") == ids(searcher, "", filters=Filters(official=("潘琍@361125",)))
    assert ids(searcher, "官员:潘琍@361125") == ids(searcher, "官员:潘琍")


def test_facets_are_named_for_people(searcher: Searcher) -> None:
    facets = searcher.search(asked("项目为王")).facets
    counties = {value.value: (value.label, value.path) for value in facets["county"].values}
    assert counties["361125"] == ("横峰县", "江西省/上饶市/横峰县")
    officials = {value.value: value.label for value in facets["official"].values}
    assert officials["潘琍@361125"] == "潘琍 · 横峰县县委书记"
    assert officials["陈元@361125"] == "陈元 · 横峰县县长"
    assert searcher.names("city", "3611") == "上饶市"


# ---- forgiving input ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("潘莉", "潘琍"), ("潘丽", "潘琍"), ("panli", "潘琍"), ("衡峰县", "横峰县"), ("崇人县", "崇仁县")],
)
def test_what_finds_nothing_is_searched_by_its_homophone_and_said(
    searcher: Searcher, typed: str, meant: str
) -> None:
    page = searcher.search(asked(typed))
    used = [offer for offer in page.suggestions if offer.used]
    assert [offer.q for offer in used] == [meant]
    assert page.understood.startswith(meant)
    assert {hit.id for hit in page.hits} <= ids(searcher, meant)
    assert page.total == len(ids(searcher, meant)) > 0
    assert meant in used[0].label


def test_homophones_are_never_mixed_into_what_is_found(searcher: Searcher) -> None:
    page = searcher.search(asked("潘琍"))
    assert not any(offer.used for offer in page.suggestions)
    assert page.total == len(ids(searcher, '"潘琍"'))
    assert searcher.search(asked("潘莉", exact=True)).total == 0
    assert searcher.search(asked('"潘莉"')).total == 0


def test_a_used_spelling_holds_for_filters_and_export_too(searcher: Searcher) -> None:
    """Laws 3 and 4 for an answer by another spelling."""
    page = searcher.search(asked("潘丽"))
    assert [hit.id for hit in page.hits] == [hit.id for hit in searcher.every_hit(asked("潘丽"))]
    for value in page.facets["county"].values:
        assert searcher.search(asked("潘丽", filters=Filters(county=(value.value,)))).total == value.count


def test_filters_that_leave_nothing_are_named(searcher: Searcher) -> None:
    page = searcher.search(asked("项目为王", filters=Filters(first="1999-01-01", last="1999-12-31")))
    offer = next(offer for offer in page.suggestions if offer.kind == "without_filters")
    assert page.total == 0
    assert offer.count == searcher.search(asked("项目为王")).total


def test_completion_by_initials_and_pinyin(searcher: Searcher) -> None:
    for typed in ("hfx", "hengfeng", "横峰", "橫峰"):
        assert any(offer.text == "横峰县" for offer in searcher.complete(typed, 5)), typed
    assert any(offer.value == "潘琍@361125" for offer in searcher.complete("panli", 5))


# ---- the page -------------------------------------------------------------------------------


def test_marks_show_what_matched_and_nothing_excluded(searcher: Searcher) -> None:
    page = searcher.search(asked("项目为王 -潘琍"))
    for hit in page.hits:
        marked = {s.text[a:b] for s in hit.snippets for a, b in s.marks}
        assert marked <= {"项目为王"}
        article = searcher.article(hit.id)
        for snippet in hit.snippets:
            assert article.text[snippet.start : snippet.start + len(snippet.text)] == snippet.text


def test_parts_of_a_synonym_are_marked_only_together() -> None:
    lit = Lit(("乡村振兴",), ("乡村振兴",), (("三农", "工作"),))
    alone = _standing(lit, "工作会议", "部署乡村振兴。")
    assert (alone.text, alone.title) == (("乡村振兴",), ("乡村振兴",))
    both = _standing(lit, "工作会议", "部署 三 农 事项。")
    assert set(both.text) == set(both.title) == {"乡村振兴", "三农", "工作"}


def test_latin_words_are_marked_whole(searcher: Searcher, built: Built) -> None:
    for q in ("GD*", "5g", "gdp"):
        for hit in searcher.search(asked(q, size=50)).hits:
            for snippet in hit.snippets:
                for start, end in snippet.marks:
                    around = snippet.text[max(start - 1, 0) : start] + snippet.text[end : end + 1]
                    assert not any(char.isascii() and char.isalnum() for char in around), snippet


def test_statements_are_found_by_what_was_said(searcher: Searcher) -> None:
    page = searcher.search(asked('"项目为王"', collection="statements", size=100))
    assert page.total == len(page.hits) > 0
    for hit in page.hits:
        assert hit.statement is not None
        article = searcher.article(hit.id)
        assert article.text[hit.statement.span.start : hit.statement.span.end] == hit.statement_text
        assert "项目为王" in hit.statement_text
    names = {hit.statement.name for hit in page.hits if hit.statement}
    assert {"潘琍", "陈元", "黄志刚"} <= names


def test_the_same_question_gives_the_same_page(searcher: Searcher) -> None:
    first, second = searcher.search(asked("会议")), searcher.search(asked("会议"))
    assert replace(first, took_ms=0.0) == replace(second, took_ms=0.0)


def test_one_path(searcher: Searcher) -> None:
    """Law 4: pages and export give the same ids in the same order."""
    for q in ("会议", "项目 OR 台风", "-会议"):
        for sort in ("relevance", "newest", "oldest"):
            query = asked(q, sort=sort, size=100)
            assert [h.id for h in searcher.search(query).hits] == [h.id for h in searcher.every_hit(query)]


def test_unknown_article(searcher: Searcher) -> None:
    with pytest.raises(ArticleNotFound):
        searcher.article("no such id")


def outcome(searcher: Searcher, q: str) -> tuple[int, int, int]:
    """Position of the error (0 = none), total, hits; any other exception is a failure."""
    try:
        page = searcher.search(asked(q))
    except QueryError as error:
        return error.position or 0, 0, 0
    return 0, page.total, len(page.hits)


def hostile() -> Iterator[str]:
    yield from (
        "*",
        "~",
        '"',
        "(",
        "-",
        "a" * 5000,
        "甲 " * 1000,
        "(" * 49 + "甲" + ")" * 49,
        "-" * 50 + "甲",
    )
    yield from (" ".join(f"词{n}" for n in range(1000)), "的" * 3000, "会议*", '"' + "会议 " * 8 + '"~1000')
    chance = random.Random(7)
    signs = '"“”（）()*~-|&:：或非OR NOT 县委书记会议项目的\\，。\u200b\U00020bb7'
    for _ in range(1500):
        yield "".join(chance.choice(signs) for _ in range(chance.randint(1, 40)))


@pytest.mark.usefixtures("no_collecting")
def test_hostile_queries_end_soon_with_an_answer_or_a_query_error(searcher: Searcher) -> None:
    for q in hostile():
        # Processor time: what else the machine does is not the query's doing.
        began = time.process_time()
        outcome(searcher, q)
        assert time.process_time() - began < SLOWEST_SECONDS, q[:60]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=query_strings())
def test_any_text_is_an_answer_or_a_query_error(searcher: Searcher, q: str) -> None:
    position, total, hits = outcome(searcher, q)
    assert 0 <= position <= len(q)
    assert total >= hits


def test_a_phrase_asks_for_exactly_its_run(searcher: Searcher, built: Built) -> None:
    for article in built.articles[:10]:
        run = "".join(article.text.split())[5:17]
        assert article.id in {hit.id for hit in searcher.every_hit(Query(q=run, clause=Phrase(run)))}


def test_an_article_without_a_title_is_headed_by_how_its_text_begins(searcher: Searcher) -> None:
    headings = {hit.id: hit.heading for hit in searcher.every_hit(Query("", Everything()))}
    assert headings["sample-015"] == "青禾县谋划2023年：让米按盒卖、按品牌卖"
    assert headings["sample-020"] == "白石县的山区孩子，春季学期有了“流动科学课”"
    assert all(headings.values())
    titled = next(searcher.every_hit(asked("项目为王")))
    assert titled.heading == titled.title
    assert titled.opening == ""
