"""Corrections by hand keep a record whole; gold says what the record says."""
from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from conftest import CORPUS
from hypothesis import given, settings
from hypothesis import strategies as st

import duban
from duban import records
from duban.corrections import corrected, gold
from duban.errors import DubanError
from duban.evaluate import read_gold, score

TEXT = (
    "全市工作会议讲话\n一、稳增长。今年力争生产总值增长6%以上。市发改委牵头、市财政局配合，6月底前完成投资30亿元。\n"
    "二、惠民生。各县区要新增就业3万人，建成云桥路改造项目。\n"
)
SCHEMA = jsonschema.Draft202012Validator(records.schema())


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return duban.to_record(duban.process(TEXT, name="讲话", date="2026-01-10"))


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def find(record: dict[str, Any], layer: str, words: str) -> dict[str, Any]:
    return next(item for item in record[layer] if (item.get("heading") or item)["text"] == words)


def whole(record: dict[str, Any]) -> None:
    """What must hold of every record."""
    SCHEMA.validate(record)
    for layer in records.LAYERS:
        items = record[layer]
        assert [item["id"] for item in items] == [records.match_id(layer, i) for i in range(len(items))]
        assert [item["start"] for item in items] == sorted(item["start"] for item in items)
        assert all(item["text"] == record["text"][item["start"] : item["end"]] for item in items if "text" in item)
        if layer in ("entities", "targets"):
            assert all(a["end"] <= b["start"] for a, b in pairwise(items))
    ids = {item["id"] for layer in records.LAYERS for item in record[layer]}
    for target in record["targets"]:
        assert target["section"] is None or target["section"] in ids
        if target["indicator"]:
            entity = next(e for e in record["entities"] if e["id"] == target["indicator"]["entity"])
            assert (entity["start"], entity["end"], entity["label"]) == (target["indicator"]["start"], target["indicator"]["end"], "INDICATOR")
    for task in record["tasks"]:
        assert {*task["targets"], *task["projects"]} <= ids
    for section in record["sections"]:
        assert section["parent"] is None or section["parent"] in ids
    json.dumps(record)


def test_a_span_is_deleted_and_what_pointed_at_it_follows(record) -> None:
    after = corrected(record, {"op": "delete", "id": find(record, "entities", "生产总值")["id"]})
    whole(after)
    assert len(after["entities"]) == len(record["entities"]) - 1
    assert find(after, "targets", "6%以上")["indicator"] is None
    assert find(after, "targets", "30亿元")["indicator"]["canon"] == find(record, "targets", "30亿元")["indicator"]["canon"]
    assert find(record, "targets", "6%以上")["indicator"]  # what was given is as it was


def test_an_entity_is_added_and_read(record) -> None:
    start, end = at("云桥路")
    after = corrected(record, {"op": "add", "layer": "entities", "start": start - 1, "end": end, "values": {"label": "PROJECT"}})
    whole(after)
    assert find(after, "entities", "成云桥路")["why"]["rule"] == "manual"
    without = corrected(record, {"op": "delete", "id": find(record, "entities", "市财政局")["id"]})
    again = corrected(without, {"op": "add", "layer": "entities", "start": at("市财政局")[0], "end": at("市财政局")[1]})
    assert find(again, "entities", "市财政局")["canon"] == "财政局"
    assert gold(again) == gold(record)


def test_a_wider_span_displaces_what_it_overlaps(record) -> None:
    start, end = at("建成云桥路改造项目")
    after = corrected(record, {"op": "add", "layer": "entities", "start": start, "end": end, "values": {"label": "PROJECT"}})
    whole(after)
    assert [e["text"] for e in after["entities"] if e["end"] > start] == ["建成云桥路改造项目"]


def test_a_target_is_added_with_the_number_read(record) -> None:
    without = corrected(record, {"op": "delete", "id": find(record, "targets", "30亿元")["id"]})
    start, end = at("30亿元")
    values = {"indicator": "投资", "period": "6月底前", "comparator": ">="}
    after = corrected(without, {"op": "add", "layer": "targets", "start": start, "end": end, "values": values})
    whole(after)
    target = find(after, "targets", "30亿元")
    assert (target["value"], target["unit"], target["comparator"]) == (3_000_000_000, "元", ">=")
    assert target["period"]["value"] == "../2026-06-30"
    assert target["indicator"]["canon"]
    assert target["section"] == find(record, "targets", "30亿元")["section"]


def test_an_indicator_is_linked_by_words_or_offsets(record) -> None:
    target = find(record, "targets", "3万人")["id"]
    by_words = corrected(record, {"op": "change", "id": target, "values": {"indicator": "新增就业", "canon": "城镇新增就业"}})
    whole(by_words)
    assert find(by_words, "targets", "3万人")["indicator"]["canon"] == "城镇新增就业"
    assert find(by_words, "entities", "新增就业")["label"] == "INDICATOR"
    by_offsets = corrected(record, {"op": "change", "id": target, "values": {"indicator": list(at("新增就业")), "canon": "城镇新增就业"}})
    assert gold(by_offsets) == gold(by_words)
    assert find(corrected(by_words, {"op": "change", "id": target, "values": {"indicator": None}}), "targets", "3万人")["indicator"] is None


