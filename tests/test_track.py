"""Goals against facts: every row of the fictional plan and its two reports, and the rules one by one."""
from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, ROOT, read
from typer.testing import CliRunner

import duban
from duban import cli
from duban.tables.track import COLUMNS, STATES, goal_words, track, write_track

FOLDER = CORPUS / "track"
PLAN, REPORTS = FOLDER / "plan.txt", [FOLDER / "progress-1.txt", FOLDER / "progress-2.txt"]
JUNE, MARCH = "2026-06-30", "2026-03-31"

#: indicator, goal, its end, fact, as of, gap, state, where the fact is said: read off the documents by hand
TRUTH = [
    ("地区生产总值", "增长约6.5%", "2026-12-31", 6.6, JUNE, 0.1, "ahead", "progress-2"),
    ("规模以上工业增加值", "增长不低于8%", "2026-12-31", 7.4, JUNE, -0.6, "behind", "progress-2"),
    ("固定资产投资", "增长不低于7%", "2026-12-31", 7.5, JUNE, 0.5, "ahead", "progress-2"),
    ("社会消费品零售总额", "增长约6%", "2026-12-31", 6.4, MARCH, 0.4, "ahead", "progress-1"),
    ("一般公共预算收入", "120亿元", "2026-12-31", 6_300_000_000, JUNE, -5_700_000_000, "ahead", "progress-2"),
    ("城镇新增就业", "4.5万人", "2026-12-31", 21_000, JUNE, -24_000, "behind", "progress-2"),
    ("城镇调查失业率", "不超过5.5%", "2026-12-31", 5.6, JUNE, 0.1, "behind", "progress-2"),
    ("居民消费价格", "增长约2%", "2026-12-31", 1.6, MARCH, -0.4, "ahead", "progress-1"),
    ("单位地区生产总值能耗", "下降3%", "2026-12-31", -3.2, JUNE, -0.2, "ahead", "progress-2"),
    ("粮食产量", "不低于210万吨", "2026-12-31", None, None, None, "not_mentioned", None),
    ("招商引资到位资金", "超过80亿元", JUNE, 8_400_000_000, JUNE, 400_000_000, "achieved", "progress-2"),
    ("招商引资到位资金", "180亿元", "2026-12-31", 8_400_000_000, JUNE, -9_600_000_000, "behind", "progress-2"),
    ("政务服务网办率", "不低于98%", "2026-12-31", None, None, None, "not_mentioned", None),
    ("空气质量优良天数比率", "不低于88%", "2026-12-31", 90.5, MARCH, 2.5, "ahead", "progress-1"),
    ("农村居民人均可支配收入", "增长6.5%", "2026-12-31", 6.7, JUNE, 0.2, "ahead", "progress-2"),
    ("城镇居民人均可支配收入", "增长5.5%", "2026-12-31", None, None, None, "not_mentioned", None),
]


@pytest.fixture(scope="module")
def records(char_nlp: Any) -> dict[str, dict[str, Any]]:
    return {path.stem: duban.to_record(duban.process(read(path), nlp=char_nlp, name=path.stem)) for path in (PLAN, *REPORTS)}


