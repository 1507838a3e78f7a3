"""The inner loops, in C and in numpy, each against a plain Python model; what C does with broken lists."""

from __future__ import annotations

import contextlib
import importlib
import itertools
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

from searchapp.analysis.normalise import codes_of
from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.frequencies import scored_table
from searchapp.engines.whoosh.kernels import in_numpy
from searchapp.engines.whoosh.kernels.in_numpy import KEY_CHARS, LEAST_COUNT, NUMBERED
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
@given(
    st.lists(
        st.lists(st.sets(st.integers(0, 30), max_size=4), min_size=3, max_size=3), min_size=1, max_size=12
    ),
    st.lists(st.integers(-9, 9) | st.integers(-200, 200), min_size=3, max_size=3),
    st.data(),
)  # fmt: skip
def test_facets_are_counted(
    loops: ModuleType, held: list[list[set[int]]], most: list[int], data: st.DataObject
) -> None:
    """Three facets of 31 values each; a record without any holds number 31 of the facet."""
    chosen = sorted(data.draw(st.sets(st.integers(0, len(held) - 1))))
    rows = [[32 * f + v for f, values in enumerate(row) for v in sorted(values or {31})] for row in held]
    at, ids = np.cumsum([0, *map(len, rows)]), u32([number for row in rows for number in row])
    begins = np.array([0, 32, 64, 96])
    often, order, sizes, sums = loops.count_facets(at, ids, np.array(chosen, np.int64), begins, most)
    expected = [sum(number in rows[record] for record in chosen) for number in range(96)]
    assert often.tolist() == expected
    listed: list[list[int]] = []
    for begin, size in zip((0, 32, 64), most, strict=True):
        counts = expected[begin : begin + 31]
        by = (lambda value: -value) if size < 0 else (lambda value, of=counts: (-of[value], value))
        listed.append(sorted((value for value in range(31) if counts[value]), key=by)[: abs(size)])
    assert order.tolist() == [value for values in listed for value in values]
    assert sizes == list(map(len, listed))
    assert sums == [sum(expected[begin : begin + 31]) for begin in (0, 32, 64)]


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
        loops.add_gains(places, scored_table(layout, *norms), records, total, 9, 1.5, 1.2, weight)
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
@given(st.sets(st.text("甲乙ab\U00020bb7\ud800", min_size=1, max_size=3), min_size=1), st.text("甲乙b\ud800"))
def test_a_line_is_found_among_sorted_lines(loops: ModuleType, words: set[str], other: str) -> None:
    lines = sorted(words)
    block = "\n".join(lines).encode("utf-8", "surrogatepass")
    for wanted in (*lines, other):
        expected = (sum(line < wanted for line in lines), wanted in words)
        assert loops.find_line(block, wanted) == expected


FIELDS = st.text("甲乙丙 a\x00\U00020bb7\ud800", max_size=9) | st.text(" ", max_size=2)


