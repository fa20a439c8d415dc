"""PROJECT: named undertakings, from a grammar of what their names end in and where they start.

A clause is read as stretches that open after a lead (加快, 开工建设, 去年签约的 …). A stretch is a list of conjuncts.
A conjunct is a project's name

- as a member of a list that says so: 甲、乙和丙|等4个项目; or
- because it ends in a head (项目, 产业园, 大桥 …), has something of its own before the head, and is being built:
  a lead of construction governs it or a word of construction follows it; or
- without a head, where what is said of it is said of works only (甲、乙|建成投产; 开工建设|甲、乙) or others of its
  list have one, when it opens with a word of its own and does not end as abstractions do.

The lexicon has ``PROJECT_HEAD`` (``class``: undertaking, line, water, plant, public, deed), ``PROJECT_BOUND``
(``class``: erect, construct or other), ``PROJECT_STATE`` (what is said after a name; ``class``: strong if of works
only, weak, manner), ``PROJECT_TERM`` (``class``: generic, topic, policy, physical; none opens a name of its own),
``PROJECT_END`` (what ends no work: 体系) and ``PROJECT_TAIL`` (what makes a 项目 generic: 示范).
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from duban.lexicon import Lexicon
from duban.matches import Entity, Span, Why
from duban.view import TextView

LABELS = ("PROJECT_HEAD", "PROJECT_BOUND", "PROJECT_STATE", "PROJECT_TERM", "PROJECT_END", "PROJECT_TAIL")

_LONGEST = 48
#: Names known by their form: a second stage, 引江济淮, 南水北调, 西电东送.
_NAMED = re.compile(
    r"[GSX][0-9]{2,5}[\u4e00-\u9fff]{2,14}?段(?![0-9])|"
    r"(?<=[\u4e00-\u9fff]{3})[一二三四]期(?=(?:项目|工程)?(?:建设|开工|达产|投产|建成|竣工|投用|投运|主体|、|等|$))|"
    r"引[\u4e00-\u9fff]{1,2}[济入补][\u4e00-\u9fff]|[东西南北]水[东西南北]调(?:[东西中]线)?|[\u4e00-\u9fff]电[东西入][\u4e00-\u9fff]"
)
_CLAUSE = re.compile(r"[^。；：！？，\n]+")
_PHASE = (
    r"(?:（[^（）]{1,12}）|[首一二三四五六]期|第[一二三四五六]期|[东西南北中]段|[\u4e00-\u9fff]{1,6}至[\u4e00-\u9fff]{1,6}段|[\u4e00-\u9fff]{1,4}段|\*段|集群|群)"
)
_COUNT = r"(?:一批|一系列|(?:[0-9]+(?:\.[0-9]+)?万?|[一二两三四五六七八九十百]+)(?:余|多)?(?:个|项|条|座|处|家|所|大)?)"
_PHASE_AFTER = re.compile(_PHASE)
_NAME_END = re.compile(rf"{_PHASE}?(?:建设|前期工作|前期|开工)?")
_LIST_COUNT = re.compile(r"等(?:[0-9]+|[一二两三四五六七八九十百]+)(?:余|多)?(?:个|项|条|座)(?=[还已未均全正要将在于，。、]|$)")
_LIST_PLAIN = re.compile(
    r"这?(?:(?<![0-9.])[0-9]+|[两二三四五六七八九十几]+)(?:个|项|条|座|家)(?P<what>[^、，等]{0,12}?)"
    r"(?P<head>项目|工程|联合实验室|实验室|公路|铁路|水库|产业园|园区)"
)
#: The list taken up again: 甲、乙、丙|这三个.
_LIST_THESE = re.compile(r"这(?:几|[0-9两二三四五六七八九十]+)(?:个|项|条|座|家)")
_NUMBERED = re.compile(r"等[0-9一二两三四五六七八九十百]+")
_VAGUE = re.compile(r"一批|一系列|若干|各类")
_VERB_IN_KIND = re.compile(r"谋划|推进|推动|实施|建设一批")
_NO_LIST = frozenset("、和与及的约近共那上")
_JOINT = re.compile(r"、|以及|和|及|与")
_CAPACITY = re.compile(
    r"[0-9*X]+(?:\.[0-9]+)?(?:万|亿|千)?(?:吨|千瓦|兆瓦|千伏|平方米|头|只|台|辆|套|立方米|方|件|米)|年产|日产|日处理|百万|千万吨|百万吨"
)
#: A counted thing is generic: 12个停车场.
_COUNTED = re.compile(
    r"(?:约|近|超|余|共|新增|新建|改造)?(?:[0-9*Xx]+|[一二两三四五六七八九十百千万]+)(?:余|多|万)?(?:个|项|条|座|处|家|所|公里|亩|户|套|宗|批|[亿万]元)|"
    r"一批|若干|各类|各项|多个|一系列"
)
_OF_PLACE = re.compile(
    r"城[东南西北中]|[东南西北老新]城(?!市|镇|区)|第[一二三四五六七八九十](?![批轮次届期个])|"
    r"(?!城市|农村|乡村|中心|城乡|乡镇|县城|县域|县乡|河湖|江河|中小|重点|沿|入|跨|全|各|本|我|老旧|新型)[\u4e00-\u9fff*X]{1,4}?"
    r"(?:省|市|县|州|盟|旗|镇|乡|村|山|河|江|湖|岛|湾|沟|滩|洞|峡|关|岭|池|海|淀|洲|坪|坝|塘|溪|寨|堡|屯|营|庄|埠|坡|岗|川|泉|潭|峪|片区|路|街)|[*X]"
)
#: Times between a name and what is said of it.
_WHEN = r"[0-9X*]+天|[0-9X*]+月(?:份|底|[0-9X*]+日)?前?"
#: States that are words of their own only before some characters.
_STATE_GUARDED = "未(?!来)"
#: What is said of a site that is being built, but also of one that stands.
_BUSY = re.compile(r"(?:今年|至今|迟迟|要尽快|要(?![求素])|必须|务必|力争|[一二三]季度|上半年|[0-9]+月|年底)")
#: Institutions act and exist: they are projects only where they are being founded.
_FOUNDED = re.compile(r"(?:加快|正在|抓紧|顺利|全面){0,2}(?:建设|筹建|开工|组建|建成|校区|新建|迁建|扩建|主体)")
_FOUNDING = frozenset(("建设", "新建", "迁建", "扩建", "开工建设", "规划建设", "加快建设", "筹建", "开工", "建成", "建成投用", "启动建设"))
_NOT_AFTER = {
    "项目": re.compile(
        r"(?:库|化|管理|审批|制|经理|主管|单位|组|部门|业主|法人|招标|数量|个数|总数|谋划|清单|储备|布局|策划|包|支持|大会|攻坚|年|观摩|为王|和资金|牵引|带动|要素|用地|资源|贷款)"
    ),
    "工程": re.compile(r"(?:师|机械|质量|技术|院|学|造价|招|研究|中心|实验|款|车|验收|领域|人员)"),
}
#: What joins clauses, not words of a name.
_PARTS = re.compile(r"[、，。；：！？的了%]|[0-9*X]+[年月日天]|[前后]$|[0-9]+(?:个|项|家|所|条|座)|获批|入选|实现")
#: 等 inside a name's own words: it is a list of something else.
_MANY = re.compile(r"(?<![高中初均平])等(?!级)|一批|若干|更多|多个|[0-9]+[届回]")
#: Centres of something are positions, not buildings: 国际消费中心, 区域金融中心.
_POSITION = re.compile(r"(?:科技创新|创新|消费|金融|贸易|航运|制造|交往|文化|政治|经济|区域|枢纽|增长|开放|国家)$")
_COUNT_AFTER = re.compile(r"(?:约|近|超)?[0-9]+(?:\.[0-9]+)?(?:余|多|万)?(?:个|项|条|座|处|家|所|公里|亩|户|套|宗|批)")
#: What it costs stands before its name: 投资3亿元的|甲、5亿元的|乙.
_MONEY = re.compile(r"(?:总?投资|约|近|超)?[0-9*X.]+[亿万]元的")
_NUMBER_MARK = re.compile(r"[0-9]{1,2}[．.、]|（[一二三四五六七八九十0-9]+）|[一二三四五六七八九十]+、")
_CLASSED = re.compile(r"[0-9*Xx一二两三四五六七八九十千百]+[亿万]元|暨|[0-9*Xx一二两三四五六七八九十]+(?:个|项|条|大类|类)|[这那哪每该此](?:个|些|类)?$")
_ONLY_PLACE = re.compile(r"[\u4e00-\u9fff*X]{1,3}(?:省|市|县|区|州|镇|乡|村)|[*X]+")
#: The place's own: 市|图书馆, 县第二|养老院.
_LOCAL = re.compile(r"[省市县区](?:第[一二三四五六七八九十])?$|[省市县区](?![场级域县乡民村])[\u4e00-\u9fff]{2}")
_STAGE = re.compile(r"[一二三四五六]期")
_STAGED = re.compile(r"[一二三四五]期$|[0-9一二三四五六七八九十]$")
_OWNED = re.compile(r"[省市县区州镇乡](?:第[一二三四五六七八九十]+|[\u4e00-\u9fff]{0,6}(?:医院|中学|小学|学校|幼儿园|学院|馆))")
_JOINED = re.compile(r"[和及与、]")
#: 建设 inside what stands before a head is a verb, so that is no name: X大学建设…大学.
_VERB_INSIDE = re.compile(r"(?<=.)(?:建设(?!工程|项目|兵团|路|用地|$)|获批|入选|获评|列入)")
_SLOGAN = re.compile(r"(?:全国|国家|国际|世界|全球|区域|西部|中部|东部|东北|西北|西南|面向|全省|我国|亚洲)")
#: Leads that are such only beside some characters: not 需要, 要素, 项目|前期, 自由.
_GUARDED = r"(?<![重主需首必摘纪])要(?![素塞道])|(?<!项)目前|(?<![自理缘])由(?!来)|(?<![亿万]元)的"
_ROAD_CODE = re.compile(r"[GSX][0-9]{2,5}")
_QUOTED = re.compile(r"[“《][^“”《》、]{2,}[”》]")


class _Words(NamedTuple):
    """The lexicon as patterns.

    ``head``: what a name ends in, ``heads`` says of which class; ``trigger``: without it there is none;
    ``list_end``: the end of a list, 等4个重点项目, 等“十大工程”, 等煤矿; ``lead``: what no name reaches across;
    ``front``: what is taken off the front of a name; ``construct``: leads that say something is being built,
    ``erect`` those of them that only works have; ``built``: what is said of it after the name, ``stands`` what is
    said of works only; ``common``: words that make nothing specific, ``topic`` these and words that open no name;
    ``tail``: what a generic 项目 has before it; ``abstract``: what ends no work; ``policy``, ``physical``: what a 工程 is about; ``place``: places;
    ``standing``: heads of institutions, which exist and act.
    """

    heads: dict[str, str]
    head: re.Pattern[str]
    trigger: re.Pattern[str]
    list_end: re.Pattern[str]
    lead: re.Pattern[str]
    front: re.Pattern[str]
    construct: frozenset[str]
    erect: frozenset[str]
    built: re.Pattern[str]
    stands: re.Pattern[str]
    common: re.Pattern[str]
    topic: re.Pattern[str]
    tail: re.Pattern[str]
    abstract: re.Pattern[str]
    policy: re.Pattern[str]
    physical: re.Pattern[str]
    place: re.Pattern[str]
    standing: frozenset[str]


@cache
def default_lexicon() -> Lexicon:
    """The packaged lexicon of projects, with the indicators' vocabulary and the places."""
    return Lexicon.packaged("projects", "indicators", "places")


