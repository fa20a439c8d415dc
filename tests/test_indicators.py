"""duban.entities.indicators: the case table, canonical names, conjuncts, and what the table cannot say."""
from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from duban.entities import indicators
from duban.lexicon import Lexicon
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/indicators.jsonl").read_text(encoding="utf-8").splitlines()]
NAMES = indicators.default_lexicon().labelled("INDICATOR")
MEASURES = indicators.default_lexicon().labelled("MEASURE")


def found(text: str) -> list[tuple[str, str | None]]:
    view = TextView(text)
    return [(view.text[e.start:e.end], e.canon) for e in indicators.find(view)]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['rule']}: {c['text']}")
def test_case(case: dict) -> None:
    view = TextView(case["text"])
    matches = indicators.find(view)
    assert [[view.text[e.start:e.end], e.canon] for e in matches] == case["found"]
    assert (case["rule"] in {e.why.rule for e in matches}) is not case["guards"]


def test_every_rule_has_two_cases_on_both_sides() -> None:
    fired = {e.why.rule for c in CASES for e in indicators.find(TextView(c["text"]))}
    assert fired == {c["rule"] for c in CASES}
    for rule in fired:
        for guards in (False, True):
            assert sum(c["guards"] is guards for c in CASES if c["rule"] == rule) >= 2, (rule, guards)


@pytest.mark.parametrize("entry", list(NAMES), ids=lambda e: e.pattern)
def test_every_name_and_its_aliases_are_found_whole_with_one_canon(entry) -> None:
    if entry.get("when") == "trend" or entry.id.endswith("/pair"):
        return
    for name in (entry.pattern, *entry.get("aliases", ())):
        assert found(f"全市{name}12.5%。")[:1] == [(name, entry.canon)], name


@pytest.mark.parametrize("entry", [e for e in MEASURES if e.get("composed") == "always" and e.pattern != "率"], ids=lambda e: e.pattern)
def test_every_measure_takes_what_it_measures(entry) -> None:
    ((text, _), *_) = found(f"全市蓝莓{entry.pattern}下降12.5%。")
    assert text.startswith("蓝莓")
    assert text.endswith(entry.pattern)


@pytest.mark.parametrize("entry", [*NAMES, *MEASURES], ids=lambda e: e.pattern)
def test_entries_say_which_way_is_better_and_when_they_count(entry) -> None:
    assert entry.get("better") in (None, "up", "down")
    assert entry.get("when", "always") in ("always", "measured", "number", "trend", "never")


@pytest.mark.parametrize(("text", "canon"), [
    ("规上工业增加值增速", "规模以上工业增加值"),
    ("GDP增速", "地区生产总值"),
    ("经济总量", "地区生产总值"),
    ("外贸进出口总值", "进出口总额"),
    ("PM2.5平均浓度", "PM2.5浓度"),
    ("地方一般公共预算收入", "一般公共预算收入"),
    ("农村居民收入增速", "农村居民人均可支配收入"),
    ("高铁营业里程", "高速铁路营业里程"),
    ("蓝莓年产量", "蓝莓产量"),
    ("旅游业占地区生产总值的比重", "旅游业占地区生产总值比重"),
    ("水果、蔬菜等设施农业产值", "设施农业产值"),
    ("一产、二产增加值", None),
    ("城乡居民收入", None),
])
def test_canonical(text: str, canon: str | None) -> None:
    assert indicators.canonical(text) == canon


@pytest.mark.parametrize(("text", "conjuncts"), [
    ("城乡居民人均可支配收入", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
    ("城镇、农村居民人均可支配收入", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
    ("一产、二产、三产增加值", ["第一产业增加值", "第二产业增加值", "第三产业增加值"]),
    ("生产安全事故起数和死亡人数", ["生产安全事故起数", "生产安全事故死亡人数"]),
    ("进出口、出口总额", ["进出口总额", "出口总额"]),
    ("水稻、玉米和大豆产量", ["水稻产量", "玉米产量", "大豆产量"]),
    ("猪牛羊出栏量", ["生猪出栏量", "牛出栏量", "羊出栏量"]),
    ("粮食播种面积和产量", ["粮食播种面积", "粮食产量"]),
    ("粮食产量", []),
    ("卫生厕所普及率", []),
    ("社会消费品零售总额总量、增速", []),
    ("社会物流总费用与地区生产总值的比率", []),
    ("城乡居民收入比", []),
    ("信息化和工业化融合发展水平", []),
])
def test_conjuncts(text: str, conjuncts: list[str]) -> None:
    assert indicators.conjuncts(text) == conjuncts


def test_a_bare_measure_is_that_of_what_was_measured_before_it() -> None:
    assert found("新能源投资增长70%、装机规模增长38%。") == [("新能源投资", "新能源投资"), ("装机规模", "新能源装机规模")]
    assert found("新能源投资增长70%。装机规模增长38%。")[1] == ("装机规模", "装机规模")


def test_an_added_name_is_found() -> None:
    lexicon = indicators.default_lexicon() + Lexicon.of([{"label": "INDICATOR", "pattern": "幸福里程碑指数", "canon": "幸福指数"}])
    assert [e.canon for e in indicators.find(TextView("幸福里程碑指数居全省第一。"), lexicon)] == ["幸福指数"]


def test_time_grows_with_the_text_only() -> None:
    def seconds(times: int) -> float:
        view = TextView("工业、农业、服务业和建筑业" * times + "增加值占比增速" * times)
        start = time.process_time()
        indicators.find(view)
        return time.process_time() - start

    seconds(10)
    assert seconds(8000) < 40 * max(seconds(1000), seconds(1000), 0.05)
