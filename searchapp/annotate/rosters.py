"""Who holds an office in a table or roster, where the name stands before it without a verb?

"甲 示例县副县长 乙 例举县县长", and with the line breaks lost "甲 示例县副县长乙 例举县县长丙 ……": there the
name after an office is that of the next row. Offsets are code points into the text given.
"""

from __future__ import annotations

from searchapp.annotate.chains import Chain, Holding, holder_before, is_former, public_phrases
from searchapp.annotate.names import Name, name_tables, read_name
from searchapp.annotate.office_tables import office_tables

SPACES = " \u3000\xa0"


def row_of(text: str, chain: Chain) -> list[Holding]:
    """The holder named in the row of `chain`; empty when `text` has no rows there."""
    if text[chain.outer - 1 : chain.outer] not in SPACES or chain.outer == 0:
        return []
    after = read_name(text, chain.end)
    if after is not None and text[after.end : after.end + 1] not in (*SPACES, "\n"):
        return []
    phrases = public_phrases(text, chain)
    end = len(text[: chain.outer].rstrip(SPACES))
    name = name_ending_at(text, end)
    if after is None or name is None or not phrases:
        return []
    return [Holding(name, phrases, is_former(text, chain), name.start)]


def name_ending_at(text: str, end: int) -> Name | None:
    """The name that ends at `end`, of three characters rather than two or four."""
    for width in (3, 2, 4):
        word = text[max(end - width, 0) : end]
        if len(word) == width and is_whole_name(word):
            return Name(end - width, end, word)
    return None


def titled_before(text: str, at: int) -> Name | None:
    """The name before such a title that ends at `at` (习近平总书记|任示例省委书记时)."""
    titles = (title for title in ("总书记", "总理", "委员长") if text.endswith(title, 0, at))
    return next((holder_before(text, at - len(title), title) for title in titles), None)


def is_whole_name(word: str) -> bool:
    """Whether the whole of `word` reads as one name."""
    tables = name_tables()
    if office_tables().rank.search(word) or word in tables.word_names:
        return False
    if len(word) == 4 and word[:2] not in tables.double:
        return False
    everyday = word[0] in tables.everyday
    if (everyday or len(word) == 2) and not tables.given.issuperset(word[1:]):
        return False
    if everyday and len(word) == 2:
        return False
    name = read_name(word, 0, skip=False)
    return name is not None and name.end == len(word)
