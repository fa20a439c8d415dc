"""Where the rules and a trained companion agree and where not, item by item against gold.

An item is a name in the gold, or one that either of the two found and the gold has not. What counts as found is what counts in
``duban.evaluate.score``: the exact span, but for punctuation at its ends, with the label, in the gold's windows.
"""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from duban.evaluate.scores import LABELS, Gold, Layer, Record, Scores, score, text_hash

#: (in the gold, found by the rules, found by the companion) -> what the case is called.
CASES = {
    (True, True, True): "both_right",
    (True, True, False): "only_rules_right",
    (True, False, True): "only_companion_right",
    (True, False, False): "both_miss",
    (False, True, True): "both_invent",
    (False, True, False): "only_rules_invent",
    (False, False, True): "only_companion_invents",
}
#: Those about what is not in the gold.
INVENTED = tuple(name for (in_gold, *_), name in CASES.items() if not in_gold)
#: Under so many items of gold a figure says little.
FEW = 100
#: How many characters are shown on both sides of an item that is in dispute.
AROUND = 40
_Place = tuple[str, int, int]


@dataclass(frozen=True)
class Agreement:
    """The figures of both, how often each case came (label -> case -> count), and what is in dispute, for reading."""

    rules: Scores
    companion: Scores
    cases: dict[str, Counter[str]]
    disputed: list[dict[str, Any]]

    def layer(self, side: str, label: str | None = None) -> Layer:
        """The figures of ``rules`` or ``companion`` for a label, or for all names together."""
        layers = getattr(self, side).layers
        own = [layers.get(name, Layer()) for name in ([label] if label else LABELS)]
        return Layer(*(sum(getattr(layer, slot) for layer in own) for slot in ("tp", "fp", "fn")))

    @property
    def few(self) -> dict[str, int]:
        """The labels of which there are too few items for their figures to mean much, and how many there are."""
        return {label: count for label in LABELS if (count := self.layer("rules", label).gold) < FEW}

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain JSON, by label and for ``all``; a figure that does not exist is None."""
        out: dict[str, Any] = {}
        for label in (*LABELS, None):
            counts = self.cases[label] if label else sum(self.cases.values(), Counter())
            sides = {side: _figures(self.layer(side, label)) for side in ("rules", "companion")}
            out[label or "all"] = {"gold": self.layer("rules", label).gold, **sides, "cases": {case: counts[case] for case in CASES.values()}}
        return out


def agreement(rules: Sequence[Record], companion: Sequence[Record], golds: Iterable[Gold]) -> Agreement:
    """Compare the ``entities`` of two sets of records of the same texts; only gold that says of entities counts.

    >>> text, place = "市财政局、云上专班", {"start": 0, "end": 4, "label": "DEPARTMENT"}
    >>> from duban.evaluate import text_hash
    >>> gold = {"doc": "a", "sha256": text_hash(text), "windows": [[0, 9]], "layers": ["entities"],
    ...         "entities": [place, {"start": 5, "end": 9, "label": "DEPARTMENT"}]}
    >>> found = agreement([{"text": text, "entities": [place]}], [{"text": text, "entities": gold["entities"]}], [gold])
    >>> dict(found.cases["DEPARTMENT"]), [(one["text"], one["case"]) for one in found.disputed]
    ({'only_companion_right': 1, 'both_right': 1}, [('云上专班', 'only_companion_right')])
    """
    golds = [{**gold, "layers": ["entities"]} for gold in golds if "entities" in gold["layers"]]
    sides = score(rules, golds), score(companion, golds)
    known = {text_hash(record["text"]): record["text"] for record in rules}
    texts = {gold["doc"]: known[gold["sha256"]] for gold in golds}
    cases: dict[str, Counter[str]] = {}
    disputed: list[dict[str, Any]] = []
    for label in LABELS:
        items = dict(_items(sides, label))
        cases[label] = Counter(items.values())
        if both := sides[0].layer(label).gold - sum(case not in INVENTED for case in items.values()):
            cases[label]["both_right"] = both
        disputed += [_row(place, label, case, texts[place[0]]) for place, case in items.items()]
    return Agreement(*sides, cases, sorted(disputed, key=lambda row: (row["doc"], row["start"], row["end"])))


def _items(sides: Sequence[Scores], label: str) -> Iterator[tuple[_Place, str]]:
    """What one of the two has wrong at least, and how; what both have right is no error and not among them."""
    missed, invented = ([{(e.doc, e.start, e.end) for e in side.errors[label] if e.sign == sign} for side in sides] for sign in "-+")
    for in_gold, wrong in ((True, missed), (False, invented)):
        for place in sorted(set.union(*wrong)):
            # a name of the gold was found where it was not missed, another where it was invented
            by_rules, by_companion = ((place in errors) != in_gold for errors in wrong)
            yield place, CASES[in_gold, by_rules, by_companion]


def _row(place: _Place, label: str, case: str, text: str) -> dict[str, Any]:
    doc, start, end = place
    [known] = [known for known, name in CASES.items() if name == case]
    return {
        "doc": doc, "start": start, "end": end, "label": label, "case": case, **dict(zip(("gold", "rules", "companion"), known, strict=True)),
        "before": text[max(0, start - AROUND) : start], "text": text[start:end], "after": text[end : end + AROUND],
    }  # fmt: skip


def _figures(layer: Layer) -> dict[str, float | None]:
    return {name: None if math.isnan(value := getattr(layer, name)) else value for name in ("p", "r", "f")}
