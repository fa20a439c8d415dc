"""Documents that share much, found exactly: an inverted index of the grams that are rare in the batch.

Of two documents with a Jaccard similarity of at least t, each has the share t of its grams in common with the other. Put a
document's grams in order, those rarest in the batch first: but for its last share t − s, what it has in common with the other
begins early, and the share s of its grams is found among the first 1 − t + s of both. So only those are indexed: formulas that
every speech repeats come last and are never counted, and pairs that share few of the others are never looked at.

Memory: about 24 bytes a gram, of which each document has nearly as many as characters; a search works in blocks.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

import numpy
from numpy.typing import NDArray

from duban.duplicates.fingerprint import Hashes

Numbers = NDArray[Any]
#: The share s: the more, the fewer pairs are looked at in vain, and the longer the index.
_SLACK = 0.1
#: Grams sorted at a time, and index entries read at a time.
_BLOCK = 1 << 22


class ExactIndex:
    """The sets of grams of a batch, to ask which of those that were kept are similar to one.

    >>> sets = [numpy.array(known, numpy.uint64) for known in ([1, 2, 3, 4], [1, 2, 3, 5], [6, 7, 8, 9])]
    >>> index = ExactIndex(sets, 0.5)
    >>> index.keep(0)
    >>> index.similar(1), index.similar(2)
    ([(0, 0.6)], [])
    """

    def __init__(self, sets: Sequence[Hashes], threshold: float) -> None:
        self.threshold = threshold
        self.sizes = numpy.array([len(known) for known in sets], numpy.int64)
        self._least = numpy.array([_least(int(size), threshold) for size in self.sizes], numpy.int64)
        shared, rank = _ranked(sets)
        #: Of each document the grams that others have too, as their ranks, rarest first.
        self._ranks = [_ranks(known, shared, rank) for known in sets]
        heads = [self._head(i) for i in range(len(sets))]
        held = numpy.concatenate([numpy.empty(0, numpy.int32), *heads])
        order = numpy.argsort(held, kind="stable")
        self._owners = numpy.repeat(numpy.arange(len(sets), dtype=numpy.int32), [len(head) for head in heads])[order]
        self._starts = numpy.zeros(len(shared) + 1, numpy.int64)
        numpy.cumsum(numpy.bincount(held, minlength=len(shared)), out=self._starts[1:])
        self._kept = numpy.zeros(len(sets), numpy.bool_)

    def keep(self, document: int) -> None:
        self._kept[document] = True

    def similar(self, document: int) -> list[tuple[int, float]]:
        """The documents kept that are similar to this one, and how similar."""
        met = numpy.zeros(len(self.sizes), numpy.int64)
        for owners in self._entries(self._head(document)):
            met += numpy.bincount(owners, minlength=len(met))
        known = self._kept & (met >= numpy.minimum(self._least, self._least[document]))
        found = ((int(other), self._similarity(document, int(other))) for other in numpy.flatnonzero(known))
        return [(other, value) for other, value in found if value >= self.threshold]

    def _head(self, document: int) -> Numbers:
        """The first grams of a document, without those that only it has: they come first and lead nowhere."""
        size, ranks = int(self.sizes[document]), self._ranks[document]
        alone = size - len(ranks)
        end: Numbers = ranks[: max(0, size - ceil(self.threshold * size) + int(self._least[document]) - alone)]
        return end

    def _entries(self, head: Numbers) -> Iterator[Numbers]:
        """The owners of grams, a block at a time."""
        starts, lengths = self._starts[head], self._starts[head + 1] - self._starts[head]
        ends = numpy.cumsum(lengths)
        first = 0
        while first < len(head):
            done = ends[first - 1] if first else 0
            last = max(first + 1, int(numpy.searchsorted(ends, done + _BLOCK, side="right")))
            count = lengths[first:last]
            shift = numpy.repeat(starts[first:last] - (ends[first:last] - count - done), count)
            yield self._owners[shift + numpy.arange(len(shift))]
            first = last

    def _similarity(self, one: int, other: int) -> float:
        common = len(numpy.intersect1d(self._ranks[one], self._ranks[other], assume_unique=True))
        return common / float(self.sizes[one] + self.sizes[other] - common)


def _least(size: int, threshold: float) -> int:
    """How many of its first grams a document has in common with one that is similar."""
    return max(1, min(int(_SLACK * size), ceil(threshold * size)))


def _ranked(sets: Sequence[Hashes]) -> tuple[Hashes, NDArray[numpy.int32]]:
    """The grams that more than one document has, sorted, and the rank of each: rarest first."""
    blocks = max(1, sum(map(len, sets)) // _BLOCK)
    found, counts = [numpy.empty(0, numpy.uint64)], [numpy.empty(0, numpy.int64)]
    edges = [numpy.uint64(i * (2**64 // blocks)) for i in range(1, blocks)]  # hashes are spread evenly
    cuts = [[0, *numpy.searchsorted(known, edges).tolist(), len(known)] for known in sets]
    for block in range(blocks):
        grams, often = numpy.unique(
            numpy.concatenate([known[cut[block] : cut[block + 1]] for known, cut in zip(sets, cuts, strict=True)] or found), return_counts=True
        )
        found.append(grams[often > 1])
        counts.append(often[often > 1])
    shared = numpy.concatenate(found)
    rank = numpy.empty(len(shared), numpy.int32)
    rank[numpy.argsort(numpy.concatenate(counts), kind="stable")] = numpy.arange(len(shared), dtype=numpy.int32)
    return shared, rank


def _ranks(known: Hashes, shared: Hashes, rank: NDArray[numpy.int32]) -> NDArray[numpy.int32]:
    if not len(shared):
        return rank
    at = numpy.minimum(numpy.searchsorted(shared, known), len(shared) - 1)
    return numpy.sort(rank[at[shared[at] == known]])
