"""Which offices are those of a company, a school or a hospital, and so no public ones?"""

from __future__ import annotations

import re

from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase

# 院长 and 校长 of these are public offices, of all others not.
_PUBLIC_HOUSE = re.compile("(?:法院|检察院|[中高]院|行政学院|社会主义学院|党校|团校|警察学院)$")
# How far behind a marker the street stands that is named after it.
NAMED_AFTER_CHARS = 4


def is_private_body(phrase: OfficePhrase) -> bool:
    """Whether the body of an office is one of science, business or health."""
    if phrase.rank in ("院长", "校长") and phrase.body and not _PUBLIC_HOUSE.search(phrase.body):
        return True
    if phrase.rank in ("会长", "理事长") and phrase.body and phrase.body not in office_tables().bodies:
        return True
    if phrase.rank == "书记" and phrase.title.endswith("第一书记"):
        return False  # 县公安局驻村工作队第一书记 is the village's
    return is_private_name(phrase.body)


def is_private_name(body: str) -> bool:
    """Whether the name of a body says so."""
    return bool(office_tables().private_body.search(body))


def holds_private_marker(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` names a company, school, foreign country … (what follows tells 石化 from
    the street 石化|街道)."""
    found = office_tables().private_marker.search(text, start, min(end + NAMED_AFTER_CHARS, len(text)))
    return found is not None and found.end() <= end
