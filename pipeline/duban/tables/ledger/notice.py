"""The ledger as it is attached to a notice (通知附件): for each document its 任务分解表, its 量化目标表 and its 问题清单.

The rows are those of the workbook. What only the office at its desk needs (the quotation, links, keys) stays there.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from duban.tables.ledger import living
from duban.tables.ledger.contents import Contents, Figure, Problem, Summary, numbered
from duban.tables.ledger.rows import COLUMNS, MARKER, UNASSIGNED, Row, due_day
from duban.tables.ledger.sheets import KINDS, PROBLEMS, counted
from duban.tables.workbook import Cell, Column, Line, Sheet, written_day

T = TypeVar("T")
#: What stands above rows that the office added, and their cells after the number, as they are called in the ledger.
_ADDED, _KEPT = "办公室增列", ("task", "goals", "lead", "support", "officials", "deadline")
#: So many levels of headings stand as lines of their own, where they group rows.
_HEADINGS = 2
#: That is where a heading has so many, on the average.
_ROWS = 1.5
_OFFICIALS = Column("责任领导", 10, "center")
_TASKS = (
    Column("序号", 5, "center"), Column("工作任务", 38), Column("量化目标", 27), Column("牵头单位", 13, "center"), Column("责任（配合）单位", 15, "center"),
    _OFFICIALS, Column("完成时限", 20, "center"), Column("出处", 9, "center"), Column("备注", 10),
)  # fmt: skip
_GOALS = (
    Column("序号", 5, "center"), Column("指标", 22), Column("量化目标", 42), Column("种类", 9, "center"), Column("完成时限", 20, "center"),
    Column("牵头单位", 15, "center"), Column("任务序号", 7, "center"), Column("出处", 9, "center"), Column("备注", 12),
)  # fmt: skip
_PROBLEMS = (
    Column("序号", 5, "center"), Column("问题", 46), Column("类别", 10, "center"), Column("涉及单位（地区、项目、指标）", 26), Column("时期", 10, "center"),
    Column("出处", 9, "center"), Column("整改措施", 20), Column("整改时限", 12, "center"),
)  # fmt: skip


def sheets(contents: Contents) -> Iterator[Sheet]:
    """The tables of each document, in their order; without figures that are goals, or without problems, it has none of these.

    Rows that the office added itself stand below those of the document it named, else of the last.
    """
    rows: dict[str, list[tuple[Row, str]]] = {}
    for row, key in zip(contents.rows, contents.keys, strict=True):
        kept = contents.kept.get(key)
        rows.setdefault(row.record, []).append((row, kept.written[COLUMNS["remarks"]] if kept else ""))
    figures: dict[str, list[Figure]] = {}
    for figure in contents.figures:
        if figure.target["status"] == "target":
            figures.setdefault(figure.record, []).append(figure)
    problems: dict[str, list[Problem]] = {}
    for problem in contents.problems:
        problems.setdefault(problem.record, []).append(problem)
    names = {document.name: document.record for document in contents.documents}
    added: dict[str, list[living.Kept]] = {}
    for key, kept in contents.vanished:
        if not key:
            added.setdefault(names.get(kept.cells.get(COLUMNS["document"], ""), contents.documents[-1].record), []).append(kept)
    for document in contents.documents:
        known = rows.get(document.record, [])
        found = list(zip(numbered(row for row, _ in known), (remarks for _, remarks in known), strict=True))
        yield _tasks(document, found, added.get(document.record, ()))
        if goals := figures.get(document.record):
            yield _goals(document, goals, [row for row, _ in found])
        if lags := problems.get(document.record):
            yield _problems(document, lags)


def _tasks(document: Summary, rows: Sequence[tuple[Row, str]], added: Sequence[living.Kept]) -> Sheet:
    """The rows below the headings they stand under; 责任领导 where somebody is named."""
    lines: list[Line] = []
    above: tuple[str, ...] = ()
    levels = _levels(row.headings for row, _ in rows)
    for row, remarks in rows:
        here = row.headings[:levels]
        lines += [(Cell(words, style=f"heading{level}"),) for level, words in _new_headings(above, here)]
        above = here
        cells = row.cells()
        lead = cells[COLUMNS["lead"]]
        lines.append((
            str(row.number), _task(row.task, here), "\n".join(row.goals), Cell(lead, style="open" if lead == UNASSIGNED else None), cells[COLUMNS["support"]],
            cells[COLUMNS["officials"]], _deadline(row.deadline, row.due), _paragraph(row.position), remarks,
        ))  # fmt: skip
    if added:
        lines.append((Cell(_ADDED, style="heading1"),))
    for number, kept in enumerate(added, len(rows) + 1):
        lines.append((str(number), *(kept.cells.get(COLUMNS[name], "") for name in _KEPT), "", kept.cells.get(COLUMNS["remarks"], "")))
    columns: tuple[Column, ...] = _TASKS
    led = columns.index(_OFFICIALS)
    if not any(line[led] for line in lines if len(line) > 1):
        columns, lines = _without(_TASKS, led), [_without(line, led) if len(line) > 1 else line for line in lines]
    open_rows = sum(not row.lead and not row.officials for row, _ in rows)
    counts = [f"任务 {len(rows) + len(added)} 项", *([f"牵头单位{UNASSIGNED} {open_rows} 项"] if open_rows else [])]
    return Sheet(living.SHEET, columns, lines, f"{document.name}\n重点{living.SHEET}", _facts(document, counts))


def _levels(headings: Iterable[Sequence[str]]) -> int:
    """How many levels of headings have about two rows each; headings of a level with fewer are a list, and its points the rows.

    >>> _levels([("一、稳增长", "1．甲"), ("一、稳增长", "2．乙")])
    1
    """
    rows = list(headings)
    for level in range(_HEADINGS, 0, -1):
        below = [row[:level] for row in rows if len(row) >= level]
        if below and len(below) >= _ROWS * len(set(below)):
            return level
    return 0


def _task(words: str, headings: Sequence[str]) -> str:
    """The words of a row without a heading that stands above it and that they begin with.

    >>> _task("工业。力争增长6%", ["（一）工业"])
    '力争增长6%'
    """
    for heading in headings:
        rest = words.removeprefix(MARKER.sub("", heading))
        words = rest.lstrip("。：") if rest[:1] in ("。", "：") else words
    return words


def _without(items: Sequence[T], at: int) -> tuple[T, ...]:
    return (*items[:at], *items[at + 1 :])


def _new_headings(above: Sequence[str], here: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The headings that begin here, with their levels (from 1).

    >>> list(_new_headings(("一、稳增长", "（一）工业"), ("一、稳增长", "（二）投资")))
    [(2, '（二）投资')]
    """
    same = next((i for i, words in enumerate(here) if i >= len(above) or above[i] != words), len(here))
    return ((level, words) for level, words in enumerate(here, 1) if level > same)


