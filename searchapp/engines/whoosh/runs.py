"""Where does this run of characters stand? Exact positions, from bigram positions alone.

A run of n >= 3 characters needs a set of its grams that covers every character; the rarest gram
is taken first, then the cheapest cover of what is left, and the positions are intersected rarest
first. Any such cover proves the run, because positions are absolute.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.packing import U32
from searchapp.engines.whoosh.segment import GramIndex
from searchapp.engines.whoosh.skipping import Stretches

ReadGram: TypeAlias = Callable[[int, Stretches | None], U32]
"""Number of a gram, near where (None = everywhere) -> its positions."""

NONE: U32 = np.zeros(0, np.uint32)
# Below this share of a list only the blocks around what is wanted are read.
NEAR_SHARE = 0.05


def run_positions(
    grams: GramIndex,
    run: str,
    near: Stretches | None = None,
    read: ReadGram | None = None,
    terms: Sequence[int] | None = None,
) -> U32:
    """Sorted positions at which the squeezed `run` (at least one character) begins.

    With `near` at least those in the records that are its stretches. `read` gives the positions of
    one gram, as `Postings.values` does; `terms` are the `run_terms`, where they are known.
    """
    read = read or grams.postings.values
    terms = run_terms(grams, run) if terms is None else terms
    if len(run) == 1:
        lists = grams.postings.values_of(terms[0], terms[-1] + 1) if terms else None
        return np.sort(lists.values) if lists else NONE
    if len(terms) <= 1:
        return read(terms[0], near) if terms else NONE
    counts = [grams.postings.occurrences(term) for term in terms]
    order = sorted(cheapest_cover(counts), key=lambda at: counts[at])
    first_at = order[0]
    starts = read(terms[first_at], near)
    if first_at:
        starts = starts[starts >= first_at] - np.uint32(first_at)
    for at in order[1:]:
        if not len(starts):
            break
        around = Stretches(starts + np.uint32(at)) if len(starts) < NEAR_SHARE * counts[at] else None
        starts = kernels.intersect(read(terms[at], around), starts, at)
    return starts


def run_terms(grams: GramIndex, run: str) -> Sequence[int]:
    """Numbers of the grams of the squeezed `run`, one a character but the last; of a single
    character those of all grams that begin with it. Empty when one of them does not occur."""
    codes = [ord(char) for char in run]
    if len(codes) == 1:
        return grams.terms_of_first(codes[0])
    terms: list[int] = []
    for first, second in itertools.pairwise(codes):
        term = grams.term(first, second)
        if term is None:
            return []
        terms.append(term)
    return terms


def cheapest_cover(counts: list[int]) -> list[int]:
    """Gram numbers that cover all characters: the rarest gram and the cheapest for the rest.

    `counts[i]` is the cost of the gram over characters i and i+1. Of two neighbouring grams at
    least one is taken, the first and the last always: a path problem, solved from the left.
    """
    last = len(counts) - 1
    best = [counts[0]]
    came: list[int] = [-1]
    for at in range(1, last + 1):
        before = [(best[at - 1], at - 1)] + ([(best[at - 2], at - 2)] if at >= 2 else [])
        cost, origin = min(before)
        best.append(cost + counts[at])
        came.append(origin)
    cover = [last]
    while came[cover[-1]] >= 0:
        cover.append(came[cover[-1]])
    rarest = min(range(len(counts)), key=counts.__getitem__)
    return cover if rarest in cover else [*cover, rarest]
