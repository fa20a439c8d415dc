"""The panel: one tidy row a number, of many documents, for those who count and compare.

``value`` is in base units and exact; ``growth_pct`` is what a number says about growth, in percent and with its sign:
of a growth the number (下降3% → −3, 增长1.5倍 → 150), of a ratio the number less the whole (为上年的42% → −58, 翻一番 →
100), of anything else nothing. Numbers of others (全国, another place, a firm) stay out unless ``scope`` is ``all``.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.duplicates import Duplicate, distinct
from duban.records import number
from duban.tables.files import Columns, write_rows

if TYPE_CHECKING:
    import pandas

Json = Mapping[str, Any]
SCOPES = ("own", "all")
STATUSES = ("target", "actual", "other")
#: Column -> what its values are. ``target`` is the record's id, ``indicator_id`` the lexicon entry the indicator rests on.
COLUMNS: Columns = {
    "document": "text", "place": "text", "doc_year": "integer", "period_start": "day", "period_end": "day",
    "indicator": "text", "indicator_id": "text", "kind": "code", "direction": "code", "comparator": "code",
    "value": "number", "value_max": "number", "unit": "text", "growth_pct": "number", "status": "code", "redacted": "flag",
    "period": "text", "scope": "text", "section": "text", "text": "text", "target": "code", "start": "integer", "end": "integer",
}  # fmt: skip


def rows(record: Json, scope: str = "own", status: str | None = None) -> Iterator[dict[str, Any]]:
    """The rows of one record, in text order, values by column; ``status`` keeps those of one status."""
    refs = {entity["id"]: entity["ref"] for entity in record["entities"]}
    paths = {section["id"]: section["path"] for section in record["sections"]}
    year = int(record["meta"]["date"][:4]) if record["meta"].get("date") else None
    for target in record["targets"]:
        own = target["scope"] is None or is_own(target["scope"]["text"], record["meta"].get("place"))
        if (scope == "own" and not own) or (status and target["status"] != status):
            continue
        indicator, period = target["indicator"] or {}, target["period"] or {}
        first, last = interval(period.get("value"))
        yield {
            "document": record["id"], "place": record["meta"].get("place"), "doc_year": year, "period_start": first, "period_end": last,
            "indicator": indicator.get("canon"), "indicator_id": refs.get(indicator.get("entity")),
            **{name: target[name] for name in ("kind", "direction", "comparator", "value", "value_max", "unit", "status", "start", "end")},
            "growth_pct": growth(target), "redacted": target["redacted"],
            "period": one_line(period["text"]) if period else None, "scope": None if own else one_line(target["scope"]["text"]),
            "section": paths.get(target["section"]), "text": one_line(target["text"]), "target": target["id"],
        }  # fmt: skip


def write_panel(
    records: Iterable[Json], path: str | Path, scope: str = "own", status: str | None = None, wide: bool = False, *,
    count_duplicates: bool = False, told: Callable[[int, list[Duplicate]], None] = lambda count, left_out: None,
) -> int:  # fmt: skip
    """Write the panel as ``.csv``, ``.parquet``, ``.xlsx`` or ``.jsonl``; returns the number of rows.

    ``wide``: places by indicators (``spread``). Of several versions of a document one counts (``duban.duplicates``), and ``told``
    is called with the number of documents and those left out; ``count_duplicates``: each counts. Raises DubanError DB513, DB121,
    DB217.
    """
    if not count_duplicates:
        records = distinct(records, told=told)
    found = (row for record in records for row in rows(record, scope, status or ("target" if wide else None)))
    if wide:
        lines, columns = spread(found)
        return write_rows(lines, columns, path)
    return write_rows(found, COLUMNS, path)


_DTYPES = {"text": "string", "code": "string", "integer": "Int64", "number": "Float64", "flag": "boolean", "day": "datetime64[s]"}


def to_pandas(records: Iterable[Json]) -> pandas.DataFrame:
    """The panel as a DataFrame with nullable types; of several versions of a document one counts.

    >>> import duban
    >>> frame = to_pandas([duban.to_record(duban.process("今年全市生产总值增长6%。", date="2026-01-20"))])
    >>> frame.growth_pct[0], frame.period_end[0].isoformat()
    (np.float64(6.0), '2026-12-31T00:00:00')
    """
    import pandas

    found = [row for record in distinct(records) for row in rows(record)]
    return pandas.DataFrame(found, columns=list(COLUMNS)).astype({name: _DTYPES[kind] for name, kind in COLUMNS.items()})


def spread(found: Iterable[Json]) -> tuple[list[dict[str, Any]], Columns]:
    """Places by indicators: one row a place and year, one column an indicator, kind and unit; the columns most have first.

    A cell is what is said for the document's year (facts: the year before), else what is said without a period; of two
    the first. A growth is given with its sign. Numbers for other times, without an indicator or masked stay out.

    >>> one = {"place": "临澄市", "doc_year": 2026, "document": "a", "indicator": "粮食产量", "kind": "level", "unit": "吨", "value": 17,
    ...        "growth_pct": None, "period_start": None, "period_end": None, "status": "target"}
    >>> spread([one])[0]
    [{'place': '临澄市', 'doc_year': 2026, '粮食产量 level 吨': 17}]
    """
    places: dict[tuple[str, int | None], dict[str, tuple[bool, Any]]] = {}
    for row in found:
        value = row["growth_pct"] if row["growth_pct"] is not None else row["value"]
        year = row["doc_year"] and row["doc_year"] - (row["status"] == "actual")
        timely = (row["period_start"], row["period_end"]) in ((f"{year}-01-01", f"{year}-12-31"), (None, f"{year}-12-31"))
        if value is None or row["indicator"] is None or not (timely or row["period_end"] is None):
            continue
        kind, unit = ("growth", "%") if row["growth_pct"] is not None else (row["kind"], row["unit"])
        cells = places.setdefault((row["place"] or row["document"], row["doc_year"]), {})
        name = f"{row['indicator']} {kind} {unit}".rstrip()
        if name not in cells or (timely and not cells[name][0]):
            cells[name] = timely, value
    names = dict.fromkeys(name for cells in places.values() for name in cells)
    names = dict.fromkeys(sorted(names, key=lambda name: -sum(name in cells for cells in places.values())))
    lines = [{"place": place, "doc_year": year, **{name: cells[name][1] for name in names if name in cells}} for (place, year), cells in places.items()]
    return lines, {"place": "text", "doc_year": "integer", **dict.fromkeys(names, "number")}


def is_own(words: str, place: str | None) -> bool:
    """Do scope words mean the document's own place: 全市 in a city's document, 全省 in a province's?

    >>> is_own("全市", "临澄市"), is_own("全省", "临澄市"), is_own("全区", "青岚自治区"), is_own("全市", None)
    (True, False, True, False)
    """
    return place is not None and words[0] in "全我本" and words[1:] == place[-1:]


def growth(target: Json) -> int | float | None:
    """What a number says about growth, in percent and with its sign; None of one that says nothing.

    >>> [growth({"kind": kind, "value": value, "unit": unit, "direction": way}) for kind, value, unit, way in
    ...  (("growth", 3, "%", "down"), ("growth", 1.5, "倍", "up"), ("ratio", 42, "%", None), ("ratio", 2, "倍", "up"), ("level", 5, "%", None))]
    [-3, 150, -58, 100, None]
    """
    scale = {"%": 1, "倍": 100, "": 100}.get(target["unit"])
    if target["value"] is None or scale is None or target["kind"] not in ("growth", "ratio"):
        return None
    value = Decimal(str(target["value"])) * scale
    if target["kind"] == "ratio":
        return number(value - 100)
    return number(-value if target["direction"] == "down" else value)


def interval(value: str | None) -> tuple[str | None, str | None]:
    """First and last day of an EDTF interval, None where it is open or its year unknown.

    >>> interval("2026-01-01/2026-06-30"), interval("../2026-06-30"), interval("XXXX-06-30")
    (('2026-01-01', '2026-06-30'), (None, '2026-06-30'), (None, None))
    """
    first, _, last = (value or "").partition("/")
    days = [day if day[:4].isdigit() and len(day) == 10 else None for day in (first, last or first)]
    return days[0], days[1]


def one_line(text: str) -> str:
    return "".join(text.split())