@pytest.fixture(scope="module")
def rows(records: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return track([records["plan"]], [records["progress-1"], records["progress-2"]])


def test_every_row_of_the_corpus(rows: list[dict[str, Any]]) -> None:
    found = [(r["indicator"], goal_words(r), r["period_end"], r["actual"], r["as_of"], r["gap"], r["state"], r["progress"]) for r in rows]
    assert found == TRUTH
    assert {row["place"] for row in rows} == {"霖州市"}
    assert {row["state"] for row in rows} == set(STATES)


def test_both_sources_lead_to_the_text(rows: list[dict[str, Any]], records: dict[str, dict[str, Any]]) -> None:
    for row in rows:
        for side, value in (("plan", "goal"), ("progress", "actual")):
            if row[side] is None:
                continue
            target = next(t for t in records[row[side]]["targets"] if t["id"] == row[f"{side}_target"])
            assert target["value"] == abs(row[value])
            assert target["text"] in row[f"{side}_text"]


def test_what_is_done_and_what_was_to_be_expected(rows: list[dict[str, Any]]) -> None:
    income = next(row for row in rows if row["indicator"] == "一般公共预算收入")
    assert income["done_pct"] == 52.5
    assert income["expected"] == pytest.approx(120e8 * 181 / 365)
    growth = rows[0]
    assert (growth["done_pct"], growth["expected"]) == (None, 6.5)


def document(name: str, date: str | None, *sentences: str, place: str | None = "临澄市") -> dict[str, Any]:
    return duban.to_record(duban.process("".join(f"{s}。" for s in sentences), name=name, date=date, place=place))


def states(goal: str, *facts: tuple[str, str], place: str | None = "临澄市") -> list[str]:
    plan = document("plan", "2026-01-10", goal)
    return [row["state"] for row in track([plan], [document(f"r{i}", date, fact, place=place) for i, (date, fact) in enumerate(facts)])]


@pytest.mark.parametrize(("goal", "date", "fact", "state"), [
    ("2026年力争地区生产总值增长6%左右", "2027-01-15", "2026年，全市地区生产总值增长5.8%", "achieved"),
    ("2026年力争地区生产总值增长6%左右", "2027-01-15", "2026年，全市地区生产总值增长5.6%", "behind"),
    ("2026年力争地区生产总值增长6%以上", "2027-01-15", "2026年，全市地区生产总值增长5.9%", "behind"),
    ("2026年力争固定资产投资突破300亿元", "2026-10-12", "前三季度，固定资产投资完成301亿元", "achieved"),
    ("2026年力争固定资产投资突破300亿元", "2026-10-12", "前三季度，固定资产投资完成220亿元", "behind"),
    ("2026年力争固定资产投资突破300亿元", "2026-10-12", "前三季度，固定资产投资完成230亿元", "ahead"),
    ("2026年力争城镇调查失业率控制在5.5%以内", "2026-07-12", "上半年，城镇调查失业率为5.4%", "ahead"),
    ("2026年力争地区生产总值增长6%以上", "2026-07-12", "上半年，固定资产投资增长9%", "not_mentioned"),
    ("2026年力争地区生产总值增长6%以上", "2026-07-12", "去年，全市地区生产总值增长7%", "not_mentioned"),
    ("2026年力争地区生产总值增长6%以上", "2026-07-12", "上半年，全国地区生产总值增长7%", "not_mentioned"),
    ("2026年力争地区生产总值增长6%以上", "2026-07-12", "上半年，地区生产总值达到460亿元", "not_mentioned"),
    ("上半年力争地区生产总值增长6%以上", "2027-01-15", "2026年，全市地区生产总值增长7%", "not_mentioned"),
])  # fmt: skip
def test_one_goal_and_one_fact(goal: str, date: str, fact: str, state: str) -> None:
    assert states(goal, (date, fact)) == [state]


def test_the_fact_that_reaches_furthest_counts_in_whatever_order() -> None:
    goal, early, late = "2026年力争地区生产总值增长6%以上", ("2026-04-12", "一季度，地区生产总值增长7%"), ("2026-07-12", "上半年，地区生产总值增长5%")
    assert states(goal, early, late) == states(goal, late, early) == ["behind"]


def test_places_do_not_mix() -> None:
    goal, fact = "2026年力争地区生产总值增长6%以上", ("2026-07-12", "上半年，地区生产总值增长7%")
    assert states(goal, fact, place="云岭市") == ["not_mentioned"]
    assert states(goal, fact) == ["ahead"]


def test_a_goal_said_twice_is_one_row() -> None:
    goal = "2026年力争地区生产总值增长6%以上"
    assert len(track([document("a", "2026-01-10", goal, goal)], [])) == 1


def test_every_format(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    for suffix in ("csv", "jsonl", "xlsx"):
        assert write_track(rows, tmp_path / f"track.{suffix}") == len(TRUTH)
    lines = [json.loads(line) for line in (tmp_path / "track.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines == rows
    head, first, *_ = (tmp_path / "track.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head.split(",") == list(COLUMNS)
    assert first.startswith("霖州市,地区生产总值,growth,%,~,6.5,")
    sheet = openpyxl.load_workbook(tmp_path / "track.xlsx").active
    heads = {cell.value: cell.column for cell in sheet[4]}
    shown = [(sheet.cell(line, heads["指标"]).value, sheet.cell(line, heads["目标"]).value, sheet.cell(line, heads["时段止"]).value,
              sheet.cell(line, heads["进展文件"]).value) for line in range(5, 5 + len(TRUTH))]  # fmt: skip
    assert shown == [(t[0], t[1], datetime.fromisoformat(t[2]), t[7]) for t in TRUTH]


# the command


def call(*args: object) -> Any:
    return CliRunner().invoke(cli.commands, [str(arg) for arg in args], env={"DUBAN_LANG": "en"})


def test_the_command_prints_what_the_docs_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")
    result = call("track", PLAN, "--against", *REPORTS)
    assert result.exit_code == 0, result.output
    shown = re.search(r"```\n(indicator.*?)```", (ROOT / "docs" / "track.md").read_text(encoding="utf-8"), re.S).group(1)  # type: ignore[union-attr]
    assert [line.split() for line in result.output.splitlines()] == [line.split() for line in shown.splitlines()]


def test_the_command_writes(tmp_path: Path) -> None:
    for name in ("track.xlsx", "track.csv"):
        assert call("track", PLAN, "--against", REPORTS[0], "--against", REPORTS[1], "-o", tmp_path / name).exit_code == 0
        assert (tmp_path / name).stat().st_size > 1000


def test_documents_without_a_date_are_told(tmp_path: Path) -> None:
    (tmp_path / "late.txt").write_text("上半年，地区生产总值增长7%。", encoding="utf-8")
    result = call("track", PLAN, "--against", tmp_path / "late.txt")
    assert result.exit_code == 1
    assert "DB139" in result.output
    assert "not mentioned" in result.output or "未提及" in result.output
    assert call("track", tmp_path / "late.txt", "--against", PLAN).exit_code == 1
