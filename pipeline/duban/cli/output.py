"""What commands write: files that are complete or not there, one line an error, progress where somebody looks on."""
from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from duban.cli.options import STDOUT
from duban.errors import DubanError
from duban.messages import message

if TYPE_CHECKING:
    from rich.table import Table

    from duban.duplicates import Duplicate

#: Whether an error is printed with where it came from.
debug = False
#: So many of what was left out are named.
_NAMED = 3


def write(records: Iterator[dict[str, Any]], path: Path, writer: str, **options: object) -> None:
    """Write records with a function of ``duban.writers``; without any record the file is left as it is."""
    first = next(records, None)
    if first is None:
        return
    if str(path) == STDOUT:
        for record in chain((first,), records):
            typer.echo(json.dumps(record, ensure_ascii=False))
        return
    writers = import_module("duban.writers")
    with draft(path) as file:
        getattr(writers, writer)(chain((first,), records), file, **options)


def write_lines(lines: Iterator[str], path: Path) -> None:
    """Write finished lines as they come; without any the file is left as it is."""
    from duban.batch import encoded

    if str(path) == STDOUT:
        for line in lines:
            typer.echo(encoded(line), nl=False)
        return
    first = next(lines, None)
    if first is not None:
        with draft(path) as temporary, temporary.open("wb") as file:
            file.writelines(map(encoded, chain((first,), lines)))


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place when the block ends well. Raises DubanError DB511."""
    path = path.resolve()
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch()
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise DubanError("DB511", path=path, reason=error.strerror or error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def tracked(items: list[Any]) -> Iterable[Any]:
    """The items, with a progress bar where somebody looks on."""
    if len(items) < 2 or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=message("cli.progress"), console=Console(stderr=True), transient=True)


def print_table(table: Table) -> None:
    """A table on standard output: as wide as the terminal, or as its words where nobody looks on."""
    from rich.console import Console

    console = Console() if sys.stdout.isatty() else Console(file=sys.stdout, width=200, color_system=None)
    console.print(table)


def tell_left_out(documents: int, left_out: Sequence[Duplicate]) -> None:
    """How many documents do not count, and why; the first few by name."""
    if left_out:
        names = ", ".join(f"{one.document} = {one.duplicate_of}" for one in left_out[:_NAMED])
        more = " …" if len(left_out) > _NAMED else ""
        print_line(message("duplicates.left_out", documents=documents, count=len(left_out), names=names + more))


def print_error(error: DubanError, where: object = "", trace: str = "") -> None:
    """One line, and with --debug where it came from (``trace``, where that was another process)."""
    if debug:
        print(trace or "".join(traceback.format_exception(error)), end="", file=sys.stderr)
    print_line(error, where)


def print_line(said: object, where: object = "") -> None:
    line = " ".join(str(said).splitlines())
    print(line if str(where) in line else f"{line} ({where})", file=sys.stderr)
