"""Plans and what became of them: the goals of plans matched with the facts of later documents.

A goal and a fact belong together when they are of the same place, indicator and kind (a growth with a growth, an amount
with an amount of the same unit) and the fact's period ends within the goal's. A goal without a period is for the year of
its document, a fact without one for what its document reports on (the period most of its facts name). Of several facts
the one that reaches furthest counts. Numbers of others (全国, a firm) and numbers without an indicator stay out.

- ``achieved``: the goal is met, and its time is over; or an amount that adds up has reached it early.
- ``ahead``: its time is not over, and the fact is at or above what is to be expected by then.
- ``behind``: the fact is below that.
- ``not_mentioned``: no document says anything.

To be expected of a growth, a percentage or a rank is the goal itself, of an amount the part of the goal that the time gone
by is of the whole. 左右 allows a twentieth of the number. What should be low (失业率, 能耗) is told by the lexicon.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.entities.indicators.direction import should_be_low
from duban.messages import message
from duban.numerals import rounded
from duban.records import number
from duban.tables import panel
from duban.tables.files import Columns, write_rows
from duban.tables.ledger.rows import Reader
from duban.tables.ledger.sheets import COMPARATORS, KINDS
from duban.tables.workbook import CREATED, Cell, Column, Line, Sheet, write_workbook

if TYPE_CHECKING:
    from rich.table import Table

Json = Mapping[str, Any]
STATES = ("achieved", "ahead", "behind", "not_mentioned")
COLUMNS: Columns = {
    "place": "text", "indicator": "text", "kind": "code", "unit": "text", "comparator": "code", "goal": "number", "goal_max": "number",
    "period_start": "day", "period_end": "day", "state": "code", "actual": "number", "as_of": "day", "gap": "number", "expected": "number",
    "done_pct": "number", "plan": "text", "plan_target": "code", "plan_text": "text", "progress": "text", "progress_target": "code",
    "progress_text": "text",
}  # fmt: skip
_NEAR = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with an indicator and its time; a growth is in percent, with its sign. ``text`` is the clause it stands in."""

    place: str | None
    indicator: str
    kind: str
    unit: str
    comparator: str
    value: Decimal
    upper: Decimal | None
    start: date
    end: date
    document: str
    target: str
    text: str

    @property
    def adds_up(self) -> bool:
        """Is it an amount that grows over the year, not a percentage or a rank?"""
        return self.kind in ("level", "change") and "%" not in self.unit and "百分点" not in self.unit

    @property
    def lower_is_better(self) -> bool:
        if self.comparator in ("<", "<="):
            return True
        if self.comparator in (">", ">="):
            return False
        return self.value < 0 or self.kind == "rank" or should_be_low(self.indicator)


def track(plans: Iterable[Json], reports: Iterable[Json]) -> list[dict[str, Any]]:
    """A row a goal, in the order of the plans (values by ``COLUMNS``); a goal that is said twice is one.

    Documents without a date are left out, for nobody knows what year they speak of.
    """
    goals = {_said(goal): goal for plan in reversed(list(plans)) for goal in reversed(list(_figures(plan, "target")))}
    facts: dict[tuple[str, str, str], list[Figure]] = {}
    for report in reports:
        for fact in _figures(report, "actual"):
            facts.setdefault((fact.indicator, fact.kind, fact.unit), []).append(fact)
    out = []
    for goal in reversed(goals.values()):
        known = [fact for fact in facts.get((goal.indicator, goal.kind, goal.unit), ()) if _belongs(fact, goal)]
        out.append(_row(goal, max(known, key=lambda fact: fact.end, default=None)))
    return out


def write_track(rows: Sequence[Mapping[str, Any]], path: str | Path) -> int:
    """Write the rows as ``.csv``, ``.jsonl`` or ``.parquet``, or as ``.xlsx`` to print; returns their number."""
    if Path(path).suffix.lower() == ".xlsx":
        write_workbook([_sheet(rows)], path, title="目标进展对照表", created=CREATED)
        return len(rows)
    return write_rows(rows, COLUMNS, path)


