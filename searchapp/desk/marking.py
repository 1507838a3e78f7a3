"""Which part of a statement is shared, own, boilerplate or plain? Pieces that give the text back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from searchapp.analysis.normalise import squeeze_with_offsets
from searchapp.desk.tenures import sentence_at
from searchapp.desk.wording import Run

Mark = Literal["plain", "shared", "own", "boilerplate"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a statement with one mark."""

    text: str
    mark: Mark


def cut_pieces(
    text: str, start: int, end: int, shared: Sequence[Run], own: Sequence[Run], common: Sequence[Run]
) -> tuple[Piece, ...]:
    """`text[start:end]` in pieces. Where runs overlap, shared goes before boilerplate, and that
    before own: words shared beyond the boilerplate in them are no boilerplate."""
    marks: list[Mark] = ["plain"] * len(text)
    wider = [run for run in shared if run not in common]
    layers: list[tuple[Mark, Sequence[Run]]] = [("own", own), ("boilerplate", common), ("shared", wider)]
    for mark, runs in layers:
        for run in runs:
            marks[run.start : run.end] = [mark] * (run.end - run.start)
    pieces: list[Piece] = []
    begin = start
    for at in range(start + 1, end + 1):
        if at == end or marks[at] != marks[begin]:
            pieces.append(Piece(text[begin:at], marks[begin]))
            begin = at
    return tuple(pieces) if end > start else ()


def excerpt(text: str, label: str) -> tuple[int, int]:
    """Span of the sentence of `text` that holds the squeezed `label`; the whole when none does."""
    squeezed, offsets = squeeze_with_offsets(text)
    at = squeezed.find(label)
    return sentence_at(text, int(offsets[at])) if at >= 0 and label else (0, len(text))
