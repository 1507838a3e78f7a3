"""What may programs rely on? The OpenAPI 3.1 description of the JSON API, as Python data.

Written by hand and tested against real answers: every field of an answer is described here and
every required field here is in the answer.
"""

from __future__ import annotations

from typing import get_args

from searchapp import __version__
from searchapp.query import FACETS, Group, Match, Sort
from searchapp.syntax import MAX_QUERY_CHARS
from searchapp.web.desk_openapi import DESK_PATHS, DESK_SCHEMAS
from searchapp.web.openapi_forms import (
    COUNT,
    ID,
    MARK,
    NUMBER,
    TEXT,
    YES_NO,
    Schema,
    answers,
    getting,
    many,
    maybe,
    parameter,
    record,
    ref,
)
from searchapp.web.params import MAX_FACET_SIZE, MAX_FRESHNESS_DAYS, MAX_PAGE, MAX_SIZE

DATE = {**TEXT, "description": 'ISO date, "" when unknown'}
# `from` is a keyword of Python, so the range of dates is given as a mapping.
ECHO = record(
    "what was asked and what was understood",
    {"from": maybe(TEXT), "to": maybe(TEXT), "freshness": {**COUNT, "description": "only when it is set"}},
    q=TEXT, understood=TEXT, county=many(TEXT), official=many(TEXT), source=many(TEXT), month=many(TEXT),
    sort={"enum": list(get_args(Sort))}, match={"enum": list(get_args(Match))}, relaxed=YES_NO, exact=YES_NO,
    group={"enum": list(get_args(Group))}, page=COUNT, size=COUNT,
)  # fmt: skip
ECHO["required"] += ["from", "to"]

GROUPED: dict[str, Schema] = {
    "same": {**COUNT, "description": "further hits in the group of this one (only with group)"},
    "group": {**TEXT, "description": "the group (only with group)"},
    "explain": {**many(ref("ScorePart")), "description": "parts of the score (only with explain=1)"},
}
PERSON = record(value=TEXT, label=TEXT, offices=many(TEXT))
SPEAKER = record(value=TEXT, label=TEXT, offices=many(TEXT), code=TEXT)
PLACE = record(value=TEXT, label=TEXT, path=TEXT)
MENTION = record(field={"enum": ["title", "text"]}, start=COUNT, end=COUNT)
KIND: Schema = {"enum": ["direct", "indirect"]}

SCHEMAS: dict[str, Schema] = {
    "Error": record(
        "the one shape of every error",
        error=record(code=TEXT, message=TEXT, position=maybe(COUNT), hint=TEXT),
    ),
    "Query": ECHO,
    "Snippet": record(text=TEXT, html=TEXT, marks=many(MARK), start=COUNT),
    "ScorePart": record(term=TEXT, where=TEXT, reason=TEXT, score=NUMBER, frequency=COUNT),
    "Hit": record(
        "one article",
        GROUPED,
        id=TEXT, title=TEXT, title_html=TEXT, date=DATE, source=TEXT, url=TEXT, score=NUMBER,
        snippets=many(ref("Snippet")), counties=many(PLACE), officials=many(PERSON),
    ),
    "StatementHit": record(
        "one statement: `text == article.text[start:end]`",
        GROUPED,
        article_id=TEXT, title=TEXT, date=DATE, event_date=maybe(TEXT), source=TEXT, url=TEXT,
        official=SPEAKER, text=TEXT, html=TEXT, marks=many(MARK), start=COUNT, end=COUNT, kind=KIND,
        verb=TEXT, score=NUMBER,
    ),
    "FacetValue": record("", {"path": TEXT}, value=TEXT, label=TEXT, count=COUNT, selected=YES_NO),
    "Facet": record(
        "counts are exact; `missing`: hits with no value, `other`: sum of the counts not listed",
        values=many(ref("FacetValue")), missing=COUNT, other=COUNT,
    ),
    "Facets": {
        "type": "object",
        "properties": {name: ref("Facet") for name in FACETS},
        "additionalProperties": False,
    },
    "Suggestion": record(kind=TEXT, q=TEXT, label=TEXT, count=maybe(COUNT), used=YES_NO),
    "Place": record(
        "", value=TEXT, label=TEXT, path=TEXT, level=TEXT, candidates=many(TEXT), mentions=many(MENTION)
    ),
    "Official": record(
        "",
        value=TEXT, label=TEXT, offices=many(TEXT), former=many(TEXT), code=TEXT, place=TEXT,
        mentions=many(MENTION),
    ),
    "Statement": record(
        "",
        official=SPEAKER, text=TEXT, start=COUNT, end=COUNT, kind=KIND, verb=TEXT,
        speaker_by={"enum": ["named", "pronoun", "carried"]}, event_date=maybe(TEXT),
    ),
    "Article": record(
        "a stored article; all spans are code points into its title or text",
        id=TEXT, title=TEXT, text=TEXT, date=DATE, source=TEXT, url=TEXT, authors=many(TEXT),
        extra={"type": "object"}, counties=many(ref("Place")), places=many(ref("Place")),
        officials=many(ref("Official")), statements=many(ref("Statement")),
    ),
    "Completions": record(
        "", q=TEXT, completions=many(record(kind=TEXT, text=TEXT, value=TEXT, label=TEXT, count=COUNT))
    ),
    "Health": record("", status=TEXT, generation=TEXT, articles=COUNT),
}  # fmt: skip


