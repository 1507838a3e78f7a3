"""The term dictionary as stock Whoosh asks for it: terms of every field in byte order.

Words and bigrams come from the segment's own dictionaries. Ids, facet values and dates are terms
too: their lists are made from the columns when a field is first asked, and kept with the segment.
A term's number is its rank in its field. UTF-8 sorts as code points do, so ranks agree.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from whoosh.util.numeric import byte_to_length

from searchapp.engines.whoosh.codec_matcher import PostingList
from searchapp.engines.whoosh.columns import Strings
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.engines.whoosh.segment import Segment, WordIndex
from searchapp.query import FacetName

DAY_MICROSECONDS = 86_400_000_000
# Whoosh's DATETIME is a signed 64-bit number in sortable form, with a term for each 8 bits cut off.
SORTABLE_ZERO = 1 << 63
DATE_SHIFTS = range(0, 64, 8)
# Whoosh keeps field lengths in one byte; its scores are those of the lengths that a byte can say.
BYTE_LENGTHS: I64 = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
KEPT_NUMBERS = 1024


def byte_lengths(lengths: npt.NDArray[Any]) -> U32:
    """Lengths as Whoosh's default codec remembers them: the next that one byte can say."""
    code = np.minimum(np.searchsorted(BYTE_LENGTHS, lengths), 255)
    return BYTE_LENGTHS[code].astype(np.uint32)


class TermList(Protocol):
    """The terms of one field of one segment.

    `lengths`: how many terms the field of each record has; None where scores do not need it.
    """

    lengths: U32 | None

    def __len__(self) -> int: ...

    def at_or_after(self, term: bytes) -> int:
        """Number of the first term that is not less than `term` (`len` when none is)."""
        ...

    def number(self, term: bytes) -> int | None:
        """Number of `term`, None when it does not occur."""
        ...

    def terms(self, start: int) -> Iterator[bytes]:
        """Terms from number `start` on."""
        ...

    def counts(self, number: int) -> tuple[int, int]:
        """Records and occurrences of a term."""
        ...

    def postings(self, number: int) -> PostingList:
        """The postings of a term."""
        ...


def text_of(term: bytes) -> str:
    """The text of a term; of broken UTF-8 what comes before the fault."""
    try:
        return term.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        return term[: error.start].decode("utf-8", "surrogatepass")


def bytes_of(text: str) -> bytes:
    """The inverse of `text_of`."""
    return text.encode("utf-8", "surrogatepass")


class WordTerms:
    """Words of the title or of the text."""

    lengths: U32 | None

    def __init__(self, index: WordIndex) -> None:
        self._lexicon = index.lexicon
        self._postings = index.postings
        # Whoosh looks a term up several times on the way to its postings.
        self._number = functools.lru_cache(maxsize=KEPT_NUMBERS)(index.lexicon.number)
        self._exact = index.length
        self.lengths = self._exact

    def __len__(self) -> int:
        return len(self._lexicon)

    @functools.cached_property
    def _rounded(self) -> U32:
        return byte_lengths(self._exact)

    def at_or_after(self, term: bytes) -> int:
        """See TermList."""
        return self._lexicon.at_or_after(text_of(term))

    def number(self, term: bytes) -> int | None:
        """See TermList."""
        return self._number(text_of(term))

    def terms(self, start: int) -> Iterator[bytes]:
        """See TermList."""
        return map(bytes_of, self._lexicon.words(start))

    def counts(self, number: int) -> tuple[int, int]:
        """See TermList."""
        return int(self._postings.df[number]), int(self._postings.cf[number])

    def postings(self, number: int) -> PostingList:
        """See TermList."""
        records = self._postings.values(number)
        return PostingList(records, self._postings.frequencies(number), self._rounded[records])


