"""The layers of records as tables, a row a match, in columns made from the field table; and records from such tables.

An object's fields are columns of their own (``indicator.canon``); ``document`` is the record's id. The table
``documents`` has the text and the facts. CSV is RFC 4180: numbers as in JSON, lists and evidence as JSON, an empty cell
is null where the field may be null, a ``'`` before text that a spreadsheet would take for a formula. Parquet keeps lists, spans and evidence as typed values.
"""
from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from duban.errors import DubanError
from duban.records import FIELDS, FORMAT, LAYERS, as_record, schema
from duban.tables.files import safe_field

if TYPE_CHECKING:
    import pandas

Json = Mapping[str, Any]
DOCUMENTS, DOCUMENT = "documents", "document"
TABLES = (DOCUMENTS, *LAYERS)
#: Records whose rows go into a Parquet file together.
_BATCH = 256


class Column(NamedTuple):
    """A column: its name, where its value stands in the match, the JSON Schema of that."""

    name: str
    path: tuple[str, ...]
    schema: Json


@cache
def columns(layer: str) -> tuple[Column, ...]:
    """The columns of a layer's table, or of ``documents``.

    >>> [column.name for column in columns("tasks")][:6]
    ['document', 'id', 'start', 'end', 'text', 'lead']
    """
    if layer == DOCUMENTS:
        facts = schema()["properties"]
        return tuple(_flat((), {name: facts[name] for name in ("id", "text", "meta", "pipeline")}))
    own = {field.name: field.schema for field in FIELDS[layer]}
    return (Column(DOCUMENT, (), {"type": "string"}), *_flat((), own))


def _flat(path: tuple[str, ...], fields: Mapping[str, Json], missing: bool = False) -> Iterator[Column]:
    """``missing``: whether the object that holds the fields may be null, and with it each of them."""
    for name, known in fields.items():
        here = (*path, name)
        if "properties" in known:
            yield from _flat(here, known["properties"], missing or "null" in known["type"])
        else:
            yield Column(".".join(here), here, {**known, "type": [*_kinds(known), "null"]} if missing else known)


def _kinds(known: Json) -> list[str]:
    """The JSON types a value may have."""
    if "enum" in known:
        return ["string", "null"] if None in known["enum"] else ["string"]
    return [known["type"]] if isinstance(known["type"], str) else list(known["type"])


def rows(record: Json, layer: str) -> Iterator[dict[str, Any]]:
    """The rows of a layer of one record, in text order; values as in the record, by column."""
    for match in [record] if layer == DOCUMENTS else record[layer]:
        yield {column.name: _at(match, column.path) if column.path else record["id"] for column in columns(layer)}


def _at(value: Any, path: Iterable[str]) -> Any:
    for name in path:
        value = None if value is None else value[name]
    return value


def to_record(document: Json, layers: Mapping[str, Iterable[Json]]) -> dict[str, Any]:
    """The record of its row in ``documents`` and its rows in the layers.

    >>> import duban
    >>> record = duban.to_record(duban.process("全市生产总值增长6%。"))
    >>> document, = rows(record, "documents")
    >>> to_record(document, {layer: rows(record, layer) for layer in LAYERS}) == record
    True
    """
    facts = _nested(document, columns(DOCUMENTS), schema())
    items = schema()["properties"]
    return {"schema": FORMAT, **facts, **{layer: [_nested(row, columns(layer), items[layer]["items"]) for row in layers[layer]] for layer in LAYERS}}


def _nested(row: Json, known: Iterable[Column], whole: Json) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for column in known:
        inner = out
        for name in column.path[:-1]:
            inner = inner.setdefault(name, {})
        if column.path:
            inner[column.path[-1]] = row[column.name]
    return {name: _or_null(value, whole["properties"][name]) for name, value in out.items()}


def _or_null(value: Any, known: Json) -> Any:
    """An object that may be null is when nothing stands in it."""
    if "properties" not in known:
        return value
    if "null" in known["type"] and all(inner is None for inner in value.values()):
        return None
    return {name: _or_null(inner, known["properties"][name]) for name, inner in value.items()}


# ---- CSV


def write_csv(records: Iterable[Json], folder: Path) -> None:
    """Write each layer as ``<layer>.csv``, and ``documents.csv``, into a folder that is there."""
    with ExitStack() as stack:
        tables = {}
        for layer in TABLES:
            file = stack.enter_context(open(folder / f"{layer}.csv", "w", encoding="utf-8", newline=""))
            tables[layer] = csv.writer(file, lineterminator="\r\n")
            tables[layer].writerow([column.name for column in columns(layer)])
        for record in records:
            for layer, table in tables.items():
                known = [column.schema for column in columns(layer)]
                table.writerows(map(_cell, row.values(), known) for row in rows(record, layer))


