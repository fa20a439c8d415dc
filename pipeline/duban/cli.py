"""The command line: thin commands over the library. ``duban --help`` imports nothing heavy; a command what it needs.

Exit status: 0 all was done, 1 something failed (one coded line each on standard error; the rest was done), 2 the
command was called wrongly. Outputs are written under a temporary name and renamed when complete.
"""
from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from duban import PIPELINES, __version__
from duban.errors import DubanError
from duban.messages import message

if TYPE_CHECKING:
    from spacy.language import Language

    from duban.evaluate import Scores
    from duban.readers import Source

Record = dict[str, Any]
GoldFile = tuple[Path, dict[str, Any]]

_HELP = {"help_option_names": ["-h", "--help"]}
_STYLE: dict[str, Any] = {"add_completion": False, "no_args_is_help": True, "rich_markup_mode": None, "context_settings": _HELP}
commands = typer.Typer(help=message("cli.app"), **_STYLE)
lexicon_commands = typer.Typer(help=message("cli.lexicon"), **_STYLE)
gold_commands = typer.Typer(help=message("cli.gold"), **_STYLE)
commands.add_typer(lexicon_commands, name="lexicon")
commands.add_typer(gold_commands, name="gold")

Inputs = Annotated[list[str], typer.Argument(metavar="INPUT", help=message("cli.arg.inputs"), show_default=False)]
File = Annotated[str, typer.Argument(metavar="FILE", help=message("cli.arg.file"), show_default=False)]
Golds = Annotated[list[Path], typer.Argument(metavar="GOLD", help=message("cli.arg.gold"), show_default=False)]
Pipeline = Annotated[str, typer.Option(help=message("cli.opt.pipeline", known=", ".join(PIPELINES)), metavar="NAME")]
Date = Annotated[str | None, typer.Option(help=message("cli.opt.date"), metavar="DATE")]
Place = Annotated[str | None, typer.Option(help=message("cli.opt.place"), metavar="PLACE")]
Lexicons = Annotated[list[Path] | None, typer.Option("--lexicon", help=message("cli.opt.lexicon"), metavar="FILE")]
Column = Annotated[str, typer.Option("--text-column", help=message("cli.opt.column"), metavar="NAME")]
Documents = Annotated[Path | None, typer.Option(help=message("cli.opt.documents"), metavar="DIR")]

_DEFAULT_PIPELINE = "zh_duban_char"
_STDOUT = "-"


class Run:
    """One call of a command: the settings its documents share, and how many of them failed."""

    def __init__(self, *, pipeline: str = _DEFAULT_PIPELINE, lexicons: Iterable[Path] | None = None, date: str | None = None, place: str | None = None) -> None:
        self.pipeline, self.lexicons, self.date, self.place = pipeline, [_as_file(path) for path in lexicons or ()], date, place
        self.failed = 0
        self._nlp: Language | None = None

    @property
    def nlp(self) -> Language:
        """The pipeline, loaded when first used. Raises DubanError DB101, DB3xx (a lexicon); an unknown name is wrong usage."""
        if self._nlp is None:
            import duban

            known = self.pipeline in PIPELINES
            self._nlp = duban.load(self.pipeline, lexicons=self.lexicons) if known else _load(self.pipeline, self.lexicons)
        return self._nlp

    def records(self, inputs: Iterable[str], *, column: str = "text", skip: Iterable[Path] = (), reuse: bool = False) -> Iterator[Record]:
        """The records of all inputs; what fails is reported and left out. ``reuse``: records found in a file are taken as they are."""
        from duban import readers

        files = list(readers.documents(inputs, skip=skip))
        if not files:  # nothing but the output
            self.report(DubanError("DB107", path=", ".join(inputs), known=" ".join(readers.SUFFIXES)))
        for name, found in readers.stream(_tracked(files), column=column):
            if isinstance(found, DubanError):
                self.report(found)
            elif reuse and found.record:
                yield {**found.record, "id": name}  # the same id, unless two files have it
            elif record := self.record(name, found):
                yield record

    def record(self, name: str, source: Source) -> Record | None:
        """The record of one document; None where that failed, which is then reported."""
        import duban

        nlp, path = self.nlp, source.meta["source"]["path"]
        date, place = self.date or source.meta.get("date"), self.place or source.meta.get("place")
        for warning in source.meta.get("warnings", ()):  # told, not counted: the document is read
            _print_line(warning, path)
        try:
            return duban.to_record(duban.process(source.text, nlp=nlp, date=date, place=place, name=name, source=source.meta["source"]))
        except DubanError as error:
            self.report(error, path)
        except Exception as error:
            cause = error.__cause__ or error  # spaCy wraps some
            failure = DubanError("DB431", path=path, kind=type(cause).__name__, reason=cause)
            failure.__cause__ = error
            self.report(failure)
        return None

    def report(self, error: DubanError, where: object = "") -> None:
        """One line on standard error; the run goes on and fails in the end."""
        self.failed += 1
        _print_error(error, where)

    def end(self) -> None:
        if self.failed:
            raise typer.Exit(1)


