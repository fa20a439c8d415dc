"""What the one who starts the API decides: where it listens, who may ask, and how much."""
from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from duban.batch import Settings
from duban.errors import DubanError
from duban.messages import message
from duban.readers import Limits
from duban.web.server import LOOPBACK

PORT = 8767
#: The variable that holds the token, where no file does.
TOKEN = "DUBAN_API_TOKEN"
_SHORTEST = 16
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Reading(Settings):
    """What decides what a record says, as for ``duban extract``, and the limits of who waits for it: a document may have
    ``max_chars`` characters and take ``seconds`` to be read, and as long again to be analysed."""

    max_chars: int = 1_000_000
    seconds: float = 60.0

    @property
    def limits(self) -> Limits:
        return Limits(
            file_bytes=200 * MEGABYTE, text_length=self.max_chars, zip_bytes=200 * MEGABYTE, pages=2_000, memory_bytes=2_000 * MEGABYTE,
            seconds=self.seconds, convert_seconds=self.seconds,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """The API as it is started. ``max_requests``: those that are worked on or wait; the next is told to come again."""

    reading: Reading = field(default_factory=Reading)
    host: str = LOOPBACK
    port: int = PORT
    workers: int = 1
    token: str | None = field(default=None, repr=False)
    max_bytes: int = 50 * MEGABYTE
    max_documents: int = 100
    max_requests: int = 16

    def on(self, port: int) -> Service:
        """The same on the port that was given."""
        return replace(self, port=port)

    @property
    def address(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"

    @property
    def is_open(self) -> bool:
        """Whether everybody who reaches it over the network may use it."""
        return self.host not in (LOOPBACK, "::1") and self.token is None


def read_token(file: Path | None) -> str | None:
    """The token in a file, else that of the environment, else none. Raises DubanError DB161 for one that cannot be used."""
    place, given = str(file or TOKEN), os.environ.get(TOKEN)
    if file is not None:
        try:
            given = file.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise DubanError("DB161", place=place, reason=getattr(error, "strerror", None) or message("reason.ascii")) from error
    if given is None:
        return None
    token = given.strip()
    if len(token) < _SHORTEST or not (token.isascii() and token.isprintable()) or " " in token:
        raise DubanError("DB161", place=place, reason=message("reason.token", least=_SHORTEST))
    return token
