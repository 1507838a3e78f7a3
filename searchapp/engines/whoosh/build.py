"""A batch of records -> one segment file: words and grams sorted into arrays, in one pass each."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import fold_codes
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

CUT_AT_ONCE_CHARS = 100_000


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
        writer.add("signature", np.frombuffer(b"".join(signatures(fields["text"])), np.uint8))
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
    keys = [kernels.word_keys(words, others) for words in _cut_all(texts, cutter)]
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
    words = [*chars.view(f"<U{kernels.KEY_CHARS}").reshape(-1).tolist(), *others]
    order = sorted(range(len(words)), key=words.__getitem__)
    place_of = np.empty(len(words), np.uint32)
    place_of[order] = np.arange(len(words), dtype=np.uint32)
    return [words[at] for at in order], place_of


def _cut_all(texts: Sequence[str], cutter: WordCutter) -> Iterator[list[str]]:
    """The words of each text; cut in groups of about CUT_AT_ONCE_CHARS, which fit a processor's cache."""
    group: list[str] = []
    chars = 0
    for text in texts:
        group.append(text)
        chars += len(text)
        if chars >= CUT_AT_ONCE_CHARS:
            yield from _cut_group(group, cutter)
            group, chars = [], 0
    yield from _cut_group(group, cutter)


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
    characters, numbers = np.unique(second, return_inverse=True)
    writer.add("run.characters", characters)
    writer.add("run.second", numbers.astype(np.uint16 if len(characters) <= 0x10000 else np.uint32))