def _any(words: Iterable[str]) -> str:
    """A pattern of any of ``words``, the longest first, branching on the first character."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return "(?:" + ("|".join(f"{re.escape(c)}(?:{'|'.join(rest)})" for c, rest in sorted(by_first.items())) or "(?!)") + ")"


@lru_cache(maxsize=8)
def _words(lexicon: Lexicon) -> _Words:
    of: dict[tuple[str, str], set[str]] = {}
    inside, standing = set(), set()
    for entry in lexicon:
        if entry.label in (*LABELS, "INDICATOR_TERM", "INDICATOR_BOUND", "PLACE"):
            patterns = {entry.pattern, *entry.get("aliases", ())}
            of.setdefault((entry.label, entry.get("class", "")), set()).update(patterns)
            inside |= patterns if entry.get("inside") else set()
            standing |= patterns if entry.get("standing") else set()

    def labelled(*labels: str) -> set[str]:
        return {w for (label, _), words in of.items() if label in labels for w in words}

    def classed(label: str, kind: str) -> set[str]:
        return of.get((label, kind), set())

    heads = {w: kind for (label, kind), words in of.items() if label == "PROJECT_HEAD" and kind != "list" for w in words}
    kinds = set(heads) | classed("PROJECT_HEAD", "list")
    leads = labelled("PROJECT_BOUND")
    common = {w for w in labelled("INDICATOR_TERM", "INDICATOR_BOUND", "PROJECT_BOUND") if len(w) > 1}
    common |= classed("PROJECT_TERM", "generic")
    strong, manner = _any(classed("PROJECT_STATE", "strong")), f"(?:{_any(classed('PROJECT_STATE', 'manner'))}|{_WHEN}){{0,5}}"
    state = f"(?:{_any(classed('PROJECT_STATE', 'strong') | classed('PROJECT_STATE', 'weak'))}|{_STATE_GUARDED})"
    erect = frozenset(classed("PROJECT_BOUND", "erect"))
    return _Words(
        heads=heads,
        head=re.compile(f"(?:{_NAMED.pattern}|{_any(heads)})"),
        trigger=re.compile(f"{_NAMED.pattern}|{_any(set(heads) | erect | classed('PROJECT_STATE', 'strong'))}"),
        list_end=re.compile(f"等{_COUNT}?(?P<what>[^、，等]{{0,14}}?)(?P<head>{_any(kinds)})"),
        lead=re.compile(f"{_GUARDED}|{_any(leads - inside)}"),
        front=re.compile(_any(leads)),
        construct=erect | classed("PROJECT_BOUND", "construct"),
        erect=erect,
        built=re.compile(f"(?:项目|工程)?等?的?{manner}{state}"),
        stands=re.compile(f"{manner}{strong}(?:{manner}{state}){{0,3}}"),
        common=re.compile(_any(common)),
        topic=re.compile(_any({w for w in common | labelled("PROJECT_TERM") if len(w) > 1})),
        tail=re.compile(f"(?:{_any(labelled('PROJECT_TAIL'))})$"),
        abstract=re.compile(f"(?:{_any(labelled('PROJECT_END'))})$"),
        policy=re.compile(_any(classed("PROJECT_TERM", "policy"))),
        physical=re.compile(_any(classed("PROJECT_TERM", "physical"))),
        place=re.compile(_any(w for w in labelled("PLACE") if len(w) > 1)),
        standing=frozenset(standing),
    )


class _Stretch(NamedTuple):
    """What follows a lead up to the next one; ``built``: the lead says it is being built; ``limit``: its clause's end."""

    start: int
    end: int
    lead: str
    built: bool
    limit: int


def find(view: TextView, lexicon: Lexicon | None = None) -> list[Entity]:
    """The projects of ``view`` in text order.

    >>> view = TextView("加快推进青岚河大桥、临澄新材料产业园二期等5个重点项目，开工建设白沙镇水厂扩建工程。")
    >>> [view.text[e.start:e.end] for e in find(view)]
    ['青岚河大桥', '临澄新材料产业园二期', '白沙镇水厂扩建工程']
    """
    words = _words(lexicon or default_lexicon())
    text = view.text
    out: list[Entity] = []
    for clause in _CLAUSE.finditer(text):
        if words.trigger.search(text, clause.start(), clause.end()):
            for stretch in _stretches(text, clause.start(), clause.end(), words):
                out += _in_stretch(text, stretch, words)
    return out


def _stretches(text: str, start: int, end: int, words: _Words) -> Iterator[_Stretch]:
    at, lead, built = start, "", False
    for match in (*words.lead.finditer(text, start, end), None):
        stop = match.start() if match else end
        if stop > at:
            begin, word = _past_leads(text, at, stop, words)
            if begin < stop:
                yield _Stretch(begin, stop, word or lead, built or word in words.construct, end)
                built = False
        if match:
            lead = match.group()
            built = (built and match.end() - at < 3) or lead in words.construct
            at = match.end()


