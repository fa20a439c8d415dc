"""Lines as they are printed on pages: their order, what their places say of paragraphs, page numbers as ranges.

Two wide blanks lead a line that is printed two characters to the right of the others, and an empty line stands before
one that is set off from the line above: these are what opens a paragraph.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

_INDENT = "\u3000\u3000"
_LONG = 15  # a line of so many characters tells where the page begins
_EVEN, _WIDE = 0.06, 1.2  # lines stand equally far apart within this share, and further apart from this multiple on


class Line(NamedTuple):
    """A printed line: where it starts, how far apart its characters stand, how high on the page, and how far below the
    line before it (0: the first of its page)."""

    text: str
    left: float
    size: float
    height: float
    drop: float = 0.0


def page(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page from top to bottom that show something, with how far each stands below the one before."""
    shown = [line for line in lines if line.text]
    return [*shown[:1], *(below._replace(drop=max(0.0, above.height - below.height)) for above, below in pairwise(shown))]


def laid_out(lines: list[Line]) -> str:
    """The text of all pages, a line a line, with what their places on the page say of paragraphs."""
    indented, apart = _indented(lines), _set_off(lines)
    return "".join(
        "\n" * off + _INDENT * (deep and not line.text[0].isspace()) + line.text + "\n" for line, deep, off in zip(lines, indented, apart, strict=True)
    )


def _indented(lines: list[Line]) -> list[bool]:
    """Which lines stand two characters right of where most long lines start."""
    long = [line for line in lines if len(line.text) >= _LONG]
    margins = Counter(round(line.left) for line in long)
    usual = [at for at, count in margins.items() if 10 * count >= len(long)]
    margin = min(usual, default=0)
    return [bool(usual) and 1.2 < (line.left - margin) / (line.size or 1) < 2.8 for line in lines]


def _set_off(lines: list[Line]) -> list[bool]:
    """Which lines stand further below the line above than most do, for their size, where most stand equally far."""
    sizes = [max(line.size, above.size) for above, line in pairwise([*lines[:1], *lines])]  # figures stand closer than words
    drops = [line.drop / size if size else 0.0 for line, size in zip(lines, sizes, strict=True)]
    known = [drop for drop, line in zip(drops, lines, strict=True) if drop and len(line.text) >= _LONG]
    usual = median_low(known) if known else 0.0
    regular = sum(abs(drop - usual) < _EVEN * usual for drop in known)
    return [2 * regular > len(known) and drop > _WIDE * usual for drop in drops]


def ranges(numbers: list[int]) -> str:
    """Page numbers, runs as ranges.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
