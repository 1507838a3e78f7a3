"""The wheel, built and installed in a clean environment, away from the checkout: does it serve?

The dependencies are those of the running environment, reached through a .pth file: what is new in
the clean environment is searchapp alone, so nothing of the checkout can help it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from bs4 import BeautifulSoup

from searchapp.engines.whoosh import kernels

pytestmark = pytest.mark.install
START_S = 60.0


def run(*command: str | Path, cwd: Path, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """Standard output of `command`, with `more` in its environment; its standard error is in the failure."""
    done = subprocess.run(
        command, cwd=cwd, env=environment() | more, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, f"{command}: {done.stderr[-3000:]}"
    return done.stdout


def environment() -> dict[str, str]:
    """The caller's environment without what would lead back to the checkout."""
    ours = ("PYTHON", "SEARCHAPP_", "COV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def build_wheel(checkout: Path, folder: Path, more: Mapping[str, str] = MappingProxyType({})) -> Path:
    """The wheel as `pip` builds it from the checkout (the build back end comes from the index)."""
    command = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, checkout)
    run(*command, cwd=folder, more=more)
    (built,) = folder.glob("searchapp-*.whl")
    return built


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, with the kernels where there is a compiler."""
    return build_wheel(checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def clean_bin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds the wheel and borrows its dependencies."""
    root = tmp_path_factory.mktemp("clean") / "venv"
    venv.EnvBuilder(symlinks=True).create(root)
    bin_folder = root / "bin"
    run(
        sys.executable, "-m", "pip", "--python", bin_folder / "python", "install", "-q",
        "--no-deps", "--no-index", wheel, cwd=root,
    )  # fmt: skip
    (site,) = root.glob("lib/python*/site-packages")
    borrowed = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (site / "dependencies.pth").write_text("\n".join(borrowed) + "\n")
    return bin_folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> tuple[str, str]:
    """(content type, body) of a 200 answer."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode("utf-8")


def wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert server.poll() is None, f"the server ended: {log.read_text(errors='replace')[-3000:]}"
        try:
            fetch(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"no answer from {url} in {START_S:.0f} s: {log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="module")
def served(clean_bin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of `searchapp serve --demo`, started as a newcomer starts it, in an empty folder."""
    folder = tmp_path_factory.mktemp("served")
    log = folder / "log.txt"
    port = free_port()
    with log.open("wb") as out:
        server = subprocess.Popen(
            [clean_bin / "searchapp", "serve", "--demo", "--index", "index", "--port", str(port)],
            cwd=folder, env=environment(), stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until_ready(server, f"http://127.0.0.1:{port}/healthz", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def test_wheel_holds_all_that_is_read_at_run_time(wheel: Path, checkout: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    source = {
        path.relative_to(checkout).as_posix()
        for path in (checkout / "searchapp").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".so"
    }
    templates = {f"searchapp/templates/{path.name}" for path in (checkout / "templates").glob("*.html")}
    assert source | templates <= inside
    assert not [name for name in inside if name.startswith(("tests", "index"))]


LIBRARIES = {
    "searchapp/engines/whoosh/kernels/_native.abi3.so",
    "searchapp/scanning/_scanning.abi3.so",
    "searchapp/snippets/_snippets.abi3.so",
}


@pytest.mark.skipif(not kernels.COMPILED, reason="no kernels in C: there was no compiler at hand")
def test_the_wheel_holds_the_compiled_kernels_for_every_python(wheel: Path) -> None:
    assert "-cp311-abi3-" in wheel.name
    assert set(zipfile.ZipFile(wheel).namelist()) >= LIBRARIES


def test_without_a_compiler_the_wheel_is_for_every_platform(checkout: Path, tmp_path: Path) -> None:
    built = build_wheel(checkout, tmp_path, {"CC": "no-such-compiler"})
    assert built.name.endswith("-py3-none-any.whl")
    assert LIBRARIES.isdisjoint(zipfile.ZipFile(built).namelist())


def test_the_installed_package_is_the_one_that_runs(clean_bin: Path, tmp_path: Path) -> None:
    where = run(clean_bin / "python", "-c", "import searchapp; print(searchapp.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(clean_bin.parent)


def test_page_shows_results_and_says_it_is_the_sample(served: str) -> None:
    kind, page = fetch(served + "/?q=%E9%A1%B9%E7%9B%AE%E4%B8%BA%E7%8E%8B")
    assert kind.startswith("text/html")
    assert "<mark>项目为王</mark>" in page
    assert "示例数据" in page


def test_json_is_the_same_search(served: str) -> None:
    _, body = fetch(served + "/api/search?q=%E9%A1%B9%E7%9B%AE%E4%B8%BA%E7%8E%8B&county=361125")
    answer = json.loads(body)
    assert answer["sample"] is True
    assert {hit["id"] for hit in answer["hits"]} == {"sample-041", "sample-043"}


def test_the_style_sheet_is_served(served: str) -> None:
    _, page = fetch(served + "/")
    sheets = BeautifulSoup(page, "html.parser").select('link[rel="stylesheet"]')
    assert sheets
    for sheet in sheets:
        kind, text = fetch(served + str(sheet["href"]))
        assert kind.startswith("text/css")
        assert "{" in text
