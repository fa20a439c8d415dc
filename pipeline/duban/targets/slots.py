"""Comparator, kind and direction of a number: small tables, tried in order.

Each function returns the value and the span of the words it rests on (within the run-up it was given).
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from duban.alternation import any_of
from duban.numerals import Numeral
from duban.numerals.words import Worded
from duban.targets.words import Tables

Found = tuple[str, tuple[int, int] | None]
Sense = tuple[str | None, tuple[int, int] | None]

_GLUED = re.compile("(?:[通经越透度难错路胜][过]|最近|附近|临近|邻近|靠近|远近|亲近|大约|节约|条约|签约|契约|预约|公约|履约|集约|制约|违约|合约)$")
_SINGLE_MOTION = re.compile("(?<!提)([增减降升涨跌缩扣掉压])(?:了|约|近|超过?|逾|不足)?$")
_NO_NOUN = {"增加": "(?!值)", "增长": "(?![点极带])", "提升": "(?!行动|工程|年)(?<!改造提升)(?<!整治提升)(?<!巩固提升)", "加快": "(?!推进|建设|发展|实施|构建)"}
# 提升40所学校能力: with things counted these are no changes in number
_NOT_OF_COUNTS = frozenset([
    "提升", "提高", "加快", "扩大", "拓展", "放大", "增强", "提速",
    "扩容", "改善", "压降", "消化", "降低", "缩短", "增量", "收缩", "化解", "减负",
])
_NOUNS = frozenset(["增速", "增幅", "涨幅", "降幅", "减幅", "跌幅", "增量", "增长率"])
# of a quantity that is no rate a percentage is a part
_QUANTITY = re.compile(
    "(?:投资|产值|收入|总额|增加值|总值|产量|面积|资金|支出|余额|贷款|销售额|零售额|营收|利润|税收|固投"
    "|社零|GDP|进出口|外贸|出口|进口|用电|工投|民投|外资)$"
)
_OF_THE_PLAN = re.compile("完成|到位|任务|计划|预算|进度|收回|拨付|支出|支付|入库|[占达]到?全|一半|的$|占")
# 上半年交付70%
_DONE_PART = Worded("(?:{DONE})(?:到?了?|达到?|至少|不少于|不低于|近|超过?|仅|约)*$", "target_words")
_NEW = re.compile("新增|净增")
# 不到全市总量的1%: the comparator stands before the whole
_AT_LEAST = re.compile("(至少|最少|最多|至多)(?!的)[^，。；：、\\d]{1,5}$")
_OF = re.compile("(不到|不足|不及|超过|约为|约占|接近|不低于|不超过|近)[^，。；：、]{1,16}的$")
# 降幅收窄到10%: the growth itself, though it arrives
_PEER = re.compile("（?(?:而|但)?(?:同期)?(?:全国|全省|全市|全县|全区|全州|省|市)(?:的)?(?:平均|平均水平|平均增速|增速|增幅|水平)?(?:仅|只)?(?:是|为|仅)?")
_LESS = re.compile("[少低慢退]了?$|后移|倒退")
_STRIVEN = re.compile(
    "[、，]?(?:实际工作中|工作中|[^，。；占\\d]{0,8}(?=就?得|要|才能|必须))?(?:就得|得|要|才能|必须|至少要?)?(?:力争|争取|努力|冲刺|干到|干出过?|冲到|[保争]|做到)(?:达到?|实现|突破|完成)?"
)
_SHORT_OF = re.compile(
    "(?:距离?|离|对照|比)[^，。；\\d]{1,12}(?:要求|下达|确定|定|下|提出)的?$|(?:距离?|离|对照|较|与)(?:全年|年度|年初|预期|省定|既定)?[^，。；\\d]{0,4}$"
)
_ABOUT = re.compile("(约占|约为)[^，。；\\d]{1,12}$")
_PART_OF = re.compile("(?!的?(?:目标|任务|水平|要求|速度|增|左右|以上|打|区间|标准|比例))的?[一-鿿]")
_LEADING_MOTION = re.compile(
    "(?:[年内]{0,2}|为企业|共|累计|全年|每年|年均|预计|可)?"
    "(?:降低|减少|压减|增加|净减少|减免|节约|提高|上调|下调|化解)(?!到|至|了?[^，。；]{0,12}的)"
)
# 减少租赁费1.2亿元
_SAVED = re.compile("(?:减少|节约|节省|压减|减免)(?!到|至|了?[^，。；]{0,12}的)[^，。；、\\d]{1,10}$")
_ALL_BOUND = re.compile("(?:分别|均|都)[^，。；\\d]{0,3}(?:不低于|不少于|不高于|不超过|超过|突破|低于|高于|控制在)[^，。；]{1,24}$")
_THAN_FORMER = "[比较](?:[去上前]年|同期|年初|上月|上个月|上季度?|上半年|以前|过去|往年|一季度|\\d{1,2}月)"
_COUNTED_MORE = re.compile(f"(?:同比|环比|{_THAN_FORMER}[^，。；\\d]{{0,6}})([多少])了?$")
# 比去年同期低了4个百分点: a gap to former times is a change
_THAN_BEFORE = re.compile(f"{_THAN_FORMER}[^，。；\\d目标任计划要进]{{0,6}}([低高少多快慢])了?$")
_MOVED_PLACES = re.compile("([进退]|前移|后移|倒退|前进|后退)了?(?:整整)?$")
#: 增速达到|20%, whatever it is the speed of.
_SPEED = re.compile("(增速|增幅|涨幅|降幅|跌幅|增长率|增长速度)(?:要|均|都|分别|预计|力争)?(?:达到?|为|是|超过?|不低于|高于|保持在?|控制在|在|约)?$")
_SLOWED = re.compile("(增速|增幅|涨幅|降幅|跌幅|增长率)(?:要)?(?:收窄|扩大|回落|回升|缩小|提高|提升|放缓|加快|控制|稳定|保持)[^，。；]{0,3}[到至在]$")
# of another's figure: 全省平均水平的三分之二
_RELATED = re.compile(
    "(?:只有|仅为|仅有|不足|不到|不及|相当于)?(?:人家|别人|对方|他们|兄弟县|先进县)的$|(?:平均水平|(?:省级|国家|行业|全省|全国)标准|平均数|平均值|平均|[兄邻][弟近县区市州省]?[县区市州省镇])的$|(?:只有|仅为|仅有|不足|不到|仅相当于|不及)[^，。；占]{1,12}[县区市州省镇*]的$|(?:只有|不足|不到|不及|仅为)[^，。；占]{0,10}同口径[^，。；]{1,6}的$"
    "|(?:约为|是|为|相当于)(?:同口径|同类|普通|传统)[^，。；占]{1,10}的$|(?:不及|赶不上)[^，。；]{2,16}(?:增速|增幅)的$"
)
_TIED = re.compile("占|提高$|下降$|降低$|上升$|提升$|增加$|回落$|压减$|减少$|上浮$|下浮$")
_STEPS = frozenset(("跨越", "跨上", "迈上", "站上", "登上", "跃上", "突破", "跨过"))
_ONLY_ADVERB = re.compile("大约$")
_RATE = Worded("(?:{RATE_NAME})$", "target_words")
_GROWTH_NAME = re.compile("(?:增速|增幅|涨幅|降幅|增长率|跌幅|增长|下降|增长速度)$")
_SHARE_NAME = re.compile("(?:占比|比重|份额|贡献率|比例|比率|配比|占有率|占.{1,20}(?:比重|比例)|贡献度|集中度)$")
_GROWTH_AFTER = re.compile("的?(?:增长|增速|增幅|速度|涨幅)")
_POSSESSIVE = re.compile("的$")
_FORMER_OF = re.compile("(?:(?:上|去|前)年(?:同期|全年)?|同期|基期|原来|计划|目标|(?:\\d{4}|20..)年(?:底|末)?|末期?|期末|底|年初|过去|以前|往年|此前)的$")
_OF_PLAN = re.compile("(?:年度|全年|计划|任务|目标|预算|进度)[^，。；]{0,6}的$")
_DOWN_NAME = re.compile("降幅$|跌幅$|下降率$|降低率$")
_LEVEL_RESULT = Worded("(?:{LEVELLING})(?:到了?|至|为|成)$", "target_words")
_BOUNDS = re.compile("(?:了|约|近|超过?|突破|不足|逾|达|不少于|不低于|各|各类)+$")
_LEVELLED = re.compile("达到?|累计|总数|增至|增加到|[，；。]其中|[，；、][^，。；]{0,12}突破|稳定|保持|控制|占|为$")
# 增长幅度达到: the word of motion is a noun, and how much it is follows
_ARRIVES, _SO_MUCH = re.compile("达到?|为|是|保持|稳定|控制|超过全国|占|完成率|到$|至$"), re.compile("(?:幅度?|速度?|率)?(?:达到?|为|超过?|约)?$")
_FROM_BELOW = re.compile("倒数|后|末|最后")


def bounds_all(clause: str) -> bool:
    """Does the bound before the first number of a list hold for all of it?

    >>> bounds_all("入学率分别不低于80%、"), bounds_all("投资突破80亿元、")
    (True, False)
    """
    return _ALL_BOUND.search(clause) is not None


def shares_growth(clause: str, after: str) -> bool:
    """Is the number a growth because the one before is: 全省平均是8.1%, 距6.5%的目标, 力争达到12%?

    >>> shares_growth("全省平均是", "；"), shares_growth("距全年", "的目标"), shares_growth("占比为", "")
    (True, True, False)
    """
    short = _SHORT_OF.search(clause)
    aim = short is not None and (short[0].endswith("的") or after.startswith(("的目标", "的预期目标", "目标")))
    return bool(aim or _PEER.fullmatch(clause) or _STRIVEN.fullmatch(clause))


def is_growth(name: str) -> bool:
    """Does the name of an indicator say that it is a growth (增速, 增长率)?

    >>> is_growth("工业增加值增速"), is_growth("闲置土地消化率")
    (True, False)
    """
    return bool(_GROWTH_NAME.search(name))


def comparator(runup: str, numeral: Numeral, tables: Tables) -> Found:
    """Both sides: 左右 outranks all, then a suffix, then the words before."""
    found = tables.at_end("COMPARATOR", filler=True).search(runup)
    if found and _GLUED.search(runup[:found.end(1)]) and not _ONLY_ADVERB.search(runup[:found.end(1)]):
        found = None
    if numeral.form == "rank":
        return numeral.bound or "=", None
    if numeral.bound and not (found and numeral.form == "scale" and numeral.end == numeral.digits.end):
        return numeral.bound, (-1, -1)
    if found and not (found[1] in _STEPS and numeral.unit == "个" and numeral.value is not None and numeral.value < 10):
        return tables.values("COMPARATOR").get(found[1], "="), found.span(1)
    least = _AT_LEAST.search(runup)
    if least:
        return tables.values("COMPARATOR").get(least[1], "="), least.span(1)
    of = _ABOUT.search(runup) or _OF.search(runup) if numeral.dimension in ("percent", "multiple", "fraction") else None
    if of:
        return tables.values("COMPARATOR").get(of[1], "="), of.span(1)
    return "=", None


def kind(runup: str, numeral: Numeral, name: str | None, clause: str, after: str, tables: Tables, taken: Sequence[tuple[int, int]] = ()) -> Found:
    """What the number says of the quantity: growth, ratio, change, share, rank, level.

    ``taken``: where ``clause`` holds the names that numbers before were linked to (城镇新增就业).
    """
    if numeral.form == "rank":
        return "rank", None
    if numeral.form == "multiple":
        return "ratio", None
    if numeral.dimension == "ratio" and after.startswith(("的比例", "的比率", "的配比")):
        return "share", None  # 按1:0.5的比例配套
    motion = _motion(runup, tables)
    if numeral.unit == "倍":
        return ("growth", motion) if motion else ("ratio", None)
    if numeral.dimension in ("percent", "permille") or numeral.form in ("fraction", "digits"):
        return _relative(runup, numeral, name, motion, after, tables)
    if numeral.dimension not in ("point", "rank") and (more := _COUNTED_MORE.search(_strip(runup))):
        return "change", more.span(1)
    gap = tables.anywhere("GAP").search(runup)
    former = _THAN_BEFORE.search(runup) or (_MOVED_PLACES.search(runup) if numeral.dimension == "rank" else None)
    if numeral.dimension in ("point", "rank") and former:
        return "change", former.span(1)
    if numeral.dimension in ("point", "rank"):
        if not motion or (gap and (runup[slice(*motion)] in _NOUNS or not tables.at_end("MOTION").search(_strip(runup)))):
            return "level", gap.span() if gap else None
        return "change", motion
    if _LEVEL_RESULT.search(_strip(runup)):
        return "level", None
    added = _last(tables.anywhere("ADDED"), clause)
    if added and not _levelled(clause[added[1]:]) and not any(s <= added[0] and added[1] <= e for s, e in taken):
        return "change", added
    if name and _NEW.search(name):
        return "change", None
    if numeral.dimension == "count" and numeral.unit != "位" and motion and runup[slice(*motion)] in _NOT_OF_COUNTS:
        return "level", None
    if motion and tables.at_end("MOTION").search(_strip(runup)):
        return "change", motion
    if motion and (_led_by_motion(clause) or (numeral.dimension == "currency" and _SAVED.search(runup))):
        return "change", motion
    return "level", None


def _strip(runup: str) -> str:
    """Without the words of bounds at its end."""
    return _BOUNDS.sub("", runup)


def _levelled(text: str) -> bool:
    """Does a verb after 新增 lead to a level (累计达到, 增加到)?"""
    return _LEVELLED.search(text) is not None


def _led_by_motion(clause: str) -> bool:
    """降低各类成本200多亿元: the verb opens the clause and its object stands before the number."""
    return bool(_LEADING_MOTION.match(clause))


def _motion(runup: str, tables: Tables) -> tuple[int, int] | None:
    """The last verb of motion; verbs of one character only right before the number."""
    single, longer = _SINGLE_MOTION.search(runup, max(0, len(runup) - 4)), _last(_motions(tables), runup)
    return single.span(1) if single and not (longer and longer[1] >= single.end(1)) else longer


@lru_cache(maxsize=16)
def _motions(tables: Tables) -> re.Pattern[str]:
    return re.compile(any_of({word: _NO_NOUN.get(word, "") for word in tables.values("MOTION") if len(word) > 1}))


def _last(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    span = None
    for match in pattern.finditer(text):
        span = match.span()
    return span


def _relative(runup: str, numeral: Numeral, name: str | None, motion: tuple[int, int] | None, after: str, tables: Tables) -> Found:
    former = _FORMER_OF.search(runup)
    arrived = former and runup[former.start() - 1:former.start()] in ("到", "至") and name and _RATE.search(name)  # 提高到2025年的43.5%
    if arrived:
        return "level", None
    if former and not _OF_PLAN.search(runup) and runup[former.start() - 1:former.start()] not in ("由", "从"):
        return "ratio", None
    if numeral.form == "digits":
        return "growth", None
    speed = _SPEED.search(runup)
    if speed and numeral.dimension == "percent":
        return "growth", speed.span(1)
    more = _COUNTED_MORE.search(_strip(runup))
    if more:
        return "growth", more.span(1)  # 发文比去年多了12%
    noun = _SLOWED.search(runup)
    if noun:
        return "growth", noun.span(1)
    if _RELATED.search(runup) and not _last(tables.anywhere("SHARED"), runup):
        return "ratio", None
    if name and _RATE.search(name) and numeral.form in ("percent", "fraction") and not _TIED.search(runup) and not after.startswith("的"):
        return "level", None
    if motion and runup[motion[1]:] == "的" and runup[slice(*motion)] in _NOUNS:
        motion = None  # 投资增量的三分之一
    shared = _last(tables.anywhere("SHARED"), runup)
    if motion and not _LEVEL_RESULT.search(_strip(runup)) and (not shared or motion[0] > shared[0]) and not _arrives(runup[motion[1]:]):
        return "growth", motion
    if shared:
        return "share", shared
    if numeral.form == "fraction":
        return "share", None
    if _GROWTH_AFTER.match(after) and not (name and _RATE.search(name)):
        return "growth", None
    if _POSSESSIVE.search(runup) and not (name and _RATE.search(name)):
        return "share", None
    if name and _GROWTH_NAME.search(name):
        return "growth", None
    if name and _SHARE_NAME.search(name):
        return "share", None
    if not name and numeral.dimension == "percent" and _PART_OF.match(after):
        return "share", None
    if name and name in runup and _QUANTITY.search(name) and numeral.form != "percent" and not _OF_THE_PLAN.search(runup):
        return "growth", None
    if numeral.form == "percent" or (name and _QUANTITY.search(name)):
        return "share", None
    if not name and _DONE_PART.search(runup):
        return "share", None
    return "level", None


def _arrives(text: str) -> bool:
    """提高…达到: the verb of motion is followed by one of arriving."""
    return _ARRIVES.search(text) is not None and not _SO_MUCH.match(text)


def direction(runup: str, kind_: str, text: str, name: str | None, clause: str, tables: Tables) -> Sense:
    """up or down for growth, change and ranks from the bottom; else None."""
    if kind_ == "rank":
        return ("down", None) if _FROM_BELOW.match(text) else (None, None)
    if kind_ not in ("growth", "change"):
        return None, None
    former = _COUNTED_MORE.search(_strip(runup)) or (kind_ == "change" and (_THAN_BEFORE.search(runup) or _MOVED_PLACES.search(runup)))
    if former:
        return "down" if _LESS.search(former[0]) else "up", None
    if kind_ == "change" and tables.anywhere("ADDED").search(runup):
        return "up", None
    motion = _motion(runup, tables)
    if not motion and kind_ == "change":
        motion = _motion(clause, tables)
        if motion:
            return _sense(clause[slice(*motion)], tables), None
    if motion:
        return _sense(runup[slice(*motion)], tables), motion
    if name and _DOWN_NAME.search(name):
        return "down", None
    return "up", None


def _sense(word: str, tables: Tables) -> str:
    """up or down of a verb of motion; of one the lexicon does not hold, by its first character that it does."""
    known = tables.values("MOTION")
    return known.get(word) or ("down" if any(known.get(c) == "down" for c in word) else "up")
