"""What stands before the app: the language of the answer, who may ask, sizes, times, how many at once, and the log. Plain ASGI."""
from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import Headers

from duban.api.answers import answer
from duban.api.settings import MEGABYTE, Service
from duban.errors import DubanError
from duban.messages import language, speaking
from duban.web.guard import App, Receive, Scope, Send

_LOG = logging.getLogger("duban.api")
#: Seconds in which a body must have come, and a piece of an answer must be taken.
BODY_SECONDS, SEND_SECONDS = 60.0, 60.0
#: What every answer says; a page of ours brings a policy of its own.
_HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
_ENGLISH, _CHINESE = "en", "zh"


class Gate:
    """Around the app. ``open_paths``: those that need no token; ``known``: those that the log may name."""

    def __init__(self, app: App, service: Service, open_paths: Iterable[str], known: Iterable[str]) -> None:
        self.app, self.service = app, service
        self.open_paths, self.known = frozenset(open_paths), frozenset(known)
        self.under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        with speaking(preferred(headers.get("accept-language", ""))):
            await self._logged(scope, headers, receive, send)

    async def _logged(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """One line a request, with nothing in it that came from outside."""
        began, status = time.monotonic(), 0

        async def watched(event: Any) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
                event["headers"] = _with_defaults(event.get("headers", ()))
            async with asyncio.timeout(SEND_SECONDS):
                await send(event)

        try:
            await self._served(scope, headers, receive, watched)
        except Exception as error:  # told by its name alone: its text may quote a document
            _LOG.error("%s in %s", type(error).__name__, _place(error))
            if not status:
                await answer(DubanError("DB499", kind=type(error).__name__, reason="-"))(scope, receive, watched)
        path = scope["path"] if scope["path"] in self.known else "-"
        if path == "/v1/health":  # asked every few seconds
            return
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "-"
        _LOG.info("%s %s %d %.0f ms", method, path, status, 1000 * (time.monotonic() - began))

    async def _served(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await answer(refusal)(scope, receive, send)
        elif scope["method"] == "POST":
            self.under_way += 1
            try:
                await self.app(scope, _limited(receive, self.service.max_bytes), send)
            finally:
                self.under_way -= 1
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> DubanError | None:
        """Why a request is refused before its body is read."""
        if headers.get("sec-fetch-site", "none") == "cross-site":
            return DubanError("DB159")
        if self.service.token is not None and scope["path"] not in self.open_paths and not self._knows(headers.get("authorization", "")):
            return DubanError("DB151")
        if scope["method"] == "POST":
            length = headers.get("content-length", "0")
            if not length.isdecimal() or int(length) > self.service.max_bytes:
                return _too_large(self.service.max_bytes)
            if self.under_way >= self.service.max_requests:
                return DubanError("DB152", limit=self.service.max_requests)
        return None

    def _knows(self, given: str) -> bool:
        scheme, _, token = given.partition(" ")
        return scheme.lower() == "bearer" and secrets.compare_digest(token.strip().encode(), (self.service.token or "").encode())


def preferred(accept: str) -> str:
    """The language for who accepts these: Chinese or English, else that of the server.

    >>> preferred("de, en;q=0.5, zh-CN;q=0.8"), preferred("en-GB"), preferred("zh;q=0, en;q=x")
    ('zh', 'en', 'en')
    """
    weights = dict[str, float]()
    for part in accept.split(","):
        name, _, rest = part.strip().partition(";")
        quality = rest.strip().removeprefix("q=") or "1"
        weights.setdefault(name.strip().lower()[:2], _number(quality))
    known = [(weights[name], name) for name in (_ENGLISH, _CHINESE) if weights.get(name)]
    return max(known, key=lambda one: one[0])[1] if known else language()


def _number(text: str) -> float:
    """A weight; 1 where it is none.

    >>> _number("0.5"), _number("0"), _number("x")
    (0.5, 0.0, 1.0)
    """
    digits = text.replace(".", "", 1)
    return float(text) if digits.isascii() and digits.isdigit() and len(text) <= 5 else 1.0


def _too_large(limit: int) -> DubanError:
    return DubanError("DB143", limit=f"{limit / MEGABYTE:g} MB")


def _limited(receive: Receive, limit: int) -> Receive:
    """Breaks off where the body grows too large or comes too slowly, whatever its length was said to be."""
    seen, end, complete = 0, time.monotonic() + BODY_SECONDS, False

    async def limited() -> Any:
        nonlocal seen, complete
        try:
            async with asyncio.timeout(None if complete else max(0.0, end - time.monotonic())):
                event = await receive()
        except TimeoutError:
            raise DubanError("DB158", limit=f"{BODY_SECONDS:g}") from None
        complete = complete or not event.get("more_body", False)
        seen += len(event.get("body", b""))
        if seen > limit:
            raise _too_large(limit)
        return event

    return limited


def _with_defaults(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    known = list(headers)
    given = {name.lower() for name, _ in known}
    return known + [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items() if name.lower().encode() not in given]


def _place(error: BaseException) -> str:
    """Where an error arose: file and line, nothing of what was worked on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
