"""Files to text and meta: what a file holds is decided by its content first and its suffix second.

Text comes out exactly as decoded: no newline is translated, nothing is stripped; a byte-order mark is not part of
it. What had to be assumed (format, encoding) is told in ``meta["source"]``.
"""
from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from duban.errors import DubanError
from duban.messages import message
from duban.records import FORMAT, LAYERS

#: Standard input, where a file name is expected.
STDIN = "-"


class Source(NamedTuple):
    """A document as read: its text, and ``meta`` with ``source`` = path, format, encoding, sha256 (of the bytes read).

    ``meta`` has ``date`` and ``place`` too where a row of a JSON Lines file names them; ``record`` is that row where it
    is a whole record of ours already.
    """

    text: str
    meta: dict[str, Any]
    record: dict[str, Any] | None = None


class Row(NamedTuple):
    """One line of a JSON Lines file: its number (from 1), the object, the SHA-256 of its bytes."""

    line: int
    data: dict[str, Any]
    sha256: str


#: The formats there are readers for: suffix -> format.
SUFFIXES = {".txt": "txt", ".md": "md", ".jsonl": "jsonl"}
#: Suffixes of documents that cannot be read (yet): a folder that holds one says so instead of passing over it.
OTHER_DOCUMENTS = frozenset((".html", ".htm", ".mht", ".docx", ".doc", ".wps", ".rtf", ".odt", ".pdf", ".ofd"))

