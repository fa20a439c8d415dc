"""Tables of documents: JSON Lines and CSV, a document a row."""
from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from duban.errors import DubanError
from duban.messages import message
from duban.readers.encoding import decode
from duban.readers.source import DEFAULT_LIMITS, Content, Limits, Source, source
from duban.records import FORMAT, LAYERS


class Row(NamedTuple):
    """One row of a table of documents: its line (from 1), the object, the SHA-256 of its bytes, and what it is a row of."""

    line: int
    data: dict[str, Any]
    sha256: str
    format: str = "jsonl"
    encoding: str = "utf-8"


def from_row(row: Row, path: str, *, column: str = "text", limits: Limits = DEFAULT_LIMITS) -> Source:
    """The document in ``column`` of a row; date and place in the row or its ``meta`` go into the meta.

    >>> from_row(Row(1, {"text": "今年目标", "date": "2026-01-05"}, ""), "a.jsonl").meta["date"]
    '2026-01-05'

    Raises DubanError DB103 (no text in it), DB105 (lone surrogate), DB109 (no such column), DB125 (too long).
    """
    text = row.data.get(column)
    if not isinstance(text, str):
        raise DubanError("DB109", path=path, line=row.line, reason=message("reason.column", column=column))
    inner = row.data.get("meta")
    places = (row.data, inner if isinstance(inner, Mapping) else {})
    meta = {key: known[key] for known in places for key in ("date", "place") if isinstance(known.get(key), str) and known[key]}
    found = source(Content(text, row.encoding, meta), f"{path}#{row.line}", row.format, row.sha256, limits)
    return found._replace(record=row.data) if _is_record(row.data) else found


def json_rows(raw: bytes, path: str) -> Iterator[Row | DubanError]:
    """The lines of a JSON Lines file; a line that holds no object comes out as its DubanError."""
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


def csv_rows(raw: bytes, path: str) -> Iterator[Row | DubanError]:
    """The rows of a CSV file whose first line names the columns; ``line`` is where the row starts.

    Raises DubanError DB102–DB104 as ``decode`` does.
    """
    text, encoding = decode(raw, path)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # a document is longer than a field usually is
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] | None = None
    while True:
        line = table.line_num + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            yield DubanError("DB109", path=path, line=line, reason=message("reason.csv", reason=error))
            return
        if cells is None:
            return
        if not any(cells):
            continue
        if names is None:
            names = [name.strip() for name in cells]
            continue
        digest = hashlib.sha256("\x1f".join(cells).encode("utf-8", "surrogatepass")).hexdigest()
        yield Row(line, dict(zip(names, cells, strict=False)), digest, "csv", encoding)


def is_json_lines(raw: bytes) -> bool:
    """Whether what has no name to go by is JSON Lines: its first line is an object."""
    return isinstance(next(json_rows(raw[: raw.find(b"\n") + 1] or raw, ""), None), Row)


def from_first_good(found: Iterator[Row | DubanError]) -> Iterator[Row | DubanError]:
    """The rows as they are; of a file without a single good one, which is no table of documents, only the first error."""
    errors: list[Row | DubanError] = []
    for row in found:
        errors.append(row)
        if isinstance(row, Row):
            yield from errors
            yield from found
            return
    yield from errors[:1]


def _is_record(data: Mapping[str, Any]) -> bool:
    return data.get("schema") == FORMAT and all(isinstance(data.get(layer), list) for layer in LAYERS)
