"""Marks stand exactly on what matched; passages are whole sentences that show the most of it."""

from __future__ import annotations

import random
import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.analysis.normalise import squeeze
from searchapp.results import Mark, Snippet
from searchapp.snippets import COMPILED, best_snippets, find_marks, in_python, opening_of

if COMPILED:
    from searchapp.snippets import _snippets, in_c

# Few letters, so that matches, overlaps and borders are frequent; each with its other forms.
TEXTS = st.text("项目為为王ＡaaＢb１1 　\n\t。！；，、…“”’」.说潘", max_size=60)
LITS = st.lists(st.text("项目为王ab1。,.", min_size=1, max_size=4), max_size=4)

SPEECH = (
    "本报青石讯\n"
    "　　青石县召开务虚会，总结今年的工作，谋划明年的打算。县委书记林小满主持会议并讲话。\n"
    "　　林小满说，要牢固树立“项目为王”的理念！“项目就是饭碗。”各乡镇要把项目抓在手上。\n"
    "　　会议还听取了水利、农业、教育等部门的汇报。与会人员围绕项目建设进行了讨论；会议持续了两天。\n"
)


def oracle_marks(text: str, lit: list[str]) -> tuple[Mark, ...]:
    """Every window of `text` whose squeezed form is a string of `lit`, one character at a time."""
    covered = [False] * len(text)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if squeeze(text[start]) and squeeze(text[end - 1]) and squeeze(text[start:end]) in lit:
                covered[start:end] = [True] * (end - start)
    marked = "".join("x" if mark else " " for mark in covered)
    return tuple(match.span() for match in re.finditer("x+", marked))


def texts_of(snippets: tuple[Snippet, ...]) -> list[str]:
    return [snippet.text for snippet in snippets]


# ---- marks ----------------------------------------------------------------------------------


@given(TEXTS, LITS)
def test_marks_are_those_of_a_plain_scan(text: str, lit: list[str]) -> None:
    assert find_marks(text, lit) == oracle_marks(text, lit)


@pytest.mark.parametrize(
    ("text", "lit", "marked"),
    [
        ("牢固树立“项目为王”的理念", ["项目为王"], ["项目为王"]),
        ("项目为王，项目", ["项目", "为王", "项目为王"], ["项目为王", "项目"]),
        ("马克思主义", ["马克思", "克思主义"], ["马克思主义"]),
        ("哈哈哈", ["哈哈"], ["哈哈哈"]),
        ("項目爲王", ["项目为王"], ["項目爲王"]),
        ("赵　明与赵\n明", ["赵明"], ["赵　明", "赵\n明"]),
        ("ＧＤＰ与gdp", ["gdp"], ["ＧＤＰ", "gdp"]),
        ("𠮷林䶮潘琍", ["䶮", "潘琍"], ["䶮潘琍"]),
        ("十四五", ["十五"], []),
        ("", ["甲"], []),
        ("甲", [], []),
        ("甲", [""], []),
    ],
)
def test_marks(text: str, lit: list[str], marked: list[str]) -> None:
    assert [text[start:end] for start, end in find_marks(text, lit)] == marked


def test_a_latin_word_is_not_marked_by_half_when_it_matched_as_a_word() -> None:
    text = "5G与15G、GDP和GDPR，ＧＤＰ增长"
    lit = ["gdp", "5g"]
    assert [text[a:b] for a, b in find_marks(text, lit, whole=set(lit))] == ["5G", "GDP", "ＧＤＰ"]
    assert [text[a:b] for a, b in find_marks(text, ["gdp"])] == ["GDP", "GDP", "ＧＤＰ"]
    # The other characters of a word do not count as its neighbours.
    assert find_marks("书记GDP", ["书记"], whole={"书记"}) == ((0, 2),)


def test_spaces_between_latin_words_keep_them_apart() -> None:
    assert find_marks("the rapist", ["the"], whole={"the"}) == ((0, 3),)


# ---- passages: laws -------------------------------------------------------------------------


