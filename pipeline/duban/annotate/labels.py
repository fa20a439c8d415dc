"""What readers are asked: the labels of regions, the questions about each, and the relations between them."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from duban.evaluate.scores import HEADINGS, LABELS, PROBLEM_ENDS
from duban.matches import KINDS, PROBLEM_KINDS
from duban.records import FIELDS

GOLD_LAYERS = ("boilerplate", "title", "sections", "items", "entities", "targets", "tasks", "problems")
#: Label of a heading -> its kind.
SECTIONS = {"TITLE": "title", "SECTION": "section", "ITEM": "item"}
BOILERPLATE, TARGET, TASK, PROBLEM = "BOILERPLATE", "TARGET", "TASK", "PROBLEM"
#: Gold layer -> the labels of its regions.
LAYER_LABELS: dict[str, tuple[str, ...]] = {
    "boilerplate": (BOILERPLATE,), **{layer: (kind.upper(),) for layer, kind in HEADINGS.items()},
    "entities": LABELS, "targets": (TARGET,), "tasks": (TASK,), "problems": (PROBLEM,),
}  # fmt: skip
#: Relation -> the label of the words at its end, where they are nothing by themselves.
LINKS = {"indicator": "INDICATOR_WORDS", "period": "PERIOD", "lead": "ACTOR", "support": "ACTOR", "deadline": "PERIOD", "cue": "CUE",
         **dict.fromkeys(PROBLEM_ENDS, "SUBJECT")}
#: Label -> the relations that begin there.
RELATIONS = {TARGET: ("indicator", "period"), TASK: ("lead", "support", "deadline"), PROBLEM: ("cue", *PROBLEM_ENDS, "period")}
#: Relations that may end at an entity: the labels it may have.
ENTITY_ENDS: dict[str, Sequence[str]] = {"indicator": ("INDICATOR",), **dict.fromkeys(("lead", "support", *PROBLEM_ENDS), LABELS)}


def _closed(layer: str, name: str) -> list[str]:
    """The values of a field that has a closed set of them."""
    (field,) = (field for field in FIELDS[layer] if field.name == name)
    return [value for value in field.schema["enum"] if value is not None]


#: Question -> its answers, where there is a closed set of them; to the others words or numbers are the answer.
CHOICES: dict[str, Sequence[str]] = {
    "boilerplate_kind": KINDS,
    **{name: _closed("targets", name) for name in ("comparator", "kind", "direction", "status")},
    "redacted": ["yes"],
    "problem_kind": PROBLEM_KINDS,
}
WORDS = ("canon", "marker", "unit", "indicator_canon", "value", "value_max")
NUMBERS = ("level", "number")
#: Label -> the questions about it that have a closed set of answers.
CHOICES_OF = {BOILERPLATE: ("boilerplate_kind",), TARGET: ("comparator", "kind", "direction", "status", "redacted"), PROBLEM: ("problem_kind",)}


def labels(layers: Collection[str] = GOLD_LAYERS) -> list[str]:
    """The labels that readers of these layers need, those of the ends of relations last.

    >>> labels(["targets"])
    ['TARGET', 'INDICATOR_WORDS', 'PERIOD']
    """
    own = [label for layer in LAYER_LABELS if layer in layers for label in LAYER_LABELS[layer]]
    return [*own, *dict.fromkeys(LINKS[name] for name in relations(layers))]


def relations(layers: Collection[str] = GOLD_LAYERS) -> list[str]:
    """The relations that readers of these layers need."""
    return list(dict.fromkeys(name for _, name in _begun(layers)))


def ends(name: str, layers: Collection[str] = GOLD_LAYERS) -> tuple[list[str], list[str]]:
    """The labels that a relation begins and ends at.

    >>> ends("indicator")
    (['TARGET'], ['INDICATOR', 'INDICATOR_WORDS'])
    """
    entities = [label for label in ENTITY_ENDS.get(name, ()) if "entities" in layers]
    return [label for label, begun in _begun(layers) if begun == name], [*entities, LINKS[name]]


def _begun(layers: Collection[str]) -> Iterator[tuple[str, str]]:
    for layer in LAYER_LABELS:
        if layer in layers:
            yield from ((label, name) for label in LAYER_LABELS[layer] for name in RELATIONS.get(label, ()))
