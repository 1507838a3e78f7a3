"""Annotated articles -> the next generation: batches become segments, segments are merged, published.

Batches are built by `build_batch`, in as many processes as one likes; everything else happens in
the one process that holds the lock.
"""

from __future__ import annotations

import operator
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from searchapp.analysis.words import WordCutter
from searchapp.article import Article
from searchapp.engines.records import article_record, statement_records
from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter
from searchapp.engines.whoosh.build import build_segment
from searchapp.engines.whoosh.generations import Manifest, checksum, next_name, publish
from searchapp.engines.whoosh.layout import SPACE_LIMIT
from searchapp.engines.whoosh.merge import merge_segments
from searchapp.engines.whoosh.merge_policy import split_to_fit, to_merge
from searchapp.engines.whoosh.parts import DELETED, Files, Part, open_parts, snapshot_of
from searchapp.engines.whoosh.reprints import write_reprints
from searchapp.engines.whoosh.snapshot import Snapshot

ARRAY_FILES = (".articles", ".statements", ".arrays")
Task: TypeAlias = Callable[[], None]
Run: TypeAlias = Callable[[Callable[[Task], None], Sequence[Task]], Iterable[None]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Two segment files built from one batch of articles."""

    number: int
    articles: Path
    statements: Path


@dataclass(frozen=True, slots=True)
class Merge:
    """Segments that become the segment file `path`."""

    path: Path
    parts: Files


def merge_files(merge: Merge) -> None:
    """Write what `merge` says; safe to call in any process."""
    merge_segments(merge.path, [(ArrayFile(path), live) for path, live in merge.parts])


def build_batch(
    folder: Path, number: int, articles: Sequence[Article], digests: Sequence[bytes], cutter: WordCutter
) -> Batch:
    """Build the segments of one batch in `folder`; safe to call in any process."""
    batch = Batch(number, folder / f"batch-{number:05d}.articles", folder / f"batch-{number:05d}.statements")
    records = [article_record(article, digest) for article, digest in zip(articles, digests, strict=True)]
    build_segment(batch.articles, records, cutter)
    said = [record for article in articles for record in statement_records(article)]
    build_segment(batch.statements, said, cutter)
    return batch


@dataclass
class GenerationWriter:
    """Collects batches and deletions for the next generation.

    `base`: folder of the generation to build upon and its manifest, None for a whole new one.
    """

    index: Path
    base: Manifest | None = None
    _articles: list[Part] = field(default_factory=list)
    _statements: list[Part] = field(default_factory=list)
    # Files that go on unchanged from the base, with their checksums.
    _linked: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = next_name(self.index)
        self.folder = self.index / f".building-{self.name}"
        self.folder.mkdir(mode=0o700)
        if self.base is not None:
            source = self.index / self.base.generation
            self._articles = open_parts(source, self.base.articles)
            self._statements = open_parts(source, self.base.statements)

    def delete(self, ids: Iterable[str]) -> int:
        """Take articles and their statements out; how many articles were there."""
        gone = set(ids)
        count = 0
        for part in self._articles:
            dead = [r for i in gone for r in part.segment.find(i) if part.live is None or part.live[r]]
            part.kill(dead)
            count += len(dead)
        for part in self._statements if count else []:
            parents = part.segment.parents.all()
            part.kill(record for record, parent in enumerate(parents) if parent in gone)
        return count

    def add(self, batches: Sequence[Batch], dead_rows: dict[int, list[int]] | None = None) -> None:
        """Take batches in; `dead_rows[number]` are rows of a batch that a later article replaced."""
        for batch in sorted(batches, key=lambda batch: batch.number):
            articles, statements = Part(batch.articles), Part(batch.statements)
            rows = (dead_rows or {}).get(batch.number, [])
            if rows:
                self._kill_rows(articles, statements, rows)
            self._articles.append(articles)
            self._statements.append(statements)

    @staticmethod
    def _kill_rows(articles: Part, statements: Part, rows: list[int]) -> None:
        articles.kill(rows)
        # Ids repeat within the batch, so statements are matched by the article's place in it.
        at, place, last = -1, [], ""
        ids = articles.ids()
        for ident in statements.ids():
            parent, number = ident.rsplit("#", 1)
            if parent != last or number == "0":
                at = ids.index(parent, at + 1)
            last = parent
            place.append(at)
        gone = set(rows)
        statements.kill(record for record, row in enumerate(place) if row in gone)

    def live_counts(self) -> dict[str, int]:
        """How many articles and statements the new generation will hold."""
        return {
            "articles": sum(part.live_records for part in self._articles),
            "statements": sum(part.live_records for part in self._statements),
        }

    def merge(self, run: Run = map, beside: Callable[[Files], Sequence[Task]] = lambda files: ()) -> None:
        """Merge segments by the policy: a new generation into one, an update only what is small.

        `run(do, tasks)` does the tasks as `map` does, in this process or in others. What `beside`
        makes of the segments that hold the articles until then (for `open_snapshot`) is done meanwhile.
        """
        articles: list[Merge] = []
        statements: list[Merge] = []
        self._articles = self._planned(self._articles, "articles", articles)
        self._statements = self._planned(self._statements, "statements", statements)
        merged = {merge.path: merge.parts for merge in articles}
        until = [file for part in self._articles for file in merged.get(part.path, [(part.path, part.live)])]
        # Merging the articles takes longest, so it begins first.
        first, last = ([partial(merge_files, merge) for merge in kind] for kind in (articles, statements))
        for _ in run(operator.call, [*first, *beside(until), *last]):
            pass
        for merge in (*articles, *statements):
            for path, _ in merge.parts:
                if path.parent == self.folder:
                    path.unlink()

    def _planned(self, parts: list[Part], kind: str, merges: list[Merge]) -> list[Part]:
        """The segments that `parts` become; those that have yet to be written are put into `merges`."""
        groups = to_merge([(part.records, part.live_records) for part in parts], whole=self.base is None)
        groups = split_to_fit(groups, [part.space for part in parts], SPACE_LIMIT)
        out: list[Part] = []
        for number, group in enumerate(groups):
            chosen = [parts[at] for at in group]
            if len(chosen) == 1 and (chosen[0].live is None or not _worth_rewriting(chosen[0])):
                out.append(self._keep(chosen[0], kind, number))
                continue
            out.append(Part(self.folder / f"{self.name}-{number:03d}.{kind}"))
            merges.append(Merge(out[-1].path, [(part.path, part.live) for part in chosen]))
        return out

    def _keep(self, part: Part, kind: str, number: int) -> Part:
        """A segment that goes on as it is: linked from its old generation, or renamed."""
        if part.path.parent == self.folder:
            path = self.folder / f"{self.name}-{number:03d}.{kind}"
            os.rename(part.path, path)
        else:
            path = self.folder / part.path.name
            self._link_base(path.name)
        return Part(path, part.live)

    def snapshots(self) -> tuple[Snapshot, Snapshot]:
        """Articles and statements as they will be, for checks before the swap."""
        return snapshot_of(self._articles), snapshot_of(self._statements)

    def carry(self, name: str) -> bool:
        """Link a file of the base generation into this one; whether it was there."""
        if self.base is None or name not in self.base.files:
            return False
        self._link_base(name)
        return True

    def _link_base(self, name: str) -> None:
        assert self.base is not None
        _link(self.index / self.base.generation / name, self.folder / name)
        self._linked[name] = self.base.files[name]

    def commit(
        self, fingerprints: dict[str, str], sample: bool = False, extra: dict[str, Any] | None = None
    ) -> str:
        """Write deletions and manifest, publish; the name of the generation, live from now on."""
        write_reprints(self.folder, *self.snapshots())
        with ArrayWriter(self.folder / DELETED) as writer:
            for part in [*self._articles, *self._statements]:
                if part.live is not None:
                    writer.add(part.path.name, np.flatnonzero(~part.live).astype(np.uint32))
        self._write_tocs(fingerprints.get("analyzer", ""))
        paths = sorted(self.folder.iterdir())
        files = {path.name: self._linked.get(path.name) or _checksum(path) for path in paths}
        manifest = Manifest(
            generation=self.name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprints=fingerprints,
            articles=[part.path.name for part in self._articles],
            statements=[part.path.name for part in self._statements],
            counts=self.live_counts(),
            files=files,
            parent=self.base.generation if self.base else "",
            sample=sample,
            extra=extra or {},
        )
        publish(self.index, self.folder, manifest)
        return self.name

    def _write_tocs(self, fingerprint: str) -> None:
        # Late, because readers import this module and need no Whoosh.
        from searchapp.engines.whoosh.toc import SegmentFile, write_tocs

        articles, statements = (
            [
                SegmentFile(part.path.name, [] if part.live is None else np.flatnonzero(~part.live).tolist())
                for part in parts
            ]
            for parts in (self._articles, self._statements)
        )
        write_tocs(self.folder, articles, statements, fingerprint)

    def rollback(self) -> None:
        """Leave no trace."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _worth_rewriting(part: Part) -> bool:
    return part.live_records < 0.7 * part.records


def _checksum(path: Path) -> list[int]:
    """[bytes, CRC-32] of a file of the new generation; most of its bytes are in files of arrays."""
    return ArrayFile(path).checksum() if path.suffix in ARRAY_FILES else checksum(path)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
