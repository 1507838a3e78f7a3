"""The pages as a browser without JavaScript gets them: read with a parser, links followed."""

from __future__ import annotations

import gzip
import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from web_fake import USED, FakeSearcher

from searchapp.query import Query
from searchapp.results import Facet, FacetValue
from searchapp.web import create_app
from searchapp.web.histogram import MOST_MONTHS, histogram
from searchapp.web.views import Links, page_numbers


@pytest.fixture(scope="module")
def searcher() -> FakeSearcher:
    return FakeSearcher()


@pytest.fixture(scope="module")
def client(searcher: FakeSearcher) -> FlaskClient:
    return create_app(searcher).test_client()


def soup(client: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == status, url
    assert answer.content_type == "text/html; charset=utf-8"
    return BeautifulSoup(answer.data, "html.parser")


def only(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def summary(page: BeautifulSoup) -> str:
    return only(page, ".summary").get_text()


def total(page: BeautifulSoup) -> int:
    found = re.search(r"(\d+) [篇段]", summary(page))
    assert found
    return int(found[1])


def facet_links(page: BeautifulSoup, name: str) -> dict[str, tuple[str, int]]:
    """Label -> (address, count) of one facet."""
    out = {}
    for link in page.select(f"[data-facet={name}] .values a"):
        label = next(only(link, ".name").stripped_strings)
        out[label] = (str(link["href"]), int(only(link, ".count").get_text()))
    return out


def test_hits_have_marks_date_source_and_tags(client: FlaskClient) -> None:
    page = soup(client, "/?q=第1项")
    hit = page.select(".hit")[0]
    assert [mark.get_text() for mark in hit.select("h2 mark")] == ["第1项"]
    assert only(hit, "time")["datetime"] == "2021-02-15"
    assert "示例日报" in only(hit, ".meta").get_text()
    assert [tag.get_text(" ", strip=True) for tag in hit.select(".tag")] == ["东示县", "陈示例 县委书记"]
    assert "example" in str(soup(client, str(only(hit, "h2 a")["href"])).select("article .meta a"))


def test_a_facet_value_that_shows_n_gives_n(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目")
    tried = 0
    for name in ("county", "official", "city", "province", "source"):
        for address, count in facet_links(page, name).values():
            assert total(soup(client, address)) == count
            tried += 1
    assert tried == 8
    for row in page.select(".months tr a"):
        count = int(row.find_parent("tr").select(".n")[0].get_text())  # type: ignore[union-attr]
        assert total(soup(client, str(row["href"]))) == count


def test_several_values_of_a_facet_add_up_and_can_be_lifted(client: FlaskClient) -> None:
    first = soup(client, facet_links(soup(client, "/?q=项目"), "source")["示例日报"][0])
    assert total(first) == 12
    links = facet_links(first, "source")
    assert {label: count for label, (_, count) in links.items()} == {"示例日报": 12, "示例晚报": 12}
    both = soup(client, links["示例晚报"][0])
    assert total(both) == 24
    assert [a["aria-current"] for a in both.select("[data-facet=source] a")] == ["true", "true"]
    assert len(both.select(".chips .chip")) == 2
    lifted = soup(client, str(both.select(".chips .chip")[0]["href"]))
    assert total(lifted) == 12
    assert total(soup(client, str(only(both, ".clear")["href"]))) == 24


def test_filters_are_links_that_robots_leave_alone(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目&county=990101")
    links = page.select(".values a, .chips a.chip, .tags a, .months a")
    assert len(links) > 10
    assert all("nofollow" in link["rel"] for link in links)
    assert only(page, "meta[name=robots]")["content"] == "noindex, nofollow"
    robots = client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /*?" in robots


def test_chips_name_what_they_lift(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目&county=9901&official=陈示例@990101&from=2021&to=2023&month=2022-03")
    chips = [chip.get_text(" ", strip=True) for chip in page.select(".filters .chip")]
    assert [re.sub(r" ×.*", "", chip) for chip in chips] == [
        "地区 甲市", "官员 陈示例", "月份 2022年3月", "日期 2021-01-01 至 2023-12-31",
    ]  # fmt: skip


def test_the_search_form_keeps_filters_and_the_date_form_keeps_words(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目&county=990101&sort=newest&page=2")
    hidden = {(i["name"], i["value"]) for i in page.select("form.search input[type=hidden]")}
    assert hidden == {("county", "990101"), ("sort", "newest")}
    hidden = {(i["name"], i["value"]) for i in page.select("form.dates input[type=hidden]")}
    assert hidden == {("q", "项目"), ("county", "990101"), ("sort", "newest")}


def test_paging_says_where_and_walks_through_every_hit(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目")
    assert "第 1 页，共 3 页" in summary(page)
    seen = [str(a["href"]) for a in page.select(".hit h2 a")]
    while page.select("[rel=next]"):
        page = soup(client, str(only(page, "[rel=next]")["href"]))
        seen += [str(a["href"]) for a in page.select(".hit h2 a")]
    assert len({address.partition("?")[0] for address in seen}) == len(seen) == 24
    assert "第 3 页，共 3 页" in summary(page)
    assert only(page, ".hits")["start"] == "21"


def test_a_page_past_the_end_says_so_and_leads_back(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目&page=99")
    assert total(page) == 24
    assert not page.select(".hit")
    last = soup(client, str(page.select(".notice a")[0]["href"]))
    assert len(last.select(".hit")) == 4


@pytest.mark.parametrize(
    ("current", "pages", "numbers"),
    [(1, 1, []), (1, 3, [1, 2, 3]), (1, 9, [1, 2, 3, 0, 9]), (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
     (50, 99, [1, 0, 48, 49, 50, 51, 52, 0, 99]), (99, 99, [1, 0, 97, 98, 99])],
)  # fmt: skip
def test_the_window_of_pages(current: int, pages: int, numbers: list[int]) -> None:
    shown = page_numbers(current, pages, Links(Query(page=current), ""))
    assert [entry.number for entry in shown] == numbers
    assert [entry.number for entry in shown if entry.current] == ([current] if pages > 1 else [])


def test_statements_are_a_tab_with_speakers(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目&county=990101")
    tab = next(a for a in page.select(".tabs a") if a.get_text() == "讲话")
    page = soup(client, str(tab["href"]))
    assert summary(page).startswith("找到 16 段讲话")
    first = page.select(".hit")[0]
    assert "陈示例" in only(first, ".speaker").get_text()
    assert {mark.get_text() for mark in first.select("blockquote mark")} == {"项目"}
    address = str(only(first, ".from a")["href"])
    article = soup(client, address)
    assert only(article, "#" + address.partition("#")[2])


def test_an_article_shows_marks_speakers_and_names(client: FlaskClient) -> None:
    page = soup(client, "/articles/a1?q=项目&county=990101")
    article = only(page, "article")
    assert [mark.get_text() for mark in article.select("mark")] == ["项目", "项目"]
    assert only(page, "#step").get_text() == "2 处"
    assert len(article.select(".para")) == 3
    said = only(article, ".para.said")
    assert only(said, ".who a").get_text() == "陈示例"
    assert only(said, ".words").get_text() == "要牢固树立“项目为王”的理念,抓好第1个项目"
    assert "".join(p.get_text() for p in article.select(".para p")) == (
        "近日,东示县召开务虚会。陈示例说,要牢固树立“项目为王”的理念,抓好第1个项目。会上还通报了“”的情况。"
    )
    assert len(article.select(".lost")) == 1
    assert {a.get_text() for a in page.select(".named .place, .named .person")} == {
        "陈示例", "示例省", "甲市", "东示县",
    }  # fmt: skip
    profiles = [str(a["href"]) for a in page.select(".named .dossier")]
    assert profiles[0] == f"/officials/{quote('陈示例@990101')}"
    assert profiles[1:] == ["/counties/99", "/counties/9901", "/counties/990101"]
    assert total(soup(client, str(only(page, ".back a")["href"]))) == 16
    original = only(article, "header .meta a")
    assert original["href"] == "https://news.example/a?x=1&y=2"
    assert {"noopener", "noreferrer"} <= set(original["rel"])


def test_an_article_without_title_date_or_names(client: FlaskClient) -> None:
    page = soup(client, "/articles/untitled")
    assert only(page, "article h1").get_text() == "（无标题）"
    assert "日期不详" in only(page, "article .meta").get_text()
    assert not page.select("#step")


def test_ambiguous_places_are_shown_as_such(client: FlaskClient) -> None:
    evil = next(article.id for article in FakeSearcher().held if "evil" in article.id)
    page = soup(client, "/articles/" + quote(evil, safe=""))
    ambiguous = only(page, ".ambiguous")
    assert "990101、990102" in ambiguous.get_text()
    assert not ambiguous.select("a")


def test_ids_with_slashes_and_marks_are_found(client: FlaskClient) -> None:
    hit = soup(client, "/?q=古怪").select(".hit h2 a")[0]
    assert "编号古怪的报道" in only(soup(client, str(hit["href"])), "article h1").get_text()


def test_nothing_found_says_which_kind_of_nothing(client: FlaskClient) -> None:
    nothing = only(soup(client, "/?q=没有这样的词"), ".nothing")
    assert "没有报道符合这个查询" in nothing.get_text()
    assert nothing.select(".tries li")
    excluded = only(soup(client, "/?q=第1项&county=990102&month=2020-01"), ".nothing")
    assert "筛选条件排除了全部结果" in excluded.get_text()
    assert "1 篇" in only(excluded, ".action").get_text()
    assert total(soup(client, str(only(excluded, ".action")["href"]))) == 1
    assert len(excluded.select(".chip")) == 2


def test_a_query_not_understood_shows_where(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目 ((甲", 400)
    assert only(page, ".where .here").get_text() == "("
    assert only(page, ".where code").get_text() == "项目 ((甲"
    assert only(page, ".fault").get_text()
    assert only(page, "#q")["value"] == "项目 ((甲"
    assert "成对" in only(page, ".hint").get_text()


def test_relaxed_and_suggestions_are_said(client: FlaskClient) -> None:
    assert "没有一篇同时含有全部词语" in only(soup(client, "/?q=项目放宽"), ".notice").get_text()
    offer = soup(client, "/?q=陈示丽").select(".tries a")[0]
    assert offer.get_text() == "陈示例"
    assert total(soup(client, str(offer["href"]))) == 16


def test_a_spelling_used_instead_is_said_and_gone_on_from(client: FlaskClient) -> None:
    page = soup(client, f"/?q={USED}")
    assert "以下是 陈示例 的结果" in only(page, ".notice").get_text()
    assert only(page, "#q")["value"] == USED
    for address, count in facet_links(page, "source").values():
        assert "q=" + quote("陈示例") in address
        assert total(soup(client, address)) == count
    assert soup(client, str(page.select(".hit h2 a")[0]["href"])).select("article mark")


def test_grouped_results_say_what_is_counted(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目&group=county")
    assert summary(page).startswith("找到 24 篇报道，合并为 2 个县区")
    assert [same.get_text() for same in page.select(".same")] == ["另有 7 篇同县报道", "另有 15 篇同县报道"]


def test_why_this_hit(client: FlaskClient) -> None:
    assert not soup(client, "/?q=项目").select(".why")
    row = only(soup(client, "/?q=第1项&explain=1").select(".why")[0], "tbody tr")
    assert [cell.get_text() for cell in row.select("td")] == ["项目", "正文", "原词", "2", "1.50"]


@pytest.mark.parametrize(
    ("asked", "value", "shown"),
    [("", "0", "不计"), ("&freshness=30", "30", "一月"), ("&freshness=90", "90", "90 天")],
)
def test_the_form_shows_which_freshness_is_chosen(
    client: FlaskClient, asked: str, value: str, shown: str
) -> None:
    for path in ("/", "/statements"):
        page = soup(client, f"{path}?q=项目{asked}")
        chosen = only(page, "select[name=freshness] [selected]")
        assert (chosen["value"], chosen.get_text()) == (value, shown)
        assert not page.select("form.search input[name=freshness]")
        kept = page.select("form.dates input[name=freshness]")
        assert [field["value"] for field in kept] == ([value] if asked else [])
        sorts = [link.get_text() for link in page.select(".sorts [aria-current]")]
        assert sorts == ["相关，新近优先" if asked else "相关"]


def test_the_start_page_says_what_is_held(client: FlaskClient) -> None:
    page = soup(client, "/")
    assert "27 篇报道" in re.sub(r"\s+", " ", only(page, ".figure").get_text())
    assert len(page.select(".newest li")) == 6
    assert {a.get_text(strip=True)[:3] for a in page.select(".opening .tag.place")} == {"东示县", "西示县"}
    for link in page.select(".examples a, .newest a, .opening .tag"):
        assert client.get(str(link["href"])).status_code == 200


def test_the_sample_is_announced_on_every_page(client: FlaskClient) -> None:
    for url in ("/", "/?q=项目", "/?q=没有", "/statements?q=项目", "/articles/a1"):
        assert "示例数据" in only(soup(client, url), ".sample").get_text()
    assert "示例数据" in only(soup(client, "/nowhere", 404), ".sample").get_text()


def test_unknown_addresses_and_articles_are_pages(client: FlaskClient) -> None:
    for url in ("/nowhere", "/articles/none", "/static/x/none.js"):
        assert only(soup(client, url, 404), "h1").get_text() == "没有找到这一页"


def test_pages_work_under_a_prefix() -> None:
    client = create_app(FakeSearcher()).test_client()
    page = BeautifulSoup(client.get("/?q=项目", base_url="http://localhost/news").data, "html.parser")
    tags = page.select("[href], [src], form")
    addresses = [str(tag.get("href") or tag.get("src") or tag.get("action")) for tag in tags]
    local = [address for address in addresses if address.startswith("/")]
    assert len(local) > 30
    assert [address for address in local if not address.startswith("/news/")] == []


def test_landmarks_labels_and_language(client: FlaskClient) -> None:
    for url in ("/", "/?q=项目", "/articles/a1?q=项目"):
        page = soup(client, url)
        assert only(page, "html")["lang"] == "zh-CN"
        assert only(page, ".skip")["href"] == "#main"
        assert len(page.select("h1")) == 1
        ids = [tag["id"] for tag in page.select("[id]")]
        assert len(ids) == len(set(ids))
        for field in page.select("input:not([type=hidden]), select"):
            assert field.find_parent("label") or page.select(f"label[for={field['id']}]")
    assert only(soup(client, "/?q=项目"), ".summary")["aria-live"] == "polite"


def test_the_histogram_has_a_table_that_says_the_same(client: FlaskClient) -> None:
    page = soup(client, "/?q=项目")
    bars = [title.get_text() for title in page.select(".months svg title")]
    rows = [" ".join(row.stripped_strings) for row in page.select(".months tbody tr")]
    assert bars == [f"{label}：{count} 篇" for label, count in (row.split() for row in rows)]


def month_facet(counts: dict[str, int]) -> Facet:
    return Facet("month", tuple(FacetValue(month, month, n) for month, n in counts.items()))


def test_months_are_drawn_in_order_without_holes() -> None:
    chart = histogram(month_facet({"2022-12": 4, "2022-09": 8}), Query())
    assert chart is not None
    assert [(bar.label, bar.count) for bar in chart.bars] == [
        ("2022年9月", 8), ("2022年10月", 0), ("2022年11月", 0), ("2022年12月", 4),
    ]  # fmt: skip
    assert [bar.height for bar in chart.bars] == [100.0, 0.0, 0.0, 50.0]
    assert all(bar.y + bar.height == 100 for bar in chart.bars)


def test_many_months_are_drawn_by_year_and_lead_into_the_year() -> None:
    counts = {f"{2019 + n // 12}-{n % 12 + 1:02d}": 1 for n in range(MOST_MONTHS + 1)}
    chart = histogram(month_facet(counts), Query())
    assert chart is not None
    assert [(bar.label, bar.count) for bar in chart.bars][:2] == [("2019年", 12), ("2020年", 12)]
    assert chart.bars[1].query.filters.first == "2020-01-01"
    assert chart.bars[1].query.filters.last == "2020-12-31"
    assert sum(bar.count for bar in chart.bars) == MOST_MONTHS + 1


def test_static_files_are_kept_for_ever_under_their_fingerprint(client: FlaskClient) -> None:
    page = soup(client, "/")
    for address in (only(page, "link[rel=stylesheet]")["href"], only(page, "script")["src"]):
        answer = client.get(str(address))
        assert "immutable" in answer.headers["Cache-Control"]
        stale = client.get(re.sub("static/[0-9a-f]+/", "static/old/", str(address)))
        assert stale.headers["Cache-Control"] == "no-cache"
        assert stale.data == answer.data
        zipped = client.get(str(address), headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(zipped.data) == answer.data


def test_scripts_import_only_what_is_there(client: FlaskClient) -> None:
    address = str(only(soup(client, "/"), "script")["src"])
    imported = re.findall(r'from "\./([a-z]+\.js)"', client.get(address).get_data(as_text=True))
    assert len(imported) == 3
    for name in imported:
        answer = client.get(address.replace("app.js", name))
        assert answer.status_code == 200
        assert answer.content_type == "text/javascript; charset=utf-8"


def test_long_answers_are_compressed_when_accepted(client: FlaskClient) -> None:
    plain = client.get("/?q=项目")
    zipped = client.get("/?q=项目", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert len(zipped.data) < len(plain.data) / 3
    assert "项目" in gzip.decompress(zipped.data).decode()
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers
    refused = client.get("/?q=项目", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
