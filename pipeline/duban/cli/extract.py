"""``duban extract``: documents to records, in one file or in the folder of a run."""
from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.cli import options
from duban.cli.options import DEFAULT_PIPELINE, STDOUT, Column, Date, Inputs, Lexicons, Pipeline, Place, commands, usage
from duban.cli.output import print_error, print_line, write, write_lines
from duban.cli.progress import Progress, total_size
from duban.errors import DubanError
from duban.messages import message

if TYPE_CHECKING:
    from duban.batch import Result


class Format(StrEnum):
    csv = "csv"
    parquet = "parquet"
    spacy = "spacy"


#: The suffix of spaCy's DocBin.
DOCBIN = ".spacy"
#: Exit status where no document came out.
NOTHING = 3


@commands.command(help=message("cli.extract"))
def extract(
    inputs: Inputs,
    output: Annotated[str, typer.Option("--output", "-o", help=message("cli.opt.output"), metavar="OUT")] = STDOUT,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=0, help=message("cli.opt.jobs"), metavar="N")] = None,
    cluster: Annotated[str | None, typer.Option(help=message("cli.opt.cluster"), metavar="ADDRESS")] = None,
    resume: Annotated[bool, typer.Option("--resume", help=message("cli.opt.resume"))] = False,
    format: Annotated[list[Format] | None, typer.Option("--format", help=message("cli.opt.format"))] = None,
    duplicates: Annotated[bool, typer.Option("--duplicates", help=message("cli.opt.run_duplicates"))] = False,
    max_chars: Annotated[int | None, typer.Option(min=1, help=message("cli.opt.max_chars"), metavar="N")] = None,
    seconds: Annotated[float | None, typer.Option(min=0.001, help=message("cli.opt.seconds"), metavar="N")] = None,
) -> None:
    from duban import batch, readers

    path = Path(output)
    folder = _is_folder(output)
    for option, wanted in (("--resume", resume), ("--format", format), ("--duplicates", duplicates), ("--cluster", cluster)):
        if wanted and not folder:
            raise usage(DubanError("DB214", option=option, other="-o FOLDER"))
    if not folder:
        options.check_output(path, inputs, (".jsonl", DOCBIN))
    settings = batch.Settings(
        pipeline, tuple(map(options.as_file, lexicon or ())), options.checked_date(date), place, text_column,
        max_chars or batch.MAX_CHARS, seconds or batch.SECONDS,
    )  # fmt: skip
    documents = batch.pending(inputs, settings, skip=[path])
    with Progress(total_size(readers.documents(inputs, skip=[path]))) as progress:
        try:
            if folder:
                run = batch.RunFolder(path, settings)
                if cluster:
                    counts = import_module("duban.cluster").run(
                        run, inputs, address=cluster, jobs=jobs, resume=resume, told=lambda note: _tell_note(progress, note)
                    )
                else:
                    counts = batch.run(run, documents, jobs=jobs, resume=resume, told=lambda found: _tell(progress, found))
                batch.export(path, format or ())
                versions = batch.flag_duplicates(path) if duplicates else 0
                given, failed = counts.documents, counts.failures
            else:
                lines = _lines(progress, batch.results(documents, settings, jobs))
                if path.suffix.lower() == DOCBIN:
                    write(map(json.loads, lines), path, "write_docbin", nlp=batch.load(settings.pipeline))
                else:
                    write_lines(lines, path)
                given, failed = progress.documents, progress.failures
        except DubanError as error:
            raise usage(error) if error.code == "DB202" else error from None
    if not given:  # nothing but the output
        raise DubanError("DB107", path=", ".join(inputs), known=" ".join(readers.SUFFIXES))
    if folder:
        print_line(message("run.end", path=path, documents=given, records=given - failed, failures=failed))
        if duplicates:
            print_line(message("duplicates.count" if versions else "duplicates.none", documents=given - failed, count=versions))
    if failed:
        raise typer.Exit(NOTHING if failed == given else 1)


def _is_folder(output: str) -> bool:
    """Whether an output is meant to be the folder of a run."""
    path = Path(output)
    return output != STDOUT and (output.endswith("/") or not path.suffix or (path.is_dir() and path.suffix != ".jsonl"))


def _lines(progress: Progress, results: Iterator[Result]) -> Iterator[str]:
    for result in results:
        _tell(progress, [result])
        if result.line is not None:
            yield result.line


def _tell(progress: Progress, results: list[Result]) -> None:
    """Warnings and failures, a line each, and how far it is."""
    for result in results:
        for warning in result.warnings:
            print_line(warning, result.id)
        if result.failure is not None:
            print_error(result.failure.error, result.failure.path, result.failure.trace)
    progress.add(results)


def _tell_note(progress: Progress, note: dict[str, Any]) -> None:
    """The same of a shard that was done elsewhere."""
    for row in note["failures"]:
        print_line(row["message"], row["path"])
    progress.count(note["documents"], len(note["failures"]), note["characters"])
