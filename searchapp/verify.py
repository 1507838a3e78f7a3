"""Is the live index whole, does it find every string, and does it equal its source?

Three proofs: every file matches its checksum; strings cut at random from stored titles and texts
find exactly the articles that hold them (law 1, by scanning all stored texts); and, when the source
is named, every article of it is in the index unchanged and no other is.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from searchapp.analysis.normalise import squeeze
from searchapp.config import Settings
from searchapp.corpus import content_hash, read_articles
from searchapp.engines.whoosh.generations import verify_files
from searchapp.errors import CorpusError
from searchapp.query import Phrase, Query, Words
from searchapp.search import Searcher

VERIFIED = "VERIFIED.json"
SCANNED_AT_ONCE = 2000
LONGEST_CHARS = 50


@dataclass(frozen=True)
class Verification:
    """What was proved. `recall` and `precision` of quoted strings are 1.0 when none was wrong;
    `unquoted_empty` counts strings that found nothing without quotes. `missing`, `differing` and
    `extra` compare with the source (None when none was named)."""

    generation: str
    when: str
    articles: int
    strings: int
    recall: float
    precision: float
    unquoted_empty: int
    wrong: tuple[str, ...] = ()
    missing: int | None = None
    differing: int | None = None
    extra: int | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing at all was found wrong."""
        exact = self.recall == self.precision == 1.0 and not self.unquoted_empty
        return exact and not (self.missing or self.differing or self.extra)


def verify(settings: Settings, paths: Sequence[str] = (), strings: int = 200, seed: int = 0) -> Verification:
    """Prove the live index and remember the result beside it.

    Raises IndexDamaged when a file does not match its checksum.
    """
    searcher = Searcher(settings)
    live = searcher.live()
    verify_files(settings.index, live.manifest)
    runs = sampled_runs(searcher, strings, random.Random(seed or None))
    held = scan(searcher, runs)
    found = {run: _ids(searcher, Phrase(run)) for run in runs}
    right = sum(len(held[run] & found[run]) for run in runs)
    compared = compare(searcher, paths) if paths else (None, None, None)
    result = Verification(
        generation=live.reader.generation,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        articles=searcher.info().articles,
        strings=len(runs),
        recall=right / max(1, sum(map(len, held.values()))),
        precision=right / max(1, sum(map(len, found.values()))),
        unquoted_empty=sum(not _ids(searcher, Words(run), most=1) for run in runs),
        wrong=tuple(run for run in runs if held[run] != found[run]),
        missing=compared[0],
        differing=compared[1],
        extra=compared[2],
    )
    _remember(settings.index, result)
    return result


def last_verification(index: Path) -> Verification | None:
    """The result that was remembered last, None when there is none that can be read."""
    try:
        return Verification(**json.loads((index / VERIFIED).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def sampled_runs(searcher: Searcher, number: int, chance: random.Random) -> list[str]:
    """Distinct squeezed strings of 1 to LONGEST_CHARS characters, cut anywhere from random articles."""
    snapshot = searcher.live().reader.articles_snapshot
    runs: dict[str, None] = {}
    for _ in range(number * 20):
        if len(runs) >= number or not snapshot.count:
            break
        record = chance.randrange(snapshot.size)
        if snapshot.live is not None and not snapshot.live[record]:
            continue
        article = searcher.live().reader.article_of(record)
        field = squeeze(article.title if chance.random() < 0.2 else article.text)
        if field:
            start = chance.randrange(len(field))
            runs[field[start : start + chance.randint(1, LONGEST_CHARS)]] = None
    return list(runs)


def scan(searcher: Searcher, runs: Sequence[str]) -> dict[str, set[str]]:
    """For each run the ids of the articles whose squeezed title or text holds it: no index used."""
    held: dict[str, set[str]] = {run: set() for run in runs}
    for ids, fields in _chunks(searcher):
        joined = "\n".join(fields)
        for run in runs:
            at, line, last = joined.find(run), 0, 0
            while at >= 0:
                line += joined.count("\n", last, at)
                held[run].add(ids[line // 2])
                last, at = at, joined.find(run, at + 1)
    return held


def _chunks(searcher: Searcher) -> Iterator[tuple[list[str], list[str]]]:
    """Ids, and squeezed title and text of each, of so many articles at once."""
    ids: list[str] = []
    fields: list[str] = []
    for article in searcher.live().reader.every_article():
        ids.append(article.id)
        fields += [squeeze(article.title), squeeze(article.text)]
        if len(ids) == SCANNED_AT_ONCE:
            yield ids, fields
            ids, fields = [], []
    yield ids, fields


def _ids(searcher: Searcher, clause: Phrase | Words, most: int | None = None) -> set[str]:
    reader = searcher.live().reader
    if most is not None:
        return {hit.article.id for hit in reader.search(Query(clause=clause, size=most, facet_size=0)).hits}
    return set(reader.every_id(Query(clause=clause, sort="newest")))


def compare(searcher: Searcher, paths: Sequence[str]) -> tuple[int, int, int]:
    """How many articles of the source are missing in the index, differ, and are only in the index.

    Of several articles with one id the last counts, as at reindex.
    """
    source = {article.id: content_hash(article) for article in read_articles(paths, _pass_over)}
    indexed = dict(searcher.live().reader.every_digest())
    missing = sum(ident not in indexed for ident in source)
    differing = sum(ident in indexed and indexed[ident] != digest for ident, digest in source.items())
    return missing, differing, sum(ident not in source for ident in indexed)


def _pass_over(error: CorpusError, raw: str) -> None:
    """What cannot be read is not in the index either; `reindex` is where it is named."""


def _remember(index: Path, result: Verification) -> None:
    (index / VERIFIED).write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1) + "\n", "utf-8")
