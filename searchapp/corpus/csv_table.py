"""A table with a header row -> records."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from searchapp.corpus.encodings import TextStream, is_undecoded, with_bytes_lost
from searchapp.corpus.records import LONGEST_RECORD_BYTES, Record, Report

_DELIMITERS = ",;\t"


def read_csv(stream: io.BufferedReader, report: Report) -> Iterator[Record]:
    """A record for each row; `line` is where the row begins. Names of columns may be in capitals.

    Columns are separated by what stands most often in the header: comma, semicolon or tab.
    """
    text = TextStream(stream)
    lines = _Lines(text.lines(report))
    csv.field_size_limit(LONGEST_RECORD_BYTES)
    header = lines.first()
    delimiter = max(_DELIMITERS, key=header.count)
    rows = _rows(csv.reader(lines, delimiter=delimiter, strict=True), lines, report)
    names: list[str] = []
    for line, cells in rows:
        if not any(cells):
            continue
        raw = with_bytes_lost(lines.raw())
        if not names:
            names = [cell.strip().lower() for cell in cells]
            if problem := _problem_of(names):
                report(line, problem, raw)
                return
        elif is_undecoded("".join(cells)):
            report(line, f"holds bytes that are not {text.encoding}", raw)
        elif len(cells) > len(names):
            report(line, f"row has {len(cells)} cells, the header has {len(names)}", raw)
        else:
            yield Record(line, raw, dict(zip(names, cells, strict=False)))


def _problem_of(names: Sequence[str]) -> str | None:
    if "text" not in names:
        return "the header names no column text"
    twice = sorted({name for name in names if name and names.count(name) > 1})
    return f"the header names {twice[0]} twice" if twice else None


def _rows(reader: Iterator[list[str]], lines: _Lines, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins; what csv cannot read is reported."""
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report(lines.row_line, f"is not a row of this table: {error}", with_bytes_lost(lines.raw()))
        else:
            yield lines.row_line, cells


class _Lines:
    """The lines of a table for `csv.reader`, remembering those of the row at hand."""

    def __init__(self, numbered: Iterator[tuple[int, str]]) -> None:
        self._numbered = numbered
        self._row: list[str] = []
        self._next: tuple[int, str] | None = None
        self._done_lines = 0
        self.row_line = 1

    def first(self) -> str:
        """The first line, which stays to be read."""
        self._next = next(self._numbered, None)
        return self._next[1] if self._next else ""

    def begin_row(self) -> None:
        self._row.clear()
        self.row_line = self._done_lines + 1

    def raw(self) -> str:
        """The row at hand as it stands in the file."""
        return "\n".join(self._row)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, line = self._next or next(self._numbered)
        self._next = None
        self._done_lines = number
        self._row.append(line)
        return f"{line}\n"
