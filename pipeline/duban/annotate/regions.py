"""What all annotation tools have in common: regions with labels and answers, links between them; records to it, it to gold."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from duban.annotate.labels import BOILERPLATE, GOLD_LAYERS, LINKS, PROBLEM, SECTIONS, TARGET, TASK
from duban.errors import DubanError
from duban.evaluate.scores import LABELS, PROBLEM_ENDS, text_hash
from duban.matches import PROBLEM_KINDS, Span
from duban.messages import message

Json = dict[str, Any]


@dataclass(slots=True)
class Region:
    """A stretch of text with a label, and what was answered about it: by question, words, a number or one of a closed set."""

    label: str
    start: int
    end: int
    answers: Json = field(default_factory=dict)


class Link(NamedTuple):
    """A relation between two regions, by their ids."""

    owner: str
    name: str
    end: str


@dataclass(slots=True)
class Annotation:
    """The regions of a text by their ids, in text order as far as the tool keeps it, and the links between them.

    ``layers``: what its readers go through; ``model``: what made it, where that was no reader.
    """

    name: str
    text: str
    regions: dict[str, Region] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    layers: Sequence[str] = GOLD_LAYERS
    model: str = ""

    def wrong(self, key: str, value: object = None) -> DubanError:
        """The error of an annotation in which something is missing or, where a value is given, is not what it must be."""
        return wrong(self.name, key, value)


def wrong(path: object, key: str, value: object = None) -> DubanError:
    """DB111: what is missing in a file of annotations or, where a value is given, is not what it must be."""
    return DubanError("DB111", path=path, reason=message("reason.key", key=key) if value is None else message("reason.value", key=key, value=value))


def _check_name(name: str) -> None:
    if not name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise wrong(repr(name), "doc")


# ---- from a record


def of_record(record: Mapping[str, Any], layers: Collection[str] = GOLD_LAYERS) -> Annotation:
    """What a record found in these layers, as the annotation a reader starts from.

    Raises DubanError DB111: an id that is no name of a file below a folder, which gold could not have.
    """
    _check_name(record["id"])
    facts = record["pipeline"]
    model = f"{facts['name']} {facts['version']} {facts['lexicon']}"
    return _Writing(Annotation(record["id"], record["text"], layers=[layer for layer in GOLD_LAYERS if layer in layers], model=model)).whole(record)


class _Writing:
    def __init__(self, out: Annotation) -> None:
        self.out = out
        self._ends: dict[tuple[str, int, int], str] = {}

    def whole(self, record: Mapping[str, Any]) -> Annotation:
        layers = self.out.layers
        if "boilerplate" in layers:
            for part in record["boilerplate"]:
                self._region(part["id"], part, BOILERPLATE, boilerplate_kind=part["kind"])
        for section in record["sections"]:
            label = section["kind"].upper()
            if {"TITLE": "title", "SECTION": "sections", "ITEM": "items"}[label] in layers:
                self._region(section["id"], section["heading"], label, level=section["level"], number=section["number"], marker=section["marker"])
        if "entities" in layers:
            for entity in record["entities"]:
                self._region(entity["id"], entity, entity["label"], canon=entity["canon"])
        for layer, write in (("targets", self._target), ("tasks", self._task), ("problems", self._problem)):
            for match in record.get(layer, ()) if layer in layers else ():
                write(match)
        return self.out

    def _target(self, target: Mapping[str, Any]) -> None:
        answers = {name: target[name] for name in ("comparator", "kind", "direction", "status", "unit", "value", "value_max")}
        answers.update(redacted="yes" if target["redacted"] else None, indicator_canon=(target["indicator"] or {}).get("canon"))
        self._region(target["id"], target, TARGET, **answers)
        self._link(target["id"], "indicator", target["indicator"])
        self._link(target["id"], "period", target["period"])

    def _task(self, task: Mapping[str, Any]) -> None:
        self._region(task["id"], task, TASK)
        for name in ("lead", "support"):
            self._link(task["id"], name, *task[name])
        self._link(task["id"], "deadline", task["deadline"])

    def _problem(self, problem: Mapping[str, Any]) -> None:
        self._region(problem["id"], problem, PROBLEM, problem_kind=problem["kind"])
        for name in PROBLEM_ENDS:
            self._link(problem["id"], name, *problem[name])
        self._link(problem["id"], "cue", problem["cue"])
        self._link(problem["id"], "period", problem["period"])

    def _region(self, name: str, span: Mapping[str, Any], label: str, **answers: Any) -> None:
        given = {key: answer for key, answer in answers.items() if answer is not None and answer != ""}
        self.out.regions[name] = Region(label, span["start"], span["end"], given)

    def _link(self, owner: str, relation: str, *ends: Mapping[str, Any] | None) -> None:
        for end in ends:
            if end:
                name = end.get("entity")
                if name not in self.out.regions:
                    name = self._words(LINKS[relation], end)
                self.out.links.append(Link(owner, relation, name))

    def _words(self, label: str, span: Mapping[str, Any]) -> str:
        """The region of words at the end of a relation: one, however many relations end there."""
        key = label, span["start"], span["end"]
        if key not in self._ends:
            self._ends[key] = f"w{len(self._ends) + 1}"
            self._region(self._ends[key], span, label)
        return self._ends[key]


# ---- what a tool has no place for


def packed(annotation: Annotation) -> Json:
    """Regions, answers, links and layers as plain JSON, without the text, for a tool to carry along."""
    at = {name: i for i, name in enumerate(annotation.regions)}
    return {
        "layers": list(annotation.layers),
        "regions": [[region.start, region.end, region.label, region.answers] for region in annotation.regions.values()],
        "links": [[at[link.owner], link.name, at[link.end]] for link in annotation.links],
    }


def unpacked(name: str, text: str, known: Mapping[str, Any]) -> Annotation:
    """What ``packed`` packed. Raises DubanError DB111 for anything else."""
    try:
        regions = {str(i): Region(str(label), int(start), int(end), dict(answers)) for i, (start, end, label, answers) in enumerate(known["regions"])}
        links = [Link(str(int(owner)), str(relation), str(int(end))) for owner, relation, end in known["links"]]
        return Annotation(name, text, regions, links, [layer for layer in GOLD_LAYERS if layer in known["layers"]])
    except (KeyError, TypeError, ValueError):
        raise wrong(name, "duban") from None


def completed(annotation: Annotation, origin: Annotation, *, links: bool) -> Annotation:
    """The annotation with what its tool could not show: answers (and ``links``, where it shows none) of what it was given.

    A region is the one it was where label and place are the same, and else where it overlaps one of the same label that is
    no longer there: its bounds were corrected.

    >>> given = Annotation("a", "增长6%以上", {"t1": Region("TARGET", 2, 4, {"kind": "growth"})})
    >>> completed(Annotation("a", "增长6%以上", {"1": Region("TARGET", 2, 6)}), given, links=False).regions["1"].answers
    {'kind': 'growth'}
    """
    same = _same(annotation.regions, origin.regions)
    regions = {
        name: Region(region.label, region.start, region.end, {**origin.regions[same[name]].answers, **region.answers}) if name in same else region
        for name, region in annotation.regions.items()
    }
    now = {then: name for name, then in same.items()}
    kept = [Link(now[owner], name, now[end]) for owner, name, end in origin.links if owner in now and end in now] if links else annotation.links
    return Annotation(annotation.name, annotation.text, regions, kept, origin.layers)


def _same(regions: Mapping[str, Region], origin: Mapping[str, Region]) -> dict[str, str]:
    """Region -> the one of the origin that it was."""
    waiting: dict[tuple[str, int, int], list[str]] = {}
    for name, region in origin.items():
        waiting.setdefault((region.label, region.start, region.end), []).append(name)
    same: dict[str, str] = {}
    for name, region in regions.items():
        if left := waiting.get((region.label, region.start, region.end)):
            same[name] = left.pop(0)
    gone = {name: origin[name] for left in waiting.values() for name in left}
    for name, region in regions.items():
        if name not in same and (near := [then for then, known in gone.items() if known.label == region.label and _shared(known, region) > 0]):
            same[name] = max(near, key=lambda then: _shared(gone[then], region))
            del gone[same[name]]
    return same


def _shared(a: Region, b: Region) -> int:
    return min(a.end, b.end) - max(a.start, b.start)


# ---- to gold


def located(text: str, parts: Sequence[Span], words: str | None) -> list[Span] | None:
    """Offsets in code points of parts that a tool says hold these words; None where they do not.

    A browser counts what lies beyond the BMP twice.

    >>> located("𠮷水镇", [Span(2, 4)], "水镇")
    [Span(start=1, end=3)]
    """
    if words is None:
        return list(parts)
    units = text.encode("utf-16-le", "surrogatepass")
    moved = [Span(*(len(units[: 2 * offset].decode("utf-16-le", "ignore")) for offset in part)) for part in parts]
    for read in (str, _bare):  # to the letter, or else in the same letters
        for found in (list(parts), moved):
            if read(" ".join(text[start:end] for start, end in found)) == read(words):
                return found
    return None


def _bare(words: str) -> str:
    """Words without white space, which tools write in their own ways."""
    return "".join(words.replace("\\n", "\n").split())


def gold(annotation: Annotation, layers: Collection[str] | None = None) -> Json:
    """The object of a gold file; ``layers``: what the readers went through, if other than the annotation says.

    Raises DubanError DB111: a name that is none of a file below a folder, a region outside the text, an answer that is none.
    """
    _check_name(annotation.name)
    for region in annotation.regions.values():
        if not 0 <= region.start < region.end <= len(annotation.text):
            raise annotation.wrong(region.label, [region.start, region.end])
    return _Gold(annotation).whole([layer for layer in GOLD_LAYERS if layer in (layers or annotation.layers)])


class _Gold:
    def __init__(self, annotation: Annotation) -> None:
        self.annotation, self.text, self.regions = annotation, annotation.text, annotation.regions
        self.links: dict[tuple[str, str], list[str]] = {}
        for link in annotation.links:
            self.links.setdefault((link.owner, link.name), []).append(link.end)

    def whole(self, layers: Sequence[str]) -> Json:
        known = {"doc": self.annotation.name, "sha256": text_hash(self.text), "windows": [[0, len(self.text)]], "layers": list(layers)}
        kinds = {kind for layer, kind in (("title", "title"), ("sections", "section"), ("items", "item")) if layer in layers}
        return {
            **known,
            "boilerplate": [self._boilerplate(r) for r in self._of(BOILERPLATE)] if "boilerplate" in layers else [],
            "sections": [self._section(r) for r in self._of(*SECTIONS) if SECTIONS[self.regions[r].label] in kinds],
            "entities": [self._entity(r) for r in self._of(*LABELS)] if "entities" in layers else [],
            "targets": [self._target(r) for r in self._of(TARGET)] if "targets" in layers else [],
            "tasks": [self._task(r) for r in self._of(TASK)] if "tasks" in layers else [],
            **({"problems": [self._problem(r) for r in self._of(PROBLEM)]} if "problems" in layers else {}),
        }

    def _of(self, *labels: str) -> list[str]:
        """The regions with one of these labels, in text order."""
        return sorted((name for name, region in self.regions.items() if region.label in labels), key=self._span)

    def _span(self, region: str) -> list[int]:
        return [self.regions[region].start, self.regions[region].end]

    def _place(self, region: str) -> Json:
        start, end = self._span(region)
        return {"start": start, "end": end}

    def _quote(self, region: str) -> Json:
        start, end = self._span(region)
        return {"start": start, "end": end, "text": self.text[start:end]}

    def _answer(self, region: str, name: str) -> Any:
        return self.regions[region].answers.get(name)

    def _number(self, region: str, name: str) -> int | float | None:
        """An answer that is a number, or says one."""
        answer = self._answer(region, name)
        if answer is None:
            return None
        try:
            said = str(answer).strip()
            number = int(said) if said.lstrip("-").isdigit() else float(said)
        except ValueError:
            number = float("nan")
        if not isfinite(number):
            raise self.annotation.wrong(f"{region}.{name}", answer)
        return number

    def _ends(self, region: str, relation: str) -> list[list[int]]:
        return sorted(self._span(end) for end in self.links.get((region, relation), ()) if end in self.regions)

    def _end(self, region: str, relation: str) -> list[int] | None:
        return next(iter(self._ends(region, relation)), None)

    def _boilerplate(self, region: str) -> Json:
        return {**self._place(region), "kind": self._answer(region, "boilerplate_kind")}

    def _section(self, region: str) -> Json:
        kind = SECTIONS[self.regions[region].label]
        level = self._number(region, "level")
        own = {"level": (0 if kind == "title" else 1) if level is None else level, "number": self._number(region, "number")}
        return {"kind": kind, "heading": self._span(region), **own, "marker": self._answer(region, "marker")}

    def _entity(self, region: str) -> Json:
        return {**self._quote(region), "label": self.regions[region].label, "canon": self._answer(region, "canon")}

    def _target(self, region: str) -> Json:
        return {
            **self._quote(region),
            "value": self._number(region, "value"), "value_max": self._number(region, "value_max"), "unit": self._answer(region, "unit") or "",
            "redacted": self._answer(region, "redacted") is not None, "comparator": self._answer(region, "comparator") or "=",
            **{name: self._answer(region, name) for name in ("kind", "direction", "status", "indicator_canon")},
            "indicator": self._end(region, "indicator"), "period": self._end(region, "period"),
        }  # fmt: skip

    def _task(self, region: str) -> Json:
        ends = {"lead": self._ends(region, "lead"), "support": self._ends(region, "support")}
        return {**self._place(region), **ends, "deadline": self._end(region, "deadline")}

    def _problem(self, region: str) -> Json:
        kind = self._answer(region, "problem_kind")
        if kind not in PROBLEM_KINDS:
            raise self.annotation.wrong(f"{region}.problem_kind", kind)
        ends = {name: self._ends(region, name) for name in PROBLEM_ENDS}
        return {**self._quote(region), "kind": kind, "cue": self._end(region, "cue"), **ends, "period": self._end(region, "period")}
