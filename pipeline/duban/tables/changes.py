"""The changes between two versions as tables: for the terminal, to print, and a tidy row a change of a slot."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.compare import CHANGES, Change, Comparison, Difference, Item, Place, Slot
from duban.messages import message
from duban.tables.files import Columns, write_rows
from duban.tables.workbook import CREATED, Cell, Column, Line, Sheet, write_workbook

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS: Columns = {
    "layer": "code", "change": "code", "moved": "flag", "slot": "code", "old_value": "text", "new_value": "text",
    "old_section": "text", "old_indicator": "text", "old_text": "text", "old_id": "code", "old_start": "integer", "old_end": "integer",
    "new_section": "text", "new_indicator": "text", "new_text": "text", "new_id": "code", "new_start": "integer", "new_end": "integer",
}  # fmt: skip
#: What the words of a number say: told once, and not slot by slot.
_FIGURE = ("value", "value_max", "unit", "comparator", "redacted")
#: Slots whose values are codes that have a text: kind.growth, direction.up, status.target.
_CODED = ("kind", "direction", "status")
_TIMES = ("period", "deadline")
_COLOURS = {"added": "green", "dropped": "red", "changed": "yellow", "moved": "cyan"}
_STYLES = {"added": "done", "dropped": "late", "changed": "open", "moved": "center"}
_PRINTED = (
    Column("序号", 5, "center"), Column("变动", 8, "center"), Column("类别", 8, "center"), Column("原章节", 11, "center", 9), Column("原文", 36, "text", 9),
    Column("新章节", 11, "center", 9), Column("新文", 36, "text", 9), Column("变动内容", 30, "text", 9),
)  # fmt: skip


def rows(found: Comparison) -> Iterator[dict[str, Any]]:
    """A row a slot that changed, else a row a change; values by ``COLUMNS``. Places of a slot are those of its own words."""
    for change in found.changes:
        row = {"layer": change.layer, "change": change.change, "moved": change.moved, **_side("old", change.old), **_side("new", change.new)}
        for one in change.differences:
            values = {"slot": one.slot, "old_value": _plain(one.old), "new_value": _plain(one.new)}
            yield dict.fromkeys(COLUMNS) | row | values | _side("old", one.old.place) | _side("new", one.new.place)
        if not change.differences:
            yield dict.fromkeys(COLUMNS) | row


def write_changes(found: Comparison, path: str | Path) -> int:
    """Write the changes as ``.csv``, ``.jsonl`` or ``.parquet`` (``rows``), or as ``.xlsx`` to print; returns the number of rows.

    Raises DubanError DB513, DB121.
    """
    if Path(path).suffix.lower() == ".xlsx":
        write_workbook([_sheet(found)], path, title="版本对照表", created=CREATED)
        return len(found.changes)
    return write_rows(rows(found), COLUMNS, path)


def terminal_table(found: Comparison) -> Table:
    """The changes as a table for a terminal, a line each."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("change", "layer", "section", "old", "new", "what"):
        table.add_column(message(f"compare.{name}"), no_wrap=name in ("change", "layer"), overflow="fold")
    for change in found.changes:
        shown = change.new or change.old
        cells = (_kind(change), message(f"compare.{change.layer}"), shown and shown.section, *map(_text, (change.old, change.new)), what(change))
        table.add_row(*(cell or "" for cell in cells), style=_COLOURS[change.change])
    return table


def summary(found: Comparison) -> list[str]:
    """How similar the versions are, and what changed in each layer: a line each."""
    lines = [message("compare.similarity", old=found.old["id"], new=found.new["id"], similarity=f"{found.similarity:.2f}")]
    for layer, counts in found.counts.items():
        lines.append(message("compare.counts", layer=message(f"compare.{layer}"), **counts))
    return lines


def what(change: Change) -> str:
    """What changed, in words: 数值 8% → **%；时期 … → …."""
    parts = []
    if any(one.slot in _FIGURE for one in change.differences):
        assert change.old and change.new
        parts.append(f"{message('slot.value')} {one_line(change.old.text)} → {one_line(change.new.text)}")
    for one in change.differences:
        if one.slot not in _FIGURE:
            parts.append(f"{message(f'slot.{one.slot}')} {_arrow(one)}")
    return "；".join(parts)


def _arrow(one: Difference) -> str:
    if one.words:
        return "、".join(f"{old or '∅'} → {new or '∅'}" for old, new in one.words)
    places = (one.old.place, one.new.place)
    if one.slot in _TIMES and all(places) and len({place.text for place in places if place}) > 1:  # 8月底前 → 9月底前 rather than days
        return " → ".join(one_line(place.text) for place in places if place)
    values = (_plain(slot) for slot in (one.old, one.new))
    return " → ".join("∅" if value is None else message(f"{one.slot}.{value}") if one.slot in _CODED else value for value in values)


def _plain(slot: Slot) -> str | None:
    """What a slot says, as one text; None where it says nothing."""
    if slot.value is None or slot.value == ():
        return None
    return "、".join(slot.value) if isinstance(slot.value, tuple) else str(slot.value)


def _kind(change: Change) -> str:
    words = message(f"compare.{change.change}")
    return words + message("compare.and_moved") if change.moved and change.change != "moved" else words


def _text(item: Item | None) -> str:
    return one_line(f"{item.indicator or ''} {item.text}") if item else ""


def one_line(text: str) -> str:
    return " ".join(text.split())


def _side(side: str, part: Item | Place | None) -> dict[str, Any]:
    if part is None:
        return {}
    return {f"{side}_{name}": one_line(value) if name == "text" else value for name, value in part._asdict().items()}


def _sheet(found: Comparison) -> Sheet:
    lines: list[Line] = []
    for number, change in enumerate(found.changes, 1):
        sides = [part for item in (change.old, change.new) for part in ((item.section or "" if item else ""), _text(item))]
        kind = Cell(_kind(change), style=_STYLES[change.change])
        lines.append((Cell(number=number), kind, message(f"compare.{change.layer}"), *sides, what(change)))
    counts = "    ".join(f"{message(f'compare.{name}')} {sum(change.change == name for change in found.changes)}" for name in CHANGES)
    notes = tuple(summary(found)[1:])
    return Sheet("版本对照", _PRINTED, lines, f"版本对照表\n{found.old['id']} → {found.new['id']}", f"{summary(found)[0]}    {counts}", notes, frozen=2)
