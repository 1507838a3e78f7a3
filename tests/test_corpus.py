"""Reading: every form of input gives the same articles, and nothing bad vanishes or stops the run."""

from __future__ import annotations

import contextlib
import csv
import datetime
import gzip
import io
import json
import lzma
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.article import Article
from searchapp.corpus import content_hash, encodings, json_array, measure, read_articles
from searchapp.corpus.dates import DateNotRead, read_date
from searchapp.corpus.encodings import recognise
from searchapp.errors import ConfigError, CorpusError

CASES = Path(__file__).parent / "cases" / "corpus"
SHARED = Path(os.environ.get("SEARCHAPP_SHARED", str(Path(__file__).resolve().parents[2] / "shared")))

ROWS = [
    {"id": "1", "title": "青石县召开会议", "text": "县长周禾说，“要早谋划”。\n第二段", "date": "2022-12-15"},
    {"id": "2", "title": "䶮溪镇下雪", "text": "山路结冰，请绕行。", "date": "2022-12-16"},
    {"id": "3", "title": "", "text": "没有标题的一篇，R&D投入增长3.5%。", "date": ""},
]


class Run:
    """What one reading gave: articles, and rejects as (reason with place, raw)."""

    def __init__(self, *paths: Path | str) -> None:
        self.errors: list[CorpusError] = []
        self.raws: list[str] = []
        self.articles = list(read_articles([str(path) for path in paths], self._reject))

    def _reject(self, error: CorpusError, raw: str) -> None:
        self.errors.append(error)
        self.raws.append(raw)

    @property
    def places(self) -> list[tuple[str, int]]:
        return [(Path(error.path).name, error.line) for error in self.errors]

    @property
    def rows(self) -> list[dict[str, str]]:
        return [{"id": a.id, "title": a.title, "text": a.text, "date": a.date} for a in self.articles]


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text("utf-8").splitlines()]


def as_jsonl(rows: list[dict[str, str]], *, ascii_only: bool = False) -> str:
    return "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows)


def as_csv(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue()


def standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))


# ---- dates and fields, as data --------------------------------------------------------------


@pytest.mark.parametrize("case", cases("dates.jsonl"), ids=lambda case: case["written"] or "empty")
def test_date(case: dict[str, Any]) -> None:
    if "reason" in case:
        with pytest.raises(DateNotRead, match=case["reason"]):
            read_date(case["written"])
    else:
        assert read_date(case["written"]) == (case["iso"], case.get("exact", True))


@given(st.one_of(st.text(), st.text("0123456789年月日-/.: T+Z十二〇", max_size=24), st.floats().map(str)))
def test_any_text_is_a_date_or_is_refused_with_a_reason(written: str) -> None:
    with contextlib.suppress(DateNotRead):
        day = read_date(written)
        assert day.iso == "" or datetime.date.fromisoformat(day.iso).isoformat() == day.iso


@given(st.dates())
def test_dates_written_by_a_program_come_back(day: datetime.date) -> None:
    y, m, d = f"{day.year:04}", day.month, day.day
    for written in (f"{y}-{m}-{d}", f"{y}年{m:02}月{d:02}日", f"{d}.{m}.{y}"):
        assert read_date(written).iso == day.isoformat()


@pytest.mark.parametrize("case", cases("records.jsonl"), ids=lambda case: case["why"])
def test_record(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(case["record"]) + "\n", "utf-8")
    run = Run(path)
    if "reason" in case:
        assert [str(error) for error in run.errors] == [f"{path}:1: {case['reason']}"]
        assert json.loads(run.raws[0]) == case["record"]
        assert run.articles == []
        return
    assert run.errors == []
    for name, value in case["article"].items():
        found = getattr(run.articles[0], name)
        assert (list(found) if isinstance(found, tuple) else found) == value, name


