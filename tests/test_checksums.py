"""CRC-32 of pieces put together, against zlib over the whole."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.checksums import joined_crc
from searchapp.engines.whoosh.generations import checksum


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(0, 3))
def test_two_pieces_have_the_crc_of_the_whole(first: bytes, second: bytes, zeros: int) -> None:
    second += bytes(1000 * zeros)
    assert joined_crc(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


def test_a_file_of_arrays_has_the_checksum_that_reading_it_gives(tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / f"{number}.arrays"
        with ArrayWriter(path) as writer:
            for at in range(number):
                writer.add(f"numbers {at}", np.arange(100 * at, dtype=np.uint32))
                writer.begin(f"chunks {at}", "u2")
                writer.append(np.arange(7, dtype=np.uint16))
                writer.append(np.arange(70_000, dtype=np.uint16))
        assert ArrayFile(path).checksum() == checksum(path)
