"""Files as they are read back: JSON Lines, the workbook, CSV."""
from __future__ import annotations

import csv
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import DocBin
from test_ledger import record, section, span, target, task

import duban
from duban import cli, writers
from duban.tables.files import safe_field
from duban.tables.ledger import COLUMNS, UNASSIGNED
from duban.tables.ledger.living import DRAFT, KEY

openpyxl = pytest.importorskip("openpyxl")
LEADING = "=cmd|' /C calc'!A0"


def plan() -> dict[str, Any]:
    text = "一、强基础\n=公式镇要在6月底前新建水厂2座，市水务局配合。\n力争粮食产量达到***万吨。入春以来稳中向好。"
    title = section(text, "一、强基础", 1, marker="一、", end=len(text))
    period = {**span(text, "6月底前"), "value": "../2026-06-30"}
    indicator = {**span(text, "粮食产量"), "canon": "粮食产量", "entity": None}
    return record(
        text, sections=[title],
        targets=[target(text, "2座", 1, period=period, value=2, unit="座"),
                 target(text, "***万吨", 2, value=None, redacted=True, indicator=indicator, unit="吨")],
        tasks=[task(text, "=公式镇要在6月底前新建水厂2座，市水务局配合", 1, ["=公式镇"], support=("市水务局",), deadline="6月底前", value="../2026-06-30")],
    )  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Any:
    path = tmp_path / "ledger.xlsx"
    assert writers.write_ledger([plan()], path) == 2
    return openpyxl.load_workbook(path)


def test_sheets_and_heads(book: Any) -> None:
    assert book.sheetnames == ["任务分解表", "责任清单", "时限清单", "指标目标", "项目清单", "问题清单", "请核对", "说明"]
    sheet = book["任务分解表"]
    assert [cell.value for cell in sheet[3]] == [*COLUMNS.values(), KEY, DRAFT]
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:O5"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert any(str(merged) == "A1:M1" for merged in sheet.merged_cells.ranges)


def test_cells_have_their_types(book: Any) -> None:
    sheet = book["任务分解表"]
    first, second = sheet[4], sheet[5]
    assert first[6].value == datetime(2026, 6, 30)
    assert first[6].is_date
    assert first[3].value == "=公式镇"
    assert first[3].data_type == "s"
    assert second[3].value == UNASSIGNED
    figures = book["指标目标"]
    assert figures["E4"].value == 2
    assert figures["E5"].value == "***万吨"
    assert figures["O5"].value == "是"
    assert figures["M4"].value == datetime(2026, 6, 30)


def test_no_cell_is_a_formula(book: Any) -> None:
    assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_units_have_their_lists(book: Any) -> None:
    rows = [[row[i].value for i in (0, 3, 4)] for row in book["责任清单"].iter_rows(min_row=4)]
    assert rows == [["=公式镇", "牵头", 1], ["市水务局", "配合", 1], [UNASSIGNED, None, 2]]


def test_the_facts_are_named(book: Any) -> None:
    words = [str(cell.value) for row in book["说明"].iter_rows() for cell in row if cell.value is not None]
    assert "zh_duban_char" in words
    assert "临澄市" in words


