"""What one process does with documents: it reads them, runs the pipeline, and gives finished JSON lines."""
from __future__ import annotations

import hashlib
import json
import signal
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import duban
from duban import readers
from duban.errors import DubanError
from duban.messages import message
from duban.readers import DEFAULT_LIMITS, Limits, Pending, Row, Source

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

#: What one document may have (code points) and take (seconds), unless told otherwise.
MAX_CHARS, SECONDS = DEFAULT_LIMITS.text_length, 600.0
#: What failed before a component of the pipeline ran, and where none can be told.
READER, PIPELINE = "reader", "pipeline"


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides what is read and what a record says, the same for all documents of a run.

    ``pipeline``: a name in ``duban.PIPELINES``, a pipeline's folder or an installed package; ``column``: where rows of
    tables have their text; ``max_chars`` and ``seconds``: what one document may have and take.
    """

    pipeline: str = "zh_duban_char"
    lexicons: tuple[str, ...] = ()
    date: str | None = None
    place: str | None = None
    column: str = "text"
    max_chars: int = MAX_CHARS
    seconds: float = SECONDS

    @property
    def limits(self) -> Limits:
        return replace(DEFAULT_LIMITS, text_length=self.max_chars)


class Failure(NamedTuple):
    """A document without a record: why, in which component (a pipeline's name for it, ``reader``, ``worker``), and the traceback."""

    id: str
    path: str
    error: DubanError
    component: str
    trace: str = ""

    def row(self) -> dict[str, str]:
        """As it stands in ``failures.jsonl``."""
        return {"id": self.id, "path": self.path, "code": self.error.code, "component": self.component, "message": str(self.error)}


class Result(NamedTuple):
    """What became of one document: the line of its record, or its failure; ``size`` is that of its input in bytes."""

    id: str
    sha256: str
    size: int
    characters: int = 0
    line: str | None = None
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()


class Worker:
    """A process's share of the work: its pipeline is loaded with the first document that can be read."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def nlp(self) -> Language:
        nlp = load(self.settings.pipeline, self.settings.lexicons)
        nlp.set_error_handler(_tell_component)
        return nlp

    def describe(self) -> dict[str, Any]:
        """The ``pipeline`` of the records it makes. Raises DubanError as ``load`` does."""
        facts: dict[str, Any] = duban.to_record(duban.process("。", nlp=self.nlp))["pipeline"]
        return facts

    def run(self, documents: Iterable[Pending], **known: Any) -> list[Result]:
        """The results of documents, in their order; ``known`` (``date``, ``place``) stands above the settings.

        Raises DubanError only where there is no pipeline (see ``load``).
        """
        settings = replace(self.settings, **known)
        return [self._result(document, settings) for document in documents]

    def _result(self, document: Pending, settings: Settings) -> Result:
        base = Result(document.id, fingerprint(document), document.size)
        try:
            with time_limit(settings.seconds):
                source = readers.load(document, column=settings.column, limits=settings.limits)
        except Exception as error:
            return base._replace(failure=_failure(error, document.id, document.path, READER))
        nlp, path = self.nlp, source.meta["source"]["path"]
        base = base._replace(warnings=tuple(map(str, source.meta.get("warnings", ()))))
        try:
            with time_limit(settings.seconds):
                line = json.dumps(record(document.id, source, nlp, settings.date, settings.place), ensure_ascii=False)
        except Exception as error:
            return base._replace(failure=_failure(error, document.id, path, getattr(error, "component", PIPELINE)))
        return base._replace(characters=len(source.text), line=line)


def encoded(line: str) -> bytes:
    """A line of a file, with what no UTF-8 can say (file names of another encoding) as JSON escapes it.

    >>> encoded('"\\udce4"')
    b'"\\\\udce4"\\n'
    """
    return line.encode("utf-8", "backslashreplace") + b"\n"


def load(name: str, lexicons: Iterable[str] = ()) -> Language:
    """A pipeline by its name in ``duban.PIPELINES``, its folder or its package, with the entries of lexicon files added.

    Raises DubanError DB202 (there is none), DB203 (it cannot be loaded), DB101 and DB3xx (a lexicon).
    """
    lexicons = list(lexicons)
    if name in duban.PIPELINES:
        return duban.load(name, lexicons=lexicons)
    import spacy

    from duban.lexicon import Lexicon

    if not (Path(name).is_dir() or spacy.util.is_package(name)):
        raise DubanError("DB202", name=name, known=", ".join(duban.PIPELINES))
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


def doc(name: str, source: Source, nlp: Language, date: str | None = None, place: str | None = None) -> Doc:
    """The Doc of a document that was read; ``date`` and ``place`` stand above what its row says."""
    date, place = date or source.meta.get("date"), place or source.meta.get("place")
    return duban.process(source.text, nlp=nlp, date=date, place=place, name=name, source=source.meta["source"], reading=source.meta)


def record(name: str, source: Source, nlp: Language, date: str | None = None, place: str | None = None) -> dict[str, Any]:
    """The record of a document that was read, as ``doc`` reads it."""
    return duban.to_record(doc(name, source, nlp, date, place))


def fingerprint(document: Pending) -> str:
    """The SHA-256 of a document's bytes as they lie there; "" where there are none to be had."""
    if isinstance(document.content, Row):
        return document.content.sha256
    if isinstance(document.content, bytes):
        return hashlib.sha256(document.content).hexdigest()
    try:
        with open(document.path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


class _TimeUp(Exception):
    pass


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise in the block when it takes longer, where the platform can (SIGALRM, in the main thread)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(*_: object) -> NoReturn:
        raise _TimeUp(message("reason.seconds", limit=seconds))

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _tell_component(name: str, _component: object, _docs: object, error: Exception) -> NoReturn:
    """spaCy's error handler: the error says where it arose."""
    error.component = name  # type: ignore[attr-defined]
    raise error


def _failure(error: Exception, name: str, path: str, component: str) -> Failure:
    known = error if isinstance(error, DubanError) else _coded(error, path)
    return Failure(name, path, known, component, "".join(traceback.format_exception(known)))


def _coded(error: Exception, path: str) -> DubanError:
    """The DubanError of what was not foreseen, or took too long."""
    cause = error.__cause__ or error  # spaCy wraps some
    late = isinstance(error, _TimeUp)
    coded = DubanError("DB125", path=path, reason=error) if late else DubanError("DB431", path=path, kind=type(cause).__name__, reason=cause)
    coded.__cause__ = error
    return coded
