"""The ledger on paper: LibreOffice prints it on A4 across, no page is empty, no word is cut off."""
from __future__ import annotations

import subprocess
from bisect import bisect_left
from typing import Any, NamedTuple

import pytest
from conftest import need_tool

import duban
from duban import writers
from duban.tables.ledger import rows

pdfium = pytest.importorskip("pypdfium2")


class Page(NamedTuple):
    """A page: its letters and figures, its size in points, and the letters that stand on a line between two rows."""

    text: str
    size: tuple[int, int]
    over: str


Printed = tuple[list[dict[str, Any]], list[Page]]


def words(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def read_page(page: Any) -> Page:
    bounds = [shape.get_bounds() for shape in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH])]
    lines = sorted(low for left, low, right, high in bounds if high - low < 1.5 and right - left > 200)
    paper = page.get_textpage()
    over = []
    for i in range(paper.count_chars()):
        _, low, _, high = paper.get_charbox(i)
        if bisect_left(lines, low + 1) < bisect_left(lines, high - 1):
            over.append(paper.get_text_range(i, 1))
    width, height = page.get_size()
    return Page(words(paper.get_text_range()), (round(width), round(height)), "".join(over))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, char_nlp: Any, corpus: dict[str, str]) -> Printed:
    office, folder = need_tool("soffice"), tmp_path_factory.mktemp("print")
    records = [duban.to_record(duban.process(text, nlp=char_nlp, name=name)) for name, text in corpus.items()]
    writers.write_ledger(records, folder / "ledger.xlsx", as_of="2026-06-20", report="report.html")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "ledger.xlsx"]
    subprocess.run(convert, check=True, capture_output=True, timeout=300)
    document = pdfium.PdfDocument(folder / "ledger.pdf")
    return records, [read_page(page) for page in document]


def test_pages_are_a4_across_and_none_is_empty(printed: Printed) -> None:
    _, pages = printed
    assert {page.size for page in pages} == {(842, 595)}
    assert min(len(page.text) for page in pages) > 60
    total = len(pages)
    assert all(f"第{i}页共{total}页" in page.text for i, page in enumerate(pages, 1))


def test_no_word_is_cut_off(printed: Printed) -> None:
    """What stands in a row that is too low runs over the line above and below it; here no letter touches one."""
    records, pages = printed
    assert [page.over for page in pages] == [""] * len(pages)
    text = "".join(page.text for page in pages)
    for record in records:
        for row in rows(record):
            for said in (row.task, row.quote, "".join(row.goals)):
                assert words(said) in text, said


def test_every_page_of_a_sheet_has_its_heads(printed: Printed) -> None:
    _, pages = printed
    heads = ("牵头单位", "职责", "原文时限", "比较", "同句数字", "处理意见", "词表")
    assert all(any(head in page.text for head in heads) for page in pages)
