"""The desk's pages, JSON and files: where they lead, what they refuse, and hostile text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from test_web_api import fault, schema_of
from web_fake import CHEN, EVIL, FakeSearcher

from searchapp.config import Settings
from searchapp.search import Searcher
from searchapp.web import create_app
from searchapp.web.desk_export import COLUMNS, escaped

HE = quote("何青松@990121")
TWO = "who=990121&who=990122"
PAGES = (
    "/counties/990121",
    "/counties/9901",
    f"/officials/{HE}",
    "/compare",
    f"/compare?{TWO}",
    f"/compare?{TWO}&q=项目&from=2022&to=2023&boilerplate=hide",
    f"/compare?who={HE}&who=何青松@990222",
    "/phrase",
    "/phrase?q=项目为王",
    "/phrase?q=项目为王&in=articles",
    "/phrase?q=无此词语",
)
EVIL_OFFICIAL = quote(f"{EVIL}@?", safe="")
HOSTILE = (
    f"/officials/{EVIL_OFFICIAL}",
    "/counties/990101",
    f"/officials/{quote(CHEN.id)}",
    f"/compare?who={EVIL_OFFICIAL}&who=990101",
    f"/compare?who={EVIL_OFFICIAL}&who=990101&" + urlencode({"theme": EVIL, "q": "恶意"}),
    "/compare?" + urlencode({"who": EVIL}),
    "/compare?" + urlencode({"boilerplate": EVIL}),
    "/phrase?q=正文",
    "/phrase?q=正文&in=articles",
    "/phrase?" + urlencode({"q": EVIL[:50]}),
    "/counties/" + quote(EVIL, safe=""),
    "/officials/" + quote(EVIL, safe=""),
)


@pytest.fixture(scope="module")
def client(sample_index: Path) -> FlaskClient:
    return create_app(Searcher(Settings(index=sample_index))).test_client()


@pytest.fixture(scope="module")
def fake() -> FlaskClient:
    return create_app(FakeSearcher()).test_client()


def soup(client: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.get_data(as_text=True)[:300])
    return BeautifulSoup(answer.data, "html.parser")


def counted_links(page: BeautifulSoup) -> Iterator[tuple[str, int]]:
    """Address and number of every link that shows a count."""
    for link in page.select("a.count-link"):
        found = re.match(r"([\d,]+) [篇段]", link.get_text())
        assert found, link
        yield str(link["href"]), int(found[1].replace(",", ""))


@pytest.mark.parametrize("url", PAGES)
def test_each_number_on_a_page_is_the_total_behind_its_link(client: FlaskClient, url: str) -> None:
    links = list(counted_links(soup(client, url)))
    assert links or url in ("/compare", "/phrase", "/phrase?q=无此词语")
    for href, number in links:
        api = re.sub(r"^/statements", "/api/statements", re.sub(r"^/\?", "/api/search?", href))
        assert client.get(api).json["total"] == number, href


@pytest.mark.parametrize("url", PAGES)
def test_every_bar_leads_to_as_many_as_its_table_says(client: FlaskClient, url: str) -> None:
    page = soup(client, url)
    for table in page.select(".months table"):
        for row in table.select("tbody tr"):
            href, number = str(row.select("a")[0]["href"]), int(row.select(".n")[0].get_text())
            api = re.sub(r"^/statements", "/api/statements", re.sub(r"^/\?", "/api/search?", href))
            assert client.get(api).json["total"] == number
    for chart in page.select("svg"):
        names = str(chart["aria-labelledby"]).split()
        assert all(page.select(f"[id='{name}']")[0].get_text().strip() for name in names)


@pytest.mark.parametrize("url", PAGES)
def test_every_link_inside_leads_somewhere(client: FlaskClient, url: str) -> None:
    page = soup(client, url)
    assert len({tag["id"] for tag in page.select("[id]")}) == len(page.select("[id]"))
    for href in {str(link["href"]) for link in page.select("main a[href]")}:
        assert client.get(href.partition("#")[0]).status_code == 200, href


def test_a_cell_leads_to_its_sentence(client: FlaskClient) -> None:
    page = soup(client, f"/compare?{TWO}")
    checked = 0
    for quoted in page.select("table.compare blockquote:not(.cited)"):
        href = str(quoted.select("footer a")[0]["href"])
        path, _, anchor = href.partition("#")
        begins = soup(client, path).select(f"[id='{anchor}']")
        assert len(begins) == 1
        said = re.sub(r"\s", "", quoted.select("p")[0].get_text())
        assert said.startswith(re.sub(r"\s", "", begins[0].get_text())[:12])
        checked += 1
    assert checked > 10


def test_the_sentence_of_a_tenure_is_named_in_the_address(client: FlaskClient) -> None:
    links = [str(link["href"]) for link in soup(client, f"/officials/{HE}").select(".tenures footer a")]
    shown = [quote_.get_text() for quote_ in soup(client, f"/officials/{HE}").select(".tenures blockquote p")]
    assert len(links) == len(shown) > 0
    for link, sentence in zip(links, shown, strict=True):
        assert sentence.startswith(unquote(link.partition("#:~:text=")[2]))


def test_boilerplate_is_dimmed_shown_or_hidden(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchapp.desk.commonness.BOILERPLATE_COUNTIES", 3)
    marks = {
        mode: soup(client, f"/compare?{TWO}&boilerplate={mode}").select("table.compare")[0]
        for mode in ("dim", "show", "hide")
    }
    dimmed = {tag.get_text() for tag in marks["dim"].select(".common")}
    assert "一张蓝图绘到底" in "".join(dimmed)
    assert not marks["show"].select(".common, .hidden-words")
    assert not marks["hide"].select(".common")
    assert len(marks["hide"].select(".hidden-words")) == len(marks["dim"].select(".common"))
    cells = "".join(cell.get_text() for cell in marks["hide"].select("td[data-column]"))
    assert "一张蓝图绘到底" not in cells


def test_a_theme_narrows_to_what_holds_it(client: FlaskClient) -> None:
    answer = client.get(f"/api/compare?{TWO}&theme=开门红").json
    said = [
        s["text"] for row in answer["rows"] for cell in row["cells"] for v in cell for s in v["statements"]
    ]
    assert said
    assert all("开门红" in text for text in said)


def test_who_may_be_a_name(client: FlaskClient) -> None:
    by_name = client.get("/api/compare?who=白石县&who=盐步县").json
    assert [column["value"] for column in by_name["columns"]] == ["990122", "990222"]
    answer = client.get("/api/compare?who=青禾县&who=盐步县")
    assert answer.status_code == 400
    assert "990121" in answer.json["error"]["hint"]
    assert "990221" in answer.json["error"]["hint"]


def test_one_name_alone_fills_the_form(client: FlaskClient) -> None:
    page = soup(client, "/compare?who=990121")
    assert page.select("input[name=who]")[0]["value"] == "990121"
    assert "再给一个" in page.select(".lead")[0].get_text()
    assert not page.select("table.compare")


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/api/counties/{id}", "/api/counties/990121"),
        ("/api/counties/{id}", "/api/counties/99"),
        ("/api/officials/{id}", f"/api/officials/{HE}"),
        ("/api/compare", f"/api/compare?{TWO}&from=2022-12"),
        ("/api/phrase", "/api/phrase?q=项目为王"),
        ("/api/phrase", "/api/phrase?q=项目为王&in=articles"),
    ],
)
def test_answers_are_what_the_openapi_document_says(client: FlaskClient, path: str, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert fault(answer.json, schema_of(path)) == ""


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/counties/999999", 404),
        ("/counties/x", 404),
        ("/officials/无此人@990121", 404),
        ("/api/counties/999999", 404),
        ("/api/officials/x", 404),
        ("/api/compare?who=990121", 400),
        ("/compare?who=990121&who=无此地方", 400),
        (f"/compare?{TWO}&boilerplate=x", 400),
        (f"/compare?{TWO}&from=x", 400),
        (f"/compare?{TWO}&q=((", 400),
        ("/api/compare", 400),
        ("/compare.md", 400),
        ("/compare.csv?who=990121", 400),
        ("/phrase?q=" + "长" * 61, 400),
        ("/phrase?q=x&in=y", 400),
        ("/api/phrase", 400),
    ],
)
def test_what_cannot_be_meant_is_refused(client: FlaskClient, url: str, status: int) -> None:
    answer = client.get(url)
    assert answer.status_code == status
    if url.startswith("/api/"):
        assert answer.json["error"]["message"]
    else:
        assert "<h1>" in answer.get_data(as_text=True)


def test_the_table_holds_every_statement_with_its_source(client: FlaskClient) -> None:
    answer = client.get(f"/compare.csv?{TWO}")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    api = client.get(f"/api/compare?{TWO}").json
    said = [s for row in api["rows"] for cell in row["cells"] for v in cell for s in v["statements"]]
    assert [(row["article_id"], row["start"]) for row in rows] == [
        (s["article_id"], str(s["start"])) for s in said
    ]
    for row in rows:
        assert row["link"].startswith("http://localhost/articles/")
        article = client.get(f"/api/articles/{row['article_id']}").json
        assert row["text"] in article["text"][int(row["start"]) : int(row["end"])]


def test_the_document_names_themes_speakers_and_sources(client: FlaskClient) -> None:
    answer = client.get(f"/compare.md?{TWO}")
    assert answer.content_type == "text/markdown; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert text.startswith("# 讲话对照：青禾县 · 白石县\n")
    assert "## 共同的提法" in text
    assert "### 青禾县" in text
    assert "何青松（县" in text
    assert "](http://localhost/articles/sample-" in text


@settings(deadline=None)
@given(st.text(st.sampled_from("*_`<>[]()#+-.!|~&\\甲\n ="), max_size=30))
def test_nothing_escaped_is_markdown(text: str) -> None:
    done = escaped(text)
    assert "\n" not in done
    assert re.sub(r"\\(.)", r"\1", done) == " ".join(text.split())
    assert not re.search(r"[*_`<>\[\]()#+\-.!|~&]", re.sub(r"\\.", "", done))


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_names_are_never_live(fake: FlaskClient, url: str) -> None:
    answer = fake.get(url)
    assert answer.status_code < 500
    page = BeautifulSoup(answer.data, "html.parser")
    assert [script["src"].rpartition("/")[2] for script in page.select("script")] == ["app.js"]
    assert not page.select("img, iframe, object, embed, style, [style], [srcdoc]")
    for tag in page.select("*"):
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        for name in ("href", "src", "action"):
            address = str(tag.get(name, "")).lower().lstrip()
            assert not address.startswith(("javascript:", "data:", "vbscript:")), tag


def test_the_hostile_official_was_there_to_be_shown(fake: FlaskClient) -> None:
    assert EVIL in soup(fake, f"/officials/{EVIL_OFFICIAL}").select("h1")[0].get_text()
    text = fake.get(f"/compare.md?who={EVIL_OFFICIAL}&who=990101").get_data(as_text=True)
    assert "<script>" not in text
    assert "\\<script\\>" in text


def test_hostile_cells_are_no_formulas(fake: FlaskClient) -> None:
    body = fake.get(f"/compare.csv?who={EVIL_OFFICIAL}&who=990101").data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
    assert any(EVIL in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
