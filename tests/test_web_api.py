"""The JSON API: the contract field for field, one error shape, and the OpenAPI document true."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from web_fake import EVIL, FakeSearcher, articles

from searchapp.article import Article
from searchapp.errors import (
    EngineError,
    EngineUnavailable,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexStale,
)
from searchapp.query import Query
from searchapp.results import SearchPage
from searchapp.web import create_app
from searchapp.web.api import EXPORTS_AT_ONCE
from searchapp.web.openapi import DOCUMENT

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(FakeSearcher()).test_client()


def fault(value: Any, schema: dict[str, Any], where: str = "$") -> str:
    """The first place where `value` is not what the JSON Schema says (the part of it we use), or ""."""
    if "$ref" in schema:
        return fault(value, DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], where)
    if "enum" in schema:
        return "" if value in schema["enum"] else f"{where}: {value!r} is not one of {schema['enum']}"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(is_kind(value, kind) for kind in kinds):
        return f"{where}: {value!r} is no {kinds}"
    faults = []
    if isinstance(value, dict) and "properties" in schema:
        faults += [f"{where}: no {name}" for name in schema.get("required", ()) if name not in value]
        for name, item in value.items():
            known = schema["properties"].get(name)
            undescribed = f"{where}: {name} is not described"
            faults.append(fault(item, known, f"{where}.{name}") if known else undescribed)
    if isinstance(value, list):
        faults += [fault(item, schema["items"], f"{where}[{n}]") for n, item in enumerate(value)]
    return next((each for each in faults if each), "")


def is_kind(value: Any, kind: str) -> bool:
    python = {"string": str, "boolean": bool, "object": dict, "array": list, "null": type(None)}
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, python[kind])


def schema_of(path: str) -> dict[str, Any]:
    answer = DOCUMENT["paths"][path]["get"]["responses"]["200"]
    schema: dict[str, Any] = answer["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/api/search", "/api/search?q=项目&explain=1&from=2021&to=2023"),
        ("/api/search", "/api/search?q=恶意"),
        ("/api/search", "/api/search?q=项目&freshness=30"),
        ("/api/search", "/api/search?q=项目&group=county"),
        ("/api/search", "/api/search?q=陈示丽"),
        ("/api/search", "/api/search?facet_size=0&size=0"),
        ("/api/statements", "/api/statements?q=项目&county=9901&explain=1"),
        ("/api/articles/{id}", "/api/articles/a1"),
        ("/api/articles/{id}", "/api/articles/untitled"),
        ("/api/suggest", "/api/suggest?q=东"),
        ("/healthz", "/healthz"),
    ],
)
def test_answers_are_what_the_openapi_document_says(client: FlaskClient, path: str, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.content_type == "application/json; charset=utf-8"
    assert fault(answer.json, schema_of(path)) == ""


def test_the_check_against_the_document_can_fail() -> None:
    assert fault({"status": "ok", "articles": 1}, schema_of("/healthz")) == "$: no generation"
    wrong = {"status": "ok", "articles": True, "generation": "g", "more": 1}
    assert "articles" in fault(wrong, schema_of("/healthz"))


def test_every_route_for_programs_is_described() -> None:
    app = create_app(FakeSearcher())
    rules = {re.sub("<[^>]*>", "{id}", rule.rule) for rule in app.url_map.iter_rules()}
    machine = {rule for rule in rules if rule.startswith(("/api/", "/export", "/feed", "/healthz"))}
    assert machine - {"/api/openapi.json"} == set(DOCUMENT["paths"])


def test_the_contract_s_search_answer(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=第1项&from=2021&county=990101").json
    assert answer["query"] == {
        "q": "第1项", "understood": "第1项", "county": ["990101"], "official": [], "source": [], "month": [],
        "from": "2021-01-01", "to": None, "sort": "relevance", "match": "auto", "relaxed": False,
        "exact": False, "group": "none", "page": 1, "size": 10,
    }  # fmt: skip
    assert answer["total"] == 1
    hit = answer["hits"][0]
    assert hit["title_html"] == "东示县部署<mark>第1项</mark>工作"
    assert hit["counties"] == [{"value": "990101", "label": "东示县", "path": "示例省/甲市/东示县"}]
    assert hit["officials"] == [{"value": "陈示例@990101", "label": "陈示例", "offices": ["县委书记"]}]
    assert set(answer["facets"]) == {"county", "official", "province", "city", "source", "month"}
    assert answer["facets"]["county"]["values"][0] == {
        "value": "990101", "label": "东示县", "path": "示例省/甲市/东示县", "count": 1, "selected": True,
    }  # fmt: skip


def test_marks_are_what_html_marks(client: FlaskClient) -> None:
    for hit in client.get("/api/search?q=项目&size=100").json["hits"]:
        for snippet in hit["snippets"]:
            marked = re.findall("<mark>(.*?)</mark>", snippet["html"])
            assert marked == [snippet["text"][start:end] for start, end in snippet["marks"]]


def test_statements_are_where_they_say(client: FlaskClient) -> None:
    hits = client.get("/api/statements?q=项目&size=100").json["hits"]
    assert len(hits) == 24
    for hit in hits:
        article = client.get(f"/api/articles/{hit['article_id']}").json
        assert article["text"][hit["start"] : hit["end"]] == hit["text"]
        assert "<mark>项目</mark>" in hit["html"]


def test_grouping_counts_articles_and_groups(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=项目&group=county").json
    assert (answer["total"], answer["groups"], len(answer["hits"])) == (24, 2, 2)
    assert sum(hit["same"] + 1 for hit in answer["hits"]) == 24
    assert "groups" not in client.get("/api/search?q=项目").json


def test_a_page_past_the_end_has_the_true_total_and_no_hits(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=项目&page=900").json
    assert (answer["total"], answer["hits"]) == (24, [])


def test_post_asks_the_same_as_get(client: FlaskClient) -> None:
    body = {"q": "项目", "county": ["990101"], "source": "示例日报", "page": 1, "size": 5, "exact": True}
    posted = client.post("/api/search", json=body)
    got = client.get("/api/search?q=项目&county=990101&source=示例日报&size=5&exact=1")
    assert posted.status_code == got.status_code == 200
    assert posted.json == got.json


def shape(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert fault(answer.json, {"$ref": "#/components/schemas/Error"}) == ""
    error: dict[str, Any] = answer.json["error"]
    assert error["code"] == code
    assert error["message"]
    return error


def test_a_query_that_cannot_be_understood_says_where(client: FlaskClient) -> None:
    error = shape(client.get("/api/search?q=项目 ((甲"), 400, "bad_query")
    assert error["position"] == 4
    assert error["hint"]


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/api/search?page=0", 400, "bad_parameter"),
        ("/api/statements?size=x", 400, "bad_parameter"),
        ("/export.csv?sort=x", 400, "bad_parameter"),
        ("/export.jsonl?collection=x", 400, "bad_parameter"),
        ("/export.csv?q=((", 400, "bad_query"),
        ("/feed.atom?county=x", 400, "bad_parameter"),
        ("/api/articles/none", 404, "not_found"),
        ("/api/nowhere", 404, "not_found"),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, url: str, status: int, code: str) -> None:
    shape(client.get(url), status, code)


def test_bodies_that_are_no_question(client: FlaskClient) -> None:
    for data in (b"{", b"[]", b"\xff", b"[" * 30000, b'{"page":' + b"9" * 5000 + b"}", b""):
        answer = client.post("/api/search", data=data, content_type="application/json")
        shape(answer, 400, "bad_body")
    shape(client.post("/api/search", data=b"q=a", content_type="text/plain"), 400, "bad_body")
    shape(client.post("/api/search", json={"q": "x" * 300_000}), 413, "too_large")
    shape(client.post("/api/search", json={"q": "\ud800"}), 400, "bad_parameter")
    assert shape(client.delete("/api/search"), 405, "method_not_allowed")


class BrokenSearcher(FakeSearcher):
    def __init__(self, error: EngineError) -> None:
        super().__init__()
        self.error = error

    def search(self, query: Query) -> SearchPage:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (IndexMissing("x"), "index_missing"),
        (IndexStale("x"), "index_stale"),
        (IndexLocked("x"), "index_locked"),
        (IndexDamaged("x"), "index_damaged"),
        (EngineUnavailable("x"), "engine_unavailable"),
        (EngineError(""), "unavailable"),
    ],
)
def test_an_engine_that_cannot_answer_is_503(error: EngineError, code: str) -> None:
    client = create_app(BrokenSearcher(error)).test_client()
    answer = client.get("/api/search")
    shape(answer, 503, code)
    assert answer.headers["Retry-After"]
    page = client.get("/?q=x")
    assert page.status_code == 503
    assert page.content_type.startswith("text/html")


def test_the_application_starts_before_there_is_an_index() -> None:
    state: list[FakeSearcher] = []

    def open_searcher() -> FakeSearcher:
        if not state:
            raise IndexMissing("还没有索引")
        return state[0]

    client = create_app(open_searcher).test_client()
    shape(client.get("/healthz"), 503, "index_missing")
    state.append(FakeSearcher())
    assert client.get("/healthz").json["status"] == "ok"


def test_csv_holds_every_hit_in_the_api_s_order(client: FlaskClient) -> None:
    answer = client.get("/export.csv?q=项目&sort=newest")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    hits = client.get("/api/search?q=项目&sort=newest&size=100").json["hits"]
    assert [row["id"] for row in rows] == [hit["id"] for hit in hits]
    assert rows[0]["counties"] == hits[0]["counties"][0]["path"]


def test_csv_for_spreadsheets_has_a_byte_order_mark_only_when_asked(client: FlaskClient) -> None:
    assert client.get("/export.csv?bom=1").data.startswith(b"\xef\xbb\xbfid,")
    assert client.get("/export.csv").data.startswith(b"id,")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1"])
def test_csv_cells_are_never_formulas(start: str) -> None:
    held = [*articles()[:1], Article("=id", start, "正文", source=start)]
    text = create_app(FakeSearcher(held)).test_client().get("/export.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows[1]["id"] == "'=id"
    assert rows[1]["title"] == "'" + start
    assert rows[1]["source"] == "'" + start


def test_json_lines_are_the_api_s_hits(client: FlaskClient) -> None:
    for path, extra in (("/api/search", ""), ("/api/statements", "&collection=statements")):
        lines = client.get(f"/export.jsonl?q=项目{extra}").get_data(as_text=True).splitlines()
        assert [json.loads(line) for line in lines] == client.get(f"{path}?q=项目&size=100").json["hits"]


def test_statements_export_as_rows(client: FlaskClient) -> None:
    text = client.get("/export.csv?q=项目&collection=statements").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 24
    assert rows[0]["name"] in ("陈示例", "林示例")


def test_the_feed_is_the_newest_hits(client: FlaskClient) -> None:
    answer = client.get("/feed.atom?q=项目")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    links = [entry.find(f"{ATOM}link").attrib["href"] for entry in feed.iter(f"{ATOM}entry")]  # type: ignore[union-attr]
    hits = client.get("/api/search?q=项目&sort=newest&size=30").json["hits"]
    assert links == [f"http://localhost/articles/{hit['id']}" for hit in hits]
    assert feed.find(f"{ATOM}updated").text == f"{hits[0]['date']}T00:00:00+08:00"  # type: ignore[union-attr]


def test_the_feed_of_hostile_articles_is_still_xml(client: FlaskClient) -> None:
    feed = ElementTree.fromstring(client.get("/feed.atom?q=恶意").data)
    titles = [title.text for title in feed.iter(f"{ATOM}title")]
    assert f"恶意 {EVIL}" in titles


def test_completions(client: FlaskClient) -> None:
    answer = client.get("/api/suggest?q=dsx").json
    first = answer["completions"][0]
    assert first == {
        "kind": "county", "text": "东示县", "value": "990101", "label": "东示县 示例省/甲市", "count": 16,
    }  # fmt: skip
    assert client.get("/api/suggest").json["completions"] == []
    assert client.get("/api/suggest?q=%20").json["completions"] == []


def test_metrics_count_requests_by_endpoint_and_status() -> None:
    client = create_app(FakeSearcher()).test_client()
    for url in ("/api/search", "/api/search", "/api/search?page=0", "/?q=项目", "/nowhere"):
        client.get(url)
    text = client.get("/metrics").get_data(as_text=True)
    assert 'searchapp_requests_total{endpoint="api_search",status="200"} 2' in text
    assert 'searchapp_requests_total{endpoint="api_search",status="400"} 1' in text
    assert 'searchapp_requests_total{endpoint="search",status="200"} 1' in text
    assert 'searchapp_requests_total{endpoint="other",status="404"} 1' in text
    assert 'searchapp_request_seconds_count{endpoint="api_search"} 3' in text
    buckets = re.findall(r'_bucket\{endpoint="api_search",le="[^"]+"\} (\d+)', text)
    assert [int(n) for n in buckets] == sorted(int(n) for n in buckets)
    assert buckets[-1] == "3"


def test_a_few_exports_run_at_once_and_the_others_are_asked_to_come_back() -> None:
    client = create_app(FakeSearcher()).test_client()
    running = [client.get("/export.csv?q=项目") for _ in range(EXPORTS_AT_ONCE)]
    refused = client.get("/export.jsonl?q=项目")
    shape(refused, 429, "too_many_requests")
    assert refused.headers["Retry-After"] == "10"
    running.pop().close()
    assert client.get("/export.jsonl?q=项目").status_code == 200
    for _ in range(EXPORTS_AT_ONCE + 1):  # a refused question gives its seat back
        assert client.get("/export.csv?q=((").status_code == 400
