"""The trained companion: what it learns from, what is proposed to it, how it is trained, and how it is compared with the rules."""
from __future__ import annotations

import json
import pickle
import shutil
import sys
import tomllib
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, ROOT, run
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab
from typer.testing import CliRunner

import duban
from duban.cli import commands
from duban.companion import KEY, data, pieces
from duban.companion.component import read_corpus, rule_spans, suggest
from duban.errors import DubanError
from duban.evaluate import gold_files, read_gold, text_hash
from duban.evaluate.agreement import CASES, agreement

TEXT = "市财政局牵头。\n各县区抓好投资，云上专班配合。"


def call(*words: object) -> Any:
    return CliRunner().invoke(commands, [str(word) for word in words], env={"DUBAN_LANG": "en"})


def gold(text: str = TEXT, **slots: object) -> dict[str, Any]:
    known = {"doc": "a", "sha256": text_hash(text), "windows": [[0, len(text)]], "layers": ["entities"]}
    return {**{layer: [] for layer in ("boilerplate", "sections", "entities", "targets", "tasks")}, **known, **slots}


def name(words: str, label: str, text: str = TEXT) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "label": label}


# -- documents in three parts


def test_a_document_keeps_its_part_when_others_come() -> None:
    few, many = (data.split(f"speech-{i}" for i in range(count)) for count in (60, 200))
    for part in data.Split._fields:
        assert set(getattr(few, part)) <= set(getattr(many, part))
    assert [len(part) for part in many] == pytest.approx([140, 20, 40], abs=12)
    assert sorted(name for part in many for name in part) == sorted(f"speech-{i}" for i in range(200))


@pytest.mark.parametrize("count", [3, 4, 5, 8])
@pytest.mark.parametrize("shares", [(0.2, 0.1), (0.0, 0.0), (0.8, 0.8)])
def test_no_part_is_empty(count: int, shares: tuple[float, float]) -> None:
    assert all(data.split(map(str, range(count)), *shares))


def test_versions_of_a_document_stay_together() -> None:
    names = [f"{i}{version}" for i in range(40) for version in ("", "-draft")]
    parts = data.split(names, versions={f"{i}-draft": str(i) for i in range(40)})
    for part in parts:
        assert {one.removesuffix("-draft") for one in part} == {one for one in part if "-" not in one}


def test_versions_are_found(char_nlp: Any) -> None:
    first = "会议要求，市发改委牵头，确保全年固定资产投资增长8%，加快项目建设。"
    texts = {"a": first, "b": first.replace("8%", "**%"), "c": "全市粮食产量稳定在19万吨。"}
    assert data.versions({name: duban.process(text, nlp=char_nlp) for name, text in texts.items()}) == {"b": "a"}


def test_too_few_documents() -> None:
    with pytest.raises(DubanError, match="DB114"):
        data.split(["a", "b", "c"], versions={"c": "a"})


# -- pieces


@pytest.mark.parametrize("size", [5, 20, 300])
def test_pieces_are_the_body_in_order(size: int, char_nlp: Any, corpus: dict[str, str]) -> None:
    for text in (corpus["web-copy"], corpus["hard-wrapped"], corpus["one-line"]):
        doc = char_nlp(text)
        bounds = list(pieces.bounds(doc, size=size))
        assert all(0 < end - start <= size for start, end in bounds)
        marked = {i for span in doc.spans["boilerplate"] for i in range(span.start, span.end)}
        assert [i for start, end in bounds for i in range(start, end)] == [i for i in range(len(doc)) if i not in marked]
        if size == 300:
            whole = [ent for ent in doc.ents if not marked & set(range(ent.start, ent.end))]  # none that a page's end breaks
            assert sum(len(piece.ents) for piece in pieces.cut(doc, bounds)) == len(whole) >= 30


def test_no_piece_cuts_through_a_name_broken_over_two_lines(char_nlp: Any, corpus: dict[str, str]) -> None:
    doc = char_nlp(corpus["hard-wrapped"])
    broken = [ent for ent in doc.ents if ent.text.count("\n") == 1]
    assert len(broken) >= 3
    for size in range(30, 60, 5):
        starts = {start for start, _ in pieces.bounds(doc, size=size)}
        assert not any(starts & set(range(ent.start + 1, ent.end)) for ent in broken)


