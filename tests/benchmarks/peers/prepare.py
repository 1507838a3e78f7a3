"""Articles as searchapp sees them, for the peers: annotated, cut into the same tokens.

The peers take the records that searchapp's own engine takes (`engines.records`), made in the same
number of worker processes, so that only the engines differ.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from peers.base import FACETS
from searchapp.analysis.normalise import squeeze
from searchapp.article import Article
from searchapp.corpus import read_articles
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.records import article_record
from searchapp.errors import CorpusError

BATCH_ARTICLES = 500
FIELD_BORDER = "\u241f"
"""A token between the bigrams of title and text, so that no phrase runs across."""
NO_VALUE = "-"
"""The value of an article that has none, so that missing ones are counted like the rest."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One article, its tokens joined by single spaces; `run` are the bigrams of title and text."""

    id: str
    title_words: str
    text_words: str
    run: str
    date: str
    facets: dict[str, tuple[str, ...]]
    stored: bytes


def grams(text: str) -> list[str]:
    """Bigrams of the squeezed text."""
    run = squeeze(text)
    return [run[at : at + 2] for at in range(len(run) - 1)]


def cover(run: str) -> list[tuple[int, str]]:
    """(position, bigram) of as few bigrams as hold every character of the squeezed `run`."""
    offsets = [*range(0, len(run) - 1, 2)]
    if len(run) % 2:
        offsets.append(len(run) - 2)
    return [(at, run[at : at + 2]) for at in offsets]


def prepare(articles: list[Article]) -> list[Prepared]:
    """Annotate and cut one batch."""
    dictionaries = load_dictionaries()
    cutter = dictionaries.cutter
    prepared = []
    for article in articles:
        record = article_record(dictionaries.annotator.annotate(article))
        run = [*grams(article.title), FIELD_BORDER, *grams(article.text)]
        prepared.append(
            Prepared(
                article.id,
                " ".join(cutter.cut(article.title)),
                " ".join(cutter.cut(article.text)),
                " ".join(run),
                article.date,
                {name: record.facets[name] or (NO_VALUE,) for name in FACETS},
                record.stored,
            )
        )
    return prepared


def prepare_all(articles: Path, workers: int) -> Iterator[Prepared]:
    """Every article of the file, prepared in `workers` processes, in any order."""
    source = read_articles([str(articles)], _refuse)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        waiting: set[Future[list[Prepared]]] = set()
        while batch := list(islice(source, BATCH_ARTICLES)):
            waiting.add(pool.submit(prepare, batch))
            # Bounded, so that memory does not grow with the corpus.
            if len(waiting) > 2 * workers:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        for future in waiting:
            yield from future.result()


def _refuse(error: CorpusError, raw: str) -> None:
    raise error
