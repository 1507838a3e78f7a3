"""How well are the answers ranked? nDCG@10, MRR@10 and recall@100 over topics with judgments.

Works with any ranking function, ours or another. A test set is a folder in BEIR layout
(https://github.com/beir-cellar/beir): `queries.jsonl` (`_id`, `text`), `qrels.tsv` (header row, then
query id, article id, grade) and, where the set has articles of its own, `corpus.jsonl` (`_id`,
`title`, `text`). `corpus_reader` indexes those in a temporary folder; sets without a corpus are
asked of the live index.

Conventions are those of trec_eval, which BEIR uses: the gain of an article is its grade (linear,
not 2^grade - 1; for grades 0 and 1 the two agree), the discount log2(rank + 1), the ideal order is
that of all judged articles, and an unjudged article counts as grade 0. A grade above 0 is
relevant. Queries without a relevant article are left out of the means.
(Järvelin & Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4).)
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

from searchapp.article import Article
from searchapp.corpus import content_hash
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.base import Reader
from searchapp.engines.whoosh.generations import read_manifest
from searchapp.engines.whoosh.reader import WhooshReader
from searchapp.engines.whoosh.writer import GenerationWriter, build_batch
from searchapp.errors import ConfigError, CorpusError, QueryError
from searchapp.query import And, Clause, Match, Query, Words

Topics = Mapping[str, str]
Qrels = Mapping[str, Mapping[str, int]]
Search = Callable[[str, int], Sequence[str]]

# Articles in one segment while a corpus is indexed; only memory depends on it.
BATCH_ARTICLES = 5000
NDCG_DEPTH = 10
RECALL_DEPTH = 100


@dataclass(frozen=True, slots=True)
class QueryScores:
    """Scores of one query, each 0..1. `shown` articles of the first ten, of which `unjudged`
    have no grade for this query."""

    ndcg_10: float
    mrr_10: float
    recall_100: float
    shown: int
    unjudged: int


@dataclass(frozen=True, slots=True)
class RankingScores:
    """Means over the queries of `by_query` (0 when there are none).

    `unjudged_10`: share of all articles shown in the first ten that nobody judged; the higher it
    is, the less the other figures say. `skipped`: topics without a relevant article. `refused`:
    queries that the search could not understand; they score 0.
    """

    ndcg_10: float
    mrr_10: float
    recall_100: float
    unjudged_10: float
    skipped: int = 0
    refused: int = 0
    by_query: Mapping[str, QueryScores] = field(default_factory=dict)

    @property
    def queries(self) -> int:
        """How many queries the means are over."""
        return len(self.by_query)


def evaluate(topics: Topics, qrels: Qrels, search: Search) -> RankingScores:
    """Scores of `search(text, depth) -> ids, best first` over `topics` (query id -> text).

    `qrels`: query id -> article id -> grade; those of other queries are ignored.
    """
    by_query: dict[str, QueryScores] = {}
    skipped = refused = 0
    for ident, text in topics.items():
        judged = qrels.get(ident, {})
        if not any(grade > 0 for grade in judged.values()):
            skipped += 1
            continue
        try:
            ranking = search(text, RECALL_DEPTH)
        except QueryError:
            refused += 1
            ranking = ()
        by_query[ident] = score_query(ranking, judged)
    return _means(by_query, skipped, refused)


def score_query(ranking: Sequence[str], judged: Mapping[str, int]) -> QueryScores:
    """Scores of one ranking (ids, best first; only the first place of a repeated id counts)."""
    ids = list(dict.fromkeys(ranking))
    grades = [max(judged.get(ident, 0), 0) for ident in ids[:RECALL_DEPTH]]
    ideal = sorted((grade for grade in judged.values() if grade > 0), reverse=True)
    first = next((rank for rank, grade in enumerate(grades[:NDCG_DEPTH], 1) if grade), None)
    top = ids[:NDCG_DEPTH]
    return QueryScores(
        ndcg_10=_dcg(grades) / _dcg(ideal) if ideal else 0.0,
        mrr_10=1 / first if first else 0.0,
        recall_100=sum(grade > 0 for grade in grades) / len(ideal) if ideal else 0.0,
        shown=len(top),
        unjudged=sum(ident not in judged for ident in top),
    )


def _dcg(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades[:NDCG_DEPTH], 1))


def _means(by_query: Mapping[str, QueryScores], skipped: int, refused: int) -> RankingScores:
    scores = list(by_query.values())
    shown = sum(score.shown for score in scores)
    return RankingScores(
        ndcg_10=fmean(score.ndcg_10 for score in scores) if scores else 0.0,
        mrr_10=fmean(score.mrr_10 for score in scores) if scores else 0.0,
        recall_100=fmean(score.recall_100 for score in scores) if scores else 0.0,
        unjudged_10=sum(score.unjudged for score in scores) / shown if shown else 0.0,
        skipped=skipped,
        refused=refused,
        by_query=by_query,
    )


def read_topics(folder: Path, most: int | None = None) -> dict[str, str]:
    """Query id -> text of the first `most` (all when None) lines of `queries.jsonl`.

    Raises ConfigError when the file is missing, CorpusError for a line that cannot be read.
    """
    path = folder / "queries.jsonl"
    records = islice(_records(path, ("_id", "text")), most)
    return {record["_id"]: record["text"] for record in records}


def read_qrels(folder: Path) -> dict[str, dict[str, int]]:
    """Query id -> article id -> grade from `qrels.tsv`; errors as in `read_topics`."""
    path = folder / "qrels.tsv"
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        parts = line.split("\t")
        if number == 1 and len(parts) == 3 and not _is_grade(parts[2]):
            continue
        if len(parts) != 3 or not _is_grade(parts[2]):
            raise CorpusError(str(path), number, "not a query id, an article id and a whole number")
        qrels.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    return qrels


def has_corpus(folder: Path) -> bool:
    """Whether the set brings its own articles; otherwise it is about those of the live index."""
    return (folder / "corpus.jsonl").is_file()


def read_corpus(folder: Path) -> Iterator[Article]:
    """Articles of `corpus.jsonl`, one at a time; errors as in `read_topics`."""
    for record in _records(folder / "corpus.jsonl", ("_id", "title", "text")):
        yield Article(record["_id"], record["title"], record["text"])


def read_labels(path: Path) -> Iterator[dict[str, Any]]:
    """Labelled articles for `evaluate_entities`, one object a line; errors as in `read_topics`."""
    yield from _records(path, ("id", "text"))


@contextlib.contextmanager
def corpus_reader(folder: Path) -> Iterator[Reader]:
    """The articles of `corpus.jsonl` in a temporary index, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="searchapp-evaluate-") as index:
        reader = index_articles(read_corpus(folder), Path(index))
        yield reader
        reader.close()


