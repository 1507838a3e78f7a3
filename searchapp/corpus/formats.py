"""A file's name -> the reader of its format; for standard input its first bytes."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator

from searchapp.corpus.csv_table import read_csv
from searchapp.corpus.json_array import read_json
from searchapp.corpus.jsonl import read_jsonl
from searchapp.corpus.page import read_page
from searchapp.corpus.plain_text import read_plain_text
from searchapp.corpus.records import Record, Report
from searchapp.corpus.sources import STANDARD_INPUT

Reader = Callable[[io.BufferedReader, Report], Iterator[Record]]

_BY_SUFFIX: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_plain_text,
    ".html": read_page,
    ".htm": read_page,
}


def reader_for(name: str, stream: io.BufferedReader) -> Reader | None:
    """How to read the file called `name`; None when we do not know its kind."""
    if name == STANDARD_INPUT:
        return _reader_for_bytes(stream.peek(4096))
    return _BY_SUFFIX.get(os.path.splitext(name)[1].lower())


def _reader_for_bytes(head: bytes) -> Reader:
    """The reader for a stream without a name: JSON and HTML by their first character, a table by
    the name `text` in its first line; anything else is one plain text."""
    head = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip()
    if head.startswith(b"{"):
        return read_jsonl
    if head.startswith(b"["):
        return read_json
    if head.startswith(b"<"):
        return read_page
    columns = head.partition(b"\n")[0].lower().replace(b'"', b"").replace(b";", b",").replace(b"\t", b",")
    if b"text" in [column.strip() for column in columns.split(b",")][:64]:
        return read_csv
    return read_plain_text
