"""The segment files of a generation, each with what is deleted in it: how do they become one collection?"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from searchapp.engines.whoosh.arrays import ArrayFile
from searchapp.engines.whoosh.columns import Strings
from searchapp.engines.whoosh.generations import Manifest
from searchapp.engines.whoosh.layout import record_starts
from searchapp.engines.whoosh.segment import Segment
from searchapp.engines.whoosh.snapshot import Mask, Snapshot

DELETED = "deleted.arrays"
# Segment files in order, each with a mask of the records that live (None = all)
Files: TypeAlias = Sequence[tuple[Path, Mask | None]]


@dataclass
class Part:
    """One segment file of a generation with what is deleted in it.

    Batches are many, so a segment is opened for reading only when it is asked for.
    """

    path: Path
    live: Mask | None = None

    @functools.cached_property
    def segment(self) -> Segment:
        return Segment(self.path)

    @functools.cached_property
    def records(self) -> int:
        return int(json.loads(ArrayFile(self.path)["meta"].tobytes())["records"])

    @property
    def live_records(self) -> int:
        return self.records if self.live is None else int(self.live.sum())

    @property
    def space(self) -> int:
        """Size of the segment's space of positions."""
        arrays = ArrayFile(self.path)
        chars = (arrays[f"run.{field}_chars"].astype(np.int64) for field in ("title", "text"))
        return record_starts(*chars)[1]

    def kill(self, records: Iterable[int]) -> None:
        """Take records out."""
        dead = list(records)
        if dead:
            self.live = np.ones(self.records, np.bool_) if self.live is None else self.live.copy()
            self.live[dead] = False

    def ids(self) -> list[str]:
        """Ids of all records, deleted ones included."""
        return Strings(ArrayFile(self.path), "id").all()


def open_parts(folder: Path, names: Sequence[str]) -> list[Part]:
    """The segments of a generation with their deletions."""
    deleted = ArrayFile(folder / DELETED)
    parts = []
    for name in names:
        part = Part(folder / name)
        if name in deleted:
            part.kill(deleted[name].tolist())
        parts.append(part)
    return parts


def open_snapshot(files: Files) -> Snapshot:
    """Segments as one collection."""
    return snapshot_of([Part(path, live) for path, live in files])


def snapshot_of(parts: Sequence[Part]) -> Snapshot:
    """The segments of `parts` as one collection."""
    return Snapshot([part.segment for part in parts], [part.live for part in parts])


def open_snapshots(folder: Path, manifest: Manifest) -> tuple[Snapshot, Snapshot]:
    """Articles and statements of a generation."""
    return snapshot_of(open_parts(folder, manifest.articles)), snapshot_of(
        open_parts(folder, manifest.statements)
    )
