"""How do the parts become one web application?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from flask import Flask, Response, g, request
from markupsafe import Markup

from searchapp.config import Settings
from searchapp.errors import ConfigError
from searchapp.markup import mark_html
from searchapp.results import Mark
from searchapp.search import Searcher
from searchapp.syntax import MAX_QUERY_CHARS
from searchapp.web import api, desk_api, desk_pages, errors, pages, replies
from searchapp.web.assets import Assets
from searchapp.web.metrics import Metrics
from searchapp.web.searching import Opener, Searching

PACKAGE = Path(__file__).resolve().parents[1]
MAX_BODY_BYTES = 256 * 1024
METRIC_NAMES = {
    "pages.search": "search", "pages.statements": "statements", "pages.article": "article",
    "pages.static": "static", "api.search": "api_search", "api.statements": "api_statements",
    "api.article": "api_article", "api.suggest": "suggest", "api.export_csv": "export",
    "api.export_jsonl": "export", "api.feed": "feed",
    "desk.county": "county", "desk.official": "official", "desk_api.county": "api_county",
    "desk_api.official": "api_official", "desk.comparison": "compare", "desk_api.comparison": "api_compare",
    "desk.phrase": "phrase", "desk_api.phrase": "api_phrase", "desk_api.markdown": "export",
    "desk_api.table": "export",
}  # fmt: skip


def create_app(source: Settings | Searching | Callable[[], Searching]) -> Flask:
    """The application that answers from `source`: a searcher, a function that opens one, or the
    settings that name an index.

    A function is called at the first question, and again as long as it raises EngineError, so that
    the application can start before there is an index.
    """
    app = Flask("searchapp", template_folder=str(templates_folder()), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    # Ids may hold any character, two slashes in a row included.
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    metrics, assets, searcher = Metrics(), Assets(), Opener(_opening(source))
    app.extensions["searchapp.metrics"] = metrics
    app.extensions["searchapp.searcher"] = searcher
    app.register_blueprint(api.blueprint(searcher, metrics))
    app.register_blueprint(pages.blueprint(searcher, assets))
    app.register_blueprint(desk_api.blueprint(searcher))
    app.register_blueprint(desk_pages.blueprint(searcher))
    errors.install(app, searcher)
    replies.install(app)
    _measured(app, metrics)
    _in_templates(app, assets)
    return app


def _opening(source: Settings | Searching | Callable[[], Searching]) -> Searching | Callable[[], Searching]:
    if isinstance(source, Settings):
        return partial(Searcher, source)
    return source


def templates_folder() -> Path:
    """The templates of the installed package, or those at the top of a checkout."""
    for folder in (PACKAGE / "templates", PACKAGE.parent / "templates"):
        if (folder / "base.html").is_file():
            return folder
    raise ConfigError(f"no templates beside {PACKAGE}: the installation is not whole")


def _measured(app: Flask, metrics: Metrics) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(reply: Response) -> Response:
        began = g.get("began")
        if began is not None:
            name = METRIC_NAMES.get(request.endpoint or "", "other")
            metrics.count(name, reply.status_code, time.perf_counter() - began)
        return reply


def _in_templates(app: Flask, assets: Assets) -> None:
    def asset(name: str) -> str:
        return assets.url(name, request.script_root)

    def day(date: str) -> str:
        """2022-12-15 as 2022年12月15日."""
        parts = date.split("-")
        if len(parts) != 3 or not all(part.isdecimal() for part in parts):
            return date
        return f"{int(parts[0])}年{int(parts[1])}月{int(parts[2])}日"

    def web_link(url: str) -> str:
        """`url` when a browser may be sent there, else ""."""
        return url if url.lower().startswith(("http://", "https://")) else ""

    def marked(text: str, marks: Sequence[Mark]) -> Markup:
        return Markup(mark_html(text, marks))

    app.jinja_env.globals.update(asset=asset, longest_query=MAX_QUERY_CHARS)
    app.jinja_env.filters.update(day=day, marked=marked, web_link=web_link, number="{:,}".format)
