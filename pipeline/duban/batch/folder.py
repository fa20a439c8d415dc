"""A run is a folder: finished shards, what went into each, what failed; it can be gone on with after any end.

``records/part-00000.jsonl`` …  the records, a shard a file, in the order of the inputs
``shards.jsonl``                 a line a finished shard: counts, failures, hashes of its inputs and of its file
``failures.jsonl``               a line a document without a record: code, component, message
``manifest.json``                settings, pipeline, versions, counts, and whether the run is complete
``duplicates.jsonl``             a line a document that is a version of another one, where they are asked for (see ``duban.duplicates``)
``csv/``, ``parquet/``           the layers as tables, where they are asked for (see ``duban.tables.layers``)
``spacy/``                       the Docs, where they are asked for (see ``duban.writers.write_docbin``)

A shard is written under a temporary name, renamed, and then noted in ``shards.jsonl``: killed before the note, it is
made again and replaces itself. Nothing in the folder depends on time, on the number of workers or on interruptions.
``.lock`` is there while a process works in the folder, and keeps others out.
"""
from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from duban import __version__
from duban.batch.lock import LOCK, Lock
from duban.batch.pool import Chunk, chunks
from duban.batch.worker import Result, Settings, encoded, fingerprint, load
from duban.errors import DubanError
from duban.readers import Pending
from duban.tables import layers

SCHEMA = "duban-run/1"
RECORDS, SHARDS, FAILURES, MANIFEST = "records", "shards.jsonl", "failures.jsonl", "manifest.json"
DUPLICATES = "duplicates.jsonl"
#: A shard is full at so many documents or bytes.
SHARD_DOCUMENTS, SHARD_BYTES = 256, 8_000_000

Json = dict[str, Any]


class Counts(NamedTuple):
    """Documents in, records out, failures."""

    documents: int = 0
    records: int = 0
    failures: int = 0
    characters: int = 0


def shards(documents: Iterable[Pending]) -> Iterator[list[Pending]]:
    """Documents by the shard; which shard one belongs to depends on nothing but the inputs.

    >>> [len(shard) for shard in shards(Pending(str(i), "a.jsonl", None, 10) for i in range(600))]
    [256, 256, 88]
    """
    held: list[Pending] = []
    weight = 0
    for document in documents:
        if len(held) == SHARD_DOCUMENTS or weight >= SHARD_BYTES:
            yield held
            held, weight = [], 0
        held.append(document)
        weight += document.size
    if held:
        yield held


def part(shard: int) -> str:
    """The name of a shard's file.

    >>> part(7)
    'part-00007.jsonl'
    """
    return f"part-{shard:05d}.jsonl"


def write_shard(folder: Path, shard: int, results: Iterable[Result]) -> Json:
    """Write a shard's records into a run's folder; what is to be noted of it. Twice is as good as once."""
    path = folder / RECORDS / part(shard)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    inputs, output, counts, failures = hashlib.sha256(), hashlib.sha256(), Counts(), []
    with temporary.open("wb") as file:
        for result in results:
            inputs.update(_input(result.id, result.sha256))
            if result.line is not None:
                raw = encoded(result.line)
                output.update(raw)
                file.write(raw)
            if result.failure is not None:
                failures.append(result.failure.row())
            added = (1, result.line is not None, result.failure is not None, result.characters)
            counts = Counts(*(a + b for a, b in zip(counts, added, strict=True)))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return {
        "shard": shard, "file": f"{RECORDS}/{path.name}", **counts._asdict(), "failures": failures,
        "inputs": inputs.hexdigest(), "sha256": output.hexdigest(), "bytes": path.stat().st_size,
    }  # fmt: skip


def _input(name: str, digest: str) -> bytes:
    return f"{name}\t{digest}\n".encode("utf-8", "surrogatepass")


