"""``duban gold to-label-studio`` and ``gold import``: readers' corrections, there and back."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from duban.cli.evaluate import gold_commands
from duban.cli.options import DEFAULT_PIPELINE, Inputs, Lexicons, Pipeline, check_output, usage
from duban.cli.output import draft
from duban.cli.run import Run
from duban.errors import DubanError
from duban.messages import message


@gold_commands.command("to-label-studio", help=message("cli.gold.label_studio"))
def to_label_studio(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.label_studio"), metavar="TASKS.json", show_default=False)],
    config: Annotated[Path | None, typer.Option(help=message("cli.opt.config"), metavar="FILE.xml")] = None,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    lexicon: Lexicons = None,
) -> None:
    from duban.evaluate import label_studio

    run = Run(pipeline=pipeline, lexicons=lexicon)
    check_output(output, inputs, (".json",))
    if config is not None:
        check_output(config, inputs, (".xml",))
        with draft(config) as file:
            file.write_text(label_studio.config(), encoding="utf-8")
    tasks = [label_studio.to_task(record) for record in run.records(inputs, skip=[output], reuse=True)]
    if tasks:
        _write(tasks, output)
    run.end()


@gold_commands.command("import", help=message("cli.gold.import"))
def gold_import(
    export: Annotated[Path, typer.Argument(metavar="EXPORT.json", help=message("cli.arg.export"), show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.gold"), metavar="DIR", show_default=False)],
    layer: Annotated[list[str] | None, typer.Option(help=message("cli.opt.layer"), metavar="LAYER")] = None,
    documents: Annotated[Path | None, typer.Option(help=message("cli.opt.texts"), metavar="DIR")] = None,
) -> None:
    from duban.evaluate import label_studio
    from duban.evaluate.gold import SUFFIX

    run = Run()
    layers = layer or label_studio.GOLD_LAYERS
    for unknown in set(layers) - set(label_studio.GOLD_LAYERS):
        raise usage(DubanError("DB211", layer=unknown, known=", ".join(label_studio.GOLD_LAYERS)))
    for task in _tasks(export):
        try:
            gold = label_studio.to_gold(task, layers)
        except DubanError as error:
            run.report(error, export)
            continue
        _write(gold, output / f"{gold['doc']}{SUFFIX}")
        if documents is not None:
            with draft(documents / f"{gold['doc']}.txt") as file:
                file.write_bytes(task["data"]["text"].encode())
    run.end()


def _tasks(path: Path) -> list[Any]:
    """The tasks of an export. Raises DubanError DB101, DB108, DB111."""
    from duban import readers

    with readers.opened(path, str(path)) as file:
        raw = file.read()
    try:
        tasks = json.loads(raw)
    except ValueError as error:
        raise DubanError("DB111", path=path, reason=message("reason.json", reason=error)) from None
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise DubanError("DB111", path=path, reason=message("reason.tasks"))
    return tasks


def _write(value: object, path: Path) -> None:
    with draft(path) as file:
        file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
