"""duban.targets: the case table of every slot, evidence, and properties."""
from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from duban.lexicon import Entry, Lexicon
from duban.matches import Entity, Section, Span, Target, Why
from duban.targets import find, links, slots
from duban.targets.words import Tables, tables
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/targets.jsonl").read_text(encoding="utf-8").splitlines()]


def entities(text: str, case: dict) -> list[Entity]:
    """The names of the case, found from left to right."""
    out, at = [], 0
    for label, names in (("INDICATOR", case["indicators"]), ("PROJECT", [[p, None] for p in case["projects"]])):
        for name, canon in names:
            at = text.index(name, at if label == "INDICATOR" else 0)
            out.append(Entity(at, at + len(name), label, None, canon, None, None, Why("given")))
            at += len(name)
    return sorted(out, key=lambda e: e.start)


def run(case: dict) -> tuple[str, list[Target]]:
    heading = case["heading"] + "\n" if case["heading"] else ""
    text = heading + case["input"]
    sections = [Section(0, len(text), case["heading_kind"], None, None, 1, Span(0, len(heading) - 1), None, "", Why("given"))] if heading else []
    view = TextView(text)
    assert view.text == text
    return text, [t for t in find(view, entities(text, case), sections, case["date"]) if t.start >= len(heading)]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['rule']}: {c['input']}")
def test_case(case: dict) -> None:
    text, targets = run(case)
    assert [text[t.start:t.end] for t in targets] == [t["text"] for t in case["targets"]]
    names = entities(text, case)
    for target, want in zip(targets, case["targets"], strict=True):
        if target.indicator:
            assert Span(names[target.indicator.entity].start, names[target.indicator.entity].end) == (target.indicator.start, target.indicator.end)
        for slot, value in want.items():
            assert got(text, target, slot) == value, (want["text"], slot)


def got(text: str, target: Target, slot: str) -> object:
    if slot == "text":
        return text[target.start:target.end]
    if slot == "indicator":
        return target.indicator and text[target.indicator.start:target.indicator.end]
    if slot == "canon":
        return target.indicator and target.indicator.canon
    if slot in ("period", "scope"):
        span = getattr(target, slot)
        return span and text[span.start:span.end]
    value = getattr(target, slot)
    return str(value) if isinstance(value, Decimal) else value


def test_every_rule_has_four_cases() -> None:
    counts = Counter(c["rule"] for c in CASES for _ in c["targets"] or [None])
    assert all(n >= 3 for n in counts.values()), counts


def test_every_slot_points_at_its_words() -> None:
    text = "力争全年固定资产投资增长8%以上"
    at = text.index("固定")
    [target] = find(TextView(text), [Entity(at, at + 6, "INDICATOR", None, "固定资产投资", None, None, Why("given"))], date="2026-01-20")
    words = {slot: [text[s.start:s.end] for s in spans] for slot, spans in target.why.evidence.items()}
    assert words == {
        "value": ["8"], "comparator": ["以上"], "kind": ["增长"], "direction": ["增长"], "status": ["力争"], "indicator": ["固定资产投资"], "period": ["全年"]
    }
    assert target.why.rule == "modality"


def test_spans_lie_in_the_text_in_order() -> None:
    for case in CASES:
        text, targets = run(case)
        assert all(0 <= t.start < t.end <= len(text) for t in targets)
        assert all(a.end <= b.start for a, b in itertools.pairwise(targets))
        assert all(t.redacted == (t.value is None) for t in targets)


def test_any_text_has_its_slots_filled() -> None:
    draw = random.Random(7)
    pieces = [c["input"][i:i + 6] for c in CASES for i in range(0, len(c["input"]), 6)]
    pieces += [*"增减降升涨跌缩落，。；：、由从至到的\n", "分别", "第3位", "零", "过半", "X%", "-3%"]
    for _ in range(1500):
        text = "".join(draw.choices(pieces, k=12)).strip()
        view = TextView(text)
        spans = sorted(draw.sample(range(len(view.text) + 1), 2))
        indicator = Entity(spans[0], spans[1], "INDICATOR", None, None, None, None, Why("given"))
        for target in find(view, [indicator], date="2026-02-03"):
            assert target.kind in ("growth", "change", "ratio", "share", "rank", "level")
            assert target.direction in ((None, "up", "down") if target.kind in ("growth", "change", "rank") else (None,))
            assert target.status in ("target", "actual", "other")
            assert target.comparator in (">=", ">", "<=", "<", "~", "=")


def test_nothing_in_nothing_out() -> None:
    assert find(TextView("")) == []
    assert find(TextView("没有数字的一句话。")) == []


