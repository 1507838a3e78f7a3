"""What to mark: which squeezed runs may a positive leaf of the query have matched?"""

from __future__ import annotations

from collections.abc import Iterator

from searchapp.analysis.normalise import squeeze
from searchapp.analysis.words import WordCutter
from searchapp.query import And, Clause, Fuzzy, Near, Or, Phrase, Prefix, Words


def lit_runs(clause: Clause, cutter: WordCutter) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Squeezed runs to mark in the text and in the title: what positive leaves may have matched."""
    text: dict[str, None] = {}
    title: dict[str, None] = {}
    for run, where in _lit(clause, cutter):
        if run and where != "title":
            text[run] = None
        if run and where != "text":
            title[run] = None
    return tuple(sorted(text, key=len, reverse=True)), tuple(sorted(title, key=len, reverse=True))


def _lit(clause: Clause, cutter: WordCutter) -> Iterator[tuple[str, str]]:
    match clause:
        case And(clauses) | Or(clauses):
            for part in clauses:
                yield from _lit(part, cutter)
        case Words(text, where, variants):
            for form in (text, *variants):
                yield squeeze(form), where
                yield from ((part, where) for part in cutter.cut_query(form))
        case Fuzzy(text, where, variants):
            yield from ((squeeze(form), where) for form in (text, *variants))
        case Phrase(text, where) | Prefix(text, where):
            yield squeeze(text), where
        case Near(texts, _, where):
            yield from ((squeeze(text), where) for text in texts)
