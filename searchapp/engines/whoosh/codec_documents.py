"""What stock Whoosh asks of single records: stored fields, lengths, columns, deletions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.columns import Column, ColumnReader

from searchapp.engines.records import unpack_article
from searchapp.engines.whoosh.field_terms import FieldTerms
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.term_lists import DAY_MICROSECONDS, bytes_of
from searchapp.query import FACETS

DATE = "date"


class ValueColumnReader(ColumnReader):
    """Sort keys of one field by record, in memory."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._reverse = False

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def sort_key(self, docnum: int) -> Any:
        """The value, negated for numbers in reverse order."""
        value = self._values[docnum]
        return 0 - value if self._reverse else value

    def load(self) -> list[Any]:
        """All values."""
        return list(self._values)

    def set_reverse(self) -> None:
        """Keys of numbers sort the other way round from now on."""
        if self._values and isinstance(self._values[0], bytes):
            raise NotImplementedError("a column of texts has no reversed keys")
        self._reverse = True


def stored_fields(segment: Segment, record: int) -> dict[str, Any]:
    """The stored fields of a record: of a statement its id and that of its article."""
    if len(segment.parents):
        return {"id": segment.ids[record], "article": segment.parents[record]}
    article = unpack_article(segment.stored(record))
    fields: dict[str, Any] = {"id": article.id, "title": article.title, "text": article.text}
    if article.url:
        fields["url"] = article.url
    if article.source:
        fields["source"] = article.source
    if segment.day[record] > 0:
        fields[DATE] = datetime.fromordinal(int(segment.day[record]))
    return fields


class ArrayDocumentReader(base.PerDocumentReader):
    """Records of one segment. `deleted`: numbers of those that are taken out."""

    def __init__(self, segment: Segment, fields: FieldTerms, deleted: frozenset[int]) -> None:
        self._segment = segment
        self._fields = fields
        self._deleted = deleted

    def doc_count(self) -> int:
        """Records that are not deleted."""
        return self._segment.records - len(self._deleted)

    def doc_count_all(self) -> int:
        """All records."""
        return self._segment.records

    def has_deletions(self) -> bool:
        """Whether a record is deleted."""
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether this record is deleted."""
        return docnum in self._deleted

    def deleted_docs(self) -> Iterator[int]:
        """Deleted records, ascending."""
        return iter(sorted(self._deleted))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Stored fields by name, read from the record when they are asked for."""
        return stored_fields(self._segment, docnum)

    # Lengths, as the default codec remembers them

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Terms in the field of a record, `default` when it has none."""
        lengths = self._fields.lengths(fieldname)
        return (lengths[0][docnum] or default) if lengths else default

    def field_length(self, fieldname: str) -> int:
        """Terms in the field of all records."""
        lengths = self._fields.lengths(fieldname)
        return lengths[1] if lengths else 0

    def min_field_length(self, fieldname: str) -> int:
        """The least length of the field."""
        lengths = self._fields.lengths(fieldname)
        return min(lengths[0], default=0) if lengths else 0

    def max_field_length(self, fieldname: str) -> int:
        """The greatest length of the field."""
        lengths = self._fields.lengths(fieldname)
        return max(lengths[0], default=0) if lengths else 0

    # Columns

    def supports_columns(self) -> bool:
        """Facets and dates are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether the field has a column with a value in it."""
        return fieldname in self.list_columns()

    def list_columns(self) -> list[str]:
        """Fields with a column."""
        facets = [name for name in FACETS if len(self._segment.facets[name].ids)]
        return [*facets, *([DATE] if (self._segment.day > 0).any() else [])]

    def column_reader(self, fieldname: str, column: Column) -> ValueColumnReader:
        """Sort keys of a field: a facet's first value, a date in microseconds."""
        default = column.default_value()
        if fieldname == DATE:
            day = self._segment.day.astype(np.int64)
            midnight = ((day - 1) * DAY_MICROSECONDS).tolist()
            return ValueColumnReader([at if at >= 0 else default for at in midnight])
        facet = next(self._segment.facets[name] for name in FACETS if name == fieldname)
        values = [bytes_of(value) for value in facet.values]
        at = facet.at.astype(np.int64)
        there = at[1:] > at[:-1]
        firsts = np.full(len(there), -1, np.int64)
        firsts[there] = facet.ids[at[:-1][there]]
        return ValueColumnReader([values[first] if first >= 0 else default for first in firsts.tolist()])