# ---- forms and encodings --------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
@pytest.mark.parametrize("packing", ["", ".gz", ".xz"])
@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".jsonl", as_jsonl(ROWS)),
        (".jsonl", as_jsonl(ROWS, ascii_only=True)),
        (".ndjson", as_jsonl(ROWS).replace("\n", "\r\n") + "\r\n\r\n"),
        (".json", json.dumps(ROWS, ensure_ascii=False)),
        (".json", json.dumps(ROWS, ensure_ascii=False, indent=2)),
        (".json", as_jsonl(ROWS)),
        (".csv", as_csv(ROWS)),
        (".csv", as_csv(ROWS, ";").replace("title", " Title ", 1)),
        (".tsv", as_csv(ROWS, "\t")),
    ],
)
def test_every_form_in_every_encoding_gives_the_same_articles(
    tmp_path: Path, suffix: str, content: str, packing: str, encoding: str
) -> None:
    pack = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}[packing]
    path = tmp_path / f"a{suffix}{packing}"
    path.write_bytes(pack(content.encode(encoding)))
    run = Run(path)
    assert (run.rows, run.errors) == (ROWS, [])


@pytest.mark.parametrize(
    "content", [as_jsonl(ROWS), json.dumps(ROWS), as_csv(ROWS)], ids=["jsonl", "json", "csv"]
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress], ids=["plain", "gzip", "xz"])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: str, pack: Any) -> None:
    standard_input(monkeypatch, pack(content.encode()))
    assert Run("-").rows == ROWS


def test_standard_input_may_be_a_text_or_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("article.txt", "page_utf8.html"):
        standard_input(monkeypatch, (CASES / name).read_bytes())
        from_stream = Run("-").articles
        assert from_stream == Run(CASES / name).articles
        assert len(from_stream) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be"])
def test_encoding_is_recognised_from_a_sentence(encoding: str) -> None:
    simple = "石桥镇的老支书介绍，过去水渠漏水，下游的田常常等不到水。"
    traditional = "石橋鎮的老支書介紹，過去水渠漏水，下游的田常常等不到水。"
    sample = (traditional if encoding == "big5" else simple).encode(encoding)
    assert recognise(sample) == encoding


def test_a_damaged_utf8_file_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    lines = as_jsonl(ROWS).encode().splitlines(keepends=True)
    lines[1] = lines[1].replace("结冰".encode(), b"\xe7\xbb\xff")
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(lines))
    run = Run(path)
    assert run.rows == [ROWS[0], ROWS[2]]
    assert [str(error) for error in run.errors] == [f"{path}:2: holds bytes that are not utf-8"]
    assert "�" in run.raws[0]


def test_encoding_is_looked_for_where_the_first_chinese_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "_SAMPLE_BYTES", 64)
    english = {"id": "0", "title": "", "text": "plain " * 40, "date": ""}
    rows = [english, *ROWS]
    array = json.dumps(rows, ensure_ascii=False)
    contents = {"a.jsonl": as_jsonl(rows), "a.json": array, "a.csv": as_csv(rows)}
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content.encode("gb18030"))
        assert Run(path).rows == rows


# ---- texts and pages ------------------------------------------------------------------------


def test_text_file_with_title_and_date() -> None:
    article = Run(CASES / "article.txt").articles[0]
    assert (article.title, article.date) == ("青石县召开务虚会", "2022-12-15")
    assert article.text == "  青石县日前召开务虚会。\n\n  县长周禾说，要早谋划、早动手。"
    assert article.id.startswith("text-")


@pytest.mark.parametrize(
    ("content", "title", "date", "source", "text"),
    [
        ("题目\n正文一\n正文二\n", "题目", "", "", "正文一\n正文二"),
        ("\n\n题目\r\n2022年12月15日 来源：示例日报\r\n\r\n正文", "题目", "2022-12-15", "示例日报", "正文"),
        ("只有一行", "", "", "", "只有一行"),
        ("长" * 300 + "\n第二段", "", "", "", "长" * 300 + "\n第二段"),
        ("题目\n2022-12-15", "题目", "", "", "2022-12-15"),
        ("题目\n2022年12月15日，青石县下雪。\n后文", "题目", "", "", "2022年12月15日，青石县下雪。\n后文"),
    ],
)
def test_forms_of_text_files(
    tmp_path: Path, content: str, title: str, date: str, source: str, text: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content.encode())
    article = Run(path).articles[0]
    assert (article.title, article.date, article.source, article.text) == (title, date, source, text)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312"])
