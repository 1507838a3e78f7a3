"""How often does a term stand in the title, the lead and the text of these records, in how many at all?"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.packing import F32, U32
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.skipping import Stretches
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.schema import WORD_FIELDS

# Above this share of the records it is cheaper to spread a list over all records than to search in it.
DENSE_SHARE = 0.05
# Below this share of a list it is cheaper to look the records up in it than to read it through.
LOOK_UP_SHARE = 0.1
# So few records are always looked up: two calls of numpy for a term in place of a dozen. A rare word
# at 139,408 articles takes .18 ms for .21, at the 95th percentile .58 for .82; 4,000 records do as well.
FEW_RECORDS = 1000
Places = npt.NDArray[np.int64]
# The parts of a record that are counted apart.
TITLE, LEAD, REST = range(3)
PARTS = 3


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Of several terms: `counts[term, part, record]` says how often a term stands in TITLE, in the
    LEAD of the text and in the REST of it; `records[term]` in how many records of the collection."""

    counts: F32
    records: list[int]


@dataclass(frozen=True, slots=True)
class Bm25f:
    """What an occurrence is worth: by the norms of title and text, which stand in the `tables` of the
    segments (see `scored_table`), `lead` times that in the lead of a text; the sum saturates with `k1`
    (see `ranking`)."""

    tables: Sequence[U32]
    lead: float
    k1: float


def scored_table(layout: Layout, title_norm: F32, text_norm: F32) -> U32:
    """What scoring asks of each record of a segment, side by side: where its title, its text and the gap
    behind it begin, and the bits of its norms."""
    columns = (*layout.places, title_norm.view(np.uint32), text_norm.view(np.uint32))
    return np.column_stack(columns)


class Frequencies:
    """Occurrences in `records` (sorted global numbers), in their order.

    `lead_chars`: how many squeezed characters the lead of a text is long.
    """

    def __init__(self, snapshot: Snapshot, cache: RunCache, records: Places, lead_chars: int) -> None:
        self._records = records
        self._cache = cache
        borders = records.searchsorted(snapshot.bases).tolist()
        self._shares = [
            _Share(at, segment, slice(borders[at], borders[at + 1]), records, base, lead_chars, cache)
            for at, (segment, base) in enumerate(zip(snapshot.segments, snapshot.bases, strict=False))
            if borders[at] < borders[at + 1]
        ]

    def __call__(self, runs: Sequence[tuple[str, bool]]) -> Occurrences:
        """Of each term: a squeezed run that counts wherever it stands (True), or an index word.

        Of an index word it is not known where in the text it stands, so it is never in the lead; its
        records are the larger of those by title and by text.
        """
        counts = np.zeros((len(runs), PARTS, len(self._records)), np.float32)
        cache = self._cache
        records = [cache.record_count(text) if is_run else cache.word_count(text) for text, is_run in runs]
        for share in self._shares:
            for (text, is_run), held, out in zip(runs, records, counts, strict=True):
                if held and is_run:
                    share.count_run(text, held, out[:, share.place])
                elif held:
                    share.count_word(text, out[:, share.place])
        return Occurrences(counts, records)

    def sum_of_gains(self, runs: Sequence[tuple[str, int, float]], worth: Bm25f) -> F32:
        """What runs gain each record together (see `kernels.add_gains`), with no count kept.

        Of each run: its text, in how many records of the collection it stands, and its weight.
        """
        total = np.zeros(len(self._records), np.float32)
        for share in self._shares:
            for text, held, weight in runs:
                if held:
                    share.add_gain(text, held, weight, worth, total)
        return total

    def any_of(self, groups: Sequence[Sequence[str]]) -> Occurrences:
        """Of groups of index words, each of which counts for its group; meant for few records.

        The records of a group are those of its words together, those that hold two counted twice.
        """
        counts = np.zeros((len(groups), PARTS, len(self._records)), np.float32)
        for share in self._shares:
            for words, out in zip(groups, counts, strict=True):
                for word in words:
                    share.count_word(word, one := np.zeros_like(out[:, share.place]))
                    out[:, share.place] += one
        return Occurrences(counts, [sum(map(self._cache.word_count, words)) for words in groups])

    def characters(self, characters: Sequence[str]) -> Occurrences:
        """Of single characters, all in one reading; meant for few records."""
        counts = np.zeros((len(characters), PARTS, len(self._records)), np.float32)
        codes = [ord(character) for character in characters]
        for share in self._shares:
            share.count_characters(codes, counts[:, :, share.place])
        return Occurrences(counts, [self._cache.record_count(character) for character in characters])


