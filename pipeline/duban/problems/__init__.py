"""Problems (问题清单): what a document says is lagging or wrong, of whom and of what; docs/problems.md is the definition.

Cues are found in one pass over the text; only sentences with some are read further: in clauses, for what makes a cue no
fact, for whether the text treats a figure as a fault, and for whom and what it is said of.
"""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import TypeVar

from duban import periods as times
from duban import sections as outline
from duban.lexicon import Lexicon
from duban.matches import PROBLEM_KINDS, Entity, Problem, Quote, Section, Span, Subject, Target, Why
from duban.problems.clauses import openings, split
from duban.problems.cues import Cue, Cues
from duban.problems.facts import Facts
from duban.problems.passages import Passages
from duban.problems.subjects import Subjects, What, Who
from duban.problems.words import Hit, default_lexicon, words
from duban.view import TextView

__all__ = ["default_lexicon", "find"]

_start = attrgetter("start")
_Ends = TypeVar("_Ends", Who, What)


def find(
    body: TextView, sections: Sequence[Section] = (), entities: Sequence[Entity] = (), targets: Sequence[Target] = (), date: str | None = None,
    lexicon: Lexicon | None = None, place: str | None = None,
) -> list[Problem]:
    """The problems of a body view, in text order, one a clause; offsets are the view's.

    ``entities`` tell units, projects and indicators, places are found here; ``place`` is the document's own. The entity of
    a subject, ``Problem.targets`` and ``Problem.section`` are positions. ``why.rule`` says how the cue was read, or, of one
    that counts only where the text treats it as a fault, what does: ``passage``, ``judged`` or ``beside`` another problem.

    >>> body = TextView("截至6月底，青岚县仍未开工。如果进度滞后，要约谈。")
    >>> [(body.text[p.start:p.end], p.kind, body.text[p.cue.start:p.cue.end], p.places[0].canon) for p in find(body)]
    [('青岚县仍未开工', 'not_started', '未开工', '青岚县')]
    """
    return list(_Finder(body, sections, entities, targets, date, lexicon, place).find())


