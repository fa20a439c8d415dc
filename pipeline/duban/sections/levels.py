"""How deep headings stand: levels inferred from what is open, what comes and what goes on."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from duban import lines
from duban.sections.markers import BY_NAME

_OUTER = ("part", "chapter", "han")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outline: its span, marker and level (``part``: block that starts a new outline)."""

    start: int
    end: int
    rule: str
    marker: str | None
    label: str
    number: int | None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of text (a paragraph, or a stretch of a copy in one line) that may open a section."""

    start: int
    end: int
    style: str
    number: int | None
    marker: str | None
    label: str
    heading: int
    alone: bool


@dataclass(slots=True)
class _Open:
    """A style that is open while headings are put in their places."""

    style: str
    last: int | None
    level: int
    resident: int
    alone: bool


def levels(found: Sequence[Candidate]) -> list[Heading]:
    stack: list[_Open] = []
    out = []
    ranks = _bare_ranks(found) | _holding_ranks(found)
    for at, c in enumerate(found):
        rank, resident = _ranks(c, ranks.get(at))
        _close(stack, c, rank, found, at)
        level = stack[-1].level + 1 if stack else 1
        stack.append(_Open(c.style, c.number, level, resident, c.alone))
        out.append(Heading(c.start, c.heading, c.style, c.marker, c.label, c.number, level))
    return out


def _ranks(c: Candidate, known: int | None) -> tuple[int, int]:
    """How far out a heading stands: as it comes (it closes what stands deeper) and once it is open (what may close it)."""
    if c.style == "annex":
        return 0, 0
    if c.style == "topic":
        return 25, 60
    if known is not None:
        return known, known
    return BY_NAME[c.style].rank, BY_NAME[c.style].resident


def _bare_ranks(found: Sequence[Candidate]) -> dict[int, int]:
    """Unnumbered headings stand above the numbered ones (5), but below 一、 (15) where its count goes on after them."""
    following: list[Candidate | None] = [None] * len(found)
    coming: Candidate | None = None
    for at in reversed(range(len(found))):
        following[at] = coming
        if found[at].style in _OUTER or found[at].style == "annex":
            coming = found[at]
    ranks: dict[int, int] = {}
    last: int | None = None  # the number of the open 一、
    for at, c in enumerate(found):
        if c.style in _OUTER:
            last = c.number or 0
        elif c.style == "annex":
            last = None
        elif c.style == "bare":
            after = following[at]
            if c.label in lines.words("CLOSING"):
                ranks[at] = 0
                last = None
            elif last is not None and (after is None or after.style == "annex" or after.number == last + 1):
                ranks[at] = 15
            else:
                ranks[at] = 15 if c.label in lines.words("PREFACE") else 5
                last = None
    return ranks


def _holding_ranks(found: Sequence[Candidate]) -> dict[int, int]:
    """A dashed heading with a number straight below it (——教育 / 1.新建学校5所。) stands above that number."""
    ranks: dict[int, int] = {}
    for at, (c, below) in enumerate(pairwise(found)):
        if c.style == "dash" and c.alone and below.start <= c.end + 1 and below.style in ("num", "pnum", "circled"):
            ranks[at] = BY_NAME[below.style].rank - 1
    return ranks


def _close(stack: list[_Open], c: Candidate, rank: int, found: Sequence[Candidate], at: int) -> None:
    """Take from the stack what ``c`` ends: its own style and all below it, else what stands deeper by convention."""
    if c.style == "annex":
        stack.clear()
        return
    for i in reversed(range(len(stack))):
        if stack[i].style == c.style and (c.style != "bare" or stack[i].resident == rank):
            del stack[i:]
            return
    while stack and stack[-1].resident > rank and not _goes_on(stack[-1], found, at):
        stack.pop()
    if stack and stack[-1].style == "dash" and c.style != "is" and not stack[-1].alone:
        stack.pop()


def _goes_on(open_: _Open, found: Sequence[Candidate], at: int) -> bool:
    """Does the open style count on after ``found[at]``, so that this one is inside it?"""
    if open_.last is None:
        return False
    for c in found[at + 1: at + 60]:
        if c.style == open_.style:
            return c.number == open_.last + 1
        if c.style == "annex":
            return False
    return False

