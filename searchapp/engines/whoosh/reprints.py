"""Signatures of all articles -> groups of reprints: which articles are one text?

Locality-sensitive hashing (Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", 3.4): a
signature is cut into bands; articles that agree in a whole band are compared; those whose share of
equal hashes reaches LEAST_EQUAL are linked, and linked articles are one group. All in numpy.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.analysis.reprints import HASHES
from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.packing import I64, U32
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.query import Collection
from searchapp.schema import COLLECTIONS

FILE = "reprints.arrays"
# 0.75 of the hashes equal: reprints with another dateline, editor's line or caption.
LEAST_EQUAL = 0.75
COMPARED_AT_ONCE = 100_000
Signatures = npt.NDArray[np.uint16]


def group_reprints(signatures: Signatures) -> U32:
    """`signatures`: (records, HASHES). For each record the smallest record of its group."""
    group = np.arange(len(signatures), dtype=np.int64)
    known = np.flatnonzero(signatures.any(axis=1))
    # A band is four hashes of 16 bits, compared as one number of 64.
    bands = np.ascontiguousarray(signatures[known]).view("<u8")
    for band in bands.T:
        left, right = _equal_neighbours(band, known)
        # What an earlier band has linked needs no comparison.
        new = np.flatnonzero(group[left] != group[right])
        left, right = left[new], right[new]
        equal = _resemble(signatures, left, right)
        _join(group, group[left[equal]], group[right[equal]])
    return group.astype(np.uint32)


def _resemble(signatures: Signatures, left: I64, right: I64) -> npt.NDArray[np.bool_]:
    """Whether the records of each pair are reprints; compared in parts, so that memory is bounded."""
    resemble = np.zeros(len(left), np.bool_)
    for at in range(0, len(left), COMPARED_AT_ONCE):
        part = slice(at, at + COMPARED_AT_ONCE)
        resemble[part] = (signatures[left[part]] == signatures[right[part]]).mean(axis=1) >= LEAST_EQUAL
    return resemble


def _shared(band: npt.NDArray[np.uint64]) -> I64:
    """Places of the values that stand in `band` more than once, ascending: few do."""
    # That is a fast sort; only what it finds has to be sorted so that equal values keep their order.
    order = np.argsort(band)
    equal = band[order[1:]] == band[order[:-1]]
    several = np.zeros(len(band), np.bool_)
    several[1:] = equal
    several[:-1] |= equal
    return np.sort(order[several])


def _equal_neighbours(band: npt.NDArray[np.uint64], records: I64) -> tuple[I64, I64]:
    """Pairs of records with one band in common: each with the next and with the first of its run."""
    shared = _shared(band)
    order = shared[np.argsort(band[shared], kind="stable")]
    sorted_band = band[order]
    same = np.flatnonzero(sorted_band[1:] == sorted_band[:-1])
    begins = np.flatnonzero(np.append(True, sorted_band[1:] != sorted_band[:-1]))
    first = begins[np.searchsorted(begins, same, side="right") - 1]
    left = np.concatenate([records[order[same]], records[order[first]]])
    right = np.concatenate([records[order[same + 1]], records[order[same + 1]]])
    return left, right


def _join(group: I64, left: I64, right: I64) -> None:
    """Give all linked records the smallest number among them (labels spread until none changes)."""
    while len(left):
        least = np.minimum(group[left], group[right])
        before = group.copy()
        np.minimum.at(group, left, least)
        np.minimum.at(group, right, least)
        group[:] = group[group]
        if np.array_equal(before, group):
            return


def write_reprints(folder: Path, articles: Snapshot, statements: Snapshot) -> None:
    """Group the live records of both collections and write the groups beside their segments."""
    with ArrayWriter(folder / FILE) as writer:
        writer.add("articles", group_reprints(_signatures(articles)))
        writer.add("statements", group_reprints(_signatures(statements)))


def _signatures(snapshot: Snapshot) -> Signatures:
    """Signatures of all records; deleted ones resemble nothing."""
    parts = [s.arrays["signature"].view("<u2").reshape(-1, HASHES) for s in snapshot.segments]
    signatures = np.concatenate([np.zeros((0, HASHES), np.uint16), *parts])
    return signatures if snapshot.live is None else np.where(snapshot.live[:, None], signatures, np.uint16(0))


def read_reprints(folder: Path) -> dict[Collection, U32]:
    """The group of each record of a generation, by collection; a group is named by its first record."""
    arrays = ArrayFile(folder / FILE)
    return {name: arrays[name] for name in COLLECTIONS}
