"""Where a name begins: the level and place in front of an organ's name, and the words at which names end leftwards."""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from duban.alternation import any_of
from duban.lexicon import Entry, Lexicon

#: A place whose name was masked: *县, XX市, 某区.
MASK = r"[*×○〇]{1,4}|[XxΧ]{1,4}|某{1,2}"
#: What is listed after the organs of each place is one of each place too: 各街道办事处、乡人民政府.
OF_EACH = re.compile(r"各[^，。；：！？\n]{1,14}(?:办事处|政府|党委|管委会)[、和及]$")
_LEVEL_OF = {"省": "省", "自治区": "省", "市": "市", "州": "市", "自治州": "市", "盟": "市", "地区": "市", "县": "县", "区": "县", "旗": "县", "自治县": "县",
             "新区": "县", "乡": "乡", "镇": "乡", "街道": "乡", "国家": "国家", "全国": "国家", "中央": "国家", "中共": None, "中国": "国家", "中华": "国家"}
_ZONES = "(?:经济技术|经济|高新技术产业|高新技术)开发区|经开区|高新区|开发区|新城|综保区|保税区|保税港区|自贸区|风景区|景区|度假区|管理区|示范区|园区"
# What stands at the end of the text before an organ's name. The word before a level must not make it another word (全市, 超市, 城市).
_LEVEL = re.compile(
    r"(?:(?P<level>自治区|自治州|自治县|新区|街道|地区|(?<![全各本我该两超城上股都门])市|(?<![全各本我该外])省|(?<![全各本我该])县|(?<![全各本我该片景灾社小校厂林山园])区"
    rf"|(?<![全各本我该神九])州|盟|(?<![国红军彩])旗|(?<![城下回家])乡|(?<![城集村乡])镇)(?:直属|直|本级|属)?|(?P<zone>{_ZONES})|(?P<top>国家|全国|中央|中共|中国))$"
)
#: What levels, zones and masked places end in; of a letterhead the line before an organ's may hold them.
_LAST = frozenset("省市县区州盟旗乡镇道直属级城园家国央共*×○〇XxΧ某\n")
_MASKED = re.compile(rf"(?:{MASK})$")
# A name of which a character was left: *堡镇, 石*县
_HALF_MASKED = re.compile(rf"(?:{MASK})(?:(?![省市县区乡镇])[\u4e00-\u9fff]){{1,2}}$")
_ETHNIC = re.compile(r"[\u4e00-\u9fff]{2,9}族自治$")
# A proper name: not a level, a committee or an office, nor a preposition before a bare level.
_OWN_NAME = re.compile(r"(?:(?![经报请由向从按全各本我该好])[\u4e00-\u9fff])(?:(?![省市县区委局部厅府])[\u4e00-\u9fff]){1,2}")
#: The level of a place in front of another one's name.
_OUTER = re.compile(r"[省市县区州旗](?=[\u4e00-\u9fff]{2,3}$)")
_STOP = re.compile(r"[^\u4e00-\u9fff*×○〇A-Za-z0-9“”·]+|[”“](?=[^”“]*$)")
# a count in front of what it counts: 3家, 两所
_COUNTED = r"(?P<count>[\d一二三四五六七八九十百两几数多]+(?:余|多)?(?:个|家|所|座|条|名|位|项|批|户|支))"
_WINDOW = 14


class Cues:
    """Words that make a grammar, by their kinds: ``cues("acts")`` is the alternation of those of a kind, the longest first.

    >>> from duban.lexicon import Entry, Lexicon
    >>> Cues(Lexicon.of([{"label": "ORGAN_CUE", "pattern": "要", "kinds": ["acts"], "not_before": ["素", "求"]}]))("acts")
    '(?:要(?!素|求))'
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = sorted(entries, key=lambda e: -len(e.pattern))

    def __call__(self, *kinds: str) -> str:
        return "(?:" + ("|".join(self._barred(e) for e in self.of(*kinds)) or "(?!)") + ")"

    def of(self, *kinds: str) -> list[Entry]:
        """The entries of one of the kinds."""
        return [e for e in self._entries if not set(e.get("kinds", ())).isdisjoint(kinds)]

    def words(self, kind: str) -> tuple[str, ...]:
        """The words of a kind, the longest first."""
        return tuple(e.pattern for e in self.of(kind))

    @staticmethod
    def _barred(entry: Entry) -> str:
        before = "|".join(rf"(?<={re.escape(word)})" for word in entry.get("after", ()))
        behind = "|".join(map(re.escape, entry.get("not_before", ())))
        return (f"(?:{before})" if before else "") + re.escape(entry.pattern) + (f"(?!{behind})" if behind else "")


class Prefix(NamedTuple):
    """``start`` of the level and place words before an organ's name; ``level`` and ``place`` if they say them."""

    start: int
    level: str | None = None
    place: str | None = None


