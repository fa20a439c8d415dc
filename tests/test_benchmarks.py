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
