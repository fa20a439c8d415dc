"""What a number measures, for when, and whose figure it is."""
from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from duban.matches import Entity, IndicatorLink, Period, Quote
from duban.numerals import Numeral
from duban.targets.words import Tables
from duban.targets.words import tables as tables_of

_REFERENCE_BEFORE = re.compile("(?:较|比|与|同|相比|从|由|自|超过?|高于|低于|约?为|是|相当于|对比|相较于?|达到)$")
_REFERENCE_AFTER = re.compile("同期|的?基础上|水平|相比")
# 连续五年 and 三年来 say how long their own clause went on; a plain day is when something happened
_ADVERBIAL = re.compile("连续|持续|.{1,4}年来|近几年|近年|多年|历年")
_CLAUSE_END = re.compile("[，；：]")
_DAY = re.compile("日$|^[今昨明后]天|^当日")
_NOW = re.compile("现有")
_NOT_A_TIME = re.compile("计划|任务|预算|目标|考核|投资计划|工作要点|工作|考评|注册会计|检|审")
_LISTED = re.compile("(?P<words>[^等]{1,30}、[^等]{1,12})等(?P<head>[^等]{2,14})")
_SEPARATOR = re.compile("、|以及|和|与|及")
_COMPARAND = re.compile("(?:超过|高于|低于|快于|慢于|跑赢|好于|优于|领先|不低于|与|同)(?:全国|全省|同期)?$")
_ARRIVING = re.compile("[\u4e00-\u9fff]{0,4}[到至为]")
_PLACE_HOLDER = re.compile("[的等共各总全与和及、，以并也又再其在由将从至到地]")
_BASE = re.compile("(?:高于|低于|快于|慢于|优于|超过|领先|落后于?|好于|跑赢|居|列|位居|排名?|排在|占|比|较|跃居|进入|前列|对标|走在|名列|位列|成为|是|高出)$")
_FIGURES = re.compile(
    r"[十百千万亿]{2,}[元吨亩人]?|[\d*%.,—\-~‰]+(?:万亿|[万亿千百])?(?:个百分点|元|倍|位|度|人次|吨|亩|斤|个?季度|个?月|年|项)?|“?十[一二三四五六七]五”?"
    r"|[一二三四]季度|[上下]半年|[一二三四五六七八九十]{1,2}月份?|年[底末内初]|[底末]前|（[^）]*）|[“”\"·]"
)
# a place or a firm between an indicator and its number: whose figure it is, not what it measures
_PLACES = re.compile("(^|[，、；和及])(?:其中，?)?[\u4e00-\u9fff*]{1,6}(?:镇|乡|县|区|市|街道|园区|开发区|新区|州|省|旗)(?![场民委级镇政内外间域])")
_RANK_AFTER = re.compile("第|前|首|平均|同类|重点|人大|政协|首批|最|率先|唯一|领先|先进|统一|百强|示范|的[前第]|倒数|后")


@lru_cache(maxsize=4096)
def parts(text: str) -> tuple[str, ...]:
    """Canonical names of the conjuncts of a coordinated indicator; () when it is not coordinated."""
    from duban.entities.indicators import conjuncts

    return tuple(conjuncts(text)) or _conjuncts(text)


def _conjuncts(text: str) -> tuple[str, ...]:
    """甲、乙等产业产值 and 城镇、农村居民收入: every conjunct with the head, where all are names."""
    from duban.entities.indicators import canonical

    listed = _LISTED.fullmatch(text)
    if listed:
        words, head = _SEPARATOR.split(listed["words"]), listed["head"]
    else:
        words = _SEPARATOR.split(text)
        head = words[-1][len(words[0]):]
        words[-1] = words[-1][:len(words[0])]
    if len(words) < 2 or not head or "" in words:
        return ()
    return tuple(canonical(w + head) or w + head for w in words)


def residue(text: str, tables: Tables | None = None) -> str:
    """What is left of the words between an indicator and its number when all that may pass is taken away.

    >>> residue("达到"), residue("，引进外资企业")
    ('', '引进外资企业')
    """
    text = _PLACES.sub(r"\1", _FIGURES.sub("", text))
    return _PLACE_HOLDER.sub("", (tables or tables_of()).anywhere("PASSING").sub("", text))


