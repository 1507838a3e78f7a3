"""One finished segment, opened for reading: everything a searcher asks of it.

Records are numbered 0..records-1 in the order in which they were written.
"""

from __future__ import annotations

import functools
import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import compress
from pathlib import Path

import numpy as np

from searchapp.engines.whoosh.arrays import ArrayFile
from searchapp.engines.whoosh.columns import DIGEST_BYTES, FacetColumn, Strings, id_hash
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.lexicon import Lexicon
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.engines.whoosh.postings import Postings
from searchapp.engines.whoosh.small import read_small
from searchapp.errors import IndexStale
from searchapp.query import FACETS, FacetName
from searchapp.schema import FORMAT_VERSION, WORD_FIELDS, WordField


class WordIndex:
    """Words of one field: their records, how often, and how long each record's field is (words)."""

    def __init__(self, arrays: ArrayFile, name: WordField) -> None:
        self.lexicon = Lexicon(arrays, name)
        self.postings = Postings(arrays, name)
        self.length = arrays[f"{name}.length"]


class GramIndex:
    """Character bigrams of title and text with their positions (see `layout`, `grams`)."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._first = arrays["run.first"]
        self._first_at = arrays["run.first_at"]
        self._second = arrays["run.second"]
        # Bisecting a memoryview is four times as fast as searching the array for one value.
        self._seconds = memoryview(self._second.data)
        self._characters = arrays["run.characters"]
        self.postings = Postings(arrays, "run")
        self.title_chars = arrays["run.title_chars"]
        self.text_chars = arrays["run.text_chars"]

    @functools.cached_property
    def layout(self) -> Layout:
        """Where the records stand in the space of positions."""
        return Layout(self.title_chars, self.text_chars)

    @functools.cached_property
    def _terms_of(self) -> dict[int, range]:
        """First character -> numbers of its grams. In memory: every query looks many up."""
        borders = self._first_at.tolist()
        return dict(zip(self._first.tolist(), map(range, borders[:-1], borders[1:]), strict=True))

    @functools.cached_property
    def _number_of(self) -> dict[int, int]:
        """Second character -> its number among the characters."""
        return {character: number for number, character in enumerate(self._characters.tolist())}

    def terms_of_first(self, first: int) -> range:
        """Numbers of the grams that begin with the character `first`."""
        return self._terms_of.get(first, range(0))

    def occurrences_of_first(self, character: int) -> int:
        """How often a character stands in the segment."""
        terms = self.terms_of_first(character)
        return int(self.postings.cf[terms.start : terms.stop].sum())

    def positions_of_first(self, characters: Sequence[int]) -> tuple[U32, I64]:
        """Where each of `characters` stands, one after the other and in no order within each, and
        how often each does."""
        terms = [self.terms_of_first(character) for character in characters]
        counts = [self.occurrences_of_first(character) for character in characters]
        numbers = np.concatenate([np.arange(0), *(np.arange(of.start, of.stop) for of in terms)])
        return self.postings.values_in(numbers), np.array(counts, np.int64)

    def term(self, first: int, second: int) -> int | None:
        """Number of the gram (first, second), None when it does not occur."""
        terms, number = self._terms_of.get(first), self._number_of.get(second)
        if terms is None or number is None:
            return None
        at = bisect_left(self._seconds, number, terms.start, terms.stop)
        return at if at < terms.stop and self._seconds[at] == number else None


class Segment:
    """One segment file. Raises IndexDamaged or IndexStale when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.arrays = ArrayFile(path)
        meta = json.loads(self.arrays["meta"].tobytes())
        if meta["format"] != FORMAT_VERSION:
            raise IndexStale(
                f"{path.name}: format {meta['format']}, this version reads {FORMAT_VERSION}; reindex"
            )
        self.records: int = meta["records"]
        self.facets: dict[FacetName, FacetColumn] = {name: FacetColumn(self.arrays, name) for name in FACETS}
        self.day = self.arrays["day"]
        self.ids = Strings(self.arrays, "id")
        self.parents = Strings(self.arrays, "parent")
        self._stored = self.arrays["stored.bytes"]
        self._stored_at = self.arrays["stored.at"]

    @functools.cached_property
    def words(self) -> dict[WordField, WordIndex]:
        """The index words of each field."""
        return {name: WordIndex(self.arrays, name) for name in WORD_FIELDS}

    @functools.cached_property
    def grams(self) -> GramIndex:
        """The character bigrams."""
        return GramIndex(self.arrays)

    def make_ready(self) -> None:
        """Read now what the first query would have to wait for."""
        _ = self.words, self.grams

    def word_counts(self, field: WordField, least: int) -> Iterator[tuple[str, int]]:
        """Each index word of a field that stands in `least` records or more, and in how many; nothing of it
        is kept."""
        counts = read_small(self.arrays, f"{field}.df")
        enough = counts >= least
        words = compress(Lexicon(self.arrays, field).words(), enough.tolist())
        return zip(words, counts[enough].tolist(), strict=True)

    def stored(self, record: int) -> bytes:
        """The stored form of a record, as it was given."""
        return self._stored[int(self._stored_at[record]) : int(self._stored_at[record + 1])].tobytes()

    def stored_of(self, records: I64) -> Iterator[bytes]:
        """The stored forms of many records."""
        data = self._stored.data
        starts, ends = self._stored_at[records].tolist(), self._stored_at[records + 1].tolist()
        return (bytes(data[start:end]) for start, end in zip(starts, ends, strict=True))

    def digest(self, record: int) -> bytes:
        """16 bytes that tell whether a record changed."""
        return self.arrays["digest"][record * DIGEST_BYTES : (record + 1) * DIGEST_BYTES].tobytes()

    def find(self, ident: str) -> list[int]:
        """Records of that id (one, or none)."""
        hashes = self.arrays["id.hash"]
        wanted = np.uint64(id_hash(ident))
        low = int(hashes.searchsorted(wanted))
        high = int(hashes.searchsorted(wanted, side="right"))
        records = self.arrays["id.record"][low:high].tolist()
        return [record for record in records if self.ids[record] == ident]

    def read_labels(self) -> dict[str, str]:
        """What a person sees for a facet value; not kept."""
        loaded: dict[str, str] = json.loads(self.arrays["labels"].tobytes().decode("utf-8", "surrogatepass"))
        return loaded
