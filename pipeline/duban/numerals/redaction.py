"""Redacted numbers read as the figures they stand for."""
from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy

from duban.numerals.scanning import Numeral, scan
from duban.view import TextView

_MARK, _SOME_DIGIT = re.compile("[*×Xx]"), "8"


def told(view: TextView) -> TextView:
    """``view`` with digits in place of the marks of redacted amounts, so that what stands around them is read alike.

    >>> told(TextView("*县新建学校**所，增长X%。")).text
    '*县新建学校88所，增长8%。'
    """
    if not _MARK.search(view.text):
        return view
    out = copy(view)
    out.text = with_figures(view.text, (n for n in scan(view.text) if n.unit))
    return out


def with_figures(text: str, numerals: Iterable[Numeral]) -> str:
    """``text`` with digits in place of the marks that redact these of its numbers; a redacted place (*县) stays."""
    pieces, at = [], 0
    for n in numerals:
        if n.redacted and (n.reason is None or "." in text[n.digits.start:n.digits.end]):
            pieces += [text[at:n.digits.start], _MARK.sub(_SOME_DIGIT, text[n.digits.start:n.digits.end])]
            at = n.digits.end
    return "".join([*pieces, text[at:]])
