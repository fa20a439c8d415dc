"""Every regular expression of the package is linear: no repeat without a bound could give way to what follows it.

A repeat without a bound is harmless where the next character tells whether it goes on: what may follow it shares no
character with what it is made of. Each expression's parse tree is looked at, the lexicon-filled ones included.
"""
from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import duban

#: At most so many are as good as a bound of the sentence they stand in.
BOUND = 400
REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
#: What stands for the characters a pattern does not name.
OTHERS = "a Z_0\n\t　鿋，。（“-\u0000"
#: Expressions that run over a line, name or head already cut to length, which is why they may give way.
SHORT = {
    "duban.lines._QUALIFIER": "a heading",
    "duban.entities.projects.lists.COUNTED": "a name",
    **{f"duban.entities.indicators.canon.{name}": "a name" for name in ("_EXAMPLES", "_PARTNERS", "_PART_OF_NAME", "_RATIO", "_SUMMED", "_GRADES")},
    "duban.targets.scopes._FIRM": "a name",
    "duban.sections.items._SECOND": "1500 characters",
    "duban.sections.items._SECOND'": "1500 characters",
    "duban.tasks.notes._HELP": "one cell of a note",
}


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(duban.__path__, "duban."):
        if found.name.rpartition(".")[2] not in ("__main__", "train", "build"):
            try:
                yield importlib.import_module(found.name)
            except ImportError:  # an extra that is not installed
                continue


def _patterns() -> dict[str, re.Pattern[str]]:
    list(_modules())
    out: dict[str, re.Pattern[str]] = {}
    for module_name, module in sorted(sys.modules.items()):
        if not module_name.startswith("duban"):
            continue
        for name, value in vars(module).items():
            for part in _parts(value):
                pattern = getattr(part, "compiled", part) if type(part).__name__ == "Worded" else part
                if isinstance(pattern, re.Pattern) and pattern not in out.values():
                    out[f"{module_name}.{name}" + "'" * sum(key.startswith(f"{module_name}.{name}") for key in out)] = pattern
    return out


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from _parts(part)
    else:
        yield value


class Characters:
    """Which of a sample of characters a parse tree may begin with."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.tree = _parser.parse(pattern.pattern, pattern.flags)
        self.sample = "".join(sorted({*OTHERS, *(chr(code) for code in self._codes(self.tree))}))

    def _codes(self, tree: Any) -> Iterator[int]:
        for op, value in tree:
            if op in (c.LITERAL, c.NOT_LITERAL):
                yield value
            elif op is c.IN:
                for kind, part in value:
                    yield from (part,) if kind is c.LITERAL else part if kind is c.RANGE else ()
            for inner in children(op, value):
                yield from self._codes(inner)

    def _one(self, op: Any, value: Any) -> frozenset[str]:
        if op is c.LITERAL:
            return frozenset(x for x in self.sample if ord(x) == value)
        if op is c.NOT_LITERAL:
            return frozenset(x for x in self.sample if ord(x) != value)
        if op is c.ANY:
            return frozenset(self.sample)
        named = {x for x in self.sample for kind, part in value if kind is not c.NEGATE and self._is(x, kind, part)}
        return frozenset(set(self.sample) - named if value[0][0] is c.NEGATE else named)

    def _is(self, x: str, kind: Any, part: Any) -> bool:
        if kind is c.LITERAL:
            return ord(x) == part
        if kind is c.RANGE:
            return bool(part[0] <= ord(x) <= part[1])
        name = str(part).lower()
        test = x.isspace() if "space" in name else x.isdigit() if "digit" in name else x.isalnum() or x == "_"
        return not test if "_not_" in name else test

    def first(self, tree: Any, after: frozenset[str]) -> frozenset[str]:
        """What ``tree`` may begin with, ``after`` being what may follow it."""
        for op, value in reversed(list(tree)):
            if op in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
                after = self._one(op, value)
            elif op in REPEATS:
                inner = self.first(value[2], after)
                after = inner | after if value[0] == 0 else inner
            elif op is c.SUBPATTERN:
                after = self.first(value[3], after)
            elif op is c.ATOMIC_GROUP:
                after = self.first(value, after)
            elif op is c.BRANCH:
                after = frozenset().union(*(self.first(branch, after) for branch in value[1]))
            elif op is c.GROUPREF:
                after = frozenset(self.sample)
        return after

    def doubtful(self, tree: Any, after: frozenset[str]) -> Iterator[str]:
        """Repeats without a bound that may give way to what follows, the next round of a repeat around them included."""
        items = list(tree)
        for i, (op, value) in enumerate(items):
            following = self.first(items[i + 1:], after)
            endless = op in (c.MAX_REPEAT, c.MIN_REPEAT) and (value[1] == c.MAXREPEAT or value[1] > BOUND)
            if endless and self.first(value[2], frozenset()) & following:
                shared = "".join(sorted(self.first(value[2], frozenset()) & following)[:5])
                yield f"{shared!r} may go on or follow: {value[2]}"
            for inner in children(op, value):
                yield from self.doubtful(inner, self.first(value[2], following) | following if op in REPEATS and value[1] > 1 else following)


def children(op: Any, value: Any) -> Iterator[Any]:
    if op in REPEATS:
        yield value[2]
    elif op is c.SUBPATTERN:
        yield value[3]
    elif op is c.BRANCH:
        yield from value[1]
    elif op in (c.ASSERT, c.ASSERT_NOT):
        yield value[1]
    elif op is c.ATOMIC_GROUP:
        yield value


PATTERNS = _patterns()


def test_the_patterns_are_found():
    assert len(PATTERNS) > 300
    assert SHORT.keys() <= PATTERNS.keys(), SHORT.keys() - PATTERNS.keys()


@pytest.mark.parametrize("name", sorted(PATTERNS.keys() - SHORT.keys()))
def test_linear(name):
    characters = Characters(PATTERNS[name])
    assert not list(characters.doubtful(characters.tree, frozenset()))


@pytest.mark.parametrize(("pattern", "linear"), [
    (r"(?:a+)+b", False), (r"a*ab", False), (r"[^，]+，", True), (r"(?:ab|c)+d", True), (r"\d+年", True), (r".*x", False),
    (r"(?:甲|乙)+乙", False), (r"\s*+\s", True),
])
def test_the_test(pattern, linear):
    characters = Characters(re.compile(pattern))
    assert (not list(characters.doubtful(characters.tree, frozenset()))) is linear
