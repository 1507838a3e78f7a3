"""Marks and passages of a text in one call of `snippets.c`.

Importing this raises ImportError where it was not compiled, or was compiled from another version of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import searchapp.snippets._snippets as _snippets
from searchapp.analysis.normalise import fold_table
from searchapp.results import Mark, Snippet
from searchapp.snippets import in_python
from searchapp.snippets.marks import LATIN_END

VERSION = 1
if _snippets.VERSION != VERSION:
    raise ImportError(f"the compiled snippets are version {_snippets.VERSION}, not {VERSION}: install again")

# The strings of a passage are the bits of one word; questions with more are rare.
MOST_STRINGS = 64
_LETTERS = bytes(chr(code).isalnum() for code in range(LATIN_END))


def find_marks(text: str, lit: Sequence[str], *, whole: Collection[str] = ()) -> tuple[Mark, ...]:
    """See `in_python.find_marks`."""
    if len(lit) > MOST_STRINGS:
        return in_python.find_marks(text, lit, whole=whole)
    return _snippets.marks(fold_table(), _LETTERS, text, lit, whole)


def passages(
    text: str, lit: Sequence[str], whole: Collection[str], most: int, chars: int
) -> tuple[Snippet, ...]:
    """See `in_python.passages`."""
    if len(lit) > MOST_STRINGS or chars < 1:
        return in_python.passages(text, lit, whole, most, chars)
    found = _snippets.passages(fold_table(), _LETTERS, text, lit, whole, most, chars)
    return tuple([Snippet(*shown) for shown in found])
