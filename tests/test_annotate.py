"""What went to an annotation tool comes back as it was, whatever the text; what readers changed there comes back changed."""
from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCUMENTS, read
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab
from strategies import texts

import duban
from duban import cli, evaluate
from duban.annotate import GOLD_LAYERS, Annotation, Link, Region, brat, completed, doccano, gold, label_studio, labels, of_record, packed, prodigy, unpacked
from duban.errors import DubanError

#: Emoji and a rare character beyond the BMP, two kinds of line breaks, leading blanks.
TEXT = "\u3000\u3000😀全市粮食产量不低于19万吨，\r\n𠮷水镇、市水利局要在6月底前\n落实。\r\n"
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def again(value: Any) -> Any:
    """As it comes out of a file."""
    return json.loads(json.dumps(value))


def by_label_studio(given: Annotation) -> Annotation:
    task = again(label_studio.to_task(given))
    return label_studio.from_task({"data": task["data"], "annotations": [{"result": task["predictions"][0]["result"]}]})


def by_doccano(given: Annotation, *, relations: bool = False) -> Annotation:
    """doccano gives metadata back beside the rest, and numbers spans itself."""
    example = again(doccano.to_example(given, relations=relations))
    if relations:
        for span in example["entities"]:
            span["id"] += 1000
        for link in example["relations"]:
            link.update(id=7, from_id=link["from_id"] + 1000, to_id=link["to_id"] + 1000)
    return doccano.from_example({"id": 41, **example, "Comments": []})


def by_doccano_relations(given: Annotation) -> Annotation:
    return by_doccano(given, relations=True)


def by_prodigy(given: Annotation) -> Annotation:
    return prodigy.from_task({**again(prodigy.to_task(given)), "_input_hash": 1, "_task_hash": 2, "answer": "accept"})


def by_brat(given: Annotation) -> Annotation:
    """brat reads text and annotations with every line break as one character."""
    return brat.from_standoff(given.name, given.text, brat.to_standoff(given), given.layers)


WAYS = [by_label_studio, by_doccano, by_doccano_relations, by_prodigy, by_brat]


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """Any text with any regions that do not begin or end with a line break, any answers and links that gold has room for."""
    text = draw(texts.filter(lambda text: text.strip(BREAKS)))
    out = Annotation("a/b", text)
    words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
    kinds = [label for label in labels.labels() if label not in labels.LINKS.values()]
    for label in draw(st.lists(st.sampled_from([*kinds, *labels.LINKS.values()]), max_size=8)):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        start, end = end - len(text[start:end].lstrip(BREAKS)), start + len(text[start:end].rstrip(BREAKS))
        if start >= end or any((known.label, known.start, known.end) == (label, start, end) for known in out.regions.values()):
            continue
        region = out.regions[f"r{len(out.regions)}"] = Region(label, start, end)
        for question in labels.CHOICES_OF.get(label, ()):
            if label == "PROBLEM" or draw(st.booleans()):
                region.answers[question] = draw(st.sampled_from(labels.CHOICES[question]))
        if label == "TARGET":
            region.answers.update(value=draw(st.integers() | st.floats(allow_nan=False, allow_infinity=False)), unit=draw(words).strip() or "%")
        elif label in labels.SECTIONS:
            region.answers.update(level=draw(st.integers(0, 9)), number=draw(st.integers(0, 99)))
        elif label in evaluate.scores.LABELS and draw(st.booleans()):
            region.answers["canon"] = draw(words).strip() or "人民政府"
    for owner, region in out.regions.items():
        for name in labels.RELATIONS.get(region.label, ()):
            ends = [key for key, known in out.regions.items() if known.label in labels.ends(name)[1]]
            chosen = draw(st.lists(st.sampled_from(ends), max_size=2, unique=True)) if ends else []
            out.links += [Link(owner, name, end) for end in chosen]
    return out


@pytest.mark.parametrize("way", WAYS)
@given(annotations())
@settings(max_examples=60)
def test_what_nobody_touched_comes_back_as_it_was(way: Callable[[Annotation], Annotation], given: Annotation) -> None:
    assert gold(way(given)) == gold(given)


