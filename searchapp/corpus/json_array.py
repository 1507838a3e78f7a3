"""A JSON array of objects -> records, one element at a time.

The file is not parsed as a whole: elements are cut out by counting brackets outside strings, and
each is parsed on its own. So memory holds one element, and a bad one is one reject. A file that
holds one object, or one after another without an array, is read the same way.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

from searchapp.corpus.encodings import TextStream, with_bytes_lost
from searchapp.corpus.jsonl import json_record
from searchapp.corpus.records import LONGEST_RECORD_BYTES, Record, Report, Unusable

_STRUCTURE = re.compile(r'["{}\[\],]')
_IN_STRING = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)


def read_json(stream: io.BufferedReader, report: Report) -> Iterator[Record]:
    """A record for each element; bad ones are reported with the line on which they begin."""
    text = TextStream(stream)
    for line, raw in elements(text.chunks(), report):
        try:
            yield json_record(line, raw, str(text.encoding))
        except Unusable as error:
            report(line, str(error), with_bytes_lost(raw))


class _Splitter:
    """Cuts a growing text into the elements of its outermost array."""

    def __init__(self) -> None:
        self._rest = ""
        self._scanned = 0
        self._depth = 0
        self._in_string = False
        self._in_array: bool | None = None
        self._line = 1

    def feed(self, chunk: str, *, final: bool = False) -> Iterator[tuple[int, str]]:
        """Elements that `chunk` completes, with the line on which each begins."""
        text = self._rest + chunk
        if self._in_array is None and text.strip():
            self._in_array = text.lstrip().startswith("[")
            if self._in_array:
                before, _, text = text.partition("[")
                self._line += before.count("\n")
        start, at = 0, self._after_string(text, self._scanned)
        while not self._in_string and (token := _STRUCTURE.search(text, at)):
            at = token.end()
            if token[0] == '"':
                self._in_string = True
                at = self._after_string(text, at)
                continue
            end = self._end_of_element(token)
            if end is not None:
                yield from self._element(text[start:end])
                start = at
        self._rest = text[start:]
        self._scanned = (at if self._in_string else len(text)) - start
        if final:
            yield from self._element(self._rest)
            self._rest = ""

    @property
    def waiting_chars(self) -> int:
        """How long the element is that is not complete yet."""
        return len(self._rest)

    @property
    def line(self) -> int:
        return self._line

    def _after_string(self, text: str, at: int) -> int:
        """`at`, or behind the string in which it is; still `_in_string` when that is not complete."""
        if not self._in_string:
            return at
        body = _IN_STRING.match(text, at)
        end = body.end() if body else at
        self._in_string = not text.startswith('"', end)
        return end if self._in_string else end + 1

    def _end_of_element(self, token: re.Match[str]) -> int | None:
        """Where an element ends that the bracket or comma `token` closes."""
        mark = token[0]
        self._depth += (mark in "{[") - (mark in "}]")
        if self._in_array:
            if mark == "," and self._depth == 0:
                return token.start()
            if mark == "]" and self._depth < 0:
                self._depth = 0
                self._in_array = False
                return token.start()
        elif self._depth <= 0 and mark in "}]":
            self._depth = 0
            return token.end()
        return None

    def _element(self, raw: str) -> Iterator[tuple[int, str]]:
        bare = raw.strip()
        if bare:
            yield self._line + raw.count("\n", 0, len(raw) - len(raw.lstrip())), bare
        self._line += raw.count("\n")


def elements(chunks: Iterable[str], report: Report) -> Iterator[tuple[int, str]]:
    """The elements of the array that `chunks` make up, each as text with the line it begins on."""
    splitter = _Splitter()
    for chunk in chunks:
        yield from splitter.feed(chunk)
        if splitter.waiting_chars > LONGEST_RECORD_BYTES:
            report(splitter.line, "record is too long, or a bracket or quote before it was never closed", "")
            return
    yield from splitter.feed("", final=True)