def test_saved_page(tmp_path: Path, encoding: str, declared: str) -> None:
    # A page that names another encoding than its own is read all the same.
    page = (CASES / "page_utf8.html").read_text("utf-8").replace('charset="utf-8"', f'charset="{declared}"')
    path = tmp_path / "a.htm"
    path.write_bytes(page.encode(encoding))
    run = Run(path)
    assert run.errors == []
    article = run.articles[0]
    assert article.title == "青石县启动冬季水利工程"
    assert (article.date, article.source, article.authors) == ("2022-12-15", "示例日报", ("林小满",))
    assert article.url == "https://news.example/2022/12/15/qingshi.html"
    for sentence in ("寒风吹过山梁", "要把每一方水都用到田里", "修复塘坝四十六座", "若流速v<3米每秒"):
        assert sentence in article.text
    assert article.text.startswith("本报青石讯")
    for noise in ("首页导航", "广告位", "推荐阅读", "版权所有", "不该出现的脚本"):
        assert noise not in article.text


def test_saved_page_of_the_old_kind() -> None:
    """Tables, <br> for paragraphs, nothing in the head, a text of 200 characters."""
    article = Run(CASES / "page_old.html").articles[0]
    assert article.title == "青石县召开经济工作会议"
    assert (article.date, article.source, article.authors) == ("2022-12-15", "示例日报", ("林小满",))
    for sentence in ("12月14日，青石县召开经济工作会议", "“项目为王”的理念", "表彰了先进单位和个人"):
        assert sentence in article.text
    for noise in ("论坛", "点击", "修渠忙", "下大雪", "分享到", "版权所有"):
        assert noise not in article.text


def test_page_without_an_article_is_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body></body></html>", "utf-8")
    run = Run(path)
    assert (run.articles, [error.reason for error in run.errors]) == ([], ["no article found in this page"])


# ---- rejects --------------------------------------------------------------------------------

GOOD = '{"id": "good", "text": "好"}'


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ('"text"', "is not a JSON object"),
        ("null", "is not a JSON object"),
        ("[" * 100_000, "JSON is nested too deep"),
        ('{"text": "甲", "x": ' + "[" * 40 + "]" * 40 + "}", "a field is nested deeper than 32 levels"),
        ('{"text": "甲", "x": ' + "9" * 5000 + "}", "is not JSON that we read"),
        ("�", "is not JSON"),
    ],
)
def test_a_bad_line_is_one_reject(tmp_path: Path, bad: str, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"\n{GOOD}\n{bad}\n{GOOD}\n", "utf-8")
    run = Run(path)
    assert [article.id for article in run.articles] == ["good", "good"]
    assert [(error.line, error.reason[: len(reason)]) for error in run.errors] == [(3, reason)]
    assert run.raws == [bad]


