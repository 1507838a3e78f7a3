"""The Whoosh codec: `open_dir` opens a generation, and stock Whoosh reads it as it reads its own.

The reference is stock Whoosh itself: its default codec in memory, with the same schema and
analyzers, fed the same articles in the same segments. Hits, order, totals, groups, term lists and
statistics must be equal, and scores to the last bit.
"""

from __future__ import annotations

import itertools
import json
import lzma
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from engine_fixtures import build
from whoosh import query as q
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex, exists_in, open_dir
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.searching import Results
from whoosh.sorting import FieldFacet, ScoreFacet

from searchapp.analysis.normalise import squeeze
from searchapp.article import Article
from searchapp.corpus import read_articles
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.records import article_record
from searchapp.engines.whoosh.analyzers import run_query, run_value
from searchapp.engines.whoosh.build import build_segment
from searchapp.engines.whoosh.codec import READ_ONLY, ArrayCodec
from searchapp.engines.whoosh.generations import write_lock
from searchapp.engines.whoosh.writer import Batch, GenerationWriter
from searchapp.errors import EngineError
from searchapp.query import FACETS
from searchapp.sample import SamplePaths
from searchapp.schema import Record

ARTICLES = 300
REAL_ARTICLES = 1000
REAL_CHARS = 120
QUERIES = 60
CODES = ("361125", "361024", "990121", "990122", "999001", "110101")
OFFICIALS = ("苏慕华@990121", "陆听禾@990121", "王 甲@990122")
SOURCES = ("示例日报", "Example News", "")


def made_up(sample: Sequence[Article], count: int) -> list[Record]:
    """Articles put together at random from the sample's sentences, with random facets and dates."""
    rng = random.Random(5)
    sentences = [s for a in sample for s in re.split(r"(?<=[。！？\n])", a.text) if s.strip()]
    titles = [a.title for a in sample] + ["", "𠮷䶮 AT&T 3.5%", "县"]
    records = []
    for number in range(count):
        day = date(2021, 1, 1) + timedelta(days=rng.randrange(900))
        article = Article(
            f"made-{number:03d}",
            rng.choice(titles),
            "".join(rng.choices(sentences, k=rng.choice((0, 1, 2, 5, 9)))),
            day.isoformat() if rng.random() < 0.9 else "",
            rng.choice(SOURCES),
            f"https://news.example/{number}" if number % 3 else "",
        )
        codes = rng.sample(CODES, rng.choice((0, 1, 1, 3)))
        record = article_record(article)
        places = {
            "county": tuple(codes),
            "city": tuple(dict.fromkeys(code[:4] for code in codes)),
            "province": tuple(dict.fromkeys(code[:2] for code in codes)),
            "official": tuple(rng.sample(OFFICIALS, rng.choice((0, 1, 2)))),
        }
        records.append(replace(record, facets={**record.facets, **places}))  # type: ignore[arg-type]
    return records


@dataclass(frozen=True)
class Pair:
    """The same records in a generation and in a stock index."""

    folder: Path
    ours: FileIndex
    stock: FileIndex
    records: list[Record]
    deleted: frozenset[int]


