"""``duban annotate``: findings to annotation tools for readers to correct, and their corrections back as gold."""
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from enum import StrEnum
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.cli.options import DEFAULT_PIPELINE, STYLE, Inputs, Lexicons, Pipeline, check_output, commands, usage
from duban.cli.output import draft
from duban.cli.run import Run
from duban.errors import DubanError
from duban.messages import message

if TYPE_CHECKING:
    from duban.annotate import Annotation

annotate_commands = typer.Typer(help=message("cli.annotate"), **STYLE)
commands.add_typer(annotate_commands, name="annotate")


class Tool(StrEnum):
    """The tools; a module of ``duban.annotate`` knows the files of each."""

    label_studio = "label-studio"
    doccano = "doccano"
    brat = "brat"
    prodigy = "prodigy"


ToolName = Annotated[Tool, typer.Argument(help=message("cli.arg.tool"), show_default=False)]
Layers = Annotated[list[str] | None, typer.Option("--layer", help=message("cli.opt.layer"), metavar="LAYER")]


@annotate_commands.command("to", help=message("cli.annotate.to"))
def to_tool(
    tool: ToolName,
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.tool_files"), metavar="OUT", show_default=False)],
    layer: Layers = None,
    config: Annotated[Path | None, typer.Option(help=message("cli.opt.config"), metavar="FILE.xml")] = None,
    relations: Annotated[bool, typer.Option("--relations", help=message("cli.opt.relations"))] = False,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    lexicon: Lexicons = None,
) -> None:
    files, layers = _module(tool), _layers(layer)
    for option, wanted, other in (("--config", config is not None, Tool.label_studio), ("--relations", relations, Tool.doccano)):
        if wanted and tool is not other:
            raise usage(DubanError("DB214", option=option, other=f"annotate to {other}"))
    run = Run(pipeline=pipeline, lexicons=lexicon)
    if files.SUFFIX:
        check_output(output, inputs, (files.SUFFIX,))
    elif output.is_file():
        raise DubanError("DB511", path=output, reason=message("reason.not_folder"))
    if config is not None:
        check_output(config, inputs, (".xml",))
        with draft(config) as file:
            file.write_text(files.config(layers), encoding="utf-8")
    found = _found(run, inputs, output, layers)
    if (first := next(found, None)) is not None:  # without any, what is there stays
        options = {"relations": True} if relations else {}
        with draft(output) if files.SUFFIX else nullcontext(output) as out:
            files.write(chain((first,), found), out, **options)
    run.end()


@annotate_commands.command("from", help=message("cli.annotate.from"))
def from_tool(
    tool: ToolName,
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help=message("cli.arg.export"), show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.gold"), metavar="DIR", show_default=False)],
    layer: Layers = None,
    documents: Annotated[Path | None, typer.Option(help=message("cli.opt.texts"), metavar="DIR")] = None,
) -> None:
    from duban.annotate import gold
    from duban.evaluate.gold import SUFFIX

    run, layers = Run(), _layers(layer) if layer else None
    for annotation in _module(tool).read(export):
        try:
            if isinstance(annotation, DubanError):
                raise annotation
            known = gold(annotation, layers)
        except DubanError as error:
            run.report(error, export)
            continue
        with draft(output / f"{known['doc']}{SUFFIX}") as file:
            file.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if documents is not None:
            with draft(documents / f"{known['doc']}.txt") as file:
                file.write_bytes(annotation.text.encode())
    run.end()


def _module(tool: Tool) -> Any:
    return import_module(f"duban.annotate.{tool.name}")


def _layers(given: list[str] | None) -> list[str]:
    """The layers that are named, by default all."""
    from duban.annotate import GOLD_LAYERS

    for unknown in set(given or ()) - set(GOLD_LAYERS):
        raise usage(DubanError("DB211", layer=unknown, known=", ".join(GOLD_LAYERS)))
    return [layer for layer in GOLD_LAYERS if not given or layer in given]


def _found(run: Run, inputs: list[str], output: Path, layers: list[str]) -> Iterator[Annotation]:
    from duban.annotate import of_record

    for record in run.records(inputs, skip=[output], reuse=True):
        try:
            yield of_record(record, layers)
        except DubanError as error:
            run.report(error, record["id"])
