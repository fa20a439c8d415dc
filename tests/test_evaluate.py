from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from pathlib import Path

import pytest

from duban import evaluate
from duban.errors import DubanError
from duban.evaluate import floors, gold_docs, gold_files, read_gold, score, text_hash, text_of
from duban.evaluate.scores import Layer, _canon

SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(not (SHARED / "gold" / "score.py").is_file(), reason="no ../shared beside the repository")

#               0         1         2         3         4
#               0123456789012345678901234567890123456789012345
TEXT = "首页\n一、稳增长。生产总值增长6%以上，市发改局、各镇要在6月底前落实12个项目。"


def gold(text: str = TEXT, **layers: object) -> dict:
    known = {"doc": "a", "sha256": text_hash(text), "windows": [[0, len(text)]], "layers": list(evaluate.gold._LAYERS)}
    return {**{layer: [] for layer in ("boilerplate", "sections", "entities", "targets", "tasks")}, **known, **layers}


def target(start: int, end: int, **slots: object) -> dict:
    known = {"value": 6, "value_max": None, "unit": "%", "comparator": ">=", "redacted": False, "kind": "growth", "direction": "up", "status": "target"}
    return {"start": start, "end": end, **known, "indicator": None, "period": None, **slots}


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def span(words: str, **slots: object) -> dict:
    start, end = at(words)
    return {"start": start, "end": end, **slots}


def figures(scores: evaluate.Scores, layer: str) -> tuple[int, int, int]:
    counts = scores.layers[layer]
    return counts.tp, counts.fp, counts.fn


# figures by hand


def test_layer_figures() -> None:
    layer = Layer(tp=3, fp=1, fn=2)
    assert (layer.p, layer.r, layer.gold, layer.pred) == (0.75, 0.6, 5, 4)
    assert layer.f == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))
    assert all(math.isnan(v) for v in (Layer().p, Layer().r, Layer().f))


def test_boilerplate_counts_characters_without_white_space() -> None:
    text = "导航 一\n正文正文"
    scores = score([{"text": text, "boilerplate": [{"start": 0, "end": 2}, {"start": 5, "end": 6}]}], [gold(text, boilerplate=[{"start": 0, "end": 4}])])
    assert figures(scores, "boilerplate") == (2, 1, 1)
    assert scores.body_lost == 1 / 4
    assert [(e.sign, e.start, e.end) for e in scores.errors["boilerplate"]] == [("+", 5, 6), ("-", 3, 4)]


def test_edges_do_not_matter_but_words_do() -> None:
    scores = score(
        [{"text": TEXT, "entities": [span("市发改局、", label="DEPARTMENT"), span("各镇要", label="GROUP")]}],
        [gold(entities=[span("市发改局", label="DEPARTMENT"), span("各镇", label="GROUP")])],
    )
    assert figures(scores, "DEPARTMENT") == (1, 0, 0)
    assert figures(scores, "GROUP") == (0, 1, 1)
    assert figures(scores, "GROUP~") == (1, 0, 0)
    assert math.isnan(scores.layers["PROJECT"].f)


def test_an_entity_of_another_label_is_wrong_twice() -> None:
    scores = score([{"text": TEXT, "entities": [span("各镇", label="DEPARTMENT")]}], [gold(entities=[span("各镇", label="GROUP")])])
    assert figures(scores, "DEPARTMENT") == (0, 1, 0)
    assert figures(scores, "GROUP") == (0, 0, 1)
    assert figures(scores, "GROUP~") == (0, 0, 1)


