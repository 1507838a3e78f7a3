"""What did two or more counties or officials say on one subject: what in common, what on their own?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from searchapp.analysis.normalise import squeeze
from searchapp.desk.asking import Asking, Count
from searchapp.desk.commonness import Boilerplate, Spread, measure
from searchapp.desk.gathering import gather, question
from searchapp.desk.marking import Piece, cut_pieces, excerpt
from searchapp.desk.profiles import is_code, place_name
from searchapp.desk.themes import Theme, align, quoted
from searchapp.desk.wording import Run, Wording, comparable, compare_wording, is_long
from searchapp.errors import QueryError
from searchapp.query import Query
from searchapp.results import Hit

MOST_COLUMNS = 6
MOST_MEASURED = 24
MOST_OWN = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One county or official. `said` counts all its statements under the question, `shown` are in
    the rows, `own` its own clauses that no other column resembles."""

    value: str
    label: str
    said: Count
    shown: int
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """One statement in a cell. `pieces` are its text in order; a `cited` one belongs to another
    row and is cut to the part that has to do with this one."""

    hit: Hit
    pieces: tuple[Piece, ...]
    cited: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """What one speaker says in a cell."""

    official: str
    name: str
    offices: tuple[str, ...]
    speeches: tuple[Speech, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column's share of a row, by speaker; empty when it says nothing of the theme."""

    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One theme over all columns; `label` is "" for what has no counterpart."""

    label: str
    terms: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SharedWording:
    """Words that several columns say, who says them (ids and names), and how far they
    go (None: not measured)."""

    words: str
    officials: tuple[str, ...]
    speakers: tuple[str, ...]
    columns: tuple[int, ...]
    spread: Spread | None
    boilerplate: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole desk. `least_counties`: words said in so many counties are boilerplate."""

    query: Query
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    shared: tuple[SharedWording, ...]
    least_counties: int


@dataclass(frozen=True)
class _Table:
    """Every statement that is compared: its hit, its column, its text."""

    hits: list[Hit]
    column: list[int]
    wording: Wording
    coined: tuple[str, ...]
    boilerplate: Boilerplate

    @property
    def texts(self) -> list[str]:
        return [hit.statement_text for hit in self.hits]


def compare(searcher: Asking, who: Sequence[str], query: Query) -> Comparison:
    """The statements of `who` (county codes of 2, 4 or 6 digits, official ids) that `query` finds.

    `query` gives words, dates and sources; its county and official filters are not used. Raises
    QueryError for fewer than two different names, too many, or one that is neither.
    """
    names = tuple(dict.fromkeys(who))
    if not 2 <= len(names) <= MOST_COLUMNS:
        raise QueryError(
            f"参数 who：给了 {len(names)} 个，应为 2 到 {MOST_COLUMNS} 个县区或官员",
            hint="例如 who=361125&who=361024，或 who=姓名@361125",
            code="bad_parameter",
        )
    questions = [question(name, query) for name in names]
    hits, column = gather(searcher, names, questions)
    texts = [hit.statement_text for hit in hits]
    wording, coined = compare_wording(texts, column), _coined(texts, column)
    boilerplate = measure(searcher, dict.fromkeys((*coined, *_measured(wording, hits))))
    table = _Table(hits, column, wording, coined, boilerplate)
    return Comparison(
        query=query,
        columns=tuple(_columns(searcher, names, questions, table)),
        rows=_rows(searcher, table, len(names)),
        shared=_shared(table),
        least_counties=boilerplate.least_counties,
    )


def _measured(wording: Wording, hits: Sequence[Hit]) -> list[str]:
    """The shared words to measure, as they stand first in a text: those of most texts, then longest."""
    as_said = {run.words: _as_said(run, hits) for run in reversed(wording.shared)}
    held = Counter(run.words for run in wording.shared)
    most = sorted(held, key=lambda words: (-held[words], -len(words), words))[:MOST_MEASURED]
    return [as_said[words] for words in most]


def _as_said(run: Run, hits: Sequence[Hit]) -> str:
    return squeeze(hits[run.of].statement_text[run.start : run.end])


def _columns(
    searcher: Asking, names: Sequence[str], questions: Sequence[Query], table: _Table
) -> list[Column]:
    columns = []
    for number, (name, asked) in enumerate(zip(names, questions, strict=True)):
        label = place_name(searcher, name) if is_code(name) else searcher.names("official", name)
        total = searcher.search(replace(asked, size=0, facet_size=0, facets=False)).total
        own = _own(table, number)
        columns.append(Column(name, label, Count(total, asked), table.column.count(number), own))
    return columns


def _own(table: _Table, column: int) -> tuple[str, ...]:
    """The longest own clauses of a column, in the order in which they are said."""
    texts = table.texts
    runs = [run for run in table.wording.own if table.column[run.of] == column]
    longest = sorted(runs, key=lambda run: run.start - run.end)[:MOST_OWN]
    said = (texts[run.of][run.start : run.end] for run in runs if run in longest)
    return tuple(dict.fromkeys(said))


def _shared(table: _Table) -> tuple[SharedWording, ...]:
    """Every shared wording once, with all who say it: coined phrases first, boilerplate last. A
    part of another that the same people say is left out, unless it was coined."""
    texts = [comparable(text) for text in table.texts]
    as_said = {run.words: _as_said(run, table.hits) for run in reversed(table.wording.shared)}
    spreads = {spread.words: spread for spread in table.boilerplate.spreads}
    found = {}
    for words in dict.fromkeys((*table.coined, *(run.words for run in table.wording.shared))):
        held = [number for number, text in enumerate(texts) if words in text]
        found[words] = _shared_wording(
            table, words, held, spreads.get(words) or spreads.get(as_said.get(words, words))
        )
    said_by: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for wording in found.values():
        said_by[wording.officials].append(wording.words)
    kept = [
        wording
        for words, wording in found.items()
        if words in table.coined or not any(words != o and words in o for o in said_by[wording.officials])
    ]
    kept.sort(key=lambda wording: (-len(wording.officials), -len(wording.words)))
    kept.sort(key=lambda wording: (wording.boilerplate, wording.words not in table.coined))
    return tuple(kept)


def _coined(texts: Sequence[str], column: Sequence[int]) -> tuple[str, ...]:
    """What somebody put into quotation marks and what at least two columns say."""
    bare = [comparable(text) for text in texts]
    names = sorted(comparable(words) for words in quoted(texts))
    held = {words: {column[n] for n, text in enumerate(bare) if words in text} for words in names}
    return tuple(words for words in held if is_long(words) and len(held[words]) > 1)


def _shared_wording(table: _Table, words: str, held: list[int], spread: Spread | None) -> SharedWording:
    saids = [said for number in held if (said := table.hits[number].statement)]
    officials = {said.official: said.name for said in saids}
    return SharedWording(
        words=words,
        officials=tuple(officials),
        speakers=tuple(officials.values()),
        columns=tuple(sorted({table.column[number] for number in held})),
        spread=spread,
        boilerplate=spread is not None and table.boilerplate.reached(spread),
    )


def _rows(searcher: Asking, table: _Table, width: int) -> tuple[Row, ...]:
    texts = table.texts
    phrases = [run.words for run in table.wording.shared]
    themes = align(texts, table.column, [searcher.words(text) for text in texts], phrases)
    placed = {number for theme in themes for number in theme.members}
    rows = [_row(table, theme, width) for theme in themes]
    rest = tuple(number for number in range(len(texts)) if number not in placed)
    if rest:
        rows.append(_row(table, Theme("", (), rest, ()), width))
    return tuple(rows)


def _row(table: _Table, theme: Theme, width: int) -> Row:
    cells = []
    for number in range(width):
        speeches: dict[str, list[Speech]] = defaultdict(list)
        for text in sorted(theme.members + theme.cited):
            said = table.hits[text].statement
            if table.column[text] == number and said:
                speeches[said.official].append(_speech(table, text, theme))
        cells.append(Cell(tuple(_voice(found) for found in speeches.values())))
    return Row(theme.label, theme.terms, tuple(cells))


def _speech(table: _Table, text: int, theme: Theme) -> Speech:
    hit = table.hits[text]
    shared = [run for run in table.wording.shared if run.of == text]
    own = [run for run in table.wording.own if run.of == text]
    common = [run for run in shared if table.boilerplate.common(_as_said(run, table.hits))]
    cited = text in theme.cited
    start, end = excerpt(hit.statement_text, theme.label) if cited else (0, len(hit.statement_text))
    return Speech(hit, cut_pieces(hit.statement_text, start, end, shared, own, common), cited)


def _voice(speeches: list[Speech]) -> Voice:
    said = speeches[0].hit.statement
    if said is None:
        raise ValueError("a hit of a statement search holds no statement")
    return Voice(said.official, said.name, said.offices, tuple(speeches))
