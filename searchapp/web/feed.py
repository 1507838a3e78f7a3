"""The newest hits of a question as an Atom feed (RFC 4287)."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from searchapp.results import Hit, SearchPage

# Everything but what XML 1.0 lets through (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
UNDATED = "1970-01-01T00:00:00Z"


def atom(page: SearchPage, base: str, self_url: str, page_url: str) -> str:
    """The feed of `page`. `base` is the address of the application without a slash at the end,
    `self_url` and `page_url` are paths on it."""
    updated = max((_moment(hit.date) for hit in page.hits), default=UNDATED)
    title = f"{page.query.q} · 县域新闻检索" if page.query.q else "最新报道 · 县域新闻检索"
    return "\n".join((
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<title>{_text(title)}</title>",
        f"<id>{_text(base + self_url)}</id>",
        f'<link rel="self" type="application/atom+xml" href="{_text(base + self_url)}"/>',
        f'<link rel="alternate" type="text/html" href="{_text(base + page_url)}"/>',
        f"<updated>{updated}</updated>",
        "<author><name>searchapp</name></author>",
        *(_entry(hit, base) for hit in page.hits),
        "</feed>\n",
    ))  # fmt: skip


def _entry(hit: Hit, base: str) -> str:
    said = f"#{hit.statement.span.start}" if hit.statement else ""
    summary = hit.statement_text or " … ".join(snippet.text for snippet in hit.snippets)
    path = f"{base}/articles/{quote(hit.id, safe='', errors='replace')}"
    return (
        f"<entry><title>{_text(hit.heading)}</title>"
        f"<id>urn:searchapp:article:{quote(hit.id, safe='', errors='replace')}{said}</id>"
        f'<link rel="alternate" type="text/html" href="{_text(path)}"/>'
        f"<updated>{_moment(hit.date)}</updated>"
        f'<summary type="text">{_text(summary)}</summary></entry>'
    )


def _moment(date: str) -> str:
    return f"{date}T00:00:00+08:00" if _ISO_DAY.fullmatch(date) else UNDATED


def _text(value: str) -> str:
    return html.escape(_NOT_XML.sub("", value))
