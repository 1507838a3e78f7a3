"""The facets of an answer as JSON text: what `payload.facet_json` gives, written at once.

An answer to a new question lists a hundred values and more, each an object of its own for the encoder,
but the same places, officials and sources come again and again: all of a value but its count is written
once and held.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace

from searchapp.query import FacetName
from searchapp.results import Facet, SearchPage
from searchapp.web.json_text import JsonText, json_text
from searchapp.web.payload import Json, search_json

VALUES_HELD = 10_000


def search_answer(page: SearchPage) -> Json:
    """`payload.search_json` with the facets as JsonText."""
    answer = search_json(replace(page, facets={}))
    answer["facets"] = facets_text(page.facets)  # in the place of the empty ones
    return answer


def facets_text(facets: Mapping[FacetName, Facet]) -> JsonText:
    """The JSON of all facets by name."""
    return JsonText(
        "{" + ",".join([f'"{name}":{_facet_text(facet)}' for name, facet in facets.items()]) + "}"
    )


def _facet_text(facet: Facet) -> str:
    rows = []
    for value, label, count, selected, path in facet.values:
        before, after = _around_count(value, label, selected, path)
        rows.append(f"{before}{count}{after}")
    return f'{{"values":[{",".join(rows)}],"missing":{facet.missing},"other":{facet.other}}}'


@functools.lru_cache(VALUES_HELD)
def _around_count(value: str, label: str, selected: bool, path: str) -> tuple[str, str]:
    """The JSON of a value before and behind its count."""
    before = f'{{"value":{json_text(value)},"label":{json_text(label)},"count":'
    after = f',"selected":{json_text(selected)}'
    return before, after + (f',"path":{json_text(path)}}}' if path else "}")
