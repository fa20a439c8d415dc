"""The embedded model: what it is made from, that it is made the same twice, what it scores."""
from __future__ import annotations

import re

import pytest
from conftest import CORPUS

from duban.assets.segmenter import FILES, MODEL, train
from duban.words import Segmenter, boundaries, clauses

SOURCE = CORPUS / "segmenter"
CARD = (MODEL.parent / "MODEL.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter()


def figure(row: str) -> str:
    found = re.search(rf"^\| \**{re.escape(row)}\** \| \**([^|*]+?)\** \|$", CARD, re.MULTILINE)
    assert found, row
    return found[1]


def test_the_model_is_small_and_complete():
    assert {path.name for path in MODEL.iterdir()} == set(FILES)
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 5_000_000


def test_the_same_lines_give_the_same_bytes():
    lines = ["推进 乡村 振兴", "增长", "各 县区 要 抓好 落实", "市 发改委 牵头"] * 20
    first = train.slim(train.trained(lines, iterations=2))
    assert train.slim(train.trained(lines, iterations=2)) == first


def test_the_same_text_is_made_twice():
    terms = train.vocabulary()
    made = train.generated(SOURCE, terms)
    assert made == train.generated(SOURCE, terms)
    assert len(made) >= 50_000
    assert "{" not in made


def test_slimming_changes_no_cut(corpus):
    import random

    lines = [" ".join(word for word in line.split()) for line in (SOURCE / "hand_cut.txt").read_text(encoding="utf-8").splitlines()]
    random.Random(1).shuffle(lines)
    files = train.trained(lines, iterations=3)
    full, slim = Segmenter(files=files), Segmenter(files=train.slim(files))
    texts = [clause for text in corpus.values() for clause in clauses(text)]
    same = sum(full.cut(text) == slim.cut(text) for text in texts)
    assert same >= 0.98 * len(texts)  # weights are rounded
    assert sum(map(len, train.slim(files).values())) < sum(map(len, files.values())) / 2


def test_frames_are_many_and_different():
    frames = [row["frame"] for row in train._rows(SOURCE / "frames.jsonl")]
    assert len(set(frames)) == len(frames) >= 300
    slots = {row["slot"] for row in train._rows(SOURCE / "slots.jsonl")} | {"department", "group", "indicator", "number", "term"}
    assert {name for frame in frames for name in re.findall(r"\{(\w+)\}", frame)} <= slots


def test_the_sentences_cut_by_hand_are_not_in_the_training_text(corpus):
    texts, gold = train.hand_cut(SOURCE)
    assert len(texts) == 200
    known = "\n".join(row["frame"] for row in train._rows(SOURCE / "frames.jsonl")) + "\n".join(corpus.values())
    assert not [text for text in texts if len(text) > 12 and text in known]
    for text, starts in zip(texts, gold, strict=True):
        # the runs that no segmenter is asked about are cut by hand as they are cut by rule
        assert set(boundaries(text, lambda clauses: [[clause] for clause in clauses])) <= set(starts), text


def test_what_the_card_says(segmenter):
    texts, gold = train.hand_cut(SOURCE)
    assert f"{train.chinese_f1(texts, gold, segmenter.cut):.1f}" == figure("word F1 on the 200 sentences cut by hand")
    assert float(figure("word F1 on the 200 sentences cut by hand")) >= 80
    assert float(figure("agreement with its teacher on them (word F1)")) >= 85
    assert float(figure("agreement with plain jieba on them (word F1)")) >= 82


def test_lexicon_terms_are_words_or_their_edges_hold():
    cut = train.jieba_cut(["督查室", "规上工业增加值"], ["青岚县"])
    assert list(cut("青岚县督查室")) == ["青岚县", "督查室"]
    pieces = list(cut("提高规上工业增加值增速"))
    assert pieces[0] == "提高"
    assert pieces[-1] == "增速"
    assert len(pieces) > 3


def test_f1():
    assert train.word_f1([[0, 2, 4]], [[0, 2, 4]]) == 100
    assert train.word_f1([[0, 2, 4]], [[0, 2, 3, 4]]) == pytest.approx(40)
    assert train.word_f1([[0]], [[0]]) == 0
    assert train.chinese_f1(["增长6%"], [[0, 2, 4]], list) == 0


def test_compounds_of_two_words_are_two():
    cut = train.jieba_cut(words=["固定资产"], halves=True)
    assert list(cut("科研人员")) == ["科研", "人员"]
    assert list(cut("因地制宜")) == ["因地制宜"]
    assert list(cut("固定资产")) == ["固定资产"]
    assert list(train.jieba_cut()("科研人员")) == ["科研人员"]
