"""Whatever copy of a document is read, duban sees the same document; a ledger of ours, read back, gives the same tasks."""
from __future__ import annotations

import html
import io
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import copies
import docx
import pytest
from conftest import DOCUMENTS, need_tool
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

import duban
from duban.readers import read
from duban.tables.ledger import COLUMNS, Row, rows

DATE = "2026-03-02"
NAMES = ("implementation-plan", "work-report-county", "notice-notes")
#: Not printed: documents that are broken into lines or copied in one line themselves.
UNPRINTED = ("hard-wrapped", "one-line")
PRINTED = [path.stem for path in DOCUMENTS if path.stem not in UNPRINTED]
#: Pages: size of type in points, justified, paragraphs indented (None: as python-docx leaves it).
PAGES: dict[str, tuple[float, bool, bool] | None] = {"plain": None, "office": (16, True, True), "small": (10.5, False, True), "flush": (14, False, False)}


def close(words: str) -> str:
    return re.sub(r"\s+", "", words)


def seen(text: str, nlp: Any) -> dict[str, list[Any]]:
    """What is found in a text, without offsets and white space."""
    record = duban.to_record(duban.process(text, nlp=nlp, date=DATE))
    return {
        "outline": [(s["kind"], s["level"], s["number"], s["path"], close(s["heading"]["text"])) for s in record["sections"]],
        "entities": [(e["label"], close(e["text"]), e["canon"]) for e in record["entities"]],
        "targets": [
            (close(t["text"]), t["value"], t["unit"], t["comparator"], t["kind"], t["status"], t["indicator"] and t["indicator"]["canon"],
             t["period"] and t["period"]["value"]) for t in record["targets"]
        ],
        "tasks": [
            (close(k["text"]), [close(a["text"]) for a in k["lead"]], [close(a["text"]) for a in k["support"]], k["deadline"] and k["deadline"]["value"])
            for k in record["tasks"]
        ],
    }  # fmt: skip


def paragraphs(text: str) -> list[str]:
    return [line.strip("　 ") for line in text.splitlines() if line.strip()]


def word(text: str) -> bytes:
    document = docx.Document()
    for line in paragraphs(text):
        document.add_paragraph(line)
    return saved(document)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def webpage(text: str) -> bytes:
    body = "\n".join(f"<p>　　{html.escape(line)}</p>" for line in paragraphs(text))
    return f"<!DOCTYPE html><html><head><meta charset=gbk><title>{paragraphs(text)[0]}</title></head><body><div>{body}</div></body></html>".encode("gb18030")


def converted(raw: bytes, suffix: str, folder: Path) -> Path:
    """A Word file saved as something else by LibreOffice."""
    (folder / "a.docx").write_bytes(raw)
    command = [need_tool("soffice"), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", suffix, "--outdir"]
    subprocess.run([*command, str(folder), str(folder / "a.docx")], check=True, capture_output=True, timeout=180)
    return folder / f"a.{suffix}"


@pytest.mark.parametrize("name", NAMES)
def test_word_and_web_copies(name: str, corpus: dict[str, str], char_nlp: Any) -> None:
    expected = seen(corpus[name], char_nlp)
    assert sum(kind == "section" for kind, *_ in expected["outline"]) > 5
    assert seen(read(word(corpus[name]), name="a.docx").text, char_nlp) == expected
    assert seen(read(webpage(corpus[name]), name="a.html").text, char_nlp) == expected


@pytest.mark.parametrize("name", NAMES)
def test_old_word_copies(name: str, corpus: dict[str, str], char_nlp: Any, tmp_path: Path) -> None:
    path = converted(word(corpus[name]), "doc", tmp_path)
    found = read(path)
    assert found.meta["source"]["format"] == "doc"
    assert seen(found.text, char_nlp) == seen(corpus[name], char_nlp)


#: Copies as text: broken at a width with indents, without the indents there were, without any; torn by blanks; spaced.
BROKEN: dict[str, Callable[[str], str]] = {
    "indented": lambda text: copies.wrapped(text, 40, True),
    "lost": lambda text: copies.unindented(copies.wrapped(text, 28, True)),
    "flush": lambda text: copies.wrapped(text, 32, False),
    "torn": lambda text: copies.stray(copies.wrapped(text, 28, True)),
    "spaced": lambda text: text.replace("\n", "\r\n\r\n\t"),
}


@pytest.mark.parametrize("copy", BROKEN)
@pytest.mark.parametrize("name", PRINTED)
def test_broken_copies(name: str, copy: str, corpus: dict[str, str], char_nlp: Any) -> None:
    assert seen(BROKEN[copy](corpus[name]), char_nlp) == seen(corpus[name], char_nlp)


def typeset(text: str, page: tuple[float, bool, bool] | None) -> bytes:
    """The document as Word sets it: on A4 in a font for Chinese."""
    if page is None:
        return word(text)
    size, justified, indented = page
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height, section.left_margin, section.right_margin = Cm(21), Cm(29.7), Cm(2.8), Cm(2.6)
    for line in paragraphs(text):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line)
        run.font.size, run.font.name = Pt(size), "SimSun"
        run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), "SimSun")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if justified else WD_ALIGN_PARAGRAPH.LEFT
        if indented:
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    return saved(document)


