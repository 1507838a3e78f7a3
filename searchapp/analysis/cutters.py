"""jieba and rjieba behind one face: who cuts Han runs?

rjieba (Rust) cuts the same tokens as jieba 0.42.1 on Han runs and is about twenty times faster;
jieba is the reference and the fallback. `tests/test_cutters.py` holds that they agree.
Cutters are built once with all their words and never changed: jieba's dictionary is not locked
and rjieba refuses `add_word` while another thread cuts.
"""

from __future__ import annotations

import importlib.util
import itertools
import logging
import os
import tempfile
from collections.abc import Sequence
from typing import Protocol

# Counts the cutters made with rjieba in this process.
_made = itertools.count()


class Cutter(Protocol):
    """Cuts text in normal form; only Han runs are of interest, white space may come back."""

    name: str

    def search(self, text: str) -> list[str]:
        """Search mode: long words and the dictionary words of 2 and 3 characters in them."""
        ...

    def cut(self, text: str) -> list[str]:
        """Accurate mode: one way to cut, pieces joined give the text back."""
        ...


class RjiebaCutter:
    """jieba-rs through its Python wheel.

    Importing rjieba loads a dictionary, whose functions are the module's own. The first cutter of a process
    takes that one; only further ones load their own, which takes 90 ms and 24 MB.
    """

    name = "rjieba"

    def __init__(self, words: Sequence[str] = ()) -> None:
        import rjieba

        loaded = rjieba.Jieba() if next(_made) else rjieba
        self._search, self._cut = loaded.cut_for_search, loaded.cut
        for word in words:
            loaded.add_word(word, None, None)

    def search(self, text: str) -> list[str]:
        return self._search(text)

    def cut(self, text: str) -> list[str]:
        return self._cut(text)


class JiebaCutter:
    """The reference: jieba, with a dictionary cache that no other user can plant."""

    name = "jieba"

    def __init__(self, words: Sequence[str] = ()) -> None:
        import jieba

        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = _private_folder()
        for word in words:
            self._jieba.add_word(word)

    def search(self, text: str) -> list[str]:
        return list(self._jieba.cut_for_search(text))

    def cut(self, text: str) -> list[str]:
        return list(self._jieba.cut(text))


def _private_folder() -> str:
    """jieba reads its cache with marshal from a predictable name in the shared temp folder."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = os.path.join(tempfile.gettempdir(), f"searchapp-jieba-{owner}")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if os.stat(folder).st_uid != owner:
        return tempfile.mkdtemp(prefix="searchapp-jieba-")
    os.chmod(folder, 0o700)
    return folder


def best_cutter(words: Sequence[str] = ()) -> Cutter:
    """rjieba where it is installed, else jieba; the same tokens."""
    if importlib.util.find_spec("rjieba") is not None:
        return RjiebaCutter(words)
    return JiebaCutter(words)
