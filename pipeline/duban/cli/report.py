"""``duban report``: records to a page, or to Word documents with comments."""
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, Column, Date, Inputs, Lexicons, Pipeline, Place, check_output, checked_date, commands
from duban.cli.output import write
from duban.cli.run import Run
from duban.messages import message


@commands.command(help=message("cli.report"))
def report(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.page"), metavar="OUT", show_default=False)],
    pipeline: Pipeline = DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
) -> None:
    run = Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place)
    check_output(output, inputs, (".html", ".htm", ".docx"))
    write(run.records(inputs, column=text_column, skip=[output], reuse=True), output, "write_report")
    run.end()
