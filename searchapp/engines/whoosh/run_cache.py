"""Where the runs stand that were asked for before, within a bound of memory.

One cache belongs to one snapshot, so nothing in it ever goes stale.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable
from typing import Any, Protocol

from searchapp.engines.whoosh.found import Found, group
from searchapp.engines.whoosh.nearness import near_records
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.engines.whoosh.runs import run_positions
from searchapp.engines.whoosh.segment import GramIndex
from searchapp.engines.whoosh.skipping import Stretches
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.held import Held
from searchapp.query import Where
from searchapp.schema import WORD_FIELDS, WordField

CACHE_BYTES = 64 << 20


class Sized(Protocol):
    """An array, or arrays that belong together."""

    @property
    def nbytes(self) -> int: ...


def _bytes(arrays: Sized) -> int:
    return arrays.nbytes


class RunCache:
    """What `Matcher` and `Ranker` ask of the runs of one snapshot."""

    def __init__(self, snapshot: Snapshot, limit_bytes: int = CACHE_BYTES) -> None:
        self._segments = snapshot.segments
        self._held: Held[Hashable, Any] = Held(limit_bytes, _bytes)

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
        return held.positions if held else self._positions(segment, run, near)

    def _positions(self, segment: int, run: str, near: Stretches | None) -> U32:
        grams = self._segments[segment].grams
        return run_positions(grams, run, near, functools.partial(self._gram, segment))

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
        cuts across the word is then left out.
        """
        if len(run) == 2:
            return sum(self._gram_count(segment.grams, run) for segment in self._segments)
        listed = 0 if len(run) == 1 else self.word_count(run)
        return listed or sum(len(self.found(at, run).records) for at in range(len(self._segments)))

    @staticmethod
    def _gram_count(grams: GramIndex, run: str) -> int:
        term = grams.term(ord(run[0]), ord(run[1]))
        return int(grams.postings.df[term]) if term is not None else 0

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
