"""Which terms of a query have only a share of their weight?"""

from __future__ import annotations

import pytest

from searchapp.engines.whoosh.query_weights import QueryWeights, query_weights, without_asking
from searchapp.engines.whoosh.scored_terms import Form, Term
from searchapp.engines.whoosh.weights import Weights

WEIGHTS = Weights()


def asked(*texts: str) -> QueryWeights:
    return query_weights([[Form(text, 1.0, "any")] for text in texts], WEIGHTS)


def word(text: str) -> Term:
    return Term("word", text, 1.0, True)


@pytest.mark.parametrize(
    "typed", [("【山川草木】水渠通水",), ("[山川草木]水渠通水",), ("【山川", "草木】水渠", "通水")]
)
def test_a_label_at_the_head_has_its_share(typed: tuple[str, ...]) -> None:
    found = asked(*typed)
    assert [found.share(word(text)) for text in ("山川", "草木", "水渠", "通水", "沟渠")] == [
        WEIGHTS.label,
        WEIGHTS.label,
        1.0,
        1.0,
        1.0,
    ]


def test_what_is_said_again_behind_the_label_has_all_its_weight() -> None:
    assert asked("【水渠通水】水渠很长").share(word("水渠")) == 1.0


@pytest.mark.parametrize(
    "typed", ["【水渠通水】", "修【水渠】", "【】水渠", "【水渠", "水渠】山川", "《水渠》山川"]
)
def test_what_is_no_label(typed: str) -> None:
    assert asked(typed).share(word("水渠")) == 1.0


def test_a_variant_of_a_word_in_the_label_has_the_share_of_the_word() -> None:
    forms = [Form("草木】水渠", 1.0, "any"), Form("沟渠", 0.6, "any")]
    found = query_weights([[Form("【山川", 1.0, "any"), Form("河山", 0.6, "any")], forms], WEIGHTS)
    assert [found.share(word(text)) for text in ("河山", "沟渠")] == [WEIGHTS.label, 1.0]


def test_question_words_have_their_share() -> None:
    found = asked("【什么水渠】水渠如何通水")
    assert found.share(word("如何")) == WEIGHTS.question
    assert found.share(word("什么")) == WEIGHTS.question * WEIGHTS.label
    assert found.share(word("水渠")) == 1.0


def test_what_is_asked_for_exactly_is_no_part_of_a_label_and_has_all_its_weight() -> None:
    exact = [[Form("【山川】水渠", 1.0, "any", True)], [Form("水渠", 1.0, "any")]]
    assert query_weights(exact, WEIGHTS).label == ""
    assert asked("【如何】水渠").share(Term("run", "如何", 1.0, True)) == 1.0


def test_question_words_leave_gaps_the_longest_first() -> None:
    assert without_asking("水渠为什么通水是否可以") == "水渠 通水  "
