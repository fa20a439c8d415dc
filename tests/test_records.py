from __future__ import annotations

import json
from decimal import Decimal

import jsonschema
import pytest

import duban
from duban import records
from duban.errors import DubanError


@pytest.fixture(scope="module")
def made(char_nlp, corpus):
    return {name: duban.to_record(duban.process(text, nlp=char_nlp, name=name)) for name, text in corpus.items()}


def test_every_record_follows_the_schema(made):
    validator = jsonschema.Draft202012Validator(records.schema())
    for record in made.values():
        validator.validate(record)


def test_the_schema_refuses_a_wrong_record(made):
    record = json.loads(json.dumps(next(iter(made.values()))))
    record["targets"][0]["comparator"] = "≥"
    assert not jsonschema.Draft202012Validator(records.schema()).is_valid(record)


def test_offsets_slice_to_the_text(made):
    def check(value, text):
        if isinstance(value, dict):
            if "text" in value and "start" in value:
                assert text[value["start"]:value["end"]] == value["text"] != ""
            for inner in value.values():
                check(inner, text)
        elif isinstance(value, list):
            for inner in value:
                check(inner, text)

    for record in made.values():
        for layer in records.LAYERS:
            check(record[layer], record["text"])


def test_ids_are_unique_in_text_order_and_point_at_something(made):
    for record in made.values():
        ids = [r["id"] for layer in records.LAYERS for r in record[layer]]
        assert len(ids) == len(set(ids))
        known = set(ids)
        for layer in records.LAYERS:
            starts = [r["start"] for r in record[layer]]
            assert starts == sorted(starts), layer
        for record_ in (*record["targets"], *record["tasks"]):
            assert record_["section"] is None or record_["section"] in known
        for task in record["tasks"]:
            assert known.issuperset(task["targets"]) and known.issuperset(task["projects"])
        for target in record["targets"]:
            assert target["indicator"] is None or target["indicator"]["entity"] is None or target["indicator"]["entity"] in known


def test_record_to_doc_and_back_is_the_identity(made, char_nlp):
    for record in made.values():
        again = records.to_record(records.from_record(record, char_nlp.vocab))
        assert again == record


def test_typed_views_say_what_the_record_says(made, char_nlp, corpus):
    name = "notice-notes"
    doc = duban.process(corpus[name], nlp=char_nlp, name=name)
    view = doc._.duban
    assert [t.text for t in view.targets] == [t["text"] for t in made[name]["targets"]]
    assert [records.number(t.value) for t in view.targets] == [t["value"] for t in made[name]["targets"]]
    assert [s.path for s in view.sections] == [s["path"] for s in made[name]["sections"]]
    assert view.record == made[name]
    with pytest.raises(AttributeError):
        view.targets[0].value = Decimal(1)


@pytest.mark.parametrize(("value", "number"), [
    (Decimal("6E9"), 6000000000), (Decimal("0.3333"), 0.3333), (Decimal("20"), 20), (Decimal("5.50"), 5.5), (Decimal("1E30"), 1e30), (None, None),
])
def test_numbers(value, number):
    assert records.number(value) == number
    assert type(records.number(value)) is type(number)


@pytest.mark.parametrize(("document", "record"), [("a", "t1"), ("区县/计划 二", "k3"), ('"#?&<%41', "e9")])
def test_an_anchor_is_an_id_and_a_fragment(document, record):
    from urllib.parse import unquote, urlsplit

    made = records.anchor(document, record)
    assert unquote(made) == f"{document}:{record}"
    assert not set(made) & set(' "<>&?#/')
    assert urlsplit(f"report.html#{made}").fragment == made


def test_what_the_reader_told_stands_in_the_meta(char_nlp):
    told = {"warnings": ["DB131"], "apart": {"footnotes": ["按可比价格。"]}, "left_out": {"nav": 5}}
    reading = {**told, "warnings": [DubanError("DB131", path="a.pdf", pages="2")], "else": 1, "source": {"path": "b"}}
    made = duban.to_record(duban.process("今年新增就业3万人。", nlp=char_nlp, source={"path": "a.pdf"}, reading=reading))
    assert {key: made["meta"][key] for key in records.READING} == told
    assert "else" not in made["meta"]
    assert made["meta"]["source"]["path"] == "a.pdf"
    jsonschema.Draft202012Validator(records.schema()).validate(made)
    assert duban.to_record(records.from_record(made, char_nlp.vocab)) == made
    made["meta"]["warnings"] = "none"
    assert not jsonschema.Draft202012Validator(records.schema()).is_valid(made)


def test_a_record_from_before_problems_is_whole(char_nlp):
    made = duban.to_record(duban.process("青岚县工业投资下滑，全市垫底。", nlp=char_nlp))
    assert [problem["kind"] for problem in made["problems"]] == ["worsening", "ranked_low"]
    old = {key: value for key, value in made.items() if key != "problems"}
    jsonschema.Draft202012Validator(records.schema()).validate(old)
    assert duban.to_record(records.from_record(old, char_nlp.vocab)) == {**made, "problems": []}
