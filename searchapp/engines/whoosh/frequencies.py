"""How often does a term stand in the title, the lead and the text of these records, in how many at all?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.packing import U32
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.snapshot import F32, Snapshot
from searchapp.schema import WORD_FIELDS, WordField

# Above this share of the records it is cheaper to spread a list over all records than to search in it.
DENSE_SHARE = 0.05
# Below this share of a list it is cheaper to look the records up in it than to read it through.
LOOK_UP_SHARE = 0.1
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Of one term: in how many records of the collection it stands, and how often in the title and
    in the text of each record asked for (None = nowhere); `lead` is how many of those in the text
    begin in its lead."""

    records: int
    title: F32 | None
    text: F32 | None
    lead: F32 | None = None


class Frequencies:
    """Occurrences in `records` (sorted global numbers); arrays are aligned with them.

    `lead_chars`: how many squeezed characters the lead of a text is long.
    """

    def __init__(self, snapshot: Snapshot, cache: RunCache, records: Places, lead_chars: int) -> None:
        self._snapshot = snapshot
        self._lead_chars = np.uint32(lead_chars)
        self._cache = cache
        self.records = records
        borders = records.searchsorted(snapshot.bases).tolist()
        self._parts = [
            (at, snapshot.segments[at], slice(start, end), records[start:end] - snapshot.bases[at])
            for at, (start, end) in enumerate(itertools.pairwise(borders))
        ]

    def word(self, word: str) -> Occurrences:
        """Of an index word. Its records are the larger of those by title and by text.

        Where it stands in the text is not known, so there is no lead.
        """
        found: dict[WordField, F32 | None] = {}
        counts: dict[WordField, int] = {}
        for field in WORD_FIELDS:
            found[field], counts[field] = self._word_in(word, field)
        return Occurrences(max(counts.values()), found["title"], found["text"])

    def _word_in(self, word: str, field: WordField) -> tuple[F32 | None, int]:
        out: F32 | None = None
        total = 0
        for _, segment, part, local in self._parts:
            index = segment.words[field]
            number = index.lexicon.number(word)
            if number is None:
                continue
            total += int(index.postings.df[number])
            if len(local):
                out = np.zeros(len(self.records), np.float32) if out is None else out
                values, tf = index.postings.values(number), index.postings.frequencies(number)
                out[part] = _aligned(values, tf, local, segment.records)
        return out, total

    def run(self, run: str) -> Occurrences:
        """Of a squeezed run."""
        fields: dict[str, F32] = {}
        total = 0
        for at, segment, part, local in self._parts:
            positions = self._cache.positions(at, run)
            if not len(positions):
                continue
            total += _records_of_run(segment, run, positions)
            look_up = len(local) < LOOK_UP_SHARE * len(positions)
            count = _looked_up_by_field if look_up else _counted_by_field
            for name, values in count(segment, positions, local, self._lead_chars):
                out = fields.setdefault(name, np.zeros(len(self.records), np.float32))
                out[part] = values
        return Occurrences(total, fields.get("title"), fields.get("text"), fields.get("lead"))


def _records_of_run(segment: Segment, run: str, positions: U32) -> int:
    """In how many records the run of `positions` stands; stored for a bigram."""
    if len(run) == 2:
        term = segment.grams.term(ord(run[0]), ord(run[1]))
        return int(segment.grams.postings.df[term]) if term is not None else 0
    records = segment.grams.layout.records(positions)
    return int(np.count_nonzero(records[1:] != records[:-1])) + 1


def _looked_up_by_field(
    segment: Segment, positions: U32, wanted: Places, lead_chars: np.uint32
) -> Iterator[tuple[str, F32]]:
    """For few `wanted` records: where each of their fields begins in the sorted `positions`."""
    layout = segment.grams.layout
    starts, ends = layout.text_start[wanted], layout.end[wanted]
    borders = (layout.start[wanted], starts, np.minimum(starts + lead_chars, ends), ends)
    first, middle, after_lead, last = (positions.searchsorted(border) for border in borders)
    yield "title", (middle - first).astype(np.float32)
    yield "text", (last - middle).astype(np.float32)
    yield "lead", (after_lead - middle).astype(np.float32)


def _counted_by_field(
    segment: Segment, positions: U32, wanted: Places, lead_chars: np.uint32
) -> Iterator[tuple[str, F32]]:
    """For many `wanted` records: all `positions` are read once; fields without any are left out."""
    layout = segment.grams.layout
    records = layout.records(positions)
    starts = layout.text_start[records]
    text = _counted(records, wanted, segment.records)
    in_title = positions < starts
    if in_title.any():
        title = _counted(records[in_title], wanted, segment.records)
        text -= title
        yield "title", title
    yield "text", text
    # In a title the difference wraps round to a huge number, so a title is never a lead.
    in_lead = positions - starts < lead_chars
    if in_lead.any():
        yield "lead", _counted(records[in_lead], wanted, segment.records)


def _aligned(values: U32, tf: U32, wanted: Places, size: int) -> F32:
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


def _counted(records: U32, wanted: Places, size: int) -> F32:
    """How often each of the sorted `wanted` records is among the sorted `records`."""
    if max(len(records), len(wanted)) > DENSE_SHARE * size:
        return np.bincount(records, minlength=size)[wanted].astype(np.float32)
    at = wanted.searchsorted(records)
    at[at == len(wanted)] = 0
    return np.bincount(at[wanted[at] == records], minlength=len(wanted)).astype(np.float32)
