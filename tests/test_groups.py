"""duban.entities.groups: the case table, and what the table cannot say."""
from __future__ import annotations

import json
from pathlib import Path

import actors
import pytest

from duban.entities import default_lexicon, groups
from duban.lexicon import Lexicon
from duban.matches import Entity
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/groups.jsonl").read_text(encoding="utf-8").splitlines()]


def find(text: str, date: str | None = None) -> list[Entity]:
    return actors.find(text, "GROUP", date=date)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['rule']}: {c['text']}")
def test_case(case: dict) -> None:
    view, found = TextView(case["text"]), find(case["text"])
    assert [view.text[e.start:e.end] for e in found] == case["found"]
    if case["rule"] != "designation":
        assert (case["rule"] in {e.why.rule for e in found}) is not case["guards"]


def test_every_rule_has_two_cases_on_both_sides() -> None:
    for rule in {c["rule"] for c in CASES} - {"designation"}:
        for guards in (False, True):
            assert sum(c["guards"] is guards for c in CASES if c["rule"] == rule) >= 2, (rule, guards)


def test_groups_have_no_canonical_name() -> None:
    assert all(e.canon is None and e.level is None and e.place is None for c in CASES for e in find(c["text"]))


@pytest.mark.parametrize("area", ["全市", "全省", "全县"])
def test_words_for_the_whole_area_stay_outside(area: str) -> None:
    text = f"{area}各级各部门要行动起来"
    assert [text[e.start:e.end] for e in find(text)] == ["各级各部门"]


def test_a_masked_place_may_be_part_of_it() -> None:
    text = "驻*各单位要支持"
    assert [text[e.start:e.end] for e in find(text)] == ["驻*各单位"]


def test_an_entry_of_the_users_matches_as_it_stands() -> None:
    lexicon = default_lexicon() + Lexicon.of([{"label": "GROUP", "pattern": "两区一县", "id": "x"}])
    (found,) = groups.find(TextView("两区一县竞相发展"), lexicon)
    assert (found.start, found.end, found.ref) == (0, 4, "x")
