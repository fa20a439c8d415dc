"""PROJECT: named undertakings, from a grammar of what their names end in and where they start.

A clause is read as stretches that open after a lead (加快, 开工建设, 去年签约的 …). A stretch is a list of conjuncts.
A conjunct is a project's name

- as a member of a list that says so: 甲、乙和丙|等4个项目; or
- because it ends in a head (项目, 产业园, 大桥 …), has something of its own before the head, and is being built:
  a lead of construction governs it or a word of construction follows it.

The lexicon has ``PROJECT_HEAD`` (``class``: undertaking, line, water, plant, public, deed), ``PROJECT_BOUND``
(``class``: construct or other) and ``PROJECT_TERM`` (``class``: generic, policy, physical).
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from duban.lexicon import Lexicon
from duban.matches import Entity, Span, Why
from duban.view import TextView

LABELS = ("PROJECT_HEAD", "PROJECT_BOUND", "PROJECT_TERM")

_LONGEST = 48
#: Names known by their form: a second stage, 引江济淮, 南水北调, 西电东送.
_NAMED = re.compile(
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
#: The end of a list of projects: 等4个重点项目, 等“十大工程”, 等24项, 等前期工作, or a count alone: 甲、乙2个项目.
_LIST_END = re.compile(
    rf"等{_COUNT}?(?P<what>[^、，等]{{0,14}}?)(?P<head>项目|工程|基础设施|公路|铁路|水库|园区|产业园|高速|"
    r"高铁|新线|线路|水电站|电站|煤矿|大桥|机场|港口|平台|中心|学校|医院|院校|景区|场馆|地标|装置|大国重器|建设|开发利用|前期工作|前期)"
)
_LIST_COUNT = re.compile(r"等(?:[0-9]+|[一二两三四五六七八九十百]+)(?:余|多)?(?:个|项|条|座)(?=[还已未均全正要将在于，。、]|$)")
_LIST_PLAIN = re.compile(
    r"这?(?:[0-9]+|[两二三四五六七八九十几]+)(?:个|项|条|座|家)(?P<what>[^、，等]{0,12}?)"
    r"(?P<head>项目|工程|联合实验室|实验室|公路|铁路|水库|产业园|园区)"
)
_NO_LIST = frozenset("、和与及的约近共那上")
_JOINT = re.compile(r"、|以及|和|及|与")
_CAPACITY = re.compile(
    r"[0-9*X]+(?:\.[0-9]+)?(?:万|亿|千)?(?:吨|千瓦|兆瓦|千伏|平方米|头|只|台|辆|套|立方米|方|件|米)|年产|日产|日处理|百万|千万吨|百万吨"
)
#: A counted thing is generic: 12个停车场.
_COUNTED = re.compile(
    r"(?:约|近|超|余|共|新增|新建|改造)?(?:[0-9*Xx]+|[一二两三四五六七八九十百]+)(?:余|多|万)?(?:个|项|条|座|处|家|所|公里|亩|户|套|宗|批|[亿万]元)|"
    r"一批|若干|各类|各项|多个|一系列"
)
_OF_PLACE = re.compile(
    r"城[东南西北中]|[东南西北老新]城(?!市|镇|区)|第[一二三四五六七八九十](?![批轮次届期个])|"
    r"(?!城市|农村|乡村|城乡|乡镇|县城|县域|县乡|河湖|江河|中小|重点|沿|入|跨|全|各|本|我|老旧|新型)[\u4e00-\u9fff*X]{1,4}?"
    r"(?:省|市|县|州|盟|旗|镇|乡|村|山|河|江|湖|岛|湾|沟|滩|洞|峡|关|岭|池|海|淀|洲|坪|坝|塘|溪|寨|堡|屯|营|庄|埠|坡|岗|川|泉|潭|峪|片区|路|街)|[*X]"
)
_BUILT = re.compile(
    r"(?:项目|工程)?等?的?(?:全面|全部|全线|基本|正式|顺利|如期|按期|相继|陆续|同步|双双|已经|已|均|将|即将|也|仅|尽快|有序|稳步|加快|加速|持续|主体|首台|首批|实现|获得|获|通过|完成|列入|纳入|进入|正在|抓紧|必须|务必|确保|力争|"
    r"要|仍|还|至今|迟迟|今年|年底前?|月底前?|先后|提前|[0-9X*]+天|[0-9X*]+月(?:份|底|[0-9X*]+日)?前?|[一二三四]季度|上半年|下半年|年内){0,4}"
    r"(?:建设|前期|开工|投产|建成|竣工|通车|投用|投运|投入|获批|落地|批复|核准|审批|启动|开建|复工|停工|停建|入选|合龙|贯通|完工|完成|落户|签约|筹建|达产|达效|满产|提速|扫尾|收尾|封顶|运行|运营|实施|推进|加快|加速|进展|进度|招商|"
    r"成果|规划|谋划|立项|可研|改造|扩建|升级|揭牌|奠基|试运行|滞后|缓慢|迟缓|停滞|未(?!来)|没有|进场|征地|拆迁|施工|从无到有|具备|一期|申报|交付|并网|发电|通水|通航|通气|验收|挂牌|点火|试产|收官|列入|纳入|截流|下闸|蓄水|启用|落成|开门迎客)"
    r"|(?:用地|指标|安装|截流|下闸|蓄水|开门迎客|启用|落成)"
)
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
#: 等 inside a name's own words: it is a list of something else.
_MANY = re.compile(r"(?<![高中初均平])等(?!级)|一批|若干|更多|多个|[0-9]+[届回]")
#: Centres of something are positions, not buildings: 国际消费中心, 区域金融中心.
_POSITION = re.compile(r"(?:科技创新|创新|消费|金融|贸易|航运|制造|交往|文化|政治|经济|区域|枢纽|增长|开放|国家)$")
_COUNT_AFTER = re.compile(r"(?:约|近|超)?[0-9]+(?:\.[0-9]+)?(?:余|多|万)?(?:个|项|条|座|处|家|所|公里|亩|户|套|宗|批)")
_NUMBER_MARK = re.compile(r"[0-9]{1,2}[．.、]|（[一二三四五六七八九十0-9]+）|[一二三四五六七八九十]+、")
_CLASSED = re.compile(r"[0-9*Xx一二两三四五六七八九十千百]+[亿万]元|暨|[0-9一二两三四五六七八九十]+(?:个|项|条|大类|类)|[这那哪每该此](?:个|些|类)?$")
_ONLY_PLACE = re.compile(r"[\u4e00-\u9fff*X]{1,3}(?:省|市|县|区|州|镇|乡|村)|[*X]+")
_STAGED = re.compile(r"[一二三四五]期$|[0-9一二三四五六七八九十]$")
_OWNED = re.compile(r"[省市县区州镇乡](?:第[一二三四五六七八九十]+|[\u4e00-\u9fff]{0,6}(?:医院|中学|小学|学校|幼儿园|学院|馆))")
#: 建设 inside what stands before a head is a verb, so that is no name: X大学建设…大学.
_VERB_INSIDE = re.compile(r"(?<=.)建设(?!工程|项目|兵团|路|用地|$)")
_SLOGAN = re.compile(r"(?:全国|国家|国际|世界|全球|区域|西部|中部|东部|东北|西北|西南|面向|全省|我国|亚洲)")
_WILL = r"(?<![重主需首必摘纪])要(?![素塞道])"
_QUOTED = re.compile(r"[“《][^“”《》]{2,}[”》]")


class _Words(NamedTuple):
    """The lexicon as patterns.

    ``head``: what a name ends in, ``heads`` says of which class; ``lead``: what no name reaches across;
    ``front``: what is taken off the front of a name; ``construct``: leads that say something is being built;
    ``common``: words that make nothing specific; ``policy``, ``physical``: what a 工程 is about; ``place``: places;
    ``standing``: heads of institutions, which exist and act.
    """

    heads: dict[str, str]
    head: re.Pattern[str]
    lead: re.Pattern[str]
    front: re.Pattern[str]
    construct: frozenset[str]
    common: re.Pattern[str]
    policy: re.Pattern[str]
    physical: re.Pattern[str]
    place: re.Pattern[str]
    standing: frozenset[str]


@cache
def default_lexicon() -> Lexicon:
    """The packaged lexicon of projects, with the indicators' vocabulary and the places."""
    return Lexicon.load("projects", "indicators", "places")


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

    heads = {w: kind for (label, kind), words in of.items() if label == "PROJECT_HEAD" for w in words}
    leads = labelled("PROJECT_BOUND")
    common = {w for w in labelled("INDICATOR_TERM", "INDICATOR_BOUND", "PROJECT_BOUND") if len(w) > 1}
    return _Words(
        heads=heads,
        head=re.compile(f"(?:{_NAMED.pattern}|{_any(heads)})"),
        lead=re.compile(f"{_WILL}|{_any(leads - inside)}"),
        front=re.compile(_any(leads)),
        construct=frozenset(of.get(("PROJECT_BOUND", "construct"), set())),
        common=re.compile(_any(of.get(("PROJECT_TERM", "generic"), set()) | common)),
        policy=re.compile(_any(of.get(("PROJECT_TERM", "policy"), set()))),
        physical=re.compile(_any(of.get(("PROJECT_TERM", "physical"), set()))),
        place=re.compile(_any(w for w in labelled("PLACE") if len(w) > 1)),
        standing=frozenset(standing),
    )


