"""The panel: a row a number, the same in every format, loaded by one line."""
from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, ROOT, need_shared, read
from test_ledger import record, section, span, target

import duban
from duban import writers
from duban.errors import DubanError
from duban.tables import panel
from duban.tables.files import write_rows

TEXT = "一、目标\n2026年地区生产总值增长5%—6%，\n能耗下降3%，利润翻一番。全国增长4%。去年粮食产量19万吨。**亿元。"


def plan(place: str = "云岭省", name: str = "云岭/报告") -> dict[str, Any]:
    year = {**span(TEXT, "2026年"), "value": "2026-01-01/2026-12-31"}
    last = {**span(TEXT, "去年"), "value": "2025-01-01/2025-12-31"}

    def indicator(words: str, canon: str) -> dict[str, Any]:
        return {**span(TEXT, words), "canon": canon, "entity": "e1"}

    one = record(
        TEXT, sections=[section(TEXT, "一、目标", 1, marker="一、", end=len(TEXT))],
        entities=[{"id": "e1", **span(TEXT, "地区生产总值"), "label": "INDICATOR", "ref": "indicator/地区生产总值", "canon": "地区生产总值",
                   "level": None, "place": None}],
        targets=[
            target(TEXT, "5%—6%", 1, value=5, value_max=6, unit="%", kind="growth", direction="up", period=year, section="s1",
                   indicator=indicator("地区生产总值", "地区生产总值")),
            target(TEXT, "3%", 2, value=3, unit="%", kind="growth", direction="down", indicator=indicator("能耗", "能耗")),
            target(TEXT, "翻一番", 3, value=2, unit="倍", kind="ratio", direction="up", indicator=indicator("利润", "利润")),
            target(TEXT, "4%", 4, value=4, unit="%", kind="growth", direction="up", scope=span(TEXT, "全国")),
            target(TEXT, "19万吨", 5, value=190000, unit="吨", status="actual", period=last, indicator=indicator("粮食产量", "粮食产量")),
            target(TEXT, "**亿元", 6, value=None, unit="元", redacted=True),
        ],
    )  # fmt: skip
    return {**one, "id": name, "meta": {**one["meta"], "place": place}}


def test_a_row_has_every_slot() -> None:
    first = next(panel.rows(plan()))
    assert first == {
        "document": "云岭/报告", "place": "云岭省", "doc_year": 2026, "period_start": "2026-01-01", "period_end": "2026-12-31",
        "indicator": "地区生产总值", "indicator_id": "indicator/地区生产总值", "kind": "growth", "direction": "up", "comparator": "=",
        "value": 5, "value_max": 6, "unit": "%", "growth_pct": 5, "status": "target", "redacted": False, "period": "2026年", "scope": None,
        "section": "一、", "text": "5%—6%", "target": "t1", "start": TEXT.index("5%"), "end": TEXT.index("5%") + 5,
    }  # fmt: skip
    assert set(first) == set(panel.COLUMNS)


def test_growth_has_its_sign() -> None:
    assert [row["growth_pct"] for row in panel.rows(plan())] == [5, -3, 100, None, None]


def test_numbers_of_others_only_when_asked() -> None:
    assert [row["scope"] for row in panel.rows(plan())] == [None] * 5
    assert [row["text"] for row in panel.rows(plan(), scope="all") if row["scope"]] == ["4%"]
    assert [row["text"] for row in panel.rows(plan(), status="actual")] == ["19万吨"]


