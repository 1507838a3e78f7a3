"""Where do the words of a table stand in a text?

    words = Words(["横峰", "横峰县"])
    words.longest("在横峰县的横峰")  # [(1, 4, 1), (5, 7, 0)]

In C, where it could be compiled when searchapp was installed, else by pyahocorasick; both give the same.
"""

from __future__ import annotations

__all__ = ["COMPILED", "Occurrence", "Words"]

from searchapp.scanning.occurrence import Occurrence

try:
    from searchapp.scanning.in_c import Words
except ImportError:
    from searchapp.scanning.by_automaton import Words  # type: ignore[assignment]

    COMPILED = False
else:
    COMPILED = True
