"""Label Studio: a region has its answers on it, a prediction is what readers start from.

``config`` is the labelling interface for a project's settings; ``to_task`` makes a task to import, ``from_task`` reads one
of its export in the format JSON: the last annotation that was not cancelled.
"""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from duban.annotate.labels import CHOICES, GOLD_LAYERS, NUMBERS, WORDS, labels, relations
from duban.annotate.regions import Annotation, Json, Link, Region, located, wrong
from duban.errors import DubanError
from duban.matches import Span
from duban.messages import message

SUFFIX = ".json"


def config(layers: Collection[str] = GOLD_LAYERS) -> str:
    """The labelling interface, for Label Studio's settings of a project.

    >>> config(["entities"]).count("<Label ")
    4
    """
    names = "".join(f'<Label value="{name}"/>' for name in labels(layers))
    choices = "".join(
        f'<Choices name="{name}" toName="text" perRegion="true">{"".join(f"""<Choice value="{escape(value)}"/>""" for value in values)}</Choices>'
        for name, values in CHOICES.items()
    )
    words = "".join(f'<TextArea name="{name}" toName="text" perRegion="true"/>' for name in WORDS)
    numbers = "".join(f'<Number name="{name}" toName="text" perRegion="true"/>' for name in NUMBERS)
    links = "".join(f'<Relation value="{name}"/>' for name in relations(layers))
    return (
        f'<View><Labels name="label" toName="text">{names}</Labels><Text name="text" value="$text" granularity="symbol"/>'
        f"<Relations>{links}</Relations>{choices}{words}{numbers}</View>"
    )


def write(annotations: Iterable[Annotation], path: Path) -> None:
    """The tasks, as one JSON list."""
    path.write_text(json.dumps([to_task(annotation) for annotation in annotations], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Iterator[Annotation | DubanError]:
    """What was done in an export; a task in which nothing was as its error. Raises DubanError DB101, DB108, DB111."""
    from duban import readers

    with readers.opened(path, str(path)) as file:
        raw = file.read()
    try:
        tasks = json.loads(raw)
    except ValueError as error:
        raise DubanError("DB111", path=path, reason=message("reason.json", reason=error)) from None
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise DubanError("DB111", path=path, reason=message("reason.tasks"))
    for task in tasks:
        try:
            yield from_task(task)
        except DubanError as error:
            yield error


# ---- there


def to_task(annotation: Annotation) -> Json:
    """A task, with the annotation as its prediction.

    >>> task = to_task(Annotation("a", "增长6%", {"t1": Region("TARGET", 2, 4, {"kind": "growth"})}, layers=["targets"]))
    >>> [(part["from_name"], part["value"]) for part in task["predictions"][0]["result"]][1]
    ('kind', {'start': 2, 'end': 4, 'choices': ['growth']})
    """
    links = [{"type": "relation", "from_id": link.owner, "to_id": link.end, "direction": "right", "labels": [link.name]} for link in annotation.links]
    result = [part for name, region in annotation.regions.items() for part in _region(name, region, annotation.text)]
    data = {"text": annotation.text, "doc": annotation.name, "layers": list(annotation.layers)}
    return {"data": data, "predictions": [{"model_version": annotation.model, "result": result + links}]}


def _region(name: str, region: Region, text: str) -> Iterator[Json]:
    place = {"start": region.start, "end": region.end}
    base = {"id": name, "to_name": "text"}
    yield {**base, "from_name": "label", "type": "labels", "value": {**place, "text": text[region.start : region.end], "labels": [region.label]}}
    for key, answer in region.answers.items():
        if key in CHOICES:
            yield {**base, "from_name": key, "type": "choices", "value": {**place, "choices": [answer]}}
        elif key in NUMBERS:
            yield {**base, "from_name": key, "type": "number", "value": {**place, "number": answer}}
        else:
            yield {**base, "from_name": key, "type": "textarea", "value": {**place, "text": [str(answer)]}}


# ---- and back


def from_task(task: Mapping[str, Any]) -> Annotation:
    """What was done in an exported task.

    Raises DubanError DB111: no text, no annotation, a region that is none, or does not lie where its words are.
    """
    data = task.get("data", {})
    name, text = data.get("doc"), data.get("text")
    if not isinstance(text, str) or not isinstance(name, str):
        raise wrong(f"data.doc {name!r}", "data")
    done = [annotation for annotation in task.get("annotations", ()) if not annotation.get("was_cancelled")]
    if not done:
        raise wrong(name, "annotations")
    out = Annotation(name, text, layers=data.get("layers") or GOLD_LAYERS)
    try:
        for part in done[-1].get("result", ()):
            _add(out, part)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, DubanError):
            raise
        raise wrong(name, f"annotations.result ({error})") from None
    out.regions = {name: region for name, region in out.regions.items() if region.label}  # the others were answered about and then taken away
    return out


def _add(out: Annotation, part: Mapping[str, Any]) -> None:
    if part["type"] == "relation":
        out.links += [Link(part["from_id"], label, part["to_id"]) for label in part.get("labels") or ()]
        return
    value, name = part["value"], part["id"]
    region = out.regions.setdefault(name, Region("", 0, 0))
    if part["type"] == "labels":
        found = located(out.text, [Span(int(value["start"]), int(value["end"]))], value.get("text"))
        if found is None:
            raise out.wrong(f"{name}.text", value["text"])
        region.label, (region.start, region.end) = value["labels"][0], found[0]
        return
    region.answers[part["from_name"]] = value["number"] if part["type"] == "number" else (value.get("choices") or value.get("text") or [None])[0]
