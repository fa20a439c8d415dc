"""Rows are commitments: every task, and every point or sentence with a promised figure that no task holds."""
from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from duban.tables.ledger import COLUMNS, UNASSIGNED, due_day, rows

SHARED = Path(__file__).parents[2] / "shared" / "documents"


def span(text: str, words: str, start: int = 0) -> dict[str, Any]:
    at = text.index(words, start)
    return {"start": at, "end": at + len(words), "text": words}


def target(text: str, words: str, number: int, **slots: Any) -> dict[str, Any]:
    plain = {"value": 1, "value_max": None, "unit": "个", "comparator": "=", "redacted": False, "kind": "level", "direction": None, "status": "target",
             "indicator": None, "period": None, "scope": None, "section": None, "why": {"rule": "modality", "lexicon": None, "evidence": {}}}  # fmt: skip
    return {"id": f"t{number}", **span(text, words), **plain, **slots}


def task(text: str, words: str, number: int, lead: list[str], *, support: tuple[str, ...] = (), deadline: str | None = None, value: str | None = None,
         officials: tuple[str, ...] = (), note: str | None = None) -> dict[str, Any]:  # fmt: skip
    whole = span(text, words)
    actors = [{**span(text, name, whole["start"]), "canon": None} for name in lead]
    helpers = [{**span(text, name, whole["start"]), "canon": None} for name in support]
    evidence: dict[str, list[list[int]]] = {"official": [[a["start"], a["end"]] for a in actors if a["text"] in officials]}
    if note:
        evidence["cue"] = [[span(text, note)["start"], span(text, note)["end"]]]
    limit = {**span(text, deadline, whole["start"]), "value": value} if deadline else None
    return {"id": f"k{number}", **whole, "lead": actors, "support": helpers, "deadline": limit, "targets": [], "projects": [], "section": None,
            "why": {"rule": "note" if note else "order", "lexicon": None, "evidence": evidence}}  # fmt: skip


def section(text: str, heading: str, number: int, *, marker: str | None, end: int, level: int = 1, kind: str = "section") -> dict[str, Any]:
    head = span(text, heading)
    return {"id": f"s{number}", "start": head["start"], "end": end, "kind": kind, "marker": marker, "number": 1, "level": level,
            "heading": head, "parent": None, "path": marker or ""}  # fmt: skip


def record(text: str, **layers: Any) -> dict[str, Any]:
    meta = {"title": None, "date": "2026-01-10", "place": "临澄市", "source": {}}
    return {"schema": "duban/1", "id": "临澄市/计划", "text": text, "meta": meta,
            "pipeline": {"name": "zh_duban_char", "version": "0", "lexicon": "0"},
            "boilerplate": [], "sections": [], "entities": [], "targets": [], "tasks": [], **layers}  # fmt: skip


def test_a_task_is_a_row_with_its_figures() -> None:
    text = "市住建局要在6月底前改造小区40个，市财政局配合。去年改造30个。"
    found = rows(record(text, targets=[target(text, "40个", 1), target(text, "30个", 2, status="actual")],
                        tasks=[task(text, text[:24], 1, ["市住建局"], support=("市财政局",), deadline="6月底前", value="../2026-06-30")]))  # fmt: skip
    (row,) = found
    assert (row.lead, row.support, row.deadline, row.due, row.targets) == (("市住建局",), ("市财政局",), "6月底前", "2026-06-30", ("t1",))
    assert row.cells()["量化目标"] == "市住建局要在6月底前改造小区40个"
    assert row.cells()["牵头单位"] == "市住建局"


def test_the_note_is_no_part_of_the_task_but_of_the_quotation() -> None:
    text = "1.疏浚河道12公里。（牵头单位：县水务局；完成时限：9月底前）"
    note = text[text.index("（"):]
    (row,) = rows(record(text, tasks=[task(text, text[2:], 1, ["县水务局"], deadline="9月底前", note=note)], targets=[target(text, "12公里", 1)]))
    assert row.task == "疏浚河道12公里"
    assert row.quote.endswith("9月底前）")
    assert row.goals == ("疏浚河道12公里",)


def test_an_official_who_leads_stands_under_his_own_column() -> None:
    text = "由赵副市长牵头，市教育局落实。"
    (row,) = rows(record(text, tasks=[task(text, text[1:-1], 1, ["赵副市长", "市教育局"], officials=("赵副市长",))]))
    assert (row.officials, row.lead) == (("赵副市长",), ("市教育局",))
    text = "请赵副市长负总责。"
    (row,) = rows(record(text, tasks=[task(text, text[1:-1], 1, ["赵副市长"], officials=("赵副市长",))]))
    assert row.cells()["牵头单位"] == ""


