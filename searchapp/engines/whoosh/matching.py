"""A tree of clauses -> which records match, exactly, as sorted record numbers.

A leaf is decided by character runs (law 1): a word matches where it stands as an exact run, or
where all its meaning-bearing parts stand as exact runs. Everything that a leaf may also match
(variants) is OR-ed inside the leaf, so NOT excludes it too (law 5).
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import is_han, normalise, squeeze
from searchapp.analysis.words import WordCutter
from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.columns import day_number
from searchapp.engines.whoosh.found import Found
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.skipping import Stretches
from searchapp.engines.whoosh.snapshot import Mask, Snapshot
from searchapp.query import (
    And,
    Clause,
    Everything,
    FacetName,
    Fuzzy,
    InDates,
    InFacet,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Where,
    Words,
)
from searchapp.schema import WORD_FIELDS

Records: TypeAlias = npt.NDArray[np.int64]
NOTHING: Records = np.zeros(0, np.int64)
# Up to this share of all records, looking things up in each beats spreading them over all records.
FEW_SHARE = 0.02
MOST_PREFIX_WORDS = 100
COUNTY_LEVELS: dict[int, FacetName] = {2: "province", 4: "city", 6: "county"}


class Matcher:
    """Evaluates clauses over one snapshot. Records that are deleted are found too: the caller takes
    them out once."""

    def __init__(self, snapshot: Snapshot, cutter: WordCutter, cache: RunCache) -> None:
        self.snapshot = snapshot
        self.cutter = cutter
        self.cache = cache

    def match(self, clause: Clause) -> Records:
        """Sorted numbers of the records that match."""
        match clause:
            case Everything():
                return np.arange(self.snapshot.size)
            case And(clauses):
                return self._conjunction(clauses)
            case Or(clauses):
                return self._union([self.match(part) for part in clauses])
            case Not(inner):
                return np.flatnonzero(~self.mask(self.match(inner)))
            case Words(text, where, variants):
                return self._union([self._word(form, where) for form in (text, *variants)])
            case Fuzzy(text, where, variants):
                return self._union([self.run(form, where) for form in (text, *variants)])
            case Phrase(text, where):
                return self.run(text, where)
            case Prefix(text, where):
                return self._prefix(normalise(text).strip(), where)
            case Near():
                return self._near(clause)
            case InFacet(facet, _, values):
                return np.flatnonzero(self.in_facet(facet, values))
            case InDates(first, last):
                return np.flatnonzero(self.in_dates(first, last))

    def mask(self, records: Records) -> Mask:
        """The mask over all records that holds `records`."""
        mask = np.zeros(self.snapshot.size, np.bool_)
        mask[records] = True
        return mask

    def _union(self, found: Sequence[Records]) -> Records:
        found = [records for records in found if len(records)]
        if len(found) < 2:
            return found[0] if found else NOTHING
        together = np.concatenate(found)
        if len(together) < FEW_SHARE * self.snapshot.size:
            return np.unique(together)
        return self.mask(together).nonzero()[0]

    def _conjunction(self, clauses: Sequence[Clause]) -> Records:
        """The rarest first; the others are then looked up in what is left."""
        if not clauses:
            return np.arange(self.snapshot.size)
        first, *others = sorted(clauses, key=self._cost) if len(clauses) > 1 else clauses
        records = self.match(first)
        for clause in others:
            if not len(records):
                break
            records = records[self._within(clause, records)]
        return records

    def _cost(self, clause: Clause) -> int:
        """About how many occurrences have to be read to evaluate `clause`."""
        if isinstance(clause, Words | Phrase) and (run := squeeze(clause.text)):
            return self.cache.most_occurrences(run)
        return self.snapshot.size

    def _within(self, clause: Clause, records: Records) -> Mask:
        """Which of the sorted `records` match."""
        match clause:
            case Words(text, where, variants):
                forms = (text, *variants)
                return _any(self._word_within(form, where, records) for form in forms)
            case Phrase(text, where):
                return self._run_within(text, where, records)
            case Not(inner):
                return ~self._within(inner, records)
            case InFacet(facet, _, values):
                return self.in_facet(facet, values)[records]
            case InDates(first, last):
                return self.in_dates(first, last)[records]
            case _:
                return _is_among(self.match(clause), records, self.snapshot.size)

    def _word_within(self, text: str, where: Where, records: Records) -> Mask:
        mask = self._run_within(text, where, records)
        parts = self.cutter.cut_query(text)
        if len(parts) < 2 or mask.all():
            return mask
        # Only what does not hold the word as a run has to hold its parts.
        rest = np.flatnonzero(~mask)
        for part in parts:
            rest = rest[self._run_within(part, where, records[rest])]
        mask[rest] = True
        return mask

    def _run_within(self, text: str, where: Where, records: Records) -> Mask:
        run = squeeze(text)
        if not run:
            return np.ones(len(records), np.bool_)
        borders = records.searchsorted(self.snapshot.bases).tolist()
        masks = [
            self._run_within_segment(at, run, where, records[borders[at] : borders[at + 1]] - base)
            for at, (base, _) in enumerate(self._segments())
        ]
        return masks[0] if len(masks) == 1 else np.concatenate([np.zeros(0, np.bool_), *masks])

    def _run_within_segment(self, at: int, run: str, where: Where, local: Records) -> Mask:
        segment = self.snapshot.segments[at]
        layout = segment.grams.layout
        if not len(local):
            return np.zeros(0, np.bool_)
        if len(local) > FEW_SHARE * segment.records:
            listed = _in_field(self.cache.found(at, run), layout, where)
            return _is_among(listed, local, segment.records)
        start, end = layout.start[local], layout.end[local]
        # All of a record is read, whichever field is asked for.
        positions = self.cache.positions_near(at, run, Stretches(start, end))
        if where == "text":
            start = layout.text_start[local]
        elif where == "title":
            end = layout.text_start[local]
        return kernels.held_within(positions, start, end)

    def _word(self, text: str, where: Where) -> Records:
        """Records in which `text` stands as a run, or all its parts do."""
        records = self.run(text, where)
        parts = self.cutter.cut_query(text)
        if len(parts) < 2:
            return records
        return self._union([records, self._conjunction([Phrase(part, where) for part in parts])])

    def run(self, text: str, where: Where) -> Records:
        """Sorted records whose field holds the squeezed `text`; an empty text stands everywhere."""
        run = squeeze(text)
        if not run:
            return np.arange(self.snapshot.size)
        return self._joined(
            _in_field(self.cache.found(at, run), segment.grams.layout, where)
            for at, (_, segment) in enumerate(self._segments())
        )

    def _joined(self, parts: Iterable[Records]) -> Records:
        """Local records of each segment -> global ones."""
        bases = self.snapshot.bases
        joined = [part + base if base else part for part, base in zip(parts, bases, strict=False)]
        return joined[0] if len(joined) == 1 else np.concatenate([NOTHING, *joined])

    def _prefix(self, prefix: str, where: Where) -> Records:
        if any(is_han(char) for char in prefix):
            return self.run(prefix, where)
        mask = np.zeros(self.snapshot.size, np.bool_)
        for base, segment in self._segments():
            for field in WORD_FIELDS if where == "any" else (where,):
                index = segment.words[field]
                terms = index.lexicon.prefix_range(prefix)
                if terms:
                    records = index.postings.values_of(terms.start, terms.stop).values
                    mask[base : base + segment.records][records] = True
        return mask.nonzero()[0]

    def prefix_words(self, typed: str, where: Where) -> list[str]:
        """What `typed*` may stand for: the run itself when it holds Han, else the most frequent
        MOST_PREFIX_WORDS index words that begin so."""
        prefix = normalise(typed).strip()
        if any(is_han(char) for char in prefix):
            return [prefix]
        counts: Counter[str] = Counter()
        for _, segment in self._segments():
            for field in WORD_FIELDS if where == "any" else (where,):
                index = segment.words[field]
                terms = index.lexicon.prefix_range(prefix)
                df = index.postings.df[terms.start : terms.stop].tolist()
                counts.update(dict(zip(index.lexicon.words(terms.start, terms.stop), df, strict=True)))
        return [word for word, _ in counts.most_common(MOST_PREFIX_WORDS)]

    def _near(self, near: Near) -> Records:
        runs = tuple(squeeze(text) for text in near.texts)
        return self._joined(
            self.cache.near_records(at, runs, near.distance_chars, near.where)
            for at in range(len(self.snapshot.segments))
        )

    def in_facet(self, facet: FacetName, values: Iterable[str]) -> Mask:
        """Records that hold one of `values`; county codes select all below them."""
        mask = np.zeros(self.snapshot.size, np.bool_)
        for value in values:
            name = COUNTY_LEVELS.get(len(value), facet) if facet in ("county", "city", "province") else facet
            mask[self.snapshot.column(name).holders(value)] = True
        return mask

    def in_dates(self, first: str, last: str) -> Mask:
        """Records dated `first` to `last` inclusive, "" open; undated records never."""
        day = self.snapshot.day
        mask: Mask = day >= max(day_number(first), 1)
        return mask & (day <= day_number(last)) if last else mask

    def _segments(self) -> Iterator[tuple[int, Segment]]:
        return zip(self.snapshot.bases, self.snapshot.segments, strict=False)


def _in_field(found: Found, layout: Layout, where: Where) -> Records:
    """The records of `found` with an occurrence in the field."""
    if where == "any" or not len(found.records):
        return found.records
    in_title = found.counts_before(layout.text_start[found.records])
    return found.records[in_title > 0 if where == "title" else in_title < found.counts]


def _is_among(listed: Records, records: Records, size: int) -> Mask:
    """Which of `records` are among `listed` (both sorted and distinct, below `size`)."""
    if len(listed) + len(records) > FEW_SHARE * size:
        mask = np.zeros(size, np.bool_)
        mask[listed] = True
        return mask[records]
    if not len(listed):
        return np.zeros(len(records), np.bool_)
    at = listed.searchsorted(records)
    at[at == len(listed)] = 0
    among: Mask = listed[at] == records
    return among


def _any(masks: Iterable[Mask]) -> Mask:
    return functools.reduce(np.logical_or, masks)
