"""The living sheet: what an office wrote into a ledger stays when the ledger is made anew.

Every row of 任务分解表 has a key in a hidden column: of the document's name and the quoted text. A row of an older
workbook whose key comes again gives its 进展情况 and 备注 to the new one; one whose key does not is kept below the table,
marked; so is a row that the office added itself.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from duban.errors import DubanError
from duban.messages import message
from duban.tables.ledger import COLUMNS, Row

#: Name of the sheet and of its hidden column.
SHEET, KEY = "任务分解表", "键"
#: What 位置 says of a row whose text is not in the documents any more.
VANISHED = "新文件中已无"
_OFFICE = (COLUMNS["progress"], COLUMNS["remarks"])


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of an older workbook: its cells as text, by column name."""

    cells: Mapping[str, str]

    @property
    def written(self) -> dict[str, str]:
        """What the office wrote."""
        return {name: self.cells.get(name, "") for name in _OFFICE}


def keys(rows: Iterable[Row]) -> list[str]:
    """A key for each row; rows of one document that say the same get numbers (…-2).

    >>> row = Row(1, "补种行道树", (), (), (), (), "", None, "", "补种行道树。", "计划", "第1段", 0, 6, ())
    >>> [key[16:] for key in keys([row, row])]
    ['', '-2']
    """
    out: list[str] = []
    seen: dict[str, int] = {}
    for row in rows:
        key = hashlib.sha256(f"{row.document}\n{row.quote}".encode()).hexdigest()[:16]
        seen[key] = seen.get(key, 0) + 1
        out.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return out


def read(path: str | Path) -> tuple[dict[str, Kept], list[Kept]]:
    """The rows of an older workbook: those with a key by their key, and the office's own.

    Columns are found by their names, so they may have been moved or hidden, and rows sorted. Raises DubanError DB101
    (no such file), DB121 (openpyxl is missing), DB128 (no ledger of ours).
    """
    try:
        import openpyxl
    except ImportError as error:
        raise DubanError("DB121", path=path, package="openpyxl", extra="io") from error
    try:
        book = openpyxl.load_workbook(path)
    except FileNotFoundError as error:
        raise DubanError("DB101", path=path) from error
    except (BadZipFile, KeyError, ValueError, OSError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise DubanError("DB128", path=path, reason=str(error)) from error
    if SHEET not in book.sheetnames:
        raise DubanError("DB128", path=path, reason=message("reason.no_sheet", name=SHEET))
    lines = book[SHEET].iter_rows(values_only=True)
    heads: dict[str, int] = {}
    for line in lines:
        heads = {str(value): i for i, value in enumerate(line) if value in (*COLUMNS.values(), KEY)}
        if KEY in heads and all(name in heads for name in (*_OFFICE, COLUMNS["task"])):
            break
    else:
        raise DubanError("DB128", path=path, reason=message("reason.no_column", name=KEY))
    known: dict[str, Kept] = {}
    own: list[Kept] = []
    for line in lines:
        cells = {name: _text(line[i]) for name, i in heads.items()}
        key = cells.pop(KEY)
        if key and key not in known:
            known[key] = Kept(cells)
        elif any(cells[name] for name in (*_OFFICE, COLUMNS["task"])):
            own.append(Kept(cells))
    return known, own


def _text(value: Any) -> str:
    """A cell as an office would read it."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
