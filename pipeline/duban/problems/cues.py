"""Cues: which of the words that may say a fault do, in their clause, and of which kind it is."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from duban.entities.indicators.direction import should_be_low
from duban.lexicon import Entry
from duban.matches import Entity, Span, Target
from duban.problems.words import Hit, Words

#: What follows a cue that is an attribute: of a thing named or counted, or of a class.
_CLASS = r"(?:项目|单位|企业|县区|区县|县市|地区|地方|乡镇|镇街|部门|工程|事项|任务|干部|人员|同志|问题|现象|楼盘|小区|指标|园区|村|行业|环节|领域|工作)"
_ATTRIBUTE = re.compile(rf"[^，；：、。的]{{0,4}}?的(?!是|有|为|还|达|包括|主要|分别|占|仍|共|就|原因|最|多|不少|较|依次)|{_CLASS}")
_SUCH = re.compile(r"[^，；：、。的]{0,4}?的?(?:问题|现象|情况|局面|状况|状态|态势|势头|倾向|苗头|矛盾|困难)")
_NUMBER = re.compile(
    r"[\d*Xx×]|[一二三四五六七八九十两百零半几]+(?:[成个家户分倍万亿%点]|分之)|分之"
)
#: A part of what something is compared with: 去年同期的六成, 全省平均水平的三分之二.
_PART = re.compile(r"[^，；。、]{1,14}?的?(?:[\d*Xx×一二三四五六七八九十两几]+(?:成|分之|%|\.\d+%)|一半|半数|零头|百分之)")
_LASTS = re.compile(r"[^，；。、]{0,4}?(?:[\d一二两三四五六七八九十半几数多]{1,6}个?(?:年|月|季度|天|周|星期|小时)|好几|很久|多年|数月|半年|至今)")
#: How far from a cue the words may stand that it depends on: behind it, before it.
_STRETCH, _FAR = 12, 40
_FROM = re.compile(r"[距离与同比较]")
_start = attrgetter("start")
_QUALIFIED = re.compile(r"[一-鿿]{2}”?$")
_ADVERB = re.compile(r"(?:还|仍然|仍|也|都|又|比较|较为|相对|依然|明显|普遍|总体|整体|严重|极其|十分|非常|有所|有点|大多|太|很)+$")
_PROGRESS = re.compile(r"(?:进展|进度|步伐|步子|速度)$")
_LITTLE = re.compile(r"[低少小弱差]")
_NO_NOUN = re.compile(r"(?:[的得了和与及或在有些处补还也是很最更较又将把对就都不而但可]|存在|问题|差距|困难|光|仅|单)$")
_EXISTS = re.compile(
    r"存在|还有|仍有|尚有|依然有|仍然有|不少|较多|很多|许多|诸多|突出|明显|较大|依然|仍然|仍未|凸显|显现|增多|严重|较为|比较|不小|"
    r"未能?(?:有效|根本)?(?:破解|解决|消除|补齐)|多发|频发|是(?:最大|主要|突出|明显)|成为"
)
_MUCH = re.compile(r"[还也仍]?[很较太更最极]?(?:大|多|深|重|高)")
#: Problems that are only referred to.
_NAMED = re.compile(r"(?:存在|面临|反映|发现|提出|指出|反馈|交办|关心|关注|遇到|通报|查摆|梳理)的[^，；。、]{0,6}$")
_TROUBLE = re.compile(
    r"(?:矛盾|问题|短板|困难|欠账|隐患|压力|约束|制约|瓶颈|反映|现象|缺口|不平衡|不充分|反差|倾向|污染|亏损|拖欠|流失|外流|老化|空心化|老龄化|"
    r"两难|同质|失衡|分化|脱节|浪费|损失|违法|违规)[^，；。、]{0,8}$"
)


class Cue(NamedTuple):
    """A cue in its clause: ``rule`` says how it was read; ``judged``: it counts only where the text treats it as a fault;
    ``attribute``: it is said of something in passing, perhaps in an order."""

    start: int
    end: int
    kind: str
    rule: str
    entry: Entry | None = None
    judged: bool = False
    attribute: bool = False


class Cues:
    """Reads the hits of a clause."""

    def __init__(self, text: str, entities: Sequence[Entity], targets: Sequence[Target], words: Words) -> None:
        self.text, self.words = text, words
        self._bad = words.expression("(?:{BAD})[^，；。、]{0,6}$")
        self._benchmark = words.expression("{BENCHMARK}")
        self._former = words.expression("{FORMER}")
        self._schedule = words.expression("[^，；。、]{0,6}?(?:{SCHEDULE})")
        self._conduct = words.expression("(?:{CONDUCT})(?:力度|意识|能力|水平|质量|工作|还|仍|也|很|上|得|依然|不)?$")
        self._matterless = words.expression("(?:{MATTERLESS})")
        self._read: dict[str, Callable[[Hit, Entry | None, Span], Cue | None]] = {
            "STATED": self._stated, "NOT_DONE": self._not_done, "RANK": self._rank, "THAN": self._than, "SHORT_OF": self._short, "LASTING": self._lasting,
            "AGAINST": self._against, "SCARCE": self._scarce, "EXCESS": self._excess, "FALL": self._fall, "RISE": self._rise,
            "QUALITY": self._quality, "TROUBLE": self._trouble, "EXISTS": self._exists,
        }  # fmt: skip
        self._indicators = [e for e in entities if e.label == "INDICATOR"]
        self._projects = frozenset(e.start for e in entities if e.label == "PROJECT")
        self._numbers = [t.start for t in targets]

    def read(self, hit: Hit, clause: Span) -> Cue | None:
        """The cue that a hit is in its clause, None where it is none; whether it is a fact is not asked here."""
        for name, entry in hit.entries:
            if (cue := self._read[name](hit, entry, clause)) is not None:
                return self._as_attribute(cue, clause)
        return None

    # ---- said outright

    def _stated(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        return Cue(hit.start, hit.end, _kind(hit, entry), "stated", entry)

    def _not_done(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        kind = "behind" if self._on_schedule(hit.end, clause.end) else _kind(hit, entry)
        return Cue(hit.start, hit.end, kind, "not-done", entry)

    def _rank(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        return None if self._is_bad(hit.start, clause) else Cue(hit.start, hit.end, "ranked_low", "rank")

    def _lasting(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        return Cue(hit.start, hit.end, "behind", "lasting", entry) if _LASTS.match(self.text, hit.end, clause.end) else None

    # ---- amounts

    def _than(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        first = max(clause.start, hit.start - 17)
        base = self.text[max(first, self.text.rfind("比", first, hit.start), self.text.rfind("较", first, hit.start)):hit.start]
        less = self.text[hit.start] in "低少慢小差落"
        if self._former.search(base):  # a fall against its own past
            fell = less != self._is_bad(hit.start - len(base), clause)
            return Cue(hit.start, hit.end, "worsening", "motion", judged=True) if fell else None
        if not self._benchmark.search(base) and not self._indicator(hit.start - len(base) + 1, hit.start):
            return None
        return Cue(hit.start, hit.end, "gap", "comparison") if less != self._is_bad(hit.start - len(base), clause) else None

    def _short(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        return Cue(hit.start, hit.end, "gap", "comparison")

    def _against(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        """低于 and 不及 name the benchmark behind them, a distance before or behind it."""
        if self._on_schedule(hit.end, clause.end):
            return Cue(hit.start, hit.end, "behind", "comparison", entry)
        words = self.text[hit.start:hit.end]
        if words[-1] == "于" or words in ("不及", "不如", "比不上", "赶不上", "逊于"):
            near = min(clause.end, hit.end + _STRETCH)
            named = self._benchmark.search(self.text, hit.end, near) is not None or self._indicator(hit.end, near)
            fault = named and not self._is_bad(hit.start, clause)
        elif words[0] == "差" and len(words) < 3 and not _NUMBER.match(self.text, hit.end) and words != "差距":
            return None
        else:
            back = _back(hit.start, clause), hit.start
            named = any(words.search(self.text, *back) for words in (self._benchmark, _FROM))
            fault = named and self._matter(*back)
        if words == "差距" and not self._is_there(hit, clause):
            return None
        return Cue(hit.start, hit.end, "gap", "comparison", entry) if fault else None

    def _scarce(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        near, part = min(clause.end, hit.end + 6), _PART.match(self.text, hit.end, clause.end)
        if not (part or _NUMBER.match(self.text, hit.end, clause.end) or self._number(hit.end, near)) or self._is_bad(hit.start, clause):
            return None
        if part:
            for words, kind in ((self._former, "worsening"), (self._benchmark, "gap")):
                if words.search(self.text, hit.end, near):
                    return Cue(hit.start, hit.end, kind, "comparison", entry)
        return Cue(hit.start, hit.end, "gap", "scarce", entry, judged=True)

    def _excess(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        figure = _NUMBER.match(self.text, hit.end, clause.end)
        return Cue(hit.start, hit.end, "gap", "scarce", entry, judged=True) if figure and self._is_bad(hit.start, clause) else None

    def _fall(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        return self._motion(hit, entry, clause, bad=False)

    def _rise(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        return self._motion(hit, entry, clause, bad=True)

    def _motion(self, hit: Hit, entry: Entry | None, clause: Span, *, bad: bool) -> Cue | None:
        if self._is_bad(hit.start, clause) != bad:
            return None
        return Cue(hit.start, hit.end, "worsening", "motion", entry, judged=True)

    # ---- qualities

    def _quality(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        """推进不力 is conduct, 产业结构不优 a quality of the thing; the noun must stand before it."""
        noun = _ADVERB.sub("", self.text[max(clause.start, hit.start - 10):hit.start])
        if not _QUALIFIED.search(noun) or _NO_NOUN.search(noun):
            return None
        if _LITTLE.search(self.text[hit.start:hit.end]) and self._is_bad(hit.end, clause):
            return None
        if _PROGRESS.search(noun):
            return Cue(hit.start, hit.end, "behind", "quality", entry)
        if conduct := self._conduct.search(noun):
            start = max(clause.start, hit.start - 10) + conduct.start()
            return Cue(start, hit.end, "fault", "conduct", entry)
        weak = self.text[hit.start:hit.end] in ("不力", "不实", "不严", "不到位", "不细", "不严格", "不坚决", "松散", "松弛", "淡薄", "涣散")
        late = self.text[hit.start:hit.end] in ("不快", "滞缓", "不够快")
        return Cue(hit.start, hit.end, "fault" if weak else "behind" if late else "weak", "quality", entry, judged=not weak)

    def _trouble(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        start = _back(hit.start, clause)
        if not _TROUBLE.search(self.text[start:hit.start]) or not self._matter(start, hit.start):
            return None
        return Cue(hit.start, hit.end, "weak", "trouble", entry)

    def _exists(self, hit: Hit, entry: Entry | None, clause: Span) -> Cue | None:
        start = _back(hit.start, clause)
        if _NAMED.search(self.text, start, hit.start) or not self._is_there(hit, clause) or not self._matter(start, hit.start):
            return None
        return Cue(hit.start, hit.end, "weak", "exists", entry)

    # ---- what stands around

    def _is_there(self, hit: Hit, clause: Span) -> bool:
        """Does the clause say that there is what the noun names?"""
        behind = min(clause.end, hit.end + _STRETCH)
        before = _EXISTS.search(self.text, _back(hit.start, clause), hit.start)
        return bool(before or _EXISTS.search(self.text, hit.end, behind) or _MUCH.fullmatch(self.text, hit.end, clause.end))

    def _matter(self, start: int, end: int) -> bool:
        """Is there a matter of which the fault is said, besides words that any announcement has?"""
        return len(re.sub(r"[^一-鿿]", "", self._matterless.sub("", self.text[start:end]))) >= 2

    def _on_schedule(self, at: int, end: int) -> bool:
        return self._schedule.match(self.text, at, end) is not None

    def _is_bad(self, at: int, clause: Span) -> bool:
        """Is the quantity that stands before ``at`` one that should be low?"""
        if self._bad.search(self.text[_back(at, clause):at]):
            return True
        i = bisect_left(self._indicators, at, key=_start) - 1
        if i < 0 or self._indicators[i].start < clause.start:
            return False
        last = self._indicators[i]
        return should_be_low(last.canon or self.text[last.start:last.end])

    def _indicator(self, start: int, end: int) -> bool:
        i = bisect_left(self._indicators, start, key=_start)
        return i < len(self._indicators) and self._indicators[i].start < end

    def _number(self, start: int, end: int) -> bool:
        i = bisect_left(self._numbers, start)
        return i < len(self._numbers) and self._numbers[i] < end

    def _as_attribute(self, cue: Cue, clause: Span) -> Cue | None:
        """The cue itself, marked where it is an attribute of something named or counted; None where that is a class."""
        if cue.rule in ("comparison", "scarce", "motion", "rank", "trouble", "exists") and cue.kind != "ranked_low":
            return cue
        if _SUCH.match(self.text, cue.end, clause.end):
            return cue
        found = _ATTRIBUTE.match(self.text, cue.end, clause.end)
        if found is None:
            return cue
        counted = self._number(_back(cue.start, clause), cue.start) or self._number(cue.end, min(clause.end, cue.end + _STRETCH))
        named = found.end() in self._projects or _PLACE_NAME.match(self.text, found.end())
        return cue._replace(attribute=True) if counted or named else None


_PLACE_NAME = re.compile(r"(?!乡镇|镇街|县区|区县|县市|市县|市州|城镇|街镇|城乡)[一-鿿*]{1,4}?[县区市镇乡州旗](?![域属民委级])")


def _back(at: int, clause: Span) -> int:
    """So far back in its clause a word may stand that a cue depends on."""
    return max(clause.start, at - _FAR)


def _kind(hit: Hit, entry: Entry | None) -> str:
    return hit.kind or str(entry.get("kind") if entry else "weak")
