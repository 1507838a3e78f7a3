"""Reading the data files: CSV with a head of `#` lines that states source, licence and date."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files

TABLES = ("divisions", "aliases", "renames", "proofs", "not_places", "towns", "leaders")


def table_bytes(table: str) -> bytes:
    """The bytes of data file `table`."""
    return (files(__package__) / "data" / f"{table}.csv").read_bytes()


def read_table(table: str) -> Iterator[dict[str, str]]:
    """The rows of data file `table`, by column name."""
    lines = table_bytes(table).decode("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))
