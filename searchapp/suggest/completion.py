"""Which counties, officials, headlines and phrases begin with what is being typed?

One sorted table of byte keys, each with the entry it leads to. The first byte says what the key
is: the text, one of its readings in full pinyin, its initials, or (counties and officials) the
text from its second, third, … character on. Entries are numbered best first, so the best of a
range of keys are its smallest numbers.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import is_han, squeeze, squeeze_all
from searchapp.errors import IndexDamaged
from searchapp.suggest.columns import Array, Columns, open_columns, to_bytes, write_columns
from searchapp.suggest.pinyin import NAME_KINDS, Readings, combinations, is_pinyin, plain, pronouncer

EntryKind = Literal["county", "official", "title", "phrase"]

FORMAT = 1
FILE = "completions"
KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
TEXT, PINYIN, INITIALS, INNER = b"t", b"p", b"i", b"s"
# Longer keys are cut; a longer query is compared with the text itself.
KEY_CHARS = 24
READ_CHARS = 12
# Of the entries that may fit mixed input, so many (the best) are compared with it one by one.
MOST_CHECKED = 500
MIXED_READINGS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be completed.

    `text` is what is matched and put into the search box ("横峰县", "潘琍", a headline), `value`
    its identity in its facet ("361125", "潘琍@361125"; "" for phrases), `label` what is shown
    ("潘琍 · 横峰县县委书记"; "" = the text), `count` the articles that it leads to.
    """

    kind: EntryKind
    text: str
    value: str = ""
    label: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer below the search box; the fields are those of `Entry`."""

    kind: EntryKind
    text: str
    value: str
    label: str
    count: int


def matchable(text: str) -> str:
    """`text` as it is compared: squeezed, without the punctuation it begins with."""
    return _from_first_letter(squeeze(text))


def _from_first_letter(squeezed: str) -> str:
    for index, char in enumerate(squeezed):
        if unicodedata.category(char)[0] in "LN":
            return squeezed[index:]
    return ""


def write_completions(folder: Path, entries: Iterable[Entry]) -> None:
    """Build the completions of `entries` and write them into `folder`.

    Entries of the same kind, text and value become one, with the sum of their counts. A phrase
    that is the whole name of a county is left out.
    """
    merged = _best_first(entries)
    texts = squeeze_all([entry.text for entry in merged])
    numbered = (_numbered_keys(n, entry, texts[n]) for n, entry in enumerate(merged))
    keys = sorted(itertools.chain.from_iterable(numbered))
    arrays: dict[str, Array] = {
        "entry": np.frombuffer(b"".join(key[-4:] for key in keys), ">u4").astype(np.uint32),
        "kind": np.array([KINDS.index(entry.kind) for entry in merged], np.uint8),
        "count": np.array([entry.count for entry in merged], np.int64),
    }
    columns = {
        "key": [key[:-5] for key in keys],
        "text": [to_bytes(entry.text) for entry in merged],
        "value": [to_bytes(entry.value) for entry in merged],
        "label": [to_bytes(entry.label or entry.text) for entry in merged],
    }
    write_columns(folder, FILE, FORMAT, arrays, columns)
    pronouncer().readings.write(folder)


def _best_first(entries: Iterable[Entry]) -> list[Entry]:
    counts: dict[tuple[EntryKind, str, str], Entry] = {}
    for entry in entries:
        key = (entry.kind, entry.text, entry.value)
        before = counts.get(key)
        if before is not None:
            entry = Entry(*key, before.label or entry.label, before.count + entry.count)
        counts[key] = entry
    counties = {entry.text for entry in counts.values() if entry.kind == "county"}
    kept = (entry for entry in counts.values() if entry.kind != "phrase" or entry.text not in counties)
    return sorted(kept, key=lambda e: (-e.count, KINDS.index(e.kind), e.text, e.value))


def _numbered_keys(number: int, entry: Entry, squeezed: str) -> set[bytes]:
    """The keys of one entry, each followed by a zero byte and the entry's number."""
    end = b"\0" + number.to_bytes(4, "big")
    return {key + end for key in _keys(entry, _from_first_letter(squeezed))}


def _keys(entry: Entry, text: str) -> Iterator[bytes]:
    """`text`: that of the entry as it is compared."""
    if not text:
        return
    yield TEXT + to_bytes(text[:KEY_CHARS])
    if entry.kind in NAME_KINDS:
        for start in range(1, min(len(text), KEY_CHARS)):
            yield INNER + to_bytes(text[start : start + KEY_CHARS])
    for reading in pronouncer().of(text[:READ_CHARS], entry.kind):
        yield PINYIN + "".join(reading).encode()
        yield INITIALS + "".join(syllable[0] for syllable in reading).encode()