def test_surrogates_become_characters_or_the_sign_for_none(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(r'{"title": "\ud842", "text": "\ud842\udfb7甲\udfb7", "\ud800": "\ud800"}', "utf-8")
    article = Run(path).articles[0]
    assert (article.title, article.text) == ("\ufffd", "𠮷甲\ufffd")
    assert article.extra == {"\ufffd": "\ufffd"}
    json.dumps(article.extra).encode("utf-8")
    assert len(content_hash(article)) == 16


def test_numbers_that_json_does_not_have_become_null(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "甲", "a": NaN, "b": [1e999], "c": -Infinity}\n', "utf-8")
    assert Run(path).articles[0].extra == {"a": None, "b": [None], "c": None}


def test_a_bad_element_of_an_array_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    good, bad = '{"id": "1", "text": "甲]},{"}', '{"id": 2, text: "乙"}'
    path.write_text(f'[\n{good},\n {bad},\n\n5,{{"id": "3",\n "text": "丙\\""}}\n]\n', "utf-8")
    run = Run(path)
    assert [(article.id, article.text) for article in run.articles] == [("1", "甲]},{"), ("3", '丙"')]
    assert run.places == [("a.json", 3), ("a.json", 5)]
    assert run.raws == [bad, "5"]


@pytest.mark.parametrize("content", ["[{", '[{"text": "甲"}, {"text": "乙', "]", "{]", '"'])
def test_an_array_that_is_cut_off_is_reported(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, "utf-8")
    run = Run(path)
    assert len(run.articles) == content.count('"}')
    assert len(run.errors) == 1


def test_bad_rows_of_a_table_keep_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"甲\n二"\n2,乙,多余\n\n3,"丙"坏\n4,\n5,戊\n', "utf-8")
    run = Run(path)
    assert [(article.id, article.text) for article in run.articles] == [("1", "甲\n二"), ("5", "戊")]
    assert [error.line for error in run.errors] == [4, 6, 7]
    assert [error.reason.split(" ")[0] for error in run.errors] == ["row", "is", "text"]
    assert run.raws == ["2,乙,多余", '3,"丙"坏', "4,"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,title\n1,甲\n", "the header names no column text"),
        ("text,text\n甲,乙\n", "the header names text twice"),
    ],
)
def test_a_table_whose_header_does_not_fit_is_one_reject(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, "utf-8")
    run = Run(path)
    assert (run.articles, [error.reason for error in run.errors]) == ([], [reason])


def test_a_cell_longer_than_the_limit_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text\n{'长' * 300_000}\n", "utf-8")
    assert len(Run(path).articles[0].text) == 300_000


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gz", "xz"])
def test_a_packed_file_that_is_cut_off_keeps_what_came_before(tmp_path: Path, pack: Any) -> None:
    rows = [{"id": str(n), "title": "", "text": os.urandom(40).hex(), "date": ""} for n in range(4000)]
    packed = pack(as_jsonl(rows).encode())
    path = tmp_path / ("a.jsonl.gz" if pack is gzip.compress else "a.jsonl.xz")
    path.write_bytes(packed[: len(packed) * 3 // 4])
    run = Run(path)
    assert 1000 < len(run.articles) < 4000
    assert run.rows == rows[: len(run.articles)]
    assert "cut off or damaged" in run.errors[0].reason
    assert run.errors[0].line == len(run.articles)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.xz"])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(GOOD, "utf-8")
    run = Run(path)
    assert run.articles == []
    assert len(run.errors) == 1


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.json.gz"])
def test_an_empty_file_holds_nothing_and_is_no_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    run = Run(tmp_path / name)
    assert (run.articles, run.errors) == ([], [])


@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_an_empty_text_is_a_reject(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"")
    assert len(Run(path).errors) == 1


def test_a_line_that_is_too_long_is_one_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "LONGEST_RECORD_BYTES", 1000)
    monkeypatch.setattr(encodings, "_SAMPLE_BYTES", 64)
    for encoding in ("utf-8", "utf-16"):
        path = tmp_path / "a.jsonl"
        path.write_bytes(f'{GOOD}\n{{"text": "{"a" * 5000}"}}\n{GOOD}\n'.encode(encoding))
        run = Run(path)
        assert run.places[:1] == [("a.jsonl", 2)]
        assert run.errors[0].reason.startswith("record is longer than")
        if encoding == "utf-8":
            assert [article.id for article in run.articles] == ["good", "good"]


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".txt"])
def test_a_record_of_ten_megabytes(tmp_path: Path, suffix: str) -> None:
    text = "青石县的水渠" * 600_000
    rows = [{"text": text}]
    contents = {".jsonl": as_jsonl(rows), ".json": json.dumps(rows), ".csv": as_csv(rows), ".txt": text}
    path = tmp_path / f"a{suffix}"
    path.write_text(contents[suffix], "utf-8")
    assert Run(path).articles[0].text == text


