"""What the driver starts in fresh processes: building, a first answer, a server.

`build PEER ARTICLES FOLDER WORKERS` · `first PEER FOLDER ASK` · `serve FOLDER PORT WORKERS KIND`
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace


def build(peer: str, articles: str, folder: str, workers: str) -> None:
    """Index everything."""
    from peers.registry import make_peer

    make_peer(peer).build(Path(articles), Path(folder), int(workers))


def first(peer: str, folder: str, ask: str) -> None:
    """Open, answer one question; print when that was done and the memory it took."""
    from peers.base import Ask
    from peers.registry import make_peer

    given = json.loads(ask)
    opened = make_peer(peer)
    opened.open(Path(folder))
    answer = opened.answer(Ask(**{**given, "words": tuple(given["words"])}))
    done = time.time()
    import psutil

    used = psutil.Process().memory_info()
    print(json.dumps({"done": done, "total": answer.total, "private_bytes": used.rss - used.shared}))


def serve(folder: str, port: str, workers: str, kind: str) -> None:
    """searchapp's server: `kept` as it is, `fresh` holding no answers, `empty` one empty route."""
    from flask import Flask

    import searchapp.search
    import searchapp.web.held_replies
    from searchapp.config import Settings
    from searchapp.web.app import create_app
    from searchapp.web.server import run

    def application() -> Flask:
        if kind != "empty":
            return create_app(Settings(index=Path(folder)))
        app = Flask("empty")
        app.add_url_rule("/", "empty", lambda: "")
        app.extensions["searchapp.searcher"] = lambda: None
        app.extensions["searchapp.metrics"] = SimpleNamespace(use_row=lambda row: None)
        return app

    if kind == "fresh":
        searchapp.search.PAGES_HELD = searchapp.web.held_replies.HELD_BYTES = 0
    run(application, "127.0.0.1", int(port), int(workers))


if __name__ == "__main__":
    commands: dict[str, Callable[..., None]] = {"build": build, "first": first, "serve": serve}
    commands[sys.argv[1]](*sys.argv[2:])
