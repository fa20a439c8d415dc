"""Prodigy: one JSON object a line, with ``tokens`` (characters, so that every span is one of tokens), ``spans`` and ``relations``.

For ``spans.manual`` and ``rel.manual``; ``ner.manual`` takes no spans that overlap, so there one layer at a time. Prodigy
asks nothing about a span: answers travel in the task under ``duban``, which its pages do not show, and come back with
the spans they belong to. Its hashes are left to it.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from duban.annotate import lines
from duban.annotate.regions import Annotation, Json, Link, Region, completed, located, packed, unpacked, wrong
from duban.errors import DubanError
from duban.matches import Span

SUFFIX = ".jsonl"
_ACCEPTED = "accept"


def write(annotations: Iterable[Annotation], path: Path) -> None:
    """The tasks to read in, a line each."""
    lines.write((to_task(annotation) for annotation in annotations), path)


def read(path: Path) -> Iterator[Annotation | DubanError]:
    """What ``prodigy db-out`` wrote; a task that was not accepted, or is none, as its error. Raises DubanError DB101, DB108."""
    return lines.read(path, from_task)


def to_task(annotation: Annotation) -> Json:
    """An annotation as a task.

    >>> task = to_task(Annotation("a", "增长6%", {"t1": Region("TARGET", 2, 4, {"kind": "growth"})}))
    >>> task["spans"], task["tokens"][2]
    ([{'start': 2, 'end': 4, 'token_start': 2, 'token_end': 3, 'label': 'TARGET'}], {'text': '6', 'start': 2, 'end': 3, 'id': 2, 'ws': False})
    """
    spans = {
        name: {"start": region.start, "end": region.end, "token_start": region.start, "token_end": region.end - 1, "label": region.label}
        for name, region in annotation.regions.items()
    }
    ends = ((link.name, spans[link.owner], spans[link.end]) for link in annotation.links)
    return {
        "text": annotation.text,
        "tokens": [{"text": character, "start": i, "end": i + 1, "id": i, "ws": False} for i, character in enumerate(annotation.text)],
        "spans": list(spans.values()),
        "relations": [
            {"head": head["token_end"], "child": child["token_end"], "head_span": head, "child_span": child, "label": name} for name, head, child in ends
        ],
        "meta": {"doc": annotation.name},
        "duban": packed(annotation),
    }


def from_task(task: Mapping[str, Any], name: str = "") -> Annotation:
    """What a task says that was accepted; ``name``: what to call a document that is not one of ours.

    Raises DubanError DB111: no text, not accepted, spans or relations that are none.

    >>> task = to_task(Annotation("a", "增长6%", {"t1": Region("TARGET", 2, 4, {"kind": "growth"})}))
    >>> from_task({**task, "answer": "accept"}).regions
    {'0': Region(label='TARGET', start=2, end=4, answers={'kind': 'growth'})}
    """
    meta, text = task.get("meta"), task.get("text")
    name = meta["doc"] if isinstance(meta, Mapping) and isinstance(meta.get("doc"), str) else name
    if not isinstance(text, str):
        raise wrong(name, "text")
    if task.get("answer", _ACCEPTED) != _ACCEPTED:
        raise wrong(name, "answer", task["answer"])
    out = Annotation(name, text)
    try:
        for i, span in enumerate(task.get("spans") or ()):
            found = located(text, [Span(int(span["start"]), int(span["end"]))], span.get("text"))
            if found is None:
                raise wrong(name, f"spans[{i}].text", span["text"])
            out.regions[str(i)] = Region(str(span["label"]), *found[0])
        by_place = {(span["start"], span["end"], span["label"]): str(i) for i, span in enumerate(task.get("spans") or ())}
        for relation in task.get("relations") or ():
            ends = (by_place.get((span["start"], span["end"], span["label"])) for span in (relation["head_span"], relation["child_span"]))
            owner, end = ends
            if owner is not None and end is not None:
                out.links.append(Link(owner, str(relation["label"]), end))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, DubanError):
            raise
        raise wrong(name, f"spans ({error})") from None
    return completed(out, unpacked(name, text, task["duban"]), links="relations" not in task) if task.get("duban") else out