def plain_grams(records: list[tuple[str, str]]) -> dict[int, list[int]]:
    """Key -> positions, in the order of both."""
    places: dict[int, list[int]] = {}
    start = 0
    for record in records:
        at = start
        for field in record:
            kept = field.replace(" ", "")
            for one, two in itertools.pairwise(kept + "\x00" if kept else ""):
                places.setdefault(ord(one) << 32 | ord(two), []).append(at)
                at += 1
            at += 1
        start = -(-at // 64) * 64
    return dict(sorted(places.items()))


@both
@given(st.lists(st.tuples(FIELDS, FIELDS), max_size=6))
def test_grams_are_sorted(loops: ModuleType, records: list[tuple[str, str]]) -> None:
    fields = [field for record in records for field in record]
    borders = np.cumsum([0, *map(len, fields)])
    keys, counts, positions, lengths = loops.sort_grams(codes_of("".join(fields)), borders)
    expected = plain_grams(records)
    assert keys.tolist() == list(expected)
    assert counts.tolist() == [len(places) for places in expected.values()]
    assert positions.tolist() == [place for places in expected.values() for place in places]
    assert lengths.tolist() == [len(field.replace(" ", "")) for field in fields]
    assert [array.dtype for array in (keys, counts, positions, lengths)] == ["u8", "i8", "u4", "u4"]


@both
def test_grams_of_more_characters_than_16_bits_number(loops: ModuleType) -> None:
    codes = np.random.default_rng(1).permutation(np.arange(0x21, 0x110000, dtype=np.uint32))[:90_000]
    keys, counts, positions, lengths = loops.sort_grams(codes, np.array([0, 0, len(codes)]))
    expected = (codes.astype(np.uint64) << np.uint64(32)) | np.append(codes[1:], [0]).astype(np.uint64)
    assert keys.tolist() == np.sort(expected).tolist()
    assert (positions - 1).tolist() == np.argsort(expected).tolist()
    assert counts.tolist() == [1] * len(codes)
    assert lengths.tolist() == [0, len(codes)]


@both
@given(RECORDS, st.data())
def test_records_of_each_list(loops: ModuleType, sizes: list[tuple[int, int]], data: st.DataObject) -> None:
    layout = Layout(*np.array(sizes, np.uint32).T)
    place = st.integers(0, layout.size - 1)
    lists = data.draw(st.lists(st.lists(place, unique=True, max_size=9).map(sorted), max_size=5))
    positions = u32([place for one in lists for place in one])
    counts = np.array([len(one) for one in lists], np.int64)
    expected = [len({int(layout.record_of_step[place // 64]) for place in one}) for one in lists]
    found = loops.count_records(positions, counts, layout.record_of_step)
    assert found.tolist() == expected
    assert found.dtype == np.uint32


WORDS = st.text("甲乙ab \x00\uffff\ud800\U00020bb7", max_size=6) | st.sampled_from(
    [" ", "甲乙", "甲乙丙丁", "2022-12"]
)


@both
@given(st.lists(WORDS, max_size=20))
def test_keys_tell_words_apart_and_sort_as_they_do(loops: ModuleType, words: list[str]) -> None:
    others: dict[str, int] = {}
    half = len(words) // 2
    found = [key for part in (words[:half], words[half:]) for key in loops.word_keys(part, others).tolist()]
    words = [word for word in words if word != " "]
    short = [
        word for word in words if 0 < len(word) <= KEY_CHARS and "\x00" < min(word) <= max(word) < "\uffff"
    ]
    assert list(others) == list(dict.fromkeys(word for word in words if word not in short))
    expected = [
        NUMBERED << 48 | others[word]
        if word in others
        else sum(ord(char) << 48 - 16 * at for at, char in enumerate(word))
        for word in words
    ]
    assert found == expected
    ordered = sorted(set(short))
    assert sorted(found)[: len(short)] == sorted(loops.word_keys(short, {}).tolist())
    assert loops.word_keys(ordered, {}).tolist() == sorted(loops.word_keys(ordered, {}).tolist())


@both
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 9).map(lambda key: key << 48), max_size=40))
def test_keys_are_ranked(loops: ModuleType, keys: list[int]) -> None:
    distinct, ranks = loops.rank_keys(np.array(keys, np.uint64))
    assert distinct.tolist() == sorted(set(keys))
    assert ranks.tolist() == [sorted(set(keys)).index(key) for key in keys]
    assert ranks.dtype == np.uint32


@both
def test_many_keys_are_ranked(loops: ModuleType) -> None:
    keys = np.random.default_rng(2).integers(0, 30_000, 100_000).astype(np.uint64) << np.uint64(48)
    distinct, ranks = loops.rank_keys(keys)
    assert distinct.tolist() == sorted(set(keys.tolist()))
    assert (distinct[ranks] == keys).all()


@both
@given(st.lists(st.lists(st.integers(0, 7), max_size=9), max_size=6))
def test_terms_are_counted(loops: ModuleType, held: list[list[int]]) -> None:
    terms, lengths = (
        u32([term for one in held for term in one]),
        np.array([len(one) for one in held], np.int64),
    )
    df, records, tf = loops.count_terms(terms, lengths, 9)
    expected = [(term, record, one.count(term)) for term in range(9) for record, one in enumerate(held)]
    expected = [entry for entry in expected if entry[2]]
    assert df.tolist() == [sum(term == entry[0] for entry in expected) for term in range(9)]
    assert records.tolist() == [record for _, record, _ in expected]
    assert tf.tolist() == [often for _, _, often in expected]
    assert [array.dtype for array in (df, records, tf)] == ["i8", "u4", "u4"]


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
        LOOPS[-1].count_facets(
            np.array(at, np.int64), u32(ids), np.array(records), np.array([0, values]), [values]
        )


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
U64_ONE, I64_ONE = np.ones(1, np.uint64), np.ones(1, np.int64)
GRAM_ROOM = np.array([0, 0, 1]), u32([0, 0]), U64_ONE, I64_ONE, u32([0])
# A table of one record that holds the one value of the one facet.
COUNTED = (np.array([0, 1]), u32([0]), np.array([0]), np.array([0, 2]))


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
        ("add_gains", (ONE, u32([1, 2, 3, 4, 5]), np.array([1]), FLOATS, 1, 1.0, 1.0, 1.0), ValueError),
        ("add_gains", (ONE, u32([1, 2, 3, 4]), np.array([0]), FLOATS, 1, 1.0, 1.0, 1.0), ValueError),
        ("add_gains", (ONE, u32([1, 2, 3, 4, 5]), np.array([0, 0]), FLOATS, 1, 1.0, 1.0, 1.0), ValueError),
        ("count_facets", (*COUNTED, np.array([3]), u32([0]), *np.zeros((3, 1), np.int64)), ValueError),
        ("count_facets", (*COUNTED, np.array([3]), u32([0, 0]), *np.zeros((3, 0), np.int64)), ValueError),
        (
            "count_facets",
            (*COUNTED, np.array([1]), u32([0, 0]), *np.zeros((1, 0), np.int64), *np.zeros((2, 1), np.int64)),
            ValueError,
        ),
        ("gains", (*np.zeros((5, 1), np.float32), "1", 1.0), TypeError),
        ("sort_grams", (ONE, np.array([0, 1]), u32([0]), U64_ONE, I64_ONE, u32([0])), ValueError),
        ("sort_grams", (ONE, np.array([0, 1, 2]), u32([0, 0]), U64_ONE, I64_ONE, u32([0])), ValueError),
        ("sort_grams", (ONE, np.array([0, -1, 1]), u32([0, 0]), U64_ONE, I64_ONE, u32([0])), ValueError),
        ("sort_grams", (ONE, np.array([0, 0, 1]), u32([0, 0]), U64_ONE, I64_ONE, u32([])), ValueError),
        ("sort_grams", (u32([0x110000]), *GRAM_ROOM), ValueError),
        ("sort_grams", (u32([2**32 - 1]), *GRAM_ROOM), ValueError),
        ("count_records", (u32([64]), I64_ONE, u32([0]), u32([0])), ValueError),
        ("count_records", (ONE, np.array([2]), u32([0]), u32([0])), ValueError),
        ("count_records", (ONE, np.array([-1]), u32([0]), u32([0])), ValueError),
        ("count_records", (ONE, np.array([0]), u32([0]), u32([0])), ValueError),
        ("count_records", (ONE, I64_ONE, u32([0]), u32([])), ValueError),
        ("word_keys", (["甲", "乙"], {}, U64_ONE), ValueError),
        ("word_keys", (("甲",), {}, U64_ONE), TypeError),
        ("word_keys", ([b"ab"], {}, U64_ONE), TypeError),
        ("word_keys", (["甲乙丙丁戊"], {"甲乙丙丁戊": "1"}, U64_ONE), TypeError),
        ("word_keys", (["甲乙丙丁戊"], {"甲乙丙丁戊": -1}, U64_ONE), ValueError),
        ("word_keys", (["甲乙丙丁戊"], {"甲乙丙丁戊": 2**32}, U64_ONE), ValueError),
        ("number_keys", (U64_ONE, u32([]), U64_ONE), ValueError),
        ("number_keys", (U64_ONE, u32([0]), np.zeros(0, np.uint64)), ValueError),
        ("count_terms", (ONE, I64_ONE, np.zeros(1, np.int64), u32([0]), u32([0])), ValueError),
        ("count_terms", (ONE, np.array([2]), np.zeros(2, np.int64), u32([0]), u32([0])), ValueError),
        ("count_terms", (ONE, np.array([-1]), np.zeros(2, np.int64), u32([0]), u32([0])), ValueError),
        ("count_terms", (ONE, np.array([0]), np.zeros(2, np.int64), u32([0]), u32([0])), ValueError),
        ("count_terms", (ONE, I64_ONE, np.zeros(2, np.int64), u32([]), u32([0])), ValueError),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(
    name: str, arguments: tuple[object, ...], error: type[Exception]
) -> None:
    native = importlib.import_module("searchapp.engines.whoosh.kernels._native")
    with pytest.raises(error):
        getattr(native, name)(*arguments)
