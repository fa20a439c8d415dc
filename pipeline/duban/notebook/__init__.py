"""What a notebook shows: a document with its findings marked, a layer as a table, one finding as a card.

Each is one piece of HTML. It brings its style along, which is that of the report and holds for the piece alone; it needs no
script and no network, follows the notebook's light or dark theme, and is the same in a notebook's export. Everything that
comes from a document is escaped.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import groupby
from numbers import Integral
from pathlib import Path
from typing import Any

from duban import records, report
from duban.errors import DubanError
from duban.messages import language, message
from duban.report.cards import card, slots
from duban.report.layout import Block, Run, blocks

__all__ = ["LIMIT", "NAMES", "Piece", "found", "overview", "show", "table"]

Json = Mapping[str, Any]
#: So many characters are shown where nothing else is asked for.
LIMIT = 20_000
#: So many rows of a layer are shown.
ROWS = 100
#: What ``layers`` of ``show`` may name: a layer of the record, or marks of it alone.
NAMES: dict[str, tuple[str, ...]] = {
    "entities": ("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR"), "targets": ("target", "actual", "other"), "tasks": ("task",),
    "problems": ("problem",), "sections": ("item",), "boilerplate": ("boilerplate",), **{name: (name,) for name in report.LAYERS},
}  # fmt: skip
#: The field that names a finding and its mark; in the other layers all are marked alike.
_NAMED = {"entities": "label", "targets": "status", "sections": "kind"}
#: What the layout needs, marked or not.
_LAYOUT = ("title", "section", "boilerplate")


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """Something shown: a notebook displays it, ``html`` is its HTML (``str()`` too), ``save`` writes a page; printed elsewhere it says what it is."""

    html: str
    text: str

    def __str__(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html

    def save(self, path: str | Path) -> Path:
        """Write it as a page of its own (UTF-8), which any browser opens."""
        page = report.environment("duban.notebook").get_template("page.html").render(lang=_lang(), piece=self.html)
        Path(path).write_text(page, encoding="utf-8")
        return Path(path)


# ---- a document


def show(doc: Any, layers: str | Iterable[str] | None = None, *, part: Any = None, limit: int | None = LIMIT) -> Piece:
    """A document with what was found in it marked as in the report; pointed at, a mark tells its slots.

    ``doc``: a Doc that a pipeline has read, or its record. ``layers``: what is marked, by names of layers (``targets``), labels
    (``DEPARTMENT``) or statuses (``actual``); without ``boilerplate`` the page's furniture is left out. ``part``: the paragraphs of
    a finding (``doc._.duban.targets[3]``, its id ``t4`` or its row of a table), of a section (its path, ``二/（一）``), of a spaCy
    Span, of offsets ``(start, end)``, or of several of these (``doc._.duban.problems``, a table). ``limit``: how many characters
    are shown at most, None for all. What is left out is told.

    Raises DubanError DB211 (no such layer), DB224 (no Doc and no record), DB225 (no such part).

    >>> import duban
    >>> doc = duban.process("一、稳增长。今年生产总值增长6%以上。\\n二、保民生。新增就业3万人。")
    >>> piece = duban.show(doc, layers="targets", part="二")
    >>> "3万人" in piece.html, "6%以上" in piece.html, "<script" in piece.html
    (True, False, False)
    """
    record = records.as_record(doc)
    wanted = _wanted(layers)
    stretches = [(0, len(record["text"]))] if part is None else list(_stretches(record, part))
    everything = blocks(_only(record, wanted))
    if "boilerplate" not in wanted:
        everything = [_own(block) for block in everything if block.kind != "boilerplate"]
    chosen = [block for block in everything if any(block.start < end and start < block.end for start, end in stretches)]
    shown = [_joined(_lit(block, stretches)) for block in _limited(chosen, limit)]
    return _piece(
        "text.html", _summary(record) + "\n" + message("show.hint"), record=record, blocks=shown,
        marks=("number", *NAMES["entities"]), numbers=NAMES["targets"],
        legend=_legend(record, wanted, shown), title=_titles(record),
        gaps=_gaps(everything, shown), more=_length(chosen) - _length(shown),
        after=_length(b for b in everything if chosen and b.start >= chosen[-1].end),
    )  # fmt: skip


def _wanted(layers: str | Iterable[str] | None) -> set[str]:
    names = NAMES if layers is None else [layers] if isinstance(layers, str) else list(layers)
    for name in names:
        if name not in NAMES:
            raise DubanError("DB211", layer=name, known=", ".join(NAMES))
    return {mark for name in names for mark in NAMES[name]}


def _stretches(record: Json, part: Any) -> Iterator[tuple[int, int]]:
    """The offsets that ``part`` means."""
    if isinstance(part, str):
        found = (item for layer in records.LAYERS for item in record.get(layer, ()) if part in (item["id"], item.get("path")))
        item = next(found, None)
        if item is None:
            raise DubanError("DB225", part=part)
        yield item["start"], item["end"]
    elif hasattr(part, "start_char"):  # a spaCy Span, whose ``start`` counts tokens
        yield part.start_char, part.end_char
    elif hasattr(part, "itertuples"):  # a DataFrame
        yield from zip(part.start, part.end, strict=True)
    elif hasattr(part, "start") and hasattr(part, "end"):
        yield int(part.start), int(part.end)
    elif isinstance(part, Sequence) and len(part) == 2 and all(isinstance(offset, Integral) for offset in part):
        yield int(part[0]), int(part[1])
    elif isinstance(part, Iterable):
        for one in part:
            yield from _stretches(record, one)
    else:
        raise DubanError("DB225", part=part)


def _only(record: Json, wanted: Collection[str]) -> Json:
    """The record without the findings that are not to be marked; what the layout needs stays."""
    return {**record, **{layer: [item for item in record.get(layer, ()) if _mark(layer, item) in (*wanted, *_LAYOUT)] for layer in records.LAYERS}}


def _own(block: Block) -> Block:
    """The block without furniture that stands inside it, such as the number of a page, and the line ends around that."""
    return replace(block, runs=tuple(run for run in block.runs if "boilerplate" not in run.classes and run.text != "\n"))


def _mark(layer: str, item: Json) -> str:
    """The name of a finding's mark."""
    return str(item[_NAMED[layer]]) if layer in _NAMED else NAMES[layer][0]


