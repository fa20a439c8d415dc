"""Units: the lexicon as one expression, and what each stands for."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from duban.lexicon import Entry, Lexicon

#: What a compound unit may be counted per (元/人, 立方米/秒).
_PER = (
    "千瓦时|平方公里|平方米|立方米|工作日|公里|千克|公斤|人次|人年|小时|分钟|[个]?月|吨|亩|人|户|家|辆|台|套|件|次|年"
    "|天|日|升|米|克|秒|斤|头|股|张|床|度|节|座|瓦"
)
_NOTE = r"（[间套户处个家人件座栋条台所]）"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its standard name, what it measures, and how many of the dimension's base unit it is (None for counts)."""

    name: str
    dimension: str
    scale: Decimal | None
    id: str


@cache
def _packaged() -> Lexicon:
    return Lexicon.packaged("units")


@lru_cache(maxsize=16)
def _entries(lexicon: Lexicon | None) -> tuple[Entry, ...]:
    """The units of ``lexicon``, of the package where it has none."""
    own = tuple(e for e in lexicon or () if e.label == "UNIT")
    return own or _packaged().entries


@lru_cache(maxsize=16)
def units(lexicon: Lexicon | None = None) -> dict[str, Unit]:
    """The units of the lexicon by the words that name them."""
    return {
        e.pattern: Unit(e.canon, e.get("dimension", "count"), Decimal(e.get("scale")) if e.get("scale") else None, e.id)
        for e in _entries(lexicon)
    }


#: Matches a unit at a position of a text: groups ``base``, ``note`` （间） and ``per``, the denominator without its stroke.
UnitReader = Callable[[str, int], "re.Match[str] | None"]


@lru_cache(maxsize=32)
def reader(lexicon: Lexicon | None = None, *, careful: bool = False) -> UnitReader:
    """What finds the unit that stands at a position.

    ``careful``: also mind what must not follow a unit after a Chinese or masked figure (三家 but not 三家园); after
    Arabic figures only what never may. One expression a first character: hundreds of units are not tried in turn.

    >>> match = reader()("60元/公里", 2)
    >>> match["base"], match["per"]
    ('元', '公里')
    """
    alternatives: dict[str, list[str]] = {}
    for entry in sorted(_entries(lexicon), key=lambda e: -len(e.pattern)):
        barred = "|".join((*entry.get("never_before", ()), *(entry.get("not_before", ()) if careful else ())))
        letters = "(?![A-Za-z0-9])" if entry.pattern[-1].isascii() and entry.pattern[-1].isalpha() else ""
        alternatives.setdefault(entry.pattern[0], []).append(re.escape(entry.pattern) + (f"(?!{barred})" if barred else "") + letters)
    expressions = _Expressions(alternatives)

    def read(text: str, at: int) -> re.Match[str] | None:
        match = expressions[text[at]] if at < len(text) else None
        return match and match(text, at)

    return read


class _Expressions(dict[str, "Callable[[str, int], re.Match[str] | None] | None"]):
    """What matches a unit, by its first character; compiled when a text has that character, for most never turn up."""

    def __init__(self, alternatives: Mapping[str, Sequence[str]]) -> None:
        self._alternatives = alternatives

    def __missing__(self, first: str) -> Callable[[str, int], re.Match[str] | None] | None:
        parts = self._alternatives.get(first)
        self[first] = re.compile(rf"(?P<base>{'|'.join(parts)})(?:(?P<note>{_NOTE}))?(?:[/每](?P<per>{_PER}))?").match if parts else None
        return self[first]


class Vocabulary(NamedTuple):
    """What a lexicon says of units: what they stand for, and what reads one behind Arabic figures and, with care, behind others."""

    units: dict[str, Unit]
    read: UnitReader
    careful: UnitReader


@lru_cache(maxsize=16)
def own(lexicon: Lexicon | None) -> Lexicon | None:
    """The lexicon, None where its units are the package's: what is read with the one is read with the other."""
    return None if _entries(lexicon) == _packaged().entries else lexicon


@lru_cache(maxsize=16)
def vocabulary(lexicon: Lexicon | None = None) -> Vocabulary:
    """The units of the lexicon, ready to read."""
    return Vocabulary(units(lexicon), reader(lexicon), reader(lexicon, careful=True))
