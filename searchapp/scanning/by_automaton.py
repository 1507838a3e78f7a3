"""The words of a table in an Aho-Corasick automaton, where nothing could be compiled.

Aho, Corasick: Efficient string matching, CACM 18(6), 1975; the library pyahocorasick. The automaton
runs over UTF-8 bytes: a state of it keeps its followers in a list, and two thousand first characters
make that list long; on bytes it is six times as fast, and UTF-8 lets no match begin inside a character.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ahocorasick

from searchapp.scanning.occurrence import Occurrence


class Words:
    """See `in_c.Words`."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for number, word in enumerate(words):
            data = _utf8(word)
            self._automaton.add_word(_byte_string(data), (number, len(word)))
        self._automaton.make_automaton()
        self._empty = not words

    def longest(self, text: str, begin: int = 0, end: int | None = None) -> list[Occurrence]:
        """See `in_c.Words.longest`."""
        done = begin
        found = []
        for one in self.everywhere(text, begin, end):
            if one[0] >= done:
                done = one[1]
                found.append(one)
        return found

    def everywhere(self, text: str, begin: int = 0, end: int | None = None) -> list[Occurrence]:
        """See `in_c.Words.everywhere`."""
        if self._empty:
            return []
        longest: dict[int, Occurrence] = {}
        for start, stop, number in self._every(text[begin:end]):
            if start not in longest or longest[start][1] < begin + stop:
                longest[start] = begin + start, begin + stop, number
        return [longest[start] for start in sorted(longest)]

    def _every(self, text: str) -> Iterator[Occurrence]:
        data = _utf8(text)
        done_bytes = done_chars = 0
        for last_byte, (number, word_chars) in self._automaton.iter(_byte_string(data)):
            done_chars += len(data[done_bytes : last_byte + 1].decode("utf-8", "surrogatepass"))
            done_bytes = last_byte + 1
            yield done_chars - word_chars, done_chars, number


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _byte_string(data: bytes) -> str:
    """`data` as pyahocorasick wants it: one character a byte."""
    return data.decode("latin-1")
