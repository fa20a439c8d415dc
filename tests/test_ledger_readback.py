"""The workbook read back says what the JSON says, and nothing an office writes into it is lost."""
from __future__ import annotations

import json
import random
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCUMENTS, need_shared, read

import duban
from duban import writers
from duban.tables.ledger import COLUMNS, due_day
from duban.tables.ledger.living import SHEET, VANISHED
from duban.tables.ledger.rows import clean_title
from duban.tables.workbook import calendar_day

openpyxl = pytest.importorskip("openpyxl")
HEAD = 3
Records = list[dict[str, Any]]
#: What the office may write, and into which columns.
HAND = {
    "进展情况": "已完成八成", "备注": "缺资金", "牵头单位": "市交通局", "配合单位": "市公安局", "责任领导": "赵副市长",
    "重点任务": "改写的任务", "量化目标": "另行下达",
}  # fmt: skip


@pytest.fixture(scope="module", params=["corpus", "shared"])
def records(request: pytest.FixtureRequest, char_nlp: Any) -> Records:
    files = DOCUMENTS if request.param == "corpus" else sorted((need_shared() / "documents").glob("*.txt"))
    made = [duban.to_record(duban.process(read(path), nlp=char_nlp, name=path.stem)) for path in files]
    return [json.loads(json.dumps(record)) for record in made]