def indicator(text: str, sentence_start: int, runup_start: int, numeral: Numeral, indicators: Sequence[tuple[int, Entity]],
              previous: IndicatorLink | None, elliptical: bool, kind: str, tables: Tables) -> IndicatorLink | None:
    """The INDICATOR the number measures: in its run-up, right behind it, or that of the number before.

    ``indicators``: position and entity of the sentence's INDICATORs, in text order; ``previous``: the link of the number
    before in this sentence; ``elliptical``: nothing but passing words stands between that number and this one.
    """
    before = [(i, e) for i, e in indicators if e.end <= numeral.start]
    before = [(i, e) for i, e in before if not _COMPARAND.search(text[max(sentence_start, e.start - 6):e.start])] or before
    near = [(i, e) for i, e in before if e.start >= runup_start]
    counted = numeral.dimension in ("count", "voltage") and numeral.form == "amount"
    if counted and (text[numeral.end:numeral.end + 1] in tuple("百千万亿") or text[numeral.start - 1:numeral.start] == "等"):
        return None
    for i, e in reversed(near):
        left = residue(text[e.end:numeral.start], tables)
        if len(left) <= (1 if counted else 8) or (kind == "share" and not counted):
            return IndicatorLink(e.start, e.end, e.canon, i)
        break
    after = next(((i, e) for i, e in indicators if e.start >= numeral.end), None)
    if after and numeral.dimension != "count" and after[1].start - numeral.end <= 1 and text[numeral.end:after[1].start] in ("", "的"):
        return IndicatorLink(after[1].start, after[1].end, after[1].canon, after[0])
    if near:
        return None
    if previous is not None and elliptical and (not counted or _ARRIVING.fullmatch(text[numeral.start - min(6, numeral.start - runup_start):numeral.start])):
        return previous
    if not before or counted:
        return None
    i, e = before[-1]
    gap = text[e.end:numeral.start]
    if len(gap) > 60 or re.search("[；：]", gap):
        return None
    for _, other in reversed([x for x in indicators if e.end <= x[1].start and x[1].end <= numeral.start]):
        gap = gap[:other.start - e.end] + gap[other.end - e.end:]  # what it is compared with
    if len(residue(gap, tables)) <= (0 if numeral.form in ("rank", "scale") else 2):
        return IndicatorLink(e.start, e.end, e.canon, i)
    return None


def distribute(text: str, group: Sequence[tuple[int, int]], indicators: Sequence[tuple[int, Entity]]) -> list[IndicatorLink] | None:
    """The links of the numbers after 分别, one conjunct or one indicator each; None where they cannot be told.

    ``group``: spans of the numbers; the coordinated name may stand before or the last several indicators.
    """
    before = [(i, e) for i, e in indicators if e.end <= group[0][0]]
    if not before:
        return None
    i, last = before[-1]
    names = parts(text[last.start:last.end])
    if len(names) == len(group):
        return [IndicatorLink(last.start, last.end, name, i) for name in names]
    if len(before) >= len(group):
        return [IndicatorLink(e.start, e.end, e.canon, i) for i, e in before[-len(group):]]
    return None


def period(text: str, sentence_start: int, numeral: Numeral, periods: Sequence[Period]) -> Period | None:
    """The nearest time before the number in its sentence that is not what it is compared with."""
    for p in reversed([p for p in periods if sentence_start <= p.start and p.end <= numeral.start]):
        between = text[p.end:numeral.start]
        if between in ("的", "底的", "末的"):
            return p
        if _NOW.search(between):
            return None
        within = _ADVERBIAL.match(p.text) and not between.startswith("，")
        if (within and _CLAUSE_END.search(between)) or (_DAY.search(p.text) and text[p.start - 2:p.start] != "截至" and len(between) > 20):
            continue
        if "；" in between and p.start - sentence_start > 8:
            continue
        before = text[max(sentence_start, p.start - 4):p.start]
        compared = _REFERENCE_BEFORE.search(before) and not p.text.endswith(("起", "以来"))
        if compared or _REFERENCE_AFTER.match(between) or _is_of_plan(text, p) or between.startswith(("的基础", "行动")):
            continue
        return p
    return _later(text, numeral, periods)


def _is_of_plan(text: str, p: Period) -> bool:
    """年度计划, 全年任务: the word belongs to the plan's name."""
    return p.text.endswith(("年度", "全年", "季度")) and _NOT_A_TIME.match(text, p.end) is not None


def _later(text: str, numeral: Numeral, periods: Sequence[Period]) -> Period | None:
    """确保二十个项目上半年开工: with no time before it, the time that follows in the clause."""
    for p in periods:
        if p.start >= numeral.end:
            between = text[numeral.end:p.start]
            plain = not _CLAUSE_END.search(between) and not re.search("[\\d的、。\n]", between) and not _REFERENCE_BEFORE.search(between)
            return p if plain and not _REFERENCE_AFTER.match(text, p.end) and not _is_of_plan(text, p) and not _ADVERBIAL.match(p.text) else None
    return None


def scope(text: str, start: int, end: int, tables: Tables) -> Quote | None:
    """The words before the number that say whose figure it is, when they are no basis of comparison."""
    found = None
    for match in tables.anywhere("SCOPE").finditer(text, start, end):
        if not _BASE.search(text[max(start, match.start() - 4):match.start()]) and not _RANK_AFTER.match(text, match.end()):
            found = match
    return Quote(found.start(), found.end(), found[0]) if found else None
