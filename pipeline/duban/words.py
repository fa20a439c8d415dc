"""``duban_words``: the characters of a Doc joined into words, as the last step.

Words are for search, features and display; nothing is extracted from them. pkuseg cuts the stretches of Chinese
between punctuation, whitespace, digits and Latin letters; the spans found before it then have the last word:

- an entity (``doc.ents``) is one word: the boundaries inside it are dropped;
- every edge of every span, entity or of a group, and every sentence start is a boundary, so that each span is as
  exact over words as it was over characters. Inside the spans of a group the boundaries stay: dropping them would
  make a section, a task or a strip of boilerplate one word;
- whitespace stays as the tokenizer had it, so an entity broken over two lines is two words.

Where the rules meet, the later one wins.
"""
from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy
import srsly
from spacy.attrs import IDX, LENGTH, SENT_START, SPACY
from spacy.tokens import Doc, Span, SpanGroup

from duban.assets.segmenter import FILES, MODEL
from duban.errors import DubanError
from duban.messages import message
from duban.tokenizer import text_of

if TYPE_CHECKING:
    from duban.crf import CRF

#: Cuts clauses (Chinese characters alone) into their words, all those of a text at once.
Cut = Callable[[Sequence[str]], Iterable[Iterable[str]]]

_HAN = "〇々\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Letters and digits of every other script; enclosed numbers (①, ㈠) are symbols.
_ALNUM = rf"[^\W_{_HAN}\u2460-\u24ff\u3220-\u32ff]"
#: The runs of a text: a clause for pkuseg; 13697.5, 5.5%, GDP, 2+6+N; masked figures (***, *.*%); —— and ……;
#: else a single character.
_RUN = re.compile(
    rf"(?P<clause>[{_HAN}]+)"
    rf"|{_ALNUM}+(?:[.,:/'&@_+．-]{_ALNUM}+)*[%％‰]?"
    r"|[*＊]+(?:[.．][*＊]+)*[%％‰]?"
    r"|—+|…+"
    r"|.",
    re.DOTALL,
)


def clauses(text: str) -> list[str]:
    """The stretches of Chinese that a segmenter is asked to cut, in text order.

    >>> clauses("一季度GDP增长6.5%，好于预期")
    ['一季度', '增长', '好于预期']
    """
    return [m[0] for m in _RUN.finditer(text) if m.lastgroup]


def boundaries(text: str, cut: Cut, entities: Iterable[tuple[int, int]] = (), edges: Iterable[int] = ()) -> list[int]:
    """The offsets of ``text`` at which a word or a whitespace character starts, ascending; ``len(text)`` comes last.

    ``entities`` are spans (start, end) that become one word each; ``edges`` are offsets that are boundaries
    whatever happens. All offsets count code points.

    >>> text = "市发改委牵头，增长5.5%"
    >>> starts = boundaries(text, lambda clauses: map(list, clauses), entities=[(0, 4)])
    >>> [text[a:b] for a, b in zip(starts, starts[1:])]
    ['市发改委', '牵', '头', '，', '增', '长', '5.5%']
    """
    runs = list(_RUN.finditer(text))
    starts = {run.start() for run in runs}
    asked = [run for run in runs if run.lastgroup and run.end() - run.start() > 1]
    for run, words in zip(asked, cut([run[0] for run in asked]), strict=True):
        starts.update(accumulate(map(len, words), initial=run.start()))
    fixed = set(edges)
    for start, end in entities:
        fixed |= {start, end}
        for offset in range(start + 1, end):
            if not (text[offset].isspace() or text[offset - 1].isspace()):
                starts.discard(offset)
    fixed.add(len(text))
    return sorted(starts | fixed)


def words_and_spaces(text: str, starts: Sequence[int], trailing: Collection[int]) -> tuple[list[str], list[bool]]:
    """The words between the boundaries ``starts`` and, for each, whether a space belongs to it.

    ``trailing`` are the offsets of the single spaces that belong to the word before them (spaCy's ``whitespace_``).

    >>> words_and_spaces("AI 应用\\n", [0, 2, 3, 5, 6], {2})
    (['AI', '应用', '\\n'], [True, False, False])
    """
    words: list[str] = []
    spaces: list[bool] = []
    if not trailing:
        words = [text[start:end] for start, end in pairwise(starts)]
        return words, [False] * len(words)
    for start, end in pairwise(starts):
        if start in trailing:
            spaces[-1] = True
        else:
            words.append(text[start:end])
            spaces.append(False)
    return words, spaces


