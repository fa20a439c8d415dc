"""Tables of documents: JSON Lines, CSV and Parquet, a document a row, read a row at a time."""
from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from duban.errors import DubanError
from duban.messages import message
from duban.readers.encoding import decode, marked
from duban.readers.packed import rejoined
from duban.readers.source import DEFAULT_LIMITS, Content, Limits, Source, damaged, over, source
from duban.records import FORMAT, LATER, LAYERS

#: Bytes by which the encoding of a CSV file is told.
_HEAD = 1 << 20
#: Rows of a Parquet file that are read at a time.
_BATCH = 64


class Row(NamedTuple):
    """One row of a table of documents: its line (from 1), the object, the SHA-256 and number of its bytes, and what it is a row of."""

    line: int
    data: dict[str, Any]
    sha256: str
    size: int = 0
    format: str = "jsonl"
    encoding: str | None = "utf-8"


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
    return found._replace(record={**{layer: [] for layer in LATER}, **row.data}) if _is_record(row.data) else found


def json_rows(file: BinaryIO, path: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row | DubanError]:
    """The lines of a JSON Lines file; a line that holds no object comes out as its DubanError."""
    for number, line in enumerate(iter(lambda: file.readline(limits.file_bytes + 1), b""), 1):
        if len(line) > limits.file_bytes:
            yield over(f"{path}#{number}", message("reason.file_bytes", limit=limits.file_bytes))
            return
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            yield _json_row(line.removesuffix(b"\n"), number, path)


def _json_row(line: bytes, number: int, path: str) -> Row | DubanError:
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return DubanError("DB109", path=path, line=number, reason=message("reason.utf8"))
    except (json.JSONDecodeError, RecursionError) as error:
        return DubanError("DB109", path=path, line=number, reason=message("reason.json", reason=getattr(error, "msg", error)))
    if isinstance(data, dict):
        return Row(number, data, hashlib.sha256(line).hexdigest(), len(line))
    return DubanError("DB109", path=path, line=number, reason=message("reason.object"))


def csv_rows(file: BinaryIO, path: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row | DubanError]:
    """The rows of a CSV file whose first line names the columns; ``line`` is where the row starts.

    Its first mebibyte tells the encoding. Raises DubanError DB102–DB104 as ``decode`` does.
    """
    head = file.read(_HEAD) + file.readline(limits.file_bytes)
    encoding = "utf-16" if len(head) >= _HEAD and marked(head) == "utf-16" else decode(head, path)[1]
    csv.field_size_limit(max(csv.field_size_limit(), limits.text_length + 1))  # a document is longer than a field usually is
    table = csv.reader(io.TextIOWrapper(rejoined(head, file), encoding, newline=""), strict=True)
    names: list[str] | None = None
    while True:
        line = table.line_num + 1
        try:
            cells = next(table, None)
        except (csv.Error, UnicodeError) as error:
            yield DubanError("DB109", path=path, line=line, reason=message("reason.csv", reason=error))
            return
        if cells is None:
            return
        if not any(cells):
            continue
        if names is None:
            names = [name.strip() for name in cells]
            continue
        yield Row(line, dict(zip(names, cells, strict=False)), *_digest("\x1f".join(cells)), "csv", encoding)


def parquet_rows(file: BinaryIO, path: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Row | DubanError]:
    """The rows of a Parquet file, ``line`` counting them from 1. Raises DubanError DB121 (no pyarrow), DB122 (damaged)."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise DubanError("DB121", path=path, package="pyarrow", extra="parquet") from error
    try:
        batches = parquet.ParquetFile(file if file.seekable() else io.BytesIO(file.read())).iter_batches(batch_size=_BATCH)
        for line, data in enumerate((row for batch in batches for row in batch.to_pylist()), 1):
            yield Row(line, data, *_digest(repr(sorted(data.items()))), "parquet", None)
    except (ArrowException, OSError) as error:
        raise damaged(path, "parquet", error) from None


def _digest(text: str) -> tuple[str, int]:
    """The SHA-256 and the number of a text's bytes."""
    raw = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw).hexdigest(), len(raw)


def is_json_lines(head: bytes) -> bool:
    """Whether what has no name to go by is JSON Lines: its first line is an object."""
    return isinstance(next(json_rows(io.BytesIO(head), ""), None), Row)


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
    return data.get("schema") == FORMAT and all(isinstance(data.get(layer, [] if layer in LATER else None), list) for layer in LAYERS)
