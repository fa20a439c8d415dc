"""Sheets to a workbook that is printed and signed: A4 across, as wide as the page, rows high enough for their text.

The same sheets are the same bytes on every run. Text is never taken for a formula or an address.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: Creation time of a workbook whose documents have no date.
CREATED = datetime(2000, 1, 1)
_CELL = 32767  # characters a cell holds
_LINKS = 65530 // 2  # rows with links: a sheet holds so many links, a row has two at most
_TITLE, _HEAD, _NOTE = 36.0, 26.0, 18.0  # heights
_LINE = 1.4  # height of a line, in font sizes
_MAX_HEIGHT = 405.0  # points; a row cannot be higher
_SMALLEST = 6
_DATE = 'yyyy"年"m"月"d"日"'


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``width`` in characters of the default font; ``size`` (points) and ``style`` of its cells."""

    name: str
    width: float = 12
    style: str = "text"
    size: int = 10
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words; a number or a day (YYYY-MM-DD) that is written instead; where it leads; a style of its own."""

    text: str = ""
    number: float | None = None
    day: str | None = None
    link: str | None = None
    style: str | None = None


Line = Sequence[Cell | str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: title, line of counts and notes over the heads; below them ``lines``; at the foot of each page, left and
    right, the places to sign (there, so that they never stand alone on a page).

    ``frozen`` is the number of columns that stay in sight. Lines begin in row ``body`` (from 0).
    """

    name: str
    columns: tuple[Column, ...]
    lines: Sequence[Line]
    title: str
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    frozen: int = 1
    signed: tuple[str, str] = ("", "")

    @property
    def body(self) -> int:
        return 3 + len(self.notes)

    @property
    def shown(self) -> int:
        """How many columns are seen; hidden ones stand last."""
        return sum(not column.hidden for column in self.columns)


def internal(sheet: str, row: int, column: int = 0) -> str:
    """A link to a cell of the same workbook (row and column from 0).

    >>> internal("任务分解表", 3)
    "internal:'任务分解表'!A4"
    """
    return f"internal:'{sheet}'!{chr(ord('A') + column)}{row + 1}"


