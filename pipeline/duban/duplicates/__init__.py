"""Versions of one document in a batch: copies with words swapped, figures blanked, parts moved or cut.

Two documents are versions of each other when their 5-grams have a Jaccard similarity of at least ``THRESHOLD`` (figures and
blanks folded, see ``fingerprint``) and of the figures that both tell in the same place two thirds are the same: a bulletin with the
words of last month's and other figures is another document.

One version is kept, by this rule: the one that tells the most figures; of those the earliest by date (one without a date comes
last); then the longest; then the one given first. In that order each document is compared with those kept before it, and left
out if it is a version of one. So all that is left out is similar to what stands for it, never merely to a third.

Up to 10,000 documents all pairs are found exactly; above that by MinHash (the extra ``near``), as an estimate.
"""
from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy

from duban.duplicates.exact import ExactIndex
from duban.duplicates.fingerprint import Fingerprint, agreement, fingerprint
from duban.duplicates.near import EXACT, NearIndex, sketch
from duban.tables.files import Columns, write_rows

__all__ = ["COLUMNS", "EXACT", "METHODS", "THRESHOLD", "Batch", "Duplicate", "distinct", "find", "write_duplicates"]

Json = Mapping[str, Any]
#: Versions made of real documents lie above it, different speeches of the same kind far below (see docs/versions.md).
THRESHOLD = 0.35
#: The share of figures told by both that must be the same.
SAME_FIGURES = 2 / 3
METHODS = ("auto", "exact", "minhash")
COLUMNS: Columns = {
    "document": "text", "duplicate_of": "text", "similarity": "number", "contained": "number", "figures": "number", "method": "code", "threshold": "number",
}  # fmt: skip


class Duplicate(NamedTuple):
    """A document that is a version of another, which stands for it.

    ``similarity``: the Jaccard similarity of the two; ``contained``: how much of the shorter is in the longer; ``figures``: the
    share of figures that say the same, of those both tell (None: none); ``method``: ``exact``, or ``minhash`` for an estimate.
    """

    document: str
    duplicate_of: str
    similarity: float
    contained: float
    figures: float | None
    method: str
    threshold: float


class Batch:
    """Documents to find versions among, taken one at a time; of each little is kept.

    Memory: 8 bytes a character, about 24 when they are compared; above ``EXACT`` documents about 4 KB a document instead.
    """

    def __init__(self, threshold: float = THRESHOLD, method: str = "auto") -> None:
        self.threshold = threshold
        self._limit = {"auto": EXACT, "minhash": 0}.get(method)
        self._known: list[Fingerprint] = []
        self._sketches: list[Any] | None = None

    def __len__(self) -> int:
        return len(self._known)

    def add(self, record: Json) -> None:
        """Take a record; of its layers only ``boilerplate`` is needed. Raises DubanError DB217 (datasketch is missing)."""
        self._known.append(fingerprint(record))
        if self._sketches is None and self._limit is not None and len(self) > self._limit:
            self._sketches = []
        if self._sketches is not None:
            for i in range(len(self._sketches), len(self)):
                self._sketches.append(sketch(self._known[i].grams))
                self._known[i] = self._known[i]._replace(grams=numpy.empty(0, numpy.uint64))

    def duplicates(self) -> dict[int, Duplicate]:
        """What is left out: the position of a document, in the order they were taken, and what it is a version of."""
        known, found = self._known, {}
        index: ExactIndex | NearIndex = (
            ExactIndex([one.grams for one in known], self.threshold) if self._sketches is None else NearIndex(self._sketches, self.threshold)
        )
        for i in sorted(range(len(known)), key=lambda i: (-known[i].told, known[i].date or "9999", -known[i].size, i)):
            versions = [(value, -j) for j, value in index.similar(i) if self._same(known[i], known[j])]
            if versions:
                value, j = max(versions)
                found[i] = self._duplicate(known[i], known[-j], value)
            else:
                index.keep(i)
        return dict(sorted(found.items()))

    def _same(self, one: Fingerprint, other: Fingerprint) -> bool:
        figures = agreement(one, other)
        return figures is None or figures >= SAME_FIGURES

    def _duplicate(self, one: Fingerprint, other: Fingerprint, value: float) -> Duplicate:
        common = value * (one.size + other.size) / (1 + value)
        contained = min(1.0, common / min(one.size, other.size))
        figures = agreement(one, other)
        method = "exact" if self._sketches is None else "minhash"
        return Duplicate(one.id, other.id, round(value, 4), round(contained, 4), None if figures is None else round(figures, 4), method, self.threshold)


def find(records: Iterable[Json], threshold: float = THRESHOLD, method: str = "auto") -> list[Duplicate]:
    """The documents that are versions of others, in their order, each with the one that stands for it.

    ``threshold``: the least Jaccard similarity, above 0, at most 1; ``method``: ``exact``, ``minhash``, or ``auto`` (exact up to
    10,000 documents). Raises DubanError DB217 (datasketch is missing).

    >>> import duban
    >>> texts = {"a": "会议要求，市发改委牵头，确保全年固定资产投资增长8%，加快项目建设。", "b": "会议要求，市发改委牵头，确保全年固定资产投资增长**%。"}
    >>> records = [duban.to_record(duban.process(text, name=name)) for name, text in texts.items()]
    >>> [(one.document, one.duplicate_of, one.contained) for one in find(records)]
    [('b', 'a', 1.0)]
    """
    batch = Batch(threshold, method)
    for record in records:
        batch.add(record)
    return list(batch.duplicates().values())


def distinct(
    records: Iterable[Json], threshold: float = THRESHOLD, method: str = "auto", told: Callable[[int, list[Duplicate]], None] = lambda count, left_out: None,
) -> Iterator[Json]:
    """The records without those of versions, in their order; which ones these are is known at the end of the records only.

    Till then the records wait in a temporary file. ``told`` is called with the number of documents and those left out, before
    the first comes out. Raises DubanError DB217 (datasketch is missing).

    >>> record = {"id": "a", "text": "今年新增就业3万人。", "meta": {}, "boilerplate": []}
    >>> [kept["id"] for kept in distinct([record, {**record, "id": "b"}])]
    ['a']
    """
    batch = Batch(threshold, method)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="\n") as waiting:
        for record in records:
            batch.add(record)
            waiting.write(json.dumps(record, ensure_ascii=False) + "\n")
        left_out = batch.duplicates()
        told(len(batch), list(left_out.values()))
        waiting.seek(0)
        for number, line in enumerate(waiting):
            if number not in left_out:
                yield json.loads(line)


def write_duplicates(found: Iterable[Duplicate], path: str | Path) -> int:
    """Write a row a document left out as ``.csv``, ``.parquet``, ``.xlsx`` or ``.jsonl``; returns their number.

    Raises DubanError DB513, DB121.
    """
    return write_rows((one._asdict() for one in found), COLUMNS, path)
