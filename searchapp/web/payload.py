"""What do the nouns look like in JSON? One explicit function each, no reflection.

Field names and meanings are the public contract; `openapi.py` describes the same shapes.
All offsets are code points into the text beside them.
"""

from __future__ import annotations

from typing import Any

from searchapp.article import Article, Mention, Official, Place, Statement
from searchapp.markup import mark_html
from searchapp.query import Query
from searchapp.results import Facet, Hit, ScorePart, SearchPage, Snippet, Suggestion
from searchapp.web.searching import Completion

Json = dict[str, Any]


def search_json(page: SearchPage) -> Json:
    """The answer of `/api/search` and `/api/statements`."""
    hit_json = statement_hit_json if page.query.collection == "statements" else article_hit_json
    answer: Json = {
        "query": query_json(page),
        "total": page.total,
        "hits": [hit_json(hit, page.query) for hit in page.hits],
        "facets": {name: facet_json(facet) for name, facet in page.facets.items()},
        "suggestions": [suggestion_json(item) for item in page.suggestions],
        "notes": list(page.notes),
        "generation": page.generation,
        "sample": page.sample,
        "took_ms": round(page.took_ms, 3),
    }
    if page.query.group != "none":
        answer["groups"] = page.groups
    return answer


def query_json(page: SearchPage) -> Json:
    """What was asked and what was understood."""
    query = page.query
    chosen = query.filters
    echo: Json = {
        "q": query.q,
        "understood": page.understood,
        "county": list(chosen.county),
        "official": list(chosen.official),
        "source": list(chosen.source),
        "month": list(chosen.month),
        "from": chosen.first or None,
        "to": chosen.last or None,
        "sort": query.sort,
        "match": query.match,
        "relaxed": page.relaxed,
        "exact": query.exact,
        "group": query.group,
        "page": query.page,
        "size": query.size,
    }
    if query.freshness:
        echo["freshness"] = query.freshness
    return echo


def article_hit_json(hit: Hit, query: Query) -> Json:
    """One article among the hits."""
    return _with_group({
        "id": hit.id,
        "title": hit.title,
        "title_html": mark_html(hit.title, hit.title_marks),
        "date": hit.date,
        "source": hit.source,
        "url": hit.url,
        "score": round(hit.score, 4),
        "snippets": [snippet_json(snippet) for snippet in hit.snippets],
        "counties": [place_value(place) for place in hit.counties],
        "officials": [official_value(official) for official in hit.officials],
    }, hit, query)  # fmt: skip


def statement_hit_json(hit: Hit, query: Query) -> Json:
    """One statement among the hits: `text == article.text[start:end]`."""
    statement = hit.statement
    if statement is None:
        raise ValueError(f"hit {hit.id} of a statement search holds no statement")
    return _with_group({
        "article_id": hit.id,
        "title": hit.title,
        "date": hit.date,
        "event_date": statement.event_date,
        "source": hit.source,
        "url": hit.url,
        "official": {
            "value": statement.official,
            "label": statement.name,
            "offices": list(statement.offices),
            "code": statement.code,
        },
        "text": hit.statement_text,
        "html": mark_html(hit.statement_text, hit.statement_marks),
        "marks": [list(mark) for mark in hit.statement_marks],
        "start": statement.span.start,
        "end": statement.span.end,
        "kind": statement.kind,
        "verb": statement.verb,
        "score": round(hit.score, 4),
    }, hit, query)  # fmt: skip


def _with_group(answer: Json, hit: Hit, query: Query) -> Json:
    if query.group != "none":
        answer["same"] = hit.same
        answer["group"] = hit.group
    if query.explain:
        answer["explain"] = [score_part_json(part) for part in hit.explain]
    return answer


def snippet_json(snippet: Snippet) -> Json:
    return {
        "text": snippet.text,
        "html": mark_html(snippet.text, snippet.marks),
        "marks": [list(mark) for mark in snippet.marks],
        "start": snippet.start,
    }


def score_part_json(part: ScorePart) -> Json:
    return {
        "term": part.term,
        "where": part.where,
        "reason": part.reason,
        "score": round(part.score, 4),
        "frequency": part.frequency,
    }


def place_value(place: Place) -> Json:
    return {"value": place.code, "label": place.label, "path": place.path}


def official_value(official: Official) -> Json:
    return {
        "value": official.id,
        "label": official.name,
        "offices": [office.title for office in official.offices],
    }


def facet_json(facet: Facet) -> Json:
    return {
        # Taken apart in place: a page has up to three hundred values.
        "values": [
            {"value": value, "label": label, "count": count, "selected": selected, "path": path}
            if path
            else {"value": value, "label": label, "count": count, "selected": selected}
            for value, label, count, selected, path in facet.values
        ],
        "missing": facet.missing,
        "other": facet.other,
    }


def suggestion_json(item: Suggestion) -> Json:
    return {"kind": item.kind, "q": item.q, "label": item.label, "count": item.count, "used": item.used}


def completion_json(item: Completion) -> Json:
    return {
        "kind": item.kind,
        "text": item.text,
        "value": item.value,
        "label": item.label,
        "count": item.count,
    }


def article_json(article: Article) -> Json:
    """The answer of `/api/articles/<id>`: everything stored, with spans into title and text."""
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "date": article.date,
        "source": article.source,
        "url": article.url,
        "authors": list(article.authors),
        "extra": dict(article.extra),
        "counties": [place_json(place) for place in article.counties],
        "places": [place_json(place) for place in article.places],
        "officials": [official_json(official) for official in article.officials],
        "statements": [statement_json(article, statement) for statement in article.statements],
    }


def place_json(place: Place) -> Json:
    return {
        **place_value(place),
        "level": place.level,
        "candidates": list(place.candidates),
        "mentions": [mention_json(mention) for mention in place.mentions],
    }


def official_json(official: Official) -> Json:
    return {
        **official_value(official),
        "former": [office.title for office in official.offices if office.former],
        "code": official.code,
        "place": official.place,
        "mentions": [mention_json(mention) for mention in official.mentions],
    }


def statement_json(article: Article, statement: Statement) -> Json:
    return {
        "official": {
            "value": statement.official,
            "label": statement.name,
            "offices": list(statement.offices),
            "code": statement.code,
        },
        "text": article.text[statement.span.start : statement.span.end],
        "start": statement.span.start,
        "end": statement.span.end,
        "kind": statement.kind,
        "verb": statement.verb,
        "speaker_by": statement.speaker_by,
        "event_date": statement.event_date,
    }


def mention_json(mention: Mention) -> Json:
    return {"field": mention.field, "start": mention.span.start, "end": mention.span.end}
