"""The ledger (任务分解表): one row a commitment.

A commitment is (a) every task; (b) every smallest numbered point, else sentence, that holds a figure with status
``target`` and lies in no task: it is for those whom the responsibility note of a heading above it names, if there is
one (（二）稳就业（牵头单位：…）), else 牵头单位 says 待明确 for the office to decide. Every target
with status ``target`` stands in exactly one row. A point of more than 300 characters (``POINT_LENGTH``) would be no
line of a table: it is split, and each of its sentences with such a figure is a row. The row of a task whose object
stands before the actor (…，由市水务局负责) begins with the object.
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from duban import periods as times
from duban.records import anchor
from duban.view import TextView

Json = Mapping[str, Any]
#: 牵头单位 of a commitment that names nobody.
UNASSIGNED = "待明确"
#: The roles of a party.
LEAD, SUPPORT, OFFICIAL = "牵头", "配合", "责任领导"
_ACTORS = {LEAD: "lead", SUPPORT: "support"}
#: A point longer than this (characters) is broken into its sentences.
POINT_LENGTH = 300
#: Field of ``Row`` -> the column's name.
COLUMNS: dict[str, str] = {
    "number": "序号", "task": "重点任务", "goals": "量化目标", "lead": "牵头单位", "support": "配合单位", "officials": "责任领导",
    "deadline": "完成时限", "section": "所属章节", "quote": "原文", "document": "文件", "position": "位置", "progress": "进展情况", "remarks": "备注",
}  # fmt: skip
_NOTES = ("note", "verb-note")
_SAYS = {">=": "不低于", ">": "超过", "<=": "不超过", "<": "低于", "~": "约", "=": ""}
_SAID = re.compile(r"以上|以下|以内|左右|余|多|上下|之内|第|前|倒数|后|翻|半数|近|超|逾|过")
_MEASURE = re.compile(r"(?:增速|增幅|增长率|涨幅|率|比重|占比|比例|增量)$")
_TRIM = "，；：、。！？… \n"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_CLAUSE = re.compile(r"[^，；：。！？\n、]+")
_STOPS = "，；：。！？\n"
_DIGIT = re.compile(r"[\d*X]|[一二三四五六七八九十]成")
_REDACTED = re.compile(r"[*X×○]+$")
MARKER = re.compile(r"^(?:\d{1,2}[.、](?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|[一二三四五六七八九十]{1,3}(?:、|(?:是|要(?!素|点))[，：]?))")
_FIRST_CLAUSE = re.compile(r".{4,}?(?=，|：|；)")
_GOAL_LENGTH, _HEADING_LENGTH = 30, 30


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody a row names: in which role (牵头, 配合, 责任领导), and which unit that is."""

    name: str
    role: str
    canon: str | None = None
    level: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One commitment; texts are clean (no line breaks of the source, no stray spaces). ``goals`` has a line a figure.

    ``due`` is the day (YYYY-MM-DD) the time limit ends on, if known; ``targets`` and ``id`` are ids of the record
    (``id`` None where no task stands behind the row); ``start``–``end`` is the quoted stretch of the source;
    ``parties`` are those who lead, support or answer for it, in text order; ``headings`` what it stands under or
    begins with, outermost first, whole.
    """

    number: int
    task: str
    goals: tuple[str, ...]
    lead: tuple[str, ...]
    support: tuple[str, ...]
    officials: tuple[str, ...]
    deadline: str
    due: str | None
    section: str
    quote: str
    document: str
    position: str
    start: int
    end: int
    targets: tuple[str, ...]
    id: str | None = None
    record: str = ""
    place: str | None = None
    parties: tuple[Party, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Where the row's text stands in a page made from the record."""
        return anchor(self.record, self.id or next(iter(self.targets), ""))

    def cells(self) -> dict[str, str]:
        """The row as text, by column name; 进展情况 and 备注 are the office's and empty.

        A row that names nobody says 待明确 under 牵头单位.
        """
        joined = {f.name: getattr(self, f.name) for f in fields(self)}
        joined |= {name: "、".join(joined[name]) for name in ("support", "officials")}
        lead = "、".join(self.lead) or ("" if self.officials else UNASSIGNED)
        joined |= {"number": str(self.number), "goals": "\n".join(self.goals), "lead": lead, "progress": "", "remarks": ""}
        return {column: joined[name] for name, column in COLUMNS.items()}


def rows(record: Json) -> list[Row]:
    """The commitments of one record, in text order.

    >>> record = {"id": "a", "text": "新增就业3万人。", "meta": {"title": None}, "boilerplate": [], "sections": [], "entities": [], "tasks": [],
    ...           "targets": [{"id": "t1", "start": 4, "end": 7, "text": "3万人", "status": "target", "comparator": "=", "kind": "change",
    ...                        "direction": "up", "unit": "人", "indicator": None, "period": None}]}
    >>> [(row.task, row.goals, row.cells()["牵头单位"]) for row in rows(record)]
    [('新增就业3万人', ('新增就业3万人',), '待明确')]
    """
    return Reader(record).rows()


