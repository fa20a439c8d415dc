"""Scores of records against gold: precision, recall and F1 of each layer, accuracy of each attribute on what matched.

A record and a gold file belong together when the SHA-256 of the record's text is the gold file's. Only what starts
inside the gold file's windows counts; where windows of several gold files of one text overlap, the overlap counts
once, for the file named first. A gold file without a record counts as missed altogether.
"""
from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from duban.messages import message

Gold = Mapping[str, Any]
Record = Mapping[str, Any]
Key = tuple[int, int]
_Figure = TypeVar("_Figure")

LABELS = ("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR")
#: Layer -> the kind of section it is about.
HEADINGS = {"title": "title", "sections": "section", "items": "item"}
#: What must be right for a target to count in ``targets.full``; in ``targets.strict`` everything must.
FULL = ("value", "unit", "comparator", "kind", "status", "indicator")
STRICT = ("value", "unit", "comparator", "redacted", "kind", "direction", "status", "indicator", "period")
#: What is compared of a problem that was found; all must be right in ``problems.strict``.
PROBLEM_ENDS = ("units", "places", "projects", "indicators")
PROBLEM = ("span", "kind", "cue", *PROBLEM_ENDS, "period")
#: The layers and the attributes there can be figures for, in the order of the table.
LAYERS = ("boilerplate", *HEADINGS, *(name for label in LABELS for name in (label, f"{label}~")), "targets", "targets.full", "targets.strict", "tasks",
          "problems", "problems.strict")
ATTRIBUTES = (
    *(f"{layer}.{slot}" for layer in ("sections", "items") for slot in ("level", "number")),
    "DEPARTMENT.canon", "INDICATOR.canon", *(f"targets.{slot}" for slot in (*STRICT, "canon")), "tasks.lead", "tasks.deadline",
    *(f"problems.{slot}" for slot in PROBLEM),
)  # fmt: skip

# A span is the same with or without these at its ends.
_EDGES = frozenset(" \t\r\n\u3000，。；：、,;:“”\"‘’《》")
_SAME_UNIT = {"百分点": "个百分点", "％": "%", "番": "倍"}
# At the head of a canonical name: whose organ it is, of what level; neither is part of what is compared.
_WHOSE = ("国家", "全国", "中共", "本")
_LEVELS = ("自治区", "自治州", "省", "市", "县", "区", "州", "盟", "旗", "乡", "镇")


@dataclass(slots=True)
class Layer:
    """What was found (``tp``), found wrongly (``fp``) and missed (``fn``); figures are NaN where there is nothing to count."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def p(self) -> float:
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def r(self) -> float:
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def f(self) -> float:
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def gold(self) -> int:
        return self.tp + self.fn

    @property
    def pred(self) -> int:
        return self.tp + self.fp


@dataclass(slots=True)
class Attribute:
    """How often a slot of a matched span is ``right``, out of ``n``."""

    right: int = 0
    n: int = 0

    @property
    def accuracy(self) -> float:
        return _ratio(self.right, self.n)


class Error(NamedTuple):
    """Something wrong in a layer or attribute: ``sign`` is ``+`` (not in gold), ``-`` (missed) or ``!`` (a wrong slot)."""

    doc: str
    sign: str
    start: int
    end: int
    context: str
    want: Any = None
    got: Any = None


@dataclass
class Scores:
    """The figures of a run, and every error by the layer or attribute it counts in.

    ``overlap`` layers (``DEPARTMENT~``) count a span as found when it overlaps one of the other side. ``body_lost``
    is the share of the documents' own characters (white space apart) that was taken for boilerplate.
    """

    layers: dict[str, Layer] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    errors: dict[str, list[Error]] = field(default_factory=lambda: defaultdict(list))
    no_prediction: list[str] = field(default_factory=list)
    body: int = 0
    lost: int = 0

    @property
    def body_lost(self) -> float:
        return _ratio(self.lost, self.body)

    def layer(self, name: str) -> Layer:
        return self.layers.setdefault(name, Layer())

    def attribute(self, name: str) -> Attribute:
        return self.attributes.setdefault(name, Attribute())

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain JSON; a figure that does not exist is None."""
        layers: dict[str, Any] = {
            name: {"p": _number(v.p), "r": _number(v.r), "f": _number(v.f), "gold": v.gold, "pred": v.pred} for name, v in _sorted(self.layers, LAYERS)
        }
        layers["body_lost"] = {"share": _number(self.body_lost)}
        attributes = {name: {"accuracy": _number(v.accuracy), "n": v.n} for name, v in _sorted(self.attributes, ATTRIBUTES)}
        return {"layers": layers, "attributes": attributes, "no_prediction": self.no_prediction}

    def table(self) -> str:
        """The figures for a reader, one layer or attribute a line."""
        lines = [message("evaluate.no_prediction", doc=doc) for doc in self.no_prediction]
        lines.append(f"{'layer':18}{'P':>8}{'R':>8}{'F1':>8}{'gold':>7}{'pred':>7}")
        lines += (f"{name:18}{_cell(v.p)}{_cell(v.r)}{_cell(v.f)}{v.gold:7d}{v.pred:7d}" for name, v in _sorted(self.layers, LAYERS))
        lines += [f"{'body lost':18}{_cell(self.body_lost, 5)}", "", f"{'attribute':18}{'acc':>8}{'n':>7}"]
        lines += (f"{name:18}{_cell(v.accuracy)}{v.n:7d}" for name, v in _sorted(self.attributes, ATTRIBUTES))
        return "\n".join(lines)


