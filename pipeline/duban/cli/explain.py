"""``duban explain``, ``outline`` and ``schema``: what was found in a document and why, and the form it has."""
from __future__ import annotations

import json
from typing import Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, Date, File, Lexicons, Pipeline, Place, checked_date, commands
from duban.cli.run import Run, each
from duban.messages import message


@commands.command(help=message("cli.explain"))
def explain(
    file: File,
    at: Annotated[int | None, typer.Option(help=message("cli.opt.at"), metavar="OFFSET")] = None,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
) -> None:
    from duban.explain import explain as lines

    each(file, Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place), lambda record: lines(record, at))


@commands.command(help=message("cli.outline"))
def outline(file: File, pipeline: Pipeline = DEFAULT_PIPELINE) -> None:
    from duban.explain import outline as lines

    each(file, Run(pipeline=pipeline), lines)


@commands.command(help=message("cli.schema"))
def schema() -> None:
    from duban import records

    typer.echo(json.dumps(records.schema(), ensure_ascii=False, indent=1))
