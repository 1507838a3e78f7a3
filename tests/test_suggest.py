"""Autocomplete, homophones and near spellings, against scans of the whole list."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searchapp.analysis.normalise import is_han, normalise
from searchapp.errors import ConfigError, IndexDamaged, IndexStale
from searchapp.suggest import Completer, Completion, Entry, Speller, write_completions, write_speller
from searchapp.suggest.columns import open_columns, write_columns
from searchapp.suggest.completion import KINDS, matchable
from searchapp.suggest.keys import SoundKeys, deletion_keys, key_of, keys_of_rows, near_syllable, spell_out
from searchapp.suggest.lookalikes import load_lookalikes
from searchapp.suggest.pinyin import Reading, combinations, is_pinyin, load_special, plain, pronouncer
from searchapp.suggest.spelling import one_edit_apart
from searchapp.suggest.vocabulary import best_first, sounded

ENTRIES = (
    Entry("county", "横峰县", "361125", "横峰县 · 江西省上饶市", 50),
    Entry("county", "崇仁县", "361024", "崇仁县 · 江西省抚州市", 40),
    Entry("county", "六安市", "3415", "", 30),
    Entry("official", "潘琍", "潘琍@361125", "潘琍 · 横峰县县委书记", 3),
    Entry("official", "曾卓", "曾卓@?", "", 2),
    Entry("title", "“横峰县”召开务虚会，谋划新一年的工作，部署产业、项目、招商和民生", "", "", 1),
    Entry("phrase", "项目为王", "", "", 5),
    Entry("phrase", "5G+工业", "", "", 4),
    Entry("phrase", "横峰县", "", "", 60),
)
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
def completer(tmp_path_factory: pytest.TempPathFactory) -> Completer:
    folder = tmp_path_factory.mktemp("completions")
    write_completions(folder, ENTRIES)
    return Completer.open(folder)


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    folder = tmp_path_factory.mktemp("spelling")
    write_speller(folder, VOCABULARY)
    return Speller.open(folder)


# Pinyin


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("曾卓", "zeng zhuo"), ("仇远", "qiu yuan"), ("覃明", "qin ming"), ("覃明", "tan ming"),
        ("单田", "shan tian"), ("解明", "xie ming"), ("查明", "zha ming"), ("任明", "ren ming"),
        ("区明", "ou ming"), ("盖明", "ge ming"), ("盖明", "gai ming"), ("朴明", "piao ming"),
        ("翟明", "zhai ming"), ("乐明", "yue ming"), ("乐明", "le ming"), ("折明", "she ming"),
        ("种明", "chong ming"), ("尉迟明", "yu chi ming"), ("万俟明", "mo qi ming"),
        ("长孙明", "zhang sun ming"), ("澹台明", "tan tai ming"), ("单于明", "chan yu ming"),
        ("令狐明", "ling hu ming"), ("缪明", "miao ming"), ("郇明", "xun ming"), ("郇明", "huan ming"),
        ("买买提·阿不都拉", "mai mai ti a bu du la"), ("刘䶮", "liu yan"), ("𠮷明", "ji ming"),
        ("李长乐", "li chang le"), ("王重行", "wang chong xing"),
    ],
)  # fmt: skip
def test_names_have_every_plausible_reading(name: str, readings: str) -> None:
    assert tuple(readings.split()) in pronouncer().of(name, "official")


@pytest.mark.parametrize(
    ("county", "reading"),
    [
        ("六安市", "lu an shi"), ("铅山县", "yan shan xian"), ("蔚县", "yu xian"), ("乐清市", "yue qing shi"),
        ("台州市", "tai zhou shi"), ("丽水市", "li shui shi"), ("东阿县", "dong e xian"),
        ("番禺区", "pan yu qu"), ("涡阳县", "guo yang xian"), ("洪洞县", "hong tong xian"),
        ("浚县", "xun xian"), ("枞阳县", "zong yang xian"), ("莘县", "shen xian"), ("单县", "shan xian"),
        ("婺源县", "wu yuan xian"), ("长汀县", "chang ting xian"), ("盱眙县", "xu yi xian"),
        ("绿春县", "lv chun xian"), ("乐陵市", "lao ling shi"), ("横峰县", "heng feng xian"),
    ],
)  # fmt: skip
def test_places_are_read_as_there(county: str, reading: str) -> None:
    assert pronouncer().of(county, "county")[0] == tuple(reading.split())


def test_special_readings_are_whole_and_agree_with_the_phrase_dictionary() -> None:
    """Facts of two origins: they differ only where the phrase is a common word as well."""
    maker, differ = pronouncer(), set()
    for section in load_special().values():
        for name, readings in section.items():
            for reading in readings:
                assert len(reading) == len(name), name
                assert set(reading) <= set(maker.readings.syllables), name
    for place, readings in load_special()["places"].items():
        heard = maker.phrases.get(place)
        if heard and not any(all(s in o for s, o in zip(r, heard, strict=True)) for r in readings):
            differ.add(place)
    assert differ == {"六合", "民乐", "大城"}


def test_words_take_the_reading_of_the_phrase() -> None:
    assert pronouncer().of("银行", "word") == [("yin", "hang")]
    heard = pronouncer().of("重庆银行,5g项目", "title")
    assert [" ".join(reading) for reading in heard] == ["chong qing yin hang 5 g xiang mu"]


@pytest.mark.parametrize(
    ("typed", "letters"),
    [("Héngfēng", "hengfeng"), ("lǘ", "lv"), ("lü", "lv"), ("lu'an", "luan"), ("pan  li", "panli")],
)
def test_plain(typed: str, letters: str) -> None:
    assert plain(typed) == letters


def cuts(letters: str) -> set[Reading]:
    """Every way to cut `letters` into syllables, tried one by one."""
    syllables = set(pronouncer().readings.syllables) - {""}
    if not letters:
        return {()}
    heads = [letters[:size] for size in range(1, len(letters) + 1) if letters[:size] in syllables]
    return {(head, *rest) for head in heads for rest in cuts(letters[len(head) :])}


@given(st.text("aeghinox", min_size=1, max_size=8))
@example("xian")
@example("fangan")
def test_split_is_every_way(letters: str) -> None:
    found = pronouncer().readings.split(letters, 1000)
    assert len(set(found)) == len(found)
    assert set(found) == cuts(letters)


def test_split_of_hostile_letters_is_quick() -> None:
    started = time.perf_counter()
    assert pronouncer().readings.split("an" * 2000 + "vv") == []
    assert len(pronouncer().readings.split("an" * 2000)) == 8
    assert time.perf_counter() - started < 1


# Keys: the array form against the form for one word

words = st.text("横峰县潘琍曾长行乐重安", min_size=1, max_size=4)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(words.filter(lambda w: len(w) == n), min_size=1)))
def test_array_keys_equal_single_keys(rows: list[str]) -> None:
    codes = np.array([list(map(ord, row)) for row in rows], np.uint32)
    assert keys_of_rows(codes).tolist() == [key_of(row) for row in rows]
    left_out = [[key_of(row[:at] + row[at + 1 :]) for at in range(len(row))] for row in rows]
    assert deletion_keys(codes).tolist() == left_out


@pytest.mark.parametrize("near", [False, True])
@given(word=words, most=st.integers(1, 12))
def test_array_readings_equal_single_readings(near: bool, word: str, most: int) -> None:
    readings = pronouncer().readings
    sounds = SoundKeys(readings, near=near)
    table = readings.of_codes(np.array([list(map(ord, word))], np.uint32))
    heard = [sounds.of_syllables(ids).tolist()[0] for _, ids in spell_out(table, most)]
    assert heard == [sounds.of_reading(reading) for reading in readings.of_word(word, most)]
    assert len(heard) <= most


# Completion


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("横", "361125"), ("橫峰", "361125"), ("hengf", "361125"), ("hfx", "361125"), ("HFX", "361125"),
        ("ｈｅｎｇ　ｆｅｎｇ", "361125"), ("héngfēng", "361125"), ("横feng", "361125"), ("横fx", "361125"),
        ("heng峰", "361125"), ("峰县", "361125"), ("lu'an", "3415"), ("liuan", "3415"), ("琍", "潘琍@361125"),
        ("panl", "潘琍@361125"), ("pl", "潘琍@361125"), ("zengz", "曾卓@?"), ("cengz", "曾卓@?"),
    ],
)  # fmt: skip
def test_completes(completer: Completer, typed: str, first: str) -> None:
    assert completer.complete(typed)[0].value == first


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("项目", ["项目为王"]),
        ("5g", ["5G+工业"]),
        ("5G+工", ["5G+工业"]),
        ("务虚", []),
        ("", []),
        ("  “ ", []),
        ("\ud800", []),
        ("xyzq", []),
        ("h" * 1000, []),
        ("横" * 1000, []),
    ],
)
def test_completes_exactly(completer: Completer, typed: str, texts: list[str]) -> None:
    assert [offer.text for offer in completer.complete(typed)] == texts


def test_county_phrase_is_offered_once(completer: Completer) -> None:
    assert [offer.kind for offer in completer.complete("横峰")] == ["county", "title"]


def test_kinds_and_limit(completer: Completer) -> None:
    assert [offer.kind for offer in completer.complete("横", kinds=("title",))] == ["title"]
    assert completer.complete("横", kinds=()) == ()
    assert len(completer.complete("横", 1)) == 1
    assert completer.complete("横", 0) == ()


def test_a_long_query_is_compared_whole(completer: Completer) -> None:
    title = ENTRIES[5].text
    assert [offer.text for offer in completer.complete(title[:30])] == [title]
    assert completer.complete(title[:30] + "别") == ()


def test_label_and_default_label(completer: Completer) -> None:
    offered = completer.complete("潘")[0]
    assert offered == Completion("official", "潘琍", "潘琍@361125", "潘琍 · 横峰县县委书记", 3)
    assert completer.complete("六安")[0].label == "六安市"


entries = st.builds(
    Entry,
    st.sampled_from(KINDS),
    st.text("横峰衡县曾单银行长g5·", min_size=1, max_size=4),
    st.sampled_from(["", "1", "2"]),
    st.just(""),
    st.integers(0, 3),
)


def merged(given_: list[Entry]) -> list[Entry]:
    counties = {entry.text for entry in given_ if entry.kind == "county"}
    sums: dict[tuple[str, str, str], int] = {}
    for entry in given_:
        key = (entry.kind, entry.text, entry.value)
        sums[key] = sums.get(key, 0) + entry.count
    return [
        Entry(entry.kind, entry.text, entry.value, "", sums[entry.kind, entry.text, entry.value])
        for entry in dict.fromkeys(Entry(e.kind, e.text, e.value) for e in given_)
        if entry.kind != "phrase" or entry.text not in counties
    ]


def tier_of(entry: Entry, typed: str) -> int | None:
    """Which tier `entry` is in for `typed`, by looking at it alone."""
    text, letters = matchable(entry.text), plain(matchable(typed))
    forms = {text}
    if is_pinyin(letters):
        for reading in pronouncer().of(text, entry.kind):
            forms |= {"".join(reading), "".join(syllable[0] for syllable in reading)}
    asked = {matchable(typed), letters} if is_pinyin(letters) else {matchable(typed)}
    if not text or not matchable(typed):
        return None
    if forms & asked:
        return 0
    if any(form.startswith(one) for form in forms for one in asked):
        return 1
    if entry.kind in ("county", "official") and matchable(typed) in text[1:]:
        return 3
    return None


def scanned(given_: list[Entry], typed: str) -> list[tuple[str, str, str, int]]:
    found = [(tier, entry) for entry in merged(given_) if (tier := tier_of(entry, typed)) is not None]
    found.sort(key=lambda f: (f[0], -f[1].count, KINDS.index(f[1].kind), f[1].text, f[1].value))
    return [(entry.kind, entry.text, entry.value, entry.count) for _, entry in found]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(entries, max_size=30),
    st.lists(
        st.one_of(
            st.text("横峰衡县曾单银行长5·", min_size=1, max_size=3),
            st.text("abcefghinsxyz", min_size=1, max_size=5),
            st.sampled_from(["heng", "hengfeng", "zeng", "shan", "yinhang", "hf", "chang", "zhang"]),
        ),
        min_size=1,
        max_size=10,
    ),
)
def test_completion_equals_a_scan(given_: list[Entry], asked: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_completions(Path(folder), given_)
        completer = Completer.open(Path(folder))
        for typed in asked:
            offers = completer.complete(typed, 1000)
            assert [(o.kind, o.text, o.value, o.count) for o in offers] == scanned(given_, typed)
            assert completer.complete(typed, 3) == offers[:3]


def test_twenty_thousand_entries_are_quick(tmp_path: Path) -> None:
    chars = "横峰县潘琍曾长行乐重安工业农村市场经济项目为王"
    many = [
        Entry(KINDS[n % 4], chars[n % 23] + chars[n // 23 % 23] + chars[n // 529 % 23] + str(n), count=n % 97)
        for n in range(20_000)
    ]
    write_completions(tmp_path, many)
    started = time.perf_counter()
    completer = Completer.open(tmp_path)
    assert time.perf_counter() - started < 0.1
    for typed in ("h", "heng", "hfx", "横", "安", "g业", "长x", "1"):
        took = []
        for _ in range(5):
            started = time.perf_counter()
            completer.complete(typed)
            took.append(time.perf_counter() - started)
        assert min(took) < 0.02, typed


# Spelling


@pytest.mark.parametrize(
    ("word", "text", "kind"),
    [
        ("潘莉", "潘琍", "homophone"), ("潘丽", "潘琍", "homophone"), ("panli", "潘琍", "pinyin"),
        ("Pān Lì", "潘琍", "pinyin"), ("衡峰县", "横峰县", "homophone"), ("崇人县", "崇仁县", "homophone"),
        ("祟仁县", "崇仁县", "near_shape"), ("hengfeng", "横峰", "pinyin"),
        ("hengfengxian", "横峰县", "pinyin"),
        ("yanshan", "铅山", "pinyin"), ("cengzuo", "曾卓", "pinyin"), ("项目为网", "项目为王", "homophone"),
        ("項目爲網", "项目为王", "homophone"), ("招商引自", "招商引资", "homophone"),
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


# Look-alikes and files


def test_lookalikes_are_single_normal_characters() -> None:
    alike = load_lookalikes()
    for char, others in alike.items():
        assert others, char
        for other in others:
            assert is_han(other), char
            assert other != char
            assert normalise(other) == other, other
            assert char in alike[other]


def test_combinations_turn_the_first_character_fastest() -> None:
    assert list(combinations([("a", "b"), ("c", "d")], 3)) == [("a", "c"), ("b", "c"), ("a", "d")]


@pytest.mark.parametrize("writer", ["completions", "spelling"])
def test_same_input_same_bytes(tmp_path: Path, writer: str) -> None:
    for folder in ("one", "two"):
        if writer == "completions":
            write_completions(tmp_path / folder, ENTRIES)
        else:
            write_speller(tmp_path / folder, VOCABULARY)
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert len(files) > 5


def test_empty_lists_answer_nothing(tmp_path: Path) -> None:
    write_completions(tmp_path, [])
    write_speller(tmp_path, [])
    assert Completer.open(tmp_path).complete("横") == ()
    assert Speller.open(tmp_path).near("横峰") == []


def damage(path: Path, how: str) -> None:
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.write_bytes(b"\x80\x04 not what it was")


@pytest.mark.parametrize("how", ["gone", "cut", "other"])
def test_every_damaged_file_is_noticed(tmp_path: Path, how: str) -> None:
    write_completions(tmp_path, ENTRIES)
    write_speller(tmp_path, VOCABULARY)
    opens: dict[str, Callable[[Path], object]] = {"completions": Completer.open, "spelling": Speller.open}
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        damage(path, how)
        for name, open_ in opens.items():
            if path.name.startswith((name, "readings")) and not (how == "cut" and path.suffix == ".json"):
                with pytest.raises(IndexDamaged, match=path.name):
                    open_(tmp_path)
        path.write_bytes(whole)


def test_another_format_is_stale_and_a_lost_column_is_damage(tmp_path: Path) -> None:
    write_completions(tmp_path, ENTRIES)
    meta = tmp_path / "completions.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"format": 0}))
    with pytest.raises(IndexStale, match="completions"):
        Completer.open(tmp_path)
    write_columns(tmp_path, "completions", 1, {}, {})
    with pytest.raises(IndexDamaged, match="completions"):
        Completer.open(tmp_path)


@given(st.lists(st.text(max_size=5)))
def test_columns_give_back_what_was_written(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        raw = [line.encode() for line in sorted(lines, key=str.encode)]
        write_columns(Path(folder), "list", 3, {"n": np.arange(len(raw))}, {"line": raw})
        columns = open_columns(Path(folder), "list", 3)
        assert [columns.texts["line"].raw(n) for n in range(len(raw))] == raw
        assert columns.arrays["n"].tolist() == list(range(len(raw)))
        for key in (b"", b"a", *raw):
            assert columns.texts["line"].bisect(key) == sum(line < key for line in raw)


def test_answering_never_imports_pypinyin(tmp_path: Path) -> None:
    write_completions(tmp_path, ENTRIES)
    write_speller(tmp_path, VOCABULARY)
    program = f"""
import sys
from pathlib import Path
from searchapp.suggest import Completer, Speller
folder = Path({str(tmp_path)!r})
assert Completer.open(folder).complete("hfx") and Completer.open(folder).complete("横feng")
assert Speller.open(folder).near("潘莉") and Speller.open(folder).near("panli")
assert "pypinyin" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
