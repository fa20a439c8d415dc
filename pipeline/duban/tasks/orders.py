"""Orders in running text: an actor at the head of a clause and the words that tell it to act."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from duban.matches import Actor, Span
from duban.tasks.actors import Actors, Subject

_CLAUSE_START = re.compile(r"[，；：]|——|[“（]")
_CLAUSE = re.compile(r"[^，；：。！？\n]*")
_STRONG_TIME = re.compile(r"[前内底末]$")
#: A finished act is reported, not ordered.
_FINISHED = re.compile(r"已(?!有)|了(?!解|如)|过(?!程|硬|关|紧|渡|度|往|剩|高|低|大|失|节|去|细|实)|以来|取得")
#: An actor that a relative clause describes (由市住建局牵头的项目).
_ATTRIBUTE = re.compile(
    r"[^，；。]{0,24}的(?:机制|体系|格局|专班|小组|制度|体制|方式|模式|团队|委员会|项目|工程|指标|任务|事项|规划|领域|单位|部门|工作(?!要求))"
)
#: A recurrent duty right after its bearer (各镇街每月外出招商…).
_OFTEN = re.compile(
    r"(?:都|均|至少)?(?:每(?:年|半年|季度|月|旬|周|天|日|半月|两周|个月|[一二三四五六\d]个?[月周天])|"
    r"按(?:年|季度|季|月|旬|周|日|半月)|逐[月季周旬日])(?:至少)?(?!的|有|均|平均|以来)"
)
_DESCRIBED = re.compile(r"(?:个别|部分|有些|有的|一些|少数|多数|某些|不少|许多)")
#: What a report says to those who hear it.
_RITUAL = re.compile(r"[^，；。]{0,12}(?:提出?(?:宝贵|批评)?意见|多提|审议|审查|批评指正|指正)")
_SHORT = 9
#: Connecting words and adverbs before what they lead to; a bound, so that odd texts stay cheap.
_MAX_PREFIXES, _MAX_ADVERBS = 8, 12
_DUTY = re.compile(
    r"：(?=负责|牵头|承担|做好|组织|统筹|指导|制定|落实|加强|会同|配合|协助|参与|督促|按照|依法|研究|推进|主要负责|具体负责|抓好|提供|开展|保障)"
)
_MID_OF_WORD = re.compile(r"[\u4e00-\u9fff]")
#: Those above are quoted, not told.
_ABOVE = re.compile(r"(?:上级|中央|党中央|国务院|国家|全国人大|中共中央)")
#: What a plain verb after ； in a list of orders does not start with.
_NO_VERB = re.compile(r"[的和与及等是有在已了为之将也都各以]|存在|普遍|位居|排名|同比|增长|下降|位列|落后|完成情况|总体|反映|认为|反馈|不|没|未|尚|仍|负责人")


@dataclass(slots=True)
class Order:
    """An assignment before it becomes a task: ``clause`` is where its clause starts, connecting words included."""

    start: int
    end: int
    clause: int
    rule: str
    lead: list[Actor]
    support: list[Actor] = field(default_factory=list)
    officials: list[Actor] = field(default_factory=list)
    cue: Span | None = None
    #: a time named before the subject, which limits the order too
    time: int | None = None
    #: a lead verb with nothing after it: who comes next shares the same action
    bare: bool = False


class Orders:
    """Finds orders sentence by sentence."""

    def __init__(self, text: str, actors: Actors) -> None:
        self.text, self.actors, self.words = text, actors, actors.words

    def find(self, start: int, end: int, openings: Sequence[int]) -> list[Order]:
        """The orders of the sentence ``start``–``end``; ``openings`` are where its points' own words start."""
        if self.text[end - 1] == "？" or self.text.startswith("？", end):
            return []
        found: list[Order] = []
        done = start
        for at in self._anchors(start, end, openings):
            if at < done:
                continue
            order = self._order(at, end, parallel=bool(found) and self.text[at - 1] == "；")
            if order is None:
                continue
            if found and self._joined(found[-1], order):
                done = found[-1].end
                continue
            if order.rule == "helper":
                continue
            found.append(order)
            done = order.end
        for order, after in pairwise(found):
            order.end = after.clause
        if found:
            found[-1].end = end
        for order in found:
            self._add_partners(order)
        return found

    def _add_partners(self, order: Order) -> None:
        """Actors that a later clause of the order names as partners (…，会同有关部门…)."""
        known = {a.start for a in (*order.lead, *order.support)}
        for m in self.words.join.finditer(self.text, order.start, order.end):
            if self.text[m.start() - 1] in "，；、" and (partner := self.actors.subject(m.end(), order.end, told=True)):
                order.support += [a for a in partner.actors if a.start not in known]

    def _anchors(self, start: int, end: int, openings: Sequence[int]) -> Iterator[int]:
        """Where a subject can stand: at the head of a clause or a point, after 请, 由 and the like."""
        at = {start, *openings}
        at.update(m.end() for m in _CLAUSE_START.finditer(self.text, start, end))
        at.update(m.start() for m in self.words.cue.finditer(self.text, start, end))
        at.update(m.end() for m in self.words.joint.finditer(self.text, start, end))
        topics = self.actors.topics
        at.update(topics[bisect_left(topics, start):bisect_left(topics, end)])
        return iter(sorted(at))

    def _order(self, anchor: int, limit: int, *, parallel: bool = False) -> Order | None:
        at, cue, kind, time = anchor, None, "", None
        for _ in range(_MAX_PREFIXES):
            if at in self.actors.organs:
                break
            if m := self.words.by.match(self.text, at, limit):
                cue, kind = Span(*m.span()), "by"
            elif m := self.words.ask.match(self.text, at, limit):
                cue, kind = Span(*m.span()), "ask"
            elif m := self.words.prefix.match(self.text, at, limit):
                pass
            elif end := self.actors.times.get(at):
                time = at if time is None else time
                at = end + (self.text[end:end + 1] in ("，", "："))
                continue
            else:
                break
            at = m.end()
        subject = self.actors.subject(at, limit, told=bool(kind))
        group = False
        if subject is None and (start := self.actors.relative(at, limit)):
            subject, group = self.actors.subject(start, limit), True
        if subject is None or _ABOVE.match(self.text, subject.start):
            return None
        order = self._predicate(subject, limit, kind) or (self._parallel(subject, limit) if parallel else None)
        if order is None or (group and order.rule not in ("order", "ban")):
            return None
        order.clause = self._clause_start(anchor)
        order.cue, order.time = cue or order.cue, time
        return order

    def _clause_start(self, anchor: int) -> int:
        """The start of the clause that a cue in its midst belongs to."""
        cut = max(self.text.rfind(mark, max(0, anchor - 40), anchor) for mark in "，；：。！？、\n")
        return cut + 1 if cut >= 0 else anchor

    def _skip(self, at: int, limit: int) -> int:
        """Past adverbs and times."""
        for _ in range(_MAX_ADVERBS):
            if end := self.actors.times.get(at):
                at = end
            elif m := self.words.adverb.match(self.text, at, limit):
                at = m.end()
            elif self.text[at:at + 1] in ("于", "在") and (end := self.actors.times.get(at + 1)):
                at = end
            else:
                break
        return at

    def _skip_times(self, at: int) -> int:
        for _ in range(_MAX_ADVERBS):
            end = self.actors.times.get(at + (self.text[at:at + 1] in ("于", "在")))
            if end is None:
                break
            at = end
        return at

    def _predicate(self, subject: Subject, limit: int, cue: str) -> Order | None:
        text, words = self.text, self.words
        order = Order(subject.start, subject.end, subject.start, "", list(subject.actors), officials=list(subject.officials))
        at = subject.end
        if ((duty := _DUTY.match(text, at, limit)) and not subject.places_only) or (text[at:at + 1] == "：" and at + 1 in self.actors.times):
            order.rule, order.end = "duty-list", duty.end() if duty else at + 1
            return order
        if text[at:at + 1] == "，":
            at += 1
        at = self._partners(order, at, limit)
        if text[at:at + 1] == "，":
            at += 1
        at = self._skip(at, limit)
        for place in (at, self._past_clauses(at, limit)):
            m = words.modal.match(text, place, limit) or words.phrase.match(text, place, limit)
            if m is None:
                continue
            if m["ban"] and _DESCRIBED.match(text, subject.start):
                return None
            if text.startswith("的", m.end()):
                return None
            order.rule, order.cue, order.end = "ban" if m["ban"] else "order", Span(*m.span("ban" if m["ban"] else "modal")), m.end()
            return self._supporting(order, self._skip(m.end(), limit), limit)
        clause = _CLAUSE.match(text, subject.end, limit)
        assert clause
        if (at != clause.start() and at > clause.end()) or _FINISHED.search(clause[0]):
            return None
        if text[subject.end:subject.end + 1] == "，" or (_ATTRIBUTE.match(text, at, limit) and cue != "ask"):
            return None
        if cue == "by" and (m := words.passive.match(text, at, limit)):
            order.rule, order.end = "passive", m.end()
            order.bare = bool((v := words.verb.match(text, at, limit)) and v["lead"] and self._stops(v.end()))
            return self._supporting(order, at, limit)
        if m := words.verb.match(text, at, limit):
            if subject.places_only and not (m["lead"] or text.startswith("负责", at)) and not cue:
                return None
            if m["act"] == "落实" and not cue and not self._stops(m.end()) and text[m.end():m.end() + 1] not in "好":
                return None
            order.rule, order.end, order.cue = "lead-verb", m.end(), Span(*m.span())
            order.bare = bool(m["lead"]) and self._stops(m.end())
            if m["support"] and not cue:
                order.rule = "helper"  # of a task that another leads, or no task
                return order
            return self._supporting(order, at, limit)
        if (m := words.urgent.match(text, self._skip_times(subject.end), limit)) and _MID_OF_WORD.match(text, m.end()):
            order.rule, order.end, order.cue = "urgent", m.end(), Span(*m.span())
            return order
        if cue == "ask" and _MID_OF_WORD.match(text, at) and text[at] not in "的和与及" and not _RITUAL.match(text, at):
            order.rule, order.end = "request", at
            return order
        if (often := _OFTEN.match(text, subject.end, limit)) and not subject.places_only and _MID_OF_WORD.match(text, often.end()):
            order.rule, order.end, order.cue = "recurrent", often.end(), Span(*often.span())
            return order
        if (deadline := self._deadline(subject.end, at)) and _MID_OF_WORD.match(text, at):
            order.rule, order.end, order.cue = "deadline", at, deadline
            return order
        return None

    def _partners(self, order: Order, at: int, limit: int) -> int:
        """会同 and its actors support; the offset past them."""
        m = self.words.join.match(self.text, at, limit)
        partner = self.actors.subject(m.end(), limit, told=True) if m else None
        if partner is None:
            return at
        order.support += partner.actors
        order.officials += partner.officials
        return partner.end

    def _parallel(self, subject: Subject, limit: int) -> Order | None:
        """A plain verb after ； where the sentence has given orders already (甲要…；乙…)."""
        clause = _CLAUSE.match(self.text, subject.end, limit)
        if subject.places_only or clause is None or len(clause[0]) < 4 or _FINISHED.search(clause[0]) or _NO_VERB.match(clause[0]):
            return None
        return Order(subject.start, subject.end, subject.start, "parallel", list(subject.actors), officials=list(subject.officials))

    def _past_clauses(self, at: int, limit: int) -> int:
        m = self.words.clauses.match(self.text, at, limit)
        return self._skip(m.end(), limit) if m else at

    def _stops(self, at: int) -> bool:
        return self.text[at:at + 1] in ("", "，", "；", "。", "、", "！", "\n", "）")

    def _deadline(self, start: int, end: int) -> Span | None:
        """A time limit between subject and verb (各县区于6月底前完成…)."""
        for at in range(start, end):
            if (stop := self.actors.times.get(at)) and _STRONG_TIME.search(self.text, at, stop):
                return Span(at, stop)
        return None

    def _supporting(self, order: Order, at: int, limit: int) -> Order:
        """配合 and the like with an actor as object: the object leads and the subject supports."""
        at = self._partners(order, at, limit)
        if m := self.words.support.match(self.text, at, limit):
            leader = self.actors.subject(m.end(), limit)
            if leader and not leader.places_only and not self.text.startswith("的", leader.end):
                order.lead, order.support = list(leader.actors), [*order.lead, *order.support]
                order.officials += leader.officials
            elif self._ends_soon(m.end(), limit):
                order.rule = "support-verb"
        return order

    def _ends_soon(self, at: int, limit: int) -> bool:
        clause = _CLAUSE.match(self.text, at, limit)
        return clause is not None and clause.end() - at <= _SHORT

    def _joined(self, before: Order, order: Order) -> bool:
        """Does ``order`` only add its actors to the one before it (甲牵头，乙负责 / 甲牵头…，乙配合)?"""
        if order.rule in ("support-verb", "helper"):
            before.support += order.lead
        elif before.bare and order.rule == "lead-verb":
            before.lead += order.lead
            before.support += order.support
        else:
            return False
        before.officials += order.officials
        before.end = order.end
        return True
