from __future__ import annotations

import codecs
import hashlib
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban import readers
from duban.errors import DubanError
from duban.readers import Limits, Source, decode, documents, read, rows, stream

TEXT = "各县区要确保一季度增长6.5%以上。\r\n\r\n　　市发改局牵头，\t按时完成。 \n"


def code(call: object, *args: object, **more: object) -> str:
    with pytest.raises(DubanError) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.code


# encodings


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.encode("gb2312"), "gb18030"),
        (b"GDP 6%", "utf-8"),
        ("龘靐镕堃玥".encode() + TEXT.encode(), "utf-8"),
        (("朱镕堃、" + TEXT).encode("gb18030"), "gb18030"),
    ],
)
def test_text_comes_out_as_it_was_put_in(raw: bytes, encoding: str) -> None:
    text, known = decode(raw)
    assert known == encoding
    assert text.endswith(TEXT) or text == "GDP 6%"
    assert raw.decode(encoding) == text


@pytest.mark.parametrize(
    "raw",
    [
        "各部門が協力し、経済成長の目標を達成しなければなりません".encode("shift_jis"),
        "L'année écoulée à Besançon a été très bonne".encode("latin-1"),
        TEXT.encode()[:-1] + b"\xff\n",
        TEXT.encode()[:7],
        codecs.BOM_UTF8 + TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + b"\x00\xd8a\x00",
        codecs.BOM_UTF16_LE + b"a",
        TEXT.encode("gb18030") + b"\x81",
    ],
)
def test_what_no_encoding_fits_is_refused(raw: bytes) -> None:
    assert code(decode, raw, "a.txt") == "DB102"


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_nothing_is_translated_or_stripped(text: str, encoding: str) -> None:
    raw = text.encode(encoding)
    try:
        found, known = decode(raw)
    except DubanError as error:
        refused = error.code
    else:
        assert found == raw.decode(known)
        assert found in (text, text.removeprefix("\ufeff"))
        return
    assert refused in ("DB103", "DB104")


@given(st.binary(max_size=200))
def test_bytes_give_text_or_a_coded_error(raw: bytes) -> None:
    try:
        source = read(raw, name="a.txt")
    except DubanError as error:
        refused = str(error)
    else:
        assert raw.decode(source.meta["source"]["encoding"]) == source.text
        return
    assert "a.txt" in refused


