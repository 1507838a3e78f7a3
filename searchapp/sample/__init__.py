"""The bundled sample: which files does `searchapp serve --demo` read?

`articles.jsonl` holds short articles written for this project in the manner of county news. Their
people and their words are invented and stand only in invented places (示例省, GB/T 2260 code 99,
which the standard does not use); those places come in through `aliases.toml`, the same file of
additions and corrections that any editor can use. The articles `sample-041` to `sample-045` restate,
in our own words, what was publicly reported of two real counties in December 2022.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple


class SamplePaths(NamedTuple):
    """Where the sample lies: the articles to read and the additions to the gazetteer they need."""

    articles: Path
    additions: Path


def sample_paths() -> SamplePaths:
    """Paths of the bundled files, in a checkout and in an installed wheel alike."""
    folder = Path(str(files(__name__)))
    return SamplePaths(articles=folder / "articles.jsonl", additions=folder / "aliases.toml")
