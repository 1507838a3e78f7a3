"""How is a Chinese word read? Toneless pinyin, every plausible reading of it.

`Readings` is the table of single characters. It is made once, at index time, from pypinyin's
dictionaries, and stored with the index, so that answering a query never imports pypinyin
(0.2 s and 60 MB). `Pronouncer` (index time only) also knows whole words: pypinyin's phrases, and
the surnames and places of `readings.txt`, whose readings differ from the everyday one.

Letters: lower case a-z, `v` for ü. A reading is a tuple of syllables, one a character.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamaged
from searchapp.suggest.columns import Array, open_columns, write_columns

Reading = tuple[str, ...]
Codes = npt.NDArray[np.uint32]
SyllableIds = npt.NDArray[np.uint16]

FORMAT = 1
FILE = "readings"
SPECIAL = Path(__file__).with_name("readings.txt")
MOST_PER_CHAR = 4
# A reading counts as common when at least this share of the phrases that hold the character
# read it so; a character that fewer phrases hold than FEW_PHRASES keeps its first readings.
COMMON_SHARE = 0.03
FEW_PHRASES = 5
MOST_OF_WORD = 4
MOST_OF_NAME = 32
LONGEST_PHRASE_CHARS = 8
LONGEST_SYLLABLE_CHARS = 6
NAME_KINDS = ("county", "official")
TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c\u0302"))


def plain(text: str) -> str:
    """Typed or printed pinyin to plain letters: tone marks, apostrophes and spaces off, ü to v."""
    text = unicodedata.normalize("NFD", text.lower()).translate(TONES)
    text = unicodedata.normalize("NFC", text.replace("u\u0308", "v"))
    return text.replace("'", "").replace("’", "").replace(" ", "")


def is_pinyin(text: str) -> bool:
    """Whether `text` (after `plain`) could be pinyin: only letters a-z, at least one."""
    return text.isascii() and text.isalpha()


def combinations(choices: Sequence[Sequence[str]], most: int) -> Iterator[Reading]:
    """The first `most` of the product of `choices`; the first character's choice turns fastest."""
    if all(len(choice) == 1 for choice in choices):
        return iter((tuple(choice[0] for choice in choices),))
    turned = itertools.product(*reversed(choices))
    return (tuple(reversed(reading)) for reading in itertools.islice(turned, most))


