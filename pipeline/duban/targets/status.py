"""Is a figure a promise, a fact, or neither? The first table that speaks decides.

1. threshold: the number is part of a description (亿元以上项目, 750千伏电网工程);
2. modality: the aspect or modality of the governing verb (力争, 确保, 要; 已, 累计, 仅);
3. period: the time it is for lies before or after the document's date;
4. section: 工作回顾 or 主要目标, 下一步工作;
5. imperative: under no such heading, an order without a subject (加快推进 …);
6. default: actual.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from duban.matches import Period, Section
from duban.numerals import Numeral

Decided = tuple[str, str, tuple[int, int] | None]

_OBJECT = re.compile(
    "(?:级?的?)(?:[^，。；、：\\d]{0,10}?)(?:项目|企业|工程|园区|县区|产业集群|集群|台阶|大关|金矿|矿山|水库|电站|商场"
    "|商户|俱乐部|强县|大县|产业|线路|变电站|电网|机组|大户|单位)"
)
_CLASS = re.compile("的?(?:县|[城园]区|区(?!间)|[强大名]?市(?!场)|镇|园区|产业|企业|集群|项目|级|台阶|大关|俱乐部|支柱)")
_THRESHOLD_SUFFIX = ("以上", "以下", "以内")
_MEASURES = re.compile("(?:新增|突破|达到?|超过?|完成|增长|实现)$")
_WORKS = re.compile("[\u4e00-\u9fff“”]{0,10}?(?:项目|工程|基地|电站|机组|生产线|装置|电厂)")
_CAPACITY = re.compile(
    "(?:总?投资|年产|产能|规模|单体|占地|造价|装机|库容|日处理|年处理|面积|长|营收|产值|年销售|主营业务收入|年营收)(?:额"
    "|过|超|超过|达|约|近|达到|规模|面积)?$"
)
_FORECAST = re.compile("预计|预测|预估|估算|据测算")
_AFTER_TARGET = re.compile("(?:[）”、的等]|这一|这个|预期|既定|年度){1,4}(?:目标|任务)")
_PLAN_TITLE = re.compile("目标任务|任务分解|工作要点|(?:实施|行动|工作|分工|攻坚)方案|(?:行动|工作|实施|年度)计划|规划|(?:责任|任务)清单|分工|民生实事")
_OF_CLASS = re.compile("的(?:[\\d一二三四五六七八九十]+[个家户项名]|[县区市镇乡]|企业|项目|园区|集群|产业)")
_CLASS_BEFORE = re.compile("(?:超过?|过|达到?|突破|低于|高于|不足|不到|不低于)$")
_BEYOND_TARGET = re.compile("(?:高于|低于|优于|超|快于|慢于|好于|距离?|较|比|对照|差)[^，。；]{0,9}$")
_GOES_ON = re.compile("政府|自身建设|作风|努力|加强|建设|提升|保障")
_OF_TARGET = re.compile("(?:目标|任务)(?:任务|数|值)?(?:为|是|分别为|定为|确定为)?$")
_REVIEW = re.compile(
    "进展|回顾|总结|主要特点|运行特点|态势|差距|短板|亮点|稳中|通报|点评|肯定|正视|成绩|成效|成就|取得|过去|发展历程"
    "|存在的?(?:困难|问题|不足)|主要做法|进展情况|完成情况|运行情况|基本情况"
    "|工作情况|做了以下|迈出新|交出新|的五年|的一年|问题凸显|未能突破|不高|现状"
)
_PLAN = re.compile(
    "目标|任务|安排|部署|打算|下一步|下一阶段|今后|思路|计划|重点工作|工作重点|要点|主要考虑|分解|下步|规划|方案|举措"
    "|总体要求|工作要求|措施|意见|建议|展望|考虑|抓好|做好|冲刺|奋力|锚定|民生实事|工作$"
)
_YEAR = re.compile(r"(20\d\d)年")


_ORDER = re.compile(
    "(?:^|[，；：])(?:——|[一二三四五六七八九十]是|第[一二三四五六]，)?((?:全力|大力|切实|扎实|深入|进一步|抓紧|加快|加大"
    "|加强|积极|持续|坚决|严格|着力)?(?:推进"
    "|推动|抓好|实施|开展|落实|强化|完善|优化|提升|坚持|聚焦|围绕|紧盯|紧扣|建立|健全|培育|引进|谋划|组织|督促|用好|做好"
    "|办好|打造|加快|加大|加强|统筹|全面完成))"
)
_FINISHED = re.compile("了|已|过|目前|现有|同比|一季度|上半年|去年|累计|仅")


_PAST = re.compile("去年|过去|以来|上年|同比|前[一二三]季度|一年来|回顾|取得|截至|目前|通过.{1,8}努力")


class Cue(NamedTuple):
    start: int
    end: int
    value: str
    word: str


def threshold(before: str, numeral: Numeral, text: str, after: str, project_follows: bool) -> bool:
    """Does the number describe a class of things instead of measuring one?"""
    if numeral.dimension == "voltage":
        return True
    if numeral.dimension in ("currency", "bare") and numeral.form == "scale":
        return bool(_CLASS.match(after) or _OBJECT.match(after))
    if _OF_CLASS.match(after) and (text.endswith(_THRESHOLD_SUFFIX) or _CLASS_BEFORE.search(before)):
        return True
    suffixed = text.endswith(_THRESHOLD_SUFFIX) or text.endswith("级")
    if numeral.dimension in ("currency", "mass", "area", "power", "length", "computing") and suffixed and (text.endswith("级") or _OBJECT.match(after)):
        return True
    if numeral.dimension in ("count",) and text.endswith("以上") and re.match("的?(?:企业|单位|场所|城市|县|商场|自然村|村庄|事故)", after):
        return True
    if numeral.dimension in ("currency", "mass", "area", "power", "length", "volume") and after.startswith("的") and _CAPACITY.search(before):
        return bool(project_follows or _OBJECT.match(after))
    if numeral.dimension in ("power", "energy", "mass", "volume") and _WORKS.match(after) and not _MEASURES.search(before):
        return True
    return bool(numeral.dimension == "mass" and re.search("超$", before) and re.match("[金银铜铁煤锂铀]矿", after))


def modality(cues: Sequence[Cue], sentence: str, after: str) -> Decided | None:
    """The nearest cue before the number in its sentence; 目标 right before or after the number outranks it.

    ``sentence``: the words before the number.
    """
    if _AFTER_TARGET.match(after) or (_OF_TARGET.search(sentence) and not _BEYOND_TARGET.search(sentence)):
        return "target", "modality", None
    for cue in reversed(cues):
        if cue.value == "other":
            return "other", "modality", (cue.start, cue.end)
        if cue.value == "target":
            return "target", "modality", (cue.start, cue.end)
        if cue.value == "actual":
            return "actual", "modality", (cue.start, cue.end)
    return None


def imperative(before: str) -> tuple[int, int] | None:
    """Where the sentence up to the number gives an order: its last clause that opens with one, nothing finished after it.

    >>> imperative("加快推进"), imperative("完成了")
    ((0, 4), None)
    """
    found = None
    for match in _ORDER.finditer(before):
        found = match.span(1)
    return found if found and not _FINISHED.search(before, found[0]) else None


def looks_back(paragraph: str, cues: Sequence[Cue]) -> bool:
    """Does what stands before in the paragraph tell what happened, with no order given since?"""
    if cues:
        return cues[-1].value != "target"
    return _PAST.search(paragraph) is not None


def by_period(period: Period | None, date: str | None) -> Decided | None:
    """A time that is over is a fact's, one that has not begun a goal's."""
    if period is None or not period.value or not date or "X" in period.value:
        return None
    first, _, last = period.value.partition("/")
    if last != ".." and last < date:
        return "actual", "period", (period.start, period.end)
    if (first not in ("..", "") and first > date) or (first == ".." and last > date):
        return "target", "period", (period.start, period.end)
    return None


def section_kinds(text: str, sections: Sequence[Section], date: str | None) -> list[str | None]:
    """For each section target, actual or None, from its heading, else its parent's."""
    kinds: list[str | None] = []
    chapter: str | None = None
    year = int(date[:4]) if date else None
    for section in sections:
        heading = text[section.heading.start:section.heading.end]
        own = title_kind(heading) if section.kind == "title" else heading_kind(heading, year)
        above = kinds[section.parent] if section.parent is not None and section.parent < len(kinds) else None
        if own is None and section.level == 1 and chapter == "target" and _GOES_ON.search(heading):
            own = chapter  # after the plan comes how the government will work
        if section.level == 1:
            chapter = own
        kinds.append(own if above is None or section.level <= 1 else above)
    return kinds


def title_kind(title: str) -> str | None:
    """target where the document is a plan as a whole.

    >>> title_kind("关于印发2026年工作要点的通知"), title_kind("在重点工作调度会上的讲话")
    ('target', None)
    """
    return "target" if _PLAN_TITLE.search(title) else None


def heading_kind(heading: str, year: int | None) -> str | None:
    """target or actual by the words of a heading; a heading naming a past year is a review.

    >>> heading_kind("一、2025年工作回顾", 2026), heading_kind("三、2026年工作安排", 2026), heading_kind("名词解释", 2026)
    ('actual', 'target', None)
    """
    if _REVIEW.search(heading):
        return "actual"
    years = [int(y) for y in _YEAR.findall(heading)]
    if _PLAN.search(heading):
        return "actual" if years and year and max(years) < year and "目标" not in heading else "target"
    return None