class _Stretch(NamedTuple):
    """What follows a lead up to the next one; ``built``: the lead says it is being built."""

    start: int
    end: int
    lead: str
    built: bool


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
        if words.head.search(text, clause.start(), clause.end()):
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
                yield _Stretch(begin, stop, word or lead, built or word in words.construct)
                built = False
        if match:
            lead = match.group()
            built = (built and match.end() - at < 3) or lead in words.construct
            at = match.end()


def _past_leads(text: str, start: int, end: int, words: _Words) -> tuple[int, str]:
    """Where a name can start after the leads at the front, and the last of them that says something is built."""
    mark = _NUMBER_MARK.match(text, start, end)
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
    end = listed.start() if listed else stretch.end
    parts = list(_conjuncts(text, stretch.start, end, words, listed=listed is not None))
    if parts and not listed and not stretch.built and _is_built(text, parts[-1], words):
        stretch = stretch._replace(built=True)
    names: list[tuple[Span | None, str]] = []
    for i, (start, stop) in enumerate(parts):
        if listed:
            last = i == len(parts) - 1
            counted = listed.re is _LIST_COUNT or listed.group("head") in ("项目", "工程")
            names.append((_listed_name(text, start, stop, words, last=last, counted=counted), "project-list"))
        else:
            names.append((_headed_name(text, start, stop, stretch, words, stop if i < len(parts) - 1 else None), "project-name"))
    if not listed and len(names) > 1 and names[-1][0] is None and words.head.search(text, *parts[-1]):
        # what is said of the last is said of all: 甲机场和乙机场|联动发展
        names = [(name if name and text.endswith(("项目", "工程"), name.start, name.end) else None, rule) for name, rule in names]
    if not listed and stretch.built and len(names) > 1 and any(name for name, _ in names):
        names = [(name, rule) if name else (_shared_head(text, *part, words), "project-shared-head") for part, (name, rule) in zip(parts, names, strict=True)]
    for name, rule in names:
        if name:
            yield Entity(name.start, name.end, "PROJECT", None, None, None, None, Why(rule, None, {"name": (name,)}))


