"""Themes: labels that can be read, rows that hold their label, nothing in two rows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.analysis.normalise import squeeze
from searchapp.desk.themes import align, manner, quoted

WORDS = st.lists(st.sampled_from(["养殖业", "防汛", "修路队", "工作", "加快推进", "茶叶节"]), max_size=5)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(0, 2)), max_size=12))
def test_members_hold_their_label_and_are_in_one_row(rows: list[tuple[list[str], int]]) -> None:
    texts, column = ["、".join(words) for words, _ in rows], [number for _, number in rows]
    themes = align(texts, column, [words for words, _ in rows], [])
    members = [number for theme in themes for number in theme.members]
    assert len(members) == len(set(members))
    for theme in themes:
        placed = theme.members + theme.cited
        assert all(theme.label in squeeze(texts[number]) for number in placed)
        assert len({column[number] for number in placed}) > 1
        assert not {column[n] for n in theme.members} & {column[n] for n in theme.cited}


def test_words_of_manner_name_nothing() -> None:
    texts = ["要加快推进高质量发展", "加快推进高质量发展"]
    assert align(texts, [0, 1], [["加快", "推进", "高质量发展"]] * 2, ["加快推进高质量发展"]) == ()
    assert {"加快", "推进"} <= manner()


def test_a_coined_phrase_goes_before_a_plain_one() -> None:
    texts = ["“一号渠”工程要修，防汛堤坝要修", "防汛堤坝连着“一号渠”"]
    themes = align(texts, [0, 1], [["防汛堤坝"]] * 2, ["一号渠", "防汛堤坝"])
    assert [theme.label for theme in themes] == ["一号渠"]
    assert themes[0].terms == ("防汛堤坝",)
    assert quoted(texts) == {"一号渠"}


def test_a_statement_of_another_row_fills_an_empty_column() -> None:
    texts = ["养殖业要壮大", "养殖业要壮大，茶叶节要办好", "茶叶节要办好，早作准备"]
    themes = align(texts, [0, 1, 0], [["养殖业"], ["养殖业", "茶叶节"], ["茶叶节"]], [])
    placed = {theme.label: (theme.members, theme.cited) for theme in themes}
    assert placed == {"养殖业": ((0, 1), ()), "茶叶节": ((2,), (1,))} or placed == {
        "茶叶节": ((1, 2), ()),
        "养殖业": ((0,), (1,)),
    }
