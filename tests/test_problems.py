"""What is lagging: the page that defines it, the cases of ``specs/problems.jsonl``, and what holds of every answer."""
from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from duban import problems
from duban.entities import find as entities_of
from duban.matches import PROBLEM_KINDS, Problem
from duban.sections import find as sections_of
from duban.targets import find as targets_of
from duban.view import TextView

ROOT = Path(__file__).parents[1]
SPECS = Path(__file__).parent / "specs" / "problems.jsonl"
CASES = [json.loads(line) for line in SPECS.read_text(encoding="utf-8").splitlines()] if SPECS.exists() else []
RULES = ("stated", "not-done", "rank", "comparison", "lasting", "conduct", "quality", "trouble", "exists", "passage", "judged", "beside")


def answer(text: str, place: str | None = None) -> tuple[TextView, list[Problem]]:
    body = TextView(text).without([])
    sections = sections_of(body)
    entities = entities_of(body, None, sections)
    targets = targets_of(body, entities, sections, "2026-07-02")
    return body, problems.find(body, sections, entities, targets, "2026-07-02", None, place)


def rules(case: dict) -> list[str]:
    return [problem.why.rule for problem in answer(case["text"])[1]]


def found(case: dict) -> list[dict]:
    body, given = answer(case["text"])

    def words(*spans: object) -> list[str]:
        return [body.text[s.start:s.end] for s in spans]  # type: ignore[attr-defined]

    return [
        {"kind": p.kind, "text": words(p)[0], "cue": words(p.cue)[0], "who": words(*p.units, *p.places), "what": words(*p.projects, *p.indicators)}
        for p in given
    ]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['rule']}-{i}" for i, c in enumerate(CASES)])
def test_case(case: dict) -> None:
    assert found(case) == case["problems"]
    if case["problems"] and case["rule"] not in ("quality",):  # what makes a quality count is its passage
        assert case["rule"] in rules(case)


def test_every_rule_has_cases_for_and_against() -> None:
    count = Counter(case["rule"] for case in CASES)
    for rule in RULES:
        assert min(count[rule], count[f"not-{rule}"]) >= 2, rule
    assert all(not case["problems"] for case in CASES if case["rule"].startswith("not-") and case["rule"] != "not-done")


def examples() -> dict[str, tuple[str, list[tuple[str, ...]]]]:
    """The thirty examples of the page: number -> text, records."""
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    out: dict[str, tuple[str, list[tuple[str, ...]]]] = {}
    for line in re.findall(r"^\| (?:\d+ )?\|.*\|$", page, re.M):
        number, text, kind, *slots = (cell.strip() for cell in line.strip("|").split("|"))
        if number:
            current = out[number] = (text, [])
        if kind not in ("", "–"):
            current[1].append((kind.strip("`"), *slots))
    return out


@pytest.mark.parametrize("number", examples())
def test_the_page_says_what_is_found(number: str) -> None:
    text, wanted = examples()[number]
    body, given = answer(text)

    def words(spans: object) -> str:
        return "、".join(body.text[s.start:s.end] for s in spans) or "–"  # type: ignore[attr-defined]

    made = [
        (p.kind, words([p]), words([p.cue]), words([*p.units, *p.places]), words([*p.projects, *p.indicators]), words([p.period] if p.period else []))
        for p in given
    ]
    assert made == wanted


def test_the_page_has_thirty_examples_and_every_kind() -> None:
    assert len(examples()) == 30
    assert {record[0] for _, records in examples().values() for record in records} == set(PROBLEM_KINDS)
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \| [一-鿿]+ \|", page, re.M)) == PROBLEM_KINDS


def test_the_own_place_and_others_are_no_subjects() -> None:
    for place, wanted in (("青岚县", []), ("临澄市", ["青岚县"])):
        _, (problem,) = answer("青岚县工业投资下滑。", place)
        assert [subject.canon for subject in problem.places] == wanted
    assert answer("全省进出口总额大幅下降。", "临澄市")[1] == []
    assert len(answer("全市进出口总额大幅下降。", "临澄市")[1]) == 1


def test_masked_places_have_no_name() -> None:
    _, (problem,) = answer("*县、XX区仍未开工。")
    assert [(subject.end - subject.start, subject.canon) for subject in problem.places] == [(2, None), (3, None)]


def test_evidence_lies_in_the_clause_or_before() -> None:
    body, given = answer("三、存在的问题\n三季度，青岚县固定资产投资下降3.2%，全市垫底。")
    words = [{slot: [body.text[s.start:s.end] for s in spans] for slot, spans in p.why.evidence.items()} for p in given]
    assert words[0] == {"cue": ["下降"], "places": ["青岚县"], "indicators": ["固定资产投资"], "period": ["三季度"], "words": ["问题"]}
    assert words[1]["places"] == ["青岚县"]
    assert [(p.section, p.targets) for p in given] == [(0, (0,)), (0, ())]
    assert given[1].why.lexicon == "problem-stated/垫底"


@pytest.mark.parametrize("text", [
    "青岚县进度滞后，" * 2000, "未" * 20_000, "比全省" * 5000, "仅" * 20_000, "“" * 20_000 + "滞后", "存在问题" * 5000, "存在不少问题。投资下降。" * 2000,
    "有的部门" * 4000 + "推进不力", "固定资产投资、" * 3000 + "下降",
])  # fmt: skip
def test_odd_texts_cost_no_more_than_their_length(text: str) -> None:
    body = TextView(text).without([])
    problems.find(TextView("滞后"))  # the lexicon is read
    started = time.process_time()
    for p in problems.find(body):
        assert 0 <= p.start <= p.cue.start < p.cue.end <= p.end <= len(body.text)
    assert time.process_time() - started < 300e-6 * len(text)
