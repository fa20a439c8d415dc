from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from duban.errors import DubanError
from duban.tokenizer import Tokenizer

TOKENIZE = Tokenizer(Vocab())
SCALARS = st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("。！？”」 \n\r\t\u3000一6%")), max_size=200)


@settings(max_examples=300, deadline=None)
@given(SCALARS)
def test_text_is_kept(text):
    doc = TOKENIZE(text)
    assert doc.text == text
    assert all(len(token.text) == 1 for token in doc)


@settings(max_examples=300, deadline=None)
@given(SCALARS)
def test_sentences_cover_the_text(text):
    doc = TOKENIZE(text)
    assert "".join(s.text_with_ws for s in doc.sents) == text


@pytest.mark.parametrize(("text", "tokens"), [
    ("", []),
    ("增 长", ["增 ", "长"]),
    ("a  b", ["a ", " ", "b"]),
    (" 左", [" ", "左"]),
    ("甲\u3000 乙", ["甲", "\u3000", " ", "乙"]),
    ("𠮷\r\n", ["𠮷", "\r", "\n"]),
])
def test_white_space_as_spacy_wants_it(text, tokens):
    assert [t.text_with_ws for t in TOKENIZE(text)] == tokens


@pytest.mark.parametrize(("text", "sentences"), [
    ("完成了。还要干！行吗？", ["完成了。", "还要干！", "行吗？"]),
    ("他说：“抓落实。”会后部署。", ["他说：“抓落实。”", "会后部署。"]),
    ("（见附件。）其余从略；不分句", ["（见附件。）", "其余从略；不分句"]),
    ("一、稳增长\n今年以来，", ["一、稳增长", "今年以来，"]),
    ("增长6.5%。\n\n下一步", ["增长6.5%。", "下一步"]),
    ("真好！！！再来", ["真好！！！", "再来"]),
])
def test_sentences(text, sentences):
    assert [s.text.strip() for s in TOKENIZE(text).sents] == sentences


def test_lone_surrogate_is_a_coded_error():
    with pytest.raises(DubanError, match="DB105") as error:
        TOKENIZE("正常\ud800文本")
    assert error.value.details == {"offset": 2}
