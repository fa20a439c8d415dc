from __future__ import annotations

import pytest

from duban.readers import tables
from duban.readers.tables import Cell, paragraphs


def row(*cells: str | Cell, header: bool = False) -> list[Cell]:
    return [cell if isinstance(cell, Cell) else Cell([cell], header=header) for cell in cells]


HEADER = row("序号", "重点任务", "牵头单位", "完成时限")


def test_each_cell_is_led_by_its_header() -> None:
    assert paragraphs([HEADER, row("1", "建成泵站。", "市水利局", "6月底前")]) == ["重点任务：建成泵站；牵头单位：市水利局；完成时限：6月底前。"]


def test_who_is_responsible_stands_last() -> None:
    found = paragraphs([row("责任单位", "重点任务", "备注"), row("市水利局", "建成泵站", "续建")])
    assert found == ["重点任务：建成泵站；备注：续建；责任单位：市水利局。"]


def test_merged_cells_are_repeated() -> None:
    merged = Cell(["市水利局"], rows=2)
    wide = Cell(["持续推进"], columns=2)
    found = paragraphs([HEADER, row("1", "建成泵站", merged, "6月底前"), row("2", "清淤", "9月底前"), row("3", "巡查", wide)])
    assert found[1:] == ["重点任务：清淤；牵头单位：市水利局；完成时限：9月底前。", "重点任务：巡查；牵头单位：持续推进；完成时限：持续推进。"]


def test_a_header_of_two_rows() -> None:
    top = row(Cell(["指标名称"], rows=2), Cell(["2026年"], columns=2), Cell(["分工"], columns=2))
    found = paragraphs([top, row("一季度", "上半年", "牵头单位", "配合单位"), row("粮食产量", "1万吨", "3万吨", "市农业农村局", "各县区")])
    assert found == ["指标名称：粮食产量；2026年一季度：1万吨；2026年上半年：3万吨；牵头单位：市农业农村局；配合单位：各县区。"]


def test_captions_parts_and_repeated_headers() -> None:
    wide = [Cell(["任务分解表"], columns=4)]
    part = [Cell(["一、水利"], columns=4)]
    assert paragraphs([wide, HEADER, part, row("1", "清淤", "市水利局", "—"), list(HEADER), row("2", "护岸", "", "全年")]) == [
        "任务分解表", "一、水利", "重点任务：清淤；牵头单位：市水利局。", "重点任务：护岸；完成时限：全年。",
    ]  # fmt: skip


def test_lines_of_a_cell_become_one_clause() -> None:
    long = "新建两座泵站并在汛期之前投入运行，保障城区排水"
    found = paragraphs([row("工作内容", "责任单位"), row(Cell([long, "清淤"]), Cell(["市水利局", "市城管局"]))])
    assert found == [f"工作内容：{long}；清淤；责任单位：市水利局、市城管局。"]


def test_a_row_that_brings_its_own_labels_is_no_row_of_the_table() -> None:
    signed = row(Cell(["填报人："], columns=2), Cell(["审核人：甲"], columns=2))
    assert paragraphs([HEADER, row("1", "清淤", "市水利局", ""), signed])[1:] == ["填报人：", "审核人：甲"]
    assert paragraphs([HEADER, row("1", "难点：护岸", "市水利局", "")]) == ["重点任务：难点：护岸；牵头单位：市水利局。"]


def test_numbers_of_rows_go_and_numbers_that_mean_something_stay() -> None:
    assert paragraphs([HEADER, row("（一）", "清淤", "市水利局", "")]) == ["重点任务：清淤；牵头单位：市水利局。"]
    assert paragraphs([row("编号", "项目名称"), row("LC-01", "泵站")]) == ["编号：LC-01；项目名称：泵站。"]
    assert paragraphs([row("数量", "项目名称"), row("1", "泵站")]) == ["数量：1；项目名称：泵站。"]


def test_only_in_a_ledger_of_ours_is_the_source_of_a_row_passed_over() -> None:
    names = ["重点任务", "所属章节", "原文", "文件", "位置"]
    assert paragraphs([row(*names), row("清淤", "一、", "清淤。", "甲", "第1段")]) == ["重点任务：清淤。"]
    assert paragraphs([row("项目名称", "位置"), row("泵站", "城南")]) == ["项目名称：泵站；位置：城南。"]


@pytest.mark.parametrize(
    "rows",
    [
        [row("重点任务"), row("清淤")],  # one column
        [row("重点任务", "牵头单位")],  # one row
        [row("项目名称", "临澄泵站"), row("项目业主", "临澄水务公司")],  # names down the side
        [row("图", "市长走访了三家企业。"), row("文", "记者报道")],
        [row("重点任务", "牵头单位在每一项工作中都要主动担当起来把责任落到实处"), row("清淤", "市水利局")],
    ],
)
def test_a_table_without_a_header_is_layout(rows: list[list[Cell]]) -> None:
    assert paragraphs(rows) == [line for one in rows for cell in one for line in cell.lines]


def test_a_header_that_is_marked_needs_no_words() -> None:
    assert paragraphs([row("甲", "乙", header=True), row("1", "2")]) == ["甲：1；乙：2。"]
    assert paragraphs([row("甲", "乙", header=True), row("上", "下", header=True), row("1", "2")]) == ["甲上：1；乙下：2。"]


def test_a_table_that_would_grow_too_large_is_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_CELLS", 7)
    assert paragraphs([HEADER, row("1", "清淤", "市水利局", "全年")])[0] == "序号"