def score(records: Iterable[Record], golds: Iterable[Gold]) -> Scores:
    """Score records (of any documents, in any order) against gold files.

    >>> text = "全市生产总值增长6%"
    >>> gold = {"doc": "a", "sha256": hashlib.sha256(text.encode()).hexdigest(), "windows": [[0, 10]], "layers": ["entities"],
    ...         "sections": [], "entities": [{"start": 2, "end": 6, "label": "INDICATOR", "canon": "地区生产总值"}]}
    >>> record = {"text": text, "entities": [{"start": 2, "end": 6, "label": "INDICATOR", "canon": "地区生产总值"}]}
    >>> scores = score([record], [gold])
    >>> scores.layers["INDICATOR"].f, scores.attributes["INDICATOR.canon"].accuracy
    (1.0, 1.0)
    """
    golds = list(golds)
    wanted = {gold["sha256"] for gold in golds}
    predictions = {digest: record for record in records if (digest := text_hash(record["text"])) in wanted}
    scores, scored = Scores(), _Scored()
    for gold in golds:
        record = predictions.get(gold["sha256"])
        if record is None:
            _count_missed(scores, gold)
        else:
            _File(scores, gold, record, scored).count()
    return scores


def text_hash(text: str) -> str:
    """The SHA-256 of the text in UTF-8, as gold files name it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Scored:
    """Which stretches of which text have been scored in which layer."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, str], list[Key]] = defaultdict(list)

    def fresh(self, text: str, layer: str, windows: Sequence[Sequence[int]]) -> list[Key]:
        """The parts of the windows that were not scored before; they are from now on."""
        done = self._done[text, layer]
        out: list[Key] = []
        for window in windows:
            start, end = window
            for a, b in sorted(done):
                if a >= end or b <= start:
                    continue
                if a > start:
                    out.append((start, a))
                start = b
            if start < end:
                out.append((start, end))
        done.extend((start, end) for start, end in windows)
        return out


