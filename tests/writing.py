"""Numbers written in every style that documents have, for tests that read them back."""
from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

DIGITS = "零一二三四五六七八九"
_SCALES = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
#: What a figure before it counts: 3.5千万.
SCALES = {word: Decimal(10) ** power for power, word in enumerate(("十", "百", "千", "万", "十万", "百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿"), 1)}


def whole(number: int) -> str:
    """The usual reading of a whole number below 10^16."""
    if number < 10:
        return DIGITS[number]
    scale, word = next(pair for pair in _SCALES if number >= pair[0])
    high, low = divmod(number, scale)
    head = ("" if scale == 10 and high == 1 else whole(high)) + word
    return head + (("零" if low < scale // 10 else "") + whole(low) if low else "")


def chinese(number: Decimal) -> str:
    """十二点零五."""
    before, _, after = f"{number:f}".partition(".")
    return whole(int(before)) + ("点" + "".join(DIGITS[int(c)] for c in after) if after else "")


def one_by_one(number: Decimal) -> str:
    """二〇二六."""
    return "".join("〇一二三四五六七八九"[int(c)] for c in f"{number:f}" if c != ".")


#: The styles of any number.
STYLES: dict[str, Callable[[Decimal], str]] = {
    "figures": lambda x: f"{x:f}",
    "separated": lambda x: f"{x:,f}",
    "chinese": chinese,
    "financial": lambda x: chinese(x).translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")),
    "traditional": lambda x: chinese(x).translate(str.maketrans("二三六万亿点", "貳參陸萬億點")),
}


def cash(fen: int) -> str:
    """In yuan, jiao and fen: 十二元三角五分."""
    yuan, rest = divmod(fen, 100)
    jiao, fen = divmod(rest, 10)
    return whole(yuan) + "元" + (DIGITS[jiao] + "角" if jiao else "零" if fen else "") + (DIGITS[fen] + "分" if fen else "")


def scaled(number: Decimal) -> dict[str, Decimal]:
    """A small number before every scale, in figures and in words, and what that is."""
    return {render(number) + word: number * scale for word, scale in SCALES.items() for render in (STYLES["figures"], chinese)}
