"""One record as read -> Article: does it hold what an article needs, in the right form?"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from searchapp.article import Article
from searchapp.corpus.dates import DateNotRead, read_date
from searchapp.markup import clean_text

LONGEST_RECORD_BYTES = 64 << 20
LONGEST_ID_CHARS = 512
DEEPEST_EXTRA_LEVELS = 32

Report = Callable[[int, str, str], None]
"""Called with the line (from 1), the reason and the raw record."""

# C0 controls but tab and line feed, DEL, and lone surrogates: no text of a person holds them.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TO_REPAIR = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_WHITE_SPACE = re.compile(r"\s*[\n\t]\s*")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)
_BETWEEN_AUTHORS = re.compile(r"\s*[、，,;；|\n]\s*")
_KNOWN = frozenset(("id", "title", "text", "date", "source", "url", "authors"))


@dataclass(frozen=True, slots=True)
class Record:
    """What one place of a file holds. `line` is where it begins, from 1; `raw` as it stands there.

    `is_text` says that the fields are text already, so that what looks like HTML in them is meant.
    """

    line: int
    raw: str
    fields: Mapping[str, Any]
    is_text: bool = False


class Unusable(ValueError):
    """A record of which no article can be made; its text is the reason."""


def article_of(record: Record) -> Article:
    """The article of `record`, its texts cleaned. Raises `Unusable`."""
    fields = record.fields
    clean = repaired if record.is_text else _cleaned
    text = _text(fields, clean)
    title = _one_line(clean(_string(fields, "title")))
    extra = _extra(fields)
    date = _date(fields, extra)
    url = _url(fields, extra)
    return Article(
        id=_id(fields) or _stable_id(url, title, date, text),
        title=title,
        text=text,
        date=date,
        source=_one_line(clean(_string(fields, "source"))),
        url=url,
        authors=_authors(fields, clean),
        extra=extra,
    )


def content_hash(article: Article) -> bytes:
    """16 bytes over the fields of `article` as read; annotations are left out."""
    extra = json.dumps(article.extra, ensure_ascii=False, sort_keys=True) if article.extra else ""
    parts = (article.id, article.title, article.text, article.date, article.source, article.url, extra)
    digest = hashlib.blake2b(digest_size=16)
    for part in (*parts, *article.authors):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.digest()


def repaired(text: str) -> str:
    """`text` with \\n as its only line end and U+FFFD for what is no character.

    Two surrogates that make one character are joined.
    """
    if not _TO_REPAIR.search(text):
        return text
    text = _LINE_END.sub("\n", text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _NO_TEXT.sub("\ufffd", text)


def _cleaned(text: str) -> str:
    sound = repaired(text)
    bare = clean_text(sound)
    # Only an entity or a tag can bring in what was not there before.
    return sound if bare is sound else repaired(bare)


def _one_line(text: str) -> str:
    return _WHITE_SPACE.sub(" ", text).strip()


def _kind(value: object) -> str:
    """What a JSON value is, in a sentence."""
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), f"a {type(value).__name__}")


def _string(fields: Mapping[str, Any], name: str) -> str:
    """A field that is a string or, when it was not quoted, a number; "" when it is missing."""
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise Unusable(f"{name} must be a string, not {_kind(value)}")


def _text(fields: Mapping[str, Any], clean: Callable[[str], str]) -> str:
    value = fields.get("text")
    if value is None:
        raise Unusable("text is missing")
    if not isinstance(value, str):
        raise Unusable(f"text must be a string, not {_kind(value)}")
    text = clean(value)
    if not text.strip():
        raise Unusable("text is empty" if not value.strip() else "text is empty once its HTML is taken away")
    return text


def _id(fields: Mapping[str, Any]) -> str:
    article_id = _string(fields, "id").strip()
    if len(article_id) > LONGEST_ID_CHARS:
        raise Unusable(f"id is longer than {LONGEST_ID_CHARS} characters")
    if _TO_REPAIR.search(article_id) or "\n" in article_id or "\t" in article_id:
        raise Unusable("id holds control characters")
    return article_id


def _stable_id(url: str, title: str, date: str, text: str) -> str:
    """An id that the same article has in every run, and that says what it was made from."""
    if url:
        return f"url-{_fingerprint(url)}"
    return f"text-{_fingerprint(title, date, text)}"


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _date(fields: Mapping[str, Any], extra: dict[str, Any]) -> str:
    """The ISO date; one that names no single day is kept as written under extra."""
    value = fields.get("date")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = _string({"date": value}, "date")
    try:
        day = read_date(written)
    except DateNotRead as error:
        raise Unusable(repaired(str(error))) from None
    if not day.exact:
        extra["date"] = repaired(written).strip()
    return day.iso


def _url(fields: Mapping[str, Any], extra: dict[str, Any]) -> str:
    """The address when a browser may be sent there; anything else is kept under extra, no link."""
    value = fields.get("url")
    if value is None:
        return ""
    if isinstance(value, str):
        address = value.strip()
        if not address or _WEB_ADDRESS.fullmatch(address) and not _NO_TEXT.search(address):
            return address
    extra["url"] = _plain(value)
    return ""


def _authors(fields: Mapping[str, Any], clean: Callable[[str], str]) -> tuple[str, ...]:
    value = fields.get("authors")
    names = value if isinstance(value, list) else _BETWEEN_AUTHORS.split(_string(fields, "authors"))
    if not all(isinstance(name, str) for name in names):
        raise Unusable("authors must be a string or a list of strings")
    cleaned = (_one_line(clean(name)) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _extra(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that we do not know, fit for JSON; those of an object `extra` beside them."""
    if fields.keys() <= _KNOWN:
        return {}
    unknown = {name: value for name, value in fields.items() if name not in _KNOWN}
    own = unknown.get("extra")
    if isinstance(own, dict):
        del unknown["extra"]
        unknown = {**own, **unknown}
    return {repaired(str(name)): _plain(value) for name, value in unknown.items()}


def _plain(value: Any, levels: int = DEEPEST_EXTRA_LEVELS) -> Any:
    """`value` with sound strings and finite numbers only."""
    if isinstance(value, str):
        return repaired(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (dict, list)) and not levels:
        raise Unusable(f"a field is nested deeper than {DEEPEST_EXTRA_LEVELS} levels")
    if isinstance(value, dict):
        return {repaired(str(key)): _plain(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, levels - 1) for item in value]
    return value
