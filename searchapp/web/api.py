"""What do programs get: JSON answers, exports, the feed, health and metrics?"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, TooManyRequests

from searchapp.errors import QueryError
from searchapp.query import Collection, Query
from searchapp.results import Hit
from searchapp.web import payload
from searchapp.web.export import csv_chunks, jsonl_chunks
from searchapp.web.facets_text import search_answer
from searchapp.web.feed import atom
from searchapp.web.held_replies import HeldReplies
from searchapp.web.metrics import Metrics
from searchapp.web.openapi import DOCUMENT
from searchapp.web.params import from_json, to_query, to_url
from searchapp.web.replies import json_reply
from searchapp.web.searching import Opener

Maker = Callable[[Iterator[Hit], Query], Iterator[bytes]]
MAX_COMPLETIONS = 20
EXPORTS_AT_ONCE = 3
FEED_SIZE = 30


def blueprint(searcher: Opener, metrics: Metrics) -> Blueprint:
    """The routes for programs, answered by `searcher`."""
    api = Blueprint("api", __name__)
    _searches(api, searcher)
    _lookups(api, searcher)
    _files(api, searcher)
    _service(api, searcher, metrics)
    return api


def asked(collection: Collection = "articles") -> Query:
    """The Query of this request: the query string, or for POST a JSON body as well.

    Raises QueryError; RequestEntityTooLarge (413) comes from reading the body.
    """
    args = dict(request.args.lists())
    if request.method == "POST":
        if request.mimetype != "application/json":
            raise QueryError("请求体应是 JSON", hint="请用 Content-Type: application/json", code="bad_body")
        try:
            body = request.get_json()
        except (BadRequest, ValueError, RecursionError):
            raise QueryError("请求体不是合法的 JSON", code="bad_body") from None
        args |= from_json(body)
    return to_query(args, collection)


def _searches(api: Blueprint, searcher: Opener) -> None:
    held = HeldReplies()

    def answer(collection: Collection) -> Response:
        if request.method == "GET" and (reply := held.get(searcher().generation())):
            return reply
        page = searcher().search(asked(collection))
        return held.make(page.generation, search_answer(page))

    @api.route("/api/search", methods=["GET", "POST"])
    def search() -> Response:
        return answer("articles")

    @api.route("/api/statements", methods=["GET", "POST"])
    def statements() -> Response:
        return answer("statements")


def _lookups(api: Blueprint, searcher: Opener) -> None:
    @api.get("/api/articles/<path:article_id>")
    def article(article_id: str) -> Response:
        return json_reply(payload.article_json(searcher().article(article_id)))

    @api.get("/api/suggest")
    def suggest() -> Response:
        text = request.args.get("q", "")[:100]
        found = searcher().complete(text, MAX_COMPLETIONS) if text.strip() else ()
        reply = json_reply({"q": text, "completions": [payload.completion_json(item) for item in found]})
        reply.headers["Cache-Control"] = "private, max-age=60"
        return reply

    @api.get("/api/openapi.json")
    def openapi() -> Response:
        return json_reply(DOCUMENT)


def _files(api: Blueprint, searcher: Opener) -> None:
    def collection() -> Collection:
        name = request.args.get("collection", "articles")
        if name not in ("articles", "statements"):
            raise QueryError("参数 collection：应为 articles 或 statements", code="bad_parameter")
        return "statements" if name == "statements" else "articles"

    # An export may run for minutes: a few at a time a process, the others are asked to come back.
    seats = threading.BoundedSemaphore(EXPORTS_AT_ONCE)

    def seated(query: Query, make: Maker) -> Iterator[bytes]:
        """The chunks of an export, after an empty one that says that it has a seat and a first hit."""
        if not seats.acquire(blocking=False):
            raise TooManyRequests(retry_after=10)
        try:
            hits = iter(searcher().every_hit(query))
            first = list(itertools.islice(hits, 1))
            yield b""
            yield from make(itertools.chain(first, hits), query)
        finally:
            seats.release()

    def stream(make: Maker, kind: str, name: str) -> Response:
        chunks = seated(asked(collection()), make)
        next(chunks)  # before the status line leaves, so that an error is still an error
        reply = Response(chunks, content_type=f"{kind}; charset=utf-8")
        reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return reply

    @api.get("/export.csv")
    def export_csv() -> Response:
        bom = request.args.get("bom", "") in ("1", "true")
        return stream(lambda hits, query: csv_chunks(hits, query, bom), "text/csv", "searchapp.csv")

    @api.get("/export.jsonl")
    def export_jsonl() -> Response:
        return stream(jsonl_chunks, "application/x-ndjson", "searchapp.jsonl")

    @api.get("/feed.atom")
    def feed() -> Response:
        query = asked(collection())
        size = query.size if "size" in request.args else FEED_SIZE
        page = searcher().search(replace(query, sort="newest", page=1, size=size, facet_size=0))
        base = request.host_url.rstrip("/") + request.script_root
        page_url = to_url("statements" if query.collection == "statements" else "search", query)
        body = atom(page, base, to_url("feed", query), page_url)
        return Response(body.encode("utf-8", "replace"), content_type="application/atom+xml; charset=utf-8")


def _service(api: Blueprint, searcher: Opener, metrics: Metrics) -> None:
    @api.get("/healthz")
    def healthz() -> Response:
        info = searcher().info()
        return json_reply({"status": "ok", "generation": info.generation, "articles": info.articles})

    @api.get("/metrics")
    def scrape() -> Response:
        return Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
