"""What a ledger holds: the rows of all documents and, for its other sheets, their figures, projects and doubts.

Of each record what the sheets say is kept, not its text.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from duban.records import anchor
from duban.tables.ledger import living
from duban.tables.ledger.rows import COLUMNS, UNASSIGNED, Party, Reader, Row

Json = Mapping[str, Any]
#: Why a line is to be checked.
NO_INDICATOR, MASKED, NO_DEADLINE, OPEN_DEADLINE, NO_DATE, UNDECIDED = (
    "数字未连指标", "数字涂黑", "任务无时限", "时限无法定到日", "文件日期不明", "目标或实绩未定",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A number for 指标目标, with what its record alone does not say; ``goal`` is how a row of the ledger says it."""

    target: Json
    goal: str
    words: str
    section: str
    document: str
    position: str
    anchor: str
    record: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a document: where it is named first, the figures of all sentences that name it, the rows it stands in."""

    name: str
    mentions: int
    figures: tuple[str, ...]
    rows: tuple[int, ...]
    section: str
    document: str
    position: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the document says lags: its kind, its clause and sentence, of whom and what, and where it is said."""

    id: str
    kind: str
    words: str
    quote: str
    units: tuple[str, ...]
    places: tuple[str, ...]
    projects: tuple[str, ...]
    indicators: tuple[str, ...]
    period: str
    section: str
    document: str
    position: str
    anchor: str
    record: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """Of whom and what, in one list."""
        return (*self.units, *self.places, *self.projects, *self.indicators)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person must decide: why, about what, in which row of the ledger (0: in none), where it is said."""

    why: str
    words: str
    row: int
    section: str
    document: str
    position: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What 说明 says of one document; ``record`` is its id."""

    record: str
    name: str
    date: str | None
    place: str | None
    pipeline: Json
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in 责任清单: the name it goes by most, its level and place, and each row with the unit's role."""

    name: str
    level: str
    place: str
    rows: tuple[tuple[str, Row], ...]


@dataclass(slots=True)
class Contents:
    """All that a workbook needs of the records; ``kept`` is what the office wrote, by the key of the row."""

    rows: list[Row] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    documents: list[Summary] = field(default_factory=list)
    kept: dict[str, living.Kept] = field(default_factory=dict)
    drafts: list[str] = field(default_factory=list)
    vanished: list[tuple[str, living.Kept]] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return living.keys(self.rows)


def read(records: Iterable[Json], known: Mapping[str, living.Kept] | None = None, own: Iterable[living.Kept] = ()) -> Contents:
    """The contents of a ledger of these records; ``known`` and ``own`` are the rows of an older one (``living.read``)."""
    contents = Contents()
    for record in records:
        reader = Reader(record)
        found = list(numbered(reader.rows(), len(contents.rows)))
        contents.rows += found
        contents.figures += _figures(reader)
        contents.projects += _projects(reader, found)
        contents.problems += _problems(reader)
        contents.doubts += _doubts(reader, found)
        contents.documents.append(_summary(reader, found))
    contents.drafts = [living.drafts(row) for row in contents.rows]
    keys = contents.keys
    contents.kept = {key: known[key] for key in keys if known and key in known}
    contents.rows = [living.restored(row, contents.kept[key]) if key in contents.kept else row for row, key in zip(contents.rows, keys, strict=True)]
    settled = {row.number for row, key in zip(contents.rows, keys, strict=True) if key in contents.kept and contents.kept[key].changed.get("deadline")}
    contents.doubts = [d for d in contents.doubts if d.why not in (NO_DEADLINE, OPEN_DEADLINE) or d.row not in settled]
    contents.vanished = [*((key, kept) for key, kept in (known or {}).items() if key not in contents.kept), *(("", kept) for kept in own)]
    return contents


def numbered(found: Iterable[Row], before: int = 0) -> Iterator[Row]:
    """The rows numbered on from ``before``."""
    return (replace(row, number=i) for i, row in enumerate(found, before + 1))


def units(rows: Iterable[Row]) -> list[Unit]:
    """The rows by unit, in the order the units are named; those that name nobody last, under 待明确.

    A unit is its canonical name, its level and its place: 省发改委 is not 市发改委, nor the 市发改委 of another city. A
    name that tells no level (发改部门) belongs to the one unit of its place that it can mean.
    """
    rows = list(rows)
    parties = [p for row in rows for p in row.parties]
    levels: dict[tuple[str, str | None], set[str]] = {}
    canons = {(p.name, p.place): p for p in parties if p.canon}
    for party in parties:
        if party.canon and party.level:
            levels.setdefault((party.canon, party.place), set()).add(party.level)

    def key(party: Party) -> tuple[str, str, str]:
        known = canons.get((party.name, party.place), party)  # a name put in by hand
        if not known.canon:
            return party.name, "", party.place or ""
        among = levels.get((known.canon, known.place), set())
        return known.canon, known.level or (next(iter(among)) if len(among) == 1 else ""), known.place or ""

    found: dict[tuple[str, str, str], list[tuple[str, str, Row]]] = {}
    for row in rows:
        for party in dict.fromkeys(row.parties):
            found.setdefault(key(party), []).append((party.name, party.role, row))
    out = []
    for (_, level, place), lines in found.items():
        name = Counter(name for name, _, _ in lines).most_common(1)[0][0]
        out.append(Unit(name, level, place, tuple(dict.fromkeys((role, row) for _, role, row in lines))))
    unassigned = tuple(("", row) for row in rows if not row.lead and not row.officials)
    return [*out, Unit(UNASSIGNED, "", "", unassigned)] if unassigned else out


