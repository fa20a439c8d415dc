"""Facts: whether what a cue says is so, now and here, or only feared, forbidden, planned, supposed, over or said of others."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from duban.matches import Span, Target
from duban.problems.cues import Cue
from duban.problems.words import Words

_start = attrgetter("start")
#: So far before a cue the words may stand that make it no fact.
_REACH = 40
#: Orders: what is to be seen is a fact all the same, and some words only look like an order.
_NO_ORDER = (
    r"(?:要(?=清醒|看到|正视|认识|求|素|深刻|承认|说|讲|指出)|(?<=[主重需首次只摘纪])要|必须(?=清醒|看到|认识|承认|指出|说)|应(?=急|用|对|看到|当看到)|"
    r"(?<=[反供对相适响])应|继续(?=下|回落|走|恶)|深入(?=不)|进一步(?=下|恶|扩|拉|回)|将(?=近)|计划(?=完成|数|的|执行)|开展(?=不|得)|"
    r"实施(?=不|得|缓|滞)|提升(?=不)|积极性|完善(?=不))"
)
#: What may stand before a word of easing at the head of its clause.
_EAGER = r"(?:着力|切实|坚决|有效|全面|积极|加快|继续|集中力量|全力|深入|持续|依法|及时|逐步|抓紧|主动|来|以|用于|并|协调|重点|优先|进一步|严格)*"
_SOLVED = re.compile(
    r"[^，；。]{0,10}?(?:得到|已经?|基本|全部|逐步|有效|明显|根本|彻底|正在|加快|持续)[^，；。]{0,6}?(?:解决|遏制|扭转|改善|缓解|控制|整改|好转|化解|消除|改观|破解|销号|复工|收窄|缩小|攻克|完成整改)"
    r"|[^，；。]{0,6}?(?:跃升|上升|提升|升至|升到|前移|跃居|进入前|跃至)"
    r"|[^，；。]{0,8}(?:的历史|的帽子|一去不复返|成为历史|现象不再)"
)
_LONG_AGO = re.compile(r"(?:[\d]+|[一二两三四五六七八九十几多]+)年前|过去(?=[^，；。]{0,6}(?:是|的(?!一)))")
_PENALTY = re.compile(r"的(?:单位|部门|项目|企业|县区|干部|人|同志|领导|地方|地区|乡镇|镇街|责任人|个人)?$")
_RULE = re.compile(r"(?:对于?|凡|凡是|针对|谁|因|由于工作|哪个|哪里|如|若)")
_RULED = re.compile(
    r"一律|予以|严肃|约谈|问责|追责|通报|扣(?:减|分|除)|取消|收回|处理|处分|检讨|一票否决|挂牌督办|末位|销号重来|调整岗位|给予|不得评|自动进入|责令|限期"
)
#: Behind a cue: it is a risk, or what is announced.
_AHEAD = re.compile(r"[^，；。]{0,6}?风险|[”’]?[^，；。]{0,4}?(?:必须|要|亟待|急需|需要)(?:高度|认真|引起)?(?:正视|重视|解决|警醒|破解)")
#: What is left to be done is not late.
_REST = re.compile(r"(?:任务|目标|工作量|工程量)[^，；。]{0,4}(?:还有|尚有|还剩|仍有)[^，；。]{0,8}$")
_THEN = re.compile(r"，(?:那么?)?(?:我们|大家)?[就便](?:会|要|可能|将|难|是|得|必)")
_QUESTION = re.compile(r"(?:吗|呢|是否|有没有|会不会|能不能|敢不敢)[^，；。？]*？$")
_LEVELS = "镇乡区县旗市州盟省国"
_RANK = re.compile(r"[^，；。]{0,3}(?:排|居|列|位|第|最|倒|末|后|垫|平均|前列|领先|唯一|殿|靠后|中下)")
_LEAD = re.compile(r"(?:但是?|而|然而|其中|特别是|尤其是|从|看|同时|目前|当前|今年以来|今年|上半年|近年来|近期|一季度|前三季度|，)*")
_BEFORE_OTHERS = re.compile(r"[比较于与同在距离居列跟和落及]$")
_WIDE = re.compile(r"全([国省市区县州镇])")


class Facts:
    """Judges cues by the words around them; nothing here looks further than a clause or the head of its sentence."""

    def __init__(self, text: str, targets: Sequence[Target], place: str | None, words: Words) -> None:
        self.text, self.targets = text, targets
        self._guard = words.expression(f"^{_EAGER}(?:{{EASE}})|(?:{{GUARD}})")
        self._order = words.expression(f"{_NO_ORDER}|(?P<order>{{ORDER}})")
        self._unreal = words.expression("(?:{UNREAL})")
        self._over = words.expression("(?:{OVER})")
        self._absent = words.expression("(?:{ABSENT})[^，；。、]{0,4}$|(?:(?<!不)少|[不别勿])$")
        self._others = words.expression("(?:{OTHERS})")
        said = Counter(re.findall(f"[我本]([{_LEVELS}])(?!长)", text)) or Counter(_WIDE.findall(text))
        self.level = place[-1] if place and place[-1] in _LEVELS else max(said, key=said.__getitem__, default=None)

    def holds(self, cue: Cue, clause: Span, sentence: Span, supposed: bool) -> bool:
        """Is it so? ``supposed``: a clause before it in its sentence supposes something."""
        before = self.text[max(clause.start, cue.start - _REACH):cue.start]
        after = self.text[cue.end:min(clause.end, cue.end + _REACH)]
        close = self.text[max(clause.start, sentence.end - _REACH):sentence.end]
        if supposed or self._unreal.search(before) or self._of_others(clause, cue) or _QUESTION.search(close):
            return False
        if cue.attribute:
            return not (self._over.search(before) or _LONG_AGO.search(before) or _RULE.match(before))
        if self._guard.search(before) or self._ordered(before) or self._absent.search(before):
            return False
        if self._over.search(before) or _LONG_AGO.search(before) or _SOLVED.match(after) or _AHEAD.match(after) or _REST.search(before):
            return False
        if _PENALTY.search(after) and not re.search(r"(?:有|是)[^，；。]{0,30}$", before):
            return False
        if _RULE.match(before) and _RULED.search(self.text[clause.start:min(sentence.end, clause.end + 2 * _REACH)]):
            return False
        return cue.rule == "comparison" or not self._aimed(clause)

    def supposes(self, clause: Span) -> bool:
        """Does a clause suppose something, so that what follows it in its sentence is not said to be so?"""
        head = self.text[clause.start:min(clause.end, clause.start + _REACH)]
        if re.match(r"(?:如果|如若|若|倘若|假如|假若|要是|一旦|万一|否则|不然|只要|凡)", head):
            return True
        return _THEN.match(self.text, clause.end) is not None or (bool(_RULE.match(head)) and self.text[clause.end - 1] == "的")

    def _ordered(self, before: str) -> bool:
        return any(m["order"] for m in self._order.finditer(before))

    def _aimed(self, clause: Span) -> bool:
        """Does the clause state a goal: a figure that is to be reached, and none that was?"""
        i = bisect_left(self.targets, clause.start, key=_start)
        status: set[str] = set()
        while i < len(self.targets) and self.targets[i].start < clause.end and len(status) < 3:
            status.add(self.targets[i].status)
            i += 1
        return "target" in status and "actual" not in status

    def _of_others(self, clause: Span, cue: Cue) -> bool:
        """Is its subject somebody else: the country, the province of a city's document, a neighbour?"""
        head = _LEAD.match(self.text, clause.start, cue.start)
        at = head.end() if head else clause.start
        near = min(cue.start, at + 12)
        if (m := self._others.search(self.text, at, near)) and not _BEFORE_OTHERS.search(self.text[max(clause.start, m.start() - 1):m.start()]):
            return True
        wide = _WIDE.match(self.text, at, cue.start)
        if wide is None or self.level is None or cue.kind == "ranked_low" or _RANK.match(self.text, wide.end(), clause.end):
            return False
        return self.level in _LEVELS and _LEVELS.index(wide[1]) > _LEVELS.index(self.level) and not {wide[1], self.level} <= set("区县旗")
