"""What may programs rely on at the desk? Its part of the OpenAPI description (see `openapi`)."""

from __future__ import annotations

from searchapp.web.openapi_forms import (
    COUNT,
    ID,
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

COUNTED = {"count": COUNT, "url": {**TEXT, "description": "the search whose total is `count`"}}
MONTHS = record(values=many(record(value=TEXT, count=COUNT)), missing=COUNT, other=COUNT)
READ = record("over how many articles offices were read", articles=COUNT, of=COUNT, whole=YES_NO)
TENURE = {
    "title": TEXT, "former": YES_NO, "first_day": maybe(TEXT), "last_day": maybe(TEXT), "articles": COUNT,
}  # fmt: skip
EVIDENCE = record(
    "`sentence == article.text[start:end]`",
    article_id=TEXT, title=TEXT, date=TEXT, sentence=TEXT, start=maybe(COUNT), end=maybe(COUNT),
)  # fmt: skip
HOLDER = record(id=TEXT, name=TEXT, first_day=TEXT, last_day=TEXT)
SPEAKER = record(value=TEXT, label=TEXT, offices=many(TEXT))
SAID = {"article_id": TEXT, "title": TEXT, "date": TEXT, "source": TEXT, "url": TEXT}
WORDS: dict[str, Schema] = {
    "official": SPEAKER, "text": TEXT, "start": COUNT, "end": COUNT,
    "kind": {"enum": ["direct", "indirect"]}, "event_date": maybe(TEXT),
}  # fmt: skip
MARK_NAMES: Schema = {"enum": ["plain", "shared", "own", "boilerplate"]}

DESK_SCHEMAS: dict[str, Schema] = {
    "Counted": record("", {"path": TEXT}, value=TEXT, label=TEXT, **COUNTED),
    "Said": record("a statement, or an article when articles are tracked", WORDS, **SAID),
    "Tenure": record("what was seen, not what was decreed", **TENURE),
    "CountyProfile": record(
        code=TEXT, name=TEXT, path=TEXT, articles=record(**COUNTED), statements=record(**COUNTED),
        months=record(articles=MONTHS, statements=MONTHS),
        officials=many(record(
            id=TEXT, name=TEXT, first_day=maybe(TEXT), last_day=maybe(TEXT), tenures=many(ref("Tenure")),
            articles=record(**COUNTED), statements=record(**COUNTED),
        )),
        officials_unlisted=COUNT, read=READ, latest_statements=many(ref("Said")),
        neighbours=many(ref("Counted")),
    ),
    "OfficialProfile": record(
        id=TEXT, name=TEXT, code=TEXT, place=TEXT, label=TEXT, articles=record(**COUNTED),
        statements=record(**COUNTED), months=MONTHS,
        tenures=many(record(**TENURE, evidence=many(EVIDENCE))),
        handovers=many(record(title=TEXT, before=maybe(HOLDER), after=maybe(HOLDER))),
        read=READ, namesakes=many(ref("Counted")), counties=many(ref("Counted")),
        mentioned_with=many(ref("Counted")), latest_statements=many(ref("Said")),
    ),
    "Comparison": record(
        query=record("", {"from": maybe(TEXT), "to": maybe(TEXT)}, q=TEXT, source=many(TEXT)),
        columns=many(record(
            value=TEXT, label=TEXT, statements=record(**COUNTED), shown=COUNT, own=many(TEXT),
        )),
        shared=many(record(
            words=TEXT, officials=many(TEXT), speakers=many(TEXT), columns=many(COUNT), boilerplate=YES_NO,
            counties=maybe(COUNT), statements=maybe(record(**COUNTED)),
        )),
        boilerplate_from_counties=COUNT,
        rows=many(record(
            theme={**TEXT, "description": '"" for what has no counterpart'}, terms=many(TEXT),
            cells=many(many(record(
                official=TEXT, name=TEXT, offices=many(TEXT), statements=many(record(
                    **SAID, **WORDS, cited=YES_NO, pieces=many(record(text=TEXT, mark=MARK_NAMES)),
                )),
            ))),
        )),
    ),
    "Track": record(
        **{"in": {"enum": ["statements", "articles"]}},
        phrase=TEXT, total=record(**COUNTED), undated=COUNT, months=MONTHS, first=many(ref("Said")),
        counties=COUNT,
        spread=many(record(month=TEXT, counties=COUNT, new=many(record(
            value=TEXT, label=TEXT, day=TEXT, article_id=TEXT, **COUNTED,
        )))),
        top_counties=many(ref("Counted")), top_officials=many(ref("Counted")),
    ),
}  # fmt: skip

_WHO = parameter("who", many(TEXT), "county code, official id or county name; two to six")
_COMPARED = [
    _WHO,
    parameter("q", TEXT, "the query; empty compares the newest statements"),
    parameter("theme", TEXT, "exact words that every statement holds as well"),
    parameter("from", TEXT, "first day"),
    parameter("to", TEXT, "last day, inclusive"),
    parameter("source", many(TEXT), "source, repeatable"),
]
_TRACKED = [
    parameter("q", TEXT, "the wording, as an exact run"),
    parameter("in", {"enum": ["statements", "articles"], "default": "statements"}, "where it is sought"),
]

DESK_PATHS: dict[str, Schema] = {
    "/api/counties/{id}": getting("county", answers("CountyProfile", 404, 503), [ID]),
    "/api/officials/{id}": getting("official", answers("OfficialProfile", 404, 503), [ID]),
    "/api/compare": getting("compare", answers("Comparison", 400, 503), _COMPARED),
    "/api/phrase": getting("phrase", answers("Track", 400, 503), _TRACKED),
}
