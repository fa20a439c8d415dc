"""The benchmarks run, and the floors that their figures are held to."""
from __future__ import annotations

import importlib.util
import json
import os
import sys
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _script(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", ROOT / "benchmarks" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_boilerplate_of_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script("boilerplate", monkeypatch)
    tally = script.measure(ROOT / "corpus" / "gold", {"duban": script.ours})["duban"]
    assert tally.gold > 500 and tally.lost == 0
    assert tally.both >= 0.99 * tally.gold


def test_the_baseline_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("boilerpy3")
    script = _script("boilerplate", monkeypatch)
    tallies = script.measure(ROOT / "corpus" / "gold", {"duban": script.ours, "boilerpy3": script.boilerpy})
    assert tallies["boilerpy3"].lost > tallies["duban"].lost


def test_figures_of_every_piece_are_read_by_all_alike(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = _script("figures", monkeypatch)
    document = tmp_path / "a.txt"
    document.write_text("今年增长5%。\n\n到2030年达到60亿元。完。", encoding="utf-8")
    assert [len(script.pieces([document], unit)) for unit in ("sentence", "paragraph", "document")] == [3, 2, 1]
    assert [script.ours(piece) for piece in script.pieces([document], "sentence")] == [2, 2, 0]
    assert script.measure(["增长5%。"] * 9, {"duban": script.ours}, rounds=1)["duban"] > 0


def test_batch_makes_documents_of_which_no_two_are_alike(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = _script("batch", monkeypatch)
    rows = [json.loads(line) for line in script.documents(tmp_path / "a.jsonl", 200, 300, poison=7).read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == 200
    assert all(300 <= len(row["text"]) <= 720 for row in rows)
    assert [row["id"] for row in rows if "崩溃" in row["text"]] == ["d000007"]


def test_batch_a_poisoned_document_is_one_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    assert _script("batch", monkeypatch).poisoned(tmp_path, 20) == (19, 1)


def test_batch_cost_of_a_million_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script("batch", monkeypatch)
    assert script.cost(100_000, cores=10, price=0.1) == [
        "| core hours | 22 |", "| one machine of 10 cores | 2.2 hours |", "| a hundred of them | 1.3 minutes |", "| at 0.10 a core hour | 2.22 |",
    ]  # fmt: skip


TEXT = "临澄市2026年工作要点\n一、主要目标\n全市地区生产总值增长6%左右，新增就业3万人。市发改委牵头，加快临澄大桥建设。\n"


def test_speed_measures_every_part_and_draws_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    script = _script("speed", monkeypatch)
    monkeypatch.setattr(script, "peer", lambda: None)
    monkeypatch.setattr(script, "STARTS", {"nothing": "pass", "spaCy": "import spacy"})
    found = script.measure([TEXT], rounds=1, longest=1_000, terms=0)
    page = "\n".join(script.figures(found))
    rows = {cells[1].strip(): cells[2:-1] for line in page.splitlines() if len(cells := line.split("|")) > 3}
    assert float(rows["zh_duban_char, text to Doc"][1]) == 1
    assert {"zh_duban, text to Doc", "zh_duban_char, file to record", "pkuseg over the clauses alone", "duban_tasks", "duban_words", "record"} <= set(rows)
    ratio, memory = map(float, rows["spaCy"])
    assert ratio > 2 and memory > 20
    pytest.importorskip("matplotlib")
    once, again = tmp_path / "once.svg", tmp_path / "again.svg"
    script.picture(found, once)
    script.picture(found, again)
    assert once.read_bytes() == again.read_bytes() and b"<svg" in once.read_bytes()


def test_speed_the_ratio_is_the_median_of_each_round_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script("speed", monkeypatch)
    assert script.ratios({"a": [1.0, 10.0, 1.0], "b": [2.0, 20.0, 9.0]}, "a") == {"a": 1, "b": 2}


def test_speed_documents_and_names(monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script("speed", monkeypatch)
    assert len(script.document(["甲" * 30, "乙" * 7], 1_000)) == 1_000
    names = list(islice(script.names(), 3_000))
    assert len(set(names)) == 3_000 and names[:9] == list(islice(script.names(), 9))


def test_speed_the_page_has_room_for_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script("speed", monkeypatch)
    page = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    once = script.replaced(page, ["| a |"])
    assert "| a |" in once and script.replaced(once, ["| a |"]) == once