# ---- folders --------------------------------------------------------------------------------


def test_a_folder_is_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "a.jsonl", "c.jsonl", ".hidden.jsonl", "b/.git/x.jsonl", "b/1.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": name, "text": "甲"}), "utf-8")
    (tmp_path / "b" / "picture.png").write_bytes(b"\x89PNG")
    run = Run(tmp_path)
    assert [article.id for article in run.articles] == ["a.jsonl", "b/1.jsonl", "b/2.jsonl", "c.jsonl"]
    assert [str(error) for error in run.errors] == [
        f"{tmp_path}/b/picture.png:0: unknown kind of file: picture.png"
    ]


def test_names_that_are_not_utf8_are_read_and_can_be_printed(tmp_path: Path) -> None:
    name = os.fsdecode("新闻.jsonl".encode("gb18030"))
    (tmp_path / name).write_text(f"{GOOD}\n{{", "utf-8")
    (tmp_path / f"{name}.bad").write_text("", "utf-8")
    run = Run(tmp_path)
    assert [article.id for article in run.articles] == ["good"]
    assert len([str(error).encode("utf-8") for error in run.errors]) == 2


def test_links_in_circles_and_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.jsonl").write_text(GOOD, "utf-8")
    (tmp_path / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "c.jsonl").symlink_to(tmp_path / "nowhere")
    run = Run(tmp_path)
    assert [article.id for article in run.articles] == ["good"]
    assert run.places == [("c.jsonl", 0)]


def test_a_pipe_in_a_folder_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    assert [error.reason for error in Run(tmp_path).errors] == ["is not a regular file"]


def test_a_file_that_fails_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: io.FileIO, buffer: Any) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.jsonl").write_text(GOOD, "utf-8")
    (tmp_path / "b.txt").write_text("题\n正文", "utf-8")
    monkeypatch.setattr("searchapp.corpus.sources._MeteredFile.readinto", failing)
    run = Run(tmp_path)
    assert [error.reason for error in run.errors] == ["cannot be read: Permission denied"] * 2


@pytest.mark.parametrize("path", ["nowhere.jsonl", "nul\0byte", "", "\ud800"])
def test_a_path_that_does_not_exist_is_said_before_anything_is_read(tmp_path: Path, path: str) -> None:
    with pytest.raises(ConfigError, match="no such file or folder"):
        read_articles([str(tmp_path), path], lambda error, raw: None)


# ---- identity and memory --------------------------------------------------------------------


def test_ids_made_from_url_or_content_are_stable_and_apart(tmp_path: Path) -> None:
    rows = [{"text": "甲"}, {"text": "甲", "title": "题"}, {"text": "甲", "url": "https://x.example/1"}]
    path = tmp_path / "a.jsonl"
    path.write_text(as_jsonl(rows), "utf-8")
    first, second = Run(path).articles, Run(path).articles
    assert first == second
    assert len({article.id for article in first}) == 3
    assert [article.id.split("-")[0] for article in first] == ["text", "text", "url"]


def test_content_hash_sees_every_field() -> None:
    base = Article("1", "题", "文", "2022-12-15", "源", "https://x.example/", ("甲", "乙"), {"a": 1, "b": 2})
    others = [
        Article("2", "题", "文", "2022-12-15", "源", "https://x.example/", ("甲", "乙"), {"a": 1, "b": 2}),
        Article("1", "题文", "", "2022-12-15", "源", "https://x.example/", ("甲", "乙"), {"a": 1, "b": 2}),
        Article("1", "题", "文", "2022-12-15", "源", "https://x.example/", ("甲乙",), {"a": 1, "b": 2}),
        Article("1", "题", "文", "2022-12-15", "源", "https://x.example/", ("甲", "乙"), {"a": 1, "b": 3}),
        Article("1", "题", "文", "", "源2022-12-15", "https://x.example/", ("甲", "乙"), {"a": 1, "b": 2}),
    ]
    same = Article("1", "题", "文", "2022-12-15", "源", "https://x.example/", ("甲", "乙"), {"b": 2, "a": 1})
    hashes = {content_hash(article) for article in (base, *others)}
    assert len(hashes) == len(others) + 1
    assert content_hash(same) == content_hash(base)
    assert len(content_hash(base)) == 16


