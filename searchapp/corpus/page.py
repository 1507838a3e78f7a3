"""A saved news page -> one record: its article without menus, advertisements and comments."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from searchapp.corpus.encodings import TextStream, with_bytes_lost
from searchapp.corpus.records import LONGEST_RECORD_BYTES, Record, Report

# Our name of a field -> trafilatura's.
_FIELDS = {
    "title": "title",
    "text": "text",
    "date": "date",
    "source": "sitename",
    "url": "url",
}
_AUTHORS = "//meta[@name='author' or @property='author' or @property='article:author']/@content"


def read_page(stream: io.BufferedReader, report: Report) -> Iterator[Record]:
    """The one article of a page; what stands in its head decides the encoding where it holds true."""
    html = TextStream(stream, declared=True).whole()
    if html is None:
        report(1, f"page is longer than {LONGEST_RECORD_BYTES >> 20} Mi characters", "")
        return
    html = with_bytes_lost(html).replace("\0", "\ufffd")
    fields = _extract(html)
    if not fields.get("text"):
        report(1, "no article found in this page", html)
        return
    yield Record(1, html, fields, is_text=True)


def _extract(html: str) -> dict[str, Any]:
    # Imported here: it takes longer than everything else at start-up, and few runs read pages.
    from trafilatura import bare_extraction, load_html

    # It tells the user about every page without text on stderr; we report those ourselves.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = load_html(html)
    if tree is None:
        return {}
    # trafilatura throws away an author whose name holds no space, which is every Chinese one.
    authors = [str(name) for name in tree.xpath(_AUTHORS) if not name.startswith("http")]
    page = bare_extraction(tree, with_metadata=True, include_comments=False, include_tables=True)
    if page is None:
        return {}
    found = page if isinstance(page, dict) else page.as_dict()
    return {ours: found.get(theirs) for ours, theirs in _FIELDS.items()} | {"authors": authors}