class Segmenter:
    """pkuseg's CRF with one model, without its dictionaries.

    ``model`` is a directory with ``features.msgpack`` and ``weights.npz``, as ``spacy_pkuseg.train`` writes them, or
    ``files`` holds the bytes of the two by name; with neither it is the model in the package. They are read at the
    first cut, into this object alone: pkuseg's global configuration is not touched, nothing is downloaded and nothing
    is unpickled (a directory in one of pkuseg's older formats is refused). Pickled, it carries the bytes of a model
    of the user's own once they were read, never the decoded tables.

    Raises DubanError DB201 at first use when the model cannot be read.

    >>> "".join(Segmenter().cut("全面推进乡村振兴"))
    '全面推进乡村振兴'
    """

    def __init__(self, model: str | Path | None = None, files: Mapping[str, bytes] | None = None) -> None:
        self.model = model
        self._files = files

    @property
    def packaged(self) -> bool:
        """Whether the model is the one in the package."""
        return self.model is None and self._files is None

    @property
    def files(self) -> Mapping[str, bytes]:
        """The bytes of the model's files by name."""
        if self._files is not None:
            return self._files
        directory = MODEL if self.model is None else Path(self.model)
        try:
            files = {name: (directory / name).read_bytes() for name in FILES}
        except OSError as error:
            raise _bad_model(str(error.filename or directory)) from None
        if self.model is not None:
            self._files = files
        return files

    def cut(self, clause: str) -> list[str]:
        """The words of a clause of Chinese characters; joined they are the clause again."""
        return self.cut_all([clause])[0]

    def cut_all(self, clauses: Sequence[str]) -> list[list[str]]:
        """The words of each clause: many at once take a fraction of the time.

        >>> Segmenter().cut_all(["全面推进", "乡村振兴"])
        [['全面', '推进'], ['乡村', '振兴']]
        """
        starts = self.crf.starts(clauses)
        return [[clause[a:b] for a, b in pairwise((*known, len(clause)))] for clause, known in zip(clauses, starts, strict=True)]

    @cached_property
    def crf(self) -> CRF:
        """The model, read."""
        from duban.crf import CRF

        files = self.files
        try:
            data = srsly.msgpack.loads(files[FILES[0]], raw=False)
            with numpy.load(io.BytesIO(files[FILES[1]]), allow_pickle=False) as arrays:
                n_tag, n_feature = map(int, arrays["sizes"])
                return CRF(data["feature_to_idx"], data["unigram"], data["tag_to_idx"], n_tag, n_feature, arrays["w"].astype("float64"))
        except Exception as error:  # whatever a damaged file makes the parsers raise
            raise _bad_model(f"{self.model or MODEL}: {', '.join(FILES)}") from error

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "_files": self._files}


def _bad_model(what: str) -> DubanError:
    return DubanError("DB201", component="duban_words", key="model", reason=message("reason.key", key=what))


def rebuild(doc: Doc, words: Sequence[str], spaces: Sequence[bool]) -> Doc:
    """A new Doc of the same text over ``words``, with everything that ``doc`` holds carried over by character offsets.

    Carried over: entities and span groups with labels, ids, knowledge-base ids and attrs; sentence starts;
    ``user_data``, hooks, ``cats`` and the context of ``as_tuples``. Left behind: what belongs to single tokens and
    the tensor. Raises ValueError when the words are not the text or a word crosses a span's edge.

    >>> import spacy
    >>> chars = Doc(spacy.blank("xx").vocab, words=list("各县区落实"), spaces=[False] * 5)
    >>> chars.ents = [Span(chars, 0, 3, label="GROUP")]
    >>> doc = rebuild(chars, ["各县区", "落实"], [False, False])
    >>> doc.text, doc.ents[0].start, doc.ents[0].end, doc.ents[0].label_
    ('各县区落实', 0, 1, 'GROUP')
    """
    return _rebuild(doc, _Characters(doc), words, spaces)