def _figures(record: Json, status: str) -> Iterator[Figure]:
    if not record["meta"].get("date"):
        return
    said = date.fromisoformat(record["meta"]["date"])
    rows = [row for row in panel.rows(record, status=status) if row["indicator"] and row["value"] is not None]
    default = (date(said.year, 1, 1), date(said.year, 12, 31)) if status == "target" else _reported(rows, said)
    reader = Reader(record)
    targets = {target["id"]: target for target in record["targets"]}
    for row in rows:
        start, end = (date.fromisoformat(day) if day else None for day in (row["period_start"], row["period_end"]))
        first, last = (start or date(end.year, 1, 1), end) if end else default
        growth = row["growth_pct"] is not None
        value = row["growth_pct"] if growth else row["value"]
        upper = row["value_max"]
        yield Figure(
            row["place"], row["indicator"], "growth" if growth else row["kind"], "%" if growth else row["unit"], row["comparator"], Decimal(str(value)),
            None if upper is None else Decimal(str(upper)), first, last, row["document"], row["target"], reader.around(targets[row["target"]]),
        )  # fmt: skip


def _reported(rows: Iterable[Mapping[str, Any]], said: date) -> tuple[date, date]:
    """The time a document reports on: what most of its facts of the year are for, else the year so far."""
    known = Counter((row["period_start"], row["period_end"]) for row in rows if row["period_start"] and row["period_end"])
    this_year = {days: count for days, count in known.items() if f"{said.year}-01-01" <= days[0] and days[1] <= said.isoformat()}
    if not this_year:
        return date(said.year, 1, 1), said
    start, end = max(this_year, key=lambda days: (this_year[days], days[1]))
    return date.fromisoformat(start), date.fromisoformat(end)


def _said(goal: Figure) -> tuple[Any, ...]:
    return goal.place, goal.indicator, goal.kind, goal.unit, goal.comparator, goal.value, goal.upper, goal.start, goal.end


def _belongs(fact: Figure, goal: Figure) -> bool:
    places = {fact.place, goal.place} - {None}
    return len(places) < 2 and goal.start <= fact.end <= goal.end


def _row(goal: Figure, fact: Figure | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "place": goal.place, "indicator": goal.indicator, "kind": goal.kind, "unit": goal.unit, "comparator": goal.comparator,
        "goal": number(goal.value), "goal_max": number(goal.upper), "period_start": goal.start.isoformat(), "period_end": goal.end.isoformat(),
        "plan": goal.document, "plan_target": goal.target, "plan_text": goal.text, "state": "not_mentioned",
    }  # fmt: skip
    if fact is None:
        return {name: row.get(name) for name in COLUMNS}
    expected = _expected(goal, fact.end)
    row |= {
        "state": _state(goal, fact), "actual": number(fact.value), "as_of": fact.end.isoformat(), "gap": number(fact.value - goal.value),
        "expected": number(expected), "done_pct": number(round(fact.value / goal.value * 100, 1)) if goal.adds_up and goal.value else None,
        "progress": fact.document, "progress_target": fact.target, "progress_text": fact.text,
    }  # fmt: skip
    return {name: row.get(name) for name in COLUMNS}


def _state(goal: Figure, fact: Figure) -> str:
    over = fact.end >= goal.end
    if over or (goal.adds_up and not goal.lower_is_better):
        if _meets(goal, fact.value, goal.value):
            return "achieved"
        if over:
            return "behind"
    return "ahead" if _meets(goal, fact.value, _expected(goal, fact.end)) else "behind"


def _expected(goal: Figure, day: date) -> Decimal:
    """What is to be expected of a goal by a day: the goal, or of an amount that adds up its part."""
    if not goal.adds_up or goal.lower_is_better or day >= goal.end:
        return goal.value
    whole, gone = (goal.end - goal.start).days + 1, (day - goal.start).days + 1
    return round(goal.value * gone / whole, 2)


def _meets(goal: Figure, value: Decimal, wanted: Decimal) -> bool:
    slack = abs(wanted) * _NEAR if goal.comparator == "~" else Decimal(0)
    if goal.lower_is_better:
        most = max(wanted, goal.upper) if goal.upper is not None else wanted + slack
        return value < most if goal.comparator == "<" else value <= most
    return value > wanted if goal.comparator == ">" else value >= wanted - slack


# ---- to print

STATE_WORDS = {"achieved": "已达成", "ahead": "领先", "behind": "滞后", "not_mentioned": "未提及"}
_COLOURS = {"achieved": "green", "behind": "red", "not_mentioned": "dim"}
_STYLES = {"achieved": "done", "behind": "late", "not_mentioned": "open"}
_PRINTED = (
    Column("序号", 5, "center"), Column("地区", 9, "center"), Column("指标", 20), Column("种类", 7, "center"), Column("目标", 14, "center"),
    Column("时段止", 14, "center"), Column("进展", 12, "center"), Column("截至", 14, "center"), Column("差距", 12, "center"), Column("完成比例", 9, "center"),
    Column("状态", 8, "center"), Column("计划原文", 24, "text", 9), Column("计划文件", 10, "text", 8), Column("进展原文", 24, "text", 9),
    Column("进展文件", 10, "text", 8),
)  # fmt: skip


