"""Which strings stand for a division: the full name, the short name, and the forms in between.

耿马傣族佤族自治县 is written 耿马, 耿马县 and 耿马自治县; 延边朝鲜族自治州 is 延边, 延边州 and
延边自治州; 广西壮族自治区 is 广西 and 广西自治区.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from searchapp.gazetteer.division import Division, NameKind, Proof

BETWEEN = (
    ("自治县", ("县", "自治县")),
    ("自治旗", ("旗", "自治旗")),
    ("自治州", ("州", "自治州")),
    ("自治区", ("自治区",)),
)


def forms(division: Division) -> Iterator[tuple[str, NameKind]]:
    """The written forms of `division` that follow from its name and short name."""
    yield division.name, "full"
    if not division.short:
        return
    yield division.short, "short"
    for ending, suffixes in BETWEEN:
        if division.name.endswith(ending):
            for suffix in suffixes:
                if division.short + suffix != division.name:
                    yield division.short + suffix, "full"


def proof_by_kind(senses: Mapping[str, NameKind]) -> Proof:
    """What a name must show to count, by what it stands for (code -> kind).

    Full names, and short names of provinces and cities, are nearly always the place. Two
    characters of a county name are often something else (资源, 合作, 高峰), former ones (红星 for
    what is now 丰林县) nearly always.
    """
    if any(kind in ("full", "former") for kind in senses.values()):
        return "none"
    if "former_short" in senses.values():
        return "direct"
    return "article" if all(len(code) == 6 for code in senses) else "none"


def short_of(name: str) -> str:
    """A former name without its suffix, "" when one character would be left (耀县)."""
    for ending in ("地区", "特区", "县", "区", "市", "旗"):
        if name.endswith(ending):
            stem = name[: -len(ending)]
            return stem if len(stem) > 1 else ""
    return ""
