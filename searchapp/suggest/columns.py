"""How do arrays and lists of text lie on disk, so that a web worker opens them in milliseconds?

One structure of name `completions` is the files `completions.json` (format number and the length
of every column, written last), `completions.<column>.npy` (plain numpy, never pickle) and, for a
list of texts, its UTF-8 bytes and their offsets as two such arrays. Opening memory-maps them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamaged, IndexStale

Array = npt.NDArray[Any]


def to_bytes(text: str) -> bytes:
    """UTF-8; a lone surrogate, which JSON can bring in, is kept."""
    return text.encode("utf-8", "surrogatepass")


class Texts:
    """A memory-mapped list of byte strings (UTF-8), read one at a time."""

    def __init__(self, data: Array, offsets: Array) -> None:
        self._data = data
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def raw(self, index: int) -> bytes:
        """The UTF-8 bytes of text `index`."""
        return self._data[self._offsets[index] : self._offsets[index + 1]].tobytes()

    def __getitem__(self, index: int) -> str:
        return self.raw(index).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[index] for index in range(len(self)))

    def bisect(self, key: bytes, low: int = 0) -> int:
        """First index from `low` on whose bytes are not below `key` (the list must be sorted)."""
        high = len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low


class Columns:
    """The columns of one structure: `arrays[name]` and `texts[name]`."""

    def __init__(self, arrays: Mapping[str, Array], texts: Mapping[str, Texts]) -> None:
        self.arrays = arrays
        self.texts = texts


def pack_texts(raw: Sequence[bytes]) -> tuple[Array, Array]:
    """`raw` as (bytes end to end, offsets with one more entry than `raw`)."""
    lengths = np.fromiter(map(len, raw), np.int64, len(raw))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return np.frombuffer(b"".join(raw), np.uint8), offsets


def write_columns(
    folder: Path,
    name: str,
    version: int,
    arrays: Mapping[str, Array],
    texts: Mapping[str, Sequence[bytes]],
) -> None:
    """Write one structure into `folder` (made when absent); the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(arrays)
    for column, raw in texts.items():
        files[f"{column}.utf8"], files[f"{column}.offsets"] = pack_texts(raw)
    for column, array in files.items():
        np.save(folder / f"{name}.{column}.npy", array, allow_pickle=False)
    lengths = {column: len(array) for column, array in files.items()}
    meta = {"format": version, "lengths": lengths, "texts": sorted(texts)}
    (folder / f"{name}.json").write_text(json.dumps(meta, sort_keys=True) + "\n", encoding="utf-8")


def open_columns(folder: Path, name: str, version: int) -> Columns:
    """Open what `write_columns` wrote.

    Raises IndexDamaged when a file is absent or is not what the .json says, IndexStale when
    another format wrote it.
    """
    meta = _read_meta(folder / f"{name}.json")
    if meta.get("format") != version:
        raise IndexStale(f"{folder / name}: format {meta.get('format')!r}, this program reads {version}")
    arrays = {
        column: _open_array(folder / f"{name}.{column}.npy", length)
        for column, length in meta["lengths"].items()
    }
    texts = {
        column: Texts(arrays[f"{column}.utf8"], arrays[f"{column}.offsets"]) for column in meta["texts"]
    }
    return Columns(arrays, texts)


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{path}: cannot be read: {error}") from error
    if not isinstance(meta, dict) or not {"format", "lengths", "texts"} <= meta.keys():
        raise IndexDamaged(f"{path}: is not the description of a structure")
    return meta


def _open_array(path: Path, length: int) -> Array:
    try:
        # numpy cannot map an array without entries.
        array = np.load(path, mmap_mode="r" if length else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"{path}: cannot be read: {error}") from error
    if len(array) != length:
        raise IndexDamaged(f"{path}: {len(array)} entries, {length} expected")
    # A plain view: slicing a numpy.memmap object costs several times as much.
    return np.asarray(array)
