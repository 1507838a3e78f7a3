"""What do programs get from the desk: profiles, comparisons, tracks, and files to take away?"""

from __future__ import annotations

from flask import Blueprint, Response, request

from searchapp.desk import compare, county_profile, official_profile, track
from searchapp.web import desk_payload as payload
from searchapp.web.desk_export import comparison_csv, comparison_markdown
from searchapp.web.desk_links import DeskLinks
from searchapp.web.desk_params import CompareAsk, read_comparison, read_tracking
from searchapp.web.replies import json_reply
from searchapp.web.searching import Opener


def blueprint(searcher: Opener) -> Blueprint:
    """The desk's routes for programs and files, answered by `searcher`."""
    api = Blueprint("desk_api", __name__)

    @api.get("/api/counties/<code>")
    def county(code: str) -> Response:
        return json_reply(payload.county_json(county_profile(searcher(), code), links()))

    @api.get("/api/officials/<path:ident>")
    def official(ident: str) -> Response:
        return json_reply(payload.official_profile_json(official_profile(searcher(), ident), links()))

    @api.get("/api/compare")
    def comparison() -> Response:
        asked = comparison_asked(searcher)
        return json_reply(payload.comparison_json(compare(searcher(), asked.who, asked.query), links()))

    @api.get("/api/phrase")
    def phrase() -> Response:
        words, collection, query = read_tracking(dict(request.args.lists()))
        found = track(searcher(), words, collection, query.filters)
        return json_reply(payload.track_json(found, collection, links()))

    @api.get("/compare.md")
    def markdown() -> Response:
        asked = comparison_asked(searcher)
        text = comparison_markdown(compare(searcher(), asked.who, asked.query), asked, outside())
        return file_reply(text.encode("utf-8", "replace"), "text/markdown", "compare.md")

    @api.get("/compare.csv")
    def table() -> Response:
        asked = comparison_asked(searcher)
        body = comparison_csv(compare(searcher(), asked.who, asked.query), asked, outside())
        return file_reply(body, "text/csv", "compare.csv")

    return api


def links() -> DeskLinks:
    """Links as this request reaches the application."""
    return DeskLinks(request.script_root)


def outside() -> DeskLinks:
    """Links for files that are read elsewhere."""
    return DeskLinks(request.host_url.rstrip("/") + request.script_root)


def comparison_asked(searcher: Opener) -> CompareAsk:
    """The comparison of this request. Raises QueryError."""
    return read_comparison(searcher(), dict(request.args.lists()))


def file_reply(body: bytes, kind: str, name: str) -> Response:
    reply = Response(body, content_type=f"{kind}; charset=utf-8")
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply
