"""The sheets of a ledger: contents in, cells out."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

from duban.tables.ledger import living
from duban.tables.ledger.contents import Contents, Doubt, Figure, Problem, units
from duban.tables.ledger.rows import COLUMNS, UNASSIGNED, Row, due_day
from duban.tables.workbook import Cell, Column, Line, Sheet, internal

Json = Mapping[str, Any]
_MAIN = (
    *(Column(COLUMNS[name], width, style, size) for name, width, style, size in (
        ("number", 5, "center", 10), ("task", 33, "text", 10), ("goals", 25, "text", 10), ("lead", 11, "center", 10), ("support", 13, "text", 10),
        ("officials", 9, "center", 10), ("deadline", 14, "center", 10), ("section", 17, "text", 8), ("quote", 27, "text", 8),
        ("document", 11, "text", 8), ("position", 10, "center", 8), ("progress", 13, "text", 10), ("remarks", 9, "text", 10),
    )),
    Column(living.KEY, style="unseen", hidden=True), Column(living.DRAFT, style="unseen", hidden=True),
)  # fmt: skip
_BY_UNIT = (
    Column("单位", 20, "center"), Column("层级", 6, "center"), Column("地区", 12, "center"), Column("职责", 9, "center"), Column("序号", 6, "center"),
    Column("重点任务", 48), Column("量化目标", 32), Column("完成时限", 15, "center"), Column("进展情况", 18),
)  # fmt: skip
_BY_DAY = (
    Column("完成时限", 16, "center"), Column("原文时限", 14, "center"), Column("状态", 12, "center"), Column("序号", 6, "center"), Column("重点任务", 46),
    Column("量化目标", 30), Column("牵头单位", 14, "center"), Column("责任领导", 10, "center"), Column("进展情况", 18),
)  # fmt: skip
_FIGURES = (
    Column("序号", 6, "center"), Column("指标", 20), Column("原文", 26), Column("比较", 8, "center"), Column("数值", 13, "number"),
    Column("上限", 11, "number"), Column("单位", 8, "center"), Column("种类", 8, "center"), Column("增减", 6, "center"), Column("性质", 7, "center"),
    Column("时限", 13, "center"), Column("起", 14, "center"), Column("止", 14, "center"), Column("范围", 10, "center"), Column("涂黑", 6, "center"),
    Column("所属章节", 22, "text", 8), Column("文件", 16, "text", 8), Column("位置", 11, "center", 8),
)  # fmt: skip
_PROJECTS = (
    Column("序号", 6, "center"), Column("项目", 38), Column("同句数字", 40), Column("任务序号", 10, "center"), Column("提及", 6, "center"),
    Column("所属章节", 30, "text", 8), Column("文件", 20, "text", 8), Column("位置", 12, "center", 8),
)  # fmt: skip
_PROBLEMS = (
    Column("序号", 6, "center"), Column("类别", 10, "center"), Column("问题", 34), Column("单位", 14), Column("地区", 10), Column("项目", 16),
    Column("指标", 14), Column("时期", 10, "center"), Column("原文", 40, "text", 8), Column("所属章节", 18, "text", 8), Column("文件", 14, "text", 8),
    Column("位置", 11, "center", 8), Column("整改情况", 16),
)  # fmt: skip
_DOUBTS = (
    Column("序号", 6, "center"), Column("事由", 16, "center"), Column("内容", 60), Column("任务序号", 10, "center"), Column("所属章节", 28, "text", 8),
    Column("文件", 20, "text", 8), Column("位置", 12, "center", 8), Column("处理意见", 20),
)  # fmt: skip
COMPARATORS = {"=": "等于", ">=": "不低于", ">": "超过", "<=": "不超过", "<": "低于", "~": "约"}
KINDS = {"growth": "增减幅", "ratio": "倍比", "change": "增减量", "share": "占比", "rank": "位次", "level": "总量"}
#: Kinds of problems, as the sheet names them.
PROBLEMS = {
    "not_started": "未开工", "missed": "未完成", "ranked_low": "排名靠后", "behind": "滞后", "worsening": "下滑", "gap": "差距", "fault": "履职不力",
    "weak": "短板",
}  # fmt: skip
_DIRECTION = {"up": "增", "down": "减", None: ""}
_STATUS = {"target": "目标", "actual": "实绩", "other": "其他"}
_SOON = 30  # days
_DONE = ("已完成", "已办结", "办结", "完成")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose: the day that says what is overdue, and the page the rows lead to (as seen from the workbook)."""

    as_of: str | None = None
    report: str | None = None

    def link(self, anchor: str) -> str | None:
        """The address of an anchor in the report page."""
        return f"external:{self.report}#{anchor}" if self.report else None


