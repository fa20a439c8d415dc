"""INDICATOR: the names of measured quantities, from a lexicon of names and a grammar for composed ones.

A composed name ends in a measure (增加值, 装机容量, 覆盖率, 占比 …) and reaches to the left over what it measures,
up to a word that cannot be part of a name: a verb, a scope, a time, punctuation. A name of the statistics counts
wherever it stands; other words count where they are measured or compared: a figure, a rank or a trend follows, a change
is made to the amount, or they stand in a list beside other indicators.
"""
from __future__ import annotations

from duban.entities.indicators.canon import base_pair, canonical, conjuncts
from duban.entities.indicators.names import CUES, LABELS, default_lexicon, names_of
from duban.entities.indicators.reading import Reading
from duban.lexicon import Lexicon
from duban.matches import Entity
from duban.view import TextView

__all__ = ["CUES", "LABELS", "base_pair", "canonical", "conjuncts", "default_lexicon", "find"]


def find(view: TextView, lexicon: Lexicon | None = None) -> list[Entity]:
    """The indicators of ``view`` in text order.

    >>> view = TextView("全市规上工业增加值增速达到8.5%，新能源装机占比提高2个百分点。")
    >>> [(view.text[e.start:e.end], e.canon) for e in find(view)]
    [('规上工业增加值增速', '规模以上工业增加值'), ('新能源装机占比', '新能源装机占比')]
    """
    reading = Reading(view.text, names_of(lexicon or default_lexicon()))
    found = list(reading.matches())
    found.reverse()
    return reading.completed(reading.sharing(found))
