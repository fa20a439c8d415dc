"""The routes of the API. What a route takes and gives stands in ``openapi``; every error is problem details."""
from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from duban import __version__, readers, records, report
from duban.api import openapi
from duban.api.answers import answer, line, problem
from duban.api.bodies import posted
from duban.api.crew import Crew
from duban.api.gate import Gate
from duban.api.settings import Service
from duban.batch import Result, encoded
from duban.errors import DubanError
from duban.messages import MESSAGES, language, message
from duban.messages.cures import CURES
from duban.readers import Pending, Row
from duban.web.downloads import download

NDJSON = "application/x-ndjson"
#: What is for everybody: whether the service is ready, and how to use it.
_OPEN = ("/", "/openapi.json", "/v1/health")
_FORMATS = ("xlsx", "docx")


def create_app(service: Service, crew: Crew) -> Gate:
    """The app with its gate before it; ``crew`` starts and stops with it."""
    routes = Routes(service, crew)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        crew.start()
        yield
        await crew.stop()

    handlers: Any = {DubanError: _failed, HTTPException: _unknown, ClientDisconnect: _gone, Exception: _broken}
    app = Starlette(routes=routes.all(), lifespan=lifespan, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Gate(app, service, _OPEN, [route.path for route in routes.all()])


class Routes:
    """What is answered, by the workers of ``crew``."""

    def __init__(self, service: Service, crew: Crew) -> None:
        self.service, self.crew = service, crew

    def all(self) -> list[Route]:
        return [
            Route("/", self.page), Route("/openapi.json", self.description),
            Route("/v1/health", self.health), Route("/v1/version", self.version), Route("/v1/schema", self.schema),
            Route("/v1/records", self.record, methods=["POST"]), Route("/v1/batch", self.batch, methods=["POST"]),
            Route("/v1/ledger", self.ledger, methods=["POST"]),
        ]  # fmt: skip

    async def page(self, request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        codes = sorted(code for code in MESSAGES if code.startswith("DB"))
        errors = [(code, MESSAGES[code][language() == "en"], CURES.get(code, ("", ""))[language() == "en"]) for code in codes]
        style = report.styles() + report.part("api.css", "duban.api")
        known = {"nonce": nonce, "style": style, "lang": language(), "version": __version__, "api": openapi.document(self.service), "errors": errors}
        html = report.environment("duban.api").get_template("page.html").render(**known)
        policy = f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Vary": "Accept-Language"})

    async def description(self, request: Request) -> Response:
        return JSONResponse(openapi.document(self.service), headers={"Vary": "Accept-Language"})

    async def schema(self, request: Request) -> Response:
        return JSONResponse(records.schema(), media_type="application/schema+json")

    async def health(self, request: Request) -> Response:
        self._check_ready()
        return JSONResponse({"status": "ready", "workers": self.crew.ready})

    async def version(self, request: Request) -> Response:
        self._check_ready()
        return JSONResponse({"version": __version__, "schema": records.FORMAT, "pipeline": self.crew.pipeline})

    async def record(self, request: Request) -> Response:
        """The record of one document: the line that ``duban extract`` writes."""
        self._check_ready()
        given = await posted(request, self.service)
        if len(given.documents) > 1:
            raise DubanError("DB154", reason=message("reason.one_document"))
        result = await self.crew.result(given.documents[0], date=given.date, place=given.place)
        return Response(encoded(_line(result)), media_type="application/json")

    async def batch(self, request: Request) -> Response:
        """The records of many, a line each, as they come; a document that failed is a line too."""
        self._check_ready()
        given = await posted(request, self.service)

        async def lines() -> AsyncIterator[bytes]:
            async for result in self.crew.results(given.documents, date=given.date, place=given.place):
                yield encoded(result.line) if result.line is not None else line(_failure(result))

        return StreamingResponse(lines(), media_type=NDJSON)

    async def ledger(self, request: Request) -> Response:
        """The ledger of all documents; none where one of them failed, for nobody would miss what is not in it."""
        self._check_ready()
        suffix = request.query_params.get("format", _FORMATS[0])
        if suffix not in _FORMATS:
            raise DubanError("DB154", reason=message("reason.one_of", known=", ".join(_FORMATS), value=suffix[:20]))
        given = await posted(request, self.service)
        kept = {document.id: text for document in given.documents if (text := _kept(document)) is not None}
        todo = [document for document in given.documents if document.id not in kept]
        results = [result async for result in self.crew.results(todo, date=given.date, place=given.place)]
        failures = [result for result in results if result.failure is not None]
        if failures:
            return answer(_error(failures[0]), problems=[_failure(result) for result in failures])
        kept |= {result.id: result.line or "" for result in results}
        content = await self.crew.ledger([kept[document.id] for document in given.documents], f".{suffix}")
        return download(content, f"ledger.{suffix}")

    def _check_ready(self) -> None:
        if not self.crew.ready:
            raise DubanError("DB153")


def _kept(document: Pending) -> str | None:
    """The line of a document that is a record already, under the id it has here."""
    if not isinstance(document.content, Row):
        return None
    try:
        record = readers.from_row(document.content, document.path).record
    except DubanError:  # told where it is read for its text
        return None
    return None if record is None else json.dumps({**record, "id": document.id}, ensure_ascii=False)


def _error(result: Result) -> DubanError:
    assert result.failure is not None
    return result.failure.error


def _line(result: Result) -> str:
    if result.line is None:
        raise _error(result)
    return result.line


def _failure(result: Result) -> dict[str, Any]:
    return problem(_error(result), id=result.id)


async def _failed(request: Request, error: DubanError) -> Response:
    return answer(error)


async def _unknown(request: Request, error: HTTPException) -> Response:
    """No such address, or not by this method."""
    known = DubanError("DB157", method=request.method[:20], path=request.url.path[:80])
    return answer(known, error.headers, status=error.status_code)


async def _gone(request: Request, error: ClientDisconnect) -> Response:
    """Nobody is there to read it."""
    return Response(status_code=400)


async def _broken(request: Request, error: Exception) -> Response:
    """What nobody foresaw; the log names it, and neither quotes what was posted."""
    return answer(DubanError("DB499", kind=type(error).__name__, reason="-"))