def sheets(contents: Contents, settings: Settings) -> Iterator[Sheet]:
    """All sheets, in their order."""
    yield _main(contents, settings)
    yield _by_unit(contents)
    yield _by_day(contents, settings)
    yield _figures(contents, settings)
    yield _projects(contents, settings)
    yield _problems(contents, settings)
    yield _to_check(contents, settings)
    yield _about(contents, settings)


def _main(contents: Contents, settings: Settings) -> Sheet:
    lines: list[Line] = []
    for row, key, drafts in zip(contents.rows, contents.keys, contents.drafts, strict=True):
        kept = contents.kept.get(key)
        cells: dict[str, Cell | str] = {**row.cells(), **(kept.written if kept else {})}
        cells[COLUMNS["number"]] = _number(row.number, settings.link(row.anchor))
        cells[COLUMNS["lead"]] = _lead(row)
        cells[COLUMNS["deadline"]] = Cell(row.deadline, day=row.due)
        lines.append((*cells.values(), key, drafts))
    for key, kept in contents.vanished:
        gone = {COLUMNS["number"]: "", COLUMNS["position"]: living.VANISHED} if key else {}
        words = [{**kept.cells, **gone}.get(name, "") for name in COLUMNS.values()]
        lines.append((*(Cell(text, style="gone" if key else None) for text in words), key, kept.drafts))
    return Sheet(living.SHEET, _MAIN, lines, _title(contents, "重点任务分解表"), _counts(contents), frozen=2,
                 signed=("审核人：", "填报人：            日期：      年   月   日      "))  # fmt: skip


def _lead(row: Row) -> Cell:
    words = row.cells()[COLUMNS["lead"]]
    return Cell(words, style="open" if words == UNASSIGNED else None)


def _title(contents: Contents, words: str) -> str:
    names = list(dict.fromkeys(d.name for d in contents.documents))
    return f"{names[0]}\n{words}" if len(names) == 1 and len(names[0]) <= 60 else words


def _counts(contents: Contents) -> str:
    figures = sum(len(row.targets) for row in contents.rows)
    open_rows = sum(not row.lead and not row.officials for row in contents.rows)
    words = f"文件 {len(contents.documents)} 份    任务 {len(contents.rows)} 项    量化目标 {figures} 个"
    return words + (f"    牵头单位{UNASSIGNED} {open_rows} 项" if open_rows else "")


def _to_row(contents: Contents, number: int) -> Cell:
    """The number of a row, leading to it."""
    return _number(number, internal(living.SHEET, 2 + number)) if number else Cell()


def _number(number: int, link: str | None) -> Cell:
    """A number that leads somewhere: short, for a spreadsheet does not break the words of a link."""
    return Cell(str(number), number=number, link=link)


def _progress(contents: Contents) -> dict[int, str]:
    """Number of a row -> what the office wrote about its progress."""
    keys = zip(contents.rows, contents.keys, strict=True)
    return {row.number: contents.kept[key].written[COLUMNS["progress"]] for row, key in keys if key in contents.kept}


def _by_unit(contents: Contents) -> Sheet:
    progress = _progress(contents)
    found = units(contents.rows)
    lines = [
        (Cell(unit.name, style="open" if unit.name == UNASSIGNED else None), unit.level, unit.place, role, _to_row(contents, row.number), row.task,
         "\n".join(row.goals), Cell(row.deadline, day=row.due), progress.get(row.number, ""))
        for unit in found for role, row in unit.rows
    ]  # fmt: skip
    return Sheet("责任清单", _BY_UNIT, lines, "责任清单（按单位）", f"单位 {sum(unit.name != UNASSIGNED for unit in found)} 个    进展情况在任务分解表中填写")