def _limited(chosen: Iterable[Block], limit: int | None) -> Iterator[Block]:
    """Whole blocks up to the limit; a first block that is longer is cut."""
    left = limit
    for block in chosen:
        size = block.end - block.start
        if left is None or size <= left:
            yield block
        elif left == limit:
            runs = [piece for run in block.runs for piece in _split(run, block.start + left) if piece.start < block.start + left]
            yield replace(block, end=block.start + left, runs=tuple(runs))
        if left is not None and (left := left - size) <= 0:
            return


def _split(run: Run, at: int) -> tuple[Run, ...]:
    cut = at - run.start
    return (replace(run, text=run.text[:cut]), replace(run, start=at, text=run.text[cut:])) if 0 < cut < len(run.text) else (run,)


def _lit(block: Block, stretches: Iterable[tuple[int, int]]) -> Block:
    """The block with the words of the stretches set off, where it says more than these."""
    for start, end in stretches:
        if block.start < end and start < block.end and not (start <= block.start and block.end <= end):
            pieces = [last for run in block.runs for first in _split(run, start) for last in _split(first, end)]
            block = replace(block, runs=tuple(_set_off(run) if start <= run.start < end else run for run in pieces))
    return block


def _set_off(run: Run) -> Run:
    return replace(run, classes=tuple(dict.fromkeys((*run.classes, "on"))))


def _joined(block: Block) -> Block:
    """The block with runs that are marked alike made one: the layout parts them where evidence ends, which is not shown here."""
    alike = groupby(block.runs, key=lambda run: (run.covers, run.classes, run.mark))
    groups = [list(runs) for _, runs in alike]
    return replace(block, runs=tuple(replace(runs[0], text="".join(run.text for run in runs)) for runs in groups))


def _gaps(everything: Iterable[Block], shown: Iterable[Block]) -> dict[int, int]:
    """How many characters are left out before each block that is shown, by its start."""
    gaps, left_out = dict.fromkeys((block.start for block in shown), 0), 0
    for block in everything:
        if block.start in gaps:
            gaps[block.start], left_out = left_out, 0
        else:
            left_out += block.end - block.start
    return gaps


def _length(some: Iterable[Block]) -> int:
    return sum(block.end - block.start for block in some)


def _legend(record: Json, wanted: Collection[str], shown: Sequence[Block]) -> list[tuple[str, int]]:
    """The marks that are there, and how many findings have each."""
    start, end = (shown[0].start, shown[-1].end) if shown else (0, 0)
    found = ((layer, item) for layer in records.LAYERS for item in record.get(layer, ()))
    count = Counter(_mark(layer, item) for layer, item in found if start <= (item.get("heading") or item)["start"] < end)
    return [(name, count[name]) for name in report.LAYERS if name in wanted and count[name]]


