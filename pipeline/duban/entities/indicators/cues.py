"""What stands around the name of a quantity and tells that it is measured: a number, a trend, a change, a list."""
from __future__ import annotations

import re
from functools import lru_cache

from duban.entities.indicators.names import Names

_AMOUNT = (
    r"(?:[0-9*×╳○]|[Xx]+(?:%|[亿万个家户人元项]|\.)|第(?:[0-9*]+|[一二三四五六七八九十]+)(?:[位名]|[，。；、！？）\n])|前(?:[0-9*]|[一二三四五六七八九十])|[后末][0-9*一二两三四五六七八九十]{1,2}[位名]|"
    r"倒数|末位|首位|末尾|最后|前列|后面|低位|高位|第一方阵|百分之|两位数|翻了?[一两二三四]?番|过半|半数|一半|(?:年度|全年|省定|市定|既定|预期)(?:目标任务|计划|目标|任务)|"
    r"(?:国家|全国|省|省级|市|上级)?(?:下达|规定|考核|要求|控制|二级|一级)的?(?:目标|任务|要求|标准|指标)|[一两二三四五六七八九十]?个?[十百千万]亿|[十百千万亿]+(?=元|亩|吨|人|户|千瓦|斤|美元)|"
    r"[一二两三四五六七八九十百千半]+(?:成|倍|分之|位数|个百分点|[十百千万亿]+|以上))"
)
#: With whom or when it is compared, in brackets or not: at most once before the figure.
_COMPARED = r"(?:（[^）\n]{1,12}）|(?:较|比)[^，。；、\n]{1,10}?|(?:占|不低于|不少于|超过|达到?)[^，。；、\n占]{2,14}?的?)"
_GOES_ON = r"，(?=[^，。；\n]{0,6}(?:增长|下降|达到?|居|排|完成|提高))|、(?=增长|下降|提高)"
_FOR_SO_LONG = r"连续[一二两三四五六七八九十]{1,3}个?(?:年|月|季度)"
_SHARE = re.compile(r"的(?:[0-9]+(?:\.[0-9]+)?%|[一二三四五六七八九]+成|[一二三四五六七八九十]+分之|一半|百分之)")
_LIST_END = r"等(?:\d+项)?(?:核心|主要|重要|重点|关键)?(?:经济)?指标|来[说看]"
#: No figure is further from its name than this.
REACH = 40


class Cues:
    """The patterns around names, made of the cues of a lexicon."""

    def __init__(self, names: Names) -> None:
        adverb = f"(?:{_GOES_ON}|{_FOR_SO_LONG}|{names.alternation('adverb')})"
        trend = names.alternation("trend")
        step = f"(?:{_GOES_ON}|{_FOR_SO_LONG}|{names.alternation('adverb', 'trend')})"
        close = r"(?=[，。；！）\n”]|的(?=有|[^，。；\d]{0,4}\d|企业|县|区|镇|行业)|了|$|企业|县区|并|加快|乏力|态势|势头|趋势)"
        self.number = re.compile(rf"{step}{{0,7}}(?:{_COMPARED}{step}{{0,4}})?{_AMOUNT}")
        led = rf"{adverb}{{0,6}}(?:{_COMPARED}{adverb}{{0,3}})?(?:{trend}{adverb}{{0,5}}{_AMOUNT}|"
        self.trend = re.compile(rf"{led}{names.alternation('alone', 'state')}{close})")
        #: The same after a bare measure: 投资企稳回升 speaks of the activity.
        self.plain_trend = re.compile(rf"{led}{names.alternation('alone')}{close})")
        self.share = _SHARE
        self.listed = re.compile(rf"{_LIST_END}|(?:的)?(?:年度|全年)?{names.alternation('aim')}(?=[，。；、）\n]|$|完成|分解|考核|落实|任务)")
        self.thing = re.compile(names.alternation("thing"))
        self.always_thing = re.compile(names.alternation("thing-always"))
        #: A verb of change right before, the subject of its clause being none.
        self.change = re.compile(rf"{names.alternation('change')}(?:了|全社会|全市|全省|全县|全区|城乡|全国)?$")
        self.severally = re.compile(r"(?:全年|今年|上半年|将|要)?(?:分别|依次)")
        self.close = re.compile(rf"{names.alternation('close')}|\n|$")
        growth, mean = names.alternation("growth"), names.alternation("mean")
        join = "(?:、|和|及|与|以及)"
        more = rf"{growth}(?:{join}{growth})*"
        #: Measure nouns that follow a name and belong to its span, but not to its base.
        self.suffix = re.compile(rf"{mean}?{more}|{join}{more}")
        self.ends_in_suffix = re.compile(rf"{mean}?{more}$|{join}{more}$")
        #: A pace, which several names before it share: 生产总值、固定资产投资|增速.
        self.paced = re.compile(rf"{mean}?{names.alternation('pace')}$")
        #: What is driven to grow is the activity: 推动|投资|稳定增长.
        self.driver = re.compile(rf"{names.alternation('driver')}$")
        self.mean = re.compile(rf"{mean}$")
        self.collective = re.compile(rf"{names.alternation('collective')}$")


@lru_cache(maxsize=8)
def cues_of(names: Names) -> Cues:
    return Cues(names)