def test_a_promise_without_a_unit_is_marked() -> None:
    text = "实现新增就业3万人。持续改善民生。"
    (row,) = rows(record(text, targets=[target(text, "3万人", 1, kind="change", direction="up")]))
    assert row.cells()["牵头单位"] == UNASSIGNED
    assert row.lead == ()
    assert row.id is None
    assert row.task == "实现新增就业3万人"


def test_the_note_of_a_heading_speaks_for_what_stands_below_it() -> None:
    text = "（二）稳就业（牵头单位：市人社局；责任领导：赵副市长；完成时限：年底前）\n1.新增就业3万人。\n（三）强保障\n1.新建托位900个。\n"
    second = text.index("（三）")
    outline = [
        section(text, "（二）稳就业", 1, marker="（二）", end=second), section(text, "1.新增就业3万人", 2, marker="1.", end=second, level=2),
        section(text, "（三）强保障", 3, marker="（三）", end=len(text)), section(text, "1.新建托位900个", 4, marker="1.", end=len(text), level=2),
    ]  # fmt: skip
    note = task(text, text[3:text.index("\n")], 1, ["市人社局", "赵副市长"], deadline="年底前", value="../2026-12-31", officials=("赵副市长",),
                note="（牵头单位：市人社局；责任领导：赵副市长；完成时限：年底前）")  # fmt: skip
    found = rows(record(text, sections=outline, tasks=[note], targets=[target(text, "3万人", 1), target(text, "900个", 2)]))
    assert [(row.task, row.lead, row.officials, row.due) for row in found] == [
        ("稳就业", ("市人社局",), ("赵副市长",), "2026-12-31"), ("新增就业3万人", ("市人社局",), ("赵副市长",), "2026-12-31"),
        ("新建托位900个", (), (), None),
    ]  # fmt: skip


def test_the_smallest_numbered_point_is_the_row() -> None:
    text = "一、兴产业\n一是壮大园区，新建厂房5万平方米。力争入驻企业30家。二是做优服务。"
    second = text.index("二是")
    outline = [section(text, "一、兴产业", 1, marker="一、", end=len(text)), section(text, "一是", 2, marker="一是", end=second, level=2, kind="item"),
               section(text, "二是", 3, marker="二是", end=len(text), level=2, kind="item")]  # fmt: skip
    (row,) = rows(record(text, sections=outline, targets=[target(text, "5万平方米", 1), target(text, "30家", 2)]))
    assert (row.start, row.end) == (text.index("一是"), second)
    assert row.targets == ("t1", "t2")
    assert row.section == "一、兴产业 / 一是"


def test_a_long_point_falls_into_its_sentences() -> None:
    text = "一、兴产业\n" + "持续优化营商环境，提升服务效能。" * 30 + "新建厂房5万平方米。力争入驻企业30家。"
    outline = [section(text, "一、兴产业", 1, marker="一、", end=len(text))]
    found = rows(record(text, sections=outline, targets=[target(text, "5万平方米", 1), target(text, "30家", 2)]))
    assert [row.task for row in found] == ["新建厂房5万平方米", "力争入驻企业30家"]


def test_a_figure_before_the_order_in_its_sentence_has_its_own_row() -> None:
    text = "确保投资增长8%，市发改委要逐月调度。"
    found = rows(record(text, targets=[target(text, "8%", 1, kind="growth", direction="up")], tasks=[task(text, "市发改委要逐月调度", 1, ["市发改委"])]))
    assert [(row.task, row.targets) for row in found] == [("确保投资增长8%", ("t1",)), ("市发改委要逐月调度", ())]


@pytest.mark.parametrize(("slots", "goal"), [
    ({"kind": "growth", "direction": "up", "comparator": "~"}, "地区生产总值增长约6%"),
    ({"kind": "growth", "direction": "down"}, "地区生产总值下降6%"),
    ({"kind": "level", "comparator": ">="}, "地区生产总值不低于6%"),
    ({"kind": "change", "direction": "up", "unit": "个百分点"}, "地区生产总值提高6%"),
    ({"kind": "share", "comparator": "<="}, "地区生产总值占比不超过6%"),
])  # fmt: skip
def test_goals_read_well(slots: dict[str, Any], goal: str) -> None:
    text = "今年全市经济增速要达到6%。"
    indicator = {**span(text, "经济增速"), "canon": "地区生产总值", "entity": None}
    period = {**span(text, "今年"), "value": "2026-01-01/2026-12-31"}
    (row,) = rows(record(text, targets=[target(text, "6%", 1, indicator=indicator, **slots)]))
    assert row.goals == (goal,)
    (row,) = rows(record(text, targets=[target(text, "6%", 1, indicator=indicator, period=period, **slots)]))
    assert row.goals == (goal + "（今年）",)
    assert row.due == "2026-12-31"


