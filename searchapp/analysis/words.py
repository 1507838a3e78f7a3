"""Text -> words: which meaning-bearing units does a text hold?

Han runs go through jieba in search mode (long words whole and in parts), everything else is ours:
runs of letters and digits are one word, Han characters outside jieba's range are words of one
character. Place names from the gazetteer are words of the dictionary.

Words are for ranking, prefixes and spelling. Whether a string stands in an article is decided by
the character runs (`grams`), because words depend on their context: 横峰县委 is cut 横峰/县委.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from searchapp.analysis.cutters import Cutter, best_cutter
from searchapp.analysis.normalise import (
    SPACE,
    Codes,
    alphanumeric,
    fold_fingerprint,
    normalise,
    squeeze,
    text_of,
)

# jieba's own Han range; what lies outside it jieba returns in single characters.
JIEBA_HAN = "\u4e00-\u9fd5"
NOT_JIEBA_HAN = re.compile(f"[^{JIEBA_HAN}]+")
OTHER_WORD = re.compile(rf"[^\W_{JIEBA_HAN}]+")
RARE_HAN = re.compile(r"[\u3005\u3007\u3400-\u4dbf\u9fd6-\u9fff\U00020000-\U000323af]")
# Letters and digits with the marks that hold them together (3.5%, AT&T, 2022-12) are one piece.
QUERY_RUN = re.compile(rf"[{JIEBA_HAN}]+|[^\W_{JIEBA_HAN}]+(?:[.\-/&+_:]+[^\W_{JIEBA_HAN}]+)*%?|[\W_]+")
BORDER = ""
BLANK = " "
JIEBA_KIND, OTHER_KIND = 1, 2

# Characters that bind words but name nothing; as a word of their own they do not have to match.
FUNCTION_CHARACTERS = frozenset(
    "的了和与及在是有对从被把将等之也都就而或于为以向到由并但则所其该此且着过地得"
)
WORDS_VERSION = 1


class WordCutter:
    """Cuts texts into index words and query words into parts. Immutable, safe between threads.

    `words` are put into the dictionary (gazetteer names); longer than one character.
    """

    def __init__(
        self, words: Sequence[str] = (), make: Callable[[Sequence[str]], Cutter] = best_cutter
    ) -> None:
        # Folded in one call: six thousand of them take a tenth of a second.
        long = [word for word in words if len(word) > 1]
        self._cutter = make(normalise("|".join(long)).split("|") if long else [])
        self.fingerprint = words_fingerprint(words)

    def cut(self, text: str) -> list[str]:
        """Index words of `text` (any form), in text order within each script; duplicates kept."""
        return self.cut_normalised(normalise(text))

    def cut_normalised(self, normal: str) -> list[str]:
        """`cut` for a text that is in normal form already."""
        words = self._cutter.search(NOT_JIEBA_HAN.sub(" ", normal))
        words = [word for word in words if word != " "]
        for run in OTHER_WORD.findall(normal):
            words.extend(_split_rare_han(run))
        return words

    def cut_all(self, codes: Codes, borders: Sequence[int]) -> Iterator[list[str]]:
        """The words of many texts, each list as `cut` gives it but with BLANKs among the words.

        `codes`: their normalised code points one after the other; `borders`: where each begins in
        them, and their end. What is Han and what is not is told apart for all of them at once.
        """
        kinds = _kinds().take(codes)
        han_runs = _runs_of(codes, kinds == JIEBA_KIND, borders)
        other_runs = _runs_of(codes, kinds == OTHER_KIND, borders)
        for han, other in zip(han_runs, other_runs, strict=True):
            words = self._cutter.search(han)
            runs = other.split()
            # Of a thousand articles one held rare Han.
            words += itertools.chain(*map(_split_rare_han, runs)) if RARE_HAN.search(other) else runs
            yield words

    def cut_query(self, word: str) -> list[str]:
        """The parts that an article must hold for `word` to be found by its meaning.

        Each part is an exact run of at least one character. Function characters between parts do
        not count; single characters are joined to what follows (崔县长 is one part, not 县长).
        A word with fewer than two parts is returned whole: [squeezed word].
        """
        whole = squeeze(word)
        parts = _join_single(self._pieces(whole))
        return parts if len(parts) > 1 else [whole]

    def _pieces(self, normal: str) -> list[str]:
        pieces: list[str] = []
        for run in QUERY_RUN.findall(normal):
            if "\u4e00" <= run[0] <= "\u9fd5":
                pieces.extend(self._cutter.cut(run))
            elif run[0].isalnum():
                pieces.append(run)
            else:
                pieces.append(BORDER)
        return pieces


@functools.cache
def _kinds() -> npt.NDArray[np.uint8]:
    """`table[code point]` is JIEBA_KIND, OTHER_KIND or 0 for what is in no word."""
    kinds = np.where(alphanumeric(), np.uint8(OTHER_KIND), np.uint8(0))
    kinds[ord(JIEBA_HAN[0]) : ord(JIEBA_HAN[-1]) + 1] = JIEBA_KIND
    return kinds


def _runs_of(codes: Codes, chosen: npt.NDArray[np.bool_], borders: Sequence[int]) -> Iterator[str]:
    """Of each text what is chosen, with one BLANK for every gap in it."""
    kept = chosen.copy()
    kept[1:] |= chosen[:-1]
    places = kept.nonzero()[0]
    # What is chosen is greater than SPACE; this takes a third of the time of `where`.
    runs = text_of(np.maximum(codes * chosen, np.uint32(SPACE)).take(places))
    ends = places.searchsorted(borders).tolist()
    return (runs[start:end] for start, end in itertools.pairwise(ends))


def _split_rare_han(run: str) -> Iterable[str]:
    if not RARE_HAN.search(run):
        return (run,)
    return (piece for piece in re.split(f"({RARE_HAN.pattern})", run) if piece)


def _join_single(pieces: list[str]) -> list[str]:
    """Long pieces as they are; single characters in runs; a lone one joined to its neighbour."""
    parts: list[str] = []
    held, after_part = "", False
    for piece in [*pieces, BORDER]:
        if len(piece) == 1:
            held += piece
            continue
        run = _trim_function(held)
        if len(run) == 1 and piece:
            piece = held[held.index(run) :] + piece
        elif len(run) == 1 and after_part:
            parts[-1] += held[: held.index(run) + 1]
        elif run:
            parts.append(run)
        held, after_part = "", bool(piece)
        if piece:
            parts.append(piece)
    return list(dict.fromkeys(parts))


def _trim_function(run: str) -> str:
    inner = run
    while inner and inner[0] in FUNCTION_CHARACTERS:
        inner = inner[1:]
    while inner and inner[-1] in FUNCTION_CHARACTERS:
        inner = inner[:-1]
    return inner


def words_fingerprint(words: Sequence[str]) -> str:
    """What tells the words that a cutter with this dictionary addition makes from those of another."""
    digest = hashlib.sha256("\n".join(sorted(words)).encode())
    # Both cutters give the same tokens, so an index built with one may be read with the other.
    return f"{WORDS_VERSION}-jieba0.42-{fold_fingerprint()}-{digest.hexdigest()[:16]}"


@functools.lru_cache(maxsize=4)
def word_cutter(words: tuple[str, ...] = ()) -> WordCutter:
    """The cutter for this dictionary addition, built once a process (about 0.15 s with rjieba)."""
    return WordCutter(words)