def write_workbook(sheets: Iterable[Sheet], path: str | Path | BinaryIO, *, title: str, created: datetime = CREATED) -> None:
    """Write the sheets into an ``.xlsx`` file, or into one that is open."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with open(path, "wb") if isinstance(path, (str, Path)) else nullcontext(path) as out:
        book = xlsxwriter.Workbook(out, options)
        book.set_properties({"title": title, "author": "duban", "created": created})
        writer = _Writer(book)
        for sheet in sheets:
            writer.sheet(sheet)
        book.close()


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self._formats: dict[tuple[str, int, bool], Format] = {}

    def sheet(self, sheet: Sheet) -> None:
        page = self._page(sheet)
        for number, line in enumerate(sheet.lines, sheet.body):
            self._line(page, number, sheet.columns, [cell if isinstance(cell, Cell) else Cell(cell) for cell in line])
        end = sheet.body + len(sheet.lines)
        if not sheet.lines:
            self._merged(page, end, 0, sheet.shown - 1, "（无）", "center")
            end += 1
        page.autofilter(sheet.body - 1, 0, end - 1, len(sheet.columns) - 1)  # hidden columns are sorted with the rest
        page.print_area(0, 0, end - 1, sheet.shown - 1)

    def _page(self, sheet: Sheet) -> Worksheet:
        """The sheet with its title, notes and heads."""
        page = self.book.add_worksheet(sheet.name)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.set_footer(f"&L&10{sheet.signed[0]}&C&9第 &P 页  共 &N 页&R&10{sheet.signed[1]}", {"margin": 0.3})
        last = sheet.shown - 1
        width = sum(column.width for column in sheet.columns if not column.hidden)
        self._merged(page, 0, 0, last, sheet.title, "title")
        page.set_row(0, _TITLE * (1 + 0.7 * sheet.title.count("\n")))
        self._merged(page, 1, 0, last, sheet.subtitle, "subtitle")
        page.set_row(1, _NOTE)
        for row, note in enumerate(sheet.notes, 2):
            self._merged(page, row, 0, last, note, "note")
            page.set_row(row, max(_NOTE, _lines(note, width, 10) * 10 * _LINE + 4))
        head = sheet.body - 1
        page.set_row(head, _HEAD)
        for i, column in enumerate(sheet.columns):
            page.set_column(i, i, column.width, None, {"hidden": column.hidden})
            page.write_string(head, i, column.name, self._format("head"))
        page.freeze_panes(head + 1, sheet.frozen)
        page.repeat_rows(head)
        return page

    def _merged(self, page: Worksheet, row: int, first: int, last: int, words: str, style: str) -> None:
        if last > first:
            page.merge_range(row, first, row, last, "", self._format(style))
        page.write_string(row, first, words, self._format(style))

    def _line(self, page: Worksheet, row: int, columns: Sequence[Column], cells: Sequence[Cell]) -> None:
        """One row: type gets smaller, and in the end words fewer, until the highest possible row shows it."""
        seen = [(cell, column) for cell, column in zip(cells, columns, strict=True) if not column.hidden]
        smaller = 0
        while _height(seen, smaller) > _MAX_HEIGHT and smaller < max(c.size for c in columns) - _SMALLEST:
            smaller += 1
        fitted = [cell if column.hidden else _fitting(cell, column, smaller) for cell, column in zip(cells, columns, strict=True)]
        page.set_row(row, _height([(cell, column) for cell, column in zip(fitted, columns, strict=True) if not column.hidden], smaller))
        for i, (cell, column) in enumerate(zip(fitted, columns, strict=True)):
            self._cell(page, row, i, cell, cell.style or column.style, _size(column, smaller))

    def _cell(self, page: Worksheet, row: int, column: int, cell: Cell, style: str, size: int) -> None:
        look = self._format(style, size, cell.link is not None)
        if cell.link is not None and row < _LINKS:
            page.write_url(row, column, cell.link, look, cell.text)
        if cell.number is not None:
            page.write_number(row, column, cell.number, look)
        elif cell.day and (day := calendar_day(cell.day)):
            page.write_datetime(row, column, day, self._format("date", size))
        elif cell.text:
            page.write_string(row, column, cell.text, look)
        else:
            page.write_blank(row, column, None, look)

    def _format(self, style: str, size: int = 10, link: bool = False) -> Format:
        key = style, size, link
        if key not in self._formats:
            self._formats[key] = self.book.add_format(_style(style, size) | ({"font_color": "#1F4E79", "underline": 1} if link else {}))
        return self._formats[key]


def _style(name: str, size: int) -> dict[str, Any]:
    cell = {"font_name": "宋体", "font_size": size, "border": 1, "border_color": "#7F7F7F", "valign": "vcenter", "text_wrap": True}
    styles: dict[str, dict[str, Any]] = {
        "title": {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True},
        "subtitle": {"font_name": "楷体", "font_size": 10, "align": "center", "valign": "vcenter", "font_color": "#404040"},
        "head": {**cell, "font_name": "黑体", "align": "center", "bg_color": "#DCE6F1"},
        "text": {**cell, "align": "left"},
        "center": {**cell, "align": "center"},
        "number": {**cell, "align": "right", "num_format": "#,##0.####"},
        "date": {**cell, "align": "center", "num_format": _DATE},
        "open": {**cell, "align": "center", "bg_color": "#FFF2CC", "font_color": "#9C5700"},
        "late": {**cell, "align": "center", "bg_color": "#F8CBAD", "font_color": "#9C0006"},
        "done": {**cell, "align": "center", "bg_color": "#E2EFDA", "font_color": "#375623"},
        "gone": {**cell, "align": "left", "font_color": "#7F7F7F", "bg_color": "#F2F2F2"},
        "unseen": {"num_format": ";;;"},
        "note": {"font_name": "宋体", "font_size": size, "valign": "vcenter", "text_wrap": True},
    }
    return styles[name]


def calendar_day(day: str) -> Date | None:
    """The day, where the calendar has it and a spreadsheet can hold it.

    >>> calendar_day("2026-06-30"), calendar_day("2026-02-30")
    (datetime.date(2026, 6, 30), None)
    """
    try:
        known = Date.fromisoformat(day)
    except ValueError:
        return None
    return known if known.year >= 1900 else None


def written_day(day: str) -> str:
    """A day as its cell shows it.

    >>> written_day("2026-06-30")
    '2026年6月30日'
    """
    known = calendar_day(day)
    return f"{known.year}年{known.month}月{known.day}日" if known else day


# ---- how much room text takes


def _size(column: Column, smaller: int) -> int:
    return max(min(_SMALLEST, column.size), column.size - smaller)


def _lines(text: str, width: float, size: int) -> int:
    """How many lines Chinese text of ``size`` points takes; a width unit is 7 pixels."""
    fit = max(1, int((7 * width - 4) / (size * 4 / 3)))
    return sum(max(1, -(-_room(line) // fit)) for line in text.split("\n")) if text else 1


def _room(line: str) -> int:
    """Length in Chinese characters, ASCII counted as six tenths."""
    narrow = sum(c < "\x80" for c in line)
    return len(line) - narrow + -(-narrow * 6 // 10)


def _height(cells: Iterable[tuple[Cell, Column]], smaller: int) -> float:
    def needed(cell: Cell, column: Column) -> float:
        size = _size(column, smaller)
        return _lines("" if cell.number is not None else cell.text, column.width, size) * size * _LINE + 6

    return max([20.0, *(needed(cell, column) for cell, column in cells)])


def _fitting(cell: Cell, column: Column, smaller: int) -> Cell:
    """The cell, its text cut with …… where even the highest row could not show it."""
    size, text = _size(column, smaller), cell.text
    most = int((_MAX_HEIGHT - 6) / (size * _LINE))
    if _lines(text, column.width, size) <= most:
        return replace(cell, text=text[:_CELL]) if len(text) > _CELL else cell
    while _lines(text, column.width, size) > most:
        text = text[: int(len(text) * 0.97) - 2]
    return replace(cell, text=text.rstrip("，；：、") + "……")
