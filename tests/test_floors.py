"""Each set of gold that is present keeps its floors."""
from __future__ import annotations

import subprocess

import pytest
from floors import SETS, command


@pytest.mark.parametrize("name", SETS)
def test_floors_hold(name: str) -> None:
    known = SETS[name]
    for path in (known.gold, known.floors):
        if not path.exists():
            pytest.skip(f"{path.name} is not present")
    done = subprocess.run(command(known), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
