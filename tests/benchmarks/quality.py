"""How well does searchapp rank, beside plain BM25, tantivy and stock Whoosh? One markdown table.

    python tests/benchmarks/quality.py --data ../shared/data

Every engine indexes the same articles and is asked the same queries as plain words, any of which may
match. `ir/` under --data holds the test sets in BEIR layout. Sets without a corpus of their own are
asked of news.jsonl.xz: `newsroom` of all articles, `xwlb_headline` of the cctv_xwlb articles without
their titles. Stock Whoosh is left out of these two, since indexing alone takes it hours; their
"sample" rows give every engine the judged articles and a random choice of the others.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.words import WordCutter
from searchapp.article import Article
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.whoosh.generations import current_name, read_manifest
from searchapp.engines.whoosh.matching import Matcher
from searchapp.engines.whoosh.parts import open_snapshots
from searchapp.engines.whoosh.ranking import Ranker
from searchapp.engines.whoosh.relaxing import any_clause
from searchapp.engines.whoosh.run_cache import RunCache
from searchapp.engines.whoosh.weights import Weights
from searchapp.evaluate import (
    Qrels,
    Search,
    Topics,
    evaluate,
    has_corpus,
    index_articles,
    plain_clause,
    read_corpus,
    read_qrels,
    read_topics,
    reader_search,
)

PLAIN = Weights(
    k1=1.2,
    b_title=0.75,
    b_text=0.75,
    title=1.0,
    lead=0.0,
    word=1.0,
    long_word=1.0,
    gram=1.0,
    counted=0.0,
    label=1.0,
    question=1.0,
)
TANTIVY_HEAP_BYTES = 500_000_000
STOCK_MOST = 5000


@dataclass(frozen=True)
class TestSet:
    """Queries with judgments, and the articles to find them in."""

    name: str
    topics: Topics
    qrels: Qrels
    articles: Sequence[Article]


def test_sets(data: Path, names: Sequence[str], queries: int, sample: int) -> Iterator[TestSet]:
    """The sets called `names` (all when empty), at most `queries` of each."""
    for folder in sorted(path for path in (data / "ir").iterdir() if path.is_dir()):
        if names and folder.name not in names:
            continue
        topics, qrels = read_topics(folder, queries), read_qrels(folder)
        if has_corpus(folder):
            yield TestSet(folder.name, topics, qrels, list(read_corpus(folder)))
            continue
        articles = list(_news(data / "news.jsonl.xz", headlines=folder.name == "xwlb_headline"))
        judged = {ident for topic in topics for ident in qrels.get(topic, {})}
        yield TestSet(f"{folder.name}, sample", topics, qrels, _sample(articles, judged, sample))
        yield TestSet(folder.name, topics, qrels, articles)


def _news(path: Path, headlines: bool) -> Iterator[Article]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            title, date = record["title"] or "", record["date"] or ""
            if not headlines:
                yield Article(record["id"], title, record["text"], date)
            elif record["source"] == "cctv_xwlb":
                yield Article(record["id"], "", record["text"], date)


def _sample(articles: Sequence[Article], judged: set[str], size: int) -> list[Article]:
    others = [article.id for article in articles if article.id not in judged]
    chosen = judged | set(random.Random(1).sample(others, max(0, min(len(others), size - len(judged)))))
    return [article for article in articles if article.id in chosen]


# ---- engines: articles and a folder -> search -----------------------------------------------


def ours(articles: Iterable[Article], folder: Path) -> Search:
    """searchapp as it serves."""
    return reader_search(index_articles(articles, folder))


def plain_bm25(articles: Iterable[Article], folder: Path) -> Search:
    """searchapp's index with the textbook's parameters; reuses the index of `ours` next door."""
    index = folder.parent / "searchapp"
    manifest = read_manifest(index, current_name(index))
    snapshot, _ = open_snapshots(index / manifest.generation, manifest)
    cutter, cache = load_dictionaries().cutter, RunCache(snapshot)
    matcher, ranker = Matcher(snapshot, cutter, cache), Ranker(snapshot, cutter, cache, PLAIN)

    def search(text: str, depth: int) -> list[str]:
        clause = plain_clause(text)
        records = matcher.match(any_clause(clause, cutter))
        best = records[np.argsort(-ranker.scores(clause, records), kind="stable")[:depth]]
        places = [snapshot.where(int(record)) for record in best]
        return [segment.ids[local] for segment, local in places]

    return search


def tantivy(articles: Iterable[Article], folder: Path) -> Search:
    """tantivy's BM25 over the same words and bigrams, in title and text as two fields."""
    import tantivy as peer

    cutter = load_dictionaries().cutter
    builder = peer.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name="spaces", index_option="freq")
    schema = builder.build()
    index = peer.Index(schema, str(folder))
    index.register_tokenizer("spaces", peer.TextAnalyzerBuilder(peer.Tokenizer.whitespace()).build())
    writer = index.writer(TANTIVY_HEAP_BYTES, 1)
    for article in articles:
        fields = {name: " ".join(_tokens(getattr(article, name), cutter)) for name in ("title", "text")}
        writer.add_document(peer.Document(id=article.id, **fields))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(text: str, depth: int) -> list[str]:
        terms: list[tuple[peer.Occur, peer.Query]] = []
        for token in dict.fromkeys(_tokens(text, cutter)):
            for field in ("title", "text"):
                terms.append((peer.Occur.Should, peer.Query.term_query(schema, field, token, "freq")))
        found = searcher.search(peer.Query.boolean_query(terms), depth)
        return [searcher.doc(address)["id"][0] for _, address in found.hits]

    return search


