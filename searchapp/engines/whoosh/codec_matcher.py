"""A posting list as stock Whoosh walks it: one record after the other, with its score.

Blocks are those of Whoosh's default codec, 128 postings each, bounded by their largest weight and
their shortest field, so queries that skip blocks skip the same ones and give the same hits. What
is faster: lists are whole in memory, skipping is bisection, and BM25F scores of a list are
computed at once with numpy in the arithmetic (and so to the last bit) of the scorer.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.formats import Format
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.query.spans import Span
from whoosh.scoring import BM25FScorer

from searchapp.engines.whoosh.packing import I64, U32

BLOCK_POSTINGS = 128


class PostingList:
    """The postings of one term in one segment.

    `records`: sorted; `frequencies`: beside them, None = 1 each; `lengths`: the length of the
    field in each of the records, None where the field keeps none; `positions`: of all records one
    after the other, with `begins[i]:begins[i + 1]` those of record i, None where there are none.
    """

    def __init__(
        self,
        records: U32,
        frequencies: U32 | None = None,
        lengths: U32 | None = None,
        positions: U32 | None = None,
        begins: I64 | None = None,
    ) -> None:
        self.records = records
        self.frequencies = np.ones(len(records), np.uint32) if frequencies is None else frequencies
        self.lengths = lengths
        self._positions = positions
        self._begins = begins

    @functools.cached_property
    def ids(self) -> list[int]:
        """Record numbers as Whoosh wants them."""
        ids: list[int] = self.records.tolist()
        return ids

    @functools.cached_property
    def weights(self) -> list[float]:
        """Frequencies as Whoosh wants them."""
        weights: list[float] = self.frequencies.astype(np.float64).tolist()
        return weights

    @functools.cached_property
    def block_weights(self) -> npt.NDArray[np.float64]:
        """The largest weight of each block."""
        return np.maximum.reduceat(self.frequencies, self._block_starts).astype(np.float64)

    @functools.cached_property
    def block_lengths(self) -> tuple[I64, I64]:
        """The shortest and the longest field of each block (0 where no lengths are kept)."""
        if self.lengths is None:
            nothing = np.zeros(len(self._block_starts), np.int64)
            return nothing, nothing
        lengths = self.lengths.astype(np.int64)
        starts = self._block_starts
        return np.minimum.reduceat(lengths, starts), np.maximum.reduceat(lengths, starts)

    @property
    def _block_starts(self) -> I64:
        return np.arange(0, len(self.records), BLOCK_POSTINGS)

    def positions(self, at: int) -> list[int]:
        """Positions in the record of posting number `at`, from 0 at the start of its title."""
        assert self._positions is not None, "a list without positions"
        assert self._begins is not None
        found: list[int] = self._positions[int(self._begins[at]) : int(self._begins[at + 1])].tolist()
        return found


class ArrayMatcher(LeafMatcher):
    """Walks one PostingList. `scorer`: of Whoosh's weighting model, None to match without scores."""

    def __init__(self, postings: PostingList, term: tuple[str, bytes], format_: Format, scorer: Any) -> None:
        self._postings = postings
        self._term = term
        self._ids = postings.ids
        self._count = len(self._ids)
        self._i = 0
        self.format = format_
        self.scorer = scorer
        self._positions = format_.supports("positions")
        self._vectorised = type(scorer) is BM25FScorer and postings.lengths is not None

    def copy(self) -> ArrayMatcher:
        """Another matcher at the same posting."""
        other = ArrayMatcher(self._postings, self._term, self.format, self.scorer)
        vars(other).update(vars(self))
        return other

    def is_active(self) -> bool:
        """Whether there is a current posting."""
        return self._i < self._count

    def reset(self) -> None:
        """Back to the first posting."""
        self._i = 0

    def id(self) -> int:
        """The current record; the last one when skipping blocks has gone past the end.

        Stock unions and intersections ask that, as a block of the default codec still knows.
        """
        return self._ids[self._i] if self._i < self._count else self._ids[-1]

    def all_ids(self) -> Iterator[int]:
        """Records from the current one on."""
        return iter(self._ids[self._i :])

    def weight(self) -> float:
        """How often the term stands in the current record."""
        return self._postings.weights[self._i]

    def value(self) -> bytes:
        """The current posting in the encoding of the field's format."""
        if self._positions:
            encoded: bytes = self.format.encode(self._postings.positions(self._i))  # type: ignore[attr-defined]
            return encoded
        return int(self.weight()).to_bytes(4, "big") if self.format.posting_size else b""

    def value_as(self, astype: str) -> Any:
        """The current posting as "frequency", "weight", "positions" … without encoding it first."""
        if astype == "positions" and self._positions:
            return self._postings.positions(self._i)
        if astype == "frequency":
            return int(self.weight())
        if astype == "weight":
            return self.weight()
        return self.format.decode_as(astype, self.value())

    def spans(self) -> list[Span]:
        """The places of the term in the current record."""
        places: list[int] = self.value_as("positions")
        return [Span(place) for place in places]  # type: ignore[no-untyped-call]

    def next(self) -> bool:  # type: ignore[override]
        """To the next posting; whether that begins a block or is past the end."""
        self._i += 1
        return self._i % BLOCK_POSTINGS == 0 or self._i >= self._count

    def skip_to(self, id: int) -> None:
        """To the first record that is not less than `id`."""
        if self._i >= self._count:
            raise ReadTooFar
        if self._ids[self._i] < id:
            self._i = bisect_left(self._ids, id, self._i + 1)

    def skip_to_quality(self, minquality: float) -> int:
        """To the next block that may hold a score above `minquality`; how many were skipped."""
        if self.block_quality() > minquality:
            return 0
        skipped = 0
        while self._i < self._count and self.block_quality() <= minquality:
            self._i = (self._i // BLOCK_POSTINGS + 1) * BLOCK_POSTINGS
            skipped += 1
        return skipped

    @property
    def _block(self) -> int:
        # Past the end the last block still answers, as it does in the default codec.
        return min(self._i, self._count - 1) // BLOCK_POSTINGS

    def block_max_weight(self) -> float:
        """The largest weight in the current block."""
        return float(self._postings.block_weights[self._block])

    def block_min_length(self) -> int:
        """The shortest field in the current block."""
        return int(self._postings.block_lengths[0][self._block])

    def block_max_length(self) -> int:
        """The longest field in the current block."""
        return int(self._postings.block_lengths[1][self._block])

    def block_quality(self) -> float:
        """An upper bound of the scores in the current block."""
        if self._vectorised:
            return self._block_scores[self._block]
        return float(self.scorer.block_quality(self))

    def score(self) -> float:
        """The score of the current record."""
        if self._vectorised:
            return self._scores[self._i]
        return float(self.scorer.score(self))

    @functools.cached_property
    def _scores(self) -> list[float]:
        assert self._postings.lengths is not None
        weights = self._postings.frequencies.astype(np.float64)
        scores: list[float] = self.scorer._score(weights, self._postings.lengths.astype(np.int64)).tolist()
        return scores

    @functools.cached_property
    def _block_scores(self) -> list[float]:
        shortest = self._postings.block_lengths[0]
        scores: list[float] = self.scorer._score(self._postings.block_weights, shortest).tolist()
        return scores
