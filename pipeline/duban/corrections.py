"""Corrections by hand: a record and a change in, the corrected record out; and gold from what a reader has corrected.

A change is a JSON object: ``op`` (``add``, ``change``, ``delete``), ``layer`` (of what is added) or ``id`` (of what is
changed or deleted), ``start`` and ``end`` (source offsets), ``values``, by slot. A slot that points at words
(``indicator``, ``period``, ``deadline``, ``lead``, ``support``) takes ``[start, end]`` or the words themselves, which are
then looked for next to the record; ``lead`` and ``support`` take a list of these. What overlaps a span that is added or
moved is displaced, as no two of a layer may. Ids are given anew in text order, so all that points at a record follows.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from duban import entities, numerals, periods
from duban.errors import DubanError
from duban.evaluate import text_hash
from duban.messages import message
from duban.records import FIELDS, LATER, LAYERS, match_id, number
from duban.view import TextView

Json = dict[str, Any]
#: The slots of each layer that can be set.
SLOTS: dict[str, tuple[str, ...]] = {
    "boilerplate": ("kind",),
    "sections": ("kind", "level", "number", "marker"),
    "entities": ("label", "canon", "level", "place"),
    "targets": ("status", "kind", "direction", "comparator", "value", "value_max", "unit", "redacted", "indicator", "canon", "period"),
    "tasks": ("lead", "support", "deadline"),
    "problems": ("kind", "units", "places", "projects", "indicators", "period"),
}
_SUBJECTS = ("units", "places", "projects", "indicators")
_MANUAL: Json = {"rule": "manual", "lexicon": None, "evidence": {}}
_NEW = ""  # the id of what is added, until all get theirs
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),)}
_LONGEST = 500  # characters of a value
_MARKS = "、.．。，,：:；; \u3000"


def corrected(record: Mapping[str, Any], change: Mapping[str, Any]) -> Json:
    """The record after one change; the one given is left as it is. Raises DubanError DB145 for a change that makes no sense.

    >>> import duban
    >>> record = duban.to_record(duban.process("请市水务局抓紧。"))
    >>> after = corrected(record, {"op": "change", "id": "e1", "values": {"canon": "水利局"}})
    >>> record["entities"][0]["canon"], after["entities"][0]["canon"]
    ('水务局', '水利局')
    """
    return _Correction(record).made(change)


class _Correction:
    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record: Json = {**{layer: [] for layer in LATER}, **deepcopy(dict(record))}
        self.text: str = record["text"]

    def made(self, change: Mapping[str, Any]) -> Json:
        known: dict[str, Callable[[Mapping[str, Any]], str]] = {"add": self._add, "change": self._change, "delete": self._delete}
        op = change.get("op")
        if not isinstance(op, str) or op not in known:
            raise _wrong("op", op)
        layer = known[op](change)
        if layer == "sections":
            _rebuild_outline(self.record)
        _relink(self.record)
        return _renumbered(self.record)

    def _add(self, change: Mapping[str, Any]) -> str:
        layer = change.get("layer")
        if not isinstance(layer, str) or layer not in SLOTS:
            raise _wrong("layer", layer)
        start, end = self._span((change.get("start"), change.get("end")))
        item: Json = {name.name: None for name in FIELDS[layer]} | {"id": _NEW, "start": start, "end": end, "why": deepcopy(_MANUAL)}
        item |= _DEFAULTS[layer](self.record, start, end)
        self._place(layer, item)
        self._set(layer, item, change.get("values", {}))
        return layer

    def _change(self, change: Mapping[str, Any]) -> str:
        layer, item = self._known(change.get("id"))
        if change.get("start") is not None or change.get("end") is not None:
            start, end = self._span((change.get("start"), change.get("end")))
            if layer == "sections":
                item["heading"] = {"start": start, "end": end, "text": self.text[start:end]}
            else:
                item["start"], item["end"] = start, end
            self.record[layer].remove(item)
            self._place(layer, item)
        item["why"] = deepcopy(_MANUAL)
        self._set(layer, item, change.get("values", {}))
        return layer

    def _delete(self, change: Mapping[str, Any]) -> str:
        layer, item = self._known(change.get("id"))
        self.record[layer].remove(item)
        return layer

    def _known(self, identifier: object) -> tuple[str, Json]:
        for layer in LAYERS:
            for item in self.record[layer]:
                if item["id"] == identifier:
                    return layer, item
        raise _wrong("id", identifier)

    def _place(self, layer: str, item: Json) -> None:
        """The item into its layer; those it overlaps go (of sections: those whose heading it overlaps)."""
        mine = item["heading"] if layer == "sections" else item
        if layer != "sections" and "text" in item:
            item["text"] = self.text[item["start"] : item["end"]]

        def apart(other: Json) -> bool:
            theirs = other["heading"] if layer == "sections" else other
            return bool(theirs["end"] <= mine["start"] or mine["end"] <= theirs["start"])

        self.record[layer] = [other for other in self.record[layer] if apart(other)] + [item]

    # ---- values

    def _set(self, layer: str, item: Json, values: object) -> None:
        if not isinstance(values, Mapping):
            raise _wrong("values", values)
        for slot, value in values.items():
            if slot not in SLOTS[layer]:
                raise _wrong("values", slot)
            if slot in _POINTERS:
                item[slot] = _POINTERS[slot](self, item, value)
            elif layer == "targets" and slot == "canon":
                if item["indicator"]:
                    item["indicator"]["canon"] = checked_value("entities", "canon", value) or None
            else:
                item[slot] = checked_value(layer, slot, value)

    def _span(self, given: object, near: Json | None = None) -> tuple[int, int]:
        """Offsets, or words: of these the place nearest to ``near``."""
        if isinstance(given, str) and near is not None:
            return self._found(given, near)
        if not (isinstance(given, Sequence) and len(given) == 2 and all(type(v) is int for v in given)):
            raise _wrong("start–end", given)
        start, end = given
        while start < end <= len(self.text) and self.text[start].isspace():
            start += 1
        while start < end <= len(self.text) and self.text[end - 1].isspace():
            end -= 1
        if not 0 <= start < end <= len(self.text):
            raise _wrong("start–end", given)
        return start, end

    def _found(self, words: str, near: Json) -> tuple[int, int]:
        words = words.strip()
        if not words or len(words) > _LONGEST:
            raise _wrong("words", words[:40])
        places, at = [], self.text.find(words)
        while at >= 0:
            places.append(at)
            at = self.text.find(words, at + 1)
        if not places:
            raise _wrong("words", words)
        start = min(places, key=lambda p: max(near["start"] - p - len(words), p - near["end"], 0))
        return start, start + len(words)

    def _indicator(self, item: Json, value: object) -> Json | None:
        """A link to an INDICATOR, which is added where none stands at these words."""
        if not value:
            return None
        start, end = self._span(value, item)
        held = next((e for e in self.record["entities"] if (e["start"], e["end"], e["label"]) == (start, end, "INDICATOR")), None)
        if held is None:
            self._add({"layer": "entities", "start": start, "end": end, "values": {"label": "INDICATOR"}})
            held = self.record["entities"][-1]
        return {"start": start, "end": end, "canon": held["canon"], "entity": held["id"]}

    def _period(self, item: Json, value: object) -> Json | None:
        if not value:
            return None
        start, end = self._span(value, item)
        words = self.text[start:end]
        read = [p for p in periods.find(TextView(words), self.record["meta"].get("date")) if (p.start, p.end) == (0, len(TextView(words).text))]
        return {"start": start, "end": end, "text": words, "value": read[0].value if read else None}

    def _actors(self, item: Json, value: object) -> list[Json]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise _wrong("lead", value)
        spans = sorted({self._span(given, item) for given in value})
        canons = {(e["start"], e["end"]): e["canon"] for e in self.record["entities"] if e["label"] == "DEPARTMENT"}
        return [{"start": s, "end": e, "text": self.text[s:e], "canon": canons.get((s, e))} for s, e in spans]


    def _subjects(self, item: Json, value: object) -> list[Json]:
        """Words a problem is about, and the entity where one stands at these words."""
        known = {(e["start"], e["end"]): e for e in self.record["entities"]}
        out = self._actors(item, value)
        for subject in out:
            entity = known.get((subject["start"], subject["end"]))
            subject |= {"canon": entity["canon"] if entity else None, "entity": entity["id"] if entity else None}
        return out

    def _places(self, item: Json, value: object) -> list[Json]:
        """A place's canonical name is what it is called, unless that is masked."""
        return [{**place, "canon": None if "*" in place["text"] else place["text"]} for place in self._subjects(item, value)]