def _is_built(text: str, part: tuple[int, int], words: _Words) -> bool:
    """Does a word of construction follow a head (and its phase) in ``part``?"""
    for head in words.head.finditer(text, *part):
        phase = _PHASE_AFTER.match(text, head.end())
        if _BUILT.match(text, head.end()) or (phase and _BUILT.match(text, phase.end())) or _BUSY.match(text, head.end()):
            return True
    return False


def _list_end(text: str, stretch: _Stretch, words: _Words) -> re.Match[str] | None:
    end = min(len(text), stretch.end + 12)
    at = text.find("等", stretch.start, stretch.end)
    while at > 0:
        match = _LIST_END.match(text, at, end) if text[at - 1] not in "高中初均平" else None
        if match and _says_projects(text, match, stretch, words):
            return match
        if match := _LIST_COUNT.match(text, at, end):
            return match
        at = text.find("等", at + 1, stretch.end)
    if "、" in text[stretch.start:stretch.end]:
        for match in _LIST_PLAIN.finditer(text, stretch.start + 6, end):
            listed = match.start() < stretch.end and text.find("、", stretch.start, match.start()) > 0 and text[match.start() - 1] not in _NO_LIST
            if listed and _says_projects(text, match, stretch, words) and (
                stretch.built or match.group("head") in ("项目", "工程", "园区") or _BUILT.match(text, match.end())
            ):
                return match
    return None


def _says_projects(text: str, match: re.Match[str], stretch: _Stretch, words: _Words) -> bool:
    head = match.group("head")
    if (no := _NOT_AFTER.get(head)) and no.match(text, match.end()):
        return False
    if head not in ("项目", "工程") and not stretch.built and not _BUILT.match(text, match.end()):
        return False
    return not words.head.sub("", words.common.sub("", match.group("what"))).strip("“”十百大（）")


def _conjuncts(text: str, start: int, end: int, words: _Words, *, listed: bool) -> Iterator[tuple[int, int]]:
    """The parts of a list; 和, 及 and 与 part names only where a name can end before them."""
    def parts_here(joint: str, at: int, i: int) -> bool:
        return joint == "、" or (joint == "和" and seen and (listed or not _left(text[at:i], words))) or _ends_name(text, at, i, words)

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
    if text[start:end] in ("一期", "二期", "三期"):
        return True
    heads = list(words.head.finditer(text, max(start, end - _LONGEST), end))
    return bool(heads) and _NAME_END.fullmatch(text, heads[-1].end(), end) is not None