def test_every_format_says_the_same(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    load = {".csv": pandas.read_csv, ".parquet": pandas.read_parquet, ".xlsx": pandas.read_excel, ".jsonl": lambda p: pandas.read_json(p, lines=True)}
    frames = {}
    for suffix, read_one in load.items():
        path = tmp_path / f"panel{suffix}"
        assert writers.write_panel([plan()], path) == 5
        frame = read_one(path)
        assert list(frame.columns) == list(panel.COLUMNS), suffix
        frames[suffix] = json.loads(frame.assign(period_start=pandas.to_datetime(frame.period_start), period_end=pandas.to_datetime(frame.period_end))
                                    .to_json(orient="records", date_format="iso", date_unit="s"))  # fmt: skip
    assert frames[".parquet"][0]["value"] == 5
    assert frames[".csv"][0]["redacted"] is False
    for suffix, frame in frames.items():
        assert frame == frames[".csv"], suffix


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_duckdb_loads_it_with_its_types(tmp_path: Path, suffix: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / f"panel{suffix}"
    writers.write_panel([plan()], path)
    found = duckdb.sql(f"select place, year(period_end), growth_pct, redacted from '{path}' where kind = 'growth' order by start").fetchall()
    assert found == [("云岭省", 2026, 5.0, False), ("云岭省", None, -3.0, False)]


def test_wide_is_places_by_indicators(tmp_path: Path) -> None:
    other = plan("临澄市", "临澄/报告")
    other["targets"] = other["targets"][:1]
    lines, columns = panel.spread(row for one in (plan(), other) for row in panel.rows(one, status="target"))
    assert list(columns) == ["place", "doc_year", "地区生产总值 growth %", "能耗 growth %", "利润 growth %"]
    assert lines == [
        {"place": "云岭省", "doc_year": 2026, "地区生产总值 growth %": 5, "能耗 growth %": -3, "利润 growth %": 100},
        {"place": "临澄市", "doc_year": 2026, "地区生产总值 growth %": 5},
    ]
    facts, _ = panel.spread(panel.rows(plan(), status="actual"))
    assert facts == [{"place": "云岭省", "doc_year": 2026, "粮食产量 level 吨": 190000}]
    assert writers.write_panel([plan(), other], tmp_path / "wide.csv", wide=True, count_duplicates=True) == 2
    assert (tmp_path / "wide.csv").read_text(encoding="utf-8-sig").splitlines()[2] == "临澄市,2026,5,,"


def test_what_is_said_for_the_year_goes_before_what_has_no_period() -> None:
    one = plan()
    late = {**one["targets"][0], "id": "t9", "period": None, "value": 9, "value_max": None}
    five_years = {**one["targets"][0], "id": "t8", "period": {**one["targets"][0]["period"], "value": "2026-01-01/2030-12-31"}, "value": 8}
    lines, _ = panel.spread(panel.rows({**one, "targets": [late, five_years, one["targets"][0]]}))
    assert lines[0]["地区生产总值 growth %"] == 5


def test_free_text_is_no_formula_and_codes_stay(tmp_path: Path) -> None:
    columns = {"words": "text", "comparator": "code", "value": "number"}
    write_rows([{"words": "=1+1", "comparator": "=", "value": -3}, {}], columns, tmp_path / "a.csv")  # type: ignore[arg-type]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines() == ["words,comparator,value", "'=1+1,=,-3", ",,"]
    with pytest.raises(DubanError, match="DB513"):
        write_rows([], columns, tmp_path / "a.txt")  # type: ignore[arg-type]


def test_the_example_of_the_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    from typer.testing import CliRunner

    from duban import cli

    page = (ROOT / "docs" / "panel.md").read_text(encoding="utf-8")
    code, output = re.search(r"```python\n(.*?)```\s*```\n(.*?)```", page, re.S).groups()  # type: ignore[union-attr]
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli.commands, ["panel", str(CORPUS / "documents"), "-o", "panel.parquet"]).exit_code == 0
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert [line.split() for line in printed.getvalue().splitlines()] == [line.split() for line in output.splitlines()]
    duckdb = pytest.importorskip("duckdb")
    query = re.search(r"```sql\n(.*?)```", page, re.S).group(1)  # type: ignore[union-attr]
    assert [row[0] for row in duckdb.sql(query).fetchall()] == [line.split()[0] for line in output.splitlines()[1:]]
    assert set(re.findall(r"`([a-z_]+)`", page.split("## ")[0])) >= set(panel.COLUMNS)


def test_the_panel_of_real_reports_holds_every_tuple_of_the_gold() -> None:
    shared = need_shared()
    slots = ("start", "end", "value", "value_max", "unit", "comparator", "kind", "direction", "status", "indicator")
    missing = {}
    for path in sorted((shared / "gold").glob("*/*.panel.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        made = duban.to_record(duban.process(read(shared / "documents" / f"{gold['doc']}.txt"), name=gold["doc"]))
        held = {tuple(row[slot] for slot in slots) for row in panel.rows(made)}
        missing[gold["doc"]] = sum(tuple({**t, "indicator": t["indicator_canon"]}[slot] for slot in slots) not in held for t in gold["targets"])
    assert len(missing) == 8
    assert not any(missing.values()), missing  # figures alone: what they are is read on tune only
