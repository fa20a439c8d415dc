"""What SECURITY.md promises: no network, no code from data, nothing read outside the folder that was named."""
from __future__ import annotations

import ast
import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CORPUS

import duban
from duban.errors import DubanError
from duban.evaluate import gold

PACKAGE = Path(duban.__file__).parent
TEXT = "市政府工作要点\n一、抓好投资。市发改委要在6月底前完成投资60亿元，全年生产总值增长6%以上。\n"
#: What fetches, or runs what it reads. The server and the cluster are asked for by name, and talk to nobody else.
FORBIDDEN = {
    "urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "smtplib",
    "pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "yaml",
}
CALLS = {"eval", "exec", "__import__", "os.system", "os.popen", "torch.load", "numpy.load", "np.load"}
#: Development scripts, which are not run by the package.
SCRIPTS = ("assets/segmenter/train.py",)
#: Loads arrays, and says that it reads no objects.
LOADS = "allow_pickle=False"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


@pytest.mark.parametrize("path", sorted(p for p in PACKAGE.rglob("*.py") if p.relative_to(PACKAGE).as_posix() not in SCRIPTS), ids=lambda p: p.stem)
def test_the_package_runs_no_data_and_fetches_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & FORBIDDEN
    for call in _calls(tree):
        name = ast.unparse(call.func)
        assert name not in CALLS or (name.endswith("load") and LOADS in ast.unparse(call)), ast.unparse(call)
        assert not any(k.arg == "shell" for k in call.keywords), ast.unparse(call)


GOLD = [str(CORPUS / "gold" / "notice-notes.gold.json"), "--documents", str(CORPUS / "documents")]
COMMANDS = [
    ["extract", "a.txt", "-o", "a.jsonl", "--date", "2026-02-03"], ["ledger", "a.jsonl", "-o", "a.xlsx"], ["report", "a.jsonl", "-o", "a.html"],
    ["panel", "a.jsonl", "-o", "a.csv"], ["explain", "a.txt"], ["outline", "a.txt"], ["schema"], ["duplicates", "a.jsonl"],
    ["compare", "a.txt", "plan.txt", "-o", "c.xlsx"],
    ["track", "plan.txt", "--against", "a.jsonl", "-o", "t.csv"],
    ["evaluate", *GOLD], ["gold", "to-docbin", *GOLD, "-o", "a.spacy"],
    ["annotate", "to", "label-studio", "a.jsonl", "-o", "a.json"], ["annotate", "to", "brat", "a.jsonl", "-o", "brat"], ["lexicon", "check", "mine.jsonl"],
]
#: What Python tells of before it is done: a connection is made, a class is looked up for an object that is unpickled.
WATCH = """
import sys
def watch(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "pickle.find_class"):
        print(event, *args, file=sys.stderr)
        os._exit(9)
import os
sys.addaudithook(watch)
"""


def watched(code: str, folder: Path) -> None:
    """Run the code in a process that ends where it reaches for the network or unpickles an object."""
    done = subprocess.run([sys.executable, "-c", WATCH + code], cwd=folder, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_every_command_reaches_for_no_network_and_unpickles_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "plan.txt").write_text("市政府工作要点\n（2025年1月5日）\n全年生产总值增长6%以上。\n", encoding="utf-8")
    (tmp_path / "mine.jsonl").write_text('{"label": "GROUP", "pattern": "护河队", "id": "group/护河队"}\n', encoding="utf-8")
    code = (
        "from duban import cli\n"
        f"for args in {COMMANDS!r}:\n"
        "    try: cli.app(args)\n"
        "    except SystemExit as done: assert not done.code, (args, done.code)\n"
    )
    watched(code, tmp_path)
    assert {"a.jsonl", "a.xlsx", "a.html", "a.csv", "a.spacy", "a.json"} <= {p.name for p in tmp_path.iterdir()}


