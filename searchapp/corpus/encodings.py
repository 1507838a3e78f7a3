"""Bytes -> text: in which encoding was this file written?

Byte order mark, then strict UTF-8, then charset-normalizer among the encodings in which Chinese
is written. The answer is looked for in the first bytes that are not ASCII, and once per file.
A UTF-8 file with a few damaged bytes stays UTF-8: GB18030 would decode it too, into nonsense.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from searchapp.corpus.records import LONGEST_RECORD_BYTES, Report

_SAMPLE_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_CANDIDATES = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
_WIDE = ("utf-16", "utf-32")
# Of the characters outside ASCII in a damaged UTF-8 file, at most this share may be damaged.
_DAMAGED_AT_MOST = 0.1
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([-\w]{2,20})""", re.IGNORECASE
)
# What an undecodable byte becomes; `surrogateescape` itself refuses bytes below 0x80 (UTF-16).
_LOST = "\udcff"
_ON_ERROR = "searchapp-undecoded"


def _mark_as_lost(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _LOST, error.end


codecs.register_error(_ON_ERROR, _mark_as_lost)


def is_undecoded(text: str) -> bool:
    """Whether `text`, from a `TextStream`, holds bytes that are no characters."""
    return _LOST in text


def with_bytes_lost(text: str) -> str:
    """`text` with every byte that is no character as U+FFFD, for showing to people."""
    return text.replace(_LOST, "\ufffd")


def recognise(sample: bytes) -> str | None:
    """The encoding of `sample`, or None when it is all ASCII and any would do."""
    if sample.isascii() and b"\0" not in sample:
        return None
    if _is_mostly_utf8(sample):
        return "utf-8"
    # A character cut in two at the end of the sample would speak against its encoding.
    whole = sample[: sample.rfind(b"\n") + 1] if len(sample) >= _SAMPLE_BYTES else sample
    from charset_normalizer import from_bytes  # late: it is slow to load, and nearly every file is UTF-8

    found = from_bytes(whole or sample, cp_isolation=_CANDIDATES).best()
    return found.encoding.replace("_", "-") if found else "gb18030"


def _is_mostly_utf8(sample: bytes) -> bool:
    if b"\0" in sample[:64]:
        return False
    text = codecs.getincrementaldecoder("utf-8")(_ON_ERROR).decode(sample)
    damaged = text.count(_LOST)
    foreign = sum(not char.isascii() for char in text) if damaged else 0
    return damaged <= foreign * _DAMAGED_AT_MOST


class TextStream:
    """The text of a byte stream, read forwards once, in the encoding that its head shows.

    Bytes that are no characters come as lone surrogates, see `is_undecoded`.
    """

    def __init__(self, stream: io.BufferedIOBase, *, declared: bool = False) -> None:
        self._stream = stream
        self._head = _read_fully(stream, _SAMPLE_BYTES)
        self.encoding: str | None = None
        for mark, encoding in _MARKS:
            if self._head.startswith(mark):
                self.encoding = encoding
                self._head = self._head[len(mark) :]
                break
        else:
            self.encoding = (declared and _declared(self._head)) or recognise(self._head)

    def chunks(self) -> Iterator[str]:
        """The text in pieces of some 100,000 characters."""
        decoder: codecs.IncrementalDecoder | None = None
        block = self._head
        while block:
            if decoder is None and (self.encoding or not block.isascii()):
                self.encoding = self.encoding or recognise(block) or "utf-8"
                decoder = codecs.getincrementaldecoder(self.encoding)(_ON_ERROR)
            yield decoder.decode(block) if decoder else block.decode("ascii")
            block = self._stream.read(_CHUNK_BYTES)
        if decoder is not None:
            yield decoder.decode(b"", final=True)

    def whole(self, longest: int = LONGEST_RECORD_BYTES) -> str | None:
        """All of it; None when it is longer than `longest` characters."""
        parts, length = [], 0
        for chunk in self.chunks():
            parts.append(chunk)
            length += len(chunk)
            if length > longest:
                return None
        return "".join(parts)

    def lines(self, report: Report) -> Iterator[tuple[int, str]]:
        """Lines with their number from 1, without their line end.

        One that is too long to be held is reported and left out.
        """
        if self.encoding and self.encoding.startswith(_WIDE):
            return self._lines_of_chunks(report)
        return self._lines_of_bytes(report)

    def _lines_of_bytes(self, report: Report) -> Iterator[tuple[int, str]]:
        # In UTF-8, GB18030 and Big5 the byte 0x0A is always a line feed.
        number = 0
        for number, line in enumerate(self._byte_lines(), 1):
            if len(line) > LONGEST_RECORD_BYTES:
                report(number, _too_long(), line[:200].decode("ascii", "replace"))
                continue
            if self.encoding is None and not line.isascii():
                self.encoding = recognise(line)
            yield number, line.decode(self.encoding or "ascii", _ON_ERROR).rstrip("\r\n")

    def _byte_lines(self) -> Iterator[bytes]:
        """Lines of the stream; of one that is too long only a part that is too long as well."""
        head = io.BytesIO(self._head)
        unfinished = b""
        for line in head:
            if not line.endswith(b"\n"):
                unfinished = line
                break
            yield line
        limit = LONGEST_RECORD_BYTES + 1
        while line := unfinished + self._stream.readline(limit):
            unfinished = b""
            yield line
            while len(line) >= limit and not line.endswith(b"\n"):
                line = self._stream.readline(limit)

    def _lines_of_chunks(self, report: Report) -> Iterator[tuple[int, str]]:
        number, rest = 0, ""
        for chunk in self.chunks():
            *lines, rest = (rest + chunk).split("\n")
            for number, line in enumerate(lines, number + 1):  # noqa: B020 - goes on where it stood
                if len(line) > LONGEST_RECORD_BYTES:
                    report(number, _too_long(), line[:200])
                else:
                    yield number, line.rstrip("\r")
            if len(rest) > LONGEST_RECORD_BYTES:
                report(number + 1, _too_long(), rest[:200])
                return
        if rest:
            yield number + 1, rest.rstrip("\r")


def _too_long() -> str:
    return f"record is longer than {LONGEST_RECORD_BYTES >> 20} MiB"


def _declared(head: bytes) -> str | None:
    """The encoding that an HTML page names itself, where Python knows it and the page keeps to it."""
    found = _DECLARED.search(head[:4096])
    if not found:
        return None
    name = found[1].decode("ascii").lower()
    # GB2312 and GBK pages hold characters of their superset.
    name = "gb18030" if name in ("gb2312", "gbk") else name
    try:
        text = codecs.getincrementaldecoder(name)("strict").decode(head)
    except (LookupError, UnicodeDecodeError, AttributeError, TypeError):
        return None
    return name if isinstance(text, str) else None


def _read_fully(stream: io.BufferedIOBase, size: int) -> bytes:
    """`size` bytes, fewer only at the end of the stream: a pipe gives what it has."""
    parts, missing = [], size
    while missing > 0 and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
