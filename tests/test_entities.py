"""duban.entities: the policy for overlaps, and the layer as a whole."""
from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

import actors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.entities import LABELS, LEXICONS, conflicts, default_lexicon, find
from duban.lexicon import Lexicon
from duban.matches import Entity, Why
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/conflicts.jsonl").read_text(encoding="utf-8").splitlines()]

ACTORS = [json.loads(line) for line in (Path(__file__).parent / "specs/actors.jsonl").read_text(encoding="utf-8").splitlines()]


def candidate(start: int, end: int, label: str, rule: str = "test") -> Entity:
    return Entity(start, end, label, None, None, None, None, Why(rule))


@pytest.mark.parametrize("case", ACTORS, ids=lambda c: c["text"])
def test_who_is_named_in_a_sentence(case: dict) -> None:
    """Every organ and every collective of the sentence and nothing else; ``departments`` are [words, canonical name or null: not judged]."""
    view, found = TextView(case["text"]), actors.find(case["text"])
    named = [(view.text[e.start:e.end], e.canon) for e in found if e.label == "DEPARTMENT"]
    assert [name for name, _ in named] == [name for name, _ in case["departments"]]
    assert [c for (_, c), (_, wanted) in zip(named, case["departments"], strict=True) if wanted] == [c for _, c in case["departments"] if c]
    assert [view.text[e.start:e.end] for e in found if e.label == "GROUP"] == case["groups"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['rule']}: {c['text']}")
def test_policy(case: dict) -> None:
    """``candidates`` are given as [words, label] and stand where the words first occur."""
    view = TextView(case["text"])
    given_candidates = [candidate(case["text"].index(w), case["text"].index(w) + len(w), label) for w, label in case["candidates"]]
    kept = conflicts.resolve(view, given_candidates, default_lexicon())
    assert [[view.text[e.start:e.end], e.label] for e in kept] == case["kept"]


def test_every_step_of_the_policy_has_cases() -> None:
    for rule in ("title", "person", "meeting", "document", "act", "longest", "priority"):
        assert sum(c["rule"] == rule and c["kept"] != c["candidates"] for c in CASES) >= 2, rule
        assert any(c["rule"] == rule and c["kept"] == c["candidates"] for c in CASES), rule


def test_the_users_names_win() -> None:
    text = "市发改委牵头云湖大桥项目"
    lexicon = default_lexicon() + Lexicon.of([{"label": "PROJECT", "pattern": "发改委牵头", "id": "mine"}])
    view = TextView(text)
    assert [(view.text[e.start:e.end], e.label, e.ref) for e in find(view, lexicon) if e.start < 6] == [("发改委牵头", "PROJECT", "mine")]


def test_a_users_entry_overrides_a_packaged_one() -> None:
    packaged = next(e for e in default_lexicon() if e.label == "ORGAN_STEM")
    own = Lexicon.of([{"label": "ORGAN_STEM", "pattern": packaged.pattern, "id": "own", "canon": "另名", "organ": "局"}])
    (found,) = find(TextView(f"由县{packaged.pattern}局牵头"), default_lexicon() + own)
    assert (found.canon, found.ref) == ("另名局", "own")


def test_a_title_line_names_its_author_only_as_part_of_the_title() -> None:
    view = TextView("青岚县人民政府办公室关于印发工作要点的通知\n各乡镇：\n现印发给你们。\n青岚县人民政府办公室")
    departments = [e for e in find(view) if e.label == "DEPARTMENT"]
    assert [e.start > 20 for e in departments] == [True]


def test_the_packaged_files_load_together_without_shadowing() -> None:
    lexicon = default_lexicon()
    assert not lexicon.shadowed
    assert {e.file for e in lexicon} == set(LEXICONS)


PIECES = [
    "市", "县", "*", "委", "政府", "发改", "、", "和", "各", "部门", "县区", "要", "。", "中心", "集团",
    "领导小组", "《", "》", "等", "会议", "书记", "高新区", "经开区", "X", "\n",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_entities_are_in_order_and_apart(pieces: list[str]) -> None:
    view = TextView("".join(pieces))
    found = find(view)
    assert all(e.label in LABELS and 0 <= e.start < e.end <= len(view.text) for e in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert found == find(view)


@pytest.mark.parametrize("piece", [
    "市委", "各", "发改、", "中心", "领导小组", "有关", "市政府第三次", "*", "大学", "甲公司、", "局", "各县区", "市医院、", "省市县",
])
def test_time_grows_with_the_length_of_the_text(piece: str) -> None:
    def seconds(repeats: int) -> float:
        view = TextView(piece * repeats)
        start = time.process_time()
        find(view)
        return time.process_time() - start

    seconds(100)
    short = seconds(2_000)
    assert seconds(16_000) < 8 * 4 * short + 0.5
