"""Time expressions of official Chinese, and the days they stand for.

A value is an EDTF interval of days, resolved against the date of the document: ``2026-01-01/2026-06-30``; ``../2026-06-30``
where only the end is said (6月底前); ``XXXX-06-30`` where the year is unknown; None where nothing is known (连续5年, 每年).
"""
from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache

from duban import occasions
from duban.matches import Period
from duban.numerals.reading import value_of
from duban.view import TextView

_CN = "零〇一二两三四五六七八九十"
_N = rf"(?:\d{{1,3}}|[{_CN}]{{1,3}}|[*Xx×]{{1,3}})"
_RELATIVE = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "本年度": 0, "当年": 0, "明年": 1, "来年": 1, "下一年": 1, "后年": 2}
_YEAR = (
    rf"(?:(?:(?P<y0>20\d\d)年?(?:[—\-~–至到]{{1,2}}))?(?P<year>(?:19|20)\d\d|[12][*Xx×\d][*Xx×]{{2}}|[*Xx×]{{1,4}}"
    rf"|[{_CN}]{{4}})年度?|(?P<relative>本年度|下一年|[今去明前后本当上来]年)(?:度(?![假]))?)"
)
_TO = "(?:[—\\-~–至到]{1,2})"
_PART = (
    r"(?P<half>上半年|下半年)"
    rf"|(?P<first>前[一二三两*Xx×]个?季度|[前头]{_N}个月)"
    rf"|(?:(?P<q1>[一二三四1-4]){_TO})?第?(?P<quarter>[一二三四1-4*Xx×])季度|(?P<q0>首季)"
    rf"|(?:(?P<m1>\d{{1,2}}|[{_CN}]{{1,2}})月?(?:份)?{_TO})?(?P<month>1[0-2]|[1-9]|0[1-9]|十[一二]?|[一二三四五六七八九]"
    rf"|[*Xx×]{{1,2}})月份?(?:(?P<day>[123]?\d|[*Xx×]{{1,2}}|[{_CN}]{{1,3}})日|(?P<third>[上中下]旬))?"
    r"|(?P<yearend>年[底末中初]|岁末)"
)
_TAIL = r"(?P<tail>(?:[底末初中]|期间|期末)?(?:之前|以前|前|之内|以内|内|以来|起|前后)?)"
_PLAN = (
    r"(?:[“\"'‘](?P<plan>十[一二三四五六七八]?五)[”\"'’]|(?P<bare>十[一二三四五六七八]?五)(?=期间|时期|规划|末|以来|开局))(?P<planpart>期间"
    r"|时期|规划期|末期|末|初期|以来|中后期|前期|收官|开局)?"
)
_SPAN = (
    rf"(?:连续|持续)(?:{_N})(?P<runs>个?多?(?:年|月|季度|周|天|日|次))"
    rf"|(?P<every>每(?:年|月|季度|周|天|半年|半?个?月|个?季度))"
    rf"|(?P<within>{_N}|半)(?P<unit>个工作日|个自然日|工作日|个月|年|天|日|周|个季度|小时)(?P<limit>之内|以内|内)"
    rf"|(?P<side>近|这|过去的?|未来|今后|往后|下一步|最近|今明)(?P<count>{_N})(?:个)?(?P<span>年|月|季度)(?:来|间|内)?"
    rf"|(?P<length>{_N})年(?:多)?(?P<since>来|间|(?:左右)?的?时间)"
    r"|(?P<bareyears>(?:\d{1,2}|[二两三四五六七八九十]{1,2})年)"
    r"(?=增长|增加|累计|完成|实现|新增|建成|达到|翻|平均|共|年均|提高|下降|培养|培育|引进|投入|打造|新建|改造|招引|跑|发展|力争|确保|要)"
)
_NEAR = (
    r"(?P<near>近年来?|近几年来?|这几年来?|几年来|多年来|历年来?|上周|[今明][春夏秋冬]|去冬今春|今秋明春|暑期|主?汛期"
    r"|(?:开年|开春|入冬|入夏|入汛|换届|建市|建县|改革开放|党的[一二]?十[一二三四五六七八九]?大)以来"
    r"|年内"
    r"|半年(?=[才就只仅]|已|完成|实现|过去)|年[底末](?:之前|以前|前)?|年中|年初|全年度?|年度|(?:[本当上]月|[上下]个?月)(?:[123]?\d|[*Xx×]{1,2})日(?:之前|以前|前)?|本月底?|当月|下个?月底?|上个?月底?|月底前?|月内|[下本]周[一二三四五六日](?:之?前)?"
    r"|本周内?|下周内?|本季度|下季度|上季度|今天|明天|后天|昨天|当日|今冬明春|近期|年前|节前)"
)
# what a time expression may begin with: two characters, or a number with what it counts; anything else is passed over at once
_FIGURE = rf"\d*Xx×{_CN}"
_FIRST = "“\"'‘连持每近过未今往下最前后本当上来这几多历去明暑主汛开入换建改党节全昨年月半首第头岁"
_SECOND = f"[十年月季周天半个几期去来后明春夏秋冬日近汛市县届底末中初内度前一工小]|续[{_FIGURE}]|革开|的[一二十]"
_COUNTED = r"[年月季天日周工自小期时规末以开份—\-~–至到]|个[工自年月季]"
_OPENS = re.compile(f"[{_FIRST}{_FIGURE}](?:(?<=[前近这头第{_FIGURE}])[{_FIGURE}]{{0,3}}(?:{_COUNTED})|(?<![头第{_FIGURE}])(?:{_SECOND}))")
_EXPRESSION = re.compile(rf"{_PLAN}|{_SPAN}|{_NEAR}|(?=[{_FIGURE}今去明前后本当上来下首第头年岁])(?:{_YEAR}的?)?(?:{_PART})?{_TAIL}")
_UNTIL = ("到", "至", "截止")
_SAYING = (
    "year", "relative", "half", "first", "quarter", "q0", "month", "yearend", "plan", "bare", "runs", "every", "within", "side", "length", "bareyears", "near"
)
# 目前, 当前 … are no periods; neither is a span of years that names a plan of action
_NAMED = re.compile("行动|攻坚|规划|计划|方案|一贯|制(?:学|本|教)|任期|工程|[”’]|级|以上|以下|周年|代")
_BLOCKED_BEFORE = re.compile(r"[\d.:/]$")


