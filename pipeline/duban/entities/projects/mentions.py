"""Names said again: what is a project in one sentence is the same project in the next, whatever is said of it there."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from duban.entities.projects.vocabulary import Vocabulary
from duban.matches import Entity, Span, Why

#: What a name may be said without, or with, the second time.
_TAIL = re.compile(r"(?:建设)?(?:项目|工程)$")
_CLASS = re.compile(r"(?:建设)?(?:项目|工程)")
_BEFORE = frozenset("、，。；：！？（“”\n和与及在对把将为的了到从由向像以是")
_LONGEST_LEAD = 4


def again(text: str, found: Iterable[Entity], words: Vocabulary) -> Iterator[Entity]:
    """Other mentions of the projects ``found``, where a name can start.

    An institution that was founded acts from then on, so its name is not looked for again; nor is a name that is
    shorter than four characters or does not end in a head.
    """
    names = {name for e in found if e.why.rule != "project-founded" for name in _forms(text[e.start:e.end], words)}
    if not names:
        return
    taken = bytearray(len(text))
    for e in found:
        taken[e.start:e.end] = b"\1" * (e.end - e.start)
    for start, end in _mentions(text, names):
        if taken.find(1, start, end) < 0 and _can_start(text, start, words):
            tail = _CLASS.match(text, end)
            name = Span(start, tail.end() if tail else end)
            yield Entity(*name, "PROJECT", None, None, None, None, Why("project-again", None, {"name": (name,)}))


def _mentions(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where the names stand, of overlapping ones the first and longest; the automaton is of the kind that is quickly built."""
    import ahocorasick_rs

    automaton = ahocorasick_rs.AhoCorasick(
        names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.NoncontiguousNFA)
    return [(start, end) for _, start, end in automaton.find_matches_as_indexes(text)]


def _forms(name: str, words: Vocabulary) -> Iterator[str]:
    for form in {name, _TAIL.sub("", name)}:
        heads = list(words.head.finditer(form))
        if len(form) > 3 and heads and heads[-1].end() == len(form):
            yield form


def _can_start(text: str, at: int, words: Vocabulary) -> bool:
    if at == 0 or text[at - 1] in _BEFORE:
        return True
    return any(words.front.fullmatch(text, at - n, at) for n in range(1, min(at, _LONGEST_LEAD) + 1))
