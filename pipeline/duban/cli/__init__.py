"""The command line: thin commands over the library. ``duban --help`` imports nothing heavy; a command what it needs.

Each module of this package holds a group of commands; ``options`` the arguments they share, ``run`` how documents
become records, ``output`` how results are written.

Exit status: 0 all was done, 1 something failed (one coded line each on standard error; the rest was done), 2 the
command was called wrongly. Outputs are written under a temporary name and renamed when complete.
"""
from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from duban import __version__
from duban.cli import output
from duban.cli.options import commands
from duban.errors import DubanError
from duban.messages import message

#: The modules with commands, in the order of ``--help``.
for _group in ("extract", "tables", "versions", "report", "serve", "api", "explain", "evaluate", "companion", "annotate", "lexicon"):
    import_module(f"duban.cli.{_group}")


@commands.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", help=message("cli.opt.version"), is_eager=True, callback=lambda value: _version(value))] = False,
    debug: Annotated[bool, typer.Option("--debug", help=message("cli.opt.debug"))] = False,
) -> None:
    pass


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"duban {__version__}")
        raise typer.Exit


def app(args: list[str] | None = None) -> NoReturn:
    """The command ``duban``: runs, and ends the process with its exit status."""
    given = list(sys.argv[1:] if args is None else args)
    output.debug = "--debug" in given  # wherever it stands
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot print Chinese
    try:
        typer.main.get_command(commands)([word for word in given if word != "--debug"], prog_name="duban")
    except Exception as error:
        known = error if isinstance(error, DubanError) else DubanError("DB499", kind=type(error).__name__, reason=error)
        if known is not error:
            known.__cause__ = error
        output.print_error(known)
        sys.exit(1)
    sys.exit(0)
