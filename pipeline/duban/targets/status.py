"""Is a figure a promise, a fact, or neither? The first table that speaks decides.

1. threshold: the number is part of a description (亿元以上项目, 750千伏电网工程) or of a condition (对低于60%的单位);
2. baseline: where a change sets out from (由35%提高到70%) has been reached; population: a people is addressed, not counted (80万父老乡亲);
3. glossary: what a note on terms says is no one's figure;
4. progress: what has been done of a plan (占年度任务的23.5%);
5. modality: the aspect or modality of the governing verb (力争, 确保, 要; 已, 累计, 仅; 达产后: a forecast);
6. assignment: a note of responsibility follows (牵头单位：…);
7. period: the time it is for lies before or after the document's date;
8. section: 工作回顾 or 主要目标, 下一步工作;
9. imperative, bound: under no such heading, a demand behind the number, a reward, a limit only orders set (不少于, 增长…左右);
10. narration or imperative: the paragraph tells what happened, or gives orders without a subject (``duban.targets.narration``);
11. default: actual.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date
from typing import NamedTuple

from duban.matches import Period, Section
from duban.numerals import Numeral, value_of
from duban.numerals.words import Worded

Decided = tuple[str, str, tuple[int, int] | None]

_OBJECT = Worded("(?:级?的?)(?:[^，。；、：\\d]{0,10}?)(?:{THING})", "target_words")
_CLASS = re.compile("的?(?:县|[城园]区|区(?!间)|[强大名]?市(?!场)|镇|园区|产业|企业|集群|项目|级|台阶|大关|俱乐部|支柱)")
_THRESHOLD_SUFFIX = ("以上", "以下", "以内")
_MEASURES = re.compile("(?:新增|突破|达到?|超过?|完成|增长|实现)$")
_WORKS = re.compile("[\u4e00-\u9fff“”]{0,10}?(?:项目|工程|基地|电站|机组|生产线|装置|电厂)")
_SIZED = Worded("(?:{SIZED})(?:额|过|超|超过|达|约|近|达到|规模|面积)?$", "target_words")
_AFTER_TARGET = re.compile("(?:[）”、的等]|这一|这个|预期|既定|年度|增长|增速|投资|增收){1,4}(?:目标|任务|要求(?!，))|是(?:硬|底线|红线|死)")
_PLAN_TITLE = Worded("{PLAN_TITLE}", "target_words")
_OF_CLASS = Worded(
    "(?:、[^，。；、]{1,12}){0,2}的(?:[\\d一二三四五六七八九十]+[个家户项名处条座所栋宗件起位人]|"
    "(?:责任|牵头|有关|相关|所有|省级|市级)?(?:{MEMBER}|[县区市镇乡州旗]))", "target_words"
)
_OF_SOME = Worded("[^，。；]{1,8}的(?:{MEMBER})", "target_words")
# 降幅在两成以上的11家: a percentage that tells some from others
_OF_RATE = Worded("(?:{RATE_TOLD})(?:在|超|达)?$", "target_words")
# 产值超10亿元企业2家
_COUNTED_CLASS = Worded("(?:的)?(?:{THING}|{MEMBER})[\\d一二两三四五六七八九十]{1,4}[个家户条]", "target_words")
_CLASS_BEFORE = re.compile("(?:超过?|过|达到?|突破|低于|高于|不足|不到|不低于|落后|大于|少于|满|未达到?|未达)(?:每[亩户人个家])?$")
# 低于60%的，一律… : the noun is left out
_ELLIPTIC = re.compile(
    "(?:的(?:，|还有|仍有|只有|有\\d|占|达\\d|一律|取消|奖|扣|罚|全市通报|通报|表扬|[一二三四五六七八九十\\d]{1,2}个?(?:天|日|工作日|周|月)之?内|必须|\\d{1,3}(?:小时|分钟|天|个?工作日)内|不得|要(?![求点素件])|将|自动|予以|给予|应当|须)|的?(?:镇街|乡镇|县区|单位"
    "|部门)给予|(?:及以[上下])?者，)"
)
# 彩礼超8万的上门做工作: the noun is left out, and what is done with it follows
_DEALT_WITH = Worded("的(?:{DEALT_WITH})", "target_words")
_REWARDED = re.compile("(?:给予|奖励|予以|进行|实行|通报|约谈|问责)")
_TOWARDS = re.compile("对(?!于?比)[^，。；对]{0,12}$")
_GIVEN_TO = re.compile("(?:奖|奖励|颁|发|授予)给?$")  # 专门奖给前三名
_OF_SIZE = Worded("{OF_SIZE}", "target_words")
_ACTED_ON = Worded("(?:{ACTED_ON})$", "target_words")
# 每低于目标1个百分点扣0.5分
_FOR_EACH = re.compile(
    "每[^，。；]{0,10}(?:[高低大小多少]于|超过?|[高低多少增减提降差]|增加|减少|提高|提升|降低|下降|上升|下滑|引进|新增|完成|退后)[^，。；]{0,6}$"
)
_EARNS = re.compile("[^，。；]{0,8}?，?(?:扣|加|减|奖励?|补助?|罚款?|给予)[^，。；\\d]{0,4}\\d")
_CLASS_OF = re.compile("[\\d一二两三四五六七八九十][个家户][过超]$")  # 4个过五千亿、3个过千亿产业
_CONDITION = re.compile("(?:同时)?(?:对于?(?!比|标|口|外|接)|凡是?|凡)")
_SET_UP = re.compile("(?:设立|组建|成立|发起|筹建)[^，。；]{0,6}规模(?:为|达|不低于|超过)?$")
_STEPPING = Worded("(?:{STEPPING})(?:了|新的?)?$", "target_words")
_STEP = re.compile("的?(?:新)?(?:台阶|大关|关口|门槛)")
_PEOPLE = re.compile("(?:各族)?(?:干部)?(?:人民|儿女|父老|乡亲|群众的)")
_BASELINE_BEFORE = re.compile("[由从](?:[^，。；、\\d]{0,6}的)?$")
_BASELINE_AFTER = re.compile(
    "(?:左右)?(?:，)?(?:提高|提升|增加|增长|上升|攀升|跃升|降低|下降|减少|压缩|压减|缩短|缩减|缩小|扩大|拓展|收窄|前移|回升|回落|精简|升|降|减|增|扩|缩|压|提|涨|调|拉|拓)[^，。；\\d]{0,3}?[到至为]"
)
_FOUNDATION = re.compile("(?:左右)?(?:[、和][^，。；、]{1,12}){0,2}的?基础上")
_PART_OF_PLAN = "占(?:到)?(?:全年|年度|年初|全市|全县|全区|既定|总)?[^，。；]{0,5}(?:任务|计划|目标|预算)[^，。；]{0,3}的"
_PROGRESS_BEFORE, _PROGRESS_AFTER = re.compile(_PART_OF_PLAN + "(?:近|将近|约|不足|不到)?$"), re.compile(f"，(?:仅|只|已)?{_PART_OF_PLAN}")
# between a number and the demand that holds for it: 26个项目，必须…; 26个项目，由市发改委负责
_TO_DEMAND = re.compile("[^，。；\\d]{1,10}，?|[^，。；]{0,8}，由[^，。；]{2,18}")
_REWARD = re.compile(
    "(?:对[^。；]{1,40}|的(?:[^，。；]{0,6})，)(?:各|一次性|分别|再)?"
    "(?:给予|奖励|奖补|补助|补贴|资助|扣减|扣除|扣发|处以|罚款)[^，。；]{0,14}$"
    "|每[^，。；]{2,24}(?:，)?(?:扣|加|奖|减|补|罚)$"
)
_AIMED = {"左右": re.compile("(增长|下降|控制)[^，。；]{0,6}$"), "以内": re.compile("(控制)[^，。；]{0,6}$")}
# 设备投资的8%给予补助
_GIVEN = re.compile("(?:的)?(?:标准|比例)?(?:给予|予以)")
_LIMIT = re.compile("至少|不低于|不少于|不高于|不超过|不得|不小于|不弱于")
# in brackets, or at the head of a sentence; its first character stands in front, where the search finds it at once
_NOTE = re.compile(
    "[（【牵责主承配完](?:(?<=[（【])[^（）【】\n]{0,160}?(?:牵头|负责|责任单位|责任部门|责任主体|主办|承办|配合|完成时限|完成时间)"
    "|(?<![^。；\n].)(?:(?<=牵)头(?:单位|部门)|(?<=责)任(?:单位|部门|主体)|(?<=[主承])办单位|(?<=配)合单位|(?<=完)成时限)(?=[：:]))"
)
_BEYOND_TARGET = re.compile("(?:高于|低于|优于|超|快于|慢于|好于|距离?|较|比|对照|差)[^，。；]{0,9}$")
_GOES_ON = re.compile("政府|自身建设|作风|努力|加强|建设|提升|保障")
_AIMED_AT = re.compile("(?:离|距|距离)[^，。；]{0,8}(?:定|确定|下达|提出|要求|承诺)的$")  # 离年初定的12%还差一截
_OF_TARGET = re.compile("(?<!的)要求(?:是|为|达到)?$|(?:目标|任务)(?:任务|数|值)?(?:为|是|分别为|定为|确定为)?$")
# 今年的盘子已经定了：…; not 任务完成情况是这样的：…
_ANNOUNCED = Worded("(?:{PLEDGED}|{ANNOUNCED})[已经也就是都]{0,3}(?:[定分敲排]|明确|下达|[这那][么几些两三四五])", "target_words")
_OF_STATE = re.compile("完成|进展|落实|情况|排名|排位|差距")
#: An announcement is that short.
_HEAD = 40
# 产量12万吨，这是市里压下来的硬任务
_PLEDGED = Worded("，这(?:[个些两三几][个项]?)?(?:数|指标)?[都就也]?是[^，。；\n]{0,12}?(?:{PLEDGED})(?=[，。；！\n]|$)", "target_words")
_TOLD_FLAT = re.compile("(?:(?<![为除罢算排定列达划])了|(?<![人刚])才|的有|(?:平均|实际)(?:水平)?[是为]?|(?:[是有]|还|只)?(?:不到|不足))(?:近|约|将近|整整)?$")
_REVIEW = Worded("{REVIEW}|存在的?(?:困难|不足)", "target_words")
_PLAN = Worded("{PLAN}|工作$", "target_words")
# a heading that gives an order: 聚力兴工, 工业要“满负荷”, 把防线筑牢
_EXHORTING = Worded(
    "^(?:第?[一二三四五六七八九十\\d]{1,3}(?:部分)?[、.．，是要]?|（[一二三四五六七八九十\\d]{1,3}）|——)?(?:{URGE_ADVERB})?(?:{URGE})", "target_words"
)
_ORDERING = re.compile("要(?![素点闻求害地务事件])|不能|必须|决不|务必|不可|把[^，。；]{1,10}[牢好紧实细严透住]$")
_RESULT = Worded("{RESULT}|更(?!新)[\u4e00-\u9fff]$", "target_words")
_GLOSSARY = re.compile("名词(?:解释|注释|说明)|术语(?:解释|说明)|^(?:附[件录注]?：?)?(?:注释|注解)$")
_FIVE_YEARS = re.compile("“?(十[一二三四五六七八]?五)”?")

# with no date to go by: a time limit is one of orders (6月底前), last year is over
_COMING = re.compile("(?<!之|以)前$|^(?:明|后|来)年|^下(?:半年|周|个?月|个?季度)|^(?:今后|未来)")
_GONE = re.compile("^(?:去|上|前)年|^昨|^上(?:周|个?月|个?季度)|^去冬")
_YEAR = re.compile(r"(20\d\d)年")


# 县林业局把36名护林员排好班: an order by its verb
_PROPOSED = re.compile("^[^，。；]{0,6}(?:提出|要求|承诺|商定|签订|部署)[^，。；]{0,16}(?:要|达到|确保|力争)[^，。；]{0,6}$")
_SENT_TO = Worded(
    "[^，。；]{0,12}给我(?!们)|[^，。；]{0,30}过一遍|(?:、[^，。；、]{1,10}){0,4}(?:[今明本下]?[年季月周旬]?(?:底|内|初)?(?:之?前|以前|内)?)?"
    "(?:{SENT_TO}|再[^次度]|对[^，。；]{1,30}逐)", "target_words"
)
# a date of which a part is masked: （2025年8月*日）
_MASKED_DATE = re.compile("(?:(?P<year>20\\d\\d)年)?(?P<month>\\d{1,2}|[*Xx×○]{1,2})月(?:[*Xx×○]{1,2})日")
_FINISHED = re.compile("了|已|过|目前|现有|同比|一季度|上半年|去年|累计|仅")
_FACTUAL = Worded(
    "{FACTUAL}|[高低多少快慢]\\d|(?:比(?![重例率值])|较(?![大为高强快]))\\S{1,8}[高低多少快慢]"
    "|(?:[共没]?有|占(?!比|用)|是|相当于|需要|涉及)[^，。；]{0,6}$", "target_words"
)


_ORE = re.compile("[金银铜铁煤锂铀]矿")
_COUNT_FOLLOWS = re.compile("(?:以上)?的?\\d+[个家户项]")
_COUNTED_THINGS = re.compile("的?(?:企业|单位|场所|城市|县|商场|自然村|村庄|事故)")
_PHYSICAL = ("currency", "mass", "area", "power", "length", "computing")


#: These speak of the number that follows them and of no other.
_OF_ONE, _CARRIED_OUT = ("设计", "合同"), re.compile("完成|到位|已|累计")


class Cue(NamedTuple):
    start: int
    end: int
    value: str
    word: str

    @property
    def demands(self) -> bool:
        """Does the word ask for what follows in its paragraph too? What will happen (将, 拟) holds of its own subject only."""
        return self.value == "target" and not self.word.startswith(("将", "拟", "有望", "计划", "到时", "届时", "不", "争取", "打算", "负责", "牵头"))


def threshold(before: str, numeral: Numeral, text: str, after: str, project_follows: bool) -> bool:
    """Does the number describe a class of things instead of measuring one?"""
    if numeral.dimension == "voltage" or (_FOR_EACH.search(before) and _EARNS.match(after)):
        return True
    if numeral.dimension in ("currency", "bare") and _CLASS_OF.search(before):
        return True
    if _ELLIPTIC.match(after):
        return True
    if numeral.form == "rank":
        return bool(_OF_CLASS.match(after) or _GIVEN_TO.search(before)) or bool(_TOWARDS.search(before) and _REWARDED.match(after))
    if _STEP.match(after) and _STEPPING.search(before):
        return False
    if numeral.dimension in ("currency", "bare") and numeral.form == "scale":
        return bool(_COUNT_FOLLOWS.match(after) or _CLASS.match(after) or _OBJECT.match(after))
    conditional = _CONDITION.match(before) is not None
    if conditional and _OF_CLASS.match(after):
        return True
    if _SET_UP.search(before):
        return False
    bounded = text.endswith(_THRESHOLD_SUFFIX) and (numeral.form not in ("fraction", "percent") or _OF_RATE.search(before) is not None)
    if (conditional or before.startswith(("凡", "一年内", "年内"))) and _OF_SOME.match(after):
        return True
    if numeral.dimension in _PHYSICAL and _CLASS_BEFORE.search(before) and _COUNTED_CLASS.match(after):
        return True
    if (_OF_CLASS.match(after) or _DEALT_WITH.match(after)) and (bounded or _CLASS_BEFORE.search(before)):
        return True
    suffixed = text.endswith(_THRESHOLD_SUFFIX) or text.endswith("级")
    if numeral.dimension in _PHYSICAL and suffixed and (text.endswith("级") or _OBJECT.match(after) or _OF_SIZE.match(after)):
        return True
    if numeral.dimension == "count" and text.endswith("以上") and not _ACTED_ON.search(before) and _COUNTED_THINGS.match(after):
        return True
    if numeral.dimension in ("currency", "mass", "area", "power", "length", "volume") and after.startswith("的") and _SIZED.search(before):
        return bool(project_follows or _OBJECT.match(after))
    if numeral.dimension in ("power", "energy", "mass", "volume") and _WORKS.match(after) and not _MEASURES.search(before):
        return True
    return numeral.dimension == "mass" and before.endswith("超") and _ORE.match(after) is not None


def is_step(after: str) -> bool:
    """Does 台阶 or 大关 follow?"""
    return _STEP.match(after) is not None


def baseline(before: str, after: str) -> bool:
    """Does a change set out from the number (由35%提高到70%, 在去年30亿元的基础上)?"""
    return bool((_BASELINE_BEFORE.search(before) and _BASELINE_AFTER.match(after)) or ("在" in before and _FOUNDATION.match(after)))


def population(after: str) -> bool:
    """Is the number that of the people spoken for?

    >>> population("父老乡亲的期盼"), population("居民受益")
    (True, False)
    """
    return _PEOPLE.match(after) is not None


def progress(before: str, after: str, cues: Sequence[Cue], since: int) -> bool:
    """Is the number what has been done of a plan? Not where its own part of the sentence (from ``since``) sets a goal or forecasts."""
    part = _PROGRESS_BEFORE.search(before) or _PROGRESS_AFTER.match(after)
    return part is not None and not any(cue.value in ("target", "other") and cue.start >= since and cue.word not in part[0] for cue in cues)


def demanded(before: str, ahead: str | None, after: str = "") -> bool:
    """Does a demand follow the number, or does it say what one earns or loses (各奖励50万元)?

    ``ahead``: the words between the number and the next demand of its sentence, None where there is none;
    ``after``: what follows it.

    >>> demanded("未开工的", "项目，"), demanded("对考核前三名的县区各奖励", None), demanded("完成", None)
    (True, True, False)
    """
    if _FINISHED.search(before, max(map(before.rfind, "，；：")) + 1):
        return False
    return bool((ahead is not None and _TO_DEMAND.fullmatch(ahead)) or _REWARD.search(before) or _GIVEN.match(after))


def limited(before: str, figure: str) -> tuple[int, int] | None:
    """Where the words before the number set a limit, which facts are seldom put as (不少于, 增长…左右).

    >>> limited("每月外出招商不少于", "2次"), limited("税收增长", "8%左右"), limited("税收增长", "8%")
    ((6, 9), (2, 4), None)
    """
    found = None
    for match in _LIMIT.finditer(before):
        found = match.span()
    aimed = _AIMED[figure[-2:]].search(before) if found is None and figure[-2:] in _AIMED else None
    return aimed.span(1) if aimed else found


def notes(text: str) -> list[tuple[int, int]]:
    """Where notes of responsibility begin, and from where they speak: the start of their paragraph, or of the one before.

    >>> notes("新建公园3个。（市园林局牵头）")
    [(7, 0)]
    """
    out = []
    for match in _NOTE.finditer(text):
        opened = text.rfind("\n", 0, match.start()) + 1
        if opened >= match.start() - 1 and opened:
            opened = text.rfind("\n", 0, opened - 1) + 1
        out.append((match.start(), opened))
    return out


def modality(cues: Sequence[Cue], sentence: str, after: str, start: int = 0, previous: int = 0, clause: int = 0) -> Decided | None:
    """The nearest cue before the number in its sentence; 目标 right before or after the number outranks it.

    ``sentence``: its words before the number, from ``start``; ``previous``: where the number before it ended; ``clause``:
    where its clause begins. What an order is about is told in clauses of its own: 要一户一户跑，停产的有23户，占了四成.
    """
    aimed = _OF_TARGET.search(sentence, max(0, len(sentence) - 8)) is not None and not _BEYOND_TARGET.search(sentence)
    if aimed or _AFTER_TARGET.match(after) or _AIMED_AT.search(sentence):
        return "target", "modality", None
    announced = announcement(sentence)
    if announced:
        cues = [cue for cue in cues if cue.start >= start + announced]
    for cue in reversed(cues):
        passed = cue.end <= previous and (cue.word.startswith(_OF_ONE) or (cue.word == "计划投资" and _CARRIED_OUT.search(sentence, cue.end - start)))
        if passed:
            continue  # 设计日供水15万吨，完成82%; 计划投资90亿元，完成30亿元
        if cue.value == "other":
            return "other", "modality", (cue.start, cue.end)
        if cue.value == "target" and cue.end <= clause and (fact := told_flat(sentence, max(0, clause - start))):
            return "actual", "modality", (start + fact[0], start + fact[1])
        if cue.value == "target":
            return "target", "modality", (cue.start, cue.end)
        if cue.value == "actual":
            return "actual", "modality", (cue.start, cue.end)
    return ("target", "modality", (start, start + announced)) if announced else None


def told_flat(sentence: str, clause: int) -> tuple[int, int] | None:
    """The words right before a number that tell it as it is, from ``clause`` on: 占了, 实际开了, 平均是, 停产的有, 才, 不到.

    >>> told_flat("停产的有", 0), told_flat("全年达到", 0), told_flat("要引进人才", 0)
    ((2, 4), None, None)
    """
    found = _TOLD_FLAT.search(sentence, clause)
    return found.span() if found else None


def announcement(sentence: str) -> int:
    """Where the announcement of a plan ends that a sentence begins with, 0 where there is none.

    >>> announcement("今年的盘子已经定了：税收增长8%"), announcement("任务完成情况是这样的：开工12个")
    (9, 0)
    """
    end = sentence.find("：", 0, _HEAD)
    return end if end > 0 and _ANNOUNCED.search(sentence[:end]) and not _OF_STATE.search(sentence, 0, end) else 0


def pledged(rest: str) -> bool:
    """Does the rest of the sentence call the number a duty?

    >>> pledged("，这是县里压下来的硬任务"), pledged("，这是全年任务的一半")
    (True, False)
    """
    return _PLEDGED.search(rest) is not None


def planned(since: str) -> bool:
    """Do the words since a time that is over tell what was planned then (去年提出要稳定在40万亩以上)?"""
    return _PROPOSED.search(since) is not None


def sent_to(words: str) -> bool:
    """Do the words behind a unit send it to do something, without a word of modality?

    >>> sent_to("把36名护林员排好班"), sent_to("对9座水库汛期前过一遍"), sent_to("每周给我报一次"), sent_to("安排资金3亿元")
    (True, True, True, False)
    """
    return _SENT_TO.match(words) is not None


def finished(sentence: str) -> bool:
    """Do the words before the number tell of something done?"""
    return _FACTUAL.search(sentence) is not None


def spoken_on(text: str, date: str | None) -> tuple[str, str] | None:
    """The first and the last day the document may be of: its ``date``, or what is left of a masked one at its head.

    >>> spoken_on("在现场会上的讲话\\n（2025年8月*日）", None), spoken_on("（11月*日，根据录音整理）", None), spoken_on("同志们：", None)
    (('2025-08-01', '2025-08-31'), ('XXXX-11-01', 'XXXX-11-31'), None)
    """
    if date:
        return date, date
    masked = _MASKED_DATE.search(text, 0, 600)
    if masked is None or not (masked["year"] or masked["month"].isdigit()):
        return None
    year = masked["year"] or "XXXX"
    first, last = (masked["month"].zfill(2),) * 2 if masked["month"].isdigit() else ("01", "12")
    return f"{year}-{first}-01", f"{year}-{last}-31"


def by_period(period: Period | None, spoken: tuple[str, str] | None, *, until: bool = False) -> Decided | None:
    """A time that is over is a fact's, one that has not begun a goal's.

    ``spoken``: the first and the last day the document may be of; ``until``: 截至 stands before the time, which only facts have.
    """
    if period is None or not (until or period.value or _COMING.search(period.text)):
        return None
    decided = "actual" if until else _told_by_words(period, spoken) or (_told_by_days(period, spoken) if spoken else None)
    return (decided, "period", (period.start, period.end)) if decided else None


def _told_by_words(period: Period, spoken: tuple[str, str] | None) -> str | None:
    """With no day to go by: 年底前, 汛期前, 明年 are to come, 去年 is over."""
    if period.value and spoken and spoken[0] == spoken[1]:
        return None
    if _GONE.search(period.text):
        return "actual"
    return "target" if _COMING.search(period.text) and not period.text.startswith(("去", "前", "上", "2", "过")) else None


def _told_by_days(period: Period, spoken: tuple[str, str]) -> str | None:
    first, _, last = (period.value or "").replace("XXXX", spoken[0][:4]).partition("/")
    if "X" in first + last and not spoken[0].startswith("XXXX"):
        return None
    if last != ".." and last < spoken[0]:
        return "actual"
    if (first not in ("..", "") and first > spoken[1]) or (first == ".." and last > spoken[1]):
        return "target"
    if first < spoken[0] < last and _days(spoken[0], last) > 365 and _days(spoken[0], last) * 2 > _days(first, last):
        return "target"  # a plan of years that has only begun
    return None


def _days(first: str, last: str) -> int:
    """Days between two dates, 0 where one is open."""
    try:
        return (Date.fromisoformat(last) - Date.fromisoformat(first)).days
    except ValueError:
        return 0


def section_kinds(text: str, sections: Sequence[Section], date: str | None) -> list[str | None]:
    """For each section target, actual, other, urge (the heading gives an order) or None, from its heading, else its parent's."""
    kinds: list[str | None] = []
    chapter: str | None = None
    year = int(date[:4]) if date else None
    for section in sections:
        heading = text[section.heading.start:section.heading.end]
        own = title_kind(heading) if section.kind == "title" else heading_kind(heading, year)  # a chapter of notes: other
        above = kinds[section.parent] if section.parent is not None and section.parent < len(kinds) else None
        if own is None and section.level == 1 and chapter == "target" and _GOES_ON.search(heading):
            own = chapter  # after the plan comes how the government will work
        if section.level == 1:
            chapter = own
        kinds.append(own if above is None or section.level <= 1 or (above == "urge" and own) else above)
    return kinds


