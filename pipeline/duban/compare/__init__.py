"""Two versions of a document: what was added, dropped, changed and moved, finding by finding and slot by slot.

Sentences are aligned first, by their words (figures and blanks folded); the target numbers of a pair of sentences by
indicator, value, unit and kind; tasks and headings by their words, a heading that was written anew by its path and what stands
below it. What is paired and differs in a slot is changed; what is paired and stands elsewhere among the others is moved.
"""
from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from duban.compare.align import Pair, align, equal, moved
from duban.compare.reading import LAYERS, Place, Reading, Slot
from duban.duplicates.fingerprint import fingerprint, similarity
from duban.words import Segmenter, boundaries

__all__ = ["CHANGES", "LAYERS", "Change", "Comparison", "Difference", "Item", "Place", "Slot", "compare"]

Json = Mapping[str, Any]
CHANGES = ("added", "dropped", "changed", "moved")
SCHEMA = "duban-compare/1"
#: The part of a section's sentences that must come again for it to be the same one under another heading.
_SAME_BODY = 0.5


class Difference(NamedTuple):
    """What a slot said and says now; ``words``: the pieces of a text that were replaced, as pairs."""

    slot: str
    old: Slot
    new: Slot
    words: tuple[tuple[str, str], ...] = ()


class Item(NamedTuple):
    """A section, target, task or sentence of one version; ``section`` is the path of the section it stands in, ``indicator`` what a target measures."""

    id: str
    start: int
    end: int
    text: str
    section: str | None
    indicator: str | None


class Change(NamedTuple):
    """One change: ``change`` is one of ``CHANGES``; what is changed may be ``moved`` too. An addition has no ``old``, an omission no ``new``."""

    layer: str
    change: str
    moved: bool
    old: Item | None
    new: Item | None
    differences: tuple[Difference, ...] = ()


class Comparison(NamedTuple):
    """What became of a document. ``similarity``: as ``duban.duplicates`` has it; ``counts``: layer -> how many are the same, added,
    dropped, changed, moved; ``changes`` by layer, in the order of the text."""

    old: Json
    new: Json
    similarity: float
    counts: Mapping[str, Mapping[str, int]]
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """The comparison as plain JSON."""
        return {"schema": SCHEMA, **_plain(self)}


def compare(old: Json, new: Json, layers: Iterable[str] = LAYERS) -> Comparison:
    """Compare the records of two versions of a document; ``layers``: whose changes are told.

    >>> import duban
    >>> old, new = (duban.to_record(duban.process(text)) for text in ("全市新增就业3万人，投资增长8%。", "全市新增就业4万人，投资增长**%。"))
    >>> for change in compare(old, new, ["targets"]).changes:
    ...     print(change.change, change.old.text, change.new.text, [one.slot for one in change.differences])
    changed 3万人 4万人 ['value']
    changed 8% **% ['value', 'redacted']
    """
    one, other = Reading(old), Reading(new)
    sentences = _aligned("sentences", one, other)
    pairs = {
        "sections": _sections(one, other, dict(sentences)),
        "targets": _targets(one, other, sentences),
        "tasks": _aligned("tasks", one, other),
        "sentences": sentences,
    }
    found = {layer: list(_changes(layer, one, other, pairs[layer])) for layer in LAYERS}
    counts = {layer: _counts(found[layer], len(pairs[layer])) for layer in LAYERS}
    told = tuple(change for layer in LAYERS if layer in set(layers) for change in found[layer])
    return Comparison(_facts(old), _facts(new), round(similarity(fingerprint(old), fingerprint(new)), 4), counts, told)


def _facts(record: Json) -> Json:
    return {"id": record["id"], **{name: record["meta"].get(name) for name in ("title", "date", "place")}}


def _counts(changes: Sequence[Change], paired: int) -> dict[str, int]:
    known = {name: sum(change.change == name for change in changes) for name in CHANGES}
    return {"same": paired - known["changed"] - known["moved"], **known}


# ---- what belongs together


def _aligned(layer: str, one: Reading, other: Reading) -> list[Pair]:
    """By their words."""
    old, new = ([side.words(item) for item in side.items(layer)] for side in (one, other))
    return align(old, new)


def _sections(one: Reading, other: Reading, sentences: Mapping[int, int]) -> list[Pair]:
    """By the heading; of the rest those of the same path most of whose sentences came again."""
    old, new = one.items("sections"), other.items("sections")
    pairs = _aligned("sections", one, other)
    known, taken = {i for i, _ in pairs}, {j for _, j in pairs}
    places = {(section["path"], section["kind"]): j for j, section in enumerate(new) if j not in taken}
    for i, section in enumerate(old):
        j = places.get((section["path"], section["kind"]))
        if i not in known and j is not None and j not in taken:
            mine, theirs = _inside(one, section), _inside(other, new[j])
            if mine and sum(sentences.get(at) in theirs for at in mine) >= _SAME_BODY * len(mine):
                pairs.append((i, j))
                taken.add(j)
    return sorted(pairs)


