"""Autocomplete, against a scan of all entries."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.suggest import Completer, Completion, Entry, write_completions
from searchapp.suggest.completion import KINDS, matchable
from searchapp.suggest.pinyin import is_pinyin, plain, pronouncer

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
@pytest.fixture(scope="module")
def completer(tmp_path_factory: pytest.TempPathFactory) -> Completer:
    folder = tmp_path_factory.mktemp("completions")
    write_completions(folder, ENTRIES)
    return Completer.open(folder)


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
    started = time.process_time()
    completer = Completer.open(tmp_path)
    assert time.process_time() - started < 0.1
    for typed in ("h", "heng", "hfx", "横", "安", "g业", "长x", "1"):
        took = []
        for _ in range(5):
            started = time.process_time()
            completer.complete(typed)
            took.append(time.process_time() - started)
        assert min(took) < 0.02, typed
