"""How does a URL become a Query, and a Query a URL? The only builder of links.

Reading is strict: a value that cannot be meant is a QueryError that names its parameter; names
that we do not know are ignored, and an empty value is the same as none (forms send them).
Writing leaves out whatever equals the default, so that one question has one short URL.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, get_args
from urllib.parse import quote, quote_plus

from searchapp.errors import QueryError
from searchapp.query import Collection, FacetName, Filters, Group, Match, Query, Sort
from searchapp.syntax import parse
from searchapp.web.values import (
    Args,
    read_choice,
    read_county,
    read_date,
    read_flag,
    read_month,
    read_number,
    read_official,
    read_scalar,
    read_text,
    read_values,
    refused,
)

MAX_PAGE = 1_000_000_000
MAX_SIZE = 100
MAX_FACET_SIZE = 1000
MAX_FRESHNESS_DAYS = 36_500
DEFAULT = Query()

PATHS = {
    "search": "/",
    "statements": "/statements",
    "api_search": "/api/search",
    "api_statements": "/api/statements",
    "csv": "/export.csv",
    "jsonl": "/export.jsonl",
    "feed": "/feed.atom",
}
# Which selection a facet's values go into: places are three views of one selection.
SELECTION: Mapping[FacetName, str] = {
    "county": "county", "city": "county", "province": "county",
    "official": "official", "source": "source", "month": "month",
}  # fmt: skip
ORDER = (
    "q", "county", "official", "source", "month", "from", "to",
    "sort", "freshness", "match", "group", "page", "size", "facet_size", "exact", "explain",
)  # fmt: skip


def to_query(args: Args, collection: Collection = "articles") -> Query:
    """The Query that `args` (parameter name -> its values) asks for.

    Raises QueryError with code "bad_parameter" and the parameter's name in the message, or with
    the parser's own position and hint when `q` cannot be understood.
    """
    q = read_text(args, "q")
    return Query(
        q=q,
        clause=parse(q),
        filters=_filters(args),
        match=read_choice(args, "match", get_args(Match), DEFAULT.match),
        sort=read_choice(args, "sort", get_args(Sort), DEFAULT.sort),
        freshness=read_number(args, "freshness", 0, MAX_FRESHNESS_DAYS, DEFAULT.freshness),
        group=read_choice(args, "group", get_args(Group), DEFAULT.group),
        page=read_number(args, "page", 1, MAX_PAGE, DEFAULT.page),
        size=read_number(args, "size", 0, MAX_SIZE, DEFAULT.size),
        facet_size=read_number(args, "facet_size", 0, MAX_FACET_SIZE, DEFAULT.facet_size),
        exact=read_flag(args, "exact"),
        explain=read_flag(args, "explain"),
        collection=collection,
    )


def from_json(body: object) -> dict[str, list[str]]:
    """A JSON body with the parameters' names as the mapping that `to_query` reads.

    Values may be strings, numbers, true/false, null (as if absent) or a list of these.
    """
    if not isinstance(body, dict):
        raise QueryError("请求体应是一个 JSON 对象", hint='例如 {"q": "乡村振兴"}', code="bad_body")
    args: dict[str, list[str]] = {}
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        args[name] = [read_scalar(name, item) for item in values if item is not None]
    return args


def to_url(endpoint: str, query: Query, root: str = "", **changes: Any) -> str:
    """The URL of `endpoint` (a key of PATHS) for `query` with `changes` to its fields.

    `root` is the path the application is mounted under. A change of anything but the page goes
    back to page 1.
    """
    if changes:
        query = replace(query, **{"page": 1, **changes})
    named = pairs(query)
    if endpoint in ("csv", "jsonl", "feed") and query.collection == "statements":
        named.append(("collection", "statements"))
    return with_pairs(root + PATHS[endpoint], named)


def article_url(article_id: str, query: Query, root: str = "") -> str:
    """The page of an article, keeping the question it was found by."""
    return with_pairs(f"{root}/articles/{quote(article_id, safe='', errors='replace')}", pairs(query))


def with_pairs(path: str, names_and_values: Iterable[tuple[str, str]]) -> str:
    """`path` with its query string."""
    rest = "&".join(_pair(name, value) for name, value in names_and_values)
    return f"{path}?{rest}" if rest else path


@functools.lru_cache(4096)
def _pair(name: str, value: str) -> str:
    return f"{name}={quote_plus(value)}"


def pairs(query: Query) -> list[tuple[str, str]]:
    """Parameter names and values of `query`, defaults left out, in a fixed order."""
    chosen = query.filters
    out = [("q", query.q)] if query.q else []
    for name in ("county", "official", "source", "month"):
        out += [(name, value) for value in getattr(chosen, name)]
    out += [(name, value) for name, value in (("from", chosen.first), ("to", chosen.last)) if value]
    for name in ("sort", "freshness", "match", "group", "page", "size", "facet_size"):
        value = getattr(query, name)
        if value != getattr(DEFAULT, name):
            out.append((name, str(value)))
    out += [(name, "1") for name in ("exact", "explain") if getattr(query, name)]
    return out


def add_value(query: Query, facet: FacetName, value: str) -> Query:
    """`query` with one more value chosen, on page 1.

    A place takes the seat of the places above and below it: 上饶市 and then 横峰县 is 横峰县.
    """
    name = SELECTION[facet]
    return _chosen(query, name, _with(getattr(query.filters, name), name, value))


def remove_value(query: Query, facet: FacetName, value: str) -> Query:
    """`query` without that value, on page 1."""
    name = SELECTION[facet]
    return _chosen(query, name, _without(getattr(query.filters, name), value))


class ValueLinks:
    """Links that choose or lift one value, from one question. A page holds many of them, so what
    they have in common is written once."""

    def __init__(self, endpoint: str, query: Query, root: str = "") -> None:
        self._path = root + PATHS[endpoint]
        self._filters = query.filters
        self._pairs = pairs(replace(query, page=1))
        self._around: dict[str, tuple[list[str], list[str]]] = {}

    def add(self, facet: FacetName, value: str) -> str:
        """The address of `add_value(query, facet, value)`."""
        name = SELECTION[facet]
        return self._url(name, _with(getattr(self._filters, name), name, value))

    def remove(self, facet: FacetName, value: str) -> str:
        """The address of `remove_value(query, facet, value)`."""
        name = SELECTION[facet]
        return self._url(name, _without(getattr(self._filters, name), value))

    def _url(self, name: str, values: tuple[str, ...]) -> str:
        if name not in self._around:
            place = ORDER.index(name)
            before = [_pair(n, v) for n, v in self._pairs if ORDER.index(n) < place]
            after = [_pair(n, v) for n, v in self._pairs if ORDER.index(n) > place]
            self._around[name] = before, after
        before, after = self._around[name]
        rest = "&".join((*before, *(_pair(name, value) for value in values), *after))
        return f"{self._path}?{rest}" if rest else self._path


def without_filters(query: Query) -> Query:
    """The same words with nothing chosen, on page 1."""
    return replace(query, filters=Filters(), page=1)


def page_count(total: int, size: int) -> int:
    """How many pages `total` hits (or groups) fill; at least 1."""
    return max(1, math.ceil(total / size)) if size else 1


def _with(chosen: tuple[str, ...], name: str, value: str) -> tuple[str, ...]:
    if name == "county":
        chosen = tuple(code for code in chosen if not (code.startswith(value) or value.startswith(code)))
    return (*_without(chosen, value), value)


def _without(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(item for item in chosen if item != value)


def _chosen(query: Query, name: str, values: tuple[str, ...]) -> Query:
    filters = replace(query.filters, **{name: values})  # type: ignore[arg-type]
    return replace(query, filters=filters, page=1)


def _filters(args: Args) -> Filters:
    first, last = read_date(args, "from", 0), read_date(args, "to", 1)
    if first and last and first > last:
        raise refused("from", f"{first} 晚于 to：{last}", "请对调起止日期")
    return Filters(
        county=read_values(args, "county", read_county),
        official=read_values(args, "official", read_official),
        source=read_values(args, "source", lambda value: value),
        month=read_values(args, "month", read_month),
        first=first,
        last=last,
    )