def _by_day(contents: Contents, settings: Settings) -> Sheet:
    """By the day they are due; time limits that are no day follow in the order of the text."""
    progress = _progress(contents)
    limited = sorted((row for row in contents.rows if row.deadline), key=lambda row: (row.due is None, row.due or "", row.number))
    lines = [
        (Cell("未定到日" if row.due is None else row.deadline, day=row.due), row.deadline, _state(row.due, progress.get(row.number, ""), settings.as_of),
         _to_row(contents, row.number), row.task, "\n".join(row.goals), _lead(row), "、".join(row.officials), progress.get(row.number, ""))
        for row in limited
    ]  # fmt: skip
    days = sum(row.due is not None for row in limited)
    words = f"有时限的任务 {len(limited)} 项    其中定到日 {days} 项    无时限 {len(contents.rows) - len(limited)} 项"
    if settings.as_of:
        states = Counter(cell.style for _, _, cell, *_ in lines if isinstance(cell, Cell))
        words += f"    截至 {settings.as_of}：逾期 {states['late']} 项，{_SOON} 日内到期 {states['open']} 项"
    return Sheet("时限清单", _BY_DAY, lines, "时限清单（按完成时限）", words)


def _state(due: str | None, progress: str, as_of: str | None) -> Cell:
    """Overdue or not, against the day the user gave; what the office reports as done is neither.

    >>> _state("2026-03-31", "", "2026-04-02").text, _state("2026-03-31", "已完成", "2026-04-02").text, _state("2026-03-31", "", None).text
    ('逾期2日', '已完成', '')
    """
    if progress.startswith(_DONE):
        return Cell("已完成", style="done")
    if due is None or as_of is None:
        return Cell()
    left = (Date.fromisoformat(due) - Date.fromisoformat(as_of)).days
    if left < 0:
        return Cell(f"逾期{-left}日", style="late")
    return Cell(f"{left}日内到期", style="open") if left <= _SOON else Cell("未到期")


def _figures(contents: Contents, settings: Settings) -> Sheet:
    goals = sum(f.target["status"] == "target" for f in contents.figures)
    lines = [_figure(number, figure, settings) for number, figure in enumerate(contents.figures, 1)]
    return Sheet("指标目标", _FIGURES, lines, "指标目标", f"数字 {len(lines)} 个，其中目标 {goals} 个")


def _figure(number: int, figure: Figure, settings: Settings) -> Line:
    """One number with all its slots; a masked one as it stands."""
    target = figure.target
    indicator, period, scope = target["indicator"], target["period"], target["scope"]
    return (
        _number(number, settings.link(figure.anchor)), (indicator or {}).get("canon") or "", figure.words, COMPARATORS[target["comparator"]],
        Cell("" if target["value"] is not None else _one_line(target["text"]), number=target["value"]), Cell(number=target["value_max"]),
        target["unit"], KINDS[target["kind"]], _DIRECTION[target["direction"]], _STATUS[target["status"]], _one_line(period["text"]) if period else "",
        Cell(day=_first_day(period)), Cell(day=due_day(period)), _one_line(scope["text"]) if scope else "", "是" if target["redacted"] else "",
        figure.section, figure.document, figure.position,
    )  # fmt: skip


def _projects(contents: Contents, settings: Settings) -> Sheet:
    lines = [
        (_number(number, settings.link(project.anchor)), project.name, "\n".join(project.figures), _rows_of(contents, project.rows),
         Cell(number=project.mentions), project.section, project.document, project.position)
        for number, project in enumerate(contents.projects, 1)
    ]  # fmt: skip
    with_figures = sum(bool(project.figures) for project in contents.projects)
    return Sheet("项目清单", _PROJECTS, lines, "项目清单", f"项目 {len(lines)} 个    同句有数字 {with_figures} 个", frozen=2)


def _rows_of(contents: Contents, numbers: tuple[int, ...]) -> Cell:
    first = _to_row(contents, numbers[0]) if numbers else Cell()
    return first if len(numbers) < 2 else Cell("、".join(map(str, numbers)), link=first.link)