@pytest.fixture(scope="module")
def ledger(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.xlsx"
    writers.write_ledger(records, path)
    return path


@pytest.fixture(scope="module")
def book(ledger: Path) -> Any:
    return openpyxl.load_workbook(ledger)


def lines(sheet: Any) -> list[dict[str, Any]]:
    names = [cell.value for cell in sheet[HEAD]]
    found = [dict(zip(names, line, strict=True)) for line in sheet.iter_rows(min_row=HEAD + 1, values_only=True)]
    return [line for line in found if line.get("位置") or line.get("重点任务")]


def stretch(position: str) -> tuple[int, int]:
    start, end = position.split("\n")[1].split("–")
    return int(start), int(end)


def day(value: str | None) -> datetime | None:
    known = calendar_day(value) if value else None
    return datetime(known.year, known.month, known.day) if known else None


def test_the_same_commitments(book: Any, records: Records) -> None:
    """Every task is one row, with the document's actors and day; every promised figure stands in exactly one row."""
    found = lines(book[SHEET])
    at = 0
    for record in records:
        counted = Counter(t["id"] for t in record["targets"] if t["status"] == "target")
        tasks = {task["end"]: task for task in record["tasks"]}
        while tasks or counted:
            line, at = found[at], at + 1
            start, end = stretch(line["位置"])
            assert line["序号"] == at
            held = [t for t in record["targets"] if start <= t["start"] and t["end"] <= end and t["status"] == "target" and counted.pop(t["id"], 0)]
            assert bool(line["量化目标"]) == bool(held)
            task = tasks.pop(end, None)
            if task is None:
                assert line["牵头单位"] == "待明确"
                continue
            named = "、".join(str(line[column] or "") for column in ("牵头单位", "配合单位", "责任领导"))
            assert all("".join(actor["text"].split()) in named for actor in (*task["lead"], *task["support"]) if actor["text"].isalpha()), line
            due = due_day(task["deadline"])
            if due:
                assert line["完成时限"] == day(due)
            else:
                assert bool(line["完成时限"]) == bool(task["deadline"])
    assert at == len(found)


def test_the_same_targets_and_days(book: Any, records: Records) -> None:
    found = lines(book["指标目标"])
    said = [target for record in records for target in record["targets"]]
    assert len(found) == len(said)
    status = {"target": "目标", "actual": "实绩", "other": "其他"}
    for line, target in zip(found, said, strict=True):
        assert stretch(line["位置"]) == (target["start"], target["end"])
        if target["value"] is None:
            assert line["数值"] == "".join(target["text"].split())
        else:
            assert (line["数值"], line["上限"]) == (target["value"], target["value_max"])
        assert (line["单位"] or "", line["性质"], line["涂黑"] == "是") == (target["unit"], status[target["status"]], target["redacted"])
        assert (line["指标"] or None) == ((target["indicator"] or {}).get("canon") or None)
        first = ((target["period"] or {}).get("value") or "").partition("/")[0]
        assert (line["起"], line["止"]) == (day(first), day(due_day(target["period"])))


def test_no_sheet_is_empty_and_no_text_is_cut(book: Any) -> None:
    for sheet in book:
        assert sheet.max_row > HEAD + 1, sheet.title
        assert not [cell.coordinate for line in sheet.iter_rows() for cell in line if str(cell.value or "").endswith("……")], sheet.title


def test_every_row_of_the_lists_leads_to_its_commitment(book: Any) -> None:
    main = {line["序号"]: line for line in lines(book[SHEET])}
    for line in lines(book["责任清单"]):
        row = main[line["序号"]]
        assert line["重点任务"] == row["重点任务"]
        assert line["单位"] == "待明确" or line["职责"] in ("牵头", "配合", "责任领导")
    for line in lines(book["时限清单"]):
        assert line["重点任务"] == main[line["序号"]]["重点任务"]
    limited = sum(bool(row["完成时限"]) for row in main.values())
    assert len(lines(book["时限清单"])) == limited


def test_every_link_into_the_report_arrives(records: Records, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    writers.write_report(records, tmp_path / "report.html")
    writers.write_ledger(records, tmp_path / "ledger.xlsx", report="report.html")
    known = set(re.findall(r'\bid="([^"]+)"', (tmp_path / "report.html").read_text(encoding="utf-8")))
    book = openpyxl.load_workbook(tmp_path / "ledger.xlsx")
    links = [cell.hyperlink.location for sheet in book for cell in sheet["A"] if cell.hyperlink and cell.hyperlink.target == "report.html"]
    assert len(links) > len(lines(book[SHEET]))
    assert not set(links) - known


def test_an_update_after_hand_edits_loses_none(ledger: Path, records: Records, tmp_path: Path) -> None:
    """Edits all over, rows sorted, a row added; then one document goes, and comes again."""
    chance = random.Random(6)
    book = openpyxl.load_workbook(ledger)
    sheet = book[SHEET]
    heads = {cell.value: cell.column for cell in sheet[HEAD]}
    before = lines(sheet)
    written: dict[str, dict[str, Any]] = {}
    last = HEAD + len(before)
    for line in range(HEAD + 1, last + 1):
        key = sheet.cell(line, heads["键"]).value
        for column in chance.sample(list(HAND), chance.choice([0, 1, 1, 3])):
            value = f"{HAND[column]}{line}"
            sheet.cell(line, heads[column], value)
            written.setdefault(key, {})[column] = value
    body = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=HEAD + 1, max_row=last)]
    chance.shuffle(body)
    for line, values in enumerate(body, HEAD + 1):
        for column, value in enumerate(values, 1):
            sheet.cell(line, column).value = value
    book.save(tmp_path / "old.xlsx")
    without, again = tmp_path / "without.xlsx", tmp_path / "again.xlsx"
    writers.write_ledger(records[1:], without, update=tmp_path / "old.xlsx")
    writers.write_ledger(records, again, update=without)
    for path in (without, again):
        kept = {line["键"]: line for line in lines(openpyxl.load_workbook(path)[SHEET])}
        for key, cells in written.items():
            assert {column: kept[key][column] for column in cells} == cells, path.name
    gone = [line for line in lines(openpyxl.load_workbook(without)[SHEET]) if line["位置"] == VANISHED]
    assert len(gone) == len([line for line in before if line["文件"] == clean_title(records[0])])
    assert set(COLUMNS.values()) < set(heads)
