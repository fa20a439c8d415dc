"""The report page: what it says, that everything is escaped, that it holds all there is."""
from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import ROOT

import duban
from duban import report
from duban.records import LAYERS, anchor
from duban.report import charts
from duban.report.cards import amount, cards
from duban.report.layout import MOST_COVERS, Block, blocks, visible
from duban.tables.ledger import rows

TEXT = (
    "关于做好重点工作的讲话\n（2026年3月2日）\n同志们：\n一、稳增长。今年力争生产总值增长6%以上，市发改委牵头、市财政局配合，6月底前落实。\n"
    "（一）抓投资。确保完成投资30亿元。\n"
)


def made(text: str, name: str = "甲", **more: Any) -> dict[str, Any]:
    return duban.to_record(duban.process(text, name=name, **more))


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")


@pytest.fixture(scope="module")
def corpus_records(corpus: dict[str, str]) -> list[dict[str, Any]]:
    return [made(text, name) for name, text in corpus.items()]


class Page(HTMLParser):
    """What stands in a page: elements, ids, links, the text of the documents by offset."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.runs: dict[int, str] = {}
        self.data: list[str] = []
        self._run: int | None = None
        self._script = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        start = dict(attrs).get("data-s")
        self._run = int(start) if start else None
        self._script = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._run, self._script = None, False

    def handle_data(self, data: str) -> None:
        if self._run is not None:
            self.runs[self._run] = self.runs.get(self._run, "") + data
        if not self._script:
            self.data.append(data)

    def all(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name))]


def shown(found: list[Block]) -> str:
    return "".join(run.text for block in found for run in block.runs)


# ---- the text


def test_runs_are_the_source_without_its_line_ends(corpus_records) -> None:
    for record in corpus_records:
        found = blocks(record)
        assert "".join(shown(found).split()) == "".join(record["text"].split())
        for run in (run for block in found for run in block.runs if run.text and run.text != "\n"):
            assert record["text"].startswith(run.text, run.start)


def test_every_record_begins_somewhere(corpus_records) -> None:
    for record in corpus_records:
        begun = [id for block in blocks(record) for run in block.runs for id in run.anchors]
        assert sorted(begun) == sorted(item["id"] for layer in LAYERS for item in record[layer])


def test_every_run_is_covered_by_the_records_around_it(corpus_records) -> None:
    for record in corpus_records:
        spans = {item["id"]: item.get("heading") or item for layer in LAYERS for item in record[layer]}
        for run in (run for block in blocks(record) for run in block.runs if run.text.strip()):
            around = {id for id, span in spans.items() if span["start"] <= run.start < span["end"]}
            assert set(run.covers) == around


def test_crossing_spans_become_flat_runs() -> None:
    record = {
        "id": "a", "text": "甲乙丙丁戊", "meta": {"title": None}, "boilerplate": [], "sections": [], "targets": [],
        "entities": [{"id": "e1", "start": 1, "end": 4, "label": "PROJECT"}],
        "tasks": [{"id": "k1", "start": 0, "end": 3, "lead": [], "support": [], "deadline": None},
                  {"id": "k2", "start": 2, "end": 5, "lead": [], "support": [], "deadline": None}],
    }  # fmt: skip
    (block,) = blocks(record)
    found = [(run.text, " ".join(run.covers)) for run in block.runs]
    assert found == [("甲", "k1"), ("乙", "k1 e1"), ("丙", "k1 e1 k2"), ("丁", "e1 k2"), ("戊", "k2")]


def test_blocks_are_what_the_document_is_made_of() -> None:
    found = blocks(made(TEXT))
    assert [(b.kind, b.level) for b in found] == [("title", 0), ("front", 0), ("paragraph", 0), ("paragraph", 0), ("paragraph", 0)]
    lines = blocks(made("首页 > 政务公开\n一、稳增长\n抓紧落实。\n（一）抓投资\n抓紧。\n"))
    assert [b.level for b in lines if b.kind == "heading"] == [1, 2]


def test_a_wrapped_line_goes_on(corpus_records) -> None:
    record = next(r for r in corpus_records if r["id"] == "hard-wrapped")
    assert max(len("".join(run.text for run in block.runs)) for block in blocks(record)) > 150
    assert max(map(len, record["text"].splitlines())) < 80


def test_what_is_not_seen_stands_as_a_mark() -> None:
    (block,) = blocks(made("甲\u202e乙\x07丙"))
    assert [(run.text, run.mark) for run in block.runs] == [("甲", ""), ("\ufffd", "U+202E"), ("乙", ""), ("\ufffd", "U+0007"), ("丙", "")]
    assert visible("a\u2066b\ud800c") == "a\ufffdb\ufffdc"


def test_many_nested_spans_are_bounded() -> None:
    size = 10_000
    spans = [{"id": f"k{i}", "start": i, "end": 2 * size - i, "lead": [], "support": [], "deadline": None} for i in range(size)]
    record = {"id": "a", "text": "甲" * 2 * size, "meta": {"title": None}, "boilerplate": [], "sections": [], "targets": [], "entities": [], "tasks": spans}
    (block,) = blocks(record)
    assert max(len(run.covers) for run in block.runs) == MOST_COVERS
    assert len(block.runs) == 2 * size - 1


# ---- the page


def test_links_lead_somewhere_and_ids_are_there_once(corpus_records) -> None:
    page = Page(report.render(corpus_records))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    targets = {link[1:] for link in page.all("href") if link.startswith("#")}
    assert targets <= set(ids)
    for record in corpus_records:
        assert {anchor(record["id"], item["id"]) for layer in LAYERS for item in record[layer]} <= set(ids)
    for name in ("aria-labelledby", "aria-controls", "for"):
        assert set(page.all(name)) <= set(ids)


def test_the_tables_hold_every_commitment_and_figure(corpus_records) -> None:
    for record in corpus_records:
        page = Page(report.render([record]))
        lines = [attrs["data-of"] for tag, attrs in page.tags if tag == "tr" and "data-of" in attrs]
        assert len(lines) == len(rows(record)) + len(record["targets"])
        assert {t["id"] for t in record["targets"]} <= {id for line in lines for id in str(line).split()}
        assert "".join(page.runs[start] for start in sorted(page.runs)).replace("\n", "").split() == shown(blocks(record)).replace("\n", "").split()


def test_hostile_text_is_text() -> None:
    bad = "<script>alert(1)</script>市财政局要在6月底前完成\"投资\"3亿元。=cmd()\u202e<img src=x onerror=alert(2)></script></style>&lt;"
    record = made(f"<b>标题</b>\n{bad}", name='"><script>x</script>', place="<i>市</i>")
    html = report.render([record])
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "form", "label", "input", "output", "button", "main",
        "article", "span", "dl", "div", "dt", "dd", "nav", "fieldset", "legend", "section", "table", "thead", "tr", "th", "tbody", "td", "ul", "li", "ol",
        "small", "b", "select", "option", "details", "summary", "figure", "figcaption", "svg", "g", "text", "rect", "line", "circle", "script", "aside",
        "footer",
    }  # fmt: skip
    assert html.count("<script") == 3 == html.count("</script")  # cards, words, the page's own
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert "\u202e" not in html
    assert "=cmd()" in "".join(page.data)
    assert json.loads(re.findall(r'<script type="application/json" class="cards">(.*?)</script>', html, re.S)[0])


def test_the_page_names_no_address(corpus_records) -> None:
    html = report.render(corpus_records[:2])
    assert not re.search(r"https?:|//[a-z]|url\(|@import", html)
    policy = next(attrs["content"] for tag, attrs in Page(html).tags if attrs.get("http-equiv"))
    assert str(policy).startswith("default-src 'none'")
    assert "unsafe" not in str(policy)


def test_the_same_records_give_the_same_page() -> None:
    record = made(TEXT)
    assert report.render([record]) == report.render(json.loads(json.dumps([record])))


def test_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "任务台账" in report.render([made(TEXT)])
    monkeypatch.setenv("DUBAN_LANG", "en")
    html = report.render([made(TEXT)])
    assert "Commitments" in html
    assert "任务台账" not in html


def test_no_documents_and_an_empty_one() -> None:
    assert "没有文件" in report.render([])
    assert "没有需要核对" in report.render([made("大家好", date="2026-01-02")])


def test_an_index_for_several_documents(corpus_records) -> None:
    page = Page(report.render(corpus_records[:3]))
    assert {anchor(r["id"], "") for r in corpus_records[:3]} <= {link[1:] for link in page.all("href")}
    assert "index" in page.all("id")
    assert "index" not in Page(report.render(corpus_records[:1])).all("id")


def test_a_nonce_stands_for_the_policy() -> None:
    html = report.render([made(TEXT)], nonce="abc")
    assert "Content-Security-Policy" not in html
    assert html.count('nonce="abc"') == 2


# ---- cards and charts


def test_cards_say_why() -> None:
    record = made(TEXT)
    task = next(iter(record["tasks"]))
    card = cards(record)[task["id"]]
    assert card["rule"] == task["why"]["rule"]
    assert dict(card["rows"])["时限"] == "6月底前（../2026-06-30）"
    assert dict(card["rows"])["牵头"] == "市发改委（发展和改革委员会）"
    assert all(record["text"][s:e] for _, _, s, e in card["evidence"])


@pytest.mark.parametrize(
    ("comparator", "value", "upper", "unit", "said"),
    [(">=", 6, None, "%", "≥ 6 %"), ("=", 30, 50, "家", "30–50 家"), ("~", 123400000, None, "元", "≈ 1.234 亿元"), ("<", 25000, 30000, "人", "< 2.5–3 万人"),
     ("=", 0.3333, None, "", "0.3333"), ("=", None, None, "家", ""), ("=", 1e300, None, "元", "1e+292 亿元")],
)  # fmt: skip
def test_amounts(comparator, value, upper, unit, said) -> None:
    assert amount({"comparator": comparator, "value": value, "value_max": upper, "unit": unit}) == said


def test_bars_are_as_long_as_their_counts() -> None:
    chart = charts.bars([(f"甲{i}", i) for i in range(1, 21)], "图", "其余 {count} 项")
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', chart)]
    assert widths == sorted(widths, reverse=True)
    assert widths[1] == pytest.approx(widths[0] * 19 / 20, abs=0.1)
    assert "其余 8 项" in chart
    assert ">36<" in chart


def test_days_stand_in_their_order() -> None:
    chart = charts.days(["2026-06-30", "2026-03-31", "2026-06-30", "9999-12-31", "2026-02-30"], "图")
    places = [float(x) for x in re.findall(r'cx="([\d.]+)"', chart)]
    assert len(places) == 3
    assert places[0] < places[1] == places[2]
    assert charts.days([], "图") == ""


def test_the_command_writes_the_page(tmp_path, monkeypatch) -> None:
    from duban import cli

    (tmp_path / "讲话.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        cli.app(["report", "讲话.txt", "-o", "out.html"])
    assert ended.value.code == 0
    page = Page((tmp_path / "out.html").read_text(encoding="utf-8"))
    assert "讲话:t1" in {unquote(id) for id in page.all("id")}
    for name, code in (("out.docx", 0), ("out.pdf", 2)):
        with pytest.raises(SystemExit) as ended:
            cli.app(["report", "讲话.txt", "-o", name])
        assert ended.value.code == code
    assert (tmp_path / "out.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_pictures_of_the_front_pages_are_there(page) -> None:
    """docs/pictures.py makes them."""
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert len(named) >= 2
    assert all((ROOT / name).read_bytes().startswith(b"\x89PNG") for name in named)


def test_problems_stand_in_a_list_by_kind() -> None:
    record = made("青岚县固定资产投资增速仅为1.2%，全市垫底。市水务局推进不力。")
    page = Page(report.render([record]))
    listed = [attrs for tag, attrs in page.tags if tag == "li" and (attrs.get("data-of") or "").startswith("p")]
    assert [attrs["data-of"] for attrs in listed] == ["p2", "p1", "p3"]  # by kind, in the order of the kinds
    text = "".join(page.data)
    assert "排名靠后" in text and "青岚县、固定资产投资增速" in text and "市水务局" in text
    assert dict(report.counts(record))["problems"] == 3
    assert cards(record)["p1"]["rows"][0][1] == "差距"
    assert "文件没有说到问题。" in "".join(Page(report.render([made("今年新增就业3万人。")])).data)
