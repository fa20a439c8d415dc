"""Headings that name who is to act (一、市住建局; （二）市教育局牵头负责的任务): the points below are tasks of theirs."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duban.matches import Section, Span
from duban.tasks.actors import Actors, Subject
from duban.tasks.grammar import Grammar
from duban.view import TextView

_VERB = r"(?:共同|具体|主要|分别)?(?:牵头|负责|承担|承办|主办|落实|办理|实施|组织实施|推进){1,2}"
_THING = r"(?:重点|主要|具体|目标|年度|工作|落实|办理){0,2}(?:任务|职责|事项)(?:清单|分工|分解)?"
#: What may follow the actors in such a heading; a charge says by itself that tasks follow.
_CHARGE = re.compile(rf"(?:(?P<charge>{_VERB}的?(?:{_THING}|工作|项目)?|的?{_THING}))?(?:（[^（）\n]{{1,12}}）)?[：:。]?")
#: How what was done is told.
_DONE = re.compile(r"已经|已[^、，。；]|同比|了[，。；、]|全部完成[，。；]")
_TRIM = " \n，；：、。！？…"


@dataclass(frozen=True, slots=True)
class Headed:
    """The points below a heading: ``points`` are their own words, ``told`` is whether the heading says that they are tasks."""

    heading: Span
    subject: Subject
    told: bool
    points: tuple[Span, ...]


class Headings:
    """Reads the headings of a body; ``own_words`` is where the words of each section start, after its marker."""

    def __init__(self, body: TextView, sections: Sequence[Section], actors: Actors, words: Grammar, own_words: Sequence[int]) -> None:
        self.body, self.text, self.sections, self.actors, self.words = body, body.text, sections, actors, words
        self.own_words = own_words
        self.paragraph_starts = [p.start for p in body.paragraphs]
        self.at = {s.heading.start: i for i, s in enumerate(sections) if s.kind == "section"}

    def find(self) -> Iterator[Headed]:
        for i, section in enumerate(self.sections):
            if section.kind == "section" and (named := self._named(i, section)):
                subject, told = named
                yield Headed(section.heading, subject, told, tuple(self._points(section)))

    def _named(self, i: int, section: Section) -> tuple[Subject, bool] | None:
        """Whom a heading of nothing but actors names, and whether it charges them."""
        start, end = self.own_words[i], section.heading.end
        if self.text[end:end + 2].strip("：:。")[:1] not in ("", "\n"):  # it goes on in its line
            return None
        by = self.text.startswith("由", start)
        subject = self.actors.subject(start + by, end, told=by)
        rest = _CHARGE.fullmatch(self.text, subject.end, end) if subject else None
        return (subject, by or rest["charge"] is not None) if subject and rest else None

    def _points(self, section: Section) -> Iterator[Span]:
        """The paragraphs below a heading, after their markers; those that are headings of others, or named ones, are none."""
        until = section.heading.end
        within = range(bisect_left(self.paragraph_starts, section.heading.end), bisect_left(self.paragraph_starts, section.end))
        for paragraph in map(self.body.paragraphs.__getitem__, within):
            inner = self.at.get(paragraph.start)
            start = paragraph.start
            if inner is not None:
                point = self.sections[inner]
                if self._named(inner, point):
                    until = point.end
                if point.heading.end >= paragraph.end - 1 and point.end > paragraph.end + 1:  # what it says stands below
                    continue
                start = self.own_words[inner]
            end = min(paragraph.end, section.end)
            while end > start and self.text[end - 1] in _TRIM:
                end -= 1
            if start < end and start >= until:
                yield Span(start, end)

    def is_order(self, point: Span) -> bool:
        """Does a point begin with an act or a modal, and tell of nothing that was done?"""
        if _DONE.search(self.text, *point):
            return False
        at = point.start
        while adverb := self.words.adverb.match(self.text, at, point.end):
            at = adverb.end()
        words = self.words
        return any(pattern.match(self.text, at, point.end) for pattern in (words.plain, words.verb, words.modal, words.phrase))
