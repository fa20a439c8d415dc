"""INDICATOR: the names of measured quantities, from a lexicon of names and a grammar for composed ones.

A composed name ends in a measure (增加值, 装机容量, 覆盖率, 占比 …) and reaches to the left over what it measures,
up to a word that cannot be part of a name: a verb, a scope, a time, punctuation. The lexicon has

- ``INDICATOR``: whole names (地区生产总值); ``when`` says what must follow for a mention to count,
- ``MEASURE``: what composed names end in; ``composed`` is the condition with something measured before it,
  ``when`` the condition alone,
- ``INDICATOR_TERM``: industries, products, people, matters, qualifiers: never cut, and what may be coordinated,
- ``INDICATOR_BOUND``: words a name does not reach across.

Conditions are ``always``, ``measured`` (a number, a rank or a trend follows), ``number`` and ``never``.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from duban.lexicon import Entry, Hit, Lexicon
from duban.matches import Entity, Span, Why
from duban.view import TextView

LABELS = ("INDICATOR", "MEASURE", "INDICATOR_TERM", "INDICATOR_BOUND")

#: No part of a composed name is longer than this (characters before its measure).
_LONGEST = 20
_LONGEST_LIST = 120
_JOIN = "、和与及"
#: Words of one character that open a stretch without belonging to the name: 促|消费, 对|外贸, 12|家|企业.
_LEADS = frozenset(
    "促稳扩增减降提升破超达过近保对居共以用到至自未不没无极太即就则可要能会想敢比上下前后内外里个家项户条件起名多余创同跟需应地得较约逾仅已"
    "均向往按据凭靠年月日有在抓看给含除若再更最很称中亿万元届次批期"
)
_DIGITS = frozenset("0123456789一二两三四五六七八九十百千万亿余多")
_CLASSIFIERS = frozenset("种类家个项户条件起名座所只头亩")
_AGED = re.compile(r"[0-9]+(?:[—-][0-9]+)?岁(?:及?以[上下])?$")
_SOME_PLACES = re.compile(r"[\u4e00-\u9fff]{0,4}?[两二三四五六七八九十]+[市县区州]")
#: Whose figure it is stays outside: 白沙镇|完成率.
_PLACE_FIRST = re.compile(r"[\u4e00-\u9fff*]{1,3}?(?:省|市|县|镇|街道)(?![级域场民属内外])")
_NO_PLACE = ("城市", "都市", "上市", "门市", "股市", "城镇", "乡镇", "集镇", "全县")
_MEAN_FIRST = re.compile(r"(?:年均|月均|日均|平均)(?=.{3})")
_STOP = re.compile(r"[^\u4e00-\u9fffA-Za-zⅠ-Ⅴ·+&_]")
_LATIN = re.compile(r"（[A-Za-z0-9_.]{2,8}）$")
_QUOTED = re.compile(r"“[^“”，。；：、]{1,8}”$")

_GROWTH = r"(?:增速|增幅|涨幅|降幅|增长率|增长速度|增量|总量|提升幅度|占比提升幅度|提高幅度)"
#: Measure nouns that follow a name and belong to its span, but not to its base.
_SUFFIX = re.compile(rf"(?:同比|年均|月均|平均|[两三]年平均|累计|名义|实际|年度)?{_GROWTH}(?:(?:、|和|及|与|以及){_GROWTH})*")
_SUFFIX_AFTER_JOIN = re.compile(rf"(?:、|和|及|与|以及){_GROWTH}(?:(?:、|和|及|与|以及){_GROWTH})*")
_ENDS_IN_SUFFIX = re.compile(
    rf"(?:同比|年均|月均|平均|[两三]年平均|累计|名义|实际|年度)?{_GROWTH}(?:(?:、|和|及|与|以及){_GROWTH})*$|(?:、|和|及|与|以及){_GROWTH}(?:(?:、|和|及|与|以及){_GROWTH})*$"
)

_NUMBER = (
    r"(?:[0-9*]|[Xx]+(?:%|[亿万个家户人元项]|\.)|第(?:[0-9*]+|[一二三四五六七八九十]+)(?:[位名]|[，。；、）\n])|前(?:[0-9*]|[一二三四五六七八九十])|倒数|末位|首位|末尾|最后|前列|后面|低位|高位|第一方阵|百分之|两位数|翻[一两二三]?番|过半|半数|一半|年度计划|[十百千万亿]+(?=元|亩|吨|人|户|千瓦|斤|美元)|"
    r"[一二两三四五六七八九十百千半]+(?:成|倍|分之|位数|个百分点|[十百千万亿]+|以上))"
)
_ADVERB = (
    r"(?:分别|双双|依次|虽然|虽|要|必须|应|需|只有|仅有|再|均|都|也|已经|已|仅|只|约|近|超过|超|逾|将|可|再|又|还|首次|一举|连续|持续|稳步|稳定|大幅度?|明显|显著|快速|较快|进一步|不断|逐步|实际|同口径|"
    r"同比|环比|年均|平均|累计|合计|总计|总共|共|预计|力争|争取|确保|全年|今年|去年|上半年|历史性|总体|基本|实现|完成|保持|继续|率先|由|从|为|是|在|到|至|有望|有|不足|不到|"
    r"全面|全部|新增|净增|高达|多达|方面|目标|在此基础上|每[人月年户亩天次秒]|止跌|、(?=增长|下降|提高)|（[^）\n]{1,12}）|(?:较|比)[^，。；、\n]{1,10}?|位?居?(?:全国|全省|全市|全区|全县|西北|西南|华东|中部|西部|东部|东北|世界|全球|我国)|"
    r"，(?=[^，。；\n]{0,6}(?:增长|下降|达到?|居|排|完成|提高)))"
)
_TREND = (
    r"(?:正增长|负增长|井喷式增长|增长|增加|上升|上涨|回升|提高|提升|提标|下降|减少|降低|下滑|回落|压减|压降|压缩|缩短|延长|拉长|缩小|收窄|扩大|突破|超过|超|达到|达|占|居|位居|位列|排名|排在|排|列|"
    r"处于|落在|高于|低于|优于|快于|好于|大于|小于|不低于|不少于|不高于|不超过|控制在|稳定在|保持在|维持在|翻番|翻|跃升|跃居|降至|降到|升至|增至|接近|走在|争|创|跨|达标|过|翻倍|保持|降|升|增)"
)
#: A trend without a number counts where it is all that is said of the quantity.
_ALONE = (
    r"(?:[极偏较很最]?[高低大小多少]|不[高低大小多足]|靠[前后]|靠后|领先|落后|低位运行|高位运行|末位|垫底|难以提[升高]|(?:基本)?同步|"
    r"(?:正增长|负增长|增长|上升|上涨|回升|提高|提升|下降|减少|降低|下滑|回落|压减|缩短|延长|拉长|缩小|收窄|扩大|翻番|翻倍|提标(?:进位|扩面)?))(?=[，。；！）\n]|了|$|并|加快|乏力)"
)
#: What follows a name that is measured: a number or a rank, or else a trend.
_NUMBER_FOLLOWS = re.compile(rf"(?:{_ADVERB}|{_TREND}){{0,7}}{_NUMBER}")
_TREND_FOLLOWS = re.compile(rf"{_ADVERB}{{0,6}}(?:{_TREND}{_ADVERB}{{0,5}}{_NUMBER}|{_ALONE})")
_SHARE_FOLLOWS = re.compile(r"的(?:[0-9]+(?:\.[0-9]+)?%|[一二三四五六七八九]+成|[一二三四五六七八九十]+分之|一半|百分之)")
_LISTED = re.compile(r"等(?:\d+项)?(?:核心|主要|重要|重点|关键)?(?:经济)?指标|来[说看]")
_NEXT_NAME = re.compile(r"(?:、|和|与|及|以及)")
#: Right before a quantity that stands alone: 新增|20万吨|产能.
_AMOUNT_BEFORE = re.compile(r"[0-9十百千万亿](?:吨|千瓦|兆瓦|吉瓦|平方米|亩|辆|台|头|方)$")
#: After these the words before name a thing, not a quantity: 投资项目, 出口企业, 利润空间.
_NOT_BEFORE = re.compile(
    r"(?:项目|企业|基金|环境|活力|促进|主体|审批|推介|商品|产品|基地|加工|通道|退税|信用|管制|潜力|空间|大省|大县|大市|强省|强市|平台|公司|集团|机构|服务|贸易|合作|便利|体系|机制|政策|制度|改革|行动|工程|计划|"
    r"任务|布局|环节|能力|质量|结构|方式|意愿|力度|渠道|信息|法|人士|方|者|商(?!务)|银行|部门|市场(?!份额|占有)|单位|优势|安全|监管|管理|调节)"
)
#: Not even a name that always counts does so before these.
_THING_FOLLOWS = re.compile(r"(?:项目|企业|活力|政策|工作|先(?=[^进])|领|(?:和强度)?双控|世界)")
_SENTENCE_END = re.compile(r"[。；！？\n]")
#: Measures that say themselves of what they are.
_WHOLE = frozenset(("投资", "总投资", "投资额", "交易额", "财政收入", "投资强度", "税收收入", "招商引资到位资金"))
_PART = "indicator-part-of-whole"
_MEAN = re.compile(r"(?:同比|年均|月均|[两三]年平均|平均|累计|名义|实际)$")
_SEVERAL = ("批零住餐", "批零餐住")
_LATER = re.compile(r"[，、；]$")
#: What may stand before a whole name as whose quantity it is.
_OWNERS = frozenset(("sector", "product", "people", "qualifier"))
_CLASS_NOUN = re.compile(r"(?:企业|项目|园区|县区|市县|市州|地区|乡镇|行业|单位|部门)$")
#: Verbs that stand inside a part or whole as nouns: 对经济增长的贡献率.
_NOUNLIKE = frozenset(("增长", "发展", "建设", "消费", "收入"))
_CUT_FROM_NAME = re.compile(r"(?<!占)(?:全国|全省|全市|全区|全县|全州|我省|我市)")
_BARE_GDP = re.compile(r"(?<![区内民])生产总值")
_PART_OF_NAME = re.compile(r"(占.+)的(?=比重$|比例$|份额$)")
_PART_OF = re.compile(r"占[^，。；：！？、\n占（）]{2,20}?的?$")
_SHARE_OF = re.compile(r"对[^，。；：！？、\n对（）]{2,16}?的?$")
_RATIO_TO = re.compile(r"(?:与|和|同)[^，。；：！？、\n与和（）]{2,16}?的?$")
#: Measures of a part, a share or a ratio, and how the other quantity stands before them.
_ACROSS: dict[str, tuple[re.Pattern[str], ...]] = {
    **dict.fromkeys(("比重", "比例", "份额", "占比"), (_PART_OF,)),
    **dict.fromkeys(("贡献率", "贡献度", "贡献份额"), (_SHARE_OF,)),
    **dict.fromkeys(("比值", "之比"), (_RATIO_TO,)),
    "比率": (_PART_OF, _RATIO_TO),
}
_EXPANDED = (
    ("规上", "规模以上"), ("限上", "限额以上"), ("固投", "固定资产投资"), ("GDP", "地区生产总值"), ("一产", "第一产业"),
    ("二产", "第二产业"), ("三产", "第三产业"),
    ("高铁", "高速铁路"), ("医保", "医疗保险"), ("低保", "最低生活保障"), ("战新产业", "战略性新兴产业"), ("研发经费", "研究与试验发展经费"),
    ("研发投入", "研究与试验发展经费投入"), ("专项债", "专项债券"), ("社零", "社会消费品零售"), ("技改投资", "技术改造投资"), ("国企", "国有企业"),
)
_SHORT = re.compile("|".join(f"{re.escape(a)}(?!{re.escape(b[len(a):])})" if b.startswith(a) else re.escape(a) for a, b in _EXPANDED))
_LONG = dict(_EXPANDED)
_PLAIN = re.compile(r"(?:年均|年平均|平均)(?=浓度$)|年(?=产量$|产值$|收入$)|总(?=产量$|面积$)|^地方(?=一般|财政)")
_SECTOR_BASE = {"外贸": "进出口总额", "消费": "社会消费品零售总额", "投资": "固定资产投资", "工业": "规模以上工业增加值"}


class _Names(NamedTuple):
    """The lexicon's entries of these labels, and their patterns by class."""

    lexicon: Lexicon
    terms: dict[str, str]
    measures: dict[str, Entry]
    names: dict[str, Entry]


