"""The licences of what the package depends on, as installed: ``python tests/licences.py`` prints them, a line each."""
from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

EXTRAS = ("io", "parquet", "pandas", "web", "ray", "near")
#: Licences that ask more of what they are combined with than we may promise.
REFUSED = re.compile(r"\b(?:A|L)?GPL|GNU (?:Affero |Lesser )?General Public", re.IGNORECASE)


def licence(known: Distribution) -> str:
    """The expression, the classifiers, or the first line of what the package says."""
    said = known.metadata
    classifiers = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License ::") and line.count("::") > 1]
    return str(said.get("License-Expression") or ", ".join(classifiers) or str(said.get("License") or "").strip().partition("\n")[0] or "not told")


def stated() -> list[str]:
    """The requirements of pyproject.toml that users install: the package's own and its extras', those for development apart."""
    project = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(line for extra in EXTRAS for line in project["optional-dependencies"][extra])]


def needed() -> dict[str, Distribution]:
    """What the package needs, and what that needs in turn, by name; what is not installed is left out."""
    found: dict[str, Distribution] = {}
    waiting: list[tuple[str, tuple[str, ...]]] = [(line, ("",)) for line in stated()]
    while waiting:
        line, extras = waiting.pop()
        wanted = Requirement(line)
        name = wanted.name.lower().replace("_", "-")
        if name in found or not (wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras)):
            continue
        try:
            found[name] = distribution(wanted.name)
        except PackageNotFoundError:
            continue
        waiting += [(further, ("", *sorted(wanted.extras))) for further in found[name].requires or ()]
    return found


if __name__ == "__main__":
    for name, known in sorted(needed().items()):
        print(f"{name} {known.version}: {licence(known)}")
