"""Reading a document takes time in proportion to its length, whatever it holds.

Each layer by itself: processor time of n and of 4n characters, the least of up to three measurements, no more than
seven times as long. ``make laws`` goes up to a million characters.
"""
from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import settings

from duban import boilerplate, entities, sections, targets, tasks
from duban.view import TextView

#: A shorter time is too short to be compared.
LEAST, RATIO = 0.02, 7
LONG = settings.get_current_profile_name() == "laws"
PROSE = "过去一年，全市上下团结奋斗，各项工作取得新的成绩。"


def rows(words: str) -> Callable[[int], str]:
    return lambda n: words * (n // len(words))


#: What a hostile hand would send, and what copies are like: of a million characters.
HOSTILE: dict[str, Callable[[int], str]] = {
    **{f"the character {c}": rows(c) for c in ("一", "（", "、", "X", "的", "“", "：", "國", "…", "\u200b", "\n")},
    "digits": rows("1234567890"),
    "nested brackets": lambda n: "（" * (n // 2) + "）" * (n // 2),
    "headings": rows("一、抓好投资\n"),
    "headings in brackets": rows("（一）"),
    "annexes": rows("附件1\n"),
    "points": rows("一是稳，二是进。"),
    "points counted on": rows("一个是稳。" + "再一个是进，" * 40),
    "prose in one line": rows(PROSE),
    "prose with blanks": rows(PROSE * 3 + " "),
    "stray blanks": rows("全 市 "),
    "broken lines": rows(PROSE[:-1] + "\n"),
    "short lines": rows("抓好投资工作\n"),
    "controls": rows("打印\n"),
    "keys without values": rows("来源：\n"),
    "page numbers": rows(f"—1—\n{PROSE}\n"),
    "headings and prose": rows(f"（一）工业。{PROSE}\n1.修路。\n——更强。{PROSE}\n"),
}
#: What the later layers look for, over and over: names, figures, lists, orders, with stops and without.
RECORDS = {
    words: rows(words)
    for words in (
        "1", "市", "局", "万", "年", "和", "等", "%", "亿元", "X%", "翻番", "百分之", "1/2", "部门", "公司", "项目", "建设", "一是", "临澄县", "甲和乙、",
        "各县区、", "“甲”", "《甲》", "市发展改革委、", "市教育局 ", "（牵头单位：市教育局", "云岭青岚有限公司、", "推进临澄至青岚高速公路、",
        "青岚水库开工。该项目总投资3亿元。", "生产总值、", "生产总值增长6%", "生产总值增长6%，",
        "全市生产总值增长6%以上，粮食产量稳定在100万吨。", "甲县10个、", "6%、", "XX%、", "2024年", "2024年至", "加快建设青岚水库，确保6月底前完成。",
        "实施老旧小区改造。（市住建局牵头，6月底前完成）\n", "1.推进项目建设。\n",
    )
}


def seconds(text: str) -> dict[str, float]:
    """Processor time of each layer."""
    taken = {}

    @contextmanager
    def timed(layer: str) -> Iterator[None]:
        start = time.process_time()
        yield
        taken[layer] = time.process_time() - start

    with timed("view"):
        view = TextView(text)
    with timed("boilerplate"):
        marked = boilerplate.find(view)
    with timed("body"):
        body = view.without([(b.start, b.end) for b in marked])
    with timed("sections"):
        outline = sections.find(body)
    with timed("entities"):
        named = entities.find(body, sections=outline)
    with timed("targets"):
        figures = targets.find(body, named, outline, "2026-01-01")
    with timed("tasks"):
        tasks.find(body, outline, named, figures, "2026-01-01")
    return taken


def slow(make: Callable[[int], str], size: int) -> dict[str, tuple[float, float]]:
    """The layers that take more than ``RATIO`` times as long for four times the text, and how long."""
    least: list[dict[str, float]] = [{}, {}]
    wrong: dict[str, tuple[float, float]] = {}
    for _ in range(3):
        for kept, n in zip(least, (size, 4 * size), strict=True):
            kept.update({layer: min(taken, kept.get(layer, taken)) for layer, taken in seconds(make(n)).items()})
        small, large = least
        wrong = {layer: (small[layer], large[layer]) for layer in small if large[layer] > RATIO * max(small[layer], LEAST)}
        if not wrong:
            break
    return wrong


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    """What other tests left behind is not walked through again and again, and no lexicon is loaded in between."""
    seconds("一、抓好投资。市发改委牵头，6月底前完成青岚水库投资60亿元，增长X%。\n" * 9)
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts(name: str) -> None:
    assert not slow(HOSTILE[name], 250_000 if LONG else 10_000)


@pytest.mark.parametrize("words", RECORDS)
def test_records_without_end(words: str) -> None:
    assert not slow(RECORDS[words], 50_000 if LONG else 3_000)


@pytest.mark.skipif(not LONG, reason="part of `make laws`")
def test_a_hundred_thousand_headings() -> None:
    assert not slow(lambda n: "一、抓好投资\n" * n, 25_000)


@pytest.mark.skipif(not LONG, reason="part of `make laws`")
def test_ten_megabytes_in_one_line() -> None:
    text = PROSE * (10_000_000 // len(PROSE.encode()))
    assert len(text.encode()) > 9_999_000
    assert not slow(lambda n: text[:n], len(text) // 4)


def test_the_test() -> None:
    def square(n: int) -> str:
        start = time.process_time()
        while time.process_time() - start < 5e-11 * n * n:
            pass
        return ""

    class Slow(TextView):
        def __init__(self, text: str) -> None:
            super().__init__(square(len(text)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(globals(), "TextView", Slow)
        assert slow(rows("一"), 20_000).keys() == {"view"}
