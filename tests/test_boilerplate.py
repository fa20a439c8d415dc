"""Boilerplate: a table of copies with their furniture, the switches, and what must hold for any text."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban import boilerplate
from duban.lexicon import Lexicon
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs" / "boilerplate.jsonl").read_text(encoding="utf-8").splitlines()]
PAGE = "首页 > 政务公开\n在全市工作会议上的讲话\n来源：临澄日报\n同志们：\n今天开会，部署今年重点工作。\n打印本页"


def _found(text: str, **options: Any) -> list[tuple[str, str]]:
    view = TextView(text)
    out = []
    for b in boilerplate.find(view, **options):
        start, end = view.to_source(b.start, b.end)
        out.append((b.kind, text[start:end]))
    return out


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_table(case: dict[str, Any]) -> None:
    squeezed = [(kind, "".join(words.split())) for kind, words in _found(case["text"])]
    assert squeezed == [(kind, "".join(words.split())) for kind, words in case["boilerplate"]]


def test_every_rule_of_the_table_has_two_cases_and_two_guards() -> None:
    for kind in boilerplate.KINDS:
        assert sum(any(k == kind for k, _ in c["boilerplate"]) for c in CASES) >= 2, kind
    assert sum(not c["boilerplate"] for c in CASES) >= 12


@pytest.mark.parametrize("kind", boilerplate.KINDS)
def test_a_kind_can_be_switched_off(kind: str) -> None:
    kept = frozenset(boilerplate.KINDS) - {kind}
    assert {k for k, _ in _found(PAGE, kinds=kept)} == {k for k, _ in _found(PAGE)} - {kind}


def test_white_space_between_two_boilerplate_lines_belongs_to_the_span() -> None:
    text = "打印\n\n  \n关闭窗口\n在全市工作会议上的讲话\n同志们：\n今天开会，部署今年重点工作。"
    view = TextView(text)
    (span,) = boilerplate.find(view)
    assert view.to_source(span.start, span.end) == (0, text.index("口") + 1)


def test_one_span_for_a_run_of_one_kind() -> None:
    found = _found(PAGE)
    assert all(a[0] != b[0] for a, b in zip(found, found[1:], strict=False)) and len(found) == 3


def test_lexicon_of_the_user() -> None:
    own = boilerplate.default_lexicon() + Lexicon.of([{"label": "FURNITURE", "pattern": "夜读电台", "kind": "control"}])
    assert _found("夜读电台\n" + PAGE, lexicon=own)[0][0] == "control"
    assert all("夜读" not in words for _, words in _found(PAGE + "\n同志们，夜读电台办得好，要坚持下去。", lexicon=own))


def test_why_names_rule_and_entry() -> None:
    found = boilerplate.find(TextView(PAGE))
    assert [b.why.rule for b in found] == ["tokens", "key", "tokens"]
    assert found[1].why.lexicon == "furniture/key/来源"


def test_a_document_given_twice_keeps_both_copies() -> None:
    text = "在全市工作会议上的讲话\n同志们：\n" + "".join(f"{n}、抓好第{n}项工作\n各级各部门要压实责任，狠抓落实，务求实效。\n" for n in "一二三四五")
    twice = text + "打印本页\n" + text
    assert _found(twice) == [("control", "打印本页\n"[:4])]


def test_page_numbers_inside_a_copy_in_one_line() -> None:
    text = "各地各部门要把责任压实到岗到人。" * 30 + "强化跟踪— 12 —问效，确保落实。"
    assert _found(text) == [("pagination", "— 12 —")]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="首页>来源：打印—12\n\r 　一、同志们各位代表！报告讲话。，（）《》abc/【】责任编辑", max_size=200))
def test_spans_are_ordered_disjoint_and_inside(text: str) -> None:
    view = TextView(text)
    at = 0
    for b in boilerplate.find(view):
        assert at <= b.start < b.end <= len(view.text)
        assert b.kind in boilerplate.KINDS
        at = b.end