def _load(name: str, lexicons: list[str]) -> Language:
    """A pipeline from its folder or package, the entries of lexicon files added. Raises DubanError DB203; an unknown name is wrong usage."""
    import spacy

    from duban.lexicon import Lexicon

    if not (Path(name).is_dir() or spacy.util.is_package(name)):
        raise _usage(DubanError("DB202", name=name, known=", ".join(PIPELINES)))
    try:
        nlp = spacy.load(name)
        if lexicons:
            ruler: Any = nlp.get_pipe("duban_entities")
            ruler.add_patterns(entry.to_dict() for entry in Lexicon.load(*lexicons))
    except (OSError, KeyError, ValueError) as error:
        if isinstance(error, DubanError):
            raise
        raise DubanError("DB203", name=name, reason=error) from error
    return nlp


@commands.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", help=message("cli.opt.version"), is_eager=True, callback=lambda value: _version(value))] = False,
    debug: Annotated[bool, typer.Option("--debug", help=message("cli.opt.debug"))] = False,
) -> None:
    pass


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"duban {__version__}")
        raise typer.Exit


@commands.command(help=message("cli.extract"))
def extract(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.output"), metavar="OUT.jsonl")] = Path(_STDOUT),
    pipeline: Pipeline = _DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
) -> None:
    run = Run(pipeline=pipeline, lexicons=lexicon, date=_date(date), place=place)
    _check_output(output, inputs, (".jsonl",))
    _write(run.records(inputs, column=text_column, skip=[output]), output, "write_records")
    run.end()


@commands.command(help=message("cli.ledger"))
def ledger(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.ledger"), metavar="OUT", show_default=False)],
    pipeline: Pipeline = _DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
    text_column: Column = "text",
    update: Annotated[Path | None, typer.Option(help=message("cli.opt.update"), metavar="OLD")] = None,
) -> None:
    run = Run(pipeline=pipeline, lexicons=lexicon, date=_date(date), place=place)
    _check_output(output, inputs, (".xlsx", ".csv") if update is None else (".xlsx",))
    kept = {"update": update} if update is not None else {}
    for old in kept.values():  # a wrong file is told before the documents are read
        import_module("duban.tables.living").read(old)
    _write(run.records(inputs, column=text_column, skip=[output, *kept.values()], reuse=True), output, "write_ledger", **kept)
    run.end()


@commands.command(help=message("cli.explain"))
def explain(
    file: File,
    at: Annotated[int | None, typer.Option(help=message("cli.opt.at"), metavar="OFFSET")] = None,
    pipeline: Pipeline = _DEFAULT_PIPELINE,
    date: Date = None,
    place: Place = None,
    lexicon: Lexicons = None,
) -> None:
    from duban.explain import explain as lines

    _each(file, Run(pipeline=pipeline, lexicons=lexicon, date=_date(date), place=place), lambda record: lines(record, at))


@commands.command(help=message("cli.outline"))
def outline(file: File, pipeline: Pipeline = _DEFAULT_PIPELINE) -> None:
    from duban.explain import outline as lines

    _each(file, Run(pipeline=pipeline), lines)


