"""The marker grammar: what numbers a heading or a point, and the ordinal it states."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from duban.lines import NUMERAL

_HAN = rf"[{NUMERAL}]{{1,5}}"
_ANY = rf"(?:{_HAN}|\d{{1,3}})"
_VALUES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_ORDER = {"首先": 1, "其次": 2, "再次": 3}
#: What the points of a row repeat behind their numerals: 一来 …，二来 …; 一靠 …，二靠 …
ECHOED = "来则者曰靠抓看查问比学讲促保防强盯重求治改补优扩稳降增破立建管帮送听访赛督推控争练严创引育聚护整减"


@dataclass(frozen=True, slots=True)
class Style:
    """A way of numbering. ``rank``: how far out it stands by convention (small is outer); ``strong``: it marks a
    heading without a second one beside it; ``holds``: the rank below which it is closed by what follows."""

    name: str
    pattern: str
    rank: int
    strong: bool = True
    holds: int | None = None

    @property
    def resident(self) -> int:
        return self.rank if self.holds is None else self.holds


#: Markers that lead a paragraph, tried in this order.
STYLES = (
    Style("part", rf"第(?P<part>{_ANY})(?:部分|编|篇|板块)[：、，]?", 1),
    Style("chapter", rf"第(?P<chapter>{_ANY})章[：、，]?", 2),
    Style("division", rf"第(?P<division>{_ANY})节[：、，]?", 3),
    Style("article", rf"第(?P<article>{_ANY})条(?!例)[：、，]?", 55),
    Style("han", rf"(?P<han>{_HAN})[、.](?!{_HAN}[、，产季级线是])(?![，、])", 10),
    Style("paren", rf"（(?P<paren>{_HAN})）[、.]?", 20),
    Style("half", rf"(?P<half>{_HAN})）", 25),
    Style("num", r"(?P<num>\d{1,3})(?:[.、](?:(?![\d%Xx*])|(?=20\d\d年))|）)", 30),
    Style("pnum", r"（(?P<pnum>\d{1,3})）[、.]?", 40),
    Style("circled", r"(?P<circled>[①-⑳⑴-⒇⒈-⒛㈠-㈩➀-➉❶-❿])", 50),
    Style("square", r"\[(?P<square>\d{1,3})\]", 50),
    Style("ordinal", rf"第(?P<ordinal>{_ANY})(?:[，、：]|(?=[是要]))", 60, strong=False, holds=10),
    Style("point", rf"第(?P<point>{_HAN})(?:点|个?方面|件事|个问题|句话|项|步)(?:[，、：]|是|要)", 60, strong=False, holds=10),
    Style("is", rf"(?P<is>{_HAN})(?:是(?!(?P=is)[、，。；])|要(?![素闻害]))", 60, strong=False),
    Style("each", rf"(?P<each>{_HAN}|再|还有|另|另外)?一(?:个|块)(?:就|则|便)?是", 60, strong=False),
    Style("first", r"(?P<first>首先|其次|再次|最后)[，、：]?", 60, strong=False),
    Style("echo", rf"(?P<echo>{_HAN})[{ECHOED}](?=[，：\u4e00-\u9fff“])", 60, strong=False),
    Style("qi", rf"其(?P<qi>[{NUMERAL}]{{1,2}})[，、：]?(?!他|它)", 60, strong=False),
    Style("dash", r"(?P<dash>——?)(?!\d)", 60),
)
BY_NAME = {s.name: s for s in STYLES}
_BLOCK = re.compile("|".join(f"(?:{s.pattern})" for s in STYLES))


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker found at ``start``–``end``: its style and the ordinal it states (None for dashes, 最后, 再一个是)."""

    start: int
    end: int
    style: str
    number: int | None
    text: str

    @property
    def label(self) -> str:
        """The marker as a path shows it: without the punctuation after it."""
        return self.text.rstrip("、，：.")


#: No marker's numeral has more characters.
_LONGEST = 20


@lru_cache(4096)
def ordinal(words: str | None) -> int | None:
    """The ordinal of a numeral: 十二 → 12, 二十 → 20, 7 → 7, ③ → 3, 首先 → 1; None for what states none.

    >>> [ordinal(w) for w in ("十二", "二十", "7", "③", "首先", "最后")]
    [12, 20, 7, 3, 1, None]
    """
    if not words or len(words) > _LONGEST:
        return None
    if words.isdecimal():
        return int(words)
    if words in _ORDER:
        return _ORDER[words]
    if words[0] in _VALUES or words[0] in "十百":
        return _han(words)
    for first, count in (("①", 20), ("⑴", 20), ("⒈", 20), ("㈠", 10), ("➀", 10), ("❶", 10)):
        if 0 <= ord(words[0]) - ord(first) < count:
            return ord(words[0]) - ord(first) + 1
    return None


def _han(words: str) -> int | None:
    if not all(c in _VALUES or c in "十百" for c in words):
        return None
    if not any(c in "十百" for c in words):
        return int("".join(str(_VALUES[c]) for c in words))
    total = digit = 0
    for c in words:
        if c in _VALUES:
            digit = _VALUES[c]
        else:
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
    return total + digit


def match(text: str, start: int, end: int) -> Marker | None:
    """The marker that leads ``text[start:end]``."""
    m = _BLOCK.match(text, start, end)
    if m is None:
        return None
    style = m.lastgroup or "each"
    number = ordinal(m.group(style)) if style != "dash" else None
    if style == "each" and m.group("each") is None:
        number = 1
    return Marker(m.start(), m.end(), style, number, m.group())
