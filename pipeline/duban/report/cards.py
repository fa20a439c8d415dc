"""What a page tells of each record when it is pointed at: name, value, links, why. Texts in the user's language."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from duban.explain import clean
from duban.messages import MESSAGES, message
from duban.records import LAYERS

Json = Mapping[str, Any]
_LONG = 80
#: Slots that point at words of the text: pointed at, the words light up.
_POINTERS = ("indicator", "period", "scope", "deadline", "cue")
_SUBJECTS = ("units", "places", "projects", "indicators")


def cards(record: Json) -> dict[str, dict[str, Any]]:
    """A card for each record, by id.

    A card: ``title`` (what it is), ``text``, ``span``, ``rows`` (name and value of each slot), ``rule``, ``entry`` (of the
    lexicon), ``evidence`` (slot, words, start, end) and ``lit``, the spans it points to.

    >>> entity = {"id": "e1", "start": 0, "end": 3, "text": "市水局", "label": "DEPARTMENT", "canon": "水利局", "level": None, "place": None, "ref": None}
    >>> record = {"text": "市水局", "sections": [], "entities": [entity], "targets": [], "tasks": [], "boilerplate": []}
    >>> cards(record)["e1"]["rows"][0][1]
    '水利局'
    """
    return {item["id"]: card(record, layer, item) for layer in LAYERS for item in record.get(layer, ())}


def card(record: Json, layer: str, item: Json) -> dict[str, Any]:
    """The card of one record; of one that stands alone (a record without text and layers) what it knows itself."""
    shown = item.get("heading") or item
    why = item.get("why") or {}
    pointed = [item[slot] for slot in _POINTERS if item.get(slot)] + [end for slot in _lists(layer) for end in item[slot]]
    evidence = [(slot, s, e) for slot, spans in why.get("evidence", {}).items() for s, e in spans]
    return {
        "title": name(layer, item),
        "text": short(_words(record, shown)),
        "span": [shown["start"], shown["end"]],
        "rows": [[slot, value] for slot, value in slots(record, layer, item) if value],
        "rule": why.get("rule"),
        "entry": why.get("lexicon") or item.get("ref"),
        "evidence": [[said("slot", slot), short(clean(record["text"][s:e])), s, e] for slot, s, e in evidence],
        "lit": sorted({(p["start"], p["end"]) for p in pointed} | {(s, e) for _, s, e in evidence}),
    }


def slots(record: Json, layer: str, item: Json) -> list[tuple[str, str]]:
    """What is told of a record: name and value of each slot, the value "" where there is none."""
    return [(message(f"slot.{slot}"), value) for slot, value in _ROWS[layer](record, item)]


def _lists(layer: str) -> tuple[str, ...]:
    """The slots of a layer that hold lists of words in the text."""
    return {"tasks": ("lead", "support"), "problems": _SUBJECTS}.get(layer, ())


def name(layer: str, item: Json) -> str:
    """What a record is, in a word: its label, kind or layer.

    >>> name("targets", {"status": "actual"}) in ("实绩", "actual figure")
    True
    """
    if layer == "entities":
        return said("label", item["label"])
    if layer == "targets":
        return said("status", item["status"])
    if layer == "sections":
        return said("kind", item["kind"])
    return message(f"layer.{layer}")


def said(group: str, value: str | None) -> str:
    """A value of the format in the user's words, or as it stands."""
    code = f"{group}.{value}"
    return message(code) if code in MESSAGES else value or ""


def short(words: str, length: int = _LONG) -> str:
    """The words, cut in the middle where they are long."""
    half = length // 2
    return words if len(words) <= length else f"{words[:half]}…{words[-half:]}"


def amount(target: Json) -> str:
    """Comparator, value and unit of a number as officials write it (万, 亿); "" where it is masked.

    >>> amount({"comparator": ">=", "value": 6050000000, "value_max": None, "unit": "元"})
    '≥ 60.5 亿元'
    >>> amount({"comparator": "=", "value": 2, "value_max": 3.5, "unit": "%"})
    '2–3.5 %'
    """
    if target["value"] is None:
        return ""
    values = [Decimal(str(v)) for v in (target["value"], target.get("value_max")) if v is not None]
    scale, name = next(((scale, name) for scale, name in _SCALES if abs(values[0]) >= scale), (1, ""))
    number = "–".join(_digits(v / scale) for v in values)
    return " ".join(part for part in (SIGNS.get(target["comparator"], ""), number, name + target["unit"]) if part)


