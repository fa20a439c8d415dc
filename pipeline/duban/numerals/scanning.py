"""Finding numbers: cores, scales, units, suffixes, ranges and lists; refusing what is no amount.

How it goes: ``_CORE`` tells where a number may start; ``_single`` reads one number there with its unit, ``_amount`` a range
too; ``_share_units`` hands an elided unit back to the numbers before it; ``refusal`` names what speaks against an amount.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from duban.lexicon import Lexicon
from duban.matches import Span
from duban.numerals.reading import DIGITS, plain, rounded, value_of
from duban.numerals.refusal import REASONS, refusal
from duban.numerals.units import Vocabulary, own, vocabulary

__all__ = ["REASONS", "Numeral", "find", "read", "scan"]


class Numeral(NamedTuple):
    """A number in text: ``start``–``end`` with its unit and suffix, ``digits`` the figure alone.

    ``value`` is in the unit named (60亿元 is 6000000000 元), the lower bound of a range whose upper is ``value_max``; None
    when ``redacted``. ``form``: amount, scale (千亿: no figure before the scale), rank, percent (成), fraction, multiple
    (翻番), digits (两位数). ``bound``: the comparator stated within the span, "" if none. ``reason``: why it is no amount.
    """

    start: int
    end: int
    value: Decimal | None
    value_max: Decimal | None
    unit: str
    dimension: str
    redacted: bool
    form: str
    bound: str
    digits: Span
    reason: str | None = None


#: No amount has more figures; a longer row is a number in the sense of a number plate.
_LONGEST = 24
_MOST_DOUBLINGS = 20
_D = "".join(DIGITS)
# 千 opens 千瓦, 千米, 千克 … when one of these follows; then it is part of the unit
_QIAN = "[千仟](?![瓦米克伏卡帕赫焦])"
_SCALE = f"(?:[十拾百佰万萬亿億]|{_QIAN})"
_ARABIC = r"\d{1,3}(?:,\d{3}){1,8}(?!\d)(?:\.\d{1,24})?|\d{1,40}(?:\.\d{1,24})?"
_MASKED = r"(?=\d{0,4}[*Xx×])\d{0,4}[*Xx×]{1,6}(?![*Xx×\d])(?:\.[*Xx×\d]{1,4})?|\d{1,8}\.\d{0,3}[*Xx×]{1,4}(?!\d)"
_APPROXIMATE = "多余几来"
_APPROX = f"[{_APPROXIMATE}]"
# spoken: 30个亿, 20多个亿; but 3个亿元项目 are projects
_SPOKEN = f"(?:{_APPROX}?个|个多)亿(?![元级吨斤度千立平美日欧港])(?!以上的?[项企])"
_TAIL = rf"(?:{_SPOKEN}|{_APPROX}?{_SCALE}{{1,4}}(?:\d{{1,4}}(?:\.\d{{1,9}})?{_SCALE}{{1,2}}){{0,6}})?"
_CHINESE = rf"(?:[{_D}廿卅]|{_SCALE}){{1,24}}(?:[点點][{_D}]{{1,12}}{_SCALE}{{0,3}})?(?:{_APPROX}{_SCALE}{{1,4}}){{0,2}}(?:{_SPOKEN})?"
_FIGURE = re.compile(rf"(?:(?:{_MASKED})|(?:{_ARABIC})){_TAIL}|{_CHINESE}")
_CORE = (
    rf"翻(?:了|至|近|超|约|将近|超过|[一二两三四五六七八九十几]|\d{{1,6}}(?:\.\d{{1,4}})?){{0,4}}番|[两双三四]位数|一多?半|半数|(?<=[过超])半(?![一-鿿])|百分百(?![一-鿿])|(?<![一-鿿\d])半成(?![品熟])|倒数第|末(?=[二两三四五六七八九十\d]+[位名])|最后[一二两三四五六七八九十\d]+[位名]"
    rf"|(?:[第前]|(?<![退落靠往向殿滞])后)(?=[\d{_D}十百*Xx×])"
    rf"|(?:(?<![减增担肩背欠抱自重轻压纳身])[负負]|(?:(?<=[为是长降率幅了比，（：、])|\A|(?<=\n))-(?=\d))?(?=[\d*Xx×{_D}十拾百佰千仟万萬亿億廿卅])"
)
# a class is found at once, an alternation is tried at every character: so what it may begin with first, then it from there
_OPENS = re.compile(rf"[翻最倒末第前后半负負\-\d*Xx×双{_D}十拾百佰千仟万萬亿億廿卅](?<=(?=({_CORE})).)")
_SUFFIX = re.compile("(?:（含）)?(?:[及或])?(以上|以下|以内|之内|之上|之下|左右|上下|以前|之前)(?:（含）)?")
# 以上, 及以上, （含）以上, 左右, 上下, 之内
_SUFFIX_OPENS = frozenset("（及或以之左上")
_BOUND = {"以上": ">=", "之上": ">=", "以下": "<", "之下": "<", "以内": "<=", "之内": "<=", "左右": "~", "上下": "~", "以前": "<=", "之前": "<="}
_BEFORE_LETTER = re.compile(r"[A-Za-z_.\d*×]")
_RANGE, _RANGE_OPENS = re.compile(r"[—\-~–]{1,2}|至|到"), frozenset("—-~–至到")
_LIST = re.compile("[、和及与或]|以及")
_RANK = re.compile(rf"(?P<head>倒数第|第|前|后|末)(?P<low>\d+|[*Xx×]{{1,3}}|[{_D}十百]+)(?:(?:[—\-~–至到])第?(?P<high>\d+|[{_D}十百]+))?(?P<tail>名|位(?!置))?")
_LAST = re.compile(rf"最后(?P<low>\d+|[{_D}十]+)[位名]")
_SMALL_MONEY = re.compile(rf"(?:(?P<jiao>[{_D}])角)?(?:零?(?P<fen>[{_D}])分(?![都也不]))?(?<=[角分])[整正]?|[整正](?![一-鿿])")
_MIXED = re.compile(rf"又(?P<base>\d{{1,6}}|[{_D}十百千]{{1,8}})分之(?P<top>\d{{1,6}}|[{_D}十百千]{{1,8}})")
# 九折 is 90 % of the price
_DISCOUNT = re.compile(rf"(?P<low>\d(?:\.\d{{1,2}})?|[{_D}](?:[点點][{_D}]|[{_D}])?)折(?![线叠页断射返磨腰服合损旧])")
# most figures: Arabic digits and at most one scale
_PLAIN = re.compile("[0-9.]+[十百千万亿]?")
_APPROXIMATELY, _DIGIT, _MASK, _SCALES_ONLY = re.compile(_APPROX), re.compile(r"\d"), re.compile("[*Xx×]"), re.compile("[十百千万亿]+")
_STROKE = re.compile(r"([1-9])/([2-9]|10)(?![\d/年月日.])")
_TERM = r"\d{1,4}(?:\.\d{1,4})?|[*Xx×]{1,2}(?:\.[*Xx×]{1,2})?"
_COLONS = frozenset(":：∶")
_RATIO = re.compile(rf"(?P<above>{_TERM})[:：∶比](?P<below>{_TERM})(?!\d|[:：∶.]\d)")
_RATIO_NAMED = re.compile(r"(?:比(?![赛分试拼武照])|系数|倍差)[^，。；、：:∶\d]{0,8}(?:\d[\d.]{0,5}[:：∶]\d{1,2}[^，。；、：:∶\d]{1,6})?$")
_RATIO_AFTER = re.compile("的?(?:比例|比率|配比)")
_DOUBLING = re.compile(r"翻了?至?(?P<about>近|将近|超过?|约)?(?P<times>[一二两三四五六七八九十几]|\d+(?:\.\d+)?)?番")
_TENTHS = re.compile(
    rf"(?P<low>[{_D}十]|\d{{1,24}}(?:\.\d{{1,24}})?)(?:[点點](?P<point>[{_D}]))?成(?P<more>半|[{_D}](?!成))?(?![立为员功果绩本长熟效都分型品交才就名串套渝片家])"
)
_PAIR = re.compile(rf"(?P<tens>十)?(?P<a>[{_D}])(?P<b>[{_D}])(?P<scale>[十百千万亿]*)")
_DIGITS_FROM = {"两": Decimal(10), "双": Decimal(10), "三": Decimal(100), "四": Decimal(1000)}
_LEVEL = re.compile("级(?![别领导以干人联教])")
_CLASS_NOUN = re.compile("县|[城园地景]?区|[强大名]?市(?!场)|镇|园|产业|企业|集群|项目|级|规模|台阶|大关|强企|投资|工程|支柱|俱乐部|平台|航空|物流|元")


_HALVES = {"一半": "", "半数": "", "半": ">", "一多半": ">"}
_MORE = re.compile("[多余](?!少)|有余")


def scan(text: str, lexicon: Lexicon | None = None) -> list[Numeral]:
    """Every number of ``text`` in order, the refused with their ``reason`` (one of ``REASONS``)."""
    return list(_scanned(text, own(lexicon)))


@lru_cache(maxsize=1)  # where figures are redacted, names and targets ask one after the other
def _scanned(text: str, lexicon: Lexicon | None) -> tuple[Numeral, ...]:
    out = list(_numerals(text, vocabulary(lexicon)))
    _share_units(text, out)
    return tuple(_judged(text, n) for n in out)


def find(text: str, lexicon: Lexicon | None = None) -> list[Numeral]:
    """The numbers of ``text`` that state an amount."""
    return [n for n in scan(text, lexicon) if n.reason is None]


def read(text: str, lexicon: Lexicon | None = None) -> Numeral | None:
    """The number that ``text`` is from end to end; None if it is none. No context, so nothing is refused.

    >>> n = read("5%—5.5%")
    >>> str(n.value), str(n.value_max), n.unit
    ('5', '5.5', '%')
    """
    for numeral in _numerals(text, vocabulary(lexicon)):
        return numeral._replace(reason=None) if (numeral.start, numeral.end) == (0, len(text)) else None
    return None


def _judged(text: str, n: Numeral) -> Numeral:
    reason = n.reason or refusal(text, n.start, n.end, n.unit, n.dimension, n.form, n.digits)
    return Numeral(*n[:-1], reason) if reason else n


def _numerals(text: str, known: Vocabulary) -> Iterator[Numeral]:
    at = 0
    while opening := _OPENS.search(text, at):
        start, core = opening.start(), opening[1]
        if start and not "一" <= text[start - 1] <= "鿿" and _letter_before(text, start):
            found = None
        else:
            found = _at(text, start, core, known) if core else _amount(text, start, known)
        if found is None:
            at = start + max(len(core), 1)
        else:
            yield found
            at = found.end


def _letter_before(text: str, start: int) -> bool:
    before = text[start - 1]
    if before == "/" and start > 1 and text[start - 2].isdigit():
        return True  # 7.1/10万: the base of a rate
    return not "一" <= text[start] <= "鿿" and before != "*" and _BEFORE_LETTER.match(before) is not None


def _at(text: str, start: int, core: str, known: Vocabulary) -> Numeral | None:
    first = text[start]
    if first == "翻":
        return _doubling(text, start)
    if core.endswith("位数"):
        return _finished(text, start, start + 3, _DIGITS_FROM[first], "%", "percent", "digits", bound=">=")
    if core in _HALVES:
        return _finished(text, start, start + len(core), Decimal("0.5"), "", "fraction", "fraction", bound=_HALVES[core])
    if core == "半成":
        return _finished(text, start, start + 2, Decimal(5), "%", "percent", "percent")
    if core == "百分百":
        return _finished(text, start, start + 3, Decimal(100), "%", "percent", "amount")
    if core.startswith("最后"):
        match = _LAST.match(text, start)
        return match and _finished(text, start, match.end(), value_of(match["low"]), "位", "rank", "rank", digits=Span(*match.span("low")))
    if first in "第前后末" or core == "倒数第":
        return _rank(text, start)
    return _amount(text, start, known)


def _finished(text: str, start: int, end: int, value: Decimal | None, unit: str, dimension: str, form: str, *, bound: str = "",
              value_max: Decimal | None = None, redacted: bool = False, digits: Span | None = None, reason: str | None = None) -> Numeral:
    """A numeral with the suffix that follows ``end``; of two bounds the suffix wins."""
    suffix = _SUFFIX.match(text, end) if text[end:end + 1] in _SUFFIX_OPENS else None
    before = suffix is not None and suffix[1] in ("以前", "之前")
    if before and unit in ("名", "位"):
        unit, dimension, form = "位", "rank", "rank"
    if suffix and (not before or form == "rank"):
        end, bound = suffix.end(), _BOUND[suffix[1]]
    return Numeral(start, end, value, value_max, unit, dimension, redacted, form, bound, digits or Span(start, end), reason)


def _doubling(text: str, start: int) -> Numeral | None:
    match = _DOUBLING.match(text, start)
    if not match:
        return None
    times = value_of((match["times"] or "1").replace("几", "1")) or Decimal(1)
    if times > _MOST_DOUBLINGS:
        return None
    value = (Decimal(2) ** times).quantize(Decimal("0.0001"))
    bound = {"近": "<", "将近": "<", "约": "~"}.get(match["about"], ">") if match["about"] else ""
    return _finished(text, start, match.end(), plain(value), "倍", "multiple", "multiple", bound=bound)


def _rank(text: str, start: int) -> Numeral | None:
    match = _RANK.match(text, start)
    if not match:
        return None
    head, tail, end = match["head"], match["tail"], match.end()
    if head in ("前", "后") and not tail and (head == "后" or _figure_goes_on(text, end)):
        return None
    low = value_of(match["low"])
    masked = _MASK.search(match["low"]) is not None
    if low is None and not masked:
        return None
    high = value_of(match["high"]) if match["high"] else None
    bound = "<=" if head == "前" else ""
    if high is not None and (low is None or low >= high):
        high = None
    digits = Span(start + len(head), match.end("high" if match["high"] else "low"))
    return _finished(text, start, end, low, "位", "rank", "rank", bound=bound, value_max=high, redacted=masked, digits=digits)


def _figure_goes_on(text: str, at: int) -> bool:
    """After 前三 without 位: does a unit or a noun follow, so that it is no rank?"""
    return at < len(text) and (("一" <= text[at] <= "鿿" and text[at] not in "的之行列强和及与或外以内") or text[at] in ".%")


def _amount(text: str, start: int, known: Vocabulary) -> Numeral | None:
    part = _single(text, start, known)
    if part is None or part.bound or text[part.end:part.end + 1] not in _RANGE_OPENS or part.form not in ("amount", "percent"):
        return part
    join = _RANGE.match(text, part.end)
    if join and join.end() < len(text):
        other = _single(text, join.end(), known)
        return (other and _range(part, other, join[0])) or part
    return part


def _range(low: Numeral, high: Numeral, join: str) -> Numeral | None:
    """``low``–``high`` as one number; None where they are two."""
    if (low.unit and low.unit != high.unit) or high.form not in ("amount", "percent") or (not high.unit and join in "至到-"):
        return None
    if low.redacted or high.redacted:
        return high._replace(start=low.start, value=None, redacted=True, digits=Span(low.digits.start, high.digits.end)) if high.unit else None
    if low.value is None or high.value is None:
        return None
    value = low.value
    if not low.unit and value < high.value and high.value >= 1000:
        value = _shared_scale(value, high)
    if value >= high.value:
        return None
    return high._replace(start=low.start, value=value, value_max=high.value, digits=Span(low.digits.start, high.digits.end))


def _shared_scale(value: Decimal, other: Numeral) -> Decimal:
    """3 in 3至5亿元 is 300 million: the scale of the other number, where reading it so keeps the two close."""
    if other.value is None:
        return value
    for scale in (Decimal(10) ** 12, Decimal(10) ** 11, Decimal(10) ** 8, Decimal(10) ** 7, Decimal(10) ** 4):
        if other.value >= scale and value * scale < other.value * 10 and value < 10000 and (other.value / scale) < 10000:
            return plain(value * scale) or value
    return value


def _single(text: str, start: int, known: Vocabulary) -> Numeral | None:
    """The number at ``start`` with its unit."""
    negative = text[start] in "负負-"
    figure = _FIGURE.match(text, start + negative)
    if not figure or len(figure[0]) > _LONGEST:
        return None
    words, end = figure[0].replace("个", ""), figure.end()
    follows = text[end:end + 1]
    other = _SPECIAL[follows](text, start + negative, figure) if follows in _SPECIAL else None
    if other:
        return _negative(other, start) if negative else other
    spoken, masked, approximate, value, value_max, large, scales = _value(words)
    if value is None and not masked:
        return None
    bound, read = ">" if approximate else "", known.careful if spoken or masked else known.read
    if approximate or not follows or follows not in _APPROXIMATE:
        unit = read(text, end)
    else:
        unit = read(text, end + 1)
        if (unit or (follows == "多" and large)) and (follows in "多余" or words[-1] in "十百千万亿" or words.endswith("00")):
            end, bound = end + 1, ">"
        else:
            unit = None
    if negative and value is not None:
        value = -value
    form = "scale" if scales and not bound and (unit or words not in ("百", "千")) else "amount"
    name = dimension = ""
    if unit:
        base, note, per = unit.group("base", "note", "per")
        stated = known.units[base]
        name, dimension, end = stated.name, stated.dimension, unit.end()
        if base.startswith("个多"):
            bound = ">"
        if note:
            name += note
        if per:
            name += "/" + per
        small = _SMALL_MONEY.match(text, end) if name == "元" else None
        if small and value is not None:
            end = small.end()
            value = plain(value + Decimal(DIGITS.get(small["jiao"] or "零", 0)) / 10 + Decimal(DIGITS.get(small["fen"] or "零", 0)) / 100)
        if dimension == "multiple" and text.startswith("多", end):
            end, bound = end + 1, ">"
        if text.startswith("半", end) and value is not None and dimension not in ("time", "count", "percent"):
            value, end = value + Decimal("0.5"), end + 1
    if value_max is not None:
        bound = bound or "~"
    elif text.startswith("级", end) and _LEVEL.match(text, end) and _may_be_a_class(large, dimension):
        end, bound = end + 1, ">="
    elif form == "scale" and not unit and not masked and words.endswith("亿") and _CLASS_NOUN.match(text, end):
        bound = bound or ">="
    if not unit and (words.endswith("亿") if form == "scale" else large):
        dimension = "bare"
    return _finished(text, start, end, value, name, dimension, form, bound=bound, value_max=value_max, redacted=masked, digits=Span(start, figure.end()))


def _negative(n: Numeral, start: int) -> Numeral:
    """The number with the sign before it: 负百分之三."""
    return n._replace(start=start, value=None if n.value is None else -n.value, digits=Span(start, n.digits.end))


def _may_be_a_class(large: bool, dimension: str) -> bool:
    """千亿级, 300万吨级, 100兆瓦级; ``large``: is the figure one of 万 or 亿?"""
    return dimension in ("power", "energy", "voltage", "mass") or (large and dimension in ("", "currency", "mass", "area"))


class _Value(NamedTuple):
    """What the words of a figure say: ``spoken`` where no digit is Arabic, ``large`` where they end in 万 or 亿.

    ``scale``: are they scales and nothing else (千亿)?
    """

    spoken: bool
    masked: bool
    approximate: bool
    low: Decimal | None
    high: Decimal | None
    large: bool
    scale: bool


@lru_cache(maxsize=4096)  # the same few figures make up most of every text
def _value(words: str) -> _Value:
    """三四十 is 30 to 40, 三十几 more than 30."""
    large = words[-1] in "万亿萬億"
    if _PLAIN.fullmatch(words):
        return _Value(False, False, False, value_of(words), None, large, False)
    spoken, masked, approximate = _DIGIT.search(words) is None, _MASK.search(words) is not None, _APPROXIMATELY.search(words) is not None
    low, high = (None, None) if masked else _bounds(words)
    return _Value(spoken, masked, approximate, low, high, large, words != "十" and _SCALES_ONLY.fullmatch(words) is not None)


def _bounds(words: str) -> tuple[Decimal | None, Decimal | None]:
    pair = _PAIR.fullmatch(words)
    if pair and DIGITS[pair["b"]] - DIGITS[pair["a"]] == 1 and "零" not in words and "〇" not in words:
        head, scale = pair["tens"] or "", pair["scale"]
        if head or scale or DIGITS[pair["a"]]:
            return value_of(head + pair["a"] + scale), value_of(head + pair["b"] + scale)
    return value_of(_APPROXIMATELY.sub("", words)), None


def _tenths(text: str, start: int, _: re.Match[str]) -> Numeral | None:
    """三成, 两成五, 3.5成."""
    match = _TENTHS.match(text, start)
    low = value_of(match["low"]) if match else None
    if not match or low is None or low > 10:
        return None
    value = low * 10
    if match["point"]:
        value += DIGITS[match["point"]]
    if match["more"]:
        value += 5 if match["more"] == "半" else DIGITS[match["more"]]
    more = _MORE.match(text, match.end())
    return _finished(text, start, more.end() if more else match.end(), plain(value), "%", "percent", "percent", bound=">" if more else "")


def _fraction(text: str, start: int, below: re.Match[str]) -> Numeral | None:
    """三分之一, 百分之二十."""
    if not text.startswith("分之", below.end()):
        return None
    above = _FIGURE.match(text, below.end() + 2)
    if not above:
        return None
    base, (_, masked, _, top, *_) = value_of(below[0]), _value(above[0])
    if (top is None and not masked) or not base or base < 1:
        return None
    digits = Span(start, above.end())
    if base == 100:
        end = above.end()
        approx = ">" if text.startswith("多", end) else ""
        return _finished(text, start, end + len(approx), top, "%", "percent", "amount", bound=approx, redacted=masked, digits=digits)
    if base == 1000 and top is not None:
        return _finished(text, start, above.end(), top, "‰", "permille", "amount", digits=digits)
    if top is None:
        return None
    return _finished(text, start, above.end(), plain(_quotient(top, base)), "", "fraction", "fraction", digits=digits)


def _mixed(text: str, start: int, whole: re.Match[str]) -> Numeral | None:
    """三又二分之一."""
    part = _MIXED.match(text, whole.end())
    if not part:
        return None
    count, top, base = value_of(whole[0]), value_of(part["top"]), value_of(part["base"])
    if count is None or top is None or not base:
        return None
    return _finished(text, start, part.end(), plain(count + _quotient(top, base)), "", "fraction", "fraction")


def _stroke(text: str, start: int, _: re.Match[str]) -> Numeral | None:
    """2/3."""
    match = _STROKE.match(text, start)
    if not match or (start and text[start - 1] in "/\\"):
        return None
    return _finished(text, start, match.end(), _quotient(Decimal(match[1]), Decimal(match[2])), "", "fraction", "fraction")


def _discount(text: str, start: int, _: re.Match[str]) -> Numeral | None:
    """九折, 八五折."""
    match = _DISCOUNT.match(text, start)
    if not match:
        return None
    words = match["low"]
    if len(words) == 2 and words.isalpha():
        value: Decimal | None = Decimal(DIGITS[words[0]]) + Decimal(DIGITS[words[1]]) / 10  # 五五折
    else:
        value = value_of(words)
    return None if value is None else _finished(text, start, match.end(), plain(value * 10), "%", "percent", "percent")


def _ratio(text: str, start: int, _: re.Match[str]) -> Numeral | None:
    """收入比2.1:1, and what stands against one: 按1比0.5的比例配套; no ratio is told where none is named: 上午9:30."""
    match = _RATIO.match(text, start)
    if text[start - 1:start] in _COLONS and start:
        return None  # 8.1:35.2:56.7 is no ratio of two
    if not match or not (_RATIO_NAMED.search(text, max(0, start - 24), start) or _RATIO_AFTER.match(text, match.end())):
        return None
    above, below = value_of(match["above"]), value_of(match["below"])
    value = None if above is None or not below else plain(below if above == 1 else _quotient(above, below))
    masked = _MASK.search(match[0]) is not None
    return None if value is None and not masked else _finished(text, start, match.end(), value, "", "ratio", "amount", redacted=masked)


#: What the character after a figure may make of it; each reads it from its start, or gives None.
_SPECIAL = {"成": _tenths, "折": _discount, "分": _fraction, "又": _mixed, "/": _stroke, ":": _ratio, "：": _ratio, "∶": _ratio, "比": _ratio}


def _quotient(top: Decimal, base: Decimal) -> Decimal:
    """Exact where it ends, else rounded (三分之一 is 0.3333)."""
    exact = top / base
    return exact if exact * base == top and len(exact.as_tuple().digits) < 12 else rounded(exact)


def _share_units(text: str, out: list[Numeral]) -> None:
    """Give the numbers before a comma of enumeration the unit of the number after it (3.1、2.7和2.2个百分点)."""
    for i in range(len(out) - 2, -1, -1):
        n, after = out[i], out[i + 1]
        if n.unit or n.form != "amount" or not after.unit or after.form != "amount" or (after.dimension == "time" and not text[n.start].isdigit()):
            continue
        join = _LIST.match(text, n.end)
        if text[max(0, n.start - 2):n.start] in ("个过", "家过", "户过", "个超", "家超", "户超"):
            continue  # 3个过五百亿、2个过千亿产业
        lone = n.end - n.start == 1 and not text[n.start].isdigit() and after.dimension in ("count", "time")
        if not join or join.end() != after.start or lone:
            continue
        value = n.value
        if value is not None and after.value is not None and n.dimension != "bare" and value < 1000 <= after.value:
            value = _shared_scale(value, after)
        out[i] = n._replace(unit=after.unit, dimension=after.dimension, value=value)


