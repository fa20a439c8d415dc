"""doccano: one JSON object a line, spans as ``label`` triples or, for a project with relations, as ``entities`` and ``relations``.

doccano has no questions about a span: answers (and, in the plain form, links) travel in the example's metadata, under
``duban``, and come back with the spans they belong to. A project for several layers must allow overlapping spans.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from duban.annotate import lines
from duban.annotate.regions import Annotation, Json, Link, Region, completed, packed, unpacked, wrong
from duban.errors import DubanError

SUFFIX = ".jsonl"


def write(annotations: Iterable[Annotation], path: Path, *, relations: bool = False) -> None:
    """The examples to import, a line each; ``relations``: for a project that uses them."""
    lines.write((to_example(annotation, relations=relations) for annotation in annotations), path)


def read(path: Path) -> Iterator[Annotation | DubanError]:
    """The examples of an export (JSONL); one that is none as its error. Raises DubanError DB101, DB108."""
    return lines.read(path, from_example)


def to_example(annotation: Annotation, *, relations: bool = False) -> Json:
    """An annotation as doccano imports it.

    >>> given = Annotation("a", "增长6%", {"t1": Region("TARGET", 2, 4, {"kind": "growth"})})
    >>> to_example(given)["label"]
    [[2, 4, 'TARGET']]
    >>> to_example(given, relations=True)["entities"]
    [{'id': 0, 'label': 'TARGET', 'start_offset': 2, 'end_offset': 4}]
    """
    at = {name: i for i, name in enumerate(annotation.regions)}
    spans = [(region.start, region.end, region.label) for region in annotation.regions.values()]
    shown: Json = {"label": [list(span) for span in spans]}
    if relations:
        links = enumerate(annotation.links)
        shown = {
            "entities": [{"id": i, "label": label, "start_offset": start, "end_offset": end} for i, (start, end, label) in enumerate(spans)],
            "relations": [{"id": i, "from_id": at[link.owner], "to_id": at[link.end], "type": link.name} for i, link in links],
        }
    return {"text": annotation.text, **shown, "doc": annotation.name, "duban": packed(annotation)}


def from_example(example: Mapping[str, Any], name: str = "") -> Annotation:
    """What an exported example says; ``name``: what to call a document that is not one of ours.

    Raises DubanError DB111: no text, spans or relations that are none.

    >>> example = to_example(Annotation("a", "增长6%", {"t1": Region("TARGET", 2, 4, {"kind": "growth"})}))
    >>> from_example({"id": 7, **example, "label": [[2, 4, "TARGET"]]}).regions
    {'0': Region(label='TARGET', start=2, end=4, answers={'kind': 'growth'})}
    """
    meta = example.get("meta")
    known = {**meta, **example} if isinstance(meta, Mapping) else example  # once metadata came apart from the rest
    name, text = known.get("doc", name), known.get("text", known.get("data"))
    if not isinstance(text, str) or not isinstance(name, str):
        raise wrong(name, "text")
    linked = "entities" in known
    try:
        spans = [(str(s["id"]), s["start_offset"], s["end_offset"], s["label"]) for s in known["entities"]] if linked else \
            [(str(i), *span) for i, span in enumerate(known.get("label") or ())]  # fmt: skip
        regions = {key: Region(str(label), int(start), int(end)) for key, start, end, label in spans}
        links = [Link(str(r["from_id"]), str(r["type"]), str(r["to_id"])) for r in (known.get("relations") or () if linked else ())]
    except (KeyError, TypeError, ValueError) as error:
        raise wrong(name, f"{'entities' if linked else 'label'} ({error})") from None
    out = Annotation(name, text, regions, [link for link in links if {link.owner, link.end} <= regions.keys()])
    return completed(out, unpacked(name, text, known["duban"]), links=not linked) if known.get("duban") else out
