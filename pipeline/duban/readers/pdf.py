"""PDF files: their text layer, a line for every line as it is printed (the view joins them again), pages in order.

Two wide blanks lead a line that is printed two characters to the right of the others, and an empty line stands before
one that is set off from the line above: these are what opens a paragraph.

No characters are recognised in pictures: a page that shows something and has no text, or hardly any over a picture, is
told as a warning, and a file without any text is refused.

PDFium runs in a process of its own, for a small file can ask it for any amount of time and memory and neither can be
taken back from within: the process is ended when its time is up, and gets no more memory than allowed (on POSIX).
"""
from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from importlib.util import find_spec
from itertools import pairwise
from operator import itemgetter
from statistics import median, median_low
from typing import Any, NamedTuple

from duban.errors import DubanError
from duban.messages import message
from duban.readers.source import BLANK, Clock, Content, Limits, damaged, over

#: A page with a picture and fewer characters than this is taken for a scan with a stamp or a page number.
SCANNED = 30
_LINE_ENDS = frozenset(map(ord, "\r\n\f\v\x85\u2028\u2029"))
_NOTHING = frozenset((0, 0xFFFE, 0xFFFF))  # what stands for no character or a hyphen at a line's end
_DEPTH = 2  # of forms within forms in which pictures are looked for
_INDENT = "\u3000\u3000"
_LONG = 15  # a line of so many characters tells where the page begins

_EVEN, _WIDE = 0.06, 1.2  # lines stand equally far apart within this share, and further apart from this multiple on

#: Time for the process to start and to say that its time is up itself.
_GRACE = 10.0


class _Line(NamedTuple):
    """A printed line: where it starts, how far apart its characters stand, how high on the page, and how far below the
    line before it (0: the first of its page)."""

    text: str
    left: float
    size: float
    height: float
    drop: float = 0.0


def read(raw: bytes, path: str, limits: Limits) -> Content:
    """The text layer of a PDF.

    Raises DubanError DB121 (pypdfium2 is missing), DB122 (damaged), DB123 (needs a password), DB124 (pictures only),
    DB125 (too many pages, too slow).
    """
    if find_spec("pypdfium2") is None:
        raise DubanError("DB121", path=path, package="pypdfium2", extra="io")
    # -P: what lies in the working directory is not imported
    command = [sys.executable, "-P", "-m", __name__, json.dumps({"path": path, "limits": asdict(limits)})]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=max(limits.seconds, 0) + _GRACE, env=environment, check=False)
    except subprocess.TimeoutExpired:
        raise over(path, message("reason.seconds", limit=limits.seconds)) from None
    if done.returncode:
        raise damaged(path, "pdf", f"PDFium: {done.returncode}")
    said = json.loads(done.stdout)
    if "code" in said:
        raise _error(said)
    if "warnings" in said["meta"]:
        said["meta"]["warnings"] = [_error(warning) for warning in said["meta"]["warnings"]]
    return Content(**said)


def _error(said: dict[str, Any]) -> DubanError:
    return DubanError(said["code"], **said["details"])


def _said(error: DubanError) -> dict[str, Any]:
    return {"code": error.code, "details": error.details}


def _main(settings: str) -> None:
    """The process: a PDF on standard input, its content or its error as JSON on standard output."""
    given = json.loads(settings)
    path, limits = given["path"], Limits(**given["limits"])
    with suppress(ImportError, ValueError, OSError):  # where there is such a thing, and it is not stricter already
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    try:
        said = asdict(_content(sys.stdin.buffer.read(), path, limits))
    except DubanError as error:
        said = _said(error)
    print(json.dumps(said, default=_said))


def _content(raw: bytes, path: str, limits: Limits) -> Content:
    import pypdfium2 as pdfium
    from pypdfium2 import raw as api

    clock = Clock(path, limits.seconds)
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == api.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise DubanError("DB123", path=path) from None
        raise damaged(path, "pdf", error) from None
    try:
        if len(document) > limits.pages:
            raise over(path, message("reason.pages", limit=limits.pages))
        found: list[_Line] = []
        bare, length = [], 0
        for number in range(len(document)):
            clock.check()
            lines, scanned = _page(document, number, api)
            found += lines
            length += sum(len(line.text) + 1 for line in lines)
            if length > limits.text_length:
                raise over(path, message("reason.length", limit=limits.text_length))
            if scanned:
                bare.append(number + 1)
    except pdfium.PdfiumError as error:
        raise damaged(path, "pdf", error) from None
    finally:
        document.close()
    text = "".join(line + "\n" for line in _laid_out(found))
    if bare and BLANK.fullmatch(text):
        raise DubanError("DB124", path=path, count=len(bare))
    warnings = [DubanError("DB131", path=path, pages=_ranges(bare))] if bare else []
    return Content(text, None, {"warnings": warnings} if warnings else {})


