"""Documents through worker processes: results in order, a bounded number under way, a dead worker costs one document."""
from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import chain, islice
from multiprocessing import connection
from typing import Any, NamedTuple

from duban.batch.worker import Failure, Result, Settings, Worker, fingerprint
from duban.errors import DubanError
from duban.readers import Pending

#: Bytes of input below which starting processes costs more than it saves.
SMALL = 2_000_000
#: A chunk, what a worker is given at a time, is full at so many documents or bytes.
CHUNK_DOCUMENTS, CHUNK_BYTES = 32, 128_000
#: Chunks under way for each worker.
_AHEAD = 4
#: Chunks after which the workers make room for new ones, for each worker: some hundred megabytes of text.
_GENERATION = 4_000
#: The component of a failure whose worker died.
WORKER = "worker"


class Chunk(NamedTuple):
    """Documents that one worker gets together; ``shard`` and ``last`` say which file of a run they go to, and whether they end it."""

    documents: tuple[Pending, ...]
    shard: int = 0
    last: bool = False


def chunks(documents: Iterable[Pending], shard: int = 0, *, size: int = CHUNK_DOCUMENTS) -> Iterator[Chunk]:
    """Documents by the chunk.

    >>> found = [Pending(str(i), "a.jsonl", None, 50_000) for i in range(5)]
    >>> [(len(chunk.documents), chunk.last) for chunk in chunks(found)]
    [(3, False), (2, True)]
    """
    held: list[Pending] = []
    weight = 0
    for document in documents:
        if len(held) >= size or weight >= CHUNK_BYTES:
            yield Chunk(tuple(held), shard)
            held, weight = [], 0
        held.append(document)
        weight += document.size
    if held:
        yield Chunk(tuple(held), shard, last=True)


def cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def choose(jobs: int | None, documents: Iterable[Pending]) -> tuple[int, Iterator[Pending]]:
    """The number of worker processes, and the documents again; 0 is this process alone.

    By itself (``jobs`` None) one below ``SMALL`` bytes, else a worker for each core.
    """
    documents = iter(documents)
    if jobs is not None:
        return jobs, documents
    held: list[Pending] = []
    size = 0
    for document in documents:
        held.append(document)
        size += document.size
        if size >= SMALL:
            return cores(), chain(held, documents)
    return 0, iter(held)


class Here:
    """This process as the only worker."""

    def __init__(self, settings: Settings) -> None:
        self._worker = Worker(settings)
        self.describe = self._worker.describe

    def map(self, work: Iterable[Chunk]) -> Iterator[tuple[Chunk, list[Result]]]:
        return ((chunk, self._worker.run(chunk.documents)) for chunk in work)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Pool:
    """Worker processes, started afresh (spawned) on every platform; the script that makes one needs its ``__main__`` guard."""

    def __init__(self, settings: Settings, jobs: int, *, generation: int = _GENERATION) -> None:
        self._settings, self._jobs, self._generation = settings, jobs, generation * jobs
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def describe(self) -> dict[str, Any]:
        """The ``pipeline`` of the records. Raises DubanError as ``worker.load`` does, DB433 (no worker can be started)."""
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self._jobs, context, initializer=start_worker, initargs=(self._settings,))
        try:
            return self._executor.submit(describe_worker).result()
        except BrokenProcessPool as error:
            self._stop()
            raise DubanError("DB433", reason=error) from error

    def map(self, work: Iterable[Chunk]) -> Iterator[tuple[Chunk, list[Result]]]:
        """The results of chunks, in their order; ``work`` is read as there is room for it."""
        work = iter(work)
        for first in work:
            yield from self._map(chain((first,), islice(work, self._generation - 1)))
            self._stop()

    def _map(self, work: Iterable[Chunk]) -> Iterator[tuple[Chunk, list[Result]]]:
        waiting: deque[tuple[Chunk, Future[list[Result]]]] = deque()
        for chunk in work:
            if len(waiting) == _AHEAD * self._jobs:
                yield self._next(waiting)
            waiting.append((chunk, self._submit(chunk.documents)))
        while waiting:
            yield self._next(waiting)

    def _next(self, waiting: deque[tuple[Chunk, Future[list[Result]]]]) -> tuple[Chunk, list[Result]]:
        chunk, future = waiting[0]
        if isinstance(future.exception(), BrokenProcessPool):
            self._recover(waiting)
            chunk, future = waiting[0]
        waiting.popleft()
        return chunk, future.result()

    def _recover(self, waiting: deque[tuple[Chunk, Future[list[Result]]]]) -> None:
        """New workers for those that are gone, and for what was lost with them.

        Chunks are taken in their order, so those that were being worked on are the first that are lost: one of their
        documents may be to blame, and they are tried one by one. The others are handed out again.
        """
        wait([future for _, future in waiting])
        self._stop()
        lost = [i for i, (_, future) in enumerate(waiting) if isinstance(future.exception(), BrokenProcessPool)]
        for i in lost[: self._jobs]:
            tried: Future[list[Result]] = Future()
            tried.set_result([self._alone(document) for document in waiting[i][0].documents])
            waiting[i] = waiting[i][0], tried
        for i in lost[self._jobs :]:
            waiting[i] = waiting[i][0], self._submit(waiting[i][0].documents)

    def _alone(self, document: Pending) -> Result:
        try:
            return self._submit((document,)).result()[0]
        except BrokenProcessPool:
            self._stop()
            error = DubanError("DB432", path=document.path)
            return Result(document.id, fingerprint(document), document.size, failure=Failure(document.id, document.path, error, WORKER))

    def _submit(self, documents: Sequence[Pending]) -> Future[list[Result]]:
        if self._executor is None:
            self.describe()  # whether workers can be started at all
        assert self._executor is not None
        try:
            return self._executor.submit(run_documents, documents)
        except BrokenProcessPool as error:
            broken: Future[list[Result]] = Future()
            broken.set_exception(error)
            return broken

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None


def workers(settings: Settings, jobs: int) -> Here | Pool:
    """What does the work: ``jobs`` processes, or with 0 this one."""
    return Pool(settings, jobs) if jobs else Here(settings)


# ---- in the worker's process

_worker: Worker


def start_worker(settings: Settings) -> None:
    """Make this process a worker; it ends with the process that started it."""
    global _worker
    _worker = Worker(settings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to handle
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End with the parent, however that ended: a killed one leaves its workers waiting for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def run_documents(documents: Sequence[Pending], **known: Any) -> list[Result]:
    """The results of documents, in their order (see ``Worker.run``)."""
    found = _worker.run(documents, **known)
    _settle()
    return found


@cache
def _settle() -> None:
    """After the first documents all lexicons are loaded, and last as long as the process: the collector need not look through them again."""
    gc.collect()
    gc.freeze()


def describe_worker() -> dict[str, Any]:
    """The ``pipeline`` of the records this worker makes."""
    return _worker.describe()
