"""Many documents on one machine: worker processes, runs that can be gone on with. ``duban.cluster`` is the same on many machines."""
from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from duban import readers
from duban.batch.folder import Counts, RunFolder, export, flag_duplicates
from duban.batch.pool import choose, chunks, cores, workers
from duban.batch.worker import MAX_CHARS, SECONDS, Failure, Result, Settings, Worker, doc, encoded, load, record

__all__ = [
    "MAX_CHARS", "SECONDS", "Counts", "Failure", "Result", "RunFolder", "Settings", "Worker",
    "cores", "doc", "encoded", "export", "flag_duplicates", "load", "pending", "process_many", "record", "results", "run",
]  # fmt: skip

_LOG = logging.getLogger("duban")


def pending(inputs: Iterable[str | Path], settings: Settings, skip: Iterable[str | Path] = ()) -> Iterator[readers.Pending]:
    """The documents of files, folders, patterns and ``-``, in their order, before they are read."""
    return readers.scan(readers.documents(inputs, skip=skip), limits=settings.limits)


def results(documents: Iterable[readers.Pending], settings: Settings, jobs: int | None = None) -> Iterator[Result]:
    """What became of documents, in their order; memory does not grow with their number.

    ``jobs``: worker processes; 0 for none but this one; None for none below two megabytes of input, else one a core.
    Raises DubanError DB202, DB203, DB3xx (there is no pipeline), DB433 (workers cannot be started).
    """
    jobs, documents = choose(jobs, documents)
    with workers(settings, jobs) as work:
        for _, found in work.map(chunks(documents) if jobs else chunks(documents, size=1)):
            yield from found


def run(
    folder: RunFolder, documents: Iterable[readers.Pending], *, jobs: int | None = None, resume: bool = False,
    told: Callable[[list[Result]], None] = lambda results: None,
) -> Counts:
    """Work off documents into the folder of a run; ``told`` is called with the results of each chunk.

    Raises DubanError DB221 (resumed with other settings), DB222 (resumed with other inputs), DB434 (counts that do not
    reconcile), DB511 (cannot be written), DB515 (the folder is not empty), DB516 (another process works in it), and as ``results``.
    """
    jobs, documents = choose(jobs, documents)
    given = 0

    def counted() -> Iterator[readers.Pending]:
        nonlocal given
        for document in documents:
            given += 1
            yield document

    with folder, workers(folder.settings, jobs) as work:
        folder.begin(work.describe(), resume=resume)
        for chunk, found in work.map(folder.chunks(counted())):
            folder.add(chunk, found)
            told(found)
        return folder.end(given)


def process_many(
    paths: Iterable[str | Path], *, jobs: int | None = None, failed: Callable[[Failure], None] | None = None,
    pipeline: str = "zh_duban_char", lexicons: Iterable[str | Path] = (), date: str | None = None, place: str | None = None,
    column: str = "text", max_chars: int = MAX_CHARS, seconds: float = SECONDS,
) -> Iterator[dict[str, Any]]:
    """The records of all documents in files, folders and patterns, in their order, made by ``jobs`` processes.

    A document that fails is told to ``failed`` (without it, to the logger ``duban``) and left out. ``jobs``, and what
    is raised, as in ``results``. Processes are spawned: a script guards its work with ``if __name__ == "__main__":``.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("全市粮食产量不低于19万吨。", encoding="utf-8")
    ...     [(record["id"], record["targets"][0]["text"]) for record in process_many([folder])]
    [('a', '19万吨')]
    """
    settings = Settings(pipeline, tuple(map(str, lexicons)), date, place, column, max_chars, seconds)
    tell = failed or (lambda failure: _LOG.warning("%s", failure.error))
    for result in results(pending(paths, settings), settings, jobs):
        if result.failure is not None:
            tell(result.failure)
        if result.line is not None:
            yield json.loads(result.line)