@commands.command(help=message("cli.evaluate"))
def evaluate(
    gold: Golds,
    documents: Documents = None,
    records: Annotated[Path | None, typer.Option(help=message("cli.opt.records"), metavar="FILE")] = None,
    errors: Annotated[str | None, typer.Option(help=message("cli.opt.errors"), metavar="LAYER")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=message("cli.opt.json"))] = False,
    floors: Annotated[Path | None, typer.Option(help=message("cli.opt.floors"), metavar="FILE")] = None,
    update_floors: Annotated[bool, typer.Option("--update-floors", help=message("cli.opt.update_floors"))] = False,
    allow_lower: Annotated[str | None, typer.Option(help=message("cli.opt.allow_lower"), metavar="REASON")] = None,
    pipeline: Pipeline = _DEFAULT_PIPELINE,
    lexicon: Lexicons = None,
) -> None:
    from duban import evaluate as scoring

    if errors and errors not in (known := (*scoring.LAYERS, *scoring.ATTRIBUTES)):
        raise _usage(DubanError("DB211", layer=errors, known=", ".join(known)))
    if update_floors and not floors:
        raise _usage(DubanError("DB214", option="--update-floors", other="--floors"))
    if allow_lower is not None and not (update_floors and allow_lower.strip()):
        raise _usage(DubanError("DB214", option="--allow-lower", other="--update-floors --allow-lower REASON"))
    run = Run(pipeline=pipeline, lexicons=lexicon)
    golds = _golds(run, gold)
    if records:
        predictions: Iterable[Record] = list(run.records([str(records)], reuse=True))
    else:
        golds, texts = _texts(run, golds, documents)
        found = (run.record(Path(source.meta["source"]["path"]).stem, source) for source in _tracked(list(texts.values())))
        predictions = (record for record in found if record)
    if not golds or predictions == []:
        run.end()
        return
    scores = scoring.score(predictions, [known for _, known in golds])
    _show_scores(scores, errors, as_json)
    if floors and not run.failed:
        _check_floors(run, scores, [known for _, known in golds], floors, update_floors, allow_lower)
    run.end()


@commands.command(help=message("cli.schema"))
def schema() -> None:
    from duban import records

    typer.echo(json.dumps(records.schema(), ensure_ascii=False, indent=1))


@lexicon_commands.command("check", help=message("cli.lexicon.check"))
def lexicon_check(files: Annotated[list[Path], typer.Argument(metavar="FILE", help=message("cli.arg.lexicons"), show_default=False)]) -> None:
    from collections import Counter

    from duban import lexicon

    run = Run()
    good = []
    for path in files:
        try:
            entries = lexicon.check([_as_file(path)])
        except DubanError as error:
            run.report(error, path)
            continue
        good.append(path)
        labels = ", ".join(f"{label} {count}" for label, count in Counter(entry.label for entry in entries).items())
        typer.echo(message("cli.lexicon.entries", path=path, count=len(entries), labels=labels))
    mine = {_as_file(path) for path in good}
    loaded = lexicon.check([*lexicon.packaged_names(), *map(_as_file, good)])
    for old, new in loaded.shadowed:
        if new.file in mine:
            typer.echo(message("cli.lexicon.shadows", path=new.file, line=new.line, other=old.file, first=old.line, label=new.label, pattern=new.pattern))
    run.end()


@lexicon_commands.callback()
def _lexicon() -> None:
    pass


@gold_commands.command("to-docbin", help=message("cli.gold.docbin"))
def gold_to_docbin(
    gold: Golds,
    output: Annotated[Path, typer.Option("--output", "-o", help=message("cli.opt.docbin"), metavar="OUT.spacy", show_default=False)],
    documents: Documents = None,
    pipeline: Pipeline = _DEFAULT_PIPELINE,
) -> None:
    from spacy.tokens import DocBin

    from duban.evaluate import gold_docs

    run = Run(pipeline=pipeline)
    _check_output(output, [], (".spacy",))
    golds = _golds(run, gold)
    golds, texts = _texts(run, golds, documents)
    docs = gold_docs([known for _, known in golds], {digest: source.text for digest, source in texts.items()}, run.nlp)
    if docs:
        with _draft(output) as draft:
            DocBin(docs=docs).to_disk(draft)
    else:
        run.report(DubanError("DB514", path=output))
    run.end()


@gold_commands.callback()
def _gold() -> None:
    pass


def _golds(run: Run, inputs: Iterable[Path]) -> list[GoldFile]:
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


def _texts(run: Run, golds: Iterable[GoldFile], documents: Path | None) -> tuple[list[GoldFile], dict[str, Source]]:
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


