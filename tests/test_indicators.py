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


def test_every_name_and_its_aliases_are_found_whole_with_one_canon() -> None:
    missed = []
    for entry in NAMES:
        if entry.get("when") == "trend" or entry.id.endswith("/pair") or entry.get("of") or entry.get("about"):
            continue
        missed += [name for name in (entry.pattern, *entry.get("aliases", ())) if found(f"全市{name}12.5%。")[:1] != [(name, entry.canon)]]
    assert missed == []


def test_every_measure_takes_what_it_measures() -> None:
    missed = []
    for entry in MEASURES:
        if entry.get("composed") == "always" and entry.pattern != "率":
            (first, *_) = [*found(f"全市蓝莓{entry.pattern}下降12.5%。"), ("", None)]
            if not (first[0].startswith("蓝莓") and first[0].endswith(entry.pattern)):
                missed.append((entry.pattern, first))
    assert missed == []


def test_entries_say_which_way_is_better_and_when_they_count() -> None:
    conditions = ("always", "measured", "number", "trend", "never")
    for entry in (*NAMES, *MEASURES):
        assert entry.get("better") in (None, "up", "down"), entry
        assert {entry.get("when", "always"), entry.get("composed", "always")} <= set(conditions), entry
        assert not entry.get("moved") or "measured" in (entry.get("when"), entry.get("composed")), entry


def test_every_class_of_cues_has_words() -> None:
    cues = [e for e in indicators.default_lexicon() if e.label == "INDICATOR_CUE"]
    known = {"adverb", "trend", "alone", "state", "thing", "thing-always", "growth", "pace", "mean", "change", "close", "aim", "collective",
             "opener", "settled", "whole", "driver"}
    assert {c for e in cues for c in e.get("classes")} == known


@pytest.mark.parametrize(("text", "canon"), [
    ("规上工业增加值增速", "规模以上工业增加值"),
    ("GDP增速", "地区生产总值"),
    ("经济总量", "地区生产总值"),
    ("外贸进出口总值", "进出口总额"),
    ("第一产业投资", "第一产业投资"),
    ("二产用电量", "第二产业用电量"),
    ("规上服务业营收", "规模以上服务业营业收入"),
    ("农民人均纯收入", "农村居民人均纯收入"),
    ("产业总规模", "产业规模"),
    ("PM2.5平均浓度", "PM2.5浓度"),
    ("地方一般公共预算收入", "一般公共预算收入"),
    ("农村居民收入增速", "农村居民人均可支配收入"),
    ("高铁营业里程", "高速铁路营业里程"),
    ("蓝莓年产量", "蓝莓产量"),
    ("旅游业占地区生产总值的比重", "旅游业占地区生产总值比重"),
    ("水果、蔬菜等设施农业产值", "设施农业产值"),
    ("光伏、锂电两大产业产值", "光伏、锂电两大产业产值"),
    ("C、D级危房处置率", "C、D级危房处置率"),
    ("高新技术企业总数", "高新技术企业数量"),
    ("规上工业企业数字化改造面", "规模以上工业企业数字化改造面"),
    ("青少年近视率", "青少年近视率"),
    ("无人机年飞行架次", "无人机飞行架次"),
    ("对东盟进出口", "对东盟进出口总额"),
    ("城乡居民医保参保率", "城乡居民基本医疗保险参保率"),
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
    ("城镇、农村居民收入", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
    ("光伏、锂电等产业增加值", ["光伏产业增加值", "锂电产业增加值"]),
    ("新材料、生物医药产业产值", ["新材料产业产值", "生物医药产业产值"]),
    ("食品工业、装备制造产业产值", ["食品工业产值", "装备制造产业产值"]),
    ("一二三产增加值", ["第一产业增加值", "第二产业增加值", "第三产业增加值"]),
    ("城市低保、农村低保标准", ["城市最低生活保障标准", "农村最低生活保障标准"]),
    ("货运量和客运量", ["货运量", "客运量"]),
    ("光伏、锂电两大产业产值", []),
    ("C、D级危房处置率", []),
    ("粮食产量", []),
    ("卫生厕所普及率", []),
    ("社会消费品零售总额总量、增速", []),
    ("社会物流总费用与地区生产总值的比率", []),
    ("城乡居民收入比", []),
    ("信息化和工业化融合发展水平", []),
])
def test_conjuncts(text: str, conjuncts: list[str]) -> None:
    assert indicators.conjuncts(text) == conjuncts


@pytest.mark.parametrize(("text", "canons"), [
    ("新能源投资增长70%、装机规模增长38%。", ["新能源投资", "新能源装机规模"]),
    ("新能源投资增长70%。装机规模增长38%。", ["新能源投资", "装机规模"]),
    ("人民币存款余额增长7%，贷款余额增长9%。", ["人民币存款余额", "人民币贷款余额"]),
    ("重点项目46个，开工29个，开工率63%。", ["项目开工率"]),
    ("重点项目46个。开工率63%。", ["开工率"]),
    ("安排应急专项资金2亿元，拨付率80%。", ["应急专项资金拨付率"]),
    ("完成投资38亿元，年度计划完成率104%。", ["投资", "投资完成率"]),
    ("储备率、落地率都不高。", ["储备率", "落地率"]),
])
def test_a_sentence_completes_an_elliptical_name(text: str, canons: list[str]) -> None:
    assert [canon for _, canon in found(text)] == canons


def test_an_added_name_is_found() -> None:
    lexicon = indicators.default_lexicon() + Lexicon.of([{"label": "INDICATOR", "pattern": "幸福里程碑指数", "canon": "幸福指数"}])
    assert [e.canon for e in indicators.find(TextView("幸福里程碑指数居全省第一。"), lexicon)] == ["幸福指数"]


@pytest.mark.parametrize("text", [
    "工业、农业、服务业和建筑业增加值占比增速",
    "甲乙、丙丁、戊己等产品合格率分别达到",
    "覆盖率比比比比比比较较较较占的占的占的",
    "投资项目监测合格率在其中的比重对其的贡献率",
    "（“投资”）率",
])
def test_time_grows_with_the_text_only(text: str) -> None:
    def seconds(times: int) -> float:
        view = TextView(text * times)
        start = time.process_time()
        indicators.find(view)
        return time.process_time() - start

    seconds(10)
    assert seconds(4000) < 40 * max(seconds(500), seconds(500), 0.05)
