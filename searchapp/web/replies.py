"""How does an answer leave: encoded, compressed, with which headers?"""

from __future__ import annotations

import gzip
import json
from typing import Any

from flask import Flask, Response, request

GZIP_FROM_BYTES = 1024
GZIP_LEVEL = 4
GZIP_TYPES = ("text/html", "application/json", "application/atom+xml", "text/plain")
# No inline script or style anywhere, nothing from other hosts: a title that smuggles markup past
# every other guard still cannot run.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


# What is encoded was made for it and holds no cycle, so none is looked for.
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8; a lone surrogate of a broken source becomes "?"."""
    return _COMPACT.encode(value).encode("utf-8", "replace")


def json_reply(value: Any, status: int = 200) -> Response:
    return Response(json_bytes(value), status, content_type="application/json; charset=utf-8")


def html_reply(page: str, status: int = 200) -> Response:
    return Response(page.encode("utf-8", "replace"), status, content_type="text/html; charset=utf-8")


def install(app: Flask) -> None:
    """Put security headers and compression on every answer of `app`."""
    app.after_request(_compressed)
    app.after_request(_secured)


def _secured(reply: Response) -> Response:
    # Nobody else sets any of them, so that none has to be looked for.
    reply.headers.extend(SECURITY_HEADERS)
    return reply


def _compressed(reply: Response) -> Response:
    if reply.is_streamed or reply.direct_passthrough or reply.mimetype not in GZIP_TYPES:
        return reply
    if "Vary" in reply.headers:  # whoever says so has chosen the encoding
        return reply
    reply.vary.add("Accept-Encoding")
    body = reply.get_data()
    if len(body) >= GZIP_FROM_BYTES and "Content-Encoding" not in reply.headers and accepts_gzip():
        reply.set_data(gzip.compress(body, GZIP_LEVEL, mtime=0))
        reply.headers["Content-Encoding"] = "gzip"
    return reply


def accepts_gzip() -> bool:
    """Whether the client of this request takes gzip."""
    return request.accept_encodings.quality("gzip") > 0
