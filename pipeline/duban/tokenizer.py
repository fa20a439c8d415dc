"""duban.Tokenizer.v1: one token a code point, sentence starts set, ``doc.text == text``.

Characters are the only units on which every span of these documents is exactly representable. White space is as
spaCy wants it: a single ASCII space after a character is that token's trailing white space, any other white-space
character is a token of its own. A sentence ends at 。！？ (with the quotes and brackets that close there) and at
the end of a line.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast
from weakref import WeakKeyDictionary

import numpy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer
from spacy.vocab import Vocab

from duban.errors import DubanError

#: The texts of Docs while they live: spaCy puts a text together from its tokens each time it is asked for it.
_TEXTS: WeakKeyDictionary[Doc, str] = WeakKeyDictionary()
_SURROGATE = re.compile("[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[。！？!?]+[”’』」）)\]》】]*\s*|\n\s*")


class Tokenizer(DummyTokenizer):
    """Text in, Doc of characters out.

    Raises DubanError DB105 where the text holds a lone surrogate (it is no Unicode text then).

    >>> from spacy.vocab import Vocab
    >>> doc = Tokenizer(Vocab())("增长6%。 左右")
    >>> [t.text_with_ws for t in doc], [s.text for s in doc.sents]
    (['增', '长', '6', '%', '。 ', '左', '右'], ['增长6%。', '左右'])
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        surrogate = _SURROGATE.search(text)
        if surrogate:
            raise DubanError("DB105", offset=surrogate.start())
        words, spaces = _characters(text)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        if words:
            starts = numpy.full((len(words), 1), -1, dtype="int64")
            starts[0] = 1
            at = None if len(words) == len(text) else _token_numbers(words, spaces)
            for match in _SENTENCE_END.finditer(text):
                if match.end() < len(text):
                    starts[match.end() if at is None else at[match.end()]] = 1
            doc.from_array([SENT_START], cast(Any, starts.astype("uint64")))
        _TEXTS[doc] = text
        return doc

    def initialize(
        self, get_examples: Callable[[], Any] | None = None, *, nlp: Language | None = None,
        pkuseg_model: str | None = None, pkuseg_user_dict: str | None = None,
    ) -> None:
        """Nothing to learn; the parameters are those spaCy's Chinese defaults pass to any tokenizer."""


def text_of(doc: Doc) -> str:
    """``doc.text``, at once where this tokenizer has made the Doc.

    >>> from spacy.vocab import Vocab
    >>> text_of(Tokenizer(Vocab())("增长6%。 左右"))
    '增长6%。 左右'
    """
    return _TEXTS.get(doc) or doc.text


def _characters(text: str) -> tuple[list[str], list[bool]]:
    if " " not in text:
        return list(text), [False] * len(text)
    words: list[str] = []
    spaces: list[bool] = []
    first, *rest = text.split(" ")
    words.extend(first)
    spaces.extend([False] * len(first))
    previous = first
    for piece in rest:
        if previous and not previous[-1].isspace():
            spaces[-1] = True
        else:
            words.append(" ")
            spaces.append(False)
        words.extend(piece)
        spaces.extend([False] * len(piece))
        previous = piece
    return words, spaces


def _token_numbers(words: list[str], spaces: list[bool]) -> numpy.ndarray[Any, Any]:
    """For every character offset the number of the token that holds it."""
    widths = 1 + numpy.asarray(spaces, dtype="int64")
    return numpy.repeat(numpy.arange(len(words)), widths)


def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """``[nlp.tokenizer] @tokenizers = "duban.Tokenizer.v1"``."""

    def make(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab)

    return make
