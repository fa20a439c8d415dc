"""Tasks: explicit assignments, from orders in running text, from responsibility notes and under headings that name a unit.

A task names who is to act, who is to help and by when. General appeals (我们, 大家) are none, nor is what a project,
a figure or a finished act is the subject of.
"""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from duban import periods as times
from duban import sections as outline
from duban.lexicon import Lexicon
from duban.matches import Actor, Entity, Period, Section, Span, Target, Task, Why
from duban.tasks.actors import Actors
from duban.tasks.deadlines import deadline, limits
from duban.tasks.grammar import grammar
from duban.tasks.headed import Headed, Headings
from duban.tasks.notes import Note, Notes
from duban.tasks.orders import Order, Orders
from duban.view import TextView

__all__ = ["default_lexicon", "find"]

_TRAILING = "。！？；，、：… \n"
_CLOSING = _TRAILING + "）】”’》"
#: Rules that rest on no word of order.
_WORDLESS = ("lead-verb", "parallel", "deadline", "by-rule", "jointly", "hinted")
_AFTER_MARKER = "，、：:.．）) \n。"


@cache
def default_lexicon() -> Lexicon:
    """The packaged words of assignment."""
    return Lexicon.packaged("tasks")


def find(
    body: TextView,
    sections: Sequence[Section] = (),
    entities: Sequence[Entity] = (),
    targets: Sequence[Target] = (),
    date: str | None = None,
    lexicon: Lexicon | None = None,
) -> list[Task]:
    """The tasks of a body view, in text order and without overlap; offsets are the view's.

    ``entities`` tell the organs and groups that can act; places and officials are found here. ``Task.targets`` and
    ``Task.projects`` are positions in ``targets`` and ``entities``, ``Task.section`` one in ``sections``. ``date``
    (YYYY-MM-DD) resolves deadlines. ``why.evidence`` has the slots lead, support, official, cue, deadline and, where what
    is to be done stands before the actor (…，由市水务局负责), topic: its figures and projects are the task's too.

    >>> from duban.matches import Why
    >>> body = TextView("市住建局要在6月底前完成改造任务。")
    >>> organ = Entity(0, 4, "DEPARTMENT", None, "住房和城乡建设局", "市", None, Why("example"))
    >>> [(body.text[t.start:t.end], t.lead[0].canon, body.text[t.deadline.start:t.deadline.end]) for t in find(body, entities=[organ])]
    [('市住建局要在6月底前完成改造任务', '住房和城乡建设局', '6月底前')]
    """
    return _Finder(body, sections, entities, targets, date, lexicon or default_lexicon()).find()


