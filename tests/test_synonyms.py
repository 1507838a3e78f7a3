"""Synonyms: the file, its errors, and expansion inside the leaf."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.analysis.normalise import squeeze
from searchapp.errors import ConfigError
from searchapp.query import (
    And,
    Clause,
    Everything,
    Fuzzy,
    InFacet,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Words,
)
from searchapp.synonyms import Synonyms, expand, expand_query, load_synonyms

LIST = Synonyms({"甲": ("乙", "丙"), "丁": ("戊",)})


def written(folder: Path, text: str) -> Path:
    path = folder / "own.txt"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "word", "variants"),
    [
        ("甲, 乙, 丙", "乙", ("甲", "丙")),
        ("甲，乙", "甲", ("乙",)),
        ("甲 => 乙, 丙", "甲", ("乙", "丙")),
        ("甲 => 乙, 丙", "乙", ()),
        ("甲, 乙 => 丙", "乙", ("丙",)),
        ("甲, 乙\n乙, 丙", "甲", ("乙",)),
        ("甲, 乙\n乙, 丙", "乙", ("甲", "丙")),
        ("甲, 乙 # 丙, 丁", "甲", ("乙",)),
        ("# 甲, 乙\n\n", "甲", ()),
        ("\ufeff甲, 乙\r\n", "乙", ("甲",)),
        ("鄉村, 三 农", "乡村", ("三农",)),
        ("ＧＤＰ＝＞国内生产总值", "gdp", ("国内生产总值",)),
        ("煤、电, 能源", "能源", ("煤,电",)),
    ],
)
def test_file_means(tmp_path: Path, text: str, word: str, variants: tuple[str, ...]) -> None:
    assert load_synonyms(written(tmp_path, text)).variants(word) == variants


def test_lookup_is_in_normal_form() -> None:
    synonyms = load_synonyms()
    assert "三农工作" in synonyms.variants("鄉村振興")
    assert synonyms.variants("ｇｄｐ") == synonyms.variants("GDP") != ()
    assert synonyms.variants("务 虚 会") == synonyms.variants("务虚会") != ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("甲, 乙\n丙", 2, "alone"),
        ("甲,, 乙", 1, "empty word"),
        ("甲 =>", 1, "empty word"),
        ("=> 甲", 1, "empty word"),
        ("甲 => 乙 => 丙", 1, "more than one"),
        ("甲, 乙, 甲", 1, "twice"),
        ("# 一\n\n甲 => 甲, 乙", 3, "twice"),
        ("乡村, 鄉村", 1, "twice"),
    ],
)
def test_error_names_path_and_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_synonyms(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xd2\xbb\xb0\xd1"])
def test_unreadable_file_is_a_config_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="own.txt"):
        load_synonyms(path)


def test_fingerprint_follows_meaning(tmp_path: Path) -> None:
    prints = [
        load_synonyms(written(tmp_path, text)).fingerprint
        for text in ("甲, 乙\n丙 => 丁", "# 注\n丙 => 丁\n乙, 甲", "甲, 乙\n丁 => 丙")
    ]
    assert prints[0] == prints[1] != prints[2]


def test_bundled_list_has_no_idle_pair() -> None:
    """A variant that holds the word adds nothing: the word's own run finds it."""
    synonyms = load_synonyms()
    idle = [
        (word, other)
        for word, others in synonyms._variants.items()
        for other in others
        if word in other or squeeze(other) != other
    ]
    assert idle == []
    assert len(synonyms._variants) > 100


leaves: st.SearchStrategy[Clause] = st.one_of(
    st.builds(
        Words,
        st.sampled_from("甲乙丁戊己"),
        st.sampled_from(["any", "title", "text"]),
        st.sampled_from([(), ("己",), ("乙",)]),
        st.integers(0, 9),
    ),
    st.builds(Phrase, st.sampled_from("甲乙")),
    st.builds(Prefix, st.sampled_from("甲乙")),
    st.builds(Fuzzy, st.sampled_from("甲乙")),
    st.just(Near(("甲", "丁"), 3)),
    st.just(InFacet("county", "甲")),
    st.just(Everything()),
)
trees: st.SearchStrategy[Clause] = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(below, max_size=3).map(lambda parts: Or(tuple(parts))),
        below.map(Not),
    ),
    max_leaves=12,
)


def holds(clause: Clause, text: str) -> bool:
    """A scan of one text: what `clause` means, for leaves that are single characters."""
    match clause:
        case Words(word, _, variants):
            return any(one in text for one in (word, *variants))
        case And(parts):
            return all(holds(part, text) for part in parts)
        case Or(parts):
            return any(holds(part, text) for part in parts)
        case Not(part):
            return not holds(part, text)
        case Everything():
            return True
        case Phrase(word) | Prefix(word) | Fuzzy(word) | InFacet(_, word):
            return word in text
        case Near(words):
            return all(word in text for word in words)
        case _:
            raise AssertionError(clause)


def holds_a_synonym(clause: Clause, text: str) -> bool:
    """The same, with the synonyms looked up while scanning instead of put into the tree."""
    match clause:
        case Words(word, _, variants):
            return any(one in text for one in (word, *variants, *LIST.variants(word)))
        case And(parts):
            return all(holds_a_synonym(part, text) for part in parts)
        case Or(parts):
            return any(holds_a_synonym(part, text) for part in parts)
        case Not(part):
            return not holds_a_synonym(part, text)
        case _:
            return holds(clause, text)


@given(trees, st.text("甲乙丙丁戊己", max_size=6))
def test_expansion_never_leaks_out_of_the_leaf(clause: Clause, text: str) -> None:
    assert holds(expand(clause, LIST), text) == holds_a_synonym(clause, text)


@given(trees)
def test_expansion_changes_variants_only_and_once(clause: Clause) -> None:
    once = expand(clause, LIST)
    assert expand(once, LIST) == once
    assert stripped(once) == stripped(clause)


def stripped(clause: Clause) -> object:
    match clause:
        case Words(word, where, _, position):
            return (word, where, position)
        case And(parts) | Or(parts):
            return (type(clause), [stripped(part) for part in parts])
        case Not(part):
            return (Not, stripped(part))
        case _:
            return clause


def test_exact_queries_are_not_expanded() -> None:
    clause = And((Words("甲", "title"), Not(Words("丁"))))
    assert expand_query(Query(clause=clause, exact=True), LIST).clause == clause
    assert expand_query(Query(clause=clause), LIST).clause == And(
        (Words("甲", "title", ("乙", "丙")), Not(Words("丁", variants=("戊",))))
    )
