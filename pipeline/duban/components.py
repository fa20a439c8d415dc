"""The spaCy side: a factory a finder, the spans it writes on the Doc, its scorer, and ``doc._.duban``.

Each component reads the view (kept beside the Doc while it lives, never serialised), calls its finder, and writes the
result: spans into ``doc.spans[layer]``, the records into that group's attrs, entities into ``doc.ents`` too. Finders are
imported with the first document, so that a pipeline loads fast and naming this module in an entry point costs other spaCy users nothing.
"""
from __future__ import annotations

import gc
import json
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeVar, overload
from weakref import WeakKeyDictionary

from spacy.attrs import IDX
from spacy.language import Language
from spacy.pipeline.spancat import DEFAULT_SPANCAT_SINGLELABEL_MODEL
from spacy.scorer import PRFScore, Scorer, get_ner_prf
from spacy.tokens import Doc, SpanGroup
from spacy.tokens import Span as SpacySpan
from spacy.training import Example
from thinc.api import Model

from duban import records
from duban.errors import DubanError
from duban.lexicon import ENTITY_TOPICS, Entry, Lexicon
from duban.matches import KINDS, PROBLEM_KINDS, Boilerplate, Entity, Match, Problem, Section, Target, Task
from duban.tokenizer import text_of
from duban.view import TextView

if TYPE_CHECKING:
    import pandas

    from duban.notebook import Piece

M = TypeVar("M", bound=Match)
#: What a packaged pipeline says of itself.
DESCRIPTION = "督办: outline, entities, target numbers, tasks and problems of Chinese government documents, by rules"
#: What stands in ``doc.spans`` beside the layers: the headings of the sections.
HEADINGS = "headings"


class Reading:
    """The views of one Doc and what the components have found on them, in view offsets."""

    __slots__ = ("_body", "_bounds", "_tokens", "layers", "lines", "text")

    def __init__(self, doc: Doc) -> None:
        self.text = text_of(doc)
        self.lines = TextView(self.text)
        self.layers: dict[str, list[Any]] = {}
        self._body: TextView | None = None
        self._tokens, self._bounds = len(doc), token_bounds(doc)

    def bounds(self, doc: Doc) -> Callable[[int, int], tuple[int, int]]:
        """``token_bounds(doc)``, found once unless its tokens are merged or split."""
        if self._tokens != len(doc):
            self._tokens, self._bounds = len(doc), token_bounds(doc)
        return self._bounds

    def body(self, doc: Doc) -> TextView:
        """The view without the boilerplate that stands on the Doc."""
        if self._body is None:
            self._body = self.lines.without(self.lines.from_source(r["start"], r["end"]) for r in records.layer_records(doc, "boilerplate"))
        return self._body

    def found(self, doc: Doc, layer: str) -> list[Any]:
        """The matches of ``layer`` as its finder gave them, or read back from the Doc."""
        if layer not in self.layers:
            self.layers[layer] = records.decode(layer, records.layer_records(doc, layer), self.body(doc).from_source)
        return self.layers[layer]


_READINGS: WeakKeyDictionary[Doc, Reading] = WeakKeyDictionary()


def reading(doc: Doc) -> Reading:
    """The reading of ``doc``, made when first asked for."""
    known = _READINGS.get(doc)
    if known is None:
        known = _READINGS[doc] = Reading(doc)
    return known


def token_bounds(doc: Doc) -> Callable[[int, int], tuple[int, int]]:
    """From character offsets to the tokens that hold them: (first, last + 1)."""
    n = len(doc)
    if n and doc[n - 1].idx == n - 1:  # one token a character
        return lambda start, end: (start, end)
    at: Any = doc.to_array([IDX]).tolist()  # numpy types the list as it likes, from version to version
    return lambda start, end: (bisect_right(at, start) - 1, bisect_right(at, end - 1))


def write_layer(doc: Doc, layer: str, known: Mapping[str, Mapping[str, Any]], bounds: Callable[[int, int], tuple[int, int]] | None = None) -> None:
    """Write a layer's records and their spans on the Doc (headings of sections too); ``bounds``: the Doc's, if they are known."""
    bounds, vocab = bounds or token_bounds(doc), doc.vocab.strings
    labels = {name: vocab.add(name) for name in {_label(layer, r) for r in known.values()}}
    spans = []
    for identifier, record in known.items():
        start, end = bounds(record["start"], record["end"])
        spans.append(SpacySpan(doc, start, end, label=labels[_label(layer, record)], kb_id=record.get("ref") or "", span_id=identifier))
    doc.spans[layer] = SpanGroup(doc, name=layer, spans=spans, attrs=dict(known))
    if layer == "sections":
        headings = []
        for identifier, record in known.items():
            start, end = bounds(record["heading"]["start"], record["heading"]["end"])
            headings.append(SpacySpan(doc, start, end, label=labels[_label(layer, record)], span_id=identifier))
        doc.spans[HEADINGS] = SpanGroup(doc, name=HEADINGS, spans=headings)