def test_readings_are_clean() -> None:
    text = "网站导航\n建成 口袋公园　12 个，\r\n打通断头路3条。\n"
    furniture = [{"id": "b1", "start": 0, "end": 4, "kind": "navigation"}]
    found = rows(record(text, boilerplate=furniture, targets=[target(text, "12 个", 1), target(text, "3条", 2)]))
    assert all("\n" not in row.task and " " not in row.task and "导航" not in row.quote for row in found)
    assert sum(len(row.targets) for row in found) == 2


def test_days() -> None:
    assert due_day({"value": "2026-01-01/2026-06-30"}) == "2026-06-30"
    assert due_day({"value": "2026-01-01/.."}) is None
    assert due_day({"value": None}) is None


def test_columns_are_the_official_ones() -> None:
    official = "序号 重点任务 量化目标 牵头单位 配合单位 责任领导 完成时限 所属章节 原文 文件 位置 进展情况 备注"
    assert list(COLUMNS.values()) == official.split()


def synthetic(seed: int) -> dict[str, Any]:
    """A record with sentences, points, tasks and figures thrown together."""
    chance = random.Random(seed)
    text, sections, targets, tasks = "", [], [], []
    for _ in range(chance.randint(1, 12)):
        if chance.random() < 0.5:
            marker = chance.choice(["一、", "（一）", "1.", "一是"])
            heading = {"start": len(text), "end": len(text) + len(marker) + 3, "text": marker + "抓重点"}
            kind = "item" if marker == "一是" else "section"
            sections.append({"id": f"s{len(sections) + 1}", "start": len(text), "end": -1, "kind": kind, "marker": marker, "number": 1,
                             "level": chance.randint(1, 3), "heading": heading, "parent": None, "path": marker})  # fmt: skip
            text += marker + "抓重点" + chance.choice(["。", "\n", "，"])
        sentence = len(text)
        for _ in range(chance.randint(0, 4)):
            text += chance.choice(["建成项目", "市教育局要新增", "确保", "力争 突破", "改造\n"])
            start = len(text)
            text += f"{chance.randint(1, 99)}个"
            status = chance.choice(["target", "target", "actual"])
            targets.append({**target(text, "个", len(targets) + 1), "start": start, "end": len(text), "text": text[start:], "status": status})
            text += chance.choice(["，", "；", "、", ""])
        if len(text) > sentence and chance.random() < 0.4:
            start = chance.randint(sentence, len(text) - 1)
            actor = {"start": start, "end": start + 1, "text": text[start], "canon": None}
            tasks.append({"id": f"k{len(tasks) + 1}", "start": start, "end": len(text), "text": text[start:], "lead": [actor], "support": [],
                          "deadline": None, "targets": [], "projects": [], "section": None,
                          "why": {"rule": "order", "lexicon": None, "evidence": {}}})  # fmt: skip
        text += chance.choice(["。", "！\n", "\n", "。 "])
    for i, one in enumerate(sections):
        one["end"] = next((s["start"] for s in sections[i + 1:] if s["level"] <= one["level"]), len(text))
    return record(text, sections=sections, targets=targets, tasks=tasks)


@pytest.mark.parametrize("seed", range(300))
def test_every_promised_figure_stands_in_exactly_one_row(seed: int) -> None:
    one = synthetic(seed)
    found = rows(one)
    assert Counter(t for row in found for t in row.targets) == Counter(t["id"] for t in one["targets"] if t["status"] == "target")
    assert Counter(row.id for row in found if row.id) == Counter(t["id"] for t in one["tasks"])
    where = {t["id"]: t for t in one["targets"]}
    assert all(row.start <= where[t]["start"] and where[t]["end"] <= row.end for row in found for t in row.targets)
    assert [row.number for row in found] == list(range(1, len(found) + 1))
    assert [r.start for r in found] == sorted(r.start for r in found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no real documents beside the project")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.txt")), ids=lambda path: path.stem)
def test_every_promised_figure_of_a_real_document_stands_in_exactly_one_row(path: Path) -> None:
    duban = pytest.importorskip("duban")
    one = duban.to_record(duban.process(path.read_bytes().decode("utf-8"), name=path.stem))
    assert Counter(t for row in rows(one) for t in row.targets) == Counter(t["id"] for t in one["targets"] if t["status"] == "target")
