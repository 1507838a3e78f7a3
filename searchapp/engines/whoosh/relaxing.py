"""When no article holds every word: which hold most of them? And what does match=any mean?

Only plain words are loosened. Phrases, exclusions, groups and fields that the user wrote stay
required. A word is loosened to its parts, so a pasted headline or question is a bag of parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.words import FUNCTION_CHARACTERS, WordCutter
from searchapp.engines.whoosh.matching import Matcher
from searchapp.engines.whoosh.snapshot import Mask
from searchapp.query import And, Clause, Everything, Or, Words

# A relaxed answer holds at least this share of the parts that the best article holds,
MOST_SHARE = 0.6
# and there is one only when the best article holds this share of all parts.
LEAST_SHARE = 0.5


def any_parts(word: Words, cutter: WordCutter) -> tuple[Words, ...]:
    """The parts of one word, any of which finds an article under match=any.

    Its parts as a query word, and every index word in it of two or more characters. A longer part
    without such a word inside may be a name that the dictionary lacks with what stands beside it
    (王沈是): any two neighbouring characters of it are a part.
    """
    forms: list[str] = []
    for form in (word.text, *word.variants):
        parts = [part for part in _loose_parts(form, cutter) if part not in FUNCTION_CHARACTERS]
        forms += [squeeze(part) for part in parts] or [squeeze(form)]
    return tuple(Words(part, word.where, position=word.position) for part in dict.fromkeys(forms))


def _loose_parts(form: str, cutter: WordCutter) -> Iterator[str]:
    for part in cutter.cut_query(form):
        yield part
        if not any(1 < len(inner) < len(part) for inner in cutter.cut(part)):
            grams = (part[at : at + 2] for at in range(len(part) - 1))
            yield from (gram for gram in grams if gram.isalnum())
    yield from (inner for inner in cutter.cut(form) if len(inner) > 1)


def any_clause(clause: Clause, cutter: WordCutter) -> Clause:
    """`clause` with its top-level words OR-ed by their parts; all else stays required."""
    words, rest = _split(clause)
    if not words:
        return clause
    parts = [part for word in words for part in any_parts(word, cutter)]
    loose: Clause = Or((*words, *parts))
    return And((loose, *rest)) if rest else loose


def relax(clause: Clause, matcher: Matcher) -> tuple[Mask, Clause] | None:
    """Records that hold most of the parts of the top-level words, and a clause that they all match.

    None when there is nothing to loosen (a word of one part stays one) or nothing holds half of it.
    """
    words, rest = _split(clause)
    parts = [
        Words(part, word.where, position=word.position)
        for word in words
        for part in matcher.cutter.cut_query(word.text)
    ]
    if len(parts) < 2:
        return None
    required = matcher.match(And(tuple(rest))) if rest else matcher.match(Everything())
    held = np.zeros(matcher.snapshot.size, np.uint16)
    for part in parts:
        held += matcher.run(part.text, part.where)
    held[~required] = 0
    if matcher.snapshot.live is not None:
        held[~matcher.snapshot.live] = 0
    best = int(held.max(initial=0))
    if best < LEAST_SHARE * len(parts):
        return None
    mask = held >= max(1, math.ceil(best * MOST_SHARE))
    return mask, And((Or((*words, *parts)), *rest))


def _split(clause: Clause) -> tuple[list[Words], Sequence[Clause]]:
    parts = clause.clauses if isinstance(clause, And) else (clause,)
    words = [part for part in parts if isinstance(part, Words)]
    return words, [part for part in parts if not isinstance(part, Words)]
