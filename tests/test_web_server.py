"""The server as readers meet it: real processes, a real socket, a signal at the end."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from searchapp.errors import ConfigError
from searchapp.web.server import address, listen, run

PROGRAM = """
from web_fake import FakeSearcher
from searchapp.web import create_app
from searchapp.web.server import run
run(lambda: create_app(FakeSearcher), "127.0.0.1", 0, 2, 2, lambda url: print(url, flush=True))
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs a POSIX system")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-c", PROGRAM]
    tests = Path(__file__).parent
    with subprocess.Popen(
        command, cwd=tests, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), process.stderr.read() if process.stderr else ""
        yield url, process
        if process.poll() is None:
            process.terminate()


def get(url: str, **headers: str) -> tuple[int, bytes]:
    with urlopen(Request(url, headers=headers), timeout=10) as reply:
        return reply.status, reply.read()


def test_many_readers_at_once_are_answered_and_counted_over_all_workers(
    server: tuple[str, subprocess.Popen[str]],
) -> None:
    url, _ = server
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(get, [f"{url}api/search?q=%E9%A1%B9%E7%9B%AE"] * 80))
    assert {status for status, _ in answers} == {200}
    assert {json.loads(body)["total"] for _, body in answers} == {24}
    for _ in range(6):  # whichever worker answers, the counts are those of both
        text = get(f"{url}metrics")[1].decode()
        assert 'searchapp_requests_total{endpoint="api_search",status="200"} 80' in text


def test_an_export_is_streamed(server: tuple[str, subprocess.Popen[str]]) -> None:
    with urlopen(f"{server[0]}export.jsonl?q=%E9%A1%B9%E7%9B%AE", timeout=10) as reply:
        assert reply.headers["Transfer-Encoding"] == "chunked"
        assert len(reply.read().splitlines()) == 24


def test_sigterm_ends_it_cleanly(server: tuple[str, subprocess.Popen[str]]) -> None:
    _, process = server
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert process.stderr
    assert not re.search("Traceback", process.stderr.read())


def test_an_address_in_use_is_said_in_one_line() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port}"):
            run(lambda: pytest.fail("must not be asked for the application"), "127.0.0.1", port)


def test_a_host_that_is_none_is_said() -> None:
    with pytest.raises(ConfigError, match="no.such.host.invalid"):
        listen("no.such.host.invalid", 0)


def test_the_address_shown_is_one_a_browser_can_open() -> None:
    with listen("0.0.0.0", 0) as listener:
        assert address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert address(listener).startswith("http://127.0.0.1:")
