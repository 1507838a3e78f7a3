"""The analyzers of the Whoosh schema give the tokens with which the segments were built."""

from __future__ import annotations

import pickle
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.query import NullQuery, Phrase, Term

from searchapp.analysis.normalise import normalise, squeeze
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.whoosh.analyzers import (
    FIELD_BORDER,
    CharacterQuery,
    GramAnalyzer,
    RunField,
    WordAnalyzer,
    WordField,
    cutter_fingerprint,
    run_query,
    run_value,
)
from searchapp.engines.whoosh.grams import find_grams
from searchapp.errors import IndexStale
from searchapp.sample import SamplePaths

CHARS = "横峰县委書记示范、，。 　\n\x1f5GaＡＴ&%３.𠮷䶮々〇琍"
texts = st.text(alphabet=CHARS, max_size=40) | st.text(max_size=20)


@settings(deadline=None)  # the first call loads the dictionaries
@given(texts)
def test_words_are_those_of_the_cutter(text: str) -> None:
    assert [token.text for token in WordAnalyzer()(text)] == load_dictionaries().cutter.cut(text)


@settings(deadline=None)  # the first call loads the dictionaries
@given(texts)
def test_words_with_offsets_are_the_same_words_and_point_into_the_text(text: str) -> None:
    tokens = [(t.text, t.startchar, t.endchar) for t in WordAnalyzer()(text, chars=True)]
    assert sorted(word for word, _, _ in tokens) == sorted(load_dictionaries().cutter.cut(text))
    for word, start, end in tokens:
        assert normalise(text[start:end]) == word
    assert [start for _, start, _ in tokens] == sorted(start for _, start, _ in tokens)


@settings(deadline=None)  # the first call loads the dictionaries
@given(texts, texts)
def test_grams_are_those_of_the_segments(title: str, text: str) -> None:
    built = find_grams([title], [text])
    expected = defaultdict(list)
    borders = np.cumsum([0, *built.counts]).tolist()
    for key, low, high in zip(built.keys.tolist(), borders, borders[1:], strict=False):
        gram = chr(key >> 32) + (chr(key & 0xFFFFFFFF) if key & 0xFFFFFFFF else "")
        expected[gram] = built.positions[low:high].tolist()
    found = defaultdict(list)
    for token in GramAnalyzer()(run_value(title, text), positions=True):
        found[token.text].append(token.pos)
    assert found == expected


@settings(deadline=None)  # the first call loads the dictionaries
@given(texts, texts)
def test_grams_point_into_the_value(title: str, text: str) -> None:
    value = run_value(title, text)
    for token in GramAnalyzer()(value, chars=True):
        assert squeeze(value[token.startchar : token.endchar]) == token.text


@settings(deadline=None)  # the first call loads the dictionaries
@given(texts, texts)
def test_the_border_between_title_and_text_is_always_there(title: str, text: str) -> None:
    fields = run_value(title, text).split(FIELD_BORDER)
    assert [squeeze(field) for field in fields] == [squeeze(title), squeeze(text)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("横峰县委", Phrase("run", ["横峰", "峰县", "县委"])),
        ("横 峰", Term("run", "横峰")),
        ("縣", CharacterQuery("run", "县")),
        ("５Ｇ", Term("run", "5g")),
        (" 　", NullQuery),
    ],
)
def test_a_run_becomes_one_stock_query(text: str, query: object) -> None:
    assert run_query("run", text) == query
    assert RunField().parse_query("run", text) == query


def test_a_query_does_not_ask_for_the_end_of_a_field() -> None:
    assert [t.text for t in GramAnalyzer()("县委书记", mode="query")] == ["县委", "委书", "书记"]
    assert [t.text for t in GramAnalyzer()("县委书记", mode="index")] == ["县委", "委书", "书记", "记"]


def test_the_editors_file_travels_with_the_analyzer(sample: SamplePaths, tmp_path: Path) -> None:
    """A pickled analyzer cuts with the invented places wherever it is read."""
    dictionaries = load_dictionaries(sample.additions)
    fingerprint = cutter_fingerprint(dictionaries.cutter)
    assert fingerprint == dictionaries.fingerprints["analyzer"]
    analyzer = WordAnalyzer(sample.additions.read_text("utf-8"), fingerprint)
    assert list(analyzer("青禾县")) != []
    state = pickle.dumps(analyzer)
    assert len(state) < len(analyzer.additions.encode()) + 300
    again = pickle.loads(state)
    assert again == analyzer
    assert again != WordAnalyzer()
    assert [t.text for t in again("云岭市青禾县")] == dictionaries.cutter.cut("云岭市青禾县")


def test_another_dictionary_is_said_and_not_guessed() -> None:
    with pytest.raises(IndexStale, match="another word dictionary"):
        list(WordAnalyzer(fingerprint="0" * 16)("县委"))


def test_analyzers_keep_the_options_of_whoosh() -> None:
    tokens = [t.copy() for t in WordAnalyzer()("ＧＤＰ增长", chars=True, keeporiginal=True, positions=True)]
    assert [(t.text, t.original, t.startchar) for t in tokens] == [("gdp", "ＧＤＰ", 0), ("增长", "增长", 3)]
    assert [t.pos for t in tokens] == [0, 1]
    shifted = [(t.text, t.startchar, t.pos) for t in GramAnalyzer()(
        "县委", chars=True, positions=True, start_char=10, start_pos=5, mode="query"
    )]  # fmt: skip
    assert shifted == [("县委", 10, 5)]


def test_fields_keep_what_utf8_cannot_say() -> None:
    for field in (WordField(WordAnalyzer(), stored=False), RunField()):
        assert field.from_bytes(field.to_bytes("县\ud800")) == "县\ud800"
        assert field.to_bytes(["县", "市"]) == "县".encode()
        assert field.to_bytes(b"x") == b"x"