def _problems(contents: Contents, settings: Settings) -> Sheet:
    lines: list[Line] = [
        (_number(number, settings.link(p.anchor)), PROBLEMS[p.kind], p.words, *("、".join(names) for names in (p.units, p.places, p.projects, p.indicators)),
         p.period, p.quote, p.section, p.document, p.position, "")
        for number, p in enumerate(contents.problems, 1)
    ]  # fmt: skip
    return Sheet("问题清单", _PROBLEMS, lines, "问题清单", "    ".join(counted(contents.problems)) or "文件没有说到问题", frozen=3)


def counted(problems: Iterable[Problem]) -> list[str]:
    """How many there are of each kind, in the order of the kinds."""
    counts = Counter(p.kind for p in problems)
    return [f"{name} {counts[kind]}" for kind, name in PROBLEMS.items() if counts[kind]]


def _to_check(contents: Contents, settings: Settings) -> Sheet:
    lines = [
        (_number(number, _where(contents, doubt, settings)), Cell(doubt.why, style="open"), doubt.words, _to_row(contents, doubt.row),
         doubt.section, doubt.document, doubt.position, "")
        for number, doubt in enumerate(contents.doubts, 1)
    ]  # fmt: skip
    counts = Counter(doubt.why for doubt in contents.doubts)
    return Sheet("请核对", _DOUBTS, lines, "请核对", "    ".join(f"{why} {count}" for why, count in counts.items()) or "没有需要核对的")


def _where(contents: Contents, doubt: Doubt, settings: Settings) -> str | None:
    """Its text: in the report page, else the row that quotes it."""
    return settings.link(doubt.anchor) or _to_row(contents, doubt.row).link


def _about(contents: Contents, settings: Settings) -> Sheet:
    counted = list(contents.documents[0].counts) if contents.documents else []
    columns = (
        Column("文件", 44), Column("文件日期", 14, "center"), Column("地区", 13, "center"), *(Column(name, 11, "center") for name in counted),
        Column("流程", 18, "center"), Column("版本", 10, "center"), Column("词表", 20, "center"),
    )  # fmt: skip
    lines: list[Line] = [
        (document.name, Cell(document.date or "", day=document.date), document.place or "", *(Cell(number=count) for count in document.counts.values()),
         *(str(document.pipeline.get(key) or "") for key in ("name", "version", "lexicon")))
        for document in contents.documents
    ]  # fmt: skip
    notes = (
        "1．任务分解表一行为一项承诺：文件中明确交办的任务，或含有目标数、未交办给任何单位的条目（句子）。每个目标数只在一行出现。",
        f"2．牵头单位标“{UNASSIGNED}”的，原文未指明责任单位，由办公室确定；标题后注明责任单位的，其下各条归该单位。进展情况、备注由办公室填写；更新台账时，在任务分解表中填写和改动的内容都保留。",
        "3．位置为正文第几段及原文字符起止（按 Unicode 码位计）；原文一栏可逐字核对；给出报告页时，点序号即到其中的原文。",
        "4．责任清单按单位、层级和地区分列；时限清单按到期日排列，是否逾期只对照给定的日期；项目清单列出与项目同句的数字。",
        "5．问题清单列出文件所说的未开工、未完成、排名靠后、滞后、下滑、差距、履职不力和短板，及所涉单位、地区、项目、指标；未指明的为文件所在地区。",
        "6．请核对列出需要人工确定之处：目标数未连到指标或被涂黑、任务没有时限或时限无法定到日、文件没有日期。",
        "7．本表由程序按固定规则生成，同一文件每次结果相同；请以原文为准。",
        f"设置：对照日期 {settings.as_of or '未给'}；报告页 {settings.report or '未给'}。",
    )
    return Sheet("说明", columns, lines, "说明", notes=notes)


def _one_line(text: str) -> str:
    return "".join(text.split())


def _first_day(period: Json | None) -> str | None:
    first = ((period or {}).get("value") or "").partition("/")[0]
    return first if first[:1].isdigit() else None