def test_what_lies_outside_the_windows_is_not_learnt(char_nlp: Any) -> None:
    doc = char_nlp(TEXT)
    every = [name("市财政局", "DEPARTMENT"), name("云上专班", "DEPARTMENT"), name("各县区", "GROUP")]
    (piece,) = data.examples(doc, [gold(entities=every, windows=[[8, len(TEXT)]])])
    assert [(span.text, span.label_) for span in piece.spans[KEY]] == [("云上专班", "DEPARTMENT"), ("各县区", "GROUP")]
    assert [ent.text for ent in piece.ents] == ["各县区"]


# -- what is proposed


def proposed(text: str, ents: list[str], **settings: int) -> set[str]:
    doc = Doc(Vocab(), words=list(text), spaces=[False] * len(text))
    doc.ents = [Span(doc, text.index(word), text.index(word) + len(word), "GROUP") for word in ents]
    found = rule_spans(**settings)([doc])
    assert found.lengths.tolist() == [len(found.dataXd)]
    return {doc[a:b].text for a, b in found.dataXd}


def test_the_rules_spans_are_proposed_whatever_they_run_over() -> None:
    assert "公务接待费、会议费" in proposed("压减公务接待费、会议费。", ["公务接待费、会议费"])
    assert proposed("压减公务接待费、会议费。", ["接待费、会议费"], words=0) == {"接待费、会议费"}


def test_nothing_else_runs_over_punctuation_or_is_too_long() -> None:
    found = proposed("加快推进临澄市精密铸造产业园建设，压减公务接待费。", [], words=4, characters=8)
    assert found and all(2 <= len(words) <= 8 and "，" not in words and "。" not in words for words in found)
    assert any(words.startswith("压减") for words in found)


def test_edges_of_the_rules_spans_are_edges_of_words() -> None:
    assert "澄市精密" not in proposed("临澄市精密铸造", [], words=2)
    assert {"澄市精密铸造", "临"} - proposed("临澄市精密铸造", ["澄市"]) == {"临"}


def test_of_an_empty_doc_nothing_is_proposed() -> None:
    assert suggest([Doc(Vocab())], cut=list, words=8, characters=24).lengths.tolist() == [0]


# -- training, through the config of the project


def data_folder(folder: Path, *options: str) -> Path:
    done = call("gold", "to-companion", CORPUS / "gold", "-o", folder, *options)
    assert done.exit_code == 0, done.output
    return folder


def train(folder: Path, output: Path, **overrides: object) -> Any:
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as loop
    from spacy.util import load_config

    settings = {"paths.data": str(folder), "training.max_steps": 20, "training.eval_frequency": 20, "training.batcher.size": 400, **overrides}
    nlp = init_nlp(load_config(ROOT / "configs" / "companion.cfg", settings, interpolate=False))
    output.mkdir(parents=True)
    with (output / "log").open("w") as log:
        loop(nlp, output, stdout=log, stderr=log)
    return nlp


def assembled(companion: Path) -> Any:
    from spacy.util import load_config, load_model_from_config

    return load_model_from_config(load_config(ROOT / "configs" / "zh_duban_companion.cfg", {"paths.companion": str(companion)}), auto_fill=True)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data_folder(tmp_path_factory.mktemp("companion") / "data")


