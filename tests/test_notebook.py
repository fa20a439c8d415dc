"""What a notebook shows: marks and what they tell, what is left out, tables and cards; that nothing leaks or gets in."""
from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import duban
from duban import notebook
from duban.errors import DubanError
from duban.explain import clean

TEXT = (
    "首页 > 政务公开\n关于做好重点工作的讲话\n（2026年3月2日）\n一、稳增长。今年力争生产总值增长6%以上，市发改委牵头、市财政局配合，6月底前落实。\n"
    "（一）抓投资。确保完成投资30亿元。去年新增就业3万人，青岚县工作滞后。\n二、惠民生。新增就业4万人。\n"
)
HOSTILE = "今年生产总值增长6%<script>alert(1)</script>，\"市发改委\" onmouseover='x' 牵头&amp;落实\u202e。</div></style>"


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")


@pytest.fixture(scope="module")
def doc() -> Any:
    return duban.process(TEXT, name="甲")


class Marks(HTMLParser):
    """The marked stretches of a piece: text, classes, title; and every element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: tuple[str, str] | None = None
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self.open = (given.get("class") or "", given.get("title") or "") if "title" in given else None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open:
            self.found.append((data, *self.open))
            self.open = None


def marks(piece: notebook.Piece) -> dict[str, tuple[str, str]]:
    """Words -> classes and title."""
    return {words: (classes, title) for words, classes, title in Marks(piece.html).found}


def test_marks_tell_what_they_are(doc: Any) -> None:
    found = marks(duban.show(doc))
    classes, title = found["6%以上"]
    assert classes == "m number target"
    assert '<mark class="m number target"' in duban.show(doc).html, "where the style is dropped, it is marked still"
    assert title.splitlines()[0].startswith("目标 · 指标：生产总值（地区生产总值） · 数值：≥ 6 % · 种类：增减幅 增 · 时期：今年（2026-01-01/2026-12-31）")
    classes, title = found["市发改委"]
    assert classes == "m task lead DEPARTMENT"
    assert title.splitlines()[0].startswith("部门 · 规范名称：发展和改革委员会")
    assert title.splitlines()[1].startswith("任务 · 牵头：市发改委（发展和改革委员会） · 配合：市财政局（财政局） · 时限：6月底前（../2026-06-30）")
    assert "actual" in found["3万人"][0] and found["3万人"][1].startswith("实绩 · 指标：新增就业")
    assert any("problem" in classes for classes, _ in found.values())
    assert found["首页 > 政务公开"] == ("m boilerplate", "网页杂项 · 种类：导航")


def test_the_source_is_there_in_order(doc: Any) -> None:
    shown = Marks(duban.show(doc).html.partition("</style>")[2]).text
    assert "".join(TEXT.split()) in "".join(shown.split())


def test_a_record_and_words_are_shown_alike(doc: Any, words_nlp: Any) -> None:
    assert duban.show(duban.to_record(doc)).html == duban.show(doc).html == duban.show(duban.process(TEXT, name="甲", nlp=words_nlp)).html
    with pytest.raises(DubanError, match="DB224"):
        duban.show(TEXT)
    with pytest.raises(DubanError, match="DB224"):
        duban.to_pandas([{}], "targets")


@pytest.mark.parametrize(
    ("layers", "seen"),
    [("targets", {"number", "target", "actual"}), (["DEPARTMENT", "actual"], {"DEPARTMENT", "number", "actual"}), ("problems", {"problem"}), ([], set())],
)
def test_layers(doc: Any, layers: Any, seen: set[str]) -> None:
    piece = duban.show(doc, layers)
    assert {name for classes, _ in marks(piece).values() for name in classes.split()} - {"m", "title", "section"} == seen
    assert "政务公开" not in piece.html and "稳增长" in piece.html
    assert ('class="legend"' in piece.html) == bool(seen)


def test_furniture_inside_a_paragraph(corpus: dict[str, str]) -> None:
    record = duban.to_record(duban.process(corpus["hard-wrapped"]))
    with_it, without = duban.show(record).html, duban.show(record, "targets").html
    inside = re.compile(r'<p class="paragraph">(?:(?!</p>).)*<span class="m [^"]*boilerplate"', re.S)
    assert inside.search(with_it) and not inside.search(without) and "“拉网过筛”，6月10日前对全市" in re.sub("<[^>]*>", "", without)
    assert not re.search(r'class="[^"]*boilerplate', without)
    assert without.count("<p ") == with_it.count("<p ") - with_it.count('<p class="boilerplate"')


def test_layers_by_name(doc: Any) -> None:
    assert duban.show(doc, notebook.NAMES).html == duban.show(doc).html
    with pytest.raises(DubanError, match=r"DB211.*verbs"):
        duban.show(doc, ["targets", "verbs"])


@pytest.mark.parametrize(
    ("part", "first", "last", "lit"),
    [
        ("二", "二、惠民生", "4万人", []),
        ("一/（一）", "（一）抓投资", "滞后", []),
        (lambda found: found.targets[1], "（一）抓投资", "滞后", ["30亿元"]),
        ("t2", "（一）抓投资", "滞后", ["30亿元"]),
        (lambda found: (TEXT.index("讲话"), TEXT.index("讲话") + 2), "关于做好", "讲话", ["讲话"]),
        (lambda found: (TEXT.index("3万人") + 1, TEXT.index("3万人") + 2), "（一）抓投资", "滞后", ["万"]),
    ],
)
def test_a_part(doc: Any, part: Any, first: str, last: str, lit: list[str]) -> None:
    piece = duban.show(doc, part=part(doc._.duban) if callable(part) else part)
    paragraphs = re.findall(r"<p .*?</p>", piece.html, re.S)
    texts = ["".join(re.findall(r">([^<]*)<", paragraph)) for paragraph in paragraphs]
    assert texts[0].startswith(first) and last in texts[-1]
    assert [unescape(words) for words in re.findall(r'<(?:span|mark) class="[^"]*\bon\b[^"]*"[^>]*>([^<]*)<', piece.html)] == lit


def test_a_part_of_spacy(doc: Any) -> None:
    span = doc.char_span(TEXT.index("新增就业4"), TEXT.index("4万人") + 3)
    assert duban.show(doc, part=span).html == duban.show(doc, part=(span.start_char, span.end_char)).html


def test_a_part_of_a_table(doc: Any) -> None:
    pytest.importorskip("pandas")
    frame = duban.to_pandas([doc], "panel")
    for row in (frame.iloc[1], next(frame[1:].itertuples()), (frame.start[1], frame.end[1]), frame[1:2]):
        assert duban.show(doc, part=row).html == duban.show(doc, part="t2").html


def test_several_parts(doc: Any) -> None:
    first, last = doc._.duban.targets[0], doc._.duban.targets[-1]
    piece = duban.show(doc, part=[first, last.id])
    assert re.findall(r">([^<]*)</mark>", piece.html)[1:2] == ["6%以上"] and "抓投资" not in piece.html.partition("</style>")[2]
    assert "（前略 " in piece.html and "（中略 " in piece.html and "（后略 " not in piece.html
    assert len(re.findall(r'class="[^"]*\bon"', piece.html)) == 2
    assert shown_and_left_out(piece)[0] + sum(shown_and_left_out(piece)[1]) == shown_and_left_out(duban.show(doc))[0]
    assert "（中略" not in duban.show(doc, part=doc._.duban.targets).html
    assert "（无）" in duban.show(doc, part=doc._.duban.targets[:0]).html


@pytest.mark.parametrize("part", ["t99", "九", 7, ("a", "b"), (1, 2, 3)])
def test_no_such_part(doc: Any, part: Any) -> None:
    with pytest.raises(DubanError, match="DB225"):
        duban.show(doc, part=part)


def shown_and_left_out(piece: notebook.Piece) -> tuple[int, list[int]]:
    body = piece.html.partition("</style>")[2]
    shown = sum(len(unescape(words)) for words in re.findall(r"<(?:span|mark)[^>]*>([^<]*)</", body.partition('<div class="text"')[2]))
    return shown, [int(count) for count in re.findall(r'class="note">\D*(\d+) 字', body)]


def test_a_limit_is_told(doc: Any) -> None:
    whole, nothing = shown_and_left_out(duban.show(doc))
    assert nothing == []
    for limit in (1, 10, 30, 60, whole - 1):
        shown, (left_out,) = shown_and_left_out(duban.show(doc, limit=limit))
        assert 0 < shown <= limit and shown + left_out == whole
    assert shown_and_left_out(duban.show(doc, limit=3))[0] == 3, "a first paragraph that is too long is cut"
    shown, left_out = shown_and_left_out(duban.show(doc, part="一/（一）", limit=5))
    assert shown == 5 and len(left_out) == 3 and shown + sum(left_out) == whole


def test_a_long_document_is_cut_unless_asked_for() -> None:
    record = {**duban.to_record(duban.process("")), "text": "全市召开专题会议。\n" * 3000}
    assert len(duban.show(record).html) < len(duban.show(record, limit=None).html)
    assert shown_and_left_out(duban.show(record))[0] <= notebook.LIMIT


def test_elsewhere_it_says_what_it_is(doc: Any, tmp_path: Path) -> None:
    piece = duban.show(doc)
    assert str(piece) == piece.html == piece._repr_html_()
    assert repr(piece).startswith("甲, 关于做好重点工作的讲话") and ".save(" in repr(piece)
    page = piece.save(tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and piece.html in page and "default-src 'none'" in page


# -- nothing gets in, nothing leaks


def pieces(text: str) -> Iterator[str]:
    doc = duban.process(text, name=HOSTILE)
    found = doc._.duban
    yield from (duban.show(doc).html, duban.show(doc, part=(0, 3)).html, found._repr_html_())
    for layer in ("sections", "entities", "targets", "tasks", "problems", "boilerplate"):
        yield getattr(found, layer)._repr_html_()
        yield from (match._repr_html_() for match in getattr(found, layer)[:2])


def test_documents_are_escaped() -> None:
    for html in pieces(f"一、{HOSTILE}<img src=x onerror=y>。\n{TEXT}"):
        made = Marks(html)
        assert {tag for tag, _ in made.tags} <= {"div", "span", "mark", "p", "style", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code"}
        given = {name for _, attrs in made.tags for name in attrs}
        assert given <= {"class", "title", "lang", "role", "aria-level", "aria-label", "scope", "colspan", "data-u", "style", "open"}
        assert html.count("</style>") == 1 and "\u202e" not in html


def test_a_piece_needs_nothing_and_holds_for_itself() -> None:
    html = notebook.show(duban.process(TEXT)).html
    style = re.search(r"<style>(.*?)</style>", html, re.S)[1]
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<script|\bid=", html)
    plain = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    selectors = [one.strip() for found in re.findall(r"(?:^|[{}])\s*([^{}@]+)\{", plain) for one in apart(found)]
    assert len(selectors) > 40
    assert [one for one in selectors if not re.match(r"(?::is\([^)]*(?:\([^)]*\))?[^)]*\) )?(?:\.duban|\.marked|:where\(\.marked\))", one)] == []


def apart(selectors: str) -> list[str]:
    """The selectors of a list, those inside brackets left together."""
    found, depth = [""], 0
    for character in selectors:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return found


# -- layers and findings


def test_a_layer_is_a_tuple_and_a_table(doc: Any) -> None:
    targets = doc._.duban.targets
    assert isinstance(targets, tuple) and targets == tuple(targets) and targets[:2] == tuple(targets)[:2]
    html = targets._repr_html_()
    assert re.findall(r'<th scope="col">(.*?)</th>', html) == ["编号", "原文", "性质", "指标", "数值", "种类", "时期", "所属章节", "原文位置"]
    assert html.count("<tr>") == 1 + len(targets) and "30 亿元 = 3,000,000,000 元" in html
    assert targets[1:3]._repr_html_().count("<tr>") == 3
    assert pickle.loads(pickle.dumps(targets)) == targets
    assert type(pickle.loads(pickle.dumps(targets))) is tuple


@pytest.mark.parametrize("layer", ["boilerplate", "sections", "entities", "targets", "tasks", "problems"])
def test_every_layer_and_every_finding(doc: Any, layer: str) -> None:
    found = getattr(doc._.duban, layer)
    assert found, layer
    assert all(match.id in found._repr_html_() for match in found)
    for match in found:
        card = match._repr_html_()
        assert f">{match.id}<" in card and f">{match.why.rule}<" in card and clean(match.text) in unescape(card)
    assert found[:0]._repr_html_().count("（无）") == 1


def test_what_a_terminal_prints(doc: Any) -> None:
    IPython = pytest.importorskip("IPython.lib.pretty")
    printed = IPython.pretty(doc._.duban.targets)
    assert printed.splitlines()[0].startswith("编号：t1 · 原文：6%以上 · 性质：目标 · 指标：生产总值（地区生产总值）")
    assert repr(doc._.duban).startswith("<甲, 关于做好重点工作的讲话, 2026-03-02: boilerplate 1")
    assert "Target(" in repr(doc._.duban.targets[0])


def test_many_rows_are_told() -> None:
    found = duban.process("全市新增就业3万人。" * (notebook.ROWS + 20))._.duban
    html = found.targets._repr_html_()
    assert html.count("<tr>") == 1 + notebook.ROWS and "另有 20 条" in html


def test_the_overview(doc: Any) -> None:
    html = doc._.duban._repr_html_()
    assert re.findall(r"<code>\.(\w+)</code> (\w+) (\d+)", html)[3:5] == [("targets", "量化目标", "4"), ("tasks", "任务", "1")]
    assert "（一）抓投资" in html and "一/（一）" in html and "<details open>" in html
    assert "<details" not in duban.process("没有标题。")._.duban._repr_html_()


def test_the_language_is_the_users(doc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")
    html = duban.show(doc).html
    assert 'lang="en"' in html and "indicator: 生产总值（地区生产总值）" in html and ">Targets</span>" in html


# -- pandas


def test_layers_as_frames(doc: Any) -> None:
    pytest.importorskip("pandas")
    found = doc._.duban
    assert found.targets[1:3].to_pandas().id.tolist() == ["t2", "t3"]
    assert found.tasks.to_pandas().equals(duban.to_pandas([duban.to_record(doc)], "tasks"))
    assert duban.to_pandas([doc, duban.to_record(doc)], "entities").document.tolist() == ["甲"] * 2 * len(found.entities)


def test_the_panel_as_a_frame(doc: Any) -> None:
    pandas = pytest.importorskip("pandas")
    from duban.tables import panel

    record = duban.to_record(doc)
    frame = duban.to_pandas([doc, {**record, "id": "乙"}], "panel")
    assert list(frame.columns) == list(panel.COLUMNS)
    assert frame.target.tolist() == [row["target"] for row in panel.rows(record)], "a version counts once"
    assert frame.period_end[0] == pandas.Timestamp(2026, 12, 31) and frame.value.dtype == "Float64" and frame.redacted.dtype == "boolean"
    assert duban.to_pandas([], "panel").empty