def test_a_long_text_takes_linear_time() -> None:
    import time
    piece = "一季度，固定资产投资增长8%以上，改造小区12个，分别完成3.1、2.7和2.2亿元，"
    def seconds(times: int) -> float:
        taken = []
        for _ in range(3):
            start = time.process_time()
            find(TextView(piece * times))
            taken.append(time.process_time() - start)
        return min(taken)
    assert seconds(320) < 25 * max(seconds(40), 0.01)  # eight times the text; quadratic would be 64 times


def test_the_document_s_own_place_is_no_scope() -> None:
    text = "临澄市增长6%，青岚县增长8%，全市增长7%，全省增长5%"
    assert [t.scope and t.scope.text for t in find(TextView(text), place="临澄市")] == [None, "青岚县", None, "全省"]
    assert [t.scope and t.scope.text for t in find(TextView(text), place="云岭省")] == ["临澄市", "青岚县", "全市", None]


def test_a_firm_s_figure_is_its_own() -> None:
    text = "云岭能源集团完成投资8亿元，增长3%"
    firm = Entity(0, 6, "DEPARTMENT", None, "云岭能源集团", None, None, Why("given"))
    assert [t.scope and t.scope.text for t in find(TextView(text), [firm])] == ["云岭能源集团", "云岭能源集团"]
    office = Entity(0, 6, "DEPARTMENT", None, "商务局", None, None, Why("given"))
    assert [t.scope for t in find(TextView("云岭省商务局" + text[6:]), [office])] == [None, None]


@pytest.mark.parametrize(("name", "conjuncts"), [
    ("城乡低保标准", ("城市最低生活保障标准", "农村最低生活保障标准")),
    ("城乡居民医保参保率", ("城镇居民基本医疗保险参保率", "农村居民基本医疗保险参保率")),
    ("城乡收入比", ("城镇收入比", "农村收入比")), ("存贷款余额", ("存款余额", "贷款余额")), ("五大产业、行业产值", ("产业产值", "行业产值")), ("粮食产量", ()),
])  # fmt: skip
def test_the_conjuncts_of_a_name(name: str, conjuncts: tuple[str, ...]) -> None:
    assert links.parts(name) == conjuncts


def test_the_words_that_may_pass_are_those_of_the_lexicon() -> None:
    own = Tables(Lexicon([Entry("PASSING", "岚岚", "岚岚")]))
    assert (links.residue("岚岚实现", own), links.residue("岚岚实现")) == ("实现", "岚岚")


@pytest.mark.parametrize(("text", "slot", "words"), [
    ("引进人才比上年多8人", "kind", ["多"]), ("用电量收缩8%", "direction", ["收缩"]), ("工业增长率8%", "kind", ["增长率"]),
    ("投资不少于8亿元", "comparator", ["不少于"]),
    ("至少投入8亿元", "comparator", ["至少"]), ("约占全市总量的8%", "comparator", ["约占"]), ("不到全市总量的8%", "comparator", ["不到"]),
])  # fmt: skip
def test_the_words_a_slot_rests_on(text: str, slot: str, words: list[str]) -> None:
    [target] = find(TextView(text))
    assert [text[s.start:s.end] for s in target.why.evidence[slot]] == words


def test_a_bound_holds_for_a_list_that_says_so() -> None:
    assert slots.bounds_all("入学率、巩固率分别不低于80%、") and not slots.bounds_all("投资突破80亿元、")


@pytest.mark.parametrize(("clause", "after", "shared"), [
    ("全省平均是", "；", True), ("距全年", "的目标", True), ("力争达到", "。", True),
    ("距全年", "，", False), ("占比为", "的目标", False), ("占比为", "", False),
])  # fmt: skip
def test_a_number_shares_the_growth_before_it(clause: str, after: str, shared: bool) -> None:
    assert slots.shares_growth(clause, after) is shared


def test_a_lexicon_without_comparators_leaves_the_packaged_words() -> None:
    own = Lexicon([Entry("COMPARATOR", "甫过", "甫过", {"value": ">"})])
    assert tables(own).values("COMPARATOR") == {"甫过": ">"}
    assert tables(None).values("COMPARATOR") == tables(Lexicon([Entry("PASSING", "岚岚", "岚岚")])).values("COMPARATOR") == packaged_comparators()


def packaged_comparators() -> dict[str, str]:
    return {e.pattern: e.get("value") for e in Lexicon.packaged("target_words").labelled("COMPARATOR")}


@pytest.mark.parametrize(("text", "status"), [
    ("县林业局把36名护林员排好班", "target"),
    ("县林业局对29件积案逐件包案", "target"),
    ("县林业局安排了36名护林员", "actual"),
    ("县林业局投入36名护林员", "actual"),
    ("县林业局已把36名护林员排好班", "actual"),
])
def test_a_unit_sent_to_do_something_is_given_an_order(text: str, status: str) -> None:
    organ = Entity(0, 4, "DEPARTMENT", None, "林业局", None, None, Why("given"))
    [target] = find(TextView(text), [organ])
    assert target.status == status
