"""How does a comparison leave for the editor: as Markdown to write on, as a table to sort?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from searchapp.desk import Comparison, Row
from searchapp.desk.comparison import SharedWording, Speech, Voice
from searchapp.desk.marking import Piece
from searchapp.web.desk_links import DeskLinks
from searchapp.web.desk_params import BoilerplateMode, CompareAsk
from searchapp.web.export import defused

UNALIGNED = "其他要点"
HIDDEN = "……"
COLUMNS = (
    "theme", "terms", "column", "column_code", "official", "name", "offices", "date", "event_date", "kind",
    "text", "shared", "own", "boilerplate", "article_id", "title", "source", "url", "start", "end", "link",
)  # fmt: skip
# Characters with a meaning in Markdown (CommonMark 0.31, section 2.4: any of these may be escaped).
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&])")


def comparison_csv(comparison: Comparison, asked: CompareAsk, links: DeskLinks) -> bytes:
    """One row for each statement in each theme (RFC 4180, UTF-8 with BOM, formulas defused)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in comparison.rows:
        for column, cell in zip(comparison.columns, row.cells, strict=True):
            for voice in cell.voices:
                for speech in voice.speeches:
                    place = (row.label or UNALIGNED, "、".join(row.terms), column.label, column.value)
                    said = _speech_cells(voice, speech, asked.boilerplate, links)
                    writer.writerow([defused(text) for text in place + said])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def _speech_cells(voice: Voice, speech: Speech, mode: BoilerplateMode, links: DeskLinks) -> tuple[str, ...]:
    hit, said = speech.hit, speech.hit.statement
    if said is None:
        raise ValueError(f"hit {hit.id} of a statement search holds no statement")
    return (
        voice.official, voice.name, "、".join(said.offices), hit.date, said.event_date or "", said.kind,
        "".join(shown(piece, mode) for piece in speech.pieces),
        _marked(speech, "shared"), _marked(speech, "own"), _marked(speech, "boilerplate"),
        hit.id, hit.title, hit.source, hit.url, str(said.span.start), str(said.span.end), links.sentence(hit),
    )  # fmt: skip


def shown(piece: Piece, mode: BoilerplateMode) -> str:
    """The text of a piece, or the sign that boilerplate was left out."""
    return HIDDEN if piece.mark == "boilerplate" and mode == "hide" else piece.text


def _marked(speech: Speech, mark: str) -> str:
    return "；".join(dict.fromkeys(piece.text for piece in speech.pieces if piece.mark == mark))


def comparison_markdown(comparison: Comparison, asked: CompareAsk, links: DeskLinks) -> str:
    """A document with the shared wording, then theme by theme who said what, each with its source.
    Shared wording is bold, own wording in italics."""
    names = " · ".join(escaped(column.label) for column in comparison.columns)
    lines = [f"# 讲话对照：{names}", ""]
    if comparison.query.q:
        lines += [f"检索词：{escaped(comparison.query.q)}", ""]
    first, last = comparison.query.filters.first, comparison.query.filters.last
    if first or last:
        lines += [f"日期：{first or '最早'} 至 {last or '今'}", ""]
    lines += ["**粗体**是几方共有的提法，*斜体*是一方自己的话。", "", "## 共同的提法", ""]
    lines += list(_shared_lines(comparison, asked.boilerplate)) or ["没有四个字以上的共同提法。"]
    for row in comparison.rows:
        lines += ["", *_row_lines(row, comparison, asked.boilerplate, links)]
    return "\n".join(lines) + "\n"


def _shared_lines(comparison: Comparison, mode: BoilerplateMode) -> Iterator[str]:
    for item in comparison.shared:
        if not (item.boilerplate and mode == "hide"):
            yield f"- **{escaped(item.words)}**：{escaped('、'.join(item.speakers))}{_spread(item)}"


def _spread(item: SharedWording) -> str:
    if item.spread is None:
        return ""
    common = "，常用语" if item.boilerplate else ""
    return f"（全库 {item.spread.counties} 个县区、{item.spread.statements} 段讲话{common}）"


def _row_lines(row: Row, comparison: Comparison, mode: BoilerplateMode, links: DeskLinks) -> Iterator[str]:
    terms = f"（{escaped('、'.join(row.terms))}）" if row.terms else ""
    yield f"## {escaped(row.label) or UNALIGNED}{terms}"
    for column, cell in zip(comparison.columns, row.cells, strict=True):
        if cell.voices:
            yield f"\n### {escaped(column.label)}\n"
        for voice in cell.voices:
            for speech in voice.speeches:
                yield f"- {_who(voice)}：{_text(speech, mode)} {_source(speech, links)}"


def _who(voice: Voice) -> str:
    offices = f"（{escaped('、'.join(voice.offices))}）" if voice.offices else ""
    return f"{escaped(voice.name)}{offices}"


def _text(speech: Speech, mode: BoilerplateMode) -> str:
    signs = {"shared": "**", "own": "*"}
    parts = []
    for piece in speech.pieces:
        sign = signs.get(piece.mark, "")
        parts.append(f"{sign}{escaped(shown(piece, mode))}{sign}" if piece.text.strip() else " ")
    return ("……" if speech.cited else "") + "".join(parts)


def _source(speech: Speech, links: DeskLinks) -> str:
    hit = speech.hit
    about = "，".join(part for part in (hit.source, hit.date) if part)
    return f"[{escaped(hit.heading)}]({links.sentence(hit)})" + (
        f"（{escaped(about)}）" if about else ""
    )


def escaped(text: str) -> str:
    """`text` on one line, so that nothing in it is Markdown or HTML."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
