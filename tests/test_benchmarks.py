"""The benchmarks run, and the floors that their figures are held to."""
from __future__ import annotations

import importlib.util
import json
import os
import sys
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
