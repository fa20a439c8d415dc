"""One call of a command: the documents it is given, their records, what failed."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from duban.cli.options import DEFAULT_PIPELINE, as_file, usage
from duban.cli.output import print_error, print_line, tracked
from duban.errors import DubanError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from duban.readers import Source

Record = dict[str, Any]
_Made = TypeVar("_Made")


class Run:
    """One call of a command: the settings its documents share, and how many of them failed."""

    def __init__(
        self, *, pipeline: str = DEFAULT_PIPELINE, lexicons: Iterable[Path] | None = None, date: str | None = None, place: str | None = None,
        components: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.pipeline, self.lexicons, self.date, self.place = pipeline, [as_file(path) for path in lexicons or ()], date, place
        self.components = components
        self.failed = 0
        self._nlp: Language | None = None

    @property
    def nlp(self) -> Language:
        """The pipeline, loaded when first used. Raises DubanError DB101, DB3xx (a lexicon); an unknown name is wrong usage."""
        if self._nlp is None:
            from duban import batch

            try:
                self._nlp = batch.load(self.pipeline, self.lexicons)
            except DubanError as error:
                raise usage(error) if error.code == "DB202" else error from None
        return self._nlp

    def records(self, inputs: Iterable[str], *, column: str = "text", skip: Iterable[Path] = (), reuse: bool = False) -> Iterator[Record]:
        """The records of all inputs; what fails is reported and left out. ``reuse``: records found in a file are taken as they are."""
        from duban import readers

        files = list(readers.documents(inputs, skip=skip))
        if not files:  # nothing but the output
            self.report(DubanError("DB107", path=", ".join(inputs), known=" ".join(readers.SUFFIXES)))
        for name, found in readers.stream(tracked(files), column=column):
            if isinstance(found, DubanError):
                self.report(found)
            elif reuse and found.record:
                yield {**found.record, "id": name}  # the same id, unless two files have it
            elif record := self.record(name, found):
                yield record

    def record(self, name: str, source: Source) -> Record | None:
        """The record of one document; None where that failed, which is then reported."""
        from duban import batch

        return self._made(batch.record, name, source)

    def doc(self, name: str, source: Source) -> Doc | None:
        """The same as a Doc."""
        from duban import batch

        return self._made(batch.doc, name, source)

    def _made(self, make: Callable[..., _Made], name: str, source: Source) -> _Made | None:
        nlp, path = self.nlp, source.meta["source"]["path"]
        for warning in source.meta.get("warnings", ()):  # told, not counted: the document is read
            print_line(str(warning), path)
        try:
            with self._selected(nlp):
                return make(name, source, nlp, self.date, self.place)
        except DubanError as error:
            self.report(error, path)
        except Exception as error:
            cause = error.__cause__ or error  # spaCy wraps some
            failure = DubanError("DB431", path=path, kind=type(cause).__name__, reason=cause)
            failure.__cause__ = error
            self.report(failure)
        return None

    def _selected(self, nlp: Language) -> AbstractContextManager[Any]:
        """The pipeline with ``components`` alone, where these are named."""
        return nlp.select_pipes(enable=[name for name in nlp.pipe_names if name in self.components]) if self.components else nullcontext()

    def report(self, error: DubanError, where: object = "") -> None:
        """One line on standard error; the run goes on and fails in the end."""
        self.failed += 1
        print_error(error, where)

    def end(self) -> None:
        if self.failed:
            raise typer.Exit(1)


def each(file: str, run: Run, lines: Callable[[Record], Iterable[str]]) -> None:
    """Print lines about every record of one input; one that may hold several documents names each."""
    several = file.endswith(".jsonl") or Path(file).is_dir()
    for number, record in enumerate(run.records([file], reuse=True)):
        if several:
            typer.echo(f"{'' if number == 0 else chr(10)}== {record['id']}")
        try:
            for line in lines(record):
                typer.echo(line)
        except DubanError as error:
            raise usage(error) from None
    run.end()
