"""``duban ledger``: records to tables."""
from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, Column, Date, Inputs, Lexicons, Pipeline, Place, check_output, checked_date, commands
from duban.cli.output import write
from duban.cli.run import Run
from duban.messages import message


@commands.command(help=message("cli.ledger"))
def ledger(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.ledger"), metavar="OUT", show_default=False)],
    pipeline: Pipeline = DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
    update: Annotated[Path | None, typer.Option(help=message("cli.opt.update"), metavar="OLD")] = None,
) -> None:
    run = Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place)
    check_output(output, inputs, (".xlsx", ".csv") if update is None else (".xlsx",))
    kept = {"update": update} if update is not None else {}
    for old in kept.values():  # a wrong file is told before the documents are read
        import_module("duban.tables.living").read(old)
    write(run.records(inputs, column=text_column, skip=[output, *kept.values()], reuse=True), output, "write_ledger", **kept)
    run.end()
