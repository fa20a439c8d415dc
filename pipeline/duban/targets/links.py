"""What a number measures, and for when."""
from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from duban.matches import Entity, IndicatorLink, Period
from duban.numerals import Numeral
from duban.numerals.words import Worded
from duban.targets.words import Tables
from duban.targets.words import tables as tables_of

_REFERENCE_BEFORE = re.compile(
    "(?:较|(?<![占率])比|与|同|相比|从|由|自|超过?|高于|低于|相当于|对比|相较于?|达到|接近|恢复到|对照|对标|比照|(?:压缩|缩短|压减|控制"
    "|精简)[至到在为])$|(?:约?为|是)$"
)
_FAR_FROM = re.compile("(?:距离?|(?<![分剥脱远偏背撤逃隔])离)$")  # 距离年底不到四个月
_COMPARED_TO = re.compile("(?:约?为|是)$")
_VIEWED = re.compile("(?:的?(?:情况|数据|指标))?来?看")  # 从一季度看
_CURRENT = ("全年", "今年", "明年")
_OF_THINGS = re.compile(
    "(?:之?前|以前)?(?:已|所)?(?:建成|确定|签约|下达|部署|提出|制定|认定|出台|通过|发布|竣工|投产|列入|安排|评定|引进|入库|启用|投用"
    "|成立|登记|注册|出生|参加|申报|获批)的"
)
_REFERENCE_AFTER = re.compile("同期|的?基础上|水平|相比")
# 连续五年 and 三年来 say how long their own clause went on; a plain day is when something happened
_ADVERBIAL = re.compile("连续|持续|.{1,4}年来|近几年|近年|多年|历年|每|[一二两三四五六七八九十\\d]{1,2}年$|\\d{1,2}个(?:工作日|月|小时)内|半年内")
_CLAUSE_END = re.compile("[，；：]")
_DAY = re.compile("日$|^[今昨明后]天|^当日")
# the plan was for the year, what is done by now is not: 计划全年…，截至目前完成…
_NOW = re.compile("现有(?!基础|水平)|(?:截至|截止|到|至)(?:目前|现在|当前)|[，；](?:目前|现在|当前|如今)(?!还有|仍有|尚有)")
_NOT_A_TIME = re.compile("计划|任务|预算|目标|考核|投资计划|工作要点|工作|考评|注册会计|检|审")
_QUOTED = re.compile("“[^”，。；]{1,6}”")
# 占全市税收总额的七成: the indicator is the whole, not what is measured
_WHOLE_BEFORE = re.compile("(?:占|达到?|相当于|不?低于|不到|不足|不及|超过|仅为|只有|约为|近|为|是)[^，。；、\\d]{0,8}$")
_WHOLE_AFTER = re.compile("的(?:约|近|将近|超过?|逾|不足|不到)?$|的?(?:比重|比例|份额|百分比)[^，。；、\\d]{0,6}$")
_OF_OTHERS = re.compile("的(?!增长|增速|速度|幅度|比例|比重|水平|目标|任务|要求|贡献|涨幅|降幅|增幅|基础)")
_COUNTED_HEAD = re.compile("[两二三四五六七八九十\\d]+(?:大|条|个|类|项)(?=产业|集群|行业|链)")
_COMPARAND = Worded("(?:{COMPARED})(?:全国|全省|同期)?$", "target_words")
_ARRIVING = re.compile("[\u4e00-\u9fff]{0,4}[到至为]")
_PLACE_HOLDER = re.compile("[的等共各总全与和及、，；：（）以并也又再在由将从至到地]|其(?![余他它])")
_TELLS_APART = re.compile("(?:增长|增加|上升|提高|下降|减少|回落|下滑|收窄|萎缩)的(?:有|仅有?|达|只有|共)?$")  # 产值下降的有34家
_EARNED = re.compile("(?<![参增新追附])(?:扣|加|奖励?|补助?|罚)$")
# what a growth leaves out, what a part is part of: 剔除不可比因素后, 占规上工业的比重
_ASIDE = re.compile("(?:剔除|扣除|不含|除去|还原|不考虑)[^，。；\\d]{1,16}?(?:后|，)|占[^，。；、\\d]{1,16}?(?:比重|比例|份额)")
# 高于全省脱贫人口平均水平0.5个百分点
_COMPARED_WITH = re.compile("(?:[高低快慢好优差多少]于|落后于?|领先于?|超过|跑赢)[^，。；、\\d]{1,16}$")
_FIGURES = re.compile(
    r"[两三四五六七八九十]个$|[一二两三四五六七八九十\d]+年前|[十百千万亿]{2,}[元吨亩人]?|[\d*%.,—\-~‰]+(?:万亿|[万亿千百])?(?:个百分点|元|倍|位|度|人次|吨|亩|斤|个?季度|个?月|年|项)?|“?十[一二三四五六七]五”?"
    r"|[一二三四]季度|[上下]半年|[一二三四五六七八九十]{1,2}月份?|年[底末内初]|[底末]前|（[^）]*）|[“”\"·]"
)
# a place or a firm between an indicator and its number: whose figure it is, not what it measures
_PLACES = re.compile("(^|[，、；：和及是为有）])(?:其中，?)?[\u4e00-\u9fff*]{1,6}(?:镇|乡|县|区|市|街道|园区|开发区|新区|州|省|旗)(?![场民委级镇政内外间域])")


