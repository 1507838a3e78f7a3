"""Where does a personal name end? Reads Chinese names beside a title.

A name after a title ("县委书记潘琍主持会议") has no mark at its end. Three things tell it: the
surname table, what follows ("主持" ends a name, "持会" does not), and how often the shorter and
the longer reading stand in the same text. The tables are in `names.toml`.

Offsets are code points into the text given; a name's `text` is without inner white space.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from searchapp.annotate.word_lists import Beginnings, FirstTold

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
DOT = "·•・‧．∙●"
SPACES = r"[ \u3000\xa0]"


class Name(NamedTuple):
    """`source[start:end]` is the name as it stands, `text` the name without white space."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class NameTables:
    """The word lists of names.toml, compiled."""

    surnames: frozenset[str]
    everyday: frozenset[str]
    double: frozenset[str]
    given: frozenset[str]
    weak: frozenset[str]
    sure: frozenset[str]
    word_names: frozenset[str]
    adverbs: frozenset[str]
    followers: Beginnings
    not_names: Beginnings
    dotted: re.Pattern[str]
    minority: FirstTold
    minority_endings: frozenset[str]
    spaced: re.Pattern[str]


def one_of(words: list[str]) -> str:
    """A regular expression for any of `words`, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def one_of_fast(words: list[str], not_after: dict[str, str] | None = None) -> str:
    """The same, to be looked for in a whole text: grouped by the first character.

    An expression of which every branch begins with a character is searched for by a set of these, 20
    times as fast as one that tries every word everywhere; nothing may stand before it. `not_after`
    says behind which characters (of a class) words of that first character do not count.
    """
    groups: dict[str, list[str]] = {}
    for word in set(words):
        groups.setdefault(word[0], []).append(word[1:])
    guards = {first: f"(?<![{chars}]{first})" for first, chars in (not_after or {}).items()}
    return "|".join(f"{first}{guards.get(first, '')}(?:{one_of(rest)})" for first, rest in groups.items())


@cache
def name_tables() -> NameTables:
    """The tables, read once a process."""
    raw = tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))
    lists: dict[str, list[str]] = {key: value.split() for key, value in raw.items()}
    surnames = frozenset("".join(lists["surnames"]))
    return NameTables(
        surnames=surnames,
        everyday=frozenset("".join(lists["everyday_surnames"])),
        double=frozenset(lists["double_surnames"]),
        given=frozenset("".join(lists["given"])),
        weak=frozenset(raw["weak_followers"]),
        sure=frozenset(raw["sure_followers"]),
        word_names=frozenset(lists["word_names"]),
        adverbs=frozenset(lists["adverbs"]),
        followers=Beginnings(lists["followers"]),
        not_names=Beginnings(lists["not_names"]),
        dotted=re.compile(f"[{HAN}]{{1,8}}(?:[{DOT}][{HAN}]{{1,8}}){{1,3}}"),
        minority=FirstTold(
            f"({one_of(lists['minority_beginnings'])})[{HAN}]{{0,5}}",
            {word[0] for word in lists["minority_beginnings"]},
        ),
        minority_endings=frozenset(lists["minority_endings"]),
        spaced=re.compile(f"([{''.join(sorted(surnames))}]){SPACES}{{1,2}}([{HAN}])"),
    )


_HAN = re.compile(f"[{HAN}]")
_MARKS = frozenset("，。、：；！？“”（）《》 \u3000\n,.:;!?()0123456789")
FIRST_ROW_OF_LEVEL_2 = 0xD8
_SKIP = re.compile(f"{SPACES}{{0,3}}(?:[（(][^（）()]{{1,12}}[）)])?{SPACES}{{0,2}}")
_SKIPPED = frozenset(" \u3000\xa0（(")
# Masked persons: 祝某, 王某某, 李XX, 张×.
_MASKED = FirstTold(r"[某×]|[Xx*]{1,2}", "某×Xx*")
# A surname and how one speaks to its bearer: 刘先生, 陈阿姨, 戎主任.
_ADDRESS = re.compile(
    "副?(?:主任|书记|局长|处长|科长|县长|市长|区长|镇长|院长|部长|所长|校长)"
    "|先生|女士|小姐|太太|阿姨|师傅|大爷|大妈|大姐|大哥|大叔|警官|老师|奶奶|爷爷"
)


def is_boundary(text: str, at: int) -> bool:
    """Whether no Han character stands at `at`."""
    if at >= len(text):
        return True
    char = text[at]
    # Most of Han stands there.
    return not ("一" <= char <= "鿿" or (char not in _MARKS and _HAN.match(char)))


def read_name(text: str, at: int, *, skip: bool = True) -> Name | None:
    """The name that begins at `at` (after white space and one short bracket), or None."""
    tables = name_tables()
    if skip and text[at : at + 1] in _SKIPPED:
        found = _SKIP.match(text, at)
        at = found.end() if found else at
    if at >= len(text):
        return None
    return _dotted(text, at, tables) or _spaced(text, at, tables) or _plain(text, at, tables)


def _dotted(text: str, at: int, tables: NameTables) -> Name | None:
    found = tables.dotted.match(text, at)
    if not found or any(len(tables.followers.at(text, at + width)) > 1 for width in (2, 3)):
        return None  # 杲云|分别前往众安·美丰大楼
    last = max(found.group().rfind(dot) for dot in DOT) + at + 1
    end = found.end()
    # The last part of 买买提·阿不都拉说 ends where a follower begins.
    for cut in range(last + 1, end):
        if len(tables.followers.at(text, cut)) > 1 or text[cut] in _AFTER_DOTTED:
            end = cut
            break
    return Name(at, end, text[at:end])


def _spaced(text: str, at: int, tables: NameTables) -> Name | None:
    found = tables.spaced.match(text, at)
    if not found or not _ending(text, found.end(), tables):
        return None
    return Name(at, found.end(), found.group(1) + found.group(2))


def _plain(text: str, at: int, tables: NameTables) -> Name | None:
    width = 2 if text[at : at + 2] in tables.double and not is_boundary(text, at + 2) else 1
    if width == 1 and text[at] not in tables.surnames:
        return _minority(text, at, tables)
    if width == 1 and (is_boundary(text, at + 1) or _is_word(text, at, tables)):
        return _minority(text, at, tables)
    if _MASKED.match(text, at + width) or _ADDRESS.match(text, at + width):
        return None
    return _minority(text, at, tables) or _choose(text, at, width, tables)


def _is_word(text: str, at: int, tables: NameTables) -> bool:
    """Whether a word that is no name begins at `at` (高度重视); 方向东出席 is a name all the same, and
    so is the whole word between title and comma (统战部部长国庆，)."""
    word = tables.not_names.at(text, at)
    if not word:
        return False
    after = _AFTER_WORD_NAME.match(text, at + len(word))
    how = after and len(after.group()) > 1 and word in tables.adverbs
    if word in tables.word_names and after and not how:
        return False
    third = text[at + 2 : at + 3]
    longer = len(word) == 2 and third in tables.given and third not in _OFFICE_ENDS
    return not (longer and _ending(text, at + 3, tables) >= 2 and _ending(text, at + 2, tables) < 1)


def _minority(text: str, at: int, tables: NameTables) -> Name | None:
    """Names of several syllables without a surname (洛桑江村, 巴特尔): must end clearly."""
    found = tables.minority.match(text, at)
    if not found:
        return None
    for end in range(at + len(found.group(1)), min(found.end(), at + 7) + 1):
        said = text[end : end + 1] in ("说", "称") and is_boundary(text, end + 1)
        if said or is_boundary(text, end) or tables.followers.at(text, end) or text[end] in _AFTER_MINORITY:
            return Name(at, end, text[at:end])
    return None


def _choose(text: str, at: int, width: int, tables: NameTables) -> Name | None:
    """Between surname + one and surname + two characters; what else is an everyday word needs
    characters of given names or a clear end."""
    name = _chosen(text, at, width, tables)
    if name is None or text[at] not in tables.everyday or _ending(text, name.end, tables) >= 2:
        return name
    return name if tables.given.issuperset(text[at + 1 : name.end]) else None


def _chosen(text: str, at: int, width: int, tables: NameTables) -> Name | None:
    short, long = at + width + 1, at + width + 2
    last = text[long - 1 : long + 1] in tables.minority_endings
    if last and (_ending(text, long + 1, tables) or text.count(text[at : long + 1]) > 1):
        return _made(text, at, long + 1)
    if not _may_be_given(text[at + width]) and not _has_joiner_inside(text, at, short, long, tables):
        return None
    if is_boundary(text, short):
        return _made(text, at, short)
    ends_short, ends_long = _ending(text, short, tables), _ending(text, long, tables)
    may_long = _may_be_given(text[short], last=True) and not _MASKED.match(text, long)
    if _MASKED.match(text, short):
        return None
    if not may_long:
        return _made(text, at, short) if ends_short or text[at] not in tables.everyday else None
    if text[at] in tables.everyday and not (ends_short or ends_long):
        return None
    if ends_short and text.count(text[at:long]) < text.count(text[at:short]):
        return _made(text, at, short)
    if ends_short >= 2 and (ends_long < 3 or tables.followers.at(text, short).endswith("“")):
        return _made(text, at, short)
    if _BEFORE_SIGN.match(text, short):
        return _made(text, at, short)
    if ends_long >= 2:
        return _made(text, at, long)
    return _made(text, at, short if _short_is_likelier(text, at, short, long, ends_short, tables) else long)


def _has_joiner_inside(text: str, at: int, short: int, long: int, tables: NameTables) -> bool:
    """Whether 在 stands inside the name (徐在军): it ends clearly, or the text has it again."""
    if text[short - 1] != "在" or text[at] in tables.everyday or text[short:long] not in tables.given:
        return False
    return _ending(text, long, tables) >= 2 or text.count(text[at:long]) > 1


def _short_is_likelier(
    text: str, at: int, short: int, long: int, ends_short: int, tables: NameTables
) -> bool:
    """The open case: the text's other mentions decide, then the character tables."""
    two, three = text[at:short], text[at:long]
    if text.count(three) < text.count(two):
        return _ends_somewhere(text, two, tables)  # 方永海 and 方永明 are brothers
    if text.count(three) > 1 and not ends_short:
        return False  # 杨永久书记，……。杨永久表示: he is never called 杨永
    if text.count(three) >= ALWAYS_SO and three[-1] not in _SAYS:
        return False  # 孟宪有于……，孟宪有因……，被孟宪有……
    if not _is_common(text[short]):
        return False  # 周明鋆: no word begins so
    return ends_short >= 1 or text[short] not in tables.given


