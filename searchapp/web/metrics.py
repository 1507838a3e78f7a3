"""How many requests, how fast, how did they end? Counters shared by all workers.

The counts live in one anonymous memory map with one row a worker, made before the workers are
forked; a scrape of any worker sums the rows. Text format:
https://prometheus.io/docs/instrumenting/exposition_formats/ (0.0.4).
"""

from __future__ import annotations

import mmap
import threading
from bisect import bisect_left

import numpy as np

ROWS = 64
ENDPOINTS = (
    "search", "statements", "article", "api_search", "api_statements", "api_article",
    "suggest", "export", "feed", "static", "other",
)  # fmt: skip
STATUSES = (200, 304, 400, 404, 405, 413, 429, 500, 503, 0)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Requests by endpoint and status, and a histogram of their seconds by endpoint."""

    def __init__(self) -> None:
        width = len(ENDPOINTS) * (len(STATUSES) + len(SECONDS) + 2)
        self._cells = np.frombuffer(mmap.mmap(-1, ROWS * width * 8), np.float64).reshape(ROWS, width)
        self._lock = threading.Lock()
        self._row = 0

    def use_row(self, number: int) -> None:
        """Count into a row of this process's own; called once after a fork."""
        self._row = number % ROWS

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """One answered request."""
        which = ENDPOINTS.index(endpoint) if endpoint in ENDPOINTS else len(ENDPOINTS) - 1
        requests, buckets, sums = self._views(self._cells[self._row])
        with self._lock:
            requests[which, STATUSES.index(status) if status in STATUSES else -1] += 1
            buckets[which, bisect_left(SECONDS, seconds)] += 1
            sums[which] += seconds

    def text(self) -> str:
        """All counts in the Prometheus text format."""
        requests, buckets, sums = self._views(self._cells.sum(axis=0))
        lines = [
            "# HELP searchapp_requests_total Answered requests.",
            "# TYPE searchapp_requests_total counter",
        ]
        for row, endpoint in enumerate(ENDPOINTS):
            for column, status in enumerate(STATUSES):
                if requests[row, column]:
                    labels = f'endpoint="{endpoint}",status="{status or "other"}"'
                    lines.append(f"searchapp_requests_total{{{labels}}} {int(requests[row, column])}")
        lines += [
            "# HELP searchapp_request_seconds Time from request to answer.",
            "# TYPE searchapp_request_seconds histogram",
        ]
        for row, endpoint in enumerate(ENDPOINTS):
            if buckets[row].any():
                lines += _histogram(endpoint, np.cumsum(buckets[row]), float(sums[row]))
        return "\n".join(lines) + "\n"

    @staticmethod
    def _views(row: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        count = len(ENDPOINTS)
        first, second = count * len(STATUSES), count * (len(STATUSES) + len(SECONDS) + 1)
        return (
            row[:first].reshape(count, len(STATUSES)),
            row[first:second].reshape(count, len(SECONDS) + 1),
            row[second:],
        )


def _histogram(endpoint: str, below: np.ndarray, total_s: float) -> list[str]:
    name = "searchapp_request_seconds"
    bounds = [*(f"{bound:g}" for bound in SECONDS), "+Inf"]
    lines = [
        f'{name}_bucket{{endpoint="{endpoint}",le="{bound}"}} {int(count)}'
        for bound, count in zip(bounds, below, strict=True)
    ]
    lines.append(f'{name}_sum{{endpoint="{endpoint}"}} {total_s:.6f}')
    lines.append(f'{name}_count{{endpoint="{endpoint}"}} {int(below[-1])}')
    return lines
