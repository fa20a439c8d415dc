"""Passages of problems: what follows a heading or a sentence that announces problems, until the text turns to what is to be done."""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from duban import sections as outline
from duban.matches import Section, Span
from duban.problems.words import Words
from duban.view import TextView

#: A heading or sentence that announces problems says that there are some, or judges, or turns against what was said before.
_SAYS = (
    r"存在|面临|看到|认识到|意识到|承认|正视|清醒|不容|主要是|突出|不少|仍有|还有|尚有|依然|仍然|但是|然而|不过|反过来|另一方面|同时也|也要看|不足之处|问题[是在]|"
    r"扎心|揪心|还不|有待|剖析|反映出|暴露出|指出|点名|掉队|有喜有忧|忧的是|之忧|“[差忧难]”|更大|更突出|怎么看"
)
_TASK = r"(?:解决|破解|补齐|化解|缩小|整改|克服|消除|针对|聚焦|直面|着眼|坚持|推动|瞄准|对准|查找|查摆|加快|深化)"
_ORDER = (
    r"(?:^|[，；])(?:我们|大家|各[^，；。]{0,8}|全市上下|这就)?(?:一定|更|就|还)?"
    r"(?:要(?!清醒|看|正视|认识|求|素|深刻|承认)|必须(?!清醒|看|正视|认识|承认|指出)|务必)"
)

#: The word for problems stands so near the head of the sentence that announces them, and what is said of it so near behind.
_HEAD, _NEAR = 60, 30


class Passage(NamedTuple):
    """A stretch in which problems are told, and the words that announce them."""

    start: int
    end: int
    announced: Span


class Passages:
    """The passages of a text, made when first asked for: each sentence is read once."""

    def __init__(self, body: TextView, sections: Sequence[Section], words: Words) -> None:
        self.body, self.text, self.sections = body, body.text, sections
        self._names = words.expression("{ANNOUNCE}")
        self._says = words.expression(_SAYS)
        self._task = words.expression(f"{_TASK}[^，。；]{{0,12}}{{ANNOUNCE}}")
        self._turn = words.expression(f"^(?:{{TURN}})|{_ORDER}")
        self._headed: dict[int, Span | None] = {}

    def around(self, offset: int) -> Span | None:
        """The words that announce the passage around ``offset``, None where there is none."""
        i = bisect_right(self._found, offset, key=lambda p: p.start) - 1
        if i >= 0 and offset < self._found[i].end:
            return self._found[i].announced
        return self._below(offset)

    @cached_property
    def _found(self) -> list[Passage]:
        sentences = self.body.sentences
        starts = [s.start for s in sentences]
        named = {bisect_right(starts, m.start()) - 1: Span(*m.span()) for m in reversed(list(self._names.finditer(self.text)))}
        told = {i: name for i, name in sorted(named.items()) if i >= 0 and self._announces(sentences[i], name)}
        out: list[Passage] = []
        runs = False  # does the passage go on over paragraphs?
        for i, name in told.items():
            runs = self._ends_paragraph(i) or (runs and bool(out) and out[-1].end == sentences[i].start)
            j = i + 1
            while j < len(sentences) and j not in told and self._goes_on(j, runs):
                j += 1
            out.append(Passage(sentences[i].start, sentences[j].start if j < len(sentences) else len(self.text), name))
        return out

    def _announces(self, sentence: Span, name: Span) -> bool:
        """Does a sentence that names problems say, at its head, that there are some?"""
        end = min(sentence.end, name.end + _NEAR)
        if name.end - sentence.start > _HEAD or self._task.search(self.text, sentence.start, end) or self._turn.search(self.text[sentence.start : name.end]):
            return False
        return self._says.search(self.text, sentence.start, end) is not None

    def _ends_paragraph(self, i: int) -> bool:
        return self.text.startswith("\n", self.body.sentences[i].end)

    def _goes_on(self, j: int, runs: bool) -> bool:
        """Is the sentence at ``j`` still about the problems told before it?"""
        sentence = self.body.sentences[j]
        if self._ends_paragraph(j - 1) and not (runs and self._block(sentence.start) == self._block(self.body.sentences[j - 1].start)):
            return False
        return self._turn.search(self.text[slice(*sentence)]) is None

    def _block(self, offset: int) -> int | None:
        """The section whose text an offset is in: of a point, or of a heading that a paragraph begins with, the one around."""
        at = outline.innermost(self.sections, offset)
        while at is not None and (self.sections[at].kind == "item" or not self.text.startswith("\n", self.sections[at].heading.end)):
            at = self.sections[at].parent
        return at

    def _below(self, offset: int) -> Span | None:
        """The words of the heading above that announce problems."""
        at = outline.innermost(self.sections, offset)
        while at is not None:
            if at not in self._headed:
                self._headed[at] = self._heads(self.sections[at])
            if (found := self._headed[at]) is not None:
                return found
            at = self.sections[at].parent
        return None

    def _heads(self, section: Section) -> Span | None:
        heading = section.heading
        name = self._names.search(self.text, *heading) if section.kind == "section" else None
        if name is None or self._task.search(self.text, *heading) or self._turn.search(self.text[slice(*heading)]):
            return None
        return Span(*name.span())
