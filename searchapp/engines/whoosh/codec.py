"""A Whoosh codec over array segments: `whoosh.index.open_dir` opens a generation.

Only Whoosh's table of contents (`toc`) is a pickle: of the schema and of one small ArraySegment
for each segment file. An index folder is therefore private to its user and must never be opened
when it comes from elsewhere. Everything else is read from the mapped arrays of `segment`.

The codec only reads. A generation never changes once it is live: `searchapp reindex` writes the
next one.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage, Storage

from searchapp.engines.whoosh.codec_documents import ArrayDocumentReader
from searchapp.engines.whoosh.codec_terms import ArrayTermsReader
from searchapp.engines.whoosh.field_terms import FieldTerms
from searchapp.engines.whoosh.segment import Segment
from searchapp.errors import EngineError

READ_ONLY = "this Whoosh index is read-only: `searchapp reindex` and `delete` write its next generation"


def _refuse() -> NoReturn:
    raise EngineError(READ_ONLY)


class OpenSegment:
    """A segment file in use, with what was made from it on the way."""

    def __init__(self, path: Path) -> None:
        self.segment = Segment(path)
        self.fields = FieldTerms(self.segment)


# Searchers of one process share what they opened, as long as one of them is alive.
_open_segments: weakref.WeakValueDictionary[tuple[str, int, int], OpenSegment] = weakref.WeakValueDictionary()


def open_segment(path: Path) -> OpenSegment:
    """The segment file, opened once a process; raises IndexDamaged or IndexStale."""
    state = path.stat()
    key = (str(path), state.st_ino, state.st_mtime_ns)
    opened = _open_segments.get(key)
    if opened is None:
        opened = _open_segments[key] = OpenSegment(path)
    return opened


class ArraySegment(base.Segment):
    """One segment file as the table of contents remembers it. This is pickled: keep it small.

    `file`: its name; `deleted`: numbers of the records that are taken out, ascending.
    """

    def __init__(self, indexname: str, file: str, deleted: Sequence[int]) -> None:
        self.indexname = indexname
        self.segid = file
        self.compound = False
        self._deleted = np.asarray(deleted, "<u4").tobytes()

    def codec(self) -> ArrayCodec:
        """The codec that reads this segment."""
        return ArrayCodec()

    def list_files(self, storage: Storage) -> list[str]:
        """The one file."""
        return [self.segid]

    def should_assemble(self) -> bool:
        """Segments stay files of their own."""
        return False

    def doc_count_all(self) -> NoReturn:
        """Refused: Whoosh asks a segment itself for its size only when it opens a writer.

        Readers ask `ArrayDocumentReader`. Refusing here stops a stock writer before it has
        written anything.
        """
        _refuse()

    def deleted_count(self) -> int:
        """How many records are deleted."""
        return len(self._deleted) // 4

    def deleted_docs(self) -> Iterator[int]:
        """Deleted records, ascending."""
        return iter(np.frombuffer(self._deleted, "<u4").tolist())

    def is_deleted(self, docnum: int) -> bool:
        """Whether this record is deleted."""
        return docnum in self.deleted_docs()

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:
        """Refused."""
        _refuse()

    def set_doc_count(self, doccount: int) -> NoReturn:
        """Refused."""
        _refuse()


class ArrayCodec(base.Codec):
    """Reads segments; every way of writing is refused with an EngineError."""

    def __init__(self) -> None:
        self._opened: OpenSegment | None = None

    def _open(self, storage: Storage, segment: ArraySegment) -> OpenSegment:
        # A reader has its own codec and asks it for one segment, terms and records.
        if self._opened is None:
            self._opened = open_segment(_folder(storage) / segment.segid)
        return self._opened

    def terms_reader(self, storage: Storage, segment: ArraySegment) -> ArrayTermsReader:
        """Terms and postings of a segment."""
        return ArrayTermsReader(self._open(storage, segment).fields)

    def per_document_reader(self, storage: Storage, segment: ArraySegment) -> ArrayDocumentReader:
        """Records of a segment."""
        opened = self._open(storage, segment)
        return ArrayDocumentReader(opened.segment, opened.fields, frozenset(segment.deleted_docs()))

    def new_segment(self, storage: Storage, indexname: str) -> NoReturn:
        """Refused."""
        _refuse()

    def per_document_writer(self, storage: Storage, segment: Any) -> NoReturn:
        """Refused."""
        _refuse()

    def field_writer(self, storage: Storage, segment: Any) -> NoReturn:
        """Refused."""
        _refuse()

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        """Refused."""
        _refuse()

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> NoReturn:
        """Only term vectors are read through this, and there are none."""
        raise EngineError("this index has no term vectors")


def _folder(storage: Storage) -> Path:
    if not isinstance(storage, FileStorage):
        raise EngineError("an index of arrays is read from a folder (whoosh.index.open_dir)")
    return Path(storage.folder)
