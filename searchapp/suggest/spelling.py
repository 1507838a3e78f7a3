"""Which words of the index sound or look like this one?

Four ways to be near, best first: the same sound (潘莉, 潘琍), one character that is taken for
another by its shape (侯, 候), nearly the same sound (z for zh, n for l, in for ing), one edit
(a character more, less, other, or two neighbours swapped). Letters are read as pinyin first.

What is found is offered beside the results, or searched when nothing else matched and said so:
the caller decides. It is never part of an exact search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from searchapp.analysis.normalise import squeeze
from searchapp.errors import IndexDamaged
from searchapp.suggest.columns import Columns, open_columns
from searchapp.suggest.keys import SoundKeys, ids_under, key_of
from searchapp.suggest.lookalikes import load_lookalikes
from searchapp.suggest.pinyin import NAME_KINDS, Reading, Readings, is_pinyin, plain
from searchapp.suggest.vocabulary import (
    FILE,
    FORMAT,
    KINDS,
    SHORTEST_EDITED,
    WordKind,
    sounded,
    write_speller,
)

__all__ = ["Speller", "Spelling", "write_speller"]

SpellingKind = Literal["homophone", "near_shape", "pinyin", "edit"]

# A query word may be read in more ways than are stored for a word of the index.
MOST_READINGS = 64
MOST_UNDER_KEY = 400
MOST_FUZZY = 50
LONGEST_CHARS = 32
EXACT_SOUND, SHAPE, NEAR_SOUND, EDIT = range(4)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word of the index near to what was typed, in normal form.

    `count` is the number of articles that hold it, `label` says in Chinese how it is near
    (同音, 近音, 形近, 拼音, 相差一字), `word_kind` what the word is in the index.
    """

    text: str
    kind: SpellingKind
    count: int
    label: str
    word_kind: WordKind


