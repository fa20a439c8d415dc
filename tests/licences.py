"""The licences of what the package depends on, as installed: ``python tests/licences.py`` prints them, a line each."""
from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

#: Extras of those who work on the package; the others are for its users.
DEVELOPMENT = ("docs", "dev", "test")
#: Where the metadata say too much or nothing: what stands in the licence files. For development only.
KNOWN = {
    "docutils": "Public Domain, BSD-2-Clause (an Emacs mode, which is not in the wheel, is under the GPL)",
    "label-studio-sdk": "Apache-2.0",
}
#: Licences that ask more of what they are combined with than we may promise.
REFUSED = re.compile(r"\b(?:A|L)?GPL|GNU (?:Affero |Lesser )?General Public", re.IGNORECASE)


def licence(known: Distribution) -> str:
    """The expression, the classifiers, or the first line of what the package says."""
    said = known.metadata
    classifiers = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License ::") and line.count("::") > 1]
    return str(said.get("License-Expression") or ", ".join(classifiers) or str(said.get("License") or "").strip().partition("\n")[0] or "not told")


def stated(*, development: bool) -> list[str]:
    """The requirements of pyproject.toml: the package's own with those of every extra for users, or of those for development."""
    project = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: lines for name, lines in project["optional-dependencies"].items() if (name in DEVELOPMENT) == development}
    return [*project["dependencies"], *(line for lines in extras.values() for line in lines)]


def needed(*, development: bool = False) -> dict[str, Distribution | None]:
    """What the package needs, and what that needs in turn, by name; None is what is not installed."""
    found: dict[str, Distribution | None] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(line, ("",)) for line in stated(development=development)]
    while waiting:
        line, extras = waiting.pop()
        wanted = Requirement(line)
        name, asked = wanted.name.lower().replace("_", "-"), frozenset(wanted.extras)
        if (name, asked) in seen or name == "duban" or not (wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras)):
            continue
        seen.add((name, asked))
        try:
            found[name] = known = distribution(wanted.name)
        except PackageNotFoundError:
            found[name] = None
        else:
            waiting += [(further, ("", *asked)) for further in known.requires or ()]
    return found


if __name__ == "__main__":
    for name, known in sorted(needed().items()):
        print(f"{name} {known.version}: {licence(known)}" if known else f"{name}: not installed")
