"""Why a number is no amount: each reason has one rule, tried in order."""
from __future__ import annotations

import re

from duban.matches import Span
from duban.numerals.reading import is_dense
from duban.numerals.words import Worded

#: The names of the reasons.
REASONS = ("time", "document", "slogan", "discourse", "anaphora", "article", "ordinal", "word", "vague", "unitless")

_DISCOURSE = Worded("[个项条件点种句类]?(?:大)?的?(?:{DISCOURSE})", "numerals")
_ARABIC_DISCOURSE = re.compile("的?(?:方面|层面|维度|角度|字|观点|坚持|必须|确保|阶段|步骤|问题|意见|要求|规定)")
# 两条主导产业链, 三个村; but 两个县区工作 are two fields of work
_REAL_THINGS = Worded("[^，。；：、的\\d]{0,4}?(?:{COUNTED_THING})(?!工作|问题|情况|层面|方面|领域|经济|体系|机制|制度|责任|发展|建设|求是|级)", "numerals")
#: 盯住七件事; 两个县区、两种现场、两种成效.
_SLOGAN_AFTER = re.compile("事(?![项故业务例实情])|[^，。；、]{1,6}、[一两二三四五六七八九十][种类]")
_DISCOURSE_UNITS = frozenset("个项条点种类句大字步")
_FIRST_POINT = re.compile("点(?!钟|半|[零〇一二三四五六七八九十\\d])")
# what a Chinese figure below ten counts without measuring anything
_LOOSE = Worded("{LOOSE_COUNT}", "numerals")
_COUNTING_VERB = Worded("(?:{COUNTING_VERB})[^，。；：！？]{0,14}$", "numerals")
# 六个100%
_SO_MANY_PERCENTS = re.compile("百分之百|百分百|\\d{2,3}%")
_SO_MANY = re.compile("[二两三四五六七八九十\\d]个$")
_ORDINAL_LIST = re.compile("第[一二三四五六七八九十]{1,2}[、和]$")
# 跨过两个万亿元大关
_STEPS = re.compile("[百千万亿]{1,2}元?级?(?:大关|台阶|关口|门槛)")
_SUMMED = re.compile("(?<=家)(?:共同|联合)?(?:牵头|负责|配合|单位|部门|协同|参与|要)")
_NAMED_BEFORE = re.compile("、[^、，。；：\\d]{2,8}$")  # 城管、住建、市场监管三家
_PORTIONS = re.compile("分[批步次类组期]$")
_VAGUELY = re.compile("[几数]个?$")  # 好几个亿, 几十亿
_COMPARED = re.compile("(?:[近超过约达逾上破]|突破|不足)$")
_SMALL = re.compile("[一二两三四五六七八九十]{1,2}")
# 二元结构, 三元材料, 十里铺, 三人行
_NAME_UNITS = frozenset(["元", "角", "里", "米", "克", "斤", "升", "亩", "方", "人", "口", "节", "尺", "头", "手", "层", "门"])
_UNCOUNTED = re.compile("[分方度节字升点道面班列双对股代手级届幅片]")
_QUOTED_NAME = re.compile("“[^”，。；]{1,10}”(?![\u4e00-\u9fff“])")
_DEMONSTRATIVE = re.compile("(?:[这那该此每各某哪另]|上述|前述|(?<![元吨亩人家户个项里米瓦%])以上|其他|其它|任何|所有)$")
_CHINESE = re.compile("[一-鿿〇]+")
_SINGLE = "一二两三四五六七八九十"
_WORD_BEFORE = re.compile("[统唯同专单之逐划合如万惟划归独均整]$")
_IDIOM = Worded("{IDIOM}|千万(?:不|工程)", "numerals")
_QUOTE, _QUOTED_TO = re.compile("[“‘\"]$"), re.compile("[^”’\"，。；]{0,7}[”’\"]")
_RANK_CONTEXT = re.compile(
    "(?:[从由]|[滑跌升降移跃退进][^，。；第]{0,3}[到至]了?)$|(?:[居列排争占]|位列|名列|排名|位次|全省|全市|全国|全区|全县|全州|世界|全球|亚洲|西北|西南|东北"
    "|西部|中部|东部|华东|华北|华南|华中|同类|同期|综合|总量|前列|国内|区域|保持|蝉联|夺得|获得|荣获|跃升至|升至|上升到"
    "|前移至|进入|跻身|排在|位于|行业|目标|考核|成绩"
    "|增速|增幅|规模|均为|稳居|领跑)[^，。；：！？\n第]{0,8}(?:第[一二三四五六七八九十\\d]{1,3}[、和]){0,4}$"
)
# 从排名看，生产总值第3、工业第6
_RANKING = re.compile("(?:排名|位次|名次|排位)[^。；！？\n]{0,60}[\u4e00-\u9fff]$")
_FOREMOST = re.compile("[，。；、！？：”（）\n行列强甲的和及与或外以内之]|$")
_RANK_END = re.compile("[，。；、！？：”’（）】\n]|$|的(?!位置|要务|责任)|外|之列|和|与|及|到|升|位居|[滑跌降退]|上升|前移|跃")
# 每季度演练一次, 不少于一次, 至少一人: one as a count
_OFTEN = re.compile(
    "(?:(?:不少于|不低于|至少|最少)[^，。；、\\d]{0,4}|前移|后移|上升|下降|提升|下滑)$"
    "|(?:每|一个|半个)(?:半?年|个?季度|个?月|半个?月|周|旬|天|日|星期)[^，。；]{0,10}$"
    "|每(?:[人名位家县镇乡村]|个[^，。；、\\d]{1,4})(?:都|要|必须|至少|各)?(?:包|联|引进|建成|培育|签约|领办|帮|打造|完成|选|抓)[^，。；、\\d]{0,4}$"
)
_HAPPENED = re.compile("(?:发生|查处|破获|杜绝)[^，。]{0,3}$")
_EACH = re.compile("各(?![类项种界族方级])[^，。；、\\d]{0,8}$")  # 各镇建成一个示范园
_TIME_GONE = re.compile("(?:时间|年度|赛程|任期)(?:已经?)?过(?:了|去了?)?$")


