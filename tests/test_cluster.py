"""A Ray cluster of several nodes, started here: the folder that one machine writes, whatever dies in between."""
from __future__ import annotations

import gzip
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from test_batch import SOURCES, files, status, texts

from duban import batch, cluster
from duban.batch import RunFolder, Settings, folder
from duban.errors import DubanError

DEADLY = '''
import os, signal
from pathlib import Path
from spacy.language import Language
import duban

@Language.component("deadly")
def deadly(doc):
    if "崩溃" in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    marker = Path(os.environ["DUBAN_TEST_MARKER"])
    if "断电" in doc.text and not marker.exists():
        marker.touch()
        os.kill(os.getppid(), signal.SIGKILL)
    return doc

def load(**_):
    nlp = duban.load()
    nlp.add_pipe("deadly")
    return nlp
'''


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cluster")
    (path / "site" / "deadly-1.dist-info").mkdir(parents=True)
    (path / "site" / "deadly-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1\n")
    (path / "site" / "deadly.py").write_text(DEADLY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def nodes(home: Path) -> Iterator[Any]:
    """Two nodes of one processor each."""
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(SOURCES), str(home / "site")]))
        patch.setenv("DUBAN_TEST_MARKER", str(home / "marker"))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.syspath_prepend(home / "site")
        started = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 100_000_000})
        started.add_node(num_cpus=1, object_store_memory=100_000_000)
        ray.init(address=started.address, log_to_driver=False, logging_level="ERROR")
        yield started
        ray.shutdown()
        started.shutdown()


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "SHARD_DOCUMENTS", 4)
    monkeypatch.setenv("DUBAN_LANG", "en")


@pytest.mark.usefixtures("nodes")
def test_what_dies_on_the_way_loses_and_doubles_nothing(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(home)
    texts(home / "in", 10, d003x="崩溃", d006x="断电", bad="")
    rows = [{"text": "各县区要落实。", "id": "own"}, {"text": None}, {"text": "市发改局牵头。"}]
    Path("in/t.jsonl.gz").write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    inputs = ["in", "none.txt"]
    counts = cluster.run(RunFolder(Path("many"), Settings("deadly")), inputs)
    assert (home / "marker").exists()  # an actor was killed
    assert counts[:3] == (17, 13, 4)
    failures = [json.loads(line) for line in Path("many/failures.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["code"]) for row in failures] == [("bad", "DB103"), ("d003x", "DB432"), ("t/2", "DB109"), ("none", "DB101")]
    # one machine: the same records
    alone = RunFolder(Path("alone"), Settings("deadly"))
    assert batch.run(alone, batch.pending(inputs, alone.settings), jobs=1) == counts
    assert joined(Path("alone")) == joined(Path("many"))
    # begun, and gone on with by the command
    before = files(Path("many"))
    Path("many/records/part-00001.jsonl").unlink()
    again = ["extract", *inputs, "-o", "many", "--cluster", "auto", "--pipeline", "deadly", "--resume"]
    assert status(*again, "--format", "csv") == 1
    assert capsys.readouterr().err.splitlines()[-1] == "many: 17 documents, 13 records, 4 failed"
    assert {name: raw for name, raw in files(Path("many")).items() if not name.startswith("csv/")} == before
    assert status(*again, "--date", "2026-01-05") == 1
    assert "DB221" in capsys.readouterr().err


def joined(run: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((run / "records").iterdir()))


def test_the_output_is_a_folder(tmp_path: Path) -> None:
    assert status("extract", texts(tmp_path / "in", 1), "-o", tmp_path / "a.jsonl", "--cluster", "auto") == 2


def test_a_node_that_does_not_see_the_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run" / "records").mkdir(parents=True)
    (tmp_path / "run" / "manifest.json").touch()

    def told(home: Path, run: str, path: str, *, seen: bool = True) -> dict[str, Any]:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(tmp_path)
            actor = cluster.Shards(Settings(), run, str(home))
            return json.loads(actor({"unit": json.dumps(cluster.Unit(0, (cluster.File("a", path, seen),)))})["note"])

    for note, missing in [(told(tmp_path / "x", "run", "a.txt"), str(tmp_path / "x")), (told(tmp_path, "other", "a.txt"), "other/manifest.json"),
                          (told(tmp_path, "run", "a.txt"), "a.txt")]:  # fmt: skip
        assert (note["code"], note["details"]["path"]) == ("DB223", missing)
    assert told(tmp_path, "run", "a.txt", seen=False)["failures"][0]["code"] == "DB101"


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_function_for_spark(page: str) -> None:
    pandas = pytest.importorskip("pandas")
    (code,) = re.findall(r"```python\n(.*?mapInPandas.*?)```", (SOURCES.parent / page).read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.splitlines()) <= 15
    names: dict[str, Any] = {"spark": MagicMock()}
    exec(compile(code, page, "exec"), names)
    frames = [pandas.DataFrame({"id": ["a", "b"], "text": ["市发改局牵头，6月底前落实。", None]}), pandas.DataFrame({"id": ["c"], "text": ["各县区要落实。"]})]
    found = pandas.concat(names["extract"](iter(frames)))
    assert [json.loads(line)["id"] for line in found["record"].dropna()] == ["a", "c"]
    assert [error[:7] for error in found["error"].dropna()] == ["[DB109]"]


def test_standard_input_is_one_machine_s(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    with pytest.raises(DubanError, match="DB223"):
        cluster.run(RunFolder(tmp_path / "run", Settings()), ["-"])


def test_without_ray_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(DubanError, match=r'DB216.*pip install "duban\[ray\]"'):
        cluster.run(RunFolder(tmp_path / "run", Settings()), [tmp_path])
    assert not (tmp_path / "run").exists()
