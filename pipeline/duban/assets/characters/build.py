"""Builds traditional.tsv from OpenCC's table of characters: ``python -m duban.assets.characters.build``.

Needs ``opencc-python-reimplemented`` (development only), which carries the table. The same version gives the same file.
"""
from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

DISTRIBUTION = "opencc-python-reimplemented"
#: Standard characters of simplified text since 2013, in names of persons, firms and places; OpenCC has them as variants.
STANDARD = frozenset("昇陞甦氾濛")
#: OpenCC leaves these open; in traditional text they are hardly ever anything else.
PLAIN = frozenset("於")


def rows(table: str) -> list[tuple[str, str]]:
    """Pairs of the table that hold whatever the word: one character for one, in the basic plane.

    Left out is what simplified text uses too: what OpenCC says may stay as it is, or is the simplified form of another.

    >>> rows("國\\t国\\n乾\\t干 乾\\n昇\\t升\\n於\\t于 於")
    [('國', '国'), ('於', '于')]
    """
    out = []
    for line in table.splitlines():
        traditional, readings = line.split("\t")
        simplified = readings.split(" ")
        if traditional in STANDARD or traditional in simplified and traditional not in PLAIN:
            continue
        if len(traditional) == len(simplified[0]) == 1 and max(traditional, simplified[0]) <= "\uffff":
            out.append((traditional, simplified[0]))
    written = {b for _, b in out}
    return sorted((a, b) for a, b in out if a not in written)


def main() -> None:
    """Read the table of the installed package and write the file beside this script."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    head = f"# traditional, simplified; from OpenCC's TSCharacters.txt ({DISTRIBUTION} {version(DISTRIBUTION)}, Apache-2.0), see SOURCE.md"
    lines = [head, *(f"{a}\t{b}" for a, b in rows(table))]
    Path(__file__).with_name("traditional.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