def test_headings_by_kind_and_items_by_their_start() -> None:
    def section(kind: str, words: str, level: int, number: int) -> dict:
        start, end = at(words)
        return {"kind": kind, "heading": [start, end], "level": level, "number": number}

    def found(kind: str, words: str, level: int, number: int) -> dict:
        start, end = at(words)
        return {"kind": kind, "heading": {"start": start, "end": end}, "level": level, "number": number}

    scores = score(
        [{"text": TEXT, "sections": [found("section", "一、稳增长。", 2, 1), found("item", "生产总值", 1, 2), found("title", "首页", 0, 0)]}],
        [gold(sections=[section("section", "一、稳增长", 1, 1), section("item", "生产", 1, 3)])],
    )
    assert figures(scores, "sections") == (1, 0, 0)
    assert figures(scores, "items") == (1, 0, 0)
    assert figures(scores, "title") == (0, 1, 0)
    assert {name: v.accuracy for name, v in scores.attributes.items()} == {"sections.level": 0, "sections.number": 1, "items.level": 1, "items.number": 0}
    assert scores.errors["sections.level"][0].want == 1


@pytest.mark.parametrize(
    ("slots", "wrong"),
    [
        ({}, set()),
        ({"value": 6.0059}, set()),  # within a thousandth
        ({"value": 6.2}, {"value"}),
        ({"value": None}, {"value"}),
        ({"value_max": 7}, {"value"}),
        ({"unit": "％"}, set()),
        ({"unit": "个百分点"}, {"unit"}),
        ({"comparator": ">"}, {"comparator"}),
        ({"redacted": True}, {"redacted"}),
        ({"kind": "level"}, {"kind"}),
        ({"direction": "down"}, {"direction"}),
        ({"status": "actual"}, {"status"}),
        ({"indicator": None}, {"indicator", "canon"}),
        ({"indicator": {**span("增长"), "canon": "地区生产总值"}}, {"indicator"}),
        ({"indicator": {**span("生产总值"), "canon": "出口"}}, {"canon"}),
        ({"period": span("6月底")}, set()),  # any overlap will do
        ({"period": span("各镇")}, {"period"}),
        ({"period": None}, {"period"}),
    ],
)
def test_target_slots(slots: dict, wrong: set[str]) -> None:
    start, end = at("6%以上")
    link, period = at("生产总值"), at("在6月底前")
    wanted = target(start, end, indicator=list(link), period=list(period), indicator_canon="地区生产总值")
    found = target(start, end, **{"indicator": {**span("生产总值"), "canon": "地区生产总值"}, "period": span("在6月底前"), **slots})
    scores = score([{"text": TEXT, "targets": [found]}], [gold(targets=[wanted])])
    assert figures(scores, "targets") == (1, 0, 0)
    assert {name.removeprefix("targets.") for name, v in scores.attributes.items() if v.accuracy == 0} == wrong
    assert scores.layers["targets.full"].tp == (not wrong & {"value", "unit", "comparator", "kind", "status", "indicator"})
    assert scores.layers["targets.strict"].tp == (not wrong - {"canon"})


def test_full_counts_what_is_missed_and_what_is_too_many() -> None:
    scores = score([{"text": TEXT, "targets": [target(*at("6%以上")), target(*at("一"))]}], [gold(targets=[target(*at("6%以上")), target(*at("12个"))])])
    assert figures(scores, "targets") == figures(scores, "targets.full") == figures(scores, "targets.strict") == (1, 1, 1)


@pytest.mark.parametrize(
    ("start", "end", "lead", "matched"),
    [
        (19, 39, [(19, 23)], True),
        (19, 30, [(19, 23)], True),  # 11 of 20
        (19, 28, [(19, 23)], False),  # 9 of 20
        (19, 39, [(24, 26)], True),  # one of the leads is enough
        (19, 39, [(27, 29)], False),
        (19, 39, [], False),
    ],
)
def test_tasks_match_by_half_and_a_lead(start: int, end: int, lead: list, matched: bool) -> None:
    wanted = {"start": 19, "end": 39, "lead": [[19, 23], [24, 26]], "support": [], "deadline": [28, 32]}
    found = {"start": start, "end": end, "lead": [{"start": a, "end": b} for a, b in lead], "deadline": None}
    scores = score([{"text": TEXT, "tasks": [found]}], [gold(tasks=[wanted])])
    assert figures(scores, "tasks") == ((1, 0, 0) if matched else (0, 1, 1))
    if matched:
        assert scores.attributes["tasks.lead"].accuracy == 0
        assert scores.attributes["tasks.deadline"].accuracy == 0