def _figures(reader: Reader) -> list[Figure]:
    out = []
    for target in reader.record["targets"]:
        place = target["start"], target["end"]
        record = reader.record["id"]
        out.append(Figure(target, reader.goal(target), reader.around(target), reader.path(*place), reader.name, reader.position(*place),
                          anchor(record, target["id"]), record))  # fmt: skip
    return out


def _projects(reader: Reader, rows: Iterable[Row]) -> list[Project]:
    """Each project once, in the order they are first named."""
    record = reader.record
    mentions: dict[str, list[Json]] = {}
    for entity in record["entities"]:
        if entity["label"] == "PROJECT":
            mentions.setdefault(reader.clean(entity["start"], entity["end"]), []).append(entity)
    by_sentence: dict[tuple[int, int], list[Json]] = {}
    for target in record["targets"]:
        by_sentence.setdefault(reader.sentence(target), []).append(target)
    holders = [(row.start, row.end, row.number) for row in rows]
    out = []
    for name, named in mentions.items():
        sentences = dict.fromkeys(reader.sentence(entity) for entity in named)
        figures = dict.fromkeys(reader.goal(target) for sentence in sentences for target in by_sentence.get(sentence, ()))
        held = tuple(number for start, end, number in holders if any(start <= e["start"] and e["end"] <= end for e in named))
        first = named[0]["start"], named[0]["end"]
        out.append(Project(name, len(named), tuple(figures), held, reader.path(*first), reader.name, reader.position(*first),
                           anchor(record["id"], named[0]["id"])))  # fmt: skip
    return out


def _problems(reader: Reader) -> list[Problem]:
    out = []
    for problem in reader.record.get("problems", ()):
        place = problem["start"], problem["end"]
        units, places, projects, indicators = (_names(reader, problem[slot]) for slot in ("units", "places", "projects", "indicators"))
        period = reader.clean(problem["period"]["start"], problem["period"]["end"]) if problem["period"] else ""
        out.append(Problem(
            problem["id"], problem["kind"], reader.clean(*place), reader.clean(*reader.sentence(problem)), units, places, projects, indicators, period,
            reader.path(*place), reader.name, reader.position(*place), anchor(reader.record["id"], problem["id"]), reader.record["id"],
        ))  # fmt: skip
    return out


def _names(reader: Reader, subjects: Iterable[Json]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reader.clean(s["start"], s["end"]) for s in subjects))


def _doubts(reader: Reader, rows: Iterable[Row]) -> list[Doubt]:
    """What a person must decide, in text order; a document without a date first, for its years are open."""
    record = reader.record
    out = []
    if not record["meta"].get("date"):
        out.append((-1, Doubt(NO_DATE, "没有日期，“今年”等时限无法定到年；可用 --date 给出", 0, "", reader.name, "", anchor(record["id"], ""))))

    def doubt(why: str, start: int, end: int, words: str, row: int, identifier: str) -> None:
        out.append((start, Doubt(why, words, row, reader.path(start, end), reader.name, reader.position(start, end), anchor(record["id"], identifier))))

    tasks = {task["id"]: task for task in record["tasks"]}
    row_of: dict[str, int] = {}
    for row in rows:
        row_of |= dict.fromkeys(row.targets, row.number)
        if row.id is None:
            continue
        task = tasks[row.id]
        if task["deadline"] is None:
            doubt(NO_DEADLINE, row.start, row.end, row.task, row.number, row.id)
        elif row.due is None:
            doubt(OPEN_DEADLINE, row.start, row.end, f"{row.deadline}：{row.task}", row.number, row.id)
    for target in record["targets"]:
        promised = target["status"] == "target"
        why = MASKED if promised and target["redacted"] else NO_INDICATOR if promised and target["indicator"] is None else None
        if target["why"]["rule"] == "default":  # nothing in the text says whether it is a promise or a fact
            why = UNDECIDED
        if why:
            doubt(why, target["start"], target["end"], reader.around(target), row_of.get(target["id"], 0), target["id"])
    return [found for _, found in sorted(out, key=lambda pair: pair[0])]


def _summary(reader: Reader, rows: list[Row]) -> Summary:
    record, meta = reader.record, reader.record["meta"]
    return Summary(record["id"], reader.name, meta.get("date"), meta.get("place"), record["pipeline"], {
        "任务": len(record["tasks"]), "台账行": len(rows), "其中待明确": sum(r.cells()[COLUMNS["lead"]] == UNASSIGNED for r in rows),
        "数字": len(record["targets"]), "其中目标": sum(t["status"] == "target" for t in record["targets"]),
        "问题": len(record.get("problems", ())),
    })  # fmt: skip


