"""One question, one answer: pages, JSON, exports and feed over the real engine and the sample (law 4)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.indexing import reindex
from searchapp.sample import sample_paths
from searchapp.web import create_app
from searchapp.web.openapi import DOCUMENT

ATOM = "{http://www.w3.org/2005/Atom}"
Params = tuple[tuple[str, str], ...]
QUESTIONS: tuple[Params, ...] = (
    (),
    (("q", "项目"),),
    (("q", "“项目为王”"),),
    (("q", "项目"), ("sort", "newest")),
    (("q", "项目"), ("sort", "oldest"), ("county", "36")),
    (("q", "县委书记 或 县长"), ("from", "2022-12"), ("to", "2022年12月")),
    (("q", "务虚会 -项目"),),
    (("q", "标题:务虚会"),),
    (("q", "乡村 振兴 工业 项目 没有的词"),),
    (("q", "县"), ("match", "any"), ("county", "9901"), ("county", "361125")),
    (("q", "没有这样的词"),),
    (("q", "项目"), ("freshness", "30")),
    (("q", "乡村 振兴 工业 项目 没有的词"), ("freshness", "365"), ("county", "36")),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    sample = sample_paths()
    index: Path = tmp_path_factory.mktemp("index")
    settings = Settings(index=index, aliases=sample.additions, workers=1)
    reindex([str(sample.articles)], settings, sample=True)
    return create_app(settings).test_client()


def api_ids(client: FlaskClient, params: Params, path: str = "/api/search") -> list[str]:
    answer = client.get(f"{path}?{urlencode([*params, ('size', '100')])}").json
    assert answer["total"] == len(answer["hits"]) < 100
    return [hit["id"] for hit in answer["hits"]]


@pytest.mark.parametrize("params", QUESTIONS, ids=str)
def test_pages_json_exports_and_feed_agree(client: FlaskClient, params: Params) -> None:
    ids = api_ids(client, params)
    asked = urlencode(params)
    paged = [
        hit["id"]
        for page in range(1, len(ids) // 7 + 2)
        for hit in client.get(f"/api/search?{asked}&size=7&page={page}").json["hits"]
    ]
    assert paged == ids
    html = BeautifulSoup(client.get(f"/?{asked}&size=100").data, "html.parser")
    links = [str(link["href"]) for link in html.select(".hit h2 a")]
    assert [unquote(link.partition("?")[0].removeprefix("/articles/")) for link in links] == ids
    rows = csv.DictReader(io.StringIO(client.get(f"/export.csv?{asked}").get_data(as_text=True)))
    assert [row["id"] for row in rows] == ids
    lines = client.get(f"/export.jsonl?{asked}").get_data(as_text=True).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    newest = api_ids(client, (*(pair for pair in params if pair[0] != "sort"), ("sort", "newest")))
    feed = ElementTree.fromstring(client.get(f"/feed.atom?{asked}&size=100").data)
    entries = [entry.findtext(f"{ATOM}id", "").rpartition(":")[2] for entry in feed.iter(f"{ATOM}entry")]
    assert [unquote(entry) for entry in entries] == newest


@pytest.mark.parametrize("path", ["/api/search", "/api/statements"])
def test_newer_ones_first_only_when_asked(client: FlaskClient, path: str) -> None:
    """Off it leaves no trace; on, the same hits stand in another order, with another score."""

    def answer(**more: str) -> dict[str, Any]:
        asked = urlencode({"q": "项目", "explain": "1", "size": "100", **more})
        found: dict[str, Any] = client.get(f"{path}?{asked}").json
        return {**found, "took_ms": 0}

    plain, fresh = answer(), answer(freshness="365")
    assert answer(freshness="0") == plain
    assert "freshness" not in json.dumps(plain)
    assert fresh["query"] == {**plain["query"], "freshness": 365}
    assert fresh["facets"] == plain["facets"]
    before, after = ([(h["text"] if "text" in h else h["id"]) for h in a["hits"]] for a in (plain, fresh))
    assert before != after
    assert sorted(before) == sorted(after)
    for hit in fresh["hits"]:
        assert sum(part["score"] for part in hit["explain"]) == pytest.approx(hit["score"], abs=1e-2)
        assert all(part["score"] > 0 for part in hit["explain"] if part["reason"] == "freshness")
    assert fresh["hits"][0]["explain"][-1]["reason"] == "freshness"


def test_every_facet_value_that_shows_n_gives_n(client: FlaskClient) -> None:
    facets = client.get(f"/api/search?{urlencode({'q': '项目', 'facet_size': 1000})}").json["facets"]
    parameter = {"province": "county", "city": "county"}
    tried = 0
    for name, facet in facets.items():
        for value in facet["values"]:
            params = {"q": "项目", parameter.get(name, name): value["value"], "size": "0"}
            assert client.get(f"/api/search?{urlencode(params)}").json["total"] == value["count"], value
            tried += 1
    assert tried > 20


def test_answers_of_the_real_engine_have_the_described_fields(client: FlaskClient) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for path, name in (("/api/search", "Hit"), ("/api/statements", "StatementHit")):
        answer = client.get(f"{path}?{urlencode({'q': '项目', 'explain': 1, 'group': 'reprints'})}").json
        assert answer["hits"]
        for hit in answer["hits"]:
            assert set(hit) == set(schemas[name]["properties"])


def test_statements_stand_in_their_articles(client: FlaskClient) -> None:
    hits = client.get(f"/api/statements?{urlencode({'q': '项目', 'size': 100})}").json["hits"]
    assert len(hits) > 5
    for hit in hits:
        article = client.get(f"/api/articles/{hit['article_id']}").json
        assert article["text"][hit["start"] : hit["end"]] == hit["text"]


def test_no_article_of_the_sample_becomes_live_html(client: FlaskClient) -> None:
    for article_id in api_ids(client, ()):
        page = BeautifulSoup(client.get(f"/articles/{article_id}?q=alert script").data, "html.parser")
        assert len(page.select("script")) == 1
        assert not page.select("img, iframe, object, [onerror], [onclick], [style]")
