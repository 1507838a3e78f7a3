"""What do the desk's addresses ask for? Read as strictly as those of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from searchapp.desk.profiles import is_code
from searchapp.query import And, Collection, Everything, Phrase, Query
from searchapp.web.params import to_query
from searchapp.web.searching import Searching
from searchapp.web.values import Args, read_choice, read_county, read_text, read_values, refused

BoilerplateMode = Literal["dim", "show", "hide"]
MOST_OFFERS = 20
MOST_PHRASE_CHARS = 60
WHO_HINT = "可写县区名、行政区划代码，或 姓名@行政区划代码"


@dataclass(frozen=True, slots=True)
class CompareAsk:
    """`typed` is what the form is filled with again, `who` the codes and ids that it means;
    `asked` the question as typed, `query` the same with the theme in it."""

    typed: tuple[str, ...]
    who: tuple[str, ...]
    asked: Query
    query: Query
    theme: str
    boilerplate: BoilerplateMode


def read_comparison(searcher: Searching, args: Args) -> CompareAsk:
    """The comparison that `args` ask for; `who` may be empty (the form alone). Raises QueryError."""
    typed = read_values(args, "who", str.strip)
    asked = to_query(args, "statements")
    theme = read_text(args, "theme").strip()
    query = asked
    if theme:
        phrase = Phrase(theme)
        whole = phrase if isinstance(asked.clause, Everything) else And((asked.clause, phrase))
        query = replace(asked, q=f"{asked.q} “{theme}”".strip(), clause=whole)
    who = tuple(dict.fromkeys(meant(searcher, name) for name in typed if name))
    mode = read_choice(args, "boilerplate", get_args(BoilerplateMode), "dim")
    return CompareAsk(typed, who, asked, query, theme, mode)


def meant(searcher: Searching, name: str) -> str:
    """The code or official id that a typed name stands for. Raises QueryError when it is nobody's
    or several people's."""
    if is_code(name):
        return read_county(name)
    if "@" in name.strip("@"):
        return name
    offers = [
        offer
        for offer in searcher.complete(name, MOST_OFFERS)
        if offer.kind in ("county", "official") and offer.value and name in (offer.text, offer.label)
    ]
    values = list(dict.fromkeys(offer.value for offer in offers))
    if not values:
        raise refused("who", f"不认识“{name[:40]}”", WHO_HINT)
    if len(values) > 1:
        raise refused("who", f"“{name[:40]}”不止一个", "请写明：" + "、".join(values[:8]))
    return values[0]


def read_tracking(args: Args) -> tuple[str, Collection, Query]:
    """The words to track, where (`in`), and the filters. Raises QueryError."""
    words = read_text(args, "q").strip()
    if len(words) > MOST_PHRASE_CHARS:
        raise refused("q", f"太长：最多 {MOST_PHRASE_CHARS} 个字")
    collections: tuple[Collection, ...] = ("statements", "articles")
    collection = read_choice(args, "in", collections, "statements")
    rest: dict[str, Sequence[str]] = {name: values for name, values in args.items() if name != "q"}
    return words, collection, to_query(rest, collection)
