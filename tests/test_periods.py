"""duban.periods: the case table, and that values are intervals."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban import periods
from duban.periods import find
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/periods.jsonl").read_text(encoding="utf-8").splitlines()]
EDTF = re.compile(r"(?:[\dX]{4}-[\dX]{2}-[\dX]{2}|\.\.)/(?:[\dX]{4}-[\dX]{2}-[\dX]{2}|\.\.)")


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['rule']}: {c['input']}")
def test_case(case: dict) -> None:
    view = TextView(case["input"])
    assert [[p.text, p.value] for p in find(view, case["date"])] == case["periods"]


def test_values_are_intervals_in_order() -> None:
    for case in CASES:
        for period in find(TextView(case["input"]), "2024-02-29"):
            if period.value is not None:
                assert EDTF.fullmatch(period.value), period
                first, last = period.value.split("/")
                assert ".." in (first, last) or "X" in period.value or first <= last


def test_every_rule_has_cases_on_both_sides() -> None:
    rules = {c["rule"] for c in CASES} - {"unknown date"}
    for rule in rules:
        assert sum(bool(c["periods"]) for c in CASES if c["rule"] == rule) >= 2
        assert any(not c["periods"] for c in CASES if c["rule"] == rule)


def test_date_decides_the_year() -> None:
    view = TextView("上半年完成")
    assert [find(view, d)[0].value for d in ("2019-03-01", "2031-12-31")] == ["2019-01-01/2019-06-30", "2031-01-01/2031-06-30"]


@given(st.from_regex(periods._EXPRESSION))
def test_no_expression_is_passed_over(text: str) -> None:
    """What ``_OPENS`` passes over is no time, whatever the expression takes for one."""
    for at in range(len(text)):
        match = periods._EXPRESSION.match(text, at)
        if match and any(match.group(*periods._SAYING)):
            assert periods._OPENS.match(text, at), text[at:]
