"""Which text of one version is which of the other, though words were swapped, figures blanked and paragraphs moved."""
from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

from duban.duplicates.fingerprint import fold

#: Texts less similar than this have nothing to do with each other.
LEAST = 0.5
#: A pair of characters that stands in more texts than this leads to none of them: others of the same text do.
_COMMON = 100
#: Of the texts that share such pairs, those that share the most are looked at.
_LOOKED_AT = 10

Pair = tuple[int, int]


def align(old: Sequence[str], new: Sequence[str], least: float = LEAST) -> list[Pair]:
    """The positions of texts that belong together, each at most once, in the order of ``old``.

    Equal texts first, the nth of one side with the nth of the other; of the rest the most similar, and of equally similar ones
    those that stand nearest. A figure is like any other, told or blanked.

    >>> align(["加快发展。", "增长6%。", "散会。"], ["增长**%。", "加快开展。"])
    [(0, 1), (1, 0)]
    """
    found = dict(equal(old, new))
    taken = set(found.values())
    parts = {j: _parts(text) for j, text in enumerate(new) if j not in taken}
    holders: dict[str, list[int]] = defaultdict(list)
    for j, part in parts.items():
        for pair in part:
            holders[pair].append(j)
    scored = []
    for i, mine in ((i, _parts(text)) for i, text in enumerate(old) if i not in found):
        met: Counter[int] = Counter()
        for pair in mine:
            if len(pair) == 2 and len(holders.get(pair, ())) <= _COMMON:
                met.update(holders.get(pair, ()))
        for j in sorted(met, key=lambda j: (-met[j], j))[:_LOOKED_AT]:
            score = _similarity(mine, parts[j])
            if score >= least:
                scored.append((-score, abs(i / len(old) - j / len(new)), i, j))
    for _, _, i, j in sorted(scored):
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return sorted(found.items())


def equal(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """The positions of equal things: the nth of one side with the nth of the other. None is equal to nothing.

    >>> equal(["a", "b", "a", None], ["a", "a", "a", None])
    [(0, 0), (2, 1)]
    """
    places: dict[Hashable, list[int]] = defaultdict(list)
    for j in reversed(range(len(new))):
        places[new[j]].append(j)
    places.pop(None, None)
    return [(i, places[thing].pop()) for i, thing in enumerate(old) if places.get(thing)]


def moved(pairs: Iterable[Pair]) -> set[Pair]:
    """The pairs that do not stand in the order of the others: all but the longest row of them that does.

    >>> moved([(0, 2), (1, 0), (2, 1)])
    {(0, 2)}
    """
    ordered = sorted(pairs)
    ends: list[int] = []  # of the rows of each length the one that ends first, by the position of its last pair
    before: list[int] = []
    for at, (_, j) in enumerate(ordered):
        length = bisect_left(ends, j, key=lambda end: ordered[end][1])
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [at]
    at = ends[-1] if ends else -1
    out = set(ordered)
    while at >= 0:
        out.discard(ordered[at])
        at = before[at]
    return out


def _parts(text: str) -> Counter[str]:
    """The characters of a text and its pairs of neighbours, how often each; figures folded, punctuation left out."""
    letters, _ = fold(text)
    return Counter(letters) + Counter(a + b for a, b in pairwise(letters))


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient: twice what is common, of all there is."""
    common = sum(min(count, other[part]) for part, count in one.items() if part in other)
    return 2 * common / (one.total() + other.total())
