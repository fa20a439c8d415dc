"""duban.entities.departments: the case table, and what the table cannot say."""
from __future__ import annotations

import json
from pathlib import Path

import actors
import pytest

from duban.entities import default_lexicon, departments
from duban.entities.naming import naming
from duban.lexicon import Entry, Lexicon
from duban.matches import Entity
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/departments.jsonl").read_text(encoding="utf-8").splitlines()]


def find(text: str, date: str | None = None) -> list[Entity]:
    return actors.find(text, "DEPARTMENT", date=date)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['rule']}: {c['text']}")
def test_case(case: dict) -> None:
    view, found = TextView(case["text"]), find(case["text"])
    assert [[view.text[e.start:e.end], e.canon, e.level, e.place] for e in found] == case["found"]
    if case["rule"] != "designation":
        assert (case["rule"] in {e.why.rule for e in found}) is not case["guards"]


def test_every_rule_has_two_cases_on_both_sides() -> None:
    for rule in {c["rule"] for c in CASES} - {"designation"}:
        for guards in (False, True):
            assert sum(c["guards"] is guards for c in CASES if c["rule"] == rule) >= 2, (rule, guards)


def test_every_rule_that_fires_has_cases() -> None:
    fired = {e.why.rule for c in CASES for e in find(c["text"])}
    assert fired <= {c["rule"] for c in CASES}


ABBREVIATED = [
    ("市发改委", "市发展和改革委员会"),
    ("县人社局", "县人力资源和社会保障局"), ("省卫健委", "省卫生健康委员会"), ("*区市场监管局", "*区市场监督管理局"),
]
ORGANS = [e for e in default_lexicon().labelled("ORGAN") if not e.get("prefix") and not e.get("firm")]


@pytest.mark.parametrize(("bare", "full"), ABBREVIATED)
def test_an_abbreviation_and_its_full_name_are_one_organ(bare: str, full: str) -> None:
    (short,), (long,) = find(bare), find(full)
    assert (short.canon, short.level, short.place) == (long.canon, long.level, long.place)


STEMS = [e for e in default_lexicon().labelled("ORGAN_STEM") if e.get("organ") == "局" and not e.get("bare")]


@pytest.mark.parametrize("entry", STEMS, ids=lambda e: e.pattern)
def test_every_stem_makes_an_organ_with_its_level(entry: Entry) -> None:
    text = f"由县{entry.pattern}局牵头。"
    (found,) = find(text)
    assert text[found.start:found.end] == f"县{entry.pattern}局"
    assert (found.canon, found.level) == (f"{entry.canon}局", "县")


@pytest.mark.parametrize("entry", ORGANS, ids=lambda e: e.pattern)
def test_every_organ_is_found_with_its_level_and_all_its_names_are_one(entry: Entry) -> None:
    for name in (entry.pattern, *entry.get("aliases", ())):
        if name.startswith("团"):
            continue  # the level stands inside: 团市委
        text = f"会同市{name}研究。"
        assert [(text[e.start:e.end], e.canon) for e in find(text)] == [(f"市{name}", entry.canon)]


def test_predecessors_say_until_when_and_into_what() -> None:
    for entry in default_lexicon().labelled("ORGAN_STEM"):
        if entry.get("successor"):
            assert entry.get("until"), entry.pattern


def test_an_entry_of_the_users_matches_as_it_stands() -> None:
    lexicon = default_lexicon() + Lexicon.of([{"label": "DEPARTMENT", "pattern": "白鹭专员", "id": "x", "canon": "白鹭专员公署", "level": "市"}])
    (found,) = departments.find(TextView("由白鹭专员牵头"), lexicon)
    assert (found.start, found.end, found.ref, found.canon, found.level, found.why.rule) == (1, 5, "x", "白鹭专员公署", "市", "department-name")


def test_evidence_is_prefix_and_core() -> None:
    (found,) = find("青岚县财政局")
    assert found.ref == "organ_stem/财政"
    assert {slot: [tuple(s) for s in spans] for slot, spans in found.why.evidence.items()} == {"prefix": [(0, 3)], "core": [(3, 6)]}


@pytest.mark.parametrize(("date", "canon"), [("2016-03-01", "国土资源局"), ("2026-03-01", "自然资源局"), (None, "自然资源局")])
def test_a_field_is_that_of_the_organ_which_had_it_at_the_time(date: str | None, canon: str) -> None:
    assert [e.canon for e in find("国土部门要保障用地。", date)] == [canon]


@pytest.mark.parametrize("words", [
    "云岭省", "自治区", "市", "市直", "县本级", "区属", "青岚新区", "白沙街道", "临澄地区", "自治州", "盟", "旗", "自治县", "乡", "镇", "经开区", "南山新城",
    "青岚园区", "国家", "全国", "中央", "中共", "中国", "*县", "××", "某", "XX", "○○",
])
def test_every_level_zone_and_masked_place_is_seen_before_an_organ(words: str) -> None:
    assert naming(default_lexicon()).prefix(f"{words}教育局", len(words)).start == 0
