"""A text file -> one record: first line the title, perhaps a date line, then the body."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from searchapp.corpus.dates import DateNotRead, read_date
from searchapp.corpus.encodings import TextStream, is_undecoded, with_bytes_lost
from searchapp.corpus.records import LONGEST_RECORD_BYTES, Record, Report

LONGEST_TITLE_CHARS = 200
LONGEST_DATE_LINE_CHARS = 80
_SOURCE = re.compile(r"\s*来源\s*[：:]\s*(?P<source>\S+)\s*$")


def read_plain_text(stream: io.BufferedReader, report: Report) -> Iterator[Record]:
    """The one article of a file. A file of one line, or whose first line is too long for a title,
    has no title."""
    text_stream = TextStream(stream)
    text = text_stream.whole()
    if text is None:
        report(1, f"text is longer than {LONGEST_RECORD_BYTES >> 20} Mi characters", "")
        return
    if is_undecoded(text):
        report(1, f"holds bytes that are not {text_stream.encoding}", with_bytes_lost(text))
        return
    yield Record(1, text, _fields(re.sub(r"\r\n?", "\n", text)))


def _fields(text: str) -> dict[str, Any]:
    title, body = _first_line(text)
    if not body or len(title) > LONGEST_TITLE_CHARS:
        return {"text": text.strip("\n")}
    line, rest = _first_line(body)
    fields: dict[str, Any] = {"title": title, "text": body}
    dated = _date_line(line)
    if dated and rest:
        fields |= dated
        fields["text"] = rest
    return fields


def _first_line(text: str) -> tuple[str, str]:
    """The first line that is not blank, stripped, and what follows it without blank lines around."""
    line, _, rest = re.sub(r"\A\s*\n", "", text).partition("\n")
    return line.strip(), re.sub(r"\A(?:[^\S\n]*\n)+", "", rest).rstrip()


def _date_line(line: str) -> dict[str, str] | None:
    """`15.12.2022  17:22` or `2022年12月15日 来源：某报`: the fields that it gives."""
    if len(line) > LONGEST_DATE_LINE_CHARS or not line:
        return None
    source = _SOURCE.search(line)
    written = line[: source.start()] if source else line
    try:
        day = read_date(written)
    except DateNotRead:
        return None
    if not day.iso:
        return None
    return {"date": written, **({"source": source["source"]} if source else {})}