class Reader:
    """One record, its clean reading and its outline."""

    def __init__(self, record: Json) -> None:
        self.record = record
        view = TextView(record["text"])
        self.body = view.without(view.from_source(b["start"], b["end"]) for b in record["boilerplate"])
        self.sections = [s for s in record["sections"] if s["kind"] != "title"]
        self.titles = {s["id"]: s for s in record["sections"] if s["kind"] == "title"}
        self.targets = {t["id"]: t for t in record["targets"]}
        self.name = clean_title(record)
        self.place = record["meta"].get("place")

    def rows(self) -> list[Row]:
        tasks = sorted(self.record["tasks"], key=lambda k: (k["start"], k["end"]))
        spans = [(_beginning(k), k["end"]) for k in tasks]
        held: dict[tuple[int, int], list[Json]] = {}
        of_task: list[list[Json]] = [[] for _ in tasks]
        for target in self.promised:
            place = _holder(spans, target)
            if place is not None:
                of_task[place].append(target)
            else:
                held.setdefault(self._unit(target, spans), []).append(target)
        found = [self._task_row(task, inside) for task, inside in zip(tasks, of_task, strict=True)]
        found += [self._open_row(start, end, inside) for (start, end), inside in held.items()]
        found.sort(key=lambda row: (row.start, row.end))
        return [_numbered(row, i) for i, row in enumerate(found, 1)]

    @property
    def promised(self) -> list[Json]:
        return sorted((t for t in self.record["targets"] if t["status"] == "target"), key=lambda t: (t["start"], t["end"]))

    # ---- the stretch a figure belongs to

    def _unit(self, target: Json, tasks: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """The smallest numbered point around a target that no task takes part of, else its sentence without the tasks."""
        start, end = self._point(target) or self.sentence(target)
        if any(a < end and start < b for a, b in tasks):
            start, end = self.sentence(target)
        for a, b in tasks:
            if b <= target["start"]:
                start = max(start, b)
            elif a >= target["end"]:
                end = min(end, a)
        return min(start, target["start"]), max(end, target["end"])

    def _point(self, target: Json) -> tuple[int, int] | None:
        """The innermost numbered point with its own words, unless it is long."""
        at = target["start"]
        around = [s for s in self.sections if s["start"] <= at < s["end"] and s["marker"]]
        if not around:
            return None
        inner = max(around, key=lambda s: (s["start"], -s["end"]))
        start, end = inner["start"], inner["end"]
        for other in self.sections:
            if other["start"] > at:
                end = min(end, other["start"])
            elif inner["start"] < other["start"] and other["end"] <= at:
                start = max(start, other["end"])
        if len(self.clean(start, end)) > POINT_LENGTH or target["end"] > end:
            return None
        return start, end

    @cached_property
    def _sentences(self) -> list[tuple[int, int]]:
        return [tuple(self.body.to_source(s, e)) for s, e in self.body.sentences]  # type: ignore[misc]

    def sentence(self, target: Json) -> tuple[int, int]:
        at = bisect_right(self._sentences, (target["start"], len(self.record["text"]) + 1)) - 1
        if at < 0 or self._sentences[at][1] <= target["start"]:
            return target["start"], target["end"]
        start, end = self._sentences[at]
        return start, max(end, target["end"])

    # ---- rows

    def _task_row(self, task: Json, inside: Sequence[Json]) -> Row:
        evidence = task["why"]["evidence"]
        notes = [tuple(s) for s in evidence.get("cue", ())] if task["why"]["rule"] in _NOTES else []
        deadline = task["deadline"]
        start = _beginning(task)
        actors = [a["end"] for a in (*task["lead"], *task["support"])]
        cues = [b for a, b in evidence.get("cue", ()) if not notes and a >= task["start"]]
        return self._row(
            start, task["end"], inside, floor=max((e for e in (*actors, *cues)), default=0) if not notes else 0,
            task=self._without(start, task["end"], notes), deadline=deadline, id=task["id"], parties=self._parties(task),
        )  # fmt: skip

    def _open_row(self, start: int, end: int, inside: Sequence[Json]) -> Row:
        """A row nobody is named in; its time limit is the one that all its figures share. A note above it speaks for it too."""
        periods = {t["period"]["value"] or t["period"]["text"]: t["period"] for t in inside if t["period"]}
        shared = next(iter(periods.values())) if len(periods) == 1 else None
        above = next((task for until, task in reversed(self._charges) if task["end"] <= start < until), None)
        parties = self._parties(above) if above else ()
        said = self.clean(start, end)
        if shared is None and above and not times.find(TextView(said)):  # a time of its own is not that of the note
            shared = above["deadline"]
        return self._row(start, end, inside, task=MARKER.sub("", said).strip(_TRIM), deadline=shared, id=None, parties=parties)

    @cached_property
    def _charges(self) -> list[tuple[int, Json]]:
        """The notes that stand in a heading with something below it, in text order: the end of the section, the task."""
        notes = [task for task in self.record["tasks"] if task["why"]["rule"] in _NOTES]
        out = []
        for section in self.sections:
            heading = section["heading"]
            at = bisect_left(notes, heading["start"], key=lambda task: task["start"])
            if section["kind"] == "section" and at < len(notes) and notes[at]["start"] <= heading["end"] and notes[at]["end"] < section["end"]:
                out.append((section["end"], notes[at]))
        return out

    def _row(
        self, start: int, end: int, inside: Sequence[Json], *, floor: int = 0, task: str, deadline: Json | None, id: str | None, parties: Sequence[Party] = (),
    ) -> Row:
        lead, support, officials = (_names(p.name for p in parties if p.role == role) for role in (LEAD, SUPPORT, OFFICIAL))
        return Row(
            number=0, task=task, goals=tuple(self.goal(t, floor) for t in inside), lead=lead, support=support, officials=officials,
            deadline=self.clean(deadline["start"], deadline["end"]) if deadline else "", due=due_day(deadline),
            section=self.path(start, end), quote=self.clean(start, end).strip(" \n，；：、"), document=self.name,
            position=self.position(start, end), start=start, end=end, targets=tuple(t["id"] for t in inside), id=id,
            record=self.record["id"], place=self.place, parties=tuple(parties), headings=self.headings(start),
        )  # fmt: skip

    def _parties(self, task: Json) -> list[Party]:
        officials = {tuple(span) for span in task["why"]["evidence"].get("official", ())}
        named = ((role, actor) for role in (LEAD, SUPPORT) for actor in task[_ACTORS[role]])
        return [self._party(a, OFFICIAL if (a["start"], a["end"]) in officials else role) for role, a in named]

    def _party(self, actor: Json, role: str) -> Party:
        entity = self._units.get((actor["start"], actor["end"]), {})
        return Party(self.clean(actor["start"], actor["end"]), role, actor["canon"], entity.get("level"), entity.get("place") or self.place)

    @cached_property
    def _units(self) -> dict[tuple[int, int], Json]:
        return {(e["start"], e["end"]): e for e in self.record["entities"] if e["label"] == "DEPARTMENT"}

    # ---- readings

    def clean(self, start: int, end: int) -> str:
        """The clean reading of a stretch of the source: one line, paragraphs closed by a full stop."""
        words = self.body.text[slice(*self.body.from_source(start, end))]
        lines = [line for line in words.split("\n") if line]
        return "".join(line if line[-1] in "。；：！？，、" or i == len(lines) - 1 else line + "。" for i, line in enumerate(lines))

    def _without(self, start: int, end: int, notes: Sequence[tuple[int, int]]) -> str:
        """The clean reading without the responsibility notes."""
        pieces, at = [], start
        for a, b in sorted(notes):
            if at <= a < end:
                pieces.append(self.clean(at, a))
                at = b
        pieces.append(self.clean(at, end))
        return "".join(pieces).strip(_TRIM)

    def goal(self, target: Json, floor: int = 0) -> str:
        """指标 比较词 数值 单位（时限）, readable; of a figure without an indicator its clause, but no actor before ``floor``."""
        said = self.clean(target["start"], target["end"])
        number = said if _SAID.search(said) else _SAYS[target["comparator"]] + said
        indicator = target["indicator"]
        period = target["period"]
        limit = f"（{self.clean(period['start'], period['end'])}）" if period else ""
        if indicator is None:
            words = self.around(target, floor)
            return words if period and self.clean(period["start"], period["end"]) in words else words + limit
        name = indicator["canon"] or self.clean(indicator["start"], indicator["end"])
        if target["kind"] == "ratio" and not said.startswith("翻"):  # a multiple says of what
            words = self.around(target)
            return words if name in words else f"{name}{words}"
        return f"{name}{_verb(target, name)}{number}{limit}"

    def around(self, target: Json, floor: int = 0) -> str:
        """The clause a figure without an indicator stands in, cut to a readable length.

        A list that the figure sums up (甲路、乙桥两项工程) stays whole, unless another figure stands in it.
        """
        start, end = self.body.from_source(target["start"], target["end"])
        text = self.body.text
        low = max((text.rfind(mark, max(0, start - 60), start) for mark in _STOPS), default=-1) + 1 or max(0, start - 20)
        if floor <= target["start"]:
            low = max(low, self.body.from_source(floor, floor)[0] if floor else 0)
        item = text.rfind("、", low, start) + 1
        if item and (end - low > _GOAL_LENGTH - 8 or _DIGIT.search(text, low, item)):
            low = item
        m = _CLAUSE.match(text, end)
        high = m.end() if m else end
        if high - low > _GOAL_LENGTH:
            high = max(end, min(high, low + _GOAL_LENGTH))
            low = max(low, min(start, high - _GOAL_LENGTH))
        words = MARKER.sub("", text[low:high]).strip(_TRIM)
        opened, closed = words.count("“"), words.count("”")
        return words + "”" if opened > closed else words.lstrip("”") if closed > opened else words

    def _around(self, at: int) -> list[Json]:
        return sorted((s for s in self.sections if s["start"] <= at < s["end"]), key=lambda s: (s["start"], -s["end"]))

    def headings(self, start: int) -> tuple[str, ...]:
        """The headings above a place, or at it, outermost first, whole."""
        above = (s["heading"] for s in self._around(start) if s["kind"] == "section")
        return tuple(words for heading in above if (words := self.clean(heading["start"], heading["end"]).strip(_TRIM)))

    def path(self, start: int, end: int) -> str:
        """The headings around a stretch, outermost first; of a heading inside the stretch its marker alone."""
        names = []
        for s in self._around(start):
            heading = s["heading"]
            own = (start <= heading["start"] and heading["end"] <= end) or heading["end"] > start
            words = (s["marker"] or "") if own else self.clean(heading["start"], heading["end"])
            names.append(words.strip(_TRIM))
        names = [name for name in names if name]
        return " / ".join(_short(name, outer=i + 1 < len(names)) for i, name in enumerate(names))

    @cached_property
    def _paragraphs(self) -> list[int]:
        return [p.start for p in self.body.paragraphs]

    def position(self, start: int, end: int) -> str:
        """第N段 of the body, and below it the offsets in the record's text."""
        number = bisect_right(self._paragraphs, self.body.from_source(start, end)[0])
        return f"第{max(number, 1)}段\n{start}–{end}"


def _beginning(task: Json) -> int:
    """Where a task's row begins: with what is to be done, where that stands before the actor (…，由市水务局负责)."""
    return int(min([task["start"], *(start for start, _ in task["why"]["evidence"].get("topic", ()))]))


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once; masked names stay apart."""
    seen = list(names)
    return tuple(name for i, name in enumerate(seen) if name not in seen[:i] or _REDACTED.match(name))


def clean_title(record: Json) -> str:
    """The document's name in a table: its title, else its id; with its place where the title does not tell it.

    >>> clean_title({"id": "a", "meta": {"title": "政府工作报告", "place": "云岭省"}}), clean_title({"id": "a/1", "meta": {"title": None, "place": None}})
    ('政府工作报告（云岭省）', 'a/1')
    """
    title = (record["meta"].get("title") or "").translate(str.maketrans("", "", "\r\n\t \u3000"))
    place = record["meta"].get("place")
    return f"{title}（{place}）" if title and place and place not in title else title or str(record["id"])


def due_day(period: Json | None) -> str | None:
    """The last day of an EDTF interval (YYYY-MM-DD), None where it is open or unknown.

    >>> due_day({"value": "../2026-06-30"}), due_day({"value": "XXXX-06-30"}), due_day(None)
    ('2026-06-30', None, None)
    """
    last = ((period or {}).get("value") or "").rpartition("/")[2]
    return last if _DAY.match(last) else None


def _holder(spans: Sequence[tuple[int, int]], target: Json) -> int | None:
    """The position of the span (sorted, disjoint) that holds the whole target."""
    at = bisect_right(spans, target["start"], key=lambda span: span[0]) - 1
    return at if at >= 0 and target["end"] <= spans[at][1] else None


def _verb(target: Json, name: str) -> str:
    """The verb between indicator and number, where the number's kind asks for one."""
    kind, down = target["kind"], target["direction"] == "down"
    if kind == "growth":
        return "下降" if down else "" if _MEASURE.search(name) and not name.endswith("率") else "增长"
    if kind == "change":
        return ("下降" if down else "提高") if "百分点" in target["unit"] else "减少" if down else "增加"
    if kind == "share":
        return "" if _MEASURE.search(name) else "占比"
    return ""


def _short(heading: str, *, outer: bool) -> str:
    """A heading cut to a readable length; of an outer one the first clause with words is enough."""
    if outer and (m := _FIRST_CLAUSE.match(heading)):
        heading = m[0]
    return heading if len(heading) <= _HEADING_LENGTH else heading[: _HEADING_LENGTH - 1] + "…"


def _numbered(row: Row, number: int) -> Row:
    return replace(row, number=number)