def test_a_task_gets_its_actors_and_deadline(record) -> None:
    _, end = at("建成云桥路改造项目")
    without = record
    while without["tasks"]:
        without = corrected(without, {"op": "delete", "id": without["tasks"][0]["id"]})
    after = corrected(without, {"op": "add", "layer": "tasks", "start": at("各县区要")[0], "end": end, "values": {"support": ["市财政局"], "deadline": "今年"}})
    whole(after)
    (task,) = after["tasks"]
    assert [a["text"] for a in task["lead"]] == ["各县区"]
    assert [(a["text"], a["canon"]) for a in task["support"]] == [("市财政局", "财政局")]
    assert len(task["targets"]) == 1
    assert task["deadline"]["value"] == "2026-01-01/2026-12-31"


def test_words_are_looked_for_nearby() -> None:
    text = "市水务局6月底前完成3亿元。市水务局6月底前完成5亿元。"
    record = duban.to_record(duban.process(text, name="a"))
    after = corrected(record, {"op": "change", "id": record["targets"][1]["id"], "values": {"period": "6月底前"}})
    assert after["targets"][1]["period"]["start"] == text.rindex("6月底前")


def test_the_outline_is_built_anew(record) -> None:
    heading = at("各县区要新增就业3万人")
    after = corrected(record, {"op": "add", "layer": "sections", "start": heading[0], "end": heading[1], "values": {"kind": "section", "level": 2}})
    whole(after)
    new = find(after, "sections", "各县区要新增就业3万人")
    assert new["path"].startswith("二/")
    assert find(after, "targets", "3万人")["section"] == new["id"]
    back = corrected(after, {"op": "delete", "id": new["id"]})
    assert gold(back) == gold(record)
    assert [{**s, "why": None} for s in back["sections"]] == [{**s, "why": None} for s in record["sections"]]


@pytest.mark.parametrize(
    "change",
    [
        {}, {"op": "drop"}, {"op": "delete", "id": "e99"}, {"op": "add", "layer": "words", "start": 0, "end": 1}, {"op": "add", "layer": "entities"},
        {"op": "add", "layer": "entities", "start": 5, "end": 5}, {"op": "add", "layer": "entities", "start": 0, "end": 10**9},
        {"op": "add", "layer": "entities", "start": True, "end": 4}, {"op": "add", "layer": "entities", "start": 0, "end": 2, "values": {"label": "CITY"}},
        {"op": "change", "id": "t1", "values": {"why": {}}}, {"op": "change", "id": "t1", "values": {"value": "6"}},
        {"op": "change", "id": "t1", "values": {"value": float("nan")}}, {"op": "change", "id": "t1", "values": {"redacted": 1}},
        {"op": "change", "id": "t1", "values": {"unit": "元" * 501}}, {"op": "change", "id": "t1", "values": {"indicator": "没有的词"}},
        {"op": "change", "id": "k1", "values": {"lead": "市发改委"}}, {"op": "change", "id": "s1", "values": {"level": -1}}, {"op": ["add"]},
        {"op": "change", "id": "t1", "values": []},
        {"op": "change", "id": "t1", "values": {"period": " "}}, {"op": "change", "id": "t1", "values": {"indicator": "增" * 600}},
        {"op": "change", "id": "t1", "values": {"kind": "guess"}},
    ],
)  # fmt: skip
def test_senseless_changes_are_refused(record, change) -> None:
    before = json.dumps(record)
    with pytest.raises(DubanError) as caught:
        corrected(record, change)
    assert caught.value.code == "DB145"
    assert json.dumps(record) == before


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["add", "delete", "change"]), st.sampled_from(records.LAYERS), st.integers(0, 90), st.integers(1, 30)), max_size=6))
def test_a_record_stays_whole_whatever_is_done(changes) -> None:
    record = duban.to_record(duban.process(TEXT, name="讲话", date="2026-01-10"))
    for op, layer, start, length in changes:
        items = record[layer]
        change: dict[str, Any] = {"op": op, "layer": layer, "start": start, "end": min(start + length, len(TEXT))}
        if op != "add":
            if not items:
                continue
            change = {"op": op, "id": items[start % len(items)]["id"]} | ({"start": start, "end": start + 1} if op == "change" and length > 15 else {})
        with suppress(DubanError):
            record = corrected(record, change)
        whole(record)


def test_gold_of_a_record_scores_it_full(corpus, tmp_path) -> None:
    for name, text in corpus.items():
        record = duban.to_record(duban.process(text, name=name))
        path = tmp_path / f"{name}.gold.json"
        path.write_text(json.dumps(gold(record), ensure_ascii=False), encoding="utf-8")
        scores = score([record], [read_gold(path)])
        assert all(layer.f == 1 for layer in scores.layers.values() if layer.gold), name
        known = read_gold(CORPUS / "gold" / f"{name}.gold.json")
        for layer in ("boilerplate", "sections", "entities", "targets", "tasks"):
            assert not known[layer] or not gold(record)[layer] or set(gold(record)[layer][0]) == set(known[layer][0]), layer
