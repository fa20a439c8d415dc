"""Automatic numbering of a Word file: the label that is shown before a paragraph, which its text does not contain."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

LEVELS = 9
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SLOT = re.compile("%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "十", "百", "千")
_LEGAL_UNITS = ("", "拾", "佰", "仟")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_COUNTING = frozenset((
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "japaneseDigitalTenThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
    "ideographTraditionalCounting",
))  # fmt: skip
#: Formats that are a run of code points: format -> the character of one, and how many there are.
_RUNS = {
    "decimalEnclosedCircle": ("①", 20), "decimalEnclosedCircleChinese": ("①", 20), "decimalEnclosedParen": ("⑴", 20), "decimalEnclosedFullstop": ("⒈", 20),
    "ideographEnclosedCircle": ("㊀", 10), "ideographParenthesized": ("㈠", 10),
}  # fmt: skip
_SERIES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}


def chinese(number: int, digits: str = _DIGITS, units: tuple[str, ...] = _UNITS) -> str:
    """The Chinese numeral of 0 to 99,999,999.

    >>> [chinese(n) for n in (0, 2, 10, 12, 20, 105, 110, 1004, 20010)]
    ['〇', '二', '十', '十二', '二十', '一百零五', '一百一十', '一千零四', '二万零一十']
    """
    if number < 10:
        return digits[number]
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        rest = ("零" if low < 1000 else "") + chinese(low, digits, units) if low else ""
        return chinese(high, digits, units) + "万" + rest.replace("零十", "零一十")
    out, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            out += ("零" if gap else "") + digits[digit] + units[place]
            gap = False
        elif out:
            gap = True
    return out.removeprefix(digits[1]) if 10 <= number < 20 else out


def render(number: int, style: str) -> str:
    """A number in one of the formats of WordprocessingML (``w:numFmt``); an unknown one is written in digits.

    >>> [render(3, s) for s in ("chineseCounting", "decimalEnclosedCircle", "upperRoman", "lowerLetter", "decimalZero", "none")]
    ['三', '③', 'III', 'c', '03', '']
    """
    if style in ("none", "bullet"):
        return ""
    if style in _COUNTING and 0 <= number < 10**8:
        return chinese(number)
    if style in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal") and 0 <= number < 10**8:
        return chinese(number, _LEGAL, _LEGAL_UNITS)
    if style in ("ideographDigital", "taiwaneseDigital"):
        return "".join(_DIGITS[int(c)] for c in str(abs(number)))
    if style in _RUNS and 1 <= number <= _RUNS[style][1]:
        return chr(ord(_RUNS[style][0]) + number - 1)
    if style in _SERIES and number >= 1:
        series = _SERIES[style]
        return series[(number - 1) % len(series)]
    if style in ("upperLetter", "lowerLetter") and number >= 1:
        letter = chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
        return letter if style == "upperLetter" else letter.lower()
    if style in ("upperRoman", "lowerRoman") and 1 <= number < 4000:
        out = ""
        for value, sign in _ROMAN:
            count, number = divmod(number, value)
            out += sign * count
        return out if style == "upperRoman" else out.lower()
    return f"{number:02d}" if style == "decimalZero" else str(number)


@dataclass(slots=True)
class _Level:
    """One level of a list; ``restart``: the level (from 0) that has to be used for this one to start over, -1 never."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    paragraph_style: str | None = None


