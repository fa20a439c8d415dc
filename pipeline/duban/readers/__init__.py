"""Files to text and meta: what a file holds is decided by its content first and its suffix second.

Plain text comes out exactly as decoded: no newline is translated, nothing is stripped; a byte-order mark is not part
of it. Of the other formats comes the reading text, a line a paragraph, heading or row of a table; what was left out
of it and what had to be assumed is told in ``meta``. A reader's package is imported when a file needs it.
"""
from __future__ import annotations

import codecs
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from duban.errors import DubanError
from duban.messages import message
from duban.readers.encoding import decode
from duban.readers.files import OTHER_DOCUMENTS, STDIN, SUFFIXES, documents, unique
from duban.readers.rows import Row, csv_rows, from_first_good, from_row, is_json_lines, json_rows
from duban.readers.source import DEFAULT_LIMITS, Limits, Reader, Source, damaged, over, source

__all__ = ["OTHER_DOCUMENTS", "STDIN", "SUFFIXES", "Limits", "Row", "Source", "decode", "documents", "from_row", "read", "rows", "stream", "unique"]

#: Format -> the module whose ``read(raw, path, limits)`` reads it.
_READERS = {"txt": "encoding", "md": "encoding", "html": "html", "docx": "word", "doc": "office", "pdf": "pdf"}
#: Tables of documents: format -> what yields their rows.
_TABLES = {"jsonl": json_rows, "csv": csv_rows}
#: A file of these formats opens with its mark; one without it is damaged.
_MARKED = ("docx", "doc", "pdf")
_MAGIC = (
    (b"PK\x03\x04", "ZIP, XLSX, OFD"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "GZIP"),
)
_HTML = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0"
_PDF_HEAD = 1024  # bytes within which a PDF says that it is one
_WORD_PART = b"word/document.xml"


