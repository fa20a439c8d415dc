"""The time limit of a task: the first period that says by when."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from duban.matches import Period

_STRONG = re.compile(r"[前内底末止]$")
_GOES_ON = re.compile(r"前(?![期后述列沿景提进往来所年三五十\d])|内(?![部容外])|底|之前|以前")
#: Words before a period without 前 that make it an adverbial of the order and no attribute.
_ADVERBIAL = re.compile(r"(?:[，；：、“。—]|预计|要|须|须在|确保|力争|务必|争取|必须|应|应当|在|于|到|至|并|年|计划)$")
_ATTRIBUTE = re.compile(r"的|以来|同期|末位|工作情况|版|度?计划(?!完成)")
#: What a period limits when it stands right before it, whatever comes first (生产线11月试产, 替代率2027年达到45%).
_REACHED = re.compile(
    r"(?:要|须|应|力争|确保|争取|全部|全面|基本|正式|再|累计|预计)?(?:完成|达到?|建成|投产|投用|试产|达产|竣工|开工|动工|通车|贯通|封顶|实现|新增|突破|超过|不低于|不少于|发放|交付|启用|开放|"
    r"见效|验收|到位|培养|培育|引进|争取|形成|投入|上线|挂牌|落地|运营|清零|销号|办结|兑现|拨付|下达|入库|签约|开园|开业|启动|出台|印发|力争|确保)(?!的|情况|率|后)"
)
#: What begins with a time, or on holidays, need not end.
_SINCE = re.compile(r"(?:起|开始|以后|之后|(?:节假|休息|双休)日)$")
#: How long a thing may take is what is to be reached, no limit (审批压缩到20个工作日以内).
_LASTING = re.compile(r"[\d一二三四五六七八九十两半]{1,4}个?(?:工作日|小时|天|月|年|分钟|周)(?:之|以)?内")
_CUT_TO = re.compile(r"(?:压|缩|降|减|提速|控制|缩短|压缩|期)(?:减|短|低|缩)?(?:到|至|在|为)?$")
_RECURRENT = re.compile(r"每|逐[年月季日周]|历年|近|去年|上年|往年|今后|目前|当前|以来|连续|常年|多年|长期")
#: A plan's name limits nothing without 期间 or 末.
_PLAN = re.compile(r"[“\"]?十[一二三四五六七八]?五[”\"]?$")
_MONTHLY = re.compile(r"(?:[12]?\d|3[01])日?(?:之前|以前|前)|[底末]之?前?|[一二三四五六日](?:下班)?之?前|[一二三四五六日](?=[报上向])")

#: Limits that name no date and no occasion.
_EVENT = re.compile(
    r"(?=[这今连散会明本下1-9即用][个月一周几两天晚夜会议后日班\d二三四五六七八九十])(?:这个?月(?:底|内|底前)?|这一?周(?:内|之内)?|这[几两]天(?:内|之内)?|今天?晚上?(?!会)(?:之?前)?|连夜|(?:散会|会议结束|会)后(?=立即|马上|[\d一二三两]|，)|"
    r"(?:今天|明天|今日|明日|本周五|下周[一二三四五六日])?(?:下班|中午|晚上)之?前|(?<![\d月])(?:[12]?\d|3[01])日之?前|即日起|用(?:[一二三四五六七八九十两]|\d{1,2})(?:个半?月|年|天|周|个季度)(?:左右)?的?时间)"
)
#: 前 behind a period that was read without it, with the time of day between.
_BEFORE = re.compile(r"(?:[上下中]午|晚上?|下班)?(?:之前|以前|前(?![期后述列沿景提进往来所年三五十\d]))")
_STRONG_END = re.compile(r"[前内间后]$")
_EVENT_TAIL = re.compile(r"^[这今]|之?前$|连夜|即日起|后$|时间$")
_CLOCK = re.compile(
    r"(?:上午|下午|晚上?)?\d{1,2}(?:[时点]|[:：]\d{2})(?:\d{1,2}分|整|半)?(?:之前|以前|前)?|"
    r"[一二三四五六日](?:之前|以前|前|下班前)?(?=[^年月日\d]|$)|(?:之?前|下班前|之内|内)|[上下中]午|晚上?"
)
_WITHIN = re.compile(r"之?内(?![部容外])")
_TEN_DAYS = re.compile(r"[上中下]旬(?:之前|以前|前)?"
)


def limits(text: str, periods: Sequence[Period]) -> list[Period]:
    """``periods``, each with the hour it goes on with, and the limits that name no date (今晚, 散会后)."""
    out: list[Period] = []
    for period in periods:
        if text[period.start] == "每" and (m := _MONTHLY.match(text, period.end)):
            out.append(Period(period.start, m.end()))
            continue
        if (m := _BEFORE.match(text, period.end)) and not _STRONG_END.search(text, period.start, period.end):
            last = (period.value or "").rpartition("/")[2]
            out.append(Period(period.start, m.end(), f"../{last}" if last else None))
            continue
        if text[period.end - 1] in "周月" and (m := _WITHIN.match(text, period.end)):
            period = Period(period.start, m.end(), period.value)
        if text[period.end - 1] == "月" and (m := _TEN_DAYS.match(text, period.end)):
            period = Period(period.start, m.end(), period.value)
        day = text[period.end - 1] in "日天周"
        tail = _CLOCK.match(text, period.end) if day else None
        if tail and (text[period.end - 1] == "周" or tail[0][0] not in "一二三四五六日"):
            last = (period.value or "").rpartition("/")[2]
            value = f"../{last}" if last and tail[0].endswith("前") else period.value
            period = Period(period.start, tail.end(), value)
        out.append(period)
    for m in _EVENT.finditer(text):
        near = range(bisect_left(out, m.start(), key=lambda p: p.end - 1), bisect_left(out, m.end(), key=lambda p: p.start))
        inside = [i for i in near if m.start() <= out[i].start and out[i].end <= m.end() and out[i].end - out[i].start < len(m[0])]
        if _EVENT_TAIL.search(m[0]) and len(inside) == len(near):
            out[near.start:near.stop] = [Period(m.start(), m.end())]
    return out


def deadline(text: str, periods: Sequence[Period], start: int, end: int, opening: frozenset[int], date: str | None) -> Period | None:
    """The first of ``periods`` in ``start``–``end`` that limits the task.

    ``opening``: offsets right after the subject, where a period is an adverbial whatever stands before it.
    """
    for i in range(bisect_left(periods, start, key=lambda p: p.start), len(periods)):
        period = periods[i]
        if period.start >= end:
            break
        if period.end > end or not _may_limit(text, period, date):
            continue
        if _STRONG.search(text, period.start, period.end):
            return period
        if _GOES_ON.match(text, period.end):
            return period
        before = text[max(start, period.start - 3):period.start]
        adverbial = period.start in opening or period.start == start or _ADVERBIAL.search(before)
        if (adverbial or _REACHED.match(text, period.end)) and not _ATTRIBUTE.match(text, period.end):
            return period
    return None


def _may_limit(text: str, period: Period, date: str | None) -> bool:
    if _SINCE.search(text, period.start, period.end):
        return False
    if _LASTING.fullmatch(text, period.start, period.end) and _CUT_TO.search(text, max(0, period.start - 4), period.start):
        return False
    if _RECURRENT.match(text, period.start, period.end) and not _STRONG.search(text, period.start, period.end):
        return False
    if _PLAN.match(text, period.start, period.end) or text[max(0, period.start - 1):period.start] in ("每", "自", "从"):
        return False
    last = (period.value or "").rpartition("/")[2]
    return not (date and last[:4].isdigit() and last < date)