class _File:
    """One gold file and its record, layer by layer."""

    def __init__(self, scores: Scores, gold: Gold, record: Record, scored: _Scored) -> None:
        self.scores, self.gold, self.record = scores, gold, record
        self.text: str = record["text"]
        self._scored = scored

    def count(self) -> None:
        layers = self.gold["layers"]
        if "boilerplate" in layers:
            self._boilerplate()
        for layer, kind in HEADINGS.items():
            if layer in layers:
                self._headings(layer, kind)
        if "entities" in layers:
            self._entities()
        if "targets" in layers:
            self._targets()
        if "tasks" in layers:
            self._tasks()
        if "problems" in layers:
            self._problems()

    def _fresh(self, layer: str) -> Callable[[int], bool]:
        windows = self._scored.fresh(self.gold["sha256"], layer, self.gold["windows"])
        return lambda offset: any(start <= offset < end for start, end in windows)

    def _trim(self, start: int, end: int) -> Key:
        while start < end and self.text[start] in _EDGES:
            start += 1
        while end > start and self.text[end - 1] in _EDGES:
            end -= 1
        return start, end

    def _at(self, span: Mapping[str, int] | Sequence[int] | None) -> Key | None:
        """Trimmed offsets of a linked span: ``[start, end]`` in gold, an object in a record."""
        if span is None:
            return None
        return self._trim(span["start"], span["end"]) if isinstance(span, Mapping) else self._trim(*span)

    def _words(self, span: Mapping[str, int] | Sequence[int] | None) -> str | None:
        key = _offsets(span)
        return self.text[key[0] : key[1]] if key else None

    def _error(self, layer: str, sign: str, key: Key, want: Any = None, got: Any = None) -> None:
        start, end = key
        context = f"{self.text[max(0, start - 14) : start]}[{self.text[start:end]}]{self.text[end : end + 14]}".replace("\n", "⏎")
        self.scores.errors[layer].append(Error(self.gold["doc"], sign, start, end, context, want, got))

    def _spans(self, layer: str, gold: Iterable[Key], found: Iterable[Key]) -> list[Key]:
        """Count the spans of a layer, and give those that both sides have, in text order."""
        gold, found = set(gold), set(found)
        counts = self.scores.layer(layer)
        counts.tp += len(gold & found)
        counts.fp += len(found - gold)
        counts.fn += len(gold - found)
        for key in sorted(gold ^ found):
            self._error(layer, "-" if key in gold else "+", key)
        return sorted(gold & found)

    def _slot(self, name: str, key: Key, right: bool, want: Any, got: Any) -> None:
        counts = self.scores.attribute(name)
        counts.n += 1
        counts.right += right
        if not right:
            self._error(name, "!", key, want, got)

    def _boilerplate(self) -> None:
        inside = self._fresh("boilerplate")
        gold, found = ({i for v in side.get("boilerplate") or () for i in range(v["start"], v["end"])} for side in (self.gold, self.record))
        places = {i for i, character in enumerate(self.text) if not character.isspace() and inside(i)}
        wrong, missed = sorted(places & found - gold), sorted(places & gold - found)
        counts = self.scores.layer("boilerplate")
        counts.tp += len(places & gold & found)
        counts.fp += len(wrong)
        counts.fn += len(missed)
        self.scores.body += len(places - gold)
        self.scores.lost += len(wrong)
        for sign, characters in (("+", wrong), ("-", missed)):
            for run in _runs(characters):
                self._error("boilerplate", sign, run)

    def _headings(self, layer: str, kind: str) -> None:
        inside = self._fresh(layer)
        sides: list[dict[Key, Any]] = [{}, {}]
        for spans, side in zip(sides, (self.gold, self.record), strict=True):
            for section in side.get("sections") or ():
                if section["kind"] == kind and (at := _offsets(section["heading"])) and inside(at[0]):
                    start, end = self._trim(*at)
                    # an enumerator is found when its start is
                    spans[start, start + 1 if kind == "item" else end] = section
        gold, found = sides
        for key in self._spans(layer, gold, found):
            for slot in ("level", "number") if kind != "title" else ():
                want, got = gold[key].get(slot), found[key].get(slot)
                self._slot(f"{layer}.{slot}", key, want == got, want, got)

    def _entities(self) -> None:
        inside = self._fresh("entities")
        sides: list[dict[str, dict[Key, Any]]] = []
        for side in (self.gold, self.record):
            sides.append({label: {} for label in LABELS})
            for entity in side.get("entities") or ():
                if entity["label"] in LABELS and inside(entity["start"]):
                    sides[-1][entity["label"]][self._trim(entity["start"], entity["end"])] = entity
        for label in LABELS:
            gold, found = sides[0][label], sides[1][label]
            matched = self._spans(label, gold, found)
            overlap = self.scores.layer(f"{label}~")
            hit = _overlapping(gold, found)
            overlap.tp += hit
            overlap.fn += len(gold) - hit
            overlap.fp += len(found) - _overlapping(found, gold)
            for key in matched if label in ("DEPARTMENT", "INDICATOR") else ():
                if want := gold[key].get("canon"):
                    got = found[key].get("canon")
                    self._slot(f"{label}.canon", key, _canon(want) == _canon(got), want, got)

    def _targets(self) -> None:
        inside = self._fresh("targets")
        gold, found = ({self._trim(v["start"], v["end"]): v for v in side.get("targets") or () if inside(v["start"])} for side in (self.gold, self.record))
        right = dict.fromkeys(("full", "strict"), 0)
        for key in self._spans("targets", gold, found):
            wrong = self._target(key, gold[key], found[key])
            for name, slots in (("full", FULL), ("strict", STRICT)):
                if missed := [slot for slot in slots if slot in wrong]:
                    self._error(f"targets.{name}", "!", key, None, missed)
                else:
                    right[name] += 1
        for name, count in right.items():
            counts = self.scores.layer(f"targets.{name}")
            counts.tp += count
            counts.fn += len(gold) - count
            counts.fp += len(found) - count

    def _target(self, key: Key, gold: Mapping[str, Any], found: Mapping[str, Any]) -> set[str]:
        """Count the slots of a matched target; which of them are wrong."""
        link, period = found.get("indicator"), found.get("period")
        right = {slot: gold.get(slot) == found.get(slot) for slot in ("comparator", "kind", "direction", "status")}
        right["value"] = _same_value(gold.get("value"), found.get("value")) and _same_value(gold.get("value_max"), found.get("value_max"))
        right["unit"] = _unit(gold.get("unit")) == _unit(found.get("unit"))
        right["redacted"] = bool(gold.get("redacted")) == bool(found.get("redacted"))
        right["indicator"] = self._at(gold.get("indicator")) == self._at(link)
        right["period"] = _same_place(gold.get("period"), period)
        for slot in STRICT:
            want, got = gold.get(slot), found.get(slot)
            if slot in ("indicator", "period"):
                want, got = self._words(want), self._words(got)
            elif slot == "value" and (gold.get("value_max"), found.get("value_max")) != (None, None):
                want, got = [want, gold.get("value_max")], [got, found.get("value_max")]
            self._slot(f"targets.{slot}", key, right[slot], want, got)
        if want := gold.get("indicator_canon"):
            got = (link or {}).get("canon")
            self._slot("targets.canon", key, _canon(want) == _canon(got), want, got)
        return {slot for slot, ok in right.items() if not ok}

    def _tasks(self) -> None:
        """A task is found when the spans overlap by half of their union and a lead is shared; each counts once."""
        inside = self._fresh("tasks")
        gold, free = ([v for v in side.get("tasks") or () if inside(v["start"])] for side in (self.gold, self.record))
        counts = self.scores.layer("tasks")
        for task in gold:
            key, lead = (task["start"], task["end"]), self._leads(task)
            best = max((v for v in free if lead & self._leads(v)), key=lambda v: _overlap(key, (v["start"], v["end"])), default=None)
            if best is None or _overlap(key, (best["start"], best["end"])) < 0.5:
                counts.fn += 1
                self._error("tasks", "-", key)
                continue
            free.remove(best)
            counts.tp += 1
            want, got = [self._words(v) for v in task["lead"]], [self._words(v) for v in best.get("lead") or ()]
            self._slot("tasks.lead", key, lead == self._leads(best), want, got)
            due = task.get("deadline"), best.get("deadline")
            self._slot("tasks.deadline", key, _same_place(*due), self._words(due[0]), self._words(due[1]))
        counts.fp += len(free)
        for task in free:
            self._error("tasks", "+", (task["start"], task["end"]))

    def _problems(self) -> None:
        """A problem is found when the spans overlap by half of their union; each counts once."""
        inside = self._fresh("problems")
        gold, free = ([v for v in side.get("problems") or () if inside(v["start"])] for side in (self.gold, self.record))
        counts, strict = self.scores.layer("problems"), self.scores.layer("problems.strict")
        for wanted in gold:
            key = (wanted["start"], wanted["end"])
            best = max(free, key=lambda v: _overlap(key, (v["start"], v["end"])), default=None)
            if best is None or _overlap(key, (best["start"], best["end"])) < 0.5:
                counts.fn += 1
                strict.fn += 1
                self._error("problems", "-", key, wanted.get("kind"))
                continue
            free.remove(best)
            counts.tp += 1
            right = self._problem(key, wanted, best)
            strict.tp += right
            strict.fn += not right
            strict.fp += not right
        counts.fp += len(free)
        strict.fp += len(free)
        for found in free:
            self._error("problems", "+", (found["start"], found["end"]), None, found.get("kind"))

    def _problem(self, key: Key, gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
        """Count the slots of a problem that was found; are all of them right? A cue is when the two overlap."""
        sides = gold, found
        own = [self._trim(v["start"], v["end"]) for v in sides]
        right = {"span": own[0] == own[1], "kind": gold.get("kind") == found.get("kind")}
        right |= {slot: _same_place(gold.get(slot), found.get(slot)) for slot in ("cue", "period")}
        right |= {slot: len({frozenset(self._at(end) for end in v.get(slot) or ()) for v in sides}) == 1 for slot in PROBLEM_ENDS}
        for slot in PROBLEM:
            want, got = ([self._words(end) for end in v.get(slot) or ()] if slot in PROBLEM_ENDS else self._said(v, slot) for v in sides)
            self._slot(f"problems.{slot}", key, right[slot], want, got)
        return all(right.values())

    def _said(self, problem: Mapping[str, Any], slot: str) -> str | None:
        if slot == "kind":
            return problem.get("kind")
        return self._words(problem if slot == "span" else problem.get(slot))

    def _leads(self, task: Mapping[str, Any]) -> set[Key]:
        return {key for actor in task.get("lead") or () if actor and (key := self._at(actor))}


def _count_missed(scores: Scores, gold: Gold) -> None:
    """Everything that a gold file without a record has is missed."""
    scores.no_prediction.append(gold["doc"])
    layers = gold["layers"]
    missed = [name for name in ("targets", "tasks", "problems") if name in layers for _ in gold.get(name, ())]
    missed += [v["label"] for v in gold["entities"] if "entities" in layers and v["label"] in LABELS]
    kinds = {kind: layer for layer, kind in HEADINGS.items()}
    missed += [layer for v in gold["sections"] if (layer := kinds[v["kind"]]) in layers]
    for name in missed:
        scores.layer(name).fn += 1


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _cell(value: float, digits: int = 3) -> str:
    return f"{'–':>8}" if math.isnan(value) else f"{value:8.{digits}f}"


def _sorted(figures: Mapping[str, _Figure], order: Sequence[str]) -> list[tuple[str, _Figure]]:
    return sorted(figures.items(), key=lambda item: order.index(item[0]))


def _runs(places: Iterable[int]) -> Iterable[Key]:
    """Runs of successive offsets as spans."""
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in group]
        yield run[0], run[-1] + 1