_POINTERS: dict[str, Callable[[_Correction, Json, object], Any]] = {
    "indicator": _Correction._indicator, "period": _Correction._period, "deadline": _Correction._period,
    "lead": _Correction._actors, "support": _Correction._actors, **dict.fromkeys(_SUBJECTS, _Correction._subjects),
    "places": _Correction._places,
}  # fmt: skip


def checked_value(layer: str, slot: str, value: Any) -> Any:
    """The value, if the field table allows it. Raises DubanError DB145.

    >>> checked_value("entities", "level", "市"), checked_value("entities", "canon", "")
    ('市', None)
    """
    schema = next(field.schema for field in FIELDS[layer] if field.name == slot)
    if "enum" in schema:
        if value not in schema["enum"]:
            raise _wrong(slot, value)
        return value
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if value == "" and "null" in allowed:
        return None
    fits = any(type(value) in _TYPES[name] for name in allowed)
    if not fits or (isinstance(value, str) and len(value) > _LONGEST) or (isinstance(value, float) and abs(value) == float("inf")) or value != value:
        raise _wrong(slot, value)
    if "minimum" in schema and value < schema["minimum"]:
        raise _wrong(slot, value)
    return value


def _wrong(slot: str, value: object) -> DubanError:
    return DubanError("DB145", reason=message("reason.value", key=slot, value=str(value)[:60]))


