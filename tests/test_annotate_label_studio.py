"""Corrections in Label Studio come back as gold."""
from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCUMENTS, read

import duban
from duban import cli, evaluate
from duban.annotate import gold, label_studio, of_record
from duban.errors import DubanError

TEXT = "全市粮食产量不低于19万吨，𠮷水镇要在6月底前落实。"


@pytest.fixture(scope="module")
def records(char_nlp: Any) -> list[dict[str, Any]]:
    return [duban.to_record(duban.process(read(path), nlp=char_nlp, name=path.stem)) for path in DOCUMENTS]


def to_gold(task: dict[str, Any], layers: list[str] | None = None) -> dict[str, Any]:
    return gold(label_studio.from_task(task), layers)


def submitted(task: dict[str, Any]) -> dict[str, Any]:
    """The task as it is exported when its reader changed nothing."""
    return json.loads(json.dumps({"data": task["data"], "annotations": [{"id": 1, "was_cancelled": False, "result": task["predictions"][0]["result"]}]}))


def regions(task: dict[str, Any], label: str) -> list[dict[str, Any]]:
    return [part for part in task["annotations"][0]["result"] if part["type"] == "labels" and part["value"]["labels"] == [label]]


@pytest.fixture
def task() -> dict[str, Any]:
    return submitted(label_studio.to_task(of_record(duban.to_record(duban.process(TEXT, name="a")))))


def test_what_nobody_corrected_is_what_was_found(records: list[dict[str, Any]], tmp_path: Path) -> None:
    golds = []
    for record in records:
        path = tmp_path / f"{record['id']}.gold.json"
        path.write_text(json.dumps(to_gold(submitted(label_studio.to_task(of_record(record))))), encoding="utf-8")
        golds.append(evaluate.read_gold(path))  # it is valid gold
    scores = evaluate.score(records, golds).to_dict()
    assert {name: layer for name, layer in scores["layers"].items() if layer.get("f") not in (1.0, None)} == {}
    assert {name: attribute for name, attribute in scores["attributes"].items() if attribute["accuracy"] not in (1.0, None)} == {}
    for record, known in zip(records, golds, strict=True):
        assert len(known["targets"]) == len(record["targets"])
        assert [part["kind"] for part in known["boilerplate"]] == [part["kind"] for part in record["boilerplate"]]
        assert [part["marker"] for part in known["sections"]] == [part["marker"] for part in record["sections"]]
        spans = [[[actor["start"], actor["end"]] for actor in task["support"]] for task in record["tasks"]]
        assert [task["support"] for task in known["tasks"]] == spans


def test_its_own_library_takes_it(records: list[dict[str, Any]]) -> None:
    interface = pytest.importorskip("label_studio_sdk.label_interface").LabelInterface(label_studio.config())
    interface.validate()
    for record in records:
        task = label_studio.to_task(of_record(record))
        assert interface.validate_task({"data": task["data"]})
        assert interface.validate_prediction(task["predictions"][0], return_errors=True) == []
    broken = label_studio.to_task(of_record(records[0]))["predictions"][0]
    broken["result"][0]["value"]["labels"] = ["NOTHING"]
    assert interface.validate_prediction(broken, return_errors=True)


def test_corrections(task: dict[str, Any]) -> None:
    result = task["annotations"][0]["result"]
    (target,) = regions(task, "TARGET")
    result.remove(next(part for part in result if part["id"] == target["id"] and part["from_name"] == "comparator"))
    result += [
        {"id": "new", "from_name": "label", "to_name": "text", "type": "labels", "value": {"start": 14, "end": 17, "text": "𠮷水镇", "labels": ["DEPARTMENT"]}},
        {"id": "new", "from_name": "canon", "to_name": "text", "type": "textarea", "value": {"start": 14, "end": 17, "text": ["人民政府"]}},
    ]
    task["annotations"].append({"was_cancelled": True, "result": []})
    gold = to_gold(task)
    assert {"start": 14, "end": 17, "text": "𠮷水镇", "label": "DEPARTMENT", "canon": "人民政府"} in gold["entities"]
    assert (gold["targets"][0]["comparator"], gold["targets"][0]["value"], gold["targets"][0]["indicator"]) == ("=", 190000, [2, 6])
    assert to_gold(task, ["targets"])["entities"] == []
    assert to_gold(task, ["targets"])["layers"] == ["targets"]


def test_offsets_of_a_browser(task: dict[str, Any]) -> None:
    """JavaScript counts 𠮷 twice."""
    expected = to_gold(task)
    moved = copy.deepcopy(task)
    for part in moved["annotations"][0]["result"]:
        for edge in ("start", "end"):
            if part["type"] != "relation":
                part["value"][edge] = len(TEXT[: part["value"][edge]].encode("utf-16-le")) // 2
    assert moved != task
    assert to_gold(moved) == expected


def broken(task: dict[str, Any]) -> list[dict[str, Any]]:
    away, no_words, no_number, no_value = (copy.deepcopy(task) for _ in range(4))
    del no_value["annotations"][0]["result"][0]["value"]
    away["data"]["doc"] = "../../a"
    regions(no_words, "TARGET")[0]["value"]["text"] = "别的"
    next(part for part in no_number["annotations"][0]["result"] if part.get("from_name") == "value")["value"]["text"] = ["many"]
    undone = [{**task, "annotations": done} for done in ([], [{"was_cancelled": True}])]
    return [{}, *undone, {**task, "data": {"text": TEXT}}, away, no_words, no_number, no_value]


def test_what_is_no_annotation(task: dict[str, Any]) -> None:
    for bad in broken(task):
        with pytest.raises(DubanError) as caught:
            to_gold(bad)
        assert caught.value.code == "DB111"


def status(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.app([str(arg) for arg in args])
    return int(caught.value.code or 0)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in/2026").mkdir(parents=True)
    Path("in/2026/a.txt").write_text(TEXT, encoding="utf-8")
    assert status("annotate", "to", "label-studio", "in", "-o", "tasks.json", "--config", "labels.xml") == 0
    assert Path("labels.xml").read_text(encoding="utf-8") == label_studio.config()
    tasks = [submitted(task) for task in json.loads(Path("tasks.json").read_text(encoding="utf-8"))]
    Path("export.json").write_text(json.dumps([*tasks, *broken(tasks[0])]), encoding="utf-8")
    layers = ("--layer", "targets", "--layer", "tasks")
    assert status("annotate", "from", "label-studio", "export.json", "-o", "mine/gold", "--documents", "mine/documents", *layers) == 1
    assert capsys.readouterr().err.count("DB111") == len(broken(tasks[0]))
    assert sorted(path.as_posix() for path in Path("mine").rglob("*.*")) == ["mine/documents/2026/a.txt", "mine/gold/2026/a.gold.json"]
    assert json.loads(Path("mine/gold/2026/a.gold.json").read_text(encoding="utf-8"))["layers"] == ["targets", "tasks"]
    assert status("evaluate", "mine/gold", "--documents", "mine/documents") == 0
    assert status("annotate", "from", "label-studio", "export.json", "-o", "mine", "--layer", "verbs") == 2
    for content in ("{", "{}", "[1]"):
        Path("bad.json").write_text(content)
        assert status("annotate", "from", "label-studio", "bad.json", "-o", "mine") == 1
    assert status("annotate", "from", "label-studio", "none.json", "-o", "mine") == 1
    assert capsys.readouterr().err.count("DB111") == 3