def test_a_task_is_matched_once() -> None:
    wanted = {"start": 19, "end": 39, "lead": [[19, 23]], "deadline": None}
    found = {"start": 19, "end": 39, "lead": [{"start": 19, "end": 23}], "deadline": None}
    scores = score([{"text": TEXT, "tasks": [found, {**found, "end": 37}]}], [gold(tasks=[wanted, wanted])])
    assert figures(scores, "tasks") == (2, 0, 0)
    scores = score([{"text": TEXT, "tasks": [found]}], [gold(tasks=[wanted, wanted])])
    assert figures(scores, "tasks") == (1, 0, 1)


def test_only_windows_and_layers_count() -> None:
    both = [span("生产总值", label="INDICATOR"), span("各镇", label="GROUP")]
    scores = score([{"text": TEXT, "entities": both, "targets": [target(*at("6%"))]}], [gold(entities=both[:1], windows=[[0, 18]], layers=["entities"])])
    assert figures(scores, "INDICATOR") == (1, 0, 0)
    assert figures(scores, "GROUP") == (0, 0, 0)
    assert "targets" not in scores.layers


def test_windows_of_two_files_count_once() -> None:
    one = span("生产总值", label="INDICATOR")
    first, second = gold(entities=[one], windows=[[0, 13]]), gold(entities=[span("以上", label="INDICATOR")], windows=[[10, 20]], doc="b")
    record = {"text": TEXT, "entities": [one]}
    scores = score([record], [first, second])
    # 生产总值 starts in the first window; what starts at 17 counts from the second
    assert figures(scores, "INDICATOR") == (1, 0, 1)
    scores = score([record], [first, {**second, "layers": ["targets"]}, first])
    assert figures(scores, "INDICATOR") == (1, 0, 0)


def test_window_inside_an_earlier_one_is_cut_out() -> None:
    inner, outer = gold(windows=[[5, 10]], layers=["entities"]), gold(windows=[[0, 20]], layers=["entities"], doc="b")
    entities = [{"start": i, "end": i + 1, "label": "GROUP"} for i in (0, 6, 15)]
    scores = score([{"text": TEXT, "entities": entities}], [inner, outer])
    assert figures(scores, "GROUP") == (0, 3, 0)
    assert [e.doc for e in scores.errors["GROUP"]] == ["a", "b", "b"]


def test_no_prediction_is_all_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = gold(
        entities=[span("生产总值", label="INDICATOR")], targets=[target(*at("6%"))], tasks=[{"start": 19, "end": 39, "lead": []}],
        sections=[{"kind": "section", "heading": [3, 8]}, {"kind": "title", "heading": [0, 2]}],
    )  # fmt: skip
    scores = score([{"text": "别的文本"}], [wanted])
    assert scores.no_prediction == ["a"]
    assert set(scores.layers) == {"targets", "tasks", "INDICATOR", "sections", "title"}
    assert {figures(scores, name) for name in scores.layers} == {(0, 0, 1)}
    monkeypatch.setenv("DUBAN_LANG", "en")
    assert scores.table().startswith("no prediction for a\n")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("市人民政府办公室", "人民政府办公室", True),
        ("人民政府", "市人民政府", True),
        ("县人民政府办公室", "办公室", True),
        ("国家 发展和改革委员会", "发展和改革委员会", True),
        ("财政局", "审计局", False),
        ("人民政府", "人民代表大会", False),
        ("", None, True),
    ],
)
def test_canonical_names_compare_without_whose_and_level(one: str, other: str | None, same: bool) -> None:
    assert (_canon(one) == _canon(other)) is same


def test_figures_are_json_and_a_table() -> None:
    scores = score([{"text": TEXT, "entities": [span("各镇", label="GROUP")]}], [gold(entities=[span("各镇", label="GROUP")])])
    data = json.loads(json.dumps(scores.to_dict(), allow_nan=False))
    assert data["layers"]["GROUP"] == {"p": 1.0, "r": 1.0, "f": 1.0, "gold": 1, "pred": 1}
    assert data["layers"]["PROJECT"]["f"] is None
    line = next(line for line in scores.table().splitlines() if line.startswith("GROUP "))
    assert line.split() == ["GROUP", "1.000", "1.000", "1.000", "1", "1"]


