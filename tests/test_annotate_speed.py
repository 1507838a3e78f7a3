"""What is done faster than one would write it first, against how one would write it first."""

from __future__ import annotations

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from searchapp.annotate.names import one_of, one_of_fast
from searchapp.annotate.occurrences import WIDE_SPACE, occurrences
from searchapp.annotate.speech import CueFinder
from searchapp.annotate.speech_tables import speech_tables

NAMES = st.lists(st.text("赵明琍陈", min_size=2, max_size=4), min_size=1, max_size=6, unique=True)
TEXTS = st.text("赵明琍陈，。" + WIDE_SPACE, max_size=60)


@given(NAMES, TEXTS, st.booleans())
def test_known_names_stand_where_an_expression_of_them_all_matches(
    names: list[str], text: str, widened: bool
) -> None:
    gap = f"{WIDE_SPACE}{{0,2}}" if widened else ""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    forms = [gap.join(name) if len(name) == 2 else name for name in longest_first]
    expected = [match.span() for match in re.finditer("|".join(forms), text)]
    assert [(name.start, name.end) for name in occurrences(text, names, widened=widened)] == expected


WORDS = st.lists(st.text("书记长局副", min_size=1, max_size=4), min_size=1, max_size=8)


@given(WORDS, st.text("书记长局副，", max_size=40))
def test_words_grouped_by_their_first_character_match_the_same(words: list[str], text: str) -> None:
    expected = [match.span() for match in re.finditer(one_of(words), text)]
    assert [match.span() for match in re.finditer(one_of_fast(words), text)] == expected


def test_a_rank_does_not_count_behind_a_character_that_forbids_it() -> None:
    found = re.compile(one_of_fast(["区长", "区长助理", "局长"], {"区": "站工"}))
    assert found.findall("站区长、工区长助理、某区长、区长助理、站局长") == ["区长", "区长助理", "局长"]


def test_cues_are_tried_wherever_one_can_begin() -> None:
    tables = speech_tables()
    pieces = [*"他她，。：“”在会上并还要", "指出", "强调", "表示", "提出要求。"]
    pieces += ["说：“", "询问：“", "林守田", "希望，", "坦言"]
    rng = random.Random(4)
    for _ in range(2000):
        text = "".join(rng.choices(pieces, k=rng.randint(1, 25)))
        start, end = rng.randint(0, len(text) // 2), rng.randint(len(text) // 2, len(text))
        expected = [match.span() for match in tables.cue.finditer(text, start, end)]
        assert [match.span() for match in CueFinder(text, ())._introductions(start, end)] == expected, text
