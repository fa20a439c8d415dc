"""Target numbers: every figure with what it measures, how it is meant, and whether it is a promise.

``find`` takes the numbers ``duban.numerals`` accepts, leaves out those inside names, and fills the slots of
``matches.Target``; ``why.evidence`` holds the words each slot rests on, ``why.rule`` the table that decided the status.
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from duban import periods as times
from duban.lexicon import Lexicon
from duban.matches import Entity, IndicatorLink, Period, Section, Span, Target, Why
from duban.numerals import Numeral, scan
from duban.numerals.redaction import with_figures
from duban.targets import links, slots, status, words
from duban.targets.narration import Narration
from duban.targets.scopes import Scopes, shared
from duban.view import TextView

__all__ = ["find"]

#: How far a number looks for its words in a sentence that does not end.
_BACK, _AHEAD = 600, 100
_CLAUSE = re.compile("[，。；：！？\n]")
_SHORTENED = re.compile("(?:压缩|缩短|压减|缩减|精简|减少|提速|控制|降)[^，。；]{0,3}(?:至|到|为|在)$")
_DURATION = re.compile(
    "(?:时间|时限|时长|用时|期限|周期|天数|月数|工期|账期|轮候期|回款期|建设期|办理期|审批期|空窗期|住院日)[^，。；]{0,10}?"
    "(?:(?:压缩|缩短|压减|缩减|精简|减少|控制|提速|降|保持|稳定|增加|提高)[^，。；]{0,4}(?:至|到|了|为|在|超过|近)?|为|达到?|仅|是|不超过|少于)?$"
)
_LEFT = re.compile("(?:剩|还有|过去|已经|仅有)[^，。；]{0,3}$")
_MOVED = re.compile("(?:前移|后移|退后|前进|后退|上升|下降|提升|下滑|晋升|跃升|进位|进|退)(?:了|至少)?$")
# 批了27天, 多了整整20天: time that something took
_TOOK = re.compile(
    "(?:[批办审拖跑花耗压卡晚迟]|够用|可用|能用|延误|耽误|耽搁|超期|逾期|滞后|推迟|延期|推后|超出|[比较][^，。；\\d]{1,12}[多少快慢长短])了?(?:整整|足足|将近|近|约|不到)?$"
)
_IN_HOURS = re.compile("工作日|小时|分钟|自然日|^天$")
_AT_LEAST = re.compile("(?:每|一个)(?:年|季度|个?月|周)[^，。；]{0,6}(?:至少|不少于|不低于)$")
_OF_NAMED = re.compile("(?:重大|重点)?(?:项目|工程|产线|生产线|园区|基地)")
_ENDS = ("", "，", "。", "；", "、", "！", "\n", "”", "）")
_AGE = re.compile("(?:寿命|年龄)[^，。；]{0,10}$")
_SCORE = re.compile("(?:得分|评分|指数|比值|系数|收入比|之比|强度|综合分|分值|均分|倍差)[^，。；\\d]{0,8}$")
_ARRIVING = re.compile("[一-鿿]{0,4}[到至为]")
_HEADCOUNT = re.compile("(?:人数|人口|劳动力|从业人员|就业)[^，。；、\\d]{0,8}$")
_LOST = re.compile("亡人|死亡|伤亡")
_PREDICATE = re.compile("(?:完成|实现|到位|达到?|为|突破|超过|增长|下降|提高|降低|回落|增加|减少|控制在|稳定在|保持在)[^，。；]{0,4}$")
_MARKER = re.compile("(?:——|[一二三四五六七八九十]{1,3}[、是]|（[一二三四五六七八九十\\d]{1,3}）|\\d{1,2}[.．、])?(?:全[国省市县区州]|我[省市县区州])?")
_OF_THINGS = re.compile("的?[\u4e00-\u9fff]")
_REACHED = re.compile("[到至为](?:了|近|约|不足|不到|超过?|突破|接近){0,2}$")
_RELATIVE = frozenset(("%", "‰", "个百分点", "倍", "位", "个位次", ""))
_EACH = re.compile("分别[^，。；]*$")
_LISTED = re.compile("[、和及与或，]|以及")
_BOUND_WORDS = re.compile("(?:以上|以下|以内|之内|之上|之下|左右|上下|以前|之前|[多余几来级前])(?:（含）)?(?![一-鿿])|[多余几来]|位数|级|近|约|超")
_BARE_MEASURE = re.compile("(?:其|同比|累计|平均|全年)?(?:增速|增幅|增量|总量|增长率|涨幅|降幅|增长)")
_RANKED = re.compile("(?:排名|位次|名次|位列|排位|排行)[^。；！？]{0,16}(?:[由从至到为居列第]|跃居|跃升到?)$")
_TIME_UNITS = frozenset(["天", "周", "小时", "个小时", "分钟", "秒", "毫秒", "工作日", "个工作日", "自然日", "个自然日", "个月", "个昼夜", "刻钟"])
_POINTS = re.compile("[高低增降涨跌升差多少提掉快慢落减缩扩退][^，。；]{0,6}$")
_LONG = frozenset(["个月", "周", "秒", "毫秒"])
_MEASURED_BY = re.compile("(?:[高低优快慢好]于|距离?|比|较|离|超过?|不及|[与同])$")
_ATTRIBUTIVE = re.compile("(?:[一-鿿]{0,2})的(?!是|，)")


class _Place(NamedTuple):
    """Where a number stands: section, sentence, clause, and the run-up since the clause began or the number before ended."""

    section: int | None
    sentence: Span
    clause: int
    runup: int
    previous: int | None


class _Words(NamedTuple):
    """What the slots are read from: the run-up, the clause, what follows, the rule of the status, and whether the number is one of a list."""

    runup: str
    clause: str
    after: str
    rule: str
    listed: bool


def find(body: TextView, entities: Sequence[Entity] = (), sections: Sequence[Section] = (), date: str | None = None,
         lexicon: Lexicon | None = None, place: str | None = None) -> list[Target]:
    """Every figure of ``body`` in text order; offsets are the view's.

    ``entities`` are the names found in the same view (numbers inside them are left out, INDICATORs are linked to),
    ``sections`` its outline, ``date`` the document's date (YYYY-MM-DD) and ``place`` its own place (whose figures have no
    scope); ``lexicon`` replaces the packaged units and words.

    >>> [t] = find(TextView("力争全年到位资金60亿元以上"))
    >>> t.comparator, t.unit, t.status, t.period.text
    ('>=', '元', 'target', '全年')
    """
    return _Finder(body, entities, sections, date, lexicon, place).run()


def _without(text: str, names: Sequence[Entity]) -> str:
    """``text`` with commas for the names of who acts, which say whose a figure is, not what it measures."""
    pieces, at = [], 0
    for name in names:
        pieces += [text[at:name.start], "、" * (name.end - name.start)]
        at = name.end
    return "".join([*pieces, text[at:]])


def _outside(numerals: Sequence[Numeral], entities: Sequence[Entity]) -> list[Numeral]:
    """The numbers that are no part of a name, and that no name cuts (3|支线机场)."""
    covered = sorted((e.start, e.end) for e in entities)
    starts = [start for start, _ in covered]
    return [n for n in numerals if not (at := bisect_left(starts, n.end)) or covered[at - 1][1] <= n.start]


class _Finder:
    def __init__(self, body: TextView, entities: Sequence[Entity], sections: Sequence[Section], date: str | None, lexicon: Lexicon | None = None,
                 place: str | None = None) -> None:
        self.numerals = _outside(scan(body.text, lexicon), entities)
        self.text, self.spoken, self.sections = with_figures(body.text, self.numerals), status.spoken_on(body.text, date), sections
        self.entities, self.tables = entities, words.tables(lexicon)
        self.indicators = [(i, e) for i, e in enumerate(entities) if e.label == "INDICATOR"]
        self.plain = _without(self.text, [e for e in entities if e.label in ("DEPARTMENT", "GROUP")])
        self.actors = [e for e in entities if e.label in ("DEPARTMENT", "GROUP")]
        self.actor_starts = [e.start for e in self.actors]
        self.indicator_starts = [e.start for _, e in self.indicators]
        self.scopes = Scopes(self.text, entities, place, self.tables)
        self.periods = times.find(body, date)
        self.period_starts = [p.start for p in self.periods]
        self.sentences = body.sentences
        self.sentence_starts = [s.start for s in self.sentences]
        self.kinds = status.section_kinds(self.text, sections, date)
        self.cues = self._cues()
        self.cue_starts = [c.start for c in self.cues]
        self.notes = status.notes(self.text)
        self.narration = Narration(self.text, self.cues)
        self.paragraphs = body.paragraphs
        self.paragraph_starts = [p.start for p in self.paragraphs]
        self.note_starts = [start for start, _ in self.notes]
        self.heads = [s.start for s in sections]
        self.linked: Target | None = None  # the last number that has an indicator
        self.units: set[str] = set()  # of the numbers that have it
        self.spent: int | None = None
        self.name_ends = {e.end for e in entities if e.label == "PROJECT"}
        self.projects = {e.start for e in entities if e.label == "PROJECT"}

    def run(self) -> list[Target]:
        out: list[Target] = []
        before: Numeral | None = None
        for numeral in self._accepted():
            place = self._place(numeral, before)
            out.append(self._target(numeral, place, out[-1] if out and place.previous is not None else None))
            before = numeral
            self._remember(out[-1])
        return self._distributed(out)

    def _remember(self, target: Target) -> None:
        """Keep what later numbers may measure too; an indicator that tells a class of things from others is used up."""
        link = target.indicator
        if link is None:
            return
        if target.why.rule == "threshold" and _OF_THINGS.match(self.text, target.end) and not status.is_step(self.text[target.end:target.end + 6]):
            self.spent, self.linked = link.entity, None  # 收入10万元以上的村占比
            return
        if self.linked is None or self.linked.indicator is None or self.linked.indicator.start != link.start:
            self.units = set()
        self.units.add(target.unit)
        self.linked = target

    # which numbers

    def _accepted(self) -> list[Numeral]:
        out: list[Numeral] = []
        for n in self.numerals:
            if n.reason is None or self._allowed(n) or (out and self._continues(out[-1], n)):
                out.append(self._with_unit(n))
        taken = {n.start for n in out}
        self.periods = [p for p in self.periods if p.start not in taken]
        self.period_starts = [p.start for p in self.periods]
        return out

    def _allowed(self, n: Numeral) -> bool:
        """Refused numbers that their sentence makes an amount: durations to be cut, scores without a unit."""
        before = self.text[max(0, n.start - 24):n.start]
        if n.reason == "time":
            if n.unit in ("岁", "周岁"):
                return bool(_AGE.search(before))
            if n.unit not in _TIME_UNITS or self.text.startswith("内", n.end) and not _SHORTENED.search(before):
                return False
            if _LEFT.search(before):
                return False
            cut = _DURATION.search(before) or (_IN_HOURS.search(n.unit) and _SHORTENED.search(before)) or _AT_LEAST.search(before)
            return bool(cut) or (n.unit not in _LONG and _TOOK.search(before) is not None)
        if n.reason == "anaphora" and n.unit in ("个", "项", "条"):
            return n.start in self.name_ends and _OF_NAMED.match(self.text, n.end) is not None
        if n.reason == "unitless" and n.form == "amount" and (n.value is not None or "." in self.text[n.digits.start:n.digits.end]):
            after = self.text[n.end:n.end + 1]
            return self._is_none_lost(n) or self._is_none(n) or self._is_score(n, before, after)
        return self._is_none_lost(n) or self._is_none(n)

    def _is_score(self, n: Numeral, before: str, after: str) -> bool:
        """得分92.3, 收入比2.1: a figure that has no unit."""
        return self.text[n.start].isdigit() and _SCORE.search(before) is not None and after not in tuple("年月日号.-—、")

    def _is_none(self, n: Numeral) -> bool:
        """重大事故为零: nothing, as a figure at the end of its clause."""
        text = self.text
        return text[n.start:n.end] == "零" and n.value == 0 and text[n.start - 1:n.start] in tuple("为是到现") and text[n.end:n.end + 1] in _ENDS

    def _is_none_lost(self, n: Numeral) -> bool:
        """零亡人, 零伤亡: the one count that is stated without a measure word."""
        return self.text[n.start] == "零" and n.value == 0 and _LOST.match(self.text, n.end) is not None

    def _continues(self, before: Numeral, n: Numeral) -> bool:
        """由3.27缩小至2.93: the second of two bare figures."""
        bare = n.reason == "unitless" and not before.unit and before.form == "amount"
        return bare and _ARRIVING.fullmatch(self.text[before.end:n.start]) is not None

    def _with_unit(self, n: Numeral) -> Numeral:
        """The unit left out: people where people are counted, else money; places without 第 in a ranking."""
        if n.unit == "位" and n.form == "amount" and _RANKED.search(self.text[max(0, n.start - 24):n.start]):
            return n._replace(form="rank", dimension="rank")
        if n.unit == "位" and n.form == "amount" and _MOVED.search(self.text[max(0, n.start - 6):n.start]):
            return n._replace(dimension="rank")
        if self._is_none_lost(n):
            return n._replace(unit="人", dimension="count")
        if self._is_none(n):
            return n
        if n.unit == "个百分点" and self.text.startswith("个点", n.end - 2) and not _POINTS.search(self.text[max(0, n.start - 10):n.start]):
            return n._replace(end=n.end - 1, unit="个", dimension="count")  # 跑了七个点
        if n.dimension == "time" and self.text.startswith("内", n.end):
            return n._replace(end=n.end + 1, bound="<=")
        if n.unit or n.dimension != "bare":
            return n
        ahead = re.match(r"[^，。；、：！？\n\d]{0,14}", self.text[n.end:n.end + 14])
        persons = (ahead and self.tables.anywhere("PERSON").search(ahead[0])) or _HEADCOUNT.search(self.text[max(0, n.start - 16):n.start])
        return n._replace(unit="人" if persons else "元", dimension="count" if persons else "currency")

    # where a number stands

    def _sentence(self, offset: int) -> Span:
        at = bisect_right(self.sentence_starts, offset) - 1
        return self.sentences[at] if at >= 0 else Span(0, len(self.text))

    def _place(self, n: Numeral, before: Numeral | None) -> _Place:
        sentence = self._sentence(n.start)
        sentence = Span(max(sentence.start, n.start - _BACK), min(sentence.end, n.end + _AHEAD))
        clause = sentence.start
        for match in _CLAUSE.finditer(self.text, max(sentence.start, n.start - 120), n.start):
            clause = match.end()
        previous = before.end if before and before.start >= sentence.start else None
        return _Place(self._section(n.start), sentence, clause, max(clause, previous or 0), previous)

    def _target(self, n: Numeral, place: _Place, previous: Target | None) -> Target:
        runup = self._without_rates(place.runup, n.start)
        clause = runup if place.clause == place.runup else self._without_rates(place.clause, n.start)
        after = self.text[n.end:n.end + 16]
        period = links.period(self.text, place.sentence.start, self._opened(place, n.start), n, self._periods(place.sentence))
        state, rule, state_words = self._status(n, place, period, after)
        if rule == "baseline" and not (period and self.text[period.end:n.start] in ("", "的", "底的", "末的")):
            period = None  # what was before is not of the time to come
        if rule == "threshold" and n.form != "rank" and n.dimension != "percent":
            period = None  # a class of things has no date
        words = _Words(runup, clause, after, rule, self._listed(n, place, previous))
        link, kind, direction = self._measured(n, place, previous, words)
        comparator = slots.comparator(runup, n, self.tables)
        if comparator[0] == "=" and previous is not None and words.listed and slots.bounds_all(clause):
            comparator = previous.comparator, None  # 分别不低于80%、75%
        if comparator[0] == "=" and rule == "threshold" and n.form == "scale" and not status.is_step(after):
            comparator = ">=", None  # 亿元项目
        value = n.value
        if value is not None and value < 0 and kind[0] in ("growth", "change"):
            value, direction = -value, ("down", direction[1])  # 增长-3.2%
        scope = self.scopes.whose(place.sentence.start if place.previous is None else place.previous, Span(n.start, n.end), first=place.previous is None)
        evidence = {"value": (n.digits,)}
        for slot, said in (("comparator", comparator[1]), ("kind", kind[1]), ("direction", direction[1])):
            if said:  # in the run-up, or, with a negative offset, in the number's own suffix
                evidence[slot] = (Span(place.runup + said[0], place.runup + said[1]) if said[0] >= 0 else self._suffix(n),)
        for slot, found in (("status", state_words), ("indicator", link and (link.start, link.end)), ("period", period and (period.start, period.end)),
                            ("scope", scope and (scope.start, scope.end))):
            if found:
                evidence[slot] = (Span(*found),)
        return Target(n.start, n.end, value, n.value_max, n.unit, comparator[0], n.redacted, kind[0], direction[0], state, link, period,
                      scope, place.section, Why(rule, None, evidence))

    def _listed(self, n: Numeral, place: _Place, previous: Target | None) -> bool:
        """Does the number follow another of its list, with nothing but a separator between them?"""
        return previous is not None and _LISTED.fullmatch(self.text[place.runup:n.start] or self.text[previous.end:n.start]) is not None

    def _measured(self, n: Numeral, place: _Place, previous: Target | None, words: _Words) -> tuple[IndicatorLink | None, slots.Found, slots.Sense]:
        """What the number measures and how: the indicator, the kind and the direction, which depend on each other."""
        named, taken = self._named(place, n), self._taken(place)
        rough: slots.Found = (previous.kind, None) if words.listed and previous else slots.kind(
            words.runup, n, named, words.clause, words.after, self.tables, taken)
        link = self._indicator(n, place, previous, rough[0])
        if link and words.rule == "threshold" and link.start >= n.end:
            link = None  # 120米以下空域面积
        name = self.text[link.start:link.end] if link else None
        if words.rule == "threshold" and n.dimension not in ("rank", "percent", "point"):
            return link, ("level", None), (None, None)
        alike = previous is not None and n.form != "rank" and (previous.unit == n.unit or n.dimension == "percent")
        if previous is not None and words.listed and alike:
            return link, (previous.kind, None), (previous.direction, None)
        if previous is not None and previous.kind == "growth" and n.dimension == "percent" and slots.shares_growth(words.runup, words.after):
            return link, ("growth", None), (previous.direction, None)
        if previous is not None and previous.why.rule == "baseline" and previous.unit == n.unit and _REACHED.search(words.runup):
            return link, (previous.kind, None), (None, None)  # 由46%降到不足四成
        before = words.clause if words.listed else words.runup
        near = name if link is not None and (words.listed or link.start >= place.runup) else named or name
        kind = rough if near == named and not words.listed else slots.kind(before, n, near, words.clause, words.after, self.tables, taken)
        direction = slots.direction(before, kind[0], self.text[n.start:n.end], name, words.clause, self.tables)
        return (link, (kind[0], None), (direction[0], None)) if words.listed else (link, kind, direction)

    def _suffix(self, n: Numeral) -> Span:
        """The words within the number's span that state the comparator."""
        match = _BOUND_WORDS.search(self.text, n.digits.start, n.end)
        return Span(*match.span()) if match else Span(n.start, n.end)

    # slots that need the sentence

    def _named(self, place: _Place, n: Numeral) -> str | None:
        """The nearest indicator of the run-up."""
        at = bisect_left(self.indicator_starts, n.start) - 1
        if at < 0 or self.indicator_starts[at] < place.runup:
            return None
        _, e = self.indicators[at]
        return self.text[e.start:e.end]

    def _taken(self, place: _Place) -> list[tuple[int, int]]:
        """Where in the clause the indicators stand that numbers before this one took."""
        return [(e.start - place.clause, e.end - place.clause) for _, e in self._in(place.clause, place.runup) if e.end <= place.runup]

    def _without_rates(self, start: int, end: int) -> str:
        """The words from ``start`` to ``end``, the names of rates blanked: 消化率 and 覆盖率 say nothing of motion."""
        words = self.text[start:end]
        for _, e in self._in(start, end):
            if e.end <= end and words.endswith("率", 0, e.end - start) and not slots.is_growth(self.text[e.start:e.end]):
                words = words[:e.start - start] + "□" * (e.end - e.start) + words[e.end - start:]
        return words

    def _in(self, start: int, end: int) -> list[tuple[int, Entity]]:
        return self.indicators[bisect_left(self.indicator_starts, start):bisect_left(self.indicator_starts, end)]

    def _indicator(self, n: Numeral, place: _Place, previous: Target | None, kind: str) -> IndicatorLink | None:
        linked = self.linked if self.linked and self.linked.start >= place.sentence.start else None
        elliptical = linked is not None and len(links.residue(self.plain[linked.end:n.start], self.tables)) <= 1
        alike = elliptical and n.unit in self.units
        named = [(i, e) for i, e in self._in(place.sentence.start, n.start) if e.end <= n.start and i != self.spent]
        after = next(((i, e) for i, e in self._in(n.end, place.sentence.end) if i != self.spent), None)
        found = links.indicator(self.plain, place.sentence.start, place.runup, n, named, after, linked.indicator if linked else None,
                                elliptical, kind, self.tables, alike=alike)
        if found and linked and linked.indicator and found.entity == linked.indicator.entity and not self._commensurable(n):
            return None  # 计划投资2亿元，完成60公里
        return found or (self._topic(n, place) if previous is None else None)

    def _commensurable(self, n: Numeral) -> bool:
        """May the number measure what those before it did? An amount may not where they were amounts of another unit."""
        amounts = self.units - _RELATIVE
        if n.unit in _RELATIVE or n.dimension == "rank" or not amounts or n.unit in amounts:
            return True
        return n.dimension == "currency" and any(unit.endswith("元") for unit in amounts)

    def _topic(self, n: Numeral, place: _Place) -> IndicatorLink | None:
        """What the sentence before is about, where this one has no subject of its own (固定资产投资较快。完成45亿元)."""
        start, text = place.sentence.start, self.plain
        opening = text[start:n.start]
        if self._in(start, n.start) or not (_BARE_MEASURE.match(opening) or (_PREDICATE.search(opening) and len(links.residue(opening, self.tables)) <= 1)):
            return None
        before = self._sentence(start - 1) if start else place.sentence
        named = self._in(before.start, start)
        if not named or before.start == start or (len(named) > 1 and not _BARE_MEASURE.match(opening)):
            return None
        i, e = named[-1]
        return IndicatorLink(e.start, e.end, e.canon, i) if _BARE_MEASURE.match(opening) or _MARKER.fullmatch(text[before.start:e.start]) else None

    def _distributed(self, targets: list[Target]) -> list[Target]:
        """Give the numbers of a list their own indicator each: after 分别, after a coordinated name, and in lists that go on after such a one."""
        out = list(targets)
        given: list[IndicatorLink] = []
        at = 0
        while at < len(out):
            group = [at]
            while group[-1] + 1 < len(out) and self._enumerated(out[group[-1]], out[group[-1] + 1]):
                group.append(group[-1] + 1)
            if len(group) > 1:
                given = self._shares([out[g] for g in group], given)
                for g, link in zip(group, given, strict=False):
                    out[g] = replace(out[g], indicator=link)
                for g, scope in zip(group, shared([out[g] for g in group]), strict=False):
                    out[g] = replace(out[g], scope=scope)
            at = group[-1] + 1
        return out

    def _enumerated(self, one: Target, other: Target) -> bool:
        return one.unit == other.unit and _LISTED.fullmatch(self.text[one.end:other.start]) is not None

    def _shares(self, group: list[Target], given: list[IndicatorLink]) -> list[IndicatorLink]:
        """The link of each number of a list; ``given``: those of the list before."""
        sentence = self._sentence(group[0].start)
        sentence = Span(max(sentence.start, group[0].start - _BACK), min(sentence.end, group[0].end + _AHEAD))
        if _EACH.search(self.text[max(sentence.start, group[0].start - 16):group[0].start]):
            found = links.distribute(self.text, [(t.start, t.end) for t in group], self._in(sentence.start, sentence.end))
            return found or []
        common = group[0].indicator
        if common is None or any(t.indicator != common for t in group):
            return []
        if len(given) == len(group) and common.entity == given[-1].entity:
            return given  # 分别达到3万元和2万元，增长5%和7%
        names = links.parts(self.text[common.start:common.end])
        return [replace(common, canon=name) for name in names] if len(names) == len(group) else []

    def _periods(self, sentence: Span) -> Sequence[Period]:
        return self.periods[bisect_left(self.period_starts, sentence.start):bisect_left(self.period_starts, sentence.end)]

    def _section(self, offset: int) -> int | None:
        """The innermost section around ``offset``."""
        at = bisect_right(self.heads, offset) - 1
        while at >= 0:
            if offset < self.sections[at].end:
                return at
            parent = self.sections[at].parent
            at = parent if parent is not None else at - 1
        return None

    def _opened(self, place: _Place, offset: int) -> int:
        """Where the sentence begins, leaving out a heading at its front."""
        start, end = place.sentence.start, self.sections[place.section].heading.end if place.section is not None else 0
        return end if start < end <= offset else start

    def _status(self, n: Numeral, place: _Place, period: Period | None, after: str) -> tuple[str, str, tuple[int, int] | None]:
        text, clause = self.text, self.text[place.clause:n.start]
        follows = any(p in self.projects for p in range(n.end, n.end + 3))
        if status.threshold(clause, n, text[n.start:n.end], after, follows):
            return "other", "threshold", (n.start, n.end)
        section = place.section
        kind = self._kind_of(section)
        if kind == "other":
            return "other", "glossary", None
        if status.baseline(clause, after):
            return "actual", "baseline", None
        if n.unit == "人" and status.population(after):
            return "actual", "population", None
        cues = self.cues[bisect_left(self.cue_starts, place.sentence.start):bisect_left(self.cue_starts, n.start)]
        segment = max(text.rfind("；", place.sentence.start, n.start), place.sentence.start)
        dated = status.by_period(period, self.spoken, until=period is not None and text.endswith(("截至", "截止", "截止到"), 0, period.start))
        ahead = dated is not None and dated[0] == "target"
        if not ahead and status.progress(clause, after + text[n.end + 16:n.end + 28], cues, segment):
            return "actual", "progress", None
        note = self._note(n)
        decided = status.modality(cues, text[place.sentence.start:n.start], after, place.sentence.start, place.previous or 0, place.clause) or note or dated
        if decided and dated and decided[0] == "actual" and dated[0] == "target" and cues and period and cues[-1].end <= period.start:
            decided = dated  # 已开工12个，6月底前再开工8个
        planned = period is not None and status.planned(text[period.end:n.start])
        if decided and dated and decided[0] == "target" and decided[2] and dated[0] == "actual" and not planned:
            decided = dated  # no goal is set for a time that is over: 去年完成年初确定的目标，产值突破50亿元
        if decided:
            return decided
        if status.pledged(text[n.end:place.sentence.end]):
            return "target", "modality", None
        if kind != "actual" and (fact := status.told_flat(clause, 0)):
            return "actual", "modality", (place.clause + fact[0], place.clause + fact[1])
        if kind in ("target", "actual"):
            heading = self.sections[section].heading if section is not None else None
            return kind, "section", (heading.start, heading.end) if heading else None
        ahead_of = self.cues[bisect_left(self.cue_starts, n.end):bisect_left(self.cue_starts, n.end + 32)]
        coming = next((c for c in ahead_of if c.value == "target" and not c.word.startswith("计划")), None)
        if status.demanded(text[place.sentence.start:n.start], text[n.end:coming.start] if coming else None, after):
            return "target", "imperative", None
        limit = status.limited(clause, text[n.start:n.end])
        if limit:
            return "target", "bound", (place.clause + limit[0], place.clause + limit[1])
        if self._sent(n, place):
            return "target", "imperative", None
        told = self._told(n, place)
        if told:
            return told
        if kind == "urge" and not status.finished(text[place.sentence.start:n.start]):
            return "target", "section", None
        return "actual", "default", None

    def _sent(self, n: Numeral, place: _Place) -> bool:
        """Is a unit sent to do something about the number in its sentence, and nothing told as done?"""
        start = place.sentence.start
        acting = self.actors[bisect_left(self.actor_starts, max(start, n.start - 40)):bisect_left(self.actor_starts, n.start)]
        sent = [e.end for e in acting if status.sent_to(self.text[e.end:place.sentence.end][:40])]
        return bool(sent) and not status.finished(self.text[max(sent):n.start])  # 进度41.7%，财政局每周报一次: what is told before it is another's

    def _told(self, n: Numeral, place: _Place) -> status.Decided | None:
        """What the number's paragraph says of it, from where a heading that runs into it begins."""
        at = bisect_right(self.paragraph_starts, n.start) - 1
        paragraph = self.paragraphs[at] if at >= 0 else Span(0, len(self.text))
        heading = self.sections[place.section].heading if place.section is not None else None
        if heading and paragraph.start < heading.start:
            paragraph = Span(heading.start, paragraph.end)
        return self.narration.decide(paragraph, heading, place.sentence.start, Span(n.start, n.end))

    def _note(self, n: Numeral) -> tuple[str, str, tuple[int, int] | None] | None:
        """The note of responsibility that speaks for the number's paragraph."""
        at = bisect_left(self.note_starts, n.end)
        if at < len(self.notes) and self.notes[at][1] <= n.start:
            return "target", "assignment", None
        return None

    def _kind_of(self, section: int | None) -> str | None:
        while section is not None:
            if self.kinds[section]:
                return self.kinds[section]
            section = self.sections[section].parent
        return None

    def _cues(self) -> list[status.Cue]:
        out = []
        table = self.tables.values("STATUS")
        for match in self.tables.anywhere("STATUS").finditer(self.text):
            word = match[0]
            if word.endswith(("目标", "任务")) and _MEASURED_BY.search(self.text[max(0, match.start() - 3):match.start()]):
                continue  # 低于预期目标2.8个百分点
            if table[word] == "actual" and _ATTRIBUTIVE.match(self.text, match.end()):
                continue  # 未开工的17个项目: said of the projects, not of the figure
            if table[word] in ("target", "actual", "other"):
                out.append(status.Cue(match.start(), match.end(), table[word], word))
        return out
