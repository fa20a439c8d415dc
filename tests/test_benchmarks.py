"""The benchmarks run, and the floors that their figures are held to."""
from __future__ import annotations

import importlib.util
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
