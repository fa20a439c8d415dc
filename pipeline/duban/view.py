"""TextView: the one normalised reading of a text, and the way there and back.

A view is the source with some characters replaced one for one (full-width letters, ASCII punctuation inside
Chinese, traditional characters of a traditional text, blanks that stand for line ends) and some left out (stray
spaces, zero-width characters, carriage returns). ``TextView(text)`` keeps the lines as they are;
``view.without(spans)`` leaves the spans out as well and joins the lines that a page width broke. The source is never
changed: every offset of a view leads to exactly one offset of the source.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, cached_property

from duban import wraps
from duban.assets.characters import simplified
from duban.matches import Span

_FOLD = {chr(c): chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FOLD |= zip(
    "％﹪．＋－＊﹡∗／＝＞＜～∼＃＆＠［］〝〞•‧・○─―━\x0b\x0c\x85\u2028\u2029",
    "%%.+-***/=><~~#&@[]“”···〇———\n\n\n\n\n",
    strict=True,
)
_FOLD |= zip(";()!?｡､", "；（）！？。、", strict=True)
# a class is searched faster than a whole text is translated
_FOLDED = re.compile(f"[{re.escape(''.join(_FOLD))}]")
# A comma or colon between digits belongs to a number or a clock time.
_ASCII_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
_ASCII_COLON = re.compile(r"(?<![0-9]):|:(?![0-9])")
# A full stop typed as a point: after Chinese, a bracket or a percent sign, with no number or name going on behind it.
_SPACES = " \t\xa0\u3000"
_AFTER_WORDS = "|".join(rf"(?<=[\u4e00-\u9fff”’）》】%Xx*][{_SPACES}]{{{n}}}[.])" for n in range(4))
_ASCII_STOP = re.compile(rf"[.](?:{_AFTER_WORDS})(?![0-9A-Za-z.*]|(?<=[Xx*][.])(?:\n|[ \xa0]{{1,2}})[0-9Xx*])")
_NUMBERED = re.compile(r"(?:^|[\s。；：、，])[一二三四五六七八九十]{1,3}$")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_BLANK = " \t\xa0\u3000\u2000-\u200a\u202f\u205f"
_INVISIBLE = "\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
# Spaces survive only between two ASCII letters or digits, and there one is enough.
_DROPPED = re.compile(
    rf"(?=[\r{_INVISIBLE}{_BLANK}])"  # all else is passed over at once
    rf"(?:\r(?=\n)|[{_INVISIBLE}]+|(?<![A-Za-z0-9{_BLANK}])[{_BLANK}]+|(?<![{_BLANK}])[{_BLANK}]+(?![A-Za-z0-9{_BLANK}])|(?<=[{_BLANK}])[{_BLANK}]+)"
)
# A copy of a PDF has spaces inside words; there they are inside numbers too.
_STRAY = re.compile(r"[\u4e00-\u9fff] (?=[\u4e00-\u9fff])|[\u4e00-\u9fff] (?=[，。、；：])")
_DROPPED_ALL = re.compile(_DROPPED.pattern + rf"|(?<=[0-9.])[{_BLANK}]+(?=[0-9.])|(?<=[*×])[{_BLANK}]+(?=[*×.])|(?<=[.])[{_BLANK}]+(?=[*×])")
_A_BLANK = re.compile(f"[{_BLANK}]")
#: Blanks inside a line, with the characters around them.
_GAP = re.compile(rf"(?<=([^\s]))[{_BLANK}]+(?=([^\s]))")
#: A line longer than this may be a whole text whose line ends became blanks, and one that holds so much of the text.
_DUMP, _MOST = 300, 0.6
_SENTENCE = re.compile(r"[^。！？\n]+(?:[。！？]+[”’』」）\]》]*)?|[。！？]+[”’』」）\]》]*")


class TextView:
    """A normalised reading of ``source`` whose offsets can be carried to the source and back.

    >>> view = TextView("增 长６．５％\\u200b左右")
    >>> view.text
    '增长6.5%左右'
    >>> view.to_source(2, 6)
    Span(start=3, end=7)
    >>> view.from_source(3, 7)
    Span(start=2, end=6)
    """

    __slots__ = ("source", "text", "_folded", "_view", "_src", "__dict__")

    #: Are its lines paragraphs, those that a page width broke being joined?
    _joined = False

    def __init__(self, source: str) -> None:
        folded = _FOLDED.sub(lambda m: _FOLD[m[0]], _simplified(source))
        if "\r" in folded:
            folded = _LONE_RETURN.sub("\n", folded)
        if "," in folded:
            folded = _ASCII_COMMA.sub("，", folded)
        if ":" in folded:
            folded = _ASCII_COLON.sub("：", folded)
        if "." in folded:
            folded = _ASCII_STOP.sub(_full_stop, folded)
        blank = _A_BLANK.search(folded) is not None
        if blank:
            folded = _lost_line_ends(folded)
        dropped = _DROPPED_ALL if blank and len(_STRAY.findall(folded)) * 60 > len(folded) else _DROPPED
        self._set(source, folded, [m.span() for m in dropped.finditer(folded)])

    def _set(self, source: str, folded: str, dropped: Sequence[tuple[int, int]]) -> None:
        """Fill the view: ``dropped`` are sorted, disjoint source intervals left out."""
        self.source, self._folded = source, folded
        pieces, views, sources, at, length = [], [0], [0], 0, 0
        for start, end in dropped:
            if start > at:
                pieces.append(folded[at:start])
                length += start - at
            if views[-1] == length:
                sources[-1] = end
            else:
                views.append(length)
                sources.append(end)
            at = end
        pieces.append(folded[at:])
        self.text = "".join(pieces)
        self._view, self._src = views, sources

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return f"TextView({self.text[:20]!r}{'…' if len(self.text) > 20 else ''})"

    def source_offset(self, offset: int) -> int:
        """The source offset of the character at ``offset`` of the view."""
        i = bisect_right(self._view, offset) - 1
        return self._src[i] + offset - self._view[i]

    def to_source(self, start: int, end: int) -> Span:
        """The source span from the first to the last character of the non-empty view span."""
        view, source = self._view, self._src
        i = bisect_right(view, start) - 1
        j = bisect_right(view, end - 1, i) - 1
        return Span(source[i] + start - view[i], source[j] + end - view[j])

    def from_source(self, start: int, end: int) -> Span:
        """The view span of the characters of the source span that the view keeps (empty if it keeps none)."""
        return Span(self._view_offset(start), self._view_offset(end))

    def _view_offset(self, offset: int) -> int:
        i = bisect_right(self._src, offset) - 1
        if i < 0:
            return 0
        limit = self._view[i + 1] if i + 1 < len(self._view) else len(self.text)
        return min(self._view[i] + offset - self._src[i], limit)

    def gap_before(self, offset: int) -> str:
        """The characters of the source left out just before ``offset`` of the view ("" if none)."""
        i = bisect_right(self._view, offset) - 1
        if self._view[i] != offset:
            return ""
        at = self._src[i]
        before = self.source_offset(offset - 1) + 1 if offset else 0
        return self.source[before:at]

    @cached_property
    def lines(self) -> tuple[Span, ...]:
        """The non-empty lines of the view, without their line ends."""
        return tuple(Span(*m.span()) for m in re.finditer(r"[^\n]+", self.text))

    #: In a view made by ``without`` the lines are the paragraphs.
    @property
    def paragraphs(self) -> tuple[Span, ...]:
        return self.lines

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences: up to 。！？ with the closing quotes and brackets, never across a line end."""
        return tuple(Span(*m.span()) for m in _SENTENCE.finditer(self.text))

    def without(self, spans: Iterable[tuple[int, int]]) -> TextView:
        """The same view with ``spans`` (of this view) left out, empty lines gone and broken lines joined.

        A line is joined to the next where the page was full, the sentence goes on and no paragraph opens; a view whose
        lines were joined keeps its paragraphs.

        >>> TextView("导航\\n今年\\n\\n目标").without([(0, 2)]).text
        '今年\\n目标'
        """
        hidden = sorted(self.to_source(s, e) for s, e in spans if s < e)
        kept = TextView.__new__(TextView)
        dropped = _union(self._dropped(), hidden)
        kept._set(self.source, self._folded, dropped)
        lines, cuts = kept.lines, []
        indents = [_indent(kept, s) for s, _ in lines]
        if self._joined:
            broken = [False] * len(lines)
        else:
            broken = wraps.broken(kept.text, lines, indents, _apart(kept, lines, [s for s, _ in hidden]), _printed(kept, lines))
        at = 0
        for line, joined in zip(lines, broken, strict=True):
            # of the line ends before a line one stays, or none where the line goes on
            keep = 0 if joined or at == 0 else 1
            if line.start - at > keep:
                cuts.append((at + keep, line.start))
            at = line.end
        if at < len(kept.text):
            cuts.append((at, len(kept.text)))
        if cuts:
            # every single character between is a line end or was dropped already
            ends = [kept.to_source(s, e) for s, e in cuts]
            kept = TextView.__new__(TextView)
            kept._set(self.source, self._folded, _union(dropped, ends))
        kept._joined = True
        return kept

    def _dropped(self) -> list[tuple[int, int]]:
        out, at = [], 0
        for i, (v, s) in enumerate(zip(self._view, self._src, strict=True)):
            start = self._src[i - 1] + v - self._view[i - 1] if i else 0
            if s > start:
                out.append((start, s))
        at = self._src[-1] + len(self.text) - self._view[-1]
        if at < len(self.source):
            out.append((at, len(self.source)))
        return out


