"""The same input gives the same bytes: on another day, with another hash seed, with any number of workers, in any time zone."""
from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CORPUS

import duban

PACKAGE = Path(duban.__file__).parent
DOCUMENTS = ("notice-notes", "redacted-speech", "district-meeting")
#: Every kind of file that the commands write.
COMMANDS = (
    "extract in -o run --jobs {jobs} --format csv --format parquet --format spacy",
    "extract in -o a.jsonl --pipeline zh_duban",
    "extract in -o a.spacy --pipeline zh_duban",
    "ledger a.jsonl -o ledger.xlsx",
    "ledger a.jsonl -o ledger.csv",
    "panel a.jsonl -o panel.csv",
    "panel a.jsonl -o panel.xlsx",
    "panel a.jsonl -o panel.parquet",
    "panel a.jsonl -o wide.csv --wide",
    "track track/plan.txt --against track/progress-2.txt -o track.xlsx",
    "duplicates in -o duplicates.jsonl --threshold 0.1",
    "report a.jsonl -o report.html",
    "annotate to label-studio a.jsonl -o tasks.json --config labels.xml",
    "annotate to doccano a.jsonl -o doccano.jsonl --relations",
    "annotate to prodigy a.jsonl -o prodigy.jsonl",
    "annotate to brat a.jsonl -o brat",
    "gold to-docbin gold --documents in -o gold.spacy",
)
SCRIPT = """
import sys, time
from duban import cli
from duban.batch import folder
folder.SHARD_DOCUMENTS = 2
if __name__ == "__main__":
    clock, ahead = time.time, float(sys.argv[1]) * 31_557_600
    def moved(known):
        return lambda *args: known(*(args or (clock() + ahead,)))
    time.gmtime, time.localtime = moved(time.gmtime), moved(time.localtime)
    time.time = lambda: clock() + ahead
    for line in sys.stdin.read().splitlines():
        try:
            cli.app(line.split())
        except SystemExit as done:
            assert not done.code, (line, done.code)
"""


def written(folder: Path, jobs: int, years: float, **env: str) -> dict[str, str]:
    """Everything that the commands write, by its hash."""
    for kind, suffix in (("in", ".txt"), ("gold", ".gold.json")):
        (folder / kind).mkdir(parents=True)
        for name in DOCUMENTS:
            shutil.copy(CORPUS / ("documents" if kind == "in" else kind) / f"{name}{suffix}", folder / kind)
    shutil.copytree(CORPUS / "track", folder / "track")
    (folder / "script.py").write_text(SCRIPT)
    inputs = {path for path in folder.rglob("*") if path.is_file()}
    lines = "\n".join(COMMANDS).format(jobs=jobs)
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), **env}
    done = subprocess.run([sys.executable, "script.py", str(years)], input=lines, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path not in inputs)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return written(tmp_path_factory.mktemp("first"), 0, 0, PYTHONHASHSEED="0", TZ="UTC")


def test_every_kind_of_file_is_written(first: dict[str, str]) -> None:
    expected = {line.split()[line.split().index("-o") + 1] for line in COMMANDS} - {"run", "brat"} | {"labels.xml", "brat/annotation.conf"}
    assert expected <= first.keys()
    assert {name.partition("/")[2].partition("/")[0] for name in first if name.startswith("run/")} >= {
        "csv", "failures.jsonl", "manifest.json", "parquet", "records", "shards.jsonl",
    }  # fmt: skip


@pytest.mark.parametrize(("jobs", "years", "seed", "zone"), [(1, 3, "1", "Asia/Shanghai"), (4, -3, "2", "America/Lima")])
def test_the_same_bytes(first: dict[str, str], jobs: int, years: float, seed: str, zone: str, tmp_path: Path) -> None:
    other = written(tmp_path, jobs, years, PYTHONHASHSEED=seed, TZ=zone)
    assert other.keys() == first.keys()
    assert [name for name in first if other[name] != first[name]] == []


#: What tells the time of day. How long something takes is asked of time.monotonic, which tells none.
CLOCKS = {"time_ns", "now", "utcnow", "today", "localtime", "gmtime", "ctime", "strftime", "st_mtime", "st_ctime", "getmtime", "uuid1", "uuid4"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_nobody_asks_for_the_time(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and (node.attr in CLOCKS or ast.unparse(node) == "time.time")]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module in ("time", "uuid")]


def test_once_more_in_one_process(corpus: dict[str, str], words_nlp: object) -> None:
    text = corpus["work-report-city"]
    first, second = (json.dumps(duban.to_record(duban.process(text, nlp=words_nlp)), ensure_ascii=False) for _ in range(2))
    assert first == second