@cache
def default_lexicon() -> Lexicon:
    """The packaged lexicon of indicators."""
    return Lexicon.load("indicators")


@lru_cache(maxsize=8)
def _names(lexicon: Lexicon) -> _Names:
    own = lexicon.labelled(*LABELS)
    terms: dict[str, str] = {}
    measures: dict[str, Entry] = {}
    names: dict[str, Entry] = {}
    for entry in own:
        for pattern in (entry.pattern, *entry.get("aliases", ())):
            if entry.label == "INDICATOR_TERM":
                terms[pattern] = entry.get("class", "")
            elif entry.label == "MEASURE":
                measures[pattern] = entry
            elif entry.label == "INDICATOR":
                names[pattern] = entry
    return _Names(own, terms, measures, names)


class _Reading:
    """One pass over a text: the hits by where they end, read from right to left."""

    def __init__(self, text: str, names: _Names) -> None:
        self.text, self.names = text, names
        self.hits = names.lexicon.scan(text)
        self.ending = {hit.end: hit for hit in self.hits}

    def matches(self) -> Iterator[Entity]:
        """The indicators, last one first."""
        limit = len(self.text)
        for hit in reversed(self.hits):
            if hit.end > limit:
                continue
            found = None
            if hit.entry.label in ("INDICATOR", "MEASURE"):
                found = self._match(hit, limit)
            elif hit.entry.pattern in ("增速", "增幅"):
                found = self._sector_growth(hit)
            if found:
                yield found
                limit = found.start

    # the span ------------------------------------------------------------------------------------------------

    def _match(self, hit: Hit, limit: int) -> Entity | None:
        end = self._with_suffix(hit.end)
        if end > limit:
            end = hit.end
        start, rule = self._start(hit)
        if not rule:
            return None
        condition = self._condition(hit, start)
        if not self._holds(condition, hit, start, end, limit):
            return None
        return self._entity(start, end, hit, rule)

    def _with_suffix(self, end: int) -> int:
        match = _SUFFIX.match(self.text, end) or _SUFFIX_AFTER_JOIN.match(self.text, end)
        return match.end() if match else end

    def _start(self, hit: Hit) -> tuple[int, str]:
        if hit.entry.label == "INDICATOR":
            start = self._over_terms(hit.start, _OWNERS)
            first = self._first_class(self.text[start:hit.end])
            joined = self._over_conjuncts(start, first, examples=False)
            return joined, "indicator-coordination" if joined < start else "indicator-name"
        across = self._across(hit)
        if across is not None:
            return across, _PART if across < hit.start else ""
        stem = hit.start
        if hit.entry.pattern == "率" and (verb := self.ending.get(stem)) and verb.entry.get("class") == "verb" and len(verb.entry.pattern) > 1:
            stem = verb.start  # 修复|率: a rate of doing something
        start = self._with_partner(self._after_list(self._over_words(stem), hit.start), hit)
        if hit.start - start < 2 and hit.entry.pattern == "率":
            return hit.start, ""
        joined = self._over_conjuncts(start, self._first_class(self.text[start:hit.end]))
        return joined, "indicator-coordination" if joined < start else "indicator-composed" if start < hit.start else "indicator-measure"

    def _after_list(self, start: int, end: int) -> int:
        """A class noun that closes a list of names is not part of the indicator: 甲、乙等重点企业|产值."""
        if start and self.text[start - 1] == "等" and _CLASS_NOUN.search(self.text, start, end) and self._over_conjuncts(start, "*") == start:
            return end
        return start

    def _with_partner(self, start: int, hit: Hit) -> int:
        """Trade with someone and undertakings with someone name the partner: 对…国家进出口, 与…合作项目投资规模."""
        before, words = self.text[start - 1:start], self.text[start:hit.start]
        partner = (before == "对" and ("进出口" in self.text[start:hit.end] or hit.entry.pattern == "贸易额")) or (before == "与" and "合作" in words)
        return start - 1 if partner and start < hit.start else start

    def _across(self, hit: Hit) -> int | None:
        """Where "A占B的", "A对B的" or "A与B的" before the measure starts."""
        floor = max(0, hit.start - 24)
        match = next((m for p in _ACROSS.get(hit.entry.pattern, ()) if (m := p.search(self.text, floor, hit.start))), None)
        if match is None or any(
            h.entry.get("class") == "verb" and len(h.entry.pattern) > 1 and h.entry.pattern not in _NOUNLIKE
            for h in self._between(match.start() + 1, hit.start)
        ):
            return None
        at = match.start()
        before = self.ending.get(at)
        start = self._over_terms(before.start, _OWNERS) if before and before.entry.label == "INDICATOR" else self._over_words(at)
        if start == at:
            return at if match.group()[0] == "对" else hit.start
        return self._over_conjuncts(start, self._first_class(self.text[start:at]))

    def _between(self, start: int, end: int) -> Iterator[Hit]:
        at = end
        while at > start:
            hit = self.ending.get(at)
            if hit:
                yield hit
                at = hit.start
            else:
                at -= 1

    def _over_terms(self, at: int, classes: frozenset[str] | None = None) -> int:
        """Leftwards over known words only (of these classes)."""
        floor = at - 2 * _LONGEST
        while at > floor and (hit := self.ending.get(at)) and hit.entry.label == "INDICATOR_TERM" and (classes is None or hit.entry.get("class") in classes):
            at = hit.start
        return at

    def _over_conjunct(self, at: int) -> int:
        """Leftwards over one conjunct: known words, or a whole name."""
        begin = self._over_terms(at)
        hit = self.ending.get(begin)
        return hit.start if begin == at and hit and hit.entry.label == "INDICATOR" else begin

    def _over_words(self, start: int) -> int:
        """Leftwards over what can be part of a name, known or not, up to a bound."""
        at, text = start, self.text
        while at > 0:
            if start - at > _LONGEST:
                return self._over_terms(start)
            hit = self.ending.get(at)
            if hit:
                if hit.entry.label == "INDICATOR_BOUND":
                    break
                at = hit.start
                if hit.entry.label == "INDICATOR":
                    return self._over_terms(at, _OWNERS)
                continue
            if text[at - 1] == "）" and (latin := _LATIN.search(text, max(0, at - 10), at)):
                at = latin.start()
                continue
            if text[at - 1] == "”":
                quoted = _QUOTED.search(text, max(0, at - 10), at)
                if not quoted:
                    break
                at = quoted.start()
                continue
            if _STOP.match(text[at - 1]):
                break
            at -= 1
        return self._trimmed(at, start)

    def _trimmed(self, at: int, end: int) -> int:
        """Without the one-character words before the name proper."""
        starts = {h.start: h for h in self._between(at, end)}
        if aged := _AGED.search(self.text, max(0, at - 12), at):
            return aged.start()
        if places := _SOME_PLACES.match(self.text, at, end):
            at = places.end()
        if at and self.text[at - 1] in _DIGITS and self.text[at] in _CLASSIFIERS:
            at += 1
        if (place := _PLACE_FIRST.match(self.text, at, end)) and not place.group().endswith(_NO_PLACE):
            at = place.end()
        while at < end and (mean := _MEAN_FIRST.match(self.text, at, end)):
            at = mean.end()
        while at < end and at not in starts and self.text[at] in _LEADS:
            at += 1
        if end - at == 1 and at not in starts:
            return end
        return at

    def _first_class(self, words: str) -> str:
        """The class of the first word that is no mere qualifier."""
        terms, at = self.names.terms, 0
        while at < len(words):
            known = next((words[at:at + n] for n in range(min(10, len(words) - at), 0, -1) if words[at:at + n] in terms), "")
            if not known or terms[known] != "qualifier":
                return terms.get(known, "")
            at += len(known)
        return ""

    def _over_conjuncts(self, start: int, first: str, *, examples: bool = True) -> int:
        """Leftwards over "甲、乙和", "甲、乙等" where every conjunct is a known word of the kind of what follows."""
        text, at = self.text, start
        if examples and at and text[at - 1] == "等" and (hit := self.ending.get(at)) and hit.entry.pattern == "等":
            at, first = at - 1, "*"
        elif not first:
            return start
        elif at and text[at - 1] in _JOIN and at - (2 if text[at - 2:at] == "以及" else 1) > 0:
            at -= 2 if text[at - 2:at] == "以及" else 1
        else:
            return start
        reached = start
        while start - reached < _LONGEST_LIST:
            begin = self._over_conjunct(at) if first == "*" else self._over_terms(at)
            kind = self._last_class(at)
            if begin == at or not self._alike(kind, first) or not self._bounded(begin):
                return reached
            reached, first = begin, first if first == "*" else self._first_class(text[begin:at])
            if not begin or text[begin - 1] not in _JOIN:
                return reached
            at = begin - 1
        return reached

    def _last_class(self, at: int) -> str:
        hit = self.ending.get(at)
        return str(hit.entry.get("class", "")) if hit and hit.entry.label == "INDICATOR_TERM" else ""

    @staticmethod
    def _alike(a: str, b: str) -> bool:
        goods = ("sector", "product")
        return b == "*" or a == b != "" or (a in goods and b in goods)

    def _bounded(self, at: int) -> bool:
        """Is ``at`` where a name can start: after a bound, punctuation or a number?"""
        hit = self.ending.get(at)
        return at == 0 or (hit is not None and hit.entry.label == "INDICATOR_BOUND") or bool(_STOP.match(self.text[at - 1])) or self.text[at - 1] in _LEADS

    # whether it counts ---------------------------------------------------------------------------------------

    def _condition(self, hit: Hit, start: int) -> str:
        entry = hit.entry
        if entry.label == "INDICATOR":
            return str(entry.get("when", "always"))
        return str(entry.get("composed" if start < hit.start else "when", "never"))

    def _holds(self, condition: str, hit: Hit, start: int, end: int, limit: int) -> bool:
        if condition == "never":
            return False
        if _THING_FOLLOWS.match(self.text, end):
            return False
        if condition == "always" or (end > hit.end and condition == "measured"):
            return True
        if _NOT_BEFORE.match(self.text, end):
            return False
        number = condition != "trend" and _NUMBER_FOLLOWS.match(self.text, end, end + 40)
        if number or condition == "number":
            return bool(number)
        if _TREND_FOLLOWS.match(self.text, end, end + 40) or _SHARE_FOLLOWS.match(self.text, end) or _LISTED.match(self.text, end):
            return True
        if start == hit.start and _AMOUNT_BEFORE.search(self.text, max(0, start - 6), start):
            return True
        join = _NEXT_NAME.match(self.text, end)
        if join is not None and join.end() == limit:
            return True
        if start != hit.start or hit.entry.pattern[-1] not in "率度比" or self.text[start - 1:start] not in tuple(_JOIN):
            return False
        before = self.ending.get(start - 1)
        return before is not None and before.entry.label in ("INDICATOR", "MEASURE")

    def _sector_growth(self, hit: Hit) -> Entity | None:
        """A branch of the economy and its growth: 服务业增速."""
        mean = _MEAN.search(self.text, max(0, hit.start - 5), hit.start)
        end = mean.start() if mean else hit.start
        last = self.ending.get(end)
        if last is None or last.entry.get("class") != "sector":
            return self._same_again(hit)
        start = self._over_terms(end)
        words = self.text[start:end]
        joined = self._over_conjuncts(start, "sector")
        canon = None if joined < start or words in _SEVERAL else _SECTOR_BASE.get(words, f"{_expanded(words)}增加值")
        return _indicator(joined, self._with_suffix(end), canon, None, "indicator-sector-growth")

    def _same_again(self, hit: Hit) -> Entity | None:
        """A measure and its growth after the full name in the same sentence: 建筑业增加值…，增加值增速."""
        base = self.ending.get(hit.start)
        if base is None or base.entry.label != "MEASURE" or not _LATER.search(self.text, max(0, base.start - 40), base.start):
            return None
        if self.text.find(base.entry.pattern, max(0, base.start - 40), base.start) < 0 or self._over_words(base.start) < base.start:
            return None
        return _indicator(base.start, self._with_suffix(hit.start), base.entry.canon, base.entry.id, "indicator-measure", base)

    # what it is called ---------------------------------------------------------------------------------------

    def _entity(self, start: int, end: int, hit: Hit, rule: str) -> Entity:
        canon = canonical(self.text[start:end], self.names.lexicon)
        return _indicator(start, end, canon, hit.entry.id, rule, hit)


