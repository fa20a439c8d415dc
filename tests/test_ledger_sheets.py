"""The sheets beside 任务分解表: by unit, by day, projects, what is to be checked, and where their rows lead."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from test_ledger import record, section, span, target, task

import duban
from duban.messages import MESSAGES
from duban.tables.ledger import living, write_ledger
from duban.tables.ledger.contents import units
from duban.tables.ledger.rows import UNASSIGNED, rows
from duban.tables.ledger.sheets import PROBLEMS

openpyxl = pytest.importorskip("openpyxl")
FIRST = 4
Write = Callable[..., Any]


def entity(text: str, words: str, number: int, label: str, **slots: Any) -> dict[str, Any]:
    return {"id": f"e{number}", **span(text, words), "label": label, "ref": None, "canon": None, "level": None, "place": None, **slots}


def plan() -> dict[str, Any]:
    text = (
        "一、抓项目\n市发改委要在3月底前开工青岚大桥，完成投资2亿元。省发改委要给予支持。发改部门要每周调度。"
        "市水务局要尽快疏浚河道。各镇要在雨季前清淤。力争新增车位900个，建成青岚大桥和南湖水厂。产值达到**亿元。"
    )
    limit = text.index("。市水务局") + 1
    tasks = [
        task(text, "市发改委要在3月底前开工青岚大桥，完成投资2亿元", 1, ["市发改委"], deadline="3月底前", value="../2026-03-31"),
        task(text, "省发改委要给予支持", 2, ["省发改委"]),
        task(text, "发改部门要每周调度", 3, ["发改部门"]),
        task(text, "市水务局要尽快疏浚河道", 4, ["市水务局"]),
        task(text, "各镇要在雨季前清淤", 5, ["各镇"], deadline="雨季前"),
    ]
    for one in tasks[:3]:
        one["lead"][0]["canon"] = "发展和改革委员会"
    bridge = entity(text, "青岚大桥", 4, "PROJECT")
    again = {**entity(text, "南湖水厂", 6, "PROJECT")}
    second = {**bridge, "id": "e5", "start": (at := text.index("青岚大桥", limit)), "end": at + 4}
    return record(
        text, tasks=tasks,
        sections=[section(text, "一、抓项目", 1, marker="一、", end=len(text))],
        entities=[entity(text, "市发改委", 1, "DEPARTMENT", level="市"), bridge, entity(text, "省发改委", 2, "DEPARTMENT", level="省"),
                  entity(text, "发改部门", 3, "DEPARTMENT"), second, again],
        targets=[target(text, "2亿元", 1, indicator={**span(text, "投资"), "canon": "投资", "entity": None}),
                 target(text, "900个", 2), target(text, "**亿元", 3, redacted=True, value=None)],
    )  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(*records: dict[str, Any], **options: Any) -> Any:
        write_ledger(records or [plan()], tmp_path / "ledger.xlsx", **options)
        return openpyxl.load_workbook(tmp_path / "ledger.xlsx")

    return made


def lines(sheet: Any) -> list[dict[str, Any]]:
    names = [cell.value for cell in sheet[FIRST - 1]]
    return [dict(zip(names, (cell.value for cell in line), strict=True)) for line in sheet.iter_rows(min_row=FIRST)]


def test_a_unit_is_its_name_its_level_and_its_place() -> None:
    found = units(rows(plan()))
    assert [(u.name, u.level, len(u.rows)) for u in found] == [
        ("市发改委", "市", 1), ("省发改委", "省", 1), ("发改部门", "", 1), ("市水务局", "", 1), ("各镇", "", 1), (UNASSIGNED, "", 2),
    ]  # fmt: skip


def test_a_name_without_a_level_means_the_only_unit_it_can() -> None:
    one = plan()
    one["entities"][2]["level"] = "市"  # no province now
    one["tasks"][1]["lead"][0]["canon"] = None
    assert ("市发改委", "市", 2) in [(u.name, u.level, len(u.rows)) for u in units(rows(one))]


def test_units_of_two_cities_stay_apart() -> None:
    one, other = plan(), plan()
    other["meta"] = {**other["meta"], "place": "云岭市"}
    places = [u.place for u in units([*rows(one), *rows(other)]) if u.name == "市发改委"]
    assert places == ["临澄市", "云岭市"]


def test_time_limits_by_day_and_overdue_only_when_asked(write: Write) -> None:
    first, second = lines(write()["时限清单"])
    assert (first["完成时限"], first["原文时限"], first["状态"], first["序号"]) == (datetime(2026, 3, 31), "3月底前", None, 1)
    assert (second["完成时限"], second["原文时限"], second["序号"]) == ("未定到日", "雨季前", 5)
    for day, state in (("2026-04-02", "逾期2日"), ("2026-03-31", "0日内到期"), ("2026-03-01", "30日内到期"), ("2026-02-01", "未到期")):
        sheet = write(as_of=day)["时限清单"]
        assert [line["状态"] for line in lines(sheet)] == [state, None], day
        assert day in sheet["A2"].value


def test_what_is_reported_as_done_is_not_overdue(write: Write, tmp_path: Path) -> None:
    book = write()
    sheet = book["任务分解表"]
    column = [cell.value for cell in sheet[FIRST - 1]].index("进展情况") + 1
    sheet.cell(FIRST, column, "已完成，3月20日开工")
    book.save(tmp_path / "old.xlsx")
    (first, _) = lines(write(update=tmp_path / "old.xlsx", as_of="2026-05-01")["时限清单"])
    assert (first["状态"], first["进展情况"]) == ("已完成", "已完成，3月20日开工")


def test_projects_once_with_the_figures_of_their_sentences(write: Write) -> None:
    bridge, works = lines(write()["项目清单"])
    assert (bridge["项目"], bridge["提及"], bridge["任务序号"], bridge["所属章节"]) == ("青岚大桥", 2, "1、6", "一、抓项目")
    assert bridge["同句数字"] == "投资2亿元\n力争新增车位900个"
    assert (works["项目"], works["任务序号"], works["同句数字"]) == ("南湖水厂", 6, "力争新增车位900个")


def test_problems_with_whom_and_what_they_are_told_of(write: Write) -> None:
    record = duban.to_record(duban.process("三季度，青岚县固定资产投资增速仅为1.2%，全市垫底。市水务局推进不力。", name="临澄市/计划"))
    book = write(record, report="report.html")
    first, second, third = lines(book["问题清单"])
    assert (first["类别"], first["问题"]) == ("差距", "青岚县固定资产投资增速仅为1.2%")
    assert (first["地区"], first["指标"], first["时期"]) == ("青岚县", "固定资产投资增速", "三季度")
    assert (second["类别"], second["问题"], second["地区"]) == ("排名靠后", "全市垫底", "青岚县")
    assert second["原文"].startswith("三季度，青岚县")
    assert (third["类别"], third["单位"], third["整改情况"]) == ("履职不力", "市水务局", None)
    assert unquote(book["问题清单"]["A4"].hyperlink.location) == "临澄市/计划:p1"
    old = {key: value for key, value in record.items() if key != "problems"}
    (none,) = lines(write(old)["问题清单"])  # a record from before problems
    assert none["问题"] is None


def test_the_names_of_kinds_are_those_of_the_page() -> None:
    page = (Path(__file__).parents[1] / "docs" / "problems.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `(\w+)` \| ([一-鿿]+) \|", page, re.M)) == PROBLEMS
    assert all(MESSAGES[f"kind.{kind}"][0] == name for kind, name in PROBLEMS.items())


def test_what_is_to_be_checked(write: Write) -> None:
    found = [(line["事由"], line["任务序号"]) for line in lines(write()["请核对"])]
    assert found == [("任务无时限", 2), ("任务无时限", 3), ("任务无时限", 4), ("时限无法定到日", 5), ("数字未连指标", 6), ("数字涂黑", 7)]
    undated = plan()
    undated["meta"] = {**undated["meta"], "date": None}
    undated["targets"][0]["why"]["rule"] = "default"
    found = [(line["事由"], line["任务序号"]) for line in lines(write(undated)["请核对"])]
    assert found[:2] == [("文件日期不明", None), ("目标或实绩未定", 1)]


def test_rows_lead_to_the_report_and_to_each_other(write: Write) -> None:
    def leads(sheet: Any) -> list[str]:
        links = [cell.hyperlink for cell in sheet["A"] if cell.hyperlink]
        return [unquote(f"{link.target}#{link.location}") for link in links]

    book = write(report="report.html")
    links = {sheet.title: leads(sheet) for sheet in book}
    at = "report.html#临澄市/计划:"
    assert links["任务分解表"] == [at + i for i in ("k1", "k2", "k3", "k4", "k5", "t2", "t3")]
    assert links["指标目标"] == [at + i for i in ("t1", "t2", "t3")]
    assert links["项目清单"] == [at + "e4", at + "e6"]
    assert links["请核对"] == [at + i for i in ("k2", "k3", "k4", "k5", "t2", "t3")]
    assert book["任务分解表"]["A4"].value == 1  # still a number
    assert book["请核对"]["D4"].hyperlink.location == "'任务分解表'!A5"
    plain = write()
    assert not any(cell.hyperlink for cell in plain["任务分解表"]["A"])
    assert plain["请核对"]["A4"].hyperlink.location == "'任务分解表'!A5"  # without a page, the row that quotes the text


def test_what_was_changed_by_hand_stays(write: Write, tmp_path: Path) -> None:
    book = write()
    sheet = book["任务分解表"]
    heads = {cell.value: cell.column for cell in sheet[FIRST - 1]}
    assert sheet.cell(FIRST + 5, heads["牵头单位"]).value == UNASSIGNED
    sheet.cell(FIRST + 5, heads["牵头单位"], "市交通局、市水务局")
    sheet.cell(FIRST + 5, heads["完成时限"], datetime(2026, 9, 30))
    sheet.cell(FIRST + 3, heads["重点任务"], "疏浚东河")
    book.save(tmp_path / "old.xlsx")
    new = write(update=tmp_path / "old.xlsx")
    new.save(tmp_path / "again.xlsx")
    for book in (new, write(update=tmp_path / "again.xlsx")):  # and once more
        found = lines(book["任务分解表"])
        assert (found[5]["牵头单位"], found[5]["完成时限"], found[3]["重点任务"]) == ("市交通局、市水务局", datetime(2026, 9, 30), "疏浚东河")
        assert found[1]["牵头单位"] == "省发改委"
        assert ("市水务局", 6) in [(line["单位"], line["序号"]) for line in lines(book["责任清单"])]
        assert [line["序号"] for line in lines(book["时限清单"])] == [1, 6, 5]
        assert book["任务分解表"].column_dimensions["N"].hidden
    old = living.read(tmp_path / "old.xlsx")[0]
    assert [sorted(kept.changed) for kept in old.values() if kept.changed] == [["task"], ["deadline", "lead"]]


def test_the_settings_are_told(write: Write) -> None:
    words = " ".join(str(cell.value) for line in write(as_of="2026-06-01", report="r.html")["说明"].iter_rows() for cell in line)
    assert "2026-06-01" in words
    assert "r.html" in words
