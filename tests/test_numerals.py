"""Which exact numbers does a rounded one stand for? By cases, and against division."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.analysis.numerals import LEAST_DIGITS, Rounded, rounded_numbers


def stands_for(rounded: Rounded, number: int) -> bool:
    return len(str(number)) == rounded.length and str(number).startswith(rounded.digits)


@pytest.mark.parametrize(
    ("run", "digits", "length"),
    [
        ("超1032万例", "1032", 8),
        ("超1亿208万例", "10208", 9),
        ("超2亿84万", "20084", 9),
        ("达4.94亿例", "494", 9),
        ("超2700万", "27", 8),
        ("超2亿500万", "205", 9),
        ("0.95亿", "95", 8),
        ("1.2345万", "12345", 5),
        ("15万亿元", "15", 14),
    ],
)
def test_a_rounded_number_has_first_digits_and_a_length(run: str, digits: str, length: int) -> None:
    assert [(found.digits, found.length) for found in rounded_numbers(run)] == [(digits, length)]


@pytest.mark.parametrize(
    "run", ["", "1032", "万", "亿万", "5万", "30亿", "0.00万", "1.23456万", "1,032万", "三千万", "5.3%"]
)
def test_what_is_no_rounded_number_or_tells_too_little(run: str) -> None:
    assert not list(rounded_numbers(run))


def test_several_stand_in_their_order_and_as_they_were_typed() -> None:
    found = rounded_numbers("确诊超4542万死亡超73.5万共1亿208万")
    assert [number.text for number in found] == ["4542万", "73.5万", "1亿208万"]


@given(st.integers(1_000_000, 10**13))
def test_a_number_without_its_last_four_digits_stands_for_it(number: int) -> None:
    high, low = divmod(number // 10_000, 10_000)
    plain = f"{number // 10_000}万"
    for text in (plain, f"{high}亿{low}万" if high and low else plain):
        found = list(rounded_numbers(text))
        assert len(found) == (len(str(number // 10_000).rstrip("0")) >= LEAST_DIGITS)
        assert all(stands_for(rounded, number) for rounded in found)


@given(st.integers(10, 99_999), st.sampled_from(["万", "亿"]), st.integers(1, 10**14))
def test_it_stands_for_what_is_the_same_when_rounded_down(whole: int, unit: str, number: int) -> None:
    digits = str(whole).rstrip("0")
    zeros = len(str(whole)) - len(digits) + {"万": 4, "亿": 8}[unit]
    for rounded in rounded_numbers(f"{whole}{unit}"):
        assert stands_for(rounded, number) == (number // 10**zeros == int(digits))