class Naming:
    """The places, the edges and the words that name no place (``"place": false``) of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.places: dict[str, str | None] = {}
        for entry in lexicon.labelled("PLACE"):
            for name in (entry.pattern, *entry.get("aliases", ())):
                self.places[name] = entry.get("level")
        lengths: dict[str, set[int]] = {}
        for name in self.places:
            if len(name) > 1:
                lengths.setdefault(name[-1], set()).add(len(name))
        # how long the places are that end in a character, the longest first
        self._lengths = {last: sorted(of_it, reverse=True) for last, of_it in lengths.items()}
        edges = list(lexicon.labelled("NAME_EDGE"))
        ordinary = [e.pattern for e in edges if e.get("place") is False]
        self._no_place = re.compile(any_of(ordinary))
        edges = [e for e in edges if e.get("place") is None]
        self._hard = frozenset(e.pattern for e in edges if not e.get("inside"))
        self.words = self._hard.union(ordinary)
        inside = [e.pattern for e in edges if e.get("inside")] + [p for p in self.places if len(p) > 1]
        self._edge = re.compile(f"{_COUNTED}|{any_of({*self._hard, *inside})}")

    def name_start(self, text: str, floor: int, end: int) -> int:
        """Where the name that ends at ``end`` begins at the earliest: after the last stop or edge word since ``floor``."""
        start = floor
        for stop in _STOP.finditer(text, floor, end):
            start = stop.end()
        at = start
        return max((m.end() for m in self.edges(text, at, end)), default=start)

    def edges(self, text: str, start: int, end: int) -> list[re.Match[str]]:
        """The words between ``start`` and ``end`` at which a name would end."""
        return [m for m in self._edge.finditer(text, start, end) if m.lastgroup or m.group() in self._hard]

    def openings(self, text: str, start: int, end: int) -> list[int]:
        """Where a name may open between ``start`` and ``end``: after an edge or an ordinary word."""
        return sorted([m.end() for m in self.edges(text, start, end)] + [m.end() for m in self._no_place.finditer(text, start, end)])

    def has_edge(self, text: str, start: int, end: int) -> bool:
        """Is there a word between ``start`` and ``end`` at which a name would end?"""
        return self.name_start(text, start, end) > start

    def known_place(self, text: str, end: int, floor: int = 0) -> str | None:
        """The longest place of the lexicon that ends at ``end``."""
        for length in self._lengths.get(text[end - 1:end], ()):
            if length <= end - floor and (place := text[end - length:end]) in self.places:
                return place
        return None

    def prefix(self, text: str, end: int, floor: int = 0) -> Prefix:
        """The chain of levels and places that ends at ``end``: 市, *县, 某省某市, 临澄市青岚县.

        The last level names the organ's own; the places are joined as they stand.
        """
        start, level, place_start = end, None, end
        while start > floor:
            step = self._step(text, start, max(floor, start - _WINDOW))
            if step is None:
                break
            if level is None:
                level = step.level
            start = step.start
            if step.place is None and step.level != "国家":
                twice = self._step(text, start, max(floor, start - _WINDOW)) if text[start - 1:start] == text[start] else None
                if twice is None or twice.place is None:
                    break  # a bare level has nothing in front of it
                place_start = start = twice.start  # *县县委
                break
            place_start = start
        return Prefix(start, level, text[start:end].removeprefix("中共") if place_start < end and level != "国家" else None)

    def _step(self, text: str, end: int, floor: int) -> Prefix | None:
        known = self.known_place(text, end, floor)
        if known:
            return Prefix(end - len(known), self.places[known], known)
        if text[end - 1] not in _LAST:
            return None
        window = text[floor:end]
        masked = _MASKED.search(window)
        if masked:
            return Prefix(floor + masked.start(), None, masked.group())
        level = _LEVEL.search(window)
        if level is None:
            return Prefix(end - 1, _LEVEL_OF[text[end - 1]]) if self._level_after_word(text, end, floor) else None
        start = floor + level.start()
        if level["top"]:
            return Prefix(start, _LEVEL_OF[level["top"]])
        word = level["level"] or "区"
        place = None if word == "自治区" else self._place_before(text, start, floor)
        if place is None:
            return Prefix(start, _LEVEL_OF.get(word))
        return Prefix(place, _LEVEL_OF.get(word), text[place:end])

    def _level_after_word(self, text: str, end: int, floor: int) -> bool:
        """Is there a level after a word whose last character only seems to go on: 会上|市政府, not 上市?"""
        return text[end - 1] in _LEVEL_OF and any(text[end - 1 - n:end - 1] in self.words for n in (2, 3, 4) if end - 1 - n >= floor)

    def _place_before(self, text: str, end: int, floor: int) -> int | None:
        """The start of the proper name of a place directly before its level word, if one stands there."""
        window = text[floor:end]
        known = self.known_place(text, end, floor)
        if known:
            return end - len(known)
        masked = _MASKED.search(window) or _ETHNIC.search(window)
        if masked:
            return max(floor + masked.start(), self.name_start(text, floor, end))
        start = self.name_start(text, floor, end)
        half = _HALF_MASKED.search(text, start, end)
        if half and not self._no_place.search(text, half.start(), end):
            return half.start()
        if text.startswith("中共", start):
            start += 2  # 中共临澄市委
        if outer := _OUTER.search(text, start, end):
            around = self._step(text, outer.end(), start)
            if around is None or around.place is None:
                return None
            start = outer.end()  # 临澄市青岚县: the nearer of two
        if not _OWN_NAME.fullmatch(text, start, end) or self._edge.search(text, start, end) or self._no_place.search(text, start, end):
            return None
        return start


@lru_cache(maxsize=8)
def naming(lexicon: Lexicon) -> Naming:
    """The naming rules of a lexicon, compiled once."""
    return Naming(lexicon)