@pytest.fixture(scope="module")
def tiny(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few pieces of the data."""
    folder = tmp_path_factory.mktemp("tiny")
    for part in ("train", "dev"):
        docs = list(DocBin().from_disk(prepared / f"{part}.spacy").get_docs(Vocab()))
        DocBin(docs=docs[-8:]).to_disk(folder / f"{part}.spacy")
    (folder / "split.json").write_bytes((prepared / "split.json").read_bytes())
    return folder


@pytest.fixture(scope="module")
def trained(tiny: Path) -> Path:
    """A companion after a few steps: enough to have it write something."""
    nlp = train(tiny, tiny / "training", **{"components.companion.negative_weight": 0.02, "training.optimizer.learn_rate": 0.01})
    assert set(nlp.get_pipe(KEY).labels) == {"DEPARTMENT", "GROUP", "INDICATOR", "PROJECT"}
    assembled(tiny / "training" / "model-last").to_disk(tiny / "build")
    return tiny / "build"


@pytest.fixture(scope="module")
def companion(trained: Path) -> Any:
    import spacy

    return spacy.load(trained)


def test_the_data_are_the_gold_by_document(prepared: Path) -> None:
    parts = json.loads((prepared / "split.json").read_text(encoding="utf-8"))
    golds = {known["doc"]: known for known in map(read_gold, gold_files([CORPUS / "gold"]))}
    assert {name: known["sha256"] for name, known in golds.items()} == parts["train"] | parts["dev"] | parts["held_out"]
    for part in ("train", "dev"):
        docs = list(DocBin().from_disk(prepared / f"{part}.spacy").get_docs(Vocab()))
        wanted = sum(len(golds[name]["entities"]) for name in parts[part])
        assert sum(len(doc.spans[KEY]) for doc in docs) == pytest.approx(wanted, abs=2)
        assert max(map(len, docs)) <= pieces.SIZE and any(doc.ents for doc in docs)


def test_the_same_gold_makes_the_same_bytes(prepared: Path, tmp_path: Path) -> None:
    """By the pipeline of words too: what is learnt from are characters."""
    again = data_folder(tmp_path, "--pipeline", "zh_duban")
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {path.name: path.read_bytes() for path in prepared.iterdir()}


def test_the_same_seed_makes_the_same_companion(tiny: Path, tmp_path: Path) -> None:
    settings = {"training.max_steps": 2, "training.eval_frequency": 2}
    first, second = (train(tiny, tmp_path / part, **settings).get_pipe(KEY).model.to_bytes() for part in ("one", "two"))
    assert first == second
    assert train(tiny, tmp_path / "three", **settings, **{"system.seed": 1}).get_pipe(KEY).model.to_bytes() != first


def test_the_rules_are_there_to_learn_from_and_the_gold_is_not(prepared: Path) -> None:
    every = list(read_corpus(prepared / "train.spacy")(duban.load()))
    assert all(KEY in eg.reference.spans and KEY not in eg.predicted.spans for eg in every)
    assert sum(len(eg.predicted.ents) for eg in every) > 400
    with pytest.raises(DubanError, match="DB101"):
        list(read_corpus(prepared / "none.spacy")(duban.load()))


@pytest.mark.parametrize(("attrs", "sees"), [(["ORTH"], False), (["ORTH", "ENT_TYPE", "ENT_IOB"], True)])
def test_whether_it_sees_what_the_rules_say(attrs: list[str], sees: bool, tiny: Path, tmp_path: Path) -> None:
    embed = "components.companion.model.tok2vec.embed"
    settings = {"training.max_steps": 1, f"{embed}.attrs": attrs, f"{embed}.rows": [4000, 50, 50][: len(attrs)]}
    read = train(tiny, tmp_path / "training", **settings).get_pipe(KEY).model.get_ref("tok2vec").predict
    doc = duban.process(TEXT)
    bare = doc.copy()
    bare.ents = []
    assert (read([doc])[0] != read([bare])[0]).any() == sees


def test_one_pipeline_gives_both_and_the_record_is_that_of_the_rules(companion: Any, char_nlp: Any, corpus: dict[str, str]) -> None:
    text = corpus["district-meeting"]
    both, rules = companion(text), char_nlp(text)
    own, known = both._.duban.record, rules._.duban.record
    assert {**own, "pipeline": None} == {**known, "pipeline": None}
    assert own["pipeline"]["lexicon"] == known["pipeline"]["lexicon"]
    group = both.spans[KEY]
    assert group and len(group) == len(group.attrs["scores"])
    assert all(a.end <= b.start for a, b in zip(group, list(group)[1:], strict=False))
    assert all(0 <= score <= 1 for score in group.attrs["scores"])


def test_the_packaged_pipelines_have_none() -> None:
    assert not any("companion" in component for names in duban.PIPELINES.values() for component in names)


def test_many_docs_and_empty_ones_at_once(companion: Any, corpus: dict[str, str]) -> None:
    texts = ["", corpus["web-copy"], "好。", corpus["one-line"], "\n"]
    ways = companion.pipe(texts), map(companion, texts)
    batched, single = ([[(span.start, span.end, span.label_) for span in doc.spans[KEY]] for doc in docs] for docs in ways)
    assert batched == single
    assert batched[0] == batched[4] == []


def test_several_processes_find_the_same(companion: Any, corpus: dict[str, str]) -> None:
    texts = [corpus["web-copy"], corpus["one-line"]]
    one, two = ([[(span.text, span.label_) for span in doc.spans[KEY]] for doc in companion.pipe(texts, n_process=n)] for n in (1, 2))
    assert one == two
    assert pickle.loads(pickle.dumps(rule_spans(4, 8))).keywords == {"words": 4, "characters": 8}


def test_one_candidate_alone(companion: Any) -> None:
    assert len(companion("投资").spans[KEY]) <= 1


def test_its_findings_survive_bytes(companion: Any) -> None:
    doc = companion(TEXT)
    again = Doc(companion.vocab).from_bytes(doc.to_bytes())
    assert [(span.text, span.label_) for span in again.spans[KEY]] == [(span.text, span.label_) for span in doc.spans[KEY]]
    assert again.spans[KEY].attrs == doc.spans[KEY].attrs


# -- beside the rules


@pytest.mark.parametrize("case", CASES)
def test_every_case(case: tuple[bool, bool, bool]) -> None:
    item = name("云上专班", "DEPARTMENT")
    sides = [[item] if side else [] for side in case]
    found = agreement([{"text": TEXT, "entities": sides[1]}], [{"text": TEXT, "entities": sides[2]}], [gold(entities=sides[0])])
    assert dict(found.cases["DEPARTMENT"]) == {CASES[case]: 1}
    assert [row["case"] for row in found.disputed] == ([] if all(case) else [CASES[case]])
    for row in found.disputed:
        assert (row["gold"], row["rules"], row["companion"]) == case
        assert (row["before"][-3:], row["text"], row["after"]) == ("投资，", "云上专班", "配合。")


def test_figures_are_those_of_the_scorer_and_cases_add_up() -> None:
    wanted = [name("市财政局", "DEPARTMENT"), name("各县区", "GROUP"), name("投资", "INDICATOR")]
    rules = [name("市财政局", "DEPARTMENT"), name("县区", "GROUP"), name("投资", "INDICATOR")]
    other = [name("各县区", "GROUP"), name("投资，", "INDICATOR"), name("云上专班", "DEPARTMENT")]
    figures = agreement([{"text": TEXT, "entities": rules}], [{"text": TEXT, "entities": other}], [gold(entities=wanted)]).to_dict()
    assert figures["GROUP"]["cases"] == {**dict.fromkeys(CASES.values(), 0), "only_companion_right": 1, "only_rules_invent": 1}
    assert figures["INDICATOR"]["cases"]["both_right"] == 1  # punctuation at an end is no difference
    assert figures["all"]["gold"] == 3
    for side, right in (("rules", "only_rules_right"), ("companion", "only_companion_right")):
        cases = figures["all"]["cases"]
        assert figures["all"][side]["r"] == pytest.approx((cases["both_right"] + cases[right]) / 3)
    assert figures["PROJECT"]["rules"] == {"p": None, "r": None, "f": None}


def test_only_windows_and_gold_of_entities_count() -> None:
    found = [{"text": TEXT, "entities": [name("市财政局", "DEPARTMENT"), name("各县区", "GROUP")]}]
    assert agreement(found, found, [gold(windows=[[8, 20]]), gold(layers=["targets"])]).to_dict()["all"]["cases"]["both_invent"] == 1


def test_evaluate_shows_both_on_what_was_not_seen(trained: Path, tmp_path: Path) -> None:
    done = call("evaluate", CORPUS / "gold", "--companion", trained, "--disagreements", tmp_path / "rows.jsonl")
    assert done.exit_code == 0, done.output
    assert "On 3 documents that the companion has not seen (of 13): district-meeting, one-line, redacted-speech" in done.stdout
    assert "only companion right" in done.stdout and "Fewer than 100 items of gold, so the figures say little: DEPARTMENT 61" in done.stdout
    figures = json.loads(call("evaluate", CORPUS / "gold", "--companion", trained, "--json").stdout)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["doc"] for row in rows} <= set(figures["documents"]) == {"district-meeting", "one-line", "redacted-speech"}
    assert len(rows) == sum(count for case, count in figures["all"]["cases"].items() if case != "both_right")
    known = json.loads(call("evaluate", *(CORPUS / "gold" / f"{doc}.gold.json" for doc in figures["documents"]), "--json").stdout)
    assert figures["GROUP"]["rules"] == {figure: known["layers"]["GROUP"][figure] for figure in "prf"}


def test_gold_that_it_has_seen_altogether(trained: Path) -> None:
    done = call("evaluate", CORPUS / "gold" / "web-copy.gold.json", "--companion", trained)
    assert (done.exit_code, getattr(done.exception, "code", "")) == (1, "DB115")


def test_a_pipeline_without_a_companion(tmp_path: Path, char_nlp: Any) -> None:
    char_nlp.to_disk(tmp_path / "rules")
    assert getattr(call("evaluate", CORPUS / "gold", "--companion", tmp_path / "rules").exception, "code", "") == "DB204"
    assert "DB202" in call("evaluate", CORPUS / "gold", "--companion", tmp_path / "none").output


def test_one_that_does_not_know_what_it_was_trained_on_is_not_measured(trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained, tmp_path / "build")
    path = tmp_path / "build" / KEY / "cfg"
    known = json.loads(path.read_text(encoding="utf-8"))
    assert len(known["seen"]) == 10
    for lost in ({**known, "seen": None}, {key: value for key, value in known.items() if key != "seen"}):
        path.write_text(json.dumps(lost), encoding="utf-8")
        assert getattr(call("evaluate", CORPUS / "gold", "--companion", tmp_path / "build").exception, "code", "") == "DB204"


@pytest.mark.parametrize("option", ["--records", "--errors", "--floors", "--pipeline"])
def test_options_that_do_not_go_together(option: str) -> None:
    done = call("evaluate", CORPUS / "gold", "--companion", "build", option, "GROUP")
    assert (done.exit_code, "DB218" in done.output) == (2, True)
    assert "DB214" in call("evaluate", CORPUS / "gold", "--disagreements", "a.jsonl").output


def test_gold_that_does_not_say_of_entities(trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.gold.json"
    path.write_text(json.dumps(gold(layers=["targets"])), encoding="utf-8")
    assert getattr(call("evaluate", path, "--companion", trained).exception, "code", "") == "DB115"
    assert getattr(call("gold", "to-companion", path, "-o", tmp_path / "data").exception, "code", "") != ""
    assert "DB111" in call("evaluate", CORPUS / "floors.json", "--companion", trained).output


def test_gold_of_too_few_documents(tmp_path: Path) -> None:
    done = call("gold", "to-companion", CORPUS / "gold" / "web-copy.gold.json", "-o", tmp_path / "data")
    assert (done.exit_code, getattr(done.exception, "code", "")) == (1, "DB114")
    assert not (tmp_path / "data").exists()


# -- the project


@pytest.mark.slow
def test_the_project_trains_one_on_gold_of_the_users(built: tuple[Path, Any], tmp_path: Path) -> None:
    """In a copy of the project, with gold that lies elsewhere; a second run trains nothing anew."""
    if not any(point.value.startswith("duban.companion") for point in entry_points(group="spacy_misc")):
        pytest.skip("installed before there was a companion: pip install --editable . names it to spaCy")
    root, _ = built
    mine = tmp_path / "my documents"
    for folder, suffix in (("gold", "gold.json"), ("documents", "txt")):
        (mine / folder).mkdir(parents=True)
        for doc in ("dispatch-meeting", "district-meeting", "one-line", "web-copy", "web-copy-report"):
            shutil.copy(CORPUS / folder / f"{doc}.{suffix}", mine / folder)
    chosen = ("--vars.train_gold", mine / "gold", "--vars.train_documents", mine / "documents", "--vars.train_steps", "2")
    for skipped in (False, True):
        done = run(sys.executable, "-m", "spacy", "project", "run", "train", ".", *chosen, cwd=root, DUBAN_LANG="en")
        assert ("Skipping 'companion'" in done.stdout) == skipped, done.stdout
        assert "On 2 documents that the companion has not seen (of 5): district-meeting, one-line" in done.stdout
    assert (root / "output" / "disagreements.jsonl").exists() and (root / "build" / "companion" / "companion" / "cfg").exists()


def test_entry_points_are_what_the_config_names() -> None:
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    for group in ("spacy_misc", "spacy_readers", "spacy_factories"):
        for key, value in points[group].items():
            module, _, attribute = value.partition(":")
            assert callable(getattr(import_module(module), attribute)), key
    config = (ROOT / "configs" / "companion.cfg").read_text(encoding="utf-8")
    assert all(f'"{key}"' in config for group in ("spacy_misc", "spacy_readers") for key in points[group])