def _ends_somewhere(text: str, name: str, tables: NameTables) -> bool:
    """Whether a clear end or a title follows `name` anywhere in the text."""
    ends = (found.end() for found in re.finditer(re.escape(name), text))
    return any(_ending(text, at, tables) or _ADDRESS.match(text, at) for at in ends)


def _is_common(char: str) -> bool:
    """Whether `char` is one of the 3,755 characters of level 1 of GB/T 2312."""
    try:
        return char.encode("gb2312")[0] < FIRST_ROW_OF_LEVEL_2
    except UnicodeEncodeError:
        return False


def _ending(text: str, at: int, tables: NameTables) -> int:
    """How surely a name ends before `at`: 3 no Han follows, 2 a follower, 1 perhaps, 0 no sign."""
    if is_boundary(text, at):
        return 3
    if text[at] in _JOINERS and (is_boundary(text, at + 1) or tables.followers.at(text, at + 1)):
        # 王建和参加: the joiner joins nothing, so it is part of the name.
        return 1
    if text.startswith(("发表示", "发出席"), at):
        return 0  # 李武发|表示
    if tables.followers.at(text, at) or text[at] in tables.sure:
        return 2
    return 1 if text[at] in tables.weak else 0


# Characters that no given name has; those that end none.
_NEVER_GIVEN = frozenset(
    "的了是吗呢吧啊呀们这那你我他她它您被把让给但却就很更最不在对将已曾又并且或说称问讲个位项次件条每某哪此则虽与及由都还没等"
)
_NEVER_LAST = _NEVER_GIVEN - frozenset("与及都让")
_SAYS = "说称"
# How often a name stands with the same character behind it to be taken for one with it.
ALWAYS_SO = 3
_OFFICE_ENDS = "长员会部局委办"  # 任组长 is no name
_AFTER_WORD_NAME = re.compile("[，、,]|表示|介绍|出席|主持|带队|率队|告诉|致辞|说[：，]")
# Before a comma these end no name: 王建和，周开让。
_JOINERS = "和与及让把被给"
# These stand in no name of several syllables (都 does: 阿不都拉).
_AFTER_MINORITY = "对向率与"
_AFTER_DOTTED = "说等的是称和与及已将曾还也在到赴率向对"


# 方永|和与会民警, 方永|为A座: what joins the name to the next word, which no given name begins.
_BEFORE_SIGN = re.compile("和与会|[作为在对向以从于将把给用就][A-Za-z0-9《“]")


def _may_be_given(char: str, *, last: bool = False) -> bool:
    return bool(_HAN.match(char)) and char not in (_NEVER_LAST if last else _NEVER_GIVEN)


def _made(text: str, start: int, end: int) -> Name:
    return Name(start, end, text[start:end])
