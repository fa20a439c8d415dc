"""The report as a Word document: the text of each document, with a comment at every target, every task and every problem.

A single document that was a Word file, is still where it was read and has not changed since, keeps all that it is: the
comments go into a copy of it. Where a finding has no place among its paragraphs (in a table, in a tracked change), and for
every other document, the text is set anew: its paragraphs, its headings as heading styles.
"""
from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from duban import readers
from duban.errors import DubanError
from duban.messages import message
from duban.report.cards import cards
from duban.report.layout import Block, blocks
from duban.tables.ledger.rows import clean_title
from duban.tables.word import add_text, describe, legal, new_document, save
from duban.tables.workbook import CREATED

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

Json = Mapping[str, Any]
_AUTHOR, _INITIALS = "督办 duban", "督"
_LAYERS = ("targets", "tasks", "problems")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: A run of nothing else can be broken in two.
_PLAIN = frozenset({f"{_W}rPr", f"{_W}t", f"{_W}tab"})
_SIZE, _TITLE_SIZE, _LINE = 16, 22, 28  # points, as in official documents


class Place(NamedTuple):
    """A run of the Word document and the stretch of the source it says."""

    start: int
    end: int
    run: Run


def write_comments(records: Iterable[Json], path: str | Path) -> int:
    """Write the documents with their comments into a ``.docx`` file; returns their number. Raises DubanError DB121."""
    known = list(records)
    copy = _copy(known[0]) if len(known) == 1 else None
    if copy is not None:
        document, places = copy
        _comment(document, known[0], places)
    else:
        document = _new(known, path)
        for i, record in enumerate(known):
            _comment(document, record, _set(document, record, first=i == 0))
    save(document, path)
    return len(known)


def said(record: Json) -> dict[str, str]:
    """What the comment of each target, task and problem says, by id: its slots in words, where it stands, what it rests on.

    >>> import duban
    >>> record = duban.to_record(duban.process("市水务局要在6月底前完成清淤3处。", date="2026-03-02"))
    >>> "市水务局" in said(record)["k1"], "0–16" in said(record)["k1"]
    (True, True)
    """
    told = cards(record)
    return {item["id"]: _words(item["id"], told[item["id"]]) for item in _findings(record)}


def _findings(record: Json) -> list[Json]:
    return [item for layer in _LAYERS for item in record.get(layer, ())]


def _words(identifier: str, card: Json) -> str:
    lines = [f"{card['title']} {identifier}", *("：".join(row) for row in card["rows"])]
    lines.append(f"{message('comment.offsets')}：{card['span'][0]}–{card['span'][1]}")
    if card["rule"]:
        grounds = "；".join(f"{slot}“{words}” {start}–{end}" for slot, words, start, end in card["evidence"])
        lines.append(f"{message('explain.rule')}：{card['rule']}" + (f"（{grounds}）" if grounds else ""))
    return legal("\n".join(lines))


def _comment(document: Document, record: Json, places: Sequence[Place]) -> None:
    words = said(record)
    starts, ends = [place.start for place in places], [place.end for place in places]
    for item in sorted(_findings(record), key=lambda item: (item["start"], -item["end"])):
        inside = places[bisect_right(ends, item["start"]) : bisect_left(starts, item["end"])]
        if inside:
            comment = document.add_comment([inside[0].run, inside[-1].run], words[item["id"]], _AUTHOR, _INITIALS)
            comment._comment_elm.attrib.pop(f"{_W}date", None)  # the same records are the same bytes


# ---- a document set anew


def _new(records: Sequence[Json], path: str | Path) -> Document:
    from docx.shared import Pt

    document = new_document(path)
    for name, size in (("Normal", _SIZE), ("Title", _TITLE_SIZE), *((f"Heading {level}", _SIZE) for level in range(1, 5))):
        style: Any = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.line_spacing = Pt(_LINE if name != "Title" else 2 * _TITLE_SIZE)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    days = [day for record in records if (day := record["meta"].get("date"))]
    describe(document, clean_title(records[0]) if len(records) == 1 else message("report.title"), datetime.fromisoformat(max(days)) if days else CREATED)
    return document


def _set(document: Document, record: Json, *, first: bool) -> list[Place]:
    """The text of a record at the end of a document, from a new page on."""
    places: list[Place] = []
    for i, block in enumerate(blocks(record)):
        paragraph = _paragraph(document, block)
        paragraph.paragraph_format.page_break_before = (i == 0 and not first) or None
        places += [Place(run.start, run.start + len(run.text), add_text(paragraph, run.text)) for run in block.runs if run.text]
    return places


def _paragraph(document: Document, block: Block) -> Paragraph:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    styles = {"title": "Title", "heading": f"Heading {block.level}"}
    paragraph = document.add_paragraph(style=styles.get(block.kind))
    if block.kind in ("title", "front"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif block.kind != "boilerplate":
        paragraph.paragraph_format.first_line_indent = Pt(2 * _SIZE)
    return paragraph


# ---- the document's own Word file


def _copy(record: Json) -> tuple[Document, list[Place]] | None:
    """The Word file of a record and what its runs say, where every finding has its place in it."""
    raw = _file(record)
    if raw is None:
        return None
    import docx

    document = docx.Document(io.BytesIO(raw))
    items = _findings(record)
    places = _broken(list(_runs(document, record["text"])), sorted({offset for item in items for offset in (item["start"], item["end"])}))
    held = [(place.start, place.end) for place in places]
    whole = all(_held(held, item["start"]) and _held(held, item["end"] - 1) for item in items)
    return (document, places) if whole else None


def _file(record: Json) -> bytes | None:
    """The bytes of the file that a record was made of, if they still say the same."""
    source = record["meta"].get("source") or {}
    path = source.get("path")
    if source.get("format") != "docx" or not path or not Path(path).is_file():
        return None
    try:
        raw = Path(path).read_bytes()
        return raw if readers.read(raw, name=path).text == record["text"] else None
    except (DubanError, OSError):
        return None


def _runs(document: Document, text: str) -> Iterable[Place]:
    """The runs of paragraphs that stand in the text as they are, one after the other, each to the end of its line."""
    at = 0
    for paragraph in document.paragraphs:
        words = paragraph.text.strip("\n") and "".join(run.text for run in paragraph.runs)
        start = text.find(words, at) if words.strip() else -1
        if start < 0 or text[start + len(words) : start + len(words) + 1] not in ("", "\n"):
            continue
        for run in paragraph.runs:
            if run.text:
                yield Place(start, start + len(run.text), run)
                start += len(run.text)
        at = start


def _broken(places: Iterable[Place], cuts: Sequence[int]) -> list[Place]:
    """The places, broken where a finding begins or ends, as far as a run can be."""
    out = []
    for place in places:
        inner = cuts[bisect_right(cuts, place.start) : bisect_left(cuts, place.end)]
        if {child.tag for child in place.run._r} <= _PLAIN:
            for cut in reversed(inner):
                place, later = _halves(place, cut)
                out.append(later)
        out.append(place)
    return sorted(out, key=lambda place: place.start)


def _halves(place: Place, cut: int) -> tuple[Place, Place]:
    run, words = place.run, place.run.text
    later = type(run)(deepcopy(run._r), run._parent)
    run._r.addnext(later._r)
    run.text, later.text = words[: cut - place.start], words[cut - place.start :]
    return Place(place.start, cut, run), Place(cut, place.end, later)


def _held(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    at = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return at >= 0 and offset < spans[at][1]
