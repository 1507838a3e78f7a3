"""Who is relieved of an office, or appointed to it, in a notice that names the persons first?

Offsets are code points into the text given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.annotate.chains import Chain, Holding
from searchapp.annotate.names import HAN, Name
from searchapp.annotate.offices import OfficePhrase
from searchapp.annotate.rosters import is_whole_name

# 免去甲、乙、丙的|示例县副县长职务; 任命甲、乙等7名同志为|示例县副县长
_ONE = re.compile("[^、和，]+")
_APPOINTED = re.compile(
    f"(?:免去|接受|任命|补选|增选|递补|选举)(?P<names>[{HAN}]{{2,4}}?(?:[、和，][{HAN}]{{2,4}}?)*?)"
    "(?:等[0-9一二三四五六七八九十]*[名位]?(?:同志|人)|同志)?(?P<link>的|为|辞去)$"
)


def all_appointed(
    text: str, start: int, chain: Chain, phrases: tuple[OfficePhrase, ...]
) -> Iterator[Holding]:
    """The holders of an office of which several persons are relieved, or to which they are appointed."""
    found = _APPOINTED.search(text, max(0, start - 60), start)
    if found is None:
        return
    parts = _ONE.finditer(text, *found.span("names"))
    names = [Name(*one.span(), one.group()) for one in parts]
    if is_whole_name(found["names"]):
        names = [Name(*found.span("names"), found["names"])]  # 张春和
    if all(is_whole_name(name.text) for name in names):
        former = found["link"] != "为"
        yield from (Holding(name, phrases, former, chain.outer) for name in names)
