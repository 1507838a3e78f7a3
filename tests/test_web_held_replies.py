"""Answers sent before: the same answer again, however it is encoded, and never an old one."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from web_fake import FakeSearcher

from searchapp.query import Query
from searchapp.results import SearchPage
from searchapp.web.app import create_app
from searchapp.web.held_replies import HeldReply

GZIP = {"Accept-Encoding": "gzip"}
JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


class ChangingSearcher(FakeSearcher):
    """Its generation can be changed."""

    live = "g1"

    def generation(self) -> str:
        return self.live

    def search(self, query: Query) -> SearchPage:
        return replace(super().search(query), generation=self.live)


@pytest.fixture
def searcher() -> ChangingSearcher:
    return ChangingSearcher()


@pytest.fixture
def client(searcher: ChangingSearcher) -> FlaskClient:
    return create_app(searcher).test_client()


@given(st.dictionaries(st.text(max_size=8).filter(lambda name: name != "took_ms"), JSON_VALUE, min_size=1))
def test_law_every_encoding_decodes_to_the_answer(answer: dict[str, object]) -> None:
    held = HeldReply(answer)
    with Flask("x").test_request_context(headers=GZIP):
        packed = held.reply(1.5)
    with Flask("x").test_request_context():
        plain = held.reply(1.5)
    assert packed.headers["Content-Encoding"] == "gzip"
    body = packed.get_data()
    assert gzip.decompress(body) == plain.get_data()
    # In one pass and to the end, as a browser reads it: one member, nothing after it.
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reader.decompress(body) == plain.get_data()
    assert reader.eof
    assert not reader.unused_data
    text = plain.get_data().decode("utf-8")
    assert json.loads(text) == json.loads(json.dumps(answer)) | {"took_ms": 1.5}


@pytest.mark.parametrize("path", ["/api/search", "/api/statements"])
@pytest.mark.parametrize("headers", [{}, GZIP])
def test_the_second_answer_is_the_first_but_for_its_time(
    client: FlaskClient, searcher: ChangingSearcher, path: str, headers: dict[str, str]
) -> None:
    answers = []
    for _ in range(2):
        reply = client.get(f"{path}?q=务虚会&size=2", headers=headers)
        body = reply.get_data()
        answers.append(json.loads(gzip.decompress(body) if headers else body))
        assert reply.headers["Vary"] == "Accept-Encoding"
        assert "Content-Security-Policy" in reply.headers
        assert answers[-1].pop("took_ms") >= 0
    assert answers[0] == answers[1]
    assert searcher.searches == 1


def test_articles_and_statements_are_told_apart(client: FlaskClient) -> None:
    articles, statements = (client.get(f"/api/{name}").get_json() for name in ("search", "statements"))
    assert "article_id" in statements["hits"][0]
    assert "article_id" not in articles["hits"][0]


def test_a_new_generation_is_asked_anew(client: FlaskClient, searcher: ChangingSearcher) -> None:
    client.get("/api/search?q=横峰")
    searcher.live = "g2"
    assert client.get("/api/search?q=横峰").get_json()["generation"] == "g2"
    assert searcher.searches == 2


def test_what_was_refused_is_refused_again(client: FlaskClient) -> None:
    assert [client.get("/api/search?q=(").status_code for _ in range(2)] == [400, 400]


def test_questions_by_post_are_not_mixed_up(client: FlaskClient) -> None:
    totals = [client.post("/api/search", json={"q": q}).get_json()["query"]["q"] for q in ("横峰", "务虚会")]
    assert totals == ["横峰", "务虚会"]