def test_every_layer_and_attribute_has_a_place_in_the_table() -> None:
    lead, due = at("市发改局"), at("6月底前")
    wanted = gold(
        boilerplate=[span("首页")],
        sections=[{"kind": kind, "heading": list(at("一、稳增长")), "level": 1, "number": 1} for kind in ("title", "section", "item")],
        entities=[span("生产总值", label=label, canon="地区生产总值") for label in ("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR")],
        targets=[target(*at("6%"), indicator=list(at("生产总值")), indicator_canon="地区生产总值")],
        tasks=[{"start": lead[0], "end": due[1], "lead": [list(lead)], "deadline": list(due)}],
        problems=[{"start": lead[0], "end": due[1], "kind": "behind", "cue": list(lead)}],
    )
    scores = score([as_record(wanted, TEXT)], [wanted])
    assert tuple(scores.to_dict()["layers"]) == (*evaluate.LAYERS, "body_lost")
    assert tuple(scores.to_dict()["attributes"]) == evaluate.ATTRIBUTES
    assert {v.f for v in scores.layers.values()} == {1.0} == {v.accuracy for v in scores.attributes.values()}
    assert not any(scores.errors.values())


# the same figures as the scorer the gold came with


def as_record(wanted: dict, text: str) -> dict:
    """A record that says what the gold says."""

    def quote(place: list[int] | None) -> dict | None:
        return place and {"start": place[0], "end": place[1], "text": text[place[0] : place[1]]}

    def found(v: dict) -> dict:
        linked = {key: quote(v[key]) for key in ("heading", "indicator", "period", "deadline") if key in v}
        if linked.get("indicator"):
            linked["indicator"]["canon"] = v.get("indicator_canon")
        return {**v, **linked, **{key: [quote(place) for place in v[key]] for key in ("lead", "support") if key in v}}

    layers = ("boilerplate", "sections", "entities", "targets", "tasks", "problems")
    return {"text": text, **{layer: [found(v) for v in wanted.get(layer, ())] for layer in layers}}


def spoiled(record: dict, seed: int) -> dict:
    """The record with spans moved, dropped and doubled, and slots changed, at random."""
    chance = random.Random(seed)
    out = {"text": record["text"]}
    for layer, items in record.items():
        if layer == "text":
            continue
        out[layer] = []
        for item in items:
            item, what = dict(item), chance.random()
            if what < 0.15:
                continue
            if what < 0.3:
                place = item
                if "heading" in item:
                    place = item["heading"] = dict(item["heading"])
                place["end"] = min(len(record["text"]), max(place["start"] + 1, place["end"] + chance.randint(-2, 2)))
            if what > 0.6:
                slot = chance.choice([key for key in item if key not in ("start", "end", "heading", "lead", "label", "kind")] or ["note"])
                item[slot] = chance.choice([None, 1, 2.5]) if slot in ("value", "value_max", "level", "number") else None
            if what > 0.9:
                out[layer].append({**item, "end": min(len(record["text"]), item["end"] + 1)} if "end" in item else item)
            out[layer].append(item)
    return out


def reference(records: list[dict], paths: list[Path], folder: Path) -> dict:
    """What the scorer beside the gold says."""
    file = folder / "records.jsonl"
    file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    command = [sys.executable, str(SHARED / "gold" / "score.py"), str(file), *map(str, paths), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)


def assert_same(ours: dict, theirs: dict) -> None:
    assert ours["no_prediction"] == theirs["no_prediction"]
    for kind in ("layers", "attributes"):
        for name, known in theirs[kind].items():
            for figure, value in known.items():
                mine = ours[kind][name][figure]
                assert (mine is None) == math.isnan(value), (name, figure)
                assert mine is None or mine == pytest.approx(value, abs=1e-9), (name, figure)
        for name in ours[kind].keys() - theirs[kind].keys():
            assert (ours[kind][name]["gold"], ours[kind][name]["pred"]) == (0, 0), name


