"""The parts of a segment file, each against a plain Python model."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.words import WordCutter
from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.build import build_segment
from searchapp.engines.whoosh.columns import day_number
from searchapp.engines.whoosh.found import group
from searchapp.engines.whoosh.kernels import unpack
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.lexicon import Lexicon, write_lexicon
from searchapp.engines.whoosh.merge import merge_segments
from searchapp.engines.whoosh.merge_policy import MOST_SEGMENTS, split_to_fit, to_merge
from searchapp.engines.whoosh.packing import pack, ranges, unpack_many
from searchapp.engines.whoosh.postings import Lists, Postings, PostingsWriter
from searchapp.engines.whoosh.runs import cheapest_cover, run_positions
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.small import CAP
from searchapp.errors import IndexDamaged
from searchapp.schema import Record

SORTED_LIST = st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 70_000), unique=True, max_size=60).map(
    sorted
)
TEXT = st.text(alphabet="甲乙丙丁县 \n,a5𠮷", max_size=40)


@given(st.lists(SORTED_LIST, max_size=12))
def test_packing_gives_back_every_list(lists: list[list[int]]) -> None:
    counts = np.array([len(values) for values in lists], np.int64)
    values = np.array([value for one in lists for value in one], np.uint32)
    units, sizes = pack(values, counts)
    starts = np.cumsum(sizes) - sizes
    for number, one in enumerate(lists):
        part = units[starts[number] : starts[number] + sizes[number]]
        assert unpack(part, len(one)).tolist() == one
        assert len(part) <= 2 * len(one)
    assert unpack_many(units, starts, sizes, counts).tolist() == values.tolist()


def test_dense_lists_take_about_two_bytes_a_value() -> None:
    values = np.arange(0, 300_000, 3, dtype=np.uint32)
    units, _ = pack(values, np.array([len(values)]))
    assert len(units) < 1.01 * len(values)


@pytest.mark.parametrize(
    ("gap", "bytes_each"), [(3, 1.4), (40, 1.5), (3_000, 2.2), (90_000, 2.5), (1_000_000, 4.0)]
)
def test_bytes_a_value_by_gap(gap: int, bytes_each: float) -> None:
    chance = np.random.default_rng(1)
    values = np.unique(chance.integers(0, gap * 4_000, 4_000)).astype(np.uint32)
    units, _ = pack(values, np.array([len(values)]))
    assert 2 * len(units) <= bytes_each * len(values)
    assert unpack(units, len(values)).tolist() == values.tolist()


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 6)), max_size=8))
def test_ranges(pairs: list[tuple[int, int]]) -> None:
    starts = np.array([start for start, _ in pairs], np.int64)
    sizes = np.array([size for _, size in pairs], np.int64)
    assert ranges(starts, sizes).tolist() == [n for start, size in pairs for n in range(start, start + size)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 80)), min_size=1, max_size=8), st.data())
def test_occurrences_by_record(sizes: list[tuple[int, int]], data: st.DataObject) -> None:
    layout = Layout(*np.array(sizes, np.uint32).T)
    places = sorted(data.draw(st.sets(st.integers(0, layout.size - 1), min_size=1, max_size=40)))
    found = group(np.array(places, np.uint32), layout)
    owner = {
        record: [p for p in places if layout.records(np.uint32(p)) == record] for record in range(len(sizes))
    }
    held = {record: own for record, own in owner.items() if own}
    assert found.records.tolist() == sorted(held)
    assert found.counts.tolist() == [len(own) for _, own in sorted(held.items())]
    before = [sum(p < layout.text_start[record] for p in own) for record, own in sorted(held.items())]
    assert found.counts_before(layout.text_start[found.records]).tolist() == before


def test_frequencies_beyond_a_byte_are_exact(tmp_path: Path) -> None:
    tf = np.array([1, CAP - 1, CAP, CAP + 1, 70_000, 2], np.uint32)
    with ArrayWriter(tmp_path / "x") as writer:
        postings = PostingsWriter(writer, "p", with_tf=True)
        postings.add(Lists(np.array([2, 4]), np.array([0, 5, 1, 2, 3, 4], np.uint32), tf))
        postings.add(Lists(np.array([1]), np.array([7], np.uint32), np.array([300], np.uint32)))
        postings.finish()
    read = Postings(ArrayFile(tmp_path / "x"), "p")
    assert read.frequencies(0).tolist() == tf[:2].tolist()
    assert read.frequencies(1).tolist() == tf[2:].tolist()
    assert read.frequencies(2).tolist() == [300]
    assert read.values_of(0, 3).tf is not None
    assert read.cf.tolist() == [int(tf[:2].sum()), int(tf[2:].sum()), 300]


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.text(alphabet="abc甲乙丙𠮷", min_size=1, max_size=5), max_size=200),
    st.text(alphabet="ab甲乙𠮷"),
)
def test_lexicon_is_a_sorted_list(
    tmp_path_factory: pytest.TempPathFactory, words: set[str], asked: str
) -> None:
    ordered = sorted(words)
    path = tmp_path_factory.mktemp("lexicon") / "x"
    with ArrayWriter(path) as writer:
        write_lexicon(writer, "w", ordered)
    lexicon = Lexicon(ArrayFile(path), "w")
    assert list(lexicon.words()) == ordered
    for number, word in enumerate(ordered):
        assert lexicon.number(word) == number
        assert lexicon.word(number) == word
    if asked not in words:
        assert lexicon.number(asked) is None
    found = [ordered[number] for number in lexicon.prefix_range(asked)]
    assert found == [word for word in ordered if word.startswith(asked)]


def test_damage_anywhere_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with ArrayWriter(path) as writer:
        writer.add("a", np.arange(100, dtype=np.uint32))
        writer.add("b", np.arange(7, dtype=np.float32))
    whole = path.read_bytes()
    ArrayFile(path).verify()
    for cut in (b"", whole[:10], whole[:-1], whole[: len(whole) // 2]):
        path.write_bytes(cut)
        with pytest.raises(IndexDamaged):
            ArrayFile(path)
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    with pytest.raises(IndexDamaged, match="array a"):
        ArrayFile(path).verify()


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=14))
def test_cover_reaches_every_character_at_the_least_cost(counts: list[int]) -> None:
    cover = cheapest_cover(counts)
    covered = {at + side for at in cover for side in (0, 1)}
    assert covered == set(range(len(counts) + 1))
    assert min(range(len(counts)), key=counts.__getitem__) in cover


def records_of(pairs: list[tuple[str, str]], first: int = 0) -> list[Record]:
    return [
        Record(
            id=f"r{first + n}",
            title=title,
            text=text,
            date="2022-12-15",
            facets={"county": (f"{n % 3}",)},
            stored=f"s{first + n}".encode(),
        )
        for n, (title, text) in enumerate(pairs)
    ]


def found_in(segment: Segment, run: str) -> set[tuple[int, bool, int]]:
    """(record, in title, offset in the squeezed field) of every place of `run`."""
    layout: Layout = segment.grams.layout
    places = set()
    for position in run_positions(segment.grams, run).tolist():
        record = int(layout.records(np.array([position], np.uint32))[0])
        in_title = position < int(layout.text_start[record])
        places.add(
            (record, in_title, position - int((layout.start if in_title else layout.text_start)[record]))
        )
    return places


def scanned(pairs: list[tuple[str, str]], run: str) -> set[tuple[int, bool, int]]:
    places = set()
    for record, fields in enumerate(pairs):
        for in_title, field in ((True, squeeze(fields[0])), (False, squeeze(fields[1]))):
            places |= {(record, in_title, at) for at in range(len(field)) if field.startswith(run, at)}
    return places


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8),
    st.lists(st.tuples(TEXT, TEXT), max_size=8),
    st.lists(st.text(alphabet="甲乙丙丁县,a5𠮷", min_size=1, max_size=4), min_size=1, max_size=6),
    st.sets(st.integers(0, 15)),
)
def test_runs_stand_where_a_scan_finds_them(
    tmp_path_factory: pytest.TempPathFactory,
    one: list[tuple[str, str]],
    two: list[tuple[str, str]],
    runs: list[str],
    dead: set[int],
) -> None:
    """In a built segment, and in the merge of two of which some records are dead."""
    folder, cutter = tmp_path_factory.mktemp("segments"), WordCutter()
    build_segment(folder / "one", records_of(one), cutter)
    build_segment(folder / "two", records_of(two, len(one)), cutter)
    first, second = Segment(folder / "one"), Segment(folder / "two")
    live = np.array([n not in dead for n in range(len(one) + len(two))], np.bool_)
    merge_segments(folder / "merged", [(first.arrays, live[: len(one)]), (second.arrays, live[len(one) :])])
    merged = Segment(folder / "merged")
    merged.arrays.verify()
    kept = [pair for pair, alive in zip([*one, *two], live, strict=True) if alive]
    for run in runs:
        assert found_in(first, run) == scanned(one, run)
        assert found_in(merged, run) == scanned(kept, run)
    built = folder / "built"
    build_segment(built, records_of(kept), cutter)
    assert_same_but_identities(merged, Segment(built))


def assert_same_but_identities(merged: Segment, built: Segment) -> None:
    """A merge holds what a build of the same records holds, array by array."""
    renamed = ("id", "parent", "stored", "facet", "labels")
    for name in built.arrays.names():
        if name.split(".")[0] not in renamed:
            assert np.array_equal(merged.arrays[name], built.arrays[name]), name


def test_records_are_found_by_id_and_stored_as_given(tmp_path: Path) -> None:
    records = records_of([("", "甲"), ("乙", ""), ("", "")])
    build_segment(tmp_path / "x", records, WordCutter())
    segment = Segment(tmp_path / "x")
    for number, record in enumerate(records):
        assert segment.find(record.id) == [number]
        assert segment.stored(number) == record.stored
    assert segment.find("r9") == []
    assert segment.facets["county"].values == ["0", "1", "2"]


def test_days_order_as_dates_do() -> None:
    assert day_number("2022-12-15") - day_number("2022-12-14") == 1
    assert day_number("") == day_number("2022-13-01") == 0


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_merging_keeps_order_and_few_segments(sizes: list[int]) -> None:
    groups = to_merge([(size, size) for size in sizes], whole=False)
    assert [at for group in groups for at in group] == list(range(len(sizes)))
    assert len(groups) <= MOST_SEGMENTS
    assert to_merge([(size, size) for size in sizes], whole=True) == [list(range(len(sizes)))]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_merged_segments_fit_their_positions(spaces: list[int]) -> None:
    groups = split_to_fit([list(range(len(spaces)))], spaces, 100)
    assert [at for group in groups for at in group] == list(range(len(spaces)))
    assert all(sum(spaces[at] for at in group) <= 100 for group in groups)
    assert all(
        sum(spaces[at] for at in [*one, two[0]]) > 100 for one, two in zip(groups, groups[1:], strict=False)
    )


def test_a_merge_takes_the_same_memory_however_many_segments_there_are(tmp_path: Path) -> None:
    """A source that kept one number for each record of the merged segment took 12 GiB for a million."""
    cutter = WordCutter()
    pairs = [(f"第{n}号", f"示例县第{n}次会议研究部署第{n % 7}号项目") for n in range(4000)]
    peaks = []
    for size in (400, 16):
        parts = []
        for first in range(0, len(pairs), size):
            path = tmp_path / f"{size}-{first}"
            build_segment(path, records_of(pairs[first : first + size], first), cutter)
            parts.append((ArrayFile(path), None))
        tracemalloc.start()
        merge_segments(tmp_path / f"merged-{size}", parts)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert_same_but_identities(Segment(tmp_path / "merged-16"), Segment(tmp_path / "merged-400"))
    number_a_record = 8 * len(pairs)
    more_segments = len(pairs) / 16 - len(pairs) / 400
    assert (peaks[1] - peaks[0]) / more_segments < number_a_record / 2, peaks
