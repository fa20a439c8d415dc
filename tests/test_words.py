"""Words: the text and every span survive, and the edges of spans are edges of words."""
from __future__ import annotations

import json
import pickle
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span, SpanGroup

from duban.assets.segmenter import FILES, MODEL
from duban.errors import DubanError
from duban.words import Segmenter, Words, boundaries, clauses, rebuild, words_and_spaces

CASES = [json.loads(line) for line in (Path(__file__).parent / "specs/words.jsonl").read_text(encoding="utf-8").splitlines()]
CUTS = {"whole": lambda clauses: [[clause] for clause in clauses], "chars": lambda clauses: map(list, clauses)}
VOCAB = spacy.blank("xx").vocab


def tokens(text: str) -> list[str]:
    return text.split("|")


def char_doc(text: str, sentences: tuple[int, ...] = (0,)) -> Doc:
    """A Doc of one token a code point, a space after a character being that token's; ``sentences``: token numbers."""
    chars: list[str] = []
    spaces: list[bool] = []
    for char in text:
        if char == " " and chars and not spaces[-1] and not chars[-1].isspace():
            spaces[-1] = True
        else:
            chars.append(char)
            spaces.append(False)
    return Doc(VOCAB, words=chars, spaces=spaces, sent_starts=[i in sentences for i in range(len(chars))])


def component(cut="chars") -> Words:
    made = Words()
    made.segmenter.cut_all = CUTS[cut]
    return made


# ---------------------------------------------------------------- boundaries

@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['guards']}:{c['text']!r}")
def test_case(case):
    text = case["text"]
    starts = boundaries(text, CUTS[case.get("cut", "whole")], map(tuple, case.get("entities", ())), case.get("edges", ()))
    assert [text[a:b] for a, b in pairwise(starts)] == case["words"]


def test_every_rule_has_cases():
    rules = [case["guards"] for case in CASES]
    assert all(rules.count(rule) >= 4 for rule in rules)


def test_pkuseg_sees_clauses_only():
    asked = []
    boundaries("一、GDP增长5.5%，“六稳”工作 扎实\n***亿元", lambda clauses: asked.extend(clauses) or CUTS["whole"](clauses))
    assert asked == ["增长", "六稳", "工作", "扎实", "亿元"]
    assert clauses("一、GDP增长5.5%") == ["一", "增长"]


def test_a_space_belongs_to_the_word_before_it_where_the_tokenizer_says_so():
    assert words_and_spaces("a  b", [0, 1, 2, 3, 4], {1}) == (["a", " ", "b"], [True, False, False])


def test_a_long_text_takes_linear_time():
    import time

    def seconds(n: int) -> float:
        text = "增长6.5%，" + "1.2." * n + "*.*." * n + "县" * n
        start = time.process_time()
        boundaries(text, CUTS["chars"], [(0, len(text))])
        return time.process_time() - start

    seconds(1000)
    assert seconds(100_000) < 40 * seconds(10_000)


# ---------------------------------------------------------------- rebuild

GENRE = st.text(st.sampled_from("市县发改委增长亿元GDPx5%*.，。、！\n　 \t\r“”—…①％６𠮷é\u200b"), max_size=60)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def annotated(draw):
    """A Doc of characters with random entities, groups and sentence starts."""
    text = draw(GENRE | ANYTHING)
    n = len(char_doc(text))
    doc = char_doc(text, tuple(draw(st.lists(st.integers(0, max(n - 1, 0)), max_size=4))))
    if n == 0:
        return doc
    pair = st.tuples(st.integers(0, n), st.integers(0, n)).map(sorted)
    cuts = sorted(draw(st.sets(st.integers(0, n), max_size=8)))
    doc.ents = [Span(doc, a, b, label="DEPARTMENT", kb_id=f"kb/{a}", span_id=f"e{a}") for a, b in list(pairwise(cuts))[::2]]
    for name in ("targets", "sections"):
        spans = [Span(doc, a, b, label=name.upper(), kb_id=f"kb{a}", span_id=f"{name[0]}{i}") for i, (a, b) in enumerate(draw(st.lists(pair, max_size=4)))]
        doc.spans[name] = SpanGroup(doc, name=f"{name}-group", attrs={"s1": {"value": [1, None]}}, spans=spans)
    return doc