@needs_shared
@pytest.mark.parametrize("seed", range(4))
def test_same_figures_on_spoiled_gold(seed: int, tmp_path: Path) -> None:
    paths = list(gold_files([SHARED / "gold" / "tune"]))
    random.Random(seed).shuffle(paths)
    golds = [read_gold(path) for path in paths]
    records: dict[str, dict] = {}
    for path, known in zip(paths, golds, strict=True):
        text = text_of(known, path).text
        joined = records.setdefault(known["sha256"], {"text": text})
        for layer, items in spoiled(as_record(known, text), seed).items():
            if layer != "text":
                joined.setdefault(layer, []).extend(items)
    kept = list(records.values())[seed % 2 :]  # one without prediction
    assert_same(score(kept, golds).to_dict(), reference(kept, paths, tmp_path))


@needs_shared
@pytest.mark.parametrize("part", ["tune", "check"])
def test_same_figures_on_real_records(part: str, tmp_path: Path) -> None:
    import duban

    paths = list(gold_files([SHARED / "gold" / part]))
    golds = [read_gold(path) for path in paths]
    texts = {known["sha256"]: text_of(known, path).text for path, known in zip(paths, golds, strict=True)}
    records = [duban.to_record(duban.process(text)) for text in texts.values()]
    assert_same(score(records, golds).to_dict(), reference(records, paths, tmp_path))


# gold files and their texts


def saved(folder: Path, known: dict, text: str = TEXT, name: str = "a") -> Path:
    (folder / "documents").mkdir(exist_ok=True, parents=True)
    (folder / "documents" / f"{known['doc']}.txt").write_bytes(text.encode())
    path = folder / "gold" / "part" / f"{name}.gold.json"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    return path


def test_text_is_found_beside_the_gold_folder_or_its_parent(tmp_path: Path) -> None:
    path = saved(tmp_path, gold())
    assert text_of(read_gold(path), path).text == TEXT
    near = path.parent.parent / "documents"
    near.mkdir()
    (near / "a.md").write_bytes(TEXT.encode("utf-16"))
    assert text_of(read_gold(path), path).meta["source"]["encoding"] == "utf-16"


def test_text_in_a_folder_that_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path, gold())
    with pytest.raises(DubanError) as caught:
        text_of(read_gold(path), path, tmp_path / "gold")
    assert caught.value.code == "DB112"
    assert str(tmp_path / "gold") in str(caught.value)


def test_text_that_is_another_one(tmp_path: Path) -> None:
    path = saved(tmp_path, gold(), TEXT + "\n")
    with pytest.raises(DubanError) as caught:
        text_of(read_gold(path), path)
    assert caught.value.code == "DB113"


