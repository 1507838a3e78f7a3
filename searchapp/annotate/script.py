"""Traditional text is read in simplified characters, so that one person has one name.

Only text that is traditional as a whole is turned: in simplified text a lone 乾 or 昇 belongs to a
name and stays. One character becomes one character, so every offset holds (law 2).
"""

from __future__ import annotations

import numpy as np

from searchapp.analysis.normalise import codes_of, fold_table, han_table, text_of

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
    han = han_table()[codes]
    folded = np.where(han, fold_table()[codes], codes)
    changed = codes[folded != codes]
    if len(changed) <= TRADITIONAL_SHARE * int(np.count_nonzero(han)):
        return text
    return text_of(folded) if len(np.unique(changed)) >= FEWEST_FORMS else text