@given(TEXTS, LITS, st.integers(1, 3), st.integers(1, 30))
def test_laws_of_passages(text: str, lit: list[str], most: int, chars: int) -> None:
    marks = find_marks(text, lit)
    snippets = best_snippets(text, lit, most=most, chars=chars)
    assert len(snippets) <= most
    assert bool(snippets) == bool(text.strip())
    ranges = [(snippet.start, snippet.start + len(snippet.text)) for snippet in snippets]
    for snippet, (start, end) in zip(snippets, ranges, strict=True):
        assert snippet.text == text[start:end]
        assert snippet.text.strip() == snippet.text != ""
        assert len(snippet.text) <= chars or (len(snippet.marks) == 1 and snippet.marks[0][0] == 0)
        assert len(snippet.text) <= max(chars, 1)
        expected = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
        assert list(snippet.marks) == expected
        assert bool(snippet.marks) == bool(marks)
        # Nothing is cut within a mark, unless the mark alone is longer than a passage.
        assert all(b - a > chars or (start <= a and b <= end) for a, b in marks if a < end and b > start)
    ordered = sorted(ranges)
    assert all(first[1] <= second[0] for first, second in zip(ordered, ordered[1:], strict=False))


@given(TEXTS, LITS)
def test_the_first_passage_holds_as_many_strings_as_any_passage_can(text: str, lit: list[str]) -> None:
    lit = list(dict.fromkeys(lit))
    snippets = best_snippets(text, lit, chars=1000)
    if find_marks(text, lit):
        assert {word for word in lit if word in squeeze(snippets[0].text)} == {
            word for word in lit if word in squeeze(text)
        }


# ---- passages: what a reader gets -----------------------------------------------------------


def test_a_passage_is_whole_sentences_with_the_speaker() -> None:
    assert texts_of(best_snippets(SPEECH, ["饭碗"])) == [
        "林小满说，要牢固树立“项目为王”的理念！“项目就是饭碗。”各乡镇要把项目抓在手上。"
    ]
    assert texts_of(best_snippets(SPEECH, ["饭碗"], chars=35)) == [
        "林小满说，要牢固树立“项目为王”的理念！“项目就是饭碗。”"
    ]
    assert texts_of(best_snippets(SPEECH, ["饭碗"], chars=20)) == ["“项目就是饭碗。”"]


def test_the_sentence_with_the_speaker_goes_before_one_without() -> None:
    text = "会议讨论了修渠。\n林小满表示，修渠不能等。\n会后又谈修渠。"
    assert best_snippets(text, ["修渠"], most=1)[0].text == "林小满表示，修渠不能等。"


def test_different_strings_go_before_repeated_ones() -> None:
    text = "项目、项目、项目，还是项目。\n项目要有饭碗。"
    assert best_snippets(text, ["项目", "饭碗"], most=1)[0].text == "项目要有饭碗。"


def test_a_longer_string_goes_before_a_shorter_one() -> None:
    text = "甲县下雪。\n乙县务虚工作会召开。"
    assert best_snippets(text, ["下雪", "务虚工作会"], most=1, chars=12)[0].text == "乙县务虚工作会召开。"


def test_the_second_passage_brings_what_the_first_does_not_have() -> None:
    text = f"项目与饭碗。{'。'.join(['无关的话' * 8] * 6)}。修渠的事。{'别的话。' * 30}项目与饭碗。"
    assert texts_of(best_snippets(text, ["项目", "饭碗", "修渠"], chars=20))[1].startswith("修渠的事。")


def test_a_second_passage_that_says_less_is_not_shown() -> None:
    text = f"项目、饭碗、修渠都重要。{'别的话。' * 60}渠"
    assert len(best_snippets(text, ["项目", "饭碗", "修渠", "渠"], chars=40)) == 1


def test_one_word_in_two_places_gives_two_passages() -> None:
    text = f"先说修渠。{'别的话。' * 60}再说修渠。"
    assert [s.text.count("修渠") for s in best_snippets(text, ["修渠"], chars=30)] == [1, 1]


def test_closing_quotes_stay_with_their_sentence() -> None:
    text = "他问：“修渠了吗？”没有人回答。"
    assert best_snippets(text, ["回答"], chars=8)[0].text == "没有人回答。"
    assert best_snippets(text, ["修渠"], chars=12)[0].text == "他问：“修渠了吗？”"


