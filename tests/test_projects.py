"""duban.entities.projects: the case table, and what the table cannot say."""
from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from duban.entities import projects
from duban.entities.projects.vocabulary import NAMED, NAMED_SIGN
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/projects.jsonl").read_text(encoding="utf-8").splitlines()]
LEXICON = projects.default_lexicon()
HEADS = LEXICON.labelled("PROJECT_HEAD")


def found(text: str) -> list[str]:
    view = TextView(text)
    return [view.text[e.start:e.end] for e in projects.find(view)]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['rule']}: {c['text']}")
def test_case(case: dict) -> None:
    view = TextView(case["text"])
    matches = projects.find(view)
    assert [view.text[e.start:e.end] for e in matches] == case["found"]
    assert (case["rule"] in {e.why.rule for e in matches}) is not case["guards"]


def test_every_rule_has_two_cases_on_both_sides() -> None:
    fired = {e.why.rule for c in CASES for e in projects.find(TextView(c["text"]))}
    assert fired == {c["rule"] for c in CASES}
    for rule in fired:
        for guards in (False, True):
            assert sum(c["guards"] is guards for c in CASES if c["rule"] == rule) >= 2, (rule, guards)


@pytest.mark.parametrize("kind", ["line", "water", "plant"])
def test_every_work_is_a_project_where_it_is_being_built(kind: str) -> None:
    names = [f"青岚河{entry.pattern}" for entry in HEADS if entry.get("class") == kind]
    assert [found(f"全市开工建设{name}。") for name in names] == [[name] for name in names]


@pytest.mark.parametrize("kind", ["line", "water", "plant", "public", "undertaking"])
def test_a_head_alone_is_no_project(kind: str) -> None:
    heads = [entry.pattern for entry in HEADS if entry.get("class") == kind]
    assert {head: found(f"加快推进{head}建设。") for head in heads} == {head: [] for head in heads}


def test_what_is_said_of_a_work_is_no_part_of_its_name() -> None:
    said = [entry.pattern for entry in LEXICON.labelled("PROJECT_STATE") if entry.get("class") == "strong"]
    assert {word: found(f"青岚河特大桥项目{word}。") for word in said} == {word: ["青岚河特大桥项目"] for word in said}


def test_an_abstraction_is_no_work() -> None:
    ends = [entry.pattern for entry in LEXICON.labelled("PROJECT_END")]
    assert {end: found(f"宏岚云谷{end}建成投用。") for end in ends} == {end: [] for end in ends}


@pytest.mark.parametrize("lead", ["加快推进", "开工建设", "建成投用", "全力抓好", "年内启动实施", "投资3亿元的", "正在推进的", "昨天观摩了"])
def test_a_name_starts_after_its_lead(lead: str) -> None:
    assert found(f"{lead}青岚镇白沙河大桥建设项目，明年完工。") == ["青岚镇白沙河大桥建设项目"]


@pytest.mark.parametrize("tail", ["", "建设", "前期工作", "，6月底前完工", "等12个重点项目", "一季度完成投资800万元"])
def test_a_name_ends_before_what_is_said_of_it(tail: str) -> None:
    assert found(f"加快临澄新材料产业园{tail}。") == ["临澄新材料产业园"]


@pytest.mark.parametrize("unit", ["加快青岚大桥和白沙水库及临澄产业园、云岭", "青岚大桥、", "建成青岚和", "“青岚", "全面", "大桥年内", "等"])
def test_time_grows_with_the_text_only(unit: str) -> None:
    def seconds(times: int) -> float:
        view = TextView(unit * times + "等项目")
        start = time.process_time()
        projects.find(view)
        return time.process_time() - start

    seconds(10)
    assert seconds(4000) < 40 * max(seconds(500), seconds(500), 0.05)


@pytest.mark.parametrize("name", [
    "G123临澄至青岚段", "S7线", "国道205线", "X12线", "青岚河西环路", "白沙厂二期", "2×66万千瓦机组", "引江济澄", "南水北调", "西电东送",
])
def test_names_known_by_their_form_have_a_sign_of_it(name: str) -> None:
    form = NAMED.search(name)
    assert form and NAMED_SIGN.search(form.group())
