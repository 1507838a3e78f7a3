"""Divisions of China, their names, and an editor's additions to them."""

from searchapp.gazetteer.additions import Additions, Correction, NewDivision, Split, read_additions
from searchapp.gazetteer.division import Division, Name, NameKind, Proof, Seat, Sense
from searchapp.gazetteer.gazetteer import Gazetteer, load_gazetteer

__all__ = [
    "Additions",
    "Correction",
    "Division",
    "Gazetteer",
    "Name",
    "NameKind",
    "NewDivision",
    "Proof",
    "Seat",
    "Sense",
    "Split",
    "load_gazetteer",
    "read_additions",
]
