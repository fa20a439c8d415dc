"""Who is told to do what, by when: the cases of ``specs/tasks.jsonl`` and what holds of every answer."""
from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest

from duban import tasks
from duban.lexicon import Lexicon
from duban.matches import Entity, Section, Span, Target, Why
from duban.view import TextView

SPECS = Path(__file__).parent / "specs" / "tasks.jsonl"
CASES = [json.loads(line) for line in SPECS.read_text(encoding="utf-8").splitlines()]
GIVEN = Why("given")


def entities(body: TextView, case: dict) -> list[Entity]:
    """The named entities of a case, longest names first, as a finder would hand them over."""
    found: list[Entity] = []
    names = [(label, name) for label in ("DEPARTMENT", "GROUP", "PROJECT") for name in case.get(label, ())]
    for label, name in sorted(names, key=lambda n: -len(n[1])):
        at = body.text.find(name)
        while at >= 0:
            end = at + len(name)
            if not any(e.start < end and at < e.end for e in found):
                found.append(Entity(at, end, label, None, name if label == "DEPARTMENT" else None, None, None, GIVEN))
            at = body.text.find(name, end)
    return sorted(found, key=lambda e: e.start)


def sections(body: TextView, case: dict) -> list[Section]:
    """The outline of a case: [heading, marker, kind] in text order, all on one level."""
    heads, at = [], 0
    for heading, marker, *kind in case.get("sections", ()):
        at = body.text.index(heading, at)
        heads.append((at, heading, marker, kind[0] if kind else "section"))
        at += len(heading)
    ends = [*(start for start, *_ in heads[1:]), len(body.text)][: len(heads)]
    return [
        Section(start, end, kind, marker, i, 1, Span(start, start + len(heading)), None, marker, GIVEN)
        for i, ((start, heading, marker, kind), end) in enumerate(zip(heads, ends, strict=True), 1)
    ]


def found(case: dict) -> list[dict]:
    body = TextView(case["text"]).without([])

    def text(span: object) -> str:
        return body.text[span.start:span.end]  # type: ignore[attr-defined]

    return [
        {
            "text": text(task),
            "lead": [text(a) for a in task.lead],
            "support": [text(a) for a in task.support],
            "deadline": text(task.deadline) if task.deadline else None,
        }
        for task in tasks.find(body, sections(body, case), entities(body, case), date=case.get("date"))
    ]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['rule']}-{i}" for i, c in enumerate(CASES)])
def test_case(case: dict) -> None:
    assert found(case) == case["tasks"]


def test_every_rule_has_cases_for_and_against() -> None:
    count = Counter(case["rule"] for case in CASES)
    for rule in ("order", "ban", "lead-verb", "passive", "request", "deadline", "official", "note"):
        assert min(count[rule], count[f"not-{rule}"]) >= 2, rule
    assert all(not case["tasks"] for case in CASES if case["rule"].startswith("not-"))


def test_positions_of_targets_and_projects() -> None:
    body = TextView("去年建成5座。市水务局要建成石湾水厂，日供水2万吨。")
    at = body.text.index
    numbers = [
        Target(at("5座"), at("5座") + 2, None, None, "座", "=", False, "level", None, "actual", None, None, None, None, GIVEN),
        Target(at("2万吨"), at("2万吨") + 3, None, None, "吨", "=", False, "level", None, "target", None, None, None, None, GIVEN),
    ]
    given = entities(body, {"DEPARTMENT": ["市水务局"], "PROJECT": ["石湾水厂"]})
    (task,) = tasks.find(body, (), given, numbers)
    assert task.targets == (1,)
    assert task.projects == (1,)
    assert task.section is None


def test_evidence_lies_in_the_text_and_names_the_rule() -> None:
    body = TextView("市城管局要在6月底前会同市公安局清理占道经营。")
    (task,) = tasks.find(body, (), entities(body, {"DEPARTMENT": ["市城管局", "市公安局"]}), date="2026-03-01")
    words = {slot: [body.text[s.start:s.end] for s in spans] for slot, spans in task.why.evidence.items()}
    assert task.why.rule == "order"
    assert words["cue"] == ["要"]
    assert words["deadline"] == ["6月底前"]
    assert task.deadline is not None
    assert task.deadline.value == "../2026-06-30"


def test_the_actor_keeps_the_canon_of_its_entity() -> None:
    body = TextView("请县财政局核拨资金。")
    (task,) = tasks.find(body, (), entities(body, {"DEPARTMENT": ["县财政局"]}))
    assert task.lead[0].canon == "县财政局"


def test_words_come_from_the_lexicon() -> None:
    body = TextView("市水务局赶紧动手。")
    given = entities(body, {"DEPARTMENT": ["市水务局"]})
    own = tasks.default_lexicon() + Lexicon.of([{"label": "TASK_URGENT", "pattern": "赶紧", "id": "own/赶紧"}])
    assert tasks.find(body, (), given) == []
    assert len(tasks.find(body, (), given, lexicon=own)) == 1


def test_tasks_are_in_text_order_and_never_overlap() -> None:
    body = TextView("\n".join(case["text"] for case in CASES)).without([])
    names = {label: sorted({n for c in CASES for n in c.get(label, ())}) for label in ("DEPARTMENT", "GROUP")}
    answer = tasks.find(body, (), entities(body, names))
    assert len(answer) > 40
    assert all(a.end <= b.start for a, b in itertools.pairwise(answer))
    assert all(t.start <= s.start and s.end <= t.end for t in answer for s in (*t.lead, *t.support))


ODD = ("", "\n", "。", "（", "牵头单位：", "（牵头单位：）", "由",
       "要" * 500, "（" * 2000, "、" * 3000, "由各部门" * 800, "，每月" * 3000, "由" * 3000, "，市政府" * 1500)  # fmt: skip


@pytest.mark.parametrize("text", [*ODD, "【责任单位】" * 300])
def test_odd_texts_are_no_trouble(text: str) -> None:
    body = TextView(text).without([])
    assert isinstance(tasks.find(body, (), entities(body, {"GROUP": ["各部门"]})), list)
