"""Named arrays in one file, memory-mapped: how is a segment laid out on disk?

Layout, all little-endian: 8 bytes of magic; the arrays one after the other, each at a multiple of
64 bytes; a JSON directory {name: [dtype, offset, count, crc32]}; its length (uint64), its CRC-32
(uint32) and the magic again. No pickle. A file is written once and never changed.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.checksums import joined_crc
from searchapp.errors import IndexDamaged

MAGIC = b"SEARCHA1"
ALIGN = 64
TAIL = struct.Struct("<QI8s")
AnyArray = npt.NDArray[Any]


class ArrayWriter:
    """Writes one file of arrays; an array may be added whole or in chunks (`begin`, `append`)."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self._file = path.open("xb")
        self._file.write(MAGIC)
        self._directory: dict[str, list[Any]] = {}
        self._open: list[Any] | None = None

    def __enter__(self) -> ArrayWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is None:
            self.finish()
        else:
            self._file.close()

    def begin(self, name: str, dtype: str) -> None:
        """Open the array `name`; what `append` gets belongs to it until the next `begin`."""
        padding = -self._file.tell() % ALIGN
        self._file.write(b"\0" * padding)
        self._open = [np.dtype(dtype).newbyteorder("<").str, self._file.tell(), 0, 0]
        self._directory[name] = self._open

    def append(self, chunk: AnyArray | bytes) -> None:
        """Add values to the open array; cast to its type, which must hold them."""
        assert self._open is not None, "append before begin"
        dtype = np.dtype(self._open[0])
        # Viewed, not copied: a chunk may be as large as the array.
        data = memoryview(chunk) if isinstance(chunk, bytes) else _octets(chunk, dtype).data
        self._open[2] += len(data) // dtype.itemsize
        self._open[3] = zlib.crc32(data, self._open[3])
        self._file.write(data)

    def add(self, name: str, array: AnyArray) -> None:
        """One whole array."""
        self.begin(name, array.dtype.str)
        self.append(array)

    def add_bytes(self, name: str, data: bytes) -> None:
        """One whole array of bytes."""
        self.begin(name, "u1")
        self.append(data)

    def finish(self) -> None:
        """Write the directory and make the file durable."""
        directory = json.dumps(self._directory).encode()
        self._file.write(directory)
        self._file.write(TAIL.pack(len(directory), zlib.crc32(directory), MAGIC))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


def _octets(chunk: AnyArray, dtype: np.dtype[Any]) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(chunk, dtype).reshape(-1).view(np.uint8)


class ArrayFile:
    """A finished file of arrays, mapped read-only and shared between processes.

    Raises IndexDamaged when the file is cut short or its directory does not match its checksum.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise IndexDamaged(f"{path.name}: the file is empty") from error
        self._directory = self._read_directory()

    def _read_directory(self) -> dict[str, list[Any]]:
        size = len(self._map)
        if size < len(MAGIC) + TAIL.size or self._map[: len(MAGIC)] != MAGIC:
            raise IndexDamaged(f"{self.path.name}: not a segment file")
        length, crc, magic = TAIL.unpack(self._map[size - TAIL.size :])
        start = size - TAIL.size - length
        directory = self._map[max(start, 0) : size - TAIL.size]
        if magic != MAGIC or start < 0 or zlib.crc32(directory) != crc:
            raise IndexDamaged(f"{self.path.name}: cut short or changed")
        loaded: dict[str, list[Any]] = json.loads(directory)
        return loaded

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __getitem__(self, name: str) -> AnyArray:
        """The array `name`, a view into the file."""
        dtype, offset, count, _ = self._directory[name]
        return np.frombuffer(self._map, dtype=np.dtype(dtype), count=count, offset=offset)

    def names(self) -> Iterator[str]:
        """Names of all arrays."""
        return iter(self._directory)

    def size_bytes(self, name: str) -> int:
        """Bytes that the array takes in the file."""
        dtype, _, count, _ = self._directory[name]
        return int(np.dtype(dtype).itemsize * count)

    def let_go(self) -> None:
        """Give back the memory of what has been read; the pages stay in the system's cache."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def verify(self) -> None:
        """Read every array and compare its CRC-32; raises IndexDamaged naming the first that differs."""
        for name, (dtype, offset, count, crc) in self._directory.items():
            size = np.dtype(dtype).itemsize * count
            if zlib.crc32(memoryview(self._map)[offset : offset + size]) != crc:
                raise IndexDamaged(f"{self.path.name}: array {name} does not match its checksum")

    def checksum(self) -> list[int]:
        """[bytes, CRC-32] of the whole file, from those of its arrays: what they hold is not read again."""
        crc = end = 0
        for dtype, offset, count, own in self._directory.values():
            crc = zlib.crc32(self._map[end:offset], crc)
            size = np.dtype(dtype).itemsize * count
            crc, end = joined_crc(crc, own, size), offset + size
        return [len(self._map), zlib.crc32(self._map[end:], crc)]
