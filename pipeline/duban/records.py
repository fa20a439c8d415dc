"""Doc <-> record: the only module that knows the interchange format ``duban/1``.

``FIELDS`` is the format: one row a field, with its JSON Schema and its meaning. The writers, the JSON Schema and the
documentation are made from it. A layer's records live on the Doc as plain JSON in ``doc.spans[layer].attrs``, by span
id; document facts are the attrs of the empty group ``doc.spans["duban"]``.
"""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from duban.errors import DubanError
from duban.matches import (
    KINDS,
    PROBLEM_KINDS,
    Actor,
    Boilerplate,
    Entity,
    IndicatorLink,
    Period,
    Problem,
    Quote,
    Section,
    Span,
    Subject,
    Target,
    Task,
    Why,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

Json = dict[str, Any]
FORMAT = "duban/1"
#: The group whose attrs hold the document's facts.
FACTS = "duban"


class Field(NamedTuple):
    """One field of the record: its name, its JSON Schema, what it means (Chinese, English)."""

    name: str
    schema: Json
    zh: str
    en: str


def _nullable(*types: str) -> Json:
    return {"type": [*types, "null"]}


def _enum(*values: str | None) -> Json:
    return {"enum": list(values)}


_TEXT, _OFFSET, _FLAG = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "boolean"}
_MAYBE_TEXT = _nullable("string")
_SPAN = {"type": "array", "items": _OFFSET, "minItems": 2, "maxItems": 2}


def _object(*required: tuple[str, Json], nullable: bool = False) -> Json:
    return {"type": ["object", "null"] if nullable else "object", "properties": dict(required), "required": [k for k, _ in required]}


_QUOTE = (("start", _OFFSET), ("end", _OFFSET), ("text", _TEXT))
_PERIOD = _object(*_QUOTE, ("value", _MAYBE_TEXT), nullable=True)
_INDICATOR = _object(("start", _OFFSET), ("end", _OFFSET), ("canon", _MAYBE_TEXT), ("entity", _MAYBE_TEXT), nullable=True)
_ACTORS = {"type": "array", "items": _object(*_QUOTE, ("canon", _MAYBE_TEXT))}
_SUBJECTS = {"type": "array", "items": _object(*_QUOTE, ("canon", _MAYBE_TEXT), ("entity", _MAYBE_TEXT))}
_EVIDENCE: Json = {"type": "object", "additionalProperties": {"type": "array", "items": _SPAN}}
_WHY = Field(
    "why", _object(("rule", _TEXT), ("lexicon", _MAYBE_TEXT), ("evidence", _EVIDENCE)),
    "依据：规则、词条、各槽位所据文字", "why: the rule, the lexicon entry, the words each slot rests on",
)
_ID = Field("id", _TEXT, "编号，文内唯一，按文中次序", "id, unique in the document, numbered in text order")
_START = Field("start", _OFFSET, "起（含），按 Unicode 码位计", "start offset in code points, inclusive")
_END = Field("end", _OFFSET, "止（不含）", "end offset, exclusive")
_WORDS = Field("text", _TEXT, "原文", "the words of the source")
_SECTION = Field("section", _MAYBE_TEXT, "所属章节编号", "id of the innermost section it lies in")
_LEVELS = ("国家", "省", "市", "县", "乡")

