"""Sheets to a Word document that is printed: A4 across, each table from a new page on, its heads on every page, page n of m.

A line of one cell goes over all columns: a heading. Rows are as high as their words; one that is longer than ``_WHOLE``
lines may go on on the next page, no other. What cells look like are styles of the document, so that an office changes a
font once. Fonts are named, with the names they have elsewhere. The same sheets are the same bytes on every run.
"""
from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from duban.errors import DubanError
from duban.tables.workbook import CREATED, Cell, Column, Sheet

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

#: Fonts of official documents -> what stands in for each where it is not installed.
FONTS = {
    "方正小标宋_GBK": "方正小标宋简体,华文中宋,宋体,SimSun", "方正黑体_GBK": "黑体,SimHei", "方正楷体_GBK": "楷体_GB2312,楷体,KaiTi",
    "方正仿宋_GBK": "方正仿宋简体,仿宋_GB2312,仿宋,FangSong,STFangsong",
}  # fmt: skip
TITLE, HEAD, NOTE, BODY = FONTS
_LATIN = "Times New Roman"
_PAPER, _MARGIN, _SIDE = (297, 210), 20, 18  # mm
_GAP = 1.5  # mm between a line and the words
_SIZE, _HEAD_SIZE = 10.5, 11  # points
_WHOLE = 14  # lines
_TWIPS = 1440 / 25.4  # of a millimetre
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the first a ZIP file knows


class _Look(NamedTuple):
    """What a cell looks like; the name is that of its style in the document."""

    name: str
    alignment: str
    font: str = BODY
    size: float = _SIZE
    colour: str = "000000"
    shade: str = ""
    keep: bool = False  # never the last line on a page


#: Cells by the name of their style in a sheet.
_LOOKS = {
    "text": _Look("表格正文", "LEFT"), "center": _Look("表格居中", "CENTER"), "head": _Look("表格表头", "CENTER", HEAD, _HEAD_SIZE, shade="E7EBF0"),
    "open": _Look("表格待明确", "CENTER", HEAD, colour="9C5700", shade="FFF2CC"),
    "heading1": _Look("表格一级标题", "LEFT", HEAD, _HEAD_SIZE, shade="F3F5F7", keep=True),
    "heading2": _Look("表格二级标题", "LEFT", NOTE, _HEAD_SIZE, keep=True),
}  # fmt: skip


def write_document(sheets: Iterable[Sheet], path: str | Path | BinaryIO, *, title: str, created: datetime = CREATED) -> None:
    """Write the sheets into a ``.docx`` file (or one that is open), one after the other. Raises DubanError DB121 (python-docx is missing)."""
    document = new_document(path)
    _set_page(document)
    _add_looks(document)
    for i, sheet in enumerate(sheets):
        _add_heads(document, sheet, first=i == 0)
        document.element.body.insert(-1, _table(sheet))
    describe(document, title, created)
    save(document, path)