def export(folder: Path, formats: Iterable[str]) -> None:
    """Make tables of a finished run's records: ``csv/<layer>.csv``, ``parquet/<layer>/part-00000.parquet`` … (a part a shard),
    or ``spacy/part-00000.spacy`` …, their Docs.

    Raises DubanError DB121 (a package is missing), DB511 (cannot be written).
    """
    from duban import writers

    for name in formats:
        draft = folder / f".{name}.{os.getpid()}"
        parts = sorted((folder / RECORDS).glob("part-*.jsonl"))
        with _writing(folder):
            draft.mkdir()
            try:
                if name == "csv":
                    layers.write_csv((record for path in parts for record in read_shard(path)), draft)
                elif name == "parquet":
                    for path in parts:
                        layers.write_parquet(read_shard(path), draft, path.stem)
                else:
                    nlp = load(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["settings"]["pipeline"])
                    for path in parts:
                        writers.write_docbin(read_shard(path), draft / f"{path.stem}.spacy", nlp)
                shutil.rmtree(folder / name, ignore_errors=True)
                draft.replace(folder / name)
            finally:
                shutil.rmtree(draft, ignore_errors=True)


def flag_duplicates(folder: Path) -> int:
    """Write ``duplicates.jsonl`` of a finished run: which documents are versions of others; returns their number.

    A record tells of its document alone, whatever else is in the batch; so this stands beside the records. Raises DubanError
    DB217 (datasketch is missing), DB511 (cannot be written).
    """
    from duban import duplicates

    found = duplicates.find(chain.from_iterable(map(read_shard, sorted((folder / RECORDS).glob("part-*.jsonl")))))
    draft = folder / f".{os.getpid()}.{DUPLICATES}"
    with _writing(folder):
        duplicates.write_duplicates(found, draft)
        draft.replace(folder / DUPLICATES)
    return len(found)


def read_shard(path: Path) -> Iterator[Json]:
    """The records of a shard, one at a time."""
    with path.open("rb") as file:
        yield from map(json.loads, file)