def _rebuild(doc: Doc, characters: _Characters, words: Sequence[str], spaces: Sequence[bool]) -> Doc:
    if "".join([word + " " if space else word for word, space in zip(words, spaces, strict=True)] if any(spaces) else words) != characters.text:
        raise ValueError("the words and spaces do not make up the text of the Doc")
    at = [0, *accumulate(map(add, map(len, words), spaces))]
    firsts = dict(zip(at, range(len(at)), strict=True))
    lasts = dict(zip(map(add, at, map(len, words)), range(1, len(at)), strict=True))
    new = Doc(doc.vocab, words=list(words), spaces=list(spaces), user_data=dict(doc.user_data))
    if words:
        new.from_array([SENT_START], cast(Any, characters.sentence_states[at[:-1]].astype("uint64")))

    def carried(span: Span) -> Span:
        try:
            first = firsts[span.start_char]
            last = lasts[span.end_char] if span.end > span.start else first
        except KeyError:
            raise ValueError(f"a word crosses an edge of the span {span.start_char}–{span.end_char}") from None
        return Span(new, first, last, label=span.label, kb_id=span.kb_id, span_id=span.id)

    if doc.has_annotation("ENT_IOB"):
        new.set_ents([carried(entity) for entity in doc.ents])
    for key, group in doc.spans.items():
        new.spans[key] = SpanGroup(new, name=group.name, attrs=group.attrs, spans=[carried(span) for span in group])
    new.cats = dict(doc.cats)
    new.user_hooks, new.user_token_hooks, new.user_span_hooks = dict(doc.user_hooks), dict(doc.user_token_hooks), dict(doc.user_span_hooks)
    new._context = getattr(doc, "_context", None)
    return new


class _Characters:
    """What the tokens of a Doc say by character offset, and its text, read at once (one by one is dear)."""

    def __init__(self, doc: Doc) -> None:
        self.text = text_of(doc)
        #: by offset 1 at a sentence start, -1 at another token, 0 where nothing is known
        self.sentence_states = numpy.zeros(len(self.text), dtype="int64")
        at, length, space, sentence = doc.to_array([IDX, LENGTH, SPACY, SENT_START]).astype("int64").T
        self.sentence_states[at] = sentence
        #: the spaces that belong to the token before them
        self.trailing = set((at + length)[space == 1].tolist())


class Words:
    """The component ``duban_words``: Doc over characters in, Doc over words out.

    ``model`` is a directory with a pkuseg model of the user's own, None the packaged one. A saved pipeline takes a
    model of the user's own along and does not look for the directory again; the packaged model is not copied, since
    a saved pipeline needs this package anyway.
    """

    def __init__(self, name: str = "duban_words", model: str | None = None) -> None:
        self.name = name
        self.segmenter = Segmenter(model)

    def __call__(self, doc: Doc) -> Doc:
        """The Doc rebuilt over words; the Doc given is left as it was."""
        characters = _Characters(doc)
        edges = set(numpy.flatnonzero(characters.sentence_states == 1).tolist())
        for group in doc.spans.values():
            for span in group:
                edges.add(span.start_char)
                edges.add(span.end_char)
        entities = [(entity.start_char, entity.end_char) for entity in doc.ents]
        starts = boundaries(characters.text, self.segmenter.cut_all, entities, edges)
        return _rebuild(doc, characters, *words_and_spaces(characters.text, starts, characters.trailing))

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write a model of the user's own into the directory ``path``; nothing for the packaged one."""
        files = {} if self.segmenter.packaged else self.segmenter.files
        Path(path).mkdir(parents=True, exist_ok=True)
        for name in FILES:
            if name in files:
                (Path(path) / name).write_bytes(files[name])
            else:
                (Path(path) / name).unlink(missing_ok=True)  # of a pipeline saved there before

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Words:
        """Take the model in the directory ``path``, if there is one."""
        if all((Path(path) / name).is_file() for name in FILES):
            self.segmenter = Segmenter(files={name: (Path(path) / name).read_bytes() for name in FILES})
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """A model of the user's own, else an empty mapping, as msgpack."""
        data: bytes = srsly.msgpack_dumps({} if self.segmenter.packaged else dict(self.segmenter.files))
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Words:
        """Take the model in ``data``, if there is one."""
        files = srsly.msgpack_loads(data)
        if files:
            self.segmenter = Segmenter(files=files)
        return self