def _listed_name(text: str, start: int, end: int, words: _Words, *, last: bool, counted: bool) -> Span | None:
    start, _ = _past_leads(text, start, end, words)
    for tail in ("前期工作", "建设", "前期") if not last else ("前期工作",):
        if text.endswith(tail, start, end) and words.head.search(text, start, end - len(tail)):
            end -= len(tail)
    name = text[start:end]
    if not 2 <= len(name) <= _LONGEST or _COUNTED.match(name) or _MANY.search(name) or not words.common.sub("", name):
        return None
    if not counted and len(name) < 5 and not _left(name, words) and not _CAPACITY.search(name):
        return None
    return Span(start, end)


def _headed_name(text: str, start: int, end: int, stretch: _Stretch, words: _Words, follows: int | None) -> Span | None:
    start, lead = _past_leads(text, start, end, words)
    head = _last_head(text, start, end, words)
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
    if kind != "named" and not _NAMED.search(own) and not _specific(own + text[head.end():stop], words, 3 if kind == "undertaking" else 2):
        return None
    busy = kind != "public" and _BUSY.match(text, stop) is not None
    built = stretch.built or verb is not None or lead in words.construct or _BUILT.match(text, stop) is not None or busy
    if kind == "undertaking":
        if _NOT_AFTER[word].match(after):
            return None
        if word == "工程":
            ok = (words.physical.search(own) or _OF_PLACE.match(own) or _NAMED.search(own)) and not words.policy.search(own)
            return Span(start, stop) if ok and built else None
        if words.policy.search(own[-2:]) or (not built and not _proper(own, words) and (len(_left(own, words)) < 2 or len(own) < 5)):
            return None
        return Span(start, stop)
    if not built or words.policy.search(own) or (_SLOGAN.match(own) and stretch.lead in ("打造", "建设", "创建", "争创", "构建", "")):
        return None
    if not _BUILT.match(text, stop) and not _BUSY.match(text, stop) and text[stop:stop + 1] not in tuple("，。；：、！？）\n等和及与") and stop < len(text):
        return None
    if word == "中心" and _POSITION.search(own):
        return None
    if word in words.standing and not (_FOUNDED.match(text, stop) or lead in _FOUNDING or stretch.lead in _FOUNDING):
        return None
    if kind == "deed" and not (_OF_PLACE.match(own) or words.place.search(own) or _inner_head(own, words) or _CAPACITY.search(own)):
        return None
    return Span(start, stop)


def _inner_head(own: str, words: _Words) -> bool:
    """Is the deed done to a work with a name: 青岭水库|除险加固?"""
    return any(words.heads.get(h.group()) in ("line", "plant", "water", "public") for h in words.head.finditer(own))


def _phase_ok(phase: str) -> bool:
    return phase not in ("阶段", "路段", "地段", "时段", "手段") and not phase.startswith(("建设", "前期", "各"))


def _shared_head(text: str, start: int, end: int, words: _Words) -> Span | None:
    """A conjunct without a head in a list where others have it: 青岭、白沙国家公园."""
    start, _ = _past_leads(text, start, end, words)
    end = next((i for i in range(start, end) if text[i] == "等" and text[i - 1] not in "高中初均平"), end)
    name = text[start:end]
    if not 2 <= len(name) <= 16 or _COUNTED.match(name) or words.head.search(name) or (len(_left(name, words)) < 3 and not _OF_PLACE.fullmatch(name)):
        return None
    return Span(start, end)


def _last_head(text: str, start: int, end: int, words: _Words) -> re.Match[str] | None:
    """The last head after which a name can end."""
    last = None
    for match in words.head.finditer(text, start, end):
        rest = text[match.end():end]
        if not rest or _PHASE_AFTER.match(rest) or _BUILT.match(rest) or rest[0] in "等、和及与" or words.heads.get(match.group()) == "undertaking":
            last = match
    return last


def _specific(own: str, words: _Words, least: int = 2) -> bool:
    """Has the name something of its own before its head?"""
    if own[-1:] in ("和", "及", "与") or own in ("中国科", "中国工程", "中国社科") or _CLASSED.search(own):
        return False
    if (least > 2 and (len(own) < 3 or _ONLY_PLACE.fullmatch(own))) or not words.common.sub("", own).strip("“”"):
        return False
    return _proper(own, words) or bool(_STAGED.search(own) or _OWNED.match(own)) or len(_left(own, words)) >= 2


def _proper(own: str, words: _Words) -> bool:
    """Does it name a place, a capacity, something quoted or redacted?"""
    return bool(_CAPACITY.search(own) or _QUOTED.search(own) or words.place.search(own) or _OF_PLACE.match(own) or "*" in own)


def _left(own: str, words: _Words) -> str:
    """What is left without common words: the part of the name that is its own."""
    return words.head.sub("", words.common.sub("", own))