def write_entities(doc: Doc) -> None:
    """``doc.ents`` from the layer ``entities``: label, lexicon id as ``kb_id_``, record id as ``id_``."""
    doc.ents = list(doc.spans["entities"])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: what a first document composes stays, and looking through it over and over is dear."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _label(layer: str, record: Mapping[str, Any]) -> str:
    return str(record.get("label") or record.get("kind") or layer.rstrip("s").upper())


class Component(ABC):
    """What the components share: a name, a lexicon, a layer to write, and the way to and from disk.

    ``lexicons`` are files named by the user; they are read when the component is first used or initialised, and travel
    with a saved pipeline, so that the files need not be there where it is loaded.
    """

    layer = ""
    topics: tuple[str, ...] = ()
    #: the labels of the spans it writes (spaCy asks for them before a saved pipeline has read its lexicon)
    labels: tuple[str, ...] = ()

    def __init__(self, nlp: Language, name: str, *, lexicons: Sequence[str | Path] = ()) -> None:
        self.name = name
        self.pipeline = {"name": f"{nlp.meta['lang']}_{nlp.meta['name']}", "version": nlp.meta["version"]}
        self._sources = tuple(str(s) for s in lexicons)
        self._added: list[Entry] | None = None
        self._lexicon: Lexicon | None = None
        self._used = False

    @property
    def added(self) -> list[Entry]:
        """The user's entries: from the files named, from a saved pipeline, from ``add_patterns``."""
        if self._added is None:
            self._added = [e for s in self._sources for e in Lexicon.load(s)]
        return self._added

    @property
    def lexicon(self) -> Lexicon:
        """All that is loaded: the packaged lexicons of this component and the user's entries."""
        if self._lexicon is None:
            packaged = Lexicon.packaged(*self.topics)
            self._lexicon = packaged + Lexicon(self.added) if self.added else packaged
        return self._lexicon

    def add_patterns(self, patterns: Iterable[Mapping[str, Any]]) -> None:
        """Add entries in spaCy's ruler form: ``{"label", "pattern": "<string>", "id", …}``. Raises DubanError DB302–DB304."""
        self.added.extend(Lexicon.of(patterns))
        self._lexicon = None

    def take(self, entries: Iterable[Entry]) -> None:
        """These entries in the place of the user's."""
        self._added, self._lexicon = list(entries), None

    @contextmanager
    def trying(self, entries: Iterable[Entry]) -> Iterator[None]:
        """With these entries in the place of the user's, inside the block."""
        kept = self.added, self._lexicon
        self.take(entries)
        try:
            yield
        finally:
            self._added, self._lexicon = kept

    def __call__(self, doc: Doc) -> Doc:
        if self.layer == "boilerplate":  # the first to read: what an earlier run found is void
            _READINGS.pop(doc, None)
        known = reading(doc)
        with nullcontext() if self._used else _uncollected():
            matches = self.find(doc, known)
        self._used = True
        known.layers[self.layer] = matches
        view = known.lines if self.layer == "boilerplate" else known.body(doc)
        write_layer(doc, self.layer, records.encode(self.layer, matches, known.text, view.to_source), known.bounds(doc))
        self.note(doc)
        return doc

    @abstractmethod
    def find(self, doc: Doc, known: Reading) -> list[Any]:
        """Call the finder on the view of ``known``: matches in view offsets."""

    def note(self, doc: Doc) -> None:
        """Write on the Doc which pipeline and which lexicon made the layer."""
        pipeline = dict(records.facts(doc).get("pipeline") or self.pipeline)
        if self.topics:
            pipeline["lexicons"] = {**pipeline.get("lexicons", {}), self.layer: self.lexicon.hash}
        records.set_facts(doc, pipeline=pipeline)

    #: the span group that is scored
    scored = ""

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of the spans, exact and labelled: ``spans_<group>_p`` and so on."""
        group = self.scored or self.layer
        return Scorer.score_spans(
            examples, f"spans_{group}", getter=lambda doc, _: doc.spans.get(group, []), labeled=True, allow_overlap=True,
            has_annotation=lambda doc: group in doc.spans,
        )

    # spaCy reads the annotations as strings and knows no names but the built-in ones
    def initialize(self, get_examples: Any = None, *, nlp: Any = None, lexicons: list[str] | None = None) -> None:
        """``[initialize.components.<name>] lexicons``: more files to read once and keep with the pipeline."""
        self._sources += tuple(lexicons or ())
        self._added = self._lexicon = None
        _ = self.lexicon  # read and validated now, not with the first document

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        return json.dumps([e.to_dict() for e in self.added], ensure_ascii=False, sort_keys=True).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Component:
        self._added, self._lexicon = list(Lexicon.of(json.loads(data), source=self.name)), None
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(e.to_dict(), ensure_ascii=False, sort_keys=True) for e in self.added)
        (folder / "patterns.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Component:
        self._added, self._lexicon = list(Lexicon.load(Path(path) / "patterns.jsonl")), None
        return self


class BoilerplateMarker(Component):
    layer, topics, labels = "boilerplate", ("boilerplate",), KINDS

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """By token, white space ignored: where furniture is cut into spans is of no account. ``boilerplate_p``, …"""
        score = PRFScore()
        for example in examples:
            if self.layer in example.reference.spans:
                marked, gold = _inked(example.predicted.spans.get(self.layer, [])), _inked(example.reference.spans[self.layer])
                score += _prf(marked, gold)
        return {"boilerplate_p": score.precision, "boilerplate_r": score.recall, "boilerplate_f": score.fscore}

    def __init__(self, nlp: Language, name: str, *, lexicons: Sequence[str | Path], kinds: Sequence[str]) -> None:
        super().__init__(nlp, name, lexicons=lexicons)
        unknown = set(kinds) - set(KINDS)
        if unknown:
            raise DubanError("DB201", component=name, key="kinds", reason=f"{', '.join(sorted(unknown))} ∉ {', '.join(KINDS)}")
        self.kinds = frozenset(kinds)

    def find(self, doc: Doc, known: Reading) -> list[Boilerplate]:
        from duban import boilerplate

        return boilerplate.find(known.lines, self.lexicon, self.kinds)


def _inked(spans: Iterable[SpacySpan]) -> set[int]:
    return {token.idx for span in spans for token in span if not token.is_space}


def _prf(marked: set[int], gold: set[int]) -> PRFScore:
    return PRFScore(tp=len(marked & gold), fp=len(marked - gold), fn=len(gold - marked))


class SectionSegmenter(Component):
    layer, topics, labels, scored = "sections", ("outline",), ("title", "section", "item"), HEADINGS

    def find(self, doc: Doc, known: Reading) -> list[Section]:
        from duban import sections

        body = known.body(doc)
        found = sections.find(body)
        given = records.facts(doc).get("meta") or {}
        title = next((known.text[slice(*body.to_source(*s.heading))] for s in found if s.kind == "title"), None)
        records.set_facts(doc, meta={
            **given,
            "title": given.get("title") or title,
            "date": given.get("date") or sections.document_date(body),
            "place": given.get("place") or sections.document_place(body),
        })
        return found


class EntityRuler(Component):
    layer, topics, labels = "entities", ENTITY_TOPICS, ("DEPARTMENT", "GROUP", "PROJECT", "INDICATOR")

    def find(self, doc: Doc, known: Reading) -> list[Entity]:
        from duban import entities

        return entities.find(known.body(doc), self.lexicon, known.found(doc, "sections"), _date(doc))

    def __call__(self, doc: Doc) -> Doc:
        super().__call__(doc)
        write_entities(doc)
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """``ents_p``, ``ents_r``, ``ents_f``, ``ents_per_type``; stretches the gold leaves open do not count."""
        return get_ner_prf(examples)


class TargetMatcher(Component):
    layer, topics, labels = "targets", ("units", "target_words"), ("TARGET",)

    def find(self, doc: Doc, known: Reading) -> list[Target]:
        from duban import targets

        return targets.find(known.body(doc), known.found(doc, "entities"), known.found(doc, "sections"), _date(doc), self.lexicon, _place(doc))


class TaskFinder(Component):
    layer, topics, labels = "tasks", ("tasks",), ("TASK",)

    def find(self, doc: Doc, known: Reading) -> list[Task]:
        from duban import tasks

        sections, entities, targets = (known.found(doc, layer) for layer in ("sections", "entities", "targets"))
        return tasks.find(known.body(doc), sections, entities, targets, _date(doc), self.lexicon)


class ProblemFinder(Component):
    layer, topics, labels = "problems", ("problems",), PROBLEM_KINDS

    def find(self, doc: Doc, known: Reading) -> list[Problem]:
        from duban import problems

        sections, entities, targets = (known.found(doc, layer) for layer in ("sections", "entities", "targets"))
        return problems.find(known.body(doc), sections, entities, targets, _date(doc), self.lexicon, _place(doc))


def _date(doc: Doc) -> str | None:
    return (records.facts(doc).get("meta") or {}).get("date")


def _place(doc: Doc) -> str | None:
    return (records.facts(doc).get("meta") or {}).get("place")


class Matches(tuple[M, ...]):
    """What was found in one layer of a document: a tuple of its matches, which a notebook shows as a table.

    >>> import duban
    >>> duban.process("生产总值增长6%，投资增长8%以上。")._.duban.targets[1:].to_pandas().value.tolist()
    [8.0]
    """

    layer: str
    _doc: Doc

    def __new__(cls, found: Iterable[M], layer: str, doc: Doc) -> Matches[M]:
        made = super().__new__(cls, found)
        made.layer, made._doc = layer, doc
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (tuple(self),)  # without its document

    @overload
    def __getitem__(self, key: SupportsIndex) -> M: ...
    @overload
    def __getitem__(self, key: slice) -> Matches[M]: ...
    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return Matches(found, self.layer, self._doc) if isinstance(key, slice) else found

    def to_pandas(self) -> pandas.DataFrame:
        """These matches as a DataFrame (see ``duban.to_pandas``). Raises DubanError DB216 (pandas is missing)."""
        from duban.tables.layers import to_pandas

        frame = to_pandas([self._doc], self.layer)
        return frame[frame.id.isin(self._ids())].reset_index(drop=True)

    def _ids(self) -> set[str]:
        return {match.id for match in self}

    def _shown(self) -> Piece:
        from duban import notebook

        return notebook.table(records.to_record(self._doc), self.layer, self._ids())

    def _repr_html_(self) -> str:
        return self._shown().html

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython prints where no HTML is shown."""
        printer.text(self._shown().text)


