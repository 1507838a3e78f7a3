"""Use case 2: a query -> the engine -> snippets -> one page object.

HTML, JSON, export, feed and command line all come through `Searcher` (law 4). What a name stands
for is decided in `naming`, which generation answers in `live`.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from searchapp.analysis.normalise import squeeze
from searchapp.article import Article
from searchapp.config import Settings
from searchapp.held import Held
from searchapp.query import And, Clause, FacetName, Filters, Or, Query, Words
from searchapp.results import EngineHit, Hit, Lit, Mark, Matches, SearchPage, Snippet, Suggestion
from searchapp.search.live import IndexInfo, Live, LiveIndex
from searchapp.search.naming import label, named_facets, resolve
from searchapp.snippets import best_snippets, find_marks, opening_of
from searchapp.suggest import Completion
from searchapp.synonyms import expand_query, load_synonyms
from searchapp.syntax import parse, render

__all__ = ["IndexInfo", "Live", "Searcher", "open_searcher"]

# Spellings that are good enough to search by themselves when nothing else matched.
USED_KINDS = ("homophone", "near_shape", "pinyin")
# With more articles than this no other spelling is offered.
FEW_ARTICLES = 3
MOST_SPELLED = 8
# A held page has no article texts, about 10 kB.
PAGES_HELD = 1000


class Searcher:
    """Answers every question about the live index. Safe between threads."""

    def __init__(self, settings: Settings) -> None:
        self._synonyms = load_synonyms(settings.synonyms)
        self.live = LiveIndex(settings.index)
        # One page at a time: threads that compute take the interpreter from each other at every call of
        # numpy. With 8 clients on 2 workers of 4 threads, 192 requests a second became 394.
        self._turn = threading.Lock()
        self._pages: Held[tuple[str, Query], SearchPage] = Held(PAGES_HELD, lambda page: 1)

    # ---- searching --------------------------------------------------------------------------

    def search(self, query: Query) -> SearchPage:
        """The page that `query` asks for. Raises QueryError for a name that is no place's name."""
        began = time.perf_counter()
        live = self.live()
        key = (live.reader.generation, query)
        page = self._pages.get(key)
        if page is None:
            with self._turn:
                page = self._pages.get(key) or self._page(live, query)
            self._pages.hold(key, page)
        return replace(page, took_ms=round((time.perf_counter() - began) * 1000, 2))

    def _page(self, live: Live, query: Query) -> SearchPage:
        asked, matches, offers = self._answer(live, query)
        return SearchPage(
            query=query,
            understood=render(asked.clause),
            total=matches.total,
            hits=tuple([_hit(hit, matches.lit) for hit in matches.hits]),
            facets=named_facets(live, matches.facets),
            relaxed=matches.relaxed,
            groups=matches.groups,
            suggestions=offers,
            generation=live.reader.generation,
            sample=live.manifest.sample,
        )

    def _answer(self, live: Live, query: Query) -> tuple[Query, Matches, tuple[Suggestion, ...]]:
        """The query as it was answered, with another spelling where nothing else matched."""
        asked = self.resolve(live, query)
        matches = live.reader.search(asked)
        if matches.total > FEW_ARTICLES and not matches.relaxed:
            return asked, matches, ()
        # Whether a spelling is used depends on the words alone, so a filter changes counts, not words.
        unfiltered = matches.total
        if not unfiltered and query.filters != Filters():
            unfiltered = live.reader.search(
                replace(asked, filters=Filters(), page=1, size=0, facets=False)
            ).total
        offers = () if query.exact else tuple(self._spellings(live, query, may_use=not unfiltered))
        used = next((offer for offer in offers if offer.used), None)
        if used is not None:
            asked = self.resolve(live, replace(query, q=used.q, clause=parse(used.q)))
            matches = live.reader.search(asked)
        elif unfiltered and not matches.total:
            offers = (Suggestion("without_filters", query.q, "去掉全部筛选", unfiltered), *offers)
        return asked, matches, offers

    def every_hit(self, query: Query) -> Iterator[Hit]:
        """All hits of `query` in its order, read one at a time."""
        live = self.live()
        asked, matches, _ = self._answer(live, replace(query, page=1, size=0, facets=False))
        for hit in live.reader.every_hit(replace(asked, size=query.size)):
            yield _hit(hit, matches.lit)

    def every_id(self, query: Query) -> Iterator[str]:
        """Ids of all hits of `query` in its order; nothing stored is read."""
        live = self.live()
        asked, _, _ = self._answer(live, replace(query, page=1, size=0, facet_size=0))
        return live.reader.every_id(asked)

    # ---- what names mean --------------------------------------------------------------------

    def resolve(self, live: Live, query: Query) -> Query:
        """`query` with synonyms, near spellings and the values of its facet clauses filled in."""
        expanded = expand_query(query, self._synonyms)
        clause = resolve(live, expanded.clause, query.exact)
        return expanded if clause is expanded.clause else replace(expanded, clause=clause)

    def names(self, facet: FacetName, value: str) -> str:
        """What a person sees for a facet value."""
        return label(self.live(), facet, value)

    # ---- offers -----------------------------------------------------------------------------

    def complete(self, text: str, limit: int = 10) -> Sequence[Completion]:
        """What the typed text may become."""
        return self.live().completer.complete(text, limit)

    def _spellings(self, live: Live, query: Query, may_use: bool) -> Iterator[Suggestion]:
        """Near spellings of the words of `query`; of the first good one it is said that it was used."""
        for word in itertools.islice(_plain_words(query.clause), MOST_SPELLED):
            known = live.speller.count(word.text)
            for near in live.speller.near(word.text, 3):
                end = word.position + len(word.text)
                if near.count <= known * 10 or query.q[word.position : end] != word.text:
                    continue
                q = query.q[: word.position] + near.text + query.q[end:]
                used = may_use and near.kind in USED_KINDS
                may_use = may_use and not used
                yield Suggestion(near.kind, q, f"{near.text}（{near.label}）", near.count, used)

    # ---- single things ----------------------------------------------------------------------

    def article(self, article_id: str) -> Article:
        """The stored article; raises ArticleNotFound."""
        return self.live().reader.article(article_id)

    def words(self, text: str) -> list[str]:
        """Index words of `text` (see `analysis.words`)."""
        return self.live().reader.words(text)

    def marks(self, article: Article, query: Query) -> tuple[Sequence[Mark], Sequence[Mark]]:
        """Marks in title and text of `article` for what `query` may have matched."""
        live = self.live()
        lit = _standing(live.reader.lit(self.resolve(live, query)), article.title, article.text)
        return find_marks(article.title, lit.title), find_marks(article.text, lit.text)

    def generation(self) -> str:
        """Name of the live generation."""
        return self.live().reader.generation

    def info(self) -> IndexInfo:
        """Facts of the live index."""
        live = self.live()
        return IndexInfo(live.reader.info(), live.manifest, live.manifest.sample)


