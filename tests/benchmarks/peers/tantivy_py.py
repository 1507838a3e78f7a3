"""tantivy through tantivy-py: the same tokens, the same facets, the same stored article.

Fields: words of title and of text (frequencies), bigrams of both in one field with positions, six
facets as raw fast text fields, the day as a fast integer, the stored record as bytes. Tokens come
joined by spaces through tantivy's own whitespace tokenizer, which is faster from Python than
pre-tokenised text. One large heap and one indexing thread, so that there are few segments.

Two plans over one index: `Tantivy` answers what searchapp answers (a word stands as an exact run, or
all its parts do; ranked by words and bigrams); `TantivyPlain` is what one would write first: terms
of the words fields, all required, and a snippet cut around the first find.
"""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import tantivy

from peers.base import FACET_SIZE, FACETS, MOST_MONTHS, PLACES, TOP, Answer, Ask
from peers.prepare import NO_VALUE, cover, prepare_all
from searchapp.analysis.normalise import squeeze
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.records import unpack_line
from searchapp.engines.whoosh.columns import day_number
from searchapp.snippets import best_snippets

HEAP_BYTES = 1_000_000_000
TITLE_BOOST = 2.0
SNIPPET_CHARS = 110


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name="spaces", index_option="freq")
    builder.add_text_field("run", tokenizer_name="spaces", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", fast=True)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


def _with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaces", analyzer)
    return index


class Tantivy:
    """The plan that gives searchapp's answers."""

    name = "tantivy"

    def build(self, articles: Path, folder: Path, workers: int) -> None:
        index = _with_tokenizer(tantivy.Index(_schema(), str(folder)))
        writer = index.writer(HEAP_BYTES, 1)
        for article in prepare_all(articles, workers):
            document = tantivy.Document()
            document.add_text("id", article.id)
            document.add_text("title", article.title_words)
            document.add_text("text", article.text_words)
            document.add_text("run", article.run)
            for name, values in article.facets.items():
                for value in values:
                    document.add_text(name, value)
            document.add_integer("day", day_number(article.date))
            document.add_bytes("stored", article.stored)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        index = _with_tokenizer(tantivy.Index.open(str(folder)))
        self._schema = index.schema
        self._searcher = index.searcher()
        self._cutter = load_dictionaries().cutter
        self._term = partial(tantivy.Query.term_query, self._schema)

    def answer(self, ask: Ask) -> Answer:
        words = self._query(ask)
        query = words
        if ask.facet:
            query = _all([words, tantivy.Query.const_score_query(self._term(ask.facet, ask.value), 0.0)])
        found = self._searcher.search(query, TOP, count=True)
        facets = self._facets(ask, words, query) if ask.facets else {}
        snippets = tuple(self._snippets(ask, found.hits)) if ask.page else ()
        return Answer(found.count or 0, facets, snippets)  # type: ignore[attr-defined]  # its stub lacks it

    def _query(self, ask: Ask) -> tantivy.Query:
        if ask.quoted:
            return self._run(ask.words[0])
        return _all([self._word(word) for word in ask.words])

    def _run(self, text: str) -> tantivy.Query:
        grams = cover(squeeze(text))
        if len(grams) == 1:
            return self._term("run", grams[0][1])
        return tantivy.Query.phrase_query(self._schema, "run", list(grams))

    def _word(self, word: str) -> tantivy.Query:
        match = self._run(word)
        parts = self._cutter.cut_query(word)
        if len(parts) > 1:
            match = _any([match, _all([self._run(part) for part in parts])])
        ranked = [self._in_fields(part) for part in dict.fromkeys(self._cutter.cut(word))]
        should = [(tantivy.Occur.Should, query) for query in ranked]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, match), *should])

    def _in_fields(self, word: str) -> tantivy.Query:
        title = tantivy.Query.boost_query(self._term("title", word, "freq"), TITLE_BOOST)
        return _any([title, self._term("text", word, "freq")])

    def _facets(self, ask: Ask, words: tantivy.Query, query: tantivy.Query) -> dict[str, dict[str, int]]:
        """One aggregation; two when a selection must not narrow its own facets."""
        own = PLACES if ask.facet in PLACES else (ask.facet,)
        rest = tuple(name for name in FACETS if not ask.facet or name not in own)
        facets = self._counts(query, rest)
        if ask.facet:
            facets |= self._counts(words, own)
        return facets

    def _counts(self, query: tantivy.Query, names: tuple[str, ...]) -> dict[str, dict[str, int]]:
        size = {name: MOST_MONTHS if name == "month" else FACET_SIZE + 1 for name in names}
        wanted = {name: {"terms": {"field": name, "size": size[name]}} for name in names}
        found = self._searcher.aggregate(query, wanted)
        facets = {}
        for name in names:
            counts = {bucket["key"]: int(bucket["doc_count"]) for bucket in found[name]["buckets"]}
            counts.pop(NO_VALUE, None)
            facets[name] = counts if name == "month" else dict(list(counts.items())[:FACET_SIZE])
        return facets

    def _snippets(self, ask: Ask, hits: list[tuple[Any, tantivy.DocAddress]]) -> list[str]:
        """The same passages that searchapp shows, by the same code."""
        lit = [*dict.fromkeys(part for w in ask.words for part in (squeeze(w), *self._cutter.cut_query(w)))]
        texts = [self._stored(address).text for _, address in hits]
        return [snippet.text for text in texts for snippet in best_snippets(text, lit)]

    def _stored(self, address: tantivy.DocAddress) -> Any:
        return unpack_line(bytes(self._searcher.doc(address)["stored"][0]))

    def forget(self) -> None:
        """tantivy keeps no results."""


class TantivyPlain(Tantivy):
    """The plan one would write first, on the same index; its totals differ from exact runs."""

    name = "tantivy, plain"

    def _word(self, word: str) -> tantivy.Query:
        return _all([self._in_fields(part) for part in self._cutter.cut_query(word)])

    def _snippets(self, ask: Ask, hits: list[tuple[Any, tantivy.DocAddress]]) -> list[str]:
        """One window of the text around the first word that stands in it, escaped and marked."""
        snippets = []
        for _, address in hits:
            text = self._stored(address).text
            places = [(at, word) for word in ask.words if (at := text.find(word)) >= 0]
            at, word = min(places, default=(0, ""))
            start = max(0, at - SNIPPET_CHARS // 2)
            passage = escape(text[start : start + SNIPPET_CHARS])
            snippets.append(passage.replace(word, f"<mark>{word}</mark>") if word else passage)
        return snippets


def _all(queries: list[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any(queries: list[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
