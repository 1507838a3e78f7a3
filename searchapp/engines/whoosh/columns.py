"""Facets, identities and stored forms by record: what does this record hold, and which record is it?

Every facet is one column: sorted distinct values, and for each record the numbers of its values
(`.at` has one entry more than records, `.ids` the numbers one after the other).
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.packing import I64, ranges
from searchapp.query import FACETS, FacetName
from searchapp.schema import Record

U32 = npt.NDArray[np.uint32]
DIGEST_BYTES = 16


def day_number(iso: str) -> int:
    """Days since 0001-01-01 of an ISO date, 0 for "" or a date that is not whole."""
    try:
        return date.fromisoformat(iso).toordinal()
    except ValueError:
        return 0


def id_hash(ident: str) -> int:
    """64 bits of an id; look-ups compare the id itself as well."""
    data = ident.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def write_strings(writer: ArrayWriter, name: str, strings: Sequence[str]) -> None:
    """Strings one after the other in UTF-8 with their borders."""
    data = [string.encode("utf-8", "surrogatepass") for string in strings]
    writer.add_bytes(f"{name}.bytes", b"".join(data))
    writer.add(f"{name}.at", np.cumsum([0, *map(len, data)], dtype=np.uint64))


class Strings:
    """Read side of `write_strings`."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self._bytes = arrays[f"{name}.bytes"]
        self._at = arrays[f"{name}.at"]

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, number: int) -> str:
        start, end = int(self._at[number]), int(self._at[number + 1])
        return self._bytes[start:end].tobytes().decode("utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """Every string."""
        data = self._bytes.tobytes()
        at = self._at.tolist()
        return [data[a:b].decode("utf-8", "surrogatepass") for a, b in zip(at[:-1], at[1:], strict=True)]


class FacetColumn:
    """One facet of a segment."""

    def __init__(self, arrays: ArrayFile, name: FacetName) -> None:
        self._arrays = arrays
        self._name = name
        self.at = arrays[f"facet.{name}.at"]
        self.ids = arrays[f"facet.{name}.ids"]

    @functools.cached_property
    def values(self) -> list[str]:
        """Distinct values, sorted; a value's number is its rank."""
        return self.read_values()

    def read_values(self) -> list[str]:
        """`values`, not kept: a merge reads those of a thousand segments."""
        return Strings(self._arrays, f"facet.{self._name}.values").all()


def write_facets(writer: ArrayWriter, records: Sequence[Record]) -> None:
    """The facet columns of a batch of records."""
    for name in FACETS:
        lists = [record.facets.get(name, ()) for record in records]
        values = sorted({value for values in lists for value in values})
        number = {value: rank for rank, value in enumerate(values)}
        ids = np.array([number[value] for values in lists for value in values], np.uint32)
        write_facet(writer, name, values, np.array([len(values) for values in lists], np.int64), ids)


def write_facet(writer: ArrayWriter, name: FacetName, values: Sequence[str], counts: I64, ids: U32) -> None:
    """One column: sorted values, values per record, their numbers."""
    write_strings(writer, f"facet.{name}.values", values)
    writer.add(f"facet.{name}.at", np.cumsum(np.concatenate([[0], counts])).astype(np.uint32))
    narrow = np.uint16 if len(values) <= 0xFFFF else np.uint32
    writer.add(f"facet.{name}.ids", ids.astype(narrow))


def take_rows(at: npt.NDArray[np.unsignedinteger[npt.NBitBase]], keep: I64) -> tuple[I64, I64]:
    """Counts and entry numbers of the rows `keep` of a column with borders `at`."""
    borders = at.astype(np.int64)
    counts = np.diff(borders)[keep]
    return counts, ranges(borders[:-1][keep], counts)


def write_labels(writer: ArrayWriter, labels: dict[str, str]) -> None:
    """What a person sees for a value."""
    writer.add_bytes(
        "labels", json.dumps(labels, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    )


def write_identities(writer: ArrayWriter, ids: Sequence[str], parents: Sequence[str]) -> None:
    """Ids in record order, a sorted table of their hashes, and the ids of the parents."""
    write_strings(writer, "id", ids)
    hashes = np.array([id_hash(ident) for ident in ids], np.uint64)
    order = np.argsort(hashes, kind="stable")
    writer.add("id.hash", hashes[order])
    writer.add("id.record", order.astype(np.uint32))
    write_strings(writer, "parent", parents if any(parents) else [])