class Speller:
    """The words of an index by sound and by shape. Safe for use by several threads."""

    def __init__(self, columns: Columns, readings: Readings) -> None:
        self._text = columns.texts["word"]
        self._kind = columns.arrays["kind"]
        self._count = columns.arrays["count"]
        self._tables = {
            name: (columns.arrays[f"{name}_key"], columns.arrays[f"{name}_id"])
            for name in ("word", "sound", "near", "edit")
        }
        self._readings = readings
        self._sound = SoundKeys(readings, near=False)
        self._near = SoundKeys(readings, near=True)

    @classmethod
    def open(cls, folder: Path) -> Speller:
        """Open what `write_speller` wrote; raises IndexDamaged or IndexStale."""
        columns = open_columns(folder, FILE, FORMAT)
        try:
            return cls(columns, Readings.open(folder))
        except KeyError as error:
            raise IndexDamaged(f"{folder / FILE}: has no column {error}") from error

    def near(self, word: str, limit: int = 5) -> list[Spelling]:
        """Up to `limit` words of the index near to `word`, nearest first.

        Within one way of being near: those that share more characters with `word`, then counties
        and officials before other words, then those in more articles. Never `word` itself nor a
        word that holds it (searching `word` finds those already). "homophone", "near_shape" and
        "pinyin" are good enough to search by themselves when nothing matched; "edit" is an offer.
        """
        asked = squeeze(word)
        letters = plain(asked)
        if not asked or len(asked) > LONGEST_CHARS:
            return []
        nearest: dict[int, int] = {}
        for way, number in self._of_letters(letters) if is_pinyin(letters) else self._of_han(asked):
            nearest.setdefault(number, way)
        texts = {number: self._text[number] for number in nearest}
        fit = [number for number in nearest if asked not in texts[number]]
        fit.sort(
            key=lambda number: (
                nearest[number],
                -_shared(asked, texts[number]),
                KINDS[self._kind[number]] not in NAME_KINDS,
                number,
            )
        )
        return [self._spelling(number, nearest[number], is_pinyin(letters)) for number in fit[:limit]]

    def count(self, word: str) -> int:
        """The number of articles that hold `word` as a word of the vocabulary, 0 when it is none.

        An offer for `word` is worth showing when it is in many more articles.
        """
        number = self._find(squeeze(word))
        return 0 if number is None else int(self._count[number])

    def fuzzy_variants(self, word: str) -> tuple[str, ...]:
        """What `word~` also finds: the texts of `near`, at most MOST_FUZZY."""
        return tuple(spelling.text for spelling in self.near(word, MOST_FUZZY))

    def _of_letters(self, letters: str) -> Iterator[tuple[int, int]]:
        """(way, word) for typed pinyin, or for a Latin word."""
        for number in self._under("sound", key_of(letters)):
            yield EXACT_SOUND, number
        for reading in self._readings.split(letters):
            for number in self._under("near", self._near.of_reading(reading)):
                yield NEAR_SOUND, number
        yield from self._edits(letters)

    def _of_han(self, asked: str) -> Iterator[tuple[int, int]]:
        """(way, word) for a word in characters."""
        heard = sounded(asked)
        readings = self._readings_of(asked, heard)
        for table, way, key in self._sound_keys(readings):
            for number in self._under(table, key):
                if len(sounded(self._text[number])) == len(heard):
                    yield way, number
        for number in self._shapes(asked):
            yield SHAPE, number
        yield from self._edits(asked)

    def _readings_of(self, asked: str, heard: str) -> list[Reading]:
        """The readings of `asked`: the stored ones when the index has the word, else all."""
        readings = self._readings.of_word(heard, MOST_READINGS)
        known = self._find(asked)
        if known is None:
            return readings
        stored = [r for r in readings if known in self._under("sound", self._sound.of_reading(r))]
        return stored or readings

    def _sound_keys(self, readings: list[Reading]) -> Iterator[tuple[str, int, int]]:
        for reading in readings:
            yield "sound", EXACT_SOUND, self._sound.of_reading(reading)
        for reading in readings:
            yield "near", NEAR_SOUND, self._near.of_reading(reading)

    def _shapes(self, asked: str) -> Iterator[int]:
        """Words with one character of `asked` replaced by one that looks like it."""
        alike = load_lookalikes()
        for at, char in enumerate(asked):
            for other in alike.get(char, ()):
                number = self._find(asked[:at] + other + asked[at + 1 :])
                if number is not None:
                    yield number

    def _edits(self, asked: str) -> Iterator[tuple[int, int]]:
        """Words one edit away: both are the same after leaving one character out of either."""
        shorter = {asked[:at] + asked[at + 1 :] for at in range(len(asked))}
        numbers = set(self._under("edit", key_of(asked)))
        if len(asked) >= SHORTEST_EDITED:
            for text in shorter:
                numbers.update(self._under("edit", key_of(text)))
            numbers.update(n for n in map(self._find, shorter) if n is not None)
        for number in numbers:
            if one_edit_apart(asked, self._text[number]):
                yield EDIT, number

    def _under(self, table: str, key: int) -> list[int]:
        keys, ids = self._tables[table]
        return ids_under(keys, ids, key, MOST_UNDER_KEY)

    def _find(self, text: str) -> int | None:
        return next((n for n in self._under("word", key_of(text)) if self._text[n] == text), None)

    def _spelling(self, number: int, way: int, typed_letters: bool) -> Spelling:
        kind, label = _WAYS[way]
        if typed_letters and way != EDIT:
            kind, label = "pinyin", "拼音" if way == EXACT_SOUND else "拼音近似"
        return Spelling(
            self._text[number], kind, int(self._count[number]), label, KINDS[self._kind[number]]
        )


_WAYS: dict[int, tuple[SpellingKind, str]] = {
    EXACT_SOUND: ("homophone", "同音"),
    SHAPE: ("near_shape", "形近"),
    NEAR_SOUND: ("homophone", "近音"),
    EDIT: ("edit", "相差一字"),
}


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours makes `other` of `one`."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


def _shared(one: str, other: str) -> int:
    """Characters that stand at the same place in both."""
    return sum(a == b for a, b in zip(one, other, strict=False))
