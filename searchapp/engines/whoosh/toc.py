"""Whoosh's table of contents for a generation: what makes its folder a Whoosh index.

`whoosh.index.open_dir(folder)` opens the articles, `open_dir(folder, indexname="STATEMENTS")` the
statements. Fields: `id`; `title` and `text` by words with frequencies; `run`, title and text by
character bigrams with positions (`analyzers.run_query` asks it for an exact run); the facets, of
which all values are terms and the first is the sort key; `date`, undated records sorting oldest;
of articles also the stored `url`, of statements `article`, the id of the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from whoosh.columns import NumericColumn
from whoosh.fields import DATETIME, ID, STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from searchapp.engines.whoosh.analyzers import RunField, WordAnalyzer, WordField
from searchapp.engines.whoosh.codec import ArraySegment
from searchapp.query import FACETS
from searchapp.schema import ALIASES_FILE

ARTICLES, STATEMENTS = "MAIN", "STATEMENTS"
# The generation's own copy of the editor's file, see `indexing`.


class SegmentFile(NamedTuple):
    """A segment of a generation: file name, and the numbers of the records that are deleted."""

    name: str
    deleted: Sequence[int]


def articles_schema(analyzer: WordAnalyzer) -> Schema:
    """Fields of the articles."""
    return Schema(
        title=WordField(analyzer, stored=True), text=WordField(analyzer, stored=True),
        url=STORED(), **_common(stored=True),
    )  # fmt: skip


def statements_schema(analyzer: WordAnalyzer) -> Schema:
    """Fields of the statements."""
    return Schema(
        article=ID(stored=True), text=WordField(analyzer, stored=False), **_common(stored=False)
    )  # fmt: skip


def _common(stored: bool) -> dict[str, FieldType]:
    # Undated records sort as the oldest of all, and no key is outside what a date can say.
    date = DATETIME(stored=stored)
    date.set_sortable(NumericColumn("Q", default=0))  # type: ignore[no-untyped-call]
    facets: dict[str, FieldType] = {
        name: ID(stored=stored and name == "source", sortable=True) for name in FACETS
    }
    return {"id": ID(stored=True, unique=True), "run": RunField(), "date": date, **facets}


def write_tocs(
    folder: Path,
    articles: Sequence[SegmentFile],
    statements: Sequence[SegmentFile],
    fingerprint: str,
) -> None:
    """Write the tables of contents of both collections into the generation folder.

    `fingerprint`: of the analyzer, as in the manifest.
    """
    additions = folder / ALIASES_FILE
    analyzer = WordAnalyzer(additions.read_text("utf-8") if additions.exists() else "", fingerprint)
    storage = FileStorage(str(folder))  # type: ignore[no-untyped-call]
    for indexname, schema, files in (
        (ARTICLES, articles_schema(analyzer), articles),
        (STATEMENTS, statements_schema(analyzer), statements),
    ):
        segments = [ArraySegment(indexname, *file) for file in files]
        TOC(schema, segments, 1).write(storage, indexname)  # type: ignore[no-untyped-call]
