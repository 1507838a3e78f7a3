"""How many JSON searches a second does the server answer, against an empty route of Flask?

Load comes from wrk where it is installed, else from threads of this process (slower, so both
figures come out lower; the ratio is what counts).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from building import child_command
from peers.base import Ask

SECONDS = 6
CONNECTIONS = 8
WORKERS = 2
READY_S = 30


@dataclass(frozen=True, slots=True)
class Served:
    """Requests/s: an empty route, searches that are all new, searches asked before.

    `private_bytes`: resident memory of the largest worker without file pages, after the load.
    """

    empty: float
    fresh: float
    kept: float
    private_bytes: int


def serve_and_load(folder: Path, asks: Sequence[Ask], work: Path) -> Served:
    """Three servers one after the other, the same load on each."""
    urls = [f"/api/search?q={quote(ask.text)}" for ask in asks]
    with _server(folder, "empty") as (port, _):
        empty = _load(port, ["/"], work)
    with _server(folder, "fresh") as (port, process):
        fresh = _load(port, urls, work)
        private = max(_private_bytes(child) for child in psutil.Process(process.pid).children())
    with _server(folder, "kept") as (port, _):
        kept = _load(port, urls[:50], work)
    return Served(empty, fresh, kept, private)


def _private_bytes(process: psutil.Process) -> int:
    used = process.memory_info()
    return int(used.rss - used.shared)


@contextlib.contextmanager
def _server(folder: Path, kind: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    process = subprocess.Popen(child_command("serve", folder, port, WORKERS, kind), stdout=sys.stderr)
    try:
        _wait_for(port)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + READY_S
    while time.monotonic() < ends:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        time.sleep(0.05)
    raise SystemExit("the server did not start")


def _load(port: int, urls: list[str], work: Path) -> float:
    """Requests a second; a reply that is not 200 ends the run."""
    _check(port, urls[0])
    return _wrk(port, urls, work) if shutil.which("wrk") else _threads(port, urls)


def _check(port: int, url: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", url)
    status = connection.getresponse().status
    if status != 200:
        raise SystemExit(f"{url}: status {status}")


def _wrk(port: int, urls: list[str], work: Path) -> float:
    script = work / "urls.lua"
    listed = ",\n".join(json.dumps(url) for url in urls)
    script.write_text(
        f"local urls = {{{listed}}}\nlocal at = 0\n"
        "request = function()\n  at = at % #urls + 1\n  return wrk.format('GET', urls[at])\nend\n"
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-s", str(script), f"http://127.0.0.1:{port}"]
    for seconds in (2, SECONDS):  # the first is warm-up
        done = subprocess.run([*command, f"-d{seconds}s"], check=True, capture_output=True, text=True)
    if "Non-2xx" in done.stdout:
        raise SystemExit(done.stdout)
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])


def _threads(port: int, urls: list[str]) -> float:
    counts = [0] * CONNECTIONS
    ends = time.monotonic() + SECONDS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        at = number
        while time.monotonic() < ends:
            connection.request("GET", urls[at % len(urls)])
            connection.getresponse().read()
            counts[number] += 1
            at += CONNECTIONS

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS
