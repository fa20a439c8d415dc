"""Orders as they are spoken, without a word of order (市水利局盯住险工; 各新闻单位该曝光的曝光): what shows that an act is asked for.

An actor and a plain clause is also how a report says what was done. An order shows in signs: a strong one is enough
(a time limit or a ban in a later clause, 把…补上, 该收的收, 给我…), weak ones count from two on, one of which may be that
orders stand right before. Where the clause tells of something done, or what follows judges it, it is none.
"""
from __future__ import annotations

import re
from collections.abc import Iterator

from duban.matches import Span
from duban.tasks.actors import Actors

_CLAUSE = re.compile(r"[^，；：。！？\n]{1,200}")
#: So many clauses of the actor's own are listened to, and so many adverbs and times before a verb.
_CLAUSES, _ADVERBS = 5, 6
_STRONG_TIME = re.compile(r"[前内末底]$")
#: A time right behind the actor that has yet to come.
_SOON = re.compile(r"今[天晚日]|明[天晚日]|[本这下][周月]|[这下]个月|下半[年月]|这(?:几|两)天|[^，；。]{1,12}(?:起|开始)$")

# ---- what tells

#: Told, not asked: aspect, a copula, a time gone by, what somebody says or how something is.
_TOLD = re.compile(
    r"了(?!解|如|断|结|的|再|就|不)(?![^，]{0,5}[再就])|已(?!有)|(?<![地超通越难])过(?!程|硬|关|紧|渡|[一两][遍下道]|筛|滤|堂|细|节|来|去|个|年|好|冬)|"
    r"以来|取得|没(?!收|[^，；。]{0,8}的)|未(?!来|必|雨)|正在|曾|刚[刚才]|一直|[从历向原]来|过去|当[时年]|最近|近年|[去前上]年|昨[天晚]|上周|上个?月|前[一二三四]?个?(?:季度|月)|"
    r"反映|的是|认为|解释|汇报说|觉得|感到|表示|得(?:很|紧|不[错够好]|比|像|非常|相当|还)|(?:不仅|不但|其实|确实|往往|经常|总是|都|还)是|就是(?![^，；。]{1,24}也[要得])|"
    r"^[都也还就]*(?:[是在](?!$)|有(?!情况|问题|事|险情?|警|需要|条件|一|什么)|存在|普遍|位居|排[名在]|同比|增长|下降|落后|怎么|为什么|能不能|哪|不知道|说|讲|"
    r"要求|强调|指出|提出|决定|号召|批[复示]|印发|明确(?!专人|责任|分工|任务|一)|审议|之间|相互|互相|手[里上]|门[口前]|那[边里]|里[头面]|内部|上下|大楼|窗口)"
)
#: A place that counts what it has is none to act (青岚县、云溪县两个老矿区).
_COUNTED = re.compile(r"[一两二三四五六七八九十几\d]+[个家名条处]")
#: What is said of it afterwards makes it an example, good or bad.
_JUDGED = re.compile(
    r"[，；](?:[这那](?:样|种|很|才|说明|反映|就[是叫]|不(?![能准许得])|是(?!死|硬|底|任务|命令|要求|铁)|个(?:办法|做法|经验|思路|路子|变化|效果|要求不|问题))|"
    r"(?:总体|实际)?效果|成效|[^，；。]{0,4}(?:群众|企业|百姓|农民|市民|居民|客商)[^，；。]{0,6}(?:满意|欢迎|认可|称赞|拍手|点赞)|"
    r"值得|很?不容易|[形达]成了|[取赢得]得了|实现了|赢得|得到了|受到)"
)
#: What presses for 了 at the end of a clause (先把欠账清了).
_PRESSING = re.compile(r"先|也要|必须|无论如何|都给")

# ---- strong signs

