"""The words of a table as a trie over code points, walked in C.

Importing this raises ImportError where `scanning.c` was not compiled, or was compiled from another
version of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

import searchapp.scanning._scanning as _scanning
from searchapp.scanning.occurrence import Occurrence

VERSION = 2
if _scanning.VERSION != VERSION:
    raise ImportError(f"the compiled scanning is version {_scanning.VERSION}, not {VERSION}: install again")

Buffer = bytes | npt.NDArray[np.uint32]
BEGINS_BITS = 16
_CODE_BITS = np.uint64(32)
_CODE = np.uint64(0xFFFFFFFF)


class Words:
    """A table of words, none empty; immutable, safe to share between threads."""

    def __init__(self, words: Sequence[str]) -> None:
        codes, lengths = _padded(words)
        self._table = _begins(codes, lengths), *_trie(codes, lengths)

    def longest(self, text: str, begin: int = 0, end: int | None = None) -> list[Occurrence]:
        """The words in `text[begin:end]`, leftmost, then longest, none over another. Offsets are code
        points of `text`."""
        return self._find(text, begin, end, False)

    def everywhere(self, text: str, begin: int = 0, end: int | None = None) -> list[Occurrence]:
        """Every place of `text[begin:end]` where a word begins, with the longest that does."""
        return self._find(text, begin, end, True)

    def _find(self, text: str, begin: int, end: int | None, everywhere: bool) -> list[Occurrence]:
        codes = text.encode("utf-32-le", "surrogatepass")
        return _scanning.find(*self._table, codes, begin, len(text) if end is None else end, everywhere)


def _begins(codes: npt.NDArray[np.uint64], lengths: npt.NDArray[np.int64]) -> Buffer:
    """The array begins of scanning.c."""
    one = codes[:, :1].ravel().astype(np.uint32)
    two = np.where(lengths > 1, codes[:, 1] if codes.shape[1] > 1 else 0, 0).astype(np.uint32)
    bits = (one * np.uint32(0x9E3779B1) ^ two * np.uint32(0x85EBCA77)) >> np.uint32(32 - BEGINS_BITS)
    begins = np.zeros((1 << BEGINS_BITS) // 32, np.uint32)
    np.bitwise_or.at(begins, bits >> np.uint32(5), np.uint32(1) << (bits & np.uint32(31)))
    return begins


def _trie(
    codes: npt.NDArray[np.uint64], lengths: npt.NDArray[np.int64]
) -> tuple[Buffer, Buffer, Buffer, Buffer]:
    """The arrays first, code, child, word of scanning.c. Node 0 is the root; the nodes of one depth stand
    together, in the order of their mothers, so that the followers of a node do too."""
    node_of = np.zeros(len(codes), np.uint64)  # where each word has come to
    code, word, mothers = [np.zeros(1, np.uint32)], [np.zeros(1, np.uint32)], [np.zeros(0, np.int64)]
    base = 1
    for depth in range(codes.shape[1]):
        alive = np.flatnonzero(lengths > depth)
        key = (node_of[alive] << _CODE_BITS) | codes[alive, depth]
        new, at = np.unique(key, return_inverse=True)
        node_of[alive] = base + at.astype(np.uint64)
        code.append((new & _CODE).astype(np.uint32))
        mothers.append((new >> _CODE_BITS).astype(np.int64))
        ends = lengths[alive] == depth + 1
        numbers = np.zeros(len(new), np.uint32)
        numbers[at[ends]] = alive[ends] + 1
        word.append(numbers)
        base += len(new)
    followers = np.bincount(np.concatenate(mothers), minlength=base)
    child = np.concatenate([[1], 1 + np.cumsum(followers)]).astype(np.uint32)
    every = np.concatenate(code)
    first = np.zeros(int(every[1 : child[1]].max(initial=0)) + 1, np.uint32)
    first[every[1 : child[1]]] = np.arange(1, child[1])
    return first, every, child, np.concatenate(word)


def _padded(words: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The code points of the words, one row each, filled up with 0; and their lengths."""
    lengths = np.array([len(word) for word in words], np.int64)
    codes = np.zeros((len(words), int(lengths.max(initial=0))), np.uint64)
    every = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes[np.arange(codes.shape[1]) < lengths[:, None]] = every
    return codes, lengths
