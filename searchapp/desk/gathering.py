"""Which statements are compared: of whom, found how, in which column?"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from searchapp.analysis.normalise import squeeze
from searchapp.desk.asking import Asking, with_county, with_official
from searchapp.desk.profiles import is_code
from searchapp.errors import QueryError
from searchapp.query import Query
from searchapp.results import Hit

# Statements read for a column: the best when words are asked for, else the newest.
COLUMN_STATEMENTS = 30
# Read at most for them, when many of a place belong to the narrower columns beside it.
COLUMN_SOUGHT = 200


def gather(searcher: Asking, names: Sequence[str], questions: Sequence[Query]) -> tuple[list[Hit], list[int]]:
    """The statements that the questions find, and for each the number of its name."""
    hits: list[Hit] = []
    column: list[int] = []
    for number, asked in enumerate(questions):
        sought = itertools.islice(searcher.every_hit(asked), COLUMN_SOUGHT)
        said = (hit for hit in sought if _closest(hit, names) == names[number])
        found = _distinct(itertools.islice(said, COLUMN_STATEMENTS))
        hits += found
        column += [number] * len(found)
    return hits, column


def question(name: str, query: Query) -> Query:
    """The statements of one county or official that `query` finds."""
    sort = query.sort if query.q else "newest"
    match = "all" if query.match == "auto" else query.match
    plain = replace(query, collection="statements", group="none", sort=sort, match=match, page=1)
    plain = replace(plain, filters=replace(plain.filters, county=(), official=()))
    if is_code(name):
        return with_county(plain, name)
    if "@" in name.strip("@"):
        return with_official(plain, name)
    raise QueryError(
        f"参数 who：“{name[:40]}”既不是行政区划代码，也不是官员编号",
        hint="应为 2、4 或 6 位数字，或 姓名@行政区划代码",
        code="bad_parameter",
    )


def _closest(hit: Hit, names: Sequence[str]) -> str:
    """Which of `names` a statement belongs to: its speaker, else the smallest place that holds it.
    So a county and one of its officials can be compared, and nothing stands in two columns."""
    said = hit.statement
    if said is None or said.official in names:
        return said.official if said else ""
    return max((name for name in names if said.code.startswith(name)), key=len, default="")


def _distinct(hits: Iterable[Hit]) -> list[Hit]:
    """One of each text that a speaker is reported with more than once (reprints)."""
    first: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        if hit.statement and hit.statement_text.strip():
            first.setdefault((hit.statement.official, squeeze(hit.statement_text)), hit)
    return list(first.values())
