"""Traditional text is read in simplified characters, so that one person has one name.

Only text that is traditional as a whole is turned: in simplified text a lone 乾 or 昇 belongs to a
name and stays. One character becomes one character, so every offset holds (law 2).
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from searchapp.analysis.normalise import Codes, codes_of, fold_table, han_table, text_of

# Share of the Han characters that simplifying must change: about a third in traditional text, and
# far below one in a hundred in simplified.
TRADITIONAL_SHARE = 0.05
# A short text with one rare form, repeated, is not traditional.
FEWEST_FORMS = 3


def in_simplified(text: str) -> str:
    """`text` with its Han characters simplified if it is traditional, else `text` itself."""
    if text.isascii():
        return text
    codes = codes_of(text)
    differ = _traditional().take(codes)
    changed = int(np.count_nonzero(differ))
    if changed < FEWEST_FORMS or changed <= TRADITIONAL_SHARE * int(np.count_nonzero(han_table()[codes])):
        return text
    return text_of(_simplified()[codes]) if len(np.unique(codes[differ])) >= FEWEST_FORMS else text


@functools.cache
def _traditional() -> npt.NDArray[np.bool_]:
    """`table[code point]` is True for the Han characters that simplifying changes."""
    return np.not_equal(_simplified(), np.arange(len(fold_table()), dtype=np.uint32))


@functools.cache
def _simplified() -> Codes:
    """`table[code point]` is the simplified form of a Han character, any other character itself."""
    every = np.arange(len(fold_table()), dtype=np.uint32)
    return np.where(han_table(), fold_table(), every)
