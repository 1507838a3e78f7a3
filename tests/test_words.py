"""Words of a text and parts of a query word; both cutters give the same."""

from __future__ import annotations

import itertools
import json
import lzma
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.analysis.cutters import JiebaCutter, RjiebaCutter, best_cutter
from searchapp.analysis.normalise import fold_codes, normalise, squeeze
from searchapp.analysis.words import BLANK, WordCutter, word_cutter

PLACES = ("横峰县", "崇仁县", "青禾县")
LEAST_RUNS = 50_000


@pytest.fixture(scope="module")
def cutter() -> WordCutter:
    return WordCutter(PLACES)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("项目为王", ["项目为王"]),
        ("潘琍", ["潘琍"]),
        ("崔县长", ["崔县长"]),
        ("崔某县长", ["崔某", "县长"]),
        ("两县对比", ["两县", "对比"]),
        ("潘琍的讲话", ["潘琍", "讲话"]),
        ("5G网络建设", ["5g", "网络", "建设"]),
        ("“十四五”规划", ["十四五", "规划"]),
        ("3.5%增长", ["3.5%", "增长"]),
        ("第5届", ["第5届"]),
        ("橫峰縣委書記", ["横峰", "县委书记"]),
        ("的", ["的"]),
        ("。", ["."]),
        ("AT&T", ["at&t"]),
    ],
)
def test_parts_of_a_query_word(cutter: WordCutter, word: str, parts: list[str]) -> None:
    assert cutter.cut_query(word) == parts


@given(st.text(alphabet="甲县委书记潘琍的了为5Ga,。“” \n𠮷䶮", min_size=1))
def test_parts_stand_in_the_word(word: str) -> None:
    """So whatever holds the word as a run holds all its parts."""
    shared = WordCutter(PLACES)
    for part in shared.cut_query(word):
        assert part in squeeze(word)


@given(st.text(alphabet="甲县委书记横峰潘琍5Ga,。“” \n𠮷䶮かΩ"))
def test_words_are_pieces_of_the_text_and_cover_it(text: str) -> None:
    shared = WordCutter(PLACES)
    words = shared.cut(text)
    assert all(word in normalise(text) for word in words)
    assert set("".join(words)) == {char for char in normalise(text) if char.isalnum()}


def test_gazetteer_names_are_words_whole_and_in_parts(cutter: WordCutter) -> None:
    words = cutter.cut("横峰县召开会议")
    assert "横峰县" in words
    assert "横峰" in words


def test_single_characters_digits_latin_and_mixed_forms_are_words(cutter: WordCutter) -> None:
    words = cutter.cut("刘䶮在5G大会谈GDP，第5届“十四五”，𠮷")
    assert {"刘", "䶮", "5g", "gdp", "5", "十四五", "𠮷"} <= set(words)


def test_traditional_text_gives_simplified_words(cutter: WordCutter) -> None:
    assert cutter.cut("縣委書記") == cutter.cut("县委书记")


def test_fingerprint_changes_with_the_dictionary() -> None:
    assert WordCutter(PLACES).fingerprint == WordCutter(PLACES[::-1]).fingerprint
    assert WordCutter(PLACES).fingerprint != WordCutter(PLACES[:1]).fingerprint


def test_rjieba_is_used_where_it_is_installed() -> None:
    assert isinstance(best_cutter(), RjiebaCutter)


def han_runs(articles: Path) -> list[str]:
    runs: list[str] = []
    with lzma.open(articles, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, 0, None, 97):
            runs += re.findall("[\u4e00-\u9fd5]+", normalise(json.loads(line)["text"]))
            if len(runs) >= LEAST_RUNS:
                break
    return runs


def test_words_of_one_cutter_are_not_those_of_another() -> None:
    """The first of a process has the dictionary that came with rjieba, the next ones their own."""
    made = [RjiebaCutter(), RjiebaCutter(["横峰项目县"]), RjiebaCutter()]
    assert ["横峰项目县" in cutter.cut("横峰项目县") for cutter in made] == [False, True, False]


def test_both_cutters_give_the_same_tokens(shared_data: Path) -> None:
    """jieba is the reference; rjieba does the work. User words included."""
    runs = han_runs(shared_data / "news.jsonl.xz")
    assert len(runs) >= LEAST_RUNS
    reference, fast = JiebaCutter(PLACES), RjiebaCutter(PLACES)
    different = [run for run in runs if reference.search(run) != fast.search(run)]
    different += [run for run in runs if reference.cut(run) != fast.cut(run)]
    assert different == []


def test_both_cutters_agree_on_the_sample(sample_articles: tuple[object, ...]) -> None:
    reference, fast = JiebaCutter(PLACES), RjiebaCutter(PLACES)
    for article in sample_articles:
        for run in re.findall("[\u4e00-\u9fd5]+", normalise(article.text)):  # type: ignore[attr-defined]
            assert reference.search(run) == fast.search(run)
            assert reference.cut(run) == fast.cut(run)


@given(
    st.lists(
        st.text(alphabet=st.one_of(st.characters(), st.sampled_from("横峰县委a5 。，〇㐀𠮷_\n"))), max_size=6
    )
)
def test_many_texts_are_cut_as_one_by_one(texts: list[str]) -> None:
    cutter = word_cutter()
    borders = [0, *itertools.accumulate(map(len, texts))]
    cut = cutter.cut_all(fold_codes("".join(texts)), borders)
    assert [[w for w in words if w != BLANK] for words in cut] == [cutter.cut(text) for text in texts]
