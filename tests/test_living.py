"""The living sheet: what an office wrote is kept when the ledger is made anew."""
from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from test_ledger import record, target
from typer.testing import CliRunner

from duban import cli, writers
from duban.errors import DubanError
from duban.tables.ledger import COLUMNS, living

openpyxl = pytest.importorskip("openpyxl")
PROGRESS, REMARKS = list(COLUMNS).index("progress") + 1, list(COLUMNS).index("remarks") + 1
FIRST = 4  # the first row of the table


def plan(*sentences: str) -> dict[str, Any]:
    text = "".join(f"{s}。" for s in sentences)
    found, at = [], 0
    for number, sentence in enumerate(sentences, 1):
        words = sentence.lstrip("新建改造增设水厂座小区站台")
        at = text.index(words, at)
        found.append({**target(text, words, number), "start": at, "end": at + len(words)})
        at += len(words)
    return record(text, targets=found)


def write(path: Path, *sentences: str, update: Path | None = None) -> Any:
    writers.write_ledger([plan(*sentences)], path, update=update)
    return openpyxl.load_workbook(path)["任务分解表"]


def table(sheet: Any) -> dict[str, tuple[str, str]]:
    """重点任务 -> 进展情况, 备注."""
    names = [cell.value for cell in sheet[FIRST - 1]]
    lines = [dict(zip(names, line, strict=True)) for line in sheet.iter_rows(min_row=FIRST, values_only=True)]
    return {line["重点任务"]: (line["进展情况"] or "", line["备注"] or "") for line in lines if line["重点任务"]}


def test_the_key_column_is_hidden_filtered_with_the_rest_and_unique(tmp_path: Path) -> None:
    sheet = write(tmp_path / "a.xlsx", "新建水厂2座", "新建水厂2座", "改造小区40个")
    column = len(COLUMNS) + 1
    found = [sheet.cell(line, column).value for line in range(FIRST, FIRST + 3)]
    assert sheet.cell(FIRST - 1, column).value == living.KEY
    assert len(set(found)) == 3
    assert sheet.column_dimensions["N"].hidden
    assert sheet.auto_filter.ref == "A3:O6"


def test_an_update_keeps_adds_and_marks(tmp_path: Path) -> None:
    old = tmp_path / "old.xlsx"
    sheet = write(old, "新建水厂2座", "改造小区40个")
    sheet.cell(FIRST, PROGRESS, "已开工")
    sheet.cell(FIRST + 1, REMARKS, "缺资金")
    sheet.parent.save(old)
    new = write(tmp_path / "new.xlsx", "增设站台6个", "新建水厂2座", update=old)
    assert table(new) == {"增设站台6个": ("", ""), "新建水厂2座": ("已开工", ""), "改造小区40个": ("", "缺资金")}
    last = FIRST + 2
    assert new.cell(last, list(COLUMNS).index("position") + 1).value == living.VANISHED
    assert new.cell(last, 1).value is None
    again = write(tmp_path / "again.xlsx", "改造小区40个", update=tmp_path / "new.xlsx")
    assert table(again)["改造小区40个"] == ("", "缺资金")
    assert again.cell(FIRST, 1).value == 1


def test_rows_may_be_sorted_columns_moved_and_rows_added_by_hand(tmp_path: Path) -> None:
    old = tmp_path / "old.xlsx"
    sheet = write(old, "新建水厂2座", "改造小区40个")
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=FIRST, max_row=FIRST + 1)]
    lines[0][PROGRESS - 1], lines[1][PROGRESS - 1] = "=1+1", datetime(2026, 5, 6)
    for line, values in enumerate(reversed(lines), FIRST):
        for column, value in enumerate(values, 1):
            sheet.cell(line, column, value)
    own = FIRST + 2
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(own)
    sheet.cell(own, 2, "督办信访件")
    sheet.cell(own, PROGRESS, 12.0)
    sheet.insert_cols(1)
    sheet.parent.save(old)
    new = write(old, "新建水厂2座", "改造小区40个", update=old)
    kept = table(new)
    assert kept["新建水厂2座"][0] == "=1+1"
    assert new.cell(FIRST, PROGRESS).data_type != "f"
    assert kept["改造小区40个"][0] == "2026年5月6日"
    assert kept["督办信访件"][0] == "12"
    assert new.cell(own, list(COLUMNS).index("position") + 1).value != living.VANISHED


def test_updating_again_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", "新建水厂2座", "改造小区40个")
    write(tmp_path / "b.xlsx", "新建水厂2座", update=tmp_path / "a.xlsx")
    write(tmp_path / "c.xlsx", "新建水厂2座", update=tmp_path / "b.xlsx")
    assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "c.xlsx").read_bytes()


def test_what_is_no_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_text("no workbook")
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    named = openpyxl.Workbook()
    named.active.title = living.SHEET
    named.save(tmp_path / "bare.xlsx")
    for name, code in (("none.xlsx", "DB101"), ("broken.xlsx", "DB128"), ("other.xlsx", "DB128"), ("bare.xlsx", "DB128")):
        with pytest.raises(DubanError) as error:
            living.read(tmp_path / name)
        assert error.value.code == code, name
    write(tmp_path / "a.xlsx", "新建水厂2座")
    with pytest.raises(DubanError, match="DB513"):
        writers.write_ledger([plan("新建水厂2座")], tmp_path / "a.csv", update=tmp_path / "a.xlsx")


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("2026年要点\n市水务局要在6月底前清淤管网30公里。\n", encoding="utf-8")
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    run = CliRunner().invoke
    assert run(cli.commands, ["ledger", str(tmp_path / "plan.txt"), "-o", str(old)]).exit_code == 0
    book = openpyxl.load_workbook(old)
    book["任务分解表"].cell(FIRST, PROGRESS, "过半")
    book.save(old)
    assert run(cli.commands, ["ledger", str(tmp_path / "plan.txt"), "-o", str(new), "--update", str(old)]).exit_code == 0
    assert openpyxl.load_workbook(new)["任务分解表"].cell(FIRST, PROGRESS).value == "过半"
    assert run(cli.commands, ["ledger", str(tmp_path / "plan.txt"), "-o", str(new), "--update", str(tmp_path / "none.xlsx")]).exit_code != 0
