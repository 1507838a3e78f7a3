"""When no article holds every word: which hold most of them? And what does match=any mean?

Only plain words are loosened. Phrases, exclusions, groups and fields that the user wrote stay
required. A word is loosened to its parts, so a pasted headline or question is a bag of parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.words import FUNCTION_CHARACTERS, WordCutter
from searchapp.engines.whoosh.matching import Matcher, Records
from searchapp.engines.whoosh.ranking import idf
from searchapp.query import And, Clause, Everything, Or, Words

# A relaxed answer holds at least this share of what the best article holds, weighed by rarity,
MOST_SHARE = 0.4
# and there is one only when the best article holds this share of all that stands anywhere.
# Measured on questions (cmrc2018, 400) and headlines with a slip (xwlb_headline, 200; news titles, 150):
# counting parts with shares .6 and .5 gave recall@10 .858, .820, .967 and no answer to 53 questions,
# these give .993, .845, .967 and none to 2.
LEAST_SHARE = 0.3


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


def relax(clause: Clause, matcher: Matcher) -> tuple[Records, Clause] | None:
    """Sorted records that hold most of the parts of the top-level words, and a clause that they all match.

    A part counts by its rarity (idf); one that stands nowhere does not count. None when there is
    nothing to loosen (a word of one part stays one) or no record holds enough.
    """
    words, rest = _split(clause)
    if sum(len(matcher.cutter.cut_query(word.text)) for word in words) < 2:
        return None
    parts = list(dict.fromkeys(part for word in words for part in any_parts(word, matcher.cutter)))
    required = matcher.match(And(tuple(rest))) if rest else matcher.match(Everything())
    if matcher.snapshot.live is not None:
        required = required[matcher.snapshot.live[required]]
    held = np.zeros(matcher.snapshot.size, np.float32)
    everything = 0.0
    for part in parts:
        records = matcher.run(part.text, part.where)
        if len(records):
            rarity = idf(matcher.snapshot.size, len(records))
            everything += rarity
            held[records] += np.float32(rarity)
    enough = held[required]
    best = float(enough.max(initial=0))
    if best == 0 or best < LEAST_SHARE * everything:
        return None
    return required[enough >= best * MOST_SHARE], And((Or((*words, *parts)), *rest))


def _split(clause: Clause) -> tuple[list[Words], Sequence[Clause]]:
    parts = clause.clauses if isinstance(clause, And) else (clause,)
    words = [part for part in parts if isinstance(part, Words)]
    return words, [part for part in parts if not isinstance(part, Words)]
