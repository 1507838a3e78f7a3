"""What to mark: which squeezed runs may a positive leaf of the query have matched?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from searchapp.analysis.normalise import squeeze
from searchapp.engines.whoosh.matching import Matcher
from searchapp.query import And, Clause, Fuzzy, Near, Or, Phrase, Prefix, Words
from searchapp.results import Lit


def lit_runs(clause: Clause, matcher: Matcher) -> Lit:
    """What positive leaves may have matched."""
    text: dict[str, None] = {}
    title: dict[str, None] = {}
    for run, where in _lit(clause, matcher):
        if run and where != "title":
            text[run] = None
        if run and where != "text":
            title[run] = None
    together = dict.fromkeys(_together(clause, matcher))
    return Lit(_longest_first(text), _longest_first(title), tuple(together))


def _longest_first(runs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(runs, key=len, reverse=True))


def _together(clause: Clause, matcher: Matcher) -> Iterator[tuple[str, ...]]:
    """The parts of each synonym that has several."""
    match clause:
        case And(clauses) | Or(clauses):
            for part in clauses:
                yield from _together(part, matcher)
        case Words(_, _, variants):
            for form in variants:
                parts = matcher.cutter.cut_query(form)
                if len(parts) > 1:
                    yield tuple(parts)


def _lit(clause: Clause, matcher: Matcher) -> Iterator[tuple[str, str]]:
    match clause:
        case And(clauses) | Or(clauses):
            for part in clauses:
                yield from _lit(part, matcher)
        case Words(text, where, variants):
            yield from ((squeeze(form), where) for form in (text, *variants))
            yield from ((part, where) for part in matcher.cutter.cut_query(text))
        case Fuzzy(text, where, variants):
            yield from ((squeeze(form), where) for form in (text, *variants))
        case Phrase(text, where):
            yield squeeze(text), where
        case Prefix(text, where):
            # A prefix is marked to the end of the word that it begins.
            yield from ((squeeze(word), where) for word in matcher.prefix_words(text, where))
        case Near(texts, _, where):
            yield from ((squeeze(text), where) for text in texts)
