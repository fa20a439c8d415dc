"""PDF files: their text layer, a line for every line as it is printed (the view joins them again), pages in order.

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
from contextlib import suppress
from dataclasses import asdict
from importlib.util import find_spec
from itertools import pairwise
from operator import itemgetter
from statistics import median
from typing import Any

from duban.errors import DubanError
from duban.messages import message
from duban.readers import printed
from duban.readers.source import BLANK, Clock, Content, Limits, damaged, over

#: A page with a picture and fewer characters than this is taken for a scan with a stamp or a page number.
SCANNED = 30
_LINE_ENDS = frozenset(map(ord, "\r\n\f\v\x85\u2028\u2029"))
_NOTHING = frozenset((0, 0xFFFE, 0xFFFF))  # what stands for no character or a hyphen at a line's end
_DEPTH = 2  # of forms within forms in which pictures are looked for
#: Time for the process to start and to say that its time is up itself.
_GRACE = 10.0


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
        found: list[printed.Line] = []
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
    text = printed.laid_out(found)
    if bare and BLANK.fullmatch(text):
        raise DubanError("DB124", path=path, count=len(bare))
    warnings = [DubanError("DB131", path=path, pages=printed.ranges(bare))] if bare else []
    return Content(text, None, {"warnings": warnings} if warnings else {})


def _page(document: Any, number: int, api: Any) -> tuple[list[printed.Line], bool]:
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


def _lines(layer: Any, api: Any) -> list[printed.Line]:
    """The lines of a page from left to right.

    A printer that takes the quotation marks of a line from another font writes them behind the line's other words; there
    the characters are ordered by where they stand.
    """
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    box = tuple(map(ctypes.byref, (left, right, bottom, top)))
    lines: list[printed.Line] = []
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
    return printed.page(lines)


def _in_order(line: list[tuple[float, str]], at: list[tuple[float, float]]) -> printed.Line:
    text = "".join(character for _, character in sorted(line, key=itemgetter(0)))
    across = sorted(x for x, _ in at)
    size = median(b - a for a, b in pairwise(across)) if len(across) > 1 else 0.0
    height = median(y for _, y in at) if at else 0.0
    return printed.Line(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").rstrip(), across[0] if at else 0.0, size, height)


if __name__ == "__main__":
    _main(*sys.argv[1:])
