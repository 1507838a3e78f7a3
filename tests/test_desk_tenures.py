"""Careers, handovers, the sentences that show them, and the reading of a sample."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.article import Article, Mention, Office, Official, Span
from searchapp.desk.sampling import Sample, sample
from searchapp.desk.tenures import careers, handovers, holds, plain, seat, sentence_at, shown
from searchapp.query import Query

PLACE = "示例省/甲市/东示县"


def article(number: int, date: str, *people: tuple[str, str]) -> Article:
    """One article in which each of `people` (name, office; 原 before it for a former one) stands."""
    text, officials = "", []
    for name, title in people:
        former, bare = title.startswith("原"), title.removeprefix("原")
        start = len(text) + len(title)
        text += f"{title}{name}到会。"
        mention = Mention("text", Span(start, start + len(name)))
        officials.append(
            Official(f"{name}@990101", name, "990101", PLACE, (Office(bare, former),), (mention,))
        )
    return Article(f"a{number}", f"第{number}号", text, date, officials=tuple(officials))


HELD = [
    article(1, "2020-01-05", ("林甲", "县长")),
    article(2, "2021-03-01", ("林甲", "县长"), ("陈乙", "副县长")),
    article(3, "2021-06-01", ("林甲", "县委书记"), ("陈乙", "代县长")),
    article(4, "2022-02-01", ("陈乙", "县长"), ("林甲", "原县长")),
    article(5, "", ("陈乙", "县长")),
    article(6, "2023-05-01", ("王丙", "县长")),
]
IDS = ("林甲@990101", "陈乙@990101", "王丙@990101")


def test_a_career_is_what_was_seen_when() -> None:
    people = careers(HELD, IDS)
    seen = [(t.title, t.former, t.first_day, t.last_day, t.articles) for t in people["林甲@990101"].tenures]
    assert seen == [
        ("县长", False, "2020-01-05", "2021-03-01", 2),
        ("县委书记", False, "2021-06-01", "2021-06-01", 1),
        ("县长", True, "2022-02-01", "2022-02-01", 1),
    ]
    undated = next(t for t in people["陈乙@990101"].tenures if t.title == "县长")
    assert (undated.first_day, undated.last_day, undated.articles) == ("2022-02-01", "2022-02-01", 2)
    assert (people["林甲@990101"].first_day, people["林甲@990101"].last_day) == ("2020-01-05", "2022-02-01")


def test_handovers_are_the_nearest_before_and_after() -> None:
    found = {item.title: item for item in handovers("陈乙@990101", careers(HELD, IDS))}
    assert set(found) == {"代县长", "县长"}
    before, after = found["县长"].before, found["县长"].after
    assert before
    assert (before.name, before.last_day) == ("林甲", "2021-03-01")
    assert after
    assert (after.name, after.first_day) == ("王丙", "2023-05-01")


def test_holders_at_one_time_hand_nothing_over() -> None:
    together = [
        article(1, "2020-01-01", ("林甲", "县长"), ("陈乙", "县长")),
        article(2, "2020-02-01", ("林甲", "县长"), ("陈乙", "县长")),
    ]
    assert handovers("林甲@990101", careers(together, IDS)) == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("县委书记", "委书记"), ("市委书记", "委书记"), ("代县长", "县长"), ("代理县长", "县长"),
        ("县长", "县长"),
        ("总理", "总理"), ("国务院总理", "总理"), ("国家主席", "国家主席"), ("中共中央总书记", "总书记"),
        ("国务院副总理", None), ("副县长", None), ("县委副书记", None), ("镇长", None),
        ("党委书记", None), ("县委常委", None), ("教育局局长", None), ("村第一书记", None),
    ],
)  # fmt: skip
def test_which_offices_are_single_seats(title: str, name: str | None) -> None:
    assert seat(title) == name


def test_a_body_that_is_not_needed_parts_no_tenures() -> None:
    both = [article(1, "2020-01-05", ("林甲", "国务院总理")), article(2, "2021-01-05", ("林甲", "总理"))]
    seen = careers(both, IDS)["林甲@990101"].tenures
    assert [(t.title, t.first_day, t.last_day) for t in seen] == [("总理", "2020-01-05", "2021-01-05")]
    assert plain("中国") == "中国"


def test_the_sentence_that_shows_an_office_is_preferred() -> None:
    text = "林甲早早到场。大会由县委书记林甲主持！随后散会。"
    mentions = tuple(Mention("text", Span(at, at + 2)) for at in (0, text.index("书记林甲") + 2))
    person = Official(IDS[0], "林甲", "990101", PLACE, (Office("县委书记"),), mentions)
    found = shown(Article("a", "标题", text, "2020-01-01", officials=(person,)), IDS[0], "县委书记")
    assert found.sentence == "大会由县委书记林甲主持！" == text[found.start : found.end]
    bare = shown(Article("a", "标题", text, "2020-01-01"), IDS[0], "县委书记")
    assert (bare.sentence, bare.start) == ("标题", -1)


@settings(deadline=None)
@given(st.text(st.sampled_from("甲乙。！\n” 　"), max_size=40), st.data())
def test_a_sentence_is_a_part_of_the_text_around_its_place(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, max(0, len(text) - 1)))
    start, end = sentence_at(text, at)
    assert 0 <= start <= end <= len(text)
    assert text[start:end] == text[start:end].strip()
    if text and text[at] in "甲乙":
        assert start <= at < end


def test_a_long_sentence_is_cut_around_its_place() -> None:
    start, end = sentence_at("甲" * 1000, 500)
    assert end - start == 160
    assert start < 500 < end


class Shelf:
    """A searcher that holds articles in the order of time and counts what is read."""

    def __init__(self, articles: list[Article]) -> None:
        self.articles = {article.id: article for article in articles}
        self.reads = 0

    def every_id(self, query: Query) -> Iterator[str]:
        assert query.sort == "oldest"
        return iter(self.articles)

    def article(self, article_id: str) -> Article:
        self.reads += 1
        return self.articles[article_id]


def dated(number: int, title: str) -> Article:
    return article(number, f"{2000 + number // 300:04d}-{number % 12 + 1:02d}-01", ("林甲", title))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 2999), st.integers(1, 2999))
def test_sharpening_finds_where_an_office_begins_and_ends(one: int, other: int) -> None:
    begin, end = sorted((one, other))
    titles = ["县长" if begin <= number <= end else "县委书记" for number in range(3000)]
    shelf = Shelf([dated(number, title) for number, title in enumerate(titles)])
    read = sample(shelf, Query(), 50)  # type: ignore[arg-type]
    assert (read.reading.read, read.reading.total) == (50, 3000)
    seen = any(holds(a, IDS[0], "县长") for a in read.articles)
    read.sharpen(lambda a: holds(a, IDS[0], "县长"))
    assert shelf.reads <= 50 + 2 * 3 * 7
    if seen:
        found = [place for place, a in read.read.items() if holds(a, IDS[0], "县长")]
        assert (min(found), max(found)) == (begin, end)


def test_everything_is_read_when_it_is_little() -> None:
    read = sample(Shelf(HELD), Query(), 50)  # type: ignore[arg-type]
    assert read.reading.whole
    assert read.articles == HELD
    assert sample(Shelf([]), Query(), 50).articles == []  # type: ignore[arg-type]
    assert isinstance(read, Sample)
