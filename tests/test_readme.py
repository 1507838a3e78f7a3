"""README.md says what is true: its commands, queries, settings and JSON example are run here.

The two set-up lines are run whole by `.ci/run` (tests) and, but for the download, by
`tests/test_install.py` (demo).
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from searchapp.article import Article
from searchapp.cli import main
from searchapp.config import HELP, PREFIX, Settings
from searchapp.sample import SamplePaths
from searchapp.search import open_searcher
from searchapp.web.app import create_app

README = Path(__file__).resolve().parents[1].joinpath("README.md").read_text(encoding="utf-8")
SET_UP = "python3 -m venv .venv && .venv/bin/pip install -q "
# What differs from run to run, or with every change of ranking, is compared by its type only.
VARYING = ("took_ms", "generation", "score")


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", README)


def section(heading: str) -> str:
    found = re.search(rf"(?ms)^##+ {heading}\n(.*?)(?=^##|\Z)", README)
    assert found, f"no section {heading}"
    return found[1]


def console(program: str) -> list[str]:
    """What is typed to `program` in README's console blocks."""
    lines = "".join(blocks("console")).splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith(f"$ {program} ")]


def queries() -> list[str]:
    """Every query in the table of the English section and in the list of the Chinese one."""
    rows = [line.split("|")[1] for line in section("What you can ask").splitlines() if line.startswith("| `")]
    shown = "\n".join(rows) + section("怎样查")
    named = re.findall(r"`([^`\n]+)`", shown)
    return [query for query in dict.fromkeys(named) if "…" not in query and not query.endswith(":")]


@pytest.fixture(scope="module")
def client(sample_index: Path) -> FlaskClient:
    return create_app(open_searcher(sample_index)).test_client()


def comparable(value: Any) -> Any:
    """`value` with what varies replaced by the name of its type."""
    if isinstance(value, dict):
        return {
            key: type(inner).__name__ if key in VARYING else comparable(inner) for key, inner in value.items()
        }
    return [comparable(inner) for inner in value] if isinstance(value, list) else value


def test_exactly_two_lines_to_copy() -> None:
    assert blocks("bash") == [
        SET_UP + ". && .venv/bin/searchapp serve --demo\n",
        SET_UP + '-e ".[test]" && .venv/bin/python -m pytest\n',
    ]


def test_number_of_articles_in_the_sample(sample_articles: tuple[Article, ...]) -> None:
    assert f"{len(sample_articles)} short articles" in README
    assert len(sample_articles) == 45
    assert "样例有四十五篇短文" in README


@pytest.fixture
def desk(tmp_path: Path, sample: SamplePaths, sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with articles of one's own and an index, as the console blocks suppose."""
    (tmp_path / "my-articles").mkdir()
    shutil.copy(sample.articles, tmp_path / "my-articles" / "articles.jsonl")
    shutil.copytree(sample_index, tmp_path / "index")
    monkeypatch.chdir(tmp_path)
    for name in (field.name for field in fields(Settings)):
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    return tmp_path


def invoke(line: str) -> Result:
    return CliRunner().invoke(main, shlex.split(line)[1:], catch_exceptions=False)


@pytest.mark.parametrize("line", dict.fromkeys(line for line in console("searchapp") if "serve" not in line))
def test_command_runs(line: str, desk: Path) -> None:
    result = invoke(line)
    assert result.exit_code == 0, result.output
    assert result.stdout.strip()


def test_command_finds_something(desk: Path) -> None:
    """The searches shown as examples are worth showing."""
    shown = [line for line in console("searchapp") if line.split()[1] in ("search", "statements")]
    assert len(shown) >= 2
    for line in shown:
        answer = json.loads(invoke(line if "--json" in line else line + " --json").stdout)
        assert answer["hits"], line


def test_every_command_is_in_the_table() -> None:
    named = set(re.findall(r"`searchapp ([a-z]+)", section("Command line")))
    assert named == set(main.commands)


@pytest.mark.parametrize("row", re.findall(r"(?m)^\| `searchapp .*$", README))
def test_flags_in_the_table_exist(row: str) -> None:
    name = re.findall(r"`searchapp (\w+)", row)[0]
    offered = {flag for parameter in main.commands[name].params for flag in parameter.opts}
    assert set(re.findall(r"`(--[a-z-]+)", row)) <= offered


def test_settings_table_is_the_settings() -> None:
    rows = re.findall(r"(?m)^\| `(SEARCHAPP_\w+)` \| (.*?) \| (.*?) \|$", section("Settings"))
    assert [name for name, _, _ in rows] == [PREFIX + field.name.upper() for field in fields(Settings)]
    for (_, default, text), field in zip(rows, fields(Settings), strict=True):
        assert default == ("–" if field.default is None else f"`{field.default}`")
        assert text == HELP[field.name]


def test_no_setting_is_named_that_does_not_exist() -> None:
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert set(re.findall(r"SEARCHAPP_[A-Z_]+", README)) <= known


@pytest.mark.parametrize("query", queries())
def test_query_finds_something(query: str, client: FlaskClient) -> None:
    answer = client.get("/api/search", query_string={"q": query}).get_json()
    assert "error" not in answer
    assert answer["total"] >= 1
    assert not answer["query"]["relaxed"]


def test_json_example_is_the_answer(client: FlaskClient) -> None:
    (line,) = console("curl")
    words = shlex.split(line)
    address = next(word for word in words if word.startswith("http"))
    given = [words[at + 1] for at, word in enumerate(words) if word in ("-d", "--data-urlencode")]
    path = address.removeprefix("http://127.0.0.1:8000")
    answer = client.get(path, query_string=[tuple(pair.split("=", 1)) for pair in given]).get_json()
    (example,) = blocks("json")
    assert comparable(json.loads(example)) == comparable(answer), json.dumps(answer, ensure_ascii=False)


def test_addresses_that_are_named_answer(client: FlaskClient) -> None:
    named = set(re.findall(r"`(/[\w./]+)(?:\?q=)?`", section("JSON")))
    assert {"/healthz", "/api/openapi.json", "/export.csv"} <= named
    for path in named:
        assert client.get(path).status_code == 200, path


def test_links_lead_somewhere(checkout: Path) -> None:
    targets = set(re.findall(r"\]\(([^)\s]+)\)", README))
    files = {target for target in targets if not target.startswith(("http", "#"))}
    assert [target for target in files if not (checkout / target).is_file()] == []
    headings = {heading.strip().lower() for heading in re.findall(r"(?m)^##+ (.*)$", README)}
    assert {target[1:] for target in targets if target.startswith("#")} <= headings


def test_pictures_are_small(checkout: Path) -> None:
    for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (checkout / target).stat().st_size < 300_000, target
