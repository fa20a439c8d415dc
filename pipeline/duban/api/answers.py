"""Errors as answers: problem details (RFC 9457) with our code, what to do, and the status that goes with it."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from duban.errors import DubanError
from duban.messages import language, message
from duban.messages.cures import CURES

MEDIA_TYPE = "application/problem+json"
#: Seconds after which to ask again.
_AGAIN = {"DB152": "1", "DB153": "3"}
_STATUS = {
    "DB104": 415, "DB106": 415, "DB121": 501, "DB125": 413, "DB126": 501, "DB143": 413, "DB151": 401, "DB152": 503, "DB153": 503,
    "DB154": 400, "DB155": 415, "DB156": 413, "DB157": 404, "DB158": 408, "DB159": 403,
}  # fmt: skip


def status(error: DubanError) -> int:
    """The status of an answer.

    >>> status(DubanError("DB104", path="a.txt", reason="PNG")), status(DubanError("DB103", path="a.txt"))
    (415, 422)
    """
    return _STATUS.get(error.code, 500 if error.code.startswith(("DB4", "DB5")) else 422)


def problem(error: DubanError, **more: Any) -> dict[str, Any]:
    """An error as problem details, in the language of who asks; ``type`` leads to its line on the page of the API.

    >>> from duban.messages import speaking
    >>> with speaking("en"):
    ...     problem(DubanError("DB103", path="a.txt"))["detail"]
    'No text in a.txt.'
    """
    number = more.pop("status", status(error))
    told = {"type": f"/#{error.code}", "title": message(f"status.{number}"), "status": number, "detail": message(error.code, **error.details)}
    cure = {"cure": CURES[error.code][language() == "en"]} if error.code in CURES else {}
    return {**told, "code": error.code, **cure, **more}


def line(found: Mapping[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def answer(error: DubanError, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """The answer to a request that failed."""
    told = problem(error, **more)
    known = {"Content-Language": "zh-CN" if language() == "zh" else "en", "Vary": "Accept-Language", **(headers or {})}
    if error.code in _AGAIN:
        known["Retry-After"] = _AGAIN[error.code]
    if told["status"] == 401:
        known["WWW-Authenticate"] = 'Bearer realm="duban"'
    return Response(line(told), told["status"], known, MEDIA_TYPE)
