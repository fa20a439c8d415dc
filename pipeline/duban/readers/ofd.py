"""OFD files (GB/T 33190, the fixed-layout format of Chinese offices): the text of their pages, a line for every printed one.

A file is a ZIP of XML. A page holds pieces of text with the place of every character, in any order, and those of the
templates it names (letterheads, headers); they are put in the order they are printed in, from top to bottom and from left
to right, and laid out as the lines of a PDF are. Not read are annotations (stamps, watermarks), attachments, what is
hidden, and text that is set askew, which is counted in ``meta["left_out"]``. Experimental: DB134 says so of every file.
"""
from __future__ import annotations

import io
import math
import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import east_asian_width

from duban.errors import DubanError
from duban.messages import message
from duban.readers import printed, zipped
from duban.readers.source import BLANK, Clock, Content, Limits, damaged, over

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ROOT = "OFD.xml"
_LIMITLESS = 10_000  # millimetres, beyond which nothing is on a page
_CROWDED = 500_000  # characters, more than which no page holds
#: Of a character's size: how far apart are at most one line's baselines, at least words, at most what is printed twice to
#: be bold; and how close to each other characters of a line never stand.
_SAME_LINE, _GAP, _TWICE, _CLOSE = 0.45, 0.6, 0.15, 0.5


class _Glyph(NamedTuple):
    """A character (of a piece that runs downwards, all of it): where its baseline starts, in millimetres from the page's
    upper left corner, its size, and where the piece starts that it belongs to."""

    x: float
    y: float
    size: float
    text: str
    piece: float

    @property
    def width(self) -> float:
        return self.size * _width(self.text)


def _width(text: str) -> float:
    """About how wide a text is, as a multiple of its size."""
    return sum(1.0 if east_asian_width(character) in "WFA" else 0.5 for character in text)


class _Page(NamedTuple):
    """What stands on a page or in a template: its characters, whether it shows pictures, how many characters stand askew."""

    glyphs: list[_Glyph]
    pictures: bool
    askew: int


def read(raw: bytes, path: str, limits: Limits) -> Content:
    """The text of an OFD file.

    Raises DubanError DB121 (lxml is missing), DB122 (damaged, or with a document type), DB123 (locked), DB124 (pictures
    only), DB125 (asks for more than ``limits``).
    """
    try:
        import lxml.etree  # noqa: F401
    except ImportError:
        raise DubanError("DB121", path=path, package="lxml", extra="io") from None
    zipped.check(raw, path, "ofd", limits)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as pack:
            return _Package(pack, path, limits).content()
    except DubanError:
        raise
    except Exception as error:  # whatever a hand-made or broken package makes the parsers raise
        raise damaged(path, "ofd", error) from error


class _Package:
    def __init__(self, pack: zipfile.ZipFile, path: str, limits: Limits) -> None:
        self._pack, self._path, self._limits = pack, path, limits
        self._clock = Clock(path, limits.seconds)
        self._names = {name.lstrip("/"): name for name in pack.namelist()}

    def content(self) -> Content:
        lines: list[printed.Line] = []
        bare: list[int] = []
        askew = length = 0
        for number, page in enumerate(self._pages(), 1):
            if number > self._limits.pages:
                raise over(self._path, message("reason.pages", limit=self._limits.pages))
            found = _lines(page.glyphs)
            lines += found
            askew += page.askew
            length += sum(len(line.text) + 1 for line in found)
            if length > self._limits.text_length:
                raise over(self._path, message("reason.length", limit=self._limits.text_length))
            if page.pictures and not found:
                bare.append(number)
        text = printed.laid_out(lines)
        if bare and BLANK.fullmatch(text):
            raise DubanError("DB124", path=self._path, count=len(bare))
        warnings = [DubanError("DB134", path=self._path, format="OFD")]
        if bare:
            warnings.append(DubanError("DB131", path=self._path, pages=printed.ranges(bare)))
        return Content(text, None, {"warnings": warnings, **({"left_out": {"askew": askew}} if askew else {})})

    def _pages(self) -> Iterator[_Page]:
        """The pages of all documents in the file, each with what its templates put on it."""
        for root in _texts(self._part(_ROOT), "DocRoot"):
            document = self._part(root)
            folder = posixpath.dirname(root)
            places = {template.get("ID", ""): template.get("BaseLoc", "") for template in document.iter("{*}TemplatePage")}
            known: dict[str, _Page] = {}
            for element in document.iterfind("{*}Pages/{*}Page"):
                page = self._part(_joined(folder, element.get("BaseLoc", "")))
                layers = [self._page(page)]
                for used in page.iterfind("{*}Template"):
                    name = used.get("TemplateID", "")
                    if name in places:
                        if name not in known:
                            known[name] = self._page(self._part(_joined(folder, places[name])))
                        layers.append(known[name])
                self._check(sum(len(layer.glyphs) for layer in layers))
                glyphs = [glyph for layer in layers for glyph in layer.glyphs]
                yield _Page(glyphs, any(layer.pictures for layer in layers), sum(layer.askew for layer in layers))

    def _check(self, characters: int) -> None:
        """Raises DubanError DB125 for more than a page can hold."""
        self._clock.check()
        if characters > _CROWDED:
            raise over(self._path, message("reason.length", limit=_CROWDED))

    def _part(self, name: str) -> Element:
        """An XML part, parsed; nothing is fetched and no entity resolved."""
        from lxml import etree

        self._clock.check()
        known = self._names.get(name.lstrip("/"))
        if known is None:
            raise damaged(self._path, "ofd", name)
        return etree.fromstring(self._pack.read(known), etree.XMLParser(resolve_entities=False, no_network=True))

    def _page(self, page: Element) -> _Page:
        glyphs: list[_Glyph] = []
        askew = 0
        for element in page.iter("{*}TextObject"):
            self._check(len(glyphs) + sum(len(code.text or "") for code in element.iterfind("{*}TextCode")))
            if element.get("Visible", "true").strip().lower() in ("false", "0"):
                continue
            matrix = _matrix(element)
            if _is_askew(matrix):
                askew += sum(len("".join((code.text or "").split())) for code in element.iterfind("{*}TextCode"))
            else:
                glyphs += _placed(element, matrix)
        return _Page(glyphs, next(page.iter("{*}ImageObject"), None) is not None, askew)


