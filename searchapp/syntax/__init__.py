"""Query text -> clauses, and back: what was asked, in words the reader can check?

The language (the same for every engine; `tests/cases/syntax.jsonl` holds an example of each line):

- ``甲 乙``, ``甲 AND 乙``, ``甲 & 乙``: And. What the words of the top level must do is `Query.match`.
- ``甲 或 乙``, ``甲 OR 乙``, ``甲 | 乙``: Or. It binds more loosely than white space:
  ``甲 乙 或 丙`` is ``(甲 乙) 或 丙``.
- ``-甲``, ``非 甲``, ``NOT 甲``: Not. ``(甲 或 乙) 丙``: a group.
- ``"甲乙"``, ``“甲乙”``, ``「甲乙」``, ``『甲乙』``: an exact run. ``"甲 乙"~8``: Near, the runs stand at
  most 8 characters apart, in any order. ``甲~``: Fuzzy. ``甲*``: Prefix.
- ``标题:`` ``正文:`` (``title:`` ``text:``) before a word, phrase or group: where it must stand.
- ``县:`` ``官员:`` ``来源:`` (``county:`` ``official:`` ``source:``): InFacet.
- ``日期:2022-12..2023-03`` (``date:``): InDates of days, months or years; an open side is left empty.
- A backslash makes a character of the sign, white space or operator word after it.

What decides between a sign and a character of a word, so that pasted headlines stay whole:

- Signs are read from the normalised text, so full-width and Chinese forms equal the plain ones.
- 或, 非, AND, OR, NOT are signs only as words of their own (非洲 and 或者 are words, so is "or").
- ``-`` excludes only at the start of a word (COVID-19 is one word); a dash (——) never does.
- ``|`` and ``&`` are signs except inside a word (AT&T, 时评｜某县).
- A pair of quotes is a phrase when it stands free; a pair that touches a word belongs to the word
  (务“虚”更求“实”, “十四五”规划), and white space inside such a pair does not end the word.
  A mark without a partner is a character inside a word (为王”的理念), and refused at its ends.
- A parenthesis inside a word belongs to it when its pair holds no white space (国发（2023）1号);
  otherwise it opens a group.
- ``:`` ends a field name only when the word before it is one (新华社：某县 is a word).
- ``*`` and ``~`` count at the end of a word; ``9日~10日`` is a word, ``*`` elsewhere is refused.
- A word of punctuation only (。) is found as an exact run, like any other.
- Characters that cannot be seen (zero-width, control) are ignored, as `squeeze` does.
"""

from searchapp.syntax.parser import MAX_DEPTH, MAX_QUERY_CHARS, MAX_TERMS, parse
from searchapp.syntax.render import render

__all__ = ["MAX_DEPTH", "MAX_QUERY_CHARS", "MAX_TERMS", "parse", "render"]
