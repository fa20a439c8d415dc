"""The ledger on paper: LibreOffice prints it on A4 across, no page is empty, no word is cut off."""
from __future__ import annotations

from typing import Any

import pytest
from printing import Page, printed, words

import duban
from duban import writers
from duban.tables.ledger import rows

Printed = tuple[list[dict[str, Any]], list[Page]]
#: For the Word document, which is longer on paper, some documents do.
ATTACHED = ("dispatch-meeting", "notice-notes", "redacted-speech")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory, char_nlp: Any, corpus: dict[str, str]) -> Printed:
    path = tmp_path_factory.mktemp("print") / "ledger.xlsx"
    records = [duban.to_record(duban.process(text, nlp=char_nlp, name=name)) for name, text in corpus.items()]
    writers.write_ledger(records, path, as_of="2026-06-20", report="report.html")
    return records, printed(path)


@pytest.fixture(scope="module")
def attachment(tmp_path_factory: pytest.TempPathFactory, char_nlp: Any, corpus: dict[str, str]) -> Printed:
    path = tmp_path_factory.mktemp("print") / "ledger.docx"
    records = [duban.to_record(duban.process(corpus[name], nlp=char_nlp, name=name)) for name in ATTACHED]
    writers.write_ledger(records, path)
    return records, printed(path)


@pytest.fixture(params=["workbook", "attachment"])
def ledger(request: pytest.FixtureRequest) -> Printed:
    found: Printed = request.getfixturevalue(request.param)
    return found


def test_pages_are_a4_across_and_none_is_empty(ledger: Printed) -> None:
    _, pages = ledger
    assert {page.size for page in pages} == {(842, 595)}
    assert min(len(page.text) for page in pages) > 60
    total = len(pages)
    assert all(f"第{i}页共{total}页" in page.text for i, page in enumerate(pages, 1))


def test_no_word_is_cut_off(ledger: Printed) -> None:
    """What stands in a row that is too low runs over the line above and below it; here no letter touches one."""
    _, pages = ledger
    assert [page.over for page in pages] == [""] * len(pages)


def test_all_is_said(workbook: Printed, attachment: Printed) -> None:
    for records, pages, quoted in ((*workbook, True), (*attachment, False)):
        text = "".join(page.text for page in pages)
        for record in records:
            for row in rows(record):
                for said in (row.task, row.quote if quoted else "", "".join(row.goals)):
                    assert words(said) in text, said


def test_every_page_of_a_sheet_has_its_heads(workbook: Printed, attachment: Printed) -> None:
    heads = ("牵头单位", "职责", "原文时限", "比较", "同句数字", "整改情况", "处理意见", "词表")
    assert all(any(head in page.text for head in heads) for page in workbook[1])
    pairs = (("牵头单位", "完成时限"), ("整改措施", "整改时限"))
    assert all(any(all(head in page.text for head in pair) for pair in pairs) for page in attachment[1])
