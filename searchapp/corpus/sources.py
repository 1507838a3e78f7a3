"""Paths -> byte streams: which files are meant, and how are they unpacked?"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from searchapp.errors import ConfigError

STANDARD_INPUT = "-"
PACKED = (".gz", ".xz")
_GZIP_MAGIC, _XZ_MAGIC = b"\x1f\x8b", b"\xfd7zXZ\x00"
_BUFFER_BYTES = 1 << 18

Report = Callable[[str, str], None]
"""Called with a path and the reason why it is left out."""


@dataclass(slots=True)
class Meter:
    """How far a run has read, in bytes of the files as they lie on disk (0 = unknown)."""

    total_bytes: int = 0
    read_bytes: int = 0

    def expected(self, done: int) -> int:
        """How many there will be in all when `done` came from what was read; 0 when unknown."""
        return round(done * self.total_bytes / self.read_bytes) if self.total_bytes and self.read_bytes else 0


class _MeteredFile(io.FileIO):
    """A file that tells a meter what is read of it."""

    def __init__(self, path: str, meter: Meter) -> None:
        super().__init__(path)
        self._meter = meter

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer) or 0
        self._meter.read_bytes += count
        return count

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size) or b""
        self._meter.read_bytes += len(data)
        return data


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. `name` is its base name without .gz or .xz."""

    path: str
    name: str
    meter: Meter = field(default_factory=Meter)

    @property
    def label(self) -> str:
        """`path` for people: a name that is not UTF-8 can be opened but not printed."""
        return printable(self.path)

    @contextmanager
    def open(self) -> Iterator[io.BufferedReader]:
        """The unpacked bytes of the file. Raises OSError."""
        if self.path == STANDARD_INPUT:
            yield _unpacked(sys.stdin.buffer)  # not ours to close
            return
        with _MeteredFile(self.path, self.meter) as file:
            if self.path.endswith(".gz"):
                with gzip.open(file) as stream:
                    yield _buffered(stream)
            elif self.path.endswith(".xz"):
                with lzma.open(file) as stream:
                    yield _buffered(stream)
            else:
                yield _buffered(file)


def printable(path: str) -> str:
    """`path` with U+FFFD for what is no character."""
    return re.sub("[\ud800-\udfff]", "\ufffd", path)


def check_paths(paths: Sequence[str]) -> None:
    """Raises `ConfigError` that names the first of `paths` that does not exist."""
    for path in paths:
        if "\0" in path or (path != STANDARD_INPUT and not os.path.exists(path)):
            raise ConfigError(f"no such file or folder: {printable(path)!r}")


def measure(paths: Sequence[str]) -> Meter:
    """A meter that knows the size of all files of `paths`; unknown when standard input is among them."""
    if STANDARD_INPUT in paths:
        return Meter()
    sizes = (os.path.getsize(source.path) for source in find_sources(paths, lambda path, reason: None))
    return Meter(sum(sizes))


def find_sources(paths: Sequence[str], report: Report) -> Iterator[Source]:
    """The files of `paths`, folders walked through in order of name; hidden names are skipped.

    A folder is entered once, however many links lead to it.
    """
    entered: set[tuple[int, int]] = set()
    for path in paths:
        if path == STANDARD_INPUT:
            yield Source(path, path)
        elif os.path.isdir(path):
            yield from _walk(path, entered, report)
        else:
            yield from _file(path, report)


def _walk(folder: str, entered: set[tuple[int, int]], report: Report) -> Iterator[Source]:
    try:
        status = os.stat(folder)
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError as error:
        report(folder, f"cannot be read: {error.strerror}")
        return
    if (status.st_dev, status.st_ino) in entered:
        return
    entered.add((status.st_dev, status.st_ino))
    for name in names:
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            yield from _walk(path, entered, report)
        else:
            yield from _file(path, report)


def _file(path: str, report: Report) -> Iterator[Source]:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        report(path, f"cannot be read: {error.strerror}")
        return
    if not stat.S_ISREG(mode):
        report(path, "is not a regular file")
        return
    name = os.path.basename(path)
    base, suffix = os.path.splitext(name)
    yield Source(path, base if suffix in PACKED else name)


def _buffered(stream: BinaryIO | io.BufferedIOBase | io.RawIOBase) -> io.BufferedReader:
    """`stream` with a large buffer; gzip and lzma read single lines slowly without it."""
    return io.BufferedReader(cast(io.RawIOBase, stream), _BUFFER_BYTES)


def _unpacked(stream: BinaryIO) -> io.BufferedReader:
    buffered = stream if isinstance(stream, io.BufferedReader) else _buffered(stream)
    head = buffered.peek(len(_XZ_MAGIC))
    if head.startswith(_GZIP_MAGIC):
        return _buffered(gzip.open(buffered))
    if head.startswith(_XZ_MAGIC):
        return _buffered(lzma.open(buffered))
    return buffered
