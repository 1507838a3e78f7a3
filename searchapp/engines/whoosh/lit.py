"""What to mark: which squeezed runs may a positive leaf of the query have matched?"""

from __future__ import annotations

from collections.abc import Iterator

from searchapp.analysis.normalise import squeeze
from searchapp.engines.whoosh.matching import Matcher
from searchapp.query import And, Clause, Fuzzy, Near, Or, Phrase, Prefix, Words


def lit_runs(clause: Clause, matcher: Matcher) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Squeezed runs to mark in the text and in the title: what positive leaves may have matched."""
    text: dict[str, None] = {}
    title: dict[str, None] = {}
    for run, where in _lit(clause, matcher):
        if run and where != "title":
            text[run] = None
        if run and where != "text":
            title[run] = None
    return tuple(sorted(text, key=len, reverse=True)), tuple(sorted(title, key=len, reverse=True))


def _lit(clause: Clause, matcher: Matcher) -> Iterator[tuple[str, str]]:
    match clause:
        case And(clauses) | Or(clauses):
            for part in clauses:
                yield from _lit(part, matcher)
        case Words(text, where, variants):
            for form in (text, *variants):
                yield squeeze(form), where
                yield from ((part, where) for part in matcher.cutter.cut_query(form))
        case Fuzzy(text, where, variants):
            yield from ((squeeze(form), where) for form in (text, *variants))
        case Phrase(text, where):
            yield squeeze(text), where
        case Prefix(text, where):
            # A prefix is marked to the end of the word that it begins.
            yield from ((squeeze(word), where) for word in matcher.prefix_words(text, where))
        case Near(texts, _, where):
            yield from ((squeeze(text), where) for text in texts)
