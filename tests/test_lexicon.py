from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from duban import lexicon
from duban.errors import DubanError
from duban.lexicon import SCHEMAS, Lexicon

GROUP = {"label": "GROUP", "pattern": "各镇街", "id": "group/zhenjie"}


def written(folder: Path, *lines: object, name: str = "own.jsonl") -> Path:
    path = folder / name
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "code", "key"),
    [
        ("{", "DB301", ""),
        ("[" * 100_000, "DB301", ""),
        ('["GROUP"]', "DB302", "(row)"),
        ('{"pattern": "各镇"}', "DB302", "label"),
        ('{"label": "TOWN", "pattern": "各镇"}', "DB302", "TOWN"),
        ('{"label": ["GROUP"], "pattern": "各镇"}', "DB302", "label"),
        ('{"label": "GROUP", "pattern": " "}', "DB302", "pattern"),
        ('{"label": "GROUP"}', "DB304", ""),
        ('{"label": "GROUP", "pattern": [{"LOWER": "各镇"}]}', "DB304", ""),
        ('{"label": "GROUP", "pattern": "各镇", "colour": "red"}', "DB302", "colour"),
        ('{"label": "GROUP", "pattern": "各镇", "canon": "镇"}', "DB302", "canon"),
        ('{"label": "GROUP", "pattern": "各镇", "id": 7}', "DB302", "id"),
        ('{"label": "GROUP", "pattern": "各镇", "aliases": "镇"}', "DB302", "aliases"),
        ('{"label": "GROUP", "pattern": "各镇", "aliases": ["镇", 7]}', "DB302", "aliases"),
        ('{"label": "GROUP", "pattern": "各镇", "aliases": [""]}', "DB302", "aliases"),
        ('{"label": "GROUP", "pattern": "各镇街"}', "DB303", "各镇街"),
    ],
)
@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_a_malformed_line_is_named_with_file_line_and_key(line: str, code: str, key: str, tongue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LANG", tongue)
    path = written(tmp_path, "// comment", "", GROUP, line)
    with pytest.raises(DubanError) as caught:
        Lexicon.load(path)
    assert caught.value.code == code
    assert caught.value.details["line"] == 4
    assert str(path) in str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize(("name", "code"), [("none.jsonl", "DB101"), ("folder.jsonl", "DB101"), ("gbk.jsonl", "DB102")])
def test_files_that_cannot_be_read(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "gbk.jsonl").write_bytes(json.dumps(GROUP, ensure_ascii=False).encode("gbk"))
    with pytest.raises(DubanError) as caught:
        Lexicon.load(tmp_path / name)
    assert caught.value.code == code


def test_no_such_topic_in_the_package() -> None:
    with pytest.raises(DubanError, match=r"DB101.*nothing"):
        Lexicon.load("nothing")


def test_byte_order_mark_and_line_separators(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff" + json.dumps(GROUP, ensure_ascii=False), '{"label": "GROUP", "pattern": "各\u2028县"}\r')
    assert [e.pattern for e in Lexicon.load(path)] == ["各镇街", "各\u2028县"]


def test_an_entry_without_an_id_gets_one() -> None:
    (entry,) = Lexicon.of([{"label": "GROUP", "pattern": "各镇街"}])
    assert entry.id == "group/各镇街"
    assert entry.canon == "各镇街"


def test_a_later_file_overrides_an_earlier_one(tmp_path: Path) -> None:
    one = written(tmp_path, {"label": "DEPARTMENT", "pattern": "市数据局", "canon": "甲"}, GROUP, name="one.jsonl")
    two = written(tmp_path, GROUP, {"label": "DEPARTMENT", "pattern": "市数据局", "canon": "乙"}, name="two.jsonl")
    loaded = lexicon.check([one, two])
    assert {e.pattern: e.canon for e in loaded}["市数据局"] == "乙"
    assert [(old.file, old.line, new.file, new.line) for old, new in loaded.shadowed] == [(str(one), 2, str(two), 1), (str(one), 1, str(two), 2)]


def test_the_same_pattern_with_another_label_is_another_entry() -> None:
    loaded = Lexicon.of([GROUP, {**GROUP, "label": "PROJECT"}])
    assert len(loaded) == 2
    assert [e.label for e in loaded.labelled("PROJECT")] == ["PROJECT"]
    assert not loaded.shadowed


def test_scan_finds_the_longest_from_the_left() -> None:
    loaded = Lexicon.of([GROUP, {"label": "GROUP", "pattern": "各镇", "aliases": ["各乡镇"]}, {"label": "GROUP", "pattern": "街道"}])
    text = "各镇街道、各乡镇和各镇"
    assert [(text[h.start : h.end], h.entry.pattern) for h in loaded.scan(text)] == [("各镇街", "各镇街"), ("各乡镇", "各镇"), ("各镇", "各镇")]
    assert Lexicon.of([]).scan(text) == []


def test_hash_is_of_what_is_loaded() -> None:
    one, two = GROUP, {"label": "GROUP", "pattern": "各县"}
    assert Lexicon.of([one, two]).hash == Lexicon.of([two, one]).hash
    assert Lexicon.of([one]).hash == Lexicon.of([one], source="elsewhere").hash
    assert Lexicon.of([one]).hash != Lexicon.of([{**one, "aliases": ["镇街"]}]).hash


def test_lexicons_are_pickled_without_their_automaton() -> None:
    loaded = Lexicon.of([GROUP])
    loaded.scan("各镇街")
    copy = pickle.loads(pickle.dumps(loaded))
    assert copy.entries == loaded.entries
    assert copy.scan("各镇街") == loaded.scan("各镇街")


def test_joined_lexicons_tell_what_is_shadowed() -> None:
    joined = Lexicon.of([GROUP]) + Lexicon.of([{**GROUP, "id": "own"}])
    assert [e.id for e in joined] == ["own"]
    assert len(joined.shadowed) == 1


@pytest.mark.parametrize("topic", lexicon.packaged_names())
def test_packaged_lexicons_are_sound(topic: str) -> None:
    loaded = Lexicon.load(topic)
    assert len(loaded) > 0
    assert {e.label for e in loaded} <= set(SCHEMAS)
    assert all(e.pattern == e.pattern.strip() for e in loaded)


def test_every_label_has_entries_in_the_package_or_is_for_whole_names() -> None:
    used = {entry.label for topic in lexicon.packaged_names() for entry in Lexicon.load(topic)}
    assert set(SCHEMAS) - used <= {"DEPARTMENT", "GROUP", "PROJECT", "INDICATOR", "NO_ENTITY"}


@pytest.mark.parametrize("label", SCHEMAS)
def test_every_schema_is_of_types(label: str) -> None:
    for key, kind in SCHEMAS[label].items():
        assert key not in ("label", "pattern", "id")
        assert isinstance(kind, type) or all(isinstance(k, type) for k in kind)
