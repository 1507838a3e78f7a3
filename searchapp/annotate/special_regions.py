"""Where does a text name the special administrative regions as those whose office follows?

Hong Kong and Macau are no divisions of the mainland, so they are no Places, but they have offices.
Offsets are code points into the text given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from searchapp.annotate.names import HAN
from searchapp.gazetteer import Gazetteer

HONG_KONG = "81"
MACAU = "82"
_SPECIAL_REGION = re.compile(
    "(?<!驻)(?:香港|澳门)(?:特别行政区|特区)(?:政府)?|特区政府"
    f"|(?:香港|澳门)(?=[{HAN}]{{2,8}}(?:局(?:副?局长|主席)|署副?署长)|行政长官|保安局|警务处|廉政公署|海关|[财律]政司|入境事务处)"
)


class PlaceAt(NamedTuple):
    """A division named at `[start:end]`."""

    start: int
    end: int
    code: str
    name: str


def special_regions(text: str, gazetteer: Gazetteer) -> Iterator[PlaceAt]:
    """Where Hong Kong and Macau are named as those whose office follows. 特区政府 alone is that of the
    one named last before it."""
    if "香港" not in text and "澳门" not in text:
        return
    for found in _SPECIAL_REGION.finditer(text):
        named = max(("香港", "澳门"), key=lambda name: text.rfind(name, 0, found.end()))
        code = HONG_KONG if named == "香港" else MACAU
        division = gazetteer.division(code)
        yield PlaceAt(found.start(), found.end(), code, division.name if division else named)
