"""Names that stand by themselves or in a list that says nothing of itself."""
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from duban.entities.projects.clauses import LONGEST, PHASE_AFTER, Stretch, conjuncts, past_leads, tailless
from duban.entities.projects.naming import (
    CAPACITY,
    COUNTED,
    MANY,
    NOT_AFTER,
    OF_PLACE,
    ONLY_PLACE,
    PARTS,
    QUOTED,
    SLOGAN,
    inner_head,
    own_front,
    own_words,
    proper,
    specific,
    street,
    works,
)
from duban.entities.projects.vocabulary import NAMED, Vocabulary
from duban.matches import Span

#: What is said of a site that is being built, but also of one that stands.
_BUSY = re.compile(r"(?:今年|至今|迟迟|要尽快|要(?![求素])|必须|务必|力争|[一二三]季度|上半年|[0-9]{1,16}月|年底)")
#: What opens what is told of a work: 去年|就喊着开工.
_MEANWHILE = re.compile(
    r"去年|前年|[上下]个?月|上周|昨天|今天|今年|年底|年年|[0-9]{1,16}月|一直|早就|早已|迟迟|至今|到|刚|还|仍|没|未|已|也|又|都(?!市)|老是|总是|说是|喊|作为|年内|居然|竟然|却|更|连|因(?!此)|由于|[国春元汛入年月暑五十节][^，。；：\n]{0,3}前|"
    r"这项|这个|要|必须|务必"
)
#: The name taken up again: 站前广场|这个项目.
_THIS = re.compile(r"[这那](?:个|项|一|样|类)|[0-9一二两三四五六七八九十]{1,3}(?:栋|幢|号楼|条线)")
_MARK = re.compile(r"[，。；：！？\n]")
#: Institutions act and exist: they are projects only where they are being founded.
_FOUNDED = re.compile(r"(?:加快|正在|抓紧|顺利|全面){0,2}(?:建设|筹建|开工|组建|建成|校区|新建|迁建|扩建|主体|建[实强好])")
_FOUNDING = ("建设", "新建", "迁建", "扩建", "筹建", "组建", "开工", "建成", "建成投用", "筹设", "设立")
#: Centres of something are positions, not buildings: 国际消费中心, 区域金融中心.
#: A part of a town, after words that say no more than that: 老城区|南门片区.
_QUARTER = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:片区|路|街|巷|镇|村|河|湖|江|渠|山|社区|小区|地块|组团)")
_FIRM = re.compile(r"集团|公司|厂|矿")
#: What is said of all of a list: 甲、乙|都在里头.
_SAID = re.compile(r"[也都均还全]{1,2}[在要是有没弄干已得能]")
#: A list of firms, whatever they do: 甲材料、乙生物三家企业|投产.
_FIRMS = re.compile(r"[0-9两二三四五六七八九十几]{1,3}[家户个](?:企业|公司|厂家|商户)")
#: Bodies named after their field alone: 先进陶瓷|技术创新中心.
_BODIES = ("技术创新中心", "产业创新中心", "制造业创新中心", "转化中心", "攻关中心")
_RANKED = re.compile(r"性|级|重要|一流|知名|著名|领先|影响力|现代化|高水平|高端|优质|特色|对外")
#: Heads that a place claims to be as often as they are built.
_SEATS_OF_POWER = ("中心", "基地", "枢纽", "节点", "通道", "平台", "口岸", "新区", "示范区", "廊道")
_FOUNDED_LAST = ("建设", "筹建", "新建", "迁建", "组建")
_POSITION = re.compile(r"(?:科技创新|创新|消费|金融|贸易|航运|制造|交往|文化|政治|经济|区域|枢纽|增长|开放|国家)$")
_COUNT_AFTER = re.compile(r"(?:约|近|超)?[0-9]{1,16}(?:\.[0-9]{1,16})?(?:余|多|万)?(?:个|项|条|座|处|家|所|户|套|宗|批)")
#: How long or large it is, which is said of a work with a name (清溪大道北延|5.8公里) and of a kind of them (农村公路|300公里).
_MEASURE_AFTER = re.compile(
    r"(?:全长|总长|共|约|近|超)?[0-9*X]{1,16}(?:\.[0-9]{1,16})?(?:余|多|万)?(?:公里|亩|平方米|米|平方|兆瓦|千瓦|吨|立方米|方|张床位|个床位)"
)
#: Nouns that make a deed something else than the work: 扩建|方案.
_ABOUT = re.compile(
    r"资金|任务|计划|方案|规划|指挥部|领导小组|专班|面积|户|范围|政策|补助|办法|标准|模式|经验|力度|工作|行动|年|率|速度|质量|意见|需求|[0-9]{1,16}个"
)
#: Who has it in hand: 清河停车场|由市住建局牵头.
_ASSIGNED = re.compile(r"由[^，。；：\n]{2,16}?(?:负责|牵头|承担|包抓|包保|主抓|实施|盯|管)")
#: The place's own: 市|图书馆, 县第二|养老院.
_LOCAL = re.compile(r"[省市县区](?:第[一二三四五六七八九十])?$|[省市县区](?![场级域县乡民村政区城内属直])[\u4e00-\u9fff]{2}")
_STAGE = re.compile(r"[一二三四五六]期")
#: So far behind a name what is said of works only may stand.
_STATE_AFTER = 24
_JOINED = re.compile(r"[和及与、]")
#: 建设 inside what stands before a head is a verb, so that is no name: X大学建设…大学.
_VERB_INSIDE = re.compile(r"(?<=.)(?:建设(?!工程|项目|兵团|路|用地|$)|获批|入选|获评|列入)")


