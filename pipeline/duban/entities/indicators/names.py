"""The vocabulary of indicators: names, measures, terms, bounds and cues, ready to match with.

The lexicon has

- ``INDICATOR``: whole names (地区生产总值); ``when`` says what must follow for a mention to count,
- ``MEASURE``: what composed names end in; ``composed`` is the condition with something measured before it,
  ``when`` the condition alone,
- ``INDICATOR_TERM``: industries, products, people, matters, qualifiers: never cut, and what may be coordinated,
- ``INDICATOR_BOUND``: words a name does not reach across,
- ``INDICATOR_CUE``: the words around a name by what they tell (``classes``),
- ``INDICATOR_SHORT``: short forms and what canonical names have for them.

Conditions are ``always``, ``measured`` (a number, a rank or a trend follows, or the quantity is the object of a change
or stands in a list of indicators), ``number``, ``trend`` and ``never``. ``moved`` marks the measured quantities that
count as the object of a change without a figure (降低物流成本): amounts proper, not activities (扩大投资). ``of`` and
``about`` name what completes an elliptical measure: the phrase that ends in one of ``of``, or the word ``about``.
``area`` marks aggregates of an area (地区生产总值): the words before them say whose they are and stay outside, unless they
are known terms; other names reach over what they are of as measures do. A name with a ``class`` is a thing as well and
may be coordinated like one (化学需氧量、氨氮排放量). ``topic`` marks measures that take what they are of from the head of
their sentence (新能源电池产业从小到大，产值…).
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from duban import occasions
from duban.lexicon import Entry, Hit, Lexicon

LABELS = ("INDICATOR", "MEASURE", "INDICATOR_TERM", "INDICATOR_BOUND")
CUES = ("INDICATOR_CUE", "INDICATOR_SHORT")


class Word(NamedTuple):
    """A pattern of the lexicon as the reading wants it: ``anchor`` tells whether a name may end with it."""

    entry: Entry
    label: str
    kind: str
    anchor: bool


class Names:
    """The entries of a lexicon that indicators are made of."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.terms: dict[str, str] = {}
        self.bases: dict[str, str] = {}
        self.measures: dict[str, Entry] = {}
        self.names: dict[str, Entry] = {}
        self.words: list[Word] = []
        self.patterns: list[str] = []
        self.cues = lexicon.labelled(*CUES)
        paces = set(self.cue("pace"))
        self.shifts: list[int] = []
        for entry in lexicon.labelled(*LABELS):
            for pattern in dict.fromkeys((entry.pattern, *entry.get("aliases", ()))):
                self._add(entry, pattern, paces)
        for time in occasions.words():
            self._add(Entry("INDICATOR_BOUND", time, f"occasion/{time}", {"class": "time"}), time, paces)
        # from here on they are blends, and ``shifts`` says how much of each is not its measure's
        self.blended = len(self.words)
        self._blend()

    def _add(self, entry: Entry, pattern: str, paces: set[str]) -> None:
        if entry.label == "INDICATOR_TERM":
            self.terms[pattern] = entry.get("class", "")
            if base := entry.get("base"):
                self.bases[pattern] = base
        elif entry.label == "MEASURE":
            self.measures[pattern] = entry
        elif entry.label == "INDICATOR":
            self.names[pattern] = entry
            if kind := entry.get("class"):
                self.terms[pattern] = kind
        anchor = entry.label in ("INDICATOR", "MEASURE") or pattern in paces
        self.patterns.append(pattern)
        self.words.append(Word(entry, entry.label, entry.get("class", ""), anchor))
        self.shifts.append(0)

    def _blend(self) -> None:
        """Measures whose first word is the last of a term are found behind it too: 服务|贸易额, where 服务贸易 is a term."""
        known = set(self.patterns)
        heads: dict[str, list[str]] = {}
        for measure in self.measures:
            if len(measure) > 2:
                heads.setdefault(measure[:2], []).append(measure)
        for term in (t for t in self.terms if len(t) > 2):
            for measure in heads.get(term[-2:], ()):
                if (blend := term + measure[2:]) not in known:
                    self._add(self.measures[measure], blend, set())
                    del self.measures[blend]
                    self.shifts[-1] = len(term) - 2

    @cached_property
    def _automaton(self) -> Any:
        import ahocorasick_rs

        return ahocorasick_rs.AhoCorasick(self.patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Leftmost-longest hits as (position in ``words``, start, end): far cheaper than objects for whole texts."""
        found: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(text) if self.patterns else []
        for at in [at for at, span in enumerate(found) if span[0] >= self.blended]:
            i, start, end = found[at]
            found[at] = i, start + self.shifts[i], end
        return found

    def scan(self, text: str) -> list[Hit]:
        """The hits in text order."""
        return [Hit(start, end, self.words[i].entry) for i, start, end in self.spans(text)]

    def known(self, text: str) -> Entry | None:
        """The whole name or measure that reads so."""
        return self.names.get(text) or self.measures.get(text)

    # cues ----------------------------------------------------------------------------------------------------

    def cue(self, *classes: str) -> tuple[str, ...]:
        """The words of these classes of cues."""
        return tuple(e.pattern for e in self._cued(classes))

    def _cued(self, classes: Iterable[str]) -> list[Entry]:
        return [e for e in self.cues if e.label == "INDICATOR_CUE" and not set(classes).isdisjoint(e.get("classes", ()))]

    def alternation(self, *classes: str) -> str:
        """A group of the words of these classes, longest first, none before what its ``not_before`` has."""
        return alternation((e.pattern, e.get("not_before", ())) for e in self._cued(classes))

    @cached_property
    def anchors(self) -> frozenset[int]:
        """The positions in ``words`` of those a name may end with."""
        return frozenset(i for i, word in enumerate(self.words) if word.anchor)

    @cached_property
    def openers(self) -> frozenset[str]:
        return frozenset(self.cue("opener"))

    @cached_property
    def settled(self) -> tuple[str, ...]:
        """Words that end as a place's name does and are none."""
        return self.cue("settled")

    @cached_property
    def whole(self) -> tuple[str, ...]:
        """What is measured of several things together: 营商环境和廉政建设评价指标."""
        return self.cue("whole")

    @cached_property
    def short(self) -> tuple[re.Pattern[str], dict[str, str]]:
        """The short forms and their long ones."""
        long = {e.pattern: e.canon for e in self.cues if e.label == "INDICATOR_SHORT"}
        return re.compile(alternation((short, ()) for short in long)), long

    def written_out(self, text: str) -> str:
        """``text`` with its short forms written out, but where the long one stands already: 一产 in 第一产业."""
        short, long = self.short

        def full(match: re.Match[str]) -> str:
            word = match.group()
            before = long[word].find(word)
            stands = 0 <= before <= match.start() and text.startswith(long[word], match.start() - before)
            return word if stands else long[word]

        return short.sub(full, text)


def alternation(words: Iterable[tuple[str, Iterable[str]]]) -> str:
    """A group of words, longest first and by their first characters, each with its guard."""
    parts: dict[str, list[str]] = {}
    for word, not_before in sorted(words, key=lambda w: -len(w[0])):
        bad = "|".join(map(re.escape, not_before))
        parts.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]) + (f"(?!{bad})" if bad else ""))
    groups = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in parts.items())
    return f"(?:(?=[{''.join(parts)}])(?:{groups}))" if parts else "(?!)"


@cache
def default_lexicon() -> Lexicon:
    """The packaged lexicon of indicators."""
    return Lexicon.packaged("indicators")


@lru_cache(maxsize=8)
def names_of(lexicon: Lexicon) -> Names:
    return Names(lexicon)