def _past_leads(text: str, start: int, end: int, words: _Words) -> tuple[int, str]:
    """Where a name can start after the leads at the front, and the last of them that says something is built."""
    mark = _NUMBER_MARK.match(text, start, end) or _MONEY.match(text, start, end)
    at, last = mark.end() if mark else start, ""
    while match := words.front.match(text, at, end):
        rest = text[match.end():end]
        if not rest or rest[0] in "、和及" or (match.group() in ("建设", "改造") and rest[:2] in ("工程", "项目")):
            break
        if match.group() in words.construct or not last:
            last = match.group()
        at = match.end()
    return at, last


def _in_stretch(text: str, stretch: _Stretch, words: _Words) -> Iterator[Entity]:
    listed = _list_end(text, stretch, words)
    for name, rule in _listed(text, stretch, listed, words) if listed else _unlisted(text, stretch, words):
        if name and (name := _balanced(text, name)):
            yield Entity(name.start, name.end, "PROJECT", None, None, None, None, Why(rule, None, {"name": (name,)}))


def _listed(text: str, stretch: _Stretch, listed: re.Match[str], words: _Words) -> Iterator[tuple[Span | None, str]]:
    """The members of a list that says it is one of projects."""
    said = "" if listed.re in (_LIST_COUNT, _LIST_THESE) else listed.group("head")
    sure = not said or listed.re is _LIST_PLAIN or (said in ("项目", "工程") and _NUMBERED.match(listed.group()) is not None)
    vague = _VAGUE.search(text, max(0, stretch.start - 4), stretch.start) is not None
    counted = said in ("", "项目", "工程") or (said == "建设" and stretch.built)
    parts = list(_conjuncts(text, stretch.start, listed.start(), words, listed=True))
    for i, (start, stop) in enumerate(parts):
        name = _listed_name(text, start, stop, words, last=i == len(parts) - 1, sure=sure and not vague, vague=vague, counted=counted)
        if name and said == "工程" and _programme(text[name.start:name.end], words):
            name = None
        yield name, "project-list"


