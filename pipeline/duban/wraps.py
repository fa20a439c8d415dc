"""Which lines go on with the line above: those that a page width broke, and those that a link tore off.

A line breaks where the next piece of text would not have fitted any more. A line that had room left was ended by
its writer. What remains in doubt, a line that is full by chance, is told by what stands there: a numbered heading
stands alone where its like do, points of a row open paragraphs where the point before did.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from duban import lines as line_kinds
from duban.lines import NUMERAL
from duban.matches import Span

_SENTENCE_END = "。！？…；：”）】"
_STOP = "。！？…"
#: What no line begins with, and what none ends in, on a page set by the rules.
_HANGS = "，。、；：！？”’）》】」』%…"
_CLINGS = "“‘（《【「『"
_PIECE = re.compile(rf"[{_CLINGS}]{{0,3}}(?:[!-~]{{1,20}}|.)[{_HANGS}]{{0,3}}")
#: Figures that some printers do not part at the comma between them.
_RUN = re.compile(_PIECE.pattern + r"(?:(?<=[!-~%][，、])[!-~]{1,20})?")
_MARKER_ALONE = re.compile(rf"第[{NUMERAL}]{{1,4}}(?:部分|章|，|、)|[{NUMERAL}]{{1,4}}[、.]|（[{NUMERAL}\d]{{1,4}}）|\d{{1,2}}[.、]|[①-⑳]|——")
#: What no line of its own begins with, and what none ends in.
_GOES_ON = tuple("，。、；：！？”’）》%的等了是和及与")
_NEEDS_MORE = "的和与及或在为以对将把由从向于“《（"
#: A paragraph opens here, however full the line above is.
_OPENS = re.compile(
    rf"(?P<part>第[{NUMERAL}]{{1,4}}(?:部分|章|节|条))|(?P<han>[{NUMERAL}]{{1,4}}、(?![{NUMERAL}]{{1,2}}[、，产季级线等是]))|(?P<paren>（[{NUMERAL}\d]{{1,4}}）)"
    r"|(?P<num>\d{1,2}[.、](?!\d))|(?P<circled>[①-⑳])|(?P<dash>——)|(?P<square>\[\d{1,2}\])|(?P<annex>附件)"
)
_HALF = re.compile(rf"[{NUMERAL}\d]{{1,3}}）")
#: A point of a row: it may open a paragraph or stand inside one.
_POINT = re.compile(rf"(?:(?<=[。；：，！？])|^)(?:(?P<is>[{NUMERAL}]{{1,2}})[是要]|第(?P<ordinal>[{NUMERAL}]{{1,2}})[，、]|(?P<first>首先|其次|再次))")
_ORDER = {"首先": 1, "其次": 2, "再次": 3} | {n: i for i, n in enumerate("一二三四五六七八九十", 1)}
#: The share of full lines in a text that a page broke, where that is plain and where it is not.
_FEW_FULL, _FULL = 0.15, 0.3
#: How many characters a ragged line may stay below the page width.
_RAGGED = 2.5
#: A paragraph is indented by so many characters.
_INDENT = 2
#: Another type is better by so much more lines that are full in it; widths are rounded by so much.
_BETTER, _ROUNDED = 1.02, 0.01
#: By how much a line of estimated type may seem to have room.
_SLACK = 1.0
#: Points of one row stand within so many lines of each other.
_NEAR = 300
#: A title stands within so many lines.
_FRONT = 8


@dataclass(frozen=True, slots=True)
class _Page:
    """The page that lines were broken on: ``width`` in Chinese characters, and how it was set."""

    width: float
    exact: bool  # every line that goes on is as full as it can be
    lost: bool  # paragraphs were indented and their first lines are still shorter for it
    slack: float  # by how much a full line may seem to have room, where the width of its characters is estimated


@dataclass(frozen=True, slots=True)
class _Type:
    """How wide a printer sets what is not Chinese, in Chinese characters."""

    latin: float = 0.5  # a letter, a figure
    quote: float = 1.0  # a quotation mark, which many programs take from the font for English
    gap: float = 0.0  # between Chinese and a letter or figure

    def width(self, text: str) -> float:
        out = len(text) - (1 - self.latin) * len(text.encode("ascii", "ignore"))
        if self == _EVEN:
            return out
        out -= (1 - self.quote) * sum(map(text.count, "“”‘’"))
        out += self.latin / 2 * (text.count("%") - text.count("."))
        return out + self.gap * len(_BORDER.findall(text))


_BORDER = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")
_EVEN = _Type()
#: What is tried where lines of even type do not come out equally full: narrow and wide figures, quotation marks as in English or Chinese.
_TYPES = (_Type(0.5, 1.0, 0.25), _Type(0.5, 0.45, 0.25), _Type(0.6, 0.5, 0.2), _Type(0.64, 0.5, 0.2), _Type(0.55, 1.0, 0.0), _Type(0.55, 0.45, 0.25))


def width(text: str) -> float:
    """Printed width in Chinese characters: two ASCII characters take the place of one.

    >>> width("增长6%")
    3.0
    """
    return _EVEN.width(text)


def broken(
    text: str, lines: Sequence[Span], indents: Sequence[str], apart: Sequence[bool], printed: Sequence[str] | None = None
) -> list[bool]:
    """For each line: does it continue the line above?

    ``indents`` are the blanks before each line, ``apart`` says whether an empty line stands before it, ``printed`` are
    the lines as they were before figures and letters were folded, where that makes a difference.
    """
    shown = [text[s:e] for s, e in lines]
    out = _torn(shown)
    printed = shown if printed is None else printed
    widths = [width(line) + width(indent) for line, indent in zip(printed, indents, strict=True)]
    # what hangs over the margin does not count, nor do the short lines that end a paragraph
    size = _page_width([w - (line[-1] in _HANGS) for w, line in zip(widths, shown, strict=True)])
    if size is None:
        return out
    kind, size = _fitting(size, shown, printed, indents, widths)
    widths = [kind.width(line) + width(indent) for line, indent in zip(printed, indents, strict=True)]
    room = [size - w - kind.width(_first_piece(below)) for w, below in zip(widths, [*printed[1:], ""], strict=True)]
    if kind != _EVEN:  # what breaks off in the middle of a sentence need not be measured as closely
        loose = [size - w - kind.width(_first_piece(below, _RUN)) - _SLACK for w, below in zip(widths, [*printed[1:], ""], strict=True)]
        room = [r if line[-1] in _SENTENCE_END else loose[i] for i, (r, line) in enumerate(zip(room, shown, strict=True))]
    page = _page(size, shown, room, widths, 0 if kind == _EVEN else _SLACK)
    full = sum(w >= size - 3.5 for w in widths) / len(widths)
    if full < (_FEW_FULL if page.exact else _FULL):
        return out
    if sum(map(bool, indents)) >= max(2, len(lines) // 20):
        _join_indented(out, shown, indents, apart, [w / size for w in widths])
    else:
        _join_flush(out, shown, apart, room, page)
    return out


def _fitting(
    size: float, shown: Sequence[str], printed: Sequence[str], indents: Sequence[str], widths: Sequence[float]
) -> tuple[_Type, float]:
    """The type in which most lines that surely go on are full, and the page width in it; even type unless another is plainly better."""
    sure = [
        i for i in range(len(shown) - 1)
        if widths[i] > 0.75 * size and shown[i][-1] not in _SENTENCE_END and not _OPENS.match(shown[i + 1])
    ]
    even, _ = _fullest(_EVEN, sure, printed, indents)
    best, at, kind = max(((*_fullest(kind, sure, printed, indents), kind) for kind in _TYPES), key=itemgetter(0))
    return (kind, at) if best > _BETTER * even + 1 and best > len(sure) / 2 else (_EVEN, size)


def _fullest(kind: _Type, sure: Sequence[int], shown: Sequence[str], indents: Sequence[str]) -> tuple[int, float]:
    """The page width at which most of the ``sure`` lines are full, and how many: the line fits in it, the next piece does not."""
    edges = []
    for i in sure:
        w, last = kind.width(shown[i]) + width(indents[i]), shown[i][-1]
        edges.append((w - (kind.width(last) if last in _HANGS else 0) - _ROUNDED, 0, 1))
        edges.append((w + kind.width(_first_piece(shown[i + 1])) - _ROUNDED, 1, -1))
    best, at, now = 0, 0.0, 0
    for edge, _, step in sorted(edges):
        now += step
        if now > best:
            best, at = now, edge
    return best, at


def _first_piece(line: str, piece: re.Pattern[str] = _PIECE) -> str:
    """What cannot be cut off at the start of a line: a character or a number with what clings to it."""
    m = piece.match(line)
    return m.group() if m else ""


def _page_width(widths: Sequence[float]) -> float | None:
    """The width that lines were broken at: a length that many lines reach and hardly any passes (None: not broken)."""
    ordered = sorted(widths)
    if len(ordered) < 4 or ordered[len(ordered) // 2] > 90:
        return None
    size = ordered[int(len(ordered) * 0.95)]
    return size if 12 <= size <= 90 and sum(w >= size - 3.5 for w in ordered) >= 3 else None


def _page(size: float, shown: Sequence[str], room: Sequence[float], widths: Sequence[float], slack: float) -> _Page:
    """How the page was set, by the lines that surely go on: nearly full ones without a stop, a plain line below."""
    sure = [
        i for i in range(len(shown) - 1)
        if room[i] < _RAGGED and shown[i][-1] not in _SENTENCE_END and not _OPENS.match(shown[i + 1]) and not (_OPENS.match(shown[i]) and "，" not in shown[i])
    ]
    loose = [i for i in sure if room[i] > slack]
    stops = sum(r <= slack and line[-1] in _STOP for r, line in zip(room, shown, strict=True))
    plain = len(sure) > stops + 1  # most full lines break off in the middle of a sentence
    first = [i for i in sure if i == 0 or room[i - 1] >= _RAGGED]  # below a short line a paragraph opens
    shorter = sum(size - widths[i] > _INDENT - 1 for i in first)
    lost = plain and shorter > max(1, len(first) // 2)
    exact = plain and 10 * len(loose) <= len(sure)
    return _Page(size, exact or lost, lost, slack)


def _join_indented(out: list[bool], shown: Sequence[str], indents: Sequence[str], apart: Sequence[bool], filled: Sequence[float]) -> None:
    """A paragraph announces itself by its indent; what ends in the middle of a sentence was cut there."""
    inside = False
    for i in range(1, len(shown)):
        ends = shown[i - 1][-1] in _SENTENCE_END
        inside = bool(indents[i - 1]) or inside and out[i - 1]
        if indents[i] or not inside or apart[i] or filled[i - 1] < (0.75 if ends else 0.5):
            continue
        out[i] = out[i] or not (ends and _OPENS.match(shown[i]))


def _join_flush(out: list[bool], shown: Sequence[str], apart: Sequence[bool], room: Sequence[float], page: _Page) -> None:
    alone, points = _stand_alone(shown, room, page), _Points(shown, room, page)
    front, title = True, shown[0] if shown else ""
    for i in range(1, len(shown)):
        above = not out[i - 1]
        front = front and i < _FRONT and "。" not in shown[i - 1]
        full = _full(room, i - 1, above, page) or room[i - 1] < _RAGGED and _breaks_off(shown[i - 1])
        if not out[i] and not apart[i] and full and not (front and _fronts(title, shown[i])):
            out[i] = _goes_on(shown, i, above, room, page, alone, points)
        title = title + shown[i] if out[i] else shown[i]


class _Points:
    """Where the points of rows stand, by kind and number: sure to open a paragraph, sure not to, or in doubt."""

    def __init__(self, shown: Sequence[str], room: Sequence[float], page: _Page) -> None:
        self._at: dict[tuple[str, int], list[tuple[int, bool | None]]] = defaultdict(list)
        for i, line in enumerate(shown):
            for m in _POINT.finditer(line):
                opens = False if m.start() else None if i and _full(room, i - 1, False, page) else True
                self._at[_kind_and_number(m)].append((i, opens))

    def open(self, m: re.Match[str], i: int) -> bool:
        """Does the point ``m`` that leads line ``i`` open a paragraph? As the points before and after it in its row do.

        The first of a row says little: it may open a paragraph that the whole row stands in.
        """
        kind, number = _kind_and_number(m)
        before, after = self._nearest(kind, number - 1, i, -1), self._nearest(kind, number + 1, i, 0)
        if before is False or number > 2 and before is not None:
            return before
        if after is not None and number > 1:
            return after
        return bool(after if number == 1 else before)

    def _nearest(self, kind: str, number: int, i: int, step: int) -> bool | None:
        """What is known of the nearest point with that number before (``step`` -1) or from (0) line ``i`` on."""
        at = self._at[kind, number]
        k = bisect_left(at, (i,)) + step
        return at[k][1] if 0 <= k < len(at) and abs(at[k][0] - i) < _NEAR else None


def _kind_and_number(m: re.Match[str]) -> tuple[str, int]:
    kind = m.lastgroup or ""
    return kind, _ORDER.get(m.group(kind), 0)


def _full(room: Sequence[float], i: int, opens: bool, page: _Page) -> bool:
    """Was the line broken for want of room? ``opens``: it is the first of its paragraph."""
    if page.lost and opens:
        return room[i] < _INDENT + page.slack
    return room[i] <= page.slack if page.exact else room[i] < _RAGGED


def _breaks_off(line: str) -> bool:
    """Does the line end inside a clause or a sentence, as no paragraph does?"""
    return line[-1] in "，、" or line[-1] not in _SENTENCE_END and "。" in line


def _goes_on(
    shown: Sequence[str], i: int, opens: bool, room: Sequence[float], page: _Page, alone: Counter[str], points: _Points
) -> bool:
    """Does line ``i`` go on with the full line above it? ``opens``: that is the first of its paragraph."""
    above, line = shown[i - 1], shown[i]
    opener = _OPENS.match(line)
    if opener:
        # a dash or a number in the middle of a sentence, where the line above is no heading
        inside = above[-1] not in _SENTENCE_END and (not opens or re.search("[。；]", above) is not None)
        return inside and (page.exact and not (page.slack and opener.lastgroup == "han") or opener.lastgroup == "dash")
    heading = _OPENS.match(above) if opens else None
    if heading and not re.search("[。；：]", above) and alone[heading.lastgroup or ""] > -(heading.lastgroup in ("part", "han")):
        # a heading alone on its line, unless its second line is below
        return not re.search("[。；：，]", line) and not _full(room, i, False, page)
    if above[-1] not in _STOP + "：":
        return True
    if not page.exact:
        return False
    if above[-1] in _STOP and line[-1] not in _SENTENCE_END and not _full(room, i, True, page):
        return False  # no end of a paragraph
    point = _POINT.match(line)
    if point:
        return not points.open(point, i)
    return not (page.lost and 0 < room[i] < _INDENT and line[-1] not in _STOP)


def _stand_alone(shown: Sequence[str], room: Sequence[float], page: _Page) -> Counter[str]:
    """For each way of numbering, how many more lines led by it stand alone than run into their text."""
    out: Counter[str] = Counter()
    for i, line in enumerate(shown):
        m = _OPENS.match(line)
        if m and m.lastgroup not in ("dash", "square"):
            if re.search("[。；：]", line):
                out[m.lastgroup or ""] -= 1
            elif not _full(room, i, True, page):
                out[m.lastgroup or ""] += 1
    return out


def _fronts(above: str, line: str) -> bool:
    """Do title and date, salutation or text meet here?"""
    if line_kinds.is_date(line) or line_kinds.is_number(line) or line_kinds.is_salutation(line) or line_kinds.is_subtitle(line):
        return True
    if line_kinds.is_subtitle(above) and line_kinds.is_speaker(line):
        return True
    return "，" not in above and line_kinds.is_title(above) and not line_kinds.continues_title("", line)


def _torn(shown: Sequence[str]) -> list[bool]:
    """Lines that a link or a small figure in the page tore off the sentence around them."""
    out = [False] * len(shown)
    for i in range(1, len(shown)):
        last, first = shown[i - 1], shown[i]
        if first[0] == "，" and _OPENS.match(last) and "，" in last and last[-1] not in _NEEDS_MORE + "”）》" and len(first) > 2 * len(last):
            continue  # a word was left out where a paragraph begins
        if last[-1] in _CLINGS or first[0] in "，。、；！？”’）》%" or any(_closes(last, first, a, b) for a, b in ("（）", "【】")):
            out[i] = True
        elif _MARKER_ALONE.fullmatch(last):
            out[i] = not _opens(first)
        elif last[-1] not in _SENTENCE_END and not _opens(first):
            after = shown[i + 1][0] if i + 1 < len(shown) else ""
            quote = last.rfind("“")
            out[i] = (
                out[i - 1] and len(last) <= 8 and not line_kinds.is_date(first)
                or len(first) <= 8 and after in _GOES_ON and (last[-1] in _NEEDS_MORE or len(last) > 20 and "。" in last)
                or first[0].isdigit() and len(first) <= 8 and last[-1].isalpha() and last[-1].isascii()
                or quote > last.rfind("”") and len(last) - quote < 12
            )
    return out


def _closes(last: str, first: str, opening: str, closing: str) -> bool:
    """Does ``first`` close a bracket that ``last`` leaves open?"""
    at = first.find(closing)
    return last.rfind(opening) > last.rfind(closing) and 0 <= at < first.find(opening) % (len(first) + 1) and not _HALF.match(first)


def _opens(line: str) -> bool:
    return _OPENS.match(line) is not None or re.match(rf"第[{NUMERAL}]{{1,4}}[，、]", line) is not None
