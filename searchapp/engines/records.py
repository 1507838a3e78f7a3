"""Articles to records and back: what of an article is searched, counted and stored?

Stored form: a flag byte, then zlib over JSON in GB18030. GB18030 is a full Unicode encoding in
which Han takes two bytes, so the JSON of one article deflates to 0.42 of its UTF-8 size (0.59 when
deflated as UTF-8), measured on 2,789 news articles; each record stays readable by itself.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any

from searchapp.article import Article, Mention, Office, Official, Place, Span, Statement
from searchapp.query import FacetName
from searchapp.schema import Record

GB18030, UTF8 = b"\x01", b"\x02"
# Enough of an unpacked article for its id and title, nearly always.
HEAD_BYTES = 1024
_JSON = json.JSONDecoder()


def article_record(article: Article, digest: bytes = bytes(16)) -> Record:
    """The searchable form of an annotated article."""
    resolved = [place for place in article.places if place.code != "?"]
    counties = [place.code for place in resolved if place.level == "county"]
    facets: dict[FacetName, tuple[str, ...]] = {
        "county": _distinct(counties),
        "city": _distinct([place.code[:4] for place in resolved if len(place.code) >= 4]),
        "province": _distinct([place.code[:2] for place in resolved]),
        "official": _distinct([official.id for official in article.officials]),
        "source": (article.source,) if article.source else (),
        "month": (article.date[:7],) if len(article.date) >= 7 else (),
    }
    labels = _labels(article.officials)
    return Record(
        article.id,
        article.title,
        article.text,
        article.date,
        facets,
        stored=pack_article(article),
        digest=digest,
        labels=labels,
    )


def statement_records(article: Article) -> list[Record]:
    """One searchable unit for each statement; its text is the said words alone."""
    records = []
    for number, statement in enumerate(article.statements):
        code = statement.code if statement.code.isdigit() and statement.code != "00" else ""
        # A code of six digits is a county's; an official of a town carries it too.
        facets: dict[FacetName, tuple[str, ...]] = {
            "county": (code,) if len(code) == 6 else (),
            "city": (code[:4],) if len(code) >= 4 else (),
            "province": (code[:2],) if code else (),
            "official": (statement.official,),
            "source": (article.source,) if article.source else (),
            "month": (article.date[:7],) if len(article.date) >= 7 else (),
        }
        labels = _labels([o for o in article.officials if o.id == statement.official])
        text = article.text[statement.span.start : statement.span.end]
        records.append(
            Record(
                f"{article.id}#{number}",
                "",
                text,
                article.date,
                facets,
                stored=_deflate([article.id, number]),
                labels=labels,
                parent=article.id,
            )
        )
    return records


def unpack_statement(stored: bytes) -> tuple[str, int]:
    """The article id and the index into `article.statements` of a stored statement."""
    article_id, number = _inflate(stored)
    return article_id, number


def official_label(official: Official) -> str:
    """What a facet shows: 潘琍 · 横峰县县委书记. The chief office, with its place; a former one when no
    other is named; "" when the article names no office (then another article's label stands)."""
    held = [office.title for office in official.offices if not office.former]
    chief = [title for title in held if "副" not in title] or held
    former = [f"原{office.title}" for office in official.offices if office.former]
    office = next(iter([*chief, *former]), "")
    return f"{official.name} · {official.place.rsplit('/', 1)[-1]}{office}" if office else ""


def pack_article(article: Article) -> bytes:
    """The stored form of an article with everything that was found in it."""
    places = [[p.code, p.label, p.path, p.level, _flat(p.mentions), p.candidates] for p in article.places]
    officials = [
        [o.id, o.name, o.code, o.place, [[held.title, held.former] for held in o.offices], _flat(o.mentions)]
        for o in article.officials
    ]
    statements = [
        [s.official, s.name, s.offices, s.code, s.span.start, s.span.end]
        + [s.kind, s.verb, s.speaker_by, s.event_date]
        for s in article.statements
    ]
    read = [article.id, article.title, article.text, article.date, article.source, article.url]
    return _deflate([*read, article.authors, dict(article.extra), places, officials, statements])


def unpack_article(stored: bytes, whole: bool = True) -> Article:
    """The inverse of `pack_article`. Not `whole`: what a line of results shows, that is only the
    counties of its places, and no mentions and statements, in a third of the time."""
    (ident, title, text, date, source, url, authors, extra, places, officials, statements) = _inflate(stored)
    mentions = _mentions if whole else _no_mentions
    if not whole:
        places = [row for row in places if row[3] == "county" and row[0] != "?"]
    return Article(
        ident,
        title,
        text,
        date,
        source,
        url,
        tuple(authors),
        extra,
        tuple([Place(c, n, p, v, mentions(m), tuple(k)) for c, n, p, v, m, k in places]),
        tuple(
            [
                Official(i, n, c, p, tuple([Office(t, bool(f)) for t, f in o]), mentions(m))
                for i, n, c, p, o, m in officials
            ]
        ),
        tuple([_statement(row) for row in statements]) if whole else (),
    )


def _statement(row: list[Any]) -> Statement:
    official, name, offices, code, start, end, kind, verb, speaker_by, event_date = row
    span = Span(start, end)
    return Statement(official, name, tuple(offices), code, span, kind, verb, speaker_by, event_date)


def _no_mentions(flat: list[int]) -> tuple[Mention, ...]:
    return ()


def stored_title(stored: bytes) -> str:
    """The title of a stored article."""
    if stored[:1] != GB18030:
        return str(_inflate(stored)[1])
    head = zlib.decompressobj().decompress(stored[1:], HEAD_BYTES).decode("gb18030", "ignore")
    try:
        _, end = _JSON.raw_decode(head, len("["))
        title, _ = _JSON.raw_decode(head, end + len(","))
    except ValueError:  # the head ends before the title does
        title = _inflate(stored)[1]
    return str(title)


def _flat(mentions: Sequence[Mention]) -> list[int]:
    """Flat triples: 1 for title or 0 for text, start, end."""
    flat: list[int] = []
    for mention in mentions:
        flat += [int(mention.field == "title"), mention.span.start, mention.span.end]
    return flat


def _mentions(flat: list[int]) -> tuple[Mention, ...]:
    triples = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    return tuple(Mention("title" if title else "text", Span(start, end)) for title, start, end in triples)


def _labels(officials: Sequence[Official]) -> dict[str, str]:
    labels = ((official.id, official_label(official)) for official in officials)
    return {ident: label for ident, label in labels if label}


def _distinct(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _deflate(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        data = text.encode("gb18030")
        if data.decode("gb18030") == text:
            return GB18030 + zlib.compress(data, 6)
    except UnicodeEncodeError:
        pass  # lone surrogates: only the form below holds them
    return UTF8 + zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def _inflate(stored: bytes) -> Any:
    data = zlib.decompress(stored[1:])
    if stored[:1] == GB18030:
        return json.loads(data.decode("gb18030"))
    return json.loads(data.decode("utf-8", "surrogatepass"))