_PUT = re.compile(r"(?:给我)?把[^，；。]{1,40}")
#: 把 that says what something is taken for or where it stands.
_STATE = re.compile(r"作为|当[作成]|看[作成]|视为|列为|摆[在上到]|放[在到]|[建设写挂装]在|贯穿|结合|转化|统一到|变[成为]|落实到[^，；。]{2,12}中")
_MANNER = re.compile(
    # things each according to its kind, one by one, measured by each other (该收的收, 有一起查一起, 一户一户地查, 谁摸的谁签字)
    r"[该能应]([\u4e00-\u9fff]{1,2})[^，；。的]{0,3}[的就][^，；。]{0,8}?\1|"
    r"一([起个件批户宗例家条处辆套间亩栋片段])[^，；。]{1,4}?一\2(?!地)|一([\u4e00-\u9fff]{1,4})一\3地?[\u4e00-\u9fff]|"
    r"谁[^，；。]{1,8}谁(?!的原则)|哪[^，；。]{1,10}就[^，；。]{1,6}哪|一律|自己的[^，；。]{0,4}自己|"
    # verbs doubled or measured out (理一理, 看看, 再走一遍, 算个账, 快一点)
    r"(?<!一)([\u4e00-\u9fff])一\4(?![\u4e00-\u9fff]?地)|([看讲跑想谈用查问听管走学试理找帮催盯练比议碰聊敲说])\5(?!\5)|"
    r"[再好过走跑查看摸排捋筛理核对翻讲学习][^，；。]{0,8}一[遍趟道轮]|[一两三][遍趟]$|(?:组织|开展|[搞来做开跑去办查])一[次轮场]|"
    r"[算列建拿发搞做弄写定排立理碰打拉]一?[个份张](?!人|百分|案子|头绪)|给一?个|[牵带]这?个头|"
    r"(?:辛苦|上心|用心|抓紧|主动|大胆|勤快|灵活|仔细|[快细实硬严早勤狠准稳紧])一?[点些]$|好好|"
    # at any price, before others, at once
    r"无论如何|说什么也|想[尽方]?[设]?办法|砸锅卖铁|哪怕|豁出去|一竿子插到底|[今明后][天晚日早][^，；。]{0,4}就|"
    r"[到向在][^，；。]{1,16}(?:[作做]?(?:检讨|检查)|书面检查|[作做]?说明情况|来说|上说|[作去]解释|交账|述职)"
)
#: Whoever speaks is to get it, or asks for it in person.
_TO_ME = re.compile(
    r"给我(?![们市县区省国])|(?<!汇)报我(?![们市县区省国])|报给我|交我|[交送拿摆](?:给|到)我(?![们市县区省国])|我(?:参加|要看|再来|来听|去看|要听|[就只]?[找问拿]你)"
)
_NOT_SO = re.compile(r"(?:也|都|就|可|千万|今后|以后|再)*(?:别(?![的人处具样名说是])|莫(?!非|名|大)|不用(?!说|谈)|甭|休想)")
_MORE = re.compile(r"[多少][\u4e00-\u9fff]{1,3}?[点些几](?!钟)")
_FIRST = re.compile(r"(?<![首优领率事预争祖])先(?![后行进生期例导锋试天秋])")
_GONE = re.compile(r"已(?!有)|[去上前]年")
#: Modals that a report goes on with, too.
_AIMS = frozenset(("确保", "力争", "力求", "务求", "予以", "将", "至少", "务使"))

# ---- weak signs

_WEAK = (
    re.compile(r"再(?!次|就业|生产|者)[\u4e00-\u9fff]"),
    re.compile(
        r"一[户企案项村区镇园厂人件链事块线校院楼]一[策档案册表专码方岗责个]|逐[户个项村家一]|挨家挨户|[\u4e00-\u9fff]到底|"
        r"一[个户人件项处]?[^，；。]{0,4}都?不(?:漏|少|落|放过)|不(?:打招呼|听汇报|留死角|漏一|落一|出[村镇乡县门校厂]|断档|过夜|走过场|讲条件|打折扣|停歇|松劲)|从[严快重]|连轴转"
    ),
    re.compile(r"[找问向跟]我(?![们市县区省国])|你们?"),
    re.compile(r"每[天周月旬日季半个]|[天周月旬日季][一两三][\u4e00-\u9fff]{1,2}|随时|第一时间|不定[时期]|连夜|当[天场]"),
)