@lru_cache(maxsize=4096)
def parts(text: str) -> tuple[str, ...]:
    """Canonical names of the conjuncts of a coordinated indicator; () when it is not coordinated."""
    from duban.entities.indicators import conjuncts

    text = _COUNTED_HEAD.sub("", text)
    return tuple(conjuncts(text)) or _blend(text)


def _blend(text: str) -> tuple[str, ...]:
    """城乡低保标准 is that of the towns and that of the country, 存贷款余额 deposits and loans."""
    from duban.entities.indicators import canonical

    if "存贷款" in text:
        names = [text.replace("存贷款", word) for word in ("存款", "贷款")]
    elif "城乡" in text:
        people = "城乡居民" in text or "收入" in text
        names = [text.replace("城乡", place) for place in (("城镇", "农村") if people else ("城市", "农村"))]
    else:
        return ()
    return tuple(canonical(n) or n for n in names)


@lru_cache(maxsize=4096)  # 达到, ，增长 and their like stand between most numbers and their names
def residue(text: str, tables: Tables | None = None) -> str:
    """What is left of the words between an indicator and its number when all that may pass is taken away.

    >>> residue("达到"), residue("，引进外资企业")
    ('', '引进外资企业')
    """
    text = _PLACES.sub(r"\1", _FIGURES.sub("", _COMPARED_WITH.sub("", _ASIDE.sub("", _QUOTED.sub("", text)))))
    return _PLACE_HOLDER.sub("", (tables or tables_of()).anywhere("PASSING").sub("", text))


def indicator(text: str, sentence_start: int, runup_start: int, numeral: Numeral, named: Sequence[tuple[int, Entity]],
              after: tuple[int, Entity] | None, previous: IndicatorLink | None, elliptical: bool, kind: str, tables: Tables, *,
              alike: bool) -> IndicatorLink | None:
    """The INDICATOR the number measures: in its run-up, right behind it, or that of the number before.

    ``named``: position and entity of the sentence's INDICATORs before the number, in text order, ``after``: of the first
    behind it; ``previous``: the link of the last number before in this sentence that has one; ``elliptical``: nothing but
    passing words stands between that number and this one, ``alike``: and both have the same unit.
    """
    if after and (numeral.dimension == "count" or text[numeral.end:after[1].start] not in ("", "的")):
        after = None
    if after is None and _EARNED.search(text, max(sentence_start, numeral.start - 2), numeral.start):
        return None
    part = numeral.form in ("percent", "fraction") or numeral.dimension == "percent"
    if part and _OF_OTHERS.match(text, numeral.end) and numeral.form in ("percent", "fraction"):
        return None  # 半数以上的街道: the whole follows
    before = [(i, e) for i, e in named if not _COMPARAND.search(text, max(sentence_start, e.start - 6), e.start)] or named
    whole = before[-1][1] if part and before and _is_whole(text, sentence_start, before[-1][1], numeral.start) else None
    if whole:
        before = before[:-1]
    near = [(i, e) for i, e in before if e.start >= runup_start]
    counted = numeral.dimension in ("count", "voltage") and numeral.form == "amount"
    if counted and (text[numeral.end:numeral.end + 1] in tuple("百千万亿") or text[numeral.start - 1:numeral.start] == "等"):
        return None
    for i, e in reversed(near):
        left = residue(_cut(text, e.end, numeral.start, whole), tables)
        if counted and _TELLS_APART.search(text, e.end, numeral.start):
            break
        if len(left) <= (1 if counted else 8) or (kind == "share" and not counted):
            return IndicatorLink(e.start, e.end, e.canon, i)
        break
    if after:
        return IndicatorLink(after[1].start, after[1].end, after[1].canon, after[0])
    if near:
        return None
    if whole and previous is not None and previous.end <= whole.start:
        elliptical = elliptical or len(residue(_cut(text, runup_start, numeral.start, whole), tables)) <= 1
    arriving = _ARRIVING.fullmatch(text[max(runup_start, numeral.start - 6):numeral.start])
    if previous is not None and elliptical and (not counted or alike or arriving):
        return previous
    if not before and whole and "占" in text[max(0, whole.start - 9):whole.start]:
        return next(IndicatorLink(e.start, e.end, e.canon, i) for i, e in named if e is whole)
    if not before or counted:
        return None
    i, e = before[-1]
    gap = _cut(text, e.end, numeral.start, whole)
    if len(gap) > 60 or "；" in gap:
        return None
    for _, other in reversed([x for x in named if e.end <= x[1].start]):
        gap = gap[:other.start - e.end] + gap[other.end - e.end:]  # what it is compared with
    if len(residue(gap, tables)) <= (0 if numeral.form in ("rank", "scale") else 1):
        return IndicatorLink(e.start, e.end, e.canon, i)
    return None


