"""Law 2: folding keeps length, code point for code point; equal forms fold to one."""

from __future__ import annotations

import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.analysis.normalise import (
    alphanumeric,
    codes_of,
    fold_codes,
    is_han,
    normalise,
    squeeze,
    squeeze_all,
    squeeze_with_offsets,
    text_of,
)

EVERY = "".join(chr(code) for code in range(sys.maxunicode + 1))


def test_every_code_point_folds_to_one_and_stays() -> None:
    once = normalise(EVERY)
    assert len(once) == len(EVERY)
    assert normalise(once) == once


def test_letters_digits_and_han_are_told_as_python_tells_them() -> None:
    assert alphanumeric().tolist() == [char.isalnum() for char in EVERY]


@given(st.text(alphabet=st.characters(codec=None)))
def test_length_and_idempotence(text: str) -> None:
    assert len(normalise(text)) == len(text)
    assert normalise(normalise(text)) == normalise(text)
    assert text_of(codes_of(text)) == text


@given(st.text(), st.text())
def test_folding_is_by_character(left: str, right: str) -> None:
    assert normalise(left + right) == normalise(left) + normalise(right)


@given(st.text())
def test_offsets_point_into_the_original(text: str) -> None:
    squeezed, offsets = squeeze_with_offsets(text)
    assert squeezed == squeeze(text)
    assert [normalise(text[at]) for at in offsets] == list(squeezed)
    assert np.all(np.diff(offsets) > 0)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("橫峰縣委書記", "横峰县委书记"),
        ("ＧＤＰ５Ｇ", "gdp5g"),
        ("“项目为王”", '"项目为王"'),
        ("「项目为王」『项目』", '"项目为王""项目"'),
        ("，。！？；：（）", ",.!?;:()"),
        ("潘琍刘䶮𠮷", "潘琍刘䶮𠮷"),
        ("乾隆", "干隆"),
        ("①", "1"),
        ("a\u200bb\ufeff\u00ad", "a b  "),
    ],
)
def test_equal_forms(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


def test_white_space_is_one_kind_and_squeezed_away() -> None:
    for space in ("\n", "\t", "\u3000", "\u2003", "\u00a0", "\r", "\x00", "\u2028"):
        assert normalise(f"赵{space}明") == "赵 明"
        assert squeeze(f"赵{space}明") == "赵明"


def test_han_is_every_block_and_nothing_else() -> None:
    for char in "一龥䶮㐀𠮷𫝀々〇":
        assert is_han(char)
    for char in "a5，か한Ω \n":
        assert not is_han(char)
    named = [c for c in EVERY if unicodedata.name(c, "").startswith("CJK UNIFIED IDEOGRAPH")]
    assert all(map(is_han, named))


def test_lone_surrogates_survive() -> None:
    text = "a\ud800b"
    assert text_of(fold_codes(text)) == text


@given(st.lists(st.text(max_size=20), max_size=8))
def test_many_texts_are_squeezed_as_one_by_one(texts: list[str]) -> None:
    assert squeeze_all(texts) == [squeeze(text) for text in texts]
