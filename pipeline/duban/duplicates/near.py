"""Documents that share much, found by MinHash and locality-sensitive hashing: for more of them than fit in memory.

A document is 128 numbers instead of its grams, and its similarity an estimate, whose standard error is at most 0.045.
The sketches are those of the library datasketch (the extra ``near``), with a fixed seed: the same documents, the same answer.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from duban.duplicates.fingerprint import Hashes
from duban.errors import DubanError

#: Up to so many documents are compared exactly.
EXACT = 10_000
PERMUTATIONS = 128
_SEED = 1
#: What the index may miss counts four times what it finds in vain: that costs a comparison.
_WEIGHTS = (0.2, 0.8)


def sketch(grams: Hashes) -> Any:
    """The sketch of a set of grams. Raises DubanError DB217 where datasketch is missing."""
    made = _library().MinHash(num_perm=PERMUTATIONS, seed=_SEED, hashfunc=int)
    made.update_batch(grams & numpy.uint64(0xFFFFFFFF))
    return _library().LeanMinHash(made)


class NearIndex:
    """The sketches of a batch, to ask which of those that were kept are similar to one."""

    def __init__(self, sketches: Sequence[Any], threshold: float) -> None:
        self.threshold, self._sketches = threshold, sketches
        self._index = _library().MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, weights=_WEIGHTS)

    def keep(self, document: int) -> None:
        self._index.insert(document, self._sketches[document])

    def similar(self, document: int) -> list[tuple[int, float]]:
        """The documents kept that are similar to this one, and how similar they seem."""
        mine = self._sketches[document]
        found = ((other, float(mine.jaccard(self._sketches[other]))) for other in sorted(self._index.query(mine)))
        return [(other, value) for other, value in found if value >= self.threshold]


def _library() -> Any:
    try:
        import datasketch
    except ImportError as error:
        raise DubanError("DB217", limit=EXACT) from error
    return datasketch
