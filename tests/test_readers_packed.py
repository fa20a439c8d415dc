"""Packed files, patterns, tables that are read a row at a time: the same documents whatever they lie in."""
from __future__ import annotations

import gzip
import io
import json
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from duban.errors import DubanError
from duban.readers import Limits, Source, documents, load, read, rows, scan, stream

TEXT = "一、稳增长\n今年力争生产总值增长6%以上，市发改局牵头。\n"
ROWS = [{"text": TEXT, "id": "own", "date": "2026-01-05"}, {"text": "各县区要落实。", "id": None, "date": None}]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def zstd(raw: bytes) -> bytes:
    return pytest.importorskip("zstandard").ZstdCompressor().compress(raw)


PACKINGS = [pytest.param(gzip.compress, ".gz", id="gzip"), pytest.param(zstd, ".zst", id="zstd")]


def found(*inputs: str | Path) -> list[tuple[str, str]]:
    return [(name, s.text if isinstance(s, Source) else s.code) for name, s in stream(documents(inputs))]


@pytest.mark.parametrize(("pack", "suffix"), PACKINGS)
def test_packed_files_are_what_is_in_them(pack: Callable[[bytes], bytes], suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"a.txt{suffix}").write_bytes(pack(TEXT.encode("gb18030")))
    (tmp_path / f"b.jsonl{suffix}").write_bytes(pack(LINES))
    (tmp_path / f"c.csv{suffix.upper()}").write_bytes(pack("text,id\r\n一,x\r\n".encode("utf-16")))
    assert found(tmp_path) == [("a", TEXT), ("own", TEXT), ("b/2", ROWS[1]["text"]), ("x", "一")]
    source = read(tmp_path / f"a.txt{suffix}").meta["source"]
    assert (source["format"], source["encoding"]) == ("txt", "gb18030")
    assert read(pack(b"<html><p>a")).text == "a\n"


@pytest.mark.parametrize(("pack", "suffix"), PACKINGS)
def test_packed_content_that_is_damaged(pack: Callable[[bytes], bytes], suffix: str, tmp_path: Path) -> None:
    good = pack(LINES * 20_000)
    (tmp_path / f"a.jsonl{suffix}").write_bytes(good[: len(good) // 2])
    (tmp_path / f"b.txt{suffix}").write_bytes(pack(TEXT.encode())[:-9])
    (tmp_path / f"c.txt{suffix}").write_bytes(good[:4] + b"\xff" * 40)
    *rows_, last, b, c = found(tmp_path)
    assert {text for _, text in rows_} <= {ROWS[0]["text"], ROWS[1]["text"]}
    assert {last[1], b[1], c[1]} == {"DB122"}


@pytest.mark.parametrize(("pack", "suffix"), PACKINGS)
def test_packed_files_one_after_another_are_one(pack: Callable[[bytes], bytes], suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"a.jsonl{suffix}").write_bytes(b"".join(pack(line) for line in LINES.splitlines(keepends=True)))
    assert found(tmp_path) == [("own", TEXT), ("a/2", ROWS[1]["text"])]


def test_a_file_that_unpacks_to_more_than_the_limit() -> None:
    with pytest.raises(DubanError, match="DB125"):
        read(gzip.compress(b"a" * 1_000_000), limits=Limits(file_bytes=10_000))
    (row,) = rows(b'{"text": "' + b"a" * 20_000, name="a.jsonl", limits=Limits(file_bytes=10_000))
    assert isinstance(row, DubanError)
    assert row.code == "DB125"


def test_parquet(tmp_path: Path) -> None:
    parquet, pyarrow = pytest.importorskip("pyarrow.parquet"), pytest.importorskip("pyarrow")
    table = pyarrow.Table.from_pylist([*ROWS, {"text": None, "id": "none", "date": None}])
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=1)
    assert found(tmp_path) == [("own", TEXT), ("a/2", ROWS[1]["text"]), ("none", "DB109")]
    first = next(stream(documents([tmp_path])))[1]
    assert isinstance(first, Source)
    assert (first.meta["date"], first.meta["source"]["format"], first.meta["source"]["encoding"]) == ("2026-01-05", "parquet", None)
    (tmp_path / "a.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    (tmp_path / "b.parquet").write_bytes(TEXT.encode())
    assert found(tmp_path) == [("a", "DB122"), ("b", "DB122")]


def test_a_table_is_read_as_its_rows_are_asked_for() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:
            line = LINES.splitlines(keepends=True)[0]
            buffer[: len(line)] = line[: len(buffer)]
            return min(len(line), len(buffer))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BufferedReader(Endless())))
        assert next(stream(documents(["-"])))[0] == "own"


def test_the_encoding_of_a_long_table(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        (tmp_path / "a.csv").write_text("text\n" + "各县区要落实。\n" * 200_000, encoding=encoding)
        assert {text for _, text in found(tmp_path)} == {"各县区要落实。"}


def test_a_table_that_changes_its_encoding_keeps_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"text\n" + "各县区要落实。\n".encode() * 100_000 + "各县区\n".encode("gb18030") * 9)
    kept = found(tmp_path)
    assert len(kept) > 90_000
    assert kept[-1][1] == "DB109"


# patterns and folders


def test_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("2025/b.txt", "2025/a.txt", "2026/a.txt", "2026/x/c.txt.gz", "2026/d.md", "[1].txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    assert [name for name, _ in documents(["20*/*.txt"])] == ["2025/a", "2025/b", "2026/a"]
    assert [name for name, _ in documents([tmp_path / "**" / "*.txt*"])] == ["2025/a", "2025/b", "2026/a", "2026/x/c", "[1]"]
    assert [name for name, _ in documents(["*6", "[1].txt"])] == ["2026/a", "2026/d", "2026/x/c", "[1]"]
    assert found("none*.txt") == [("none*", "DB101")]


def test_a_folder_that_is_left_out(tmp_path: Path) -> None:
    for name in ("a.txt", "run/records/part-00000.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(TEXT)
    assert [name for name, _ in documents([tmp_path], skip=[tmp_path / "run"])] == ["a"]


def test_what_is_pending_is_read_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.jsonl").write_bytes(LINES)
    (tmp_path / "c.jsonl").write_bytes(b"{")
    pending = [pickle.loads(pickle.dumps(p)) for p in scan(documents([tmp_path]))]
    assert [(p.id, p.size > 0) for p in pending] == [("a", True), ("own", True), ("b/2", True), ("c/1", False)]
    assert [load(p).text for p in pending[:3]] == [TEXT, TEXT, ROWS[1]["text"]]
    with pytest.raises(DubanError, match="DB109"):
        load(pending[3])
