"""PROJECT: named undertakings, from a grammar of what their names end in and where they start.

A clause is read as stretches that open after a lead (加快, 开工建设, 去年签约的 …). A stretch is a list of conjuncts.
A conjunct is a project's name

- as a member of a list that says so: 甲、乙和丙|等4个项目; or
- because it ends in a head (项目, 产业园, 大桥 …), has something of its own before the head, and is being built:
  a lead of construction governs it or a word of construction follows it; or
- without a head, where what is said of it is said of works only (甲、乙|建成投产; 开工建设|甲、乙) or others of its
  list have one, when it opens with a word of its own and does not end as abstractions do; or
- because the document has called it one elsewhere.

The lexicon has ``PROJECT_HEAD`` (``class``: undertaking, line, water, plant, public, seat, deed; ``not_after`` and
``not_before``: characters beside which it is part of another word), ``PROJECT_BOUND`` (``class``: erect, construct or
other), ``PROJECT_STATE`` (what is said after a name; ``class``: strong if of works only, weak, manner; ``later``: told
of works at a distance too, 停工), ``PROJECT_TERM`` (``class``: generic, topic, policy, physical; none opens a name of
its own; speech: stands in none), ``PROJECT_END`` (what ends no work: 体系) and ``PROJECT_TAIL`` (what makes a 项目 generic: 示范).
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from duban.entities.projects.clauses import CLAUSE_MARK, Stretch, stretches
from duban.entities.projects.lists import list_end, members
from duban.entities.projects.mentions import again
from duban.entities.projects.single import named
from duban.entities.projects.vocabulary import NAMED, NAMED_SIGN, Vocabulary, default_lexicon, vocabulary
from duban.lexicon import Lexicon
from duban.matches import Entity, Span, Why
from duban.view import TextView

__all__ = ["default_lexicon", "find"]

_TIME = re.compile(r"请?(?:[今明本]年)?(?:\d{1,2}月(?:\d{1,2}日|[底末初]|[上中下]旬)?|年[底内]|[一二三四]季度[末底]?|[上下]半年)(?:之前|以前|前|内)?")
#: What is counted or told apart by them alone is no name, nor is a rank.
_NO_NAME = re.compile(
    r"^(?:[新老大好小](?:企业|产业|业态|主体))?[新老大好小]?(?:项目|工程)$|[会要就有]有项目$|副中心$|^[省市县区国]家?级?(?:重点)?实验室$"
)


def find(view: TextView, lexicon: Lexicon | None = None) -> list[Entity]:
    """The projects of ``view`` in text order.

    >>> view = TextView("加快推进青岚河大桥、临澄新材料产业园二期等5个重点项目，开工建设白沙镇水厂扩建工程。")
    >>> [view.text[e.start:e.end] for e in find(view)]
    ['青岚河大桥', '临澄新材料产业园二期', '白沙镇水厂扩建工程']
    """
    words = vocabulary(lexicon or default_lexicon())
    text = view.text
    out: list[Entity] = []
    for start, end in _clauses(text, words):
        for stretch in stretches(text, start, end, words):
            out += _in_stretch(text, stretch, words)
    return sorted((*out, *again(text, out, words)), key=lambda e: e.start)


def _clauses(text: str, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """The clauses that may name a project: most have no word of one, which one pass over the text tells."""
    marks = [-1, *(mark.start() for mark in CLAUSE_MARK.finditer(text)), len(text)]
    # clauses by the position of the mark they end at
    signed = {bisect_left(marks, hit.start) for hit in words.triggers.scan(text)}
    formed = {bisect_left(marks, form.start()) for form in NAMED_SIGN.finditer(text)} - signed
    signed |= {i for i in formed if NAMED.search(text, marks[i - 1] + 1, marks[i])}
    for i in sorted(signed):
        yield marks[i - 1] + 1, marks[i]


def _in_stretch(text: str, stretch: Stretch, words: Vocabulary) -> Iterator[Entity]:
    listed = list_end(text, stretch, words)
    for name, rule in members(text, stretch, listed, words) if listed else named(text, stretch, words):
        if name and (name := _balanced(text, _after_time(text, name))) and not _is_phrase(text[name.start:name.end], words):
            yield Entity(name.start, name.end, "PROJECT", None, None, None, None, Why(rule, None, {"name": (name,)}))


def _is_phrase(name: str, words: Vocabulary) -> bool:
    """Is it a phrase of speech, or no more than the word for a kind?"""
    return words.speech.search(name) is not None or _NO_NAME.search(name) is not None


def _after_time(text: str, name: Span) -> Span:
    """The name without the time limit before it: 8月底前|青岚产业园项目."""
    time = _TIME.match(text, *name)
    return Span(time.end(), name.end) if time else name


def _balanced(text: str, name: Span) -> Span | None:
    """The name with the quotation marks it opens, or None if it has half of a pair."""
    opened = text.count("“", *name) - text.count("”", *name)
    if opened == 1 and text[name.end:name.end + 1] == "”" and "、" not in text[text.rfind("“", *name):name.end]:
        return Span(name.start, name.end + 1)
    return name if opened == 0 else None
