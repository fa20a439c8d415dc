"""A record as it is compared: its clean text, its sentences, and what each slot of a finding says and where."""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from duban.view import TextView

Json = Mapping[str, Any]
#: The layers that are compared; ``sentences`` are those of the body.
LAYERS = ("sections", "targets", "tasks", "sentences")


class Place(NamedTuple):
    """Where something stands in the source, and the words there."""

    start: int
    end: int
    text: str


class Slot(NamedTuple):
    """What a slot says, and where; without a place it says nothing."""

    value: Any
    place: Place | None


class Reading:
    """One version."""

    def __init__(self, record: Json) -> None:
        self.record = record
        view = TextView(record["text"])
        self.body = view.without(view.from_source(part["start"], part["end"]) for part in record["boilerplate"])
        self._sections = {section["id"]: section for section in record["sections"]}

    def place(self, part: Json) -> Place:
        return Place(part["start"], part["end"], self.record["text"][part["start"] : part["end"]])

    def clean(self, part: Json) -> str:
        """The words of a part as the body has them: in one form, without furniture and line ends."""
        return self.body.text[slice(*self.body.from_source(part["start"], part["end"]))].replace("\n", "")

    @cached_property
    def sentences(self) -> list[Json]:
        spans = [self.body.to_source(*span) for span in self.body.sentences]
        return [{"id": f"p{i}", "start": start, "end": end, "section": self._innermost(start)} for i, (start, end) in enumerate(spans, 1)]

    def _innermost(self, offset: int) -> str | None:
        """The id of the section around an offset; sections stand in the order in which they begin."""
        sections = self.record["sections"]
        at = bisect_right(sections, offset, key=lambda section: section["start"]) - 1
        known: str | None = sections[at]["id"] if at >= 0 else None
        while known is not None and self._sections[known]["end"] <= offset:
            known = self._sections[known]["parent"]
        return known

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence["start"] for sentence in self.sentences]

    def sentence(self, part: Json) -> int:
        """The sentence a part begins in (-1: none)."""
        return bisect_right(self._starts, part["start"]) - 1

    def items(self, layer: str) -> list[Json]:
        known: list[Json] = self.sentences if layer == "sentences" else self.record[layer]
        return known

    def words(self, item: Json) -> str:
        """The words of an item: of a section those of its head without the marker, which changes when another is left out."""
        head, marker = self.head(item), item.get("marker") or ""
        words = self.clean(head)
        return words[len(self.clean({"start": head["start"], "end": head["start"] + len(marker)})) :].lstrip("、.．，：") if marker else words

    def head(self, item: Json) -> Json:
        """What stands for an item: of a section its heading, or its first sentence where the heading is a marker alone (一是)."""
        heading: Json | None = item.get("heading")
        if heading is None or heading["end"] - heading["start"] > len(item["marker"] or ""):
            return heading or item
        sentence = self.sentences[max(0, self.sentence(item))]
        return {"start": item["start"], "end": max(heading["end"], min(item["end"], sentence["end"]))}

    def section(self, layer: str, item: Json) -> str | None:
        """The path of the section an item stands in; of a section its own."""
        section = item if layer == "sections" else self._sections.get(item["section"])
        return section["path"] if section else None

    def slots(self, layer: str, item: Json) -> dict[str, Slot]:
        """What an item says, slot by slot."""
        return {name: self._slot(item, name, read) for name, read in _SLOTS[layer].items()}

    def _slot(self, item: Json, name: str, read: Callable[[Json], Any]) -> Slot:
        if name == "words":
            return Slot(self.words(item), self.place(self.head(item)))
        value = read(item)
        if value is None or value == ():
            return Slot(value, None)
        said = item.get(name)
        if isinstance(said, Mapping):
            return Slot(value, self.place(said))
        if isinstance(said, list):
            return Slot(value, self.place({"start": said[0]["start"], "end": said[-1]["end"]}))
        if name == "marker":
            return Slot(value, self.place({"start": item["start"], "end": item["start"] + len(value)}))
        return Slot(value, self.place(self.head(item)))


def _own(name: str) -> Callable[[Json], Any]:
    return lambda item: item[name]


def _said(name: str, canon: str) -> Callable[[Json], Any]:
    """The canonical form of a part, else its words."""
    def read(item: Json) -> Any:
        part = item[name]
        return part and (part.get(canon) or part.get("text"))

    return read


def _names(name: str) -> Callable[[Json], Any]:
    return lambda item: tuple(actor["canon"] or "".join(actor["text"].split()) for actor in item[name])


_WORDS = {"words": _own("id")}
#: layer -> slot -> what an item says in it. The words themselves are read clean.
_SLOTS: dict[str, dict[str, Callable[[Json], Any]]] = {
    "sections": {**_WORDS, "marker": _own("marker"), "level": _own("level"), "kind": _own("kind")},
    "targets": {
        **{name: _own(name) for name in ("value", "value_max", "unit", "comparator", "redacted", "kind", "direction", "status")},
        "indicator": _said("indicator", "canon"), "period": _said("period", "value"), "scope": _said("scope", "canon"),
    },
    "tasks": {**_WORDS, "lead": _names("lead"), "support": _names("support"), "deadline": _said("deadline", "value")},
    "sentences": _WORDS,
}  # fmt: skip
