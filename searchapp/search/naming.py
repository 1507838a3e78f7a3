"""Names to values and values to names: what does 县:横峰 stand for, and what is 361125 called?"""

from __future__ import annotations

import operator
from dataclasses import replace
from itertools import repeat

from searchapp.analysis.normalise import normalise, squeeze
from searchapp.gazetteer import Gazetteer
from searchapp.query import And, Clause, FacetName, Fuzzy, InFacet, Not, Or
from searchapp.results import Facet, FacetValue, facet_values
from searchapp.search.live import Live

PLACES: tuple[FacetName, ...] = ("county", "city", "province")


def resolve(live: Live, clause: Clause, exact: bool) -> Clause:
    """`clause` with near spellings (not when `exact`) and the values of its facet clauses filled in."""
    match clause:
        case And(parts):
            resolved = tuple([resolve(live, part, exact) for part in parts])
            return clause if all(map(operator.is_, resolved, parts)) else And(resolved)
        case Or(parts):
            return Or(tuple(resolve(live, part, exact) for part in parts))
        case Not(part):
            return Not(resolve(live, part, exact))
        case Fuzzy(text) if not exact:
            return replace(clause, variants=live.speller.fuzzy_variants(text))
        case InFacet(facet, text):
            return replace(clause, values=values_named(live, facet, text))
        case _:
            return clause


def values_named(live: Live, facet: FacetName, text: str) -> tuple[str, ...]:
    """The facet values that a typed name stands for; empty when there is none."""
    wanted = squeeze(text)
    if facet == "county":
        if wanted.isdecimal() and len(wanted) in (2, 4, 6):
            return (wanted,)
        return tuple(division.code for division in live.gazetteer.named(wanted))
    if facet == "official" and live.reader.knows(text):
        return (text,)
    values = [value for value, _, _ in live.reader.values(facet)]
    if facet == "official":
        return tuple(v for v in values if wanted in (normalise(v), normalise(v).rpartition("@")[0]))
    equal = tuple(value for value in values if squeeze(value) == wanted)
    return equal or tuple(value for value in values if wanted in squeeze(value))


def label(live: Live, facet: FacetName, value: str) -> str:
    """What a person sees for a facet value."""
    if facet in PLACES:
        return _place(live.gazetteer, value)[0]
    if facet == "official":
        return live.reader.labels.get(value) or _bare_label(live.gazetteer, value)
    return value


def named_facets(live: Live, facets: dict[FacetName, Facet]) -> dict[FacetName, Facet]:
    """`facets` with the labels and paths that people read."""
    named = dict(facets)
    for name in (*PLACES, "official"):
        facet = facets[name]
        if facet.values:
            named[name] = Facet(name, _named(live, facet), facet.missing, facet.other)
    return named


def _named(live: Live, facet: Facet) -> tuple[FacetValue, ...]:
    """The values of a facet of places or of officials."""
    values, _, counts, selected, _ = zip(*facet.values, strict=True)
    gazetteer = live.gazetteer
    if facet.name == "official":
        said = map(live.reader.labels.get, values)
        labels = [label or _bare_label(gazetteer, value) for label, value in zip(said, values, strict=True)]
        return facet_values(zip(values, labels, counts, selected, repeat(""), strict=False))
    shown = map(gazetteer.shown.get, values)
    places = [place or _place(gazetteer, value) for place, value in zip(shown, values, strict=True)]
    names, paths = zip(*places, strict=True)
    return facet_values(zip(values, names, counts, selected, paths, strict=True))


def _bare_label(gazetteer: Gazetteer, value: str) -> str:
    """An official whose office no article names: the name and the place."""
    name, _, code = value.rpartition("@")
    division = gazetteer.division(code)
    return f"{name} · {division.name}" if division else name or value


def _place(gazetteer: Gazetteer, code: str) -> tuple[str, str]:
    """What a place is called, and its path; the code itself and "" when there is no such place."""
    shown = gazetteer.shown.get(code)
    if shown is not None:
        return shown
    province = gazetteer.division(code[:2])
    if province is None or len(code) != 4:
        return code, ""
    # Districts of a municipality, and counties that no city governs, have no city of their own.
    name = province.name if province.name.endswith("市") else f"{province.name}直辖"
    return name, province.path