def _indicator(start: int, end: int, canon: str | None, ref: str | None, rule: str, hit: Hit | None = None) -> Entity:
    evidence = {"measure": (Span(hit.start, hit.end),)} if hit else {}
    return Entity(start, end, "INDICATOR", ref, canon, None, None, Why(rule, ref, evidence))


def find(view: TextView, lexicon: Lexicon | None = None) -> list[Entity]:
    """The indicators of ``view`` in text order.

    >>> view = TextView("全市规上工业增加值增速达到8.5%，新能源装机占比提高2个百分点。")
    >>> [(view.text[e.start:e.end], e.canon) for e in find(view)]
    [('规上工业增加值增速', '规模以上工业增加值'), ('新能源装机占比', '新能源装机占比')]
    """
    names = _names(lexicon or default_lexicon())
    found = list(_Reading(view.text, names).matches())
    found.reverse()
    return _completed(view.text, found, names)


def _completed(text: str, found: list[Entity], names: _Names) -> list[Entity]:
    """A measure that stands alone is that of what was measured before it in the sentence: 新能源投资…、装机规模…."""
    out: list[Entity] = []
    for match in found:
        before = out[-1] if out else None
        if before and before.canon and match.why.rule == "indicator-measure" and match.canon and match.start - before.end <= 40:
            subject = _subject(before.canon, names)
            if subject and len(match.canon) <= 4 and match.canon not in _WHOLE and not _SENTENCE_END.search(text, before.end, match.start):
                match = replace(match, canon=_canon_of(subject + match.canon, names))
        out.append(match)
    return out