def facts(doc: Doc) -> dict:
    """What a Doc says, by character offsets."""
    def of(span):
        return span.start_char, span.end_char, span.text, span.label_, span.kb_id_, span.id_
    return {
        "text": doc.text,
        "ents": [of(e) for e in doc.ents],
        "spans": {key: (g.name, g.attrs, [of(s) for s in g]) for key, g in doc.spans.items()},
        "sents": [s.start_char for s in doc.sents] if doc.has_annotation("SENT_START") else None,
    }


@settings(deadline=None, max_examples=300)
@given(annotated())
def test_text_spans_and_sentences_survive(doc):
    before = facts(doc)
    after = component()(doc)
    assert facts(after) == before
    assert facts(doc) == before  # the Doc given is left alone


@settings(deadline=None, max_examples=200)
@given(annotated())
def test_an_entity_is_one_word_but_for_white_space_and_edges(doc):
    after = component()(doc)
    edges = {offset for g in doc.spans.values() for s in g for offset in (s.start_char, s.end_char)} | {s.start_char for s in doc.sents}
    for entity in after.ents:
        for token in entity:
            inside = token.idx != entity.start_char
            assert not inside or token.is_space or token.idx in edges or doc.text[token.idx - 1].isspace()
    assert all(not t.is_space or len(t) == 1 for t in after)


@settings(deadline=None, max_examples=100)
@given(GENRE | ANYTHING)
def test_the_real_segmenter_keeps_the_text(text):
    after = Words()(char_doc(text))
    assert after.text == text
    assert all(any(c.isspace() for c in t.text) is t.is_space for t in after)


def test_what_a_doc_carries_besides_spans():
    doc = char_doc("各县区落实")
    doc.user_data["key"] = [1]
    doc.cats["report"] = 1.0
    doc._context = {"id": 7}
    doc.user_hooks["vector_norm"] = len
    after = component()(doc)
    assert (after.user_data, after.cats, after._context, after.user_hooks) == ({"key": [1]}, {"report": 1.0}, {"id": 7}, {"vector_norm": len})
    assert after.vocab is doc.vocab
    assert not after.has_unknown_spaces
    assert after.tensor.size == 0


def test_a_key_that_is_not_the_groups_name_and_an_empty_group_with_attrs():
    doc = char_doc("各县区")
    doc.spans["duban"] = SpanGroup(doc, name="meta", attrs={"date": "2026-01-01"})
    after = component()(doc)
    assert list(after.spans) == ["duban"]
    assert (after.spans["duban"].name, after.spans["duban"].attrs, len(after.spans["duban"])) == ("meta", {"date": "2026-01-01"}, 0)


def test_unknown_sentence_starts_and_entities_stay_unknown():
    after = component()(Doc(VOCAB, words=list("各县区"), spaces=[False] * 3))
    assert not after.has_annotation("SENT_START")
    assert not after.has_annotation("ENT_IOB")


def test_a_doc_of_words_comes_in():
    doc = Doc(VOCAB, words=["请", "各", " ", "县区"], spaces=[True, False, False, False], sent_starts=[True, False, False, True])
    doc.spans["x"] = [Span(doc, 2, 3), Span(doc, 1, 4)]
    after = component("whole")(doc)
    assert [t.text_with_ws for t in after] == ["请 ", "各", " ", "县区"]
    assert facts(after) == facts(doc)


@pytest.mark.parametrize(("made", "spaces"), [("各县|落实", [False, False]), ("各|县区", [True, False]), ("各县区", [True])])
def test_words_that_are_not_the_text(made, spaces):
    with pytest.raises(ValueError, match="do not make up the text"):
        rebuild(char_doc("各县区"), tokens(made), spaces)


def test_words_across_the_edge_of_a_span():
    doc = char_doc("各县区")
    doc.spans["x"] = [Span(doc, 0, 2)]
    with pytest.raises(ValueError, match="0–2"):
        rebuild(doc, ["各县区"], [False])


