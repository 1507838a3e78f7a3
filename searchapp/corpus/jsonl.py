"""One JSON object a line -> records."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from searchapp.corpus.encodings import TextStream, is_undecoded, with_bytes_lost
from searchapp.corpus.records import Record, Report, Unusable

# Tabs and line feeds inside strings are taken as meant; NaN and Infinity are no JSON.
_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda name: None)


def read_jsonl(stream: io.BufferedReader, report: Report) -> Iterator[Record]:
    """A record for each line; empty lines are skipped, bad ones reported."""
    text = TextStream(stream)
    for number, line in text.lines(report):
        if not line or line.isspace():
            continue
        try:
            yield json_record(number, line, str(text.encoding))
        except Unusable as error:
            report(number, str(error), with_bytes_lost(line))


def json_record(line: int, raw: str, encoding: str) -> Record:
    """The record that `raw`, one JSON value, stands for. Raises `Unusable`."""
    if is_undecoded(raw):
        raise Unusable(f"holds bytes that are not {encoding}")
    try:
        value = _DECODER.decode(raw)
    except RecursionError:
        raise Unusable("JSON is nested too deep") from None
    except json.JSONDecodeError as error:
        raise Unusable(f"is not JSON: {error.msg} (at character {error.pos + 1})") from None
    except ValueError as error:  # a number of thousands of digits
        raise Unusable(f"is not JSON that we read: {error}") from None
    if not isinstance(value, dict):
        raise Unusable("is not a JSON object")
    return Record(line, raw, value)
