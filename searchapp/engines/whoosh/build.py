"""A batch of records -> one segment file: words and grams sorted into arrays, in one pass each."""

from __future__ import annotations

import itertools
import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import CODE_POINTS, fold_codes
from searchapp.analysis.reprints import signatures
from searchapp.analysis.words import WordCutter
from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.arrays import ArrayWriter
from searchapp.engines.whoosh.columns import day_number, write_facets, write_identities, write_labels
from searchapp.engines.whoosh.grams import Grams, find_grams
from searchapp.engines.whoosh.layout import Layout
from searchapp.engines.whoosh.lexicon import write_lexicon
from searchapp.engines.whoosh.packing import U32, U64
from searchapp.engines.whoosh.postings import Lists, PostingsWriter, records_per_list
from searchapp.schema import FORMAT_VERSION, WORD_FIELDS, Record

AT_ONCE_CHARS = 100_000


def build_segment(path: Path, records: Sequence[Record], cutter: WordCutter) -> None:
    """Write the segment file `path` (must not exist) holding `records` in this order."""
    with ArrayWriter(path) as writer:
        write_meta(writer, len(records))
        fields = {"title": [record.title for record in records], "text": [record.text for record in records]}
        for name in WORD_FIELDS:
            _write_words(writer, name, fields[name], cutter)
        _write_grams(writer, find_grams(fields["title"], fields["text"]))
        write_facets(writer, records)
        write_labels(writer, {value: label for r in records for value, label in r.labels.items()})
        write_identities(writer, [record.id for record in records], [record.parent for record in records])
        writer.add("day", np.array([day_number(record.date) for record in records], np.int32))
        writer.add("digest", np.frombuffer(b"".join(record.digest for record in records), np.uint8))
        signed = itertools.chain.from_iterable(map(signatures, _groups(fields["text"])))
        writer.add("signature", np.frombuffer(b"".join(signed), np.uint8))
        write_stored(writer, [record.stored for record in records])


def write_meta(writer: ArrayWriter, records: int) -> None:
    """Format version and number of records."""
    writer.add_bytes("meta", json.dumps({"format": FORMAT_VERSION, "records": records}).encode())


def write_stored(writer: ArrayWriter, stored: Sequence[bytes]) -> None:
    """Stored forms one after the other, with their borders."""
    writer.begin("stored.bytes", "u1")
    for data in stored:
        writer.append(data)
    writer.add("stored.at", np.cumsum([0, *map(len, stored)], dtype=np.uint64))


def _write_words(writer: ArrayWriter, name: str, texts: Sequence[str], cutter: WordCutter) -> None:
    others: dict[str, int] = {}
    cut = (words for group in _groups(texts) for words in _cut_group(group, cutter))
    keys = [kernels.word_keys(words, others) for words in cut]
    lengths = np.fromiter(map(len, keys), np.int64, len(keys))
    distinct, ranks = kernels.rank_keys(np.concatenate([np.zeros(0, np.uint64), *keys]))
    vocabulary, place_of = _sorted_words(distinct, others)
    df, records, tf = kernels.count_terms(place_of.take(ranks), lengths, len(vocabulary))
    write_lexicon(writer, name, vocabulary)
    postings = PostingsWriter(writer, name, with_tf=True)
    postings.add(Lists(df, records, tf))
    postings.finish()
    writer.add(f"{name}.length", lengths.astype(np.uint32))


def _sorted_words(keys: U64, others: dict[str, int]) -> tuple[list[str], U32]:
    """The words with these sorted keys (see `kernels.word_keys`), sorted; and where each has its place."""
    short = keys[: len(keys) - len(others)]
    chars = np.empty((len(short), kernels.KEY_CHARS), np.uint32)
    for at in range(kernels.KEY_CHARS):
        chars[:, at] = (short >> np.uint64(16 * (kernels.KEY_CHARS - 1 - at))) & np.uint64(0xFFFF)
    words: list[str] = chars.view(f"<U{kernels.KEY_CHARS}").reshape(-1).tolist()
    rest = sorted(others)
    before = np.array([bisect_left(words, word) for word in rest], np.int64)
    place_of = np.arange(len(keys), dtype=np.uint32)
    place_of[: len(words)] += np.searchsorted(before, np.arange(len(words)), "right").astype(np.uint32)
    place_of[[len(words) + others[word] for word in rest]] = before + np.arange(len(rest))
    return sorted(words + rest), place_of


def _groups(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in groups of about AT_ONCE_CHARS, so that arrays of their characters fit a processor's cache:
    signatures take half of the time so."""
    group: list[str] = []
    chars = 0
    for text in texts:
        group.append(text)
        chars += len(text)
        if chars >= AT_ONCE_CHARS:
            yield group
            group, chars = [], 0
    yield group


def _cut_group(texts: Sequence[str], cutter: WordCutter) -> Iterator[list[str]]:
    borders = list(itertools.accumulate(map(len, texts), initial=0))
    return cutter.cut_all(fold_codes("".join(texts)), borders)


def _write_grams(writer: ArrayWriter, grams: Grams) -> None:
    postings = PostingsWriter(writer, "run", with_tf=False)
    lists = Lists(grams.counts, grams.positions)
    postings.add(lists, records_per_list(lists, Layout(grams.title_chars, grams.text_chars)))
    postings.finish()
    write_gram_keys(writer, grams.keys)
    writer.add("run.title_chars", grams.title_chars)
    writer.add("run.text_chars", grams.text_chars)


def write_gram_keys(writer: ArrayWriter, keys: npt.NDArray[np.uint64]) -> None:
    """Keys by first character (`run.first`, `run.first_at`) and second (`run.second`, a number into
    the sorted `run.characters`)."""
    first, second = (keys >> np.uint64(32)).astype(np.uint32), keys.astype(np.uint32)
    new = np.flatnonzero(np.diff(first.astype(np.int64), prepend=-1))
    writer.add("run.first", first[new])
    writer.add("run.first_at", np.append(new, len(first)).astype(np.uint32))
    seen = np.zeros(CODE_POINTS, np.bool_)
    seen[second] = True
    characters = seen.nonzero()[0]
    number_of = np.zeros(CODE_POINTS, np.uint16 if len(characters) <= 0x10000 else np.uint32)
    number_of[characters] = np.arange(len(characters))
    writer.add("run.characters", characters.astype(np.uint32))
    writer.add("run.second", number_of.take(second))
