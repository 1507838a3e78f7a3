"""Homophones, look-alikes and near spellings, against a scan of the vocabulary."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.analysis.normalise import is_han, normalise
from searchapp.errors import ConfigError
from searchapp.suggest import Speller, write_speller
from searchapp.suggest.keys import near_syllable
from searchapp.suggest.lookalikes import load_lookalikes
from searchapp.suggest.pinyin import Reading, is_pinyin, plain, pronouncer
from searchapp.suggest.spelling import one_edit_apart
from searchapp.suggest.vocabulary import best_first, sounded

VOCABULARY = (
    ("横峰县", "county", 50),
    ("崇仁县", "county", 40),
    ("铅山县", "county", 9),
    ("潘琍", "official", 1),
    ("曾卓", "official", 2),
    ("买买提·阿不都拉", "official", 1),
    ("项目为王", "word", 5),
    ("县委副书记", "word", 9),
    ("招商引资", "word", 99),
    ("事实", "word", 500),
    ("实施", "word", 900),
    ("银行", "word", 99),
    ("银杏", "word", 9),
    ("whoosh", "word", 4),
    ("只有一篇", "word", 1),
)


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    folder = tmp_path_factory.mktemp("spelling")
    write_speller(folder, VOCABULARY)
    return Speller.open(folder)


@pytest.mark.parametrize(
    ("word", "text", "kind"),
    [
        ("潘莉", "潘琍", "homophone"), ("潘丽", "潘琍", "homophone"), ("panli", "潘琍", "pinyin"),
        ("Pān Lì", "潘琍", "pinyin"), ("衡峰县", "横峰县", "homophone"), ("崇人县", "崇仁县", "homophone"),
        ("祟仁县", "崇仁县", "near_shape"), ("hengfeng", "横峰", "pinyin"),
        ("hengfengxian", "横峰县", "pinyin"),
        ("yanshan", "铅山", "pinyin"), ("cengzuo", "曾卓", "pinyin"), ("项目为网", "项目为王", "homophone"),
        ("項目爲網", "项目为王", "homophone"), ("招商引自", "招商引资", "homophone"),
        ("项目为玉", "项目为王", "near_shape"),
        ("招商引资资", "招商引资", "edit"), ("招引商资", "招商引资", "edit"),
        ("县委书记", "县委副书记", "edit"),
        ("whosh", "whoosh", "edit"), ("woosh", "whoosh", "edit"),
        ("买买提阿不都拉", "买买提·阿不都拉", "homophone"),
        ("银航", "银行", "homophone"), ("十是", "实施", "homophone"),
    ],
)  # fmt: skip
def test_near(speller: Speller, word: str, text: str, kind: str) -> None:
    best = speller.near(word)[0]
    assert (best.text, best.kind) == (text, kind)
    assert text in speller.fuzzy_variants(word)


def test_spelling_says_how_near(speller: Speller) -> None:
    labels = {"潘莉": "同音", "cengzuo": "拼音近似", "祟仁县": "形近", "whosh": "相差一字", "增做": "近音"}
    assert {word: speller.near(word)[0].label for word in labels} == labels
    assert speller.near("潘莉")[0].word_kind == "official"
    assert speller.near("十是")[0].count == 900


@pytest.mark.parametrize(
    "word", ["", " ", "潘", "\ud800", "a" * 5000, "横" * 5000, "!!", "只有一偏", "𠀀𠀁", "😀"]
)
def test_nothing_near(speller: Speller, word: str) -> None:
    assert speller.near(word) == []


def test_a_word_of_the_index_is_heard_as_it_is_there(speller: Speller) -> None:
    """银行 has the reading yinxing by its characters, but the index knows it as yinhang."""
    assert "银行" not in [offer.text for offer in speller.near("银杏")]
    assert "银杏" not in [offer.text for offer in speller.near("银行")]


def test_count(speller: Speller) -> None:
    counts = [speller.count(word) for word in ("实施", "實施", "横峰", "没有", "只有一篇")]
    assert counts == [900, 900, 50, 0, 0]


def test_the_vocabulary_that_is_kept() -> None:
    given_ = [
        ("和平县", "county", 7), ("和平", "official", 1), ("和平", "word", 90), ("和平", "word", 80),
        ("赵　明", "official", 1), ("橫峰", "word", 2), ("ＧＤＰ", "word", 3), ("一", "word", 50),
        ("一二三四五六七八九", "word", 50), ("孤例", "word", 1), ("5g网络", "word", 9), ("ab", "word", 9),
        ("蔚县", "county", 2),
    ]  # fmt: skip
    assert best_first(given_) == [
        ("和平", 0, 90), ("和平县", 0, 7), ("gdp", 2, 3), ("横峰", 2, 2), ("蔚县", 0, 2), ("赵明", 1, 1),
    ]  # fmt: skip


def test_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'person'"):
        write_speller(tmp_path, [("潘琍", "person", 1)])


vocabularies = st.lists(
    st.one_of(
        st.tuples(
            st.text("横衡峰县曾增长藏仁人候侯·", min_size=1, max_size=4),
            st.sampled_from(["county", "official", "word"]),
            st.integers(1, 4),
        ),
        st.tuples(st.text("abnglwho", min_size=2, max_size=6), st.just("word"), st.integers(1, 4)),
    ),
    max_size=40,
)
asked_words = st.one_of(
    st.text("横衡峰县曾增长藏仁人候侯·", min_size=1, max_size=4),
    st.text("abnglwho", min_size=2, max_size=6),
    st.sampled_from(["hengfeng", "zengfeng", "renxian", "lenxian", "hou", "houren", "cangfeng", "changfen"]),
)


def readings_in_index(text: str, kind: str) -> list[Reading]:
    maker = pronouncer()
    if kind != "word" or text in maker.phrases:
        return maker.of(text, kind)
    return maker.readings.of_word(text, 4)


def nearness(asked: str, stored: list[Reading], heard: list[Reading], text: str) -> int | None:
    """How near `text` (read as one of `heard`) is to `asked`: 0 same sound … 3 one edit, by definition."""

    def sounds(readings: list[Reading], fold: Callable[[str], str]) -> set[str]:
        return {"".join(map(fold, reading)) for reading in readings}

    letters = plain(asked)
    as_long = is_pinyin(letters) or len(sounded(asked)) == len(sounded(text))
    mine = {letters} if is_pinyin(letters) else sounds(stored, str)
    if as_long and mine & sounds(heard, str):
        return 0
    differing = [(a, b) for a, b in zip(asked, text, strict=False) if a != b]
    alike = len(asked) == len(text) and len(differing) == 1 and not is_pinyin(letters)
    if alike and differing[0][1] in load_lookalikes().get(differing[0][0], ()):
        return 1
    if as_long and sounds(stored, near_syllable) & sounds(heard, near_syllable):
        return 2
    return 3 if edits(asked, text) == 1 and max(len(asked), len(text)) >= 3 else None


def edits(one: str, other: str) -> int:
    """Optimal string alignment distance, by the textbook table."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            change = table[i - 1, j - 1] + (one[i - 1] != other[j - 1])
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, change)
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@given(st.text("甲乙丙", max_size=5), st.text("甲乙丙", max_size=5))
def test_one_edit_apart(one: str, other: str) -> None:
    assert one_edit_apart(one, other) == (edits(one, other) == 1)


