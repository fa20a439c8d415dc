"""The text of a record as blocks and runs: how overlapping and crossing spans become flat, nested-free markup.

A block is a paragraph as the document means it (lines that a page width broke are joined), a heading or a line of
boilerplate. A run is a stretch of a block that the same records cover: every boundary of every span ends one, so
spans may nest, touch and cross. The runs of all blocks are, in order, the source without its line ends.
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from duban.records import LAYERS
from duban.tables.ledger.rows import Reader

Json = Mapping[str, Any]
#: A run tells of so many records that cover it, the innermost ones: a bound for hostile input.
MOST_COVERS = 8
_LINE_END = re.compile(r"[ \t\u3000\xa0]*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029][\s\x1c-\x1e]*")
# Characters that change how others are shown, or show nothing: in a page each stands as a visible mark.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_FRONT_LENGTH = 60  # a line below the title that is longer belongs to the body
_FRONT_END = "。：！？；"


@dataclass(frozen=True, slots=True)
class Run:
    """``text`` as it is shown, from ``start`` of the source; ``covers``: the ids of the records around it, outermost first.

    ``classes``: what it is (labels, layers, the roles lead, support, deadline); ``mark``: the code point of a character
    that is shown by its name (U+202E); ``anchors``: ids of the records that begin here.
    """

    start: int
    text: str
    covers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    mark: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """``kind``: paragraph, title, front (the lines below the title), heading or boilerplate; ``level`` of a heading, from 1."""

    start: int
    end: int
    kind: str
    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class _Cover:
    start: int
    end: int
    id: str
    classes: tuple[str, ...]


def blocks(record: Json) -> list[Block]:
    """The text of a record, ready to be shown.

    >>> span = {"start": 0, "end": 4, "id": "k1"}
    >>> record = {"id": "a", "text": "县局落实\\n", "meta": {"title": None}, "boilerplate": [], "sections": [], "targets": [],
    ...           "entities": [{**span, "id": "e1", "end": 2, "label": "DEPARTMENT"}],
    ...           "tasks": [{**span, "lead": [{"start": 0, "end": 2}], "support": [], "deadline": None}]}
    >>> [(run.text, run.covers, run.classes) for run in blocks(record)[0].runs]
    [('县局', ('k1', 'e1'), ('task', 'lead', 'DEPARTMENT')), ('落实', ('k1',), ('task',))]
    """
    return list(_Layout(record).blocks())


class _Layout:
    def __init__(self, record: Json) -> None:
        self.text: str = record["text"]
        self.headings = [s for s in record["sections"] if s["kind"] == "section"]
        self.title = next((s["heading"] for s in record["sections"] if s["kind"] == "title"), None)
        self.body = Reader(record).body
        self.covers = sorted(_covers(record, len(self.text)), key=lambda c: (c.start, -c.end))
        self.anchors: dict[int, list[str]] = {}
        for cover in self.covers:
            if cover.id:
                self.anchors.setdefault(cover.start, []).append(cover.id)
        self.furniture = {offset for b in record["boilerplate"] for offset in (b["start"], b["end"])}
        self.cuts = sorted({offset for span in _cuts(record) for offset in span} | {o for c in self.covers for o in (c.start, c.end)})

    # ---- blocks

    def blocks(self) -> Iterator[Block]:
        front = False
        carried: tuple[str, ...] = ()
        runs = self._runs()
        run = next(runs, None)
        for start, end, own in self.stretches:
            mine: list[Run] = []
            while run and run.start < end:
                if run.start < start:  # blanks between blocks; what begins there begins with the block
                    carried += run.anchors
                else:
                    mine.append(replace(run, anchors=carried + run.anchors) if carried else run)
                    carried = ()
                run = next(runs, None)
            kind, level = self._kind(start, end, own, front)
            front = kind == "title" or (front and kind in ("front", "boilerplate"))
            yield Block(start, end, kind, level, tuple(mine))

    def _kind(self, start: int, end: int, own: bool, front: bool) -> tuple[str, int]:
        if not own:
            return "boilerplate", 0
        if self.title and start <= self.title["start"] < end and self.title["end"] <= end:
            return "title", 0
        at = bisect_left(self.headings, start, key=lambda s: s["heading"]["start"])
        if at < len(self.headings):
            section = self.headings[at]
            if section["heading"]["start"] < end and not self.text[section["heading"]["end"] : end].strip(" \t\u3000。：:."):
                return "heading", min(max(section["level"], 1), 4)
        if front and end - start <= _FRONT_LENGTH and self.text[end - 1] not in _FRONT_END:
            return "front", 0
        return "paragraph", 0

    @cached_property
    def stretches(self) -> list[tuple[int, int, bool]]:
        """Where blocks begin and end in the source, and whether they are the document's own; nothing but blanks lies between."""
        paragraphs = [self.body.to_source(s, e) for s, e in self.body.paragraphs]
        opened = [s["heading"]["start"] for s in self.headings]
        out: list[tuple[int, int, bool]] = []
        at = 0
        for start, end in (*paragraphs, (len(self.text), len(self.text))):
            out += [(s, e, False) for s, e in self._lines(at, start)]
            inner = opened[bisect_right(opened, start) : bisect_left(opened, end)]  # a copy in one line: its headings stand inside
            out += [(*piece, True) for a, b in zip((start, *inner), (*inner, end), strict=True) if (piece := self._trimmed(a, b))]
            at = max(at, end)
        return out

    def _lines(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        at = start
        for m in (*_LINE_END.finditer(self.text, start, end), None):
            if piece := self._trimmed(at, m.start() if m else end):
                yield piece
            at = m.end() if m else end

    def _trimmed(self, start: int, end: int) -> tuple[int, int] | None:
        words = self.text[start:end]
        left = start + len(words) - len(words.lstrip())
        right = start + len(words.rstrip())
        return (left, right) if left < right else None

    # ---- runs

    def _runs(self) -> Iterator[Run]:
        """The runs of the whole text, line ends left out or shown as the blank they stand for."""
        ends = {m.start(): m.end() for m in _LINE_END.finditer(self.text)}
        unseen = {m.start() for m in _UNSEEN.finditer(self.text)}
        edges = (offset for start, end, _ in self.stretches for offset in (start, end))
        cuts = sorted({0, len(self.text), *self.cuts, *edges, *ends.keys(), *ends.values(), *unseen, *(at + 1 for at in unseen)})
        active: list[_Cover] = []  # innermost last
        following = skip = 0
        for start, end in pairwise(cuts):
            while following < len(self.covers) and self.covers[following].start <= start:
                active.append(self.covers[following])
                following += 1
            inner = _innermost(active, start)
            skip = ends.get(start, skip)
            words = self.text[start:end] if start >= skip else self._joint(start, ends.get(start))
            anchors = tuple(self.anchors.get(start, ()))
            if not words and not anchors:
                continue
            mark = f"U+{ord(words):04X}" if start in unseen else ""
            ids = tuple(dict.fromkeys(c.id for c in inner if c.id))
            yield Run(start, "\ufffd" if mark else words, ids, tuple(dict.fromkeys(name for c in inner for name in c.classes)), mark, anchors)

    def _joint(self, start: int, end: int | None) -> str:
        """What stands for a line end inside a block: a line end beside boilerplate, a blank between two words of ASCII, else nothing."""
        if end is None or start == 0 or end >= len(self.text):
            return ""
        if {start, end} & self.furniture:
            return "\n"
        before, after = self.text[start - 1], self.text[end]
        return " " if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else ""


def _innermost(active: list[_Cover], at: int) -> list[_Cover]:
    """The last covers that reach beyond ``at``, outermost first; those that ended and are met on the way are taken out."""
    found: list[_Cover] = []
    i = len(active)
    while i and len(found) < MOST_COVERS:
        i -= 1
        if active[i].end > at:
            found.append(active[i])
        else:
            del active[i]
    return found[::-1]


def visible(text: str) -> str:
    """``text`` with a replacement character for each that is not seen or turns others round.

    >>> visible("甲\u202e乙")
    '甲\ufffd乙'
    """
    return _UNSEEN.sub("\ufffd", text)


def _covers(record: Json, length: int) -> Iterator[_Cover]:
    """Everything that is shown as a mark in the text; spans outside the text are left out."""

    def cover(span: Json, id: str, *classes: str) -> Iterator[_Cover]:
        if 0 <= span["start"] < span["end"] <= length:
            yield _Cover(span["start"], span["end"], id, classes)

    for b in record["boilerplate"]:
        yield from cover(b, b["id"], "boilerplate")
    for s in record["sections"]:
        yield from cover(s["heading"], s["id"], s["kind"])
    for k in record["tasks"]:
        yield from cover(k, k["id"], "task")
        for role in ("lead", "support"):
            for actor in k[role]:
                yield from cover(actor, "", role)
        if k["deadline"]:
            yield from cover(k["deadline"], "", "deadline")
    for p in record.get("problems", ()):
        yield from cover(p, p["id"], "problem")
    for e in record["entities"]:
        yield from cover(e, e["id"], e["label"])
    for t in record["targets"]:
        yield from cover(t, t["id"], "number", t["status"])


def _cuts(record: Json) -> Iterator[Sequence[int]]:
    """Every span that a card may light up: linked words and evidence."""
    size = len(record["text"])
    for span in linked(record):
        if 0 <= span[0] < span[1] <= size:
            yield span


def linked(record: Json) -> Iterator[tuple[int, int]]:
    """The spans that records of a document rest on or point to."""
    for layer in LAYERS:
        for item in record.get(layer, ()):
            for spans in (item.get("why") or {}).get("evidence", {}).values():
                yield from ((s, e) for s, e in spans)
            yield from _pointers(item)


def _pointers(item: Json) -> Iterable[tuple[int, int]]:
    return ((item[slot]["start"], item[slot]["end"]) for slot in ("indicator", "period", "scope", "cue") if item.get(slot))