@given(annotations())
@settings(max_examples=60)
def test_brat_finds_the_words_where_they_are_said_to_be(given: Annotation) -> None:
    """What brat's server asks of a line: a text read with any line breaks, parts that do not overlap, their words joined by blanks."""
    text = io.TextIOWrapper(io.BytesIO(given.text.encode()), encoding="utf-8").read()
    for line in io.StringIO(brat.to_standoff(given)):
        key, said, *words = line.rstrip("\n").split("\t")
        assert re.fullmatch(r"[TAR#][0-9]+", key)
        if key.startswith("T"):
            parts = [tuple(map(int, part.split())) for part in said.partition(" ")[2].split(";")]
            assert all(0 <= start < end <= len(text) for start, end in parts)
            assert all(before[1] < after[0] for before, after in pairwise(parts))
            assert "\t".join(words) == " ".join(text[start:end] for start, end in parts)


@given(annotations())
@settings(max_examples=60)
def test_spacy_makes_the_same_spans_of_prodigy_s_tokens(given: Annotation) -> None:
    task = prodigy.to_task(given)
    doc = Doc(Vocab(), [token["text"] for token in task["tokens"]], [token["ws"] for token in task["tokens"]])
    assert doc.text == given.text
    for span in task["spans"]:
        assert doc[span["token_start"] : span["token_end"] + 1] == doc.char_span(span["start"], span["end"])


def test_brat_s_configuration_names_what_is_used(records: list[dict[str, Any]]) -> None:
    """Names as brat wants them, and every label, relation and attribute that is written."""
    sections = re.split(r"^\[(\w+)\]$", brat.config(), flags=re.MULTILINE)
    known = {name: {line.split()[0] for line in body.splitlines() if line} for name, body in zip(sections[1::2], sections[2::2], strict=True)}
    assert list(known) == ["entities", "relations", "events", "attributes"]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+|<OVERLAP>", name) for names in known.values() for name in names)
    lines = [line.split("\t") for record in records for line in brat.to_standoff(of_record(record)).splitlines()]
    for mark, section in (("T", "entities"), ("R", "relations"), ("A", "attributes")):
        assert {row[1].split()[0] for row in lines if row[0].startswith(mark)} <= known[section]
    assert brat.config(["tasks"]).count("ACTOR") == 3 and "DEPARTMENT" not in brat.config(["tasks"])


@pytest.fixture(scope="module")
def records(char_nlp: Any) -> list[dict[str, Any]]:
    """Records of odd text, and of two documents of the corpus."""
    known = {"odd": TEXT, **{path.stem: read(path) for path in DOCUMENTS[:2]}}
    return [duban.to_record(duban.process(text, nlp=char_nlp, name=name)) for name, text in known.items()]


@pytest.mark.parametrize("way", WAYS)
def test_records_come_back_as_gold(way: Callable[[Annotation], Annotation], records: list[dict[str, Any]], tmp_path: Path) -> None:
    golds = []
    for record in records:
        (tmp_path / "a.gold.json").write_text(json.dumps(gold(way(of_record(record)))), encoding="utf-8")
        golds.append(evaluate.read_gold(tmp_path / "a.gold.json"))
    scores = evaluate.score(records, golds).to_dict()
    assert {name: layer for name, layer in scores["layers"].items() if layer.get("f") not in (1.0, None)} == {}
    assert {name: slot for name, slot in scores["attributes"].items() if slot["accuracy"] not in (1.0, None)} == {}


# what readers change


@pytest.fixture
def given_() -> Annotation:
    return of_record(duban.to_record(duban.process(TEXT, name="a")))


def test_a_span_that_was_moved_keeps_its_answers(given_: Annotation) -> None:
    example = doccano.to_example(given_)
    (target,) = (span for span in example["label"] if span[2] == "TARGET")
    target[0] -= 3  # 不低于 too
    example["label"] = [span for span in example["label"] if span[2] != "INDICATOR"]
    example["label"].append([0, 2, "PROJECT"])
    known = gold(doccano.from_example(again(example)))
    assert [(t["text"], t["comparator"], t["value"], t["indicator"]) for t in known["targets"]] == [("不低于19万吨", ">=", 190000, None)]
    assert known["entities"][0] == {"start": 0, "end": 2, "text": "\u3000\u3000", "label": "PROJECT", "canon": None}


