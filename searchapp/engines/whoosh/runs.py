"""Where does this run of characters stand? Exact positions, from bigram positions alone.

A run of n >= 3 characters needs a set of its grams that covers every character; the rarest gram
is taken first, then the cheapest cover of what is left, and the positions are intersected rarest
first. Any such cover proves the run, because positions are absolute.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import codes_of
from searchapp.engines.whoosh.packing import U32
from searchapp.engines.whoosh.segment import GramIndex

NONE: U32 = np.zeros(0, np.uint32)


def run_positions(grams: GramIndex, run: str) -> U32:
    """Sorted positions at which the squeezed `run` (at least one character) begins."""
    codes = codes_of(run).tolist()
    if len(codes) == 1:
        terms = grams.terms_of_first(codes[0])
        return np.sort(grams.postings.values_of(terms.start, terms.stop).values) if terms else NONE
    terms_at: list[int] = []
    for first, second in zip(codes[:-1], codes[1:], strict=True):
        term = grams.term(first, second)
        if term is None:
            return NONE
        terms_at.append(term)
    if len(terms_at) == 1:
        return grams.postings.values(terms_at[0])
    counts = [int(grams.postings.cf[term]) for term in terms_at]
    order = sorted(cheapest_cover(counts), key=lambda at: counts[at])
    first_at = order[0]
    starts = grams.postings.values(terms_at[first_at])
    starts = starts[starts >= first_at] - np.uint32(first_at)
    for at in order[1:]:
        if not len(starts):
            break
        starts = starts[_contains(grams.postings.values(terms_at[at]), starts + np.uint32(at))]
    return starts


def most_occurrences(grams: GramIndex, run: str) -> int:
    """An upper bound of the number of occurrences of `run`, from the counts of its grams."""
    codes = codes_of(run).tolist()
    if len(codes) == 1:
        terms = grams.terms_of_first(codes[0])
        return int(grams.postings.cf[terms.start : terms.stop].sum())
    bound = 1 << 62
    for first, second in zip(codes[:-1], codes[1:], strict=True):
        term = grams.term(first, second)
        bound = min(bound, int(grams.postings.cf[term]) if term is not None else 0)
    return bound


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


def _contains(sorted_values: U32, wanted: U32) -> npt.NDArray[np.bool_]:
    """For each of the sorted `wanted`, whether it is among `sorted_values` (not empty)."""
    at = sorted_values.searchsorted(wanted)
    at[at == len(sorted_values)] = 0
    found: npt.NDArray[np.bool_] = sorted_values[at] == wanted
    return found
