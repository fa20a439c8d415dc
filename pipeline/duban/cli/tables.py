"""``duban ledger``, ``panel`` and ``track``: records to tables."""
from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from duban.cli.options import DEFAULT_PIPELINE, TABLES, Column, Date, Inputs, Lexicons, Pipeline, Place, check_output, checked_date, commands
from duban.cli.output import draft, print_table, tell_left_out, write
from duban.cli.run import Record, Run
from duban.errors import DubanError
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
    as_of: Annotated[str | None, typer.Option("--as-of", help=message("cli.opt.as_of"), metavar="DATE")] = None,
    report: Annotated[Path | None, typer.Option(help=message("cli.opt.report"), metavar="REPORT.html")] = None,
) -> None:
    as_of = checked_date(as_of)
    run = Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place)
    options = {"update": update, "as_of": as_of, "report": address(report, output) if report is not None else None}
    given = {key: value for key, value in options.items() if value is not None}
    check_output(output, inputs, _ledger_suffixes(given))
    if update is not None:  # a wrong file is told before the documents are read
        import_module("duban.tables.ledger.living").read(update)
    others = [path for path in (update, report) if path is not None]
    write(run.records(inputs, column=text_column, skip=[output, *others], reuse=True), output, "write_ledger", **given)
    run.end()


def _ledger_suffixes(given: Collection[str]) -> tuple[str, ...]:
    """What a ledger with these options is written as: a CSV file has no keys; neither it nor a Word file has lists or links.

    >>> _ledger_suffixes([]), _ledger_suffixes(["update"]), _ledger_suffixes(["update", "as_of"])
    (('.xlsx', '.docx', '.csv'), ('.xlsx', '.docx'), ('.xlsx',))
    """
    return (".xlsx",) if {"as_of", "report"} & set(given) else (".xlsx", ".docx") if given else (".xlsx", ".docx", ".csv")


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
    count_duplicates: Annotated[bool, typer.Option("--count-duplicates", help=message("cli.opt.count_duplicates"))] = False,
) -> None:
    run = Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place)
    check_output(output, inputs, TABLES)
    records = run.records(inputs, column=text_column, skip=[output], reuse=True)
    options = {"scope": scope.value, "status": status and status.value, "wide": wide}
    write(records, output, "write_panel", **options, count_duplicates=count_duplicates, told=tell_left_out)
    run.end()


class _Track(TyperCommand):
    """``--against`` takes all that follows it up to the next option, as the shell makes a pattern into names."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread_option(args, "--against"))


@commands.command(cls=_Track, help=message("cli.track"))
def track(
    plans: Annotated[list[str], typer.Argument(metavar="PLAN", help=message("cli.arg.plans"), show_default=False)],
    against: Annotated[list[str], typer.Option(help=message("cli.opt.against"), metavar="PROGRESS...", show_default=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help=message("cli.opt.track"), metavar="OUT", show_default=False)] = None,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
) -> None:
    from duban.tables import track as tracking

    run = Run(pipeline=pipeline, lexicons=lexicon, place=place)
    if output is not None:
        check_output(output, [*plans, *against], TABLES)

    def dated(inputs: list[str]) -> Iterator[Record]:
        for record in run.records(inputs, column=text_column, skip=[] if output is None else [output], reuse=True):
            if record["meta"].get("date"):
                yield record
            else:
                run.report(DubanError("DB139", path=record["id"]))

    rows = tracking.track(dated(plans), dated(against))
    if not rows:
        run.report(DubanError("DB514", path=output or "-"))
    elif output is None:
        print_table(tracking.terminal_table(rows))
    else:
        with draft(output) as file:
            tracking.write_track(rows, file)
    run.end()


def spread_option(args: Sequence[str], name: str) -> list[str]:
    """The option repeated before each of the words that follow it.

    >>> spread_option(["a", "--against", "b", "c", "-o", "d"], "--against")
    ['a', '--against', 'b', '--against', 'c', '-o', 'd']
    """
    out: list[str] = []
    taking = False
    for word in args:
        if word == name or (word.startswith("-") and word != "-"):
            taking = word == name
            if not taking:
                out.append(word)
        else:
            out += [name, word] if taking else [word]
    return out


def address(page: Path, output: Path) -> str:
    """A page's address as seen from the file that leads to it.

    >>> address(Path("out/report.html"), Path("out/ledger.xlsx")), address(Path("report.html"), Path("out/ledger.xlsx"))
    ('report.html', '../report.html')
    """
    return Path(os.path.relpath(page.resolve(), output.resolve().parent)).as_posix()
