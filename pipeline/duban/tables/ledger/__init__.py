"""The ledger (台账): what a supervision office prints, signs and works with.

``rows`` are the commitments of one record; ``write_ledger`` puts those of many into a workbook (任务分解表, 责任清单,
时限清单, 指标目标, 项目清单, 问题清单, 请核对, 说明), a CSV file, or the Word document that is attached to a notice.
"""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from duban.errors import DubanError
from duban.tables.files import safe_field
from duban.tables.ledger import contents, living, notice
from duban.tables.ledger.rows import COLUMNS, UNASSIGNED, Row, due_day, rows
from duban.tables.ledger.sheets import Settings, sheets
from duban.tables.word import write_document
from duban.tables.workbook import CREATED, write_workbook

__all__ = ["COLUMNS", "UNASSIGNED", "Row", "due_day", "ledger_file", "rows", "write_csv", "write_ledger"]


def write_ledger(
    records: Iterable[Mapping[str, Any]], path: str | Path, update: str | Path | None = None, as_of: str | None = None, report: str | None = None,
) -> int:
    """Write the ledger as a workbook (``.xlsx``) or, where the name says so, as ``.csv`` or ``.docx``; returns the number of rows.

    ``update``: an older workbook (it may be ``path``): 进展情况, 备注 and what was changed by hand is kept where the text of
    a row comes again; rows whose text does not, and those an office added, stand below the table. ``as_of`` (YYYY-MM-DD):
    the day against which 时限清单 says what is overdue. ``report``: the report page that rows lead to, as an address seen
    from the workbook. A ``.docx`` shows of the older workbook what the office put in; overdue it tells nothing, nor does it
    link. Raises DubanError DB101, DB128 (the older workbook), DB121 (python-docx is missing), DB513 (a ``.csv`` has no key
    to keep rows by).
    """
    if str(path).lower().endswith(".csv"):
        if update is not None:
            raise DubanError("DB513", path=path, known=".xlsx .docx")
        return write_csv(records, path)
    known, own = living.read(update) if update is not None else ({}, [])
    found = contents.read(records, known, own)
    _write(found, path, Path(path).suffix.lower(), Settings(as_of, report))
    return len(found.rows)


def ledger_file(records: Iterable[Mapping[str, Any]], suffix: str) -> bytes:
    """The ledger as ``write_ledger`` writes it into a file with that suffix (``.xlsx``, ``.docx``), but no file is written.

    >>> ledger_file([], ".xlsx")[:2]
    b'PK'
    """
    out = io.BytesIO()
    _write(contents.read(records), out, suffix, Settings())
    return out.getvalue()


def _write(found: contents.Contents, out: str | Path | BinaryIO, suffix: str, settings: Settings) -> None:
    dates = [document.date for document in found.documents if document.date]
    created = datetime.fromisoformat(max(dates)) if dates else CREATED
    if suffix == ".docx":
        write_document(notice.sheets(found), out, title=living.SHEET, created=created)
    else:
        write_workbook(sheets(found, settings), out, title=living.SHEET, created=created)


def write_csv(records: Iterable[Mapping[str, Any]], path: str | Path) -> int:
    """Write the ledger as CSV (UTF-8 with a byte-order mark, so that spreadsheets read it); returns the number of rows."""
    count = 0
    with open(path, "w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS.values())
        for record in records:
            for row in contents.numbered(rows(record), count):
                table.writerow([safe_field(text) for text in row.cells().values()])
                count = row.number
    return count