#: Comparators as they are written in mathematics.
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈"}
_SCALES = ((10**8, "亿"), (10**4, "万"))


def _digits(value: Decimal) -> str:
    """A number with separators, in full up to a length people read."""
    return f"{value.normalize():,f}" if abs(value) < 10**15 else f"{value:.6g}"


def _exact(target: Json) -> str:
    """The value in base units, where 万 or 亿 stands for it otherwise."""
    value = target["value"]
    return f" = {_digits(Decimal(str(value)))} {target['unit']}".rstrip() if value is not None and abs(value) >= 10**4 else ""


def _section(record: Json, item: Json) -> str:
    found = next((s for s in record["sections"] if s["id"] == item.get("section")), None)
    return short(clean(found["heading"]["text"]), 40) if found and found["kind"] != "title" else ""


def _words(record: Json, span: Json | None) -> str:
    return clean(record["text"][span["start"] : span["end"]] or span.get("text") or "") if span else ""


def _dated(record: Json, period: Json | None) -> str:
    words = _words(record, period)
    return f"{words}（{period['value']}）" if period and period.get("value") else words


def _named(record: Json, actors: Iterable[Json]) -> str:
    return "、".join(_with_canon(_words(record, a), a.get("canon")) for a in actors)


def _with_canon(words: str, canon: str | None) -> str:
    return f"{words}（{canon}）" if words and canon and canon != words else words or canon or ""


def _listed(record: Json, layer: str, ids: Iterable[str]) -> str:
    wanted = set(ids)
    return "、".join(clean(item["text"]) for item in record[layer] if item["id"] in wanted)


def _of_boilerplate(record: Json, item: Json) -> Iterator[tuple[str, str]]:
    yield "kind", said("kind", item["kind"])


def _of_section(record: Json, item: Json) -> Iterator[tuple[str, str]]:
    yield "path", item["path"]
    yield "level", str(item["level"]) if item["level"] else ""


def _of_entity(record: Json, item: Json) -> Iterator[tuple[str, str]]:
    yield "canon", item["canon"] or ""
    yield "level", item["level"] or ""
    yield "place", item["place"] or ""


def _of_target(record: Json, item: Json) -> Iterator[tuple[str, str]]:
    indicator = item["indicator"]
    yield "indicator", _with_canon(_words(record, indicator), indicator["canon"]) if indicator else message("report.none")
    yield "value", message("report.redacted") if item["redacted"] else amount(item) + _exact(item)
    yield "kind", " ".join(filter(None, (said("kind", item["kind"]), said("direction", item["direction"]))))
    yield "period", _dated(record, item["period"])
    yield "scope", _words(record, item["scope"])
    yield "section", _section(record, item)


def _of_task(record: Json, item: Json) -> Iterator[tuple[str, str]]:
    yield "lead", _named(record, item["lead"])
    yield "support", _named(record, item["support"])
    yield "deadline", _dated(record, item["deadline"]) or message("report.none")
    yield "targets", _listed(record, "targets", item["targets"])
    yield "projects", _listed(record, "entities", item["projects"])
    yield "section", _section(record, item)


def _of_problem(record: Json, item: Json) -> Iterator[tuple[str, str]]:
    yield "kind", said("kind", item["kind"])
    for slot in _SUBJECTS:
        yield slot, _named(record, item[slot])
    yield "period", _dated(record, item["period"])
    yield "targets", _listed(record, "targets", item["targets"])
    yield "section", _section(record, item)


_ROWS = {
    "boilerplate": _of_boilerplate, "sections": _of_section, "entities": _of_entity, "targets": _of_target, "tasks": _of_task, "problems": _of_problem,
}  # fmt: skip
