"""Why a number is no amount: each reason has one rule, tried in order."""
from __future__ import annotations

import re

from duban.matches import Span
from duban.numerals.reading import is_dense

#: The names of the reasons.
REASONS = ("time", "document", "slogan", "discourse", "anaphora", "article", "ordinal", "word", "vague", "unitless")

_DISCOURSE = re.compile(
    r"[个项条件点种句类]?(?:大)?的?(?:方面|问题|要求|意见|建议|层面|角度|维度|关键|特点|特征|阶段|步骤|关系|理念|意识"
    r"|自信|维护|确立|坚持|统筹|聚焦|突出|转变|优先|结合|强化"
    r"|更加|不能|必须|字|词|着力|观点|结论|体会|经验|做法|原因|因素|条件|前提|规律|确保|认同|不变|到位|明确|认清|时代"
    r"|规定|代表|毛不|毫不|字方针|原则|事情|大事|道理|例子|层次|环节|步|难题|误区|短板|认识|意思|想法|感受|信号|到底|过硬)"
)
_ARABIC_DISCOURSE = re.compile("的?(?:方面|层面|维度|角度|字|观点|坚持|必须|确保|阶段|步骤|问题|意见|要求|规定)")
_FIRST_POINT = re.compile("点(?!钟|半|[零〇一二三四五六七八九十\\d])")
# what a Chinese figure below ten counts without measuring anything
_LOOSE = re.compile(
    "工作|任务|措施|举措|机制|制度|能力|行动|力量|文明|体系|办法|方法|材料|文件|县区|部门|现场|成效|责任|指标|清单|同志"
    "|领域|主题|板块|方向|方案|环境|服务|平台|计划|战略"
    "|事项|主体|市场|世界|精神|思想|结合|根本|基本|纪律|政策|大局|抓手|保障|支撑|政治|时期|年头|地方|单位|层级|渠道|标准"
    "|目标|活动|专题|维度|品牌|阵地|理论|历史|关口"
    "|大|新|更|重|不|全|一"
)
_COUNTING_VERB = re.compile(
    "(?:建设|建成|新建|打造|完成|实施|引进|培育|做大做强|做强|围绕|开展|推进|新增|发放|改造|开工|投用|投产|签约|落地"
    "|获批|创建|认定|入选|布局|设立|组建|成立|举办|争取"
    "|谋划|储备|招引|支持|选派|建立|达到|还有|只有|仅有|仅|共|有|新开|开通|拥有|增加|整治|关停|处置|化解|查处|发生|新创建"
    "|新培育|不少于|至少|超过|实现|形成|促成|完工"
    "|竣工|启动|提升|推动|扶持|发布|出台|制定|修订|编制|办理|培训|孵化|转化|攻克|承办|聚焦|依托|覆盖|辐射|涉及|跨过|跨越|连跨|迈上)[^，。；：！？]{0,14}$"
)
# 六个100%
_SO_MANY_PERCENTS = re.compile("百分之百|百分百|\\d{2,3}%")
_SO_MANY = re.compile("[二两三四五六七八九十\\d]个$")
_ORDINAL_LIST = re.compile("第[一二三四五六七八九十]{1,2}[、和]$")
_COMPARED = re.compile("(?:[近超过约达逾上破]|突破|不足)$")
_SMALL = re.compile("[一二两三四五六七八九十]{1,2}")
# 二元结构, 三元材料, 十里铺, 三人行
_NAME_UNITS = frozenset(["元", "角", "里", "米", "克", "斤", "升", "亩", "方", "人", "口", "节", "尺", "头", "手", "层", "门"])
_UNCOUNTED = re.compile("[分方度节字升点道面班列双对股代手级届幅片]")
_QUOTED_NAME = re.compile("“[^”，。；]{1,10}”(?![\u4e00-\u9fff“])")
_PROVERB = re.compile("一千道$|说$|百里挑$|千$|百$|丈$")
_DEMONSTRATIVE = re.compile("(?:[这那该此每各某哪另]|上述|前述|以上|其他|其它|任何|所有)$")
_SINGLE = "一二两三四五六七八九十"
_ORDINAL_NOUN = re.compile("[一二三四五六七八九十]")
_WORD_BEFORE = re.compile("[统唯同专单之逐划合如万惟划归独均整]$")
_IDIOM = re.compile(
    "一千道|千家万户|千方百计|千行百业|万众|万家灯火|百花|百姓|千军万马|千万(?:不|别|要|莫|工程)|百分百|千里|万里|万物|千百"
    "|百年|千年|万象|百舸|百尺|百战|万无|万分|亿万|百强|百县|千村|万村|百场|百企|千企|万企|百校|百团|一心"
)
_QUOTE = re.compile("[“‘\"]$")
_RANK_CONTEXT = re.compile(
    "(?:[从由]|[滑跌升降移跃退进][^，。；第]{0,3}[到至]了?)$|(?:[居列排争占]|位列|名列|排名|位次|全省|全市|全国|全区|全县|全州|世界|全球|亚洲|西北|西南|东北"
    "|西部|中部|东部|华东|华北|华南|华中|同类|同期|综合|总量|前列|国内|区域|保持|蝉联|夺得|获得|荣获|跃升至|升至|上升到"
    "|前移至|进入|跻身|排在|位于|行业|目标|考核|成绩"
    "|增速|增幅|规模|均为|稳居|领跑)[^，。；：！？\n第]{0,8}(?:第[一二三四五六七八九十\\d]{1,3}[、和]){0,4}$"
)
_RANK_END = re.compile("[，。；、！？：”’（）】\n]|$|的(?!位置|要务|责任)|外|之列|和|与|及|到|升|位居|[滑跌降退]|上升|前移|跃")
_MASK_MARK = re.compile(r"[*Xx×]")
_PERSON_NOTE = re.compile("人(?:以上|左右)?")


