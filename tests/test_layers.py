"""Records as tables of their layers: what is written is what is read back."""
from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCUMENTS, read

import duban
from duban import batch, cli
from duban.batch import RunFolder, Settings, folder
from duban.errors import DubanError
from duban.records import LAYERS
from duban.tables import layers

AWKWARD = ['=1+1,"甲"\n乙', "a\r\nb\rc", " 空格 ", "'", "，；", "-5%", "\u2028", "1e5", "true", "null", "[1]"]
FORMATS = ["csv", "parquet"]


@pytest.fixture(scope="module")
def records(char_nlp: Any) -> list[dict[str, Any]]:
    return [duban.to_record(duban.process(read(path), nlp=char_nlp, name=path.stem, date="2026-01-05")) for path in DOCUMENTS]


def there_and_back(records: list[dict[str, Any]], path: Path, name: str) -> list[dict[str, Any]]:
    if name == "csv":
        layers.write_csv(records, path)
        return list(layers.read_csv(path))
    pytest.importorskip("pyarrow")
    layers.write_parquet(records, path)
    return list(layers.read_parquet(path))


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_read_back(name: str, records: list[dict[str, Any]], tmp_path: Path) -> None:
    found = there_and_back(records, tmp_path, name)
    assert found == records
    assert [json.dumps(record) for record in found] == [json.dumps(record) for record in records]  # 6 is not 6.0


@pytest.mark.parametrize("name", FORMATS)
def test_awkward_words_and_empty_layers(name: str, records: list[dict[str, Any]], tmp_path: Path) -> None:
    changed = [{**records[0], "id": word, "text": word, "meta": {**records[0]["meta"], "title": word}} for word in AWKWARD]
    for record, word in zip(changed, AWKWARD, strict=True):
        record["targets"] = [{**target, "unit": word, "text": word} for target in record["targets"]]
    bare = {**records[0], "id": "bare", **{layer: [] for layer in LAYERS}}
    assert there_and_back([bare, *changed, {**bare, "id": "last"}], tmp_path, name) == [bare, *changed, {**bare, "id": "last"}]
    (tmp_path / "none").mkdir()
    assert there_and_back([], tmp_path / "none", name) == []


@pytest.mark.parametrize("name", FORMATS)
def test_numbers_are_exact(name: str, records: list[dict[str, Any]], tmp_path: Path) -> None:
    values = [None, 0, 6, -3, 0.3333, 0.1 + 0.2, 6.5, 1e-9, 3.65e12, 2**53, 123456789.125, 9e15]
    figures = [{**records[0]["targets"][0], "value": value} for value in values]
    known = {**records[0], "targets": figures}
    assert there_and_back([known], tmp_path, name) == [known]


def test_csv_is_as_rfc_4180_says(records: list[dict[str, Any]], tmp_path: Path) -> None:
    layers.write_csv(records, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(layers.TABLES)
    for layer in layers.TABLES:
        raw = (tmp_path / f"{layer}.csv").read_bytes()
        assert raw.endswith(b"\r\n")
        assert not raw.startswith(b"\xef\xbb\xbf")
        head, *rows = csv.reader(io.StringIO(raw.decode(), newline=""), strict=True)
        assert len(rows) == sum(len(record[layer]) if layer in LAYERS else 1 for record in records)
        assert {len(row) for row in rows} <= {len(head)}


def test_no_cell_of_a_csv_table_is_a_formula(records: list[dict[str, Any]], tmp_path: Path) -> None:
    bad = ["=cmd|' /C calc'!A0", "+1", "-1", "@sum(1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1"]
    changed = [{**records[0], "id": word, "text": word, "meta": {**records[0]["meta"], "title": word}} for word in bad]
    layers.write_csv(changed, tmp_path)
    for layer in layers.TABLES:
        with open(tmp_path / f"{layer}.csv", encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝")) and cell != "="]  # a comparator
    assert list(layers.read_csv(tmp_path)) == changed


def test_parquet_is_typed(records: list[dict[str, Any]], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    layers.write_parquet(records[:6], tmp_path, "part-00000")
    layers.write_parquet(records[6:], tmp_path, "part-00001")
    types = {field.name: str(field.type) for field in parquet.read_table(tmp_path / "targets").schema}
    assert (types["value"], types["redacted"], types["indicator.start"], types["unit"]) == ("double", "bool", "int64", "string")
    assert types["why.evidence"].startswith("map<string, list<element: list<element: int64>>")
    assert parquet.read_table(tmp_path / "tasks").schema.field("targets").type.value_type == "string"
    assert parquet.read_table(tmp_path / "targets").num_rows == sum(len(record["targets"]) for record in records)
    assert list(layers.read_parquet(tmp_path)) == records


def test_pandas(records: list[dict[str, Any]]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = duban.to_pandas(records, "targets")
    assert list(frame.columns) == [column.name for column in layers.columns("targets")]
    assert len(frame) == sum(len(record["targets"]) for record in records)
    assert frame["start"].dtype == "Int64" and frame["value"].dtype == "Float64" and frame["redacted"].dtype == "boolean"
    assert frame["indicator.canon"].isna().any()
    assert frame["value"].isna().sum() == sum(target["value"] is None for record in records for target in record["targets"])
    assert isinstance(duban.to_pandas([], "tasks"), pandas.DataFrame)
    assert len(duban.to_pandas(records, "documents")) == len(records)
    with pytest.raises(DubanError, match="DB211"):
        duban.to_pandas(records, "verbs")


def test_a_run_with_tables(records: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(folder, "SHARD_DOCUMENTS", 5)
    path = tmp_path / "run"
    batch.run(RunFolder(path, Settings(date="2026-01-05")), batch.pending([DOCUMENTS[0].parent], Settings()), jobs=0)
    before = sorted(path.rglob("*"))
    for _ in range(2):
        batch.export(path, FORMATS)
    found = [record for shard in sorted((path / "records").iterdir()) for record in folder.read_shard(shard)]
    assert list(layers.read_csv(path / "csv")) == list(layers.read_parquet(path / "parquet")) == found
    assert [record["targets"] for record in found] == [record["targets"] for record in records]
    assert len(list((path / "parquet" / "tasks").iterdir())) == 3
    assert {p.name for p in path.iterdir()} == {p.name for p in before if p.parent == path} | set(FORMATS)


@pytest.mark.parametrize(("output", "name", "expected"), [("run", "csv", 0), ("a.jsonl", "csv", 2), ("run", "xml", 2)])
def test_the_option(output: str, name: str, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("市发改局牵头，6月底前落实。", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        cli.app(["extract", "a.txt", "-o", output, "--format", name])
    assert caught.value.code == expected
    assert (tmp_path / "run" / "csv" / "tasks.csv").is_file() == (expected == 0)
