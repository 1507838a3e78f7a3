"""How often does a term stand in the title and in the text of these records, and in how many at all?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.packing import U32
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.snapshot import F32, Snapshot
from searchapp.schema import WordField

# Above this share of a posting list, counting the whole list beats looking the records up in it.
LOOK_UP_SHARE = 0.25


class Frequencies:
    """Frequencies in `records` (sorted global numbers); answers are arrays aligned with them."""

    def __init__(self, snapshot: Snapshot, cache: RunCache, records: npt.NDArray[np.int64]) -> None:
        self._snapshot = snapshot
        self._cache = cache
        self.records = records
        borders = np.searchsorted(records, snapshot.bases)
        self._slices = [slice(int(a), int(b)) for a, b in zip(borders[:-1], borders[1:], strict=True)]

    def _parts(self) -> Iterator[tuple[int, Segment, slice, npt.NDArray[np.int64]]]:
        for at, (segment, part) in enumerate(zip(self._snapshot.segments, self._slices, strict=True)):
            if part.stop > part.start:
                yield at, segment, part, self.records[part] - self._snapshot.bases[at]

    def word(self, word: str, field: WordField) -> F32:
        """Occurrences of an index word in `field`."""
        out = np.zeros(len(self.records), np.float32)
        for _, segment, part, local in self._parts():
            index = segment.words[field]
            number = index.lexicon.number(word)
            if number is not None:
                tf = index.postings.frequencies(number)
                out[part] = _align(index.postings.values(number), tf, local, segment.records)
        return out

    def run(self, run: str) -> tuple[F32, F32]:
        """Occurrences of a squeezed run in the title and in the text."""
        title = np.zeros(len(self.records), np.float32)
        text = np.zeros(len(self.records), np.float32)
        for at, segment, part, local in self._parts():
            positions = self._cache.positions(at, run)
            if len(positions):
                title[part], text[part] = _count_by_field(segment, positions, local)
        return title, text


def word_records(snapshot: Snapshot, word: str) -> int:
    """In how many records an index word stands: the larger of title and text, the sum at most."""
    counts: dict[WordField, int] = {"title": 0, "text": 0}
    for segment in snapshot.segments:
        for field in counts:
            number = segment.words[field].lexicon.number(word)
            if number is not None:
                counts[field] += int(segment.words[field].postings.df[number])
    return max(counts.values())


def run_records(snapshot: Snapshot, cache: RunCache, run: str) -> int:
    """In how many records a squeezed run stands (stored for grams, counted for longer runs)."""
    total = 0
    for at, segment in enumerate(snapshot.segments):
        if len(run) == 2:
            term = segment.grams.term(ord(run[0]), ord(run[1]))
            total += int(segment.grams.postings.df[term]) if term is not None else 0
        else:
            records = segment.grams.layout.records(cache.positions(at, run))
            total += int(np.count_nonzero(np.diff(records))) + 1 if len(records) else 0
    return total


def _align(values: U32, tf: U32, wanted: npt.NDArray[np.int64], size: int) -> F32:
    """Frequencies of `values` at the sorted `wanted` records, 0 where they are not listed."""
    if len(wanted) > LOOK_UP_SHARE * len(values):
        dense = np.zeros(size, np.float32)
        dense[values] = tf
        return dense[wanted]
    at = np.searchsorted(values, wanted.astype(np.uint32))
    at[at == len(values)] = 0
    return np.where(values[at] == wanted, tf[at], np.uint32(0)).astype(np.float32)


def _count_by_field(segment: Segment, positions: U32, wanted: npt.NDArray[np.int64]) -> tuple[F32, F32]:
    layout = segment.grams.layout
    if len(wanted) > LOOK_UP_SHARE * len(positions):
        records = layout.records(positions)
        in_title = positions < layout.text_start[records]
        text = np.bincount(records, minlength=segment.records)[wanted].astype(np.float32)
        if not in_title.any():
            return np.zeros(len(wanted), np.float32), text
        title = np.bincount(records[in_title], minlength=segment.records)[wanted].astype(np.float32)
        return title, text - title
    begin = np.searchsorted(positions, layout.start[wanted])
    middle = np.searchsorted(positions, layout.text_start[wanted])
    end = np.searchsorted(positions, layout.end[wanted])
    return (middle - begin).astype(np.float32), (end - middle).astype(np.float32)