class Readings:
    """The readings of single characters, commonest first.

    `syllables[id]` are the letters of syllable `id`, with "" at 0; `codes` the sorted code points
    that have a reading; `table[row]` their syllable ids, padded with 0.
    """

    def __init__(self, syllables: Sequence[str], codes: Codes, table: SyllableIds) -> None:
        self.syllables = tuple(syllables)
        self.codes = codes
        self.table = table

    @classmethod
    def of_characters(cls, readings: dict[str, Sequence[str]]) -> Readings:
        """From character -> readings, commonest first."""
        syllables = ["", *sorted({syllable for all_ in readings.values() for syllable in all_})]
        number = {syllable: index for index, syllable in enumerate(syllables)}
        chars = sorted(readings)
        table = np.zeros((len(chars), MOST_PER_CHAR), np.uint16)
        for row, char in enumerate(chars):
            ids = [number[syllable] for syllable in readings[char][:MOST_PER_CHAR]]
            table[row, : len(ids)] = ids
        return cls(syllables, np.array([ord(char) for char in chars], np.uint32), table)

    @classmethod
    def open(cls, folder: Path) -> Readings:
        """Open what `write` wrote; raises IndexDamaged or IndexStale."""
        columns = open_columns(folder, FILE, FORMAT)
        try:
            syllables = columns.texts["syllables"]
            return cls(list(syllables), columns.arrays["codes"], columns.arrays["table"])
        except KeyError as error:
            raise IndexDamaged(f"{folder / FILE}: has no column {error}") from error

    def write(self, folder: Path) -> None:
        """Write the table into `folder`."""
        arrays: dict[str, Array] = {"codes": self.codes, "table": self.table}
        write_columns(folder, FILE, FORMAT, arrays, {"syllables": [s.encode() for s in self.syllables]})

    def of_codes(self, codes: Codes) -> SyllableIds:
        """Syllable ids of every code point: shape of `codes` plus one axis of MOST_PER_CHAR."""
        rows = np.searchsorted(self.codes, codes)
        rows[rows == len(self.codes)] = 0
        known = self.codes[rows] == codes
        return np.where(known[..., None], self.table[rows], np.uint16(0))

    def of_char(self, char: str) -> tuple[str, ...]:
        """The readings of one character, () when it has none."""
        code = ord(char)
        row = int(np.searchsorted(self.codes, np.uint32(code)))
        if row == len(self.codes) or self.codes[row] != code:
            return ()
        return tuple(self.syllables[number] for number in self.table[row] if number)

    def of_word(self, word: str, most: int) -> list[Reading]:
        """Up to `most` readings of `word`; [] when a character has none."""
        choices = [self.of_char(char) for char in word]
        return list(combinations(choices, most)) if all(choices) else []

    @functools.cached_property
    def _spoken(self) -> frozenset[str]:
        return frozenset(self.syllables) - {""}

    def split(self, letters: str, most: int = 8) -> list[Reading]:
        """Up to `most` ways to cut typed `letters` into whole syllables (xian: xian, xi an)."""
        size = len(letters)
        # Where a cut may stand so that the rest is whole syllables: without it a long run of
        # letters that cannot be cut would be tried in exponentially many ways.
        steps: dict[int, list[int]] = {size: []}
        for start in range(size - 1, -1, -1):
            ends = range(start + 1, min(size, start + LONGEST_SYLLABLE_CHARS) + 1)
            if good := [end for end in ends if end in steps and letters[start:end] in self._spoken]:
                steps[start] = good
        waiting: list[tuple[Reading, int]] = [((), 0)] if letters and 0 in steps else []
        found: list[Reading] = []
        while waiting and len(found) < most:
            head, start = waiting.pop()
            if start == size:
                found.append(head)
            waiting.extend(((*head, letters[start:end]), end) for end in steps[start])
        return found


