"""What was made before: which of it is still held? Least recently used first out, within a bound."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# One thing larger than this share of the room would push too many others out.
LARGEST_SHARE = 0.25


class Held(Generic[K, V]):
    """Things by key, together at most `limit` large. Safe between threads.

    `size`: how large one thing is, in the unit of `limit`; it must not change.
    """

    def __init__(self, limit: int, size: Callable[[V], int]) -> None:
        self._limit = limit
        self._size = size
        self._used = 0
        self._things: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """What is held under `key`."""
        with self._lock:
            thing = self._things.get(key)
            if thing is not None:
                self._things.move_to_end(key)
            return thing

    def hold(self, key: K, thing: V) -> None:
        """Hold `thing`, unless it is too large; what was unused longest goes."""
        size = self._size(thing)
        if size > self._limit * LARGEST_SHARE:
            return
        with self._lock:
            if key not in self._things:
                self._things[key] = thing
                self._used += size
            while self._used > self._limit:
                _, dropped = self._things.popitem(last=False)
                self._used -= self._size(dropped)

    def clear(self) -> None:
        """Let all go."""
        with self._lock:
            self._things.clear()
            self._used = 0
