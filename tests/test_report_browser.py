"""The report page as people use it, in Chromium: pointing, jumping, searching, keys, phones, dark, hostile and large documents."""
from __future__ import annotations

import time
from typing import Any

import pytest
from browser import PHONE, chromium, faults, opened
from conftest import CORPUS, SHARED, read

import duban
from duban import report

pytestmark = pytest.mark.slow
SPEECH = "dispatch-meeting"


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory):
    """Writes a page of some texts, returns where it stands."""
    folder = tmp_path_factory.mktemp("pages")

    def write(**texts: str) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DUBAN_LANG", "zh")
            page = report.render(duban.to_record(duban.process(text, name=name)) for name, text in texts.items())
        path = folder / f"{len(list(folder.iterdir()))}.html"
        path.write_text(page, encoding="utf-8")
        return path.as_uri()

    return write


@pytest.fixture(scope="module")
def speech(address) -> str:
    return address(speech=read(CORPUS / "documents" / f"{SPEECH}.txt"))


def in_view(page: Any, selector: str) -> bool:
    return page.evaluate("s => { const b = document.querySelector(s).getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }", selector)


def test_from_the_table_to_the_text_and_back(browser, speech) -> None:
    with opened(browser, speech) as page:
        link = page.locator("#ledger-0 tbody tr:nth-child(20) a").first
        link.click()
        assert in_view(page, ".text .on")
        assert page.locator("#card").is_visible()
        assert page.locator("#card").inner_text().startswith("任务")
        page.locator("#card .links a").first.click()
        assert in_view(page, "tr.flash")
        page.go_back()
        assert in_view(page, ".text .on")


@pytest.mark.parametrize("fragment", ["计划(1)/二:t1", "%E8%AE%A1%E5%88%92%281%29/%E4%BA%8C:t1", "%E8%AE%A1%E5%88%92(1)%2F%E4%BA%8C%3At1"])
def test_a_link_from_outside_leads_to_its_record(browser, tmp_path, fragment) -> None:
    """As workbooks and browsers write it: decoded, as it is, encoded more."""
    texts = {"计划(1)/二": "市财政局要在6月底前完成投资3亿元。" * 80, "乙": "一"}
    path = tmp_path / "report.html"
    path.write_text(report.render(duban.to_record(duban.process(text, name=name)) for name, text in texts.items()), encoding="utf-8")
    with opened(browser, f"{path.as_uri()}#{fragment}") as page:
        assert page.locator("article:visible").count() == 1
        assert page.locator("#card").is_visible()


def test_pointing_tells_what_and_why(browser, speech) -> None:
    with opened(browser, speech) as page:
        page.locator(".text .number.target").first.hover()
        page.wait_for_selector("#card:not([hidden])")
        card = page.locator("#card").inner_text()
        assert "指标" in card
        assert "规则" in card
        assert page.locator(".text .lit").count() > 0
        page.mouse.move(5, 5)
        page.wait_for_selector("#card", state="hidden")


def test_layers_are_switched(browser, address) -> None:
    with opened(browser, address(web=read(CORPUS / "documents" / "web-copy.txt"))) as page:
        colour = "e => getComputedStyle(e).backgroundColor"
        mark = page.locator(".text .DEPARTMENT").first
        before = mark.evaluate(colour)
        page.locator('[data-layer="DEPARTMENT"]').uncheck()
        assert mark.evaluate(colour) != before
        assert page.locator(".text p.boilerplate").first.is_visible()
        page.locator('[data-layer="boilerplate"]').uncheck()
        assert not page.locator(".text p.boilerplate").first.is_visible()


def test_search_and_filters(browser, speech) -> None:
    with opened(browser, speech) as page:
        page.fill("#q", "固定资产投资")
        page.locator("#hits", has_text="处").wait_for()
        page.press("#q", "Enter")
        assert page.locator("#hits").inner_text().startswith("1/")
        shown = page.locator("#figures-0 tbody tr:not([hidden])").count()
        assert 0 < shown < page.locator("#figures-0 tbody tr").count()
        page.fill("#q", "没有的词")
        page.locator("#hits", has_text="未找到").wait_for()
        page.fill("#q", "")
        page.select_option("#ledger-0 select", "待明确")
        assert page.locator("#ledger-0 tbody tr:not([hidden])").count() == page.locator("#ledger-0 .unit.open").count() > 0


