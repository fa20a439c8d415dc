"""Two versions of a document: what is told of every kind of change, with words and places, and nothing where there is none."""
from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, DOCUMENTS, read
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import duban
from duban import cli
from duban.compare import CHANGES, LAYERS, compare
from duban.compare.align import align, equal, moved
from duban.tables.changes import COLUMNS, rows, write_changes

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs" / "compare.jsonl").read_text(encoding="utf-8").splitlines()]
FIRST, SECOND = CORPUS / "versions" / "first.txt", CORPUS / "versions" / "second.txt"


@pytest.fixture(scope="module")
def made(char_nlp: Any) -> Any:
    return lambda text, name="a": duban.to_record(duban.process(text, nlp=char_nlp, date="2026-02-06", name=name))


@pytest.fixture(scope="module")
def found(made: Any) -> Any:
    return compare(made(read(FIRST), "first"), made(read(SECOND), "second"))


def slots(change: Any) -> dict[str, Any]:
    return {one.slot: [list(pair) for pair in one.words] if one.words else [plain(one.old.value), plain(one.new.value)] for one in change.differences}


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_what_is_told(case: dict[str, Any], made: Any) -> None:
    told = compare(made(case["old"]), made(case["new"]), [case["layer"]])
    changes = [[one.change, one.old and one.old.text, one.new and one.new.text, slots(one)] for one in told.changes]
    assert changes == case["changes"]


def test_every_place_holds_its_words(found: Any) -> None:
    texts = {"old": read(FIRST), "new": read(SECOND)}
    for change in found.changes:
        assert (change.old is None) == (change.change == "added") and (change.new is None) == (change.change == "dropped")
        for side, text in texts.items():
            item = getattr(change, side)
            places = [item, *(getattr(one, side).place for one in change.differences)]
            assert all(place is None or text[place.start : place.end] == place.text for place in places)
    slot = next(one for change in found.changes if change.layer == "targets" for one in change.differences if one.slot == "period")
    assert (slot.old.place.text, slot.new.place.text) == ("8月底前", "9月底前")


def test_counts_are_those_of_the_changes(found: Any) -> None:
    for layer, counts in found.counts.items():
        assert {name: counts[name] for name in CHANGES} == {name: sum(c.layer == layer and c.change == name for c in found.changes) for name in CHANGES}
    assert found.counts["targets"] == {"same": 3, "added": 1, "dropped": 0, "changed": 4, "moved": 1}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_its_own_version(path: Path, made: Any) -> None:
    record = made(read(path))
    told = compare(record, record)
    assert told.changes == () and told.similarity == 1.0
    assert sum(counts["same"] for counts in told.counts.values()) > 50


BLANKED = re.compile(r"\d+(?:\.\d+)?(?=%|万|亿)")


@pytest.mark.parametrize("name", ["dispatch-meeting", "work-report-county", "provincial-report"])
def test_blanking_figures_changes_nothing_but_their_values(name: str, made: Any) -> None:
    text = read(CORPUS / "documents" / f"{name}.txt")
    told = compare(made(text), made(BLANKED.sub("**", text)), ["targets"])
    assert len(told.changes) > 20
    assert {one.change for one in told.changes} == {"changed"}
    assert {slot for one in told.changes for slot in slots(one)} <= {"value", "value_max", "redacted"}
    assert told.counts["sections"]["added"] == told.counts["sections"]["dropped"] == 0


