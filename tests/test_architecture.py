"""The house as built: imports go one way, every third party has one home, and ARCHITECTURE.md is true.

The tables below are the plan. A new room, or a new third party, gets its line here and its section
in ARCHITECTURE.md in the same commit.
"""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "searchapp"
MOST_BYTES = 1_500_000

# Rooms from the ground up: a room imports from the storeys below its own.
STOREYS: tuple[tuple[str, ...], ...] = (
    ("errors", "article", "schema", "query", "results", "config", "held", "scanning"),
    (
        "analysis", "gazetteer", "annotate", "corpus", "snippets", "markup",
        "suggest", "synonyms", "syntax", "sample",
    ),
    ("dictionaries",),
    ("engines",),
    ("offers",),
    ("workers",),
    ("indexing", "search", "evaluate", "evaluate_entities"),
    ("desk", "verify"),
    ("web",),
    ("cli",),
    ("__main__",),
)  # fmt: skip
# Imports on one storey: the nouns know each other; of the second storey only these pairs.
SIDEWAYS = {("annotate", "gazetteer"), ("analysis", "gazetteer"), ("corpus", "markup")}
FREE_FOR_ALL = ("searchapp.analysis.normalise",)

# Third party -> the only room (or sub-package) that imports it. numpy is at home everywhere.
HOMES = {
    "jieba": "analysis",
    "rjieba": "analysis",
    "opencc": "analysis",
    "rensa": "analysis",
    "ahocorasick": "scanning",
    "bleach": "markup",
    "trafilatura": "corpus",
    "charset_normalizer": "corpus",
    "pypinyin": "suggest",
    "whoosh": "engines.whoosh",
    "flask": "web",
    "werkzeug": "web",
    "jinja2": "web",
    "markupsafe": "web",
    "gunicorn": "web",
    "click": "cli",
}
EVERYWHERE = {"numpy"}
# Import name -> distribution, where they differ or come with another declared distribution.
DISTRIBUTIONS = {
    "ahocorasick": "pyahocorasick",
    "charset_normalizer": "charset-normalizer",
    "whoosh": "whoosh3",
}
WITH_FLASK = {"werkzeug", "jinja2", "markupsafe"}

