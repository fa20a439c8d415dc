"""``duban duplicates`` and ``compare``: which documents are versions of one, and what changed between two."""
from __future__ import annotations

import json
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, TABLES, Column, Date, Inputs, Lexicons, Pipeline, Place, check_output, checked_date, commands
from duban.cli.output import draft, print_line, print_table
from duban.cli.run import Record, Run
from duban.errors import DubanError
from duban.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from duban.duplicates import Duplicate

#: What a document is compared by: its body, and its date.
_COMPONENTS = frozenset(("duban_boilerplate", "duban_sections"))


class Method(StrEnum):
    auto = "auto"
    exact = "exact"
    minhash = "minhash"


@commands.command(help=message("cli.duplicates"))
def duplicates(
    inputs: Inputs,
    output: Annotated[Path | None, typer.Option("--output", "-o", help=message("cli.opt.duplicates"), metavar="OUT", show_default=False)] = None,
    threshold: Annotated[float, typer.Option(min=0.05, max=1, help=message("cli.opt.threshold"))] = 0.35,
    method: Annotated[Method, typer.Option(help=message("cli.opt.method"))] = Method.auto,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    date: Date = None,
    text_column: Column = "text",
) -> None:
    from duban.duplicates import Batch, write_duplicates

    if output is not None:
        check_output(output, inputs, TABLES)
    run = Run(pipeline=pipeline, date=checked_date(date), components=_COMPONENTS)
    batch = Batch(threshold, method.value)
    for record in run.records(inputs, column=text_column, skip=[] if output is None else [output], reuse=True):
        batch.add(record)
    found = list(batch.duplicates().values())
    if output is not None:
        with draft(output) as file:
            write_duplicates(found, file)
    elif found:
        print_table(_table(found))
    print_line(message("duplicates.count" if found else "duplicates.none", documents=len(batch), count=len(found)))
    run.end()


class Layer(StrEnum):
    sections = "sections"
    targets = "targets"
    tasks = "tasks"
    sentences = "sentences"


class Format(StrEnum):
    table = "table"
    json = "json"


@commands.command(help=message("cli.compare"))
def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help=message("cli.arg.old"), show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=message("cli.arg.new"), show_default=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help=message("cli.opt.compare"), metavar="OUT", show_default=False)] = None,
    format: Annotated[Format, typer.Option("--format", help=message("cli.opt.compare_format"))] = Format.table,
    layer: Annotated[list[Layer] | None, typer.Option("--layer", help=message("cli.opt.compare_layer"), show_default=False)] = None,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
) -> None:
    from duban import compare as comparing
    from duban.tables import changes

    if output is not None:
        check_output(output, [old, new], TABLES)
    run = Run(pipeline=pipeline, lexicons=lexicon, date=checked_date(date), place=place)
    before, after = (_only(run, given, text_column) for given in (old, new))
    if before is None or after is None:
        raise typer.Exit(1)
    found = comparing.compare(before, after, [one.value for one in layer or _LISTED])
    if output is not None:
        with draft(output) as file:
            changes.write_changes(found, file)
    elif format is Format.json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(changes.summary(found)))
        if found.changes:
            typer.echo()
            print_table(changes.terminal_table(found))


#: Nearly every sentence of a version with words swapped is changed: they are listed when asked for.
_LISTED = (Layer.sections, Layer.targets, Layer.tasks)


def _only(run: Run, given: str, column: str) -> Record | None:
    """The one record of an input. Raises DubanError DB110 where there are more."""
    found = list(islice(run.records([given], column=column, reuse=True), 2))
    if len(found) > 1:
        raise DubanError("DB110", path=given)
    return found[0] if found else None


def _table(found: Iterable[Duplicate]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("document", "duplicate_of", "similarity", "contained", "figures"):
        table.add_column(message(f"duplicates.{name}"), justify="left" if name in ("document", "duplicate_of") else "right")
    for one in found:
        shares = (one.similarity, one.contained, one.figures)
        table.add_row(one.document, one.duplicate_of, *("" if share is None else f"{share:.2f}" for share in shares))
    return table