def find(body: TextView, date: str | None = None) -> list[Period]:
    """The time expressions of ``body`` in text order; ``date`` is the document's (YYYY-MM-DD).

    >>> [(p.text, p.value) for p in find(TextView("今年上半年完成，6月底前见效"), "2026-02-03")]
    [('今年上半年', '2026-01-01/2026-06-30'), ('6月底前', '../2026-06-30')]
    """
    return list(_found(body, date))


@lru_cache(maxsize=1)  # targets and tasks ask one after the other
def _found(body: TextView, date: str | None) -> tuple[Period, ...]:
    text, today, out = body.text, Date.fromisoformat(date) if date else None, []
    for match in _expressions(text):
        start, end = match.span()
        if text[end - 1] == "的":
            end -= 1
        if not _refused(text, start, end, match):
            out.append(Period(start, end, resolve(match, today, until=text.endswith(_UNTIL, 0, start)), text[start:end]))
    named = [Period(said.start, said.end, occasions.resolve(said, today), text[said.start:said.end]) for said in occasions.find(text)]
    if not named:
        return tuple(out)
    told = {offset for period in named for offset in range(period.start, period.end)}  # 腊月底前 is not 月底前
    named += [period for period in out if period.start not in told and period.end - 1 not in told]
    return tuple(sorted(named, key=lambda period: period.start))


def _expressions(text: str) -> Iterator[re.Match[str]]:
    """What says a time: not a bare 前 or 底."""
    at = 0
    while opening := _OPENS.search(text, at):
        match = _EXPRESSION.match(text, opening.start())
        at = max(match.end() if match else 0, opening.start() + 1)
        if match and (match.lastgroup != "tail" or any(match.group(*_SAYING))):
            yield match