def _is_whole(text: str, start: int, e: Entity, number: int) -> bool:
    """Is ``e`` what the number is a part of (占生产总值的61.8%, 占总支出七成)?"""
    if e.end == number and text[e.start - 1:e.start] == "占":
        return True
    return bool(_WHOLE_AFTER.match(text[e.end:number]) and _WHOLE_BEFORE.search(text[max(start, e.start - 12):e.start]))


def _cut(text: str, start: int, end: int, whole: Entity | None) -> str:
    """The words from ``start`` to ``end`` without those of ``whole``."""
    if whole is None or whole.start < start:
        return text[start:end]
    return text[start:whole.start] + text[whole.end:end]


def distribute(text: str, group: Sequence[tuple[int, int]], indicators: Sequence[tuple[int, Entity]]) -> list[IndicatorLink] | None:
    """The links of the numbers after 分别, one conjunct or one indicator each; None where they cannot be told.

    ``group``: spans of the numbers; the coordinated name may stand before or the last several indicators.
    """
    before = [(i, e) for i, e in indicators if e.end <= group[0][0] and not _COMPARAND.search(text[max(0, e.start - 6):e.start])]
    if not before:
        return None
    i, last = before[-1]
    names = parts(text[last.start:last.end])
    if len(names) == len(group):
        return [IndicatorLink(last.start, last.end, name, i) for name in names]
    if len(before) >= len(group) and "；" not in text[before[-len(group)][1].end:last.start]:
        return [IndicatorLink(e.start, e.end, e.canon, i) for i, e in before[-len(group):]]
    return [IndicatorLink(last.start, last.end, last.canon, i) for _ in group] if not re.search("[，；]", text[last.end:group[0][0]]) else None


def period(text: str, sentence_start: int, opened: int, numeral: Numeral, periods: Sequence[Period]) -> Period | None:
    """The nearest time before the number in its sentence that is not what it is compared with.

    ``opened``: where the sentence's own words begin, behind a heading that runs into them.
    """
    for p in reversed([p for p in periods if sentence_start <= p.start and p.end <= numeral.start]):
        between = text[p.end:numeral.start]
        if between in ("的", "底的", "末的"):
            relative = numeral.form in ("percent", "fraction", "multiple") or numeral.dimension in ("percent", "multiple")
            if relative and text[p.start - 1:p.start] not in ("由", "从"):
                continue  # 2019年的九成: what it is compared with
            return p
        if _NOW.search(between):
            return None
        if "基础上" in between:
            continue
        within = _ADVERBIAL.match(p.text) and not between.startswith("，")
        if (within and _CLAUSE_END.search(between)) or (_DAY.search(p.text) and text[p.start - 2:p.start] != "截至" and len(between) > 20):
            continue
        if "；" in between and p.start - opened > 8 and not _opens_list(between):
            continue
        if p.text.startswith("每") and numeral.dimension == "currency" and text[p.start - 1:p.start] in tuple("人户亩吨头"):
            continue  # 每人每月再涨15元
        if "年均" in between and p.value and not p.value.startswith("..") and p.value[:4] == p.value[11:15]:
            continue  # no growth a year is that of one year
        if _OF_THINGS.match(between) and p.text.endswith(("前", "底", "初", "末")):
            continue  # 2000年底前建成的小区: when the things were made
        before = text[max(sentence_start, p.start - 4):p.start]
        if _is_compared(before, p, between) or _REFERENCE_AFTER.match(between) or _is_of_plan(text, p) or between.startswith(("的基础", "行动")):
            continue
        return p
    return _later(text, numeral, periods)


def _is_compared(before: str, p: Period, between: str) -> bool:
    """比上年, 为去年的: the time is what the number is compared with."""
    if _VIEWED.match(between) or p.text.endswith(("起", "以来")) or (_COMPARED_TO.search(before) and p.text in _CURRENT):
        return False
    return _REFERENCE_BEFORE.search(before) is not None or (bool(between) and _FAR_FROM.search(before) is not None)


def _opens_list(between: str) -> bool:
    """今年主要目标是：…；…: the colon before the first semicolon makes the time the head of the list."""
    colon = between.find("：")
    return 0 <= colon < between.find("；") and "，" not in between[:colon]


def _is_of_plan(text: str, p: Period) -> bool:
    """年度计划, 全年任务: the word belongs to the plan's name."""
    return p.text.endswith(("年度", "全年", "季度")) and not p.text.startswith(("连续", "每")) and _NOT_A_TIME.match(text, p.end) is not None


def _later(text: str, numeral: Numeral, periods: Sequence[Period]) -> Period | None:
    """确保二十个项目上半年开工: with no time before it, the time that follows in the clause."""
    for p in periods:
        if p.start >= numeral.end:
            between = text[numeral.end:p.start]
            plain = not _CLAUSE_END.search(between) and not re.search("[\\d的、。\n]", between) and not _REFERENCE_BEFORE.search(between)
            return p if plain and not _REFERENCE_AFTER.match(text, p.end) and not _is_of_plan(text, p) and not _ADVERBIAL.match(p.text) else None
    return None