def test_the_same_bytes_on_every_run(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        writers.write_ledger(iter([plan()]), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").properties.created == datetime(2026, 1, 10)


def test_rows_are_high_enough_for_long_text(tmp_path: Path) -> None:
    text = "力争" + "全面推进乡村振兴和城市更新" * 60 + "建成项目7个。"
    writers.write_ledger([record(text, targets=[target(text, "7个", 1)])], tmp_path / "long.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "long.xlsx")["任务分解表"]
    assert 300 < sheet.row_dimensions[4].height <= 409
    short = openpyxl.load_workbook(tmp_path / "long.xlsx")["说明"]
    assert short.max_row > 5


def test_an_empty_ledger_says_so(tmp_path: Path) -> None:
    assert writers.write_ledger([record("没有任务。")], tmp_path / "none.xlsx") == 0
    assert openpyxl.load_workbook(tmp_path / "none.xlsx")["任务分解表"]["A4"].value == "（无）"
    assert writers.write_ledger([], tmp_path / "nothing.xlsx") == 0


def test_two_documents_are_numbered_through(tmp_path: Path) -> None:
    writers.write_ledger([plan(), {**plan(), "id": "另一份"}], tmp_path / "two.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "two.xlsx")["任务分解表"]
    assert [sheet.cell(line, 1).value for line in range(4, 8)] == [1, 2, 3, 4]
    assert sheet["J7"].value == "另一份"


@pytest.mark.parametrize("name", ["ledger.csv", "LEDGER.CSV"])
def test_csv_is_safe_and_readable(tmp_path: Path, name: str) -> None:
    assert writers.write_ledger([plan()], tmp_path / name) == 2
    raw = (tmp_path / name).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert table[0] == list(COLUMNS.values())
    assert table[1][3] == "'=公式镇"
    assert table[1][1].startswith("'=")
    assert table[2][3] == UNASSIGNED
    assert safe_field(LEADING) == "'" + LEADING
    assert safe_field("6%") == "6%"


@pytest.mark.parametrize("leading", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_is_escaped(leading: str) -> None:
    assert safe_field(f"{leading}1+1") == f"'{leading}1+1"


def test_records_keep_their_order_and_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    one = {"tasks": [], "text": "甲\u2028乙\n", "extra": Decimal("0.50"), "id": "a", "schema": "duban/1", "whole": Decimal("6E9")}
    assert writers.write_records([one, one], path) == 2
    lines = path.read_bytes().decode("utf-8").split("\n")
    assert len(lines) == 3
    assert lines[0] == lines[1]
    assert lines[2] == ""
    assert list(json.loads(lines[0])) == ["schema", "id", "text", "tasks", "extra", "whole"]
    assert '"extra": 0.5' in lines[0]
    assert '"whole": 6000000000' in lines[0]
    assert "甲" in lines[0]
    with pytest.raises(TypeError):
        writers.write_records([{"id": object()}], path)


# DocBin


@pytest.mark.parametrize("pipeline", ["zh_duban_char", "zh_duban"])
def test_docs_come_back_as_the_pipeline_made_them(pipeline: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corpus: dict[str, str]) -> None:
    """From one file and from the folder of a run: the tokens, all layers, the typed views, what is known of the document."""
    monkeypatch.chdir(tmp_path)
    known = {name: corpus[name] for name in ("notice-notes", "web-copy")}
    Path("in").mkdir()
    for name, text in known.items():
        Path("in", f"{name}.txt").write_bytes(text.encode())
    for output in (["-o", "a.spacy"], ["-o", "run", "--format", "spacy"]):
        with pytest.raises(SystemExit) as caught:
            cli.app(["extract", "in", "--pipeline", pipeline, "--date", "2026-03-02", *output])
        assert not caught.value.code
    nlp = duban.load(pipeline)
    for path in ("a.spacy", "run/spacy/part-00000.spacy"):
        docs = {doc._.duban.record["id"]: doc for doc in DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)}
        assert docs.keys() == known.keys()
        for name, text in known.items():
            made, found = duban.process(text, nlp=nlp, name=name, date="2026-03-02"), docs[name]
            assert [(token.text, token.whitespace_) for token in found] == [(token.text, token.whitespace_) for token in made]
            assert [(e.text, e.label_, e.kb_id_, e.id_) for e in found.ents] == [(e.text, e.label_, e.kb_id_, e.id_) for e in made.ents]
            assert {group: [(s.start, s.end, s.label_, s.id_) for s in spans] for group, spans in found.spans.items()} == \
                {group: [(s.start, s.end, s.label_, s.id_) for s in spans] for group, spans in made.spans.items()}  # fmt: skip
            for layer in ("sections", "targets", "tasks", "problems"):
                assert getattr(found._.duban, layer) == getattr(made._.duban, layer)
            assert found._.duban.record["targets"] and found._.duban.record["meta"]["source"]["format"] == "txt"
            assert [s.text for s in found.sents] == [s.text for s in made.sents]


def test_without_a_document_no_docbin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(" ", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        cli.app(["extract", str(tmp_path / "a.txt"), "-o", str(tmp_path / "a.spacy")])
    assert caught.value.code == 3
    assert "DB103" in capsys.readouterr().err
    assert not (tmp_path / "a.spacy").exists()