def _tokens(text: str, cutter: WordCutter) -> list[str]:
    """Words and bigrams; a word and a bigram of the same two characters are two tokens."""
    run = squeeze(text)
    grams = (f"{first}{second}" for first, second in pairwise(run))
    return [*cutter.cut(text), *(f"g_{gram}" for gram in grams if gram.isalnum())]


def stock_whoosh(articles: Iterable[Article], folder: Path) -> Search:
    """Whoosh as it comes with jieba's ChineseAnalyzer: BM25F over title and text, OR of the words."""
    from whoosh import fields, index
    from whoosh.qparser.default import MultifieldParser
    from whoosh.qparser.syntax import OrGroup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jieba.analyse import ChineseAnalyzer
    analyzer = ChineseAnalyzer()
    texts = {name: fields.TEXT(analyzer=analyzer) for name in ("title", "text")}
    made = index.create_in(str(folder), fields.Schema(id=fields.ID(stored=True), **texts))
    writer = made.writer()
    for article in articles:
        writer.add_document(id=article.id, title=article.title, text=article.text)
    writer.commit()
    searcher = made.searcher()
    parser = MultifieldParser(["title", "text"], made.schema, group=OrGroup)

    def search(text: str, depth: int) -> list[str]:
        words = re.sub(r"[\W_]+", " ", text)
        return [hit["id"] for hit in searcher.search(parser.parse(words), limit=depth)]

    return search


ENGINES: dict[str, Callable[[Iterable[Article], Path], Search]] = {
    "searchapp": ours,
    "plain BM25": plain_bm25,
    "tantivy": tantivy,
    "stock Whoosh": stock_whoosh,
}


def measure(test_set: TestSet, stock_most: int) -> list[str]:
    """One line of cells: nDCG@10 / MRR@10 / recall@100 of each engine."""
    cells = [test_set.name, f"{len(test_set.articles):,}", f"{len(test_set.topics):,}"]
    with tempfile.TemporaryDirectory(prefix="quality-") as folder:
        for name, engine in ENGINES.items():
            if engine is stock_whoosh and len(test_set.articles) > stock_most:
                cells.append("not measured")
                continue
            place = Path(folder) / name
            place.mkdir()
            began = time.monotonic()
            scores = evaluate(test_set.topics, test_set.qrels, engine(test_set.articles, place))
            cells.append(f"{scores.ndcg_10:.3f} / {scores.mrr_10:.3f} / {scores.recall_100:.3f}")
            print(
                f"{test_set.name}: {name} {cells[-1]}, {scores.unjudged_10:.1%} of the first ten unjudged, "
                f"{time.monotonic() - began:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    return cells


def main() -> None:
    """Print the table; progress goes to standard error."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, required=True, help="folder that holds ir/ and news.jsonl.xz")
    options.add_argument("--sets", default="", help="names of folders under ir/, comma-separated")
    options.add_argument("--queries", type=int, default=400, help="first queries of each set")
    options.add_argument("--sample", type=int, default=3000, help="articles of the sample rows")
    options.add_argument("--stock-most", type=int, default=STOCK_MOST, help="most articles for stock Whoosh")
    asked = options.parse_args()
    heads = ["nDCG@10 / MRR@10 / recall@100", "articles", "queries", *ENGINES]
    print("| " + " | ".join(heads) + " |\n|---" + "|---:" * (len(heads) - 1) + "|", flush=True)
    names = [name for name in asked.sets.split(",") if name]
    for test_set in test_sets(asked.data, names, asked.queries, asked.sample):
        print("| " + " | ".join(measure(test_set, asked.stock_most)) + " |", flush=True)


if __name__ == "__main__":
    main()
