"""Hypothesis strategies: query texts, clause trees and filters over given articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from searchapp.article import Article
from searchapp.query import (
    And,
    Clause,
    Everything,
    FacetName,
    Filters,
    Fuzzy,
    InDates,
    InFacet,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Where,
    Words,
)

WHERE: SearchStrategy[Where] = st.sampled_from(("any", "any", "title", "text"))
SIGNS = '"“”「」『』＂()（）|｜&~～*＊-－—:：\\.。，、·'
HAN = "甲乙丙丁县委书记或非洲者項目𠮷䶮琍"
FRAGMENTS = (
    " ", "　", " 或 ", " OR ", " AND ", " NOT ", " 非 ", " -", "标题:", "县：", "官员:", "来源:",
    "日期:", "2022-12", "..", "2023年3月", '"', "“", "”", "「", "」", "(", "（", ")", "）", "~", "~8", "*",
    "|", "&", "\\", "甲", "乙丙", "书记", "非洲", "AT&T", "\u200b", "。", "-",
)  # fmt: skip


def without_positions(clause: Clause) -> Clause:
    """The same tree with every position 0."""
    if isinstance(clause, And | Or):
        return type(clause)(tuple(map(without_positions, clause.clauses)))
    if isinstance(clause, Not):
        return Not(without_positions(clause.clause))
    return clause if isinstance(clause, Everything) else replace(clause, position=0)


def query_strings() -> SearchStrategy[str]:
    """Texts that look like queries, signs in every place, and plain noise."""
    return st.one_of(
        st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join),
        st.text(alphabet=SIGNS + HAN + " ", max_size=25),
        st.text(max_size=40),
    )


def words() -> SearchStrategy[str]:
    """Words as a person or a program may ask for them: no white space, any sign."""
    return st.one_of(
        st.text(alphabet=HAN, min_size=1, max_size=4),
        st.text(alphabet=HAN + SIGNS + "9aB", min_size=1, max_size=6),
        st.sampled_from(("OR", "或", "NOT", "非", "AND", "标题:甲", "-甲", "务“虚”更", "“甲 乙”丙", "AT&T")),
    )


def runs(articles: Sequence[Article], longest: int = 8) -> SearchStrategy[str]:
    """Runs cut anywhere from titles and texts, without white space (not empty)."""

    @st.composite
    def cut(draw: st.DrawFn) -> str:
        article = draw(st.sampled_from(articles))
        field = draw(st.sampled_from([text for text in (article.title, article.text) if text.split()]))
        squeezed = "".join(field.split())
        start = draw(st.integers(0, len(squeezed) - 1))
        return squeezed[start : start + draw(st.integers(1, longest))]

    return cut()


def words_of(articles: Sequence[Article]) -> SearchStrategy[str]:
    """Mostly runs that stand in the articles, some that need not."""
    return st.one_of(runs(articles), runs(articles), st.text(alphabet=HAN, min_size=1, max_size=3))


def values_of(articles: Sequence[Article], facet: FacetName) -> SearchStrategy[str]:
    """Values that the articles hold, shorter county codes among them, and one that none holds."""
    codes = {place.code for a in articles for place in a.places if place.code != "?"}
    found: dict[FacetName, set[str]] = {
        "county": codes | {code[:4] for code in codes} | {code[:2] for code in codes},
        "city": {code[:4] for code in codes if len(code) >= 4},
        "province": {code[:2] for code in codes},
        "official": {official.id for a in articles for official in a.officials},
        "source": {a.source for a in articles if a.source},
        "month": {a.date[:7] for a in articles if a.date},
    }
    return st.sampled_from([*sorted(found[facet]), "no such value"])


def days() -> SearchStrategy[str]:
    return st.dates(date(1998, 1, 1), date(2026, 12, 31)).map(date.isoformat)


def _ranges() -> SearchStrategy[tuple[str, str]]:
    closed = st.tuples(days(), days()).map(lambda pair: (min(pair), max(pair)))
    return closed | days().map(lambda day: (day, "")) | days().map(lambda day: ("", day))


def in_dates() -> SearchStrategy[InDates]:
    return _ranges().map(lambda pair: InDates(*pair, text=f"{pair[0]}..{pair[1]}"))


def leaves_of(word: SearchStrategy[str]) -> SearchStrategy[Clause]:
    """Text leaves over `word` (no variants), every kind and field."""
    phrase = st.lists(word, min_size=1, max_size=2).map(" ".join)
    texts = st.lists(word.filter(lambda w: w.split() == [w]), min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Words, word, WHERE),
        st.builds(Phrase, phrase, WHERE),
        st.builds(Near, texts, st.integers(0, 12), WHERE),
        st.builds(Prefix, word, WHERE),
        st.builds(Fuzzy, word, WHERE),
    )


def _trees(leaf: SearchStrategy[Clause], most: int) -> SearchStrategy[Clause]:
    def grow(part: SearchStrategy[Clause]) -> SearchStrategy[Clause]:
        parts = st.lists(part, min_size=2, max_size=4).map(tuple)
        return st.one_of(parts.map(And), parts.map(Or), part.map(Not))

    return st.recursive(leaf, grow, max_leaves=most)


def clauses(word: SearchStrategy[str], most: int = 8) -> SearchStrategy[Clause]:
    """Trees as `parse` makes them: no variants, facet values not filled in."""
    facets: SearchStrategy[FacetName] = st.sampled_from(("county", "official", "source"))
    return _trees(st.one_of(leaves_of(word), st.builds(InFacet, facets, word), in_dates()), most)


def clauses_over(articles: Sequence[Article], most: int = 6) -> SearchStrategy[Clause]:
    """Trees as an engine gets them: variants and facet values filled in, some of which match."""
    word = words_of(articles)
    variants = st.lists(word, max_size=2).map(tuple)
    facets: SearchStrategy[FacetName] = st.sampled_from(("county", "official", "source"))
    in_facet = facets.flatmap(
        lambda facet: st.builds(
            InFacet, st.just(facet), st.just("x"), st.lists(values_of(articles, facet), max_size=2).map(tuple)
        )
    )
    leaf = st.one_of(
        leaves_of(word),
        st.builds(Words, word, WHERE, variants),
        st.builds(Fuzzy, word, WHERE, variants),
        in_facet,
        in_dates(),
    )
    return st.one_of(_trees(leaf, most), st.just(Everything()))


def filters(articles: Sequence[Article]) -> SearchStrategy[Filters]:
    """Selections in some of the facets, and a range of dates in some."""

    def some(facet: FacetName) -> SearchStrategy[tuple[str, ...]]:
        return st.one_of(
            st.just(()), st.lists(values_of(articles, facet), max_size=2, unique=True).map(tuple)
        )

    spans = st.one_of(st.just(("", "")), _ranges())
    return st.builds(
        lambda county, official, source, month, span: Filters(county, official, source, month, *span),
        some("county"), some("official"), some("source"), some("month"), spans,
    )  # fmt: skip
