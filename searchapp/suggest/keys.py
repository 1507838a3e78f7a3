"""How are words, sounds and one-character slips looked up by one number?

A key is a polynomial hash modulo 2**64 of code points or of the letters of a reading. It is
taken over whole matrices at once (one row a word of one length), so that a million words take
seconds; what a key finds is compared with the word itself wherever a wrong hit could show.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from searchapp.suggest.pinyin import MOST_PER_CHAR, Codes, Reading, Readings, SyllableIds

Keys = npt.NDArray[np.uint64]
Ids = npt.NDArray[np.uint32]

# An odd multiplier of 64 random bits, and the modulus that wrapping uint64 arithmetic gives.
BASE = 0x9E6C_63D0_876A_3F6B
MASK = (1 << 64) - 1

# Sounds that speakers of many regions do not part, folded to one of the two.
NEAR_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
NEAR_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def key_of(text: str) -> int:
    """The key of one string; equal to `keys_of_rows` of its code points."""
    value = 0
    for char in text:
        value = (value * BASE + ord(char) + 1) & MASK
    return value


def keys_of_rows(codes: Codes) -> Keys:
    """One key a row of `codes` (words x characters)."""
    value = np.zeros(len(codes), np.uint64)
    for column in codes.T:
        value = value * np.uint64(BASE) + column + np.uint64(1)
    return value


def deletion_keys(codes: Codes) -> Keys:
    """Keys of each row with one character left out: words x characters."""
    return np.stack([keys_of_rows(np.delete(codes, at, axis=1)) for at in range(codes.shape[1])], axis=1)


@functools.lru_cache(maxsize=4096)
def near_syllable(syllable: str) -> str:
    """The syllable to which all that sound near it are folded: zheng, zhen, zeng -> zen."""
    for long, short in NEAR_INITIALS:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    for long, short in NEAR_FINALS:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


class SoundKeys:
    """Keys of readings. Two readings of the same letters (xi'an, xian) have the same key."""

    def __init__(self, readings: Readings, *, near: bool) -> None:
        fold = near_syllable if near else str
        spelled = [fold(syllable) for syllable in readings.syllables]
        self._fold = fold
        self._readings = readings
        self._hash = np.array([key_of(letters) for letters in spelled], np.uint64)
        self._shift = np.array([pow(BASE, len(letters), MASK + 1) for letters in spelled], np.uint64)

    def of_reading(self, reading: Reading) -> int:
        """The key of one reading."""
        return key_of("".join(map(self._fold, reading)))

    def of_syllables(self, syllables: SyllableIds) -> Keys:
        """One key a row of syllable ids (readings x characters)."""
        value = np.zeros(len(syllables), np.uint64)
        for column in syllables.T:
            value = value * self._shift[column] + self._hash[column]
        return value


def spell_out(table: SyllableIds, most: int) -> Iterator[tuple[npt.NDArray[np.int64], SyllableIds]]:
    """The first `most` readings of many words, the first character's choice turning fastest.

    `table` is words x characters x MOST_PER_CHAR (`Readings.of_codes`). Yields (rows of the words
    that have an n-th reading, their syllable ids), as `pinyin.combinations` does for one word.
    """
    assert table.shape[2] == MOST_PER_CHAR
    choices = np.count_nonzero(table, axis=2)
    total = choices.prod(axis=1)
    for turn in range(most):
        rows = np.flatnonzero(total > turn)
        if not len(rows):
            return
        rest = np.full(len(rows), turn)
        picked = np.empty((len(rows), table.shape[1]), np.uint16)
        for column in range(table.shape[1]):
            rest, choice = np.divmod(rest, choices[rows, column])
            picked[:, column] = table[rows, column, choice]
        yield rows, picked


def sorted_table(keys: Sequence[Keys], ids: Sequence[Ids]) -> tuple[Keys, Ids]:
    """Keys in order, each with its id; ids rise within one key, and no pair stands twice."""
    all_keys = np.concatenate([np.empty(0, np.uint64), *keys])
    all_ids = np.concatenate([np.empty(0, np.uint32), *ids])
    order = np.lexsort((all_ids, all_keys))
    all_keys, all_ids = all_keys[order], all_ids[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (all_keys[1:] != all_keys[:-1]) | (all_ids[1:] != all_ids[:-1])
    return all_keys[fresh], all_ids[fresh]


def ids_under(keys: Keys, ids: Ids, key: int, most: int) -> list[int]:
    """The first `most` ids that stand under `key` in a sorted table."""
    low = int(np.searchsorted(keys, np.uint64(key)))
    high = int(np.searchsorted(keys, np.uint64(key), side="right"))
    found: list[int] = ids[low : min(high, low + most)].tolist()
    return found
