"""Who is told to do what, by when: the cases of ``specs/tasks.jsonl`` and what holds of every answer."""
from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban import boilerplate, tasks
from duban.entities import find as entities_of
from duban.lexicon import Lexicon
from duban.matches import Entity, Section, Span, Target, Task, Why
from duban.sections import find as sections_of
from duban.targets import find as targets_of
from duban.view import TextView

SPECS = Path(__file__).parent / "specs" / "tasks.jsonl"
CASES = [json.loads(line) for line in SPECS.read_text(encoding="utf-8").splitlines()]
GIVEN = Why("given")
DOCUMENTS = [p.read_text(encoding="utf-8") for p in sorted((Path(__file__).parents[1] / "corpus" / "documents").glob("*.txt"))]


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
    """The outline of a case: [heading, marker, kind, level] in text order, on one level unless it says another."""
    heads, at = [], 0
    for heading, marker, *more in case.get("sections", ()):
        kind, level = [*more, *("section", 1)[len(more):]]
        at = body.text.index(heading, at)
        heads.append((at, heading, marker, kind, level))
        at += len(heading)
    return [
        Section(start, next((s for s, *_, other in heads[i:] if other <= level), len(body.text)), kind, marker, i, level,
                Span(start, start + len(heading)), None, marker, GIVEN)
        for i, (start, heading, marker, kind, level) in enumerate(heads, 1)
    ]  # fmt: skip


def targets(body: TextView, case: dict) -> list[Target]:
    """The figures of a case: [words, status] in text order."""
    found, at = [], 0
    for words, status in case.get("targets", ()):
        at = body.text.index(words, at)
        found.append(Target(at, at + len(words), None, None, "", "=", False, "level", None, status, None, None, None, None, GIVEN))
        at += len(words)
    return found


def answer(case: dict) -> tuple[TextView, list[Task]]:
    body = TextView(case["text"]).without([])
    return body, tasks.find(body, sections(body, case), entities(body, case), targets(body, case), date=case.get("date"))


def rules(case: dict) -> list[str]:
    return [task.why.rule for task in answer(case)[1]]


def found(case: dict) -> list[dict]:
    body, given = answer(case)

    def text(span: object) -> str:
        return body.text[span.start:span.end]  # type: ignore[attr-defined]

    return [
        {
            "text": text(task),
            "lead": [text(a) for a in task.lead],
            "support": [text(a) for a in task.support],
            "deadline": text(task.deadline) if task.deadline else None,
        }
        for task in given
    ]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['rule']}-{i}" for i, c in enumerate(CASES)])
def test_case(case: dict) -> None:
    assert found(case) == case["tasks"]


def test_every_rule_has_cases_for_and_against() -> None:
    count = Counter(case["rule"] for case in CASES)
    for rule in (
        "order", "ban", "lead-verb", "passive", "request", "deadline", "official", "note", "shared", "answers", "by-rule", "goal", "recurrent", "spoken",
    ):
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
       "要" * 500, "（" * 2000, "、" * 3000, "由各部门" * 10000, "，每月" * 3000, "由" * 3000, "，市政府" * 1500)  # fmt: skip


@pytest.mark.parametrize("text", [*ODD, "【责任单位】" * 300])
def test_odd_texts_are_no_trouble(text: str) -> None:
    body = TextView(text).without([])
    assert isinstance(tasks.find(body, (), entities(body, {"GROUP": ["各部门"]})), list)


# ---- what holds of every text

PIECES = [
    "市水务局", "县财政局", "各县区", "有关部门", "王副市长", "石湾镇", "要", "必须", "请", "由", "牵头", "负责", "配合", "会同", "联合", "落实",
    "每月", "至少", "6月底前", "年底", "决不能", "将适时", "是第一责任人", "对", "的", "按照要求", "（", "）", "【", "】", "[", "]", "“",
    "”", "。", "，", "；", "：", "、", "！", "？", "牵头单位：", "责任单位：", "完成时限：", "【责任单位】", "配合单位：", "责任领导：", "一、",
    "（一）", "1.", "一是", "——", "等", "和", "及", "清淤管网", "3公里", "改造", "已", "了", "*", "X", "（市水务局负责）",
    "（某局牵头，各县区配合）", "（负责）", "（责任单位：）", "年底前）", "落实）",
]  # fmt: skip
NOISE = st.sampled_from([*PIECES, "\\n", " ", "\\u3000", "\\r\\n"]) | st.characters(codec="utf-8")


def check(text: str) -> list[Task]:
    view = TextView(text)
    body = view.without([(b.start, b.end) for b in boilerplate.find(view)])
    outline = sections_of(body)
    named = entities_of(body, sections=outline)
    numbers = targets_of(body, entities=named, sections=outline)
    answer = tasks.find(body, outline, named, numbers, date="2026-03-01")
    size = len(body.text)
    for task in answer:
        assert 0 <= task.start < task.end <= size
        assert task.lead or task.support
        parts = [*task.lead, *task.support, *([task.deadline] if task.deadline else ())]
        assert all(0 <= p.start < p.end <= size for p in parts)
        assert all(task.start <= a.start and a.end <= task.end for a in (*task.lead, *task.support))
        assert not set(body.text[task.start]) & set("，；。、）】！")
    assert all(a.end <= b.start for a, b in itertools.pairwise(answer))
    return answer


@settings(max_examples=400, deadline=None)
@given(st.lists(NOISE, max_size=60).map("".join))
def test_spans_of_any_text_are_sound(text: str) -> None:
    check(text)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_spans_of_a_damaged_document_are_sound(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(DOCUMENTS))
    start = data.draw(st.integers(0, max(0, len(text) - 600)))
    text = text[start:start + 600]
    for _ in range(data.draw(st.integers(0, 6))):
        at, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(NOISE) + text[at + length:]
    check(text)