def _inside(side: Reading, section: Json) -> range:
    """The sentences below a heading."""
    first = side.sentence({"start": section["heading"]["end"]}) + 1
    return range(first, side.sentence({"start": section["end"] - 1}) + 1)


def _targets(one: Reading, other: Reading, sentences: Sequence[Pair]) -> list[Pair]:
    """Within pairs of sentences the most alike first; of the rest those that say the same elsewhere."""
    old, new = one.items("targets"), other.items("targets")
    held, holding = _by_sentence(one), _by_sentence(other)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for a, b in sentences:
        mine, theirs = held.get(a, []), holding.get(b, [])
        scored = sorted((-_alike(old[i], new[j]), abs(at - to), i, j) for at, i in enumerate(mine) for to, j in enumerate(theirs))
        for score, _, i, j in scored:
            if score and i not in found and j not in taken:
                found[i] = j
                taken.add(j)
    rest = [[None if at in known else _said(target) for at, target in enumerate(targets)] for targets, known in ((old, found), (new, taken))]
    return sorted([*found.items(), *equal(*rest)])


def _by_sentence(side: Reading) -> dict[int, list[int]]:
    out: dict[int, list[int]] = defaultdict(list)
    for position, target in enumerate(side.items("targets")):
        out[side.sentence(target)].append(position)
    return out


def _said(target: Json) -> tuple[Any, ...] | None:
    """What a number says, wherever it stands."""
    name = (target["indicator"] or {}).get("canon")
    return None if name is None or target["value"] is None else (name, target["value"], target["unit"], target["kind"])


def _alike(one: Json, other: Json) -> int:
    """How much two numbers have in common; 0 of those that measure different things.

    >>> jobs = {"value": 3, "unit": "人", "kind": "level", "redacted": False, "indicator": {"canon": "新增就业"}}
    >>> _alike(jobs, {**jobs, "value": 4}), _alike(jobs, jobs), _alike(jobs, {**jobs, "value": 8, "indicator": {"canon": "脱贫"}})
    (6, 9, 0)
    """
    names = [(target["indicator"] or {}).get("canon") for target in (one, other)]
    name = names[0] == names[1] and names[0] is not None
    value = one["value"] == other["value"] and one["value"] is not None
    unit, kind = one["unit"] == other["unit"], one["kind"] == other["kind"]
    known = (unit and (name or value or None in names or one["redacted"] or other["redacted"])) or (kind and (name or value))
    return 4 * name + 3 * value + unit + kind if known else 0


# ---- what became of it


def _changes(layer: str, one: Reading, other: Reading, pairs: Sequence[Pair]) -> Iterable[Change]:
    """The changes of a layer in the order of the new text; what is dropped stands where it stood."""
    old, new = one.items(layer), other.items(layer)
    elsewhere = moved(pairs)
    rows: list[tuple[tuple[float, int], Change]] = []
    for i, j in pairs:
        differences = tuple(_differences(one.slots(layer, old[i]), other.slots(layer, new[j])))
        if differences or (i, j) in elsewhere:
            kind = "changed" if differences else "moved"
            rows.append(((j, 0), Change(layer, kind, (i, j) in elsewhere, _item(one, layer, old[i]), _item(other, layer, new[j]), differences)))
    kept, came = {i for i, _ in pairs}, {j for _, j in pairs}
    steady = sorted(set(pairs) - elsewhere)
    for i in range(len(old)):
        if i not in kept:
            at = bisect_left(steady, (i, 0)) - 1
            rows.append(((steady[at][1] + 0.5 if at >= 0 else -0.5, i), Change(layer, "dropped", False, _item(one, layer, old[i]), None)))
    rows += [((j, 1), Change(layer, "added", False, None, _item(other, layer, new[j]))) for j in range(len(new)) if j not in came]
    return [change for _, change in sorted(rows, key=lambda row: row[0])]


def _item(side: Reading, layer: str, item: Json) -> Item:
    indicator = item.get("indicator") or {}
    return Item(item["id"], *side.place(side.head(item)), side.section(layer, item), indicator.get("canon"))


def _differences(old: Mapping[str, Slot], new: Mapping[str, Slot]) -> Iterable[Difference]:
    for name, before in old.items():
        after = new[name]
        if before.value != after.value:
            yield Difference(name, before, after, tuple(_replaced(before.value, after.value)) if name == "words" else ())


def _replaced(old: str, new: str) -> Iterable[tuple[str, str]]:
    """The pieces of a text, in whole words, that were replaced by others.

    >>> list(_replaced("推动高质量发展，服务企业26家", "推动高质量开展，服务企业**家"))
    [('发展', '开展'), ('26', '**')]
    """
    one, other = _cut(old), _cut(new)
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            yield "".join(one[a:b]), "".join(other[c:d])


def _cut(text: str) -> list[str]:
    return [text[a:b] for a, b in pairwise(boundaries(text, _segmenter().cut_all))]


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


def _plain(value: Any) -> Any:
    """Named tuples as objects, other tuples as lists."""
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, (list, tuple)) else value
