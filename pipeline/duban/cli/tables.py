"""``duban ledger`` and ``panel``: records to tables."""
from __future__ import annotations

import os
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, Column, Date, Inputs, Lexicons, Pipeline, Place, check_output, checked_date, commands
from duban.cli.output import write
from duban.cli.run import Run
from duban.messages import message

TABLES = (".csv", ".parquet", ".xlsx", ".jsonl")


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
    as_of: Annotated[str | None, typer.Option("--as-of", help=message("cli.opt.as_of"), metavar="DATE")] = None,
    report: Annotated[Path | None, typer.Option(help=message("cli.opt.report"), metavar="REPORT.html")] = None,
) -> None:
    as_of = checked_date(as_of)
    run = Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place)
    check_output(output, inputs, (".xlsx", ".csv") if update is None else (".xlsx",))
    if update is not None:  # a wrong file is told before the documents are read
        import_module("duban.tables.ledger.living").read(update)
    others = [path for path in (update, report) if path is not None]
    options = {"update": update, "as_of": as_of, "report": address(report, output) if report is not None else None}
    given = {key: value for key, value in options.items() if value is not None}
    write(run.records(inputs, column=text_column, skip=[output, *others], reuse=True), output, "write_ledger", **given)
    run.end()


class Scope(StrEnum):
    own = "own"
    all = "all"


class Status(StrEnum):
    target = "target"
    actual = "actual"
    other = "other"


@commands.command(help=message("cli.panel"))
def panel(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.table"), metavar="OUT", show_default=False)],
    pipeline: Pipeline = DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
    scope: Annotated[Scope, typer.Option(help=message("cli.opt.scope"))] = Scope.own,
    status: Annotated[Status | None, typer.Option(help=message("cli.opt.status"))] = None,
    wide: Annotated[bool, typer.Option("--wide", help=message("cli.opt.wide"))] = False,
) -> None:
    run = Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place)
    check_output(output, inputs, TABLES)
    records = run.records(inputs, column=text_column, skip=[output], reuse=True)
    write(records, output, "write_panel", scope=scope.value, status=status and status.value, wide=wide)
    run.end()


def address(page: Path, output: Path) -> str:
    """A page's address as seen from the file that leads to it.

    >>> address(Path("out/report.html"), Path("out/ledger.xlsx")), address(Path("report.html"), Path("out/ledger.xlsx"))
    ('report.html', '../report.html')
    """
    return Path(os.path.relpath(page.resolve(), output.resolve().parent)).as_posix()
