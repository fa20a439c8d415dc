"""Broken lines: how a page was set, and what opens a paragraph where a line is full by chance."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import copies
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.view import TextView
from duban.wraps import broken, width

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs" / "wraps.jsonl").read_text(encoding="utf-8").splitlines()]
FILLER = (
    "临澄市各级各部门围绕年度目标倒排工期挂图作战，重点项目开工率稳步提高，营商环境持续改善，居民收入和就业保持稳定，"
    "下一步要紧盯短板弱项，逐项分析原因，拿出管用措施，确保完成全年任务。"
)


def _paragraphs(lines: list[str]) -> list[str]:
    body = TextView("\n".join(lines)).without([])
    return [body.text[s:e] for s, e in body.paragraphs]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_table(case: dict[str, Any]) -> None:
    """``at`` is the page width; paragraphs of filler around the case tell how the page was set."""
    page = [FILLER, FILLER[5:], *case["paragraphs"], FILLER[9:], FILLER[2:]]
    text = copies.wrapped("\n".join(page), case["at"], case["indent"] != "none")
    if case["indent"] == "lost":
        text = copies.unindented(text)
    assert _paragraphs(text.split("\n"))[2:-2] == case["paragraphs"]


@pytest.mark.parametrize("at", [26, 30, 34])
def test_full_width_figures_take_their_room(at: int) -> None:
    page = [f"{n}．实施管网改造工程，更新供水管网９５公里、燃气管道１３２公里，漏损率降至８．５％以内。" + FILLER[n:] for n in range(1, 9)]
    found = _paragraphs(copies.unindented(copies.wrapped("\n".join(page), at, True)).split("\n"))
    assert found == [TextView(p).text for p in page]


@pytest.mark.parametrize("speaker", ["临澄市市长闻致远", "云岭省人民政府省长卢致和"])
def test_a_speaker_stands_below_a_full_subtitle(speaker: str) -> None:
    subtitle = "——2026年1月16日在临澄市第八届人民代表大会第六次会议上"
    at = int(width(subtitle))
    text = copies.wrapped("\n".join([FILLER, FILLER[5:], FILLER[9:]]), at, False)
    assert _paragraphs(["政府工作报告", subtitle, speaker, "各位代表：", *text.split("\n")])[:4] == ["政府工作报告", subtitle, speaker, "各位代表："]


@pytest.mark.parametrize(("text", "size"), [("", 0), ("增长6%", 3), ("A", 0.5), ("（一）", 3)])
def test_width(text: str, size: float) -> None:
    assert width(text) == size


@pytest.mark.parametrize("at", [16, 24, 31])
def test_lines_that_only_look_full_stay_apart(at: int) -> None:
    lines = [FILLER[:at - 1] + "。"] * 8
    assert _paragraphs(lines) == lines


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="一二、（）。，第是“”】%a1市", min_size=1, max_size=40), max_size=12), st.booleans())
def test_a_verdict_for_every_line_and_none_for_the_first(rows: list[str], indented: bool) -> None:
    view = TextView("\n".join(rows))
    found = broken(view.text, view.lines, ["　　" * indented] * len(view.lines), [False] * len(view.lines))
    assert len(found) == len(view.lines) and not any(found[:1])


@pytest.mark.parametrize(("figure", "quote", "gap"), [(0.5, 1.0, 0.25), (0.6, 0.5, 0.2), (0.64, 0.5, 0.2), (0.55, 0.45, 0.25)])
def test_the_type_a_page_was_set_in_is_found(figure: float, quote: float, gap: float) -> None:
    paragraphs = [f"今年要完成“百千万”工程{n}个，投资增长{n % 9}个点，新增“小巨人”企业{n * 7}家。" + FILLER[n:] for n in range(11, 31)]
    rows = []
    for paragraph in paragraphs:
        row, used = "", 0.0
        for piece in re.findall(r"“?(?:\d+|.)[，。”]*", paragraph):
            size = sum(figure if c.isdigit() else quote if c in "“”" else 1 for c in piece) + gap * (piece[0].isdigit() or row[-1:].isdigit())
            if used + size > 30:
                rows.append(row)
                row, used = "", 0.0
            row += piece
            used += size
        rows.append(row)
    assert _paragraphs(rows) == paragraphs
