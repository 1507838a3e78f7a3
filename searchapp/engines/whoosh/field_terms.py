"""Which terms has each field of a segment, as stock Whoosh asks for them? Each is made when first asked."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from searchapp.engines.whoosh.codec_matcher import PostingList
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.term_lists import (
    GramTerms,
    TermList,
    WordTerms,
    byte_lengths,
    date_terms,
    facet_terms,
    string_terms,
)
from searchapp.query import FACETS
from searchapp.schema import WORD_FIELDS

KEPT_POSTINGS = 16


class FieldTerms:
    """The term lists of one segment, by field, each made when it is first asked."""

    def __init__(self, segment: Segment) -> None:
        self._lists: dict[str, TermList] = {}
        self._lengths: dict[str, tuple[list[int], int] | None] = {}
        self._makers: dict[str, Callable[[], TermList]] = {
            "id": functools.partial(string_terms, segment.ids),
            "run": functools.partial(GramTerms, segment),
            "date": functools.partial(date_terms, segment),
        }
        for word_field in WORD_FIELDS:
            self._makers[word_field] = functools.partial(WordTerms, segment.words[word_field])
        for facet in FACETS:
            self._makers[facet] = functools.partial(facet_terms, segment, facet)
        if len(segment.parents):
            self._makers["article"] = functools.partial(string_terms, segment.parents)
        self.postings = functools.lru_cache(maxsize=KEPT_POSTINGS)(self._postings)

    @functools.cached_property
    def names(self) -> list[str]:
        """Fields that hold a term, sorted."""
        return [name for name in sorted(self._makers) if len(self[name])]

    def get(self, name: str) -> TermList | None:
        """The terms of field `name`, None when there is no such field."""
        return self[name] if name in self._makers else None

    def __getitem__(self, name: str) -> TermList:
        if name not in self._lists:
            self._lists[name] = self._makers[name]()
        return self._lists[name]

    def _postings(self, name: str, number: int) -> PostingList:
        return self[name].postings(number)

    def lengths(self, name: str) -> tuple[list[int], int] | None:
        """Lengths of a scored field by record, as Whoosh remembers them, and their exact sum."""
        if name not in self._lengths:
            exact = self[name].lengths if name in self._makers else None
            self._lengths[name] = (
                None if exact is None else (byte_lengths(exact).tolist(), int(exact.sum(dtype=np.int64)))
            )
        return self._lengths[name]
