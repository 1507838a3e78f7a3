"""`searchapp reindex`: build the index, or bring it up to date."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import click

from searchapp.cli.group import index_option, json_option
from searchapp.config import HELP, load_settings
from searchapp.errors import CorpusError


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@click.option("--engine", help=HELP["engine"])
@click.option("--aliases", metavar="FILE", help=HELP["aliases"])
@click.option("--update", is_flag=True, help="add new and changed articles, skip unchanged ones")
@click.option("--prune", is_flag=True, help="with --update: remove articles that are no longer in PATH")
@click.option("--rejects", metavar="FILE", help="write every bad record there, with place and reason")
@click.option("--strict", is_flag=True, help="a bad record is an error")
@click.option("--workers", type=int, help=HELP["workers"])
@json_option
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
            progress=progress_line(),
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


def progress_line() -> Callable[[str, int, int], None]:
    """A line that rewrites itself on a terminal; nothing elsewhere."""
    began = time.monotonic()
    words = {
        "read": "reading and annotating",
        "merge": "merging segments, preparing suggestions",
        "publish": "writing checksums",
    }

    def show(phase: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        seconds = time.monotonic() - began
        rate = f", {done / seconds:,.0f} articles/s" if done and seconds else ""
        left = f", about {(total - done) * seconds / done:.0f} s left" if done and total > done else ""
        amount = f" {done:,} articles" if done else ""
        click.echo(f"\r\033[K{words[phase]}{amount}{rate}{left}", err=True, nl=False)
        if phase == "publish":
            click.echo("", err=True)

    return show