def _plain_work(text: str, start: int, end: int, words: _Words) -> Span | None:
    """A work described, not named, beside others with names: 青岚剧场、|市民文化中心."""
    start, _ = _past_leads(text, start, end, words)
    end -= 2 * text.endswith("建设", start, end)
    name = text[start:end]
    if _COUNTED.match(name) or _MANY.search(name) or _PARTS.search(name) or words.policy.search(name) or _SLOGAN.match(name):
        return None
    return Span(start, end) if len(name) > 4 and _works(name, words, ("line", "water", "plant", "public")) else None


def _programme(name: str, words: _Words) -> bool:
    """Is it about a policy and nothing built: 文化惠民, 人才强基?"""
    return bool(words.policy.search(name)) and not words.physical.search(name) and not _own_front(name, words)


def _unlisted(text: str, stretch: _Stretch, words: _Words) -> list[tuple[Span | None, str]]:
    """The names of a stretch: with heads of their own, or in a place where only names of works stand."""
    parts = list(_conjuncts(text, stretch.start, stretch.end, words, listed=False))
    if not parts:
        return []
    if not stretch.built and _is_built(text, parts[-1], words, stretch.limit):
        stretch = stretch._replace(built=True)
    ends = [_stands(text, part, stretch, words) for part in parts]
    stands = next((i for i in reversed(range(len(parts))) if ends[i]), -1) + 1
    names = [_headed_name(text, start, stop, stretch, words, stop if stop < parts[-1][1] else None) for start, stop in parts]
    rules = ["project-name"] * len(parts)
    if len(names) > 1 and names[-1] is None and _goes_on(text, parts[-1], stretch, words):
        # what is said of the last is said of all: 甲机场和乙机场|联动发展
        names = [name if name and text.endswith(("项目", "工程"), name.start, name.end) else None for name in names]
    headed = any(names)
    erected = stretch.lead in words.erect and _tailless(text, stretch.end) and (len(parts) > 1 or not stretch.lead.endswith("建成"))
    shared = headed and stretch.built and len(parts) > 1
    for i, (start, stop) in enumerate(parts):
        early = words.built.search(text, start + 2, stop) if i < stands and not ends[i] else None
        if early and early.end() == stop:
            stop = early.start()
        if names[i] is None and (i < stands or erected or shared):
            names[i] = _plain_name(text, start, ends[i] or stop, words, 2 if shared and names[-1] else 4)
            if names[i] is None and headed:
                names[i] = _plain_work(text, start, ends[i] or stop, words)
            rules[i] = "project-of-works" if i < stands or erected else "project-shared-head"
    return list(zip(names, rules, strict=True))


def _goes_on(text: str, part: tuple[int, int], stretch: _Stretch, words: _Words) -> bool:
    """Is something said of the name in ``part`` that is not said of works: 乙机场|疫情防控?"""
    heads = list(words.head.finditer(text, *part))
    if not heads:
        return False
    at = heads[-1].end()
    phase = _PHASE_AFTER.match(text, at, part[1])
    at = phase.end() if phase else at
    if _COUNT_AFTER.match(text, at):
        return True
    return not words.built.match(text, at, stretch.limit) and (part[1] - at > 2 or not (stretch.built or _tailless(text, at)))


