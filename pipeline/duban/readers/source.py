"""What a reader takes and gives: a document as read, the limits it is read within, and the checks every text passes."""
from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from duban.errors import DubanError
from duban.messages import message

BLANK = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Source(NamedTuple):
    """A document as read: its text, and ``meta`` with ``source`` = path, format, encoding, sha256 (of the bytes read).

    ``meta`` has more where there is more to tell: ``date`` and ``place`` that a row of a table of documents names;
    ``warnings``, DubanErrors about what was not read or had to be guessed; ``apart``, the paragraphs a Word file keeps
    apart from its body, by kind (headers, footers, footnotes, endnotes); ``left_out``, the number of
    characters by the name of what held them (parts of a page, a table of contents). ``record`` is the row where it is
    a whole record of ours already.
    """

    text: str
    meta: dict[str, Any]
    record: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask for; past one of these it is refused with DB125. Sizes in bytes, times in seconds."""

    #: the file itself
    file_bytes: int = 200_000_000
    #: the text of one document (code points)
    text_length: int = 10_000_000
    #: members of a packed file, their size unpacked, that of one XML part, and how far packing may have shrunk them
    zip_members: int = 10_000
    zip_bytes: int = 500_000_000
    xml_bytes: int = 64_000_000
    zip_ratio: int = 200
    #: pages of a PDF, and the memory its reader may use
    pages: int = 5_000
    memory_bytes: int = 4_000_000_000
    #: time for a web page or a PDF, and for LibreOffice
    seconds: float = 60.0
    convert_seconds: float = 120.0


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class Content:
    """What the reader of a format finds in a file: text, the encoding it was in (None where the format has its own), more meta."""

    text: str
    encoding: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


#: A reader of a format: the bytes, the name to call them by, the limits.
Reader = Callable[[bytes, str, Limits], Content]


class Clock:
    """Raises DubanError DB125 when ``check`` is called past the time a file may take."""

    def __init__(self, path: str, seconds: float) -> None:
        self.path, self.seconds = path, seconds
        self.end = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self.end:
            raise over(self.path, message("reason.seconds", limit=self.seconds))


def over(path: str, reason: str) -> DubanError:
    """The error of a file that asks for more than a limit."""
    return DubanError("DB125", path=path, reason=reason)


def damaged(path: str, kind: str, reason: object) -> DubanError:
    """The error of a file that is not what it says it is."""
    return DubanError("DB122", path=path, format=kind, reason=str(reason).strip() or type(reason).__name__)


def checked(text: str, path: str) -> str:
    """The text, where it is one. Raises DubanError DB103 (only white space), DB104 (control characters all over)."""
    if BLANK.fullmatch(text):
        raise DubanError("DB103", path=path)
    if "\0" in text or len(_CONTROLS.findall(text)) > 0.05 * len(text):
        raise DubanError("DB104", path=path, reason=message("reason.controls"))
    return text


def source(content: Content, path: str, kind: str, sha256: str, limits: Limits, more: Mapping[str, Any] | None = None) -> Source:
    """A Source of what was read. Raises DubanError DB103 (no text), DB105 (lone surrogate), DB125 (too long)."""
    text = content.text
    if len(text) > limits.text_length:
        raise over(path, message("reason.length", limit=limits.text_length))
    if surrogate := _SURROGATE.search(text):
        raise DubanError("DB105", path=path, offset=surrogate.start())
    if BLANK.fullmatch(text):
        raise DubanError("DB103", path=path)
    meta = {**content.meta, **(more or {})}
    if parts := ", ".join(f"{kind} {sum(map(len, texts))}" for kind, texts in meta.get("apart", {}).items()):
        meta["warnings"] = [*meta.get("warnings", ()), DubanError("DB133", path=path, parts=parts)]
    known = {"path": path, "format": kind, "encoding": content.encoding, "sha256": sha256}
    return Source(text, {**meta, "source": known})
