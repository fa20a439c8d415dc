"""The value of a numeral: Arabic, Chinese or mixed, exact."""
from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = {c: i for i, row in enumerate(("零〇", "一壹幺弌", "二贰两兩貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")) for c in row}
SCALES = {"十": 10, "拾": 10, "廿": 20, "卅": 30, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_TOKEN = re.compile(rf"(?P<arabic>\d+(?:\.\d+)?)|(?P<digits>[{''.join(DIGITS)}]+)|(?P<point>[点點])|(?P<scale>[{''.join(SCALES)}])|(?P<other>.)", re.S)
# most figures: Arabic digits, at most one scale
_SIMPLE = re.compile(rf"(\d{{1,20}}(?:\.\d{{1,8}})?)([{''.join(SCALES)}]?)")
#: So many figures before the point are held exactly with four after it; nobody counts further.
_MOST = 24
#: No numeral is longer: what is, is a row of digits or of scales, and means nothing.
_LONGEST = 100
_DENSE = re.compile(rf"[{''.join(DIGITS)}]{{2,}}")


@lru_cache(maxsize=4096)  # the same few figures make up most of every text
def value_of(numeral: str) -> Decimal | None:
    """The value of ``numeral``, None where it is none or has more than 24 figures before the point.

    Digits without scales are read one by one (二〇二六); a last digit after a scale counts tenths of it (三百五 is 350).

    >>> [str(value_of(n)) for n in ("3.65万亿", "二千零二十六", "十二点五亿", "三百五", "1,234.5", "负二", "万一千")]
    ['3650000000000', '2026', '1250000000', '350', '1234.5', '-2', '11000']
    >>> value_of("若干") is None
    True
    """
    text = numeral.replace(",", "")
    if len(text) > _LONGEST:
        return None
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return plain(Decimal(simple[1]) * SCALES.get(simple[2], 1))
    negative = text[:1] in "负負-" and text != ""
    tokens = [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(text[1:] if negative else text.lstrip("正+"))]
    value = plain(_value(tokens))
    return -value if negative and value is not None else value


def plain(value: Decimal | None) -> Decimal | None:
    """Without an exponent and without zeros after the point; None past ``_MOST`` figures."""
    if value is None or not value.is_finite() or value.adjusted() >= _MOST:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def rounded(value: Decimal) -> Decimal:
    """To four places, and where that leaves fewer, to four figures.

    >>> [str(rounded(Decimal(n))) for n in ("0.33333", "1234.56789", "0.0000333333")]
    ['0.3333', '1234.5679', '0.00003333']
    """
    return value.quantize(Decimal((0, (1,), min(-4, value.adjusted() - 3))))


def _value(tokens: list[tuple[str, str]]) -> Decimal | None:
    if not tokens:
        return None
    top = wan = section = Decimal(0)  # above 亿, above 万, below
    number: Decimal | None = None
    last_scale = 0
    for i, (group, token) in enumerate(tokens):
        if group == "arabic" or group == "digits":
            if number is not None:
                return None
            if group == "arabic":
                number = Decimal(token)
            else:
                number = Decimal("".join(str(DIGITS[c]) for c in token))
        elif group == "point":
            following = tokens[i + 1] if i + 1 < len(tokens) else ("", "")
            if following[0] != "digits" or not i or tokens[i - 1][0] == "done":
                return None
            fraction = "".join(str(DIGITS[c]) for c in following[1])
            number = section + (number or 0) + Decimal(f"0.{fraction}")
            section = Decimal(0)
            tokens[i + 1] = ("done", "")
        elif group == "scale":
            scale = SCALES[token]
            if scale < 10**4:
                unit, extra = (10, scale // 10) if token in "廿卅" else (scale, 1)
                # 一千零十: a bare scale after 零 counts once
                section += (Decimal(extra) if number is None or (number == 0 and tokens[i - 1][0] == "digits") else number) * unit
                last_scale = unit
            else:
                below = section + (number or 0)
                if i == 0:  # 万亿: no figure before the scale, so one is meant
                    below = Decimal(1)
                if scale == 10**8:
                    top, wan = (top + wan + below) * scale, Decimal(0)
                else:
                    wan = (wan + below) * scale
                section, last_scale = Decimal(0), scale
            number = None
        elif group == "other":
            return None
    if number and last_scale >= 100 and tokens[-1][0] == "digits" and len(tokens[-1][1]) == 1 and tokens[-2][0] == "scale":
        number = number * last_scale / 10  # the elliptic digit of 三百五
    return top + wan + section + (number or 0)


def is_dense(numeral: str) -> bool:
    """Is it a row of Chinese digits without scales (二〇二六, 二一)?

    >>> is_dense("二〇二六"), is_dense("二十六")
    (True, False)
    """
    return bool(_DENSE.fullmatch(numeral))
