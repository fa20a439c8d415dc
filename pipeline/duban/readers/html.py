"""Web pages: the text that is seen, a line a block, in reading order.

Not read is what a browser does not show: scripts, styles, templates, what only shows without scripts, comments, and
elements that are ``hidden`` or styled away. Left out are parts that the page's own tags declare to be about the page:
navigation, asides, the page's footer, form controls; ``meta["left_out"]`` says how much. A page that keeps more text
in such parts than outside is taken not to mean its tags: of it they are read too. All else stays for
``duban_boilerplate`` to mark.

The page is read as a stream of tags, never as a tree: time and memory grow with its length alone, however deep or
broken it is. (The lexbor parser, at a million nested elements, was still busy after six minutes.) No entity of a
document type is ever looked at, and nothing is fetched.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from duban.readers.encoding import decode, guessed, marked
from duban.readers.source import Clock, Content, Limits, checked
from duban.readers.tables import MAX_COLUMNS, MAX_ROWS, Cell, paragraphs

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([A-Za-z0-9_-]{2,20})|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_-]{2,20})", re.IGNORECASE
)
_HEAD = 4096  # bytes in which a page declares its encoding
_ENCODINGS = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "utf-8": "utf-8", "utf8": "utf-8",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
}  # fmt: skip

# Everything is possessive: a tag either closes or it does not, nothing is tried twice.
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/>]*+)([^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+)>""")
_LOOSE_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)([^>]*+)>")
_OPENS = re.compile("</?[A-Za-z]")
# what a browser takes for a comment
_BOGUS = re.compile("<[!?]|</[^A-Za-z]")
_ATTRIBUTE = re.compile(r"""([^\s"'/=>]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_STYLED_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_RELEVANT = ("hidden", "style", "colspan", "rowspan")

#: Elements whose content is no markup; of these only a preformatted listing is text.
_RAW = frozenset(("script", "style", "noscript", "template", "iframe", "noembed", "noframes", "textarea", "title", "xmp", "svg", "math"))
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "keygen", "frame"))
_UNSEEN = frozenset(("head", "object", "audio", "video", "canvas", "map", "dialog", "rt", "rp"))
_LEFT_OUT = frozenset(("nav", "aside", "footer", "button", "select", "datalist"))
_BLOCKS = frozenset(re.findall(
    r"\w+",
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul",
))  # fmt: skip
#: What an opening tag closes, and the elements beyond which it does not look.
_IMPLIED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu", "dir"))),
    **dict.fromkeys(("dt", "dd"), (frozenset(("dt", "dd")), frozenset(("dl",)))),
    **dict.fromkeys(("td", "th"), (frozenset(("td", "th")), frozenset(("tr", "table")))),
    "tr": (frozenset(("tr", "caption")), frozenset(("table", "tbody", "thead", "tfoot"))),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (frozenset(("tbody", "thead", "tfoot", "caption")), frozenset(("table",)))),
}
_P = (frozenset(("p",)), frozenset(("table", "td", "th", "caption", "button", "object", "div", "li", "blockquote", "section", "article")))
_BARRIERS = frozenset(("table", "td", "th", "caption"))
_TABLE_PARTS = frozenset(("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"))
_REACH = 100  # elements up which the one to close is looked for
_OFTEN = 4096  # tags between two looks at the clock

_SPACES = re.compile(r"[ \t\r\n\f]+")
_WIDE = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
# A line break in the source between two Chinese characters is none between words.
_SOFT_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}])")


class _Tag(NamedTuple):
    name: str
    closing: bool
    attributes: str


def read(raw: bytes, path: str, limits: Limits) -> Content:
    """The visible text of a page. Raises DubanError DB102, DB103, DB104 as ``decode`` does, DB125 when it takes too long."""
    text, encoding = _decode(raw, path)
    clock = Clock(path, limits.seconds)
    page = _Page(clock).read(text)
    if page.kept < sum(page.left_out.values()):
        page = _Page(clock, everything=True).read(text)
    meta: dict[str, object] = dict(guessed(encoding, path))
    if page.left_out:
        meta["left_out"] = dict(page.left_out)
    return Content("\n".join([*page.lines, ""]), encoding, meta)


def _decode(raw: bytes, path: str) -> tuple[str, str]:
    """By the byte-order mark, else as the page declares where that holds, else by its bytes."""
    declared = None if marked(raw) else _DECLARED.search(raw, 0, _HEAD)
    name = _ENCODINGS.get((declared[1] or declared[2]).decode().lower()) if declared else None
    if name and b"\0" not in raw:
        try:
            return checked(raw.decode(name), path), name
        except UnicodeDecodeError:
            pass
    return decode(raw, path)


def _tokens(text: str) -> Iterator[str | _Tag]:
    """Text and tags. As in a browser, a comment that is never closed reaches to the end, and so does a script."""
    at, end, size = 0, text.rfind(">"), len(text)
    tag = _TAG
    while 0 <= (mark := text.find("<", at)) <= end:
        if mark > at:
            yield text[at:mark]
        at = mark
        if text.startswith("<!--", mark):
            close = text.find("-->", mark + 2)
            at = close + 3 if close >= 0 else size
        elif _BOGUS.match(text, mark):
            at = text.find(">", mark) + 1
        elif found := tag.match(text, mark):
            at = found.end()
            name = found[2].lower()
            yield _Tag(name, bool(found[1]), found[3])
            if name in _RAW and not found[1] and not (found[3].endswith("/") and name in ("svg", "math")):
                close_tag = _RAW_END[name].search(text, at)
                at = close_tag.start() if close_tag else size
        elif tag is _TAG and _OPENS.match(text, mark):
            tag = _LOOSE_TAG  # a quote that is never closed: from here on quotes do not count
        else:
            yield "<"
            at = mark + 1
    if at < size:
        yield text[at:]


def _attributes(text: str) -> dict[str, str]:
    """The attributes that matter here."""
    if not any(name in text.lower() for name in _RELEVANT):
        return {}
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found


def _span(value: str, most: int) -> int:
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 9 else 1


@dataclass(slots=True)
class _Table:
    rows: list[list[Cell]] = field(default_factory=list)
    layout: bool = False
    head: bool = False


class _Page:
    """Reads one page into lines."""

    def __init__(self, clock: Clock, *, everything: bool = False) -> None:
        self.clock, self.everything = clock, everything
        self.lines: list[str] = []
        self.left_out: Counter[str] = Counter()
        self._sinks = [self.lines]
        self._line: list[str] = []
        self._stack: list[str] = []
        self._open: Counter[str] = Counter()
        self._unseen: list[int] = []  # depths at which something not seen began
        self._out: list[int] = []  # depths at which something left out began
        self._tables: list[_Table] = []

    def read(self, text: str) -> _Page:
        for count, token in enumerate(_tokens(text)):
            if count % _OFTEN == 0:
                self.clock.check()
            if isinstance(token, str):
                self._text(token)
            elif token.closing:
                self._close(token.name)
            else:
                self._begin(token)
        while self._stack:
            self._pop()
        self._flush()
        return self

    @property
    def kept(self) -> int:
        return sum(map(len, self.lines))

    def _text(self, text: str) -> None:
        if self._unseen:
            return
        if self._out:
            self.left_out[self._stack[self._out[0]]] += len("".join(unescape(text).split()))
        else:
            self._line.append(text)

    def _flush(self) -> None:
        """End the line."""
        if not self._line:
            return
        text = unescape("".join(self._line))
        self._line.clear()
        if self._open["pre"]:
            self._sinks[-1] += [line.rstrip() for line in text.splitlines() if line.strip()]
            return
        line = _SPACES.sub(" ", _SOFT_BREAK.sub("", text)).strip(" ")
        if line.strip():
            self._sinks[-1].append(line)

    def _begin(self, tag: _Tag) -> None:
        name = tag.name
        if name in _BLOCKS:
            self._implied(*_P)
        if name in _IMPLIED:
            self._implied(*_IMPLIED[name])
        if name in _BLOCKS or name == "br":
            self._flush()
        if name in _VOID:
            return
        attributes = _attributes(tag.attributes)
        depth = len(self._stack)
        self._stack.append(name)
        self._open[name] += 1
        if name in _RAW or name in _UNSEEN or "hidden" in attributes or _STYLED_AWAY.search(attributes.get("style", "")):
            self._unseen.append(depth)
        elif name in _LEFT_OUT and not self.everything and not (name == "footer" and (self._open["article"] or self._open["main"])):
            self._out.append(depth)
        if name == "table":
            if self._tables:
                self._tables[-1].layout = True
            self._tables.append(_Table())
        elif self._tables:
            self._part(name, attributes)

    def _part(self, name: str, attributes: dict[str, str]) -> None:
        table = self._tables[-1]
        if name == "thead":
            table.head = True
        elif name in ("tbody", "tfoot"):
            table.head = False
        elif name == "tr":
            table.rows.append([])
        elif name in ("td", "th"):
            spans = _span(attributes.get("colspan", ""), MAX_COLUMNS), _span(attributes.get("rowspan", ""), MAX_ROWS)
            cell = Cell([], *spans, header=name == "th" or table.head)
            if not table.rows:
                table.rows.append([])
            if not self._unseen and not self._out:
                table.rows[-1].append(cell)
            self._sinks.append(cell.lines)

    def _implied(self, names: frozenset[str], barriers: frozenset[str]) -> None:
        """Close the elements that an opening tag ends."""
        if not any(self._open[name] for name in names):
            return
        for depth in range(len(self._stack) - 1, max(-1, len(self._stack) - 1 - _REACH), -1):
            if self._stack[depth] in names:
                self._pop_to(depth)
                return
            if self._stack[depth] in barriers:
                return

    def _close(self, name: str) -> None:
        if name in ("p", "br") and not self._open["p"]:
            self._flush()
        if not self._open[name]:
            return
        for depth in range(len(self._stack) - 1, max(-1, len(self._stack) - 1 - _REACH), -1):
            if self._stack[depth] == name:
                self._pop_to(depth)
                return
            if self._stack[depth] in _BARRIERS and (name not in _TABLE_PARTS or self._stack[depth] == "table"):
                return

    def _pop_to(self, depth: int) -> None:
        while len(self._stack) > depth:
            self._pop()

    def _pop(self) -> None:
        if self._stack[-1] in _BLOCKS:
            self._flush()
        name = self._stack.pop()
        self._open[name] -= 1
        depth = len(self._stack)
        for marks in (self._unseen, self._out):
            if marks and marks[-1] == depth:
                marks.pop()
        if name in ("td", "th") and len(self._sinks) > 1:
            self._sinks.pop()
        elif name == "table":
            table = self._tables.pop()
            self._sinks[-1] += paragraphs([row for row in table.rows if row], layout=table.layout)
