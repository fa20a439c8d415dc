"""Corrections as lexicon entries: which they become, what they do, and the file that keeps them."""
from __future__ import annotations

import json
import multiprocessing
import os
import threading
from pathlib import Path
from typing import Any

import pytest

import duban
from duban import entities
from duban.corrections import corrected
from duban.errors import DubanError
from duban.lexicon import Lexicon, check
from duban.view import TextView

pytest.importorskip("fastapi")
from test_web import Caller, address

from duban.web import Desk
from duban.web.entries import EntryFile, apart, changes, checked, drafts

TEXT = "请市水务局抓紧。青岚快办牵头，各链长配合。\n"
OWN = {"label": "GROUP", "pattern": "各链长", "id": "own/各链长"}


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", "zh")


@pytest.fixture
def record(char_nlp: Any) -> dict[str, Any]:
    return duban.to_record(duban.process(TEXT, nlp=char_nlp, name="讲话"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("//")]


def add(record: dict[str, Any], words: str, label: str, **values: Any) -> dict[str, Any]:
    start = record["text"].index(words)
    return corrected(record, {"op": "add", "layer": "entities", "start": start, "end": start + len(words), "values": {"label": label, **values}})


def entity(record: dict[str, Any], words: str) -> str:
    return next(e["id"] for e in record["entities"] if e["text"] == words)


# ---- words that hold no name


def test_no_name_is_found_in_words_that_hold_none() -> None:
    text = "请市水务局抓紧，市水务局礼堂里坐满了人，市发改委牵头。"
    lexicon = entities.default_lexicon() + Lexicon.of([{"label": "NO_ENTITY", "pattern": "市水务局礼堂"}])
    found = [(e.start, e.label) for e in entities.find(TextView(text), lexicon)]
    plain = [(e.start, e.label) for e in entities.find(TextView(text))]
    assert (text.index("市水务局礼堂"), "DEPARTMENT") not in found
    assert found == [e for e in plain if not text.index("市水务局礼堂") <= e[0] < text.index("里坐")]


def test_a_longer_name_and_one_of_the_users_own_stay() -> None:
    own = Lexicon.of([{"label": "NO_ENTITY", "pattern": "水务局"}, {"label": "NO_ENTITY", "pattern": "云桥专班"}, {"label": "GROUP", "pattern": "云桥专班"}])
    found = [(e.label, e.start, e.end) for e in entities.find(TextView("请市水务局和云桥专班抓紧。"), entities.default_lexicon() + own)]
    assert found == [("DEPARTMENT", 1, 5), ("GROUP", 6, 10)]


# ---- corrections as entries


def test_each_correction_of_a_name_is_an_entry(record: dict[str, Any]) -> None:
    after = add(record, "青岚快办", "DEPARTMENT", canon="数字政府建设专班")
    assert [(e["label"], e["pattern"], e.get("canon")) for e in drafts(record, after)] == [("DEPARTMENT", "青岚快办", "数字政府建设专班")]
    after = corrected(record, {"op": "change", "id": entity(record, "市水务局"), "values": {"label": "PROJECT"}})
    assert [(e["label"], e["pattern"]) for e in drafts(record, after)] == [("PROJECT", "市水务局")]
    after = corrected(record, {"op": "delete", "id": entity(record, "市水务局")})
    assert drafts(record, after) == [{"label": "NO_ENTITY", "pattern": "市水务局", "id": "own/市水务局"}]
    assert drafts(record, record) == []


def test_what_an_added_name_displaces_is_not_barred(record: dict[str, Any]) -> None:
    after = add(record, "请市水务局", "PROJECT")
    assert [(e["label"], e["pattern"]) for e in drafts(record, after)] == [("PROJECT", "请市水务局")]


def test_the_place_of_the_document_is_not_the_names(char_nlp: Any) -> None:
    text = "市水务局抓紧。临澄市水务局抓紧。"
    record = duban.to_record(duban.process(text, nlp=char_nlp, name="a", place="临澄市"))
    after = record
    for words in ("市水务局", "临澄市水务局"):
        after = corrected(after, {"op": "change", "id": entity(after, words), "values": {"canon": "水利局", "place": "临澄市"}})
    assert [(e["pattern"], e.get("place")) for e in drafts(record, after)] == [("市水务局", None), ("临澄市水务局", "临澄市")]


@pytest.mark.parametrize(
    "entry",
    [{}, [], {"label": "ORGAN", "pattern": "水务局"}, {"label": "GROUP", "pattern": "各"}, {"label": "GROUP", "pattern": "各" * 61},
     {"label": "GROUP", "pattern": 3}, {"label": "DEPARTMENT", "pattern": "水务局", "level": "街"},
     {"label": "GROUP", "pattern": "各县", "path": "../own.jsonl"},
     {"label": "GROUP", "pattern": "各县", "canon": "县"}, {"label": "DEPARTMENT", "pattern": "水务局", "canon": "水" * 501}],
)  # fmt: skip
def test_what_is_no_entry_is_refused(entry: Any) -> None:
    with pytest.raises(DubanError, match=r"DB145|DB302"):
        checked(entry)


def test_an_entry_is_written_as_the_finders_read() -> None:
    assert checked({"label": "INDICATOR", "pattern": "链主 企业\n配套率（％）", "canon": " 配套率 "}) == {
        "label": "INDICATOR", "pattern": "链主企业配套率（%）", "id": "own/链主企业配套率（%）", "canon": "配套率",
    }  # fmt: skip


def test_changes_and_distance(record: dict[str, Any]) -> None:
    after = add(record, "青岚快办", "DEPARTMENT")
    assert [(c["sign"], c["title"], c["text"]) for c in changes(record, after)] == [("+", "部门", "青岚快办")]
    assert [c["sign"] for c in changes(after, record)] == ["−"]
    assert (apart(record, record), apart(record, after)) == (0, 1)


# ---- the file


def test_the_file_is_made_appended_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    file = EntryFile(path)
    assert not path.exists()
    assert file.put(OWN) is True
    assert file.put(OWN) is False
    assert file.put(checked({"label": "NO_ENTITY", "pattern": "市水务局礼堂"})) is True
    assert lines(path) == [OWN, {"label": "NO_ENTITY", "pattern": "市水务局礼堂", "id": "own/市水务局礼堂"}]
    assert len(check([str(path)])) == 2
    assert os.listdir(tmp_path) == ["own.jsonl"]


def test_what_a_file_says_of_the_same_words_is_replaced_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    kept = '{"label": "GROUP", "pattern": "各县"}'
    before = f'// 本单位的叫法\n{{"label": "DEPARTMENT", "pattern": "云桥专班", "id": "a", "canon": "旧名", "aliases": ["云桥办"]}}\r\n{kept}'
    path.write_bytes(b"\xef\xbb\xbf" + before.encode())
    file = EntryFile(path)
    file.put(checked({"label": "DEPARTMENT", "pattern": "云桥专班", "canon": "新名"}))
    content = path.read_bytes().decode("utf-8-sig").split("\n")
    assert content[0] == "// 本单位的叫法"
    assert json.loads(content[1]) == {"label": "DEPARTMENT", "pattern": "云桥专班", "id": "a", "canon": "新名", "aliases": ["云桥办"]}
    assert content[2] == kept
    file.put(checked({"label": "NO_ENTITY", "pattern": "云桥专班"}))
    file.put(checked({"label": "PROJECT", "pattern": "云桥大厦"}))
    assert [(e.label, e.pattern) for e in file.entries()] == [("NO_ENTITY", "云桥专班"), ("GROUP", "各县"), ("PROJECT", "云桥大厦")]


def test_a_link_leads_to_its_file_and_other_paths_are_refused(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "own.jsonl")
    EntryFile(tmp_path / "link.jsonl").put(OWN)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert lines(tmp_path / "own.jsonl") == [OWN]
    (tmp_path / "folder.jsonl").mkdir()
    os.mkfifo(tmp_path / "pipe.jsonl")
    for name, code in (("own.txt", "DB513"), ("folder.jsonl", "DB511"), ("pipe.jsonl", "DB511"), ("none/own.jsonl", "DB511")):
        with pytest.raises(DubanError, match=code):
            EntryFile(tmp_path / name)
    (tmp_path / "bad.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(DubanError, match="DB301"):
        EntryFile(tmp_path / "bad.jsonl")


def test_a_file_that_was_broken_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    file = EntryFile(tmp_path / "own.jsonl")
    (tmp_path / "own.jsonl").write_text('{"label": "GROUP"', encoding="utf-8")
    with pytest.raises(DubanError, match="DB301"):
        file.put(OWN)
    assert (tmp_path / "own.jsonl").read_text(encoding="utf-8") == '{"label": "GROUP"'
    assert os.listdir(tmp_path) == ["own.jsonl"]


def put_many(path: Path, name: str) -> None:
    file = EntryFile(path)
    for i in range(15):
        file.put({"label": "PROJECT", "pattern": f"{name}号厂房{i}", "id": f"own/{name}/{i}"})


def test_nothing_is_lost_where_several_write(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    workers = [multiprocessing.get_context("spawn").Process(target=put_many, args=(path, name)) for name in "甲乙"]
    workers += [threading.Thread(target=put_many, args=(path, name)) for name in "丙丁"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(check([str(path)])) == len(lines(path)) == 60
    assert os.listdir(tmp_path) == ["own.jsonl"]


# ---- on the desk


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    return Caller(Desk(duban.load(), None, EntryFile(tmp_path / "own.jsonl"))).open()


def test_an_entry_is_tried_kept_and_used(caller: Caller, tmp_path: Path) -> None:
    name = caller.read(TEXT)
    assert caller.client.get(address(name, "/entries")).json() == []
    start = TEXT.index("青岚快办")
    change = {"op": "add", "layer": "entities", "start": start, "end": start + 4, "values": {"label": "DEPARTMENT", "canon": "数字政府建设专班"}}
    caller.post(address(name, "/corrections"), json=change)
    (draft,) = caller.client.get(address(name, "/entries")).json()
    assert draft["kept"] is False
    told = caller.post(address(name, "/entries/effect"), json=draft["entry"]).json()
    assert ["+", "部门", "青岚快办"] in [[c["sign"], c["title"], c["text"]] for c in told["changes"]]
    assert told["apart"] == [1, 0]
    assert not (tmp_path / "own.jsonl").exists()
    again = caller.client.get(address(caller.read(TEXT, "未存"))).json()
    assert "青岚快办" not in [e["text"] for e in again["entities"]]
    kept = caller.post(address(name, "/entries"), json=draft["entry"]).json()
    assert (kept["added"], kept["path"]) == (True, str(tmp_path / "own.jsonl"))
    assert lines(tmp_path / "own.jsonl") == [draft["entry"]]
    assert caller.client.get(address(name, "/entries")).json()[0]["kept"] is True
    after = caller.client.get(address(caller.read(TEXT, "已存"))).json()
    assert [(e["label"], e["canon"]) for e in after["entities"] if e["text"] == "青岚快办"] == [("DEPARTMENT", "数字政府建设专班")]
    # the other way round: the same words are no name
    told = caller.post(address(name, "/entries/effect"), json={"label": "NO_ENTITY", "pattern": "青岚快办"}).json()
    assert [old["label"] for old in told["replaced"]] == ["DEPARTMENT"]
    caller.post(address(name, "/entries"), json={"label": "NO_ENTITY", "pattern": "青岚快办"})
    assert [e["label"] for e in lines(tmp_path / "own.jsonl")] == ["NO_ENTITY"]
    last = caller.client.get(address(caller.read(TEXT, "改存"))).json()
    assert "青岚快办" not in [e["text"] for e in last["entities"]]


def test_an_undone_correction_is_no_entry(caller: Caller) -> None:
    name = caller.read(TEXT)
    caller.post(address(name, "/corrections"), json={"op": "delete", "id": "e1"})
    assert len(caller.client.get(address(name, "/entries")).json()) == 1
    caller.post(address(name, "/undo"))
    assert caller.client.get(address(name, "/entries")).json() == []


def test_the_aliases_of_an_entry_stay_in_force(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"label": "DEPARTMENT", "pattern": "青岚快办", "id": "a", "aliases": ["岚办"]}\n', encoding="utf-8")
    caller = Caller(Desk(duban.load(lexicons=[str(path)]), None, EntryFile(path))).open()
    entry = {"label": "DEPARTMENT", "pattern": "青岚快办", "canon": "快速办理中心"}
    told = caller.post(address(caller.read("请岚办抓紧。"), "/entries/effect"), json=entry).json()
    assert ("~", "岚办") in [(c["sign"], c["text"]) for c in told["changes"]]
    caller.post(address(caller.read("请岚办抓紧。", "b"), "/entries"), json=entry)
    after = caller.client.get(address(caller.read("请岚办抓紧。", "c"))).json()
    assert [(e["text"], e["canon"]) for e in after["entities"]] == [("岚办", "快速办理中心")]


def test_bad_requests_are_told(caller: Caller, char_nlp: Any) -> None:
    name = caller.read(TEXT)
    for path in ("/entries", "/entries/effect"):
        assert caller.post(address(name, path), json={"label": "GROUP", "pattern": "各"}).json()["code"] == "DB145"
        assert caller.post(address("没有", path), json=OWN).status_code == 404
        assert caller.client.post(address(name, path), json=OWN).status_code == 403  # no token
    without = Caller(Desk(char_nlp)).open()
    other = without.read(TEXT)
    answers = [without.client.get(address(other, "/entries")), *(without.post(address(other, path), json=OWN) for path in ("/entries", "/entries/effect"))]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "DB150")] * 3
    assert 'id="entries"' not in without.client.get(f"/documents/{other}").text
    assert 'id="entries"' in caller.client.get(f"/documents/{name}").text


# ---- the command


def serve(monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[int, list[Desk]]:
    """The exit status of ``duban serve``, and the desk it would serve."""
    from duban import cli
    from duban.web import server

    desks: list[Desk] = []
    monkeypatch.setattr(server, "serve", lambda desk, *_: desks.append(desk))
    with pytest.raises(SystemExit) as ended:
        cli.app(["serve", "--no-open", *options])
    return int(str(ended.value.code)), desks


def test_the_command_uses_the_entries_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert serve(monkeypatch, "--lexicon-out", "own.txt") == (1, [])
    assert capsys.readouterr().err.startswith("[DB513]")
    status, (desk,) = serve(monkeypatch, "--lexicon-out", "own.jsonl")
    assert status == 0 and desk.entry_file is not None
    desk.entry_file.put({"label": "GROUP", "pattern": "青岚快办", "id": "own"})
    for more in ((), ("--lexicon", "own.jsonl")):  # which it is once, however often it is named
        _, (desk,) = serve(monkeypatch, "--lexicon-out", "own.jsonl", *more)
        assert [e["label"] for e in desk.read(TEXT.encode(), "a.txt").record["entities"] if e["text"] == "青岚快办"] == ["GROUP"]
