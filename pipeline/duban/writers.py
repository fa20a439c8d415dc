"""Records to files: JSON Lines, the ledger as a workbook to print and sign, the ledger as CSV.

A workbook is the same bytes on every run: its creation time is the date of the newest document, or a constant. Text
is never taken for a formula: cells are written as strings, and CSV fields that a spreadsheet would calculate get a
``'`` in front.
"""
from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.errors import DubanError
from duban.tables import living
from duban.tables.ledger import COLUMNS, UNASSIGNED, Reader, Row, due_day, rows

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Json = Mapping[str, Any]

_ORDER = ("schema", "id", "text", "meta", "pipeline", "boilerplate", "sections", "entities", "targets", "tasks")
#: Creation time of a workbook whose documents have no date.
_CREATED = datetime(2000, 1, 1)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CELL = 32767  # characters a cell holds

# ---- JSON Lines and CSV


def write_records(records: Iterable[Json], path: str | Path) -> int:
    """Write records as JSON Lines (UTF-8, one record a line, keys in the order of the contract); returns their number."""
    count = 0
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for record in records:
            known = {key: record[key] for key in _ORDER if key in record}
            rest = {key: record[key] for key in sorted(record) if key not in known}
            out.write(json.dumps({**known, **rest}, ensure_ascii=False, default=_plain) + "\n")
            count += 1
    return count


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def write_csv(records: Iterable[Json], path: str | Path) -> int:
    """Write the ledger as CSV (UTF-8 with a byte-order mark, so that spreadsheets read it); returns the number of rows."""
    count = 0
    with open(path, "w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS.values())
        for row in _numbered(row for record in records for row in rows(record)):
            table.writerow([safe_field(text) for text in row.cells().values()])
            count += 1
    return count


def safe_field(text: str) -> str:
    """``text`` with a ``'`` in front where a spreadsheet would take it for a formula.

    >>> safe_field("=1+1"), safe_field("-5%"), safe_field("6.5%")
    ("'=1+1", "'-5%", '6.5%')
    """
    return "'" + text if text.startswith(_FORMULA) else text


def _numbered(found: Iterable[Row]) -> Iterator[Row]:
    return (replace(row, number=i) for i, row in enumerate(found, 1))


# ---- the workbook


@dataclass(slots=True)
class _Summary:
    """What 说明 says of one document."""

    name: str
    date: str | None
    place: str | None
    pipeline: Json
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number for 指标目标, with what its record alone does not say."""

    target: Json
    words: str
    section: str
    document: str
    position: str


@dataclass(slots=True)
class _Contents:
    """All that a workbook needs of the records: their texts are not kept."""

    rows: list[Row] = field(default_factory=list)
    figures: list[_Figure] = field(default_factory=list)
    documents: list[_Summary] = field(default_factory=list)
    #: of an older workbook: its rows by key, and those the office added
    known: dict[str, living.Kept] = field(default_factory=dict)
    own: list[living.Kept] = field(default_factory=list)

    @property
    def created(self) -> datetime:
        dates = [d.date for d in self.documents if d.date]
        return datetime.fromisoformat(max(dates)) if dates else _CREATED


def _read(records: Iterable[Json]) -> _Contents:
    contents = _Contents()
    for record in records:
        reader = Reader(record)
        found = reader.rows()
        contents.rows += found
        for target in record["targets"]:
            place = target["start"], target["end"]
            contents.figures.append(_Figure(target, reader.around(target), reader.path(*place), reader.name, reader.position(*place)))
        meta = record["meta"]
        contents.documents.append(_Summary(reader.name, meta.get("date"), meta.get("place"), record["pipeline"], {
            "任务": len(record["tasks"]), "台账行": len(found), "其中待明确": sum(r.cells()[COLUMNS["lead"]] == UNASSIGNED for r in found),
            "数字": len(record["targets"]), "其中目标": sum(t["status"] == "target" for t in record["targets"]),
        }))  # fmt: skip
    contents.rows = list(_numbered(contents.rows))
    return contents


def write_ledger(records: Iterable[Json], path: str | Path, update: str | Path | None = None) -> int:
    """Write the ledger as a workbook (``.xlsx``) or, where the name says so, as ``.csv``; returns the number of rows.

    Sheets: 任务分解表 (one row a commitment, ready to print on A4 across and to sign), 责任清单 (by unit), 指标目标 (every
    number with all its slots), 说明 (version, lexicon, counts).

    ``update``: an older workbook (it may be ``path``): 进展情况 and 备注 of its rows are kept where their text comes again;
    rows whose text does not, and those an office added, stand below the table. Raises DubanError DB101, DB128 (the older
    workbook), DB513 (a ``.csv`` has no key to keep rows by).
    """
    if str(path).lower().endswith(".csv"):
        if update is not None:
            raise DubanError("DB513", path=path, known=".xlsx")
        return write_csv(records, path)
    known, own = living.read(update) if update is not None else ({}, [])
    contents = _read(records)
    contents.known, contents.own = known, own
    _Book(contents).write(Path(path))
    return len(contents.rows)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a sheet: ``width`` in characters of the default font; ``size`` and ``style`` of its cells."""

    name: str
    width: float
    style: str = "text"
    size: int = 10


_LEDGER = tuple(
    _Column(COLUMNS[name], width, style, size)
    for name, width, style, size in (
        ("number", 5, "center", 10), ("task", 33, "text", 10), ("goals", 25, "text", 10), ("lead", 11, "center", 10), ("support", 13, "text", 10),
        ("officials", 9, "center", 10), ("deadline", 14, "center", 10), ("section", 17, "text", 8), ("quote", 27, "text", 8), ("document", 11, "text", 8),
        ("position", 10, "center", 8), ("progress", 13, "text", 10), ("remarks", 9, "text", 10),
    )
)  # fmt: skip
_BY_UNIT = (
    _Column("单位", 20, "center"), _Column("职责", 8, "center"), _Column("序号", 6, "center"), _Column("重点任务", 48), _Column("量化目标", 32),
    _Column("完成时限", 15, "center"), _Column("进展情况", 18),
)  # fmt: skip
_FIGURES = (
    _Column("序号", 6, "center"), _Column("指标", 20), _Column("原文", 26), _Column("比较", 8, "center"), _Column("数值", 13, "number"),
    _Column("上限", 11, "number"), _Column("单位", 8, "center"), _Column("种类", 8, "center"), _Column("增减", 6, "center"), _Column("性质", 7, "center"),
    _Column("时限", 13, "center"), _Column("起", 14, "center"),
    _Column("止", 14, "center"), _Column("范围", 10, "center"), _Column("涂黑", 6, "center"),
    _Column("所属章节", 22, "text", 8), _Column("文件", 16, "text", 8), _Column("位置", 11, "center", 8),
)  # fmt: skip
_COMPARATOR = {"=": "等于", ">=": "不低于", ">": "超过", "<=": "不超过", "<": "低于", "~": "约"}
_KIND = {"growth": "增减幅", "ratio": "倍比", "change": "增减量", "share": "占比", "rank": "位次", "level": "总量"}
_DIRECTION = {"up": "增", "down": "减", None: ""}
_STATUS = {"target": "目标", "actual": "实绩", "other": "其他"}
_HEAD, _TITLE = 26.0, 36.0
_LINE = 1.4  # height of a line, in font sizes
_MAX_HEIGHT = 405.0  # points; a row cannot be higher
_DATE = 'yyyy"年"m"月"d"日"'


class _Book:
    """Builds the workbook."""

    def __init__(self, contents: _Contents) -> None:
        self.contents = contents
        self._formats: dict[tuple[Any, ...], Format] = {}

    def write(self, path: Path) -> None:
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
        with open(path, "wb") as out:
            self.book = xlsxwriter.Workbook(out, options)
            self.book.set_properties({"title": "任务分解表", "author": "duban", "created": self.contents.created})
            self._ledger()
            self._by_unit()
            self._figures()
            self._about()
            self.book.close()

    # ---- sheets

    def _ledger(self) -> None:
        contents = self.contents
        sheet = self._sheet("任务分解表", _LEDGER, self._title("重点任务分解表"), self._subtitle())
        line = 3
        sheet.set_column(len(_LEDGER), len(_LEDGER), None, None, {"hidden": True})
        sheet.write_string(2, len(_LEDGER), living.KEY)
        vanished = dict(contents.known)
        for row, key in zip(contents.rows, living.keys(contents.rows), strict=True):
            kept = vanished.pop(key, None)
            cells = list({**row.cells(), **(kept.written if kept else {})}.values())
            sheet.write_string(line, len(_LEDGER), key)
            self._row(sheet, line, _LEDGER, cells, numbers={0: row.number}, dates={6: row.due}, marked=row.cells()[COLUMNS["lead"]] == UNASSIGNED)
            line += 1
        for key, kept in [*vanished.items(), *(("", kept) for kept in contents.own)]:
            gone = {COLUMNS["number"]: "", COLUMNS["position"]: living.VANISHED} if key else {}
            cells = [{**kept.cells, **gone}.get(name, "") for name in COLUMNS.values()]
            sheet.write_string(line, len(_LEDGER), key)
            self._row(sheet, line, _LEDGER, cells, gone=bool(key))
            line += 1
        line = self._finish(sheet, line, _LEDGER, hidden=1)
        plain = self._format("sign")
        sheet.set_row(line, 30)
        sheet.merge_range(line, 0, line, 3, "审核人：", plain)
        sheet.merge_range(line, 4, line, 8, "填报人：", plain)
        sheet.merge_range(line, 9, line, len(_LEDGER) - 1, "日期：        年    月    日", plain)

    def _title(self, words: str) -> str:
        names = list(dict.fromkeys(d.name for d in self.contents.documents))
        return f"{names[0]}\n{words}" if len(names) == 1 and len(names[0]) <= 60 else words

    def _subtitle(self) -> str:
        contents = self.contents
        figures = sum(len(row.targets) for row in contents.rows)
        open_rows = sum(d.counts["其中待明确"] for d in contents.documents)
        words = f"文件 {len(contents.documents)} 份    任务 {len(contents.rows)} 项    量化目标 {figures} 个"
        return words + (f"    牵头单位{UNASSIGNED} {open_rows} 项" if open_rows else "")

    def _by_unit(self) -> None:
        units: dict[str, list[tuple[str, Row]]] = {}
        for row in self.contents.rows:
            for role, names in (("责任领导", row.officials), ("牵头", row.lead), ("配合", row.support)):
                for name in names:
                    units.setdefault(name, []).append((role, row))
            if not row.lead and not row.officials:
                units.setdefault(UNASSIGNED, []).append(("", row))
        sheet = self._sheet("责任清单", _BY_UNIT, "责任清单（按单位）", f"单位 {len(units) - (UNASSIGNED in units)} 个")
        line = 3
        for name in sorted(units, key=lambda n: n == UNASSIGNED):
            for role, row in units[name]:
                cells = [name, role, "", row.task, "\n".join(row.goals), row.deadline, ""]
                self._row(sheet, line, _BY_UNIT, cells, numbers={2: row.number}, dates={5: row.due}, marked=name == UNASSIGNED)
                line += 1
        self._finish(sheet, line, _BY_UNIT)

    def _figures(self) -> None:
        figures = self.contents.figures
        goals = sum(f.target["status"] == "target" for f in figures)
        sheet = self._sheet("指标目标", _FIGURES, "指标目标", f"数字 {len(figures)} 个，其中目标 {goals} 个")
        line = 3
        for number, figure in enumerate(figures, 1):
            target, period = figure.target, figure.target["period"]
            numbers, days = {0: number, 4: target["value"], 5: target["value_max"]}, {11: _first_day(period), 12: due_day(period)}
            self._row(sheet, line, _FIGURES, _figure(number, figure), numbers=numbers, dates=days)
            line += 1
        self._finish(sheet, line, _FIGURES)

    def _about(self) -> None:
        sheet = self.book.add_worksheet("说明")
        sheet.hide_gridlines(2)
        self._page(sheet)
        counted = list(self.contents.documents[0].counts) if self.contents.documents else []
        widths = [44, 13, 13, *(11 for _ in counted), 18, 10, 20]
        for i, width in enumerate(widths):
            sheet.set_column(i, i, width)
        last = len(widths) - 1
        sheet.merge_range(0, 0, 0, last, "说明", self._format("title"))
        sheet.set_row(0, _TITLE)
        notes = (
            "1．任务分解表一行为一项承诺：文件中明确交办的任务，或含有目标数、未交办给任何单位的条目（句子）。每个目标数只在一行出现。",
            f"2．牵头单位标“{UNASSIGNED}”的，原文未指明责任单位，由办公室确定。进展情况、备注由办公室填写。",
            "3．位置为正文第几段及原文字符起止（按 Unicode 码位计）；原文一栏可逐字核对。",
            "4．本表由程序按固定规则生成，同一文件每次结果相同；请以原文为准。",
        )
        for i, note in enumerate(notes, 1):
            sheet.merge_range(i, 0, i, last, note, self._format("note"))
            sheet.set_row(i, 18)
        at = len(notes) + 2
        for i, name in enumerate(("文件", "文件日期", "地区", *counted, "流程", "版本", "词表")):
            sheet.write_string(at, i, name, self._format("head"))
        for line, document in enumerate(self.contents.documents, at + 1):
            text, center = self._format("text"), self._format("center")
            sheet.write_string(line, 0, document.name[:_CELL], text)
            sheet.set_row(line, _height([(document.name, 44, 10)]))
            self._date(sheet, line, 1, document.date, document.date or "", "center")
            sheet.write_string(line, 2, document.place or "", center)
            for i, count in enumerate(document.counts.values(), 3):
                sheet.write_number(line, i, count, center)
            for i, key in enumerate(("name", "version", "lexicon"), 3 + len(counted)):
                sheet.write_string(line, i, str(document.pipeline.get(key) or ""), center)

    # ---- parts

    def _page(self, sheet: Worksheet) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer("&C&9第 &P 页  共 &N 页", {"margin": 0.3})

    def _sheet(self, name: str, columns: Sequence[_Column], title: str, subtitle: str) -> Worksheet:
        """A sheet with title, line of counts and heads; the body starts at line 3."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        self._page(sheet)
        for i, column in enumerate(columns):
            sheet.set_column(i, i, column.width)
        last = len(columns) - 1
        sheet.merge_range(0, 0, 0, last, "", self._format("title"))
        sheet.write_string(0, 0, title, self._format("title"))
        sheet.set_row(0, _TITLE * (1 + 0.7 * title.count("\n")))
        sheet.merge_range(1, 0, 1, last, "", self._format("subtitle"))
        sheet.write_string(1, 0, subtitle, self._format("subtitle"))
        sheet.set_row(1, 18)
        sheet.set_row(2, _HEAD)
        for i, column in enumerate(columns):
            sheet.write_string(2, i, column.name, self._format("head"))
        sheet.freeze_panes(3, 2 if columns is _LEDGER else 1)
        sheet.repeat_rows(2)
        return sheet

    def _finish(self, sheet: Worksheet, line: int, columns: Sequence[_Column], hidden: int = 0) -> int:
        """Filters over the body and its ``hidden`` columns, which are sorted with it; a body without rows says so. Returns the line below."""
        if line == 3:
            sheet.merge_range(3, 0, 3, len(columns) - 1, "（无）", self._format("center"))
            line += 1
        sheet.autofilter(2, 0, line - 1, len(columns) + hidden - 1)
        return line

    def _row(
        self, sheet: Worksheet, line: int, columns: Sequence[_Column], cells: Sequence[str], *,
        dates: Mapping[int, str | None] | None = None, numbers: Mapping[int, float | None] | None = None, marked: bool = False, gone: bool = False,
    ) -> None:
        """One row of text; ``dates`` and ``numbers`` become real ones, the row gets high enough for all its text."""
        sizes = [column.size for column in columns]
        while _height([(t, c.width, s) for t, c, s in zip(cells, columns, sizes, strict=True)]) > _MAX_HEIGHT and max(sizes) > 6:
            sizes = [max(6, s - 1) for s in sizes]
        shown = [_fitting(text, c.width, s) for text, c, s in zip(cells, columns, sizes, strict=True)]
        sheet.set_row(line, _height([(t, c.width, s) for t, c, s in zip(shown, columns, sizes, strict=True)]))
        for i, (text, column, size) in enumerate(zip(shown, columns, sizes, strict=True)):
            style = "gone" if gone else "open" if marked and text == UNASSIGNED else column.style
            value = (numbers or {}).get(i)
            if value is not None:
                sheet.write_number(line, i, value, self._format(style, size))
            elif dates and i in dates:
                self._date(sheet, line, i, dates[i], text, style, size)
            else:
                write = sheet.write_string if text else sheet.write_blank
                write(line, i, text, self._format(style, size))

    def _date(self, sheet: Worksheet, line: int, column: int, day: str | None, words: str, style: str, size: int = 10) -> None:
        """A real date where ``day`` is known, else the words."""
        if day and (known := _calendar(day)):
            sheet.write_datetime(line, column, known, self._format("date", size))
        else:
            sheet.write_string(line, column, words, self._format(style, size))

    def _format(self, style: str, size: int = 10) -> Format:
        key = style, size
        if key not in self._formats:
            self._formats[key] = self.book.add_format(_style(style, size))
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
        "gone": {**cell, "align": "left", "font_color": "#7F7F7F", "bg_color": "#F2F2F2"},
        "note": {"font_name": "宋体", "font_size": size, "valign": "vcenter", "text_wrap": True},
        "sign": {"font_name": "宋体", "font_size": 11, "valign": "vcenter"},
    }
    return styles[name]


def _figure(number: int, figure: _Figure) -> list[str]:
    """The cells of one number; value, upper bound and dates are filled in by their types, a masked value as it stands."""
    target = figure.target
    indicator, period, scope = target["indicator"], target["period"], target["scope"]
    return [
        str(number), (indicator or {}).get("canon") or "", figure.words, _COMPARATOR[target["comparator"]],
        "" if target["value"] is not None else _one_line(target["text"]), "",
        target["unit"], _KIND[target["kind"]], _DIRECTION[target["direction"]], _STATUS[target["status"]], _one_line(period["text"]) if period else "", "", "",
        _one_line(scope["text"]) if scope else "", "是" if target["redacted"] else "", figure.section, figure.document, figure.position,
    ]  # fmt: skip


def _one_line(text: str) -> str:
    return "".join(text.split())


def _first_day(period: Json | None) -> str | None:
    first = ((period or {}).get("value") or "").partition("/")[0]
    return first if first[:1].isdigit() else None


def _calendar(day: str) -> Date | None:
    """The day, where the calendar has it and a spreadsheet can hold it."""
    try:
        known = Date.fromisoformat(day)
    except ValueError:
        return None
    return known if known.year >= 1900 else None


# ---- how much room text takes


def _per_line(width: float, size: int) -> int:
    """How many Chinese characters of ``size`` points fit a line of a column; a width unit is 7 pixels."""
    return max(1, int((7 * width - 4) / (size * 4 / 3)))


def _lines(text: str, width: float, size: int) -> int:
    fit = _per_line(width, size)
    return sum(max(1, -(-_room(line) // fit)) for line in text.split("\n")) if text else 1


def _room(line: str) -> int:
    """Length in Chinese characters, ASCII counted as six tenths."""
    narrow = sum(c < "\x80" for c in line)
    return len(line) - narrow + -(-narrow * 6 // 10)


def _height(cells: Iterable[tuple[str, float, int]]) -> float:
    return max(20.0, *(_lines(text, width, size) * size * _LINE + 6 for text, width, size in cells))


def _fitting(text: str, width: float, size: int) -> str:
    """``text``, cut with …… where even the highest row could not show it."""
    most = int((_MAX_HEIGHT - 6) / (size * _LINE))
    if _lines(text, width, size) <= most:
        return text[:_CELL]
    while _lines(text, width, size) > most:
        text = text[: int(len(text) * 0.97) - 2]
    return text.rstrip("，；：、") + "……"
