"""Words of a list are told as a regular expression of all of them would tell them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from searchapp.annotate.names import name_tables, one_of, one_of_fast
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.word_lists import Beginnings, FirstTold

LETTERS = st.sampled_from("主持出席表示说")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=4), min_size=1, max_size=8)
TEXTS = st.text(LETTERS, max_size=12)


@given(words=WORDS, text=TEXTS, at=st.integers(0, 13))
def test_the_longest_beginning_is_that_of_an_expression(words: list[str], text: str, at: int) -> None:
    found = re.compile(one_of(words)).match(text, at)
    assert Beginnings(words).at(text, at) == (found.group() if found else "")


@given(words=WORDS, text=TEXTS, at=st.integers(0, 13), end=st.none() | st.integers(0, 13))
def test_looking_at_the_first_character_changes_no_match(
    words: list[str], text: str, at: int, end: int | None
) -> None:
    expression = f"(?:{one_of(words)})说?"
    told = FirstTold(expression, {word[0] for word in words})
    expected = re.compile(expression).match(text, at, len(text) if end is None else end)
    found = told.match(text, at, end)
    assert (found and found.span()) == (expected and expected.span())


@given(words=WORDS, text=TEXTS)
def test_an_expression_by_first_characters_finds_the_same(words: list[str], text: str) -> None:
    spans = [
        [found.span() for found in re.finditer(expression, text)]
        for expression in (one_of(words), one_of_fast(words))
    ]
    assert spans[0] == spans[1]


@given(st.text(st.sampled_from("县委书记市长局镇副王远，团"), max_size=30))
def test_ranks_are_found_where_an_expression_finds_them(text: str) -> None:
    tables = office_tables()
    found = [match.span() for match in tables.ranks(text)]
    assert found == [match.span() for match in tables.rank.finditer(text)]


def test_followers_are_the_words_of_the_table() -> None:
    followers = name_tables().followers
    assert followers.at("潘琍主持会议", 2) == "主持"
    assert followers.at("潘琍主持会议", 0) == ""
    assert followers.at("潘琍", 2) == ""