def _page(document: Any, number: int, api: Any) -> tuple[list[_Line], bool]:
    """The lines of a page and whether the page is a picture of a page."""
    page = document[number]
    try:
        layer = page.get_textpage()
        try:
            lines = _lines(layer, api)
        finally:
            layer.close()
        count = sum(len(line.text) for line in lines)
        if count >= SCANNED:
            return lines, False
        kinds = {shown.type for shown in page.get_objects(max_depth=_DEPTH)}
        return lines, api.FPDF_PAGEOBJ_IMAGE in kinds or bool(kinds) and not count
    finally:
        page.close()


def _lines(layer: Any, api: Any) -> list[_Line]:
    """The lines of a page from left to right.

    A printer that takes the quotation marks of a line from another font writes them behind the line's other words; there
    the characters are ordered by where they stand.
    """
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    box = tuple(map(ctypes.byref, (left, right, bottom, top)))
    lines: list[_Line] = []
    line: list[tuple[float, str]] = []
    at: list[tuple[float, float]] = []
    for i in range(layer.count_chars()):
        code = api.FPDFText_GetUnicode(layer, i)
        if code in _LINE_ENDS:
            lines.append(_in_order(line, at))
            line, at = [], []
        elif code not in _NOTHING:
            made_up = api.FPDFText_IsGenerated(layer, i) == 1 or not api.FPDFText_GetCharBox(layer, i, *box)
            line.append((line[-1][0] if made_up and line else left.value, chr(code)))
            if not made_up and api.FPDFText_GetCharOrigin(layer, i, ctypes.byref(x), ctypes.byref(y)):
                at.append((x.value, y.value))
    lines.append(_in_order(line, at))
    shown = [line for line in lines if line.text]
    return [*shown[:1], *(below._replace(drop=max(0.0, above.height - below.height)) for above, below in pairwise(shown))]


def _in_order(line: list[tuple[float, str]], at: list[tuple[float, float]]) -> _Line:
    text = "".join(character for _, character in sorted(line, key=itemgetter(0)))
    across = sorted(x for x, _ in at)
    size = median(b - a for a, b in pairwise(across)) if len(across) > 1 else 0.0
    height = median(y for _, y in at) if at else 0.0
    return _Line(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").rstrip(), across[0] if at else 0.0, size, height)


def _laid_out(lines: list[_Line]) -> list[str]:
    """The lines, with what their places on the page say of paragraphs."""
    indented, apart = _indented(lines), _set_off(lines)
    return ["\n" * off + _INDENT * (deep and not line.text[0].isspace()) + line.text for line, deep, off in zip(lines, indented, apart, strict=True)]


def _indented(lines: list[_Line]) -> list[bool]:
    """Which lines stand two characters right of where most long lines start."""
    long = [line for line in lines if len(line.text) >= _LONG]
    margins = Counter(round(line.left) for line in long)
    usual = [at for at, count in margins.items() if 10 * count >= len(long)]
    margin = min(usual, default=0)
    return [bool(usual) and 1.2 < (line.left - margin) / (line.size or 1) < 2.8 for line in lines]


def _set_off(lines: list[_Line]) -> list[bool]:
    """Which lines stand further below the line above than most do, for their size, where most stand equally far."""
    sizes = [max(line.size, above.size) for above, line in pairwise([*lines[:1], *lines])]  # figures stand closer than words
    drops = [line.drop / size if size else 0.0 for line, size in zip(lines, sizes, strict=True)]
    known = [drop for drop, line in zip(drops, lines, strict=True) if drop and len(line.text) >= _LONG]
    usual = median_low(known) if known else 0.0
    regular = sum(abs(drop - usual) < _EVEN * usual for drop in known)
    return [2 * regular > len(known) and drop > _WIDE * usual for drop in drops]


def _ranges(numbers: list[int]) -> str:
    """Page numbers, runs as ranges.

    >>> _ranges([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


if __name__ == "__main__":
    _main(*sys.argv[1:])