def test_a_number_with_a_point_is_not_cut() -> None:
    text = "增长3.5%左右. Next sentence."
    assert best_snippets(text, ["3.5"], chars=12)[0].text == "增长3.5%左右."


def test_a_long_sentence_is_cut_between_clauses() -> None:
    text = "，".join(f"第{number}项工作要抓紧抓实" for number in range(40)) + "。"
    snippet = best_snippets(text, ["第20项"], chars=60)[0]
    assert (snippet.text[0], snippet.text[-1]) == ("第", "，")
    assert 40 < len(snippet.text) <= 60


def test_text_without_any_border_is_still_cut() -> None:
    text = "天" * 5000 + "修渠" + "地" * 5000
    snippet = best_snippets(text, ["修渠"])[0]
    assert (len(snippet.text) <= 110, snippet.marks[0][1] - snippet.marks[0][0]) == (True, 2)
    assert "天天天修渠地地地" in snippet.text


def test_a_mark_across_lines_is_not_cut() -> None:
    text = "县长周禾说，修\n　　渠要快。"
    assert best_snippets(text, ["修渠"])[0].text == text


def test_a_mark_longer_than_a_passage_is_cut_at_the_end() -> None:
    snippet = best_snippets("甲。" + "哈" * 500 + "。乙。", ["哈"], chars=50)[0]
    assert (snippet.text, snippet.marks, snippet.start) == ("哈" * 50, ((0, 50),), 2)


@pytest.mark.parametrize(
    "dateline",
    [
        "央视网消息（新闻联播）：", "中国网络电视台消息(新闻联播)：本台消息，", "示例网讯 ：",
        "　　新华社青石12月15日电（记者林小满）", "本报12月5日讯　", "",
    ],
)  # fmt: skip
def test_with_nothing_to_mark_the_beginning_is_shown_without_its_dateline(dateline: str) -> None:
    snippet = best_snippets(f"{dateline}青石县今天下雪。{'山路结冰。' * 40}", ["修渠"])[0]
    assert snippet.text.startswith("青石县今天下雪。山路结冰。")
    assert snippet.text.endswith("。")
    assert (90 < len(snippet.text) <= 110, snippet.marks) == (True, ())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("消息：", "消息："),
        ("央视网消息：", "央视网消息："),
        ("据消息人士说，今天下雪。", "据消息人士说，今天下雪。"),
        ("天" * 300, "天" * 110),
        ("天，" * 300, "天，" * 55),
        ("短。" + "很长的一句话，" * 40, "短。" + "很长的一句话，" * 15),
    ],
)
def test_beginnings(text: str, shown: str) -> None:
    assert texts_of(best_snippets(text, [])) == [shown]


@pytest.mark.parametrize("text", ["", " \n　"])
def test_no_text_gives_no_snippet(text: str) -> None:
    assert best_snippets(text, ["甲"]) == ()


# ---- in C and in Python -----------------------------------------------------------------------

compiled = pytest.mark.skipif(not COMPILED, reason="no snippets in C: there was no compiler at hand")
# What the rules of units and passages tell apart, and characters outside of every table.
SIGNS = "哈a1 .。，：“”!?;…—\n\u2028\u3000\ud800𠮷\U0010ffff"
SAYING = ["说，", "表示：", "告诉记者，", "指出“", "强调", "认为「"]
PIECES = st.one_of(st.sampled_from([*SIGNS, *SAYING]), st.text(st.characters(), max_size=3))
LONG_TEXTS = st.lists(PIECES, max_size=150).map("".join)
STRINGS = st.lists(st.text("哈a1。\ud800𠮷说 ", max_size=3), max_size=6)


@compiled
@given(LONG_TEXTS, STRINGS, st.booleans(), st.integers(-1, 4), st.integers(0, 40))
def test_c_and_python_give_the_same(text: str, lit: list[str], whole: bool, most: int, chars: int) -> None:
    words = frozenset(lit) if whole else ()
    assert in_c.find_marks(text, lit, whole=words) == in_python.find_marks(text, lit, whole=words)
    assert in_c.passages(text, lit, words, most, chars) == in_python.passages(text, lit, words, most, chars)