def test_relations_that_were_drawn_are_those_that_count(given_: Annotation) -> None:
    task = again(prodigy.to_task(given_))
    assert {relation["label"] for relation in task["relations"]} == {"indicator", "lead", "deadline"}
    task["relations"] = [relation for relation in task["relations"] if relation["label"] != "lead"]
    task["relations"].append({**task["relations"][0], "head_span": {"start": 0, "end": 1, "label": None}})  # of a token that is no span
    (known,) = gold(prodigy.from_task(task))["tasks"]
    assert known["lead"] == [] and known["deadline"] is not None


def test_notes_and_attributes_that_readers_write(given_: Annotation) -> None:
    standoff = brat.to_standoff(given_)
    (name,) = (line.split("\t")[0] for line in standoff.splitlines() if "\tTARGET " in line)
    ours = [line for line in standoff.splitlines() if not (line.startswith(("A", "#")) and f" {name}" in line)]
    note = f"#90\tAnnotatorNotes {name}\t不确定； unit = 吨 ；value=1.5"
    theirs = [f"A90\tcomparator {name} about", f"A91\tredacted {name}", note, "E1\tEvent:T1", "*\tEquiv T1 T2"]
    (target,) = gold(brat.from_standoff("a", TEXT, "\n".join([*ours, *theirs])))["targets"]
    assert (target["comparator"], target["redacted"], target["unit"], target["value"]) == ("~", True, "吨", 1.5)


def test_a_span_over_lines_is_one_of_parts() -> None:
    given = Annotation("a", TEXT, {"k": Region("TASK", TEXT.index("𠮷"), TEXT.index("。") + 1)})
    line = brat.to_standoff(given)
    assert line == "T1\tTASK 18 32;33 36\t𠮷水镇、市水利局要在6月底前 落实。\n"
    assert gold(by_brat(given)) == gold(given)


def test_offsets_of_a_browser(given_: Annotation) -> None:
    """JavaScript counts 😀 twice; the words beside them say so."""
    moved = "".join(_in_utf16(line, TEXT.replace("\r\n", "\n")) + "\n" for line in brat.to_standoff(given_).splitlines())
    assert moved != brat.to_standoff(given_)
    assert gold(brat.from_standoff("a", TEXT, moved)) == gold(given_)


