"""No dependency is under a licence of the GPL family."""
from __future__ import annotations

from licences import REFUSED, licence, needed


def test_no_dependency_is_under_a_licence_we_refuse() -> None:
    found = {name: licence(known) for name, known in needed().items()}
    assert {"spacy", "typer", "lxml", "openpyxl"} <= found.keys()
    assert {name: said for name, said in found.items() if REFUSED.search(said) or said == "not told"} == {}


def test_what_is_refused() -> None:
    assert all(REFUSED.search(said) for said in ("GPL-3.0-or-later", "GNU Lesser General Public License v3 (LGPLv3)", "AGPL-3.0"))
    assert not any(REFUSED.search(said) for said in ("MIT", "BSD-3-Clause", "Apache-2.0", "Mozilla Public License 2.0 (MPL 2.0)"))
