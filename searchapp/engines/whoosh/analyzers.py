"""What the fields of the Whoosh schema hold: words, and characters with positions.

These classes stand in the pickled schema of every generation, so their import paths and their
state stay stable. They give the tokens with which the segments were built (`build`, `grams`), so
stock Whoosh, its query parser and its highlighter read a query as the index was read.
"""

from __future__ import annotations

import functools
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer
from whoosh.fields import TEXT
from whoosh.matching.mcore import ListMatcher
from whoosh.query.positional import Phrase
from whoosh.query.qcore import NullQuery, Query
from whoosh.query.terms import Prefix, Term
from whoosh.searching import Searcher

from searchapp.analysis.normalise import normalise, squeeze_with_offsets
from searchapp.analysis.words import WordCutter, word_cutter
from searchapp.errors import IndexStale
from searchapp.gazetteer import load_gazetteer

# Stands between the title and the text in the value of a run field; texts cannot hold it there,
# because it is white space (a control character) and runs ignore white space.
FIELD_BORDER = "\x1f"


def run_value(title: str, text: str) -> str:
    """Title and text as one value of a run field."""
    return FIELD_BORDER.join(field.replace(FIELD_BORDER, " ") for field in (title, text))


@functools.lru_cache(maxsize=4)
def _cutter(additions: str, fingerprint: str) -> WordCutter:
    cutter = word_cutter(_gazetteer_words(additions))
    if fingerprint and cutter_fingerprint(cutter) != fingerprint:
        raise IndexStale("the index was built with another word dictionary than this version has; reindex")
    return cutter


def _gazetteer_words(additions: str) -> tuple[str, ...]:
    if not additions:
        return load_gazetteer().words
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "additions.toml"
        path.write_text(additions, "utf-8")
        return load_gazetteer(path).words


def cutter_fingerprint(cutter: WordCutter) -> str:
    """What a manifest calls the fingerprint of the analyzer."""
    return hashlib.sha256(cutter.fingerprint.encode()).hexdigest()[:16]


class WordAnalyzer(Analyzer):
    """Index words of a text, as `WordCutter.cut`.

    `additions`: the editor's file that the gazetteer was loaded with, whole, "" when there was
    none, so that the index can be read wherever it lies; `fingerprint`: of the cutter that built
    the index, "" to take any. Calling it raises IndexStale when this version cuts otherwise.
    """

    def __init__(self, additions: str = "", fingerprint: str = "") -> None:
        self.additions = additions
        self.fingerprint = fingerprint

    @property
    def cutter(self) -> WordCutter:
        """The cutter, built at first use and shared in the process."""
        return _cutter(self.additions, self.fingerprint)

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        """One token a word; `startchar`, `endchar` are offsets into `value`.

        In text order when offsets are asked for, else in the order of the cutter.
        """
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        normal = normalise(value)
        placed = [(0, word) for word in self.cutter.cut_normalised(normal)]
        if chars:
            placed = _place(normal, [word for _, word in placed])
        for number, (start, word) in enumerate(placed):
            token.text = word
            if keeporiginal:
                vars(token)["original"] = value[start : start + len(word)] if chars else word
            if positions:
                token.pos = start_pos + number
            if chars:
                token.startchar, token.endchar = start_char + start, start_char + start + len(word)
            yield token


def _place(normal: str, words: list[str]) -> list[tuple[int, str]]:
    """Where the words stand, in text order: the n-th token of a word is its n-th occurrence."""
    after: dict[str, int] = {}
    placed = []
    for word in words:
        start = normal.find(word, after.get(word, 0))
        after[word] = start + 1
        placed.append((start, word))
    return sorted(placed, key=lambda at: (at[0], len(at[1])))


class GramAnalyzer(Analyzer):
    """Character bigrams of squeezed text with positions, as `grams.find_grams`.

    A value is one field, or several with FIELD_BORDER between them (`run_value`); positions leave
    a gap of one at a border. The last character of a field is a token of its own, but not of a
    query (mode "query") of two and more characters, which may go on in the text.
    """

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        """One token a bigram; `startchar`, `endchar` are offsets into `value`."""
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        position, begin = start_pos, 0
        for field in value.split(FIELD_BORDER):
            squeezed, offsets = squeeze_with_offsets(field)
            at = (offsets + (start_char + begin)).tolist()
            last = len(squeezed) - 1 if mode == "query" and len(squeezed) > 1 else len(squeezed)
            for number in range(last):
                gram = squeezed[number : number + 2]
                token.text = gram
                if keeporiginal:
                    vars(token)["original"] = gram
                if positions:
                    token.pos = position + number
                if chars:
                    token.startchar, token.endchar = at[number], at[number + len(gram) - 1] + 1
                yield token
            position += len(squeezed) + 1
            begin += len(field) + 1


class WordField(TEXT):
    """A text by its words with their frequencies. All words of a query word must match."""

    def __init__(self, analyzer: WordAnalyzer, stored: bool) -> None:
        super().__init__(analyzer=analyzer, phrase=False, stored=stored, multitoken_query="and")

    def to_bytes(self, value: Any) -> bytes:
        """UTF-8, lone surrogates kept."""
        return _to_bytes(value)

    def from_bytes(self, bs: Any) -> str:
        """The inverse of `to_bytes`."""
        return bytes(bs).decode("utf-8", "surrogatepass")


class RunField(TEXT):
    """Title and text by their characters: what is asked of it is found as an exact run."""

    def __init__(self) -> None:
        super().__init__(analyzer=GramAnalyzer(), phrase=True, stored=False, multitoken_query="phrase")

    def to_bytes(self, value: Any) -> bytes:
        """UTF-8, lone surrogates kept."""
        return _to_bytes(value)

    def from_bytes(self, bs: Any) -> str:
        """The inverse of `to_bytes`."""
        return bytes(bs).decode("utf-8", "surrogatepass")

    def self_parsing(self) -> bool:
        """A query word becomes a phrase of bigrams, not one term."""
        return True

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Query:
        """The stock query that finds `qstring` as an exact run."""
        return run_query(fieldname, qstring, boost)


class CharacterQuery(Prefix):
    """A character stands where any bigram begins with it.

    Finds what Prefix finds, with the same constant score, but joins the lists of the bigrams at
    once: a common character begins a thousand of them.
    """

    def matcher(self, searcher: Searcher, context: Any = None) -> ListMatcher:
        """The records of one segment."""
        reader = searcher.reader()
        records: set[int] = set()
        for term in reader.expand_prefix(self.fieldname, self.text):
            records.update(reader.postings(self.fieldname, term).all_ids())
        return ListMatcher(sorted(records), all_weights=self.boost)  # type: ignore[no-untyped-call]


def run_query(fieldname: str, text: str, boost: float = 1.0) -> Query:
    """The stock query that finds exactly the run `text`: NullQuery when it is only white space."""
    grams = [token.text for token in GramAnalyzer()(text, mode="query")]
    if not grams:
        return NullQuery
    if len(grams) > 1:
        return Phrase(fieldname, grams, boost=boost)
    kind = CharacterQuery if len(grams[0]) == 1 else Term
    return kind(fieldname, grams[0], boost=boost)


def _to_bytes(value: Any) -> bytes:
    if isinstance(value, list | tuple):
        value = value[0]
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