def read(given: str | Path | bytes, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Source:
    """The one document that ``given`` holds: a path, ``"-"`` (standard input) or the bytes themselves.

    ``name`` stands for the path in ``meta`` and in messages, and its suffix decides the format where the content
    leaves it open. A table of documents (JSON Lines, CSV) must hold one (see ``rows`` for more).

    Raises DubanError DB101 (no such file), DB102 (encoding unknown), DB103 (no text), DB104 (binary), DB105 (lone
    surrogate), DB106 (format unknown), DB107 (a folder), DB108 (not readable), DB109 (bad row), DB110 (many rows),
    DB121 (a package is missing), DB122 (damaged), DB123 (locked with a password), DB124 (pages are pictures), DB125
    (past a limit), DB126 (LibreOffice is missing), DB127 (LibreOffice failed).

    >>> read("今年\\r\\n目标".encode("gb18030")).text
    '今年\\r\\n目标'
    >>> read(b"\\xef\\xbb\\xbf\\xe4\\xbb\\x8a", name="a.txt").meta["source"]["encoding"]
    'utf-8-sig'
    >>> read("<html><p>今年<p>目标".encode()).text
    '今年\\n目标\\n'
    """
    raw, path = _bytes(given, name, limits)
    kind = _format(raw, path)
    if kind not in _TABLES:
        return source(_reader(kind)(raw, path, limits), path, kind, hashlib.sha256(raw).hexdigest(), limits)
    found = _TABLES[kind](raw, path)
    first, second = next(found, None), next(found, None)
    if first is None or isinstance(first, DubanError):
        raise first or DubanError("DB103", path=path)
    if second is not None:
        raise DubanError("DB110", path=path)
    return from_row(first, path, limits=limits)


def rows(given: str | Path | bytes, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row | DubanError]:
    """The rows of a CSV or JSON Lines file, each with an object; a line that holds none comes out as its DubanError."""
    raw, path = _bytes(given, name, limits)
    return (csv_rows if Path(path).suffix.lower() == ".csv" else json_rows)(raw, path)


def stream(
    files: Iterable[tuple[str, Path]], *, column: str = "text", limits: Limits = DEFAULT_LIMITS
) -> Iterator[tuple[str, Source | DubanError]]:
    """What is in ``documents``, one at a time, as ``(id, Source)``; a document that cannot be read as ``(id, DubanError)``.

    A table of documents gives a document a row: its id is the row's ``id`` where that is a string, else the file's id
    and the row's line ("speeches/3").
    """
    taken: dict[str, int] = {}
    for name, path in files:
        for inner, found in _contents(name, path, column, limits):
            yield unique(inner, taken), found


def _contents(name: str, path: Path, column: str, limits: Limits) -> Iterator[tuple[str, Source | DubanError]]:
    try:
        raw, shown = _bytes(path, None, limits)
        kind = _format(raw, shown)
        if kind not in _TABLES:
            yield name, read(raw, name=shown, limits=limits)
            return
        found = list(_TABLES[kind](raw, shown)) if kind == "csv" else _TABLES[kind](raw, shown)
    except DubanError as error:
        yield name, error
        return
    for row in from_first_good(iter(found)):
        if isinstance(row, DubanError):
            yield f"{name}/{row.details['line']}", row
            continue
        own = row.data.get("id")
        try:
            yield own if isinstance(own, str) and own else f"{name}/{row.line}", from_row(row, shown, column=column, limits=limits)
        except DubanError as error:
            yield f"{name}/{row.line}", error


def _reader(kind: str) -> Reader:
    reader: Reader = import_module(f"duban.readers.{_READERS[kind]}").read
    return reader


def _format(raw: bytes, path: str) -> str:
    """The format of a file. Raises DubanError DB104, DB106, DB122, DB123 for content or a suffix that no reader knows."""
    suffix = Path(path).suffix.lower()
    if b"%PDF-" in raw[:_PDF_HEAD]:
        return "pdf"
    if raw.startswith(_OLE):
        return _compound(raw, path)
    if raw.startswith(b"PK\x03\x04") and (_WORD_PART in raw or suffix == ".docx"):
        return "docx"
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            raise DubanError("DB104", path=path, reason=name)
    if _HTML.match(raw.removeprefix(codecs.BOM_UTF8)[:400]):
        return "html"
    kind = SUFFIXES.get(suffix)
    if suffix and kind is None and not path.startswith("<"):
        raise DubanError("DB106", path=path, suffix=suffix, known=" ".join(SUFFIXES))
    if kind in _MARKED:
        raise DubanError("DB103", path=path) if not raw.strip() else damaged(path, kind, message("reason.mark"))
    return "jsonl" if not suffix and is_json_lines(raw) else kind or "txt"


def _compound(raw: bytes, path: str) -> str:
    """The format of an OLE compound file, by the names of its streams."""
    if _stream("EncryptedPackage") in raw:
        raise DubanError("DB123", path=path)
    if _stream("WordDocument") in raw:
        return "doc"
    raise DubanError("DB104", path=path, reason="XLS, PPT, MSG")


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def _bytes(given: str | Path | bytes, name: str | None, limits: Limits) -> tuple[bytes, str]:
    """The bytes, and the name to call them by."""
    path = name or ("<bytes>" if isinstance(given, bytes) else "<stdin>" if str(given) == STDIN else Path(given).as_posix())
    raw = given if isinstance(given, bytes) else _content(given, path, limits)
    if len(raw) > limits.file_bytes:
        raise over(path, message("reason.file_bytes", limit=limits.file_bytes))
    return raw, path


def _content(given: str | Path, path: str, limits: Limits) -> bytes:
    """The bytes of a file, or one more than the limit."""
    if str(given) == STDIN:
        return sys.stdin.buffer.read(limits.file_bytes + 1)
    try:
        with Path(given).open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise DubanError("DB101", path=path) from None
    except IsADirectoryError:
        raise DubanError("DB107", path=path, known=" ".join(SUFFIXES)) from None
    except (OSError, ValueError) as error:
        raise DubanError("DB108", path=path, reason=getattr(error, "strerror", None) or error) from None
