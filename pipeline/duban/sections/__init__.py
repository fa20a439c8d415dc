"""The outline: title, numbered and unnumbered headings, and the points inside paragraphs, as a tree."""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from duban.matches import Section, Span, Why
from duban.sections import front as _front
from duban.sections import items as _items
from duban.sections import outline as _outline
from duban.sections.front import document_date, document_place
from duban.sections.levels import Heading
from duban.view import TextView

__all__ = ["document_date", "document_place", "find", "innermost", "title_text"]


def find(body: TextView) -> list[Section]:
    """The title, the sections and the items of ``body`` in text order; offsets and parents are those of the view.

    >>> body = TextView("工作报告\\n一、回顾\\n去年不错。\\n二、安排\\n要抓好：一是投资，二是消费。").without([])
    >>> [(s.kind, s.path, s.level) for s in find(body)]
    [('title', '', 0), ('section', '一', 1), ('section', '二', 1), ('item', '二/一是', 2), ('item', '二/二是', 2)]
    """
    text = body.text
    front = _front.find(body)
    end = len(text.rstrip("\n"))
    out: list[Section] = []
    if front.title:
        heading = front.title
        why = Why("title", evidence={"heading": (heading,)})
        out.append(Section(heading.start, end, "title", None, None, 0, heading, None, "", why))
    headings = _outline.find(body, front.end)
    points = _points(body, headings, front.end)
    stops = _stops(text, headings, end)
    stack: list[tuple[int, int]] = [(0, 0)] if front.title else []  # (level, position in out)
    numbers: dict[tuple[int | None, str], int] = {}
    section: int | None = 0 if front.title else None
    at = 0
    for i, h in enumerate(headings):
        while at < len(points) and points[at].marker.start < h.start:
            out.append(_item(points[at], section, out))
            at += 1
        while stack and stack[-1][0] >= h.level and out[stack[-1][1]].kind != "title":
            stack.pop()
        parent = stack[-1][1] if stack else None
        label = h.label.replace("/", "／")
        if h.rule == "dash":
            numbers[parent, "dash"] = numbers.get((parent, "dash"), 0) + 1
            label = f"——{numbers[parent, 'dash']}"
        path = _join(out[parent].path if parent is not None else "", label)
        stop = stops[i]
        why = Why(f"heading-{h.rule}", evidence={"heading": (Span(h.start, h.end),)})
        out.append(Section(h.start, stop, "section", h.marker, h.number, h.level, Span(h.start, h.end), parent, path, why))
        stack.append((h.level, len(out) - 1))
        section = len(out) - 1
    out.extend(_item(p, section, out) for p in points[at:])
    return out


def _stops(text: str, headings: Sequence[Heading], end: int) -> list[int]:
    """Where each section ends: before the next heading that stands no deeper."""
    stops = [end] * len(headings)
    open_: list[int] = []
    for i, h in enumerate(headings):
        while open_ and headings[open_[-1]].level >= h.level:
            stops[open_.pop()] = _back(text, h.start)
        open_.append(i)
    return stops


def _back(text: str, offset: int) -> int:
    while offset and text[offset - 1] == "\n":
        offset -= 1
    return offset


def _join(path: str, label: str) -> str:
    return f"{path}/{label}" if path else label


def _item(point: _items.Point, section: int | None, out: Sequence[Section]) -> Section:
    m = point.marker
    level = out[section].level + 1 if section is not None else 1
    path = _join(out[section].path if section is not None else "", m.label)
    heading = Span(m.start, m.end)
    why = Why(f"item-{m.style}", evidence={"marker": (heading,)})
    return Section(m.start, point.end, "item", m.text, m.number, level, heading, section, path, why)


def _points(body: TextView, headings: Sequence[Heading], start: int) -> list[_items.Point]:
    text = body.text
    ends = {h.start: h.end for h in headings}
    starts = [h.start for h in headings]
    out: list[_items.Point] = []
    rows: _items.Rows = ()
    last = start
    for p in body.paragraphs:
        if p.end <= start:
            continue
        a = max(p.start, start)
        inner = starts[bisect_left(starts, a):bisect_left(starts, p.end)]
        cuts = [a, *(s for s in inner if s > a)]
        for s, e in zip(cuts, [*cuts[1:], p.end], strict=True):
            out.extend(_items.begun(rows, text, s, last))
            points, rows = _items.find(text, s, e, ends.get(s), () if s in ends else rows)
            out.extend(points)
            last = e
    return _clipped(sorted(out, key=lambda p: p.marker.start))


def _clipped(points: list[_items.Point]) -> list[_items.Point]:
    """No point reaches beyond the point it lies in."""
    out: list[_items.Point] = []
    ends: list[int] = []
    for p in points:
        while ends and ends[-1] <= p.marker.start:
            ends.pop()
        end = min(p.end, ends[-1]) if ends else p.end
        ends.append(end)
        out.append(_items.Point(p.marker, end))
    return out


def innermost(sections: Sequence[Section], offset: int) -> int | None:
    """The position of the deepest section or item around ``offset`` (None where there is none, or only the title)."""
    for i in reversed(range(bisect_right(sections, offset, key=lambda s: s.start))):
        if sections[i].end > offset:
            return i if sections[i].kind != "title" else None
    return None


def title_text(body: TextView, sections: Sequence[Section]) -> str | None:
    """The words of the document's title, line ends gone."""
    for s in sections:
        if s.kind == "title":
            return body.text[s.heading.start:s.heading.end].replace("\n", "")
    return None
