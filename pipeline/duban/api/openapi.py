"""The description of the API (OpenAPI 3.1), in the language of who asks; the record is the project's own JSON Schema."""
from __future__ import annotations

from typing import Any

from duban import __version__, records
from duban.api.answers import MEDIA_TYPE
from duban.api.settings import MEGABYTE, PORT, Service
from duban.messages import message
from duban.web.downloads import TYPES

Json = dict[str, Any]
_EXAMPLE = {"id": "2026/讲话", "text": "关于抓落实的讲话\n今年力争生产总值增长6%以上，由市发改委牵头。", "date": "2026-01-20"}


def document(service: Service) -> Json:
    """The description of a service.

    >>> sorted(document(Service())["paths"])
    ['/v1/batch', '/v1/health', '/v1/ledger', '/v1/records', '/v1/schema', '/v1/version']
    """
    reading = service.reading
    limits = message(
        "api.limits", megabytes=f"{service.max_bytes / MEGABYTE:g}", documents=service.max_documents, characters=f"{reading.max_chars:,}",
        seconds=f"{reading.seconds:g}", requests=service.max_requests,
    )  # fmt: skip
    found: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "duban", "version": __version__, "summary": message("api.about"), "description": f"{message('api.about')}\n\n{limits}",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(service),
        "components": {"schemas": _schemas()},
    }  # fmt: skip
    if service.token is not None:
        found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"token": []}]
        found["paths"]["/v1/health"]["get"]["security"] = []
    return found


def _paths(service: Service) -> Json:
    one = {**_content("application/json", _ref("Document"), example=_EXAMPLE), **_form(several=False)}
    many = {
        **_content("application/x-ndjson", {"type": "string", "description": f"{message('api.lines')} (#/components/schemas/Document)"}),
        **_content("application/json", _ref("Document"), example=_EXAMPLE), **_form(several=True),
    }  # fmt: skip
    lines = {"type": "string", "description": f"{message('api.answer')} (#/components/schemas/Record, #/components/schemas/Failure)"}
    form = {"name": "format", "in": "query", "description": message("api.format"), "schema": {"type": "string", "enum": ["xlsx", "docx"], "default": "xlsx"}}
    binary: Json = {"type": "string", "contentEncoding": "binary"}
    curl, token = "curl ", '-H "Authorization: Bearer $DUBAN_API_TOKEN" ' if service.token is not None else ""
    place = f"http://127.0.0.1:{service.port or PORT}"
    return {
        "/v1/records": {"post": _operation(
            "record", _content("application/json", _ref("Record")), takes=one, sample=f"{curl}{token}-F file=@讲话.docx {place}/v1/records",
        )},
        "/v1/batch": {"post": _operation(
            "batch", _content("application/x-ndjson", lines), takes=many,
            sample=f'{curl}{token}-H "Content-Type: application/x-ndjson" --data-binary @documents.jsonl {place}/v1/batch',
        )},
        "/v1/ledger": {"post": _operation(
            "ledger", {**_content(TYPES["xlsx"], binary), **_content(TYPES["docx"], binary)}, takes=many, parameters=[form],
            sample=f'{curl}{token}-F file=@讲话.docx -F file=@通知.pdf -o 台账.xlsx "{place}/v1/ledger?format=xlsx"',
        )},
        "/v1/health": {"get": _operation("health", _content("application/json", _ref("Health")), sample=f"{curl}{place}/v1/health")},
        "/v1/version": {"get": _operation("version", _content("application/json", _ref("Version")), sample=f"{curl}{token}{place}/v1/version")},
        "/v1/schema": {"get": _operation("schema", _content("application/schema+json", {"type": "object"}), sample=f"{curl}{token}{place}/v1/schema")},
    }  # fmt: skip


def _operation(name: str, gives: Json, *, sample: str, takes: Json | None = None, parameters: list[Json] | None = None) -> Json:
    return {
        "operationId": name, "summary": message(f"api.{name}"), "description": message(f"api.{name}_more"),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": {"required": True, "content": takes}} if takes else {}),
        "responses": {
            "200": {"description": message(f"api.{name}"), "content": gives},
            "default": {"description": message("api.problem"), "content": _content(MEDIA_TYPE, _ref("Problem"))},
        },
        "x-codeSamples": [{"lang": "Shell", "source": sample}],
    }  # fmt: skip


def _content(kind: str, schema: Json, **more: Any) -> Json:
    return {kind: {"schema": schema, **more}}


def _form(*, several: bool) -> Json:
    file: Json = {"type": "string", "contentMediaType": "application/octet-stream", "description": message("api.file")}
    known = {name: {"type": "string", "description": message(f"api.{name}")} for name in ("date", "place")}
    properties = {"file": {"type": "array", "items": file, "minItems": 1} if several else file, **known}
    return _content("multipart/form-data", {"type": "object", "properties": properties, "required": ["file"], "additionalProperties": False})


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Json:
    text = {"type": "string"}
    problem: Json = {
        "type": "object", "description": message("api.problem"), "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"}, "title": text, "status": {"type": "integer"}, "detail": text,
            "code": {"type": "string", "pattern": "^DB[1-5][0-9][0-9]$"}, "cure": {"type": "string", "description": message("api.cure")},
            "problems": {"type": "array", "items": _ref("Failure")},
        },
    }  # fmt: skip
    given = {name: {"type": "string", "description": message(f"api.{name}")} for name in ("text", "id", "date", "place")}
    record = records.schema()
    pipeline = record["properties"]["pipeline"]
    return {
        "Document": {"type": "object", "properties": given, "required": ["text"]},
        "Record": {key: value for key, value in record.items() if key != "$schema"},
        "Problem": problem,
        "Failure": {"allOf": [_ref("Problem"), {"type": "object", "properties": {"id": text}, "required": ["id"]}]},
        "Health": {"type": "object", "properties": {"status": {"const": "ready"}, "workers": {"type": "integer"}}, "required": ["status", "workers"]},
        "Version": {
            "type": "object", "properties": {"version": text, "schema": {"const": records.FORMAT}, "pipeline": pipeline},
            "required": ["version", "schema", "pipeline"],
        },
    }  # fmt: skip
