"""How much memory does a tree of processes hold at most?"""

from __future__ import annotations

import contextlib
import threading
from types import TracebackType

import psutil

INTERVAL_S = 0.1


def tree_bytes(pid: int) -> tuple[int, int]:
    """Resident bytes of a process and its children: all, and without shared file pages."""
    resident = private = 0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                used = process.memory_info()
                resident += used.rss
                private += used.rss - getattr(used, "shared", 0)
    return resident, private


class PeakMemory:
    """Watches the tree of `pid` while the block runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.resident_bytes = 0
        self.private_bytes = 0

    def _watch(self) -> None:
        while not self._ended.wait(INTERVAL_S):
            resident, private = tree_bytes(self._pid)
            self.resident_bytes = max(self.resident_bytes, resident)
            self.private_bytes = max(self.private_bytes, private)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
