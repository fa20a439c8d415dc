"""Raise the quality floors to what is reached now: ``python tests/floors.py``.

They fall only with a reason: ``python tests/floors.py --allow-lower "why"``, which the file keeps. The floors of the own
corpus are in ``corpus/floors.json``; those of gold beside the repository, where there is any, in ``corpus/floors.NAME.json``.
Each file holds the hash of the gold and documents it was measured on.
"""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


class Set(NamedTuple):
    """Gold, its documents, and the file of its floors."""

    gold: Path
    documents: Path
    floors: Path


SETS = {
    "corpus": Set(ROOT / "corpus" / "gold", ROOT / "corpus" / "documents", ROOT / "corpus" / "floors.json"),
    **{name: Set(SHARED / "gold" / name, SHARED / "documents", ROOT / "corpus" / f"floors.{name}.json") for name in ("tune", "check")},
}


def command(known: Set, *options: str) -> list[str]:
    """The command that holds a set to its floors."""
    given = [str(known.gold), "--documents", str(known.documents), "--pipeline", "zh_duban_char", "--floors", str(known.floors)]
    return [sys.executable, "-m", "duban", "evaluate", *given, *options]


def main() -> int:
    present = [known for known in SETS.values() if known.gold.is_dir()]
    return max(subprocess.run(command(known, "--update-floors", *sys.argv[1:]), check=False).returncode for known in present)


if __name__ == "__main__":
    sys.exit(main())
