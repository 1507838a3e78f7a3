"""Use case 1: a corpus -> annotated articles -> segments -> a new generation that goes live.

The main process reads and deals out batches, and at the end checks and publishes; worker processes
build the batches, merge them, and write what is offered while typing. Memory is bounded by the batch
size and the number of workers, whatever the corpus.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.corpus import Meter, check_paths, content_hash, measure, read_articles
from searchapp.dictionaries import Dictionaries, load_dictionaries
from searchapp.engines.whoosh.generations import current_name, read_manifest, write_lock
from searchapp.engines.whoosh.parts import Files
from searchapp.engines.whoosh.writer import GenerationWriter, Task
from searchapp.errors import ConfigError, CorpusError, IndexStale
from searchapp.offers import OFFER_FILES
from searchapp.schema import ALIASES_FILE
from searchapp.workers import Workers, allow_open_files, offer

BATCH_ARTICLES = 1000
BATCH_CHARS = 625_000
Progress = Callable[[str, int, int], None]
"""Called with the phase ("read", "merge", "publish"), what is done and what there is (0 = unknown)."""


@dataclass
class IndexReport:
    """What a run did. `rejected` and `repeated` are never silent: the caller prints them."""

    generation: str = ""
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    repeated: int = 0
    rejected: int = 0
    articles: int = 0
    statements: int = 0
    seconds: float = 0.0
    changes: tuple[str, ...] = ()
    rejects: list[str] = field(default_factory=list)


MOST_REJECTS_SHOWN = 20
FEW_CHANGED = 0.02


def reindex(
    paths: Sequence[str],
    settings: Settings,
    *,
    update: bool = False,
    prune: bool = False,
    strict: bool = False,
    sample: bool = False,
    on_reject: Callable[[CorpusError, str], None] | None = None,
    progress: Progress | None = None,
) -> IndexReport:
    """Read `paths` into a new generation of the index in `settings.index` and make it live.

    `update` builds upon the live generation: unchanged articles cost a hash, `prune` also removes
    those that `paths` no longer hold. `strict` turns the first reject into its CorpusError.
    Raises ConfigError, CorpusError, IndexLocked, IndexStale; the live generation is then untouched.
    """
    if prune and not update:
        raise ConfigError("--prune goes with --update: without it the whole index is built anew")
    began = time.perf_counter()
    allow_open_files()
    with write_lock(settings.index):
        dictionaries = load_dictionaries(settings.aliases)
        run = _Run(settings, dictionaries, update, strict, on_reject, progress or (lambda *_: None))
        try:
            with Workers(settings) as workers:
                run.index(paths, prune, workers)
                report = run.publish(sample, workers)
        except BaseException:
            run.writer.rollback()
            raise
    report.seconds = time.perf_counter() - began
    return report


class _Run:
    """One run of `reindex`."""

    def __init__(
        self,
        settings: Settings,
        dictionaries: Dictionaries,
        update: bool,
        strict: bool,
        on_reject: Callable[[CorpusError, str], None] | None,
        progress: Progress,
    ) -> None:
        self.settings = settings
        self.dictionaries = dictionaries
        self.strict = strict
        self.on_reject = on_reject
        self.progress = progress
        self.report = IndexReport(changes=dictionaries.changes)
        base = None
        if update:
            base = read_manifest(settings.index, current_name(settings.index))
            if base.fingerprints != dictionaries.fingerprints:
                raise IndexStale(
                    "the live index was built with another dictionary, gazetteer or version; "
                    "run reindex without --update once"
                )
        self.writer = GenerationWriter(settings.index, base)
        self.known = self.writer.snapshots()[0] if base else None
        self.seen: dict[str, tuple[int, int]] = {}
        self.dead_rows: dict[int, list[int]] = {}
        self.replaced: set[str] = set()
        self.meter = Meter()

    def index(self, paths: Sequence[str], prune: bool, workers: Workers) -> None:
        check_paths(paths)
        self.meter = measure(paths)
        batches = self._batches(self._new(read_articles(paths, self._reject, self.meter)))
        built = list(workers.build_all(batches, self.writer.folder))
        if prune and self.known is not None:
            gone = {ident for ident in self._known_ids() if ident not in self.seen}
            self.report.removed = self.writer.delete(gone)
        if self.replaced:
            self.writer.delete(self.replaced)
        self.writer.add(built, self.dead_rows)

    def _known_ids(self) -> Iterator[str]:
        assert self.known is not None
        for base, segment in zip(self.known.bases, self.known.segments, strict=False):
            for record, ident in enumerate(segment.ids.all()):
                if self.known.live is None or self.known.live[base + record]:
                    yield ident

    def _reject(self, error: CorpusError, raw: str) -> None:
        self.report.rejected += 1
        if len(self.report.rejects) < MOST_REJECTS_SHOWN:
            self.report.rejects.append(str(error))
        if self.on_reject is not None:
            self.on_reject(error, raw)
        if self.strict:
            raise error

    def _new(self, articles: Iterable[Article]) -> Iterator[tuple[Article, bytes]]:
        """Articles that have to be indexed, with their digests."""
        for article in articles:
            self.report.read += 1
            if self.report.read % 500 == 0:
                self.progress("read", self.report.read, self.meter.expected(self.report.read))
            digest = content_hash(article)
            before = self.known.find(article.id) if self.known is not None else None
            if before is not None and self.known is not None:
                segment, record = self.known.where(before)
                if segment.digest(record) == digest and article.id not in self.replaced:
                    self.report.unchanged += 1
                    self.seen.setdefault(article.id, (-1, -1))
                    continue
                self.replaced.add(article.id)
            yield article, digest

    def _batches(self, articles: Iterable[tuple[Article, bytes]]) -> Iterator[list[tuple[Article, bytes]]]:
        batch: list[tuple[Article, bytes]] = []
        number, chars = 0, 0
        for article, digest in articles:
            self._note(article.id, number, len(batch))
            batch.append((article, digest))
            chars += len(article.text) + len(article.title)
            if len(batch) >= BATCH_ARTICLES or chars >= BATCH_CHARS:
                yield batch
                batch, chars, number = [], 0, number + 1
        if batch:
            yield batch

    def _note(self, ident: str, number: int, row: int) -> None:
        """Remember where an id stands; the later of two articles with one id wins."""
        earlier = self.seen.get(ident)
        if earlier is not None:
            self.report.repeated += 1
            if earlier[0] >= 0:
                self.dead_rows.setdefault(earlier[0], []).append(earlier[1])
        elif ident in self.replaced:
            self.report.changed += 1
        else:
            self.report.added += 1
        self.seen[ident] = (number, row)

    def publish(self, sample: bool, workers: Workers) -> IndexReport:
        self.progress("merge", 0, 0)
        unoffered = self._carry_offers()
        self.writer.merge(workers.map, self._offers if unoffered is None else lambda files: ())
        self.progress("publish", 0, 0)
        if self.settings.aliases is not None:
            shutil.copyfile(self.settings.aliases, self.writer.folder / ALIASES_FILE)
        extra = {"changes": list(self.dictionaries.changes), "unoffered": unoffered or 0}
        counts = self.writer.live_counts()
        self.report.generation = self.writer.commit(self.dictionaries.fingerprints, sample, extra)
        self.report.articles, self.report.statements = counts["articles"], counts["statements"]
        return self.report

    def _carry_offers(self) -> int | None:
        """Carry over what is offered while one types, when little has changed since it was written.

        Returns how many articles have; None when it has to be written anew. With FEW_CHANGED of all
        articles or fewer, the ten seconds that it takes for 140,000 articles are not spent.
        """
        base, report = self.writer.base, self.report
        if base is None:
            return None
        changed = int(base.extra.get("unoffered", 0)) + report.added + report.changed + report.removed
        if changed > FEW_CHANGED * self.writer.live_counts()["articles"]:
            return None
        for name in base.files:
            if name.startswith(OFFER_FILES):
                self.writer.carry(name)
        return changed

    def _offers(self, articles: Files) -> list[Task]:
        """What writes the offers of the articles in these segments."""
        return [partial(offer, self.writer.folder, articles)]


def delete_articles(ids: Sequence[str], settings: Settings) -> int:
    """Take articles out of the live index; how many were there. Raises IndexMissing."""
    current_name(settings.index)
    with write_lock(settings.index):
        base = read_manifest(settings.index, current_name(settings.index))
        writer = GenerationWriter(settings.index, base)
        try:
            count = writer.delete(ids)
            if not count:
                writer.rollback()
                return 0
            writer.merge()
            for name in base.files:
                if name.startswith((*OFFER_FILES, ALIASES_FILE)):
                    writer.carry(name)
            writer.commit(base.fingerprints, base.sample, base.extra)
        except BaseException:
            writer.rollback()
            raise
    return count
