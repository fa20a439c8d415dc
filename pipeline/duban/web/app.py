"""The routes of the local web page. Every answer that is no page is JSON or a file; an error is ``{"code", "message"}``."""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Body, FastAPI, File, Form, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from duban import __version__, report
from duban.corrections import SLOTS
from duban.errors import DubanError
from duban.lexicon import SCHEMAS
from duban.messages import MESSAGES, language, message
from duban.records import FIELDS
from duban.report.cards import SIGNS, said
from duban.web.desk import MOST_DOCUMENTS, Desk, Document, gold_file, written
from duban.web.downloads import download
from duban.web.entries import ENTRY_LABELS
from duban.web.entries import SLOTS as SLOTS_OF_ENTRY
from duban.web.guard import Guard, TooLarge, too_large

_ALL = {"xlsx": "ledger", "docx": "ledger", "jsonl": "records", "html": "report"}
_ASSETS = {**dict.fromkeys(("edit.js", "typed.js", "entries.js", "home.js"), "text/javascript; charset=utf-8"), "web.css": "text/css; charset=utf-8"}
_STATUS = {"DB144": 404, "DB145": 422, "DB146": 409, "DB143": 413, "DB149": 409, "DB150": 409, "DB516": 409}
#: Slots of a form that are filled with words of the text, some with several.
_MANY = ("lead", "support", "units", "places", "projects", "indicators")
_POINTERS = ("indicator", "period", "deadline", *_MANY)


def create_app(desk: Desk, port: int) -> Guard:
    """The app with its guard around it, for a server on ``port``."""
    app = FastAPI(title="duban", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", description=message("web.api"))
    guard = Guard(app, port, _refusal)
    _pages(app, desk, guard)
    _documents(app, desk)
    _entries(app, desk)
    _downloads(app, desk)
    app.add_exception_handler(DubanError, _failed)
    app.add_exception_handler(TooLarge, lambda request, error: _answer(too_large(), 413))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, lambda request, error: _answer(DubanError("DB144", name=request.url.path), getattr(error, "status_code", 500)))
    return guard


def _pages(app: FastAPI, desk: Desk, guard: Guard) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def home(request: Request) -> str:
        return _page("home.html", request, token=guard.token, documents=desk.documents.values(), counts=report.counts, most=MOST_DOCUMENTS)

    @app.get("/documents/{name}", response_class=HTMLResponse, summary="The report page of a document, with the tools to correct it")
    def document(name: str, request: Request) -> str:
        found = desk.find(name)
        nonce = request.state.nonce
        entry = _entry_form() if desk.entry_file else None
        head = _render("head.html", token=guard.token, nonce=nonce, forms=_forms(), words=_words(), marks=list(selections()), name=name, entry=entry)
        bar = _render("bar.html", name=name, undoable=bool(found.before), saves=desk.gold_folder is not None, keeps=desk.entry_file is not None)
        return report.render([found.record], nonce=nonce, head=head, bar=bar)

    @app.get("/api", response_class=HTMLResponse, include_in_schema=False)
    def api(request: Request) -> str:
        return _page("api.html", request, paths=app.openapi()["paths"], cookie=guard.cookie)

    @app.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            raise DubanError("DB144", name=name)
        return Response(report.part(name, "duban.web"), media_type=_ASSETS[name])


