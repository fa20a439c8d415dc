"""The words that say how a number is meant: the tables of a lexicon as expressions, compiled once."""
from __future__ import annotations

import re
from functools import cache, lru_cache

from duban.lexicon import Lexicon
from duban.numerals.words import any_of_entries

#: The packaged lexicons of this layer.
TOPICS = ("units", "target_words")


class Tables:
    """The tables of one lexicon: a label is a table, its entries are the words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._values: dict[str, dict[str, str]] = {}
        self._anywhere: dict[str, re.Pattern[str]] = {}
        self._at_end: dict[tuple[str, bool], re.Pattern[str]] = {}

    def values(self, label: str) -> dict[str, str]:
        """Word -> value of one table."""
        if label not in self._values:
            self._values[label] = {e.pattern: e.get("value", "") for e in self.lexicon.labelled(label)}
        return self._values[label]

    def anywhere(self, label: str) -> re.Pattern[str]:
        """Any word of the table, the longest first."""
        if label not in self._anywhere:
            self._anywhere[label] = re.compile(self._alternatives(label))
        return self._anywhere[label]

    def at_end(self, label: str, *, filler: bool = False) -> re.Pattern[str]:
        """A word of the table at the end of a text (group 1), perhaps with filler words between it and the end."""
        if (label, filler) not in self._at_end:
            between = f"(?:{self._alternatives('FILLER')}){{0,3}}" if filler else ""
            self._at_end[label, filler] = re.compile(f"({self._alternatives(label)}){between}$")
        return self._at_end[label, filler]

    def _alternatives(self, label: str) -> str:
        return any_of_entries(self.lexicon.labelled(label))


@lru_cache(maxsize=16)
def tables(lexicon: Lexicon | None = None) -> Tables:
    """The tables of ``lexicon``; of the packaged words where it is None or has none."""
    known = lexicon is not None and any(e.label == "COMPARATOR" for e in lexicon)
    return Tables(lexicon) if lexicon is not None and known else Tables(packaged())


@cache
def packaged() -> Lexicon:
    """The packaged tables."""
    return Lexicon.packaged(*TOPICS)