def scanned_words(vocabulary: list[tuple[str, str, int]], asked: str) -> list[tuple[str, int]]:
    kinds = ("county", "official", "word")
    kept = [(text, kinds[kind], count) for text, kind, count in best_first(vocabulary)]
    readings = pronouncer().readings
    stored = readings.split(plain(asked)) if is_pinyin(plain(asked)) else readings.of_word(sounded(asked), 64)
    for text, kind, _ in kept:
        if text == asked and not is_pinyin(plain(asked)):
            known = {"".join(reading) for reading in readings_in_index(text, kind)}
            stored = [reading for reading in stored if "".join(reading) in known] or stored
    found = []
    for text, kind, count in kept:
        way = nearness(asked, stored, readings_in_index(text, kind), text)
        if way is not None and asked not in text:
            shared = sum(a == b for a, b in zip(asked, text, strict=False))
            found.append(((way, -shared, kind == "word", -count, text), (text, count)))
    return [spelling for _, spelling in sorted(found)]


@settings(max_examples=150, deadline=None)
@given(vocabularies, st.lists(asked_words, min_size=1, max_size=8))
def test_near_equals_a_scan(vocabulary: list[tuple[str, str, int]], asked: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_speller(Path(folder), vocabulary)
        speller = Speller.open(Path(folder))
        for word in asked:
            spelled = [(offer.text, offer.count) for offer in speller.near(word, 1000)]
            assert spelled == scanned_words(vocabulary, word)


def test_lookalikes_are_single_normal_characters() -> None:
    alike = load_lookalikes()
    for char, others in alike.items():
        assert others, char
        for other in others:
            assert is_han(other), char
            assert other != char
            assert normalise(other) == other, other
            assert char in alike[other]
