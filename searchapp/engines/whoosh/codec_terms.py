"""Terms of one segment behind Whoosh's interface: membership, iteration, statistics, postings."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound

from searchapp.engines.whoosh.codec_matcher import ArrayMatcher, PostingList
from searchapp.engines.whoosh.field_terms import FieldTerms

Term = tuple[str, bytes]
TERMS_AHEAD = 32


class ArrayTermInfo(TermInfo):
    """Statistics of one term; those that need the postings are read when they are first asked."""

    def __init__(self, fields: FieldTerms, name: str, number: int) -> None:
        records, occurrences = fields[name].counts(number)
        self._weight = float(occurrences)
        self._df = records
        self._where = fields, name, number

    def __getattr__(self, attribute: str) -> Any:
        if attribute not in ("_minlength", "_maxlength", "_maxweight", "_minid", "_maxid"):
            raise AttributeError(attribute)
        fields, name, number = self._where
        vars(self).update(_details(fields.postings(name, number)))
        return vars(self)[attribute]


def _details(postings: PostingList) -> dict[str, Any]:
    lengths = postings.lengths
    return {
        "_minlength": 0 if lengths is None else int(lengths.min()),
        "_maxlength": 0 if lengths is None else int(lengths.max()),
        "_maxweight": float(postings.frequencies.max()),
        "_minid": int(postings.records[0]),
        "_maxid": int(postings.records[-1]),
    }


class ArrayCursor(base.FieldCursor):
    """Stands at one term of a field, at the first when it is new.

    Keeps the terms that come next: an automaton that looks for near spellings finds most of its
    steps among them.
    """

    def __init__(self, fields: FieldTerms, name: str, fieldobj: FieldType) -> None:
        self._fields = fields
        self._name = name
        self._fieldobj = fieldobj
        self._terms = fields.get(name)
        self._go(0)

    def _go(self, number: int) -> Any:
        """To term `number`, reading on from there."""
        terms = self._terms.terms(number) if self._terms is not None else iter(())
        self._base = number
        self._ahead = list(itertools.islice(terms, TERMS_AHEAD))
        return self._stand(0)

    def _stand(self, at: int) -> Any:
        self._at = at
        there = at < len(self._ahead)
        self._text = self._fieldobj.from_bytes(self._ahead[at]) if there else None
        return self._text

    def first(self) -> Any:
        """To the first term of the field; its text, None when there is none."""
        return self._go(0)

    def find(self, string: Any) -> Any:
        """To the first term that is not less than `string`; its text."""
        term = string if isinstance(string, bytes) else self._fieldobj.to_bytes(string)
        if self._ahead and self._ahead[0] <= term <= self._ahead[-1]:
            return self._stand(bisect_left(self._ahead, term))
        return self._go(self._terms.at_or_after(term) if self._terms is not None else 0)

    def next(self) -> Any:
        """To the next term; its text, None after the last."""
        if self._at + 1 < len(self._ahead):
            return self._stand(self._at + 1)
        return self._go(self._base + len(self._ahead))

    def text(self) -> Any:
        """The text of the current term, None when there is none."""
        return self._text

    term = text

    def term_info(self) -> TermInfo | None:
        """Statistics of the current term."""
        return ArrayTermInfo(self._fields, self._name, self._base + self._at) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Whether there is a current term."""
        return self._text is not None


class ArrayTermsReader(base.TermsReader):
    """All terms of a segment, by field name and then by bytes."""

    def __init__(self, fields: FieldTerms) -> None:
        self._fields = fields

    def _number(self, name: str, term: bytes) -> int | None:
        terms = self._fields.get(name)
        return None if terms is None else terms.number(term)

    def _found(self, name: str, term: bytes) -> int:
        number = self._number(name, term)
        if number is None:
            raise TermNotFound(f"No term {name}:{term!r}")
        return number

    def __contains__(self, term: Term) -> bool:
        return self._number(*term) is not None

    def indexed_field_names(self) -> list[str]:
        """Fields that hold at least one term."""
        return self._fields.names

    def cursor(self, fieldname: str, fieldobj: FieldType) -> ArrayCursor:
        """A cursor over the terms of a field."""
        return ArrayCursor(self._fields, fieldname, fieldobj)

    def _numbered(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, int]]:
        for name in self._fields.names:
            if name >= fieldname:
                terms = self._fields[name]
                start = terms.at_or_after(prefix) if name == fieldname else 0
                for number, term in enumerate(terms.terms(start), start):
                    yield (name, term), number

    def terms(self) -> Iterator[Term]:
        """Every term of every field."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Terms from the first of `fieldname` that is not less than `prefix`, on into later fields."""
        return (term for term, _ in self._numbered(fieldname, prefix))

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """`terms` with their statistics."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """`terms_from` with their statistics."""
        return (
            (term, ArrayTermInfo(self._fields, term[0], number))
            for term, number in self._numbered(fieldname, prefix)
        )

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Statistics of a term; raises TermNotFound."""
        return ArrayTermInfo(self._fields, fieldname, self._found(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Occurrences of a term, 0 when there is none."""
        number = self._number(fieldname, text)
        return 0.0 if number is None else float(self._fields[fieldname].counts(number)[1])

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Records that hold a term, 0 when there is none."""
        number = self._number(fieldname, text)
        return 0 if number is None else self._fields[fieldname].counts(number)[0]

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> ArrayMatcher:
        """The postings of a term; raises TermNotFound."""
        postings = self._fields.postings(fieldname, self._found(fieldname, text))
        return ArrayMatcher(postings, (fieldname, text), format_, scorer)

    def close(self) -> None:
        """The maps go when the last array that looks into them goes."""
