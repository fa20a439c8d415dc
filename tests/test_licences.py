"""No dependency is under a licence of the GPL family."""
from __future__ import annotations

import pytest
from licences import KNOWN, REFUSED, licence, needed


@pytest.mark.parametrize("development", [False, True])
def test_no_dependency_is_under_a_licence_we_refuse(development: bool) -> None:
    every = needed(development=development)
    found = {name: licence(known) for name, known in every.items() if known and not (development and name in KNOWN)}
    assert {"pytest", "sphinx"} <= every.keys() if development else {"spacy", "typer", "lxml", "openpyxl", "fastapi", "ray", "pandas"} <= every.keys()
    assert {name: said for name, said in found.items() if REFUSED.search(said) or said == "not told"} == {}
    if missing := sorted(name for name, known in every.items() if known is None):
        pytest.skip(f"not installed, so not asked: {', '.join(missing)}")


def test_what_is_refused() -> None:
    assert all(REFUSED.search(said) for said in ("GPL-3.0-or-later", "GNU Lesser General Public License v3 (LGPLv3)", "AGPL-3.0"))
    assert not any(REFUSED.search(said) for said in ("MIT", "BSD-3-Clause", "Apache-2.0", "Mozilla Public License 2.0 (MPL 2.0)"))
