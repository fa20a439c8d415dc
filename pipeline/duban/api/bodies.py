"""The body of a request to documents: JSON, JSON Lines or uploaded files. It is held in memory and never on disk."""
from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from duban import readers
from duban.api.settings import Service
from duban.errors import DubanError
from duban.messages import message
from duban.readers import Pending, Row
from duban.web.desk import clean_name

#: What a body that is JSON goes by: its documents are those of a file of this name.
NAME = "request.jsonl"
#: The parts of a form: files, and what is known of all of them.
FILE, KNOWN = "file", ("date", "place")


class Posted(NamedTuple):
    """What was posted: the documents, and what stands above what they say."""

    documents: list[Pending]
    date: str | None = None
    place: str | None = None


async def posted(request: Request, service: Service) -> Posted:
    """The documents of a request. Raises DubanError DB154 (it cannot be read), DB155 (its type), DB156 (too many documents)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise DubanError("DB155", given=kind[:80] or "-", known=" ".join(KINDS))
    return await KINDS[kind](request, service)


async def _object(request: Request, service: Service) -> Posted:
    """One document: a row as those of a table of documents."""
    body = await request.body()
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DubanError("DB154", reason=message("reason.json", reason=getattr(error, "msg", type(error).__name__))) from error
    if not isinstance(data, dict):
        raise DubanError("DB154", reason=message("reason.object"))
    own = data.get("id")
    name = own if isinstance(own, str) and own else f"{NAME.partition('.')[0]}/1"
    return Posted([Pending(name, NAME, Row(1, data, hashlib.sha256(body).hexdigest(), len(body)), len(body))])


async def _lines(request: Request, service: Service) -> Posted:
    return Posted(await _documents([(NAME, await request.body())], service))


async def _files(request: Request, service: Service) -> Posted:
    parser = _InMemory(request.headers, request.stream(), max_files=service.max_documents, max_fields=len(KNOWN))
    try:
        form = await parser.parse()
    except MultiPartException as error:
        if parser.too_many:
            raise _too_many(service) from error
        raise DubanError("DB154", reason=error.message) from error
    known, files = dict[str, str](), []
    for name, value in form.multi_items():
        if name == FILE and isinstance(value, UploadFile):
            files.append((clean_name(value.filename or ""), await value.read()))
        elif name in KNOWN and isinstance(value, str):
            known[name] = value
        else:
            raise DubanError("DB154", reason=message("reason.part", name=name[:80], known=", ".join((FILE, *KNOWN))))
    await form.close()
    return Posted(await _documents(files, service), **{name: value for name, value in known.items() if value})


class _InMemory(MultiPartParser):
    """Files stay in memory: the body has a limit, and what is posted goes nowhere else."""

    spool_max_size = sys.maxsize

    @property
    def too_many(self) -> bool:
        return self._current_files > self.max_files


async def _documents(files: list[tuple[str, bytes]], service: Service) -> list[Pending]:
    """The documents of files, those of tables row by row."""
    found = await asyncio.to_thread(lambda: list(islice(readers.held(files, limits=service.reading.limits), service.max_documents + 1)))
    if len(found) > service.max_documents:
        raise _too_many(service)
    if not found:
        raise DubanError("DB154", reason=message("reason.no_documents"))
    return found


def _too_many(service: Service) -> DubanError:
    return DubanError("DB156", limit=service.max_documents)


#: Media type -> what reads a body of it.
KINDS: dict[str, Callable[[Request, Service], Awaitable[Posted]]] = {
    "application/json": _object, "application/x-ndjson": _lines, "multipart/form-data": _files,
}  # fmt: skip
