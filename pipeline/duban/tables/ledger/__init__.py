"""The ledger (台账): what a supervision office prints, signs and works with.

``rows`` are the commitments of one record; ``write_ledger`` puts those of many into a workbook (任务分解表, 责任清单,
时限清单, 指标目标, 项目清单, 请核对, 说明) or a CSV file.
"""
from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from duban.errors import DubanError
from duban.tables.files import safe_field
from duban.tables.ledger import contents, living
from duban.tables.ledger.rows import COLUMNS, UNASSIGNED, Row, due_day, rows
from duban.tables.ledger.sheets import Settings, sheets
from duban.tables.workbook import CREATED, write_workbook

__all__ = ["COLUMNS", "UNASSIGNED", "Row", "due_day", "rows", "write_csv", "write_ledger"]


def write_ledger(
    records: Iterable[Mapping[str, Any]], path: str | Path, update: str | Path | None = None, as_of: str | None = None, report: str | None = None,
) -> int:
    """Write the ledger as a workbook (``.xlsx``) or, where the name says so, as ``.csv``; returns the number of rows.

    ``update``: an older workbook (it may be ``path``): 进展情况, 备注 and what was changed by hand is kept where the text of
    a row comes again; rows whose text does not, and those an office added, stand below the table. ``as_of`` (YYYY-MM-DD):
    the day against which 时限清单 says what is overdue. ``report``: the report page that rows lead to, as an address seen
    from the workbook. Raises DubanError DB101, DB128 (the older workbook), DB513 (a ``.csv`` has no key to keep rows by).
    """
    if str(path).lower().endswith(".csv"):
        if update is not None:
            raise DubanError("DB513", path=path, known=".xlsx")
        return write_csv(records, path)
    known, own = living.read(update) if update is not None else ({}, [])
    found = contents.read(records, known, own)
    dates = [document.date for document in found.documents if document.date]
    created = datetime.fromisoformat(max(dates)) if dates else CREATED
    write_workbook(sheets(found, Settings(as_of, report)), path, title="任务分解表", created=created)
    return len(found.rows)


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
