"""What the desk's tests share: every count inside an answer, held against the search it leads to."""

from __future__ import annotations

from searchapp.desk import Count
from searchapp.search import Searcher


def counts_in(found: object) -> list[Count]:
    """Every Count anywhere inside a profile, a comparison or a track."""
    if isinstance(found, Count):
        return [found]
    if isinstance(found, tuple | list):
        return [count for item in found for count in counts_in(item)]
    if type(found).__module__.startswith("searchapp.desk"):
        fields = getattr(type(found), "__dataclass_fields__", {})
        return [count for name in fields for count in counts_in(getattr(found, name))]
    return []


def assert_counts_hold(searcher: Searcher, counts: list[Count]) -> None:
    """Each count is the total of its search, and something was counted."""
    assert any(count.number for count in counts)
    for count in counts:
        assert searcher.search(count.query).total == count.number, count.query
