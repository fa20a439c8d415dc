"""What of a document is compared: its 5-grams with figures folded, and its figures by the words around them.

The text is the body alone (no site furniture, broken lines joined, characters in one form) without spaces and punctuation.
A figure, told or blanked (6.5, ***, X.X), is one sign in it, so that a blanked copy has the grams of its original.
What the figures say is kept apart: many a monthly bulletin is the last one with other figures, and no version of it.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from duban.view import TextView

Json = Mapping[str, Any]
Hashes = NDArray[numpy.uint64]

#: Characters in a gram.
GRAM = 5
#: Characters on each side of a figure that tell which one it is.
AROUND = 4
#: Figures of a document that are compared: those whose surroundings have the smallest hashes, the same ones in every version.
SAMPLE = 128
_MASKS = "*×Xx■□█"
#: A figure, told or blanked; inside a Latin word x is a letter.
_FIGURE = re.compile(rf"(?<![A-Za-z])[0-9{_MASKS}]+(?:[.,][0-9{_MASKS}]+)*")
_BLANKED = re.compile(f"[{_MASKS}]")
_SIGN = "0"
# odd constants without structure, for mixing 64 bits
_MULTIPLIER, _FINISH = numpy.uint64(0x9E3779B97F4A7C15), numpy.uint64(0xFF51AFD7ED558CCD)


class Fingerprint(NamedTuple):
    """A document as it is compared.

    ``grams``: hashes of its grams, sorted, each once, and ``size`` their number; ``places`` and ``values``: hashes of the
    surroundings of figures, sorted, and of what they say (0: blanked); ``told``: how many figures are not blanked.
    """

    id: str
    date: str | None
    told: int
    size: int
    grams: Hashes
    places: Hashes
    values: Hashes


def fingerprint(record: Json) -> Fingerprint:
    """The fingerprint of a record, which needs no layer but ``boilerplate``.

    >>> one, other = (fingerprint({"id": "", "text": text, "meta": {}, "boilerplate": []}) for text in ("投资增长６.5％。", "投资 增长**%"))
    >>> bool((one.grams == other.grams).all()), one.told, other.told
    (True, 1, 0)
    """
    view = TextView(record["text"])
    body = view.without(view.from_source(part["start"], part["end"]) for part in record["boilerplate"]).text
    text, figures = fold(body)
    places, values = _sample(text, figures)
    told = sum(not _BLANKED.search(figure) for _, figure in figures)
    known = grams(text)
    return Fingerprint(record["id"], record["meta"].get("date"), told, len(known), known, places, values)


def fold(body: str) -> tuple[str, list[tuple[int, str]]]:
    """The letters of a text with one sign a figure, and the figures with their places in it.

    >>> fold("投资（不含农户）增长6.5%，新建**所")
    ('投资不含农户增长0新建0所', [(8, '6.5'), (11, '**')])
    """
    words = ["".join(filter(str.isalnum, between)) for between in _FIGURE.split(body)]
    at, figures = len(words[0]), []
    for figure, after in zip(_FIGURE.findall(body), words[1:], strict=True):
        figures.append((at, figure))
        at += 1 + len(after)
    return _SIGN.join(words), figures


def grams(text: str) -> Hashes:
    """The hashes of the grams of a text, sorted, each once; a text shorter than a gram is one itself.

    64 bits: among a hundred million grams two different ones meet once in four thousand batches.
    """
    if not text:
        return numpy.empty(0, numpy.uint64)
    codes = numpy.frombuffer(text.ljust(GRAM).encode("utf-32-le"), "<u4").astype(numpy.uint64)
    count = len(codes) - GRAM + 1
    mixed = numpy.zeros(count, numpy.uint64)
    for i in range(GRAM):
        mixed *= _MULTIPLIER
        mixed += codes[i : i + count]
    mixed ^= mixed >> numpy.uint64(32)
    mixed *= _FINISH
    return numpy.unique(mixed ^ (mixed >> numpy.uint64(29)))


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """The Jaccard similarity of two documents; 0 of empty ones."""
    common = len(numpy.intersect1d(one.grams, other.grams, assume_unique=True))
    return common / ((one.size + other.size - common) or 1)


def agreement(one: Fingerprint, other: Fingerprint) -> float | None:
    """The share of figures that say the same, of those that both documents tell in the same surroundings; None of none."""
    _, mine, theirs = numpy.intersect1d(one.places, other.places, assume_unique=True, return_indices=True)
    a, b = one.values[mine], other.values[theirs]
    both = (a > 0) & (b > 0)
    return float((a == b)[both].mean()) if both.any() else None


def _sample(text: str, figures: list[tuple[int, str]]) -> tuple[Hashes, Hashes]:
    """The figures that are compared; surroundings that come more than once tell nothing and are left out."""
    known: dict[int, int] = {}
    for at, figure in figures:
        place = _hash(f"{text[max(0, at - AROUND) : at]} {text[at + 1 : at + 1 + AROUND]}")
        known[place] = -1 if place in known else 0 if _BLANKED.search(figure) else _hash(figure)
    chosen = sorted(place for place, value in known.items() if value >= 0)[:SAMPLE]
    return numpy.array(chosen, numpy.uint64), numpy.array([known[place] for place in chosen], numpy.uint64)


def _hash(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big") | 1  # never 0
