"""The spaCy side: what stands on a Doc, that it survives every way a Doc travels, and that nothing depends on words."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.lang.zh import Chinese
from spacy.tokens import Doc, DocBin
from spacy.training import Example

import duban
from duban import records
from duban.components import HEADINGS
from duban.errors import DubanError

ROOT = Path(__file__).resolve().parents[1]


def record(doc: Doc) -> dict:
    return {k: v for k, v in duban.to_record(doc).items() if k != "pipeline"}


@pytest.mark.parametrize("name", ["notice-notes", "web-copy", "one-line", "hard-wrapped"])
def test_findings_survive_every_way_a_doc_travels(name, corpus, char_nlp):
    doc = duban.process(corpus[name], nlp=char_nlp)
    want = duban.to_record(doc)
    packed = DocBin(docs=[doc]).to_bytes()
    for again in (
        Doc(char_nlp.vocab).from_bytes(doc.to_bytes()),
        next(iter(DocBin().from_bytes(packed).get_docs(char_nlp.vocab))),
        doc.copy(),
    ):
        assert duban.to_record(again) == want
        assert [(e.text, e.label_, e.kb_id_) for e in again.ents] == [(e.text, e.label_, e.kb_id_) for e in doc.ents]


def test_pipes_read_back_what_an_earlier_process_wrote(corpus, char_nlp):
    """The second half of the pipeline, on a Doc that came out of a file, finds what the whole finds."""
    text = corpus["dispatch-meeting"]
    with char_nlp.select_pipes(enable=["duban_boilerplate", "duban_sections", "duban_entities"]):
        half = duban.process(text, nlp=char_nlp)
    half = Doc(char_nlp.vocab).from_bytes(half.to_bytes())
    for name in ("duban_targets", "duban_tasks", "duban_problems"):
        half = char_nlp.get_pipe(name)(half)
    assert duban.to_record(half) == duban.to_record(duban.process(text, nlp=char_nlp))


def test_two_processes_under_spawn(tmp_path):
    """`n_process=2` with the spawn start method: the pipeline is pickled, results come back as bytes."""
    script = tmp_path / "spawned.py"
    script.write_text(
        "import multiprocessing, duban\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    nlp = duban.load('zh_duban')\n"
        "    texts = ['市发改委要抓好落实，全年生产总值增长6%以上。', '县财政局负责，6月底前完成投资3亿元。'] * 2\n"
        "    one = [duban.to_record(d) for d in nlp.pipe(texts)]\n"
        "    two = [duban.to_record(d) for d in nlp.pipe(texts, n_process=2, batch_size=1)]\n"
        "    pairs = list(nlp.pipe([(t, i) for i, t in enumerate(texts)], as_tuples=True, n_process=2, batch_size=1))\n"
        "    assert one == two and all(r['targets'] and r['entities'] for r in one)\n"
        "    assert [c for _, c in pairs] == [0, 1, 2, 3] and [d.text for d, _ in pairs] == texts\n"
        "    print('equal')\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == "equal", done.stderr


def spans(found) -> list[tuple]:
    return [(s.start_char, s.end_char, s.label_, s.kb_id_, s.id_) for s in found]


def test_words_find_what_characters_find(corpus, char_nlp, words_nlp):
    for name, text in corpus.items():
        characters, words = duban.process(text, nlp=char_nlp), duban.process(text, nlp=words_nlp)
        assert words.text == text
        assert record(words) == record(characters), name
        assert spans(words.ents) == spans(characters.ents)
        for group in (*records.LAYERS, HEADINGS):
            assert spans(words.spans[group]) == spans(characters.spans[group]), (name, group)
        assert len(words) < len(characters)


def test_ents_and_spans_carry_ids(corpus, char_nlp):
    doc = duban.process(corpus["implementation-plan"], nlp=char_nlp)
    assert {e.label_ for e in doc.ents} == {"DEPARTMENT", "GROUP", "PROJECT", "INDICATOR"}
    assert any(e.kb_id_ for e in doc.ents)
    for layer in records.LAYERS:
        group = doc.spans[layer]
        assert [s.id_ for s in group] == list(group.attrs)
        for span in group:
            assert (span.start_char, span.end_char) == (group.attrs[span.id_]["start"], group.attrs[span.id_]["end"])


def test_facts_given_stand_above_the_text(char_nlp):
    text = "临澄市政府工作报告\n（2026年1月20日）\n各位代表：\n今年生产总值增长6%。"
    own = duban.to_record(duban.process(text, nlp=char_nlp))["meta"]
    given = duban.to_record(duban.process(text, nlp=char_nlp, date="2025-03-01", place="云岭省"))["meta"]
    assert (own["date"], own["title"]) == ("2026-01-20", "临澄市政府工作报告")
    assert (given["date"], given["place"]) == ("2025-03-01", "云岭省")
    with pytest.raises(DubanError, match="DB213"):
        duban.process(text, nlp=char_nlp, date="20260105")


def test_user_patterns_win_and_travel(tmp_path, char_nlp):
    nlp = duban.load()
    text = "启动星火计划。"
    assert not any("星火" in e.text for e in nlp(text).ents)
    before = nlp.get_pipe("duban_entities").lexicon.hash
    nlp.get_pipe("duban_entities").add_patterns([{"label": "GROUP", "pattern": "星火计划", "id": "user/xinghuo"}])
    for loaded in (nlp, spacy.load(_saved(nlp, tmp_path / "model"))):
        doc = loaded(text)
        assert [(e.text, e.label_, e.kb_id_) for e in doc.ents] == [("星火计划", "GROUP", "user/xinghuo")]
        assert loaded.get_pipe("duban_entities").lexicon.hash != before
    assert duban.load().from_bytes(nlp.to_bytes())(text).ents[0].text == "星火计划"


def _saved(nlp, path: Path) -> Path:
    nlp.to_disk(path)
    return path


def test_lexicon_files_are_read_once_and_travel(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text('{"label": "PROJECT", "pattern": "云帆计划", "id": "user/yunfan"}\n', encoding="utf-8")
    nlp = duban.load(lexicons=[str(file)])
    _saved(nlp, tmp_path / "model")
    file.unlink()
    assert [e.kb_id_ for e in spacy.load(tmp_path / "model")("启动云帆计划。").ents] == ["user/yunfan"]


@pytest.mark.parametrize(("line", "code", "said"), [
    ('{"label": "PROJECT", "pattern": [{"ORTH": "项"}]}', "DB304", "2"),
    ('{"label": "PROJECT", "patern": "云帆"}', "DB304", "2"),
    ('{"label": "PROJECT", "pattern": "云帆", "colour": "red"}', "DB302", "colour"),
    ('{"label": "NOBODY", "pattern": "云帆"}', "DB302", "label"),
    ('{"label": ', "DB301", "2"),
])
def test_a_bad_lexicon_line_names_file_line_and_key(line, code, said, tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text('{"label": "GROUP", "pattern": "各专班"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(DubanError, match=code) as error:
        duban.load(lexicons=[str(file)])
    assert "bad.jsonl" in str(error.value) and said in str(error.value)


def test_an_unknown_setting_is_refused():
    settings = duban.config("zh_duban_char")
    settings["components"]["duban_targets"]["lexicon"] = "units"
    with pytest.raises(Exception, match="lexicon"):
        Chinese.from_config(settings)
    settings = duban.config("zh_duban_char")
    settings["components"]["duban_boilerplate"]["kinds"] = ["adverts"]
    with pytest.raises(DubanError, match="DB201"):
        Chinese.from_config(settings)


def test_naming_the_factories_costs_other_users_nothing():
    code = "import sys, spacy; spacy.blank('en'); print(*sys.modules)"
    modules = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert "duban.components" in modules
    finders = {f"duban.{name}" for name in ("boilerplate", "sections", "entities", "targets", "tasks", "words")}
    heavy = {"ahocorasick_rs", "spacy_pkuseg", "xlsxwriter", "jieba", *finders}
    assert not modules & heavy


def test_scores_of_a_perfect_and_an_empty_prediction(char_nlp, corpus):
    text = corpus["notice-notes"]
    gold = duban.process(text, nlp=char_nlp)
    same = char_nlp.evaluate([Example(char_nlp.make_doc(text), gold)])
    for group in (HEADINGS, "targets", "tasks"):
        assert len(gold.spans[group])
        assert same[f"spans_{group}_f"] == 1.0
    assert same["ents_f"] == 1.0
    empty = duban.load()
    for name in empty.pipe_names:
        empty.get_pipe(name).find = lambda doc, known: []
    none = empty.evaluate([Example(empty.make_doc(text), gold)])
    assert none["ents_f"] == 0.0
    assert none["spans_targets_f"] == 0.0


def test_boilerplate_is_scored_by_token(char_nlp, corpus):
    text = corpus["web-copy"]
    gold = duban.process(text, nlp=char_nlp)
    spans = gold.spans["boilerplate"]
    cut = [gold[s.start:s.start + 1] for s in spans] + [gold[s.start + 1:s.end] for s in spans if len(s) > 1]
    gold.spans["boilerplate"] = cut
    assert char_nlp.evaluate([Example(char_nlp.make_doc(text), gold)])["boilerplate_f"] == 1.0
    gold.spans["boilerplate"] = cut[: len(spans)]
    assert 0 < char_nlp.evaluate([Example(char_nlp.make_doc(text), gold)])["boilerplate_p"] < 1


def test_running_twice_gives_the_same(char_nlp, corpus):
    doc = duban.process(corpus["web-copy"], nlp=char_nlp)
    once = duban.to_record(doc)
    assert duban.to_record(char_nlp(doc)) == once


def test_a_kind_of_boilerplate_can_be_switched_off(corpus):
    settings = duban.config("zh_duban_char")
    settings["components"]["duban_boilerplate"]["kinds"] = ["footer"]
    doc = Chinese.from_config(settings)(corpus["web-copy"])
    assert {s.label_ for s in doc.spans["boilerplate"]} <= {"footer"}