def _documents(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/documents", summary="The documents that are open")
    def listed() -> list[dict[str, Any]]:
        return [_summary(document) for document in desk.documents.values()]

    @app.post("/api/documents", summary="Read files: each is answered by its summary, or by what was wrong with it")
    def upload(files: Annotated[list[UploadFile], File()], date: Annotated[str, Form()] = "", place: Annotated[str, Form()] = "") -> list[dict[str, Any]]:
        found = []
        for file in files:
            name = file.filename or ""
            try:
                found.append(_summary(desk.read(file.file.read(), name, date or None, place or None)))
            except DubanError as error:
                found.append({"name": name, **_told(error)})
        return found

    @app.post("/api/text", status_code=201, summary="Read a text")
    def paste(
        text: Annotated[str, Body()], name: Annotated[str, Body()] = "", date: Annotated[str, Body()] = "", place: Annotated[str, Body()] = "",
    ) -> dict[str, Any]:  # fmt: skip
        with suppress(UnicodeEncodeError):
            return _summary(desk.read(text.encode(), f"{name or message('web.pasted')}.txt", date or None, place or None))
        raise DubanError("DB105", offset=next(i for i, c in enumerate(text) if "\ud800" <= c <= "\udfff"))

    @app.get("/api/documents/{name}", summary="The record of a document")
    def record(name: str) -> dict[str, Any]:
        return desk.find(name).record

    @app.delete("/api/documents/{name}", summary="Close a document")
    def remove(name: str) -> dict[str, Any]:
        desk.remove(name)
        return {"name": name}

    @app.post("/api/documents/{name}/corrections", summary="Correct a record: add, change or delete")
    def correct(name: str, change: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        desk.correct(name, change)
        return _summary(desk.find(name))

    @app.post("/api/documents/{name}/undo", summary="Take the last correction back")
    def undo(name: str) -> dict[str, Any]:
        desk.undo(name)
        return _summary(desk.find(name))

    @app.post("/api/documents/{name}/gold", summary="Save a document as gold, in the folder given at the start")
    def save(name: str) -> dict[str, Any]:
        return {"path": str(desk.save_gold(name))}


def _entries(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/documents/{name}/entries", summary="The corrections of names in a document, as lexicon entries")
    def drafts(name: str) -> list[dict[str, Any]]:
        return desk.drafts(name)

    @app.post("/api/documents/{name}/entries/effect", summary="What a lexicon entry would change in a document")
    def effect(name: str, entry: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        return desk.effect(name, entry)

    @app.post("/api/documents/{name}/entries", summary="Keep a lexicon entry, in the file given at the start")
    def keep(name: str, entry: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        return desk.keep(name, entry)


def _downloads(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/documents/{name}/gold.json", summary="A document as gold")
    def gold(name: str) -> Response:
        return download(gold_file(desk.find(name).record).encode(), f"{name}.gold.json")

    @app.get("/api/documents/{name}/ledger.xlsx", summary="The ledger of a document")
    def ledger(name: str) -> Response:
        return download(written(desk.records(name), "ledger.xlsx"), f"{name}.xlsx")

    @app.get("/api/documents/{name}/ledger.docx", summary="The ledger of a document, to attach to a notice")
    def attachment(name: str) -> Response:
        return download(written(desk.records(name), "ledger.docx"), f"{name}.docx")

    @app.get("/api/documents/{name}/comments.docx", summary="A document with its findings as comments")
    def comments(name: str) -> Response:
        return download(written(desk.records(name), "comments.docx"), f"{name}.comments.docx")

    @app.get("/api/documents/{name}/records.jsonl", summary="The record of a document, as JSON Lines")
    def lines(name: str) -> Response:
        return download(written(desk.records(name), "records.jsonl"), f"{name}.jsonl")

    @app.get("/api/documents/{name}/report.html", summary="The report page of a document, to keep")
    def page(name: str) -> Response:
        return download(written(desk.records(name), "report.html"), f"{name}.html")

    @app.get("/api/all.{kind}", summary="All documents: ledger (xlsx, docx), records (jsonl) or report (html)")
    def all_of(kind: str) -> Response:
        if kind not in _ALL:
            raise DubanError("DB144", name=f"all.{kind}")
        return download(written(desk.records(), f"{_ALL[kind]}.{kind}"), f"duban.{kind}")


def _summary(document: Document) -> dict[str, Any]:
    return {
        "name": document.name, "title": document.record["meta"]["title"], "date": document.record["meta"]["date"], "place": document.record["meta"]["place"],
        "counts": dict(report.counts(document.record)), "corrections": len(document.before), "warnings": list(document.warnings),
        "address": f"/documents/{quote(document.name, safe='')}",
    }  # fmt: skip


# ---- errors


def _told(error: DubanError) -> dict[str, str]:
    return {"code": error.code, "message": str(error)}


def _answer(error: DubanError, status: int) -> JSONResponse:
    return JSONResponse(_told(error), status)


async def _failed(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, DubanError) else DubanError("DB499", kind=type(error).__name__, reason=error)
    return _answer(known, _STATUS.get(known.code, 400))


async def _invalid(request: Request, error: Exception) -> Response:
    where = ", ".join(str(part) for part in error.errors()[0]["loc"]) if isinstance(error, RequestValidationError) else ""
    return _answer(DubanError("DB145", reason=message("reason.key", key=where)), 422)


def _refusal(error: DubanError, status: int, page: bool) -> tuple[str, bytes]:
    """What a refused request is told: a page where a person looks on, else JSON."""
    if page:
        return "text/html; charset=utf-8", _render("refused.html", error=str(error), lang=language()).encode()
    return "application/json", bytes(_answer(error, status).body)


# ---- pages


def _render(template: str, **known: Any) -> str:
    return report.environment("duban.web").get_template(template).render(**known)


def _page(template: str, request: Request, **known: Any) -> str:
    return _render(template, nonce=request.state.nonce, lang=language(), version=__version__, style=report.styles(), words=_words(), **known)


def _words() -> dict[str, str]:
    """What the scripts say."""
    names = (
        "change", "delete", "add", "add_words", "typed", "place", "not_found", "save", "cancel", "saved", "failed", "reading", "range", "use", "remove", "lost",
        "confirm", "entries", "entry_correction", "entry_pattern", "entry_effect", "entry_keep", "entry_kept", "entry_none", "entry_same", "entry_replaces",
        "entry_apart", "entry_changes", "entry_hint",
    )  # fmt: skip
    return {name: MESSAGES[f"web.{name}"][language() == "en"] for name in names}


def _entry_form() -> dict[str, Any]:
    """What the form of a lexicon entry offers."""
    return {
        "title": message("slot.label"), "labels": [[label, said("label", label)] for label in ENTRY_LABELS],
        "slots": {slot: _field("entities", slot) for slot in SLOTS_OF_ENTRY}, "allowed": {label: list(SCHEMAS[label]) for label in ENTRY_LABELS},
    }  # fmt: skip


def _forms() -> dict[str, list[dict[str, Any]]]:
    """The forms to correct records with: for each layer its slots, their names and what may be chosen."""
    return {layer: [_field(layer, slot) for slot in slots] for layer, slots in SLOTS.items()}


def _field(layer: str, slot: str) -> dict[str, Any]:
    title = message("web.indicator_canon") if (layer, slot) == ("targets", "canon") else message(f"slot.{slot}")
    if slot in _POINTERS:
        return {"slot": slot, "title": title, "type": "words", "many": slot in _MANY}
    schema = next((field.schema for field in FIELDS[layer] if field.name == slot), {"type": "string"})
    if "enum" in schema:
        return {"slot": slot, "title": title, "type": "choice", "choices": [[value, SIGNS.get(value) or said(slot, value)] for value in schema["enum"]]}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = next(name for name in ("boolean", "integer", "number", "string") if name in types)
    return {"slot": slot, "title": title, "type": kind, "empty": None if "null" in types else ""}


def selections() -> Iterable[tuple[str, dict[str, str], str]]:
    """What words that are selected can be marked as: layer, values, name."""
    for label in ("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR"):
        yield "entities", {"label": label}, said("label", label)
    for status in ("target", "actual"):
        yield "targets", {"status": status}, said("status", status)
    yield "tasks", {}, message("layer.tasks")
    yield "problems", {}, message("layer.problems")
    for kind in ("section", "item"):
        yield "sections", {"kind": kind}, said("kind", kind)
    yield "boilerplate", {}, message("layer.boilerplate")
