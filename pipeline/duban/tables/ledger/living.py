"""The living sheet: what an office wrote into a ledger stays when the ledger is made anew.

Every row of 任务分解表 has a key in a hidden column: of the document's name and the quoted text. A row of an older
workbook whose key comes again gives its 进展情况 and 备注 to the new one, and every other cell that somebody changed
(a unit put in for 待明确, a time limit moved): a second hidden column holds a digest of each such cell as it was made.
A row whose key does not come again is kept below the table, marked; so is a row that the office added itself.
"""
from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from duban.errors import DubanError
from duban.messages import message
from duban.tables.ledger.rows import COLUMNS, LEAD, OFFICIAL, SUPPORT, UNASSIGNED, Party, Row
from duban.tables.workbook import written_day

#: Name of the sheet and of its hidden columns.
SHEET, KEY, DRAFT = "任务分解表", "键", "底稿"
#: What 位置 says of a row whose text is not in the documents any more.
VANISHED = "新文件中已无"
_OFFICE = (COLUMNS["progress"], COLUMNS["remarks"])
#: Columns that are made from the text and may be changed by hand, in the order of their digests.
_CHANGEABLE = ("task", "goals", "lead", "support", "officials", "deadline")
_WRITTEN_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日$")
_CUT = "……"


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of an older workbook: its cells as text, by column name, and the digests of those that were made."""

    cells: Mapping[str, str]
    drafts: str = ""

    @property
    def written(self) -> dict[str, str]:
        """What the office wrote."""
        return {name: self.cells.get(name, "") for name in _OFFICE}

    @property
    def changed(self) -> dict[str, str]:
        """Field of a row -> what somebody put in the place of what was made."""
        made = self.drafts.split()
        if len(made) != len(_CHANGEABLE):  # of a ledger without digests
            return {}
        cells = {name: self.cells.get(COLUMNS[name], "") for name in _CHANGEABLE}
        return {name: words for (name, words), digest in zip(cells.items(), made, strict=True) if _digest(words) != digest and not words.endswith(_CUT)}


def drafts(row: Row) -> str:
    """A digest of each cell that somebody may change, as it is made: ``Kept.changed`` compares with it."""
    cells = row.cells() | ({COLUMNS["deadline"]: written_day(row.due)} if row.due else {})
    return " ".join(_digest(cells[COLUMNS[name]]) for name in _CHANGEABLE)


def restored(row: Row, kept: Kept) -> Row:
    """The row with what somebody changed by hand.

    >>> row = Row(1, "补种行道树", (), (), (), (), "年内", None, "", "补种行道树。", "计划", "第1段", 0, 6, ())
    >>> old = Kept({**row.cells(), "牵头单位": "市园林局", "完成时限": "2026年3月12日"}, drafts(row))
    >>> new = restored(row, old)
    >>> new.lead, new.due, new.task
    (('市园林局',), '2026-03-12', '补种行道树')
    """
    changed = kept.changed
    new: dict[str, Any] = {}
    for name, role in (("lead", LEAD), ("support", SUPPORT), ("officials", OFFICIAL)):
        if name in changed:
            names = tuple(n for n in re.split(r"[、，,；;\s]+", changed[name]) if n and n != UNASSIGNED)
            known = {p.name: p for p in row.parties}
            others = new.get("parties", row.parties)
            new[name] = names
            new["parties"] = (*(p for p in others if p.role != role), *(replace(known.get(n, Party(n, role, place=row.place)), role=role) for n in names))
    if "deadline" in changed:
        found = _WRITTEN_DAY.match(changed["deadline"])
        new |= {"deadline": changed["deadline"], "due": "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else None}
    if "goals" in changed:
        new["goals"] = tuple(filter(None, changed["goals"].split("\n")))
    if "task" in changed:
        new["task"] = changed["task"]
    return replace(row, **new)


def _digest(words: str) -> str:
    return hashlib.sha256("".join(words.split()).encode()).hexdigest()[:6]


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
        heads = {str(value): i for i, value in enumerate(line) if value in (*COLUMNS.values(), KEY, DRAFT)}
        if KEY in heads and all(name in heads for name in (*_OFFICE, COLUMNS["task"])):
            break
    else:
        raise DubanError("DB128", path=path, reason=message("reason.no_column", name=KEY))
    known: dict[str, Kept] = {}
    own: list[Kept] = []
    for line in lines:
        cells = {name: _text(line[i]) for name, i in heads.items()}
        key, made = cells.pop(KEY), cells.pop(DRAFT, "")
        if key and key not in known:
            known[key] = Kept(cells, made)
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
