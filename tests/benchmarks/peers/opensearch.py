"""OpenSearch over REST, where a server is named by SEARCHAPP_OPENSEARCH_URL.

The same tokens, given joined by spaces to its whitespace analyzer, as fields title, text and run;
facets are keyword fields; the stored record comes back in `_source` (base64), the tokens are kept
out of it. One shard, no replica, no refresh while indexing, one segment at the end; the request
cache is off. Its caches of filters and of the system stay, as on a server in use.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from peers.base import FACET_SIZE, FACETS, MOST_MONTHS, PLACES, TOP, Answer, Ask
from peers.prepare import NO_VALUE, Prepared, prepare_all
from searchapp.analysis.normalise import squeeze
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.records import unpack_line
from searchapp.snippets import best_snippets

VARIABLE = "SEARCHAPP_OPENSEARCH_URL"
INDEX = "searchapp-benchmark"
BULK_ARTICLES = 500
Json = dict[str, Any]
SETTINGS: Json = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
MAPPING: Json = {
    "_source": {"excludes": ["title", "text", "run"]},
    "properties": {
        **{
            name: {"type": "text", "analyzer": "whitespace", "index_options": options}
            for name, options in (("title", "freqs"), ("text", "freqs"), ("run", "positions"))
        },
        **{name: {"type": "keyword", "eager_global_ordinals": True} for name in FACETS},
        "date": {"type": "keyword"},
        "stored": {"type": "binary"},
    },
}


class OpenSearch:
    """One index on the server that the variable names."""

    name = "OpenSearch"

    def __init__(self) -> None:
        url = urlsplit(os.environ[VARIABLE])
        secure = url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(url.hostname or "localhost", url.port or 9200, timeout=120)
        self._headers = {"Content-Type": "application/json"}
        if url.username:
            pair = f"{url.username}:{url.password or ''}".encode()
            self._headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()

    def _send(self, method: str, path: str, body: object = None, lines: bytes | None = None) -> Json:
        data = lines if lines is not None else json.dumps(body).encode() if body is not None else None
        self._connection.request(method, path, data, self._headers)
        response = self._connection.getresponse()
        answer: Json = json.loads(response.read() or b"{}")
        if response.status >= 400 and not (method == "DELETE" and response.status == 404):
            raise SystemExit(f"OpenSearch: {method} {path}: {response.status} {str(answer)[:300]}")
        return answer

    def build(self, articles: Path, folder: Path, workers: int) -> None:
        self._send("DELETE", f"/{INDEX}")
        self._send("PUT", f"/{INDEX}", {"settings": {"index": SETTINGS}, "mappings": MAPPING})
        for batch in _batches(prepare_all(articles, workers)):
            answer = self._send("POST", f"/{INDEX}/_bulk", lines=b"".join(map(_bulk_lines, batch)))
            if answer["errors"]:
                raise SystemExit(f"OpenSearch refused articles: {str(answer)[:300]}")
        self._send("POST", f"/{INDEX}/_refresh")
        self._send("POST", f"/{INDEX}/_forcemerge?max_num_segments=1")

    def open(self, folder: Path) -> None:
        self._cutter = load_dictionaries().cutter

    def answer(self, ask: Ask) -> Answer:
        body: Json = {"query": {"bool": {"must": self._query(ask)}}, "size": TOP, "track_total_hits": True}
        body["_source"] = ["stored"] if ask.page else False
        if ask.facet:
            # After the query, so that the aggregations choose for themselves what narrows them.
            body["post_filter"] = {"term": {ask.facet: ask.value}}
        if ask.facets:
            body["aggs"] = _aggregations(ask)
        answer = self._send("POST", f"/{INDEX}/_search?request_cache=false", body)
        hits = answer["hits"]
        facets = _counts(answer["aggregations"]) if ask.facets else {}
        snippets = tuple(self._snippets(ask, hits["hits"])) if ask.page else ()
        return Answer(hits["total"]["value"], facets, snippets)

    def _query(self, ask: Ask) -> list[Json]:
        if ask.quoted:
            return [_run(ask.words[0])]
        return [self._word(word) for word in ask.words]

    def _word(self, word: str) -> Json:
        match = [_run(word)]
        parts = self._cutter.cut_query(word)
        if len(parts) > 1:
            match.append({"bool": {"must": [_run(part) for part in parts]}})
        ranked = [
            {"term": {name: {"value": part, "boost": boost}}}
            for part in dict.fromkeys(self._cutter.cut(word))
            for name, boost in (("title", 2.0), ("text", 1.0))
        ]
        return {"bool": {"must": {"bool": {"should": match, "minimum_should_match": 1}}, "should": ranked}}

    def _snippets(self, ask: Ask, hits: list[Json]) -> list[str]:
        lit = [*dict.fromkeys(part for w in ask.words for part in (squeeze(w), *self._cutter.cut_query(w)))]
        texts = [unpack_line(base64.b64decode(hit["_source"]["stored"])).text for hit in hits]
        return [snippet.text for text in texts for snippet in best_snippets(text, lit)]

    def forget(self) -> None:
        """The request cache is off."""


def _batches(prepared: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    source = iter(prepared)
    while batch := list(islice(source, BULK_ARTICLES)):
        yield batch


def _bulk_lines(article: Prepared) -> bytes:
    source = {
        "title": article.title_words,
        "text": article.text_words,
        "run": article.run,
        "date": article.date,
        "stored": base64.b64encode(article.stored).decode(),
        **article.facets,
    }
    action = {"index": {"_id": article.id}}
    return (json.dumps(action) + "\n" + json.dumps(source, ensure_ascii=False) + "\n").encode()


def _run(text: str) -> Json:
    run = squeeze(text)
    grams = [run[at : at + 2] for at in range(len(run) - 1)]
    if len(grams) == 1:
        return {"term": {"run": grams[0]}}
    return {"match_phrase": {"run": " ".join(grams)}}


def _aggregations(ask: Ask) -> Json:
    own = PLACES if ask.facet in PLACES else (ask.facet,)
    aggregations: Json = {}
    for name in FACETS:
        terms: Json = {"terms": {"field": name, "size": MOST_MONTHS if name == "month" else FACET_SIZE + 1}}
        narrowed = ask.facet and name not in own
        chosen = {"term": {ask.facet: ask.value}} if narrowed else {"match_all": {}}
        aggregations[name] = {"filter": chosen, "aggs": {"values": terms}} if narrowed else terms
    return aggregations


def _counts(aggregations: Json) -> dict[str, dict[str, int]]:
    facets = {}
    for name in FACETS:
        found = aggregations[name].get("values", aggregations[name])
        counts = {b["key"]: b["doc_count"] for b in found["buckets"] if b["key"] != NO_VALUE}
        facets[name] = counts if name == "month" else dict(list(counts.items())[:FACET_SIZE])
    return facets
