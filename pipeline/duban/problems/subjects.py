"""Of whom and of what: the units, places, projects and indicators of a problem, from its clause or from those before it."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from duban import sections as outline
from duban.matches import Entity, Period, Section, Span, Subject
from duban.problems.cues import Cue
from duban.problems.words import Words
from duban.targets.scopes import PLACE_NAMES
from duban.tasks.actors import NO_PLACE

_start = attrgetter("start")
_LEAD = re.compile(r"(?:但是?|而且?|然而|却|其中，?|特别是|尤其是|比如，?|例如，?|像|如|同时|目前|当前|至今|仍有|还有|个别如)*")
_AT_HEAD = re.compile(rf"(?P<name>{PLACE_NAMES})")
_INSIDE = re.compile(rf"(?:集中在|主要是|主要在|分别是|分别为|依次是|依次为|包括|的有|的是|的为|尤其是|特别是|其中|的)(?P<name>{PLACE_NAMES})")
_TOLD = re.compile(r"的?(?:主要)?(?:有|是|为|包括|依次为|依次是|分别为|分别是)")
_CONJUNCTS = re.compile(r"[^、和与]+")
#: What runs into a place, or counts some.
_NO_NAME = re.compile(
    r"^(?:全[国省市县区州]|国家|各|我|本|该|其[他它]|其中|在|对|向|为|与|比|较|由|从|将|把|使|让|到|以|按|通|建成|新增|[省市][上内]|成果|[一二两三四五六七八九十百千万几多])"
    r"|[级是]|全[国省市县区州]|增[速幅]|百强|示范|规上|重点"
)
_VAGUE = re.compile(
    r"(?:有的|有些|个别|极个别|少数|极少数|部分|一些|不少|多数|大多数|某些|许多|很多|相当一部分|一部分|大部分)[^，；。、：的]{0,6}?"
    r"(?:领导干部|党员干部|干部|同志|领导|负责人|人员|党员|企业|单位|部门|县区|区县|县市|乡镇|镇街|街道|地方|地区|园区|村|社区|窗口|机关)"
)
#: An organ whose name is masked is no entity.
_MASKED = re.compile(r"[*Xx×]{1,4}(?:局|委|办|厅|院|校|中心|公司|集团|管委会|部门|单位|街道办|指挥部|专班)")
#: An organ that names somebody else's part: who found, asked, told or is compared.
_PART = re.compile(
    r"(?:党组|主要领导)?(?:反馈|通报|下达|要求|交办|督办|检查|指出|确定|部署|安排|明确|下发|批准|审计|考核|考评|规定|核定|公布|发布|统计|测算|调研|督查|巡视|巡察|挂牌|点名|约谈|批评|关于|的(?:要求|部署|目标|期望|决策|考核|通报|任务|标准|规定)|名义)"
)
_OBJECT = re.compile(r"(?:由|被|向|对|经|据|受|按照|根据|距离?|离|比|较|低于|高于|不及|不如|落后于|与|同|跟|给|为|请|报|在|于|居|列|帮助|督促|支持|让|以)$")
_BASE = re.compile(r"(?:[比较][^，；。、]{0,16}|(?:低于|少于|慢于|小于|落后于|不及|不如|逊于|距离?|离|与|同|跟|对照|占|在)[^，；。、]{0,4})$")
_JOINED = re.compile(r"(?:、|和|与|以及|及)?")
#: The document's own place or a wider one as the subject of a clause: what was said before it is not its subject.
_ELSEWHERE = re.compile(r"(?:但|而|从|看)*(?:全[国省市区县州镇]|[我本][国省市县区州镇]|我们)(?![^，；。]{0,4}(?:垫底|倒数|[排居列第最末后]|靠后|中下|平均))")
#: Periods that only measure another one (比去年同期), or say how long.
_NO_PERIOD = re.compile(r"[比较超]$")
_OF_PLAN = re.compile(r"同期|的|(?:度)?(?:任务|计划|目标|预算|投资计划)")
_OTHERS = re.compile(r"兄弟|其他|周边|邻|外[省市地]")
#: An amount and what it qualifies (产值过百亿元的企业): the indicator is no subject.
_QUALIFIES = re.compile(r"[\d*Xx×亿万元%家个户上][^，；。]{0,3}的[一-鿿]")


#: So much before a cue is looked through for the matter of its clause.
_MATTER = 30
_NOT_CHINESE = re.compile(r"[^一-鿿]")


class Who(NamedTuple):
    units: tuple[Subject, ...] = ()
    places: tuple[Subject, ...] = ()


class What(NamedTuple):
    projects: tuple[Subject, ...] = ()
    indicators: tuple[Subject, ...] = ()


class Subjects:
    """Names the subjects of clauses; entities in text order, ``place`` the document's own."""

    def __init__(
        self, text: str, sections: Sequence[Section], entities: Sequence[Entity], periods: Sequence[Period], place: str | None, words: Words,
    ) -> None:
        self._filler = words.expression("(?:{FILLER})")
        self.text, self.sections, self.entities, self.periods, self.place = text, sections, entities, periods, place
        self._ends = {p.start: p.end for p in periods}

    def own(self, clause: Span, cue: Cue | None) -> tuple[Who, What]:
        """What a clause names itself: before the cue, else behind it."""
        return self._who(clause, cue), self._what(clause, cue)

    def matter(self, clause: Span, cue: Cue) -> bool:
        """Has the clause a matter of its own before its cue, so that it is not about what was named before?"""
        words = self.text[max(clause.start, cue.start - _MATTER):cue.start]
        return len(_NOT_CHINESE.sub("", self._filler.sub("", words))) >= 2

    def elsewhere(self, clause: Span) -> bool:
        return _ELSEWHERE.match(self.text, clause.start, clause.end) is not None

    # ---- who

    def _who(self, clause: Span, cue: Cue | None) -> Who:
        end = cue.start if cue else clause.end
        if cue and cue.attribute:
            return Who((), self._places_inside(Span(cue.start, clause.end)))
        told = _TOLD.match(self.text, cue.end) if cue else None
        if told and (behind := self._listed(Span(told.end(), clause.end))) != Who():
            return behind
        return Who(tuple(self._units(Span(clause.start, end))), self._places(Span(clause.start, end)))

    def _listed(self, part: Span) -> Who:
        """Who is named right behind the cue: 后三位依次为…."""
        return Who(tuple(self._units(part)), self._named(_AT_HEAD.match(self.text, part.start, part.end), part.start))

    def _told_behind(self, cue: Cue) -> bool:
        return _TOLD.match(self.text, cue.end) is not None

    def _units(self, part: Span) -> list[Subject]:
        out = []
        taken: list[Span] = []
        for i, e in self._within(part, "DEPARTMENT", "GROUP"):
            taken.append(Span(e.start, e.end))
            role = _PART.match(self.text, e.end, part.end) or _OBJECT.search(self.text, max(part.start, e.start - 6), e.start)
            if not role and not _OTHERS.match(self.text, e.start, e.end):
                out.append(Subject(e.start, e.end, e.canon, i))
        for m in (*_VAGUE.finditer(self.text, *part), *_MASKED.finditer(self.text, *part)):
            if not any(s.start < m.end() and m.start() < s.end for s in taken):
                out.append(Subject(*m.span()))
        return sorted(out, key=_start)

    def _places(self, part: Span) -> tuple[Subject, ...]:
        return self._named(_AT_HEAD.match(self.text, self._head(part), part.end), part.start) or self._places_inside(part)

    def _head(self, part: Span) -> int:
        """Past words that lead to the subject, a time among them."""
        at = part.start
        for _ in range(4):
            step = _LEAD.match(self.text, at, part.end)
            after = step.end() if step else at
            after = self._ends.get(after, after)
            if after == at:
                break
            at = after
        return at

    def _places_inside(self, part: Span) -> tuple[Subject, ...]:
        for m in _INSIDE.finditer(self.text, *part):
            if found := self._named(m, part.start):
                return found
        return ()

    def _named(self, match: re.Match[str] | None, start: int) -> tuple[Subject, ...]:
        """The places of a match, one for each conjunct; none where it is part of another name, or the document's own."""
        if match is None or self._in_entity(match.start("name")):
            return ()
        at = match.start("name")
        spans = [Span(at + m.start(), at + m.end()) for m in _CONJUNCTS.finditer(match["name"])]
        if any(NO_PLACE.search(name := self.text[slice(*s)]) or _NO_NAME.search(name) for s in spans):
            return ()
        return tuple(Subject(s.start, s.end, self._place_name(s)) for s in spans if self.text[slice(*s)] != self.place)

    def _place_name(self, span: Span) -> str | None:
        name = self.text[slice(*span)]
        return None if re.search("[*×]|[Xx]{1,}", name) else name

    def _in_entity(self, at: int) -> bool:
        i = bisect_left(self.entities, at + 1, key=_start) - 1
        return i >= 0 and self.entities[i].end > at and self.entities[i].label in ("DEPARTMENT", "GROUP", "PROJECT")

    # ---- what

    def _what(self, clause: Span, cue: Cue | None) -> What:
        if cue is None:
            return self._things(clause)
        before = self._things(Span(clause.start, cue.start)) if not cue.attribute else What()
        behind = cue.attribute or cue.rule == "not-done" or self._told_behind(cue)
        return self._things(Span(cue.end, clause.end)) if behind and before == What() else before

    def _things(self, part: Span) -> What:
        projects = tuple(Subject(e.start, e.end, None, i) for i, e in self._within(part, "PROJECT"))
        known = [(i, e) for i, e in self._within(part, "INDICATOR") if self._leads(e, part)]
        return What(projects, tuple(Subject(e.start, e.end, e.canon, i) for i, e in self._last_group(known)))

    def _leads(self, e: Entity, part: Span) -> bool:
        """Is an indicator what the clause is about, and neither a benchmark nor what qualifies something else?"""
        base = _BASE.search(self.text, max(part.start, e.start - 18), e.start)
        return not base and not _QUALIFIES.search(self.text, e.end, min(part.end, e.end + 20))

    def _last_group(self, known: Sequence[tuple[int, Entity]]) -> Sequence[tuple[int, Entity]]:
        """The last of them, with those it is coordinated with."""
        first = len(known) - 1
        while first > 0 and _JOINED.fullmatch(self.text, known[first - 1][1].end, known[first][1].start):
            first -= 1
        return known[max(first, 0):]

    def _within(self, part: Span, *labels: str) -> list[tuple[int, Entity]]:
        i = bisect_left(self.entities, part.start, key=_start)
        out = []
        while i < len(self.entities) and self.entities[i].start < part.end:
            if self.entities[i].label in labels and self.entities[i].end <= part.end:
                out.append((i, self.entities[i]))
            i += 1
        return out

    # ---- from above, and when

    def heading(self, offset: int) -> tuple[Who, What]:
        """What the heading above names, if it names nothing else."""
        at = outline.innermost(self.sections, offset)
        while at is not None and self.sections[at].kind == "item":
            at = self.sections[at].parent
        return self._headed.get(at, (Who(), What())) if at is not None else (Who(), What())

    @cached_property
    def _headed(self) -> dict[int, tuple[Who, What]]:
        out = {}
        for i, s in enumerate(self.sections):
            own = Span(s.heading.start + len(s.marker or ""), s.heading.end)
            if s.kind == "section" and own.end - own.start <= 20 and not self.text[slice(*own)].strip("，。：、 "):
                continue
            if s.kind == "section" and own.end - own.start <= 20:
                who, what = self.own(own, None)
                named = sum(x.end - x.start for x in (*who.units, *who.places, *what.projects, *what.indicators))
                if named and own.end - own.start - named <= 2:
                    out[i] = who, what
        return out

    def period(self, clause: Span, sentence: Span, cue: Cue) -> Period | None:
        """The nearest time before the cue in its sentence, back to a semicolon."""
        i = bisect_left(self.periods, cue.start, key=_start) - 1
        first = max(sentence.start, self.text.rfind("；", max(sentence.start, cue.start - 200), cue.start))
        while i >= 0 and self.periods[i].start >= first:
            p = self.periods[i]
            if not _NO_PERIOD.search(self.text, max(0, p.start - 1), p.start) and not _OF_PLAN.match(self.text, p.end):
                return p
            i -= 1
        return None
