"""Paper for tests: what LibreOffice prints of a file, read back page by page."""
from __future__ import annotations

import subprocess
from bisect import bisect_left
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import need_tool


class Page(NamedTuple):
    """A page: its letters and figures, its size in points, and the letters that stand on a line between two rows."""

    text: str
    size: tuple[int, int]
    over: str


def words(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def printed(path: Path) -> list[Page]:
    """The pages of an office file; skips where LibreOffice or pypdfium2 is absent."""
    office, pdfium = need_tool("soffice"), pytest.importorskip("pypdfium2")
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    subprocess.run([office, profile, "--headless", "--convert-to", "pdf", "--outdir", path.parent, path], check=True, capture_output=True, timeout=300)
    return [_read(page, pdfium.raw.FPDF_PAGEOBJ_PATH) for page in pdfium.PdfDocument(path.with_suffix(".pdf"))]


def _read(page: Any, line: int) -> Page:
    bounds = [shape.get_bounds() for shape in page.get_objects(filter=[line])]
    lines = sorted(low for left, low, right, high in bounds if high - low < 1.5 and right - left > 200)
    paper = page.get_textpage()
    over = []
    for i in range(paper.count_chars()):
        _, low, _, high = paper.get_charbox(i)
        if bisect_left(lines, low + 1) < bisect_left(lines, high - 1):
            over.append(paper.get_text_range(i, 1))
    width, height = page.get_size()
    return Page(words(paper.get_text_range()), (round(width), round(height)), "".join(over))
