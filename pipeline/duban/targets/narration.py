"""Where no heading says it: does a paragraph tell what happened, or what is to be done?

Work reports tell both in clauses without a subject (实施…行动，新建学校12所). What happened betrays itself somewhere in its
paragraph: a result (获批, 居全省第2位), a subject that has improved (供给能力不断增强), a figure nobody plans (8700多个, 22.89万人).
"""
from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import TypeVar

from duban.matches import Span
from duban.numerals.words import Worded
from duban.targets.status import Cue, Decided, finished

_Mark = TypeVar("_Mark", Cue, Span)
_start = attrgetter("start")
#: How far a paragraph is heard on both sides of a number, and a sentence before a fact.
_REACH, _SENTENCE = 1500, 300

_POINT = "(?:——|[一二三四五六七八九十]{1,2}[是要]|第[一二三四五六七八九十]，|（[一二三四五六七八九十\\d]{1,3}）)?"
_ORDER = Worded(f"{_POINT}(?:{{URGE_ADVERB}}){{0,2}}((?:{{URGE}}|{{ORDER}})(?!了))", "target_words")
_RESULT = Worded("{TOLD}|(?:{COMPLETED}|(?:{STEADILY})[\u4e00-\u9fff]{2}(?:[\u4e00-\u9fff]{2})?)(?=[，。；、]|$)", "target_words")
# 1—8月, 8700多个, 千余家, 近10万
_FIGURE = re.compile(
    "(?<!\\d)1月?[—\\-~至到]{1,2}\\d{1,2}月(?!底前|末前)|(?:\\d|[十百千])[万亿]?[多余](?![少下地])|(?<![附最远])近(?:\\d|[一二两三四五六七八九十百千]{1,3}[成万亿倍])"
)
_HEAD = re.compile("[，；：。！？\n]")


class Narration:
    """What the paragraphs of ``text`` tell; asked for the numbers that nothing else decides.

    ``cues``: the words of modality, in text order.

    >>> told = Narration("深入开展专项行动，8700多人受益。", [])
    >>> told.facts(Span(0, 17)), told.orders(Span(0, 17))
    ([Span(start=12, end=14)], [Span(start=2, end=4)])
    """

    def __init__(self, text: str, cues: Sequence[Cue]) -> None:
        self.text = text
        self.cues = [cue for cue in cues if cue.value == "target"]
        self.facts, self.orders = cache(self._facts), cache(self._orders)

    def decide(self, paragraph: Span, heading: Span | None, sentence: int, number: Span) -> Decided | None:
        """Is the number of the sentence from ``sentence`` a fact or a goal, by what its paragraph says?

        A fact told before it, though not where something is demanded in between, or after it; then a demand before it; then
        what its heading tells; then an order.
        """
        start, end = max(paragraph.start, number.start - _REACH), min(paragraph.end, number.end + _REACH)
        demands = [cue for cue in self._within(self.cues, start, end) if cue.demands]
        since = max((cue for cue in demands if cue.end <= sentence), default=None)
        until = min((cue.start for cue in demands if cue.start >= number.end), default=end)
        facts = [f for f in self._within(self.facts(paragraph), since.start if since else start, until) if not self._asked(f.start)]
        before = [f for f in facts if f.end <= number.start]
        if before or (facts and since is None):
            return "actual", "narration", before[-1] if before else facts[0]
        reported = finished(self.text[sentence:number.start])  # 要把农业稳住。全市有耕地320万亩
        if since is not None:
            return ("actual", "narration", None) if reported else ("target", "imperative", (since.start, since.end))
        if heading and self.facts(heading):
            return "actual", "narration", self.facts(heading)[0]
        orders = self._within(self.orders(paragraph), start, number.start)
        return ("target", "imperative", orders[-1]) if orders and not reported else None

    def _within(self, marks: Sequence[_Mark], start: int, end: int) -> Sequence[_Mark]:
        """Those of ``marks`` that begin between ``start`` and ``end``."""
        return marks[bisect_left(marks, start, key=_start):bisect_left(marks, end, key=_start)]

    def _asked(self, offset: int) -> bool:
        """Does a demand stand before ``offset`` in its sentence (力争取得新突破)?"""
        opened = max(self.text.rfind(mark, max(0, offset - _SENTENCE), offset) for mark in "。！？；\n")
        return bool(self._within(self.cues, max(opened, offset - _SENTENCE), offset))

    def _orders(self, stretch: Span) -> list[Span]:
        """The verbs of order at the heads of clauses."""
        found = (_ORDER.match(self.text, head, stretch.end) for head in self._heads(stretch))
        return [Span(*match.span(1)) for match in found if match]

    def _facts(self, stretch: Span) -> list[Span]:
        """The signs of something done; a result an order asks for (推动项目建成投用) is none."""
        found = [Span(*match.span()) for match in _FIGURE.finditer(self.text, stretch.start, stretch.end)]
        heads = self._heads(stretch)
        for head, end in itertools.pairwise([*heads, stretch.end]):
            if not _ORDER.match(self.text, head, end):
                found += [Span(*match.span()) for match in _RESULT.finditer(self.text, head, end)]
        return sorted(found, key=_start)

    def _heads(self, stretch: Span) -> list[int]:
        """Where clauses begin."""
        return [stretch.start, *(mark.end() for mark in _HEAD.finditer(self.text, stretch.start, stretch.end))]