def _offsets(span: Mapping[str, int] | Sequence[int] | None) -> Key | None:
    if span is None:
        return None
    return (span["start"], span["end"]) if isinstance(span, Mapping) else (span[0], span[1])


def _overlap(a: Key, b: Key) -> float:
    """The share of their union that two spans have in common."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0])) / (max(a[1], b[1]) - min(a[0], b[0]))


def _overlapping(these: Iterable[Key], those: Iterable[Key]) -> int:
    """How many of these spans overlap one of those."""
    return sum(any(a < d and c < b for c, d in those) for a, b in these)


def _same_place(gold: Any, found: Any) -> bool:
    """Both missing, or overlapping: the words of a time expression may be cut in more than one way."""
    a, b = _offsets(gold), _offsets(found)
    if a is None or b is None:
        return a is b
    return max(a[0], b[0]) < min(a[1], b[1])


def _same_value(gold: float | None, found: float | None) -> bool:
    if gold is None or found is None:
        return gold is found
    return abs(gold - found) <= 1e-3 * max(1.0, abs(gold), abs(found))


def _unit(name: str | None) -> str:
    name = (name or "").replace(" ", "")
    return _SAME_UNIT.get(name, name)


def _canon(name: str | None) -> str:
    """A canonical name without the words at its head that say whose and of what level.

    >>> _canon("市人民政府办公室"), _canon("人民政府"), _canon("国家 发展和改革委员会")
    ('办公室', '人民政府', '发展和改革委员会')
    """
    name = (name or "").replace(" ", "")
    for heads in (_WHOSE, _LEVELS):
        name = next((name.removeprefix(head) for head in heads if name.startswith(head)), name)
    inner = name.removeprefix("人民政府")
    return inner if len(inner) >= 3 else name