@pytest.mark.parametrize("name", ["web-copy", "hard-wrapped"])
def test_backwards_what_was_added_is_dropped(name: str, made: Any) -> None:
    text = read(CORPUS / "documents" / f"{name}.txt")
    parts = text.split("\n")
    one, other = made(text), made("\n".join(parts[: len(parts) // 2] + parts[len(parts) // 2 + 3 :]))
    there, back = compare(one, other), compare(other, one)
    for layer in LAYERS:
        assert [there.counts[layer][kind] for kind in ("same", "added", "dropped", "changed")] == [
            back.counts[layer][kind] for kind in ("same", "dropped", "added", "changed")
        ]


# -- aligning


def test_texts_are_aligned_across_all_that_is_done_to_them() -> None:
    old = ["加快建设产业园区。", "投资增长8%。", "推动绿色发展。", "散会。", "加快建设产业园区。"]
    new = ["推动绿色开展。", "加快建设产业园区。", "谢谢大家！", "投资增长X.X%。", "加快建设产业园区。"]
    assert align(old, new) == [(0, 1), (1, 3), (2, 0), (4, 4)]
    assert align(old, []) == align([], new) == []
    assert align(["增长6%。", "增长7%。"], ["增长**%。", "增长**%。"]) == [(0, 0), (1, 1)]


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_equal_things_are_paired_once(old: list[str], new: list[str]) -> None:
    pairs = equal(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs) == sum(min(old.count(c), new.count(c)) for c in "abc")


@given(st.permutations(range(6)))
def test_the_fewest_are_moved(order: list[int]) -> None:
    pairs = list(enumerate(order))
    steady = sorted(set(pairs) - moved(pairs))
    assert [j for _, j in steady] == sorted(j for _, j in steady)
    longest = max(size for size in range(1, 7) if any(list(part) == sorted(part) for part in combinations(order, size)))
    assert len(steady) == longest


# -- tables and the command


def test_a_tidy_row_a_slot(found: Any, tmp_path: Path) -> None:
    table = list(rows(found))
    assert all(list(row) == list(COLUMNS) for row in table)
    jobs = next(row for row in table if row["new_indicator"] == "城镇新增就业" or row["slot"] == "value" and row["new_value"] == "45000")
    assert (jobs["slot"], jobs["old_value"], jobs["new_value"], jobs["old_text"], jobs["new_text"]) == ("value", "42000", "45000", "4.2万人", "4.5万人")
    for suffix in ("csv", "jsonl"):
        assert write_changes(found, tmp_path / f"a.{suffix}") == len(table)
    assert [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()] == table


def test_the_sheet(found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setenv("DUBAN_LANG", "zh")
    assert write_changes(found, tmp_path / "a.xlsx") == len(found.changes)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    shown = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert sheet["A1"].value == "版本对照表\nfirst → second"
    assert [1, "改动", "章节", "三", "三、保障改善民生", "二", "二、保障改善民生", "序号标记 三、 → 二、"] in shown
    once = (tmp_path / "a.xlsx").read_bytes()
    write_changes(found, tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == once


def call(*args: object, tongue: str = "en") -> Any:
    return CliRunner().invoke(cli.commands, [str(arg) for arg in args], env={"DUBAN_LANG": tongue})


def test_the_command_in_both_languages() -> None:
    english, chinese = (call("compare", FIRST, SECOND, tongue=tongue) for tongue in ("en", "zh"))
    assert english.exit_code == chinese.exit_code == 0, english.output
    assert "figure: 3 the same, 1 added, 0 dropped, 4 changed, 1 moved" in english.output
    assert "数字：相同 3，新增 1，删去 0，改动 4，移位 1" in chinese.output
    assert "period 8月底前 → 9月底前" in english.output
    assert "8%以上 → **%以上" in english.output and "改动并移位" in chinese.output
    assert "推动高质量开展" not in english.output and "推动高质量开展" in call("compare", FIRST, SECOND, "--layer", "sentences").output


def test_the_command_gives_json(tmp_path: Path) -> None:
    told = json.loads(call("compare", FIRST, SECOND, "--format", "json").output)
    assert told["schema"] == "duban-compare/1" and told["old"]["id"] == "first"
    blanked = next(one for one in told["changes"] if one["new"] and one["new"]["text"] == "**%以上")
    assert blanked["differences"][0] == {
        "slot": "value", "old": {"value": 8, "place": {"start": 73, "end": 77, "text": "8%以上"}},
        "new": {"value": None, "place": None}, "words": [],
    }  # fmt: skip
    records = tmp_path / "records.jsonl"
    assert call("extract", FIRST, "-o", records).exit_code == 0
    assert json.loads(call("compare", records, SECOND, "--format", "json").output) == told  # a record is as good as its document


def test_the_command_takes_one_document_a_side(tmp_path: Path) -> None:
    assert "DB110" in str(call("compare", CORPUS / "versions", SECOND).exception)
    result = call("compare", tmp_path / "none.txt", SECOND)
    assert result.exit_code == 1 and "DB101" in result.output
    for name in ("a.xlsx", "a.csv"):
        assert call("compare", FIRST, SECOND, "-o", tmp_path / name).exit_code == 0
        assert (tmp_path / name).stat().st_size > 500
    assert call("compare", FIRST, SECOND, "-o", tmp_path / "a.docx").exit_code == 2
