"""What of a query is scored? Its positive leaves, in every form that may match, by words and bigrams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from searchapp.analysis.normalise import is_han, squeeze
from searchapp.analysis.words import FUNCTION_CHARACTERS, WordCutter
from searchapp.engines.whoosh.weights import Weights
from searchapp.query import And, Clause, Fuzzy, Near, Or, Phrase, Prefix, Where, Words


# Tuples are made in a third of the time of frozen dataclasses, and a query makes dozens.
class Term(NamedTuple):
    """One scored term. `kind` is "word", "gram", "character", "number" or "run" (all that was typed,
    exactly); one that `is_run` is counted wherever its characters stand, others as index words."""

    kind: str
    text: str
    weight: float
    is_run: bool


class Form(NamedTuple):
    """One way to read a leaf: what was typed, or a variant at a discount. `exact`: a run as it is."""

    text: str
    weight: float
    where: Where
    exact: bool = False


class Row(NamedTuple):
    """A term of a leaf, where it has to stand, and what it weighs there."""

    term: Term
    where: Where
    weight: float


def positive_forms(clause: Clause, variant_weight: float) -> Iterator[Sequence[Form]]:
    """The forms of every leaf that a record gains by; nothing from under a NOT."""
    match clause:
        case And(clauses) | Or(clauses):
            for part in clauses:
                yield from positive_forms(part, variant_weight)
        case Words(text, where, variants):
            yield [Form(text, 1.0, where), *(Form(form, variant_weight, where) for form in variants)]
        case Fuzzy(text, where, variants):
            yield [
                Form(text, 1.0, where, True),
                *(Form(form, variant_weight, where, True) for form in variants),
            ]
        case Phrase(text, where) | Prefix(text, where):
            yield [Form(text, 1.0, where, True)]
        case Near(texts, _, where):
            yield from ([Form(text, 1.0, where, True)] for text in texts)


def terms_of(form: Form, cutter: WordCutter, weights: Weights) -> Iterator[Term]:
    """The scored terms of one form: its words and its bigrams, each once; of an exact run and
    of a single character the run alone.

    Han words count wherever they stand as a run, because how a text is cut depends on what
    stands around; letters and digits count as whole words, or "AI" would stand in "chair".
    """
    run = squeeze(form.text)
    if form.exact or len(run) == 1:
        yield Term("run", run, weights.word + weights.gram, True)
        return
    grams = dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1))
    words = dict.fromkeys(cutter.cut(form.text))
    for word in words:
        is_run = len(word) > 1 and is_han(word[0])
        if not is_run and word in FUNCTION_CHARACTERS:
            continue
        weight = weights.word if len(word) <= 2 or not is_run else weights.long_word
        yield Term("word", word, weight + weights.gram * (is_run and word in grams), is_run)
    for gram in grams:
        if gram.isalnum() and not (gram in words and is_han(gram[0])):
            counted = weights.counted * (gram[0].isdigit() and is_han(gram[1]))
            yield Term("gram", gram, weights.gram + counted, True)
