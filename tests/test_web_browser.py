"""The local web page as people use it, in Chromium: give, look, correct, take away."""
from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PHONE, chromium, faults, opened
from conftest import CORPUS, read

import duban
from duban.evaluate.gold import read_gold

pytestmark = pytest.mark.slow
uvicorn = pytest.importorskip("uvicorn")
pytest.importorskip("fastapi")

TEXT = "关于抓落实的讲话\n（2026年3月2日）\n一、稳增长。今年力争生产总值增长6%以上，市发改委牵头，6月底前落实。\n二、惠民生。云桥路改造年内完工。\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server, the address it gives, and the folder it saves gold and entries in."""
    from duban.web import Desk
    from duban.web.app import create_app
    from duban.web.entries import EntryFile
    from duban.web.server import bound

    folder = tmp_path_factory.mktemp("gold")
    with pytest.MonkeyPatch.context() as patch, bound(0) as own:
        patch.setenv("DUBAN_LANG", "zh")
        guard = create_app(Desk(duban.load(), folder, EntryFile(folder / "own.jsonl")), own.getsockname()[1])
        server = uvicorn.Server(uvicorn.Config(guard, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [own]})
        thread.start()
        yield guard.address, folder
        server.should_exit = True
        thread.join(10)


def docx(path: Path) -> None:
    from docx import Document

    document = Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(str(path))


def pdf(path: Path, browser: Any) -> None:
    page = browser.new_page()
    page.set_content("".join(f"<p>{line}</p>" for line in TEXT.splitlines()))
    page.pdf(path=str(path))
    page.close()