class _Finder:
    def __init__(
        self, body: TextView, sections: Sequence[Section], entities: Sequence[Entity], targets: Sequence[Target], date: str | None,
        lexicon: Lexicon | None, place: str | None,
    ) -> None:
        self.body, self.text, self.sections, self.targets = body, body.text, sections, targets
        known = self._words = words(lexicon)
        self.hits = known.hits(self.text, targets)
        self.cues = Cues(self.text, entities, targets, known)
        self.facts = Facts(self.text, targets, place, known)
        self.passages = Passages(body, sections, known)
        self.judging = known.expression("(?:{JUDGE})")
        self.degree = known.expression("(?:{DEGREE})[^，；。、]{0,3}$")
        self.openings = openings(self.text, sections)
        self.points = frozenset(self.openings)
        self.titles = [s.heading for s in sections if s.kind == "title"]
        self._dated = (body, date)
        self._entities, self._place = entities, place
        self._subjects: Subjects | None = None

    @property
    def subjects(self) -> Subjects:
        """Made with the first problem: most texts have few."""
        if self._subjects is None:
            self._subjects = Subjects(self.text, self.sections, self._entities, times.find(*self._dated), self._place, self._words)
        return self._subjects

    def find(self) -> Iterator[Problem]:
        k = 0
        for sentence in self.body.sentences:
            first = k
            while k < len(self.hits) and self.hits[k].start < sentence.end:
                k += 1
            if k > first and not any(t.start <= sentence.start < t.end for t in self.titles):
                yield from self._in_sentence(sentence, self.hits[first:k])

    def _in_sentence(self, sentence: Span, hits: Sequence[Hit]) -> Iterator[Problem]:
        clauses = split(self.text, sentence, self.openings)
        read: list[list[Cue]] = [[] for _ in clauses]
        starts = [clause.start for clause in clauses]
        for hit in hits:
            i = bisect_right(starts, hit.start) - 1
            if i >= 0 and hit.end <= clauses[i].end and (cue := self.cues.read(hit, clauses[i])):
                read[i].append(cue)
        if any(read) and any(found := self._so(sentence, clauses, read)):
            yield from self._told(sentence, clauses, found)

    def _so(self, sentence: Span, clauses: Sequence[Span], read: Sequence[Sequence[Cue]]) -> list[list[Cue]]:
        """Of the cues of each clause those that say what is so."""
        out = []
        supposed = False
        for clause, cues in zip(clauses, read, strict=True):
            supposed = (supposed and not self._apart(clause)) or self.facts.supposes(clause)
            out.append([cue for cue in cues if self.facts.holds(cue, clause, sentence, supposed)])
        return out

    def _apart(self, clause: Span) -> bool:
        """Does the clause stand after a semicolon?"""
        return "；" in self.text[max(0, clause.start - 2):clause.start]

    # ---- what counts

    def _told(self, sentence: Span, clauses: Sequence[Span], found: Sequence[Sequence[Cue]]) -> Iterator[Problem]:
        plain = {i for i, cues in enumerate(found) if any(not cue.judged for cue in cues)}
        whos, whats = Who(), What()
        for i, clause in enumerate(clauses):
            if self._apart(clause) or clause.start in self.points or self.subjects.elsewhere(clause):
                whos, whats = Who(), What()
            if not found[i]:
                who, what = self.subjects.own(clause, None)
            else:
                cue, grounds = self._cue(found[i], clause, sentence, bool(plain - {i}))
                who, what = self.subjects.own(clause, cue)
                if grounds is not None:
                    yield self._problem(cue, grounds, clause, sentence, _or(who, whos), what if self._own_matter(cue, clause) else _or(what, whats))
            whos, whats = _or(who, whos), _or(what, whats)

    def _own_matter(self, cue: Cue, clause: Span) -> bool:
        return cue.kind == "fault" or cue.attribute or self.subjects.matter(clause, cue)

    def _cue(self, cues: Sequence[Cue], clause: Span, sentence: Span, beside: bool) -> tuple[Cue, tuple[str, Span | None] | None]:
        """The cue of a clause that has some, and on what grounds it counts: its rule and the words that judge it."""
        counted = [(cue, grounds) for cue in cues if (grounds := self._grounds(cue, clause, sentence, beside))]
        if not counted:
            return cues[0], None
        best, grounds = min(counted, key=lambda pair: (PROBLEM_KINDS.index(pair[0].kind), pair[0].start))
        return next(cue for cue in cues if cue.kind == best.kind), grounds

    def _grounds(self, cue: Cue, clause: Span, sentence: Span, beside: bool) -> tuple[str, Span | None] | None:
        if not cue.judged:
            return cue.rule, None
        if announced := self.passages.around(clause.start):
            return "passage", announced
        if beside:
            return "beside", None
        head = self.text[max(clause.start, cue.start - 8):cue.start]
        if m := self.degree.search(head):
            return "judged", Span(cue.start - len(head) + m.start(), cue.start - len(head) + m.end())
        m = self.judging.search(self.text, max(sentence.start, clause.start - 60), min(sentence.end, clause.end + 60))
        return ("judged", Span(*m.span())) if m else None

    # ---- the record

    def _problem(self, cue: Cue, grounds: tuple[str, Span | None], clause: Span, sentence: Span, who: Who, what: What) -> Problem:
        if who == Who() and what == What():
            who, what = self.subjects.heading(clause.start)
        period = self.subjects.period(clause, sentence, cue)
        slots: dict[str, tuple[Subject, ...]] = {**who._asdict(), **what._asdict()}
        evidence = {
            "cue": (Span(cue.start, cue.end),),
            **{name: tuple(Span(s.start, s.end) for s in ends) for name, ends in slots.items() if ends},
            **({"period": (Span(period.start, period.end),)} if period else {}),
            **({"words": (grounds[1],)} if grounds[1] else {}),
        }
        near = range(bisect_left(self.targets, clause.start, key=_start), bisect_left(self.targets, clause.end, key=_start))
        return Problem(
            clause.start, clause.end, cue.kind, Quote(cue.start, cue.end), who.units, who.places, what.projects, what.indicators, period,
            tuple(i for i in near if self.targets[i].end <= clause.end), outline.innermost(self.sections, clause.start),
            Why(grounds[0], cue.entry.id if cue.entry else None, evidence),
        )


def _or(own: _Ends, before: _Ends) -> _Ends:
    return own if any(own) else before
