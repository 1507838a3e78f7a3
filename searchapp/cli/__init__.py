"""The command line: which words does a person type?

Results go to standard output, progress and errors to standard error. Exit 0 done, 1 an error of
ours in one line, 2 wrong usage. The commands stand in rooms of their own by what they are for;
what a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

from searchapp.cli.asking import analyze, info, search, statements
from searchapp.cli.group import main
from searchapp.cli.indexing import reindex
from searchapp.cli.keeping import delete, generations, rollback, verify
from searchapp.cli.measuring import evaluate
from searchapp.cli.serving import serve

__all__ = ["main"]

for command in (
    reindex, serve, search, statements, info, analyze, delete, verify, evaluate, generations, rollback,
):  # fmt: skip
    main.add_command(command)
