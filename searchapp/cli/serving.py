"""`searchapp serve`: the page and the JSON API."""

from __future__ import annotations

import click

from searchapp.cli.group import index_option
from searchapp.cli.indexing import progress_line
from searchapp.config import HELP, Settings, load_settings
from searchapp.errors import IndexMissing


@click.command()
@click.option("--host", help=HELP["host"] + " (default: 127.0.0.1)")
@click.option("--port", type=int, help=HELP["port"] + " (default: 8000)")
@click.option("--workers", type=int, help=HELP["workers"])
@index_option
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
        report = build([str(paths.articles)], settings, sample=True, progress=progress_line())
        click.echo(f"built an index of the sample: {report.articles} articles", err=True)