def _stands(text: str, part: tuple[int, int], stretch: _Stretch, words: _Words) -> int | None:
    """Where the last name ends when what follows is said of works only and ends the clause: 甲、乙|全线贯通."""
    state = words.stands.search(text, part[0] + 2, min(stretch.limit, part[1] + 24))
    if state is None or state.start() > part[1] or not _tailless(text, state.end()):
        return None
    early = words.built.search(text, part[0] + 2, state.start())
    return early.start() if early and early.end() == state.start() else state.start()


def _tailless(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in "，、。；：！？）\n"


def _balanced(text: str, name: Span) -> Span | None:
    """The name with the quotation marks it opens, or None if it has half of a pair."""
    opened = text.count("“", *name) - text.count("”", *name)
    if opened == 1 and text[name.end:name.end + 1] == "”" and "、" not in text[text.rfind("“", *name):name.end]:
        return Span(name.start, name.end + 1)
    return name if opened == 0 else None


def _is_built(text: str, part: tuple[int, int], words: _Words, limit: int) -> bool:
    """Does a word of construction follow a head (and its phase) in ``part``?"""
    for head in words.head.finditer(text, *part):
        phase = _PHASE_AFTER.match(text, head.end())
        if words.built.match(text, head.end(), limit) or (phase and words.built.match(text, phase.end(), limit)) or _BUSY.match(text, head.end(), limit):
            return True
    return False


def _list_end(text: str, stretch: _Stretch, words: _Words) -> re.Match[str] | None:
    end = min(len(text), stretch.end + 12)
    at = text.find("等", stretch.start, stretch.end)
    while at > 0:
        match = words.list_end.match(text, at, end) if text[at - 1] not in "高中初均平" else None
        if match and _says_projects(text, match, stretch, words):
            return match
        if match := _LIST_COUNT.match(text, at, end):
            return match
        at = text.find("等", at + 1, stretch.end)
    if "、" in text[stretch.start:stretch.end]:
        for match in _LIST_PLAIN.finditer(text, stretch.start + 6, end):
            listed = match.start() < stretch.end and text.find("、", stretch.start, match.start()) > 0 and text[match.start() - 1] not in _NO_LIST
            if listed and _says_projects(text, match, stretch, words) and (
                stretch.built or match.group("head") in ("项目", "工程", "园区") or words.built.match(text, match.end())
            ):
                return match
        these = _LIST_THESE.search(text, stretch.start + 6, end) if stretch.built else None
        if these and text.find("、", stretch.start, these.start()) > 0:
            return these
    return None


def _says_projects(text: str, match: re.Match[str], stretch: _Stretch, words: _Words) -> bool:
    head = match.group("head")
    if (no := _NOT_AFTER.get(head)) and no.match(text, match.end()):
        return False
    if head not in ("项目", "工程", "园区") and not stretch.built and not words.built.match(text, match.end()):
        return False
    what = match.group("what")
    if what and words.heads.get(head) == "deed":
        return False
    if _VAGUE.search(what) or _VERB_IN_KIND.search(what) or words.lead.search(what):
        return False
    if head in ("项目", "工程") and (match.re is _LIST_PLAIN or _NUMBERED.match(match.group())):
        return True
    return not words.head.sub("", words.common.sub("", _QUOTED.sub("", what))).strip("“”十百大（）")


def _conjuncts(text: str, start: int, end: int, words: _Words, *, listed: bool) -> Iterator[tuple[int, int]]:
    """The parts of a list; 和, 及 and 与 part names only where a name can end before them."""
    def parts_here(joint: str, at: int, i: int) -> bool:
        if joint == "、":
            return True
        if i - at < 2:
            return False
        rest = text[i + 1:min(end, i + _LONGEST)].partition("、")[0]
        whole = rest.endswith(("工程", "项目")) and not text.endswith(("工程", "项目", "公司"), at, i)
        if whole and (joint == "及" or not (_own_front(rest, words) or _proper(rest, words))):
            return False  # one undertaking, not two: 沿河步道及驿站工程
        if words.place.match(rest) and _works(rest.removesuffix("建设"), words):
            return True
        return (joint == "和" and seen and (listed or not _left(text[at:i], words))) or _ends_name(text, at, i, words)

    at, depth, seen = start, 0, False
    i = start
    while i < end:
        c = text[i]
        if c in "（“《":
            depth += 1
        elif c in "）”》":
            depth = max(0, depth - 1)
        elif not depth and (joint := _JOINT.match(text, i, end)) and parts_here(c, at, i):
            if i > at:
                yield at, i
            seen = seen or c == "、"
            at = i = joint.end()
            continue
        i += 1
    if at < end:
        yield at, end


def _ends_name(text: str, start: int, end: int, words: _Words) -> bool:
    if text[start:end] in ("一期", "二期", "三期") or text.endswith(("公司", "集团", "企业"), start, end):
        return True
    heads = list(words.head.finditer(text, max(start, end - _LONGEST), end))
    return bool(heads) and _NAME_END.fullmatch(text, heads[-1].end(), end) is not None or text[end - 1] == "”"


def _listed_name(text: str, start: int, end: int, words: _Words, *, last: bool, sure: bool, vague: bool, counted: bool) -> Span | None:
    start, _ = _past_leads(text, start, end, words)
    for tail in ("前期工作", "建设", "前期") if not last else ("前期工作",):
        if text.endswith(tail, start, end) and words.head.search(text, start, end - len(tail)):
            end -= len(tail)
    name = text[start:end]
    if not 2 <= len(name) <= _LONGEST or _COUNTED.match(name) or _MANY.search(name):
        return None
    if not words.common.sub("", name) and not (counted and _works(name, words)):
        return None
    if not counted and len(name) < 5 and not _left(name, words) and not _CAPACITY.search(name):
        return None
    if not sure and not _proper(name, words) and (vague or not _own_front(name, words)) and not (counted and _works(name, words)):
        return None
    return Span(start, end)


def _works(name: str, words: _Words, kinds: tuple[str, ...] = ("line", "water", "plant")) -> bool:
    """Does it end in what a work is called: 重要算力|保障基地?"""
    heads = list(words.head.finditer(name))
    if len(name) < 4 or not heads or heads[-1].start() == 0 or heads[-1].end() < len(name):
        return False
    return words.heads.get(heads[-1].group()) in kinds


def _own_front(name: str, words: _Words) -> bool:
    """Does it open with a word of its own: 宏图|半导体, not 智慧|校园?"""
    front = name.lstrip("“《")
    if _NAMED.match(front):
        return True
    return not words.topic.match(front) and not words.head.match(front) and not words.abstract.fullmatch(front)


def _plain_name(text: str, start: int, end: int, words: _Words, least: int) -> Span | None:
    """A name without a head, where only names of works stand; ``least``: its characters."""
    start, _ = _past_leads(text, start, end, words)
    for tail in ("建设", "前期工作", "前期"):
        if text.endswith(tail, start, end):
            end -= len(tail)
    if end <= start:
        return None
    name = text[start:end]
    if not least <= len(name) <= 30 or _COUNTED.match(name) or _MANY.search(name) or "等" in name or _PARTS.search(name):
        return None
    if words.abstract.search(name.rstrip("”")) or name.endswith("工程”") or words.policy.search(name) or words.place.fullmatch(name):
        return None
    if least > 2 and _ONLY_PLACE.fullmatch(name):
        return None
    if not _own_front(name, words) or _SLOGAN.match(name):
        return None
    return Span(start, end) if len(_left(name, words)) >= 2 or _CAPACITY.search(name) else None


def _headed_name(text: str, start: int, end: int, stretch: _Stretch, words: _Words, follows: int | None) -> Span | None:
    start, lead = _past_leads(text, start, end, words)
    head = _last_head(text, start, end, words, stretch.limit)
    if head is None:
        return None
    phase = _PHASE_AFTER.match(text, head.end(), end)
    stop = phase.end() if phase and _phase_ok(phase.group()) else head.end()
    name, word = text[start:stop], head.group()
    own = text[start:head.start()]
    if not 3 <= len(name) <= _LONGEST or _COUNTED.match(name) or _MANY.search(own) or _COUNT_AFTER.match(text, stop):
        return None
    after = text[stop:stop + 12] if stop < end or follows is None else text[stop:stop + 1]
    kind = words.heads.get(word, "named")
    verb = _VERB_INSIDE.search(own)
    if verb:
        start, own = start + verb.end(), own[verb.end():]
        name = text[start:stop]
    local = kind == "public" and _LOCAL.match(own) is not None
    if kind != "named" and not local and not _NAMED.search(own) and not _specific(own + text[head.end():stop], words, 3 if kind == "undertaking" else 2):
        return None
    busy = kind != "public" and _BUSY.match(text, stop) is not None
    built = stretch.built or verb is not None or lead in words.construct or words.built.match(text, stop) is not None or busy
    if kind == "undertaking":
        if _NOT_AFTER[word].match(after):
            return None
        if word == "工程":
            place = _OF_PLACE.match(own) or _NAMED.search(own)
            own_words = _own_front(own, words) or _proper(own, words) or _STAGE.search(own)
            ok = (place or (own_words and words.physical.search(own))) and not words.policy.search(own)
            return Span(start, stop) if ok and built else None
        if words.tail.search(own) and not _CAPACITY.search(own) and not _inner_head(own, words):
            return None
        if not _proper(own, words) and not _own_front(own, words) and (_JOINED.search(own) or len(words.topic.sub("", own)) < 3):
            return None
        if words.policy.search(own[-2:]) or (not built and not _proper(own, words) and (len(_left(own, words)) < 2 or len(own) < 5)):
            return None
        return Span(start, stop)
    if not built or words.policy.search(own) or (_SLOGAN.match(own) and stretch.lead in ("打造", "建设", "创建", "争创", "构建", "")):
        return None
    ended = stop >= len(text) or text[stop] in "，。；：、！？）\n等和及与"
    if not ended and not words.built.match(text, stop) and not _BUSY.match(text, stop):
        return None
    if word == "中心" and _POSITION.search(own):
        return None
    if word in words.standing and not (_FOUNDED.match(text, stop) or lead in _FOUNDING or stretch.lead in _FOUNDING):
        return None
    if kind == "deed" and not (_proper(_QUOTED.sub("", own), words) or (_own_front(own, words) and (_inner_head(own, words) or words.physical.search(own)))):
        return None
    return Span(start, stop)


def _inner_head(own: str, words: _Words) -> bool:
    """Is the deed done to a work with a name: 青岭水库|除险加固?"""
    return any(words.heads.get(h.group()) in ("line", "plant", "water", "public") for h in words.head.finditer(own))


def _phase_ok(phase: str) -> bool:
    return phase not in ("阶段", "路段", "地段", "时段", "手段") and not phase.startswith(("建设", "前期", "各"))


def _last_head(text: str, start: int, end: int, words: _Words, limit: int) -> re.Match[str] | None:
    """The last head after which a name can end."""
    last = None
    for match in words.head.finditer(text, start, end):
        rest = text[match.end():end]
        state = words.built.match(text, match.start(), limit) if words.heads.get(match.group()) == "deed" else None
        if state and state.end() > match.end() and last:
            break
        phase = _PHASE_AFTER.match(text, match.end(), end)
        if rest[:1] == "等" and rest[:2] != "等级":
            return match
        if rest and words.stands.match(text, phase.end() if phase else match.end(), limit):
            return match
        if not rest or phase or words.built.match(text, match.end(), limit) or rest[0] in "等、和及与" or words.heads.get(match.group()) == "undertaking":
            last = match
    return last


def _specific(own: str, words: _Words, least: int = 2) -> bool:
    """Has the name something of its own before its head?"""
    if own[-1:] in ("和", "及", "与") or own in ("中国科", "中国工程", "中国社科") or _CLASSED.search(own):
        return False
    if (least > 2 and (len(own) < 3 or _ONLY_PLACE.fullmatch(own))) or not words.common.sub("", own).strip("“”"):
        return False
    if _proper(own, words) or _STAGED.search(own) or _OWNED.match(own):
        return True
    return len(_left(own, words)) >= (1 if _own_front(own, words) and _inner_head(own, words) else 2)


def _proper(own: str, words: _Words) -> bool:
    """Does it name a place, a capacity, something quoted or redacted?"""
    if "*" in own or _CAPACITY.search(own) or _QUOTED.search(own) or _ROAD_CODE.search(own) or words.place.search(own):
        return True
    place, topic = _OF_PLACE.match(own), words.topic.match(own)
    # roads are named after anything: 解放路, but not 产业路
    return place is not None and (topic is None or (place.group()[-1] in "路街" and topic.end() < place.end()))


def _left(own: str, words: _Words) -> str:
    """What is left without common words: the part of the name that is its own."""
    return words.head.sub("", words.common.sub("", own))
