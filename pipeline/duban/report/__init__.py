"""The report: one self-contained page of documents and what was found in them.

It names no outside address, holds its own style and script, and its content security policy allows nothing else. The
text stands as blocks of flat runs (``layout``), what is told of a record as cards (``cards``), pictures as SVG
(``charts``). Everything that comes from a document is escaped, and characters that are not seen stand as marks.
"""
from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from duban import __version__
from duban.explain import clean
from duban.matches import PROBLEM_KINDS
from duban.messages import MESSAGES, language, message
from duban.records import anchor
from duban.report import charts
from duban.report.cards import amount, cards, said, short
from duban.report.layout import Block, blocks, visible
from duban.tables.ledger import UNASSIGNED, Row, contents

__all__ = ["LAYERS", "counts", "environment", "part", "render", "styles"]

Json = Mapping[str, Any]
#: What can be switched on and off in the text; the name is the class of its marks.
LAYERS = ("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR", "target", "actual", "other", "task", "problem", "item", "boilerplate")
#: Why a line is to be checked -> the message that says so, in the order of the list.
DOUBTS = {
    contents.NO_DATE: "doubt.date", contents.OPEN_DEADLINE: "doubt.open", contents.NO_DEADLINE: "doubt.deadline",
    contents.UNDECIDED: "doubt.status", contents.NO_INDICATOR: "doubt.indicator", contents.MASKED: "doubt.redacted",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table of numbers."""

    id: str
    indicator: str
    words: str
    amount: str
    kind: str
    status: str
    status_name: str
    period: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A heading of the outline and what stands below it."""

    id: str
    words: str
    kind: str
    below: tuple[Branch, ...]


class Document:
    """What the page shows of one record."""

    def __init__(self, record: Json) -> None:
        self.found = found = contents.read([record])
        self.record, self.id, self.name = record, record["id"], found.documents[0].name
        self.meta = record["meta"]
        self.blocks: list[Block] = blocks(record)
        self.rows: list[Row] = found.rows
        self.figures = [_figure(record["text"], figure) for figure in found.figures]
        self.doubts = found.doubts
        self.problems = found.problems
        self.outline = _outline(record)
        self.cards = cards(record)

    def anchor(self, record_id: str) -> str:
        return anchor(self.id, record_id)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return _counts(self.record, self.found)

    @property
    def units(self) -> list[str]:
        """Who leads rows of the ledger, those with most rows first; 待明确 last."""
        count = Counter(unit for row in self.rows for unit in leads(row))
        return sorted(count, key=lambda unit: (unit == UNASSIGNED, -count[unit]))

    @property
    def problems_by_kind(self) -> list[tuple[str, list[contents.Problem]]]:
        return [(kind, found) for kind in PROBLEM_KINDS if (found := [p for p in self.problems if p.kind == kind])]

    @property
    def reasons(self) -> list[tuple[str, list[contents.Doubt]]]:
        return [(code, found) for why, code in DOUBTS.items() if (found := [d for d in self.doubts if d.why == why])]


def counts(record: Json) -> list[tuple[str, int]]:
    """What a document holds: name of the message that says what is counted, and the number.

    >>> import duban
    >>> dict(counts(duban.to_record(duban.process("今年力争新增就业3万人。"))))["target"]
    1
    """
    return _counts(record, contents.read([record]))


def _counts(record: Json, found: contents.Contents) -> list[tuple[str, int]]:
    status = Counter(t["status"] for t in record["targets"])
    units = {(e["place"], e["canon"] or clean(e["text"])) for e in record["entities"] if e["label"] == "DEPARTMENT"}
    return [
        ("rows", len(found.rows)), ("tasks", len(record["tasks"])), ("target", status["target"]), ("actual", status["actual"]),
        ("units", len(units)), ("projects", sum(e["label"] == "PROJECT" for e in record["entities"])), ("problems", len(found.problems)),
        ("doubts", len(found.doubts)),
    ]  # fmt: skip


def leads(row: Row) -> tuple[str, ...]:
    return row.lead or row.officials or (UNASSIGNED,)


def pictures(documents: Sequence[Document]) -> list[tuple[str, Markup]]:
    """The charts of some documents: name of the message that titles each, and the picture; those without content are left out."""
    indicators = Counter(figure.indicator for d in documents for figure in d.figures if figure.status == "target" and figure.indicator)
    units = Counter(unit for d in documents for row in d.rows for unit in row.lead)
    due = [row.due for d in documents for row in d.rows if row.due]
    rest = message("report.rest", count="{count}")
    made = {
        "chart.days": charts.days(due, message("chart.days")),
        "chart.units": charts.bars(list(units.items()), message("chart.units"), rest) if units else Markup(),
        "chart.indicators": charts.bars(list(indicators.items()), message("chart.indicators"), rest) if indicators else Markup(),
    }
    return [(code, picture) for code, picture in made.items() if picture]


def _figure(text: str, figure: contents.Figure) -> Figure:
    target = figure.target
    indicator, period = target["indicator"], target["period"]
    return Figure(
        id=target["id"],
        indicator=(indicator["canon"] or clean(text[indicator["start"] : indicator["end"]])) if indicator else "",
        words=figure.words, amount=amount(target) or clean(target["text"]), kind=said("kind", target["kind"]), status=target["status"],
        status_name=said("status", target["status"]), period=clean(text[period["start"] : period["end"]]) if period else "",
    )  # fmt: skip


def _outline(record: Json) -> tuple[Branch, ...]:
    below: dict[str | None, list[Json]] = {}
    known = {s["id"] for s in record["sections"] if s["kind"] != "title"}
    for s in record["sections"]:
        if s["kind"] != "title":
            below.setdefault(s["parent"] if s["parent"] in known else None, []).append(s)

    def branches(parent: str | None, depth: int = 0) -> tuple[Branch, ...]:
        found = below.get(parent, []) if depth < 20 else []
        return tuple(Branch(s["id"], _heading(record, s), s["kind"], branches(s["id"], depth + 1)) for s in found)

    return branches(None)


def _heading(record: Json, section: Json) -> str:
    """The words of a heading; a point's also tell how it goes on."""
    heading = section["heading"]
    end = heading["end"] if section["kind"] == "section" else min(section["end"], heading["end"] + 24)
    words = clean(record["text"][heading["start"] : end])
    return short(words, 40) + ("…" if section["kind"] == "item" and end < section["end"] else "")


def render(records: Iterable[Json], *, nonce: str = "", head: str = "", bar: str = "") -> str:
    """The page of some records (HTML, UTF-8). Pure: the same records give the same page, in the user's language.

    ``nonce`` stands in the script and style elements of a page that a server sends with a policy of its own; without it
    the page brings its policy along. ``head`` and ``bar``: markup for the page's head and bar, such as the correction
    tools of ``duban serve``.

    >>> import duban
    >>> page = render([duban.to_record(duban.process("今年新增就业3万人。<script>", name="a"))])
    >>> "&lt;script&gt;" in page, 'id="a:t1"' in page, "http://" in page
    (True, True, False)
    """
    documents = [Document(record) for record in records]
    style, script = styles(), part("page.js")
    page: str = environment().get_template("page.html").render(
        documents=documents, pictures=pictures, leads=leads, layers=LAYERS, version=__version__, nonce=nonce, lang=language(),
        head=Markup(head), bar=Markup(bar), style=style, script=script, policy="" if nonce else policy(style, script), words=_words(),
    )  # fmt: skip
    return page


def _words() -> dict[str, str]:
    """What the script says."""
    return {name: MESSAGES[f"page.{name}"][language() == "en"] for name in ("rule", "entry", "shown", "hits", "no_hits")}


def policy(style: str, script: str) -> str:
    """A content security policy that allows this style and this script and nothing else.

    >>> policy("", "").split("; ")[0]
    "default-src 'none'"
    """
    return f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def styles() -> str:
    """The style of the page: how a text is marked, then the page around it."""
    return part("marks.css") + part("page.css")


@cache
def part(name: str, package: str = "duban.report") -> str:
    """A file of a package, as text."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


@cache
def environment(package: str = "duban.report") -> jinja2.Environment:
    """Templates of a package: everything is escaped, and what is not seen is made visible."""
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: part(name, package)), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )  # fmt: skip
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    made.globals["message"] = message
    made.filters["json"] = _json
    return made


def _json(value: Any) -> Markup:
    """A value as JSON that may stand in a script element."""
    return Markup(visible(jinja2.utils.htmlsafe_json_dumps(value, **environment().policies["json.dumps_kwargs"])))