#: layer -> its fields, in the order they are written.
FIELDS: dict[str, tuple[Field, ...]] = {
    "boilerplate": (
        _ID, _START, _END,
        Field("kind", _enum(*KINDS), "种类", "what sort of furniture it is"),
        _WORDS, _WHY,
    ),
    "sections": (
        _ID, _START, _END,
        Field("kind", _enum("title", "section", "item"), "标题、章节或要点", "title, section or item"),
        Field("marker", _MAYBE_TEXT, "序号标记原文", "the marker as it stands"),
        Field("number", _nullable("integer"), "序号", "the ordinal the marker states"),
        Field("level", _OFFSET, "层级，文件标题为 0", "nesting depth, 0 for the title"),
        Field("heading", _object(*_QUOTE), "标题文字", "the heading alone"),
        Field("parent", _MAYBE_TEXT, "上级章节编号", "id of the parent section"),
        Field("path", _TEXT, "自外而内的序号", "the markers from the root"),
        _WHY,
    ),
    "entities": (
        _ID, _START, _END, _WORDS,
        Field("label", _enum("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR"), "类别", "label"),
        Field("ref", _MAYBE_TEXT, "词条编号", "id of the lexicon entry, if it rests on one"),
        Field("canon", _MAYBE_TEXT, "规范名称", "canonical name"),
        Field("level", _enum(*_LEVELS, None), "层级", "administrative level"),
        Field("place", _MAYBE_TEXT, "地名", "the place in the name"),
        _WHY,
    ),
    "targets": (
        _ID, _START, _END, _WORDS,
        Field("value", _nullable("number"), "数值（基本单位）；涂黑为空", "value in base units; null where redacted"),
        Field("value_max", _nullable("number"), "区间上限", "upper bound of a range"),
        Field("unit", _TEXT, "单位（不含万、亿）", "unit without 万 and 亿"),
        Field("comparator", _enum("=", ">=", ">", "<=", "<", "~"), "比较", "comparator"),
        Field("redacted", _FLAG, "数字是否涂黑", "is a digit masked"),
        Field("kind", _enum("growth", "ratio", "change", "share", "rank", "level"), "种类", "what sort of amount"),
        Field("direction", _enum("up", "down", None), "增或减", "direction of a growth or change, or rank from the bottom"),
        Field("status", _enum("target", "actual", "other"), "目标、实绩或其他", "a promise, a fact or neither"),
        Field("indicator", _INDICATOR, "所量指标", "what it measures"),
        Field("period", _PERIOD, "时期", "for or by when"),
        Field("scope", _object(*_QUOTE, nullable=True), "他地之数时的范围词", "whose figure it is when not the document's own place"),
        _SECTION, _WHY,
    ),
    "tasks": (
        _ID, _START, _END, _WORDS,
        Field("lead", _ACTORS, "牵头者", "who leads"),
        Field("support", _ACTORS, "配合者", "who supports"),
        Field("deadline", _PERIOD, "时限", "by when"),
        Field("targets", {"type": "array", "items": _TEXT}, "所含目标数编号", "ids of the targets in it"),
        Field("projects", {"type": "array", "items": _TEXT}, "所含项目编号", "ids of the projects in it"),
        _SECTION, _WHY,
    ),
    "problems": (
        _ID, _START, _END, _WORDS,
        Field("kind", _enum(*PROBLEM_KINDS), "类别", "what sort of problem"),
        Field("cue", _object(*_QUOTE), "提示词", "the words that say so"),
        Field("units", _SUBJECTS, "所涉单位", "organs, groups and firms at fault"),
        Field("places", _SUBJECTS, "所涉地区", "places"),
        Field("projects", _SUBJECTS, "所涉项目", "projects"),
        Field("indicators", _SUBJECTS, "所涉指标", "indicators"),
        Field("period", _PERIOD, "时期", "when"),
        Field("targets", {"type": "array", "items": _TEXT}, "所含数字编号", "ids of the numbers in it"),
        _SECTION, _WHY,
    ),
}
LAYERS: tuple[str, ...] = tuple(FIELDS)
#: Layers that ``duban/1`` got later: a record without them is whole.
LATER = ("problems",)
_TEXTS: Json = {"type": "array", "items": _TEXT}
#: What a reader had to tell, in ``meta``: warnings, the paragraphs that a file keeps apart from its text (headers,
#: footers, notes), and how many characters were left out; the last two by the name of what held them.
READING: dict[str, Json] = {
    "warnings": _TEXTS,
    "apart": {"type": "object", "additionalProperties": _TEXTS},
    "left_out": {"type": "object", "additionalProperties": _OFFSET},
}
_PREFIX = {"boilerplate": "b", "sections": "s", "entities": "e", "targets": "t", "tasks": "k", "problems": "p"}
_CLASS: dict[str, Any] = {
    "boilerplate": Boilerplate, "sections": Section, "entities": Entity, "targets": Target, "tasks": Task, "problems": Problem,
}  # fmt: skip
#: field that points at other matches -> the layer it points into
_POINTS = {"parent": "sections", "section": "sections", "entity": "entities", "targets": "targets", "projects": "entities"}


def schema() -> Json:
    """The JSON Schema (2020-12) of a record.

    >>> schema()["properties"]["targets"]["items"]["properties"]["unit"]["type"]
    'string'
    """
    def item(layer: str) -> Json:
        known = FIELDS[layer]
        return {"type": "object", "properties": {f.name: {**f.schema, "description": f.en} for f in known}, "required": [f.name for f in known]}

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "type": "object",
        "properties": {
            "schema": {"const": FORMAT},
            "id": _TEXT,
            "text": _TEXT,
            "meta": _object(("title", _MAYBE_TEXT), ("date", {**_nullable("string"), "pattern": r"^\d{4}-\d{2}-\d{2}$"}), ("place", _MAYBE_TEXT),
                            ("source", _object(("path", _MAYBE_TEXT), ("format", _MAYBE_TEXT), ("encoding", _MAYBE_TEXT), ("sha256", _TEXT))),
                            *READING.items()),
            "pipeline": _object(("name", _TEXT), ("version", _TEXT), ("lexicon", _TEXT)),
            **{layer: {"type": "array", "items": item(layer)} for layer in LAYERS},
        },
        "required": ["schema", "id", "text", "meta", "pipeline", *(layer for layer in LAYERS if layer not in LATER)],
    }