def _subject(canon: str, names: _Names) -> str:
    """What a canonical name says is measured ("" if it names no measure or nothing measured)."""
    subject = canon[:_head(canon, names)]
    return subject if subject != canon and (canon not in names.names or names.terms.get(subject, "qualifier") != "qualifier") else ""


def _joined(words: str) -> bool:
    return any(c in words for c in "、和与及等")


def _expanded(words: str) -> str:
    return _SHORT.sub(lambda m: _LONG[m.group()], words)


def canonical(text: str, lexicon: Lexicon | None = None) -> str | None:
    """The standard name of the base quantity of an indicator as it stands in a text; None for a coordination of several.

    >>> canonical("规上工业增加值增速")
    '规模以上工业增加值'
    >>> canonical("城乡居民人均可支配收入") is None
    True
    """
    names = _names(lexicon or default_lexicon())
    base = text
    for _ in range(2):
        if entry := names.names.get(base) or names.measures.get(base):
            return None if base_pair(entry) else entry.canon
        cut = _ENDS_IN_SUFFIX.sub("", base)
        if cut == base or not cut:
            break
        base = cut
    if conjuncts(base, lexicon):
        return None
    return _canon_of(_EXAMPLES.sub("", base), names)


def base_pair(entry: Entry) -> bool:
    """Is the entry a fixed coordination of two quantities?"""
    return entry.id.endswith("/pair")


