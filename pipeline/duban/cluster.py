"""A run on a Ray cluster: the folder, the records and the guarantees of ``duban.batch``, the work done on many machines.

Documents that are files go by the shard, a table of documents is a shard of its own. An actor takes shards one after
another, does each in a worker process beside it (which a document may kill, at the cost of that document alone), and
writes the shard's file itself: work is done at least once, and as the file is written aside and renamed, what is done
twice comes out once. All nodes must see the inputs and the folder of the run under the same paths.
"""
from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from duban import readers
from duban.batch.folder import MANIFEST, Counts, Json, RunFolder, shards, write_shard
from duban.batch.pool import Pool, chunks
from duban.batch.worker import Result, Settings, Worker
from duban.errors import DubanError

#: What an actor asks of Ray: with a whole processor each, actors leave none for what feeds them.
CPUS = 0.5
#: Blocks of a data set; more shards than these share some.
_BLOCKS = 10_000


class File(NamedTuple):
    """A file, the id it gives, and whether the driver sees it."""

    name: str
    path: str
    seen: bool


class Unit(NamedTuple):
    """A shard before it is read: its number, and the files in it."""

    shard: int
    files: tuple[File, ...]

    def documents(self, settings: Settings) -> Iterator[readers.Pending]:
        return readers.scan(((file.name, Path(file.path)) for file in self.files), limits=settings.limits)


def units(files: Iterable[tuple[str, Path]]) -> Iterator[Unit]:
    """Files by the shard, in their order: a table of documents is one, documents that are files are put together.

    >>> [len(unit.files) for unit in units((name, Path(name)) for name in ["a.txt", "b.txt", "c.jsonl", "d.txt"])]
    [2, 1, 1]
    """
    groups = groupby(files, key=lambda file: file[1] if readers.is_table(file[1]) else None)
    held = (held for _, group in groups for held in shards(_pending(group)))
    for number, group in enumerate(held):
        yield Unit(number, tuple(File(file.id, file.path, Path(file.path).exists()) for file in group))


def _pending(files: Iterable[tuple[str, Path]]) -> Iterator[readers.Pending]:
    return (readers.Pending(name, str(path), None, path.stat().st_size if path.is_file() else 0) for name, path in files)


class Shards:
    """The actor: takes a unit, gives the note of the shard it wrote (or an error that ends the run)."""

    def __init__(self, settings: Settings, folder: str, home: str) -> None:
        self._settings, self._folder, self._home = settings, Path(folder), home

    @cached_property
    def _pool(self) -> Pool:
        return Pool(self._settings, 1)

    def __call__(self, row: dict[str, str]) -> dict[str, str]:
        try:
            shard, files = json.loads(row["unit"])
            return {"note": json.dumps(self._note(Unit(shard, tuple(File(*file) for file in files))))}
        except DubanError as error:
            return {"note": json.dumps({"code": error.code, "details": {key: str(value) for key, value in error.details.items()}})}

    def _note(self, unit: Unit) -> Json:
        self._check(unit)
        return write_shard(self._folder, unit.shard, self._results(unit))

    def _results(self, unit: Unit) -> Iterator[Result]:
        for _, found in self._pool.map(chunks(unit.documents(self._settings))):
            yield from found

    def _check(self, unit: Unit) -> None:
        """Raises DubanError DB223 where this node does not see what the driver saw."""
        try:
            os.chdir(self._home)  # paths are as they were given there
        except OSError:
            raise DubanError("DB223", path=self._home, node=platform.node()) from None
        for path in (self._folder / MANIFEST, *(Path(file.path) for file in unit.files if file.seen)):
            if not path.exists():
                raise DubanError("DB223", path=path, node=platform.node())


def run(
    folder: RunFolder, inputs: Iterable[str | Path], *, address: str | None = None, jobs: int | None = None, cpus: float = CPUS,
    resume: bool = False, told: Callable[[Json], None] = lambda note: None,
) -> Counts:
    """Work off files, folders and patterns into the folder of a run, on the cluster at ``address`` (``auto``: the one we are in).

    ``jobs``: actors, by default one a processor of the cluster, ``cpus``: what each asks of Ray; ``told`` is called with
    what ``shards.jsonl`` says of each finished shard. Without an address, and not connected yet, Ray runs on this
    machine alone. A row's own id must be unique among all tables: no process sees all of them. Raises DubanError DB216
    (no Ray), DB223 (a node does not see a path), and as ``duban.batch.run``.
    """
    ray = _ray()
    inputs = list(inputs)
    if readers.STDIN in map(str, inputs):
        raise DubanError("DB223", path=readers.STDIN, node="*")
    with folder:
        folder.begin(Worker(folder.settings).describe(), resume=resume)
        work = units(readers.documents(inputs, skip=[folder.path]))
        todo = [unit for unit in work if not folder.finished(unit.shard, unit.documents(folder.settings))]
        with _connected(ray, address):
            for note in _notes(ray, todo, folder, jobs, cpus):
                folder.note(note)
                told(note)
        return folder.end(folder.counts.documents)


def _notes(ray: Any, work: list[Unit], folder: RunFolder, jobs: int | None, cpus: float) -> Iterator[Json]:
    """The notes of shards, as they are done. Raises DubanError where an actor tells one."""
    if not work:
        return
    actors = min(len(work), jobs or max(1, int(ray.cluster_resources().get("CPU", 1))))
    data = ray.data.from_items([{"unit": json.dumps(unit)} for unit in work], override_num_blocks=min(len(work), _BLOCKS))
    done = data.map(Shards, fn_constructor_args=(folder.settings, str(folder.path), os.getcwd()), concurrency=actors, num_cpus=cpus)
    for row in done.iter_rows():
        note = json.loads(row["note"])
        if "code" in note:
            raise DubanError(note["code"], **note["details"])
        yield note


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing here calls home
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise DubanError("DB216", package="ray", extra="ray") from error
    return ray


@contextmanager
def _connected(ray: Any, address: str | None) -> Iterator[None]:
    """Connected to a cluster; a connection that was there already stays."""
    ours = not ray.is_initialized()
    if ours:
        ray.init(address=address, log_to_driver=False, logging_level="WARNING")
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        yield
    finally:
        if ours:
            ray.shutdown()