class Pronouncer:
    """Readings of whole words, for index time. Loading it imports pypinyin."""

    def __init__(self) -> None:
        from pypinyin.phrases_dict import phrases_dict
        from pypinyin.pinyin_dict import pinyin_dict

        special = load_special()
        self.surnames = special["surnames"]
        self.places = special["places"]
        self.phrases: dict[str, tuple[tuple[str, ...], ...]] = {
            phrase: tuple(_plain_syllables(*heard) for heard in readings)
            for phrase, readings in phrases_dict.items()
            if len(phrase) == len(readings) > 1
        }
        # How long the phrases are that begin so: at most places of a text none has to be looked for.
        self._phrase_lengths = _lengths_by_start(self.phrases)
        self.chars = _common_readings(pinyin_dict, self.phrases)
        for char, (reading, *_) in special["characters"].items():
            self.chars[char] = reading
        self._heard = self.chars | {char: (char,) if char.isalnum() else () for char in map(chr, range(128))}
        self.readings = Readings.of_characters(self.chars)

    def of(self, word: str, kind: str) -> list[Reading]:
        """Every plausible reading of a county or official, the likeliest ones of another word.

        `word` is in normal form. At most MOST_OF_NAME or MOST_OF_WORD readings, likeliest first,
        a phrase of pypinyin's read as it says. Characters without a reading
        (punctuation, `·`) are left out; letters and digits are read as themselves.
        """
        if kind not in NAME_KINDS:
            return list(combinations(self._choices(word), MOST_OF_WORD))
        special = self._of_place(word) if kind == "county" else self._of_person(word)
        known = combinations(self._choices(word), MOST_OF_WORD)
        everyday = combinations([self._of_char(char) for char in word if self._of_char(char)], MOST_OF_NAME)
        return list(itertools.islice(dict.fromkeys([*special, *known, *everyday]), MOST_OF_NAME))

    def _of_char(self, char: str) -> Sequence[str]:
        return self._heard.get(char, ())

    def _choices(self, text: str) -> list[Sequence[str]]:
        """The readings of each character, phrases of the dictionary first (longest match)."""
        choices: list[Sequence[str]] = []
        end = 0
        for start, char in enumerate(text):
            if start < end:
                continue
            lengths = self._phrase_lengths.get(text[start : start + 2])
            phrase = self._phrase_at(text, start, lengths) if lengths else None
            if phrase:
                choices.extend(phrase)
                end = start + len(phrase)
            elif readings := self._heard.get(char):
                choices.append(readings)
        return choices

    def _phrase_at(self, text: str, start: int, lengths: Sequence[int]) -> tuple[tuple[str, ...], ...] | None:
        """The readings, a character each, of the first phrase of these `lengths` that stands at `start`."""
        for length in lengths:
            if phrase := self.phrases.get(text[start : start + length]):
                return phrase
        return None

    def _of_place(self, name: str) -> list[Reading]:
        for end in range(len(name), 1, -1):
            if place := self.places.get(name[:end]):
                rest = [self._of_char(char) for char in name[end:] if self._of_char(char)]
                return [(*head, *tail) for head in place for tail in combinations(rest, MOST_OF_WORD)]
        return []

    def _of_person(self, name: str) -> list[Reading]:
        for end in (2, 1):
            if len(name) > end and (surname := self.surnames.get(name[:end])):
                given = [self._of_char(char) for char in name[end:] if self._of_char(char)]
                tails = combinations(given, MOST_OF_NAME // 2)
                return [(*head, *tail) for tail in tails for head in surname]
        return []


@functools.cache
def _plain_syllable(printed: str) -> str:
    """`plain` of one printed syllable; the dictionaries print some 1,500 of them 200,000 times."""
    return plain(printed)


@functools.cache
def _plain_syllables(*printed: str) -> tuple[str, ...]:
    """`plain` of the printed readings of one character, none twice."""
    return tuple(dict.fromkeys(map(_plain_syllable, printed)))


def _lengths_by_start(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """First two characters -> the lengths of the phrases that begin so, longest first."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        if len(phrase) <= LONGEST_PHRASE_CHARS:
            lengths[phrase[:2]].add(len(phrase))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


@functools.cache
def pronouncer() -> Pronouncer:
    """The one Pronouncer of this process, loaded at first use."""
    return Pronouncer()


@functools.cache
def load_special(path: Path = SPECIAL) -> dict[str, dict[str, tuple[Reading, ...]]]:
    """Read `readings.txt`: section -> name -> its readings, likeliest first."""
    sections: dict[str, dict[str, tuple[Reading, ...]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("["):
            sections[section := line.strip("[]")] = {}
        elif line:
            name, _, readings = line.partition(" ")
            sections[section][name] = tuple(tuple(reading.split()) for reading in readings.split("/"))
    return sections


def _common_readings(
    dictionary: dict[int, str], phrases: dict[str, tuple[tuple[str, ...], ...]]
) -> dict[str, Sequence[str]]:
    """Character -> its common readings, commonest first, measured by the phrases that hold it."""
    # Phrases and readings are as long as each other, so all of them end to end still go together.
    heard = (choices[0] for choices in itertools.chain.from_iterable(phrases.values()))
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (char, letters), count in Counter(zip("".join(phrases), heard, strict=True)).items():
        uses[char][letters] = count
    common: dict[str, Sequence[str]] = {}
    for code, printed in dictionary.items():
        known = [
            letters
            for letters in dict.fromkeys(map(_plain_syllable, printed.split(",")))
            if is_pinyin(letters)
        ]
        used = uses[chr(code)]
        total = sum(used[letters] for letters in known)
        if total >= FEW_PHRASES:
            known = [letters for letters in known if used[letters] >= COMMON_SHARE * total]
            known.sort(key=lambda letters: -used[letters])
        if known:
            common[chr(code)] = tuple(known[:MOST_PER_CHAR])
    return common
