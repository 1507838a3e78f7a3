"""A small searcher in memory, so that the web can be tested without an index.

It finds articles that hold every space-separated word of `q` as a run of characters (quotes are
stripped); good enough to fill each part of a page with true counts.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from searchapp.article import Article, Mention, Office, Official, Place, Span, Statement
from searchapp.errors import ArticleNotFound, QueryError
from searchapp.query import FACETS, FacetName, Filters, Query
from searchapp.results import Facet, FacetValue, Hit, Mark, ScorePart, SearchPage, Snippet, Suggestion

# A spelling that is answered for another; 陈示丽 is only offered it.
USED = "陈示利"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@dataclass(frozen=True)
class FakeCompletion:
    kind: str
    text: str
    label: str
    count: int
    value: str = ""


@dataclass(frozen=True)
class FakeInfo:
    generation: str = "g1"
    articles: int = 0
    sample: bool = True


def place(code: str, path: str) -> Place:
    level = {2: "province", 4: "city"}.get(len(code), "county")
    return Place(code, path.rpartition("/")[2], path, level)  # type: ignore[arg-type]


def official(name: str, code: str, *titles: str) -> Official:
    return Official(f"{name}@{code}", name, code, "示例省/甲市", tuple(Office(title) for title in titles))


PROVINCE, CITY = place("99", "示例省"), place("9901", "示例省/甲市")
EAST, WEST = place("990101", "示例省/甲市/东示县"), place("990102", "示例省/甲市/西示县")
CHEN = official("陈示例", "990101", "县委书记")
LIN = official("林示例", "990102", "县委副书记", "县长")


def said(text: str, words: str, who: Official) -> Statement:
    start = text.index(words)
    offices = tuple(office.title for office in who.offices)
    return Statement(who.id, who.name, offices, who.code, Span(start, start + len(words)), "indirect", "说")


def articles() -> list[Article]:
    """27 invented articles: two counties, two officials, a hostile one, one without title or date."""
    out = []
    for number in range(24):
        where, who = (EAST, CHEN) if number % 3 else (WEST, LIN)
        words = f"要牢固树立“项目为王”的理念,抓好第{number}个项目"
        text = f"近日,{where.label}召开务虚会。\n\n  {who.name}说,{words}。\n\n  会上还通报了“”的情况。"
        out.append(Article(
            f"a{number}", f"{where.label}部署第{number}项工作", text, f"202{number % 4}-0{number % 9 + 1}-15",
            "示例日报" if number % 2 else "示例晚报", "https://news.example/a?x=1&y=2",
            places=(PROVINCE, CITY, where), officials=(who,), statements=(said(text, words, who),),
        ))  # fmt: skip
    evil_place = Place("?", EVIL, "", "county", (Mention("text", Span(0, 1)),), ("990101", "990102"))
    evil_official = Official(f"{EVIL}@?", EVIL, "?", EVIL, (Office(EVIL),))
    out.append(Article(
        f"evil/{EVIL}", f"恶意 {EVIL}", f"恶意正文 {EVIL} javascript:alert(3)", "2022-02-02", EVIL,
        "javascript:alert(4)", (EVIL,), {"note": EVIL}, (evil_place, EAST), (evil_official,),
        (said(f"恶意正文 {EVIL} javascript:alert(3)", "正文", evil_official),),
    ))  # fmt: skip
    out.append(Article("untitled", "", "没有标题也没有日期的正文", extra={"page": 4}))
    out.append(Article("a//b?c#d%", "编号古怪的报道", "编号里有斜线"))
    return out


class FakeSearcher:
    """Implements `web.searching.Searching`."""

    def __init__(self, held: Sequence[Article] | None = None, *, delay_s: float = 0.0) -> None:
        self.held = list(articles() if held is None else held)
        self.delay_s = delay_s
        self.searches = 0

    def search(self, query: Query) -> SearchPage:
        self.searches += 1
        time.sleep(self.delay_s)
        hits = self._ordered(query)
        facets = {name: self._facet(name, query) for name in FACETS} if query.facet_size else {}
        groups = None
        if query.group != "none":
            hits = self._grouped(hits, query)
            groups = len(hits)
        start = (query.page - 1) * query.size
        return SearchPage(
            query, query.q.strip(), len(self._ordered(query)), tuple(hits[start : start + query.size]),
            facets, groups=groups, suggestions=self._suggestions(query), took_ms=0.5, generation="g1",
            sample=True,
            relaxed=query.match == "auto" and "放宽" in query.q,
        )  # fmt: skip

    def every_hit(self, query: Query) -> Iterator[Hit]:
        yield from self._ordered(query)

    def every_id(self, query: Query) -> Iterator[str]:
        yield from (each.id for each in self._ordered(query))

    def words(self, text: str) -> list[str]:
        return [text[at : at + 2] for at in range(len(text) - 1)]

    def article(self, article_id: str) -> Article:
        for article in self.held:
            if article.id == article_id:
                return article
        raise ArticleNotFound(f"没有编号为“{article_id}”的报道")

    def complete(self, text: str, limit: int) -> Sequence[FakeCompletion]:
        offers = [
            FakeCompletion("county", "东示县", "东示县 示例省/甲市", 16, "990101"),
            FakeCompletion("official", "陈示例", "陈示例 东示县县委书记", 16),
            FakeCompletion("title", "东示县部署第1项工作", "东示县部署第1项工作", 1),
            FakeCompletion("phrase", EVIL, EVIL, 1),
        ]
        return [offer for offer in offers if text in offer.text or text in ("dsx", "<")][:limit]

    def generation(self) -> str:
        return "g1"

    def info(self) -> FakeInfo:
        return FakeInfo(articles=len(self.held))

    def names(self, facet: FacetName, value: str) -> str:
        known = {"990101": "东示县", "990102": "西示县", "9901": "甲市", "99": "示例省"}
        return known.get(value, value.partition("@")[0])

    def marks(self, article: Article, query: Query) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        words = self._words(query)
        return marks(article.title, words), marks(article.text, words)

    def _words(self, query: Query) -> list[str]:
        if "拒绝" in query.q:
            raise QueryError("这个词被拒绝", query.q.index("拒绝"), "换一个词")
        return [
            word.strip('“”"')
            for word in query.q.replace("放宽", "").replace(USED, "陈示例").split()
            if word.strip('“”"')
        ]

    def _ordered(self, query: Query, skip: str = "") -> list[Hit]:
        words = self._words(query)
        found = [
            article
            for article in self.held
            if all(word in article.title or word in article.text for word in words)
            and chosen(article, query.filters, skip)
        ]
        if query.sort != "relevance":
            found.sort(key=lambda article: article.date, reverse=query.sort == "newest")
        if query.collection == "statements":
            return [hit(article, words, said) for article in found for said in article.statements]
        return [hit(article, words, None, query.explain) for article in found]

    def _grouped(self, hits: Sequence[Hit], query: Query) -> list[Hit]:
        key: Callable[[Hit], str] = lambda hit: hit.counties[0].code if hit.counties else ""  # noqa: E731
        sizes = Counter(map(key, hits))
        first: dict[str, Hit] = {}
        for each in hits:
            first.setdefault(key(each), each._replace(same=sizes[key(each)] - 1, group=key(each)))
        return list(first.values())

    def _facet(self, name: FacetName, query: Query) -> Facet:
        selection = "county" if name in ("county", "city", "province") else name
        hits = self._ordered(query, skip=selection)
        by_id = {article.id: article for article in self.held}
        counts = Counter(pair for each in hits for pair in values(by_id[each.id], name))
        selected = getattr(query.filters, selection)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        listed = ranked if name == "month" else ranked[: query.facet_size]
        return Facet(
            name,
            tuple(FacetValue(v, label, n, v in selected, path) for (v, label, path), n in listed),
            sum(not values(by_id[each.id], name) for each in hits),
            sum(n for _, n in ranked[len(listed) :]),
        )

    def _suggestions(self, query: Query) -> tuple[Suggestion, ...]:
        offers = {"陈示丽": False, USED: True}
        if query.q not in offers:
            return ()
        return (Suggestion("homophone", "陈示例", "陈示例", 16, offers[query.q]),)


def chosen(article: Article, filters: Filters, skip: str) -> bool:
    codes = [item.code for item in article.places]
    names = [item.id for item in article.officials]
    first, last = filters.first, filters.last
    return (
        (skip == "county" or not filters.county or any(c.startswith(filters.county) for c in codes))
        and (skip == "official" or not filters.official or set(names) & set(filters.official))
        and (skip == "source" or not filters.source or article.source in filters.source)
        and (skip == "month" or not filters.month or article.date[:7] in filters.month)
        and (not first or first <= article.date)
        and (not last or "" < article.date <= last)
    )


def values(article: Article, name: FacetName) -> list[tuple[str, str, str]]:
    if name == "official":
        return [(item.id, item.name, "") for item in article.officials]
    if name == "source":
        return [(article.source, article.source, "")] if article.source else []
    if name == "month":
        return [(article.date[:7], article.date[:7], "")] if article.date else []
    places = [item for item in article.places if item.level == name and item.code != "?"]
    return [(item.code, item.label, item.path) for item in places]


def marks(text: str, words: Sequence[str]) -> tuple[Mark, ...]:
    found = [(at, at + len(word)) for word in words for at in range(len(text)) if text.startswith(word, at)]
    out: list[Mark] = []
    for start, end in sorted(found):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def hit(article: Article, words: Sequence[str], statement: Statement | None, explain: bool = False) -> Hit:
    text = article.text[:60]
    words_said = article.text[statement.span.start : statement.span.end] if statement else ""
    return Hit(
        article.id, article.title, marks(article.title, words), article.date, article.source, article.url,
        1.5, (Snippet(text, marks(text, words)),), article.counties, article.officials, statement, words_said,
        marks(words_said, words),
        explain=(ScorePart("项目", "text", "原词", 1.5, 2),) if explain else (),
    )  # fmt: skip
