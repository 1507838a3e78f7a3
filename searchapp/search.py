"""Use case 2: a query -> the engine -> snippets -> one page object.

HTML, JSON, export, feed and command line all come through `Searcher` (law 4).
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from searchapp.analysis.normalise import normalise, squeeze
from searchapp.article import Article
from searchapp.config import Settings
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.base import EngineInfo
from searchapp.engines.whoosh.generations import Manifest, current_name, read_manifest
from searchapp.engines.whoosh.reader import WhooshReader
from searchapp.errors import IndexStale
from searchapp.gazetteer import Gazetteer
from searchapp.query import (
    And,
    Clause,
    FacetName,
    Filters,
    Fuzzy,
    InFacet,
    Not,
    Or,
    Query,
    Words,
)
from searchapp.results import EngineHit, Facet, FacetValue, Hit, Mark, Matches, SearchPage, Suggestion
from searchapp.snippets import best_snippets, find_marks
from searchapp.suggest import Completer, Completion, Speller
from searchapp.synonyms import Synonyms, expand_query, load_synonyms
from searchapp.syntax import parse, render

ALIASES_FILE = "aliases.toml"
CHECK_SECONDS = 0.5
PAGES_HELD = 256
PLACES: tuple[FacetName, ...] = ("county", "city", "province")
# Spellings that are good enough to search by themselves when nothing else matched.
USED_KINDS = ("homophone", "near_shape", "pinyin")
FEW_ARTICLES = 3
MOST_SPELLED = 8


@dataclass(frozen=True)
class Live:
    """The live generation with everything that answers for it."""

    reader: WhooshReader
    manifest: Manifest
    gazetteer: Gazetteer
    completer: Completer
    speller: Speller


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Facts of the live index for pages, health checks and the command line."""

    engine: EngineInfo
    manifest: Manifest
    sample: bool

    @property
    def generation(self) -> str:
        return self.engine.generation

    @property
    def articles(self) -> int:
        return self.engine.articles

    @property
    def statements(self) -> int:
        return self.engine.statements