@pytest.mark.parametrize(
    ("content", "code", "named"),
    [
        ("", "DB111", "JSON"),
        ("[]", "DB111", ""),
        ("{}", "DB111", "doc"),
        (json.dumps(gold(windows=[[3, 1]])), "DB111", "windows"),
        (json.dumps(gold(windows=[[0]])), "DB111", "windows"),
        (json.dumps(gold(layers=["entities", "verbs"])), "DB111", "verbs"),
        (json.dumps(gold(entities=[{"label": "GROUP"}])), "DB111", "entities[0]"),
        (json.dumps(gold(sections=[{"kind": "item"}])), "DB111", "sections[0]"),
        (json.dumps(gold(sections=[{"kind": "chapter", "heading": [0, 1]}])), "DB111", "sections[0]"),
        (json.dumps(gold(entities=[span("各镇", label="PLACE")])), "DB111", "entities[0]"),
        (json.dumps(gold(targets=["x"])), "DB111", "targets[0]"),
        (json.dumps(gold(targets=[{"start": "1", "end": "2"}])), "DB111", "targets[0]"),
        (json.dumps(gold(tasks={"start": 1, "end": 2})), "DB111", "tasks"),
    ],
)
def test_malformed_gold(content: str, code: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "a.gold.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DubanError) as caught:
        read_gold(path)
    assert caught.value.code == code
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


def test_gold_files_of_folders_sorted(tmp_path: Path) -> None:
    one, two = saved(tmp_path, gold(), name="b"), saved(tmp_path, gold(), name="a")
    assert list(gold_files([tmp_path])) == [two, one]
    with pytest.raises(DubanError, match="DB107"):
        list(gold_files([tmp_path / "documents"]))
    with pytest.raises(DubanError, match="DB101"):
        read_gold(tmp_path / "none.gold.json")


# floors


@pytest.fixture
def run() -> tuple[evaluate.Scores, list[dict]]:
    known = gold(entities=[span("生产总值", label="INDICATOR", canon="地区生产总值"), span("各镇", label="GROUP")], layers=["entities"])
    return score([{"text": TEXT, "entities": [span("生产总值", label="INDICATOR", canon="出口"), span("各镇", label="GROUP")]}], [known]), [known]


def worse(known: list[dict]) -> evaluate.Scores:
    return score([{"text": TEXT, "entities": [span("生产总值", label="INDICATOR", canon="出口")]}], known)


def test_floors_are_what_was_scored(run: tuple, tmp_path: Path) -> None:
    scores, known = run
    set_ = floors.raised(scores, known, None)
    assert set_["layers"] == {"GROUP": 1.0, "INDICATOR": 1.0}
    assert set_["attributes"] == {"INDICATOR.canon": 0.0}
    floors.write({"corpus": set_, "other": set_}, tmp_path / "floors.json")
    assert floors.read(tmp_path / "floors.json", "other") == set_
    assert floors.check(scores, known, set_, "floors.json") == []
    assert list(tmp_path.iterdir()) == [tmp_path / "floors.json"]


def test_a_figure_below_its_floor(run: tuple) -> None:
    scores, known = run
    problems = floors.check(worse(known), known, floors.raised(scores, known, None), "floors.json")
    assert [(p.code, p.details["name"]) for p in problems] == [("DB451", "GROUP")]


def test_a_figure_that_is_gone_is_below_its_floor(run: tuple) -> None:
    scores, known = run
    set_ = floors.raised(scores, known, None)
    assert floors.below(score([], []), set_) == [("GROUP", 1.0, None), ("INDICATOR", 1.0, None), ("INDICATOR.canon", 0.0, None)]


def test_floors_of_another_corpus(run: tuple) -> None:
    scores, known = run
    set_ = floors.raised(scores, known, None)
    other = [{**known[0], "sha256": "0" * 64}]
    assert [p.code for p in floors.check(scores, other, set_, "floors.json")] == ["DB452"]
    assert floors.corpus_hash([*known, *other]) == floors.corpus_hash([*other, *known])


def test_floors_rise_and_fall_only_for_a_reason(run: tuple) -> None:
    scores, known = run
    low = floors.raised(worse(known), known, None)
    assert low["layers"]["GROUP"] == 0.0
    high = floors.raised(scores, known, low)
    assert high["layers"]["GROUP"] == 1.0
    assert high["lowered"] == []
    with pytest.raises(DubanError, match=r"DB453.*GROUP"):
        floors.raised(worse(known), known, high)
    lowered = floors.raised(worse(known), known, high, allow_lower="the guide changed")
    assert lowered["layers"]["GROUP"] == 0.0
    assert lowered["lowered"] == [{"reason": "the guide changed", "floors": {"GROUP": [1.0, 0.0]}}]
    assert floors.raised(scores, known, lowered, allow_lower="again")["lowered"] == lowered["lowered"]


def test_a_floor_is_never_above_the_figure_it_was_set_from() -> None:
    scores = evaluate.Scores(layers={"tasks": Layer(tp=2, fp=1, fn=1)})
    set_ = floors.raised(scores, [], None)
    assert set_["layers"]["tasks"] == 0.6666
    assert floors.check(scores, [], set_, "floors.json") == []


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "JSON"), ("[]", "JSON"), ("{}", "corpus"), ('{"corpus": []}', "corpus.sha256"), ('{"corpus": {"sha256": ""}}', "corpus.layers"),
        ('{"other": {"sha256": "", "layers": {"tasks": "1"}, "attributes": {}}}', "other.layers"),
        ('{"corpus": {"sha256": "", "layers": {"tasks": 1}}}', "corpus.attributes"),
    ],
)  # fmt: skip
def test_malformed_floors(content: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DubanError, match=f"DB212.*{named}"):
        floors.read(path, "corpus")