# ---- what an added record says before its slots are set


def _new_boilerplate(record: Json, start: int, end: int) -> Json:
    return {"kind": "control"}


def _new_section(record: Json, start: int, end: int) -> Json:
    return {"kind": "section", "level": 1, "heading": {"start": start, "end": end, "text": record["text"][start:end]}, "path": ""}


def _new_entity(record: Json, start: int, end: int) -> Json:
    """What the rules make of the words alone, else a department."""
    words = record["text"][start:end]
    view = TextView(words)
    read = [e for e in entities.find(view) if view.to_source(e.start, e.end) == (0, len(words))]
    like = read[0] if read else None
    return {"label": like.label if like else "DEPARTMENT", "canon": like.canon if like else None,
            "level": like.level if like else None, "place": like.place if like else None}  # fmt: skip


def _new_target(record: Json, start: int, end: int) -> Json:
    view = TextView(record["text"][start:end])
    read = numerals.read(view.text)
    shared = {"kind": "level", "status": "target", "scope": None}
    if read is None:
        return {**shared, "unit": "", "comparator": "=", "redacted": False}
    return {**shared, "value": number(read.value), "value_max": number(read.value_max), "unit": read.unit, "comparator": read.bound or "=",
            "redacted": read.redacted}  # fmt: skip


def _new_task(record: Json, start: int, end: int) -> Json:
    """Its first actor leads, unless told otherwise."""
    inside = [e for e in record["entities"] if start <= e["start"] and e["end"] <= end and e["label"] in ("DEPARTMENT", "GROUP")]
    lead = [{k: e[k] for k in ("start", "end", "text", "canon")} for e in sorted(inside, key=lambda e: e["start"])[:1]]
    return {"lead": lead, "support": [], "targets": [], "projects": []}


def _new_problem(record: Json, start: int, end: int) -> Json:
    """Something lags, and all its words say so, unless told otherwise."""
    return {"kind": "behind", "cue": {"start": start, "end": end, "text": record["text"][start:end]}, **{slot: [] for slot in _SUBJECTS}, "targets": []}


_DEFAULTS: dict[str, Callable[[Json, int, int], Json]] = {
    "boilerplate": _new_boilerplate, "sections": _new_section, "entities": _new_entity, "targets": _new_target, "tasks": _new_task,
    "problems": _new_problem,
}  # fmt: skip


# ---- what hangs together


def _relink(record: Json) -> None:
    """What points at records that are gone points nowhere; what lies in tasks and sections is found anew."""
    known = {e["id"]: e for e in record["entities"]}
    for target in record["targets"]:
        link = target["indicator"]
        if link and link["entity"] is not None:
            entity = known.get(link["entity"])
            if entity is None or entity["label"] != "INDICATOR":
                target["indicator"] = None
            else:
                link["start"], link["end"] = entity["start"], entity["end"]
    projects = [e for e in record["entities"] if e["label"] == "PROJECT"]
    for task in record["tasks"]:
        task["targets"] = [t["id"] for t in record["targets"] if _within(t, task)]
        task["projects"] = [e["id"] for e in projects if _within(e, task)]
    for problem in record["problems"]:
        problem["targets"] = [t["id"] for t in record["targets"] if _within(t, problem)]
        for subject in (s for slot in _SUBJECTS for s in problem[slot]):
            subject["entity"] = subject["entity"] if subject["entity"] in known else None
    sections = sorted((s for s in record["sections"] if s["kind"] != "title"), key=lambda s: s["start"])
    for item in (*record["targets"], *record["tasks"], *record["problems"]):
        around = [s["id"] for s in sections if s["start"] <= item["start"] < s["end"]]
        item["section"] = around[-1] if around else None


def _within(item: Json, task: Json) -> bool:
    return bool(task["start"] <= item["start"] and item["end"] <= task["end"])