def refusal(text: str, start: int, end: int, unit: str, dimension: str, form: str, digits: Span) -> str | None:
    """The reason why the number at ``start``–``end`` states no amount; None where it does."""
    before, after = text[max(0, start - 14):start], text[end:end + 8]
    figure = text[digits.start:digits.end]
    if form == "rank":
        return _rank_refusal(text, start, end, before, after)
    if dimension == "ratio":
        return None
    if _SO_MANY_PERCENTS.match(text, end) or (dimension == "percent" and _SO_MANY.search(before)):
        return "slogan"
    if form in ("fraction", "multiple", "digits", "percent"):
        if words_of_time(before):
            return "time"
        return "slogan" if form != "percent" and _quoted(text, start, end) else None
    if unit == "点" and figure[0] in _SINGLE and _FIRST_POINT.match("点" + after) and _DISCOURSE.match(text, end):
        return "discourse"
    if unit == "号" and before.endswith(("〕", "]", "第", "）")):
        return "document"
    if unit == "分" and before.endswith(("点", "时")):
        return "time"
    if dimension == "time" or (after[:1] == "年" and not unit):
        return "time"
    if after.startswith(("+", "＋")) or before.endswith(("+", "＋")):
        return "slogan"
    if before.endswith(("《", "〔", "［", "[", "第")) or after[:1] in ("〕", "号") or _in_title(text, start):
        return "document" if not before.endswith("第") else "ordinal"
    if (form != "percent" and dimension != "percent" and _IDIOM.match(text, start)) or (before.endswith("千") and figure[0] == "百"):
        return "word"
    if not unit:
        if dimension == "bare":
            return "word" if before.endswith("道") else "vague" if _VAGUELY.search(before) else None
        return "discourse" if _DISCOURSE.match(text, end) or (_FIRST_POINT.match(text, end) and figure[0] in _SINGLE) else "unitless"
    chinese = _CHINESE.fullmatch(figure) is not None
    if before.endswith(("数", "几", "若干", "成")) and form == "scale":
        return "vague"
    if chinese and _WORD_BEFORE.search(before) and figure[0] == "一":
        return "word"
    if form == "scale" and (_QUOTE.search(before) or (figure[-1] in "百千" and dimension != "currency" and not _COMPARED.search(before))):
        return "vague"
    if chinese and unit in _NAME_UNITS and _SMALL.fullmatch(figure) and not _counted(text, start, before):
        return "word"
    if chinese and unit == "角":
        return "word"
    if figure == "一" and after[:1].isdigit():
        return "article"  # 一吨6万元
    if dimension not in ("count", "rank", "volume", "data", "score", "energy", "speed"):
        return None if not (form == "scale" and dimension == "length") else "word"
    if form == "scale" and not _COMPARED.search(before) and "以上" not in text[digits.end:end]:
        return "vague"
    if figure == "一":
        each = _EACH.search(before) and not _LOOSE.match(text, end) and after and after[0] not in "，。；、！？"
        return None if _told_apart(text, start, end) or _OFTEN.search(before) or each else "article"
    if chinese and len(figure) == 2 and (_adjacent(figure) or figure == "三五") and dimension == "count":
        return "vague"
    if is_dense(figure) and "零" not in figure and not _adjacent(figure):
        return "word"
    if unit == "届" or (chinese and _ORDINAL_LIST.search(before)):
        return "ordinal"
    if unit == "期" and chinese:
        return "ordinal"
    if chinese and _SMALL.fullmatch(figure) and _sums_up(text, end, before, unit):
        return "anaphora"
    if chinese and unit == "个" and _STEPS.match(text, end):
        return "anaphora"
    if chinese and _SMALL.fullmatch(figure) and (_UNCOUNTED.fullmatch(unit) or _loosely(text, start, end, unit)):
        return "anaphora"
    if (_QUOTED_NAME.match(text, end) and len(figure) < 2 + chinese) or _quoted(text, start, end):
        return "slogan"
    if _QUOTE.search(before) and _QUOTED_TO.match(text, end, end + 12):
        return "slogan"
    if _DISCOURSE.match(text, end) if chinese else unit in _DISCOURSE_UNITS and _ARABIC_DISCOURSE.match(text, end):
        return "discourse"
    if _DEMONSTRATIVE.search(before):
        return "anaphora"
    return None