def _simplified(text: str) -> str:
    """The text in simplified characters, if it is a traditional one: one for one, so that every offset stays.

    >>> _simplified("請國務院各部門抓緊落實")
    '请国务院各部门抓紧落实'
    """
    foreign = len(_traditional().findall(text))
    if not foreign or foreign * _TRADITIONAL <= len(_HAN.findall(text)):
        return text
    return text.translate(simplified()).translate(_QUOTES)


@cache
def _traditional() -> re.Pattern[str]:
    """A character that stands in traditional text alone."""
    return re.compile(f"[{''.join(map(chr, simplified()))}]")


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_QUOTES = str.maketrans("「」『』", "“”‘’")
#: One in so many Chinese characters makes a text a traditional one.
_TRADITIONAL = 100


def _lost_line_ends(text: str) -> str:
    """The text with line ends for the blanks that stand in their place in a copy in one line."""
    longest = max(_LINE.findall(text), key=len, default="") if len(text) < _DUMP / _MOST else ""
    long = len(longest) if len(longest) > _MOST * len(text) else _DUMP
    at = [i for m in _LINE.finditer(text) if m.end() - m.start() >= long for i in _line_ends(text, *m.span())]
    if not at:
        return text
    out = list(text)
    for i in at:
        out[i] = "\n"
    return "".join(out)