def amount(value: float | None, unit: str, sign: bool = False) -> str:
    """A number as people write it: with 万 and 亿.

    >>> amount(6_000_000_000, "元"), amount(45_000, "人"), amount(-0.5, "%", sign=True), amount(0.00002, ""), amount(None, "元")
    ('60亿元', '4.5万人', '-0.5%', '0.00002', '')
    """
    if value is None:
        return ""
    exact = Decimal(str(value))
    scale, word = next(((scale, word) for scale, word in ((10**8, "亿"), (10**4, "万")) if abs(exact) >= scale), (1, ""))
    digits = f"{rounded(exact / scale).normalize():{'+' if sign else ''}f}"
    return digits + word + unit


def goal_words(row: Mapping[str, Any]) -> str:
    """The goal of a row: 增长不低于6%, 下降3%, 5%—6%."""
    verb, sign = _verb(row, row["goal"])
    said = "" if row["comparator"] == "=" or row["goal_max"] is not None else COMPARATORS[row["comparator"]]
    words = verb + said + amount(sign * row["goal"], row["unit"])
    return words if row["goal_max"] is None else f"{words}—{amount(row['goal_max'], row['unit'])}"


def actual_words(row: Mapping[str, Any]) -> str:
    """The fact of a row: 增长6.2%, 60亿元; nothing where none is known."""
    if row["actual"] is None:
        return ""
    verb, sign = _verb(row, row["actual"])
    return verb + amount(sign * row["actual"], row["unit"])


def _verb(row: Mapping[str, Any], value: float) -> tuple[str, int]:
    """The verb of a growth, and the sign that the number after it needs."""
    if row["kind"] != "growth":
        return "", 1
    return ("下降", -1) if value < 0 else ("增长", 1)


def gap_words(row: Mapping[str, Any]) -> str:
    """The gap of a row, with its sign; of percentages in points."""
    unit = "个百分点" if row["unit"] == "%" else row["unit"]
    return amount(row["gap"], unit, sign=True)


def terminal_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """The rows as a table for a terminal; the column of places only where there are several."""
    from rich.table import Table

    several = len({row["place"] for row in rows}) > 1
    names = ("place", "indicator", "goal", "due", "actual", "as_of", "gap", "state")
    shown = names if several else names[1:]
    table = Table(box=None, pad_edge=False, title=None)
    for name in shown:
        table.add_column(message(f"track.{name}"), no_wrap=name != "indicator", justify="right" if name in ("actual", "gap") else "left")
    for row in rows:
        cells = {
            "place": row["place"] or "", "indicator": row["indicator"], "goal": goal_words(row), "due": row["period_end"], "actual": actual_words(row),
            "as_of": row["as_of"] or "", "gap": gap_words(row), "state": message(f"track.{row['state']}"),
        }  # fmt: skip
        table.add_row(*(cells[name] for name in shown), style=_COLOURS.get(row["state"]))
    return table


def _sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    lines: list[Line] = [
        (Cell(number=i), row["place"] or "", row["indicator"], KINDS[row["kind"]], goal_words(row), Cell(day=row["period_end"]),
         actual_words(row), Cell(day=row["as_of"]), gap_words(row), "" if row["done_pct"] is None else f"{row['done_pct']}%",
         Cell(STATE_WORDS[row["state"]], style=_STYLES.get(row["state"])), row["plan_text"], row["plan"], row["progress_text"] or "", row["progress"] or "")
        for i, row in enumerate(rows, 1)
    ]  # fmt: skip
    counts = Counter(row["state"] for row in rows)
    subtitle = f"目标 {len(rows)} 个    " + "    ".join(f"{STATE_WORDS[state]} {counts[state]}" for state in STATES)
    notes = ("差距为进展减目标。增幅、比率、位次与目标直接比较；可累加的数量，时段未满时按时间进度比较；“左右”容许二十分之一的出入。",)
    return Sheet("目标进展对照", _PRINTED, lines, "目标进展对照表", subtitle, notes, frozen=3)