def _plain_work(text: str, start: int, end: int, words: Vocabulary) -> Span | None:
    """A work described, not named, beside others with names: 青岚剧场、|市民文化中心."""
    start, _ = past_leads(text, start, end, words)
    end -= 2 * text.endswith("建设", start, end)
    name = text[start:end]
    if COUNTED.match(name) or MANY.search(name) or PARTS.search(name) or words.policy.search(name) or SLOGAN.match(name):
        return None
    return Span(start, end) if len(name) > 4 and works(name, words, ("line", "water", "plant", "public", "seat")) else None


def named(text: str, stretch: Stretch, words: Vocabulary) -> list[tuple[Span | None, str]]:
    """The names of a stretch: with heads of their own, or in a place where only names of works stand."""
    has_head = words.head.search(text, stretch.start, stretch.end) is not None
    has_state = words.erected.search(text, stretch.start + 2, min(stretch.limit, stretch.end + _STATE_AFTER)) is not None
    if not (has_head or has_state or stretch.lead in words.erect):
        return []
    parts = list(conjuncts(text, stretch.start, stretch.end, words, listed=False))
    if not parts:
        return []
    candidates = [_headed(text, start, stop, stretch, words, stop if stop < parts[-1][1] else None) for start, stop in parts] if has_head else []
    ends = [_stands(text, part, stretch, words) if has_state else None for part in parts]
    stands = next((i for i in reversed(range(len(parts))) if ends[i]), -1) + 1
    erected = stretch.lead in words.erect and tailless(text, stretch.end) and (len(parts) > 1 or not stretch.lead.endswith("建成"))
    if not (any(candidates) or stands or erected) or _FIRMS.search(text, *parts[-1]):
        return []
    opened = stretch.built and not stretch.lead
    if not stretch.built and any(candidates) and any(_is_built(text, part, words, stretch.limit) for part in parts):
        stretch = stretch._replace(built=True)
    names = [_accepted(candidate, stretch.built, words) for candidate in candidates] or [None] * len(parts)
    if not stretch.built and len(parts) > 1 and any(names):  # what one of a list is by its form, the others are
        stretch = stretch._replace(built=True)
        names = [_accepted(candidate, True, words) for candidate in candidates]
    rules = ["project-founded" if name and _institution(text[name.start:name.end], words) else "project-name" for name in names]
    if len(names) > 1 and names[-1] is None and not opened and _goes_on(text, parts[-1], stretch, words):
        # what is said of the last is said of all: 甲机场和乙机场|联动发展
        names = [name if name and text.endswith(("项目", "工程"), name.start, name.end) else None for name in names]
    headed = any(names)
    shared = headed and stretch.built and len(parts) > 1
    for i, (start, stop) in enumerate(parts):
        early = words.built.search(text, start + 2, stop) if i < stands and not ends[i] else None
        if early and early.end() == stop and words.heads.get(early.group()) != "deed":
            stop = early.start()
        if names[i] is None and (i < stands or erected or shared):
            names[i] = _plain_name(text, start, ends[i] or stop, words, 2 if shared and names[-1] else 4)
            if names[i] is None and headed:
                names[i] = _plain_work(text, start, ends[i] or stop, words)
            rules[i] = "project-of-works" if i < stands or erected else "project-shared-head"
    return list(zip(names, rules, strict=True))