class Completer:
    """Completions, opened for reading. Safe for use by several threads."""

    def __init__(self, columns: Columns, readings: Readings) -> None:
        self._keys = columns.texts["key"]
        self._text = columns.texts["text"]
        self._value = columns.texts["value"]
        self._label = columns.texts["label"]
        self._entry: npt.NDArray[np.uint32] = columns.arrays["entry"]
        self._kind: npt.NDArray[np.uint8] = columns.arrays["kind"]
        self._count: npt.NDArray[np.int64] = columns.arrays["count"]
        self._readings = readings

    @classmethod
    def open(cls, folder: Path) -> Completer:
        """Open what `write_completions` wrote; raises IndexDamaged or IndexStale."""
        columns = open_columns(folder, FILE, FORMAT)
        try:
            return cls(columns, Readings.open(folder))
        except KeyError as error:
            raise IndexDamaged(f"{folder / FILE}: has no column {error}") from error

    def complete(
        self, typed: str, limit: int = 10, kinds: Sequence[EntryKind] = KINDS
    ) -> tuple[Completion, ...]:
        """Up to `limit` completions of `typed`, of `kinds` only.

        First the entries that are `typed` (as text, in pinyin or by initials), then those that
        begin with it, then counties and officials that hold it; each tier by falling count.
        """
        found: list[int] = []
        wanted = np.array([KINDS.index(kind) for kind in kinds], np.uint8)
        for tier in self._tiers(matchable(typed), plain(squeeze(typed))):
            if len(found) >= limit:
                break
            found.extend(self._best(tier, wanted, limit - len(found), found))
        return tuple(self._completion(number) for number in found)

    def _tiers(self, text: str, letters: str) -> Iterator[list[npt.NDArray[np.uint32]]]:
        """The numbers of the matching entries, tier by tier, as slices of the key table."""
        if not text:
            return
        heads = [TEXT + to_bytes(text[:KEY_CHARS])]
        if is_pinyin(letters):
            for spelling in {letters, letters.replace("lue", "lve").replace("nue", "nve")}:
                heads += [PINYIN + spelling.encode(), INITIALS + spelling.encode()]
        ranges = [self._range(head) for head in heads]
        if len(text) > KEY_CHARS:
            yield [self._holding(text, self._entry[ranges[0][0] : ranges[0][2]])]
            return
        yield [self._entry[low:middle] for low, middle, _ in ranges]
        yield [self._entry[middle:high] for _, middle, high in ranges]
        yield [self._mixed(text)]
        low, _, high = self._range(INNER + to_bytes(text))
        yield [self._entry[low:high]]

    def _range(self, head: bytes) -> tuple[int, int, int]:
        """Rows of the keys: from, to (equal to `head`), to (beginning with `head`)."""
        low = self._keys.bisect(head)
        middle = self._keys.bisect(head + b"\0", low)
        # UTF-8 never holds the byte 255.
        return low, middle, self._keys.bisect(head + b"\xff", middle)

    def _best(
        self,
        tier: list[npt.NDArray[np.uint32]],
        wanted: npt.NDArray[np.uint8],
        most: int,
        found: list[int],
    ) -> list[int]:
        numbers = np.concatenate(tier)
        if len(wanted) < len(KINDS):
            numbers = numbers[np.isin(self._kind[numbers], wanted)]
        # An entry may stand in a tier under several readings: enough of the smallest numbers,
        # and all of them only when those were too few.
        for enough in (256 + 8 * most, len(numbers)):
            part = np.partition(numbers, enough - 1)[:enough] if enough < len(numbers) else numbers
            fresh = [number for number in np.unique(part).tolist() if number not in found]
            if len(fresh) >= most:
                break
        return fresh[:most]

    def _holding(self, text: str, numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        keep = [n for n in np.unique(numbers).tolist() if matchable(self._text[n]).startswith(text)]
        return np.array(keep, np.uint32)

    def _mixed(self, text: str) -> npt.NDArray[np.uint32]:
        """Entries that begin with `text` when its letters are pinyin, or all are initials: 横feng, h峰.

        Characters are compared, and sound as they do everywhere: surnames and places are not
        read their own way here.
        """
        if not any(map(is_han, text)) or not any(map(is_pinyin, text)):
            return np.empty(0, np.uint32)
        typed = filter(str.isalnum, text)
        choices = [(char,) if char.isascii() else self._readings.of_char(char) for char in typed]
        heads = set()
        for reading in combinations(choices, MIXED_READINGS) if all(choices) else ():
            heads.add(PINYIN + "".join(reading).encode())
            heads.add(INITIALS + "".join(syllable[0] for syllable in reading).encode())
        rows = [self._range(head) for head in sorted(heads)]
        numbers = np.unique(np.concatenate([self._entry[:0], *(self._entry[a:c] for a, _, c in rows)]))
        keep = [n for n in numbers[:MOST_CHECKED].tolist() if self._reads(matchable(self._text[n]), text)]
        return np.array(keep, np.uint32)

    def _reads(self, text: str, typed: str) -> bool:
        """Whether `text` begins with `typed`, each letter of it being pinyin or itself."""
        if not typed:
            return True
        if not text:
            return False
        if text[0] == typed[0]:
            return self._reads(text[1:], typed[1:])
        return any(self._reads(text[1:], rest) for rest in self._after(text[0], typed))

    def _after(self, char: str, typed: str) -> set[str]:
        """What is left of `typed` when its first letters are the sound or the initial of `char`."""
        rests = set()
        for syllable in self._readings.of_char(char):
            if typed.startswith(syllable):
                rests.add(typed[len(syllable) :])
            if typed[0] == syllable[0]:
                rests.add(typed[1:])
            if syllable.startswith(typed):
                rests.add("")
        return rests

    def _completion(self, number: int) -> Completion:
        return Completion(
            KINDS[self._kind[number]],
            self._text[number],
            self._value[number],
            self._label[number],
            int(self._count[number]),
        )
