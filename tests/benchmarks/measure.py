"""Every question to every engine before the next question: who takes how long?"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from peers.base import Answer, Ask, Peer

MOST_ROUNDS = {"whoosh": 1, "sqlite": 3}
STOCK_MOST_QUESTIONS = 30
MOST_QUESTIONS = {"whoosh": STOCK_MOST_QUESTIONS}
"""Engines that take so long that less must do: highlights of one long text may take ten seconds."""

Rounds = list[list[tuple[float, float]]]
"""Round -> question -> milliseconds by the clock and of the processor."""


@dataclass
class Times:
    """Milliseconds of one engine and one kind: the median over the rounds for each question.

    `cpu_ms` is the processor time of the asking thread, which a busy machine does not stretch.
    """

    ms: list[float]
    cpu_ms: list[float]

    def at(self, percent: int, clock: str = "ms") -> float:
        """That percentile over the questions, by `clock` ("ms" or "cpu_ms")."""
        return float(np.percentile(getattr(self, clock), percent))


@dataclass
class Agreement:
    """Of `asked` questions, how often an engine gave the totals and facet counts of the first one."""

    asked: int = 0
    totals: int = 0
    with_facets: int = 0
    facets: int = 0
    differences: list[str] = field(default_factory=list)

    def compare(self, ask: Ask, ours: Answer, theirs: Answer) -> None:
        """Count one question."""
        self.asked += 1
        self.totals += ours.total == theirs.total
        if ours.total != theirs.total and len(self.differences) < 5:
            self.differences.append(f"{ask.text}: {ours.total} and {theirs.total}")
        if ask.facets:
            self.with_facets += 1
            self.facets += _same_facets(ours, theirs)


def _same_facets(ours: Answer, theirs: Answer) -> bool:
    """The same largest counts, and the same count for every value that both list (of values that
    hold the last place together, engines may list different ones)."""
    for name, counts in ours.facets.items():
        other = theirs.facets[name]
        if any(other.get(value, count) != count for value, count in counts.items()):
            return False
        most = sorted(other.values(), reverse=True)[: len(counts)]
        if name != "month" and sorted(counts.values(), reverse=True) != most:
            return False
    return True


@dataclass
class Measured:
    """`times[engine][kind]`, `agreement[engine]` (with the first engine)."""

    times: dict[str, dict[str, Times]]
    agreement: dict[str, Agreement]


def measure(
    peers: Mapping[str, Peer],
    asks: Mapping[str, Sequence[Ask]],
    rounds: int,
    progress: Callable[[str], None],
) -> Measured:
    """Warm up with every question (comparing the answers), then `rounds` rounds, interleaved.

    Before every question every engine forgets what it kept of earlier answers, untimed.
    """
    keys = list(peers)
    agreement = {key: Agreement() for key in keys}
    for kind, questions in asks.items():
        progress(f"warming up: {kind}")
        for at, ask in enumerate(questions):
            answers = {key: peers[key].answer(ask) for key in keys if is_asked(key, 0, at)}
            for key, answer in answers.items():
                agreement[key].compare(ask, answers[keys[0]], answer)
    gc.collect()
    gc.freeze()
    times: dict[str, dict[str, Times]] = {key: {} for key in keys}
    for kind, questions in asks.items():
        progress(f"asking: {kind}")
        taken = _rounds(peers, questions, rounds)
        for key in keys:
            wall, cpu = np.median(np.array(taken[key]), axis=0).T.tolist()
            times[key][kind] = Times(wall, cpu)
    gc.unfreeze()
    return Measured(times, agreement)


def _rounds(peers: Mapping[str, Peer], questions: Sequence[Ask], rounds: int) -> dict[str, Rounds]:
    taken: dict[str, Rounds] = {key: [] for key in peers}
    for number in range(rounds):
        for key in peers:
            if is_asked(key, number, 0):
                taken[key].append([])
        for at, ask in enumerate(questions):
            asked = [key for key in peers if is_asked(key, number, at)]
            # Nobody always comes after the same neighbour.
            turn = (at + number) % len(asked)
            for key in asked[turn:] + asked[:turn]:
                taken[key][-1].append(_ask(peers[key], ask))
    return taken


def is_asked(key: str, number: int, at: int) -> bool:
    """Whether an engine is asked question `at` in round `number`."""
    return number < MOST_ROUNDS.get(key, number + 1) and at < MOST_QUESTIONS.get(key, at + 1)


def _ask(peer: Peer, ask: Ask) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    peer.forget()
    began, cpu_began = time.perf_counter(), time.thread_time()
    peer.answer(ask)
    cpu = time.thread_time() - cpu_began
    return (time.perf_counter() - began) * 1000, cpu * 1000
