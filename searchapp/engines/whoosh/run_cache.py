"""Where the runs stand that were asked for before, within a bound of memory.

One cache belongs to one snapshot, so nothing in it ever goes stale.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from searchapp.analysis.normalise import codes_of, squeeze
from searchapp.engines.whoosh.found import Found, group
from searchapp.engines.whoosh.nearness import near_records
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.engines.whoosh.runs import NONE, run_positions, run_terms
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.skipping import Stretches
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.held import Held
from searchapp.query import Where
from searchapp.schema import WORD_FIELDS, WordField

CACHE_BYTES = 64 << 20
# Runs whose grams are held: those of the longest query.
TERMS_HELD = 1000
# Reading the text of one record takes as long as reading so many occurrences of a character.
OCCURRENCES_A_TEXT = 2000
# What lies between title and text in the space of positions (see `layout`); stands in no text.
GAP = "\0"
Fields: TypeAlias = Callable[[int], tuple[str, str]]


class Sized(Protocol):
    """An array, or arrays that belong together."""

    @property
    def nbytes(self) -> int: ...


def _bytes(arrays: Sized) -> int:
    return arrays.nbytes


class RunCache:
    """What `Matcher` and `Ranker` ask of the runs of one snapshot.

    `fields`: record number -> its title and text, where they can be read.
    """

    def __init__(
        self, snapshot: Snapshot, fields: Fields | None = None, limit_bytes: int = CACHE_BYTES
    ) -> None:
        self._segments = snapshot.segments
        self._bases = snapshot.bases
        self._size = snapshot.size
        self._fields = fields
        self._held: Held[Hashable, Any] = Held(limit_bytes, _bytes)
        self._terms = functools.lru_cache(TERMS_HELD)(functools.partial(_terms_in, self._segments))

    def forget(self) -> None:
        """Let all go that was read."""
        self._held.clear()
        self._terms.cache_clear()

    def found(self, segment: int, run: str) -> Found:
        """Where the squeezed `run` stands in segment number `segment`."""
        held: Found | None = self._held.get((segment, run))
        if held is None:
            held = group(self._positions(segment, run, None), self._segments[segment].grams.layout)
            self._held.hold((segment, run), held)
        return held

    def positions_near(self, segment: int, run: str, near: Stretches) -> U32:
        """Sorted positions of `run`, at least those in the records that are the stretches of `near`."""
        held: Found | None = self._held.get((segment, run))
        if held:
            return held.positions
        if len(run) == 1 and self._fields:
            often = self._segments[segment].grams.occurrences_of_first(ord(run))
            if len(near.begin) * OCCURRENCES_A_TEXT < often:
                return self._in_texts(segment, run, near.begin)
        return self._positions(segment, run, near)

    def _in_texts(self, segment: int, character: str, starts: U32) -> U32:
        """Where a character stands in the records that begin at `starts`, by their texts: the grams of
        a frequent one are thousands of lists."""
        records = self._segments[segment].grams.layout.records(starts).tolist()
        places = [
            start + np.flatnonzero(self._codes(segment, record) == ord(character))
            for start, record in zip(starts.tolist(), records, strict=True)
        ]
        return np.concatenate([np.zeros(0, np.int64), *places]).astype(np.uint32)

    def _codes(self, segment: int, record: int) -> U32:
        """Characters of a record as they lie in the space of positions, from its start on."""
        key = ("codes", segment, record)
        held: U32 | None = self._held.get(key)
        if held is None:
            assert self._fields is not None
            title, text = self._fields(self._bases[segment] + record)
            held = codes_of(f"{squeeze(title)}{GAP}{squeeze(text)}")
            self._held.hold(key, held)
        return held

    def _positions(self, segment: int, run: str, near: Stretches | None) -> U32:
        terms = self._terms(segment, run)
        if not terms:
            return NONE
        if len(run) == 2:
            return self._gram(segment, terms[0], near)
        grams = self._segments[segment].grams
        return run_positions(grams, run, near, functools.partial(self._gram, segment), terms)

    def most_occurrences(self, run: str) -> int:
        """An upper bound of the number of occurrences of `run` (at least one character)."""
        if len(run) == 1:
            return sum(segment.grams.occurrences_of_first(ord(run)) for segment in self._segments)
        most = 0
        for at, segment in enumerate(self._segments):
            terms = self._terms(at, run)
            most += min(map(segment.grams.postings.occurrences, terms), default=0)
        return most

    def _gram(self, segment: int, term: int, near: Stretches | None) -> U32:
        """Positions of one gram. One query reads the grams of a word several times: to match the
        word, to score it and to score them."""
        held: U32 | None = self._held.get((segment, term))
        if held is not None:
            return held
        postings = self._segments[segment].grams.postings
        positions = postings.values(term, near)
        if len(positions) == postings.occurrences(term):
            self._held.hold((segment, term), positions)
        return positions

    def record_count(self, run: str) -> int:
        """In how many records `run` stands, deleted ones included.

        Of an index word of three or more characters it is the larger of the numbers of records by
        title and by text, so that its positions need not be read. A record in which the dictionary
        cuts across the word is then left out. Of a single character it is estimated from how often it
        stands, as if strewn at random (Poisson).
        """
        if len(run) == 1:
            return self._estimated_records(ord(run))
        if len(run) == 2:
            terms = ((segment, self._terms(at, run)) for at, segment in enumerate(self._segments))
            return sum(int(segment.grams.postings.df[found[0]]) for segment, found in terms if found)
        segments = range(len(self._segments))
        return self.word_count(run) or sum(len(self.found(at, run).records) for at in segments)

    def _estimated_records(self, code: int) -> int:
        often = sum(segment.grams.occurrences_of_first(code) for segment in self._segments)
        return round(-self._size * math.expm1(-often / max(self._size, 1)))

    def word_count(self, word: str) -> int:
        """The larger of the numbers of records whose title, whose text holds an index word."""
        return max(self._count_in(word, field) for field in WORD_FIELDS)

    def _count_in(self, word: str, field: WordField) -> int:
        indexes = (segment.words[field] for segment in self._segments)
        listed = ((index, index.lexicon.number(word)) for index in indexes)
        return sum(int(index.postings.df[number]) for index, number in listed if number is not None)

    def near_records(self, segment: int, runs: tuple[str, ...], distance_chars: int, where: Where) -> I64:
        """Records of the segment in which all `runs` stand near each other (see `nearness`)."""
        key = (segment, runs, distance_chars, where)
        held: I64 | None = self._held.get(key)
        if held is None:
            found = [self.found(segment, run).positions for run in runs]
            chars = [len(run) for run in runs]
            held = near_records(self._segments[segment].grams.layout, found, chars, distance_chars, where)
            self._held.hold(key, held)
        return held


def _terms_in(segments: Sequence[Segment], segment: int, run: str) -> Sequence[int]:
    """See `runs.run_terms`. One query asks for the grams of a run three times: how many there are, where
    they stand, and in how many records."""
    return run_terms(segments[segment].grams, run)
