"""The three wheels on every Python that is supported: installed with no network into an empty environment, and what they write there."""
from __future__ import annotations

import shutil
import sys
from pathlib import Path

import docx
import openpyxl
import pytest
import rooms
from conftest import CORPUS, read, run

import duban

TEXT = CORPUS / "documents" / "dispatch-meeting.txt"
EXTRAS = "io,web"
VERSIONS = rooms.supported()
#: What is done in the room, and here; the files must be the same.
COMMANDS = (
    ("extract", "in", "-o", "records.jsonl"),
    ("ledger", "records.jsonl", "-o", "ledger.xlsx"),
    ("report", "records.jsonl", "-o", "report.html"),
)
TRY = """
import socket
from pathlib import Path
for reach in (lambda: socket.create_connection(("192.0.2.1", 80), 1), (Path.home() / "a").touch):
    try: print("reached", reach())
    except OSError: print("refused")
"""
LOAD = """
import spacy
for name in ("zh_duban", "zh_duban_char"):
    record = spacy.load(name)("市发改委要抓好落实，全年生产总值增长6%以上。")._.duban.record
    print(record["pipeline"]["name"], record["targets"][0]["indicator"]["canon"], record["tasks"][0]["lead"][0]["text"])
"""


@pytest.fixture(scope="session")
def wheels(built) -> list[Path]:
    """The library and both pipelines."""
    root, _ = built
    return [*root.glob("dist/duban-*.whl"), *(wheel for name in duban.PIPELINES for wheel in root.glob(f"dist/{name}-*/dist/*.whl"))]


def documents(folder: Path) -> None:
    """A text and the same as a Word file."""
    folder.mkdir()
    text = read(TEXT)
    (folder / "a.txt").write_text(text, encoding="utf-8")
    word = docx.Document()
    for line in text.splitlines():
        word.add_paragraph(line)
    word.save(folder / "b.docx")


def cells(path: Path) -> list[list[tuple[object, ...]]]:
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)]


@pytest.mark.slow
@pytest.mark.parametrize("allowed", [True, False])
def test_a_room_has_no_network_and_a_home_that_cannot_be_written(allowed, tmp_path, monkeypatch):
    if allowed and not rooms.may_unshare():
        pytest.skip("no network and mounts of our own on this machine")
    monkeypatch.setattr(rooms, "may_unshare", lambda: allowed)
    assert rooms.Room(Path(sys.executable), tmp_path / "room").run("python", "-c", TRY).split() == ["refused", "refused"]


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheels_alone_write_the_same_files(version, wheels, tmp_path):
    if version not in rooms.interpreters():
        pytest.skip(f"no python{version} on this machine")
    room = rooms.Room(rooms.interpreters()[version], tmp_path / "room")
    library, *pipelines = wheels
    rooms.fetch(room.bin / "python", "download", "--dest", room.folder / "wheelhouse", f"{library}[{EXTRAS}]")
    room.run("python", "-m", "pip", "install", "--quiet", "--no-index", "--find-links", "wheelhouse", f"{library}[{EXTRAS}]", *pipelines)
    assert room.run("python", "-c", LOAD).splitlines() == [f"{name} 地区生产总值 市发改委" for name in duban.PIPELINES]

    documents(room.folder / "in")
    shutil.copytree(room.folder / "in", tmp_path / "in")
    for command in COMMANDS:
        room.run("duban", *command)
        run(sys.executable, "-m", "duban", *command, cwd=tmp_path)
    for name in ("records.jsonl", "report.html"):
        assert (room.folder / name).read_bytes() == (tmp_path / name).read_bytes()
    assert cells(room.folder / "ledger.xlsx") == cells(tmp_path / "ledger.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_all_that_is_needed_is_there_as_wheels(version, wheels):
    """Also for a Python that is not on this machine."""
    rooms.fetch(sys.executable, "install", "--dry-run", "--ignore-installed", "--target", "unused", "--python-version", version, f"{wheels[0]}[{EXTRAS}]")