def test_the_watch_sees_what_it_watches_for(tmp_path: Path) -> None:
    for code in ("import socket; socket.create_connection(('192.0.2.1', 80), 1)", "import pickle; pickle.loads(pickle.dumps(Exception))"):
        with pytest.raises(AssertionError, match=r"socket\.getaddrinfo|pickle\.find_class"):
            watched(code, tmp_path)


def test_every_command_is_among_those_that_are_watched() -> None:
    from duban import cli

    every = {command.name or command.callback.__name__ for command in cli.commands.registered_commands} | {g.name for g in cli.commands.registered_groups}
    assert every - {words[0] for words in COMMANDS} == {"serve", "api"}  # which listen: tests/test_web.py, tests/test_api.py


HOSTILE = """临澄市人民政府工作报告
（2026年1月5日）
=cmd|' /C calc'!A0
一、=HYPERLINK("http://example.invalid","点此")抓好投资
市发改委要在6月底前完成@SUM(1+1)投资60亿元，全年生产总值增长6%以上。
+1+1市财政局负责落实“=1+1工程”。（责任单位：=1+1市住建局；完成时限：6月底前）
"""


def test_no_table_holds_a_formula_or_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from duban import cli

    monkeypatch.chdir(tmp_path)
    for name in ("=1+1", "@a"):
        Path(f"{name}.txt").write_text(HOSTILE, encoding="utf-8")
    for command in ("ledger", "panel", "track", "duplicates"):
        for suffix in (".xlsx", ".csv"):
            more = ["--against", "@a.txt"] if command == "track" else []
            with pytest.raises(SystemExit) as done:
                cli.app([command, "=1+1.txt", *(["@a.txt"] if command == "duplicates" else []), *more, "-o", command + suffix])
            assert done.value.code in (0, None)
    cells = 0
    for path in tmp_path.glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
                assert cell.data_type != "f", (path.name, cell.value)
                assert cell.hyperlink is None or not cell.hyperlink.target, (path.name, cell.hyperlink)
                cells += 1
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in found if cell.startswith(("=", "+", "-", "@")) and cell != "="], path.name
        assert any("=1+1" in cell for cell in found), path.name
    assert cells > 50


@pytest.mark.parametrize("name", ["../a", "b/../../a", "/a"])
def test_gold_names_no_file_outside_its_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "documents" / "b").mkdir(parents=True)
    if name.startswith("/"):
        name = f"{tmp_path}{name}"
    with pytest.raises(DubanError) as caught:
        gold.text_of({"doc": name, "sha256": gold.text_hash(TEXT)}, tmp_path / "g.gold.json", tmp_path / "documents")
    assert caught.value.code == "DB112"


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a\\..\\b", "=1+1", "<b>", "\u202e.txt", "a\nb"])
def test_a_name_from_a_row_makes_no_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from duban import cli

    inner = tmp_path / "in"
    inner.mkdir()
    (inner / "a.jsonl").write_text(json.dumps({"text": TEXT, "id": name}), encoding="utf-8")
    monkeypatch.chdir(inner)
    for output in ("run", "b.jsonl"):
        with pytest.raises(SystemExit) as done:
            cli.app(["extract", "a.jsonl", "-o", output])
        assert done.value.code in (0, None)
    assert os.listdir(tmp_path) == ["in"]
    assert sorted(os.listdir(inner)) == ["a.jsonl", "b.jsonl", "run"]
    record = json.loads((inner / "b.jsonl").read_text(encoding="utf-8"))
    assert record["text"] == TEXT


def test_folders_behind_links_are_not_walked(tmp_path: Path) -> None:
    from duban import readers

    for folder in ("inside", "outside"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "inside" / "more").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert list(dict(readers.documents([tmp_path / "inside"]))) == ["inside"]


def test_a_link_to_nowhere_costs_one_document(tmp_path: Path) -> None:
    from duban import readers

    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "c.txt")
    found = dict(readers.stream(readers.documents([tmp_path])))
    assert not isinstance(found["a"], DubanError)
    assert all(isinstance(found.get(name), DubanError | None) for name in ("b", "c"))
