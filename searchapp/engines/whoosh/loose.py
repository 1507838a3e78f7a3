"""What more tells records apart when they need not hold every word (match=any, relaxed)?

Three things, all measured (`weights`):

- Single characters. Who asks for 赔偿 is served by 补偿 and 赔付; a Chinese word shares characters
  with its kin. Where every record holds every word they say nothing, so nothing is spent on them.
- Numbers that the query gives rounded. Who types 超1032万 is served by 10321689 (see `numerals`).
- What the best records share does not tell them apart. Among the first records a term gains weight
  by the share of the best that lack it: rarity (idf) is measured again where it matters. So a long
  name, which counts as words and bigrams many times over, does not outweigh the rest of a question
  once all the best records hold it. The opposite, more weight for what they share (as Robertson &
  Sparck Jones 1976 would, with the best records taken for relevant ones), loses .005 and more.

Only the first records are looked at again, always the same number of them, and they can only gain:
they stay ahead of the others, so that every page shows a part of one and the same order.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import is_han
from searchapp.analysis.numerals import Rounded
from searchapp.analysis.words import FUNCTION_CHARACTERS
from searchapp.engines.whoosh.packing import F32
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.query import Where
from searchapp.schema import WORD_FIELDS

# Single characters that are scored: the rarest, so that a pasted page costs no more than a question.
# Those with more occurrences a record stand in a quarter of the records and more; without a limit
# nothing is gained, and they are the ones that take long to read.
MOST_CHARACTERS = 10
MOST_OCCURRENCES = 0.3
# Rounded numbers of a query that are read, and exact ones for which one of them may stand; what stands
# for more tells little.
MOST_ROUNDED = 10
MOST_NUMBERS = 200
Numbers = npt.NDArray[np.int64]


def rare_characters(words: Collection[tuple[str, Where]], snapshot: Snapshot) -> list[tuple[str, Where]]:
    """The rarest Han characters of squeezed `words` (each with its field), rarest first.

    None of a word of one character, which is scored as it is.
    """
    found = {
        (character, where)
        for word, where in words
        if len(word) > 1
        for character in word
        if is_han(character) and character not in FUNCTION_CHARACTERS
    }
    counted = sorted((_occurrences(character, snapshot), character, where) for character, where in found)
    limit = MOST_OCCURRENCES * snapshot.size
    return [(character, where) for count, character, where in counted if 0 < count < limit][:MOST_CHARACTERS]


def exact_numbers(number: Rounded, snapshot: Snapshot) -> list[str]:
    """The index words for which `number` stands, sorted; none when they are too many."""
    words: set[str] = set()
    for segment in snapshot.segments:
        for field in WORD_FIELDS:
            lexicon = segment.words[field].lexicon
            ranks = lexicon.prefix_range(number.digits)
            begin_so = lexicon.words(ranks.start, ranks.stop)
            words.update(word for word in begin_so if len(word) == number.length and word.isdecimal())
    return sorted(words) if len(words) <= MOST_NUMBERS else []


def _occurrences(character: str, snapshot: Snapshot) -> int:
    return sum(segment.grams.occurrences_of_first(ord(character)) for segment in snapshot.segments)


def best_records(scores: F32, most: int) -> Numbers:
    """Indexes of the `most` highest scores; of equal ones the first."""
    if len(scores) > most:
        least = np.partition(scores, -most)[-most]
        among = np.flatnonzero(scores >= least)
    else:
        among = np.arange(len(scores))
    return among[np.argsort(-scores[among], kind="stable")[:most]]


def shares_held(gains: F32, best: Numbers) -> npt.NDArray[np.float64]:
    """Share of the records `best` that gain anything by each term (a row of `gains`)."""
    shares: npt.NDArray[np.float64] = np.count_nonzero(gains[:, best], axis=1) / max(len(best), 1)
    return shares