@pytest.mark.parametrize("raw", [b"", b" \r\n\t", "　\u200b\n".encode(), codecs.BOM_UTF8, "\ufeff \n".encode("utf-16-le")])
def test_empty(raw: bytes) -> None:
    assert code(read, raw, name="a.txt") == "DB103"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (rb"{\rtf1\ansi text}", "RTF"),
        ("今年\0目标".encode(), "NUL"),
        ("今年\0目标".encode("gb18030"), "NUL"),
        ("今年".encode("utf-16-le") + b"a\0", "NUL"),
        (codecs.BOM_UTF16_LE + "今\0年".encode("utf-16-le"), ""),
        (b"\x01\x02\x03\x04text", ""),
        (TEXT.encode("utf-32"), ""),
    ],
)
def test_binary(raw: bytes, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")
    with pytest.raises(DubanError, match=r"DB104.*a\.txt") as caught:
        read(raw, name="a.txt")
    assert reason in str(caught.value)


def test_form_feeds_are_text() -> None:
    assert read("第一页\f第二页\f".encode()).text == "第一页\f第二页\f"


BIG5 = "各縣區要確保第一季度經濟增長達到百分之六以上，各部門要按時完成任務。".encode("big5")


def test_the_last_resort_is_a_guess_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")
    found = read(BIG5 * 3, name="a.txt")
    assert found.text.startswith("各縣區要確保")
    assert (BIG5 * 3).decode(found.meta["source"]["encoding"]) == found.text
    assert [warning.code for warning in found.meta["warnings"]] == ["DB132"]
    monkeypatch.setitem(sys.modules, "charset_normalizer", None)
    assert code(read, BIG5 * 3, name="a.txt") == "DB102"


# formats


def test_source_says_what_was_assumed(tmp_path: Path) -> None:
    path = tmp_path / "报告.md"
    raw = TEXT.encode("gb18030")
    path.write_bytes(raw)
    source = read(path)
    assert source == Source(TEXT, {"source": {"path": path.as_posix(), "format": "md", "encoding": "gb18030", "sha256": hashlib.sha256(raw).hexdigest()}})
    assert read(str(path), name="shown.txt").meta["source"]["path"] == "shown.txt"


@pytest.mark.parametrize("name", ["a.odt", "a.rtf", "a.RTF", "a.json", "报告.1"])
def test_unknown_suffix(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(TEXT.encode())
    with pytest.raises(DubanError, match=r"DB106.*\.jsonl"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.docx", "a.doc", "a.pdf", "a.PDF", "a.ofd", "a.WPS"])
def test_a_suffix_that_promises_more_than_the_content_holds(name: str) -> None:
    assert code(read, TEXT.encode(), name=name) == "DB122"
    assert code(read, b" \n", name=name) == "DB103"


@pytest.mark.parametrize("name", ["a.TXT", "a.Md", "报告", "2026年.报告.txt"])
def test_known_suffix_or_none(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(TEXT.encode())
    assert read(tmp_path / name).text == TEXT


@pytest.mark.parametrize("raw", [b"<!DOCTYPE html>\n<p>a", b"\n <HTML lang=zh>", codecs.BOM_UTF8 + b"<html>", b'<?xml version="1.0"?><!doctype html>'])
def test_content_goes_before_suffix(raw: bytes) -> None:
    page = raw + "<p>各县区</p>".encode()
    for name in ("a.txt", "a.doc", "报告.1"):
        assert read(page, name=name).meta["source"]["format"] == "html"


def test_text_that_speaks_of_html_is_text() -> None:
    assert read("<html> 是标记".encode()[1:]).text == "html> 是标记"


@pytest.mark.parametrize(("name", "expected"), [("none.txt", "DB101"), ("a.txt/b.txt", "DB101"), ("folder", "DB107"), ("a\0b", "DB108")])
def test_what_cannot_be_opened(name: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.txt").write_bytes(b"a")
    assert code(read, tmp_path / name) == expected


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DubanError, match=r"DB108.*Permission denied"):
        read(tmp_path / "a.txt")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode("gb18030"))))
    source = read("-")
    assert source.text == TEXT
    assert source.meta["source"]["path"] == "<stdin>"


# JSON Lines


def jsonl(*lines: object) -> bytes:
    return "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines).encode()


def test_rows_and_what_is_wrong_with_the_others() -> None:
    found = list(rows(codecs.BOM_UTF8 + jsonl({"text": "一"}, "", "{", "[1]", {"text": "二"}) + b'{"text": "\xff"}', name="a.jsonl"))
    assert [(r.line, r.data["text"]) for r in found if not isinstance(r, DubanError)] == [(1, "一"), (5, "二")]
    assert [(r.code, r.details["line"]) for r in found if isinstance(r, DubanError)] == [("DB109", 3), ("DB109", 4), ("DB109", 6)]


def test_a_line_separator_inside_a_text_does_not_end_the_row() -> None:
    (row,) = rows(jsonl({"text": "一\u2028二\x85三"}), name="a.jsonl")
    assert row.data["text"] == "一\u2028二\x85三"


def test_a_file_with_one_row_is_one_document() -> None:
    source = read(jsonl({"text": TEXT, "meta": {"date": "2026-01-05", "title": None, "place": "临澄市"}}), name="a.jsonl")
    assert source.text == TEXT
    assert (source.meta["date"], source.meta["place"]) == ("2026-01-05", "临澄市")
    assert source.meta["source"]["path"] == "a.jsonl#1"
    assert source.record is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "DB103"),
        (b"\n \n", "DB103"),
        (jsonl({"text": "一"}, {"text": "二"}), "DB110"),
        (jsonl("{"), "DB109"),
        (jsonl({"content": "一"}), "DB109"),
        (jsonl({"text": 1}), "DB109"),
        (jsonl({"text": " "}), "DB103"),
        (b'{"text": "a\\ud800"}', "DB105"),
    ],
)
def test_a_jsonl_file_that_is_no_document(raw: bytes, expected: str) -> None:
    assert code(read, raw, name="a.jsonl") == expected


