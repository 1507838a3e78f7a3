"""HTML that comes in becomes text, text that goes out becomes HTML: what may a reader's browser see?

Text is cleaned once, at the door (`clean_text`), and escaped every time it leaves (`mark_html`).
Neither leans on the other: a stored text that looks like HTML is still shown as text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from searchapp.results import Mark

# Element names of the HTML Living Standard and of the older pages that newspapers keep
# (https://html.spec.whatwg.org/multipage/indices.html, sections 15 and 16, read 2026-11).
DROPPED = "script style iframe noembed noframes noscript template svg math canvas"
BLOCKS = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html legend li link main "
    "menu meta nav ol optgroup option p plaintext pre search section select summary table tbody textarea "
    "tfoot thead title tr ul xmp"
)
CELLS = "td th"
INLINE = (
    "a abbr acronym applet area audio b base basefont bdi bdo big blink button cite code col colgroup data "
    "datalist del dfn em embed font i img input ins kbd label map mark marquee meter nobr object output "
    "param picture progress q rp rt ruby s samp slot small source span strike strong sub sup time track tt "
    "u var video wbr"
)
# Elements that make a page of a text although nothing closes them.
UNPAIRED = "br hr img p div li table tr td input embed meta link"
BARE_ATTRIBUTES = (
    "allowfullscreen async autofocus autoplay checked compact controls declare default defer disabled "
    "download hidden inert ismap itemscope loop multiple muted nohref noresize noshade novalidate nowrap "
    "open readonly required reversed selected"
)


def _any_of(names: str) -> str:
    return "(?:" + "|".join(sorted(names.split(), key=len, reverse=True)) + ")"


# An attribute needs a value or a known name: `a<b and c>d` is arithmetic, not an element.
# Quantifiers are possessive, so that no hostile text makes the match take exponential time.
_VALUE = r"""\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++)"""
_ATTRIBUTES = rf"(?:[\s/]++(?:[a-z_:@][-\w:.@]*+{_VALUE}|{_any_of(BARE_ATTRIBUTES)}(?![-\w:.=])))*+[\s/]*+"
_NAME = _any_of(" ".join((DROPPED, BLOCKS, CELLS, INLINE)))
_FLAGS = re.IGNORECASE
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{_NAME})(?P<rest>{_ATTRIBUTES})>", _FLAGS)
_HTML_SIGN = re.compile(rf"</{_NAME}\s*>|<{_any_of(UNPAIRED)}{_ATTRIBUTES}>|<!doctype html|<!--", _FLAGS)
_DECLARATION = re.compile(r"<!doctype[^>]*>|<\?xml[^>]*>|<!\[CDATA\[|\]\]>", _FLAGS)
_DROPPED = re.compile(rf"<(?P<name>{_any_of(DROPPED)}){_ATTRIBUTES}>", _FLAGS)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", _FLAGS)
_LINE_BREAKS = re.compile(r"[^\S\n]*\n\s*")
_BLOCK_NAMES = frozenset(BLOCKS.split())
_CELL_NAMES = frozenset(CELLS.split())


def clean_text(text: str) -> str:
    """`text` as a reader sees it: tags gone, entities decoded, blocks as lines.

    Text that is not HTML keeps every character, `a<b`, `<中国>` and `R&D` included; only complete
    entities (`&nbsp;`) are decoded in it. A text is HTML when it closes an element that HTML knows,
    or holds one that needs no closing (`<br>`, `<p>`, `<img …>`). In HTML the content of scripts,
    styles and frames goes with them; blank lines and the indents of lines go too.
    The result is text, NOT safe HTML: escape it on the way out (`mark_html`).
    """
    if "<" in text and _HTML_SIGN.search(text):
        return _html_to_text(text)
    return _decode_entities(text)


def mark_html(text: str, marks: Iterable[Mark]) -> str:
    """`text` escaped (quotes too) with `<mark>…</mark>` around `marks`, and no other element.

    `marks` are sorted, disjoint code-point ranges of `text`, as `snippets` makes them.
    """
    # Hardly any text holds something to escape, so it is looked for once, not in each piece.
    escape = _as_it_is if html.escape(text) == text else html.escape
    pieces: list[str] = []
    done = 0
    for start, end in marks:
        pieces += (escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>")
        done = end
    pieces.append(escape(text[done:]))
    return "".join(pieces)


def _as_it_is(text: str) -> str:
    return text


def _html_to_text(text: str) -> str:
    text = _without_comments(_without_dropped(_DECLARATION.sub("", text)))
    # bleach takes whatever stands in < > for a tag, so what is none is escaped before it looks.
    pieces: list[str] = []
    done = 0
    for tag in _TAG.finditer(text):
        pieces += (text[done : tag.start()].replace("<", "&lt;"), _instead_of(tag))
        done = tag.end()
    pieces.append(text[done:].replace("<", "&lt;"))
    import bleach  # late: it takes as long to load as a search takes, and pages that go out need it not

    bare = bleach.clean("".join(pieces), tags=set(), attributes={}, strip=True, strip_comments=True)
    return _LINE_BREAKS.sub("\n", _decode_entities(bare)).strip()


def _instead_of(tag: re.Match[str]) -> str:
    """What a tag leaves behind: a line break, a space, or itself for bleach to take away."""
    name = tag["name"].lower()
    if name in _BLOCK_NAMES:
        return "\n"
    if name in _CELL_NAMES:
        return "" if tag["close"] else " "
    return f"<{tag['close']}{name}>"


def _without_dropped(text: str) -> str:
    """`text` without scripts, styles and frames; one that is never closed loses only its tag."""
    pieces: list[str] = []
    done = 0
    never_closed: set[str] = set()
    while opening := _DROPPED.search(text, done):
        pieces.append(text[done : opening.start()])
        done = opening.end()
        name = opening["name"].lower()
        if name in never_closed:
            continue
        closing = re.compile(rf"</{name}(?![-\w])[^>]*+>", _FLAGS).search(text, done)
        if closing:
            done = closing.end()
        else:
            never_closed.add(name)
    pieces.append(text[done:])
    return "".join(pieces)


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    done = 0
    while (start := text.find("<!--", done)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            break
        pieces.append(text[done:start])
        done = end + 3
    pieces.append(text[done:])
    return "".join(pieces)


def _decode_entities(text: str) -> str:
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
