"""``duban duplicates``: which documents are versions of one."""
from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duban.cli.options import DEFAULT_PIPELINE, TABLES, Column, Date, Inputs, Pipeline, check_output, checked_date, commands
from duban.cli.output import draft, print_line, print_table
from duban.cli.run import Run
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


def _table(found: Iterable[Duplicate]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("document", "duplicate_of", "similarity", "contained", "figures"):
        table.add_column(message(f"duplicates.{name}"), justify="left" if name in ("document", "duplicate_of") else "right")
    for one in found:
        shares = (one.similarity, one.contained, one.figures)
        table.add_row(one.document, one.duplicate_of, *("" if share is None else f"{share:.2f}" for share in shares))
    return table
