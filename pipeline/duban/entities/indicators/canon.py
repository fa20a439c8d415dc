"""The canonical name of an indicator: the base quantity, short forms written out, and the quantities of a coordination."""
from __future__ import annotations

import re
from functools import lru_cache

from duban.entities.indicators.cues import cues_of
from duban.entities.indicators.names import Names, default_lexicon, names_of
from duban.lexicon import Entry, Lexicon

_PLAIN = re.compile(r"(?:年均|年平均|平均)(?=浓度$|优良天数)|总(?=产量$|面积$)|(?<=.)总(?=规模$)|^地方(?=一般|财政)")
#: A yearly or monthly amount is an amount of the same quantity: 年产量.
_YEARLY = re.compile(
    r"^年(?!均|平均|度|龄)|(?<![少老青成中壮幼童近今去本上当])[年月](?=(?:产量|产能|产值|销量|发电量|出货量|飞行架次|营业收入|销售收入|销售额|收入|交易额)$)"
)
#: What is grown: 夏粮总产 is its 产量, 秋粮面积 its 播种面积; what is raised is counted: 生猪出栏量.
_HARVEST = ((re.compile("(?<=.)总产$"), "产量"), (re.compile("(?<=[粮麦稻豆])面积$"), "播种面积"), (re.compile("(?<=.)(?:年)?(出栏|存栏)$"), r"\1量"))
_CUT_FROM_NAME = re.compile(r"(?<!占)(?:全国|全省|全市|全区|全县|全州|我省|我市)")
_TAX_OF_BRANCH = re.compile(r"(?<=业)税收$")
_BARE_GDP = re.compile(r"(?<![区内民洋域统])生产总值")
_PART_OF_NAME = re.compile(r"(占.+)的(?=比重$|比例$|份额$)")
_RATIO = re.compile(r"[与和同].+(?:比率|比值|之比)$")
_EXAMPLES = re.compile(r"^[^等]*、[^等]*等")
#: Several branches summed up are one quantity: 光伏、锂电两大产业产值.
_SUMMED = re.compile(r"、.*(?:[两二三四五六七八九十\d]+大|[两二三四五六七八九十\d]+[个类项](?=[\u4e00-\u9fff]{0,4}(?:产业|行业|集群)))")
#: How many firms there are, and the trade with someone.
_COUNT = re.compile(r"(?<=企业)(?:总数|数)$")
_PARTNERS = re.compile(r"^对.+进出口额?$")
#: Letters of one scale: C、D级危房 are one class.
_GRADES = re.compile(r"^(?:[A-ZⅠ-Ⅴ]、)+[A-ZⅠ-Ⅴ]")
_SPLIT = re.compile(r"、|以及|和|与|及")
_BOTH = re.compile(r"^城乡居民(?=(?:人均)?(?:可支配)?收入)")
_ORDINALS = re.compile(r"^第?([一二三](?:[、和]?第?[一二三]){1,2})产(?=业?[\u4e00-\u9fff])")
_LIVESTOCK = "猪牛羊"


def canonical(text: str, lexicon: Lexicon | None = None) -> str | None:
    """The standard name of the base quantity of an indicator as it stands in a text; None for a coordination of several.

    >>> canonical("规上工业增加值增速")
    '规模以上工业增加值'
    >>> canonical("城乡居民人均可支配收入") is None
    True
    """
    return canonical_of(text, names_of(lexicon or default_lexicon()))


@lru_cache(maxsize=8192)
def canonical_of(text: str, names: Names) -> str | None:
    base = text
    for _ in range(2):
        if entry := names.known(base):
            return None if base_pair(entry) else canon_of(base, names)
        cut = cues_of(names).ends_in_suffix.sub("", base)
        if cut == base or not cut:
            break
        base = cut
    if _SUMMED.search(base):
        return canon_of(base, names)
    base = _EXAMPLES.sub("", base)
    return None if quantities(base, names) else canon_of(base, names)


def base_pair(entry: Entry) -> bool:
    """Is the entry a fixed coordination of two quantities?"""
    return entry.id.endswith("/pair")


def conjuncts(text: str, lexicon: Lexicon | None = None) -> list[str]:
    """The canonical names of what a coordinated indicator measures one by one, in order; [] when it is one quantity.

    Examples count as well as conjuncts: each number after 甲、乙等产业增加值 belongs to one of them.

    >>> conjuncts("城乡居民人均可支配收入")
    ['城镇居民人均可支配收入', '农村居民人均可支配收入']
    >>> conjuncts("一产、二产增加值")
    ['第一产业增加值', '第二产业增加值']
    >>> conjuncts("光伏、锂电等产业产值")
    ['光伏产业产值', '锂电产业产值']
    >>> conjuncts("工业投资、民间投资增速")
    ['工业投资', '民间投资']
    >>> conjuncts("对越南、泰国进出口")
    ['对越南进出口总额', '对泰国进出口总额']
    >>> conjuncts("存、贷款余额")
    ['存款余额', '贷款余额']
    >>> conjuncts("粮食产量")
    []
    """
    names = names_of(lexicon or default_lexicon())
    text = cues_of(names).ends_in_suffix.sub("", text) or text
    examples = _EXAMPLES.match(text)
    if not examples:
        return quantities(text, names)
    return [canon_of(word + text[examples.end():], names) for word in _parts(examples.group()[:-1], names)]


