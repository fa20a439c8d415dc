"""Rows to files that other programs read: CSV, JSON Lines, Parquet, a plain sheet; one line of code loads each.

Every value has the type of its column: text, a code (text of a closed set), a whole number, a number, a flag, or a day
(YYYY-MM-DD). Rows are written as they come and not kept.
"""
from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from duban.errors import DubanError
from duban.tables.workbook import CREATED, calendar_day

Kind = Literal["text", "code", "integer", "number", "flag", "day"]
#: Column -> what its values are.
Columns = Mapping[str, Kind]
TableRow = Mapping[str, Any]
SUFFIXES = (".csv", ".parquet", ".xlsx", ".jsonl")
#: What a spreadsheet may take for the beginning of a formula, in wide type too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BATCH = 10_000


def write_rows(rows: Iterable[TableRow], columns: Columns, path: str | Path) -> int:
    """Write rows in the format that the file's name says; returns their number.

    Raises DubanError DB513 (another format), DB121 (pyarrow is missing).
    """
    write = _WRITERS.get(Path(path).suffix.lower())
    if write is None:
        raise DubanError("DB513", path=path, known=" ".join(SUFFIXES))
    return write(rows, columns, Path(path))


def safe_field(text: str) -> str:
    """``text`` with a ``'`` in front where a spreadsheet would take it for a formula.

    >>> safe_field("=1+1"), safe_field("-5%"), safe_field("6.5%")
    ("'=1+1", "'-5%", '6.5%')
    """
    return "'" + text if text.startswith(_FORMULA) else text


def _csv(rows: Iterable[TableRow], columns: Columns, path: Path) -> int:
    """UTF-8 with a byte-order mark, so that spreadsheets read it."""
    count = 0
    with open(path, "w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(columns)
        for row in rows:
            table.writerow([safe_field(row[name]) if kind == "text" and row.get(name) else row.get(name) for name, kind in columns.items()])
            count += 1
    return count


def _jsonl(rows: Iterable[TableRow], columns: Columns, path: Path) -> int:
    count = 0
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False) + "\n")
            count += 1
    return count


def _parquet(rows: Iterable[TableRow], columns: Columns, path: Path) -> int:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise DubanError("DB121", path=path, package="pyarrow", extra="parquet") from error
    types = {"integer": pyarrow.int64(), "number": pyarrow.float64(), "flag": pyarrow.bool_(), "day": pyarrow.date32()}
    schema = pyarrow.schema([(name, types.get(kind, pyarrow.string())) for name, kind in columns.items()])
    count = 0
    with parquet.ParquetWriter(path, schema) as out:
        typed = _typed(rows, columns)
        while some := list(islice(typed, _BATCH)):
            out.write_table(pyarrow.Table.from_pylist(some, schema))
            count += len(some)
    return count


def _typed(rows: Iterable[TableRow], columns: Columns) -> Iterator[dict[str, Any]]:
    kinds: dict[str, Callable[[Any], Any]] = {"text": str, "code": str, "flag": bool, "integer": int, "number": float, "day": calendar_day}
    for row in rows:
        yield {name: None if row.get(name) is None else kinds[kind](row[name]) for name, kind in columns.items()}


def _xlsx(rows: Iterable[TableRow], columns: Columns, path: Path) -> int:
    """One plain sheet: heads in the first row, days and numbers as such."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
    count = 0
    with open(path, "wb") as out:
        book = xlsxwriter.Workbook(out, options)
        book.set_properties({"author": "duban", "created": CREATED})
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        for i, name in enumerate(columns):
            sheet.set_column(i, i, max(10, 2 * len(name)))
            sheet.write_string(0, i, name, head)
        for count, row in enumerate(_typed(rows, columns), 1):
            for i, (name, kind) in enumerate(columns.items()):
                value = row[name]
                if value is None:
                    continue
                if kind in ("text", "code"):
                    sheet.write_string(count, i, value)
                elif kind == "flag":
                    sheet.write_boolean(count, i, value)
                elif kind == "day":
                    sheet.write_datetime(count, i, value, day)
                else:
                    sheet.write_number(count, i, value)
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        book.close()
    return count


_WRITERS: dict[str, Callable[[Iterable[TableRow], Columns, Path], int]] = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx, ".jsonl": _jsonl}
