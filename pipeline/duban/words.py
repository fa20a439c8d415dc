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
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import srsly
from spacy.tokens import Doc, Span, SpanGroup

from duban.assets.segmenter import FILES, MODEL
from duban.errors import DubanError
from duban.messages import message

#: Cuts a clause (Chinese characters alone) into its words.
Cut = Callable[[str], Iterable[str]]

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
    >>> starts = boundaries(text, list, entities=[(0, 4)])
    >>> [text[a:b] for a, b in zip(starts, starts[1:])]
    ['市发改委', '牵', '头', '，', '增', '长', '5.5%']
    """
    starts: set[int] = set()
    for run in _RUN.finditer(text):
        start = run.start()
        starts.add(start)
        if run.lastgroup and run.end() - start > 1:
            for word in cut(run[0]):
                starts.add(start)
                start += len(word)
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
        if len(clause) < 2:
            return [clause] if clause else []
        templates, weights, begins, decode = self._crf
        _, tags = decode(templates.features(clause), weights)
        words, start = [], 0
        for i, tag in enumerate(tags):
            if i and tag in begins:
                words.append(clause[start:i])
                start = i
        words.append(clause[start:])
        return words

    @cached_property
    def _crf(self) -> tuple[_Templates, _Weights, frozenset[int], Callable[..., Any]]:
        """Feature templates, weights, the tags that begin a word, pkuseg's decoder."""
        import numpy
        from spacy_pkuseg.inference import decodeViterbi_fast

        files = self.files
        try:
            data = srsly.msgpack.loads(files[FILES[0]], raw=False)
            features, tags = data["feature_to_idx"], data["tag_to_idx"]
            with numpy.load(io.BytesIO(files[FILES[1]]), allow_pickle=False) as arrays:
                n_tag, n_feature = map(int, arrays["sizes"])
                w = numpy.ascontiguousarray(arrays["w"], dtype=numpy.float64)
            begins = frozenset(i for tag, i in tags.items() if "B" in tag)
            # the decoder does not check its indices
            if not (
                all(isinstance(i, int) and 0 <= i < n_feature for i in features.values())
                and sorted(tags.values()) == list(range(n_tag))
                and w.shape == (n_tag * (n_feature + n_tag),)
                and begins
            ):
                raise ValueError("features and weights do not belong together")
            templates = _Templates(features, data["unigram"])
        except Exception as error:  # whatever a damaged file makes the parsers raise
            raise _bad_model(f"{self.model or MODEL}: {', '.join(FILES)}") from error
        return templates, _Weights(n_tag, n_feature, w), begins, decodeViterbi_fast

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "_files": self._files}


class _Weights(NamedTuple):
    """What pkuseg's decoder asks of a model."""

    n_tag: int
    n_feature: int
    w: Any


