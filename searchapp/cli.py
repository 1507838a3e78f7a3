"""The command line: which words does a person type?

Results go to standard output, progress and errors to standard error. Exit 0 done, 1 an error of
ours in one line, 2 wrong usage.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from searchapp import __version__
from searchapp.config import HELP, Settings, load_settings
from searchapp.errors import CorpusError, IndexMissing, SearchAppError
from searchapp.query import Collection, Match, Query

if TYPE_CHECKING:
    from searchapp.verify import Verification


class OneLineErrors(click.Group):
    """Turns errors of ours into one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SearchAppError as error:
            hint = getattr(error, "hint", "")
            click.echo(f"searchapp: {error}" + (f" ({hint})" if hint else ""), err=True)
            ctx.exit(1)
        except BrokenPipeError:
            ctx.exit(1)


@click.group(cls=OneLineErrors)
@click.version_option(__version__)
def main() -> None:
    """Full-text search for Chinese news: who said what, in which county, and when."""


def _index_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--index", metavar="DIR", help=HELP["index"] + " (default: index/)")(command)


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="print JSON")(command)


# ---- reindex --------------------------------------------------------------------------------


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_index_option
@click.option("--engine", help=HELP["engine"])
@click.option("--aliases", metavar="FILE", help=HELP["aliases"])
@click.option("--update", is_flag=True, help="add new and changed articles, skip unchanged ones")
@click.option("--prune", is_flag=True, help="with --update: remove articles that are no longer in PATH")
@click.option("--rejects", metavar="FILE", help="write every bad record there, with place and reason")
@click.option("--strict", is_flag=True, help="a bad record is an error")
@click.option("--workers", type=int, help=HELP["workers"])
@_json_option
def reindex(
    paths: tuple[str, ...],
    index: str | None,
    engine: str | None,
    aliases: str | None,
    update: bool,
    prune: bool,
    rejects: str | None,
    strict: bool,
    workers: int | None,
    as_json: bool,
) -> None:
    """Build the index from files and folders (- is standard input), or bring it up to date."""
    from searchapp.indexing import reindex as run

    settings = load_settings(index=index, engine=engine, aliases=aliases, workers=workers)
    with _rejects_file(rejects) as on_reject:
        report = run(
            paths,
            settings,
            update=update,
            prune=prune,
            strict=strict,
            on_reject=on_reject,
            progress=_progress(),
        )
    if as_json:
        click.echo(
            json.dumps({k: getattr(report, k) for k in report.__dataclass_fields__}, ensure_ascii=False)
        )
        return
    for line in report.rejects:
        click.echo(f"rejected: {line}", err=True)
    if report.rejected > len(report.rejects):
        click.echo(f"rejected: … and {report.rejected - len(report.rejects)} more (see --rejects)", err=True)
    for line in report.changes:
        click.echo(f"editor's change: {line}", err=True)
    click.echo(
        f"generation {report.generation}: {report.articles} articles, {report.statements} statements "
        f"({report.read} read, {report.added} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.removed} removed, {report.repeated} repeated ids, {report.rejected} rejected) "
        f"in {report.seconds:.1f} s"
    )


@contextlib.contextmanager
def _rejects_file(path: str | None) -> Iterator[Callable[[CorpusError, str], None] | None]:
    if path is None:
        yield None
        return
    try:
        with Path(path).open("w", encoding="utf-8", errors="backslashreplace") as file:
            yield lambda error, raw: _write_reject(file, error, raw)
    except OSError as error:
        raise CorpusError(path, 0, f"cannot be written: {error.strerror}") from error


def _write_reject(file: IO[str], error: CorpusError, raw: str) -> None:
    place = {"path": error.path, "line": error.line, "reason": error.reason, "record": raw}
    file.write(json.dumps(place, ensure_ascii=False) + "\n")


