"""How is the application served to real readers? gunicorn, with threads in a few processes.

The application and the index are opened once, before the workers are forked: they share the
memory-mapped index, the dictionary and the counters.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from searchapp.config import Settings
from searchapp.errors import ConfigError, EngineError
from searchapp.web.app import create_app

REQUEST_LINE_BYTES = 8190
"""The longest request line that gunicorn can be told to take; longer questions go by POST."""
MOST_WORKERS = 4
THREADS = 4
TIMEOUT_S = 60
# numpy lets go of the interpreter for microseconds at a time and would wait the usual 5 ms to get it
# back from another thread: with 4 clients on 2 workers 428 requests a second became 718.
SWITCH_SECONDS = 0.0002
KEEP_ALIVE_S = 5
# How long a worker that has connections waits before it takes another: long enough for an idle one
# to wake up, short enough for a thousand new connections a second.
WAIT_S = 0.0007
BACKLOG = 512


def serve(settings: Settings) -> None:
    """Serve the index that `settings` name, at their host and port; see `run`."""

    def say(url: str) -> None:
        print(f"searchapp is at {url}  (Ctrl+C ends it)", file=sys.stderr, flush=True)

    workers = settings.workers or min(MOST_WORKERS, os.cpu_count() or 1)
    run(lambda: create_app(settings), settings.host, settings.port, workers, ready=say)


def run(
    app_factory: Callable[[], Flask],
    host: str,
    port: int,
    workers: int = 2,
    threads: int = THREADS,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until a signal ends it; `ready` is called with the address once readers can come.

    Port 0 takes a free port. Raises ConfigError when the address cannot be listened on, or where
    gunicorn does not run; ends with SystemExit when the server is told to stop.
    """
    if os.name != "posix":
        raise ConfigError("serve needs a POSIX system (Linux, macOS, or WSL on Windows)")
    sys.setswitchinterval(SWITCH_SECONDS)
    listener = listen(host, port)
    app = app_factory()
    with contextlib.suppress(EngineError):  # answered with 503 until there is an index
        app.extensions["searchapp.searcher"]()
    url = address(listener)
    options = {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        "threads": threads,
        "worker_class": _fair_worker(),
        "preload_app": True,
        "timeout": TIMEOUT_S,
        "keepalive": KEEP_ALIVE_S,
        "limit_request_line": REQUEST_LINE_BYTES,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_fork": lambda _, worker: app.extensions["searchapp.metrics"].use_row(worker.age),
        "when_ready": lambda _: ready(url) if ready else None,
    }
    _gunicorn(app, options).run()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises ConfigError naming the address."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(where[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None


def address(listener: socket.socket) -> str:
    """Where a browser finds what listens on `listener`."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def _fair_worker() -> type[Any]:
    """A threaded worker that lets idle workers take a new connection first.

    Both wait on one socket, and whoever wakes first would take all connections that come at once:
    with 8 clients one of two workers was often left without any, which halved the requests a second.
    """
    from gunicorn.workers.gthread import ThreadWorker

    class FairWorker(ThreadWorker):  # type: ignore[misc]
        def accept(self, *arguments: Any) -> None:
            if self.nr_conns and self.cfg.workers > 1:
                time.sleep(WAIT_S)
            super().accept(*arguments)

    return FairWorker


def _gunicorn(app: Flask, options: dict[str, Any]) -> Any:
    # Imported here: the package does not install on Windows, and nothing else needs it.
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                if name in self.cfg.settings:  # the control socket is newer than gunicorn 23
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    return Server()