def _rebuild_outline(record: Json) -> None:
    """Start, end, parent and path of every section, from headings, kinds and levels."""
    text = record["text"]
    found = sorted(record["sections"], key=lambda s: (s["heading"]["start"], s["kind"] != "title"))
    for i, section in enumerate(found):  # ids by which they point at each other
        section["id"] = f"{i}"
    stack: list[Json] = []
    title = next((s for s in found if s["kind"] == "title"), None)
    for i, section in enumerate(found):
        section["start"] = section["heading"]["start"]
        later = found[i + 1 :]
        if section["kind"] == "title":
            section |= {"level": 0, "parent": None, "path": "", "end": len(text.rstrip())}
            continue
        if section["kind"] == "section":
            section["level"] = max(section["level"], 1)
            while stack and stack[-1]["level"] >= section["level"]:
                stack.pop()
            stop = next((s["heading"]["start"] for s in later if s["kind"] == "section" and s["level"] <= section["level"]), len(text))
        else:
            section["level"] = stack[-1]["level"] + 1 if stack else 1
            line = text.find("\n", section["heading"]["end"])
            ends = [s["heading"]["start"] for s in later[:1]] + [line if line >= 0 else len(text)]
            stop = section["end"] if section["end"] and section["start"] < section["end"] <= min(ends) else min(ends)
        parent = stack[-1] if stack else title
        label = (section["marker"] or section["heading"]["text"][:10]).strip(_MARKS).replace("/", "／")
        above = parent["path"] if parent else ""
        section |= {"end": len(text[:stop].rstrip()), "parent": parent["id"] if parent else None, "path": f"{above}/{label}" if above else label}
        if section["kind"] == "section":
            stack.append(section)
    record["sections"] = found


def _renumbered(record: Json) -> Json:
    """Every layer in text order with the ids of that order, and everything that points by id pointing on."""
    new: dict[str, dict[str, str]] = {}
    for layer in LAYERS:
        record[layer].sort(key=lambda item: (item["start"], -item["end"]))
        new[layer] = {item["id"]: match_id(layer, i) for i, item in enumerate(record[layer])}
        for item in record[layer]:
            item["id"] = new[layer][item["id"]]
    for section in record["sections"]:
        section["parent"] = new["sections"].get(section["parent"])
    for item in (*record["targets"], *record["tasks"], *record["problems"]):
        item["section"] = new["sections"].get(item["section"])
    for target in record["targets"]:
        if target["indicator"]:
            target["indicator"]["entity"] = new["entities"].get(target["indicator"]["entity"])
    for task in record["tasks"]:
        task["targets"] = [new["targets"][t] for t in task["targets"]]
        task["projects"] = [new["entities"][e] for e in task["projects"]]
    for problem in record["problems"]:
        problem["targets"] = [new["targets"][t] for t in problem["targets"]]
        for subject in (s for slot in _SUBJECTS for s in problem[slot]):
            subject["entity"] = new["entities"].get(subject["entity"])
    return record


# ---- gold


def gold(record: Mapping[str, Any], name: str | None = None) -> Json:
    """The record as gold (a ``.gold.json`` of ``duban evaluate``): the whole text is its window, every layer annotated.

    ``name``: what the text's file is called, without its suffix; the record's id unless given.

    >>> import duban
    >>> made = gold(duban.to_record(duban.process("力争粮食产量达到19万吨。", name="a")))
    >>> made["doc"], made["windows"], made["targets"][0]["indicator"]
    ('a', [[0, 13]], [2, 6])
    """
    return {
        "doc": name or record["id"],
        "sha256": text_hash(record["text"]),
        "windows": [[0, len(record["text"])]],
        "layers": ["boilerplate", "title", "sections", "items", "entities", "targets", "tasks", *(layer for layer in LATER if layer in record)],
        "boilerplate": [_kept(b, "start", "end", "kind") for b in record["boilerplate"]],
        "sections": [{"kind": s["kind"], "heading": _ends(s["heading"]), **_kept(s, "level", "number", "marker")} for s in record["sections"]],
        "entities": [_kept(e, "start", "end", "text", "label", "canon") for e in record["entities"]],
        "targets": [
            {**_kept(t, "start", "end", "text", "value", "value_max", "unit", "redacted", "comparator", "kind", "direction", "status"),
             "indicator_canon": t["indicator"]["canon"] if t["indicator"] else None, "indicator": _ends(t["indicator"]), "period": _ends(t["period"])}
            for t in record["targets"]
        ],
        "tasks": [
            {**_kept(k, "start", "end"), "lead": _all_ends(k["lead"]), "support": _all_ends(k["support"]), "deadline": _ends(k["deadline"])}
            for k in record["tasks"]
        ],
        "problems": [
            {**_kept(p, "start", "end", "text", "kind"), "cue": _ends(p["cue"]), "period": _ends(p["period"]),
             **{slot: _all_ends(p[slot]) for slot in _SUBJECTS}}
            for p in record.get("problems", ())
        ],
    }  # fmt: skip


def _kept(item: Mapping[str, Any], *names: str) -> Json:
    return {name: item[name] for name in names}


def _ends(span: Mapping[str, Any] | None) -> list[int] | None:
    return [span["start"], span["end"]] if span else None


def _all_ends(spans: Iterable[Mapping[str, Any]]) -> list[list[int] | None]:
    return [_ends(span) for span in spans]
