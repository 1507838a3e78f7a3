"""Files -> Articles: what was said to us, and what could not be read?

`read_articles` is the only door. Files become byte streams (`sources`), byte streams records
(`jsonl`, `json_array`, `csv_table`, `plain_text`, `page`, chosen by `formats`), records become
articles (`records`). Everything is streamed: memory holds one record, not one file.
A bad record never stops the run and never vanishes: it is reported as path:line: reason.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from searchapp.article import Article
from searchapp.corpus.formats import reader_for
from searchapp.corpus.records import Unusable, article_of, content_hash
from searchapp.corpus.sources import Meter, Source, check_paths, find_sources, measure, printable
from searchapp.errors import CorpusError

__all__ = ["Meter", "OnReject", "check_paths", "content_hash", "measure", "read_articles"]

OnReject = Callable[[CorpusError, str], None]
"""Called with the place and reason, and the raw record ("" where there is none)."""


def read_articles(paths: Sequence[str], on_reject: OnReject, meter: Meter | None = None) -> Iterator[Article]:
    """The articles of files and folders, in the order of `paths`, folders sorted by name.

    `meter` is told what is read. `-` is standard input. Raises `ConfigError` at once, before
    anything is read, for a path that does not exist. Whatever cannot be read later goes to
    `on_reject`; line 0 is the file itself.
    """
    check_paths(paths)
    return _read_all(paths, on_reject, meter or Meter())


def _read_all(paths: Sequence[str], on_reject: OnReject, meter: Meter) -> Iterator[Article]:
    def report(path: str, reason: str) -> None:
        on_reject(CorpusError(printable(path), 0, reason), "")

    for source in find_sources(paths, report):
        yield from _read_source(replace(source, meter=meter), on_reject)


def _read_source(source: Source, on_reject: OnReject) -> Iterator[Article]:
    def report(line: int, reason: str, raw: str) -> None:
        on_reject(CorpusError(source.label, line, reason), raw)

    line = 0
    try:
        with source.open() as stream:
            read = reader_for(source.name, stream)
            if read is None:
                report(0, f"unknown kind of file: {printable(source.name)}", "")
                return
            for record in read(stream, report):
                line = record.line
                try:
                    article = article_of(record)
                except Unusable as error:
                    report(line, str(error), record.raw)
                else:
                    yield article
    except (EOFError, lzma.LZMAError, zlib.error) as error:
        report(line, f"what follows cannot be unpacked, the file is cut off or damaged: {error}", "")
    except OSError as error:
        report(line, f"cannot be read: {error.strerror or error}", "")