@pytest.fixture(scope="module")
def file(browser, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("files")

    def made(kind: str) -> Path:
        path = folder / f"讲话.{kind}"
        if kind == "docx":
            docx(path)
        elif kind == "pdf":
            pdf(path, browser)
        else:
            path.write_text(TEXT if kind == "txt" else "<html>" + "".join(f"<p>{line}</p>" for line in TEXT.splitlines()), encoding="utf-8")
        return path

    return made


def select(page: Any, words: str) -> None:
    """Select words of the text, as a mouse would."""
    page.evaluate(
        """words => {
            const runs = [...document.querySelectorAll('.text [data-s]')], text = runs.map(r => r.textContent).join('');
            const at = text.indexOf(words), range = document.createRange();
            let seen = 0, begun = false;
            for (const run of runs) {
                const node = run.firstChild, size = node.data.length;
                if (!begun && at < seen + size) { range.setStart(node, at - seen); begun = true; run.scrollIntoView({block: 'center'}); }
                if (begun && at + words.length <= seen + size) { range.setEnd(node, at + words.length - seen); break; }
                seen += size;
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        words,
    )
    page.wait_for_selector(".select-bar:not([hidden])")


def words(page: Any, mark: str) -> str:
    """What is marked so in the text."""
    return "".join(page.locator(f".text {mark}").all_inner_texts())


def read_text(page: Any, text: str = TEXT) -> None:
    page.fill("#text", text)
    page.click("#paste button")
    page.wait_for_selector("article")
    page.wait_for_selector("html[data-ready]")


def record(page: Any) -> dict[str, Any]:
    name = page.locator("meta[name=duban-document]").get_attribute("content")
    found: dict[str, Any] = page.evaluate("async n => await (await fetch('/api/documents/' + encodeURIComponent(n))).json()", name)
    return found


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "txt"])
def test_a_file_is_given_and_shown(browser, start, file, kind) -> None:
    with opened(browser, start[0]) as page:
        page.set_input_files("#files", str(file(kind)))
        page.wait_for_selector("article")
        page.wait_for_selector("html[data-ready]")
        assert words(page, ".DEPARTMENT") == "市发改委"
        assert words(page, ".number.target") == "6%以上"
        assert record(page)["meta"]["source"]["format"] == kind


def test_a_file_is_dropped(browser, start) -> None:
    with opened(browser, start[0]) as page:
        page.evaluate(
            """text => {
                const data = new DataTransfer();
                data.items.add(new File([text], '拖来的.txt'));
                document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
            }""",
            TEXT,
        )
        page.wait_for_selector("article")
        assert "拖来的" in page.locator(".facts").inner_text()


def test_a_bad_file_is_told(browser, start, tmp_path) -> None:
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")
    with opened(browser, start[0]) as page:
        page.set_input_files("#files", str(tmp_path / "坏.docx"))
        page.locator("#problems li", has_text="DB122").wait_for()


def test_corrections_come_back_as_gold(browser, start, tmp_path) -> None:
    address, folder = start
    with opened(browser, address) as page:
        read_text(page)
        before = record(page)
        # added
        select(page, "稳增长")
        with page.expect_navigation():
            page.locator(".select-bar button", has_text="项目").click()
        page.wait_for_selector("html[data-ready]")
        assert words(page, ".PROJECT") == "稳增长云桥路改造"
        # changed: another status, and a period that is selected in the text
        page.locator(".text .number.target").first.click()
        page.locator("#card .edit button").first.click()
        page.wait_for_selector(".form[open]")
        page.locator(".form label", has_text="性质").locator("select").select_option(label="实绩")
        select(page, "6月底前")
        page.locator(".select-bar button", has_text="时期").click()
        with page.expect_navigation():
            page.locator(".form button.main").click()
        page.wait_for_selector("html[data-ready]")
        changed = record(page)["targets"][0]
        assert (changed["status"], changed["period"]["text"]) == ("actual", "6月底前")
        # deleted, and taken back
        page.locator(".text .DEPARTMENT").first.click()
        with page.expect_navigation():
            page.locator("#card .edit button", has_text="删除").first.click()
        page.wait_for_selector("html[data-ready]")
        assert page.locator(".text .DEPARTMENT").count() == 0
        with page.expect_navigation():
            page.click("#undo")
        page.wait_for_selector("html[data-ready]")
        assert words(page, ".DEPARTMENT") == "市发改委"
        # what makes no sense is told in the form
        page.locator(".text .number").first.click()
        page.locator("#card .edit button").first.click()
        page.wait_for_selector(".form[open]")
        page.locator(".form label", has_text="时期").locator("input").fill("没有的词")
        page.locator(".form button.main").click()
        page.locator(".form [role=alert]", has_text="没有的词").wait_for()
        page.locator(".form button", has_text="取消").click()
        # saved
        page.click("#save-gold")
        page.locator(".toast").wait_for()
        name = page.locator("meta[name=duban-document]").get_attribute("content")
        gold = read_gold(folder / "gold" / f"{name}.gold.json")
        assert gold["targets"][0]["status"] == "actual"
        assert "稳增长" in {e["text"] for e in gold["entities"]}
        assert len(gold["entities"]) == len(before["entities"]) + 1


def test_words_are_marked_by_keyboard_alone(browser, start) -> None:
    """From the first element of the page to a mark in the text, with Tab, letters, arrows and Enter."""
    with opened(browser, start[0]) as page:
        read_text(page, "市水务局负责清淤。\n市水务局的产业\n园区6月底前建成。\n")
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "add-words":
                break
        page.keyboard.press("Enter")
        page.wait_for_selector(".form[open]")
        page.keyboard.type("没有这些")
        page.locator(".form [role=alert]", has_text="没有这些字").wait_for()
        page.keyboard.press("Control+A")
        page.keyboard.type("产业园区")
        page.keyboard.press("Tab")
        assert "【产业 园区】" in page.evaluate("document.activeElement.selectedOptions[0].textContent")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert faults(page) == []
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_selector("html[data-ready]")
        assert [e["text"] for e in record(page)["entities"] if e["label"] == "PROJECT"] == ["产业\n园区"]
        # of words that stand twice the second
        page.locator("#add-words").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".form[open]")
        page.keyboard.type("市水务局")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_selector("html[data-ready]")
        assert [e["start"] for e in record(page)["entities"] if e["label"] == "GROUP"] == [10]
        # Escape leads back to where it was opened
        page.locator("#add-words").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".form[open]")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "add-words"


def test_a_correction_is_kept_as_an_entry_by_keyboard_alone(browser, start) -> None:
    address, folder = start
    with opened(browser, address) as page:
        read_text(page, "请青岚快办抓紧。\n各链长配合。\n")
        assert page.locator("#entries").is_disabled()
        select(page, "青岚快办")
        with page.expect_navigation():
            page.locator(".select-bar button", has_text="部门").click()
        page.wait_for_selector("html[data-ready]")
        page.locator("#entries").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".form[open]")
        assert "青岚快办" in page.evaluate("document.activeElement.selectedOptions[0].textContent")
        keep = page.locator(".form button", has_text="存入词表")
        assert keep.is_disabled()
        assert faults(page) == []
        for words in ("部门", "青岚快办", "快速办理中心"):  # label, words, canonical name
            page.keyboard.press("Tab")
            if words == "快速办理中心":
                page.keyboard.press("Control+A")
                page.keyboard.type(words)
        page.keyboard.press("Enter")
        page.locator(".effect li", has_text="+ 部门 “青岚快办”").wait_for()
        assert "快速办理中心" in page.locator(".effect").inner_text()
        assert page.locator(".effect p").first.inner_text() == "与更正后的名称相差：1 处 → 1 处"  # its canonical name is another
        assert faults(page) == []
        assert not (folder / "own.jsonl").exists()
        page.keyboard.press("Enter")  # the button to keep it has the focus
        page.locator(".toast", has_text="own.jsonl").wait_for()
        entry = json.loads((folder / "own.jsonl").read_text(encoding="utf-8"))
        assert (entry["label"], entry["pattern"], entry["canon"]) == ("DEPARTMENT", "青岚快办", "快速办理中心")
        # what makes no sense is told
        page.locator("#entries").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".form[open]")
        page.locator(".form label", has_text="词语").locator("input").fill("快")
        page.keyboard.press("Enter")
        page.locator(".form [role=alert]", has_text="DB145").wait_for()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "entries"
        page.goto(address.partition("?")[0])
        read_text(page, "请青岚快办抓紧。")
        assert [e["canon"] for e in record(page)["entities"]] == ["快速办理中心"]


def test_downloads_open(browser, start, tmp_path) -> None:
    import openpyxl

    with opened(browser, start[0]) as page:
        read_text(page)
        page.click(".menu summary")
        saved = {}
        for link in page.locator(".menu a").all():
            with page.expect_download() as download:
                link.click()
            path = tmp_path / download.value.suggested_filename
            download.value.save_as(path)
            saved["".join(path.suffixes)] = path
        assert set(saved) == {".xlsx", ".docx", ".comments.docx", ".jsonl", ".html", ".gold.json"}
        assert "任务分解表" in openpyxl.load_workbook(saved[".xlsx"]).sheetnames
        assert json.loads(saved[".jsonl"].read_text(encoding="utf-8")) == record(page)
        assert read_gold(saved[".gold.json"])["sha256"] == record(page)["meta"]["source"]["sha256"]
    with opened(browser, saved[".html"].as_uri()) as page:
        assert words(page, ".number") == "6%以上"
        assert page.locator("#undo").count() == 0


@pytest.mark.parametrize("settings", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"])
def test_no_serious_faults(browser, start, settings) -> None:
    with opened(browser, start[0], **settings) as page:
        assert faults(page) == []
        read_text(page, read(CORPUS / "documents" / "dispatch-meeting.txt"))
        page.locator(".text .number").first.click()
        page.locator("#card .edit button").first.click()
        page.wait_for_selector(".form[open]")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_characters_beyond_the_basic_plane_are_counted_once(browser, start) -> None:
    with opened(browser, start[0]) as page:
        read_text(page, "𠮷𠮷村的产业园区。市水务局负责。")
        select(page, "产业园区")
        with page.expect_navigation():
            page.locator(".select-bar button", has_text="项目").click()
        page.wait_for_selector("html[data-ready]")
        assert "产业园区" in [e["text"] for e in record(page)["entities"]]
        assert duban.__version__ in page.locator(".foot").inner_text()
