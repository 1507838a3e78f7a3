"""Ranking scores against values worked out by hand, and the reading of test sets."""

from __future__ import annotations

from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.article import Article
from searchapp.errors import ConfigError, CorpusError, QueryError
from searchapp.evaluate import (
    RankingScores,
    corpus_reader,
    evaluate,
    format_table,
    has_corpus,
    plain_clause,
    read_corpus,
    read_qrels,
    read_topics,
    reader_search,
    score_query,
)
from searchapp.query import And, Words

GRADED = {"a": 3, "b": 2, "c": 3, "d": 0, "e": 1, "f": 2}


def test_ndcg_has_linear_gain_and_log2_discount() -> None:
    ranking = ["a", "b", "c", "d", "e", "f"]
    # The textbook example: DCG 6.861, ideal 7.141.
    dcg = 3 + 2 / log2(3) + 3 / 2 + 0 + 1 / log2(6) + 2 / log2(7)
    ideal = 3 + 3 / log2(3) + 2 / 2 + 2 / log2(5) + 1 / log2(6)
    assert dcg == pytest.approx(6.861, abs=0.001)
    assert ideal == pytest.approx(7.141, abs=0.001)
    assert score_query(ranking, GRADED).ndcg_10 == pytest.approx(dcg / ideal)


def test_the_ideal_is_cut_at_ten_and_holds_what_was_not_found() -> None:
    judged = {f"r{number}": 1 for number in range(20)}
    ten = [f"r{number}" for number in range(10)]
    assert score_query(ten, judged).ndcg_10 == pytest.approx(1.0)
    assert score_query(ten, judged).recall_100 == 0.5
    assert score_query(["r0"], {"r0": 1, "r1": 1}).ndcg_10 == pytest.approx(1 / (1 + 1 / log2(3)))


@pytest.mark.parametrize(
    ("ranking", "mrr", "recall"),
    [
        (["x", "y", "a"], 1 / 3, 0.5),
        (["x"] + [f"n{n}" for n in range(8)] + ["a"], 1 / 10, 0.5),
        ([f"n{n}" for n in range(10)] + ["a"], 0.0, 0.5),
        ([f"n{n}" for n in range(99)] + ["a", "b"], 0.0, 0.5),
        (["b", "a"], 1.0, 1.0),
        (["z", "a"], 1 / 2, 0.5),
        ([], 0.0, 0.0),
    ],
)
def test_mrr_and_recall_have_their_depth(ranking: list[str], mrr: float, recall: float) -> None:
    scores = score_query(ranking, {"a": 1, "b": 2, "z": 0})
    assert scores.mrr_10 == pytest.approx(mrr)
    assert scores.recall_100 == pytest.approx(recall)


def test_a_repeated_id_counts_once() -> None:
    assert score_query(["a", "a", "a"], {"a": 1}) == score_query(["a"], {"a": 1})


def test_unjudged_are_counted_among_the_first_ten_shown() -> None:
    scores = score_query(["a", "x", "d", "y"] + [f"n{n}" for n in range(20)], GRADED)
    assert (scores.shown, scores.unjudged) == (10, 8)


def test_means_over_queries_with_a_relevant_article() -> None:
    topics = {"q1": "甲", "q2": "乙", "q3": "无", "q4": '"', "q5": "没有判断"}
    qrels = {"q1": {"a": 1}, "q2": {"b": 1, "c": 0}, "q3": {"a": 0}, "q4": {"a": 1}, "other": {"z": 1}}
    asked: list[tuple[str, int]] = []

    def search(text: str, depth: int) -> list[str]:
        asked.append((text, depth))
        if text == '"':
            raise QueryError("引号没有成对", 0)
        return {"甲": ["a", "u"], "乙": ["c", "b"]}[text]

    scores = evaluate(topics, qrels, search)
    assert asked == [("甲", 100), ("乙", 100), ('"', 100)]
    assert (scores.queries, scores.skipped, scores.refused) == (3, 2, 1)
    assert scores.ndcg_10 == pytest.approx((1 + 1 / log2(3) + 0) / 3)
    assert scores.mrr_10 == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert scores.recall_100 == pytest.approx(2 / 3)
    assert scores.unjudged_10 == pytest.approx(1 / 4)
    assert scores.by_query["q1"].mrr_10 == 1


def test_nothing_to_average() -> None:
    scores = evaluate({"q": "甲"}, {}, lambda text, depth: ["a"])
    assert (scores.ndcg_10, scores.queries, scores.skipped, scores.unjudged_10) == (0.0, 0, 1, 0.0)


@given(st.permutations("abcdefgh"), st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3)))
def test_scores_lie_between_0_and_1_and_the_ideal_order_reaches_1(
    ids: list[str], judged: dict[str, int]
) -> None:
    scores = score_query(ids, judged)
    best = score_query(sorted(judged, key=lambda ident: -judged[ident]), judged)
    for name in ("ndcg_10", "mrr_10", "recall_100"):
        assert 0 <= getattr(scores, name) <= getattr(best, name) + 1e-12
    assert best.ndcg_10 == pytest.approx(float(any(judged.values())))


def write(folder: Path, queries: str = "", qrels: str = "", corpus: str | None = None) -> Path:
    (folder / "queries.jsonl").write_text(queries, "utf-8")
    (folder / "qrels.tsv").write_text(qrels, "utf-8")
    if corpus is not None:
        (folder / "corpus.jsonl").write_text(corpus, "utf-8")
    return folder