# ---------------------------------------------------------------- the component

@pytest.fixture
def nlp():
    """A pipeline of hand-made parts: characters, an entity and a group found by search, words."""
    made = spacy.blank("zh")
    made.add_pipe("test_finder")
    made.add_pipe("test_words")
    return made


@spacy.Language.component("test_finder")
def finder(doc):
    at = doc.text.find("市发改委")
    if at >= 0:
        doc.ents = [doc.char_span(at, at + 4, label="DEPARTMENT", kb_id="organ/发改委", span_id="e1")]
        doc.spans["tasks"] = SpanGroup(doc, name="tasks", attrs={"k1": {"lead": "e1"}}, spans=[doc.char_span(at, len(doc.text), label="task", span_id="k1")])
    return doc


@spacy.Language.factory("test_words", default_config={"model": None}, retokenizes=True)
def make_words(nlp, name, model: str | None):
    return Words(name, model)


def test_pipe_with_contexts(nlp):
    texts = [("请市发改委牵头", 1), ("增长6.5%", 2), ("", 3)]
    assert [(doc.text, context) for doc, context in nlp.pipe(texts, as_tuples=True)] == texts


def test_docs_survive_bytes_and_docbin(nlp):
    from spacy.tokens import DocBin

    doc = nlp("请市发改委牵头落实。")
    assert facts(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == facts(doc)
    stored = DocBin(docs=[doc]).to_bytes()
    assert facts(next(DocBin().from_bytes(stored).get_docs(nlp.vocab))) == facts(doc)
    assert doc.ents[0].text == "市发改委"
    assert len(doc.ents[0]) == 1


def test_two_processes(nlp):
    texts = ["请市发改委牵头", "增长6.5%"] * 4
    one = [facts(doc) | {"words": [t.text for t in doc]} for doc in nlp.pipe(texts)]
    two = [facts(doc) | {"words": [t.text for t in doc]} for doc in nlp.pipe(texts, n_process=2, batch_size=2)]
    assert two == one


def test_pickled_before_and_after_first_use():
    fresh = pickle.dumps(Words())
    used = Words()
    expected = [t.text for t in used(char_doc("推进乡村全面振兴"))]
    assert len(pickle.dumps(used)) < 1000  # the packaged model is read again where it is needed
    for data in (fresh, pickle.dumps(used)):
        assert [t.text for t in pickle.loads(data)(char_doc("推进乡村全面振兴"))] == expected


def test_the_packaged_model_is_not_copied(nlp, tmp_path):
    nlp.to_disk(tmp_path / "saved")
    assert not list((tmp_path / "saved").rglob("weights.npz"))
    assert [t.text for t in spacy.load(tmp_path / "saved")("推进乡村全面振兴")] == [t.text for t in nlp("推进乡村全面振兴")]
    assert len(nlp.to_bytes(exclude=["vocab", "tokenizer"])) < 10_000


def test_a_model_of_the_users_own_is_saved_with_the_pipeline(own_model, tmp_path):
    made = spacy.blank("zh")
    made.add_pipe("test_words", config={"model": str(own_model)})
    text = "甲乙丙丁甲乙"
    expected = [t.text for t in made(text)]
    made.to_disk(tmp_path / "saved")
    data = made.to_bytes()
    moved = own_model.rename(own_model.with_name("moved"))
    try:
        assert [t.text for t in spacy.load(tmp_path / "saved")(text)] == expected
        again = spacy.blank("zh")
        again.add_pipe("test_words", config={"model": str(own_model)})
        with pytest.raises(DubanError, match="DB201"):
            again(text)
        assert [t.text for t in again.from_bytes(data)(text)] == expected
        assert [t.text for t in pickle.loads(pickle.dumps(again.get_pipe("test_words")))(char_doc(text))] == expected
    finally:
        moved.rename(own_model)


def test_saving_over_a_pipeline_that_had_a_model_of_its_own(own_model, tmp_path):
    Words(model=str(own_model)).to_disk(tmp_path)
    assert not Words().from_disk(tmp_path).segmenter.packaged
    Words().to_disk(tmp_path)
    assert Words().from_disk(tmp_path).segmenter.packaged


# ---------------------------------------------------------------- the segmenter

def test_two_models_in_a_row(own_model):
    text = "推进乡村全面振兴"
    packaged, own = Segmenter(), Segmenter(own_model)
    first = packaged.cut(text), own.cut("甲乙丙丁")
    assert first[1] == ["甲乙", "丙丁"]
    # and neither changes the other, whichever was read last
    assert (packaged.cut(text), own.cut("甲乙丙丁")) == first
    assert Segmenter().cut(text) == first[0]


@pytest.fixture(scope="module")
def stock():
    import spacy_pkuseg

    return spacy_pkuseg.pkuseg(str(MODEL), user_dict=None)


@pytest.fixture(scope="module")
def packaged():
    return Segmenter()


def test_the_cut_is_pkusegs_own(packaged, stock, corpus):
    found = sorted({c for text in corpus.values() for c in clauses(text)})
    for clause, words in zip(found, packaged.cut_all(found), strict=True):
        assert words == stock._cut(clause)


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("市县发展改革委推进增长万亿三几〇一二十零千年５6Ａx*/|-:._,　℃"), min_size=2, max_size=20))
def test_the_scores_are_pkusegs_own(packaged, stock, text):
    from spacy_pkuseg.inference import getLogYY

    nodes, model = list(stock.feature_extractor.normalize_text(text)), stock.model
    features = [stock.feature_extractor.get_node_features_idx(i, nodes) for i in range(len(nodes))]
    scores, transitions = getLogYY(features, model.n_tag, model.n_feature * model.n_tag, model.w, 1.0)
    # to the last bit, wherever the clause stands among others
    assert packaged.crf.scores(["推进", text, "甲"])[4:-3].tolist() == packaged.crf.scores([text]).tolist() == scores.tolist()
    assert packaged.crf.transitions.tolist() == transitions.tolist()
    assert packaged.cut(text) == stock._cut(text)


