"""The comparison desk, on the bundled sample and on the model article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_counts import assert_counts_hold, counts_in

from searchapp.config import Settings
from searchapp.desk import Comparison, compare
from searchapp.desk.commonness import measure, saying
from searchapp.desk.comparison import MOST_COLUMNS, Speech
from searchapp.errors import QueryError
from searchapp.indexing import reindex
from searchapp.query import Filters, Query
from searchapp.search import Searcher
from searchapp.syntax import parse


@pytest.fixture(scope="module")
def searcher(sample_index: Path) -> Searcher:
    return Searcher(Settings(index=sample_index))


@pytest.fixture(scope="module")
def seed(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A searcher over the model article alone."""
    index = tmp_path_factory.mktemp("seed") / "index"
    reindex([str(shared_data / "seed_article.txt")], Settings(index=index, workers=1))
    return Searcher(Settings(index=index))


def speeches(found: Comparison, column: int | None = None) -> Iterator[Speech]:
    for row in found.rows:
        for number, cell in enumerate(row.cells):
            if column in (None, number):
                yield from (speech for voice in cell.voices for speech in voice.speeches)


def test_the_model_article_s_own_comparison(seed: Searcher) -> None:
    found = compare(seed, ["361125", "361024"], Query())
    assert [column.label for column in found.columns] == ["横峰县", "崇仁县"]
    first = found.shared[0]
    assert (first.words, set(first.speakers)) == ("项目为王", {"潘琍", "陈元", "黄志刚"})
    row = found.rows[0]
    assert row.label == "项目为王"
    assert [[voice.name for voice in cell.voices] for cell in row.cells] == [["潘琍", "陈元"], ["黄志刚"]]
    for voice in (voice for cell in row.cells for voice in cell.voices):
        marked = "".join(p.text for s in voice.speeches for p in s.pieces if p.mark == "shared")
        assert "项目为王" in marked
    assert {"乡村振兴", "城市建设"} <= {item.words for item in found.shared}
    assert len({(speech.hit.id, speech.hit.statement) for speech in speeches(found)}) == 15


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("潘琍", "加快“腾笼换鸟”工作步伐"), ("潘琍", "做群众的贴心人"), ("陈元", "做大产业规模"),
        ("周国华", "在既有成绩中提振发展信心"), ("黄志刚", "稳住市场主体"), ("黄志刚", "建章立制促规范"),
    ],
)  # fmt: skip
def test_each_leader_s_own_points_in_the_model_article(seed: Searcher, name: str, point: str) -> None:
    found = compare(seed, ["361125", "361024"], Query())
    own = [
        piece.text
        for speech in speeches(found)
        if speech.hit.statement and speech.hit.statement.name == name
        for piece in speech.pieces
        if piece.mark == "own"
    ]
    assert point in own


def test_officials_are_compared_as_counties_are(seed: Searcher) -> None:
    found = compare(seed, ["潘琍@361125", "黄志刚@361024"], Query())
    assert [column.said.number for column in found.columns] == [5, 3]
    assert found.shared[0].words == "项目为王"
    assert {voice.name for row in found.rows for voice in row.cells[0].voices} == {"潘琍"}


@pytest.mark.parametrize(
    "who",
    [
        ["990121", "990122"],
        ["990121", "990122", "990222"],
        ["何青松@990121", "林守田@990121"],
        ["9901", "9902"],
    ],
)  # fmt: skip
def test_every_statement_is_in_its_column_whole_and_once(searcher: Searcher, who: list[str]) -> None:
    found = compare(searcher, who, Query())
    assert_counts_hold(searcher, counts_in(found))
    for number, column in enumerate(found.columns):
        assert column.label
        homes = [s for s in speeches(found, number) if not s.cited]
        assert len(homes) == column.shown <= column.said.number
        for speech in homes:
            assert "".join(piece.text for piece in speech.pieces) == speech.hit.statement_text
            said = speech.hit.statement
            assert said is not None
            assert said.official == column.value or said.code.startswith(column.value)
            article = searcher.article(speech.hit.id)
            assert article.text[said.span.start : said.span.end] == speech.hit.statement_text
        texts = [(s.hit.statement.official, s.hit.statement_text) for s in homes if s.hit.statement]
        assert len(texts) == len(set(texts))


@pytest.mark.parametrize("who", [["990121", "何青松@990121"], ["99", "990121", "9901"]])
def test_nothing_stands_in_two_columns(searcher: Searcher, who: list[str]) -> None:
    found = compare(searcher, who, Query())
    assert_counts_hold(searcher, counts_in(found))
    places: dict[tuple[str, int, str], int] = {}
    for number in range(len(who)):
        for speech in speeches(found, number):
            if speech.hit.statement:
                said = speech.hit.statement
                key = speech.hit.id, said.span.start, said.official
                assert places.setdefault(key, number) == number
    assert set(places.values()) == set(range(len(who)))


def test_the_question_narrows_every_column(searcher: Searcher) -> None:
    query = Query(
        q="“项目为王”", clause=parse("“项目为王”"), filters=Filters(first="2022-12-01", last="2022-12-31")
    )
    found = compare(searcher, ["990121", "990222"], query)
    texts = [speech.hit.statement_text for speech in speeches(found)]
    assert texts
    assert all("项目为王" in text for text in texts)
    assert all(speech.hit.date.startswith("2022-12") for speech in speeches(found))


def test_nothing_said_is_an_empty_comparison(searcher: Searcher) -> None:
    found = compare(searcher, ["990121", "990122"], Query(q="无此词语", clause=parse("无此词语")))
    assert (found.rows, found.shared) == ((), ())
    assert [column.said.number for column in found.columns] == [0, 0]


@pytest.mark.parametrize(
    "who",
    [[], ["990121"], ["990121", "990121"], ["990121", "x"], ["990121", "@990122"], ["990121", "99012"],
     [f"99{n:04d}" for n in range(MOST_COLUMNS + 1)]],
)  # fmt: skip
def test_who_must_be_two_to_six_that_can_be_meant(searcher: Searcher, who: list[str]) -> None:
    with pytest.raises(QueryError) as refused:
        compare(searcher, who, Query())
    assert refused.value.code == "bad_parameter"
    assert "who" in refused.value.message


def test_boilerplate_is_what_officials_of_many_counties_say(searcher: Searcher) -> None:
    statements = [hit for hit in searcher.every_hit(Query(collection="statements"))]  # noqa: C416
    words = ["一张蓝图绘到底", "项目为王", "蓝色粮仓", "无此词语"]
    measured = measure(searcher, words)
    for spread in measured.spreads:
        holding = [hit.statement for hit in statements if spread.words in hit.statement_text]
        counties = {said.code for said in holding if said and len(said.code) == 6}
        assert (spread.counties, spread.statements) == (len(counties), len(holding))
        assert searcher.search(saying(spread.words)).total == len(holding)
        assert measured.common(spread.words) == (len(counties) >= measured.least_counties)
    assert not measured.common("没有量过的话")


def test_dimmed_words_are_those_that_reach_the_limit(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchapp.desk.commonness.BOILERPLATE_COUNTIES", 3)
    found = compare(searcher, ["990121", "990122"], Query())
    common = {item.words for item in found.shared if item.boilerplate}
    assert common
    assert all(item.spread and item.spread.counties >= 3 for item in found.shared if item.boilerplate)
    dimmed = [p.text for speech in speeches(found) for p in speech.pieces if p.mark == "boilerplate"]
    assert dimmed
    assert found.shared[-1].boilerplate