def _institution(name: str, words: Vocabulary) -> bool:
    """Is it the name of what will act and be an organ once it stands?"""
    head = list(words.head.finditer(name))[-1].group()
    return head in words.standing or words.heads.get(head) in ("public", "seat")


def _goes_on(text: str, part: tuple[int, int], stretch: Stretch, words: Vocabulary) -> bool:
    """Is something said of the name in ``part`` that is not said of works: 乙机场|疫情防控?"""
    heads = list(words.head.finditer(text, *part))
    if not heads:
        return False
    at = heads[-1].end()
    phase = PHASE_AFTER.match(text, at, part[1])
    at = phase.end() if phase else at
    if _MEASURE_AFTER.match(text, at):
        return False
    if _COUNT_AFTER.match(text, at):
        return True
    return not words.built.match(text, at, stretch.limit) and (part[1] - at > 2 or not (stretch.built or tailless(text, at)))


def _stands(text: str, part: tuple[int, int], stretch: Stretch, words: Vocabulary) -> int | None:
    """Where the last name ends when what follows is said of works only and ends the clause: 甲、乙|全线贯通."""
    state = words.stands.search(text, part[0] + 2, min(stretch.limit, part[1] + _STATE_AFTER))
    if state is None or state.start() > part[1] or not tailless(text, state.end()):
        return None
    early = words.built.search(text, part[0] + 2, state.start())
    return early.start() if early and early.end() == state.start() else state.start()


def _is_built(text: str, part: tuple[int, int], words: Vocabulary, limit: int) -> bool:
    """Does a word of construction follow a head (and its phase) in ``part``?"""
    for head in words.head.finditer(text, *part):
        phase = PHASE_AFTER.match(text, head.end())
        said = words.built.match(text, head.end(), limit) or (phase and words.built.match(text, phase.end(), limit))
        if said or _is_busy(text, head.end(), limit, words, words.heads.get(head.group(), "named")):
            return True
    return False


def _plain_name(text: str, start: int, end: int, words: Vocabulary, least: int) -> Span | None:
    """A name without a head, where only names of works stand; ``least``: its characters."""
    start, _ = past_leads(text, start, end, words)
    for tail in ("建设", "前期工作", "前期"):
        if text.endswith(tail, start, end):
            end -= len(tail)
    said = _SAID.search(text, start + 2, end)
    end = said.start() if said else end
    if end <= start:
        return None
    name = text[start:end]
    if not least <= len(name) <= 30 or COUNTED.match(name) or MANY.search(name) or "等" in name or PARTS.search(name):
        return None
    if words.abstract.search(name.rstrip("”")) or name.endswith("工程”") or words.policy.search(name) or words.place.fullmatch(name):
        return None
    if least > 2 and ONLY_PLACE.fullmatch(name):
        return None
    if not own_front(name, words) or SLOGAN.match(name):
        return None
    return Span(start, end) if len(own_words(name, words)) >= 2 or CAPACITY.search(name) else None


class _Headed(NamedTuple):
    """A conjunct with a head: what stands before it (``own``), the head and its class, and what is said of it."""

    start: int
    end: int
    own: str
    head: str
    kind: str
    lead: str
    built: bool
    founded: bool


