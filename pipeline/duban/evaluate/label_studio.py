"""Records to Label Studio and back: what a reader corrected there comes back as gold.

A match is a region with one label; its attributes are answers on the same region; what it points to (indicator, period,
actors, deadline) is a region of its own at the end of a relation. ``CONFIG`` is the labelling interface, ``to_task`` a
task with the record as its prediction, ``to_gold`` the gold of an exported task (Label Studio's format JSON).
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import PurePosixPath
from typing import Any

from duban.errors import DubanError
from duban.evaluate.scores import LABELS, PROBLEM_ENDS, text_hash
from duban.matches import KINDS, PROBLEM_KINDS
from duban.messages import message
from duban.records import FIELDS

Json = dict[str, Any]
Span = tuple[int, int]

#: Gold layer -> the labels of its regions.
SECTIONS = {"TITLE": "title", "SECTION": "section", "ITEM": "item"}
BOILERPLATE, TARGET, TASK, PROBLEM = "BOILERPLATE", "TARGET", "TASK", "PROBLEM"
#: Relation -> the label of the words at its end, where they are nothing by themselves.
LINKS = {"indicator": "INDICATOR_WORDS", "period": "PERIOD", "lead": "ACTOR", "support": "ACTOR", "deadline": "PERIOD", "cue": "CUE",
         **dict.fromkeys(PROBLEM_ENDS, "SUBJECT")}
GOLD_LAYERS = ("boilerplate", "title", "sections", "items", "entities", "targets", "tasks", "problems")


def _closed(layer: str, name: str) -> list[str]:
    """The values of a field that has a closed set of them."""
    (field,) = (field for field in FIELDS[layer] if field.name == name)
    return [value for value in field.schema["enum"] if value is not None]


#: Attribute -> its values; those of a closed set are choices, the others words or numbers.
CHOICES: dict[str, Sequence[str]] = {
    "boilerplate_kind": KINDS,
    **{name: _closed("targets", name) for name in ("comparator", "kind", "direction", "status")},
    "redacted": ["yes"],
    "problem_kind": PROBLEM_KINDS,
}
WORDS = ("canon", "marker", "unit", "indicator_canon", "value", "value_max")
NUMBERS = ("level", "number")


def config() -> str:
    """The labelling interface, for Label Studio's settings of a project.

    >>> config().count("<Label ") > 10
    True
    """
    labels = "".join(f'<Label value="{name}"/>' for name in (*LABELS, *SECTIONS, BOILERPLATE, TARGET, TASK, PROBLEM, *dict.fromkeys(LINKS.values())))
    choices = "".join(
        f'<Choices name="{name}" toName="text" perRegion="true">{"".join(f"""<Choice value="{escape(value)}"/>""" for value in values)}</Choices>'
        for name, values in CHOICES.items()
    )
    words = "".join(f'<TextArea name="{name}" toName="text" perRegion="true"/>' for name in WORDS)
    numbers = "".join(f'<Number name="{name}" toName="text" perRegion="true"/>' for name in NUMBERS)
    relations = "".join(f'<Relation value="{name}"/>' for name in LINKS)
    return (
        f'<View><Labels name="label" toName="text">{labels}</Labels><Text name="text" value="$text" granularity="symbol"/>'
        f"<Relations>{relations}</Relations>{choices}{words}{numbers}</View>"
    )


# ---- there


def to_task(record: Mapping[str, Any]) -> Json:
    """A record as a task, with its findings as the prediction a reader starts from.

    >>> import duban
    >>> task = to_task(duban.to_record(duban.process("全市粮食产量不低于17万吨。", name="a")))
    >>> [region["value"]["labels"] for region in task["predictions"][0]["result"] if region["type"] == "labels"]
    [['INDICATOR'], ['TARGET']]
    """
    facts = record["pipeline"]
    prediction = {"model_version": f"{facts['name']} {facts['version']} {facts['lexicon']}", "result": list(_regions(record))}
    return {"data": {"text": record["text"], "doc": record["id"]}, "predictions": [prediction]}


def _regions(record: Mapping[str, Any]) -> Iterator[Json]:
    text = record["text"]
    for part in record["boilerplate"]:
        yield from _region(part["id"], part, BOILERPLATE, text, boilerplate_kind=part["kind"])
    for section in record["sections"]:
        label = section["kind"].upper()
        yield from _region(section["id"], section["heading"], label, text, level=section["level"], number=section["number"], marker=section["marker"])
    for entity in record["entities"]:
        yield from _region(entity["id"], entity, entity["label"], text, canon=entity["canon"])
    for target in record["targets"]:
        indicator = target["indicator"] or {}
        answers = {name: target[name] for name in ("comparator", "kind", "direction", "status", "unit", "value", "value_max")}
        answers.update(redacted="yes" if target["redacted"] else None, indicator_canon=indicator.get("canon"))
        yield from _region(target["id"], target, TARGET, text, **answers)
        yield from _link(target["id"], "indicator", [target["indicator"]], text)
        yield from _link(target["id"], "period", [target["period"]], text)
    for task in record["tasks"]:
        yield from _region(task["id"], task, TASK, text)
        for name in ("lead", "support"):
            yield from _link(task["id"], name, task[name], text)
        yield from _link(task["id"], "deadline", [task["deadline"]], text)
    for problem in record.get("problems", ()):
        yield from _region(problem["id"], problem, PROBLEM, text, problem_kind=problem["kind"])
        for name in PROBLEM_ENDS:
            yield from _link(problem["id"], name, problem[name], text)
        for name in ("cue", "period"):
            yield from _link(problem["id"], name, [problem[name]], text)


def _region(name: str, span: Mapping[str, Any], label: str, text: str, **answers: Any) -> Iterator[Json]:
    place = {"start": span["start"], "end": span["end"]}
    base = {"id": name, "to_name": "text"}
    yield {**base, "from_name": "label", "type": "labels", "value": {**place, "text": text[span["start"] : span["end"]], "labels": [label]}}
    for key, answer in answers.items():
        if answer is None or answer == "":
            continue
        if key in CHOICES:
            yield {**base, "from_name": key, "type": "choices", "value": {**place, "choices": [answer]}}
        elif key in NUMBERS:
            yield {**base, "from_name": key, "type": "number", "value": {**place, "number": answer}}
        else:
            yield {**base, "from_name": key, "type": "textarea", "value": {**place, "text": [str(answer)]}}


def _link(owner: str, relation: str, ends: Iterable[Mapping[str, Any] | None], text: str) -> Iterator[Json]:
    for i, end in enumerate(end for end in ends if end):
        name = end.get("entity") or f"{owner}-{relation}{i}"
        if not end.get("entity"):
            yield from _region(name, end, LINKS[relation], text)
        yield {"type": "relation", "from_id": owner, "to_id": name, "direction": "right", "labels": [relation]}


# ---- and back


def to_gold(task: Mapping[str, Any], layers: Sequence[str] = GOLD_LAYERS) -> Json:
    """The gold of an exported task, by its last annotation that was not cancelled; ``layers``: what the reader went through.

    Raises DubanError DB111: no text, no annotation, a region that is none, or does not lie where its words are.
    """
    data = task.get("data", {})
    name, text = data.get("doc"), data.get("text")
    if not isinstance(text, str) or not isinstance(name, str) or not name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise DubanError("DB111", path=f"data.doc {name!r}", reason=message("reason.key", key="data"))
    done = [annotation for annotation in task.get("annotations", ()) if not annotation.get("was_cancelled")]
    if not done:
        raise DubanError("DB111", path=name, reason=message("reason.key", key="annotations"))
    try:
        return _Annotation(name, text, done[-1].get("result", ())).gold(layers)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise DubanError("DB111", path=name, reason=message("reason.key", key=f"annotations.result ({error})")) from None


class _Annotation:
    """The regions of one annotation: where they are, what was answered about them, what they lead to."""

    def __init__(self, name: str, text: str, result: Iterable[Mapping[str, Any]]) -> None:
        self.name, self.text = name, text
        self.labels: dict[str, str] = {}
        self.spans: dict[str, Span] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.links: dict[tuple[str, str], list[str]] = {}
        for part in result:
            self._add(part)

    def _add(self, part: Mapping[str, Any]) -> None:
        if part["type"] == "relation":
            for label in part.get("labels") or ():
                self.links.setdefault((part["from_id"], label), []).append(part["to_id"])
            return
        value, region = part["value"], part["id"]
        if part["type"] == "labels":
            self.labels[region], self.spans[region] = value["labels"][0], self._span(region, value)
            return
        answer = value["number"] if part["type"] == "number" else (value.get("choices") or value.get("text") or [None])[0]
        self.answers.setdefault(region, {})[part["from_name"]] = answer

    def _span(self, region: str, value: Mapping[str, Any]) -> Span:
        """Offsets in code points; a browser counts what lies beyond the BMP twice."""
        start, end = int(value["start"]), int(value["end"])
        words = value.get("text")
        if words is None or _bare(self.text[start:end]) == _bare(words):
            return start, end
        units = self.text.encode("utf-16-le")
        start, end = (len(units[: 2 * offset].decode("utf-16-le", "ignore")) for offset in (start, end))
        if _bare(self.text[start:end]) != _bare(words):
            raise DubanError("DB111", path=self.name, reason=message("reason.value", key=f"{region}.text", value=words))
        return start, end

    def gold(self, layers: Sequence[str]) -> Json:
        """The gold file's object."""
        known = {"doc": self.name, "sha256": text_hash(self.text), "windows": [[0, len(self.text)]], "layers": list(layers)}
        headings = {"title": "title", "sections": "section", "items": "item"}
        kinds = {headings[layer] for layer in layers if layer in headings}
        return {
            **known,
            "boilerplate": [self._boilerplate(r) for r in self._of(BOILERPLATE)] if "boilerplate" in layers else [],
            "sections": [self._section(r) for r in self._of(*SECTIONS) if SECTIONS[self.labels[r]] in kinds],
            "entities": [self._entity(r) for r in self._of(*LABELS)] if "entities" in layers else [],
            "targets": [self._target(r) for r in self._of(TARGET)] if "targets" in layers else [],
            "tasks": [self._task(r) for r in self._of(TASK)] if "tasks" in layers else [],
            **({"problems": [self._problem(r) for r in self._of(PROBLEM)]} if "problems" in layers else {}),
        }

    def _of(self, *labels: str) -> list[str]:
        """The regions with one of these labels, in text order."""
        return sorted((region for region, label in self.labels.items() if label in labels), key=lambda region: self.spans[region])

    def _place(self, region: str) -> Json:
        start, end = self.spans[region]
        return {"start": start, "end": end}

    def _answer(self, region: str, name: str) -> Any:
        return self.answers.get(region, {}).get(name)

    def _ends(self, region: str, relation: str) -> list[list[int]]:
        return sorted(list(self.spans[end]) for end in self.links.get((region, relation), ()) if end in self.spans)

    def _end(self, region: str, relation: str) -> list[int] | None:
        return next(iter(self._ends(region, relation)), None)

    def _boilerplate(self, region: str) -> Json:
        return {**self._place(region), "kind": self._answer(region, "boilerplate_kind")}

    def _section(self, region: str) -> Json:
        kind = SECTIONS[self.labels[region]]
        level = self._answer(region, "level")
        own = {"level": (0 if kind == "title" else 1) if level is None else level, "number": self._answer(region, "number")}
        return {"kind": kind, "heading": list(self.spans[region]), **own, "marker": self._answer(region, "marker")}

    def _entity(self, region: str) -> Json:
        start, end = self.spans[region]
        return {**self._place(region), "text": self.text[start:end], "label": self.labels[region], "canon": self._answer(region, "canon")}

    def _target(self, region: str) -> Json:
        start, end = self.spans[region]
        return {
            **self._place(region), "text": self.text[start:end],
            "value": self._number(region, "value"), "value_max": self._number(region, "value_max"), "unit": self._answer(region, "unit") or "",
            "redacted": self._answer(region, "redacted") is not None, "comparator": self._answer(region, "comparator") or "=",
            **{name: self._answer(region, name) for name in ("kind", "direction", "status", "indicator_canon")},
            "indicator": self._end(region, "indicator"), "period": self._end(region, "period"),
        }  # fmt: skip

    def _number(self, region: str, name: str) -> float | None:
        answer = self._answer(region, name)
        try:
            return None if answer is None else int(answer) if answer.lstrip("-").isdigit() else float(answer)
        except ValueError:
            raise DubanError("DB111", path=self.name, reason=message("reason.value", key=f"{region}.{name}", value=answer)) from None

    def _task(self, region: str) -> Json:
        ends = {"lead": self._ends(region, "lead"), "support": self._ends(region, "support")}
        return {**self._place(region), **ends, "deadline": self._end(region, "deadline")}

    def _problem(self, region: str) -> Json:
        start, end = self.spans[region]
        ends = {name: self._ends(region, name) for name in PROBLEM_ENDS}
        return {
            **self._place(region), "text": self.text[start:end], "kind": self._answer(region, "problem_kind"), "cue": self._end(region, "cue"),
            **ends, "period": self._end(region, "period"),
        }  # fmt: skip


def _bare(words: str) -> str:
    """Words without white space, which Label Studio writes in its own way."""
    return "".join(words.replace("\\n", "\n").split())
