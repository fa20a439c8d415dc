"""What fuzzing found before, and a short run of it."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).resolve().parents[1] / "fuzz"
sys.path.insert(0, str(FUZZ))

from targets import TARGETS  # noqa: E402


@pytest.mark.parametrize("path", sorted((FUZZ / "cases").glob("*-*")), ids=lambda path: path.name)
def test_a_case_that_once_failed(path: Path) -> None:
    TARGETS[path.name.partition("-")[0]](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_a_few_seconds(target: str) -> None:
    done = subprocess.run([sys.executable, FUZZ / "run.py", "--seconds", "2", target], check=False, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr[-3000:]
    assert target in done.stdout
