"""A query over one live generation: match, rank, group, count, fetch. The read side of the engine."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.analysis.words import WordCutter
from searchapp.article import Article
from searchapp.engines.base import EngineInfo, Reader
from searchapp.engines.records import unpack_article, unpack_line, unpack_statement
from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.counting import Selection, all_facets, live_values
from searchapp.engines.whoosh.freshness import Freshness
from searchapp.engines.whoosh.generations import Manifest
from searchapp.engines.whoosh.grouping import group_by_number, group_by_value
from searchapp.engines.whoosh.lit import lit_runs
from searchapp.engines.whoosh.matching import Matcher
from searchapp.engines.whoosh.packing import U32, Keys
from searchapp.engines.whoosh.parts import open_snapshots
from searchapp.engines.whoosh.ranking import Ranker
from searchapp.engines.whoosh.relaxing import any_clause, relax
from searchapp.engines.whoosh.reprints import read_reprints
from searchapp.engines.whoosh.run_cache import Fields, RunCache
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.errors import ArticleNotFound
from searchapp.query import (
    FACETS,
    Clause,
    Collection,
    FacetName,
    Query,
)
from searchapp.results import EngineHit, Facet, Lit, Matches, ScorePart

Records = npt.NDArray[np.int64]


class CollectionReader:
    """Articles or statements of one generation."""

    def __init__(self, snapshot: Snapshot, cutter: WordCutter, reprints: U32, fields: Fields) -> None:
        for segment in snapshot.segments:
            segment.make_ready()
        cache = RunCache(snapshot, fields)
        self.snapshot = snapshot
        self.reprints = reprints
        self.matcher = Matcher(snapshot, cutter, cache)
        self.ranker = Ranker(snapshot, cutter, cache)
        self.freshness = Freshness(snapshot)

    def base(self, query: Query) -> tuple[Records, Clause, bool]:
        """Sorted records that the words and the dates of `query` match, the clause that they matched
        (looser than the query's under match=any and when relaxed), and whether it was relaxed."""
        clause, relaxed = query.clause, False
        if query.match == "any":
            clause = any_clause(clause, self.matcher.cutter)
        records = self._alive(self.matcher.match(clause))
        if query.match == "auto" and not len(records):
            loose = relax(clause, self.matcher)
            if loose is not None:
                records, clause = loose
                records, relaxed = self._alive(records), True
        if query.filters.first or query.filters.last:
            records = records[self.matcher.in_dates(query.filters.first, query.filters.last)[records]]
        return records, clause, relaxed

    def _alive(self, records: Records) -> Records:
        live = self.snapshot.live
        return records if live is None else records.compress(live.take(records))

    def order(
        self, query: Query, records: Records, most: int | None, loose: bool = False
    ) -> tuple[Records, Keys]:
        """The first `most` of `records` in the order asked for (all when None), and their scores.

        `loose`: not all of them hold every word. Ties: the newer first, then the order of the index.
        """
        if query.sort == "relevance":
            scores: Keys = self.ranker.scores(query.clause, records, loose)
            if query.freshness:
                scores = scores * (1 + self.freshness.bonus(records, query.freshness))
            keys = scores
        else:
            scores, day = np.zeros(len(records)), self.snapshot.day[records]
            keys = np.where(day == 0, -np.inf, day if query.sort == "newest" else -day)
        order = kernels.first(keys, self.snapshot.day, records, len(records) if most is None else most)
        return records[order], scores[order]

    def explain(self, query: Query, record: int, among: Records | None) -> tuple[ScorePart, ...]:
        """The parts of a hit's score; `among`: the records of a loose answer, of which it is one."""
        parts = self.ranker.explain(query.clause, record, among)
        if query.freshness and query.sort == "relevance":
            parts += self.freshness.parts(record, query.freshness, sum(part.score for part in parts))
        return parts


def _is_loose(query: Query, relaxed: bool) -> bool:
    """Whether a hit need not hold every word."""
    return relaxed or query.match == "any"


class WhooshReader(Reader):
    """The `Reader` of the embedded engine."""

    def __init__(self, folder: Path, manifest: Manifest, cutter: WordCutter) -> None:
        self.generation = manifest.generation
        articles, statements = open_snapshots(folder, manifest)
        reprints = read_reprints(folder)
        self._articles = CollectionReader(articles, cutter, reprints["articles"], self._fields)
        self._statements = CollectionReader(statements, cutter, reprints["statements"], self._said)
        self._size_bytes = sum(size for size, _ in manifest.files.values())

    def _fields(self, record: int) -> tuple[str, str]:
        article = unpack_line(self._articles.snapshot.stored(record))
        return article.title, article.text

    def _said(self, record: int) -> tuple[str, str]:
        article_id, number = unpack_statement(self._statements.snapshot.stored(record))
        article = self.article(article_id)
        span = article.statements[number].span
        return "", article.text[span.start : span.end]

    def _of(self, collection: Collection) -> CollectionReader:
        return self._articles if collection == "articles" else self._statements

    def search(self, query: Query) -> Matches:
        """See `engines.base.Reader`."""
        side = self._of(query.collection)
        base, clause, relaxed = side.base(query)
        selection = Selection(side.matcher, query.filters)
        records = selection.apply(base)
        loose = _is_loose(query, relaxed)
        if query.group == "none":
            hits, groups = self._page(query, side, records, loose), None
        else:
            hits, groups = self._grouped_page(query, side, records, loose)
        facets = {name: Facet(name) for name in FACETS}
        if query.facets:
            facets = all_facets(side.matcher, selection, base, records, query.facet_size)
        return Matches(len(records), hits, facets, relaxed, groups, lit_runs(clause, side.matcher))

    def _page(
        self, query: Query, side: CollectionReader, records: Records, loose: bool
    ) -> tuple[EngineHit, ...]:
        begin = (query.page - 1) * query.size
        # A page past the end has no hits, so nothing needs ordering for it.
        most = begin + query.size if begin < len(records) else 0
        ordered, scores = side.order(query, records, most, loose)
        pairs = zip(ordered[begin:].tolist(), scores[begin:].tolist(), strict=True)
        among = records if loose else None
        return tuple(self._hit(query, side, record, score, among) for record, score in pairs)

    def _grouped_page(
        self, query: Query, side: CollectionReader, records: Records, loose: bool
    ) -> tuple[tuple[EngineHit, ...], int]:
        """The best hit of each group on the page, and the number of groups."""
        ordered, scores = side.order(query, records, None, loose)
        among = records if loose else None
        if query.group == "reprints":
            groups, names = group_by_number(ordered, side.reprints), None
        else:
            column = side.snapshot.column("county" if query.group == "county" else "official")
            groups, names = group_by_value(ordered, column), column.values
        begin = (query.page - 1) * query.size
        hits = []
        for at in range(begin, min(begin + query.size, len(groups.first))):
            first, key = int(groups.first[at]), int(groups.keys[at])
            hit = self._hit(query, side, int(ordered[first]), float(scores[first]), among)
            name = names[key] if names and key >= 0 else ""
            hits.append(dataclasses.replace(hit, same=int(groups.sizes[at]) - 1, group=name))
        return tuple(hits), len(groups.first)

    def _hit(
        self, query: Query, side: CollectionReader, record: int, score: float, among: Records | None
    ) -> EngineHit:
        explain = side.explain(query, record, among) if query.explain else ()
        stored = side.snapshot.stored(record)
        if query.collection == "articles":
            return EngineHit(unpack_line(stored), score, explain=explain)
        article_id, number = unpack_statement(stored)
        return EngineHit(self.article(article_id), score, statement=number, explain=explain)

    def every_hit(self, query: Query) -> Iterator[EngineHit]:
        """See `engines.base.Reader`."""
        side = self._of(query.collection)
        base, _, relaxed = side.base(query)
        records = Selection(side.matcher, query.filters).apply(base)
        loose = _is_loose(query, relaxed)
        ordered, scores = side.order(query, records, None, loose)
        for record, score in zip(ordered.tolist(), scores.tolist(), strict=True):
            yield self._hit(query, side, record, score, records if loose else None)

    def every_id(self, query: Query) -> Iterator[str]:
        """Ids of all hits in the order of `search`; nothing stored is read."""
        side = self._of(query.collection)
        base, _, relaxed = side.base(query)
        records = Selection(side.matcher, query.filters).apply(base)
        for record in side.order(query, records, None, _is_loose(query, relaxed))[0].tolist():
            segment, local = side.snapshot.where(record)
            yield segment.ids[local]

    def every_article(self) -> Iterator[Article]:
        """All live articles in index order."""
        return (self.article_of(record) for record in self._live_records())

    def every_digest(self) -> Iterator[tuple[str, bytes]]:
        """(id, digest of what was read) of all live articles."""
        for record in self._live_records():
            segment, local = self.articles_snapshot.where(record)
            yield segment.ids[local], segment.digest(local)

    def _live_records(self) -> Iterator[int]:
        return iter(self.articles_snapshot.live_records().tolist())

    @property
    def articles_snapshot(self) -> Snapshot:
        """The segments of the articles."""
        return self._articles.snapshot

    def article_of(self, record: int) -> Article:
        """The stored article of a record number."""
        return unpack_article(self._articles.snapshot.stored(record))

    def lit(self, query: Query) -> Lit:
        """What `query` may have matched."""
        side = self._of(query.collection)
        clause = query.clause
        if query.match == "any":
            clause = any_clause(clause, side.matcher.cutter)
        return lit_runs(clause, side.matcher)

    @property
    def labels(self) -> dict[str, str]:
        """What a person sees for an official's id, where an article names an office."""
        return self._articles.snapshot.labels

    def knows(self, official: str) -> bool:
        """Whether an official of exactly that id is in the index."""
        return official in self._articles.snapshot.labels

    def words(self, text: str) -> list[str]:
        """Index words of `text` by this generation's dictionary."""
        return self._articles.matcher.cutter.cut(text)

    def article(self, article_id: str) -> Article:
        """See `engines.base.Reader`."""
        record = self._articles.snapshot.find(article_id)
        if record is None:
            raise ArticleNotFound(f"no article {article_id}")
        return unpack_article(self._articles.snapshot.stored(record))

    def values(self, facet: FacetName, collection: Collection = "articles") -> list[tuple[str, str, int]]:
        """See `engines.base.Reader`."""
        snapshot = self._of(collection).snapshot
        labels = snapshot.labels
        return [(value, labels.get(value, value), count) for value, count in live_values(snapshot, facet)]

    def info(self) -> EngineInfo:
        """See `engines.base.Reader`."""
        return self._info

    @functools.cached_property
    def _info(self) -> EngineInfo:
        """Counted once, since a generation never changes; every health check asks for it."""
        snapshot = self._articles.snapshot
        days = snapshot.day if snapshot.live is None else snapshot.day[snapshot.live]
        dated = days[days > 0]
        first, last = (int(dated.min()), int(dated.max())) if len(dated) else (0, 0)
        return EngineInfo(
            engine="whoosh",
            generation=self.generation,
            articles=snapshot.count,
            statements=self._statements.snapshot.count,
            segments=len(snapshot.segments),
            size_bytes=self._size_bytes,
            first_day=date.fromordinal(first).isoformat() if first else "",
            last_day=date.fromordinal(last).isoformat() if last else "",
            facet_values={name: len(self.values(name)) for name in FACETS},
            kernels="C" if kernels.COMPILED else "numpy",
        )

    def close(self) -> None:
        """The maps go when the last array that looks into them goes."""