def answer_of(hit: str) -> Schema:
    return record(
        "one page of hits",
        {"groups": maybe(COUNT)},
        query=ref("Query"), total=COUNT, hits=many(ref(hit)), facets=ref("Facets"),
        suggestions=many(ref("Suggestion")), notes=many(TEXT), generation=TEXT, sample=YES_NO, took_ms=NUMBER,
    )  # fmt: skip


SCHEMAS["SearchAnswer"] = answer_of("Hit")
SCHEMAS["StatementAnswer"] = answer_of("StatementHit")


def _whole(low: int, high: int, default: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high, "default": default}


PARAMETERS: list[Schema] = [
    parameter("q", {**TEXT, "maxLength": MAX_QUERY_CHARS}, "the query; empty finds every article"),
    parameter("county", many(TEXT), "code of 2, 4 or 6 digits, repeatable; a short one takes all below"),
    parameter("official", many(TEXT), "name@code, repeatable"),
    parameter("source", many(TEXT), "source, repeatable"),
    parameter("month", many(TEXT), "YYYY-MM, repeatable"),
    parameter("from", TEXT, "first day: 2022, 2022-12, 2022-12-15 or 2022年12月15日"),
    parameter("to", TEXT, "last day, inclusive"),
    parameter("sort", {"enum": list(get_args(Sort)), "default": "relevance"}, "order of the hits"),
    parameter(
        "freshness",
        _whole(0, MAX_FRESHNESS_DAYS, 0),
        "by relevance, newer ones count more: score * (1 + 2^(-age / this)), age in days from the newest "
        "one of the collection; undated ones and 0: nothing",
    ),
    parameter("match", {"enum": list(get_args(Match)), "default": "auto"}, "how many words must match"),
    parameter("exact", {"enum": ["0", "1"]}, "1: no synonyms, no homophones"),
    parameter("explain", {"enum": ["0", "1"]}, "1: each hit says why"),
    parameter("group", {"enum": list(get_args(Group)), "default": "none"}, "total still counts all"),
    parameter("page", _whole(1, MAX_PAGE, 1), "page, from 1"),
    parameter("size", _whole(0, MAX_SIZE, 10), "hits a page"),
    parameter("facet_size", _whole(0, MAX_FACET_SIZE, 20), "values a facet"),
]
BODY: Schema = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "properties": {p["name"]: p["schema"] for p in PARAMETERS}}
        }
    },
}


def _file(kind: str) -> Schema:
    said = answers("Error", 400, 429, 503)
    return {**said, "200": {"description": "every hit, streamed", "content": {kind: {"schema": TEXT}}}}


def _searching(name: str, schema: str) -> Schema:
    said = answers(schema, 400, 413, 429, 503)
    return {
        "get": {"operationId": name, "parameters": PARAMETERS, "responses": said},
        "post": {"operationId": f"{name}Post", "requestBody": BODY, "responses": said},
    }


_TYPED = parameter("q", TEXT, "what has been typed so far")
_COLLECTION = parameter("collection", {"enum": ["articles", "statements"]}, "what to search")

DOCUMENT: Schema = {
    "openapi": "3.1.0",
    "info": {"title": "searchapp", "version": __version__, "description": "Search of Chinese news"},
    "paths": {
        "/api/search": _searching("search", "SearchAnswer"),
        "/api/statements": _searching("statements", "StatementAnswer"),
        "/api/articles/{id}": getting("article", answers("Article", 404, 503), [ID]),
        "/api/suggest": getting("suggest", answers("Completions", 503), [_TYPED]),
        "/export.csv": getting("exportCsv", _file("text/csv"), [*PARAMETERS, _COLLECTION]),
        "/export.jsonl": getting("exportJsonl", _file("application/x-ndjson"), [*PARAMETERS, _COLLECTION]),
        "/feed.atom": getting("feed", _file("application/atom+xml"), [*PARAMETERS, _COLLECTION]),
        "/healthz": getting("health", answers("Health", 503)),
        **DESK_PATHS,
    },
    "components": {"schemas": SCHEMAS | DESK_SCHEMAS},
}