def test_nothing_is_downloaded_nor_unpickled(monkeypatch, own_model):
    import pickle as pickles

    def refuse(*_, **__):
        raise AssertionError("must not be called")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(pickles, "load", refuse)
    monkeypatch.setattr(pickles, "loads", refuse)
    for model in (None, own_model):
        assert "".join(Segmenter(model).cut("推进乡村全面振兴")) == "推进乡村全面振兴"


@pytest.mark.parametrize("name", ["web", "news", "mixed", "default", "spacy_ontonotes"])
def test_the_names_of_pkusegs_downloads_are_folders_here(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DubanError, match="DB201"):
        Segmenter(name).cut("推进")


def test_models_that_cannot_be_used(own_model, tmp_path):
    def broken(**files: bytes) -> Segmenter:
        both = {name: (own_model / name).read_bytes() for name in FILES}
        return Segmenter(files=both | {name.replace("_", "."): data for name, data in files.items()})

    (tmp_path / "features.pkl").write_bytes(b"")
    packaged = Segmenter().files
    for segmenter in (
        Segmenter(tmp_path),  # one of pkuseg's older formats
        broken(features_msgpack=b""),
        broken(features_msgpack=b"\xc1 junk"),
        broken(weights_npz=b"PK junk"),
        broken(weights_npz=(own_model / "weights.npz").read_bytes()[:-40]),
        broken(features_msgpack=packaged["features.msgpack"]),
    ):
        with pytest.raises(DubanError, match=r"DB201.*duban_words"):
            segmenter.cut("推进乡村全面振兴")


def test_importing_words_does_not_import_pkuseg():
    code = "import sys, duban.words; print('spacy_pkuseg' in sys.modules, 'jieba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == ["False", "False"]


@pytest.fixture(scope="module")
def own_model(tmp_path_factory):
    """A tiny model: 甲乙 and 丙丁 are words."""
    from duban.assets.segmenter.train import trained

    folder = tmp_path_factory.mktemp("own") / "model"
    folder.mkdir()
    for name, data in trained(["甲乙 丙丁", "丙丁 甲乙", "甲乙 丙丁 甲乙"] * 10, iterations=3).items():
        (folder / name).write_bytes(data)
    return folder