def test_reading_a_folder(tmp_path: Path) -> None:
    queries = '{"_id": "q2", "text": "乙", "need": "x"}\n\n{"_id": "q1", "text": "甲"}\n'
    qrels = "query-id\tcorpus-id\tscore\nq1\ta\t3\nq1\tb\t0\r\nq2\ta\t1\n"
    corpus = '{"_id": "a", "title": "题", "text": "文"}\n{"_id": "b", "text": "文二"}\n'
    folder = write(tmp_path, queries, qrels, corpus)
    assert list(read_topics(folder).items()) == [("q2", "乙"), ("q1", "甲")]
    assert read_topics(folder, most=1) == {"q2": "乙"}
    assert read_qrels(folder) == {"q1": {"a": 3, "b": 0}, "q2": {"a": 1}}
    assert has_corpus(folder)
    assert list(read_corpus(folder)) == [Article("a", "题", "文"), Article("b", "", "文二")]


def test_a_set_without_its_own_corpus_or_header(tmp_path: Path) -> None:
    folder = write(tmp_path, qrels="q1\ta\t1\n")
    assert not has_corpus(folder)
    assert read_qrels(folder) == {"q1": {"a": 1}}


@pytest.mark.parametrize(
    ("queries", "reason"),
    [
        ('{"_id": "q1", "text": "甲"}\n{', "queries.jsonl:2: not a JSON object"),
        ("[1]", "queries.jsonl:1: not a JSON object"),
        ('{"_id": 1, "text": "甲"}', "queries.jsonl:1: _id is not a string"),
        ('{"_id": "q1"}', "queries.jsonl:1: text is not a string"),
    ],
)
def test_a_bad_query_line_is_named(tmp_path: Path, queries: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        read_topics(write(tmp_path, queries))


@pytest.mark.parametrize("line", ["q1\ta", "q1\ta\tx", "q1 a 1", "q1\ta\t0.5", "q1\t0\ta\t1"])
def test_a_bad_judgment_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(CorpusError, match="qrels.tsv:3: not a query id"):
        read_qrels(write(tmp_path, qrels=f"query-id\tcorpus-id\tscore\nq1\ta\t1\n{line}\n"))


def test_a_missing_file_and_a_wrong_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"queries\.jsonl: no such file"):
        read_topics(tmp_path)
    (tmp_path / "queries.jsonl").write_bytes('{"_id": "q1", "text": "甲"}'.encode("gb18030"))
    with pytest.raises(CorpusError, match="not UTF-8"):
        read_topics(tmp_path)


def test_table_lines_up_with_wide_names() -> None:
    scores = RankingScores(0.86012, 0.5, 1.0, 0.25, 2, 1, {})
    table = format_table({"标题": scores, "cmrc2018": scores}).splitlines()
    assert table[0].split() == [
        "queries",
        "nDCG@10",
        "MRR@10",
        "recall@100",
        "unjudged@10",
        "skipped",
        "refused",
    ]
    assert table[1].split() == ["标题", "0", "0.8601", "0.5000", "1.0000", "25.0%", "2", "1"]
    # Two wide characters take four columns of the eight that the longer name needs.
    assert table[1].index("0.8601") + 2 == table[2].index("0.8601") == table[0].index("nDCG@10") + 1


def test_the_development_sets_are_read(shared_data: Path) -> None:
    for folder in sorted((shared_data / "ir").iterdir()):
        topics, qrels = read_topics(folder), read_qrels(folder)
        known = {ident: judged for ident, judged in qrels.items() if ident in topics}
        best = evaluate(
            topics, known, lambda text, depth, known=known, topics=topics: _ideal(text, topics, known)[:depth]
        )
        assert best.queries > 30
        assert best.ndcg_10 > 0.999


def _ideal(text: str, topics: dict[str, str], qrels: dict[str, dict[str, int]]) -> list[str]:
    judged = next(qrels[ident] for ident, topic in topics.items() if topic == text and ident in qrels)
    return sorted(judged, key=lambda ident: -judged[ident])


def write_set(folder: Path) -> Path:
    (folder / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "", "text": "梨花乡今年新修水渠三条。"}\n'
        '{"_id": "b", "title": "水渠开工", "text": "村民说，早就盼着了。"}\n'
        '{"_id": "c", "title": "", "text": "集市照常。"}\n',
        encoding="utf-8",
    )
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "\\"梨花 (水渠"}\n', encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n", encoding="utf-8")
    return folder


def test_a_set_with_articles_of_its_own_is_indexed_and_asked(tmp_path: Path) -> None:
    folder = write_set(tmp_path)
    with corpus_reader(folder) as reader:
        assert reader_search(reader)("水渠 梨花", 10) == ["a", "b"]
        assert reader_search(reader, "all")("水渠 梨花", 10) == ["a"]
        scores = evaluate(read_topics(folder), read_qrels(folder), reader_search(reader))
    assert (scores.ndcg_10, scores.refused) == (1.0, 0)


@given(st.text(alphabet='水渠 "()-~*:或非“”AND', max_size=12))
def test_the_text_of_a_topic_holds_no_operators(text: str) -> None:
    if not text.strip():
        with pytest.raises(QueryError):
            plain_clause(text)
        return
    clause = plain_clause(text)
    assert isinstance(clause, And)
    words = [part for part in clause.clauses if isinstance(part, Words)]
    assert [word.text for word in words] == text.split()
    assert all(text[word.position :].startswith(word.text) for word in words)
