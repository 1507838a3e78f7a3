"""Where do names that are known already stand in a text?

The answer is that of a regular expression of all names, the longest first; but to compile one for
each article takes longer than to read the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from searchapp.annotate.names import Name

WIDE_SPACE = "\u3000"
# To how many wide spaces a name of two characters is set to the width of three (赵　明).
MOST_SPACES = 2


def occurrences(text: str, names: Iterable[str], *, widened: bool = False) -> Iterator[Name]:
    """The places of `names` in `text`: leftmost, then longest, none over another.

    `widened`: those of two characters also with wide spaces inside.
    """
    forms = {name: name for name in names}
    if widened and WIDE_SPACE in text:
        forms |= {form: name for name in forms if len(name) == 2 for form in _widened(name)}
    end = 0
    for start, minus_chars, form in sorted(_every_place(text, forms)):
        if start >= end:
            end = start - minus_chars
            yield Name(start, end, forms[form])


def _widened(name: str) -> Iterator[str]:
    return ((WIDE_SPACE * spaces).join(name) for spaces in range(1, MOST_SPACES + 1))


def _every_place(text: str, forms: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    for form in forms:
        at = text.find(form)
        while at >= 0:
            yield at, -len(form), form
            at = text.find(form, at + 1)
