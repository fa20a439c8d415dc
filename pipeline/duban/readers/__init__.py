"""Files to text and meta: what a file holds is decided by its content first and its suffix second.

Plain text comes out exactly as decoded: no newline is translated, nothing is stripped; a byte-order mark is not part
of it. Of the other formats comes the reading text, a line a paragraph, heading or row of a table; what was left out
of it and what had to be assumed is told in ``meta``. A reader's package is imported when a file needs it.
"""
from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from duban.errors import DubanError
from duban.messages import message
from duban.readers.encoding import decode
from duban.readers.files import OTHER_DOCUMENTS, STDIN, SUFFIXES, bare, documents, packs, unique
from duban.readers.packed import opened, rejoined
from duban.readers.rows import Row, csv_rows, from_first_good, from_row, is_json_lines, json_rows, parquet_rows
from duban.readers.source import DEFAULT_LIMITS, Limits, Reader, Source, damaged, over, source

__all__ = [
    "DEFAULT_LIMITS", "OTHER_DOCUMENTS", "STDIN", "SUFFIXES", "Limits", "Pending", "Row", "Source",
    "decode", "documents", "from_row", "held", "is_table", "load", "opened", "packs", "read", "rows", "scan", "stream", "unique",
]  # fmt: skip

#: Format -> the module whose ``read(raw, path, limits)`` reads it.
_READERS = {"txt": "encoding", "md": "encoding", "html": "html", "docx": "word", "doc": "office", "wps": "wps", "pdf": "pdf", "ofd": "ofd"}
#: Tables of documents: format -> what yields their rows.
_TABLES = {"jsonl": json_rows, "csv": csv_rows, "parquet": parquet_rows}
#: A file of these formats opens with its mark; one without it is damaged.
_MARKED = ("docx", "doc", "wps", "pdf", "ofd", "parquet")
_MAGIC = (
    (b"PK\x03\x04", "ZIP, XLSX"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
)
_HTML = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0"
_PARQUET = b"PAR1"
_PDF_HEAD = 1024  # bytes within which a PDF says that it is one
_HEAD = 1 << 16  # bytes, and a line, by which a table of documents is told
_WORD_PART, _OFD_PART = b"word/document.xml", b"OFD.xml"


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
    found = _TABLES[kind](io.BytesIO(raw), path, limits)
    first, second = next(found, None), next(found, None)
    if first is None or isinstance(first, DubanError):
        raise first or DubanError("DB103", path=path)
    if second is not None:
        raise DubanError("DB110", path=path)
    return from_row(first, path, limits=limits)


def rows(given: str | Path | bytes, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row | DubanError]:
    """The rows of a table of documents, each with an object, read as they are asked for; a line that holds none comes out as its DubanError."""
    path = _named(given, name)
    with opened(given, path) as file:
        yield from _TABLES.get(SUFFIXES.get(bare(Path(path)).suffix.lower(), ""), json_rows)(file, path, limits)


class Pending(NamedTuple):
    """A document before it is read: what a process elsewhere needs to ``load`` it.

    ``content`` is the row of a table, the bytes of standard input, the error of what cannot be read; None where the
    file at ``path`` is the document. ``size`` is in bytes.
    """

    id: str
    path: str
    content: Row | bytes | DubanError | None
    size: int


def scan(files: Iterable[tuple[str, Path]], *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Pending]:
    """The documents in ``documents``, without reading more of them than tells them apart; tables are read a row at a time.

    A table of documents gives a document a row: its id is the row's ``id`` where that is a string, else the file's id
    and the row's line ("speeches/3").
    """
    taken: dict[str, int] = {}
    for name, path in files:
        for found in _found(name, path, limits):
            yield found._replace(id=unique(found.id, taken))


def held(files: Iterable[tuple[str, bytes]], *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Pending]:
    """The documents of files that are given as name and bytes: as ``scan`` finds them where files of these names lie.

    >>> [found.id for found in held([("a.txt", b"1"), ("a.md", b"2"), ("b.jsonl", b'{"text": "3"}\\n{"text": "4"}')])]
    ['a', 'a.md', 'b/1', 'b/2']
    """
    names, taken = dict[str, int](), dict[str, int]()
    for given, raw in files:
        path = bare(Path(given))
        for found in _found(unique(path.with_suffix("").name, names, path.suffix), Path(given), limits, raw):
            yield found._replace(id=unique(found.id, taken))


def load(pending: Pending, *, column: str = "text", limits: Limits = DEFAULT_LIMITS) -> Source:
    """The document, read. Raises DubanError, as ``read`` and ``from_row`` do."""
    _, path, content, _ = pending
    if isinstance(content, DubanError):
        raise content
    if isinstance(content, Row):
        return from_row(content, path, column=column, limits=limits)
    return read(content if content is not None else path, name=path, limits=limits)


def stream(
    files: Iterable[tuple[str, Path]], *, column: str = "text", limits: Limits = DEFAULT_LIMITS
) -> Iterator[tuple[str, Source | DubanError]]:
    """What ``scan`` finds, one at a time, as ``(id, Source)``; a document that cannot be read as ``(id, DubanError)``."""
    for pending in scan(files, limits=limits):
        try:
            yield pending.id, load(pending, column=column, limits=limits)
        except DubanError as error:
            yield pending.id, error


def is_table(path: Path) -> bool:
    """Whether a file may hold several documents: by its suffix, or for want of one.

    >>> is_table(Path("a.csv.gz")), is_table(Path("a.txt")), is_table(Path("-"))
    (True, False, True)
    """
    return str(path) == STDIN or SUFFIXES.get(bare(path).suffix.lower(), "jsonl") in _TABLES


def _found(name: str, path: Path, limits: Limits, given: bytes | None = None) -> Iterator[Pending]:
    """The documents of one file, or of bytes that are ``given`` in its stead."""
    shown = _named(path, None)
    if not is_table(path):
        size = len(given) if given is not None else os.path.getsize(path) if path.is_file() else 0
        yield Pending(name, shown, given, size)
        return
    try:
        with opened(path if given is None else given, shown) as file:
            head = file.read(_HEAD) + file.readline(limits.file_bytes)
            kind = _format(head, shown)
            whole = rejoined(head, file)
            if kind in _TABLES:
                yield from _rows(name, shown, from_first_good(_TABLES[kind](whole, shown, limits)))
            else:
                raw = whole.read(limits.file_bytes + 1)
                yield Pending(name, shown, raw, len(raw))
    except DubanError as error:
        yield Pending(name, shown, error, 0)


def _rows(name: str, path: str, found: Iterator[Row | DubanError]) -> Iterator[Pending]:
    for row in found:
        if isinstance(row, DubanError):
            yield Pending(f"{name}/{row.details['line']}", path, row, 0)
        else:
            own = row.data.get("id")
            yield Pending(own if isinstance(own, str) and own else f"{name}/{row.line}", path, row, row.size)


def _reader(kind: str) -> Reader:
    reader: Reader = import_module(f"duban.readers.{_READERS[kind]}").read
    return reader


def _format(raw: bytes, path: str) -> str:
    """The format of a file. Raises DubanError DB104, DB106, DB122, DB123 for content or a suffix that no reader knows."""
    suffix = bare(Path(path)).suffix.lower()
    if b"%PDF-" in raw[:_PDF_HEAD]:
        return "pdf"
    if raw.startswith(_OLE):
        return _compound(raw, path, suffix)
    if raw.startswith(b"PK\x03\x04") and (_WORD_PART in raw or suffix == ".docx"):
        return "docx"
    if raw.startswith(b"PK\x03\x04") and (_OFD_PART in raw or suffix == ".ofd"):
        return "ofd"
    if raw.startswith(_PARQUET):
        return "parquet"
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


def _compound(raw: bytes, path: str, suffix: str) -> str:
    """The format of an OLE compound file, by the names of its streams."""
    if _stream("EncryptedPackage") in raw:
        raise DubanError("DB123", path=path)
    if _stream("WordDocument") in raw:
        return "wps" if suffix == ".wps" else "doc"
    raise DubanError("DB104", path=path, reason="XLS, PPT, MSG")


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


def _named(given: str | Path | bytes, name: str | None) -> str:
    """What to call a file, standard input or bytes."""
    return name or ("<bytes>" if isinstance(given, bytes) else "<stdin>" if str(given) == STDIN else Path(given).as_posix())


def _bytes(given: str | Path | bytes, name: str | None, limits: Limits) -> tuple[bytes, str]:
    """The bytes, unpacked, and the name to call them by."""
    path = _named(given, name)
    with opened(given, path) as file:
        raw = file.read(limits.file_bytes + 1)
    if len(raw) > limits.file_bytes:
        raise over(path, message("reason.file_bytes", limit=limits.file_bytes))
    return raw, path
