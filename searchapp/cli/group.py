"""The group of commands, how its errors look, and the options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from searchapp import __version__
from searchapp.config import HELP
from searchapp.errors import SearchAppError


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


def index_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--index", metavar="DIR", help=HELP["index"] + " (default: index/)")(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="print JSON")(command)
