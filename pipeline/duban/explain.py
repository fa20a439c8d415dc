"""Why a record says what it says, and the outline of a document, as lines for a terminal."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from duban.errors import DubanError
from duban.messages import MESSAGES, message
from duban.records import LAYERS
from duban.view import TextView

# Said in an item's first line, or on a line of their own.
_APART = frozenset(("id", "start", "end", "text", "heading", "ref", "why"))
_WIDTH = 60


def clean(text: str) -> str:
    """The clean reading of a stretch of text: no wraps, no stray spaces.

    >>> clean("全 市\\n生产 总值")
    '全市生产总值'
    """
    return TextView(text).text.replace("\n", "")


def explain(record: Mapping[str, Any], at: int | None = None) -> Iterator[str]:
    """Every record of a document, or those that cover the offset ``at``: text, slots, rule, lexicon entry, evidence.

    Raises DubanError DB215 where ``at`` lies outside the text.

    >>> record = {"text": "增长6%。", "targets": [{"id": "t1", "start": 2, "end": 4, "text": "6%", "value": 6, "unit": "%",
    ...     "why": {"rule": "amount", "lexicon": None, "evidence": {"unit": [[3, 4]]}}}]}
    >>> print(next(explain(record, at=2)))  # doctest: +ELLIPSIS
    t1 ... 2–4 “6%”
    """
    text: str = record["text"]
    if at is not None and not 0 <= at < len(text):
        raise DubanError("DB215", offset=at, last=len(text) - 1)
    found = False
    for layer in LAYERS:
        for item in record.get(layer) or ():
            if at is None or item["start"] <= at < item["end"]:
                if found:
                    yield ""
                found = True
                yield from _item(layer, item, text)
    if not found:
        yield message("explain.empty") if at is None else message("explain.nothing", offset=at, context=clean(text[max(0, at - 10) : at + 10]))


def _item(layer: str, item: Mapping[str, Any], text: str) -> Iterator[str]:
    shown = item.get("heading") or item  # of a section its heading says enough
    words = text[shown["start"] : shown["end"]]
    yield f"{item['id']} {message(f'layer.{layer}')} {item['start']}–{item['end']} {_quoted(words)}"
    for slot, value in item.items():
        if slot not in _APART and value not in (None, "", []):
            yield f"  {_label(f'slot.{slot}', slot)}: {_shown(value, text)}"
    why = item.get("why") or {}
    if rule := why.get("rule"):
        yield f"  {message('explain.rule')}: {rule}"
    if entry := why.get("lexicon") or item.get("ref"):
        yield f"  {message('explain.lexicon')}: {entry}"
    for slot, spans in (why.get("evidence") or {}).items():
        places = ", ".join(f"{_quoted(text[start:end])} {start}–{end}" for start, end in spans)
        yield f"  {message('explain.evidence')} {_label(f'slot.{slot}', slot)}: {places}"


def _label(code: str, name: str) -> str:
    return message(code) if code in MESSAGES else name


def _shown(value: Any, text: str) -> str:
    """A slot's value: a linked span with its words and offsets, a list item by item, anything else as it is."""
    if isinstance(value, Mapping):
        rest = [f"{_label(f'slot.{key}', key)} {v}" for key, v in value.items() if key not in _APART and v is not None]
        return " ".join((f"{_quoted(text[value['start'] : value['end']])} {value['start']}–{value['end']}", *rest))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_shown(v, text) for v in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(words: str) -> str:
    return f"“{_short(clean(words))}”"


def _short(words: str, width: int = _WIDTH) -> str:
    """The words, or their beginning and end where they are long."""
    half = width // 2
    return words if len(words) <= width else f"{words[:half]}…{words[-half:]}"


def outline(record: Mapping[str, Any]) -> Iterator[str]:
    """The outline of a document, a heading a line, indented by level; an item shows how its point begins.

    >>> section = {"kind": "section", "level": 1, "start": 0, "end": 7, "heading": {"start": 0, "end": 4}}
    >>> list(outline({"text": "一、工业。落实", "sections": [section, {**section, "level": 2}]}))
    ['一、工业', '  一、工业']
    """
    sections: Iterable[Mapping[str, Any]] = record.get("sections") or ()
    text: str = record["text"]
    shown = [f"{'  ' * max(0, section['level'] - 1)}{_heading(section, text)}" for section in sections]
    yield from shown or [message("outline.empty")]


def _heading(section: Mapping[str, Any], text: str) -> str:
    heading = section["heading"]
    words = clean(text[heading["start"] : heading["end"]])
    if section["kind"] != "item":
        return words
    point = clean(text[heading["end"] : min(section["end"], heading["end"] + 2 * _WIDTH)]).lstrip("，、：,:")
    return f"{words} {_first_clause(point)}".rstrip()


def _first_clause(point: str) -> str:
    ends = [at for mark in "，。；：！？" if (at := point.find(mark)) > 0]
    return point[: min([*ends, _WIDTH // 2])]
