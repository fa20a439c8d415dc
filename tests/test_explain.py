from __future__ import annotations

import pytest

from duban.errors import DubanError
from duban.explain import clean, explain, outline
from duban.messages import MESSAGES
from duban.records import FIELDS

TEXT = "一、稳 增\n长。生产总值增长\n6%以上，市发改局牵头。"


def place(words: str, **slots: object) -> dict:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), **slots}


def record(**layers: list) -> dict:
    return {"text": TEXT, **layers}


TARGET = {
    "id": "t1", **place("6%以上", text="6%以上"), "value": 6, "value_max": None, "unit": "%", "comparator": ">=", "redacted": False, "status": "target",
    "indicator": {**place("生产总值"), "canon": "地区生产总值", "entity": "e1"}, "period": None,
    "why": {"rule": "amount-with-unit", "lexicon": "unit/%", "evidence": {"indicator": [[8, 12]], "value": [[15, 16], [16, 17]]}},
}  # fmt: skip
ENTITY = {"id": "e1", **place("生产总值", text="生产总值"), "label": "INDICATOR", "ref": "indicator/gdp"}
TASK = {"id": "k1", **place("市发改局牵头"), "lead": [place("市发改局", text="市发改局", canon="发展和改革委员会")], "support": [], "targets": ["t1", "t2"]}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")


def test_a_record_tells_all_it_rests_on() -> None:
    assert list(explain(record(targets=[TARGET]))) == [
        "t1 target 15–19 “6%以上”",
        "  value: 6",
        "  unit: %",
        "  comparator: >=",
        "  redacted: false",
        "  status: target",
        "  indicator: “生产总值” 8–12 canonical name 地区生产总值 entity e1",
        "  rule: amount-with-unit",
        "  lexicon entry: unit/%",
        "  evidence indicator: “生产总值” 8–12",
        "  evidence value: “6” 15–16, “%” 16–17",
    ]


def test_lists_and_records_without_a_reason() -> None:
    assert list(explain(record(tasks=[TASK]))) == [
        "k1 task 20–26 “市发改局牵头”",
        "  lead: “市发改局” 20–24 canonical name 发展和改革委员会",
        "  targets: t1, t2",
    ]


def test_the_lexicon_entry_of_an_entity() -> None:
    assert list(explain(record(entities=[ENTITY])))[1:] == ["  label: INDICATOR", "  lexicon entry: indicator/gdp"]


def test_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")
    lines = list(explain(record(targets=[TARGET])))
    assert lines[0] == "t1 量化目标 15–19 “6%以上”"
    assert "  依据 指标: “生产总值” 8–12" in lines


def test_every_layer_in_text_order() -> None:
    lines = list(explain(record(targets=[TARGET], tasks=[TASK], entities=[ENTITY])))
    assert [line.split()[0] for line in lines if line and not line.startswith(" ")] == ["e1", "t1", "k1"]


@pytest.mark.parametrize(("at", "ids"), [(7, []), (8, ["e1"]), (11, ["e1"]), (12, []), (15, ["t1"]), (18, ["t1"]), (19, []), (25, ["k1"]), (26, [])])
def test_only_what_covers_the_offset(at: int, ids: list[str]) -> None:
    lines = list(explain(record(entities=[ENTITY], targets=[TARGET], tasks=[TASK]), at=at))
    if ids:
        assert [line.split()[0] for line in lines if line and not line.startswith(" ")] == ids
    else:
        (line,) = lines
        assert f"offset {at}" in line


@pytest.mark.parametrize("at", [-1, len(TEXT), 10**9])
def test_offset_outside_the_text(at: int) -> None:
    with pytest.raises(DubanError, match="DB215"):
        list(explain(record(), at=at))


def test_every_layer_and_slot_of_a_record_has_a_name() -> None:
    assert all(f"layer.{layer}" in MESSAGES for layer in FIELDS)
    slots = {field.name for fields in FIELDS.values() for field in fields} - {"id", "start", "end", "text", "heading", "ref", "why"}
    assert {slot for slot in slots if f"slot.{slot}" not in MESSAGES} == set()


def test_nothing_at_all() -> None:
    assert list(explain(record())) == ["Nothing is recorded."]
    assert list(outline(record())) == ["No sections."]


def test_long_texts_show_both_ends() -> None:
    text = "起" + "甲" * 200 + "止"
    (line,) = explain({"text": text, "boilerplate": [{"id": "b1", "start": 0, "end": 202}]})
    assert "“起甲" in line
    assert "甲止”" in line
    assert len(line) < 100


def test_clean_reading_has_no_wraps() -> None:
    assert clean("稳 增\n长，６%\u200b") == "稳增长，6%"


def test_outline_is_a_tree_by_level() -> None:
    def section(kind: str, level: int, words: str, end: int = len(TEXT)) -> dict:
        heading = place(words, text=words)
        return {"kind": kind, "level": level, "start": heading["start"], "end": end, "heading": heading}

    sections = [section("title", 0, "一"), section("section", 1, "一、稳 增\n长"), section("section", 2, "生产总值"), section("item", 3, "6%", 27)]
    assert list(outline(record(sections=sections))) == ["一", "一、稳增长", "  生产总值", "    6% 以上"]
