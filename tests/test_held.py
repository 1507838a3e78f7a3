"""What is held: against a plain model, within its bound, between threads."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from searchapp.held import Held

STEPS = st.lists(st.tuples(st.sampled_from(["get", "hold"]), st.integers(0, 12), st.integers(0, 40)))


@given(STEPS, st.integers(0, 200))
def test_law_what_was_used_last_is_held_within_the_limit(
    steps: list[tuple[str, int, int]], limit: int
) -> None:
    held: Held[int, list[int]] = Held(limit, len)
    model: dict[int, list[int]] = {}
    for what, key, size in steps:
        if what == "get":
            assert held.get(key) == model.get(key)
            if key in model:
                model[key] = model.pop(key)
        elif size <= limit / 4:
            held.hold(key, [key] * size)
            model.setdefault(key, [key] * size)
            while sum(map(len, model.values())) > limit:
                del model[next(iter(model))]
        else:
            held.hold(key, [key] * size)
    assert {key: held.get(key) for key in range(13)} == {key: model.get(key) for key in range(13)}


def test_nothing_is_held_after_clear() -> None:
    held: Held[str, str] = Held(100, len)
    held.hold("a", "thing")
    held.clear()
    assert held.get("a") is None
    held.hold("a", "another")
    assert held.get("a") == "another"


def test_threads_leave_it_within_its_limit() -> None:
    held: Held[int, bytes] = Held(1000, len)

    def use(number: int) -> None:
        for step in range(2000):
            held.hold(step % 97 + number, bytes(step % 100))
            held.get(step % 89)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(held.get(key) or b"") for key in range(101)) <= 1000
