"""The processes that share the work of a run: who annotates, builds, merges and writes offers?

A worker loads the dictionaries once. It annotates, cuts and builds one small segment a batch while
the main process reads on; when all batches are built it merges them and writes offers.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.dictionaries import Dictionaries, load_dictionaries
from searchapp.engines.whoosh.parts import Files, open_snapshot
from searchapp.engines.whoosh.writer import Batch, build_batch
from searchapp.offers import write_offers

# As many as every system with such limits allows.
MOST_OPEN_FILES = 10_240
_worker: Dictionaries | None = None


def _start_worker(aliases: Path | None) -> None:
    global _worker
    _worker = load_dictionaries(aliases)


def _start_process(aliases: Path | None) -> None:
    _start_worker(aliases)
    # What was loaded stays, and a batch makes no cycles worth looking for all the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _build(folder: Path, number: int, batch: list[tuple[Article, bytes]]) -> Batch:
    assert _worker is not None, "the worker was not started"
    articles = [_worker.annotator.annotate(article) for article, _ in batch]
    return build_batch(folder, number, articles, [digest for _, digest in batch], _worker.cutter)


def offer(folder: Path, files: Files) -> None:
    """Write what the articles in `files` let one offer while one types into `folder`."""
    assert _worker is not None, "the worker was not started"
    write_offers(folder, open_snapshot(files), _worker.gazetteer)


def allow_open_files() -> None:
    """Let this process and those it starts open as many files as the system lets them, where it has such
    limits: a merge reads the segments of all batches at once, a thousand for a million articles."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY:
            most = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


class Workers:
    """The processes of a run, kept to its end; with one, or one batch only, this process."""

    def __init__(self, settings: Settings) -> None:
        self._aliases = settings.aliases
        self._count = settings.workers or min(4, multiprocessing.cpu_count())
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def build_all(self, batches: Iterator[list[tuple[Article, bytes]]], folder: Path) -> Iterator[Batch]:
        """Build every batch."""
        first = list(itertools.islice(batches, 2))
        every = enumerate(itertools.chain(first, batches))
        if self._count == 1 or len(first) < 2:
            _start_worker(self._aliases)
            yield from (_build(folder, number, batch) for number, batch in every)
            return
        context = multiprocessing.get_context("spawn")
        pool = self._pool = ProcessPoolExecutor(self._count, context, _start_process, (self._aliases,))
        waiting: set[Future[Batch]] = set()
        for number, batch in every:
            waiting.add(pool.submit(_build, folder, number, batch))
            # One batch more than workers is under way, so memory does not grow with the corpus.
            if len(waiting) > self._count:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        yield from (future.result() for future in waiting)

    def map(self, do: Callable[[Any], None], tasks: Sequence[Any]) -> Iterator[None]:
        """Do every task, side by side where there are processes."""
        return self._pool.map(do, tasks) if self._pool is not None and len(tasks) > 1 else map(do, tasks)