def _set_page(document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    page.top_margin = page.bottom_margin = Mm(_MARGIN)
    page.left_margin = page.right_margin = Mm(_SIDE)


def _add_looks(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    for look in _LOOKS.values():
        style: Any = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        set_font(style, look.font, look.size)
        style.font.color.rgb = RGBColor.from_string(look.colour)
        form = style.paragraph_format
        form.alignment, form.keep_with_next = getattr(WD_ALIGN_PARAGRAPH, look.alignment), look.keep
        form.space_before = form.space_after = Pt(1)


def _add_heads(document: Document, sheet: Sheet, *, first: bool) -> None:
    """Title and line of facts, on a new page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    lines = [(line, TITLE, 18) for line in sheet.title.split("\n")] + [(sheet.subtitle, NOTE, 12)]
    for i, (words, font, size) in enumerate(lines):
        paragraph = document.add_paragraph(style="Heading 1" if i == 0 else None)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form = paragraph.paragraph_format
        form.page_break_before, form.keep_with_next, form.space_before, form.space_after = not first and i == 0, True, Pt(0), Pt(3)
        add_text(paragraph, words, font, size)


# ---- tables


def _table(sheet: Sheet) -> Any:
    """The table of a sheet, its columns as wide as the page allows."""
    widths = _widths(sheet.columns)
    margins = [_element(side, w=str(round(_GAP * _TWIPS)), type="dxa") for side in ("left", "right")]
    properties = _element(
        "tblPr", _element("tblStyle", val="TableGrid"), _element("tblW", w=_twips(sum(widths)), type="dxa"), _element("jc", val="center"),
        _element("tblLayout", type="fixed"), _element("tblCellMar", *margins),
    )  # fmt: skip
    head = _row([Cell(column.name, style="head") for column in sheet.columns], sheet.columns, widths, head=True)
    lines = sheet.lines or ((Cell("（无）", style="center"),),)
    rows = [_row([cell if isinstance(cell, Cell) else Cell(cell) for cell in line], sheet.columns, widths) for line in lines]
    return _element("tbl", properties, _element("tblGrid", *(_element("gridCol", w=_twips(width)) for width in widths)), head, *rows)


def _widths(columns: Sequence[Column]) -> list[float]:
    """Millimetres: the width between the margins, shared."""
    unit = (_PAPER[0] - 2 * _SIDE) / sum(column.width for column in columns)
    return [column.width * unit for column in columns]


def _row(cells: Sequence[Cell], columns: Sequence[Column], widths: Sequence[float], *, head: bool = False) -> Any:
    if len(cells) == 1:
        whole, made = True, [_cell(cells[0], cells[0].style or "heading1", sum(widths), span=len(columns))]
    else:
        whole = max(_lines(cell.text, width) for cell, width in zip(cells, widths, strict=True)) <= _WHOLE
        made = [_cell(cell, cell.style or column.style, width) for cell, column, width in zip(cells, columns, widths, strict=True)]
    properties = [*([_element("cantSplit")] if whole else []), *([_element("tblHeader")] if head else [])]
    return _element("tr", _element("trPr", *properties), *made)


def _cell(cell: Cell, style: str, width: float, span: int = 1) -> Any:
    look = _LOOKS[style]
    properties = [_element("tcW", w=_twips(width), type="dxa")]
    properties += [_element("gridSpan", val=str(span))] if span > 1 else []
    properties += [_element("shd", val="clear", color="auto", fill=look.shade)] if look.shade else []
    properties += [_element("vAlign", val="center")]
    return _element("tc", _element("tcPr", *properties), *(_paragraph(line, look.name) for line in cell.text.split("\n")))


def _paragraph(words: str, style: str) -> Any:
    text = _element("t")
    text.text = legal(words)
    return _element("p", _element("pPr", _element("pStyle", val=style)), *([_element("r", text)] if words else []))


def _lines(text: str, width: float) -> int:
    """About how many lines a text takes in a cell ``width`` millimetres wide."""
    fit = max(1, int((width - 2 * _GAP) / (_SIZE * 25.4 / 72)))
    return sum(max(1, -(-len(line) // fit)) for line in text.split("\n"))


def _twips(width: float) -> str:
    return str(round(width * _TWIPS))


# ---- what every Word file of ours shares


def new_document(path: str | Path | BinaryIO) -> Document:
    """An empty document on A4: fonts named, pages numbered. Raises DubanError DB121 (python-docx is missing) for ``path``."""
    try:
        import docx
        from docx.shared import Mm, RGBColor
    except ImportError as error:
        shown = path if isinstance(path, (str, Path)) else ".docx"
        raise DubanError("DB121", path=shown, package="python-docx", extra="io") from error
    document = docx.Document()
    page = document.sections[0]
    page.page_height, page.page_width = Mm(_PAPER[0]), Mm(_PAPER[1])
    set_font(document.styles["Normal"], BODY, _SIZE)
    headings = ((f"Heading {level}", HEAD if level == 1 else NOTE) for level in range(1, 5))
    for name, font in (("Title", TITLE), *headings):
        style: Any = document.styles[name]
        set_font(style, font)
        style.font.bold, style.font.italic, style.font.color.rgb = False, False, RGBColor(0, 0, 0)
    for line in document.styles["Title"].element.findall(f".//{_name('pBdr')}"):
        line.getparent().remove(line)
    _name_fonts(document)
    _number_pages(document)
    return document


def legal(text: str) -> str:
    """``text`` with a replacement character for each that XML cannot hold.

    >>> legal("甲\\x01乙\\uffff")
    '甲\ufffd乙\ufffd'
    """
    return _ILLEGAL.sub("\ufffd", text)


def add_text(paragraph: Paragraph, words: str, font: str = "", size: float | None = None) -> Any:
    """A run with these words at the end of a paragraph."""
    run = paragraph.add_run(legal(words))
    set_font(run, font, size)
    return run


def set_font(thing: Any, font: str = "", size: float | None = None) -> None:
    """The font of a run or a style: by its name for Chinese, one for the rest; ``size`` in points."""
    from docx.shared import Pt

    if size:
        thing.font.size = Pt(size)
    if font:
        fonts = thing.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # fonts of the theme stand above names
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(_name(script), _LATIN)
        fonts.set(_name("eastAsia"), font)


def describe(document: Document, title: str, created: datetime) -> None:
    """What a document says of itself."""
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = legal(title)[:255], "duban", "duban", ""
    core.created = core.modified = created


def save(document: Document, path: str | Path | BinaryIO) -> None:
    """Write a document; nothing in the file tells when that was."""
    with io.BytesIO() as made:
        document.save(made)
        with zipfile.ZipFile(made) as pack, zipfile.ZipFile(path, "w") as out:
            for member in pack.infolist():
                known = zipfile.ZipInfo(member.filename, _FIRST_DAY)
                known.compress_type, known.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                out.writestr(known, pack.read(member))


def _number_pages(document: Document) -> None:
    """第 n 页 共 m 页 at the foot of every page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页  共 ", "NUMPAGES"), (" 页", "")):
        add_text(paragraph, words, BODY, 10)
        if field:
            number = add_text(paragraph, "1", BODY, 10)._r
            number.addprevious(counted := _element("fldSimple", instr=field))
            counted.append(number)


def _name_fonts(document: Document) -> None:
    """What stands in for our fonts, in the table of fonts."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml
    from lxml import etree

    part: Any = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(part.blob)
    for name, others in FONTS.items():
        about = _element("altName", val=others), _element("charset", val="86"), _element("family", val="auto"), _element("pitch", val="variable")
        table.append(_element("font", *about, name=name))
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def _element(tag: str, *children: Any, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(f"w:{tag}", {_name(name): value for name, value in attributes.items()})
    made.extend(children)
    return made


def _name(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")
