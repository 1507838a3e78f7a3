"""Facets as JSON text: the same bytes as through the encoder, whatever stands in them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from searchapp.query import FACETS
from searchapp.results import Facet, FacetValue
from searchapp.web.facets_text import facets_text
from searchapp.web.json_text import JsonText, object_bytes
from searchapp.web.payload import facet_json
from searchapp.web.replies import json_bytes

COUNTS = st.integers(0, 10**9)
TEXTS = st.text(max_size=8)
VALUES = st.builds(FacetValue, TEXTS, TEXTS, COUNTS, st.booleans(), TEXTS)
PAGES_FACETS = st.fixed_dictionaries({
    name: st.builds(Facet, st.just(name), st.lists(VALUES, max_size=4).map(tuple), COUNTS, COUNTS)
    for name in FACETS
})  # fmt: skip
MEMBERS = st.dictionaries(TEXTS, st.one_of(TEXTS, COUNTS, st.lists(TEXTS, max_size=3)), max_size=5)


@given(PAGES_FACETS)
def test_facets_are_written_as_the_encoder_writes_them(facets: dict[Any, Facet]) -> None:
    whole = {name: facet_json(facet) for name, facet in facets.items()}
    assert facets_text(facets).encode("utf-8", "replace") == json_bytes(whole)


@given(MEMBERS, st.sets(TEXTS))
def test_members_that_are_json_already_stay_in_their_place(
    members: dict[str, Any], written: set[str]
) -> None:
    mixed = {
        name: JsonText(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        if name in written
        else value
        for name, value in members.items()
    }
    assert object_bytes(mixed) == json_bytes(members)
    assert object_bytes({name: JsonText("[]") for name in members}) == json_bytes(dict.fromkeys(members, []))
