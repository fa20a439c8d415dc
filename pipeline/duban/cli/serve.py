"""``duban serve``: the local web page."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, Lexicons, Pipeline, commands
from duban.cli.run import Run
from duban.errors import DubanError
from duban.messages import message

_PORT = 8766


@commands.command(help=message("cli.serve"))
def serve(
    port: Annotated[int, typer.Option(help=message("cli.opt.port"), min=0, max=65535)] = _PORT,
    gold: Annotated[Path | None, typer.Option(help=message("cli.opt.gold_folder"), metavar="FOLDER", file_okay=False)] = None,
    lexicon_out: Annotated[Path | None, typer.Option("--lexicon-out", help=message("cli.opt.lexicon_out"), metavar="FILE", dir_okay=False)] = None,
    browse: Annotated[bool, typer.Option("--open/--no-open", help=message("cli.opt.open"))] = True,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    lexicon: Lexicons = None,
) -> None:
    try:
        from duban.web import Desk
        from duban.web.entries import EntryFile
        from duban.web.server import serve as run
    except ModuleNotFoundError as error:
        raise DubanError("DB147", command="duban serve", package=error.name) from error
    entries = EntryFile(lexicon_out) if lexicon_out else None
    lexicons = [path for path in lexicon or () if entries is None or path.resolve() != entries.path]
    if entries and entries.path.exists():  # last: what it says stands above the others
        lexicons.append(entries.path)
    desk = Desk(Run(pipeline=pipeline, lexicons=lexicons).nlp, gold, entries)
    run(desk, port, lambda address: print(message("cli.serving", address=address), file=sys.stderr, flush=True), browse)