def _in_utf16(line: str, text: str) -> str:
    if not line.startswith("T"):
        return line
    name, said, words = line.split("\t")
    label, _, places = said.partition(" ")
    parts = [" ".join(str(len(text[: int(at)].encode("utf-16-le")) // 2) for at in part.split()) for part in places.split(";")]
    return f"{name}\t{label} {';'.join(parts)}\t{words}"


def test_what_was_annotated_without_us() -> None:
    """Documents that were never ours have the names their tool gives them, and all layers."""
    spans = [[0, 4, "DEPARTMENT"], [0, 4, "THEIRS"]]
    found = doccano.from_example({"id": 3, "data": "市水利局", "label": spans, "meta": {"doc": "x"}}, "e-3")
    assert (found.name, [region.label for region in found.regions.values()]) == ("x", ["DEPARTMENT", "THEIRS"])
    found = prodigy.from_task({"text": "市水利局", "spans": [{"start": 0, "end": 4, "label": "DEPARTMENT"}], "meta": None}, "e-4")
    assert found.name == "e-4"
    assert [entity["text"] for entity in gold(found)["entities"]] == ["市水利局"]
    assert gold(found)["layers"] == list(GOLD_LAYERS)


def test_what_is_no_annotation() -> None:
    bad: list[Callable[[], Any]] = [
        lambda: doccano.from_example({"label": []}),
        lambda: doccano.from_example({"text": "一", "label": [[0, "x", "TASK"]]}),
        lambda: doccano.from_example({"text": "一", "entities": [{"id": 0}], "relations": []}),
        lambda: doccano.from_example({"text": "一", "label": [], "doc": "a", "duban": {"regions": 1}}),
        lambda: gold(doccano.from_example({"text": "一", "label": [[0, 5, "TASK"]], "doc": "a"})),
        lambda: gold(doccano.from_example({"text": "一", "label": [], "doc": "../a"})),
        lambda: gold(doccano.from_example({"text": "一", "label": [[0, 1, "PROBLEM"]], "doc": "a"})),
        lambda: gold(Annotation("a", "一", {"t": Region("TARGET", 0, 1, {"value": "many"})})),
        lambda: gold(Annotation("a", "一", {"t": Region("TARGET", 0, 1, {"value": "inf"})})),
        lambda: prodigy.from_task({"spans": []}),
        lambda: prodigy.from_task({"text": "一", "answer": "ignore"}),
        lambda: prodigy.from_task({"text": "一", "spans": [{"start": 0}]}),
        lambda: prodigy.from_task({"text": "一二", "spans": [{"start": 0, "end": 1, "text": "二", "label": "TASK"}]}),
        lambda: brat.from_standoff("a", "一", "T1\tTASK 0\t一"),
        lambda: brat.from_standoff("a", "一二", "T1\tTASK 0 1\t二"),
        lambda: brat.from_standoff("a", "一二", "R1\tlead T1"),
        lambda: brat.from_standoff("a", "一二", "T1"),
        lambda: of_record({"id": "/etc/passwd", "text": "", "pipeline": {}}),
    ]
    for read_it in bad:
        with pytest.raises(DubanError) as caught:
            read_it()
        assert caught.value.code == "DB111"


def test_packed_is_plain(given_: Annotation) -> None:
    origin = unpacked("a", TEXT, again(packed(given_)))
    assert gold(completed(Annotation("a", TEXT, given_.regions), origin, links=True)) == gold(given_)


# the commands


def status(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.app([str(arg) for arg in args])
    return int(caught.value.code or 0)


@pytest.mark.parametrize(("tool", "out"), [("doccano", "out.jsonl"), ("prodigy", "out.jsonl"), ("brat", "out")])
def test_the_commands(tool: str, out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in/2026").mkdir(parents=True)
    Path("in/2026/a.b.txt").write_bytes(TEXT.encode())
    Path("in/z.txt").write_text("市水利局要落实。", encoding="utf-8")
    assert status("annotate", "to", tool, "in", "-o", out, "--layer", "targets", "--layer", "entities") == 0
    assert status("annotate", "from", tool, out, "-o", "mine/gold", "--documents", "mine/documents") == 0
    found = sorted(path.as_posix() for path in Path("mine").rglob("*.*") if path.is_file())
    assert found == ["mine/documents/2026/a.b.txt", "mine/documents/z.txt", "mine/gold/2026/a.b.gold.json", "mine/gold/z.gold.json"]
    assert Path("mine/documents/2026/a.b.txt").read_bytes() == TEXT.encode()
    known = json.loads(Path("mine/gold/2026/a.b.gold.json").read_text(encoding="utf-8"))
    assert known["layers"] == ["entities", "targets"] and known["tasks"] == [] and known["targets"]
    assert status("evaluate", "mine/gold", "--documents", "mine/documents", "--json") == 0
    layers = json.loads(capsys.readouterr().out)["layers"]
    assert layers["targets.strict"]["f"] == layers["DEPARTMENT"]["f"] == 1.0


def test_what_was_corrected_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    assert status("annotate", "to", "brat", "a.txt", "-o", "out") == 0
    Path("out/a.ann").write_text("T1\tTASK 0 2\tno\n", encoding="utf-8")
    assert status("annotate", "to", "brat", "a.txt", "-o", "out") == 1
    assert status("annotate", "to", "brat", "a.txt", "-o", "a.txt") == 1
    assert capsys.readouterr().err.count("DB511") == 2
    Path("out/a.txt").unlink()
    Path("out/b.ann").write_text("", encoding="utf-8")
    Path("out/b.txt").write_bytes("市".encode("gb18030"))
    assert status("annotate", "from", "brat", "out", "-o", "mine") == 1
    assert [line[1:6] for line in capsys.readouterr().err.splitlines()] == ["DB108", "DB111"]
    assert status("annotate", "from", "brat", "mine", "-o", "more") == 1
    assert "DB107" in capsys.readouterr().err
    Path("bad.jsonl").write_text('{"text": "一", "label": []}\n{\n[]\n{"text": 1}\n', encoding="utf-8")
    assert status("annotate", "from", "doccano", "bad.jsonl", "-o", "more") == 1
    assert [line[1:6] for line in capsys.readouterr().err.splitlines()] == ["DB109", "DB109", "DB111"]
    assert [path.name for path in Path("more").iterdir()] == ["bad-1.gold.json"]
    Path("ids.jsonl").write_text('{"id": "../up", "text": "市水利局要落实。"}\n', encoding="utf-8")
    assert status("annotate", "to", "brat", "ids.jsonl", "-o", "new") == 1
    assert not Path("up.txt").exists() and "DB111" in capsys.readouterr().err
