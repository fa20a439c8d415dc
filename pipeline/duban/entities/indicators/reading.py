"""Reading a text from right to left: where names of quantities end, how far they reach to the left, whether they count."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from duban.entities.indicators.canon import base_pair, canon_of, canonical_of, elliptical, quantities, subject, twin
from duban.entities.indicators.cues import REACH, cues_of
from duban.entities.indicators.names import Names
from duban.lexicon import Entry, Hit
from duban.matches import Entity, Span, Why
from duban.numerals.units import reader

#: No part of a composed name is longer than this (characters before its measure).
_LONGEST = 20
_LONGEST_LIST = 120
_LONGEST_EXAMPLE = 8
#: How far back a sentence may complete an elliptical measure.
_RECALLED, _NEARBY = 70, 30
_JOIN = "、和与及"
_LISTING = _JOIN + "等"
_DIGITS = frozenset("0123456789一二两三四五六七八九十百千万亿余多")
#: What has been counted is not measured: 3个|园区产值, 8万|人.
_COUNTED = re.compile(r"家企业|[种类家个项户条件起名座所只头亩]|[百千万]人")
_SOME_COUNTED = re.compile(r"[两二三四五六七八九十\d]+[个项条户家处]")
#: 各发电企业|非停次数: each of them.
_EACH_OF = re.compile(r"[\u4e00-\u9fff]{0,4}?(?:企业|单位|部门|县区|乡镇|街道|园区|学校|医院)")
_AGED = re.compile(r"[0-9]+(?:[—-][0-9]+)?(?:岁(?:及?以[上下])?)?$")
_SOME_PLACES = re.compile(r"[\u4e00-\u9fff]{0,4}?[两二三四五六七八九十]+[市县区州]")
#: Whose figure it is stays outside: 白沙镇|完成率.
_PLACE_FIRST = re.compile(r"[\u4e00-\u9fff*]{1,3}?(?:(?:省|市|县|镇|街道)(?![级域场民属内外])|(?<=[\u4e00-\u9fff*]{2})区(?![级域属内外间]))")
_MEAN_FIRST = re.compile(r"(?:年均|月均|日均|平均)(?=.{3})|年均$|实际")
_MEAN_RATE = re.compile(r"平均$")
#: 占全部|死亡人数: of all, not of those named before.
_ALL_OF_THEM = ("全部", "全体", "全社会", "所有", "总")
_STOP = re.compile(r"[^\u4e00-\u9fffA-Za-zⅠ-Ⅴ·+&_]")
#: What stands in brackets inside a name: 挥发性有机物（VOCs）, 村（社区）.
_BRACKETED = re.compile(r"(?<=[\u4e00-\u9fff])（(?:[A-Za-z0-9_.]{2,8}|(?![一二三四五六七八九十])[\u4e00-\u9fff]{1,4})）$")
_QUOTED = re.compile(r"“[^“”，。；：、]{1,8}”$")
#: The year of a yearly quantity is part of its name where it opens one: ，年|接待游客.
_YEARLY = re.compile(r"(?:^|[^\u4e00-\u9fff0-9A-Za-z*—-]|后)[年月日]$")
_RATED = re.compile(r"[\u4e00-\u9fff]{0,4}率")
_TREATED = re.compile(r"治理|整治|修复")
#: Letters and grades coordinated before what they grade: C、|D级危房.
_GRADES = re.compile(r"(?:[A-ZⅠ-Ⅴ]、)+$")
_SENTENCE_END = re.compile(r"[。；！？\n]")
_SENTENCE = re.compile(r"[。！？\n]")
_LATER = re.compile(r"[，、；]$")
#: Right before a quantity that stands alone: 新增|20万吨|产能.
_AMOUNT_BEFORE = re.compile(r"[0-9十百千万亿](?:元|吨|千瓦|兆瓦|吉瓦|平方米|亩|辆|台|头|方)$")
_VERB_OF_AMOUNT = r"(?![^，。；\d]{0,7}(?:减免|优惠|奖励|返还|补助|补贴|贷款|缺口|差距|任务|目标|计划|政策|[甲乙、]))[^，。；：、！？（）“”\n\d*Xx]{1,7}?"
_AMOUNT_OF = {
    "元": re.compile(_VERB_OF_AMOUNT + r"[\d*Xx][\d*Xx.]{0,8}[多余几来]?个?(?:[十百千万亿]{0,3}[美欧日]?元|[万千]?亿(?![吨千度立平斤]))"),
    "%": re.compile(_VERB_OF_AMOUNT + r"(?:[\d*Xx][\d*Xx.]{0,8}%|百分之)"),
}
_RATE = re.compile(r"[率比度数]$|比重$|比例$")
_PAIRED = re.compile(r"[、和与及]")
_NEXT_NAME = re.compile(r"(?:、|和|与|及|以及)")
#: What may stand before a whole name as whose quantity it is.
_QUALIFIED = frozenset(("qualifier",))
#: Terms, and the names that are things as well: 化学需氧量.
_THINGS = frozenset(("INDICATOR_TERM", "INDICATOR"))
_OWNERS = frozenset(("sector", "product", "people", "qualifier"))
_PART_OF = re.compile(r"占[^，。；：！？、\n占（）]{2,20}?的?$")
_PART_IN = re.compile(r"在[^，。；：！？、\n在（）]{2,16}?中所?占?的?$")
_SHARE_OF = re.compile(r"对[^，。；：！？、\n对（）]{2,16}?的?$")
_RATIO_TO = re.compile(r"(?:与|和|同)[^，。；：！？、\n与和（）]{2,16}?的?$")
#: Measures of a part, a share or a ratio, and how the other quantity stands before them.
_ACROSS: dict[str, tuple[re.Pattern[str], ...]] = {
    **dict.fromkeys(("比重", "比例", "份额", "占比"), (_PART_OF, _PART_IN)),
    **dict.fromkeys(("贡献率", "贡献度", "贡献份额"), (_SHARE_OF,)),
    **dict.fromkeys(("比值", "之比"), (_RATIO_TO,)),
    "比率": (_PART_OF, _RATIO_TO),
}
_PART = "indicator-part-of-whole"


class Reading:
    """One pass over a text: the hits by where they end, read from right to left."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names, self.cues = text, names, cues_of(names)
        self._ending = {span[2]: span for span in names.spans(text)}

    def hit(self, end: int) -> Hit | None:
        """The hit that ends at ``end``."""
        found = self._ending.get(end)
        return Hit(found[1], end, self.names.words[found[0]].entry) if found else None

    def matches(self) -> Iterator[Entity]:
        """The indicators, last one first."""
        limit = len(self.text)
        words, anchors = self.names.words, self.names.anchors
        for i, start, end in reversed(self._ending.values()):
            if i not in anchors or end > limit:
                continue
            word = words[i]
            hit = Hit(start, end, word.entry)
            found = self._match(hit, limit) if word.label in ("INDICATOR", "MEASURE") else self._sector_growth(hit)
            if found:
                yield found
                limit = found.start

    # the span ------------------------------------------------------------------------------------------------

    def _match(self, hit: Hit, limit: int) -> Entity | None:
        if hit.entry.label == "MEASURE" and hit.entry.get("when", "never") == hit.entry.get("composed", "never") == "never":
            return None
        end = self._with_suffix(hit.end)
        if end > limit:
            end = hit.end
        if self.cues.always_thing.match(self.text, end):
            return None
        start, rule = self._start(hit)
        if not rule or not self._holds(self._condition(hit, start), hit, start, end, limit):
            return None
        return self._entity(self._with_year(start), end, hit, rule)

    def _with_suffix(self, end: int) -> int:
        match = self.cues.suffix.match(self.text, end)
        return match.end() if match else end

    def _with_year(self, start: int) -> int:
        return start - 1 if start and self.text[start - 1] in "年月日" and _YEARLY.search(self.text, max(0, start - 2), start) else start

    def _start(self, hit: Hit) -> tuple[int, str]:
        if hit.entry.label == "INDICATOR":
            start = self._over_owner(hit)
            joined = self._over_list(start, hit.end, examples=False)
            return joined, "indicator-coordination" if joined < start else "indicator-name"
        across = self._across(hit)
        if across is not None:
            return across, _PART if across < hit.start else ""
        stem = hit.start
        if hit.entry.pattern == "率" and (verb := self.hit(stem)) and verb.entry.get("class") == "verb" and len(verb.entry.pattern) > 1:
            stem = verb.start  # 修复|率: a rate of doing something
        start = self._after_list(self._over_words(stem, hit.start), hit.start)
        if hit.start - start < 2 and hit.entry.pattern == "率":
            return hit.start, ""
        joined = self._over_list(start, hit.end)
        if joined == start < hit.start:
            joined = self._over_examples(start) if self.text[start - 1:start] == "等" else self._over_namesakes(start, hit.start)
        if joined == start < hit.start and self.cues.severally.match(self.text, self._with_suffix(hit.end)):
            joined = self._over_things(start)
        rule = "indicator-coordination" if joined < start else "indicator-composed" if start < hit.start else "indicator-measure"
        return self._with_partner(joined, hit), rule

    def _over_owner(self, hit: Hit) -> int:
        """Leftwards over what a whole name is of: known words before an aggregate of an area (石化工业|增加值), any before others."""
        start = self._after_each(self._over_terms(hit.start, _OWNERS), hit.start)
        while mean := _MEAN_FIRST.match(self.text, start, hit.start):
            start = mean.end()
        if hit.entry.get("area") or self.text.startswith("项目", hit.start - 2):
            return start
        return min(start, self._over_words(hit.start, hit.start))

    def _after_each(self, at: int, end: int) -> int:
        """Those each of whom has the quantity are not part of its name: 各发电企业|停机次数."""
        each = _EACH_OF.match(self.text, at, end) if self.text.startswith("各", at - 1) else None
        return each.end() if each else at

    def _after_list(self, start: int, end: int) -> int:
        """A class noun that closes a list of names is not part of the indicator: 甲、乙等重点企业|产值."""
        if start and self.text[start - 1] == "等" and self.cues.collective.search(self.text, start, end) and self._over_list(start, end) == start:
            return end
        return start

    def _with_partner(self, start: int, hit: Hit) -> int:
        """Trade with someone and undertakings with someone name the partner: 对…国家进出口, 与…合作项目投资规模."""
        before, words = self.text[start - 1:start], self.text[start:hit.start]
        partner = (before == "对" and ("进出口" in self.text[start:hit.end] or hit.entry.pattern == "贸易额")) or (before == "与" and "合作" in words)
        return start - 1 if partner and start < hit.start else start

    def _across(self, hit: Hit) -> int | None:
        """Where "A占B的", "A在B中的", "A对B的" or "A与B的" before the measure starts."""
        patterns = _ACROSS.get(hit.entry.pattern)
        if patterns is None:
            return None
        floor = max(0, hit.start - 24)
        match = next((m for p in patterns if (m := p.search(self.text, floor, hit.start))), None)
        if match is None or any(
            h.entry.get("class") == "verb" and len(h.entry.pattern) > 1 and not h.entry.get("noun") for h in self._between(match.start() + 1, hit.start)
        ):
            return None
        at = match.start()
        before = self.hit(at)
        start = self._over_terms(before.start, _OWNERS) if before and before.entry.label == "INDICATOR" else self._over_words(at)
        if start == at:
            return at if match.group()[0] == "对" else hit.start
        return self._over_list(start, at)

    def _between(self, start: int, end: int) -> Iterator[Hit]:
        at = end
        while at > start:
            hit = self.hit(at)
            if hit:
                yield hit
                at = hit.start
            else:
                at -= 1

    def _over_terms(self, at: int, classes: frozenset[str] | None = None) -> int:
        """Leftwards over known words only (of these classes)."""
        floor, words = at - 2 * _LONGEST, self.names.words
        while at > floor and (found := self._ending.get(at)):
            word = words[found[0]]
            if word.label not in _THINGS or not word.kind or (classes is not None and word.kind not in classes):
                break
            at = found[1]
        return at

    def _over_conjunct(self, at: int) -> int:
        """Leftwards over one conjunct: known words, or a whole name."""
        begin = self._over_terms(at)
        hit = self.hit(begin)
        return hit.start if begin == at and hit and hit.entry.label == "INDICATOR" else begin

    def _over_words(self, start: int, measure: int = -1) -> int:
        """Leftwards over what can be part of a name, known or not, up to a bound. ``measure``: where the measure starts."""
        at, text, words = start, self.text, self.names.words
        while at > 0:
            if start - at > _LONGEST:
                return self._over_terms(start)
            found = self._ending.get(at)
            if found:
                label = words[found[0]].label
                if label == "INDICATOR_BOUND" and not (at == start and self._nominal(found)):
                    break
                at = found[1]
                if label == "INDICATOR" and words[found[0]].entry.get("area"):
                    return self._over_terms(at, _OWNERS)
                continue
            if text[at - 1] == "）" and (bracketed := _BRACKETED.search(text, max(0, at - 11), at)):
                at = bracketed.start()
                continue
            if text[at - 1] == "”":
                quoted = _QUOTED.search(text, max(0, at - 10), at)
                if not quoted:
                    break
                at = quoted.start()
                continue
            if _STOP.match(text, at - 1):
                break
            at -= 1
        return self._trimmed(at, start, measure)

    def _nominal(self, found: tuple[int, int, int]) -> bool:
        """Is the verb the noun of an activity, after what it is done to (农产品|监测|合格率), or a noun what the rate is of (体系|覆盖率)?"""
        before, verb, end = self._ending.get(found[1]), self.names.words[found[0]].entry, found[2]
        if verb.get("class") == "noun":
            return bool(_RATED.match(self.text, end))
        after = self.text.startswith(self.names.whole, end)
        return bool(before and verb.get("noun") and not after and self.names.words[before[0]].label == "INDICATOR_TERM")

    def _trimmed(self, at: int, end: int, measure: int) -> int:
        """Without the one-character words before the name proper."""
        first = at
        if self.text.startswith("（", at):
            at = self.text.index("）", at) + 1
        if "岁" in self.text[max(0, at - 12):at + 1] and (aged := _AGED.search(self.text, max(0, at - 12), at)) and "岁" in self.text[aged.start():at + 1]:
            return aged.start()
        if at >= end:
            return at
        starts = {h.start: h for h in self._between(first, end)}
        if places := _SOME_PLACES.match(self.text, at, end):
            at = places.end()
        counted = at and (self.text[at - 1] in _DIGITS or self.text.startswith("**", max(0, at - 2)))
        if counted and (unit := _COUNTED.match(self.text, at, end) or reader(careful=True)(self.text, at)):
            at = min(unit.end(), end)
        at = self._after_each(at, end)
        thing = at in starts and starts[at].entry.label == "INDICATOR_TERM"
        if not thing and (place := _PLACE_FIRST.match(self.text, at, end)) and not place.group().endswith(self.names.settled):
            at = place.end()
        while at < end and (mean := _MEAN_FIRST.match(self.text, at, end)):
            at = mean.end()
        if measure > 0 and _RATED.match(self.text, measure) and (mean := _MEAN_RATE.match(self.text, at, end)):
            at = mean.end()
        while at < end and at not in starts and self.text[at] in self.names.openers:
            at += 1
        if measure > 0 and self.text.startswith("面积", measure) and (treated := _TREATED.match(self.text, at, end)):
            at = treated.end()
        if end - at == 1 and at not in starts:
            return end
        return at

    def _first_class(self, start: int, end: int) -> str:
        """The class of the first word that is no mere qualifier."""
        terms, text, at = self.names.terms, self.text, start
        while at < end:
            known = next((text[at:stop] for stop in range(min(at + 10, end), at, -1) if text[at:stop] in terms), "")
            if not known or terms[known] != "qualifier":
                return terms.get(known, "")
            at += len(known)
        return ""

    # coordinations -------------------------------------------------------------------------------------------

    def _before_join(self, start: int) -> int:
        """Where the words before a joining word right before ``start`` end (-1: there is none)."""
        if not start or self.text[start - 1] not in _JOIN:
            return -1
        at = start - (2 if self.text.startswith("以及", max(0, start - 2)) else 1)
        return at if at > 0 else -1

    def _over_list(self, start: int, end: int, *, examples: bool = True) -> int:
        """Leftwards over what is listed before the words from ``start`` to ``end``."""
        if not start or self.text[start - 1] not in _LISTING:
            return start
        return self._over_conjuncts(start, self._first_class(start, end), examples=examples)

    def _over_conjuncts(self, start: int, first: str, *, examples: bool = True) -> int:
        """Leftwards over "甲、乙和", "甲、乙等" where every conjunct is a known word of the kind of what follows."""
        text, at = self.text, start
        if examples and at and text[at - 1] == "等" and (hit := self.hit(at)) and hit.entry.pattern == "等":
            at, first = at - 1, "*"
        elif not first or (at := self._before_join(start)) < 0:
            return start
        reached = start
        while start - reached < _LONGEST_LIST:
            begin = self._over_conjunct(at) if first == "*" else self._over_terms(at)
            if begin == at or not self._alike(self._last_class(at), first) or not self._bounded(begin):
                return reached
            reached, first = begin, first if first == "*" else self._first_class(begin, at)
            if not begin or text[begin - 1] not in _JOIN:
                return reached
            at = begin - 1
        return reached

    def _over_namesakes(self, start: int, end: int) -> int:
        """Leftwards over unknown conjuncts that end as the last one does: 茶产业园、|竹木产业园|入驻率; C、|D级危房."""
        if grades := _GRADES.search(self.text, max(0, start - 12), start):
            return grades.start() if _GRADES.match(self.text[start] + "、") else start
        reached, tail = start, self.text[end - 2:end]
        while end - start > 2 and (at := self._before_join(reached)) > 0 and self.text[at - 2:at] == tail and start - reached < _LONGEST_LIST:
            begin = self._over_words(at)
            if at - begin < 3:
                break
            reached = begin
        return reached

    def _over_things(self, start: int) -> int:
        """Leftwards over the things, known or not, that have a figure each: 茶园、果园、|药园种植面积|分别."""
        reached = start
        while start - reached < _LONGEST_LIST and (at := self._before_join(reached)) > 0:
            before, begin = self.hit(at), self._over_words(at)
            measured = before is not None and before.entry.label in ("INDICATOR", "MEASURE")
            if measured or not 2 <= at - begin <= _LONGEST_EXAMPLE or not self._bounded(begin):
                break
            reached = begin
        return reached

    def _over_examples(self, start: int) -> int:
        """Leftwards over "甲、乙等" of unknown things, two at least, which open a clause."""
        at, count = start - 1, 0
        while start - at < _LONGEST_LIST:
            begin = self._over_words(at)
            if not 2 <= at - begin <= _LONGEST_EXAMPLE:
                return start
            count += 1
            if not begin or self.text[begin - 1] != "、":
                return begin if count > 1 and (not begin or self.text[begin - 1] in "，。；：\n") else start
            at = begin - 1
        return start

    def _last_class(self, at: int) -> str:
        found = self._ending.get(at)
        word = self.names.words[found[0]] if found else None
        return word.kind if word and word.label in _THINGS else ""

    @staticmethod
    def _alike(a: str, b: str) -> bool:
        goods = ("sector", "product")
        return b == "*" or a == b != "" or (a in goods and b in goods)

    def _bounded(self, at: int) -> bool:
        """Is ``at`` where a name can start: after a bound, punctuation or a number?"""
        hit = self.hit(at)
        bound = hit is not None and hit.entry.label == "INDICATOR_BOUND"
        return at == 0 or bound or bool(_STOP.match(self.text[at - 1])) or self.text[at - 1] in self.names.openers

    # whether it counts ---------------------------------------------------------------------------------------

    def _condition(self, hit: Hit, start: int) -> str:
        entry = hit.entry
        if entry.label == "INDICATOR":
            return str(entry.get("when", "always"))
        return str(entry.get("composed" if start < hit.start else "when", "never"))

    def _holds(self, condition: str, hit: Hit, start: int, end: int, limit: int) -> bool:
        if condition == "never":
            return False
        if condition == "always" or (end > hit.end and condition == "measured"):
            return True
        if self.cues.thing.match(self.text, end):
            return False
        number = condition != "trend" and (self.cues.number.match(self.text, end, end + REACH) or self._in_its_unit(hit.entry, end))
        if number or condition == "number":
            return bool(number)
        bare = start == hit.start and hit.entry.label == "MEASURE"
        trend = self.cues.plain_trend if bare else self.cues.trend
        driven = bare and self.cues.driver.search(self.text, max(0, start - 2), start)
        if (not driven and trend.match(self.text, end, end + REACH)) or self.cues.share.match(self.text, end) or self.cues.listed.match(self.text, end):
            return True
        if start == hit.start and _AMOUNT_BEFORE.search(self.text, max(0, start - 6), start):
            return True
        join = _NEXT_NAME.match(self.text, end)
        if join is not None and join.end() == limit:
            return True
        return self._moved(hit.entry, start, end) or self._follows_name(hit, start)

    def _in_its_unit(self, entry: Entry, end: int) -> bool:
        """Does an amount in the unit of the quantity follow, whatever the verb: 四季度产值|要抢回28亿元?"""
        amount = _AMOUNT_OF.get(entry.get("unit", ""))
        return amount is not None and amount.match(self.text, end, end + REACH) is not None

    def _moved(self, entry: Entry, start: int, end: int) -> bool:
        """Is the quantity, not a bare measure, the object of a change, and nothing more said of it: 降低|物流成本|，."""
        if not entry.get("moved") or (entry.label == "MEASURE" and self._over_terms(end - len(entry.pattern), _QUALIFIED) == start):
            return False
        return bool(self.cues.close.match(self.text, end) and self.cues.change.search(self.text, max(0, start - 8), start))

    def _follows_name(self, hit: Hit, start: int) -> bool:
        """Does a name that always counts stand right before it in a list?"""
        at = self._before_join(start)
        before = self.hit(at) if at > 0 else None
        if before is None or before.entry.label not in ("INDICATOR", "MEASURE"):
            return False
        bare = start == hit.start and hit.entry.label == "MEASURE" and hit.entry.pattern[-1] in "率度比额"
        return bare or bool(hit.entry.get("moved") and before.entry.label == "INDICATOR" and before.entry.get("when", "always") == "always")

    def _sector_growth(self, hit: Hit) -> Entity | None:
        """A branch of the economy and its growth: 服务业增速."""
        mean = self.cues.mean.search(self.text, max(0, hit.start - 5), hit.start)
        end = mean.start() if mean else hit.start
        if self._last_class(end) != "sector":
            return self._same_again(hit)
        start = self._over_terms(end)
        words = self.text[start:end]
        joined = self._over_conjuncts(start, "sector")
        several = sum(h.entry.get("class") == "sector" for h in self._between(start, end)) > 1  # 批零|住餐
        canon = None if joined < start or several else self.names.bases.get(words, f"{canon_of(words, self.names)}增加值")
        return _indicator(joined, self._with_suffix(end), canon, None, "indicator-sector-growth")

    def _same_again(self, hit: Hit) -> Entity | None:
        """A measure and its growth after the full name in the same sentence: 建筑业增加值…，增加值增速."""
        base = self.hit(hit.start)
        if base is None or base.entry.label != "MEASURE" or not _LATER.search(self.text, max(0, base.start - 40), base.start):
            return None
        if self.text.find(base.entry.pattern, max(0, base.start - 40), base.start) < 0 or self._over_words(base.start) < base.start:
            return None
        return _indicator(base.start, self._with_suffix(hit.start), base.entry.canon, base.entry.id, "indicator-measure", base)

    # what it is called ---------------------------------------------------------------------------------------

    def _entity(self, start: int, end: int, hit: Hit, rule: str) -> Entity:
        canon = canonical_of(self.text[start:end], self.names)
        treated = canon and canon.endswith("面积") and _TREATED.fullmatch(self.text, max(0, start - 2), start)
        if treated:
            canon = canon_of(f"{canon[:-2]}{treated.group()}面积", self.names) if canon else None
        return _indicator(start, end, canon, hit.entry.id, rule, hit)

    def sharing(self, found: list[Entity]) -> list[Entity]:
        """Names before a pace that is of all of them are one span with it: 生产总值、|固定资产投资|增速.

        A pair that is joined by more of its kind is a list like any other: 生产安全事故起数、|死亡人数、|受伤人数.
        """
        out: list[Entity] = []
        for match in found:
            if out and _NEXT_NAME.fullmatch(self.text, out[-1].end, match.start) and (pair := self._apart(out[-1])):
                out[-1:] = pair
            if out and self._also(out[-1], match):
                out[-1] = replace(out[-1], end=match.end, canon=None, why=replace(match.why, rule="indicator-coordination"))
                continue
            words = self.text[match.start:match.end]
            paced = self.cues.paced.search(words) and not self.names.known(words)
            while paced and out and _NEXT_NAME.fullmatch(self.text, out[-1].end, match.start) and self._grows(out[-1]):
                first = out.pop()
                match = replace(match, start=first.start, canon=None, why=replace(match.why, rule="indicator-coordination"))
            out.append(match)
        return out

    def _also(self, before: Entity, match: Entity) -> bool:
        """Is it a second rate of the same thing: 老旧小区改造开工率、|完工率?"""
        bare = match.why.rule == "indicator-measure" and self.text[match.end - 1] == "率" == self.text[before.end - 1]
        bare = bare and before.end - before.start > 5
        return bare and before.why.rule == "indicator-composed" and self.text[before.end:match.start] == "、"

    def _apart(self, match: Entity) -> list[Entity]:
        """The two quantities of a pair that measures two things of one ([] for any other)."""
        entry, joint = self.names.names.get(self.text[match.start:match.end]), _PAIRED.search(self.text, match.start, match.end)
        if entry is None or joint is None or not base_pair(entry):
            return []
        bases = quantities(self.text[match.start:match.end], self.names)
        if len(bases) != 2 or bases[0] != self.text[match.start:joint.start()]:
            return []
        return [replace(match, end=joint.start(), canon=bases[0]), replace(match, start=joint.end(), canon=bases[1])]

    def _grows(self, match: Entity) -> bool:
        """Is it an amount, and nothing said of its pace yet?"""
        words = self.text[match.start:match.end]
        return not _RATE.search(words) and (bool(self.names.known(words)) or not self.cues.ends_in_suffix.search(words))

    def completed(self, found: list[Entity]) -> list[Entity]:
        """Elliptical names with what their sentence says they measure.

        A measure that names what it is ``of`` takes the last such phrase of the sentence (化解信访积案…，化解率); any
        other that of what was measured before it (新能源投资…、装机规模…), or the topic its sentence opens with.
        """
        out: list[Entity] = []
        for match in found:
            before = out[-1] if out else None
            if self.text.endswith(_ALL_OF_THEM, 0, match.start):
                out.append(match)
                continue
            shared = self._shared(before, match) if before else None
            canon = self._recalled(match) or shared or self._of_topic(before, match) or self._of_product(before, match)
            out.append(replace(match, canon=canon) if canon else match)
        return out

    def _recalled(self, match: Entity) -> str | None:
        """The canonical name with the phrase of its sentence that the measure is of."""
        if match.why.rule not in ("indicator-measure", "indicator-name") or match.canon is None:
            return None
        bare = self.cues.ends_in_suffix.sub("", self.text[match.start:match.end])
        entry = self.names.known(bare)
        if entry is None or not (nouns := (*entry.get("of", ()), *entry.get("about", ()))):
            return None
        floor = max(0, match.start - _RECALLED)
        floor = max([floor, *(m.end() for m in _SENTENCE.finditer(self.text, floor, match.start))])
        end, noun = max((self.text.rfind(n, floor, match.start) + len(n), n) for n in nouns)
        if end < floor + len(noun):
            return None
        words = noun if noun in entry.get("about", ()) else self.text[max(floor, self._phrase(end, end - len(noun))):end]
        return elliptical(words, noun, match.canon, self.names)

    def _phrase(self, end: int, noun: int) -> int:
        """Where the phrase that ends in the noun starts, without the proper name of a place or a firm at its head."""
        start = self._over_words(end)
        first = min((h.start for h in self._between(start, end) if h.entry.label == "INDICATOR_TERM"), default=noun)
        named = any(h.entry.label == "INDICATOR" and h.end < end for h in self._between(start, end))
        counts = [m.end() for m in _SOME_COUNTED.finditer(self.text, start, noun)]
        start = max([start, *counts])
        return noun if named else first if 2 <= first - start <= 3 else min(start, noun)

    def _of_topic(self, before: Entity | None, match: Entity) -> str | None:
        """The canonical name with the branch or product that opens the sentence, nothing measured standing between."""
        entry = self.names.measures.get(self.text[match.start:match.end])
        if entry is None or not entry.get("topic"):
            return None
        floor = max([0, *(m.end() for m in _SENTENCE_END.finditer(self.text, max(0, match.start - _RECALLED), match.start))])
        if match.start - floor > _RECALLED or (before is not None and before.end > floor):
            return None
        at, topic = floor, floor
        for hit in reversed(list(self._between(floor, match.start))):
            if hit.start != at or hit.entry.label not in ("INDICATOR_BOUND", "INDICATOR_TERM"):
                break
            if hit.entry.label == "INDICATOR_BOUND":
                if topic < at or hit.entry.get("class") not in ("scope", "time"):
                    break
                topic = hit.end
            elif hit.entry.get("class") not in ("sector", "product", "qualifier"):
                break
            at = hit.end
        words = self.text[topic:at]
        return canon_of(words + (match.canon or ""), self.names) if words and self.text[at:at + 1] not in _JOIN else None

    def _of_product(self, before: Entity | None, match: Entity) -> str | None:
        """The canonical name with the last product of its clauses: 设施蔬菜种了4000亩，|产量; nothing measured stands between."""
        entry = self.names.measures.get(self.text[match.start:match.end])
        if entry is None or not entry.get("topic") or entry.get("unit") == "元":
            return None  # what a firm or a place sells is not said by the product before
        floor = max(0, match.start - _NEARBY, before.end if before else 0)
        floor = max([floor, *(m.end() for m in _SENTENCE_END.finditer(self.text, floor, match.start))])
        goods = (h for h in self._between(floor, match.start) if h.entry.label == "INDICATOR_TERM" and h.entry.get("class") in ("product", "sector"))
        product = next(goods, None)
        if product is None or product.entry.get("class") != "product" or product.end - product.start < 2:
            return None
        start = self._over_terms(product.end)
        if self.text[start - 1:start] in tuple(_JOIN) or self.text[product.end:product.end + 1] in tuple(_JOIN):
            return None  # one of several
        return canon_of(self.text[start:product.end] + (match.canon or ""), self.names)

    def _shared(self, before: Entity, match: Entity) -> str | None:
        if not (before.canon and match.canon) or match.why.rule != "indicator-measure" or match.start - before.end > 40 or len(match.canon) > 4:
            return None
        known = (self.names.known(name) for name in (self.text[match.start:match.end], match.canon))
        if any(entry is not None and entry.get("whole") for entry in known) or _SENTENCE_END.search(self.text, before.end, match.start):
            return None
        words = subject(before.canon, self.names) or twin(before.canon, match.canon, self.names)
        sentence = max(self.text.rfind(mark, 0, before.start) for mark in "。！？\n") + 1
        said = self.text[sentence:match.start]
        if words and words not in said and words not in self.names.written_out(said):
            return None  # 到位资金、开工率: 招商引资 stands in the standard name only
        return canon_of(words + match.canon, self.names) if words else None


def _indicator(start: int, end: int, canon: str | None, ref: str | None, rule: str, hit: Hit | None = None) -> Entity:
    evidence = {"measure": (Span(hit.start, hit.end),)} if hit else {}
    return Entity(start, end, "INDICATOR", ref, canon, None, None, Why(rule, ref, evidence))
