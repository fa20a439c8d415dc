"""What a companion learns from: gold by document into three parts, and the pieces of the Docs with the rules' and the gold's spans.

The companion learns from ``train``; ``dev`` chooses among the states it passes through; ``held_out`` is kept from both, and is
what ``duban evaluate --companion`` measures on.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Span

from duban import duplicates
from duban.companion import KEY, pieces
from duban.errors import DubanError
from duban.evaluate.gold import merged
from duban.evaluate.scores import Gold
from duban.records import to_record

#: The share of the documents that is held out, and that is used to choose.
HELD_OUT, DEV = 0.2, 0.1


class Split(NamedTuple):
    """The parts of the documents, by name."""

    train: list[str]
    dev: list[str]
    held_out: list[str]


def split(names: Iterable[str], held_out: float = HELD_OUT, dev: float = DEV, versions: Mapping[str, str] | None = None) -> Split:
    """Documents into three parts by a hash of their names, so that one stays where it is when others come and go.

    Each part has at least one. ``versions``: a document that is a version of another goes where that one goes.
    Raises DubanError DB114 (fewer than three that are no versions).

    >>> [len(part) for part in split(map(str, range(100)))]
    [70, 16, 14]
    """
    names, versions = sorted(names), versions or {}
    own = sorted((_position(name), name) for name in names if name not in versions)
    if len(own) < len(Split._fields):
        raise DubanError("DB114", count=len(own), needed=len(Split._fields))
    places = [position for position, _ in own]
    first = min(max(1, sum(place < held_out for place in places)), len(own) - 2)
    second = min(max(first + 1, sum(place < held_out + dev for place in places)), len(own) - 1)
    part = {name: ("held_out" if i < first else "dev" if i < second else "train") for i, (_, name) in enumerate(own)}
    return Split(*([name for name in names if part[versions.get(name, name)] == wanted] for wanted in Split._fields))


def _position(name: str) -> float:
    """Where a name stands between 0 and 1.

    >>> _position("a") == _position("a") < 1
    True
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big") / 256**7


def versions(docs: Mapping[str, Doc]) -> dict[str, str]:
    """The documents that are versions of others, and of which."""
    known = ({**to_record(doc), "id": name} for name, doc in docs.items())
    return {one.document: one.duplicate_of for one in duplicates.find(known, method="exact")}


def by_document(golds: Iterable[Gold]) -> dict[str, list[Gold]]:
    """The gold files that say of entities which there are, by document: two texts of one name get names of their own.

    >>> golds = [{"doc": "a", "sha256": digest, "layers": ["entities"]} for digest in ("0123456789", "0123456789", "abcdefghij")]
    >>> {name: len(files) for name, files in by_document(golds).items()}
    {'a': 2, 'a.abcdefgh': 1}
    """
    names: dict[str, str] = {}
    out: dict[str, list[Gold]] = {}
    for gold in golds:
        if "entities" in gold["layers"]:
            digest = gold["sha256"]
            name = names.setdefault(digest, f"{gold['doc']}.{digest[:8]}" if gold["doc"] in out else gold["doc"])
            out.setdefault(name, []).append({**gold, "doc": name})
    return out


def examples(doc: Doc, golds: Sequence[Gold]) -> Iterator[Doc]:
    """The pieces of a Doc that the gold covers: the rules' entities in ``ents``, the gold's in ``spans["companion"]``.

    Gold that runs over the edge of a piece, or stands in what the rules take for boilerplate, is not learnt.

    >>> import duban
    >>> doc = duban.process("市财政局牵头。云上专班配合。")
    >>> gold = {"windows": [[7, 14]], "layers": ["entities"], "entities": [{"start": 7, "end": 11, "label": "DEPARTMENT"}]}
    >>> [(piece.text, [(span.text, span.label_) for span in piece.spans["companion"]]) for piece in examples(doc, [gold])]
    [('云上专班配合。', [('云上专班', 'DEPARTMENT')])]
    """
    spans = [doc.char_span(v["start"], v["end"], v["label"], alignment_mode="contract") for v in merged(golds, "entities")]
    ranges = list(pieces.bounds(doc, [window for gold in golds for window in gold["windows"]]))
    for (start, end), piece in zip(ranges, pieces.cut(doc, ranges), strict=True):
        inside = [span for span in spans if span is not None and start <= span.start and span.end <= end]
        piece.spans[KEY] = [Span(piece, span.start - start, span.end - start, label=span.label) for span in inside]
        yield piece
