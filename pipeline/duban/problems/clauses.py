"""Clauses: what stands between commas, semicolons, colons and full stops; a comma in brackets or quotation marks ends none."""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from duban.matches import Section, Span

_UNIT = re.compile(r"“[^”\n]{0,80}”|‘[^’\n]{0,80}’|（[^）\n]{0,80}）|《[^》\n]{0,80}》|【[^】\n]{0,80}】|(?P<end>[，；：。！？\n])")
_EDGES = " ，；：。！？、\n"
_AFTER_MARKER = "，、：:.．）) "
#: Enumerators that no finder took for points (only one of them in a paragraph, say).
_ENUMERATOR = re.compile(r"(?:[一二三四五六七八九十]{1,2}个?是|(?:再|还有|另)一个是|第[一二三四五六七八九十]{1,2}，|首先，|其次，|再次，|最后，)(?!否)")
#: What they begin with.
_ENUMERATED = "一二三四五六七八九十再还另第首其最"


def openings(text: str, sections: Sequence[Section]) -> list[int]:
    """Where the own words of sections and points start, past their markers."""
    out = []
    for section in sections:
        if section.kind != "title":
            at = section.heading.end if section.kind == "item" else section.heading.start + len(section.marker or "")
            while at < len(text) and text[at] in _AFTER_MARKER:
                at += 1
            out.append(at)
    return sorted(out)


def split(text: str, sentence: Span, starts: Sequence[int]) -> list[Span]:
    """The clauses of a sentence; one starts anew at each of ``starts``.

    >>> text = "一是进度（含前期，下同）滞后，“等、靠”思想严重。"
    >>> [text[c.start:c.end] for c in split(text, Span(0, len(text)), [2])]
    ['进度（含前期，下同）滞后', '“等、靠”思想严重']
    """
    ends = [m.start() for m in _UNIT.finditer(text, *sentence) if m["end"]]
    begins = starts[bisect_left(starts, sentence.start):bisect_right(starts, sentence.end - 1)]
    cuts = sorted({sentence.start, *(end + 1 for end in ends), *begins})
    out = []
    for start, end in zip(cuts, [*cuts[1:], sentence.end], strict=True):
        out.append(_trimmed(text, start, end))
    # what stands before a point's own words is its marker
    return [c for c in out if c.start < c.end and not (c.end in begins or (c.end + 1 in begins and text[c.end] in _AFTER_MARKER and _is_marker(text, c)))]


def _is_marker(text: str, clause: Span) -> bool:
    return clause.end - clause.start <= 8


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _EDGES:
        start += 1
    if start < end and text[start] in _ENUMERATED and (m := _ENUMERATOR.match(text, start, end)):
        start = m.end()
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Span(start, end)