def _titles(record: Json) -> Callable[[Run], str]:
    """What a run's title says: a line each for the findings around it, innermost first; not the section, for it stands there."""
    items = {item["id"]: (layer, item) for layer in records.LAYERS for item in record.get(layer, ())}
    section = message("slot.section")

    @cache
    def line(id: str) -> str:
        told = card(record, *items[id])
        return _line(told["title"], (row for row in told["rows"] if row[0] != section))

    return lambda run: "\n".join(map(line, reversed(run.covers)))


def _line(title: str, told: Iterable[Sequence[str]]) -> str:
    """A finding in a line: what it is, its slots."""
    colon = {"zh": "：", "en": ": "}[language()]
    return " · ".join([*([title] if title else []), *(f"{slot}{colon}{value}" for slot, value in told if value)])


# ---- layers and findings


def overview(doc: Any) -> Piece:
    """A document at a glance: its facts, how much each layer holds, its headings. Raises DubanError DB224.

    >>> import duban
    >>> print(overview(duban.process("一、稳增长。今年生产总值增长6%。", name="a")).text)
    a: boilerplate 0, sections 1, entities 1, targets 1, tasks 0, problems 0
    """
    record = records.as_record(doc)
    headings = [s for s in record["sections"] if s["kind"] == "section"] or [s for s in record["sections"] if s["kind"] == "item"]
    return _piece("overview.html", _summary(record), record=record, headings=headings, most=ROWS, sizes=_sizes(record))


def _sizes(record: Json) -> list[tuple[str, int]]:
    return [(layer, len(record.get(layer, ()))) for layer in records.LAYERS]


def _summary(record: Json) -> str:
    """A document in a line, for where no HTML is shown."""
    meta = record["meta"]
    facts = [fact for fact in (record["id"], meta["title"], meta["place"], meta["date"]) if fact]
    return ", ".join(facts) + ": " + ", ".join(f"{layer} {size}" for layer, size in _sizes(record))


def table(record: Json, layer: str, ids: Collection[str] | None = None) -> Piece:
    """A layer of a record, or its findings with these ids, a row each; columns that hold nothing are left out.

    >>> import duban
    >>> record = duban.to_record(duban.process("全市生产总值增长6%。"))
    >>> "地区生产总值" in table(record, "targets").html
    True
    """
    items = [item for item in record.get(layer, ()) if ids is None or item["id"] in ids]
    rows = [_row(record, layer, item) for item in items[:ROWS]]
    head = [name for name in rows[0] if any(row[name] for row in rows)] if rows else []
    left_out = [message("show.rows", count=len(items) - ROWS)] if len(items) > ROWS else []
    text = "\n".join([_line("", ((name, row[name]) for name in head)) for row in rows] + left_out) or message("report.none")
    cells = [[row[name] for name in head] for row in rows]
    return _piece("table.html", text, head=head, rows=cells, left_out=left_out, name=message(f"layer.{layer}"))


def _row(record: Json, layer: str, item: Json) -> dict[str, str]:
    """A finding as a row of its layer's table: what stands in each column."""
    told = card(record, layer, item)
    return {
        message("show.id"): item["id"], message("show.words"): told["text"],
        **({message(f"slot.{_NAMED[layer]}"): told["title"]} if layer in _NAMED else {}),
        **dict(slots(record, layer, item)), message("comment.offsets"): "–".join(map(str, told["span"])),
    }  # fmt: skip


def found(match: Any) -> Piece:
    """One finding as a card: what it is, its words, its slots and why, as far as it knows them without its document.

    >>> import duban
    >>> target = duban.process("全市生产总值增长6%。")._.duban.targets[0]
    >>> "地区生产总值" in found(target).html
    True
    """
    layer = records.layer_of(match)
    item = asdict(match)
    if layer == "sections":
        item["heading"] = {"start": match.heading.start, "end": match.heading.end, "text": match.text}
    told = card({"text": "", **{name: [] for name in records.LAYERS}}, layer, item)
    rows = [*told["rows"], *((message(f"page.{name}"), told[name]) for name in ("rule", "entry") if told[name])]
    return _piece("found.html", repr(match), told=told, rows=rows, id=match.id)


# ---- pieces


def _lang() -> str:
    return "zh-CN" if language() == "zh" else "en"


def _piece(template: str, text: str, **known: Any) -> Piece:
    style = report.part("marks.css") + report.part("piece.css", "duban.notebook")
    made = report.environment("duban.notebook").get_template(template)
    return Piece(made.render(lang=_lang(), style=style, **known), text)
