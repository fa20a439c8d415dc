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
import writing
from hypothesis import given
from hypothesis import strategies as st

import duban
from duban import boilerplate, entities, numerals, records, tasks
from duban.lexicon import Lexicon
from duban.view import TextView

Json = dict[str, Any]
LAYERS = ("boilerplate", "sections", "entities", "targets", "tasks", "problems")


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
    assert apart(record["boilerplate"]) and apart(record["targets"]) and apart(record["tasks"]) and apart(record["entities"]) and apart(record["problems"])
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
def test_the_outline_covers_the_text_from_its_first_heading_on(nlp, text):
    record = duban.to_record(duban.process(text, nlp=nlp))
    sections = [s for s in record["sections"] if s["kind"] == "section"]
    if sections:
        left = list(text[sections[0]["start"]:])
        for span in (*sections, *record["boilerplate"]):
            for i in range(max(0, span["start"] - sections[0]["start"]), max(0, span["end"] - sections[0]["start"])):
                left[i] = ""
        assert TextView("".join(left)).text.strip() == ""


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
    def mixed(lexicon: Lexicon) -> Lexicon:
        entries = list(lexicon)
        random.Random(7).shuffle(entries)
        return Lexicon(entries)

    return {finder: mixed(finder.default_lexicon()) for finder in (boilerplate, entities, tasks)}


@given(text=st.one_of(strategies.damaged(), strategies.phrases))
def test_the_order_of_entries_does_not_matter(shuffled, text):
    view = TextView(text)
    named = entities.find(view)
    assert entities.find(view, shuffled[entities]) == named
    assert boilerplate.find(view, shuffled[boilerplate]) == boilerplate.find(view)
    assert tasks.find(view, entities=named, lexicon=shuffled[tasks]) == tasks.find(view, entities=named)


# ---------------------------------------------------------------- numerals

#: Anything from a millionth to a thousand million millions.
figures = st.one_of(
    st.integers(0, 10**16 - 1).map(Decimal),
    st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(0, 10**10), st.integers(0, 12)),
)
signs = st.sampled_from(["", "负", "-"])


@pytest.mark.parametrize("style", writing.STYLES)
@given(number=figures, sign=signs)
def test_a_number_is_read_as_it_is_written(style, number, sign):
    written, value = sign + writing.STYLES[style](number), -number if sign else number
    assert numerals.value_of(written) == value
    if len(written) <= 24 and (sign != "-" or written[1].isdecimal()):  # nobody writes longer amounts, nor -三
        read = numerals.read(written + "元")
        assert read is not None and (read.value, read.unit) == (value, "元")


@given(number=st.integers(10, 10**12))
def test_figures_one_by_one(number):
    assert numerals.value_of(writing.one_by_one(Decimal(number))) == number


@given(number=st.integers(0, 10**23))
def test_the_longest_figures(number):
    assert numerals.value_of(str(number)) == number == numerals.value_of(f"{number:,}")


@given(number=st.decimals("0.0001", 999, places=4))
def test_figures_with_a_scale_are_read_exactly(number):
    for written, value in writing.scaled(number).items():
        read = numerals.read(written + "元")
        assert numerals.value_of(written) == value
        assert read is not None and (read.value, read.unit) == (value, "元")


@given(number=figures.filter(lambda x: x < 10**6), sign=signs.filter(lambda sign: sign != "-"))
def test_percentages_in_words_equal_those_in_figures(number, sign):
    value = -number if sign else number
    for words, unit in (("百分之", "%"), ("千分之", "‰")):
        for written in (f"{sign}{number:f}{unit}", f"{sign}{words}{writing.chinese(number)}", f"{sign}{words}{number:f}"):
            read = numerals.read(written)
            if len(written) <= 24:
                assert read is not None and (read.value, read.unit) == (value, unit), written


@given(top=st.integers(1, 10**8), base=st.integers(2, 10**8).filter(lambda n: n not in (100, 1000)), sign=signs.filter(lambda sign: sign != "-"))
def test_fractions_keep_four_figures(top, base, sign):
    exact = Decimal(top) / base
    for written in (f"{sign}{writing.whole(base)}分之{writing.whole(top)}", f"{sign}{base}分之{top}"):
        read = numerals.read(written)
        assert read is not None and read.unit == "" and (read.value < 0) is bool(sign)
        assert abs(abs(read.value) - exact) <= min(exact * Decimal("0.0005"), Decimal("0.00005"))


@given(number=st.integers(1, 99))
def test_tenths_ranks_and_doublings(number):
    tenths, more = divmod(number, 10)
    for written, value, unit in (
        (f"{writing.DIGITS[tenths]}成{writing.DIGITS[more] if more else ''}", number, "%"),
        (f"第{writing.whole(number)}位", number, "位"), (f"第{number}位", number, "位"), (f"倒数第{writing.whole(number)}", number, "位"),
        (f"翻{writing.DIGITS[tenths]}番", 2**tenths, "倍"),
    ):  # fmt: skip
        if tenths:
            read = numerals.read(written)
            assert read is not None and (read.value, read.unit) == (value, unit), written


@given(fen=st.integers(100, 10**12))
def test_cash(fen):
    read = numerals.read(writing.cash(fen))
    assert read is not None and (read.value, read.unit) == (Decimal(fen) / 100, "元") or len(writing.cash(fen)) > 24


@given(number=figures)
def test_a_record_keeps_fifteen_figures_of_a_number(number):
    kept = Decimal(str(records.number(number)))
    assert abs(kept - number) <= number * Decimal("1e-15")
    assert Decimal(json.loads(json.dumps(records.number(number)), parse_float=str)) == kept


OPPOSITES = (("不低于", "低于", ">=", "<"), ("不少于", "少于", ">=", "<"), ("不高于", "高于", "<=", ">"), ("不超过", "超过", "<=", ">"))


@pytest.mark.parametrize(("negated", "plain", "first", "second"), OPPOSITES)
@given(number=st.integers(1, 99))
def test_a_negation_turns_the_comparator_round(nlp, negated, plain, first, second, number):
    for word, comparator in ((negated, first), (plain, second)):
        targets = duban.process(f"失业率{word}{number}%。", nlp=nlp)._.duban.targets
        assert [t.comparator for t in targets] == [comparator]