def _headed(text: str, start: int, end: int, stretch: Stretch, words: Vocabulary, follows: int | None) -> _Headed | None:
    """The conjunct, if it ends in a head with something of its own before it."""
    heads = list(words.head.finditer(text, start, end))
    if not heads:
        return None
    begin, lead = past_leads(text, start, end, words)
    if begin > start:
        start, heads = begin, list(words.head.finditer(text, begin, end))
    head = _last_head(text, heads, end, words, stretch.limit)
    if head is None:
        return None
    phase = PHASE_AFTER.match(text, head.end(), end)
    stop = phase.end() if phase and _phase_ok(phase.group()) else head.end()
    own, word = text[start:head.start()], head.group()
    if not 3 <= stop - start <= LONGEST or COUNTED.match(text[start:stop]) or MANY.search(own) or _COUNT_AFTER.match(text, stop):
        return None
    measured = _MEASURE_AFTER.match(text, stop) is not None
    if measured and (CAPACITY.match(own) or not (proper(own, words) or street(own, words))):
        return None
    verb = _VERB_INSIDE.search(own)
    if verb:
        start, own = start + verb.end(), own[verb.end():]
    kind = words.heads.get(word, "named")
    # a park may be named after its field alone: 开工建设|新型建材产业园
    fielded = kind == "plant" and len(own) > 3 and len(word) > 2 and (lead or stretch.lead).endswith(_FOUNDING) and not _RANKED.search(own)
    made = kind == "deed" and _done_to_named(own, word, words)
    if not fielded and not made and not _has_name(own, word, kind, text[head.end():stop], words):
        return None
    said = words.built.match(text, stop) is not None
    busy = _is_busy(text, stop, stretch.limit, words, kind)
    # a second stage is built, and so is what a deed is done to: 青岚水库扩建
    implied = text.endswith("期", start, stop) or made
    formed = (word in words.making and made) or (implied and not made)
    founded = (lead or stretch.lead).endswith(_FOUNDING) or _FOUNDED.match(text, stop) is not None or text.endswith(_FOUNDED_LAST, stop, stretch.end)
    if kind == "undertaking":
        after = text[stop:stop + 12] if stop < end or follows is None else text[stop:stop + 1]
        goes_on = NOT_AFTER[word].match(after) is not None
    else:
        ended = stop >= len(text) or text[stop] in "，。；：、！？）\n等和及与"
        goes_on = not (ended or said or busy or measured or (formed and not _ABOUT.match(text, stop)))
    if goes_on:
        return None
    built = verb is not None or lead in words.construct or said or busy or implied or measured
    return _Headed(start, stop, own, word, kind, lead or stretch.lead, built, founded)


def _accepted(candidate: _Headed | None, built: bool, words: Vocabulary) -> Span | None:
    """The name of a conjunct with a head, if it is a project's; ``built``: its stretch says that works are."""
    if candidate is None:
        return None
    name = candidate._replace(built=candidate.built or built)
    if name.kind == "undertaking":
        fits = _engineering(name, words) if name.head == "工程" else _venture(name, words)
    else:
        fits = name.built and _work(name, words)
    return Span(name.start, name.end) if fits else None


def _done_to_named(own: str, deed: str, words: Vocabulary) -> bool:
    """Is what a deed is done to a work with a name: 青岚水库|扩建, 县妇幼保健院|迁建, or the quarter around one: 火车站|片区改造?"""
    named = own_front(own, words) or proper(own, words) or _LOCAL.match(own) is not None
    return street(own, words) or (named and (inner_head(own, words) or NAMED.search(own) is not None)) or (
        deed.startswith("片区") and words.full_head.fullmatch(own) is not None)


def _has_name(own: str, head: str, kind: str, phase: str, words: Vocabulary) -> bool:
    if kind == "named" or (kind in ("public", "deed") and _LOCAL.match(own)) or NAMED.search(own):
        return True
    if (kind == "line" and own and street(own + head, words)) or (
        len(own) > 3 and not _JOINED.search(own) and (head.endswith(_BODIES) or (SLOGAN.match(own) and not _claimed(head)))
    ):
        return True
    return specific(own + phase, words, 3 if kind == "undertaking" else 2)


def _is_busy(text: str, at: int, limit: int, words: Vocabulary, kind: str) -> bool:
    """Is it said later in the clause that it is being built: 北山公园|去年就喊着开工?"""
    if (kind != "public" and _BUSY.match(text, at)) or _ASSIGNED.match(text, at):
        return True
    if at < limit:
        return _is_told(text, at, limit, words)
    # 白沙粮仓，|进度明显偏慢
    return text[at:at + 1] == "，" and words.later.search(text, at + 1, _clause_end(text, at + 1)) is not None


def _is_told(text: str, at: int, limit: int, words: Vocabulary) -> bool:
    """Is what follows at once, or after a time or an adverb, said of works?"""
    meanwhile = _MEANWHILE.match(text, at)
    return (words.later.search(text, at, min(limit, at + 16)) if meanwhile else words.later.match(text, at, limit)) is not None


def _clause_end(text: str, at: int) -> int:
    mark = _MARK.search(text, at, at + 12)
    return mark.start() if mark else at + 12


