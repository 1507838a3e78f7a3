"""`search`, `statements`, `info`, `analyze`: ask in a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from searchapp.cli.group import index_option, json_option
from searchapp.cli.keeping import verified_line
from searchapp.config import HELP, load_settings
from searchapp.query import Collection, Query


def _query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--county", multiple=True, metavar="CODE", help="only this county, city or province"),
        click.option("--official", multiple=True, metavar="ID", help="only this official (name@code)"),
        click.option("--source", multiple=True, help="only this source"),
        click.option("--from", "first", metavar="D", help="from this day, month or year on"),
        click.option("--to", "last", metavar="D", help="to this day, month or year"),
        click.option("--sort", help="relevance, newest or oldest"),
        click.option("--freshness", metavar="DAYS", help="newer ones first: what they gain halves in DAYS"),
        click.option("--match", help="auto, all or any"),
        click.option("--limit", type=click.IntRange(0, 100), default=10, show_default=True),
        index_option,
        json_option,
    ):
        command = option(command)
    return command


@click.command()
@click.argument("query")
@_query_options
def search(query: str, **options: Any) -> None:
    """Search articles."""
    _search("articles", query, options)


@click.command()
@click.argument("query", default="")
@_query_options
def statements(query: str, **options: Any) -> None:
    """Search in what officials said."""
    _search("statements", query, options)


def _search(collection: Collection, q: str, options: dict[str, Any]) -> None:
    from searchapp.search import Searcher
    from searchapp.web.params import to_query
    from searchapp.web.payload import search_json

    asked: dict[str, list[str]] = {"q": [q], "size": [str(options["limit"])]}
    names = {"first": "from", "last": "to", "sort": "sort", "freshness": "freshness", "match": "match"}
    asked |= {names[key]: [options[key]] for key in names if options[key]}
    asked |= {key: list(options[key]) for key in ("county", "official", "source")}
    query: Query = to_query(asked, collection)
    page = Searcher(load_settings(index=options["index"])).search(query)
    if options["as_json"]:
        click.echo(json.dumps(search_json(page), ensure_ascii=False, indent=1))
        return
    click.echo(
        f"{page.total} {collection}, understood as {page.understood or 'everything'}" + _loosely(page.relaxed)
    )
    for hit in page.hits:
        click.echo(f"\n{hit.id}  {hit.date or 'undated'}  {hit.source}  {hit.heading}")
        if hit.statement is not None:
            click.echo(f"  {hit.statement.name}: {_bold(hit.statement_text, hit.statement_marks)}")
        for snippet in hit.snippets:
            click.echo(f"  …{_bold(snippet.text, snippet.marks)}…")


def _loosely(relaxed: bool) -> str:
    return " (no article holds all words; these hold most of them)" if relaxed else ""


def _bold(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """Marks in bold on a terminal, in 【 】 elsewhere, on one line."""
    before, after = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("【", "】")
    out, at = [], 0
    for start, end in marks:
        out += [text[at:start], before, text[start:end], after]
        at = end
    return "".join([*out, text[at:]]).replace("\n", " ")


@click.command()
@index_option
@json_option
def info(index: str | None, as_json: bool) -> None:
    """Facts of the live index."""
    from searchapp.search import Searcher
    from searchapp.verify import last_verification

    settings = load_settings(index=index)
    facts = Searcher(settings).info()
    proved = last_verification(settings.index)
    engine, manifest = facts.engine, facts.manifest
    rows = {
        "engine": engine.engine, "kernels": engine.kernels,
        "generation": engine.generation, "created": manifest.created,
        "articles": engine.articles, "statements": engine.statements, "segments": engine.segments,
        "size_bytes": engine.size_bytes, "first_day": engine.first_day, "last_day": engine.last_day,
        "sample": facts.sample, "facet_values": engine.facet_values, "fingerprints": manifest.fingerprints,
        "verified": verified_line(proved) if proved else "never: run searchapp verify",
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, value in rows.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:13} {shown}")


@click.command()
@click.argument("text")
@click.option("--aliases", metavar="FILE", help=HELP["aliases"])
@click.option("--date", default="", help="date of the article (ISO), for the dates of events")
@json_option
def analyze(text: str, aliases: str | None, date: str, as_json: bool) -> None:
    """Tokens, counties, officials and statements found in TEXT (- reads standard input)."""
    from searchapp.article import Article
    from searchapp.dictionaries import load_dictionaries

    if text == "-":
        text = sys.stdin.read()
    dictionaries = load_dictionaries(load_settings(aliases=aliases).aliases)
    article = dictionaries.annotator.annotate(Article("", "", text, date))
    found: dict[str, list[Any]] = {
        "words": dictionaries.cutter.cut(text),
        "query_parts": dictionaries.cutter.cut_query(text) if len(text) <= 100 else [],
        "places": [
            {"code": p.code, "label": p.label, "path": p.path, "level": p.level} for p in article.places
        ],
        "officials": [
            {"id": o.id, "name": o.name, "offices": [held.title for held in o.offices], "place": o.place}
            for o in article.officials
        ],
        "statements": [
            {"official": s.official, "kind": s.kind, "verb": s.verb, "text": text[s.span.start : s.span.end]}
            for s in article.statements
        ],
    }
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo("words: " + " / ".join(found["words"]))
    click.echo("parts: " + " / ".join(found["query_parts"]))
    for kind in ("places", "officials", "statements"):
        for row in found[kind]:
            click.echo(f"{kind[:-1]}: " + "  ".join(str(value) for value in row.values()))