def test_floors_that_cannot_be_read_or_written(run: tuple, tmp_path: Path) -> None:
    scores, known = run
    with pytest.raises(DubanError, match="DB108"):
        floors.read_all(tmp_path)
    with pytest.raises(DubanError, match="DB511"):
        floors.write({"corpus": floors.raised(scores, known, None)}, tmp_path / "none" / "floors.json")


# gold as Docs


_NLP = None


def reference_docs(golds: list[dict], text: str = TEXT) -> list:
    from spacy.lang.zh import Chinese

    from duban.tokenizer import Tokenizer

    global _NLP
    if _NLP is None:
        _NLP = Chinese()
        _NLP.tokenizer = Tokenizer(_NLP.vocab)
    return gold_docs(golds, {text_hash(text): text}, _NLP)


def test_gold_docs_have_ents_and_groups() -> None:
    known = gold(
        boilerplate=[span("首页", kind="navigation")],
        sections=[{"kind": "section", "heading": list(at("一、稳增长"))}],
        entities=[span("生产总值", label="INDICATOR"), span("各镇", label="GROUP")],
        targets=[target(*at("6%以上"))],
        tasks=[span("市发改局、各镇要在6月底前落实12个项目")],
    )
    (doc,) = reference_docs([known])
    assert doc.text == TEXT
    assert [(e.text, e.label_) for e in doc.ents] == [("生产总值", "INDICATOR"), ("各镇", "GROUP")]
    groups = {name: [(s.text, s.label_) for s in group] for name, group in doc.spans.items()}
    assert groups["boilerplate"] == [("首页", "navigation")]
    assert groups["headings"] == [("一、稳增长", "section")]
    assert groups["targets"] == [("6%以上", "growth")]
    assert [text for text, _ in groups["tasks"]] == ["市发改局、各镇要在6月底前落实12个项目"]


def test_what_is_not_annotated_is_missing_in_the_doc() -> None:
    from spacy.scorer import get_ner_prf
    from spacy.training import Example

    known = gold(entities=[span("生产总值", label="INDICATOR")], windows=[[0, 20]], layers=["entities", "targets"])
    (doc,) = reference_docs([known])
    assert "targets" not in doc.spans
    for words, figure in (("各镇", 1.0), ("增长6%", 2 / 3)):  # outside and inside the window
        (predicted,) = reference_docs([gold(entities=[span("生产总值", label="INDICATOR"), span(words, label="GROUP")])])
        assert get_ner_prf([Example(predicted, doc)])["ents_f"] == pytest.approx(figure)


def test_windows_of_several_files_make_one_doc() -> None:
    first = gold(targets=[target(*at("6%以上"))], windows=[[0, 20]])
    second = gold(targets=[target(*at("6%")), target(*at("12个"))], windows=[[10, len(TEXT)]], doc="b")
    (doc,) = reference_docs([first, second])
    assert [s.text for s in doc.spans["targets"]] == ["6%以上", "12个"]


def test_gold_docs_survive_a_docbin() -> None:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    docs = reference_docs([gold(targets=[target(*at("6%以上"))], entities=[span("各镇", label="GROUP")])])
    (doc,) = DocBin().from_bytes(DocBin(docs=docs).to_bytes()).get_docs(Vocab())
    assert [s.text for s in doc.spans["targets"]] == ["6%以上"]
    assert [e.text for e in doc.ents] == ["各镇"]


# problems


LAGS = "上半年，青岚县、云水区投资下降，全市垫底。"