def pair(index: Path, records: list[Record], segments: int, deleted: Sequence[int] = ()) -> Pair:
    """Both indexes in `segments` segments, without the records number `deleted`."""
    step = -(-len(records) // segments)
    parts = [records[at : at + step] for at in range(0, len(records), step)]
    folder = write_generation(index, parts, [records[number].id for number in deleted])
    ours = open_dir(str(folder))
    stock = RamStorage().create_index(ours.schema)
    for part in parts:
        writer = stock.writer()
        for record in part:
            writer.add_document(**document(record))
        writer.commit(merge=False)
    writer = stock.writer()
    for number in deleted:
        writer.delete_document(number)
    writer.commit(merge=False)
    return Pair(folder, ours, stock, records, frozenset(deleted))


def write_generation(index: Path, parts: Sequence[Sequence[Record]], deleted: Sequence[str] = ()) -> Path:
    """A generation of articles, one segment for each part; its folder."""
    dictionaries = load_dictionaries()
    with write_lock(index):
        writer = GenerationWriter(index)
        batches = []
        for number, part in enumerate(parts):
            batch = Batch(
                number, writer.folder / f"{number}.articles", writer.folder / f"{number}.statements"
            )
            build_segment(batch.articles, part, dictionaries.cutter)
            build_segment(batch.statements, [], dictionaries.cutter)
            batches.append(batch)
        writer.add(batches)
        writer.delete(deleted)
        return index / writer.commit(dictionaries.fingerprints)


def document(record: Record) -> dict[str, Any]:
    """A record as stock Whoosh takes it."""
    fields: dict[str, Any] = {name: list(record.facets.get(name, ())) or None for name in FACETS}
    fields |= {"id": record.id, "title": record.title, "text": record.text}
    fields["run"] = run_value(record.title, record.text)
    fields["date"] = datetime.fromisoformat(record.date) if record.date else None
    if fields["source"]:
        fields["source"] = fields["source"][0]
    return fields


@pytest.fixture(scope="module", params=["one segment", "two segments", "deletions"])
def both(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sample_articles: tuple[Article, ...],
) -> Pair:
    """300 articles in one segment, in two, and in two with a fifth of them deleted."""
    records = made_up(sample_articles, ARTICLES)
    index = tmp_path_factory.mktemp("index")
    deleted = range(3, ARTICLES, 5) if request.param == "deletions" else ()
    return pair(index, records, 1 if request.param == "one segment" else 2, deleted)


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """1,000 real articles, the first 120 characters of each, in two segments with deletions."""
    path = tmp_path_factory.mktemp("corpus") / "news.jsonl"
    with lzma.open(shared_data / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        path.write_text("".join(itertools.islice(lines, 0, 20 * REAL_ARTICLES, 20)), "utf-8")
    read = read_articles([str(path)], lambda error, _: pytest.fail(str(error)))
    annotator = load_dictionaries().annotator
    records = [article_record(annotator.annotate(replace(a, text=a.text[:REAL_CHARS]))) for a in read]
    return pair(tmp_path_factory.mktemp("index"), records, 2, range(0, len(records), 7))


# ---- random queries -------------------------------------------------------------------------


class Asker:
    """Makes random stock queries over the terms of an index."""

    def __init__(self, both: Pair, seed: int) -> None:
        self.rng = random.Random(seed)
        reader = both.stock.reader()
        self.terms = {
            name: [reader.schema[name].from_bytes(term) for term in reader.lexicon(name)]
            for name in ("title", "text", "run", "id", *FACETS)
        }
        self.runs = [squeeze(field) for r in both.records for field in (r.title, r.text) if squeeze(field)]
        self.leaves = (
            self.term, self.term, self.term, self.phrase, self.prefix, self.wildcard, self.fuzzy,
            self.dates, self.term_range, self.every,
        )  # fmt: skip

    def term(self) -> q.Query:
        name = self.rng.choice(("title", "text", "text", "text", "run", "county", "source", "id"))
        text = self.rng.choice(self.terms[name]) if self.rng.random() < 0.95 else "没有这词"
        return q.Term(name, text, boost=self.rng.choice((1.0, 1.0, 2.5)))

    def phrase(self) -> q.Query:
        run = self.rng.choice(self.runs)
        start = self.rng.randrange(len(run))
        return run_query("run", run[start : start + self.rng.randint(2, 7)])

    def prefix(self) -> q.Query:
        name = self.rng.choice(("title", "text", "official", "month"))
        return q.Prefix(name, self.rng.choice(self.terms[name])[: self.rng.choice((1, 1, 2, 4))])

    def wildcard(self) -> q.Query:
        word = self.rng.choice([t for t in self.terms["text"] if len(t) > 2])
        return q.Wildcard(
            "text", self.rng.choice((word[0] + "*" + word[-1], word[0] + "?" * (len(word) - 1)))
        )

    def fuzzy(self) -> q.Query:
        word = self.rng.choice([t for t in self.terms["text"] if len(t) > 1])
        return q.FuzzyTerm("text", word, maxdist=1, prefixlength=1)

    def dates(self) -> q.Query:
        start, days = date(2020, 12, 1) + timedelta(self.rng.randrange(900)), self.rng.randrange(1, 400)
        first = datetime(start.year, start.month, start.day)
        return q.DateRange("date", first, first + timedelta(days), startexcl=self.rng.random() < 0.3)

    def term_range(self) -> q.Query:
        name = self.rng.choice(("county", "month", "id", "source"))
        return q.TermRange(name, *sorted(self.rng.choices(self.terms[name], k=2)))

    def every(self) -> q.Query:
        return q.Every(self.rng.choice((None, "county", "official")))

    def tree(self, depth: int = 2) -> q.Query:
        if depth == 0 or self.rng.random() < 0.3:
            return self.rng.choice(self.leaves)()

        def some(most: int) -> list[q.Query]:
            return [self.tree(depth - 1) for _ in range(self.rng.randint(2, most))]

        made: Callable[[], q.Query] = self.rng.choice(
            (
                lambda: q.And(some(3)),
                lambda: q.Or(some(5)),
                lambda: q.Or(some(2)),
                lambda: q.And([self.tree(depth - 1), q.Not(self.tree(depth - 1))]),
                lambda: q.AndNot(self.tree(depth - 1), self.tree(depth - 1)),
                lambda: q.AndMaybe(self.tree(depth - 1), self.tree(depth - 1)),
                lambda: q.Require(self.tree(depth - 1), self.tree(depth - 1)),
                lambda: q.DisjunctionMax(some(3)),
                lambda: q.ConstantScoreQuery(self.tree(depth - 1), 2.0),
            )
        )
        return made()


def shown(results: Results) -> list[tuple[int, str, float | None]]:
    """What a search gave: record, id and score of each hit, in order."""
    return [(hit.docnum, hit["id"], hit.score) for hit in results]


def ask(index: FileIndex, query: q.Query) -> dict[str, Any]:
    """Everything that stock Whoosh answers to one query."""
    facets = {name: FieldFacet(name, allow_overlap=True) for name in ("county", "official")}
    with index.searcher() as searcher:
        every = searcher.search(query, limit=None)
        grouped = searcher.search(query, limit=7, groupedby={**facets, "source": FieldFacet("source")})
        page = searcher.search_page(query, 2, pagelen=5) if len(every) > 5 else None
        return {
            "every": shown(every),
            "total": len(every),
            "top": shown(searcher.search(query, limit=10)),
            "newest": shown(searcher.search(query, limit=10, sortedby="date", reverse=True)),
            "by source": shown(
                searcher.search(query, limit=10, sortedby=[FieldFacet("source", reverse=True), ScoreFacet()])
            ),
            "groups": {name: grouped.groups(name) for name in (*facets, "source")},
            "page": page and (page.total, page.pagenum, [hit["id"] for hit in page]),
        }


def assert_agree(both: Pair, seed: int, queries: int) -> None:
    asker = Asker(both, seed)
    matched = 0
    for _ in range(queries):
        query = asker.tree()
        try:
            stock = ask(both.stock, query)
        except AssertionError:  # intersections of stock Whoosh trip over some trees of their own
            continue
        ours = ask(both.ours, query)
        for part in stock:
            assert ours[part] == stock[part], (part, query)
        matched += bool(stock["every"])
    # A comparison of empty answers proves nothing.
    assert matched > queries * 0.6


def test_random_queries_agree_with_stock_whoosh(both: Pair) -> None:
    assert_agree(both, seed=1, queries=QUERIES)


def test_random_queries_agree_on_real_articles(real: Pair) -> None:
    assert_agree(real, seed=2, queries=QUERIES)


# ---- terms, statistics, columns ---------------------------------------------------------------


def statistics(reader: Any, name: str, term: bytes) -> tuple[Any, ...]:
    info = reader.term_info(name, term)
    return (
        info.weight(), info.doc_frequency(), info.min_length(), info.max_length(),
        info.max_weight(), info.min_id(), info.max_id(),
    )  # fmt: skip


def postings(reader: Any, name: str, term: bytes) -> list[tuple[int, float, int, list[int] | None]]:
    matcher = reader.postings(name, term)
    listed = []
    while matcher.is_active():
        places = matcher.value_as("positions") if matcher.supports("positions") else None
        listed.append((matcher.id(), matcher.weight(), matcher.value_as("frequency"), places))
        matcher.next()
    return listed


def test_term_lists_and_their_statistics_are_equal(both: Pair) -> None:
    ours, stock = both.ours.reader(), both.stock.reader()
    assert sorted(ours.indexed_field_names()) == sorted(stock.indexed_field_names())
    terms = list(stock.all_terms())
    assert list(ours.all_terms()) == terms
    for name, term in random.Random(3).sample(terms, 1500):
        assert (name, term) in ours
        assert ours.doc_frequency(name, term) == stock.doc_frequency(name, term)
        assert ours.frequency(name, term) == stock.frequency(name, term)
        assert statistics(ours, name, term) == statistics(stock, name, term), (name, term)
        assert postings(ours, name, term) == postings(stock, name, term), (name, term)


def test_expansions_are_equal(both: Pair) -> None:
    ours, stock = both.ours.reader(), both.stock.reader()
    words = random.Random(4).sample([stock.schema["text"].from_bytes(t) for t in stock.lexicon("text")], 40)
    for word in [*words, "", "没有这词", "\U0010ffff"]:
        for name in ("text", "title", "run", "county", "id"):
            assert list(ours.expand_prefix(name, word[:1])) == list(stock.expand_prefix(name, word[:1]))
            mine, theirs = (reader.terms_from(name, word.encode()) for reader in (ours, stock))
            assert list(itertools.islice(mine, 50)) == list(itertools.islice(theirs, 50))
        if word:
            assert sorted(ours.terms_within("text", word, 1)) == sorted(stock.terms_within("text", word, 1))


def test_field_statistics_and_columns_are_equal(both: Pair) -> None:
    ours, stock = both.ours.reader(), both.stock.reader()
    assert (ours.doc_count(), ours.doc_count_all()) == (stock.doc_count(), stock.doc_count_all())
    assert list(ours.all_doc_ids()) == list(stock.all_doc_ids())
    for name in ("title", "text", "run"):
        assert ours.field_length(name) == stock.field_length(name)
        assert ours.min_field_length(name) == stock.min_field_length(name)
        assert ours.max_field_length(name) == stock.max_field_length(name)
    for name in (*FACETS, "date"):
        assert list(ours.column_reader(name)) == list(stock.column_reader(name)), name
    assert ours.most_frequent_terms("text", 20) == stock.most_frequent_terms("text", 20)
    assert ours.most_distinctive_terms("title", 20) == stock.most_distinctive_terms("title", 20)
    assert list(ours.field_terms("date")) == list(stock.field_terms("date"))


def test_cursors_walk_alike(both: Pair) -> None:
    for (ours, _), (stock, _) in zip(
        both.ours.reader().leaf_readers(), both.stock.reader().leaf_readers(), strict=True
    ):
        mine, theirs = ours.cursor("text"), stock.cursor("text")
        for step in ("县", "", "会", "\U0010fffe", "人"):
            assert (mine.find(step), mine.is_valid()) == (theirs.find(step), theirs.is_valid())
            assert [mine.next(), mine.text()] == [theirs.next(), theirs.text()]
        assert mine.first() == theirs.first()


def test_searcher_tools_answer_alike(both: Pair) -> None:
    with both.ours.searcher() as ours, both.stock.searcher() as stock:
        for text in ("会汉", "县委书几", "项目"):
            assert sorted(ours.suggest("text", text, limit=50)) == sorted(
                stock.suggest("text", text, limit=50)
            )
        assert ours.document(id="made-001") == stored(both.records[1])
        assert ours.document(id="nobody") is None
        assert ours.document_number(id="made-002") == stock.document_number(id="made-002")
        assert ours.key_terms([1, 2], "text", numterms=5) == stock.key_terms([1, 2], "text", numterms=5)


def stored(record: Record) -> dict[str, Any]:
    """The stored fields that a hit on the record must give."""
    source = record.facets.get("source", ())
    fields: dict[str, Any] = {"id": record.id, "title": record.title, "text": record.text}
    fields |= {"source": source[0]} if source else {}
    fields |= {"date": datetime.fromisoformat(record.date)} if record.date else {}
    number = int(record.id.removeprefix("made-"))
    return fields | ({"url": f"https://news.example/{number}"} if number % 3 else {})


def test_every_live_record_is_stored_whole(both: Pair) -> None:
    live = [stored(r) for number, r in enumerate(both.records) if number not in both.deleted]
    assert list(both.ours.reader().all_stored_fields()) == live


def test_phrases_of_bigrams_find_exactly_the_runs(both: Pair) -> None:
    """Law 1 through stock Whoosh: any run finds exactly the articles that hold it."""
    rng = random.Random(6)
    live = [r for number, r in enumerate(both.records) if number not in both.deleted]
    held = {r.id: (squeeze(r.title), squeeze(r.text)) for r in live}
    parser = QueryParser("run", both.ours.schema)
    with both.ours.searcher() as searcher:
        for _ in range(60):
            field = rng.choice([f for fields in held.values() for f in fields if f])
            start = rng.randrange(len(field))
            run = field[start : start + rng.randint(1, 9)]
            found = {hit["id"] for hit in searcher.search(run_query("run", run), limit=None)}
            assert found == {ident for ident, fields in held.items() if any(run in f for f in fields)}, run
            if run.isalpha() and len(run) > 1:
                quoted = searcher.search(parser.parse(f'"{run}"'), limit=None)
                assert {hit["id"] for hit in quoted} == found


@pytest.mark.parametrize("character", ["县", "，", "5", "𠮷", "犇"])
def test_a_character_is_found_as_by_its_prefix(both: Pair, character: str) -> None:
    ours = ask(both.ours, run_query("run", character))
    stock = ask(both.stock, q.Prefix("run", squeeze(character)))
    # Every record scores 1; stock Whoosh scores a prefix of one term as that term.
    assert all(score == 1.0 for _, _, score in ours["every"])
    assert [hit[:2] for hit in ours["every"]] == sorted(hit[:2] for hit in stock["every"])
    assert (ours["total"], ours["newest"]) == (stock["total"], stock["newest"])


def test_parsed_queries_agree(both: Pair) -> None:
    parser = MultifieldParser(["title", "text"], both.ours.schema)
    for text in (
        "会议 县委书记", "青禾县 OR 项目", "county:361125 会议", "date:2022", "title:会* NOT 项目",
        "date:[20211201 to 20220301]", "run:县委书记", "month:2022-01", "source:示例日报",
    ):  # fmt: skip
        query = parser.parse(text)
        assert ask(both.ours, query) == ask(both.stock, query), text


def test_hits_are_highlighted_by_the_words_they_matched(both: Pair) -> None:
    with both.ours.searcher() as searcher:
        hit = searcher.search(q.Term("text", "会议"))[0]
        assert ">会议</b>" in hit.highlights("text")


# ---- a generation as an index -------------------------------------------------------------------


def test_one_searcher_answers_for_every_facet_value(both: Pair) -> None:
    live = [r for number, r in enumerate(both.records) if number not in both.deleted]
    with both.ours.searcher() as searcher:
        for name in FACETS:
            for value in {value for r in live for value in r.facets.get(name, ())}:
                found = searcher.search(q.Term(name, value), limit=None)
                assert len(found) == sum(value in r.facets.get(name, ()) for r in live), (name, value)


def test_nothing_has_to_be_imported_before(both: Pair) -> None:
    """A process that knows only Whoosh opens the folder and searches it."""
    code = (
        "import sys; from whoosh.index import open_dir; from whoosh.query import Term\n"
        "with open_dir(sys.argv[1]).searcher() as s: print(len(s.search(Term('text', '会议'), limit=None)))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(both.folder)], capture_output=True, text=True)
    with both.stock.searcher() as searcher:
        assert run.stdout.strip() == str(len(searcher.search(q.Term("text", "会议"), limit=None))), run.stderr


def test_stock_writers_are_refused_and_leave_the_index_as_it_was(both: Pair) -> None:
    tocs = {path.name: path.read_bytes() for path in both.folder.glob("*.toc")}
    for attempt in (both.ours.writer, both.ours.optimize, lambda: both.ours.writer(codec=ArrayCodec())):
        with pytest.raises(EngineError, match=re.escape(READ_ONLY)):
            attempt()
    with pytest.raises(EngineError, match="read-only"):
        both.ours.delete_by_term("id", "made-001")
    assert {path.name: path.read_bytes() for path in both.folder.glob("*.toc")} == tocs
    # Every way in is shut, and nothing was locked for good.
    assert open_dir(str(both.folder)).doc_count() == both.stock.doc_count()


def test_tables_of_contents_are_small_and_covered_by_the_manifest(both: Pair) -> None:
    manifest = json.loads((both.folder / "manifest.json").read_text("utf-8"))
    tocs = {"_MAIN_1.toc", "_STATEMENTS_1.toc"}
    assert tocs <= set(manifest["files"])
    assert all(manifest["files"][name][0] < 8192 for name in tocs)


def test_pickled_names_stay_where_old_indexes_look_for_them(both: Pair) -> None:
    pickled = pickle.dumps(both.ours.schema, 2) + pickle.dumps(both.ours._segments(), 2)
    ours = set(re.findall(rb"csearchapp\.([\w.]+)\n(\w+)\n", pickled))
    assert ours == {
        (b"engines.whoosh.analyzers", b"WordField"),
        (b"engines.whoosh.analyzers", b"WordAnalyzer"),
        (b"engines.whoosh.analyzers", b"RunField"),
        (b"engines.whoosh.analyzers", b"GramAnalyzer"),
        (b"engines.whoosh.codec", b"ArraySegment"),
    }


def test_statements_are_an_index_of_their_own(
    tmp_path: Path, sample: SamplePaths, sample_articles: tuple[Article, ...]
) -> None:
    built = build(tmp_path, sample_articles[:20], load_dictionaries(sample.additions))
    said = {
        f"{article.id}#{number}": (article.id, squeeze(article.text[s.span.start : s.span.end]))
        for article in built.articles
        for number, s in enumerate(article.statements)
    }
    folder = next(tmp_path.glob("g0*"))
    assert exists_in(str(folder), "STATEMENTS")
    assert said
    with open_dir(str(folder), indexname="STATEMENTS").searcher() as searcher:
        assert {h["id"]: h["article"] for h in searcher.search(q.Every(), limit=None)} == {
            ident: article for ident, (article, _) in said.items()
        }
        for run in ("我们", "群众", "，"):
            found = searcher.search(run_query("run", run), limit=None)
            assert {h["id"] for h in found} == {i for i, (_, text) in said.items() if squeeze(run) in text}


def test_an_index_of_nothing_opens_and_finds_nothing(tmp_path: Path) -> None:
    folder = write_generation(tmp_path, [[]])
    for name in ("MAIN", "STATEMENTS"):
        with open_dir(str(folder), indexname=name).searcher() as searcher:
            assert searcher.doc_count() == 0
            assert list(searcher.reader().all_terms()) == []
            for query in (
                q.Every(),
                q.Term("text", "会"),
                q.Prefix("run", "会"),
                q.FuzzyTerm("text", "会议"),
            ):
                assert len(searcher.search(query, sortedby="date", groupedby="county")) == 0


def test_texts_that_are_no_unicode_are_read(tmp_path: Path) -> None:
    """Lone surrogates come in through JSON; stock Whoosh cannot write them, the reader must not fall."""
    article = Article("x", "县\ud800委", "坏\udfff字符")
    folder = write_generation(tmp_path, [[article_record(article)]])
    with open_dir(str(folder)).searcher() as searcher:
        assert [h["text"] for h in searcher.search(run_query("run", "\ud800委"))] == ["坏\udfff字符"]
        assert len(list(searcher.reader().all_terms())) > 8
        assert "坏" in searcher.suggest("text", "坏", limit=9) or searcher.reader().doc_frequency(
            "text", "坏"
        )