def test_a_record_is_known_as_one() -> None:
    layers = {layer: [] for layer in ("boilerplate", "sections", "entities", "targets", "tasks")}
    record = {"schema": "duban/1", "id": "a", "text": TEXT, "meta": {"date": None}, **layers}
    assert read(jsonl(record), name="a.jsonl").record == {**record, "problems": []}  # a layer that came later
    assert read(jsonl({**record, "problems": None}), name="a.jsonl").record is None
    assert read(jsonl({**record, "tasks": None}), name="a.jsonl").record is None


# CSV


TABLE = '日期,text,date,id\r\n1,"各县区要落实。\n“二”",2026-01-05,own\r\n,,,\r\n2,市发改局牵头。,,\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_rows(encoding: str) -> None:
    found = [r for r in rows(TABLE.encode(encoding), name="a.csv") if not isinstance(r, DubanError)]
    assert [(r.line, r.data["text"], r.encoding) for r in found] == [(2, "各县区要落实。\n“二”", encoding), (5, "市发改局牵头。", encoding)]


def test_csv_documents(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8-sig", newline="")
    found = [(name, s) for name, s in stream(documents([tmp_path])) if isinstance(s, Source)]
    assert [(name, s.text, s.meta.get("date")) for name, s in found] == [("own", "各县区要落实。\n“二”", "2026-01-05"), ("a/5", "市发改局牵头。", None)]
    assert found[1][1].meta["source"]["format"] == "csv"
    assert code(read, TABLE.encode(), name="a.csv") == "DB110"
    assert read(b"text\n" + "各县区".encode(), name="a.csv").text == "各县区"


def test_a_csv_table_without_a_column_of_texts_is_an_error() -> None:
    assert code(read, "序号,重点任务\n1,建成泵站\n".encode(), name="a.csv") == "DB109"
    assert code(read, b"text\n", name="a.csv") == "DB103"
    assert code(read, b'text\n"a', name="a.csv") == "DB109"
    assert code(read, b"text\n\0", name="a.csv") == "DB104"


def test_a_document_may_be_longer_than_a_field_usually_is() -> None:
    assert len(read(b"text\n" + b"a" * 200_000, name="a.csv").text) == 200_000


# limits


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = TEXT.encode()
    (tmp_path / "a.txt").write_bytes(raw)
    small = Limits(file_bytes=len(raw) - 1)
    assert code(read, tmp_path / "a.txt", limits=small) == code(read, raw, limits=small) == "DB125"
    assert read(raw, limits=Limits(file_bytes=len(raw))).text == TEXT
    assert code(read, raw, limits=Limits(text_length=len(TEXT) - 1)) == "DB125"
    assert code(read, jsonl({"text": TEXT}), name="a.jsonl", limits=Limits(text_length=5)) == "DB125"
    ((_, found),) = stream(documents([tmp_path]), limits=small)
    assert isinstance(found, DubanError)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    assert code(read, "-", limits=small) == "DB125"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_huge_text_is_refused_before_it_is_decoded(encoding: str) -> None:
    raw = "生產總值增長，".encode(encoding) * 6_000_000
    start = time.process_time()
    assert code(read, raw, name="a.txt") == "DB125"
    assert time.process_time() - start < 2


def test_what_many_characters_say_of_an_encoding_a_million_say() -> None:
    start = time.process_time()
    found = read("各县区要抓好落实。".encode("gb18030") * 1_000_000)
    assert found.meta["source"]["encoding"] == "gb18030" and len(found.text) == 9_000_000
    assert time.process_time() - start < 5


def test_of_a_file_past_the_limit_no_more_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(10**12)
    assert code(read, tmp_path / "a.txt", limits=Limits(file_bytes=10**6)) == "DB125"


@pytest.mark.parametrize(("module", "name", "raw"), [
    ("docx", "a.docx", b"PK\x03\x04"), ("pypdfium2", "a.pdf", b"%PDF-1.7"), ("zstandard", "a.txt.zst", b"\x28\xb5\x2f\xfd"),
])
def test_a_missing_extra_is_named(module: str, name: str, raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(DubanError, match=r'DB121.*pip install "duban\[io\]"'):
        read(raw, name=name)


def test_readers_are_imported_when_a_file_needs_them() -> None:
    heavy = "{'docx', 'lxml', 'pypdfium2', 'charset_normalizer', 'spacy'}"
    script = f"import sys, duban.readers as r; r.read('一'.encode()); r.read(b'<html>a'); print({heavy} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(readers.__file__).parents[2])}
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True).stdout == "set()\n"


# many documents


def tree(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(TEXT.encode())


def ids(*inputs: str | Path, **more: object) -> list[str]:
    return [name for name, _ in documents(inputs, **more)]  # type: ignore[arg-type]


def test_folders_are_read_recursively_and_sorted(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a/z.txt", "a/b/c.md", "a.txt", "c.jsonl", ".hidden.txt", ".git/x.txt", "~$a.txt", "photo.png", "a/notes", "scan.pdf")
    assert ids(tmp_path) == ["a/b/c", "a/z", "a", "b", "c", "scan"]


def test_ids_of_files_are_their_names(tmp_path: Path) -> None:
    tree(tmp_path, "a/报告.txt", "b/2026.1.5.txt")
    assert ids(tmp_path / "a" / "报告.txt", tmp_path / "b" / "2026.1.5.txt") == ["报告", "2026.1.5"]


def test_ids_are_unique(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "a.txt", "x/a.txt", "y/a.txt")
    assert ids(tmp_path, tmp_path / "x", tmp_path / "y") == ["a", "a.txt", "x/a", "y/a"]
    assert ids(tmp_path / "x", tmp_path / "y", tmp_path) == ["a", "a.txt", "a.md", "a~2"]


def test_many_documents_of_one_name_stay_fast(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(*({"text": "一", "id": "same"} for _ in range(20_000))))
    names = [name for name, _ in stream(documents([tmp_path]))]
    assert names[-1] == "same~20000"
    assert len(set(names)) == len(names)


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt")
    assert ids(tmp_path / "b.txt", tmp_path, tmp_path / "a.txt") == ["b", "a"]


def test_skipped_files(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "out.jsonl")
    assert ids(tmp_path, skip=[tmp_path / "x" / ".." / "out.jsonl"]) == ["a"]


def test_inputs_that_are_not_there_are_passed_on(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = dict(documents([tmp_path / "none.txt", tmp_path / "empty"]))
    assert [code(read, path) for path in found.values()] == ["DB101", "DB107"]


def test_links_that_go_round_end(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert ids(tmp_path) == ["a"]


def test_stream_goes_on_after_errors(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "c.txt")
    (tmp_path / "b.txt").write_bytes(b"")
    rows_ = {"text": "一", "id": "own"}, {"text": "二"}, {"text": 3}, "{", {"text": "五", "id": "c"}, {"text": "六", "id": 7}
    (tmp_path / "d.jsonl").write_bytes(jsonl(*rows_))
    found = [(name, s.code if isinstance(s, DubanError) else s.text) for name, s in stream(documents([tmp_path, tmp_path / "none.txt"]))]
    assert found[:4] == [("a", TEXT), ("b", "DB103"), ("c", TEXT), ("own", "一")]
    assert found[4:] == [("d/2", "二"), ("d/3", "DB109"), ("d/4", "DB109"), ("c~2", "五"), ("d/6", "六"), ("none", "DB101")]


def test_a_file_that_is_no_json_lines_at_all_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(TEXT.encode() * 100)
    (found,) = stream(documents([tmp_path / "a.jsonl"]))
    assert (found[0], found[1].code) == ("a/1", "DB109")  # type: ignore[union-attr]


def test_json_lines_without_a_name_are_known_by_their_first_line() -> None:
    assert read(jsonl({"text": TEXT})).text == TEXT
    assert read("{今年} 目标\n".encode()).text == "{今年} 目标\n"
    assert read(jsonl({"text": TEXT}), name="a.txt").text.startswith("{")
    assert code(read, jsonl({"text": "一"}, {"text": "二"})) == "DB110"


def test_stream_takes_the_column_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl({"text": "一", "content": "二"}))
    assert [s.text for _, s in stream(documents([tmp_path / "a.jsonl"]), column="content") if isinstance(s, Source)] == ["二"]


def test_every_suffix_has_a_reader() -> None:
    assert set(readers.SUFFIXES.values()) == {*readers._READERS, *readers._TABLES}
    assert all(readers._reader(kind) for kind in readers._READERS)
    assert not readers.OTHER_DOCUMENTS & set(readers.SUFFIXES)
