"""Tables to paragraphs: a row of a table with a header becomes one paragraph, each cell led by its header.

``重点任务：…；牵头单位：…；完成时限：…。`` Cells that say who is responsible and by when (the keys of responsibility
notes) stand last, as a note does; merged cells are repeated for every row and column they cover; the numbers of rows,
empty cells and marks of emptiness are passed over, and of a ledger of ours the columns that say where a row was taken
from. A row that is one cell from side to side is a paragraph of its own; so are the cells of one that bring their own
labels (填报人：…). A table without a header, or of one column, only lays text out: its cells are read in order.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from duban.lexicon import Lexicon
from duban.tables.ledger import COLUMNS, UNASSIGNED

#: A table of more cells than this, merged ones counted as often as they are repeated, is read as layout.
MAX_CELLS = 500_000
#: Columns and rows that one cell can span (the limits of HTML).
MAX_COLUMNS, MAX_ROWS = 1000, 65534
_HEADER_LENGTH, _HEADER_ROWS = 20, 3
_SPACE = re.compile(r"\s+")
_ORDINAL = re.compile(r"[（(]?[\d一二三四五六七八九十百]{1,5}[）).、]?")
_LABEL = re.compile(r"[^：:，。；]{1,8}[：:]")
_NUMBERING = frozenset(("序号", "序", "编号", "No.", "NO.", "#"))
#: Where a row of a ledger of ours was taken from; its words stand in 重点任务.
_TAKEN_FROM = frozenset(COLUMNS[name] for name in ("section", "quote", "document", "position"))
_EMPTY = frozenset(("", "-", "—", "——", "--", "/", "无", UNASSIGNED))
_CLOSING = "。；，、;, \n"
_SENTENCE_END = "。！？；：，、…"
_SHORT = 20


@dataclass(eq=False, slots=True)
class Cell:
    """A cell: its paragraphs, and how many columns and rows it spans; ``header`` where the format says that it heads a column."""

    lines: list[str] = field(default_factory=list)
    columns: int = 1
    rows: int = 1
    header: bool = False

    @property
    def text(self) -> str:
        """The words of a header: on one line, without space."""
        return _SPACE.sub("", "".join(self.lines)).rstrip("：:")

    @property
    def value(self) -> str:
        """The words of a cell as one clause: lines joined by 、 where they are short, by ； where they are not."""
        lines = [line.strip() for line in self.lines if line.strip()]
        mark = "、" if all(len(line) <= _SHORT for line in lines) else "；"
        joined = "".join(line if line[-1] in _SENTENCE_END or i == len(lines) - 1 else line + mark for i, line in enumerate(lines))
        return joined.replace("\n", "").rstrip(_CLOSING)


Line = list[Cell | None]


def paragraphs(rows: Sequence[Sequence[Cell]], *, layout: bool = False) -> list[str]:
    """The paragraphs of a table given by its rows, a merged cell in the first row and column it covers.

    >>> row = lambda *texts: [Cell([text]) for text in texts]
    >>> paragraphs([row("序号", "重点任务", "牵头单位"), row("1", "建成两座泵站", "市水利局")])
    ['重点任务：建成两座泵站；牵头单位：市水利局。']
    >>> paragraphs([row("左栏", "右栏")])
    ['左栏', '右栏']
    """
    grid = None if layout else _grid(rows)
    found = _data(grid) if grid else None
    return found if found is not None else [line for row in rows for cell in row for line in cell.lines]


def _grid(rows: Sequence[Sequence[Cell]]) -> list[Line] | None:
    """The table with merged cells repeated; None where it is too large for that, or has one column or one row."""
    grid: list[Line] = []
    hanging: dict[int, tuple[Cell, int]] = {}  # column -> cell from above, and the rows it still covers
    size = 0
    for row in rows:
        line: Line = []
        cells = iter(row)
        cell = next(cells, None)
        while cell is not None or len(line) in hanging:
            at = len(line)
            if at in hanging:
                above, left = hanging.pop(at)
                line.append(above)
                if left > 1:
                    hanging[at] = above, left - 1
                continue
            assert cell is not None
            for _ in range(min(max(cell.columns, 1), MAX_COLUMNS)):
                if cell.rows > 1:
                    hanging[len(line)] = cell, min(cell.rows, MAX_ROWS) - 1
                line.append(cell)
            cell = next(cells, None)
            if size + len(line) > MAX_CELLS:
                return None
        size += len(line)
        if line:
            grid.append(line)
    width = max(map(len, grid), default=0)
    if width < 2 or len(grid) < 2:
        return None
    return grid


def _data(grid: list[Line]) -> list[str] | None:
    """The paragraphs of a table that has a header; None where it has none."""
    out: list[str] = []
    at = 0
    while at < len(grid) and len(set(grid[at])) == 1:  # captions above the header
        out += _lines(grid[at])
        at += 1
    height = _header_height(grid[at:])
    if not height:
        return None
    head = grid[at:at + height]
    names = [_name([row[i] for row in head if i < len(row)]) for i in range(max(map(len, head)))]
    first = _texts(head[0])
    body = [row for row in grid[at + height:] if _texts(row) != first]  # on every printed page the header comes again
    passed = _references(names)
    for row in body:
        if len(set(row)) == 1 or _labelled(row):
            out += _lines(row)
        elif said := _row(names, row, passed):
            out.append(said)
    return out


def _texts(row: Line) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _lines(row: Line) -> list[str]:
    return [line for cell in dict.fromkeys(row) if cell for line in cell.lines]


def _header_height(rows: Sequence[Line]) -> int:
    """How many rows the header has: those marked as such, or one that consists of the words columns are headed with."""
    if len(rows) < 2:
        return 0
    first = [cell for cell in rows[0] if cell]
    if not (all(cell.header for cell in first) or _reads_as_header(first)):
        return 0
    height = max(cell.rows for cell in first)
    while height < len(rows) - 1 and height < _HEADER_ROWS and all(cell.header for cell in rows[height] if cell):
        height += 1
    return height if height < len(rows) and height <= _HEADER_ROWS else 0


def _reads_as_header(cells: Sequence[Cell]) -> bool:
    names = [cell.text for cell in dict.fromkeys(cells)]
    known = sum(bool(_known(name)) for name in names)
    return all(len(name) <= _HEADER_LENGTH for name in names) and known >= 2 and 2 * known >= sum(map(bool, names))


def _name(cells: Sequence[Cell | None]) -> str:
    """The name of a column under one or more rows of header: the lowest one where it speaks for itself, else all."""
    levels = list(dict.fromkeys(cell.text for cell in cells if cell and cell.text))
    return levels[-1] if levels and _known(levels[-1]) else "".join(levels)


def _labelled(row: Line) -> bool:
    """Whether the cells of a row bring their own labels, as the line does that a table is signed on."""
    said = [cell for cell in dict.fromkeys(row) if cell and cell.lines]
    return bool(said) and all(_LABEL.match(cell.lines[0].strip()) for cell in said)


def _references(names: Sequence[str]) -> frozenset[int]:
    """The columns that say where a row was taken from, in a table that has them all."""
    return frozenset(i for i, name in enumerate(names) if name in _TAKEN_FROM) if _TAKEN_FROM.issubset(names) else frozenset()


def _row(names: Sequence[str], row: Line, passed: frozenset[int]) -> str:
    told: dict[str, list[str]] = {}
    for i, cell in enumerate(row):
        value = cell.value if cell else ""
        name = names[i] if i < len(names) else ""
        if i not in passed and value not in _EMPTY and not (name in _NUMBERING and _ORDINAL.fullmatch(value)):
            values = told.setdefault(name, [])
            if value not in values:
                values.append(value)
    ordered = sorted(told.items(), key=lambda item: _known(item[0]) == "note")
    return "；".join(f"{name}：{'、'.join(values)}" if name else "、".join(values) for name, values in ordered) + "。" if ordered else ""


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    """The keys of responsibility notes, and what other column names end in."""
    notes = {entry.pattern for entry in Lexicon.packaged("tasks").labelled("NOTE_KEY") if entry.get("role") != "other"}
    return frozenset(notes), tuple(entry.pattern for entry in Lexicon.packaged("columns").labelled("COLUMN"))


def _known(name: str) -> str | None:
    """``note`` for a key of responsibility notes, ``column`` for another word that columns are headed with, else None."""
    notes, columns = _words()
    if name in notes:
        return "note"
    return "column" if name.endswith(columns) or name.startswith("备注") else None