def title_kind(title: str) -> str | None:
    """target where the document is a plan as a whole.

    >>> title_kind("关于印发2026年工作要点的通知"), title_kind("在重点工作调度会上的讲话")
    ('target', None)
    """
    return "target" if _PLAN_TITLE.search(title) else None


def heading_kind(heading: str, year: int | None) -> str | None:
    """target or actual by the words of a heading, other for a glossary; else by the years it names; urge for an order.

    >>> heading_kind("一、2025年工作回顾", 2026), heading_kind("三、2026年工作安排", 2026), heading_kind("名词解释", 2026)
    ('actual', 'target', 'other')
    >>> heading_kind("“十五五”要去的地方", 2026), heading_kind("“十四五”走过的路", 2026), heading_kind("全力稳住工业", 2026)
    ('target', 'actual', 'urge')
    """
    if _GLOSSARY.search(heading):
        return "other"
    urging = _EXHORTING.match(heading) is not None and not _RESULT.search(heading)
    if _REVIEW.search(heading) and not urging:
        return "actual"
    years = [int(y) for y in _YEAR.findall(heading)]
    if _PLAN.search(heading):
        return "actual" if years and year and max(years) < year and "目标" not in heading else "target"
    plan = _FIVE_YEARS.search(heading)
    if plan:
        years.append(1955 + 5 * int(value_of(plan[1][:-1]) or 0))  # the last year of the plan
    if years and year:
        return "actual" if max(years) < year else "target"
    return "urge" if urging or _ORDERING.search(heading) else None