def reference() -> str:
    """The field table as Markdown: what `docs/data-model.md` holds below its introduction.

    >>> print(reference().splitlines()[0])
    ## `boilerplate`
    """
    return "\n".join(line for layer in LAYERS for line in _layer_table(layer))


def _layer_table(layer: str) -> list[str]:
    rows = [f"| `{f.name}` | {_type(f.schema)} | {f.en} | {f.zh} |" for f in FIELDS[layer]]
    return [f"## `{layer}`", "", "| field | type | meaning | 含义 |", "| --- | --- | --- | --- |", *rows, ""]


def _type(known: Json) -> str:
    """A JSON Schema in a few words."""
    if "enum" in known:
        return " / ".join("null" if v is None else f"`{v}`" for v in known["enum"])
    kinds = known["type"] if isinstance(known["type"], list) else [known["type"]]
    if "items" in known:
        return f"list of {_type(known['items'])}"
    if "properties" in known:
        inner = ", ".join(f"`{name}`" for name in known["properties"])
        return f"object ({inner})" + (" or null" if "null" in kinds else "")
    return " or ".join(kinds)


def number(value: Decimal | None) -> int | float | None:
    """A JSON number: an integer where the value is whole (and fits 64 bits), else the shortest decimal.

    >>> number(Decimal("6E9")), number(Decimal("0.50")), number(None)
    (6000000000, 0.5, None)
    """
    if value is None:
        return None
    if value == value.to_integral_value() and abs(value) < 2**63:
        return int(value)
    return float(value)


def match_id(layer: str, position: int) -> str:
    """The id of the match at ``position`` of its layer's list: ``t1`` is the first target."""
    return f"{_PREFIX[layer]}{position + 1}"


def anchor(document: str, record: str) -> str:
    """Where a record stands in a page made from it: the id of its element, and after ``#`` the fragment of a link to it.

    Percent-encoded, so that it holds for every document id in both places: spaces, Chinese, and ``/``, which a
    spreadsheet would turn round.

    >>> anchor("2026/plan a", "t1"), anchor("计划", "k12")
    ('2026%2Fplan%20a:t1', '%E8%AE%A1%E5%88%92:k12')
    """
    return quote(f"{document}:{record}", safe=":")


def encode(layer: str, matches: Sequence[Any], text: str, to_source: Callable[[int, int], Span]) -> dict[str, Json]:
    """Finder results as records: id -> record, offsets carried to the source, positions turned into ids."""
    names = [f.name for f in FIELDS[layer]]
    return {name: {**_encode(m, names, text, to_source), "id": name} for i, m in enumerate(matches) for name in [match_id(layer, i)]}


def _encode(match: Any, names: Iterable[str], text: str, to_source: Callable[[int, int], Span]) -> Json:
    start, end = to_source(match.start, match.end)
    place = {"start": start, "end": end, "text": text[start:end]}
    out: Json = {}
    for name in names:
        value = place[name] if name in place else getattr(match, name)
        out[name] = value if value is None or name in place or value.__class__ is str else _value(name, value, text, to_source)
    return out


def _value(name: str, value: Any, text: str, to_source: Callable[[int, int], Span]) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, int):
        return match_id(_POINTS[name], value) if name in _POINTS else value
    if isinstance(value, Span):  # the heading
        start, end = to_source(*value)
        return {"start": start, "end": end, "text": text[start:end]}
    if isinstance(value, Why):
        evidence = {slot: [list(to_source(*s)) for s in spans] for slot, spans in value.evidence.items()}
        return {"rule": value.rule, "lexicon": value.lexicon, "evidence": evidence}
    if isinstance(value, tuple):
        return [_value(name, v, text, to_source) for v in value]
    return _encode(value, _names(value.__class__), text, to_source)


@cache
def _names(kind: type) -> tuple[str, ...]:
    """What a part of a record says: where it stands, its text (of an indicator the entity has it), and its own fields."""
    own = (f.name for f in fields(kind) if f.name not in ("start", "end", "text"))
    return ("start", "end", *(() if kind is IndicatorLink else ("text",)), *own)


def layer_of(match: Any) -> str:
    """The layer a match belongs to, by its class."""
    return next(layer for layer, kind in _CLASS.items() if kind is type(match))


def decode(layer: str, records: Iterable[Json], to_view: Callable[[int, int], Span] = Span) -> list[Any]:
    """The records of a layer as the finders' classes, ids as positions; ``to_view`` moves the offsets."""
    return [_decode(_CLASS[layer], record, to_view) for record in records]