_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP, DOCX, XLSX, OFD"),
    (b"\xd0\xcf\x11\xe0", "DOC, WPS, XLS"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "GZIP"),
)
_HTML = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BLANK = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Of the characters that another encoding yields when read as GB18030, far fewer are in GB2312 (Big5: 0.4,
# UTF-8: 0.5); running Chinese text has more than 0.99 there, traditional characters included still two thirds.
_GB2312_SHARE = 0.6


def read(source: str | Path | bytes, *, name: str | None = None) -> Source:
    """The one document that ``source`` holds: a path, ``"-"`` (standard input) or the bytes themselves.

    ``name`` stands for the path in ``meta`` and in messages, and its suffix decides the format where the content
    leaves it open. A JSON Lines file must hold one document (see ``rows`` for more).

    Raises DubanError DB101 (no such file), DB102 (encoding unknown), DB103 (no text), DB104 (binary), DB105 (lone
    surrogate), DB106 (format unknown), DB107 (a folder), DB108 (not readable), DB109 (bad row), DB110 (many rows).

    >>> read("今年\\r\\n目标".encode("gb18030")).text
    '今年\\r\\n目标'
    >>> read(b"\\xef\\xbb\\xbf\\xe4\\xbb\\x8a", name="a.txt").meta["source"]["encoding"]
    'utf-8-sig'
    """
    raw, path = _bytes(source, name)
    kind = _format(raw, path)
    if decoder := _DECODERS.get(kind):
        text, encoding = decoder(raw, path)
        return _source(text, {}, path, kind, encoding, hashlib.sha256(raw).hexdigest())
    found = _rows(raw, path)
    first, second = next(found, None), next(found, None)
    if first is None or isinstance(first, DubanError):
        raise first or DubanError("DB103", path=path)
    if second is not None:
        raise DubanError("DB110", path=path)
    return from_row(first, path)


def rows(source: str | Path | bytes, *, name: str | None = None) -> Iterator[Row | DubanError]:
    """The lines of a JSON Lines file, each with an object; a line that holds none comes out as its DubanError."""
    return _rows(*_bytes(source, name))


def from_row(row: Row, path: str, *, column: str = "text") -> Source:
    """The document in ``column`` of a row; date and place in the row or its ``meta`` go into the meta.

    >>> from_row(Row(1, {"text": "今年目标", "date": "2026-01-05"}, ""), "a.jsonl").meta["date"]
    '2026-01-05'

    Raises DubanError DB103 (no text in it), DB105 (lone surrogate), DB109 (no such column).
    """
    text = row.data.get(column)
    if not isinstance(text, str):
        raise DubanError("DB109", path=path, line=row.line, reason=message("reason.column", column=column))
    inner = row.data.get("meta")
    places = (row.data, inner if isinstance(inner, Mapping) else {})
    meta = {key: known[key] for known in places for key in ("date", "place") if isinstance(known.get(key), str)}
    source = _source(text, meta, f"{path}#{row.line}", "jsonl", "utf-8", row.sha256)
    return source._replace(record=row.data) if _is_record(row.data) else source


def documents(inputs: Iterable[str | Path], *, skip: Iterable[str | Path] = ()) -> Iterator[tuple[str, Path]]:
    """The documents of files and folders as ``(id, path)``: the inputs in their order, what a folder holds sorted.

    An id is the path below the input folder without suffix ("2026/临澄市"), for a file its name without suffix, for
    standard input "stdin". Where two would be the same, the later one keeps its suffix ("a.md"), and if that is
    taken too, a number is added ("a~2"). A file that is reached twice is read once; ``skip`` names files that a
    folder's documents do not include (an output of an earlier run, say). Of a folder, files count that have the
    suffix of a document, hidden ones do not. An input that does not exist, or a folder with no document in it, is
    passed on, for ``read`` to say what is wrong with it.
    """
    taken: dict[str, int] = {}
    seen = {Path(path).resolve() for path in skip if str(path) != STDIN}
    for given in inputs:
        for name, path in _below(Path(given)):
            real = path.resolve()
            if real not in seen:
                seen.add(real)
                yield unique(name, taken, path.suffix), path


def unique(name: str, taken: dict[str, int], suffix: str = "") -> str:
    """``name``, or the first variant of it that is not taken (see ``documents``), which it then is.

    ``taken``: every id given, with the last number added to it.

    >>> taken = {"a": 1}
    >>> unique("a", taken, ".md"), unique("a", taken, ".md"), unique("a", taken)
    ('a.md', 'a~2', 'a~3')
    """
    found = name
    if found in taken and suffix:
        found = name + suffix
    while found in taken:
        taken[name] += 1
        found = f"{name}~{taken[name]}"
    taken[found] = 1
    return found


def stream(files: Iterable[tuple[str, Path]], *, column: str = "text") -> Iterator[tuple[str, Source | DubanError]]:
    """What is in ``documents``, one at a time, as ``(id, Source)``; a document that cannot be read as ``(id, DubanError)``.

    A JSON Lines file gives a document a line: its id is the line's ``id`` where that is a string, else the file's id
    and the line's number ("speeches/3").
    """
    taken: dict[str, int] = {}
    for name, path in files:
        for inner, found in _contents(name, path, column):
            yield unique(inner, taken), found


def _contents(name: str, path: Path, column: str) -> Iterator[tuple[str, Source | DubanError]]:
    try:
        raw, shown = _bytes(path, None)
        if _format(raw, shown) != "jsonl":
            yield name, read(raw, name=shown)
            return
    except DubanError as error:
        yield name, error
        return
    for row in _from_first_good(_rows(raw, shown)):
        if isinstance(row, DubanError):
            yield f"{name}/{row.details['line']}", row
            continue
        own = row.data.get("id")
        try:
            yield own if isinstance(own, str) and own else f"{name}/{row.line}", from_row(row, shown, column=column)
        except DubanError as error:
            yield f"{name}/{row.line}", error


def decode(raw: bytes, path: str = "<bytes>") -> tuple[str, str]:
    """Text and the name of its encoding: by the byte-order mark, else strict UTF-8, else strict GB18030.

    ``raw.decode(encoding)`` is the text. Raises DubanError DB102, DB103 (only white space), DB104 (binary).

    >>> decode("各县区".encode("utf-16"))
    ('各县区', 'utf-16')
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    if encoding is None and b"\0" in raw:
        raise DubanError("DB104", path=path, reason=message("reason.nul"))
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if name != "gb18030" or _plausible(text):
            return _checked(text, path), name
    raise DubanError("DB102", path=path)


#: The dispatch: what turns the bytes of a format into text and the name of its encoding.
_DECODERS: dict[str, Callable[[bytes, str], tuple[str, str]]] = {"txt": decode, "md": decode}


def _plausible(text: str) -> bool:
    """Whether what was read as GB18030 can be that: most of its characters are in the older, common set."""
    foreign = "".join(c for c in text if c > "\x7f")
    return len(foreign.encode("gb2312", "ignore")) >= 2 * _GB2312_SHARE * len(foreign)


def _checked(text: str, path: str) -> str:
    if _BLANK.fullmatch(text):
        raise DubanError("DB103", path=path)
    if "\0" in text or len(_CONTROLS.findall(text)) > 0.05 * len(text):
        raise DubanError("DB104", path=path, reason=message("reason.controls"))
    return text


def _source(text: str, meta: dict[str, Any], path: str, kind: str, encoding: str, sha256: str) -> Source:
    if surrogate := _SURROGATE.search(text):
        raise DubanError("DB105", path=path, offset=surrogate.start())
    if _BLANK.fullmatch(text):
        raise DubanError("DB103", path=path)
    return Source(text, {**meta, "source": {"path": path, "format": kind, "encoding": encoding, "sha256": sha256}})


def _format(raw: bytes, path: str) -> str:
    """``txt``, ``md`` or ``jsonl``; raises DubanError DB104, DB106 for content or a suffix that no reader knows."""
    suffix = Path(path).suffix.lower()
    known = " ".join(SUFFIXES)
    if suffix and suffix not in SUFFIXES and not path.startswith("<"):
        raise DubanError("DB106", path=path, suffix=suffix, known=known)
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            raise DubanError("DB104", path=path, reason=name)
    if _HTML.match(raw.removeprefix(codecs.BOM_UTF8)[:400]):
        raise DubanError("DB106", path=path, suffix="HTML", known=known)
    return "jsonl" if not suffix and _is_jsonl(raw) else SUFFIXES.get(suffix, "txt")


def _is_record(data: Mapping[str, Any]) -> bool:
    return data.get("schema") == FORMAT and all(isinstance(data.get(layer), list) for layer in LAYERS)


def _is_jsonl(raw: bytes) -> bool:
    """Whether what has no name to go by is JSON Lines: its first line is an object."""
    return isinstance(next(_rows(raw[: raw.find(b"\n") + 1] or raw, ""), None), Row)


def _bytes(source: str | Path | bytes, name: str | None) -> tuple[bytes, str]:
    """The bytes, and the name to call them by."""
    if isinstance(source, bytes):
        return source, name or "<bytes>"
    if str(source) == STDIN:
        return sys.stdin.buffer.read(), name or "<stdin>"
    path = Path(source)
    shown = name or path.as_posix()
    try:
        return path.read_bytes(), shown
    except (FileNotFoundError, NotADirectoryError):
        raise DubanError("DB101", path=shown) from None
    except IsADirectoryError:
        raise DubanError("DB107", path=shown, known=" ".join(SUFFIXES)) from None
    except (OSError, ValueError) as error:
        raise DubanError("DB108", path=shown, reason=getattr(error, "strerror", None) or error) from None


def _rows(raw: bytes, path: str) -> Iterator[Row | DubanError]:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            yield DubanError("DB109", path=path, line=number, reason=message("reason.utf8"))
        except (json.JSONDecodeError, RecursionError) as error:
            yield DubanError("DB109", path=path, line=number, reason=message("reason.json", reason=getattr(error, "msg", error)))
        else:
            if isinstance(data, dict):
                yield Row(number, data, hashlib.sha256(line).hexdigest())
            else:
                yield DubanError("DB109", path=path, line=number, reason=message("reason.object"))


def _from_first_good(found: Iterator[Row | DubanError]) -> Iterator[Row | DubanError]:
    """The rows as they are; of a file without a single good one, which is no JSON Lines file, only the first error."""
    errors: list[Row | DubanError] = []
    for row in found:
        errors.append(row)
        if isinstance(row, Row):
            yield from errors
            yield from found
            return
    yield from errors[:1]


def _below(path: Path) -> Iterator[tuple[str, Path]]:
    """Id without regard to clashes, and path, of what an input names."""
    if str(path) == STDIN:
        yield "stdin", path
        return
    found = False
    if path.is_dir():
        for file in sorted(_files(path), key=lambda file: file.relative_to(path).parts):
            found = True
            yield file.relative_to(path).with_suffix("").as_posix(), file
    if not found:
        yield path.stem or str(path), path


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith((".", "~$")) and Path(name).suffix.lower() in (*SUFFIXES, *OTHER_DOCUMENTS):
                yield Path(root, name)