#: What is measured of several things together: 营商环境和廉政建设评价指标.
_UNDIVIDED = ("水平", "指标", "情况", "状况", "成效", "得分")
_RATIO = re.compile(r"[与和同].+(?:比率|比值|之比)$")
_EXAMPLES = re.compile(r"^[^等]*、[^等]*等")
_SPLIT = re.compile(r"、|以及|和|与|及")
_BOTH = re.compile(r"^城乡居民(?=(?:人均)?(?:可支配)?收入)")


def conjuncts(text: str, lexicon: Lexicon | None = None) -> list[str]:
    """The canonical names a coordinated indicator is made of, in order; [] when it is one quantity.

    >>> conjuncts("城乡居民人均可支配收入")
    ['城镇居民人均可支配收入', '农村居民人均可支配收入']
    >>> conjuncts("一产、二产增加值")
    ['第一产业增加值', '第二产业增加值']
    >>> conjuncts("粮食产量")
    []
    """
    names = _names(lexicon or default_lexicon())
    text = _ENDS_IN_SUFFIX.sub("", text) or text
    if text in names.names and not base_pair(names.names[text]):
        return []
    if _BOTH.match(text):
        rest = text[len("城乡居民"):]
        return [_canon_of(f"{who}居民{rest}", names) for who in ("城镇", "农村")]
    if text.startswith("猪牛羊"):
        return [_canon_of(f"{kind}{text[3:]}", names) for kind in ("生猪", "牛", "羊")]
    parts = _parts(text, names)
    if len(parts) < 2 or "等" in text or text.endswith(_UNDIVIDED) or _RATIO.search(text):
        return []
    return [_canon_of(p, names) for p in _distributed(parts, names)]