class GramTerms:
    """Bigrams of title and text with positions; the term of a field's last character is that one."""

    lengths: U32 | None

    def __init__(self, segment: Segment) -> None:
        arrays, self._grams = segment.arrays, segment.grams
        self._exact: U32 = self._grams.title_chars + self._grams.text_chars
        self.lengths = self._exact
        self._first = arrays["run.first"]
        self._first_at = arrays["run.first_at"]
        self._second = arrays["run.second"]
        self._characters = arrays["run.characters"]

    def __len__(self) -> int:
        return len(self._second)

    @functools.cached_property
    def _rounded(self) -> U32:
        return byte_lengths(self._exact)

    def at_or_after(self, term: bytes) -> int:
        """See TermList."""
        codes = [ord(char) for char in text_of(term)]
        if not codes:
            return 0
        at = int(np.searchsorted(self._first, codes[0]))
        if at == len(self._first) or int(self._first[at]) != codes[0] or len(codes) == 1:
            return int(self._first_at[at])
        # (c, 0) is the term of c alone, which comes before everything longer.
        second = int(np.searchsorted(self._characters, max(codes[1], 1)))
        low, high = int(self._first_at[at]), int(self._first_at[at + 1])
        # Of three characters on, the bigram of the first two comes before.
        exact = second < len(self._characters) and int(self._characters[second]) == codes[1]
        return low + int(np.searchsorted(self._second[low:high], second + (exact and len(codes) > 2)))

    def number(self, term: bytes) -> int | None:
        """See TermList."""
        text = text_of(term)
        if not 0 < len(text) <= 2 or text[1:] == "\0":
            return None
        return self._grams.term(ord(text[0]), ord(text[1]) if len(text) == 2 else 0)

    def terms(self, start: int) -> Iterator[bytes]:
        """See TermList."""
        if start >= len(self):
            return
        group = int(np.searchsorted(self._first_at, start, side="right")) - 1
        for at in range(group, len(self._first)):
            first = chr(int(self._first[at]))
            low, high = max(int(self._first_at[at]), start), int(self._first_at[at + 1])
            for second in self._characters[self._second[low:high]].tolist():
                yield bytes_of(first + chr(second) if second else first)

    def counts(self, number: int) -> tuple[int, int]:
        """See TermList."""
        return int(self._grams.postings.df[number]), int(self._grams.postings.cf[number])

    def postings(self, number: int) -> PostingList:
        """See TermList."""
        positions = self._grams.postings.values(number)
        layout = self._grams.layout
        record_of = layout.records(positions)
        begins = np.flatnonzero(np.diff(record_of.astype(np.int64), prepend=-1))
        records = record_of[begins]
        begins = np.append(begins, len(positions))
        frequencies = np.diff(begins).astype(np.uint32)
        return PostingList(
            records, frequencies, self._rounded[records], positions - layout.start[record_of], begins
        )


class ListedTerms:
    """Terms made from a column: `records[low[t]:high[t]]` are those of term number t."""

    lengths: U32 | None = None

    def __init__(self, terms: Sequence[bytes], low: I64, high: I64, records: I64) -> None:
        self._terms = terms
        self._low, self._high = low, high
        self._records = records

    def __len__(self) -> int:
        return len(self._terms)

    def at_or_after(self, term: bytes) -> int:
        """See TermList."""
        return bisect_left(self._terms, term)

    def number(self, term: bytes) -> int | None:
        """See TermList."""
        at = bisect_left(self._terms, term)
        return at if at < len(self._terms) and self._terms[at] == term else None

    def terms(self, start: int) -> Iterator[bytes]:
        """See TermList."""
        return (self._terms[at] for at in range(start, len(self._terms)))

    def counts(self, number: int) -> tuple[int, int]:
        """See TermList."""
        records = int(self._high[number] - self._low[number])
        return records, records

    def postings(self, number: int) -> PostingList:
        """See TermList."""
        records = self._records[self._low[number] : self._high[number]]
        return PostingList(np.sort(records).astype(np.uint32))


def value_terms(
    values: Sequence[str], number_of_entry: npt.NDArray[Any], record_of_entry: I64
) -> ListedTerms:
    """Values that entries name by their number in the sorted `values`; only those that are named."""
    order = np.argsort(number_of_entry, kind="stable")
    counts = np.bincount(number_of_entry, minlength=len(values))
    used = np.flatnonzero(counts)
    ends = np.cumsum(counts)[used]
    return ListedTerms(
        [bytes_of(values[value]) for value in used.tolist()],
        ends - counts[used],
        ends,
        record_of_entry[order],
    )


def string_terms(strings: Strings) -> ListedTerms:
    """One string a record, "" is none."""
    held = strings.all()
    values = sorted(set(held))
    rank = {value: at for at, value in enumerate(values)}
    numbers = np.fromiter((rank[value] for value in held), np.int64, len(held))
    there = np.flatnonzero(np.array([bool(value) for value in held], np.bool_))
    return value_terms(values, numbers[there], there)


def facet_terms(segment: Segment, name: FacetName) -> ListedTerms:
    """Values of a facet."""
    column = segment.facets[name]
    at = column.at.astype(np.int64)
    counts = at[1:] - at[:-1]
    return value_terms(column.values, column.ids, np.repeat(np.arange(len(counts)), counts))


def date_terms(segment: Segment) -> ListedTerms:
    """Days as the terms of a DATETIME field: midnight in microseconds, at every precision."""
    dated = np.flatnonzero(segment.day > 0)
    order = dated[np.argsort(segment.day[dated], kind="stable")]
    sortable = (segment.day[order].astype(np.uint64) - np.uint64(1)) * np.uint64(DAY_MICROSECONDS)
    sortable += np.uint64(SORTABLE_ZERO)
    terms: list[bytes] = []
    low: list[I64] = []
    for shift in DATE_SHIFTS:
        values, first = np.unique(sortable >> np.uint64(shift), return_index=True)
        terms += [bytes([shift]) + value.to_bytes(8, "big") for value in values.tolist()]
        low.append(np.append(first, len(order)))
    return ListedTerms(
        terms,
        np.concatenate([part[:-1] for part in low]),
        np.concatenate([part[1:] for part in low]),
        order,
    )