def quantities(text: str, names: Names) -> list[str]:
    entry = names.names.get(text)
    if entry and not base_pair(entry):
        return []
    if _BOTH.match(text):
        rest = text[len("城乡居民"):]
        return [canon_of(f"{who}居民{rest}", names) for who in ("城镇", "农村")]
    if text.startswith(_LIVESTOCK):
        return [canon_of(f"{kind}{text[3:]}", names) for kind in ("生猪", "牛", "羊")]
    if ordinals := _ORDINALS.match(text):
        return [canon_of(f"第{n}产业{text[ordinals.end():].removeprefix('业')}", names) for n in ordinals.group(1) if n in "一二三"]
    if _PARTNERS.search(text):
        partners = _parts(text[1:], names)
        return [canon_of(f"对{p}", names) for p in _distributed(partners, names)] if len(partners) > 1 else []
    parts = _parts(text, names)
    if len(parts) < 2 or "等" in text or text.endswith(names.whole) or any(p.search(text) for p in (_RATIO, _SUMMED, _GRADES)):
        return []
    return [canon_of(p, names) for p in _distributed(parts, names)]


def _parts(text: str, names: Names) -> list[str]:
    """``text`` at its joining words; those inside a known word (普及率, 旅游及相关产业) do not join."""
    inside = {i for h in names.scan(text) if h.entry.label != "INDICATOR_BOUND" and not base_pair(h.entry) for i in range(h.start, h.end)}
    out, at = [], 0
    for joint in _SPLIT.finditer(text):
        if joint.start() not in inside:
            out.append(text[at:joint.start()])
            at = joint.end()
    return [p for p in (*out, text[at:]) if p]


def canon_of(text: str, names: Names) -> str:
    """The canonical name of one quantity."""
    for name in (text, plain := _plain(text, names)):
        if known := names.known(name):
            return known.canon
    return plain


def _plain(text: str, names: Names) -> str:
    written = names.written_out(_BARE_GDP.sub("地区生产总值", text))
    written = _TAX_OF_BRANCH.sub("税收收入", written)
    plain = _PART_OF_NAME.sub(r"\1", _PLAIN.sub("", _CUT_FROM_NAME.sub("", written)))
    plain = _COUNT.sub("数量", _YEARLY.sub("", plain) or plain)
    for spoken, noun in _HARVEST:
        plain = spoken.sub(noun, plain)
    return f"{plain.removesuffix('额')}总额" if _PARTNERS.search(plain) else plain


def elliptical(words: str, noun: str, canon: str, names: Names) -> str | None:
    """The name of ``canon`` of ``words``, which end in ``noun``: 制造业贷款, 贷款, 贷款余额 make 制造业贷款余额.

    None where the name says already what it is of.
    """
    if canon.startswith(words):
        return None
    return canon_of(words + canon.removeprefix(noun), names)


def subject(canon: str, names: Names) -> str:
    """What a canonical name says is measured ("" if it names no measure or nothing known)."""
    words = canon[:_head(canon, names)]
    if words == canon or (canon in names.names and names.terms.get(words, "qualifier") == "qualifier"):
        return ""
    return words if any(h.entry.label in ("INDICATOR_TERM", "INDICATOR") for h in names.scan(words)) else ""


def twin(before: str, measure: str, names: Names) -> str:
    """What the measure before is of, where this one is its counterpart: 人民币|存款余额, 贷款余额."""
    words = before[:_head(before, names)]
    return words if words != before and before[-2:] == measure[-2:] and len(before) - len(words) == len(measure) else ""


def _head(part: str, names: Names) -> int:
    """Where the measure of ``part`` starts (its length if it has none)."""
    known = names.measures
    return next((i for i in range(len(part)) if part[i:] in known), len(part))


def _distributed(parts: list[str], names: Names) -> list[str]:
    """Every conjunct with what it shares with the others: a measure at the end or a thing at the front."""
    last = parts[-1]
    own = [_head(p, names) for p in parts]
    if len(parts[0]) == 1 and own[-1] == 0:
        return [*(p + last[1:] for p in parts[:-1]), last]  # 存、贷款余额
    if own[-1] == 0:
        thing = parts[0][:own[0]]
        return [parts[0], *(thing + p for p in parts[1:])]
    if own[0] < len(parts[0]) and (own[0] > 0 or parts[0] in names.names):
        return parts  # each has a measure of its own
    shared = _shared(parts, last, own[-1], names)
    return [*(_with_shared(p, shared) for p in parts[:-1]), last]


def _with_shared(part: str, shared: str) -> str:
    """``part`` and what of ``shared`` it does not have yet: 城市低保 and 低保标准."""
    overlap = next((n for n in range(len(shared), 0, -1) if part.endswith(shared[:n]) and (n > 1 or n == len(shared))), 0)
    return part + shared[overlap:]


def _shared(parts: list[str], last: str, measure: int, names: Names) -> str:
    """What the last conjunct has in common with those before: 居民收入 of 农村居民收入, 产业产值 of 生物医药产业产值."""
    terms = [last[:n] for n in range(min(10, len(last) - 1), 0, -1) if last[:n] in names.terms]
    named = next((t for t in terms if parts[0] + last[len(t):] in names.names), None)
    own = named or _namesake(parts, last[:measure], names) or (terms[0] if terms else last[:measure])
    return last[len(own):]


def _namesake(parts: list[str], thing: str, names: Names) -> str | None:
    """The conjunct proper of ``thing``: without 产业 where the others go without, without a tail one of them shares."""
    if thing.endswith("产业") and thing[:-2] in names.terms:
        return thing if any(p.endswith(("业", "经济")) for p in parts[:-1]) else thing[:-2]
    if parts[0] not in names.terms:
        return next((thing[:n] for n in range(len(thing) - 2, 0, -1) if names.terms.get(thing[:n]) and parts[0][-1:] == thing[n - 1:n]), None)
    return None