_LINE = re.compile("[^\n]+")


def _line_ends(text: str, start: int, end: int) -> list[int]:
    """Where blanks of the line stand for line ends: they follow sentences and headings, and never stand at commas.

    Blanks by chance (a copy of a PDF) stand anywhere, blanks of the type setter between figures and words. What a site
    has put at the two ends of a long line has blanks of its own: the middle tells.
    """
    margin = min(_FURNISHED, (end - start) // 3)
    ends, stray, figures = [], 0, []
    for m in _GAP.finditer(text, start, end):
        before, after = m.groups()
        if before in "，、（“《" or after in "，。、；：！？”）》%":
            stray += 1
        elif after.isascii() and after.isalnum():
            figures.append(m.start())
        elif before.isascii() and before.isalnum() and not _STAMP.search(text, max(start, m.start() - 12), m.start()):
            figures.append(-1)
        else:
            ends.append(m.start())
    if -1 not in figures:
        ends = sorted(ends + figures)
    inner = [i for i in ends if start + margin <= i < end - margin]
    ended = sum(text[i - 1] in "。！？；：”）…" for i in inner)
    plain = 30 * stray <= len(ends) and 3 * ended >= len(inner) and 12 * len(ends) <= end - start
    return ends if plain and len(inner) > 1 and ended < 0.8 * len(_STOPS.findall(text, start + margin, end - margin)) else []


#: A day, a time or a count as sites write them, which may end a line.
_STAMP = re.compile(r"(?:\d-\d{1,2}-\d{1,2}|\d/\d{1,2}/\d{1,2}|\d:\d\d|(?:次数|[数量击])：\d{1,8})\Z")
#: What a site puts before a text, or behind it, in one line with it (characters).
_FURNISHED = 300
_STOPS = re.compile("[。！？]")


def _full_stop(m: re.Match[str]) -> str:
    """The full stop for a point that is none of a marker (一. 总体要求)."""
    at = m.start()
    while m.string[at - 1] in _SPACES:
        at -= 1
    return "." if _NUMBERED.search(m.string, max(0, at - 5), at) else "。"


def _union(a: Sequence[tuple[int, int]], b: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted disjoint intervals covering what ``a`` or ``b`` cover."""
    out: list[tuple[int, int]] = []
    for start, end in sorted((*a, *b)):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _apart(view: TextView, lines: Sequence[Span], hidden: Sequence[int]) -> list[bool]:
    """For each line: does an empty line stand before it, and no page break (``hidden``: where what is left out starts)?"""
    out = [False] * len(lines)
    for i in range(1, len(lines)):
        before, after = view.source_offset(lines[i - 1].end - 1), view.source_offset(lines[i].start)
        if view.source.count("\n", before, after) > 1:
            out[i] = bisect_right(hidden, after) == bisect_right(hidden, before)
    return out


def _printed(view: TextView, lines: Sequence[Span]) -> list[str] | None:
    """The lines with their full-width figures and letters, which take more room than those of the view (None: it has none)."""
    if _WIDE.search(view.source) is None:
        return None
    return [_ANY_BLANK.sub("", view.source[slice(*view.to_source(*line))]) for line in lines]


_WIDE = re.compile("[\uff0d-\uff19\uff21-\uff3a\uff41-\uff5a]")
_ANY_BLANK = re.compile(f"[{_BLANK}{_INVISIBLE}\r]+")


def _indent(view: TextView, start: int) -> str:
    gap = view.gap_before(start)
    return gap[gap.rfind("\n") + 1:] if gap else ""
