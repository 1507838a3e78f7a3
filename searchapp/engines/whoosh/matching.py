"""A tree of clauses -> which records match, exactly, as one mask over all records.

A leaf is decided by character runs (law 1): a word matches where it stands as an exact run, or
where all its meaning-bearing parts stand as exact runs. Everything that a leaf may also match
(variants) is OR-ed inside the leaf, so NOT excludes it too (law 5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import is_han, normalise, squeeze
from searchapp.analysis.words import WordCutter
from searchapp.engines.whoosh.columns import day_number
from searchapp.engines.whoosh.nearness import near_records
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.runs import most_occurrences
from searchapp.engines.whoosh.segment import Segment
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
# Up to this share of all records, looking a run up in each beats reading its positions through.
FEW_SHARE = 0.02
MOST_PREFIX_WORDS = 100
COUNTY_LEVELS: dict[int, FacetName] = {2: "province", 4: "city", 6: "county"}


class Matcher:
    """Evaluates clauses over one snapshot."""

    def __init__(self, snapshot: Snapshot, cutter: WordCutter, cache: RunCache) -> None:
        self.snapshot = snapshot
        self.cutter = cutter
        self.cache = cache

    def match(self, clause: Clause) -> Mask:
        """Mask over all records, deleted ones included (the caller masks them out once)."""
        match clause:
            case Everything():
                return np.ones(self.snapshot.size, np.bool_)
            case And(clauses):
                return self._conjunction(clauses)
            case Or(clauses):
                return self._any(self.match(part) for part in clauses)
            case Not(inner):
                return ~self.match(inner)
            case Words(text, where, variants):
                return self._any(self.word(form, where) for form in (text, *variants))
            case Fuzzy(text, where, variants):
                return self._any(self.run(form, where) for form in (text, *variants))
            case Phrase(text, where):
                return self.run(text, where)
            case Prefix(text, where):
                return self._prefix(normalise(text).strip(), where)
            case Near(texts, distance_chars, where):
                key = ("near", texts, distance_chars, where)
                return self.cache.mask(key, lambda: self._near(clause))
            case InFacet(facet, _, values):
                return self.in_facet(facet, values)
            case InDates(first, last):
                return self.in_dates(first, last)

    def _conjunction(self, clauses: Sequence[Clause]) -> Mask:
        """The rarest first; once few records are left, the others are looked up in those alone."""
        if not clauses:
            return np.ones(self.snapshot.size, np.bool_)
        first, *others = sorted(clauses, key=self._cost)
        mask = self.match(first)
        for clause in others:
            records = mask.nonzero()[0]
            if not len(records):
                break
            if len(records) > FEW_SHARE * self.snapshot.size:
                mask = mask & self.match(clause)
            else:
                mask = np.zeros(self.snapshot.size, np.bool_)
                mask[records[self._within(clause, records)]] = True
        return mask

    def _cost(self, clause: Clause) -> int:
        """About how many occurrences have to be read to evaluate `clause`."""
        if isinstance(clause, Words | Phrase) and (run := squeeze(clause.text)):
            return sum(most_occurrences(segment.grams, run) for segment in self.snapshot.segments)
        return self.snapshot.size

    def _within(self, clause: Clause, records: Records) -> Mask:
        """Which of the sorted `records` match."""
        match clause:
            case Words(text, where, variants):
                return self._any_of(
                    records, (self._word_within(form, where, records) for form in (text, *variants))
                )
            case Phrase(text, where):
                return self._run_within(text, where, records)
            case Not(inner):
                return ~self._within(inner, records)
            case _:
                return self.match(clause)[records]

    def _word_within(self, text: str, where: Where, records: Records) -> Mask:
        mask = self._run_within(text, where, records)
        parts = self.cutter.cut_query(text)
        if len(parts) > 1 and not mask.all():
            held = np.ones(len(records), np.bool_)
            for part in parts:
                held &= self._run_within(part, where, records)
            mask = mask | held
        return mask

    def _run_within(self, text: str, where: Where, records: Records) -> Mask:
        run = squeeze(text)
        mask = np.zeros(len(records), np.bool_)
        borders = records.searchsorted(self.snapshot.bases).tolist()
        for at, (base, segment) in enumerate(self._segments()):
            part = slice(borders[at], borders[at + 1])
            positions = self.cache.positions(at, run) if run else None
            if positions is None or part.stop == part.start:
                mask[part] = positions is None
                continue
            layout, local = segment.grams.layout, records[part] - base
            begin = layout.text_start if where == "text" else layout.start
            end = layout.text_start if where == "title" else layout.end
            low = positions.searchsorted(begin[local])
            mask[part] = low < positions.searchsorted(end[local])
        return mask

    @staticmethod
    def _any_of(records: Records, masks: Iterable[Mask]) -> Mask:
        return _fold(masks, np.logical_or, np.zeros(len(records), np.bool_))

    def word(self, text: str, where: Where) -> Mask:
        """Records in which `text` stands as a run, or all its parts do."""
        mask = self.run(text, where)
        parts = self.cutter.cut_query(text)
        if len(parts) > 1:
            mask = mask | self._all(self.run(part, where) for part in parts)
        return mask

    def run(self, text: str, where: Where) -> Mask:
        """Records whose field holds the squeezed `text`; an empty text stands everywhere."""
        run = squeeze(text)
        if not run:
            return np.ones(self.snapshot.size, np.bool_)
        return self.cache.mask((run, where), lambda: self._run_mask(run, where))

    def _run_mask(self, run: str, where: Where) -> Mask:
        mask = np.zeros(self.snapshot.size, np.bool_)
        for at, (base, segment) in enumerate(self._segments()):
            positions = self.cache.positions(at, run)
            layout = segment.grams.layout
            records = layout.records(positions)
            if where != "any":
                in_title = positions < layout.text_start[records]
                records = records[in_title if where == "title" else ~in_title]
            mask[base : base + segment.records][records] = True
        return mask

    def _prefix(self, prefix: str, where: Where) -> Mask:
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
        return mask

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

    def _near(self, near: Near) -> Mask:
        runs = [squeeze(text) for text in near.texts]
        mask = np.zeros(self.snapshot.size, np.bool_)
        for at, (base, segment) in enumerate(self._segments()):
            found = [self.cache.positions(at, run) for run in runs]
            layout, chars = segment.grams.layout, [len(run) for run in runs]
            records = near_records(layout, found, chars, near.distance_chars, near.where)
            mask[base : base + segment.records][records] = True
        return mask

    def in_facet(self, facet: FacetName, values: Iterable[str]) -> Mask:
        """Records that hold one of `values`; county codes select all below them."""
        mask = np.zeros(self.snapshot.size, np.bool_)
        for value in values:
            name = COUNTY_LEVELS.get(len(value), facet) if facet in ("county", "city", "province") else facet
            column = self.snapshot.column(name)
            number = column.number.get(value)
            if number is not None:
                mask[column.record_of_entry[column.ids == number]] = True
        return mask

    def in_dates(self, first: str, last: str) -> Mask:
        """Records dated `first` to `last` inclusive, "" open; undated records never."""
        day = self.snapshot.day
        mask: Mask = day >= max(day_number(first), 1)
        return mask & (day <= day_number(last)) if last else mask

    def _segments(self) -> Iterator[tuple[int, Segment]]:
        return zip(self.snapshot.bases, self.snapshot.segments, strict=False)

    def _all(self, masks: Iterable[Mask]) -> Mask:
        return _fold(masks, np.logical_and, np.ones(self.snapshot.size, np.bool_))

    def _any(self, masks: Iterable[Mask]) -> Mask:
        return _fold(masks, np.logical_or, np.zeros(self.snapshot.size, np.bool_))


def _fold(masks: Iterable[Mask], join: Callable[[Mask, Mask], Mask], start: Mask) -> Mask:
    result = start
    for mask in masks:
        result = join(result, mask)
    return result