def _progress() -> Callable[[str, int, int], None]:
    """A line that rewrites itself on a terminal; nothing elsewhere."""
    began = time.monotonic()
    words = {"read": "reading and annotating", "merge": "merging segments", "offers": "preparing suggestions"}

    def show(phase: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        seconds = time.monotonic() - began
        rate = f", {done / seconds:,.0f} articles/s" if done and seconds else ""
        left = f", about {(total - done) * seconds / done:.0f} s left" if done and total > done else ""
        amount = f" {done:,} articles" if done else ""
        click.echo(f"\r\033[K{words[phase]}{amount}{rate}{left}", err=True, nl=False)
        if phase == "offers":
            click.echo("", err=True)

    return show


# ---- serve ----------------------------------------------------------------------------------


@main.command()
@click.option("--host", help=HELP["host"] + " (default: 127.0.0.1)")
@click.option("--port", type=int, help=HELP["port"] + " (default: 8000)")
@click.option("--workers", type=int, help=HELP["workers"])
@_index_option
@click.option("--demo", is_flag=True, help="build an index of the bundled sample first when there is none")
def serve(host: str | None, port: int | None, workers: int | None, index: str | None, demo: bool) -> None:
    """Serve the search page and the JSON API."""
    from searchapp.web.server import serve as run

    settings = load_settings(host=host, port=port, workers=workers, index=index)
    if demo:
        _build_sample(settings)
    run(settings)


def _build_sample(settings: Settings) -> None:
    from dataclasses import replace

    from searchapp.engines.whoosh.generations import current_name
    from searchapp.indexing import reindex as build
    from searchapp.sample import sample_paths

    try:
        current_name(settings.index)
    except IndexMissing:
        paths = sample_paths()
        settings = replace(settings, aliases=paths.additions, workers=1)
        report = build([str(paths.articles)], settings, sample=True, progress=_progress())
        click.echo(f"built an index of the sample: {report.articles} articles", err=True)


# ---- asking ---------------------------------------------------------------------------------


def _query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--county", multiple=True, metavar="CODE", help="only this county, city or province"),
        click.option("--official", multiple=True, metavar="ID", help="only this official (name@code)"),
        click.option("--source", multiple=True, help="only this source"),
        click.option("--from", "first", metavar="D", help="from this day, month or year on"),
        click.option("--to", "last", metavar="D", help="to this day, month or year"),
        click.option("--sort", help="relevance, newest or oldest"),
        click.option("--match", help="auto, all or any"),
        click.option("--limit", type=click.IntRange(0, 100), default=10, show_default=True),
        _index_option,
        _json_option,
    ):
        command = option(command)
    return command


@main.command()
@click.argument("query")
@_query_options
def search(query: str, **options: Any) -> None:
    """Search articles."""
    _search("articles", query, options)


@main.command()
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
    names = {"first": "from", "last": "to", "sort": "sort", "match": "match"}
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
        click.echo(f"\n{hit.id}  {hit.date or 'undated'}  {hit.source}  {hit.title or '(no title)'}")
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


# ---- looking after the index ----------------------------------------------------------------


@main.command()
@_index_option
@_json_option
def info(index: str | None, as_json: bool) -> None:
    """Facts of the live index."""
    from searchapp.search import Searcher
    from searchapp.verify import last_verification

    settings = load_settings(index=index)
    facts = Searcher(settings).info()
    proved = last_verification(settings.index)
    engine, manifest = facts.engine, facts.manifest
    rows = {
        "engine": engine.engine, "generation": engine.generation, "created": manifest.created,
        "articles": engine.articles, "statements": engine.statements, "segments": engine.segments,
        "size_bytes": engine.size_bytes, "first_day": engine.first_day, "last_day": engine.last_day,
        "sample": facts.sample, "facet_values": engine.facet_values, "fingerprints": manifest.fingerprints,
        "verified": _verified(proved) if proved else "never: run searchapp verify",
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, value in rows.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:13} {shown}")


@main.command()
@click.argument("text")
@click.option("--aliases", metavar="FILE", help=HELP["aliases"])
@click.option("--date", default="", help="date of the article (ISO), for the dates of events")
@_json_option
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


@main.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@_index_option
def delete(ids: tuple[str, ...], index: str | None) -> None:
    """Take articles out of the live index."""
    from searchapp.indexing import delete_articles

    count = delete_articles(ids, load_settings(index=index))
    click.echo(f"{count} of {len(set(ids))} articles taken out")


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--strings", type=click.IntRange(1, 100_000), default=200, show_default=True)
@click.option("--seed", type=int, default=0, help="cut the same strings again")
@_index_option
@_json_option
def verify(paths: tuple[str, ...], strings: int, seed: int, index: str | None, as_json: bool) -> None:
    """Prove that the index is whole, finds every string, and (with PATH) equals its source."""
    from dataclasses import asdict

    from searchapp.verify import verify as run

    result = run(load_settings(index=index), paths, strings, seed)
    if as_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        click.echo(_verified(result))
        if result.missing is not None:
            click.echo(
                f"source: {result.missing} missing, {result.differing} differ, "
                f"{result.extra} only in the index"
            )
        for run_text in result.wrong[:10]:
            click.echo(f"wrong: {run_text}")
    if not result.whole:
        raise SearchAppError("the index is not what it should be; run searchapp reindex")


