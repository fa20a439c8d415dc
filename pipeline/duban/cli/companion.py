"""A trained companion: ``duban gold to-companion`` makes what it learns from, ``duban evaluate --companion`` compares it with the rules."""
from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban import PIPELINES
from duban.cli.evaluate import gold_commands, read_golds, texts_of
from duban.cli.options import DEFAULT_PIPELINE, Documents, Golds, Lexicons, Pipeline
from duban.cli.output import draft, print_table, tracked
from duban.cli.run import Run
from duban.errors import DubanError
from duban.messages import message

if TYPE_CHECKING:
    from rich.table import Table
    from spacy.tokens import Doc

    from duban.companion.data import Split
    from duban.evaluate.agreement import Agreement
    from duban.readers import Source


@gold_commands.command("to-companion", help=message("cli.gold.companion"))
def to_companion(
    gold: Golds,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.companion_data"), metavar="DIR", show_default=False)],
    documents: Documents = None,
    held_out: Annotated[float, typer.Option(help=message("cli.opt.held_out"), metavar="SHARE", min=0.0, max=0.8)] = 0.2,
    dev: Annotated[float, typer.Option(help=message("cli.opt.dev"), metavar="SHARE", min=0.0, max=0.8)] = 0.1,
    pipeline: Pipeline = DEFAULT_PIPELINE,
    lexicon: Lexicons = None,
) -> None:
    from spacy.tokens import DocBin

    from duban.companion import data

    run = Run(pipeline=pipeline, lexicons=lexicon, components=PIPELINES[DEFAULT_PIPELINE])  # characters: it does not read words
    golds, texts = texts_of(run, read_golds(run, gold), documents)
    known = {name: files for name, files in data.by_document(gold for _, gold in golds).items() if any(gold["entities"] for gold in files)}
    docs = _docs(run, {name: texts[files[0]["sha256"]] for name, files in known.items()})
    parts = data.split(docs, held_out, dev, data.versions(docs))
    made = {part: [piece for name in names for piece in data.examples(docs[name], known[name])] for part, names in parts._asdict().items()}
    for part in ("train", "dev"):
        with draft(output / f"{part}.spacy") as file:
            DocBin(docs=made[part]).to_disk(file)
    with draft(output / "split.json") as file:
        hashes = {part: {name: known[name][0]["sha256"] for name in names} for part, names in parts._asdict().items()}
        file.write_text(json.dumps(hashes, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print_table(_parts_table(parts, made))
    run.end()


def compare(gold: list[Path], documents: Path | None, companion: Path, disagreements: Path | None, lexicon: list[Path] | None, as_json: bool) -> None:
    """The figures of ``duban evaluate --companion``. Raises DubanError DB115 (nothing it has not seen), DB204 (no companion, or one that was not told)."""
    from duban.companion import KEY, data
    from duban.evaluate import agreement
    from duban.records import to_record

    run = Run(pipeline=str(companion), lexicons=lexicon)
    pipe: Any = run.nlp.get_pipe(KEY) if KEY in run.nlp.pipe_names else None
    seen = pipe and pipe.cfg.get("seen")
    if seen is None:
        raise DubanError("DB204", path=companion)
    every = read_golds(run, gold)
    unseen = [(path, gold) for path, gold in every if "entities" in gold["layers"] and gold["sha256"] not in seen]
    if every and not unseen:
        raise DubanError("DB115", path=companion)
    fresh, texts = texts_of(run, unseen, documents)
    known = data.by_document(gold for _, gold in fresh)
    docs = _docs(run, {name: texts[files[0]["sha256"]] for name, files in known.items()})
    if docs:
        rules = [to_record(doc) for doc in docs.values()]
        learnt = [{"text": record["text"], "entities": _entities(doc)} for record, doc in zip(rules, docs.values(), strict=True)]
        found = agreement.agreement(rules, learnt, [gold for name in docs for gold in known[name]])
        _show(found, list(docs), len(data.by_document(gold for _, gold in every)), as_json)
        if disagreements:
            with draft(disagreements) as file:
                file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found.disputed), encoding="utf-8")
    run.end()


def _docs(run: Run, sources: dict[str, Source]) -> dict[str, Doc]:
    """The Docs of the documents, by name; what fails is reported."""
    found = ((name, run.doc(name, sources[name])) for name in tracked(list(sources)))
    return {name: doc for name, doc in found if doc is not None}


def _entities(doc: Doc) -> list[dict[str, Any]]:
    from duban.companion import KEY

    return [{"start": span.start_char, "end": span.end_char, "label": span.label_} for span in doc.spans[KEY]]


def _parts_table(parts: Split, made: dict[str, list[Doc]]) -> Table:
    from rich.table import Table

    from duban.companion import KEY
    from duban.evaluate.scores import LABELS

    table = Table(box=None, pad_edge=False)
    for name in ("part", "documents", *LABELS):
        table.add_column(name if name in LABELS else message(f"companion.{name}"), justify="left" if name == "part" else "right")
    for part, names in parts._asdict().items():
        counts = Counter(span.label_ for piece in made[part] for span in piece.spans[KEY])
        table.add_row(message(f"companion.{part}"), str(len(names)), *(str(counts[label]) for label in LABELS))
    return table


def _show(found: Agreement, names: list[str], documents: int, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"documents": names, **found.to_dict()}, ensure_ascii=False))
        return
    from duban.evaluate.agreement import FEW

    print(message("companion.measured", count=len(names), documents=documents, names=", ".join(names)))
    for table in (_figures_table(found), _cases_table(found)):
        print()
        print_table(table)
    if found.few:
        print()
        print(message("companion.few", few=FEW, labels=", ".join(f"{label} {count}" for label, count in found.few.items())))


def _figures_table(found: Agreement) -> Table:
    """Precision, recall and F1 of both, side by side."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column(message("companion.gold"), justify="right")
    for side in ("rules", "companion"):
        for figure in ("P", "R", "F1"):
            table.add_column(f"{message(f'companion.{side}')} {figure}", justify="right")
    for label, row in found.to_dict().items():
        figures = [row[side][figure] for side in ("rules", "companion") for figure in "prf"]
        table.add_row(_name(label), str(row["gold"]), *("–" if figure is None else f"{figure:.3f}" for figure in figures))
    return table


def _cases_table(found: Agreement) -> Table:
    """How often which of the two was right."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("")
    rows = found.to_dict()
    for case in rows["all"]["cases"]:
        table.add_column(message(f"companion.{case}"), justify="right")
    for label, row in rows.items():
        table.add_row(_name(label), *map(str, row["cases"].values()))
    return table


def _name(label: str) -> str:
    return message("companion.all") if label == "all" else label
