"""The ledger as it is attached to a notice, read back from the Word file."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import duban
from duban import writers
from duban.tables.ledger import COLUMNS, rows
from duban.tables.word import FONTS
from duban.tables.workbook import written_day

docx = pytest.importorskip("docx")
openpyxl = pytest.importorskip("openpyxl")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = """关于抓落实的讲话
（2026年3月2日）
一、稳增长
（一）工业
今年力争规上工业增加值增长6%以上。
（二）投资
市发改委牵头，市财政局配合，6月底前完成投资3亿元。
二、惠民生
今年力争新增就业2万人。
王副市长要抓好云桥路改造。
"""
Line = list[str]


@pytest.fixture
def record(char_nlp: Any) -> dict[str, Any]:
    return duban.to_record(duban.process(TEXT, nlp=char_nlp, name="讲话"))


def written(path: Path, *records: Any, update: Path | None = None) -> Any:
    writers.write_ledger(records, path, update=update)
    return docx.Document(str(path))


def cells(table: Any) -> list[Line]:
    """The rows as text; a merged row has one cell."""
    return [[docx.table._Cell(tc, table).text for tc in row._tr.tc_lst] for row in table.rows]


def test_rows_stand_below_their_headings(record: dict[str, Any], tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx", record)
    head, *lines = cells(document.tables[0])
    assert head == ["序号", "工作任务", "量化目标", "牵头单位", "责任（配合）单位", "责任领导", "完成时限", "出处", "备注"]
    assert [line[0] for line in lines] == ["一、稳增长", "1", "2", "二、惠民生", "3", "4"]
    found = [line for line in lines if len(line) > 1]
    assert [line[1] for line in found] == [row.task.removeprefix("惠民生。") for row in rows(record)]
    assert [(line[3], line[4], line[5]) for line in found] == [("待明确", "", ""), ("市发改委", "市财政局", ""), ("待明确", "", ""), ("", "", "王副市长")]
    assert found[1][6] == "6月底前\n2026年6月30日"
    assert [p.text for p in document.paragraphs[:3]] == ["关于抓落实的讲话", "重点任务分解表", "2026年3月2日    任务 4 项    牵头单位待明确 2 项"]


def test_the_points_of_a_list_are_rows_and_no_headings(char_nlp: Any, tmp_path: Path) -> None:
    points = "".join(f"{i}．新建水厂{i}座。\n（牵头单位：市水务局；责任单位：市财政局）\n" for i in range(2, 6))
    text = f"关于任务的通知\n一、补短板\n{points}二、惠民生\n1．改造小区40个。市住建局负责，市民政局要配合。\n"
    record = duban.to_record(duban.process(text, nlp=char_nlp, name="a"))
    lines = cells(written(tmp_path / "a.docx", record).tables[0])
    assert [line[0] for line in lines if len(line) == 1] == ["一、补短板", "二、惠民生"]


def test_goals_are_the_second_table(record: dict[str, Any], tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx", record)
    head, *lines = cells(document.tables[1])
    goals = [target for target in record["targets"] if target["status"] == "target"]
    assert len(document.tables) == 2
    assert [line[0] for line in lines] == [str(i) for i in range(1, len(goals) + 1)]
    assert lines[0][:4] == ["1", "规模以上工业增加值", "规模以上工业增加值增长6%以上（今年）", "增减幅"]
    named = dict(zip(head, lines[1], strict=True))
    assert (named["完成时限"], named["牵头单位"], named["任务序号"]) == ("6月底前\n2026年6月30日", "市发改委", "2")


def test_problems_are_the_last_table(char_nlp: Any, tmp_path: Path) -> None:
    text = "关于抓落实的讲话\n（2026年3月2日）\n今年力争新增就业2万人。\n但要看到，云桥路改造工程尚未开工，市水务局牵头的清淤进度滞后。\n"
    document = written(tmp_path / "a.docx", duban.to_record(duban.process(text, nlp=char_nlp, name="讲话")))
    head, *lines = cells(document.tables[-1])
    assert head == ["序号", "问题", "类别", "涉及单位（地区、项目、指标）", "时期", "出处", "整改措施", "整改时限"]
    assert [(line[0], line[2]) for line in lines] == [("1", "未开工"), ("2", "滞后")]
    assert "云桥路改造工程" in lines[0][3] and "市水务局" in lines[1][3]
    assert "2026年3月2日    问题 2 个    未开工 1    滞后 1" in [p.text for p in document.paragraphs]


def test_no_column_for_officials_who_are_not_named(char_nlp: Any, tmp_path: Path) -> None:
    record = duban.to_record(duban.process("市水务局要在6月底前完成清淤。", nlp=char_nlp, name="a"))
    document = written(tmp_path / "a.docx", record)
    assert "责任领导" not in cells(document.tables[0])[0]
    assert len(document.tables) == 1  # nothing is promised in figures


def test_a_document_has_its_own_tables_and_numbers(record: dict[str, Any], tmp_path: Path) -> None:
    other = {**record, "id": "第二份"}
    document = written(tmp_path / "a.docx", record, other)
    assert [cells(table)[-1][0] for table in document.tables] == ["4", "3", "4", "3"]
    titles = [p for p in document.paragraphs if p.style.name == "Heading 1"]
    assert [bool(p.paragraph_format.page_break_before) for p in titles] == [False, True, True, True]


def test_what_the_office_put_in_stands_in_it(record: dict[str, Any], tmp_path: Path) -> None:
    old = tmp_path / "old.xlsx"
    writers.write_ledger([record], old)
    book = openpyxl.load_workbook(old)
    sheet = book["任务分解表"]
    column = {name: i for i, name in enumerate(COLUMNS.values(), 1)}
    sheet.cell(4, column["牵头单位"], "市工信局")
    sheet.cell(4, column["备注"], "一季度已调度")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(8)
    sheet.cell(8, column["重点任务"], "督办信访件")
    book.save(old)
    document = written(tmp_path / "a.docx", record, update=old)
    lines = cells(document.tables[0])
    assert (lines[2][3], lines[2][8]) == ("市工信局", "一季度已调度")
    assert [line[:2] for line in lines[-2:]] == [["办公室增列"], ["5", "督办信访件"]]
    assert "待明确 1 项" in document.paragraphs[2].text


def test_the_page(record: dict[str, Any], tmp_path: Path) -> None:
    document = written(tmp_path / "a.docx", record)
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (297, 210)
    fields = [element.get(f"{W}instr") for element in page.footer._element.iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]
    for table in document.tables:
        first, *others = table.rows
        assert first._tr.find(f"{W}trPr/{W}tblHeader") is not None
        assert not any(row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in others)
        assert not list(table._tbl.iter(f"{W}trHeight"))  # rows grow with their words
        widths = [int(column.get(f"{W}w")) for column in table._tbl.tblGrid]
        assert sum(widths) == pytest.approx(page.page_width.twips - page.left_margin.twips - page.right_margin.twips, abs=len(widths))
    used = {fonts.get(f"{W}eastAsia") for fonts in (*document.element.iter(f"{W}rFonts"), *document.styles.element.iter(f"{W}rFonts"))}
    assert set(FONTS) <= used
    table_of_fonts = next(part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml").blob.decode()
    assert all(f'w:val="{others}"' in table_of_fonts for others in FONTS.values())


def test_a_long_row_may_break_and_no_other(char_nlp: Any, tmp_path: Path) -> None:
    text = "市水务局要" + "、".join(f"整治第{i}号沟渠" for i in range(200)) + "。市住建局要改造小区40个。"
    document = written(tmp_path / "a.docx", duban.to_record(duban.process(text, nlp=char_nlp, name="a")))
    assert [row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in document.tables[0].rows] == [True, False, True]


def test_the_same_records_are_the_same_bytes(record: dict[str, Any], tmp_path: Path) -> None:
    written(tmp_path / "a.docx", record)
    document = written(tmp_path / "b.docx", record)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    assert written_day(document.core_properties.created.date().isoformat()) == "2026年3月2日"


def test_odd_characters_and_no_rows(char_nlp: Any, tmp_path: Path) -> None:
    for text in ("市水务局要\x01完成\uffff清淤3处=HYPERLINK(1)。", "今天天气不错。"):
        record = duban.to_record(duban.process(text, nlp=char_nlp, name="a\x02"))
        lines = cells(written(tmp_path / "a.docx", record).tables[0])
        assert len(lines) == 2
    assert lines[1] == ["（无）"]


def test_a_missing_library_is_told(record: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(duban.DubanError, match="DB121"):
        writers.write_ledger([record], tmp_path / "a.docx")
