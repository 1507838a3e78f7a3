"""Readings of characters, names, places and phrases; keys of readings."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchapp.analysis.normalise import normalise
from searchapp.gazetteer import load_gazetteer
from searchapp.suggest.keys import SoundKeys, deletion_keys, key_of, keys_of_rows, near_syllable, spell_out
from searchapp.suggest.pinyin import Reading, combinations, load_special, plain, pronouncer


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
    started = time.process_time()
    assert pronouncer().readings.split("an" * 2000 + "vv") == []
    assert len(pronouncer().readings.split("an" * 2000)) == 8
    assert time.process_time() - started < 1


# Keys: the array form against the form for one word

CHARACTERS = "横峰县潘琍曾长行乐重安"
words = st.text(CHARACTERS, min_size=1, max_size=4)


@given(
    st.integers(1, 4).flatmap(lambda n: st.lists(st.text(CHARACTERS, min_size=n, max_size=n), min_size=1))
)
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


@pytest.mark.parametrize(
    ("syllable", "near"),
    [
        ("zheng", "zen"), ("chang", "can"), ("shi", "si"), ("ning", "lin"), ("lin", "lin"),
        ("dong", "dong"), ("e", "e"), ("ang", "an"), ("n", "l"),
    ],
)  # fmt: skip
def test_near_sounds(syllable: str, near: str) -> None:
    assert near_syllable(syllable) == near


def test_combinations_turn_the_first_character_fastest() -> None:
    assert list(combinations([("a", "b"), ("c", "d")], 3)) == [("a", "c"), ("b", "c"), ("a", "d")]


def test_every_county_of_the_gazetteer_can_be_typed() -> None:
    mute = [d.name for d in load_gazetteer().divisions if not pronouncer().of(normalise(d.name), "county")]
    assert mute == []
    assert all(len(pronouncer().of(d.name, "county")) < 32 for d in load_gazetteer().divisions)