def refusal(text: str, start: int, end: int, unit: str, dimension: str, form: str, digits: Span) -> str | None:
    """The reason why the number at ``start``–``end`` states no amount; None where it does."""
    before, after = text[max(0, start - 14):start], text[end:end + 8]
    figure = text[digits.start:digits.end]
    if form == "rank":
        return _rank_refusal(text, start, end, before, after)
    if _SO_MANY_PERCENTS.match(text, end) or (dimension == "percent" and _SO_MANY.search(before)):
        return "slogan"
    if form in ("fraction", "multiple", "digits", "percent"):
        return "slogan" if form != "percent" and _quoted(text, start, end) else None
    if unit == "点" and figure[0] in _SINGLE and _FIRST_POINT.match("点" + after) and _DISCOURSE.match(text, end):
        return "discourse"
    if unit == "号" and before.endswith(("〕", "]", "第", "）")):
        return "document"
    if unit == "分" and before.endswith(("点", "时")):
        return "time"
    if dimension == "time" or (after[:1] == "年" and not unit):
        return "time"
    if re.match("[+＋]", after) or before.endswith(("+", "＋")):
        return "slogan"
    if before.endswith(("《", "〔", "［", "[", "第")) or after[:1] in ("〕", "号") or _in_title(text, start):
        return "document" if not before.endswith("第") else "ordinal"
    if _IDIOM.match(text, start) or (before.endswith("千") and figure[0] == "百"):
        return "word"
    if not unit:
        if dimension == "bare":
            return "word" if before.endswith("道") else None
        return "discourse" if _DISCOURSE.match(text, end) or (_FIRST_POINT.match(text, end) and figure[0] in _SINGLE) else "unitless"
    chinese = all("一" <= c <= "鿿" or c == "〇" for c in figure)
    if before.endswith(("数", "几", "若干", "成")) and form == "scale":
        return "vague"
    if chinese and _WORD_BEFORE.search(before) and figure[0] == "一":
        return "word"
    if form == "scale" and (_QUOTE.search(before) or (figure[-1] in "百千" and dimension != "currency" and not _COMPARED.search(before))):
        return "vague"
    counted = _COUNTING_VERB.search(text, max(0, start - 24), start) or _COMPARED.search(before)
    if chinese and _SMALL.fullmatch(figure) and unit in _NAME_UNITS and not counted:
        return "word"
    if chinese and unit == "角":
        return "word"
    if dimension not in ("count", "rank", "volume", "data", "score", "energy", "speed"):
        return None if not (form == "scale" and dimension == "length") else "word"
    if form == "scale" and not _COMPARED.search(before) and "以上" not in text[digits.end:end]:
        return "vague"
    if figure == "一":
        return None if _told_apart(text, start, end) else "article"
    if chinese and len(figure) == 2 and (_adjacent(figure) or figure == "三五") and dimension == "count":
        return "vague"
    if is_dense(figure) and "零" not in figure and not _adjacent(figure):
        return "word"
    if unit == "届" or (chinese and _ORDINAL_LIST.search(before)):
        return "ordinal"
    if unit == "期" and chinese:
        return "ordinal"
    if chinese and _SMALL.fullmatch(figure) and (_UNCOUNTED.fullmatch(unit) or _loosely(text, start, end, unit)):
        return "anaphora"
    if _QUOTED_NAME.match(text, end) or _quoted(text, start, end):
        return "slogan"
    if _QUOTE.search(before) and re.match("[^”’\"，。；]{0,7}[”’\"]", after + text[end + 8:end + 12]):
        return "slogan"
    if (_DISCOURSE if chinese else _ARABIC_DISCOURSE).match(text, end):
        return "discourse"
    if _DEMONSTRATIVE.search(before):
        return "anaphora"
    return None


def _loosely(text: str, start: int, end: int, unit: str) -> bool:
    """两个县区, 八种方法: small Chinese figures count only where a verb has them as its object."""
    if unit in ("种", "类"):
        return True
    if unit not in ("个", "项", "件", "条", "次", "场", "位", "份", "张", "本", "句"):
        return False
    return bool(_LOOSE.match(text, end)) or not _COUNTING_VERB.search(text, max(0, start - 24), start)


def _quoted(text: str, start: int, end: int) -> bool:
    """Inside a short quotation, a name."""
    opened = text.rfind("“", max(0, start - 12), start)
    return opened >= 0 and "”" not in text[opened:start] and text.find("”", end, end + 4) >= 0


def _adjacent(figure: str) -> bool:
    order = "一二三四五六七八九"
    return len(figure) == 2 and order.find(figure[1]) - order.find(figure[0].replace("两", "二")) == 1


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
    return bool(re.search("(?:发生|查处|破获|杜绝)[^，。]{0,3}$", near[0])) and words[-1] in "起例"


def _rank_refusal(text: str, start: int, end: int, before: str, after: str) -> str | None:
    words = text[start:end]
    if _quoted(text, start, end):
        return "slogan"
    if words.endswith(("位", "名")) or "以前" in words or "之前" in words:
        if words[0] == "第" and words.endswith("位") and before.endswith(("放在", "摆在", "作为", "列为")):
            return "ordinal"
        return None
    if words[0] in "前倒":
        return None if words[0] == "倒" or re.match("[，。；、！？：”（）\n行列强甲的和及与或外以内之]|$", after) else "ordinal"
    return None if _RANK_END.match(after) and _RANK_CONTEXT.search(before) and not _in_title(text, start) else "ordinal"
