"""Sorted words on disk: which number has this word, and which words begin so?

Words are sorted by code point and stored in blocks of 64, joined by line feeds, in UTF-8. The
first word of each block is read at opening; a look-up is one bisection in memory and one in the
decoded block.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.arrays import ArrayFile, ArrayWriter

BLOCK = 64


def write_lexicon(writer: ArrayWriter, name: str, words: Sequence[str]) -> None:
    """Write sorted distinct `words` (none holds a line feed) as the arrays `name.words`, `name.blocks`."""
    blocks = [words[at : at + BLOCK] for at in range(0, len(words), BLOCK)]
    data = ["\n".join(block).encode("utf-8", "surrogatepass") for block in blocks]
    writer.add_bytes(f"{name}.words", b"".join(data))
    writer.add(f"{name}.blocks", np.cumsum([0, *map(len, data)], dtype=np.uint64))
    writer.add(f"{name}.count", np.array([len(words)], np.uint32))


class Lexicon:
    """Read side. Word numbers are their rank in code point order."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self._blob = arrays[f"{name}.words"]
        self._blocks = arrays[f"{name}.blocks"]
        self.count = int(arrays[f"{name}.count"][0])
        self._first = self._first_words()

    def _first_words(self) -> list[str]:
        blob = memoryview(self._blob.data)
        first = []
        for start, end in zip(self._blocks[:-1].tolist(), self._blocks[1:].tolist(), strict=True):
            head = bytes(blob[start : min(start + 256, end)])
            if b"\n" not in head:
                head = bytes(blob[start:end])
            first.append(head.split(b"\n", 1)[0].decode("utf-8", "surrogatepass"))
        return first

    def _bytes(self, number: int) -> bytes:
        """The words of a block, one a line."""
        start, end = self._blocks[number : number + 2].tolist()
        return self._blob[start:end].tobytes()

    def _block(self, number: int) -> list[str]:
        return self._bytes(number).decode("utf-8", "surrogatepass").split("\n")

    def __len__(self) -> int:
        return self.count

    def number(self, word: str) -> int | None:
        """Rank of `word`, None when it is not there."""
        at, found = self._find(word)
        return at if found else None

    def word(self, number: int) -> str:
        """The word of that rank."""
        return self._block(number // BLOCK)[number % BLOCK]

    def at_or_after(self, word: str) -> int:
        """Rank of the first word that is not less than `word` (`len` when none is)."""
        return self._find(word)[0]

    def _find(self, word: str) -> tuple[int, bool]:
        """Rank of the first word that is not less than `word`, and whether it is `word`."""
        block = bisect_right(self._first, word) - 1
        if block < 0:
            return 0, False
        at, found = kernels.find_line(self._bytes(block), word)
        return block * BLOCK + at, found

    def words(self, start: int = 0, end: int | None = None) -> Iterator[str]:
        """Words of ranks `start` to `end`, in order."""
        end = self.count if end is None else min(end, self.count)
        return chain.from_iterable(self._lines(start, end))

    def _lines(self, start: int, end: int) -> Iterator[list[str]]:
        """`words` block by block."""
        for block in range(start // BLOCK, -(-end // BLOCK)):
            low = max(start - block * BLOCK, 0)
            yield self._block(block)[low : end - block * BLOCK]

    def lines(self, start: int, end: int) -> bytes:
        """Words of ranks `start` to `end`, of which there is one at least, one a line (UTF-8)."""
        first, last = start // BLOCK, (end - 1) // BLOCK
        blocks = [self._bytes(block) for block in range(first, last + 1)]
        blocks[-1] = b"\n".join(blocks[-1].split(b"\n")[: end - last * BLOCK])
        blocks[0] = b"\n".join(blocks[0].split(b"\n")[start - first * BLOCK :])
        return b"\n".join(blocks)

    def prefix_range(self, prefix: str) -> range:
        """Ranks of the words that begin with `prefix`."""
        if not prefix:
            return range(self.count)
        last = chr(min(ord(prefix[-1]) + 1, 0x10FFFF))
        return range(self.at_or_after(prefix), self.at_or_after(prefix[:-1] + last))
