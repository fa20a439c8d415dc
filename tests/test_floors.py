"""Each set of gold that is present keeps its floors."""
from __future__ import annotations

import subprocess
import sys

import pytest
from floors import FLOORS, SETS, command

from duban.evaluate import floors


def test_every_set_has_its_section() -> None:
    assert set(floors.read_all(FLOORS)) == set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_floors_hold(name: str) -> None:
    if not SETS[name].gold.exists():
        pytest.skip(f"the gold of {name} is not present")
    done = subprocess.run([sys.executable, *command(name)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