def _goals(document: Summary, figures: Sequence[Figure], rows: Sequence[Row]) -> Sheet:
    row_of = {target: row for row in rows for target in row.targets}
    lines: list[Line] = []
    for number, figure in enumerate(figures, 1):
        target, row = figure.target, row_of.get(figure.target["id"])
        lead = row.cells()[COLUMNS["lead"]] or "、".join(row.officials) if row else ""
        lines.append((
            str(number), (target["indicator"] or {}).get("canon") or "", figure.goal, KINDS[target["kind"]], _limit(target["period"], row),
            Cell(lead, style="open" if lead == UNASSIGNED else None), str(row.number) if row else "", _paragraph(figure.position), "",
        ))  # fmt: skip
    return Sheet("量化目标表", _GOALS, lines, f"{document.name}\n量化目标表", _facts(document, [f"目标 {len(lines)} 个"]))


def _problems(document: Summary, problems: Sequence[Problem]) -> Sheet:
    """What the document says lags; what is to be done about it, and by when, the office fills in."""
    lines: list[Line] = [
        (str(number), p.words, PROBLEMS[p.kind], "、".join(p.subjects), p.period, _paragraph(p.position), "", "") for number, p in enumerate(problems, 1)
    ]
    return Sheet("问题清单", _PROBLEMS, lines, f"{document.name}\n问题清单", _facts(document, [f"问题 {len(lines)} 个", *counted(problems)]))


def _facts(document: Summary, counts: Sequence[str]) -> str:
    day = written_day(document.date) if document.date else "文件日期不明"
    return "    ".join((day, *counts))


def _limit(period: Mapping[str, Any] | None, row: Row | None) -> str:
    """The time a figure is for: its own, else that of its row."""
    if period:
        return _deadline("".join(period["text"].split()), due_day(period))
    return _deadline(row.deadline, row.due) if row else ""


def _deadline(words: str, due: str | None) -> str:
    """A time limit as it was said and, where that is known, the day it ends on.

    >>> _deadline("上半年", "2026-06-30")
    '上半年\\n2026年6月30日'
    """
    day = written_day(due) if due else ""
    return words if not day or day == words else f"{words}\n{day}"


def _paragraph(position: str) -> str:
    """第N段 of a position, without the offsets."""
    return position.partition("\n")[0]