def index_articles(articles: Iterable[Article], index: Path) -> WhooshReader:
    """A reader of `articles` in the empty folder `index`. Ranking does not depend on counties and
    officials, so none are looked for."""
    dictionaries = load_dictionaries()
    left = iter(articles)
    writer = GenerationWriter(index)
    for number in itertools.count():
        batch = list(islice(left, BATCH_ARTICLES))
        if not batch and number:
            break
        digests = [content_hash(article) for article in batch]
        writer.add([build_batch(writer.folder, number, batch, digests, dictionaries.cutter)])
    writer.merge()
    name = writer.commit(dictionaries.fingerprints)
    return WhooshReader(index / name, read_manifest(index, name), dictionaries.cutter)


def reader_search(reader: Reader, match: Match = "any") -> Search:
    """Asks `reader` as a person would who types the text of a topic."""

    def search(text: str, depth: int) -> list[str]:
        query = Query(text, plain_clause(text), match=match, size=depth, facets=False)
        return [hit.article.id for hit in reader.search(query).hits]

    return search


def plain_clause(text: str) -> Clause:
    """`text` as words and nothing but words: quotes, brackets and signs in it are no operators."""
    pieces = [Words(match[0], position=match.start()) for match in re.finditer(r"\S+", text)]
    if not pieces:
        raise QueryError("no words in the query", 0)
    return And(tuple(pieces))


def _is_grade(text: str) -> bool:
    return text.strip().removeprefix("-").isdecimal()


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank."""
    if not path.is_file():
        raise ConfigError(f"{path}: no such file; a test set needs queries.jsonl and qrels.tsv")
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise CorpusError(str(path), 0, f"not UTF-8: {error.reason} at byte {error.start}") from None


def _records(path: Path, fields: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Objects of a JSON-lines file that hold `fields` as strings; a missing title is empty."""
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise CorpusError(str(path), number, "not a JSON object") from None
        if not isinstance(record, dict):
            raise CorpusError(str(path), number, "not a JSON object")
        record.setdefault("title", "")
        for name in fields:
            if not isinstance(record.get(name), str):
                raise CorpusError(str(path), number, f"{name} is not a string")
        yield record


def format_table(rows: Mapping[str, RankingScores]) -> str:
    """The scores of several sets or engines as lines of text, names on the left."""
    heads = ("", "queries", "nDCG@10", "MRR@10", "recall@100", "unjudged@10", "skipped", "refused")
    lines = [heads, *(_cells(name, scores) for name, scores in rows.items())]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_aligned(line, widths) for line in lines)


def _cells(name: str, scores: RankingScores) -> tuple[str, ...]:
    figures = (scores.ndcg_10, scores.mrr_10, scores.recall_100)
    return (
        name,
        str(scores.queries),
        *(f"{figure:.4f}" for figure in figures),
        f"{scores.unjudged_10:.1%}",
        str(scores.skipped),
        str(scores.refused),
    )


def _width(text: str) -> int:
    """Columns of a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *figures = cells
    padded = [name + " " * (widths[0] - _width(name))]
    padded += [text.rjust(width) for text, width in zip(figures, widths[1:], strict=True)]
    return "  ".join(padded).rstrip()
