"""The worker processes: each is warmed with a sentence before it is given a document, and replaced when it dies."""
from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any, NamedTuple

from duban.api.settings import Reading
from duban.batch import Failure, Result
from duban.batch.pool import WORKER, describe_worker, run_documents, start_worker
from duban.errors import DubanError
from duban.messages import language, message, speaking
from duban.readers import Pending
from duban.tables.ledger import ledger_file

#: A sentence that has all components load what they need.
_SENTENCE = "今年力争临澄市生产总值增长6%以上，由市发改委牵头，6月底前落实；园区道路改造工程进度滞后。"
#: Seconds between attempts to start a worker, and those that a stuck one has beyond its time.
_PAUSE, _GRACE = 1.0, 5.0


class Ready(NamedTuple):
    """A worker that has been warmed: its process, and the ``pipeline`` of its records."""

    pid: int
    pipeline: dict[str, str]


class Hand:
    """One worker process."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._executor: ProcessPoolExecutor | None = None
        self._pid = 0

    async def start(self) -> dict[str, str]:
        """A new process, warmed; returns the ``pipeline`` of its records. Raises DubanError as ``batch.load``, BrokenProcessPool."""
        self.stop()
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(1, context, initializer=_start, initargs=(self._reading,))
        ready: Ready = await asyncio.wrap_future(self._executor.submit(_warm))
        self._pid = ready.pid
        return ready.pipeline

    async def do(self, job: Callable[..., Any], *given: Any) -> Any:
        """What the job gives. Raises TimeoutError where it does not end, BrokenProcessPool where the process does."""
        assert self._executor is not None
        found = asyncio.wrap_future(self._executor.submit(job, *given))
        done, _ = await asyncio.wait([found], timeout=2 * self._reading.seconds + _GRACE)
        if not done:
            self.kill()
            with suppress(BrokenProcessPool):
                await found
            raise TimeoutError
        return found.result()

    def kill(self) -> None:
        if self._pid:
            with suppress(OSError):
                os.kill(self._pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            self._pid = 0

    def stop(self, *, wait: bool = False) -> None:
        self.kill()
        if self._executor is not None:
            self._executor.shutdown(wait=wait, cancel_futures=True)
            self._executor = None


class Crew:
    """All workers. A job takes the first that is free; those who wait are served in their order."""

    def __init__(self, reading: Reading, workers: int, failed: Callable[[], object] = lambda: None) -> None:
        self._reading, self._hands = reading, [Hand(reading) for _ in range(workers)]
        self._free: asyncio.Queue[Hand] = asyncio.Queue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._warm = 0
        self.failed = failed
        #: The ``pipeline`` of the records; None before a worker has been warmed.
        self.pipeline: dict[str, str] | None = None
        #: Why there is no pipeline: the service cannot go on.
        self.failure: DubanError | None = None

    @property
    def workers(self) -> int:
        return len(self._hands)

    @property
    def ready(self) -> int:
        """How many workers have been warmed."""
        return self._warm

    def start(self) -> None:
        """Start all workers; they are warmed while the caller goes on."""
        for hand in self._hands:
            self._spawn(self._begin(hand))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for hand in self._hands:
            hand.stop(wait=True)

    async def result(self, document: Pending, **known: str | None) -> Result:
        """What became of a document; ``known`` (``date``, ``place``) stands above what it says. A worker that dies costs this one."""
        try:
            found: Result = await self._call(_work, document, {key: value for key, value in known.items() if value}, language())
            return found
        except TimeoutError:
            error = DubanError("DB125", path=document.path, reason=message("reason.seconds", limit=self._reading.seconds))
        except BrokenProcessPool:
            error = DubanError("DB432", path=document.path)
        return Result(document.id, "", document.size, failure=Failure(document.id, document.path, error, WORKER))

    async def results(self, documents: Iterable[Pending], **known: str | None) -> AsyncIterator[Result]:
        """The results of documents, in their order; no more of them under way than there are workers."""
        waiting: deque[asyncio.Task[Result]] = deque()
        try:
            for document in documents:
                if len(waiting) == self.workers:
                    yield await waiting.popleft()
                waiting.append(self._spawn(self.result(document, **known)))
            while waiting:
                yield await waiting.popleft()
        finally:
            for task in waiting:
                task.cancel()

    async def ledger(self, lines: Sequence[str], suffix: str) -> bytes:
        """The ledger of records that are given as lines. Raises DubanError DB431 (they are none), DB432."""
        try:
            made: bytes = await self._call(_ledger, lines, suffix)
            return made
        except (TimeoutError, BrokenProcessPool) as error:
            raise DubanError("DB432", path=f"ledger{suffix}") from error

    async def _call(self, job: Callable[..., Any], *given: Any) -> Any:
        """What a free worker makes of a job; it is free again when it has done it, also where nobody waits any more."""
        hand = await self._free.get()
        return await asyncio.shield(self._spawn(self._lend(hand, job, *given)))

    async def _lend(self, hand: Hand, job: Callable[..., Any], *given: Any) -> Any:
        try:
            found = await hand.do(job, *given)
        except (TimeoutError, BrokenProcessPool):
            self._warm -= 1
            self._spawn(self._begin(hand))
            raise
        except BaseException:
            self._free.put_nowait(hand)
            raise
        self._free.put_nowait(hand)
        return found

    async def _begin(self, hand: Hand) -> None:
        """Start a worker, until it is there; where there is no pipeline for it, nor will be, say so."""
        while True:
            try:
                self.pipeline = await hand.start()
            except DubanError as error:
                self.failure = error
                self.failed()
                return
            except BrokenProcessPool:
                await asyncio.sleep(_PAUSE)
            else:
                self._warm += 1
                self._free.put_nowait(hand)
                return

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


# ---- in the worker's process


def _start(reading: Reading) -> None:
    start_worker(reading)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the parent ends when all is answered, and the worker with it


def _warm() -> Ready:
    run_documents([Pending("", "", _SENTENCE.encode(), 0)])
    return Ready(os.getpid(), describe_worker())


def _work(document: Pending, known: dict[str, str], spoken: str) -> Result:
    with speaking(spoken):
        found = run_documents([document], **known)[0]
    return found if found.failure is None else found._replace(failure=found.failure._replace(trace=""))


def _ledger(lines: Sequence[str], suffix: str) -> bytes:
    try:
        return ledger_file(map(json.loads, lines), suffix)
    except DubanError:
        raise
    except Exception as error:
        raise DubanError("DB431", path=f"ledger{suffix}", kind=type(error).__name__, reason=error) from None