def _refused(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    before, after = text[max(0, start - 2):start], text[end:end + 3]
    if before.endswith("“") and not match["plan"] and not match["year"]:
        return True
    if _BLOCKED_BEFORE.search(before) and not match["relative"]:
        return True
    named = match["length"] or match["within"] or match["bareyears"]
    if (named and _NAMED.match(after)) or (match["within"] and before.endswith("第")):
        return True
    if match["month"] and not match["year"] and not match["relative"] and before.endswith(("个", "每")):
        return True
    if match["near"] and match["near"].startswith("年") and before[-1:] in tuple(f"{_CN}几多数半0123456789"):
        return True
    if match["every"] and before.endswith(("人", "亩", "户", "吨", "头")) and after[:1].isdigit():
        return True  # 每人每月830元
    if match["near"] == "年度" and before.endswith(("业", "计", "核", "算", "期")):
        return True  # 牧业年度, 会计年度
    if match["relative"] == "后年" and before.endswith(("产", "成", "用", "工", "营", "运", "效", "业", "车")):
        return True  # 达产后年产值: of every year from then on
    return match["relative"] in ("前年", "后年", "上年", "当年", "来年", "本年") and before.endswith(tuple("以之今近往历多几数日"))


def resolve(match: re.Match[str], today: Date | None, *, until: bool) -> str | None:
    """The EDTF day interval of one expression; unknown parts stay open. ``until``: 到 or 截至 stands before it."""
    year = _year(match, today)
    if match["plan"] or match["bare"]:
        return _plan(match)
    if match["near"]:
        return _near(match["near"], today)
    if match["within"]:
        return _within(match["within"], match["unit"], today)
    if match["side"]:
        return _side(match, today)
    if match["runs"] or match["every"] or match["length"] or match["bareyears"]:
        return None
    interval = _interval(match, year, today)
    if interval is None:
        return None
    return _bounded(*interval, match["tail"] or "", until)


def _year(match: re.Match[str], today: Date | None) -> str:
    """Four digits, X where unknown."""
    if match["relative"]:
        return f"{today.year + _RELATIVE[match['relative']]:04d}" if today else "XXXX"
    written = match["year"]
    if not written:
        return f"{today.year:04d}" if today else "XXXX"
    if written[0] in _CN:
        value = value_of(written)
        return f"{int(value):04d}" if value is not None and value < 10000 else "XXXX"
    return re.sub("[*Xx×]", "X", written) if len(written) == 4 else "XXXX"


def _interval(match: re.Match[str], year: str, today: Date | None) -> tuple[str, str] | None:
    """First and last day, before 底 or 前 is heeded."""
    if match["half"]:
        return (f"{year}-01-01", f"{year}-06-30") if match["half"] == "上半年" else (f"{year}-07-01", f"{year}-12-31")
    if match["first"]:
        number = match["first"]
        months = {"一": 3, "二": 6, "两": 6, "三": 9}.get(number[1]) if number.endswith("季度") else _int(number[1:-2])
        return (f"{year}-01-01", _last_day(year, months)) if months and months <= 12 else None
    if match["quarter"] or match["q0"]:
        last = _int(match["quarter"]) if match["quarter"] else 1
        first = _int(match["q1"]) if match["q1"] else last
        return (f"{year}-{first * 3 - 2:02d}-01", _last_day(year, last * 3)) if first and last else None
    if match["month"]:
        month = _int(match["month"])
        if not month:
            return None
        first = _int(match["m1"]) if match["m1"] else month
        if match["day"]:
            day = _int(match["day"])
            whole = f"{year}-{month:02d}-{day or 0:02d}"
            return (whole, whole) if day and day <= 31 else None
        if match["third"]:
            begin, end = {"上": ("01", "10"), "中": ("11", "20"), "下": ("21", "")}[match["third"][0]]
            return f"{year}-{month:02d}-{begin}", f"{year}-{month:02d}-{end}" if end else _last_day(year, month)
        return (f"{year}-{first:02d}-01", _last_day(year, month)) if first and first <= 12 else None
    end = (match["yearend"] or match["tail"] or " ")[-1 if match["yearend"] else 0]
    if end == "初":
        return f"{year}-01-01", f"{year}-01-31"
    if match["yearend"] and end in "底末":
        return f"{year}-12-31", f"{year}-12-31"
    if match["y0"]:
        return f"{match['y0']}-01-01", f"{year}-12-31"
    if match["yearend"] and match["yearend"][-1] == "中":
        return f"{year}-06-01", f"{year}-07-31"
    return f"{year}-01-01", f"{year}-12-31"


def _bounded(first: str, last: str, tail: str, until: bool) -> str:
    if tail.endswith(("以来", "起")):
        return f"{first}/.."
    if "前" in tail and tail != "前后":
        closed = tail[0] in "底末" or "期" in tail
        return f"../{last}" if closed or first == last else f"../{_day_before(first)}"
    if tail.startswith(("底", "末")):
        return f"../{last}" if until else f"{last}/{last}"
    if until:
        return f"../{last}"
    return f"{first}/{last}"


def _plan(match: re.Match[str]) -> str:
    """“十四五” is 2021 to 2025: the n-th five-year plan begins in 1951 + 5n."""
    number = int(value_of((match["plan"] or match["bare"])[:-1]) or 0)
    first = 1951 + 5 * number
    part = match["planpart"] or ""
    if part in ("末", "末期", "收官"):
        return f"{first + 4}-01-01/{first + 4}-12-31"
    if part == "以来":
        return f"{first}-01-01/.."
    if part == "开局":
        return f"{first}-01-01/{first}-12-31"
    return f"{first}-01-01/{first + 4}-12-31"


def _near(words: str, today: Date | None) -> str | None:
    year = f"{today.year:04d}" if today else "XXXX"
    if words in ("全年", "全年度", "年度", "年内"):
        return f"{year}-01-01/{year}-12-31"
    if words.startswith(("年底", "年末")):
        return f"../{year}-12-31"
    if words == "年中":
        return f"{year}-06-01/{year}-07-31"
    if words == "年初":
        return f"{year}-01-01/{year}-01-31"
    if today is None:
        return None
    if words in ("今天", "当日", "明天", "后天", "昨天"):
        day = today + timedelta({"昨天": -1, "明天": 1, "后天": 2}.get(words, 0))
        return f"{day}/{day}"
    if words[1:2] == "周":
        monday = today + timedelta({"下": 7, "上": -7}.get(words[0], 0) - today.weekday())
        if words[2:3] and words[2] in "一二三四五六日":
            day = monday + timedelta("一二三四五六日".index(words[2]))
            return f"../{day}" if words.endswith("前") else f"{day}/{day}"
        return f"{monday}/{monday + timedelta(6)}"
    if "季度" in words:
        quarter = today.year * 4 + (today.month - 1) // 3 + {"本": 0, "下": 1, "上": -1}[words[0]]
        return f"{quarter // 4:04d}-{quarter % 4 * 3 + 1:02d}-01/{_last_day(f'{quarter // 4:04d}', quarter % 4 * 3 + 3)}"
    if "月" in words:
        month = today.year * 12 + today.month - 1 + {"下": 1, "上": -1}.get(words[0], 0)
        whole = f"{month // 12:04d}"
        ends = _last_day(whole, month % 12 + 1)
        if "日" in words:
            written = re.search(r"\d+", words)
            if not written or not 0 < int(written[0]) <= int(ends[-2:]):
                return None
            ends = f"{ends[:-2]}{int(written[0]):02d}"
            return f"../{ends}" if words.endswith("前") else f"{ends}/{ends}"
        return f"../{ends}" if "底" in words or words == "月内" else f"{whole}-{month % 12 + 1:02d}-01/{ends}"
    return None


def _within(count: str, unit: str, today: Date | None) -> str | None:
    if count == "半":
        count, unit = {"年": ("六", "个月"), "个月": ("十五", "天")}.get(unit, ("", unit))
    number = _int(count)
    if not today or not number:
        return None
    if unit.endswith(("天", "自然日")) or unit == "日":
        end = today + timedelta(number)
    elif unit == "周":
        end = today + timedelta(7 * number)
    elif unit.endswith("工作日"):
        end = _workdays(today, number)
    elif unit in ("年", "个月", "个季度"):
        months = today.year * 12 + today.month - 1 + number * {"年": 12, "个月": 1, "个季度": 3}[unit]
        end = Date(months // 12, months % 12 + 1, min(today.day, calendar.monthrange(months // 12, months % 12 + 1)[1]))
    else:
        return None
    return f"{today}/{end}"


def _side(match: re.Match[str], today: Date | None) -> str | None:
    number = _int(match["count"])
    if not today or not number or match["span"] != "年" or match["side"] == "这":
        return None
    if match["side"] == "今明":
        return f"{today.year:04d}-01-01/{today.year + 1:04d}-12-31"
    if match["side"] in ("未来", "今后", "往后"):
        return f"{today.year:04d}-01-01/{today.year + number - 1:04d}-12-31"
    return f"{today.year - number:04d}-01-01/{today.year - 1:04d}-12-31"


def _workdays(start: Date, number: int) -> Date:
    weeks, rest = divmod(number, 5)
    end = start + timedelta(weeks * 7)
    while rest:
        end += timedelta(1)
        rest -= end.weekday() < 5
    return end


def _int(words: str | None) -> int | None:
    value = value_of(words or "")
    return int(value) if value is not None and value < 1000 else None


def _last_day(year: str, month: int) -> str:
    days = calendar.monthrange(int(year), month)[1] if year.isdigit() else calendar.monthrange(2025, month)[1]
    return f"{year}-{month:02d}-{days:02d}"


def _day_before(day: str) -> str:
    if not day[:4].isdigit():
        return day
    return str(Date.fromisoformat(day) - timedelta(1))