class Searcher:
    """Answers every question about the live index. Safe between threads; notices a new generation
    within half a second, and answers the questions under way from the old one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._synonyms: Synonyms = load_synonyms(settings.synonyms)
        self._lock = threading.Lock()
        self._checked = 0.0
        self._live = self._open(current_name(settings.index))
        self._pages: OrderedDict[Query, SearchPage] = OrderedDict()

    def _open(self, name: str) -> Live:
        index = self._settings.index
        manifest = read_manifest(index, name)
        folder = index / name
        aliases = folder / ALIASES_FILE
        dictionaries = load_dictionaries(aliases if aliases.exists() else None)
        if manifest.fingerprints["analyzer"] != dictionaries.fingerprints["analyzer"]:
            raise IndexStale(f"generation {name} was built with another analyzer or dictionary; reindex")
        reader = WhooshReader(folder, manifest, dictionaries.cutter)
        offers = Completer.open(folder), Speller.open(folder)
        return Live(reader, manifest, dictionaries.gazetteer, *offers)

    def live(self) -> Live:
        """The live generation; raises EngineError when there is none."""
        now = time.monotonic()
        if now - self._checked < CHECK_SECONDS:
            return self._live
        with self._lock:
            if now - self._checked >= CHECK_SECONDS:
                name = current_name(self._settings.index)
                if name != self._live.reader.generation:
                    self._live = self._open(name)
                    self._pages = OrderedDict()
                self._checked = now
        return self._live

    # ---- searching --------------------------------------------------------------------------

    def search(self, query: Query) -> SearchPage:
        """The page that `query` asks for. Raises QueryError for a name that is no place's name."""
        began = time.perf_counter()
        live = self.live()
        held = self._held(query)
        page = held if held is not None else self._page(live, query)
        if held is None:
            self._hold(query, page)
        return replace(page, took_ms=round((time.perf_counter() - began) * 1000, 2))

    def _held(self, query: Query) -> SearchPage | None:
        with self._lock:
            page = self._pages.get(query)
            if page is not None:
                self._pages.move_to_end(query)
            return page

    def _hold(self, query: Query, page: SearchPage) -> None:
        with self._lock:
            if page.generation == self._live.reader.generation:
                self._pages[query] = page
                if len(self._pages) > PAGES_HELD:
                    self._pages.popitem(last=False)

    def _page(self, live: Live, query: Query) -> SearchPage:
        asked, matches, offers = self._answer(live, query)
        return SearchPage(
            query=query,
            understood=render(asked.clause),
            total=matches.total,
            hits=tuple([_hit(hit, matches.lit, matches.lit_title) for hit in matches.hits]),
            facets=self._named(live, matches.facets),
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
            yield _hit(hit, matches.lit, matches.lit_title)

    def every_id(self, query: Query) -> Iterator[str]:
        """Ids of all hits of `query` in its order; nothing stored is read."""
        live = self.live()
        asked, _, _ = self._answer(live, replace(query, page=1, size=0, facet_size=0))
        return live.reader.every_id(asked)

    # ---- what names mean --------------------------------------------------------------------

    def resolve(self, live: Live, query: Query) -> Query:
        """`query` with synonyms, near spellings and the values of its facet clauses filled in."""
        expanded = expand_query(query, self._synonyms)
        return replace(expanded, clause=self._resolved(live, expanded.clause, query.exact))

    def _resolved(self, live: Live, clause: Clause, exact: bool) -> Clause:
        match clause:
            case And(parts):
                return And(tuple(self._resolved(live, part, exact) for part in parts))
            case Or(parts):
                return Or(tuple(self._resolved(live, part, exact) for part in parts))
            case Not(part):
                return Not(self._resolved(live, part, exact))
            case Fuzzy(text) if not exact:
                return replace(clause, variants=live.speller.fuzzy_variants(text))
            case InFacet(facet, text):
                return replace(clause, values=_values(live, facet, text))
            case _:
                return clause

    def names(self, facet: FacetName, value: str) -> str:
        """What a person sees for a facet value."""
        return self._label(self.live(), facet, value)

    @staticmethod
    def _label(live: Live, facet: FacetName, value: str) -> str:
        if facet in PLACES:
            division = live.gazetteer.division(value)
            return division.name if division else value
        if facet == "official":
            return live.reader.label(value) or _bare_label(live.gazetteer, value)
        return value

    def _named(self, live: Live, facets: dict[FacetName, Facet]) -> dict[FacetName, Facet]:
        named = dict(facets)
        for name in PLACES:
            values = [_named_place(live.gazetteer, value) for value in facets[name].values]
            named[name] = Facet(name, tuple(values), facets[name].missing, facets[name].other)
        officials = facets["official"]
        values = [
            FacetValue(v.value, self._label(live, "official", v.value), v.count, v.selected)
            for v in officials.values
        ]
        named["official"] = Facet("official", tuple(values), officials.missing, officials.other)
        return named

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
        text, title = live.reader.lit(self.resolve(live, query))
        return find_marks(article.title, title), find_marks(article.text, text)

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


def _values(live: Live, facet: FacetName, text: str) -> tuple[str, ...]:
    """The facet values that a typed name stands for; empty when there is none."""
    wanted = squeeze(text)
    if facet == "county":
        if wanted.isdecimal() and len(wanted) in (2, 4, 6):
            return (wanted,)
        return tuple(division.code for division in live.gazetteer.named(wanted))
    if facet == "official" and live.reader.knows(text):
        return (text,)
    values = [value for value, _, _ in live.reader.values(facet)]
    if facet == "official":
        return tuple(v for v in values if wanted in (normalise(v), normalise(v).rpartition("@")[0]))
    equal = tuple(value for value in values if squeeze(value) == wanted)
    return equal or tuple(value for value in values if wanted in squeeze(value))


def _bare_label(gazetteer: Gazetteer, value: str) -> str:
    """An official whose office no article names: the name and the place."""
    name, _, code = value.rpartition("@")
    division = gazetteer.division(code)
    return f"{name} · {division.name}" if division else name or value


def _named_place(gazetteer: Gazetteer, value: FacetValue) -> FacetValue:
    division = gazetteer.division(value.value)
    if division is not None:
        return FacetValue(value.value, division.name, value.count, value.selected, division.path)
    province = gazetteer.division(value.value[:2])
    if province is None:
        return value
    # Districts of a municipality, and counties that no city governs, have no city of their own.
    label = province.name if province.name.endswith("市") else f"{province.name}直辖"
    return FacetValue(value.value, label, value.count, value.selected, province.path)


def _hit(hit: EngineHit, lit: Sequence[str], lit_title: Sequence[str]) -> Hit:
    """One line of the page, with what to mark in texts and in titles."""
    article = hit.article
    statement = article.statements[hit.statement] if hit.statement is not None else None
    said = article.text[statement.span.start : statement.span.end] if statement else ""
    return Hit(
        id=article.id,
        title=article.title,
        title_marks=() if statement else find_marks(article.title, lit_title),
        date=article.date,
        source=article.source,
        url=article.url,
        score=round(hit.score, 4),
        snippets=() if statement else best_snippets(article.text, lit),
        counties=article.counties,
        officials=article.officials,
        statement=statement,
        statement_text=said,
        statement_marks=find_marks(said, lit),
        same=hit.same,
        group=hit.group,
        explain=hit.explain,
    )