class RunFolder:
    """The folder of one run; in a ``with`` block ``begin`` it, ``add`` the results of its ``chunks``, ``end`` it.

    From ``begin`` to the end of the block other processes are kept out. Raises DubanError DB511 where it cannot be written.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path, self.settings = path, settings
        self._done: dict[int, Json] = {}
        self._results: list[Result] = []
        self._lock: Lock | None = None

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @property
    def failures(self) -> Iterator[Json]:
        """The rows of all failures, in the order of the inputs."""
        return chain.from_iterable(self._done[shard]["failures"] for shard in sorted(self._done))

    @property
    def counts(self) -> Counts:
        notes = self._done.values()
        return Counts(
            sum(note["documents"] for note in notes), sum(note["records"] for note in notes),
            sum(len(note["failures"]) for note in notes), sum(note["characters"] for note in notes),
        )  # fmt: skip

    def begin(self, pipeline: Mapping[str, Any], *, resume: bool = False) -> None:
        """Make the folder, or with ``resume`` take up what is in it.

        ``pipeline``: what the records will name (see ``Worker.describe``). Raises DubanError DB515 (there is something
        in it already), DB516 (another process works in it), DB221 (it was begun with another pipeline, lexicon, version or setting).
        """
        known = self._known(pipeline)
        with _writing(self.path):
            self._goes_on(resume)
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = Lock(self.path)
            if self._goes_on(resume):  # as it is now that nobody else is in it
                self._take_up(json.loads((self.path / MANIFEST).read_text(encoding="utf-8")), known)
            (self.path / RECORDS).mkdir(parents=True, exist_ok=True)
            self._write(SHARDS, (_line(self._done[shard]) for shard in sorted(self._done)))
            self._write(MANIFEST, [_text({**known, "complete": False})])

    def chunks(self, documents: Iterable[Pending]) -> Iterator[Chunk]:
        """The chunks of the shards that are not finished. Raises DubanError DB222 as ``finished`` does."""
        for shard, held in enumerate(shards(documents)):
            if not self.finished(shard, held):
                yield from chunks(held, shard)

    def finished(self, shard: int, documents: Iterable[Pending]) -> bool:
        """Whether a shard is done. Raises DubanError DB222 where its documents have changed since."""
        if shard not in self._done:
            return False
        inputs = hashlib.sha256(b"".join(_input(document.id, fingerprint(document)) for document in documents))
        if inputs.hexdigest() != self._done[shard]["inputs"]:
            raise DubanError("DB222", path=self.path / RECORDS / part(shard))
        return True

    def add(self, chunk: Chunk, results: Iterable[Result]) -> None:
        """The results of the next chunk; with its last one a shard is written."""
        self._results.extend(results)
        if chunk.last:
            with _writing(self.path):
                self.note(write_shard(self.path, chunk.shard, self._results))
            self._results = []

    def note(self, done: Json) -> None:
        """Note a shard that was written."""
        self._done[done["shard"]] = done
        with _writing(self.path), (self.path / SHARDS).open("ab") as file:
            file.write(_line(done))
            file.flush()
            os.fsync(file.fileno())

    def end(self, documents: int) -> Counts:
        """Close the run, which was given so many documents. Raises DubanError DB434 where they are not all accounted for."""
        counts = self.counts
        if not documents == counts.documents == counts.records + counts.failures:
            raise DubanError("DB434", path=self.path, documents=documents, records=counts.records, failures=counts.failures)
        inputs = hashlib.sha256("".join(self._done[shard]["inputs"] for shard in sorted(self._done)).encode()).hexdigest()
        codes = dict(sorted(Counter(row["code"] for row in self.failures).items()))
        with _writing(self.path):
            self._tidy()
            manifest = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
            self._write(SHARDS, (_line(self._done[shard]) for shard in sorted(self._done)))
            self._write(FAILURES, map(_line, self.failures))
            facts = {"inputs": inputs, "shards": len(self._done), "counts": counts._asdict(), "failures": codes}
            self._write(MANIFEST, [_text({**manifest, **facts, "complete": True})])
        return counts

    def _known(self, pipeline: Mapping[str, Any]) -> Json:
        """What a run must go on with as it was begun."""
        settings = {name: value for name, value in asdict(self.settings).items() if name != "lexicons"}  # their hash is the pipeline's
        versions = {"duban": __version__, "spacy": version("spacy"), "python": platform.python_version()}
        return {"schema": SCHEMA, "settings": settings, "pipeline": dict(pipeline), "versions": versions}

    def _goes_on(self, resume: bool) -> bool:
        """Whether there is a run to be gone on with. Raises DubanError DB515 where there is anything else."""
        if resume and (self.path / MANIFEST).exists():
            return True
        if self.path.exists() and any(entry.name != LOCK for entry in self.path.iterdir()):
            raise DubanError("DB515", path=self.path)
        return False

    def _take_up(self, manifest: Json, known: Json) -> None:
        other = [
            f"{group}.{name} ({manifest.get(group, {}).get(name)} → {value})"
            for group in ("settings", "pipeline", "versions")
            for name, value in known[group].items()
            if manifest.get(group, {}).get(name) != value
        ]
        if other:
            raise DubanError("DB221", path=self.path, names="; ".join(other))
        for note in _notes(self.path / SHARDS):
            file = self.path / note["file"]
            if file.is_file() and file.stat().st_size == note["bytes"]:
                self._done[note["shard"]] = note

    def _tidy(self) -> None:
        """Remove what was half written by what was killed."""
        for left in (self.path / RECORDS).glob(".part-*"):
            left.unlink()

    def _write(self, name: str, lines: Iterable[bytes]) -> None:
        temporary = self.path / f".{name}.{os.getpid()}"
        with temporary.open("wb") as file:
            file.writelines(lines)
        temporary.replace(self.path / name)


def _notes(path: Path) -> Iterator[Json]:
    """The lines of ``shards.jsonl``; one that a kill cut short is none."""
    with suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            with suppress(ValueError):
                yield json.loads(line)


def _line(value: Json) -> bytes:
    return encoded(json.dumps(value, ensure_ascii=False))


def _text(value: Json) -> bytes:
    return encoded(json.dumps(value, ensure_ascii=False, indent=1))


class _writing:
    """Tell an error of the disk as DubanError DB511."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            raise DubanError("DB511", path=self.path, reason=error.strerror or error) from error
