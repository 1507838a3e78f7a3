"""Words of a table are found alike in C, by the automaton, and one by one."""

from __future__ import annotations

import importlib
import random
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp import scanning
from searchapp.engines.whoosh import kernels
from searchapp.scanning import by_automaton
from searchapp.scanning.occurrence import Occurrence

WAYS: list[ModuleType] = [by_automaton]
if scanning.COMPILED:
    WAYS.append(importlib.import_module("searchapp.scanning.in_c"))
both = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.rpartition(".")[2])
compiled = pytest.mark.skipif(not scanning.COMPILED, reason="no scanning in C: there was no compiler at hand")
# Few characters, so that words begin, end and hold one another; one beyond 16 bits, and a lone surrogate.
LETTERS = st.sampled_from("横峰县市a\U0002070e\ud800")
TABLES = st.lists(st.text(LETTERS, min_size=1, max_size=5), max_size=12, unique=True)


def one_by_one(words: list[str], text: str, begin: int, end: int) -> list[Occurrence]:
    found = []
    for at in range(begin, min(end, len(text))):
        here = [(len(word), number) for number, word in enumerate(words) if text.startswith(word, at, end)]
        if here:
            length, number = max(here)
            found.append((at, at + length, number))
    return found


def leftmost(found: list[Occurrence], begin: int) -> list[Occurrence]:
    kept, done = [], begin
    for start, end, number in found:
        if start >= done:
            done = end
            kept.append((start, end, number))
    return kept


def test_both_libraries_were_compiled_together() -> None:
    assert scanning.COMPILED == kernels.COMPILED


@both
@given(words=TABLES, text=st.text(LETTERS, max_size=30), begin=st.integers(0, 32), chars=st.integers(0, 32))
def test_words_are_found_as_one_by_one(
    way: ModuleType, words: list[str], text: str, begin: int, chars: int
) -> None:
    table = way.Words(words)
    expected = one_by_one(words, text, begin, begin + chars)
    assert table.everywhere(text, begin, begin + chars) == expected
    assert table.longest(text, begin, begin + chars) == leftmost(expected, begin)
    whole = one_by_one(words, text, 0, len(text))
    assert table.everywhere(text) == whole
    assert table.longest(text) == leftmost(whole, 0)


@both
def test_a_table_of_thousands_of_words_is_found_in_full(way: ModuleType) -> None:
    chars = random.Random(5)
    digits = "一二三四五六七八九十"
    words = sorted({"".join(chars.choices(digits, k=chars.randint(2, 7))) for _ in range(5000)})
    found = way.Words(words).longest("，".join(words))
    assert [number for _, _, number in found] == list(range(len(words)))


@both
def test_an_empty_table_finds_nothing(way: ModuleType) -> None:
    assert way.Words([]).longest("横峰县") == []


@compiled
@given(st.data())
def test_a_broken_table_is_not_read_beyond(data: st.DataObject) -> None:
    """Whatever the arrays hold, the walk ends; what it gives lies in the text."""
    native: Any = importlib.import_module("searchapp.scanning._scanning")
    numbers = st.lists(st.integers(0, 9) | st.integers(0, 2**32 - 1), max_size=8)
    tables = [np.array(data.draw(numbers), np.uint32) for _ in range(4)]
    text = np.array(data.draw(numbers), np.uint32)
    begins = np.full(2048, 2**32 - 1, np.uint32)  # every place is looked at
    begin, stop = data.draw(st.integers(-3, 12)), data.draw(st.integers(-3, 12))
    for everywhere in (False, True):
        for start, end, _ in native.find(begins, *tables, text, begin, stop, everywhere):
            assert max(begin, 0) <= start < end <= min(stop, len(text))


@compiled
def test_wrong_arguments_are_refused() -> None:
    native: Any = importlib.import_module("searchapp.scanning._scanning")
    with pytest.raises(TypeError, match="find"):
        native.find(b"")
    with pytest.raises(TypeError):
        native.find(b"", b"", b"", b"", b"", "横峰", 0, 2, False)
    with pytest.raises(TypeError):
        native.find(b"", b"", b"", b"", b"", b"", "0", 2, False)
    with pytest.raises(ValueError, match="another size"):
        native.find(b"", b"", b"", b"", b"", b"", 0, 2, False)