def read_csv(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of the tables that ``write_csv`` wrote."""
    csv.field_size_limit(max(csv.field_size_limit(), 2**31 - 1))  # whole documents
    with ExitStack() as stack:
        yield from _joined({layer: _csv_rows(stack.enter_context(open(folder / f"{layer}.csv", encoding="utf-8", newline="")), layer) for layer in TABLES})


def _csv_rows(file: Iterable[str], layer: str) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(file, strict=True):
        yield {column.name: _value(row[column.name], column.schema) for column in columns(layer)}


def _cell(value: Any, known: Json) -> str:
    """A value as CSV has it. Text that begins with ``'`` itself has a second one, so that none is ambiguous."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if "enum" in known else "'" + value if value.startswith("'") else safe_field(value)
    return json.dumps(value, ensure_ascii=False)


def _value(cell: str, known: Json) -> Any:
    """What a cell says, by the JSON Schema of its column."""
    kinds = _kinds(known)
    if not cell and "null" in kinds:
        return None
    return cell.removeprefix("'") if "string" in kinds else json.loads(cell)


def _joined(tables: Mapping[str, Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Records of tables that all have the documents' order."""
    matches = {layer: _ByDocument(tables[layer]) for layer in LAYERS}
    for document in tables[DOCUMENTS]:
        yield to_record(document, {layer: found.of(document["id"]) for layer, found in matches.items()})


class _ByDocument:
    """The rows of a table, a document's at a time."""

    def __init__(self, found: Iterable[dict[str, Any]]) -> None:
        self._groups = groupby(found, key=lambda row: row[DOCUMENT])
        self._next = self._group()

    def of(self, document: str) -> list[dict[str, Any]]:
        if self._next is None or self._next[0] != document:
            return []
        found, self._next = self._next[1], self._group()
        return found

    def _group(self) -> tuple[str, list[dict[str, Any]]] | None:
        group = next(self._groups, None)
        return None if group is None else (group[0], list(group[1]))


# ---- Parquet


def write_parquet(records: Iterable[Json], folder: Path, part: str = "part-00000") -> None:
    """Write each layer as a part of the data set ``<layer>/``, and ``documents/``, below a folder. Raises DubanError DB121."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise DubanError("DB121", path=folder, package="pyarrow", extra="parquet") from error
    schemas = {layer: pyarrow.schema([(column.name, _arrow(column.schema)) for column in columns(layer)]) for layer in TABLES}
    with ExitStack() as stack:
        files = {}
        for layer in TABLES:
            (folder / layer).mkdir(parents=True, exist_ok=True)
            files[layer] = stack.enter_context(parquet.ParquetWriter(folder / layer / f"{part}.parquet", schemas[layer], compression="zstd"))
        records = iter(records)
        while some := list(islice(records, _BATCH)):
            for layer, file in files.items():
                found = [_floats(row, layer) for record in some for row in rows(record, layer)]
                file.write_table(pyarrow.Table.from_pylist(found, schemas[layer]))


def _floats(row: dict[str, Any], layer: str) -> dict[str, Any]:
    """A row whose numbers are floats: exact up to 2**53, nine thousand 万亿."""
    numbers = (column.name for column in columns(layer) if _kinds(column.schema)[0] == "number")
    return {**row, **{name: float(row[name]) for name in numbers if row[name] is not None}}


def read_parquet(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of the data sets that ``write_parquet`` wrote, part by part."""
    for path in sorted((folder / DOCUMENTS).glob("*.parquet")):
        yield from _joined({layer: _parquet_rows(folder / layer / path.name, layer) for layer in TABLES})


def _parquet_rows(path: Path, layer: str) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    known = columns(layer)
    for batch in parquet.ParquetFile(path).iter_batches(batch_size=1024):
        for row in batch.to_pylist():
            yield {column.name: _plain(row[column.name], column.schema) for column in known}


def _arrow(known: Json) -> Any:
    """The Arrow type of a JSON Schema."""
    import pyarrow

    if "items" in known:
        return pyarrow.list_(_arrow(known["items"]))
    if "additionalProperties" in known:
        return pyarrow.map_(pyarrow.string(), _arrow(known["additionalProperties"]))
    if "properties" in known:
        return pyarrow.struct([(name, _arrow(inner)) for name, inner in known["properties"].items()])
    return {"integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_()}.get(_kinds(known)[0], pyarrow.string())


def _plain(value: Any, known: Json) -> Any:
    """A value as the record has it: whole numbers as integers, evidence as an object."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return dict(value) if "additionalProperties" in known else value


# ---- pandas

#: A table beside the layers that ``to_pandas`` makes.
PANEL = "panel"


def to_pandas(documents: Iterable[Any], layer: str) -> pandas.DataFrame:
    """A layer of processed Docs or of records as a DataFrame with nullable types, the columns those of the tables.

    ``documents`` has a row a document; ``panel`` is what ``duban panel`` writes: a row a number, those of others left out, of
    versions of one document one counted, days as dates (see ``duban.tables.panel``).
    Raises DubanError DB211 (no such layer), DB216 (pandas is missing), DB224 (neither Doc nor record).

    >>> import duban
    >>> frame = to_pandas([duban.process("全市生产总值增长6%，粮食产量达到19万吨。")], "targets")
    >>> frame[["indicator.canon", "value", "unit"]].values.tolist()
    [['地区生产总值', 6.0, '%'], ['粮食产量', 190000.0, '吨']]
    """
    if layer not in (*TABLES, PANEL):
        raise DubanError("DB211", layer=layer, known=", ".join((*TABLES, PANEL)))
    try:
        import pandas
    except ImportError as error:
        raise DubanError("DB216", package="pandas", extra="pandas") from error
    found = map(as_record, documents)
    if layer == PANEL:
        from duban.tables import panel

        return panel.to_pandas(found)
    kinds = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
    frame = pandas.DataFrame([row for record in found for row in rows(record, layer)], columns=[column.name for column in columns(layer)])
    return frame.astype({column.name: kinds[kind] for column in columns(layer) if (kind := _kinds(column.schema)[0]) in kinds})


#: Format -> what writes a part of it; CSV has one part for all records.
FORMATS: dict[str, Callable[..., None]] = {"csv": write_csv, "parquet": write_parquet}