@given(
    st.lists(st.fixed_dictionaries({"id": st.text("ab"), "text": st.text('"\\[]{},:\n甲')})),
    st.sampled_from([None, 1]),
    st.integers(1, 9),
)
def test_an_array_is_cut_into_its_elements_wherever_the_chunks_end(
    rows: list[dict[str, str]], indent: int | None, size: int
) -> None:
    content = json.dumps(rows, indent=indent)
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    elements = list(json_array.elements(chunks, lambda line, reason, raw: pytest.fail(reason)))
    assert [json.loads(raw) for _, raw in elements] == rows
    lines = content.split("\n")
    assert all(lines[line - 1].strip().strip("[").startswith(raw[0]) for line, raw in elements if indent)


@given(st.binary(max_size=300), st.sampled_from([".jsonl", ".json", ".csv", ".txt", ".jsonl.gz"]))
def test_any_bytes_give_articles_or_rejects(tmp_path_factory: Any, data: bytes, suffix: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    run = Run(path)
    for article in run.articles:
        (article.id + article.title + article.text).encode("utf-8")
        assert article.text.strip()


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, suffix: str) -> None:
    def peak_bytes(count: int) -> int:
        path = tmp_path / f"{count}{suffix}"
        rows = [{"id": str(n), "title": "题", "text": "青石县" * 200, "date": ""} for n in range(count)]
        forms = {".jsonl": as_jsonl(rows), ".json": json.dumps(rows), ".csv": as_csv(rows)}
        path.write_text(forms[suffix], "utf-8")
        del rows, forms
        articles: Iterator[Article] = read_articles([str(path)], lambda error, raw: None)
        tracemalloc.start()
        assert sum(1 for _ in articles) == count
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak_bytes(10)
    assert peak_bytes(6000) < peak_bytes(1500) * 1.3


@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason=f"no folder {SHARED}/data")
def test_the_model_article() -> None:
    run = Run(SHARED / "data" / "seed_article.txt")
    assert run.errors == []
    article = run.articles[0]
    assert article.date == "2022-12-15"
    assert article.title.startswith("务“虚”更求“实”")
    assert article.text.lstrip().startswith("每到岁末年初")


@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason=f"no folder {SHARED}/data")
def test_real_articles_come_through_unchanged() -> None:
    path = SHARED / "data" / "news.jsonl.xz"
    articles = read_articles([str(path)], lambda error, raw: pytest.fail(str(error)))
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for _, line, article in zip(range(2000), lines, articles, strict=False):
            record = json.loads(line)
            assert (article.id, article.text) == (record["id"], record["text"])


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_the_meter_tells_how_far_it_is(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    ending = {bytes: "", gzip.compress: ".gz", lzma.compress: ".xz"}[pack]
    path = tmp_path / f"news.jsonl{ending}"
    path.write_bytes(pack(b"".join(b'{"text": "%d"}\n' % number for number in range(30_000))))
    meter = measure([str(path)])
    assert meter.total_bytes == path.stat().st_size
    assert (meter.read_bytes, meter.expected(0)) == (0, 0)
    for _ in read_articles([str(path)], lambda error, raw: None, meter):
        pass
    assert meter.read_bytes == meter.total_bytes
    assert meter.expected(30_000) == 30_000
    assert measure(["-"]).expected(5) == 0
