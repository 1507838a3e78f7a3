"""The inner loops, in C and in numpy, each against a plain Python model; what C does with broken lists."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.kernels import in_numpy
from searchapp.engines.whoosh.kernels.in_numpy import LEAST_COUNT
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.packing import F32, U16, U32, pack
from searchapp.engines.whoosh.skipping import Stretches

LOOPS = [in_numpy]
if kernels.COMPILED:
    LOOPS.append(importlib.import_module("searchapp.engines.whoosh.kernels.in_c"))
both = pytest.mark.parametrize("loops", LOOPS, ids=lambda loops: loops.__name__.rpartition(".")[2])
compiled = pytest.mark.skipif(not kernels.COMPILED, reason="no kernels in C: there was no compiler at hand")

SORTED = st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 70_000), unique=True, max_size=60).map(sorted)
RECORDS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 80)), min_size=1, max_size=8)


def u32(values: list[int]) -> U32:
    return np.array(values, np.uint32)


def packed(values: U32) -> U16:
    return pack(values, np.array([len(values)]))[0]


def long_list(seed: int, used: int, count: int) -> U32:
    """Sorted values in `used` blocks, some of them left out."""
    random = np.random.default_rng(seed)
    values = np.unique(random.integers(0, used << 16, count).astype(np.uint32))
    return values[(values >> np.uint32(16)) % 5 != seed % 7]


def test_kernels_are_compiled_where_they_can_be() -> None:
    """Fails in an old checkout too, whose library is of another version: install again."""
    compiler = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])
    header = Path(sysconfig.get_paths()["include"], "Python.h").exists()
    if not (compiler and header) and not os.environ.get("CI"):
        pytest.skip("no compiler for C, or no Python.h")
    assert kernels.COMPILED


LISTS = st.lists(SORTED | st.integers(1, 300).map(lambda gap: list(range(0, 90 * gap, gap))), max_size=9)


@both
@given(LISTS)
def test_lists_are_packed_alike_and_given_back(loops: ModuleType, lists: list[list[int]]) -> None:
    values, counts = u32([value for one in lists for value in one]), np.array(list(map(len, lists)), np.int64)
    units, sizes = loops.pack(values, counts)
    expected, expected_sizes = pack(values, counts)
    assert units.tobytes() == expected.tobytes()
    assert sizes.tolist() == expected_sizes.tolist()
    some = np.arange(len(lists))[::-2].copy()
    read = loops.unpack_many(units, (np.cumsum(sizes) - sizes)[some], sizes[some], counts[some])
    assert read.tolist() == [value for number in some for value in lists[number]]


@both
@given(SORTED)
def test_lists_are_unpacked(loops: ModuleType, values: list[int]) -> None:
    units = packed(u32(values))
    assert loops.unpack(units, len(values)).tolist() == values


@both
@pytest.mark.parametrize("gap", [1, 3, 40, 3_000, 90_000, 1_000_000])
@pytest.mark.parametrize("count", [1, 7, 64, 65, 4_001])
def test_every_form_of_list_is_packed_and_unpacked(loops: ModuleType, gap: int, count: int) -> None:
    values = np.unique(np.random.default_rng(gap).integers(0, gap * count + 1, count)).astype(np.uint32)
    assert loops.pack(values, np.array([len(values)]))[0].tobytes() == packed(values).tobytes()
    assert loops.unpack(packed(values), len(values)).tolist() == values.tolist()


@both
@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 900), st.integers(0, 99), st.integers(1, 2 * LEAST_COUNT),
    st.lists(st.tuples(st.integers(0, 950 << 16), st.integers(1, 200_000)), max_size=40), st.booleans(),
)  # fmt: skip
def test_reading_near_places_gives_all_that_stands_there(
    loops: ModuleType, used: int, seed: int, count: int, asked: list[tuple[int, int]], single: bool
) -> None:
    values = long_list(seed, used, count)
    begin = sorted({start for start, _ in asked})
    following = [*begin, 2**32 - 1][1:]
    size = dict(asked)
    end = [min(start + size[start], after) for start, after in zip(begin, following, strict=True)]
    near = Stretches(u32(begin)) if single else Stretches(u32(begin), u32(end))
    found = loops.unpack_near(packed(values), len(values), near)
    wanted = [
        value
        for start, stop in zip(begin, end, strict=True)
        for value in values[slice(*np.searchsorted(values, [start, start + 1 if single else stop]))].tolist()
    ]
    assert np.isin(found, values).all()
    assert (np.diff(found.astype(np.int64)) > 0).all()
    assert set(wanted) <= set(found.tolist())


@both
def test_most_of_a_long_list_is_left_unread(loops: ModuleType) -> None:
    values = np.arange(0, 1 << 25, 300, dtype=np.uint32)
    near = Stretches(u32([3 << 16, 90 << 16]), u32([4 << 16, 91 << 16]))
    found = loops.unpack_near(packed(values), len(values), near)
    assert found.tolist() == [value for value in values.tolist() if value >> 16 in (3, 90)]


@both
@given(SORTED, SORTED, st.integers(0, 5), st.booleans())
def test_intersections(loops: ModuleType, one: list[int], other: list[int], shift: int, among: bool) -> None:
    starts = [value for value in other if value + shift < 2**32]
    values = sorted({*one, *(start + shift for start in starts[::2])}) if among else one
    found = loops.intersect(u32(values), u32(starts), shift)
    assert found.tolist() == [start for start in starts if start + shift in values]


@both
@pytest.mark.parametrize(("many", "few"), [(100_000, 10), (100_000, 90_000), (10, 100_000)])
def test_intersections_of_long_lists(loops: ModuleType, many: int, few: int) -> None:
    random = np.random.default_rng(many + few)
    values, starts = (np.unique(random.integers(0, 300_000, size)).astype(np.uint32) for size in (many, few))
    expected = starts[np.isin(starts + 3, values)]
    assert np.array_equal(loops.intersect(values, starts, 3), expected)


@both
@given(RECORDS, st.data())
def test_occurrences_by_record(loops: ModuleType, sizes: list[tuple[int, int]], data: st.DataObject) -> None:
    layout = Layout(*np.array(sizes, np.uint32).T)
    places = sorted(data.draw(st.sets(st.integers(0, layout.size - 1), max_size=40)))
    records, begins, counts = loops.group(u32(places), layout.record_of_step)
    owner = layout.records(u32(places)).tolist()
    assert records.tolist() == sorted(set(owner))
    assert counts.tolist() == [owner.count(record) for record in sorted(set(owner))]
    assert begins.tolist() == [owner.index(record) for record in sorted(set(owner))]
    held = loops.held_within(u32(places), layout.start, layout.end)
    assert held.tolist() == [
        any(start <= place < end for place in places)
        for start, end in zip(layout.start.tolist(), layout.end.tolist(), strict=True)
    ]


@both
@given(RECORDS, st.data())
def test_occurrences_by_part(loops: ModuleType, sizes: list[tuple[int, int]], data: st.DataObject) -> None:
    layout = Layout(*np.array(sizes, np.uint32).T)
    places = sorted(data.draw(st.sets(st.integers(0, layout.size - 1), max_size=40)))
    chosen = sorted(data.draw(st.sets(st.integers(0, len(sizes) - 1))))
    head = np.minimum(layout.text_start + 7, layout.end)
    borders = np.stack([layout.start, layout.text_start, head, layout.end])[:, chosen]
    # As `Frequencies` gives it: a stretch of the records of all segments.
    out = np.full((3, len(chosen) + 2), -1, np.float32)
    loops.count_parts(u32(places), np.ascontiguousarray(borders), out[:, 1:-1])
    expected = [
        [sum(low <= place < high for place in places) for low, high in zip(*rows, strict=True)]
        for rows in (borders[[part, part + 1]].tolist() for part in range(3))
    ]
    assert out[:, 1:-1].tolist() == expected
    assert (out[:, [0, -1]] == -1).all()


def plain_gain(counts: F32, norms: tuple[float, float], weight: float) -> float:
    title, lead, rest = counts.tolist()
    tf = (lead * 1.5 + rest) * norms[1] + title * norms[0]
    return tf / (tf + 1.2) * weight


@both
@given(st.integers(1, 5), st.integers(0, 9), st.integers(0, 99))
def test_gains(loops: ModuleType, terms: int, records: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    counts = random.integers(0, 4, (terms, 3, records)).astype(np.float32)
    title, text = random.random((2, records)).astype(np.float32)
    weights = random.random(terms).astype(np.float32)
    found = loops.gains(counts, title, text, weights, 1.5, 1.2)
    expected = [
        [
            plain_gain(counts[t, :, r], (float(title[r]), float(text[r])), float(weights[t]))
            for r in range(records)
        ]
        for t in range(terms)
    ]
    assert found.shape == (terms, records)
    assert np.allclose(found, np.array(expected).reshape(terms, records), rtol=1e-5)
    # Not one bit apart, or the order of a page would depend on the machine.
    assert found.tobytes() == in_numpy.gains(counts, title, text, weights, 1.5, 1.2).tobytes()


@both
@given(st.lists(st.sets(st.integers(0, 200), max_size=6), min_size=1, max_size=12), st.data())
def test_tallies(loops: ModuleType, held: list[set[int]], data: st.DataObject) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, len(held) - 1))))
    at = np.cumsum([0, *map(len, held)])
    ids = u32([value for values in held for value in sorted(values)])
    numbers, counts = loops.tally(at, ids, np.array(chosen, np.int64), 201)
    expected = {value: sum(value in held[record] for record in chosen) for value in range(201)}
    assert dict(zip(numbers.tolist(), counts.tolist(), strict=True)) == {
        value: count for value, count in expected.items() if count
    }
    assert numbers.tolist() == sorted(numbers.tolist())


@both
@given(st.integers(0, 3), st.integers(1, 9), st.integers(0, 99), st.booleans())
def test_gains_added_run_by_run_are_those_of_all(
    loops: ModuleType, terms: int, size: int, seed: int, some: bool
) -> None:
    random = np.random.default_rng(seed)
    layout = Layout(*random.integers(0, 40, (2, size)).astype(np.uint32))
    norms = random.random((2, size)).astype(np.float32)
    records = np.flatnonzero(random.random(size) < 0.7) if some else np.arange(size)
    head = np.minimum(layout.text_start + 9, layout.end)
    borders = np.stack([layout.start, layout.text_start, head, layout.end])[:, records]
    counts = np.zeros((terms, 3, len(records)), np.float32)
    weights = random.random(terms).astype(np.float32)
    total, expected = (np.zeros(len(records), np.float32) for _ in range(2))
    for weight, count in zip(weights.tolist(), counts, strict=True):
        places = np.flatnonzero(random.random(layout.size) < 0.3).astype(np.uint32)
        in_numpy.count_parts(places, borders, count)
        loops.add_gains(places, layout.places, (norms[0], norms[1]), records, total, 9, 1.5, 1.2, weight)
    for gain in in_numpy.gains(counts, norms[0][records], norms[1][records], weights, 1.5, 1.2):
        expected += gain
    assert total.tobytes() == expected.tobytes()


@both
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=30), st.integers(0, 35), st.data())
def test_hits_that_come_first(
    loops: ModuleType, hits: list[tuple[int, int]], most: int, data: st.DataObject
) -> None:
    keys = np.array([[-np.inf, 0.25, 1.5, 2.5, np.inf][key] for key, _ in hits])
    records = np.array(sorted(data.draw(st.permutations(range(40)))[: len(hits)]), np.int64)
    days = np.zeros(40, np.int32)
    days[records] = [day for _, day in hits]
    expected = sorted(range(len(hits)), key=lambda at: (-keys[at], -days[records[at]], records[at]))[:most]
    assert loops.first(keys, days, records, most).tolist() == expected
    assert loops.first(keys.astype(np.float32), days, records, most).tolist() == expected


@both
@pytest.mark.parametrize("order", [1, -1])
def test_the_first_of_many_hits(loops: ModuleType, order: int) -> None:
    days = np.repeat(np.arange(700, dtype=np.int32), 3)
    records = np.arange(len(days))
    keys = days.astype(float) * order
    assert loops.first(keys, days, records, 50).tolist() == np.lexsort((records, -days, -keys))[:50].tolist()


@both
@given(st.lists(st.integers(0, 9), max_size=150), st.integers(0, 160))
def test_largest_counts(loops: ModuleType, counts: list[int], size: int) -> None:
    expected = sorted(range(len(counts)), key=lambda place: (-counts[place], place))[:size]
    assert loops.largest(np.array(counts, np.int64), size).tolist() == expected


@both
@given(st.sets(st.text("甲乙ab\U00020bb7\ud800", min_size=1, max_size=3), min_size=1), st.text("甲乙b\ud800"))
def test_a_line_is_found_among_sorted_lines(loops: ModuleType, words: set[str], other: str) -> None:
    lines = sorted(words)
    block = "\n".join(lines).encode("utf-8", "surrogatepass")
    for wanted in (*lines, other):
        expected = (sum(line < wanted for line in lines), wanted in words)
        assert loops.find_line(block, wanted) == expected


WORDS = st.text(st.characters(exclude_characters="\n") | st.sampled_from("我们ab\0"), max_size=12)


@both
@given(st.lists(st.lists(WORDS, min_size=1, max_size=9, unique=True).map(sorted), min_size=1, max_size=6))
def test_vocabularies_are_united_in_the_order_of_code_points(
    loops: ModuleType, parts: list[list[str]]
) -> None:
    words, ranks = loops.unite(["\n".join(part).encode("utf-8", "surrogatepass") for part in parts])
    assert words == sorted(set().union(*parts))
    assert [[words[rank] for rank in part] for part in ranks] == parts


@compiled
@pytest.mark.parametrize(
    ("starts", "counts", "ranks"),
    [
        ([0], [3], 3),
        ([4], [1], 1),
        ([-1], [1], 1),
        ([0], [0], 0),
        ([0], [1], 2),
        ([0], [2], 1),
        ([0, 0], [2], 2),
        ([0, 1, 1], [2, 2, 2], 6),
        ([0], [2**62], 2),
    ],
)
def test_broken_vocabularies_are_refused(starts: list[int], counts: list[int], ranks: int) -> None:
    native = importlib.import_module("searchapp.engines.whoosh.kernels._native")
    with pytest.raises(ValueError, match="sizes"):
        native.unite(b"b\na", np.array(starts), np.array(counts), np.empty(ranks, np.int64))


def tables() -> Iterator[tuple[list[int], list[int], list[int], int]]:
    """Borders, ids, records and the number of ids, which do not belong together."""
    yield [0, 1], [5], [0], 1
    yield [0, 1], [0], [1], 1
    yield [0, 9], [0], [0], 1
    yield [5, 1], [0], [0], 1
    yield [], [], [0], 0


@compiled
@pytest.mark.parametrize("table", list(tables()))
def test_broken_tables_are_refused(table: tuple[list[int], list[int], list[int], int]) -> None:
    at, ids, records, values = table
    with pytest.raises(ValueError, match="table|sizes"):
        LOOPS[-1].tally(np.array(at, np.int64), u32(ids), np.array(records), values)


@compiled
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(0, 2**16 - 1) | st.integers(0, 20), max_size=30), st.integers(0, 40), st.booleans()
)
def test_broken_lists_are_refused_or_read_within_bounds(units: list[int], count: int, split: bool) -> None:
    """Whatever stands in a damaged file, nothing outside of the arrays is touched."""
    form = np.array([0, *units[1:]] if split else units, np.uint16)
    out = np.full(count + 8, 7, np.uint32)
    native = importlib.import_module("searchapp.engines.whoosh.kernels._native")
    begin, end = u32([0, 70_000]), u32([9, 2**32 - 1])
    with contextlib.suppress(ValueError):
        native.unpack(form, out[:count])
    for ends in (None, end):
        with contextlib.suppress(ValueError):
            assert native.unpack_near(form, begin, ends, out[:count]) <= count
    assert (out[count:] == 7).all()


ONE, FLOATS = u32([1]), np.zeros(1, np.float32)


@compiled
@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("unpack", (np.zeros(4, np.uint16), np.zeros(2, np.int64)), TypeError),
        ("unpack", (np.zeros(4, np.uint16),), ValueError),
        ("unpack", (np.zeros(4, np.uint16), None), TypeError),
        ("unpack", (np.zeros(8, np.uint16)[::2], u32([0, 0])), ValueError),
        ("unpack_many", (np.zeros(4, np.uint16), *np.array([[3], [2], [1]]), u32([0])), ValueError),
        ("unpack_many", (np.zeros(4, np.uint16), *np.array([[0], [2], [-1]]), u32([0])), ValueError),
        ("unpack_many", (np.zeros(4, np.uint16), *np.array([[0], [2], [1]]), u32([0, 0])), ValueError),
        ("pack", (u32([1, 2]), np.array([3]), np.array([0]), 0.97), ValueError),
        ("pack", (u32([1, 2]), np.array([-1]), np.array([0]), 0.97), ValueError),
        ("pack", (u32([1, 2]), np.array([1]), np.array([0]), 0.97), ValueError),
        ("unpack_near", (np.zeros(2, np.uint16), ONE, u32([]), ONE), ValueError),
        ("intersect", (ONE, ONE, u32([]), 0), ValueError),
        ("intersect", (ONE, ONE, ONE, -1), OverflowError),
        ("group", (u32([64]), ONE, *np.zeros((3, 1), np.int64)), ValueError),
        ("group", (ONE, ONE, *np.zeros((3, 0), np.int64)), ValueError),
        ("held_within", (ONE, ONE, u32([]), np.zeros(1, np.bool_)), ValueError),
        ("count_parts", (ONE, u32([1, 2, 3]), *np.zeros((3, 1), np.float32)), ValueError),
        ("gains", (*np.zeros((5, 1), np.float32), 1.0, 1.0), ValueError),
        ("first", (np.zeros(1), np.zeros(1, np.int32), np.array([1]), np.array([0])), ValueError),
        ("first", (np.zeros(1), np.zeros(1, np.int32), np.array([0]), np.array([0, 0])), ValueError),
        ("add_gains", (ONE, ONE, ONE, ONE, FLOATS, FLOATS, np.array([1]), FLOATS, 1, 1, 1, 1), ValueError),
        (
            "add_gains",
            (ONE, ONE, ONE, u32([]), FLOATS, FLOATS, np.array([0]), FLOATS, 1, 1, 1, 1),
            ValueError,
        ),
        ("gains", (*np.zeros((5, 1), np.float32), "1", 1.0), TypeError),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(
    name: str, arguments: tuple[object, ...], error: type[Exception]
) -> None:
    native = importlib.import_module("searchapp.engines.whoosh.kernels._native")
    with pytest.raises(error):
        getattr(native, name)(*arguments)