class _Finder:
    def __init__(
        self, body: TextView, sections: Sequence[Section], entities: Sequence[Entity], targets: Sequence[Target],
        date: str | None, lexicon: Lexicon,
    ) -> None:
        self.body, self.text, self.date = body, body.text, date
        self.sections, self.entities, self.targets = sections, entities, targets
        self.periods = limits(self.text, times.find(body, date))
        self.actors = Actors(self.text, entities, self.periods, words := grammar(lexicon))
        own_words = [self._own_words(s) for s in sections]
        #: where the own words of a point or item start -> position of the section
        self.openings = {at: i for i, (s, at) in enumerate(zip(sections, own_words, strict=True)) if s.kind != "title"}
        self.headings = Headings(body, sections, self.actors, words, own_words)
        self.target_starts = [t.start for t in targets]
        self.entity_starts = [e.start for e in entities]
        self.titles = [s.heading for s in sections if s.kind == "title"]

    def find(self) -> list[Task]:
        points = {s.heading.start for s in self.sections if s.kind == "section"}
        notes = Notes(self.body, self.actors, self.periods, points).find(self.body.paragraphs)
        noted = [self._from_note(note, span) for note, span in self._points(notes)]
        headed = list(self.headings.find())
        taken = sorted([*(Span(t.start, t.end) for t in noted), *(h.heading for h in headed if h.points)])
        found = sorted((*noted, *self._orders(taken)), key=lambda t: t.start)
        return sorted((*found, *self._below(headed, found)), key=lambda t: t.start)

    def _own_words(self, section: Section) -> int:
        """Past the marker of a section or item."""
        at = section.heading.start + len(section.marker or "")
        while at < section.end and self.text[at] in _AFTER_MARKER:
            at += 1
        return at

    # ---- notes

    def _points(self, notes: Sequence[Note]) -> list[tuple[Note, Span]]:
        """Each note with the span of the paragraph or point it speaks of."""
        out: list[tuple[Note, Span]] = []
        paragraphs = self.body.paragraphs
        at = last = 0
        for note in notes:
            while paragraphs[at].end <= note.start:
                at += 1
            start = paragraphs[at].start
            if note.own_line and at and paragraphs[at - 1].end > last:
                start = paragraphs[at - 1].start
            inside = outline.innermost(self.sections, note.start - 1 if note.own_line and note.start else note.start)
            if inside is not None:
                own = self._own_words(self.sections[inside])
                if own <= note.start and (note.own_line or own >= start):
                    start = own
            start = max(start, self._after(last))
            while start < note.start and self.text[start] in _CLOSING:
                start += 1
            if start < note.end:
                out.append((note, Span(start, note.end)))
                last = note.end
        return out

    def _after(self, at: int) -> int:
        while 0 < at < len(self.text) and self.text[at] in _TRAILING:
            at += 1
        return at

    def _from_note(self, note: Note, span: Span) -> Task:
        lead = (*note.lead, *note.officials)
        limit = note.deadline or deadline(self.text, self.periods, span.start, note.start, frozenset(), self.date)
        return self._task(span, lead, tuple(note.support), limit, note.rule, Span(note.start, note.end), note.officials)

    # ---- orders

    def _orders(self, taken: Sequence[Span]) -> list[Task]:
        out: list[Task] = []
        openings = sorted({self._after(at) for at in (*self.openings, *(s.heading.end for s in self.sections if s.kind != "title"))})
        reader = Orders(self.text, self.actors, {*openings, *(s.start for s in self.body.sentences)}, self._promised)
        k = told = 0
        for start, end in self.body.sentences:
            while k < len(taken) and taken[k].end <= start:
                k += 1
            if (k < len(taken) and taken[k].start < end) or any(t.start <= start < t.end for t in self.titles):
                continue
            before, told = told, start
            if reader.anchors_in(start, end):
                follows = bool(out) and out[-1].end > before and "\n" not in self.text[out[-1].end:start]
                inside = openings[bisect_left(openings, start):bisect_left(openings, end)]
                found = map(self._from_order, reader.find(start, end, inside, follows=follows))
                out += [task for task in found if not self._reported(task)]
        return out

    def _reported(self, task: Task) -> bool:
        """Is an act without a word of order a report, since all its figures are facts?"""
        if task.why.rule not in _WORDLESS or not task.targets:
            return False
        if task.deadline and (task.deadline.value or "").rpartition("/")[2] >= (self.date or ""):
            return False
        return all(self.targets[i].status == "actual" for i in task.targets)

    def _promised(self, start: int, end: int) -> bool:
        """Does a stretch say what is to be reached, with a figure or a date, and none that was?"""
        figures = [self.targets[i].status for i in self._inside(self.target_starts, Span(start, end), self.targets)]
        if "actual" in figures:
            return False
        limit = None if "target" in figures else deadline(self.text, self.periods, start, end, frozenset(), self.date)
        return "target" in figures or (limit is not None and self.text[limit.end - 1] in "前底末")

    def _from_order(self, order: Order) -> Task:
        end = order.end
        while end > order.start and (self.text[end - 1] in _TRAILING or (self.text[end - 1] in "”’）》】" and not self._closes(order.start, end))):
            end -= 1
        opening = max((a.end for a in (*order.lead, *order.support)), default=order.start)
        after = {opening, *([order.cue.end] if order.cue else [])}
        first = order.start if order.time is None else order.time
        limit = deadline(self.text, self.periods, first, end, frozenset(after), self.date)
        return self._task(Span(order.start, end), tuple(order.lead), tuple(order.support), limit, order.rule, order.cue, order.officials, order.topic)

    def _closes(self, start: int, end: int) -> bool:
        """Does the closing mark before ``end`` belong to an opening one inside the task?"""
        mark = self.text[end - 1]
        opening = "“‘（《【"["”’）》】".index(mark)]
        inside = self.text[start:end]
        return inside.count(opening) >= inside.count(mark)

    # ---- under headings

    def _below(self, headed: Sequence[Headed], found: Sequence[Task]) -> list[Task]:
        """The points below headings that name who is to act, save those that are somebody's task already."""
        ends = [t.end for t in found]
        out: list[Task] = []
        for heading in headed:
            for point in heading.points:
                at = bisect_right(ends, point.start)
                if (at < len(found) and found[at].start < point.end) or self._is_report(heading, point):
                    continue
                limit = deadline(self.text, self.periods, point.start, point.end, frozenset({point.start}), self.date)
                officials = heading.subject.officials
                out.append(self._task(point, heading.subject.actors, (), limit, "heading", heading.heading, officials))
        return out

    def _is_report(self, heading: Headed, point: Span) -> bool:
        """Does a point say what was done, or nothing that could be an order, under a heading that does not say tasks follow?"""
        figures = {self.targets[i].status for i in self._inside(self.target_starts, point, self.targets)} - {"other"}
        if heading.told:
            return figures == {"actual"}
        return "actual" in figures or not (self.headings.is_order(point) or self._promised(*point))

    # ---- all

    def _task(
        self, span: Span, lead: tuple[Actor, ...], support: tuple[Actor, ...], limit: Period | None, rule: str, cue: Span | None,
        officials: Sequence[Actor], topic: Span | None = None,
    ) -> Task:
        evidence = {
            "lead": tuple(Span(a.start, a.end) for a in lead),
            "support": tuple(Span(a.start, a.end) for a in support),
            "official": tuple(Span(a.start, a.end) for a in officials),
            "cue": (cue,) if cue else (),
            "deadline": (Span(limit.start, limit.end),) if limit else (),
            "topic": (topic,) if topic else (),
        }
        about = Span(topic.start, span.end) if topic else span
        return Task(
            span.start, span.end, lead, support, limit, self._inside(self.target_starts, about, self.targets),
            tuple(i for i in self._inside(self.entity_starts, about, self.entities) if self.entities[i].label == "PROJECT"),
            outline.innermost(self.sections, span.start),
            Why(rule, None, {k: v for k, v in evidence.items() if v}),
        )

    @staticmethod
    def _inside(starts: Sequence[int], span: Span, matches: Sequence[Target] | Sequence[Entity]) -> tuple[int, ...]:
        """Positions of the matches (in text order) that lie in the span."""
        near = range(bisect_left(starts, span.start), bisect_left(starts, span.end))
        return tuple(i for i in near if matches[i].end <= span.end)