def _verified(result: Verification) -> str:
    return (
        f"generation {result.generation}: files whole; {result.strings} strings "
        f"in {result.articles} articles: recall {result.recall:.3f}, precision {result.precision:.3f}, "
        f"{result.unquoted_empty} without an answer unquoted ({result.when})"
    )


@main.command()
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--match", type=click.Choice(["any", "all", "auto"]), default="any", show_default=True)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="only the first N queries")
@click.option(
    "--entities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="labelled articles instead",
)
@click.option("--errors", is_flag=True, help="with --entities: every difference, one a line")
@_index_option
@_json_option
def evaluate(
    folder: Path | None,
    match: Match,
    limit: int | None,
    entities: Path | None,
    errors: bool,
    index: str | None,
    as_json: bool,
) -> None:
    """nDCG@10, MRR@10 and recall@100 for DIR in BEIR layout; with --entities precision and recall.

    DIR holds queries.jsonl, qrels.tsv and corpus.jsonl; without corpus.jsonl the live index is asked.
    """
    if (folder is None) == (entities is None):
        raise click.UsageError("give either DIR or --entities FILE")
    if folder is not None:
        _evaluate_ranking(folder, match, limit, index, as_json)
    elif entities is not None:
        _evaluate_entities(entities, errors, as_json)


def _evaluate_ranking(
    folder: Path, match: Match, limit: int | None, index: str | None, as_json: bool
) -> None:
    from searchapp import evaluate as measure
    from searchapp.search import Searcher

    topics, qrels = measure.read_topics(folder, limit), measure.read_qrels(folder)
    with contextlib.ExitStack() as stack:
        if measure.has_corpus(folder):
            reader, where = stack.enter_context(measure.corpus_reader(folder)), "its own articles"
        else:
            reader = Searcher(load_settings(index=index)).live().reader
            where = f"the live index, generation {reader.generation}"
        scores = measure.evaluate(topics, qrels, measure.reader_search(reader, match))
    if as_json:
        names = ("queries", "ndcg_10", "mrr_10", "recall_100", "unjudged_10", "skipped", "refused")
        facts = {name: getattr(scores, name) for name in names}
        click.echo(json.dumps({"set": folder.name, "match": match, "articles": where, **facts}))
        return
    click.echo(f"match={match}, asked of {where}")
    click.echo(measure.format_table({folder.name: scores}))


def _evaluate_entities(labels: Path, errors: bool, as_json: bool) -> None:
    from dataclasses import asdict

    from searchapp import evaluate_entities as measure
    from searchapp.dictionaries import load_dictionaries
    from searchapp.evaluate import read_labels

    scores = measure.evaluate(read_labels(labels), load_dictionaries().annotator)
    if as_json:
        rows = {what: asdict(score) | {"f1": score.f1} for what, score in scores.scores.items()}
        listed = [asdict(error) for error in scores.errors] if errors else []
        click.echo(json.dumps({"articles": scores.articles, **rows, "errors": listed}, ensure_ascii=False))
        return
    click.echo(f"{scores.articles} articles")
    for what, score in scores.scores.items():
        click.echo(f"{what:10} precision {score.precision:.3f}  recall {score.recall:.3f}  F1 {score.f1:.3f}")
    for error in scores.errors if errors else ():
        click.echo(f"{error.article}\t{error.what}\t{error.kind}\t{error.value}")


@main.command()
@_index_option
def generations(index: str | None) -> None:
    """List the generations of the index, oldest first; the live one is marked."""
    from searchapp.engines.whoosh.generations import current_name, generation_names, read_manifest

    folder = load_settings(index=index).index
    live = current_name(folder)
    for name in generation_names(folder):
        manifest = read_manifest(folder, name)
        mark = "*" if name == live else " "
        click.echo(f"{mark} {name}  {manifest.created}  {manifest.counts['articles']} articles")


@main.command()
@_index_option
def rollback(index: str | None) -> None:
    """Make the generation before the live one live again."""
    from searchapp.engines.whoosh.generations import current_name, roll_back, write_lock

    folder = load_settings(index=index).index
    current_name(folder)
    with write_lock(folder):
        click.echo(f"live: {roll_back(folder)}")


if __name__ == "__main__":
    main()
