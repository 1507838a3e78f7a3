"""A saved news page -> one record: its article without menus, advertisements and comments.

trafilatura finds the article and its date; what Chinese news pages do in their own way is read
here: the site's name behind the title, authors whose names hold no space, and the line
`2022-12-15 17:22  来源：某报  作者：某某` between title and text.
"""

from __future__ import annotations

import functools
import io
import logging
import re
from collections.abc import Iterator
from configparser import ConfigParser
from typing import Any

from searchapp.corpus.encodings import TextStream, with_bytes_lost
from searchapp.corpus.records import LONGEST_RECORD_BYTES, Record, Report

LONGEST_INFO_LINE_CHARS = 100
# trafilatura doubts an article of less than 250 characters; in Chinese that is a whole report.
SHORTEST_ARTICLE_CHARS = 80
SHORTEST_HEADING_CHARS = 4

_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_INFO = re.compile(r"\d{1,2}:\d{2}|来源|作者|编辑|点击|浏览|阅读")
_SOURCE = re.compile(r"(?:来源|稿源)\s*[：:]\s*([^\s|｜：:，。]{2,30})")
_AUTHOR = re.compile(r"作者\s*[：:]\s*([^\s|｜：:，。]{2,20})")
_META_AUTHORS = "//meta[@name='author' or @property='author' or @property='article:author']/@content"


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
    visible = tree.text_content()
    headings = [" ".join(heading.text_content().split()) for heading in tree.xpath("//h1|//h2")]
    named = [str(name) for name in tree.xpath(_META_AUTHORS) if not name.startswith("http")]
    page = bare_extraction(tree, with_metadata=True, include_comments=False, config=_settings())
    if page is None:
        return {}
    found = page if isinstance(page, dict) else page.as_dict()
    title = _without_site(found.get("title") or "", headings)
    source = _SOURCE.search(visible)
    return {
        "title": title,
        "text": _without_info(found.get("text") or "", title),
        "date": found.get("date"),
        "source": source[1] if source else found.get("sitename"),
        "url": found.get("url"),
        "authors": named or _AUTHOR.findall(visible)[:1],
    }


@functools.cache
def _settings() -> ConfigParser:
    from trafilatura.settings import use_config

    settings = use_config()
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(SHORTEST_ARTICLE_CHARS))
    settings.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return settings


def _without_site(title: str, headings: list[str]) -> str:
    """`title` without what follows the heading of the page (`…_某某新闻网`)."""
    fitting = [text for text in headings if len(text) >= SHORTEST_HEADING_CHARS and title.startswith(text)]
    return max(fitting, key=len, default=title)


def _without_info(text: str, title: str) -> str:
    """`text` without the lines that only repeat title, date and source."""
    return "\n".join(line for line in text.split("\n") if line.strip() != title and not _is_info(line))


def _is_info(line: str) -> bool:
    short = len(line) <= LONGEST_INFO_LINE_CHARS and "。" not in line
    return short and bool(_DATE.search(line)) and bool(_INFO.search(line))
