"""What is an office called whose place stands inside its name, or is part of it?

The place is left out (office_titles.py), but 共青团横峰县委书记, 高铁新城党工委书记 and
示范市公安局示例分局局长 are called so as a whole. Offsets are code points into the text given.
"""

from __future__ import annotations

import re

from searchapp.annotate.chains import GROUP_BEFORE
from searchapp.annotate.names import HAN, is_boundary
from searchapp.annotate.office_bodies import STATE_BEFORE, STATE_CHARS
from searchapp.annotate.office_places import OF_THREE_PROVINCES, OfficePlaces
from searchapp.annotate.office_tables import office_tables
from searchapp.annotate.offices import OfficePhrase
from searchapp.annotate.special_regions import PlaceAt

_FORMER_INSIDE = re.compile("(?<=[委会局组部])[原前](?=[副书主常党局部])")
_BUREAU = re.compile(f"(?<=[省市县区州])(?![区县市])(?:(?![省市县区州])[{HAN}]|城市){{2,8}}(?:局|委员会|委)$")
_ZONE_NAME = re.compile(f"(?<![{HAN}])(?:现任|历任|曾任|担任|出任|任|兼)?(?P<name>[{HAN}]{{2,6}})$")
_POLICE = re.compile(f"武警(?:[{HAN}]{{2,8}}总队)?$")


def placed_title(finder: OfficePlaces, phrase: OfficePhrase) -> str:
    """The title, with the place where it stands inside the office."""
    place = finder.adjacent(phrase)
    if phrase.level in office_tables().zones:
        return _of_zone(finder, phrase, place)
    if place is None:
        group = GROUP_BEFORE.search(finder.text, max(phrase.start - 6, 0), phrase.start)
        return finder.text[group.start() : phrase.end] if group and phrase.level else phrase.title
    if not phrase.level and (title := _of_bureau(finder.text, phrase, place)):
        return title
    if not phrase.level:
        return phrase.title
    start = place.start
    while (before := finder.place_start(start)) is not None:
        start = before
    group = GROUP_BEFORE.search(finder.text, max(start - 6, 0), start)
    return finder.text[group.start() : phrase.end] if group else phrase.title


def _of_bureau(text: str, phrase: OfficePhrase, place: PlaceAt) -> str:
    """The title of an office of the armed police, of a branch, which is named after its place and its
    bureau (示范市|生态环境局|示例|分局科长), or of a bureau of the state that is called 局 there
    (国家例举监察局|示例|局副局长); "" for others."""
    start = place.start
    if police := _POLICE.search(text, max(start - 12, 0), start):
        return text[police.start() : phrase.end]
    if phrase.body.startswith("分局") and (bureau := _BUREAU.search(text, max(start - 12, 0), start)):
        return text[bureau.start() : place.end] + phrase.title
    of_state = phrase.body.startswith(("局", "监管局", "监管分局"))
    state = STATE_BEFORE.search(text, max(start - STATE_CHARS, 0), start) if of_state else None
    return text[state.start() : phrase.end] if state else ""


def _of_zone(finder: OfficePlaces, phrase: OfficePhrase, place: PlaceAt | None) -> str:
    """A zone is no division, so its name stays in the title (高铁新城党工委书记)."""
    text, start, end = finder.text, phrase.start, phrase.end
    if place is not None:
        title = text[place.end : end] if place.end <= start else phrase.title
        return _FORMER_INSIDE.sub("", title)
    if text.endswith(OF_THREE_PROVINCES, 0, start):
        return OF_THREE_PROVINCES + text[start:end]
    if area := finder.new_area(phrase):
        return _FORMER_INSIDE.sub("", area + text[start:end])
    name = _ZONE_NAME.search(text, max(start - 6, 0), start)
    if name:
        return text[name.start("name") : end]
    alone = start == 0 or is_boundary(text, start - 1)
    return _FORMER_INSIDE.sub("", text[start:end]) if alone else phrase.title