def _engineering(name: _Headed, words: Vocabulary) -> bool:
    """A 工程 that is a work, not a programme."""
    own = name.own
    own_name = own_front(own, words) or proper(own, words) or _STAGE.search(own)
    placed = (OF_PLACE.match(own) and not words.topic.match(own)) or NAMED.search(own)
    if words.policy.search(own):
        return False
    if not name.built:  # a work by its name, whatever is said of it: 青岚河引水工程
        return bool(placed) and inner_head(own, words)
    return bool(placed or (own_name and words.physical.search(own)))


def _venture(name: _Headed, words: Vocabulary) -> bool:
    """A 项目 that is one, not a kind of them."""
    own = name.own
    if words.tail.search(own) and not CAPACITY.search(own) and not inner_head(own, words):
        return False
    if not proper(own, words) and not own_front(own, words) and (_JOINED.search(own) or len(words.topic.sub("", own)) < 3):
        return False
    if words.policy.search(own[-2:]):
        return False
    return name.built or proper(own, words) or (len(own_words(own, words)) > 1 and len(own) > 4)


def _work(name: _Headed, words: Vocabulary) -> bool:
    """A work, a seat of an institution, or something done to a work."""
    own = name.own
    if words.policy.search(own) and (name.kind in ("deed", "seat") or not own_front(own, words)):
        return False
    if _position(name, words) or (name.head in words.standing and not name.founded):
        return False
    if name.kind == "seat":
        return _seat(name, words)
    return name.kind != "deed" or _done_to_work(name, words)


def _done_to_work(name: _Headed, words: Vocabulary) -> bool:
    """Is it done to a work, a plant or a part of a town with a name of its own: 青岭水库|除险加固?"""
    own = name.own
    if proper(QUOTED.sub("", own), words):
        return True
    if own_front(own, words) and (inner_head(own, words) or _FIRM.search(own) or words.physical.search(own)):
        return True
    core = _core(own, words)
    return core != own and _QUARTER.match(core + name.head) is not None


def _position(name: _Headed, words: Vocabulary) -> bool:
    """What a place wants to be, not a building: 国际消费中心, 全国重要的制造业基地."""
    if name.head.endswith(("中心", "走廊")) and len(name.head) < 5 and _POSITION.search(name.own + name.head[:-2]):
        return True
    if not SLOGAN.match(name.own):
        return False
    return name.lead.endswith(("打造", "创建", "争创", "构建")) or _RANKED.search(name.own) is not None or (
        _claimed(name.head) and not own_words(SLOGAN.sub("", name.own), words))


def _claimed(head: str) -> bool:
    return head.endswith(_SEATS_OF_POWER) and not (len(head) > 4 and head.endswith("中心"))


def _core(own: str, words: Vocabulary) -> str:
    """Without the common words it opens with: 老城区|南门片区."""
    while common := words.topic.match(own):
        own = own[common.end():]
    return own


def _seat(name: _Headed, words: Vocabulary) -> bool:
    """A centre or a platform that is being set up, with a name or a purpose of its own."""
    own = name.own
    if proper(QUOTED.sub("", own), words) or (own_front(own, words) and words.physical.search(own)):
        return True
    if name.lead in words.erect or name.founded:
        return len(own) > 3 and (len(own_words(own, words)) > 1 or name.lead in words.erect)
    return False


def _phase_ok(phase: str) -> bool:
    return phase not in ("阶段", "路段", "地段", "时段", "手段") and not phase.startswith(("建设", "前期", "各"))


def _last_head(text: str, heads: Iterable[re.Match[str]], end: int, words: Vocabulary, limit: int) -> re.Match[str] | None:
    """The last head after which a name can end."""
    last = None
    for match in heads:
        rest = text[match.end():end]
        state = words.built.match(text, match.start(), limit) if words.heads.get(match.group()) == "deed" else None
        if state and state.end() > match.end() and last and not _MEASURE_AFTER.match(text, match.end()):
            break
        phase = PHASE_AFTER.match(text, match.end(), end)
        if (rest[:1] == "等" and rest[:2] != "等级") or _THIS.match(rest):
            return match
        if rest and words.stands.match(text, phase.end() if phase else match.end(), limit):
            return match
        if not rest or phase or rest[0] in "等、和及与" or words.heads.get(match.group()) == "undertaking" or (
            words.built.match(text, match.end(), limit) or _MEASURE_AFTER.match(text, match.end()) or _is_told(text, match.end(), limit, words)
        ):
            last = match
    return last
