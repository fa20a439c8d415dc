"""Reading a document takes time in proportion to its length, whatever it holds."""
from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from duban import boilerplate, entities, sections, targets, tasks
from duban.view import TextView

PROSE = "过去一年，全市上下团结奋斗，各项工作取得新的成绩。"
INPUTS: dict[str, Callable[[int], str]] = {
    **{f"the character {c}": lambda n, c=c: c * n for c in ("一", "（", "、", "X", "的", "“", "：", "國")},  # type: ignore[misc]
    "digits": lambda n: "1234567890" * (n // 10),
    "nested brackets": lambda n: "（" * (n // 2) + "）" * (n // 2),
    "headings": lambda n: "一、抓好投资\n" * (n // 7),
    "headings in brackets": lambda n: "（一）" * (n // 3),
    "annexes": lambda n: "附件1\n" * (n // 4),
    "points": lambda n: "一是稳，二是进。" * (n // 8),
    "points counted on": lambda n: ("一个是稳。" + "再一个是进，" * 40) * (n // 245),
    "prose in one line": lambda n: PROSE * (n // len(PROSE)),
    "prose with blanks": lambda n: (PROSE * 3 + " ") * (n // (3 * len(PROSE) + 1)),
    "stray blanks": lambda n: "全 市 " * (n // 4),
    "broken lines": lambda n: (PROSE[:-1] + "\n") * (n // len(PROSE)),
    "short lines": lambda n: "抓好投资工作\n" * (n // 7),
    "controls": lambda n: "打印\n" * (n // 3),
    "keys without values": lambda n: "来源：\n" * (n // 4),
    "page numbers": lambda n: f"—1—\n{PROSE}\n" * (n // (len(PROSE) + 5)),
    "headings and prose": lambda n: f"（一）工业。{PROSE}\n1.修路。\n——更强。{PROSE}\n" * (n // 75),
}


def seconds(text: str) -> float:
    """Processor time of view, boilerplate, body and outline."""
    start = time.process_time()
    view = TextView(text)
    body = view.without([(b.start, b.end) for b in boilerplate.find(view)])
    sections.find(body)
    return time.process_time() - start


@pytest.mark.parametrize("name", INPUTS)
def test_four_times_the_text_takes_no_more_than_seven_times_the_time(name: str) -> None:
    make, size = INPUTS[name], 20_000
    gc.collect()
    gc.freeze()  # what other tests left behind is not walked through again and again
    try:
        small, large = (min(seconds(make(n)) for _ in range(3)) for n in (size, 4 * size))
    finally:
        gc.unfreeze()
    assert large <= 7 * max(small, 0.01)


@pytest.mark.parametrize("name", [n for n in INPUTS if n.startswith("the character")] + ["digits", "nested brackets", "prose in one line"])
def test_a_million_characters_take_less_than_five_seconds(name: str) -> None:
    assert seconds(INPUTS[name](1_000_000)) < 5


def test_a_hundred_thousand_headings_take_less_than_ten_seconds() -> None:
    assert seconds("一、抓好投资\n" * 100_000) < 10


#: What the later layers look for, over and over: names, figures, lists, orders, with stops and without.
RECORDS: dict[str, Callable[[int], str]] = {
    words: lambda n, words=words: words * (n // len(words))  # type: ignore[misc]
    for words in (
        "一", "（", "、", "X", "的", "“", "1", "市", "局", "万", "年", "和", "等", "%", "项目", "建设", "一是", "临澄县", "甲和乙、", "各县区、", "“甲”",
        "《甲》", "市发展改革委、", "市教育局 ", "（牵头单位：市教育局", "云岭青岚有限公司、", "推进临澄至青岚高速公路、", "青岚水库开工。该项目总投资3亿元。",
        "生产总值、", "生产总值增长6%", "生产总值增长6%，", "全市生产总值增长6%以上，粮食产量稳定在100万吨。", "甲县10个、", "6%、", "XX%、",
        "2024年", "2024年至", "加快建设青岚水库，确保6月底前完成。", "实施老旧小区改造。（市住建局牵头，6月底前完成）\n", "1.推进项目建设。\n",
    )
}


def later_seconds(text: str) -> float:
    """Processor time of entities, targets and tasks."""
    body = TextView(text)
    outline = sections.find(body)
    start = time.process_time()
    named = entities.find(body, sections=outline)
    figures = targets.find(body, named, outline, "2026-01-01")
    tasks.find(body, outline, named, figures, "2026-01-01")
    return time.process_time() - start


@pytest.mark.parametrize("words", RECORDS)
def test_entities_targets_and_tasks_take_time_in_proportion(words: str) -> None:
    make, size = RECORDS[words], 5_000
    assert any(later_seconds(make(4 * size)) <= 7 * max(later_seconds(make(size)), 0.02) for _ in range(3))
