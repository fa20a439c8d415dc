"""Times told by an occasion (春节前, 主汛期来临前, 秋收期间, 腊月二十八以前) and the days they stand for.

The occasions are the lexicon ``occasions``: ``day`` is the day of every year it falls on, ``days`` are its days where the
year decides (festivals of the lunar calendar, solar terms).
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date as Date
from functools import cache
from typing import NamedTuple

from duban.alternation import any_of
from duban.lexicon import Entry, Lexicon

_NUMBER = "一二三四五六七八九十"
#: A day of the two months of the lunar calendar that work is planned by.
_LUNAR_DAY = re.compile(rf"[正腊]月(?:初[{_NUMBER}]|廿?[{_NUMBER}]{{1,3}})?底?")
#: What makes a time of an occasion; 前 is no "before" in 高考前十名 and 汛前线.
_SIDE = re.compile(rf"(?P<before>(?:(?:来临|到来|开始)之?|之|以)前|前夕|前(?![\d*×{_NUMBER}几]|[后列茅线期提端沿置瞻景往去进]))|前后|期间|以来")
#: Days off are a time by themselves.
_HOLIDAYS = ("假期", "黄金周", "小长假")
#: 防汛, 抗旱 and 备耕 are work, whenever it is done.
_WORK = ("防", "抗", "备")
#: A day further off than this is of another year as likely as not, and one so lately past may still be meant (days).
_COMING, _PAST = 240, 60
#: The sides of an occasion that names end before, as words.
_SIDES = ("前", "之前", "以前", "来临前", "到来前", "期间")


def words() -> tuple[str, ...]:
    """All that tells a time by an occasion, for names that end before it: 春节前, 春节之前, 春节期间."""
    return tuple(name + side for name in _names()[1] for side in _SIDES)


def any_time() -> str:
    """The same as one pattern."""
    return f"{_names()[0].pattern}(?:{'|'.join(_SIDES)})"


class Occasion(NamedTuple):
    """A time told by an occasion: where it stands, the occasion's entry (None: a day of the lunar calendar), and is it up to it?"""

    start: int
    end: int
    entry: Entry | None
    before: bool


def find(text: str) -> Iterator[Occasion]:
    """The times of ``text`` that are told by an occasion.

    >>> [text[o.start : o.end] for text in ("春节前付清，秋收期间暂停",) for o in find(text)]
    ['春节前', '秋收期间']
    """
    expression, entries = _names()
    named: list[tuple[int, int, Entry | None]] = [(*name.span(), entries[name[0]]) for name in expression.finditer(text)]
    lunar = [(day.start(), day.end(), None) for day in _LUNAR_DAY.finditer(text)]
    for start, end, entry in (*named, *lunar):
        side = _SIDE.match(text, end)
        if (side or text.endswith(_HOLIDAYS, start, end)) and not text.endswith(_WORK, 0, start):
            yield Occasion(start, side.end() if side else end, entry, side is not None and side["before"] is not None)


@cache
def _names() -> tuple[re.Pattern[str], dict[str, Entry]]:
    """The names of the occasions as an expression, and whose each is."""
    entries = {name: entry for entry in Lexicon.packaged("occasions") for name in (entry.pattern, *entry.get("aliases", ()))}
    return re.compile(any_of(list(entries))), entries


def resolve(occasion: Occasion, today: Date | None) -> str | None:
    """The EDTF interval up to an occasion that is before long, seen from ``today``; None where it may be of another year.

    Without ``today`` the year of a day that is the same every year stays open (``XXXX``).

    >>> [resolve(said, Date(2026, 7, 1)) for said in find("国庆节前完成，春节前付清")]
    ['../2026-10-01', '../2027-02-06']
    """
    if not occasion.before or occasion.entry is None:
        return None
    if today is None:
        return f"../XXXX-{day}" if (day := occasion.entry.get("day")) else None
    days = _days(occasion.entry.id, today.year)
    at = bisect_left(days, today)
    if at == len(days) or (days[at] - today).days > _COMING or (at and (today - days[at - 1]).days < _PAST):
        return None
    return f"../{days[at]}"


@cache
def _days(identifier: str, year: int) -> list[Date]:
    """The days of an occasion about a year, in order."""
    entry = next(e for e in Lexicon.packaged("occasions") if e.id == identifier)
    if day := entry.get("day"):
        return [Date.fromisoformat(f"{y:04d}-{day}") for y in (year - 1, year, year + 1)]
    return [Date.fromisoformat(day) for day in entry.get("days", ())]
