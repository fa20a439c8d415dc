"""What keeps others out: hosts, origins, the session, sizes and the content security policy. Plain ASGI."""
from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException

from duban.errors import DubanError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Bytes of one request.
MOST_BYTES = 60_000_000
_HOSTS = ("127.0.0.1", "localhost")
_READS = ("GET", "HEAD")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class TooLarge(HTTPException):
    """The body of a request is larger than ``MOST_BYTES``: raised while the app reads it, answered by the app's handler."""

    def __init__(self) -> None:
        super().__init__(413)


def too_large() -> DubanError:
    return DubanError("DB143", limit=f"{MOST_BYTES // 1_000_000} MB")


class Guard:
    """Around the app. A request must name a loopback host and bring the session's cookie, which the address that was
    printed at the start gives; one that writes must come from our own page and bring the token that stands in it."""

    def __init__(self, app: App, port: int, refuse: Callable[[DubanError, int, bool], tuple[str, bytes]]) -> None:
        self.app, self.port, self.refuse = app, port, refuse
        self.key, self.session, self.token = (secrets.token_urlsafe(24) for _ in range(3))
        self.cookie = f"duban-{port}"

    @property
    def address(self) -> str:
        """Where to begin."""
        return f"http://127.0.0.1:{self.port}/?key={self.key}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if host not in {f"{name}:{self.port}" for name in _HOSTS}:
            await self._refused(send, DubanError("DB142"), 421, headers)
            return
        if scope["method"] in _READS and scope["path"] == "/" and self._opens(scope["query_string"]):
            cookie = f"{self.cookie}={self.session}; Path=/; HttpOnly; SameSite=Strict"
            await _answer(send, 303, b"", {"Location": "/", "Set-Cookie": cookie})
            return
        if not self._known(headers):
            await self._refused(send, DubanError("DB141"), 403, headers)
            return
        if scope["method"] not in _READS and not self._own(headers, host):
            await self._refused(send, DubanError("DB142"), 403, headers)
            return
        if not headers.get("content-length", "0").isdecimal() or int(headers.get("content-length", "0")) > MOST_BYTES:
            await self._refused(send, too_large(), 413, headers)
            return
        scope.setdefault("state", {})["nonce"] = nonce = secrets.token_urlsafe(16)
        await self.app(scope, _counted(receive), _protected(send, nonce))

    def _opens(self, query: bytes) -> bool:
        return _same(parse_qs(query.decode("latin-1")).get("key", [""])[0], self.key)

    def _known(self, headers: dict[str, str]) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return found is not None and _same(found.value, self.session)

    def _own(self, headers: dict[str, str], host: str) -> bool:
        return headers.get("origin") == f"http://{host}" and _same(headers.get("x-duban-token", ""), self.token)

    async def _refused(self, send: Send, error: DubanError, status: int, headers: dict[str, str]) -> None:
        kind, body = self.refuse(error, status, "text/html" in headers.get("accept", ""))
        await _answer(send, status, body, {"Content-Type": kind})


def _same(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode(), known.encode())


def policy(nonce: str) -> str:
    """The content security policy of our pages."""
    own = f"'nonce-{nonce}'"
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )  # fmt: skip


def _counted(receive: Receive) -> Receive:
    """Breaks off where the body grows too large, whatever its length was said to be."""
    seen = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal seen
        event = await receive()
        seen += len(event.get("body", b""))
        if seen > MOST_BYTES:
            raise TooLarge
        return event

    return counted


def _protected(send: Send, nonce: str) -> Send:
    async def protected(event: MutableMapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            event["headers"] = [*event.get("headers", ()), *_encoded({**_HEADERS, "Content-Security-Policy": policy(nonce)})]
        await send(event)

    return protected


async def _answer(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    whole = {**_HEADERS, "Content-Security-Policy": "default-src 'none'", "Content-Length": str(len(body)), **headers}
    await send({"type": "http.response.start", "status": status, "headers": list(_encoded(whole))})
    await send({"type": "http.response.body", "body": body})


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