TOP_LEVEL = {
    "pyproject.toml", "searchapp", "index", "tests", "templates",
    "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "hatch_build.py",
}  # fmt: skip


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file, of every module of the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(CHECKOUT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tracked_files() -> list[Path]:
    """What git would hand to the next person: tracked files, or all when there is no git."""
    if not (CHECKOUT / ".git").exists():
        return [path for path in CHECKOUT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={CHECKOUT}", "ls-files", "-z"],
        cwd=CHECKOUT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [path for name in listing.split("\0") if name and (path := CHECKOUT / name).is_file()]


def imports_of(name: str) -> Iterator[tuple[str, int]]:
    """(absolute dotted name, line) of everything that module `name` imports, late imports too."""
    path = modules()[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield (whole if whole in modules() else base), node.lineno


def room_of(name: str) -> str:
    """searchapp.engines.whoosh.codec -> engines; searchapp itself -> ''."""
    return name.split(".")[1] if "." in name else ""


def storey_of(room: str) -> int:
    return next(height for height, rooms in enumerate(STOREYS) if room in rooms)


def may_import(room: str, target: str) -> bool:
    other = room_of(target)
    if room == other or not other or target in FREE_FOR_ALL:
        return True
    mine, theirs = storey_of(room), storey_of(other)
    return theirs < mine or mine == theirs == 0 or (room, other) in SIDEWAYS


def test_every_room_has_a_storey() -> None:
    known = {room for rooms in STOREYS for room in rooms}
    assert {room_of(name) for name in modules()} - {""} <= known


@pytest.mark.parametrize("name", modules())
def test_imports_go_one_way(name: str) -> None:
    room = room_of(name)
    wrong = [
        f"line {line}: {room} imports {target}"
        for target, line in imports_of(name)
        if target.split(".")[0] == "searchapp" and room and not may_import(room, target)
    ]
    assert wrong == []


def test_the_rule_of_storeys_can_fail() -> None:
    assert may_import("web", "searchapp.search")
    assert may_import("corpus", "searchapp.analysis.normalise")
    assert not may_import("search", "searchapp.web.params")
    assert not may_import("snippets", "searchapp.analysis.words")
    assert not may_import("query", "searchapp.analysis")


def test_no_module_imports_itself_through_others() -> None:
    graph = {
        name: {target for target, _ in imports_of(name) if target in modules() and target != name}
        for name in modules()
    }
    # A package's __init__ gathers its modules; they may name the package's siblings, not the package.
    graphlib.TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("name", modules())
def test_each_third_party_has_one_home(name: str) -> None:
    inside = name.removeprefix("searchapp.") + "."
    for target, line in imports_of(name):
        top = target.split(".")[0]
        if top == "searchapp" or top in sys.stdlib_module_names or top in EVERYWHERE:
            continue
        assert top in HOMES, f"line {line}: {top} has no home yet: give it one in HOMES"
        assert inside.startswith(HOMES[top] + "."), f"line {line}: {top} lives in {HOMES[top]}"


def test_every_third_party_is_declared() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", line)[0].lower() for line in project["dependencies"]}
    used = {target.split(".")[0] for name in modules() for target, _ in imports_of(name)}
    third = (used & {*HOMES, *EVERYWHERE}) - WITH_FLASK
    assert {DISTRIBUTIONS.get(top, top) for top in third} <= declared


def test_top_level_holds_what_the_owner_asked_for() -> None:
    parts = [path.relative_to(CHECKOUT).parts for path in tracked_files()]
    assert {top for top, *_ in parts if not top.startswith(".")} <= TOP_LEVEL
    assert [rest for top, *rest in parts if top == "index"] == [["README.md"]]


def test_no_large_file_is_tracked() -> None:
    large = [path.name for path in tracked_files() if path.stat().st_size > MOST_BYTES]
    assert large == []


def test_no_file_holds_a_path_of_this_machine() -> None:
    beside = CHECKOUT.parent.as_posix() + "/" if CHECKOUT.parent.name else CHECKOUT.as_posix() + "/"
    local = re.compile(rb"(?<![\w.:/-])" + re.escape(beside.encode()) + rb"|/(?:home|Users)/\w+/")
    found = [
        path.relative_to(CHECKOUT).as_posix()
        for path in tracked_files()
        if path != Path(__file__).resolve() and local.search(path.read_bytes())
    ]
    assert found == []


@cache
def tracked_modules() -> list[Path]:
    """Modules that are part of the project, as paths inside the checkout."""
    return [path.relative_to(CHECKOUT) for path in tracked_files() if path in modules().values()]


@cache
def sections() -> dict[str, str]:
    """Heading -> text, of the `##` sections of ARCHITECTURE.md."""
    parts = re.split(r"(?m)^## (.+)\n", (CHECKOUT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def section_of(path: Path) -> str:
    """The text that must name the module `path`: of its innermost folder that has a heading."""
    for part in (path, *path.parents):
        name = part.as_posix() + ("" if part == path else "/")
        for heading, text in sections().items():
            if f"`{name}`" in heading:
                return heading + text
    return next(text for heading, text in sections().items() if heading.startswith("The nouns"))


@pytest.mark.parametrize("path", [path for path in tracked_modules() if path.name != "__init__.py"], ids=str)
def test_architecture_names_every_module(path: Path) -> None:
    assert f"{path.name}`" in section_of(path), f"ARCHITECTURE.md does not say what {path} answers"


@pytest.mark.parametrize("room", sorted({path.parts[1] for path in tracked_modules()}))
def test_architecture_has_a_section_for_every_room(room: str) -> None:
    headings = " ".join(sections())
    noun = room.removesuffix(".py") in (*STOREYS[0], "__init__")
    assert noun or f"`searchapp/{room}" in headings, f"ARCHITECTURE.md has no section on {room}"


def test_architecture_names_nothing_that_is_not_there() -> None:
    text = (CHECKOUT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:searchapp|tests|templates)/[\w./]*)`", text)
    assert len(paths) > 10
    assert [path for path in paths if not (CHECKOUT / path).exists()] == []


def test_architecture_names_no_module_of_another_room() -> None:
    files = {path.name for path in modules().values()}
    named = set(re.findall(r"(?<![\w/])(\w+\.py)`", "".join(sections().values())))
    assert named <= files | TOP_LEVEL


def test_architecture_states_the_storeys() -> None:
    text = " ".join((CHECKOUT / "ARCHITECTURE.md").read_text(encoding="utf-8").split())
    stated = " < ".join(f"`{' '.join(rooms)}`" for rooms in STOREYS if rooms != ("__main__",))
    assert stated in text
    assert all(f"`{room} → {other}`" in text for room, other in SIDEWAYS)