@compiled
@pytest.mark.parametrize("count", [63, 64, 65, 200])
def test_c_and_python_give_the_same_for_many_strings(count: int) -> None:
    lit = [chr(0x4E00 + number) for number in range(count)]
    text = "。".join(f"{one}在{other}说，好" for one, other in zip(lit, reversed(lit), strict=True))
    assert in_c.find_marks(text, lit) == in_python.find_marks(text, lit)
    assert in_c.passages(text, lit, (), 3, 40) == in_python.passages(text, lit, (), 3, 40)


@compiled
def test_c_reads_no_further_than_its_tables() -> None:
    """A folding of no or of a few characters leaves the others as they are."""
    short = np.full(3, ord("a"), np.uint32)
    for fold in (short[:0], short):
        assert _snippets.marks(fold, b"", "\x01a\U0010ffffa", ["a"], ["a"])[-1] == (3, 4)
    # A folding that keeps a blank: what matched is in no unit.
    assert _snippets.passages(short[:0], b"", "\u3000", ["\u3000"], (), 2, 110) == []


@compiled
def test_c_refuses_what_it_cannot_hold() -> None:
    fold = np.arange(128, dtype=np.uint32)
    with pytest.raises(ValueError, match="64"):
        _snippets.marks(fold, b"", "a", ["a"] * 65, ())
    with pytest.raises(ValueError, match="at least one"):
        _snippets.passages(fold, b"", "a", ["a"], (), 1, 0)
    for arguments in (
        (fold, b"", "a", [1], ()),
        (fold, b"", b"a", ["a"], ()),
        (fold, b"", "a", None, ()),
        (),
    ):
        with pytest.raises(TypeError):
            _snippets.marks(*arguments)


# ---- time -----------------------------------------------------------------------------------


def _fastest_ms(text: str, lit: list[str]) -> float:
    """Processor time, which other work on the machine does not lengthen."""
    times = []
    for _ in range(3):
        start = time.process_time()
        best_snippets(text, lit)
        times.append(time.process_time() - start)
    return min(times) * 1000


@pytest.mark.parametrize(
    "text",
    ["哈" * 20_000, "哈，" * 10_000, "哈。" * 10_000, "哈\n" * 10_000, "“哈”说，" * 4_000, "a " * 10_000],
    ids=["run", "clauses", "sentences", "lines", "speech", "words"],
)
def test_texts_full_of_matches_take_no_longer_than_a_blink(text: str) -> None:
    # Time that grew with the square of the text would be tens of seconds here.
    assert _fastest_ms(text, ["哈", "说", "a"]) < 1500


def test_random_texts_of_a_report_are_fast() -> None:
    chance = random.Random(7)
    words = ["青石县", "项目", "会议", "修渠", "群众", "，", "，", "。", "说，", "\n"]
    text = "".join(chance.choice(words) for _ in range(9000))
    best_snippets(text, ["项目"])
    # About 1.5 ms on the machine where it was written; the bound leaves room for slow ones.
    assert _fastest_ms(text, ["项目", "修渠"]) < 30


# ---- how a text without a title begins -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("原标题：青石县开工项目十二个。本报讯 今天上午，", "青石县开工项目十二个"),
        ("本报讯（记者 某某）\n青石县召开务虚会。会议总结今年。", "青石县召开务虚会"),
        ("好！青石县的桃子熟了，今年雨水好。", "好！青石县的桃子熟了，今年雨水好。"),
        ("青石县" * 20, "青石县青石县青石县青石县青石县青石县青石县青石县青石县青…"),
        ("", ""),
        (" \n", ""),
    ],
)
def test_the_opening_stands_in_for_a_title(text: str, opening: str) -> None:
    assert opening_of(text) == opening


@given(TEXTS, st.integers(1, 30))
def test_an_opening_is_the_beginning_of_a_line_of_the_text(text: str, chars: int) -> None:
    opening = opening_of(text, chars)
    assert opening.removesuffix("…").strip() in text
    assert len(opening) <= chars + 1
    assert bool(opening) == bool(text.strip())
