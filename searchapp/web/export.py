"""How does every hit of a question leave as a file? Row by row, never all at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from searchapp.query import Query
from searchapp.results import Hit
from searchapp.web.payload import article_hit_json, statement_hit_json
from searchapp.web.replies import json_bytes

ARTICLE_COLUMNS = ("id", "title", "date", "source", "url", "counties", "county_codes", "officials", "snippet")
STATEMENT_COLUMNS = (
    "article_id", "title", "date", "source", "url",
    "official", "name", "offices", "kind", "start", "end", "text",
)  # fmt: skip
# A cell that begins with one of these is a formula to a spreadsheet (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ROWS_A_CHUNK = 200


def csv_chunks(hits: Iterable[Hit], query: Query, bom: bool) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8, header row) in chunks; `bom` for spreadsheets that need one."""
    statements = query.collection == "statements"
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    row_of = _statement_row if statements else _article_row
    writer.writerow(STATEMENT_COLUMNS if statements else ARTICLE_COLUMNS)
    if bom:
        yield b"\xef\xbb\xbf"
    for count, hit in enumerate(hits, 1):
        writer.writerow([defused(cell) for cell in row_of(hit)])
        if count % ROWS_A_CHUNK == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def jsonl_chunks(hits: Iterable[Hit], query: Query) -> Iterator[bytes]:
    """One JSON object a line, the same objects as `hits` of the API."""
    hit_json = statement_hit_json if query.collection == "statements" else article_hit_json
    lines: list[bytes] = []
    for hit in hits:
        lines.append(json_bytes(hit_json(hit, query)))
        if len(lines) == ROWS_A_CHUNK:
            yield b"\n".join(lines) + b"\n"
            lines.clear()
    if lines:
        yield b"\n".join(lines) + b"\n"


def defused(cell: str) -> str:
    """`cell` so that no spreadsheet takes it for a formula: an apostrophe goes before it."""
    return "'" + cell if cell.lstrip(" ").startswith(FORMULA) else cell


def _article_row(hit: Hit) -> tuple[str, ...]:
    return (
        hit.id, hit.title, hit.date, hit.source, hit.url,
        "; ".join(place.path or place.label for place in hit.counties),
        "; ".join(place.code for place in hit.counties),
        "; ".join(official.id for official in hit.officials),
        " … ".join(snippet.text for snippet in hit.snippets),
    )  # fmt: skip


def _statement_row(hit: Hit) -> tuple[str, ...]:
    said = hit.statement
    if said is None:
        raise ValueError(f"hit {hit.id} of a statement search holds no statement")
    return (
        hit.id, hit.title, hit.date, hit.source, hit.url, said.official, said.name,
        "; ".join(said.offices), said.kind, str(said.span.start), str(said.span.end), hit.statement_text,
    )  # fmt: skip


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")