class View:
    """``doc._.duban``: the findings as typed, frozen objects, and the record.

    >>> import duban
    >>> doc = duban.process("市发改委要抓好落实，生产总值增长6%以上。")
    >>> [t.text for t in doc._.duban.targets]
    ['6%以上']
    """

    __slots__ = ("_doc",)

    def __init__(self, doc: Doc) -> None:
        self._doc = doc

    @property
    def body(self) -> str:
        """The clean reading: boilerplate left out, characters folded, broken lines joined."""
        return reading(self._doc).body(self._doc).text

    def __repr__(self) -> str:
        return f"<{self._shown().text}>"

    def _repr_html_(self) -> str:
        return self._shown().html

    def _shown(self) -> Piece:
        from duban import notebook

        return notebook.overview(self._doc)

    def _layer(self, layer: str) -> Matches[Any]:
        return Matches(records.decode(layer, records.layer_records(self._doc, layer)), layer, self._doc)

    @property
    def boilerplate(self) -> Matches[Boilerplate]:
        return self._layer("boilerplate")

    @property
    def sections(self) -> Matches[Section]:
        return self._layer("sections")

    @property
    def entities(self) -> Matches[Entity]:
        return self._layer("entities")

    @property
    def targets(self) -> Matches[Target]:
        return self._layer("targets")

    @property
    def tasks(self) -> Matches[Task]:
        return self._layer("tasks")

    @property
    def problems(self) -> Matches[Problem]:
        return self._layer("problems")

    @property
    def record(self) -> dict[str, Any]:
        """The record of the document (see ``duban.records``)."""
        return records.to_record(self._doc)


