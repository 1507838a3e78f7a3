"""`delete`, `verify`, `generations`, `rollback`: look after the index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from searchapp.cli.group import index_option, json_option
from searchapp.config import load_settings
from searchapp.errors import SearchAppError

if TYPE_CHECKING:
    from searchapp.verify import Verification


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@index_option
def delete(ids: tuple[str, ...], index: str | None) -> None:
    """Take articles out of the live index."""
    from searchapp.indexing import delete_articles

    count = delete_articles(ids, load_settings(index=index))
    click.echo(f"{count} of {len(set(ids))} articles taken out")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--strings", type=click.IntRange(1, 100_000), default=200, show_default=True)
@click.option("--seed", type=int, default=0, help="cut the same strings again")
@index_option
@json_option
def verify(paths: tuple[str, ...], strings: int, seed: int, index: str | None, as_json: bool) -> None:
    """Prove that the index is whole, finds every string, and (with PATH) equals its source."""
    from dataclasses import asdict

    from searchapp.verify import verify as run

    result = run(load_settings(index=index), paths, strings, seed)
    if as_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        click.echo(verified_line(result))
        if result.missing is not None:
            click.echo(
                f"source: {result.missing} missing, {result.differing} differ, "
                f"{result.extra} only in the index"
            )
        for run_text in result.wrong[:10]:
            click.echo(f"wrong: {run_text}")
    if not result.whole:
        raise SearchAppError("the index is not what it should be; run searchapp reindex")


def verified_line(result: Verification) -> str:
    return (
        f"generation {result.generation}: files whole; {result.strings} strings "
        f"in {result.articles} articles: recall {result.recall:.3f}, precision {result.precision:.3f}, "
        f"{result.unquoted_empty} without an answer unquoted ({result.when})"
    )


@click.command()
@index_option
def generations(index: str | None) -> None:
    """List the generations of the index, oldest first; the live one is marked."""
    from searchapp.engines.whoosh.generations import current_name, generation_names, read_manifest

    folder = load_settings(index=index).index
    live = current_name(folder)
    for name in generation_names(folder):
        manifest = read_manifest(folder, name)
        mark = "*" if name == live else " "
        click.echo(f"{mark} {name}  {manifest.created}  {manifest.counts['articles']} articles")


@click.command()
@index_option
def rollback(index: str | None) -> None:
    """Make the generation before the live one live again."""
    from searchapp.engines.whoosh.generations import current_name, roll_back, write_lock

    folder = load_settings(index=index).index
    current_name(folder)
    with write_lock(folder):
        click.echo(f"live: {roll_back(folder)}")