def open_searcher(index: Path) -> Searcher:
    """A searcher over the index in a folder."""
    return Searcher(Settings(index=index))


def _plain_words(clause: Clause) -> Iterator[Words]:
    match clause:
        case Words():
            yield clause
        case And(parts) | Or(parts):
            for part in parts:
                yield from _plain_words(part)


def _standing(lit: Lit, title: str, text: str) -> Lit:
    """`lit` with the parts of the synonyms that stand in an article, all of each."""
    if not lit.together:
        return lit
    held = f"{squeeze(title)}\n{squeeze(text)}"
    parts = {part for parts in lit.together if all(part in held for part in parts) for part in parts}
    more, more_title = (sorted(parts.union(runs), key=len, reverse=True) for runs in (lit.text, lit.title))
    return Lit(tuple(more), tuple(more_title))


def _hit(hit: EngineHit, lit: Lit) -> Hit:
    """One line of the page, with what to mark in texts and in titles."""
    article = hit.article
    statement = article.statements[hit.statement] if hit.statement is not None else None
    said = article.text[statement.span.start : statement.span.end] if statement else ""
    lit = _standing(lit, "", said) if statement else _standing(lit, article.title, article.text)
    return Hit(
        id=article.id,
        title=article.title,
        title_marks=() if statement else find_marks(article.title, lit.title),
        date=article.date,
        source=article.source,
        url=article.url,
        score=round(hit.score, 4),
        snippets=() if statement else _snippets(article.text, lit.text),
        counties=article.counties,
        officials=article.officials,
        statement=statement,
        statement_text=said,
        statement_marks=find_marks(said, lit.text) if statement else (),
        same=hit.same,
        group=hit.group,
        explain=hit.explain,
        opening="" if article.title else opening_of(article.text),
    )


def _snippets(text: str, lit: Sequence[str]) -> tuple[Snippet, ...]:
    """Passages of `text`; letters and digits are marked as whole words where any stands whole."""
    whole = frozenset(run for run in lit if run.isascii())
    snippets = best_snippets(text, lit, whole=whole)
    if whole and not any(snippet.marks for snippet in snippets):
        return best_snippets(text, lit)
    return snippets
