"""What a new generation offers while one types: its counties, officials, titles, frequent words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from searchapp.engines.records import stored_title
from searchapp.engines.whoosh.counting import live_values
from searchapp.engines.whoosh.snapshot import Snapshot
from searchapp.gazetteer import Gazetteer
from searchapp.suggest import Entry, write_completions, write_speller

OFFER_FILES = ("completions", "spelling", "readings")
MOST_TITLES = 100_000
MOST_PHRASES = 50_000
MOST_WORDS = 600_000
LEAST_PHRASE_ARTICLES = 5


def write_offers(folder: Path, articles: Snapshot, gazetteer: Gazetteer) -> None:
    """Write completions and spellings of the live articles into `folder`.

    In one go, because words, names and how characters are read are needed for both.
    """
    names, words = _names(articles, gazetteer), _words(articles)
    phrases = [Entry("phrase", word, count=n) for word, n in words if _is_phrase(word, n)]
    phrases.sort(key=lambda entry: (-entry.count, entry.text))
    write_completions(folder, [*names, *phrases[:MOST_PHRASES], *_titles(articles)])
    words.sort(key=lambda pair: -pair[1])
    known = [(entry.text, entry.kind, entry.count) for entry in names]
    write_speller(folder, [*known, *((word, "word", count) for word, count in words[:MOST_WORDS])])


def _names(articles: Snapshot, gazetteer: Gazetteer) -> list[Entry]:
    return [*_counties(articles, gazetteer), *_officials(articles)]


def _counties(articles: Snapshot, gazetteer: Gazetteer) -> Iterator[Entry]:
    for code, count in live_values(articles, "county"):
        division = gazetteer.division(code)
        if division is not None:
            yield Entry("county", division.name, code, division.path.replace("/", " "), count)


def _officials(articles: Snapshot) -> Iterator[Entry]:
    for value, count in live_values(articles, "official"):
        yield Entry("official", value.rpartition("@")[0], value, articles.labels.get(value, value), count)


def _titles(articles: Snapshot) -> Iterator[Entry]:
    """Headlines of the newest records; equal ones once, with how often they stand."""
    newest = np.sort(np.argsort(-articles.day, kind="stable")[:MOST_TITLES])
    counts: Counter[str] = Counter()
    for segment, base in zip(articles.segments, articles.bases, strict=False):
        low, high = np.searchsorted(newest, (base, base + segment.records)).tolist()
        counts.update(map(stored_title, segment.stored_of(newest[low:high] - base)))
    return (Entry("title", title, count=count) for title, count in counts.items() if title)


def _words(articles: Snapshot) -> list[tuple[str, int]]:
    """(index word of the text, articles) for words of two and more characters in two and more."""
    counts: dict[str, int] = {}
    for segment in articles.segments:
        for word, df in segment.word_counts("text", 2):
            counts[word] = counts.get(word, 0) + df
    return [(word, count) for word, count in counts.items() if len(word) > 1]


def _is_phrase(word: str, count: int) -> bool:
    return count >= LEAST_PHRASE_ARTICLES and not word.isdigit()