class Spoken:
    """Looks for the signs of an order behind an actor of ``actors.text``."""

    def __init__(self, actors: Actors) -> None:
        self.text, self.actors, self.words = actors.text, actors, actors.words

    def told(self, subject: int, at: int, limit: int, *, place: bool = False) -> bool:
        """Does the clause behind an actor tell of what was done, or is it judged afterwards?

        ``subject``: where the actor ends; ``at``: the same after adverbs, times and what the act is about; ``place``: the actor
        is but a place, of which much is told.
        """
        m = _CLAUSE.match(self.text, at, limit) or _CLAUSE.match(self.text, subject, limit)
        if m is None or (place and _COUNTED.match(self.text, subject)):
            return True
        end = m.end()
        until = end - (self.text[end - 1] == "了" and self._pressed(subject, end))
        return _TOLD.search(self.text[subject:until]) is not None or _JUDGED.search(self.text, end, limit) is not None

    def sign(self, subject: int, at: int, limit: int, *, before: int = 0) -> tuple[Span, bool] | None:
        """What shows that the clause behind an actor is an order, and whether that is a strong sign.

        ``before``: how many weak signs stand before the actor.
        """
        clauses = list(self._clauses(subject, limit))
        while clauses and clauses[0].end < at:  # what it is about (对…的，有一起查一起)
            clauses.pop(0)
        if not clauses:
            return None
        if strong := self._strong(clauses, at) or self._goes_on(clauses[1:]):
            return strong, True
        weak = list(self._weak(clauses, subject, at))
        return ((weak or [Span(at, clauses[0].end)])[0], False) if len(weak) + before > 1 else None

    def _clauses(self, start: int, limit: int) -> Iterator[Span]:
        """The clauses from ``start`` to a stop, a semicolon or another actor."""
        for i in range(_CLAUSES):
            m = _CLAUSE.match(self.text, start, limit)
            if m is None or (i and self.actors.subject(self._skip(start), limit)):
                return
            yield Span(*m.span())
            if self.text[m.end():m.end() + 1] not in ("，", "："):
                return
            start = m.end() + 1

    def _skip(self, at: int) -> int:
        """Past times and the adverbs around them."""
        for _ in range(_ADVERBS):
            if end := self.actors.times.get(at):
                at = end + (self.text[end:end + 1] == "，")
            elif m := self.words.adverb.match(self.text, at):
                at = m.end()
            else:
                break
        return at

    def _timed(self, start: int, end: int) -> bool:
        """Does a time limit stand between them?"""
        times, text = self.actors.times, self.text
        return any((stop := times.get(i)) and stop <= end and _STRONG_TIME.search(text, i, stop) for i in range(start, end))

    def _pressed(self, start: int, end: int) -> bool:
        """Is 了 at the end of a clause what is to be reached (年底前把欠账清了)?"""
        return self._timed(start, end) or _PRESSING.search(self.text, start, end) is not None

    def _strong(self, clauses: list[Span], at: int) -> Span | None:
        """A strong sign at the verb, or in the manner of any clause."""
        first = clauses[0]
        for pattern in (self.words.spoken, _NOT_SO, _MORE):
            if m := pattern.match(self.text, at, first.end):
                return Span(*m.span())
        found = _FIRST.search(self.text, *first) or self._put(at, first.end)
        for clause in clauses:
            found = found or _MANNER.search(self.text, *clause) or _TO_ME.search(self.text, *clause)
        return Span(*found.span()) if found else None

    def _goes_on(self, clauses: list[Span]) -> Span | None:
        """A clause of the same actor that says what must be, by when, or what not."""
        for start, end in clauses:
            if _GONE.search(self.text, start, end):
                continue
            at = self._skip(start)
            m = self.words.modal.match(self.text, at, end)
            if (m and m[0] not in _AIMS) or (m := _NOT_SO.match(self.text, at, end) or self._put(at, end)):
                return Span(*m.span())
            if at > start and self._timed(start, at):
                return Span(start, at)
        return None

    def _put(self, at: int, end: int) -> re.Match[str] | None:
        """把 with a verb that brings it to an end (把缺口堵上)."""
        m = _PUT.match(self.text, at, end)
        return m if m and not _STATE.search(m[0]) and self.words.ending.search(m[0]) else None

    def _weak(self, clauses: list[Span], subject: int, at: int) -> Iterator[Span]:
        text, first = self.text, clauses[0]
        if m := self.words.willing.match(text, at, first.end) or self.words.willing.match(text, subject, first.end):
            yield Span(*m.span())
        if self._timed(*first):
            yield first
        if (stop := self.actors.times.get(subject)) and _SOON.match(text, subject, stop):
            yield Span(subject, stop)
        for start, end in clauses[:2]:
            put = _PUT.search(text, start, end)
            if put and not _STATE.search(put[0]):
                yield Span(*put.span())
            elif m := self.words.ending.search(text, start, end):
                yield Span(*m.span())
        for pattern in _WEAK:
            if m := pattern.search(text, subject, clauses[-1].end):
                yield Span(*m.span())
