from __future__ import annotations

import pytest
from mutants import PARTS, ROOT, mutant, mutants


@pytest.mark.parametrize(("source", "changes"), [
    ("a = b < 1", ["b < 1 -> b <= 1", "1 -> 2"]),
    ("a and b", ["a and b -> a or b"]),
    ("f(x, True)", ["True -> False"]),
    ("a = 'b'", []),
    ("@cache(64)\ndef f(): return 1", ["1 -> 2"]),
])
def test_each_mutant_changes_one_thing(source: str, changes: list[str]) -> None:
    assert [change for _, change, _ in mutants(source)] == changes
    assert all(mutant(source, number) != source for _, _, number in mutants(source))


def test_the_parts_are_there() -> None:
    for files, tests in PARTS.values():
        assert all((ROOT / "pipeline" / "duban" / file).is_file() for file in files)
        assert all((ROOT / "tests" / name).is_file() for name in tests)