def _sums_up(text: str, end: int, before: str, unit: str) -> bool:
    """市水务局、市林业局两家牵头, “稳岗、拓岗”两项举措, 分两批: how many were named before, how many parts there are."""
    named = unit == "家" and _NAMED_BEFORE.search(before) and not _REAL_THINGS.match(text, end)
    return bool(named or _SUMMED.match(text, end) or (before.endswith("”") and unit in ("项", "个", "大")) or _PORTIONS.search(before + unit))


def _counted(text: str, start: int, before: str) -> bool:
    """Does a verb of counting or comparing stand before, so that even 十里 is a length?"""
    return bool(_COUNTING_VERB.search(text, max(0, start - 24), start) or _COMPARED.search(before))


def words_of_time(before: str) -> bool:
    """时间过了四分之一, 时间过半."""
    return bool(_TIME_GONE.search(before))


def _loosely(text: str, start: int, end: int, unit: str) -> bool:
    """两个县区, 八种方法: small Chinese figures count only where a verb has them as its object."""
    if unit in ("种", "类"):
        return True
    if unit in ("次", "场") and _OFTEN.search(text, max(0, start - 14), start):
        return False  # 一个月到场两次
    if unit not in ("个", "项", "件", "条", "次", "场", "位", "份", "张", "本", "句"):
        return False
    if _SLOGAN_AFTER.match(text, end):
        return True
    if _REAL_THINGS.match(text, end):
        return start > 0 and text[start - 1] in "对把给向由让"  # 对两个县区作了通报
    return bool(_LOOSE.match(text, end)) or not _COUNTING_VERB.search(text, max(0, start - 24), start)


def _quoted(text: str, start: int, end: int) -> bool:
    """Inside a short quotation, a name."""
    opened = text.rfind("“", max(0, start - 12), start)
    return opened >= 0 and "”" not in text[opened:start] and text.find("”", end, end + 4) >= 0


def _adjacent(figure: str) -> bool:
    order = "一二三四五六七八九"
    return len(figure) == 2 and figure[0] in order + "两" and order.find(figure[1]) - order.find(figure[0].replace("两", "二")) == 1


def _in_title(text: str, start: int) -> bool:
    """Inside 《》, within forty characters."""
    opened = text.rfind("《", max(0, start - 40), start)
    return opened >= 0 and text.rfind("》", opened, start) < 0 and text.find("》", start, start + 40) >= 0


def _told_apart(text: str, start: int, end: int) -> bool:
    """一户…，一户…: two of them told apart are counts; so is the one accident that happened."""
    words = text[start:end]
    near = text[max(0, start - 14):start], text[end:end + 14]
    if words[-1] in "户家人例起" and any(f"{mark}{words}" in near[1] or (near[0].endswith(mark) and words in near[0]) for mark in "，、；"):
        return True
    return words[-1] in "起例" and _HAPPENED.search(near[0]) is not None


def _rank_refusal(text: str, start: int, end: int, before: str, after: str) -> str | None:
    words = text[start:end]
    if _quoted(text, start, end):
        return "slogan"
    if words.endswith(("位", "名")) or "以前" in words or "之前" in words:
        if words[0] == "第" and words.endswith("位") and before.endswith(("放在", "摆在", "作为", "列为")):
            return "ordinal"
        return None
    if words[0] in "前倒":
        return None if words[0] == "倒" or _FOREMOST.match(after) else "ordinal"
    ranked = _RANK_CONTEXT.search(before) or _RANKING.search(text, max(0, start - 70), start)
    return None if ranked and _RANK_END.match(after) and not _in_title(text, start) else "ordinal"
