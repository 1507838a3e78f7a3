"""SQLite FTS5 over the same bigrams, the facets in a table beside it.

The bigrams are given as tokens (FTS5's trigram tokenizer cannot find two characters); ASCII marks
and letters are moved to private-use code points, which the `ascii` tokenizer takes as letters. A
contentless table with positions; words for ranking are left out, so it ranks by bigrams alone.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from peers.base import FACET_SIZE, FACETS, PLACES, TOP, Answer, Ask
from peers.prepare import FIELD_BORDER, NO_VALUE, prepare_all
from searchapp.analysis.normalise import squeeze
from searchapp.dictionaries import load_dictionaries
from searchapp.engines.records import unpack_line
from searchapp.snippets import best_snippets

DATABASE = "fts5.sqlite"
PRIVATE = {code: chr(0xE000 + code) for code in range(0x21, 0x7F)}
TABLES = """
CREATE VIRTUAL TABLE run USING fts5(title, text, content='', tokenize='ascii', columnsize=1);
CREATE TABLE article (number INTEGER PRIMARY KEY, id TEXT, date TEXT, stored BLOB);
CREATE TABLE value (number INTEGER PRIMARY KEY, facet TEXT, value TEXT, UNIQUE (facet, value));
CREATE TABLE holds (article INTEGER, value INTEGER, PRIMARY KEY (article, value)) WITHOUT ROWID;
"""
HITS = "SELECT rowid FROM run WHERE run MATCH ?"
CHOSEN = " AND rowid IN (SELECT article FROM holds WHERE value = ?)"
COUNT = """
WITH hit AS MATERIALIZED ({hits})
SELECT holds.value, count(*) FROM hit CROSS JOIN holds ON holds.article = hit.rowid GROUP BY 1
"""


class SqliteFts5:
    """FTS5 with bm25(), titles counting twice."""

    name = "SQLite FTS5"

    def build(self, articles: Path, folder: Path, workers: int) -> None:
        with sqlite3.connect(folder / DATABASE) as base:
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("PRAGMA synchronous = OFF")
            base.executescript(TABLES)
            values: dict[tuple[str, str], int] = {}
            for number, article in enumerate(prepare_all(articles, workers)):
                title, _, text = article.run.translate(PRIVATE).partition(FIELD_BORDER)
                base.execute("INSERT INTO run (rowid, title, text) VALUES (?, ?, ?)", (number, title, text))
                row = (number, article.id, article.date, article.stored)
                base.execute("INSERT INTO article VALUES (?, ?, ?, ?)", row)
                held = {
                    (number, values.setdefault((name, v), len(values)))
                    for name in FACETS
                    for v in article.facets[name]
                }
                base.executemany("INSERT INTO holds VALUES (?, ?)", held)
            rows = ((number, *value) for value, number in values.items())
            base.executemany("INSERT INTO value VALUES (?, ?, ?)", rows)
            base.execute("INSERT INTO run (run) VALUES ('optimize')")
            base.execute("CREATE INDEX held ON holds (value, article)")
            base.execute("ANALYZE")

    def open(self, folder: Path) -> None:
        self._base = sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)
        self._base.execute("PRAGMA mmap_size = 4294967296")
        self._base.execute("PRAGMA cache_size = -262144")
        self._values = {number: (f, v) for number, f, v in self._base.execute("SELECT * FROM value")}
        self._numbers = {pair: number for number, pair in self._values.items()}
        self._cutter = load_dictionaries().cutter

    def answer(self, ask: Ask) -> Answer:
        match = " AND ".join(self._word(ask, word) for word in ask.words)
        given: list[object] = [match]
        hits = HITS
        if ask.facet:
            hits += CHOSEN
            given.append(self._numbers[ask.facet, ask.value])
        (total,) = self._base.execute(f"SELECT count(*) FROM ({hits})", given).fetchone()
        best = self._base.execute(f"{hits} ORDER BY bm25(run, 2.0, 1.0) LIMIT {TOP}", given).fetchall()
        facets = self._facets(ask, hits, given) if ask.facets else {}
        snippets = tuple(self._snippets(ask, [number for (number,) in best])) if ask.page else ()
        return Answer(total, facets, snippets)

    def _word(self, ask: Ask, word: str) -> str:
        run = _phrase(word)
        parts = [] if ask.quoted else self._cutter.cut_query(word)
        if len(parts) < 2:
            return run
        return f"({run} OR ({' AND '.join(_phrase(part) for part in parts)}))"

    def _facets(self, ask: Ask, hits: str, given: list[object]) -> dict[str, dict[str, int]]:
        facets = self._counts(hits, given)
        if ask.facet:
            wide = self._counts(HITS, given[:1])
            own = PLACES if ask.facet in PLACES else (ask.facet,)
            facets |= {name: wide[name] for name in own}
        return facets

    def _counts(self, hits: str, given: list[object]) -> dict[str, dict[str, int]]:
        counts: dict[str, list[tuple[int, str]]] = {name: [] for name in FACETS}
        for number, count in self._base.execute(COUNT.format(hits=hits), given):
            facet, value = self._values[number]
            if value != NO_VALUE:
                counts[facet].append((count, value))
        return {
            name: {v: n for n, v in sorted(found, reverse=True)[: None if name == "month" else FACET_SIZE]}
            for name, found in counts.items()
        }

    def _snippets(self, ask: Ask, numbers: list[int]) -> list[str]:
        lit = [*dict.fromkeys(part for w in ask.words for part in (squeeze(w), *self._cutter.cut_query(w)))]
        sql = "SELECT stored FROM article WHERE number = ?"
        rows = [self._base.execute(sql, (number,)).fetchone() for number in numbers]
        texts = [unpack_line(stored).text for (stored,) in rows]
        return [snippet.text for text in texts for snippet in best_snippets(text, lit)]

    def forget(self) -> None:
        """SQLite keeps pages, not results."""


def _phrase(text: str) -> str:
    """All bigrams of an exact run as an FTS5 phrase; FTS5 phrases have no gaps."""
    run = squeeze(text).translate(PRIVATE)
    return '"' + " ".join(run[at : at + 2] for at in range(len(run) - 1)) + '"'
