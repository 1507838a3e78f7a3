"""Shared and own wording against brute force; pieces give the text back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.analysis.normalise import is_han
from searchapp.desk.marking import cut_pieces, excerpt
from searchapp.desk.wording import BINDING, LEAST_HAN, Run, comparable, compare_wording

# Few characters, so that texts agree by chance; binding ones, quotes, borders and space among them.
TEXT = st.text(st.sampled_from("项目为王城建的和，。“”　a1"), max_size=24)
COLUMNS = st.lists(st.tuples(TEXT, st.integers(0, 2)), min_size=2, max_size=6)


def clauses(text: str) -> list[str]:
    return [clause for clause in comparable(text).split(" ") if clause]


def trimmed(run: str) -> str:
    return run.strip("".join(BINDING))


def enough(run: str) -> bool:
    return sum(map(is_han, run)) >= LEAST_HAN


def shared_by_brute_force(texts: list[str], column: list[int]) -> set[tuple[int, str]]:
    """(text, words) of every maximal run of four characters and more that another column holds."""
    found = set()
    for number, text in enumerate(texts):
        others = [c for other, t in enumerate(texts) if column[other] != column[number] for c in clauses(t)]
        for clause in clauses(text):
            held = [
                (start, end)
                for start in range(len(clause))
                for end in range(start + LEAST_HAN, len(clause) + 1)
                if any(clause[start:end] in other for other in others)
            ]
            for start, end in held:
                if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in held):
                    words = trimmed(clause[start:end])
                    if enough(words):
                        found.add((number, words))
    return found


@settings(max_examples=300, deadline=None)
@given(COLUMNS)
def test_shared_runs_are_those_of_brute_force(rows: list[tuple[str, int]]) -> None:
    texts, column = [text for text, _ in rows], [number for _, number in rows]
    wording = compare_wording(texts, column)
    assert {(run.of, run.words) for run in wording.shared} == shared_by_brute_force(texts, column)


@settings(max_examples=300, deadline=None)
@given(COLUMNS)
def test_own_clauses_hold_nothing_shared(rows: list[tuple[str, int]]) -> None:
    texts, column = [text for text, _ in rows], [number for _, number in rows]
    wording = compare_wording(texts, column)
    shared = [run.words for run in wording.shared]
    for run in wording.own:
        others = [c for other, t in enumerate(texts) if column[other] != column[run.of] for c in clauses(t)]
        pairs = [run.words[at : at + 2] for at in range(len(run.words) - 1)]
        lonely = sum(not any(pair in other for other in others) for pair in pairs)
        assert run.words in clauses(texts[run.of])
        assert lonely > len(pairs) / 2
        assert not any(words in run.words for words in shared)


@settings(deadline=None)
@given(COLUMNS)
def test_runs_point_into_the_texts(rows: list[tuple[str, int]]) -> None:
    texts, column = [text for text, _ in rows], [number for _, number in rows]
    wording = compare_wording(texts, column)
    for run in wording.shared + wording.own:
        assert comparable(texts[run.of][run.start : run.end]).replace(" ", "") == run.words


def test_quotation_marks_do_not_part_wording_and_are_marked_whole() -> None:
    texts = ["要牢固树立“项目为王”的理念", "要牢固树立项目为王理念"]
    runs = compare_wording(texts, [0, 1]).shared
    marked = [texts[run.of][run.start : run.end] for run in runs]
    assert marked == ["要牢固树立“项目为王”", "要牢固树立项目为王"]


def test_punctuation_parts_wording() -> None:
    assert compare_wording(["项目，为王", "项目，为王"], [0, 1]).shared == ()


def test_full_width_and_traditional_forms_are_the_same_words() -> None:
    runs = compare_wording(["鄉村振興ＡＢ", "乡村振兴ab"], [0, 1]).shared
    assert {run.words for run in runs} == {"乡村振兴ab"}


def test_one_column_shares_nothing_with_itself() -> None:
    assert compare_wording(["项目为王", "项目为王"], [0, 0]).shared == ()


@pytest.mark.parametrize(("texts", "column"), [([], []), ([""], [0]), (["", "a"], [0, 1])])
def test_nothing_to_compare(texts: list[str], column: list[int]) -> None:
    wording = compare_wording(texts, column)
    assert (wording.shared, wording.own) == ((), ())


@settings(deadline=None)
@given(TEXT, st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=6))
def test_pieces_joined_are_the_text(text: str, ends: list[tuple[int, int]]) -> None:
    runs = [Run(0, min(pair), min(max(pair), len(text)), "") for pair in ends if min(pair) < len(text)]
    pieces = cut_pieces(text, 0, len(text), runs[:2], runs[2:4], runs[4:])
    assert "".join(piece.text for piece in pieces) == text
    assert all(a.mark != b.mark for a, b in zip(pieces, pieces[1:], strict=False))


def test_which_mark_goes_before_which() -> None:
    text = "甲乙丙丁"
    common, shared, own = Run(0, 1, 3, ""), Run(0, 2, 4, ""), Run(0, 0, 2, "")
    pieces = cut_pieces(text, 0, 4, [shared, common], [own], [common])
    assert [(piece.text, piece.mark) for piece in pieces] == [
        ("甲", "own"), ("乙", "boilerplate"), ("丙丁", "shared"),
    ]  # fmt: skip


def test_an_excerpt_is_the_sentence_of_the_label() -> None:
    text = "先说修路。再抓“项目 为王”的事。最后散会。"
    start, end = excerpt(text, "项目为王")
    assert text[start:end] == "再抓“项目 为王”的事。"
    assert excerpt(text, "无此") == (0, len(text))