@dataclass(slots=True)
class _List:
    """A list as used: its levels, the counters it shares with the lists made from the same definition, its overrides."""

    levels: dict[int, _Level]
    counters: list[int | None]
    overrides: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document, with their counters; ``numbering`` and ``styles`` are the elements of those parts, or None."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._lists: dict[int, _List] = {}
        self._styles: dict[str, Any] = {}
        self._default: str | None = None
        for style in () if styles is None else styles.iterfind(f"{_W}style"):
            name = style.get(f"{_W}styleId")
            self._styles[name] = style
            if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true", "on"):
                self._default = name
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: Any) -> None:
        abstract = {_value(a, f"{_W}abstractNumId", own=True): a for a in numbering.iterfind(f"{_W}abstractNum")}
        linked = {_value(a, f"{_W}styleLink"): a for a in abstract.values() if _value(a, f"{_W}styleLink")}
        known: dict[str, tuple[dict[int, _Level], list[int | None]]] = {}
        for num in numbering.iterfind(f"{_W}num"):
            identifier = _value(num, f"{_W}abstractNumId")
            element = abstract.get(identifier)
            if identifier is None or element is None:
                continue
            element = linked.get(_value(element, f"{_W}numStyleLink"), element)
            if identifier not in known:
                known[identifier] = {_number(lvl.get(f"{_W}ilvl")): _level(lvl) for lvl in element.iterfind(f"{_W}lvl")}, [None] * LEVELS
            levels, counters = known[identifier]
            found = _List(dict(levels), counters)
            for override in num.iterfind(f"{_W}lvlOverride"):
                at = _number(override.get(f"{_W}ilvl"))
                if (lvl := override.find(f"{_W}lvl")) is not None:
                    found.levels[at] = _level(lvl)
                if (start := _value(override, f"{_W}startOverride")) is not None:
                    found.overrides[at] = _number(start)
            self._lists[_number(num.get(f"{_W}numId"))] = found

    def label(self, properties: Any) -> str:
        """What is shown before the paragraph with these properties (``w:pPr`` or None), which is counted."""
        number, level = self._of(properties)
        found = self._lists.get(number)
        if found is None or level not in found.levels or not 0 <= level < LEVELS:
            return ""
        return self._count(found, level)

    def style_name(self, properties: Any) -> str:
        """The name of a paragraph's style, "" where it has none."""
        style = self._styles.get(_value(properties, f"{_W}pStyle") or "")
        return _value(style, f"{_W}name") or ""

    def _of(self, properties: Any) -> tuple[int, int]:
        """The list and level of a paragraph: its own, else those of its style and what that is based on."""
        own = None if properties is None else properties.find(f"{_W}numPr")
        number, level = _value(own, f"{_W}numId"), _value(own, f"{_W}ilvl")
        name = _value(properties, f"{_W}pStyle") or self._default
        for _ in range(20):
            style = self._styles.get(name or "")
            if number is not None or style is None:
                break
            found = style.find(f"{_W}pPr/{_W}numPr")
            if found is not None and (number := _value(found, f"{_W}numId")) is not None and level is None:
                level = _value(found, f"{_W}ilvl") or self._level_of_style(_number(number), name)
            name = _value(style, f"{_W}basedOn")
        return _number(number), _number(level)

    def _level_of_style(self, number: int, style: str | None) -> str | None:
        levels = self._lists[number].levels if number in self._lists else {}
        return next((str(i) for i, level in levels.items() if level.paragraph_style == style), None)

    @staticmethod
    def _count(found: _List, at: int) -> str:
        counters, level = found.counters, found.levels[at]
        start = level.start
        if at in found.overrides:
            counters[at], start = None, found.overrides.pop(at)
        last = counters[at]
        counters[at] = start if last is None else last + 1
        for deeper in range(at + 1, LEVELS):
            below = found.levels.get(deeper)
            if below is None or below.restart is None or at <= below.restart:
                counters[deeper] = None
        if level.style == "bullet":
            return "".join("•" if "\ue000" <= c <= "\uf8ff" else c for c in level.text.strip())

        def number(slot: re.Match[str]) -> str:
            i = int(slot[1]) - 1
            other = found.levels.get(i, _Level())
            value = counters[i]
            return render(other.start if value is None else value, "decimal" if level.legal else other.style)

        label = _SLOT.sub(number, level.text).strip()
        return label + " " if label and (level.suffix == "space" or label.isascii() and level.suffix != "nothing") else label


def _level(lvl: Any) -> _Level:
    found = _Level(text=_value(lvl, f"{_W}lvlText") or "")
    style = lvl.find(f".//{_W}numFmt")
    if style is not None:
        found.style = style.get(f"{_W}val") or "decimal"
    found.start = _number(_value(lvl, f"{_W}start"), 1)
    found.suffix = _value(lvl, f"{_W}suff") or "tab"
    found.paragraph_style = _value(lvl, f"{_W}pStyle")
    legal = lvl.find(f"{_W}isLgl")
    found.legal = legal is not None and legal.get(f"{_W}val") not in ("0", "false", "off")
    if (restart := _value(lvl, f"{_W}lvlRestart")) is not None:
        found.restart = _number(restart) - 1
    return found


def _value(element: Any, name: str, *, own: bool = False) -> str | None:
    """The value of an element's child (or ``own`` attribute)."""
    if element is None:
        return None
    if own:
        value: str | None = element.get(name)
        return value
    child = element.find(name)
    return None if child is None else child.get(f"{_W}val")


def _number(value: str | None, default: int = 0) -> int:
    """An attribute as an integer; Word takes what is none for the default."""
    text = (value or "").strip()
    return int(text) if text.lstrip("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 10 else default