class _Share:
    """What one segment holds of the records asked for: `local` numbers, at `place` among all."""

    def __init__(
        self,
        at: int,
        segment: Segment,
        place: slice,
        records: Places,
        base: int,
        lead_chars: int,
        cache: RunCache,
    ) -> None:
        self.place = place
        self._at = at
        self._segment = segment
        self._local = records[place] - base if base else records[place]
        self._lead_chars = lead_chars
        self._cache = cache

    def count_word(self, word: str, out: F32) -> None:
        """Fill `out[part, record]` with how often an index word stands there."""
        for field, part in zip(WORD_FIELDS, (TITLE, REST), strict=True):
            index = self._segment.words[field]
            number = index.lexicon.number(word)
            if number is not None:
                values, tf = index.postings.values(number), index.postings.frequencies(number)
                out[part] = _aligned(values, tf, self._local, self._segment.records)

    def count_run(self, run: str, records: int, out: F32) -> None:
        """Fill `out[part, record]` with how often a run stands there; `records`: in how many of the
        collection it stands."""
        if kernels.COMPILED or self._are_few(records):
            kernels.count_parts(self._positions(run, records), self._borders, out)
        else:
            self._count_all(run, out)

    def add_gain(self, run: str, records: int, weight: float, worth: Bm25f, total: F32) -> None:
        """Add to `total` what a run gains each record; parameters as of `Frequencies.sum_of_gains`."""
        positions, table, scores = self._positions(run, records), worth.tables[self._at], total[self.place]
        kernels.add_gains(
            positions, table, self._local, scores, self._lead_chars, worth.lead, worth.k1, weight
        )

    def _are_few(self, records: int) -> bool:
        """Whether a run that stands in so many records is looked up, not read as a whole."""
        return len(self._local) < max(FEW_RECORDS, LOOK_UP_SHARE * records)

    def _positions(self, run: str, records: int) -> U32:
        """Where a run stands, at least in the records asked for."""
        if self._are_few(records):
            return self._cache.positions_near(self._at, run, self._near)
        return self._cache.found(self._at, run).positions

    def count_characters(self, codes: Sequence[int], out: F32) -> None:
        """Fill `out[character, part, record]` with how often single characters stand there."""
        grams = self._segment.grams
        positions, often = grams.positions_of_first(codes)
        number = np.full(self._segment.records, -1, np.int32)
        number[self._local] = np.arange(len(self._local), dtype=np.int32)
        record = number[grams.layout.records(positions)]
        held = np.flatnonzero(record >= 0)
        record, positions = record[held], positions[held]
        part = (positions >= self._borders[1][record]).astype(np.int64)
        part += positions >= self._borders[2][record]
        row = np.repeat(np.arange(len(codes)), often)[held]
        cell = (row * PARTS + part) * len(self._local) + record
        out[:] = np.bincount(cell, minlength=out.size).reshape(out.shape)

    @functools.cached_property
    def _borders(self) -> U32:
        """Where title, lead, the rest of the text, and the gap after the record begin."""
        layout = self._segment.grams.layout
        borders = np.empty((PARTS + 1, len(self._local)), np.uint32)
        for part, places in zip((TITLE, LEAD, PARTS), layout.places, strict=True):
            # Without a mode numpy gathers into a copy first.
            places.take(self._local, out=borders[part], mode="clip")
        np.minimum(borders[LEAD] + np.uint32(self._lead_chars), borders[PARTS], out=borders[REST])
        return borders

    @functools.cached_property
    def _near(self) -> Stretches:
        layout = self._segment.grams.layout
        return Stretches(layout.start.take(self._local), layout.end.take(self._local))

    def _count_all(self, run: str, out: F32) -> None:
        """For many records, in numpy: all occurrences are counted, then aligned."""
        found, layout = self._cache.found(self._at, run), self._segment.grams.layout
        starts = layout.text_start[found.records]
        title = found.counts_before(starts)
        head = found.counts_before(starts + np.uint32(self._lead_chars))
        same = len(found.records) == len(self._local) and np.array_equal(found.records, self._local)
        for part, counts in ((TITLE, title), (LEAD, head - title), (REST, found.counts - head)):
            if same:
                out[part] = counts
            elif part == REST or counts.any():
                out[part] = _aligned(found.records, counts, self._local, self._segment.records)


def _aligned(values: npt.NDArray[Any], tf: npt.NDArray[Any], wanted: Places, size: int) -> F32:
    """Frequencies of `values` at the sorted `wanted` records, 0 where they are not listed."""
    if max(len(values), len(wanted)) > DENSE_SHARE * size:
        dense = np.zeros(size, np.float32)
        dense[values] = tf
        return dense[wanted]
    out = np.zeros(len(wanted), np.float32)
    at = wanted.searchsorted(values)
    at[at == len(wanted)] = 0
    listed = wanted[at] == values
    out[at[listed]] = tf[listed]
    return out
