"""What commands share: the two levels of ``duban``, their arguments and options, and how these are checked."""
from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from duban import PIPELINES
from duban.errors import DubanError
from duban.messages import message

_HELP = {"help_option_names": ["-h", "--help"]}
STYLE: dict[str, Any] = {"add_completion": False, "no_args_is_help": True, "rich_markup_mode": None, "context_settings": _HELP}
commands = typer.Typer(help=message("cli.app"), **STYLE)

Inputs = Annotated[list[str], typer.Argument(metavar="INPUT", help=message("cli.arg.inputs"), show_default=False)]
File = Annotated[str, typer.Argument(metavar="FILE", help=message("cli.arg.file"), show_default=False)]
Golds = Annotated[list[Path], typer.Argument(metavar="GOLD", help=message("cli.arg.gold"), show_default=False)]
Pipeline = Annotated[str, typer.Option(help=message("cli.opt.pipeline", known=", ".join(PIPELINES)), metavar="NAME")]
Date = Annotated[str | None, typer.Option(help=message("cli.opt.date"), metavar="DATE")]
Place = Annotated[str | None, typer.Option(help=message("cli.opt.place"), metavar="PLACE")]
Lexicons = Annotated[list[Path] | None, typer.Option("--lexicon", help=message("cli.opt.lexicon"), metavar="FILE")]
Column = Annotated[str, typer.Option("--text-column", help=message("cli.opt.column"), metavar="NAME")]
Documents = Annotated[Path | None, typer.Option(help=message("cli.opt.documents"), metavar="DIR")]

DEFAULT_PIPELINE = "zh_duban_char"
STDOUT = "-"
#: What tables are written as.
TABLES = (".csv", ".parquet", ".xlsx", ".jsonl")


def check_output(path: Path, inputs: Iterable[str], suffixes: tuple[str, ...]) -> None:
    """Refuse an output that cannot be meant, before any work is done."""
    if str(path) == STDOUT and suffixes[:1] == (".jsonl",):  # records; tables are files
        return
    if path.is_dir():
        raise DubanError("DB511", path=path, reason=message("reason.folder"))
    if path.suffix.lower() not in suffixes:
        raise usage(DubanError("DB513", path=path, known=" ".join(suffixes)))
    if any(given != "-" and Path(given).resolve() == path.resolve() for given in inputs):
        raise usage(DubanError("DB512", path=path))


def checked_date(given: str | None) -> str | None:
    """A date as it must be written; anything else is wrong usage."""
    from datetime import date

    if given is None:
        return None
    try:
        if date.fromisoformat(given).isoformat() == given:
            return given
    except ValueError:
        pass
    raise usage(DubanError("DB213", date=given))


def as_file(path: Path) -> str:
    """The path as the lexicon loader takes it for a file, not for a lexicon of the package."""
    return str(path) if set("/\\.") & set(str(path)) else f"./{path}"


def usage(error: DubanError) -> typer.BadParameter:
    return typer.BadParameter(str(error))