if not Doc.has_extension("duban"):
    Doc.set_extension("duban", getter=View)


def _weights(layer: str) -> dict[str, float | None]:
    return {f"spans_{layer}_f": 0.2, f"spans_{layer}_p": 0.0, f"spans_{layer}_r": 0.0, f"spans_{layer}_per_type": None}


@Language.factory(
    "duban_boilerplate", default_config={"lexicons": [], "kinds": list(KINDS)}, assigns=["doc.spans"],
    default_score_weights={"boilerplate_f": 0.2, "boilerplate_p": 0.0, "boilerplate_r": 0.0},
)
def make_boilerplate(nlp: Language, name: str, lexicons: list[str], kinds: list[str]) -> BoilerplateMarker:
    """Marks text that is not the document's own in ``doc.spans["boilerplate"]``; ``kinds``: which sorts to mark."""
    return BoilerplateMarker(nlp, name, lexicons=lexicons, kinds=kinds)


@Language.factory("duban_sections", assigns=["doc.spans"], default_score_weights=_weights(HEADINGS))
def make_sections(nlp: Language, name: str) -> SectionSegmenter:
    """Writes the outline to ``doc.spans["sections"]`` and its headings to ``doc.spans["headings"]``."""
    return SectionSegmenter(nlp, name)


@Language.factory(
    "duban_entities", default_config={"lexicons": []}, requires=["doc.spans"], assigns=["doc.ents", "doc.spans"],
    default_score_weights={"ents_f": 0.2, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_entities(nlp: Language, name: str, lexicons: list[str]) -> EntityRuler:
    """Writes DEPARTMENT, GROUP, PROJECT and INDICATOR to ``doc.ents`` and ``doc.spans["entities"]``."""
    return EntityRuler(nlp, name, lexicons=lexicons)


@Language.factory(
    "duban_targets", default_config={"lexicons": []}, requires=["doc.ents", "doc.spans"], assigns=["doc.spans"],
    default_score_weights=_weights("targets"),
)
def make_targets(nlp: Language, name: str, lexicons: list[str]) -> TargetMatcher:
    """Writes every number that states or sets a measured amount to ``doc.spans["targets"]``."""
    return TargetMatcher(nlp, name, lexicons=lexicons)


@Language.factory(
    "duban_tasks", default_config={"lexicons": []}, requires=["doc.ents", "doc.spans"], assigns=["doc.spans"],
    default_score_weights=_weights("tasks"),
)
def make_tasks(nlp: Language, name: str, lexicons: list[str]) -> TaskFinder:
    """Writes explicit assignments to ``doc.spans["tasks"]``."""
    return TaskFinder(nlp, name, lexicons=lexicons)


@Language.factory(
    "duban_problems", default_config={"lexicons": []}, requires=["doc.ents", "doc.spans"], assigns=["doc.spans"],
    default_score_weights=_weights("problems"),
)
def make_problems(nlp: Language, name: str, lexicons: list[str]) -> ProblemFinder:
    """Writes what is lagging or wrong to ``doc.spans["problems"]``, labelled with its kind."""
    return ProblemFinder(nlp, name, lexicons=lexicons)


@Language.factory("duban_words", default_config={"model": None}, requires=["doc.ents", "doc.spans"], assigns=["doc.ents", "doc.spans"], retokenizes=True)
def make_words(nlp: Language, name: str, model: str | None) -> Any:
    """Turns the characters into words, last; ``model``: the directory of a pkuseg model of the user's own."""
    from duban.words import Words

    return Words(name, model=model)


@Language.factory(
    "duban_companion",
    default_config={"model": DEFAULT_SPANCAT_SINGLELABEL_MODEL, "suggester": {"@misc": "duban.RuleSpans.v1"}, "negative_weight": 1.0},
    requires=["doc.ents", "doc.spans"], assigns=["doc.spans"], default_score_weights={**_weights("companion"), "spans_companion_f": 1.0},
)
def make_companion(nlp: Language, name: str, model: Model[Any, Any], suggester: Callable[..., Any], negative_weight: float) -> Any:
    """Writes the names learnt from gold of the user's to ``doc.spans["companion"]``, and changes nothing else; in no pipeline of ours.

    ``model``, ``suggester``: as of spaCy's span categorizer; ``negative_weight``: below 1.0 more is found, and more wrongly.
    """
    from duban.companion.component import Companion

    return Companion(nlp.vocab, model, suggester, name, negative_weight=negative_weight)


def setup() -> Callable[[Language], Language]:
    """``[nlp.after_pipeline_creation] @callbacks = "duban.Setup.v1"``: what a config cannot say.

    Lifts spaCy's limit on text length (rules need no memory per token) and names the distributions that a packaged
    pipeline needs.
    """
    def prepare(nlp: Language) -> Language:
        from duban import __version__

        major, minor = __version__.split(".")[:2]
        nlp.max_length = 100_000_000
        requirement = f"duban>={__version__},<{major}.{int(minor) + 1}.0"
        nlp.meta.update(requirements=[requirement], description=DESCRIPTION, author="The duban maintainers", license="MIT")
        return nlp

    return prepare
