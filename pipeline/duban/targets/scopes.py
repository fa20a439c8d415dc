"""Whose figure a number is, where it is not that of the document's own place: 全国, 全省 in a city's report, a county, a firm."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from duban.matches import Entity, Quote, Span, Target
from duban.numerals.words import Worded
from duban.targets.links import residue
from duban.targets.words import Tables

#: How many characters may name what is counted between an owner and the number.
_LONGEST = 8
_LEVELS = "省市县区州旗镇乡"
_SPEAKER, _WHOLE = re.compile(f"[我本]([{_LEVELS}])(?!长)"), re.compile(f"全([{_LEVELS}])")
_OWN = re.compile(f"[我本](?:[{_LEVELS}]|公司|单位|部门)")
# names of places at the head of a clause; what they end in makes words too (园区, 城市, 老旧小区)
_NAME = (
    "(?:[*Xx×]{1,3}[县区市州旗镇乡]|[^\\W\\d_a-zA-Z一二两三四五六七八九十各几多]县|[一-鿿]{2,4}?(?:新区|开发区|高新区|经开区|经济区|街道|[县区市州旗镇乡]))"
    "(?![场民委级镇政内外间域属里化际情城长直州])"
)
#: One or several names of places, as a pattern; it takes in what only ends like one.
PLACE_NAMES = f"{_NAME}(?:[、和与]{_NAME})*"
_PLACES = re.compile(
    f"(?<![^，。；：、（）是])(?:其中，?|而|但|仅|只有|特别是|尤其是|分别是|依次为|[最较][高低快慢]的(?:是)?)?(?P<name>{PLACE_NAMES})"
)
_FIRM = re.compile(".*(?:集团|公司|银行|开发区|高新区|管委会|医院|大学|学院|电厂)")
# what ends like a place (老旧小区, 园区, 城市), or runs into one (支持青岚县)
_NO_NAME = re.compile(
    "(?:^|[、和与])[^、和与]{0,3}(?:各|全|小|社|灾|景|山|库|矿|地|城|牧|林|片|辖|郊|厂|街|校|战|专|特|县|乡|市|镇|村|灌|园|居民|农村|工业|产业|示范|试验|功能|行政|规上|重点|超|强|户|百|十|千|万)[县区市州旗镇乡]"
    "|^(?:全[国省市县区州]|国家|我|本|该|其他|其中|在|对|向|为|与|比|较|由|从|将|把|使|让|到|以|按|通|建成|新增|省[上内]|市[上内]|成果)|级"
)
_VERB = Worded("(?:{URGE_ADVERB}|{URGE}|{ORDER})", "target_words")
_BASE = re.compile(
    "(?:高于|低于|快于|慢于|优于|超过|领先|落后于?|好于|跑赢|居|列|位居|排名?|排在|占到?|比|较|跃居|进入|前列|对标|走在|名列|位列|成为|是|高出|不足|不到|不及|相当于|达到|等于|与|同|为|在|对|向|对比|距离?|低过)$"
)
_REGIONS = frozenset(("西部", "东部", "中部", "东北", "西北", "西南"))
_ATTRIBUTIVE = re.compile(
    "\\d+(?:强|个(?:省|国家|城市|市|县|区))|第|前|首|同类|重点|人大|政协|首批|最|率先|唯一|领先|先进|统一|百强|示范|的[前第]|倒数|后|文明|优秀|性|各"
)
# 完成投资8亿元: what is done may stand before the number
_DOES = re.compile("(?:已|共|累计|分别|均|预计|全年|今年){0,2}(?:完成|实现|新增|建成|引进|争取|新建|改造|签约|开工|发放|招引|投资|贡献|吸纳)")
_AVERAGE = re.compile("的?平均(?:水平|数|值)?")


class Owner(NamedTuple):
    """The words that say whose a figure is; ``own`` where they say that it is the document's own place's."""

    start: int
    end: int
    own: bool


class Scopes:
    """The owners of the figures of a text, asked for one number after the other.

    ``place``: the document's own place, None where it is not known: then the level it speaks of most (我市, 全市) is its own.
    """

    def __init__(self, text: str, entities: Sequence[Entity], place: str | None, tables: Tables) -> None:
        self.text, self.place, self.tables = text, place, tables
        self.indicators = [e for e in entities if e.label == "INDICATOR"]
        self.indicator_starts = [e.start for e in self.indicators]
        self.firms = [e for e in entities if e.label == "DEPARTMENT" and _FIRM.fullmatch(text, e.start, e.end)]
        self.firm_starts = [e.start for e in self.firms]
        said = Counter(_SPEAKER.findall(text)) or Counter(_WHOLE.findall(text))
        self.level = place[-1] if place and place[-1] in _LEVELS else max(said, key=said.__getitem__, default=None)
        self.owner: Owner | None = None

    def whose(self, since: int, number: Span, *, first: bool) -> Quote | None:
        """The owner of the number, if not the document's own place.

        ``since``: where the number before it in its sentence ended, or, where it is the ``first``, where the sentence begins.
        """
        found = self._last(since, number.start)
        if found and not first and self.text.startswith("（", found.start - 1):
            return None if found.own else self._quote(found)  # 增长7%（全省6%）: only there
        if found:
            self.owner = found
        elif first or self._changes(since, number.start):
            self.owner = None  # another sentence, another subject
        return self._quote(self.owner) if self.owner and not self.owner.own else None

    def _quote(self, owner: Owner) -> Quote:
        return Quote(owner.start, owner.end, self.text[owner.start:owner.end])

    def _changes(self, start: int, end: int) -> bool:
        """Does another subject stand before the number at ``end``?"""
        words = self.text[start:end]
        return "；" in words or bool(self._named(start, end)) or len(residue(words, self.tables)) > 2

    def _last(self, start: int, end: int) -> Owner | None:
        """The last owner named between ``start`` and ``end`` that is the subject of the number at ``end``."""
        owners = [Owner(*m.span(), True) for m in _OWN.finditer(self.text, start, end)]
        owners += [self._wide(m) for m in self.tables.anywhere("SCOPE").finditer(self.text, start, end) if self._is_wide(m, end)]
        owners += [
            Owner(*m.span("name"), m["name"] == self.place)
            for m in _PLACES.finditer(self.text, start, end)
            if not _NO_NAME.search(m["name"]) and not _VERB.match(m["name"]) and self._leads(m.end("name"), end, 1)
        ]
        firms = self.firms[bisect_left(self.firm_starts, start):bisect_left(self.firm_starts, end)]
        owners += [Owner(e.start, e.end, False) for e in firms if self._leads(e.end, end, 1)]
        return max(owners, default=None)

    def _wide(self, match: re.Match[str]) -> Owner:
        word = match[0]
        return Owner(*match.span(), word == f"全{self.level}" or word == f"{self.level}内")

    def _is_wide(self, match: re.Match[str], number: int) -> bool:
        """全国 as a subject: neither what something is compared with nor part of a name."""
        before = self.text[max(0, match.start() - 4):match.start()]
        if _BASE.search(before) or (match[0] in _REGIONS and "一" <= before[-1:] <= "鿿"):
            return False  # 居全省第3位, 川东北
        average = _AVERAGE.match(self.text, match.end())
        end = average.end() if average else match.end()
        return _ATTRIBUTIVE.match(self.text, end) is None and self._leads(end, number, _LONGEST)

    def _leads(self, start: int, end: int, most: int) -> bool:
        """Does what stands from ``start`` to the number hold at most ``most`` characters besides the indicator and passing words?"""
        words, at = "", start
        for e in self._named(start, end):
            words, at = words + self.text[at:e.start], e.end
        return len(residue(words + self.text[at:end], self.tables)) <= (_LONGEST if _DOES.match(self.text, start) else most)

    def _named(self, start: int, end: int) -> Sequence[Entity]:
        """The indicators that begin between ``start`` and ``end``."""
        return self.indicators[bisect_left(self.indicator_starts, start):bisect_left(self.indicator_starts, end)]


def shared(group: Sequence[Target]) -> list[Quote]:
    """The owners of the numbers of a list whose owners were named together (青岚县、白鹭县分别增长8%、9%); [] where they do not match."""
    scope = group[0].scope
    if scope is None:
        return []
    names = [Quote(scope.start + m.start(), scope.start + m.end(), m[0]) for m in re.finditer("[^、和与]+", scope.text)]
    return names if len(names) == len(group) > 1 else []
