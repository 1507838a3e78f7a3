"""The query language: cases as data, the law of rendering, and hostile input."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SIGNS, clauses, query_strings, without_positions, words

from searchapp.errors import QueryError
from searchapp.query import (
    And,
    Clause,
    Everything,
    Fuzzy,
    InDates,
    InFacet,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Words,
)
from searchapp.syntax import MAX_DEPTH, MAX_QUERY_CHARS, MAX_TERMS, parse, render
from searchapp.syntax.parser import parse_signs
from searchapp.syntax.plain import parse_plain
from searchapp.syntax.source import Source

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "syntax.jsonl").read_text("utf-8").splitlines()
]
UNDERSTOOD = [case for case in CASES if "clause" in case]
REFUSED = [case for case in CASES if "error" in case]


def shape(clause: Clause) -> Any:
    """A clause as plain lists, as the case file writes it."""
    match clause:
        case Everything():
            return ["everything"]
        case And(parts) | Or(parts):
            return [type(clause).__name__.lower(), *map(shape, parts)]
        case Not(part):
            return ["not", shape(part)]
        case Words(text, where):
            return text if where == "any" else f"{where}:{text}"
        case Near(texts, distance, where):
            return ["near", distance, *texts] + [where] * (where != "any")
        case InFacet(facet, text):
            return [facet, text]
        case InDates(first, last):
            return ["dates", first, last]
        case Phrase(text, where) | Prefix(text, where) | Fuzzy(text, where):
            return [type(clause).__name__.lower(), text] + [where] * (where != "any")
    raise AssertionError(clause)


def refusal(q: str) -> QueryError | None:
    """Why `q` is refused; None when it is understood."""
    try:
        parse(q)
    except QueryError as error:
        return error
    return None


def leaves(clause: Clause) -> list[Leaf]:
    if isinstance(clause, And | Or):
        return [leaf for part in clause.clauses for leaf in leaves(part)]
    if isinstance(clause, Not):
        return leaves(clause.clause)
    return [] if isinstance(clause, Everything) else [clause]


@pytest.mark.parametrize("case", UNDERSTOOD, ids=lambda case: case["q"])
def test_understood(case: dict[str, Any]) -> None:
    clause = parse(case["q"])
    assert shape(clause) == case["clause"]
    assert render(clause) == case["understood"]
    assert without_positions(parse(render(clause))) == without_positions(clause)
    if "positions" in case:
        assert [leaf.position for leaf in leaves(clause)] == case["positions"]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["q"])
def test_refused(case: dict[str, Any]) -> None:
    with pytest.raises(QueryError) as caught:
        parse(case["q"])
    error = caught.value
    assert (error.message, error.position, error.code) == (case["error"], case["position"], "bad_query")
    assert error.hint


def test_variants_are_shown_in_their_leaf() -> None:
    synonyms = Words("乡村振兴", variants=("三农", "农村"))
    assert render(And((synonyms, Not(Fuzzy("潘莉", variants=("潘琍",)))))) == (
        "乡村振兴（也查：三农、农村） -潘莉~（也查：潘琍）"
    )


def test_dates_without_their_text_are_written_out() -> None:
    assert render(InDates("2022-12-01", "")) == "日期:2022-12-01.."


@settings(max_examples=400)
@given(clauses(words()))
def test_law_what_is_rendered_reads_back(clause: Clause) -> None:
    assert without_positions(parse(render(clause))) == without_positions(clause)


@settings(max_examples=600)
@given(query_strings())
def test_any_string_is_understood_or_refused_with_position_and_hint(q: str) -> None:
    if error := refusal(q):
        assert error.position is not None
        assert 0 <= error.position <= len(q)
        assert error.message
        assert error.hint
        return
    clause = parse(q)
    assert without_positions(parse(render(clause))) == without_positions(clause)
    for leaf in leaves(clause):
        assert 0 <= leaf.position < len(q)


@settings(max_examples=1000)
@given(st.text(alphabet='甲乙或非縣委2gANDORT  "“”(-*~:', max_size=12))
def test_law_plain_queries_need_no_grammar(q: str) -> None:
    plain = parse_plain(q)
    assert plain is None or plain == parse_signs(q)


@pytest.mark.parametrize("q", ["项目为王", "横峰县 三农 2022", '"项目为王"', "縣委 ORDER 或者 AND1"])
def test_plain_queries(q: str) -> None:
    assert parse_plain(q) == parse_signs(q) == parse(q)


@given(st.text(alphabet="中甲乙丙文书县委2G", min_size=1, max_size=50))
def test_a_run_of_plain_characters_is_one_word(q: str) -> None:
    assert parse(q) == Words(q)


@given(st.text(min_size=1, max_size=50).filter(str.strip))
def test_any_run_can_be_asked_for_exactly(text: str) -> None:
    seen = Source(text).text
    asked = render(Phrase(text))
    if seen.strip():
        assert without_positions(parse(asked)) == Phrase(seen)
    else:
        assert str(refusal(asked)) == "引号里没有内容"


def test_ten_thousand_random_strings_end_quickly() -> None:
    rng = random.Random(7)
    alphabet = SIGNS + "甲乙或非县委书记 \t　ORANDTitledate标题日期2022年12月😀\x00\u200b\ud800"
    slowest = 0.0
    understood = 0
    for _ in range(10_000):
        q = "".join(rng.choices(alphabet, k=rng.randint(1, 40)))
        start = time.process_time()
        error = refusal(q)
        understood += error is None
        slowest = max(slowest, time.process_time() - start)
    assert slowest < 0.1
    assert understood > 100


LONG = {
    "quotes": "“" * MAX_QUERY_CHARS,
    "straight quotes": '"' * MAX_QUERY_CHARS,
    "parentheses": "(" * 5_000 + ")" * 5_000,
    "word parentheses": "甲" + "(" * 4_999 + ")" * 4_999,
    "word groups": "甲(" * 3_000 + " " + ")" * 3_000,
    "not": "NOT " * 2_500,
    "minus": "-" * MAX_QUERY_CHARS,
    "backslashes": "\\" * MAX_QUERY_CHARS,
    "tildes": "甲~" * 5_000,
    "fields": "标题:" * 3_333,
    "bars": "|" * MAX_QUERY_CHARS,
    "one word": "甲" * MAX_QUERY_CHARS,
    "dates": "date:" + "20" * 4_000,
    "invisible": "\u200b" * MAX_QUERY_CHARS,
}


@pytest.mark.usefixtures("no_collecting")
@pytest.mark.parametrize("name", LONG)
def test_long_hostile_queries_end_quickly(name: str) -> None:
    start = time.process_time()
    if refusal(LONG[name]) is None:
        render(parse(LONG[name]))
    assert time.process_time() - start < 0.5


@pytest.mark.usefixtures("no_collecting")
def test_limits() -> None:
    most = " ".join(["甲乙"] * MAX_TERMS)
    start = time.process_time()
    assert len(leaves(parse(most))) == MAX_TERMS
    assert time.process_time() - start < 0.1
    with pytest.raises(QueryError) as terms:
        parse(most + " 丙")
    assert terms.value.position == len(most) + 1
    with pytest.raises(QueryError) as near:
        parse(most + ' "丙 丁"~3')
    assert near.value.message == f"超过 {MAX_TERMS} 个词"
    with pytest.raises(QueryError) as chars:
        parse("甲" * (MAX_QUERY_CHARS + 1))
    assert chars.value.position == MAX_QUERY_CHARS
    assert parse("甲" * MAX_QUERY_CHARS) == Words("甲" * MAX_QUERY_CHARS)


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("NOT ", ""), ("-(", ")")])
def test_depth(opening: str, closing: str) -> None:
    levels = MAX_DEPTH // (2 if opening == "-(" else 1)
    parse(opening * levels + "甲" + closing * levels)
    with pytest.raises(QueryError) as caught:
        parse(opening * (levels + 1) + "甲" + closing * (levels + 1))
    assert caught.value.message == f"嵌套超过 {MAX_DEPTH} 层"


def test_pasted_headlines_and_questions_are_understood(shared_data: Path) -> None:
    refused = []
    for path in sorted(shared_data.glob("ir/*/queries.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            try:
                clause = parse(text)
            except QueryError as error:
                refused.append((text, str(error)))
                continue
            # A paste is words and phrases: nobody excluded or restricted anything.
            assert all(isinstance(leaf, Words | Phrase) for leaf in leaves(clause)), text
            assert "-" not in render(clause) or "-" in text or "—" in text
    assert refused == []
