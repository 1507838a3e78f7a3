"""Stock Whoosh with jieba's ChineseAnalyzer and the default writer: the recipe in jieba's README.

Title, text and the six facets are fields; nothing is annotated (the facets it gets come from the
prepared records, whose making is not counted in its time). Multi-valued facets are counted with
`FieldFacet(allow_overlap=True)`, snippets are Whoosh's own highlights.
"""

from __future__ import annotations

import json
import time
import warnings
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.qparser import MultifieldParser

from peers.base import FACETS, TOP, Answer, Ask
from peers.prepare import NO_VALUE, prepare_all
from searchapp.engines.records import unpack_article

BUILD_SECONDS = "build_seconds.json"
"""Wall and processor seconds of indexing alone, taken in place of those of the whole process."""


def _schema() -> fields.Schema:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jieba.analyse import ChineseAnalyzer
    analyzer = ChineseAnalyzer()
    texts = {name: fields.TEXT(stored=True, analyzer=analyzer) for name in ("title", "text")}
    facets = {name: fields.KEYWORD(commas=True) for name in FACETS}
    return fields.Schema(id=fields.ID(stored=True, unique=True), **texts, **facets)


class StockWhoosh:
    """Whoosh as it comes."""

    name = "stock Whoosh"

    def build(self, articles: Path, folder: Path, workers: int) -> None:
        prepared = [(unpack_article(p.stored), p.facets) for p in prepare_all(articles, workers)]
        made = index.create_in(str(folder), _schema())
        began, cpu_began = time.perf_counter(), time.process_time()
        writer = made.writer()
        for article, facets in prepared:
            values = {name: ",".join(v for v in facets[name] if v != NO_VALUE) for name in FACETS}
            writer.add_document(id=article.id, title=article.title, text=article.text, **values)
        writer.commit()
        (folder / BUILD_SECONDS).write_text(
            json.dumps([time.perf_counter() - began, time.process_time() - cpu_began])
        )

    def open(self, folder: Path) -> None:
        opened = index.open_dir(str(folder))
        self._searcher = opened.searcher()
        self._parser = MultifieldParser(["title", "text"], opened.schema)

    def answer(self, ask: Ask) -> Answer:
        groups: dict[str, Any] = {}
        if ask.facets:
            groups["groupedby"] = {name: sorting.FieldFacet(name, allow_overlap=True) for name in FACETS}
            groups["maptype"] = sorting.Count
        if ask.facet:
            groups["filter"] = query.Term(ask.facet, ask.value)
        results = self._searcher.search(self._parser.parse(ask.text), limit=TOP, **groups)
        total = len(results)
        facets = {name: dict(results.groups(name)) for name in FACETS} if ask.facets else {}
        snippets = tuple(hit.highlights("text", top=2) for hit in results) if ask.page else ()
        return Answer(total, facets, snippets)

    def forget(self) -> None:
        """Whoosh keeps filter results a searcher; they are the same for every round."""