_NESTED: dict[str, Any] = {"indicator": IndicatorLink, "period": Period, "deadline": Period, "scope": Quote, "lead": Actor, "support": Actor}
_NESTED |= {"cue": Quote, "units": Subject, "places": Subject, "indicators": Subject}
#: Slots that hold ids in one layer and words of the text in another.
_EITHER = {(Problem, "projects"): Subject}


def _decode(cls: Any, record: Mapping[str, Any], to_view: Callable[[int, int], Span]) -> Any:
    start, end = to_view(record["start"], record["end"])
    known: Json = {"start": start, "end": end}
    for field in fields(cls):
        name = field.name
        if name in known or name not in record:
            continue
        value = record[name]
        if value is None or name in ("id", "text"):
            known[name] = value
        elif (cls, name) in _EITHER:
            known[name] = tuple(_decode(_EITHER[cls, name], v, to_view) for v in value)
        elif name in _POINTS:
            known[name] = tuple(_position(v) for v in value) if isinstance(value, list) else _position(value)
        elif name == "heading":
            known |= {name: to_view(value["start"], value["end"]), "text": value["text"]}
        elif name == "why":
            known[name] = Why(value["rule"], value["lexicon"], {k: tuple(to_view(*s) for s in v) for k, v in value["evidence"].items()})
        elif name in ("value", "value_max") and cls is Target:
            known[name] = Decimal(str(value))
        elif name in _NESTED:
            inner = _NESTED[name]
            known[name] = tuple(_decode(inner, v, to_view) for v in value) if isinstance(value, list) else _decode(inner, value, to_view)
        else:
            known[name] = value
    return cls(**known)


def _position(identifier: str) -> int:
    return int(identifier[1:]) - 1


def facts(doc: Doc) -> Json:
    """The document's facts, as they stand on the Doc: ``meta``, ``pipeline``, ``id``."""
    return dict(doc.spans[FACTS].attrs) if FACTS in doc.spans else {}


def layer_records(doc: Doc, layer: str) -> list[Json]:
    """The records of one layer in text order ([] where the component did not run)."""
    return list(doc.spans[layer].attrs.values()) if layer in doc.spans else []


def to_record(doc: Doc) -> Json:
    """The record of a processed Doc.

    >>> import duban
    >>> record = to_record(duban.process("全市生产总值增长6%。", date="2026-01-20"))
    >>> record["meta"]["date"], record["targets"][0]["text"]
    ('2026-01-20', '6%')
    """
    from duban.tokenizer import text_of

    known = facts(doc)
    text = text_of(doc)
    meta, pipeline = known.get("meta", {}), known.get("pipeline", {})
    source = {"path": None, "format": None, "encoding": None, "sha256": hashlib.sha256(text.encode()).hexdigest(), **meta.get("source", {})}
    hashes = sorted(pipeline.get("lexicons", {}).items())
    lexicon = pipeline.get("lexicon") or hashlib.sha256(repr(hashes).encode()).hexdigest()[:16]
    return {
        "schema": FORMAT,
        "id": known.get("id") or "",
        "text": text,
        "meta": {
            "title": meta.get("title"), "date": meta.get("date"), "place": meta.get("place"), "source": source,
            "warnings": list(meta.get("warnings", ())), "apart": dict(meta.get("apart", {})), "left_out": dict(meta.get("left_out", {})),
        },
        "pipeline": {"name": pipeline.get("name", ""), "version": pipeline.get("version", ""), "lexicon": lexicon},
        **{layer: layer_records(doc, layer) for layer in LAYERS},
    }


def as_record(document: Any) -> Mapping[str, Any]:
    """The record of a processed Doc; a record as it is. Raises DubanError DB224 for anything else."""
    from spacy.tokens import Doc

    if isinstance(document, Doc):
        return to_record(document)
    if isinstance(document, Mapping) and document.get("schema") == FORMAT:
        return document
    raise DubanError("DB224", kind=type(document).__name__)


def from_record(record: Mapping[str, Any], vocab: Vocab) -> Doc:
    """The Doc of a record, tokenised into characters: ``to_record(from_record(r, vocab)) == r``."""
    from duban.components import write_entities, write_layer
    from duban.tokenizer import Tokenizer

    doc = Tokenizer(vocab)(record["text"])
    for layer in LAYERS:
        write_layer(doc, layer, {r["id"]: dict(r) for r in record.get(layer, ())})
    write_entities(doc)
    set_facts(doc, id=record["id"], meta=dict(record["meta"]), pipeline=dict(record["pipeline"]))
    return doc


def set_facts(doc: Doc, **known: Any) -> None:
    """Write document facts on the Doc; what is there and not named stays."""
    from spacy.tokens import SpanGroup

    if FACTS not in doc.spans:
        doc.spans[FACTS] = SpanGroup(doc, name=FACTS, attrs={})
    doc.spans[FACTS].attrs.update(known)
