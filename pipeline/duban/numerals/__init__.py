"""Numbers in official Chinese: found, read, or refused by name.

One path does all three: ``scan`` walks a text once and reads every number with its unit, its suffix (以上, 左右 …)
and what masks it; ``find`` is what ``scan`` accepts, ``read`` is ``scan`` on a text that is one number and nothing else.

>>> [(n.start, n.end, str(n.value), n.unit, n.bound) for n in find("到位资金60亿元以上")]
[(4, 10, '6000000000', '元', '>=')]
>>> [(n.reason, n.unit) for n in scan("2026年工作讲三点意见") if n.reason]
[('time', '年'), ('discourse', '点')]
>>> str(read("三十五万").value)
'350000'
"""
from __future__ import annotations

from duban.numerals.reading import rounded, value_of
from duban.numerals.redaction import told
from duban.numerals.scanning import REASONS, Numeral, find, read, scan
from duban.numerals.units import Unit, units

__all__ = ["REASONS", "Numeral", "Unit", "find", "read", "rounded", "scan", "told", "units", "value_of"]