@pytest.fixture(scope="module")
def printed(corpus: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every document printed on every page, by one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("printed")
    for name in PRINTED:
        for page, setting in PAGES.items():
            (folder / f"{name}-{page}.docx").write_bytes(typeset(corpus[name], setting))
    command = [need_tool("soffice"), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, str(folder), *map(str, sorted(folder.glob("*.docx")))], check=True, capture_output=True, timeout=300)
    return folder


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", PRINTED)
def test_printed_copies(name: str, page: str, corpus: dict[str, str], char_nlp: Any, printed: Path) -> None:
    found = read(printed / f"{name}-{page}.pdf")
    assert "warnings" not in found.meta
    assert max(map(len, found.text.splitlines())) < 100  # the lines are those of the page
    assert seen(found.text, char_nlp) == seen(corpus[name], char_nlp)


_MARKER = re.compile(r"(?P<first>[一二三四五六七八九十]{1,3}、)|(?P<second>（[一二三四五六七八九十]{1,3}）)|(?P<third>\d{1,2}\.)")
_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def auto_numbered(text: str) -> bytes:
    """The document with its markers taken away and the numbering of Word in their place."""
    document = docx.Document()
    part = document.part.numbering_part.element
    for child in list(part):
        part.remove(child)
    levels = "".join(
        f"<w:lvl w:ilvl='{i}'><w:start w:val='1'/><w:numFmt w:val='{style}'/><w:suff w:val='nothing'/><w:lvlText w:val='{label}'/></w:lvl>"
        for i, (style, label) in enumerate(_LEVELS)
    )
    part.append(parse_xml(f"<w:abstractNum {nsdecls('w')} w:abstractNumId='1'>{levels}</w:abstractNum>"))
    part.append(parse_xml(f"<w:num {nsdecls('w')} w:numId='1'><w:abstractNumId w:val='1'/></w:num>"))
    for line in paragraphs(text):
        marker = _MARKER.match(line)
        paragraph = document.add_paragraph(line[marker.end():] if marker else line)
        if marker and marker.lastgroup:
            at = ("first", "second", "third").index(marker.lastgroup)
            paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{at}'/><w:numId w:val='1'/></w:numPr>"))
    return saved(document)


NUMBERED = """云岭省青岚县二〇二六年工作要点
一、总体要求
坚持稳中求进，全年生产总值增长6%以上。
二、重点任务
（一）产业
1.建设青岚产业园。县工信局牵头，6月底前完成投资3亿元。
2.培育企业20家。
（二）民生
1.新增就业3000人。
三、保障措施
各乡镇要按季度报送进展。
"""


def test_automatic_numbering_gives_the_same_outline(char_nlp: Any, tmp_path: Path) -> None:
    raw = auto_numbered(NUMBERED)
    with_numbers = read(raw).text
    assert with_numbers.replace(". ", ".") == NUMBERED
    assert seen(with_numbers, char_nlp) == seen(NUMBERED, char_nlp)
    # and what LibreOffice prints before the paragraphs is what was rendered
    printed = read(converted(raw, "pdf", tmp_path)).text
    assert close(printed) == close(with_numbers)


def ledger_table(found: Iterable[Row]) -> bytes:
    document = docx.Document()
    table = document.add_table(1, len(COLUMNS))
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    texts = [list(COLUMNS.values()), *(list(row.cells().values()) for row in found)]
    for number, line in enumerate(texts):
        cells = (table.rows[0] if number == 0 else table.add_row()).cells
        for cell, text in zip(cells, line, strict=True):
            cell.text = text
    return saved(document)


def ledger_page(found: Iterable[Row]) -> bytes:
    texts = [COLUMNS.values(), *(row.cells().values() for row in found)]
    lines = ("".join(f"<td>{html.escape(text).replace(chr(10), '<br>')}</td>" for text in line) for line in texts)
    return f"<html><meta charset=utf-8><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table></html>".encode()


@pytest.mark.parametrize("name", ["implementation-plan", "notice-notes", "district-meeting", "work-report-county"])
@pytest.mark.parametrize("save", [ledger_table, ledger_page])
def test_a_ledger_read_back_gives_the_same_tasks(name: str, save: Any, corpus: dict[str, str], char_nlp: Any) -> None:
    def duties(record: dict[str, Any]) -> list[tuple[Any, ...]]:
        # a task that names an official and no unit is told by 责任领导 alone, which is no note yet
        return [(row.lead, row.support, row.officials, row.deadline) for row in rows(record) if row.id and (row.lead or row.support)]

    record = duban.to_record(duban.process(corpus[name], nlp=char_nlp, date=DATE))
    read_back = read(save(rows(record)))
    again = duban.to_record(duban.process(read_back.text, nlp=char_nlp, date=DATE))
    assert duties(record)
    assert duties(again) == duties(record)
    assert len(read_back.text.splitlines()) == len(rows(record))
