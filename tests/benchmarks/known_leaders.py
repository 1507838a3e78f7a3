"""Makes searchapp/gazetteer/data/leaders.csv from a collection: who led which province, city or county.

    python tests/benchmarks/known_leaders.py ../shared/data/news.jsonl.xz > leaders.csv

Every article is annotated without the table; a leader counts when at least LEAST_ARTICLES articles name
the person with office and place, and no other place has a third as many of that name, office and time.
General secretaries are left out: articles look back on what they were before.
"""

from __future__ import annotations

import csv
import datetime
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from multiprocessing import Pool

from searchapp.annotate import leaders
from searchapp.annotate.office_tables import office_tables
from searchapp.article import Article
from searchapp.corpus import read_articles
from searchapp.dictionaries import load_dictionaries
from searchapp.errors import CorpusError

LEAST_ARTICLES = 2
RIVAL_SHARE = 1 / 3
NOWHERE = {"00", "?"}

Key = tuple[str, str, str]


def named_leaders(article: Article) -> list[tuple[Key, str]]:
    """((name, title, code), date) of every present leader that the article names with a place."""
    annotated = load_dictionaries().annotator.annotate(article)
    looked_back_on = office_tables().holders["总书记"]
    return [
        ((official.name, office.title, official.code), article.date)
        for official in annotated.officials
        if official.code not in NOWHERE and article.date and official.name not in looked_back_on
        for office in official.offices
        if leaders.leads(office.title) and not office.former
    ]


def rows(found: Iterable[tuple[Key, str]]) -> Iterator[list[str]]:
    """The lines of the table, by name, title and day."""
    dates: dict[Key, list[str]] = defaultdict(list)
    for key, date in found:
        dates[key].append(date)
    for key, days in sorted(dates.items()):
        name, title, code = key
        tenure = leaders.Tenure(code, *(datetime.date.fromisoformat(day) for day in (min(days), max(days))))
        rivals = (
            sum(tenure.covers(datetime.date.fromisoformat(day)) for day in others)
            for other, others in dates.items()
            if other[:2] == key[:2] and other != key
        )
        if len(days) >= LEAST_ARTICLES and max(rivals, default=0) < len(days) * RIVAL_SHARE:
            yield [name, title, code, min(days), max(days), str(len(days))]


def _passed_over(error: CorpusError, record: str) -> None:
    print(error, file=sys.stderr)


def _without_table() -> None:
    leaders.known_leaders = dict  # type: ignore[assignment]
    load_dictionaries()


def main(paths: list[str]) -> None:
    """Prints the table made of the articles in `paths`."""
    articles = read_articles(paths, _passed_over)
    with Pool(initializer=_without_table) as pool:
        found = [one for some in pool.imap_unordered(named_leaders, articles, 500) for one in some]
    print("# Leaders of provinces, cities and counties named with their place by two news articles and more.")
    print("# Source: this project's own annotation of the news set (tests/benchmarks/known_leaders.py)")
    print("# Licence: MIT, as the project; names and offices are public facts")
    print(f"# As of: {max(date for _, date in found)}")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["name", "title", "code", "first", "last", "articles"])
    table.writerows(rows(found))


if __name__ == "__main__":
    main(sys.argv[1:])
