"""The spaCy component ``duban_companion``, its suggester and the reader of its training data.

It stands behind the rules: what they found (``doc.ents``) is proposed to it among other spans, and it judges by the characters.
Its own findings go into ``doc.spans["companion"]`` and nowhere else.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy
from spacy.language import Language
from spacy.pipeline.spancat import SpanCategorizer, spancat_score
from spacy.tokens import Doc, DocBin, SpanGroup
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Model, Ops, get_current_ops
from thinc.types import Ragged

from duban.companion import KEY, pieces
from duban.errors import DubanError
from duban.words import Cut, Segmenter, boundaries

#: What no proposed name runs over, unless the rules propose it.
_STOPS = frozenset("，。；：、？！…—,;:!?“”‘’\"'（）()《》【】[]")
#: How many pieces are read at once.
_AT_ONCE = 16


# ---- what is proposed


def rule_spans(words: int = 8, characters: int = 24) -> Callable[..., Ragged]:
    """``[components.companion.suggester] @misc = "duban.RuleSpans.v1"``: which spans are weighed.

    The rules' spans (``doc.ents``), and every run of up to ``words`` words and 2 to ``characters`` characters between two
    punctuation marks; the words are those of the embedded segmenter, with the edges of the rules' spans among their edges.
    ``words = 0``: the rules' spans alone, so that nothing is found that they have not found.
    """
    return partial(suggest, words=words, characters=characters)


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


def _cut(clauses: Sequence[str]) -> Iterable[Iterable[str]]:
    return _segmenter().cut_all(clauses)


def suggest(docs: Iterable[Doc], *, words: int, characters: int, cut: Cut = _cut, ops: Ops | None = None) -> Ragged:
    """The spans that are weighed, as spaCy's span categorizer takes them: rows of (first token, last + 1), in text order.

    >>> import duban
    >>> doc = duban.process("增长6%，各县区抓好。")
    >>> found = suggest([doc], words=2, characters=24, cut=lambda clauses: map(list, clauses))
    >>> [doc[a:b].text for a, b in found.dataXd]
    ['增长', '长6%', '6%', '各县', '各县区', '县区', '区抓', '抓好']
    """
    ops = ops or get_current_ops()
    found = [sorted(_proposed(doc, cut, words, characters)) for doc in docs]
    rows = [span for spans in found for span in spans]
    return Ragged(ops.asarray2i(rows) if rows else ops.alloc2i(0, 0), ops.asarray1i([len(spans) for spans in found]))


def _proposed(doc: Doc, cut: Cut, words: int, characters: int) -> set[tuple[int, int]]:
    found = {(ent.start, ent.end) for ent in doc.ents}
    for starts in _runs(doc, cut) if words else ():
        for i, start in enumerate(starts):
            found.update((start, end) for end in starts[i + 1 : i + 1 + words] if 2 <= end - start <= characters)
    return found


def _runs(doc: Doc, cut: Cut) -> Iterator[list[int]]:
    """The words between punctuation marks: the tokens at which they start, and that behind the last."""
    numbers = {token.idx: token.i for token in doc} | {len(doc.text): len(doc)}
    edges = [offset for ent in doc.ents for offset in (ent.start_char, ent.end_char)]
    run: list[int] = []
    for offset in boundaries(doc.text, cut, edges=edges):
        i = numbers.get(offset)  # None: inside a token, or the blank behind one
        if i is None:
            continue
        run.append(i)
        if i == len(doc) or doc[i].is_space or doc[i].text in _STOPS:
            yield run
            run = []


# ---- what is learnt from


def read_corpus(path: Path) -> Callable[[Language], Iterator[Example]]:
    """``[corpora.train] @readers = "duban.CompanionCorpus.v1"``: pieces as ``duban gold to-companion`` writes them.

    Unlike spaCy's own reader it leaves the rules' entities on the Docs that are learnt from. Raises DubanError DB101.
    """
    def read(nlp: Language) -> Iterator[Example]:
        if not Path(path).is_file():
            raise DubanError("DB101", path=path)
        for reference in DocBin().from_disk(path).get_docs(nlp.vocab):
            learner = reference.copy()
            del learner.spans[KEY]
            yield Example(learner, reference)

    return read


# ---- the component


class Companion(SpanCategorizer):
    """A span categorizer of one label a span, none overlapping another, that reads a document in pieces.

    ``cfg["seen"]`` holds the hashes of the texts it was made from (to learn, or to choose among its states); None: it was not told.
    """

    def __init__(self, vocab: Vocab, model: Model[Any, Any], suggester: Callable[..., Any], name: str, *, negative_weight: float) -> None:
        super().__init__(
            vocab, model, suggester, name, add_negative_label=True, spans_key=KEY, negative_weight=negative_weight, allow_overlap=False, max_positive=1,
            threshold=None, scorer=partial(spancat_score, spans_key=KEY),
        )  # fmt: skip

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None, labels: list[str] | None = None, split: str | None = None,
    ) -> None:
        """``[initialize.components.companion] split``: the ``split.json`` beside the training data."""
        super().initialize(get_examples, nlp=nlp, labels=labels)
        parts = json.loads(Path(split).read_text(encoding="utf-8")) if split else None
        self.cfg["seen"] = parts and sorted(digest for part in ("train", "dev") for digest in parts[part].values())

    def predict(self, docs: Iterable[Doc]) -> tuple[Ragged, Any]:
        """The spans that are weighed in each Doc, and the probability of each label."""
        ops: Any = self.model.ops
        lengths: list[int] = []
        rows: list[Any] = []
        scores: list[Any] = []
        for doc in docs:
            ranges = list(pieces.bounds(doc))
            lengths.append(0)
            for at in range(0, len(ranges), _AT_ONCE):
                batch = ranges[at : at + _AT_ONCE]
                spans, found = super().predict(list(pieces.cut(doc, batch)))
                if len(found):
                    first = numpy.repeat([start for start, _ in batch], ops.to_numpy(spans.lengths))
                    rows.append(ops.to_numpy(spans.dataXd) + first[:, None])
                    scores.append(ops.to_numpy(found))
                    lengths[-1] += len(found)
        known = (numpy.concatenate(rows), numpy.concatenate(scores)) if rows else (numpy.zeros((0, 0)), numpy.zeros((0, 0)))
        return Ragged(ops.asarray2i(known[0]), ops.asarray1i(lengths)), ops.asarray2f(known[1])

    def set_annotations(self, docs: Iterable[Doc], indices_scores: tuple[Ragged, Any]) -> None:
        """Write ``doc.spans["companion"]``: in text order, with the probabilities in the group's ``attrs["scores"]``."""
        docs = list(docs)
        super().set_annotations(docs, indices_scores)
        for doc in docs:
            group = doc.spans[self.key]
            known = sorted(zip(group, group.attrs.get("scores", ()), strict=True), key=lambda pair: pair[0].start)
            scores = [round(float(score[0]), 4) for _, score in known]
            doc.spans[self.key] = SpanGroup(doc, name=self.key, spans=[span for span, _ in known], attrs={"scores": scores})


# Entry points name them too; this is for a checkout that was installed before there were these.
registry.misc.register("duban.RuleSpans.v1", func=rule_spans)
registry.readers.register("duban.CompanionCorpus.v1", func=read_corpus)