def _check_floors(run: Run, scores: Scores, golds: list[dict[str, Any]], path: Path, update: bool, allow_lower: str | None) -> None:
    from duban.evaluate import floors

    if update:
        known = floors.read(path) if path.exists() else None
        floors.write(floors.raised(scores, golds, known, allow_lower=allow_lower), path)
        print(message("cli.floors.written", path=path), file=sys.stderr)
        return
    problems = floors.check(scores, golds, floors.read(path), path)
    for problem in problems:
        run.report(problem)
    if not problems:
        print(message("cli.floors.kept", path=path), file=sys.stderr)


def _each(file: str, run: Run, lines: Callable[[Record], Iterable[str]]) -> None:
    """Print lines about every record of one input; one that may hold several documents names each."""
    several = file.endswith(".jsonl") or Path(file).is_dir()
    for number, record in enumerate(run.records([file], reuse=True)):
        if several:
            typer.echo(f"{'' if number == 0 else chr(10)}== {record['id']}")
        try:
            for line in lines(record):
                typer.echo(line)
        except DubanError as error:
            raise _usage(error) from None
    run.end()


def _write(records: Iterator[Record], path: Path, writer: str, **options: object) -> None:
    """Write records with a function of ``duban.writers``; without any record the file is left as it is."""
    first = next(records, None)
    if first is None:
        return
    if str(path) == _STDOUT:
        for record in chain((first,), records):
            typer.echo(json.dumps(record, ensure_ascii=False))
        return
    writers = import_module("duban.writers")
    with _draft(path) as draft:
        getattr(writers, writer)(chain((first,), records), draft, **options)


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place when the block ends well. Raises DubanError DB511."""
    path = path.resolve()
    draft = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.touch()
        yield draft
        draft.replace(path)
    except OSError as error:
        raise DubanError("DB511", path=path, reason=error.strerror or error) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _check_output(path: Path, inputs: Iterable[str], suffixes: tuple[str, ...]) -> None:
    """Refuse an output that cannot be meant, before any work is done."""
    if str(path) == _STDOUT and ".jsonl" in suffixes:
        return
    if path.is_dir():
        raise DubanError("DB511", path=path, reason=message("reason.folder"))
    if path.suffix.lower() not in suffixes:
        raise _usage(DubanError("DB513", path=path, known=" ".join(suffixes)))
    if any(given != "-" and Path(given).resolve() == path.resolve() for given in inputs):
        raise _usage(DubanError("DB512", path=path))


def _date(given: str | None) -> str | None:
    """A date as it must be written; anything else is wrong usage."""
    from datetime import date

    if given is None:
        return None
    try:
        if date.fromisoformat(given).isoformat() == given:
            return given
    except ValueError:
        pass
    raise _usage(DubanError("DB213", date=given))


def _as_file(path: Path) -> str:
    """The path as the lexicon loader takes it for a file, not for a lexicon of the package."""
    return str(path) if set("/\\.") & set(str(path)) else f"./{path}"


def _usage(error: DubanError) -> typer.BadParameter:
    return typer.BadParameter(str(error))


def _tracked(items: list[Any]) -> Iterable[Any]:
    """The items, with a progress bar where somebody looks on."""
    if len(items) < 2 or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, description=message("cli.progress"), console=Console(stderr=True), transient=True)


_DEBUG = False


def app(args: list[str] | None = None) -> NoReturn:
    """The command ``duban``: runs, and ends the process with its exit status."""
    global _DEBUG
    given = list(sys.argv[1:] if args is None else args)
    # wherever it stands
    _DEBUG = "--debug" in given
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot print Chinese
    try:
        typer.main.get_command(commands)([word for word in given if word != "--debug"], prog_name="duban")
    except Exception as error:
        known = error if isinstance(error, DubanError) else DubanError("DB499", kind=type(error).__name__, reason=error)
        if known is not error:
            known.__cause__ = error
        _print_error(known)
        sys.exit(1)
    sys.exit(0)


def _print_error(error: DubanError, where: object = "") -> None:
    """One line, and with --debug where it came from."""
    if _DEBUG:
        traceback.print_exception(error)
    _print_line(error, where)


def _print_line(said: object, where: object = "") -> None:
    line = " ".join(str(said).splitlines())
    print(line if str(where) in line else f"{line} ({where})", file=sys.stderr)