def problem(words: str, cue: str, **slots: object) -> dict:
    start, end = at(words, LAGS)
    ends = {"units": [], "places": [], "projects": [], "indicators": [], "period": None}
    return {"start": start, "end": end, "kind": "worsening", "cue": list(at(cue, LAGS)), **ends, **slots}


def as_found(wanted: dict) -> dict:
    known = {"units", "places", "projects", "indicators"}
    return {**wanted, "cue": dict(zip(("start", "end"), wanted["cue"], strict=True)),
            **{slot: [{"start": a, "end": b} for a, b in wanted[slot]] for slot in known}}  # fmt: skip


FALL = problem("青岚县、云水区投资下降", "下降", places=[list(at("青岚县", LAGS)), list(at("云水区", LAGS))], period=list(at("上半年", LAGS)))
LAST = problem("全市垫底", "垫底", kind="ranked_low")


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, set()),
        ({"places": FALL["places"][::-1]}, set()),  # a set of subjects
        ({"places": FALL["places"][:1]}, {"places"}),
        ({"indicators": [list(at("投资", LAGS))]}, {"indicators"}),
        ({"kind": "gap", "period": None}, {"kind", "period"}),
        ({"cue": list(at("投资", LAGS))}, {"cue"}),
        ({"cue": list(at("投资下降", LAGS))}, set()),
        ({"start": FALL["start"] + 4}, {"span"}),
    ],
)
def test_the_slots_of_a_problem(changed: dict, wrong: set) -> None:
    scores = score([{"text": LAGS, "problems": [as_found({**FALL, **changed})]}], [gold(LAGS, problems=[FALL])])
    assert figures(scores, "problems") == (1, 0, 0)
    assert {name.removeprefix("problems.") for name, v in scores.attributes.items() if not v.right} == wrong
    assert figures(scores, "problems.strict") == ((0, 1, 1) if wrong else (1, 0, 0))


def test_problems_match_by_half_of_their_union_and_once() -> None:
    short = {**as_found(FALL), "start": FALL["start"] + 6}
    for found, counted in (([short], (0, 1, 2)), ([as_found(FALL), as_found(FALL)], (1, 1, 1)), ([as_found(LAST), as_found(FALL)], (2, 0, 0)), ([], (0, 0, 2))):
        assert figures(score([{"text": LAGS, "problems": found}], [gold(LAGS, problems=[FALL, LAST])]), "problems") == counted
    windowed = gold(LAGS, problems=[FALL], windows=[[0, at("全市", LAGS)[0]]])
    assert figures(score([{"text": LAGS, "problems": [as_found(FALL), as_found(LAST)]}], [windowed]), "problems") == (1, 0, 0)
    assert figures(score([], [gold(LAGS, problems=[FALL, LAST])]), "problems") == (0, 0, 2)


def test_gold_without_problems_is_as_it_was(tmp_path: Path) -> None:
    """A layer that came later changes no floor: the hash of a corpus is that of its files."""
    path = tmp_path / "a.gold.json"
    path.write_text(json.dumps({key: value for key, value in gold(layers=["targets"]).items() if key != "problems"}), encoding="utf-8")
    read = evaluate.read_gold(path)
    assert "problems" not in read
    assert "problems" not in score([{"text": TEXT, "problems": [as_found(FALL)]}], [read]).layers


def test_a_kind_of_problem_is_one_of_those_known(tmp_path: Path) -> None:
    path = tmp_path / "a.gold.json"
    path.write_text(json.dumps(gold(LAGS, problems=[{**FALL, "kind": "bad"}])), encoding="utf-8")
    with pytest.raises(DubanError, match=r"problems\[0\]"):
        evaluate.read_gold(path)
    path.write_text(json.dumps(gold(LAGS, problems=[FALL])), encoding="utf-8")
    (doc,) = reference_docs([evaluate.read_gold(path)], LAGS)
    assert [(span.text, span.label_) for span in doc.spans["problems"]] == [("青岚县、云水区投资下降", "worsening")]
