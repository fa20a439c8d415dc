"""Orders in running text: an actor at the head of a clause and the words that tell it to act."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from duban.matches import Actor, Span
from duban.tasks.actors import Actors, Subject
from duban.tasks.spoken import Spoken

#: A matter that stands before its actor without a comma (涉军的事退役军人部门管好).
_MATTER = re.compile(r"(?:的(?:事情?|问题|口子|账|活|工作|手续|项目|矛盾|案子|钱|资金|缺口|任务)|这(?:件|个|些)事情?|这[一几些两三]?[块项件])$")
_CLAUSE_START = re.compile(r"[，；：“（—](?:(?<!—)|—)")
#: A clause; the bound keeps odd texts cheap.
_CLAUSE = re.compile(r"[^，；：。！？\n]{0,200}")
_STRONG_TIME = re.compile(r"[前内底末]$")
#: A finished act is reported, not ordered.
_FINISHED = re.compile(r"已(?!有)|了(?!解|如)|(?<![超通越难])过(?!程|硬|关|紧|渡|度|往|剩|高|低|大|失|节|去|来|个|年|好|冬|细|实|[一两]遍|筛)|以来|取得")
#: An actor that a relative clause describes (由市住建局牵头的项目).
_ATTRIBUTE = re.compile(
    r"[^，；。]{0,24}的(?:机制|体系|格局|专班|小组|制度|体制|方式|模式|团队|委员会|项目|工程|指标|任务|事项|规划|领域|单位|部门|工作(?!要求))"
)
#: A recurrent duty right after its bearer (各镇街每月外出招商…).
_OFTEN = re.compile(
    r"(?:都|均|至少)?(?:每(?:年|半年|季度|月|旬|周|天|日|半月|两周|个月|[一二两三四五六七八九十\d]{1,3}个?(?:月|周|天|工作日))|"
    r"按(?:年|季度|季|月|旬|周|日|半月)|逐[月季周旬日]|(?:[半一两]个?月|[半一]年|[一两]周|一季度?|[一三五十]日|月|季|周|旬|日)一(?=[\u4e00-\u9fff]{2}))(?:至少)?(?!的|有|均|平均|以来)"
)
_DESCRIBED = re.compile(r"(?:个别|部分|有些|有的|一些|少数|多数|某些|不少|许多)")
#: What a report says to those who hear it.
_RITUAL = re.compile(r"[^，；。]{0,12}(?:提出?(?:宝贵|批评)?意见|多提|审议|审查|批评指正|指正)")
#: What is shared out among several (各领一个, 每人包联2个).
_SHARED = re.compile(r"(?:每[人家]|人人|各自?|一人)(?:至少)?(?:领|认领|派|选派|抽调|明确|确定|落实|安排|引进|包|联系|挂钩|帮扶|负责|牵头|带队|带头|抓|盯)")
#: A verb of duty alone: what is to be done stands elsewhere.
_BARE = re.compile(
    r"(?:分别|共同|具体|统一|各自|全权|总)*(?:牵头|负责|承担|落实|实施|办理|承办|主抓|组织实施|解决|包保|兜底|领衔|挂帅|推进|负总责)+(?=[，；。！]|$)"
)
#: Who answers for something (是第一责任人).
_ANSWERS = re.compile(r"(?:是|为|作为)[^，；。]{0,16}?(?:责任人|责任主体|责任单位|责任部门|责任者|牵头单位|牵头部门|主体责任单位)(?=[，；。！）]|$)")
#: What is to be done by a given rule (按1：1的比例配套).
_BY_RULE = re.compile(
    r"(?:严格)?(?:按照?|依照|比照|参照|对照)[^，；。]{1,24}?(?:比例|标准|要求|规定|程序|时限|时间节点|节点|清单|方案|规范|口径|模式|原则)"
    r""
    r"的?(?=[\u4e00-\u9fff])(?!下|的|和|与|等|做法|工作|开展情况)"
)
_ANSWERS_FOR = re.compile(r"对[^，；。]{1,30}?(?:负总责|负主体责任|负主要责任|负直接责任|负全责|负首要责任|负领导责任|负监管责任)")
#: Those who lead the unit just told to act (各区政府要…，主要负责同志每季度…): still the same order.
_ITS_HEAD = re.compile(r"(?:党政)?(?:主要|分管)(?:负责)?(?:同志|领导|负责人)$|[“]?一把手[”]?$|班子成员$")
#: Not done by an actor but done to a thing (年底前挂牌).
_HAPPENS = re.compile(
    r"(?:正式|全部|全面|全线|基本|主体)?(?:挂牌|揭牌|投用|投入使用|投入运营|建成|开工|通车|竣工|投产|开园|开业|完工|启用|封顶|落地|运营|试产|达产|开放)"
    r"(?=[，；。！]|$)"
)
#: 要 inside a relative clause (今年要办的实事).
_RELATIVE_MODAL = re.compile(r"[\u4e00-\u9fff]{1,2}的(?!是)[^，；。]{1,12}(?=[，；。]|$)")
#: The speaker's own office promises with 将, nobody tells it to.
_SPEAKER = re.compile(r"政府(?:系统)?$")
_OWN_OFFICE = re.compile(r"(?:自治区|[省市县区州旗])(?:人民)?政府|政府系统")
#: What may stand right before an organ and belongs to it: how many they are, and the part it plays (业主单位县城投公司).
_BEFORE_ORGAN = re.compile(r"(?:[两二三四五六七八九十]|\d{1,2})[个家支]|(?:业主|建设|施工|代建|牵头|责任|主办|承办|主责|实施|项目)(?:单位|部门)：?")
#: What zones reach is told of a place.
_ZONE = re.compile(r"[区园]$")
#: What a subject is preceded by and its order includes (对…的，由…).
_TOPIC = re.compile(r"[，；](?:对于?|凡是?|针对|关于)[^，；。]{2,40}(?:的|方面|问题|单位|项目)，(?:[应要可须将]?由)?$")
_FRAME = re.compile(r"；[^，；。：]{0,12}(?:[前后内底初末日天起]|[上下中]午|晚上?|期间|时候?)，?$")
#: What an act is about, before the act.
_ABOUT = re.compile(r"(?:对于?|针对|按照?|根据|围绕|结合|参照|对照)[^，；。]{1,40}(?:的|问题|要求|部署|清单|分工|职责|情况|实际|方案|标准|意见)，")
#: An actor who is no entity, but a unit, an official or a place by its looks.
_UNIT_NAME = re.compile(
    r"(?![省市县区州镇乡]{2,3}\Z)(?:(?:[省市县区州旗镇乡村各本驻]|[*X×]{1,4}(?=[^*X×]))[^，；。]{1,20}|"
    r"(?!会[前后])[\u4e00-\u9fff]{2,3}(?:[县区市镇乡村]|街道|新区)|[\u4e00-\u9fff]{2,4}[局委办])"
)
#: Officials at large, and those who are spoken of with respect.
_NO_OFFICIAL = re.compile(r"[我你他这那有]|(?:主要|分管|直接)?(?:负责|责任)(?:人|同志)$|[^，；。]{0,20}(?:总书记|总理|贯彻|落实|学习)")
#: Those or what a clause befalls, right before its actor.
_BEFALLEN = re.compile(r"[^，；。：！？\n]{2,24}的，$")
_THREAT = re.compile(r"[不没未无超末拒违倒]|逾期|连续|[排后]|仍|发现|[上下]降")
_BARE_GROUP = re.compile(r"县区|区县|县市|乡镇|镇街|部门|单位|企业")
_SHORT = 9
#: Connecting words and adverbs before what they lead to; a bound, so that odd texts stay cheap.
_MAX_PREFIXES, _MAX_ADVERBS = 8, 12
_DUTY = re.compile(
    r"：(?=负责|牵头|承担|做好|组织|统筹|指导|制定|落实|加强|会同|配合|协助|参与|督促|按照|依法|研究|推进|主要负责|具体负责|抓好|提供|开展|保障)"
)
_MID_OF_WORD = re.compile(r"[\u4e00-\u9fff]")
#: Those above are quoted, not told.
_ABOVE = re.compile(r"(?:上级|中央|党中央|国务院|国家|全国人大|中共中央)")
_ABOVE_ASKS = re.compile(r"(?:上级|中央|国务院|国家|全国人大|总书记)(?:明确|多次|反复|一再|专门|也|都|已)?$")
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
    #: what is to be done, where it stands before the actor (…，由市水务局负责)
    topic: Span | None = None
    #: a lead verb with nothing after it: who comes next shares the same action
    bare: bool = False
    #: where the words after the subject start
    after: int = 0


class Orders:
    """Finds orders sentence by sentence."""

    def __init__(
        self, text: str, actors: Actors, openings: Collection[int], promised: Callable[[int, int], bool] = lambda start, end: False
    ) -> None:
        """``openings``: where sentences and the own words of points start; ``promised``: do the figures of a stretch say what
        is to be reached, and none what was?
        """
        self.text, self.actors, self.words, self.promised = text, actors, actors.words, promised
        self.spoken = Spoken(actors)
        self.anchors = self._anchors(openings)

    def _anchors(self, openings: Collection[int]) -> list[int]:
        """Where a subject can stand: at the head of a clause or a point, behind its matter, after 请, 由 and the like."""
        text, words, actors = self.text, self.words, self.actors
        anchors = {
            *openings, *actors.topics, *self._cues(),
            *(m.end() for m in _CLAUSE_START.finditer(text)),
            *(at for at in actors.organs if _MATTER.search(text, max(0, at - 4), at)),
            *(end for _, _, end in words.joints.find_matches_as_indexes(text)),
        }  # fmt: skip
        leading = {start for _, start, _ in words.openers.find_matches_as_indexes(text, overlapping=True)}
        return sorted(actors.possible(anchors) | (anchors & (leading | actors.times.keys())))

    def _cues(self) -> Iterator[int]:
        done = 0
        for start in sorted(start for _, start, _ in self.words.cues.find_matches_as_indexes(self.text, overlapping=True)):
            if start >= done and (m := self.words.opener.match(self.text, start)) and m.lastgroup:
                yield start
                done = m.end()

    def anchors_in(self, start: int, end: int) -> Sequence[int]:
        """The places of a sentence where an order may begin."""
        return self.anchors[bisect_left(self.anchors, start):bisect_left(self.anchors, end)]

    def find(self, start: int, end: int, openings: Sequence[int], *, follows: bool = False) -> list[Order]:
        """The orders of the sentence ``start``–``end``; ``openings`` are where its points' own words start.

        ``follows``: does the sentence before give orders?
        """
        if self.text[end - 1] == "？" or self.text.startswith("？", end):
            return []
        found: list[Order] = []
        done = start
        for at in self.anchors_in(start, end):
            if at < done:
                continue
            order = self._order(at, end, parallel=bool(found) and self._after_order(at), opening=at == start or at in openings, follows=follows or bool(found))
            if order is None:
                continue
            if found and self._joined(found[-1], order):
                done = found[-1].end
                continue
            if order.rule == "helper":
                continue
            if order.rule == "passive" and _BARE.match(self.text, order.after, end):
                before = found[-1].end if found else start
                cut = self.text.rfind("；", before, order.clause)
                if found and cut >= 0:  # …；新建泵站2座，由市水务局负责
                    order.clause = max(cut + 1, done)
                first = max(cut + 1, *(i for i in openings if i <= order.start), start) if not found or cut >= 0 else order.clause
                if order.cue and first < order.cue.start:
                    order.topic = Span(first, order.start)
            found.append(order)
            done = order.end
        for order, after in pairwise(found):
            order.end = after.clause if after.clause >= order.end else after.start
        if found:
            found[-1].end = end
        for order in found:
            self._add_partners(order)
        return found

    def _add_partners(self, order: Order) -> None:
        """Actors that a later clause of the order names as partners (…，会同有关部门…)."""
        known = {a.start for a in (*order.lead, *order.support)}
        for m in self.words.join.finditer(self.text, order.start, order.end):
            if m.start() not in self.actors.organs and self.text[m.start() - 1] in "，；、" and (partner := self.actors.subject(m.end(), order.end, told=True)):
                order.support += [a for a in partner.actors if a.start not in known]

    def _after_order(self, at: int) -> bool:
        """Is ``at`` the first subject after a semicolon, but for a time (；明天上午，各镇街…)?"""
        return self.text[at - 1] == "；" or (self.text[at - 1] == "，" and _FRAME.search(self.text, max(0, at - 16), at) is not None)

    def _order(self, anchor: int, limit: int, *, parallel: bool = False, opening: bool = False, follows: bool = False) -> Order | None:
        at, cue, kind, time = anchor, None, "", None
        for _ in range(_MAX_PREFIXES):
            if at in self.actors.organs:
                break
            if m := self.words.opener.match(self.text, at, limit):
                if m.lastgroup:
                    cue, kind = Span(*m.span()), m.lastgroup
            elif end := self.actors.times.get(at):
                time = at if time is None else time
                at = end + (self.text[end:end + 1] in ("，", "："))
                continue
            elif (before := _BEFORE_ORGAN.match(self.text, at, limit)) and before.end() in self.actors.organs:
                at = before.end()
                break
            else:
                break
            at = m.end()
        if kind == "ask" and cue and _ABOVE_ASKS.search(self.text, max(0, cue.start - 12), cue.start):
            return None
        subject = self.actors.subject(at, limit, told=bool(kind))
        group = False
        if subject is None and (start := self.actors.relative(at, limit)):
            subject, group = self.actors.subject(start, limit, apart=True), True
        if subject is None or _ABOVE.match(self.text, subject.start):
            return None
        order = self._predicate(subject, limit, kind) or (self._parallel(subject, limit) if parallel else None)
        if order is None and not kind and (opening or parallel):
            order = self._goal(subject, limit)
        if order is None and not kind and not group:
            order = self._spoken(subject, limit, follows)
        if order is None or (group and order.rule not in ("order", "ban")):
            return None
        order.clause = self._clause_start(anchor)
        order.cue, order.time = cue or order.cue, time
        return order

    def _clause_start(self, anchor: int) -> int:
        """The start of the clause that a cue in its midst belongs to, with the topic or time before it."""
        if self.text[anchor - 1:anchor] in ("，", "由"):
            for pattern in (_TOPIC, _FRAME):
                if m := pattern.search(self.text, max(0, anchor - 50), anchor):
                    return m.start() + 1
        cut = max(self.text.rfind(mark, max(0, anchor - 40), anchor) for mark in "，；：。！？、\n")
        return cut + 1 if cut >= 0 else anchor

    def _skip(self, at: int, limit: int) -> int:
        """Past adverbs and times."""
        for _ in range(_MAX_ADVERBS):
            if end := self.actors.times.get(at):
                at = end
            elif m := self.words.adverb.match(self.text, at, limit):
                if (join := self.words.join.match(self.text, at, limit)) and join.end() in self.actors.organs:
                    break
                at = m.end()
            elif self.text[at:at + 1] in ("于", "在", "限") and (end := self.actors.times.get(at + 1)):
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
        order = Order(subject.start, subject.end, subject.start, "", list(subject.actors), officials=list(subject.officials), after=subject.end)
        at = subject.end
        if ((duty := _DUTY.match(text, at, limit)) and not subject.places_only) or (text[at:at + 1] == "：" and at + 1 in self.actors.times):
            order.rule, order.end = "duty-list", duty.end() if duty else at + 1
            return order
        if text[at:at + 1] == "，":
            at += 1
        at = self._partners(order, at, limit)
        partnered = at if order.support and cue else 0
        if text[at:at + 1] == "，":
            at += 1
            partnered = partnered and at
        first, at = at, self._skip(at, limit)
        for place in (at, self._past_clauses(at, limit)):
            m = words.modal.match(text, place, limit) or words.phrase.match(text, place, limit)
            if m is None or (m["modal"] == "至少" and _OFTEN.match(text, subject.end, limit)):
                continue
            if m["ban"] and _DESCRIBED.match(text, subject.start):
                return None
            if text.startswith("的", m.end()) or _RELATIVE_MODAL.match(text, m.end(), limit):
                return None
            if m["modal"] == "将" and _SPEAKER.search(text, subject.start, subject.actors[-1].end):
                return None
            order.rule, order.cue, order.end = "ban" if m["ban"] else "order", Span(*m.span("ban" if m["ban"] else "modal")), m.end()
            return self._supporting(order, self._skip(m.end(), limit), limit)
        clause = _CLAUSE.match(text, partnered or subject.end, limit)
        assert clause
        if (at != clause.start() and at > clause.end()) or _FINISHED.search(clause[0]):
            return None
        if (text[subject.end:subject.end + 1] == "，" and not partnered) or (_ATTRIBUTE.match(text, at, limit) and cue != "ask"):
            return None
        if cue == "by" and (m := words.passive.match(text, at, limit)):
            order.rule, order.end = "passive", m.end()
            order.bare = bool((v := words.verb.match(text, at, limit)) and v["lead"] and self._stops(v.end()))
            return self._supporting(order, at, limit)
        if m := words.verb.match(text, at, limit) or words.verb.match(text, first, limit):
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
        if order.support and not cue and _MID_OF_WORD.match(text, at):
            order.rule, order.end = "jointly", at
            return order
        told_often = not (subject.places_only or self._speaker(subject) or self._in_passing(subject))
        if told_often and (often := _OFTEN.match(text, subject.end, limit)) and _MID_OF_WORD.match(text, often.end()):
            order.rule, order.end, order.cue = "recurrent", often.end(), Span(*often.span())
            return order
        for rule, pattern in (("shared", _SHARED), ("answers", _ANSWERS), ("answers", _ANSWERS_FOR), ("by-rule", _BY_RULE)):
            if (m := pattern.match(text, subject.end, limit)) and not (subject.places_only and rule != "answers"):
                order.rule, order.end, order.cue = rule, m.end(), Span(*m.span())
                return order
        if (deadline := self._deadline(subject.end, at)) and _MID_OF_WORD.match(text, at) and not _HAPPENS.match(text, at, limit):
            order.rule, order.end, order.cue = "deadline", at, deadline
            return order
        return None

    def _in_passing(self, subject: Subject) -> bool:
        """Is it a bare collective amid a sentence, rather those whom others act on (…，县区每个月至少跑一遍)?"""
        return self.text[subject.start - 1:subject.start] == "，" and _BARE_GROUP.fullmatch(self.text, subject.start, subject.end) is not None

    def _speaker(self, subject: Subject) -> bool:
        """Is it the speaker's own government, which says what it does (市政府按旬调度)?"""
        return _OWN_OFFICE.fullmatch(self.text, subject.start, subject.end) is not None

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

    def _goal(self, subject: Subject, limit: int) -> Order | None:
        """A plain act with a figure or date to be reached (市水务局新建泵站4座，…): a plan gives it to the unit."""
        if subject.places_only or _ZONE.search(self.text, subject.start, subject.actors[-1].end):
            return None
        if not any(self.words.plain.match(self.text, at, limit) for at in (subject.end, self._skip(subject.end, limit))):
            return None
        stop = self.text.find("；", subject.end, limit)
        stop = limit if stop < 0 else stop
        if _FINISHED.search(self.text, subject.end, stop) or not self.promised(subject.end, stop):
            return None
        return Order(subject.start, subject.end, subject.start, "goal", list(subject.actors), officials=list(subject.officials))

    def _spoken(self, subject: Subject, limit: int, follows: bool) -> Order | None:
        """An act that nothing but the manner of speaking shows to be asked for."""
        if not self._named(subject) or self._speaker(subject):
            return None
        order = Order(subject.start, subject.end, subject.start, "jointly", list(subject.actors), officials=list(subject.officials))
        at = self._partners(order, subject.end, limit)
        at += bool(order.support) and self.text[at:at + 1] == "，"
        head = self._skip(at, limit)
        about = _ABOUT.match(self.text, head, limit)
        head = self._skip(about.end(), limit) if about else head
        if self.spoken.told(at, head, limit, place=subject.places_only):
            return None
        if sign := self.spoken.sign(at, head, limit, before=follows + self._condition(subject.start) - subject.places_only):
            order.cue, strong = sign
            if not strong and _HAPPENS.search(self.text, head, limit):
                return None
            order.rule = "spoken" if strong else "hinted"
            return order
        return order if order.support else None

    def _condition(self, at: int) -> int:
        """How much it tells that the actor follows those whom something befalls (没人接的，某办…): a threat more."""
        m = _BEFALLEN.search(self.text, max(0, at - 30), at)
        return (2 if _THREAT.search(m[0]) else 1) if m else 0

    def _named(self, subject: Subject) -> bool:
        """Is the first actor one that an entity, its post or its rank shows to be one, and no words that look like a name?"""
        first = subject.actors[0]
        if _DESCRIBED.match(self.text, first.start):
            return False
        if first.start in self.actors.organs:
            return True
        if first in subject.officials:
            return _NO_OFFICIAL.match(self.text, first.start, first.end) is None
        words = self.words
        return bool(words.whole.fullmatch(self.text, first.start, first.end) or _UNIT_NAME.fullmatch(self.text, first.start, first.end)) and not any(
            pattern.match(self.text, first.start) for pattern in (words.plain, words.spoken, words.verb))

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
            if leader and m[0].endswith("支持") and not self._stops(leader.end) and _MID_OF_WORD.match(self.text, leader.end):
                return order  # who supports another in doing something has a task of his own (支持大学扩招)
            if leader and not leader.places_only and not self.text.startswith("的", leader.end):
                order.lead, order.support = list(leader.actors), [*order.lead, *order.support]
                order.officials += leader.officials
            elif self._ends_soon(m.end(), limit):
                order.rule = "support-verb"
        return order

    def _ends_soon(self, at: int, limit: int) -> bool:
        clause = _CLAUSE.match(self.text, at, limit)
        return clause is not None and clause.end() - at <= _SHORT

    def _also_leads(self, before: Order, order: Order) -> bool:
        """Does an official head what the units before do (…，由分管副区长挂帅), or answer for it (，镇长是第一责任人)?"""
        if order.rule == "passive" and order.bare and len(order.officials) == len(order.lead):
            return self.text.find("；", before.end, order.start) < 0
        return order.rule == "answers" and self.text[order.start - 1] == "，"

    def _its_head(self, order: Order) -> bool:
        """Is the subject nothing but a word for the head of the unit before (主要负责同志)?"""
        official = order.officials[0]
        return _ITS_HEAD.fullmatch(self.text, official.start, official.end) is not None

    def _joined(self, before: Order, order: Order) -> bool:
        """Does ``order`` only add its actors to the one before it (甲牵头，乙负责 / 甲牵头…，乙配合)?"""
        if order.rule in ("support-verb", "helper"):
            before.support += order.lead
        elif before.bare and order.rule == "lead-verb":
            before.lead += order.lead
            before.support += order.support
        elif self._also_leads(before, order):
            before.lead += order.lead
        elif order.rule in ("recurrent", "lead-verb", "shared") and len(order.lead) == 1 and order.officials and self._its_head(order):
            pass
        else:
            return False
        before.officials += order.officials
        before.end = order.end
        return True
