"""What holds for every text: offsets, order, nesting, and the way there and back."""
from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

import duban
from duban import boilerplate, entities, numerals, records
from duban.lexicon import Lexicon
from duban.view import TextView

Json = dict[str, Any]
LAYERS = ("boilerplate", "sections", "entities", "targets", "tasks")


@pytest.fixture(scope="module")
def nlp():
    return duban.load("zh_duban_char")


def spans(value: Any) -> Iterator[Json]:
    """Everything in a record that has offsets."""
    if isinstance(value, dict):
        if {"start", "end"} <= value.keys():
            yield value
        for part in value.values():
            yield from spans(part)
    elif isinstance(value, list):
        for part in value:
            yield from spans(part)


def evidence(record: Json) -> Iterator[tuple[int, int]]:
    for layer in LAYERS:
        for item in record[layer]:
            for slot in (item.get("why") or {}).get("evidence", {}).values():
                yield from map(tuple, slot)


def apart(items: Iterable[Json]) -> bool:
    ordered = sorted(items, key=lambda x: (x["start"], x["end"]))
    return all(a["end"] <= b["start"] for a, b in pairwise(ordered))


@given(text=strategies.texts)
def test_the_text_is_kept_and_every_offset_slices_it(nlp, text):
    doc = duban.process(text, nlp=nlp)
    assert doc.text == text
    record = duban.to_record(doc)
    for layer in LAYERS:
        for span in spans(record[layer]):
            assert 0 <= span["start"] <= span["end"] <= len(text)
            if "text" in span:
                assert span["text"] == text[span["start"]:span["end"]] != ""
    assert all(0 <= start <= end <= len(text) for start, end in evidence(record))
    for layer in LAYERS:
        assert [int(x["id"][1:]) for x in record[layer]] == list(range(1, len(record[layer]) + 1)) or layer == "sections"


@given(text=strategies.texts)
def test_spans_of_a_kind_do_not_overlap(nlp, text):
    record = duban.to_record(duban.process(text, nlp=nlp))
    assert apart(record["boilerplate"]) and apart(record["targets"]) and apart(record["tasks"]) and apart(record["entities"])
    body = record["entities"] + record["targets"]
    assert apart(body), "a number inside a name is part of the name"


@given(text=strategies.texts)
def test_the_outline_is_a_tree_whose_spans_nest(nlp, text):
    sections = duban.to_record(duban.process(text, nlp=nlp))["sections"]
    known: dict[str, Json] = {}
    for section in sections:
        assert section["start"] <= section["heading"]["start"] and section["heading"]["end"] <= section["end"]
        if section["parent"] is not None:
            parent = known[section["parent"]]  # a parent comes before its children
            assert parent["start"] <= section["start"] and section["end"] <= parent["end"] and parent["level"] < section["level"]
        known[section["id"]] = section
    for a in sections:
        for b in sections:
            nested = a["start"] <= b["start"] and b["end"] <= a["end"] or b["start"] <= a["start"] and a["end"] <= b["end"]
            assert nested or a["end"] <= b["start"] or b["end"] <= a["start"]


@given(text=strategies.texts)
def test_marking_boilerplate_twice_marks_the_same(text):
    view = TextView(text)
    once = [(b.start, b.end) for b in boilerplate.find(view)]
    assert once == [(b.start, b.end) for b in boilerplate.find(TextView(text))]
    body = view.without(once)
    assert body.without([]).text == body.text


@given(text=strategies.texts, data=st.data())
def test_there_and_back(text, data):
    view = TextView(text)
    if not view.text:
        return
    start = data.draw(st.integers(0, len(view.text) - 1))
    end = data.draw(st.integers(start + 1, len(view.text)))
    assert view.from_source(*view.to_source(start, end)) == (start, end)


@given(text=strategies.texts)
def test_a_record_becomes_a_doc_and_the_same_record(nlp, text):
    record = duban.to_record(duban.process(text, nlp=nlp, name="a"))
    assert duban.to_record(records.from_record(record, nlp.vocab)) == record
    assert json.loads(json.dumps(record, ensure_ascii=False)) == record


@given(text=st.one_of(strategies.damaged(), strategies.phrases))
def test_both_pipelines_say_the_same(nlp, words_nlp, text):
    by_characters, by_words = (duban.to_record(duban.process(text, nlp=each)) for each in (nlp, words_nlp))
    assert {**by_characters, "pipeline": None} == {**by_words, "pipeline": None}


@pytest.fixture(scope="module")
def shuffled():
    entries = list(entities.default_lexicon())
    random.Random(7).shuffle(entries)
    return Lexicon(entries)


@given(text=st.one_of(strategies.damaged(), strategies.phrases))
def test_the_order_of_entries_does_not_matter(shuffled, text):
    assert entities.find(TextView(text), shuffled) == entities.find(TextView(text))


# ---------------------------------------------------------------- numerals

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """The usual reading of a whole number below 10^12."""
    if number < 10:
        return _DIGITS[number]
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            high, low = divmod(number, scale)
            head = ("" if scale == 10 and high == 1 else chinese(high)) + word
            return head + (("零" if low < scale // 10 else "") + chinese(low) if low else "")
    raise ValueError(number)


@given(number=st.integers(0, 10**12 - 1))
def test_whole_numbers_are_read_as_written(number):
    for written in (str(number), f"{number:,}", chinese(number)):
        if len(written) <= 24:
            assert numerals.value_of(written) == number


@given(number=st.decimals(0, 10**6, places=2, allow_nan=False), scale=st.sampled_from(["", "万", "亿", "万亿"]))
def test_figures_with_a_scale_are_read_exactly(number, scale):
    read = numerals.read(f"{number}{scale}元")
    assert read is not None and read.value == number * {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[scale] and read.unit == "元"


@given(number=st.integers(1, 999))
def test_percentages_in_words_equal_those_in_figures(number):
    figures, words = numerals.read(f"{Decimal(number)}%"), numerals.read(f"百分之{chinese(number)}")
    assert figures is not None and words is not None and (figures.value, figures.unit) == (words.value, words.unit)


OPPOSITES = (("不低于", "低于", ">=", "<"), ("不少于", "少于", ">=", "<"), ("不高于", "高于", "<=", ">"), ("不超过", "超过", "<=", ">"))


@pytest.mark.parametrize(("negated", "plain", "first", "second"), OPPOSITES)
@given(number=st.integers(1, 99))
def test_a_negation_turns_the_comparator_round(nlp, negated, plain, first, second, number):
    for word, comparator in ((negated, first), (plain, second)):
        targets = duban.process(f"失业率{word}{number}%。", nlp=nlp)._.duban.targets
        assert [t.comparator for t in targets] == [comparator]
