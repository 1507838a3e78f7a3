"""How is an error said? One JSON shape for programs, one page for people, one table of statuses."""

from __future__ import annotations

import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from searchapp.errors import (
    ArticleNotFound,
    EngineError,
    EngineUnavailable,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexStale,
    QueryError,
)
from searchapp.query import Query
from searchapp.web.replies import html_reply, json_reply
from searchapp.web.searching import Opener
from searchapp.web.views import Links

log = logging.getLogger(__name__)

MACHINE_PATHS = ("/api/", "/export.", "/feed.", "/healthz", "/metrics")
ENGINE_CODES: tuple[tuple[type[EngineError], str, str], ...] = (
    (IndexMissing, "index_missing", "还没有索引：请先运行 searchapp reindex"),
    (IndexStale, "index_stale", "索引由旧版本建立：请重新运行 searchapp reindex"),
    (IndexLocked, "index_locked", "索引正被另一个进程写入，请稍后再试"),
    (IndexDamaged, "index_damaged", "索引文件损坏：请运行 searchapp rollback 或 searchapp reindex"),
    (EngineUnavailable, "engine_unavailable", "搜索引擎没有应答，请稍后再试"),
    (EngineError, "unavailable", "索引暂时不能回答，请稍后再试"),
)
HTTP_CODES: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "请求无法理解", ""),
    404: ("not_found", "没有这个地址", "请从检索页开始"),
    405: ("method_not_allowed", "这个地址不接受这种请求方法", ""),
    413: ("too_large", "请求体太大", "请求体最多 256 KiB"),
    415: ("bad_body", "请求体应是 JSON", "请用 Content-Type: application/json"),
    429: ("too_many_requests", "请求太多，请稍后再试", ""),
    500: ("internal", "服务器内部出错，已记入日志", ""),
}


def install(app: Flask, searcher: Opener) -> None:
    """Answer every error of searchapp and of HTTP on `app` in our shape."""

    def sample() -> bool:
        try:
            return searcher().info().sample
        except EngineError:
            return False

    app.jinja_env.globals["shows_sample"] = sample
    app.register_error_handler(QueryError, _query_error)
    app.register_error_handler(ArticleNotFound, _not_found)
    app.register_error_handler(EngineError, _engine_error)
    app.register_error_handler(HTTPException, _http_error)


def _query_error(error: QueryError) -> Response:
    return answer(400, error.code, error.message, error.hint, error.position)


def _not_found(error: ArticleNotFound) -> Response:
    return answer(404, "not_found", str(error) or "没有这篇报道", "它可能已被删除或更换了编号")


def _engine_error(error: EngineError) -> Response:
    log.warning("engine: %s", error)
    code, message = next((code, said) for kind, code, said in ENGINE_CODES if isinstance(error, kind))
    reply = answer(503, code, message, str(error))
    reply.headers["Retry-After"] = "5"
    return reply


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        return Response(status=status, headers=error.get_headers())
    code, message, hint = HTTP_CODES.get(status, ("http_error", error.name, ""))
    reply = answer(status, code, message, hint)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            reply.headers[name] = value
    return reply


def answer(status: int, code: str, message: str, hint: str = "", position: int | None = None) -> Response:
    """The error as JSON on machine paths or when JSON is asked for, else as a page in Chinese."""
    if wants_json():
        error = {"code": code, "message": message, "position": position, "hint": hint}
        return json_reply({"error": error}, status)
    q = request.args.get("q", "")
    said = {"status": status, "code": code, "message": message, "hint": hint, "position": position}
    page = render_template("error.html", **said, q=q, links=Links(Query(q=q), request.script_root))
    return html_reply(page, status)


def wants_json() -> bool:
    """Whether the client of this request reads JSON rather than a page."""
    if request.path.startswith(MACHINE_PATHS):
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), "text/html")
    return best == "application/json"
