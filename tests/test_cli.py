"""The command line: what each command prints, exit codes, one line for every error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from searchapp.cli import main
from searchapp.engines.whoosh import kernels
from searchapp.sample import SamplePaths


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, sample: SamplePaths) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "index"
    done = run(
        "reindex",
        str(sample.articles),
        "--aliases",
        str(sample.additions),
        "--index",
        str(folder),
        "--workers",
        "1",
    )
    assert done.exit_code == 0, done.stderr
    return folder


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin)


def test_reindex_reports(index: Path, sample: SamplePaths) -> None:
    done = run(
        "reindex",
        str(sample.articles),
        "--aliases",
        str(sample.additions),
        "--index",
        str(index),
        "--update",
        "--json",
    )
    report = json.loads(done.stdout)
    assert (report["unchanged"], report["added"]) == (45, 0)


def test_search_in_text_and_json_gives_the_same(index: Path) -> None:
    text = run("search", "项目为王", "--index", str(index)).stdout
    answer = json.loads(run("search", "项目为王", "--index", str(index), "--json").stdout)
    assert text.startswith(f"{answer['total']} articles, understood as 项目为王")
    assert [hit["id"] for hit in answer["hits"]] == [
        line.split()[0] for line in text.splitlines() if line.startswith("sample-")
    ]
    assert "【项目为王】" in text


def test_search_options(index: Path) -> None:
    words = [
        "search",
        "项目为王",
        "--county",
        "361125",
        "--from",
        "2022",
        "--to",
        "2022-12",
        "--sort",
        "oldest",
    ]
    answer = json.loads(run(*words, "--limit", "1", "--index", str(index), "--json").stdout)
    assert answer["query"]["county"] == ["361125"]
    assert (answer["query"]["from"], answer["query"]["to"]) == ("2022-01-01", "2022-12-31")
    assert answer["total"] > len(answer["hits"]) == 1


def test_freshness_puts_newer_ones_first(index: Path) -> None:
    for command in ("search", "statements"):
        words = (command, "项目", "--index", str(index), "--json")
        plain, fresh = (json.loads(run(*words, *more).stdout) for more in ((), ("--freshness", "7")))
        assert (fresh["query"]["freshness"], fresh["total"]) == (7, plain["total"])
        assert fresh["hits"] != plain["hits"]


def test_statements(index: Path) -> None:
    answer = json.loads(run("statements", "项目为王", "--index", str(index), "--json").stdout)
    assert answer["total"] > 0
    assert all("项目为王" in hit["text"] for hit in answer["hits"])
    text = run("statements", "项目为王", "--index", str(index)).stdout
    assert text.startswith(f"{answer['total']} statements")


def test_info_and_generations(index: Path) -> None:
    facts = json.loads(run("info", "--index", str(index), "--json").stdout)
    assert facts["kernels"] == ("C" if kernels.COMPILED else "numpy")
    assert facts["articles"] == 45
    assert facts["generation"] in run("generations", "--index", str(index)).stdout
    assert "articles" in run("info", "--index", str(index)).stdout


def test_verify_then_info_shows_it(index: Path, sample: SamplePaths) -> None:
    done = run("verify", str(sample.articles), "--strings", "30", "--index", str(index))
    assert done.exit_code == 0
    assert "recall 1.000, precision 1.000" in done.stdout
    assert "source: 0 missing, 0 differ, 0 only in the index" in done.stdout
    assert "recall 1.000" in run("info", "--index", str(index)).stdout


def test_analyze_says_what_it_finds(sample: SamplePaths) -> None:
    text = "示例省青禾县召开会议，县委书记林守田说，要抓好项目建设。"
    found = json.loads(run("analyze", text, "--json", "--aliases", str(sample.additions)).stdout)
    assert [place["code"] for place in found["places"]] == ["99", "990121"]
    assert [official["id"] for official in found["officials"]] == ["林守田@990121"]
    assert found["statements"][0]["text"] == "要抓好项目建设。"
    assert "林守田" in run("analyze", "-", stdin=text).stdout


def test_delete_and_rollback(tmp_path: Path, sample: SamplePaths) -> None:
    folder = str(tmp_path / "index")
    run("reindex", str(sample.articles), "--index", folder, "--workers", "1")
    assert run("delete", "sample-001", "none", "--index", folder).stdout == "1 of 2 articles taken out\n"
    assert json.loads(run("info", "--index", folder, "--json").stdout)["articles"] == 44
    assert run("rollback", "--index", folder).stdout == "live: g000001\n"
    assert json.loads(run("info", "--index", folder, "--json").stdout)["articles"] == 45


def test_rejects_file_keeps_every_bad_record(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"text": "好的正文"}\n{"text": 5}\nnot json\n', "utf-8")
    words = [
        "reindex",
        str(path),
        "--index",
        str(tmp_path / "index"),
        "--rejects",
        str(tmp_path / "bad.jsonl"),
    ]
    done = run(*words, "--workers", "1")
    assert done.exit_code == 0
    assert done.stderr.count("rejected: ") == 2
    kept = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text("utf-8").splitlines()]
    assert [(row["line"], row["record"]) for row in kept] == [(2, '{"text": 5}'), (3, "not json")]
    assert run(*words[:4], "--strict", "--workers", "1").exit_code == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["search", "会议", "--index", "nowhere"], "no index in nowhere"),
        (["search", "(会议", "--index", "INDEX"], "括号"),
        (["search", "会议", "--sort", "best", "--index", "INDEX"], "sort"),
        (["search", "会议", "--freshness", "0.5", "--index", "INDEX"], "freshness"),
        (["search", "会议", "--county", "xx", "--index", "INDEX"], "county"),
        (["reindex", "nowhere", "--index", "INDEX"], "nowhere"),
        (["reindex", "SAMPLE", "--engine", "other", "--index", "INDEX"], "engine 'other'"),
        (["reindex", "SAMPLE", "--aliases", "nowhere", "--index", "INDEX"], "--aliases"),
        (["reindex", "SAMPLE", "--prune", "--index", "INDEX"], "--prune"),
        (["serve", "--port", "99999"], "--port"),
        (["info", "--index", "nowhere"], "no index"),
        (["rollback", "--index", "nowhere"], "no index"),
    ],
)
def test_errors_are_one_line_and_exit_1(
    words: list[str], says: str, index: Path, sample: SamplePaths
) -> None:
    places = {"INDEX": str(index), "SAMPLE": str(sample.articles)}
    done = run(*(places.get(word, word) for word in words))
    assert done.exit_code == 1
    assert done.stderr.startswith("searchapp: ")
    assert done.stderr.count("\n") == 1
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [["search"], ["reindex"], ["nothing"], ["search", "x", "--limit", "many"]])
def test_wrong_usage_is_exit_2(words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_every_command_has_help() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        assert run(name, "--help").exit_code == 0


def test_a_closed_pipe_is_no_traceback(index: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "searchapp.cli",
        "search",
        "的",
        "--limit",
        "100",
        "--json",
        "--index",
        str(index),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_evaluate_asks_the_articles_of_the_set_or_the_live_index(tmp_path: Path, index: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "项目为王"}\n', encoding="utf-8")
    best = json.loads(run("search", "项目为王", "--index", str(index), "--json").stdout)["hits"][0]["id"]
    (tmp_path / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\nq\t{best}\t1\n", encoding="utf-8")
    live = json.loads(run("evaluate", str(tmp_path), "--index", str(index), "--json").stdout)
    assert (live["ndcg_10"], live["match"]) == (1.0, "any")
    assert live["articles"].startswith("the live index")
    corpus = {"_id": best, "title": "", "text": "坚持项目为王。"}
    (tmp_path / "corpus.jsonl").write_text(json.dumps(corpus), encoding="utf-8")
    done = run("evaluate", str(tmp_path))
    assert done.stdout.startswith("match=any, asked of its own articles\n")
    assert "1.0000" in done.stdout


def test_evaluate_needs_one_thing_to_measure(tmp_path: Path) -> None:
    assert run("evaluate").exit_code == 2
    assert run("evaluate", str(tmp_path), "--entities", __file__).exit_code == 2
    assert run("evaluate", "--entities", str(tmp_path / "none")).exit_code == 2
    missing = run("evaluate", str(tmp_path))
    assert (missing.exit_code, missing.stderr.count("\n")) == (1, 1)


def test_evaluate_entities(tmp_path: Path) -> None:
    label = {"id": "a", "title": "", "text": "集市照常。", "date": "", "source": ""}
    label |= {"places": [{"code": "361125", "level": "county"}], "officials": [], "statements": []}
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(label), encoding="utf-8")
    done = run("evaluate", "--entities", str(path), "--errors")
    assert "a\tcounty\tmissed\t361125" in done.stdout
    assert json.loads(run("evaluate", "--entities", str(path), "--json").stdout)["county"]["missed"] == 1