class _Templates:
    """pkuseg's feature templates (``spacy_pkuseg.feature_extractor``), looked up and not spelt out.

    The same indices in the same order as pkuseg's own, which spells each feature of each character as a string: here
    a template is a table keyed by the text it looks at. That is four times as fast.
    """

    #: Template: the characters it looks at, from and to, counted from the character in question.
    WINDOWS: ClassVar = {"c": (0, 1), "c-1": (-1, 0), "c-1c": (-1, 1), "c1": (1, 2), "cc1": (0, 2), "c-2": (-2, -1), "c-2c-1": (-2, 0), "c2": (2, 3)}
    #: Lengths of the words that are features.
    LENGTHS = (6, 5, 4, 3, 2)
    _NUMBER, _LETTER, _OUTSIDE = "\0", "\1", "\2"

    def __init__(self, features: Mapping[str, int], words: Iterable[str]) -> None:
        from spacy_pkuseg.feature_extractor import FeatureExtractor

        # pkuseg takes digits and letters for classes and the marks of its file format for one mark
        self.folded = (
            FeatureExtractor.keywords_translate_table
            | str.maketrans(dict.fromkeys(FeatureExtractor.num - {"."}, self._NUMBER))
            | str.maketrans(dict.fromkeys(FeatureExtractor.letter, self._LETTER))
        )
        self.words = frozenset(words)
        tables: dict[str, dict[str, int]] = {}
        for name, index in features.items():
            template, _, key = name.partition(".")
            if template in self.WINDOWS:
                key = key.replace("**Num", self._NUMBER).replace("**Letter", self._LETTER).replace(".", "")
            elif template == "ww":  # ww.l.前*后: the word that ends before the character, the word that it begins
                side, _, key = key.partition(".")
                template += side
            tables.setdefault(template, {})[key] = index
        self.windows = [(tables.get(template, {}).get, start, end) for template, (start, end) in self.WINDOWS.items()]
        self.ending, self.starting, self.left, self.right = (tables.get(template, {}) for template in ("w-1", "w1", "wwl", "wwr"))

    def features(self, clause: str) -> list[list[int]]:
        """For each character of the clause the indices of its features."""
        padding = self._OUTSIDE * 2
        text = padding + clause.translate(self.folded) + padding
        starting: list[list[str]] = [[] for _ in range(len(text) + 1)]
        ending: list[list[str]] = [[] for _ in range(len(text) + 1)]
        for length in self.LENGTHS:
            for start in range(2, len(text) - 1 - length):
                word = text[start:start + length]
                if word in self.words:
                    starting[start].append(word)
                    ending[start + length].append(word)
        out = []
        for at in range(2, len(text) - 2):
            found = [index for get, start, end in self.windows if (index := get(text[at + start:at + end])) is not None]
            if ending[at + 1]:
                found += [self.ending[word] for word in ending[at + 1] if word in self.ending]
            if starting[at]:
                found += [self.starting[word] for word in starting[at] if word in self.starting]
                if ending[at]:
                    found += [self.left[pair] for a in ending[at] for b in starting[at] if (pair := f"{a}*{b}") in self.left]
            if ending[at + 1] and starting[at + 1]:
                found += [self.right[pair] for a in ending[at + 1] for b in starting[at + 1] if (pair := f"{a}*{b}") in self.right]
            out.append([0, *found])  # 0 is the feature that every character has
        return out


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
    if "".join([word + " " if space else word for word, space in zip(words, spaces, strict=True)]) != characters.text:
        raise ValueError("the words and spaces do not make up the text of the Doc")
    firsts: dict[int, int] = {}
    lasts: dict[int, int] = {}
    sent_starts: list[bool | int | None] = []
    at = 0
    for i, (word, space) in enumerate(zip(words, spaces, strict=True)):
        firsts[at] = i
        sent_starts.append(characters.sentence_starts.get(at, 0))
        at += len(word)
        lasts[at] = i + 1
        at += space
    firsts[at] = len(words)
    new = Doc(doc.vocab, words=list(words), spaces=list(spaces), sent_starts=sent_starts, user_data=dict(doc.user_data))

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
        self.text = ""
        #: 1 at a sentence start, -1 at another token; unknown is left out
        self.sentence_starts: dict[int, int] = {}
        #: the spaces that belong to the token before them
        self.trailing: set[int] = set()
        if len(doc):
            rows = doc.to_array(["ORTH", "IDX", "LENGTH", "SPACY", "SENT_START"])
            at, length, space, sentence = rows[:, 1:].astype("int64").T
            self.trailing.update((at + length)[space == 1].tolist())
            self.sentence_starts.update(zip(at[sentence != 0].tolist(), sentence[sentence != 0].tolist(), strict=True))
            keys = rows[:, 0].tolist()
            words = {key: doc.vocab.strings[key] for key in set(keys)}
            if self.trailing:
                self.text = "".join([words[key] + " " if spaced else words[key] for key, spaced in zip(keys, space.tolist(), strict=True)])
            else:
                self.text = "".join([words[key] for key in keys])


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
        edges = {offset for offset, state in characters.sentence_starts.items() if state == 1}
        for group in doc.spans.values():
            for span in group:
                edges.add(span.start_char)
                edges.add(span.end_char)
        entities = [(entity.start_char, entity.end_char) for entity in doc.ents]
        starts = boundaries(characters.text, self.segmenter.cut, entities, edges)
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
