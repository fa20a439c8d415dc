"""``duban evaluate`` and ``duban gold``: annotated documents."""
from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.cli.options import DEFAULT_PIPELINE, STYLE, Documents, Golds, Lexicons, Pipeline, check_output, commands, usage
from duban.cli.output import draft, tracked
from duban.cli.run import Record, Run
from duban.errors import DubanError
from duban.messages import message

if TYPE_CHECKING:
    from duban.evaluate import Scores
    from duban.readers import Source

GoldFile = tuple[Path, dict[str, Any]]

gold_commands = typer.Typer(help=message("cli.gold"), **STYLE)
commands.add_typer(gold_commands, name="gold")


@commands.command(help=message("cli.evaluate"))
def evaluate(
    gold: Golds,
    documents: Documents = None,
    records: Annotated[Path | None, typer.Option(help=message("cli.opt.records"), metavar="FILE")] = None,
    errors: Annotated[str | None, typer.Option(help=message("cli.opt.errors"), metavar="LAYER")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=message("cli.opt.json"))] = False,
    floors: Annotated[Path | None, typer.Option(help=message("cli.opt.floors"), metavar="FILE")] = None,
    floors_set: Annotated[str, typer.Option("--set", help=message("cli.opt.floors_set"), metavar="NAME")] = "corpus",
    update_floors: Annotated[bool, typer.Option("--update-floors", help=message("cli.opt.update_floors"))] = False,
    allow_lower: Annotated[str | None, typer.Option(help=message("cli.opt.allow_lower"), metavar="REASON")] = None,
    companion: Annotated[Path | None, typer.Option(help=message("cli.opt.companion"), metavar="DIR")] = None,
    disagreements: Annotated[Path | None, typer.Option(help=message("cli.opt.disagreements"), metavar="FILE.jsonl")] = None,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    lexicon: Lexicons = None,
) -> None:
    from duban import evaluate as scoring

    if errors and errors not in (known := (*scoring.LAYERS, *scoring.ATTRIBUTES)):
        raise usage(DubanError("DB211", layer=errors, known=", ".join(known)))
    if update_floors and not floors:
        raise usage(DubanError("DB214", option="--update-floors", other="--floors"))
    if allow_lower is not None and not (update_floors and allow_lower.strip()):
        raise usage(DubanError("DB214", option="--allow-lower", other="--update-floors --allow-lower REASON"))
    if disagreements and not companion:
        raise usage(DubanError("DB214", option="--disagreements", other="--companion"))
    if companion:
        others = {"--records": records, "--errors": errors, "--floors": floors, "--pipeline": pipeline != DEFAULT_PIPELINE}
        if given := [option for option, value in others.items() if value]:
            raise usage(DubanError("DB218", option=given[0], other="--companion"))
        from duban.cli.companion import compare

        compare(gold, documents, companion, disagreements, lexicon, as_json)
        return
    run = Run(pipeline=pipeline, lexicons=lexicon)
    golds = read_golds(run, gold)
    if records:
        predictions: Iterable[Record] = list(run.records([str(records)], reuse=True))
    else:
        golds, texts = texts_of(run, golds, documents)
        found = (run.record(Path(source.meta["source"]["path"]).stem, source) for source in tracked(list(texts.values())))
        predictions = (record for record in found if record)
    if not golds or predictions == []:
        run.end()
        return
    scores = scoring.score(predictions, [known for _, known in golds])
    _show_scores(scores, errors, as_json)
    if floors and not run.failed:
        _check_floors(run, scores, [known for _, known in golds], floors, floors_set, update_floors, allow_lower)
    run.end()


@gold_commands.command("to-docbin", help=message("cli.gold.docbin"))
def gold_to_docbin(
    gold: Golds,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.docbin"), metavar="OUT.spacy", show_default=False)],
    documents: Documents = None,
    pipeline: Pipeline = DEFAULT_PIPELINE,
) -> None:
    from spacy.tokens import DocBin

    from duban.evaluate import gold_docs

    run = Run(pipeline=pipeline)
    check_output(output, [], (".spacy",))
    golds = read_golds(run, gold)
    golds, texts = texts_of(run, golds, documents)
    docs = gold_docs([known for _, known in golds], {digest: source.text for digest, source in texts.items()}, run.nlp)
    if docs:
        with draft(output) as file:
            DocBin(docs=docs).to_disk(file)
    else:
        run.report(DubanError("DB514", path=output))
    run.end()


@gold_commands.callback()
def _gold() -> None:
    pass


def read_golds(run: Run, inputs: Iterable[Path]) -> list[GoldFile]:
    """The gold files that can be read; the others are reported."""
    from duban import evaluate as scoring

    out = []
    for given in inputs:
        try:
            for path in scoring.gold_files([given]):
                try:
                    out.append((path, scoring.read_gold(path)))
                except DubanError as error:
                    run.report(error, path)
        except DubanError as error:
            run.report(error, given)
    return out


def texts_of(run: Run, golds: Iterable[GoldFile], documents: Path | None) -> tuple[list[GoldFile], dict[str, Source]]:
    """The gold files whose texts are there, and the texts by hash; one that is missing or another one is reported."""
    from duban import evaluate as scoring

    good: list[GoldFile] = []
    texts: dict[str, Source] = {}
    for path, gold in golds:
        try:
            texts[gold["sha256"]] = scoring.text_of(gold, path, documents)
            good.append((path, gold))
        except DubanError as error:
            run.report(error, path)
    return good, texts


def _show_scores(scores: Scores, layer: str | None, as_json: bool) -> None:
    wrong = scores.errors.get(layer, []) if layer else []
    if as_json:
        figures = scores.to_dict()
        if layer:
            figures["errors"] = [error._asdict() for error in wrong]
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    typer.echo(scores.table())
    for error in wrong:
        slot = f"\t{error.want!r} → {error.got!r}" if error.sign == "!" else ""
        typer.echo(f"{error.sign}\t{error.doc}\t{error.start}–{error.end}\t{error.context}{slot}")


def _check_floors(run: Run, scores: Scores, golds: list[dict[str, Any]], path: Path, name: str, update: bool, allow_lower: str | None) -> None:
    from duban.evaluate import floors

    if update:
        sets = floors.read_all(path) if path.exists() else {}
        floors.write({**sets, name: floors.raised(scores, golds, sets.get(name), allow_lower=allow_lower)}, path)
        print(message("cli.floors.written", path=path), file=sys.stderr)
        return
    problems = floors.check(scores, golds, floors.read(path, name), path)
    for problem in problems:
        run.report(problem)
    if not problems:
        print(message("cli.floors.kept", path=path), file=sys.stderr)
