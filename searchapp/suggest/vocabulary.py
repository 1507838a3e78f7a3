"""Index time: how do the words of an index become tables by word, by sound and by slip?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np

from searchapp.analysis.normalise import HAN_RANGES, codes_of, squeeze_all
from searchapp.errors import ConfigError
from searchapp.suggest.columns import Array, to_bytes, write_columns
from searchapp.suggest.keys import (
    Ids,
    Keys,
    SoundKeys,
    deletion_keys,
    keys_of_rows,
    sorted_table,
    spell_out,
)
from searchapp.suggest.pinyin import MOST_OF_WORD, NAME_KINDS, Codes, Pronouncer, pronouncer

WordKind = Literal["county", "official", "word"]

FORMAT = 1
FILE = "spelling"
KINDS: tuple[WordKind, ...] = get_args(WordKind)
SHORTEST_EDITED = 3
FEWEST_ARTICLES = 2
HAN = "".join(f"{chr(low)}-{chr(high)}" for low, high in HAN_RANGES)
WORD = re.compile(f"[{HAN}]{{2,8}}|[a-z]{{3,24}}")
NAME = re.compile(f"[{HAN}·]{{2,24}}")
COUNTY_SUFFIX = re.compile(f"(?<=[{HAN}]{{2}})(?:自治县|县|市|区|旗)$")

Word = tuple[str, int, int]


def sounded(text: str) -> str:
    """`text` without the dot of minority names, which is not read."""
    return text.replace("·", "")


def write_speller(folder: Path, vocabulary: Iterable[tuple[str, str, int]]) -> None:
    """Build the tables of `vocabulary` and write them into `folder`.

    `vocabulary` holds (word, "county" | "official" | "word", number of articles). Words of 2 to
    8 Han characters or 3 to 24 letters count from two articles on, names always; others are
    passed over. A county is also entered without its 县, 市, 区. Raises ConfigError for another kind.
    """
    words = best_first(vocabulary)
    maker = pronouncer()
    tables: dict[str, list[tuple[Keys, Ids]]] = {"word": [], "edit": []}
    for ids, codes in by_length([text for text, _, _ in words]):
        tables["word"].append((keys_of_rows(codes), ids))
        if codes.shape[1] >= SHORTEST_EDITED:
            tables["edit"].append((deletion_keys(codes).ravel(), np.repeat(ids, codes.shape[1])))
    tables["sound"], tables["near"] = sound_tables(words, maker)
    arrays: dict[str, Array] = {
        "kind": np.array([kind for _, kind, _ in words], np.uint8),
        "count": np.array([count for _, _, count in words], np.int64),
    }
    for name, parts in tables.items():
        keys, ids = sorted_table([part[0] for part in parts], [part[1] for part in parts])
        arrays |= {f"{name}_key": keys, f"{name}_id": ids}
    write_columns(folder, FILE, FORMAT, arrays, {"word": [to_bytes(text) for text, _, _ in words]})
    maker.readings.write(folder)


def best_first(vocabulary: Iterable[tuple[str, str, int]]) -> list[Word]:
    """The words worth keeping as (normal form, kind number, count), by falling count.

    A word given twice keeps its first kind in the order of KINDS and its highest count.
    """
    given = list(vocabulary)
    texts = squeeze_all([text for text, _, _ in given])
    kept: dict[str, tuple[int, int]] = {}
    for text, (_, kind, count) in zip(texts, given, strict=True):
        number = _kind_number(kind)
        if not _worth_keeping(text, kind, count):
            continue
        forms = {text, COUNTY_SUFFIX.sub("", text)} if kind == "county" else (text,)
        for form in forms:
            before_kind, before_count = kept.get(form, (number, count))
            kept[form] = (min(before_kind, number), max(before_count, count))
    words = [(text, kind, count) for text, (kind, count) in kept.items()]
    words.sort(key=lambda word: (-word[2], word[0]))
    return words


def _kind_number(kind: str) -> int:
    try:
        return KINDS.index(cast(WordKind, kind))
    except ValueError:
        raise ConfigError(f"{kind!r} is not a kind of word; there are {', '.join(KINDS)}") from None


def _worth_keeping(text: str, kind: str, count: int) -> bool:
    if kind in NAME_KINDS:
        return NAME.fullmatch(text) is not None
    return count >= FEWEST_ARTICLES and WORD.fullmatch(text) is not None


def by_length(texts: list[str]) -> Iterator[tuple[Ids, Codes]]:
    """The texts as matrices of code points, one a length: (their places in `texts`, codes)."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    for length in np.unique(lengths):
        ids = np.flatnonzero(lengths == length)
        codes = codes_of("".join([texts[n] for n in ids])).reshape(len(ids), length)
        yield ids.astype(np.uint32), codes


def sound_tables(words: list[Word], maker: Pronouncer) -> list[list[tuple[Keys, Ids]]]:
    """(keys, ids) of the readings of every word: exact sounds, then near sounds.

    Names and the phrases that pypinyin knows are read one by one, all others as arrays.
    """
    exact, near = SoundKeys(maker.readings, near=False), SoundKeys(maker.readings, near=True)
    tables: list[list[tuple[Keys, Ids]]] = [[], []]
    names = {KINDS.index("county"), KINDS.index("official")}
    special = [n for n, (text, kind, _) in enumerate(words) if kind in names or text in maker.phrases]
    heard = [(n, reading) for n in special for reading in maker.of(words[n][0], KINDS[words[n][1]])]
    of_heard = np.array([n for n, _ in heard], np.uint32)
    for sounds, table in zip((exact, near), tables, strict=True):
        table.append((np.array([sounds.of_reading(reading) for _, reading in heard], np.uint64), of_heard))
    plain_ids = np.setdiff1d(np.arange(len(words)), special)
    for places, codes in by_length([words[n][0] for n in plain_ids]):
        readable = maker.readings.of_codes(codes)
        for rows, syllables in spell_out(readable, MOST_OF_WORD):
            ids = plain_ids[places[rows]].astype(np.uint32)
            tables[0].append((exact.of_syllables(syllables), ids))
            tables[1].append((near.of_syllables(syllables), ids))
    return tables
