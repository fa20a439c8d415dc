"""The outline: a table of documents with their headings and points, the tree's laws, date and place."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban import sections
from duban.matches import Section
from duban.sections import markers
from duban.sections.markers import match, ordinal
from duban.view import TextView

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs" / "sections.jsonl").read_text(encoding="utf-8").splitlines()]
PROSE = "过去一年，全市上下团结奋斗，各项工作取得新的成绩。"


def _body(text: str) -> TextView:
    return TextView(text).without([])


def _check_tree(body: TextView, found: list[Section]) -> None:
    """Sections nest, cover their headings, and know their parents."""
    assert [s.start for s in found] == sorted(s.start for s in found)
    for i, s in enumerate(found):
        assert s.start == s.heading.start < s.heading.end <= s.end <= len(body.text)
        if s.parent is None:
            assert s.level == (0 if s.kind == "title" else 1)
            continue
        parent = found[s.parent]
        assert s.parent < i and parent.start <= s.start and s.end <= parent.end
        assert s.level == parent.level + 1
        assert s.path == (f"{parent.path}/{s.path.rsplit('/', 1)[-1]}" if parent.path else s.path)


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_table(case: dict[str, Any]) -> None:
    body = _body(case["text"])
    found = sections.find(body)
    _check_tree(body, found)
    shown = []
    for s in found:
        start, end = body.to_source(*s.heading)
        shown.append({"kind": s.kind, "level": s.level, "number": s.number, "heading": case["text"][start:end], "path": s.path})
    assert shown == case["outline"]


def test_section_reaches_to_the_next_of_its_level() -> None:
    body = _body(f"一、回顾\n{PROSE}\n（一）工业\n{PROSE}\n二、安排\n{PROSE}")
    first, inner, second = sections.find(body)
    assert body.text[first.start:first.end].endswith("成绩。") and first.end == inner.end == second.start - 1
    assert second.end == len(body.text)


def test_innermost() -> None:
    body = _body(f"工作报告\n各位代表：\n{PROSE}\n一、回顾\n{PROSE}\n要点有二：一是稳，二是进。")
    found = sections.find(body)
    assert sections.innermost(found, body.text.index("各位")) is None
    assert found[sections.innermost(found, body.text.index("要点")) or 0].path == "一"
    assert found[sections.innermost(found, body.text.index("进。")) or 0].path == "一/二是"
    assert sections.innermost([], 5) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (f"在全市推进会上的讲话\n（2026年1月20日）\n同志们：\n{PROSE}", "2026-01-20"),
        (f"政府工作报告\n——二〇二六年一月九日在临澄市第八届人民代表大会第六次会议上\n各位代表：\n{PROSE}", "2026-01-09"),
        (f"政府工作报告\n2026年2月3日在临澄市第八届人民代表大会第六次会议上\n各位代表：\n{PROSE}", "2026-02-03"),
        (f"关于做好防汛工作的通知\n各乡镇：\n{PROSE}\n云岭县人民政府办公室\n2026年3月2日\n附件\n任务清单\n{PROSE}", "2026-03-02"),
        (f"关于做好防汛工作的通知\n各乡镇：\n{PROSE}\n云岭县人民政府办公室\n二〇二六年十一月二十一日", "2026-11-21"),
        ("在全市推进会上的讲话 (2026 年 3 月 12 日) 同志们: " + PROSE * 20, "2026-03-12"),
        (f"在全市推进会上的讲话\n（2026年1月）\n同志们：\n{PROSE}", None),
        (f"在全市推进会上的讲话\n（2026年X月X日）\n同志们：\n{PROSE}", None),
        (f"在全市推进会上的讲话\n同志们：\n2026年1月9日我们召开了会议。{PROSE}\n{PROSE}", None),
    ],
)
def test_document_date(text: str, date: str | None) -> None:
    assert sections.document_date(_body(text)) == date


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"临澄市人民政府工作报告\n各位代表：\n{PROSE}", "临澄市"),
        (f"2026年云岭省政府工作报告\n各位代表：\n{PROSE}", "云岭省"),
        (f"政府工作报告\n——2026年1月9日在青岚县第十七届人民代表大会第五次会议上\n各位代表：\n{PROSE}", "青岚县"),
        (f"岚河县人民政府办公室关于做好防汛工作的通知\n各乡镇：\n{PROSE}", "岚河县"),
        (f"在全市推进会上的讲话\n临澄市市长　闻致远\n同志们：\n{PROSE}", "临澄市"),
        (f"在全市推进会上的讲话\n同志们：\n{PROSE}", None),
        (f"在***市推进会上的讲话\n市长　***\n同志们：\n{PROSE}", None),
    ],
)
def test_document_place(text: str, place: str | None) -> None:
    assert sections.document_place(_body(text)) == place


def test_title_text() -> None:
    body = _body(f"云岭县人民政府办公室\n关于做好防汛工作的通知\n各乡镇：\n{PROSE}")
    assert sections.title_text(body, sections.find(body)) == "云岭县人民政府办公室关于做好防汛工作的通知"
    assert sections.title_text(_body(PROSE), []) is None


ORDINALS: dict[str, int | None] = {
    "二〇": 20, "一百": 100, "一百二十三": 123, "9" * 20: int("9" * 20), "9" * 21: None,
    "十二": 12, "二十": 20, "三十一": 31, "7": 7, "③": 3, "⑴": 1, "首先": 1, "再次": 3, "最后": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize(("words", "number"), ORDINALS.items())
def test_ordinal(words: str, number: int | None) -> None:
    assert ordinal(words) == number


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("一、总体要求", "han", 1),
        ("（十二）抓落实", "paren", 12),
        ("第三章 附则", "chapter", 3),
        ("1.2026年完成", "num", 1),
        ("第二，要实", "ordinal", 2),
        ("三一个是作风", "each", 3),
        ("一个是作风", "each", 1),
        ("再一个是作风", "each", None),
        ("——产业更强", "dash", None),
    ],
)
def test_markers(text: str, style: str, number: int | None) -> None:
    marker = match(text, 0, len(text))
    assert marker is not None and (marker.style, marker.number) == (style, number)


#: From the outermost inwards, as official documents have them; markers of one row stand alike.
ORDER = (
    ("part",), ("chapter",), ("division",), ("han",), ("paren",), ("half",), ("num",), ("pnum",), ("circled", "square"), ("article",),
    ("ordinal", "point", "is", "each", "first", "echo", "qi", "dash"),
)  # fmt: skip


def test_the_order_of_markers() -> None:
    ranks = [{markers.BY_NAME[name].rank for name in row} for row in ORDER]
    assert all(len(row) == 1 for row in ranks) and ranks == sorted(ranks, key=min)
    assert len({rank for row in ranks for rank in row}) == len(ORDER) and {name for row in ORDER for name in row} == markers.BY_NAME.keys()


def test_what_stands_below_a_point_until_the_next_han_numeral() -> None:
    assert {s.name: s.resident for s in markers.STYLES if s.resident != s.rank} == dict.fromkeys(("ordinal", "point"), markers.BY_NAME["han"].rank)


def test_points_of_a_row_mark_headings_only_side_by_side() -> None:
    assert {s.name for s in markers.STYLES if not s.strong} == {*ORDER[-1]} - {"dash"}


@pytest.mark.parametrize("text", ["2.5亿元", "一、二产业", "第一季度", "一般公共预算", "十分重视", "三是三、四是四", "2026年"])
def test_no_markers(text: str) -> None:
    assert match(text, 0, len(text)) is None


def test_numbers_that_skip_keep_their_level() -> None:
    found = sections.find(_body(f"一、回顾\n{PROSE}\n三、安排\n{PROSE}\n（二）工业\n{PROSE}"))
    assert [(s.level, s.number) for s in found] == [(1, 1), (1, 3), (2, 2)]


ROWS = (
    *("一、回顾", "二、安排", "（一）工业。稳中有进。", "1.修路十条。", "——更强。", "各位代表！", "有两点：一是稳，二是进。"),
    *("名词解释", "附件", "一是抓投资。", "二是抓消费。", "工作报告", "2026年1月2日", "第一，稳", "首先", " ", "", PROSE),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(ROWS), max_size=14))
def test_any_order_of_lines_gives_a_tree(rows: list[str]) -> None:
    body = _body("\n".join(rows))
    _check_tree(body, sections.find(body))


@pytest.mark.parametrize(("words", "number"), [
    ("①", 1), ("⑳", 20), ("⑴", 1), ("⒇", 20), ("⒈", 1), ("⒛", 20), ("㈠", 1), ("㈩", 10), ("➀", 1), ("➉", 10), ("❶", 1), ("❿", 10),
    ("⒜", None), ("㈪", None), ("➊", None), ("一、", None), ("9" * 5000, None),
])
def test_the_ordinals_of_signs(words: str, number: int | None) -> None:
    assert markers.ordinal(words) == number
