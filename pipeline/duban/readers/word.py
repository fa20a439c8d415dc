"""Word files (.docx): paragraphs and tables in document order, automatic numbering rendered.

A file is read as it prints: what tracked changes deleted or moved away is not read, what they inserted is; hidden text
and field codes are not, the results of fields are. A text box follows the paragraph it is anchored in. A table of
contents is left out (``meta["left_out"]``), for it repeats the headings. Headers, footers, footnotes and endnotes are
not in the text: ``meta`` has them as lists of paragraphs.

Nothing is fetched, and no entity is resolved: a part with a document type is refused.
"""
from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from duban.errors import DubanError
from duban.readers import zipped
from duban.readers.numbering import Numbering
from duban.readers.source import Content, Limits, damaged
from duban.readers.tables import MAX_COLUMNS, Cell, paragraphs

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC, _SDT = (_W + name for name in ("p", "tbl", "tr", "tc", "sdt"))
_SKIPPED = frozenset(_W + name for name in (
    "del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "rt", "sdtPr", "tblPr", "trPr", "tcPr", "sectPr", "footnoteReference",
))  # fmt: skip
_MARKS = {_W + "tab": "\t", _W + "ptab": "\t", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_BOX = _W + "txbxContent"
_OFF = ("0", "false", "off", "none")
_APART = {"header": "headers", "footer": "footers", "footnotes": "footnotes", "endnotes": "endnotes"}


def read(raw: bytes, path: str, limits: Limits) -> Content:
    """The text of a Word file.

    Raises DubanError DB121 (python-docx is missing), DB122 (damaged, or with a document type), DB123 (locked), DB125
    (asks for more than ``limits``).
    """
    try:
        import docx
    except ImportError:
        raise DubanError("DB121", path=path, package="python-docx", extra="io") from None
    zipped.check(raw, path, "docx", limits)
    try:
        document = docx.Document(io.BytesIO(raw))
        return _Document(document).content()
    except Exception as error:  # whatever a hand-made or broken package makes the parsers raise
        raise damaged(path, "docx", error) from error


class _Document:
    """Reads one document."""

    def __init__(self, document: Any) -> None:
        self.part = document.part
        self.left_out = 0
        related = {rel.reltype.rpartition("/")[2]: rel.target_part for rel in self.part.rels.values() if not rel.is_external}
        self.numbering = Numbering(_root(related.get("numbering")), _root(related.get("styles")))

    def content(self) -> Content:
        lines = list(self._blocks(self.part.element.body))
        apart: dict[str, list[str]] = {}
        for rel in self.part.rels.values():
            kind = _APART.get(rel.reltype.rpartition("/")[2])
            if kind and not rel.is_external and (root := _root(rel.target_part)) is not None:
                apart.setdefault(kind, []).extend(line for line in self._apart(root) if line not in apart.get(kind, ()))
        meta = {"left_out": {"contents": self.left_out} if self.left_out else {}, "apart": {kind: texts for kind, texts in apart.items() if texts}}
        return Content("\n".join([*lines, ""]), None, {key: value for key, value in meta.items() if value})

    def _apart(self, root: Any) -> Iterator[str]:
        """The paragraphs of a part beside the body, without the lines that separate notes from the text."""
        for child in root:
            if child.get(f"{_W}type") not in ("separator", "continuationSeparator"):
                yield from (self._blocks(child) if child.tag in (f"{_W}footnote", f"{_W}endnote") else self._block(child))

    def _blocks(self, parent: Any) -> Iterator[str]:
        for child in parent:
            yield from self._block(child)

    def _block(self, element: Any) -> Iterator[str]:
        """The lines of a paragraph, of a table, or of what wraps them."""
        tag = element.tag
        if tag == _P:
            yield from self._paragraph(element)
        elif tag == _TBL:
            yield from self._table(element)
        elif tag == _SDT and _is_contents(element):
            self.left_out += sum(len(t.text or "") for t in element.iter(f"{_W}t"))
        elif isinstance(tag, str) and tag not in _SKIPPED:
            yield from self._blocks(element)

    def _paragraph(self, element: Any) -> Iterator[str]:
        properties = element.find(f"{_W}pPr")
        pieces: list[str] = []
        boxes: list[Any] = []
        _words(element, pieces, boxes)
        text = "".join(pieces).strip("\n")
        if self.numbering.style_name(properties).lower().startswith("toc "):
            self.left_out += len(text.strip())
            return
        if text.strip():
            label = self.numbering.label(properties)
            yield from (line for line in (label + text).split("\n") if line.strip())
        for box in boxes:
            yield from self._blocks(box)

    def _table(self, element: Any) -> list[str]:
        rows: list[list[Cell]] = []
        above: dict[int, Cell] = {}  # column -> the cell that may go on below
        layout = False
        for tr in _rows(element):
            properties = tr.find(f"{_W}trPr")
            header = properties is not None and _is_on(properties.find(f"{_W}tblHeader"))
            before = _value(properties, f"{_W}gridBefore")
            row = [Cell(columns=before)] if before else []
            column, below = before, dict[int, Cell]()
            for tc in _cells(tr):
                span = min(_value(tc.find(f"{_W}tcPr"), f"{_W}gridSpan") or 1, MAX_COLUMNS)
                merged = tc.find(f"{_W}tcPr/{_W}vMerge")
                if merged is not None and merged.get(f"{_W}val", "continue") == "continue" and column in above:
                    cell = above[column]
                    cell.rows += 1
                else:
                    cell = Cell(list(self._blocks(tc)), span, 1, header)
                    layout = layout or tc.find(_TBL) is not None
                    row.append(cell)
                if merged is not None:
                    below[column] = cell
                column += span
            above = below
            rows.append(row)
        return paragraphs(rows, layout=layout)


def _root(part: Any) -> Any:
    """The root element of a part, None without one."""
    if part is None:
        return None
    if (element := getattr(part, "_element", None)) is not None:
        return element
    from lxml import etree

    return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))


def _words(element: Any, pieces: list[str], boxes: list[Any]) -> None:
    """What a paragraph says, and the text boxes anchored in it."""
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            continue
        if tag == f"{_W}t":
            pieces.append(child.text or "")
        elif tag == f"{_W}br":
            pieces.append("\n" if child.get(f"{_W}type") in (None, "textWrapping") else "")
        elif tag in _MARKS:
            pieces.append(_MARKS[tag])
        elif tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            _words(child.find(f"{_MC}Fallback") if choice is None else choice, pieces, boxes)
        elif tag == _BOX:
            boxes.append(child)
        elif tag != f"{_W}r" or not _is_on(child.find(f"{_W}rPr/{_W}vanish")):
            _words(child, pieces, boxes)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == _TR:
            if child.find(f"{_W}trPr/{_W}del") is None:
                yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == _TC:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _cells(child)


def _is_contents(element: Any) -> bool:
    gallery = element.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
    return gallery is not None and gallery.get(f"{_W}val") == "Table of Contents"


def _is_on(element: Any) -> bool:
    return element is not None and element.get(f"{_W}val") not in _OFF


def _value(properties: Any, name: str) -> int:
    """A count among the properties, 0 where there is none."""
    child = None if properties is None else properties.find(name)
    value = "" if child is None else child.get(f"{_W}val") or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0