def _texts(element: Element, name: str) -> list[str]:
    return [(found.text or "").strip().lstrip("/") for found in element.iter(f"{{*}}{name}")]


def _joined(folder: str, place: str) -> str:
    """A place as it is named in a part of ``folder``: from the root where it begins with a slash, else from there."""
    return posixpath.normpath(place.strip() if place.strip().startswith("/") else posixpath.join(folder, place.strip())).lstrip("/")


def _numbers(said: str | None) -> list[float]:
    """Numbers that can stand on a page; 0 for what cannot."""
    return [number if abs(number) < _LIMITLESS else 0.0 for number in map(float, (said or "").split())]  # NaN is not smaller either


def _matrix(element: Element) -> list[float]:
    """How an object's space lies on the page: a b c d e f, with the corner of its boundary in e and f."""
    a, b, c, d, e, f = (_numbers(element.get("CTM") or "1 0 0 1 0 0") + 6 * [0.0])[:6]
    left, top = (_numbers(element.get("Boundary")) + [0.0, 0.0])[:2]
    return [a, b, c, d, e + left, f + top]


def _is_askew(matrix: list[float]) -> bool:
    """Whether a line in that space does not run from left to right."""
    a, b = matrix[:2]
    return a <= 0 or abs(b) > 0.1 * a


def _placed(element: Element, matrix: list[float]) -> Iterator[_Glyph]:
    """The characters of an object where they stand."""
    a, b, c, d, e, f = matrix
    own = _numbers(element.get("Size"))[:1] or _numbers(element.get("Boundary"))[3:4]  # one without a size fills its box
    size = own[0] if own and own[0] > 0 else 1.0
    shown = size * math.hypot(c, d)
    x = y = 0.0
    for code in element.iterfind("{*}TextCode"):
        x, y = (_numbers(code.get("X")) or [x])[0], (_numbers(code.get("Y")) or [y])[0]  # one that says none stands where the last one did
        text = (code.text or "").strip("\r\n")
        across = _deltas(code.get("DeltaX"), len(text) - 1)
        start, height = a * x + c * y + e, b * x + d * y + f
        if code.get("DeltaY") and not any(across):  # from top to bottom: read where it begins
            yield _Glyph(start, height, shown, text, start)
            continue
        at = 0.0
        for i, character in enumerate(text):
            yield _Glyph(start + a * at, height + b * at, shown, character, start)
            at += across[i] if i < len(across) else size * _width(character)


def _deltas(said: str | None, count: int) -> list[float]:
    """The steps between characters: numbers, of which ``g 3 12`` stands for three that are 12.

    >>> _deltas("5 g 3 12 7", 9)
    [5.0, 12.0, 12.0, 12.0, 7.0]
    >>> _deltas("g 1000000000 1", 2)
    [1.0, 1.0]
    """
    out: list[float] = []
    words = iter((said or "").split())
    for word in words:
        if len(out) >= count:
            break
        if word == "g":
            times, step = int(next(words, "0")), _numbers(next(words, "0"))
            out += step * min(max(times, 0), count - len(out))
        else:
            out += _numbers(word)
    return out


def _lines(glyphs: Iterable[_Glyph]) -> list[printed.Line]:
    """The lines of a page from top to bottom: characters whose baselines are as good as one, from left to right."""
    rows: list[list[_Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if rows and glyph.y - rows[-1][0].y <= _SAME_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    if not any(map(_crowded, rows)):
        return printed.page([_line(sorted(row, key=lambda glyph: glyph.x)) for row in rows])
    # then the places within pieces are not those of print, and whole pieces are what can be put in order
    return printed.page([_line(sorted(row, key=lambda glyph: glyph.piece), spaced=False) for row in rows])


def _crowded(row: list[_Glyph]) -> bool:
    """Whether characters of a line would stand on top of each other, more than here and there."""
    across = sorted(row, key=lambda glyph: glyph.x)
    return 10 * sum(a.text != b.text and b.x - a.x < _CLOSE * min(a.width, b.width) for a, b in pairwise(across)) > len(row)


def _line(row: list[_Glyph], *, spaced: bool = True) -> printed.Line:
    """A line of these characters; where ``spaced``, a blank stands for room between two."""
    words = row[0].text
    for before, glyph in pairwise(row):
        if glyph.text == before.text and abs(glyph.x - before.x) < _TWICE * glyph.size:
            continue
        apart = spaced and glyph.x - before.x - before.width > _GAP * glyph.size and not words.endswith((" ", "\u3000"))
        words += " " * apart + glyph.text
    steps = [after.x - before.x for before, after in pairwise(row) if after.x > before.x]
    return printed.Line(words.rstrip(), row[0].x, median(steps) if steps else 0.0, -median(glyph.y for glyph in row))
