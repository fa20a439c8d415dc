"""Versions of one document: which there are, which one is kept, and that they do not count twice."""
from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy
import pytest
from conftest import CORPUS, ROOT, read
from typer.testing import CliRunner

from duban import cli, duplicates, writers
from duban.duplicates import Batch, distinct, find
from duban.duplicates.exact import ExactIndex
from duban.duplicates.fingerprint import agreement, fingerprint, fold, grams
from duban.errors import DubanError

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs" / "duplicates.jsonl").read_text(encoding="utf-8").splitlines()]
TEXT = "会议要求，市发改委牵头，确保全年固定资产投资增长8%，开工重点项目26个，加快城市更新。"


def record(name: str, text: str = TEXT, date: str | None = None) -> dict[str, Any]:
    return {"id": name, "text": text, "meta": {"date": date}, "boilerplate": []}


def pairs(found: list[duplicates.Duplicate]) -> list[tuple[str, str]]:
    return [(one.document, one.duplicate_of) for one in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']} {case['version']}")
def test_what_is_a_version(case: dict[str, Any]) -> None:
    assert bool(find([record("a", case["a"]), record("b", case["b"])])) is case["version"]
    assert bool(find([record("b", case["b"]), record("a", case["a"])])) is case["version"]


def test_every_rule_has_both_sides() -> None:
    for rule in {case["rule"] for case in CASES}:
        assert {case["version"] for case in CASES if case["rule"] == rule} == {True, False}, rule


# -- what is compared


@pytest.mark.parametrize(("text", "folded", "figures"), [
    ("投资增长6.5%", "投资增长0", ["6.5"]),
    ("投资增长*.*%", "投资增长0", ["*.*"]),
    ("投资1,200万元", "投资0万元", ["1,200"]),
    ("XX县XML文件", "0县0ML文件", ["XX", "X"]),
    ("填报Excel表", "填报Excel表", []),
    ("5G、x86", "0G0", ["5", "x86"]),
    ("", "", []),
])  # fmt: skip
def test_figures_are_one_sign(text: str, folded: str, figures: list[str]) -> None:
    found, known = fold(text)
    assert (found, [figure for _, figure in known]) == (folded, figures)
    assert all(found[at] == "0" for at, _ in known)


def test_grams_are_the_sets_of_five_characters() -> None:
    one, other = "固定资产投资增长固定资产投资", "固定资产投入增长"
    known = [{text[i : i + 5] for i in range(len(text) - 4)} for text in (one, other)]
    assert [len(grams(text)) for text in (one, other)] == [len(part) for part in known]
    assert len(numpy.intersect1d(grams(one), grams(other))) == len(known[0] & known[1])
    assert len(grams("")) == 0 and len(grams("短")) == 1


def test_furniture_of_a_page_does_not_count() -> None:
    text = f"首页 新闻中心 返回顶部\n{TEXT}"
    furniture = [{"start": 0, "end": 12}]
    assert (fingerprint({**record("a", text), "boilerplate": furniture}).grams == fingerprint(record("b")).grams).all()


def test_figures_agree() -> None:
    one = fingerprint(record("a", "投资增长8%，收入增长6%，就业3万人。"))
    assert agreement(one, fingerprint(record("b", "投资增长8%，收入增长7%，就业*万人。"))) == 0.5
    assert agreement(one, fingerprint(record("b", "投资增长*%，收入增长*%，就业*万人。"))) is None


# -- all pairs


def brute(sets: list[Any], threshold: float) -> set[tuple[int, int]]:
    known = [set(one.tolist()) for one in sets]
    return {(i, j) for i, j in combinations(range(len(known)), 2) if known[i] and len(known[i] & known[j]) >= threshold * len(known[i] | known[j])}


@pytest.mark.parametrize("threshold", [0.05, 0.35, 0.5, 0.8, 1.0])
def test_the_exact_index_finds_all_pairs_and_no_other(threshold: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets with common and rare members, copies, empty ones; blocks so small that every loop goes round."""
    monkeypatch.setattr("duban.duplicates.exact._BLOCK", 100)
    random = Random(7)
    spread = numpy.random.default_rng(1).integers(0, 2**63, 400, numpy.uint64)
    sets: list[Any] = [numpy.empty(0, numpy.uint64)]
    for _ in range(80):
        members = random.sample(range(20), 10) + random.sample(range(400), random.randrange(1, 40))
        if random.random() < 0.5:
            members = [m for m in random.choice(sets).tolist() if random.random() < 0.8] or members
            sets.append(numpy.unique(numpy.array(members, numpy.uint64)))
        else:
            sets.append(numpy.unique(spread[members]))
    index = ExactIndex(sets, threshold)
    found = set()
    for i in range(len(sets)):
        found |= {(j, i) for j, _ in index.similar(i)}
        index.keep(i)
    assert found == brute(sets, threshold)
    assert threshold < 0.9 or len(found) < 100


def made(name: str, share: float, seed: int = 1) -> str:
    """A document of the corpus with one in so many of its characters changed."""
    random = Random(seed)
    text = read(CORPUS / "documents" / f"{name}.txt")
    return "".join(chr(0x4E00 + random.randrange(2000)) if c.isalpha() and random.random() < share else c for c in text)


def test_minhash_finds_what_exact_finds() -> None:
    pytest.importorskip("datasketch")
    names = ("dispatch-meeting", "work-report-city", "provincial-report", "notice-notes")
    records = [record(f"{name} {share}", made(name, share)) for name in names for share in (0.0, 0.02, 0.05)]
    exact, near = find(records), find(records, method="minhash")
    assert pairs(near) == pairs(exact) and len(exact) == 8
    assert {one.method for one in near} == {"minhash"}
    assert all(abs(a.similarity - b.similarity) < 0.15 for a, b in zip(exact, near, strict=True))


def test_past_the_limit_minhash_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("datasketch")
    monkeypatch.setattr(duplicates, "EXACT", 2)
    records = [record(name) for name in "abc"]
    assert [one.method for one in find(records[:2])] == ["exact"]
    assert [one.method for one in find(records)] == ["minhash", "minhash"]
    assert [one.method for one in find(records, method="exact")] == ["exact", "exact"]


def test_without_datasketch_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasketch", None)
    with pytest.raises(DubanError) as caught:
        find([record("a")], method="minhash")
    assert caught.value.code == "DB217"


# -- which one is kept


@pytest.mark.parametrize(("records", "kept"), [
    ([record("blanked", TEXT.replace("26", "**"), "2026-01-01"), record("told", TEXT, "2026-03-01")], "told"),
    ([record("later", TEXT, "2026-03-01"), record("earlier", TEXT, "2026-01-01")], "earlier"),
    ([record("undated"), record("dated", TEXT, "2026-03-01")], "dated"),
    ([record("short", TEXT, "2026-03-01"), record("long", TEXT + "散会。", "2026-03-01")], "long"),
    ([record("first", TEXT, "2026-03-01"), record("second", TEXT, "2026-03-01")], "first"),
])  # fmt: skip
def test_the_rule_of_what_is_kept(records: list[dict[str, Any]], kept: str) -> None:
    left = next(one["id"] for one in records if one["id"] != kept)
    assert pairs(find(records)) == [(left, kept)]
    assert [one["id"] for one in distinct(records)] == [kept]


def test_what_is_left_out_is_similar_to_what_stands_for_it() -> None:
    """A chain: b is similar to a and to c, which are not similar. Only b goes."""
    parts = [f"第{word}部分讲的是{word * 12}方面的{word}工作安排和{word}要求" for word in "甲乙丙丁"]
    a, b, c = "，".join(parts[:2] * 1), "，".join(parts[1:3]), "，".join(parts[2:])
    found = find([record("a", a), record("b", b), record("c", c)], threshold=0.3)
    assert pairs(find([record("a", a), record("c", c)], threshold=0.3)) == []
    assert pairs(found) == [("b", "a")]


def test_the_order_of_what_is_given_changes_nothing_else() -> None:
    texts = {"a": made("web-copy", 0.0), "b": made("web-copy", 0.02), "c": made("one-line", 0.0), "d": made("web-copy", 0.04)}
    records = [record(name, text, f"2026-01-0{day}") for day, (name, text) in enumerate(texts.items(), 1)]
    assert set(pairs(find(records))) == set(pairs(find(records[::-1]))) == {("b", "a"), ("d", "a")}


def test_the_reports_of_two_quarters_are_two_documents() -> None:
    reports = [record(name, read(CORPUS / "track" / f"{name}.txt")) for name in ("progress-1", "progress-2")]
    assert find(reports, threshold=0.1) == []


def test_the_documents_of_the_corpus_are_different(corpus: dict[str, str]) -> None:
    assert find([record(name, text) for name, text in corpus.items()], threshold=0.1) == []


def test_a_batch_keeps_little_of_a_document() -> None:
    batch = Batch()
    batch.add(record("a", made("work-report-city", 0.0)))
    held = sum(part.nbytes for part in batch._known[0] if isinstance(part, numpy.ndarray))
    assert held < 9 * 2816 + 2 * 8 * 128


# -- the panel, the commands, a run


def call(*args: object) -> Any:
    return CliRunner().invoke(cli.commands, [str(arg) for arg in args], env={"DUBAN_LANG": "en"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = read(CORPUS / "documents" / "one-line.txt")
    path = tmp_path / "in"
    path.mkdir()
    (path / "a.txt").write_text(text, encoding="utf-8")
    (path / "b.txt").write_text(text.replace("招商", "引商").replace("6", "*"), encoding="utf-8")
    (path / "c.txt").write_text("全市粮食产量不低于19万吨。", encoding="utf-8")
    return path


def documents(path: Path) -> list[str]:
    return sorted({json.loads(line)["document"] for line in path.read_text(encoding="utf-8").splitlines()})


def test_the_panel_counts_one_version(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "panel.jsonl"
    result = call("panel", folder, "-o", out)
    assert result.exit_code == 0, result.output
    assert documents(out) == ["a", "c"]
    assert "1 of 3 documents are versions of others and do not count again (b = a)" in result.output
    result = call("panel", folder, "-o", out, "--count-duplicates")
    assert documents(out) == ["a", "b", "c"] and "versions" not in result.output


def test_the_panel_in_python_tells_what_it_leaves_out(tmp_path: Path) -> None:
    empty = {"sections": [], "entities": [], "targets": [], "tasks": []}
    told: list[Any] = []
    writers.write_panel([{**record(name), **empty} for name in "ab"], tmp_path / "a.csv", told=lambda *said: told.append(said))
    assert told[0][0] == 2 and pairs(told[0][1]) == [("b", "a")]


def test_the_command_prints_and_writes(folder: Path, tmp_path: Path) -> None:
    shown = call("duplicates", folder)
    assert shown.exit_code == 0, shown.output
    assert [line.split()[:2] for line in shown.output.splitlines()][1] == ["b", "a"]
    assert "1 of 3 documents are versions of others." in shown.output
    assert "None of 3" in call("duplicates", folder, "--threshold", 1).output
    for suffix in ("jsonl", "csv", "xlsx"):
        assert call("duplicates", folder, "-o", tmp_path / f"out.{suffix}").exit_code == 0
    row = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert list(row) == list(duplicates.COLUMNS) and (row["document"], row["duplicate_of"], row["method"]) == ("b", "a", "exact")
    assert call("duplicates", folder, "--threshold", 0).exit_code == 2
    assert call("duplicates", folder, "-o", tmp_path / "out.html").exit_code == 2


def test_a_run_has_them_beside_its_records(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    result = call("extract", folder, "-o", run, "--duplicates", "--jobs", 0)
    assert result.exit_code == 0, result.output
    assert "1 of 3 documents are versions of others." in result.output
    assert json.loads((run / "duplicates.jsonl").read_text(encoding="utf-8"))["document"] == "b"
    assert call("duplicates", run, "-o", tmp_path / "again.jsonl").exit_code == 0  # a run is an input: its records, not its lists
    assert (tmp_path / "again.jsonl").read_bytes() == (run / "duplicates.jsonl").read_bytes()
    assert call("extract", folder, "-o", tmp_path / "a.jsonl", "--duplicates").exit_code == 2


def test_the_threshold_stands_between_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.delitem(sys.modules, "duplicates", raising=False)
    import duplicates as script  # type: ignore[import-not-found]

    found = script.measure(read(path) for path in sorted((CORPUS / "documents").glob("*.txt"))[:6])
    different = found.pop("different documents")
    assert different[-1] < duplicates.THRESHOLD / 3
    assert min(values[0] for values in found.values()) >= duplicates.THRESHOLD
