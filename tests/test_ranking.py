"""Laws of the score, and BM25F worked out by hand on three articles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.analysis.numerals import Rounded
from searchapp.article import Article
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.records import article_record
from searchapp.engines.whoosh import loose, ranking, scored
from searchapp.engines.whoosh.build import build_segment
from searchapp.engines.whoosh.frequencies import LEAD, REST, TITLE
from searchapp.engines.whoosh.loose import best_records, exact_numbers, rare_characters
from searchapp.engines.whoosh.ranking import Ranker
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.scored_terms import Form, terms_of
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.engines.whoosh.weights import Weights
from searchapp.query import And, Clause, Near, Not, Or, Phrase, Words

CUTTER = load_dictionaries().cutter
# Characters that no query below holds.
FILLER = "山川草木鸟兽虫鱼"
QUERY = And((Words("水渠"), Words("修水渠的人"), Words("AI")))


def ranker(articles: Sequence[Article], weights: Weights | None = None, segments: int = 1) -> Ranker:
    """A ranker of articles in this order, in so many segments."""
    step = -(-len(articles) // segments)
    opened = []
    with TemporaryDirectory() as folder:
        for number, at in enumerate(range(0, len(articles), step)):
            path = Path(folder) / f"{number}.articles"
            build_segment(path, [article_record(article) for article in articles[at : at + step]], CUTTER)
            opened.append(Segment(path))
    snapshot = Snapshot(opened, [None] * len(opened))
    return Ranker(snapshot, CUTTER, RunCache(snapshot), weights)


def scores(articles: Sequence[Article], clause: Clause = QUERY, **weights: float) -> list[float]:
    made = ranker(articles, replace(Weights(), **weights))  # type: ignore[arg-type]
    return [float(score) for score in made.scores(clause, np.arange(len(articles)))]


def article(number: int, text: str, title: str = "") -> Article:
    return Article(str(number), title, text)


def texts() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(["水渠", "修", "的人", "AI", *FILLER]), max_size=30).map("".join)


def corpora() -> st.SearchStrategy[list[Article]]:
    pairs = st.lists(st.tuples(texts(), texts()), min_size=2, max_size=6)
    return pairs.map(lambda found: [article(n, text, title) for n, (text, title) in enumerate(found)])


# ---- by hand --------------------------------------------------------------------------------

THREE = [article(0, "水渠通水。水渠很长。"), article(1, "山山山山山", "水渠"), article(2, "草木虫鱼" * 10)]


def test_bm25f_by_hand() -> None:
    """水渠 is a word and a bigram at once, so its weight is word + gram; k1 = 1.2."""
    weights = Weights(lead=0.0)
    first, second, third = ranker(THREE, weights).scores(Words("水渠"), np.arange(3)).tolist()
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    # Lengths in characters: texts 10, 5, 40 (mean 55 / 3), the only title 2 (mean 2, so norm 1).
    in_text = 2 / (1 - weights.b_text + weights.b_text * 10 / (55 / 3))
    in_title = weights.title * 1 / 1
    for score, tf in ((first, in_text), (second, in_title)):
        assert score == pytest.approx((weights.word + weights.gram) * idf * tf * 2.2 / (tf + 1.2), rel=1e-5)
    assert third == 0


def test_the_lead_by_hand() -> None:
    """Lead of 4 characters that counts once more: weighed lengths 14, 9, 44, mean weight 67 / 55."""
    weights = Weights(lead=1.0, lead_chars=4)
    first = ranker(THREE, weights).scores(Words("水渠"), np.arange(3)).tolist()[0]
    idf = math.log(1 + 1.5 / 2.5)
    tf = (2 + 1) / (1 - weights.b_text + weights.b_text * 14 / (67 / 3)) / (67 / 55)
    assert first == pytest.approx((weights.word + weights.gram) * idf * tf * 2.2 / (tf + 1.2), rel=1e-5)


def test_terms_are_words_and_bigrams_each_once() -> None:
    form = Form("人工智能AI", 1.0, "any")
    found = {(term.text, term.kind, term.weight, term.is_run) for term in terms_of(form, CUTTER, Weights())}
    weights = Weights()
    both = weights.word + weights.gram
    assert found >= {("人工", "word", both, True), ("智能", "word", both, True)}
    assert found >= {("人工智能", "word", weights.long_word, True), ("工智", "gram", weights.gram, True)}
    assert found >= {("ai", "word", weights.word, False), ("ai", "gram", weights.gram, True)}


def test_a_digit_and_the_character_behind_it_are_as_good_as_a_word() -> None:
    weights = Weights()
    found = {term.text: term.weight for term in terms_of(Form("第19届", 1.0, "any"), CUTTER, weights)}
    assert found["9届"] == weights.gram + weights.counted
    assert found["第1"] == found["19"] == weights.gram


def test_letters_count_as_words_and_not_inside_words() -> None:
    found = scores([article(0, "用AI种田"), article(1, "用CHAIR种田"), article(2, "山川草木")], Words("AI"))
    assert found[0] > found[1]


# ---- laws -----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(texts(), texts(), corpora())
def test_one_more_occurrence_never_lowers_a_score(before: str, after: str, others: list[Article]) -> None:
    """In place of filler, so that lengths and idf stay."""
    one = [article(9, f"{before}水渠山川{after}"), *others]
    two = [article(9, f"{before}水渠水渠{after}"), *others]
    assert scores(two, Words("水渠"))[0] > scores(one, Words("水渠"))[0]


@settings(max_examples=40, deadline=None)
@given(texts(), texts())
def test_a_title_that_matches_adds(text: str, other: str) -> None:
    title = "水渠开工"
    pair = [article(0, text + "水渠", title), article(1, text + "水渠", "山川草木"), article(2, other)]
    with_title, without, _ = scores(pair, Words("水渠"))
    assert with_title > without


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_a_record_without_a_title_scores_as_its_text_does(corpus: list[Article]) -> None:
    """Whatever titles the others have: with the weight of titles at 0 its score is the same."""
    untitled = [replace(corpus[0], title=""), *corpus[1:]]
    assert scores(untitled)[0] == pytest.approx(scores(untitled, title=0.0)[0], abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(corpora(), st.sampled_from([QUERY, Or((Words("修水"), Phrase("水渠"))), Near(("修", "水渠"), 5)]))
def test_the_parts_of_an_explanation_sum_up_to_the_score(corpus: list[Article], clause: Clause) -> None:
    made = ranker(corpus)
    every = made.scores(clause, np.arange(len(corpus)))
    for record, score in enumerate(every.tolist()):
        parts = made.explain(clause, record)
        assert sum(part.score for part in parts) == pytest.approx(score, abs=1e-5)
        assert all(part.score > 0 and part.frequency > 0 for part in parts)


@settings(max_examples=25, deadline=None)
@given(corpora())
def test_segments_do_not_change_scores(corpus: list[Article]) -> None:
    records = np.arange(len(corpus))
    whole = ranker(corpus).scores(QUERY, records)
    parts = ranker(corpus, segments=2).scores(QUERY, records)
    assert parts.tolist() == pytest.approx(whole.tolist(), abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(corpora(), st.data())
def test_a_score_does_not_depend_on_which_records_are_asked(
    corpus: list[Article], data: st.DataObject
) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, len(corpus) - 1), min_size=1)))
    made = ranker(corpus)
    every = made.scores(QUERY, np.arange(len(corpus)))
    assert made.scores(QUERY, np.array(chosen)).tolist() == every[chosen].tolist()


def test_a_variant_scores_less_than_what_was_typed_and_adds_nothing_to_it() -> None:
    corpus = [article(0, "水渠山川"), article(1, "沟渠山川"), article(2, "水渠沟渠"), article(3, "草木")]
    typed, variant, both, _ = scores(corpus, Words("水渠", variants=("沟渠",)))
    assert typed > variant > 0
    assert both == typed


def test_what_is_excluded_adds_nothing() -> None:
    corpus = [article(0, "水渠山川"), article(1, "水渠草木"), article(2, "山川草木")]
    assert scores(corpus, And((Words("水渠"), Not(Words("草木"))))) == scores(corpus, Words("水渠"))


def test_a_field_is_ranked_by_what_stands_in_it() -> None:
    corpus = [article(0, "水渠" * 5), article(1, "山川", "水渠"), article(2, "草木")]
    assert scores(corpus, Words("水渠", where="title"))[0] == 0
    assert scores(corpus, Words("水渠", where="text"))[1] == 0


def test_a_text_that_is_all_lead_gains_nothing_by_it() -> None:
    corpus = [article(n, "水渠" * (n + 1) + "山川" * (9 - n)) for n in range(5)]
    assert scores(corpus, lead=1.0) == pytest.approx(scores(corpus, lead=0.0), rel=1e-5)


def test_the_lead_counts_more_than_what_follows() -> None:
    far = "山川草木" * 60
    assert np.diff(scores([article(0, far + "水渠"), article(1, "水渠" + far)], Words("水渠")))[0] > 0


# ---- loose answers: not every record holds every word ------------------------------------------

QUESTION = And((Words("修水渠的人怎样通水"), Words("水渠")))


def loose_scores(articles: Sequence[Article], clause: Clause, **weights: float) -> list[float]:
    made = ranker(articles, replace(Weights(), **weights))  # type: ignore[arg-type]
    return [float(score) for score in made.scores(clause, np.arange(len(articles)), loose=True)]


def test_telling_apart_by_hand() -> None:
    """水渠 stands in both of the best two, 山川 in one, so it gains half of `telling`."""
    corpus = [article(0, "水渠山川"), article(1, "水渠草木"), article(2, "虫鱼鸟兽")]
    clause = And((Words("水渠"), Words("山川")))
    plain, one = scores(corpus, clause), scores(corpus, Words("山川"))
    found = loose_scores(corpus, clause, character=0.0, telling=0.4, best=2)
    assert found == pytest.approx([plain[0] + 0.4 / 2 * one[0], plain[1], 0], rel=1e-5)


def test_a_word_is_found_again_in_its_kin() -> None:
    corpus = [
        article(0, "给予补偿金若干"),
        article(1, "给予奖励金若干"),
        *(article(n, "山川") for n in range(2, 9)),
    ]
    clause = And((Words("赔偿"), Words("给予")))
    assert len(set(scores(corpus, clause)[:2])) == 1
    kin, other, *_ = loose_scores(corpus, clause)
    assert kin > other


def test_characters_are_the_rarest_and_not_those_that_stand_everywhere() -> None:
    corpus = [article(0, "水渠通水水水"), article(1, "水山川"), article(2, "水草木"), article(3, "渠水虫鱼")]
    corpus += [article(n, "草木山川" * 3) for n in range(4, 12)]
    made = ranker(corpus)._snapshot
    words = {("水渠通", "any"), ("渠", "text"), ("的草", "title")}
    assert rare_characters(words, made) == [("通", "any"), ("渠", "any")]  # type: ignore[arg-type]


NUMBERS = [
    article(0, "确诊病例为10321689例"),
    article(1, "确诊病例为10441689例"),
    article(2, "确诊病例为1032例"),
    article(3, "确诊病例为103216890例", "10329999"),
]
ROUNDED = And((Words("病例"), Words("超1032万")))


def test_a_rounded_number_is_found_again_in_the_exact_one() -> None:
    without, found = loose_scores(NUMBERS, ROUNDED, number=0.0), loose_scores(NUMBERS, ROUNDED)
    assert [after > before for before, after in zip(without, found, strict=True)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_rounded_number_by_hand() -> None:
    """It stands in two of four records."""
    weights = Weights(lead=0.0, telling=0.0)
    parts = ranker(NUMBERS, weights).explain(ROUNDED, 0, np.arange(4))
    (part,) = (part for part in parts if part.reason == "number")
    lengths = [len(a.text) for a in NUMBERS]
    tf = 1 / (1 - weights.b_text + weights.b_text * lengths[0] / (sum(lengths) / 4))
    idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    assert (part.term, part.where, part.frequency) == ("1032万", "text", 1)
    assert part.score == pytest.approx(weights.number * idf * tf * 2.2 / (tf + 1.2), rel=1e-5)


def test_a_rounded_number_that_stands_for_too_many_counts_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    snapshot, number = ranker(NUMBERS)._snapshot, Rounded("1032万", "1032", 8)
    assert exact_numbers(number, snapshot) == ["10321689", "10329999"]
    monkeypatch.setattr(loose, "MOST_NUMBERS", 1)
    assert exact_numbers(number, snapshot) == []


@settings(max_examples=25, deadline=None)
@given(corpora(), st.integers(1, 3), st.data())
def test_groups_of_words_count_as_their_words_together(
    corpus: list[Article], segments: int, data: st.DataObject
) -> None:
    made, groups = ranker(corpus, segments=segments), [["ai"], ["水渠", "ai"], []]
    records = np.array(sorted(data.draw(st.sets(st.integers(0, len(corpus) - 1), min_size=1))))
    found = made._frequencies(records).any_of(groups)
    for group, counts, held in zip(groups, found.counts, found.records, strict=True):
        alone = made._frequencies(records)([(word, False) for word in group])
        assert counts.tolist() == alone.counts.sum(axis=0).tolist()
        assert held == sum(alone.records)


def test_a_label_at_the_head_counts_less_than_the_headline_behind_it() -> None:
    corpus = [article(0, "山川草木虫鱼"), article(1, "水渠通水虫鱼"), article(2, "鸟兽虫鱼虫鱼")]
    query = And((Words("【山川草木】水渠通水"),))
    assert np.diff(loose_scores(corpus, query)[:2])[0] > 0
    assert np.diff(loose_scores(corpus, query, label=1.0)[:2])[0] == pytest.approx(0, abs=1e-5)


def test_of_equal_scores_the_first_are_the_best() -> None:
    assert best_records(np.array([1, 3, 2, 3, 2], np.float32), 3).tolist() == [1, 3, 2]
    assert best_records(np.array([1, 2], np.float32), 3).tolist() == [1, 0]
    assert best_records(np.zeros(0, np.float32), 3).tolist() == []


@settings(max_examples=40, deadline=None)
@given(corpora(), st.integers(1, 3), st.data())
def test_characters_are_counted_where_they_stand(
    corpus: list[Article], segments: int, data: st.DataObject
) -> None:
    """In how many records is estimated."""
    made, characters = ranker(corpus, Weights(lead_chars=4), segments), ["水", "渠", "龘"]
    records = sorted(data.draw(st.sets(st.integers(0, len(corpus) - 1), min_size=1)))
    found = made._frequencies(np.array(records)).characters(characters)
    chosen = [corpus[record] for record in records]
    for at, character in enumerate(characters):
        for part, texts in (
            (TITLE, [a.title for a in chosen]),
            (LEAD, [a.text[:4] for a in chosen]),
            (REST, [a.text[4:] for a in chosen]),
        ):
            assert found.counts[at, part].tolist() == [text.count(character) for text in texts]
        total = sum((a.title + a.text).count(character) for a in corpus)
        assert found.records[at] == round(len(corpus) * (1 - math.exp(-total / len(corpus))))


@settings(max_examples=40, deadline=None)
@given(corpora(), st.integers(1, 4))
def test_only_the_first_records_gain_and_they_stay_ahead(corpus: list[Article], near: int) -> None:
    plain, found = scores(corpus, QUESTION), loose_scores(corpus, QUESTION, near=near, best=2)
    first = best_records(np.array(plain, np.float32), near).tolist()
    others = [n for n in range(len(corpus)) if n not in first]
    assert [found[n] for n in others] == [plain[n] for n in others]
    assert all(found[n] >= plain[n] for n in first)


@settings(max_examples=40, deadline=None)
@given(corpora(), st.integers(1, 3))
def test_the_parts_of_a_loose_explanation_sum_up_to_the_score(corpus: list[Article], near: int) -> None:
    made, records = ranker(corpus, replace(Weights(), near=near)), np.arange(len(corpus))
    for record, score in enumerate(made.scores(QUESTION, records, loose=True).tolist()):
        parts = made.explain(QUESTION, record, records)
        assert sum(part.score for part in parts) == pytest.approx(score, abs=1e-5)
        assert all(part.score > 0 and part.frequency > 0 for part in parts)


def test_the_parts_of_a_number_and_of_a_label_sum_up_to_the_score() -> None:
    made, records = ranker(NUMBERS, segments=2), np.arange(len(NUMBERS))
    clause = And((Words("【确诊】病例是什么"), Words("超1032万")))
    for record, score in enumerate(made.scores(clause, records, loose=True).tolist()):
        parts = made.explain(clause, record, records)
        assert sum(part.score for part in parts) == pytest.approx(score, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(corpora())
def test_segments_do_not_change_loose_scores(corpus: list[Article]) -> None:
    records = np.arange(len(corpus))
    whole = ranker(corpus).scores(QUESTION, records, loose=True)
    parts = ranker(corpus, segments=2).scores(QUESTION, records, loose=True)
    assert parts.tolist() == pytest.approx(whole.tolist(), abs=1e-5)


def test_of_a_word_as_long_as_an_article_the_rarest_terms_count(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = [article(n, "水渠通水" * 9 + "修渠的人" * (n % 2)) for n in range(9)]
    clause = Words("水渠通水修渠的人")
    every = scores(corpus, clause)
    monkeypatch.setattr(ranking, "MOST_ROWS", 2)
    few = scores(corpus, clause)
    assert [score > 0 for score in few] == [bool(n % 2) for n in range(9)]
    assert all(0 < few[n] < every[n] for n in range(1, 9, 2))


def test_rows_of_one_leaf_in_several_goes_score_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = [article(n, "水渠通水" * n + "修渠的人") for n in range(9)]
    clause = And((Words("水渠通水修渠的人"), Words("通水", variants=("水渠",))))
    whole = scores(corpus, clause)
    monkeypatch.setattr(scored, "MOST_COUNTS", 20)
    assert scores(corpus, clause) == pytest.approx(whole, abs=1e-5)


def test_leaves_in_several_batches_are_looked_at_again_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = [article(n, "水渠通水" * n + "修渠的人") for n in range(9)]
    whole = loose_scores(corpus, QUESTION)
    monkeypatch.setattr(scored, "MOST_COUNTS", 1)
    assert loose_scores(corpus, QUESTION) == pytest.approx(whole, rel=1e-5)


def test_a_loose_answer_without_records_has_no_scores() -> None:
    made = ranker([article(0, "水渠")])
    assert made.scores(QUESTION, np.zeros(0, np.int64), loose=True).tolist() == []
