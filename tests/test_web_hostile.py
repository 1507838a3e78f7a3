"""Nothing that comes in gets out as live HTML, and nothing that is asked gives a 5xx."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from web_fake import EVIL, FakeSearcher

from searchapp.web import create_app

CLIENT = create_app(FakeSearcher()).test_client()
EVIL_ID = quote(f"evil/{EVIL}", safe="")
PAGES = (
    "/?q=恶意&explain=1",
    "/?q=" + quote(EVIL),
    "/statements?q=正文",
    f"/articles/{EVIL_ID}?q=alert",
    "/",
    "/?" + urlencode({"q": "恶意", "source": EVIL, "official": f"{EVIL}@?"}),
    "/?" + urlencode({"q": "((" + EVIL}),
    "/?" + urlencode({"sort": EVIL}),
    "/articles/" + quote(EVIL, safe=""),
    "/" + quote(EVIL),
    "/?" + urlencode({"q": "没有" + EVIL, "county": "99"}),
    "/?" + urlencode({"q": "恶意", "month": "2022-02", "from": "2022"}),
)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return CLIENT


@pytest.mark.parametrize("url", PAGES)
def test_hostile_words_are_never_live(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code < 500
    page = BeautifulSoup(answer.data, "html.parser")
    assert [script["src"].rpartition("/")[2] for script in page.select("script")] == ["app.js"]
    assert not page.select("img, iframe, object, embed, style, [style], [srcdoc]")
    for tag in page.select("*"):
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        for name in ("href", "src", "action", "formaction"):
            address = str(tag.get(name, "")).lower().lstrip()
            assert not address.startswith(("javascript:", "data:", "vbscript:")), tag


def test_the_evil_article_was_there_to_be_shown(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get(f"/articles/{EVIL_ID}").data, "html.parser")
    assert EVIL in page.select("article h1")[0].get_text()
    assert "原文" not in page.select("article .meta")[0].get_text()


@pytest.mark.parametrize(
    "url", [*PAGES, "/api/search", "/static/x/app.js", "/export.csv", "/nope", "/metrics"]
)
def test_security_headers_are_on_every_answer(client: FlaskClient, url: str) -> None:
    headers = client.get(url).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


BEFORE = ("/", "/articles/", "/api/articles/", "/static/", "/api/")
anything = st.text(max_size=12)
NAMES = st.sampled_from(
    (
        "q",
        "county",
        "official",
        "source",
        "month",
        "from",
        "to",
        "sort",
        "freshness",
        "match",
        "group",
        "page",
        "size",
        "facet_size",
        "exact",
        "explain",
        "bom",
        "collection",
        "x",
    )
)
TELLING = st.sampled_from(
    (
        "",
        "0",
        "1",
        "-1",
        "99999999999999999999",
        "36",
        "361125",
        "２",
        "a@36",
        "@",
        "relevance",
        "newest",
        "none",
        "county",
        "official",
        "reprints",
        "auto",
        "2022",
        "2022-13",
        "9999",
        "0000",
        "statements",
        "((",
        "'",
        "%",
        "NaN",
        "\x00",
        "项目",
        "1e9",
        "[]",
    )
)
PATHS = st.sampled_from(
    (
        "/",
        "/statements",
        "/api/search",
        "/api/statements",
        "/api/suggest",
        "/export.csv",
        "/export.jsonl",
        "/feed.atom",
        "/articles/a1",
        "/healthz",
        "/metrics",
        "/robots.txt",
    )
)


@settings(max_examples=400, deadline=None)
@given(PATHS, st.lists(st.tuples(NAMES, st.one_of(TELLING, anything)), max_size=5))
def test_no_parameters_give_a_5xx(path: str, params: list[tuple[str, str]]) -> None:
    encoded = urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in params])
    assert CLIENT.get(f"{path}?{encoded}").status_code in (200, 400, 404)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), PATHS)
def test_no_raw_query_string_gives_a_5xx(raw: bytes, path: str) -> None:
    assert CLIENT.get(path, query_string=quote(raw, safe="=&%+")).status_code in (200, 400)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), anything),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(json_values, st.dictionaries(NAMES, json_values, max_size=5)))
def test_no_json_body_gives_a_5xx(body: object) -> None:
    assert CLIENT.post("/api/search", json=body).status_code in (200, 400)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=30), st.sampled_from(BEFORE))
def test_no_path_gives_a_5xx(text: str, before: str) -> None:
    path = before + quote(text.encode("utf-8", "surrogatepass"), safe="/")
    assert CLIENT.get(path).status_code in (200, 308, 404, 405)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_no_method_gives_a_5xx(client: FlaskClient, method: str) -> None:
    for path in ("/", "/api/search", "/api/articles/a1", "/export.csv", "/articles/a1", "/metrics"):
        assert client.open(path, method=method).status_code in (200, 400, 405)
