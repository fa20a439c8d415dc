from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

import duban
from duban import batch, cli
from duban.cli import output
from duban.cli.run import Run
from duban.errors import DubanError
from duban.evaluate import text_hash

TEXT = "一、稳增长。今年力争生产总值增长6%以上，市发改局牵头，6月底前落实。\n"
SOURCES = Path(duban.__file__).parents[1]
LAYERS = ("boilerplate", "sections", "entities", "targets", "tasks", "problems")


class Result(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def codes(self) -> list[str]:
        return [line[1:6] for line in self.err.splitlines() if line.startswith("[DB")]


Call = Callable[..., Result]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command, as called in a shell."""
    monkeypatch.setenv("DUBAN_LANG", "en")

    def run(*args: object) -> Result:
        with pytest.raises(SystemExit) as caught:
            cli.app([str(arg) for arg in args])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Result(caught.value.code or 0, out, err)  # type: ignore[arg-type]

    return run


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """A library that finds one target in every text, and chokes on "crash"; what it was asked for."""
    asked: list[dict] = []

    def process(text: str, **more: object) -> object:
        asked.append({"text": text, **more})
        if "crash" in text:
            raise RuntimeError("boom\nand more")
        return SimpleNamespace(text=text, **more)

    def to_record(doc: SimpleNamespace) -> dict:
        target = {"id": "t1", "start": 0, "end": 1, "text": doc.text[:1], "why": {"rule": "stub", "lexicon": None, "evidence": {}}}
        meta = {"title": None, "date": doc.date, "place": doc.place, "source": doc.source}
        return {"schema": "duban/1", "id": doc.name, "text": doc.text, "meta": meta, **{layer: [] for layer in LAYERS}, "targets": [target]}

    def write(records: Iterable[dict], path: Path, **options: object) -> None:
        Path(path).write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")

    monkeypatch.setattr(duban, "load", lambda name, *, lexicons=(): SimpleNamespace(name=name, lexicons=list(lexicons), set_error_handler=lambda handler: None))
    monkeypatch.setattr(duban, "process", process)
    monkeypatch.setattr(duban, "to_record", to_record)
    monkeypatch.setitem(sys.modules, "duban.writers", SimpleNamespace(write_records=write, write_ledger=write))
    return asked


def put(name: str, content: str | bytes = TEXT) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


# extract and ledger


@pytest.mark.usefixtures("stub")
def test_extract_files_and_folders(call: Call) -> None:
    put("in/b.txt")
    put("in/a/c.md", TEXT.encode("gb18030"))
    put("d.txt")
    assert call("extract", "in", "d.txt", "-o", "new/out.jsonl") == Result(0, "", "")
    assert [r["id"] for r in lines("new/out.jsonl")] == ["a/c", "b", "d"]
    assert lines("new/out.jsonl")[0]["meta"]["source"]["encoding"] == "gb18030"


def test_extract_hands_on_what_is_known(call: Call, stub: list[dict]) -> None:
    put("a.txt")
    put("b.jsonl", json.dumps({"text": "二", "date": "2025-02-03", "place": "青岚县"}) + "\n")
    put("own.jsonl", "")
    settings = ["--date", "2026-01-05", "--pipeline", "zh_duban", "--lexicon", "own.jsonl", "--lexicon", "other.jsonl"]
    call("extract", "a.txt", "b.jsonl", "-o", "out.jsonl", *settings)
    assert [(a["date"], a["place"], a["name"]) for a in stub] == [("2026-01-05", None, "a"), ("2026-01-05", "青岚县", "b/1")]
    assert stub[0]["nlp"].name == "zh_duban"
    assert stub[0]["nlp"].lexicons == ["own.jsonl", "other.jsonl"]
    call("extract", "b.jsonl", "-o", "out.jsonl")
    assert stub[-1]["date"] == "2025-02-03"


@pytest.mark.usefixtures("stub")
def test_bad_input_never_loses_good_output(call: Call) -> None:
    put("in/a.txt")
    put("in/b.txt", b"")
    put("in/c.txt", b"\x89PNG\0")
    put("in/d.txt", b"a\xff\xfe")
    put("in/e.txt", "crash")
    put("in/f.docx", b"PK\x03\x04")
    put("in/g.txt")
    put("in/h.jsonl", '{"text": "一"}\n{\n')
    result = call("extract", "in", "none.txt", "-o", "out.jsonl")
    assert result.status == 1
    assert result.out == ""
    assert result.codes == ["DB103", "DB104", "DB102", "DB431", "DB122", "DB109", "DB101"]
    assert len(result.err.splitlines()) == 7  # a line each
    for name, line in zip(["in/b.txt", "in/c.txt", "in/d.txt", "in/e.txt", "in/f.docx", "in/h.jsonl", "none.txt"], result.err.splitlines(), strict=True):
        assert name in line
    assert [r["id"] for r in lines("out.jsonl")] == ["a", "g", "h/1"]


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("bad", ["none.txt", "empty.txt", "folder"])
def test_output_is_not_touched_when_nothing_could_be_done(bad: str, call: Call) -> None:
    put("empty.txt", "")
    Path("folder").mkdir()
    put("out.jsonl", "as it was")
    result = call("extract", bad, "-o", "out.jsonl")
    assert result.status == 3
    assert len(result.codes) == 1
    assert Path("out.jsonl").read_text() == "as it was"


@pytest.mark.usefixtures("stub")
def test_output_is_complete_or_as_it_was(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(line: str) -> bytes:
        raise OSError(28, "No space left on device")

    put("a.txt")
    put("out.jsonl", "as it was")
    monkeypatch.setattr(batch, "encoded", fail)
    result = call("extract", "a.txt", "-o", "out.jsonl")
    assert (result.status, result.codes) == (1, ["DB511"])
    assert "No space left" in result.err
    assert Path("out.jsonl").read_text() == "as it was"
    assert sorted(os.listdir()) == ["a.txt", "out.jsonl"]


@pytest.mark.usefixtures("stub")
def test_output_that_cannot_be_made(call: Call) -> None:
    put("a.txt")
    Path("folder.jsonl").mkdir()
    assert call("extract", "a.txt", "-o", "folder.jsonl").codes == ["DB511"]
    assert call("extract", "a.txt", "-o", "a.txt/out.jsonl").codes == ["DB511"]


@pytest.mark.usefixtures("stub")
def test_an_earlier_output_in_the_folder_is_no_input(call: Call) -> None:
    put("in/a.txt")
    for _ in range(2):
        assert call("extract", "in", "-o", "in/out.jsonl").status == 0
    assert [r["id"] for r in lines("in/out.jsonl")] == ["a"]
    Path("in/a.txt").unlink()
    assert call("extract", "in", "-o", "in/out.jsonl").codes == ["DB107"]


@pytest.mark.usefixtures("stub")
def test_extract_to_standard_output(call: Call) -> None:
    put("a.txt")
    result = call("extract", "a.txt")
    assert (json.loads(result.out)["id"], result.err) == ("a", "")
    assert os.listdir() == ["a.txt"]


def test_extract_from_standard_input(call: Call, stub: list[dict], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode("gb18030"))))
    assert json.loads(call("extract", "-").out)["meta"]["source"]["path"] == "<stdin>"
    assert stub[0]["text"] == TEXT


def test_a_bad_date_in_a_row_is_that_rows_failure(call: Call, stub: list[dict], monkeypatch: pytest.MonkeyPatch) -> None:
    stubbed = duban.process

    def process(text: str, **more: object) -> object:
        if more["date"] == "soon":
            raise duban.DubanError("DB213", date="soon")
        return stubbed(text, **more)

    monkeypatch.setattr(duban, "process", process)
    put("a.jsonl", '{"text": "一", "date": "soon"}\n{"text": "二"}\n')
    result = call("extract", "a.jsonl", "-o", "out.jsonl")
    assert (result.status, result.codes) == (1, ["DB213"])
    assert "a.jsonl#1" in result.err
    assert [r["text"] for r in lines("out.jsonl")] == ["二"]


def test_ledger_takes_records_as_they_are(call: Call, stub: list[dict]) -> None:
    put("a.txt")
    call("extract", "a.txt", "-o", "records.jsonl")
    asked = len(stub)
    assert call("ledger", "records.jsonl", "-o", "ledger.csv") == Result(0, "", "")
    assert len(stub) == asked
    assert lines("ledger.csv") == lines("records.jsonl")
    assert call("ledger", "a.txt", "records.jsonl", "-o", "ledger.xlsx").status == 0
    assert len(stub) == asked + 1
    assert [r["id"] for r in lines("ledger.xlsx")] == ["a", "a~2"]


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize(
    "args",
    [
        ["extract"],
        ["extract", "a.txt", "--colour", "red"],
        ["extract", "a.txt", "-o", "out.txt"],
        ["extract", "a.txt", "-o", "a.jsonl/../a.txt"],
        ["extract", "b.jsonl", "-o", "b.jsonl"],
        ["extract", "a.txt", "--date", "tomorrow"],
        ["extract", "a.txt", "--date", "20260105"],
        ["extract", "a.txt", "--date", "2026-02-30"],
        ["extract", "a.txt", "--pipeline", "zh_none"],
        ["ledger", "a.txt"],
        ["ledger", "a.txt", "-o", "ledger.pdf"],
        ["ledger", "a.txt", "-o", "-"],
        ["panel", "a.txt", "-o", "-"],
        ["duplicates", "a.txt", "-o", "-"],
        ["explain"],
        ["explain", "a.txt", "--at", "x"],
        ["explain", "a.txt", "--at", "99999"],
        ["explain", "a.txt", "--at", "-1"],
        ["outline"],
        ["evaluate"],
        ["evaluate", "g.gold.json", "--errors", "VERBS"],
        ["evaluate", "g.gold.json", "--update-floors"],
        ["evaluate", "g.gold.json", "--floors", "f.json", "--allow-lower", "reason"],
        ["evaluate", "g.gold.json", "--floors", "f.json", "--update-floors", "--allow-lower", " "],
        ["lexicon", "check"],
        ["gold", "to-docbin", "g.gold.json"],
        ["gold", "to-docbin", "g.gold.json", "-o", "out.jsonl"],
        ["annotate", "to", "paper", "a.txt", "-o", "out.json"],
        ["annotate", "to", "doccano", "a.txt", "-o", "out.json"],
        ["annotate", "to", "doccano", "a.txt", "-o", "out.jsonl", "--layer", "verbs"],
        ["annotate", "to", "doccano", "a.txt", "-o", "out.jsonl", "--config", "labels.xml"],
        ["annotate", "to", "prodigy", "a.txt", "-o", "out.jsonl", "--relations"],
        ["nothing"],
    ],
)
def test_wrong_usage(args: list[str], call: Call) -> None:
    put("a.txt")
    put("b.jsonl", '{"text": "一"}')
    before = sorted(os.listdir())
    result = call(*args)
    assert result.status == 2
    assert result.err
    assert sorted(os.listdir()) == before


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["extract", "b.jsonl", "-o", "b.jsonl"], "DB512"),
        (["extract", "a.txt", "-o", "out.jsonl", "--resume"], "DB214"),
        (["evaluate", "g.gold.json", "--update-floors"], "DB214"),
    ],
)
def test_wrong_usage_has_its_code(args: list[str], code: str, call: Call) -> None:
    put("a.txt")
    put("b.jsonl", '{"text": "一"}')
    result = call(*args)
    assert result.status == 2
    assert code in result.err


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    from duban.tables.layers import to_pandas

    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.setitem(sys.modules, "duban.web.server", None)
    assert call("serve").codes == ["DB147"]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(DubanError) as caught:
        to_pandas([], "targets")
    assert caught.value.code == "DB216"


def test_a_bad_lexicon_is_told_before_anything_is_done(call: Call) -> None:
    put("a.txt")
    put("own.jsonl", '\n{"label": "GROUP", "pattern": "各镇", "colour": "red"}\n')
    result = call("extract", "a.txt", "-o", "out.jsonl", "--lexicon", "own.jsonl")
    assert (result.status, result.codes) == (1, ["DB302"])
    assert all(word in result.err for word in ("own.jsonl", "2", "colour"))
    assert not Path("out.jsonl").exists()


# failures inside


@pytest.mark.usefixtures("stub")
def test_an_unforeseen_error_is_one_coded_line(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("surprise")

    put("a.txt")
    monkeypatch.setattr(batch, "encoded", fail)
    result = call("extract", "a.txt", "-o", "out.jsonl")
    assert (result.status, result.codes, len(result.err.splitlines())) == (1, ["DB499"], 1)


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("args", [["--debug", "extract", "a.txt"], ["extract", "a.txt", "--debug"], ["extract", "none.txt", "--debug"]])
def test_debug_gives_the_traceback(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    put("a.txt", "crash")
    with pytest.raises(SystemExit):
        cli.app(args)
    err = capsys.readouterr().err
    assert "Error: [DB" in err
    assert ("RuntimeError: boom" in err) == ("a.txt" in args)
    assert err.splitlines()[-1].startswith("[DB")


# explain, outline, schema


@pytest.mark.usefixtures("stub")
def test_explain_and_outline_of_text_and_records(call: Call) -> None:
    put("a.txt")
    assert call("explain", "a.txt").out.splitlines() == ["t1 target 0–1 “一”", "  rule: stub"]
    assert call("explain", "a.txt", "--at", "5").out.startswith("Nothing is recorded at offset 5")
    call("extract", "a.txt", "-o", "records.jsonl")
    assert call("explain", "records.jsonl", "--at", 0).out.startswith("== a\nt1 target 0–1")
    assert call("outline", "a.txt").out == "No sections.\n"
    assert call("explain", "none.txt").codes == ["DB101"]


def test_schema_is_json_schema(call: Call) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json.loads(call("schema").out))


# evaluate


def gold(name: str = "a", text: str = TEXT, **layers: object) -> Path:
    known = {"doc": name, "sha256": text_hash(text), "windows": [[0, len(text)]], "layers": ["entities", "targets"], **layers}
    put(f"documents/{name}.txt", text)
    return put(f"gold/{name}.gold.json", json.dumps({**{layer: [] for layer in LAYERS}, **known}, ensure_ascii=False))


TARGET = {"start": 0, "end": 1, "value": None, "unit": "", "comparator": "=", "redacted": False, "kind": "level", "status": "actual"}


@pytest.mark.usefixtures("stub")
def test_evaluate_runs_the_pipeline_on_the_texts_of_the_gold(call: Call) -> None:
    gold(targets=[TARGET])
    gold("b", "二。\n", targets=[{**TARGET, "start": 1, "end": 2}])
    result = call("evaluate", "gold", "--json")
    assert result.status == 0
    assert json.loads(result.out)["layers"]["targets"] == {"p": 0.5, "r": 0.5, "f": 0.5, "gold": 2, "pred": 2}
    table = call("evaluate", "gold/a.gold.json", "gold/b.gold.json", "--errors", "targets").out
    assert "targets              0.500   0.500   0.500" in table
    assert [line.split("\t")[:2] for line in table.splitlines()[-2:]] == [["+", "b"], ["-", "b"]]
    assert "want" not in table


def test_evaluate_records_without_the_pipeline(call: Call, stub: list[dict]) -> None:
    gold(targets=[TARGET])
    call("extract", "documents", "-o", "records.jsonl")
    asked = len(stub)
    figures = json.loads(call("evaluate", "gold", "--records", "records.jsonl", "--json", "--errors", "targets.kind").out)
    assert figures["layers"]["targets"]["f"] == 1.0
    assert [(e["want"], e["got"]) for e in figures["errors"]] == [("level", None)]
    assert len(stub) == asked
    assert call("evaluate", "gold", "--records", "none.jsonl").out == ""


@pytest.mark.usefixtures("stub")
def test_evaluate_goes_on_without_what_is_broken(call: Call) -> None:
    gold(targets=[TARGET])
    gold("b")
    put("documents/b.txt", "changed")
    gold("c")
    Path("documents/c.txt").unlink()
    put("gold/d.gold.json", "{")
    result = call("evaluate", "gold", "none.gold.json", "--json")
    assert (result.status, result.codes) == (1, ["DB111", "DB101", "DB113", "DB112"])
    assert json.loads(result.out)["layers"]["targets"]["f"] == 1.0
    assert call("evaluate", "gold/c.gold.json", "--documents", "elsewhere").out == ""


@pytest.mark.usefixtures("stub")
def test_floors_rise_and_are_kept(call: Call) -> None:
    path = gold(targets=[TARGET])
    assert call("evaluate", path, "--floors", "floors.json").codes == ["DB101"]
    assert call("evaluate", path, "--floors", "floors.json", "--update-floors").status == 0
    assert json.loads(Path("floors.json").read_text())["corpus"]["layers"]["targets"] == 1.0
    assert call("evaluate", path, "--floors", "floors.json").status == 0
    assert call("evaluate", path, "--floors", "floors.json", "--set", "other").codes == ["DB212"]
    assert call("evaluate", path, "--floors", "floors.json", "--set", "other", "--update-floors").status == 0
    # the same gold as missed
    put("empty.jsonl", json.dumps({"schema": "duban/1", "id": "a", "text": TEXT, **{layer: [] for layer in LAYERS}}) + "\n")
    worse = call("evaluate", path, "--records", "empty.jsonl", "--floors", "floors.json")
    assert worse.status == 1
    assert set(worse.codes) == {"DB451"}
    before = Path("floors.json").read_text()
    assert call("evaluate", path, "--records", "empty.jsonl", "--floors", "floors.json", "--update-floors").codes == ["DB453"]
    assert Path("floors.json").read_text() == before
    lowered = call("evaluate", path, "--records", "empty.jsonl", "--floors", "floors.json", "--update-floors", "--allow-lower", "why not")
    assert lowered.status == 0
    assert {name: [x["reason"] for x in section["lowered"]] for name, section in json.loads(Path("floors.json").read_text()).items()} == {
        "corpus": ["why not"], "other": [],
    }  # fmt: skip


@pytest.mark.usefixtures("stub")
def test_floors_of_another_corpus_fail(call: Call) -> None:
    path = gold(targets=[TARGET])
    call("evaluate", path, "--floors", "floors.json", "--update-floors")
    gold("b", "二。\n")
    assert call("evaluate", "gold", "--floors", "floors.json").codes == ["DB452"]


@pytest.mark.usefixtures("stub")
def test_floors_are_left_alone_when_a_document_failed(call: Call) -> None:
    gold(targets=[TARGET])
    put("gold/b.gold.json", "{")
    assert call("evaluate", "gold", "--floors", "floors.json", "--update-floors").status == 1
    assert not Path("floors.json").exists()


# lexicon


def test_lexicon_check(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from duban import lexicon

    put("packaged.jsonl", '{"label": "GROUP", "pattern": "各镇街"}\n')
    monkeypatch.setattr(lexicon, "packaged_names", lambda: ("./packaged.jsonl",))
    put("own", '{"label": "GROUP", "pattern": "各片区"}\n{"label": "GROUP", "pattern": "各镇街"}\n{"label": "DEPARTMENT", "pattern": "市数据局"}\n')
    result = call("lexicon", "check", "own")
    assert (result.status, result.err) == (0, "")
    assert result.out.splitlines() == ["own: 3 entries (GROUP 2, DEPARTMENT 1)", "./own, line 2 shadows ./packaged.jsonl, line 1: GROUP “各镇街”"]
    put("bad.jsonl", "{\n")
    result = call("lexicon", "check", "own", "bad.jsonl", "none.jsonl")
    assert (result.status, result.codes) == (1, ["DB301", "DB101"])
    assert result.out.startswith("own: 3 entries")


# gold as DocBin


def test_gold_to_docbin(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from spacy.lang.zh import Chinese
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    from duban.tokenizer import Tokenizer

    def load(name: str, *, lexicons: object = ()) -> Chinese:
        nlp = Chinese()
        nlp.tokenizer = Tokenizer(nlp.vocab)
        return nlp

    monkeypatch.setattr(duban, "load", load)
    gold(targets=[TARGET], entities=[{"start": 10, "end": 14, "label": "INDICATOR"}])
    assert call("gold", "to-docbin", "gold", "-o", "out/gold.spacy") == Result(0, "", "")
    (doc,) = DocBin().from_disk("out/gold.spacy").get_docs(Vocab())
    assert doc.text == TEXT
    assert [(e.text, e.label_) for e in doc.ents] == [("生产总值", "INDICATOR")]
    assert [s.text for s in doc.spans["targets"]] == ["一"]
    Path("documents/a.txt").unlink()
    result = call("gold", "to-docbin", "gold", "-o", "out/other.spacy")
    assert (result.status, result.codes) == (1, ["DB112", "DB514"])
    assert not Path("out/other.spacy").exists()


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("option", [("--as-of", "2026-06-01"), ("--report", "report.html")])
def test_what_a_csv_cannot_hold_is_wrong_usage(call: Call, option: tuple[str, str]) -> None:
    put("a.txt")
    assert call("ledger", "a.txt", "-o", "out.csv", *option).status == 2
    assert call("ledger", "a.txt", "-o", "out.docx", *option).status == 2
    assert call("ledger", "a.txt", "-o", "out.xlsx", *option).status == 0
    assert call("ledger", "a.txt", "-o", "out.xlsx", "--as-of", "June").status == 2


# for real


def test_the_main_job(call: Call) -> None:
    put("in/a.txt", TEXT)
    put("in/b.txt", TEXT.encode("gb18030"))
    assert call("extract", "in", "-o", "out/records.jsonl", "--date", "2026-01-20", "--place", "临澄市") == Result(0, "", "")
    first, second = lines("out/records.jsonl")
    assert (first["id"], first["meta"]["date"], first["meta"]["place"]) == ("a", "2026-01-20", "临澄市")
    assert [t["text"] for t in first["targets"]] == [t["text"] for t in second["targets"]] == ["6%以上"]
    assert call("ledger", "out/records.jsonl", "-o", "out/ledger.xlsx") == Result(0, "", "")
    assert Path("out/ledger.xlsx").read_bytes().startswith(b"PK")
    assert call("ledger", "in", "-o", "out/ledger.csv").status == 0
    assert "6%以上" in Path("out/ledger.csv").read_text(encoding="utf-8")
    assert call("ledger", "in", "-o", "out/附件.docx", "--update", "out/ledger.xlsx") == Result(0, "", "")
    assert b"word/document.xml" in Path("out/附件.docx").read_bytes()
    at = TEXT.index("6%")
    assert f"{at}–{at + 4} “6%以上”" in call("explain", "in/b.txt", "--at", at).out
    assert call("outline", "in/a.txt").out.startswith("一、稳增长")


@pytest.mark.parametrize("command", ["ledger", "panel", "report"])
def test_a_table_of_what_could_be_read(call: Call, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known, output = duban.process, {"ledger": "o.csv", "panel": "o.csv", "report": "o.html"}[command]

    def process(text: str, **more: object) -> object:
        if "崩溃" in text:
            raise RuntimeError("boom")
        if "过长" in text:
            raise duban.DubanError("DB125", path="c.txt", reason="…")
        return known(text, **more)

    monkeypatch.setattr(duban, "process", process)
    for name, text in (("a", TEXT), ("b", "崩溃"), ("c", "过长")):
        put(f"in/{name}.txt", text)
    result = call(command, "in", "-o", output)
    assert (result.status, sorted(result.codes)) == (1, ["DB125", "DB431"])
    assert "6%" in Path(output).read_text(encoding="utf-8")
    unknown = call(command, "in", "-o", output, "--pipeline", "zh_none")
    assert (unknown.status, "DB202" in unknown.err) == (2, True)
    Path("none").mkdir()
    assert "DB107" in call(command, "none", "-o", f"new.{output}").codes
    assert not Path(f"new.{output}").exists()


def test_a_pipeline_from_a_folder(call: Call) -> None:
    put("a.txt")
    put("own.jsonl", '{"label": "PROJECT", "pattern": "按期落地工程", "id": "own/1"}\n')
    put("b.txt", "要加快按期落地工程建设。")
    duban.load("zh_duban_char").to_disk("built")
    assert call("extract", "a.txt", "b.txt", "-o", "out.jsonl", "--pipeline", "built", "--lexicon", "own.jsonl").status == 0
    assert [t["text"] for t in lines("out.jsonl")[0]["targets"]] == ["6%以上"]
    assert "own/1" in [e["ref"] for e in lines("out.jsonl")[1]["entities"]]
    Path("empty").mkdir()
    assert call("extract", "a.txt", "--pipeline", "empty").codes == ["DB203"]


# the process


def shell(*args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONIOENCODING": "utf-8", **settings}
    return subprocess.run([sys.executable, *args], capture_output=True, encoding="utf-8", env=environment, check=False)


@pytest.mark.parametrize(("tongue", "words"), [("zh", "从文件和文件夹抽取记录"), ("en", "Extract records from files and folders")])
def test_help_in_both_languages(tongue: str, words: str) -> None:
    result = shell("-m", "duban", "--help", DUBAN_LANG=tongue)
    assert result.returncode == 0
    assert words in result.stdout
    for command in COMMANDS:
        assert command in result.stdout


def test_help_imports_nothing_heavy() -> None:
    heavy = {"spacy", "numpy", "thinc", "rich", "srsly", "xlsxwriter", "ahocorasick_rs"}
    assert shell("-c", f"import sys, duban.cli; print({heavy} & set(sys.modules))").stdout == "set()\n"


COMMANDS = ("extract", "ledger", "panel", "track", "explain", "outline", "evaluate", "schema", "lexicon", "gold", "annotate")


@pytest.mark.parametrize("command", [*COMMANDS, "lexicon check", "gold to-docbin", "annotate to", "annotate from"])
def test_every_command_has_help(command: str, call: Call) -> None:
    result = call(*command.split(), "--help")
    assert result.status == 0
    assert "Usage: duban" in result.out


def test_version(call: Call) -> None:
    assert call("--version").out == f"duban {duban.__version__}\n"


def test_a_reader_that_stops_early_is_no_error() -> None:
    put("a.jsonl", "".join(json.dumps({"schema": "duban/1", "id": str(i), "text": TEXT, **{layer: [] for layer in LAYERS}}) + "\n" for i in range(20_000)))
    command = f'"{sys.executable}" -m duban explain a.jsonl | head -1'
    result = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(SOURCES)}, check=False)
    assert result.stderr == ""
    assert len(result.stdout.splitlines()) == 1


def test_progress_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [1, 2, 3]
    assert output.tracked(items) is items
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(output.tracked(items)) == items
    assert terminal.getvalue()
    assert output.tracked(items[:1]) == [1]


def test_a_warning_is_told_and_counts_as_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from duban import readers
    from duban.readers import Source

    source = Source("今年粮食产量不低于19万吨。", {"source": {"path": "a.pdf"}, "warnings": [DubanError("DB131", path="a.pdf", pages="2")]})
    monkeypatch.setattr(readers, "documents", lambda *a, **k: [("a", "a.pdf")])
    monkeypatch.setattr(readers, "stream", lambda *a, **k: [("a", source)])
    run = Run()
    assert [r["id"] for r in run.records(["a.pdf"])] == ["a"]
    assert run.failed == 0
    assert "DB131" in capsys.readouterr().err


def test_what_was_read_apart_is_told_and_stands_in_the_record(call: Call) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("今年粮食产量不低于19万吨。")
    document.sections[0].header.paragraphs[0].text = "临政发〔2026〕1号"
    document.save("a.docx")
    result = call("extract", "a.docx", "-o", "out.jsonl")
    assert (result.status, result.codes) == (0, ["DB133"])
    meta = lines("out.jsonl")[0]["meta"]
    assert meta["apart"] == {"headers": ["临政发〔2026〕1号"]} and meta["warnings"] == ["DB133"]