def test_keys_are_enough(browser, speech) -> None:
    with opened(browser, speech) as page:
        page.focus(".text")
        seen = []
        for _ in range(12):
            page.keyboard.press("ArrowRight")
            seen.append(page.locator("#card h4").inner_text())
            assert in_view(page, ".text .on")
        assert len(set(seen)) > 8
        page.keyboard.press("ArrowLeft")
        assert page.locator("#card h4").inner_text() == seen[-2]
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector('#card').contains(document.activeElement)") or page.locator("#card a").count() == 0
        page.keyboard.press("Escape")
        assert not page.locator("#card").is_visible()
        assert page.evaluate("document.activeElement.className") == "text"
        page.focus("[role=tab]")
        page.keyboard.press("ArrowRight")
        assert page.locator("#figures-0").is_visible()


@pytest.mark.parametrize("settings", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"])
def test_no_serious_faults(browser, speech, settings) -> None:
    with opened(browser, speech, **settings) as page:
        assert faults(page) == []
        for view, tab in (("tables", "figures"), ("tables", "review"), ("tables", "charts"), ("contents", None)):
            if settings.get("viewport"):
                page.click(f"[data-view={view}]")
            if tab:
                page.click(f"#tab-{tab}-0")
            assert faults(page) == []


def test_a_phone_shows_one_view_without_scrolling_sideways(browser, speech) -> None:
    with opened(browser, speech, viewport=PHONE, has_touch=True) as page:
        assert page.locator(".text").is_visible()
        assert not page.locator("#ledger-0").is_visible()
        for view in ("text", "contents", "tables"):
            page.click(f".views [data-view={view}]")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("#ledger-0 tbody a").first.tap()
        assert page.locator(".text").is_visible()
        assert page.locator("#card").is_visible()


def test_several_documents(browser, address) -> None:
    texts = {name: read(CORPUS / "documents" / f"{name}.txt") for name in ("web-copy", SPEECH)}
    with opened(browser, address(**texts)) as page:
        assert page.locator("article:visible").count() == 0
        assert faults(page) == []
        page.fill("#q", "营商环境")
        page.wait_for_selector("#index tbody tr[hidden]", state="attached")
        assert page.locator("#index tbody tr:visible").count() == 1
        page.fill("#q", "")
        page.click("#index tbody tr:nth-child(2) a")
        assert page.locator("article:visible").count() == 1
        page.locator("article:visible .back a").click()
        assert page.locator("#index").is_visible()


def test_hostile_text_is_shown_as_text(browser, address) -> None:
    line = "<script>window.bad = 1</script><img src=x onerror=\"window.bad = 1\">=cmd()\u202e市财政局要完成投资3亿元。"
    with opened(browser, address(bad=line * 60)) as page:
        page.locator(".text .number").first.hover()
        page.wait_for_selector("#card:not([hidden])")
        assert page.evaluate("window.bad") is None
        assert page.locator(".text script, .text img").count() == 0
        assert "=cmd()" in page.locator(".text").inner_text()
        assert page.locator('.text [data-u="U+202E"]').count() == 60


def ready_in(browser: Any, where: str) -> float:
    start = time.perf_counter()
    with opened(browser, where) as page:
        page.locator(".text .number").first.hover()
        page.wait_for_selector("#card:not([hidden])")
        return time.perf_counter() - start


def test_ten_thousand_spans(browser, address) -> None:
    text = "".join(f"第{i}项，市财政局要确保投资增长{i % 9 + 1}%以上。\n" for i in range(2600))
    record = duban.to_record(duban.process(text, name="many"))
    assert sum(len(record[layer]) for layer in ("entities", "targets", "tasks")) >= 10_000
    assert ready_in(browser, address(many=text)) < 20


def test_the_largest_document_is_ready_within_two_seconds(browser, address) -> None:
    """A report of 33,000 characters: a real one where it stands beside the checkout, else the corpus as one text."""
    real = SHARED / "documents" / "广东省.txt"
    text = read(real) if real.exists() else "".join(read(path) for path in sorted((CORPUS / "documents").glob("*.txt")))
    where = address(large=text)
    assert min(ready_in(browser, where) for _ in range(3)) < 2
