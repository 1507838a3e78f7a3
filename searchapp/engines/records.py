"""Articles to records and back: what of an article is searched, counted and stored?

Stored form: a flag byte, the size of the head in four bytes, then zlib over head and tail, both JSON
in GB18030. The head is what a line of results shows, so that the tail need not be read for it.
GB18030 is a full Unicode encoding in which Han takes two bytes, so the JSON of one article deflates
to 0.42 of its UTF-8 size (0.59 when deflated as UTF-8), measured on 2,789 news articles; each record
stays readable by itself.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from searchapp.article import Article, Level, Mention, Office, Official, Place, Span, Statement
from searchapp.query import FacetName
from searchapp.schema import Record

GB18030, UTF8 = b"\x01", b"\x02"
# Enough of an unpacked article for its id and title, nearly always; and of the packed one for that much.
TITLE_BYTES = 256
PACKED_TITLE_BYTES = 512
SIZE_BYTES = 4
# Where the head of an article holds its places.
PLACES = 8
_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


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
    ((article_id, number),) = _inflate(stored, 1)
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
    places = [[p.code, p.label, p.path, p.level, p.candidates] for p in article.places]
    officials = [
        [o.id, o.name, o.code, o.place, [[held.title, held.former] for held in o.offices]]
        for o in article.officials
    ]
    statements = [
        [s.official, s.name, s.offices, s.code, s.span.start, s.span.end]
        + [s.kind, s.verb, s.speaker_by, s.event_date]
        for s in article.statements
    ]
    read = [article.id, article.title, article.text, article.date, article.source, article.url]
    mentions = [[_flat(one.mentions) for one in found] for found in (article.places, article.officials)]
    return _deflate([*read, article.authors, dict(article.extra), places, officials], [*mentions, statements])


def unpack_article(stored: bytes) -> Article:
    """The inverse of `pack_article`."""
    head, tail = _inflate(stored, 2)
    in_places, of_officials = (map(_mentions, flat) for flat in tail[:2])
    return _article(head, in_places, of_officials, tuple(map(_statement, tail[2])))


def unpack_line(stored: bytes) -> Article:
    """Of a stored article what a line of results shows: of its places the counties, no mentions, no
    statements."""
    (head,) = _inflate(stored, 1)
    head[PLACES] = [row for row in head[PLACES] if row[3] == "county" and row[0] != "?"]
    return _article(head, itertools.repeat(()), itertools.repeat(()), ())


def _article(
    head: list[Any],
    in_places: Iterable[tuple[Mention, ...]],
    of_officials: Iterable[tuple[Mention, ...]],
    statements: tuple[Statement, ...],
) -> Article:
    """`in_places`, `of_officials`: the mentions of each."""
    ident, title, text, date, source, url, authors, extra, places, officials = head
    return Article(
        ident,
        title,
        text,
        date,
        source,
        url,
        tuple(authors),
        extra,
        tuple([_place(m, *row) for row, m in zip(places, in_places, strict=False)]),
        tuple([_official(m, *row) for row, m in zip(officials, of_officials, strict=False)]),
        statements,
    )


def _place(
    mentions: tuple[Mention, ...], code: str, name: str, path: str, level: Level, candidates: list[str]
) -> Place:
    return Place(code, name, path, level, mentions, tuple(candidates))


def _official(
    mentions: tuple[Mention, ...], ident: str, name: str, code: str, place: str, held: list[list[Any]]
) -> Official:
    offices = tuple([Office(title, bool(former)) for title, former in held])
    return Official(ident, name, code, place, offices, mentions)


def _statement(row: list[Any]) -> Statement:
    official, name, offices, code, start, end, kind, verb, speaker_by, event_date = row
    span = Span(start, end)
    return Statement(official, name, tuple(offices), code, span, kind, verb, speaker_by, event_date)


def stored_title(stored: bytes) -> str:
    """The title of a stored article."""
    if stored[:1] == GB18030:
        packed = stored[1 + SIZE_BYTES : 1 + SIZE_BYTES + PACKED_TITLE_BYTES]
        begin = zlib.decompressobj().decompress(packed, TITLE_BYTES)
        text = begin.decode("gb18030", "ignore")
        try:
            _, end = _DECODER.raw_decode(text, len("["))
            return str(_DECODER.raw_decode(text, end + len(","))[0])
        except ValueError:  # what was unpacked ends before the title does
            pass
    return unpack_line(stored).title


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


def _deflate(*values: Any) -> bytes:
    """The stored form of `values`, the first of which can be read without the others."""
    texts = [_ENCODER.encode(value) for value in values]
    try:
        form, parts = GB18030, [text.encode("gb18030") for text in texts]
    except UnicodeEncodeError:  # lone surrogates: only this form holds them
        form, parts = UTF8, [text.encode("utf-8", "surrogatepass") for text in texts]
    return form + len(parts[0]).to_bytes(SIZE_BYTES, "little") + zlib.compress(b"".join(parts), 6)


def _inflate(stored: bytes, most: int) -> list[Any]:
    """The first `most` values of a stored form that holds one or two."""
    size = int.from_bytes(stored[1 : 1 + SIZE_BYTES], "little")
    packed = stored[1 + SIZE_BYTES :]
    data = zlib.decompress(packed) if most > 1 else zlib.decompressobj().decompress(packed, size)
    form = ("gb18030", "strict") if stored[:1] == GB18030 else ("utf-8", "surrogatepass")
    return [_DECODER.decode(part.decode(*form)) for part in (data[:size], data[size:])[:most]]