def _parts(text: str, names: _Names) -> list[str]:
    """``text`` at its joining words; those inside a known word (普及率, 旅游及相关产业) do not join."""
    inside = {i for h in names.lexicon.scan(text) if h.entry.label != "INDICATOR_BOUND" and not base_pair(h.entry) for i in range(h.start, h.end)}
    out, at = [], 0
    for joint in _SPLIT.finditer(text):
        if joint.start() not in inside:
            out.append(text[at:joint.start()])
            at = joint.end()
    return [p for p in (*out, text[at:]) if p]


def _canon_of(text: str, names: _Names) -> str:
    entry = names.names.get(text)
    if entry:
        return entry.canon
    plain = _PART_OF_NAME.sub(r"\1", _PLAIN.sub("", _CUT_FROM_NAME.sub("", _expanded(_BARE_GDP.sub("地区生产总值", text)))))
    known = names.names.get(plain) or names.measures.get(plain)
    return known.canon if known else plain


def _head(part: str, names: _Names) -> int:
    """Where the measure of ``part`` starts (its length if it has none)."""
    known = names.measures
    return next((i for i in range(len(part)) if part[i:] in known), len(part))


def _distributed(parts: list[str], names: _Names) -> list[str]:
    """Every conjunct with what it shares with the others: a measure at the end or a thing at the front."""
    last = parts[-1]
    own = [_head(p, names) for p in parts]
    if own[-1] == 0 or (all(i < len(p) for i, p in zip(own, parts, strict=True)) and own[-1] == 0):
        thing = parts[0][:own[0]]
        return [parts[0], *(thing + p for p in parts[1:])]
    if own[0] < len(parts[0]) and own[0] > 0:
        return parts  # each has a measure of its own
    terms = [last[:n] for n in range(min(10, len(last) - 1), 0, -1) if last[:n] in names.terms]
    term = next((t for t in terms if parts[0] + last[len(t):] in names.names), terms[0] if terms else "")
    shared = last[len(term):] if term else last[own[-1]:]
    return [*(p + shared for p in parts[:-1]), last]
