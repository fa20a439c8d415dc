"""Raise the quality floors to what is reached now: ``python tests/floors.py``.

They fall only with a reason: ``python tests/floors.py --allow-lower "why"``, which the file keeps. ``corpus/floors.json``
has a section for the own corpus, one for its problems, and one for each set of gold beside the repository, which is scored where it is present;
a section holds the hash of the gold and documents it was measured on.
"""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


class Set(NamedTuple):
    """Gold and its documents."""

    gold: Path
    documents: Path


FLOORS = ROOT / "corpus" / "floors.json"
SETS = {
    "corpus": Set(ROOT / "corpus" / "gold", ROOT / "corpus" / "documents"),
    "problems": Set(ROOT / "corpus" / "problems", ROOT / "corpus" / "documents"),
    **{name: Set(SHARED / "gold" / name, SHARED / "documents") for name in ("tune", "check")},
}


def command(name: str, *options: str, pipeline: str = "zh_duban_char") -> list[str]:
    """The arguments of ``python`` that hold a set to its floors."""
    given = [str(SETS[name].gold), "--documents", str(SETS[name].documents), "--floors", str(FLOORS), "--set", name]
    return ["-m", "duban", "evaluate", *given, "--pipeline", pipeline, *options]


def main() -> int:
    present = [name for name, known in SETS.items() if known.gold.is_dir()]
    return max(subprocess.run([sys.executable, *command(name, "--update-floors", *sys.argv[1:])], check=False).returncode for name in present)


if __name__ == "__main__":
    sys.exit(main())
